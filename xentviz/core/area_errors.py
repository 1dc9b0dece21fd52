"""How far each row moves the areas under both curves: their intervals, of one model and between two, in blocks."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from xentviz.core.answers import truths
from xentviz.core.area_moves import Areas, Piece, SortedBlock, Truth, area_moves
from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.document import Document, Task, probabilities
from xentviz.core.intervals import NORMAL, UNKNOWN, Estimate, Interval, around, leaves_out_zero, within_one
from xentviz.core.parallel import in_batches, pieces
from xentviz.core.progress import Report, Stopped, never, part_of, unheard
from xentviz.core.summaries import known_pair

NO_LUCK = 1e-12
"""A smaller standard error is that of rounding: no row moves the number."""

Answer = TypeVar("Answer")

HALVES = 50
"""Of a range, to find a place in it."""

SORTING = 0.5
"""The share of the work with areas that sorting is."""

HELD = 1 << 24
"""Of so many elements, at most, the scores of two models are held sorted at once, or of one category."""


@dataclass(frozen=True)
class AreaGap:
    """An area under two models over the same rows, and by how much it is larger under the second.

    Attributes
    ----------
    first, second : float or None
        The areas, from 0 to 1; None without one row of each class.
    difference : float or None
        Second less first.
    interval : tuple of float, or None
        95 % interval of the difference, within [-1, 1]; None with fewer than two rows of either class, and where the
        areas differ though the estimated variance is 0: the rows show no luck to measure it by.
    p_value : float or None
        The chance of a difference at least as large between models of equal area; None where the variance is 0.
    """

    first: float | None
    second: float | None
    difference: float | None
    interval: Interval | None
    p_value: float | None

    @property
    def settled(self) -> bool:
        """Whether the interval leaves 0 out."""
        return leaves_out_zero(self.interval)


NO_GAP = AreaGap(None, None, None, None, None)
"""Where no area is defined."""


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
    (defined,), squares = _moved(document, (model,), categories, stopped, report)
    if not defined:
        return AreaEstimates(UNKNOWN, UNKNOWN, 0)
    errors = _standard_errors(squares, len(defined))
    auc, precision = _means(defined)
    of_auc = within_one(auc, errors[0])
    if of_auc is None and errors[0] == 0.0 and len(defined) == 1:
        of_auc = _apart(auc, defined[0].positives, defined[0].negatives)
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
    The variance is that of what each row moves the difference by: of the area under the ROC curve DeLong's. What is
    held is how far each row moves both areas, and the sorted scores of one model at a time.

    Examples
    --------
    >>> document = Document.create([1, 1, 0, 0], {"A": [0.9, 0.8, 0.3, 0.1], "B": [0.9, 0.3, 0.4, 0.1]})
    >>> found = area_gaps(document, 0, 1, range(1)).roc_auc
    >>> found.difference, round(found.p_value, 6)
    (-0.25, 0.4795)
    """
    (before, after), squares = _moved(document, (first, second), categories, stopped, report)
    if not before:
        return AreaGaps(NO_GAP, NO_GAP, 0)
    errors, areas = _standard_errors(squares, len(before)), zip(_means(before), _means(after), strict=True)
    roc_auc, precision = (_gap(*pair, error) for pair, error in zip(areas, errors, strict=True))
    return AreaGaps(roc_auc, precision, len(before))


