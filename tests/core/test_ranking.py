from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from xentviz.core import ranking
from xentviz.core.errors import DataError
from xentviz.core.ranking import areas, average_precision, curve, roc_auc
from xentviz.core.transforms import sigmoid

INF = float("inf")
KINDS = (np.float32, np.float64)

# What is hard to rank: both zeros, the smallest numbers, neighbours, infinities; and float32 beside float64.
HARD = [-INF, -3.5, -0.7, -5e-324, -0.0, 0.0, 5e-324, 1e-45, 0.1, float(np.float32(0.1)), 0.5, 1.0, 3.5, INF]


def block_of(values, kind=np.float64):
    """Return a read-only ascending array, as a summary holds them."""
    block = np.sort(np.array(values, dtype=kind))
    block.setflags(write=False)
    return block


hard_block = st.builds(block_of, st.lists(st.sampled_from(HARD), max_size=12), st.sampled_from(KINDS))
hard_blocks = st.lists(hard_block, min_size=1, max_size=4)
step_block = st.builds(block_of, st.lists(st.integers(-4, 8).map(lambda i: i / 8), min_size=1, max_size=30))


def cut(values, size):
    """Return values in blocks of so many, each ascending."""
    return [block_of(values[start : start + size]) for start in range(0, max(1, len(values)), size)]


def floats_of(blocks):
    return [float(score) for block in blocks for score in block]


def as_rows(positives, negatives):
    return np.r_[np.ones(len(positives)), np.zeros(len(negatives))], np.r_[positives, negatives]


def area_over_pairs(positives, negatives):
    """Return the chance that a positive scores above a negative, ties counted half, as a fraction."""
    doubled = sum(2 * (p > n) + (p == n) for p in positives for n in negatives)
    return Fraction(doubled, 2 * len(positives) * len(negatives))


def precision_gained(positives, negatives):
    """Return Σ (R_n - R_{n-1}) P_n over the distinct scores, falling, as a fraction."""
    total, before = Fraction(0), 0
    for threshold in sorted({*positives, *negatives}, reverse=True):
        yes = sum(score >= threshold for score in positives)
        reached = yes + sum(score >= threshold for score in negatives)
        total += Fraction(yes - before, len(positives)) * Fraction(yes, reached)
        before = yes
    return total


def counted(positives, negatives):
    """Return each distinct score, falling, with how many positives and negatives reach it."""
    thresholds = sorted({*positives, *negatives}, reverse=True)
    return (
        thresholds,
        [sum(score >= t for score in positives) for t in thresholds],
        [sum(score >= t for score in negatives) for t in thresholds],
    )


def assert_alike(one, other):
    """Compare areas: exactly, and to the order in which gains of precision are added."""
    assert one.roc_auc == other.roc_auc
    assert one.average_precision == pytest.approx(other.average_precision, rel=1e-14)


def as_lists(found):
    return found.thresholds.tolist(), found.true_positives.tolist(), found.false_positives.tolist()


@pytest.fixture(params=[(1, 1), (1, 3), (2, 8), (3, 3)], ids="every {0[0]}, ranges of {0[1]}".format)
def small_ranges(request, monkeypatch):
    """Cut even a few scores into many ranges."""
    monkeypatch.setattr(ranking, "SAMPLED", request.param[0])
    monkeypatch.setattr(ranking, "RANGE", request.param[1])


