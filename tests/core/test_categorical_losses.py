import mpmath
import numpy as np
import pytest
from exact import LARGEST, ULP, assert_exact, slope, softmax_exactly, surprises_exactly
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mpmath import mpf
from refused import refusal

from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
    categorical_cross_entropy,
    categorical_cross_entropy_gradient,
    categorical_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits_gradient,
    reduce,
)
from xentviz.core.transforms import softmax

OF_PROBABILITIES = [categorical_cross_entropy, categorical_cross_entropy_gradient]
OF_LOGITS = [categorical_cross_entropy_with_logits, categorical_cross_entropy_with_logits_gradient]
FUNCTIONS = OF_PROBABILITIES + OF_LOGITS
LOSSES = [categorical_cross_entropy, categorical_cross_entropy_with_logits]
GRADIENTS = [categorical_cross_entropy_gradient, categorical_cross_entropy_with_logits_gradient]

CATEGORIES = (2, 3, 4, 5)
LARGEST_LOGIT = float(LARGEST)
MANY = 200_000
RNG = np.random.default_rng(31)


def rows_of_logits(categories):
    """Return rows near and far apart, and alike."""
    spread = [
        RNG.uniform(-800, 800, (12, categories)),
        RNG.normal(0, 2, (12, categories)),
        RNG.choice([-800.0, 0.0, 800.0], (8, categories)),
        RNG.uniform(-600, 600, (8, 1)) + RNG.uniform(-60, 60, (8, categories)),
        np.arange(categories)[None] * np.array([[0.0], [1e-17], [40.0], [-40.0], [185.0]]),
    ]
    return np.concatenate(spread)


def rows_of_probabilities(categories):
    """Return distributions with parts from the smallest number to all but one."""
    small = np.array([0.0, 5e-324, 1e-310, 1e-300, 1e-17, 1e-16, 1e-8, 1e-3, 0.1])
    rows = np.zeros((2 * len(small), categories))
    rows[:, 0] = np.tile(small, 2)
    rows[:, -1] = 1 - rows[:, 0]
    rows[len(small) :] = np.roll(rows[len(small) :], 1, axis=1)
    return np.concatenate([rows, RNG.dirichlet(np.ones(categories) / 5, 15), RNG.dirichlet(np.ones(categories), 10)])


def weights_for(categories):
    return np.array([3.0, 0.5, 0.0, 1e6, 0.1])[:categories]


def targets_exactly(label, categories, smoothing=0.0, class_weights=None):
    """Return the weighted and smoothed label as a distribution in many digits."""
    distribution = label if np.ndim(label) else np.eye(categories)[label]
    weights = np.ones(categories) if class_weights is None else class_weights
    spread = [mpf(float(y)) * (1 - mpf(smoothing)) + mpf(smoothing) / categories for y in distribution]
    return [mpf(float(w)) * y for w, y in zip(weights, spread, strict=True)]


class TestByHand:
    def test_of_class_weights_and_their_two_means(self):
        labels, p, class_weights = [0, 1], [[0.9, 0.1], [0.6, 0.4]], [3.0, 1.0]
        plain = categorical_cross_entropy(labels, p)
        np.testing.assert_allclose(plain, [0.1054, 0.9163], rtol=0, atol=5e-5)
        by_hand = [3 * plain[0], plain[1]]
        np.testing.assert_allclose(categorical_cross_entropy(labels, p, class_weights=class_weights), by_hand)
        assert reduce(plain, weights=class_weights, weighted_mean=True) == pytest.approx(0.3081, abs=5e-5)
        assert reduce(plain, weights=class_weights) == pytest.approx(0.6162, abs=5e-5)

    def test_smoothing_spreads_alpha_over_all_categories(self):
        p = [[0.7, 0.2, 0.1]]
        spread = categorical_cross_entropy([[0.8, 0.1, 0.1]], p)
        np.testing.assert_allclose(categorical_cross_entropy([0], p, smoothing=0.3), spread)
        np.testing.assert_allclose(categorical_cross_entropy([[1, 0, 0]], p, smoothing=0.3), spread)

    def test_the_gradient_by_the_logits_is_p_minus_y(self):
        z, y = RNG.normal(0, 2, (20, 4)), RNG.dirichlet(np.ones(4), 20)
        gradient = categorical_cross_entropy_with_logits_gradient(y, z)
        np.testing.assert_allclose(gradient, softmax(z) - y, rtol=0, atol=1e-15)

    @pytest.mark.parametrize(("label", "p"), [(0, [0.0, 1.0]), (1, [1.0, 0.0]), (0, [1e-9, 1 - 1e-9])])
    def test_clipping_limits_a_loss(self, label, p):
        assert categorical_cross_entropy(label, p, clip=1e-7) == pytest.approx(16.1181, abs=5e-5)

    def test_clipping_leaves_what_is_within_its_limits(self):
        p = [[0.2, 0.8], [0.5, 0.5]]
        np.testing.assert_array_equal(categorical_cross_entropy([0, 1], p, clip=0.1), -np.log([0.2, 0.5]))


