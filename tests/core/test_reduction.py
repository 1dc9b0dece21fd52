import math

import mpmath
import numpy as np
import pytest
from exact import LARGEST, ULP
from hypothesis import given
from hypothesis import strategies as st
from refused import refusal

from xentviz.core import parallel
from xentviz.core.losses import binary_cross_entropy, mean_binary_cross_entropy, reduce
from xentviz.core.reduction import LEAST_MEAN, power_of_two, sum_of

LARGEST_FLOAT = float(LARGEST)
SIZES = [1, 2, 15, 16, 17, 31, 33, 131_071, 131_072, 131_073, 200_001]


class TestReduce:
    LOSSES = ((1.0, np.nan), (3.0, 5.0))

    @pytest.mark.parametrize(("how", "expected"), [("mean", 3.0), ("sum", 9.0)])
    def test_unknown_losses_are_left_out(self, how, expected):
        assert reduce(self.LOSSES, how) == expected

    def test_none_leaves_the_losses_as_they_are(self):
        np.testing.assert_array_equal(reduce(self.LOSSES, "none"), self.LOSSES)

    @pytest.mark.parametrize("losses", [[np.nan], [], [[], []], [np.nan] * 70_000], ids=["nan", "none", "2-D", "many"])
    def test_no_losses_have_no_mean_and_the_sum_zero(self, losses):
        assert np.isnan(reduce(losses))
        assert reduce(losses, "sum") == 0
        assert np.shape(reduce(losses, "none")) == np.shape(losses)

    @pytest.mark.parametrize("losses", [2.0, [2], [[2]], np.float32(2), np.array(2, np.uint8)], ids=repr)
    def test_a_single_loss_is_its_own_mean_and_sum(self, losses):
        for how in ("mean", "sum"):
            assert reduce(losses, how) == 2
            assert type(reduce(losses, how)) is float

    @pytest.mark.parametrize("losses", [[1.0, np.inf], [np.nan, np.inf], [np.inf, np.nan, np.inf, 1e308]], ids=str)
    @pytest.mark.parametrize("how", ["mean", "sum"])
    def test_an_infinite_loss_makes_the_mean_and_the_sum_infinite(self, losses, how):
        assert reduce(losses, how) == np.inf
        assert reduce([-loss for loss in losses], how) == -np.inf

    @pytest.mark.parametrize("size", [2, 200_000])
    def test_both_infinities_have_neither_sum_nor_mean(self, size):
        losses = np.ones(size)
        losses[0], losses[-1] = np.inf, -np.inf
        assert np.isnan(reduce(losses))
        assert np.isnan(reduce(losses, "sum"))

    @pytest.mark.usefixtures("some_cores")
    @pytest.mark.parametrize("place", [0, 100_000, 199_999])
    def test_an_infinite_loss_is_found_in_any_piece(self, place):
        losses = np.ones(200_000)
        losses[5], losses[place] = np.nan, np.inf
        assert reduce(losses) == reduce(losses, "sum") == np.inf

    def test_a_sum_beyond_the_largest_number_is_infinite(self):
        assert reduce([1e308, 1e308], "sum") == np.inf
        assert reduce([-1e308, -1e308], "sum") == -np.inf
        assert reduce([LARGEST_FLOAT, 0.0], "sum") == LARGEST_FLOAT
        # Each piece is representable, and both together are not.
        spread = np.zeros(100_000)
        spread[[0, -1]] = 1e308
        assert reduce(spread, "sum") == np.inf

    def test_the_losses_stay_as_they_were(self):
        losses, weights = np.array([1.0, np.nan, np.inf]), np.array([2.0, 1.0, 0.0])
        for values in (losses, weights):
            values.setflags(write=False)
        for how in ("mean", "sum", "none"):
            reduce(losses, how, weights=weights)
        np.testing.assert_array_equal(losses, [1.0, np.nan, np.inf])
        np.testing.assert_array_equal(weights, [2.0, 1.0, 0.0])

    @pytest.mark.parametrize("how", ["median", "Mean", "", None, 1], ids=repr)
    def test_another_reduction_is_refused(self, how):
        assert refusal(reduce, [1.0], how) == ("reduction_unknown", {"value": how})
        assert refusal(reduce, [], how) == ("reduction_unknown", {"value": how})

    @pytest.mark.parametrize("wrong", ["text", [None], [1j], [[1], [1, 2]]], ids=str)
    def test_what_is_not_numbers_is_refused(self, wrong):
        assert refusal(reduce, wrong)[0] == "not_numbers"
        assert refusal(reduce, [1.0], weights=wrong)[0] == "not_numbers"

    @pytest.mark.usefixtures("some_cores")
    @pytest.mark.parametrize("size", SIZES)
    def test_sums_and_means_are_those_of_exact_addition(self, size):
        rng = np.random.default_rng(size)
        losses = rng.exponential(1, size)
        losses[1::7] = np.nan
        known = losses[~np.isnan(losses)]
        assert reduce(losses, "sum") == pytest.approx(math.fsum(known), rel=1e-14)
        assert reduce(losses) == pytest.approx(math.fsum(known) / len(known), rel=1e-14)


