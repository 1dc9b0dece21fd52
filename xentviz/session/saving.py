"""Where documents are kept: what has been saved, what has not, and saving it in the background."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary

from PySide6.QtCore import QLockFile, QObject, QStandardPaths, Signal

from xentviz.core.document import Document, changes
from xentviz.files.atomic import Stamp
from xentviz.files.opened import Opened
from xentviz.session.latest import Job, Latest
from xentviz.session.session import Session


def data_folder() -> Path:
    """Return where the program keeps what is no setting."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))


class Work:
    """Something that was opened, and all documents that edits made of it; each opening begins another.

    Attributes
    ----------
    file : Stamp or None
        The project that holds it; None for what has yet to be given a place.
    saved : Document or None
        What need not be saved: as opened, or as last saved. None for what was recovered.
    """

    def __init__(self, saved: Document | None, file: Stamp | None) -> None:
        self.saved, self.file = saved, file

    def is_modified(self, document: Document) -> bool:
        """Return whether a document would be lost if it were not saved."""
        return self.saved is None or bool(changes(self.saved, document))


class Order(NamedTuple):
    """A document on its way into a file."""

    work: Work
    document: Document
    path: Path
    overwrite: bool
    view: dict[str, object]


class Saving(QObject):
    """Knows which of a session's documents belong together, and which of them would be lost.

    Opening is a step that can be undone, so a session may show one work after another. Each keeps its own file, and
    what was left unsaved is remembered until it has been saved.

    Signals
    -------
    changed()
        Something else is unsaved, or has another place.
    saved(Stamp)
        A document is in its file.
    failed(Exception, Work)
        It is not, and why.
    progressed(float)
    """

    changed = Signal()
    saved = Signal(object)
    failed = Signal(object, object)
    progressed = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = self._before = session.document
        self._works: WeakKeyDictionary[Document, Work] = WeakKeyDictionary()
        self._works[self._shown] = Work(self._shown, None)
        self._left: dict[Work, Document] = {}
        self._waiting: list[Order] = []
        self._locks: dict[Path, QLockFile] = {}
        self._writing = Latest(self)
        self._writing.answered.connect(self._take_stamp)
        self._writing.failed.connect(self._take_failure)
        self._writing.progressed.connect(self.progressed)
        session.document_changed.connect(self._follow)
        session.opened.connect(self.take)

    # Knowing

    @property
    def work(self) -> Work:
        """The work that is shown."""
        return self._works[self._shown]

    @property
    def modified(self) -> bool:
        """Whether the document shown would be lost."""
        return self.work.is_modified(self._shown)

    @property
    def unsaved(self) -> dict[Work, Document]:
        """Every document that would be lost, those out of sight first."""
        found = {work: document for work, document in self._left.items() if work.is_modified(document)}
        if self.modified:
            found[self.work] = self._shown
        return found

    @property
    def busy(self) -> bool:
        """Whether something is being saved."""
        return bool(self._waiting)

    def take(self, opened: Opened) -> None:
        """Begin a new work with the document shown: it has just been opened."""
        own = opened.project and not opened.unused  # else saving would take columns away from the file
        # What was recovered or pasted stands in no file of the person's.
        nowhere = opened.file is None and (opened.project or opened.pasted)
        self._works[self._shown] = Work(None if nowhere else self._shown, opened.file if own else None)
        self._leave(self._before)
        self.changed.emit()

    def _follow(self, _change: object) -> None:
        self._before, self._shown = self._shown, self._session.document
        self._works.setdefault(self._shown, self._works[self._before])
        self._leave(self._before)
        self.changed.emit()

    def _leave(self, document: Document) -> None:
        """Remember a document that another work has taken the place of."""
        self._left.pop(self.work, None)
        work = self._works[document]
        if work is not self.work and work.is_modified(document):
            self._left[work] = document

    # Doing

    def save(self, work: Work, path: Path, *, overwrite: bool = False) -> None:
        """Save the newest document of a work, after all that is being saved already.

        Unless told to ``overwrite``, a file that somebody else has written since is left alone, which ``failed`` says.
        """
        document = self._shown if work is self.work else self._left.get(work, work.saved)
        assert document is not None, "what was never saved is not forgotten"
        view = self._session.view.kept() if work is self.work else {}
        self._waiting.append(Order(work, document, path, overwrite, view))
        if len(self._waiting) == 1:
            self._begin()

    def shared(self) -> bool:
        """Return whether another window has the file of the work shown; if not, it is told so when it asks."""
        file = self.work.file
        return file is not None and self._claim(file.path).error() == QLockFile.LockError.LockFailedError

    def close(self) -> None:
        """End all work in the background, and give the files free."""
        self._writing.close()
        for lock in self._locks.values():
            lock.unlock()

    def _claim(self, path: Path) -> QLockFile:
        """Return the lock of a file, which lies among the program's own so as not to litter the person's folder."""
        real = path.resolve()
        if real not in self._locks:
            import hashlib  # here, for the window opens without it

            folder = data_folder() / "open"
            with suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
            self._locks[real] = lock_file(folder / f"{hashlib.sha256(bytes(real)).hexdigest()}.lock")
        if not self._locks[real].isLocked():
            self._locks[real].tryLock(0)
        return self._locks[real]

    def _begin(self) -> None:
        self._writing.start(_writer(self._waiting[0]))

    def _take_stamp(self, stamp: Stamp) -> None:
        order = self._waiting.pop(0)
        order.work.file, order.work.saved = stamp, order.document
        if self._waiting:
            self._begin()
        self.changed.emit()
        self.saved.emit(stamp)

    def _take_failure(self, error: Exception) -> None:
        order = self._waiting.pop(0)
        if self._waiting:
            self._begin()
        self.failed.emit(error, order.work)


def lock_file(path: Path) -> QLockFile:
    """Return a lock, not yet taken, that only the death of its owner ends."""
    lock = QLockFile(str(path))
    lock.setStaleLockTime(0)
    return lock


def _writer(order: Order) -> Job:
    from xentviz.files.projects import write_project  # the window opens without it

    known = order.work.file  # as it is now: the order before may have been for the same file
    expected = None if order.overwrite or known is None or known.path != order.path.absolute() else known
    return lambda stopped, report: write_project(order.document, order.path, expected, stopped, report, order.view)
