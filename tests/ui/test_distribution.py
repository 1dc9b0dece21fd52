"""The threshold over the distribution of scores: dragged, typed in six meanings, snapped to scores, told exactly."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sklearn.metrics import precision_score, recall_score

from ui.documents import EXTREMES, animals, questions, two_models
from ui.hands import CTRL, NO_KEY, SHIFT, click, drag, key, let_go, press, pull, turn_wheel, write
from xentviz.core.document import Document
from xentviz.core.operating import Meaning
from xentviz.files.opened import Opened
from xentviz.session import operating
from xentviz.session.session import Session
from xentviz.ui.panels.distribution import DistributionPanel
from xentviz.ui.panels.threshold_bar import ThresholdBar
from xentviz.ui.theme import Look, dress

Make = Callable[..., DistributionPanel]
SCORES = [0.1, 0.29, 0.4, 0.57, 0.57, 0.58, 0.7, 0.9]
LABELS = [0, 1, 0, 1, 0, 1, 0, 1]


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[Make]:
    """Return a maker of panels on a document, shown, with their numbers."""
    made: list[DistributionPanel] = []

    def make(document: Document | None = None, theme: str = "light") -> DistributionPanel:
        document = document or Document.create(LABELS, {"A": SCORES})
        look = Look(theme)
        dress(look.theme)
        one = DistributionPanel(Session(Opened(document)), look)
        made.append(one)
        one.resize(700, 340)
        one.show()
        one.activateWindow()
        qtbot.waitExposed(one)
        settle(qtbot, one)
        return one

    yield make
    for one in made:
        one.session.close()
        one.close()
        one.session.deleteLater()
        one.deleteLater()


def settle(qtbot: QtBot, one: DistributionPanel) -> None:
    qtbot.waitUntil(lambda: not (one.session.busy or one.will_redraw), timeout=30_000)
    for _turn in range(3):
        QApplication.processEvents()


def place(one: DistributionPanel, value: float) -> QPoint:
    """Return the pixel where a threshold lies."""
    plot = one.plot.plot()
    return QPoint(round(plot.left() + value * plot.width()), one.plot.height() // 2)


def type_number(qtbot: QtBot, one: DistributionPanel, text: str) -> None:
    one.value.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    write(text)
    key(Qt.Key.Key_Return)
    settle(qtbot, one)


def tell_as(qtbot: QtBot, one: DistributionPanel, meaning: Meaning) -> None:
    """Choose a meaning, and wait until the scores are sorted that it is found by."""
    one.session.decide(meaning=meaning)
    for _turn in range(2):
        settle(qtbot, one)


def threshold(one: DistributionPanel) -> float:
    return one.session.document.thresholds[0]


def shown(one: DistributionPanel) -> dict[str, str]:
    """Return the read-outs by their meaning."""
    return {meaning.value: read_out.value for meaning, read_out in one.read_outs.items()}


def tip(one: DistributionPanel, meaning: Meaning) -> str:
    return one.read_outs[meaning].toolTip()


# What is shown


def test_the_errors_on_each_side_are_counted_in_the_picture(panel: Make) -> None:
    assert panel().plot.cut.words == ("missed 1", "found 3", "rightly no 2", "false alarms 2")


def test_all_six_meanings_are_shown_and_say_what_they_are_made_of(panel: Make) -> None:
    one = panel()
    assert shown(one) == {
        "probability": "0.50", "logit": "0", "share": "0.625", "recall": "0.75", "precision": "0.60", "cost": "1",
    }  # fmt: skip
    assert tip(one, Meaning.SHARE) == "Of 8, 5 are said yes."
    assert tip(one, Meaning.RECALL) == "Of 4 that are yes, 3 are said yes."
    assert tip(one, Meaning.PRECISION) == "Of 5 said yes, 3 are yes."


@pytest.mark.parametrize("value", [0.0, 0.123, 0.29, 0.57, 0.58, 0.777, 0.99])
def test_recall_and_precision_are_those_of_scikit_learn(panel: Make, qtbot: QtBot, value: float) -> None:
    one = panel(EXTREMES["ten thousand rows"]())
    one.session.edit(lambda document: document.with_threshold(value), "T")
    settle(qtbot, one)
    elements = np.arange(one.session.document.elements)
    labels, scores = one.session.document.labels_of(elements), one.session.document.scores_of(0, elements)
    known = ~np.isnan(labels)
    said = scores[known] >= value
    assert float(shown(one)["recall"]) == pytest.approx(recall_score(labels[known], said), abs=6e-4)
    assert float(shown(one)["precision"]) == pytest.approx(precision_score(labels[known], said), abs=6e-4)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("score", [0.29, 0.57, 0.58, 0.7])
def test_scores_exactly_at_the_threshold_count_as_yes_and_are_told(
    panel: Make, qtbot: QtBot, score: float, kind: type[np.floating]
) -> None:
    one = panel(Document.create([1, 0, 1, 0], {"A": np.array([score, score, score, 0.1], dtype=kind)}))
    type_number(qtbot, one, str(score))
    assert one.plot.cut.words == ("missed 0", "found 2", "rightly no 1", "false alarms 1")
    assert one.plot.cut.notes[0] == "3 rows exactly at T count as yes: 2 are yes, 1 is no"
    one.plot.setFocus()
    key(Qt.Key.Key_Right, held=SHIFT)
    settle(qtbot, one)
    assert one.plot.cut.notes[0] == "no row is exactly at T"


def test_one_tie_is_told_of_one(panel: Make, qtbot: QtBot) -> None:
    one = panel()
    type_number(qtbot, one, "0.29")
    assert one.plot.cut.notes[0] == "1 row exactly at T counts as yes: it is yes"


@pytest.mark.parametrize(
    ("labels", "scores", "value", "meaning", "reason"),
    [
        ([1, 0], [0.2, 0.3], 0.9, Meaning.PRECISION, "Not defined: no row is said yes."),
        ([0, 0], [0.2, 0.3], 0.1, Meaning.RECALL, "Not defined: no row is yes."),
        ([], [], 0.5, Meaning.SHARE, "Not defined: no row has both a label and a score."),
    ],
)
def test_what_is_undefined_is_a_dash_with_its_reason(
    panel: Make, labels: list[int], scores: list[float], value: float, meaning: Meaning, reason: str
) -> None:
    one = panel(Document.create(labels, {"A": scores}, thresholds=(value,)))
    assert shown(one)[meaning.value] == "—"
    assert tip(one, meaning) == reason


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_the_ends_are_infinite_logits(panel: Make, qtbot: QtBot, value: float) -> None:
    one = panel()
    type_number(qtbot, one, str(value))
    assert (shown(one)["logit"], shown(one)["cost"]) == (("∞", "0") if value else ("−∞", "∞"))


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
@pytest.mark.parametrize("name", list(EXTREMES))
def test_every_document_is_shown_in_every_meaning(panel: Make, qtbot: QtBot, name: str, theme: str) -> None:
    one = panel(EXTREMES[name](), theme)
    for meaning in Meaning:
        one.session.decide(meaning=meaning, prevalence=0.001 if meaning is Meaning.SHARE else None)
        settle(qtbot, one)
        assert not one.grab().isNull()
        for value in ("0.5", "0", "1"):
            type_number(qtbot, one, value)
            assert 0 <= threshold(one) <= 1
    one.plot.setFocus()
    for held in (NO_KEY, CTRL):
        key(Qt.Key.Key_Left, Qt.Key.Key_Right, held=held)
    one.session.decide(snapping=True)
    key(Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_End)
    settle(qtbot, one)


def test_rare_positives_are_drawn_as_high_as_can_be_seen(panel: Make) -> None:
    rng = np.random.default_rng(1)
    labels = np.zeros(50_000)
    labels[:3] = 1
    one = panel(Document.create(labels, {"A": rng.random(50_000)}))
    assert one.plot.backdrop.logarithmic
    frame = one.plot._framed()
    assert one.plot.backdrop.height(1.0) * frame.unit >= 5


def test_a_category_looked_at_has_its_own_rows_and_threshold(panel: Make, qtbot: QtBot) -> None:
    one = panel(questions().with_thresholds_apart().with_threshold(0.7, 1))
    one.session.look(category=1)
    settle(qtbot, one)
    assert one.plot.cut.words == ("missed 1", "found 1", "rightly no 1", "false alarms 0")
    assert (one.plot.cut.threshold, one.plot.cut.others) == (0.7, (0.5,))
    assert one.plot.cut.notes[0] == "1 row exactly at T counts as yes: it is yes"


def test_one_answer_in_many_is_told_by_rows(panel: Make, qtbot: QtBot) -> None:
    one = panel(animals())
    assert one.title.number.text() == "A · each row counted once"
    assert one.plot.cut.words == ("held back 0", "decided rightly 3", "held back 0", "decided wrongly 1")
    assert tip(one, Meaning.SHARE) == "Of 4 rows, 4 are decided."
    type_number(qtbot, one, "0.6")
    assert one.plot.cut.words == ("held back 1", "decided rightly 2", "held back 0", "decided wrongly 1")
    assert one.plot.cut.notes[0] == "2 rows exactly at T count as decided: 1 rightly, 1 wrongly"
    tell_as(qtbot, one, Meaning.SHARE)
    type_number(qtbot, one, "0.25")
    assert (threshold(one), shown(one)["share"]) == (0.8, "0.25")


@pytest.mark.parametrize("name", ["no rows", "unlabelled", "no scores", "no models"])
def test_an_empty_picture_says_why(panel: Make, name: str) -> None:
    note = panel(EXTREMES[name]()).plot.cut.notes[0]
    assert ("no row has both a label and a score" in note) is (name != "no models")
    assert note


def test_of_one_answer_what_no_threshold_finds_is_told(panel: Make, qtbot: QtBot) -> None:
    one = panel(animals())
    one.session.look(category=1)
    settle(qtbot, one)
    assert one.title.number.text() == "A · dog"
    assert one.plot.cut.words[0] == "missed 0, and 1 at every T"


def test_a_supposed_prevalence_weighs_counts_and_is_said(panel: Make, qtbot: QtBot) -> None:
    one = panel()
    one.session.decide(prevalence=0.1)
    settle(qtbot, one)
    assert one.plot.cut.notes[0].startswith("as if 1 in 10 were yes · ")
    assert float(shown(one)["precision"]) == pytest.approx(0.1 * 0.75 / (0.1 * 0.75 + 0.9 * 0.5), abs=1e-3)
    assert shown(one)["recall"] == "0.75"
    tell_as(qtbot, one, Meaning.PRECISION)
    type_number(qtbot, one, "0.3")
    assert threshold(one) == 0.9  # without weights 0.1 would do
    assert shown(one)["precision"] == "1"


# What it is told as


def test_a_click_on_a_read_out_makes_it_what_is_typed(panel: Make, qtbot: QtBot) -> None:
    one = panel()
    click(one.read_outs[Meaning.RECALL])
    settle(qtbot, one)
    assert one.session.view.deciding.meaning is Meaning.RECALL
    assert (one.value.text(), one.plot.cut.told) == ("0.75", "0.75")
    assert one.value.accessibleName() == "T as: recall"
    assert one.plot.backdrop.ticks[0] == "1.00"
    assert one.plot.backdrop.ticks[10] == "0.00"
    assert one.session.undo_stack.count() == 0


@pytest.mark.parametrize(
    ("meaning", "typed", "expected"),
    [
        (Meaning.PROBABILITY, "0,3", 0.3),
        (Meaning.LOGIT, "0", 0.5),
        (Meaning.LOGIT, "-2", 1 / (1 + np.exp(2))),
        (Meaning.COST, "4", 0.2),
        (Meaning.COST, "0", 1.0),
        (Meaning.RECALL, "0.9", 0.29),
        (Meaning.RECALL, "0.75", 0.57),
        (Meaning.PRECISION, "1", 0.9),
        (Meaning.PRECISION, "0.65", 0.58),
        (Meaning.SHARE, "0.5", 0.58),
    ],
)
def test_a_number_is_typed_in_every_meaning(
    panel: Make, qtbot: QtBot, meaning: Meaning, typed: str, expected: float
) -> None:
    one = panel()
    tell_as(qtbot, one, meaning)
    type_number(qtbot, one, typed)
    assert threshold(one) == pytest.approx(expected)
    assert one.session.undo_stack.count() == (0 if expected == 0.5 else 1)


@pytest.mark.parametrize("meaning", list(Meaning))
@pytest.mark.parametrize("typed", ["abc", "1e13", "-1e13", ""])
def test_what_is_no_such_number_is_refused_and_said(panel: Make, qtbot: QtBot, meaning: Meaning, typed: str) -> None:
    one, said = panel(), []
    one.said.connect(said.append)
    tell_as(qtbot, one, meaning)
    one.value.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    key(Qt.Key.Key_Delete)
    type_number(qtbot, one, typed)
    assert threshold(one) == 0.5
    assert len(said) == 1
    assert f"“{typed}”" in said[0]


def test_what_no_threshold_does_is_said_in_one_sentence(panel: Make, qtbot: QtBot) -> None:
    one, said = panel(Document.create([1, 0], {"A": [0.2, 0.9]})), []
    one.said.connect(said.append)
    tell_as(qtbot, one, Meaning.PRECISION)
    type_number(qtbot, one, "0.9")
    assert said == ["No threshold makes “precision” 0.90."]
    assert threshold(one) == 0.5


def test_a_recall_typed_before_the_scores_are_sorted_sets_nothing(
    panel: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operating, "FEW", 0)
    one, said = panel(), []
    one.said.connect(said.append)
    one.session.decide(meaning=Meaning.RECALL)
    one.value.entered.emit(0.9)
    assert said == ["The scores are still being sorted: type it again in a moment."]
    assert threshold(one) == 0.5
    settle(qtbot, one)
    one.value.entered.emit(0.9)
    assert threshold(one) == 0.29


def test_a_recall_typed_of_ten_thousand_rows_is_reached_and_no_higher_threshold_does(panel: Make, qtbot: QtBot) -> None:
    one = panel(EXTREMES["ten thousand rows"]())
    tell_as(qtbot, one, Meaning.RECALL)
    type_number(qtbot, one, "0.9")
    elements = np.arange(10_000)
    labels, scores = one.session.document.labels_of(elements), one.session.document.scores_of(0, elements)
    yes = scores[labels == 1]
    assert (yes >= threshold(one)).mean() >= 0.9
    assert (yes > threshold(one)).mean() < 0.9


# The hand


@pytest.mark.parametrize("value", [0.0, 0.2, 0.73, 1.0])
def test_a_click_anywhere_puts_the_threshold_there(panel: Make, qtbot: QtBot, value: float) -> None:
    one = panel()
    click(one.plot, place(one, value))
    settle(qtbot, one)
    assert threshold(one) == pytest.approx(value, abs=0.002)
    assert one.plot.cut.threshold == threshold(one)


def test_a_drag_is_one_step_to_undo_and_the_next_another(panel: Make, qtbot: QtBot) -> None:
    one = panel()
    drag(one.plot, place(one, 0.5), place(one, 0.2), place(one, 0.8))
    drag(one.plot, place(one, 0.8), place(one, 0.3))
    settle(qtbot, one)
    assert one.session.undo_stack.count() == 2
    one.session.undo_stack.undo()
    assert threshold(one) == pytest.approx(0.8, abs=0.002)


def test_everything_follows_while_dragging_and_nothing_is_computed(panel: Make, qtbot: QtBot) -> None:
    one = panel(two_models())
    press(one.plot, place(one, 0.5))
    here = place(one, 0.5)
    for value in (0.1, 0.45, 0.95):
        pull(one.plot, here, place(one, value))
        here = place(one, value)
        assert not one.session.busy
        counts = one.session.counts_of(0)[0]
        assert one.plot.cut.words[0] == f"missed {counts.false_negatives}"
        assert one.plot.cut.words[3] == f"false alarms {counts.false_positives}"
        assert one.value.text() == f"{threshold(one):.{2 if round(threshold(one), 2) == threshold(one) else 3}f}"
    let_go(one.plot, here)


@pytest.mark.parametrize(
    ("pressed", "held", "expected"),
    [
        (Qt.Key.Key_Right, NO_KEY, 0.51),
        (Qt.Key.Key_Left, NO_KEY, 0.49),
        (Qt.Key.Key_Up, SHIFT, 0.501),
        (Qt.Key.Key_Down, SHIFT, 0.499),
        (Qt.Key.Key_Right, CTRL, 0.57),
        (Qt.Key.Key_Left, CTRL, 0.4),
        (Qt.Key.Key_Home, NO_KEY, 0.0),
        (Qt.Key.Key_End, NO_KEY, 1.0),
    ],
)
def test_keys_nudge_the_threshold(
    panel: Make, qtbot: QtBot, pressed: Qt.Key, held: Qt.KeyboardModifier, expected: float
) -> None:
    one = panel()
    one.plot.setFocus()
    key(pressed, held=held)
    settle(qtbot, one)
    assert threshold(one) == expected
    assert one.session.undo_stack.count() == 1


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_ctrl_and_an_arrow_walk_every_score(panel: Make, kind: type[np.floating]) -> None:
    one = panel(Document.create(LABELS, {"A": np.array(SCORES, dtype=kind)}))
    one.plot.setFocus()
    key(Qt.Key.Key_Home)
    walked = []
    for _ in range(len(SCORES)):
        key(Qt.Key.Key_Right, held=CTRL)
        walked.append(threshold(one))
    assert walked == [0.1, 0.29, 0.4, 0.57, 0.58, 0.7, 0.9, 0.9]


def test_the_wheel_moves_the_threshold_and_a_turn_of_it_is_one_step(panel: Make, qtbot: QtBot) -> None:
    one = panel()
    turn_wheel(one.plot, 1)
    turn_wheel(one.plot, 2)
    settle(qtbot, one)
    assert threshold(one) == 0.53
    assert one.session.undo_stack.count() == 1


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_a_hand_that_snaps_stops_only_at_scores(panel: Make, qtbot: QtBot, kind: type[np.floating]) -> None:
    one = panel(Document.create(LABELS, {"A": np.array(SCORES, dtype=kind)}))
    click(one.snap, QPoint(8, one.snap.height() // 2))
    settle(qtbot, one)
    assert one.session.view.deciding.snapping
    for value, expected in ((0.0, 0.1), (0.3, 0.29), (0.5, 0.57), (0.62, 0.58), (1.0, 0.9)):
        click(one.plot, place(one, value))
        settle(qtbot, one)
        assert threshold(one) == expected
        assert "exactly at T" in one.plot.cut.notes[0]
        assert one.plot.cut.notes[0] != "no row is exactly at T"
    one.plot.setFocus()
    key(Qt.Key.Key_Left)
    assert threshold(one) == 0.7  # the next score, though it is farther than a step
    key(Qt.Key.Key_Home)
    assert threshold(one) == 0.1
    type_number(qtbot, one, "0.33")
    assert threshold(one) == 0.33  # what is typed is meant


def test_the_bar_below_snaps_with_it(panel: Make, qtbot: QtBot) -> None:
    one = panel()
    bar = ThresholdBar(one.session, one.look)
    qtbot.addWidget(bar)
    bar.resize(900, 120)
    bar.show()
    one.session.decide(snapping=True)
    click(bar.slider, QPoint(round(10 + 0.5 * (bar.slider.width() - 20)), bar.slider.height() // 2))
    assert threshold(one) == 0.57
    settle(qtbot, one)


# The best threshold


def test_the_best_threshold_is_shown_only_once_it_is_known(panel: Make, qtbot: QtBot) -> None:
    one = panel()
    assert one.plot.cut.best is None
    assert not one.session.operating.bests.latest.busy
    one.session.operating.best(0)
    settle(qtbot, one)
    low, best, high = one.plot.cut.best
    assert low <= best <= high
    assert one.plot.cut.notes[1].startswith("best T 0.29")


def test_everything_can_be_reached_with_tab_and_has_a_name(panel: Make) -> None:
    one = panel()
    reached = []
    one.value.setFocus()
    for _ in range(6):
        reached.append(QApplication.focusWidget())
        key(Qt.Key.Key_Tab)
    assert one.plot in reached
    assert any(read_out in reached for read_out in one.read_outs.values())
    assert one.plot.accessibleName()
    assert one.read_outs[Meaning.RECALL].accessibleName() == "recall: 0.75"
    assert "missed 1" in one.plot.accessibleDescription()


def test_another_theme_is_worn_at_once(panel: Make, qtbot: QtBot) -> None:
    one = panel()
    before = one.read_outs[Meaning.RECALL].sizeHint().width()
    one.look.wear("projector")
    settle(qtbot, one)
    assert one.read_outs[Meaning.RECALL].width() >= one.read_outs[Meaning.RECALL].sizeHint().width() > before
    assert one.grab().toImage().pixelColor(3, one.height() // 2).name() == one.look.theme.surface
