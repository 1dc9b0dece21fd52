import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xentviz.core.comparison import mcnemar, paired_difference
from xentviz.core.errors import DataError
from xentviz.core.losses import binary_cross_entropy, binary_cross_entropy_with_logits
from xentviz.core.transforms import sigmoid

INF, NAN = math.inf, math.nan


def array(values, dtype=np.float64):
    """Return a read-only array, as the blocks of a column are."""
    values = np.array(values, dtype=dtype)
    values.setflags(write=False)
    return values


def split(differences):
    """Return losses under two models that differ by this much."""
    return np.maximum(-differences, 0.0), np.maximum(differences, 0.0)


def mirrored(interval):
    return interval and (-interval[1], -interval[0])


def alike(one, other):
    """Return whether two numbers or intervals are the same but for rounding, or both undefined."""
    return one is other is None or one == pytest.approx(other, rel=1e-12, abs=1e-13)


class TestPairedDifference:
    def test_counts_wins_and_ties_and_takes_the_mean(self):
        difference = paired_difference(array([1, 2, 3, 4]), array([1, 1, 5, 2.5]))
        assert (difference.rows, difference.mean) == (4, -0.125)
        assert (difference.first_wins, difference.second_wins, difference.ties) == (1, 2, 1)

    def test_leaves_out_rows_that_either_model_lacks(self):
        difference = paired_difference(array([NAN, 1, 2, NAN, INF]), array([1, NAN, 3, NAN, NAN]))
        assert (difference.rows, difference.mean, difference.first_wins) == (1, 1.0, 1)

    @pytest.mark.parametrize("losses", [[], [NAN], [NAN] * 2000])
    def test_of_no_rows_is_undefined(self, losses):
        difference = paired_difference(array(losses), array(losses))
        assert (difference.rows, difference.mean, difference.interval, difference.method) == (0, None, None, None)
        assert (difference.first_wins, difference.second_wins, difference.ties) == (0, 0, 0)
        assert not difference.settled

    def test_of_one_row_has_no_interval(self):
        difference = paired_difference(array([0.1]), array([0.3]))
        assert (difference.rows, difference.mean, difference.second_wins) == (1, 0.3 - 0.1, 0)
        assert difference.interval is difference.method is None
        assert not difference.settled

    @pytest.mark.parametrize(("rows", "method"), [(2, "bootstrap"), (999, "bootstrap"), (1000, "normal")])
    def test_that_is_the_same_in_all_rows_shows_no_luck(self, rows, method):
        difference = paired_difference(array([0.0] * rows), array([0.1] * rows))
        assert (difference.mean, difference.interval, difference.method) == (0.1, (0.1, 0.1), method)
        assert difference.settled
        same = paired_difference(array([0.1] * rows), array([0.1] * rows))
        assert (same.mean, same.interval, same.ties, same.settled) == (0.0, (0.0, 0.0), rows, False)

    @pytest.mark.parametrize("rows", [20, 999, 1000])
    @pytest.mark.parametrize("size", [1e-3, 0.05, 0.7])
    def test_that_is_the_same_but_for_rounding_has_no_spread(self, rows, size):
        losses = np.random.default_rng(rows).exponential(size=rows) + size
        assert len(set(losses - size - losses)) > 1
        difference = paired_difference(losses, losses - size)
        assert difference.interval == (difference.mean, difference.mean)
        assert difference.mean == pytest.approx(-size, rel=1e-10)
        assert difference.second_wins == rows

    @pytest.mark.parametrize("rows", [20, 999, 1000])
    def test_that_is_nothing_but_rounding_is_nothing(self, rows):
        z = np.random.default_rng(rows).normal(0, 4, rows)
        labels = np.resize([1.0, 0.0], rows)
        by_logit = binary_cross_entropy_with_logits(labels, z)
        by_probability = binary_cross_entropy(labels, sigmoid(z))
        assert (by_logit != by_probability).any()
        difference = paired_difference(by_logit, by_probability)
        assert (difference.mean, difference.interval, difference.ties) == (0.0, (0.0, 0.0), rows)

    def test_of_tiny_losses_is_not_taken_for_rounding(self):
        first = array([1e-20, 3e-20, 2e-20])
        difference = paired_difference(first, first * 2)
        assert difference.mean == pytest.approx(2e-20)
        assert difference.interval[0] < difference.mean < difference.interval[1]

    def test_has_a_normal_interval_from_a_thousand_rows_on(self):
        # Half of the differences are 0, half are 1: s² = 1/4 · 1000/999.
        first, second = array([0.0] * 1000), array([0.0, 1.0] * 500)
        half = 1.959963984540054 * math.sqrt(0.25 * 1000 / 999 / 1000)
        difference = paired_difference(first, second)
        assert difference.method == "normal"
        assert difference.interval == pytest.approx((0.5 - half, 0.5 + half), rel=1e-13)

    def test_has_a_bootstrapped_interval_below(self):
        # Of differences of 0 or 1, the sum of a resample is binomial; with 99 and p = 1/3 the percentiles 2.5 and 97.5
        # are 24 and 42: P(X < 24) = 0.020, P(X <= 24) = 0.033, P(X < 42) = 0.963, P(X <= 42) = 0.977.
        assert [binomial_sum(99, 1 / 3, k) for k in (23, 24, 41, 42)] == pytest.approx(
            [0.020, 0.033, 0.963, 0.977], abs=1e-3
        )
        difference = paired_difference(array([0.0] * 99), array([0.0, 0.0, 1.0] * 33))
        assert difference.method == "bootstrap"
        assert difference.interval == pytest.approx((24 / 99, 42 / 99))

    def test_bootstraps_what_all_resamples_come_to(self):
        differences = array([-1.0, 0.25, 2.0, 3.0, 7.5])
        all_means = [np.mean(sample) for sample in itertools.product(differences, repeat=5)]
        expected = np.quantile(all_means, [0.025, 0.975])
        assert paired_difference(*split(differences)).interval == pytest.approx(tuple(expected), abs=0.15)

    @pytest.mark.parametrize(
        ("first", "second", "mean"),
        [
            ([1, 1], [INF, 0], INF),
            ([INF, 1], [1, 5], -INF),
            ([INF, 1], [1, INF], None),
            ([INF], [1], -INF),
            ([1] * 1000, [INF] + [1] * 999, INF),
        ],
    )
    def test_is_infinite_or_undefined_where_losses_are_infinite(self, first, second, mean):
        difference = paired_difference(array(first), array(second))
        assert (difference.mean, difference.interval, difference.method) == (mean, None, None)
        assert not difference.settled

    def test_of_a_row_that_is_infinite_under_both_is_a_tie(self):
        difference = paired_difference(array([INF, 1, 2]), array([INF, 1.5, 2.5]))
        assert (difference.mean, difference.first_wins, difference.ties) == (pytest.approx(1 / 3), 2, 1)

    def test_of_an_infinite_loss_is_won_by_the_finite_one(self):
        difference = paired_difference(array([INF, 1, INF]), array([1, INF, INF]))
        assert (difference.first_wins, difference.second_wins, difference.ties) == (1, 1, 1)

    @pytest.mark.parametrize("rows", [3, 999, 3000])
    @pytest.mark.parametrize("size", [1.7e308, 1.0, 1e-160, 5e-324])
    def test_neither_overflows_nor_vanishes(self, rows, size):
        first, second = array([0, 0, size] * (rows // 3)), array([size, size, 0] * (rows // 3))
        difference = paired_difference(first, second)
        assert difference.mean == pytest.approx(size / 3, rel=1e-12, abs=5e-324)
        assert all(math.isfinite(end) for end in difference.interval)

    def test_of_float32_losses_is_taken_in_float64(self):
        first, second = array([0.1, 0.2], np.float32), array([0.3, 0.7], np.float32)
        expected = paired_difference(first.astype(np.float64), second.astype(np.float64))
        assert paired_difference(first, second) == expected

    @pytest.mark.parametrize("rows", [30, 3000])
    def test_is_settled_when_the_interval_leaves_zero_out(self, rows):
        noise = np.random.default_rng(rows).exponential(size=rows)
        worse = paired_difference(noise, noise + 1 + noise[::-1])
        better = paired_difference(noise + 1 + noise[::-1], noise)
        even = paired_difference(noise, noise[::-1])
        assert (worse.settled, better.settled, even.settled) == (True, True, False)

    @pytest.mark.parametrize(("rows", "times"), [(60, 250), (1000, 400)])
    def test_intervals_cover_the_truth_as_often_as_they_say(self, rows, times):
        rng, covered = np.random.default_rng(rows), 0
        for _ in range(times):
            first, second = rng.exponential(size=rows), rng.exponential(1.25, size=rows)
            low, high = paired_difference(first, second).interval
            covered += low <= 0.25 <= high
        # Within three standard deviations of 95 %; the bootstrap loses one more with so few rows.
        assert 0.90 < covered / times < 0.985


def binomial_sum(n, p, k):
    """Return the chance of at most k."""
    return math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


pairs_of_losses = st.lists(
    st.tuples(*[st.sampled_from([0.0, 0.1, 0.25, 0.7, 3.0, NAN, INF]) | st.floats(0, 50)] * 2), max_size=40
)


class TestPairedDifferenceWhateverTheLosses:
    @settings(max_examples=40, deadline=None)
    @given(pairs_of_losses, st.sampled_from([1, 50]))
    def test_exchanging_the_models_turns_every_sign(self, pairs, times):
        first, second = (array(column * times) for column in columns(pairs))
        one, other = paired_difference(first, second), paired_difference(second, first)
        assert (one.rows, one.ties, one.settled, one.method) == (other.rows, other.ties, other.settled, other.method)
        assert (one.first_wins, one.second_wins) == (other.second_wins, other.first_wins)
        assert one.mean == (None if other.mean is None else -other.mean)
        assert alike(one.interval, mirrored(other.interval))

    @settings(max_examples=40, deadline=None)
    @given(st.data(), pairs_of_losses, st.sampled_from([1, 50]))
    def test_the_order_of_the_rows_does_not_matter(self, data, pairs, times):
        shuffled = data.draw(st.permutations(pairs))
        one = paired_difference(*(array(column * times) for column in columns(pairs)))
        other = paired_difference(*(array(column * times) for column in columns(shuffled)))
        assert (one.rows, one.first_wins, one.second_wins) == (other.rows, other.first_wins, other.second_wins)
        assert alike(one.mean, other.mean)
        assert alike(one.interval, other.interval)

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(*[st.floats(0) | st.just(NAN)] * 2), max_size=40))
    def test_wins_and_ties_make_up_the_rows(self, pairs):
        difference = paired_difference(*(array(column) for column in columns(pairs)))
        assert difference.first_wins + difference.second_wins + difference.ties == difference.rows
        assert difference.rows == sum(not math.isnan(a) and not math.isnan(b) for a, b in pairs)


