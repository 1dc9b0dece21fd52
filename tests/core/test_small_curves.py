"""Curves with few points, against those of scikit-learn with all of them."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from xentviz.core.ranking import by_label
from xentviz.core.small_curves import MOST_POINTS, small_curves, thinned


def scored(rows, digits=16):
    rng = np.random.default_rng(rows)
    p = rng.random(rows).round(digits)
    return (rng.random(rows) < p).astype(float), p


@pytest.mark.parametrize(("rows", "digits"), [(60, 16), (60, 1), (3000, 16), (20_000, 16), (20_000, 2)])
def test_curves_lie_on_those_of_scikit_learn(rows, digits):
    labels, p = scored(rows, digits)
    found = small_curves(*by_label(labels, p))
    assert found.areas.roc_auc == pytest.approx(roc_auc_score(labels, p))
    assert found.areas.average_precision == pytest.approx(average_precision_score(labels, p))
    across, up, _ = roc_curve(labels, p, drop_intermediate=False)
    rate, recall = found.roc
    assert len(rate) <= MOST_POINTS
    assert set(zip(rate, recall, strict=True)) <= set(zip(across, up, strict=True))
    assert (rate[0], recall[0], rate[-1], recall[-1]) == (0, 0, 1, 1)
    precision, reached, _ = precision_recall_curve(labels, p)
    recall, steps = found.precision_recall
    assert len(recall) <= MOST_POINTS
    assert set(recall) <= set(reached)
    assert set(steps) <= set(precision)


def test_a_thin_line_is_nowhere_far_from_the_whole_one():
    labels, p = scored(20_000)
    rate, recall = small_curves(*by_label(labels, p)).roc
    across, up, _ = roc_curve(labels, p, drop_intermediate=False)
    apart = np.abs(across[:, None] - rate) + np.abs(up[:, None] - recall)
    assert apart.min(axis=1).max() < 2.5 / MOST_POINTS


def test_without_yes_there_is_no_curve_and_without_no_none_of_rates():
    no_yes = small_curves([np.empty(0)], [np.array([0.2, 0.4])])
    assert (no_yes.positives, no_yes.roc, no_yes.precision_recall) == (0, None, None)
    no_no = small_curves([np.array([0.2, 0.4])], [np.empty(0)])
    assert no_no.roc is None
    assert no_no.precision_recall[1].tolist() == [1.0] * 4
    assert no_no.areas.roc_auc is no_no.areas.average_precision is None
    nothing = small_curves([np.empty(0)], [np.empty(0)])
    assert (nothing.positives, nothing.negatives, nothing.roc) == (0, 0, None)


def test_of_answers_not_all_of_which_can_be_reached_there_are_no_areas():
    found = small_curves([np.array([0.6, 0.8])], [np.array([0.7])], 3, 0)
    assert found.precision_recall[0][-1] == pytest.approx(2 / 3)
    assert found.areas.average_precision is None
    assert found.roc is None


def test_where_nothing_can_be_reached_there_is_no_line():
    found = small_curves([np.empty(0)], [np.empty(0)], 3, 0)
    assert (found.positives, found.precision_recall) == (3, None)


def test_a_line_is_thinned_where_it_hardly_moves():
    x = np.concatenate([np.linspace(0, 0.001, 1000), np.linspace(0.001, 1, 1000)])
    found, _ = thinned(x, np.zeros(2000), 50)
    assert len(found) <= 50
    assert (found <= 0.001).sum() <= 2
    assert (found[0], found[-1]) == (0, 1)
