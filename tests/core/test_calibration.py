import numpy as np
import pytest

from xentviz.core.calibration import expected_calibration_error


def test_error_of_two_bins_by_hand():
    positives, negatives = np.array([0.1, 0.8, 0.9]), np.array([0.2, 0.3, 0.7])
    # Below one half: 3 scores, mean 0.2, one positive. From one half on: 3 scores, mean 0.8, two positives.
    expected = 3 / 6 * abs(1 / 3 - 0.2) + 3 / 6 * abs(2 / 3 - 0.8)
    assert expected_calibration_error(positives, negatives, bins=2) == pytest.approx(expected)


def test_a_score_on_an_edge_belongs_to_the_bin_above_and_one_to_the_last():
    # Were 0.5 in the lower bin, it and the negative at 0.4 would make up for one another.
    error = expected_calibration_error(np.array([0.5, 1.0]), np.array([0.4]), bins=2)
    assert error == pytest.approx((0.4 + 0.5) / 3)


def test_a_forecast_that_comes_true_as_often_as_it_says_has_no_error():
    scores = np.full(10, 0.3)
    assert expected_calibration_error(scores[:3], scores[3:]) == pytest.approx(0, abs=1e-15)


def test_certainty_that_is_always_wrong_has_the_largest_error():
    assert expected_calibration_error(np.zeros(3), np.ones(2)) == 1


def test_nothing_has_no_error_at_all():
    assert expected_calibration_error(np.array([]), np.array([])) is None


def test_bins_are_those_of_counting_score_by_score():
    rng = np.random.default_rng(5)
    scores, labels = np.r_[rng.random(500), np.arange(16) / 15], np.r_[rng.integers(0, 2, 500), np.ones(16, int)]
    total = 0.0
    for b in range(15):
        inside = (scores >= b / 15) & ((scores < (b + 1) / 15) | (b == 14))
        if inside.any():
            total += inside.sum() / len(scores) * abs(labels[inside].mean() - scores[inside].mean())
    actual = expected_calibration_error(scores[labels == 1], scores[labels == 0])
    assert actual == pytest.approx(total, rel=1e-12)
