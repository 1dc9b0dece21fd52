"""95 % intervals of numbers that are taken from confusion counts: looked up, without another pass over the rows."""

import math
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from xentviz.core import confusion, metrics
from xentviz.core.arguments import Floats
from xentviz.core.counts import Counts, Integers

Interval = tuple[float, float]

CONFIDENCE = 0.95

NORMAL = 1.959963984540054
"""The normal distribution has 2.5 % above it."""

ROUNDING = 1e-10
"""Numbers that are apart by a smaller share of their size are apart by rounding: their mean has no spread."""

Number = TypeVar("Number", float, Floats)


class Estimate(NamedTuple):
    """A number, None where it is not defined, and its 95 % interval, None where these rows do not tell it."""

    value: float | None
    interval: Interval | None


UNKNOWN = Estimate(None, None)


def leaves_out_zero(interval: Interval | None) -> bool:
    """Return whether there is an interval, and 0 is not in it: so large a difference is hardly luck."""
    return interval is not None and not interval[0] <= 0 <= interval[1]


def around(value: float | None, standard_error: float | None, least: float, most: float) -> Interval | None:
    """Return a normal interval within bounds; None without a standard error above 0.

    >>> around(0.5, 0.5, 0.0, 2.0)
    (0.0, 1.479981992270027)
    """
    if value is None or not standard_error:
        return None
    return max(least, value - NORMAL * standard_error), min(most, value + NORMAL * standard_error)


def within_one(value: float | None, standard_error: float | None) -> Interval | None:
    """Return an interval of what lies from 0 to 1: normal for its log-odds, so that it never leaves that range.

    M. S. Pepe, *The Statistical Evaluation of Medical Tests for Classification and Prediction*, 2003, section 5.2.

    >>> [round(end, 3) for end in within_one(0.9, 0.05)]
    [0.752, 0.964]
    """
    if value is None or not standard_error or not 0 < value < 1:
        return None
    odds, reach = value / (1 - value), math.exp(min(700.0, NORMAL * standard_error / (value * (1 - value))))
    return odds / (odds + reach), 1 - 1 / (1 + odds * reach)


def wilson(part: int, whole: int) -> Interval | None:
    """Return the interval of a share, None of nothing.

    E. B. Wilson, *Probable inference, the law of succession, and statistical inference*, 1927.

    >>> [round(end, 4) for end in wilson(9, 10)]
    [0.5958, 0.9821]
    """
    if not whole:
        return None
    low, high = _wilson(part / whole, NORMAL**2 / whole)
    return (0.0 if part == 0 else low), (1.0 if part == whole else high)


def wilson_of_all(parts: Integers, wholes: Integers) -> Floats:
    """Return the intervals of shares, as :func:`wilson`, shape (shares, 2); nan of nothing.

    >>> wilson_of_all(np.array([9, 0]), np.array([10, 0])).round(4).tolist()
    [[0.5958, 0.9821], [nan, nan]]
    """
    some = np.maximum(wholes, 1)
    low, high = _wilson(parts / some, NORMAL**2 / some)
    ends = np.stack([np.where(parts == 0, 0.0, low), np.where(parts == wholes, 1.0, high)], axis=1)
    return np.where(wholes[:, None] > 0, ends, np.nan)


def _wilson(share: Number, square: Number) -> tuple[Number, Number]:
    middle = (share + square / 2) / (1 + square)
    reach = (square * (share * (1 - share) + square / 4)) ** 0.5 / (1 + square)
    return middle - reach, middle + reach


