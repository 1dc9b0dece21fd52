import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentviz.core.counts import Counts, reaching


@pytest.mark.parametrize("score", [0.29, 0.57, 0.58, 0.1 + 0.2, 1 / 3])
def test_a_score_at_the_threshold_reaches_it_and_the_next_smaller_does_not(score):
    scores = (np.array([np.nextafter(score, 0), score]),)
    assert reaching(scores, np.array([score]))[0] == 1


def test_a_threshold_is_rounded_to_the_precision_of_the_scores():
    scores = np.array([0.7], dtype=np.float32)
    assert float(scores[0]) < 0.7
    assert reaching((scores,), np.array([0.7]))[0] == 1


def test_everything_reaches_zero_and_only_certainty_reaches_one():
    scores = (np.array([0.0, 0.5, 1.0]),)
    assert reaching(scores, np.array([0.0, 1.0])).tolist() == [3, 1]


@given(st.lists(st.lists(st.integers(0, 20)), min_size=1, max_size=4), st.lists(st.integers(0, 20), min_size=1))
def test_counting_in_sorted_blocks_is_counting(blocks, thresholds):
    scores = [np.sort(np.array(block, dtype=np.float64) / 20) for block in blocks]
    at = np.array(thresholds) / 20
    expected = [(np.concatenate(scores) >= threshold).sum() for threshold in at]
    assert reaching(tuple(scores), at).tolist() == expected


def test_counts_know_their_totals():
    counts = Counts(true_positives=4, false_positives=3, false_negatives=2, true_negatives=1)
    assert (counts.positives, counts.correct, counts.total) == (6, 5, 10)
