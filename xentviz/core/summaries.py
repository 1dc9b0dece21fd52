"""What one block of labels and one of scores come to: numbers that add up, and scores in order."""

from dataclasses import dataclass, field, replace

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Block, Values
from xentviz.core.counts import Integers, reaching
from xentviz.core.document import ScoreKind, Task, known_labels, probabilities
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
    squared_error,
)
from xentviz.core.sorted_scores import SortedScores, sorted_groups, sorted_scores
from xentviz.core.transforms import softmax

MOST_SOFT_LABELS = 6


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
    soft_labels : tuple of frozenset of float, one a category
        The labels other than 0 and 1, the first few if there are many; of blocks together their union.
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
    soft_labels: tuple[frozenset[float], ...]
    positives: SortedScores
    negatives: SortedScores
    hits: SortedScores
    false_alarms: SortedScores
    _histograms: dict[tuple[bytes, int], Integers] = field(default_factory=dict, repr=False)

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

    def histogram(self, edges: Floats, category: int) -> Integers:
        """Return how many positives and negatives lie in each bin, shape (2, bins); counted once for each edges."""
        key = (edges.tobytes(), category)
        if key not in self._histograms:
            both = (self.positives.of(category), self.negatives.of(category))
            self._histograms[key] = np.array([-np.diff(reaching((scores,), edges)) for scores in both])
        return self._histograms[key]


def summarize(label_block: Block, score_block: Block, kind: ScoreKind, task: Task) -> Summary:
    """Return the summary of one block of labels with one of scores, as a Document of this task holds them."""
    scores = score_block.values
    labels = known_labels(label_block.values)
    missing = np.isnan(scores)
    if task is not Task.MULTICLASS:
        return _of_questions(np.where(missing, np.nan, labels), scores, kind)
    incomplete = missing.any(axis=1, keepdims=labels.ndim == 2)
    return _of_answers(np.where(incomplete, np.nan, labels), scores, kind)


def _of_questions(labels: Floats, scores: Values, kind: ScoreKind) -> Summary:
    """Return the summary of yes/no questions; labels and scores of shape (rows, categories)."""
    logits = kind is ScoreKind.LOGIT
    loss = (binary_cross_entropy_with_logits if logits else binary_cross_entropy)(labels, scores)
    p = probabilities(scores, kind)
    known, infinite = ~np.isnan(loss), np.isinf(loss)
    finite = np.where(known & ~infinite, loss, 0.0)
    yes = labels >= 0.5
    positives, negatives = sorted_scores(p, yes), sorted_scores(p, known & ~yes)
    return Summary(
        known=known.sum(axis=0),
        infinite=infinite.sum(axis=0),
        loss=_column_sums(finite),
        squared_error=_column_sums(np.where(known, squared_error(labels, p), 0.0)),
        infinite_rows=int(infinite.any(axis=1).sum()),
        largest_loss=finite.max(axis=0, initial=0.0),
        soft_labels=_soft_labels(labels),
        positives=positives,
        negatives=negatives,
        hits=positives,
        false_alarms=negatives,
    )


def _of_answers(labels: Floats, scores: Values, kind: ScoreKind) -> Summary:
    """Return the summary of one answer in many; labels (rows,) or (rows, categories), scores (rows, categories)."""
    logits = kind is ScoreKind.LOGIT
    loss = (categorical_cross_entropy_with_logits if logits else categorical_cross_entropy)(labels, scores)
    rows = np.flatnonzero(~np.isnan(loss))
    loss, p = loss[rows], softmax(scores[rows]) if logits else scores[rows]
    targets = _distributions(labels[rows], p.shape[1])
    truth, decided = targets.argmax(axis=1), p.argmax(axis=1)
    infinite = np.isinf(loss)
    table = np.where(np.arange(p.shape[1]) == truth[:, None], np.where(infinite, 0.0, loss)[:, None], 0.0)
    squared = ((p - targets) ** 2).sum(axis=1)
    largest, right = p[np.arange(len(p)), decided], decided == truth
    true = np.arange(p.shape[1]) == truth[:, None]
    return Summary(
        known=true.sum(axis=0),
        infinite=true[infinite].sum(axis=0),
        loss=_column_sums(table),
        squared_error=_column_sums(np.where(true, squared[:, None], 0.0)),
        infinite_rows=int(infinite.sum()),
        largest_loss=table.max(axis=0, initial=0.0),
        soft_labels=_soft_labels(targets),
        positives=sorted_scores(p, true),
        negatives=sorted_scores(p, ~true),
        hits=sorted_groups(largest[right], decided[right], p.shape[1]),
        false_alarms=sorted_groups(largest[~right], decided[~right], p.shape[1]),
    )


def _distributions(labels: Floats, categories: int) -> Floats:
    """Return known labels as distributions, shape (rows, categories)."""
    return labels if labels.ndim == 2 else np.asarray(np.arange(categories) == labels[:, None], dtype=np.float64)


def _soft_labels(labels: Floats) -> tuple[frozenset[float], ...]:
    soft = (labels > 0) & (labels < 1)
    if not soft.any():
        return tuple(frozenset() for _ in labels.T)
    return tuple(_few(column[chosen]) for column, chosen in zip(labels.T, soft.T, strict=True))


def _few(soft: Floats) -> frozenset[float]:
    """Return the smallest different values, a few of them."""
    # np.unique loads numpy.ma when it is first called: a twelfth of the start-up.
    values = np.sort(soft)
    new = np.append(True, np.diff(values) > 0)[: len(values)]
    return frozenset(values[new][:MOST_SOFT_LABELS].tolist())


def _column_sums(values: Floats) -> Floats:
    # NumPy adds pairwise, and so exactly enough, only along contiguous memory.
    return np.asarray(np.ascontiguousarray(values.T).sum(axis=1))
