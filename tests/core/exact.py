"""What exact means: numbers in fifty digits, how far a float may be from them, and derivatives by differences."""

import mpmath
import numpy as np
from mpmath import mpf

ULP = 2.0**-52
SMALLEST, LARGEST = mpmath.ldexp(1, -1074), mpf(np.finfo(np.float64).max)


def assert_exact(actual, parts, ulps=4, roundings=1):
    """Compare with a sum in many digits: to a few units in the last place of the sum of its absolute parts.

    Below the range of normal numbers each rounding costs up to the smallest number instead.
    """
    exact, size = mpmath.fsum(parts), mpmath.fsum(abs(part) for part in parts)
    if abs(exact) > LARGEST:
        assert actual == float(mpmath.sign(exact)) * np.inf
    else:
        error = abs(mpf(float(actual)) - exact)
        assert error <= ulps * ULP * size + roundings * SMALLEST, f"{actual!r} is off by {mpmath.nstr(error / size)}"


def exponentials(logits):
    """Return exp(z - max z) of each logit in full precision, and for each the sum of all the others.

    Adding up the others is the point: the sum of all less its own would cancel where one outweighs the rest.
    """
    digits = [mpf(float(z)) for z in logits]
    relative = [mpmath.exp(z - max(digits)) for z in digits]
    return relative, [mpmath.fsum(relative[:i] + relative[i + 1 :]) for i in range(len(relative))]


def softmax_exactly(logits):
    """Return each probability, and each of their complements."""
    relative, others = exponentials(logits)
    total = mpmath.fsum(relative)
    return [r / total for r in relative], [o / total for o in others]


def surprises_exactly(logits):
    """Return for each category the two parts of -ln softmax: what it is below the largest, and that one's loss."""
    digits = [mpf(float(z)) for z in logits]
    _, others = exponentials(logits)
    top = digits.index(max(digits))
    return [(digits[top] - z, mpmath.log1p(others[top])) for z in digits]


def slope(function, x, step):
    """Return the derivative by the finite difference of order four."""
    near = function(x + step) - function(x - step)
    far = function(x + 2 * step) - function(x - 2 * step)
    return (8 * near - far) / (12 * step)
