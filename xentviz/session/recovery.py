"""Copies of what is not saved yet, for the case that the program ends before it is."""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.files.opened import Opened
from xentviz.session.latest import Latest
from xentviz.session.saving import Saving, Work, lock_file

SECONDS = 5.0
"""From an edit to its copy."""

REST = 10
"""How many times longer than copying takes is waited before the next: of ten million rows that is a while."""

LOCK = "lock"


class Found(NamedTuple):
    """A copy that a window left behind when it ended: what it is called, and when it was made, as seconds."""

    path: Path
    title: str
    made: float


class _Copy(NamedTuple):
    work: Work
    document: Document
    path: Path


class Recovery(QObject):
    """Keeps a copy of every unsaved work; and finds the copies of windows that did not live to save theirs.

    Each window has a folder with a lock, which says whether it still lives.

    Signals
    -------
    found(list of Found)
        There are copies to be recovered.
    failed(Exception)
        No copy can be made; said once until one can again.
    """

    found = Signal(object)
    failed = Signal(object)

    def __init__(self, saving: Saving, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._saving, self._all = saving, folder
        self._own = folder / os.urandom(16).hex()
        self._locks: dict[Path, QLockFile] = {}
        self._copies: dict[Work, _Copy] = {}
        self._numbers: dict[Work, int] = {}
        self._recovered: dict[Work, Found] = {}
        self._failing = False
        self._soon = QTimer(self, interval=round(1000 * SECONDS), singleShot=True)
        self._soon.timeout.connect(self.keep)
        self._writing = Latest(self)
        self._writing.answered.connect(self._take_copies)
        self._writing.failed.connect(self._take_failure)
        self._looking = Latest(self)
        self._looking.answered.connect(self._take_found)
        saving.changed.connect(self._on_changed)

    @property
    def busy(self) -> bool:
        """Whether copies are being made, or looked for."""
        return self._writing.busy or self._looking.busy

    # Making copies

    def keep(self) -> None:
        """Copy, in the background, what is neither saved nor copied; take away the copies of what is saved."""
        if self._writing.busy:
            self._soon.start()
            return
        unsaved = self._saving.unsaved
        self._drop_all_but(unsaved)
        wanted = [_Copy(work, document, self._path_of(work)) for work, document in unsaved.items()
                  if work not in self._copies or self._copies[work].document is not document]  # fmt: skip
        if wanted:
            self._prepare_folder()
            self._writing.start(partial(_written, wanted))

    def close(self) -> None:
        """Take away all copies made or recovered here: what they hold is saved, or not wanted."""
        self._soon.stop()
        self._writing.close()
        self._looking.close()
        self._drop_all_but({})
        for path in _copies_in(self._own):  # also one that was written to its end though it was to stop
            path.unlink(missing_ok=True)
        for folder in list(self._locks):
            self._release(folder)

    def _on_changed(self) -> None:
        if not self._soon.isActive() and (self._copies or self._saving.unsaved):
            self._soon.start()

    def _path_of(self, work: Work) -> Path:
        return self._own / f"{self._numbers.setdefault(work, len(self._numbers) + 1)}.parquet"

    def _prepare_folder(self) -> None:
        with suppress(OSError):  # the copy will say what is wrong
            self._own.mkdir(parents=True, exist_ok=True)
        if self._own not in self._locks:
            self._lock(self._own)

    def _drop_all_but(self, unsaved: dict[Work, Document]) -> None:
        for work in [work for work in self._copies if work not in unsaved]:
            with suppress(OSError):
                self._copies.pop(work).path.unlink(missing_ok=True)
        for work in [work for work in self._recovered if work in self._copies or work not in unsaved]:
            self.forget(self._recovered.pop(work))

    def _take_copies(self, made: tuple[float, list[_Copy]]) -> None:
        seconds, copies = made
        self._failing = False
        self._soon.setInterval(round(1000 * max(SECONDS, REST * seconds)))
        self._copies.update({copy.work: copy for copy in copies})
        self._drop_all_but(self._saving.unsaved)

    def _take_failure(self, error: Exception) -> None:
        if not self._failing:
            self._failing = True
            reason = error.details.get("reason", error.code) if isinstance(error, DataError) else str(error)
            self.failed.emit(DataError("copy_failed", reason=reason))

    # Finding copies

    def find(self) -> None:
        """Look for what other windows left behind; ``found`` tells if there is anything."""
        folders = [folder for folder in _subfolders(self._all) if folder != self._own and self._lock(folder)]
        if folders:
            self._looking.start(lambda _stopped, _report: (folders, _found_in(folders)))

    def reader(self, found: Found) -> Callable[[Callable[[], bool], Callable[[float], None]], Opened]:
        """Return what reads a copy, for :meth:`Session.open`; one that cannot be read is set aside."""
        return partial(_read, found.path)

    def recovered(self, found: Found) -> None:
        """Take charge of what has been read: it is copied anew before the copy found is taken away."""
        self._recovered[self._saving.work] = found
        self.keep()

    def forget(self, found: Found) -> None:
        """Take a copy away."""
        with suppress(OSError):
            found.path.unlink(missing_ok=True)
        if not _copies_in(found.path.parent):
            self._release(found.path.parent)

    def put_off(self, several: Iterable[Found]) -> None:
        """Leave copies to the next window that looks for them."""
        for folder in {found.path.parent for found in several}:
            self._release(folder)

    def _take_found(self, looked: tuple[list[Path], list[Found]]) -> None:
        folders, several = looked
        for folder in set(folders) - {found.path.parent for found in several}:
            self._release(folder)
        if several:
            self.found.emit(several)

    def _lock(self, folder: Path) -> bool:
        """Return whether no other window has this folder; then it is ours."""
        lock = lock_file(folder / LOCK)
        if not lock.tryLock(0):
            return False
        self._locks[folder] = lock
        return True

    def _release(self, folder: Path) -> None:
        """Give a folder free; with nothing left to be recovered or set aside, it goes."""
        if folder in self._locks:
            self._locks.pop(folder).unlock()
        if not _copies_in(folder) and not list(folder.glob("*.bad")):
            shutil.rmtree(folder, ignore_errors=True)


def _subfolders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def _copies_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*.parquet"))


def _found_in(folders: list[Path]) -> list[Found]:
    """Return the copies in some folders; those that are damaged are set aside."""
    from xentviz.files.projects import title_of_project

    several = []
    for path in (path for folder in folders for path in _copies_in(folder)):
        try:
            several.append(Found(path, title_of_project(path), path.stat().st_mtime))
        except DataError as error:
            _set_aside_if_damaged(path, error)
        except OSError:  # gone meanwhile
            continue
    return several


def _read(path: Path, stopped: Callable[[], bool], report: Callable[[float], None]) -> Opened:
    from xentviz import files

    try:
        return replace(files.read(path, stopped, report), source=None)
    except DataError as error:
        _set_aside_if_damaged(path, error)
        raise


def _set_aside_if_damaged(path: Path, error: DataError) -> None:
    """Set a copy aside that nobody can read; one of a newer program, or on a disk that is away, is offered again."""
    if error.code not in ("file_damaged", "project_damaged", "file_empty"):
        return
    with suppress(OSError):
        path.replace(path.with_suffix(".bad"))


def _written(
    copies: list[_Copy], stopped: Callable[[], bool], _report: Callable[[float], None]
) -> tuple[float, list[_Copy]]:
    """Write copies and return how many seconds it took; each is called what a person would look for."""
    from xentviz.files.projects import write_project

    begun = time.monotonic()
    for copy in copies:
        file = copy.work.file
        document = copy.document if file is None else replace(copy.document, title=file.path.stem)
        write_project(document, copy.path, stopped=stopped)
    return time.monotonic() - begun, copies
