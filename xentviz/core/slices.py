"""Rows divided by label, by score or by group: what every model loses, and how often it is right, in each slice."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.calibration import equal_count
from xentviz.core.columns import Column, Rows
from xentviz.core.comparison import differences
from xentviz.core.counts import Counts, Integers
from xentviz.core.document import Document
from xentviz.core.intervals import wilson_of_all
from xentviz.core.looked_at import LookedAt, Mask
from xentviz.core.means import NONE, Means, joined
from xentviz.core.progress import Report, Stopped, never, unheard

ENOUGH = 100_000
"""So many scores tell where to part them."""


@dataclass(frozen=True, eq=False)
class Division:
    """Into which slices all that is looked at falls.

    Attributes
    ----------
    slices : int
    of_block : callable
        Returns the slice of everything in a block, -1 for none.
    edges : ndarray of float64, or None
        Where scores are parted: the ends of each of their ranges.
    """

    slices: int
    of_block: Callable[[int], Rows]
    edges: Floats | None = None


def by_label(looked: LookedAt) -> Division:
    """Return a slice for each truth: no and yes, or every category."""

    def of_block(block: int) -> Rows:
        truth, known = looked.truths(block)
        return np.where(known, truth, NONE)

    return Division(looked.outcomes, of_block)


def ordered_by_label(looked: LookedAt) -> Rows:
    """Return the slices by label as they are listed: yes stands before no, and categories in their order."""
    ranks = np.arange(looked.outcomes)
    return ranks[::-1] if looked.yes_or_no else ranks


def by_score(looked: LookedAt, model: int, edges: Floats) -> Division:
    """Return a slice for each range of a model's scores, the last with its end; edges ascend from 0 to 1."""

    def of_block(block: int) -> Rows:
        p = looked.scores(block, model)
        return np.where(np.isnan(p), NONE, np.searchsorted(edges[1:-1].astype(p.dtype), p, side="right"))

    return Division(len(edges) - 1, of_block, edges)


