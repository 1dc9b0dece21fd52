"""Two models on one line, each with its colour: what the second is, less the first."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from xentviz.ui.theme import Look

MOST_OF_A_NAME = 100
"""Letters that are measured."""

Side = tuple[str, str]
"""The name of a model and its colour."""


class PairLine(QWidget):
    """Shows one model, a word, and another model; both names are cut alike where there is not enough room."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._sides: tuple[Side, Side] | None = None
        self._between = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_pair(self, one: Side, between: str, other: Side) -> None:
        """Show two models and a word between them."""
        if (self._sides, self._between) != ((one, other), between):
            self._sides, self._between = (one, other), between
            self.setAccessibleName(f"{one[0]} {between} {other[0]}")
            self.update()
        height = self._look.theme.px(20)
        if self.height() != height:
            self.setFixedHeight(height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._sides is None:
            return
        worn, painter = self._look.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(worn.font(14))
        letters, dot = painter.fontMetrics(), worn.px(10)
        between = letters.horizontalAdvance(self._between) + worn.px(16)
        room = max(0, (self.width() - between - 2 * (dot + worn.px(6))) // 2)
        names = [
            letters.elidedText(name[:MOST_OF_A_NAME], Qt.TextElideMode.ElideMiddle, room) for name, _ in self._sides
        ]
        x, middle = 0, self.height() // 2
        for place, (name, (_, colour)) in enumerate(zip(names, self._sides, strict=True)):
            if place:
                painter.setPen(QColor(worn.muted))
                painter.drawText(x, 0, between, self.height(), Qt.AlignmentFlag.AlignCenter, self._between)
                x += between
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(x, middle - dot // 2, dot, dot)
            x += dot + worn.px(6)
            painter.setPen(QColor(worn.text))
            painter.drawText(x, 0, room, self.height(), Qt.AlignmentFlag.AlignVCenter, name)
            x += letters.horizontalAdvance(name)
