"""The sheet that asks what columns mean, as a person fills it in."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.hands import CTRL, NO_KEY, SHIFT, click, key
from ui.windows import MakeWindow, settle, written
from xentviz.core.document import ScoreKind, Task
from xentviz.files.atomic import Stamp
from xentviz.files.uses import Use
from xentviz.ui.window.columns_sheet import ColumnsSheet
from xentviz.ui.window.main_window import MainWindow


@pytest.fixture
def asked(window: MakeWindow, qtbot: QtBot, tmp_path):
    """Return an opener of texts, or of files by name, that waits for the sheet and its first answer."""

    def ask(text: str, name: str = "scores.csv") -> tuple[MainWindow, ColumnsSheet]:
        made = window()
        made.open(written(tmp_path, name, text))
        return made, sheet_of(made, qtbot)

    return ask


def sheet_of(made: MainWindow, qtbot: QtBot) -> ColumnsSheet:
    qtbot.waitUntil(lambda: made.opening.sheet is not None)
    sheet = made.opening.sheet
    assert sheet is not None
    looked(sheet, qtbot)
    return sheet


def looked(sheet: ColumnsSheet, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not sheet.outcome.text().startswith("Looking"))


def use(sheet: ColumnsSheet, column: str, wanted: Use, qtbot: QtBot) -> None:
    """Choose what a column is, as with the keyboard."""
    choice = next(choice for names, choice in sheet.lines if column in names)
    choice.setCurrentIndex(choice.findData(wanted.value))
    choice.activated.emit(choice.currentIndex())
    looked(sheet, qtbot)


def accept(made: MainWindow, sheet: ColumnsSheet, qtbot: QtBot) -> None:
    click(sheet.open_button)
    qtbot.waitUntil(lambda: made.opening.sheet is None)
    settle(qtbot, made)


def test_labels_in_words_are_asked_about_and_the_answer_is_seen_at_once(asked, qtbot: QtBot) -> None:
    made, sheet = asked("kind,p\nham,.1\nspam,.8\nham,.3\n".replace("kind", "label"))
    assert sheet.outcome.text() == "Which label means yes? Choose it below the columns."
    assert not sheet.open_button.isEnabled()
    assert sheet.positive.isVisible()
    sheet.positive.setCurrentIndex(sheet.positive.findData("spam"))
    sheet.positive.activated.emit(sheet.positive.currentIndex())
    looked(sheet, qtbot)
    words = (
        "3 rows, 1 of them yes and 2 no. Models: p (probabilities). In “label” “spam” counts as yes, all else as no."
    )
    assert sheet.outcome.text() == words
    accept(made, sheet, qtbot)
    assert made.session.document.categories == ("spam",)
    assert made.session.document.labels.array().tolist() == [[0], [1], [0]]


def test_a_file_written_since_it_was_opened_is_asked_about_as_it_is_now(
    window: MakeWindow, qtbot: QtBot, tmp_path
) -> None:
    made, found = window(), []
    path = written(tmp_path, "scores.csv", "label,p\n1,.5\n0,.2\n")
    made.open(path)
    settle(qtbot, made)
    written(tmp_path, "scores.csv", "label,p,q\n1,.5,.6\n0,.2,.3\n1,.7,.8\n")
    made.opening.ask_columns()
    sheet = sheet_of(made, qtbot)
    assert [names for names, _choice in sheet.lines][-1] == ["q"]
    made.session.opened.connect(found.append)
    accept(made, sheet, qtbot)
    assert made.session.document.rows == 3
    assert found[-1].file == Stamp.of(path), "or saving would say that somebody has written the file"


def test_scores_outside_0_to_1_come_with_a_guess_that_one_click_takes(asked, qtbot: QtBot) -> None:
    made, sheet = asked("label,z\n1,3.5\n0,-2\n")
    assert sheet.outcome.text() == "2 rows, 1 of them yes and 1 no. Models: z (logits)."
    accept(made, sheet, qtbot)
    assert made.session.document.models[0].kind is ScoreKind.LOGIT
    assert made.windowTitle() == "scores[*] – xentviz"


def test_numbered_columns_are_taken_for_the_labels_in_order_until_they_have_another_use(asked, qtbot: QtBot) -> None:
    made, sheet = asked("label,p0,p1,p2\ndog,.1,.2,.7\nbird,.6,.3,.1\ncat,.2,.5,.3\n")
    words = "3 rows, each with one of 3 answers: bird, cat, dog. Models: p (probabilities). "
    assert sheet.outcome.text() == words + "The columns p0, p1, p2 stand for bird, cat, dog."
    accept(made, sheet, qtbot)
    assert made.session.document.labels.array().ravel().tolist() == [2, 0, 1]
    made.actions_by_name["columns"].trigger()
    sheet = sheet_of(made, qtbot)
    use(sheet, "p2", Use.UNUSED, qtbot)
    assert sheet.outcome.text() == "Which label means yes? Choose it below the columns."
    use(sheet, "p2", Use.PROBABILITY, qtbot)
    assert sheet.outcome.text().startswith(words)
    sheet.reject()
    qtbot.waitUntil(lambda: made.opening.sheet is None)


def test_a_label_nobody_finds_is_pointed_at(asked, qtbot: QtBot) -> None:
    made, sheet = asked("A,B,C\n.5,1,x\n.25,0,y\n")
    assert sheet.outcome.text().startswith("Which column holds the truth?")
    use(sheet, "B", Use.LABEL, qtbot)
    use(sheet, "C", Use.NAMES, qtbot)
    accept(made, sheet, qtbot)
    document = made.session.document
    assert [model.name for model in document.models] == ["A"]
    assert document.name_of(1) == "y"


def test_cancel_leaves_what_was_open(asked, qtbot: QtBot) -> None:
    made, sheet = asked("A,B\n.5,1\n")
    sheet.reject()
    qtbot.waitUntil(lambda: made.opening.sheet is None)
    assert made.windowTitle() == "The film still[*] – xentviz"
    assert made.session.undo_stack.count() == 0


def test_columns_can_be_chosen_again_later(asked, qtbot: QtBot) -> None:
    made, sheet = asked("label,z,w\n1,3.5,.5\n0,-2,.25\n")
    use(sheet, "z", Use.LOGIT, qtbot)
    accept(made, sheet, qtbot)
    made.actions_by_name["columns"].trigger()
    sheet = sheet_of(made, qtbot)
    assert [choice.currentData() for _names, choice in sheet.lines] == ["label", "logit", "probability"]
    use(sheet, "z", Use.UNUSED, qtbot)
    accept(made, sheet, qtbot)
    assert [model.name for model in made.session.document.models] == ["w"]
    made.session.undo_stack.undo()
    assert [model.name for model in made.session.document.models] == ["z", "w"]


def test_columns_are_asked_of_the_file_that_undo_brings_back(asked, qtbot: QtBot, tmp_path) -> None:
    made, sheet = asked("label,z\n1,3.5\n0,-2\n")
    accept(made, sheet, qtbot)
    made.open(written(tmp_path, "other.csv", "label,other\n1,.5\n0,.25\n"))
    qtbot.waitUntil(lambda: made.session.document.title == "other")
    settle(qtbot, made)
    made.session.undo_stack.undo()
    made.actions_by_name["columns"].trigger()
    sheet = sheet_of(made, qtbot)
    assert [columns for columns, _choice in sheet.lines] == [["label"], ["z"]]
    sheet.reject()
    qtbot.waitUntil(lambda: made.opening.sheet is None)


def test_columns_of_what_came_from_no_file_cannot_be_chosen(window: MakeWindow) -> None:
    made = window()
    made.actions_by_name["columns"].trigger()
    assert made.opening.sheet is None
    assert "comes from no file" in made.statusBar().findChild(type(made._status)).text()


def test_many_columns_of_one_model_share_a_line(asked, qtbot: QtBot) -> None:
    names = "abcdefgh"
    rows = "\n".join(f"{n},{','.join('.125' for _ in names)}" for n in names)
    made, sheet = asked(f"truth_,{','.join(f'M:{n}' for n in names)}\n{rows}\n")
    assert [len(columns) for columns, _choice in sheet.lines] == [1, 8]
    use(sheet, "truth_", Use.LABEL, qtbot)
    assert sheet.outcome.text().startswith("8 rows, each with one of 8 answers: a, b, c, d, e, f, g, h.")
    assert sheet.classes.isChecked()
    accept(made, sheet, qtbot)
    assert made.session.document.task is Task.MULTICLASS


def test_a_fault_in_a_cell_is_told_above_the_work_and_the_sheet_opens_on_demand(
    window: MakeWindow, qtbot: QtBot, tmp_path
) -> None:
    made = window()
    made.open(written(tmp_path, "scores.csv", "label,A,B\n1,.5,.5\n0,.5,abc\n"))
    qtbot.waitUntil(made.message.isVisible)
    assert "“abc” is not a number" in made.message.text.text()
    assert made.message.way_on.text() == "Columns…"
    click(made.message.way_on)
    assert not made.message.isVisible()
    sheet = sheet_of(made, qtbot)
    use(sheet, "B", Use.UNUSED, qtbot)
    accept(made, sheet, qtbot)
    assert [model.name for model in made.session.document.models] == ["A"]


def test_a_label_column_with_a_fault_can_be_exchanged_for_another(window: MakeWindow, qtbot: QtBot, tmp_path) -> None:
    made = window()
    made.open(written(tmp_path, "scores.csv", "label,truth,A\n1,1,.5\n0,0,.5\nabc,1,.25\n" + "1,1,.75\n" * 30))
    qtbot.waitUntil(made.message.way_on.isVisible)
    click(made.message.way_on)
    sheet = sheet_of(made, qtbot)
    use(sheet, "label", Use.UNUSED, qtbot)
    assert sheet.outcome.text() == "Which column holds the truth? Choose “label” for it."
    assert not sheet.open_button.isEnabled()
    use(sheet, "truth", Use.LABEL, qtbot)
    accept(made, sheet, qtbot)
    assert made.session.document.labels.array()[:3].tolist() == [[1], [0], [1]]


def test_a_file_that_no_column_can_mend_has_no_way_on(window: MakeWindow, qtbot: QtBot, tmp_path) -> None:
    made = window()
    made.open(written(tmp_path, "scores.csv", "label,A,B\n1,.5,.5\n0,.5,abc\n"))
    qtbot.waitUntil(made.message.way_on.isVisible)
    made.open(tmp_path / "missing.csv")
    qtbot.waitUntil(lambda: "missing.csv" in made.message.text.text())
    assert not made.message.way_on.isVisible()


def test_lines_selected_together_are_told_at_once_what_they_are(asked, qtbot: QtBot) -> None:
    questions = [f"q{n}" for n in range(30)]
    cells = ",".join(["1"] * 15 + ["0"] * 15)
    made, sheet = asked(f"{','.join(questions)},A\n{cells},x\n{cells},y\n{cells},x\n")
    assert "Shift or Ctrl" in " ".join(words.text() for words in sheet.findChildren(QLabel))
    _click_line(sheet, 0)
    _click_line(sheet, 29, SHIFT)
    _click_line(sheet, 3, CTRL)
    _, choice = sheet.lines[7]
    choice.setFocus(Qt.FocusReason.TabFocusReason)
    key(Qt.Key.Key_End)
    looked(sheet, qtbot)
    unused = [names[0] for names, choice in sheet.lines if choice.currentData() == "unused"]
    assert set(questions) - set(unused) == {"q3"}
    sheet.reject()
    qtbot.waitUntil(lambda: made.opening.sheet is None)


def test_a_line_outside_of_the_selection_is_told_alone(asked, qtbot: QtBot) -> None:
    made, sheet = asked("label,A,B,C,z\n1,.5,.5,.5,3\n0,.25,.5,.5,-2\n")
    _click_line(sheet, 1)
    _click_line(sheet, 2, SHIFT)
    use(sheet, "C", Use.UNUSED, qtbot)
    assert [choice.currentData() for _names, choice in sheet.lines][:4] == [
        "label", "probability", "probability", "unused",
    ]  # fmt: skip
    sheet.reject()
    qtbot.waitUntil(lambda: made.opening.sheet is None)


def _click_line(sheet: ColumnsSheet, line: int, keys: Qt.KeyboardModifier = NO_KEY) -> None:
    sheet.columns.scrollTo(sheet.columns.model().index(line, 0))
    click(sheet.columns.viewport(), sheet.columns.visualRect(sheet.columns.model().index(line, 0)).center(), keys=keys)


def test_several_dropped_files_are_one_document(window: MakeWindow, qtbot: QtBot, tmp_path) -> None:
    made = window()
    made.open(written(tmp_path, "a.csv", "id,label\nx,1\ny,0\n"), written(tmp_path, "b.csv", "id,A\ny,.2\nx,.9\n"))
    qtbot.waitUntil(lambda: made.session.document.title == "a")
    assert made.session.document.models[0].scores.array().tolist() == [[0.9], [0.2]]
