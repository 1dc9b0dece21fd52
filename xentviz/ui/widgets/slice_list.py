"""Slices one below the other: in each a line a model, with dots and intervals on axes that all share."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import plain_tip

MOST_OF_A_NAME = 100
"""Letters that are measured."""

LINE, EDGE, HEAD = 18, 6, 22
"""The height of a model's line, what is above and below the lines of a slice, and the height of a line of headings."""


@dataclass(frozen=True)
class Interval:
    """A number and its interval, nan where they are not known; the number may be infinite."""

    low: float
    value: float
    high: float


@dataclass(frozen=True)
class Line:
    """What is shown of a model in a slice: on either axis a dot, and texts."""

    colour: str
    loss: Interval
    loss_text: str
    accuracy: Interval
    accuracy_text: str
    f1_text: str


@dataclass(frozen=True)
class Slice:
    """What is shown of a slice; ``share`` is how long the bar of its size is, from 0 to 1."""

    name: str
    size: str
    share: float
    lines: Sequence[Line]
    difference: str
    settled: bool
    tip: str


@dataclass(frozen=True, eq=False)
class Slices:
    """What is shown: slices are asked for when they come into sight.

    Attributes
    ----------
    count : int
        How many slices there are.
    models : sequence of (name, colour)
        Whose lines each slice has.
    slice : callable
        Returns one of them.
    most_loss : float
        The end of the losses' axis.
    loss_ticks : sequence of float
    heads : sequence of str
        Of the names, of the losses' axis, of accuracy, of F1, and of the difference of ``{one}`` and ``{other}``;
        empty for none.
    pair : (str, str)
        Which models these are.
    """

    count: int
    models: Sequence[tuple[str, str]]
    slice: Callable[[int], Slice]
    most_loss: float
    loss_ticks: Sequence[float]
    heads: tuple[str, str, str, str, str]
    pair: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class _Columns:
    """Where columns begin and how wide they are, in pixels; those without room have no width."""

    name: tuple[int, int]
    loss: tuple[int, int]
    loss_text: tuple[int, int]
    accuracy: tuple[int, int]
    accuracy_text: tuple[int, int]
    f1: tuple[int, int]
    difference: tuple[int, int]


