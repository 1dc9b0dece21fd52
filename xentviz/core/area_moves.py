"""How far each row moves the areas under both curves of one category: of scores sorted in ranges that a cache holds."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.counts import Integers
from xentviz.core.parallel import PIECE, in_batches
from xentviz.core.progress import Stopped, unheard

Answer = TypeVar("Answer")
Truth = NDArray[np.bool_]

SAMPLED = 256
"""Of so many scores one is looked at to find what cuts all of them into ranges."""


class Areas(NamedTuple):
    """The areas of one category, and how many elements are yes and no."""

    roc_auc: float
    average_precision: float
    positives: int
    negatives: int


class Piece(NamedTuple):
    """The known scores of one category in one block, ascending; of which rows they are, and whether these are yes."""

    scores: Values
    rows: NDArray[np.uint32]
    yes: Truth


class SortedBlock(NamedTuple):
    """The pieces of several categories, one after the other: so many small arrays would take several frames to let go.

    Examples
    --------
    >>> scores, known = np.array([[0.9, 0.4], [0.2, 0.3]]), np.array([[True, False], [True, True]])
    >>> block = SortedBlock.of(scores, scores > 0.5, known, first_row=10)
    >>> block.piece(0).scores.tolist(), block.piece(0).rows.tolist(), block.piece(1).rows.tolist()
    ([0.2, 0.9], [11, 10], [11])
    """

    pieces: Piece
    starts: Rows

    @classmethod
    def of(cls, scores: Values, yes: Truth, known: Truth, first_row: int) -> "SortedBlock":
        """Return those of a block that begins with this row; all of shape (rows, categories)."""
        by_category = np.ascontiguousarray(scores.T)
        order = by_category.argsort(axis=1)
        kept = np.take_along_axis(known.T, order, axis=1)
        rows = (order + first_row).astype(np.uint32)
        ascending, are = (np.take_along_axis(of, order, axis=1) for of in (by_category, yes.T))
        return cls(Piece(ascending[kept], rows[kept], are[kept]), np.append(0, np.cumsum(kept.sum(axis=1))))

    def piece(self, category: int) -> Piece:
        """Return the piece of one category."""
        start, stop = self.starts[category : category + 2]
        scores, rows, yes = self.pieces
        return Piece(scores[start:stop], rows[start:stop], yes[start:stop])


def area_moves(
    pieces: Sequence[Piece], use: Callable[[Rows, Floats], Answer], stopped: Stopped
) -> tuple[Areas, list[Answer]] | None:
    """Return the areas, and what is made of how far rows move them; None without a yes or without a no.

    Parameters
    ----------
    pieces : sequence of Piece
    use : callable
        Is given some rows, on any thread, and by how much each moves the area under the ROC curve and the average
        precision, shape (2, rows). The squares of the first add up to DeLong's variance, of the second to the
        jackknife's; they are nan of the only row of its kind.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> scores, yes = np.array([0.1, 0.3, 0.8, 0.9]), np.array([False, True, False, True])
    >>> piece = Piece(scores, np.arange(4, dtype=np.uint32), yes)
    >>> areas, (moves,) = area_moves([piece], lambda rows, moves: moves, lambda: False)
    >>> areas.roc_auc, moves[0].round(3).tolist()
    (0.75, [0.177, -0.177, -0.177, 0.177])
    """
    ranges = _ranges(pieces)
    before = np.cumsum([[0, 0], *(of.counts for of in ranges)], axis=0)
    positives, negatives = before[-1].tolist()
    if not positives or not negatives:
        return None

    def sums(place: int) -> list[float]:
        low = ranges[place].ascending()
        below, up_to = low.negatives
        hits, alarms = positives - before[place, 0] - low.positives[0], negatives - before[place, 1] - below
        hits, alarms, yes = hits[low.yes], alarms[low.yes], low.yes
        doubled = int((below + up_to)[yes].sum()) + 2 * int(before[place, 1]) * len(hits)
        return [doubled, *_precisions(hits, alarms).sum(axis=1).tolist()]

    found = np.array(in_batches(sums, range(len(ranges)), stopped, unheard))
    doubled, precision = sum(int(of) for of in found[:, 0]), math.fsum(found[:, 1])
    areas = Areas(doubled / (2 * positives * negatives), precision / positives, positives, negatives)
    steps = np.cumsum([[0.0, 0.0], *found[:, 2:]], axis=0)

    def moves(place: int) -> Answer:
        low = ranges[place].ascending()
        return use(low.rows, _moves(low, areas, before[place], steps[place]))

    return areas, in_batches(moves, range(len(ranges)), stopped, unheard)


class _Ascending(NamedTuple):
    """The rows of a range by their scores; how many positives and negatives of it lie below each, and up to it."""

    rows: Rows
    yes: Truth
    positives: tuple[Integers, Integers]
    negatives: tuple[Integers, Integers]


class _Range(NamedTuple):
    """Scores of each piece between two others; equal ones are in one range."""

    pieces: Sequence[Piece]
    counts: Integers

    def ascending(self) -> _Ascending:
        """Return them in order: sorted whenever they are asked for, which takes less time than to fetch them."""
        scores, rows, yes = (np.concatenate(of) for of in zip(*self.pieces, strict=True))
        order = np.argsort(scores)
        scores, rows, yes = scores[order], rows[order], yes[order]
        first, last = _ties(scores)
        positives = np.append(0, np.cumsum(yes))
        below, up_to = positives[first], positives[last]
        return _Ascending(rows.astype(np.int64), yes, (below, up_to), (first - below, last - up_to))


def _ranges(pieces: Sequence[Piece]) -> list[_Range]:
    cuts = _cuts([piece.scores for piece in pieces])
    bounds = [np.concatenate([[0], p.scores.searchsorted(cuts), [len(p.scores)]]).tolist() for p in pieces]
    ranges = []
    for place in range(len(cuts) + 1):
        parts = [slice(ends[place], ends[place + 1]) for ends in bounds]
        within = [
            Piece(piece.scores[part], piece.rows[part], piece.yes[part])
            for piece, part in zip(pieces, parts, strict=True)
            if part.stop > part.start
        ]
        if within:
            positives = sum(int(np.count_nonzero(piece.yes)) for piece in within)
            negatives = sum(len(piece.yes) for piece in within) - positives
            ranges.append(_Range(within, np.array([positives, negatives])))
    return ranges


def _cuts(ascending: Sequence[Values]) -> Values:
    """Return scores that cut all of them into ranges of about a piece of work each."""
    sample = np.sort(np.concatenate([scores[::SAMPLED] for scores in ascending]))
    return sample[PIECE // SAMPLED :: PIECE // SAMPLED]


def _ties(ascending: Values) -> tuple[Integers, Integers]:
    """Return where the scores that are equal to each begin and end."""
    starts = np.flatnonzero(np.append(True, ascending[1:] != ascending[:-1]))
    if len(starts) == len(ascending):
        return starts, starts + 1
    ends = np.append(starts[1:], len(ascending))
    return np.repeat(starts, ends - starts), np.repeat(ends, ends - starts)


def _precisions(hits: Integers, alarms: Integers) -> Floats:
    """Return the precision at each positive, and how far one more yes above would raise it, and a no lower it."""
    reached = (hits + alarms).astype(np.float64)
    precision = hits / reached
    return np.array([precision, alarms / reached**2, precision / reached])


def _moves(low: _Ascending, areas: Areas, before: Integers, steps: Floats) -> Floats:
    """Return how far the rows of a range move both areas, with so many of each kind, and steps of theirs, before it."""
    positives, negatives, yes, no = areas.positives, areas.negatives, low.yes, ~low.yes
    first, last = low.positives
    below, up_to = low.negatives
    hits, alarms = (positives - before[0] - first)[yes], (negatives - before[1] - below)[yes]
    precision, *each = _precisions(hits, alarms)
    raised, lowered = (start + np.append(0.0, np.cumsum(of)) for start, of in zip(steps, each, strict=True))
    moves = np.empty((2, len(yes)))
    passed = (below + up_to)[yes] + 2 * before[1]
    moves[0, yes] = (passed / (2 * negatives) - areas.roc_auc) / _each(positives)
    moves[1, yes] = (precision - areas.average_precision + raised[last[yes]]) / positives
    missed = (first + last)[no] + 2 * before[0]
    moves[0, no] = (1 - missed / (2 * positives) - areas.roc_auc) / _each(negatives)
    moves[1, no] = -lowered[last[no]] / positives
    return moves


def _each(count: int) -> float:
    """Return what a deviation is divided by, so that the squares add up to the variance of a mean; nan of one row."""
    return math.sqrt(count * (count - 1)) if count > 1 else math.nan
