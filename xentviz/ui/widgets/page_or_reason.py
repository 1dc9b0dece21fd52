"""A page, or in its place the reason why there is nothing to show, and what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from xentviz.ui.widgets.labels import label


class PageOrReason(QStackedWidget):
    """Shows the page until it is given a reason; ``words`` is where that stands."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page.parentWidget())  # where it stays among what the keys go through
        self.words = label()
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(page)
        self.addWidget(self.words)

    def show_reason(self, reason: str) -> None:
        """Show a reason in place of the page, or the page if there is none."""
        if reason:
            self.words.setText(reason)
        if self.currentIndex() != bool(reason):
            self.setCurrentIndex(int(bool(reason)))
