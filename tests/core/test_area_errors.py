"""Intervals of areas: DeLong's as the definition has it, resampled rows with scikit-learn, and coverage."""

import math

import numpy as np
import pytest
from delong import delong
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from xentviz.core import area_errors as module
from xentviz.core.area_errors import NO_GAP, AreaGap, area_differences, area_estimates, area_gaps
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled

INF, NAN = math.inf, math.nan
ONE = range(1)


def made(rows=300, seed=1, steps=50):
    """Return labels and the scores of two models, with ties."""
    rng = np.random.default_rng(seed)
    labels = (rng.random(rows) < 0.3).astype(float)
    first = np.round((rng.random(rows) * 0.7 + labels * 0.3) * steps) / steps
    second = np.round(np.clip(first + rng.normal(0, 0.2, rows), 0, 1) * steps) / steps
    return labels, first, second


def document(labels, first, second, **options):
    return Document.create(labels, {"A": first, "B": second}, **options)


@pytest.mark.parametrize("rows", [12, 300, 5_000])
def test_the_difference_of_areas_is_delongs(rows):
    labels, first, second = made(rows)
    second[::7] = NAN
    labels[::11] = NAN
    found = area_gaps(document(labels, first, second), 0, 1, ONE).roc_auc
    known = ~(np.isnan(labels) | np.isnan(second))
    expected = delong(labels[known] == 1, first[known], second[known])
    assert found.difference == pytest.approx(expected.difference, abs=1e-13)
    assert found.interval == pytest.approx(expected.interval, abs=1e-12)
    assert found.p_value == pytest.approx(expected.p_value, rel=1e-9)


def test_blocks_do_not_matter(four_rows_a_block):
    labels, first, second = made(60)
    found = area_gaps(document(labels, first, second), 0, 1, ONE)
    expected = delong(labels == 1, first, second)
    assert found.roc_auc.interval == pytest.approx(expected.interval, abs=1e-12)


def test_to_exchange_the_models_turns_the_signs():
    it = document(*made())
    one, other = area_gaps(it, 0, 1, ONE), area_gaps(it, 1, 0, ONE)
    for there, back in ((one.roc_auc, other.roc_auc), (one.average_precision, other.average_precision)):
        assert there.difference == pytest.approx(-back.difference)
        assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]))
        assert there.p_value == pytest.approx(back.p_value)


def test_one_area_has_delongs_variance_as_it_is_defined():
    labels, first, second = made(80)
    found = area_estimates(document(labels, first, second), 0, ONE).roc_auc
    yes, no = first[labels == 1], first[labels == 0]
    wins = (yes[:, None] > no) + 0.5 * (yes[:, None] == no)
    variance = wins.mean(1).var(ddof=1) / len(yes) + wins.mean(0).var(ddof=1) / len(no)
    area = wins.mean()
    odds, reach = np.log(area / (1 - area)), 1.959964 * np.sqrt(variance) / (area * (1 - area))
    assert found.value == pytest.approx(area)
    assert found.interval == pytest.approx(tuple(1 / (1 + np.exp(-(odds + s * reach))) for s in (-1, 1)), abs=1e-6)


def test_average_precisions_are_those_of_scikit_learn_and_vary_as_resampled_rows_do():
    labels, first, second = made(400)
    it = document(labels, first, second)
    one, gap = area_estimates(it, 0, ONE).average_precision, area_gaps(it, 0, 1, ONE).average_precision
    rng = np.random.default_rng(2)
    resampled = []
    for _ in range(600):
        rows = rng.integers(0, 400, 400)
        scores = [average_precision_score(labels[rows], model[rows]) for model in (first, second)]
        resampled.append((scores[0], scores[1] - scores[0]))
    spread = np.std(resampled, axis=0)
    assert one.value == pytest.approx(average_precision_score(labels, first))
    assert one.interval[1] - one.interval[0] == pytest.approx(2 * 1.96 * spread[0], rel=0.15)
    assert gap.difference == pytest.approx(average_precision_score(labels, second) - one.value)
    assert gap.interval[1] - gap.interval[0] == pytest.approx(2 * 1.96 * spread[1], rel=0.15)


