"""What paints curves along thresholds: what stands still once, to a pixmap; what follows the threshold over it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF

from xentviz.core.arguments import Floats
from xentviz.core.counts import Integers
from xentviz.ui.theme import Theme
from xentviz.ui.widgets.line_pen import line_pen
from xentviz.ui.widgets.lines import distance, finite_runs, spots_along, thinned
from xentviz.ui.widgets.operating_picture import Guide, Handle, Moving, Standing, Trace

MOST_POINTS = 600
"""So many points, at most, a curve is painted of."""

NEAR = 28
"""How many pixels from a curve one still points at it."""

WIDEST, HIGHEST = 0.55, 0.6
"""Which part of the frame words may take that are not asked for."""

Ranges = tuple[tuple[float, float], tuple[float, float]]
Path = tuple[Floats, Floats]

Stroke = tuple[object, Callable[[QPainter], None]]
"""What tells a stroke from another, and what paints it."""

Readout = tuple[float, float, str, str]
"""A place along both axes, the colour of its curve, and words."""


@dataclass
class Ink:
    """What was painted last, in pixels: where its points are, and what words had better not cover."""

    of: tuple[object, ...] = ()
    points: list[tuple[Floats, Floats]] = field(default_factory=list)
    paths: list[tuple[Floats, Floats]] = field(default_factory=list)
    spots: Floats = field(default_factory=lambda: np.empty((0, 2)))
    ends: list[float] = field(default_factory=list)
    known: dict[tuple[bytes, bytes], tuple[Floats, Floats]] = field(default_factory=dict)
    """The paths, by the places they go through."""


@dataclass(frozen=True)
class Lasting:
    """What tells the strokes painted last from others, and a picture of so many of the lowest as were there before."""

    where: tuple[object, ...] = ()
    strokes: tuple[object, ...] = ()
    kept: int = 0
    picture: QPixmap = field(default_factory=QPixmap)


class Canvas:
    """Paints a :class:`Standing` and a :class:`Moving` into a frame; all pixels are those of the plot around it.

    Attributes
    ----------
    worn, standing, moving, readout
        What is shown, and how; a read-out stands in place of the caption.
    focused : bool
        Whether the keys move the threshold.
    frame : QRectF
        Where curves are drawn; guides and endings are written to the right of it.
    ranges
        The places along both axes that are in view.
    ratio : float
        How many pixels of the screen make one.
    """

    def __init__(self) -> None:
        self.worn: Theme | None = None
        self.standing: Standing | None = None
        self.moving = Moving()
        self.readout: Readout | None = None
        self.focused = False
        self.frame = QRectF()
        self.ranges: Ranges = ((0.0, 1.0), (0.0, 1.0))
        self.ratio = 1.0
        self._drawn = QPixmap()
        self._ink = Ink()
        self._lasting = Lasting()
        self._thinned: dict[tuple[bytes, bytes], tuple[Floats, Floats]] = {}
        self._side = 0

    def _dressed(self) -> Theme:
        assert self.worn is not None, "nothing is painted before a theme is worn"
        return self.worn

    # Places and pixels

    def pixels(self, x: Any, y: Any) -> tuple[Floats, Floats]:
        """Return the pixels of places of the axes."""
        frame, ((x0, x1), (y0, y1)) = self.frame, self.ranges
        across = frame.left() + (np.asarray(x, dtype=np.float64) - x0) * (frame.width() / (x1 - x0))
        return across, frame.bottom() - (np.asarray(y, dtype=np.float64) - y0) * (frame.height() / (y1 - y0))

    def place(self, pixel: QPointF) -> tuple[float, float]:
        """Return the place of a pixel along the axes."""
        frame, ((x0, x1), (y0, y1)) = self.frame, self.ranges
        x = x0 + (pixel.x() - frame.left()) / max(frame.width(), 1.0) * (x1 - x0)
        return x, y0 + (frame.bottom() - pixel.y()) / max(frame.height(), 1.0) * (y1 - y0)

    @property
    def paths(self) -> list[tuple[Floats, Floats]]:
        """The lines as they are painted, in pixels, with nan for gaps."""
        self._refreshed()
        return self._ink.paths

    def nearest_point(self, trace: int, pixel: QPointF) -> int | None:
        """Return the point of a curve nearest to a pixel, None if it has none that is defined."""
        if not self._refreshed() or trace >= len(self._ink.points):
            return None
        x, y = self._ink.points[trace]
        away = np.hypot(x - pixel.x(), y - pixel.y())
        return None if np.isnan(away).all() else int(np.nanargmin(away))

    def trace_near(self, pixel: QPointF) -> int | None:
        """Return the curve that is pointed at, if one is."""
        if self.standing is None or not self._refreshed() or not self.frame.contains(pixel):
            return None
        found = [
            (distance(x, y, (pixel.x(), pixel.y())), not trace.strong, number)
            for number, (trace, (x, y)) in enumerate(zip(self.standing.traces, self._ink.paths, strict=True))
            if trace.pointable
        ]
        away, _, number = min(found, default=(NEAR, True, 0))
        return number if away < NEAR else None

    # What stands still

    @property
    def margin(self) -> int:
        """How many pixels are needed to the right of the frame."""
        worn, standing = self._dressed(), self.standing
        letters = QFontMetrics(worn.font(12))
        if standing is None or not standing.endings:
            texts = [guide.text for guide in standing.guides] if standing is not None else []
            return worn.px(16) + max(map(letters.horizontalAdvance, texts), default=0)
        return worn.px(14) + max((letters.horizontalAdvance(f"{t.name} −0.000") for t in standing.traces), default=0)

    def _refreshed(self) -> bool:
        """Draw what stands still, unless it has been, as large and as near; return whether there is anything."""
        frame, standing = self.frame, self.standing
        if standing is None or self.worn is None or frame.width() < 2 or frame.height() < 2:
            return False
        of = (standing, self.worn, frame, self.ratio, self.ranges)  # the last three are where places lie
        if of != self._ink.of:
            before = self._ink
            self._ink = Ink(of)
            self._thinned = before.known if before.of[2:] == of[2:] else {}
            self._drawn = self._pictured(partial(self._draw, standing=standing, paint=self._paint_lasting))
        return True

    def _pictured(self, paint: Callable[[QPainter], None]) -> QPixmap:
        """Return a picture of the frame, and of what is beside it."""
        picture = QPixmap((self.frame.adjusted(0, 0, self.margin, 0).size() * self.ratio).toSize())
        picture.setDevicePixelRatio(self.ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-self.frame.topLeft())
        paint(painter)
        painter.end()
        return picture

    def _paint_lasting(self, painter: QPainter, strokes: Sequence[Stroke]) -> None:
        """Paint strokes; of the lowest that were so before too only a picture: while one curve is dragged, the rest."""
        before, where = self._lasting, self._ink.of[1:]
        kept = _alike(strokes[:-1], before.strokes) if where == before.where else 0
        picture = before.picture
        if where != before.where or kept != before.kept:
            picture = self._pictured(partial(_paint_each, strokes=strokes[:kept])) if kept else QPixmap()
        self._lasting = Lasting(where, tuple(key for key, _ in strokes), kept, picture)
        painter.drawPixmap(self.frame.topLeft(), picture)
        _paint_each(painter, strokes[kept:])

    def paint_still(self, painter: QPainter, on_screen: bool) -> None:
        """Paint what stands still: a picture of it on the screen, itself elsewhere."""
        if not self._refreshed():
            return
        if on_screen:
            painter.drawPixmap(self.frame.topLeft(), self._drawn)
            return
        painter.save()  # an export has lines, not a picture of them
        assert self.standing is not None
        self._draw(painter, self.standing, _paint_each)
        painter.restore()

    def _draw(self, painter: QPainter, standing: Standing, paint: Callable[[QPainter, Sequence[Stroke]], None]) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ink.points = [self.pixels(trace.x, trace.y) for trace in standing.traces]
        self._ink.paths = [self._path(trace.path_x, trace.path_y) for trace in standing.traces]
        self._ink.spots = spots_along(self._ink.paths)
        self._ink.ends = self._spread_ends()
        traces = list(zip(standing.traces, self._ink.paths, strict=True))
        strokes = [self._stroke(*traced) for traced in sorted(traces, key=lambda traced: traced[0].strong)]
        paint(painter, [self._guides(standing.guides), *strokes])
        if not standing.endings:
            self._draw_legend(painter, standing)

    def _path(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return a line as :meth:`_thin` does; where it is the same as in the picture before, that one's."""
        key = x.tobytes(), y.tobytes()
        known = self._ink.known
        if key not in known:
            known[key] = self._thinned[key] if key in self._thinned else self._thin(x, y)
        return known[key]

    def _thin(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return a line in pixels, thinned to what they show, and only what is near the frame; with nan for gaps."""
        across, up = self.pixels(x, y)
        frame = self.frame
        outside = np.zeros(len(across), dtype=bool)
        for at, low, high in ((across, frame.left(), frame.right()), (up, frame.top(), frame.bottom())):
            for beyond in (at < low - 9, at > high + 9):
                # Left out is a point whose neighbours lie beyond the same side: what joins them is out of sight.
                before, behind = np.append(beyond[:1], beyond[:-1]), np.append(beyond[1:], beyond[-1:])
                outside |= beyond & before & behind
        across, up = np.where(outside, np.nan, across), np.where(outside, np.nan, up)
        runs = [thinned(*run) for run in finite_runs(across, up)]
        most = sum(len(run[0]) for run in runs)
        if most > MOST_POINTS:
            runs = [thinned(*run, max(2, MOST_POINTS * len(run[0]) // most)) for run in runs]
        parts = [np.append(np.stack(run), [[np.nan], [np.nan]], axis=1) for run in runs]
        joined = np.concatenate(parts, axis=1) if parts else np.empty((2, 0))
        return joined[0], joined[1]

    def _guides(self, guides: tuple[Guide, ...]) -> Stroke:
        paths = [self._path(guide.x, guide.y) for guide in guides]
        told = tuple((_bytes_of(path), guide.style, guide.text) for guide, path in zip(guides, paths, strict=True))
        return told, partial(self._draw_guides, guides=guides, paths=paths)

    def _stroke(self, trace: Trace, path: Path) -> Stroke:
        pen = self._pen_of(trace)
        return (_bytes_of(path), pen), partial(self._draw_trace, pen=pen, path=path)

    def _draw_trace(self, painter: QPainter, pen: QPen, path: Path) -> None:
        painter.setClipRect(self.frame.adjusted(-2, -2, 2, 2))
        painter.setPen(pen)
        _draw_line(painter, *path)
        painter.setClipping(False)

    def _pen_of(self, trace: Trace) -> QPen:
        colour, worn = QColor(trace.colour), self._dressed()
        colour.setAlphaF(0.45 if trace.faint else 1.0)
        width = 1.2 if trace.faint else 2.4 if trace.strong else 1.5
        pen = line_pen(colour, width * worn.scale, trace.style)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def _draw_guides(self, painter: QPainter, guides: tuple[Guide, ...], paths: Sequence[Path]) -> None:
        worn, frame = self._dressed(), self.frame
        painter.setClipRect(frame)
        for guide, path in zip(guides, paths, strict=True):
            painter.setPen(QPen(QColor(worn.border if guide.text else worn.muted), worn.scale, guide.style))
            _draw_line(painter, *path)
        painter.setClipping(False)
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        letters, taken = QFontMetrics(worn.font(12)), np.inf
        for guide, (x, y) in zip(guides, paths, strict=True):
            known = np.isfinite(x)
            if not guide.text or not known.any() or x[known].max() < frame.right() - 1:
                continue
            height = float(np.interp(frame.right(), x[known], y[known]))
            if frame.top() <= height <= min(frame.bottom(), taken - letters.height()):
                taken = height
                middle = height + (letters.ascent() - letters.descent()) / 2
                painter.drawText(QPointF(frame.right() + worn.px(4), middle), guide.text)

    def _draw_legend(self, painter: QPainter, standing: Standing) -> None:
        """Write the names of the curves into the corner that is emptiest."""
        worn, letters = self._dressed(), QFontMetrics(self._dressed().font(12, bold=True))
        sample, line = worn.px(24), letters.height() + 2
        named = [trace for trace in standing.traces if trace.name]
        room = int(HIGHEST * self.frame.height() // line)
        left_out = len(named) - max(0, room - 1) if len(named) > room else 0
        if left_out:
            named = sorted(named, key=lambda trace: not trace.strong)[: len(named) - left_out]
        width = sample + 20 + max((letters.horizontalAdvance(trace.name) for trace in named), default=0)
        if not named or width > WIDEST * self.frame.width():
            return  # in so small a plot the pointer tells the names
        box = self._emptiest(QRectF(0, 0, width, line * (len(named) + bool(left_out)) + 8), standing.corners)
        self._draw_box(painter, box, QColor(0, 0, 0, 0))
        top, beside = box.top() + 4, box.left() + 12 + sample
        for trace in named:
            painter.setPen(self._pen_of(trace))
            painter.drawLine(QPointF(box.left() + 6, top + line / 2), QPointF(box.left() + 6 + sample, top + line / 2))
            painter.setFont(worn.font(12, bold=trace.strong and len(named) > 1))
            painter.setPen(QColor(worn.text if trace.strong else worn.muted))
            painter.drawText(QRectF(beside, top, width, line), Qt.AlignmentFlag.AlignVCenter, trace.name)
            top += line
        if left_out:
            painter.drawText(QRectF(beside, top, width, line), Qt.AlignmentFlag.AlignVCenter, f"+ {left_out}")
        edge = np.linspace(0, 1, 20)
        inside = np.stack(np.meshgrid(box.left() + edge * box.width(), box.top() + edge * box.height()), axis=-1)
        self._ink.spots = np.concatenate([self._ink.spots, inside.reshape(-1, 2)])

    def _emptiest(self, box: QRectF, corners: tuple[str, ...]) -> QRectF:
        frame = self.frame.adjusted(6, 6, -6, -6)
        boxes = []
        for corner in corners:
            moved = QRectF(box)
            (moved.moveBottom if "bottom" in corner else moved.moveTop)(
                frame.bottom() if "bottom" in corner else frame.top()
            )
            (moved.moveRight if "right" in corner else moved.moveLeft)(
                frame.right() if "right" in corner else frame.left()
            )
            boxes.append(moved)
        return boxes[int(self._ink_in(boxes).argmin())]  # the first of those alike

    def _ink_in(self, boxes: Sequence[QRectF]) -> Integers:
        """Return how many spots of the curves lie in each of some boxes."""
        return _inside(boxes, *self._ink.spots.T)

    def _handles_in(self, boxes: Sequence[QRectF]) -> Integers:
        x, y = self.pixels([handle.x for handle in self.moving.handles], [handle.y for handle in self.moving.handles])
        return _inside([box.adjusted(-6, -6, 6, 6) for box in boxes], x, y)

    def _spread_ends(self) -> list[float]:
        """Return how high the names of the curves stand: where these end, but no two upon one another."""
        frame = self.frame
        line = QFontMetrics(self._dressed().font(12)).height()
        ends = []
        for _x, y in self._ink.paths:
            known = y[np.isfinite(y)]
            ends.append(float(np.clip(known[-1] if len(known) else frame.center().y(), frame.top(), frame.bottom())))
        order = np.argsort(ends, kind="stable").tolist()
        at = [ends[number] for number in order]
        for i in range(1, len(at)):
            at[i] = max(at[i], at[i - 1] + line)
        lowest = frame.bottom()
        for i in range(len(at) - 1, -1, -1):
            lowest = at[i] = min(at[i], lowest)
            lowest -= line
        spread = [0.0] * len(at)
        for number, height in zip(order, at, strict=True):
            spread[number] = height
        return spread

    # What follows the threshold

    def paint_swift(self, painter: QPainter, _on_screen: bool) -> None:
        """Paint what follows the threshold."""
        if not self._refreshed() or self.standing is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.moving.line is not None:
            self._paint_line(painter, self.moving.line)
        if self.standing.endings:
            self._paint_endings(painter, self.standing)
        places = [self._paint_handle(painter, handle) for handle in sorted(self.moving.handles, key=_strength)]
        if self.readout is not None:
            self._paint_readout(painter, *self.readout)
        elif self.moving.caption and self.moving.line is None:
            strong = [
                at
                for at, handle in zip(places, sorted(self.moving.handles, key=_strength), strict=True)
                if handle.strong and at is not None
            ]
            if strong:
                self._paint_words(painter, strong[-1:], self._fitting(self.moving.caption), self._dressed().border)

    def _paint_handle(self, painter: QPainter, handle: Handle) -> QPointF | None:
        """Paint a handle if it is in view, and return where."""
        x, y = (float(at) for at in self.pixels(handle.x, handle.y))
        if not self.frame.adjusted(-1, -1, 1, 1).contains(x, y):
            return None
        worn = self._dressed()
        size = worn.scale * (3.5 if self.moving.line is not None else 6.5 if handle.strong else 4.5)
        ring = worn.text if handle.strong else worn.surface
        painter.setPen(QPen(QColor(ring), 1.5 * worn.scale))
        painter.setBrush(QColor(worn.surface if handle.hollow else handle.colour))
        if handle.hollow:
            painter.setPen(QPen(QColor(handle.colour), 2 * worn.scale))
        painter.drawEllipse(QPointF(x, y), size, size)
        if handle.strong and self.focused and self.moving.line is None:
            painter.setPen(QPen(QColor(worn.accent), 1.5 * worn.scale))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x, y), size + 3 * worn.scale, size + 3 * worn.scale)
        return QPointF(x, y)

    def _paint_line(self, painter: QPainter, place: float) -> None:
        worn, frame = self._dressed(), self.frame
        x = float(self.pixels(place, 0)[0])
        if not frame.left() - 1 <= x <= frame.right() + 1:
            return
        colour = QColor(worn.accent if self.focused else worn.threshold)
        painter.setPen(QPen(colour, 1.6 * worn.scale, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        size = worn.scale * 5
        for y in (frame.top(), frame.bottom()):
            diamond = [QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size), QPointF(x - size, y)]
            painter.drawPolygon(QPolygonF(diamond))
        if self.readout is None and self.moving.caption:
            ends = (frame.bottom() - 2 * size, frame.top() + 2 * size)
            self._paint_words(painter, [QPointF(x, y) for y in ends], self.moving.caption, worn.border)

    def _paint_endings(self, painter: QPainter, standing: Standing) -> None:
        worn, left = self._dressed(), self.frame.right() + self._dressed().px(8)
        painter.setFont(worn.font(12))
        letters = QFontMetrics(worn.font(12))
        for number, (trace, height) in enumerate(zip(standing.traces, self._ink.ends, strict=True)):
            value = self.moving.values[number] if number < len(self.moving.values) else ""
            painter.setPen(QColor(trace.colour))
            middle = height + (letters.ascent() - letters.descent()) / 2
            painter.drawText(QPointF(left, middle), f"{trace.name} {value}")

    def _paint_readout(self, painter: QPainter, x: float, y: float, colour: str, words: str) -> None:
        at = QPointF(*(float(pixel) for pixel in self.pixels(x, y)))
        worn = self._dressed()
        painter.setPen(QPen(QColor(worn.surface), 1.5 * worn.scale))
        painter.setBrush(QColor(colour))
        painter.drawEllipse(at, 4.0 * worn.scale, 4.0 * worn.scale)
        self._paint_words(painter, [at], words, colour)

    def _fitting(self, words: str) -> str:
        """Return the words, or as little of them as a small plot has room for."""
        letters = QFontMetrics(self._dressed().font(12))
        size = letters.size(0, words)
        fits = size.width() < WIDEST * self.frame.width() and 2 * size.height() < HIGHEST * self.frame.height()
        return words if fits else words.split("\n")[0]

    def _paint_words(self, painter: QPainter, beside: list[QPointF], words: str, border: str) -> None:
        """Write words beside one of some pixels, on the side where they cover least."""
        worn, frame = self._dressed(), self.frame
        font = worn.font(12)
        size = QFontMetrics(font).size(0, words)
        width, height, away = size.width() + worn.px(12), size.height() + worn.px(6), worn.px(12)
        sides = [
            (at, _within(QRectF(at.x() + across, at.y() + down, width, height), frame))
            for at in beside
            for across, down in (
                (away, away),
                (-away - width, away),
                (-away - width, -away - height),
                (away, -away - height),
            )
        ]
        self._side = min(self._side, len(sides) - 1)
        if self._covered(sides[self._side : self._side + 1])[0]:
            # As soon as it covers little more than another, words would hop from side to side while they move.
            covered = self._covered(sides)
            covered[self._side] -= 4
            self._side = int(covered.argmin())
        box = sides[self._side][1]
        self._draw_box(painter, box, QColor(border))
        painter.setFont(font)
        painter.setPen(QColor(worn.text))
        painter.drawText(box.adjusted(worn.px(6), worn.px(3), 0, 0), 0, words)

    def _covered(self, sides: Sequence[tuple[QPointF, QRectF]]) -> Integers:
        """Return how much words would cover in each of some boxes, each beside its pixel."""
        boxes = [box for _, box in sides]
        held = np.array([box.contains(at) for at, box in sides])
        return np.asarray(self._ink_in(boxes) + 1000 * held + 20 * self._handles_in(boxes))

    def _draw_box(self, painter: QPainter, box: QRectF, border: QColor) -> None:
        ground = QColor(self._dressed().surface)
        ground.setAlphaF(0.88)
        painter.setPen(QPen(border, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 4, 4)


def _strength(handle: Handle) -> bool:
    return handle.strong


def _bytes_of(path: Path) -> tuple[bytes, bytes]:
    return path[0].tobytes(), path[1].tobytes()


def _alike(strokes: Sequence[Stroke], before: Sequence[object]) -> int:
    """Return how many of the first strokes are those of before."""
    return sum(1 for _ in takewhile(lambda pair: pair[0][0] == pair[1], zip(strokes, before, strict=False)))


def _paint_each(painter: QPainter, strokes: Sequence[Stroke]) -> None:
    for _, paint in strokes:
        paint(painter)


def _inside(boxes: Sequence[QRectF], x: Floats, y: Floats) -> Integers:
    """Return how many points lie in each of some boxes."""
    left, right, top, bottom = np.array([(b.left(), b.right(), b.top(), b.bottom()) for b in boxes]).T[..., None]
    return np.asarray(((x > left) & (x < right) & (y > top) & (y < bottom)).sum(axis=1))


def _within(box: QRectF, frame: QRectF) -> QRectF:
    left = max(frame.left(), min(box.left(), frame.right() - box.width()))
    top = max(frame.top(), min(box.top(), frame.bottom() - box.height()))
    return QRectF(left, top, box.width(), box.height())


def _draw_line(painter: QPainter, x: Floats, y: Floats) -> None:
    for run_x, run_y in finite_runs(x, y):
        if len(run_x) == 1:
            painter.drawPoint(QPointF(float(run_x[0]), float(run_y[0])))
        else:
            painter.drawPolyline(pg.functions.arrayToQPolygonF(run_x, run_y))
