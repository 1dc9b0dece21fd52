"""Surprise and its averages: self-information, entropy, cross-entropy and divergence, in nats, bits or bans."""

import math

import numpy as np
from numpy.typing import ArrayLike

from xentviz.core.arguments import Floats, check_distributions, floats, numbers, refuse_first, rows_of, same_shape
from xentviz.core.binary_losses import weighted
from xentviz.core.errors import DataError


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
    refuse_first("probability_out_of_range", (p < 0) | (p > 1), p)
    refuse_first("score_missing", np.isnan(p), p)
    with np.errstate(divide="ignore"):
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
    p = _distributions(distribution)
    return _mean_surprise(p, p, base)


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
    p, q = _pair(truth, model)
    return _mean_surprise(p, q, base)


def kl_divergence(truth: ArrayLike, model: ArrayLike, *, base: float = math.e) -> Floats:
    """Return ``KL(p‖q) = Σ p log(p / q)``, what believing q costs beyond the entropy of p.

    Parameters, shapes and errors are those of :func:`cross_entropy`; from 0, when q is p, to inf.

    Notes
    -----
    ``H(p, q) - H(p)`` cancels where q is near p; there ``log(p / q)`` is taken as ``log1p((p - q) / q)``, whose
    numerator is exact. Elsewhere it is ``log p - log q``, which does not overflow as the quotient may.

    References
    ----------
    S. Kullback and R. A. Leibler, *On Information and Sufficiency*, 1951.

    Examples
    --------
    >>> kl_divergence([0.5, 0.5], [0.9, 0.1])
    array(0.51082562)
    """
    p, q = _pair(truth, model)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        near = np.log1p((p - q) / q)
        ratio = np.where(np.abs(p - q) <= q / 2, near, np.log(p) - np.log(q))
        divergence = np.where(p == 0.0, 0.0, p * ratio).sum(axis=-1)
    return np.asarray(np.maximum(divergence, 0.0) / _nats(base))


def _mean_surprise(p: Floats, q: Floats, base: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(weighted(p, 0.0 - np.log(q)).sum(axis=-1) / _nats(base))


def _pair(truth: ArrayLike, model: ArrayLike) -> tuple[Floats, Floats]:
    p, q = same_shape(truth, model)
    return _distributions(p), _distributions(q)


def _distributions(values: ArrayLike) -> Floats:
    """Return probabilities, or counts divided by their sum, along the last axis."""
    given = floats(numbers(values))
    rows = rows_of(given)
    counts = bool((rows == np.floor(rows)).all())
    refuse_first("probability_out_of_range", (given < 0) | (given > 1) & (not counts) | np.isinf(given), given)
    refuse_first("score_missing", np.isnan(given), given)
    sums = rows.sum(axis=1, keepdims=True)
    if counts and sums.all():
        rows = rows / sums
    check_distributions("no_distribution", rows)
    return np.asarray(rows.reshape(given.shape))


def _nats(base: float) -> float:
    """Return how many nats the unit of a base has."""
    if base not in (math.e, 2, 10):
        raise DataError("base_unknown", value=base)
    return math.log(base)
