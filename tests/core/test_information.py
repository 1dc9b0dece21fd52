import math

import mpmath
import numpy as np
import pytest
from exact import ULP, assert_exact
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mpmath import mpf
from refused import refusal
from scipy import stats

from xentviz.core.arguments import SUM_TOLERANCE
from xentviz.core.information import cross_entropy, entropy, kl_divergence, self_information
from xentviz.core.losses import binary_cross_entropy, categorical_cross_entropy

BASES = {"nats": math.e, "bits": 2, "bans": 10}
OF_ONE = [self_information, entropy]
OF_TWO = [cross_entropy, kl_divergence]
RNG = np.random.default_rng(61)


def distributions(categories):
    """Return pairs far apart, near to each other, and with parts from the smallest number to all but one."""
    small = np.array([5e-324, 1e-310, 1e-300, 1e-17, 1e-16, 1e-8, 1e-3])
    p = RNG.dirichlet(np.ones(categories) / 2, 30)
    q = RNG.dirichlet(np.ones(categories) / 2, 30)
    near = p[:10] * (1 + 10.0 ** RNG.uniform(-12, -1, (10, 1)) * RNG.normal(0, 1, (10, categories)))
    q[:10] = near / near.sum(axis=1, keepdims=True)
    lonely = np.full((len(small), categories), 0.0)
    lonely[:, 0], lonely[:, -1] = small, 1 - small
    return np.concatenate([p, lonely]), np.concatenate([q, np.roll(lonely[::-1], 1, axis=1)])


PAIRS = {categories: distributions(categories) for categories in (2, 3, 7)}

rows_of_shares = hnp.arrays(np.float64, (3, 4), elements=st.floats(1e-6, 1)).map(
    lambda rows: rows / rows.sum(axis=1, keepdims=True)
)


def logarithm(base):
    """Return the logarithm to a base in many digits."""
    return lambda x: mpmath.log(mpf(float(x))) / (1 if base == math.e else mpmath.log(base))


class TestByHand:
    @pytest.mark.parametrize("odds", [[63, 1], [63 / 64, 1 / 64], [126, 2], [63.0, 1.0]], ids=str)
    def test_table_tennis_holds_little_surprise(self, odds):
        assert entropy(odds, base=2) == pytest.approx(0.116115, abs=5e-7)
        assert entropy(odds) == pytest.approx(0.080485, abs=5e-7)

    def test_a_fair_coin_has_one_bit_and_a_fair_die_log_of_six(self):
        assert entropy([1, 1], base=2) == pytest.approx(1, rel=2 * ULP)
        assert entropy(np.full(6, 1 / 6)) == pytest.approx(np.log(6), rel=4 * ULP)
        assert entropy(np.full(10, 0.1), base=10) == pytest.approx(1, rel=4 * ULP)


class TestFiftyDigits:
    @pytest.mark.parametrize("base", BASES.values(), ids=BASES)
    def test_self_information(self, base):
        p = np.concatenate([[5e-324, 1e-310, 1e-300, 1e-16, 0.3, 0.5, 1 - 1e-8, 1 - 1e-16, 1.0], RNG.random(50)])
        log = logarithm(base)
        with mpmath.workdps(50):
            for share, actual in zip(p, self_information(p, base=base), strict=True):
                assert_exact(actual, [-log(share)])

    @pytest.mark.parametrize("base", BASES.values(), ids=BASES)
    @pytest.mark.parametrize("categories", PAIRS)
    def test_entropy_and_cross_entropy(self, categories, base):
        p, q = PAIRS[categories]
        log = logarithm(base)
        with mpmath.workdps(50):
            of_p, of_both = entropy(p, base=base), cross_entropy(p, q, base=base)
            for truth, model, alone, both in zip(p, q, of_p, of_both, strict=True):
                assert_exact(alone, [-mpf(float(a)) * log(a) for a in truth if a])
                if ((truth > 0) & (model == 0)).any():
                    assert both == np.inf
                else:
                    assert_exact(both, [-mpf(float(a)) * log(b) for a, b in zip(truth, model, strict=True) if a])

    @pytest.mark.parametrize("base", BASES.values(), ids=BASES)
    @pytest.mark.parametrize("categories", PAIRS)
    def test_divergence(self, categories, base):
        p, q = PAIRS[categories]
        log = logarithm(base)
        with mpmath.workdps(50):
            for truth, model, actual in zip(p, q, kl_divergence(p, q, base=base), strict=True):
                if ((truth > 0) & (model == 0)).any():
                    assert actual == np.inf
                    continue
                parts = [mpf(float(a)) * (log(a) - log(b)) for a, b in zip(truth, model, strict=True) if a]
                # Rounded shares do not sum to 1: what is below 0 by as much is none at all.
                assert_exact(actual, parts if mpmath.fsum(parts) > 0 else [mpf(0), *parts, -mpmath.fsum(parts)])

    def test_divergence_of_near_neighbours_does_not_cancel(self):
        p, step = np.array([0.25, 0.75]), 2.0**-30
        q = p + np.array([step, -step])
        with mpmath.workdps(50):
            exact = mpmath.fsum(mpf(a) * mpmath.log(mpf(a) / mpf(b)) for a, b in zip(p, q, strict=True))
            assert abs(mpf(float(kl_divergence(p, q))) - exact) <= 4 * ULP * step
            # The difference is off by more than it amounts to.
            assert abs(float(cross_entropy(p, q) - entropy(p)) - exact) > 0.01 * exact


