import mpmath
import numpy as np
import pytest
from exact import LARGEST, ULP, assert_exact, slope, softmax_exactly, surprises_exactly
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mpmath import mpf
from refused import refusal

from xentviz.core import parallel
from xentviz.core.transforms import log_softmax, logit, sigmoid, softmax, softmax_jacobian

LOGITS = [*np.linspace(-800, 800, 401), -745.2, -708.4, -37.0, -1e-300, 0.0, 1e-17, 36.7, 709.8]
PROBABILITIES = [5e-324, 1e-310, 1e-300, 1e-17, 1e-3, 0.1, 0.25, 0.3, 0.5 - 2**-54, 0.5, 0.5 + 2**-53, 0.7, 0.75, 0.9]
PROBABILITIES += [1 - 1e-3, 1 - 1e-8, 1 - 1e-16, *np.linspace(0.2, 0.8, 61)]
LARGEST_LOGIT = float(LARGEST)
RNG = np.random.default_rng(11)


def rows_of_logits(categories):
    """Return rows near and far apart, alike, and so large that differences are rounded."""
    spread = [
        RNG.uniform(-800, 800, (15, categories)),
        RNG.normal(0, 2, (15, categories)),
        RNG.choice([-800.0, 0.0, 800.0], (10, categories)),
        RNG.uniform(-600, 600, (10, 1)) + RNG.uniform(-60, 60, (10, categories)),
        10.0 ** RNG.uniform(-20, 2.9, (10, categories)) * RNG.choice([-1, 1], (10, categories)),
        np.arange(categories)[None] * np.array([[0.0], [1e-17], [1e-300], [40.0], [-40.0], [185.0]]),
    ]
    return np.concatenate(spread)


ROWS = {categories: rows_of_logits(categories) for categories in (2, 3, 4, 5)}

rows = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=1, max_dims=3, max_side=5), elements=st.floats(-800, 800, width=64)
)
exact_rows = hnp.arrays(
    np.int64, st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=st.integers(-(2**18), 2**18)
)
"""Multiples of 1/512 up to 512, whose sums and differences are not rounded, when divided by 512."""


class TestSigmoid:
    def test_has_all_its_digits(self):
        with mpmath.workdps(50):
            for z, actual in zip(LOGITS, sigmoid(LOGITS), strict=True):
                assert_exact(actual, [1 / (1 + mpmath.exp(-mpf(z)))])

    @given(st.floats(-800, 800))
    def test_has_all_its_digits_anywhere(self, z):
        with mpmath.workdps(50):
            assert_exact(sigmoid(z), [1 / (1 + mpmath.exp(-mpf(z)))])

    @given(st.floats(-800, 800))
    def test_of_opposite_logits_sums_to_one(self, z):
        assert sigmoid(z) + sigmoid(-z) == pytest.approx(1, abs=2 * ULP)

    @given(st.floats(allow_nan=False))
    def test_is_a_probability_for_any_logit(self, z):
        assert 0 <= sigmoid(z) <= 1

    @given(st.integers(-(2**18), 2**18))
    def test_is_the_softmax_of_a_logit_and_zero(self, part):
        z = part / 512
        np.testing.assert_allclose(softmax([0.0, z])[1], sigmoid(z), rtol=2 * ULP, atol=0)


class TestLogit:
    def test_has_all_its_digits(self):
        with mpmath.workdps(50):
            for p, actual in zip(PROBABILITIES, logit(PROBABILITIES), strict=True):
                assert_exact(actual, [mpmath.log(p) - mpmath.log1p(-mpf(p))])

    @given(st.floats(5e-324, 1 - 1e-16))
    def test_has_all_its_digits_anywhere(self, p):
        with mpmath.workdps(50):
            assert_exact(logit(p), [mpmath.log(p) - mpmath.log1p(-mpf(p))])

    @given(st.floats(-30, 5))
    def test_undoes_the_sigmoid(self, z):
        # Past 5 the sigmoid itself is too close to 1 to tell neighbouring logits apart.
        assert logit(sigmoid(z)) == pytest.approx(z, rel=1e-12, abs=1e-13)

    @pytest.mark.parametrize("p", [-5e-324, -1.0, 1 + 2**-52, 2.0, -np.inf, np.inf, np.nan])
    def test_outside_the_interval_is_nan(self, p):
        assert np.isnan(logit(p))


@pytest.mark.parametrize(("z", "p"), [(-np.inf, 0.0), (0.0, 0.5), (np.inf, 1.0), (np.nan, np.nan)])
def test_the_ends_of_the_line_map_to_the_ends_of_the_interval(z, p):
    np.testing.assert_equal(sigmoid([z])[0], p)
    np.testing.assert_equal(logit([p])[0], z)


