"""A slider that lies over the histogram of the scores: yes above the line, no below it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from xentviz.ui.theme import Look

BINS = 100
NOTCH = 120
"""What Qt counts for one notch of a wheel; touch pads send fractions of it."""


class ThresholdSlider(QWidget):
    """Shows two histograms and a handle from 0 to 1; ``moved`` says where the hand wants it."""

    moved = Signal(object)
    released = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._yes = self._no = np.zeros(BINS, dtype=np.int64)
        self._threshold = 0.5
        self._turned = 0
        self._others: tuple[float, ...] = ()
        self._bars: tuple[QRectF, list[QRectF], list[QRectF]] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setMinimumWidth(140)

    def show_state(
        self, yes: NDArray[np.int64], no: NDArray[np.int64], threshold: float, others: tuple[float, ...]
    ) -> None:
        """Show histograms of :data:`BINS` bins, the threshold, and other categories' thresholds as ticks."""
        if not (np.array_equal(yes, self._yes) and np.array_equal(no, self._no)):
            self._bars = None
        self._yes, self._no, self._threshold, self._others = yes, no, threshold, others
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, self._look.theme.px(76))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_yes_side(painter)
        self._paint_bars(painter)
        self._paint_scale(painter)
        self._paint_handle(painter)

    def _plot(self) -> QRectF:
        px = self._look.theme.px
        return QRectF(px(10), px(12), self.width() - px(20), self.height() - px(12) - px(20))

    def _x(self, value: float) -> float:
        plot = self._plot()
        return plot.left() + value * plot.width()

    def _heights(self) -> tuple[float, float]:
        """The line between yes and no, and the pixels that one row's bar is high."""
        plot = self._plot()
        # Square roots, so that one row is still seen beside a thousand.
        yes, no = float(np.sqrt(self._yes.max())), float(np.sqrt(self._no.max()))
        if not yes + no:
            return plot.center().y(), 0.0
        return plot.top() + plot.height() * yes / (yes + no), plot.height() / (yes + no)

    def _paint_yes_side(self, painter: QPainter) -> None:
        side = self._plot()
        side.setLeft(self._x(self._threshold))
        painter.fillRect(side, QColor(self._look.theme.chosen))

    def _paint_bars(self, painter: QPainter) -> None:
        worn, plot = self._look.theme, self._plot()
        middle, unit = self._heights()
        painter.setPen(QPen(QColor(worn.border), 1))
        painter.drawLine(QPointF(plot.left(), middle), QPointF(plot.right(), middle))
        painter.setPen(Qt.PenStyle.NoPen)
        if self._bars is None or self._bars[0] != plot:
            self._bars = (plot, self._upright(self._yes, middle, unit), self._upright(self._no, middle, -unit))
        for bars, colour in zip(self._bars[1:], (worn.label_1, worn.label_0), strict=True):
            painter.setBrush(QColor(colour))
            painter.drawRects(bars)

    def _upright(self, bins: NDArray[np.int64], middle: float, unit: float) -> list[QRectF]:
        """Return the bars of a histogram that stand on the line, or hang from it if ``unit`` is negative."""
        plot = self._plot()
        width = max(3.0, plot.width() / BINS - 1.0)
        bars = []
        for b in np.flatnonzero(bins).tolist():
            height = max(3.0, float(np.sqrt(bins[b])) * abs(unit))
            left = plot.left() + (b + 0.5) / BINS * plot.width() - width / 2
            bars.append(QRectF(left, middle - height if unit > 0 else middle, width, height))
        return bars

    def _paint_scale(self, painter: QPainter) -> None:
        worn, plot = self._look.theme, self._plot()
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        digits = QFontMetrics(worn.font(12))
        every = 1 if plot.width() > 11 * digits.horizontalAdvance("0.00") else 2 if plot.width() > worn.px(150) else 5
        for tenth in range(0, 11, every):
            text, x = f"{tenth / 10:g}", self._x(tenth / 10)
            painter.drawText(QPointF(x - digits.horizontalAdvance(text) / 2, plot.bottom() + worn.px(15)), text)

    def _paint_handle(self, painter: QPainter) -> None:
        worn, plot = self._look.theme, self._plot()
        painter.setPen(QPen(QColor(worn.muted), 1, Qt.PenStyle.DotLine))
        for other in self._others:
            painter.drawLine(QPointF(self._x(other), plot.top()), QPointF(self._x(other), plot.bottom()))
        x, size = self._x(self._threshold), worn.px(7)
        painter.setPen(QPen(QColor(worn.threshold), worn.px(2)))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setBrush(QColor(worn.accent if self.hasFocus() else worn.threshold))
        painter.setPen(Qt.PenStyle.NoPen)
        top = plot.top() - worn.px(2)
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x, top - size),
                    QPointF(x + size, top),
                    QPointF(x, top + size),
                    QPointF(x - size, top),
                ]
            )
        )

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask(event.position().x())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.released.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turned += event.angleDelta().y()
        notches = int(self._turned / NOTCH)
        if notches:
            self._turned -= notches * NOTCH
            self._step(0.01 * notches)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps = {
            Qt.Key.Key_Left: -0.01, Qt.Key.Key_Down: -0.01, Qt.Key.Key_Right: 0.01, Qt.Key.Key_Up: 0.01,
            Qt.Key.Key_PageDown: -0.1, Qt.Key.Key_PageUp: 0.1, Qt.Key.Key_Home: -1.0, Qt.Key.Key_End: 1.0,
        }  # fmt: skip
        if event.key() in steps:
            self._step(steps[Qt.Key(event.key())] * (0.1 if fine else 1.0))
        else:
            super().keyPressEvent(event)

    def _step(self, step: float) -> None:
        # Kept at once: the next step may come before the panel has been drawn anew.
        self._threshold = round(min(1.0, max(0.0, self._threshold + step)), 6)
        self.moved.emit(self._threshold)
        self.released.emit()

    def _ask(self, x: float) -> None:
        plot = self._plot()
        # Half a hundredth is what a pixel or two mean; the keys and the typed value are finer.
        decimals = 3 if plot.width() > 500 else 2
        self.moved.emit(round(min(1.0, max(0.0, (x - plot.left()) / plot.width())), decimals))
