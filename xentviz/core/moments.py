"""The mean of numbers and its standard error, from parts that add up."""

import math
from dataclasses import dataclass

import numpy as np

from xentviz.core.columns import Values


@dataclass(frozen=True)
class Moments:
    """How many finite numbers there are, their mean, and the sum of the squares of their deviations from it.

    Attributes
    ----------
    infinite : int
        Numbers that are not finite: counted, and in neither mean nor squares.

    Examples
    --------
    >>> found = Moments.of(np.array([1.0, 2.0])) + Moments.of(np.array([6.0, np.inf]))
    >>> found.count, found.mean, found.squares, found.infinite
    (3, 3.0, 14.0, 1)
    """

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    infinite: int = 0

    @classmethod
    def of(cls, values: Values) -> "Moments":
        """Return the moments of numbers without nan."""
        finite = values[np.isfinite(values)]
        infinite = len(values) - len(finite)
        if not len(finite):
            return cls(infinite=infinite)
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(finite.mean(dtype=np.float64))
            return cls(len(finite), mean, float(((finite - mean) ** 2).sum()), infinite)

    def __add__(self, other: "Moments") -> "Moments":
        count, infinite = self.count + other.count, self.infinite + other.infinite
        if not self.count or not other.count:
            known = self if self.count else other
            return Moments(count, known.mean, known.squares, infinite)
        # T. F. Chan, G. H. Golub and R. J. LeVeque, Updating formulae and a pairwise algorithm for computing sample
        # variances, 1979: sums of squares themselves would lose the digits that the mean takes away again.
        apart = other.mean - self.mean
        mean = self.mean + apart * other.count / count
        squares = self.squares + other.squares + apart * apart * self.count * other.count / count
        return Moments(count, mean, squares, infinite)

    @property
    def standard_error(self) -> float | None:
        """Of the mean; None of fewer than two numbers, or of numbers beyond what can be squared."""
        if self.count < 2 or not math.isfinite(self.squares):
            return None
        return math.sqrt(self.squares / (self.count - 1) / self.count)
