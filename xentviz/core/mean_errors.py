"""Mean losses and Brier scores with their intervals, and paired differences to one model, block by block."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce as fold
from operator import add
from typing import NamedTuple

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.comparison import NORMAL_ROWS, mean_with_interval, paired_difference
from xentviz.core.document import Document, ScoreKind, Task, probabilities
from xentviz.core.evaluation import Results
from xentviz.core.intervals import NORMAL, Interval
from xentviz.core.moments import Moments
from xentviz.core.parallel import in_batches
from xentviz.core.progress import Report, Stopped, check, never, unheard
from xentviz.core.summaries import known_pair, losses


class LossGap(NamedTuple):
    """By how much the losses of the same rows are higher under another model than under the reference.

    Attributes
    ----------
    rows : int
        That have a loss under both.
    mean : float or None
        As of :class:`xentviz.core.comparison.Difference`, in nats: infinite, or None where both have infinite losses.
    interval : tuple of float, or None
        95 % interval of the mean.
    finite_mean : float or None
        Over the rows whose difference is finite; the same as the mean where all are.
    finite_interval : tuple of float, or None
    infinite : int
        Rows whose difference is infinite.
    """

    rows: int
    mean: float | None
    interval: Interval | None
    finite_mean: float | None
    finite_interval: Interval | None
    infinite: int

    @property
    def settled(self) -> bool:
        """Whether the interval, of the finite differences if there are others, leaves 0 out."""
        return self.finite_interval is not None and not self.finite_interval[0] <= 0 <= self.finite_interval[1]


@dataclass(frozen=True)
class MeanErrors:
    """Of one model.

    Attributes
    ----------
    loss : tuple of float, or None
        95 % interval of the mean of the finite losses, in nats.
    brier : tuple of float, or None
        That of the Brier score.
    gap : LossGap or None
        To the reference; None of the reference itself.
    """

    loss: Interval | None
    brier: Interval | None
    gap: LossGap | None


def mean_errors(
    results: Results,
    reference: int,
    category: int | None = None,
    stopped: Stopped = never,
    report: Report = unheard,
) -> tuple[MeanErrors, ...]:
    """Return the intervals of each model's mean loss and Brier score, and its losses' differences to a reference.

    Parameters
    ----------
    results : Results
    reference : int
    category : int, optional
        The one category whose elements are meant; of one answer in many, the rows whose truth it is.
    stopped, report : callable
        As of :func:`xentviz.core.evaluation.evaluate`.

    Raises
    ------
    Cancelled

    Notes
    -----
    Intervals are by normal theory from 1,000 rows on, else the percentiles of 10,000 resamples with a fixed seed. The
    answers to several questions about one row belong together: whole rows are drawn. A mean over elements is then a
    quotient of two sums over rows, and the deviation of a row's sum from as many means takes the place of a loss.

    Examples
    --------
    >>> from xentviz.core.evaluation import evaluate
    >>> results = evaluate(Document.create([1, 0, 1, 0], {"A": [0.9, 0.2, 0.8, 0.1], "B": [0.6, 0.4, 0.4, 0.4]}))
    >>> gap = mean_errors(results, 0)[1].gap
    >>> round(gap.mean, 4), [round(end, 3) for end in gap.interval]
    (0.4479, [0.317, 0.621])
    """
    document = results.document
    models = range(len(document.models))
    means = [_centres(results, model, category) for model in models]
    blocks = range(len(document.labels.blocks))
    few = document.rows < NORMAL_ROWS

    def of_block(place: int) -> list[list[Floats]]:
        rows = [_row_numbers(document, model, place, category) for model in models]
        return [_columns(rows[model], means[model], rows[reference]) for model in models]

    if few:
        parts = in_batches(of_block, blocks, stopped, report)
        joined = [[np.concatenate(column) for column in zip(*of, strict=True)] for of in zip(*parts, strict=True)]
        return _of_few(joined, means, reference, stopped)

    def moments(place: int) -> list[list[Moments]]:
        return [[Moments.of(column[~np.isnan(column)]) for column in of] for of in of_block(place)]

    found = in_batches(moments, blocks, stopped, report)
    return tuple(
        _of_many([fold(add, column) for column in zip(*of_model, strict=True)], means[model], model == reference)
        for model, of_model in enumerate(zip(*found, strict=True))
    )


class _Rows(NamedTuple):
    """Of each row: sums over its elements, and the mean loss; nan where it has none.

    A row with an infinite loss has an infinite mean; its finite losses alone are in the sum, and are counted.
    """

    losses: Floats
    finite: Floats
    squares: Floats
    known: Floats
    mean: Floats


class _Centres(NamedTuple):
    """The finite mean and the Brier score of a model, and how many elements each is of."""

    loss: float
    finite: int
    brier: float
    known: int


def _centres(results: Results, model: int, category: int | None) -> _Centres:
    numbers = results.models[model]
    found = numbers if category is None else numbers.only(category)
    return _Centres(found.finite_mean or 0.0, found.known - found.infinite, found.brier or 0.0, found.known)


def _row_numbers(document: Document, model: int, place: int, category: int | None) -> _Rows:
    of = document.models[model]
    labels, scores = known_pair(document.labels.blocks[place], of.scores.blocks[place], document.task)
    loss = losses(labels, scores, of.kind, document.task)
    squares = _squares(labels, scores, of.kind, document.task)
    if document.task is Task.MULTICLASS:
        if category is not None:
            truth = labels if labels.ndim == 1 else np.where(np.isnan(labels), -1.0, labels).argmax(axis=1)
            loss = np.where(truth == category, loss, np.nan)
        loss, squares = loss[:, None], squares[:, None]
    elif category is not None:
        loss, squares = loss[:, category : category + 1], squares[:, category : category + 1]
    known, infinite = ~np.isnan(loss), np.isinf(loss)
    count = known.sum(axis=1).astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.where(known, loss, 0.0).sum(axis=1)
        return _Rows(
            losses=np.where(known & ~infinite, loss, 0.0).sum(axis=1),
            finite=(known & ~infinite).sum(axis=1).astype(np.float64),
            squares=np.where(known, squares, 0.0).sum(axis=1),
            known=count,
            mean=np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0),
        )


def _squares(labels: Floats, scores: Floats, kind: ScoreKind, task: Task) -> Floats:
    """Return squared errors of probabilities; of a row with one answer in many, summed over its categories."""
    p = probabilities(scores, kind, task)
    if task is not Task.MULTICLASS:
        return np.asarray((p - labels) ** 2)
    truth = labels if labels.ndim == 2 else np.arange(p.shape[1]) == labels[:, None]
    return np.asarray(((p - truth) ** 2).sum(axis=1))


def _columns(rows: _Rows, centre: _Centres, reference: _Rows) -> list[Floats]:
    """Return each row's part in the loss and the Brier score, and its gap to the reference; nan where it has none."""
    with np.errstate(over="ignore", invalid="ignore"):
        loss = np.where(rows.finite > 0, rows.losses - centre.loss * rows.finite, np.nan)
        brier = np.where(rows.known > 0, rows.squares - centre.brier * rows.known, np.nan)
        # Equal losses are left at 0: infinity less infinity would be unknown.
        same = rows.mean == reference.mean
        apart = np.subtract(rows.mean, reference.mean, out=np.zeros(len(same)), where=~same)
    return [loss, brier, np.where(apart > 0, apart, np.where(np.isnan(apart), np.nan, 0.0)), apart]


