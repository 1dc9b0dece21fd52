"""From a session to a report in a file: numbers in the background, pictures one at a time, then the file."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPainter, QPicture

from xentviz.core.errors import DataError
from xentviz.core.progress import Report, Stopped, check
from xentviz.files.atomic import replace_file
from xentviz.files.opened import Opened
from xentviz.session.latest import Job, Latest
from xentviz.session.session import Findings, Session
from xentviz.ui.report.content import About
from xentviz.ui.report.html import html_of
from xentviz.ui.report.numbers import Numbers, Subject, gather
from xentviz.ui.report.parts import Drawings, Figure, Picture
from xentviz.ui.report.pdf import Box, Typesetter, paper, pdf_of
from xentviz.ui.report.pictures import Pictures
from xentviz.ui.report.report import Report as Paper
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
        self._steps: Iterator[Job | None] | None = None
        self._path, self._about = Path(), About((), datetime.now())

    @property
    def busy(self) -> bool:
        """Whether a report is being written."""
        return self._gathering.busy or self._saving.busy or self._steps is not None

    def start(self, subject: Subject, path: Path, about: About) -> None:
        """Write a report in place of what was being written."""
        self.cancel()
        if path.suffix.lower() not in SUFFIXES:
            self.failed.emit(DataError("suffix_unknown", file=path.name, known=list(SUFFIXES)))
            return
        self._path, self._about = path, about
        self._gathering.start(partial(_gathered, subject))

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

    def _draw(self, gathered: tuple[Numbers, Findings]) -> None:
        self._tell(1.0)
        self._steps = _steps(*gathered, self._path, self._about)
        self._turn.start()

    def _go_on(self) -> None:
        if self._steps is None:
            return
        try:
            job = next(self._steps)
        except Exception as error:  # told, as what fails in the background is
            self._fail(error)
            return
        if job is not None:
            self._end_drawing()
            self._saving.start(job)

    def _end_drawing(self) -> None:
        self._turn.stop()
        if self._steps is not None:
            steps, self._steps = self._steps, None
            steps.close()  # type: ignore[attr-defined]

    def _fail(self, error: Exception) -> None:
        self._end_drawing()
        self.failed.emit(error)


def _gathered(subject: Subject, stopped: Stopped, report: Report) -> tuple[Numbers, Findings]:
    return gather(subject, stopped, report), subject.known.findings


def _steps(numbers: Numbers, findings: Findings, path: Path, about: About) -> Iterator[Job | None]:
    """Give nothing at every turn, each less than a frame, and at last what makes and saves the file."""
    session, failures = Session(Opened(numbers.document), None, numbers.results, findings), list[Exception]()
    session.failed.connect(failures.append)
    pictures = Pictures(session, numbers)
    drawings = dict[Picture, QPicture]()
    try:
        yield None
        for _made in pictures.make():
            yield None
        report = make_report(numbers, about, pictures)
        for picture in report.pictures:
            yield None
            yield from _prepared(picture, lambda: session.busy)
            if failures:  # a picture would be of what was known before, or of nothing
                raise failures[0]
            drawings[picture] = _drawn(picture)
    finally:
        pictures.close()
        session.close()
        session.deleteLater()
    alone, drawn = _set_down(report, drawings)
    if path.suffix.lower() == ".html":
        yield saver(path, partial(html_of, alone, drawn))
        return
    size, boxes = paper(), list[Box]()
    for box in Typesetter(size).boxes(alone):
        boxes.append(box)
        yield None
    yield saver(path, partial(pdf_of, alone, boxes, drawn, size))


def _prepared(picture: Picture, busy: Callable[[], bool]) -> Iterator[None]:
    """Give nothing until a picture can be painted; ``busy``: wait for numbers."""
    picture.prepare()
    while busy():  # asked in the turn it was prepared in: numbers that come in the next would be missed
        while busy():
            yield
        picture.prepare()
    yield


def _drawn(picture: Picture) -> QPicture:
    """Return what is painted, as lines and letters that can be painted anywhere."""
    drawing = QPicture()
    painter = QPainter(drawing)
    try:
        picture.paint(painter)
    finally:
        painter.end()
    return drawing


def _set_down(report: Paper, drawings: Drawings) -> tuple[Paper, Drawings]:
    """Return both without what has painted them.

    Widgets whose last owner is the worker's thread would be destroyed at any moment of the window's.
    """
    alone = {picture: replace(picture, prepare=_nothing, paint=_nothing) for picture in drawings}
    parts = tuple(
        replace(part, pictures=tuple(alone[picture] for picture in part.pictures)) if isinstance(part, Figure) else part
        for part in report.parts
    )
    return replace(report, parts=parts), {alone[picture]: drawing for picture, drawing in drawings.items()}


def _nothing(*_painter: QPainter) -> None:
    pass


def saver(path: Path, content: Callable[[Stopped], bytes]) -> Job:
    """Return what writes the file; it does not take its place if it is wanted no more when all has been written."""

    def save(stopped: Stopped, _report: Report) -> Path:
        made = content(stopped)

        def write(file: BinaryIO) -> None:
            file.write(made)
            check(stopped)

        try:
            replace_file(path, write)
        except DataError as error:
            if error.code != "save_failed":
                raise
            raise DataError("export_failed", **error.details) from error
        return path

    return save
