"""How far each row moves the areas under both curves: their intervals, of one model and between two, in blocks."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentviz.core.answers import truths
from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.document import Document, Task, probabilities
from xentviz.core.intervals import NORMAL, UNKNOWN, Estimate, Interval, around, leaves_out_zero, within_one
from xentviz.core.parallel import in_batches, on_all_cores, pieces
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.summaries import known_pair

NO_LUCK = 1e-12
"""A smaller standard error is that of rounding: no row moves the number."""

Truth = NDArray[np.bool_]


HALVES = 50


class Ranked(NamedTuple):
    """Known elements of some rows: which are yes, which are known at all, and the scores of one or two models.

    All of shape (rows, categories).
    """

    yes: Truth
    known: Truth
    scores: tuple[Values, ...]


@dataclass(frozen=True)
class AreaGap:
    """By how much one area is larger under a second model than under a first.

    Attributes
    ----------
    difference : float or None
    interval : tuple of float, or None
        95 % interval within [-1, 1]; None where these rows do not tell it.
    p_value : float or None
        The chance of a difference at least as large between models whose areas are equal.
    """

    difference: float | None
    interval: Interval | None
    p_value: float | None

    @property
    def settled(self) -> bool:
        """Whether the interval leaves 0 out."""
        return leaves_out_zero(self.interval)


@dataclass(frozen=True)
class AreaEstimates:
    """Both areas of one model: means over the categories where they are defined.

    Attributes
    ----------
    roc_auc, average_precision : Estimate
    defined : int
        Categories where they are.
    """

    roc_auc: Estimate
    average_precision: Estimate
    defined: int


@dataclass(frozen=True)
class AreaGaps:
    """What is different between two models, over the elements that both scored."""

    roc_auc: AreaGap
    average_precision: AreaGap
    defined: int


@dataclass(frozen=True, eq=False)
class Ranking:
    """The scores of one category under one model, and what a row at any score does to both areas.

    Attributes
    ----------
    positives, negatives : ndarray, ascending
    roc_auc, average_precision : float
    raised, lowered : ndarray of float32, shape (positives + 1,)
        By how much one more yes above so many of the lowest positives raises their precisions, added up; and one more
        no lowers them.
    """

    positives: Values
    negatives: Values
    roc_auc: float
    average_precision: float
    raised: Values
    lowered: Values

    @classmethod
    def of(cls, positives: Values, negatives: Values) -> "Ranking | None":
        """Return the ranking of ascending scores, None without one of either kind."""
        if not len(positives) or not len(negatives):
            return None

        def part(piece: slice) -> tuple[int, Floats, Floats, Floats]:
            some = positives[piece]
            below, up_to = _places(negatives, some)
            hits = len(positives) - positives.searchsorted(some)
            alarms = len(negatives) - below
            reached = (hits + alarms).astype(np.float64)
            return int((below + up_to).sum()), hits / reached, alarms / reached**2, hits / reached**2

        found = on_all_cores(part, pieces(len(positives)))
        doubled = sum(of_part[0] for of_part in found)
        precisions, raised, lowered = (np.concatenate([of_part[i] for of_part in found]) for i in (1, 2, 3))
        return cls(
            positives,
            negatives,
            doubled / (2 * len(positives) * len(negatives)),
            float(precisions.mean()),
            _from_zero(raised),
            _from_zero(lowered),
        )

    def moved(self, yes: Truth, no: Truth, scores: Values) -> Floats:
        """Return how far each row moves both areas from what they are, shape (2, rows); 0 of rows of neither kind.

        The squares of the first add up to DeLong's variance, those of the second to the jackknife's.
        """
        moved = np.zeros((2, len(scores)))
        positives, negatives = len(self.positives), len(self.negatives)
        order, rising = _rising(scores, yes)
        below, up_to = _places(self.negatives, rising)
        first, last = _places(self.positives, rising)
        hits, alarms = positives - first, negatives - below
        of_auc = ((below + up_to) / (2 * negatives) - self.roc_auc) / _each(positives)
        of_precision = (hits / (hits + alarms) - self.average_precision + self.raised[last]) / positives
        moved[:, order] = of_auc, of_precision
        order, rising = _rising(scores, no)
        first, last = _places(self.positives, rising)
        of_auc = (1 - (first + last) / (2 * positives) - self.roc_auc) / _each(negatives)
        moved[:, order] = of_auc, -self.lowered[last] / np.float64(positives)
        return moved


def area_estimates(
    document: Document,
    model: int,
    categories: range,
    stopped: Stopped = never,
    report: Report = unheard,
) -> AreaEstimates:
    """Return the areas under a model's curves, the mean over some categories, with 95 % intervals.

    Parameters
    ----------
    document : Document
    model : int
    categories : range
        Each is set against the rest; where one has no yes or no no it is left out.
    stopped, report : callable
        As of :func:`xentviz.core.evaluation.evaluate`.

    Raises
    ------
    Cancelled

    Notes
    -----
    The area under the ROC curve has DeLong's variance. Average precision is a smooth function of the rows' weights:
    its variance is the sum of the squares of its derivatives by them (the infinitesimal jackknife). Both are normal on
    the scale of log-odds. Under a model that puts every yes above every no, no row moves either: then the interval of
    the area is Newcombe's, and that of the average precision is not told. A mean over categories is moved by a row by
    the mean of what it moves each by, so that categories need not be independent.

    References
    ----------
    E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, *Comparing the areas under two or more correlated receiver
    operating characteristic curves: a nonparametric approach*, 1988.
    B. Efron, *The Jackknife, the Bootstrap and Other Resampling Plans*, 1982, chapter 6.
    R. G. Newcombe, *Confidence intervals for an effect size measure based on the Mann-Whitney statistic*, part 2, 2006.

    Examples
    --------
    >>> document = Document.create([1, 1, 1, 0, 0, 0], {"A": [0.9, 0.8, 0.4, 0.7, 0.3, 0.1]})
    >>> found = area_estimates(document, 0, range(1))
    >>> round(found.roc_auc.value, 6), [round(end, 3) for end in found.roc_auc.interval]
    (0.888889, [0.261, 0.995])
    """
    ranked = _ranked(document, (model,), categories)
    (rankings,) = _rankings(ranked, 1, len(categories), stopped)
    defined = [ranking for ranking in rankings if ranking is not None]
    if not defined:
        return AreaEstimates(UNKNOWN, UNKNOWN, 0)
    errors = _standard_errors(ranked, (rankings,), stopped, report)
    auc, precision = _means(defined)
    of_auc = within_one(auc, errors[0])
    if of_auc is None and errors[0] == 0.0 and len(defined) == 1:
        of_auc = _apart(auc, len(defined[0].positives), len(defined[0].negatives))
    return AreaEstimates(Estimate(auc, of_auc), Estimate(precision, within_one(precision, errors[1])), len(defined))


def area_gaps(
    document: Document,
    first: int,
    second: int,
    categories: range,
    stopped: Stopped = never,
    report: Report = unheard,
) -> AreaGaps:
    """Return by how much larger the areas are under the second of two models; means over some categories.

    Parameters, errors and references are those of :func:`area_estimates`. Only elements that both models scored count.

    Notes
    -----
    The variance is that of what each row moves the difference by: of the area under the ROC curve DeLong's, with
    nothing held but the sorted scores of both models, and of a block of rows their places among them.

    Examples
    --------
    >>> document = Document.create([1, 1, 0, 0], {"A": [0.9, 0.8, 0.3, 0.1], "B": [0.9, 0.3, 0.4, 0.1]})
    >>> found = area_gaps(document, 0, 1, range(1)).roc_auc
    >>> found.difference, round(found.p_value, 6)
    (-0.25, 0.4795)
    """
    ranked = _ranked(document, (first, second), categories)
    rankings = _rankings(ranked, 2, len(categories), stopped)
    before, after = ([ranking for ranking in of_model if ranking is not None] for of_model in rankings)
    if not before:
        unknown = AreaGap(None, None, None)
        return AreaGaps(unknown, unknown, 0)
    errors = _standard_errors(ranked, rankings, stopped, report)
    gaps = [later - earlier for earlier, later in zip(_means(before), _means(after), strict=True)]
    roc_auc, precision = (_gap(gap, error) for gap, error in zip(gaps, errors, strict=True))
    return AreaGaps(roc_auc, precision, len(before))


def _gap(difference: float, standard_error: float | None) -> AreaGap:
    if abs(difference) < NO_LUCK:
        difference = 0.0
    if standard_error is None:
        return AreaGap(difference, None, None)
    if not standard_error:
        return AreaGap(difference, (difference, difference) if not difference else None, None)
    p_value = math.erfc(abs(difference) / standard_error / math.sqrt(2))
    return AreaGap(difference, around(difference, standard_error, -1.0, 1.0), p_value)


def _means(rankings: Sequence[Ranking]) -> tuple[float, float]:
    return (
        math.fsum(ranking.roc_auc for ranking in rankings) / len(rankings),
        math.fsum(ranking.average_precision for ranking in rankings) / len(rankings),
    )


def _apart(area: float, positives: int, negatives: int) -> Interval | None:
    """Return Newcombe's interval of an area of 0 or 1, where all pairs agree: by the variance that a true area has."""
    if positives < 2 or negatives < 2 or area not in (0.0, 1.0):
        return None
    size, pairs = (positives + negatives) / 2 - 1, positives * negatives

    def excess(true: float) -> float:
        """Return by how much a true area below 1 is further off than chance would have it."""
        spread = true * (1 - true) * (1 + size * (1 - true) / (2 - true) + size * true / (1 + true)) / pairs
        return (1 - true) ** 2 - NORMAL**2 * spread

    # By halves: what there is in SciPy for it takes longer to load than a frame may.
    low, high = 0.0, 1.0
    for _ in range(HALVES):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low, 1.0) if area == 1.0 else (0.0, 1.0 - low)


