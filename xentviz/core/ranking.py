"""How well scores put the positives above the negatives, at every threshold at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from xentviz.core.arguments import Floats, as_floats, check_elements, floats, same_shape
from xentviz.core.columns import Rows, Values
from xentviz.core.errors import DataError
from xentviz.core.parallel import in_batches, on_all_cores, pieces
from xentviz.core.progress import Stopped, check, never, unheard

Blocks = Sequence[Values]
"""Scores in any number of arrays, each ascending."""

Answer = TypeVar("Answer")

SAMPLED = 1 << 9
RANGE = 1 << 17
"""Every so many'th score is looked at to cut all scores into ranges of about so many."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Cumulated counts at every distinct score, falling: how many positives and negatives reach it.

    Attributes
    ----------
    thresholds : ndarray of the scores' dtype, shape (distinct scores,), falling
    true_positives, false_positives : ndarray of int64, same shape, rising
        Their last entries are all positives, and all negatives.
    """

    thresholds: Values
    true_positives: Rows
    false_positives: Rows

    @cached_property
    def recall(self) -> Floats | None:
        """The share of the positives that reach each threshold, None without positives."""
        return _shares(self.true_positives)

    @cached_property
    def false_positive_rate(self) -> Floats | None:
        """The share of the negatives that reach each threshold, None without negatives."""
        return _shares(self.false_positives)

    @cached_property
    def precision(self) -> Floats:
        """The share of those that reach each threshold which are positive."""
        return np.asarray(self.true_positives / (self.true_positives + self.false_positives))


@dataclass(frozen=True)
class Areas:
    """The areas under both curves; None without one positive and one negative."""

    roc_auc: float | None
    average_precision: float | None


def curve(positives: Blocks, negatives: Blocks) -> Curve:
    """Return the cumulated counts of which the ROC and the precision–recall curve are made.

    Parameters
    ----------
    positives, negatives : sequence of ndarray, each ascending
        Scores of the positive and of the negative elements: probabilities or logits.

    Returns
    -------
    Curve
        The ROC curve is recall over false_positive_rate, from (0, 0); the other is precision over recall.

    Raises
    ------
    DataError
        ``score_missing`` for a nan.

    Examples
    --------
    >>> found = curve([np.array([0.5, 0.9])], [np.array([0.1, 0.5])])
    >>> found.thresholds.tolist(), found.true_positives.tolist(), found.false_positives.tolist()
    ([0.9, 0.5, 0.1], [1, 2, 2], [0, 1, 2])
    """
    parts = _by_ranges(positives, negatives, lambda part: part)
    return Curve(
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.yes_above + part.yes for part in parts]),
        np.concatenate([part.no_above + part.both - part.yes for part in parts]),
    )


def areas(positives: Blocks, negatives: Blocks, stopped: Stopped = never) -> Areas:
    """Return both areas, in one pass.

    The area under the ROC curve is the chance that a positive scores above a negative, ties counted half.
    The average precision is ``Σ (R_n - R_{n-1}) P_n`` over the distinct scores, falling; no interpolation.

    Parameters
    ----------
    positives, negatives
        As for :func:`curve`.
    stopped : callable
        As of :func:`xentviz.core.evaluation.evaluate`; then the work ends with ``Cancelled``.

    Returns
    -------
    Areas
        From 0 to 1; the ROC area is exact but for its last division.

    Notes
    -----
    All scores are cut into ranges that are sorted one by one, so that little memory is needed and every core
    helps; each score is sorted with its label as the last bit, so that nothing need be carried along.

    References
    ----------
    H. B. Mann and D. R. Whitney, *On a test of whether one of two random variables is stochastically larger
    than the other*, 1947.

    Examples
    --------
    >>> areas([np.array([0.5, 0.9])], [np.array([0.1, 0.5])])
    Areas(roc_auc=0.875, average_precision=0.8333333333333333)
    """
    yes, no = sum(map(len, positives)), sum(map(len, negatives))
    if not yes or not no:
        return Areas(None, None)
    parts = _by_ranges(positives, negatives, _below_curves, stopped)
    doubled, gained = sum(part[0] for part in parts), float(np.sum([part[1] for part in parts]))
    return Areas(doubled / (2 * yes * no), gained / yes)


def best_of(
    positives: Blocks, negatives: Blocks, worth: Callable[[Rows, Rows], Floats], stopped: Stopped = never
) -> tuple[float, int, int] | None:
    """Return the score that is worth most as a threshold, the highest of several, with what reaches it.

    Parameters
    ----------
    positives, negatives
        As for :func:`curve`.
    worth : callable
        Given how many positives, and how many negatives, reach each of some falling scores: what each is worth, nan
        where that is not defined.
    stopped : callable, optional
        As for :func:`areas`.

    Returns
    -------
    score, true_positives, false_positives; or None where nothing is defined.

    Examples
    --------
    >>> best_of([np.array([0.5, 0.9])], [np.array([0.1, 0.5])], lambda tp, fp: tp / 2 - fp / 2)
    (0.9, 1, 0)
    """

    def best(part: _Part) -> tuple[float, float, int, int] | None:
        tp, fp = part.yes_above + part.yes, part.no_above + part.both - part.yes
        found = worth(tp, fp)
        defined = ~np.isnan(found)
        if not defined.any():
            return None
        at = int(np.where(defined, found, -np.inf).argmax())
        return float(found[at]), float(part.scores[at]), int(tp[at]), int(fp[at])

    found = [part for part in _by_ranges(positives, negatives, best, stopped) if part is not None]
    return max(found, key=lambda part: part[0])[1:] if found else None


def roc_auc(labels: ArrayLike, scores: ArrayLike) -> float | None:
    """Return the area under the ROC curve; see :func:`areas`.

    Parameters
    ----------
    labels : array_like, any shape
        0, 1 or between, where they are rounded; nan where the truth is unknown.
    scores : array_like, same shape
        Probabilities or logits; nan only where the label is nan.

    Returns
    -------
    float from 0 to 1, or None without one positive and one negative.

    Raises
    ------
    DataError
        ``shape_mismatch``, ``not_numbers``, ``label_out_of_range``, ``score_missing``.

    Examples
    --------
    >>> roc_auc([1, 1, 0, 0], [0.9, 0.5, 0.1, 0.5])
    0.875
    """
    return areas(*by_label(labels, scores)).roc_auc


def average_precision(labels: ArrayLike, scores: ArrayLike) -> float | None:
    """Return the average precision; see :func:`areas`.

    Parameters, undefined cases and errors are those of :func:`roc_auc`.

    Examples
    --------
    >>> round(average_precision([1, 1, 0, 0], [0.4, 0.9, 0.1, 0.6]), 6)
    0.833333
    """
    return areas(*by_label(labels, scores)).average_precision


def by_label(labels: ArrayLike, scores: ArrayLike, *, probabilities: bool = False) -> tuple[Blocks, Blocks]:
    """Return the scores of the positives and of the negatives, as blocks that are each ascending."""
    y, s = same_shape(labels, scores)
    check_elements(y, s, probabilities=probabilities)
    y, s = floats(y), as_floats(s)
    return _ascending(s[y >= 0.5]), _ascending(s[y < 0.5])


def _ascending(scores: Values) -> Blocks:
    return on_all_cores(lambda piece: np.sort(scores[piece]), pieces(len(scores)))


@dataclass(frozen=True, eq=False)
class _Part:
    """The piece of a curve within a range of scores of one sign.

    Attributes
    ----------
    below_zero : bool
        Which sign that is.
    bits : ndarray of uint32 or uint64, shape (distinct scores,)
        The bits of the scores without their sign; the scores fall.
    yes, both : ndarray of int64, same shape
        How many positives, and how many scores, of the range reach each score.
    yes_above, no_above : int
        How many positives and negatives lie above the range.
    """

    below_zero: bool
    bits: Values
    yes: Rows
    both: Rows
    yes_above: int
    no_above: int

    @property
    def scores(self) -> Values:
        """The distinct scores, falling."""
        sizes = self.bits.view(f"f{self.bits.itemsize}")
        return -sizes if self.below_zero else sizes


def _below_curves(part: _Part) -> tuple[int, float]:
    """Return twice the pairs of a positive above a negative, ties as one half; and Σ gained positives · precision."""
    # Whole numbers below 2**53 are exact as floats, and are added and divided several times as fast.
    yes, both = part.yes.astype(np.float64), part.both.astype(np.float64)
    gained = np.diff(yes, prepend=0.0)
    passed = np.diff(both, prepend=0.0) - gained
    yes += part.yes_above
    both += part.yes_above + part.no_above
    return int((passed * (2.0 * yes - gained)).sum()), float((gained * (yes / both)).sum())


def _by_ranges(
    positives: Blocks, negatives: Blocks, function: Callable[[_Part], Answer], stopped: Stopped = never
) -> list[Answer]:
    """Return what a function makes of each range of scores, the highest first."""
    positives = [as_floats(block) for block in positives] or [np.empty(0)]
    negatives = [as_floats(block) for block in negatives] or [np.empty(0)]
    if any(len(block) and np.isnan(block[-1]) for block in (*positives, *negatives)):
        raise DataError("score_missing")
    check(stopped)
    cuts = _cuts([*positives, *negatives])
    yes, no = _cut(positives, cuts), _cut(negatives, cuts)
    yes_above, no_above = _above(yes), _above(no)

    def work(place: int) -> Answer:
        below_zero = place < len(cuts) and bool(cuts[place] <= 0)
        counted = _counted(yes[place], no[place], below_zero)
        return function(_Part(below_zero, *counted, yes_above[place], no_above[place]))

    return in_batches(work, range(len(cuts), -1, -1), stopped, unheard)


def _cuts(blocks: Blocks) -> Values:
    """Return scores that cut all scores into ranges of one sign, ascending and different."""
    sample = np.sort(np.concatenate([block[::SAMPLED] for block in blocks]))  # its first is the smallest of all
    cuts = sample[RANGE // SAMPLED :: RANGE // SAMPLED]
    return np.unique(np.append(cuts, sample.dtype.type(0)) if len(sample) and sample[0] < 0 else cuts)


def _cut(blocks: Blocks, cuts: Values) -> list[list[Values]]:
    """Return the pieces of the blocks that lie in each range, the lowest first."""
    places = [[0, *np.searchsorted(block, cuts).tolist(), len(block)] for block in blocks]
    pieces = [[block[a:b] for a, b in pairwise(at)] for block, at in zip(blocks, places, strict=True)]
    return [[of_block[place] for of_block in pieces] for place in range(len(cuts) + 1)]


def _above(ranges: list[list[Values]]) -> list[int]:
    """Return how many scores lie in the ranges above each."""
    sizes = [sum(map(len, pieces)) for pieces in ranges]
    return [sum(sizes) - below for below in accumulate(sizes)]


def _counted(yes: list[Values], no: list[Values], below_zero: bool) -> tuple[Values, Rows, Rows]:
    """Return the bits of each distinct score, falling, and how many positives and how many scores reach it."""
    scores = np.concatenate([*yes, *no])
    # Without the sign, which is shifted out, the bits of floats are in the floats' order and leave room for the label.
    keys = scores.view(f"u{scores.itemsize}")
    keys <<= 1
    keys[: sum(map(len, yes))] |= 1
    keys.sort()
    falling = keys if below_zero else keys[::-1]
    bits = falling >> 1
    last = np.flatnonzero(bits[1:] != bits[:-1])
    last = np.append(last, len(bits) - 1) if len(bits) else last
    return bits[last], np.cumsum(falling & 1, dtype=np.int64)[last], last + 1


def _shares(counts: Rows) -> Floats | None:
    return counts / counts[-1] if len(counts) and counts[-1] else None