class TestDigits:
    def test_of_small_shares_of_a_divergence_are_kept(self):
        with mpmath.workdps(50):
            p, q = [1e-300, 1.0], [1e-301, 1.0]
            parts = [mpf(a) * mpmath.log(mpf(a) / mpf(b)) for a, b in zip(p, q, strict=True)]
            assert_exact(kl_divergence(p, q), parts)

    @pytest.mark.parametrize("distance", [1e-3, 1e-6, 1e-9, 1e-12])
    def test_of_a_divergence_between_neighbours_are_kept(self, distance):
        p, q = [0.5, 0.25, 0.25], [0.5 + distance, 0.25 - distance, 0.25]
        q[1] = p[0] + p[1] - q[0]  # exact, and so is the sum
        with mpmath.workdps(50):
            exact = mpmath.fsum(mpf(a) * mpmath.log(mpf(a) / mpf(b)) for a, b in zip(p, q, strict=True))
            assert kl_divergence(p, q) == pytest.approx(float(exact), rel=1e-13)

    @pytest.mark.parametrize("counts", [[10**4, 1], [10**8, 1], [10**15, 7, 108]], ids=str)
    def test_of_the_entropy_of_counts_are_kept(self, counts):
        with mpmath.workdps(50):
            n = mpf(sum(counts))
            assert_exact(entropy(counts), [-(c / n) * mpmath.log(c / n) for c in counts])


class TestPeers:
    @pytest.mark.parametrize("base", BASES.values(), ids=BASES)
    @pytest.mark.parametrize("categories", PAIRS)
    def test_scipy_s_entropies(self, categories, base):
        p, q = (rows[:30] for rows in PAIRS[categories])
        np.testing.assert_allclose(entropy(p, base=base), stats.entropy(p, axis=1, base=base), rtol=1e-12)
        expected = stats.entropy(p, q, axis=1, base=base)
        np.testing.assert_allclose(kl_divergence(p, q, base=base), expected, rtol=1e-9, atol=1e-15)

    def test_cross_entropy_is_the_loss_of_a_distribution(self):
        p, q = PAIRS[3]
        np.testing.assert_allclose(cross_entropy(p, q), categorical_cross_entropy(p, q), rtol=4 * ULP)
        yes, guess = np.array([0.0, 0.25, 0.5, 1.0]), np.array([0.5, 0.25, 0.75, 0.875])
        pair = cross_entropy(np.column_stack([1 - yes, yes]), np.column_stack([1 - guess, guess]))
        np.testing.assert_allclose(pair, binary_cross_entropy(yes, guess), rtol=4 * ULP)

    def test_self_information_is_the_loss_of_what_happens(self):
        p = np.concatenate([[0.0, 5e-324, 1.0], RNG.random(20)])
        np.testing.assert_array_equal(self_information(p), binary_cross_entropy(np.ones(p.shape), p))


