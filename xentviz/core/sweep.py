"""The exact counts at every threshold that can be told apart in a picture: curves are drawn of them."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.counts import reaching
from xentviz.core.outcomes import Outcomes
from xentviz.core.parallel import on_all_cores
from xentviz.core.progress import Stopped, check, never
from xentviz.core.ranking import Blocks, curve
from xentviz.core.ties import shortest

EVERY_SCORE = 4_096
"""Of so many scores each one is a point of its own."""

POINTS = 1_024
"""So many points, at most, are spread evenly over the positives, and as many over the negatives."""

SAMPLED, TOP, AN_OCTAVE = 64, 64, 16
"""Of many scores every 64th of a block is looked at, and its 64 largest: 16 points where twice as many reach one."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """What every threshold does, from one above all scores down to the smallest: one point a threshold.

    Attributes
    ----------
    thresholds : ndarray of float64, shape (points,), falling
        The first is infinite, where nothing is said yes; the others are scores that occur.
    true_positives, false_positives : ndarray of int64, shape (points,), rising from 0
        How many positives, and how many negatives, reach each threshold.
    positives, negatives : int
        How many there are; of rows with one answer in many not all of them can be reached.
    complete : bool
        Whether every score that occurs is a point; otherwise the counts are exact but points are left out.
    hits, false_alarms : sequence of ndarray, each ascending
        The scores themselves.
    """

    thresholds: Floats
    true_positives: Rows
    false_positives: Rows
    positives: int
    negatives: int
    complete: bool
    hits: Blocks = field(repr=False)
    false_alarms: Blocks = field(repr=False)

    def __len__(self) -> int:
        return len(self.thresholds)

    @cached_property
    def outcomes(self) -> Outcomes:
        """The counts of all points as floats."""
        return Outcomes.reached(self.true_positives, self.false_positives, self.positives, self.negatives)

    @cached_property
    def highest(self) -> float:
        """The lowest threshold from 0 to 1 that no score reaches, or 1 if one does; of no scores 1."""
        if not self._largest:
            return 1.0
        # Next to a score in the scores' precision: thresholds are rounded to that before they are compared.
        coarsest = min((score.dtype.type for score in self._largest), key=lambda kind: kind().itemsize)
        return min(1.0, shortest(np.nextafter(coarsest(max(self._largest)), coarsest(2))))

    @property
    def can_refuse_all(self) -> bool:
        """Whether there is a threshold from 0 to 1 that no score reaches: unless one is 1."""
        return bool(max(self._largest, default=0.0) < 1.0)

    @cached_property
    def _largest(self) -> list["np.floating[Any]"]:
        """The largest score of each block."""
        return [block[-1] for block in (*self.hits, *self.false_alarms) if len(block)]

    def settable(self, score: float) -> float:
        """Return a score as a threshold: the shortest number that is rounded to it in the scores' own precision."""
        kinds = {largest.dtype.type for largest in self._largest}
        return shortest(kinds.pop()(score)) if len(kinds) == 1 else score

    def threshold(self, point: int) -> float:
        """Return the threshold of a point as one can be set, from 0 to 1."""
        return self.settable(float(self.thresholds[point])) if point else self.highest


def sweep(
    hits: Blocks,
    false_alarms: Blocks,
    positives: int | None = None,
    negatives: int | None = None,
    stopped: Stopped = never,
) -> Sweep:
    """Return what every threshold does to scores, at a few thousand points where there are more.

    Parameters
    ----------
    hits, false_alarms : sequence of ndarray, each ascending
        Probabilities by which something is said yes, rightly and wrongly, if they reach the threshold.
    positives, negatives : int, optional
        How many are yes and no in truth; without them as many as there are hits and false alarms.
    stopped : callable, optional
        Asked before each block, on any thread.

    Notes
    -----
    Points are spread evenly over the positives and over the negatives, so that both axes of a ROC curve are drawn
    finely whatever their shares; and more and more closely towards the highest scores, so that its logarithm is.

    Examples
    --------
    >>> found = sweep([np.array([0.5, 0.9])], [np.array([0.1, 0.5])])
    >>> found.thresholds.tolist(), found.true_positives.tolist(), found.false_positives.tolist()
    ([inf, 0.9, 0.5, 0.1], [0, 1, 2, 2], [0, 0, 1, 2])
    """
    yes, no = sum(map(len, hits)), sum(map(len, false_alarms))
    complete = yes + no <= EVERY_SCORE
    if complete:
        found = curve(hits, false_alarms)
        thresholds, tp, fp = found.thresholds, found.true_positives, found.false_positives
    else:
        check(stopped)
        thresholds = _chosen(hits, false_alarms)
        tp, fp = on_all_cores(lambda blocks: reaching(tuple(blocks), thresholds, stopped), (hits, false_alarms))
    return Sweep(
        np.append(np.inf, thresholds),
        np.append(0, tp),
        np.append(0, fp),
        yes if positives is None else positives,
        no if negatives is None else negatives,
        complete,
        hits,
        false_alarms,
    )


def _chosen(hits: Blocks, false_alarms: Blocks) -> Floats:
    """Return scores to look at, falling and different."""
    parts = [picked for blocks in (hits, false_alarms) for picked in (_evenly(blocks), _towards_the_top(blocks))]
    lowest = min(float(block[0]) for block in (*hits, *false_alarms) if len(block))
    return np.unique(np.concatenate([*parts, [lowest]]))[::-1]


def _evenly(blocks: Blocks) -> Floats:
    """Return scores with about as many between each two of them."""
    step = 1 if sum(map(len, blocks)) <= SAMPLED * POINTS else SAMPLED
    # Blocks begin in turn at each place of a step: were all to begin at one, the rest of it would never be seen.
    sampled = [block[number % min(step, len(block) or 1) :: step] for number, block in enumerate(blocks)]
    scores = np.sort(np.concatenate(sampled))
    places = np.linspace(0, len(scores) - 1, min(POINTS, len(scores))).round().astype(np.int64)
    return scores[places].astype(np.float64)


def _towards_the_top(blocks: Blocks) -> Floats:
    """Return scores that so and so many reach, numbers that grow by one factor."""
    falling = np.sort(np.concatenate([block[-TOP:] for block in blocks]))[::-1]
    ranks = 2 ** np.arange(0, np.log2(len(falling) + 1), 1 / AN_OCTAVE)
    return falling[np.unique(ranks.astype(np.int64)) - 1].astype(np.float64)


def between(found: Sweep, point: int) -> Sweep:
    """Return the part of a sweep from a point to the next, with every score that lies between them as a point.

    >>> yes, no = [np.array([0.5, 0.7, 0.9])], [np.array([0.1])]
    >>> thin = Sweep(np.array([np.inf, 0.9, 0.1]), np.array([0, 1, 3]), np.array([0, 0, 1]), 3, 1, False, yes, no)
    >>> between(thin, 1).true_positives.tolist()
    [1, 2, 3, 3]
    """
    upper, lower = found.thresholds[point : point + 2]

    def within(blocks: Blocks) -> Blocks:
        return [block[np.searchsorted(block, lower) : np.searchsorted(block, upper)] for block in blocks]

    inner = curve(within(found.hits), within(found.false_alarms))
    tp, fp = found.true_positives[point], found.false_positives[point]
    return replace(
        found,
        thresholds=np.append(upper, inner.thresholds),
        true_positives=np.append(tp, tp + inner.true_positives),
        false_positives=np.append(fp, fp + inner.false_positives),
        complete=True,
    )
