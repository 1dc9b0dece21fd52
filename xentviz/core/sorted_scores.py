"""The scores of several categories, each category's ascending: counts at any threshold are lookups in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.counts import Integers

MANY = 1000
"""From so many scores a category on, searches find sooner how many reach a threshold than a look at each score."""


@dataclass(frozen=True, eq=False)
class SortedScores:
    """Scores of some elements, category after category, ascending within each.

    Attributes
    ----------
    scores : ndarray of float32 or float64, shape (elements,)
    starts : ndarray of int64, shape (categories + 1,)
        Where each category begins, and the number of elements at the end.

    Examples
    --------
    >>> table = np.array([[0.9, 0.2], [0.4, 0.3]])
    >>> sorted_scores(table, np.array([[True, False], [True, True]])).of(0)
    array([0.4, 0.9])
    """

    scores: Values
    starts: Rows

    def of(self, category: int) -> Values:
        """Return the scores of one category, ascending."""
        one: Values = self.scores[self.starts[category] : self.starts[category + 1]]
        return one

    def only(self, category: int) -> "SortedScores":
        """Return the scores of one category, as of its only one."""
        one = self.of(category)
        return SortedScores(one, np.array([0, len(one)]))

    def reaching(self, threshold: float) -> Integers:
        """Return how many scores of each category reach a threshold, rounded to their precision; shape (categories,).

        With few scores in each of many categories, to look at every score is faster than as many searches.
        """
        at, categories = self.scores.dtype.type(threshold), len(self.starts) - 1
        if len(self.scores) > MANY * categories:
            each = (self.of(category) for category in range(categories))
            return np.array([len(scores) - scores.searchsorted(at) for scores in each])
        reached = self.scores >= at
        return np.diff(np.append(0, np.cumsum(reached))[self.starts])

    def reaching_each(self, thresholds: Floats) -> Integers:
        """Return how many scores of each category reach its own threshold; both of shape (categories,).

        Examples
        --------
        >>> SortedScores(np.array([0.4, 0.9, 0.3]), np.array([0, 2, 3])).reaching_each(np.array([0.4, 0.5]))
        array([2, 0])
        """
        if not len(self.scores):
            return np.zeros(len(thresholds), dtype=np.int64)
        limits, below, ends = thresholds.astype(self.scores.dtype), self.starts[:-1], self.starts[1:]
        # All categories are searched at once, in steps half as long each time.
        for power in reversed(range(int(np.diff(self.starts).max()).bit_length())):
            further = below + (1 << power)
            known = self.scores.take(further - 1, mode="clip")
            below = np.where((further <= ends) & (known < limits), further, below)
        return ends - below

    def tied_each(self, threshold: float) -> Integers:
        """Return how many scores of each category are exactly at a threshold, rounded to their precision.

        Examples
        --------
        >>> SortedScores(np.array([0.4, 0.4, 0.9, 0.3]), np.array([0, 3, 4])).tied_each(0.4)
        array([2, 0])
        """
        at, each = self.scores.dtype.type(threshold), np.ones(len(self.starts) - 1, dtype=self.scores.dtype)
        reached = self.reaching_each(at * each)
        if not (self.scores[(self.starts[1:] - reached)[reached > 0]] == at).any():  # as at most thresholds
            return np.zeros_like(reached)
        return reached - self.reaching_each(np.nextafter(at, np.inf, dtype=at.dtype) * each)

    def histogram(self, edges: Floats) -> Integers:
        """Return how many scores of all categories lie in each bin ``[edge, next edge)``, as precise as they are."""
        places = np.searchsorted(edges.astype(self.scores.dtype), self.scores, side="right")
        return np.bincount(places, minlength=len(edges) + 1)[1:-1]


def sorted_scores(table: Values, chosen: NDArray[np.bool_]) -> SortedScores:
    """Return those elements of a table, shape (rows, categories), that are chosen."""
    # What is not chosen sorts to the end of its category, and is cut off.
    padded = np.where(chosen, table, np.inf).T.copy()
    padded.sort(axis=1)
    sizes = chosen.sum(axis=0)
    scores = padded[np.arange(len(table)) < sizes[:, None]]
    return SortedScores(scores, np.append(0, np.cumsum(sizes)))


def sorted_groups(scores: Values, groups: Rows, categories: int) -> SortedScores:
    """Return scores, shape (rows,), each of the category that its group is the number of."""
    order = np.lexsort((scores, groups))
    starts = np.searchsorted(groups[order], np.arange(categories + 1))
    return SortedScores(scores[order], starts)
