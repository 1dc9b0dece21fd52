"""Who is taken for whom: the confusion matrix of one answer in many, and the numbers taken from it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xentviz.core.arguments import Floats, as_floats, check_categories, check_option
from xentviz.core.columns import Rows, Values
from xentviz.core.counts import Counts, Integers

NONE = -1
"""The decision for no category at all, and the truth that nobody knows."""


def decisions(probabilities: Values, threshold: float | None = None) -> Rows:
    """Return the category decided for in each row: the most probable, the first of several.

    Parameters
    ----------
    probabilities : ndarray, shape (rows, categories)
    threshold : float, optional
        Where the largest probability is below it, the decision is -1: none. It is rounded to the
        probabilities' own precision.

    Returns
    -------
    ndarray of int64, shape (rows,)

    Examples
    --------
    >>> decisions(np.array([[0.2, 0.4, 0.4], [0.9, 0.1, 0.0]]), threshold=0.5)
    array([-1,  0])
    """
    p = as_floats(probabilities)
    largest, decided = p.max(axis=1), p.argmax(axis=1)
    reached = ~np.isnan(largest) if threshold is None else largest >= p.dtype.type(threshold)
    return np.where(reached, decided, NONE)


def confusion_matrix(truth: Rows, decided: Rows, categories: int) -> Integers:
    """Return how many rows of each category were decided to be each.

    Parameters
    ----------
    truth, decided : ndarray of integers, shape (rows,)
        Numbers of categories; rows of unknown truth (-1) are left out, decisions for none are -1.
    categories : int

    Returns
    -------
    ndarray of int64, shape (categories, categories + 1)
        Rows are the truth, columns the decision, the last one for none. Matrices of blocks add up.

    Raises
    ------
    DataError
        ``label_out_of_range`` for the first truth or decision that is no category.

    Examples
    --------
    >>> confusion_matrix(np.array([2, 1, 0, 0]), np.array([2, 1, 0, -1]), 3)
    array([[1, 0, 0, 1],
           [0, 1, 0, 0],
           [0, 0, 1, 0]])
    """
    check_categories(truth, categories)
    check_categories(decided, categories)
    known = truth != NONE
    columns = np.where(decided == NONE, categories, decided)
    cells = truth[known].astype(np.int64) * (categories + 1) + columns[known]
    return np.bincount(cells, minlength=categories * (categories + 1)).reshape(categories, categories + 1)


def with_totals(matrix: Integers | Floats) -> Floats:
    """Return a matrix with the sum of each row behind it, and of each column below it.

    >>> with_totals(np.array([[1, 2], [3, 4]]))
    array([[ 1.,  2.,  3.],
           [ 3.,  4.,  7.],
           [ 4.,  6., 10.]])
    """
    rows = np.append(matrix, matrix.sum(axis=1, keepdims=True), axis=1).astype(np.float64)
    return np.append(rows, rows.sum(axis=0, keepdims=True), axis=0)


def one_vs_rest(matrix: Integers) -> tuple[Counts, ...]:
    """Return the counts of each category against all others together.

    >>> one_vs_rest(np.array([[1, 1, 0], [0, 2, 0]]))[1]
    Counts(true_positives=2, false_positives=1, false_negatives=0, true_negatives=1)
    """
    total, right = int(matrix.sum()), np.diagonal(matrix)
    actual, decided = matrix.sum(axis=1), matrix.sum(axis=0)
    return tuple(
        Counts(int(tp), int(said - tp), int(are - tp), int(total - said - are + tp))
        for tp, said, are in zip(right, decided, actual, strict=False)
    )


@dataclass(frozen=True)
class Decided:
    """How many rows of known truth were decided rightly, wrongly, and not at all."""

    right: int
    wrong: int
    undecided: int

    @property
    def accuracy(self) -> float | None:
        """The share of all of them decided rightly, as :func:`accuracy` of their matrix."""
        total = self.right + self.wrong + self.undecided
        return self.right / total if total else None

    @property
    def precision(self) -> float | None:
        """The share of those decided at all that were decided rightly."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None


def decided(categories: Sequence[Counts]) -> Decided:
    """Return how many rows were decided, from each category's counts against the rest.

    >>> decided(one_vs_rest(np.array([[1, 1, 1], [0, 2, 0]])))
    Decided(right=3, wrong=1, undecided=1)
    """
    right = sum(counts.true_positives for counts in categories)
    wrong = sum(counts.false_positives for counts in categories)
    return Decided(right, wrong, categories[0].total - right - wrong)


def accuracy(matrix: Integers) -> float | None:
    """Return the share of rows decided rightly; a decision for none is not right.

    >>> accuracy(np.array([[1, 1, 0], [0, 2, 0]]))
    0.75
    """
    total = int(matrix.sum())
    return int(np.trace(matrix)) / total if total else None


def cohen_kappa(matrix: Integers) -> float | None:
    """Return how far decisions agree with the truth beyond chance, from -1 to 1; undefined where chance is sure to.

    J. Cohen, *A coefficient of agreement for nominal scales*, 1960.

    >>> cohen_kappa(np.array([[20, 5, 0], [10, 15, 0]]))
    0.4
    """
    total, actual, decided = _margins(matrix)
    by_chance = sum(a * d for a, d in zip(actual, decided, strict=False))
    agreed = total * int(np.trace(matrix))
    return (agreed - by_chance) / (total * total - by_chance) if total * total != by_chance else None


def matthews(matrix: Integers) -> float | None:
    """Return the correlation of decisions and truth, from -1 to 1; undefined where either never varies.

    J. Gorodkin, *Comparing two K-category assignments by a K-category correlation coefficient*, 2004.

    >>> round(matthews(np.array([[20, 5, 0], [10, 15, 0]])), 6)
    0.408248
    """
    total, actual, decided = _margins(matrix)
    both = total * int(np.trace(matrix)) - sum(a * d for a, d in zip(actual, decided, strict=False))
    spread = (total * total - sum(a * a for a in actual)) * (total * total - sum(d * d for d in decided))
    return both / math.sqrt(spread) if spread else None


def top_k_accuracy(truth: Rows, probabilities: Values, k: int) -> float | None:
    """Return the share of rows whose true category is among the k most probable.

    Parameters
    ----------
    truth : ndarray of integers, shape (rows,)
        Rows of unknown truth (-1) or with a nan among their scores are left out.
    probabilities : ndarray, shape (rows, categories)
        Probabilities or logits; of equal ones the first counts as the more probable.
    k : int
        From 1 to the number of categories.

    Examples
    --------
    >>> top_k_accuracy(np.array([2, 0]), np.array([[0.5, 0.3, 0.2], [0.4, 0.4, 0.2]]), k=1)
    0.5
    """
    check_option("k", k, probabilities.shape[1], smallest=1)
    known = (truth != NONE) & ~np.isnan(probabilities).any(axis=1)
    truth, p = truth[known], probabilities[known]
    own = p[np.arange(len(p)), truth][:, None]
    before = (p > own) | ((p == own) & (np.arange(p.shape[1]) < truth[:, None]))
    return float((before.sum(axis=1) < k).mean()) if len(p) else None


def _margins(matrix: Integers) -> tuple[int, list[int], list[int]]:
    """Return the total, the rows of each true category, and those decided to be each, none last."""
    return int(matrix.sum()), matrix.sum(axis=1).tolist(), matrix.sum(axis=0).tolist()
