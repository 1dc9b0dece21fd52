"""A line that takes a name's place to change it: Enter accepts, Esc gives up, leaving accepts."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class NameEditor(QLineEdit):
    """Stands hidden beside the widget that shows the name, and in its place while editing, until it is ``left``."""

    accepted = Signal(str)
    left = Signal()

    def __init__(self, shown: QWidget) -> None:
        super().__init__(shown.parentWidget())
        self._shown = shown
        self._editing = False
        self.hide()
        self.returnPressed.connect(self._accept)

    def begin(self, name: str) -> None:
        """Let the person change this name."""
        self._editing = True
        self.setText(name)
        self.selectAll()
        self._shown.hide()
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
            return
        super().keyPressEvent(event)
        event.accept()  # keys typed into a name mean nothing to the card below it

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._accept()

    def give_up(self) -> None:
        """Put the name back as it was."""
        if self._editing:
            self._editing = False
            card = self.parentWidget()
            if self.hasFocus() and card is not None:
                card.setFocus()
            self.hide()
            self._shown.show()
            self.left.emit()

    def _accept(self) -> None:
        if self._editing:
            self.give_up()
            self.accepted.emit(self.text())
