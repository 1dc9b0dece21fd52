"""Slices as they are divided: at once where that is quick, else in the background, the old ones standing."""

import numpy as np
import pytest

from xentviz.core.document import Document
from xentviz.core.looked_at import LookedAt
from xentviz.core.slices import by_label, by_score, slice_hits, slice_losses
from xentviz.session import slices as module
from xentviz.session.comparing import SliceOrder, Slicing
from xentviz.session.slices import TENTHS, Slices


def document(rows=50, models="AB"):
    rng = np.random.default_rng(0)
    return Document.create(rng.integers(0, 2, rows), {m: rng.random(rows) for m in models})


def test_rows_are_divided_by_label_until_something_else_is_chosen(new_session):
    made = new_session(document())
    part, looked = made.part(Slices), LookedAt(made.document, None)
    sliced = part.losses.wanted()
    assert (sliced.slicing, sliced.pair) == (Slicing.LABEL, (0, 1))
    expected = slice_losses(looked, by_label(looked), (0, 1))
    assert np.array_equal(sliced.losses.difference.means, expected.difference.means)
    made.compare(slicing=Slicing.SCORE)
    sliced = part.losses.wanted()
    assert sliced.losses.sizes.tolist() == slice_losses(looked, by_score(looked, 0, TENTHS), None).sizes.tolist()
    made.compare(equal_slices=True)
    assert part.losses.wanted().losses.sizes.tolist() == [5] * 10


def test_a_threshold_changes_hits_and_not_losses(new_session):
    made = new_session(document())
    part = made.part(Slices)
    sliced = part.losses.wanted()
    for threshold in (0.2, 0.9):
        made.edit(lambda d, at=threshold: d.with_threshold(at), "T")
        assert part.losses.wanted() is sliced
        looked = LookedAt(made.document, None)
        assert part.hits_of(sliced)[1].right.tolist() == slice_hits(looked, by_label(looked))[1].right.tolist()


def test_one_model_has_no_difference_and_none_no_lines(new_session):
    assert new_session(document(models="A")).part(Slices).losses.wanted().losses.difference is None
    without = new_session(document(models=""))
    without.compare(slicing=Slicing.SCORE)
    assert without.part(Slices).losses.wanted().losses.models == ()


def test_many_are_measured_in_the_background_and_the_old_stand(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 10)
    made = new_session(document())
    part = made.part(Slices)
    assert part.losses.wanted() is None
    qtbot.waitUntil(lambda: not made.busy)
    before = part.losses.wanted()
    assert part.hits_of(before) is None
    qtbot.waitUntil(lambda: not made.busy)
    hits = part.hits_of(before)
    assert hits[0].total.sum() == 50
    for threshold in (0.1, 0.9):  # a drag
        made.edit(lambda d, at=threshold: d.with_threshold(at), "T")
        assert part.hits_of(before) is hits
    qtbot.waitUntil(lambda: not made.busy)
    assert part.hits_of(before)[0].right.sum() == np.sum(
        made.document.decisions_of(0, np.arange(50)) == made.document.labels_of(np.arange(50))
    )
    made.edit(lambda d: d.without_rows(np.array([0])), "delete")
    assert part.losses.wanted() is before
    assert part.hits_of(before) is not None
    qtbot.waitUntil(lambda: not made.busy)
    assert part.losses.wanted().losses.sizes.sum() == 49


@pytest.mark.parametrize("category", [None, 1])
def test_elements_of_a_slice_are_those_that_lie_in_it(new_session, category):
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 2, (30, 2))
    made = new_session(Document.create(labels, {"A": rng.random((30, 2))}, categories=["x", "y"]))
    made.look(category=category)
    found = made.part(Slices).losses.wanted().elements(1, lambda: False, lambda _share: None)
    every = np.arange(60) if category is None else np.arange(1, 60, 2)
    assert found.tolist() == every[labels.ravel()[every] == 1].tolist()


def test_rows_are_divided_by_a_column_as_long_as_there_is_one(new_session):
    made = new_session(document(rows=6).with_grouping("city", ["Oslo", "Rome"], [0, 1, 1, 2, 1, 0]))
    made.compare(slicing=Slicing.COLUMN, column="city")
    part = made.part(Slices)
    assert part.losses.wanted().losses.sizes.tolist() == [2, 3, 1]  # the last one's word is in no slice
    assert part.losses.wanted().elements(1, lambda: False, lambda _share: None).tolist() == [1, 2, 4]
    made.edit(lambda d: d.without_rows(np.array([1])), "delete")
    assert part.losses.wanted().losses.sizes.tolist() == [2, 2, 1]
    made.undo_stack.undo()
    assert part.losses.wanted().losses.sizes.tolist() == [2, 3, 1]
    made.apply(document(), "another", opening=True)
    assert part.losses.wanted().slicing is Slicing.LABEL


@pytest.mark.parametrize("order", SliceOrder)
@pytest.mark.parametrize("slicing", [Slicing.LABEL, Slicing.SCORE, Slicing.COLUMN])
def test_what_lies_in_no_slice_is_one_more_and_the_last(new_session, slicing, order):
    labels, scores = [1, 0, 1, np.nan, np.nan, np.nan], [0.9, 0.2, 0.4, 0.5, np.nan, 0.1]
    made = new_session(Document.create(labels, {"A": scores}).with_grouping("city", ["Oslo"], [0, 1, 1, 1, 0, 1]))
    made.compare(slicing=slicing, column="city", slice_order=order)
    sliced = made.part(Slices).losses.wanted()
    last = sliced.division.slices - 1
    assert sliced.rest
    assert sliced.ordered(order)[-1] == last
    assert sorted(sliced.ordered(order)) == list(range(last + 1))
    assert sliced.losses.sizes.sum() == 6
    expected = {Slicing.LABEL: [3, 4, 5], Slicing.SCORE: [4], Slicing.COLUMN: [1, 2, 3, 5]}[slicing]
    assert sliced.elements(last, lambda: False, lambda _share: None).tolist() == expected
    assert part_hits(made).tolist() == [int(np.isin([0, 1, 2], expected).sum())]


def part_hits(made):
    """Return how many of the last slice have a label and a score, model by model."""
    part = made.part(Slices)
    return np.array([hits.total[-1] for hits in part.hits_of(part.losses.wanted())])
