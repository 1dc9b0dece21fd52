"""The panel of the best threshold: goals as a person chooses them, against every threshold tried with scikit-learn."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sklearn.metrics import (
    balanced_accuracy_score,
    f1_score,
    fbeta_score,
    matthews_corrcoef,
    precision_score,
    recall_score,
)

from ui.documents import EXTREMES, animals, two_models
from ui.hands import click, key, write
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document
from xentviz.core.goals import Aim, Goal
from xentviz.ui.panels.optimum import OptimumPanel
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow) -> OptimumPanel:
    """Return a panel over the window, shown and drawn."""
    found = OptimumPanel(made.session, made.look, made)
    found.setGeometry(0, 0, 760, 300)
    found.show()
    found.raise_()
    settle(qtbot, made)
    return found


def choose(qtbot: QtBot, shown: OptimumPanel, made: MainWindow, aim: Aim) -> None:
    """Choose a goal with the keys."""
    shown.aims.setFocus()
    key(Qt.Key.Key_Home)
    for _step in range(list(Aim).index(aim)):
        key(Qt.Key.Key_Down)
    settle(qtbot, made)
    assert made.session.view.deciding.goal.aim is aim


def enter(qtbot: QtBot, made: MainWindow, line: OptimumPanel, text: str) -> None:
    """Type a number into a line, and press Enter."""
    line.setFocus()
    line.selectAll()
    write(text)
    key(Qt.Key.Key_Return)
    settle(qtbot, made)


def words(shown: OptimumPanel) -> str:
    """Return all that can be read."""
    return " | ".join(found.text() for found in shown.findChildren(QLabel) if found.isVisible())


def rows(kind: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Return labels, and scores of hundredths with many ties."""
    rng = np.random.default_rng(8)
    y = rng.random(150) < 0.3
    return y, np.clip(np.round(rng.beta(2, 3, 150) + 0.25 * y, 2), 0, 0.99).astype(kind)


def tried(y: np.ndarray, p: np.ndarray) -> list[tuple[float, np.ndarray]]:
    """Return every threshold there is, falling, and what it says."""
    return [(2.0, p > 1), *((float(t), p >= t) for t in np.unique(p)[::-1])]


VALUES = {
    Aim.F1: lambda y, said: f1_score(y, said),
    Aim.F_BETA: lambda y, said: fbeta_score(y, said, beta=2.0),
    Aim.MCC: matthews_corrcoef,
    Aim.BALANCED_ACCURACY: balanced_accuracy_score,
    Aim.YOUDEN: lambda y, said: 2 * balanced_accuracy_score(y, said) - 1,
    Aim.COST: lambda y, said: -np.mean(y != said),
}


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("aim", list(VALUES))
def test_the_best_is_what_scikit_learn_finds_by_trying_all(
    window: MakeWindow, qtbot: QtBot, aim: Aim, kind: type
) -> None:
    y, p = rows(kind)
    made = window(Document.create(y, {"A": p}))
    shown = panel(qtbot, made)
    choose(qtbot, shown, made, aim)
    values = [VALUES[aim](y, said) for _, said in tried(y, p)]
    click(shown._rows[0].button)
    said = p >= kind(made.session.document.threshold(0))
    assert VALUES[aim](y, said) == pytest.approx(max(values))
    assert (said == tried(y, p)[int(np.argmax(values))][1]).all()  # of equally good ones the highest
    settle(qtbot, made)
    shape = 0.0006 if aim is Aim.COST else 0.006
    for cell in (shown._rows[0].there, shown._rows[0].now):
        assert float(cell.text().replace("−", "-")) == pytest.approx(abs(max(values)), abs=shape)


