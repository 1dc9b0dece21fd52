"""Saving as a person meets it: names, questions, files last used, and what a crash left behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QMessageBox

from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.files.atomic import Stamp
from xentviz.files.opened import Opened
from xentviz.paths import resource
from xentviz.session import settings
from xentviz.session.recovery import Found
from xentviz.session.saving import Work
from xentviz.ui.widgets.labels import plain_tip
from xentviz.ui.widgets.question_bar import QuestionBar

if TYPE_CHECKING:
    from xentviz.ui.window.main_window import MainWindow

SUFFIX = ".parquet"
LONGEST_NAME = 200
"""Of a suggested file's name in bytes: most folders take 255."""


class Keeping(QObject):
    """Makes sure, with the person, that nothing is lost.

    Opening something else asks nothing, for undo brings back what was there; closing asks about all of it.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._saving, self._recovery = window, window.saving, window.recovery
        self.question, self.offer = QuestionBar(), QuestionBar()
        self._closing = False
        self._given_up: set[Work] = set()
        self._offered: list[Found] = []
        self._recovering: Found | None = None
        self._saving.saved.connect(self._on_saved)
        self._saving.failed.connect(self._on_failed)
        self._recovery.found.connect(self._on_found)
        window.session.opened.connect(self._on_opened)
        window.exports.ended.connect(self._on_export_ended)

    def begin(self, opened: Opened) -> None:
        """Do what can wait until the window is shown with what has been opened."""
        self._on_opened(opened)
        self._recovery.find()

    def close(self) -> None:
        """End what was begun; all that may be lost has been asked about."""
        self._saving.close()
        self._recovery.close()

    # Commands

    def save(self) -> None:
        """Save the document shown, and ask for a name if it has none."""
        self._finish_typing()
        self._save(self._saving.work)

    def save_as(self) -> None:
        """Ask for a name, and save the document shown under it."""
        self._finish_typing()
        self._save_as(self._saving.work)

    def list_recent(self, menu: QMenu) -> None:
        """Fill a menu with the files last used."""
        menu.clear()
        recent = settings.load(settings.settings_file()).recent
        for path in map(Path, recent):
            action = menu.addAction(_short(path.name).replace("&", "&&"), partial(self._window.open, path))
            action.setToolTip(plain_tip(str(path)))
            action.setEnabled(_is_there(path))
        if not recent:
            menu.addAction(self.tr("No file has been opened yet")).setEnabled(False)

    def may_close(self) -> bool:
        """Ask about all that would be lost; return whether the window may close now and not only later."""
        if not self._saving.busy and not all(map(self._is_settled, self._saving.unsaved.items())):
            self._stay()
            return False
        self._closing = self._saving.busy or self._window.exports.busy
        if self._saving.busy:
            self._window.say(self.tr("Saving; then the window closes …"))
        elif self._closing:
            self._window.exports.show()
            self._window.say(self.tr("Exporting; then the window closes …"))
        return not self._closing

    # Saving

    def _finish_typing(self) -> None:
        editor = self._window.focusWidget()
        if isinstance(editor, QLineEdit):
            editor.clearFocus()

    def _save(self, work: Work) -> bool:
        """Begin to save, and return whether that was possible: the person may have chosen no name."""
        return self._save_as(work) if work.file is None else self._begin(work, work.file.path)

    def _save_as(self, work: Work) -> bool:
        path = self._chosen_path(work)
        # Another file that the person chose may be replaced: the dialog has asked.
        return path is not None and self._begin(work, path, overwrite=work.file is None or path != work.file.path)

    def _begin(self, work: Work, path: Path, *, overwrite: bool = False) -> bool:
        self.question.hide()
        self._window.say(self.tr("Saving {file} …").format(file=path.name))
        self._saving.save(work, path, overwrite=overwrite)
        return True

    def _overwrite(self, work: Work) -> None:
        if work.file is not None:
            self._begin(work, work.file.path, overwrite=True)

    def _chosen_path(self, work: Work) -> Path | None:
        dialog = QFileDialog(
            self._window, self.tr("Save labels, predictions and settings"), "", self.tr("Parquet (*.parquet)")
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX)
        suggested = self._suggestion(work)
        dialog.setDirectory(str(suggested.parent))
        dialog.selectFile(suggested.name)
        accepted = dialog.exec()
        chosen = dialog.selectedFiles()
        dialog.deleteLater()
        return Path(chosen[0]) if accepted and chosen else None

    def _suggestion(self, work: Work) -> Path:
        if work.file is not None:
            return work.file.path
        recent = settings.load(settings.settings_file()).recent
        folder = Path(recent[0]).parent if recent else _documents()
        document = self._document_of(work)
        stem = file_name(document.title) or self.tr("untitled")
        names = (f"{stem}{number}{SUFFIX}" for number in ("", *(f" {n}" for n in range(2, 100))))
        return folder / next((name for name in names if not _is_there(folder / name)), stem + SUFFIX)

    def _document_of(self, work: Work) -> Document:
        return self._saving.unsaved.get(work, self._window.session.document)

    def _on_saved(self, stamp: Stamp) -> None:
        self._window.message.hide()
        self._window.say(self.tr("Saved {file}.").format(file=stamp.path.name))
        settings.remember(stamp.path, settings.settings_file())
        self._warn_if_shared()
        self._close_if_done()

    def _on_failed(self, error: Exception, work: Work) -> None:
        self._stay()
        if isinstance(error, DataError) and error.code == "file_changed":
            self._window.message.hide()
            self.question.ask(
                self._window.message.text.text(),
                [
                    (self.tr("Overwrite"), self.tr("Put your work in its place"), partial(self._overwrite, work)),
                    (self.tr("Save as…"), self.tr("Keep both"), partial(self._save_left, work)),
                    (
                        self.tr("Reload"),
                        self.tr("Read the file anew; undo brings back your work"),
                        partial(self._reload, work),
                    ),
                    (self.tr("Cancel"), self.tr("Save nothing for now"), self.question.hide),
                ],
            )

    def _reload(self, work: Work) -> None:
        if work.file is not None:
            self._window.open(work.file.path)

    def _save_left(self, work: Work) -> None:
        self._save_as(work)

    # Closing

    def _close_if_done(self) -> None:
        if self._closing and not (self._saving.busy or self._window.exports.busy):
            self._window.close()

    def _on_export_ended(self, exported: bool) -> None:
        if exported:
            self._close_if_done()
        else:
            self._stay()

    def _is_settled(self, item: tuple[Work, Document]) -> bool:
        """Ask whether to save a document, if that has not been asked; return whether its end is known."""
        work, document = item
        if work in self._given_up:
            return True
        answer = self._answer(_title(work, document))
        if answer is QMessageBox.StandardButton.Discard:
            self._given_up.add(work)
        return answer is QMessageBox.StandardButton.Discard or (
            answer is QMessageBox.StandardButton.Save and self._save(work)
        )

    def _answer(self, title: str) -> QMessageBox.StandardButton:
        button = QMessageBox.StandardButton
        box = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("xentviz"),
            self.tr("Save the changes to “{title}”?").format(title=_short(title)),
            button.Save | button.Discard | button.Cancel,
            self._window,
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(self.tr("If you do not save them, they are lost."))
        box.setDefaultButton(button.Save)
        answer = button(box.exec())
        box.deleteLater()
        return answer

    def _stay(self) -> None:
        self._closing = False
        self._given_up.clear()

    # What is shown of it

    def _on_opened(self, opened: Opened) -> None:
        self.question.hide()
        if opened.file is not None and not opened.file.path.is_relative_to(resource()):
            settings.remember(opened.file.path, settings.settings_file())
        self._warn_if_shared()
        if self._recovering is not None and opened.project and opened.file is None:
            self._recovery.recovered(self._recovering)
            self._recovering = None

    def _warn_if_shared(self) -> None:
        file = self._saving.work.file
        if file is not None and self._saving.shared():
            self._window.message.say(
                self.tr(
                    "{file} is open in another window too. Save under another name there or here, "
                    "or the later of the two will be asked whether to overwrite the earlier."
                ).format(file=file.path.name)
            )

    # Recovery

    def _on_found(self, several: list[Found]) -> None:
        self._offered = list(several)
        self._offer()

    def _offer(self) -> None:
        """Ask about the first of what was found."""
        if not self._offered:
            return
        found = self._offered[0]
        when = QLocale().toString(QDateTime.fromSecsSinceEpoch(int(found.made)), QLocale.FormatType.ShortFormat)
        self.offer.ask(
            self.tr("xentviz ended before “{title}” was saved. This is what it was like at {when}.").format(
                title=_short(found.title), when=when
            ),
            [
                (self.tr("Recover"), self.tr("Open it, and save it where you like"), self._taken(self._recover)),
                (self.tr("Discard"), self.tr("Delete it"), self._ask_whether_to_forget),
                (self.tr("Later"), self.tr("Ask again when xentviz is started next"), self._put_off),
            ],
        )

    def _ask_whether_to_forget(self) -> None:
        """Ask once more: it is the only copy."""
        self.offer.ask(
            self.tr("Delete what was not saved of “{title}”, for good?").format(title=_short(self._offered[0].title)),
            [
                (self.tr("Delete"), self.tr("Delete it for good"), self._taken(self._recovery.forget)),
                (self.tr("Keep"), self.tr("Go back"), self._offer),
            ],
        )

    def _taken(self, do: Callable[[Found], None]) -> Callable[[], None]:
        def take() -> None:
            do(self._offered.pop(0))
            self._offer()

        return take

    def _recover(self, found: Found) -> None:
        self._recovering = found
        self._window.session.open(self._recovery.reader(found))

    def _put_off(self) -> None:
        self._recovery.put_off(self._offered)
        self._offered.clear()


def file_name(title: str) -> str:
    """Return a title as the name of a file, without what some systems do not take, and cut to what they take.

    Examples
    --------
    >>> file_name("a/b: <c>? ")
    'a_b_ _c__'
    """
    letters = "".join("_" if letter in '/\\:*?"<>|' or not letter.isprintable() else letter for letter in title)
    return letters.encode("utf-8", "replace")[:LONGEST_NAME].decode("utf-8", "ignore").strip(" .")


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def _title(work: Work, document: Document) -> str:
    return document.title if work.file is None else work.file.path.stem


def _short(text: str) -> str:
    readable = "".join(letter if letter.isprintable() else "�" for letter in text)
    return readable if len(readable) <= 60 else readable[:59] + "…"


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
