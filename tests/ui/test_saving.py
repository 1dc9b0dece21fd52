"""Saving: keys and menus, names, questions, files last used, and what a crash left behind."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from ui.documents import EMOJI_NAME, LONG_NAME, two_models
from ui.hands import CTRL, SHIFT, click, double_click, in_table, key, write
from ui.windows import MakeWindow, settle, written
from xentviz import app, files
from xentviz.core.document import Document
from xentviz.files.opened import Opened
from xentviz.files.projects import write_project
from xentviz.session import recovery, settings
from xentviz.session.saving import data_folder
from xentviz.ui.window.main_window import MainWindow
from xentviz.ui.window.saving import LONGEST_NAME, file_name

ANSWER = QMessageBox.StandardButton
SELECTED_FILES = QFileDialog.selectedFiles


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | None], list[Path]]:
    """Return what answers the file dialog, and gives back the list of what it suggested."""

    def answer(path: Path | None) -> list[Path]:
        suggested: list[Path] = []

        def run(dialog: QFileDialog) -> int:
            suggested.append(Path(dialog.selectedFiles()[0]))
            assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
            assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
            if path is not None and not path.parent.is_dir():  # which a real dialog finds when it is too late
                monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(path)])
            elif path is not None:
                dialog.setDirectory(str(path.parent))
                dialog.selectFile(path.name)
            return 0 if path is None else 1

        monkeypatch.setattr(QFileDialog, "exec", run)
        monkeypatch.setattr(QFileDialog, "selectedFiles", SELECTED_FILES)
        return suggested

    return answer


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return what answers the questions to come, the last answer again and again, and gives back what was asked."""

    def answer(*answers: QMessageBox.StandardButton) -> list[str]:
        questions: list[str] = []
        left = list(answers)

        def run(box: QMessageBox) -> int:
            questions.append(box.text())
            assert box.textFormat() is Qt.TextFormat.PlainText
            return (left.pop(0) if len(left) > 1 else left[0]).value

        monkeypatch.setattr(QMessageBox, "exec", run)
        return questions

    return answer


def said(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.statusBar().findChildren(QLabel) if label.isVisible())


def title(window: MainWindow) -> str:
    """Return the window's title as it is seen, with a star for the mark of what is not saved."""
    return window.windowTitle().replace("[*]", "*" if window.isWindowModified() else "")


def saved(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.saving.busy)
    settle(qtbot, window)


def edit(qtbot: QtBot, window: MainWindow, score: str = "0.25") -> None:
    """Type over the first score."""
    double_click(window.table.view.viewport(), in_table(window.table, 0, "score:0"))
    write(score)
    key(Qt.Key.Key_Return)
    settle(qtbot, window)


