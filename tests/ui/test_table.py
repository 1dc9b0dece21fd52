"""The table: editing in place, rows, sorting, filters, the clipboard, and a million rows."""

import sys
import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, LONG_NAME, million_rows, mixed_kinds, questions, two_models
from ui.hands import CTRL, SHIFT, click, double_click, in_plot, in_table, key, write
from ui.windows import MakeWindow, settle
from xentviz import files
from xentviz.core.document import Document
from xentviz.paths import resource
from xentviz.session import listing
from xentviz.session.view import Shown
from xentviz.ui.window.main_window import MainWindow


def cell(window: MainWindow, line: int, column: str) -> str:
    """Return what a cell shows."""
    model = window.table.model
    return model.data(model.index(line, model.columns.index(column)))


def column(window: MainWindow, name: str) -> list[str]:
    """Return what all cells of a column show."""
    return [cell(window, line, name) for line in range(window.table.model.rowCount())]


def selected(window: MainWindow) -> list[int]:
    """Return the selected lines."""
    return sorted(index.row() for index in window.table.view.selectionModel().selectedRows())


def said(window: MainWindow) -> str:
    """Return what the status bar says."""
    return " ".join(label.text() for label in window.statusBar().findChildren(QLabel) if label.isVisible())


def told(window: MainWindow) -> str:
    """Return what the bar above the scoreboard says."""
    assert window.message.isVisible()
    return window.message.text.text()


def go_to(window: MainWindow, line: int, name: str) -> None:
    """Make a cell the current one, as a click does."""
    click(window.table.view.viewport(), in_table(window.table, line, name))


def open_editor(window: MainWindow, line: int, name: str) -> QLineEdit:
    """Double-click a cell and return the line that is typed in."""
    double_click(window.table.view.viewport(), in_table(window.table, line, name))
    return editor(window)


def editor(window: MainWindow) -> QLineEdit:
    """Return the open editor of the table."""
    (found,) = editors(window)
    assert found.hasFocus()
    return found


def editors(window: MainWindow) -> list[QLineEdit]:
    """Return the open editors of the table."""
    return [line for line in window.table.view.viewport().findChildren(QLineEdit) if line.isVisible()]


def type_into(window: MainWindow, line: int, name: str, text: str) -> None:
    """Type a text over a cell and press Enter."""
    open_editor(window, line, name)
    write(text)
    key(Qt.Key.Key_Return)


def copied() -> str:
    """Return the text on the clipboard."""
    return QGuiApplication.clipboard().text()


def paste(qtbot: QtBot, window: MainWindow, text: str) -> None:
    """Paste a text over the table."""
    QGuiApplication.clipboard().setText(text)
    key(Qt.Key.Key_V, held=CTRL)
    settle(qtbot, window)


