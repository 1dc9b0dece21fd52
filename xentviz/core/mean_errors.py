"""Mean losses and Brier scores with their intervals, and paired differences to one model, block by block."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.comparison import row_differences
from xentviz.core.evaluation import Results
from xentviz.core.intervals import Interval, leaves_out_zero
from xentviz.core.looked_at import LookedAt
from xentviz.core.progress import Report, Stopped, check, never, unheard
from xentviz.core.sample import Sample


class LossGap(NamedTuple):
    """By how much the losses of the same rows are higher under another model than under the reference.

    Attributes
    ----------
    rows : int
        That have a loss under both; of several questions about a row its loss is the mean of those that both answered.
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
        return leaves_out_zero(self.finite_interval)


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
    reference: int | None,
    category: int | None = None,
    stopped: Stopped = never,
    report: Report = unheard,
) -> tuple[MeanErrors, ...]:
    """Return the intervals of each model's mean loss and Brier score, and its losses' differences to a reference.

    Parameters
    ----------
    results : Results
    reference : int or None
        None for no differences.
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
    >>> from xentviz.core.document import Document
    >>> from xentviz.core.evaluation import evaluate
    >>> results = evaluate(Document.create([1, 0, 1, 0], {"A": [0.9, 0.2, 0.8, 0.1], "B": [0.6, 0.4, 0.4, 0.4]}))
    >>> gap = mean_errors(results, 0)[1].gap
    >>> round(gap.mean, 4), [round(end, 3) for end in gap.interval]
    (0.4479, [0.317, 0.621])
    """
    looked = LookedAt(results.document, category)
    centres = [_centres(results, model, category) for model in range(len(results.models))]

    def of_block(block: int) -> list[list[Sample]]:
        return _samples(looked, block, centres, reference)

    by_model = zip(*looked.over_blocks(of_block, stopped, report), strict=True)
    errors = []
    for centre, parts in zip(centres, by_model, strict=True):
        check(stopped)
        errors.append(_errors(centre, [Sample.joined(of_blocks) for of_blocks in zip(*parts, strict=True)]))
    return tuple(errors)


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


def _samples(looked: LookedAt, block: int, centres: Sequence[_Centres], reference: int | None) -> list[list[Sample]]:
    """Return, of each model, how far the losses and the squared errors of rows are off, and apart from the reference's.

    Of the reference itself only how far they are off.
    """
    lost = [looked.in_rows(looked.losses(block, model)) for model in range(len(centres))]
    found = []
    for model, centre in enumerate(centres):
        finite = np.where(np.isinf(lost[model]), np.nan, lost[model])
        squares = looked.in_rows(looked.squared_errors(block, model))
        columns = [_deviations(finite, centre.loss), _deviations(squares, centre.brier)]
        if reference is not None and model != reference:
            columns.append(row_differences(lost[reference], lost[model]))
        found.append([Sample.of(column) for column in columns])
    return found


def _errors(centre: _Centres, samples: Sequence[Sample]) -> MeanErrors:
    """Return what :func:`_samples` of a whole document come to."""
    loss, brier, *apart = samples
    return MeanErrors(
        loss.interval_around(centre.loss, centre.finite),
        brier.interval_around(centre.brier, centre.known),
        loss_gap(apart[0]) if apart else None,
    )


def _deviations(values: Floats, centre: float) -> Floats:
    """Return by how much the numbers of each row, added up, exceed as many centres; nan of a row without any."""
    known = ~np.isnan(values)
    with np.errstate(over="ignore"):
        sums = np.where(known, values - centre, 0.0).sum(axis=1)
    return np.where(known.any(axis=1), sums, np.nan)


def loss_gap(apart: Sample) -> LossGap:
    """Return what the differences of rows come to."""
    rows, infinite = int(apart.means.total[0]), int(apart.means.rising[0] + apart.means.falling[0])
    mean, interval = apart.estimate()
    if not infinite:
        return LossGap(rows, mean, interval, mean, interval, 0)
    whole = float(apart.means.means[0])
    return LossGap(rows, None if math.isnan(whole) else whole, None, mean, interval, infinite)