def _of_many(columns: Sequence[Moments], centre: _Centres, is_reference: bool) -> MeanErrors:
    loss, brier, higher, apart = columns
    return MeanErrors(
        _quotient_interval(loss, centre.loss, centre.finite),
        _quotient_interval(brier, centre.brier, centre.known),
        None if is_reference else _gap(apart, higher.infinite),
    )


def _quotient_interval(parts: Moments, centre: float, elements: int) -> Interval | None:
    error = parts.standard_error
    if error is None or not elements:
        return None
    error *= parts.count / elements
    return max(0.0, centre - NORMAL * error), centre + NORMAL * error


def _gap(apart: Moments, higher: int) -> LossGap:
    rows, lower = apart.count + apart.infinite, apart.infinite - higher
    finite = apart.mean if apart.count else None
    error = apart.standard_error
    interval = None if error is None else (apart.mean - NORMAL * error, apart.mean + NORMAL * error)
    if not apart.infinite:
        return LossGap(rows, finite, interval, finite, interval, 0)
    mean = None if higher and lower else math.inf if higher else -math.inf
    return LossGap(rows, mean, None, finite, interval, apart.infinite)


def _of_few(
    models: Sequence[Sequence[Floats]], centres: Sequence[_Centres], reference: int, stopped: Stopped
) -> tuple[MeanErrors, ...]:
    found = []
    for model, (loss, brier, _higher, apart) in enumerate(models):
        check(stopped)
        centre = centres[model]
        found.append(
            MeanErrors(
                _resampled(loss, centre.loss, centre.finite),
                _resampled(brier, centre.brier, centre.known),
                None if model == reference else _few_gap(apart[~np.isnan(apart)]),
            )
        )
    return tuple(found)


def _resampled(parts: Floats, centre: float, elements: int) -> Interval | None:
    parts = parts[~np.isnan(parts)]
    if not elements:
        return None
    _, interval, _ = mean_with_interval(parts * (len(parts) / elements))
    return interval and (max(0.0, centre + interval[0]), centre + interval[1])


def _few_gap(apart: Floats) -> LossGap:
    def of(differences: Floats) -> tuple[float | None, Interval | None]:
        found = paired_difference(np.maximum(-differences, 0.0), np.maximum(differences, 0.0))
        return found.mean, found.interval

    finite = apart[np.isfinite(apart)]
    return LossGap(len(apart), *of(apart), *of(finite), len(apart) - len(finite))