OPTIONS = {
    "plain": lambda categories: {},
    "smoothed": lambda categories: {"smoothing": 0.1},
    "weighted": lambda categories: {"class_weights": weights_for(categories)},
    "both": lambda categories: {"smoothing": 0.3, "class_weights": weights_for(categories)},
}


def labels_for(kind, rows, categories):
    if kind == "hard":
        return np.arange(rows) % categories
    return np.random.default_rng(rows).dirichlet(np.ones(categories) / 3, rows)


# What is rounded below the normal range is then multiplied by a weight: as many smallest numbers as that.
ROUNDINGS = 4 * weights_for(5).max()


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("kind", ["hard", "soft"])
@pytest.mark.parametrize("categories", CATEGORIES)
class TestFiftyDigits:
    def test_loss_of_probabilities(self, categories, kind, options):
        options, p = options(categories), rows_of_probabilities(categories)
        labels = labels_for(kind, len(p), categories)
        losses = categorical_cross_entropy(labels, p, **options)
        with mpmath.workdps(50):
            for row, label, loss in zip(p, labels, losses, strict=True):
                targets = targets_exactly(label, categories, **options)
                if any(t > 0 and q == 0 for t, q in zip(targets, row, strict=True)):
                    assert loss == np.inf
                else:
                    known = [(t, q) for t, q in zip(targets, row, strict=True) if t > 0]
                    assert_exact(loss, [-t * mpmath.log(mpf(float(q))) for t, q in known])

    def test_gradient_by_the_probabilities(self, categories, kind, options):
        options, p = options(categories), rows_of_probabilities(categories)
        p = p[((p == 0) | (p >= 2.3e-308)).all(axis=1)]
        labels = labels_for(kind, len(p), categories)
        gradients = categorical_cross_entropy_gradient(labels, p, **options)
        with mpmath.workdps(50):
            for row, label, gradient in zip(p, labels, gradients, strict=True):
                for t, q, actual in zip(targets_exactly(label, categories, **options), row, gradient, strict=True):
                    if q == 0:
                        assert actual == (-np.inf if t else 0)
                    else:
                        assert_exact(actual, [-t / mpf(float(q))])

    def test_loss_of_logits(self, categories, kind, options):
        options, z = options(categories), rows_of_logits(categories)
        labels = labels_for(kind, len(z), categories)
        losses = categorical_cross_entropy_with_logits(labels, z, **options)
        with mpmath.workdps(50):
            for row, label, loss in zip(z, labels, losses, strict=True):
                targets = targets_exactly(label, categories, **options)
                surprises = surprises_exactly(row)
                parts = [t * part for t, both in zip(targets, surprises, strict=True) for part in both]
                assert_exact(loss, parts, roundings=ROUNDINGS)

    def test_gradient_by_the_logits(self, categories, kind, options):
        options, z = options(categories), rows_of_logits(categories)
        labels = labels_for(kind, len(z), categories)
        gradients = categorical_cross_entropy_with_logits_gradient(labels, z, **options)
        with mpmath.workdps(50):
            for row, label, gradient in zip(z, labels, gradients, strict=True):
                targets, (p, complements) = targets_exactly(label, categories, **options), softmax_exactly(row)
                for i, actual in enumerate(gradient):
                    others = mpmath.fsum(targets[:i] + targets[i + 1 :])
                    if kind == "hard" and "smoothing" not in options:
                        parts = [p[i] * others, -targets[i] * complements[i]]
                    else:
                        parts = [p[i] * others, p[i] * targets[i], -targets[i]]
                    assert_exact(actual, parts, roundings=ROUNDINGS)


class TestGradientByLogits:
    @pytest.mark.parametrize("label", [[1.0, 1e-20], [0.9, 0.1], [1e-17, 1.0]], ids=str)
    @pytest.mark.parametrize("smoothing", [0.0, 0.1])
    @pytest.mark.parametrize("class_weights", [[1.0, 1.0], [1e6, 0.1]], ids=str)
    def test_keeps_its_digits_where_one_target_outweighs_the_other(self, label, smoothing, class_weights):
        with mpmath.workdps(60):
            shares = [mpf(y) * (1 - mpf(smoothing)) + mpf(smoothing) / 2 for y in label]
            t = [mpf(w) * share for w, share in zip(class_weights, shares, strict=True)]
            for z in ([46.05, 0.0], [-3.0, 5.0], [0.0, 40.0], [23.0, 0.0]):
                p, complement = softmax_exactly(z)
                options = {"smoothing": smoothing, "class_weights": class_weights}
                gradient = categorical_cross_entropy_with_logits_gradient([label], [z], **options)
                assert_exact(gradient[0, 0], [p[0] * t[1], -t[0] * complement[0]])
                assert_exact(gradient[0, 1], [p[1] * t[0], -t[1] * complement[1]])


