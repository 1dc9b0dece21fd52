"""Reliability in any number of bins: against a look at the scores for each number alone, and scikit-learn."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.calibration import calibration_curve

from xentviz.core import binning
from xentviz.core.binning import MOST_BINS, at_ranks, binned, binnings
from xentviz.core.calibration import equal_count, equal_width, reliability
from xentviz.core.errors import Cancelled, DataError

KINDS = (np.float32, np.float64)


def blocks(rows=500, kind=np.float64, parts=3, digits=None, seed=1):
    """Return ascending blocks of the scores of yeses and of noes."""
    numbers = np.random.default_rng(seed)
    p = numbers.random(rows)
    p = p if digits is None else np.round(p, digits)
    yes = numbers.random(rows) < p**1.5
    return tuple([np.sort(part).astype(kind) for part in np.array_split(p[chosen], parts)] for chosen in (yes, ~yes))


def assert_same(found, expected):
    """Check two reliabilities for equality, sums but for rounding."""
    np.testing.assert_array_equal(found.edges, expected.edges)
    np.testing.assert_array_equal(found.counts, expected.counts)
    np.testing.assert_array_equal(found.positives, expected.positives)
    np.testing.assert_allclose(found.score_sums, expected.score_sums, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.square_sums, expected.square_sums, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("digits", [None, 2, 1, 0])
@pytest.mark.parametrize(("by_count", "edges_of"), [(False, None), (True, equal_count)], ids=["width", "count"])
def test_every_number_of_bins_is_as_if_it_were_counted_alone(kind, digits, by_count, edges_of):
    yes, no = blocks(kind=kind, digits=digits)
    found = binnings(yes, no, by_count)
    for bins in (1, 2, 3, 7, 10, 15, 49, 99, 100):
        edges = edges_of(yes, no, bins) if edges_of else equal_width(bins)
        expected = reliability(yes, no, edges)
        assert_same(found.at(bins), expected)
        if bins > 1:
            assert found.errors[bins - 2] == pytest.approx(expected.expected_error, abs=1e-12)


@pytest.mark.parametrize("by_count", [False, True])
def test_many_scores_are_counted_range_by_range_to_the_same_end(by_count, monkeypatch):
    monkeypatch.setattr(binning, "FEW", 256)
    yes, no = blocks(20_000, parts=9, digits=3)
    found = binnings(yes, no, by_count)
    for bins in (2, 15, 100):
        edges = equal_count(yes, no, bins) if by_count else equal_width(bins)
        assert_same(found.at(bins), reliability(yes, no, edges))


@pytest.mark.parametrize("bins", [5, 15, 100])
def test_shares_and_means_are_those_of_scikit_learn(bins):
    yes, no = blocks(2000)
    p = np.concatenate([*yes, *no])
    y = np.repeat([1, 0], [sum(map(len, yes)), sum(map(len, no))])
    share, mean = calibration_curve(y, p, n_bins=bins)
    found = binnings(yes, no).at(bins)
    filled = found.counts > 0
    np.testing.assert_allclose(found.observed[filled], share, rtol=1e-12)
    np.testing.assert_allclose(found.mean_scores[filled], mean, rtol=1e-12)


@pytest.mark.parametrize("few", [1 << 16, 64])
@pytest.mark.parametrize("digits", [None, 1])
def test_scores_at_ranks_are_those_of_a_sort(few, digits, monkeypatch):
    monkeypatch.setattr(binning, "FEW", few)
    yes, no = blocks(9_000, parts=7, digits=digits)
    everything = np.sort(np.concatenate([*yes, *no]))
    ranks = np.unique(np.append(np.arange(0, 9_000, 37), 8_999))
    parts = [part for part in (*yes, *no) if len(part)]
    np.testing.assert_array_equal(at_ranks(parts, ranks), everything[ranks])


@pytest.mark.parametrize("by_count", [False, True])
def test_of_nothing_there_is_no_error(by_count):
    found = binnings([], [np.empty(0)], by_count)
    assert found.at(15).total == 0
    assert found.at(15).expected_error is None
    assert np.isnan(found.errors).all()


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0])
def test_equal_scores_are_never_parted(score):
    found = binnings([np.full(3, score)], [np.full(5, score)], True)
    assert found.at(10).counts.sum() == found.at(10).counts.max() == 8


def test_thousands_of_small_blocks_are_counted_as_few_large_ones():
    yes, no = blocks(3000, parts=1)
    small = [np.sort(part) for part in np.array_split(np.random.default_rng(2).permutation(yes[0]), 900)]
    assert_same(binnings(small, no).at(15), binnings(yes, no).at(15))


@pytest.mark.parametrize("by_count", [False, True])
def test_it_can_be_stopped(by_count):
    with pytest.raises(Cancelled):
        binnings(*blocks(), by_count, stopped=lambda: True)


@pytest.mark.parametrize("bins", [0, MOST_BINS + 1])
def test_there_are_one_to_a_hundred_bins(bins):
    with pytest.raises(DataError) as caught:
        binnings(*blocks()).at(bins)
    assert caught.value.code == "option_out_of_range"


def test_a_score_that_is_no_probability_is_refused():
    with pytest.raises(DataError) as caught:
        binnings([np.array([0.2, 1.5])], [])
    assert caught.value.code == "probability_out_of_range"


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("bins", [1, 2, 15, 100])
@pytest.mark.parametrize("equal", [False, True])
def test_one_number_of_bins_is_that_of_the_scores_sorted_all_at_once(kind, bins, equal):
    rng = np.random.default_rng(5)
    yes, no = ([np.sort(rng.beta(2, 3, n).round(3).astype(kind)) for n in sizes] for sizes in ((900, 0, 70), (1500, 3)))
    found = binned(yes, no, bins, equal_count=equal)
    expected = reliability(yes, no, equal_count(yes, no, bins) if equal else equal_width(bins))
    assert_array_equal(found.edges, expected.edges)
    assert_array_equal(found.counts, expected.counts)
    assert_array_equal(found.positives, expected.positives)
    assert_allclose(found.score_sums, expected.score_sums, rtol=1e-12)


@pytest.mark.parametrize("equal", [False, True])
def test_bins_of_nothing_are_empty(equal):
    assert binned([], [], 3, equal_count=equal).counts.sum() == 0


@pytest.mark.parametrize("equal", [False, True])
def test_one_number_of_bins_hears_stop(equal):
    with pytest.raises(Cancelled):
        binned([np.array([0.1, 0.5])], [np.array([0.3])], 2, equal_count=equal, stopped=lambda: True)
