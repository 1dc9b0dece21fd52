"""Where the difference of two mean losses comes from: its parts, which add up to it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.counts import Integers
from xentviz.core.pairs import Chosen, Match, Pairs
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.reduction import power_of_two
from xentviz.core.told import one_answer

MOST_PARTS = 10
"""More than these are taken together with the smallest."""

TENTHS = 10
SOFT = 2
"""The key of soft labels, beside 0 and 1."""

SHRUNK = 2.0**-64
"""By which losses are multiplied before they are added: sums of the largest floats are infinite."""

KEPT_BITS = 34
"""Of each number are added so many without any rounding: 2^18 of them have no more than 52 together."""


class Parting(StrEnum):
    """What the difference is broken into."""

    LABEL = "label"
    SCORE = "score"
    CATEGORY = "category"
    ROW = "row"


@dataclass(frozen=True)
class Part:
    """What some of the pairs make of the difference.

    Attributes
    ----------
    keys : tuple of int
        The label (0, 1, or 2 for soft ones), the tenth of the first model's score, the category, or the element that
        it is of; several if the smallest are together, none if these are rows.
    pairs : int
        With two finite losses.
    first, second : float
        Their shares of either mean loss, in nats.
    gap : float
        Of the difference: second less first, but without the rounding of either.
    """

    keys: tuple[int, ...]
    pairs: int
    first: float
    second: float
    gap: float


@dataclass(frozen=True, eq=False)
class Gap:
    """The difference of the mean losses of two models over the pairs whose losses both are finite.

    Attributes
    ----------
    match : Match
    parting : Parting
    pairs : int
        With two finite losses.
    infinite : tuple of int
        Pairs with an infinite loss under the first alone, under the second alone, and under both.
    first, second : float or None
        Mean losses in nats; None without pairs.
    difference : float or None
        Second less first.
    parts : tuple of Part, the largest first
        What is taken together comes last. Their gaps add up to the difference.
    """

    match: Match
    parting: Parting
    pairs: int
    infinite: tuple[int, int, int]
    first: float | None
    second: float | None
    difference: float | None
    parts: tuple[Part, ...]

    def is_of(self, part: Part, pairs: Pairs) -> Chosen:
        """Return which pairs a part is of."""
        finite = _are_finite(pairs)
        if self.parting is not Parting.ROW:
            return np.asarray(finite & np.isin(_group(self.parting, pairs), part.keys))
        named = np.isin(pairs.elements, part.keys or [key for of in self.parts for key in of.keys])
        return np.asarray(finite & (named if part.keys else ~named))


@dataclass(frozen=True, eq=False)
class _OfBlock:
    """What the pairs of one block come to.

    ``counts`` are of shape (groups,), ``sums`` of shape (3, groups, 2): of first, second and their difference in two
    pieces each, shrunk; ``largest`` are the elements and both losses of the pairs that differ most, shape (3, rows).
    """

    counts: Integers
    infinite: Integers
    sums: Floats
    largest: Floats


def gap(match: Match, parting: Parting, stopped: Stopped = never, report: Report = unheard) -> Gap:
    """Return where the difference comes from.

    Raises
    ------
    Cancelled

    Notes
    -----
    The sums are exact but for one rounding at the end, and so do not depend on how rows are cut into blocks.

    Examples
    --------
    >>> from xentviz.core.document import Document
    >>> document = Document.create([1, 0, 1], {"A": [0.5, 0.5, 0.5], "B": [0.9, 0.1, 0.4]})
    >>> found = gap(Match(document, 0, 1), Parting.LABEL)
    >>> [(part.keys, part.pairs, round(part.gap, 6)) for part in found.parts]
    [((0,), 1, -0.195929), ((1,), 2, -0.121548)]
    >>> round(found.difference, 6)
    -0.317477
    """
    found = match.of_blocks(lambda pairs: _of_block(pairs, parting), stopped, report)
    counts = np.sum([of.counts for of in found], axis=0)
    only_first, only_second, both = np.sum([of.infinite for of in found], axis=0).tolist()
    infinite, sums, pairs = (only_first, only_second, both), np.array([of.sums for of in found]), int(counts.sum())
    if not pairs:
        return Gap(match, parting, 0, infinite, None, None, None, ())
    if parting is Parting.ROW:
        parts = _rows(np.concatenate([of.largest for of in found], axis=1), sums, pairs)
    else:
        parts = _folded(
            sorted((_part((g,), counts, sums) for g in np.flatnonzero(counts).tolist()), key=_size), counts, sums
        )
    return Gap(match, parting, pairs, infinite, *_means(sums, pairs), tuple(parts))


def _of_block(pairs: Pairs, parting: Parting) -> _OfBlock:
    one, other = pairs.losses
    finite = _are_finite(pairs)
    unlike = np.array(
        [np.isinf(one) & np.isfinite(other), np.isinf(other) & np.isfinite(one), np.isinf(one) & np.isinf(other)]
    )
    of_rows = parting is Parting.ROW
    groups = 1 if of_rows else max(TENTHS, len(pairs.match.document.categories))
    group = np.zeros(len(one), dtype=np.int64) if of_rows else _group(parting, pairs)
    columns = [values[finite] for values in (one, other, pairs.differences)]
    group = group[finite]
    return _OfBlock(
        counts=np.bincount(group, minlength=groups),
        infinite=unlike.sum(axis=1),
        sums=np.array([_sums(values, group, groups) for values in columns]),
        largest=_largest(np.array([pairs.elements[finite], *columns[:2]])) if of_rows else np.empty((3, 0)),
    )


def _sums(values: Floats, group: Rows, groups: int) -> Floats:
    """Return the sum of each group in two pieces: what is added without any rounding, and what that leaves."""
    values = values * SHRUNK
    largest = float(np.abs(values).max(initial=0.0))
    if not largest:
        return np.zeros((groups, 2))
    quantum = max(power_of_two(largest) * 2.0**-KEPT_BITS, float(np.finfo(np.float64).smallest_normal))
    coarse = np.rint(values / quantum) * quantum
    pieces = [np.bincount(group, of, groups) for of in (coarse, values - coarse)]
    return np.stack(pieces, axis=1)


def _means(
    sums: Floats, pairs: int, less: Sequence[Sequence[float] | Floats] = ((), (), ())
) -> tuple[float, float, float]:
    """Return sums of first, second and difference as shares of the mean over so many pairs, without some values."""
    of_three = zip(np.moveaxis(sums, 1, 0), less, strict=True)
    first, second, gap = (
        math.fsum([*of.ravel().tolist(), *(-SHRUNK * v for v in values)]) / pairs / SHRUNK for of, values in of_three
    )
    return first, second, gap


def _part(keys: tuple[int, ...], counts: Integers, sums: Floats) -> Part:
    groups = list(keys)
    return Part(keys, int(counts[groups].sum()), *_means(sums[:, :, groups], int(counts.sum())))


def _size(part: Part) -> float:
    return -abs(part.gap)


def _folded(parts: list[Part], counts: Integers, sums: Floats) -> list[Part]:
    """Return the largest parts, and the others together."""
    if len(parts) <= MOST_PARTS:
        return parts
    rest = tuple(key for part in parts[MOST_PARTS:] for key in part.keys)
    return [*parts[:MOST_PARTS], _part(rest, counts, sums)]


def _rows(largest: Floats, sums: Floats, pairs: int) -> list[Part]:
    """Return the pairs that differ most, and all others together."""
    elements, one, other = _largest(largest)
    each = zip(elements.tolist(), one.tolist(), other.tolist(), strict=True)
    parts = [Part((int(e),), 1, a / pairs, b / pairs, (b - a) / pairs) for e, a, b in each]
    if pairs == len(parts):
        return parts
    return [*parts, Part((), pairs - len(parts), *_means(sums, pairs, (one, other, other - one)))]


def _largest(rows: Floats) -> Floats:
    """Return the pairs, given as elements and both losses, that differ most, of equal ones the first."""
    size = np.abs(rows[2] - rows[1])
    if len(size) > MOST_PARTS:
        least = np.partition(size, -MOST_PARTS)[-MOST_PARTS]
        rows, size = rows[:, size >= least], size[size >= least]
    return rows[:, np.lexsort((rows[0], -size))[:MOST_PARTS]]


def _are_finite(pairs: Pairs) -> Chosen:
    one, other = pairs.losses
    return np.isfinite(one) & np.isfinite(other)


# Groups


def _group(parting: Parting, pairs: Pairs) -> Rows:
    """Return the key of the part that each pair is of."""
    if parting is Parting.SCORE:
        return _tenth(pairs)
    if one_answer(pairs.match.document):
        return pairs.labels
    if parting is Parting.CATEGORY:
        return pairs.elements % len(pairs.match.document.categories)
    return np.where(pairs.labels == 1, 1, np.where(pairs.labels == 0, 0, SOFT))


def _tenth(pairs: Pairs) -> Rows:
    """Return in which tenth the first model's probability lies: of one answer in many the largest of the row."""
    p, category = pairs.probabilities(0), pairs.match.category
    if one_answer(pairs.match.document):
        p = p.max(axis=1) if category is None else p[:, category]
    # Compared with the very numbers, as decisions are: 10 × 0.29 and the like are not what they seem.
    edges = np.arange(1, TENTHS) / TENTHS
    return np.asarray(np.searchsorted(edges.astype(p.dtype), p, side="right"), dtype=np.int64)