class TestFiniteDifferences:
    @pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
    @pytest.mark.parametrize("kind", ["hard", "soft"])
    @pytest.mark.parametrize("categories", CATEGORIES)
    def test_of_the_loss_by_the_logits(self, categories, kind, options):
        options, z = options(categories), RNG.normal(0, 2, (6, categories))
        labels = labels_for(kind, len(z), categories)
        gradient = categorical_cross_entropy_with_logits_gradient(labels, z, **options)
        for k, direction in enumerate(np.eye(categories)):

            def loss(t, toward=direction):
                return categorical_cross_entropy_with_logits(labels, z + t * toward, **options)

            size = max(1.0, options.get("class_weights", np.ones(1)).max())
            np.testing.assert_allclose(gradient[:, k], slope(loss, 0.0, 1e-3), rtol=1e-8, atol=1e-10 * size)

    @pytest.mark.parametrize("clip", [None, 0.15])
    @pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
    @pytest.mark.parametrize("kind", ["hard", "soft"])
    def test_of_the_loss_by_the_probabilities(self, kind, options, clip):
        # Steps of 1e-4 leave the sum within its tolerance.
        options = {**options(3), "clip": clip}
        p = np.array([[0.2, 0.3, 0.5], [0.05, 0.05, 0.9], [0.7, 0.1, 0.2], [0.3, 0.4, 0.3]])
        labels = labels_for(kind, len(p), 3)
        gradient = categorical_cross_entropy_gradient(labels, p, **options)
        for k, direction in enumerate(np.eye(3)):

            def loss(t, toward=direction):
                return categorical_cross_entropy(labels, p + t * toward, **options)

            np.testing.assert_allclose(gradient[:, k], slope(loss, 0.0, 1e-4), rtol=1e-8, atol=1e-9)


class TestEdges:
    def test_the_gradient_at_a_subnormal_probability_does_not_overflow_early(self):
        gradient = categorical_cross_entropy_gradient([[1e-5, 1.0]], [[1e-310, 1.0]])
        assert gradient[0, 0] == pytest.approx(-1e305, rel=1e-10)

    @pytest.mark.parametrize("function", GRADIENTS)
    def test_one_nan_makes_the_gradient_of_its_row_unknown(self, function):
        gradients = function([[np.nan, 0.5], [0.5, 0.5]], [[0.25, 0.75], [0.25, 0.75]])
        assert np.isnan(gradients).tolist() == [[True, True], [False, False]]

    @pytest.mark.parametrize(
        ("label", "p", "loss", "gradient"),
        [
            (0, [1.0, 0.0], 0.0, [-1.0, 0.0]),
            (0, [0.0, 1.0], np.inf, [-np.inf, 0.0]),
            ([0.5, 0.5], [0.0, 1.0], np.inf, [-np.inf, -0.5]),
            ([1.0, 0.0], [1.0, 0.0], 0.0, [-1.0, 0.0]),
            (-1, [0.5, 0.5], np.nan, [np.nan, np.nan]),
            (-1, [np.nan, 0.5], np.nan, [np.nan, np.nan]),
            (np.nan, [0.0, 1.0], np.nan, [np.nan, np.nan]),
            ([np.nan, 1.0], [np.nan, np.nan], np.nan, [np.nan, np.nan]),
        ],
    )
    def test_of_probabilities(self, label, p, loss, gradient):
        np.testing.assert_array_equal(categorical_cross_entropy([label], [p]), [loss])
        actual = categorical_cross_entropy_gradient([label], [p])[0]
        np.testing.assert_array_equal(np.isnan(actual), np.isnan(gradient))
        known = ~np.isnan(actual)
        np.testing.assert_array_equal(actual[known], np.array(gradient)[known])

    @pytest.mark.parametrize(
        ("label", "z", "loss", "gradient"),
        [
            (0, [np.inf, 0.0], 0.0, [0, 0]),
            (1, [np.inf, 0.0], np.inf, [1, -1]),
            (0, [-np.inf, 0.0], np.inf, [-1, 1]),
            (1, [-np.inf, 0.0], 0.0, [0, 0]),
            (1, [-np.inf, 0.0, 0.0], np.log(2), [0, -0.5, 0.5]),
            ([0.0, 0.5, 0.5], [-np.inf, 3.0, 3.0], np.log(2), [0, 0, 0]),
            ([0.5, 0.5, 0.0], [-np.inf, 3.0, 3.0], np.inf, [-0.5, 0, 0.5]),
            ([0.25, 0.75], [np.inf, 0.0], np.inf, [0.75, -0.75]),
            (0, [LARGEST_LOGIT, -LARGEST_LOGIT], 0.0, [0, 0]),
            (0, [-1e308, 0.0], 1e308, [-1, 1]),
            (1, [8e307, -8e307], 1.6e308, [1, -1]),
            (0, [-LARGEST_LOGIT, LARGEST_LOGIT], np.inf, [-1, 1]),
            ([0.5, 0.5], [1e308, 1e308], np.log(2), [0, 0]),
            (0, [5.0], 0.0, [0]),
        ],
    )
    def test_of_logits(self, label, z, loss, gradient):
        for rest in ([], [np.zeros(len(z))]):  # a row beside it changes neither
            labels = [label] * (1 + len(rest))
            assert categorical_cross_entropy_with_logits(labels, [z, *rest])[0] == loss
            actual = categorical_cross_entropy_with_logits_gradient(labels, [z, *rest])[0]
            np.testing.assert_array_equal(actual, gradient)

    @pytest.mark.parametrize("function", FUNCTIONS)
    @pytest.mark.parametrize("options", [{}, {"smoothing": 0.5}, {"class_weights": [0.0, 2.0]}], ids=str)
    @pytest.mark.parametrize("unknown", [-1, -1.0, np.nan, [np.nan, np.nan]], ids=str)
    def test_a_row_without_a_label_is_nan_and_leaves_the_others_alone(self, function, options, unknown):
        known = 1 if np.ndim(unknown) == 0 else [0.25, 0.75]
        scores = np.array([[0.5, 0.5], [0.25, 0.75], [np.nan, 0.75]])
        result = function([unknown, known, unknown], scores, **options)
        assert np.isnan(result[[0, 2]]).all()
        np.testing.assert_array_equal(result[1], function([known], scores[1:2], **options)[0])

    @pytest.mark.parametrize("function", LOSSES)
    def test_one_nan_makes_a_whole_label_unknown(self, function):
        losses = function([[np.nan, 0.5], [0.5, 0.5]], [[np.nan, 0.5], [0.5, 0.5]])
        np.testing.assert_array_equal(np.isnan(losses), [True, False])

    @pytest.mark.parametrize("class_weights", [None, [0.0, 1.0], [2.0, 1.0]])
    def test_a_certain_and_right_answer_costs_zero_without_a_minus_sign(self, class_weights):
        for label in (0, [1.0, 0.0]):
            for losses in (
                categorical_cross_entropy([label], [[1.0, 0.0]], class_weights=class_weights),
                categorical_cross_entropy_with_logits([label], [[np.inf, 0.0]], class_weights=class_weights),
                categorical_cross_entropy_with_logits([label], [[0.0, -np.inf]], class_weights=class_weights),
            ):
                assert losses.tolist() == [0.0]
                assert not np.signbit(losses).any()

    def test_a_class_weight_of_zero_forgives_even_infinity(self):
        for label in (0, [1.0, 0.0]):
            assert categorical_cross_entropy([label], [[0.0, 1.0]], class_weights=[0, 1])[0] == 0
            assert categorical_cross_entropy_with_logits([label], [[-np.inf, 1.0]], class_weights=[0, 1])[0] == 0

    def test_the_gradient_is_zero_where_clipping_holds_a_probability_fast(self):
        gradient = categorical_cross_entropy_gradient([0, 0, 1], [[0.05, 0.95], [0.2, 0.8], [0.95, 0.05]], clip=0.1)
        np.testing.assert_allclose(gradient, [[0, 0], [-5, 0], [0, 0]])


