import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentviz.core.transforms import logit, sigmoid

ULP = 2.0**-52
SMALLEST = mpmath.ldexp(1, -1074)
LOGITS = [*np.linspace(-800, 800, 401), -745.2, -708.4, -37.0, -1e-300, 0.0, 1e-17, 36.7, 709.8]
PROBABILITIES = [5e-324, 1e-310, 1e-300, 1e-17, 1e-3, 0.1, 0.25, 0.3, 0.5 - 2**-54, 0.5, 0.5 + 2**-53, 0.7, 0.75, 0.9]
PROBABILITIES += [1 - 1e-3, 1 - 1e-8, 1 - 1e-16, *np.linspace(0.2, 0.8, 61)]


def test_sigmoid_has_all_its_digits():
    with mpmath.workdps(50):
        for z, actual in zip(LOGITS, sigmoid(LOGITS), strict=True):
            exact = 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
            assert abs(mpmath.mpf(float(actual)) - exact) <= 4 * ULP * exact + SMALLEST, z


def test_logit_has_all_its_digits():
    with mpmath.workdps(50):
        for p, actual in zip(PROBABILITIES, logit(PROBABILITIES), strict=True):
            exact = mpmath.log(p) - mpmath.log1p(-mpmath.mpf(p))
            assert abs(mpmath.mpf(float(actual)) - exact) <= 4 * ULP * abs(exact), p


@pytest.mark.parametrize(("z", "p"), [(-np.inf, 0.0), (0.0, 0.5), (np.inf, 1.0), (np.nan, np.nan)])
def test_the_ends_of_the_line_map_to_the_ends_of_the_interval(z, p):
    np.testing.assert_equal(sigmoid([z])[0], p)
    np.testing.assert_equal(logit([p])[0], z)


@given(st.floats(-30, 5))
def test_logit_undoes_sigmoid(z):
    # Past 5 the sigmoid itself is too close to 1 to tell neighbouring logits apart.
    assert logit(sigmoid(z)) == pytest.approx(z, rel=1e-12, abs=1e-13)


@given(st.floats(-800, 800))
def test_sigmoids_of_opposite_logits_sum_to_one(z):
    assert sigmoid(z) + sigmoid(-z) == pytest.approx(1, abs=2 * ULP)


@pytest.mark.parametrize("function", [sigmoid, logit])
def test_float32_is_computed_in_float64_and_input_may_be_read_only(function):
    values = np.array([[0.1, 0.7], [0.25, 0.9]], dtype=np.float32)
    values.setflags(write=False)
    np.testing.assert_array_equal(function(values), function(values.astype(np.float64)))
    assert function(values).dtype == np.float64
