"""Metrics of many counts at once: the same as one by one, and the same as scikit-learn's of weighted rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, balanced_accuracy_score, matthews_corrcoef, precision_score, recall_score

from xentviz.core import metrics, outcomes
from xentviz.core.counts import Counts
from xentviz.core.errors import DataError
from xentviz.core.outcomes import Outcomes

PAIRS = [
    (metrics.accuracy, outcomes.accuracy),
    (metrics.precision, outcomes.precision),
    (metrics.recall, outcomes.recall),
    (metrics.specificity, outcomes.specificity),
    (metrics.predicted_share, outcomes.predicted_share),
    (metrics.f1, outcomes.f_beta),
    (metrics.f_beta(2.0), lambda found: outcomes.f_beta(found, 2.0)),
    (metrics.balanced_accuracy, outcomes.balanced_accuracy),
    (metrics.matthews, outcomes.matthews),
]

count = st.integers(0, 10**7)
counts = st.builds(Counts, count, count, count, count)


@given(st.lists(counts, min_size=1, max_size=5))
def test_the_same_as_one_by_one(several):
    fields = ("true_positives", "false_positives", "false_negatives", "true_negatives")
    together = Outcomes(*(np.array([getattr(one, name) for one in several], dtype=float) for name in fields))
    for one_by_one, at_once in PAIRS:
        expected = [np.nan if (value := one_by_one(one)) is None else value for one in several]
        np.testing.assert_allclose(at_once(together), expected, rtol=1e-12, atol=1e-12)


def test_youden_is_two_balanced_accuracies_less_one():
    found = Outcomes.of(Counts(3, 1, 2, 4))
    assert float(outcomes.youden(found)) == pytest.approx(2 * 0.7 - 1)


@pytest.mark.parametrize("prevalence", [0.001, 0.3, 0.5, 0.9])
def test_another_prevalence_is_what_scikit_learn_makes_of_weighted_rows(prevalence):
    rng = np.random.default_rng(3)
    y = rng.random(500) < 0.4
    said = rng.random(500) < 0.3 + 0.4 * y
    weights = np.where(y, prevalence / y.mean(), (1 - prevalence) / (1 - y.mean()))
    tp, fp = int((said & y).sum()), int((said & ~y).sum())
    found = Outcomes.reached(tp, fp, int(y.sum()), int((~y).sum())).at_prevalence(prevalence)
    assert float(found.total) == pytest.approx(outcomes.told_of(prevalence))
    for theirs, ours in [
        (precision_score, outcomes.precision),
        (recall_score, outcomes.recall),
        (accuracy_score, outcomes.accuracy),
        (matthews_corrcoef, outcomes.matthews),
    ]:
        assert float(ours(found)) == pytest.approx(theirs(y, said, sample_weight=weights))
    # Of each class by itself, which no weight of a class changes.
    assert float(outcomes.balanced_accuracy(found)) == pytest.approx(balanced_accuracy_score(y, said))


def test_its_own_prevalence_changes_nothing():
    found = Outcomes.of(Counts(30, 20, 10, 40))
    same = found.at_prevalence(0.4)
    np.testing.assert_allclose(same.true_positives, found.true_positives)
    np.testing.assert_allclose(same.true_negatives, found.true_negatives)


def test_nothing_to_weigh_up_is_not_defined():
    assert np.isnan(outcomes.precision(Outcomes.of(Counts(0, 3, 0, 4)).at_prevalence(0.5)))
    assert np.isnan(outcomes.recall(Outcomes.of(Counts(0, 3, 0, 4)).at_prevalence(0.5)))


@pytest.mark.parametrize("prevalence", [-0.1, 1.1, np.nan, np.inf])
def test_no_prevalence_is_refused(prevalence):
    with pytest.raises(DataError, match="option_out_of_range"):
        Outcomes.of(Counts(1, 1, 1, 1)).at_prevalence(prevalence)


def test_at_no_prevalence_outcomes_are_what_they_are():
    found = Outcomes.reached(3, 1, 4, 5)
    assert found.at_prevalence(None) is found
