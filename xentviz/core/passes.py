"""What needs all rows of a document once again, block by block on all cores: ranks, decisions, two models."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xentviz.core.answer_matrix import AnswerMatrix, answer_matrix, answer_parts
from xentviz.core.answers import truths
from xentviz.core.arguments import Floats
from xentviz.core.columns import Block, Rows, Values
from xentviz.core.comparison import (
    AreaDifference,
    Difference,
    McNemar,
    mcnemar,
    paired_difference,
    roc_auc_difference,
)
from xentviz.core.confusion import NONE, confusion_matrix, decisions
from xentviz.core.counts import Integers, Tally
from xentviz.core.document import Document, ScoreKind, Task, probabilities
from xentviz.core.evaluation import Results
from xentviz.core.parallel import in_batches, on_all_cores
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.ranking import Areas, Blocks, areas
from xentviz.core.row_counts import tally
from xentviz.core.sorted_scores import SortedScores, sorted_scores
from xentviz.core.summaries import known_pair, losses, row_means

Answer = TypeVar("Answer")


def areas_of(results: Results, model: int, stopped: Stopped = never) -> tuple[Areas, ...]:
    """Return the areas under a model's curves, of each category against the rest."""
    return tuple(areas(*scores, stopped) for scores in ranked_scores(results, model, stopped))


def ranked_scores(results: Results, model: int, stopped: Stopped = never) -> tuple[tuple[Blocks, Blocks], ...]:
    """Return, for each category, the scores by which the positives and the negatives are ranked, ascending in blocks.

    Logits of yes/no questions are ranked as they are: the probabilities of large ones are all 1, and would tie.
    Those of one answer in many are ranked by their softmax, where they do.
    """
    document, found = results.document, results.models[model]
    categories = range(len(document.categories))
    if document.models[model].kind is ScoreKind.PROBABILITY or document.task is Task.MULTICLASS:
        return tuple((found.positives(c), found.negatives(c)) for c in categories)

    def ascending(labels: Floats, logits: Values) -> list[SortedScores]:
        return [sorted_scores(logits, chosen) for chosen in (labels >= 0.5, labels < 0.5)]

    parts = of_blocks(document, model, ascending, stopped)
    return tuple(([yes.of(c) for yes, _ in parts], [no.of(c) for _, no in parts]) for c in categories)


def tally_of(document: Document, model: int, stopped: Stopped = never, report: Report = unheard) -> Tally:
    """Return how many rows have which confusion counts at the document's thresholds, for samples averages.

    Raises
    ------
    Cancelled
    """

    def counted(labels: Floats, scores: Values) -> Tally:
        return tally(labels, _decided(document, model, scores))

    return sum(of_blocks(document, model, counted, stopped, report), Counter())


def confusion_of(document: Document, model: int) -> Integers:
    """Return the confusion matrix of a multi-class document at its threshold, shape (categories, categories + 1)."""

    def counted(labels: Floats, scores: Values) -> Integers:
        truth, known = _truth(document, labels)
        return confusion_matrix(np.where(known, truth, NONE), _decided(document, model, scores), scores.shape[1])

    return np.asarray(np.sum(of_blocks(document, model, counted), axis=0))


def answers_of(document: Document, model: int, stopped: Stopped = never, report: Report = unheard) -> AnswerMatrix:
    """Return the confusion matrix of a multi-class document at every threshold.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> document = Document.create([0, 1], {"A": [[0.6, 0.4], [0.3, 0.7]]}, categories=["a", "b"], multiclass=True)
    >>> answers_of(document, 0).at(0.65).tolist()
    [[0, 0, 1], [0, 1, 0]]
    """
    kind = document.models[model].kind

    def of_block(labels: Floats, scores: Values) -> tuple[Rows, Values, Floats]:
        truth, known = _truth(document, labels)
        p = probabilities(scores[known], kind, document.task)
        return answer_parts(truth[known], p)

    return answer_matrix(of_blocks(document, model, of_block, stopped, report), len(document.categories))


