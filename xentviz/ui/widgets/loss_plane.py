"""The plane of two models' losses: a dot or a cell is clicked, a box or a lasso drawn around some."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QToolTip, QWidget

from xentviz.core.arguments import Floats
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import plain_tip
from xentviz.ui.widgets.plane_picture import Ground, Judged, Plane

NEAR = 10
"""How many pixels from a dot one still points at it."""

MOVED = 4
"""Pixels that make a click a drag."""

APART = 3
"""Pixels between the points of a lasso."""


@dataclass(frozen=True, eq=False)
class Region:
    """What was drawn: a closed line through places of the axes, shape (points, 2); a box's are two corners."""

    points: Floats
    box: bool
    adding: bool


class LossPlane(QWidget):
    """Shows a plane; ``picked`` says which dot, or which cell (across, up); ``drawn`` a region; ``stepped`` ±1."""

    picked = Signal(object)
    drawn = Signal(object)
    stepped = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.plane: Plane | None = None
        self.judged: Judged | None = None
        self.lasso = False
        self._chosen: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        self._region: Region | None = None
        self._way: list[QPointF] = []
        self._ground: tuple[object, Ground, QPixmap] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing below it need be painted

    def show_plane(self, plane: Plane, judged: Judged, chosen: tuple[Floats, Floats], region: Region | None) -> None:
        """Show a plane, its decisions, the places of the rows selected, and what was drawn around them."""
        self.plane, self.judged, self._chosen, self._region = plane, judged, chosen, region
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(280), self._look.theme.px(260))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(200), self._look.theme.px(180))

    def ground(self) -> Ground | None:
        """Return where everything is."""
        found = self._drawn()
        return None if found is None else found[0]

    # Painting

    def _drawn(self) -> tuple[Ground, QPixmap] | None:
        if self.plane is None:
            return None
        ratio = self.devicePixelRatioF()
        of = (self.plane, self._look.theme, self.size(), ratio)
        if self._ground is None or self._ground[0] != of:
            ground = Ground(self.plane, self._look.theme, self.width(), self.height())
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(QColor(self._look.theme.surface))
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ground.paint(painter)
            painter.end()
            self._ground = of, ground, picture
        return self._ground[1:]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, drawn = QPainter(self), self._drawn()
        if drawn is None:
            painter.fillRect(self.rect(), QColor(self._look.theme.surface))
            return
        ground, picture = drawn
        painter.drawPixmap(0, 0, picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        worn = self._look.theme
        if self.judged is not None:
            ground.paint_judged(painter, self.judged)
        painter.setPen(QPen(QColor(worn.text), worn.px(2)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = worn.px(6)
        for x, y in zip(*(of.tolist() for of in ground.pixels(*self._chosen)), strict=True):
            painter.drawEllipse(QPointF(x, y), half, half)
        self._paint_region(painter, ground)
        if self.hasFocus():
            painter.setPen(QPen(QColor(worn.text), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(ground.frame)

    def _paint_region(self, painter: QPainter, ground: Ground) -> None:
        points = self._way
        if not points and self._region is not None:
            x, y = ground.pixels(*self._region.points.T)
            points = [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        if len(points) < 2:
            return
        colour = QColor(self._look.theme.accent)
        painter.setPen(QPen(colour, self._look.theme.px(1.5), Qt.PenStyle.DashLine))
        colour.setAlphaF(0.12)
        painter.setBrush(colour)
        box = self._region.box if not self._way and self._region is not None else not self.lasso
        if box:
            painter.drawRect(QRectF(points[0], points[-1]).normalized())
        else:
            painter.drawPolygon(QPolygonF(points))

    # What is where

    def at(self, pixel: QPointF) -> int | tuple[int, int] | None:
        """Return the dot nearest to a pixel if it is near enough, or its cell if that holds anything."""
        ground, plane = self.ground(), self.plane
        if ground is None or plane is None or not ground.frame.contains(pixel):
            return None
        if plane.counts is not None:
            across, up = (_cell(place, plane.counts.shape[1] - 2) for place in ground.place(pixel))
            return (across, up) if plane.counts[:, up, across].any() else None
        if not len(plane.x):
            return None
        x, y = ground.pixels(plane.x, plane.y)
        away = np.hypot(x - pixel.x(), y - pixel.y())
        nearest = int(away.argmin())
        return nearest if away[nearest] <= self._look.theme.px(NEAR) else None

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.plane is not None:
            self._way = [event.position()]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if not self._way:
            self._point(at)
            return
        if (at - self._way[-1]).manhattanLength() >= (MOVED if len(self._way) == 1 else APART):
            self._way = [*self._way, at] if self.lasso else [self._way[0], at]
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._way:
            return
        way, self._way = self._way, []
        self.update()
        if len(way) < 2:
            found = self.at(event.position())
            if found is not None:
                self.picked.emit(found)
            return
        ground = self.ground()
        if ground is not None:
            points = np.array([ground.place(pixel) for pixel in way])
            adding = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.drawn.emit(Region(points, not self.lasso, adding))

    def _point(self, at: QPointF) -> None:
        ground, found = self.ground(), self.at(at)
        inside = ground is not None and ground.frame.contains(at)
        shapes = Qt.CursorShape
        self.setCursor(
            shapes.PointingHandCursor if found is not None else shapes.CrossCursor if inside else shapes.ArrowCursor
        )

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.at(QPointF(event.pos()))
            if found is None or self.plane is None:
                QToolTip.hideText()
            else:
                near = QRect(event.pos().x() - 3, event.pos().y() - 3, 7, 7)
                QToolTip.showText(event.globalPos(), plain_tip(self.plane.tip(found)), self, near)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        if event.key() == Qt.Key.Key_Escape and self._way:
            self._way = []
            self.update()
        elif event.key() in steps and self.plane is not None and len(self.plane.x):
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _cell(place: float, cells: int) -> int:
    if place < 0:
        return 0
    return cells + 1 if place >= 1 else 1 + int(place * cells)