def test_intervals_hold_the_truth_95_times_in_100():
    rng = np.random.default_rng(4)

    def draw(rows):
        labels = (rng.random(rows) < 0.3).astype(float)
        first, second = rng.normal(labels, 1.0), rng.normal(1.3 * labels, 1.0)
        return labels, first, first * 0.5 + second * 0.5

    labels, first, second = draw(400_000)
    auc = roc_auc_score(labels, first)
    precision = average_precision_score(labels, first)
    gaps = roc_auc_score(labels, second) - auc, average_precision_score(labels, second) - precision
    held = np.zeros(4)
    for _ in range(400):
        it = Document.create(*(lambda y, a, b: (y, {"A": a, "B": b}))(*draw(150)), logits=["A", "B"])
        one, gap = area_estimates(it, 0, ONE), area_gaps(it, 0, 1, ONE)
        intervals = (*(e.interval for e in (one.roc_auc, one.average_precision)),
                     *(g.interval for g in (gap.roc_auc, gap.average_precision)))  # fmt: skip
        held += [low <= truth <= high for (low, high), truth in zip(intervals, (auc, precision, *gaps), strict=True)]
    assert (held / 400 > 0.91).all()
    assert (held / 400 < 0.985).all()


def test_the_mean_over_categories_varies_as_resampled_rows_do():
    rng = np.random.default_rng(5)
    # Three questions that are nearly one: as if they were independent, the interval would be far too narrow.
    hidden = rng.normal(size=300)
    labels = (hidden[:, None] + rng.normal(0, 0.3, (300, 3)) > 0).astype(float)
    noise = rng.normal(0, 1, 300)
    scores = 1 / (1 + np.exp(-(hidden + noise)[:, None] - rng.normal(0, 0.1, (300, 3))))
    it = Document.create(labels, {"A": scores}, categories=["a", "b", "c"])
    found = area_estimates(it, 0, range(3))
    resampled = []
    for _ in range(500):
        rows = rng.integers(0, 300, 300)
        resampled.append(np.mean([roc_auc_score(labels[rows, c], scores[rows, c]) for c in range(3)]))
    low, high = found.roc_auc.interval
    assert found.defined == 3
    assert high - low == pytest.approx(2 * 1.96 * np.std(resampled), rel=0.12)


def test_one_answer_in_many_is_each_category_against_the_rest():
    rng = np.random.default_rng(6)
    logits = rng.normal(size=(200, 3))
    labels = np.where(rng.random(200) < 0.6, logits.argmax(1), rng.integers(0, 3, 200))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    it = Document.create(labels, {"P": p, "Z": logits}, logits=["Z"], categories=["a", "b", "c"], multiclass=True)
    expected = roc_auc_score(labels, p, multi_class="ovr", average="macro")
    for model in (0, 1):
        assert area_estimates(it, model, range(3)).roc_auc.value == pytest.approx(expected)
        one = area_estimates(it, model, range(2, 3)).roc_auc
        assert one.value == pytest.approx(roc_auc_score(labels == 2, p[:, 2]))
    gaps = area_gaps(it, 0, 1, range(3))
    assert gaps.roc_auc.difference == pytest.approx(0, abs=1e-12)


def test_categories_without_a_yes_are_left_out():
    labels, first, second = made(50)
    twice = document(np.stack([labels, np.zeros(50)], axis=1), np.stack([first] * 2, axis=1),
                     np.stack([second] * 2, axis=1), categories=["a", "b"])  # fmt: skip
    alone = document(labels, first, second)
    assert area_estimates(twice, 0, range(2)) == area_estimates(alone, 0, ONE)
    assert area_estimates(twice, 0, range(1, 2)).roc_auc == (None, None)
    assert area_gaps(twice, 0, 1, range(1, 2)).roc_auc.difference is None


def test_models_that_rank_alike_differ_by_nothing():
    labels, first, _ = made()
    found = area_gaps(document(labels, first, first / 2), 0, 1, ONE)
    for gap in (found.roc_auc, found.average_precision):
        assert (gap.difference, gap.interval, gap.p_value, gap.settled) == (0.0, (0.0, 0.0), None, False)


