import mpmath
import numpy as np
import pytest
from exact import assert_exact, slope
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf
from refused import refusal

from xentviz.core import parallel
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_focal_loss,
    binary_focal_loss_gradient,
)

PROBABILITIES = [2.3e-308, 1e-300, 1e-100, 1e-17, 1e-8, 1e-3, 0.1, 0.3, 0.5, 0.5 + 2**-53, 0.7, 0.9]
PROBABILITIES += [1 - 1e-3, 1 - 1e-8, 1 - 1e-16]
LABELS = [0.0, 0.125, 0.5, 0.75, 1.0]
GAMMAS = [0.0, 0.5, 1.0, 2.0, 5.0]
ALPHAS = [None, 0.25]
FUNCTIONS = [binary_focal_loss, binary_focal_loss_gradient]


def parts_of_the_loss(y, p, gamma, alpha):
    """Return its two terms and those of its derivative in many digits, from the definition in the docstring."""
    y, p = mpf(y), mpf(p)
    balance = 1 if alpha is None else alpha * y + (1 - alpha) * (1 - y)
    miss = y * (1 - p) + (1 - y) * p
    entropy = [-y * mpmath.log(p), -(1 - y) * mpmath.log1p(-p)]
    steepness = [-y / p, (1 - y) / (1 - p)]
    loss = [balance * miss**gamma * part for part in entropy]
    bend = [balance * gamma * miss ** (gamma - 1) * (1 - 2 * y) * part for part in entropy]
    return loss, bend + [balance * miss**gamma * part for part in steepness]


class TestByHand:
    def test_of_what_is_nearly_right_a_hundredth_is_left(self):
        # -ln .9 = .105361 and -ln .1 = 2.302585
        by_hand = [0.1**2 * 0.105361, 0.9**2 * 2.302585]
        np.testing.assert_allclose(binary_focal_loss([1, 1], [0.9, 0.1]), by_hand, rtol=5e-6)

    def test_alpha_weighs_the_positives_and_the_rest_weighs_the_negatives(self):
        plain, weighed = binary_focal_loss([1, 0], [0.4, 0.4]), binary_focal_loss([1, 0], [0.4, 0.4], alpha=0.25)
        np.testing.assert_allclose(weighed / plain, [0.25, 0.75])

    def test_the_derivative_at_one_half(self):
        # With q = 1/2 and γ = 2: -2 · 1/2 · ln 2 - 1/4 · 2
        assert binary_focal_loss_gradient(1, 0.5) == pytest.approx(-np.log(2) - 0.5)
        assert binary_focal_loss_gradient(0, 0.5) == pytest.approx(np.log(2) + 0.5)

    @pytest.mark.parametrize("label", [0.0, 0.3, 1.0])
    def test_with_a_gamma_of_zero_it_is_the_cross_entropy(self, label):
        p = np.array([0.0, 5e-324, 1e-8, 0.25, 0.5, 0.9, 1 - 1e-16, 1.0])
        y = np.full(p.shape, label)
        np.testing.assert_array_equal(binary_focal_loss(y, p, gamma=0), binary_cross_entropy(y, p))
        np.testing.assert_array_equal(binary_focal_loss_gradient(y, p, gamma=0), binary_cross_entropy_gradient(y, p))


