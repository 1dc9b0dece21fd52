"""A threshold and what it means: there and back, at every score, of few rows and of more than are points."""

import math

import numpy as np
import pytest
from sklearn.metrics import precision_score

from xentviz.core import sweep as sweeping
from xentviz.core.errors import DataError
from xentviz.core.operating import Meaning, threshold_of, told_as
from xentviz.core.outcomes import Outcomes
from xentviz.core.sweep import sweep


def data(seed=1, n=900, kind=np.float64):
    rng = np.random.default_rng(seed)
    y = rng.random(n) < 0.4
    return y, np.round(np.clip(rng.beta(2, 3, n) + 0.2 * y, 0, 1), 3).astype(kind)


def halves(y, p):
    return tuple([np.sort(half) for half in np.array_split(part, 7)] for part in (p[y], p[~y]))


def found_by_trying(meaning, value, y, p):
    """Return the threshold by its definition, over all scores."""
    scores = [*np.unique(p), np.nextafter(p.max(), 2)]
    said = {t: p >= t for t in scores}
    if meaning is Meaning.SHARE:
        return min(t for t in scores if said[t].mean() <= value)
    if meaning is Meaning.RECALL:
        return max(t for t in scores if said[t][y].mean() >= value)
    return min(t for t in scores if said[t].any() and y[said[t]].mean() >= value)


@pytest.mark.parametrize("points", [None, 8])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("value", [0.05, 0.29, 0.57, 0.58, 0.9])
@pytest.mark.parametrize("meaning", [Meaning.SHARE, Meaning.RECALL])
def test_the_threshold_is_the_one_found_by_trying_all(meaning, value, seed, points, monkeypatch):
    y, p = data(seed)
    yes, no = halves(y, p)
    if points:
        monkeypatch.setattr(sweeping, "EVERY_SCORE", 0)
        monkeypatch.setattr(sweeping, "POINTS", points)
        monkeypatch.setattr(sweeping, "TOP", 1)
    found = sweep(yes, no)
    assert found.complete is (points is None)
    assert threshold_of(meaning, value, found) == found_by_trying(meaning, value, y, p)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("value", [0.05, 0.45, 0.58, 0.75])
def test_a_precision_is_reached_as_low_as_possible(value, seed):
    y, p = data(seed)
    yes, no = halves(y, p)
    assert threshold_of(Meaning.PRECISION, value, sweep(yes, no)) == found_by_trying(Meaning.PRECISION, value, y, p)


@pytest.mark.parametrize("value", [0.45, 0.6])
def test_a_precision_is_reached_where_points_are_left_out(value, monkeypatch):
    y, p = data(n=3_000)
    yes, no = halves(y, p)
    monkeypatch.setattr(sweeping, "EVERY_SCORE", 0)
    monkeypatch.setattr(sweeping, "POINTS", 64)
    threshold = threshold_of(Meaning.PRECISION, value, sweep(yes, no))
    assert precision_score(y, p >= threshold) >= value
    assert threshold == pytest.approx(found_by_trying(Meaning.PRECISION, value, y, p), abs=0.02)


@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.5, 0.57, 1.0])
def test_logit_and_ratio_of_costs_are_there_and_back(threshold):
    nothing = [np.empty(0)]
    none, outcome = sweep(nothing, nothing), Outcomes.reached(0, 0, 0, 0)
    logit = told_as(Meaning.LOGIT, threshold, outcome)
    if math.isfinite(logit):
        assert threshold_of(Meaning.LOGIT, logit, none) == pytest.approx(threshold)
    ratio = told_as(Meaning.COST, threshold, outcome)
    if math.isfinite(ratio):
        assert threshold_of(Meaning.COST, ratio, none) == pytest.approx(threshold)
    assert told_as(Meaning.PROBABILITY, threshold, outcome) == threshold
    assert threshold_of(Meaning.PROBABILITY, threshold, none) == threshold


def test_measures_are_those_of_the_outcome():
    found = Outcomes.reached(3, 1, 5, 5)
    told = [told_as(meaning, 0.5, found) for meaning in (Meaning.SHARE, Meaning.RECALL, Meaning.PRECISION)]
    assert told == [0.4, 0.6, 0.75]
    assert told_as(Meaning.PRECISION, 0.5, Outcomes.reached(0, 0, 5, 5)) is None


def test_what_no_threshold_does_is_none():
    yes, no = [np.array([0.2])], [np.array([0.9])]
    assert threshold_of(Meaning.PRECISION, 0.9, sweep(yes, no)) is None
    nothing = [np.empty(0)]
    assert threshold_of(Meaning.RECALL, 0.5, sweep(nothing, no)) is None


def test_a_share_of_nothing_is_above_all_scores():
    yes, no = [np.array([0.2])], [np.array([0.9])]
    assert threshold_of(Meaning.SHARE, 0.0, sweep(yes, no)) == np.nextafter(0.9, 1)


@pytest.mark.parametrize(("meaning", "value"), [("recall", 1.2), ("share", -0.1), ("cost", -1), ("logit", np.nan)])
def test_values_outside_their_ranges_are_refused(meaning, value):
    nothing = [np.empty(0)]
    with pytest.raises(DataError, match="option_out_of_range"):
        threshold_of(Meaning(meaning), value, sweep(nothing, nothing))


@pytest.mark.parametrize("value", [0.02, 0.05, 0.2])
@pytest.mark.parametrize("points", [None, 8])
def test_another_prevalence_is_met_as_by_weighing_every_row(value, points, monkeypatch):
    y, p = data()
    yes, no = halves(y, p)
    if points:
        monkeypatch.setattr(sweeping, "EVERY_SCORE", 0)
        monkeypatch.setattr(sweeping, "POINTS", points)
        monkeypatch.setattr(sweeping, "TOP", 1)
    weights = np.where(y, 0.03 / y.mean(), 0.97 / (1 - y.mean()))
    scores = [*np.unique(p), np.nextafter(p.max(), 2)]
    expected = min(t for t in scores if np.average(p >= t, weights=weights) <= value)
    assert threshold_of(Meaning.SHARE, value, sweep(yes, no), 0.03) == expected
    if not points:
        precise = [t for t in scores if (p >= t).any() and np.average(y[p >= t], weights=weights[p >= t]) >= value]
        assert threshold_of(Meaning.PRECISION, value, sweep(yes, no), 0.03) == min(precise)


def test_a_recall_of_nothing_is_above_all_scores_where_points_are_left_out(monkeypatch):
    monkeypatch.setattr(sweeping, "EVERY_SCORE", 10)
    monkeypatch.setattr(sweeping, "POINTS", 8)
    y, p = data()
    found = sweep(*halves(y, p))
    assert not found.complete
    assert threshold_of(Meaning.RECALL, 0.0, found) == found.highest
    assert threshold_of(Meaning.RECALL, 1 / y.sum(), found) == p[y].max()


@pytest.mark.parametrize("points", [None, 8])
@pytest.mark.parametrize("meaning", [Meaning.SHARE, Meaning.RECALL, Meaning.PRECISION])
def test_of_single_precision_it_is_the_shortest_number_that_is_the_score(meaning, points, monkeypatch):
    yes, no = halves(*data(kind=np.float32))
    if points:
        monkeypatch.setattr(sweeping, "EVERY_SCORE", 0)
        monkeypatch.setattr(sweeping, "POINTS", points)
    thresholds = [threshold_of(meaning, value, sweep(yes, no)) for value in (0.29, 0.45, 0.58)]
    assert thresholds == [round(threshold, 3) for threshold in thresholds]
