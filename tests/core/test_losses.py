import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf

from xentviz.core.errors import DataError
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
    reduce,
    squared_error,
    squared_error_gradient,
)
from xentviz.core.transforms import logit, sigmoid

FILM_LABELS, FILM_SCORES = np.array([1.0, 1, 0, 1]), np.array([0.9, 0.95, 0.7, 0.75])
HAND_LABELS = np.array([1, 0, 1, 0, 0, 0, 0])
HAND_SCORES = np.array([0.8, 0.33, 0.77, 0.66, 0.55, 0.002, 0.213])

ULP = 2.0**-52
SMALLEST, LARGEST = mpmath.ldexp(1, -1074), mpf(np.finfo(np.float64).max)
PROBABILITIES = [5e-324, 1e-310, 2.3e-308, 1e-300, 1e-100, 1e-17, 1e-16, 1e-8, 1e-3, 0.1, 0.3, 0.5 - 2**-54, 0.5]
PROBABILITIES += [0.5 + 2**-53, 0.7, 0.9, 1 - 1e-3, 1 - 1e-8, 1 - 1e-15, 1 - 1e-16]
LOGITS = [*np.linspace(-800, 800, 101), -745.2, -708.4, -37.0, -1e-300, 0.0, 1e-17, 36.7, 709.8]
LABELS = [0.0, 0.1, 0.5, 0.75, 1.0]
HARD = [0.0, 1.0]
# Quarters and eighths are exact in binary, so that no rounding of a smoothed label is taken for an error.
OPTIONS = [{}, {"smoothing": 0.25}, {"pos_weight": 3.0}, {"smoothing": 0.5, "pos_weight": 0.5}]


def weights(label, smoothing=0.0, pos_weight=1.0):
    """Return what ln p and ln(1 - p) are weighted with, in 50 digits."""
    y = mpf(label) * (1 - mpf(smoothing)) + mpf(smoothing) / 2
    return pos_weight * y, 1 - y


def log_probabilities(p):
    return mpmath.log(p), mpmath.log1p(-mpf(p))


def assert_exact(actual, parts, ulps=4):
    """Compare with a sum in 50 digits: to a few units in the last place of its largest part."""
    exact, size = mpmath.fsum(parts), mpmath.fsum(abs(part) for part in parts)
    if abs(exact) > LARGEST:
        assert actual == float(mpmath.sign(exact)) * np.inf
    else:
        assert abs(mpf(float(actual)) - exact) <= ulps * ULP * size + SMALLEST


