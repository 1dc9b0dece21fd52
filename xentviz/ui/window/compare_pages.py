"""The Compare workspace of all rows, and in front of it that of the one slice looked at, if one is."""

from PySide6.QtCore import QTimer, Signal
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
        self._of_slice: CompareWorkspace | None = None
        self.all_rows = CompareWorkspace(session, look, self)
        self.all_rows.said.connect(self.said)
        self.addWidget(self.all_rows)
        self._one.changed.connect(self._turn)
        self._soon = QTimer(self, interval=1, singleShot=True)  # 0 would be in this very turn
        self._soon.timeout.connect(self._show_slice)
        self._turn()

    @property
    def front(self) -> CompareWorkspace:
        """The workspace that is seen."""
        page = self.currentWidget()
        assert isinstance(page, CompareWorkspace)
        return page

    @property
    def will_turn(self) -> bool:
        """Whether another page is about to come to the front."""
        return self._soon.isActive()

    def _turn(self) -> None:
        """See to it that the right page is seen: one of a slice in the next turn, for to make it takes one."""
        self._soon.stop()
        gone, self._of_slice = self._of_slice, self._made()
        if self._of_slice is not None:
            self._soon.start()
        else:
            self._bring(self.all_rows)
        if gone is not None:
            self.removeWidget(gone)
            gone.deleteLater()

    def _made(self) -> CompareWorkspace | None:
        """Return a page of the slice that is looked at, if one is."""
        if self._one.session is None:
            return None
        page = CompareWorkspace(self._one.session, self._look, self)
        page.said.connect(self.said)
        self.addWidget(page)
        return page

    def _show_slice(self) -> None:
        assert self._of_slice is not None, "the timer stops when it goes"
        self._bring(self._of_slice)

    def _bring(self, page: CompareWorkspace) -> None:
        """Bring a page to the front, as far down as the one before, and with the keyboard where it was."""
        before = self.front
        if page is before:
            return
        had_keys, holder = before.isAncestorOf(self.focusWidget()), before.key_holder
        self.setCurrentWidget(page)
        page.scroll_as(before)
        if had_keys:
            page.scores.grid.setFocus()
        if holder is not None:
            page.take_keys(holder)
