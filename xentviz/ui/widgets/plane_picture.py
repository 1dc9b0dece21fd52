"""What a plane of two losses shows, and the painting of what stands still in it: axes, diagonal, dots or shades."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QLinearGradient, QPainter, QPen, QPixmap, QPolygonF

from xentviz.core.arguments import Floats
from xentviz.core.counts import Integers
from xentviz.core.duel import ENDLESS, NONE_AT_ALL
from xentviz.ui.theme import Theme

translate = QCoreApplication.translate

Marks = NDArray[np.int8]

STRIP = 0.05
"""Half the width of a margin strip, in parts of an axis."""

EDGE = 0.025
"""How far beyond an axis its frame goes where there is no strip."""

FEW_DOTS = 400
"""More dots are smaller, and let one another shine through."""

FAINTEST = 0.16
"""How much of its colour a cell with a single row has."""


@dataclass(frozen=True)
class Side:
    """A model along one axis: what is written there, its colour, and what is said of the half where it is worse: all,
    or behind its dot.
    """

    title: str
    colour: str
    worse: str
    behind_dot: str


@dataclass(frozen=True, eq=False)
class Plane:
    """Losses of one model across, of the other up.

    Attributes
    ----------
    across, up : Side
    x, y : ndarray of float64, shape (dots,)
        Places along the axes.
    marks : ndarray of int8, shape (dots,)
        0, 1, or 2: square, circle, diamond.
    counts : ndarray of int64, shape (2, cells, cells), or None
        In place of dots, of marks 0 and 1; their first and last cells lie in the strips.
    by_mark : bool
        Whether shades have the colours of their marks.
    names : sequence of str
        Of the marks that there are, with an empty one for those that are not.
    ticks : sequence of (place, text)
    strips : tuple of bool
        Whether there are strips for losses below the axes, and for infinite ones.
    scale : str
        What the darkest shade is.
    tip : callable
        Returns what there is to say of a dot, or of a cell (across, up).
    """

    across: Side
    up: Side
    x: Floats
    y: Floats
    marks: Marks
    counts: Integers | None
    by_mark: bool
    names: tuple[str, str, str]
    ticks: Sequence[tuple[float, str]]
    strips: tuple[bool, bool]
    scale: str
    tip: "Callable[[int | tuple[int, int]], str]"


@dataclass(frozen=True, eq=False)
class Judged:
    """What follows the threshold.

    Attributes
    ----------
    rings : ndarray of int8, shape (dots,)
        1 where only the first is right, 2 where only the second is, else 0.
    limits : tuple of (place, mark)
        Beyond these losses decisions are wrong, of rows of a mark, or of all: -1.
    """

    rings: Marks
    limits: tuple[tuple[float, int], ...]


class Ground:
    """Where places are, in pixels, and the painting of a plane that stands still."""

    def __init__(self, plane: Plane, worn: Theme, width: float, height: float) -> None:
        self.plane, self.worn = plane, worn
        self._small = QFontMetricsF(worn.font(12))
        widest = max((self._small.horizontalAdvance(text) for _, text in plane.ticks), default=0.0)
        left, top = self._small.height() + widest + worn.px(10), 2 * self._small.height() + worn.px(10)
        bottom = 2 * self._small.height() + worn.px(8)
        side = max(worn.px(40), min(width - left - worn.px(8), height - top - bottom))
        self.frame = QRectF(round(left), round(top), round(side), round(side))
        zero, endless = plane.strips
        self._low = NONE_AT_ALL - STRIP if zero else -EDGE
        self._high = ENDLESS + STRIP if endless else 1 + EDGE

    def pixels(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return where places are."""
        frame, length = self.frame, self._high - self._low
        across = frame.left() + (x - self._low) * (frame.width() / length)
        return across, frame.bottom() - (y - self._low) * (frame.height() / length)

    def pixel(self, place: float) -> tuple[float, float]:
        """Return where a place is along either axis."""
        x, y = self.pixels(np.array(place), np.array(place))
        return float(x), float(y)

    def place(self, pixel: QPointF) -> tuple[float, float]:
        """Return the place of a pixel, the nearest in the frame."""
        frame, length = self.frame, self._high - self._low
        x = self._low + (pixel.x() - frame.left()) / frame.width() * length
        y = self._low + (frame.bottom() - pixel.y()) / frame.height() * length
        return min(max(x, self._low), self._high), min(max(y, self._low), self._high)

    # Painting

    def paint(self, painter: QPainter) -> None:
        """Paint all that stands still."""
        painter.setFont(self.worn.font(12))
        self._paint_axes(painter)
        painter.setClipRect(self.frame)
        if self.plane.counts is not None:
            self._paint_shades(painter)
        self._paint_diagonal(painter)
        self._paint_dots(painter)
        painter.setClipping(False)
        self._paint_halves(painter)
        self._paint_key(painter)

    def _paint_axes(self, painter: QPainter) -> None:
        worn, frame = self.worn, self.frame
        strip = QColor(worn.grid)
        for there, place in zip(self.plane.strips, (NONE_AT_ALL, ENDLESS), strict=True):
            if there:
                (left, bottom), (right, top) = self.pixel(place - STRIP), self.pixel(place + STRIP)
                painter.fillRect(QRectF(left, frame.top(), right - left, frame.height()), strip)
                painter.fillRect(QRectF(frame.left(), top, frame.width(), bottom - top), strip)
        painter.setPen(QPen(QColor(worn.border), 1))
        painter.drawRect(frame)
        high = self._small.height()
        gap = worn.px(4)
        last, lowest = -math.inf, math.inf
        for place, text in sorted(self.plane.ticks):
            x, y = self.pixel(place)
            painter.setPen(QPen(QColor(worn.border), 1))
            painter.drawLines(
                [QLineF(x, frame.bottom(), x, frame.bottom() + 3), QLineF(frame.left() - 3, y, frame.left(), y)]
            )
            painter.setPen(QColor(worn.muted))
            wide = self._small.horizontalAdvance(text)
            if x - wide / 2 > last + gap:
                painter.drawText(QPointF(x - wide / 2, frame.bottom() + gap + self._small.ascent()), text)
                last = x + wide / 2
            if y < lowest - high:
                painter.drawText(QPointF(frame.left() - gap - wide, y + self._small.ascent() / 2 - 1), text)
                lowest = y
        self._paint_titles(painter, high)

    def _paint_titles(self, painter: QPainter, high: float) -> None:
        frame, px = self.frame, self.worn.px
        for title, turned in ((self.plane.across, False), (self.plane.up, True)):
            painter.save()
            if turned:
                painter.translate(0, frame.center().y())
                painter.rotate(-90)
                box = QRectF(-frame.height() / 2, 0, frame.height(), high)
            else:
                box = QRectF(frame.left(), frame.bottom() + high + px(6), frame.width(), high)
            room = box.width() - px(14)
            text = self._small.elidedText(title.title, Qt.TextElideMode.ElideRight, room)
            start = box.center().x() - (self._small.horizontalAdvance(text) + px(14)) / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(title.colour))
            painter.drawEllipse(QRectF(start, box.center().y() - px(4), px(8), px(8)))
            painter.setPen(QColor(self.worn.text))
            painter.drawText(QPointF(start + px(14), box.top() + self._small.ascent()), text)
            painter.restore()

    def paint_judged(self, painter: QPainter, judged: Judged) -> None:
        """Paint where decisions turn wrong, and rings around those that only one model decides rightly."""
        plane, worn, frame = self.plane, self.worn, self.frame
        painter.setClipRect(frame)
        for place, mark in judged.limits:
            colour = QColor(worn.muted if mark < 0 else worn.label_1 if mark else worn.label_0)
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine if mark else Qt.PenStyle.DashDotLine))
            x, y = self.pixel(place)
            painter.drawLines([QLineF(x, frame.top(), x, frame.bottom()), QLineF(frame.left(), y, frame.right(), y)])
        for ring, side in ((1, plane.across), (2, plane.up)):
            here = judged.rings == ring
            pen = QPen(QColor(side.colour), worn.px(1.6))
            paint_rings(painter, *self.pixels(plane.x[here], plane.y[here]), ring, self._size + worn.px(5), pen)
        painter.setClipping(False)

    @property
    def _size(self) -> int:
        """How large dots are."""
        return self.worn.px(8 if self._apart else 6)

    @property
    def _apart(self) -> bool:
        """Whether dots are so few that each has an outline."""
        return len(self.plane.x) <= FEW_DOTS

    def _paint_diagonal(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self.worn.overlay), self.worn.px(1.2), Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(self.frame.bottomLeft(), self.frame.topRight()))

    def _paint_dots(self, painter: QPainter) -> None:
        plane, worn = self.plane, self.worn
        x, y = self.pixels(plane.x, plane.y)
        for mark, colour in enumerate((worn.label_0, worn.label_1, worn.soft)):
            here = plane.marks == mark
            if self._apart:
                paint_marks(painter, x[here], y[here], mark, self._size + 2, QColor(worn.surface))
            shade = QColor(colour)
            shade.setAlphaF(0.8 if self._apart else 0.5)
            paint_marks(painter, x[here], y[here], mark, self._size, shade)

    def _paint_halves(self, painter: QPainter) -> None:
        """Say above the frame, where no dot can be, who is worse in which half of the plane."""
        worn, frame, px = self.worn, self.frame, self.worn.px
        size, middle = px(9), frame.top() - px(5) - self._small.height() / 2
        sides = ((self.plane.up, True), (self.plane.across, False))
        whole = sum(self._small.horizontalAdvance(side.worse) + size + px(8) for side, _ in sides) <= frame.width()
        for side, above in sides:
            text, dot = (side.worse, 0) if whole else (side.behind_dot, px(12))
            wide = self._small.horizontalAdvance(text) + dot + size + px(5)
            start = frame.left() if above else frame.right() - wide
            box = QRectF(start, middle - size / 2, size, size)
            corner = box.topLeft() if above else box.bottomRight()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(worn.muted))
            painter.drawPolygon(QPolygonF([box.bottomLeft(), corner, box.topRight()]))
            painter.setPen(QPen(QColor(worn.muted), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
            if dot:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(side.colour))
                painter.drawEllipse(QPointF(box.right() + px(9), middle), px(4), px(4))
            painter.setPen(QColor(worn.text))
            painter.drawText(QPointF(box.right() + px(5) + dot, middle + self._small.ascent() / 2 - 1), text)

    def _paint_key(self, painter: QPainter) -> None:
        """Say above the frame what marks are, or shades."""
        worn, frame, px = self.worn, self.frame, self.worn.px
        x, middle = frame.left(), self._small.height() / 2
        for mark, name in enumerate(self.plane.names):
            if not name:
                continue
            colour = QColor((worn.label_0, worn.label_1, worn.soft)[mark])
            paint_marks(painter, np.array([x + px(4)]), np.array([middle]), mark, px(8), colour)
            painter.setPen(QColor(worn.muted))
            painter.drawText(QPointF(x + px(12), middle + self._small.ascent() / 2 - 1), name)
            x += px(12) + self._small.horizontalAdvance(name) + px(10)
        if self.plane.scale:
            self._paint_scale(painter, x, middle)

    def _paint_scale(self, painter: QPainter, left: float, middle: float) -> None:
        worn, px = self.worn, self.worn.px
        right = self.frame.right()
        text = self.plane.scale
        width = self._small.horizontalAdvance(text)
        if right - width - px(52) < left:
            text = text.split(" ")[0]
            width = self._small.horizontalAdvance(text)
        start = max(left, right - width - px(40))
        shade = QLinearGradient(start, 0, start + px(34), 0)
        shade.setColorAt(0, _mixed(worn.surface, worn.text, FAINTEST))
        shade.setColorAt(1, QColor(worn.text))
        one = self._small.horizontalAdvance("1")
        painter.setPen(QColor(worn.muted))
        painter.drawText(QPointF(start - one - px(3), middle + self._small.ascent() / 2 - 1), "1")
        painter.fillRect(QRectF(start, middle - px(4), px(34), px(8)), shade)
        painter.drawText(QPointF(start + px(38), middle + self._small.ascent() / 2 - 1), text)

    def _paint_shades(self, painter: QPainter) -> None:
        """Paint the cells, and a hatch over those that hold more of mark 0 than of mark 1."""
        plane, ratio = self.plane, painter.device().devicePixelRatioF()
        assert plane.counts is not None
        self._paint_cells(painter, shades(plane.counts, self.worn, plane.by_mark))
        if not plane.by_mark:
            return
        hatch = QPixmap(self.frame.size().toSize() * ratio)
        hatch.setDevicePixelRatio(ratio)
        hatch.fill(Qt.GlobalColor.transparent)
        over = QPainter(hatch)
        over.translate(-self.frame.topLeft())
        self._paint_cells(over, _covering(plane.counts[0] > plane.counts[1], self.worn.surface))
        over.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        over.fillRect(self.frame, QBrush(Qt.GlobalColor.black, Qt.BrushStyle.BDiagPattern))
        over.end()
        painter.drawPixmap(self.frame.topLeft(), hatch)

    def _paint_cells(self, painter: QPainter, image: QImage) -> None:
        """Paint an image with a pixel for each cell, those of the strips as wide as these."""
        cells = image.width() - 2
        spans = [(NONE_AT_ALL - STRIP, NONE_AT_ALL + STRIP, 0, 1), (0.0, 1.0, 1, cells)]
        spans.append((ENDLESS - STRIP, ENDLESS + STRIP, cells + 1, 1))
        for left, right, first, wide in spans:
            for bottom, top, lowest, high in spans:
                x0, x1 = self.pixel(left)[0], self.pixel(right)[0]
                y1, y0 = self.pixel(bottom)[1], self.pixel(top)[1]
                source = QRectF(first, cells + 2 - lowest - high, wide, high)
                painter.drawImage(QRectF(x0, y0, x1 - x0, y1 - y0), image, source)


def paint_marks(painter: QPainter, x: Floats, y: Floats, mark: int, size: float, colour: QColor) -> None:
    """Paint squares, circles or diamonds around pixels."""
    if not len(x):
        return
    painter.save()
    if mark == 2:
        painter.rotate(45)
        x, y = (x + y) * math.sqrt(0.5), (y - x) * math.sqrt(0.5)
    cap = Qt.PenCapStyle.RoundCap if mark == 1 else Qt.PenCapStyle.SquareCap
    painter.setPen(QPen(colour, size * (1.0 if mark == 1 else 0.86), Qt.PenStyle.SolidLine, cap))
    painter.drawPoints(pg.functions.arrayToQPolygonF(x, y))
    painter.restore()


def paint_rings(painter: QPainter, x: Floats, y: Floats, ring: int, size: float, pen: QPen) -> None:
    """Paint round rings around pixels, or square ones."""
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    boxes = [QRectF(a - size / 2, b - size / 2, size, size) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    if ring == 1:
        for box in boxes:
            painter.drawEllipse(box)
    else:
        painter.drawRects(boxes)


def shades(counts: Integers, worn: Theme, by_mark: bool) -> QImage:
    """Return an image with a pixel for each cell, shaded by the logarithm of what it counts; the last is at the top."""
    total = counts.sum(axis=0)
    share = FAINTEST + (1 - FAINTEST) * np.log(np.maximum(total, 1)) / max(1.0, math.log(max(1, total.max())))
    colours = np.where((counts[0] > counts[1])[..., None], _rgb(worn.label_0), _rgb(worn.label_1))
    ground, ink = _rgb(worn.surface), colours if by_mark else _rgb(worn.text)
    red, green, blue = np.moveaxis(np.rint(ground + share[..., None] * (ink - ground)).astype(np.uint32), -1, 0)
    return _image(np.where(total > 0, 0xFF000000 | red << 16 | green << 8 | blue, 0))


def _covering(cells: NDArray[np.bool_], colour: str) -> QImage:
    """Return an image of one colour where there are these cells."""
    return _image(np.where(cells, QColor(colour).rgba(), 0))


def _image(pixels: Integers) -> QImage:
    rows, columns = pixels.shape
    data = np.ascontiguousarray(pixels[::-1], dtype=np.uint32).tobytes()
    return QImage(data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied).copy()


def _rgb(colour: str) -> Floats:
    return np.array(QColor(colour).getRgb()[:3], dtype=np.float64)  # type: ignore[index]


def _mixed(ground: str, colour: str, share: float) -> QColor:
    return QColor(*np.rint(_rgb(ground) + share * (_rgb(colour) - _rgb(ground))).astype(int).tolist())