# Rows


def _ranked(document: Document, models: tuple[int, ...], categories: range) -> list[Callable[[], Ranked]]:
    """Return, for each block, what gives its elements: none is held."""
    columns = [document.models[model].scores.blocks for model in models]

    def of_block(place: int) -> Ranked:
        labels, scores = document.labels.blocks[place], []
        known: Truth = np.array([True])
        truth = np.empty(0)
        for model, column in zip(models, columns, strict=True):
            truth, s = known_pair(labels, column[place], document.task)
            if document.task is Task.MULTICLASS:
                s = probabilities(s, document.models[model].kind, document.task)
            here = ~np.isnan(truth)
            known = known & here
            scores.append(s[:, categories.start : categories.stop])
        return Ranked(*_yes_and_known(truth, known, document, categories), tuple(scores))

    return [lambda place=place: of_block(place) for place in range(len(document.labels.blocks))]  # type: ignore[misc]


def _yes_and_known(truth: Floats, known: Truth, document: Document, categories: range) -> tuple[Truth, Truth]:
    """Return which elements are yes, and which are known; of one answer in many each category against the rest."""
    chosen = slice(categories.start, categories.stop)
    if document.task is not Task.MULTICLASS:
        return (truth >= 0.5)[:, chosen], known[:, chosen]
    if truth.ndim == 2:
        known = np.asarray(known.all(axis=1))
    yes = truths(truth)[:, None] == np.array(categories)
    return yes, np.broadcast_to(known[:, None], yes.shape)


