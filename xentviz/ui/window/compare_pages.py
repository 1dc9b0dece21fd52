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
        self._session, self._look, self._one = session, look, session.part(OneSlice)
        self._of_slice: CompareWorkspace | None = None
        self.all_rows = CompareWorkspace(session, look, self)
        self.all_rows.said.connect(self.said)
        self.addWidget(self.all_rows)
        self._one.changed.connect(self._turn)
        self._soon = QTimer(self, interval=1, singleShot=True)  # 0 would be in this very turn
        self._soon.timeout.connect(self._go_on)
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
        """See to it that the right page is seen: one of a slice in a moment."""
        gone, self._of_slice = self._of_slice, None
        if self._one.session is not None:
            self._soon.start()
        else:
            self._soon.stop()
            self._bring(self.all_rows)
        if gone is not None:
            self.removeWidget(gone)
            gone.deleteLater()

    def _go_on(self) -> None:
        """Make the page of a slice, or show it: each takes a turn of the event loop."""
        if self._session.closed:  # the page would begin work that nobody ends
            return
        if self._of_slice is not None:
            self._bring(self._of_slice)
            return
        assert self._one.session is not None, "the timer stops when it goes"
        self._of_slice = CompareWorkspace(self._one.session, self._look, self)
        self._of_slice.said.connect(self.said)
        self.addWidget(self._of_slice)
        self._soon.start()

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
