import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf
from sklearn.calibration import calibration_curve

from xentviz.core.calibration import (
    best_temperature,
    equal_count,
    equal_width,
    expected_calibration_error,
    reliability,
)
from xentviz.core.errors import DataError
from xentviz.core.losses import (
    binary_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits,
    mean_binary_cross_entropy,
)
from xentviz.core.transforms import sigmoid, softmax

INF, NAN = float("inf"), float("nan")
KINDS = (np.float32, np.float64)
Z95 = 1.959963984540054  # the 97.5th percentile of the normal distribution


def block_of(values, kind=np.float64):
    """Return a read-only ascending array, as a summary holds them."""
    block = np.sort(np.array(values, dtype=kind))
    block.setflags(write=False)
    return block


def of_rows(labels, scores, edges=None, blocks=1):
    """Return the reliability of labelled scores, held in so many blocks."""
    yes, no = scores[labels == 1], scores[labels == 0]
    return reliability(*([block_of(side[i::blocks], side.dtype) for i in range(blocks)] for side in (yes, no)), edges)


def forecasts(rows, seed, kind=np.float64):
    """Return labels that come true a little less often than the scores say; the scores have two digits."""
    rng = np.random.default_rng(seed)
    scores = np.round(rng.beta(0.8, 0.8, rows), 2).astype(kind)
    return (rng.random(rows) < scores**1.3).astype(int), scores


def bin_of(score, edges):
    """Return the number of the bin a score lies in, both compared in the score's precision."""
    own = [type(score)(edge) for edge in edges]
    return next(b for b in range(len(edges) - 1) if own[b] <= score and (score < own[b + 1] or b == len(edges) - 2))


some_scores = st.lists(st.integers(0, 60).map(lambda i: i / 60), max_size=30)


class TestBins:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("bins", [1, 2, 3, 7, 10, 15, 29, 100])
    def test_a_score_on_an_edge_belongs_to_the_bin_above_and_one_to_the_last(self, bins, kind):
        on_edges = np.array([k / bins for k in range(bins + 1)], dtype=kind)
        assert of_rows(np.ones(bins + 1), on_edges, equal_width(bins)).counts.tolist() == [1] * (bins - 1) + [2]
        below = np.nextafter(on_edges, kind(0))
        assert of_rows(np.zeros(bins + 1), below, equal_width(bins)).counts.tolist() == [2] + [1] * (bins - 1)

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("edges", [equal_width(), equal_width(4), np.array([0, 0.29, 0.57, 0.58, 1.0])])
    def test_hold_what_sorting_score_by_score_puts_there(self, edges, kind):
        labels, scores = forecasts(400, len(edges), kind)
        found = of_rows(labels, scores, edges, blocks=3)
        where = np.array([bin_of(score, edges) for score in scores])
        for b in range(len(edges) - 1):
            inside = where == b
            assert (found.counts[b], found.positives[b]) == (inside.sum(), labels[inside].sum())
            assert found.score_sums[b] == pytest.approx(math.fsum(scores[inside]), rel=1e-14)

    @pytest.mark.parametrize("bins", [5, 15])
    @pytest.mark.parametrize("strategy", ["uniform", "quantile"])
    def test_are_those_of_scikit_learn_where_no_score_is_on_an_edge(self, strategy, bins):
        rng = np.random.default_rng(bins)
        scores = rng.beta(2, 2, 600)
        labels = (rng.random(600) < scores).astype(int)
        edges = equal_width(bins)
        if strategy == "quantile":
            edges = equal_count([block_of(scores[labels == 1])], [block_of(scores[labels == 0])], bins)
        found = of_rows(labels, scores, edges)
        filled = found.counts > 0
        observed, means = calibration_curve(labels, scores, n_bins=bins, strategy=strategy)
        np.testing.assert_allclose(found.observed[filled], observed, rtol=1e-13)
        np.testing.assert_allclose(found.mean_scores[filled], means, rtol=1e-13)

    @given(some_scores, some_scores, st.integers(1, 7), st.integers(1, 20))
    def test_do_not_depend_on_how_scores_are_cut_into_blocks(self, positives, negatives, size, bins):
        whole = reliability([block_of(positives)], [block_of(negatives)], equal_width(bins))
        cut = ([block_of(side[i : i + size]) for i in range(0, len(side), size)] for side in (positives, negatives))
        in_blocks = reliability(*cut, equal_width(bins))
        np.testing.assert_array_equal(in_blocks.counts, whole.counts)
        np.testing.assert_array_equal(in_blocks.positives, whole.positives)
        np.testing.assert_allclose(in_blocks.score_sums, whole.score_sums, rtol=1e-14)
        assert whole.total == len(positives) + len(negatives)

    def test_an_empty_bin_has_no_mean_no_share_and_no_interval(self):
        found = of_rows(np.array([1, 0]), np.array([0.1, 0.9]), equal_width(3))
        assert found.counts.tolist() == [1, 0, 1]
        np.testing.assert_array_equal(found.mean_scores, [0.1, NAN, 0.9])
        np.testing.assert_array_equal(found.observed, [1, NAN, 0])
        assert np.isnan(found.intervals).tolist() == [[False] * 2, [True] * 2, [False] * 2]

    @pytest.mark.parametrize("wrong", [[-0.1, 0.5], [0.5, 1.1], [0.5, NAN], [-3.0], [INF]])
    def test_what_is_no_probability_is_refused(self, wrong):
        fine = [block_of([]), block_of([0.0, 1.0])]
        for positives, negatives in (([*fine, block_of(wrong)], fine), (fine, [block_of(wrong)])):
            with pytest.raises(DataError, match="probability_out_of_range"):
                reliability(positives, negatives)

    def test_of_equal_width_have_the_edges_that_are_written(self):
        assert equal_width(10).tolist() == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
        assert len(equal_width()) == 16

    @pytest.mark.parametrize("blocks", [[], [block_of([])], [block_of([], np.float32)] * 2])
    def test_of_nothing_are_empty(self, blocks):
        found = reliability(blocks, blocks)
        assert (found.total, found.counts.sum()) == (0, 0)
        assert found.expected_error is found.largest_error is found.brier_split is None


