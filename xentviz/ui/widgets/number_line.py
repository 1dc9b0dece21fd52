"""A line to type a number into: Enter or leaving takes it, Esc goes back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from xentviz.ui.numbers import parse_number
from xentviz.ui.widgets.labels import set_tone


class NumberLine(QLineEdit):
    """Shows a number; says ``entered`` with what was typed, or ``refused`` with a text that is no such number.

    Set ``range`` to the smallest and the largest number that is taken.
    """

    entered = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.range = (0.0, 1.0)
        self._shown = ""
        self._typing = False
        self.textEdited.connect(self._judge)
        self.editingFinished.connect(self._take)

    def show_number(self, text: str) -> None:
        """Show a number, once what is being typed has been taken or given up."""
        self._shown = text
        if not self._typing and text != self.text():  # what is selected stays so
            self.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._typing:
            self._end()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def _judge(self, text: str) -> None:
        self._typing = True
        set_tone(self, "wrong", self._number(text) is None)

    def _take(self) -> None:
        if not self._typing:
            return
        text, number = self.text(), self._number(self.text())
        self._end()
        if number is None:
            self.refused.emit(text)
        else:
            self.entered.emit(number)

    def _end(self) -> None:
        self._typing = False
        set_tone(self, "wrong", False)
        self.setText(self._shown)

    def _number(self, text: str) -> float | None:
        number = parse_number(text)
        return number if number is not None and self.range[0] <= number <= self.range[1] else None
