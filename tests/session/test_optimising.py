"""Each category's own best threshold: sought in the background, set in one step."""

import numpy as np
import pytest

from xentviz.core.document import Document
from xentviz.core.goals import Aim, Goal
from xentviz.core.optimum import optimum
from xentviz.session.session import Session


def document(rows=80, categories=4, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, (rows, categories)).astype(float)
    labels[:, 1] = 0
    return Document.create(
        labels, {m: rng.random((rows, categories)) for m in "AB"}, categories=[f"c{c}" for c in range(categories)]
    )


@pytest.fixture
def session(new_session) -> Session:
    return new_session(document())


def test_all_are_set_in_one_step(session, qtbot):
    before = session.document
    session.look(model=1)
    with qtbot.waitSignal(session.optimising.optimised) as answer:
        session.optimising.start("Optimise thresholds")
        assert session.busy
    found = answer.args[0]
    best = [optimum(session.results_of(1).sweep(range(c, c + 1)), Goal()) for c in (0, 2, 3)]
    assert [session.document.threshold(c) for c in (0, 2, 3)] == [one.threshold for one in best]
    assert (found.model, found.changed) == (
        "B",
        len(set(range(4)) - {c for c in range(4) if found.thresholds[c] == 0.5}),
    )
    assert session.undo_stack.count() == 1
    assert session.undo_stack.undoText() == "Optimise thresholds"
    session.undo_stack.undo()
    assert session.document is before


def test_where_no_threshold_serves_the_goal_the_old_one_stays(session, qtbot):
    session.edit(lambda d: d.with_threshold(0.125), "T")
    session.decide(goal=Goal(Aim.RECALL, target=1.0))
    with qtbot.waitSignal(session.optimising.optimised) as answer:
        session.optimising.start("o")
    assert answer.args[0].unserved == (1,)
    assert session.document.threshold(1) == 0.125


def test_sought_again_nothing_changes(session, qtbot):
    for _ in range(2):
        with qtbot.waitSignal(session.optimising.optimised) as answer:
            session.optimising.start("o")
    assert answer.args[0].changed == 0
    assert session.undo_stack.count() == 1


def test_cancelled_nothing_changes(session, qtbot):
    before = session.document
    session.optimising.start("o")
    session.optimising.cancel()
    assert not session.optimising.busy
    qtbot.waitUntil(lambda: not session.busy)
    assert session.document is before


def test_an_edit_meanwhile_is_not_overwritten(session, qtbot):
    with qtbot.waitSignal(session.optimising.failed) as answer:
        session.optimising.start("o")
        session.edit(lambda d: d.with_threshold(0.75), "T")
    assert answer.args[0].code == "optimum_overtaken"
    assert session.document.thresholds == (0.75,)


def test_it_is_for_several_questions_whose_numbers_have_come(session, new_session, qtbot):
    assert session.optimising.possible
    session.edit(lambda d: d.with_labels(np.array([0]), 1 - d.labels_of(np.array([0]))), "flip")
    assert not session.optimising.possible
    qtbot.waitUntil(lambda: not session.busy)
    assert session.optimising.possible
    assert not new_session(Document.create([1, 0], {"A": [0.3, 0.4]})).optimising.possible
    assert not new_session(Document.create([[1, 0]], {}, categories=["a", "b"])).optimising.possible


def test_of_single_precision_the_thresholds_that_are_set_are_the_shortest_numbers(new_session, qtbot):
    rng = np.random.default_rng(2)
    p = (rng.integers(1, 100, (80, 3)) / 100).astype(np.float32)
    session = new_session(Document.create(rng.integers(0, 2, (80, 3)), {"A": p}, categories=list("abc")))
    with qtbot.waitSignal(session.optimising.optimised):
        session.optimising.start("o")
    thresholds = session.document.thresholds
    assert thresholds == tuple(round(threshold, 2) for threshold in thresholds)
    assert len(set(thresholds) - {0.5}) > 1