class TestWeights:
    # A loss of 1 counts thrice, one of 3 once and one of 5 half; what is unknown does not count, nor does its weight.
    LOSSES, WEIGHTS = (1.0, 3.0, np.nan, 5.0), (3.0, 1.0, 100.0, 0.5)

    def test_multiply_each_loss(self):
        np.testing.assert_array_equal(reduce(self.LOSSES, "none", weights=self.WEIGHTS), [3.0, 3.0, np.nan, 2.5])
        assert reduce(self.LOSSES, "sum", weights=self.WEIGHTS) == 3 + 3 + 2.5

    def test_the_mean_is_by_the_number_of_losses_or_by_their_weights(self):
        assert reduce(self.LOSSES, weights=self.WEIGHTS) == pytest.approx(8.5 / 3)
        assert reduce(self.LOSSES, weights=self.WEIGHTS, weighted_mean=True) == pytest.approx(8.5 / 4.5)

    def test_without_weights_a_weighted_mean_is_the_mean(self):
        assert reduce(self.LOSSES, weighted_mean=True) == 3.0

    def test_all_of_zero_leave_no_weighted_mean(self):
        assert np.isnan(reduce([1.0, 2.0], weights=[0, 0], weighted_mean=True))
        assert reduce([1.0, 2.0], weights=[0, 0]) == 0

    @pytest.mark.parametrize("weighted_mean", [False, True])
    def test_of_zero_forgive_even_infinity(self, weighted_mean):
        assert reduce([np.inf, 2.0], weights=[0, 1], weighted_mean=weighted_mean) == (2.0 if weighted_mean else 1.0)
        assert reduce([np.inf, 2.0], "sum", weights=[0, 1]) == 2.0

    @pytest.mark.parametrize("weighted_mean", [False, True])
    def test_of_zero_do_not_make_an_unknown_loss_a_known_one(self, weighted_mean):
        assert reduce([np.nan, 2.0, np.inf, 4.0], weights=[0, 1, 0, 1], weighted_mean=weighted_mean) == (
            3.0 if weighted_mean else 2.0
        )
        assert np.isnan(reduce([np.nan], "none", weights=[0])).all()

    def test_that_take_a_loss_beyond_the_largest_number_make_it_infinite(self):
        assert reduce([1e200, 1.0], "sum", weights=[1e200, 1.0]) == np.inf

    @pytest.mark.parametrize("wrong", [-1e-9, np.inf, np.nan])
    def test_that_are_negative_or_not_finite_are_refused_by_the_first_place(self, wrong):
        code, details = refusal(reduce, [[1.0, 2.0], [3.0, 4.0]], weights=[[1, 1], [wrong, -1]])
        assert (code, details["index"]) == ("weight_out_of_range", (1, 0))
        np.testing.assert_equal(details["value"], wrong)

    @pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 1)])
    def test_of_another_shape_are_refused(self, shape):
        expected = ("shape_mismatch", {"losses": (2,), "weights": shape})
        assert refusal(reduce, [1.0, 2.0], weights=np.ones(shape)) == expected

    @pytest.mark.usefixtures("some_cores")
    def test_of_many_losses_agree_with_exact_addition(self):
        rng = np.random.default_rng(71)
        losses, weights = rng.exponential(1, 200_001), rng.random(200_001)
        losses[::9] = np.nan
        known = ~np.isnan(losses)
        total, weight = math.fsum((losses * weights)[known]), math.fsum(weights[known])
        assert reduce(losses, weights=weights) == pytest.approx(total / known.sum(), rel=1e-14)
        assert reduce(losses, weights=weights, weighted_mean=True) == pytest.approx(total / weight, rel=1e-14)

    @given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 5)), min_size=1, max_size=20))
    def test_of_whole_numbers_repeat_a_loss(self, rows):
        losses, times = np.array([loss for loss, _ in rows]), np.array([count for _, count in rows])
        if times.sum():
            repeated = reduce(np.repeat(losses, times))
            assert reduce(losses, weights=times, weighted_mean=True) == pytest.approx(repeated, rel=1e-13)

    @given(st.floats(0, 1e6), st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=20))
    def test_leave_a_constant_loss_as_it_is(self, loss, weights):
        mean = reduce(np.full(len(weights), loss), weights=weights, weighted_mean=True)
        assert mean == pytest.approx(loss, rel=1e-13, abs=1e-300)


