"""The sorted scores of many categories, merged from many blocks into few: counts of all of them at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Values
from xentviz.core.counts import Counts, Integers
from xentviz.core.parallel import in_batches
from xentviz.core.sorted_scores import SortedScores
from xentviz.core.summaries import Summary

TOGETHER, STRETCHES = 16, 8
"""So many blocks are merged at least, into so many stretches at most: an edit merges one of them anew."""

Stretch = tuple[Summary, ...]


@dataclass(frozen=True, eq=False)
class MergedScores:
    """The scores by which each category is decided for, first all hits, then all false alarms, in a few stretches.

    Of yes/no questions these are the positives and the negatives.

    Attributes
    ----------
    stretches : tuple of (tuple of Summary)
        The blocks that are merged into each part.
    parts : tuple of SortedScores
        Of twice as many categories: the hits of each, and then the false alarms of each.
    """

    stretches: tuple[Stretch, ...] = field(repr=False)
    parts: tuple[SortedScores, ...] = field(repr=False)

    @cached_property
    def _sizes(self) -> Integers:
        return np.asarray(sum(np.diff(part.starts) for part in self.parts))

    def of(self, category: int, positive: bool) -> tuple[Values, ...]:
        """Return the scores of one category's hits, or false alarms, ascending in each stretch."""
        place = category if positive else category + len(self._sizes) // 2
        return tuple(part.of(place) for part in self.parts)

    def reaching(self, thresholds: Floats) -> Integers:
        """Return how many hits, and false alarms, of every category reach its threshold; shape (2, categories)."""
        twice = np.concatenate([thresholds, thresholds])
        return np.reshape(sum(part.reaching_each(twice) for part in self.parts), (2, -1))

    def tied(self, threshold: float) -> tuple[int, int]:
        """Return how many hits, and false alarms, are exactly at a threshold, rounded to their precision."""
        hits, false_alarms = np.reshape(sum(part.tied_each(threshold) for part in self.parts), (2, -1)).sum(axis=1)
        return int(hits), int(false_alarms)

    def counts(self, thresholds: Floats) -> list[Counts]:
        """Return the confusion counts of every question at its threshold; thresholds of shape (categories,)."""
        (tp, fp), (yes, no) = self.reaching(thresholds), np.reshape(self._sizes, (2, -1))
        return [Counts(*four) for four in np.transpose([tp, fp, yes - tp, no - fp]).tolist()]


def merged_scores(
    models: Sequence[Sequence[Summary]],
    previous: Iterable[MergedScores] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> list[MergedScores]:
    """Return the scores of each model merged; stretches that were merged before are not merged again.

    Raises
    ------
    Cancelled
    """
    wanted = [_stretches(summaries) for summaries in models]
    known = {stretch: part for scores in previous for stretch, part in zip(scores.stretches, scores.parts, strict=True)}
    new = list({stretch: None for stretches in wanted for stretch in stretches if stretch not in known})
    known.update(zip(new, in_batches(_merged, new, stopped, lambda _share: None), strict=True))
    return [MergedScores(stretches, tuple(known[stretch] for stretch in stretches)) for stretches in wanted]


def _stretches(summaries: Sequence[Summary]) -> tuple[Stretch, ...]:
    """Return the summaries, cut; what is of another precision stays apart, for thresholds are rounded to it."""
    step = max(TOGETHER, -(-len(summaries) // STRETCHES))
    cut = [summaries[start : start + step] for start in range(0, len(summaries), step)]
    return tuple(tuple(alike) for part in cut for _, alike in groupby(part, lambda s: s.hits.scores.dtype.char))


def _merged(stretch: Stretch) -> SortedScores:
    halves = [(s.hits, s.false_alarms) for s in stretch]
    sizes = np.array([np.concatenate([np.diff(half.starts) for half in both]) for both in halves])
    starts = np.append(0, np.cumsum(sizes.sum(axis=0)))
    scores = np.empty(starts[-1], dtype=stretch[0].hits.scores.dtype)
    places = starts[:-1] + np.cumsum(sizes, axis=0) - sizes
    for both, firsts, lengths in zip(halves, places, sizes, strict=True):
        given = np.concatenate([half.scores for half in both])
        shifts = firsts - (np.cumsum(lengths) - lengths)
        scores[np.arange(len(given)) + np.repeat(shifts, lengths)] = given
    for first, last in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        scores[first:last].sort()
    return SortedScores(scores, starts)