class TestFiftyDigits:
    # A power multiplies the relative error of what it is taken of.
    @pytest.mark.parametrize("alpha", ALPHAS)
    @pytest.mark.parametrize("gamma", GAMMAS)
    @pytest.mark.parametrize("label", LABELS)
    def test_loss_and_gradient(self, label, gamma, alpha):
        labels = np.full(len(PROBABILITIES), label)
        losses = binary_focal_loss(labels, PROBABILITIES, gamma=gamma, alpha=alpha)
        gradients = binary_focal_loss_gradient(labels, PROBABILITIES, gamma=gamma, alpha=alpha)
        with mpmath.workdps(400):  # enough for 1 - 2.3e-308
            for p, loss, gradient in zip(PROBABILITIES, losses, gradients, strict=True):
                of_loss, of_gradient = parts_of_the_loss(label, p, gamma, alpha)
                assert_exact(loss, of_loss, ulps=4 + gamma)
                assert_exact(gradient, of_gradient, ulps=4 + gamma)

    @given(st.sampled_from([0.0, 1.0]), st.floats(5e-324, 1 - 1e-16), st.floats(0, 8), st.sampled_from(ALPHAS))
    def test_loss_of_any_probability_and_gamma(self, label, p, gamma, alpha):
        with mpmath.workdps(400):
            of_loss, _ = parts_of_the_loss(label, p, gamma, alpha)
            assert_exact(binary_focal_loss(label, p, gamma=gamma, alpha=alpha), of_loss, 4 + gamma, roundings=2)


class TestFiniteDifferences:
    @pytest.mark.parametrize("alpha", ALPHAS)
    @pytest.mark.parametrize("gamma", GAMMAS)
    @pytest.mark.parametrize("label", LABELS)
    def test_of_the_loss(self, label, gamma, alpha):
        p = np.array([0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95])
        y = np.full(p.shape, label)
        expected = slope(lambda x: binary_focal_loss(y, x, gamma=gamma, alpha=alpha), p, 1e-4)
        gradient = binary_focal_loss_gradient(y, p, gamma=gamma, alpha=alpha)
        np.testing.assert_allclose(gradient, expected, rtol=1e-8, atol=1e-9)


class TestEdges:
    def test_an_infinite_loss_stays_infinite_where_the_power_is_too_small_to_tell(self):
        assert binary_focal_loss(0.5, 0.0, gamma=2000) == np.inf
        assert binary_focal_loss_gradient(0.5, 0.0, gamma=2000) == -np.inf

    def test_the_gradient_at_a_subnormal_probability_does_not_overflow_early(self):
        assert binary_focal_loss_gradient(1e-5, 1e-310, gamma=0) == pytest.approx(-1e305, rel=1e-10)

    @pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 700.0])
    @pytest.mark.parametrize("label", [0, 1])
    def test_a_certain_and_right_answer_costs_nothing_and_pulls_at_nothing(self, label, gamma):
        assert binary_focal_loss([label], [float(label)], gamma=gamma)[0] == 0
        assert binary_focal_loss_gradient([label], [float(label)], gamma=gamma)[0] == 0

    @pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0, 700.0])
    def test_a_certain_and_wrong_answer_costs_infinity(self, gamma):
        np.testing.assert_array_equal(binary_focal_loss([1, 0], [0.0, 1.0], gamma=gamma), [np.inf, np.inf])
        np.testing.assert_array_equal(binary_focal_loss_gradient([1, 0], [0.0, 1.0], gamma=gamma), [-np.inf, np.inf])

    @pytest.mark.parametrize("label", [0.25, 0.5, 0.75])
    def test_certainty_about_a_soft_label_costs_infinity(self, label):
        np.testing.assert_array_equal(binary_focal_loss([label] * 2, [0.0, 1.0]), [np.inf, np.inf])
        np.testing.assert_array_equal(binary_focal_loss_gradient([label] * 2, [0.0, 1.0]), [-np.inf, np.inf])

    @pytest.mark.parametrize("function", FUNCTIONS)
    @pytest.mark.parametrize("alpha", [None, 0.0, 0.25, 1.0])
    @pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
    def test_an_unknown_label_gives_nan(self, function, alpha, gamma):
        result = function([np.nan, np.nan, np.nan], [np.nan, 0.0, 0.5], gamma=gamma, alpha=alpha)
        assert np.isnan(result).all()

    def test_an_alpha_of_zero_or_one_forgives_even_infinity(self):
        for function in FUNCTIONS:
            assert function([1], [0.0], alpha=0)[0] == 0
            assert function([0], [1.0], alpha=1)[0] == 0