class TestHugeLosses:
    def test_have_a_mean_where_their_sum_is_beyond_the_largest_float(self):
        assert reduce([1e308, 1e308]) == pytest.approx(1e308)
        assert reduce([1e308, 1e308], "sum") == math.inf
        assert reduce([1e308, 1e308, np.nan]) == pytest.approx(1e308)

    def test_may_be_their_weights_instead(self):
        assert reduce([1.0, 0.5], weights=[1e308, 1e308], weighted_mean=True) == pytest.approx(0.75)
        assert reduce([1e308, 1e308], weights=[2.0, 2.0], weighted_mean=False) == math.inf

    def test_are_not_infinite_ones(self):
        assert reduce([1e308, math.inf]) == math.inf


class TestSumOf:
    def test_goes_beyond_the_largest_float_and_back(self):
        assert sum_of([1e308, 1e308, -1e308]) == 1e308
        assert sum_of([1e308, 1e308, -math.inf]) == -math.inf

    def test_is_rounded_once(self):
        assert sum_of([0.1] * 10) == 1.0
        assert sum_of([1e16, 1.0, 1.0, -1e16]) == 2.0
        assert sum_of([]) == 0

    @pytest.mark.parametrize(
        ("parts", "expected"),
        [
            ([np.inf, 1.0], np.inf),
            ([1.0, -np.inf, 2.0], -np.inf),
            ([np.inf, np.inf], np.inf),
            ([1e308, 1e308], np.inf),
            ([-1e308, -1e308, 1.0], -np.inf),
            ([1e308, 1e308, np.inf], np.inf),
            ([LARGEST_FLOAT, 1e280], LARGEST_FLOAT),
        ],
        ids=str,
    )
    def test_is_infinite_where_a_part_is_or_the_sum_is_too_large(self, parts, expected):
        assert sum_of(parts) == expected

    @pytest.mark.parametrize(
        "parts", [[1.0, np.nan], [np.inf, np.nan], [np.inf, -np.inf], [-np.inf, 1.0, np.inf]], ids=str
    )
    def test_of_an_unknown_part_or_of_both_infinities_is_unknown(self, parts):
        assert np.isnan(sum_of(parts))

    @given(st.lists(st.floats(-1e300, 1e300), max_size=30))
    def test_agrees_with_many_digits(self, parts):
        with mpmath.workdps(700):  # from 1e300 to 5e-324
            assert sum_of(parts) == float(mpmath.fsum(parts))


class TestPowerOfTwo:
    @given(st.floats(5e-324, LARGEST_FLOAT))
    def test_is_the_largest_up_to_a_value(self, value):
        power = power_of_two(value)
        assert math.frexp(power)[0] == 0.5
        assert power <= value
        assert value / power < 2

    @given(st.floats(2.3e-308, 1e300), st.floats(1, 1e300))
    def test_to_divide_by_it_is_exact(self, value, largest):
        power = power_of_two(largest)
        if value / power > 2.3e-308:
            assert value / power * power == value


def uniform(rng, size):
    return rng.integers(0, 2, size), rng.random(size)


def tiny(rng, size):
    labels = rng.integers(0, 2, size)
    return labels, np.abs(labels - rng.random(size) * 1e-9)


def huge(rng, size):
    labels, p = uniform(rng, size)
    return labels, np.where(rng.random(size) < 0.5, np.where(labels == 1, 1e-300, 1 - 1e-16), p)


def subnormal(rng, size):
    return np.ones(size, int), rng.integers(1, 1000, size) * 5e-324


