import mpmath
import numpy as np
import pytest
from exact import LARGEST, ULP, assert_exact, slope
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf
from refused import refusal

from xentviz.core import parallel
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
from xentviz.core.transforms import sigmoid

FILM_LABELS, FILM_SCORES = np.array([1.0, 1, 0, 1]), np.array([0.9, 0.95, 0.7, 0.75])
HAND_LABELS = np.array([1, 0, 1, 0, 0, 0, 0])
HAND_SCORES = np.array([0.8, 0.33, 0.77, 0.66, 0.55, 0.002, 0.213])

LARGEST_LOGIT = float(LARGEST)
MANY = 200_000
"""Elements of more than one piece."""

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

    @given(st.sampled_from(LABELS), st.floats(5e-324, 1 - 1e-16), st.sampled_from(OPTIONS))
    def test_loss_of_any_probability(self, label, p, options):
        with mpmath.workdps(50):
            (yes, no), (log_p, log_rest) = weights(label, **options), log_probabilities(p)
            assert_exact(binary_cross_entropy(label, p, **options), [-yes * log_p, -no * log_rest], roundings=4)

    @given(st.sampled_from(LABELS), st.floats(-800, 800), st.sampled_from(OPTIONS))
    def test_loss_of_any_logit(self, label, z, options):
        loss = binary_cross_entropy_with_logits(label, z, **options)
        with mpmath.workdps(50):
            yes, no = weights(label, **options)
            tail = mpmath.log1p(mpmath.exp(-abs(mpf(z))))
            assert_exact(loss, [yes * (max(-mpf(z), 0) + tail), no * (max(mpf(z), 0) + tail)], roundings=4)

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
                assert_exact(gradient, [-yes / (1 + mpmath.exp(mpf(z))), no / (1 + mpmath.exp(-mpf(z)))])

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


class TestSmoothing:
    @pytest.mark.parametrize("smoothing", [0.1, 0.05, 1e-3, 1e-10])
    @pytest.mark.parametrize("label", [0.0, 0.3, 1.0])
    def test_keeps_the_digits_of_both_parts(self, label, smoothing):
        with mpmath.workdps(50):
            yes = mpf(label) * (1 - mpf(smoothing)) + mpf(smoothing) / 2
            for p in (1e-300, 0.1, 0.9, 1 - 1e-9, 1 - 1e-16):
                loss = binary_cross_entropy(label, p, smoothing=smoothing)
                assert_exact(loss, [-yes * mpmath.log(p), -(1 - yes) * mpmath.log1p(-mpf(p))])
                gradient = binary_cross_entropy_gradient(label, p, smoothing=smoothing)
                assert_exact(gradient, [-yes / mpf(p), (1 - yes) / (1 - mpf(p))])

    @pytest.mark.parametrize("smoothing", [0.1, 0.05, 1e-3, 1e-10])
    @pytest.mark.parametrize("label", [0.0, 0.3, 1.0])
    def test_keeps_the_digits_of_both_parts_from_logits(self, label, smoothing):
        with mpmath.workdps(50):
            yes = mpf(label) * (1 - mpf(smoothing)) + mpf(smoothing) / 2
            for z in (-800.0, -3.0, 0.0, 6.0, 37.0, 800.0):
                tail = mpmath.log1p(mpmath.exp(-abs(mpf(z))))
                loss = binary_cross_entropy_with_logits(label, z, smoothing=smoothing)
                assert_exact(loss, [yes * (max(-mpf(z), 0) + tail), (1 - yes) * (max(mpf(z), 0) + tail)])
                gradient = binary_cross_entropy_with_logits_gradient(label, z, smoothing=smoothing)
                assert_exact(gradient, [-yes / (1 + mpmath.exp(mpf(z))), (1 - yes) / (1 + mpmath.exp(-mpf(z)))])


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
    @pytest.mark.parametrize(("label", "p"), [(1, 0.0), (0, 1.0), (1, 1e-9), (0, 1 - 1e-9)])
    def test_clipping_limits_a_loss(self, label, p):
        assert binary_cross_entropy(label, p, clip=1e-7) == pytest.approx(16.1181, abs=5e-5)

    @pytest.mark.parametrize("clip", [1e-20, 1e-17, 1e-15, 1e-12])
    def test_clipping_is_as_exact_above_as_below(self, clip):
        assert binary_cross_entropy(0, 1.0, clip=clip) == pytest.approx(-np.log(clip), rel=4 * ULP)
        assert binary_cross_entropy(1, 0.0, clip=clip) == pytest.approx(-np.log(clip), rel=4 * ULP)

    def test_the_gradient_at_a_subnormal_probability_does_not_overflow_early(self):
        assert binary_cross_entropy_gradient(1e-5, 1e-310) == pytest.approx(-1e305, rel=1e-10)

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
            (1, -1e308, 1e308, -1.0),
            (0, -1e308, 0.0, 0.0),
            (1, 1e308, 0.0, 0.0),
            (0, LARGEST_LOGIT, LARGEST_LOGIT, 1.0),
            (0.5, LARGEST_LOGIT, LARGEST_LOGIT / 2, 0.5),
            (0.25, -LARGEST_LOGIT, LARGEST_LOGIT / 4, -0.25),
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