def of_counts(metric: str, counts: Counts) -> Estimate:
    """Return a metric of yes/no decisions and its interval.

    Parameters
    ----------
    metric : str
        A key of :data:`xentviz.core.metrics.METRICS`.
    counts : Counts

    Notes
    -----
    Shares have Wilson's interval. F1 is 2 J / (1 + J) of the share J = TP / (TP + FP + FN), and has the ends of J's.
    Balanced accuracy is the mean of two shares of different rows, whose intervals are joined as G. Y. Zou and
    A. Donner do (*Construction of confidence limits about effect measures*, 2008). The correlation (MCC) is normal
    on R. A. Fisher's scale artanh, with half an element more in every cell, so that no empty one feigns certainty.

    Examples
    --------
    >>> value, interval = of_counts("f1", Counts(40, 10, 10, 40))
    >>> value, [round(end, 3) for end in interval]
    (0.8, [0.702, 0.872])
    """
    value = metrics.METRICS[metric](counts)
    return Estimate(value, None if value is None else _FROM_COUNTS[metric](counts))


def _of_f1(counts: Counts) -> Interval | None:
    found = wilson(counts.true_positives, counts.total - counts.true_negatives)
    return None if found is None else (2 * found[0] / (1 + found[0]), 2 * found[1] / (1 + found[1]))


def _of_balanced_accuracy(counts: Counts) -> Interval | None:
    yes, no = _of_recall(counts), _of_specificity(counts)
    recall, specificity = metrics.recall(counts), metrics.specificity(counts)
    if yes is None or no is None or recall is None or specificity is None:
        return None
    middle = (recall + specificity) / 2
    below = math.hypot(recall - yes[0], specificity - no[0]) / 2
    above = math.hypot(yes[1] - recall, no[1] - specificity) / 2
    return middle - below, middle + above


def _of_matthews(counts: Counts) -> Interval | None:
    four = np.array([[counts.true_positives, counts.false_negatives], [counts.false_positives, counts.true_negatives]])
    value, slopes = _matthews(four + 0.5)
    error = _standard_error(four + 0.5, slopes)
    middle, found = math.atanh(value), metrics.matthews(counts)
    reach = NORMAL * error / (1 - value * value)
    low, high = math.tanh(middle - reach), math.tanh(middle + reach)
    return (low, high) if found is None else (min(low, found), max(high, found))


def _of_accuracy(counts: Counts) -> Interval | None:
    return wilson(counts.correct, counts.total)


def _of_precision(counts: Counts) -> Interval | None:
    return wilson(counts.true_positives, counts.true_positives + counts.false_positives)


def _of_recall(counts: Counts) -> Interval | None:
    return wilson(counts.true_positives, counts.positives)


def _of_specificity(counts: Counts) -> Interval | None:
    return wilson(counts.true_negatives, counts.total - counts.positives)


_FROM_COUNTS: dict[str, Callable[[Counts], Interval | None]] = {
    "accuracy": _of_accuracy,
    "precision": _of_precision,
    "recall": _of_recall,
    "f1": _of_f1,
    "specificity": _of_specificity,
    "balanced_accuracy": _of_balanced_accuracy,
    "mcc": _of_matthews,
}


def of_matrix(metric: str, matrix: Integers) -> Estimate:
    """Return a metric of one answer in many and its interval.

    Parameters
    ----------
    metric : str
        Accuracy is of rows; MCC that of all categories together; balanced accuracy the mean recall; precision, recall,
        F1 and specificity are means over the categories where they are defined (macro).
    matrix : ndarray of int64, shape (categories, categories + 1)
        Rows are the truth, columns the decision, the last one for none.

    Notes
    -----
    The interval of accuracy is Wilson's. Of the others it is by the delta method: a row of each cell moves the number
    by its slope there, and the rows are drawn from all cells. Which categories are defined is taken for given. Where
    no row moves it, as where all are decided rightly, the interval is not told.

    References
    ----------
    K. Takahashi, K. Yamamoto, A. Kuchiba and T. Koyama, *Confidence interval for micro-averaged F1 and macro-averaged
    F1 scores*, 2022.

    Examples
    --------
    >>> matrix = np.array([[40, 10, 0], [5, 45, 0]])
    >>> value, interval = of_matrix("balanced_accuracy", matrix)
    >>> round(value, 6), [round(end, 3) for end in interval]
    (0.85, [0.781, 0.919])
    """
    if metric == "accuracy":
        return Estimate(confusion.accuracy(matrix), wilson(int(np.trace(matrix)), int(matrix.sum())))
    if metric == "mcc":
        correlation = confusion.matthews(matrix)
        if correlation is None:
            return UNKNOWN
        return Estimate(correlation, around(correlation, _standard_error(matrix, _matthews(matrix)[1]), -1.0, 1.0))
    name = "recall" if metric == "balanced_accuracy" else metric
    value = metrics.macro(metrics.METRICS[name], confusion.one_vs_rest(matrix))
    if value is None:
        return UNKNOWN
    return Estimate(value, around(value, _standard_error(matrix, _macro_slopes(name, matrix)), 0.0, 1.0))


