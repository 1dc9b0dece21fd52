"""What every panel has: it draws everything from the session, takes nothing, and may be told to at any time."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from xentviz.core.document import EVERYTHING, Change
from xentviz.session.session import Session
from xentviz.ui.theme import Look

NEW_ROWS = Change.LABELS | Change.MODELS
"""What changes at once when a file is opened, or rows come or go; no drag changes both."""


class Panel(QFrame):
    """A frame that redraws whole, once per turn of the event loop, when something it shows has changed.

    All panels redraw in the same turn, so that they are painted as one frame. Only new rows, their first numbers, and
    new curves are too much for one: then each panel lets ``turns_later`` turns pass. Hidden panels wait until they are
    shown. Subclasses say in ``shows`` which parts of the document they draw, and implement ``refresh``.
    """

    shows: Change = EVERYTHING
    turns_later = 0

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.look = session, look
        self.setObjectName("panel")
        self._stale = True
        self._of_new_rows = False
        self._turns_left = 0
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._on_turn)
        session.document_changed.connect(self._on_document)
        session.results_changed.connect(self._on_results)
        session.view_changed.connect(self.mark_stale)
        look.changed.connect(self.mark_stale)

    @property
    def roomy(self) -> bool:
        """Whether the window is high enough, for the size of its type, to show what can be done without."""
        return self.window().height() >= self.look.theme.px(640)

    @property
    def wide(self) -> bool:
        """Whether the window is wide enough for it."""
        return self.window().width() >= self.look.theme.px(1100)

    @property
    def applies(self) -> bool:
        """Whether there is anything to show of such a document."""
        return True

    def refresh(self) -> None:
        """Draw everything."""
        raise NotImplementedError

    def mark_stale(self) -> None:
        """Redraw at the end of this turn of the event loop, or when next shown."""
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def mark_stale_in_turn(self) -> None:
        """Redraw too, but let the panels whose turn is sooner be painted first."""
        self._turns_left = self.turns_later
        self.mark_stale()

    @property
    def will_redraw(self) -> bool:
        """Whether it shows for a few turns of the event loop yet what has been."""
        return self._soon.isActive()

    def refresh_now(self) -> None:
        """Redraw if anything has changed since the last time."""
        if self._stale:
            self._stale = False
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        try:
            self.refresh_now()
        except Exception:  # what is raised through Qt may end the program instead of being told
            sys.excepthook(*sys.exc_info())
        super().showEvent(event)

    def _on_document(self, change: Change) -> None:
        self._of_new_rows = NEW_ROWS in change
        self._turns_left = self.turns_later if self._of_new_rows else 0
        if change & self.shows:
            self.mark_stale()

    def _on_results(self) -> None:
        self._turns_left = self.turns_later if self._of_new_rows else 0
        self._of_new_rows = False
        self.mark_stale()

    def _on_turn(self) -> None:
        if self._turns_left:
            self._turns_left -= 1
            self._soon.start()
        elif self.isVisible():
            self.refresh_now()
