"""The losses of two models against each other: who wins how many, as dots or counts in a plane, and parts of it."""

import math
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.counts import Integers
from xentviz.core.pairs import Chosen, Match, Pairs
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.told import one_answer

MOST_DOTS = 2_000
"""More pairs than these are counted in cells."""

MOST_CELLS = 144
"""Along either axis of the plane."""

FEWEST_CELLS = 40
"""Along either axis: so large are these that a cloud of little more than the most dots is seen."""

NONE_AT_ALL, ENDLESS = -0.06, 1.06
"""Where along an axis lie losses below its beginning, and of 0, if it is logarithmic; and infinite ones."""

BEFORE_END = math.nextafter(1.0, 0.0)

ROOM = 1.03
"""So many times as far an axis goes as the losses."""

LEAST_FACTOR = 10.0
"""Between the ends of a logarithmic axis."""

LEAST_SHOWN = 1e-6
"""A logarithmic axis begins with this loss at the smallest: what is below it is as good as none at all."""

LEAST_END = 1e-300
"""No axis ends below: numbers that are smaller yet have no tenths."""

Box = tuple[float, float, float, float]


class Outcome(StrEnum):
    """What came of a row, or of a yes/no question."""

    FIRST_WINS = "first wins"
    SECOND_WINS = "second wins"
    TIES = "ties"
    ONLY_FIRST = "only first right"
    ONLY_SECOND = "only second right"
    WRONG_APART = "wrong apart"
    INFINITE = "infinite"


@dataclass(frozen=True)
class LossAxis:
    """Where losses lie along an axis from 0 to 1, even or logarithmic, and outside of it what it has no place for.

    Attributes
    ----------
    low, high : float
        The losses at its ends, in nats.
    logarithmic : bool

    Examples
    --------
    >>> LossAxis(0.01, 1.0, True).place([0.01, 0.1, 0.0, math.inf]).tolist()
    [0.0, 0.5, -0.06, 1.06]
    >>> LossAxis(0.01, 1.0, True).loss(0.5)
    0.1
    """

    low: float
    high: float
    logarithmic: bool

    def place(self, losses: ArrayLike) -> Floats:
        """Return where losses lie."""
        loss = np.asarray(losses, dtype=np.float64)
        with np.errstate(divide="ignore"):
            place = np.log(loss) if self.logarithmic else loss / self.high
        if self.logarithmic:
            start, end = math.log(self.low), math.log(self.high)
            place = (place - start) / (end - start)
        place = np.asarray(np.clip(place, 0.0, BEFORE_END))
        place[loss == np.inf] = ENDLESS
        if self.logarithmic:
            place[loss < self.low] = NONE_AT_ALL
        return place

    def loss(self, place: float) -> float:
        """Return the loss at a place; infinite beyond the end, on a logarithmic axis before its beginning 0,
        though small losses lie there too.
        """
        if place > 1:
            return math.inf
        if not self.logarithmic:
            return place * self.high
        if place < 0:
            return 0.0
        start, end = math.log10(self.low), math.log10(self.high)
        return float(10.0 ** (start + place * (end - start)))


@dataclass(frozen=True)
class Standing:
    """Who has the lower losses, and how far apart losses lie.

    Attributes
    ----------
    match : Match
    pairs : int
        Elements, or rows with one answer in many, that both models have a loss for.
    first_wins, second_wins, ties : int
        Those of lower loss under the first, under the second, and of equal losses, infinite ones too.
    low, high : float
        The smallest finite loss above 0 and the largest, in nats; inf and 0 if there is none.
    zeros, infinite : int
        Pairs with a loss of 0 under either model, and with an infinite one.
    """

    match: Match
    pairs: int
    first_wins: int
    second_wins: int
    ties: int
    low: float
    high: float
    zeros: int
    infinite: int

    def axis(self, logarithmic: bool) -> LossAxis:
        """Return the axis on which all finite losses have a place that are not too small to matter."""
        if not self.high:
            return LossAxis(0.1, 1.0, logarithmic)
        high = min(max(self.high * ROOM, LEAST_END), float(np.finfo(np.float64).max))
        low = max(self.low / ROOM, float(np.finfo(np.float64).smallest_subnormal))
        # Where all losses are so small, it is to the largest that others are compared.
        least = LEAST_SHOWN if high >= LEAST_FACTOR * LEAST_SHOWN else high * LEAST_SHOWN
        return LossAxis(max(min(low, high / LEAST_FACTOR), min(least, high / LEAST_FACTOR)), high, logarithmic)

    def has_below(self, axis: LossAxis) -> bool:
        """Return whether there are losses below the beginning of an axis, or of 0 where it has no place for it."""
        return axis.logarithmic and (self.zeros > 0 or self.low < axis.low)


