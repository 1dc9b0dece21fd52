"""Reports: of which files they are, and where to."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from xentviz.session.session import Session
from xentviz.ui.window.file_bar import Asked, FileBar, Words, file_name

if TYPE_CHECKING:
    from xentviz.ui.report.writing import Writing

Files = Callable[[], tuple[str, ...]]

translate = QCoreApplication.translate


class Reports(FileBar):
    """The progress of a report and its Cancel."""

    def __init__(self, session: Session, files: Files, is_edited: Callable[[], bool]) -> None:
        super().__init__(_words())
        self._session, self._files, self._is_edited = session, files, is_edited

    def ask(self) -> None:
        """Ask for a file and write the report of the document into it."""
        kinds = {translate("reports", "HTML (*.html)"): ".html", translate("reports", "PDF (*.pdf)"): ".pdf"}
        name = file_name(self._session.document.title, self._ending())
        self.begin(Asked(translate("reports", "Write a report"), name, kinds), self._start)

    def _ending(self) -> str:
        """Return what a report is called behind the name of what is open: which slice it is of, if it is of one."""
        from xentviz.ui.report.subject import only_of

        only = only_of(self._session)
        if only is None:
            return translate("reports", "report")
        return translate("reports", "report, {slice}").format(slice=only.name)

    def _start(self, path: Path) -> None:
        from xentviz.ui.report.content import About
        from xentviz.ui.report.subject import subject_of

        self.show()
        about = About(self._files(), datetime.now(), self._is_edited())
        self._writing.start(subject_of(self._session), path, about)

    @cached_property
    def _writing(self) -> "Writing":
        """What writes, made when it is first asked for: the window opens without it."""
        from xentviz.ui.report.writing import Writing

        writing = Writing(self)
        self.watch(writing)
        return writing


def _words() -> Words:
    return Words(
        progress=translate("reports", "Progress of the report"),
        cancel=translate("reports", "Cancel report"),
        still_busy=translate("reports", "One report is still being written. Wait for it, or cancel it."),
        begun=translate("reports", "Writing {file} …"),
        written=translate("reports", "Report written: {file}."),
        cancelled=translate("reports", "Cancelled. No report has been written."),
    )