WEIGHTED = [
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
]
PROBABILITY_FUNCTIONS = [binary_cross_entropy, binary_cross_entropy_gradient, squared_error, squared_error_gradient]
LOGIT_FUNCTIONS = [binary_cross_entropy_with_logits, binary_cross_entropy_with_logits_gradient]


class TestPositiveWeights:
    def test_may_be_as_many_as_there_are_elements_in_one_long_row(self):
        losses = binary_cross_entropy(np.ones(MANY), np.full(MANY, 0.5), pos_weight=np.arange(MANY))
        np.testing.assert_allclose(losses, np.arange(MANY) * np.log(2))

    @pytest.mark.parametrize("function", WEIGHTED)
    @pytest.mark.parametrize("shape", [(2,), (5, 2), (3, 4, 2), (0, 2), (70_000, 2)])
    def test_of_each_category_stand_for_the_last_axis(self, function, shape):
        rng = np.random.default_rng(51)
        labels, p = rng.random(shape), rng.random(shape)
        both = function(labels, p, pos_weight=[3.0, 0.5])
        for category, weight in enumerate([3.0, 0.5]):
            alone = function(labels[..., category], p[..., category], pos_weight=weight)
            np.testing.assert_array_equal(both[..., category], alone)

    @pytest.mark.parametrize("function", WEIGHTED)
    @pytest.mark.parametrize("shape", [(1,), (3,), (2, 1), (4, 2), (1, 2)])
    def test_of_another_shape_are_refused(self, function, shape):
        expected = ("shape_mismatch", {"labels": (4, 2), "weights": shape})
        assert refusal(function, np.ones((4, 2)), np.full((4, 2), 0.5), pos_weight=np.ones(shape)) == expected

    @pytest.mark.parametrize("function", WEIGHTED)
    def test_of_each_category_do_not_fit_a_single_label(self, function):
        assert refusal(function, 1.0, 0.5, pos_weight=[1.0])[0] == "shape_mismatch"

    @pytest.mark.parametrize("function", WEIGHTED)
    @pytest.mark.parametrize("wrong", [-1e-9, -np.inf, np.inf, np.nan])
    def test_that_are_negative_or_not_finite_are_refused_by_place_and_value(self, function, wrong):
        code, details = refusal(function, [[1, 1]], [[0.5, 0.5]], pos_weight=[1, wrong])
        assert (code, details["index"]) == ("weight_out_of_range", (1,))
        np.testing.assert_equal(details["value"], wrong)
        assert refusal(function, [1], [0.5], pos_weight=wrong)[1]["index"] == ()

    @pytest.mark.parametrize("function", WEIGHTED)
    def test_that_are_not_numbers_are_refused(self, function):
        assert refusal(function, [1], [0.5], pos_weight="heavy")[0] == "not_numbers"