class TestEqualCount:
    @given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=40, unique=True), st.integers(1, 12))
    def test_of_different_scores_bins_differ_by_one_at_most(self, scores, bins):
        bins = min(bins, len(scores))
        both = [block_of(scores[::2])], [block_of(scores[1::2])]
        counts = reliability(*both, equal_count(*both, bins)).counts
        assert len(counts) == bins
        assert counts.max() - counts.min() <= 1

    @pytest.mark.parametrize("kind", KINDS)
    def test_equal_scores_are_never_parted(self, kind):
        labels, scores = forecasts(300, 5, kind)
        edges = equal_count([block_of(scores[labels == 1], kind)], [block_of(scores[labels == 0], kind)], 12)
        assert (edges[0], edges[-1]) == (0, 1)
        assert (np.diff(edges) > 0).all()
        assert set(edges[1:-1]) <= set(scores.astype(np.float64))
        # Each bin begins with a score: what is below has been counted already.
        counts = of_rows(labels, scores, edges).counts
        inside = [(scores >= kind(low)) & ((scores < kind(high)) | (high == 1)) for low, high in pairwise(edges)]
        assert counts.tolist() == [chosen.sum() for chosen in inside]

    def test_with_fewer_scores_than_bins_each_has_a_bin_of_its_own(self):
        both = [block_of([0.5])], [block_of([0.25])]
        found = reliability(*both, equal_count(*both, 15))
        assert found.mean_scores[found.counts > 0].tolist() == [0.25, 0.5]

    def test_scores_at_both_ends_make_no_bins_of_nothing(self):
        assert equal_count([block_of([1.0] * 5)], [block_of([0.0] * 5)], 4).tolist() == [0, 1]

    def test_without_scores_there_is_one_bin(self):
        assert equal_count([block_of([])], [block_of([])], 5).tolist() == [0, 1]


