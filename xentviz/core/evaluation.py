"""From a document to its numbers, block by block: an edit evaluates one block again and adds up anew."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xentviz.core.columns import Block, Rows, Values
from xentviz.core.counts import Counts, Integers, reaching
from xentviz.core.document import Document, ScoreKind, Task, known_labels, probabilities
from xentviz.core.errors import Cancelled, DataError
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
    squared_error,
)
from xentviz.core.transforms import Floats

BlockPair = tuple[Block, Block, ScoreKind]


@dataclass(frozen=True, eq=False)
class Summary:
    """What one block of labels and one of scores come to, per category; the whole's numbers follow from the blocks'.

    Attributes
    ----------
    known : ndarray of int64, shape (categories,)
        Elements with a label and a score.
    infinite : ndarray of int64, shape (categories,)
        Elements whose loss is infinite.
    loss, squared_error : ndarray of float64, shape (categories,)
        Sums over the known elements; the loss in nats, over the finite ones.
    infinite_rows : int
        Rows that have an element of infinite loss.
    largest_loss : ndarray of float64, shape (categories,)
        The largest finite loss in nats, 0 if there is none; of blocks together the largest counts.
    soft_labels : tuple of frozenset of float, one a category
        The labels other than 0 and 1, the first few if there are many; of blocks together their union.
    positives, negatives : tuple of ndarray, one a category, each ascending
        The probabilities given to known elements whose label rounds to 1, and to 0.
    """

    known: Integers
    infinite: Integers
    loss: Floats
    squared_error: Floats
    infinite_rows: int
    largest_loss: Floats
    soft_labels: tuple[frozenset[float], ...]
    positives: tuple[Values, ...]
    negatives: tuple[Values, ...]
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
            positives=self.positives[one],
            negatives=self.negatives[one],
            _histograms={},
        )

    def histogram(self, edges: Floats, category: int) -> Integers:
        """Return how many positives and negatives lie in each bin, shape (2, bins); counted once for each edges."""
        key = (edges.tobytes(), category)
        if key not in self._histograms:
            both = (self.positives[category], self.negatives[category])
            self._histograms[key] = np.array([-np.diff(reaching((scores,), edges)) for scores in both])
        return self._histograms[key]


MOST_SOFT_LABELS = 6


def losses(labels: Floats, scores: Values, kind: ScoreKind) -> Floats:
    """Return the loss of each element in nats, from probabilities or from logits."""
    of = binary_cross_entropy_with_logits if kind is ScoreKind.LOGIT else binary_cross_entropy
    return of(labels, scores)


def losses_of(document: Document, model: int, elements: Rows) -> Floats:
    """Return the losses of these elements under one model, in nats."""
    kind = document.models[model].kind
    return losses(document.labels_of(elements), document.scores_of(model, elements), kind)


def gradients_of(document: Document, model: int, elements: Rows) -> Floats:
    """Return the derivatives of these elements' losses with respect to the model's own score, in nats."""
    logits = document.models[model].kind is ScoreKind.LOGIT
    of = binary_cross_entropy_with_logits_gradient if logits else binary_cross_entropy_gradient
    return of(document.labels_of(elements), document.scores_of(model, elements))


def wrong_of(document: Document, model: int, elements: Rows) -> NDArray[np.bool_]:
    """Return which of these elements are decided against their label; those without label or score are not."""
    labels = document.labels_of(elements)
    known = ~np.isnan(labels) & ~np.isnan(document.scores_of(model, elements))
    wrong: NDArray[np.bool_] = known & (document.decisions_of(model, elements) != (labels >= 0.5))
    return wrong


def summarize(label_block: Block, score_block: Block, kind: ScoreKind) -> Summary:
    """Return the summary of one block of labels with one of scores, both of shape (rows, categories)."""
    labels = known_labels(label_block.values)
    loss = losses(labels, score_block.values, kind)
    p = probabilities(score_block.values, kind)
    known, infinite = ~np.isnan(loss), np.isinf(loss)
    finite = np.where(known & ~infinite, loss, 0.0)
    squared = np.where(known, squared_error(labels, p), 0.0)
    yes = known & (labels >= 0.5)
    soft = (labels > 0) & (labels < 1)
    columns = range(labels.shape[1])
    return Summary(
        known=known.sum(axis=0),
        infinite=infinite.sum(axis=0),
        loss=_column_sums(finite),
        squared_error=_column_sums(squared),
        infinite_rows=int(infinite.any(axis=1).sum()),
        largest_loss=finite.max(axis=0, initial=0.0),
        soft_labels=tuple(_few(labels[soft[:, c], c]) for c in columns),
        positives=tuple(np.sort(p[yes[:, c], c]) for c in columns),
        negatives=tuple(np.sort(p[known[:, c] & ~yes[:, c], c]) for c in columns),
    )


def _few(soft: Floats) -> frozenset[float]:
    """Return the smallest different values, a few of them."""
    # np.unique loads numpy.ma when it is first called: a twelfth of the start-up.
    values = np.sort(soft)
    new = np.append(True, np.diff(values) > 0)[: len(values)]
    return frozenset(values[new][:MOST_SOFT_LABELS].tolist())


def _column_sums(values: Floats) -> Floats:
    # NumPy adds pairwise, and so exactly enough, only along contiguous memory.
    return np.asarray(np.ascontiguousarray(values.T).sum(axis=1))


@dataclass(frozen=True, eq=False)
class ModelResults:
    """The numbers of one model, added up from the summaries of its blocks."""

    summaries: tuple[Summary, ...]
    _histograms: dict[tuple[bytes, range], Integers] = field(default_factory=dict, repr=False)

    _by_category: "dict[int, ModelResults]" = field(default_factory=dict, repr=False)

    def only(self, category: int) -> "ModelResults":
        """Return the numbers of one category alone."""
        if category not in self._by_category:
            self._by_category[category] = ModelResults(tuple(s.only(category) for s in self.summaries))
        return self._by_category[category]

    @cached_property
    def known(self) -> int:
        """Elements with a label and a score."""
        return int(sum(s.known.sum() for s in self.summaries))

    @cached_property
    def infinite(self) -> int:
        """Elements whose loss is infinite."""
        return int(sum(s.infinite.sum() for s in self.summaries))

    @cached_property
    def infinite_rows(self) -> int:
        """Rows that have an element of infinite loss."""
        return sum(s.infinite_rows for s in self.summaries)

    @cached_property
    def finite_sum(self) -> float:
        """The sum of the finite losses, in nats."""
        return math.fsum(float(loss) for s in self.summaries for loss in s.loss)

    @cached_property
    def sum_loss(self) -> float:
        """The sum of all losses, in nats."""
        return math.inf if self.infinite else self.finite_sum

    @cached_property
    def mean_loss(self) -> float | None:
        """The mean loss in nats, infinite if any loss is; None when there is nothing to average."""
        return self.sum_loss / self.known if self.known else None

    @cached_property
    def finite_mean(self) -> float | None:
        """The mean of the finite losses, in nats."""
        finite = self.known - self.infinite
        return self.finite_sum / finite if finite else None

    @cached_property
    def brier(self) -> float | None:
        """The mean squared error of the probabilities."""
        total = math.fsum(float(part) for s in self.summaries for part in s.squared_error)
        return total / self.known if self.known else None

    @cached_property
    def largest_loss(self) -> float:
        """The largest finite loss, in nats."""
        return max(float(s.largest_loss.max(initial=0.0)) for s in self.summaries)

    @cached_property
    def soft_labels(self) -> tuple[float, ...]:
        """Labels other than 0 and 1 that occur, ascending, the first few if there are many."""
        found = frozenset[float]().union(*(labels for s in self.summaries for labels in s.soft_labels))
        return tuple(sorted(found))[:MOST_SOFT_LABELS]

    @property
    def categories(self) -> int:
        """The number of categories."""
        return len(self.summaries[0].known)

    def positives(self, category: int) -> tuple[Values, ...]:
        """Return the probabilities given to the positive elements, ascending in each block."""
        return tuple(s.positives[category] for s in self.summaries)

    def negatives(self, category: int) -> tuple[Values, ...]:
        """Return the probabilities given to the negative elements, ascending in each block."""
        return tuple(s.negatives[category] for s in self.summaries)

    def extent(self) -> tuple[float, float] | None:
        """Return the smallest and the largest probability, None when there is none."""
        found = [scores for s in self.summaries for scores in (*s.positives, *s.negatives) if len(scores)]
        if not found:
            return None
        return min(float(scores[0]) for scores in found), max(float(scores[-1]) for scores in found)

    def counts(self, category: int, threshold: float) -> Counts:
        """Return the confusion counts of one category at a threshold."""
        at = np.array([threshold])
        positives, negatives = self.positives(category), self.negatives(category)
        tp, fp = int(reaching(positives, at)[0]), int(reaching(negatives, at)[0])
        return Counts(tp, fp, sum(map(len, positives)) - tp, sum(map(len, negatives)) - fp)

    def histogram(self, edges: Floats, categories: range) -> tuple[Integers, Integers]:
        """Return how many positives and negatives lie in each bin ``[edge, next edge)``, the last one closed.

        Parameters
        ----------
        edges : ndarray of float64, shape (bins + 1,), ascending, from 0 to 1
        categories : range
            Those counted together.

        Returns
        -------
        positives, negatives : ndarray of int64, shape (bins,)
        """
        key = (edges.tobytes(), categories)
        if key not in self._histograms:  # a threshold that is dragged asks for the same again and again
            upper = edges.copy()
            upper[-1] = 2.0  # nothing reaches it, so that a score of 1 stays in the last bin
            parts = [s.histogram(upper, c) for s in self.summaries for c in categories]
            self._histograms[key] = np.sum(parts, axis=0, dtype=np.int64)
        yes, no = self._histograms[key]
        return yes, no


@dataclass(frozen=True, eq=False)
class Results:
    """The numbers of every model of a document, in its order."""

    document: Document
    models: tuple[ModelResults, ...]
    by_blocks: Mapping[BlockPair, Summary]


def evaluate(
    document: Document,
    previous: Results | None = None,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _share: None,
) -> Results:
    """Return the results of a document.

    Parameters
    ----------
    document : Document
        Of a binary or multi-label task.
    previous : Results, optional
        What an earlier snapshot came to: blocks that both share are not evaluated again.
    stopped : callable, optional
        Asked before each block; when it says True the work ends with :class:`Cancelled`.
    report : callable, optional
        Told the share done, from 0 to 1, before each block.

    Raises
    ------
    Cancelled
    DataError
        ``task_not_evaluated`` for a multi-class task.

    Examples
    --------
    >>> results = evaluate(Document.create([1, 1, 0, 1], {"Guess": [0.9, 0.95, 0.7, 0.75]}))
    >>> round(results.models[0].mean_loss, 6)
    0.412077
    """
    if document.task is Task.MULTICLASS:
        raise DataError("task_not_evaluated", task=document.task.value)
    known = previous.by_blocks if previous else {}
    total = max(1, len(document.models) * len(document.labels.blocks))
    by_blocks: dict[BlockPair, Summary] = {}
    models = []
    for model in document.models:
        summaries = []
        for pair in zip(document.labels.blocks, model.scores.blocks, strict=True):
            if stopped():
                raise Cancelled
            report(len(by_blocks) / total)
            key = (*pair, model.kind)
            by_blocks[key] = by_blocks.get(key) or known.get(key) or summarize(*key)
            summaries.append(by_blocks[key])
        models.append(ModelResults(tuple(summaries)))
    return Results(document, tuple(models), by_blocks)