class TestEdges:
    def test_what_is_certain_is_no_surprise_and_what_is_impossible_an_infinite_one(self):
        surprises = self_information([1.0, 0.0])
        np.testing.assert_array_equal(surprises, [0.0, np.inf])
        assert not np.signbit(surprises).any()

    @pytest.mark.parametrize("certain", [[1.0, 0.0], [0, 7], [1.0], [3]], ids=str)
    def test_certainty_has_no_entropy(self, certain):
        for function, arguments in [
            (entropy, [certain]),
            (cross_entropy, [certain] * 2),
            (kl_divergence, [certain] * 2),
        ]:
            assert function(*arguments) == 0
            assert not np.signbit(function(*arguments))

    @pytest.mark.parametrize("function", OF_TWO)
    def test_to_hold_impossible_what_happens_costs_infinity(self, function):
        assert function([0.5, 0.5], [1.0, 0.0]) == np.inf
        assert function([5e-324, 1.0], [0.0, 1.0]) == np.inf

    def test_what_never_happens_costs_nothing_whatever_was_believed(self):
        assert cross_entropy([1.0, 0.0], [0.5, 0.5]) == kl_divergence([1.0, 0.0], [0.5, 0.5]) == np.log(2)
        assert cross_entropy([1.0, 0.0], [1.0, 0.0]) == kl_divergence([1.0, 0.0], [1.0, 0.0]) == 0

    def test_a_quotient_that_would_overflow_does_not(self):
        assert kl_divergence([1.0, 0.0], [5e-324, 1.0]) == pytest.approx(1074 * np.log(2), rel=4 * ULP)

    @pytest.mark.parametrize(
        "counts", [[2, 6], [2.0, 6.0], [1, 3], np.array([1, 3], np.uint8), [1e300, 3e300]], ids=str
    )
    def test_counts_are_divided_by_their_sum(self, counts):
        # 1/4 · ln 4 + 3/4 · ln (4/3)
        assert entropy(counts) == pytest.approx(0.25 * np.log(4) + 0.75 * np.log(4 / 3), rel=8 * ULP)
        assert kl_divergence(counts, [0.25, 0.75]) == 0
        assert cross_entropy([0.25, 0.75], counts) == pytest.approx(entropy(counts), rel=4 * ULP)

    def test_each_row_of_counts_is_divided_by_its_own_sum(self):
        np.testing.assert_array_equal(entropy([[1, 1], [50, 50], [9, 0]]), [np.log(2), np.log(2), 0])

    def test_counts_without_end_are_refused(self):
        expected = ("probability_out_of_range", {"index": (1,), "value": np.inf})
        assert refusal(entropy, [3, np.inf]) == expected

    def test_true_and_false_are_counts(self):
        assert entropy([True, True, False]) == pytest.approx(np.log(2), rel=2 * ULP)


class TestShapes:
    @pytest.mark.parametrize("shape", [(3,), (0, 3), (2, 3), (2, 4, 3), (2, 0, 3)])
    def test_each_distribution_has_one_number(self, shape):
        p = np.full(shape, 1 / 3)
        assert entropy(p).shape == cross_entropy(p, p).shape == kl_divergence(p, p).shape == shape[:-1]

    @pytest.mark.parametrize("shape", [(), (0,), (2, 3), (2, 0)])
    def test_each_event_has_its_surprise(self, shape):
        assert self_information(np.full(shape, 0.5)).shape == shape

    @pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
    def test_without_categories_are_refused(self, shape):
        assert refusal(entropy, np.zeros(shape)) == ("shape_mismatch", {"scores": shape})
        for function in OF_TWO:
            assert refusal(function, np.zeros(shape), np.zeros(shape))[0] == "shape_mismatch"

    @pytest.mark.parametrize("function", OF_TWO)
    def test_of_truth_and_model_must_be_the_same(self, function):
        expected = ("shape_mismatch", {"labels": (2,), "scores": (1, 2)})
        assert refusal(function, [0.5, 0.5], [[0.5, 0.5]]) == expected


def called_with(function, values):
    return [values] if function in OF_ONE else [values, values]


@pytest.mark.parametrize("function", OF_ONE + OF_TWO)
class TestInput:
    @pytest.mark.parametrize("base", [0, 1, 3, -2, 2.7, np.nan, np.inf, None, "2", "e"], ids=str)
    def test_with_an_unknown_base_is_refused(self, function, base):
        code, details = refusal(function, *called_with(function, [0.5, 0.5]), base=base)
        assert code == "base_unknown"
        np.testing.assert_equal(details, {"value": base})

    @pytest.mark.parametrize("wrong", ["half", ["a"], [None], [1j], [[0.5], [0.5, 0.5]]], ids=str)
    def test_that_is_not_numbers_is_refused(self, function, wrong):
        assert refusal(function, *called_with(function, wrong))[0] == "not_numbers"

    @pytest.mark.parametrize("value", [-0.25, 1.25, np.inf, -np.inf])
    def test_out_of_range_is_refused_by_the_first_place_and_value(self, function, value):
        rows = [[0.5, 0.5], [0.5, value], [7, 0.5]]
        expected = ("probability_out_of_range", {"index": (1, 1), "value": value})
        assert refusal(function, *called_with(function, rows)) == expected

    def test_that_is_missing_is_refused_by_the_first_place(self, function):
        rows = [[0.5, 0.5], [np.nan, 0.5], [np.nan, np.nan]]
        code, details = refusal(function, *called_with(function, rows))
        assert (code, details["index"]) == ("score_missing", (1, 0))

    def test_is_searched_to_the_end(self, function):
        rows = np.full((200_000, 2), 0.5)
        rows[[150_000, 199_999], 1] = np.nan
        assert refusal(function, *called_with(function, rows))[1]["index"] == (150_000, 1)
        rows[[170_000, 199_999], 0] = 1.5
        expected = ("probability_out_of_range", {"index": (170_000, 0), "value": 1.5})
        assert refusal(function, *called_with(function, rows)) == expected

    def test_of_float32_is_computed_in_float64_and_may_be_read_only(self, function):
        rows = np.array([[0.25, 0.75], [0.5, 0.5]], np.float32)
        rows.setflags(write=False)
        result = function(*called_with(function, rows))
        np.testing.assert_array_equal(result, function(*called_with(function, rows.astype(np.float64))))
        assert result.dtype == np.float64

    def test_in_another_base_differs_by_a_factor_alone(self, function):
        values = RNG.dirichlet(np.ones(3), 20)
        arguments = [values] if function in OF_ONE else [values, values[::-1]]
        nats = function(*arguments)
        for base in (2, 10):
            np.testing.assert_allclose(function(*arguments, base=base), nats / np.log(base), rtol=2 * ULP, atol=0)