class TestTwoCategories:
    """One answer in two is a yes/no answer: the second category is the yes."""

    P = np.array([0.0, 1e-3, 0.25, 0.5, 0.75, 1 - 2**-20, 1.0])  # 1 - p is exact but for the second
    Z = np.array([-np.inf, -800.0, -37.0, -1.5, 0.0, 1e-17, 2.0, 36.7, 800.0, np.inf])

    @pytest.mark.parametrize("smoothing", [0.0, 0.25])
    @pytest.mark.parametrize("label", [0, 1])
    def test_of_probabilities(self, label, smoothing):
        y, p = np.full(self.P.shape, label), np.column_stack([1 - self.P, self.P])
        actual = categorical_cross_entropy(y, p, smoothing=smoothing)
        np.testing.assert_allclose(actual, binary_cross_entropy(y, self.P, smoothing=smoothing), rtol=1e-13)

    @pytest.mark.parametrize("weight", [1.0, 3.0])
    @pytest.mark.parametrize("label", [0, 1])
    def test_of_logits(self, label, weight):
        y, z = np.full(self.Z.shape, label), np.column_stack([np.zeros(self.Z.shape), self.Z])
        actual = categorical_cross_entropy_with_logits(y, z, class_weights=[1.0, weight])
        expected = binary_cross_entropy_with_logits(y, self.Z, pos_weight=weight)
        np.testing.assert_allclose(actual, expected, rtol=2 * ULP, atol=0)

    @pytest.mark.parametrize("label", [0.0, 0.25, 1.0])
    def test_of_logits_and_soft_labels(self, label):
        y, z = np.full(self.Z.shape, label), np.column_stack([np.zeros(self.Z.shape), self.Z])
        actual = categorical_cross_entropy_with_logits(np.column_stack([1 - y, y]), z)
        np.testing.assert_allclose(actual, binary_cross_entropy_with_logits(y, self.Z), rtol=4 * ULP, atol=0)

    @pytest.mark.parametrize("label", [0, 1])
    def test_gradients(self, label):
        y, z = np.full(self.Z.shape, label), np.column_stack([np.zeros(self.Z.shape), self.Z])
        actual = categorical_cross_entropy_with_logits_gradient(y, z)
        expected = binary_cross_entropy_with_logits_gradient(y, self.Z)
        np.testing.assert_allclose(actual, np.column_stack([-expected, expected]), rtol=4 * ULP, atol=0)
        # Moved against each other, as they must be in the binary case, two probabilities pull with both gradients.
        of_pair = categorical_cross_entropy_gradient(y[: len(self.P)], np.column_stack([1 - self.P, self.P]))
        expected = binary_cross_entropy_gradient(y[: len(self.P)], self.P)
        np.testing.assert_allclose(of_pair[:, 1] - of_pair[:, 0], expected, rtol=1e-13)


