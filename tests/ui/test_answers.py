"""Rows with one answer in many: what every panel says of them, and what a hand can do to them."""

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.documents import animals, answers
from ui.hands import CTRL, in_plot, key, let_go, press, pull
from ui.test_explore import curves, points, readout
from ui.test_table import cell, column, copied, go_to, open_editor, paste, said, selected, sort, type_into
from ui.test_threshold import counts, type_threshold
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.core.evaluation import evaluate
from xentviz.files.export import as_json
from xentviz.session.view import Axis, Shown
from xentviz.ui.messages import sentence
from xentviz.ui.numbers import loss_text, ratio_text, share_text
from xentviz.ui.panels.answers import category_of
from xentviz.ui.window.main_window import MainWindow

NAN = math.nan
# p of the truth is 0.5, 0.1, 0.6, 0.8.
LOSSES = [math.log(2), math.log(10), -math.log(0.6), -math.log(0.8)]


def animals_as_logits() -> Document:
    """Return the animals with logits, each row moved by another number, that come to the same probabilities."""
    p = animals().models[0].scores.array()
    logits = np.log(p) + np.array([[3.0], [-1.0], [0.0], [7.0]])
    names = animals().categories
    return Document.create([0, 1, 2, 1], {"Z": logits}, logits=["Z"], categories=names, multiclass=True)


def soft_animals() -> Document:
    """Return a row whose label is spread over two animals, a certain one, and one without a label."""
    labels = [[0.75, 0.25, 0], [0, 1, 0], [NAN] * 3]
    scores = [[0.5, 0.25, 0.25], [0.6, 0.1, 0.3], [0.2, 0.2, 0.6]]
    return Document.create(labels, {"A": scores}, categories=animals().categories, multiclass=True)


def probabilities(window: MainWindow, model: int = 0) -> list[list[float]]:
    """Return the scores of a model, row by row."""
    return window.session.document.models[model].scores.array().round(6).tolist()


def truths(window: MainWindow) -> list[int]:
    """Return the true categories of all rows."""
    document = window.session.document
    return document.truths_of(np.arange(document.rows)).tolist()


def shown(window: MainWindow) -> str:
    """Return all that visible labels say."""
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def look(qtbot: QtBot, window: MainWindow, **choices: object) -> None:
    """Look at something else, and wait until it is drawn."""
    window.session.look(**choices)
    settle(qtbot, window)


def tip(window: MainWindow, line: int, name: str) -> str:
    """Return the tool tip of a cell."""
    model = window.table.model
    return model.data(model.index(line, model.columns.index(name)), Qt.ItemDataRole.ToolTipRole)


def heading(window: MainWindow, name: str) -> str:
    """Return the title of a column."""
    model = window.table.model
    return model.headerData(model.columns.index(name), Qt.Orientation.Horizontal)


# What is said of all categories


@pytest.mark.parametrize("make", [animals, animals_as_logits])
def test_the_card_counts_rows_and_averages_f1_over_the_categories(window: MakeWindow, make) -> None:
    card = window(make()).scoreboard.cards[0]
    assert (card.loss.text(), card.unit.text()) == (f"{sum(LOSSES) / 4:.3f}", "nats a row") == ("0.932", "nats a row")
    # cat: 1 right, 1 too many; dog: 1 right, 1 missed; bird: 1 right.
    assert (card.accuracy.text(), card.f1.text()) == ("75 %", ratio_text((2 / 3 + 2 / 3 + 1) / 3))
    assert "macro F1" in [label.text() for label in card.findChildren(QLabel)]
    assert card.loss.toolTip().startswith("Cross-entropy of the 4 labelled rows")


@pytest.mark.parametrize("make", [animals, animals_as_logits])
def test_the_table_has_a_line_for_each_row(window: MakeWindow, make) -> None:
    made = window(make())
    assert made.table.model.columns == ("name", "label", "score:0", "decision", "loss", "gradient")
    assert (heading(made, "label"), heading(made, "decision")) == ("truth", "decided")
    assert column(made, "name") == ["row 1", "row 2", "row 3", "row 4"]
    assert column(made, "label") == ["cat", "dog", "bird", "dog"]
    assert column(made, "decision") == ["✓ cat", "✗ cat", "✓ bird", "✓ dog"]
    assert column(made, "loss") == [loss_text(loss) for loss in LOSSES]
    assert "4 rows · 1 wrong at T" in shown(made)