class TestWorkedExamples:
    def test_the_film_still_costs_what_it_costs_by_hand(self):
        losses = binary_cross_entropy(FILM_LABELS, FILM_SCORES)
        np.testing.assert_allclose(losses, [0.105361, 0.051293, 1.203973, 0.287682], atol=5e-7)
        assert reduce(losses) == pytest.approx(0.412077, abs=5e-7)
        assert reduce(losses, "sum") == pytest.approx(1.648309, abs=5e-7)

    def test_the_film_still_pulls_at_probabilities_and_logits_as_by_hand(self):
        by_p = binary_cross_entropy_gradient(FILM_LABELS, FILM_SCORES) / 4
        by_z = binary_cross_entropy_with_logits_gradient(FILM_LABELS, logit(FILM_SCORES)) / 4
        np.testing.assert_allclose(by_p, [-0.277778, -0.263158, 0.833333, -0.333333], atol=5e-7)
        np.testing.assert_allclose(by_z, [-0.025, -0.0125, 0.175, -0.0625], atol=1e-15)

    def test_seven_rows_by_hand(self):
        losses = binary_cross_entropy(HAND_LABELS, HAND_SCORES)
        expected = [0.223144, 0.400478, 0.261365, 1.078810, 0.798508, 0.002002, 0.239527]
        np.testing.assert_allclose(losses, expected, atol=5e-7)
        assert reduce(losses) == pytest.approx(0.429119, abs=5e-7)

    def test_seven_rows_whose_scores_are_taken_for_logits(self):
        losses = binary_cross_entropy_with_logits(HAND_LABELS, HAND_SCORES)
        expected = [0.371101, 0.871698, 0.380498, 1.076637, 1.005492, 0.694148, 0.805308]
        np.testing.assert_allclose(losses, expected, atol=5e-7)
        assert reduce(losses) == pytest.approx(0.743555, abs=5e-7)

    @pytest.mark.parametrize("shape", [(2, 2), (4, 1), (4,)])
    def test_losses_have_the_shape_of_the_labels(self, shape):
        losses = binary_cross_entropy(np.reshape([1, 1, 0, 0], shape), np.reshape([0.7, 0.6, 0.3, 0.2], shape))
        np.testing.assert_allclose(losses, np.reshape([0.356675, 0.510826, 0.356675, 0.223144], shape), atol=5e-7)

    def test_the_puzzle_of_three_answers_is_a_mean_of_yes_or_no_questions(self):
        assert reduce(binary_cross_entropy([1, 0, 0], [0.8, 0.2, 0.4])) == pytest.approx(0.319038, abs=5e-7)

    def test_an_upset_of_one_in_sixty_four_costs_six_bits(self):
        win, upset = binary_cross_entropy([1, 0], [63 / 64, 63 / 64]) / np.log(2)
        assert win == pytest.approx(0.022720, abs=5e-7)
        assert upset == pytest.approx(6)
        assert binary_cross_entropy(63 / 64, 63 / 64) == pytest.approx(0.080485, abs=5e-7)

    def test_the_gradient_by_the_logit_is_p_minus_y(self):
        z = np.linspace(-6, 6, 25)
        for y in (0.0, 0.3, 1.0):
            gradient = binary_cross_entropy_with_logits_gradient(np.full(25, y), z)
            np.testing.assert_allclose(gradient, sigmoid(z) - y, atol=1e-15)

    def test_squared_error_stops_learning_where_it_is_confidently_wrong_and_cross_entropy_does_not(self):
        z = -10.0
        p = sigmoid(z)
        through_sigmoid = squared_error_gradient(1.0, p) * p * (1 - p)
        assert through_sigmoid == pytest.approx(2 * (p - 1) * p * (1 - p))
        assert abs(through_sigmoid) < 1e-4
        assert binary_cross_entropy_with_logits_gradient(1.0, z) == pytest.approx(-1, abs=1e-4)

    def test_the_logarithms_are_not_swapped(self):
        assert binary_cross_entropy(1, 0.01) == pytest.approx(4.605170, abs=5e-7)  # swapped: .010050

    @pytest.mark.parametrize(("label", "p"), [(1, 0.0), (0, 1.0), (1, 1e-9), (0, 1 - 1e-9)])
    def test_clipping_limits_a_loss(self, label, p):
        assert binary_cross_entropy(label, p, clip=1e-7) == pytest.approx(16.1181, abs=5e-5)

    def test_smoothing_of_two_epsilon_turns_zero_and_one_into_epsilon_and_one_minus_epsilon(self):
        smoothed = binary_cross_entropy([0, 1], [0.3, 0.3], smoothing=0.2)
        np.testing.assert_allclose(smoothed, binary_cross_entropy([0.1, 0.9], [0.3, 0.3]))


