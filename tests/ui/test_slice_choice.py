"""One slice of the rows compared in place of all, chosen from a menu, on every side."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, answers, questions, two_models
from ui.hands import click, double_click, key
from ui.test_compare_workspace import SIDES, turn_to, workspace
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document
from xentviz.core.duel import Outcome
from xentviz.core.evaluation import evaluate
from xentviz.session.comparing import Slicing
from xentviz.ui.numbers import loss_text
from xentviz.ui.panels.slice_choice import SliceChoice
from xentviz.ui.widgets.slice_list import SliceList
from xentviz.ui.window.main_window import MainWindow

CITIES = ["Oslo", "R & B"]


def document(rows: int = 80) -> Document:
    """Return two models' scores of rows in two cities."""
    rng = np.random.default_rng(2)
    labels, codes = rng.integers(0, 2, rows), rng.integers(0, 2, rows)
    return Document.create(labels, {m: rng.random(rows) for m in "AB"}).with_grouping("city", CITIES, codes)


def choice(made: MainWindow) -> SliceChoice:
    """Return the button on the page that is shown."""
    return made.compare.scores.slice


def listed(menu: QMenu) -> dict[str, QAction]:
    """Return the actions that an open menu lists, those of other menus under these menus' names."""
    menu.aboutToShow.emit()
    found: dict[str, QAction] = {}
    for action in menu.actions():
        below = action.menu()
        inside = below.actions() if isinstance(below, QMenu) else [action]
        found |= {(f"{action.text()} / {one.text()}" if below else one.text()): one for one in inside if one.text()}
    return found


def choose(qtbot: QtBot, made: MainWindow, name: str) -> None:
    """Choose rows from the menu."""
    listed(choice(made).menu())[name].trigger()
    settle(qtbot, made)


def loss_shown(made: MainWindow, model: int) -> str:
    """Return the loss in the scoreboard."""
    return made.compare.scores.grid.lines.rows[model].cells[0].text


def test_the_menu_lists_the_slices_of_every_division(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document())
    workspace(qtbot, made)
    names = list(listed(choice(made).menu()))
    assert names[:3] == ["All rows", "by label / is yes", "by label / is no"]
    assert names[3:5] == ["by score, in tenths / 0 – 0.1", "by score, in tenths / 0.1 – 0.2"]
    assert names[-2:] == ["by city / Oslo", "by city / R && B"]
    assert choice(made).text() == "all rows ▾"


