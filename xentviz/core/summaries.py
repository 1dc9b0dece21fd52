"""What one block of labels and one of scores come to: numbers that add up, and scores in order."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from xentviz.core.arguments import Floats
from xentviz.core.columns import Block, Values
from xentviz.core.counts import Integers, reaching
from xentviz.core.document import ScoreKind, Task, known_labels, probabilities
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
)
from xentviz.core.sorted_scores import SortedScores, sorted_groups, sorted_scores

MOST_SOFT_LABELS = 6
MOST_HISTOGRAMS = 32
"""Of each category. Edges change with the size of a window: what was counted for earlier ones is not kept for ever."""

ALL = -1
"""As a category: all of them together."""


@dataclass(frozen=True, eq=False)
class Summary:
    """What one block of labels and one of scores come to, per category; the whole's numbers follow from the blocks'.

    A loss belongs to an element, which is a row and a category; of a multi-class task it belongs to a row,
    and is added to the row's true category.

    Attributes
    ----------
    known : ndarray of int64, shape (categories,)
        Losses: of elements with a label and a score.
    infinite : ndarray of int64, shape (categories,)
        Losses that are infinite.
    loss, squared_error : ndarray of float64, shape (categories,)
        Sums over the known elements; the loss in nats, over the finite ones.
    infinite_rows : int
        Rows that have an infinite loss.
    largest_loss : ndarray of float64, shape (categories,)
        The largest finite loss in nats, 0 if there is none; of blocks together the largest counts.
    soft_labels : tuple of tuple of float, one a category
        The labels other than 0 and 1, ascending, the first few if there are many; of blocks together their union.
    positives, negatives : SortedScores
        The probabilities given to the elements that are the category, and to those that are not; a soft
        label is rounded.
    hits, false_alarms : SortedScores
        The probabilities by which a category is decided for, rightly and wrongly: at a threshold T it is by
        those with a score ≥ T. Of yes/no questions these are the positives and the negatives; of a
        multi-class task the largest of each row.
    """

    known: Integers
    infinite: Integers
    loss: Floats
    squared_error: Floats
    infinite_rows: int
    largest_loss: Floats
    soft_labels: tuple[tuple[float, ...], ...]
    positives: SortedScores
    negatives: SortedScores
    hits: SortedScores
    false_alarms: SortedScores
    _histograms: dict[tuple[bytes, int, bool], Integers] = field(default_factory=dict, repr=False)

    def only(self, category: int) -> "Summary":
        """Return the summary of one category alone."""
        one = slice(category, category + 1)
        return replace(
            self,
            known=self.known[one],
            infinite=self.infinite[one],
            loss=self.loss[one],
            squared_error=self.squared_error[one],
            infinite_rows=int(self.infinite[category]),
            largest_loss=self.largest_loss[one],
            soft_labels=self.soft_labels[one],
            positives=self.positives.only(category),
            negatives=self.negatives.only(category),
            hits=self.hits.only(category),
            false_alarms=self.false_alarms.only(category),
            _histograms={},
        )

    def histogram(self, edges: Floats, category: int, positive: bool) -> Integers:
        """Return how many of the positives, or of the negatives, lie in each bin; counted once for each edges."""
        key = (edges.tobytes(), category, positive)
        found = self._histograms.get(key)
        if found is None:
            if len(self._histograms) >= 2 * MOST_HISTOGRAMS * len(self.known):
                self._histograms.clear()
            scores = (self.positives if positive else self.negatives).of(category)
            self._histograms[key] = found = -np.diff(reaching((scores,), edges))
        return found

    def has_histogram(self, edges: Floats, category: int, positive: bool) -> bool:
        """Return whether these bins have been counted before."""
        return (edges.tobytes(), category, positive) in self._histograms

    def answers(self, edges: Floats) -> Integers:
        """Return how many rows with one answer in many lie in each bin, shape (3, bins); counted once for each edges.

        By the probability of their true category; by the largest one, of rows decided rightly; and wrongly.
        """
        key = (edges.tobytes(), ALL, True)
        if key not in self._histograms:
            if len(self._histograms) >= MOST_HISTOGRAMS * len(self.known):
                self._histograms.clear()
            parts = (self.positives, self.hits, self.false_alarms)
            self._histograms[key] = np.array([scores.histogram(edges) for scores in parts])
        return self._histograms[key]


def known_pair(label_block: Block, score_block: Block, task: Task) -> tuple[Floats, Values]:
    """Return labels as float64 and scores of a block, with no label where there is no score."""
    return without_unscored(known_labels(label_block.values), score_block.values, task)


def without_unscored(labels: Floats, scores: Values, task: Task) -> tuple[Floats, Values]:
    """Return labels and scores with a label of nan where a score is missing, in the row if the task is multi-class."""
    missing = np.isnan(scores)
    if task is Task.MULTICLASS:
        missing = np.asarray(missing.any(axis=1, keepdims=labels.ndim == 2))
    return np.where(missing, np.nan, labels), scores


def losses(labels: Floats, scores: Values, kind: ScoreKind, task: Task) -> Floats:
    """Return the losses in nats, of elements, or of rows if the task is multi-class."""
    logits = kind is ScoreKind.LOGIT
    if task is Task.MULTICLASS:
        return (categorical_cross_entropy_with_logits if logits else categorical_cross_entropy)(labels, scores)
    return (binary_cross_entropy_with_logits if logits else binary_cross_entropy)(labels, scores)


def row_means(values: Floats) -> Floats:
    """Return the mean of the known numbers in each row, nan if there is none.

    >>> row_means(np.array([[1.0, 2.0], [4.0, np.nan], [np.nan, np.nan]])).tolist()
    [1.5, 4.0, nan]
    """
    if values.ndim == 1 or values.shape[1] == 1:
        return values.ravel()
    known = ~np.isnan(values)
    counts = known.sum(axis=1)
    with np.errstate(over="ignore"):
        sums = np.where(known, values, 0.0).sum(axis=1)
    return np.asarray(np.divide(sums, counts, out=np.full(len(values), np.nan), where=counts > 0))


def summarize(label_block: Block, score_block: Block, kind: ScoreKind, task: Task) -> Summary:
    """Return the summary of one block of labels with one of scores, as a Document of this task holds them."""
    labels, scores = known_pair(label_block, score_block, task)
    loss = losses(labels, scores, kind, task)
    known = ~np.isnan(loss)
    if task is Task.MULTICLASS:
        labels, scores, loss = labels[known], scores[known], loss[known]
        return _of_answers(distributions(labels, scores.shape[1]), probabilities(scores, kind, task), loss)
    return _of_questions(labels, probabilities(scores, kind, task), loss, known)


def distributions(labels: Floats, categories: int) -> Floats:
    """Return known labels of one answer in many as distributions, shape (rows, categories)."""
    return labels if labels.ndim == 2 else np.asarray(np.arange(categories) == labels[:, None], dtype=np.float64)


def _of_questions(labels: Floats, p: Values, loss: Floats, known: NDArray[np.bool_]) -> Summary:
    """Return the summary of yes/no questions; everything of shape (rows, categories)."""
    infinite = np.isinf(loss)
    finite = np.where(known & ~infinite, loss, 0.0)
    yes = labels >= 0.5
    positives, negatives = sorted_scores(p, yes), sorted_scores(p, known & ~yes)
    return Summary(
        known=known.sum(axis=0),
        infinite=infinite.sum(axis=0),
        loss=_column_sums(finite),
        squared_error=_column_sums(np.where(known, (p - labels) ** 2, 0.0)),
        infinite_rows=int(infinite.any(axis=1).sum()),
        largest_loss=finite.max(axis=0, initial=0.0),
        soft_labels=_soft_labels(labels),
        positives=positives,
        negatives=negatives,
        hits=positives,
        false_alarms=negatives,
    )


def _of_answers(labels: Floats, p: Values, loss: Floats) -> Summary:
    """Return the summary of rows with one answer in many; labels and p of shape (rows, categories), loss (rows,)."""
    categories = p.shape[1]
    truth, decided = labels.argmax(axis=1), p.argmax(axis=1)
    largest, right = p.max(axis=1), decided == truth
    # What belongs to a row stands in the column of its true category.
    true = np.arange(categories) == truth[:, None]
    infinite = np.isinf(loss)
    finite = np.where(true & ~infinite[:, None], loss[:, None], 0.0)
    squared = ((p - labels) ** 2).sum(axis=1)
    return Summary(
        known=true.sum(axis=0),
        infinite=true[infinite].sum(axis=0),
        loss=_column_sums(finite),
        squared_error=_column_sums(np.where(true, squared[:, None], 0.0)),
        infinite_rows=int(infinite.sum()),
        largest_loss=finite.max(axis=0, initial=0.0),
        soft_labels=_soft_labels(labels),
        positives=sorted_scores(p, true),
        negatives=sorted_scores(p, ~true),
        hits=sorted_groups(largest[right], decided[right], categories),
        false_alarms=sorted_groups(largest[~right], decided[~right], categories),
    )


def _soft_labels(labels: Floats) -> tuple[tuple[float, ...], ...]:
    soft = (labels > 0) & (labels < 1)
    if not soft.any():
        return ((),) * len(labels.T)
    return tuple(_few(column[chosen]) for column, chosen in zip(labels.T, soft.T, strict=True))


def _few(soft: Floats) -> tuple[float, ...]:
    """Return the smallest different values, a few of them."""
    # np.unique loads numpy.ma when it is first called: a twelfth of the start-up.
    values = np.sort(soft)
    new = np.append(True, np.diff(values) > 0)[: len(values)]
    return tuple(values[new][:MOST_SOFT_LABELS].tolist())


def _column_sums(values: Floats) -> Floats:
    # NumPy adds pairwise, and so exactly enough, only along contiguous memory.
    with np.errstate(over="ignore"):
        return np.asarray(np.ascontiguousarray(values.T).sum(axis=1))