class TestShapes:
    @pytest.mark.parametrize("function", LOSSES)
    @pytest.mark.parametrize("shape", [(3,), (0, 3), (1, 3), (4, 3), (2, 5, 3), (2, 0, 3)])
    def test_a_loss_has_one_number_a_row(self, function, shape):
        scores, labels = np.full(shape, 1 / 3), np.zeros(shape[:-1], int)
        assert function(labels, scores).shape == shape[:-1]
        assert function(np.full(shape, 1 / 3), scores).shape == shape[:-1]

    @pytest.mark.parametrize("function", GRADIENTS)
    @pytest.mark.parametrize("shape", [(3,), (0, 3), (1, 3), (4, 3), (2, 5, 3)])
    def test_a_gradient_has_the_shape_of_the_scores(self, function, shape):
        assert function(np.zeros(shape[:-1], int), np.full(shape, 1 / 3)).shape == shape

    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_leading_axes_stand_for_rows(self, function):
        p, labels = RNG.dirichlet(np.ones(4), (2, 3)), RNG.integers(-1, 4, (2, 3))
        flat = function(labels.reshape(6), p.reshape(6, 4))
        np.testing.assert_array_equal(function(labels, p).reshape(flat.shape), flat)

    @pytest.mark.parametrize("function", FUNCTIONS)
    @pytest.mark.parametrize(
        ("labels", "scores"), [((3,), (2, 3)), ((2, 1), (2, 3)), ((2, 3), (2, 4)), ((), (2, 3)), ((2, 3), (3,))]
    )
    def test_that_do_not_match_are_refused(self, function, labels, scores):
        expected = ("shape_mismatch", {"labels": labels, "scores": scores})
        assert refusal(function, np.zeros(labels), np.full(scores, 0.25)) == expected

    @pytest.mark.parametrize("function", FUNCTIONS)
    @pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
    def test_without_categories_are_refused(self, function, shape):
        assert refusal(function, np.zeros(shape[:-1]), np.zeros(shape)) == ("shape_mismatch", {"scores": shape})

    @pytest.mark.parametrize("function", FUNCTIONS)
    @pytest.mark.parametrize("class_weights", [1.0, [1.0], [1.0, 2.0, 3.0], [[1.0, 2.0]]], ids=str)
    def test_class_weights_are_one_a_category(self, function, class_weights):
        expected = ("shape_mismatch", {"weights": np.shape(class_weights), "categories": 2})
        assert refusal(function, [0], [[0.5, 0.5]], class_weights=class_weights) == expected


