"""Estimates from counts, matrices and bins, against what they are made of."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, matthews_corrcoef

from xentviz.core.calibration import equal_count, equal_width, reliability
from xentviz.core.calibration_error import calibration_error
from xentviz.core.confusion import confusion_matrix, one_vs_rest
from xentviz.core.counts import Counts
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.core.estimates import calibration_of, of_answers, of_decisions
from xentviz.core.evaluation import evaluate
from xentviz.core.intervals import of_counts


def test_decisions_about_several_categories_are_pooled():
    counts = [Counts(3, 1, 2, 4), Counts(5, 0, 1, 2)]
    for metric in ("accuracy", "f1", "mcc"):
        assert of_decisions(metric, counts) == of_counts(metric, counts[0] + counts[1])


def test_one_answer_in_many_is_told_by_scikit_learns_numbers():
    rng = np.random.default_rng(0)
    truth, said = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    matrix = confusion_matrix(truth, said, 3)
    counts = one_vs_rest(matrix)
    peers = {
        "f1": f1_score(truth, said, average="macro"),
        "balanced_accuracy": balanced_accuracy_score(truth, said),
        "mcc": matthews_corrcoef(truth, said),
        "accuracy": (truth == said).mean(),
    }
    for metric, expected in peers.items():
        value, (low, high) = of_answers(metric, counts, matrix)
        assert value == pytest.approx(expected)
        assert low < value < high
        if metric != "mcc":
            assert of_answers(metric, counts, None) == (pytest.approx(expected), None)
    assert of_answers("mcc", counts, None) == (None, None)


@pytest.mark.parametrize("equal", [False, True])
def test_a_calibration_error_is_the_mean_of_the_categories_own(equal):
    rng = np.random.default_rng(1)
    p = rng.random((300, 2))
    labels = (rng.random((300, 2)) < p**2).astype(float)
    (numbers,) = evaluate(Document.create(labels, {"A": p}, categories=["x", "y"])).models
    each = []
    for category in range(2):
        scores = [np.sort(p[labels[:, category] == truth, category]) for truth in (1, 0)]
        yes, no = [scores[0]], [scores[1]]
        edges = equal_count(yes, no, 7) if equal else equal_width(7)
        each.append(calibration_error(reliability(yes, no, edges)).value)
        alone = calibration_of(numbers, range(category, category + 1), 7, equal)
        assert alone.value == pytest.approx(each[-1])
    assert calibration_of(numbers, range(2), 7, equal).value == pytest.approx(np.mean(each))


def test_it_can_be_stopped():
    (numbers,) = evaluate(Document.create([1, 0], {"A": [0.5, 0.5]})).models
    with pytest.raises(Cancelled):
        calibration_of(numbers, range(1), 7, False, lambda: True)