def test_the_menu_says_which_columns_have_too_many_words(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(replace(document(), undivided=("R&D",)))
    workspace(qtbot, made)
    name, line = list(listed(choice(made).menu()).items())[-1]
    assert name == "R&&D: over 200 words"
    assert not line.isEnabled()
    assert "more than 200 different words" in line.toolTip()


def test_a_slice_is_compared_in_place_of_all_rows_and_all_rows_again(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document())
    all_rows = workspace(qtbot, made)
    before = [loss_shown(made, model) for model in (0, 1)]
    choose(qtbot, made, "by city / R && B")
    inside = np.flatnonzero(made.session.document.groupings[0].codes.array() == 1)
    outside = np.setdiff1d(np.arange(80), inside)
    expected = [loss_text(of.mean_loss) for of in evaluate(document().without_rows(outside)).models]
    assert made.compare is not all_rows
    assert [loss_shown(made, model) for model in (0, 1)] == expected != before
    assert choice(made).text() == "only R && B ▾"
    assert made.compare.scores.title.number.text() == f"{len(inside)} rows"
    assert choice(made).isChecked()
    assert [name for name, action in listed(choice(made).menu()).items() if action.isChecked()] == ["by city / R && B"]
    choose(qtbot, made, "All rows")
    assert made.compare is all_rows
    assert [loss_shown(made, model) for model in (0, 1)] == before
    assert not choice(made).isChecked()


def test_the_side_and_the_keys_stay_where_they_were(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document())
    workspace(qtbot, made)
    turn_to(qtbot, made, "losses")
    made.compare.scores.grid.setFocus()
    choose(qtbot, made, "by label / is yes")
    assert made.session.view.side == "losses"
    assert made.compare.scores.grid.hasFocus()
    turn_to(qtbot, made, "curves")
    choose(qtbot, made, "All rows")
    assert made.session.view.side == "curves"
    assert made.compare.roc.isVisible()


def test_another_division_is_of_all_rows(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document())
    workspace(qtbot, made)
    turn_to(qtbot, made, "slices")
    choose(qtbot, made, "by score, in tenths / 0.2 – 0.3")
    slices = made.compare.slices
    assert slices.list.slices.count == 10  # of all rows: another can be chosen
    slices.slicing.setCurrentIndex(0)
    slices.slicing.activated.emit(0)
    settle(qtbot, made)
    assert choice(made).text() == "all rows ▾"
    assert made.session.view.comparing.slicing is Slicing.LABEL


def test_rows_picked_in_a_slice_are_listed_among_all(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document())
    workspace(qtbot, made)
    choose(qtbot, made, "by city / Oslo")
    turn_to(qtbot, made, "slices")
    turn_to(qtbot, made, "rows")
    inside = np.flatnonzero(made.session.document.groupings[0].codes.array() == 0)
    click(made.compare.duel.numbers.buttons[Outcome.FIRST_WINS])
    settle(qtbot, made)
    document_, chosen = made.session.document, np.asarray(made.session.view.selected)
    of_truth = [np.abs(document_.labels_of(inside) - 1 + document_.probabilities_of(m, inside)) for m in (0, 1)]
    assert chosen.tolist() == inside[of_truth[0] > of_truth[1]].tolist()


def test_a_range_of_equal_counts_is_not_looked_at_alone(window: MakeWindow, qtbot: QtBot) -> None:
    few_scores = np.tile([0.2, 0.5, 0.8], 20)  # in three ranges, not in ten
    made = window(Document.create(np.arange(60) % 2, {"A": few_scores, "B": np.linspace(0, 1, 60)}))
    workspace(qtbot, made)
    for number in (1, 8):
        made.session.compare(slicing=Slicing.SCORE, equal_slices=True, only=number)
        settle(qtbot, made)
        assert choice(made).text() == "all rows ▾"
        assert made.compare.scores.title.number.text() == "60 rows"
    made.session.compare(equal_slices=False)
    settle(qtbot, made)
    assert choice(made).text() == "only 0.8 – 0.9 ▾"
    assert made.compare.scores.title.number.text() == "20 rows"


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_is_compared_slice_by_slice(name: str, window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES[name]())
    workspace(qtbot, made)
    for number, side in enumerate(SIDES):
        made.session.compare(only=number % 2)
        turn_to(qtbot, made, side)
        settle(qtbot, made)
        assert made.compare.isVisible()
    made.session.undo_stack.setIndex(0)
    made.session.compare(only=None)
    settle(qtbot, made)


def test_a_menu_opens_by_key(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document())
    workspace(qtbot, made)
    button = choice(made)
    button.setFocus()
    menu = button.menu()
    QTimer.singleShot(100, menu.close)  # opened by a key it has an event loop of its own
    with qtbot.waitSignal(menu.aboutToShow):
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert menu.actions()[0].text() == "All rows"


def slices_of(qtbot: QtBot, made: MainWindow, column: str = "city") -> SliceList:
    """Return the list of slices by a column, which has the keys."""
    workspace(qtbot, made)
    made.session.compare(slicing=Slicing.COLUMN, column=column)
    turn_to(qtbot, made, "slices")
    made.compare.slices.list.setFocus()
    settle(qtbot, made)
    return made.compare.slices.list


def test_a_double_click_on_a_slice_compares_on_its_rows_alone_and_another_on_all(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(document())
    shown = slices_of(qtbot, made)
    assert "Shift+Enter: compare on these rows alone" in shown.tip(1)
    double_click(shown.viewport(), shown.cell_rect(1).center())
    settle(qtbot, made)
    assert choice(made).text() == "only R && B ▾"
    again = made.compare.slices.list
    assert again is not shown
    assert "all rows again" in again.tip(1)
    assert "compare on these rows alone" in again.tip(0)
    double_click(again.viewport(), again.cell_rect(1).center())
    settle(qtbot, made)
    assert choice(made).text() == "all rows ▾"
    assert made.compare.slices.list is shown


def test_shift_and_enter_go_from_slice_to_slice_and_the_keys_stay_in_the_list(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document())
    first = slices_of(qtbot, made)
    key(Qt.Key.Key_Return, held=Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, made)
    assert choice(made).text() == "only Oslo ▾"
    assert made.compare.slices.list.hasFocus()
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Return, held=Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, made)
    assert choice(made).text() == "only R && B ▾"
    key(Qt.Key.Key_Return, held=Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, made)
    assert choice(made).text() == "all rows ▾"
    assert first.hasFocus()


def test_the_slice_looked_at_has_a_bar_at_its_left_in_either_panel(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document())
    slices_of(qtbot, made)
    choose(qtbot, made, "by city / R && B")
    made.compare.pictures.drawn.setCurrentIndex(1)
    settle(qtbot, made)
    for area in (made.compare.slices.list, made.compare.pictures.grid):
        seen, colour = area.viewport().grab().toImage(), QColor(made.look.theme.accent)
        bars = [seen.pixelColor(area.cell_rect(place).left() + 1, area.cell_rect(place).top() + 9) for place in (0, 1)]
        assert [bar == colour for bar in bars] == [False, True]


def test_what_lies_in_no_slice_is_not_looked_at_alone(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document().with_grouping("team", ["red"], np.repeat([0, 1], 40)))
    shown = slices_of(qtbot, made, "team")
    assert shown.count == 2
    assert "alone" not in shown.tip(1)
    double_click(shown.viewport(), shown.cell_rect(1).center())
    settle(qtbot, made)
    assert choice(made).text() == "all rows ▾"
    assert len(made.session.view.selected) == 40


def test_another_document_is_compared_on_all_its_rows_however_it_comes(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document())
    first = workspace(qtbot, made)
    made.session.apply(two_models(), "open", opening=True)
    made.session.undo_stack.undo()
    choose(qtbot, made, "by city / R && B")
    made.session.undo_stack.redo()
    settle(qtbot, made)
    assert choice(made).text() == "all rows ▾"
    assert made.compare is first


def test_another_category_has_other_labels_and_the_same_cities(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(30, 3).with_grouping("city", CITIES, np.tile([0, 1], 15)))
    workspace(qtbot, made)
    choose(qtbot, made, "by label / category 1")
    made.session.look(category=2)
    settle(qtbot, made)
    assert choice(made).text() == "all rows ▾"
    choose(qtbot, made, "by city / Oslo")
    made.session.look(category=None)
    settle(qtbot, made)
    assert choice(made).text() == "only Oslo ▾"


def test_the_page_of_a_slice_is_scrolled_as_that_of_all_rows_was(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document(), theme="projector", size=(1280, 720))
    shown = slices_of(qtbot, made)
    made.compare.scroll_to_choice()
    top = shown.mapTo(made, QPoint(0, 0)).y()
    key(Qt.Key.Key_Return, held=Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, made)
    again = made.compare.slices.list
    assert again.hasFocus()
    # Heights are rounded as panels come: a page that is not scrolled is hundreds of pixels off.
    assert again.mapTo(made, QPoint(0, 0)).y() == pytest.approx(top, abs=2)


def test_a_slice_of_one_answer_in_many_says_of_how_many_rows_it_is(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(30, 3, labels=np.tile([0, 1, 1], 10)))
    workspace(qtbot, made)
    assert made.compare.scores.title.number.text() == "30 rows"
    choose(qtbot, made, "by label / category 1")
    assert made.compare.scores.title.number.text() == "20 rows"
    made.session.look(category=1)
    settle(qtbot, made)
    assert made.compare.scores.title.number.text() == ""  # its loss is of some of them, its decisions are of all


def test_answers_to_several_questions_are_counted(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    workspace(qtbot, made)
    assert made.compare.scores.title.number.text() == "6 answers"


def test_no_page_of_a_slice_is_made_once_the_session_is_closed(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(document())
    workspace(qtbot, made)
    made.session.compare(only=0)
    pages = made._compare_pages
    assert pages.will_turn
    made.session.close()
    qtbot.waitUntil(lambda: not pages.will_turn)
    assert pages.count() == 1


@pytest.mark.parametrize(
    ("category", "name", "said"),
    [
        (None, "by label / is yes", "only any question: is yes ▾"),
        (1, "by label / is category 1", "only is category 1 ▾"),
        (1, "by label / is not", "only is not category 1 ▾"),
    ],
)
def test_a_label_of_several_questions_is_told_with_what_is_asked(
    window: MakeWindow, qtbot: QtBot, category: int | None, name: str, said: str
) -> None:
    made = window(EXTREMES["three categories"]())
    workspace(qtbot, made)
    made.session.look(category=category)
    choose(qtbot, made, name)
    assert choice(made).text() == said


def test_what_is_another_answer_is_told_with_what_it_is_not(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(30, 3))
    workspace(qtbot, made)
    choose(qtbot, made, "by label / category 1")
    assert choice(made).text() == "only category 1 ▾"
    made.session.look(category=1)
    choose(qtbot, made, "by label / is another")
    assert choice(made).text() == "only is not category 1 ▾"
