"""Slices as they are seen: divided, ordered, told in words, and taken to the table."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
from PySide6.QtCore import Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot
from sklearn.metrics import accuracy_score, log_loss

from ui.documents import EXTREMES, animals, answers, two_models
from ui.hands import click, key
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document, LossSettings, Unit
from xentviz.session.comparing import SliceOrder, Slicing
from xentviz.session.view import Shown
from xentviz.ui.panels.slices import SlicesPanel
from xentviz.ui.widgets.slice_list import Slice
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow, size: tuple[int, int] = (720, 360)) -> SlicesPanel:
    """Return a panel over the window, shown and drawn."""
    found = SlicesPanel(made.session, made.look, made)
    found.setGeometry(0, 0, *size)
    found.show()
    found.raise_()
    settle(qtbot, made)
    return found


def slices(shown: SlicesPanel) -> list[Slice]:
    """Return what is shown of each slice."""
    assert shown.list.slices is not None
    return [shown.list.slices.slice(place) for place in range(shown.list.slices.count)]


def size(one: Slice) -> str:
    """Return how a sentence tells a difference that is listed as one of a higher loss."""
    return one.difference.removeprefix("+").replace(" … +", " to ")


def graded() -> Document:
    """Return two models: the second is better at low scores of the first, and far worse at high ones."""
    rng = np.random.default_rng(2)
    p = rng.random(2000)
    labels = (rng.random(2000) < p).astype(float)
    other = np.where(p < 0.5, np.where(labels == 1, 0.6, 0.2), np.where(labels == 1, 0.3, 0.7))
    return Document.create(labels, {"A": p, "B": other})


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("size", [(720, 360), (330, 240)])
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str, size: tuple[int, int]) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made, size)
    for category in (None, 0):
        for slicing, order in zip(Slicing, [*SliceOrder, SliceOrder.SIZE], strict=True):
            made.session.look(category=category)
            made.session.compare(slicing=slicing, slice_order=order, equal_slices=category == 0)
            settle(qtbot, made)
            assert not shown.grab().isNull()
            for found in slices(shown) if shown.list.isVisible() else []:
                assert found.tip


def test_the_axis_of_accuracy_does_not_begin_below_nought(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0], {"A": [0.1, 0.9]}))
    shown = panel(qtbot, made)
    assert shown.list.slices is not None
    assert shown.list.slices.heads[2] == "accuracy, 0 to 100 %"
    assert [line.accuracy.value for of in slices(shown) for line in of.lines] == [0.0, 0.0]


def test_slices_have_the_models_names_of_now(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(graded())
    shown = panel(qtbot, made)
    made.session.apply(made.session.document.with_model_renamed(0, "first"), "rename")
    settle(qtbot, made)
    assert shown.list.slices is not None
    assert [name for name, _ in shown.list.slices.models] == ["first", "B"]
    assert shown.list.slices.pair == ("first", "B")
    assert "first: loss" in slices(shown)[0].tip
    assert "first" in shown.verdict.text()


def test_losses_and_accuracies_are_those_of_scikit_learn(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(graded())
    made.session.compare(slicing=Slicing.SCORE)
    shown = panel(qtbot, made)
    document = made.session.document
    p, other = (model.scores.array()[:, 0] for model in document.models)
    labels = document.labels_of(np.arange(2000))
    found = slices(shown)
    assert [one.name for one in found] == [f"{k / 10:.1f} – {(k + 1) / 10:.1f}" for k in range(1, 9)] or len(
        found
    ) == 10
    for k in range(10):
        inside = (p >= k / 10) & (p < (k + 1) / 10)
        for line, scores in zip(found[k].lines, (p, other), strict=True):
            assert line.loss.value == pytest.approx(log_loss(labels[inside], scores[inside], labels=[0, 1]))
            share = accuracy_score(labels[inside], scores[inside] >= 0.5)
            assert line.accuracy_text == f"{share * 100:.1f} %".replace(".0 %", " %")
        assert found[k].size == f"{inside.sum()} rows"


def test_the_most_different_slice_is_told_in_words(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(graded())
    made.session.compare(slicing=Slicing.SCORE)
    shown = panel(qtbot, made)
    assert slices(shown)[9].difference.startswith("+")
    assert shown.verdict.text() == (
        f"B differs most from A where “0.9 – 1”: its loss is higher by {size(slices(shown)[9])} nats. "
        "Not luck, even as the most striking of 10."
    )
    made.session.edit(lambda d: d.with_settings(LossSettings(unit=Unit.BITS)), "bits")
    settle(qtbot, made)
    assert f"its loss is higher by {size(slices(shown)[9])} bits." in shown.verdict.text()


def test_what_is_no_luck_alone_may_be_as_the_most_striking_of_many(window: MakeWindow, qtbot: QtBot) -> None:
    rng = np.random.default_rng(5)
    losses, apart = 0.5 + rng.random((20, 50)), rng.normal(0, 0.05, (20, 50))
    apart -= apart.mean(axis=1, keepdims=True)
    apart[3] += 2.5 * scipy.stats.sem(apart[3])
    models = {"A": np.exp(-losses).ravel(), "B": np.exp(-losses - apart).ravel()}
    group = np.arange(1000) // 50
    document = Document.create(np.ones(1000), models).with_grouping("day", list("abcdefghijklmnopqrst"), group)
    made = window(document)
    made.session.compare(slicing=Slicing.COLUMN, column="day")
    shown = panel(qtbot, made)
    alone, striking = (scipy.stats.t.ppf(1 - 0.05 / (2 * among), 49) for among in (1, 20))
    assert alone < 2.5 < striking
    assert slices(shown)[3].settled
    assert shown.verdict.text() == (
        f"B differs most from A where “d”: its loss is higher by {size(slices(shown)[3])} nats. "
        "Cannot tell: as the most striking of 20 it may be luck."
    )


def test_few_rows_cannot_tell(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(Document.create([1, 1, 0], {"A": [0.9, 0.5, 0.2], "B": [0.7, 0.6, 0.2]})))
    assert "Cannot tell" in shown.verdict.text()


def test_a_difference_without_spread_is_not_called_sure(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(Document.create([1, 1, 0], {"A": [0.9, 0.9, 0.2], "B": [0.7, 0.7, 0.2]})))
    assert "no spread to tell luck by" in shown.verdict.text()
    assert not slices(shown)[0].settled


def shifted(*amounts: float) -> Document:
    """Return two models; the second loses less, by one of these amounts in every row of as many groups."""
    losses, group = 0.1 + np.random.default_rng(3).exponential(size=90), np.arange(90) % len(amounts)
    models = {"A": np.exp(-losses), "B": np.exp(np.array(amounts)[group] - losses)}
    return Document.create(np.ones(90), models).with_grouping("day", ["mon", "tue"][: len(amounts)], group)


def test_a_difference_that_is_everywhere_the_same_has_no_striking_slice(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(shifted(0.05, 0.05))
    made.session.compare(slicing=Slicing.COLUMN, column="day")
    shown = panel(qtbot, made)
    assert shown.verdict.text() == "Whatever the slice, B’s loss is lower by 0.050 nats in every row."
    assert [one.difference for one in slices(shown)] == ["−0.050 ± 0", "−0.050 ± 0"]


def test_a_difference_that_is_the_same_in_each_row_of_a_slice_has_no_interval(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(shifted(0.05, 0.09))
    made.session.compare(slicing=Slicing.COLUMN, column="day")
    words = panel(qtbot, made).verdict.text()
    assert "where “tue”: its loss is lower by 0.090 nats." in words
    assert "no spread to tell luck by" in words


def test_the_surest_difference_is_told_where_the_largest_may_be_luck(window: MakeWindow, qtbot: QtBot) -> None:
    one = np.concatenate([[0.9, 0.1], np.full(200, 0.2)])
    other = np.concatenate([[0.05, 0.1], np.tile([0.24, 0.26], 100)])
    shown = panel(qtbot, window(Document.create([1, 1, *[0] * 200], {"A": one, "B": other})))
    assert "“is yes”" in shown.verdict.text()
    assert "Cannot tell" in shown.verdict.text()
    assert "No luck is that where “is no” it is higher by 0.06" in shown.verdict.text()


def test_an_infinite_loss_is_told_of_the_model_that_has_it(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(Document.create([1, 1, 0], {"A": [0.9, 0.5, 0.2], "B": [0.7, 0.0, 0.2]})))
    assert shown.verdict.text() == "Of the two only B has an infinite loss where “is yes”."
    assert slices(shown)[0].lines[1].loss_text == "∞"
    assert slices(shown)[0].difference == "+∞"


def test_slices_are_ordered_by_size_or_by_difference(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(graded())
    made.session.compare(slicing=Slicing.SCORE)
    shown = panel(qtbot, made)
    shown.order.setFocus()
    key(Qt.Key.Key_Down)
    settle(qtbot, made)
    shares = [one.share for one in slices(shown)]
    assert shares == sorted(shares, reverse=True)
    shown.order.setFocus()
    key(Qt.Key.Key_Down)
    settle(qtbot, made)
    assert slices(shown)[0].name == "0.9 – 1"


def test_what_divides_rows_is_chosen_by_keys(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    assert [one.name for one in slices(shown)] == ["is yes", "is no"]
    shown.slicing.setFocus()
    key(Qt.Key.Key_Down)
    settle(qtbot, made)
    assert len(slices(shown)) == 10
    key(Qt.Key.Key_Down)
    settle(qtbot, made)
    assert {one.size for one in slices(shown)} == {"1 row"}
    assert made.session.view.comparing.equal_slices


def test_answers_of_many_are_divided_by_their_categories(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(animals()))
    assert [(one.name, one.size) for one in slices(shown)] == [("cat", "1 row"), ("dog", "2 rows"), ("bird", "1 row")]
    assert shown.list.slices is not None
    assert shown.list.slices.heads[3] == ""  # F1 is of yes and no


def test_a_click_selects_the_rows_of_a_slice(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(300, 5))
    shown = panel(qtbot, made)
    truth = made.session.document.truths_of(np.arange(300))
    click(shown.list.viewport(), shown.list.cell_rect(2).center())
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == (np.flatnonzero(truth == 2) * 5).tolist()
    assert made.session.view.shown is Shown.SELECTED
    shown.list.setFocus()
    key(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)  # out of sight: it is scrolled to
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == (np.flatnonzero(truth == 4) * 5).tolist()
    assert shown.list.viewport().rect().contains(shown.list.cell_rect(4).center())


def test_the_tip_and_the_description_say_all_numbers(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    port, at = shown.list.viewport(), shown.list.cell_rect(0).center()
    QApplication.sendEvent(port, QHelpEvent(QHelpEvent.Type.ToolTip, at, port.mapToGlobal(at)))
    said = QToolTip.text().replace("\u2060", "")
    assert said.splitlines()[0] == "is yes: 5 rows"
    assert "sure: loss 0.261, 80 % right, of 5" in said
    shown.list.setFocus()
    assert shown.list.accessibleDescription() == said


def test_a_column_of_words_divides_rows(window: MakeWindow, qtbot: QtBot) -> None:
    codes = np.array([0, 1, 1, 2, 0, 1, 0, 1, 1, 0])
    made = window(two_models().with_grouping("city", ["Oslo", "<b>Rome"], codes))
    shown = panel(qtbot, made)
    assert [shown.slicing.itemText(place) for place in range(shown.slicing.count())][3:] == ["by city"]
    shown.slicing.setFocus()
    key(Qt.Key.Key_End)
    settle(qtbot, made)
    assert [(one.name, one.size) for one in slices(shown)] == [
        ("Oslo", "4 rows"), ("<b>Rome", "5 rows"), ("(none)", "1 row")
    ]  # fmt: skip
    click(shown.list.viewport(), shown.list.cell_rect(1).center())
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == np.flatnonzero(codes == 1).tolist()
    made.session.apply(two_models(), "another", opening=True)
    settle(qtbot, made)
    assert (shown.slicing.count(), shown.slicing.currentText()) == (3, "by label")


def test_a_small_window_has_room_for_differences(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(graded(), size=(1280, 720))
    shown = panel(qtbot, made, (434, 324))
    columns = shown.list._columns()
    assert columns.difference[1] > 0
    assert columns.loss[1] >= 70
    assert sum(columns.difference) < shown.list.viewport().width()


def test_a_name_from_right_to_left_turns_no_word_around_it(window: MakeWindow, qtbot: QtBot) -> None:
    document = graded().with_model_renamed(0, "\u202eيار").with_model_renamed(1, "B")
    shown = panel(qtbot, window(document))
    words = shown.verdict.text()
    assert words.startswith("B differs most from \u2068يار\u2069 where “is ")
    assert "\u202e" not in words


def test_a_column_of_too_many_words_is_listed_and_says_why_it_cannot_be_chosen(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(replace(two_models().with_grouping("kind", ["a", "b"], [0, 1] * 5), undivided=("town <b>",)))
    shown = panel(qtbot, made)
    texts = [shown.slicing.itemText(place) for place in range(shown.slicing.count())]
    assert texts[-2:] == ["by kind", "town <b>: over 200 words"]
    assert shown.slicing.view().minimumWidth() >= shown.slicing.view().sizeHintForColumn(0)  # seen whole
    why = shown.slicing.itemData(len(texts) - 1, Qt.ItemDataRole.ToolTipRole)
    assert "has more than 200 different words" in why
    assert "<b>" not in why  # else it would be markup
    shown.slicing.setFocus()
    key(*[Qt.Key.Key_Down] * 9)
    settle(qtbot, made)
    assert made.session.view.comparing.column == "kind"
    assert shown.slicing.currentText() == "by kind"
