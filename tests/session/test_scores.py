"""Every model's numbers with intervals, and differences to the reference, as a session holds them."""

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from xentviz.core.area_errors import area_gaps
from xentviz.core.compared import compare
from xentviz.core.document import Document
from xentviz.core.intervals import of_matrix, wilson
from xentviz.core.passes import confusion_of
from xentviz.session import scores as module
from xentviz.session.scores import KEYS, Scores


def made(rows=200, categories=1, seed=1, models="ABC"):
    rng = np.random.default_rng(seed)
    labels = (rng.random((rows, categories)) < 0.4).astype(float)
    scores = {name: np.clip(0.2 * n * labels + 0.6 * rng.random(labels.shape), 0.01, 0.99)
              for n, name in enumerate(models)}  # fmt: skip
    names = [f"c{c}" for c in range(categories)]
    if categories == 1:
        return Document.create(labels[:, 0], {name: column[:, 0] for name, column in scores.items()})
    return Document.create(labels, scores, categories=names)


def answers(rows=300):
    rng = np.random.default_rng(2)
    p = rng.dirichlet(np.ones(3), rows)
    labels = np.where(rng.random(rows) < 0.6, p.argmax(1), rng.integers(0, 3, rows))
    return Document.create(labels, {"A": p, "B": p[:, ::-1]}, categories=list("abc"), multiclass=True)


def known(qtbot, session):
    """Return the part after everything that panels ask for has been worked out."""
    found = session.part(Scores)
    for _ in range(3):
        for model in range(len(session.document.models)):
            found.mean(model), found.gap(model)
            for key in KEYS:
                found.estimate(key, model)
        qtbot.waitUntil(lambda: not session.busy, timeout=20_000)
    return found


@pytest.mark.parametrize("make", [made, lambda: made(categories=3), answers])
def test_every_number_has_an_interval_that_holds_it(new_session, qtbot, make):
    session = new_session(make())
    for category in (None, len(session.document.categories) - 1):
        session.look(category=category)
        scores = known(qtbot, session)
        for model in range(len(session.document.models)):
            for key in KEYS:
                value, interval = scores.estimate(key, model)
                assert interval[0] <= value <= interval[1], key
                assert scores.is_current(key)


def test_numbers_are_those_of_the_document_at_its_threshold(new_session, qtbot):
    document = made().with_threshold(0.4)
    session = new_session(document)
    scores = known(qtbot, session)
    y, p = (document.labels.array().ravel(), document.models[1].scores.array().ravel())
    assert scores.estimate("f1", 1).value == pytest.approx(f1_score(y == 1, p >= 0.4))
    right = int(((p >= 0.4) == (y == 1)).sum())
    assert scores.estimate("accuracy", 1) == (right / 200, wilson(right, 200))
    assert scores.estimate("roc_auc", 1).value == pytest.approx(roc_auc_score(y, p))
    session.edit(lambda d: d.with_threshold(0.7), "T")
    assert scores.estimate("f1", 1).value == pytest.approx(f1_score(y == 1, p >= 0.7))
    assert not session.busy  # no work over the rows for another threshold


def test_one_answer_in_many_is_of_the_matrix(new_session, qtbot):
    document = answers()
    session = new_session(document)
    scores = known(qtbot, session)
    for key in ("accuracy", "f1", "balanced_accuracy", "mcc"):
        assert scores.estimate(key, 0) == of_matrix(key, confusion_of(document, 0))


def test_differences_are_to_the_reference(new_session, qtbot):
    document = made()
    session = new_session(document)
    scores = known(qtbot, session)
    assert scores.mean(0).gap is None
    assert scores.gap(0) is None
    assert scores.mean(2).gap.mean == compare(document, 0, 2).difference.mean
    assert scores.gap(2) == area_gaps(document, 0, 2, range(1))
    session.compare(reference="C")
    scores = known(qtbot, session)
    assert scores.mean(2).gap is None
    assert scores.mean(0).gap.mean == compare(document, 2, 0).difference.mean
    assert scores.gap(0) == area_gaps(document, 2, 0, range(1))


def test_the_bins_are_those_of_the_view(new_session, qtbot):
    session = new_session(made())
    before = known(qtbot, session).calibration(0)
    session.compare(bins=3)
    assert known(qtbot, session).calibration(0) != before
    session.compare(bins=3, equal_count=True)
    assert known(qtbot, session).calibration(0).value > 0