class SliceList(QAbstractScrollArea):
    """Shows slices; ``picked`` says which was clicked, or entered."""

    picked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.slices: Slices | None = None
        self._chosen: int | None = None
        self._hovered: int | None = None
        self._current = 0
        self._drawn: tuple[object, QPixmap] | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_slices(self, slices: Slices, chosen: int | None) -> None:
        """Show slices, and which of them is selected in the table."""
        self.slices, self._chosen, self._drawn = slices, chosen, None
        self._current = min(self._current, max(0, slices.count - 1))
        self._fit()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(520), self._look.theme.px(260))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(300), self._look.theme.px(90))

    def slice_rect(self, place: int) -> QRect:
        """Return where a slice is, in pixels of the viewport."""
        top = self._head + place * self._step - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), self._step)

    # Measuring

    @property
    def _head(self) -> int:
        return 2 * self._look.theme.px(HEAD)

    @property
    def _step(self) -> int:
        lines = 2 if self.slices is None else max(2, len(self.slices.models))
        return self._look.theme.px(lines * LINE + 2 * EDGE)

    def _fit(self) -> None:
        height = self.viewport().height() - self._head
        whole = 0 if self.slices is None else self.slices.count * self._step
        bar = self.verticalScrollBar()
        if (bar.maximum(), bar.pageStep()) != (max(0, whole - height), max(1, height)):
            bar.setRange(0, max(0, whole - height))
            bar.setPageStep(max(1, height))
        bar.setSingleStep(self._look.theme.px(LINE))

    def _columns(self) -> _Columns:
        """Give room to columns, the last ones only where there is enough."""
        px, whole = self._look.theme.px, self.viewport().width()
        heads = ("", "", "", "", "") if self.slices is None else self.slices.heads
        wide = {"name": px(126) if whole > px(560) else px(96), "loss_text": px(56)}
        wide["accuracy_text"] = px(58) if heads[2] else 0
        wide["difference"] = px(118) if heads[4] else 0
        wide["f1"] = px(44) if heads[3] else 0
        for column in ("f1", "difference", "accuracy_text"):
            if whole - sum(wide.values()) < px(100):
                wide[column] = 0
        rest = max(px(20), whole - sum(wide.values()))
        wide["accuracy"] = rest * 2 // 5 if wide["accuracy_text"] and rest > px(200) else 0
        wide["loss"] = rest - wide["accuracy"]
        places, x = {}, 0
        for column in ("name", "loss", "loss_text", "accuracy", "accuracy_text", "f1", "difference"):
            places[column] = (x, wide[column])
            x += wide[column]
        return _Columns(**places)

    def _slice_at(self, at: QPoint) -> int | None:
        if self.slices is None or at.y() < self._head:
            return None
        place = (at.y() - self._head + self.verticalScrollBar().value()) // self._step
        return place if 0 <= place < self.slices.count else None

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if self.slices is None:
            painter.fillRect(self.viewport().rect(), QColor(self._look.theme.surface))
            return
        painter.drawPixmap(0, 0, self._picture(self.slices))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(QRect(0, self._head, self.viewport().width(), self.viewport().height()))
        worn = self._look.theme
        marks = [(self._hovered, worn.muted, 1), (self._chosen, worn.accent, 2)]
        marks += [(self._current, worn.text, 2)] if self.hasFocus() else []
        for place, colour, width in marks:
            if place is not None and place < self.slices.count:
                painter.setPen(QPen(QColor(colour), worn.px(width)))
                painter.drawRoundedRect(QRectF(self.slice_rect(place)).adjusted(1, 1, -1, -1), worn.px(4), worn.px(4))

    def _picture(self, slices: Slices) -> QPixmap:
        """Return what stands still while the mouse moves."""
        ratio, size = self.devicePixelRatioF(), self.viewport().size()
        key = (slices, self._look.theme, ratio, size, self.verticalScrollBar().value())
        if self._drawn is None or self._drawn[0] != key:
            drawn = QPixmap(size * ratio)
            drawn.setDevicePixelRatio(ratio)
            drawn.fill(QColor(self._look.theme.surface))
            painter = QPainter(drawn)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, slices, self._columns())
            painter.end()
            self._drawn = (key, drawn)
        return self._drawn[1]

    def _paint(self, painter: QPainter, slices: Slices, columns: _Columns) -> None:
        first = self.verticalScrollBar().value() // self._step
        last = (self.verticalScrollBar().value() + self.viewport().height() - self._head) // self._step
        below = QRect(0, self._head, self.viewport().width(), self.viewport().height())
        painter.setClipRect(below)
        for place in range(first, min(last + 1, slices.count)):
            self._paint_slice(painter, slices, columns, place)
        painter.setClipping(False)
        self._paint_heads(painter, slices, columns)

    def _paint_heads(self, painter: QPainter, slices: Slices, columns: _Columns) -> None:
        worn = self._look.theme
        self._paint_legend(painter, slices)
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        top, height = worn.px(HEAD), worn.px(HEAD)
        places = (columns.name, columns.loss, columns.accuracy, columns.f1, columns.difference)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, (text, (x, width)) in enumerate(zip(slices.heads, places, strict=True)):
            if column == 2 and not width:
                (x, width), text = columns.accuracy_text, text.partition(",")[0]
            beside = {1: columns.loss_text[1], 2: columns.accuracy_text[1] if columns.accuracy[1] else 0}.get(column, 0)
            if width:
                gap = worn.px(8) if column in (1, 4) else 0
                room = width + beside - gap
                x += gap if column == 4 else 0
                if column == 4:
                    text = _difference(painter.fontMetrics(), text, slices.pair, room)
                short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
                painter.drawText(QRect(x, top, room, height), right if column > 2 else left, short)
        painter.setPen(QPen(QColor(worn.border), 1))
        painter.drawLine(0, self._head - 1, self.viewport().width(), self._head - 1)

    def _paint_legend(self, painter: QPainter, slices: Slices) -> None:
        worn, x = self._look.theme, self._look.theme.px(6)
        painter.setFont(worn.font(12))
        letters, dot = painter.fontMetrics(), worn.px(8)
        room = (self.viewport().width() - x) // max(1, len(slices.models)) - dot - worn.px(18)
        for name, colour in slices.models:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(QRectF(x, (worn.px(HEAD) - dot) / 2, dot, dot))
            painter.setPen(QColor(worn.text))
            short = _cut_within(letters, name, room)
            painter.drawText(QRect(x + dot + worn.px(5), 0, room, worn.px(HEAD)), _LEFT, short)
            x += dot + worn.px(18) + letters.horizontalAdvance(short)

    def _paint_slice(self, painter: QPainter, slices: Slices, columns: _Columns, place: int) -> None:
        worn, shown, box = self._look.theme, slices.slice(place), self.slice_rect(place)
        self._paint_name(painter, shown, box, columns.name)
        top = box.top() + (box.height() - len(shown.lines) * worn.px(LINE)) // 2
        lines = [QRect(0, top + m * worn.px(LINE), box.width(), worn.px(LINE)) for m in range(len(shown.lines))]
        self._paint_axis(painter, box, columns.loss, [tick / slices.most_loss for tick in slices.loss_ticks])
        self._paint_axis(painter, box, columns.accuracy, [0.0, 0.5, 1.0])
        for line, row in zip(shown.lines, lines, strict=True):
            self._paint_interval(painter, row, columns.loss, line.loss, slices.most_loss, line.colour)
            self._paint_interval(painter, row, columns.accuracy, line.accuracy, 1.0, line.colour)
            for text, column in (
                (line.loss_text, columns.loss_text),
                (line.accuracy_text, columns.accuracy_text),
                (line.f1_text, columns.f1),
            ):
                self._write(painter, row, column, text)
        painter.setFont(worn.font(12, bold=shown.settled))
        painter.setPen(QColor(worn.text if shown.settled else worn.muted))
        x, width = columns.difference
        if width:
            painter.drawText(QRect(x, box.top(), width - worn.px(4), box.height()), _RIGHT, shown.difference)
        painter.setPen(QPen(QColor(worn.grid), 1))
        painter.drawLine(0, box.bottom(), box.width(), box.bottom())

    def _paint_name(self, painter: QPainter, shown: Slice, box: QRect, column: tuple[int, int]) -> None:
        worn, (x, width) = self._look.theme, column
        left, room, middle = x + worn.px(6), width - worn.px(14), box.center().y()
        painter.setFont(worn.font(14))
        if painter.fontMetrics().horizontalAdvance(shown.name[:MOST_OF_A_NAME]) > room:
            painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.text))
        name = _cut(painter.fontMetrics(), shown.name, room)
        painter.drawText(QRect(left, middle - worn.px(20), room, worn.px(19)), _LEFT, name)
        painter.fillRect(QRect(left, middle + worn.px(1), room, worn.px(3)), QColor(worn.track))
        painter.fillRect(QRect(left, middle + worn.px(1), round(room * shown.share), worn.px(3)), QColor(worn.muted))
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        size = _cut(painter.fontMetrics(), shown.size, room)
        painter.drawText(QRect(left, middle + worn.px(5), room, worn.px(16)), _LEFT, size)

    def _paint_axis(self, painter: QPainter, box: QRect, column: tuple[int, int], ticks: Sequence[float]) -> None:
        if not column[1]:
            return
        left, width = self._axis(column)
        painter.setPen(QPen(QColor(self._look.theme.grid), 1))
        for tick in ticks:
            x = round(left + tick * width)
            painter.drawLine(x, box.top(), x, box.bottom())

    def _axis(self, column: tuple[int, int]) -> tuple[float, float]:
        """Return where an axis begins and how long it is."""
        edge = self._look.theme.px(8)
        return column[0] + edge, column[1] - 2 * edge

    def _paint_interval(
        self, painter: QPainter, row: QRect, column: tuple[int, int], shown: Interval, most: float, colour: str
    ) -> None:
        if not column[1] or math.isnan(shown.value):
            return
        px = self._look.theme.px
        left, width = self._axis(column)
        y = row.center().y() + 0.5

        def x(value: float) -> float:
            return left + min(max(value / most, 0.0), 1.0) * width

        painter.setPen(QPen(QColor(colour), px(2)))
        if not math.isnan(shown.low):
            painter.drawLine(QPointF(x(shown.low), y), QPointF(x(shown.high), y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        at, size = x(shown.value), px(4)
        if shown.value > most:  # beyond the axis: it points on
            painter.drawPolygon(QPolygonF([QPointF(at, y - size), QPointF(at + size * 1.5, y), QPointF(at, y + size)]))
        else:
            painter.drawEllipse(QPointF(at, y), size, size)

    def _write(self, painter: QPainter, row: QRect, column: tuple[int, int], text: str) -> None:
        if column[1]:
            painter.setFont(self._look.theme.font(12))
            painter.setPen(QColor(self._look.theme.text))
            painter.drawText(QRect(column[0], row.top(), column[1], row.height()), _RIGHT, text)

    # The hand

    def resizeEvent(self, _event: QEvent) -> None:
        self._fit()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._slice_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._move_to(place)
            self.picked.emit(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._slice_at(event.position().toPoint())
        if hovered != self._hovered:
            self._hovered = hovered
            shape = Qt.CursorShape.ArrowCursor if hovered is None else Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave and self._hovered is not None:
            self._hovered = None
            self.viewport().update()
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._slice_at(event.pos())
            if place is None or self.slices is None:
                QToolTip.hideText()
            else:
                tip = plain_tip(self.slices.slice(place).tip)
                QToolTip.showText(event.globalPos(), tip, self.viewport(), self.slice_rect(place))
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if self.slices is None or not self.slices.count:
            super().keyPressEvent(event)
        elif event.key() in steps:
            self._move_to(self._current + steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._move_to(self._current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _move_to(self, place: int) -> None:
        """Make a slice the current one, and bring it into sight."""
        if self.slices is None or not self.slices.count:
            return
        self._current = min(max(place, 0), self.slices.count - 1)
        bar, top = self.verticalScrollBar(), self._current * self._step
        bar.setValue(min(max(bar.value(), top + self._step - bar.pageStep()), top))
        self.setAccessibleDescription(self.slices.slice(self._current).tip)
        self.viewport().update()


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _cut(letters: QFontMetrics, text: str, room: int) -> str:
    return letters.elidedText(text[:MOST_OF_A_NAME], Qt.TextElideMode.ElideRight, room)


def _cut_within(letters: QFontMetrics, name: str, room: int) -> str:
    """Return a model's name cut in the middle: what tells models apart is often at the end."""
    return letters.elidedText(name[:MOST_OF_A_NAME], Qt.TextElideMode.ElideMiddle, room)


def _difference(letters: QFontMetrics, pattern: str, pair: tuple[str, str], room: int) -> str:
    """Return whose difference it is, each name cut no more than there is need to."""
    spare = room - letters.horizontalAdvance(pattern.format(one="", other=""))
    one, other = (letters.horizontalAdvance(name[:MOST_OF_A_NAME]) for name in pair)
    of_one = max(spare // 2, spare - other)
    of_other = max(spare // 2, spare - one)
    return pattern.format(one=_cut_within(letters, pair[0], of_one), other=_cut_within(letters, pair[1], of_other))