def elements_in(
    document: Document,
    model: int,
    category: int | None,
    yes: bool,
    said: bool,
    stopped: Stopped = never,
    report: Report = unheard,
) -> Rows:
    """Return the elements that are yes or no in truth and are said yes or no at the document's thresholds.

    Parameters
    ----------
    document : Document
    model : int
    category : int or None
        Of which elements; None for all, of yes/no questions. Of a multi-class document the rows that are and are
        decided to be this category or another, by their first elements.
    yes, said : bool
    stopped, report : callable
        As of :func:`evaluate`.

    Returns
    -------
    ndarray of int64, ascending
        Without those that have no label or no score.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> document = Document.create([1, 0, 1], {"A": [0.5, 0.6, 0.2]})
    >>> elements_in(document, 0, None, yes=True, said=True).tolist()
    [0]
    """
    if document.task is Task.MULTICLASS:
        return _rows_where(
            document, model, lambda truth, decided: ((truth == category) == yes) & ((decided == category) == said),
            stopped, report,
        )  # fmt: skip

    def places(labels: Floats, scores: Values) -> Rows:
        truth, known = _truth(document, labels)
        chosen = known & (truth == yes) & (_decided(document, model, scores) == said)
        if category is None:
            return np.flatnonzero(chosen)
        return np.asarray(np.flatnonzero(chosen[:, category]) * chosen.shape[1] + category)

    return _joined(document, of_blocks(document, model, places, stopped, report))


def answers_in(
    document: Document,
    model: int,
    truth: int,
    decided: int,
    stopped: Stopped = never,
    report: Report = unheard,
) -> Rows:
    """Return the first elements of a multi-class document's rows that are one category and decided to be one, or none.

    As :func:`elements_in`; ``decided`` is -1 for no category.
    """
    return _rows_where(document, model, lambda are, said: (are == truth) & (said == decided), stopped, report)


def _rows_where(
    document: Document, model: int, chosen: Callable[[Rows, Rows], NDArray[np.bool_]], stopped: Stopped, report: Report
) -> Rows:
    """Return the first elements of multi-class rows of known truth for whose truth and decision something holds."""

    def places(labels: Floats, scores: Values) -> Rows:
        truth, known = _truth(document, labels)
        rows = np.flatnonzero(known & chosen(truth, _decided(document, model, scores)))
        return np.asarray(rows * scores.shape[1])

    return _joined(document, of_blocks(document, model, places, stopped, report))


def _joined(document: Document, places: list[Rows]) -> Rows:
    """Return elements of the document, given as elements of its blocks."""
    starts = document.labels.starts[:-1] * len(document.categories)
    return np.concatenate([start + here for start, here in zip(starts, places, strict=True)])


@dataclass(frozen=True)
class Comparison:
    """Two models of one document, where both have scores and there are labels.

    Attributes
    ----------
    difference : Difference
        Of the rows' losses, in nats; with several yes/no questions a row's loss is their mean.
    flips : int
        Decisions that differ: of elements, or of rows if the task is multi-class.
    decisions : McNemar
        Where only one of them decides rightly. With several yes/no questions its p-value takes them for independent,
        which the questions about one row hardly are.
    areas : tuple of AreaDifference, one a category
        Of each category against the rest.
    """

    difference: Difference
    flips: int
    decisions: McNemar
    areas: tuple[AreaDifference, ...]


