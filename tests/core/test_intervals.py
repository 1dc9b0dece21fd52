"""Intervals of counted metrics: known formulas, SciPy, resamples of the rows, and how often they hold the truth."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest

from xentviz.core import confusion, metrics
from xentviz.core.counts import Counts
from xentviz.core.intervals import of_counts, of_matrix, wilson, within_one

KEYS = list(metrics.METRICS)
MACRO = ["precision", "recall", "f1", "specificity", "balanced_accuracy", "mcc"]


@pytest.mark.parametrize(("part", "whole"), [(0, 7), (7, 7), (3, 10), (999_999, 1_000_000), (1, 1)])
def test_wilson_is_that_of_scipy(part, whole):
    expected = binomtest(part, whole).proportion_ci(method="wilson")
    assert wilson(part, whole) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_nothing_has_no_interval():
    assert wilson(0, 0) is None
    assert of_counts("accuracy", Counts(0, 0, 0, 0)) == (None, None)
    assert of_counts("f1", Counts(0, 0, 0, 5)) == (None, None)


@pytest.mark.parametrize("key", KEYS)
def test_an_interval_holds_its_number_and_stays_in_range(key):
    for four in np.ndindex(3, 3, 3, 3):
        value, interval = of_counts(key, Counts(*(4 * n for n in four)))
        assert (value is None) == (interval is None)
        if value is not None:
            least = -1.0 if key == "mcc" else 0.0
            assert least <= interval[0] <= value + 1e-12
            assert value - 1e-12 <= interval[1] <= 1.0
            assert interval[0] < interval[1]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("shares", [(0.4, 0.1, 0.1, 0.4), (0.05, 0.05, 0.03, 0.87)])
@pytest.mark.parametrize("rows", [60, 400])
def test_intervals_of_counts_hold_the_truth_95_times_in_100(key, shares, rows):
    truth = metrics.METRICS[key](Counts(*(round(share * 10_000) for share in shares)))
    drawn = np.random.default_rng(1).multinomial(rows, shares, size=1_500)
    found = [of_counts(key, Counts(*four)).interval for four in drawn.tolist()]
    known = [interval for interval in found if interval is not None]
    held = np.mean([low <= truth <= high for low, high in known])
    assert 0.92 < held < 0.99
    assert len(known) > 1_400


def noisy_matrix(rng, rows=600, categories=4):
    truth = rng.choice(categories, rows, p=[0.4, 0.3, 0.2, 0.1])
    decided = np.where(rng.random(rows) < 0.7, truth, rng.integers(-1, categories, rows))
    return truth, decided


def number(key, matrix):
    """Return the number itself, by the way it is defined."""
    if key == "mcc":
        return confusion.matthews(matrix)
    return metrics.macro(
        metrics.METRICS["recall" if key == "balanced_accuracy" else key], confusion.one_vs_rest(matrix)
    )


@pytest.mark.parametrize("key", MACRO)
def test_macro_intervals_are_those_of_resampled_rows(key):
    rng = np.random.default_rng(3)
    truth, decided = noisy_matrix(rng)
    value, (low, high) = of_matrix(key, confusion.confusion_matrix(truth, decided, 4))
    resampled = []
    for _ in range(1_500):
        rows = rng.integers(0, len(truth), len(truth))
        resampled.append(number(key, confusion.confusion_matrix(truth[rows], decided[rows], 4)))
    assert value == pytest.approx(number(key, confusion.confusion_matrix(truth, decided, 4)))
    assert high - low == pytest.approx(2 * 1.96 * np.std(resampled), rel=0.08)


def test_slopes_of_the_correlation_are_those_of_finite_differences():
    matrix = np.array([[20, 5, 3], [10, 15, 2]])
    value, interval = of_matrix("mcc", matrix)
    slopes = np.empty(matrix.shape)
    for place in np.ndindex(*matrix.shape):
        more, less = 1000 * matrix.copy(), 1000 * matrix.copy()
        more[place] += 1
        less[place] -= 1
        slopes[place] = (confusion.matthews(more) - confusion.matthews(less)) / 2 * 1000
    error = math.sqrt((matrix * slopes**2).sum())
    assert interval == pytest.approx((value - 1.959964 * error, value + 1.959964 * error), rel=1e-5)


def test_accuracy_of_one_answer_in_many_is_a_share_of_rows():
    assert of_matrix("accuracy", np.array([[4, 1, 0], [0, 4, 1]])) == (0.8, wilson(8, 10))


@pytest.mark.parametrize("key", MACRO)
def test_without_a_mistake_an_interval_is_not_told(key):
    assert of_matrix(key, np.diag([5, 6, 7, 0])[:3]) == (1.0, None)


@pytest.mark.parametrize("key", MACRO)
def test_no_rows_have_no_numbers(key):
    assert of_matrix(key, np.zeros((3, 4), dtype=np.int64)) == (None, None)


def test_log_odds_never_leave_the_range():
    low, high = within_one(0.999, 0.5)
    assert 0 <= low < 0.999 < high <= 1
    assert within_one(1.0, 0.1) is None
    assert within_one(0.5, 0.0) is None
