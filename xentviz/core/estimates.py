"""The numbers of one model on the scoreboard that are taken from its counts or its sorted scores."""

from collections.abc import Sequence

from xentviz.core import confusion, metrics
from xentviz.core.binning import binned
from xentviz.core.calibration_error import CalibrationError, calibration_error, mean_error
from xentviz.core.counts import Counts, Integers
from xentviz.core.evaluation import ModelResults
from xentviz.core.intervals import UNKNOWN, Estimate, of_counts, of_matrix
from xentviz.core.progress import Stopped, check, never


def of_decisions(metric: str, counts: Sequence[Counts]) -> Estimate:
    """Return a metric of yes/no decisions and its interval, all categories together.

    >>> of_decisions("accuracy", [Counts(3, 1, 2, 4), Counts(1, 1, 0, 0)]).value
    0.6666666666666666
    """
    return of_counts(metric, metrics.pooled(counts))


def of_answers(metric: str, counts: Sequence[Counts], matrix: Integers | None) -> Estimate:
    """Return a metric of rows with one answer in many and its interval; as far as counts tell it, without a matrix.

    Parameters
    ----------
    metric : str
        As of :func:`xentviz.core.intervals.of_matrix`.
    counts : sequence of Counts
        One a category, against the rest.
    matrix : ndarray of int64, shape (categories, categories + 1), or None

    Examples
    --------
    >>> import numpy as np
    >>> matrix = np.array([[3, 1, 0], [0, 2, 2]])
    >>> of_answers("accuracy", confusion.one_vs_rest(matrix), None)
    Estimate(value=0.625, interval=None)
    """
    if matrix is not None:
        return of_matrix(metric, matrix)
    if metric == "accuracy":
        return Estimate(confusion.decided(counts).accuracy, None)
    if metric == "mcc":
        return UNKNOWN
    name = "recall" if metric == "balanced_accuracy" else metric
    return Estimate(metrics.macro(metrics.METRICS[name], counts), None)


def calibration_of(
    numbers: ModelResults, categories: range, bins: int, equal: bool, stopped: Stopped = never
) -> CalibrationError:
    """Return the calibration error of a model: the mean over some categories, each in bins of its own.

    Parameters
    ----------
    numbers : ModelResults
    categories : range
    bins : int
    equal : bool
        Whether each bin holds as many elements as another, and is not as wide.
    stopped : callable
        Asked before each category.

    Raises
    ------
    Cancelled
    """
    found = []
    for category in categories:
        check(stopped)
        scores = numbers.positives(category), numbers.negatives(category)
        found.append(calibration_error(binned(*scores, bins, equal_count=equal, stopped=stopped)))
    return mean_error(found) if len(found) > 1 else found[0]