def _rankings(
    ranked: Sequence[Callable[[], Ranked]], models: int, categories: int, stopped: Stopped
) -> tuple[list[Ranking | None], ...]:
    """Return the ranking of each model and category."""

    def parted(block: Callable[[], Ranked]) -> list[list[list[Values]]]:
        found = block()
        yes, no = found.known & found.yes, found.known & ~found.yes
        return [[[np.sort(s[yes[:, c], c]), np.sort(s[no[:, c], c])] for c in range(categories)] for s in found.scores]

    parts = in_batches(parted, ranked, stopped, unheard)
    nothing = np.empty(0)

    def whole(place: tuple[int, int, int]) -> Values:
        model, category, kind = place
        joined = np.concatenate([part[model][category][kind] for part in parts])
        for part in parts:
            part[model][category][kind] = nothing  # or all scores would be held twice
        joined.sort()
        return joined

    places = [(m, c, kind) for m in range(models) for c in range(categories) for kind in (0, 1)]
    found = dict(zip(places, on_all_cores(whole, places), strict=True))
    return tuple([Ranking.of(found[m, c, 0], found[m, c, 1]) for c in range(categories)] for m in range(models))


def _standard_errors(
    ranked: Sequence[Callable[[], Ranked]],
    rankings: tuple[list[Ranking | None], ...],
    stopped: Stopped,
    report: Report,
) -> tuple[float | None, float | None]:
    """Return those of both mean areas, or of their differences between two models; None where a kind has one row."""
    defined = [c for c, ranking in enumerate(rankings[0]) if ranking is not None]

    def squares(block: Callable[[], Ranked]) -> Floats:
        found = block()
        moved = np.zeros((2, len(found.yes)))
        for c in defined:
            known = found.known[:, c]
            yes, no = known & found.yes[:, c], known & ~found.yes[:, c]
            for model, of_model in enumerate(rankings):
                ranking, sign = of_model[c], -1.0 if model + 1 < len(rankings) else 1.0
                assert ranking is not None, "both models scored these elements"
                moved += sign * ranking.moved(yes, no, found.scores[model][:, c])
        return np.asarray((moved**2).sum(axis=1))

    totals = np.sum(in_batches(squares, ranked, stopped, report), axis=0)
    if not np.isfinite(totals).all():
        return None, None
    errors = [math.sqrt(total) / len(defined) for total in totals]
    of_auc, of_precision = (0.0 if error < NO_LUCK else error for error in errors)
    return of_auc, of_precision


def _rising(scores: Values, chosen: Truth) -> tuple[Rows, Values]:
    """Return where the chosen scores are, rising, and the scores: looked up in that order they are found faster."""
    places = np.flatnonzero(chosen)
    some = scores[places]
    order = np.argsort(some)
    return places[order], some[order]


def _places(ascending: Values, scores: Values) -> tuple[Rows, Rows]:
    """Return how many lie below each score, and how many up to it."""
    first = ascending.searchsorted(scores)
    tied = np.flatnonzero(ascending.take(first, mode="clip") == scores)
    last = first
    if len(tied):
        last = first.copy()
        last[tied] = ascending.searchsorted(scores[tied], side="right")
    return first, last


def _each(count: int) -> float:
    """Return what a deviation is divided by, so that the squares add up to the variance of a mean; nan of one row."""
    return math.sqrt(count * (count - 1)) if count > 1 else math.nan


def _from_zero(steps: Floats) -> Values:
    return np.concatenate([[0.0], np.cumsum(steps)]).astype(np.float32)
