"""A slider that lies over the histogram of the scores: yes above the line, no below it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.threshold_hand import ThresholdHand

BINS = 100


class ThresholdSlider(ThresholdHand):
    """Shows two histograms and a handle from 0 to 1."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._yes = self._no = np.zeros(BINS, dtype=np.int64)
        self._threshold = 0.5
        self._others: tuple[float, ...] = ()
        self._bars: tuple[QRectF, list[QRectF], list[QRectF]] | None = None
        self.setMinimumWidth(140)

    def show_state(
        self, yes: NDArray[np.int64], no: NDArray[np.int64], threshold: float, others: tuple[float, ...]
    ) -> None:
        """Show histograms of :data:`BINS` bins, the threshold, and other categories' thresholds as ticks."""
        same_bars = np.array_equal(yes, self._yes) and np.array_equal(no, self._no)
        if same_bars and (threshold, others) == (self._threshold, self._others):
            return  # of another theme Qt itself paints everything anew
        if not same_bars:
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

    def plot(self) -> QRectF:
        px = self._look.theme.px
        return QRectF(px(10), px(12), self.width() - px(20), self.height() - px(12) - px(20))

    def _x(self, value: float) -> float:
        plot = self.plot()
        return plot.left() + value * plot.width()

    def _heights(self) -> tuple[float, float]:
        """The line between yes and no, and the pixels that one row's bar is high."""
        plot = self.plot()
        # Square roots, so that one row is still seen beside a thousand.
        yes, no = float(np.sqrt(self._yes.max())), float(np.sqrt(self._no.max()))
        if not yes + no:
            return plot.center().y(), 0.0
        return plot.top() + plot.height() * yes / (yes + no), plot.height() / (yes + no)

    def _paint_yes_side(self, painter: QPainter) -> None:
        side = self.plot()
        side.setLeft(self._x(self._threshold))
        painter.fillRect(side, QColor(self._look.theme.chosen))

    def _paint_bars(self, painter: QPainter) -> None:
        worn, plot = self._look.theme, self.plot()
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
        plot = self.plot()
        width = max(3.0, plot.width() / BINS - 1.0)
        bars = []
        for b in np.flatnonzero(bins).tolist():
            height = max(3.0, float(np.sqrt(bins[b])) * abs(unit))
            left = plot.left() + (b + 0.5) / BINS * plot.width() - width / 2
            bars.append(QRectF(left, middle - height if unit > 0 else middle, width, height))
        return bars

    def _paint_scale(self, painter: QPainter) -> None:
        worn, plot = self._look.theme, self.plot()
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        digits = QFontMetrics(worn.font(12))
        every = 1 if plot.width() > 11 * digits.horizontalAdvance("0.00") else 2 if plot.width() > worn.px(150) else 5
        for tenth in range(0, 11, every):
            text, x = f"{tenth / 10:g}", self._x(tenth / 10)
            painter.drawText(QPointF(x - digits.horizontalAdvance(text) / 2, plot.bottom() + worn.px(15)), text)

    def _paint_handle(self, painter: QPainter) -> None:
        worn, plot = self._look.theme, self.plot()
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
