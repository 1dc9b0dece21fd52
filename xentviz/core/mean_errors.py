"""Mean losses and Brier scores with their intervals, and paired differences to one model, block by block."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.comparison import NORMAL_ROWS, differences, mean_with_interval
from xentviz.core.evaluation import Results
from xentviz.core.intervals import NORMAL, Interval, leaves_out_zero
from xentviz.core.looked_at import LookedAt
from xentviz.core.means import Means, joined
from xentviz.core.progress import Report, Stopped, check, never, unheard
from xentviz.core.summaries import row_means


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
    looked, models = LookedAt(results.document, category), range(len(results.document.models))
    centres = [_centres(results, model, category) for model in models]

    def of_block(block: int) -> list[list[_Sample]]:
        lost = [looked.in_rows(looked.losses(block, model)) for model in models]
        found = []
        for model in models:
            finite = np.where(np.isinf(lost[model]), np.nan, lost[model])
            squares = looked.in_rows(looked.squared_errors(block, model))
            columns = [_deviations(finite, centres[model].loss), _deviations(squares, centres[model].brier)]
            if reference is not None and model != reference:
                columns.append(_apart(lost[reference], lost[model]))
            found.append([_Sample.of(column) for column in columns])
        return found

    errors = []
    for centre, of_model in zip(centres, zip(*looked.over_blocks(of_block, stopped, report), strict=True), strict=True):
        check(stopped)
        loss, brier, *apart = (_Sample.joined(parts) for parts in zip(*of_model, strict=True))
        errors.append(
            MeanErrors(
                loss.interval_around(centre.loss, centre.finite),
                brier.interval_around(centre.brier, centre.known),
                _gap(apart[0]) if apart else None,
            )
        )
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


def _deviations(values: Floats, centre: float) -> Floats:
    """Return by how much the numbers of each row, added up, exceed as many centres; nan of a row without any."""
    known = ~np.isnan(values)
    with np.errstate(over="ignore"):
        sums = np.where(known, values - centre, 0.0).sum(axis=1)
    return np.where(known.any(axis=1), sums, np.nan)


def _apart(reference: Floats, other: Floats) -> Floats:
    """Return by how much the mean losses of rows differ, each over the answers that have a loss under both."""
    both = ~(np.isnan(reference) | np.isnan(other))
    return differences(*(row_means(np.where(both, of, np.nan)) for of in (reference, other)))


class _Sample(NamedTuple):
    """A number of each row: what they come to, and the finite ones themselves as long as they are few."""

    means: Means
    few: Floats

    @classmethod
    def of(cls, values: Floats) -> "_Sample":
        return cls(Means.of(values), values[np.isfinite(values)][:NORMAL_ROWS].copy())

    @classmethod
    def joined(cls, parts: Sequence["_Sample"]) -> "_Sample":
        return cls(joined([part.means for part in parts]), np.concatenate([part.few for part in parts]))

    def estimate(self) -> tuple[float | None, Interval | None]:
        """Return the mean of the finite numbers and its interval."""
        if self.means.counts[0] < NORMAL_ROWS:
            return mean_with_interval(self.few)[:2]
        mean, error = float(self.means.finite[0]), float(self.means.standard_errors[0])
        return mean, None if math.isnan(error) else (mean - NORMAL * error, mean + NORMAL * error)

    def interval_around(self, centre: float, elements: int) -> Interval | None:
        """Return the interval of a mean over so many elements, of which these are the rows' deviations."""
        _, interval = self.estimate()
        if interval is None or not elements:
            return None
        low, high = (centre + end * int(self.means.counts[0]) / elements for end in interval)
        return max(0.0, low), high


def _gap(apart: _Sample) -> LossGap:
    rows, infinite = int(apart.means.total[0]), int(apart.means.rising[0] + apart.means.falling[0])
    mean, interval = apart.estimate()
    if not infinite:
        return LossGap(rows, mean, interval, mean, interval, 0)
    whole = float(apart.means.means[0])
    return LossGap(rows, None if math.isnan(whole) else whole, None, mean, interval, infinite)