def test_setting_it_is_one_step_to_undo_and_sets_it_exactly(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    steps = made.session.undo_stack.count()
    click(shown._rows[1].button)
    best = made.session.operating.best(1)
    assert best is not None
    assert best.optimum is not None
    assert made.session.document.thresholds == (best.optimum.threshold,) == (0.52,)
    assert made.session.undo_stack.count() == steps + 1
    assert made.session.undo_stack.undoText() == "Set best threshold"
    made.session.undo_stack.undo()
    assert made.session.document.thresholds == (0.5,)


@pytest.mark.parametrize(
    ("aim", "metric", "other"),
    [(Aim.PRECISION, precision_score, recall_score), (Aim.RECALL, recall_score, lambda _y, said: -said.mean())],
)
def test_a_target_is_typed_and_reached(window: MakeWindow, qtbot: QtBot, aim: Aim, metric, other) -> None:
    y, p = rows()
    made = window(Document.create(y, {"A": p}))
    shown = panel(qtbot, made)
    choose(qtbot, shown, made, aim)
    assert shown.number.isVisible()
    enter(qtbot, made, shown.number, "0,7")
    assert made.session.view.deciding.goal.target == 0.7
    serving = [said for _, said in tried(y, p)[1:] if metric(y, said) >= 0.7]
    click(shown._rows[0].button)
    said = p >= made.session.document.threshold(0)
    assert metric(y, said) >= 0.7
    assert other(y, said) == pytest.approx(max(other(y, one) for one in serving))


def test_beta_is_typed_and_wrong_input_is_refused_with_a_sentence(window: MakeWindow, qtbot: QtBot) -> None:
    y, p = rows()
    made = window(Document.create(y, {"A": p}))
    shown = panel(qtbot, made)
    told: list[str] = []
    shown.said.connect(told.append)
    assert not shown.number.isVisible()
    choose(qtbot, shown, made, Aim.F_BETA)
    assert shown.number.text() == "2"
    enter(qtbot, made, shown.number, "0.5")
    value = max(fbeta_score(y, said, beta=0.5) for _, said in tried(y, p)[1:])
    assert shown._rows[0].there.text() == f"{value:.2f}"
    assert told == [""]
    told.clear()
    for text in ("0", "−1", "abc", "1e9"):
        enter(qtbot, made, shown.number, text)
    assert [text in words for text, words in zip(("“0”", "“−1”", "“abc”", "“1e9”"), told, strict=True)] == [True] * 4
    assert all(words.startswith("β is a number from 0.001 to 1000") for words in told)
    assert made.session.view.deciding.goal.beta == 0.5
    enter(qtbot, made, shown.number, " ")
    assert made.session.view.deciding.goal.beta == 0.5
    choose(qtbot, shown, made, Aim.RECALL)
    enter(qtbot, made, shown.number, "1.1")
    assert told[-1] == "What is to be reached is a number from 0 to 1; “1.1” is not."
    choose(qtbot, shown, made, Aim.COST)
    enter(qtbot, made, shown.prices["false_negative"], "dear")
    assert told[-1] == "A price is a number; “dear” is not."


def test_prices_move_the_best_threshold(window: MakeWindow, qtbot: QtBot) -> None:
    y, p = rows()
    made = window(Document.create(y, {"A": p}))
    shown = panel(qtbot, made)
    assert not any(line.isVisible() for line in shown.prices.values())
    choose(qtbot, shown, made, Aim.COST)
    assert all(line.isVisible() for line in shown.prices.values())
    for name, price in (("false_negative", "5"), ("true_positive", "−1"), ("true_negative", "0.25")):
        enter(qtbot, made, shown.prices[name], price)
    costs = [np.select([y & s, ~y & s, y & ~s], [-1.0, 1.0, 5.0], 0.25).mean() for _, s in tried(y, p)]
    assert float(shown._rows[0].there.text().replace("−", "-")) == pytest.approx(min(costs), abs=0.0006)
    said = tried(y, p)[int(np.argmin(costs))][1]
    at_random = said.mean() * (y.mean() * -1 + (~y).mean()) + (~said).mean() * (y.mean() * 5 + (~y).mean() * 0.25)
    assert f"Saying yes as often, but at random, costs {at_random:.3f} on average." in words(shown).replace("−", "-")
    right = (1 - 0.25) / (1 - 0.25 + 5 + 1)
    assert f"T = {right:.3f} would be best." in words(shown)


def test_where_none_serves_the_goal_that_is_said_and_nothing_can_be_set(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([0, 1], {"A": [0.9, 0.1]}))
    shown = panel(qtbot, made)
    choose(qtbot, shown, made, Aim.PRECISION)
    row = shown._rows[0]
    assert [row.best.text(), row.there.text(), row.interval.text()] == ["—", "—", "—"]
    assert row.best.toolTip() == "No threshold serves this goal."
    assert not row.button.isEnabled()
    assert row.now.text() == "0.00"


def test_it_is_said_how_much_better_it_looks_here_than_on_new_rows(window: MakeWindow, qtbot: QtBot) -> None:
    y, p = rows()
    made = window(Document.create(y, {"A": p}))
    shown = panel(qtbot, made)
    best = made.session.operating.best(0)
    assert best is not None
    assert best.spread is not None
    assert "150 rows" in words(shown)
    assert "lower" in words(shown)
    choose(qtbot, shown, made, Aim.COST)
    assert "higher" in words(shown)
    low, high = (float(end) for end in shown._rows[0].interval.text().split(" – "))
    assert low <= float(shown._rows[0].best.text()) <= high


def test_a_supposed_share_of_yes_weighs_both_values_and_is_said(window: MakeWindow, qtbot: QtBot) -> None:
    y, p = rows()
    made = window(Document.create(y, {"A": p}))
    shown = panel(qtbot, made)
    made.session.decide(prevalence=0.001)
    settle(qtbot, made)
    assert "All as if 1 in 1\u2009000 were yes." in words(shown)
    weights = np.where(y, 0.001 / y.mean(), 0.999 / (~y).mean())
    values = [f1_score(y, said, sample_weight=weights) for _, said in tried(y, p)[1:]]
    assert float(shown._rows[0].there.text()) == pytest.approx(max(values), abs=0.006)
    assert float(shown._rows[0].now.text()) == pytest.approx(f1_score(y, p >= 0.5, sample_weight=weights), abs=0.006)


def test_of_one_answer_in_many_nothing_is_supposed_until_a_category_is_chosen(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    shown = panel(qtbot, made)
    before = [shown._rows[0].now.text(), shown._rows[0].there.text()]
    made.session.decide(prevalence=0.001)
    settle(qtbot, made)
    assert [shown._rows[0].now.text(), shown._rows[0].there.text()] == before
    assert "Sought" not in words(shown)
    made.session.look(category=0)
    settle(qtbot, made)
    assert "All as if 1 in 1\u2009000 were yes." in words(shown)


def test_of_one_answer_in_many_the_best_is_of_each_category_against_the_rest_and_says_so(
    window: MakeWindow, qtbot: QtBot
) -> None:
    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.ones(3), 60)
    y = np.where(rng.random(60) < 0.6, p.argmax(axis=1), rng.integers(0, 3, 60))
    made = window(Document.create(y, {"A": p}, categories=list("abc"), multiclass=True))
    shown = panel(qtbot, made)
    choose(qtbot, shown, made, Aim.COST)
    made.session.edit(lambda document: document.with_threshold(0.5), "T")
    settle(qtbot, made)
    wrong, undecided = ((p.max(axis=1) >= 0.5) & (p.argmax(axis=1) != y)).sum(), (p.max(axis=1) < 0.5).sum()
    assert float(shown._rows[0].now.text()) == pytest.approx((2 * wrong + undecided) / 180, abs=0.0006)
    assert "Each category is judged against the rest, and all are added up" in words(shown)
    made.session.look(category=1)
    settle(qtbot, made)
    assert "judged against the rest" not in words(shown)


def test_what_is_old_is_shown_but_not_set(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    made.session.edit(lambda document: document.without_model(0), "delete")
    shown.refresh()
    assert shown.title.number.text() == "…"
    assert not shown._rows[0].button.isEnabled()
    shown.take(0)
    assert made.session.document.thresholds == (0.5,)
    settle(qtbot, made)
    assert shown._rows[0].button.isEnabled()
    assert shown._rows[0].name.text() == "vague"
    assert not shown._rows[1].name.isVisible()
    click(shown._rows[0].button)
    assert made.session.document.thresholds == (0.52,)


def test_what_is_of_another_goal_is_not_shown_and_nothing_moves_meanwhile(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    row, of_f1 = shown._rows[0], made.session.operating.best(0)
    cells = (row.best, row.interval, row.there)
    assert "expect F1" in shown._warning.text()

    def places() -> list[object]:
        return [widget.geometry() for widget in (row.button, shown._warning, shown._note)]

    where = places()
    goal = Goal(Aim.MCC)
    made.session.decide(goal=goal)
    shown.refresh_now()
    shown.layout().activate()
    assert made.session.operating.best(0) is of_f1
    assert of_f1.goal != goal
    assert [cell.text() for cell in cells] == ["…"] * 3
    assert shown._headings[2].text() == "MCC there"
    assert shown._warning.text() == ""
    assert places() == where
    settle(qtbot, made)
    assert made.session.operating.best(0).goal == goal
    assert "…" not in [cell.text() for cell in cells]
    assert "expect MCC" in shown._warning.text()


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    for aim in Aim:
        choose(qtbot, shown, made, aim)
        for prevalence in (None, 0.0, 1.0, 1e-300):
            made.session.decide(prevalence=prevalence)
            settle(qtbot, made)
            assert not shown.grab().isNull()
            assert not any(part in words(shown).split() for part in ("nan", "inf", "None"))
