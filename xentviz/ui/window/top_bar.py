"""The bar at the top: what is used all the time, one click away."""

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton

from xentviz.core.document import Change, LossReduction
from xentviz.session.session import Session
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import label, plain_tip
from xentviz.ui.widgets.tool_button import tool_button


class TopBar(Panel):
    """Buttons for commands of the window, and menus for what is chosen from a few."""

    shows = Change.TITLE | Change.CATEGORIES | Change.SETTINGS | Change.THRESHOLDS

    def __init__(self, session: Session, look: Look, actions: dict[str, QAction]) -> None:
        super().__init__(session, look)
        self.setObjectName("topbar")
        self._brand = label("xentviz")
        self._brand.setObjectName("brand")
        self.scene = _menu_button(self.tr("Scenes that teach something, and samples of real data"))
        self.category = _menu_button(self.tr("The category that the table, the plots and the counts are about"))
        self.unit = _menu_button(self.tr("The unit of every loss: the base of its logarithm"))
        self.reduction = _menu_button(self.tr("The mean of all losses, or their sum"))
        for button, prefixes in (
            (self.scene, ("scene_", "sample_")),
            (self.unit, ("unit_",)),
            (self.reduction, ("reduction_",)),
        ):
            _fill(button.menu(), actions, prefixes)
        self.category.menu().aboutToShow.connect(self._list_categories)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._brand)
        row.addSpacing(4)
        for name, text in (("open", self.tr("Open…")), ("undo", "↶"), ("redo", "↷")):
            row.addWidget(_command_button(actions[name], text))
        row.addSpacing(8)
        for button in (self.scene, self.category, self.unit, self.reduction):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(_command_button(actions["add_model"], self.tr("+ Model")))
        row.addWidget(_command_button(actions["next_theme"], "◐"))

    def refresh(self) -> None:
        document, view = self.session.document, self.session.view
        self._brand.setVisible(self.wide)
        _set_text(self.scene, document.title or self.tr("untitled"))
        every = self.tr("all categories")
        _set_text(self.category, every if view.category is None else document.categories[view.category])
        self.category.setVisible(len(document.categories) > 1)
        _set_text(self.unit, document.settings.unit.value)
        total = document.settings.reduction is LossReduction.SUM
        _set_text(self.reduction, self.tr("sum") if total else self.tr("mean"))

    def _list_categories(self) -> None:
        menu, document = self.category.menu(), self.session.document
        menu.clear()
        if len(document.thresholds) == 1:
            menu.addAction(self.tr("all categories"), partial(self.session.look, category=None))
        for c, name in enumerate(document.categories):
            menu.addAction(name.replace("&", "&&"), partial(self.session.look, category=c))


def _menu_button(tip: str) -> QToolButton:
    button = tool_button("", tip)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setMenu(QMenu(button))
    return button


def _set_text(button: QToolButton, text: str) -> None:
    short = text if len(text) <= 32 else text[:31] + "…"
    button.setText(short.replace("&", "&&") + "  ▾")


def _fill(menu: QMenu, actions: dict[str, QAction], prefixes: tuple[str, ...]) -> None:
    for prefix in prefixes:
        if not menu.isEmpty():
            menu.addSeparator()
        for name, action in actions.items():
            if name.startswith(prefix):
                menu.addAction(action)


def _command_button(action: QAction, text: str) -> QToolButton:
    """Return a button for a command; it greys with it, but keeps its own short text."""
    button = tool_button(text, "")
    button.clicked.connect(action.trigger)

    def follow() -> None:
        button.setEnabled(action.isEnabled())
        words, keys = _without_mnemonic(action.text()), action.shortcut().toString()
        button.setToolTip(plain_tip(f"{words} ({keys})" if keys else words))
        button.setAccessibleName(words)

    action.changed.connect(follow)
    follow()
    return button


def _without_mnemonic(text: str) -> str:
    """Return a menu's text as it is read: "&&" is an ampersand, "&" marks a letter."""
    return "&".join(part.replace("&", "") for part in text.split("&&"))