@pytest.mark.parametrize("function", FUNCTIONS)
class TestInput:
    @pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "uint64", "float16", "float32", "float64"])
    def test_labels_may_be_any_kind_of_number(self, function, dtype):
        p, labels = np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([1, 0])
        np.testing.assert_array_equal(function(labels.astype(dtype), p), function(labels, p))
        distributions = np.eye(2)[labels]
        np.testing.assert_array_equal(function(distributions.astype(dtype), p), function(distributions, p))

    def test_a_hard_label_is_the_distribution_that_is_certain_of_it(self, function):
        p, labels = RNG.dirichlet(np.ones(4), 50), RNG.integers(0, 4, 50)
        for options in ({}, {"smoothing": 0.1}, {"class_weights": [3.0, 0.0, 1.0, 0.5]}):
            np.testing.assert_array_equal(
                function(labels, p, **options), function(np.eye(4)[labels], p, **options), err_msg=str(options)
            )

    def test_of_float32_is_computed_in_float64(self, function):
        p = RNG.dirichlet(np.ones(3), 20).astype(np.float32)
        result = function(np.arange(20) % 3, p)
        assert result.dtype == np.float64
        np.testing.assert_array_equal(result, function(np.arange(20) % 3, p.astype(np.float64)))

    def test_may_be_read_only_and_stays_as_it_was(self, function):
        labels, p, class_weights = np.eye(3), RNG.dirichlet(np.ones(3), 3), np.array([1.0, 2.0, 3.0])
        before = [values.copy() for values in (labels, p, class_weights)]
        for values in (labels, p, class_weights):
            values.setflags(write=False)
        function(labels, p, class_weights=class_weights, smoothing=0.1)
        for values, copy in zip((labels, p, class_weights), before, strict=True):
            np.testing.assert_array_equal(values, copy)

    @pytest.mark.parametrize("wrong", [["a", "b"], [None, 0], [[0], [0, 1]]], ids=str)
    def test_that_is_not_numbers_is_refused(self, function, wrong):
        assert refusal(function, wrong, [[0.5, 0.5]] * 2)[0] == "not_numbers"
        assert refusal(function, [0, 1], wrong)[0] == "not_numbers"
        assert refusal(function, [0, 1], [[0.5, 0.5]] * 2, class_weights=wrong)[0] == "not_numbers"

    @pytest.mark.parametrize("wrong", [-1e-9, np.inf, np.nan])
    def test_with_a_class_weight_out_of_range_is_refused(self, function, wrong):
        code, details = refusal(function, [0], [[0.5, 0.5]], class_weights=[1, wrong])
        assert (code, details["index"]) == ("weight_out_of_range", (1,))

    @pytest.mark.parametrize("value", [-0.1, 1.1, np.nan, np.inf])
    def test_with_a_smoothing_out_of_range_is_refused(self, function, value):
        code, details = refusal(function, [0], [[0.5, 0.5]], smoothing=value)
        assert (code, details["option"]) == ("option_out_of_range", "smoothing")

    @pytest.mark.parametrize("wrong", [-2, 2, 0.5, -0.5, 1e300, np.inf, -np.inf])
    def test_with_a_label_that_is_no_category_is_refused_by_place_and_value(self, function, wrong):
        labels = [0, -1, 1, wrong, 7]
        expected = ("label_out_of_range", {"index": (3,), "value": float(wrong)})
        assert refusal(function, labels, np.full((5, 2), 0.5)) == expected

    @pytest.mark.parametrize(("dtype", "wrong"), [("int8", -128), ("uint8", 255), ("uint64", 2**64 - 1), ("int64", 5)])
    def test_with_a_whole_label_that_is_no_category_is_refused(self, function, dtype, wrong):
        labels = np.array([0, wrong], dtype=dtype)
        expected = ("label_out_of_range", {"index": (1,), "value": float(wrong)})
        assert refusal(function, labels, np.full((2, 3), 1 / 3)) == expected

    @pytest.mark.parametrize(
        ("row", "code", "index"),
        [
            ([0.5, 0.5, 0.5], "labels_no_distribution", (2,)),
            ([0.0, 0.0, 0.0], "labels_no_distribution", (2,)),
            ([0.5, 0.25, 0.2], "labels_no_distribution", (2,)),
            ([1.5, 0.0, -0.5], "label_out_of_range", (2, 0)),
            ([0.5, 0.75, -0.25], "label_out_of_range", (2, 2)),
            ([np.nan, 2.0, 0.0], "label_out_of_range", (2, 1)),
        ],
    )
    def test_with_labels_that_are_no_distribution_is_refused_by_the_first(self, function, row, code, index):
        labels = [[1, 0, 0], [np.nan, 0, 0], row, [3, 3, 3] if code == "label_out_of_range" else [1, 1, 0]]
        actual, details = refusal(function, labels, np.full((4, 3), 1 / 3))
        assert (actual, details["index"]) == (code, index)
        if code == "labels_no_distribution":
            assert details["sum"] == pytest.approx(sum(row))
            assert details["off"] == pytest.approx(sum(row) - 1)


class TestScores:
    @pytest.mark.parametrize("function", OF_PROBABILITIES)
    @pytest.mark.parametrize(
        ("row", "code", "index"),
        [
            ([0.5, 0.5, 0.5], "probabilities_no_distribution", (2,)),
            ([0.25, 0.5, 0.2], "probabilities_no_distribution", (2,)),
            ([-0.5, 0.5, 1.0], "probability_out_of_range", (2, 0)),
            ([0.0, 0.5, 1.5], "probability_out_of_range", (2, 2)),
            ([0.0, np.inf, 1.0], "probability_out_of_range", (2, 1)),
            ([-np.inf, 0.0, 1.0], "probability_out_of_range", (2, 0)),
            ([0.5, np.nan, 0.5], "score_missing", (2, 1)),
            ([0.5, np.nan, 2.0], "probability_out_of_range", (2, 2)),
        ],
    )
    @pytest.mark.parametrize("kind", ["hard", "soft"])
    def test_that_are_no_distribution_are_refused_by_the_first(self, function, row, code, index, kind):
        labels = np.array([0, -1, 1, 1])
        if kind == "soft":
            labels = np.array([[1, 0, 0], [np.nan] * 3, [0, 1, 0], [0, 1, 0]])
        p = [[0.2, 0.3, 0.5], [np.nan, 0.5, 0.5], row, row]
        actual, details = refusal(function, labels, p)
        assert (actual, details["index"]) == (code, index)
        if code == "probabilities_no_distribution":
            assert details["sum"] == pytest.approx(sum(row))
            assert details["off"] == pytest.approx(sum(row) - 1)
        else:
            np.testing.assert_equal(details["value"], row[index[1]])

    @pytest.mark.parametrize("function", OF_PROBABILITIES)
    def test_kept_with_few_digits_are_distributions(self, function):
        p = np.array([[0.333, 0.333, 0.333], [0.3335, 0.3335, 0.3335]])
        assert np.isfinite(function([0, 1], p)).all()
        assert refusal(function, [0, 1], p - 1e-3)[1]["index"] == (0,)

    @pytest.mark.parametrize("function", OF_PROBABILITIES)
    @pytest.mark.parametrize("value", [-0.1, 0.6, np.nan])
    def test_with_a_clip_out_of_range_are_refused(self, function, value):
        code, details = refusal(function, [0], [[0.5, 0.5]], clip=value)
        assert (code, details["option"]) == ("option_out_of_range", "clip")

    @pytest.mark.parametrize("function", OF_LOGITS)
    @pytest.mark.parametrize("row", [[-np.inf, -np.inf], [np.inf, np.inf]], ids=str)
    def test_of_which_no_category_stands_out_are_refused(self, function, row):
        z = [[0.0, 0.0], [np.inf, -np.inf], row, row]
        assert refusal(function, [0, 0, 0, 0], z) == ("softmax_undefined", {"index": (2,)})

    @pytest.mark.parametrize("function", OF_LOGITS)
    def test_that_are_missing_are_refused_by_the_first(self, function):
        z = [[np.nan, 0.0], [0.0, np.inf], [0.0, np.nan], [np.nan, 0.0]]
        for labels in ([-1, 0, 1, 1], [[np.nan, 1], [1, 0], [0, 1], [0, 1]]):
            code, details = refusal(function, labels, z)
            assert (code, details["index"]) == ("score_missing", (2, 1))


