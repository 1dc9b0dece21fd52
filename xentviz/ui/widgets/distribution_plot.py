"""The scores of yes over those of no, with the threshold across them and the errors on either side of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from xentviz.ui.numbers import count_text
from xentviz.ui.theme import Look
from xentviz.ui.widgets.threshold_hand import ThresholdHand

Heights = NDArray[np.float64]

UNEQUAL = 30
"""So many times as many rows as the middle bar of either half may stand in one before heights are logarithms."""

LEAST_HALF = 0.2
"""Of the height belongs to either half, however few rows there are in it."""


@dataclass(frozen=True, eq=False)
class Backdrop:
    """What stands still while the threshold moves.

    Attributes
    ----------
    yes, no : ndarray of float64, shape (bins,)
        How many rows stand up and hang down.
    names : tuple of str
        Of those that stand up, and of those that hang down.
    heights : tuple of str
        What heights are: square roots, and logarithms.
    scale : str
        What the second line of ticks is; empty for none.
    ticks : tuple of str
        Its texts at every tenth.
    beside : tuple of Backdrop
        Others that it is compared with: a row is as high in all of them.
    """

    yes: Heights
    no: Heights
    names: tuple[str, str]
    heights: tuple[str, str] = ("", "")
    scale: str = ""
    ticks: tuple[str, ...] = ()
    beside: "tuple[Backdrop, ...]" = ()

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Backdrop)
            and (self.names, self.heights, self.scale, self.ticks, self.beside)
            == (other.names, other.heights, other.scale, other.ticks, other.beside)
            and np.array_equal(self.yes, other.yes)
            and np.array_equal(self.no, other.no)
        )

    @cached_property
    def logarithmic(self) -> bool:
        """Whether heights are logarithms, here and in those beside it."""
        return any(of.is_unequal for of in (self, *self.beside))

    @property
    def is_unequal(self) -> bool:
        """Whether of square roots one bar would hide the others."""
        middles = [float(np.median(half[half > 0])) for half in (self.yes, self.no) if half.any()]
        return bool(middles) and max(float(self.yes.max()), float(self.no.max())) > UNEQUAL * min(middles)

    @property
    def tallest(self) -> tuple[float, float]:
        """How many rows there is room for upwards, and downwards."""
        return (
            max(float(of.yes.max()) for of in (self, *self.beside)),
            max(float(of.no.max()) for of in (self, *self.beside)),
        )

    def height(self, rows: Heights | float) -> Heights:
        """Return how high so many rows are, in no unit."""
        return np.log1p(rows) if self.logarithmic else np.sqrt(rows)


@dataclass(frozen=True)
class Cut:
    """Where the threshold is, and what it does.

    Attributes
    ----------
    threshold : float
    words : tuple of str
        Of the four parts: up on the left, which are errors, and on the right; down on the left, and on the right,
        which are errors.
    told : str
        The threshold in the second line of ticks, if there is one.
    others : tuple of float
        Thresholds of other categories.
    best : tuple of float or None
        The best threshold, and the interval that it lies in: low, best, high.
    notes : tuple of str
        Below the picture, at its left and at its right.
    """

    threshold: float = 0.5
    words: tuple[str, str, str, str] = ("", "", "", "")
    told: str = ""
    others: tuple[float, ...] = ()
    best: tuple[float, float, float] | None = None
    notes: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class _Frame:
    """Where everything lies, in pixels: the bars' part, the line between them, and one row's height."""

    plot: QRectF
    middle: float
    unit: float
    key: tuple[object, ...] = field(default=())


class DistributionPlot(ThresholdHand):
    """A histogram that stands up for yes and hangs down for no."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing below it need be painted
        none = np.zeros(1)
        self.backdrop, self.cut = Backdrop(none, none, ("", "")), Cut()
        self._frame: _Frame | None = None
        self._drawn: tuple[QPixmap, QPixmap] | None = None
        self._tick_boxes: list[QRectF] = []

    def show_state(self, backdrop: Backdrop, cut: Cut) -> None:
        """Show rows and a threshold."""
        if backdrop != self.backdrop:
            self.backdrop, self._frame = backdrop, None
        if cut != self.cut:
            self.cut = cut
            self.setAccessibleDescription(" · ".join(text for text in (*cut.words, *cut.notes) if text))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, self._look.theme.px(180))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(300), self._look.theme.px(120))

    def plot(self) -> QRectF:
        return self._framed().plot

    # Where things lie

    def _framed(self) -> _Frame:
        worn = self._look.theme
        key = (self.size(), worn, self.devicePixelRatioF())
        if self._frame is None or self._frame.key != key:
            self._frame, self._drawn = self._laid_out(key), None
        return self._frame

    def _laid_out(self, key: tuple[object, ...]) -> _Frame:
        px, backdrop = self._look.theme.px, self.backdrop
        left = px(10) + self._left_margin()
        bottom = px(22) + px(20) + (px(18) if backdrop.ticks else 0) + px(18)
        plot = QRectF(left, px(22), max(1.0, self.width() - left - px(14)), max(1.0, self.height() - px(22) - bottom))
        up, down = (float(backdrop.height(most)) for most in backdrop.tallest)
        if not up + down:
            return _Frame(plot, plot.center().y(), 0.0, key)
        share = min(1 - LEAST_HALF, max(LEAST_HALF, up / (up + down)))
        rooms = ((plot.height() * share, up), (plot.height() * (1 - share), down))
        return _Frame(plot, plot.top() + rooms[0][0], min(room / high for room, high in rooms if high), key)

    def _left_margin(self) -> int:
        small, backdrop = QFontMetrics(self._look.theme.font(12)), self.backdrop
        bold = QFontMetrics(self._look.theme.font(12, bold=True))
        largest = count_text(int(max(backdrop.tallest)))
        named = max(bold.horizontalAdvance(name) for name in backdrop.names)
        # What stands before a line of ticks keeps clear of the half of the first one that hangs over the edge.
        before = max(map(small.horizontalAdvance, (*backdrop.heights, backdrop.scale)))
        first = max(map(small.horizontalAdvance, ("0", *backdrop.ticks[:1]))) // 2
        return max(named, before + first, small.horizontalAdvance(largest))

    def _x(self, value: float) -> float:
        plot = self._framed().plot
        return plot.left() + value * plot.width()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._framed()
        if self._drawn is None:
            self._drawn = self._draw(wrong=False), self._draw(wrong=True)
        right, wrong = self._drawn
        painter.drawPixmap(0, 0, right)
        for part in self._wrong_parts():
            painter.setClipRect(part)
            painter.drawPixmap(0, 0, wrong)
        painter.setClipping(False)
        self._paint_cut(painter)

    def paint_lines(self, painter: QPainter) -> None:
        """Paint all of it as lines and letters, for paper."""
        self._draw_still(painter, wrong=False)
        for part in self._wrong_parts():
            painter.setClipRect(part)
            painter.fillRect(part, QColor(self._look.theme.surface))
            self._draw_still(painter, wrong=True)
        painter.setClipping(False)
        self._paint_cut(painter)

    def _wrong_parts(self) -> tuple[QRectF, QRectF]:
        """Return where decisions are wrong: above on the left of the threshold, and below on its right."""
        plot, middle, x = self._framed().plot, self._framed().middle, self._x(self.cut.threshold)
        return (
            QRectF(plot.left(), plot.top(), x - plot.left(), middle - plot.top()),
            QRectF(x, middle, plot.right() - x, plot.bottom() - middle),
        )

    def _paint_cut(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_others(painter)
        self._paint_best(painter)
        self._paint_line(painter)
        self._paint_words(painter)
        self._paint_notes(painter)

    def _paint_others(self, painter: QPainter) -> None:
        worn, axis = self._look.theme, self._axis()
        painter.setPen(QPen(QColor(worn.text), worn.px(1)))
        places = [self._x(other) for other in self.cut.others]
        painter.drawLines([QLineF(x, axis - worn.px(6), x, axis) for x in places])

    def _paint_best(self, painter: QPainter) -> None:
        if self.cut.best is None:
            return
        worn = self._look.theme
        low, best, high = map(self._x, self.cut.best)
        thick, y = worn.px(5), self._axis() - worn.px(2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.overlay))
        painter.drawRoundedRect(QRectF(low, y, max(2.0, high - low), thick), thick / 2, thick / 2)
        painter.setBrush(QColor(worn.text))
        painter.drawRect(QRectF(best - worn.px(1), y - worn.px(3), worn.px(2), thick + worn.px(6)))

    def _axis(self) -> float:
        """Return where the axis is: below the words under the bars."""
        return self._framed().plot.bottom() + self._look.theme.px(22)

    def _paint_line(self, painter: QPainter) -> None:
        worn, frame = self._look.theme, self._framed()
        x, size = self._x(self.cut.threshold), worn.px(7)
        painter.setPen(QPen(QColor(worn.threshold), worn.px(2), Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, frame.plot.top() - worn.px(16), x, self._axis()))
        painter.setPen(QPen(QColor(worn.surface), worn.px(2)))
        painter.setBrush(QColor(worn.accent if self.hasFocus() else worn.threshold))
        y = frame.middle
        corners = [QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size), QPointF(x - size, y)]
        painter.drawPolygon(QPolygonF(corners))
        if self.cut.told:
            self._paint_told(painter, x)

    def _paint_told(self, painter: QPainter, x: float) -> None:
        """Paint the threshold, in the terms of the last line of ticks, over that line."""
        worn, font = self._look.theme, self._look.theme.font(12, bold=True)
        width = QFontMetrics(font).horizontalAdvance(self.cut.told) + worn.px(10)
        top = self._axis() + (worn.px(19) if self.backdrop.ticks else worn.px(1))
        left = min(max(0.0, x - width / 2), self.width() - width)
        box = QRectF(left, top, width, worn.px(18))
        for hidden in self._tick_boxes:
            if hidden.intersects(box.adjusted(-worn.px(4), 0, worn.px(4), 0)):
                painter.fillRect(hidden, QColor(worn.surface))  # the rest of a number would be another one
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.threshold))
        painter.drawRoundedRect(box, worn.px(4), worn.px(4))
        painter.setFont(font)
        painter.setPen(QColor(worn.surface))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.cut.told)

    def _paint_words(self, painter: QPainter) -> None:
        worn, plot = self._look.theme, self._framed().plot
        loud, calm = (worn.font(14, bold=True), worn.font(12))
        up = ((self.cut.words[0], loud, worn.label_1), (self.cut.words[1], calm, worn.muted))
        down = ((self.cut.words[2], calm, worn.muted), (self.cut.words[3], loud, worn.label_0))
        for pair, y in ((up, plot.top() - worn.px(6)), (down, plot.bottom() + worn.px(14))):
            self._paint_pair(painter, pair, y)

    def _paint_pair(self, painter: QPainter, pair: tuple[tuple[str, QFont, str], ...], y: float) -> None:
        """Paint what is left of the threshold and what is right of it; near the ends both stand beside it."""
        plot, gap, surface = self._framed().plot, self._look.theme.px(7), QColor(self._look.theme.surface)
        widths = [QFontMetrics(font).horizontalAdvance(text) + gap for text, font, _ in pair]
        place = min(max(self._x(self.cut.threshold), plot.left() + widths[0] + gap), self.width() - widths[1])
        for (text, font, colour), x in zip(pair, (place - widths[0], place + gap), strict=True):
            high = QFontMetrics(font).ascent()
            painter.fillRect(QRectF(x, y - high, QFontMetrics(font).horizontalAdvance(text), high), surface)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            painter.drawText(QPointF(x, y), text)

    def _paint_notes(self, painter: QPainter) -> None:
        worn = self._look.theme
        small = QFontMetrics(worn.font(12))
        y = self.height() - worn.px(5)
        painter.setFont(worn.font(12))
        left, right = self.cut.notes
        width = small.horizontalAdvance(right)
        painter.setPen(QColor(worn.text))
        room = self.width() - width - worn.px(16)
        painter.drawText(QPointF(0, y), small.elidedText(left, Qt.TextElideMode.ElideRight, room))
        painter.setPen(QColor(worn.muted))
        painter.drawText(QPointF(self.width() - width, y), right)

    # Drawing what stands still

    def _draw(self, *, wrong: bool) -> QPixmap:
        """Return the picture as if every decision were right, or wrong."""
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(self.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(QColor(self._look.theme.surface))
        painter = QPainter(drawn)
        self._draw_still(painter, wrong=wrong)
        painter.end()
        return drawn

    def _draw_still(self, painter: QPainter, *, wrong: bool) -> None:
        if wrong:
            painter.fillRect(self._framed().plot, _faint(self._look.theme.wrong, 0.6))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_bars(painter, wrong)
        self._draw_counts(painter)
        self._draw_ticks(painter)

    def _draw_bars(self, painter: QPainter, wrong: bool) -> None:
        worn, backdrop = self._look.theme, self.backdrop
        yes, no = self._bars(backdrop.yes, up=True), self._bars(backdrop.no, up=False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_faint(worn.label_1, 1.0 if wrong else 0.45))
        painter.drawRects(yes)
        painter.setBrush(_faint(worn.label_0, 0.45 if wrong else 0.15))
        painter.drawRects(no)
        thick = worn.px(2) if wrong else worn.px(1.2)
        pen = QPen(_faint(worn.label_0, 1.0 if wrong else 0.7), thick)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLines(_hatch(no, worn.px(5)))

    def _bars(self, rows: Heights, *, up: bool) -> list[QRect]:
        """Return the bars of one half, from left to right, in whole pixels: parts of pixels take ten times as long."""
        frame = self._framed()
        width, middle = frame.plot.width() / len(rows), round(frame.middle)
        gap = 1 if width >= 5 else 0
        edges = np.rint(frame.plot.left() + width * np.arange(len(rows) + 1)).astype(np.int64).tolist()
        heights = np.maximum(2, np.rint(self.backdrop.height(rows) * frame.unit)).astype(np.int64).tolist()
        return [
            QRect(edges[b], middle - heights[b] if up else middle, max(1, edges[b + 1] - edges[b] - gap), heights[b])
            for b in np.flatnonzero(rows).tolist()
        ]

    def _draw_counts(self, painter: QPainter) -> None:
        """Draw the axis of counts, and whose they are."""
        worn, backdrop, frame = self._look.theme, self.backdrop, self._framed()
        right = frame.plot.left() - worn.px(6)
        middle, along = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        painter.setFont(worn.font(12, bold=True))
        for name, colour, y in (
            (backdrop.names[0], worn.label_1, frame.plot.top() - worn.px(23)),
            (backdrop.names[1], worn.label_0, frame.plot.bottom() + worn.px(3)),
        ):
            painter.setPen(QColor(colour))
            painter.drawText(QRectF(0, y, right, worn.px(20)), middle | along, name)
        painter.setFont(worn.font(12))
        painter.setPen(QPen(QColor(worn.muted), 1))
        painter.drawLine(QLineF(frame.plot.left(), frame.middle, frame.plot.right(), frame.middle))
        half = worn.px(9)
        for rows, y in self._count_ticks():
            painter.drawLine(QLineF(frame.plot.left() - worn.px(3), y, frame.plot.left(), y))
            painter.drawText(QRectF(0, y - half, right, 2 * half), middle | along, count_text(rows))

    def _count_ticks(self) -> list[tuple[int, float]]:
        """Return counts and their places: round ones, as large as there are, and smaller ones where there is room."""
        frame, apart = self._framed(), self._look.theme.px(15)
        ticks = [(0, frame.middle)]
        for most, sign in zip(self.backdrop.tallest, (-1, 1), strict=True):
            last = math.inf
            for rows in _round_numbers(most):
                length = float(self.backdrop.height(float(rows))) * frame.unit
                if last - length >= apart and length >= apart:
                    ticks.append((rows, frame.middle + sign * length))
                    last = length
        return ticks

    def _draw_ticks(self, painter: QPainter) -> None:
        worn, plot, backdrop = self._look.theme, self._framed().plot, self.backdrop
        small, axis = QFontMetrics(worn.font(12)), self._axis()
        lines = [[f"{tenth / 10:g}" for tenth in range(11)], *([list(backdrop.ticks)] if backdrop.ticks else [])]
        widest = max(small.horizontalAdvance(text) for line in lines for text in line) + worn.px(8)
        every = next((n for n in (1, 2, 5) if plot.width() >= 10 / n * widest), 10)
        self._tick_boxes = []
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        painter.drawLine(QLineF(plot.left(), axis, plot.right(), axis))
        for tenth in range(0, 11, every):
            x = self._x(tenth / 10)
            painter.drawLine(QLineF(x, axis, x, axis + worn.px(3)))
            for line, texts in enumerate(lines):
                text, y = texts[tenth], axis + worn.px(15 + 18 * line)
                painter.drawText(QPointF(x - small.horizontalAdvance(text) / 2, y), text)
            self._tick_boxes.append(_text_box(small, text, x, y))
        for line, text in enumerate((backdrop.heights[backdrop.logarithmic], backdrop.scale)):
            first = small.horizontalAdvance(lines[line][0]) / 2 if line < len(lines) else 0.0
            x = plot.left() - first - worn.px(6) - small.horizontalAdvance(text)
            painter.drawText(QPointF(x, axis + worn.px(15 + 18 * line)), text)
            if line == len(lines) - 1:
                wide = small.horizontalAdvance(text)
                self._tick_boxes.append(_text_box(small, text, x + wide / 2, axis + worn.px(15 + 18 * line)))


def _faint(colour: str, opacity: float) -> QColor:
    faint = QColor(colour)
    faint.setAlphaF(opacity)
    return faint


def _text_box(small: QFontMetrics, text: str, x: float, y: float) -> QRectF:
    """Return where a text lies that is centred at x and stands on y."""
    width = small.horizontalAdvance(text)
    return QRectF(x - width / 2 - 1, y - small.ascent(), width + 2, small.height())


def _hatch(boxes: Sequence[QRect], apart: int) -> list[QLineF]:
    """Return slanted lines over some boxes, cut where these end: to clip them takes ten times as long."""
    if not boxes:
        return []
    edges = np.array([(b.x(), b.y(), b.x() + b.width(), b.y() + b.height()) for b in boxes], dtype=np.float64)
    left, top, right, bottom = edges.T[..., None]
    sums = np.arange((left + top).min(), (right + bottom).max(), apart)  # x + y, the same all along a line
    first, last = np.maximum(left, sums - bottom), np.minimum(right, sums - top)
    box, line = np.nonzero(first < last)
    ends = zip(first[box, line].tolist(), last[box, line].tolist(), sums[line].tolist(), strict=True)
    return [QLineF(x, total - x, end, total - end) for x, end, total in ends]


def _round_numbers(most: float) -> list[int]:
    """Return 1, 2, 5, 10, 20 … up to a number, the largest first."""
    powers = range(int(math.log10(most)) + 1) if most >= 1 else ()
    numbers = [digit * 10**power for power in powers for digit in (1, 2, 5)]
    return [number for number in reversed(numbers) if number <= most]