def test_an_edit_is_followed_and_what_was_known_stands_until_then(new_session, qtbot):
    session = new_session(made(1_200, models="AB"))
    scores = known(qtbot, session)
    before = scores.mean(1)
    session.edit(lambda d: d.with_scores(1, np.array([0]), np.array([0.5])), "Score")
    assert scores.mean(1) == before
    qtbot.waitUntil(lambda: not session.busy)
    assert known(qtbot, session).mean(1) != before


@pytest.mark.parametrize(
    "document",
    [
        Document.create(np.empty(0), {}),
        Document.create([1, 0], {}),
        Document.create(np.empty(0), {"A": np.empty(0)}),
        Document.create([np.nan] * 3, {"A": [0.1, 0.2, 0.3], "B": [0.1, 0.2, 0.3]}),
        Document.create([1], {"A": [0.0], "B": [1.0]}),
        Document.create([1, 0], {"A": [0.0, 1.0], "B": [0.0, 1.0]}),
        Document.create([[1.0, np.nan]], {"A": [[0.2, 0.3]], "B": [[0.4, np.nan]]}, categories=["a", "b"]),
        Document.create([0, -1], {"A": [[1.0], [1.0]], "B": [[1.0], [1.0]]}, multiclass=True, categories=["a"]),
    ],
)
def test_next_to_nothing_is_no_error(new_session, qtbot, document):
    session = new_session(document)
    failures = []
    session.failed.connect(failures.append)
    known(qtbot, session)
    assert failures == []


@pytest.mark.parametrize("works", [("area_gaps", "area_estimates"), ("mean_errors", "calibration_of")])
def test_of_many_rows_one_thing_is_worked_out_after_the_other(new_session, qtbot, monkeypatch, works):
    monkeypatch.setattr(module, "FEW", 10)
    running, most = [], []

    def watched(work):
        def watch(*given):
            running.append(work)
            most.append(len(running))
            try:
                return work(*given)
            finally:
                running.remove(work)

        return watch

    for work in works:
        monkeypatch.setattr(module, work, watched(getattr(module, work)))
    session = new_session(made(20_000))
    scores = session.part(Scores)
    assert scores.gap(2) is scores.mean(2) is scores.calibration(2) is None  # all four are asked for in one turn
    assert scores.estimate("roc_auc", 2) == (None, None)
    qtbot.waitUntil(lambda: not session.busy, timeout=20_000)
    assert scores.gap(2) == area_gaps(session.document, 0, 2, range(1))
    assert max(most) == 1


def test_the_share_that_is_done_never_falls_from_model_to_model(new_session, qtbot):
    rng = np.random.default_rng(0)
    session = new_session(Document.create(rng.integers(0, 2, 50), {name: rng.random(50) for name in "ABC"}))
    qtbot.waitUntil(lambda: not session.busy)
    scores = session.part(Scores)
    for find, models in ((scores._find_areas, 3), (scores._find_gaps, 2)):
        told = []
        find()(lambda: False, told.append)
        assert told == sorted(told)
        assert {int(models * share) for share in told} == set(range(models))


def test_numbers_of_answers_follow_the_threshold_and_a_new_score_and_are_found_once(new_session, qtbot):
    document = answers()
    session = new_session(document)
    scores = known(qtbot, session)

    def right():
        now = session.document
        return [of_matrix("f1", confusion_of(now, m)) for m in range(2)]

    before = [scores.estimate("f1", m) for m in range(2)]
    assert before == right()
    session.compare(temperature=2.0)
    assert all(scores.estimate("f1", m) is before[m] for m in range(2))
    session.apply(session.document.with_threshold(0.6), "threshold")
    moved = [scores.estimate("f1", m) for m in range(2)]
    assert moved == right() != before
    session.undo_stack.undo()
    assert [scores.estimate("f1", m) for m in range(2)] == before
    decided = int(np.argmax(np.asarray(document.models[0].scores.blocks[0].values)[0]))
    session.apply(document.with_scores(0, np.array([decided]), 0.0), "score")
    scores = known(qtbot, session)
    assert [scores.estimate("f1", m) for m in range(2)] == right() != before
