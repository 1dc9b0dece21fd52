"""Histograms of several models over the same bins: two back to back, more as steps over one another."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygon,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from xentviz.core.arguments import Floats
from xentviz.core.counts import Integers
from xentviz.ui.numbers import count_text
from xentviz.ui.theme import Look
from xentviz.ui.widgets.line_pen import Line, line_pen

MIRRORED = 2
"""So many models stand back to back."""


MARKED = 0.25
"""Which part of a strip marks take at most."""


@dataclass(frozen=True)
class Kind:
    """A model: its name, perhaps with numbers behind it, its colour and line, and whether it is the chosen one."""

    name: str
    told: str
    colour: str
    style: Line
    strong: bool


@dataclass(frozen=True, eq=False)
class Strip:
    """One group of rows: its name, counts of shape (models, bins), and two marks a model along the axis, or none."""

    name: str
    counts: Integers
    marks: tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True, eq=False)
class Histograms:
    """All that is drawn.

    Attributes
    ----------
    left, right : ndarray of float64, shape (bins,)
        Where each bin lies along the axis, from 0 to 1.
    ticks : tuple of (float, str)
    title : str
        What lies along the axis.
    marked : str
        What the marks are.
    kinds : tuple of Kind
    strips : tuple of Strip
    logarithmic : bool
        Whether heights are.
    tip : callable
        Returns the words for a bin of a strip.
    """

    left: Floats
    right: Floats
    ticks: tuple[tuple[float, str], ...]
    title: str
    marked: str
    kinds: tuple[Kind, ...]
    strips: tuple[Strip, ...]
    logarithmic: bool
    tip: Callable[[int, int], str]

    def heights(self, counts: Integers | int) -> Floats:
        """Return how high counts stand, in any unit."""
        values = np.asarray(counts, dtype=np.float64)
        return np.log1p(values) if self.logarithmic else values


Place = tuple[int, int]
"""A strip, and a bin."""


Lines = list[list[tuple[Kind, str, int]]]
"""Of a legend: each model, its words, and how wide they are."""


class HistogramPlot(QWidget):
    """Paints :class:`Histograms`; says ``picked`` with a strip and a bin that is clicked, or chosen with the keys."""

    picked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._drawn: QPixmap | None = None
        self._lines: Lines | None = None
        self.picture: Histograms | None = None
        self.at: Place | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 110)

    def show_picture(self, picture: Histograms) -> None:
        """Draw something else."""
        self.picture, self._drawn, self._lines = picture, None, None
        if self.at is not None and (self.at[0] >= len(picture.strips) or self.at[1] >= len(picture.left)):
            self.at = None
        self.update()

    @property
    def read_out(self) -> str:
        """The words for the bin that is pointed at, empty if none is."""
        return self.picture.tip(*self.at) if self.picture is not None and self.at is not None else ""

    def sizeHint(self) -> QSize:
        return QSize(420, 240)

    # Where things lie

    @property
    def _mirrored(self) -> bool:
        return self.picture is not None and len(self.picture.kinds) == MIRRORED

    @property
    def _frame(self) -> QRectF:
        """Where the bins of all strips lie."""
        px = self._look.theme.px
        left = px(46)
        top = px(4) + self._legend_height()
        return QRectF(left, top, max(1.0, self.width() - left - px(14)), max(1.0, self.height() - top - px(38)))

    def strip_box(self, strip: int) -> QRectF:
        """Return where the bars of a strip lie."""
        assert self.picture is not None, "there are strips"
        frame, px = self._frame, self._look.theme.px
        height, lane = frame.height() / len(self.picture.strips), self._lane
        above = px(18) if self.picture.strips[strip].name else px(3)
        lanes = [lane, lane] if self._mirrored else [0, lane * len(self.picture.kinds)]
        top = frame.top() + strip * height + above + lanes[0]
        return QRectF(frame.left(), top, frame.width(), max(1.0, height - above - sum(lanes) - px(5)))

    @property
    def _lane(self) -> float:
        """How high the marks of one model are: together they take little of a strip."""
        assert self.picture is not None, "there are strips"
        room = self._frame.height() / len(self.picture.strips) * MARKED
        return min(self._look.theme.px(7), room / max(1, len(self.picture.kinds)))

    def bin_box(self, strip: int, place: int) -> QRectF:
        """Return where a bin lies, over the whole height of its strip."""
        assert self.picture is not None, "there are bins"
        box = self.strip_box(strip)
        left, right = self._x(float(self.picture.left[place])), self._x(float(self.picture.right[place]))
        return QRectF(left, box.top(), right - left, box.height())

    def _x(self, place: float) -> float:
        frame = self._frame
        return frame.left() + place * frame.width()

    def _base(self, box: QRectF) -> float:
        return box.center().y() if self._mirrored else box.bottom()

    def _scale(self, strip: Strip, box: QRectF) -> float:
        """Return how many pixels high one unit of height is."""
        assert self.picture is not None, "there are strips"
        most = float(self.picture.heights(strip.counts.max(initial=0)))
        return (box.height() / 2 if self._mirrored else box.height()) / most if most else 0.0

    def _place_at(self, at: QPointF) -> Place | None:
        picture = self.picture
        if picture is None:
            return None
        x = (at.x() - self._frame.left()) / self._frame.width()
        inside = np.flatnonzero((picture.left <= x) & (x < picture.right))
        for strip in range(len(picture.strips)):
            box = self.strip_box(strip)
            if len(inside) and box.top() - 2 <= at.y() <= box.bottom() + 2:
                return strip, int(inside[0])
        return None

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._drawn is None:
            self._drawn = self._draw()
        painter.drawPixmap(0, 0, self._drawn)
        if self.picture is None or self.at is None:
            return
        worn = self._look.theme
        box = self.bin_box(*self.at)
        pen = QPen(QColor(worn.accent if self.hasFocus() else worn.overlay), worn.px(1.2))
        painter.setPen(pen)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        self._paint_words(painter, box, self.read_out)

    def _paint_words(self, painter: QPainter, beside: QRectF, words: str) -> None:
        worn, font = self._look.theme, self._look.theme.font(12)
        size = QFontMetrics(font).size(0, words)
        width, height, away = size.width() + worn.px(12), size.height() + worn.px(8), worn.px(8)
        left = beside.right() + away
        if left + width > self.width():
            left = max(0.0, beside.left() - away - width)
        top = min(max(0.0, beside.center().y() - height / 2), max(0.0, self.height() - height))
        box = QRectF(left, top, width, height)
        ground = QColor(worn.surface)
        ground.setAlphaF(0.92)
        painter.setPen(QPen(QColor(worn.border), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font)
        painter.setPen(QColor(worn.text))
        painter.drawText(box.adjusted(worn.px(6), worn.px(4), 0, 0), 0, words)

    def _draw(self) -> QPixmap:
        """Return what stands still."""
        ratio, worn = self.devicePixelRatioF(), self._look.theme
        drawn = QPixmap(self.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(QColor(worn.surface))
        picture = self.picture
        if picture is None:
            return drawn
        painter = QPainter(drawn)
        self._draw_legend(painter, picture)
        self._draw_axis(painter, picture)
        for number, strip in enumerate(picture.strips):
            self._draw_strip(painter, picture, strip, self.strip_box(number))
        painter.end()
        return drawn

    # The legend

    def _legend(self) -> Lines:
        """Return the models line by line; with numbers where these fit."""
        if self._lines is None:
            fitting = self._legend_of(told=True)
            self._lines = fitting if len(fitting) <= MIRRORED else self._legend_of(told=False)
        return self._lines

    def _legend_of(self, *, told: bool) -> Lines:
        worn, room, used = self._look.theme, self.width() - self._look.theme.px(16), 0
        found: Lines = [[]]
        for kind in self.picture.kinds if self.picture is not None else ():
            words = f"{kind.name}  {kind.told}" if told and kind.told else kind.name
            width = QFontMetrics(worn.font(12, bold=kind.strong)).horizontalAdvance(words) + worn.px(38)
            if used and used + width > room:
                found.append([])
                used = 0
            found[-1].append((kind, words, width))
            used += width
        return found

    def _legend_height(self) -> int:
        return len(self._legend()) * self._look.theme.px(18)

    def _draw_legend(self, painter: QPainter, picture: Histograms) -> None:
        worn, y = self._look.theme, self._look.theme.px(2)
        for line in self._legend():
            x, middle = worn.px(4), y + worn.px(9)
            for kind, words, width in line:
                painter.setPen(
                    line_pen(QColor(kind.colour), worn.px(3 if len(picture.kinds) <= MIRRORED else 2), kind.style)
                )
                painter.drawLine(QLineF(x, middle, x + worn.px(18), middle))
                painter.setFont(worn.font(12, bold=kind.strong and len(picture.kinds) > 1))
                painter.setPen(QColor(worn.text if kind.strong else worn.muted))
                box = QRectF(x + worn.px(24), y, width, worn.px(18))
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
                x += width
            y += worn.px(18)

    # The axis

    def _draw_axis(self, painter: QPainter, picture: Histograms) -> None:
        worn, y = self._look.theme, self._frame.bottom()
        letters, last = QFontMetrics(worn.font(12)), -math.inf
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        for place, text in picture.ticks:
            x, half = self._x(place), letters.horizontalAdvance(text) / 2
            painter.drawLine(QLineF(x, y, x, y + worn.px(3)))
            if x - half < last + worn.px(6):
                continue
            painter.drawText(QPointF(x - half, y + worn.px(15)), text)
            last = x + half
        words = f"{picture.title}   {picture.marked}"
        if letters.horizontalAdvance(words) > self.width():
            words = picture.title
        x = self._frame.center().x() - letters.horizontalAdvance(words) / 2
        x = max(0.0, min(x, self.width() - letters.horizontalAdvance(words)))
        painter.drawText(QPointF(x, self.height() - worn.px(5)), words)

    # A strip

    def _draw_strip(self, painter: QPainter, picture: Histograms, strip: Strip, box: QRectF) -> None:
        worn, base, scale = self._look.theme, round(self._base(box)), self._scale(strip, box)
        painter.setFont(worn.font(12, bold=True))
        painter.setPen(QColor(worn.text))
        above = box.top() - worn.px(5) - (self._lane if self._mirrored else 0)
        painter.drawText(QPointF(box.left(), above), strip.name)
        self._draw_counts(painter, picture, strip, box)
        order = sorted(range(len(picture.kinds)), key=lambda m: picture.kinds[m].strong)
        for m in order:
            up = not (self._mirrored and m == 1)
            tops = np.rint(picture.heights(strip.counts[m]) * scale)
            tops = np.where(strip.counts[m] > 0, np.maximum(tops, 2.0), 0.0)
            if len(picture.kinds) <= MIRRORED:
                self._draw_bars(painter, picture, picture.kinds[m], base, tops if up else -tops)
            else:
                self._draw_steps(painter, picture, picture.kinds[m], base, tops)
        painter.setPen(QPen(QColor(worn.muted), 1))
        painter.drawLine(QLineF(box.left(), base, box.right(), base))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_marks(painter, picture, strip, box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_bars(self, painter: QPainter, picture: Histograms, kind: Kind, base: int, tops: Floats) -> None:
        colour = QColor(kind.colour)
        colour.setAlphaF(0.8 if kind.strong else 0.45)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        left, right, high = self._pixels(picture.left), self._pixels(picture.right), tops.astype(np.int64).tolist()
        painter.drawRects(
            [
                QRect(left[b], min(base, base - high[b]), max(1, right[b] - left[b] - 1), abs(high[b]))
                for b in np.flatnonzero(tops).tolist()
            ]
        )

    def _draw_steps(self, painter: QPainter, picture: Histograms, kind: Kind, base: int, tops: Floats) -> None:
        # In whole pixels, and thin: other lines take ten times as long.
        pen = line_pen(QColor(kind.colour), round(self._look.theme.scale * (2 if kind.strong else 1)), kind.style)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, right = self._pixels(picture.left), self._pixels(picture.right)
        heights = (base - tops.astype(np.int64)).tolist()
        apart = np.flatnonzero(picture.left[1:] > picture.right[:-1] + 1e-9) + 1
        for run in np.split(np.arange(len(tops)), apart):
            points = [QPoint(left[run[0]], base)]
            for b in run.tolist():
                points += [QPoint(left[b], heights[b]), QPoint(right[b], heights[b])]
            points.append(QPoint(right[run[-1]], base))
            painter.drawPolyline(QPolygon(points))

    def _pixels(self, places: Floats) -> list[int]:
        """Return the whole pixels where places of the axis lie."""
        frame = self._frame
        whole: list[int] = np.rint(frame.left() + places * frame.width()).astype(np.int64).tolist()
        return whole

    def _draw_counts(self, painter: QPainter, picture: Histograms, strip: Strip, box: QRectF) -> None:
        """Draw how many rows heights are: round numbers where there is room, and faint lines at them."""
        worn, base, scale = self._look.theme, self._base(box), self._scale(strip, box)
        painter.setFont(worn.font(12))
        half, right = worn.px(8), box.left() - worn.px(5)
        last = 0.0
        for count in _round_numbers(int(strip.counts.max(initial=0)), logarithmic=picture.logarithmic):
            high = float(picture.heights(count)) * scale
            if high - last < worn.px(15):
                continue
            last = high
            for y in (base - high, base + high) if self._mirrored else (base - high,):
                painter.setPen(QPen(QColor(worn.grid), 1))
                painter.drawLine(QLineF(box.left(), y, box.right(), y))
                painter.setPen(QColor(worn.muted))
                beside = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(QRectF(0, y - half, right, 2 * half), beside, count_text(count))

    def _draw_marks(self, painter: QPainter, picture: Histograms, strip: Strip, box: QRectF) -> None:
        """Draw for each model a line from its median, a dot, to its 95th percentile, a tick."""
        lane = self._lane
        size = 0.4 * lane
        for m, (kind, marks) in enumerate(zip(picture.kinds, strip.marks, strict=True)):
            if marks is None:
                continue
            first, last = (self._x(place) for place in marks)
            y = box.bottom() + (m + 0.5) * lane
            if self._mirrored:
                y = box.top() - lane / 2 if m == 0 else box.bottom() + lane / 2
            painter.setPen(QPen(QColor(kind.colour), 1))
            painter.drawLine(QLineF(first, y, last, y))
            painter.drawLine(QLineF(last, y - size, last, y + size))
            painter.setBrush(QColor(kind.colour))
            painter.drawEllipse(QPointF(first, y), size, size)

    # The hand

    def _go_to(self, at: Place | None) -> None:
        if at != self.at:
            self.at = at
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._place_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if at is None else Qt.CursorShape.PointingHandCursor)
        self._go_to(at)

    def leaveEvent(self, event: QEvent) -> None:
        self._go_to(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and at is not None:
            self._go_to(at)
            self.picked.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in steps and self.picture is not None and self.picture.strips:
            strip, place = self.at or (0, len(self.picture.left) // 2)
            down, along = steps[key] if self.at else (0, 0)
            strip = min(max(strip + down, 0), len(self.picture.strips) - 1)
            self._go_to((strip, min(max(place + along, 0), len(self.picture.left) - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.at is not None:
            self.picked.emit(self.at)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._drawn = self._lines = None
        super().resizeEvent(event)


def _round_numbers(most: int, *, logarithmic: bool) -> list[int]:
    """Return round counts up to a number, the smallest first; as logarithms powers of ten, or 1, 2, 5 … of few.

    >>> _round_numbers(173, logarithmic=False), _round_numbers(173, logarithmic=True)
    ([50, 100, 150], [1, 10, 100])
    """
    if most < 1:
        return []
    powers = [10**e for e in range(int(math.log10(most)) + 1)]
    if logarithmic:
        few = [digit * power for power in powers for digit in (1, 2, 5)]
        return powers if most >= 100 else [count for count in few if count <= most]
    step = max(1, next(powers[-1] * part // 10 for part in (2, 5, 10, 20) if most * 10 / (powers[-1] * part) <= 5))
    return list(range(step, most + 1, step))
