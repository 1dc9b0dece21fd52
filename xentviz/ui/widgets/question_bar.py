"""A question above the work, which goes on meanwhile: each answer is a button."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from xentviz.ui.widgets.labels import label
from xentviz.ui.widgets.tool_button import tool_button


class QuestionBar(QFrame):
    """Hidden until it has something to ask; any answer hides it again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.text = label()
        self.text.setWordWrap(True)
        self.buttons: list[QToolButton] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(12, 6, 8, 6)
        self._layout.addWidget(self.text, 1)
        self.hide()

    def ask(self, words: str, answers: list[tuple[str, str, Callable[[], None]]]) -> None:
        """Ask in place of the question before; an answer is a word, what it means, and what it does."""
        self.text.setText(words)
        for button in self.buttons:
            button.deleteLater()
        self.buttons = [tool_button(word, meaning) for word, meaning, _run in answers]
        for button, (_word, _meaning, run) in zip(self.buttons, answers, strict=True):
            button.clicked.connect(partial(self._answer, run))
            self._layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.show()

    def _answer(self, run: Callable[[], None], _checked: bool = False) -> None:
        self.hide()
        run()
