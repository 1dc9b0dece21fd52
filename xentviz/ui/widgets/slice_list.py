"""Slices one below the other: in each a line a model, with dots and intervals on axes that all share."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.cell_area import CellArea
from xentviz.ui.widgets.model_legend import legend_lines, paint_legend
from xentviz.ui.words import isolated

MOST_OF_A_NAME = 100
"""Letters that are measured."""

LINE, EDGE, HEAD, GAP = 18, 6, 22, 6
"""The height of a model's line, what is above and below the lines of a slice, the height of a line of headings, and
what is left free at the right."""


LEAST_PLOT = 70
"""How wide dots need it at least, if they are to leave room for another column of numbers."""


@dataclass(frozen=True)
class Interval:
    """A number and its interval, nan where they are not known; the number may be infinite."""

    low: float
    value: float
    high: float


@dataclass(frozen=True)
class Line:
    """What is shown of a model in a slice: on either axis a dot, and texts."""

    colour: str
    loss: Interval
    loss_text: str
    accuracy: Interval
    accuracy_text: str
    f1_text: str


@dataclass(frozen=True)
class Slice:
    """What is shown of a slice; ``share`` is how long the bar of its size is, from 0 to 1."""

    name: str
    size: str
    share: float
    lines: Sequence[Line]
    difference: str
    settled: bool
    tip: str


@dataclass(frozen=True, eq=False)
class Slices:
    """What is shown: slices are asked for when they come into sight.

    Attributes
    ----------
    count : int
        How many slices there are.
    models : sequence of (name, colour)
        Whose lines each slice has.
    slice : callable
        Returns one of them.
    most_loss : float
        The end of the losses' axis.
    loss_ticks : sequence of float
    heads : sequence of str
        Of the names, of the losses' axis, of accuracy, of F1, and of the difference of ``{one}`` and ``{other}``;
        empty for none.
    pair : (str, str)
        Which models these are.
    """

    count: int
    models: Sequence[tuple[str, str]]
    slice: Callable[[int], Slice]
    most_loss: float
    loss_ticks: Sequence[float]
    heads: tuple[str, str, str, str, str]
    pair: tuple[str, str] = ("", "")
    ticks: Sequence[tuple[float, str]] = ()
    whole: Sequence[tuple[float, str]] = ()


@dataclass(frozen=True)
class _Columns:
    """Where columns begin and how wide they are, in pixels; those without room have no width."""

    name: tuple[int, int]
    loss: tuple[int, int]
    loss_text: tuple[int, int]
    accuracy: tuple[int, int]
    accuracy_text: tuple[int, int]
    f1: tuple[int, int]
    difference: tuple[int, int]


class SliceList(CellArea):
    """Shows slices; ``picked`` and ``opened`` say which was clicked, or entered."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.slices: Slices | None = None

    def show_slices(self, slices: Slices, chosen: int | None, alone: int | None = None) -> None:
        """Show slices, which of them is selected in the table, and which is looked at alone."""
        self.slices = slices
        self.renew(chosen, alone)

    @property
    def count(self) -> int:
        return 0 if self.slices is None else self.slices.count

    @property
    def head(self) -> int:
        lines = 1 + (self.slices is not None and bool(self.slices.ticks))
        return self._legend_height + lines * self._look.theme.px(HEAD)

    @property
    def _legend_height(self) -> int:
        models = () if self.slices is None else self.slices.models
        return legend_lines(models, self._look.theme, self.viewport().width()) * self._look.theme.px(HEAD)

    @property
    def step(self) -> int:
        lines = 2 if self.slices is None else max(2, len(self.slices.models))
        return self._look.theme.px(lines * LINE + 2 * EDGE)

    def tip(self, place: int) -> str:
        return "" if self.slices is None else self.slices.slice(place).tip

    # Measuring

    def _columns(self) -> _Columns:
        """Give room to columns, the last ones only where there is enough."""
        px = self._look.theme.px
        whole = self.viewport().width() - px(GAP)
        heads = ("", "", "", "", "") if self.slices is None else self.slices.heads
        wide = {"name": px(126) if whole > px(560) else px(84), "loss_text": px(50)}
        wide["accuracy_text"] = px(58) if heads[2] else 0
        wide["difference"] = px(118) if heads[4] else 0
        wide["f1"] = px(44) if heads[3] else 0
        for column in ("f1", "difference", "accuracy_text"):
            if whole - sum(wide.values()) < px(LEAST_PLOT):
                wide[column] = 0
        rest = max(px(20), whole - sum(wide.values()))
        wide["accuracy"] = rest * 2 // 5 if wide["accuracy_text"] and rest > px(200) else 0
        wide["loss"] = rest - wide["accuracy"]
        places, x = {}, 0
        for column in ("name", "loss", "loss_text", "accuracy", "accuracy_text", "f1", "difference"):
            places[column] = (x, wide[column])
            x += wide[column]
        return _Columns(**places)

    # Painting

    def paint(self, painter: QPainter) -> None:
        if self.slices is not None:
            self._paint(painter, self.slices, self._columns())

    def _paint(self, painter: QPainter, slices: Slices, columns: _Columns) -> None:
        painter.setClipRect(self.viewport().rect().adjusted(0, self.head, 0, 0))
        for place in self.cells_in_sight():
            self._paint_slice(painter, slices, columns, place)
        painter.setClipping(False)
        self._paint_heads(painter, slices, columns)

    def _paint_heads(self, painter: QPainter, slices: Slices, columns: _Columns) -> None:
        worn = self._look.theme
        paint_legend(painter, slices.models, worn, self.viewport().width(), worn.px(HEAD))
        painter.setPen(QColor(worn.muted))
        top, height = self._legend_height, worn.px(HEAD)
        places = (columns.name, columns.loss, columns.accuracy, columns.f1, columns.difference)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, (text, (x, width)) in enumerate(zip(slices.heads, places, strict=True)):
            if column == 2 and not width:
                (x, width), text = columns.accuracy_text, text.partition(",")[0]
            beside = {1: columns.loss_text[1], 2: columns.accuracy_text[1] if columns.accuracy[1] else 0}.get(column, 0)
            if width:
                gap = worn.px(8) if column in (1, 4) else 0
                room = width + beside - gap
                x += gap if column == 4 else 0
                if column == 4:
                    text = _difference(painter.fontMetrics(), text, slices.pair, room)
                short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
                painter.drawText(QRect(x, top, room, height), right if column > 2 else left, short)
        self._paint_ticks(painter, slices, columns)
        painter.setPen(QPen(QColor(worn.border), 1))
        painter.drawLine(0, self.head - 1, self.viewport().width(), self.head - 1)

    def _paint_ticks(self, painter: QPainter, slices: Slices, columns: _Columns) -> None:
        top, (left, width) = self.head - self._look.theme.px(HEAD), self._axis(columns.loss)
        end, letters = -math.inf, painter.fontMetrics()
        for place, text in slices.ticks:
            wide = letters.horizontalAdvance(text)
            x = min(left + place * width - wide / 2, self.viewport().width() - wide)
            if x > end:
                painter.drawText(QRectF(x, top, wide + 1, self._look.theme.px(HEAD)), _LEFT, text)
                end = x + wide + self._look.theme.px(6)

    def _paint_whole(self, painter: QPainter, slices: Slices, box: QRect, columns: _Columns) -> None:
        left, width = self._axis(columns.loss)
        for place, colour in slices.whole:
            painter.setPen(QPen(QColor(colour), 1, Qt.PenStyle.DashLine))
            x = round(left + place * width)
            painter.drawLine(x, box.top(), x, box.bottom())

    def _paint_slice(self, painter: QPainter, slices: Slices, columns: _Columns, place: int) -> None:
        worn, shown, box = self._look.theme, slices.slice(place), self.cell_rect(place)
        self._paint_name(painter, shown, box, columns.name)
        top = box.top() + (box.height() - len(shown.lines) * worn.px(LINE)) // 2
        lines = [QRect(0, top + m * worn.px(LINE), box.width(), worn.px(LINE)) for m in range(len(shown.lines))]
        self._paint_axis(painter, box, columns.loss, [tick / slices.most_loss for tick in slices.loss_ticks])
        self._paint_axis(painter, box, columns.accuracy, [0.0, 0.5, 1.0])
        self._paint_whole(painter, slices, box, columns)
        for line, row in zip(shown.lines, lines, strict=True):
            self._paint_interval(painter, row, columns.loss, line.loss, slices.most_loss, line.colour)
            self._paint_interval(painter, row, columns.accuracy, line.accuracy, 1.0, line.colour)
            for text, column in (
                (line.loss_text, columns.loss_text),
                (line.accuracy_text, columns.accuracy_text),
                (line.f1_text, columns.f1),
            ):
                self._write(painter, row, column, text)
        painter.setFont(worn.font(12, bold=shown.settled))
        painter.setPen(QColor(worn.text if shown.settled else worn.muted))
        x, width = columns.difference
        if width:
            painter.drawText(QRect(x, box.top(), width - worn.px(4), box.height()), _RIGHT, shown.difference)
        painter.setPen(QPen(QColor(worn.grid), 1))
        painter.drawLine(0, box.bottom(), box.width(), box.bottom())

    def _paint_name(self, painter: QPainter, shown: Slice, box: QRect, column: tuple[int, int]) -> None:
        worn, (x, width) = self._look.theme, column
        left, room, middle = x + worn.px(6), width - worn.px(14), box.center().y()
        painter.setFont(worn.font(14))
        if painter.fontMetrics().horizontalAdvance(shown.name[:MOST_OF_A_NAME]) > room:
            painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.text))
        name = _cut(painter.fontMetrics(), shown.name, room)
        painter.drawText(QRect(left, middle - worn.px(20), room, worn.px(19)), _LEFT, name)
        painter.fillRect(QRect(left, middle + worn.px(1), room, worn.px(3)), QColor(worn.track))
        painter.fillRect(QRect(left, middle + worn.px(1), round(room * shown.share), worn.px(3)), QColor(worn.muted))
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        size = _cut(painter.fontMetrics(), shown.size, room)
        painter.drawText(QRect(left, middle + worn.px(5), room, worn.px(16)), _LEFT, size)

    def _paint_axis(self, painter: QPainter, box: QRect, column: tuple[int, int], ticks: Sequence[float]) -> None:
        if not column[1]:
            return
        left, width = self._axis(column)
        painter.setPen(QPen(QColor(self._look.theme.grid), 1))
        for tick in ticks:
            x = round(left + tick * width)
            painter.drawLine(x, box.top(), x, box.bottom())

    def _axis(self, column: tuple[int, int]) -> tuple[float, float]:
        """Return where an axis begins and how long it is."""
        edge = self._look.theme.px(8)
        return column[0] + edge, column[1] - 2 * edge

    def _paint_interval(
        self, painter: QPainter, row: QRect, column: tuple[int, int], shown: Interval, most: float, colour: str
    ) -> None:
        if not column[1] or math.isnan(shown.value):
            return
        px = self._look.theme.px
        left, width = self._axis(column)
        y = row.center().y() + 0.5

        def x(value: float) -> float:
            return left + min(max(value / most, 0.0), 1.0) * width

        painter.setPen(QPen(QColor(colour), px(2)))
        if not math.isnan(shown.low):
            painter.drawLine(QPointF(x(shown.low), y), QPointF(x(shown.high), y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        at, size = x(shown.value), px(4)
        if shown.value > most:  # beyond the axis: it points on
            painter.drawPolygon(QPolygonF([QPointF(at, y - size), QPointF(at + size * 1.5, y), QPointF(at, y + size)]))
        else:
            painter.drawEllipse(QPointF(at, y), size, size)

    def _write(self, painter: QPainter, row: QRect, column: tuple[int, int], text: str) -> None:
        if column[1]:
            painter.setFont(self._look.theme.font(12))
            painter.setPen(QColor(self._look.theme.text))
            painter.drawText(QRect(column[0], row.top(), column[1], row.height()), _RIGHT, text)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _cut(letters: QFontMetrics, text: str, room: int) -> str:
    return letters.elidedText(text[:MOST_OF_A_NAME], Qt.TextElideMode.ElideRight, room)


def _cut_within(letters: QFontMetrics, name: str, room: int) -> str:
    """Return a model's name cut in the middle: what tells models apart is often at the end."""
    return letters.elidedText(name[:MOST_OF_A_NAME], Qt.TextElideMode.ElideMiddle, room)


def _difference(letters: QFontMetrics, pattern: str, pair: tuple[str, str], room: int) -> str:
    """Return whose difference it is, each name cut no more than there is need to."""
    spare = room - letters.horizontalAdvance(pattern.format(one="", other=""))
    one, other = (letters.horizontalAdvance(name[:MOST_OF_A_NAME]) for name in pair)
    of_one = max(spare // 2, spare - other)
    of_other = max(spare // 2, spare - one)
    shown = (isolated(_cut_within(letters, name, least)) for name, least in zip(pair, (of_one, of_other), strict=True))
    return pattern.format(**dict(zip(("one", "other"), shown, strict=True)))
