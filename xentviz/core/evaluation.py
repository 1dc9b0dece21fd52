"""From a document to its numbers, block by block: an edit evaluates one block again and adds up anew."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Block, Values
from xentviz.core.counts import Counts, Integers, reaching
from xentviz.core.document import Document, ScoreKind, Task
from xentviz.core.merged_scores import MergedScores, merged_scores
from xentviz.core.parallel import in_batches, on_all_cores
from xentviz.core.progress import Stopped, never
from xentviz.core.ranking import Blocks
from xentviz.core.reduction import sum_of
from xentviz.core.summaries import MOST_HISTOGRAMS, MOST_SOFT_LABELS, Summary, summarize
from xentviz.core.sweep import Sweep, sweep
from xentviz.core.ties import tied

Decided = tuple[tuple[Values, ...], tuple[Values, ...], int, int]
"""Of one category: its hits and its false alarms by block, and how many elements are it and are not."""

SEVERAL = 16
"""So many blocks are looked at before a second thread has begun."""

MANY_CATEGORIES = 2
"""Of more questions than these the blocks are merged, for each of them has only few scores of each."""

BlockPair = tuple[Block, Block, ScoreKind, Task]


@dataclass(frozen=True, eq=False)
class ModelResults:
    """The numbers of one model, added up from the summaries of its blocks.

    Attributes
    ----------
    summaries : tuple of Summary
    merged : MergedScores or None
        Of yes/no questions the positives and negatives of all blocks, if there are many of them.
    merged_answers : MergedScores or None
        Of rows with one answer in many the hits and false alarms of all blocks.
    """

    summaries: tuple[Summary, ...]
    merged: MergedScores | None = field(default=None, repr=False)
    merged_answers: MergedScores | None = field(default=None, repr=False)
    _histograms: dict[tuple[bytes, range, bool], Integers] = field(default_factory=dict, repr=False)
    _decided: dict[int, Decided] = field(default_factory=dict, repr=False)
    _reachable: dict[range, tuple[Blocks, Blocks]] = field(default_factory=dict, repr=False)
    _by_category: "dict[int, ModelResults]" = field(default_factory=dict, repr=False)

    def only(self, category: int) -> "ModelResults":
        """Return the numbers of one category alone."""
        if category not in self._by_category:
            self._by_category[category] = ModelResults(tuple(s.only(category) for s in self.summaries))
        return self._by_category[category]

    @cached_property
    def known(self) -> int:
        """Elements with a label and a score."""
        return int(np.sum([s.known for s in self.summaries]))

    @cached_property
    def infinite(self) -> int:
        """Elements whose loss is infinite."""
        return int(np.sum([s.infinite for s in self.summaries]))

    @cached_property
    def infinite_rows(self) -> int:
        """Rows that have an element of infinite loss."""
        return sum(s.infinite_rows for s in self.summaries)

    @cached_property
    def finite_sum(self) -> float:
        """The sum of the finite losses, in nats."""
        return sum_of([float(loss) for s in self.summaries for loss in s.loss])

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
        """The mean squared error of the probabilities; of a row with one answer in many, summed over its categories."""
        total = sum_of([float(part) for s in self.summaries for part in s.squared_error])
        return total / self.known if self.known else None

    @cached_property
    def largest_loss(self) -> float:
        """The largest finite loss, in nats."""
        return float(np.max([s.largest_loss for s in self.summaries], initial=0.0))

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
        if self.merged is not None:
            return self.merged.of(category, True)
        return tuple(s.positives.of(category) for s in self.summaries)

    def negatives(self, category: int) -> tuple[Values, ...]:
        """Return the probabilities given to the negative elements, ascending in each block."""
        if self.merged is not None:
            return self.merged.of(category, False)
        return tuple(s.negatives.of(category) for s in self.summaries)

    @cached_property
    def extent(self) -> tuple[float, float] | None:
        """The smallest and the largest probability, None when there is none."""
        categories = range(self.categories)
        found = [scores for c in categories for scores in (*self.positives(c), *self.negatives(c)) if len(scores)]
        if not found:
            return None
        return min(float(scores[0]) for scores in found), max(float(scores[-1]) for scores in found)

    def counts(self, category: int, threshold: float) -> Counts:
        """Return the confusion counts of one category against the rest at a threshold."""
        hits, false_alarms, positives, negatives = self._decided_for(category)
        at = np.array([threshold])
        tp, fp = int(reaching(hits, at)[0]), int(reaching(false_alarms, at)[0])
        return Counts(tp, fp, positives - tp, negatives - fp)

    def counts_of_all(self, thresholds: Floats) -> list[Counts]:
        """Return :meth:`counts` of every category at its own threshold; thresholds of shape (categories,)."""
        if self.merged is not None:
            return self.merged.counts(thresholds)
        return [self.counts(category, threshold) for category, threshold in enumerate(thresholds.tolist())]

    def sweep(self, categories: range, stopped: Stopped = never) -> Sweep:
        """Return what every threshold makes of some categories together: their counts added up."""
        decided = [self._decided_for(category) for category in categories]
        positives = sum(positives for _, _, positives, _ in decided)
        negatives = sum(negatives for *_, negatives in decided)
        return sweep(*self.reachable(categories), positives, negatives, stopped)

    def reachable(self, categories: range) -> tuple[Blocks, Blocks]:
        """Return the probabilities by which elements of some categories are said yes if they reach the threshold.

        Returns
        -------
        hits, false_alarms : sequence of ndarray, each ascending
            Where each row has one answer in many, of rows whose most probable category is among these.
        """
        if categories not in self._reachable:  # a threshold that is dragged asks for the same again and again
            decided = [self._decided_for(category) for category in categories]
            self._reachable[categories] = (
                [block for hits, *_ in decided for block in hits],
                [block for _, false_alarms, *_ in decided for block in false_alarms],
            )
        return self._reachable[categories]

    def tied(self, categories: range, threshold: float) -> tuple[int, int]:
        """Return how many of the :meth:`reachable` hits, and false alarms, are exactly at a threshold."""
        merged = self.merged or self.merged_answers
        if merged is not None and len(categories) == self.categories:
            return merged.tied(threshold)
        hits, false_alarms = self.reachable(categories)
        return tied(hits, threshold), tied(false_alarms, threshold)

    def _decided_for(self, category: int) -> Decided:
        if category not in self._decided:  # a threshold that is dragged asks for the same again and again
            yes, no = self.positives(category), self.negatives(category)
            hits, false_alarms = yes, no
            if self.merged_answers is not None:
                hits, false_alarms = (self.merged_answers.of(category, right) for right in (True, False))
            elif self.merged is None:
                hits = tuple(s.hits.of(category) for s in self.summaries)
                false_alarms = tuple(s.false_alarms.of(category) for s in self.summaries)
            self._decided[category] = (hits, false_alarms, sum(map(len, yes)), sum(map(len, no)))
        return self._decided[category]

    def answer_counts(self, threshold: float) -> list[Counts]:
        """Return :meth:`counts` of every category at one threshold, for rows with one answer in many."""
        are, others = self._answers_known
        if self.merged_answers is not None:
            tp, fp = self.merged_answers.reaching(np.full(len(are), threshold))
        else:
            tp = np.sum([s.hits.reaching(threshold) for s in self.summaries], axis=0)
            fp = np.sum([s.false_alarms.reaching(threshold) for s in self.summaries], axis=0)
        return [Counts(*four) for four in np.transpose([tp, fp, are - tp, others - fp]).tolist()]

    @cached_property
    def _answers_known(self) -> tuple[Integers, Integers]:
        """How many rows are, and are not, of each category."""
        are = sum(np.diff(s.positives.starts) for s in self.summaries)
        others = sum(np.diff(s.negatives.starts) for s in self.summaries)
        return np.asarray(are), np.asarray(others)

    @cached_property
    def answer_extent(self) -> tuple[float, float] | None:
        """The smallest and the largest probability of a true category, None when there is none."""
        found = [s.positives.scores for s in self.summaries if len(s.positives.scores)]
        return (min(float(p.min()) for p in found), max(float(p.max()) for p in found)) if found else None

    def answers(self, edges: Floats) -> tuple[Integers, Integers, Integers]:
        """Return how many rows with one answer in many lie in each bin, as :meth:`histogram` counts.

        Parameters
        ----------
        edges : ndarray of float64, shape (bins + 1,), ascending, from 0 to 1

        Returns
        -------
        true, right, wrong : ndarray of int64, shape (bins,)
            By the probability of the true category; by the largest one, of rows decided rightly; and wrongly.
        """
        upper = edges.copy()
        upper[-1] = 2.0  # nothing reaches it, so that a score of 1 stays in the last bin
        found: Integers = np.asarray(np.sum([s.answers(upper) for s in self.summaries], axis=0, dtype=np.int64))
        return found[0], found[1], found[2]

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
        return self.bins(edges, categories, True), self.bins(edges, categories, False)

    def bins(self, edges: Floats, categories: range, positive: bool) -> Integers:
        """Return one half of a histogram: the positives of each bin, or the negatives."""
        key = (edges.tobytes(), categories, positive)
        found = self._histograms.get(key)  # a threshold that is dragged asks for the same again and again
        if found is None:
            if len(self._histograms) >= 2 * MOST_HISTOGRAMS * self.categories:
                self._histograms.clear()
            upper = edges.copy()
            upper[-1] = 2.0  # nothing reaches it, so that a score of 1 stays in the last bin
            if self.merged is None:
                places = [(s, c) for s in self.summaries for c in categories]
                new = [(s, c) for s, c in places if not s.has_histogram(upper, c, positive)]
                if len(new) > SEVERAL:
                    on_all_cores(lambda place: place[0].histogram(upper, place[1], positive), new)
                parts = [s.histogram(upper, c, positive) for s, c in places]
            else:
                of = self.positives if positive else self.negatives
                parts = [-np.diff(reaching(of(category), upper)) for category in categories]
            self._histograms[key] = found = np.sum(parts, axis=0, dtype=np.int64)
        return found


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
    previous : Results, optional
        What an earlier snapshot came to: blocks that both share are not evaluated again.
    stopped : callable, optional
        Asked every few blocks; when it says True the work ends with :class:`Cancelled`.
    report : callable, optional
        Told the share done, from 0 and below 1, every few blocks.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> results = evaluate(Document.create([1, 1, 0, 1], {"Guess": [0.9, 0.95, 0.7, 0.75]}))
    >>> round(results.models[0].mean_loss, 6)
    0.412077
    """
    pairs = [
        [(*pair, model.kind, document.task) for pair in zip(document.labels.blocks, model.scores.blocks, strict=True)]
        for model in document.models
    ]
    earlier = previous.by_blocks if previous else {}
    wanted = {pair: earlier.get(pair) for blocks in pairs for pair in blocks}
    new = [pair for pair, summary in wanted.items() if summary is None]
    by_blocks = {pair: summary for pair, summary in wanted.items() if summary is not None}
    by_blocks.update(zip(new, in_batches(lambda pair: summarize(*pair), new, stopped, report), strict=True))
    summaries = [tuple(by_blocks[pair] for pair in blocks) for blocks in pairs]
    merged = _merged(document, summaries, previous, stopped)
    answers = document.task is Task.MULTICLASS
    models = tuple(
        ModelResults(of_model, merged_answers=scores) if answers else ModelResults(of_model, scores)
        for of_model, scores in zip(summaries, merged, strict=True)
    )
    return Results(document, models, by_blocks)


def _merged(
    document: Document,
    summaries: Sequence[tuple[Summary, ...]],
    previous: Results | None,
    stopped: Callable[[], bool],
) -> Sequence[MergedScores | None]:
    """Return the scores by which each model decides merged, or None for each if there are few questions."""
    answers = document.task is Task.MULTICLASS
    if not answers and len(document.categories) <= MANY_CATEGORIES:
        return [None] * len(summaries)
    found = [model.merged_answers if answers else model.merged for model in previous.models] if previous else []
    earlier = [scores for scores in found if scores is not None]
    return merged_scores(summaries, earlier, stopped)