def test_a_perfect_ranking_of_few_rows_is_not_called_certain():
    it = Document.create([1] * 5 + [0] * 5, {"A": [0.9] * 5 + [0.1] * 5, "B": [0.1] * 5 + [0.9] * 5})
    best, worst = area_estimates(it, 0, ONE), area_estimates(it, 1, ONE)
    low, high = best.roc_auc.interval
    assert high == 1.0
    assert 0.5 < low < 0.8
    assert worst.roc_auc.interval == pytest.approx((0.0, 1 - low))
    assert best.average_precision == (1.0, None)


@pytest.mark.parametrize("labels", [[1.0], [1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0], []])
def test_too_few_rows_tell_no_interval(labels):
    scores = np.linspace(0.2, 0.8, len(labels))
    it = document(np.array(labels), scores, 1 - scores)
    assert area_estimates(it, 0, ONE).roc_auc.interval is None
    assert area_gaps(it, 0, 1, ONE).roc_auc.interval is None
    assert area_gaps(it, 0, 1, ONE).roc_auc.p_value is None


def test_infinite_logits_and_single_precision():
    labels = np.array([1, 0, 1, 0, 1, 0.0])
    first = np.array([np.inf, -np.inf, 2, 1, -1, 0], dtype=np.float32)
    it = Document.create(labels, {"A": first, "B": np.arange(6.0)}, logits=["A", "B"])
    assert area_estimates(it, 0, ONE).roc_auc.value == pytest.approx(7 / 9)
    expected = delong(labels == 1, first, np.arange(6.0))
    assert area_gaps(it, 0, 1, ONE).roc_auc.interval == pytest.approx(expected.interval, abs=1e-12)


def test_work_can_be_stopped():
    with pytest.raises(Cancelled):
        area_gaps(document(*made()), 0, 1, ONE, stopped=lambda: True)


@pytest.mark.parametrize("second", [[0.9, 0.8, 0.2, 0.1], [0.1, 0.2, 0.8, 0.9], [0.8, 0.2, 0.9, 0.1]])
def test_where_rows_show_no_luck_both_say_so(second):
    labels, first = np.array([1, 1, 0, 0.0]), np.array([0.9, 0.8, 0.2, 0.1])
    found = area_gaps(document(labels, first, np.array(second)), 0, 1, ONE).roc_auc
    expected = delong(labels == 1, first, np.array(second))
    assert (found.difference, found.p_value is None) == (expected.difference, expected.p_value is None)
    assert (found.interval is None) == (expected.interval is None)


def array(values, dtype=np.float64):
    """Return a read-only array, as the blocks of a column are."""
    values = np.array(values, dtype=dtype)
    values.setflags(write=False)
    return values


def mirrored(interval):
    return interval and (-interval[1], -interval[0])


def alike(one, other):
    """Return whether two numbers or intervals are the same but for rounding, or both undefined."""
    return one is other is None or one == pytest.approx(other, rel=1e-12, abs=1e-13)


def of_two(positive, first, second):
    """Return how the areas of two models' scores differ, in a document of one question."""
    (found,) = area_differences(Document.create(positive, {"A": first, "B": second}, logits=["A", "B"]), 0, 1)
    return found


def structural_components(positive, scores):
    """Return DeLong's V10 and V01 as they are defined, over all pairs."""
    yes, no = scores[positive], scores[~positive]
    above = (yes[:, None] > no) + 0.5 * (yes[:, None] == no)
    return above.mean(axis=1), above.mean(axis=0)


def delong_by_definition(positive, first, second):
    """Return the areas, their difference's variance from the two covariance matrices, and the p-value."""
    components = [structural_components(positive, scores) for scores in (first, second)]
    areas = [v10.mean() for v10, _ in components]
    contrast = np.array([-1.0, 1.0])
    covariance = sum(np.cov([v[i] for v in components]) / len(components[0][i]) for i in (0, 1))
    variance = contrast @ covariance @ contrast
    return areas, variance, math.erfc(abs(areas[1] - areas[0]) / math.sqrt(2 * variance))


