"""What comes true of scores in any number of bins, from one look at them: the bins of all numbers share their edges."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np

from xentviz.core.arguments import Floats, check_option
from xentviz.core.calibration import Reliability, equal_width, reliability
from xentviz.core.columns import Rows, Values
from xentviz.core.parallel import in_batches
from xentviz.core.progress import Report, Stopped, check, never, unheard
from xentviz.core.ranking import Blocks

FEWEST_BINS, MOST_BINS = 2, 100

FEW = 1 << 16
"""So many scores are sorted together at once; of more only what lies in a narrow range is."""

SAMPLED = 64
"""Of many scores every 64th of a block is looked at to cut them into ranges."""

ALONE = 1 << 14
"""So many scores are counted before another thread has begun to."""

BLOCKS = 16
"""So many blocks are looked at before anyone is asked whether to go on."""


@dataclass(frozen=True, eq=False)
class Binnings:
    """What came true of probabilities, in bins so fine that those of any number up to 100 are made of whole ones.

    Attributes
    ----------
    fine : Reliability
        In bins that end at every edge of every number of bins.
    ranks : ndarray of int64, or None
        Of bins of equal count the places in the order of all scores where one of any number of bins begins, ascending
        from 0; None of bins of equal width.
    ranked : ndarray of float64
        The scores that stand there.
    """

    fine: Reliability
    ranks: Rows | None = None
    ranked: Floats = field(default_factory=lambda: np.empty(0))
    _known: dict[int, Reliability] = field(default_factory=dict, repr=False)

    def at(self, bins: int) -> Reliability:
        """Return what came true in so many bins, exactly as :func:`reliability` counts; equal scores are not parted.

        Raises
        ------
        DataError
            ``option_out_of_range`` for fewer than 1 bin, or more than 100.
        """
        check_option("bins", bins, MOST_BINS, smallest=1)
        if bins not in self._known:
            self._known[bins] = self._joined(self._edges(bins))
        return self._known[bins]

    @cached_property
    def errors(self) -> Floats:
        """The expected calibration error with 2, 3 … 100 bins, shape (99,); nan of nothing."""
        total = self.fine.total
        if not total:
            return np.full(MOST_BINS - FEWEST_BINS + 1, math.nan)
        _, k, bins = _every_edge()
        edges = k / bins if self.ranks is None else self.ranked[np.searchsorted(self.ranks, total * k // bins)]
        # What is missing below each edge; from edge to edge it is what is missing in a bin.
        below = np.append(0.0, np.cumsum(self.fine.positives - self.fine.score_sums))
        at = below[np.searchsorted(self.fine.edges, edges)]
        firsts = np.flatnonzero(k == 1)
        gaps = np.abs(np.diff(at, prepend=0.0))
        gaps[firsts] = np.abs(at[firsts])
        last = np.abs(below[-1] - at[np.append(firsts[1:], len(at)) - 1])
        return np.asarray((np.add.reduceat(gaps, firsts) + last) / total)

    def _edges(self, bins: int) -> Floats:
        if self.ranks is None:
            return equal_width(bins)
        if not len(self.ranks):
            return np.array([0.0, 1.0])
        inner = self.ranked[np.searchsorted(self.ranks, self.fine.total * np.arange(1, bins) // bins)]
        # Below the smallest score no bin would have any.
        return _ascending([0.0, *inner[inner > self.ranked[0]], 1.0])

    def _starts(self, edges: Floats) -> Rows:
        return np.searchsorted(self.fine.edges, edges[:-1])

    def _joined(self, edges: Floats) -> Reliability:
        fine, starts = self.fine, self._starts(edges)
        parts = (fine.counts, fine.positives, fine.score_sums, fine.square_sums)
        return Reliability(edges, *(np.add.reduceat(part, starts) for part in parts))


def binnings(
    positives: Blocks,
    negatives: Blocks,
    equal_count: bool = False,
    stopped: Stopped = never,
    report: Report = unheard,
) -> Binnings:
    """Return what came true of probabilities in up to 100 bins, of equal width or with about as many scores each.

    Parameters
    ----------
    positives, negatives : sequence of ndarray, each ascending
        As of :func:`reliability`.
    equal_count : bool
    stopped, report : callable
        As of :func:`evaluate`.

    Raises
    ------
    DataError
        ``probability_out_of_range``.
    Cancelled

    Notes
    -----
    The edges ``k / bins`` of all numbers of bins up to 100 are the 3 045 fractions of the Farey sequence, and equal
    fractions are the same float: counted between these, any such number of bins is exact. Edges of equal count are
    the scores at as many ranks; they are found range by range, so that all scores are never sorted at once.

    Examples
    --------
    >>> found = binnings([np.array([0.1, 0.8])], [np.array([0.2])])
    >>> found.at(2).counts.tolist(), found.at(1).counts.tolist(), len(found.errors)
    ([2, 1], [3], 99)
    """
    if not equal_count:
        return Binnings(_counted(positives, negatives, _every_edge()[0], stopped, report))
    blocks = [block for block in (*positives, *negatives) if len(block)]
    total = sum(map(len, blocks))
    ranks = _ascending(np.append(0, total * _every_edge()[1] // _every_edge()[2])) if total else np.empty(0, np.int64)
    ranked = at_ranks(blocks, ranks, stopped)
    edges = _ascending([0.0, *ranked, 1.0])
    return Binnings(_counted(positives, negatives, edges, stopped, report), ranks, ranked)


def binned(
    positives: Blocks, negatives: Blocks, bins: int, *, equal_count: bool = False, stopped: Stopped = never
) -> Reliability:
    """Return what came true in so many bins, as :func:`reliability` does, but on all cores and able to stop.

    Examples
    --------
    >>> binned([np.array([0.1, 0.8])], [np.array([0.2])], 2).counts
    array([2, 1])
    """
    edges = equal_width(bins)
    blocks = [block for block in (*positives, *negatives) if len(block)]
    if equal_count and blocks:
        ranks = sum(map(len, blocks)) * np.arange(1, bins) // bins
        inner = at_ranks(blocks, ranks, stopped)
        edges = _ascending([0.0, *inner[inner > min(block[0] for block in blocks)], 1.0])
    return _counted(positives, negatives, edges, stopped, unheard)


def at_ranks(blocks: Blocks, ranks: Rows, stopped: Stopped = never) -> Floats:
    """Return the scores that would stand at some places, from 0 on, if all blocks were sorted together.

    Parameters
    ----------
    blocks : sequence of ndarray, each ascending
    ranks : ndarray of int64, ascending

    Examples
    --------
    >>> at_ranks([np.array([0.1, 0.9]), np.array([0.5])], np.array([0, 1])).tolist()
    [0.1, 0.5]
    """
    found = np.empty(len(ranks))
    if not len(ranks):
        return found
    cuts = _cuts(blocks)
    below = np.sum([block.searchsorted(cuts) for block in blocks], axis=0)
    upto = np.sum([block.searchsorted(cuts, side="right") for block in blocks], axis=0)
    range_of = np.searchsorted(below, ranks, side="right") - 1
    is_cut = ranks < upto[range_of]
    found[is_cut] = cuts[range_of[is_cut]]
    wanted = sorted(set(range_of[~is_cut].tolist()))

    def between(number: int) -> None:
        here = np.flatnonzero(~is_cut & (range_of == number))
        upper = cuts[number + 1] if number + 1 < len(cuts) else np.inf
        inside = [b[b.searchsorted(cuts[number], side="right") : b.searchsorted(upper)] for b in blocks]
        found[here] = np.sort(np.concatenate(inside))[ranks[here] - upto[number]]

    in_batches(between, wanted, stopped, unheard)
    return found


def _cuts(blocks: Blocks) -> Values:
    """Return scores, ascending and different, that cut all into ranges with few different ones between; first the
    smallest."""
    smallest = min(block[0] for block in blocks)
    sample = np.sort(np.concatenate([block[::SAMPLED] for block in blocks]))
    return _ascending(np.append(sample[FEW // SAMPLED :: FEW // SAMPLED], smallest))


def _ascending(values: Values | Sequence[float]) -> Values:
    """Return different values in order."""
    return np.unique(np.asarray(values))


@cache
def _every_edge() -> tuple[Floats, Rows, Rows]:
    """Return the edges of every number of bins of equal width; and, of each number, k and how many bins there are."""
    numbers = range(1, MOST_BINS + 1)
    edges = _ascending(np.concatenate([equal_width(bins) for bins in numbers]))
    k = np.concatenate([np.arange(1, bins) for bins in numbers])
    return edges, k, np.concatenate([np.full(bins - 1, bins) for bins in numbers])


def _counted(
    positives: Blocks,
    negatives: Blocks,
    edges: Floats,
    stopped: Stopped,
    report: Report,
) -> Reliability:
    """Return what came true between the edges, a few blocks at a time."""
    nothing = reliability([], [], edges)
    work = [(blocks[a : a + BLOCKS], is_yes) for is_yes, all_of in ((True, positives), (False, negatives))
            for blocks in (_gathered(all_of),) for a in range(0, len(blocks), BLOCKS)]  # fmt: skip

    def count(part: tuple[Blocks, bool]) -> Reliability:
        blocks, is_yes = part
        return reliability(blocks, [], edges) if is_yes else reliability([], blocks, edges)

    if sum(len(block) for blocks, _ in work for block in blocks) <= ALONE:
        check(stopped)
        return together([nothing, *map(count, work)])
    return together([nothing, *in_batches(count, work, stopped, report)])


def _gathered(blocks: Blocks) -> Blocks:
    """Return blocks of which few are small: of many categories there are thousands, each with a handful of scores."""
    found = [block for block in blocks if len(block) >= FEW]
    small = [block for block in blocks if 0 < len(block) < FEW]
    for kind in sorted({block.dtype.char for block in small}):  # edges are rounded to the scores' own precision
        alike = [block for block in small if block.dtype.char == kind]
        ends = np.cumsum([len(block) for block in alike]) // FEW
        for number in range(int(ends[-1]) + 1):
            some = [block for block, end in zip(alike, ends.tolist(), strict=True) if end == number]
            found += [np.sort(np.concatenate(some))] if some else []
    return found


def together(parts: Sequence[Reliability]) -> Reliability:
    """Return what came true of several parts, all in the same bins, at least one."""
    names = ("counts", "positives", "score_sums", "square_sums")
    return Reliability(parts[0].edges, *(np.sum([getattr(part, name) for part in parts], axis=0) for name in names))
