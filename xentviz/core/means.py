"""The means of numbers in slices and how they are spread, from parts that add up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its functions load when first asked for

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.counts import Integers
from xentviz.core.intervals import CONFIDENCE, NORMAL, ROUNDING

NONE = -1
"""The slice of what lies in none."""


@dataclass(frozen=True, eq=False)
class Means:
    """Of each slice the mean of some numbers, and how they are spread; what blocks come to is put together by ``+``.

    Attributes
    ----------
    counts : ndarray of int64, shape (slices,)
        Of finite numbers.
    finite : ndarray of float64, shape (slices,)
        Their means, 0 of none.
    squares : ndarray of float64, shape (slices,)
        Sums of squared distances from the mean.
    rising, falling : ndarray of int64, shape (slices,)
        How many are +inf, and -inf.
    """

    counts: Integers
    finite: Floats
    squares: Floats
    rising: Integers
    falling: Integers

    @classmethod
    def of(cls, values: Floats, slices: Rows | None = None, count: int = 1) -> "Means":
        """Return the means of numbers, each in a slice; nan, and what lies in none, is left out.

        >>> found = Means.of(np.array([1.0, 2.0])) + Means.of(np.array([6.0, np.inf]))
        >>> found.counts.tolist(), found.finite.tolist(), found.squares.tolist(), found.rising.tolist()
        ([3], [3.0], [14.0], [1])
        """
        if slices is None:
            slices = np.zeros(len(values), dtype=np.int64)
        known = (slices != NONE) & ~np.isnan(values)
        if not known.all():
            values, slices = values[known], slices[known]
        infinite = np.isinf(values)
        rising = falling = np.zeros(count, dtype=np.int64)
        if infinite.any():
            rising = np.bincount(slices[values == np.inf], minlength=count)
            falling = np.bincount(slices[values == -np.inf], minlength=count)
            values, slices = values[~infinite], slices[~infinite]
        counts = np.bincount(slices, minlength=count)
        with np.errstate(over="ignore", invalid="ignore"):
            finite = np.bincount(slices, values, count) / np.maximum(counts, 1)
            squares = np.bincount(slices, (values - finite[slices]) ** 2, count).astype(np.float64)  # ints of none
        return cls(counts, finite, squares, rising, falling)

    def __add__(self, other: "Means") -> "Means":
        """Return the means of both together.

        T. F. Chan, G. H. Golub and R. J. LeVeque, *Updating formulae and a pairwise algorithm for computing sample
        variances*, 1979.
        """
        counts = self.counts + other.counts
        share = other.counts / np.maximum(counts, 1)
        with np.errstate(over="ignore", invalid="ignore"):
            apart = other.finite - self.finite
            finite = self.finite + apart * share
            squares = self.squares + other.squares + apart**2 * self.counts * share
        return Means(counts, finite, squares, self.rising + other.rising, self.falling + other.falling)

    @property
    def total(self) -> Integers:
        """How many numbers, infinite ones too."""
        return np.asarray(self.counts + self.rising + self.falling)

    @property
    def means(self) -> Floats:
        """The means: infinite where some numbers are; nan of none, or of infinite ones of either sign."""
        infinite = np.where(self.rising > 0, np.inf, -np.inf)
        with_infinite = np.where((self.rising > 0) & (self.falling > 0), np.nan, infinite)
        finite = np.where(self.counts > 0, self.finite, np.nan)
        return np.where(self.rising + self.falling > 0, with_infinite, finite)

    @property
    def standard_errors(self) -> Floats:
        """Those of the means of the finite numbers; nan of fewer than two, or of numbers beyond what can be squared.

        Of numbers that are the same but for rounding it is 0.
        """
        known = (self.counts > 1) & np.isfinite(self.squares)
        freedom = np.where(known, self.counts - 1, 1)
        spread = np.sqrt(np.where(known, self.squares, np.nan) / freedom)
        return np.asarray(np.where(spread <= ROUNDING * np.abs(self.finite), 0.0, spread / np.sqrt(freedom + 1)))

    @property
    def are_the_same(self) -> bool:
        """Whether all numbers of all slices are the same but for rounding, and at least two.

        >>> Means.of(np.array([0.3, 0.1 + 0.2, 0.3]), np.array([0, 0, 2]), 3).are_the_same
        True
        """
        here = self.counts > 0
        joint = Means.of(self.finite[here])
        spread = np.nan_to_num(self.standard_errors[here]).any() or joint.standard_errors[0] > 0
        return bool(self.counts.sum() > 1 and (self.total == self.counts).all() and not spread)

    def half_widths(self, among: int = 1) -> Floats:
        """Return how far the ends of the 95 % intervals are from the means (Student's t); nan of fewer than two.

        Of the most striking ``among`` so many slices the interval is wider (Bonferroni): one of twenty strikes by luck.
        """
        errors = self._finite_errors
        freedom = np.maximum(self.counts - 1, 1).astype(np.float64)
        within = 1 - (1 - CONFIDENCE) / (2 * max(1, among))
        return np.asarray(scipy.special.stdtrit(freedom, within) * errors)

    def normal_half_widths(self) -> Floats:
        """Return the same by normal theory, which needs many numbers."""
        return np.asarray(NORMAL * self._finite_errors)

    @property
    def _finite_errors(self) -> Floats:
        return np.where(self.rising + self.falling == 0, self.standard_errors, np.nan)


def joined(parts: Sequence[Means]) -> Means:
    """Return the means of blocks together, halves first: so less is lost by rounding."""
    if len(parts) == 1:
        return parts[0]
    return joined(parts[: len(parts) // 2]) + joined(parts[len(parts) // 2 :])
