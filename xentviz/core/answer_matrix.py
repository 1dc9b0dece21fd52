"""The confusion matrix of one answer in many at any threshold: a lookup, never another pass over the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.counts import Integers

FEW = 16
"""Up to so many rows a cell, a look at each row is faster than halving every cell."""

Parts = tuple[Rows, Values, Floats]
"""Of some rows: the cell of each, its largest probability, and the soft matrix."""


@dataclass(frozen=True, eq=False)
class AnswerMatrix:
    """The largest probability of every row of known truth, cell by cell of the matrix.

    Attributes
    ----------
    cells : ndarray of int64, shape (n,), ascending
        Those that occur: ``truth * categories + most probable category``.
    starts : ndarray of int64, shape (n + 1,)
        Where each cell's probabilities begin, and the number of rows at the end.
    largest : ndarray, shape (rows,)
        Ascending within each cell.
    soft : ndarray of float64, shape (categories, categories)
        The probabilities of every category, summed over the rows of each truth.
    """

    cells: Rows
    starts: Rows
    largest: Values
    soft: Floats

    def at(self, threshold: float) -> Integers:
        """Return the matrix at a threshold, as :func:`confusion_matrix` does: the last column is for none."""
        categories = len(self.soft)
        decided = np.zeros(categories * categories, dtype=np.int64)
        decided[self.cells] = self._reaching(self.largest.dtype.type(threshold))
        matrix = np.empty((categories, categories + 1), dtype=np.int64)
        matrix[:, :-1] = decided.reshape(categories, categories)
        matrix[:, -1] = self._rows - matrix[:, :-1].sum(axis=1)
        return matrix

    @cached_property
    def _rows(self) -> Integers:
        """How many rows are of each truth."""
        rows = np.zeros(len(self.soft), dtype=np.int64)
        np.add.at(rows, self.cells // len(self.soft), np.diff(self.starts))
        return rows

    def _reaching(self, threshold: np.floating) -> Integers:
        """Return how many probabilities of each cell reach a threshold."""
        if len(self.largest) <= FEW * len(self.cells):
            return np.diff(np.append(0, np.cumsum(self.largest >= threshold))[self.starts])
        return self.starts[1:] - self._first_reaching(threshold)

    def _first_reaching(self, threshold: np.floating) -> Rows:
        """Return where in each cell the probabilities begin that reach a threshold: all cells are halved at once."""
        first, end = self.starts[:-1].copy(), self.starts[1:].copy()
        while len(open_cells := np.flatnonzero(first < end)):
            middle = (first[open_cells] + end[open_cells]) // 2
            below = self.largest[middle] < threshold
            first[open_cells[below]] = middle[below] + 1
            end[open_cells[~below]] = middle[~below]
        return first


def answer_parts(truth: Rows, p: Values) -> Parts:
    """Return what some rows of known truth are to the matrix; what blocks give is joined by :func:`answer_matrix`.

    Parameters
    ----------
    truth : ndarray of int64, shape (rows,)
    p : ndarray, shape (rows, categories)
    """
    categories = p.shape[1]
    cells = truth[:, None] * categories + np.arange(categories)
    soft = np.bincount(cells.ravel(), weights=p.ravel(), minlength=categories * categories)
    matrix = soft.astype(np.float64).reshape(categories, categories)
    return truth * categories + p.argmax(axis=1), p.max(axis=1), matrix


def answer_matrix(parts: Sequence[Parts], categories: int) -> AnswerMatrix:
    """Return the matrix of all rows that the parts are of."""
    cell, largest = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    few = categories * categories <= np.iinfo(np.uint16).max  # numbers as short as that are sorted by their digits
    order = np.argsort(cell.astype(np.uint16) if few else cell, kind="stable")
    cell, largest = cell[order], largest[order]
    starts = np.append(np.flatnonzero(np.diff(cell, prepend=-1)), len(cell))
    for first, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        largest[first:end].sort()
    return AnswerMatrix(cell[starts[:-1]], starts, largest, np.sum([part[2] for part in parts], axis=0))
