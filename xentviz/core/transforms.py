"""Between probabilities and logits, exact to the last digits at every finite input."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


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
    Only ``exp(-|z|)`` is taken, which cannot overflow. The naive form warns at z = -1000.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 2.0])
    array([0.        , 0.5       , 0.88079708])
    """
    z = np.asarray(logits, dtype=np.float64)
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1.0, small) / (1.0 + small))


def logit(probabilities: ArrayLike) -> Floats:
    """Return the logit ``ln(p / (1 - p))`` of each probability.

    Parameters
    ----------
    probabilities : array_like of float, any shape
        Between 0 and 1.

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
    p = np.asarray(probabilities, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        outer = np.log(p) - np.log1p(-p)
        inner = np.log1p((2.0 * p - 1.0) / (1.0 - p))
    return np.asarray(np.where(np.abs(p - 0.5) <= 0.25, inner, outer))
