"""How losses and probabilities are spread: what a session works out, when, and what it keeps."""

import numpy as np
import pytest

from xentviz.core.distributions import Measure
from xentviz.core.document import Document, ScoreKind
from xentviz.core.loss_budget import loss_budget
from xentviz.files.opened import Opened
from xentviz.session import budgets
from xentviz.session.budgets import Budgets
from xentviz.session.session import Session


@pytest.fixture
def make_session(qtbot):
    """Return a maker of sessions; closed when the test ends."""
    made = []

    def make(document):
        made.append(Session(Opened(document)))
        qtbot.waitUntil(lambda: not made[-1].busy)
        return made[-1]

    yield make
    for session in made:
        session.close()


def many(rows=200_000):
    """Return more rows than are worked on at once, of two models."""
    numbers = np.random.default_rng(3)
    labels = numbers.integers(0, 2, rows).astype(float)
    models = {name: np.clip(numbers.random(rows) * 0.5 + labels * 0.4, 0.01, 0.99) for name in ("A", "B")}
    return Document.create(labels, models)


def test_few_rows_are_worked_out_at_once(make_session):
    session = make_session(Document.create([1, 0], {"A": [0.25, 0.5]}))
    found = session.part(Budgets).spread(0)
    assert not session.busy
    assert found.budget.worst(0.5) == pytest.approx(2 / 3)
    assert found.levels[Measure.NO].means.tolist() == [0.5]
    assert session.part(Budgets).spread(1) is None


def test_many_rows_are_worked_out_in_the_background(make_session, qtbot):
    session = make_session(many())
    part = session.part(Budgets)
    with qtbot.waitSignal(part.changed):
        assert part.spread(0) is None
        assert session.busy
    document = session.document
    every = np.arange(document.elements)
    for m in range(2):
        p, labels = document.scores_of(m, every), document.labels_of(every)
        exact = loss_budget(-np.log(np.abs(p - 1 + labels)))
        assert part.spread(m).budget.worst(0.01) == pytest.approx(exact.worst(0.01), rel=1e-6)


def test_an_edit_works_out_only_the_model_that_it_changed(make_session, monkeypatch):
    session = make_session(Document.create([1, 0], {"A": [0.25, 0.5], "B": [0.5, 0.5]}))
    part = session.part(Budgets)
    before = part.spread(0), part.spread(1)
    session.apply(session.document.with_scores(1, np.array([0]), [0.75]), "Edit")
    assert part.spread(0) is before[0]
    assert part.spread(1) is not before[1]
    assert part.spread(1).levels[Measure.YES].means.tolist() == [0.75]
    session.apply(session.document.with_labels(np.array([0]), [0]), "Edit")
    assert part.spread(0) is not before[0]


def test_the_category_looked_at_counts(make_session):
    document = Document.create([[1, 0], [1, 1]], {"A": [[0.5, 0.2], [0.25, 0.8]]}, categories=["a", "b"])
    session = make_session(document)
    part = session.part(Budgets)
    assert part.spread(0).budget.rows == 4
    session.look(category=1)
    assert part.spread(0).budget.rows == 2
    assert part.spread(0).levels[Measure.YES].means.tolist() == [0.8]


def test_another_model_of_the_same_scores_has_the_same_spread(make_session, monkeypatch):
    session = make_session(Document.create([1, 0], {"A": [0.25, 0.5]}))
    part = session.part(Budgets)
    before = part.spread(0)
    document = session.document.with_model("B", ScoreKind.PROBABILITY, np.array([0.5, 0.5]))
    monkeypatch.setattr(budgets, "FEW", 0)
    session.apply(document, "Add model")
    assert part.spread(0) is before  # the old stands until the new has come
    assert part.spread(1) is None
