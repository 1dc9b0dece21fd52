"""Which elements a model gave a probability between two."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from xentviz.core.answers import truths
from xentviz.core.columns import Block, Rows, Values
from xentviz.core.document import Document, Task, probabilities
from xentviz.core.parallel import in_batches
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.summaries import known_pair


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
    kind, many, size = document.models[model].kind, document.task is Task.MULTICLASS, len(document.categories)

    def places(pair: tuple[Block, Block]) -> Rows:
        labels, scores = known_pair(*pair, document.task)
        if not many:
            within = _within(probabilities(scores, kind, document.task), low, high) & ~np.isnan(labels)
            return np.flatnonzero(within if category is None else within & (np.arange(size) == category))
        rows = np.flatnonzero(truths(labels) >= 0)
        p = probabilities(scores[rows], kind, document.task)
        return rows[_within(p.max(axis=1) if category is None else p[:, category], low, high)] * size

    blocks = list(zip(document.labels.blocks, document.models[model].scores.blocks, strict=True))
    starts = document.labels.starts[:-1] * size
    found = in_batches(places, blocks, stopped, report)
    return np.concatenate([start + here for start, here in zip(starts, found, strict=True)])


def _within(p: Values, low: float, high: float) -> NDArray[np.bool_]:
    lower, upper = np.array([low, high]).astype(p.dtype)
    below: Callable[[Values, Values], NDArray[np.bool_]] = np.less_equal if high >= 1.0 else np.less
    return np.asarray((p >= lower) & below(p, upper))
