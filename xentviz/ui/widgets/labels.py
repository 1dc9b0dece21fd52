"""Text labels in the sizes and tones of the style sheet; what stands in them is never taken for HTML."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def label(text: str = "", size: str = "", *, bold: bool = False, parent: QWidget | None = None) -> QLabel:
    """Return a plain-text label; ``size`` is "small", "heading", "figure" or empty for ordinary text."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if size:
        made.setProperty("type", size)
    if bold:
        made.setProperty("bold", True)
    return made


class FittingLabel(QLabel):
    """A short text where there is room for the whole of it, a shorter one elsewhere, or else room for others."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("type", "small")
        self.shorter = ""
        self.make_room(True)

    def make_room(self, yielding: bool) -> None:
        """Make room for others where there is not enough for all, or insist on one's own."""
        across = QSizePolicy.Policy.Ignored if yielding else QSizePolicy.Policy.Preferred
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.sizeHint().width() <= self.width():
            super().paintEvent(event)
        elif self.fontMetrics().horizontalAdvance(self.shorter) <= self.width():
            QPainter(self).drawText(self.contentsRect(), Qt.AlignmentFlag.AlignVCenter, self.shorter)


def plain_tip(text: str) -> str:
    """Return a text that a tool tip shows as it is: Qt takes what looks like a tag for markup."""
    word_joiner = "\u2060"  # of no width; with it behind, neither "<" nor "&" begins anything
    return text.replace("<", "<" + word_joiner).replace("&", "&" + word_joiner)


def set_tone(widget: QWidget, name: str, value: object) -> None:
    """Give a widget a property that the style sheet asks for, and restyle it if that is new."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
