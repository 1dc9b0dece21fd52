"""A plot of curves along thresholds, on which the threshold's place can be dragged.

What stands still is painted once, to a pixmap; what follows the threshold is painted over it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from xentviz.core.arguments import Floats
from xentviz.ui.theme import Theme
from xentviz.ui.widgets.lines import distance, finite_runs, spots_along, thinned
from xentviz.ui.widgets.operating_picture import Guide, Handle, Moving, Standing, Trace
from xentviz.ui.widgets.scaled_axis import ScaledAxis

REACH = 14
"""How many pixels from a handle it can still be grabbed."""

NEAR = 28
"""How many pixels from a curve one still points at it."""

LINE = -1
"""The key of the threshold's line, where handles have that of their curve."""

SMALLEST_BOX = 8


@dataclass
class _Ink:
    """What was painted last, in pixels: where its points are, and what words had better not cover."""

    of: tuple[object, ...] = ()
    points: list[tuple[Floats, Floats]] = field(default_factory=list)
    paths: list[tuple[Floats, Floats]] = field(default_factory=list)
    spots: Floats = field(default_factory=lambda: np.empty((0, 2)))
    ends: list[float] = field(default_factory=list)


class GrabbingView(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph has no types
    """A view in which dragging grabs what is near; anywhere else it draws a box to zoom into."""

    def __init__(self, plot: "OperatingPlot") -> None:
        super().__init__(enableMenu=False)
        self.setMouseMode(pg.ViewBox.RectMode)
        self._plot = plot
        self._grabbed: int | None = None

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Called by pyqtgraph for every move of a drag."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseDragEvent(event, axis)
            return
        if event.isStart():
            self._grabbed = self._plot.key_at(event.buttonDownScenePos())
            if self._grabbed is not None:
                self._plot.grabbed.emit(self._grabbed)
        event.accept()
        if self._grabbed is not None:
            self._plot.dragged.emit(self._grabbed, event.scenePos())
            if event.isFinish():
                self._grabbed = None
                self._plot.released.emit()
        elif event.isFinish() and self._is_small(event):
            self.rbScaleBox.hide()
        else:
            super().mouseDragEvent(event, axis)

    def _is_small(self, event: Any) -> bool:
        across = event.pos() - event.buttonDownPos()
        return bool(min(abs(across.x()), abs(across.y())) < SMALLEST_BOX)

    def mouseClickEvent(self, event: Any) -> None:
        """Called by pyqtgraph for a click: a double click goes back to the whole picture."""
        event.accept()
        if event.double():
            self._plot.reset_range()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._plot.clicked.emit(event.scenePos())


class Layer(QGraphicsItem):
    """Paints what it is given to, over the plot; the mouse goes through it."""

    def __init__(self, paint: Callable[[QPainter, bool], None], parent: QGraphicsItem, height: float) -> None:
        super().__init__(parent)
        self._paint, self._bounds = paint, QRectF()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(height)

    def cover(self, bounds: QRectF) -> None:
        """Paint within other bounds from now on."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        self._paint(painter, widget is not None)


class OperatingPlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Draws a :class:`Standing`, and a :class:`Moving` over it.

    Signals
    -------
    grabbed(key), dragged(key, QPointF), released()
        A handle, or the line, by its key; the point is in pixels, as all are that the methods take.
    clicked(QPointF)
    pointed(QPointF or None)
    stepped(Qt.Key, int, bool)
        An arrow key, how many points it moves, and whether it is only being held.
    """

    grabbed = Signal(object)
    dragged = Signal(object, object)
    released = Signal()
    clicked = Signal(object)
    pointed = Signal(object)
    stepped = Signal(object, object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._bottom, self._left = ScaledAxis("bottom"), ScaledAxis("left")
        axes = {"left": self._left, "bottom": self._bottom}
        super().__init__(parent, viewBox=GrabbingView(self), axisItems=axes)
        self._worn: Theme | None = None
        self._standing: Standing | None = None
        self._moving = Moving()
        self._home: tuple[object, ...] = ()
        self._drawn = QPixmap()
        self._ink = _Ink()
        self._side = 0
        self._readout: tuple[float, float, str, str] | None = None
        self.setFrameShape(self.Shape.NoFrame)
        self.hideButtons()
        self.setMouseTracking(True)
        self.setMinimumSize(160, 96)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._still = Layer(self._paint_still, self.getPlotItem(), 5)
        self._swift = Layer(self._paint_swift, self.getPlotItem(), 10)
        for axis in (self._left, self._bottom):
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # handles reach over them
        view = self.getViewBox()
        view.sigResized.connect(self._on_shift)
        view.sigRangeChanged.connect(self._on_shift)
        self.scene().sigMouseMoved.connect(self._on_pointer)

    # What is shown

    def wear(self, worn: Theme) -> None:
        """Take the colours and sizes of a theme, if it is another one."""
        if worn is self._worn:
            return
        self._worn, self._home = worn, ()
        self.setBackground(QColor(worn.surface))
        for axis in (self._left, self._bottom):
            axis.setPen(pg.mkPen(worn.border))
            axis.setTextPen(pg.mkPen(worn.muted))
            axis.setStyle(tickFont=worn.font(12), tickLength=-4, tickTextOffset=worn.px(5))
            axis.label.setFont(worn.font(12))
        self._bottom.setHeight(worn.px(38))
        self._bottom.setStyle(hideOverlappingLabels=False)

    def stand(self, standing: Standing) -> None:
        """Draw what stands still anew; the view stays where the person put it unless the ranges are new."""
        worn = self._dressed()
        self._standing = standing
        self._bottom.wear(standing.x_scale, standing.zero_at, worn.px(44))
        self._left.wear(standing.y_scale, None, worn.px(30))
        for axis, title in ((self._bottom, standing.x_title), (self._left, standing.y_title)):
            if axis.labelText != title:
                axis.setLabel(title)
                axis.showLabel(bool(title))
        self._left.setWidth(worn.px(58 if standing.y_title else 40))
        self.getPlotItem().setContentsMargins(0, worn.px(8), self._margin(), 0)
        home = (standing.x_range, standing.y_range, standing.x_scale, standing.y_scale)
        if home != self._home:
            self._home = home
            self.reset_range()
        self._on_shift()

    def move_to(self, moving: Moving) -> None:
        """Draw what follows the threshold."""
        if moving != self._moving:
            self._moving = moving
            self._swift.update()

    def describe(self, x: float, y: float, colour: str, words: str) -> None:
        """Show a read-out beside a place of the axes."""
        if (x, y, colour, words) != self._readout:
            self._readout = (x, y, colour, words)
            self._swift.update()

    def describe_nothing(self) -> None:
        """Take the read-out away."""
        if self._readout is not None:
            self._readout = None
            self._swift.update()

    @property
    def read_out(self) -> str:
        """The words of the read-out, empty when there is none."""
        return self._readout[3] if self._readout else ""

    @property
    def shown(self) -> tuple[Standing | None, Moving]:
        """What is drawn."""
        return self._standing, self._moving

    def reset_range(self) -> None:
        """Show the whole picture."""
        if self._standing is not None:
            (x0, x1), (y0, y1) = self._standing.x_range, self._standing.y_range
            across, up = 0.015 * (x1 - x0), 0.025 * (y1 - y0)
            x0, x1, y0, y1 = x0 - across, x1 + across, y0 - up, y1 + up
            view = self.getViewBox()
            # A piece of a ten thousandth is still told apart by what paints it.
            view.setLimits(xMin=x0, xMax=x1, yMin=y0, yMax=y1, minXRange=(x1 - x0) * 1e-4, minYRange=(y1 - y0) * 1e-4)
            view.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0)

    def _dressed(self) -> Theme:
        assert self._worn is not None, "wear() comes before stand()"
        return self._worn

    # Places and pixels

    def _frame(self) -> QRectF:
        return QRectF(self.getViewBox().geometry())

    def pixels(self, x: Any, y: Any) -> tuple[Floats, Floats]:
        """Return the pixels of places of the axes."""
        frame, ((x0, x1), (y0, y1)) = self._frame(), self.getViewBox().viewRange()
        across = frame.left() + (np.asarray(x, dtype=np.float64) - x0) * (frame.width() / (x1 - x0))
        return across, frame.bottom() - (np.asarray(y, dtype=np.float64) - y0) * (frame.height() / (y1 - y0))

    def place(self, pixel: QPointF) -> tuple[float, float]:
        """Return the place of a pixel along the axes."""
        frame, ((x0, x1), (y0, y1)) = self._frame(), self.getViewBox().viewRange()
        x = x0 + (pixel.x() - frame.left()) / max(frame.width(), 1.0) * (x1 - x0)
        return x, y0 + (frame.bottom() - pixel.y()) / max(frame.height(), 1.0) * (y1 - y0)

    def nearest_point(self, trace: int, pixel: QPointF) -> int | None:
        """Return the point of a curve nearest to a pixel, None if it has none that is defined."""
        if not self._refreshed() or trace >= len(self._ink.points):
            return None
        x, y = self._ink.points[trace]
        away = np.hypot(x - pixel.x(), y - pixel.y())
        return None if np.isnan(away).all() else int(np.nanargmin(away))

    def trace_near(self, pixel: QPointF) -> int | None:
        """Return the curve that is pointed at, if one is."""
        if self._standing is None or not self._refreshed() or not self._frame().contains(pixel):
            return None
        found = [
            (distance(x, y, (pixel.x(), pixel.y())), not trace.strong, number)
            for number, (trace, (x, y)) in enumerate(zip(self._standing.traces, self._ink.paths, strict=True))
            if trace.pointable
        ]
        away, _, number = min(found, default=(NEAR, True, 0))
        return number if away < NEAR else None

    def key_at(self, pixel: QPointF) -> int | None:
        """Return the key of the handle that can be grabbed at a pixel, or that of the line."""
        if not self._frame().adjusted(-REACH, -REACH, REACH, REACH).contains(pixel):
            return None
        if self._moving.line is not None:
            return LINE if abs(float(self.pixels(self._moving.line, 0)[0]) - pixel.x()) <= REACH else None
        found = []
        for handle in self._moving.handles:
            x, y = self.pixels(handle.x, handle.y)
            found.append((float(np.hypot(x - pixel.x(), y - pixel.y())), not handle.strong, handle.key))
        away, _, key = min(found, default=(np.inf, True, 0))
        return key if away <= REACH else None

    # What stands still

    def _on_shift(self, *_view: object) -> None:
        frame, worn = self._frame(), self._worn
        margin = self._margin() if worn else 0
        self._still.cover(frame.adjusted(0, 0, margin, 0))
        self._swift.cover(frame.adjusted(-8, -8, max(8, margin), 8))
        self._still.update()
        self._swift.update()

    def _margin(self) -> int:
        worn, standing = self._dressed(), self._standing
        letters = QFontMetrics(worn.font(12))
        if standing is None or not standing.endings:
            texts = [guide.text for guide in standing.guides] if standing is not None else []
            return worn.px(16) + max(map(letters.horizontalAdvance, texts), default=0)
        return worn.px(14) + max((letters.horizontalAdvance(f"{t.name} −0.000") for t in standing.traces), default=0)

    def _refreshed(self) -> bool:
        """Draw what stands still, unless it has been, as large and as near; return whether there is anything."""
        frame, standing = self._frame(), self._standing
        if standing is None or self._worn is None or frame.width() < 2 or frame.height() < 2:
            return False
        ratio = self.devicePixelRatioF()
        of = (standing, self._worn, frame, ratio, *map(tuple, self.getViewBox().viewRange()))
        if of != self._ink.of:
            self._ink = _Ink(of)
            self._drawn = QPixmap((self._still.boundingRect().size() * ratio).toSize())
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._drawn)
            painter.translate(-frame.topLeft())
            self._draw(painter, standing)
            painter.end()
        return True

    def _paint_still(self, painter: QPainter, on_screen: bool) -> None:
        if not self._refreshed():
            return
        if on_screen:
            painter.drawPixmap(self._frame().topLeft(), self._drawn)
            return
        painter.save()  # an export has lines, not a picture of them
        assert self._standing is not None
        self._draw(painter, self._standing)
        painter.restore()

    def _draw(self, painter: QPainter, standing: Standing) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ink.points = [self.pixels(trace.x, trace.y) for trace in standing.traces]
        self._ink.paths = [self._path(trace.path_x, trace.path_y) for trace in standing.traces]
        self._ink.spots = spots_along(self._ink.paths)
        self._ink.ends = self._spread_ends()
        self._draw_guides(painter, standing.guides)
        traces = list(zip(standing.traces, self._ink.paths, strict=True))
        painter.setClipRect(self._frame().adjusted(-2, -2, 2, 2))
        for trace, path in sorted(traces, key=lambda pair: pair[0].strong):
            painter.setPen(self._pen_of(trace))
            _draw_line(painter, *path)
        painter.setClipping(False)
        if not standing.endings:
            self._draw_legend(painter, standing)

    def _path(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return a line in pixels, thinned to what they show, and only what is near the frame; with nan for gaps."""
        across, up = self.pixels(x, y)
        frame = self._frame()
        outside = np.zeros(len(across), dtype=bool)
        for at, low, high in ((across, frame.left(), frame.right()), (up, frame.top(), frame.bottom())):
            for beyond in (at < low - 9, at > high + 9):
                # Left out is a point whose neighbours lie beyond the same side: what joins them is out of sight.
                before, behind = np.append(beyond[:1], beyond[:-1]), np.append(beyond[1:], beyond[-1:])
                outside |= beyond & before & behind
        across, up = np.where(outside, np.nan, across), np.where(outside, np.nan, up)
        runs = [thinned(*run) for run in finite_runs(across, up)]
        most = sum(len(run[0]) for run in runs)
        if most > 600:
            runs = [thinned(*run, max(2, 600 * len(run[0]) // most)) for run in runs]
        parts = [np.append(np.stack(run), [[np.nan], [np.nan]], axis=1) for run in runs]
        joined = np.concatenate(parts, axis=1) if parts else np.empty((2, 0))
        return joined[0], joined[1]

    def _pen_of(self, trace: Trace) -> QPen:
        colour, worn = QColor(trace.colour), self._dressed()
        colour.setAlphaF(0.45 if trace.faint else 1.0)
        width = 1.2 if trace.faint else 2.4 if trace.strong else 1.5
        pen = QPen(colour, width * worn.scale, trace.style)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def _draw_guides(self, painter: QPainter, guides: tuple[Guide, ...]) -> None:
        worn, frame = self._dressed(), self._frame()
        paths = [self._path(guide.x, guide.y) for guide in guides]
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
        room = max(1, int((self._frame().height() - 20) // line))
        if len(named) > room:
            named = sorted(named, key=lambda trace: not trace.strong)[:room]
        if not named:
            return
        width = sample + 8 + max(letters.horizontalAdvance(trace.name) for trace in named)
        box = self._emptiest(QRectF(0, 0, width + 12, line * len(named) + 8), standing.corners)
        self._draw_box(painter, box, QColor(0, 0, 0, 0))
        for number, trace in enumerate(named):
            top = box.top() + 4 + number * line
            painter.setPen(self._pen_of(trace))
            painter.drawLine(QPointF(box.left() + 6, top + line / 2), QPointF(box.left() + 6 + sample, top + line / 2))
            painter.setFont(worn.font(12, bold=trace.strong and len(named) > 1))
            painter.setPen(QColor(worn.text if trace.strong else worn.muted))
            where = QRectF(box.left() + 12 + sample, top, width - sample, line)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, trace.name)
        edge = np.linspace(0, 1, 20)
        corners = np.stack(np.meshgrid(box.left() + edge * box.width(), box.top() + edge * box.height()), axis=-1)
        self._ink.spots = np.concatenate([self._ink.spots, corners.reshape(-1, 2)])

    def _emptiest(self, box: QRectF, corners: tuple[str, ...]) -> QRectF:
        frame = self._frame().adjusted(6, 6, -6, -6)
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
        return min(boxes, key=self._ink_in)  # the first of those alike

    def _ink_in(self, box: QRectF) -> int:
        spots = self._ink.spots
        inside = (spots[:, 0] > box.left()) & (spots[:, 0] < box.right())
        return int((inside & (spots[:, 1] > box.top()) & (spots[:, 1] < box.bottom())).sum())

    def _handles_in(self, box: QRectF) -> int:
        x, y = self.pixels([handle.x for handle in self._moving.handles], [handle.y for handle in self._moving.handles])
        room = box.adjusted(-6, -6, 6, 6)
        inside = (x > room.left()) & (x < room.right()) & (y > room.top()) & (y < room.bottom())
        return int(inside.sum())

    def _spread_ends(self) -> list[float]:
        """Return how high the names of the curves stand: where these end, but no two upon one another."""
        frame = self._frame()
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

    def _paint_swift(self, painter: QPainter, _on_screen: bool) -> None:
        if not self._refreshed() or self._standing is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._moving.line is not None:
            self._paint_line(painter, self._moving.line)
        if self._standing.endings:
            self._paint_endings(painter, self._standing)
        places = [self._paint_handle(painter, handle) for handle in sorted(self._moving.handles, key=_strength)]
        if self._readout is not None:
            self._paint_readout(painter, *self._readout)
        elif self._moving.caption and self._moving.line is None:
            strong = [
                at
                for at, handle in zip(places, sorted(self._moving.handles, key=_strength), strict=True)
                if handle.strong and at is not None
            ]
            if strong:
                self._paint_words(painter, strong[-1:], self._moving.caption, self._dressed().border)

    def _paint_handle(self, painter: QPainter, handle: Handle) -> QPointF | None:
        """Paint a handle if it is in view, and return where."""
        x, y = (float(at) for at in self.pixels(handle.x, handle.y))
        if not self._frame().adjusted(-1, -1, 1, 1).contains(x, y):
            return None
        worn = self._dressed()
        size = worn.scale * (3.5 if self._moving.line is not None else 6.5 if handle.strong else 4.5)
        ring = worn.text if handle.strong else worn.surface
        painter.setPen(QPen(QColor(ring), 1.5 * worn.scale))
        painter.setBrush(QColor(worn.surface if handle.hollow else handle.colour))
        if handle.hollow:
            painter.setPen(QPen(QColor(handle.colour), 2 * worn.scale))
        painter.drawEllipse(QPointF(x, y), size, size)
        if handle.strong and self.hasFocus() and self._moving.line is None:
            painter.setPen(QPen(QColor(worn.accent), 1.5 * worn.scale))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x, y), size + 3 * worn.scale, size + 3 * worn.scale)
        return QPointF(x, y)

    def _paint_line(self, painter: QPainter, place: float) -> None:
        worn, frame = self._dressed(), self._frame()
        x = float(self.pixels(place, 0)[0])
        if not frame.left() - 1 <= x <= frame.right() + 1:
            return
        colour = QColor(worn.accent if self.hasFocus() else worn.threshold)
        painter.setPen(QPen(colour, 1.6 * worn.scale, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        size = worn.scale * 5
        for y in (frame.top(), frame.bottom()):
            diamond = [QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size), QPointF(x - size, y)]
            painter.drawPolygon(QPolygonF(diamond))
        if self._readout is None and self._moving.caption:
            ends = (frame.bottom() - 2 * size, frame.top() + 2 * size)
            self._paint_words(painter, [QPointF(x, y) for y in ends], self._moving.caption, worn.border)

    def _paint_endings(self, painter: QPainter, standing: Standing) -> None:
        worn, left = self._dressed(), self._frame().right() + self._dressed().px(8)
        painter.setFont(worn.font(12))
        letters = QFontMetrics(worn.font(12))
        for number, (trace, height) in enumerate(zip(standing.traces, self._ink.ends, strict=True)):
            value = self._moving.values[number] if number < len(self._moving.values) else ""
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

    def _paint_words(self, painter: QPainter, beside: list[QPointF], words: str, border: str) -> None:
        """Write words beside one of some pixels, on the side where they cover least."""
        worn, frame = self._dressed(), self._frame()
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
        # As soon as it covers little more than another, words would hop from side to side while they move.
        ink = [
            self._ink_in(box) + 1000 * box.contains(at) + 20 * self._handles_in(box) - 4 * (i == self._side)
            for i, (at, box) in enumerate(sides)
        ]
        self._side = int(np.argmin(ink))
        box = sides[self._side][1]
        self._draw_box(painter, box, QColor(border))
        painter.setFont(font)
        painter.setPen(QColor(worn.text))
        painter.drawText(box.adjusted(worn.px(6), worn.px(3), 0, 0), 0, words)

    def _draw_box(self, painter: QPainter, box: QRectF, border: QColor) -> None:
        ground = QColor(self._dressed().surface)
        ground.setAlphaF(0.88)
        painter.setPen(QPen(border, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 4, 4)

    # The hand

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._swift.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._swift.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event.key() in arrows:
            many = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.stepped.emit(Qt.Key(event.key()), 10 if many else 1, event.isAutoRepeat())
            event.accept()
        else:
            event.ignore()

    def _on_pointer(self, position: QPointF) -> None:
        over = self.key_at(position)
        line = Qt.CursorShape.SplitHCursor if over == LINE else Qt.CursorShape.PointingHandCursor
        self.getViewBox().setCursor(Qt.CursorShape.ArrowCursor if over is None else line)
        self.pointed.emit(position if self._frame().contains(position) else None)


def _strength(handle: Handle) -> bool:
    return handle.strong


def _within(box: QRectF, frame: QRectF) -> QRectF:
    left = max(frame.left(), min(box.left(), frame.right() - box.width()))
    top = max(frame.top(), min(box.top(), frame.bottom() - box.height()))
    return QRectF(left, top, box.width(), box.height())


def _draw_line(painter: QPainter, x: Floats, y: Floats) -> None:
    for run_x, run_y in finite_runs(x, y):
        if len(run_x) == 1:
            painter.drawPoint(QPointF(float(run_x[0]), float(run_y[0])))
        else:
            painter.drawPolyline(QPolygonF([QPointF(*at) for at in zip(run_x.tolist(), run_y.tolist(), strict=True)]))
