"""Exporting: where to, how far it is, and what became of it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QWidget

from xentviz.files.exports import What
from xentviz.session.exporting import Exporting
from xentviz.session.session import Session
from xentviz.ui.widgets.tool_button import tool_button

MOST_NAME = 100


def file_name(title: str, ending: str) -> str:
    """Return a name for a file about a document that every system takes.

    >>> file_name("a/b  c", "table")
    'a_b c table'
    """
    title = "".join("_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in title)
    return " ".join([*title[:MOST_NAME].split(), ending])


class Exports(QWidget):
    """The progress of an export and its Cancel, shown while there is one; ``ended`` tells whether it was written."""

    said = Signal(str)
    failed = Signal(object)
    ended = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._exporting = Exporting(session, self)
        self._progress = QProgressBar(maximum=1000)
        self._progress.setFixedWidth(200)
        self._progress.setAccessibleName(self.tr("Progress of the export"))
        cancel = tool_button(self.tr("Cancel export"), self.tr("Stop writing; what was there before stays"))
        cancel.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._progress)
        row.addWidget(cancel)
        self._exporting.exported.connect(self._on_exported)
        self._exporting.failed.connect(self._on_failed)
        self._exporting.progressed.connect(self._on_progress)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether a file is being written."""
        return self._exporting.busy

    def ask(self, what: What) -> None:
        """Ask for a file and write into it."""
        if self.busy:
            self.said.emit(self.tr("One export is still under way. Wait for it, or cancel it."))
            return
        if path := self._chosen(what):
            self.said.emit(self.tr("Exporting {file} …").format(file=path.name))
            self._progress.setValue(0)
            self._exporting.start(what, path)

    def close_down(self) -> None:
        """Stop writing, and wait until the thread has ended."""
        self._exporting.close()

    def _chosen(self, what: What) -> Path | None:
        """Return the file to write, None if the person gave up; the dialog has asked about one that is there."""
        kinds = {self.tr("CSV (*.csv)"): ".csv", self.tr("Parquet (*.parquet)"): ".parquet",
                 self.tr("Tab-separated text (*.tsv)"): ".tsv"}  # fmt: skip
        wanted = self._suggested(what)
        while True:
            name, kind = QFileDialog.getSaveFileName(self.window(), self._question(what), wanted, ";;".join(kinds))
            path = Path(name)
            if not name or path.suffix.lower() in kinds.values():
                return path if name else None
            path = path.with_name(path.name + kinds.get(kind, ".csv"))
            if not path.exists():
                return path
            wanted = str(path)

    def _suggested(self, what: What) -> str:
        endings = {
            What.TABLE: self.tr("table"),
            What.SCOREBOARD: self.tr("scoreboard"),
            What.LOSSES: self.tr("losses"),
            What.CURVES: self.tr("curves"),
        }
        return file_name(self._session.document.title, endings[what]) + ".csv"

    def _question(self, what: What) -> str:
        return {
            What.TABLE: self.tr("Export names, labels and scores"),
            What.SCOREBOARD: self.tr("Export the scoreboard"),
            What.LOSSES: self.tr("Export the losses of each row"),
            What.CURVES: self.tr("Export the points of the curves"),
        }[what]

    def _on_progress(self, share: float) -> None:
        self._progress.setValue(round(1000 * share))
        self.show()

    def _on_exported(self, path: Path) -> None:
        self.hide()
        self.said.emit(self.tr("Exported {file}.").format(file=path.name))
        self.ended.emit(True)

    def _on_failed(self, error: Exception) -> None:
        self.hide()
        self.failed.emit(error)
        self.ended.emit(False)

    def _cancel(self) -> None:
        self._exporting.cancel()
        self.hide()
        self.said.emit(self.tr("Cancelled. Nothing has been exported."))
        self.ended.emit(False)
