"""What needs all rows of a document once again, block by block on all cores: ranks and decisions."""

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from xentviz.core.answer_matrix import AnswerMatrix, answer_matrix, answer_parts
from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.confusion import confusion_matrix
from xentviz.core.counts import Integers, Tally
from xentviz.core.document import Document, ScoreKind, Task
from xentviz.core.evaluation import Results
from xentviz.core.looked_at import LookedAt, Mask
from xentviz.core.parallel import in_batches
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.ranking import Areas, Blocks, areas
from xentviz.core.row_counts import tally
from xentviz.core.sorted_scores import SortedScores, sorted_scores
from xentviz.core.summaries import known_pair

Answer = TypeVar("Answer")


def areas_of(results: Results, model: int, stopped: Stopped = never) -> tuple[Areas, ...]:
    """Return the areas under a model's curves, of each category against the rest.

    Raises
    ------
    Cancelled
    """
    return tuple(areas(*ranked, stopped) for ranked in ranked_scores(results, model, stopped))


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
    looked = LookedAt(document, None)

    def counted(block: int) -> Tally:
        decided, scored = map(looked.in_rows, looked.decided(block, model))
        return tally(np.where(scored, looked.in_rows(looked.labels(block)), np.nan), decided.astype(bool))

    return sum(looked.over_blocks(counted, stopped, report), Counter())


def confusion_of(document: Document, model: int, stopped: Stopped = never) -> Integers:
    """Return the confusion matrix of a multi-class document at its threshold, shape (categories, categories + 1).

    Raises
    ------
    Cancelled
    """
    looked = LookedAt(document, None)

    def counted(block: int) -> Integers:
        truth, known, decided = decided_by(looked, block, model)
        return confusion_matrix(truth[known], decided[known], len(document.categories))

    return np.asarray(np.sum(looked.over_blocks(counted, stopped), axis=0))


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
    looked = LookedAt(document, None)

    def of_block(block: int) -> tuple[Rows, Values, Floats]:
        truth, known = looked.truths(block)
        p = looked.probabilities(block, model)
        known = known & ~np.isnan(p.max(axis=1))
        return answer_parts(truth[known], p[known])

    return answer_matrix(looked.over_blocks(of_block, stopped, report), len(document.categories))


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
    return _elements_decided(LookedAt(document, category), model, yes, said, stopped, report)


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
    return _elements_decided(LookedAt(document, None), model, truth, decided, stopped, report)


def _elements_decided(looked: LookedAt, model: int, truth: int, decided: int, stopped: Stopped, report: Report) -> Rows:
    def chosen(block: int) -> Mask:
        are, known, said = decided_by(looked, block, model)
        return np.asarray(known & (are == truth) & (said == decided))

    return looked.elements_where(chosen, stopped, report)


def decided_by(looked: LookedAt, block: int, model: int) -> tuple[Rows, Mask, Rows]:
    """Return what is true, where that is known and the model has a score, and what it decides."""
    truth, known = looked.truths(block)
    decided, scored = looked.decided(block, model)
    return truth, known & scored, decided


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