def standing(match: Match, stopped: Stopped = never, report: Report = unheard) -> Standing:
    """Return who has the lower losses.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> from xentviz.core.document import Document
    >>> found = standing(Match(Document.create([1, 0, 1], {"A": [0.5, 0.5, 0.5], "B": [0.9, 0.1, 0.4]}), 0, 1))
    >>> found.first_wins, found.second_wins, found.ties
    (1, 2, 0)
    """
    counts, lows, highs = zip(*match.of_blocks(_stand, stopped, report), strict=True)
    pairs, first, second, zeros, infinite = np.sum(counts, axis=0).tolist()
    ties = pairs - first - second
    return Standing(match, pairs, first, second, ties, min(lows), max(highs), zeros, infinite)


def _stand(pairs: Pairs) -> tuple[list[int], float, float]:
    one, other = pairs.losses
    both = np.concatenate(pairs.losses)
    finite, zeros = both < np.inf, both == 0
    zero, infinite = ((of[: len(one)] | of[len(one) :]).sum() for of in (zeros, ~finite))
    wins = (int(np.count_nonzero(one < other)), int(np.count_nonzero(other < one)))
    counts = [len(one), *wins, int(zero), int(infinite)]
    low = both.min(initial=np.inf, where=finite & ~zeros)
    return counts, float(low), float(both.max(initial=0.0, where=finite))


@dataclass(frozen=True, eq=False)
class Cloud:
    """The pairs in the plane of both losses: dots, or counts where they are too many.

    Attributes
    ----------
    standing : Standing
    axis : LossAxis
        Of either loss.
    elements : ndarray of int64, shape (dots,)
    labels : ndarray, shape (dots,)
        As of :class:`Pairs`.
    losses : pair of ndarray of float64, shape (dots,)
        Of the first model, across, and of the second, up.
    counts : ndarray of int64, shape (2, cells + 2, cells + 2), or None where there are dots
        Of those that are no, and that are yes, soft labels rounded; of one answer in many all are in the second. By
        the second loss and by the first: its first cells hold losses below the axis, if it is logarithmic, its
        last infinite ones.
    """

    standing: Standing
    axis: LossAxis
    elements: Rows
    labels: Values
    losses: tuple[Floats, Floats]
    counts: Integers | None

    @property
    def cells(self) -> int:
        """How many cells there are along either axis."""
        return 0 if self.counts is None else len(self.counts[0]) - 2


def cloud(
    of: Standing, logarithmic: bool, stopped: Stopped = never, report: Report = unheard, most: int = MOST_DOTS
) -> Cloud:
    """Return the plane of a match, with no more than so many dots.

    Raises
    ------
    Cancelled
    """
    axis = of.axis(logarithmic)
    if of.pairs > most:
        nothing = np.empty(0)
        counts = _counted(of.match, axis, cells_for(of.pairs), stopped, report)
        return Cloud(of, axis, np.empty(0, dtype=np.int64), nothing, (nothing, nothing), counts)
    found = of.match.of_blocks(lambda pairs: (pairs.elements, pairs.labels, *pairs.losses), stopped, report)
    elements, labels, one, other = map(np.concatenate, zip(*found, strict=True))
    return Cloud(of, axis, elements, labels, (one, other), None)


