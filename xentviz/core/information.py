"""Surprise and its averages: self-information, entropy, cross-entropy and divergence, in nats, bits or bans."""

import math

import numpy as np
from numpy.typing import ArrayLike

from xentviz.core.arguments import Floats, check_distributions, floats, numbers, refuse_first, rows_of, same_shape
from xentviz.core.binary_losses import weighted
from xentviz.core.errors import DataError

NEARNESS = 0.02
NEAR = [0.0, 0.0] + [(-1.0) ** k / (k * (k - 1)) for k in range(2, 11)]
"""Coefficients of ``(1 + r) ln(1 + r) - r`` in powers of r; what is left out is below 1e-17 of it."""


def self_information(probabilities: ArrayLike, *, base: float = math.e) -> Floats:
    """Return the surprise ``-log p`` of events of these probabilities.

    Parameters
    ----------
    probabilities : array_like, any shape
        Between 0 and 1.
    base : e, 2 or 10
        Of the logarithm: the unit is nats, bits or bans.

    Returns
    -------
    ndarray of float64, same shape
        From 0, what is certain, to inf, what is impossible.

    Raises
    ------
    DataError
        ``probability_out_of_range`` or ``score_missing`` with the first index, ``base_unknown``, ``not_numbers``.

    References
    ----------
    C. E. Shannon, *A Mathematical Theory of Communication*, 1948.

    Examples
    --------
    An upset that happens once in 64 meetings, and the win that happens otherwise:

    >>> self_information([1 / 64, 63 / 64], base=2)
    array([6.        , 0.02272008])
    """
    p = numbers(probabilities)
    refuse_first("probability_out_of_range", (p < 0) | (p > 1), value=p)
    refuse_first("score_missing", np.isnan(p), value=p)
    with np.errstate(all="ignore"):
        return np.asarray((0.0 - np.log(floats(p))) / _nats(base))


def entropy(distribution: ArrayLike, *, base: float = math.e) -> Floats:
    """Return the mean surprise ``H(p) = -Σ p log p`` of each distribution.

    Parameters
    ----------
    distribution : array_like, shape (..., categories)
        Probabilities with a sum of 1, or counts: whole numbers, which are divided by their sum.
    base : e, 2 or 10
        Of the logarithm: the unit is nats, bits or bans.

    Returns
    -------
    ndarray of float64, shape (...)
        From 0, when one category is certain, to log(categories), when all are alike.

    Raises
    ------
    DataError
        ``probability_out_of_range``, ``score_missing``, ``no_distribution`` with the sum, each with the first
        index; ``base_unknown``, ``shape_mismatch``, ``not_numbers``.

    References
    ----------
    C. E. Shannon, *A Mathematical Theory of Communication*, 1948.

    Examples
    --------
    >>> entropy([63, 1], base=2)
    array(0.11611508)
    >>> entropy([[0.5, 0.5], [1.0, 0.0]])
    array([0.69314718, 0.        ])
    """
    p, surprise = _shares(distribution)
    return _mean(p, surprise, base)


def cross_entropy(truth: ArrayLike, model: ArrayLike, *, base: float = math.e) -> Floats:
    """Return the mean surprise ``H(p, q) = -Σ p log q`` of one who believes q where p is true.

    Parameters
    ----------
    truth, model : array_like, both of shape (..., categories)
        The distributions p and q, or counts, as for :func:`entropy`.
    base : e, 2 or 10

    Returns
    -------
    ndarray of float64, shape (...)
        From the entropy of p, when q is p, to inf, when something that happens was held impossible.

    Raises
    ------
    DataError
        As :func:`entropy`; ``shape_mismatch``.

    Examples
    --------
    >>> cross_entropy([1, 0, 0], [0.8, 0.1, 0.1])
    array(0.22314355)
    """
    truth, model = same_shape(truth, model)
    p, _ = _shares(truth)
    _, surprise = _shares(model)
    return _mean(p, surprise, base)


def kl_divergence(truth: ArrayLike, model: ArrayLike, *, base: float = math.e) -> Floats:
    """Return ``KL(p‖q) = Σ p log(p / q)``, what believing q costs beyond the entropy of p.

    Parameters, shapes and errors are those of :func:`cross_entropy`; from 0, when q is p, to inf.

    Notes
    -----
    Each term is ``p log(p / q) - (p - q)``, and the sum of ``p - q`` is added: no term is negative, so none cancels
    another. Within a term p and q would cancel where they are near; there it is ``q (r²/2 - r³/6 + r⁴/12 - …)`` with
    ``r = (p - q) / q``.

    References
    ----------
    S. Kullback and R. A. Leibler, *On Information and Sufficiency*, 1951.

    Examples
    --------
    >>> kl_divergence([0.5, 0.5], [0.9, 0.1])
    array(0.51082562)
    """
    truth, model = same_shape(truth, model)
    (p, _), (q, _) = _shares(truth), _shares(model)
    with np.errstate(all="ignore"):
        r = (p - q) / q
        far = np.where(p == 0.0, q, p * _log_ratio(p, q) - (p - q))
        near = q * np.polynomial.Polynomial(NEAR)(r)
        terms = np.where(np.abs(r) < NEARNESS, near, far)
        divergence = np.where(p == q, 0.0, terms).sum(axis=-1) + (p - q).sum(axis=-1)
    # Below 0 only by what the sums of p and q are off.
    return np.asarray(np.maximum(divergence, 0.0) / _nats(base))


def _mean(p: Floats, surprise: Floats, base: float) -> Floats:
    with np.errstate(all="ignore"):
        return np.asarray(weighted(p, surprise).sum(axis=-1) / _nats(base))


def _shares(values: ArrayLike) -> tuple[Floats, Floats]:
    """Return probabilities, or counts divided by their sum, along the last axis; and ``-ln`` of them."""
    given = floats(numbers(values))
    counts = bool((rows_of(given) == np.floor(rows_of(given))).all())
    outside = (given < 0) | np.isinf(given) if counts else (given < 0) | (given > 1)
    refuse_first("probability_out_of_range", outside, value=given)
    refuse_first("score_missing", np.isnan(given), value=given)
    with np.errstate(all="ignore"):
        sums = given.sum(axis=-1, keepdims=True)
        wholes = np.where(sums > 0.0, sums, 1.0) if counts else np.ones_like(sums)
        shares = given / wholes
        check_distributions(shares, "probability_out_of_range", "no_distribution")
        return shares, _log_ratio(np.broadcast_to(wholes, given.shape), given)


def _log_ratio(part: Floats, whole: Floats) -> Floats:
    """Return ``ln(part / whole)`` with all digits: near 1, and where the quotient leaves the normal numbers."""
    ratio = part / whole
    normal = (ratio >= np.finfo(np.float64).smallest_normal) & (ratio < np.inf)
    far = np.where(normal, np.log(ratio), np.log(part) - np.log(whole))
    return np.where(np.abs(part - whole) <= whole / 2, np.log1p((part - whole) / whole), far)


def _nats(base: float) -> float:
    """Return how many nats the unit of a base has."""
    if base not in (math.e, 2, 10):
        raise DataError("base_unknown", value=base)
    return math.log(base)
