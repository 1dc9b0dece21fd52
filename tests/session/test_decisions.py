"""Matrices and numbers of whole rows: at once where that is quick, else in the background, the old ones standing."""

import threading

import numpy as np
import pytest

from xentviz.core.document import Document
from xentviz.core.passes import confusion_of
from xentviz.session import decisions, session
from xentviz.session.deciding import Cells


def questions(rows=40, categories=3, seed=0):
    rng = np.random.default_rng(seed)
    names = [f"c{c}" for c in range(categories)]
    models = {m: rng.random((rows, categories)) for m in "AB"}
    return Document.create(rng.integers(0, 2, (rows, categories)), models, categories=names)


def answers(rows=40, seed=0):
    rng = np.random.default_rng(seed)
    models = {m: rng.dirichlet(np.ones(3), rows) for m in "AB"}
    return Document.create(rng.integers(0, 3, rows), models, categories=["a", "b", "c"], multiclass=True)


def settle(qtbot, made):
    qtbot.waitUntil(lambda: not made.busy)


@pytest.fixture
def few(monkeypatch):
    """Make everything many."""
    monkeypatch.setattr(decisions, "AT_ONCE", 10)
    monkeypatch.setattr(session, "AT_ONCE", 10)


def test_counts_are_of_the_category_looked_at_or_all(new_session):
    made = new_session(questions())
    whole = made.decisions.matrix(0)
    parts = []
    for category in range(3):
        made.look(category=category)
        parts.append(made.decisions.matrix(0))
    assert np.array_equal(np.sum(parts, axis=0), whole)
    assert whole.sum() == 120


def test_soft_sums_are_of_probabilities(new_session):
    made = new_session(questions())
    made.decide(cells=Cells.SOFT)
    made.look(category=1)
    every = np.arange(1, 120, 3)
    y, p = made.document.labels_of(every), made.document.scores_of(0, every)
    expected = [[p[y == 1].sum(), (1 - p)[y == 1].sum()], [p[y == 0].sum(), (1 - p)[y == 0].sum()]]
    assert made.decisions.matrix(0) == pytest.approx(np.array(expected), rel=1e-12)


def test_a_supposed_share_weighs_to_ten_thousand(new_session):
    made = new_session(questions())
    before = made.decisions.matrix(0)
    made.decide(prevalence=0.001)
    found = made.decisions.matrix(0)
    assert found.sum() == pytest.approx(10_000)
    assert found[0].sum() == pytest.approx(10)
    assert found[0, 0] / found[0].sum() == pytest.approx(before[0, 0] / before[0].sum())


def test_what_does_not_occur_cannot_be_weighed(new_session):
    made = new_session(Document.create([1, 1], {"A": [0.2, 0.9]}))
    made.decide(prevalence=0.1)
    yes, no = made.decisions.matrix(0)
    assert yes.tolist() == [5, 5]
    assert np.isnan(no).all()


def test_answers_are_looked_up_at_every_threshold_and_sorted_once(new_session, qtbot):
    made = new_session(answers())
    for threshold in (0.0, 0.4, 0.6, 1.0):
        made.edit(lambda d, at=threshold: d.with_threshold(at), "T")
        assert np.array_equal(made.decisions.matrix(1), confusion_of(made.document, 1))
    first = made.decisions.answers.wanted()
    made.edit(lambda d: d.with_threshold(0.3), "T")
    assert made.decisions.answers.wanted() is first


@pytest.mark.parametrize("cells", [Cells.COUNTS, Cells.SOFT])
def test_a_category_of_answers_is_told_against_the_rest(new_session, cells):
    made = new_session(answers())
    made.decide(cells=cells)
    whole = made.decisions.matrix(0)
    made.look(category=1)
    found = made.decisions.matrix(0)
    assert found[0, 0] == pytest.approx(whole[1, 1])
    assert found[0].sum() == pytest.approx(whole[1].sum())
    assert found[:, 0].sum() == pytest.approx(whole[:, 1].sum())
    assert found.sum() == pytest.approx(whole.sum())


def test_many_answers_are_sorted_in_the_background_and_the_old_ones_stand(new_session, qtbot, few):
    made = new_session(answers())
    assert made.decisions.matrix(0) is None
    with qtbot.waitSignal(made.decisions.changed):
        pass
    before = made.decisions.matrix(0)
    assert np.array_equal(before[:, :3].sum(axis=1), np.bincount(made.document.truths_of(np.arange(40)), minlength=3))
    made.edit(lambda d: d.without_rows(np.array([0])), "delete")
    assert np.array_equal(made.decisions.matrix(0), before)
    settle(qtbot, made)
    made.decisions.matrix(0)
    settle(qtbot, made)
    assert made.decisions.matrix(0).sum() == 39


def test_whole_rows_are_counted_in_the_background_and_the_old_numbers_stand(new_session, qtbot, few):
    made = new_session(questions())
    assert made.decisions.rows_of_chosen() is None
    settle(qtbot, made)
    before = made.decisions.rows_of_chosen()
    assert made.decisions.rows.is_current
    for threshold in (0.1, 0.2, 0.9):
        made.edit(lambda d, at=threshold: d.with_threshold(at), "T")
        assert made.decisions.rows_of_chosen() == before
        assert not made.decisions.rows.is_current
    settle(qtbot, made)
    assert made.decisions.rows_of_chosen().recall < before.recall
    made.look(model=1)
    assert made.decisions.rows_of_chosen() is None  # those of another model would lie
    settle(qtbot, made)
    assert made.decisions.rows_of_chosen().model == "B"


def test_what_is_found_at_once_is_used(new_session):
    made, found = new_session(questions(rows=2)), []
    made.find(lambda _stopped, _report: 7, found.append)
    assert found == [7]


def test_what_is_found_in_the_background_is_used(new_session, qtbot, few):
    made, found = new_session(questions()), []
    made.find(lambda _stopped, _report: threading.current_thread() is threading.main_thread(), found.append)
    assert found == []
    settle(qtbot, made)
    assert found == [False]


@pytest.mark.parametrize("how", ["another document", "another search", "cancel"])
def test_what_is_overtaken_is_stopped_and_not_used(new_session, qtbot, few, how):
    made, found, stop = new_session(questions()), [], threading.Event()

    def search(stopped, _report):
        while not stopped():
            stop.wait(0.001)
        return "old"

    made.find(search, found.append)
    if how == "another document":
        made.edit(lambda d: d.with_threshold(0.3), "T")
    elif how == "another search":
        made.find(lambda _stopped, _report: "new", found.append)
    else:
        made.cancel()
    settle(qtbot, made)
    assert found == (["new"] if how == "another search" else [])