def equal_edges(
    looked: LookedAt, model: int, slices: int, stopped: Stopped = never, report: Report = unheard
) -> Floats:
    """Return the edges of ranges that hold about as many of a model's scores each; equal scores are never parted.

    Of very many scores not all are looked at, but of each block so many in their order, one in every few.
    """
    step = max(1, looked.document.elements // ENOUGH)

    def some(block: int) -> Floats:
        p = looked.scores(block, model)
        return np.asarray(np.sort(p[~np.isnan(p)])[step // 2 :: step], dtype=np.float64)

    return equal_count(looked.over_blocks(some, stopped, report), [], slices)


def by_group(looked: LookedAt, codes: Column, groups: int) -> Division:
    """Return a slice for each group of rows, whose number it has; the number of groups stands for none."""

    def of_block(block: int) -> Rows:
        values = codes.blocks[block].values.astype(np.int64)
        return looked.rows_of(np.where(values < groups, values, NONE))

    return Division(groups, of_block)


def with_rest(
    looked: LookedAt, division: Division, stopped: Stopped = never, report: Report = unheard
) -> tuple[Division, bool]:
    """Return a division with one slice more, the last, for what lies in none; and whether there is any.

    Without any it is the division itself.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> looked = LookedAt(Document.create([1, np.nan], {"A": [0.5, 0.2]}), None)
    >>> division, some = with_rest(looked, by_label(looked))
    >>> division.of_block(0).tolist(), some
    ([1, 2], True)
    """

    def any_in_none(block: int) -> bool:
        return bool((division.of_block(block) == NONE).any())

    if not any(looked.over_blocks(any_in_none, stopped, report)):
        return division, False

    def of_block(block: int) -> Rows:
        slices = division.of_block(block)
        return np.where(slices == NONE, division.slices, slices)

    return replace(division, slices=division.slices + 1, of_block=of_block), True


def of_slice(
    looked: LookedAt, division: Division, number: int, stopped: Stopped = never, report: Report = unheard
) -> tuple[Document, Rows]:
    """Return the document of the rows of which something lies in one slice, and which rows these are, ascending.

    Labels of what else is looked at in these rows are unknown, so that every number is of the slice alone.

    Examples
    --------
    >>> looked = LookedAt(Document.create([1, 0, 1], {"A": [0.5, 0.2, 0.9]}), None)
    >>> part, rows = of_slice(looked, by_label(looked), 1)
    >>> part.models[0].scores.array().ravel().tolist(), rows.tolist()
    ([0.5, 0.9], [0, 2])
    """

    def lies_in(block: int) -> Mask:
        return looked.in_rows(division.of_block(block) == number)

    mask = np.concatenate(looked.over_blocks(lies_in, stopped, report))
    inside = mask.any(axis=1)
    part = looked.document.without_rows(np.flatnonzero(~inside))
    outside = np.flatnonzero(~mask[inside])
    if len(outside):
        part = part.with_labels(outside, np.full(len(outside), np.nan))
    return part, np.flatnonzero(inside)


@dataclass(frozen=True, eq=False)
class SliceLosses:
    """What every model loses in each slice, in nats, and how much more the second of two than the first.

    Attributes
    ----------
    sizes : ndarray of int64, shape (slices,)
        All that lies in each, whether or not it has labels and scores.
    models : tuple of Means
    difference : Means or None
    """

    sizes: Integers
    models: tuple[Means, ...]
    difference: Means | None


def slice_losses(
    looked: LookedAt,
    division: Division,
    pair: tuple[int, int] | None,
    stopped: Stopped = never,
    report: Report = unheard,
) -> SliceLosses:
    """Return the mean losses of all models in each slice, and of a pair the mean difference, second less first.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> from xentviz.core.document import Document
    >>> looked = LookedAt(Document.create([1, 0, 1], {"A": [0.5, 0.5, 0.5], "B": [1.0, 0.5, 0.0]}), None)
    >>> found = slice_losses(looked, by_label(looked), (0, 1))
    >>> found.models[1].means.tolist(), found.models[1].total.tolist()
    ([0.6931471805599453, inf], [1, 2])
    """

    def measured(block: int) -> tuple[Integers, list[Means]]:
        slices = division.of_block(block)
        return np.bincount(slices[slices != NONE], minlength=division.slices), of_models(block, slices)

    def of_models(block: int, slices: Rows) -> list[Means]:
        lost = [looked.losses(block, model) for model in range(len(looked.document.models))]
        found = [Means.of(values, slices, division.slices) for values in lost]
        if pair is None:
            return found
        one, other = lost[pair[0]], lost[pair[1]]
        return [*found, Means.of(differences(one, other), slices, division.slices)]

    sizes, of_blocks = zip(*looked.over_blocks(measured, stopped, report), strict=True)
    found = [joined(parts) for parts in zip(*of_blocks, strict=True)]
    models, difference = (found, None) if pair is None else (found[:-1], found[-1])
    return SliceLosses(np.sum(sizes, axis=0), tuple(models), difference)


@dataclass(frozen=True, eq=False)
class Hits:
    """How often one model is right in each slice, at the document's thresholds.

    Attributes
    ----------
    cells : ndarray of int64, shape (slices, 4)
        True negatives, false positives, false negatives, true positives; of one answer in many 0, wrong ones, 0 and
        right ones.
    yes_or_no : bool
        Whether it is the former.
    """

    cells: Integers
    yes_or_no: bool

    @property
    def right(self) -> Integers:
        """How many are right, shape (slices,)."""
        return np.asarray(self.cells[:, 0] + self.cells[:, 3])

    @property
    def total(self) -> Integers:
        """How many have a label and a score, shape (slices,)."""
        return np.asarray(self.cells.sum(axis=1))

    @property
    def f1(self) -> Floats:
        """Of each slice; nan where nothing is yes or said yes, and of one answer in many."""
        double = 2 * self.cells[:, 3]
        whole = double + self.cells[:, 1] + self.cells[:, 2]
        defined = (whole > 0) & self.yes_or_no
        return np.asarray(np.divide(double, whole, out=np.full(len(whole), np.nan), where=defined))

    def counts(self, part: int) -> Counts:
        """Return the confusion counts of one slice, of yes/no decisions."""
        tn, fp, fn, tp = self.cells[part].tolist()
        return Counts(tp, fp, fn, tn)

    @property
    def accuracy(self) -> Floats:
        """The shares that are right, nan of nothing."""
        found = np.full(len(self.total), np.nan)
        return np.asarray(np.divide(self.right, self.total, out=found, where=self.total > 0))

    @property
    def intervals(self) -> Floats:
        """The 95 % Wilson intervals of the accuracies, shape (slices, 2); nan of nothing."""
        return wilson_of_all(self.right, self.total)


def slice_hits(
    looked: LookedAt, division: Division, stopped: Stopped = never, report: Report = unheard
) -> tuple[Hits, ...]:
    """Return how often every model is right in each slice.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> from xentviz.core.document import Document
    >>> looked = LookedAt(Document.create([1, 0, 1], {"A": [0.5, 0.5, 0.2]}), None)
    >>> (hits,) = slice_hits(looked, by_label(looked))
    >>> hits.right.tolist(), hits.total.tolist()
    ([0, 1], [1, 2])
    """
    count = division.slices

    def counted(block: int) -> Integers:
        slices, (truth, known) = division.of_block(block), looked.truths(block)
        found = []
        for model in range(len(looked.document.models)):
            decided, scored = looked.decided(block, model)
            chosen = known & scored & (slices != NONE)
            cells = _cells(looked, truth[chosen], decided[chosen])
            found.append(np.bincount(slices[chosen] * 4 + cells, minlength=count * 4).reshape(count, 4))
        return np.array(found)

    counts = np.sum(looked.over_blocks(counted, stopped, report), axis=0)
    return tuple(Hits(of_model, looked.yes_or_no) for of_model in counts) if looked.document.models else ()


def _cells(looked: LookedAt, truth: Rows, decided: Rows) -> Rows:
    """Return 0 to 3: true negatives, false positives, false negatives, true positives; or 1 for wrong, 3 for right."""
    if looked.yes_or_no:
        return truth * 2 + decided
    return np.where(truth == decided, 3, 1)