def cells_for(pairs: int) -> int:
    """Return how many cells there are along either axis for so many pairs: so many that a cloud is no dust.

    >>> cells_for(2400), cells_for(10_000), cells_for(10_000_000)
    (40, 50, 144)
    """
    return min(max(FEWEST_CELLS, math.isqrt(pairs) // 2), MOST_CELLS)


def cells_of(axis: LossAxis, losses: Floats, cells: int) -> Rows:
    """Return in which of so many cells of an axis losses lie: 0 before it, ``cells + 1`` beyond it."""
    place = axis.place(losses)
    return np.asarray(np.clip(np.floor(place * cells) + 1, 0, cells + 1), dtype=np.int64)


def _counted(match: Match, axis: LossAxis, cells: int, stopped: Stopped, report: Report) -> Integers:
    side = cells + 2
    total, adding = np.zeros(2 * side * side, dtype=np.int64), Lock()

    def count(pairs: Pairs) -> None:
        across, up = (cells_of(axis, of, cells) for of in pairs.losses)
        planes = np.int64(1) if one_answer(match.document) else pairs.truth.astype(np.int64)
        found = np.bincount((planes * side + up) * side + across, minlength=2 * side * side)
        with adding:  # the counts of all blocks, one beside the other, would take more room than the blocks
            np.add(total, found, out=total)

    match.of_blocks(count, stopped, report)
    return total.reshape(2, side, side)


# Decisions


@dataclass(frozen=True, eq=False)
class Flips:
    """Where the two decide otherwise, at the document's thresholds.

    Attributes
    ----------
    only_first, only_second : int
        Decided rightly by the first alone, and by the second alone.
    wrong_apart : int
        Decided wrongly by both, but not alike: only of one answer in many.
    pairs : int
    """

    only_first: int
    only_second: int
    wrong_apart: int
    pairs: int


def flips(match: Match, stopped: Stopped = never, report: Report = unheard) -> Flips:
    """Return how many decisions differ.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> from xentviz.core.document import Document
    >>> found = flips(Match(Document.create([1, 0, 1], {"A": [0.5, 0.5, 0.5], "B": [0.9, 0.1, 0.4]}), 0, 1))
    >>> found.only_first, found.only_second
    (1, 1)
    """

    def count(pairs: Pairs) -> list[int]:
        apart = _decided_apart(pairs)
        counted = (Outcome.ONLY_FIRST, Outcome.ONLY_SECOND, Outcome.WRONG_APART)
        return [*(int(np.count_nonzero(apart[of])) for of in counted), len(pairs.places)]

    return Flips(*np.sum(match.of_blocks(count, stopped, report), axis=0).tolist())


def outcome_of(pairs: Pairs, outcome: Outcome) -> Chosen:
    """Return of which pairs this came."""
    one, other = pairs.losses
    if outcome is Outcome.INFINITE:
        return np.isinf(one) | np.isinf(other)
    if outcome in (Outcome.FIRST_WINS, Outcome.SECOND_WINS, Outcome.TIES):
        compared: dict[Outcome, Chosen] = {
            Outcome.FIRST_WINS: one < other, Outcome.SECOND_WINS: other < one, Outcome.TIES: one == other
        }  # fmt: skip
        return compared[outcome]
    return _decided_apart(pairs)[outcome]


def _decided_apart(pairs: Pairs) -> dict[Outcome, Chosen]:
    """Return which pairs are decided otherwise, by what came of them."""
    one, other, truth = pairs.decided(0), pairs.decided(1), pairs.truth
    right, too = one == truth, other == truth
    return {
        Outcome.ONLY_FIRST: right & ~too,
        Outcome.ONLY_SECOND: too & ~right,
        Outcome.WRONG_APART: (one != other) & ~right & ~too,
    }


# Parts of the plane


def in_box(axis: LossAxis, losses: tuple[Floats, Floats], box: Box) -> Chosen:
    """Return which pairs lie in a box of the plane: from left to right, and from bottom to top, places of the axis."""
    left, right, bottom, top = box
    x, y = (axis.place(of) for of in losses)
    return np.asarray((x >= left) & (x <= right) & (y >= bottom) & (y <= top))


def in_cell(of: Cloud, losses: tuple[Floats, Floats], across: int, up: int) -> Chosen:
    """Return which pairs a cell of a cloud counts."""
    one, other = (cells_of(of.axis, of_model, of.cells) for of_model in losses)
    return np.asarray((one == across) & (other == up))


def in_loop(axis: LossAxis, losses: tuple[Floats, Floats], loop: Floats) -> Chosen:
    """Return which pairs lie within a closed line: places of the axis, shape (points, 2).

    Where the line crosses itself, what it goes around twice is outside.
    """
    low, high = loop.min(axis=0), loop.max(axis=0)
    inside = in_box(axis, losses, (low[0], high[0], low[1], high[1]))
    near = np.flatnonzero(inside)
    inside[near] = within(axis.place(losses[0][near]), axis.place(losses[1][near]), loop)
    return inside


def within(x: Floats, y: Floats, loop: Floats) -> NDArray[np.bool_]:
    """Return which points lie within a closed line: to the left of it the line crosses their height an odd time.

    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> within(np.array([0.5, 2.0]), np.array([0.5, 0.5]), square).tolist()
    [True, False]
    """
    order = np.argsort(y)  # each piece of the line then asks only the points of its heights
    x, y = x[order], y[order]
    odd = np.zeros(len(x), dtype=bool)
    for (x0, y0), (x1, y1) in zip(loop, np.roll(loop, -1, axis=0), strict=True):
        if y0 != y1:
            start, end = np.searchsorted(y, (min(y0, y1), max(y0, y1)))
            odd[start:end] ^= x0 + (y[start:end] - y0) * ((x1 - x0) / (y1 - y0)) < x[start:end]
    found = np.empty_like(odd)
    found[order] = odd
    return found
