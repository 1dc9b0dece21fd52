"""The matrix of one answer in many at any threshold, against counting it anew, and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix as peer

from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.core.passes import answers_of, confusion_of

NAN = float("nan")
AT_SCORES = (0.29, 0.57, 0.58)


def answers(rows=300, categories=4, kind=np.float64, seed=3):
    rng = np.random.default_rng(seed)
    truth = rng.integers(-1, categories, rows)
    p = ((rng.multinomial(100 - categories, np.ones(categories) / categories, rows) + 1) / 100).astype(kind)
    p[::17] = NAN
    names = [f"c{k}" for k in range(categories)]
    return truth, p, Document.create(truth, {"A": p}, categories=names, multiclass=True)


@pytest.fixture(autouse=True, params=["whole", "in blocks"])
def _cut(request):
    if request.param == "in blocks":
        request.getfixturevalue("four_rows_a_block")


@pytest.mark.parametrize("rows", [100, 2000])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_is_that_of_scikit_learn_at_every_threshold(kind, rows):
    truth, p, document = answers(rows, kind=kind)
    known = (truth >= 0) & ~np.isnan(p).any(axis=1)
    found = answers_of(document, 0)
    for threshold in (0.0, 1.0, *AT_SCORES, 0.31, 0.36, *np.random.default_rng(0).random(20)):
        largest = p[known].max(axis=1)
        said = np.where(largest >= kind(threshold), p[known].argmax(axis=1), 4)
        expected = peer(truth[known], said, labels=range(5))[:4]
        assert found.at(threshold).tolist() == expected.tolist()
        assert confusion_of(document.with_threshold(float(threshold)), 0).tolist() == expected.tolist()


def test_soft_sums_are_of_the_rows_of_each_truth():
    truth, p, document = answers()
    known = ~np.isnan(p).any(axis=1)
    expected = [p[known & (truth == k)].sum(axis=0).tolist() for k in range(4)]
    assert answers_of(document, 0).soft == pytest.approx(np.array(expected), rel=1e-13)


@pytest.mark.parametrize("labels", [[], [-1, -1]])
def test_of_no_known_row_is_all_zeros(labels):
    document = Document.create(labels, {"A": np.full((len(labels), 2), 0.5)}, categories=["a", "b"], multiclass=True)
    found = answers_of(document, 0)
    assert found.at(0.5).tolist() == [[0, 0, 0], [0, 0, 0]]
    assert found.soft.tolist() == [[0, 0], [0, 0]]


def test_more_cells_than_short_numbers_count():
    truth, p, document = answers(rows=400, categories=99)
    wide = Document.create(
        np.arange(400), {"A": np.eye(400)}, categories=[f"c{k}" for k in range(400)], multiclass=True
    )
    assert np.diagonal(answers_of(wide, 0).at(1.0)).tolist() == [1] * 400
    assert answers_of(document, 0).at(0).sum() == ((truth >= 0) & ~np.isnan(p).any(axis=1)).sum()


def test_stops_when_told():
    with pytest.raises(Cancelled):
        answers_of(answers()[2], 0, lambda: True)
