"""Cells in lines that scroll: pointed at, walked through by the keys, picked by a click or Enter, and opened."""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
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
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import plain_tip

WHEEL = 18
"""How far one notch of the wheel scrolls, in pixels of the ordinary size of type."""


class CellArea(QAbstractScrollArea):
    """Shows cells; ``picked`` says which was clicked, or entered; ``opened`` which twice, or with Shift.

    Subclasses say how many cells there are, how they lie and what is told of each, and paint them.
    """

    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._chosen: int | None = None
        self._alone: int | None = None
        self._opening = False
        self._hovered: int | None = None
        self._current = 0
        self._drawn: tuple[object, QPixmap] | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # What there is

    @property
    def count(self) -> int:
        """How many cells there are."""
        raise NotImplementedError

    @property
    def across(self) -> int:
        """How many cells stand side by side."""
        return 1

    @property
    def step(self) -> int:
        """How high a cell is, in pixels."""
        raise NotImplementedError

    @property
    def head(self) -> int:
        """How high is what stands above the cells and does not scroll, in pixels."""
        raise NotImplementedError

    def tip(self, place: int) -> str:
        """Return what is told of a cell."""
        raise NotImplementedError

    def paint(self, painter: QPainter) -> None:
        """Paint all that stands still while the mouse moves."""
        raise NotImplementedError

    def renew(self, chosen: int | None, alone: int | None = None) -> None:
        """Show other cells, of which one is selected in the table, or none, and one looked at alone, or none."""
        self._chosen, self._alone, self._drawn = chosen, alone, None
        self._current = min(self._current, max(0, self.count - 1))
        self._fit()
        self.viewport().update()

    def cell_rect(self, place: int) -> QRect:
        """Return where a cell is, in pixels of the viewport."""
        line, column = divmod(place, self.across)
        left, right = (self.viewport().width() * n // self.across for n in (column, column + 1))
        top = self.head + line * self.step - self.verticalScrollBar().value()
        return QRect(left, top, right - left, self.step)

    def cells_in_sight(self) -> range:
        """Return the cells of which a part can be seen."""
        scrolled, high = self.verticalScrollBar().value(), self.viewport().height() - self.head
        first, last = scrolled // self.step, (scrolled + max(0, high)) // self.step
        return range(first * self.across, min((last + 1) * self.across, self.count))

    def _cell_at(self, at: QPoint) -> int | None:
        return next((place for place in self.cells_in_sight() if self._seen(place).contains(at)), None)

    def _seen(self, place: int) -> QRect:
        """Return the part of a cell that is not hidden by what stands above."""
        return self.cell_rect(place).intersected(self.viewport().rect().adjusted(0, self.head, 0, 0))

    def _fit(self) -> None:
        height = self.viewport().height() - self.head
        whole = -(-self.count // self.across) * self.step
        bar = self.verticalScrollBar()
        if (bar.maximum(), bar.pageStep()) != (max(0, whole - height), max(1, height)):
            bar.setRange(0, max(0, whole - height))
            bar.setPageStep(max(1, height))
        bar.setSingleStep(self._look.theme.px(WHEEL))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._picture())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.viewport().rect().adjusted(0, self.head, 0, 0))
        worn = self._look.theme
        if self._alone is not None and self._alone < self.count:  # a bar, for colour alone tells too little
            at = self.cell_rect(self._alone)
            painter.fillRect(QRect(at.left(), at.top() + 1, worn.px(3), at.height() - 2), QColor(worn.accent))
        marks = [(self._hovered, worn.muted, 1), (self._chosen, worn.accent, 2)]
        marks += [(self._current, worn.text, 2)] if self.hasFocus() else []
        for place, colour, width in marks:
            if place is not None and place < self.count:
                painter.setPen(QPen(QColor(colour), worn.px(width)))
                painter.drawRoundedRect(QRectF(self.cell_rect(place)).adjusted(1, 1, -1, -1), worn.px(4), worn.px(4))

    def _picture(self) -> QPixmap:
        ratio, size = self.devicePixelRatioF(), self.viewport().size()
        key = (self._look.theme, ratio, size, self.verticalScrollBar().value())
        if self._drawn is None or self._drawn[0] != key:
            drawn = QPixmap(size * ratio)
            drawn.setDevicePixelRatio(ratio)
            drawn.fill(QColor(self._look.theme.surface))
            painter = QPainter(drawn)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint(painter)
            painter.end()
            self._drawn = (key, drawn)
        return self._drawn[1]

    # The hand

    def resizeEvent(self, _event: QEvent) -> None:
        self._fit()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._opening = event.button() == Qt.MouseButton.LeftButton

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._cell_at(event.position().toPoint())
        opening, self._opening = self._opening, False
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._move_to(place)
            (self.opened if opening else self.picked).emit(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._cell_at(event.position().toPoint())
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
            place = self._cell_at(event.pos())
            if place is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), plain_tip(self.tip(place)), self.viewport(), self.cell_rect(place))
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -self.across, Qt.Key.Key_Down: self.across}
        if self.across > 1:
            steps |= {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if not self.count:
            super().keyPressEvent(event)
        elif event.key() in steps:
            self._move_to(self._current + steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            held = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.opened if held else self.picked).emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._move_to(self._current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _move_to(self, place: int) -> None:
        """Make a cell the current one, and bring it into sight."""
        if not self.count:
            return
        self._current = min(max(place, 0), self.count - 1)
        bar, top = self.verticalScrollBar(), self._current // self.across * self.step
        bar.setValue(min(max(bar.value(), top + self.step - bar.pageStep()), top))
        self.setAccessibleDescription(self.tip(self._current))
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(520), self._look.theme.px(260))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(300), self._look.theme.px(90))
