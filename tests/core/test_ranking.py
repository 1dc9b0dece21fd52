import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from xentviz.core.ranking import average_precision, roc_auc


def ascending(values):
    return np.sort(np.array(values, dtype=np.float64))


def as_rows(positives, negatives):
    return np.r_[np.ones(len(positives)), np.zeros(len(negatives))], np.r_[positives, negatives]


@pytest.mark.parametrize("steps", [2, 10, 1000, 10**9])
@pytest.mark.parametrize(("positives", "negatives"), [(1, 1), (3, 500), (700, 400)])
def test_agree_with_scikit_learn_however_many_ties_there_are(steps, positives, negatives):
    rng = np.random.default_rng(steps + positives)
    yes = ascending(rng.integers(0, steps, positives) / steps)
    no = ascending(rng.integers(0, steps, negatives) / steps)
    labels, scores = as_rows(yes, no)
    assert roc_auc(yes, no) == pytest.approx(roc_auc_score(labels, scores), rel=1e-13, abs=1e-15)
    assert average_precision(yes, no) == pytest.approx(average_precision_score(labels, scores), rel=1e-13)


@pytest.mark.parametrize("of", [roc_auc, average_precision])
@pytest.mark.parametrize(("positives", "negatives"), [([], []), ([0.5], []), ([], [0.5])])
def test_are_undefined_with_one_class_only(of, positives, negatives):
    assert of(ascending(positives), ascending(negatives)) is None


scores = st.lists(st.integers(0, 8).map(lambda i: i / 8), min_size=1, max_size=30).map(ascending)


@given(scores, scores)
def test_auc_is_the_chance_that_a_positive_scores_above_a_negative(yes, no):
    above = (yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2
    assert roc_auc(yes, no) == pytest.approx(above)
    assert roc_auc(no, yes) == pytest.approx(1 - above)


@given(scores, scores)
def test_average_precision_lies_between_zero_and_one(yes, no):
    assert 0 < average_precision(yes, no) <= 1
