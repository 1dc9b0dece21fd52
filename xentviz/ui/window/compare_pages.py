"""The Compare workspace of all rows, and in front of it that of the one slice looked at, if one is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from xentviz.session.session import Session
from xentviz.session.slice_session import OneSlice
from xentviz.ui.theme import Look
from xentviz.ui.window.compare_workspace import CompareWorkspace


class ComparePages(QStackedWidget):
    """Shows a comparison of all rows, or of one slice of them."""

    said = Signal(str)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._one = look, session.part(OneSlice)
        self.all_rows = CompareWorkspace(session, look, self)
        self.all_rows.said.connect(self.said)
        self.addWidget(self.all_rows)
        self._one.changed.connect(self._turn)
        self._turn()

    @property
    def front(self) -> CompareWorkspace:
        """The workspace that is seen."""
        page = self.currentWidget()
        assert isinstance(page, CompareWorkspace)
        return page

    def _turn(self) -> None:
        """Bring the right page to the front."""
        before, of = self.front, self._one.session
        had_keys, holder = before.isAncestorOf(self.focusWidget()), before.key_holder
        page = self.all_rows
        if of is not None:
            page = CompareWorkspace(of, self._look, self)
            page.said.connect(self.said)
            self.addWidget(page)
        self.setCurrentWidget(page)
        page.scroll_as(before)
        if had_keys:
            page.scores.grid.setFocus()
        if holder is not None:
            page.take_keys(holder)
        if before not in (self.all_rows, page):
            self.removeWidget(before)
            before.deleteLater()