def _standard_error(matrix: Integers | Floats, slopes: Floats) -> float:
    """Return that of a number which a row of each cell moves by so much; a wholly proportional one does not move."""
    moved = float((matrix * slopes**2).sum() - (matrix * slopes).sum() ** 2 / matrix.sum())
    return math.sqrt(moved) if moved > 1e-24 else 0.0


def _matthews(matrix: Integers | Floats) -> tuple[float, Floats]:
    """Return the correlation of truth and decision, and how far a row of each cell moves it."""
    table = matrix.astype(np.float64)
    total, actual, decided = table.sum(), table.sum(axis=1), table.sum(axis=0)
    right, categories = np.trace(table), len(table)
    agreed = total * right - (actual * decided[:categories]).sum()
    of_truth, of_decisions = total**2 - (actual**2).sum(), total**2 - (decided**2).sum()
    whole = math.sqrt(of_truth) * math.sqrt(of_decisions)
    value = agreed / whole
    answered = np.zeros(table.shape[1])
    answered[:categories] = actual
    on_diagonal = np.eye(*table.shape)
    gained = right + total * on_diagonal - decided[:categories, None] - answered[None, :]
    spread = (total - actual)[:, None] / of_truth + (total - decided)[None, :] / of_decisions
    return float(value), gained / whole - value * spread


class _Slopes(NamedTuple):
    """How far one more of each kind moves a metric of each category."""

    hit: Floats
    false_alarm: Floats
    miss: Floats
    right_no: Floats


def _macro_slopes(name: str, matrix: Integers) -> Floats:
    """Return how far a row of each cell moves the mean over the categories where a metric is defined."""
    categories = len(matrix)
    hits, actual, said = np.diagonal(matrix), matrix.sum(axis=1), matrix.sum(axis=0)[:categories]
    four = [hits, said - hits, actual - hits, matrix.sum() - said - actual + hits]
    slopes, defined = _slopes(name, *(part.astype(np.float64) for part in four))
    of = _Slopes(*(np.where(defined, slope, 0.0) / defined.sum() for slope in slopes))
    # A row is a miss of its truth and a false alarm of its decision, or a hit; and a right no of all others.
    moved = np.full(matrix.shape, of.right_no.sum()) + (of.miss - of.right_no)[:, None]
    moved[:, :categories] += (of.false_alarm - of.right_no)[None, :]
    places = np.arange(categories)
    moved[places, places] = of.right_no.sum() + of.hit - of.right_no
    return moved


def _slopes(name: str, tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> tuple[_Slopes, NDArray[np.bool_]]:
    """Return the derivatives of a metric by its counts, and where it is defined."""
    part, others = {
        "precision": (tp, fp),
        "recall": (tp, fn),
        "specificity": (tn, fp),
        "f1": (tp, (fp + fn) / 2),
    }[name]
    whole = part + others
    square = np.where(whole > 0, whole, 1.0) ** 2
    more, less, none = others / square, -part / square, np.zeros(len(tp))
    by = {
        "precision": _Slopes(more, less, none, none),
        "recall": _Slopes(more, none, less, none),
        "specificity": _Slopes(none, less, none, more),
        "f1": _Slopes(more, less / 2, less / 2, none),
    }
    return by[name], whole > 0