def columns(pairs):
    return [one for one, _ in pairs], [other for _, other in pairs]


def decided(both, only_first, only_second, neither):
    """Return which rows each model decides rightly."""
    counts = [both, only_first, only_second, neither]
    return np.repeat([True, True, False, False], counts), np.repeat([True, False, True, False], counts)


class TestMcNemar:
    @pytest.mark.parametrize("only_first", range(8))
    @pytest.mark.parametrize("only_second", [0, 1, 2, 5, 13])
    def test_sums_the_binomial_tails(self, only_first, only_second):
        tossed, fewer = only_first + only_second, min(only_first, only_second)
        tail = sum(math.comb(tossed, k) for k in range(fewer + 1))
        test = mcnemar(*decided(4, only_first, only_second, 3))
        assert (test.only_first, test.only_second) == (only_first, only_second)
        if tossed:
            assert test.p_value == pytest.approx(min(1, 2 * tail / 2**tossed), rel=1e-13)

    @pytest.mark.parametrize("counts", [(0, 0, 0, 0), (3, 0, 0, 0), (2, 0, 0, 5)])
    def test_is_undefined_when_the_models_are_right_about_the_same_rows(self, counts):
        test = mcnemar(*decided(*counts))
        assert (test.only_first, test.only_second, test.p_value) == (0, 0, None)

    def test_of_an_even_split_finds_nothing(self):
        assert mcnemar(*decided(0, 700_000, 700_000, 0)).p_value == 1

    def test_of_millions_is_as_good_as_normal(self):
        # (|b - c| - 1) / sqrt(b + c), with the correction for continuity
        distance = (3000 - 1) / math.sqrt(2_003_000)
        test = mcnemar(*decided(5, 1_000_000, 1_003_000, 5))
        assert test.p_value == pytest.approx(math.erfc(distance / math.sqrt(2)), rel=1e-4)

    def test_of_millions_on_one_side_is_certain(self):
        assert mcnemar(*decided(0, 3_000_000, 0, 0)).p_value == 0

    @settings(deadline=None)
    @given(st.integers(0, 60), st.integers(0, 60))
    def test_is_the_same_when_the_models_are_exchanged_or_the_rows_reversed(self, only_first, only_second):
        first, second = decided(1, only_first, only_second, 2)
        test, exchanged, reversed_ = mcnemar(first, second), mcnemar(second, first), mcnemar(first[::-1], second[::-1])
        assert (test.only_first, test.only_second) == (exchanged.only_second, exchanged.only_first)
        assert test.p_value == exchanged.p_value
        assert test == reversed_

    def test_keeps_its_promise_where_nothing_differs(self):
        rng = np.random.default_rng(4)
        p_values = [mcnemar(rng.random(80) < 0.8, rng.random(80) < 0.8).p_value for _ in range(400)]
        assert np.mean([p <= 0.05 for p in p_values]) < 0.06  # an exact test rejects at most 5 %