def sort(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Click on the title of a column, and wait until the rows are sorted."""
    click_title(window, name)
    settle(qtbot, window)


def click_title(window: MainWindow, name: str) -> None:
    header = window.table.view.horizontalHeader()
    at = header.sectionViewportPosition(window.table.model.columns.index(name)) + 10
    click(header.viewport(), QPoint(at, header.height() // 2))


# Typing


def test_the_film_still_is_listed_with_decisions_losses_and_gradients(window: MakeWindow) -> None:
    made = window()
    assert column(made, "score:0") == ["0.90", "0.95", "0.70", "0.75"]
    assert column(made, "decision") == ["yes ✓", "yes ✓", "no ✓", "no ✗"]
    assert column(made, "loss") == ["0.105", "0.051", "1.204", "0.288"]
    assert column(made, "gradient") == ["−0.278", "−0.263", "0.833", "−0.333"]


@pytest.mark.parametrize(
    ("name", "typed", "shown", "step"),
    [
        ("score:0", "0.5", "0.50", "Change score"),
        ("score:0", "0,5", "0.50", "Change score"),
        ("score:0", ",5", "0.50", "Change score"),
        ("score:0", " 0.5 ", "0.50", "Change score"),
        ("score:0", "5e-1", "0.50", "Change score"),
        ("score:0", "0", "0", "Change score"),
        ("score:0", "1", "1", "Change score"),
        ("score:0", "0.123456789", "0.123", "Change score"),
        ("label", "0", "0", "Change label"),
        ("label", "0.25", "0.25", "Change label"),
        ("label", "0,25", "0.25", "Change label"),
        ("name", "someone else", "someone else", "Rename row"),
        ("name", "<b>&x</b>", "<b>&x</b>", "Rename row"),
    ],
)
def test_what_is_typed_is_shown_and_can_be_undone(
    window: MakeWindow, qtbot: QtBot, name: str, typed: str, shown: str, step: str
) -> None:
    made = window()
    before = cell(made, 1, name)
    type_into(made, 1, name, typed)
    settle(qtbot, made)
    assert cell(made, 1, name) == shown
    assert made.session.undo_stack.undoText() == step
    key(Qt.Key.Key_Z, held=CTRL)
    settle(qtbot, made)
    assert cell(made, 1, name) == before
    assert not made.session.undo_stack.canUndo()


@pytest.mark.parametrize(("name", "others"), [("label", ["loss", "gradient"]), ("score:0", ["loss", "gradient"])])
def test_an_emptied_cell_is_a_dash_and_so_is_what_follows_from_it(
    window: MakeWindow, qtbot: QtBot, name: str, others: list[str]
) -> None:
    made = window()
    open_editor(made, 2, name)
    key(Qt.Key.Key_Delete, Qt.Key.Key_Return)
    settle(qtbot, made)
    assert [cell(made, 2, column) for column in (name, *others)] == ["—", "—", "—"]
    assert made.scoreboard.cards[0].loss.text() == "0.148"
    assert "1 without label or score" in " ".join(label.text() for label in made.table.findChildren(QLabel))


def test_an_emptied_name_goes_back_to_the_number(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    open_editor(made, 2, "name")
    key(Qt.Key.Key_Delete, Qt.Key.Key_Return)
    settle(qtbot, made)
    assert cell(made, 2, "name") == "row 3"


def test_everything_follows_an_edit(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    type_into(made, 2, "score:0", "0.9")
    settle(qtbot, made)
    assert cell(made, 2, "loss") == "2.303"
    assert cell(made, 2, "decision") == "yes ✗"
    assert made.scoreboard.cards[0].loss.text() == "0.687"
    assert made.scoreboard.cards[0].accuracy.text() == "50 %"
    assert "ln(1 − 0.90)" in made.working.formula.text()


@pytest.mark.parametrize("begin", [Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_key_opens_the_editor_with_the_number_in_full(window: MakeWindow, qtbot: QtBot, begin: Qt.Key) -> None:
    made = window(Document.create([1], {"A": [0.123456789012]}))
    go_to(made, 0, "score:0")
    key(begin)
    assert editor(made).text() == "0.123456789012"
    assert editor(made).selectedText() == "0.123456789012"


def test_typing_over_a_cell_replaces_it(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 1, "score:0")
    write("0.25")
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert cell(made, 1, "score:0") == "0.25"
    assert made.session.undo_stack.count() == 1


def test_the_whole_table_is_edited_without_the_mouse(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    view = made.table.view
    view.setFocus()
    key(Qt.Key.Key_Home, held=CTRL)
    key(Qt.Key.Key_Tab)
    write("0")
    key(Qt.Key.Key_Tab)
    key(Qt.Key.Key_Escape)
    key(Qt.Key.Key_Down)
    write("0.5")
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert cell(made, 0, "label") == "0"
    assert cell(made, 1, "score:0") == "0.50"


def test_typing_what_is_there_already_is_no_step_to_undo(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    type_into(made, 1, "score:0", "0.95")
    settle(qtbot, made)
    assert made.session.undo_stack.count() == 0


@pytest.mark.parametrize("name", ["decision", "loss", "gradient"])
@pytest.mark.parametrize("pressed", [Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_5])
def test_what_is_computed_cannot_be_typed_into(window: MakeWindow, qtbot: QtBot, name: str, pressed: Qt.Key) -> None:
    made = window()
    go_to(made, 1, name)
    key(pressed)
    settle(qtbot, made)
    assert editors(made) == []


def test_enter_with_no_current_cell_does_nothing(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1], {"A": [0.5]}))
    made.table.view.setFocus()
    made.table.view.selectionModel().clearCurrentIndex()
    key(Qt.Key.Key_Return)
    assert editors(made) == []


# Wrong text

WRONG = [
    ("score:0", "abc"),
    ("score:0", "1.2"),
    ("score:0", "-0.1"),
    ("score:0", "nan"),
    ("score:0", "inf"),
    ("score:0", "1e999"),
    ("score:0", "0.5.5"),
    ("score:0", "1_0"),
    ("score:0", "0x1"),
    ("score:0", "٠"),
    ("score:0", "50%"),
    ("label", "yes"),
    ("label", "2"),
    ("label", "-1"),
    ("label", "1e-"),
]
some_wrong_texts = pytest.mark.parametrize(("name", "typed"), WRONG[::5])


@pytest.mark.parametrize(("name", "typed"), WRONG)
def test_wrong_text_is_objected_to_while_it_is_typed_and_keeps_the_editor_open_on_enter(
    window: MakeWindow, qtbot: QtBot, name: str, typed: str
) -> None:
    made = window()
    open_editor(made, 1, name)
    write(typed)
    key(Qt.Key.Key_Return)
    assert editor(made).text() == typed
    assert editor(made).property("wrong") is True
    assert typed in editor(made).toolTip()
    assert made.session.undo_stack.count() == 0
    key(Qt.Key.Key_Escape)
    settle(qtbot, made)


@some_wrong_texts
def test_wrong_text_is_forgotten_on_esc(window: MakeWindow, qtbot: QtBot, name: str, typed: str) -> None:
    made = window()
    before = cell(made, 1, name)
    open_editor(made, 1, name)
    write(typed)
    key(Qt.Key.Key_Escape)
    settle(qtbot, made)
    assert editors(made) == []
    assert cell(made, 1, name) == before
    assert made.session.undo_stack.count() == 0


@some_wrong_texts
def test_wrong_text_left_behind_keeps_the_old_value_and_says_why(
    window: MakeWindow, qtbot: QtBot, name: str, typed: str
) -> None:
    made = window()
    before = cell(made, 1, name)
    open_editor(made, 1, name)
    write(typed)
    made.threshold_bar.value.setFocus()
    settle(qtbot, made)
    assert cell(made, 1, name) == before
    assert made.session.undo_stack.count() == 0
    assert typed in said(made)


@pytest.mark.parametrize("pressed", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Enter])
def test_no_other_key_accepts_wrong_text_either(window: MakeWindow, qtbot: QtBot, pressed: Qt.Key) -> None:
    made = window()
    open_editor(made, 1, "score:0")
    write("1.2")
    key(pressed)
    assert editor(made).text() == "1.2"
    key(Qt.Key.Key_Escape)


def test_wrong_text_can_be_mended_and_accepted(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    open_editor(made, 1, "score:0")
    write("1.2")
    key(Qt.Key.Key_Return, Qt.Key.Key_Home, Qt.Key.Key_Delete)
    write("0")
    assert editor(made).property("wrong") is False
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert cell(made, 1, "score:0") == "0.20"


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("label", "yes", "“yes” is not a number: type 1 for yes, 0 for no, or between."),
        ("label", "2", "A label is 0, 1 or between; 2 is not."),
        ("score:0", "abc", "“abc” is not a number: type one such as 0.25."),
        ("score:0", "1.2", "A probability is from 0 to 1; 1.2 is not."),
    ],
)
def test_the_objection_names_what_is_wrong(
    window: MakeWindow, qtbot: QtBot, name: str, typed: str, sentence: str
) -> None:
    made = window()
    open_editor(made, 1, name)
    write(typed)
    assert editor(made).toolTip() == sentence
    key(Qt.Key.Key_Escape)


@pytest.mark.parametrize("typed", ["<b>1</b>", "<img src='file:///x'>", "{x}", "%1"])
def test_an_objection_quotes_markup_without_obeying_it(window: MakeWindow, qtbot: QtBot, typed: str) -> None:
    made = window()
    open_editor(made, 1, "score:0")
    write(typed)
    assert not GuiQt.mightBeRichText(editor(made).toolTip())
    made.threshold_bar.value.setFocus()
    settle(qtbot, made)
    assert typed in said(made)


@pytest.mark.parametrize(
    ("typed", "shown"), [("-2.5", "−2.50"), ("−2.5", "−2.50"), ("40", "40.00"), ("1e300", "1e300")]
)
def test_a_logit_may_be_any_number(window: MakeWindow, qtbot: QtBot, typed: str, shown: str) -> None:
    made = window(Document.create([1, 0], {"A": [0.0, 1.0]}, logits=["A"]))
    type_into(made, 0, "score:0", typed)
    settle(qtbot, made)
    assert cell(made, 0, "score:0") == shown


def test_delete_and_undo_inside_an_editor_are_the_editors_own(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    open_editor(made, 1, "name")
    key(Qt.Key.Key_Home, Qt.Key.Key_Delete)
    assert editor(made).text() == "he plays Princess Ann"
    key(Qt.Key.Key_Z, held=CTRL)
    assert editor(made).text() == "She plays Princess Ann"
    key(Qt.Key.Key_Escape)
    assert made.table.model.rowCount() == 4
    assert made.session.undo_stack.count() == 0


def test_what_is_being_typed_does_not_go_into_another_document(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    open_editor(made, 1, "score:0")
    write("0.5")
    made.session.apply(Document.create([1, 0, 1, 0], {"A": [0.1, 0.2, 0.3, 0.4]}, title="another"), "open")
    settle(qtbot, made)
    made.threshold_bar.value.setFocus()
    settle(qtbot, made)
    assert column(made, "score:0") == ["0.10", "0.20", "0.30", "0.40"]


# Rows


def test_a_new_row_comes_after_the_current_one_and_is_chosen(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 0, "name")
    key(Qt.Key.Key_N, held=CTRL)
    settle(qtbot, made)
    assert column(made, "name") == [
        "She is Audrey Hepburn", "row 2", "She plays Princess Ann", "She is Marilyn Monroe", "She plays a princess"
    ]  # fmt: skip
    assert [cell(made, 1, name) for name in ("label", "score:0", "loss")] == ["1", "0.50", "0.693"]
    assert selected(made) == [1]
    assert made.session.undo_stack.undoText() == "Add row"


def test_a_row_can_be_added_to_nothing(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["no rows and no models"]())
    made.actions_by_name["add_row"].trigger()
    made.actions_by_name["add_model"].trigger()
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert column(made, "loss") == ["0.693"]


def test_duplicates_follow_the_selected_rows_and_are_chosen(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 0, "name")
    click(made.table.view.viewport(), in_table(made.table, 2, "name"), keys=CTRL)
    key(Qt.Key.Key_D, held=CTRL)
    settle(qtbot, made)
    assert column(made, "score:0") == ["0.90", "0.95", "0.70", "0.90", "0.70", "0.75"]
    assert selected(made) == [3, 4]
    made.session.undo_stack.undo()
    settle(qtbot, made)
    assert column(made, "score:0") == ["0.90", "0.95", "0.70", "0.75"]


def test_deleted_rows_are_gone_until_undone(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 1, "name")
    click(made.table.view.viewport(), in_table(made.table, 3, "name"), keys=SHIFT)
    key(Qt.Key.Key_Delete)
    settle(qtbot, made)
    assert column(made, "name") == ["She is Audrey Hepburn"]
    assert made.scoreboard.cards[0].loss.text() == "0.105"
    assert selected(made) == []
    key(Qt.Key.Key_Z, held=CTRL)
    settle(qtbot, made)
    assert made.table.model.rowCount() == 4
    assert made.scoreboard.cards[0].loss.text() == "0.412"


def test_all_rows_can_be_deleted(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.table.view.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    key(Qt.Key.Key_Delete)
    settle(qtbot, made)
    assert made.table.model.rowCount() == 0
    hints = [label.text() for label in made.table.findChildren(QLabel) if label.isVisible()]
    assert any("No rows yet" in hint for hint in hints)


def test_a_row_is_renamed_from_the_menu(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 3, "loss")
    made.actions_by_name["rename_row"].trigger()
    write("a new name")
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert cell(made, 3, "name") == "a new name"


def test_asking_twice_for_a_new_name_keeps_the_editor_open(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 3, "loss")
    made.actions_by_name["rename_row"].trigger()
    made.actions_by_name["rename_row"].trigger()
    assert editor(made).text() == "She plays a princess"
    key(Qt.Key.Key_Escape)


@pytest.mark.parametrize("shown", [Shown.WRONG, Shown.SELECTED])
def test_rows_can_be_deleted_from_a_filtered_list(window: MakeWindow, qtbot: QtBot, shown: Shown) -> None:
    made = window()
    made.session.look(selected=np.array([3]), current=3, shown=shown)
    settle(qtbot, made)
    assert column(made, "name") == ["She plays a princess"]
    made.actions_by_name["delete_rows"].trigger()
    settle(qtbot, made)
    assert made.table.model.rowCount() == 0
    assert made.session.document.rows == 3


@pytest.mark.parametrize("text", ["+ Row", "Duplicate", "Delete"])
def test_row_commands_are_buttons_too(window: MakeWindow, qtbot: QtBot, text: str) -> None:
    made = window()
    (button,) = (b for b in made.table.findChildren(QToolButton) if b.text() == text)
    click(button)
    settle(qtbot, made)
    assert made.session.document.rows == {"+ Row": 5, "Duplicate": 5, "Delete": 3}[text]


# Order and filters


def test_a_title_sorts_up_then_down_then_not_at_all(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    orders = []
    for _click in range(3):
        sort(qtbot, made, "score:0")
        orders.append(column(made, "score:0"))
    assert orders == [
        ["0.70", "0.75", "0.90", "0.95"],
        ["0.95", "0.90", "0.75", "0.70"],
        ["0.90", "0.95", "0.70", "0.75"],
    ]


def test_losses_are_sorted_the_worst_first(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    sort(qtbot, made, "loss")
    assert column(made, "loss") == ["1.204", "0.288", "0.105", "0.051"]


@pytest.mark.parametrize(
    ("name", "first"),
    [("name", "She is Audrey Hepburn"), ("label", "0"), ("decision", "no ✓"), ("gradient", "0.833")],
)
def test_every_column_sorts(window: MakeWindow, qtbot: QtBot, name: str, first: str) -> None:
    made = window()
    sort(qtbot, made, name)
    assert cell(made, 0, name) == first


def test_rows_without_a_number_come_last_both_ways(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, np.nan, 0], {"A": [0.3, 0.2, np.nan]}))
    for name in ("score:0", "label", "loss"):
        for _way in range(2):
            sort(qtbot, made, name)
            assert cell(made, 2, name) == "—"


def test_sorted_rows_stay_the_rows_they_are(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    sort(qtbot, made, "score:0")
    type_into(made, 0, "label", "1")
    settle(qtbot, made)
    assert made.session.document.labels_of(np.arange(4)).tolist() == [1, 1, 1, 1]
    assert cell(made, 0, "name") == "She is Marilyn Monroe"


def test_an_edited_row_moves_to_its_place_and_stays_selected(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    sort(qtbot, made, "score:0")
    type_into(made, 0, "score:0", "0.99")
    settle(qtbot, made)
    assert column(made, "score:0") == ["0.75", "0.90", "0.95", "0.99"]
    assert selected(made) == [3]


@pytest.mark.parametrize(
    ("button", "names"),
    [
        ("All", ["row 1", "row 2", "row 3", "row 4"]),
        ("Wrong", ["row 1", "row 4"]),
        ("Infinite", ["row 1"]),
        ("Selected", ["row 3"]),
    ],
)
def test_filters_list_what_they_say(window: MakeWindow, qtbot: QtBot, button: str, names: list[str]) -> None:
    made = window(Document.create([1, 1, 0, 0], {"A": [0.0, 0.9, 0.1, 0.7]}))
    go_to(made, 2, "name")
    (filter_button,) = (b for b in made.table.findChildren(QToolButton) if b.text() == button)
    click(filter_button)
    settle(qtbot, made)
    assert column(made, "name") == names
    assert filter_button.isChecked()


def test_the_list_of_wrong_rows_follows_the_threshold(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.session.look(shown=Shown.WRONG)
    made.session.apply(made.session.document.with_threshold(0.92), "move")
    settle(qtbot, made)
    assert column(made, "name") == ["She is Audrey Hepburn", "She plays a princess"]


def test_of_a_selection_in_very_many_pieces_the_first_are_marked_and_all_are_listed(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(million_rows())
    every_second = np.arange(0, 1_000_000, 2)
    made.session.look(selected=every_second, current=0)
    settle(qtbot, made)
    assert selected(made) == list(range(0, 2000, 2))
    assert made.session.view.selected is every_second
    made.session.look(shown=Shown.SELECTED)
    settle(qtbot, made)
    assert made.table.model.rowCount() == 500_000
    assert made.table.view.selectionModel().isRowSelected(499_999)


def test_the_list_of_selected_rows_does_not_shrink_under_the_hand(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.session.look(selected=np.array([1, 2, 3]), current=1, shown=Shown.SELECTED)
    settle(qtbot, made)
    go_to(made, 2, "name")
    settle(qtbot, made)
    assert made.table.model.rowCount() == 3
    assert made.session.view.current == 3


# Clipboard


def test_copied_rows_hold_every_column_in_full(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 2, "name")
    key(Qt.Key.Key_C, held=CTRL)
    name, label, score, decision, loss, gradient = copied().rstrip("\n").split("\t")
    assert (name, label, score, decision) == ("She is Marilyn Monroe", "0", "0.7", "0")
    assert float(loss) == pytest.approx(-np.log(0.3), rel=1e-15)
    assert float(gradient) == pytest.approx(1 / 0.3 / 4, rel=1e-15)
    assert said(made) == "Copied 1 row."


def test_ctrl_a_copies_every_row_in_the_order_of_the_list(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    sort(qtbot, made, "score:0")
    made.table.view.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    key(Qt.Key.Key_C, held=CTRL)
    assert [line.split("\t")[2] for line in copied().splitlines()] == ["0.7", "0.75", "0.9", "0.95"]


def test_copied_rows_pasted_over_themselves_change_nothing(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    key(Qt.Key.Key_A, held=CTRL)
    key(Qt.Key.Key_C, held=CTRL)
    before = [column(made, name) for name in made.table.model.columns]
    go_to(made, 0, "name")
    paste(qtbot, made, copied())
    assert [column(made, name) for name in made.table.model.columns] == before


@pytest.mark.parametrize(
    ("line", "name", "text", "labels", "scores"),
    [
        (1, "score:0", "0.1\n0.2\n", ["1", "1", "0", "1"], ["0.90", "0.10", "0.20", "0.75"]),
        (1, "score:0", "0,1\r\n0,2", ["1", "1", "0", "1"], ["0.90", "0.10", "0.20", "0.75"]),
        (0, "label", "0\t0.1\n1\t0.2", ["0", "1", "0", "1"], ["0.10", "0.20", "0.70", "0.75"]),
        (0, "label", "\t0.1\n0\t\n", ["—", "0", "0", "1"], ["0.10", "—", "0.70", "0.75"]),
    ],
)
def test_pasted_cells_go_where_the_current_cell_is(
    window: MakeWindow, qtbot: QtBot, line: int, name: str, text: str, labels: list[str], scores: list[str]
) -> None:
    made = window()
    go_to(made, line, name)
    paste(qtbot, made, text)
    assert (column(made, "label"), column(made, "score:0")) == (labels, scores)
    assert made.session.undo_stack.undoText() == "Paste"
    assert made.session.undo_stack.count() == 1


def test_cells_pasted_past_the_end_become_rows_in_one_step(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 3, "name")
    paste(qtbot, made, "four\t0\t0.4\nfive\t1\t0.5\nsix\t0,5\t0.6\n")
    assert column(made, "name")[3:] == ["four", "five", "six"]
    assert column(made, "label")[3:] == ["0", "1", "0.5"]
    assert column(made, "score:0")[3:] == ["0.40", "0.50", "0.60"]
    key(Qt.Key.Key_Z, held=CTRL)
    settle(qtbot, made)
    assert column(made, "name")[3:] == ["She plays a princess"]
    assert made.session.undo_stack.count() == 1


@pytest.mark.parametrize("text", ["0.1\nabc\n", "0.1\n1.5\n", "abc", "0.1\n0.2\n0.3\n-1\n"])
def test_a_block_with_one_wrong_cell_is_refused_whole_and_the_row_is_named(
    window: MakeWindow, qtbot: QtBot, text: str
) -> None:
    made = window()
    go_to(made, 0, "score:0")
    paste(qtbot, made, text)
    assert column(made, "score:0") == ["0.90", "0.95", "0.70", "0.75"]
    assert made.session.undo_stack.count() == 0
    row = text.count("\n") if text.endswith("\n") else 1
    assert told(made).startswith(f"Nothing pasted; pasted row {row}: ")


def test_a_ragged_block_is_refused_whole(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 0, "label")
    paste(qtbot, made, "0\t0.1\n1\n")
    assert column(made, "label") == ["1", "1", "0", "1"]
    assert made.session.undo_stack.count() == 0
    assert told(made).startswith("Nothing pasted; pasted row 2: its number of cells is 1, and 2 in the first row.")


def test_nothing_on_the_clipboard_is_told(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 0, "score:0")
    paste(qtbot, made, "\n\n")
    assert said(made) == "There is nothing on the clipboard to paste."
    assert made.session.undo_stack.count() == 0


def test_cells_pasted_over_computed_columns_are_told_to_go_nowhere(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 0, "loss")
    paste(qtbot, made, "0.1\n")
    assert made.session.undo_stack.count() == 0
    assert "these columns are computed" in told(made)


def test_a_sorted_list_takes_no_cells_past_its_end(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    sort(qtbot, made, "score:0")
    go_to(made, 3, "score:0")
    paste(qtbot, made, "0.1\n0.2\n")
    assert made.session.document.rows == 4
    assert "List all rows and all categories, unsorted, first" in told(made)


def test_a_table_is_filled_from_a_spreadsheet(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["no rows"]())
    made.table.view.setFocus()
    paste(qtbot, made, "first\t1\t0.9\nsecond\t0\t0.2\n")
    assert column(made, "name") == ["first", "second"]
    assert made.scoreboard.cards[0].loss.text() == "0.164"


@pytest.mark.parametrize(
    ("name", "text", "labels", "scores"),
    [
        ("score:0", "50%\n7 %\n12,5%\n0.1 %\n", ["1", "1", "0", "1"], [0.5, 0.07, 0.125, 0.001]),
        ("score:0", "0,5\n,25\n1,0\n1e-3\n", ["1", "1", "0", "1"], [0.5, 0.25, 1.0, 0.001]),
        ("score:0", "0.1\n\n0.3\n0.4\n", ["1", "1", "0", "1"], [0.1, np.nan, 0.3, 0.4]),
        ("label", "TRUE\nFALSE\ntrue\nno", ["1", "0", "1", "0"], [0.9, 0.95, 0.7, 0.75]),
        ("label", "yes\t0.1\n\t\n50 %\t100%\n0\t0%", ["1", "—", "0.5", "0"], [0.1, np.nan, 1.0, 0.0]),
    ],
)
def test_numbers_are_taken_as_spreadsheets_of_any_country_show_them(
    window: MakeWindow, qtbot: QtBot, name: str, text: str, labels: list[str], scores: list[float]
) -> None:
    made = window()
    go_to(made, 0, name)
    paste(qtbot, made, text)
    assert column(made, "label") == labels
    np.testing.assert_array_equal(made.session.document.scores_of(0, np.arange(4)), scores)
    assert said(made) == "Pasted 4 rows."


@pytest.mark.parametrize(
    ("name", "text"), [("label", "label\tGuess\n0\t0.1\n1\t0.2\n"), ("name", "name\tlabel\nx\t0\ny\t1\n")]
)
def test_titles_that_were_copied_too_are_left_out_and_that_is_told(
    window: MakeWindow, qtbot: QtBot, name: str, text: str
) -> None:
    made = window()
    go_to(made, 0, name)
    paste(qtbot, made, text)
    assert column(made, "label") == ["0", "1", "0", "1"]
    assert said(made) == "Pasted 2 rows. The first row held titles, and was left out."


@pytest.mark.parametrize(
    ("name", "text", "row"),
    [
        ("label", "label\tGuess\n0\t0.1\n1\thigh\n", 3),
        ("label", "label\t0.5\n0\t0.1\n", 1),
        ("label", "label\tGuess", 1),
        ("score:0", "TRUE\nFALSE", 2),
        ("score:0", "0.5\n150%", 2),
        ("score:0", "0.5\n1e1%", 2),
        ("score:0", "1_0", 1),
        ("score:0", "nan", 1),
        ("label", "0\n2\n", 2),
    ],
)
def test_what_is_no_number_is_told_with_its_row(
    window: MakeWindow, qtbot: QtBot, name: str, text: str, row: int
) -> None:
    made = window()
    go_to(made, 0, name)
    paste(qtbot, made, text)
    assert told(made).startswith(f"Nothing pasted; pasted row {row}: ")
    assert not made.session.undo_stack.count()


def test_percentages_are_no_logits_and_large_numbers_are(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(mixed_kinds())
    go_to(made, 0, "score:2")
    paste(qtbot, made, "50%\n")
    assert "“50%” is not a number" in told(made)
    paste(qtbot, made, "-12,5\n40\n")
    assert made.session.document.scores_of(2, np.arange(3)).tolist() == [-12.5, 40.0, 0.0]


def test_more_columns_than_there_is_room_for_are_not_dropped_in_silence(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 0, "label")
    paste(qtbot, made, "1\t0.5\t0.5\t0.5\t0.5\t0.5\n")
    assert "6 columns were copied, and there is room for 5" in told(made)
    made = window(EXTREMES["no models"]())
    go_to(made, 0, "label")
    paste(qtbot, made, "1\t0.5\n")
    assert "2 columns were copied, and there is room for 1 from this cell on. Add a model" in told(made)
    paste(qtbot, made, "0\t\n")
    assert column(made, "label") == ["0", "0", "1"]


def test_cells_pasted_into_a_sorted_list_go_to_the_rows_that_are_seen(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    sort(qtbot, made, "score:0")
    go_to(made, 1, "label")
    paste(qtbot, made, "0.25\n0.75\n")
    assert made.session.document.labels_of(np.arange(4)).tolist() == [0.75, 1, 0, 0.25]


def test_cells_pasted_into_a_list_of_wrong_rows_stay_within_it(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.session.look(shown=Shown.WRONG)
    settle(qtbot, made)
    go_to(made, 0, "score:0")
    paste(qtbot, made, "0.9\n0.8\n")
    assert "reach past the end of this list" in told(made)
    made.session.look(shown=Shown.WRONG)
    paste(qtbot, made, "0.9\n")
    assert made.session.document.scores_of(0, np.arange(4)).tolist() == [0.9, 0.95, 0.7, 0.9]


def test_rows_pasted_past_the_end_know_only_what_was_pasted(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    go_to(made, 9, "score:1")
    paste(qtbot, made, "0.1\n0.2\n")
    document = made.session.document
    assert document.rows == 11
    assert np.isnan(document.labels_of(np.array([10])))
    assert np.isnan(document.scores_of(0, np.array([10])))
    assert document.scores_of(1, np.array([9, 10])).tolist() == [0.1, 0.2]


def test_lines_of_several_questions_become_rows_past_the_end(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    go_to(made, 5, "label")
    paste(qtbot, made, "0\t0.1\n1\t0.2\n0\t0.3\n1\t0.4\n")
    document = made.session.document
    assert document.rows == 5
    np.testing.assert_array_equal(document.labels_of(np.arange(5, 10)), [0, 1, 0, 1, np.nan])
    np.testing.assert_array_equal(document.scores_of(0, np.arange(5, 10)), [0.1, 0.2, 0.3, 0.4, np.nan])
    made.session.look(category=1)
    settle(qtbot, made)
    go_to(made, 4, "label")
    paste(qtbot, made, "0\n1\n")
    assert "all categories" in told(made)


def test_a_great_block_is_read_in_the_background_and_pasted_in_one_step(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create(np.ones(20_000), {"A": np.full(20_000, 0.5), "B": np.full(20_000, 0.5)}))
    go_to(made, 0, "label")
    QGuiApplication.clipboard().setText("y\tA\tB\n" + "0\t0,25\t25%\n" * 20_001)
    made.actions_by_name["paste"].trigger()
    assert said(made) == "Pasting …"
    settle(qtbot, made)
    assert said(made) == "Pasted 20\u2009001 rows. The first row held titles, and was left out."
    assert made.session.document.scores_of(1, np.array([0, 20_000])).tolist() == [0.25, 0.25]
    key(Qt.Key.Key_Z, held=CTRL)
    settle(qtbot, made)
    assert made.session.document.rows == 20_000
    assert made.session.undo_stack.index() == 0


def test_a_great_block_with_one_wrong_cell_is_refused(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create(np.ones(20_000), {"A": np.full(20_000, 0.5)}))
    go_to(made, 0, "score:0")
    paste(qtbot, made, "0.5\n" * 9_999 + "x\n")
    assert told(made).startswith("Nothing pasted; pasted row 10000: “x”")


def test_a_block_comes_too_late_for_a_table_that_has_changed(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    go_to(made, 0, "label")
    QGuiApplication.clipboard().setText("0\n" * 9_000)
    made.actions_by_name["paste"].trigger()
    made.session.apply(made.session.document.with_threshold(0.25), "move")
    settle(qtbot, made)
    assert "the table was changed" in told(made)
    assert made.session.undo_stack.count() == 1


def test_a_window_closed_while_a_block_is_read_lets_go_of_it(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    QGuiApplication.clipboard().setText("0\n" * 9_000)
    made.actions_by_name["paste"].trigger()
    made.close()


def test_more_than_a_million_cells_are_refused_at_once(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 0, "label")
    paste(qtbot, made, "0\t0.5\n" * 500_001)
    assert "more than a million cells" in told(made)
    assert made.session.document.rows == 4


def test_copying_and_deleting_nothing_says_so_or_cannot_be_asked(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    for name in ("copy", "duplicate_rows", "delete_rows"):
        assert not made.actions_by_name[name].isEnabled()


# What Qt is told


@pytest.mark.parametrize(
    "name", ["mixed kinds", "no models", "no scores", "certain", "logits", "soft labels", "ten thousand logits"]
)
def test_data_are_never_numpy_scalars(window: MakeWindow, name: str) -> None:
    model = window(mixed_kinds() if name == "mixed kinds" else EXTREMES[name]()).table.model
    allowed = (str, float, int, type(None), Qt.AlignmentFlag)
    for line in range(min(model.rowCount(), 70)):
        for place in range(model.columnCount()):
            for role in Qt.ItemDataRole:
                assert type(model.data(model.index(line, place), role)) in allowed
    for place in range(model.columnCount()):
        for role in Qt.ItemDataRole:
            assert type(model.headerData(place, Qt.Orientation.Horizontal, role)) in allowed


def test_a_float32_score_is_edited_as_it_was_written(window: MakeWindow) -> None:
    made = window(mixed_kinds())
    assert open_editor(made, 0, "score:1").text() == "0.1"


def test_several_categories_are_a_line_each(window: MakeWindow) -> None:
    made = window(questions())
    assert column(made, "name") == ["first", "first", "second", "second", "third", "third"]
    assert column(made, "category") == ["cat", "dog"] * 3
    assert column(made, "label") == ["1", "0", "0", "1", "1", "1"]
    assert column(made, "score:0") == ["0.90", "0.20", "0.40", "0.70", "0.60", "0.30"]


def test_editing_one_category_leaves_the_others(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    type_into(made, 3, "score:0", "0.55")
    settle(qtbot, made)
    assert column(made, "score:0") == ["0.90", "0.20", "0.40", "0.55", "0.60", "0.30"]


def test_deleting_a_line_of_several_categories_deletes_the_whole_row(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    go_to(made, 3, "name")
    key(Qt.Key.Key_Delete)
    settle(qtbot, made)
    assert column(made, "name") == ["first", "first", "third", "third"]


def test_only_the_wrong_row_has_the_colour_of_wrong_rows(window: MakeWindow) -> None:
    made = window()
    made.session.look(selected=np.array([], dtype=np.int64), current=None)
    QApplication.processEvents()
    picture = made.table.view.viewport().grab().toImage()
    left = [made.table.view.visualRect(made.table.model.index(line, 0)) for line in range(4)]
    colours = [picture.pixelColor(cell.left() + 2, cell.center().y()).name() for cell in left]
    worn = made.look.theme
    assert colours == [worn.surface, worn.surface, worn.surface, worn.wrong]


def test_a_long_name_is_elided_and_runs_into_no_other_column(window: MakeWindow, qtbot: QtBot) -> None:
    pictures = []
    for name in ("short", LONG_NAME):
        made = window(Document.create([1], {"A": [0.4]}, row_names=[name]))
        beside = made.table.view.visualRect(made.table.model.index(0, 1))
        pictures.append(made.table.view.viewport().grab(beside).toImage())
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("name", ["no rows and no models", "one row", "eight models", "thirty categories"])
def test_the_table_answers_qt_before_it_has_heard_of_another_document(window: MakeWindow, name: str) -> None:
    made = window(two_models())
    model, document = made.table.model, EXTREMES[name]()
    made.session.apply(document, "another")
    made.session.look(model=len(document.models) - 1, current=0)
    titles = [model.headerData(place, Qt.Orientation.Horizontal) for place in range(model.columnCount())]
    assert titles[2:4] == ["sure", "vague"]
    assert column(made, "score:0")[:2] == ["0.95", "0.02"]


# Selection, shared with the plots


def test_a_row_chosen_in_the_table_is_described_in_the_plot(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 1, "name")
    settle(qtbot, made)
    texts = [item.toPlainText() for item in made.explore.loss_plot.scene().items() if hasattr(item, "toPlainText")]
    assert any(words.startswith("p 0.95 · y 1 → loss 0.051 nats") for words in texts)


def test_a_dot_chosen_in_the_plot_is_selected_in_the_table(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot = made.explore.loss_plot
    click(plot.viewport(), in_plot(plot, 0.9, -np.log(0.9)))
    settle(qtbot, made)
    assert selected(made) == [0]
    assert made.table.view.currentIndex().row() == 0


def test_several_rows_chosen_in_the_table_are_all_marked_in_the_plot(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 0, "name")
    click(made.table.view.viewport(), in_table(made.table, 3, "name"), keys=CTRL)
    settle(qtbot, made)
    assert selected(made) == [0, 3]
    assert made.session.view.selected.tolist() == [0, 3]
    assert made.session.view.current == 3


def test_the_selection_survives_an_edit_a_sort_and_a_filter(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    go_to(made, 3, "name")
    sort(qtbot, made, "score:0")
    made.session.look(shown=Shown.WRONG)
    settle(qtbot, made)
    assert [cell(made, line, "name") for line in selected(made)] == ["She plays a princess"]
    made.session.look(shown=Shown.ALL, sorted_by=None)
    settle(qtbot, made)
    assert selected(made) == [3]


@pytest.mark.parametrize("act", ["copy", "paste"])
def test_the_clipboard_asks_for_no_cell_by_itself(window: MakeWindow, qtbot: QtBot, act: str) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    made.table.view.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    made.actions_by_name["copy"].trigger()
    go_to(made, 0, "name")
    key(Qt.Key.Key_A, held=CTRL)
    calls, _seconds = calls_during(lambda: (made.actions_by_name[act].trigger(), settle(qtbot, made)))
    assert calls < 60 * 10_000  # Qt’s way, cell by cell and role by role, takes hundreds a row


# A million rows


def calls_during(act: Callable[[], None]) -> tuple[int, float]:
    """Return how many Python functions are called by something, and how many seconds it takes."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    started = time.perf_counter()
    act()
    seconds = time.perf_counter() - started
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls, seconds


def test_a_million_rows_are_selected_sorted_filtered_and_scrolled_without_work_for_each(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(million_rows())
    view, model = made.table.view, made.table.model
    view.setFocus()
    acts: list[Callable[[], None]] = [
        lambda: key(Qt.Key.Key_A, held=CTRL),
        lambda: view.scrollToBottom(),
        lambda: view.scrollToTop(),
        lambda: sort(qtbot, made, "loss"),
        lambda: made.session.look(shown=Shown.WRONG),
        lambda: made.session.look(shown=Shown.ALL),
        lambda: made.session.look(sorted_by=None),
        lambda: view.selectionModel().select(
            model.index(3, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        ),
    ]
    for act in acts:
        calls, seconds = calls_during(lambda act=act: (act(), settle(qtbot, made)))
        assert calls < 50_000
        assert seconds < 2.5
    assert model.rowCount() == 1_000_000


def button(window: MainWindow, text: str) -> QToolButton:
    return next(b for b in window.findChildren(QToolButton) if b.text() == text)


def counted(window: MainWindow) -> str:
    """Return the words above the table's right corner."""
    return next(shown.text() for shown in window.table.findChildren(QLabel) if "rows" in shown.text())


def test_while_many_rows_are_sorted_the_old_list_stays_and_says_that_another_comes(
    window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = window(million_rows())
    first = cell(made, 0, "score:0")
    monkeypatch.setattr(listing, "STEP", 256)  # so that it takes long enough to be seen
    click_title(made, "loss")
    made.table.refresh_now()
    assert counted(made).startswith("listing … · ")
    assert cell(made, 0, "score:0") == first
    settle(qtbot, made)
    assert counted(made).startswith("1\u2009000\u2009000 rows · ")
    assert cell(made, 0, "loss") == "∞"


def test_sorting_can_be_cancelled_and_the_list_stays(
    window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = window(million_rows())
    first, cancel = cell(made, 0, "score:0"), button(made, "Cancel")
    monkeypatch.setattr(listing, "STEP", 64)  # so that it takes long enough to be cancelled
    click_title(made, "loss")
    qtbot.waitUntil(cancel.isVisible)
    click(cancel)
    settle(qtbot, made)
    assert not cancel.isVisible()
    assert said(made) == "Cancelled. The rows are listed as before."
    assert made.session.view.sorted_by is None
    assert cell(made, 0, "score:0") == first


def test_a_threshold_paints_only_the_lines_that_it_turns(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    told: list[tuple[int, int]] = []
    made.table.model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    made.session.apply(made.session.document.with_threshold(0.62), "Move threshold")
    settle(qtbot, made)
    assert told == [(3, 3)]
    assert cell(made, 3, "decision") == "no ✓"


def test_a_cell_of_a_million_rows_is_edited_at_once(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(million_rows())
    started = time.perf_counter()
    type_into(made, 2, "score:0", "0.5")
    settle(qtbot, made)
    assert time.perf_counter() - started < 1.0
    assert cell(made, 2, "loss") == "0.693"


def test_ten_thousand_names_are_pasted_at_once(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    go_to(made, 0, "name")
    started = time.perf_counter()
    paste(qtbot, made, "".join(f"name {row}\n" for row in range(10_000)))
    assert time.perf_counter() - started < 2.0
    assert cell(made, 9_999, "name") == "name 9999"


# Narrow windows


def test_a_narrow_window_shows_and_pastes_the_chosen_models_scores(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0], {"A": [0.5, 0.5], "B": [0.6, 0.6]}), size=(1000, 700))
    made.session.look(model=1)
    settle(qtbot, made)
    hidden = [key for c, key in enumerate(made.table.model.columns) if made.table.view.isColumnHidden(c)]
    assert hidden == ["score:0"]
    go_to(made, 0, "label")
    paste(qtbot, made, "0\t0.1\n1\t0.2\n")
    assert made.session.document.scores_of(0, np.arange(2)).tolist() == [0.5, 0.5]
    assert made.session.document.scores_of(1, np.arange(2)).tolist() == [0.1, 0.2]


@pytest.mark.parametrize("sample", ["breast_cancer", "digits"])
def test_a_projector_shows_five_rows_and_nothing_cut_off(window: MakeWindow, sample: str) -> None:
    made = window(files.read(resource("samples", f"{sample}.csv")), theme="projector", size=(1280, 720))
    view, cards = made.table.view, made.scoreboard.cards
    assert made.size().toTuple() == (1280, 720)
    assert view.viewport().height() >= 5 * view.verticalHeader().defaultSectionSize()
    assert view.verticalHeader().defaultSectionSize() >= view.fontMetrics().height() + 10  # of which six hold the bar
    assert made.table._count.isVisible()
    assert made.table._count.width() >= made.table._count.sizeHint().width()
    assert all(card.height() >= card.minimumSizeHint().height() for card in cards)
    if len(cards) == 2:
        assert all(made.scoreboard.rect().contains(card.geometry()) for card in cards)


def test_what_is_counted_goes_where_there_is_room_when_the_window_gets_lower_and_higher(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(two_models())
    assert made.table._title.isVisible()
    words = made.table._count.text()
    assert " · " in words
    made.resize(1440, 560)
    settle(qtbot, made)
    assert not made.table._title.isVisible()
    assert made.table._count.geometry().top() > made.table.view.geometry().bottom()
    assert words.endswith(made.table._count.text())
    assert made.table._count.toolTip() == words
    made.resize(1440, 900)
    settle(qtbot, made)
    assert made.table._title.isVisible()
    assert made.table._count.geometry().bottom() < made.table.view.geometry().top()
    assert made.table._count.text() == words


# All of many


def test_all_of_many_rows_are_selected_without_an_array_of_them(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(million_rows())
    made.table.select_all()
    settle(qtbot, made)
    assert made.session.view.selected == range(1_000_000)
    made.session.look(sorted_by="loss", descending=True)  # the lines are others, and still all selected
    settle(qtbot, made)
    selection = made.table.view.selectionModel().selection()
    assert [(selection.at(i).top(), selection.at(i).bottom()) for i in range(selection.count())] == [(0, 999_999)]
    made.session.look(shown=Shown.SELECTED, sorted_by=None)
    settle(qtbot, made)
    assert made.table.model.rowCount() == 1_000_000


def test_of_all_of_many_rows_one_click_leaves_that_one_and_delete_takes_all(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(million_rows())
    made.table.select_all()
    settle(qtbot, made)
    click(made.table.view.viewport(), in_table(made.table, 3, "name"))
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == [3]
    made.table.select_all()
    made.table.delete_rows()
    settle(qtbot, made)
    assert made.session.document.rows == 0
    made.session.undo_stack.undo()
    settle(qtbot, made)
    assert made.table.model.rowCount() == 1_000_000
