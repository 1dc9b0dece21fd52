"""How many of many numbers are how large, and what they add up to: few numbers are kept, of many only their levels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from xentviz.core.arguments import Floats
from xentviz.core.columns import Values
from xentviz.core.counts import Integers

BITS = 11
"""So many binary digits behind the first one tell levels apart: 2048 from each power of two to the next."""

LEAST = 2.0**-60
"""Smaller numbers are of one level, that of 0."""

LARGE = 2.0**64
"""By this numbers are divided while they are added up: their sum may be beyond the largest float."""


@dataclass(frozen=True, eq=False)
class Levels:
    """Numbers from 0 to inf, in groups of those that differ by 1 part in 2048 at most; or each by itself.

    Attributes
    ----------
    lows : ndarray of float64, shape (levels,), ascending
        Numbers of a group are this large or larger, and smaller than the next level that could be.
    counts : ndarray of int64, shape (levels,)
        At least 1 each.
    means : ndarray of float64, shape (levels,)
        Of the numbers of each group, to rounding.
    infinite : int
        How many are infinite; they are in no group.

    Examples
    --------
    >>> levels = levels_of(np.array([0.5, 2.0, 0.25, np.inf, np.nan]))
    >>> levels.finite, levels.infinite, levels.quantile(0.5), levels.histogram(np.array([0.25, 0.5, 4.0])).tolist()
    (3, 1, 1.25, [1, 2])
    """

    lows: Floats
    counts: Integers
    means: Floats
    infinite: int

    @cached_property
    def _reached(self) -> Integers:
        """How many numbers are below each level, and of all levels at the end."""
        return np.concatenate([[0], np.cumsum(self.counts)])

    @property
    def finite(self) -> int:
        """How many numbers are finite."""
        return int(self._reached[-1])

    @property
    def total(self) -> int:
        """How many numbers there are."""
        return self.finite + self.infinite

    def histogram(self, edges: ArrayLike) -> Integers:
        """Return how many numbers lie in each bin ``[edge, next edge)``; edges must be :func:`on_levels`."""
        return np.diff(self._reached[np.searchsorted(self.lows, edges)])

    def quantile(self, share: float) -> float | None:
        """Return the number up to which this share of all lies, between two as NumPy's; None of no numbers.

        Of numbers in groups it is off by less than 1 part in 2048.
        """
        if not self.total:
            return None
        rank = share * (self.total - 1)
        low, high = self._ranked(math.floor(rank)), self._ranked(math.ceil(rank))
        return low if low == high else low + (high - low) * (rank - math.floor(rank))

    def floor(self, largest: int) -> float:
        """Return a number that so many of the finite ones, at least one and the largest, reach, but hardly more."""
        return float(self.lows[np.searchsorted(self._reached, self.finite - largest, side="right") - 1])

    def _ranked(self, rank: int) -> float:
        if rank >= self.finite:
            return math.inf
        return float(self.means[np.searchsorted(self._reached, rank, side="right") - 1])


def levels_of(values: Values, *, grouped: bool = False) -> Levels:
    """Return the levels of numbers from 0 to inf, where nan does not count: each its own, or grouped."""
    known = values[values < np.inf].astype(np.float64)  # nan is not smaller
    infinite = int(np.count_nonzero(values == np.inf))
    if not grouped:
        known.sort()
        return Levels(known, np.ones(len(known), dtype=np.int64), known, infinite)
    if not len(known):
        return Levels(known, np.empty(0, dtype=np.int64), known, infinite)
    places = np.maximum((known.view(np.int64) >> _SHIFT) - _FIRST, 0)
    start = int(places.min())
    places -= start
    counts = np.bincount(places)
    there = np.flatnonzero(counts)
    sums = np.bincount(places, weights=known / LARGE)[there]
    lows = np.where(there + start > 0, ((there + start + _FIRST) << _SHIFT).view(np.float64), 0.0)
    return Levels(lows, counts[there], sums / counts[there] * LARGE, infinite)


def joined(parts: Sequence[Levels]) -> Levels:
    """Return the levels of all numbers of some parts."""
    if len(parts) == 1:
        return parts[0]
    infinite = sum(part.infinite for part in parts)
    lows, counts, means = (np.concatenate([getattr(p, of) for p in parts]) for of in ("lows", "counts", "means"))
    order = np.argsort(lows, kind="stable")
    lows, counts, means = lows[order], counts[order], means[order]
    first = np.flatnonzero(np.diff(lows, prepend=-1.0) > 0)
    if not len(first):
        return Levels(lows, counts, means, infinite)
    together = np.add.reduceat(counts, first)
    sums = np.add.reduceat(means / LARGE * counts, first)
    return Levels(lows[first], together, sums / together * LARGE, infinite)


def on_levels(edges: ArrayLike) -> Floats:
    """Return the levels that numbers from 0 on belong to: no group of numbers lies on both sides of one.

    >>> on_levels([0.25, 0.1, 1e-30]).round(5).tolist()
    [0.25, 0.09998, 0.0]
    """
    values = np.array(edges, dtype=np.float64)
    lows = ((values.view(np.int64) >> _SHIFT) << _SHIFT).view(np.float64)
    return np.where(values < LEAST, 0.0, lows)


_SHIFT = 52 - BITS
_FIRST = int(np.float64(LEAST).view(np.int64) >> _SHIFT) - 1