class TestSoftmax:
    def test_of_the_puzzle_by_hand(self):
        # exp .8 = 2.225541, exp .2 = 1.221403, exp .4 = 1.491825, and together they are 4.938769.
        np.testing.assert_allclose(softmax([0.8, 0.2, 0.4]), [0.450627, 0.247309, 0.302064], rtol=0, atol=5e-7)

    @pytest.mark.parametrize("categories", ROWS)
    def test_has_all_its_digits(self, categories):
        with mpmath.workdps(50):
            for row, actual in zip(ROWS[categories], softmax(ROWS[categories]), strict=True):
                for probability, exact in zip(actual, softmax_exactly(row)[0], strict=True):
                    assert_exact(probability, [exact], roundings=2)

    def test_has_its_digits_where_the_difference_of_two_logits_has_lost_some(self):
        # 700 - 1e-14 is not a float: a probability of 1e-304 is off by 1e-14 of itself if that is not put right.
        row = [1e-14, -700.0]
        with mpmath.workdps(50):
            assert_exact(softmax(row)[1], [1 / (1 + mpmath.exp(700 + mpf(1e-14)))])
            assert abs(mpf(float(np.exp(row[1] - row[0]))) / mpmath.exp(-700 - mpf(1e-14)) - 1) > 20 * ULP

    @given(rows)
    def test_is_a_distribution(self, z):
        p = softmax(z)
        assert p.shape == z.shape
        assert (p >= 0).all()
        np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=0, atol=4 * ULP)

    @given(exact_rows, st.integers(-(2**18), 2**18))
    def test_is_the_same_when_all_logits_of_a_row_are_shifted(self, parts, shift):
        for function in (softmax, log_softmax, softmax_jacobian):
            np.testing.assert_array_equal(function((parts + shift) / 512), function(parts / 512))

    @given(rows, st.randoms(use_true_random=False))
    def test_follows_its_categories_into_another_order(self, z, random):
        order = list(range(z.shape[-1]))
        random.shuffle(order)
        for function in (softmax, log_softmax):
            np.testing.assert_allclose(function(z[..., order]), function(z)[..., order], rtol=4 * ULP, atol=5e-324)

    @pytest.mark.parametrize(
        ("row", "expected"),
        [
            ([np.inf, 0.0], [1, 0]),
            ([np.inf, -np.inf], [1, 0]),
            ([1e308, np.inf, 5.0], [0, 1, 0]),
            ([-np.inf, 0.0], [0, 1]),
            ([-np.inf, 3.0, 3.0], [0, 0.5, 0.5]),
            ([1e308, -1e308], [1, 0]),
            ([LARGEST_LOGIT, -LARGEST_LOGIT, LARGEST_LOGIT], [0.5, 0, 0.5]),
            ([-LARGEST_LOGIT] * 4, [0.25] * 4),
            ([7.0], [1]),
        ],
    )
    def test_at_the_ends_of_the_range(self, row, expected):
        np.testing.assert_array_equal(softmax(row), expected)
        np.testing.assert_array_equal(softmax([[0.0] * len(row), row])[1], expected)

    def test_of_a_row_with_a_nan_is_nan_in_that_row_alone(self):
        z = [[np.nan, 0.0], [3.0, 3.0], [np.nan, np.inf], [np.inf, 0.0]]
        expected = [[np.nan, np.nan], [0.5, 0.5], [np.nan, np.nan], [1.0, 0.0]]
        np.testing.assert_array_equal(softmax(z), expected)


class TestLogSoftmax:
    @pytest.mark.parametrize("categories", ROWS)
    def test_has_all_its_digits(self, categories):
        with mpmath.workdps(50):
            for row, actual in zip(ROWS[categories], log_softmax(ROWS[categories]), strict=True):
                for logarithm, (gap, rest) in zip(actual, surprises_exactly(row), strict=True):
                    assert_exact(logarithm, [-gap, -rest])

    @given(rows)
    def test_is_never_above_zero(self, z):
        assert (log_softmax(z) <= 0).all()

    @given(hnp.arrays(np.float64, 3, elements=st.floats(-300, 300)))
    def test_is_the_logarithm_of_the_softmax(self, z):
        np.testing.assert_allclose(np.exp(log_softmax(z)), softmax(z), rtol=1e-12)

    @pytest.mark.parametrize(
        ("row", "expected"),
        [
            ([np.inf, 0.0, -np.inf], [0, -np.inf, -np.inf]),
            ([-np.inf, 0.0], [-np.inf, 0]),
            ([-np.inf, 0.0, 0.0], [-np.inf, -np.log(2), -np.log(2)]),
            ([8e307, -8e307], [0, -1.6e308]),
            ([LARGEST_LOGIT, -LARGEST_LOGIT], [0, -np.inf]),
            ([-1e300, 0.0], [-1e300, 0]),
        ],
    )
    def test_at_the_ends_of_the_range(self, row, expected):
        np.testing.assert_array_equal(log_softmax(row), expected)


