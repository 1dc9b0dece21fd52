"""Between logits and probabilities, exact to the last digits at every finite input."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from xentviz.core.arguments import Floats, check_logits, floats, numbers, rows_of
from xentviz.core.parallel import on_all_cores, pieces


def sigmoid(logits: ArrayLike) -> Floats:
    """Return the probability ``1 / (1 + exp(-z))`` of each logit.

    Parameters
    ----------
    logits : array_like of float, any shape
        From -inf to inf.

    Returns
    -------
    ndarray of float64, same shape
        Between 0 and 1.

    Notes
    -----
    Only exponentials of numbers below 0 are taken, which cannot overflow. The naive form warns at z = -1000.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 2.0])
    array([0.        , 0.5       , 0.88079708])
    """
    z = floats(numbers(logits))
    with np.errstate(under="ignore"):
        return np.asarray(np.exp(np.minimum(z, 0.0)) / (1.0 + np.exp(-np.abs(z))))


def logit(probabilities: ArrayLike) -> Floats:
    """Return the logit ``ln(p / (1 - p))`` of each probability.

    Parameters
    ----------
    probabilities : array_like of float, any shape
        Between 0 and 1; nan outside.

    Returns
    -------
    ndarray of float64, same shape
        -inf at p = 0 and inf at p = 1.

    Notes
    -----
    ``ln p - ln(1 - p)`` loses digits around one half, where both logarithms are alike; there the
    quotient ``(2p - 1) / (1 - p)``, whose numerator is exact, goes into ``log1p`` instead.

    Examples
    --------
    >>> logit([0.0, 0.5, 0.75])
    array([      -inf, 0.        , 1.09861229])
    """
    p = floats(numbers(probabilities))
    with np.errstate(all="ignore"):
        outer = np.log(p) - np.log1p(-p)
        inner = np.log1p((2.0 * p - 1.0) / (1.0 - p))
    return np.asarray(np.where(np.abs(p - 0.5) <= 0.25, inner, outer))


def softmax(logits: ArrayLike) -> Floats:
    """Return the probabilities ``exp(z_i) / Σ_j exp(z_j)`` of each row of logits.

    Parameters
    ----------
    logits : array_like of float, shape (..., categories)
        From -inf to inf; -inf says that a category is impossible.

    Returns
    -------
    ndarray of float64, same shape
        Between 0 and 1; each row sums to 1. A nan makes its row nan.

    Raises
    ------
    DataError
        ``softmax_undefined`` for a row of -inf alone, or with more than one inf: no limit is distinguished.

    Notes
    -----
    The largest logit is taken off first, so that nothing overflows; what the subtraction rounds away is
    put back, so that a probability of 1e-300 is as exact as one of 0.3.

    References
    ----------
    J. S. Bridle, *Probabilistic interpretation of feedforward classification network outputs*, 1990.

    Examples
    --------
    >>> softmax([1000.0, 1000.0, -1000.0])
    array([0.5, 0.5, 0. ])
    """
    return _of_rows(lambda z: with_complements(z)[0], logits)


def log_softmax(logits: ArrayLike) -> Floats:
    """Return the logarithm of :func:`softmax`, ``z_i - ln Σ_j exp(z_j)``, from -inf to 0.

    Parameters, shapes and errors are those of :func:`softmax`.

    Notes
    -----
    ``-(max z - z_i) - log1p(Σ exp(z_j - max z))``, summed over all but one largest: both parts are at
    most 0, so none cancels. With the largest in the sum, a gap of 40 gives 0 instead of -4.2e-18.

    Examples
    --------
    >>> log_softmax([0.0, 40.0])
    array([-4.00000000e+01, -4.24835426e-18])
    """
    return _of_rows(log_probabilities, logits)


def softmax_jacobian(logits: ArrayLike) -> Floats:
    """Return the derivatives ``∂p_i / ∂z_j = p_i (δ_ij - p_j)`` of the softmax.

    Parameters and errors are those of :func:`softmax`.

    Returns
    -------
    ndarray of float64, shape (..., categories, categories)
        Rows are probabilities i, columns logits j. Symmetric; every row sums to 0.

    Examples
    --------
    >>> softmax_jacobian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    z = numbers(logits)
    p = softmax(z)
    jacobian = 0.0 - p[..., :, None] * p[..., None, :]
    diagonal = np.arange(p.shape[-1])
    jacobian[..., diagonal, diagonal] = p * _of_rows(lambda rows: with_complements(rows)[1], z)
    return np.asarray(jacobian)


def by_the_largest(logits: Floats) -> tuple[Floats, Floats, Floats]:
    """Return logits less the largest of their row, the exponentials of that, and what all but one largest sum to.

    Parameters
    ----------
    logits : ndarray of float64, shape (categories, rows)
        Categories first: NumPy adds and compares long runs of memory many times faster than short ones.
        Rows that :func:`check_logits` lets pass.

    Returns
    -------
    gaps, relative : ndarray, shape (categories, rows)
        At most 0, and at most 1.
    rest : ndarray, shape (rows,)
    """
    largest = logits.max(axis=0)
    with np.errstate(all="ignore"):
        gaps = logits - largest
        # What the subtraction rounded away (D. E. Knuth's TwoSum); exp makes a relative error of it.
        shift = gaps - logits
        lost = (logits - (gaps - shift)) - (largest + shift)
        if not np.isfinite(lost.sum()):
            gaps, lost = np.where(logits == largest, 0.0, gaps), np.where(np.isfinite(lost), lost, 0.0)
        relative = np.exp(gaps)
        relative += relative * lost
    at_top = gaps == 0.0
    others = relative.copy()
    np.copyto(others, 0.0, where=at_top)
    return gaps, relative, others.sum(axis=0) + (at_top.sum(axis=0) - 1)


def log_probabilities(logits: Floats) -> Floats:
    """Return the log-softmax of logits of shape (categories, rows)."""
    gaps, _, rest = by_the_largest(logits)
    return np.asarray(gaps - np.log1p(rest))


def with_complements(logits: Floats) -> tuple[Floats, Floats]:
    """Return the softmax p of logits of shape (categories, rows), and 1 - p with the digits that p near 1 lost."""
    gaps, relative, rest = by_the_largest(logits)
    total = 1.0 + rest
    p = relative / total
    return p, np.where(gaps == 0.0, rest / total, 1.0 - p)


def _of_rows(function: Callable[[Floats], Floats], logits: ArrayLike) -> Floats:
    """Return what a function of logits, categories first, gives for logits with the categories last."""
    z = numbers(logits)
    rows = rows_of(z)
    check_logits(z)
    out = np.empty(rows.shape)

    def work(piece: slice) -> None:
        out[piece] = function(np.ascontiguousarray(floats(rows[piece]).T)).T

    on_all_cores(work, pieces(*rows.shape))
    return out.reshape(z.shape)
