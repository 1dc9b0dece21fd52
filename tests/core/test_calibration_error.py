"""The calibration error's interval: beside resampled rows, and how often it holds the truth, chance's bias included."""

import numpy as np
import pytest

from xentviz.core.calibration import equal_width, reliability
from xentviz.core.calibration_error import CalibrationError, calibration_error, mean_error


def bins_of(labels, p, bins=10):
    return reliability([np.sort(p[labels == 1])], [np.sort(p[labels == 0])], equal_width(bins))


def draw(rng, rows, bent=1.0):
    """Return labels and what a model says, whose probabilities come true if they are not bent."""
    p = rng.uniform(0.02, 0.98, rows)
    odds = (p / (1 - p)) ** bent
    return (rng.random(rows) < odds / (1 + odds)).astype(int), p


def test_the_spread_is_that_of_resampled_rows():
    rng = np.random.default_rng(1)
    labels, p = draw(rng, 800, bent=0.3)
    found = calibration_error(bins_of(labels, p))
    resampled = []
    for _ in range(1_000):
        rows = rng.integers(0, 800, 800)
        resampled.append(bins_of(labels[rows], p[rows]).expected_error)
    assert found.value == bins_of(labels, p).expected_error
    above = np.percentile(resampled, 97.5)
    assert found.interval[0] == pytest.approx(2 * found.value - above, abs=0.006)
    assert found.interval[1] == pytest.approx(found.value + above - np.mean(resampled), abs=0.006)


@pytest.mark.parametrize("rows", [100, 1_000])
def test_chance_alone_is_told_and_not_taken_for_error(rows):
    rng = np.random.default_rng(2)
    values, chances, begin_at_zero = [], [], 0
    for _ in range(100):
        found = calibration_error(bins_of(*draw(rng, rows)))
        values.append(found.value)
        chances.append(found.by_chance)
        begin_at_zero += found.interval[0] == 0.0
    assert np.mean(values) > 0.01
    assert np.mean(chances) == pytest.approx(np.mean(values), rel=0.1)
    assert begin_at_zero >= 93


@pytest.mark.parametrize("bent", [0.3, 2.5])
def test_intervals_hold_the_truth_of_what_is_badly_calibrated(bent):
    rng = np.random.default_rng(3)
    truth = bins_of(*draw(rng, 1_000_000, bent)).expected_error
    held = 0
    for _ in range(200):
        low, high = calibration_error(bins_of(*draw(rng, 600, bent))).interval
        held += low <= truth <= high
    assert held / 200 > 0.92


def test_too_few_tell_nothing():
    nothing = np.empty(0)
    assert calibration_error(reliability([nothing], [nothing])) == CalibrationError(None, None, None)
    assert calibration_error(reliability([np.array([0.3])], [])) == CalibrationError(0.7, None, None)


def test_every_probability_certain_and_right():
    found = calibration_error(reliability([np.ones(5)], [np.zeros(5)]))
    assert found == CalibrationError(0.0, (0.0, 0.0), 0.0)


def test_the_mean_leaves_out_what_is_not_defined():
    one, none = CalibrationError(0.5, (0.25, 0.75), 0.125), CalibrationError(None, None, None)
    assert mean_error([one, none, one]) == one
    assert mean_error([none]) == none
    assert mean_error([one, CalibrationError(0.25, None, None)]) == CalibrationError(0.375, None, None)
