"""Which elements a model gave a probability between two."""

from collections.abc import Callable

import numpy as np

from xentviz.core.columns import Rows, Values
from xentviz.core.document import Document
from xentviz.core.looked_at import LookedAt, Mask
from xentviz.core.progress import Report, Stopped, never, unheard


def elements_between(
    document: Document,
    model: int,
    category: int | None,
    low: float,
    high: float,
    stopped: Stopped = never,
    report: Report = unheard,
) -> Rows:
    """Return the labelled elements with a probability p of ``low <= p < high``, or ``<= high`` where that is 1.

    Parameters
    ----------
    document : Document
    model : int
    category : int or None
        Of which elements; None for all, of yes/no questions. Of one answer in many the rows by their probability of
        this category, of None by the largest; told by their first elements.
    low, high : float
        Rounded to the scores' own precision, as edges of bins are.
    stopped, report : callable
        As of :func:`evaluate`.

    Returns
    -------
    ndarray of int64, ascending

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> document = Document.create([1, 0, 1, float("nan")], {"A": [0.5, 0.6, 0.7, 0.6]})
    >>> elements_between(document, 0, None, 0.6, 0.7).tolist()
    [1]
    """
    looked = LookedAt(document, category)

    def chosen(block: int) -> Mask:
        return looked.truths(block)[1] & _within(looked.scores(block, model), low, high)

    return looked.elements_where(chosen, stopped, report)


def _within(p: Values, low: float, high: float) -> Mask:
    lower, upper = np.array([low, high]).astype(p.dtype)
    below: Callable[[Values, Values], Mask] = np.less_equal if high >= 1.0 else np.less
    return np.asarray((p >= lower) & below(p, upper))