class TestFiftyDigits:
    @pytest.mark.parametrize("options", OPTIONS, ids=str)
    @pytest.mark.parametrize("label", LABELS)
    def test_loss_of_a_probability(self, label, options):
        losses = binary_cross_entropy(np.full(len(PROBABILITIES), label), PROBABILITIES, **options)
        with mpmath.workdps(50):
            yes, no = weights(label, **options)
            for p, loss in zip(PROBABILITIES, losses, strict=True):
                log_p, log_rest = log_probabilities(p)
                assert_exact(loss, [-yes * log_p, -no * log_rest])

    @pytest.mark.parametrize("options", OPTIONS, ids=str)
    @pytest.mark.parametrize("label", LABELS)
    def test_loss_of_a_logit(self, label, options):
        losses = binary_cross_entropy_with_logits(np.full(len(LOGITS), label), LOGITS, **options)
        with mpmath.workdps(50):
            yes, no = weights(label, **options)
            for z, loss in zip(LOGITS, losses, strict=True):
                tail = mpmath.log1p(mpmath.exp(-abs(mpf(z))))
                assert_exact(loss, [yes * (max(-mpf(z), 0) + tail), no * (max(mpf(z), 0) + tail)])

    @pytest.mark.parametrize("options", OPTIONS, ids=str)
    @pytest.mark.parametrize("label", LABELS)
    def test_gradient_by_the_probability(self, label, options):
        gradients = binary_cross_entropy_gradient(np.full(len(PROBABILITIES), label), PROBABILITIES, **options)
        with mpmath.workdps(400):  # enough for 1 - 5e-324
            yes, no = weights(label, **options)
            for p, gradient in zip(PROBABILITIES, gradients, strict=True):
                assert_exact(gradient, [-yes / mpf(p), no / (1 - mpf(p))])

    @pytest.mark.parametrize("options", OPTIONS, ids=str)
    @pytest.mark.parametrize("label", LABELS)
    def test_gradient_by_the_logit(self, label, options):
        gradients = binary_cross_entropy_with_logits_gradient(np.full(len(LOGITS), label), LOGITS, **options)
        with mpmath.workdps(50):
            yes, no = weights(label, **options)
            for z, gradient in zip(LOGITS, gradients, strict=True):
                assert_exact(gradient, [-yes / (1 + mpmath.exp(mpf(z))), no / (1 + mpmath.exp(-mpf(z)))], ulps=6)

    @pytest.mark.parametrize("label", LABELS)
    def test_squared_error_and_its_gradient(self, label):
        labels = np.full(len(PROBABILITIES), label)
        with mpmath.workdps(700):
            for p, error, gradient in zip(
                PROBABILITIES,
                squared_error(labels, PROBABILITIES),
                squared_error_gradient(labels, PROBABILITIES),
                strict=True,
            ):
                distance = mpf(p) - mpf(label)
                assert_exact(error, [distance**2])
                assert_exact(gradient, [2 * distance])


def slope(function, x, step):
    """Return the derivative by the finite difference of order four."""
    near = function(x + step) - function(x - step)
    far = function(x + 2 * step) - function(x - 2 * step)
    return (8 * near - far) / (12 * step)


class TestFiniteDifferences:
    @pytest.mark.parametrize("options", [*OPTIONS, {"clip": 0.2}], ids=str)
    @pytest.mark.parametrize("label", LABELS)
    def test_of_the_loss_by_the_probability(self, label, options):
        p = np.array([0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95])
        y = np.full(p.shape, label)
        expected = slope(lambda x: binary_cross_entropy(y, x, **options), p, 1e-4)
        gradient = binary_cross_entropy_gradient(y, p, **options)
        np.testing.assert_allclose(gradient, expected, rtol=1e-8, atol=1e-9)

    @pytest.mark.parametrize("options", OPTIONS, ids=str)
    @pytest.mark.parametrize("label", LABELS)
    def test_of_the_loss_by_the_logit(self, label, options):
        z = np.array([-20.0, -4.0, -0.5, 0.25, 1.0, 3.0, 20.0])  # not 0, where the formula has its seam
        y = np.full(z.shape, label)
        expected = slope(lambda x: binary_cross_entropy_with_logits(y, x, **options), z, 1e-3)
        gradient = binary_cross_entropy_with_logits_gradient(y, z, **options)
        np.testing.assert_allclose(gradient, expected, rtol=1e-8, atol=1e-10)

    @pytest.mark.parametrize("label", LABELS)
    def test_of_the_squared_error(self, label):
        p = np.array([0.1, 0.5, 0.9])
        y = np.full(p.shape, label)
        expected = slope(lambda x: squared_error(y, x), p, 1e-3)
        np.testing.assert_allclose(squared_error_gradient(y, p), expected, atol=1e-11)


