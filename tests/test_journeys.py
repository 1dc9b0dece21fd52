"""Whole journeys: from opening something to undoing and redoing all that was done with it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from ui.hands import CTRL, SHIFT, click, double_click, drag, in_plot, in_table, key, write
from ui.windows import MakeWindow, settle, windows, written

from xentviz import files
from xentviz.core.document import changes
from xentviz.session.view import Shown
from xentviz.ui.window.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Return a maker of windows, closed when the test ends."""
    with windows(qtbot) as make:
        yield make


def seen(qtbot: QtBot, window: MainWindow) -> tuple[object, ...]:
    """Return what is seen with the first model chosen: title, cards, table, working and threshold."""
    window.session.look(model=0)
    settle(qtbot, window)
    model, cards = window.table.model, window.scoreboard.cards
    lines, columns = range(min(12, model.rowCount())), range(model.columnCount())
    return (
        window.windowTitle(),
        [(card.name.text(), card.loss.text(), card.accuracy.text(), card.f1.text()) for card in cards],
        [[model.data(model.index(line, column)) for column in columns] for line in lines],
        model.rowCount(),
        window.working.formula.text(),
        window.threshold_bar.value.text(),
    )


def edit_cell(window: MainWindow, line: int, column: str, text: str) -> None:
    """Type over a cell."""
    double_click(window.table.view.viewport(), in_table(window.table, line, column))
    write(text)
    key(Qt.Key.Key_Return)


def drag_dot(window: MainWindow, element: int, end: float) -> None:
    """Drag the dot of a row of the chosen model along its curve."""
    document, at, plot = window.session.document, np.array([element]), window.explore.loss_plot
    p = float(document.probabilities_of(window.session.view.model, at)[0])
    y = -np.log(p) if document.labels_of(at)[0] == 1 else -np.log1p(-p)
    drag(plot.viewport(), in_plot(plot, p, y), in_plot(plot, end, y))