class TestIntervals:
    @pytest.mark.parametrize(("positives", "count"), [(0, 1), (1, 1), (0, 10), (8, 10), (10, 10), (50, 100), (1, 9999)])
    def test_are_those_of_wilson_s_formula(self, positives, count):
        share, z2 = positives / count, Z95**2
        middle = (share + z2 / (2 * count)) / (1 + z2 / count)
        half = Z95 / (1 + z2 / count) * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
        labels = np.arange(count) < positives
        ((low, high),) = of_rows(labels, np.full(count, 0.5), equal_width(1)).intervals
        assert (low, high) == pytest.approx((middle - half, middle + half), rel=1e-12, abs=1e-15)

    def test_eight_of_ten_lie_between_a_half_and_94_percent(self):
        ((low, high),) = of_rows(np.arange(10) < 8, np.full(10, 0.5), equal_width(1)).intervals
        assert (low, high) == pytest.approx((0.4902, 0.9433), abs=5e-5)

    def test_end_where_the_observed_share_is_as_unlikely_as_they_allow(self):
        # The ends solve |k / n - p| = z sqrt(p (1 - p) / n).
        for low_or_high in of_rows(np.arange(40) < 7, np.full(40, 0.5), equal_width(1)).intervals[0]:
            distance = abs(7 / 40 - low_or_high) / math.sqrt(low_or_high * (1 - low_or_high) / 40)
            assert distance == pytest.approx(Z95, rel=1e-12)

    def test_stay_between_nothing_and_all_and_hold_the_share(self):
        labels, scores = forecasts(300, 2)
        found = of_rows(labels, scores)
        low, high = found.intervals.T
        assert (low >= 0).all()
        assert (high <= 1).all()
        assert ((low <= found.observed) & (found.observed <= high)).all()

    def test_cover_the_truth_as_often_as_they_say(self):
        # Wilson's intervals cover 95 % on average over the shares, of 30 tosses each.
        rng = np.random.default_rng(3)
        truth = rng.uniform(0.1, 0.9, 1000)
        tossed = rng.binomial(30, truth)
        ends = {k: of_rows(np.arange(30) < k, np.full(30, 0.5), equal_width(1)).intervals[0] for k in set(tossed)}
        covered = [ends[k][0] <= p <= ends[k][1] for k, p in zip(tossed, truth, strict=True)]
        assert 0.93 < np.mean(covered) < 0.97


class TestErrors:
    def test_of_two_bins_by_hand(self):
        labels, scores = np.array([1, 1, 1, 0, 0, 0]), np.array([0.1, 0.8, 0.9, 0.2, 0.3, 0.7])
        # Below one half: 3 scores, mean 0.2, one positive. From one half on: 3 scores, mean 0.8, two positives.
        found = of_rows(labels, scores, equal_width(2))
        assert found.expected_error == pytest.approx(3 / 6 * abs(1 / 3 - 0.2) + 3 / 6 * abs(2 / 3 - 0.8))
        assert found.largest_error == pytest.approx(2 / 15)
        error = expected_calibration_error(labels, scores, bins=2)
        assert error == found.expected_error

    def test_the_largest_is_that_of_a_bin_however_few_are_in_it(self):
        labels, scores = np.array([1, 0, 0, 0, 0]), np.array([0.2, 0.9, 0.9, 0.95, 0.1])
        found = of_rows(labels, scores, equal_width(2))
        assert found.largest_error == pytest.approx((0.9 + 0.9 + 0.95) / 3)
        assert found.expected_error == pytest.approx(2 / 5 * (1 / 2 - 0.15) + 3 / 5 * (0.9 + 0.9 + 0.95) / 3)

    def test_a_score_on_an_edge_belongs_to_the_bin_above(self):
        # Were 0.5 in the lower bin, it and the negative at 0.4 would make up for one another.
        error = expected_calibration_error([1, 1, 0], [0.5, 1.0, 0.4], bins=2)
        assert error == pytest.approx((0.4 + 0.5) / 3)

    def test_a_forecast_that_comes_true_as_often_as_it_says_has_none(self):
        scores = np.full(10, 0.3)
        assert expected_calibration_error(np.arange(len(scores)) < 3, scores) == pytest.approx(0, abs=1e-15)

    def test_certainty_that_is_always_wrong_has_the_largest(self):
        assert expected_calibration_error([1, 1, 1, 0, 0], [0, 0, 0, 1, 1]) == 1
        assert of_rows(np.array([1, 1, 0]), np.array([0.0, 0.0, 1.0])).largest_error == 1

    def test_nothing_has_none_at_all(self):
        assert expected_calibration_error([], []) is None

    @pytest.mark.parametrize("kind", KINDS)
    def test_are_those_of_counting_score_by_score(self, kind):
        labels, scores = forecasts(500, 5, kind)
        edges = equal_width(15)
        where = np.array([bin_of(score, edges) for score in scores])
        inside = [where == b for b in range(15) if (where == b).any()]
        gaps = [abs(labels[i].mean() - scores[i].mean(dtype=np.float64)) for i in inside]
        found = of_rows(labels, scores, blocks=4)
        assert found.expected_error == pytest.approx(np.average(gaps, weights=[i.sum() for i in inside]), rel=1e-12)
        assert found.largest_error == pytest.approx(max(gaps), rel=1e-12)
        unsorted = expected_calibration_error(labels, scores)
        assert unsorted == pytest.approx(found.expected_error, rel=1e-13)

    def test_one_bin_tells_only_the_mean(self):
        labels, scores = forecasts(200, 6)
        found = of_rows(labels, scores, equal_width(1))
        assert found.expected_error == pytest.approx(abs(labels.mean() - scores.mean()))
        assert found.expected_error <= of_rows(labels, scores, equal_width(10)).expected_error + 1e-15


