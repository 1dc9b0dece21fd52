"""Reports: where to, that one is being written, and what became of it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from xentviz.session.session import Session
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.window.exports import file_name

if TYPE_CHECKING:
    from xentviz.ui.report.writing import Writing

Files = Callable[[], tuple[str, ...]]


class Reports(QWidget):
    """A button that cancels a report, shown while one is being written; ``ended`` tells whether it was."""

    said = Signal(str)
    failed = Signal(object)
    ended = Signal(object)

    def __init__(self, session: Session, files: Files) -> None:
        super().__init__()
        self._session, self._files = session, files
        self._made: Writing | None = None
        cancel = tool_button(self.tr("Cancel report"), self.tr("Stop writing; what was there before stays"))
        cancel.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(cancel)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether a report is being written."""
        return self._made is not None and self._made.busy

    def ask(self) -> None:
        """Ask for a file and write the report of the document into it."""
        if self.busy:
            self.said.emit(self.tr("One report is still being written. Wait for it, or cancel it."))
        elif path := self._chosen():
            from xentviz.ui.report.content import About

            self.said.emit(self.tr("Writing {file} …").format(file=path.name))
            self.show()
            about, session = About(self._files(), datetime.now()), self._session
            self._writing().start(session.document, session.reference, session.results, path, about)

    def close_down(self) -> None:
        """Stop writing, and wait until all has ended."""
        if self._made is not None:
            self._made.close()

    def _writing(self) -> "Writing":
        """Return what writes, made when it is first asked for: the window opens without it."""
        if self._made is None:
            from xentviz.ui.report.writing import Writing

            self._made = Writing(self)
            self._made.written.connect(self._on_written)
            self._made.failed.connect(self._on_failed)
        return self._made

    def _chosen(self) -> Path | None:
        """Return the file to write, None if the person gave up; the dialog has asked about one that is there."""
        kinds = {self.tr("HTML (*.html)"): ".html", self.tr("PDF (*.pdf)"): ".pdf"}
        wanted = file_name(self._session.document.title, self.tr("report")) + ".html"
        while True:
            question = self.tr("Write a report")
            name, kind = QFileDialog.getSaveFileName(self.window(), question, wanted, ";;".join(kinds))
            path = Path(name)
            if not name or path.suffix.lower() in kinds.values():
                return path if name else None
            path = path.with_name(path.name + kinds.get(kind, ".html"))
            if not path.exists():
                return path
            wanted = str(path)

    def _on_written(self, path: Path) -> None:
        self.hide()
        self.said.emit(self.tr("Report written: {file}.").format(file=path.name))
        self.ended.emit(True)

    def _on_failed(self, error: Exception) -> None:
        self.hide()
        self.failed.emit(error)
        self.ended.emit(False)

    def _cancel(self) -> None:
        self._writing().cancel()
        self.hide()
        self.said.emit(self.tr("Cancelled. No report has been written."))
        self.ended.emit(False)
