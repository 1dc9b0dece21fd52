"""Exact confusion counts at any threshold, from sorted scores: a lookup, never another pass over the rows."""

from collections import Counter
from dataclasses import dataclass
from operator import index
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xentviz.core.arguments import as_floats
from xentviz.core.columns import Values
from xentviz.core.progress import Stopped, check, never

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Counts:
    """How many elements were said yes or no, and are yes or no.

    Examples
    --------
    >>> Counts(2, 0, 1, 1) + Counts(1, 1, 0, 0)
    Counts(true_positives=3, false_positives=1, false_negatives=1, true_negatives=1)
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    def __post_init__(self) -> None:
        # NumPy's integers would overflow in the product of four that the correlation needs.
        for name in ("true_positives", "false_positives", "false_negatives", "true_negatives"):
            object.__setattr__(self, name, index(getattr(self, name)))

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.true_positives + other.true_positives,
            self.false_positives + other.false_positives,
            self.false_negatives + other.false_negatives,
            self.true_negatives + other.true_negatives,
        )

    @property
    def positives(self) -> int:
        """How many are yes."""
        return self.true_positives + self.false_negatives

    @property
    def total(self) -> int:
        """How many there are."""
        return self.positives + self.false_positives + self.true_negatives

    @property
    def correct(self) -> int:
        """How many were said rightly."""
        return self.true_positives + self.true_negatives


Tally = Counter[Counts]
"""How many rows have these counts, each of its own elements; the tallies of blocks add up."""


def reaching(sorted_blocks: tuple[Values, ...], thresholds: NDArray[np.float64], stopped: Stopped = never) -> Integers:
    """Return how many scores reach each threshold: ``score >= threshold``.

    Parameters
    ----------
    sorted_blocks : tuple of ndarray, each ascending
        Probabilities, float32 or float64.
    thresholds : ndarray of float64, shape (n,)
        Each is rounded to a block's own precision before it is compared, so that a float32 score
        of 0.7 is at a threshold of 0.7.
    stopped : callable, optional
        Asked before each block.

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> reaching((np.array([0.29, 0.57, 0.58]),), np.array([0.57, 0.58, 0.59]))
    array([2, 1, 0])
    """
    rounded: dict[np.dtype[Any], Values] = {}
    below = []
    for scores in sorted_blocks:
        check(stopped)
        if scores.dtype not in rounded:
            rounded[scores.dtype] = thresholds.astype(as_floats(scores[:0]).dtype)
        below.append(scores.searchsorted(rounded[scores.dtype]))
    total = np.full(len(thresholds), sum(map(len, sorted_blocks)), dtype=np.int64)
    return total - np.sum(below, axis=0) if below else total
