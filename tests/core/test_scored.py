"""Which elements lie in a bin: as many as the bin counts, and just those."""

import numpy as np
import pytest

from xentviz.core.calibration import reliability
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import evaluate
from xentviz.core.scored import elements_between
from xentviz.core.transforms import softmax

NAN = np.nan


@pytest.mark.usefixtures("four_rows_a_block")
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_every_bin_gives_as_many_elements_as_it_counts(kind):
    numbers = np.random.default_rng(1)
    p = np.round(numbers.random((30, 3)), 1).astype(kind)
    y = numbers.integers(0, 2, (30, 3)).astype(float)
    y[4:9] = NAN
    document = Document.create(y, {"A": p}, categories=["a", "b", "c"])
    edges = np.arange(11) / 10
    for category in (None, 1):
        looked_at = range(3) if category is None else range(1, 2)
        found = reliability(*evaluate(document).models[0].reachable(looked_at), edges)
        picked = [elements_between(document, 0, category, *edges[b : b + 2].tolist()) for b in range(10)]
        assert [len(part) for part in picked] == found.counts.tolist()
        assert (np.diff(np.concatenate(picked[3:4])) > 0).all()
        if category is not None:
            assert {int(e) % 3 for part in picked for e in part} == {1}


@pytest.mark.usefixtures("four_rows_a_block")
def test_rows_with_one_answer_are_told_by_their_first_elements():
    numbers = np.random.default_rng(2)
    z, y = numbers.normal(0, 2, (20, 3)), numbers.integers(-1, 3, 20)
    document = Document.create(y, {"A": z}, logits=["A"], categories=["a", "b", "c"], multiclass=True)
    p = softmax(z)
    found = elements_between(document, 0, None, 0.5, 0.8)
    assert found.tolist() == (3 * np.flatnonzero((y >= 0) & (p.max(1) >= 0.5) & (p.max(1) < 0.8))).tolist()
    found = elements_between(document, 0, 2, 0.2, 1.0)
    assert found.tolist() == (3 * np.flatnonzero((y >= 0) & (p[:, 2] >= 0.2))).tolist()


def test_a_score_of_one_is_in_the_last_bin():
    document = Document.create([1, 0], {"A": [1.0, 0.9]})
    assert elements_between(document, 0, None, 0.95, 1.0).tolist() == [0]


def test_it_can_be_stopped():
    with pytest.raises(Cancelled):
        elements_between(Document.create([1], {"A": [0.5]}), 0, None, 0.0, 1.0, stopped=lambda: True)
