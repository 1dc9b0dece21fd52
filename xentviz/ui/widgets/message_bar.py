"""One sentence about what went wrong, above the work and out of its way, until it is dismissed."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from xentviz.ui.widgets.labels import label
from xentviz.ui.widgets.tool_button import tool_button


class MessageBar(QFrame):
    """Hidden until it has something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.text = label()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.way_on = tool_button("", "")
        self.way_on.clicked.connect(self._go_on)
        self._run: Callable[[], None] | None = None
        close = tool_button("✕", self.tr("Close this message"))
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addWidget(self.text, 1)
        for button in (self.way_on, close):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, words: str, way_on: tuple[str, str, Callable[[], None]] | None = None) -> None:
        """Show a sentence in place of the one before; a way on is a word, what it means, and what it does."""
        self.text.setText(words)
        self.way_on.setVisible(way_on is not None)
        self._run = None
        if way_on is not None:
            word, meaning, self._run = way_on
            self.way_on.setText(word)
            self.way_on.setToolTip(meaning)
        self.show()

    def _go_on(self) -> None:
        self.hide()
        if self._run is not None:
            self._run()