def drag_threshold(window: MainWindow, start: float, end: float) -> None:
    """Drag the handle of the threshold bar."""
    slider, edge = window.threshold_bar.slider, window.look.theme.px(10)
    places = [QPoint(round(edge + t * (slider.width() - 2 * edge)), slider.height() // 2) for t in (start, end)]
    drag(slider, *places)


def test_from_a_sample_through_every_kind_of_edit_back_to_the_start_and_forth_again(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window()
    stack, start = made.session.undo_stack, made.session.document
    pictures = [seen(qtbot, made)]

    def step(text: str) -> None:
        settle(qtbot, made)
        assert stack.undoText() == text
        assert stack.count() == len(pictures)
        pictures.append(seen(qtbot, made))

    made.actions_by_name["sample_breast_cancer"].trigger()
    step("breast_cancer")
    edit_cell(made, 1, "score:0", "0,25")
    step("Change score")
    edit_cell(made, 2, "label", "0.5")
    step("Change label")
    edit_cell(made, 0, "name", "the first")
    step("Rename row")
    drag_dot(made, 1, 0.6)
    step("Move dot")
    drag_threshold(made, 0.5, 0.35)
    step("Move threshold")
    made.actions_by_name["unit_bits"].trigger()
    step("Change unit")
    made.actions_by_name["add_model"].trigger()
    step("Add model")
    key(Qt.Key.Key_A, held=CTRL)
    write("Nobody knows")
    key(Qt.Key.Key_Return)
    step("Rename model")
    click(made.table.view.viewport(), in_table(made.table, 3, "name"))
    click(made.table.view.viewport(), in_table(made.table, 5, "name"), keys=SHIFT)
    key(Qt.Key.Key_Delete)
    step("Delete rows")

    assert made.session.document.rows == 282
    assert [card.name.text() for card in made.scoreboard.cards][-1] == "Nobody knows"
    assert made.scoreboard.cards[-1].loss.text() == "1.000"

    for picture in reversed(pictures[:-1]):
        made.actions_by_name["undo"].trigger()
        assert seen(qtbot, made) == picture
    assert made.session.document is start
    assert not stack.canUndo()

    for picture in pictures[1:]:
        made.actions_by_name["redo"].trigger()
        assert seen(qtbot, made) == picture
    assert not stack.canRedo()


def test_the_film_still_is_set_right_by_hand(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    drag_dot(made, 2, 0.05)
    settle(qtbot, made)
    drag_threshold(made, 0.8, 0.5)
    settle(qtbot, made)
    card = made.scoreboard.cards[0]
    assert card.accuracy.text() == "100 %"
    assert float(card.loss.text()) == pytest.approx(0.124, abs=0.002)
    made.session.look(shown=Shown.WRONG)
    settle(qtbot, made)
    assert made.table.model.rowCount() == 0


def test_rows_travel_through_a_spreadsheet_and_back(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.table.view.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    key(Qt.Key.Key_C, held=CTRL)
    before, cells = seen(qtbot, made), QGuiApplication.clipboard().text()
    key(Qt.Key.Key_Delete)
    settle(qtbot, made)
    assert made.table.model.rowCount() == 0
    key(Qt.Key.Key_V, held=CTRL)
    settle(qtbot, made)
    assert QGuiApplication.clipboard().text() == cells
    assert seen(qtbot, made) == before


def test_two_models_are_compared_and_a_bad_file_does_no_harm(window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = window()
    made.actions_by_name["duplicate_model"].trigger()
    write("Second guess")
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    drag_dot(made, 2, 0.3)
    settle(qtbot, made)
    verdicts = [card.verdict.text() for card in made.scoreboard.cards]
    assert "lowest loss" in verdicts[1]
    assert "lowest loss" not in verdicts[0]
    before, kept = seen(qtbot, made), made.session.document
    made.open(written(tmp_path, "bad.csv", "label,A\n1,0.5\n0,x\n"))
    settle(qtbot, made)
    assert made.message.isVisible()
    assert seen(qtbot, made) == before
    made.open(written(tmp_path, "good.csv", "label,A\n1,0.5\n"))
    settle(qtbot, made)
    assert made.windowTitle() == "good[*] – xentviz"
    made.actions_by_name["undo"].trigger()
    settle(qtbot, made)
    assert not changes(kept, made.session.document)


def test_each_question_gets_its_own_threshold(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.actions_by_name["sample_digits"].trigger()
    settle(qtbot, made)
    start = made.session.document
    click(made.threshold_bar.apart, QPoint(8, made.threshold_bar.apart.height() // 2))
    settle(qtbot, made)
    for category, value in ((0, "0.4"), (1, "0,6"), (2, "0.25")):
        made.session.look(category=category)
        settle(qtbot, made)
        made.threshold_bar.value.setFocus()
        key(Qt.Key.Key_A, held=CTRL)
        write(value)
        key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert made.session.document.thresholds == (0.4, 0.6, 0.25)
    for _step in range(4):
        made.actions_by_name["undo"].trigger()
    settle(qtbot, made)
    assert made.session.document is start


def test_nothing_becomes_something_with_the_keyboard_alone(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.table.view.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    key(Qt.Key.Key_Delete)
    key(Qt.Key.Key_N, held=CTRL)
    key(Qt.Key.Key_N, held=CTRL)
    settle(qtbot, made)
    made.table.view.setFocus()
    key(Qt.Key.Key_Home, held=CTRL)
    key(Qt.Key.Key_Tab)
    write("0")
    key(Qt.Key.Key_Tab)
    write("0.2")
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    model = made.table.model
    assert [model.data(model.index(0, column)) for column in range(4)] == ["row 1", "0", "0.20", "no ✓"]
    made.actions_by_name["add_model"].trigger()
    write("By keys")
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert [card.name.text() for card in made.scoreboard.cards] == ["Guess", "By keys"]


def test_what_is_saved_is_there_again_when_it_is_opened(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, file = window(), tmp_path / "my work.parquet"
    made.actions_by_name["sample_digits"].trigger()
    settle(qtbot, made)
    edit_cell(made, 1, "score:0", "0,25")
    edit_cell(made, 2, "label", "0.5")
    edit_cell(made, 0, "name", "=the first")
    made.actions_by_name["add_model"].trigger()
    write("嵌入 & <b>")
    key(Qt.Key.Key_Return)
    made.actions_by_name["unit_bits"].trigger()
    click(made.threshold_bar.apart, QPoint(8, made.threshold_bar.apart.height() // 2))
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(file)])
    key(Qt.Key.Key_S, held=CTRL)
    qtbot.waitUntil(lambda: not made.saving.busy)
    settle(qtbot, made)
    before = seen(qtbot, made)
    assert before[0] == "my work[*] – xentviz"
    assert not made.isWindowModified()
    made.actions_by_name["scene_film_still"].trigger()
    settle(qtbot, made)
    assert seen(qtbot, made) != before
    made.open(file)
    settle(qtbot, made)
    made.session.look(category=0)
    assert seen(qtbot, made) == before
    assert not made.isWindowModified()


START = """
import os, signal, sys
from PySide6.QtCore import QTimer
from xentviz import app, cli
from xentviz.session import recovery
from xentviz.session.saving import data_folder

recovery.SECONDS = 0.05
make = app.make_window

def make_and_act(*arguments):
    window = make(*arguments)
    timer = QTimer(window, interval=20)
    timer.timeout.connect(lambda: act(window))
    timer.start()
    return window

app.make_window = make_and_act
"""
CRASH = """
def act(window):
    if not window.saving.modified:
        window.session.apply(window.session.document.with_threshold(0.125), "Move threshold")
    elif list(data_folder().rglob("*.parquet")):
        os.kill(os.getpid(), signal.SIGKILL)

sys.exit(cli.main([]))
"""
RECOVER = """
from pathlib import Path

def act(window):
    offer = window.keeping.offer
    if offer.isVisible():
        print(offer.text.text())
        offer.buttons[0].click()
    elif window.saving.modified and not window.saving.busy:
        print(window.session.document.thresholds, window.saving.work.file)
        window.saving.save(window.saving.work, Path(sys.argv[1]))
    elif window.saving.work.file is not None:
        window.close()

sys.exit(cli.main([]))
"""


@pytest.mark.skipif(os.name != "posix", reason="no such signal here")
def test_what_a_crash_interrupted_is_offered_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))

    def start(program: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", START + program, tmp_path / "rescued.parquet"]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)

    assert start(CRASH).returncode == -signal.SIGKILL
    again = start(RECOVER)
    assert (again.returncode, again.stderr) == (0, "")
    offered, recovered = again.stdout.splitlines()
    assert "xentviz ended before “The film still” was saved" in offered
    assert recovered == "(0.125,) None"
    assert files.read(tmp_path / "rescued.parquet").document.thresholds == (0.125,)
    assert not list((tmp_path / "home").rglob("*.parquet"))
    assert not list((tmp_path / "home").rglob("lock"))
