"""Exporting: what of the document, and where to."""

from functools import partial

from PySide6.QtCore import QCoreApplication

from xentviz.files.exports import What
from xentviz.session.exporting import Exporting
from xentviz.session.session import Session
from xentviz.ui.window.file_bar import Asked, FileBar, Words, file_name

translate = QCoreApplication.translate


class Exports(FileBar):
    """The progress of an export and its Cancel."""

    def __init__(self, session: Session) -> None:
        super().__init__(_words())
        self._session = session
        self._exporting = Exporting(session, self)
        self.watch(self._exporting)

    def ask(self, what: What) -> None:
        """Ask for a file and write into it."""
        self.begin(_asked(what, self._session.document.title), partial(self._exporting.start, what))


def _words() -> Words:
    return Words(
        progress=translate("exports", "Progress of the export"),
        cancel=translate("exports", "Cancel export"),
        still_busy=translate("exports", "One export is still under way. Wait for it, or cancel it."),
        begun=translate("exports", "Exporting {file} …"),
        written=translate("exports", "Exported {file}."),
        cancelled=translate("exports", "Cancelled. Nothing has been exported."),
    )


def _asked(what: What, title: str) -> Asked:
    question, ending = {
        What.TABLE: (translate("exports", "Export names, labels and scores"), translate("exports", "table")),
        What.SCOREBOARD: (translate("exports", "Export the scoreboard"), translate("exports", "scoreboard")),
        What.LOSSES: (translate("exports", "Export the losses of each row"), translate("exports", "losses")),
        What.CURVES: (translate("exports", "Export the points of the curves"), translate("exports", "curves")),
    }[what]
    kinds = {
        translate("exports", "CSV (*.csv)"): ".csv",
        translate("exports", "Parquet (*.parquet)"): ".parquet",
        translate("exports", "Tab-separated text (*.tsv)"): ".tsv",
    }
    return Asked(question, file_name(title, ending), kinds)
