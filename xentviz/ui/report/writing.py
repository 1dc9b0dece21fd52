"""From a session to a report in a file: numbers in the background, pictures one at a time, the file at last."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QObject, QTimer, Signal

from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.core.progress import Report, Stopped, check
from xentviz.files.atomic import replace_file
from xentviz.files.opened import Opened
from xentviz.session.latest import Job, Latest
from xentviz.session.session import Findings, Session
from xentviz.ui.report.content import About
from xentviz.ui.report.html import html_steps
from xentviz.ui.report.numbers import Known, Numbers, gather
from xentviz.ui.report.pdf import paper, pdf_steps
from xentviz.ui.report.pictures import Pictures
from xentviz.ui.report.report import make_report

SUFFIXES = (".html", ".pdf")
GATHERED = 0.85
"""The share of the work that is done when all numbers are there; the rest are pictures."""

PAUSE = 10
"""Milliseconds between two looks at whether the numbers of a picture have come."""


class Writing(QObject):
    """Writes one report at a time.

    Signals
    -------
    written(Path)
        The file is whole and in its place.
    progressed(float)
        The share done, from 0 to 1.
    failed(Exception)
        Nothing has been written; what was at the path is still there.
    """

    written = Signal(object)
    progressed = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gathering, self._saving = Latest(self), Latest(self)
        self._gathering.answered.connect(self._draw)
        self._gathering.progressed.connect(self._tell)
        self._saving.answered.connect(self.written)
        for work in (self._gathering, self._saving):
            work.failed.connect(self._fail)
        self._turn = QTimer(self, interval=PAUSE)
        self._turn.timeout.connect(self._go_on)
        self._steps: Iterator[bytes] | None = None
        self._path, self._about, self._known = Path(), About((), datetime.now()), Known()

    @property
    def busy(self) -> bool:
        """Whether a report is being written."""
        return self._gathering.busy or self._saving.busy or self._steps is not None

    def start(self, document: Document, reference: int, known: Known, path: Path, about: About) -> None:
        """Write the report of a document, its models compared with one of them, in place of what was being written."""
        self.cancel()
        if path.suffix.lower() not in SUFFIXES:
            self.failed.emit(DataError("suffix_unknown", file=path.name, known=list(SUFFIXES)))
            return
        self._path, self._about, self._known = path, about, known
        self._gathering.start(lambda stopped, report: gather(document, reference, known, stopped, report))

    def cancel(self) -> None:
        """Write no more; nothing of it is left."""
        self._gathering.cancel()
        self._saving.cancel()
        self._end_drawing()

    def close(self) -> None:
        """Write no more, and wait until all has ended."""
        self.cancel()
        self._gathering.close()
        self._saving.close()

    def _tell(self, share: float) -> None:
        self.progressed.emit(GATHERED * share)

    def _draw(self, numbers: Numbers) -> None:
        self._tell(1.0)
        self._steps = _steps(numbers, self._known.findings, self._path, self._about)
        self._turn.start()

    def _go_on(self) -> None:
        if self._steps is None:
            return
        try:
            content = next(self._steps)
        except Exception as error:  # told, as what fails in the background is
            self._fail(error)
            return
        if content:
            self._end_drawing()
            self._saving.start(saver(self._path, content))

    def _end_drawing(self) -> None:
        self._turn.stop()
        if self._steps is not None:
            steps, self._steps = self._steps, None
            steps.close()  # type: ignore[attr-defined]

    def _fail(self, error: Exception) -> None:
        self._end_drawing()
        self.failed.emit(error)


def _steps(numbers: Numbers, findings: Findings, path: Path, about: About) -> Iterator[bytes]:
    """Give nothing at every turn, and the whole file at last."""
    session = Session(Opened(numbers.document), None, numbers.results, findings)
    pictures = Pictures(session, numbers)
    try:
        while session.busy:
            yield b""
        report = make_report(numbers, about, pictures)

        def busy() -> bool:
            return session.busy

        html = path.suffix.lower() == ".html"
        yield from html_steps(report, busy) if html else pdf_steps(report, busy, paper())
    finally:
        pictures.close()
        session.close()
        session.deleteLater()


def saver(path: Path, content: bytes) -> Job:
    """Return what writes the file; it does not take its place if it is wanted no more when all has been written."""

    def save(stopped: Stopped, _report: Report) -> Path:
        def write(file: BinaryIO) -> None:
            file.write(content)
            check(stopped)

        try:
            replace_file(path, write)
        except DataError as error:
            if error.code != "save_failed":
                raise
            raise DataError("export_failed", **error.details) from error
        return path

    return save
