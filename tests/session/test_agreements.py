"""How models agree: at once where that is quick, else in the background when a threshold has come to rest."""

import numpy as np
import pytest

from xentviz.core.agreement import agreements
from xentviz.core.document import Document
from xentviz.core.looked_at import LookedAt
from xentviz.session import agreements as module
from xentviz.session.agreements import Agreements


def document(rows=40, models="ABC"):
    rng = np.random.default_rng(0)
    names = ["x", "y"]
    return Document.create(rng.integers(0, 2, (rows, 2)), {m: rng.random((rows, 2)) for m in models}, categories=names)


def test_few_are_counted_at_once_at_every_threshold(new_session):
    made = new_session(document())
    part = made.part(Agreements)
    for threshold in (0.2, 0.5, 0.9):
        made.edit(lambda d, at=threshold: d.with_threshold(at), "T")
        expected = agreements(LookedAt(made.document, None))
        assert part.of(0, 2) == expected[0, 2]
        assert part.of(2, 0) == expected[0, 2].turned()


def test_they_are_of_the_category_looked_at(new_session):
    made = new_session(document())
    made.look(category=1)
    assert made.part(Agreements).of(0, 1) == agreements(LookedAt(made.document, 1))[0, 1]


def test_models_that_are_not_there_have_none(new_session):
    made = new_session(document(models="A"))
    assert made.part(Agreements).of(0, 1) is None


def test_many_are_counted_in_the_background_and_the_old_stand(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 10)
    made = new_session(document())
    part = made.part(Agreements)
    with qtbot.waitSignal(part.changed):
        assert part.of(0, 1) is None
    before = part.of(0, 1)
    for threshold in (0.1, 0.3, 0.95):  # a drag: none but the last is counted
        made.edit(lambda d, at=threshold: d.with_threshold(at), "T")
        assert part.of(0, 1) == before
    qtbot.waitUntil(lambda: not made.busy)
    assert part.of(0, 1) == agreements(LookedAt(made.document, None))[0, 1]


@pytest.mark.parametrize("labels", [[], [np.nan], [1]])
def test_there_may_be_next_to_nothing(new_session, labels):
    made = new_session(Document.create(labels, {m: np.full(len(labels), 0.3) for m in "AB"}))
    assert made.part(Agreements).of(0, 1).decided == len(labels)
