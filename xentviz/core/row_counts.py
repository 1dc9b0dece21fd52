"""Confusion counts within each row, tallied: what samples averages and subset accuracy are taken from."""

from collections import Counter

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Values
from xentviz.core.counts import Counts, Tally


def tally(labels: Floats, decisions: Values) -> Tally:
    """Return how many rows have which counts.

    Parameters
    ----------
    labels : ndarray of float64, shape (rows, categories)
        0, 1 or between, where they are rounded; nan where an element has no label or no score.
    decisions : ndarray of bool, same shape

    Returns
    -------
    Counter of Counts
        Rows without a known element are left out.

    Examples
    --------
    >>> tally(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[True, True], [True, False]]))
    Counter({Counts(true_positives=1, false_positives=1, false_negatives=0, true_negatives=0): 1,
             Counts(true_positives=0, false_positives=1, false_negatives=1, true_negatives=0): 1})
    """
    known, yes = ~np.isnan(labels), labels >= 0.5
    parts = [decisions & yes, known & decisions & ~yes, ~decisions & yes, known & ~decisions & ~yes]
    # As the digits of one number, for numbers are sorted many times faster than rows; four of 50,000 fit.
    base = labels.shape[1] + 1
    digits = base ** np.arange(3, -1, -1, dtype=np.int64)
    codes = sum(part.sum(axis=1) * digit for part, digit in zip(parts, digits, strict=True))
    different, rows = np.unique(codes[known.any(axis=1)], return_counts=True)
    counts = different[::-1, None] // digits % base
    return Counter({Counts(*row): count for row, count in zip(counts.tolist(), rows[::-1].tolist(), strict=True)})
