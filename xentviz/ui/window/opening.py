"""Opening files: in the background, and with a question where it is not clear what their columns mean."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from xentviz import files
from xentviz.core.document import Document, changes
from xentviz.core.errors import DataError
from xentviz.files.opened import Doubtful, Opened, Source
from xentviz.session.session import NEEDS_EVALUATION, Session
from xentviz.ui.theme import Look
from xentviz.ui.words import told

if TYPE_CHECKING:
    from xentviz.ui.window.columns_sheet import ColumnsSheet


class Opening(QObject):
    """Knows the files of what was opened, by title, and of what could not be; ``said`` brings words for the status."""

    said = Signal(str)

    def __init__(self, session: Session, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._look, self._window = session, look, window
        self._sources: dict[str, Source] = {}
        self._read: dict[str, Document] = {}
        self._doubtful: Source | None = None
        self.sheet: ColumnsSheet | None = None
        session.opened.connect(self.take)
        session.failed.connect(self._ask_if_doubtful)

    def open(self, paths: Sequence[Path]) -> None:
        """Open a file, or several as one; what is open stays until they have been read."""
        self.said.emit(self.tr("Reading {file} …").format(file=" + ".join(path.name for path in paths)))
        self._session.open(lambda stopped, report: files.read(paths, stopped, report))

    def ask_columns(self) -> None:
        """Ask anew what the columns mean of the file that is shown, or of the one that could not be opened."""
        source = self._doubtful or self._sources.get(self._session.document.title)
        if source is None:
            self.said.emit(self.tr("What is open comes from no file with columns to choose from."))
            return
        self.said.emit(self.tr("Reading {file} …").format(file=" + ".join(path.name for path in source.paths)))
        self._session.open(lambda stopped, report: _columns(source, stopped, report))

    def close(self) -> None:
        """Take back a question that is still open."""
        if self.sheet is not None:
            self.sheet.reject()

    def files(self) -> tuple[str, ...]:
        """Return the names of the files that the document comes from, as far as that is known."""
        source = self._sources.get(self._session.document.title)
        return () if source is None else tuple(path.name for path in source.paths)

    def is_edited(self) -> bool:
        """Return whether labels or scores are other ones than those that were read from its files."""
        read = self._read.get(self._session.document.title)
        return read is not None and bool(changes(read, self._session.document) & NEEDS_EVALUATION)

    def take(self, opened: Opened) -> None:
        """Remember where what has been opened came from."""
        self._doubtful = None
        if opened.source is not None and not opened.project:
            self._sources[opened.document.title] = opened.source
            self._read[opened.document.title] = opened.document

    def _ask_if_doubtful(self, error: Exception) -> None:
        if isinstance(error, Doubtful):
            self._doubtful = error.source
            if error.is_question:
                self._ask(error)

    def _ask(self, doubt: Doubtful) -> None:
        # Here, not above: it is seldom needed, and not for the first picture.
        from xentviz.ui.window.columns_sheet import ColumnsSheet

        self.close()
        asked_for = doubt.code == "columns_asked"
        reason = "" if asked_for else told(doubt)
        self.sheet = ColumnsSheet(self._look, doubt.table, doubt.source, reason, self._window)
        self.sheet.chosen.connect(self._open_chosen)
        self.sheet.finished.connect(self._forget_sheet)
        self.sheet.open()

    def _open_chosen(self, opened: Opened) -> None:
        self._session.open(lambda _stopped, _report: opened)

    def _forget_sheet(self, _result: int) -> None:
        self.sheet = None


def _columns(source: Source, stopped: Callable[[], bool], report: Callable[[float], None]) -> Opened:
    """Read columns only to ask what they mean."""
    anew = Source.of(source.paths, source.mapping)
    raise Doubtful(DataError("columns_asked"), files.columns_in(anew, stopped, report), anew)
