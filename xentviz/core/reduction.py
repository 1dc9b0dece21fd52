"""Many losses as one number, and the mean binary cross-entropy with hardly any logarithms."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from xentviz.core.arguments import Floats, Numbers, floats, numbers, same_shape, weights_of
from xentviz.core.binary_losses import binary_cross_entropy, weighted
from xentviz.core.errors import DataError
from xentviz.core.parallel import on_all_cores, pieces

Reduction = Literal["mean", "sum", "none"]


def reduce(
    losses: ArrayLike,
    how: Reduction = "mean",
    weights: ArrayLike | None = None,
    weighted_mean: bool = False,
) -> Floats | float:
    """Return the mean or the sum of the known losses, or the losses themselves.

    Parameters
    ----------
    losses : array_like, any shape
        In any one unit; nan marks an element without a label, which is left out.
    how : "mean", "sum" or "none"
        The mean of no losses at all is nan.
    weights : array_like of the losses' shape, optional
        w ≥ 0; each loss is multiplied by its own.
    weighted_mean : bool
        Whether the mean is ``Σ w l / Σ w``, as scikit-learn and PyTorch's CrossEntropyLoss have it,
        instead of ``Σ w l / N``, as Keras and PyTorch's binary losses do. It is about the weights given here: losses
        that already have class weights in them do not tell what those were.

    Returns
    -------
    float, or the ndarray of weighted losses for ``"none"``

    Raises
    ------
    DataError
        ``reduction_unknown``, ``shape_mismatch``, ``not_numbers``, ``weight_out_of_range``.

    Notes
    -----
    Sums are pairwise within a piece and exact over the pieces (:func:`math.fsum`).

    Examples
    --------
    >>> reduce([1.0, 3.0, float("nan")])
    2.0
    >>> reduce([1.0, 3.0], weights=[3.0, 1.0]), reduce([1.0, 3.0], weights=[3.0, 1.0], weighted_mean=True)
    (3.0, 1.5)
    """
    values = floats(numbers(losses))
    weighting = None if weights is None else _weights_like(weights, values)
    if weighting is not None:
        with np.errstate(invalid="ignore", over="ignore"):
            values = weighted(weighting, values)
    if how == "none":
        return values.copy()
    total, known = _sum_of_known(values)
    if how == "sum":
        return total
    if how != "mean":
        raise DataError("reduction_unknown", value=how)
    counted = np.where(np.isnan(values), np.nan, weighting) if weighting is not None and weighted_mean else None
    divisor = float(known) if counted is None else _sum_of_known(counted)[0]
    if math.isinf(total) or math.isinf(divisor):  # which the mean of such large numbers need not be
        total = _sum_of_known(values / HUGE)[0]
        divisor = divisor / HUGE if counted is None else _sum_of_known(counted / HUGE)[0]
    return total / divisor if divisor else math.nan


def mean_binary_cross_entropy(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Return the mean of :func:`binary_cross_entropy` over all elements with a label, in nats.

    Parameters
    ----------
    labels, probabilities : array_like, any one shape
        As for :func:`binary_cross_entropy`.

    Returns
    -------
    float
        From 0 to inf; nan when no element has a label.

    Raises
    ------
    DataError
        As :func:`binary_cross_entropy`.

    Notes
    -----
    A hard label needs one logarithm, of ``q = |p - (1 - y)|``, and sixteen such q need one together: that of
    their product. Each q and each product is rounded by 1.1e-16 at most, so that the sum is off by 2e-16 an
    element; where the mean is so small that this matters, a product that leaves the normal range, and soft
    or missing labels, are worked out element by element.

    Examples
    --------
    >>> round(mean_binary_cross_entropy([1, 1, 0, 1], [0.9, 0.95, 0.7, 0.75]), 6)
    0.412077
    """
    y, p = (values.reshape(-1) for values in same_shape(labels, probabilities))
    try:
        parts = on_all_cores(lambda piece: _sum_of_losses(y[piece], p[piece]), pieces(len(y)))
    except DataError:  # its index counts from the start of its piece
        return float(reduce(binary_cross_entropy(labels, probabilities)))
    known = sum(count for _, count in parts)
    return sum_of([part for part, _ in parts]) / known if known else math.nan


def sum_of(parts: Sequence[float]) -> float:
    """Return the exactly rounded sum; infinite where it is beyond the largest float or a part is infinite, nan of both.

    Examples
    --------
    >>> sum_of([1e100, 1.0, -1e100])
    1.0
    """
    try:
        return math.fsum(parts)
    except OverflowError:
        return math.fsum(part / HUGE for part in parts) * HUGE
    except ValueError:  # of both infinities
        return math.nan


def power_of_two(value: float) -> float:
    """Return the largest power of two up to a positive value: to divide by it is exact, and sums do not overflow."""
    return math.ldexp(1.0, math.frexp(value)[1] - 1)


HUGE = 2.0**64
"""By which numbers are divided whose sum is beyond the largest float, and multiplied again."""

LEAST_MEAN = 2e-3
"""Below this mean loss the products' error of 2e-16 an element is more than 1e-13 of it."""


def _sum_of_losses(labels: Numbers, probabilities: Numbers) -> tuple[float, int]:
    """Return the sum of the known losses of a piece, and how many they are."""
    if len(labels) and _are_hard(labels) and probabilities.min() >= 0 and probabilities.max() <= 1:
        total = _sum_by_products(labels, probabilities)
        if total >= LEAST_MEAN * len(labels):
            return total, len(labels)
    return _sum_of_known(binary_cross_entropy(labels, probabilities))


def _are_hard(labels: Numbers) -> bool:
    return bool(((labels == 0) | (labels == 1)).all())


def _sum_by_products(labels: Numbers, probabilities: Numbers) -> float:
    """Return the sum of the losses of hard labels, nan if a product leaves the range of normal numbers."""
    q = np.subtract(1.0, labels, dtype=np.float64)
    np.subtract(probabilities, q, out=q)
    with np.errstate(under="ignore"):
        for _ in range(4):
            half = (len(q) + 1) // 2
            np.multiply(q[: len(q) - half], q[half:], out=q[: len(q) - half])
            q = q[:half]
    np.abs(q, out=q)
    if q.min() < np.finfo(np.float64).smallest_normal:
        return math.nan
    return -float(np.log(q, out=q).sum())


def _sum_of_known(losses: Floats) -> tuple[float, int]:
    """Return the sum of what is not nan, and how many that is."""
    flat = losses.reshape(-1)

    def part(piece: slice) -> tuple[float, int]:
        with np.errstate(over="ignore", invalid="ignore"):
            values = flat[piece]
            total = float(values.sum())
            if math.isnan(total):
                values = values[~np.isnan(values)]
                total = float(values.sum())
        return total, len(values)

    parts = on_all_cores(part, pieces(len(flat)))
    return sum_of([total for total, _ in parts]), sum(count for _, count in parts)


def _weights_like(weights: ArrayLike, losses: Floats) -> Floats:
    weighting = weights_of(weights)
    if weighting.shape != losses.shape:
        raise DataError("shape_mismatch", losses=losses.shape, weights=weighting.shape)
    return weighting