class TestBrierSplit:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("bins", [1, 4, 15, 100])
    @pytest.mark.parametrize("blocks", [1, 5])
    def test_adds_up_to_the_mean_squared_error(self, bins, kind, blocks):
        labels, scores = forecasts(400, bins, kind)
        edges, p = equal_width(bins), scores.astype(np.float64)
        split = of_rows(labels, scores, edges, blocks).brier_split
        assert split.brier == pytest.approx(((p - labels) ** 2).mean(), rel=1e-13)
        # What a bin hides: Σ (p - mean p)² - 2 (p - mean p) (y - mean y).
        where = np.array([bin_of(score, edges) for score in scores])
        hidden = 0.0
        for inside in (where == b for b in set(where.tolist())):
            off, missed = p[inside] - p[inside].mean(), labels[inside] - labels[inside].mean()
            hidden += (off**2 - 2 * off * missed).sum() / 400
        assert split.within_bins == pytest.approx(hidden, rel=1e-10, abs=1e-14)

    @given(some_scores, some_scores, st.integers(1, 20))
    def test_hides_nothing_where_all_scores_of_a_bin_are_alike(self, positives, negatives, bins):
        yes, no = ([(min(int(p * bins), bins - 1) + 0.5) / bins for p in side] for side in (positives, negatives))
        split = reliability([block_of(yes)], [block_of(no)], equal_width(bins)).brier_split
        if yes or no:
            assert split.within_bins == pytest.approx(0, abs=1e-14)
        else:
            assert split is None

    def test_by_hand(self):
        # Two bins: 0.2 four times, once rightly; 0.8 twice, both times rightly. Half of all six are yes.
        labels, scores = np.array([1, 0, 0, 0, 1, 1]), np.array([0.2, 0.2, 0.2, 0.2, 0.8, 0.8])
        split = of_rows(labels, scores, equal_width(2)).brier_split
        assert split.reliability == pytest.approx((4 * (0.2 - 0.25) ** 2 + 2 * (0.8 - 1) ** 2) / 6)
        assert split.resolution == pytest.approx((4 * (0.25 - 0.5) ** 2 + 2 * (1 - 0.5) ** 2) / 6)
        assert split.uncertainty == 0.25

    def test_of_labels_that_are_all_the_same_there_is_no_uncertainty(self):
        split = of_rows(np.zeros(3), np.array([0.1, 0.6, 0.9])).brier_split
        assert (split.uncertainty, split.resolution) == (0, 0)
        assert split.reliability == pytest.approx((0.01 + 0.36 + 0.81) / 3)


