"""Differences as dots with their intervals on a common axis around 0, a line each: a forest plot."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import plain_tip

HEAD, WORDS, DOTS, FOOT = 26, 20, 24, 30
"""How high are the title of a column, of each line its words and its dot, and what is below the lines; in pixels of
the ordinary size of type."""

SECTION, GAP, INDENT = 330, 16, 16
"""So wide columns are at least that stand side by side, so far apart; and how far from the left names begin."""


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
        self._reaches: list[float] = []
        self._fits: tuple[object, bool] = (None, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_lines(self, heads: Sequence[str], lines: Sequence[ForestLine], ends: tuple[str, str], chosen: int) -> None:
        """Show these lines; ``ends`` says what it means to lie to the left of 0, and to the right."""
        shown = (tuple(heads), tuple(lines), ends, chosen)
        if shown == (self.heads, self.lines, self._ends, self._chosen):
            return
        before = self._height
        self.heads, self.lines, self._ends, self._chosen = shown
        self._reaches = [self._reach(column) for column in range(len(heads))]
        self._current = min(self._current, max(0, len(lines) - 1))
        self._tell()
        if self._height != before:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(480), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(200), self._height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    @property
    def _height(self) -> int:
        return self._section_height * (1 if self._beside else len(self.heads))

    @property
    def _section_height(self) -> int:
        px = self._look.theme.px
        return px(HEAD) + len(self.lines) * self._line_height + px(FOOT)

    @property
    def _line_height(self) -> int:
        px = self._look.theme.px
        return px(WORDS) * (1 if self._in_one_line else 2) + px(DOTS)

    @property
    def _in_one_line(self) -> bool:
        """Whether each name and what is said of the model have room beside one another."""
        of = (self.lines, self.width(), self._look.theme)
        if self._fits[0] != of:
            room = self._section_width - self._look.theme.px(INDENT + 4)
            self._fits = of, all(self._wide(line, spot) <= room for line in self.lines for spot in line.spots)
        return self._fits[1]

    def _wide(self, line: ForestLine, spot: Spot) -> float:
        worn = self._look.theme
        bold, font = QFontMetricsF(worn.font(12, bold=True)), QFontMetricsF(worn.font(12))
        return bold.horizontalAdvance(line.name) + font.horizontalAdvance(f": {spot.words}")

    @property
    def _beside(self) -> bool:
        """Whether there is room for columns; else what they hold stands one below the other."""
        return self.width() >= len(self.heads) * self._look.theme.px(SECTION)

    def place(self, line: int, column: int, value: float) -> QPointF:
        """Return where a value of a line stands."""
        area, reach = self._area(column), self._reaches[column]
        middle = area.top() + (line + 1) * self._line_height - self._look.theme.px(DOTS) / 2 - 1
        return QPointF(area.center().x() + value / reach * area.width() / 2, middle)

    # Painting

    def _section(self, column: int) -> QRectF:
        """Return the part of the widget that is of one column."""
        wide, high = self._section_width, self._section_height
        if not self._beside:
            return QRectF(0, column * high, wide, high)
        return QRectF(column * (wide + self._look.theme.px(GAP)), 0, wide, high)

    @property
    def _section_width(self) -> float:
        columns, gap = max(1, len(self.heads)), self._look.theme.px(GAP)
        return (self.width() + gap) / columns - gap if self._beside else self.width()

    def _area(self, column: int) -> QRectF:
        """Return the part of the widget that is a column's axis."""
        px, section = self._look.theme.px, self._section(column)
        return QRectF(section.left() + px(16), section.top() + px(HEAD), section.width() - px(32),
                      len(self.lines) * self._line_height)  # fmt: skip

    def _box(self, line: int, column: int) -> QRectF:
        """Return the part of the widget that is one line of a column."""
        px, section = self._look.theme.px, self._section(column)
        high = self._line_height
        return QRectF(section.left(), section.top() + px(HEAD) + line * high, section.width(), high - 2)

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
        worn = self._look.theme
        for column in range(len(self.heads)):
            for place, line in enumerate(self.lines):
                if line.model == self._chosen:
                    painter.fillRect(self._box(place, column), QColor(worn.chosen))
            self._paint_axis(painter, column)
            for place, line in enumerate(self.lines):
                self._paint_words(painter, self._box(place, column), line, line.spots[column])
                self._paint_spot(painter, place, column, line)
                if self.hasFocus() and place == self._current:
                    painter.setPen(QPen(QColor(worn.text), 1))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRect(self._box(place, column).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_words(self, painter: QPainter, box: QRectF, line: ForestLine, spot: Spot) -> None:
        """Write a sentence of a name and what is said of the model, in two lines where they do not fit into one."""
        worn, px = self._look.theme, self._look.theme.px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.model(line.model)))
        painter.drawEllipse(QRectF(box.left() + px(2), box.top() + px(6), px(8), px(8)))
        at = QRectF(box.left() + px(INDENT), box.top(), box.width() - px(INDENT + 4), px(WORDS))
        if self._in_one_line:
            taken = self._write(painter, at, line.name, bold=True)
            self._write(painter, at.adjusted(taken, 0, 0, 0), f": {spot.words}")
        else:
            self._write(painter, at, line.name, bold=True)
            self._write(painter, at.translated(0, px(WORDS)), spot.words)

    def _write(self, painter: QPainter, box: QRectF, text: str, *, bold: bool = False) -> float:
        """Write a text, and return how wide it is."""
        font = self._look.theme.font(12, bold=bold)
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.setFont(font)
        painter.setPen(QColor(self._look.theme.text))
        painter.drawText(
            box.adjusted(0, 0, 2, 0), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text
        )
        return metrics.horizontalAdvance(text)

    def _paint_axis(self, painter: QPainter, column: int) -> None:
        worn, section = self._look.theme, self._section(column)
        area, top = self._area(column), QRectF(section.left(), section.top(), section.width(), worn.px(HEAD))
        painter.setFont(worn.font(14, True))
        painter.setPen(QColor(worn.text))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(top, int(Qt.AlignmentFlag.AlignHCenter | middle), self.heads[column])
        room = (top.width() - painter.fontMetrics().horizontalAdvance(self.heads[column])) / 2
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        if max(map(painter.fontMetrics().horizontalAdvance, self._ends)) < room:
            for text, side in zip(self._ends, (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight), strict=True):
                painter.drawText(top, int(side | middle), text)
        self._paint_ticks(painter, column, area)

    def _paint_ticks(self, painter: QPainter, column: int, area: QRectF) -> None:
        worn, px = self._look.theme, self._look.theme.px
        reach = self._reaches[column]
        step = _step(reach)
        decimals = max(0, -math.floor(math.log10(step)))
        count, end = int(reach / step), -math.inf
        for number in range(-count, count + 1):
            x = area.center().x() + number * step / reach * area.width() / 2
            painter.setPen(QPen(QColor(worn.muted if number == 0 else worn.track), 1))
            for line in range(len(self.lines)):  # below its words
                bottom = area.top() + (line + 1) * self._line_height
                painter.drawLine(QPointF(x, bottom - px(DOTS)), QPointF(x, bottom))
            text = "0" if number == 0 else f"{number * step:+.{decimals}f}".replace("-", "−")
            painter.setPen(QColor(worn.muted))
            wide = painter.fontMetrics().horizontalAdvance(text)
            left = min(max(x - wide / 2, area.left()), area.right() - wide)
            if left < end:
                continue
            end = left + wide + px(6)
            painter.drawText(QPointF(left, area.bottom() + 2 + painter.fontMetrics().ascent()), text)

    def _paint_spot(self, painter: QPainter, place: int, column: int, line: ForestLine) -> None:
        worn, px, spot = self._look.theme, self._look.theme.px, line.spots[column]
        colour = QColor(worn.model(line.model))
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

    # The hand

    def _at(self, pixel: QPointF) -> tuple[int, int] | None:
        """Return the line and the column at a place."""
        places = product(range(len(self.lines)), range(len(self.heads)))
        return next((at for at in places if self._box(*at).contains(pixel)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position())
        if at is not None:
            self._current = at[0]
            self.picked.emit(self.lines[at[0]].model)

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
            at = self._at(QPointF(event.pos()))
            if at is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), plain_tip(self.lines[at[0]].spots[at[1]].tip), self)
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