def open_file(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    window.open(path)
    settle(qtbot, window)


def answers(bar: object) -> dict[str, object]:
    return {button.text(): button for button in bar.buttons}  # type: ignore[attr-defined]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a saved project of two models."""
    write_project(two_models(), tmp_path / "scores.parquet")
    return tmp_path / "scores.parquet"


class TestSave:
    def test_asks_for_a_name_the_first_time_and_never_again(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Callable[..., list[Path]]
    ) -> None:
        made = window()
        suggested = choose(tmp_path / "Lecture 3.parquet")
        edit(qtbot, made)
        assert title(made) == "The film still* – xentviz"
        key(Qt.Key.Key_S, held=CTRL)
        saved(qtbot, made)
        assert [path.name for path in suggested] == ["The film still.parquet"]
        assert title(made) == "Lecture 3 – xentviz"
        assert "Saved Lecture 3.parquet." in said(made)
        edit(qtbot, made, "0.5")
        assert title(made) == "Lecture 3* – xentviz"
        made.actions_by_name["save"].trigger()
        saved(qtbot, made)
        assert title(made) == "Lecture 3 – xentviz"
        assert len(suggested) == 1
        assert files.read(tmp_path / "Lecture 3.parquet").document.models[0].scores.array()[0] == 0.5

    def test_as_takes_another_name_and_goes_on_there(
        self, window: MakeWindow, qtbot: QtBot, project: Path, choose: Callable[..., list[Path]]
    ) -> None:
        made, before = window(), project.read_bytes()
        open_file(qtbot, made, project)
        suggested = choose(project.with_name("other"))
        edit(qtbot, made)
        key(Qt.Key.Key_S, held=CTRL | SHIFT)
        saved(qtbot, made)
        assert suggested == [project]
        assert title(made) == "other – xentviz"
        assert project.read_bytes() == before
        assert files.read(project.with_name("other.parquet")).project

    def test_does_nothing_when_no_name_is_chosen(
        self, window: MakeWindow, qtbot: QtBot, choose: Callable[..., list[Path]]
    ) -> None:
        made = window()
        choose(None)
        edit(qtbot, made)
        made.actions_by_name["save"].trigger()
        saved(qtbot, made)
        assert title(made) == "The film still* – xentviz"

    def test_takes_what_is_being_typed(self, window: MakeWindow, qtbot: QtBot, project: Path) -> None:
        made = window(files.read(project))
        double_click(made.table.view.viewport(), in_table(made.table, 0, "score:0"))
        write("0.125")
        key(Qt.Key.Key_S, held=CTRL)
        saved(qtbot, made)
        assert files.read(project).document.models[0].scores.array()[0] == 0.125
        assert not made.isWindowModified()

    def test_suggests_a_name_that_takes_no_others_place(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Callable[..., list[Path]]
    ) -> None:
        made = window()
        open_file(qtbot, made, written(tmp_path, "a.csv", "label,A\n1,0.5\n"))
        (tmp_path / "a.parquet").write_text("somebody's")
        suggested = choose(None)
        made.actions_by_name["save"].trigger()
        assert suggested == [tmp_path / "a 2.parquet"]

    @pytest.mark.parametrize("name", [LONG_NAME, EMOJI_NAME, "a/b\\c", "<b>&{x}%1", "..", "", "[*]"])
    def test_of_any_title_works(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, name: str, choose: Callable[..., list[Path]]
    ) -> None:
        made = window(Document.create([1, 0], {"A": [0.2, 0.3]}, title=name))
        suggested = choose(None)
        made.keeping.save()
        assert 0 < len(os.fsencode(suggested[0].name)) < 255
        choose(tmp_path / suggested[0].name)
        made.keeping.save()
        saved(qtbot, made)
        assert files.read(tmp_path / suggested[0].name).document.title == name

    def test_that_fails_says_why_and_loses_nothing(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Callable[..., list[Path]]
    ) -> None:
        made = window()
        edit(qtbot, made)
        choose(tmp_path / "gone" / "a.parquet")
        made.actions_by_name["save"].trigger()
        saved(qtbot, made)
        assert made.message.isVisible()
        assert "a.parquet could not be saved: No such file or directory" in made.message.text.text()
        assert made.isWindowModified()
        choose(tmp_path / "a.parquet")
        made.actions_by_name["save"].trigger()
        saved(qtbot, made)
        assert not made.message.isVisible()
        assert not made.isWindowModified()


class TestTheView:
    def test_is_kept_in_the_file(self, window: MakeWindow, qtbot: QtBot, project: Path) -> None:
        made = window(files.read(project))
        click(made.scoreboard.cards[1])
        made.actions_by_name["axis_logit"].trigger()
        made.actions_by_name["list_wrong"].trigger()
        made.table.view.horizontalHeader().sectionClicked.emit(made.table.model.columns.index("loss"))
        settle(qtbot, made)
        assert not made.isWindowModified()
        listed = _lines(made)
        made.actions_by_name["save"].trigger()
        saved(qtbot, made)
        again = window(files.read(project))
        assert again.session.view.model == 1
        assert again.actions_by_name["axis_logit"].isChecked()
        assert again.actions_by_name["list_wrong"].isChecked()
        assert _lines(again) == listed
        assert again.table.view.horizontalHeader().isSortIndicatorShown()

    def test_of_a_file_comes_with_it_and_goes_with_what_is_opened_next(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, project: Path
    ) -> None:
        write_project(two_models(), project, view={"model": 1, "axis": "logit", "shown": "wrong"})
        made = window()
        open_file(qtbot, made, project)
        assert made.actions_by_name["axis_logit"].isChecked()
        assert made.session.view.model == 1
        open_file(qtbot, made, written(tmp_path, "b.csv", "label,A\n1,.5\n"))
        assert made.actions_by_name["axis_probability"].isChecked()
        assert made.actions_by_name["list_all"].isChecked()

    def test_a_prepared_comparison_is_seen_again(self, window: MakeWindow, qtbot: QtBot, project: Path) -> None:
        made = window(files.read(project))
        made.actions_by_name["workspace_compare"].trigger()
        page = made.compare
        click(page.sides["calibration"])
        page.scores.reference.activated.emit(1)
        page.reliability.bins.setValue(20)
        page.scores.choice.menu().aboutToShow.emit()
        next(action for action in page.scores.choice.menu().actions() if action.data() == "mcc").trigger()
        page.scores.grid.horizontalHeader().sectionClicked.emit(1)
        page.scores.grid.horizontalHeader().moveSection(3, 1)
        settle(qtbot, made)
        assert not made.isWindowModified()
        before = _scores(made)
        made.actions_by_name["save"].trigger()
        saved(qtbot, made)
        again = window(files.read(project))
        assert again.workspaces.currentWidget().isAncestorOf(again.compare)
        assert again.compare.sides["calibration"].isChecked()
        assert again.compare.reliability.isVisible()
        assert not again.compare.duel.isVisible()
        assert again.compare.scores.reference.currentIndex() == 1
        assert again.compare.reliability.bins.value() == 20
        assert _scores(again) == before
        made.actions_by_name["workspace_explore"].trigger()
        open_file(qtbot, made, project)
        assert made.compare.isVisible()
        assert made.actions_by_name["workspace_compare"].isChecked()

    def test_what_has_no_workspace_of_its_own_is_shown_in_the_one_there_is(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, project: Path
    ) -> None:
        made = window()
        made.actions_by_name["workspace_compare"].trigger()
        click(made.compare.sides["curves"])
        for path in (project, written(tmp_path, "b.csv", "label,A\n1,.5\n0,.4\n")):
            open_file(qtbot, made, path)
            assert made.compare.isVisible()
            assert made.compare.roc.isVisible()

    def test_the_terminal_may_ask_for_another_workspace(self, qtbot: QtBot, tmp_path: Path, project: Path) -> None:
        write_project(two_models(), project, view={"workspace": "threshold"})
        for asked, shown in ((None, "threshold"), ("explore", "explore")):
            made = app.make_window(files.read(project), "light", asked)
            assert made.actions_by_name[f"workspace_{shown}"].isChecked()
            made.close()
            made.deleteLater()


def _scores(made: MainWindow) -> list[list[str]]:
    """Return the scoreboard as it is seen: its titles, and the lines below."""
    grid = made.compare.scores.grid
    header, heads = grid.horizontalHeader(), grid.lines.heads
    places = [header.logicalIndex(place) - 1 for place in range(1, len(heads) + 1)]
    return [
        [heads[place].title for place in places],
        *([row.name, *(row.cells[place].text for place in places)] for row in grid.lines.rows),
    ]


def _lines(made: MainWindow) -> list[str]:
    table = made.table.model
    return [table.data(table.index(line, 0)) for line in range(table.rowCount())]


class TestSomebodyElsesChange:
    @pytest.fixture
    def made(self, window: MakeWindow, qtbot: QtBot, project: Path) -> MainWindow:
        """Return a window whose save has found that somebody else has written to its file."""
        made = window(files.read(project))
        edit(qtbot, made)
        project.write_bytes(b"theirs")
        made.actions_by_name["save"].trigger()
        saved(qtbot, made)
        return made

    def test_is_asked_about_in_the_window(self, made: MainWindow, project: Path) -> None:
        assert made.keeping.question.isVisible()
        assert not made.message.isVisible()
        assert made.keeping.question.text.text().startswith("scores.parquet has been changed by another program")
        assert list(answers(made.keeping.question)) == ["Overwrite", "Save as…", "Reload", "Cancel"]
        assert project.read_bytes() == b"theirs"
        assert made.isWindowModified()

    def test_can_be_overwritten(self, made: MainWindow, qtbot: QtBot, project: Path) -> None:
        click(answers(made.keeping.question)["Overwrite"])
        saved(qtbot, made)
        assert files.read(project).document.models[0].scores.array()[0] == 0.25
        assert not made.keeping.question.isVisible()
        assert not made.isWindowModified()

    def test_can_be_kept_beside_ours(
        self, made: MainWindow, qtbot: QtBot, project: Path, choose: Callable[..., list[Path]]
    ) -> None:
        choose(project.with_name("ours.parquet"))
        click(answers(made.keeping.question)["Save as…"])
        saved(qtbot, made)
        assert project.read_bytes() == b"theirs"
        assert files.read(project.with_name("ours.parquet")).project

    def test_can_be_read_in_place_of_ours_which_undo_brings_back(
        self, made: MainWindow, qtbot: QtBot, project: Path
    ) -> None:
        theirs = two_models()
        write_project(theirs.with_scores(0, np.array([0]), 0.125), project)
        click(answers(made.keeping.question)["Reload"])
        settle(qtbot, made)
        assert made.session.document.models[0].scores.array()[0] == 0.125
        assert not made.isWindowModified()
        assert not made.keeping.question.isVisible()
        key(Qt.Key.Key_Z, held=CTRL)
        settle(qtbot, made)
        assert made.session.document.models[0].scores.array()[0] == 0.25
        assert title(made) == "scores* – xentviz"
        made.actions_by_name["save"].trigger()
        saved(qtbot, made)
        assert made.keeping.question.isVisible()

    def test_that_cannot_be_read_leaves_ours_open(self, made: MainWindow, qtbot: QtBot) -> None:
        click(answers(made.keeping.question)["Reload"])
        qtbot.waitUntil(made.message.isVisible)
        assert made.session.document.models[0].scores.array()[0] == 0.25
        assert made.isWindowModified()

    def test_can_be_left_for_later(self, made: MainWindow, qtbot: QtBot, project: Path) -> None:
        click(answers(made.keeping.question)["Cancel"])
        assert not made.keeping.question.isVisible()
        assert project.read_bytes() == b"theirs"
        assert made.isWindowModified()


class TestClosing:
    def test_asks_nothing_when_nothing_was_edited_or_all_was_undone(
        self, window: MakeWindow, qtbot: QtBot, asked: Callable[..., list[str]]
    ) -> None:
        made, questions = window(), asked(ANSWER.Cancel)
        edit(qtbot, made)
        made.actions_by_name["undo"].trigger()
        assert made.close()
        assert questions == []

    def test_asks_and_stays_on_cancel(self, window: MakeWindow, qtbot: QtBot, asked: Callable[..., list[str]]) -> None:
        made, questions = window(), asked(ANSWER.Cancel, ANSWER.Discard)
        edit(qtbot, made)
        assert not made.close()
        assert questions == ["Save the changes to “The film still”?"]
        assert made.isVisible()
        edit(qtbot, made, "0.125")
        assert made.close()
        assert len(questions) == 2

    def test_discards_when_told_to(
        self, window: MakeWindow, qtbot: QtBot, project: Path, asked: Callable[..., list[str]]
    ) -> None:
        made, before = window(files.read(project)), project.read_bytes()
        edit(qtbot, made)
        made.recovery.keep()
        qtbot.waitUntil(lambda: not made.recovery.busy)
        asked(ANSWER.Discard)
        assert made.close()
        assert project.read_bytes() == before
        assert list((data_folder() / "recovery").iterdir()) == []

    def test_saves_first_and_then_closes(
        self, window: MakeWindow, qtbot: QtBot, project: Path, asked: Callable[..., list[str]]
    ) -> None:
        made = window(files.read(project))
        edit(qtbot, made)
        asked(ANSWER.Save)
        assert not made.close()
        qtbot.waitUntil(lambda: not made.isVisible())
        assert files.read(project).document.models[0].scores.array()[0] == 0.25

    def test_waits_for_a_save_that_has_begun(
        self, window: MakeWindow, qtbot: QtBot, project: Path, asked: Callable[..., list[str]]
    ) -> None:
        made, questions = window(files.read(project)), asked(ANSWER.Cancel)
        edit(qtbot, made)
        made.actions_by_name["save"].trigger()
        assert not made.close()
        qtbot.waitUntil(lambda: not made.isVisible())
        assert questions == []

    def test_asks_about_what_was_edited_after_that_save_had_begun(
        self, window: MakeWindow, qtbot: QtBot, project: Path, asked: Callable[..., list[str]]
    ) -> None:
        made, questions = window(files.read(project)), asked(ANSWER.Discard)
        made.actions_by_name["save"].trigger()
        made.actions_by_name["unit_bits"].trigger()
        assert not made.close()
        qtbot.waitUntil(lambda: not made.isVisible())
        assert len(questions) == 1

    def test_stays_if_saving_fails_or_no_name_is_chosen(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, asked: Callable[..., list[str]],
        choose: Callable[..., list[Path]],
    ) -> None:  # fmt: skip
        made = window()
        edit(qtbot, made)
        asked(ANSWER.Save)
        choose(None)
        assert not made.close()
        choose(tmp_path / "gone" / "a.parquet")
        assert not made.close()
        saved(qtbot, made)
        assert made.isVisible()
        assert "could not be saved" in made.message.text.text()
        asked(ANSWER.Discard)
        assert made.close()

    def test_asks_about_what_is_out_of_sight_too(
        self, window: MakeWindow, qtbot: QtBot, project: Path, asked: Callable[..., list[str]],
        choose: Callable[..., list[Path]],
    ) -> None:  # fmt: skip
        made = window()
        edit(qtbot, made)
        open_file(qtbot, made, project)
        assert title(made) == "scores – xentviz"
        edit(qtbot, made, "0.75")
        questions = asked(ANSWER.Save)
        choose(project.with_name("still.parquet"))
        assert not made.close()
        qtbot.waitUntil(lambda: not made.isVisible())
        assert questions == ["Save the changes to “The film still”?", "Save the changes to “scores”?"]
        assert files.read(project.with_name("still.parquet")).document.models[0].scores.array()[0] == 0.25
        assert files.read(project).document.models[0].scores.array()[0] == 0.75

    def test_that_was_cancelled_has_decided_nothing(
        self, window: MakeWindow, qtbot: QtBot, project: Path, asked: Callable[..., list[str]]
    ) -> None:
        made = window()
        edit(qtbot, made)
        open_file(qtbot, made, project)
        edit(qtbot, made)
        asked(ANSWER.Discard, ANSWER.Cancel)
        assert not made.close()
        questions = asked(ANSWER.Discard)
        assert made.close()
        assert len(questions) == 2


class TestOpening:
    def test_something_else_asks_nothing_for_undo_brings_the_work_back(
        self, window: MakeWindow, qtbot: QtBot, project: Path, asked: Callable[..., list[str]]
    ) -> None:
        made, questions = window(), asked(ANSWER.Cancel)
        edit(qtbot, made)
        open_file(qtbot, made, project)
        assert not made.isWindowModified()
        made.actions_by_name["undo"].trigger()
        settle(qtbot, made)
        assert title(made) == "The film still* – xentviz"
        made.actions_by_name["redo"].trigger()
        assert title(made) == "scores – xentviz"
        assert questions == []
        asked(ANSWER.Discard)

    def test_a_file_that_another_window_has_open_is_told_of(
        self, window: MakeWindow, qtbot: QtBot, project: Path
    ) -> None:
        first, second = window(), window()
        open_file(qtbot, first, project)
        assert not first.message.isVisible()
        open_file(qtbot, second, project)
        assert second.message.isVisible()
        assert "scores.parquet is open in another window too" in second.message.text.text()
        open_file(qtbot, first, project)
        assert not first.message.isVisible()

    def test_what_the_window_starts_with_is_told_of_too(self, window: MakeWindow, qtbot: QtBot, project: Path) -> None:
        first = window()
        open_file(qtbot, first, project)
        opened = files.read(project)
        second = window(opened)
        second.keeping.begin(opened)
        assert "is open in another window too" in second.message.text.text()


class TestRecentFiles:
    def actions(self, made: MainWindow) -> list[QAction]:
        (menu,) = [action.menu() for action in made.menuBar().actions()[0].menu().actions()
                   if action.menu() and "recent" in action.text()]  # fmt: skip
        menu.aboutToShow.emit()
        return list(menu.actions())

    def test_are_none_at_first(self, window: MakeWindow) -> None:
        (none,) = self.actions(window())
        assert not none.isEnabled()

    def test_are_those_opened_and_saved_the_last_first(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, project: Path, choose: Callable[..., list[Path]]
    ) -> None:
        made = window()
        open_file(qtbot, made, written(tmp_path, "a & b.csv", "label,A\n1,0.5\n"))
        open_file(qtbot, made, project)
        open_file(qtbot, made, tmp_path / "missing.csv")
        made.actions_by_name["sample_digits"].trigger()
        settle(qtbot, made)
        choose(tmp_path / "c.parquet")
        made.actions_by_name["save"].trigger()
        saved(qtbot, made)
        assert [action.text() for action in self.actions(made)] == ["c.parquet", "scores.parquet", "a && b.csv"]
        self.actions(made)[2].trigger()
        settle(qtbot, made)
        assert title(made) == "a & b – xentviz"
        assert self.actions(made)[0].text() == "a && b.csv"

    def test_that_are_gone_are_grey(self, window: MakeWindow, qtbot: QtBot, project: Path) -> None:
        made = window()
        open_file(qtbot, made, project)
        project.unlink()
        (action,) = self.actions(made)
        assert not action.isEnabled()

    def test_with_long_names_are_cut_and_told_in_full(self, window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
        made = window()
        name = "<b>" + "x" * 240 + ".csv"
        open_file(qtbot, made, written(tmp_path, name, "label,A\n1,0.5\n"))
        (action,) = self.actions(made)
        assert len(action.text()) == 60
        assert action.toolTip().endswith("x" * 200 + ".csv")

    def test_are_kept_when_the_program_ends(
        self, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        project = tmp_path / "scores.parquet"
        write_project(two_models(), project)
        program = (
            "import sys\n"
            "from PySide6.QtCore import QTimer\n"
            "from PySide6.QtWidgets import QApplication\n"
            "from xentviz import app, cli\n"
            "make = app.make_window\n"
            "def make_and_leave(*arguments):\n"
            "    window = make(*arguments)\n"
            "    QTimer.singleShot(500, window.close)\n"
            "    return window\n"
            "app.make_window = make_and_leave\n"
            "sys.exit(cli.main(sys.argv[1:]))\n"
        )
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        done = subprocess.run([sys.executable, "-c", program, project], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        kept = json.loads((tmp_path / "config" / "xentviz" / "settings.json").read_text())
        assert kept["recent"] == [str(project)]
        assert kept["width"] >= 640


class TestAfterACrash:
    @pytest.fixture
    def left(self, window: MakeWindow) -> Iterator[Callable[..., Path]]:
        """Return a maker of what a window leaves behind that did not live to save its document."""

        def leave(document: Document) -> Path:
            folder = data_folder() / "recovery" / f"{len(list(data_folder().glob('recovery/*')))}"
            folder.mkdir(parents=True)
            write_project(document, folder / "1.parquet")
            return folder / "1.parquet"

        return leave

    def started(self, window: MakeWindow, qtbot: QtBot) -> MainWindow:
        made = window()
        made.keeping.begin(Opened(made.session.document))
        qtbot.waitUntil(lambda: not made.recovery.busy)
        return made

    def test_of_nothing_nothing_is_asked(self, window: MakeWindow, qtbot: QtBot) -> None:
        assert not self.started(window, qtbot).keeping.offer.isVisible()

    def test_the_work_is_offered_in_the_window_and_recovered(
        self, window: MakeWindow, qtbot: QtBot, left: Callable[..., Path], choose: Callable[..., list[Path]],
        tmp_path: Path,
    ) -> None:  # fmt: skip
        copy = left(two_models())
        made = self.started(window, qtbot)
        assert made.keeping.offer.isVisible()
        assert "xentviz ended before “two models” was saved" in made.keeping.offer.text.text()
        assert made.isEnabled()
        click(answers(made.keeping.offer)["Recover"])
        settle(qtbot, made)
        assert title(made) == "two models* – xentviz"
        assert [model.name for model in made.session.document.models] == ["sure", "vague"]
        assert not made.keeping.offer.isVisible()
        qtbot.waitUntil(lambda: not copy.exists())
        assert len(list(data_folder().rglob("*.parquet"))) == 1
        suggested = choose(tmp_path / "rescued.parquet")
        made.actions_by_name["save"].trigger()
        saved(qtbot, made)
        assert suggested[0].name == "two models.parquet"
        assert title(made) == "rescued – xentviz"
        made.recovery.keep()
        assert list(data_folder().rglob("*.parquet")) == []

    def test_closing_asks_about_what_was_recovered(
        self, window: MakeWindow, qtbot: QtBot, left: Callable[..., Path], asked: Callable[..., list[str]]
    ) -> None:
        left(two_models())
        made = self.started(window, qtbot)
        click(answers(made.keeping.offer)["Recover"])
        settle(qtbot, made)
        questions = asked(ANSWER.Discard)
        assert made.close()
        assert questions == ["Save the changes to “two models”?"]
        assert list(data_folder().rglob("*.parquet")) == []

    def test_what_is_not_wanted_is_deleted_and_the_next_is_offered(
        self, window: MakeWindow, qtbot: QtBot, left: Callable[..., Path]
    ) -> None:
        first, second = left(two_models()), left(Document.create([1], {}, title="<b>&{x}" + LONG_NAME))
        made = self.started(window, qtbot)
        click(answers(made.keeping.offer)["Discard"])
        click(answers(made.keeping.offer)["Keep"])
        click(answers(made.keeping.offer)["Discard"])
        click(answers(made.keeping.offer)["Delete"])
        assert not first.exists()
        assert made.keeping.offer.isVisible()
        assert "<b>&{x}" in made.keeping.offer.text.text()
        assert len(made.keeping.offer.text.text()) < 300
        click(answers(made.keeping.offer)["Discard"])
        click(answers(made.keeping.offer)["Keep"])
        click(answers(made.keeping.offer)["Discard"])
        click(answers(made.keeping.offer)["Delete"])
        assert not second.exists()
        assert not made.keeping.offer.isVisible()

    def test_later_means_at_the_next_start(self, window: MakeWindow, qtbot: QtBot, left: Callable[..., Path]) -> None:
        copy = left(two_models())
        made = self.started(window, qtbot)
        click(answers(made.keeping.offer)["Later"])
        assert not made.keeping.offer.isVisible()
        assert copy.exists()
        assert self.started(window, qtbot).keeping.offer.isVisible()

    def test_what_cannot_be_recovered_is_told_and_set_aside(
        self, window: MakeWindow, qtbot: QtBot, left: Callable[..., Path]
    ) -> None:
        copy = left(two_models())
        made = self.started(window, qtbot)
        content = bytearray(copy.read_bytes())
        content[6] ^= 0xFF
        copy.write_bytes(content)
        before = made.session.document
        click(answers(made.keeping.offer)["Recover"])
        settle(qtbot, made)
        assert "is damaged" in made.message.text.text()
        assert made.session.document is before
        assert copy.with_suffix(".bad").exists()

    def test_a_fault_of_the_program_makes_a_copy_at_once(
        self, window: MakeWindow, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
    ) -> None:
        made = window()
        edit(qtbot, made)
        error = ZeroDivisionError("ours")
        app._report(made, type(error), error, None)
        qtbot.waitUntil(lambda: not made.recovery.busy)
        (copy,) = data_folder().rglob("*.parquet")
        assert files.read(copy).document.models[0].scores.array()[0] == 0.25
        assert "ours" in capsys.readouterr().err

    def test_a_full_disk_for_copies_is_told_of(self, window: MakeWindow, qtbot: QtBot) -> None:
        made = window()
        (data_folder()).mkdir(parents=True, exist_ok=True)
        (data_folder() / "recovery").write_text("in the way")
        edit(qtbot, made)
        made.recovery.keep()
        qtbot.waitUntil(lambda: made.message.isVisible())
        assert "No copy can be kept" in made.message.text.text()


def test_copies_of_ten_thousand_rows_are_those_rows(
    window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "SECONDS", 0.05)
    scores = np.random.default_rng(1).random(10_000)
    made = window(Document.create(scores > 0.5, {"A": scores}))
    edit(qtbot, made)
    qtbot.waitUntil(lambda: len(list(data_folder().rglob("*.parquet"))) == 1)
    (copy,) = data_folder().rglob("*.parquet")
    np.testing.assert_array_equal(files.read(copy).document.models[0].scores.array()[1:, 0], scores[1:])


@pytest.mark.parametrize("name", ["a" * 1000, "é" * 1000, " . ", "CON", "a\0b"])
def test_a_title_becomes_a_name_that_systems_take(name: str) -> None:
    made = file_name(name)
    assert len(made.encode()) <= LONGEST_NAME
    assert made == made.strip(" .")
    assert made.isprintable()


def test_settings_of_tests_do_not_reach_the_home(window: MakeWindow) -> None:
    window()
    assert not settings.settings_file().is_relative_to(Path.home() / ".config")
    assert not data_folder().is_relative_to(Path.home() / ".local")
