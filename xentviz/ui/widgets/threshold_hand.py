"""The hand on a threshold: a drag anywhere, the wheel, and keys."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

NOTCH = 120
"""What Qt counts for one notch of a wheel; touch pads send fractions of it."""

PAUSE = 500
"""Milliseconds without a turn of the wheel after which the next one is a gesture of its own."""

STEPS = {
    Qt.Key.Key_Left: -0.01, Qt.Key.Key_Down: -0.01, Qt.Key.Key_Right: 0.01, Qt.Key.Key_Up: 0.01,
    Qt.Key.Key_PageDown: -0.1, Qt.Key.Key_PageUp: 0.1, Qt.Key.Key_Home: -1.0, Qt.Key.Key_End: 1.0,
}  # fmt: skip


class ThresholdHand(QWidget):
    """Says where the hand wants the threshold on a line from 0 to 1; what is painted, and where, is its heirs' matter.

    Signals
    -------
    moved(float)
        To this place.
    stepped(float)
        By so much from where it is.
    jumped(int)
        To the next score above, 1, or below, -1.
    released()
        The gesture is over; the next movement begins another.
    """

    moved = Signal(object)
    stepped = Signal(object)
    jumped = Signal(object)
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turned = 0
        self._turned_at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def plot(self) -> QRectF:
        """Return where the line lies: 0 at its left, 1 at its right."""
        raise NotImplementedError

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.released.emit()
            self._ask(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask(event.position().x())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.released.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.timestamp() - self._turned_at > PAUSE:
            self.released.emit()
        self._turned_at = event.timestamp()
        self._turned += event.angleDelta().y()
        notches = int(self._turned / NOTCH)
        if notches:
            self._turned -= notches * NOTCH
            self.stepped.emit(0.01 * notches)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in STEPS:
            super().keyPressEvent(event)
            return
        if not event.isAutoRepeat():
            self.released.emit()
        step = STEPS[Qt.Key(event.key())]
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and abs(step) < 0.1:
            self.jumped.emit(1 if step > 0 else -1)
        else:
            self.stepped.emit(step * (0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.released.emit()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.released.emit()
        super().focusOutEvent(event)

    def _ask(self, x: float) -> None:
        plot = self.plot()
        # Half a hundredth is what a pixel or two mean; the keys and the typed value are finer.
        decimals = 3 if plot.width() > 500 else 2
        self.moved.emit(round(min(1.0, max(0.0, (x - plot.left()) / plot.width())), decimals))