def binary_case(rows=300, seed=4, true_temperature=2.5):
    """Return labels, and logits that are too sure of themselves by so much."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, rows)
    return (rng.random(rows) < sigmoid(logits / true_temperature)).astype(int), logits


def categorical_case(rows=300, categories=4, seed=4, true_temperature=2.5):
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (rows, categories))
    chances = softmax(logits / true_temperature)
    return np.array([rng.choice(categories, p=p) for p in chances]), logits


def smoothed(labels, categories):
    """Return labels as distributions that leave a tenth to the other categories."""
    return 0.9 * np.eye(categories)[labels] + 0.1 / categories


def least_loss_at(labels, logits):
    """Return where the mean loss of logits / T is least, by comparing losses."""
    of = categorical_cross_entropy_with_logits if logits.ndim == 2 else binary_cross_entropy_with_logits

    def loss(log):
        return of(labels, logits * math.exp(-log)).mean()

    found = scipy.optimize.minimize_scalar(loss, bounds=(-7, 7), method="bounded", options={"xatol": 1e-9})
    return math.exp(found.x)


def exactly(labels, logits):
    """Return the best temperature in thirty digits: the root of the slope of the loss of logits · c, as it is written.

    Labels are distributions, logits of shape (rows, categories).
    """
    rows = [([mpf(float(y)) for y in ys], [mpf(float(z)) for z in zs]) for ys, zs in zip(labels, logits, strict=True)]

    def slope(coldness):
        total = mpf(0)
        for shares, row in rows:
            powers = [mpmath.exp(coldness * z) for z in row]
            mean = mpmath.fsum(e * z for e, z in zip(powers, row, strict=True)) / mpmath.fsum(powers)
            total += mean - mpmath.fsum(y * z for y, z in zip(shares, row, strict=True))
        return total

    with mpmath.workdps(30):
        return float(1 / mpmath.findroot(slope, (mpf(1) / 1000, mpf(50)), solver="bisect", maxsteps=120, tol=1e-40))


class TestTemperature:
    @pytest.mark.parametrize("true_temperature", [0.2, 1.0, 2.5, 30.0])
    @pytest.mark.parametrize("soft", [False, True])
    def test_has_the_least_mean_loss_of_yes_no_questions(self, true_temperature, soft):
        labels, logits = binary_case(true_temperature=true_temperature)
        labels = labels * 0.9 + 0.05 if soft else labels
        assert best_temperature(labels, logits) == pytest.approx(least_loss_at(labels, logits), rel=1e-6)

    @pytest.mark.parametrize("categories", [2, 3, 10])
    @pytest.mark.parametrize("soft", [False, True])
    def test_has_the_least_mean_loss_of_one_answer_in_many(self, categories, soft):
        labels, logits = categorical_case(categories=categories)
        labels = smoothed(labels, categories) if soft else labels
        assert best_temperature(labels, logits) == pytest.approx(least_loss_at(labels, logits), rel=1e-6)

    @pytest.mark.parametrize("soft", [False, True])
    def test_is_exact_to_the_last_digits(self, soft):
        labels, logits = categorical_case(8, 3)
        labels = smoothed(labels, 3) if soft else np.eye(3)[labels]
        assert best_temperature(labels, logits) == pytest.approx(exactly(labels, logits), rel=1e-14)
        labels, logits = binary_case(8)
        labels = labels * 0.8 + 0.1 if soft else labels
        expected = exactly(np.column_stack([1 - labels, labels]), np.column_stack([np.zeros(8), logits]))
        assert best_temperature(labels, logits) == pytest.approx(expected, rel=1e-14)

    @pytest.mark.parametrize(("logit", "rights", "rows"), [(2.0, 3, 4), (-5.0, 1, 4), (40.0, 98, 99)])
    def test_of_one_logit_makes_its_probability_the_observed_share(self, logit, rights, rows):
        labels = np.arange(rows) < rights
        expected = logit / math.log(rights / (rows - rights))
        assert best_temperature(labels, np.full(rows, logit)) == pytest.approx(expected, rel=1e-14)

    def test_of_one_row_of_logits_makes_its_probability_the_observed_share(self):
        # exp(z / T) / (exp(z / T) + 2) = 3/4 where z / T = ln 6.
        found = best_temperature([0, 0, 1, 0], np.tile([3.0, 0.0, 0.0], (4, 1)))
        assert found == pytest.approx(3 / math.log(6), rel=1e-14)

    def test_is_one_where_the_probabilities_are_right_already(self):
        _, logits = binary_case(50)
        assert best_temperature(sigmoid(logits), logits) == pytest.approx(1, rel=1e-14)
        _, logits = categorical_case(50)
        assert best_temperature(softmax(logits), logits) == pytest.approx(1, rel=1e-14)

    def test_of_logits_divided_by_it_is_one(self):
        labels, logits = categorical_case()
        assert best_temperature(labels, logits / best_temperature(labels, logits)) == pytest.approx(1, rel=1e-13)

    @pytest.mark.parametrize("factor", [1e-4, 0.3, 7.0, 1e4])
    def test_grows_as_the_logits_do(self, factor):
        labels, logits = binary_case()
        assert best_temperature(labels, factor * logits) == pytest.approx(
            factor * best_temperature(labels, logits), rel=1e-13
        )

    def test_of_a_yes_no_question_is_that_of_two_categories_one_of_which_has_a_logit_of_zero(self):
        labels, logits = binary_case()
        both = np.column_stack([np.zeros(len(logits)), logits])
        assert best_temperature(labels, both) == pytest.approx(best_temperature(labels, logits), rel=1e-13)

    def test_of_float32_logits_is_that_of_the_same_numbers_in_float64(self):
        labels, logits = binary_case()
        logits = logits.astype(np.float32)
        assert best_temperature(labels, logits) == best_temperature(labels, logits.astype(np.float64))

    def test_lowers_the_mean_loss(self):
        labels, logits = binary_case()
        cooled = logits / best_temperature(labels, logits)
        assert mean_binary_cross_entropy(labels, sigmoid(cooled)) < mean_binary_cross_entropy(labels, sigmoid(logits))

    def test_of_more_rows_than_a_piece_holds_is_that_of_their_shares(self):
        labels, logits = binary_case(40)
        times = 3000
        found = best_temperature(np.tile(labels, times), np.tile(logits, times))
        assert found == pytest.approx(best_temperature(labels, logits), rel=1e-13)

    def test_rows_without_a_label_are_left_out(self):
        labels, logits = binary_case(60)
        expected = best_temperature(labels, logits)
        assert best_temperature([*labels, NAN], [*logits, 3.0]) == expected
        labels, logits = categorical_case(60)
        expected = best_temperature(labels, logits)
        with_one_more = np.vstack([logits, [NAN, 1.0, 2.0, 3.0]])
        assert best_temperature([*labels, -1], with_one_more) == expected
        distributions = np.vstack([np.eye(4)[labels], [NAN] * 4])
        assert best_temperature(distributions, with_one_more) == pytest.approx(expected, rel=1e-14)

    @pytest.mark.parametrize(("label", "logit"), [(0, INF), (1, -INF), (0.5, INF), (1, INF), (0, -INF)])
    def test_an_infinite_logit_tells_nothing_of_it_rightly_or_wrongly(self, label, logit):
        labels, logits = binary_case(60)
        found = best_temperature([*labels, label], [*logits, logit])
        assert found == pytest.approx(best_temperature(labels, logits), rel=1e-14)

    @pytest.mark.parametrize("row", [[INF, 0, 1, 2], [0, INF, 1, 2]], ids=["rightly", "wrongly"])
    def test_nor_does_an_infinite_logit_of_one_answer_in_many(self, row):
        labels, logits = categorical_case(60)
        found = best_temperature([*labels, 0], np.vstack([logits, row]))
        assert found == pytest.approx(best_temperature(labels, logits), rel=1e-14)

    def test_an_impossible_category_is_as_if_it_were_not_there(self):
        labels, logits = categorical_case(60, 3)
        with_impossible = np.column_stack([logits, np.full(60, -INF)])
        assert best_temperature(labels, with_impossible) == pytest.approx(best_temperature(labels, logits), rel=1e-13)

    @pytest.mark.parametrize(
        ("labels", "logits"),
        [
            ([1, 1, 0], [3.0, 1000.0, -0.5]),
            ([0, 2], [[2.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
            ([1, 0], [-1.0, 2.0]),
            ([1, 0, 1], [1.0, 1.0, -1.0]),
            ([0, 1], [[1.0, 2.0], [2.0, 1.0]]),
            ([1, 0, 1], [0.0, 0.0, 0.0]),
            ([0, 1], np.zeros((2, 3))),
            ([1, 0], [2.0, 2.0]),
            ([], []),
            (np.zeros(0), np.zeros((0, 3))),
            ([NAN, 1], [1.0, -INF]),
        ],
        ids=[
            "parted rightly",
            "right of all three",
            "opposite",
            "more wrong than right",
            "wrong of both",
            "all zero",
            "all alike",
            "as often right as wrong",
            "no rows",
            "no rows of three",
            "nothing known and finite",
        ],
    )
    def test_is_undefined_where_colder_or_hotter_is_always_better(self, labels, logits):
        assert best_temperature(labels, logits) is None

    @pytest.mark.parametrize(("factor", "found"), [(1e5, True), (1e-5, True), (1e9, False), (1e-9, False)])
    def test_is_looked_for_from_a_millionth_to_a_million(self, factor, found):
        labels, logits = binary_case(true_temperature=1.0)
        temperature = best_temperature(labels, factor * logits)
        assert (temperature is not None) == found
        if found:
            assert temperature == pytest.approx(factor * best_temperature(labels, logits), rel=1e-12)

    @given(st.lists(st.tuples(st.sampled_from([0.0, 0.25, 1.0]), st.integers(-40, 40)), max_size=8))
    def test_is_where_the_slope_of_the_loss_changes_its_sign(self, rows):
        labels, logits = np.array([row[0] for row in rows]), np.array([row[1] / 8 for row in rows])

        def slope(coldness):
            return math.fsum(logits * (sigmoid(coldness * logits) - labels))

        temperature = best_temperature(labels, logits)
        if temperature is None:
            assert not slope(1e-6) < -1e-12 < 1e-12 < slope(1e6)
        else:
            assert slope(0.999 / temperature) <= 1e-12
            assert slope(1.001 / temperature) >= -1e-12

    @pytest.mark.parametrize(
        ("labels", "logits", "code"),
        [
            ([1, 0], [1.0], "shape_mismatch"),
            ([2], [1.0], "label_out_of_range"),
            ([1], [NAN], "score_missing"),
            ([3], [[1.0, 2.0, 3.0]], "label_out_of_range"),
            ([0], [[-INF, -INF]], "softmax_undefined"),
            (["yes"], [1.0], "not_numbers"),
        ],
    )
    def test_refuses_what_the_losses_refuse(self, labels, logits, code):
        with pytest.raises(DataError) as caught:
            best_temperature(labels, logits)
        assert caught.value.code == code


def test_without_blocks_there_is_one_bin():
    assert equal_count([], []).tolist() == [0, 1]


def test_no_bin_of_equal_count_is_empty():
    blocks = [block_of([0.5] * 8)], [block_of([0.9] * 2)]
    assert (reliability(*blocks, equal_count(*blocks, 4)).counts > 0).all()


@pytest.mark.parametrize("power", [10, 20, 30])
def test_the_temperature_does_not_change_with_what_is_added_to_a_row(power):
    labels, logits = categorical_case()
    logits = np.round(logits * 64) / 64  # so that the sum is exact
    found = best_temperature(labels, logits + 2.0**power)
    assert found == pytest.approx(best_temperature(labels, logits), rel=1e-13)


def test_the_temperature_of_huge_logits_is_found_without_a_warning():
    labels, logits = binary_case(60, true_temperature=0.3)
    found = best_temperature([*labels, 1], [*logits, 1e308])
    assert found == pytest.approx(best_temperature(labels, logits), rel=1e-13)


@pytest.mark.parametrize("bins", [0, -1, "2"])
@pytest.mark.parametrize("edges", [equal_width, lambda bins: equal_count([], [], bins)], ids=["width", "count"])
def test_there_is_one_bin_at_least(edges, bins):
    with pytest.raises(DataError) as caught:
        edges(bins)
    assert (caught.value.code, caught.value.details["option"]) == ("option_out_of_range", "bins")


def test_scores_of_whole_numbers_are_not_rounded_edges():
    assert expected_calibration_error([1, 1, 0], [0, 0, 1]) == 1
    assert reliability([np.array([0, 1])], [np.array([0])], [0.0, 0.5, 1.0]).counts.tolist() == [2, 1]
