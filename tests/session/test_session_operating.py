"""What is worked out of a session's numbers: at once where that is quick, and only where something is new."""

import numpy as np
import pytest

from xentviz.core.document import Document
from xentviz.core.goals import Aim, Goal
from xentviz.files.opened import Opened
from xentviz.session import operating
from xentviz.session.session import Session


def document(rows=60, categories=1, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, (rows, categories))
    models = {name: rng.random((rows, categories)) for name in ("A", "B")}
    return Document.create(labels, models, categories=[f"c{c}" for c in range(categories)])


@pytest.fixture
def new_session(qtbot):
    made = []

    def make(*args, **kwargs):
        made.append(Session(Opened(document(*args, **kwargs))))
        qtbot.waitUntil(lambda: not made[-1].busy)
        return made[-1]

    yield make
    for session in made:
        session.close()


def test_few_answers_are_swept_at_once_and_once(new_session):
    session = new_session()
    found = session.operating.sweep(0)
    assert found.positives + found.negatives == 60
    assert session.operating.sweep(0) is found
    assert not session.operating.sweeps.latest.busy
    assert session.operating.sweeps.is_current


def test_many_are_swept_in_the_background_and_the_old_ones_stand_meanwhile(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(operating, "FEW", 10)
    session = new_session(categories=2)
    assert session.operating.sweep(0) is None
    assert session.busy
    with qtbot.waitSignal(session.operating.changed):
        pass
    before = session.operating.sweep(0)
    assert before.positives + before.negatives == 120
    session.look(category=1)
    assert session.operating.sweep(0) is before
    assert not session.operating.sweeps.is_current
    qtbot.waitUntil(lambda: session.operating.sweeps.is_current)
    assert session.operating.sweep(0).positives == session.results_of(0).only(1).sweep(range(1)).positives


def test_an_edit_is_swept_again(new_session, qtbot):
    session = new_session()
    before = session.operating.sweep(0)
    session.edit(lambda d: d.with_labels(np.array([0]), 1 - d.labels_of(np.array([0]))), "flip")
    qtbot.waitUntil(lambda: not session.busy)
    assert abs(session.operating.sweep(0).positives - before.positives) == 1


def test_a_threshold_sweeps_nothing(new_session):
    session = new_session()
    before = session.operating.sweep(0)
    session.edit(lambda d: d.with_threshold(0.25), "T")
    assert session.operating.sweep(0) is before


def test_areas_are_those_of_the_models_shown(new_session, qtbot):
    session = new_session()
    first, second = session.operating.areas(0), session.operating.areas(1)
    session.edit(lambda d: d.without_model(0), "delete")
    qtbot.waitUntil(lambda: not session.busy)
    assert session.operating.areas(0) == second
    assert first != second


def test_the_best_threshold_follows_the_goal_and_the_prevalence(new_session, qtbot):
    session = new_session()

    def best():
        session.operating.best(0)
        qtbot.waitUntil(lambda: session.operating.bests.is_current)
        return session.operating.best(0)

    f1 = best()
    assert f1.optimum.value >= 0.6
    assert f1.spread.interval[0] <= f1.optimum.threshold <= f1.spread.interval[1]
    session.decide(goal=Goal(Aim.PRECISION, target=1.0))
    assert best() != f1
    session.decide(goal=Goal(), prevalence=0.01)
    assert best().optimum.value < f1.optimum.value
    session.decide(prevalence=None)
    again = best()
    assert (again.optimum.threshold, again.spread) == (f1.optimum.threshold, f1.spread)


def test_no_model_and_no_row(qtbot):
    session = Session(Opened(Document.create([], {"A": []})))
    qtbot.waitUntil(lambda: not session.busy)
    assert len(session.operating.sweep(0)) == 1
    session.operating.best(0)
    qtbot.waitUntil(lambda: not session.busy)
    assert session.operating.best(0).optimum is None
    session.edit(lambda d: d.without_model(0), "delete")
    assert session.operating.sweep(0) is None
    session.close()


def test_a_category_of_one_answer_in_many_is_ranked_by_its_own_probability(new_session, qtbot):
    rng = np.random.default_rng(4)
    p = rng.dirichlet(np.ones(3), 50)
    session = Session(
        Opened(Document.create(rng.integers(0, 3, 50), {"A": p}, categories=list("abc"), multiclass=True))
    )
    qtbot.waitUntil(lambda: not session.busy)
    assert session.operating.ranking(0) is session.operating.sweep(0)
    session.look(category=1)
    ranking, decided = session.operating.ranking(0), session.operating.sweep(0)
    assert ranking.true_positives[-1] == ranking.positives == decided.positives > decided.true_positives[-1]
    assert ranking.negatives == decided.negatives
    np.testing.assert_array_equal(ranking.thresholds[1:], np.sort(np.unique(p[:, 1]))[::-1])
    session.close()


def test_yes_and_no_are_ranked_as_they_are_decided(new_session):
    session = new_session()
    assert session.operating.ranking(0) is session.operating.sweep(0)


def test_after_deleting_a_model_what_stands_is_never_another_model_s(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(operating, "FEW", 10)
    session = new_session()
    session.operating.sweep(0)
    qtbot.waitUntil(lambda: session.operating.sweeps.is_current)
    first, second = session.operating.sweep(0), session.operating.sweep(1)
    session.edit(lambda d: d.without_model(0), "delete")
    assert session.operating.sweep(0) is second
    session.undo_stack.undo()
    assert (session.operating.sweep(0), session.operating.sweep(1)) == (first, second)


def test_a_model_that_is_renamed_keeps_its_curves(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(operating, "FEW", 10)
    session = new_session()
    session.operating.sweep(0)
    qtbot.waitUntil(lambda: session.operating.sweeps.is_current)
    before = session.operating.sweep(0)
    session.edit(lambda d: d.with_model_renamed(0, "another"), "rename")
    assert session.operating.sweep(0) is before
    qtbot.waitUntil(lambda: not session.busy)
    assert session.operating.sweep(0).thresholds.tolist() == before.thresholds.tolist()


def test_what_is_undone_while_it_is_worked_out_needs_no_work(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(operating, "FEW", 10)
    session = new_session(categories=2)
    session.operating.sweep(0)
    qtbot.waitUntil(lambda: session.operating.sweeps.is_current)
    before = session.operating.sweep(0)
    session.look(category=1)
    session.operating.sweep(0)
    assert session.operating.sweeps.latest.busy
    session.look(category=None)
    assert session.operating.sweep(0) is before
    assert session.operating.sweeps.is_current
    assert not session.operating.sweeps.latest.busy
    session.look(category=1)
    session.operating.sweep(0)
    qtbot.waitUntil(lambda: session.operating.sweeps.is_current)
    assert session.operating.sweep(0).positives == session.results_of(0).only(1).sweep(range(1)).positives


@pytest.mark.parametrize("few", [10, 10_000])
def test_what_fails_is_told_once_and_tried_again_only_on_something_new(new_session, qtbot, monkeypatch, few):
    monkeypatch.setattr(operating, "FEW", few)
    session, told = new_session(), []
    session.failed.connect(told.append)

    def broken(*_numbers):
        raise ArithmeticError

    with monkeypatch.context() as patch:
        patch.setattr(operating, "sweep", broken)
        patch.setattr("xentviz.core.evaluation.sweep", broken)
        for _frame in range(3):
            assert session.operating.sweep(0) is None
            qtbot.waitUntil(lambda: not session.operating.sweeps.latest.busy)
    assert [type(error) for error in told] == [ArithmeticError]
    session.edit(lambda d: d.with_labels(np.array([0]), 1 - d.labels_of(np.array([0]))), "flip")
    qtbot.waitUntil(lambda: not session.busy)
    session.operating.sweep(0)
    qtbot.waitUntil(lambda: session.operating.sweeps.is_current)
    assert session.operating.sweep(0) is not None
    assert len(told) == 1


def test_a_supposed_share_of_yes_means_nothing_to_rows_with_one_answer_in_many(qtbot):
    rng = np.random.default_rng(4)
    p = rng.dirichlet(np.ones(3), 50)
    document = Document.create(rng.integers(0, 3, 50), {"A": p}, categories=list("abc"), multiclass=True)
    session = Session(Opened(document))
    qtbot.waitUntil(lambda: not session.busy)

    def value():
        session.operating.best(0)
        qtbot.waitUntil(lambda: session.operating.bests.is_current)
        return session.operating.best(0).optimum.value

    as_they_are = value()
    session.decide(prevalence=0.001)
    assert session.supposed is None
    assert value() == as_they_are
    session.look(category=1)
    assert session.supposed == 0.001
    of_category = value()
    session.decide(prevalence=None)
    assert value() > of_category
    session.close()