class TestInput:
    @pytest.mark.parametrize("value", ["0.1", None, [0.1, 0.2]], ids=str)
    def test_an_option_that_is_not_a_number_is_refused(self, value):
        code, details = refusal(binary_cross_entropy, [1, 0], [0.5, 0.5], smoothing=value)
        assert (code, details["option"]) == ("option_out_of_range", "smoothing")

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

    @pytest.mark.parametrize("value", [-0.1, 1.1, np.nan, np.inf])
    def test_with_a_smoothing_out_of_range_is_refused_for_logits_too(self, value):
        for function in LOGIT_FUNCTIONS:
            code, details = refusal(function, [1], [0.5], smoothing=value)
            assert (code, details["option"]) == ("option_out_of_range", "smoothing")

    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS + LOGIT_FUNCTIONS)
    @pytest.mark.parametrize("wrong", [["yes"], [None], [1j], [[1], [0, 1]], "1"], ids=str)
    def test_that_is_not_numbers_is_refused(self, function, wrong):
        assert refusal(function, wrong, [0.5])[0] == "not_numbers"
        assert refusal(function, [1], wrong)[0] == "not_numbers"

    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS + LOGIT_FUNCTIONS)
    def test_that_lacks_the_score_of_a_labelled_element_is_refused_by_its_place(self, function):
        code, details = refusal(function, [[np.nan, 1], [0, 0]], [[np.nan, 1.0], [np.nan, np.nan]])
        assert (code, details["index"]) == ("score_missing", (1, 0))
        assert np.isnan(details["value"])

    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS + LOGIT_FUNCTIONS)
    @pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "float16"])
    def test_may_be_of_any_kind_of_number(self, function, dtype):
        labels, scores = np.array([0, 1, 1, 0]), np.array([0, 0, 1, 1])
        np.testing.assert_array_equal(
            function(labels.astype(dtype), scores.astype(dtype)), function(labels.astype(float), scores.astype(float))
        )

    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS + LOGIT_FUNCTIONS)
    @pytest.mark.parametrize("shape", [(), (0,), (0, 3), (3, 0), (2, 3, 4)])
    def test_of_any_shape_gives_that_shape(self, function, shape):
        assert function(np.ones(shape), np.full(shape, 0.25)).shape == shape


@pytest.mark.parametrize("cores", [1, 3])
class TestManyElements:
    @pytest.fixture(autouse=True)
    def _some_cores(self, cores, monkeypatch):
        monkeypatch.setattr(parallel, "cores", lambda: cores)

    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS + LOGIT_FUNCTIONS)
    def test_are_each_what_they_are_alone(self, function):
        rng = np.random.default_rng(52)
        labels, scores = rng.integers(0, 2, MANY + 1).astype(float), rng.random(MANY + 1)
        labels[::5], labels[1::50] = rng.random(len(labels[::5])), np.nan
        some = slice(None, None, 997)
        alone = [function(*pair) for pair in zip(labels[some], scores[some], strict=True)]
        np.testing.assert_array_equal(function(labels, scores)[some], alone)

    @pytest.mark.parametrize("function", PROBABILITY_FUNCTIONS + LOGIT_FUNCTIONS)
    @pytest.mark.parametrize("places", [(0,), (MANY - 1,), (150_000, MANY - 1), (131_072, 131_071)], ids=str)
    def test_are_searched_for_the_first_fault(self, function, places):
        labels, scores, first = np.zeros(MANY), np.full(MANY, 0.5), min(places)
        labels[[1, 2]] = np.nan
        scores[2] = np.nan
        scores[list(places)] = np.nan
        code, details = refusal(function, labels, scores)
        assert (code, details["index"]) == ("score_missing", (first,))
        if function in PROBABILITY_FUNCTIONS:
            scores[list(places)] = 1.5
            assert refusal(function, labels, scores) == ("probability_out_of_range", {"index": (first,), "value": 1.5})
        labels[list(places)] = -1
        assert refusal(function, labels, scores) == ("label_out_of_range", {"index": (first,), "value": -1.0})


shares = st.floats(0, 1)
pairs = st.lists(st.tuples(shares, shares), min_size=1, max_size=20)


class TestProperties:
    @given(pairs)
    def test_no_loss_is_negative(self, rows):
        y, p = np.array(rows).T
        assert (binary_cross_entropy(y, p) >= 0).all()
        assert (squared_error(y, p) >= 0).all()

    @given(st.sampled_from(HARD), shares)
    def test_a_hard_label_costs_nothing_only_where_the_answer_is_certain_and_right(self, y, p):
        assert (binary_cross_entropy(y, p) == 0) == (p == y)

    @given(st.floats(1e-9, 1 - 1e-9), shares)
    def test_a_soft_label_always_costs_something(self, y, p):
        assert binary_cross_entropy(y, p) > 0

    @given(shares, st.floats(-745, 745), st.sampled_from(OPTIONS))
    def test_a_logit_always_costs_something_until_no_number_is_small_enough(self, y, z, options):
        # Half the smallest number is exp(-745.13).
        assert binary_cross_entropy_with_logits(y, z, **options) > 0
        assert binary_cross_entropy_with_logits(1, 746) == 0

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