def compare(document: Document, first: int, second: int) -> Comparison:
    """Return how the second of two models differs from the first, at the document's thresholds.

    Examples
    --------
    >>> document = Document.create([1, 0, 1], {"A": [0.5, 0.5, 0.5], "B": [0.9, 0.1, 0.4]})
    >>> found = compare(document, 0, 1)
    >>> round(found.difference.mean, 6), found.difference.second_wins, found.flips
    (-0.317477, 2, 2)
    """

    def by_row(labels: Floats, *scores: Values) -> tuple[Values, ...]:
        truth, known = _truth(document, labels)
        both = list(zip((first, second), scores, strict=True))
        decided = [_decided(document, model, s)[known] for model, s in both]
        loss = [row_means(losses(labels, s, document.models[model].kind, document.task)) for model, s in both]
        return *loss, *(d == truth[known] for d in decided), decided[0] != decided[1]

    columns = zip(*_of_pairs(document, first, second, by_row), strict=True)
    first_losses, second_losses, first_right, second_right, flips = map(np.concatenate, columns)
    return Comparison(
        difference=paired_difference(first_losses, second_losses),
        flips=int(flips.sum()),
        decisions=mcnemar(first_right, second_right),
        areas=_area_differences(document, first, second),
    )


def _area_differences(document: Document, first: int, second: int) -> tuple[AreaDifference, ...]:
    def ranked(labels: Floats, *scores: Values) -> tuple[Values, ...]:
        truth, known = _truth(document, labels)
        if document.task is Task.MULTICLASS:
            truth, known = truth[:, None] == np.arange(len(document.categories)), known[:, None]
        # Without a score the test leaves out what has no label.
        both = zip((first, second), scores, strict=True)
        return truth, *(np.where(known, _ranking_scores(document, model, s), np.nan) for model, s in both)

    columns = zip(*_of_pairs(document, first, second, ranked), strict=True)
    positive, one, other = map(np.concatenate, columns)

    def of_category(category: int) -> AreaDifference:
        return roc_auc_difference(positive[:, category], one[:, category], other[:, category])

    return tuple(on_all_cores(of_category, range(len(document.categories))))


def of_blocks(
    document: Document,
    model: int,
    function: Callable[[Floats, Values], Answer],
    stopped: Stopped = never,
    report: Report = unheard,
) -> list[Answer]:
    """Return what a function makes of the known labels and the scores of each block, on all cores."""
    blocks = zip(document.labels.blocks, document.models[model].scores.blocks, strict=True)
    return in_batches(lambda pair: function(*known_pair(*pair, document.task)), list(blocks), stopped, report)


def _of_pairs(
    document: Document, first: int, second: int, function: Callable[[Floats, Values, Values], Answer]
) -> list[Answer]:
    """Return what a function makes of the labels and both scores of each block; labels only where both are known."""

    def work(blocks: tuple[Block, Block, Block]) -> Answer:
        of_labels, of_first, of_second = blocks
        labels, one = known_pair(of_labels, of_first, document.task)
        known_to_other, other = known_pair(of_labels, of_second, document.task)
        return function(np.where(np.isnan(known_to_other), np.nan, labels), one, other)

    one, other = document.models[first].scores, document.models[second].scores
    return on_all_cores(work, list(zip(document.labels.blocks, one.blocks, other.blocks, strict=True)))


def _ranking_scores(document: Document, model: int, scores: Values) -> Values:
    """Return scores by which categories are ranked: logits of yes/no questions as they are."""
    kind = document.models[model].kind
    return probabilities(scores, kind, document.task) if document.task is Task.MULTICLASS else scores


def _decided(document: Document, model: int, scores: Values) -> Values:
    """Return whether each element is decided for, or which category each row of a multi-class task is."""
    p = probabilities(scores, document.models[model].kind, document.task)
    if document.task is Task.MULTICLASS:
        return decisions(p, document.threshold(0))
    thresholds = [document.threshold(c) for c in range(len(document.categories))]
    return np.asarray(p >= np.array(thresholds, dtype=p.dtype))


def _truth(document: Document, labels: Floats) -> tuple[Values, NDArray[np.bool_]]:
    """Return what decisions should have been, and where that is known."""
    if document.task is not Task.MULTICLASS:
        return labels >= 0.5, ~np.isnan(labels)
    truth = truths(labels)
    return truth, truth != NONE