def area_differences(
    document: Document, first: int, second: int, stopped: Stopped = never, report: Report = unheard
) -> tuple[AreaGap, ...]:
    """Return, for each category against the rest, how the areas under the ROC curves of two models differ.

    Parameters, errors and references are those of :func:`area_estimates`. Only elements that both models scored count.

    Notes
    -----
    The variance is that of the paired differences of what each row moves the areas by: no covariance has to be taken
    off, and models that rank alike come to exactly 0.

    Examples
    --------
    >>> document = Document.create([1, 1, 0, 0], {"A": [0.9, 0.8, 0.3, 0.1], "B": [0.9, 0.3, 0.4, 0.1]})
    >>> (found,) = area_differences(document, 0, 1)
    >>> found.first, found.second, found.difference, round(found.p_value, 6)
    (1.0, 0.75, -0.25, 0.4795)
    """
    count, models = len(document.categories), (first, second)
    together = max(1, HELD // max(1, document.rows))
    found: list[AreaGap] = []
    for start in range(0, count, together):
        categories = range(start, min(start + together, count))
        of_these = part_of(report, start / count, categories.stop / count)
        sides = []
        for model, start_of, end_of in ((first, 0.0, SORTING / 2), (second, SORTING / 2, SORTING)):
            sides.append(_sorted(document, models, model, categories, stopped, part_of(of_these, start_of, end_of)))
        for place in range(len(categories)):
            pair = [_pieces(of_blocks, place) for of_blocks in sides]
            found.append(_area_difference(document.rows, pair, stopped))
    return tuple(found)


def _area_difference(rows: int, models: Sequence[Sequence[Piece]], stopped: Stopped) -> AreaGap:
    """Return the difference of two models in one category, given the sorted scores of each."""
    moved, found = np.zeros((2, rows)), []
    for sign, sorted_blocks in zip((-1.0, 1.0), models, strict=True):
        moves = area_moves(sorted_blocks, partial(_add, moved, sign), stopped)
        if moves is None:
            return NO_GAP
        found.append(moves[0].roc_auc)
    squares = np.sum(in_batches(lambda of: _squares(of, moved[:, of]), pieces(rows), stopped, unheard), axis=0)
    one, other = found
    return _gap(one, other, _standard_errors(squares, 1)[0])


def _gap(first: float, second: float, standard_error: float | None) -> AreaGap:
    difference = second - first
    if abs(difference) < NO_LUCK:
        difference = 0.0
    if standard_error is None:
        return AreaGap(first, second, difference, None, None)
    if not standard_error:
        return AreaGap(first, second, difference, None if difference else (0.0, 0.0), None)
    p_value = math.erfc(abs(difference) / standard_error / math.sqrt(2))
    return AreaGap(first, second, difference, around(difference, standard_error, -1.0, 1.0), p_value)


def _means(defined: Sequence[Areas]) -> tuple[float, float]:
    return (
        math.fsum(areas.roc_auc for areas in defined) / len(defined),
        math.fsum(areas.average_precision for areas in defined) / len(defined),
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


def _moved(
    document: Document, models: tuple[int, ...], categories: range, stopped: Stopped, report: Report
) -> tuple[list[list[Areas]], Floats]:
    """Return the areas of each model in every category where they are defined; and the sums of the squares of how far
    each row moves both of their sums, or of how much further it moves those of the second model.
    """
    if len(models) * len(categories) == 1:  # no row's moves need be added up, and so none is held
        defined, squares = _of_model(document, models, models[0], categories, _squares, stopped, report)
        return [defined], np.sum([np.zeros(2), *squares], axis=0)
    moved, found = np.zeros((2, document.rows)), []
    for place, model in enumerate(models):
        add = partial(_add, moved, -1.0 if place + 1 < len(models) else 1.0)
        of_this = part_of(report, place / len(models), (place + 1) / len(models))
        found.append(_of_model(document, models, model, categories, add, stopped, of_this)[0])
    squares = in_batches(lambda of: _squares(of, moved[:, of]), pieces(document.rows), stopped, unheard)
    return found, np.sum(squares, axis=0)


def _squares(_rows: Rows | slice, moves: Floats) -> Floats:
    return np.asarray((moves**2).sum(axis=1))


def _add(moved: Floats, sign: float, rows: Rows, moves: Floats) -> None:
    for of_area, more in zip(moved, sign * moves, strict=True):  # both at once would take four times as long
        of_area[rows] += more


def _of_model(
    document: Document,
    models: tuple[int, ...],
    model: int,
    categories: range,
    use: Callable[[Rows, Floats], Answer],
    stopped: Stopped,
    report: Report,
) -> tuple[list[Areas], list[Answer]]:
    """Return the areas of one model where they are defined, and what is made of how far rows move them."""
    defined, made = [], []
    of_blocks = _sorted(document, models, model, categories, stopped, part_of(report, 0.0, SORTING))
    for place in range(len(categories)):
        found = area_moves(_pieces(of_blocks, place), use, stopped)
        if found is not None:
            defined.append(found[0])
            made += found[1]
        report(SORTING + (1 - SORTING) * place / len(categories))
    return defined, made


def _sorted(
    document: Document, models: tuple[int, ...], model: int, categories: range, stopped: Stopped, report: Report
) -> list[SortedBlock]:
    """Return the sorted scores of a model in each block, of the elements that all models scored."""

    def of_block(place: int) -> SortedBlock:
        labels = document.labels.blocks[place]
        known: Truth = np.array([True])
        for each in models:
            truth, _ = known_pair(labels, document.models[each].scores.blocks[place], document.task)
            known = known & ~np.isnan(truth)
        scores = document.models[model].scores.blocks[place].values
        if document.task is Task.MULTICLASS:
            scores = probabilities(scores, document.models[model].kind, document.task)
        yes, known = _yes_and_known(truth, known, document, categories)
        scores = scores[:, categories.start : categories.stop]
        return SortedBlock.of(scores, yes, known, int(document.labels.starts[place]))

    return in_batches(of_block, range(len(document.labels.blocks)), stopped, report)


def _pieces(of_blocks: Sequence[SortedBlock], place: int) -> list[Piece]:
    return [block.piece(place) for block in of_blocks]


def _yes_and_known(truth: Floats, known: Truth, document: Document, categories: range) -> tuple[Truth, Truth]:
    """Return which elements are yes, and which are known; of one answer in many each category against the rest."""
    chosen = slice(categories.start, categories.stop)
    if document.task is not Task.MULTICLASS:
        return (truth >= 0.5)[:, chosen], known[:, chosen]
    if truth.ndim == 2:
        known = np.asarray(known.all(axis=1))
    yes = truths(truth)[:, None] == np.array(categories)
    return yes, np.broadcast_to(known[:, None], yes.shape)


def _standard_errors(squares: Floats, defined: int) -> tuple[float | None, float | None]:
    """Return those of both mean areas, or of their differences between two models; None where a kind has one row."""
    if not np.isfinite(squares).all():
        return None, None
    errors = [math.sqrt(total) / defined for total in squares]
    of_auc, of_precision = (0.0 if error < NO_LUCK else error for error in errors)
    return of_auc, of_precision
