"""How an error depends on the number of bins: a line a model, and the present number as a line that can be dragged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from xentviz.core.arguments import Floats
from xentviz.core.binning import FEWEST_BINS, MOST_BINS
from xentviz.ui.numbers import loss_text
from xentviz.ui.theme import Look
from xentviz.ui.widgets.line_pen import Line, line_pen
from xentviz.ui.widgets.reliability_plot import draw_line

TICKS = (2, 20, 40, 60, 80, 100)


@dataclass(frozen=True, eq=False)
class ErrorLine:
    """The errors of one model with 2, 3 … 100 bins, and how they are drawn."""

    colour: str
    errors: Floats
    strong: bool = True
    style: Line = Qt.PenStyle.SolidLine


class BinsPlot(QWidget):
    """Draws the lines; ``moved`` says which number of bins the hand is at."""

    moved = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lines: tuple[ErrorLine, ...] = ()
        self.bins, self.title = 0, ""
        self._drawn: QPixmap | None = None
        self._key: tuple[object, ...] = ()
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing below it need be painted

    def show_lines(self, lines: Sequence[ErrorLine], title: str) -> None:
        """Show lines; the title says what heights are, with shorter ones behind it as Qt takes them."""
        self._lines, self.title, self._drawn = tuple(lines), title, None
        self.update()

    def show_bins(self, bins: int) -> None:
        """Mark the present number of bins."""
        if bins != self.bins:
            self.bins = bins
            self.update()

    @property
    def lines(self) -> tuple[ErrorLine, ...]:
        """What is drawn."""
        return self._lines

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(220), self._look.theme.px(80))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(140), self._look.theme.px(62))

    def frame(self) -> QRectF:
        """Return where lines are drawn."""
        px, small = self._look.theme.px, QFontMetrics(self._look.theme.font(12))
        left = px(6) + small.horizontalAdvance(loss_text(self._top))
        high = small.height() + px(2)
        return QRectF(left, high, max(1.0, self.width() - left - px(12)), max(1.0, self.height() - 2 * high))

    def x_of(self, bins: float) -> float:
        """Return where a number of bins lies across."""
        frame = self.frame()
        return frame.left() + (bins - FEWEST_BINS) / (MOST_BINS - FEWEST_BINS) * frame.width()

    @property
    def _top(self) -> float:
        """The error at the top of the frame: one digit, not below any line."""
        most = max((float(np.nanmax(line.errors, initial=0.0)) for line in self._lines), default=0.0)
        if most <= 0.0:
            return 1.0
        step = 10.0 ** np.floor(np.log10(most))
        return float(np.ceil(most / step - 1e-9) * step)

    def _points(self, errors: Floats) -> list[QPointF]:
        frame = self.frame()
        x = np.linspace(frame.left(), frame.right(), len(errors))
        y = frame.bottom() - errors / self._top * frame.height()
        return [QPointF(*at) for at in zip(x.tolist(), y.tolist(), strict=True)]

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        key = (self.size(), self._look.theme, self.devicePixelRatioF())
        if self._drawn is None or key != self._key:
            self._drawn, self._key = self._draw(), key
        painter, worn, frame = QPainter(self), self._look.theme, self.frame()
        painter.drawPixmap(0, 0, self._drawn)
        if not self.bins:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self.x_of(self.bins)
        painter.setPen(QPen(QColor(worn.text), worn.scale, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, frame.top() - worn.px(4), x, frame.bottom()))
        for line in self._lines:
            if line.strong and np.isfinite(line.errors).all():
                painter.setPen(QPen(QColor(worn.surface), 1.5 * worn.scale))
                painter.setBrush(QColor(line.colour))
                painter.drawEllipse(self._points(line.errors)[self.bins - FEWEST_BINS], worn.px(5), worn.px(5))

    def _draw(self) -> QPixmap:
        worn, ratio, frame = self._look.theme, self.devicePixelRatioF(), self.frame()
        drawn = QPixmap(self.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(QColor(worn.surface))
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_axes(painter, frame)
        for line in sorted(self._lines, key=lambda line: line.strong):
            if np.isfinite(line.errors).all():
                colour = QColor(line.colour)
                colour.setAlphaF(1.0 if line.strong else 0.5)
                painter.setPen(line_pen(colour, (1.8 if line.strong else 1.1) * worn.scale, line.style))
                draw_line(painter, self._points(line.errors))
        painter.end()
        return drawn

    def _draw_axes(self, painter: QPainter, frame: QRectF) -> None:
        worn, small = self._look.theme, QFontMetrics(self._look.theme.font(12))
        painter.setFont(worn.font(12))
        painter.setPen(QPen(QColor(worn.border), 1))
        painter.drawLine(frame.bottomLeft(), frame.bottomRight())
        painter.setPen(QColor(worn.muted))
        for tick in TICKS:
            text = str(tick)
            at = self.x_of(tick) - small.horizontalAdvance(text) / 2
            painter.drawText(QPointF(at, self.height() - worn.px(2)), text)
        for text, y in ((loss_text(self._top), frame.top()), ("0", frame.bottom())):
            across = frame.left() - worn.px(5) - small.horizontalAdvance(text)
            painter.drawText(QPointF(across, y + small.ascent() / 2 - (0 if y == frame.top() else worn.px(2))), text)
        title = small.elidedText(self.title, Qt.TextElideMode.ElideRight, self.width() - int(frame.left()))
        painter.drawText(QPointF(frame.left(), small.ascent()), title)

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask(event.position().x())

    def _ask(self, x: float) -> None:
        frame = self.frame()
        share = (x - frame.left()) / frame.width()
        bins = round(FEWEST_BINS + share * (MOST_BINS - FEWEST_BINS))
        self.moved.emit(min(MOST_BINS, max(FEWEST_BINS, bins)))