def scored(seed, positives, negatives, steps):
    """Return classes, and scores of two models of them with so many steps, few of which make many ties."""
    rng = np.random.default_rng(seed)
    positive = rng.permutation(np.r_[np.ones(positives, dtype=bool), np.zeros(negatives, dtype=bool)])
    shared = rng.normal(size=len(positive)) + positive
    first, second = (np.round((shared + rng.normal(size=len(positive))) * steps) / steps for _ in range(2))
    return positive, first, second


class TestAreaDifferences:
    @pytest.mark.parametrize("steps", [1, 5, 10**9])
    @pytest.mark.parametrize(("positives", "negatives"), [(2, 2), (3, 400), (250, 120)])
    def test_is_what_the_definition_over_all_pairs_says(self, positives, negatives, steps):
        positive, first, second = scored(positives + steps, positives, negatives, steps)
        areas, variance, p_value = delong_by_definition(positive, first, second)
        half = 1.959963984540054 * math.sqrt(variance)
        result = of_two(positive, first, second)
        assert (result.first, result.second) == pytest.approx(areas, rel=1e-13)
        assert result.first == pytest.approx(roc_auc_score(positive, first), rel=1e-13)
        assert result.second == pytest.approx(roc_auc_score(positive, second), rel=1e-13)
        assert result.difference == pytest.approx(areas[1] - areas[0], rel=1e-12, abs=1e-15)
        low, high = result.difference - half, result.difference + half
        assert result.interval == pytest.approx((max(low, -1), min(high, 1)), rel=1e-11)
        assert result.p_value == pytest.approx(p_value, rel=1e-11)

    def test_by_hand(self):
        # V10 is (1, 1) and (1, 1/2), V01 is (1, 1) and (1/2, 1): both differ by 0 and -1/2, of variance 1/8. So the
        # variance of the difference is 1/8 / 2 + 1/8 / 2 = 1/8, and z = -1/4 / sqrt(1/8) = -sqrt(1/2).
        positive = array([True, True, False, False], bool)
        result = of_two(positive, array([0.9, 0.8, 0.3, 0.1]), array([0.9, 0.3, 0.4, 0.1]))
        assert (result.first, result.second, result.difference) == (1.0, 0.75, -0.25)
        assert result.p_value == pytest.approx(math.erfc(0.5))
        assert result.interval == pytest.approx((-0.25 - 1.959963984540054 / math.sqrt(8), 0.442951), abs=1e-6)

    def test_leaves_out_rows_that_either_model_lacks(self):
        positive, first, second = scored(5, 40, 60, 3)
        first[[0, 7]], second[[7, 30]] = NAN, NAN
        known = np.setdiff1d(np.arange(100), [0, 7, 30])
        expected = of_two(positive[known], first[known], second[known])
        assert of_two(positive, first, second) == expected
        assert expected.p_value is not None

    @pytest.mark.parametrize("labels", [[], [True], [False] * 5, [True] * 5])
    def test_is_undefined_with_one_class_only(self, labels):
        scores = np.linspace(0, 1, len(labels))
        result = of_two(array(labels, bool), scores, scores[::-1])
        assert result == NO_GAP

    def test_is_undefined_without_scores(self):
        missing = array([NAN] * 4)
        result = of_two(array([True, False] * 2, bool), missing, array([0.1, 0.2, 0.3, 0.4]))
        assert result == NO_GAP

    @pytest.mark.parametrize("labels", [[1, 0, 0], [1, 1, 0], [1, 0]])
    def test_with_a_single_row_of_a_class_has_areas_and_no_interval(self, labels):
        scores = array([3.0, 2.0, 1.0][: len(labels)])
        result = of_two(array(labels, bool), scores, -scores)
        assert result == AreaGap(1.0, 0.0, -1.0, None, None)

    def test_of_models_that_rank_alike_is_exactly_nothing(self):
        positive, first, _ = scored(6, 30, 70, 10**9)
        result = of_two(positive, first, np.exp(first))
        assert result.first == result.second == pytest.approx(roc_auc_score(positive, first))
        assert (result.difference, result.interval, result.p_value) == (0.0, (0.0, 0.0), None)

    def test_of_a_perfect_model_and_its_opposite_shows_no_luck(self):
        positive, scores = array([True, True, False, False], bool), array([4.0, 3.0, 2.0, 1.0])
        result = of_two(positive, -scores, scores)
        assert result == AreaGap(0.0, 1.0, 1.0, None, None)

    def test_keeps_the_interval_within_what_a_difference_can_be(self):
        positive = array([True, True, False, False], bool)
        result = of_two(positive, array([4.0, 3.0, 2.0, 1.0]), array([1.0, 2.5, 2.0, 3.0]))
        assert (result.difference, result.interval[0]) == (-0.75, -1.0)
        assert of_two(~positive, array([4.0, 3, 2, 1]), array([1.0, 2.5, 2, 3])).interval[1] == 1.0

    def test_takes_infinite_scores_for_the_largest_and_the_smallest(self):
        positive = array([True, False, True, False, False], bool)
        result = of_two(positive, array([INF, INF, 0, -INF, 1]), array([9, 9, 0, -9, 1]))
        assert (result.first, result.difference, result.interval) == (3.5 / 6, 0.0, (0.0, 0.0))

    def test_compares_float32_scores_in_their_own_precision(self):
        positive, first, second = scored(7, 50, 50, 10)
        expected = of_two(positive, first, second)
        assert of_two(positive, first.astype(np.float32), second) == expected

    def test_intervals_cover_the_truth_as_often_as_they_say(self):
        rng, times, covered = np.random.default_rng(8), 400, 0
        # Areas of scores that stand apart by d standard deviations are Φ(d / sqrt 2).
        truth = (math.erf(1.5 / 2) - math.erf(1.0 / 2)) / 2
        positive = array([True] * 60 + [False] * 90, bool)
        for _ in range(times):
            first, second = rng.normal(1.0 * positive), rng.normal(1.5 * positive)
            low, high = of_two(positive, first, second).interval
            covered += low <= truth <= high
        assert 0.917 < covered / times < 0.983  # three standard deviations of 95 %

    @settings(deadline=None)
    @given(st.data())
    def test_exchanging_models_turns_signs_and_the_order_of_rows_does_not_matter(self, data):
        steps = st.integers(0, 6)
        rows = data.draw(st.lists(st.tuples(st.booleans(), steps, steps), max_size=30))
        positive, first, second = self.of(rows)
        result, exchanged = of_two(positive, first, second), of_two(positive, second, first)
        shuffled = of_two(*self.of(data.draw(st.permutations(rows))))
        assert (result.first, result.second) == (shuffled.first, shuffled.second)
        assert alike(result.interval, shuffled.interval)
        assert alike(result.p_value, shuffled.p_value)
        assert (result.first, result.second, result.p_value) == (exchanged.second, exchanged.first, exchanged.p_value)
        assert result.difference == (None if exchanged.difference is None else -exchanged.difference)
        assert alike(result.interval, mirrored(exchanged.interval))

    @staticmethod
    def of(rows):
        return array([row[0] for row in rows], bool), array([row[1] for row in rows]), array([row[2] for row in rows])


@pytest.mark.parametrize("multiclass", [False, True])
def test_of_many_categories_some_are_sorted_at_a_time(multiclass, monkeypatch):
    rng = np.random.default_rng(9)
    scores = rng.dirichlet(np.ones(5), (2, 200))
    labels = rng.integers(0, 5, 200) if multiclass else (rng.random((200, 5)) < 0.4).astype(float)
    models = {"A": scores[0], "B": scores[1]}
    it = Document.create(labels, models, categories=tuple("abcde"), multiclass=multiclass)
    monkeypatch.setattr(module, "HELD", 400)
    yes = labels[:, None] == np.arange(5) if multiclass else labels == 1
    for category, found in enumerate(area_differences(it, 0, 1)):
        expected = delong(yes[:, category], scores[0][:, category], scores[1][:, category])
        assert (found.first, found.second) == pytest.approx((expected.first, expected.second), abs=1e-12)
        assert found.interval == pytest.approx(expected.interval, abs=1e-12)
        assert found.p_value == pytest.approx(expected.p_value, rel=1e-9)