def products_below_the_normal_range(rng, size):
    """Return probabilities of which sixteen, or as many as there are, multiply to about 1e-320."""
    return np.ones(size, int), 10.0 ** (-320 / min(size, 16)) * (1 + 0.01 * rng.random(size))


def few_large(rng, size):
    labels, p = tiny(rng, size)
    p[::16] = rng.random(len(p[::16]))
    return labels, p


def barely_large_enough(rng, size):
    labels = rng.integers(0, 2, size)
    return labels, np.abs(labels - LEAST_MEAN * (1 + 1e-3 * rng.random(size)))


def barely_too_small(rng, size):
    labels = rng.integers(0, 2, size)
    return labels, np.abs(labels - LEAST_MEAN * (1 - 2e-3 - 1e-3 * rng.random(size)))


def all_alike(rng, size):
    return np.zeros(size, int), np.full(size, 0.0021)


def certain_and_right(rng, size):
    labels = rng.integers(0, 2, size)
    return labels, labels.astype(float)


def soft(rng, size):
    return rng.random(size), rng.random(size)


def some_soft(rng, size):
    labels, p = uniform(rng, size)
    return np.where(np.arange(size) == size // 2, 0.5, labels), p


def some_unknown(rng, size):
    labels, p = rng.integers(0, 2, size).astype(float), rng.random(size)
    labels[1::3], p[1::6] = np.nan, np.nan
    return labels, p


def different_by_piece(rng, size):
    """Return hard, tiny, soft and unknown rows in turn, one piece each where there are so many."""
    kinds = [uniform(rng, size), tiny(rng, size), soft(rng, size), some_unknown(rng, size)]
    turn = np.arange(size) // parallel.PIECE % 4
    return np.choose(turn, [labels for labels, _ in kinds]), np.choose(turn, [p for _, p in kinds])


KINDS = [
    uniform,
    tiny,
    huge,
    subnormal,
    products_below_the_normal_range,
    few_large,
    barely_large_enough,
    barely_too_small,
    all_alike,
]
KINDS += [certain_and_right, soft, some_soft, some_unknown, different_by_piece]


def exact_mean(labels, probabilities):
    losses = binary_cross_entropy(labels, probabilities).ravel()
    known = losses[~np.isnan(losses)]
    return math.fsum(known) / len(known)


def as_is(labels, probabilities):
    return labels, probabilities


@pytest.mark.usefixtures("some_cores")
class TestMeanBinaryCrossEntropy:
    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_the_mean_of_the_losses(self, kind, size):
        labels, p = kind(np.random.default_rng(size), size)
        assert mean_binary_cross_entropy(labels, p) == pytest.approx(exact_mean(labels, p), rel=1e-13, abs=0)

    @pytest.mark.parametrize("label_type", ["bool", "int8", "uint8", "int64", "uint64", "float16", "float32"])
    @pytest.mark.parametrize("score_type", ["float16", "float32", "float64"])
    def test_takes_any_kind_of_number(self, label_type, score_type):
        labels, p = uniform(np.random.default_rng(81), 70_000)
        p = p.astype(score_type)
        expected = exact_mean(labels, p.astype(float))
        assert mean_binary_cross_entropy(labels.astype(label_type), p) == pytest.approx(expected, rel=1e-13)

    @pytest.mark.parametrize("dtype", ["bool", "int8", "uint64"])
    def test_takes_whole_probabilities(self, dtype):
        labels = np.array([0, 1, 1, 0] * 20)
        assert mean_binary_cross_entropy(labels, labels.astype(dtype)) == 0
        assert mean_binary_cross_entropy(labels, (1 - labels).astype(dtype)) == np.inf

    @pytest.mark.parametrize("shape", [(), (1, 1), (7, 3), (50_000, 4), (4, 50_000), (2, 3, 4)])
    def test_takes_any_shape(self, shape):
        labels, p = uniform(np.random.default_rng(82), shape)
        assert mean_binary_cross_entropy(labels, p) == pytest.approx(exact_mean(labels, p), rel=1e-13)

    def test_takes_what_does_not_lie_together_in_memory(self):
        labels, p = uniform(np.random.default_rng(83), (1000, 40))
        expected = exact_mean(labels[::3, ::2], p[::3, ::2])
        assert mean_binary_cross_entropy(labels[::3, ::2], p[::3, ::2]) == pytest.approx(expected, rel=1e-13)
        assert mean_binary_cross_entropy(labels.T, p.T) == pytest.approx(exact_mean(labels, p), rel=1e-13)

    @pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
    def test_of_nothing_there_is_none(self, shape):
        assert np.isnan(mean_binary_cross_entropy(np.zeros(shape), np.zeros(shape)))

    def test_of_nothing_labelled_there_is_none(self):
        assert np.isnan(mean_binary_cross_entropy([np.nan] * 3, [0.5, np.nan, 1.0]))

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("label", [0, 1])
    def test_one_infinite_loss_makes_it_infinite(self, size, label):
        for place in {0, size // 2, size - 1}:
            labels, p = uniform(np.random.default_rng(84), size)
            labels[place], p[place] = label, 1 - label
            assert mean_binary_cross_entropy(labels, p) == np.inf

    def test_stays_off_what_it_was_given(self):
        labels, p = uniform(np.random.default_rng(85), 1000)
        before = labels.copy(), p.copy()
        labels.setflags(write=False)
        p.setflags(write=False)
        mean_binary_cross_entropy(labels, p)
        np.testing.assert_array_equal(labels, before[0])
        np.testing.assert_array_equal(p, before[1])

    def test_is_a_plain_number(self):
        assert type(mean_binary_cross_entropy([1, 0], [0.5, 0.5])) is float
        assert type(mean_binary_cross_entropy([0.5], [0.5])) is float

    def test_of_the_film_still_by_hand(self):
        mean = mean_binary_cross_entropy([1, 1, 0, 1], [0.9, 0.95, 0.7, 0.75])
        assert mean == pytest.approx(0.412077, abs=5e-7)

    def test_of_shapes_that_differ_is_refused(self):
        expected = ("shape_mismatch", {"labels": (2,), "scores": (2, 1)})
        assert refusal(mean_binary_cross_entropy, [1, 0], [[0.5], [0.5]]) == expected

    @pytest.mark.parametrize("wrong", ["text", [None], [1j], [[1], [1, 0]]], ids=str)
    def test_of_what_is_not_numbers_is_refused(self, wrong):
        assert refusal(mean_binary_cross_entropy, wrong, [0.5])[0] == "not_numbers"
        assert refusal(mean_binary_cross_entropy, [1], wrong)[0] == "not_numbers"

    @pytest.mark.parametrize("places", [(0,), (199_999,), (150_000, 199_999), (131_072, 131_071)], ids=str)
    def test_of_what_is_out_of_range_or_missing_is_refused_by_the_first_place(self, places):
        labels, p = uniform(np.random.default_rng(86), 200_000)
        first = min(places)
        p[list(places)] = np.nan
        code, details = refusal(mean_binary_cross_entropy, labels, p)
        assert (code, details["index"]) == ("score_missing", (first,))
        for wrong in (-1e-9, 1 + 1e-9, np.inf, -np.inf):
            p[list(places)] = wrong
            expected = ("probability_out_of_range", {"index": (first,), "value": wrong})
            assert refusal(mean_binary_cross_entropy, labels, p) == expected
        labels[list(places)] = 2
        expected = ("label_out_of_range", {"index": (first,), "value": 2.0})
        assert refusal(mean_binary_cross_entropy, labels, p) == expected

    def test_of_a_fault_in_two_axes_is_refused_by_its_place_in_both(self):
        labels, p = uniform(np.random.default_rng(87), (100_000, 2))
        p[90_000, 1] = 7.0
        expected = ("probability_out_of_range", {"index": (90_000, 1), "value": 7.0})
        assert refusal(mean_binary_cross_entropy, labels, p) == expected


class TestProperties:
    @given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=40))
    def test_the_fast_mean_is_the_mean(self, rows):
        labels, p = np.array([label for label, _ in rows]), np.array([share for _, share in rows])
        assert mean_binary_cross_entropy(labels, p) == pytest.approx(exact_mean(labels, p), rel=1e-13, abs=0)

    @given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.randoms(use_true_random=False))
    def test_the_order_of_the_losses_does_not_matter(self, losses, random):
        shuffled = losses.copy()
        random.shuffle(shuffled)
        for how in ("mean", "sum"):
            assert reduce(shuffled, how) == pytest.approx(reduce(losses, how), rel=20 * ULP)
