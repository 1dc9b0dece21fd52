"""Counts at the thresholds of a curve: exact at each of them, and fine enough to draw."""

import numpy as np
import pytest
from sklearn.metrics import roc_curve

from xentviz.core import ranking
from xentviz.core import sweep as sweeping
from xentviz.core.errors import Cancelled
from xentviz.core.ranking import areas, best_of
from xentviz.core.sweep import Sweep, between, sweep


def blocks_of(scores, size=1_000):
    return [np.sort(scores[start : start + size]) for start in range(0, max(1, len(scores)), size)]


def many(kind=np.float64, rows=60_000, share=0.3, seed=2):
    rng = np.random.default_rng(seed)
    y = rng.random(rows) < share
    p = np.clip(rng.beta(2, 4, rows) + 0.2 * y, 0, 1).astype(kind)
    return blocks_of(p[y]), blocks_of(p[~y])


def reached(blocks, thresholds):
    scores = np.concatenate(blocks)
    return [(scores >= scores.dtype.type(t)).sum() for t in thresholds]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_counts_are_exact_where_points_are_left_out(kind):
    yes, no = many(kind)
    found = sweep(yes, no)
    assert not found.complete
    assert 1_000 < len(found) < 4_500
    assert found.true_positives.tolist() == reached(yes, found.thresholds)
    assert found.false_positives.tolist() == reached(no, found.thresholds)
    assert (np.diff(found.thresholds) < 0).all()
    assert found.true_positives[-1] == found.positives == sum(map(len, yes))
    assert found.false_positives[-1] == found.negatives == sum(map(len, no))


def test_few_scores_are_all_points_as_in_scikit_learn():
    rng = np.random.default_rng(5)
    y, p = rng.integers(0, 2, 300), np.round(rng.random(300), 2)
    found = sweep(blocks_of(p[y == 1]), blocks_of(p[y == 0]))
    fpr, tpr, thresholds = roc_curve(y, p, drop_intermediate=False)
    assert found.complete
    np.testing.assert_array_equal(found.thresholds, thresholds)
    np.testing.assert_allclose(found.false_positives / found.negatives, fpr)
    np.testing.assert_allclose(found.true_positives / found.positives, tpr)


def test_both_axes_are_drawn_finely_even_where_positives_are_rare():
    yes, no = many(rows=400_000, share=0.002)
    found = sweep(yes, no)
    assert set(np.concatenate(yes)) <= set(found.thresholds)  # every positive is a point
    assert np.diff(found.false_positives).max() / found.negatives < 0.004
    few = found.false_positives[found.false_positives < 1_000]
    few = few[few > 0]
    assert few[0] <= 2
    assert (few[1:] / few[:-1]).max() <= 2  # a logarithm of it has no gaps


def test_nothing_is_one_point_where_nothing_is_said():
    found = sweep([np.empty(0)], [np.empty(0)])
    assert (len(found), found.positives, found.negatives, found.highest) == (1, 0, 0, 1.0)
    assert found.threshold(0) == 1.0


def test_the_highest_threshold_is_just_above_all_scores_or_one():
    assert sweep([np.array([0.25])], [np.array([0.5])]).highest == np.nextafter(0.5, 1)
    assert sweep([np.array([1.0])], [np.array([0.5])]).highest == 1.0


@pytest.mark.parametrize("rows", [50, 60_000])
def test_a_point_s_threshold_is_the_shortest_number_that_is_its_score_in_single_precision(rows):
    rng = np.random.default_rng(3)
    found = sweep(*(blocks_of((rng.integers(0, 9_999, rows) / 10_000).astype(np.float32)) for _ in range(2)))
    thresholds = [found.threshold(point) for point in range(1, len(found))]
    assert thresholds == [round(threshold, 4) for threshold in thresholds]
    np.testing.assert_array_equal(np.float32(thresholds), np.float32(found.thresholds[1:]))
    assert np.float32(found.highest) == np.nextafter(np.float32(found.thresholds[1]), np.float32(1))


def test_scores_of_both_precisions_are_thresholds_as_they_are():
    found = sweep([np.array([0.9], dtype=np.float32)], [np.array([0.25])])
    assert [found.threshold(point) for point in (1, 2)] == [float(np.float32(0.9)), 0.25]