class TestEdges:
    @pytest.mark.parametrize(
        ("label", "p", "loss", "gradient"),
        [
            (1, 1.0, 0.0, -1.0),
            (0, 0.0, 0.0, 1.0),
            (1, 0.0, np.inf, -np.inf),
            (0, 1.0, np.inf, np.inf),
            (0.5, 0.0, np.inf, -np.inf),
            (0.5, 1.0, np.inf, np.inf),
            (np.nan, 0.5, np.nan, np.nan),
            (np.nan, 1.0, np.nan, np.nan),
            (np.nan, np.nan, np.nan, np.nan),
        ],
    )
    def test_of_probabilities(self, label, p, loss, gradient):
        np.testing.assert_equal(binary_cross_entropy([label], [p])[0], loss)
        np.testing.assert_equal(binary_cross_entropy_gradient([label], [p])[0], gradient)

    @pytest.mark.parametrize(
        ("label", "z", "loss", "gradient"),
        [
            (1, np.inf, 0.0, 0.0),
            (0, -np.inf, 0.0, 0.0),
            (1, -np.inf, np.inf, -1.0),
            (0, np.inf, np.inf, 1.0),
            (0.25, np.inf, np.inf, 0.75),
            (0.25, -np.inf, np.inf, -0.25),
            (1, -1e300, 1e300, -1.0),
            (np.nan, 0.0, np.nan, np.nan),
            (np.nan, np.inf, np.nan, np.nan),
            (np.nan, np.nan, np.nan, np.nan),
        ],
    )
    def test_of_logits(self, label, z, loss, gradient):
        np.testing.assert_equal(binary_cross_entropy_with_logits([label], [z])[0], loss)
        actual = binary_cross_entropy_with_logits_gradient([label], [z])[0]
        np.testing.assert_equal(actual + 0.0, gradient)

    @pytest.mark.parametrize("pos_weight", [0.0, 1.0, 2.0])
    def test_a_certain_and_right_answer_costs_zero_without_a_minus_sign(self, pos_weight):
        for losses in (
            binary_cross_entropy([1, 0], [1.0, 0.0], pos_weight=pos_weight),
            binary_cross_entropy_with_logits([1, 0], [np.inf, -np.inf], pos_weight=pos_weight),
        ):
            np.testing.assert_array_equal(losses, [0.0, 0.0])
            assert not np.signbit(losses).any()

    def test_a_positive_weight_of_zero_forgives_even_infinity(self):
        assert binary_cross_entropy([1], [0.0], pos_weight=0)[0] == 0
        assert binary_cross_entropy_with_logits([1], [-np.inf], pos_weight=0)[0] == 0

    def test_the_gradient_is_zero_where_clipping_holds_a_probability_fast(self):
        gradient = binary_cross_entropy_gradient([1, 1, 0, 0], [0.0, 0.2, 0.8, 1.0], clip=0.1)
        np.testing.assert_allclose(gradient, [0, -5, 5, 0])


PROBABILITY_FUNCTIONS = [binary_cross_entropy, binary_cross_entropy_gradient, squared_error, squared_error_gradient]
LOGIT_FUNCTIONS = [binary_cross_entropy_with_logits, binary_cross_entropy_with_logits_gradient]


class TestInput:
    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS + LOGIT_FUNCTIONS)
    def test_float32_is_computed_in_float64(self, function):
        scores = HAND_SCORES.astype(np.float32)
        result = function(HAND_LABELS.astype(np.float32), scores)
        assert result.dtype == np.float64
        np.testing.assert_array_equal(result, function(HAND_LABELS, scores.astype(np.float64)))

    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS + LOGIT_FUNCTIONS)
    def test_may_be_read_only_and_stays_as_it_was(self, function):
        labels, scores = FILM_LABELS.copy(), FILM_SCORES.copy()
        labels.setflags(write=False)
        scores.setflags(write=False)
        function(labels, scores)
        np.testing.assert_array_equal(labels, FILM_LABELS)
        np.testing.assert_array_equal(scores, FILM_SCORES)

    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS + LOGIT_FUNCTIONS)
    def test_is_never_broadcast(self, function):
        with pytest.raises(DataError) as caught:
            function(np.ones(7), np.full((7, 1), 0.5))
        assert caught.value.code == "shape_mismatch"
        assert caught.value.details == {"labels": (7,), "scores": (7, 1)}

    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS + LOGIT_FUNCTIONS)
    def test_with_a_label_out_of_range_is_refused_by_place_and_value(self, function):
        with pytest.raises(DataError) as caught:
            function([[0, 1], [1, 2]], np.full((2, 2), 0.5))
        assert caught.value.code == "label_out_of_range"
        assert caught.value.details == {"index": (1, 1), "value": 2.0}

    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS)
    @pytest.mark.parametrize("value", [-1e-9, 1.0000001, 50.0, -np.inf, np.inf])
    def test_with_a_probability_out_of_range_is_refused_by_place_and_value(self, function, value):
        with pytest.raises(DataError) as caught:
            function([0, 1, 1], [0.5, np.nan, value])
        assert caught.value.code == "probability_out_of_range"
        assert caught.value.details == {"index": (2,), "value": value}

    @pytest.mark.parametrize(
        ("option", "value"),
        [("smoothing", -0.1), ("smoothing", 1.1), ("smoothing", np.nan), ("clip", 0.6), ("clip", np.nan)],
    )
    def test_with_an_option_out_of_range_is_refused(self, option, value):
        for function in (binary_cross_entropy, binary_cross_entropy_gradient):
            with pytest.raises(DataError) as caught:
                function([1], [0.5], **{option: value})
            assert caught.value.code == "option_out_of_range"
            assert caught.value.details["option"] == option