class TestAreas:
    @pytest.mark.parametrize("steps", [2, 10, 1000, 10**9])
    @pytest.mark.parametrize(("positives", "negatives"), [(1, 1), (3, 500), (700, 400)])
    def test_agree_with_scikit_learn_however_many_ties_there_are(self, steps, positives, negatives):
        rng = np.random.default_rng(steps + positives)
        yes, no = rng.integers(0, steps, positives) / steps, rng.integers(0, steps, negatives) / steps
        labels, scores = as_rows(yes, no)
        found = areas(cut(yes, 90), cut(no, 70))
        assert found.roc_auc == pytest.approx(roc_auc_score(labels, scores), rel=1e-13, abs=1e-15)
        assert found.average_precision == pytest.approx(average_precision_score(labels, scores), rel=1e-13)

    def test_of_three_hundred_thousand_logits_agree_with_scikit_learn(self):
        rng = np.random.default_rng(1)
        labels = rng.random(300_000) < 0.3
        scores = np.round(rng.normal(0, 2, 300_000) + labels, 4).astype(np.float32)
        yes, no = ([np.sort(scores[side][i::7]) for i in range(7)] for side in (labels, ~labels))
        found = areas(yes, no)
        assert found.roc_auc == pytest.approx(roc_auc_score(labels, scores), rel=1e-13)
        assert found.average_precision == pytest.approx(average_precision_score(labels, scores), rel=1e-13)

    @given(hard_blocks, hard_blocks)
    def test_are_those_of_their_definitions_over_all_pairs(self, positives, negatives):
        yes, no = floats_of(positives), floats_of(negatives)
        found = areas(positives, negatives)
        if yes and no:
            assert found.roc_auc == float(area_over_pairs(yes, no))
            assert found.average_precision == pytest.approx(float(precision_gained(yes, no)), rel=1e-14)
        else:
            assert (found.roc_auc, found.average_precision) == (None, None)

    @pytest.mark.usefixtures("small_ranges")
    @pytest.mark.parametrize("seed", range(15))
    def test_are_the_same_in_many_ranges(self, seed):
        rng = np.random.default_rng(seed)
        yes, no = ([block_of(rng.choice(HARD, rng.integers(0, 9)), KINDS[i % 2]) for i in range(4)] for _ in range(2))
        yes.append(block_of([0.5]))
        no.append(block_of([0.1]))
        found = areas(yes, no)
        assert found.roc_auc == float(area_over_pairs(floats_of(yes), floats_of(no)))
        assert found.average_precision == pytest.approx(float(precision_gained(floats_of(yes), floats_of(no))))

    @pytest.mark.parametrize(("positives", "negatives"), [([], []), ([0.5], []), ([], [0.5])])
    def test_are_undefined_with_one_class_only(self, positives, negatives):
        assert areas([block_of(positives)], [block_of(negatives)]) == ranking.Areas(None, None)
        rows = as_rows(positives, negatives)
        assert roc_auc(*rows) is average_precision(*rows) is None

    @pytest.mark.parametrize(
        ("positives", "negatives", "area", "precision"),
        [
            ([3.0, 2.0], [1.0, -1.0], 1, 1),
            ([1.0, -1.0], [3.0, 2.0], 0, (1 / 3 + 2 / 4) / 2),
            ([-0.0], [0.0], 1 / 2, 1 / 2),
            ([0.0, 1.0], [-0.0], 3 / 4, (1 + 2 / 3) / 2),
            ([INF, -INF], [INF, 0.0], (1 / 2 + 1 + 0 + 0) / 4, (1 / 2 + 2 / 4) / 2),
            ([0.5] * 3, [0.5] * 7, 1 / 2, 3 / 10),
        ],
        ids=["apart", "upside down", "both zeros", "a zero below one", "infinities", "all alike"],
    )
    def test_by_hand(self, positives, negatives, area, precision):
        found = areas([block_of(positives)], [block_of(negatives)])
        assert (found.roc_auc, found.average_precision) == pytest.approx((area, precision), rel=1e-15)

    def test_scores_of_both_precisions_are_compared_as_the_numbers_they_are(self):
        below, above = np.float32(0.7), np.float32(0.1)
        assert float(below) < 0.7
        assert float(above) > 0.1
        assert areas([block_of([below], np.float32)], [block_of([0.7])]).roc_auc == 0
        assert areas([block_of([above], np.float32)], [block_of([0.1])]).roc_auc == 1

    def test_large_logits_are_told_apart_that_are_all_certain_as_probabilities(self):
        yes, no = block_of([800.0, 60.0]), block_of([50.0, 700.0])
        assert areas([yes], [no]).roc_auc == 0.75
        assert areas([sigmoid(yes)], [sigmoid(no)]).roc_auc == 0.5

    @given(step_block, step_block, st.integers(1, 9))
    def test_do_not_depend_on_how_scores_are_cut_into_blocks(self, positives, negatives, size):
        assert_alike(areas(cut(positives, size), cut(negatives, size)), areas([positives], [negatives]))

    @given(step_block, step_block)
    def test_the_roc_area_of_the_opposite_question_is_the_rest(self, positives, negatives):
        area, opposite = areas([positives], [negatives]).roc_auc, areas([negatives], [positives]).roc_auc
        assert area + opposite == pytest.approx(1, rel=1e-15)

    @given(step_block, step_block)
    def test_only_the_order_of_scores_counts(self, positives, negatives):
        assert_alike(areas([sigmoid(positives)], [sigmoid(negatives)]), areas([positives], [negatives]))

    @given(step_block, step_block)
    def test_the_average_precision_is_at_least_what_the_positives_last_would_get(self, positives, negatives):
        yes, no = len(positives), len(negatives)
        least = sum(Fraction(i, no + i) for i in range(1, yes + 1)) / yes
        found = areas([positives], [negatives]).average_precision
        assert float(least) - 1e-15 <= found <= 1

    @given(step_block, step_block, st.randoms(use_true_random=False))
    def test_of_arrays_in_any_order_are_the_same(self, positives, negatives, random):
        labels, scores = as_rows(positives, negatives)
        order = random.sample(range(len(labels)), len(labels))
        rows = labels[order], scores[order]
        assert_alike(ranking.Areas(roc_auc(*rows), average_precision(*rows)), areas([positives], [negatives]))

    def test_of_unsorted_arrays_longer_than_a_piece_agree_with_scikit_learn(self):
        rng = np.random.default_rng(2)
        yes, no = rng.normal(0.5, 1, 70_000), rng.normal(0, 1, 70_001)
        labels, scores = as_rows(yes, no)
        assert roc_auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores), rel=1e-13)
        assert average_precision(labels, scores) == pytest.approx(average_precision_score(labels, scores), rel=1e-13)

    def test_of_whole_numbers_and_zeros_of_either_sign(self):
        assert roc_auc([1, 1, 0], [1, 0, 0]) == 0.75
        assert roc_auc([1, 0], [-0.0, 0.0]) == 0.5

    def test_a_row_without_a_label_is_left_out_and_a_label_without_a_score_is_refused(self):
        assert roc_auc([1, 0, np.nan], [0.9, 0.1, np.nan]) == 1
        with pytest.raises(DataError) as caught:
            roc_auc([1, 0, 0], [0.9, 0.1, np.nan])
        assert (caught.value.code, caught.value.details["index"]) == ("score_missing", (2,))


