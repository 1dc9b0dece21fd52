"""The cards: what they say of each model, and how a model is chosen and renamed on them."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from ui.documents import questions, two_models
from ui.hands import click, double_click, key, write
from ui.windows import MakeWindow, settle
from xentviz import files
from xentviz.core.document import Document
from xentviz.paths import resource
from xentviz.session.view import Shown
from xentviz.ui.panels.scoreboard import ModelCard
from xentviz.ui.window.main_window import MainWindow


def names(window: MainWindow) -> list[str]:
    """Return the names on the cards."""
    return [card.name.text() for card in window.scoreboard.cards]


def readout(window: MainWindow) -> str:
    """Return what stands beside the current dot."""
    found = [item.toPlainText() for item in window.explore.loss_plot.scene().items() if hasattr(item, "toPlainText")]
    return next(words for words in found if "loss" in words)


def editor() -> QLineEdit:
    """Return the line that is being typed in."""
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    return focused


def loss_cell(window: MainWindow, line: int) -> str:
    """Return what the table shows as the loss on a line."""
    table = window.table.model
    return table.data(table.index(line, table.columns.index("loss")))


def test_the_film_still_costs_0_412_nats_and_is_decided_rightly_three_times_of_four(window: MakeWindow) -> None:
    card = window().scoreboard.cards[0]
    assert (card.loss.text(), card.unit.text()) == ("0.412", "nats a row")
    assert (card.accuracy.text(), card.f1.text()) == ("75 %", "0.80")


def test_of_several_questions_f1_is_called_micro_until_one_is_looked_at(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    titles = [label.text() for label in made.scoreboard.cards[0].findChildren(QLabel)]
    assert "micro F1 at T" in titles
    assert made.scoreboard.cards[0].f1.toolTip().startswith("Of the answers to all categories together: 2 TP /")
    made.session.look(category=0)
    settle(qtbot, made)
    assert "F1 at T" in [label.text() for label in made.scoreboard.cards[0].findChildren(QLabel)]


@pytest.mark.parametrize(
    ("action", "on_card", "in_table", "in_plot", "in_working"),
    [
        ("unit_bits", ("0.595", "bits a row"), "1.737", "loss 1.737 bits", "= 0.595 bits"),
        ("unit_bans", ("0.179", "bans a row"), "0.523", "loss 0.523 bans", "= 0.179 bans"),
        ("reduction_sum", ("1.648", "nats in all"), "1.204", "loss 1.204 nats", "= 1.648 nats"),
    ],
)
def test_unit_and_reduction_change_everywhere_at_once(
    window: MakeWindow,
    qtbot: QtBot,
    action: str,
    on_card: tuple[str, str],
    in_table: str,
    in_plot: str,
    in_working: str,
) -> None:
    made = window()
    made.actions_by_name[action].trigger()
    settle(qtbot, made)
    card = made.scoreboard.cards[0]
    assert (card.loss.text(), card.unit.text()) == on_card
    assert loss_cell(made, 2) == in_table
    assert in_plot in readout(made)
    assert made.working.formula.text().endswith(in_working)


def test_back_in_nats_everything_is_as_before(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    before = (made.scoreboard.cards[0].loss.text(), loss_cell(made, 2), readout(made), made.working.slope.text())
    for action in ("unit_bans", "reduction_sum", "unit_nats", "reduction_mean"):
        made.actions_by_name[action].trigger()
        settle(qtbot, made)
    after = (made.scoreboard.cards[0].loss.text(), loss_cell(made, 2), readout(made), made.working.slope.text())
    assert after == before


@pytest.mark.parametrize(
    ("action", "slopes"),
    [
        ("unit_nats", ("= 0.833", "= 0.175")),
        ("unit_bits", ("= 1.202", "= 0.252")),
        ("reduction_sum", ("= 3.333", "= 0.700")),
    ],
)
def test_the_working_shows_the_gradient_of_the_current_row(
    window: MakeWindow, qtbot: QtBot, action: str, slopes: tuple[str, str]
) -> None:
    made = window()
    made.actions_by_name[action].trigger()
    settle(qtbot, made)
    by_p, by_z = made.working.slope.text().splitlines()
    assert (by_p[:5], by_p.endswith(slopes[0])) == ("∂L/∂p", True)
    assert (by_z[:5], by_z.endswith(slopes[1])) == ("∂L/∂z", True)


def test_a_click_chooses_a_model(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    click(made.scoreboard.cards[1])
    settle(qtbot, made)
    assert made.session.view.model == 1
    assert [card.property("chosen") for card in made.scoreboard.cards] == [False, True]
    assert loss_cell(made, 0) == "0.511"


@pytest.mark.parametrize("pressed", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_card_can_be_reached_and_chosen_with_keys(window: MakeWindow, pressed: Qt.Key) -> None:
    made = window(two_models())
    made.scoreboard.cards[0].setFocus()
    key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is made.scoreboard.cards[1]
    key(pressed)
    assert made.session.view.model == 1


def _by_double_click(card: ModelCard) -> None:
    double_click(card)


def _by_f2(card: ModelCard) -> None:
    card.setFocus()
    key(Qt.Key.Key_F2)


def _by_menu(card: ModelCard) -> None:
    click(card)
    window = card.window()
    assert isinstance(window, MainWindow)
    window.actions_by_name["rename_model"].trigger()


@pytest.mark.parametrize("begin", [_by_double_click, _by_f2, _by_menu])
def test_a_model_is_renamed_in_its_card(window: MakeWindow, qtbot: QtBot, begin) -> None:
    made = window(two_models())
    begin(made.scoreboard.cards[1])
    write("braver")
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert names(made) == ["sure", "braver"]
    assert made.session.undo_stack.undoText() == "Rename model"
    made.session.undo_stack.undo()
    settle(qtbot, made)
    assert names(made) == ["sure", "vague"]


def test_esc_keeps_the_name(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    _by_f2(made.scoreboard.cards[0])
    write("braver")
    key(Qt.Key.Key_Escape)
    settle(qtbot, made)
    assert names(made) == ["sure", "vague"]
    assert made.session.undo_stack.count() == 0


def test_leaving_the_line_accepts_the_name(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    _by_f2(made.scoreboard.cards[0])
    write("braver")
    made.table.view.setFocus()
    settle(qtbot, made)
    assert names(made) == ["braver", "vague"]
    assert made.session.undo_stack.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("vague", "There is a model called “vague” already; this one keeps the name it had."),
        (" vague ", "There is a model called “vague” already; this one keeps the name it had."),
        ("", "A model needs a name; this one keeps the name it had."),
        ("  ", "A model needs a name; this one keeps the name it had."),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_a_sentence(
    window: MakeWindow, qtbot: QtBot, typed: str, sentence: str
) -> None:
    made = window(two_models())
    _by_f2(made.scoreboard.cards[0])
    key(Qt.Key.Key_Delete)
    write(typed)
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert made.message.isVisible()
    assert made.message.text.text() == sentence
    assert names(made) == ["sure", "vague"]
    assert made.session.undo_stack.count() == 0


def test_the_same_name_again_is_no_step_to_undo(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    _by_f2(made.scoreboard.cards[0])
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert not made.message.isVisible()
    assert made.session.undo_stack.count() == 0


def test_a_name_that_is_being_typed_is_dropped_with_its_model(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    _by_f2(made.scoreboard.cards[1])
    write("braver")
    made.session.apply(made.session.document.without_model(1), "delete")
    settle(qtbot, made)
    assert names(made) == ["sure"]


def test_a_name_that_is_being_typed_is_not_given_to_a_model_of_another_document(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(two_models())
    _by_f2(made.scoreboard.cards[1])
    write("braver")
    made.session.apply(Document.create([1], {"A": [0.5], "B": [0.6]}), "open")
    settle(qtbot, made)
    made.table.view.setFocus()
    settle(qtbot, made)
    assert names(made) == ["A", "B"]


def test_a_name_may_hold_markup_and_braces(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    _by_f2(made.scoreboard.cards[0])
    write("{number} <b>&x</b>")
    key(Qt.Key.Key_Return)
    made.actions_by_name["duplicate_model"].trigger()
    key(Qt.Key.Key_Escape)
    settle(qtbot, made)
    assert names(made) == ["{number} <b>&x</b>", "{number} <b>&x</b>, copy 1", "vague"]


def test_the_best_is_marked_in_words(window: MakeWindow) -> None:
    made = window(two_models())
    assert [card.verdict.text() for card in made.scoreboard.cards] == ["lowest loss", "highest accuracy\nhighest F1"]


def test_a_low_window_has_room_for_one_such_word(window: MakeWindow) -> None:
    cards = window(two_models(), size=(1440, 500)).scoreboard.cards
    assert [card.verdict.text() for card in cards] == ["lowest loss", "highest accuracy"]
    assert all(card.verdict.isVisible() for card in cards)


def test_what_is_not_shown_makes_nobody_the_best(window: MakeWindow) -> None:
    nearly = {"A": [0.66585, 0.33415], "B": [0.66578, 0.33422]}
    cards = window(Document.create([1, 0], nearly)).scoreboard.cards
    assert cards[0].loss.text() == cards[1].loss.text() == "0.407"
    assert [card.verdict.text() for card in cards] == ["", ""]


def test_those_shown_alike_are_the_best_together(window: MakeWindow) -> None:
    scores = {"A": [0.66585, 0.33415], "B": [0.66578, 0.33422], "C": [0.6, 0.4]}
    cards = window(Document.create([1, 0], scores)).scoreboard.cards
    assert [card.verdict.text() for card in cards] == ["lowest loss", "lowest loss", ""]


def test_nobody_is_best_alone_or_where_all_are_alike(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0], {"A": [0.8, 0.2]}))
    assert made.scoreboard.cards[0].verdict.text() == ""
    made.actions_by_name["duplicate_model"].trigger()
    key(Qt.Key.Key_Escape)
    settle(qtbot, made)
    assert [card.verdict.text() for card in made.scoreboard.cards] == ["", ""]


def _two_certain_and_wrong() -> Document:
    return Document.create([1, 0, 1, 0], {"A": [0.0, 1.0, 0.5, 0.5], "B": [0.9, 0.1, 0.8, 0.3]})


def test_infinite_rows_are_told_and_what_the_mean_is_without_them(window: MakeWindow) -> None:
    made = window(_two_certain_and_wrong())
    card = made.scoreboard.cards[0]
    assert card.loss.text() == "∞"
    assert card.infinite.isVisible()
    assert card.infinite.text() == "∞ in 2 rows · 0.693 without"
    assert not made.scoreboard.cards[1].infinite.isVisible()


def test_a_click_on_the_infinite_rows_lists_them(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(_two_certain_and_wrong())
    click(made.scoreboard.cards[1])
    click(made.scoreboard.cards[0].infinite)
    settle(qtbot, made)
    assert made.session.view.model == 0
    assert made.session.view.shown is Shown.INFINITE
    table = made.table.model
    assert [table.data(table.index(line, 0)) for line in range(table.rowCount())] == ["row 1", "row 2"]
    assert [loss_cell(made, line) for line in range(2)] == ["∞", "∞"]


def test_the_infinite_rows_can_be_listed_with_keys(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(_two_certain_and_wrong())
    key(Qt.Key.Key_3, held=Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, made)
    assert made.table.model.rowCount() == 2


def test_f1_is_a_dash_with_its_reason_where_nothing_is_yes(window: MakeWindow) -> None:
    card = window(Document.create([0, 0], {"A": [0.1, 0.2]})).scoreboard.cards[0]
    assert card.f1.text() == "—"
    assert card.f1.toolTip().startswith("Not defined")
    assert card.accuracy.text() == "100 %"


@pytest.mark.parametrize("labels", [[], [np.nan, np.nan]])
def test_without_labelled_rows_every_figure_is_a_dash_with_its_reason(window: MakeWindow, labels: list[float]) -> None:
    card = window(Document.create(labels, {"A": [0.5] * len(labels)})).scoreboard.cards[0]
    assert [figure.text() for figure in (card.loss, card.accuracy, card.f1)] == ["—", "—", "—"]
    for figure in (card.loss, card.accuracy, card.f1):
        assert figure.toolTip().startswith("Not defined")


def test_without_labelled_rows_the_sum_is_a_dash_too(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([np.nan], {"A": [0.5]}))
    made.actions_by_name["reduction_sum"].trigger()
    settle(qtbot, made)
    assert made.scoreboard.cards[0].loss.text() == "—"


def test_every_figure_has_a_tool_tip(window: MakeWindow) -> None:
    card = window().scoreboard.cards[0]
    assert all(figure.toolTip() for figure in (card.loss, card.accuracy, card.f1))


def test_without_a_model_the_scoreboard_tells_how_to_get_one(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.actions_by_name["delete_model"].trigger()
    settle(qtbot, made)
    assert names(made) == []
    hints = [label.text() for label in made.scoreboard.findChildren(type(made.working.formula)) if label.isVisible()]
    assert any("Add model" in hint for hint in hints)


def test_a_new_model_is_named_at_once(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.actions_by_name["add_model"].trigger()
    write("Second")
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert names(made) == ["Guess", "Second"]
    assert made.session.view.model == 1
    assert made.scoreboard.cards[1].loss.text() == "0.693"


def test_a_copy_stands_after_its_original_and_says_the_same(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    made.actions_by_name["duplicate_model"].trigger()
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert names(made) == ["sure", "sure, copy 1", "vague"]
    assert made.scoreboard.cards[0].loss.text() == made.scoreboard.cards[1].loss.text()


def test_deleting_the_chosen_model_leaves_the_others(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    click(made.scoreboard.cards[1])
    made.actions_by_name["delete_model"].trigger()
    settle(qtbot, made)
    assert names(made) == ["sure"]
    assert made.session.view.model == 0


def test_a_right_click_offers_what_can_be_done_with_a_model(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    qtbot.mouseClick(made.scoreboard.cards[1], Qt.MouseButton.RightButton)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert made.session.view.model == 1
    assert [action.text().replace("&", "") for action in menu.actions()] == [
        "Rename model",
        "Duplicate model",
        "Delete model",
    ]
    menu.close()


def test_losses_that_differ_only_by_rounding_have_no_best(window: MakeWindow) -> None:
    p = np.array([0.3, 0.9, 0.4])
    document = Document.create([1, 0, 1], {"A": p, "B": np.log(p / (1 - p))}, logits=["B"])
    made = window(document)
    first, second = (made.session.results_of(model).mean_loss for model in range(2))
    assert first == pytest.approx(second, rel=1e-14)
    assert [card.verdict.text() for card in made.scoreboard.cards] == ["", ""]


def test_cards_that_words_make_too_wide_scroll_and_are_not_cut_below(window: MakeWindow) -> None:
    made = window(files.read(resource("samples", "breast_cancer.csv")), size=(1000, 720))
    board = made.scoreboard
    assert board._scroll.horizontalScrollBar().isVisible()
    for card in board.cards:
        assert card.height() >= card.minimumSizeHint().height()
        assert card.geometry().bottom() < board._scroll.viewport().height()


@pytest.mark.parametrize(
    ("theme", "size"), [("light", (1280, 720)), ("projector", (1440, 900)), ("projector", (1280, 720))]
)
def test_cards_of_three_models_are_seen_whole_and_the_rest_is_in_their_tips(
    window: MakeWindow, theme: str, size: tuple[int, int]
) -> None:
    made = window(files.read(resource("samples", "breast_cancer.csv")), theme=theme, size=size)
    board = made.scoreboard
    assert made.size().toTuple() == size
    assert not board._scroll.horizontalScrollBar().isVisible()
    for card in board.cards:
        assert card.width() >= card.minimumSizeHint().width()
    forest = board.cards[2]
    told = forest.infinite if forest.infinite.isVisible() else forest.loss
    assert "Without them the loss is 0.108." in told.toolTip()
    assert "∞ in 2 rows" in (told.text() if told is forest.infinite else told.toolTip())