class TestDistributions:
    @pytest.mark.parametrize("function", [entropy, *OF_TWO])
    @pytest.mark.parametrize("row", [[0.5, 0.75], [0.25, 0.5], [0.5, 0.0]], ids=str)
    def test_that_do_not_sum_to_one_are_refused_with_their_sum(self, function, row):
        rows = np.full((200_000, 2), 0.5)
        rows[150_000] = rows[199_999] = row
        expected = ("no_distribution", {"index": (150_000,), "sum": sum(row), "off": sum(row) - 1})
        assert refusal(function, *called_with(function, rows)) == expected

    @pytest.mark.parametrize("function", OF_TWO)
    def test_are_asked_of_both_truth_and_model(self, function):
        for pair in ([[0.5, 0.75], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.75]]):
            assert refusal(function, *pair)[0] == "no_distribution"

    @pytest.mark.parametrize(("counts", "index"), [([0, 0], ()), ([[2, 2], [0, 0]], (1,)), ([0.0], ())], ids=str)
    def test_are_not_made_of_no_counts(self, counts, index):
        assert refusal(entropy, counts) == ("no_distribution", {"index": index, "sum": 0.0, "off": -1.0})

    def test_may_be_off_by_a_little(self):
        within = [0.5, 0.5 + 0.9 * SUM_TOLERANCE]
        assert entropy(within) == pytest.approx(np.log(2), rel=1e-3)
        assert refusal(entropy, [0.5, 0.5 + 1.1 * SUM_TOLERANCE])[0] == "no_distribution"

    def test_counts_beside_shares_are_no_counts(self):
        assert refusal(entropy, [[0.5, 0.5], [2, 2]]) == ("probability_out_of_range", {"index": (1, 0), "value": 2.0})


class TestProperties:
    @given(rows_of_shares)
    def test_entropy_lies_between_certainty_and_a_fair_die(self, p):
        assert (entropy(p) >= 0).all()
        assert (entropy(p) <= np.log(4) * (1 + 1e-15)).all()

    @given(rows_of_shares, rows_of_shares)
    def test_cross_entropy_is_entropy_and_divergence(self, p, q):
        whole, parts = cross_entropy(p, q), entropy(p) + kl_divergence(p, q)
        np.testing.assert_allclose(whole, parts, rtol=1e-14, atol=4 * ULP)

    @given(rows_of_shares, rows_of_shares)
    def test_divergence_is_never_negative(self, p, q):
        assert (kl_divergence(p, q) >= 0).all()
        np.testing.assert_array_equal(kl_divergence(p, p), 0)

    @given(rows_of_shares, rows_of_shares, st.permutations(range(4)))
    def test_the_order_of_the_categories_does_not_matter(self, p, q, order):
        for function, arguments in [(entropy, [p]), (cross_entropy, [p, q]), (kl_divergence, [p, q])]:
            reordered = function(*(rows[:, order] for rows in arguments))
            np.testing.assert_allclose(reordered, function(*arguments), rtol=1e-13, atol=4 * ULP)

    @given(st.floats(0, 1), st.floats(0, 1))
    def test_surprises_of_independent_events_add_up(self, p, q):
        both = self_information(p * q)
        if p * q > 1e-300:  # what is smaller has lost digits itself
            assert both == pytest.approx(self_information(p) + self_information(q), rel=1e-13, abs=4 * ULP)

    @given(hnp.arrays(np.int64, 5, elements=st.integers(0, 10**6)))
    def test_counts_have_the_entropy_of_their_shares(self, counts):
        total = mpf(int(counts.sum()))
        if total:
            shares = [int(count) / total for count in counts if count]
            exact = -mpmath.fsum(share * mpmath.log(share) for share in shares)
            assert entropy(counts) == pytest.approx(float(exact), rel=4 * ULP, abs=4 * ULP)