class TestCurve:
    @pytest.mark.parametrize("steps", [3, 50, 10**9])
    @pytest.mark.parametrize("kind", KINDS)
    def test_agrees_with_scikit_learn_at_every_score(self, steps, kind):
        rng = np.random.default_rng(steps)
        yes = (rng.integers(-steps, steps, 300) / steps + 0.25).astype(kind)
        no = (rng.integers(-steps, steps, 200) / steps).astype(kind)
        found = curve([np.sort(yes[i::3]) for i in range(3)], [np.sort(no)])
        labels, scores = as_rows(yes, no)
        rate, recall, thresholds = roc_curve(labels, scores, drop_intermediate=False)
        np.testing.assert_array_equal(found.thresholds, thresholds[1:])  # the first one of theirs is infinite
        np.testing.assert_allclose(found.recall, recall[1:], rtol=1e-15)
        np.testing.assert_allclose(found.false_positive_rate, rate[1:], rtol=1e-15)
        precision, recall, thresholds = precision_recall_curve(labels, scores)
        np.testing.assert_array_equal(found.thresholds[::-1], thresholds)
        np.testing.assert_allclose(found.precision[::-1], precision[:-1], rtol=1e-15)  # their last one is made up
        np.testing.assert_allclose(found.recall[::-1], recall[:-1], rtol=1e-15)

    @given(hard_blocks, hard_blocks)
    def test_counts_what_reaches_each_score(self, positives, negatives):
        assert as_lists(curve(positives, negatives)) == counted(floats_of(positives), floats_of(negatives))

    @pytest.mark.usefixtures("small_ranges")
    @pytest.mark.parametrize("seed", range(15))
    def test_is_the_same_in_many_ranges(self, seed):
        rng = np.random.default_rng(seed)
        yes, no = ([block_of(rng.choice(HARD, rng.integers(0, 9)), KINDS[i % 2]) for i in range(4)] for _ in range(2))
        assert as_lists(curve(yes, no)) == counted(floats_of(yes), floats_of(no))

    @given(step_block, step_block)
    def test_the_areas_are_under_it(self, positives, negatives):
        found, area = curve([positives], [negatives]), areas([positives], [negatives])
        recall, rate = np.r_[0, found.recall], np.r_[0, found.false_positive_rate]
        assert area.roc_auc == pytest.approx(np.trapezoid(recall, rate), rel=1e-13, abs=1e-15)
        assert area.average_precision == pytest.approx((np.diff(recall) * found.precision).sum(), rel=1e-13)

    @pytest.mark.parametrize("kind", KINDS)
    def test_keeps_the_precision_of_the_scores(self, kind):
        found = curve([block_of([0.29, 0.57], kind)], [block_of([0.58, -0.29], kind)])
        assert found.thresholds.dtype == kind
        np.testing.assert_array_equal(found.thresholds, np.array([0.58, 0.57, 0.29, -0.29], dtype=kind))

    def test_of_the_positives_alone_has_recall_and_no_false_positive_rate(self):
        found = curve([block_of([0.2, 0.6, 0.6])], [block_of([])])
        assert found.recall.tolist() == pytest.approx([2 / 3, 1])
        assert found.precision.tolist() == [1, 1]
        assert found.false_positive_rate is None

    def test_of_the_negatives_alone_has_no_recall(self):
        found = curve([block_of([])], [block_of([0.2, 0.6])])
        assert found.recall is None
        assert found.precision.tolist() == [0, 0]
        assert found.false_positive_rate.tolist() == [0.5, 1]

    @pytest.mark.parametrize("blocks", [[], [block_of([])], [block_of([], np.float32)] * 2])
    def test_of_nothing_is_empty(self, blocks):
        found = curve(blocks, blocks)
        assert as_lists(found) == ([], [], [])
        assert found.recall is found.false_positive_rate is None
        assert len(found.precision) == 0

    @pytest.mark.parametrize("of", [curve, areas])
    def test_a_missing_score_is_refused(self, of):
        missing, fine = block_of([0.5, float("nan")]), block_of([0.5])
        for positives, negatives in (([fine, missing], [fine]), ([fine], [fine, missing])):
            with pytest.raises(DataError, match="score_missing"):
                of(positives, negatives)

    def test_leaves_the_blocks_as_they_are(self):
        positives, negatives = block_of([-1.5, 0.5]), block_of([-2.0])
        curve([positives], [negatives])
        assert (positives.tolist(), negatives.tolist()) == ([-1.5, 0.5], [-2.0])


def test_whole_numbers_are_scores_too():
    assert curve([np.array([-3, 1, 2])], [np.array([-5, 1])]).thresholds.tolist() == [2, 1, -3, -5]
