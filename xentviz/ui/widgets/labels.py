"""Text labels in the sizes and tones of the style sheet; what stands in them is never taken for HTML."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

HIGH = 1 << 20
"""Higher than any text."""


def label(text: str = "", size: str = "", *, bold: bool = False, parent: QWidget | None = None) -> QLabel:
    """Return a plain-text label; ``size`` is "small", "heading", "figure" or empty for ordinary text."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if size:
        made.setProperty("type", size)
    if bold:
        made.setProperty("bold", True)
    return made


class SteadyLabel(QLabel):
    """A text of one line that changes often, or of one paragraph: what is around it is laid out anew only when it
    needs more room than ever. Sizes are those of :func:`label`.
    """

    def __init__(self, size: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._text = ""
        if size:
            self.setProperty("type", size)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        if self.isVisible() and not self._needs_more_for(text):
            self.update()
        else:
            super().setText(text)

    def _needs_more_for(self, text: str) -> bool:
        """Return whether a text has less room than it asks for, as the label has been laid out."""
        if self.wordWrap():
            lines = QRect(0, 0, self.width(), HIGH)
            return self.fontMetrics().boundingRect(lines, Qt.TextFlag.TextWordWrap, text).height() > self.height()
        asking = self.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Ignored
        return asking and self.fontMetrics().horizontalAdvance(text) > self.sizeHint().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.wordWrap() and super().text() != self._text and self._needs_more_for(self._text):
            super().setText(self._text)  # it fitted where it was written, and does not any more

    def seen(self) -> str:
        """Return what there is room to show."""
        return self._text

    def paintEvent(self, _event: QPaintEvent) -> None:
        wrapping = Qt.TextFlag.TextWordWrap if self.wordWrap() else Qt.TextFlag.TextSingleLine
        QPainter(self).drawText(self.contentsRect(), self.alignment() | wrapping, self.seen())


class FittingLabel(SteadyLabel):
    """A short text where there is room for the whole of it, a shorter one elsewhere, or else room for others."""

    def __init__(self) -> None:
        super().__init__("small")
        self.shorter = ""
        self.make_room(True)

    def make_room(self, yielding: bool) -> None:
        """Make room for others where there is not enough for all, or insist on one's own."""
        across = QSizePolicy.Policy.Ignored if yielding else QSizePolicy.Policy.Preferred
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)

    def seen(self) -> str:
        room = self.contentsRect().width()
        return next((t for t in (self.text(), self.shorter) if self.fontMetrics().horizontalAdvance(t) <= room), "")


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
