"""Scores at and next to a threshold, in blocks of either precision."""

import numpy as np
import pytest

from xentviz.core.ties import above, below, nearest, tied

SINGLE = [np.array([0.1, 0.7, 0.7], dtype=np.float32), np.array([0.3, 0.7], dtype=np.float32)]


def test_a_single_precision_score_is_at_the_number_it_was_rounded_from():
    assert tied(SINGLE, 0.7) == 3
    assert tied(SINGLE, 0.70001) == 0
    assert nearest(SINGLE, 0.7) == 0.7


@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.29, 0.57, 0.58, 0.99, 1.0])
def test_neighbours_are_those_of_all_scores(threshold):
    rng = np.random.default_rng(1)
    scores = np.append(rng.integers(0, 100, 90) / 100, [0.29, 0.57, 0.58])
    blocks = [np.sort(part) for part in np.array_split(scores, 5)]
    assert tied(blocks, threshold) == (scores == threshold).sum()
    assert above(blocks, threshold) == min(scores[scores > threshold], default=None)
    assert below(blocks, threshold) == max(scores[scores < threshold], default=None)


def test_of_two_as_near_the_larger():
    assert nearest([np.array([0.25, 0.75])], 0.5) == 0.75


def test_nothing_has_no_neighbours():
    nothing = [np.empty(0)]
    assert (tied(nothing, 0.5), above(nothing, 0.5), below(nothing, 0.5), nearest(nothing, 0.5)) == (
        0,
        None,
        None,
        None,
    )


def test_neighbours_of_single_precision_are_the_numbers_they_were_rounded_from():
    assert (above(SINGLE, 0.1), below(SINGLE, 0.7), nearest(SINGLE, 0.5)) == (0.3, 0.3, 0.7)
    assert above(SINGLE, 0.7) is None
    mixed = [*SINGLE, np.array([0.71])]
    assert (above(mixed, 0.7), below(mixed, 1.0)) == (0.71, 0.71)