@pytest.mark.parametrize("single", [0.9, 0.25, np.nextafter(np.float32(1), np.float32(0))])
@pytest.mark.parametrize("double", [0.9, 0.25, 0.89999998, 0.99999999, np.nextafter(1.0, 0.0)])
def test_the_highest_threshold_is_above_scores_of_both_precisions(single, double):
    yes, no = [np.array([single], dtype=np.float32)], [np.array([double])]
    found = sweep(yes, no)
    assert found.can_refuse_all
    assert (reached(yes, [found.highest]), reached(no, [found.highest])) == ([0], [0])


def test_what_lies_between_two_points_is_every_score():
    yes, no = many(np.float32)
    found = sweep(yes, no)
    point = len(found) // 2
    near = between(found, point)
    upper, lower = found.thresholds[point : point + 2]
    scores = np.unique(np.concatenate([*yes, *no]))
    inner = scores[(scores >= lower) & (scores < upper)][::-1]
    np.testing.assert_array_equal(near.thresholds, [upper, *inner])
    assert near.true_positives.tolist() == reached(yes, near.thresholds)
    assert near.false_positives.tolist() == reached(no, near.thresholds)


def test_rows_that_no_threshold_reaches_still_count():
    found = sweep([np.array([0.5])], [np.array([0.4])], positives=5, negatives=3)
    assert isinstance(found, Sweep)
    assert found.outcomes.false_negatives.tolist() == [5, 4, 4]
    assert found.outcomes.true_negatives.tolist() == [3, 3, 2]


def test_every_score_up_to_a_number(monkeypatch):
    monkeypatch.setattr(sweeping, "EVERY_SCORE", 3)
    assert sweep([np.array([0.1, 0.2])], [np.array([0.3])]).complete
    assert not sweep([np.array([0.1, 0.2])], [np.array([0.3, 0.4])]).complete


@pytest.mark.parametrize("kinds", [(np.float32, np.float32), (np.float64, np.float64), (np.float32, np.float64)])
@pytest.mark.parametrize("largest", [0.9, 0.3, 0.0])
def test_the_threshold_of_the_first_point_is_reached_by_no_score_of_any_precision(kinds, largest):
    scores = [np.array([0.0, largest], dtype=kind) for kind in kinds]
    found = sweep(scores[:1], scores[1:])
    assert largest < found.threshold(0) < largest + 1e-6
    assert reached(scores[:1], [found.threshold(0)]) == reached(scores[1:], [found.threshold(0)]) == [0]


def test_above_a_score_of_one_there_is_no_threshold():
    assert sweep([np.array([1.0], dtype=np.float32)], [np.array([0.5])]).highest == 1.0


def test_the_largest_and_the_smallest_score_are_points_however_many_lie_between():
    scores = np.random.default_rng(3).random(400_000)
    found = sweep(blocks_of(scores[::2]), blocks_of(scores[1::2]))
    assert not found.complete
    assert (found.thresholds[1], found.thresholds[-1]) == (scores.max(), scores.min())
    for side, start in ((found.true_positives, 0), (found.false_positives, 1)):
        point = found.thresholds.tolist().index(scores[start::2].max())
        assert side[point - 1 : point + 1].tolist() == [0, 1]


def stopping(after):
    """Return what says stop when it has been asked so often."""
    asked = []

    def stopped():
        asked.append(None)
        return len(asked) > after

    return stopped, asked


@pytest.mark.parametrize("after", [0, 1, 20])
def test_a_sweep_hears_stop_at_any_block(after):
    stopped, asked = stopping(after)
    with pytest.raises(Cancelled):
        sweep(*many(), stopped=stopped)
    assert len(asked) <= after + 3  # each thread asks once more


@pytest.mark.parametrize("work", [areas, lambda yes, no, stopped: best_of(yes, no, lambda tp, fp: tp - fp, stopped)])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_what_needs_every_score_hears_stop_at_any_range(monkeypatch, work, after):
    monkeypatch.setattr(ranking, "RANGE", 4_096)
    stopped, asked = stopping(after)
    with pytest.raises(Cancelled):
        work(*many(), stopped)
    assert len(asked) <= after + 3