@pytest.mark.usefixtures("some_cores")
class TestFarOut:
    @pytest.mark.parametrize("row", [[np.inf, -np.inf], [1e308, 1e308], [-np.inf, np.inf]], ids=str)
    def test_far_out_of_range_is_refused_without_a_warning(self, row):
        assert refusal(categorical_cross_entropy, [0], [row])[0] == "probability_out_of_range"
        assert refusal(categorical_cross_entropy, [row], [[0.5, 0.5]])[0] == "label_out_of_range"
        assert refusal(categorical_cross_entropy_with_logits, [row], [[0.5, 0.5]])[0] == "label_out_of_range"

    def test_is_refused_by_its_place_in_the_caller_s_axes(self):
        labels, p = np.zeros((2, 3), int), np.full((2, 3, 4), 0.25)
        p[1, 2, 1] = 2
        assert refusal(categorical_cross_entropy, labels, p)[1]["index"] == (1, 2, 1)
        p[1, 2, 1] = 0.5
        assert refusal(categorical_cross_entropy, labels, p)[1]["index"] == (1, 2)
        labels[1, 0] = 9
        assert refusal(categorical_cross_entropy, labels, p)[1]["index"] == (1, 0)


class TestManyRows:
    """Of three categories: two hundred thousand rows are ten pieces."""

    PLACES = ((199_999,), (0,), (150_000, 199_999), (131_072, 22_000))

    @pytest.mark.parametrize("function", FUNCTIONS)
    @pytest.mark.parametrize("options", [{}, {"smoothing": 0.25, "class_weights": [1.0, 0.0, 2.5]}], ids=str)
    def test_are_each_what_they_are_alone(self, function, options):
        rng = np.random.default_rng(41)
        labels, p = rng.integers(-1, 3, MANY), rng.dirichlet(np.ones(3), MANY)
        p[labels == -1, 0] = np.nan
        some = slice(None, None, 1999)
        alone = [function(*pair, **options) for pair in zip(labels[some], p[some], strict=True)]
        np.testing.assert_array_equal(function(labels, p, **options)[some], alone)

    @pytest.mark.parametrize("places", PLACES, ids=str)
    def test_are_searched_for_labels_out_of_range(self, places):
        hard, soft = np.zeros(MANY, np.int8), np.full((MANY, 3), [1.0, 0.0, 0.0])
        hard[list(places)] = 3
        soft[list(places), 1] = -0.5
        scores = np.full((MANY, 3), [0.5, 0.25, 0.25])
        for function in LOSSES:
            expected = ("label_out_of_range", {"index": (min(places),), "value": 3.0})
            assert refusal(function, hard, scores) == expected
            expected = ("label_out_of_range", {"index": (min(places), 1), "value": -0.5})
            assert refusal(function, soft, scores) == expected

    @pytest.mark.parametrize("places", PLACES, ids=str)
    def test_are_searched_for_what_is_no_distribution(self, places):
        labels, p = np.zeros(MANY, int), np.full((MANY, 3), [0.5, 0.25, 0.25])
        p[list(places), 2] = 0.5
        expected = ("probabilities_no_distribution", {"index": (min(places),), "sum": 1.25, "off": 0.25})
        assert refusal(categorical_cross_entropy, labels, p) == expected
        expected = ("labels_no_distribution", {"index": (min(places),), "sum": 1.25, "off": 0.25})
        for function in LOSSES:
            assert refusal(function, p, np.full((MANY, 3), [0.5, 0.25, 0.25])) == expected

    @pytest.mark.parametrize("places", PLACES, ids=str)
    def test_are_searched_for_scores_out_of_range_and_missing(self, places):
        labels, p = np.zeros(MANY, int), np.full((MANY, 3), [0.5, 0.25, 0.25])
        labels[7], p[7, 0] = -1, np.nan
        p[list(places), 1] = np.nan
        for function in LOSSES:
            code, details = refusal(function, labels, p)
            assert (code, details["index"]) == ("score_missing", (min(places), 1))
        p[list(places), 1] = 1.25
        expected = ("probability_out_of_range", {"index": (min(places), 1), "value": 1.25})
        assert refusal(categorical_cross_entropy, labels, p) == expected
        p[list(places)] = -np.inf
        expected = ("softmax_undefined", {"index": (min(places),)})
        assert refusal(categorical_cross_entropy_with_logits, labels, p) == expected


