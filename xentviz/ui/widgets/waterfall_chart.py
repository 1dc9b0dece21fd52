"""Bars that lead from one number to another, one after the other: what a difference is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import plain_tip

ROOM = 0.06
"""Of the width of the bars' part is left free on either side."""

NAMES = 0.42
"""Of the width names take at most."""

LINE, THICK = 56, 30
"""How high lines are at most, and bars; in pixels of the ordinary size of type."""

THICKNESS = 0.68
"""Of its line's height a bar takes, as far as it grows."""

SIZES = ((40, 17), (25, 14), (0, 12))
"""How large type is in lines at least so high."""


@dataclass(frozen=True)
class Bar:
    """One step: its name, from where to where it leads, its number as text, and what there is to say of it.

    One of ``total`` leads nowhere: it is a model's mean loss, in the model's colour.
    """

    name: str
    start: float
    end: float
    text: str
    tip: str
    total: bool = False


@dataclass(frozen=True)
class Waterfall:
    """The bars, from above; the colours of what leads to the left, and to the right; which bar is selected."""

    bars: Sequence[Bar] = ()
    colours: tuple[str, str] = ("", "")
    ends: tuple[str, str] = ("", "")
    chosen: int | None = None


class WaterfallChart(QWidget):
    """Shows bars; ``picked`` says which, by its number, was clicked or entered."""

    picked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.waterfall = Waterfall()
        self._current, self._hovered = 0, -1
        self._pressed: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing below it need be painted

    def show_waterfall(self, waterfall: Waterfall) -> None:
        """Show these bars."""
        if waterfall != self.waterfall:
            self.waterfall = waterfall
            self._current = min(self._current, max(0, len(waterfall.bars) - 1))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(320), self.most_height())

    def most_height(self) -> int:
        """Return how high it is at most: higher bars would tell no more."""
        return len(self.waterfall.bars) * self._look.theme.px(LINE)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(220), max(1, len(self.waterfall.bars)) * self._look.theme.px(15))

    def line(self, bar: int) -> QRectF:
        """Return the line that a bar has."""
        high = min(self.height() / max(1, len(self.waterfall.bars)), self._look.theme.px(LINE))
        return QRectF(0, bar * high, self.width(), high)

    @property
    def _size(self) -> int:
        """How large type is, for the lines there are."""
        high = self.line(0).height() / self._look.theme.scale
        return next(size for least, size in SIZES if high >= least)

    def _at(self, pixel: QPointF) -> int | None:
        found = next((b for b in range(len(self.waterfall.bars)) if self.line(b).contains(pixel)), None)
        return None if found is None or self.waterfall.bars[found].total else found

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter = self._look.theme, QPainter(self)
        painter.fillRect(self.rect(), QColor(worn.surface))
        bars = self.waterfall.bars
        if not bars:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        names = QFontMetricsF(worn.font(self._name_size, bold=True))
        bold = QFontMetricsF(worn.font(self._size, bold=True))
        widest = max(map(names.horizontalAdvance, (bar.name for bar in bars)))
        left = min(widest + worn.px(26), self.width() * NAMES)
        right = self.width() - max(map(bold.horizontalAdvance, (bar.text for bar in bars))) - worn.px(10)
        places = [place for bar in bars for place in (bar.start, bar.end)]
        low, high = min(places), max(places)
        room = (right - left) * ROOM
        scale = (right - left - 2 * room) / (high - low) if high > low else 0.0
        middle = (left + right) / 2

        def x(place: float) -> float:
            return left + room + (place - low) * scale if scale else middle

        for number, bar in enumerate(bars):
            line = self.line(number)
            self._paint_ground(painter, number, line)
            self._paint_name(painter, bar, number, QRectF(0, line.top(), left - worn.px(8), line.height()))
            if bar.total:
                self._paint_total(painter, number, line, x(bar.start))
            else:
                self._paint_bar(painter, bar, line, x(bar.start), x(bar.end))
            if number + 1 < len(bars):
                painter.setPen(QPen(QColor(worn.overlay), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QLineF(x(bar.end), line.center().y(), x(bar.end), self.line(number + 1).center().y()))
            painter.setFont(worn.font(self._size, bold=True))
            painter.setPen(QColor(worn.text))
            box = QRectF(right, line.top(), self.width() - right - worn.px(4), line.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, bar.text)

    def _paint_ground(self, painter: QPainter, number: int, line: QRectF) -> None:
        worn, chosen = self._look.theme, self.waterfall.chosen == number
        if chosen or number == self._hovered:
            painter.fillRect(line, QColor(worn.selection if chosen else worn.chosen))
        if self.hasFocus() and number == self._current:
            painter.setPen(QPen(QColor(worn.text), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(line.adjusted(0.5, 0.5, -0.5, -0.5), worn.px(4), worn.px(4))

    def _paint_name(self, painter: QPainter, bar: Bar, number: int, box: QRectF) -> None:
        worn = self._look.theme
        font = worn.font(self._name_size, bold=bar.total)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        if bar.total:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._end(number)))
            painter.drawEllipse(QPointF(worn.px(5), box.center().y()), worn.px(4), worn.px(4))
        box.setLeft(worn.px(14))
        painter.setPen(QColor(worn.text))
        text = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    @property
    def _name_size(self) -> int:
        """How large names are: numbers, which matter more, may be larger."""
        return min(self._size, 14)

    def _end(self, number: int) -> str:
        return self.waterfall.ends[0 if number == 0 else 1]

    def _paint_total(self, painter: QPainter, number: int, line: QRectF, x: float) -> None:
        worn = self._look.theme
        painter.setPen(QPen(QColor(self._end(number)), worn.px(3)))
        painter.drawLine(QLineF(x, line.top() + line.height() * 0.1, x, line.bottom() - line.height() * 0.1))

    def _paint_bar(self, painter: QPainter, bar: Bar, line: QRectF, start: float, end: float) -> None:
        worn, up = self._look.theme, bar.end > bar.start
        high = min(line.height() * THICKNESS, worn.px(THICK))
        box = QRectF(min(start, end), line.center().y() - high / 2, max(abs(end - start), 1.5), high)
        colour = QColor(self.waterfall.colours[up])
        painter.fillRect(box, colour)
        if up:  # so that colour does not tell it alone
            shade = QColor(worn.surface)
            shade.setAlphaF(0.45)
            painter.fillRect(box, QBrush(shade, Qt.BrushStyle.BDiagPattern))

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed == self._at(event.position()):
            self._current = pressed
            self.picked.emit(pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position())
        if (-1 if at is None else at) != self._hovered:
            self._hovered = -1 if at is None else at
            self.setCursor(Qt.CursorShape.ArrowCursor if at is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        self._hovered = -1
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = QPointF(event.pos())
            found = next((b for b in range(len(self.waterfall.bars)) if self.line(b).contains(at)), None)
            if found is None:
                QToolTip.hideText()
            else:
                where: QRect = self.line(found).toRect()
                QToolTip.showText(event.globalPos(), plain_tip(self.waterfall.bars[found].tip), self, where)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self.waterfall.bars) - 1
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and last >= 0:
            self._current = min(max(self._current + (1 if key == Qt.Key.Key_Down else -1), 0), last)
            self._tell_current()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and last >= 0:
            if not self.waterfall.bars[self._current].total:
                self.picked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell_current()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _tell_current(self) -> None:
        if self.waterfall.bars:
            bar = self.waterfall.bars[self._current]
            self.setAccessibleDescription(f"{bar.name}: {bar.text}. {bar.tip}")
