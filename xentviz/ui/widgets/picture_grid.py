"""Small pictures side by side: the same axes in all of them, in each a line a model."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from xentviz.core.arguments import Floats
from xentviz.ui.theme import Look
from xentviz.ui.widgets.cell_area import CellArea
from xentviz.ui.widgets.model_legend import legend_lines, paint_legend

LEAST, LINE, GAP = 148, 18, 8
"""So wide and high a picture is at least, so high a line of words, and so far apart pictures lie."""

MOST_OF_A_NAME = 100
"""Letters that are measured."""

PALE, BROAD, NARROW = 0.4, 4.0, 0.02
"""How much of its colour a line behind the pictures has, and how wide it is, in pixels of the ordinary size; but not
wider than such a part of a small picture."""


@dataclass(frozen=True, eq=False)
class Trace:
    """A line from 0 to 1 across and up, with dots where it is of few places; and the number that goes with it."""

    colour: str
    x: Floats
    y: Floats
    dots: bool = False
    text: str = ""
    mark: float | None = None
    """A place across that is marked below the line."""
    whiskers: tuple[Floats, Floats] | None = None
    """From where to where each dot may lie."""


@dataclass(frozen=True)
class Small:
    """One picture: what it is called, how many rows it is of, its lines, or why there are none, and what is told."""

    name: str
    size: str
    traces: Sequence[Trace]
    empty: str
    tip: str


@dataclass(frozen=True, eq=False)
class Grid:
    """All pictures, which are asked for when they come into sight.

    Attributes
    ----------
    count : int
    picture : callable
    models : sequence of (name, colour)
    across, up : str
        What the axes are.
    ticks_across, ticks_up : sequence of (float, str)
    number : str
        What the numbers of the lines are.
    diagonal : bool
        Whether a line from the lower left to the upper right is drawn.
    behind : sequence of Trace
        Pale lines behind those of every picture.
    behind_name : str
        What they are.
    """

    count: int
    picture: Callable[[int], Small]
    models: Sequence[tuple[str, str]]
    across: str
    up: str
    ticks_across: Sequence[tuple[float, str]]
    ticks_up: Sequence[tuple[float, str]]
    number: str = ""
    diagonal: bool = False
    behind: Sequence[Trace] = ()
    behind_name: str = ""


class PictureGrid(CellArea):
    """Shows pictures, as large as there is room for all of them; or it scrolls."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.grid: Grid | None = None
        self._cells: tuple[object, dict[int, QPixmap]] = (None, {})
        self._grounds: dict[int, QPixmap] = {}
        self._laid: tuple[object, tuple[int, int]] = (None, (1, 1))

    def show_grid(self, grid: Grid, chosen: int | None, alone: int | None = None) -> None:
        """Show pictures, which is selected, and which looked at alone; the same ones are not painted anew."""
        self.grid = grid
        self.renew(chosen, alone)

    @property
    def count(self) -> int:
        return 0 if self.grid is None else self.grid.count

    @property
    def across(self) -> int:
        return self._lie()[0]

    @property
    def step(self) -> int:
        return self._lie()[1]

    @property
    def head(self) -> int:
        return self._legend_height + self._look.theme.px(LINE + 4)

    @property
    def _legend_height(self) -> int:
        models = () if self.grid is None else self.grid.models
        return legend_lines(models, self._look.theme, self.viewport().width()) * self._look.theme.px(LINE)

    def tip(self, place: int) -> str:
        return "" if self.grid is None else self.grid.picture(place).tip

    def _lie(self) -> tuple[int, int]:
        """Return how many stand side by side, and how high each is: that they are as large as can be."""
        key = (self.viewport().size(), self._look.theme, self.count, self.head)
        if self._laid[0] != key:  # asked for each cell
            self._laid = (key, self._best_way())
        return self._laid[1]

    def _best_way(self) -> tuple[int, int]:
        least, wide = self._look.theme.px(LEAST), self.viewport().width()
        high, count = self.viewport().height() - self.head, max(1, self.count)
        most = max(1, min(wide // least, count))
        ways = [(across, min(high // -(-count // across), wide // across * 5 // 4)) for across in range(1, most + 1)]
        across, step = max(ways, key=lambda way: (min(way[1], wide // way[0]), way[0]))
        return (across, step) if step >= least else (most, least)

    # Painting

    def paint(self, painter: QPainter) -> None:
        if self.grid is None:
            return
        paint_legend(painter, self.grid.models, self._look.theme, self.viewport().width(), self._look.theme.px(LINE))
        self._paint_axes_names(painter, self.grid, self._legend_height)
        painter.setClipRect(self.viewport().rect().adjusted(0, self.head, 0, 0))
        for place in self.cells_in_sight():
            box = self.cell_rect(place)
            painter.drawPixmap(box.topLeft(), self._cell(self.grid, place, box))

    def _paint_axes_names(self, painter: QPainter, grid: Grid, top: int) -> None:
        worn = self._look.theme
        painter.setPen(QColor(worn.muted))
        text = f"↑ {grid.up}    → {grid.across}" + (f"    ● {grid.number}" if grid.number else "")
        start = self._paint_behind_name(painter, grid, top)
        box = QRect(start, top, self.viewport().width() - start - worn.px(2), worn.px(LINE))
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, _LEFT, short)

    def _paint_behind_name(self, painter: QPainter, grid: Grid, top: int) -> int:
        """Show what the pale lines are, and return where there is room for more."""
        px, start = self._look.theme.px, self._look.theme.px(6)
        if not grid.behind or not grid.behind_name:
            return start
        step, middle = max(px(4), px(16) // len(grid.behind)), top + (px(LINE) - px(4)) // 2
        for place, trace in enumerate(grid.behind):
            painter.fillRect(QRect(start + place * step, middle, step, px(4)), self._pale(trace))
        words = start + len(grid.behind) * step + px(5)
        wide = painter.fontMetrics().horizontalAdvance(grid.behind_name)
        painter.drawText(QRect(words, top, wide + 2, px(LINE)), _LEFT, grid.behind_name)
        return words + wide + px(12)

    def _cell(self, grid: Grid, place: int, box: QRect) -> QPixmap:
        """Return one picture, which is kept while it is scrolled through."""
        ratio = self.devicePixelRatioF()
        key = (grid, self._look.theme, ratio, self.viewport().width(), self.across, self.step)
        if self._cells[0] != key:
            self._cells, self._grounds = (key, {}), {}
        known = self._cells[1]
        if place not in known:
            shown, within = grid.picture(place), QRect(0, 0, box.width(), box.height())
            known[place] = drawn = self._blank(box, ratio) if shown.empty else QPixmap(self._shared(grid, box, ratio))
            painter = QPainter(drawn)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_cell(painter, shown, within)
            painter.end()
        return known[place]

    def _blank(self, box: QRect, ratio: float) -> QPixmap:
        blank = QPixmap(box.size() * ratio)
        blank.setDevicePixelRatio(ratio)
        blank.fill(QColor(self._look.theme.surface))
        return blank

    def _shared(self, grid: Grid, box: QRect, ratio: float) -> QPixmap:
        """Return what is the same in all pictures as wide: the axes, and the lines behind those of each."""
        if box.width() not in self._grounds:
            self._grounds[box.width()] = ground = self._blank(box, ratio)
            frame, painter = self._frame(QRect(0, 0, box.width(), box.height())), QPainter(ground)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_axes(painter, grid, frame)
            wide = min(BROAD * self._look.theme.scale, NARROW * frame.width())
            for trace in grid.behind:
                self._paint_line(painter, trace, frame, QPen(self._pale(trace), wide))
            painter.end()
        return self._grounds[box.width()]

    def _pale(self, trace: Trace) -> QColor:
        """Return a colour that stands back, and hides what is below it no more than the surface does."""
        colour, surface = QColor(trace.colour), QColor(self._look.theme.surface)
        parts = zip(colour.getRgb()[:3], surface.getRgb()[:3], strict=True)  # type: ignore[index]
        return QColor(*(round(PALE * one + (1 - PALE) * other) for one, other in parts))

    def _frame(self, box: QRect) -> QRectF:
        """Return where 0 to 1 lie in a cell, across and up."""
        px, letters = self._look.theme.px, QFontMetrics(self._look.theme.font(12))
        ticks = () if self.grid is None else self.grid.ticks_up
        left = px(GAP) + max((letters.horizontalAdvance(text) for _, text in ticks), default=0) + px(4)
        top, bottom = px(2 * LINE + 8), px(LINE + 4)
        return QRectF(left, top, max(1, box.width() - left - px(GAP + 4)), max(1, box.height() - top - bottom))

    def _paint_cell(self, painter: QPainter, shown: Small, box: QRect) -> None:
        frame = self._frame(box)
        self._paint_words(painter, shown, box)
        if shown.empty:
            painter.setFont(self._look.theme.font(12))
            painter.setPen(QColor(self._look.theme.muted))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, shown.empty)
            return
        for trace in shown.traces:
            self._paint_trace(painter, trace, frame)

    def _paint_words(self, painter: QPainter, shown: Small, box: QRect) -> None:
        """Write the name and how many rows; below it each model's number."""
        worn, px = self._look.theme, self._look.theme.px
        line = QRect(px(GAP), px(2), box.width() - 2 * px(GAP), px(LINE))
        painter.setFont(worn.font(12))
        size = painter.fontMetrics().elidedText(shown.size, Qt.TextElideMode.ElideRight, line.width() * 3 // 5)
        painter.setPen(QColor(worn.muted))
        painter.drawText(line, _RIGHT, size)
        room = line.width() - painter.fontMetrics().horizontalAdvance(size) - px(8)
        painter.setFont(worn.font(12, bold=True))
        name = painter.fontMetrics().elidedText(shown.name[:MOST_OF_A_NAME], Qt.TextElideMode.ElideMiddle, room)
        painter.setPen(QColor(worn.text))
        painter.drawText(line, _LEFT, name)
        self._paint_numbers(painter, shown, line.translated(0, px(LINE)))

    def _paint_numbers(self, painter: QPainter, shown: Small, line: QRect) -> None:
        """Write each model's number beside a dot of its colour, closer together before the last are left out."""
        px, x = self._look.theme.px, line.left()
        painter.setFont(self._look.theme.font(12))
        letters = painter.fontMetrics()
        traces = [trace for trace in shown.traces if trace.text and not shown.empty]
        wide = [px(10) + letters.horizontalAdvance(trace.text) for trace in traces]
        apart = min(px(10), max(px(4), (line.width() - sum(wide)) // max(1, len(wide) - 1)))
        for trace, width in zip(traces, wide, strict=True):
            if x + width > line.right() + 1:
                return
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(trace.colour))
            painter.drawEllipse(QPointF(x + px(3), line.center().y() + 1), px(3), px(3))
            painter.setPen(QColor(self._look.theme.text))
            painter.drawText(QRect(x + px(10), line.top(), width, line.height()), _LEFT, trace.text)
            x += width + apart

    def _paint_axes(self, painter: QPainter, grid: Grid, frame: QRectF) -> None:
        worn, across, up = self._look.theme, grid.ticks_across, grid.ticks_up
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(worn.grid), 1))
        for x in (round(_x(frame, place)) for place, _ in across):
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
        for y in (round(_y(frame, place)) for place, _ in up):
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if grid.diagonal:
            painter.setPen(QPen(QColor(worn.muted), 1, Qt.PenStyle.DotLine))
            painter.drawLine(frame.bottomLeft(), frame.topRight())
        self._paint_ticks(painter, grid, frame)

    def _paint_ticks(self, painter: QPainter, grid: Grid, frame: QRectF) -> None:
        px = self._look.theme.px
        painter.setFont(self._look.theme.font(12))
        painter.setPen(QColor(self._look.theme.muted))
        letters, end = painter.fontMetrics(), -math.inf
        for place, text in grid.ticks_up:
            left = frame.left() - letters.horizontalAdvance(text) - px(4)
            painter.drawText(QPointF(left, _y(frame, place) + letters.ascent() / 2 - 1), text)
        for place, text in grid.ticks_across:
            wide = letters.horizontalAdvance(text)
            left = min(_x(frame, place) - wide / 2, frame.right() + px(GAP) - wide)
            if left > end:
                painter.drawText(QPointF(left, frame.bottom() + letters.ascent() + px(2)), text)
                end = left + wide + px(4)

    def _paint_trace(self, painter: QPainter, trace: Trace, frame: QRectF) -> None:
        colour, px = QColor(trace.colour), self._look.theme.px
        if trace.whiskers is not None:
            self._paint_whiskers(painter, trace, frame, trace.whiskers)
        points = self._paint_line(painter, trace, frame, QPen(colour, 1.5 * self._look.theme.scale))
        if trace.dots:
            dots = QPen(colour, px(4))
            dots.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(dots)
            painter.drawPoints(points)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if trace.mark is not None:
            at, size, foot = _x(frame, trace.mark), px(4), frame.bottom()
            painter.drawPolygon(
                QPolygonF([QPointF(at - size, foot + size), QPointF(at, foot - size), QPointF(at + size, foot + size)])
            )

    def _paint_line(self, painter: QPainter, trace: Trace, frame: QRectF, pen: QPen) -> QPolygonF:
        """Draw a line, and return its points."""
        x, y = frame.left() + trace.x * frame.width(), frame.bottom() - trace.y * frame.height()
        points, px = QPolygonF(list(map(QPointF, x.tolist(), y.tolist()))), self._look.theme.px
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setClipRect(frame.adjusted(-px(4), -px(1), px(4), px(1)))
        painter.drawPolyline(points)
        painter.setClipping(False)
        return points

    def _paint_whiskers(self, painter: QPainter, trace: Trace, frame: QRectF, ends: tuple[Floats, Floats]) -> None:
        faint = QColor(trace.colour)
        faint.setAlphaF(0.4)
        painter.setPen(QPen(faint, 1))
        for x, low, high in zip(trace.x.tolist(), *(end.tolist() for end in ends), strict=True):
            at = round(_x(frame, x)) + 0.5
            painter.drawLine(QPointF(at, _y(frame, low)), QPointF(at, _y(frame, high)))


def _x(frame: QRectF, place: float) -> float:
    return frame.left() + place * frame.width()


def _y(frame: QRectF, place: float) -> float:
    return frame.bottom() - place * frame.height()


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
