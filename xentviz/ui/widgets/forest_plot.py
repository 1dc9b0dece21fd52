"""Differences as dots with their intervals on a common axis around 0, a line each: a forest plot."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import plain_tip

HEAD, LINE, NAME = 42, 42, 130
"""How high and how wide the parts are, in pixels of the ordinary size of type."""


@dataclass(frozen=True)
class Spot:
    """A difference, nan where it is not defined, its interval or None, and what is said of it."""

    value: float
    interval: tuple[float, float] | None
    words: str
    tip: str


@dataclass(frozen=True)
class ForestLine:
    """One model: its place in the document, its name, and a spot for each column."""

    model: int
    name: str
    spots: tuple[Spot, ...]


class ForestPlot(QWidget):
    """Says ``picked`` with the model of a line that is clicked, or chosen by the keys."""

    picked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.heads: tuple[str, ...] = ()
        self.lines: tuple[ForestLine, ...] = ()
        self._chosen, self._current = 0, 0
        self._ends: tuple[str, str] = ("", "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_lines(self, heads: Sequence[str], lines: Sequence[ForestLine], ends: tuple[str, str], chosen: int) -> None:
        """Show these lines; ``ends`` says what it means to lie to the left of 0, and to the right."""
        shown = (tuple(heads), tuple(lines), ends, chosen)
        if shown == (self.heads, self.lines, self._ends, self._chosen):
            return
        more = len(lines) != len(self.lines)
        self.heads, self.lines, self._ends, self._chosen = shown
        self._current = min(self._current, max(0, len(lines) - 1))
        self._tell()
        if more:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(480), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(300), self._height)

    @property
    def _height(self) -> int:
        px = self._look.theme.px
        return px(HEAD) + len(self.lines) * px(LINE) + px(22)

    def place(self, line: int, column: int, value: float) -> QPointF:
        """Return where a value of a line stands."""
        area, reach = self._area(column), self._reach(column)
        top = self._look.theme.px(HEAD) + line * self._look.theme.px(LINE)
        return QPointF(area.center().x() + value / reach * area.width() / 2, top + self._look.theme.px(12))

    # Painting

    def _area(self, column: int) -> QRectF:
        """Return the part of the widget that is a column's axis."""
        px = self._look.theme.px
        left = min(px(NAME), self.width() // 4)
        each = (self.width() - left) / max(1, len(self.heads))
        return QRectF(left + column * each + px(14), px(HEAD), each - px(28), len(self.lines) * px(LINE))

    def _reach(self, column: int) -> float:
        """Return how far the axis of a column goes to either side."""
        ends = [
            abs(end)
            for line in self.lines
            for end in (line.spots[column].value, *(line.spots[column].interval or ()))
            if math.isfinite(end)
        ]
        return 1.08 * max(ends, default=0.0) or 0.01

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        worn, px = self._look.theme, self._look.theme.px
        for place, line in enumerate(self.lines):
            box = QRectF(0, px(HEAD) + place * px(LINE), self.width(), px(LINE))
            if line.model == self._chosen:
                painter.fillRect(box.adjusted(0, 0, 0, -2), QColor(worn.chosen))
            self._paint_name(painter, box, line)
            if self.hasFocus() and place == self._current:
                painter.setPen(QPen(QColor(worn.text), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -2.5))
        for column in range(len(self.heads)):
            self._paint_axis(painter, column)
            for place, line in enumerate(self.lines):
                self._paint_spot(painter, place, column, line)

    def _paint_name(self, painter: QPainter, box: QRectF, line: ForestLine) -> None:
        worn, px = self._look.theme, self._look.theme.px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.model(line.model)))
        painter.drawEllipse(QRectF(px(6), box.center().y() - px(5) - 1, px(10), px(10)))
        painter.setFont(worn.font(14, line.model == self._chosen))
        painter.setPen(QColor(worn.text))
        room = QRectF(px(22), box.top(), self._area(0).left() - px(14) - px(22), box.height() - 2)
        text = painter.fontMetrics().elidedText(line.name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def _paint_axis(self, painter: QPainter, column: int) -> None:
        worn, px = self._look.theme, self._look.theme.px
        area = self._area(column)
        painter.setFont(worn.font(14, True))
        painter.setPen(QColor(worn.text))
        centre = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        painter.drawText(QRectF(area.left(), 0, area.width(), px(20)), centre, self.heads[column])
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
        for text, side in zip(self._ends, sides, strict=True):
            half = QRectF(area.left() - px(4), px(20), area.width() / 2, px(18))
            if side == Qt.AlignmentFlag.AlignRight:
                half.moveRight(area.right() + px(4))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(half.width()))
            painter.drawText(half, int(side | Qt.AlignmentFlag.AlignTop), shown)
        self._paint_ticks(painter, column, area)

    def _paint_ticks(self, painter: QPainter, column: int, area: QRectF) -> None:
        worn, px = self._look.theme, self._look.theme.px
        reach = self._reach(column)
        step = _step(reach)
        decimals = max(0, -math.floor(math.log10(step)))
        count = int(reach / step)
        for number in range(-count, count + 1):
            x = area.center().x() + number * step / reach * area.width() / 2
            painter.setPen(QPen(QColor(worn.muted if number == 0 else worn.track), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            text = "0" if number == 0 else f"{number * step:+.{decimals}f}".replace("-", "−")
            painter.setPen(QColor(worn.muted))
            below = QRectF(x - px(40), area.bottom() + 2, px(80), px(18))
            painter.drawText(below, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), text)

    def _paint_spot(self, painter: QPainter, place: int, column: int, line: ForestLine) -> None:
        worn, px, spot = self._look.theme, self._look.theme.px, line.spots[column]
        colour, area = QColor(worn.model(line.model)), self._area(column)
        if spot.interval is not None:
            painter.setPen(QPen(colour, 2))
            left, right = (self.place(place, column, end) for end in spot.interval)
            painter.drawLine(left, right)
            for end in (left, right):
                painter.drawLine(end + QPointF(0, -px(4)), end + QPointF(0, px(4)))
        if math.isfinite(spot.value):
            # Filled where 0 lies outside: told by the shape too, not by colour alone.
            told = spot.interval is not None and not spot.interval[0] <= 0 <= spot.interval[1]
            painter.setPen(QPen(colour, 2))
            painter.setBrush(colour if told else QColor(worn.surface))
            painter.drawEllipse(self.place(place, column, spot.value), px(5), px(5))
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.text))
        words = QRectF(area.left() - px(12), self.place(place, 0, 0).y() + px(8), area.width() + px(24), px(18))
        ground = QColor(worn.chosen if line.model == self._chosen else worn.surface)
        text = painter.fontMetrics().elidedText(spot.words, Qt.TextElideMode.ElideRight, int(words.width()))
        behind = QRectF(0, 0, painter.fontMetrics().horizontalAdvance(text) + px(6), words.height())
        behind.moveCenter(words.center())
        painter.fillRect(behind, ground)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), text)

    # The hand

    def _line_at(self, y: float) -> int | None:
        px = self._look.theme.px
        line = int((y - px(HEAD)) // px(LINE))
        return line if 0 <= line < len(self.lines) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._line_at(event.position().y())
        if line is not None:
            self._current = line
            self.picked.emit(self.lines[line].model)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self.lines:
            self._current = max(0, min(len(self.lines) - 1, self._current + step))
            self._tell()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.lines:
            self.picked.emit(self.lines[self._current].model)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            line = self._line_at(event.pos().y())
            column = 1 if len(self.heads) > 1 and event.pos().x() > self._area(0).right() else 0
            if line is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), plain_tip(self.lines[line].spots[column].tip), self)
            return True
        return super().event(event)

    def _tell(self) -> None:
        """Say the current line to whoever cannot see it."""
        if self.lines:
            line = self.lines[self._current]
            said = [f"{head}: {spot.words}" for head, spot in zip(self.heads, line.spots, strict=True)]
            self.setAccessibleDescription(f"{line.name}. " + ". ".join(said))


def _step(reach: float) -> float:
    """Return a round step of which one fits, or two.

    >>> _step(0.051), _step(0.3)
    (0.02, 0.2)
    """
    power = 10.0 ** math.floor(math.log10(0.9 * reach))
    return round(max(size * power for size in (1, 2, 5) if size * power <= 0.9 * reach or size == 1), 15)
