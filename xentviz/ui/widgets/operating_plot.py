"""A plot of curves along thresholds, on which the threshold's place can be dragged."""

import os
from collections.abc import Callable
from typing import Any

os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from xentviz.ui.theme import Theme
from xentviz.ui.widgets.operating_canvas import Canvas
from xentviz.ui.widgets.operating_picture import Moving, Standing
from xentviz.ui.widgets.scaled_axis import ScaledAxis

REACH = 14
"""How many pixels from a handle it can still be grabbed."""

LINE = -1
"""The key of the threshold's line, where handles have that of their curve."""

SMALLEST_BOX = 8


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
        elif self._plot.has_curves:
            super().mouseDragEvent(event, axis)

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        """Called by pyqtgraph where the wheel is turned: where there is no curve there is nothing to zoom into."""
        if self._plot.has_curves:
            super().wheelEvent(event, axis)
        else:
            event.ignore()

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
    given_up()
        Escape.
    """

    grabbed = Signal(object)
    dragged = Signal(object, object)
    released = Signal()
    clicked = Signal(object)
    pointed = Signal(object)
    stepped = Signal(object, object, object)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._bottom, self._left = ScaledAxis("bottom"), ScaledAxis("left")
        axes = {"left": self._left, "bottom": self._bottom}
        super().__init__(parent, viewBox=GrabbingView(self), axisItems=axes)
        self._canvas = Canvas()
        self._home: tuple[object, ...] = ()
        self.setFrameShape(self.Shape.NoFrame)
        self.hideButtons()
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing below it need be painted
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
        if worn is self._canvas.worn:
            return
        self._canvas.worn, self._home = worn, ()
        self.setBackground(QColor(worn.surface))
        for axis in (self._left, self._bottom):
            axis.setPen(pg.mkPen(worn.border))
            axis.setTextPen(pg.mkPen(worn.muted))
            axis.setStyle(tickFont=worn.font(12), tickLength=-4, tickTextOffset=worn.px(5))
            axis.label.setFont(worn.font(12))
        self._bottom.setStyle(hideOverlappingLabels=False)

    def stand(self, standing: Standing) -> None:
        """Draw what stands still anew; the view stays where the person put it unless the ranges are new."""
        worn = self._canvas.worn
        assert worn is not None, "wear() comes before stand()"
        self._canvas.standing = standing
        self._bottom.wear(standing.x_scale, standing.zero_at, worn.px(44))
        self._left.wear(standing.y_scale, None, worn.px(30))
        for axis, title in ((self._bottom, standing.x_title), (self._left, standing.y_title)):
            if axis.labelText != title:
                axis.setLabel(title)
        self._fit_axes()
        self.getPlotItem().setContentsMargins(0, worn.px(8), self._canvas.margin, 0)
        home = (standing.x_range, standing.y_range, standing.x_scale, standing.y_scale)
        if home != self._home:
            self._home = home
            self.reset_range()
        self._on_shift()

    def _fit_axes(self) -> None:
        """Name the axes where there is room for more than their numbers."""
        worn, standing = self._canvas.worn, self._canvas.standing
        if worn is None or standing is None:
            return
        up, along = bool(standing.y_title) and self.width() > worn.px(240), self.height() > worn.px(150)
        self._left.showLabel(up)
        self._left.setWidth(worn.px(58 if up else 40))
        self._bottom.showLabel(along)
        self._bottom.setHeight(worn.px(38 if along else 22))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph calls it while it makes the plot
            self._fit_axes()

    def move_to(self, moving: Moving) -> None:
        """Draw what follows the threshold."""
        if moving != self._canvas.moving:
            self._canvas.moving = moving
            self._swift.update()

    def describe(self, x: float, y: float, colour: str, words: str) -> None:
        """Show a read-out beside a place of the axes."""
        if (x, y, colour, words) != self._canvas.readout:
            self._canvas.readout = (x, y, colour, words)
            self._swift.update()

    def describe_nothing(self) -> None:
        """Take the read-out away."""
        if self._canvas.readout is not None:
            self._canvas.readout = None
            self._swift.update()

    @property
    def has_curves(self) -> bool:
        """Whether there is a curve, and not only what it would be compared with."""
        standing = self._canvas.standing
        return standing is not None and any(trace.pointable for trace in standing.traces)

    @property
    def read_out(self) -> str:
        """The words of the read-out, empty when there is none."""
        return self._canvas.readout[3] if self._canvas.readout else ""

    @property
    def shown(self) -> tuple[Standing | None, Moving]:
        """What is drawn."""
        return self._canvas.standing, self._canvas.moving

    def reset_range(self) -> None:
        """Show the whole picture."""
        if self._canvas.standing is not None:
            (x0, x1), (y0, y1) = self._canvas.standing.x_range, self._canvas.standing.y_range
            across, up = 0.015 * (x1 - x0), 0.025 * (y1 - y0)
            x0, x1, y0, y1 = x0 - across, x1 + across, y0 - up, y1 + up
            view = self.getViewBox()
            # A piece of a ten thousandth is still told apart by what paints it.
            view.setLimits(xMin=x0, xMax=x1, yMin=y0, yMax=y1, minXRange=(x1 - x0) * 1e-4, minYRange=(y1 - y0) * 1e-4)
            view.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0)

    # Places and pixels

    @property
    def canvas(self) -> Canvas:
        """What paints, as the plot now lies and is zoomed."""
        view, canvas = self.getViewBox(), self._canvas
        (x0, x1), (y0, y1) = view.viewRange()
        canvas.frame, canvas.ranges = QRectF(view.geometry()), ((x0, x1), (y0, y1))
        canvas.ratio, canvas.focused = self.devicePixelRatioF(), self.hasFocus()
        return canvas

    def paint_lines(self, painter: QPainter) -> None:
        """Paint all of it as lines and letters, for paper."""
        for axis in (self._left, self._bottom):
            axis.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        self.getPlotItem().layout.activate()  # as the event loop does where it is shown
        self.render(painter, QRectF(self.rect()), self.rect())
        for axis in (self._left, self._bottom):
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def _paint_still(self, painter: QPainter, on_screen: bool) -> None:
        self.canvas.paint_still(painter, on_screen)

    def _paint_swift(self, painter: QPainter, on_screen: bool) -> None:
        self.canvas.paint_swift(painter, on_screen)

    def key_at(self, pixel: QPointF) -> int | None:
        """Return the key of the handle that can be grabbed at a pixel, or that of the line."""
        canvas = self.canvas
        if not canvas.frame.adjusted(-REACH, -REACH, REACH, REACH).contains(pixel):
            return None
        if canvas.moving.line is not None:
            return LINE if abs(float(canvas.pixels(canvas.moving.line, 0)[0]) - pixel.x()) <= REACH else None
        found = []
        for handle in canvas.moving.handles:
            x, y = canvas.pixels(handle.x, handle.y)
            found.append((float(np.hypot(x - pixel.x(), y - pixel.y())), not handle.strong, handle.key))
        away, _, key = min(found, default=(np.inf, True, 0))
        return key if away <= REACH else None

    def _on_shift(self, *_view: object) -> None:
        canvas = self.canvas
        frame, margin = canvas.frame, canvas.margin if canvas.worn else 0
        self._still.cover(frame.adjusted(0, 0, margin, 0))
        self._swift.cover(frame.adjusted(-8, -8, max(8, margin), 8))
        self._still.update()
        self._swift.update()

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
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            event.ignore()
        else:
            event.ignore()

    def _on_pointer(self, position: QPointF) -> None:
        over = self.key_at(position)
        line = Qt.CursorShape.SplitHCursor if over == LINE else Qt.CursorShape.PointingHandCursor
        self.getViewBox().setCursor(Qt.CursorShape.ArrowCursor if over is None else line)
        self.pointed.emit(position if self.canvas.frame.contains(position) else None)