tables = st.integers(1, 5).flatmap(
    lambda categories: hnp.arrays(
        np.float64, st.tuples(st.integers(1, 6), st.just(categories)), elements=st.floats(-800, 800)
    )
)
exact_tables = hnp.arrays(np.int64, (4, 3), elements=st.integers(-(2**18), 2**18))
"""Multiples of 1/512 up to 512, whose sums and differences are not rounded, when divided by 512."""
labels_of_four = hnp.arrays(np.int64, 4, elements=st.integers(0, 2))


class TestProperties:
    @given(tables, st.integers(0, 10**6), st.floats(0, 1))
    def test_no_loss_is_negative(self, z, label, smoothing):
        labels = np.full(len(z), label % z.shape[1])
        assert (categorical_cross_entropy_with_logits(labels, z, smoothing=smoothing) >= 0).all()
        assert (categorical_cross_entropy(labels, softmax(z), smoothing=smoothing) >= 0).all()

    @given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
    def test_a_hard_label_costs_nothing_only_where_the_answer_is_certain_and_right(self, shares):
        p = np.column_stack([shares, 1 - np.array(shares)])
        np.testing.assert_array_equal(categorical_cross_entropy(np.zeros(len(p), int), p) == 0, p[:, 0] == 1)

    @given(st.integers(0, 745))
    def test_a_loss_of_logits_is_nothing_only_where_no_number_is_small_enough(self, gap):
        # Half the smallest number is exp(-745.13).
        assert categorical_cross_entropy_with_logits(0, [float(gap), 0.0]) > 0
        assert categorical_cross_entropy_with_logits(0, [float(gap + 746), 0.0]) == 0

    @given(hnp.arrays(np.float64, (4, 3), elements=st.floats(-10, 10)), labels_of_four, st.floats(0, 1))
    def test_the_loss_of_logits_is_that_of_their_softmax(self, z, labels, smoothing):
        of_logits = categorical_cross_entropy_with_logits(labels, z, smoothing=smoothing)
        of_softmax = categorical_cross_entropy(labels, softmax(z), smoothing=smoothing)
        np.testing.assert_allclose(of_logits, of_softmax, rtol=1e-6, atol=1e-14)

    @given(exact_tables, labels_of_four, st.integers(-(2**18), 2**18), st.floats(0, 1))
    def test_a_shift_of_all_logits_of_a_row_changes_nothing(self, parts, labels, shift, smoothing):
        for function in OF_LOGITS:
            shifted = function(labels, (parts + shift) / 512, smoothing=smoothing)
            np.testing.assert_array_equal(shifted, function(labels, parts / 512, smoothing=smoothing))

    @given(tables, st.randoms(use_true_random=False))
    def test_rows_in_another_order_are_the_same_rows(self, z, random):
        order = list(range(len(z)))
        random.shuffle(order)
        labels = np.arange(len(z)) % z.shape[1]
        for function, scores in [(f, z) for f in OF_LOGITS] + [(f, softmax(z)) for f in OF_PROBABILITIES]:
            result = function(labels, scores)
            np.testing.assert_array_equal(function(labels[order], scores[order]), result[order])

    @given(tables, st.randoms(use_true_random=False))
    def test_categories_in_another_order_cost_the_same(self, z, random):
        order = list(range(z.shape[1]))
        random.shuffle(order)
        y = np.full(z.shape, 1 / z.shape[1])
        expected = categorical_cross_entropy_with_logits(y, z)
        np.testing.assert_allclose(categorical_cross_entropy_with_logits(y, z[:, order]), expected, rtol=1e-14)

    @given(tables, st.integers(0, 10**6), st.floats(0, 1))
    def test_the_pulls_at_the_logits_of_a_row_sum_to_zero(self, z, label, smoothing):
        labels = np.full(len(z), label % z.shape[1])
        gradient = categorical_cross_entropy_with_logits_gradient(labels, z, smoothing=smoothing)
        np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=8 * ULP)

    @given(hnp.arrays(np.float64, (2, 4), elements=st.floats(-10, 10)))
    def test_no_distribution_costs_less_than_the_truth_itself(self, z):
        truth, model = softmax(z)
        assert categorical_cross_entropy(truth, model) >= categorical_cross_entropy(truth, truth) - 1e-14
