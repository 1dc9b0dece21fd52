import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentviz.core.counts import Counts, reaching
from xentviz.core.metrics import matthews

KINDS = (np.float32, np.float64)
EVERY_DAY = [0.29, 0.57, 0.58, 0.7, 0.1 + 0.2, 1 / 3, 0.5, 1.0]

# Scores and thresholds that meet: hundredths, their neighbours in float64, and what float32 makes of them.
meeting = st.integers(0, 100).flatmap(
    lambda i: st.sampled_from([i / 100, float(np.nextafter(i / 100, 0)), float(np.float32(i / 100))])
)
blocks_of_scores = st.lists(st.tuples(st.lists(meeting), st.sampled_from(KINDS)), max_size=4)


def one_by_one(blocks, threshold):
    """Count as the definition says: each score against the threshold in the score's own precision."""
    return sum(bool(score >= score.dtype.type(threshold)) for block in blocks for score in block)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("score", EVERY_DAY)
def test_a_score_at_the_threshold_reaches_it_and_the_next_smaller_does_not(score, kind):
    scores = np.array([np.nextafter(kind(score), kind(0)), score, np.nextafter(kind(score), kind(2))], dtype=kind)
    assert reaching((scores,), np.array([score]))[0] == 2


@pytest.mark.parametrize("kind", KINDS)
def test_every_hundredth_reaches_itself_and_all_hundredths_below(kind):
    hundredths = np.array([float(f"{i / 100:.2f}") for i in range(101)])
    assert reaching((hundredths.astype(kind),), hundredths).tolist() == list(range(101, 0, -1))


def test_a_threshold_is_rounded_to_the_precision_of_the_scores():
    scores = np.array([0.7], dtype=np.float32)
    assert float(scores[0]) < 0.7
    assert reaching((scores,), np.array([0.7]))[0] == 1


def test_each_block_is_counted_in_its_own_precision():
    as_float32 = np.array([0.7], dtype=np.float32)
    blocks = (as_float32, as_float32.astype(np.float64))
    assert reaching(blocks, np.array([0.7]))[0] == 1


def test_everything_reaches_zero_and_only_certainty_reaches_one():
    scores = (np.array([0.0, 0.5, 1.0]),)
    assert reaching(scores, np.array([0.0, 1.0])).tolist() == [3, 1]


@given(blocks_of_scores, st.lists(meeting))
def test_counting_in_sorted_blocks_is_counting_one_by_one(blocks, thresholds):
    scores = tuple(np.sort(np.array(block, dtype=kind)) for block, kind in blocks)
    counts = reaching(scores, np.array(thresholds, dtype=np.float64))
    assert counts.dtype == np.int64
    assert counts.tolist() == [one_by_one(scores, threshold) for threshold in thresholds]


@given(st.lists(meeting), st.integers(1, 12), st.sampled_from(KINDS))
def test_it_does_not_matter_how_scores_are_cut_into_blocks(scores, size, kind):
    scores = np.array(scores, dtype=kind)
    thresholds = np.arange(101) / 100
    cut = tuple(np.sort(scores[start : start + size]) for start in range(0, len(scores), size))
    np.testing.assert_array_equal(reaching(cut, thresholds), reaching((np.sort(scores),), thresholds))


def test_no_blocks_and_empty_blocks_count_nothing():
    assert reaching((), np.array([0.0, 0.5])).tolist() == [0, 0]
    assert reaching((np.array([]), np.array([], dtype=np.float32)), np.array([0.0])).tolist() == [0]


def test_counts_know_their_totals():
    counts = Counts(true_positives=4, false_positives=3, false_negatives=2, true_negatives=1)
    assert (counts.positives, counts.correct, counts.total) == (6, 5, 10)


numbers = st.tuples(*[st.integers(0, 10**9)] * 4)


@given(numbers, numbers)
def test_counts_add_up_one_by_one(one, other):
    total = Counts(*one) + Counts(*other)
    assert total == Counts(*(a + b for a, b in zip(one, other, strict=True)))
    assert total.total == sum(one) + sum(other)


def test_numbers_of_numpy_do_not_overflow_in_products():
    assert matthews(Counts(*np.array([300_000, 10, 5, 300_000]))) == matthews(Counts(300_000, 10, 5, 300_000)) < 1


def test_whole_numbers_are_compared_with_the_threshold_itself():
    assert reaching((np.array([0, 0, 1]),), np.array([0.5])).tolist() == [1]
