"""Rows with one answer in many: labels of one category a row, and probabilities that stay distributions."""

import numpy as np
from numpy.typing import NDArray

from xentviz.core.arguments import UNLABELLED, Floats
from xentviz.core.columns import Rows, Values


def truths(labels: Floats) -> Rows:
    """Return the true categories of rows, -1 where none is known; of a soft label the largest, the first of several.

    Parameters
    ----------
    labels : ndarray of float64, shape (rows,) or (rows, categories)
        Numbers of categories, or distributions; nan where the truth is unknown.

    Examples
    --------
    >>> truths(np.array([2, np.nan])), truths(np.array([[0.3, 0.7], [np.nan, np.nan]]))
    (array([ 2, -1]), array([ 1, -1]))
    """
    unknown = np.isnan(labels)
    if labels.ndim == 1:
        return np.where(unknown, UNLABELLED, labels).astype(np.int64)
    return np.where(unknown.any(axis=1), UNLABELLED, labels.argmax(axis=1))


def as_distributions(labels: Values, categories: int) -> Floats:
    """Return numbers of categories, -1 for unlabelled, as distributions, nan for unlabelled.

    >>> as_distributions(np.array([1, -1]), 2)
    array([[ 0.,  1.],
           [nan, nan]])
    """
    certain = (np.arange(categories) == labels[:, None]).astype(np.float64)
    return np.where(labels[:, None] == UNLABELLED, np.nan, certain)


def answer(labels: Values, rows: Rows, categories: Rows, values: Floats) -> Values:
    """Write answers into labels, and return them: where the value is 1 the row is that category, where nan unlabelled.

    Parameters
    ----------
    labels : ndarray, shape (rows,) of int32 or (rows, categories) of float64
        As a multi-class document holds them.
    rows, categories : ndarray of int64, shape (n,)
    values : ndarray of float64, shape (n,)

    Examples
    --------
    >>> answer(np.array([0, 1, 2]), np.array([0, 1]), np.array([2, 1]), np.array([1, np.nan])).tolist()
    [2, -1, 2]
    """
    gone, given = np.isnan(values), values == 1
    if labels.ndim == 1:
        labels[rows[gone]] = UNLABELLED
        labels[rows[given]] = categories[given]
    else:
        labels[rows[gone]] = np.nan
        labels[rows[given]] = as_distributions(categories[given], labels.shape[1])
    return labels


def with_the_rest_scaled(p: Floats, given: NDArray[np.bool_]) -> Floats:
    """Return rows of probabilities that sum to 1: those given stay, the others keep their proportions.

    Others that were all 0, or all unknown, share evenly what is left. Otherwise a row with a nan is unknown, and stays
    as it is.

    Parameters
    ----------
    p : ndarray of float64, shape (rows, categories)
        With the given ones in it.
    given : ndarray of bool, same shape

    Examples
    --------
    >>> with_the_rest_scaled(np.array([[0.6, 0.3, 0.2], [0.4, 0, 0]]), np.array([[True, False, False]] * 2))
    array([[0.6 , 0.24, 0.16],
           [0.4 , 0.3 , 0.3 ]])
    """
    rest_unknown = (given | np.isnan(p)).all(axis=1, keepdims=True)
    others = np.where(given | rest_unknown, 0.0, p)
    total = others.sum(axis=1, keepdims=True)
    left = np.maximum(0.0, 1.0 - np.where(given, p, 0.0).sum(axis=1, keepdims=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = np.where(total > 0, others / total * left, left / (~given).sum(axis=1, keepdims=True))
    return np.where(given | np.isnan(total + left), p, rest)


def log_sum_of_others(logits: Floats, categories: Rows) -> Floats:
    """Return ``ln Σ exp(z_j)`` over all categories of each row but one, -inf where there is no other.

    Parameters
    ----------
    logits : ndarray of float64, shape (rows, categories)
    categories : ndarray of int64, shape (rows,)
        Those left out.

    Examples
    --------
    >>> log_sum_of_others(np.array([[5.0, 1.0, 1.0]]), np.array([0])).round(6)
    array([1.693147])
    """
    others = logits.copy()
    others[np.arange(len(others)), categories] = -np.inf
    largest = others.max(axis=1)
    anchor = np.where(np.isfinite(largest), largest, 0.0)
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(anchor + np.log(np.exp(others - anchor[:, None]).sum(axis=1)))