class TestWrongInput:
    @pytest.mark.parametrize("of", [paired_difference, mcnemar])
    @pytest.mark.parametrize("shapes", [((2,), (3,)), ((2, 1), (2, 1)), ((), ()), ((0,), (1,)), ((4,), (2, 2))])
    def test_of_two_shapes_is_refused_with_the_shapes(self, of, shapes):
        with pytest.raises(DataError) as caught:
            of(*(np.zeros(shape, dtype=bool) for shape in shapes))
        assert caught.value.code == "shape_mismatch"
        assert tuple(caught.value.details.values()) == shapes

    @pytest.mark.parametrize(
        ("call", "argument", "value"),
        [
            (lambda wrong: paired_difference(wrong, np.ones(4)), "first", -0.5),
            (lambda wrong: paired_difference(np.ones(4), wrong), "second", -0.5),
        ],
    )
    def test_a_negative_loss_is_refused_by_place_and_value(self, call, argument, value):
        with pytest.raises(DataError) as caught:
            call(array([NAN, 0.0, value, -2.0]))
        assert caught.value.code == "loss_negative"
        assert caught.value.details == {"argument": argument, "index": (2,), "value": value}

    @pytest.mark.parametrize(
        ("call", "argument"),
        [
            (lambda wrong, right: mcnemar(wrong, right), "first_right"),
            (lambda wrong, right: mcnemar(right, wrong), "second_right"),
        ],
    )
    def test_what_should_be_true_or_false_must_be(self, call, argument):
        with pytest.raises(DataError) as caught:
            call(np.array([0, 1]), np.array([False, True]))
        assert (caught.value.code, caught.value.details) == ("not_boolean", {"argument": argument, "kind": "int64"})


def test_statistics_are_loaded_only_when_they_are_asked_for():
    code = "import sys, xentviz.core.comparison; sys.exit('scipy.stats' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
