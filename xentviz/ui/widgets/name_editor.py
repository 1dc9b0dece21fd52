"""A line that appears over a name to change it: Enter accepts, Esc gives up."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class NameEditor(QLineEdit):
    """Edits one name in place and calls ``accept`` with it, once; then it is gone."""

    def __init__(self, name: str, accept: Callable[[str], None], over: QWidget) -> None:
        super().__init__(name, over.parentWidget())
        self._accept: Callable[[str], None] | None = accept
        self.setGeometry(over.geometry().adjusted(-4, -2, 4, 2))
        self.setMinimumWidth(180)
        self.selectAll()
        self.show()
        self.setFocus()
        self.returnPressed.connect(self._finish)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._accept = None
            self._close()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._finish()

    def _finish(self) -> None:
        accept, self._accept = self._accept, None
        if accept is not None:
            accept(self.text())
        self._close()

    def _close(self) -> None:
        self.hide()
        self.deleteLater()