class TestJacobian:
    def test_has_no_negative_zero(self):
        assert not np.signbit(softmax_jacobian([1000.0, -1000.0])).any()

    @pytest.mark.parametrize("categories", ROWS)
    def test_has_all_its_digits(self, categories):
        some = ROWS[categories][::3]
        with mpmath.workdps(50):
            for row, jacobian in zip(some, softmax_jacobian(some), strict=True):
                p, complements = softmax_exactly(row)
                for i, j in np.ndindex(categories, categories):
                    exact = p[i] * complements[i] if i == j else -p[i] * p[j]
                    assert_exact(jacobian[i, j], [exact], roundings=2)

    @pytest.mark.parametrize("categories", ROWS)
    def test_agrees_with_finite_differences(self, categories):
        z = RNG.normal(0, 2, (5, categories))
        for j, direction in enumerate(np.eye(categories)):
            expected = slope(lambda t, toward=direction: softmax(z + t * toward), 0.0, 1e-3)
            np.testing.assert_allclose(softmax_jacobian(z)[..., j], expected, rtol=1e-8, atol=1e-11)

    @given(rows)
    def test_is_symmetric_and_its_rows_sum_to_zero(self, z):
        jacobian = softmax_jacobian(z)
        assert jacobian.shape == (*z.shape, z.shape[-1])
        np.testing.assert_array_equal(jacobian, jacobian.swapaxes(-1, -2))
        np.testing.assert_allclose(jacobian.sum(axis=-1), 0, atol=2 * ULP)

    @pytest.mark.parametrize("row", [[np.inf, 0.0], [-np.inf, 0.0], [1e308, -1e308], [5.0]], ids=repr)
    def test_of_what_is_certain_is_zero(self, row):
        np.testing.assert_array_equal(softmax_jacobian(row), np.zeros((len(row), len(row))))


ELEMENTWISE = [sigmoid, logit]
ROWWISE = [softmax, log_softmax, softmax_jacobian]


class TestInput:
    def test_beyond_the_range_of_float64_is_infinite_without_a_warning(self):
        assert sigmoid(np.longdouble("1e4000")) == 1

    def test_is_refused_by_its_place_in_the_caller_s_axes(self):
        z = np.zeros((2, 3, 2))
        z[1, 1] = np.inf
        assert refusal(softmax, z)[1]["index"] == (1, 1)

    @pytest.mark.parametrize("function", ELEMENTWISE + ROWWISE)
    def test_of_float32_is_computed_in_float64_and_may_be_read_only(self, function):
        values = np.array([[0.1, 0.7], [0.25, 0.9]], dtype=np.float32)
        values.setflags(write=False)
        np.testing.assert_array_equal(function(values), function(values.astype(np.float64)))
        assert function(values).dtype == np.float64

    @pytest.mark.parametrize("function", ELEMENTWISE + ROWWISE)
    @pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "float16"])
    def test_may_be_of_any_kind_of_number(self, function, dtype):
        values = np.array([[0, 1], [1, 1]], dtype=dtype)
        np.testing.assert_array_equal(function(values), function(values.tolist()))

    @pytest.mark.parametrize("function", ROWWISE)
    def test_stays_as_it_was(self, function):
        values = np.array([[0.0, 5.0, -np.inf], [1e308, -1e308, 2.0]])
        before = values.copy()
        function(values)
        np.testing.assert_array_equal(values, before)

    @pytest.mark.parametrize("function", ELEMENTWISE + ROWWISE)
    @pytest.mark.parametrize("values", ["text", ["0.5"], [None], [1j], [[0.1], [0.2, 0.3]]], ids=repr)
    def test_that_is_not_numbers_is_refused(self, function, values):
        assert refusal(function, values)[0] == "not_numbers"

    @pytest.mark.parametrize("function", ROWWISE)
    @pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
    def test_without_categories_is_refused(self, function, shape):
        assert refusal(function, np.zeros(shape)) == ("shape_mismatch", {"scores": shape})

    @pytest.mark.parametrize("function", ELEMENTWISE + ROWWISE)
    def test_of_no_rows_gives_no_rows(self, function):
        assert function(np.zeros((0, 3))).shape[:2] == (0, 3)

    @pytest.mark.parametrize("function", ROWWISE)
    @pytest.mark.parametrize("row", [[-np.inf, -np.inf], [np.inf, np.inf]], ids=repr)
    def test_of_which_no_category_stands_out_is_refused_by_its_place(self, function, row):
        assert refusal(function, row) == ("softmax_undefined", {"index": ()})
        assert refusal(function, [[0.0, 0.0], [np.inf, 0.0], row, row]) == ("softmax_undefined", {"index": (2,)})

    def test_is_searched_for_faults_in_every_piece(self):
        z = np.zeros((200_000, 3))
        z[150_000] = z[199_999] = -np.inf
        z[3] = [-np.inf, np.inf, 0]
        assert refusal(softmax, z) == ("softmax_undefined", {"index": (150_000,)})


@pytest.mark.parametrize("cores", [1, 3])
@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_many_rows_are_each_what_they_are_alone(function, cores, monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: cores)
    z = np.random.default_rng(12).normal(0, 5, (100_000, 3))
    z[::1000, 1] = -np.inf
    every = np.arange(0, 100_000, 777)
    alone = np.array([function(row) for row in z[every]])
    np.testing.assert_array_equal(function(z)[every], alone)
    np.testing.assert_array_equal(function(z.reshape(50, 2000, 3)), function(z).reshape(50, 2000, 3))