class TestInput:
    @pytest.mark.parametrize("function", FUNCTIONS)
    @pytest.mark.parametrize(
        ("option", "value"),
        [("gamma", -0.1), ("gamma", np.inf), ("gamma", np.nan), ("alpha", -0.1), ("alpha", 1.1), ("alpha", np.nan)],
    )
    def test_with_an_option_out_of_range_is_refused(self, function, option, value):
        code, details = refusal(function, [1], [0.5], **{option: value})
        assert (code, details["option"]) == ("option_out_of_range", option)
        np.testing.assert_equal(details["value"], value)

    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_that_cannot_be_used_is_refused_by_its_first_place(self, function):
        assert refusal(function, [1, 0], [0.5])[0] == "shape_mismatch"
        assert refusal(function, ["yes"], [0.5])[0] == "not_numbers"
        assert refusal(function, [1, 2, 3], [0.5] * 3) == ("label_out_of_range", {"index": (1,), "value": 2.0})
        assert refusal(function, [1, 1], [0.5, -1]) == ("probability_out_of_range", {"index": (1,), "value": -1.0})
        assert refusal(function, [np.nan, 1], [np.nan, np.nan])[1]["index"] == (1,)

    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_of_float32_is_computed_in_float64_and_may_be_read_only(self, function):
        y, p = np.array([1, 0, 1], np.float32), np.array([0.9, 0.3, 0.1], np.float32)
        p.setflags(write=False)
        np.testing.assert_array_equal(function(y, p), function(y.astype(float), p.astype(float)))
        assert function(y, p).dtype == np.float64

    @pytest.mark.parametrize("cores", [1, 3])
    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_of_many_elements_is_worked_out_as_each_alone(self, function, cores, monkeypatch):
        monkeypatch.setattr(parallel, "cores", lambda: cores)
        rng = np.random.default_rng(21)
        y, p = rng.integers(0, 2, 200_001), rng.random(200_001)
        some = slice(None, None, 2000)
        alone = [function(*pair, alpha=0.3) for pair in zip(y[some], p[some], strict=True)]
        np.testing.assert_array_equal(function(y, p, alpha=0.3)[some], alone)


shares = st.floats(0, 1)
gammas = st.floats(0, 10)


class TestProperties:
    @given(shares, shares, gammas, st.none() | shares)
    def test_no_loss_is_negative_or_above_the_cross_entropy(self, y, p, gamma, alpha):
        loss = binary_focal_loss(y, p, gamma=gamma, alpha=alpha)
        assert 0 <= loss <= binary_cross_entropy(y, p) * (1 + 1e-15)

    @given(st.sampled_from([0.0, 1.0]), st.floats(1e-100, 1) | st.just(0.0))
    def test_a_hard_label_costs_nothing_only_where_the_answer_is_certain_and_right(self, y, p):
        assert (binary_focal_loss(y, p) == 0) == (p == y)

    @given(shares, shares, gammas, gammas)
    def test_the_higher_gamma_the_lower_the_loss(self, y, p, one, other):
        low, high = sorted([one, other])
        assert binary_focal_loss(y, p, gamma=high) <= binary_focal_loss(y, p, gamma=low) * (1 + 1e-14)

    @given(st.integers(0, 1024), st.integers(0, 2**20), gammas, st.none() | st.integers(0, 8))
    def test_yes_and_no_may_be_swapped(self, label, part, gamma, eighths):
        y, p = label / 1024, part / 2**20  # so that 1 - y and 1 - p are exact
        alpha, other = (None, None) if eighths is None else (eighths / 8, 1 - eighths / 8)
        swapped = binary_focal_loss(1 - y, 1 - p, gamma=gamma, alpha=other)
        assert swapped == pytest.approx(binary_focal_loss(y, p, gamma=gamma, alpha=alpha), rel=1e-12)
        pull = binary_focal_loss_gradient(1 - y, 1 - p, gamma=gamma, alpha=other)
        expected = binary_focal_loss_gradient(y, p, gamma=gamma, alpha=alpha)
        assert -pull == pytest.approx(expected, rel=1e-11, abs=1e-11)
