"""The line above a panel: what it shows, its one number, its choices, and "what is this?"."""

from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xentviz.ui.widgets.labels import FittingLabel, label, set_tone
from xentviz.ui.widgets.tool_button import tool_button

translate = QCoreApplication.translate

WIDTH = 420
"""Of an explanation, in pixels of the ordinary size of type."""


class PanelTitle(QWidget):
    """Shows a title and a number; ``enlarged`` says that the panel is to fill its workspace, or no longer."""

    enlarged = Signal()

    def __init__(self, title: str, explanation: str, *choices: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explanation = explanation
        self._title, self.number = label(title, bold=True), FittingLabel()
        self.asking = tool_button("?", translate("PanelTitle", "What is this?"))
        self.asking.clicked.connect(self.explain)
        self._popup: QFrame | None = None
        self.setToolTip(translate("PanelTitle", "Double-click: as large as the workspace, and back"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._title)
        row.addWidget(self.number, 1)
        for choice in (*choices, self.asking):
            set_tone(choice, "compact", True)
            if isinstance(choice, QComboBox):  # what it offers depends on the document, and is longer in another
                choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            row.addWidget(choice)

    @property
    def text(self) -> str:
        """The title."""
        return self._title.text()

    def explain(self) -> QFrame:
        """Show the explanation below the title until a click anywhere, or a key, takes it away."""
        if self._popup is None:
            self._popup = _popup(self.explanation, self)
        popup = self._popup
        width, layout = WIDTH * self._title.fontMetrics().height() // 18, popup.layout()
        assert layout is not None
        popup.setFixedSize(width, layout.totalHeightForWidth(width))  # adjustSize() would cut a long text
        box = QRect(self.mapToGlobal(QPoint(max(0, self.width() - popup.width()), self.height() + 4)), popup.size())
        screen = self.screen().availableGeometry()
        box.moveBottom(min(box.bottom(), screen.bottom()))
        box.moveLeft(max(screen.left(), min(box.left(), screen.right() - box.width())))
        popup.move(box.topLeft())
        popup.show()
        return popup

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.enlarged.emit()


def _popup(words: str, parent: QWidget) -> QFrame:
    popup = QFrame(parent, Qt.WindowType.Popup)
    popup.setObjectName("question")
    text: QLabel = label(words)
    text.setWordWrap(True)
    layout = QVBoxLayout(popup)
    layout.setContentsMargins(14, 12, 14, 12)
    layout.addWidget(text)
    return popup
