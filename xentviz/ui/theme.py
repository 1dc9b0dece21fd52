"""Colours by role and one type scale; read from ``resources/themes``."""

import gc
import json
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from xentviz.paths import resource


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as ``#rrggbb``, and the factor on all sizes.

    Sizes of type are 12 (small), 14 (text), 18 (heading) and 28 (figure) pixels times ``scale``.
    """

    name: str
    scale: float
    background: str
    surface: str
    border: str
    track: str
    text: str
    muted: str
    accent: str
    selection: str
    chosen: str
    label_1: str
    label_0: str
    soft: str
    threshold: str
    wrong: str
    alert: str
    alert_background: str
    grid: str
    overlay: str
    models: tuple[str, ...]

    def px(self, size: float) -> int:
        """Return a size in pixels, scaled."""
        return round(size * self.scale)

    def model(self, index: int) -> str:
        """Return the colour of a model by its position."""
        return self.models[index % len(self.models)]

    def label(self, label: float) -> str:
        """Return the colour of a label: of 1, of 0, or of soft ones."""
        return {1.0: self.label_1, 0.0: self.label_0}.get(label, self.soft)

    def font(self, size: float = 14, bold: bool = False) -> QFont:
        """Return the program's font, with figures of one width, in a size of the type scale."""
        return _font(self.px(size), bold)


@cache  # all that is painted asks for one
def _font(pixels: int, bold: bool) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(pixels)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@cache
def theme(name: str) -> Theme:
    """Return a theme by its name."""
    roles = json.loads(resource("themes", f"{name}.json").read_text(encoding="utf-8"))
    return Theme(name=name, models=tuple(roles.pop("models")), **roles)


def desktop_theme() -> str:
    """Return the theme that goes with the desktop's colour scheme."""
    hints = QGuiApplication.styleHints()
    return "dark" if hints.colorScheme().name == "Dark" else "light"


class Look(QObject):
    """The theme in use, for every widget that paints.

    Attributes
    ----------
    changing : bool
        Whether Qt goes through all widgets to give them another: none of them may be destroyed, nor a panel moved,
        for with it goes the handle of a splitter.
    """

    changed = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme(name)
        self.changing = False

    def wear(self, name: str) -> None:
        """Change to another theme."""
        self.theme = theme(name)
        self.changing = True
        gc.disable()  # what it would collect may own widgets
        try:
            dress(self.theme)
        finally:
            gc.enable()
            self.changing = False
        self.changed.emit()


def dress(worn: Theme) -> None:
    """Give the application the style, palette, font and style sheet of a theme."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if not application.styleSheet():  # else it has one: another's address might be taken for what stood there before
        application.setStyle("Fusion")
    application.setPalette(_palette(worn))
    application.setFont(worn.font())
    application.setStyleSheet(_style_sheet(worn))


def _palette(worn: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for roles, colour in (
        ((role.Window, role.Button), worn.background),
        ((role.Base, role.ToolTipBase, role.AlternateBase), worn.surface),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText), worn.text),
        ((role.Highlight,), worn.selection),
        ((role.HighlightedText,), worn.text),
        ((role.PlaceholderText,), worn.muted),
        ((role.Link, role.Accent), worn.accent),
        ((role.Light, role.Midlight, role.Mid, role.Dark), worn.border),
    ):
        for one in roles:
            palette.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(worn.muted))
    return palette


def _style_sheet(worn: Theme) -> str:
    sheet = resource("themes", "style.qss").read_text(encoding="utf-8")
    for name in sorted(Theme.__dataclass_fields__, key=len, reverse=True):
        if isinstance(value := getattr(worn, name), str):
            sheet = sheet.replace(f"@{name}", value)
    sheet = sheet.replace("@icons", resource("icons").as_posix())
    sheet = sheet.replace("@indicator_radius", f"{(worn.px(12) + 2) // 2}px")
    for size in (28, 18, 14, 12, 8, 6, 4):
        sheet = sheet.replace(f"@{size}px", f"{worn.px(size)}px")
    return sheet