def test_scores_are_those_of_the_true_category_and_gradients_by_them(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    assert column(made, "score:0") == ["0.50", "0.10", "0.60", "0.80"]
    assert column(made, "gradient") == [loss_text(-1 / p / 4) for p in (0.5, 0.1, 0.6, 0.8)]
    made.session.apply(animals_as_logits(), "logits")
    settle(qtbot, made)
    assert column(made, "score:0") == [
        f"{v:.3f}".replace("-", "−") for v in (2.3068528, -3.302585, -0.5108256, 6.7768564)
    ]
    assert column(made, "gradient") == [loss_text((p - 1) / 4) for p in (0.5, 0.1, 0.6, 0.8)]


def test_tool_tips_tell_of_rows_not_of_answers(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    assert tip(made, 1, "loss") == "−ln(0.10) = 2.303 nats: the less probable dog was held, the more it costs."
    assert tip(made, 1, "decision") == "Decided for cat: its probability, 0.60, is the largest."
    assert tip(made, 0, "label") == "cat"
    type_threshold(qtbot, made, "0.55")
    assert tip(made, 0, "decision") == "Undecided: the largest probability, 0.50, is below the threshold T."
    type_into(made, 0, "label", " ")
    settle(qtbot, made)
    assert tip(made, 0, "loss") == "Not defined: this row has no label or no score."


def test_below_the_threshold_nothing_is_decided(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    assert made.threshold_bar.value.text() == "0.00"
    assert counts(made)["A"] == ["3", "1", "0", "75 %", ratio_text((0.5 + 1 + 1) / 3), ratio_text((1 + 0.5 + 1) / 3)]
    type_threshold(qtbot, made, "0.55")
    assert counts(made)["A"][:4] == ["2", "1", "1", "66.7 %"]
    assert column(made, "decision") == ["✗ none", "✗ cat", "✓ bird", "✓ dog"]
    assert made.scoreboard.cards[0].accuracy.text() == "50 %"
    assert "2 wrong at T (1 undecided)" in shown(made)
    type_threshold(qtbot, made, "1")
    assert counts(made)["A"] == ["0", "0", "4", "—", "—", "0.00"]


def test_the_threshold_bar_says_what_it_compares(window: MakeWindow) -> None:
    bar = window(animals()).threshold_bar
    words = [label.text() for label in bar.findChildren(QLabel) if label.isVisible()]
    assert "largest p ≥ T decides" in words
    assert {"decided\nrightly", "decided\nwrongly", "not\ndecided"} <= set(words)
    assert not bar.apart.isVisible()
    assert "largest probability of each row" in bar.slider.toolTip()


def test_the_formula_has_one_term_for_each_row(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    assert made.working.formula.text() == "L = −1/4 · [ ln 0.50 + ln 0.10 + ln 0.60 + ln 0.80 ] = 0.932 nats"
    look(qtbot, made, current=3, selected=np.array([3]))
    assert made.working.slope.text().splitlines() == [
        "p: cat 0.60 · dog 0.10 · bird 0.30",
        "∂L/∂z: cat 0.150 · dog −0.225 · bird 0.075",
        "∂L/∂p(dog) = 1/4 · (−1/0.10) = −2.500",
    ]
    made.actions_by_name["reduction_sum"].trigger()
    settle(qtbot, made)
    assert made.working.slope.text().splitlines()[2] == "∂L/∂p(dog) = (−1/0.10) = −10.000"


def test_a_soft_label_is_written_out_everywhere(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(soft_animals())
    first = -0.75 * math.log(0.5) - 0.25 * math.log(0.25)
    assert column(made, "label") == ["cat 0.75", "dog", "—"]
    assert tip(made, 0, "label") == "A soft label: cat 0.75 · dog 0.25. Counts and decisions take the largest."
    assert column(made, "loss") == [loss_text(first), loss_text(math.log(10)), "—"]
    mean = loss_text((first + math.log(10)) / 2)
    assert made.working.formula.text() == f"L = −1/2 · [ 0.75 ln 0.50 + 0.25 ln 0.25 + ln 0.10 ] = {mean} nats"
    assert "1 without label or score" in shown(made)
    marks = points(made.explore.loss_plot)
    np.testing.assert_allclose(marks[marks[:, 0] > 0.2], [[math.exp(-first), first]], rtol=1e-12)
    assert "◆ soft label" in shown(made)
    look(qtbot, made, current=0, selected=np.array([0]))
    assert made.working.slope.text().splitlines()[1] == "∂L/∂z: cat −0.125 · dog 0 · bird 0.125"


def test_without_any_label_a_row_still_tells_its_probabilities(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(3, 3, labels=np.full(3, NAN)))
    assert not made.working.slope.isVisible()
    look(qtbot, made, current=3, selected=np.array([3]))
    assert made.working.slope.isVisible()
    assert not made.working.formula.isVisible()
    assert made.working.slope.text().startswith("p: category 0 ")
    assert "\n" not in made.working.slope.text()


def test_the_largest_probabilities_stand_up_if_they_are_right_and_hang_down_if_not(window: MakeWindow) -> None:
    made = window(animals())
    slider, worn = made.threshold_bar.slider, made.look.theme
    picture = slider.grab().toImage()
    ratio = slider.devicePixelRatio()

    def bars(colour: str) -> set[float]:
        """Return in which tenths of the scale there is something in a colour."""
        left, width = worn.px(10), slider.width() - worn.px(20)
        return {
            round((x / ratio - left) / width, 1)
            for x in range(picture.width())
            if any(picture.pixelColor(x, y).name() == colour for y in range(0, picture.height(), 2))
        }

    assert bars(worn.label_1) == {0.5, 0.6, 0.8}
    assert bars(worn.label_0) == {0.6}


def test_squared_error_is_not_offered_for_it_is_no_curve(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    assert not made.actions_by_name["squared_error"].isEnabled()
    look(qtbot, made, squared_error=True)
    assert len(curves(made.explore.loss_plot)) == 1
    assert "squared" not in shown(made)


# What is said of one category


def test_a_category_is_told_against_the_rest(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    look(qtbot, made, category=1)
    card = made.scoreboard.cards[0]
    assert (card.loss.text(), card.unit.text()) == (loss_text((LOSSES[1] + LOSSES[3]) / 2), "nats a row of dog")
    assert (card.accuracy.text(), card.f1.text()) == ("75 %", ratio_text(2 / 3))
    assert "accuracy, one vs rest" in shown(made)
    assert counts(made)["A"] == ["1", "0", "1", "2", "1.00", "0.50"]
    assert "said dog,\nis dog" in shown(made)
    assert column(made, "label") == ["cat", "dog", "bird", "dog"]
    assert column(made, "score:0") == ["0.25", "0.10", "0.20", "0.80"]
    assert heading(made, "decision") == "dog?"
    assert column(made, "decision") == ["✓ no", "✗ no", "✓ no", "✓ yes"]
    assert column(made, "loss") == ["—", loss_text(LOSSES[1]), "—", loss_text(LOSSES[3])]
    assert column(made, "gradient") == ["—", loss_text(-5.0), "—", loss_text(-0.625)]
    assert tip(made, 0, "loss") == "The loss belongs to the row’s true category, cat."
    assert made.working.formula.text() == "L = −1/2 · [ ln 0.10 + ln 0.80 ] = 1.263 nats"
    assert sorted(points(made.explore.loss_plot)[:, 0]) == [0.1, 0.8]


def test_the_chosen_row_of_another_category_has_no_slope(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    look(qtbot, made, category=1, current=0)
    assert made.working.slope.text() == "p: cat 0.50 · dog 0.25 · bird 0.25"


def test_a_row_stays_chosen_when_another_category_is_looked_at(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    go_to(made, 2, "loss")
    for category in (0, 1, 2, None):
        look(qtbot, made, category=category)
        assert selected(made) == [2]


# The same numbers as at the terminal


@pytest.mark.parametrize("threshold", [0.0, 0.45])
@pytest.mark.parametrize("count", [2, 5, 30])
def test_the_window_and_the_terminal_agree(window: MakeWindow, qtbot: QtBot, count: int, threshold: float) -> None:
    document = answers(200, count, thresholds=[threshold])
    made, told = window(document), as_json("", evaluate(document))["models"]
    for card, of in zip(made.scoreboard.cards, told, strict=True):
        assert card.loss.text() == loss_text(of["loss"]["mean"])
        assert card.accuracy.text() == share_text(of["accuracy"])
        assert card.f1.text() == ratio_text(of["macro"]["f1"])
        figures = counts(made)[of["name"]]
        assert figures[0] == str(np.trace(of["confusion"]))
        assert figures[2] == str(sum(of["undecided"]))
        assert figures[4:] == [ratio_text(of["macro"]["precision"]), ratio_text(of["balanced_accuracy"])]
    for category in range(count)[:3]:
        look(qtbot, made, category=category)
        for card, of in zip(made.scoreboard.cards, told, strict=True):
            one = of["per_category"][document.categories[category]]
            assert card.loss.text() == loss_text(one["mean_loss"])
            assert (card.accuracy.text(), card.f1.text()) == (share_text(one["accuracy"]), ratio_text(one["f1"]))
            assert counts(made)[of["name"]][4:] == [ratio_text(one["precision"]), ratio_text(one["recall"])]


@pytest.mark.parametrize("category", [None, 1])
def test_what_the_title_counts_as_wrong_is_what_the_filter_lists(
    window: MakeWindow, qtbot: QtBot, category: int | None
) -> None:
    made = window(answers(300, 4, thresholds=[0.5]))
    look(qtbot, made, category=category, shown=Shown.WRONG)
    lines = made.table.model.rowCount()
    assert 0 < lines < 300
    assert f"· {lines} wrong at T" in shown(made)
    assert all(text.startswith("✗") for text in column(made, "decision"))


# Explore


@pytest.mark.parametrize("make", [animals, animals_as_logits])
def test_every_row_is_one_dot_on_the_one_curve(window: MakeWindow, qtbot: QtBot, make) -> None:
    made, p = window(make()), np.array([0.1, 0.5, 0.6, 0.8])
    x = np.log(p / (1 - p))
    for axis, places in ((Axis.PROBABILITY, p), (Axis.LOGIT, x)):
        look(qtbot, made, axis=axis)
        marks = points(made.explore.loss_plot)
        marks = marks[np.argsort(marks[:, 0])]
        np.testing.assert_allclose(marks, np.column_stack([places, -np.log(p)]), rtol=1e-9)
        (curve,) = curves(made.explore.loss_plot)
        expected = -np.log(curve[:, 0]) if axis is Axis.PROBABILITY else np.logaddexp(0, -curve[:, 0])
        np.testing.assert_allclose(curve[:, 1], expected, atol=1e-12)
    slopes = points(made.explore.gradient_plot)
    np.testing.assert_allclose(np.sort(slopes[:, 1]), p - 1, rtol=1e-9)


def test_the_read_out_speaks_of_the_row(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    look(qtbot, made, current=6, selected=np.array([6]))
    assert readout(made) == "p 0.60 → loss 0.511 nats\ndℓ/dp −1.667 · dℓ/dz −0.400"
    look(qtbot, made, axis=Axis.LOGIT)
    assert readout(made).startswith("log-odds 0.405 · p 0.60 → loss 0.511 nats")


def test_a_dragged_dot_leaves_the_others_of_its_row_in_proportion(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    plot = made.explore.loss_plot
    start, certain, end = (in_plot(plot, p, -math.log(p)) for p in (0.8, 1.0, 0.4))
    view = plot.viewport()
    press(view, start)
    pull(view, start, certain)
    settle(qtbot, made)
    assert probabilities(made)[3] == [0, 1, 0]
    pull(view, certain, end)
    let_go(view, end)
    settle(qtbot, made)
    cat, dog, bird = probabilities(made)[3]
    assert dog == pytest.approx(0.4, abs=0.01)
    assert cat == bird == pytest.approx((1 - dog) / 2)
    assert made.session.undo_stack.count() == 1
    assert selected(made) == [3]
    made.session.undo_stack.undo()
    settle(qtbot, made)
    assert probabilities(made) == animals().models[0].scores.array().tolist()


def test_a_dragged_dot_of_logits_moves_the_true_one_alone(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals_as_logits())
    look(qtbot, made, axis=Axis.LOGIT)
    before, plot = made.session.document.models[0].scores.array(), made.explore.loss_plot
    start, end = (in_plot(plot, x, float(np.logaddexp(0, -x))) for x in (math.log(4), -2.0))
    press(plot.viewport(), start)
    pull(plot.viewport(), start, end)
    let_go(plot.viewport(), end)
    settle(qtbot, made)
    after = made.session.document.models[0].scores.array()
    others = before[3, [0, 2]]
    assert after[3, [0, 2]].tolist() == others.tolist()
    assert after[3, 1] - np.logaddexp(*others) == pytest.approx(-2.0, abs=0.05)
    np.testing.assert_array_equal(after[:3], before[:3])


def test_arrows_walk_from_row_to_row_and_nudge(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    made.explore.loss_plot.setFocus()
    key(Qt.Key.Key_Up)
    assert made.session.view.current == 3
    key(Qt.Key.Key_Up)
    assert made.session.view.current == 0
    key(Qt.Key.Key_Right)
    settle(qtbot, made)
    assert probabilities(made)[0] == [0.51, 0.245, 0.245]


def test_the_dot_of_a_soft_label_cannot_be_dragged_and_says_why(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(soft_animals())
    look(qtbot, made, current=0, selected=np.array([0]))
    made.explore.loss_plot.setFocus()
    key(Qt.Key.Key_Right)
    assert "The label of row 1 is spread over several categories" in shown(made)
    assert not made.session.undo_stack.canUndo()


# Editing


@pytest.mark.parametrize(("typed", "truth"), [("bird", 2), ("BIRD", 2), (" bird ", 2), ("0", 0), ("2", 2), ("", -1)])
def test_a_label_is_typed_as_a_name_or_a_number(window: MakeWindow, qtbot: QtBot, typed: str, truth: int) -> None:
    made = window(animals())
    open_editor(made, 1, "label").setText(typed)
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert truths(made) == [0, truth, 2, 1]
    assert made.session.undo_stack.undoText() == "Change label"
    assert column(made, "score:0")[1] == {2: "0.30", 0: "0.60", -1: "—"}[truth]
    made.session.undo_stack.undo()
    settle(qtbot, made)
    assert truths(made) == [0, 1, 2, 1]


def test_what_is_no_category_is_told_while_it_is_typed(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    line = open_editor(made, 1, "label")
    line.selectAll()
    qtbot.keyClicks(line, "fish")
    assert line.toolTip() == "“fish” is no category. Type one of: cat, dog, bird; or its number, from 0."
    key(Qt.Key.Key_Escape)
    assert truths(made) == [0, 1, 2, 1]


def test_of_many_categories_a_few_are_named(window: MakeWindow) -> None:
    model = window(answers(3, 30)).table.model
    assert model.objection_to("label", "x" * 60).startswith("“" + "x" * 20 + "…" + "x" * 19 + "” is no category")
    assert "category 7, …;" in model.objection_to("label", "30")
    assert model.objection_to("label", "29") == ""


def test_a_name_goes_before_a_number_and_letters_before_their_case() -> None:
    assert category_of(("1", "0"), "1") == 0
    assert category_of(("a", "A"), "A") == 1
    assert category_of(("a", "A", "b"), "0") == 0
    assert category_of(("aa", "AA"), "Aa") is None


def test_a_probability_that_is_typed_takes_from_the_others(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    type_into(made, 1, "score:0", "0.55")
    settle(qtbot, made)
    assert probabilities(made)[1] == [0.3, 0.55, 0.15]
    look(qtbot, made, category=0)
    type_into(made, 1, "score:0", "0")
    settle(qtbot, made)
    np.testing.assert_allclose(probabilities(made)[1], [0, 0.55 / 0.7, 0.15 / 0.7], atol=1e-6)
    assert cell(made, 1, "score:0") == "0"


def test_a_row_without_a_label_says_why_its_score_cannot_change(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(4, 3, labels=[0, -1, 2, 1]))
    type_into(made, 1, "score:0", "0.5")
    settle(qtbot, made)
    assert "Row 2 is not labelled, so it has no true category" in shown(made)
    look(qtbot, made, category=2)
    type_into(made, 1, "score:0", "0.5")
    settle(qtbot, made)
    assert probabilities(made)[1][2] == 0.5


def test_a_soft_label_becomes_a_category_that_is_typed(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(soft_animals())
    open_editor(made, 0, "label").setText("bird")
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert column(made, "label") == ["bird", "dog", "—"]


def test_a_new_row_is_of_the_first_category_and_held_for_each_alike(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    go_to(made, 3, "loss")
    made.table.add_row()
    settle(qtbot, made)
    assert truths(made)[-1] == 0
    np.testing.assert_allclose(probabilities(made)[-1], [1 / 3] * 3, atol=1e-6)
    assert cell(made, 4, "loss") == loss_text(math.log(3))
    assert selected(made) == [4]


def test_a_new_model_holds_every_category_alike(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    made.editing.add_model()
    settle(qtbot, made)
    assert made.scoreboard.cards[1].loss.text() == loss_text(math.log(3))
    made = window(Document.create([0], {}, categories=["a", "b"], multiclass=True))
    assert "holds every category alike" in shown(made)


def test_rows_are_duplicated_and_deleted_whole(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    look(qtbot, made, selected=np.array([3, 6]))
    made.table.duplicate_rows()
    settle(qtbot, made)
    assert truths(made) == [0, 1, 2, 1, 2, 1]
    assert selected(made) == [3, 4]
    assert "2 selected" in said(made)
    made.table.delete_rows()
    settle(qtbot, made)
    assert truths(made) == [0, 1, 2, 1]
    assert said(made) == "Deleted 2 rows."


def test_rows_are_copied_by_name_and_pasted_back_without_a_change(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(5, 3, labels=[0, -1, 2, 1, 0]))
    before = [column(made, name) for name in made.table.model.columns]
    key(Qt.Key.Key_A, held=CTRL)
    key(Qt.Key.Key_C, held=CTRL)
    rows = [line.split("\t") for line in copied().splitlines()]
    assert [row[1] for row in rows] == ["category 0", "", "category 2", "category 1", "category 0"]
    assert float(rows[2][2]) == made.session.document.models[0].scores.array()[2, 2]
    go_to(made, 0, "name")
    paste(qtbot, made, copied())
    assert [column(made, name) for name in made.table.model.columns] == before


def test_pasted_names_and_scores_may_reach_past_the_end(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    go_to(made, 3, "label")
    paste(qtbot, made, "bird\t0.5\n\t\ncat\t0.25\n")
    assert column(made, "label")[3:] == ["bird", "—", "cat"]
    np.testing.assert_allclose(probabilities(made)[3], [0.5 / 9, 4 / 9, 0.5], atol=1e-6)
    assert probabilities(made)[5] == [0.25, 0.375, 0.375]
    assert made.session.undo_stack.count() == 1


def test_a_pasted_word_that_is_no_category_is_refused(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    go_to(made, 0, "label")
    paste(qtbot, made, "bird\nfish")
    assert made.message.text.text().startswith("Nothing pasted; pasted row 2: “fish” is no category.")
    assert truths(made) == [0, 1, 2, 1]


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("label", ["row 1", "row 2", "row 4", "row 3"]),
        ("score:0", ["row 2", "row 1", "row 3", "row 4"]),
        ("decision", ["row 1", "row 2", "row 4", "row 3"]),
        ("loss", ["row 2", "row 1", "row 3", "row 4"]),
        ("gradient", ["row 4", "row 3", "row 1", "row 2"]),
    ],
)
def test_rows_are_sorted_by_what_their_cells_say(window: MakeWindow, qtbot: QtBot, name: str, order: list[str]) -> None:
    made = window(animals())
    sort(qtbot, made, name)
    assert column(made, "name") == order


def test_undecided_and_unlabelled_rows_are_sorted_last(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals().with_threshold(0.7).with_labels(np.array([0]), NAN))
    for name in ("label", "score:0", "loss"):
        look(qtbot, made, sorted_by=name, descending=False)
        assert column(made, "name")[-1] == "row 1"
    look(qtbot, made, sorted_by="decision")
    assert column(made, "decision") == ["✓ dog", "none", "✗ none", "✗ none"]


@pytest.mark.parametrize("category", [None, 0])
def test_what_is_selected_and_what_is_infinite_is_listed_by_rows(
    window: MakeWindow, qtbot: QtBot, category: int | None
) -> None:
    certain = [[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]]
    made = window(Document.create([0, 0, 1], {"A": certain}, categories=["a", "b"], multiclass=True))
    assert made.scoreboard.cards[0].infinite.text() == "∞ in 1 row · 0.347 without"
    look(qtbot, made, category=category, shown=Shown.INFINITE)
    assert column(made, "name") == ["row 1"]
    look(qtbot, made, shown=Shown.SELECTED, selected=np.array([0, 4]))
    assert column(made, "name") == ["row 1", "row 3"]


# Every refusal is a sentence


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.with_labels(np.array([0]), 0), "Row 1 has one answer, “cat”: choose another category"),
        (lambda d: d.with_labels(np.array([4]), 0.5), "Row 2 has one answer: its label is a category"),
        (lambda d: d.with_labels(np.array([0, 1]), 1), "Row 1 can have one answer only"),
        (
            lambda d: d.with_scores(0, np.arange(3), 0.9),
            "The probabilities of a row must sum to 1, and would sum to 2.7",
        ),
    ],
)
def test_what_the_core_refuses_is_told_in_a_sentence(change, words: str) -> None:
    with pytest.raises(DataError) as caught:
        change(animals())
    assert sentence(caught.value).startswith(words)


def test_two_infinite_logits_are_refused_in_a_sentence(window: MakeWindow, qtbot: QtBot) -> None:
    logits = [[math.inf, 0.0, 1.0]]
    names = ["a", "b", "c"]
    made = window(Document.create([1], {"Z": logits}, logits=["Z"], categories=names, multiclass=True))
    at = np.array([1])
    made.session.edit(lambda document: document.with_scores(0, at, math.inf), "edit")
    assert "One row cannot have two infinite logits" in shown(made)


def test_dots_follow_the_threshold_that_no_row_reaches(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())

    def symbols() -> list[str]:
        picture = made.explore._pictures[0]
        return sorted(dots.symbol for dots in picture.dots for _x in dots.x)

    assert "o" in symbols()
    made.session.apply(made.session.document.with_threshold(1.0), "threshold")
    settle(qtbot, made)
    assert "o" not in symbols()
    made.session.undo_stack.undo()
    settle(qtbot, made)
    assert "o" in symbols()


@pytest.mark.parametrize("theme", ["light", "projector"])
def test_beside_much_else_the_decision_has_its_room_in_a_small_window(
    window: MakeWindow, qtbot: QtBot, theme: str
) -> None:
    digits = answers(200, 10, categories=[f"digit {c}" for c in range(10)])
    made = window(digits, theme=theme, size=(1280, 720))
    made.show_workspace("compare")
    settle(qtbot, made)
    view, columns = made.table.view, made.table.model.columns
    assert view.horizontalScrollBar().maximum() == 0
    column = columns.index("decision")
    right = view.columnViewportPosition(column) + view.columnWidth(column)
    assert right <= view.viewport().width()
    if theme == "light":
        letters = QFontMetrics(made.look.theme.font(bold=True))
        longest = max(map(letters.horizontalAdvance, made.session.document.categories))
        assert view.columnWidth(column) >= longest + letters.horizontalAdvance("✗ ")
