"""Writing files in the background."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from xentviz.files.exports import What, export
from xentviz.session.latest import Latest
from xentviz.session.session import Session


class Exporting(QObject):
    """Writes one file at a time, of the document as it was when that was asked for.

    Signals
    -------
    written(Path)
        The file is whole and in its place.
    progressed(float)
        The share done, from 0 to 1.
    failed(Exception)
        Nothing has been written.
    """

    written = Signal(object)
    progressed = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._writing = Latest(self)
        self._writing.answered.connect(self.written)
        self._writing.progressed.connect(self.progressed)
        self._writing.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        """Whether a file is being written."""
        return self._writing.busy

    def start(self, what: What, path: Path) -> None:
        """Write something of the document into a file, in place of what was being written."""
        document, previous = self._session.document, self._session.results

        def write(stopped: Callable[[], bool], report: Callable[[float], None]) -> Path:
            export(what, document, path, previous, stopped, report)
            return path

        self._writing.start(write)

    def cancel(self) -> None:
        """Write no more; nothing of it is left."""
        self._writing.cancel()

    def close(self) -> None:
        """Write no more, and wait until the thread has ended."""
        self._writing.close()