class TestReduce:
    LOSSES = ((1.0, np.nan), (3.0, 5.0))

    @pytest.mark.parametrize(("how", "expected"), [("mean", 3.0), ("sum", 9.0)])
    def test_unknown_losses_are_left_out(self, how, expected):
        assert reduce(self.LOSSES, how) == expected

    def test_none_leaves_the_losses_as_they_are(self):
        np.testing.assert_array_equal(reduce(self.LOSSES, "none"), self.LOSSES)

    def test_no_losses_have_no_mean_and_the_sum_zero(self):
        assert np.isnan(reduce([np.nan]))
        assert reduce([np.nan], "sum") == 0

    def test_an_infinite_loss_makes_the_mean_infinite(self):
        assert reduce([1.0, np.inf]) == np.inf

    def test_another_reduction_is_refused(self):
        with pytest.raises(DataError) as caught:
            reduce([1.0], "median")
        assert caught.value.code == "reduction_unknown"


shares = st.floats(0, 1)
pairs = st.lists(st.tuples(shares, shares), min_size=1, max_size=20)


class TestProperties:
    @given(pairs)
    def test_no_loss_is_negative(self, rows):
        y, p = np.array(rows).T
        assert (binary_cross_entropy(y, p) >= 0).all()
        assert (squared_error(y, p) >= 0).all()

    @given(shares, st.integers(0, 2**20))
    def test_yes_and_no_may_be_swapped(self, label, part):
        y, p = round(label * 1024) / 1024, part / 2**20  # so that 1 - y and 1 - p are exact
        assert binary_cross_entropy(1 - y, 1 - p) == pytest.approx(binary_cross_entropy(y, p), rel=1e-12)
        assert squared_error(1 - y, 1 - p) == squared_error(y, p)

    @given(st.integers(0, 1024), st.floats(-1e6, 1e6))
    def test_yes_and_no_may_be_swapped_with_logits_exactly(self, label, z):
        y = label / 1024
        assert binary_cross_entropy_with_logits(1 - y, -z) == binary_cross_entropy_with_logits(y, z)

    @given(shares, st.floats(-10, 10), st.sampled_from(OPTIONS))
    def test_the_loss_of_a_logit_is_that_of_its_sigmoid(self, y, z, options):
        of_logit = binary_cross_entropy_with_logits(y, z, **options)
        assert of_logit == pytest.approx(binary_cross_entropy(y, sigmoid(z), **options), rel=1e-10)

    @given(pairs, st.randoms(use_true_random=False))
    def test_the_order_of_the_rows_does_not_matter(self, rows, random):
        shuffled = rows.copy()
        random.shuffle(shuffled)
        before, after = (reduce(binary_cross_entropy(*np.array(some).T)) for some in (rows, shuffled))
        assert after == pytest.approx(before, rel=1e-12)

    @given(shares, st.floats(1e-6, 1 - 1e-6))
    def test_no_probability_costs_less_than_the_label_itself(self, y, p):
        assert binary_cross_entropy(y, p) >= binary_cross_entropy(y, y) - 1e-12
