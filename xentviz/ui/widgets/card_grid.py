"""Cards of categories side by side, as many as there are: one widget, that paints only those that are seen."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.category_card import Card, CardPainter

WIDTH, WIDEST, HEIGHT, HIGHEST, GAP = 248, 420, 140, 240, 8
"""Of a card, and between two, in pixels of the ordinary size of type."""

STEP, FINE = 0.01, 0.001
PULL = 3
"""So many pixels make a click a drag."""


class CardGrid(QWidget):
    """Asks for the cards that are seen; says what the hand wants.

    Signals
    -------
    moved(category, threshold)
        The hand wants a threshold there.
    nudged(category, step)
        A key wants it to be so much more.
    released()
        What was moved stays where it is.
    chosen(category or None)
        The person wants to look at a category, or at all again.
    walked(category)
        The keys are on that card now.
    """

    moved = Signal(object, object)
    nudged = Signal(object, object)
    released = Signal()
    chosen = Signal(object)
    walked = Signal(object)

    def __init__(
        self, look: Look, card: Callable[[int], Card], tip: Callable[[int, str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._card, self._tip = look, card, tip
        self._order: Sequence[int] = ()
        self._place_of: dict[int, int] = {}
        self._chosen: int | None = None
        self._current: int | None = None
        self._of: tuple[object, ...] = ()
        self._painter = CardPainter(look.theme, QSizeF(WIDTH, HEIGHT), 1.0)
        self._columns = 1
        self._pressed: tuple[int, QPointF, float | None] | None = None
        self._dragging = False
        self._nudged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @property
    def holding(self) -> bool:
        """Whether a threshold is in the hand, so that no card may go elsewhere."""
        return self._dragging or self._nudged

    @property
    def order(self) -> Sequence[int]:
        """The categories, in the order of their cards."""
        return self._order

    @property
    def current(self) -> int | None:
        """The category whose card the keys move, None of no cards."""
        if self._current in self._place_of:
            return self._current
        if self._chosen in self._place_of:
            return self._chosen
        return self._order[0] if self._order else None

    def show_state(self, order: Sequence[int], chosen: int | None, of: tuple[object, ...]) -> None:
        """Show cards of these categories in this order; what stands still on them is of the objects in ``of``."""
        if order is not self._order:
            self._order = order
            self._place_of = {category: place for place, category in enumerate(order)}
        if chosen != self._chosen:
            self._chosen = chosen
            self._current = self._current if chosen is None else chosen
        if len(of) != len(self._of) or any(new is not old for new, old in zip(of, self._of, strict=True)):
            self._of = of
            self._painter.forget()
        self._lay_out()
        self.update()

    def place(self, category: int) -> QRect | None:
        """Return where the card of a category is, None if it has none."""
        place = self._place_of.get(category)
        return None if place is None else self._rectangle(place).toAlignedRect()

    # Layout

    def _lay_out(self) -> None:
        px = self._look.theme.px
        view = self.parentWidget()
        width, height = max(1, self.width()), view.height() if view is not None else self.height()
        gap = px(GAP)
        self._columns = max(1, min((width + gap) // (px(WIDTH) + gap), max(1, len(self._order))))
        rows = -(-len(self._order) // self._columns)
        wide = min(float(px(WIDEST)), (width - 2 - gap * (self._columns - 1)) / self._columns)
        high = min(float(px(HIGHEST)), max(float(px(HEIGHT)), (height - 2 - gap * (rows - 1)) // max(1, rows)))
        key = (self._look.theme, QSizeF(int(wide), high), self.devicePixelRatioF())
        if key != self._painter.key:
            self._painter = CardPainter(*key)
        self.setMinimumHeight(int(rows * (high + gap)) - gap + 2 if rows else 0)

    def _rectangle(self, place: int) -> QRectF:
        _worn, size, _pixels = self._painter.key
        row, column = divmod(place, self._columns)
        gap = self._look.theme.px(GAP)
        return QRectF(1 + column * (size.width() + gap), 1 + row * (size.height() + gap), size.width(), size.height())

    def _at(self, at: QPointF) -> tuple[int, QPointF] | None:
        """Return the category whose card is there, and where on it."""
        _worn, size, _pixels = self._painter.key
        gap = self._look.theme.px(GAP)
        column, row = int((at.x() - 1) // (size.width() + gap)), int((at.y() - 1) // (size.height() + gap))
        place = row * self._columns + column
        if not (0 <= column < self._columns and 0 <= place < len(self._order)):
            return None
        rectangle = self._rectangle(place)
        return (self._order[place], at - rectangle.topLeft()) if rectangle.contains(at) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        super().resizeEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self.current if self.hasFocus() else None
        for place in self._seen(event.rect()):
            category, rectangle = self._order[place], self._rectangle(place)
            painter.translate(rectangle.topLeft())
            self._painter.paint(
                painter, category, self._card(category), chosen=category == self._chosen, focused=category == current
            )
            painter.translate(-rectangle.topLeft())

    def _seen(self, part: QRect) -> range:
        """Return the places of the cards that reach into a part of the grid."""
        step = self._painter.key[1].height() + self._look.theme.px(GAP)
        first, last = int(part.top() // step), int(part.bottom() // step) + 1
        return range(first * self._columns, min(len(self._order), last * self._columns))

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or found is None:
            return
        category, at = found
        self._let_go()
        self._current = category
        near = self._offset(category, at) if self._painter.in_histogram(at) else None
        self._pressed = (category, event.position(), near)
        self.update()

    def _offset(self, category: int, at: QPointF) -> float:
        """Return how far from the line a hand takes hold of it; 0 where it is too far, so that the line comes to it."""
        offset = self._painter.x(self._card(category).threshold) - at.x()
        return offset if abs(offset) <= self._look.theme.px(8) else 0.0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._point(event.position())
            return
        category, start, offset = self._pressed
        if offset is None:
            return
        if not self._dragging and abs(event.position().x() - start.x()) < PULL:
            return
        self._dragging = True
        place = self._place_of.get(category)
        if place is not None:
            x = event.position().x() + offset - self._rectangle(place).left()
            self.moved.emit(category, round(self._painter.threshold(x), 2))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        category, dragged = self._pressed[0], self._dragging
        self._pressed, self._dragging = None, False
        if dragged:
            self.released.emit()
        else:
            self._choose(category)

    def _choose(self, category: int) -> None:
        self.chosen.emit(None if category == self._chosen else category)

    def _point(self, at: QPointF) -> None:
        """Say by the cursor what can be done there."""
        found, shape = self._at(at), Qt.CursorShape.ArrowCursor
        if found is not None:
            over = self._painter.in_histogram(found[1])
            shape = Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.PointingHandCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._at(QPointF(event.pos()))
            words = self._tip(found[0], self._painter.zone(found[1])) if found is not None else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, current = _nudge(event), self.current
        if current is None:
            super().keyPressEvent(event)
        elif step:
            self._nudge_by(current, step)
        elif (walk := self._walk(event.key())) is not None:
            self._walk_to(walk)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(current)
        elif event.key() == Qt.Key.Key_Escape and self._chosen is not None:
            self.chosen.emit(None)
        else:
            super().keyPressEvent(event)

    def _nudge_by(self, category: int, step: float) -> None:
        self._current, self._nudged = category, True
        self.nudged.emit(category, step)
        self.released.emit()

    def _walk(self, key: int) -> int | None:
        """Return by how many cards a key walks, None if it does not."""
        lines = max(1, (self.parentWidget() or self).height() // max(1, int(self._painter.key[1].height())))
        steps: dict[int, int] = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -self._columns, Qt.Key.Key_Down: self._columns,
            Qt.Key.Key_PageUp: -lines * self._columns, Qt.Key.Key_PageDown: lines * self._columns,
            Qt.Key.Key_Home: -len(self._order), Qt.Key.Key_End: len(self._order),
        }  # fmt: skip
        return steps.get(key)

    def _walk_to(self, walk: int) -> None:
        self._let_go()
        assert self.current is not None
        place = self._place_of[self.current]
        self._current = self._order[min(len(self._order) - 1, max(0, place + walk))]
        self.walked.emit(self._current)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and self.current is not None:
            self.walked.emit(self.current)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._let_go()
        super().focusOutEvent(event)

    def _let_go(self) -> None:
        """Let cards go where they belong, when the keys have done with a threshold."""
        self._nudged = False


def _nudge(event: QKeyEvent) -> float:
    """Return by how much a key moves the threshold, 0 if it does not."""
    held, key = event.modifiers(), event.key()
    if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        return STEP
    if key == Qt.Key.Key_Minus:
        return -STEP
    if not held & Qt.KeyboardModifier.AltModifier or key not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        return 0.0
    size = FINE if held & Qt.KeyboardModifier.ShiftModifier else STEP
    return size if key == Qt.Key.Key_Right else -size
