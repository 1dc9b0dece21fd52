"""Two models of one document, block by block on all cores: their losses, their decisions and their areas."""

from dataclasses import dataclass

import numpy as np

from xentviz.core.agreement import Pair
from xentviz.core.area_errors import AreaGap, area_differences
from xentviz.core.comparison import NORMAL_ROWS, Difference, McNemar, Method, even_split, row_differences
from xentviz.core.counts import Integers
from xentviz.core.document import Document
from xentviz.core.looked_at import LookedAt
from xentviz.core.mean_errors import loss_gap
from xentviz.core.passes import decided_by
from xentviz.core.progress import Report, Stopped, never, part_of, unheard
from xentviz.core.sample import Sample

PAIRED = 0.2
"""The share of the work that losses and decisions are; the rest are areas."""


@dataclass(frozen=True)
class Comparison:
    """Two models of one document, where both have scores and there are labels.

    Attributes
    ----------
    difference : Difference
        Of the rows' losses, in nats; with several yes/no questions a row's loss is their mean.
    flips : int
        Decisions that differ: of elements, or of rows if the task is multi-class.
    decisions : McNemar
        Where only one of them decides rightly. With several yes/no questions its p-value takes them for independent,
        which the questions about one row hardly are.
    areas : tuple of AreaGap, one a category
        Of each category against the rest.
    """

    difference: Difference
    flips: int
    decisions: McNemar
    areas: tuple[AreaGap, ...]


def compare(
    document: Document, first: int, second: int, stopped: Stopped = never, report: Report = unheard
) -> Comparison:
    """Return how the second of two models differs from the first, at the document's thresholds.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> document = Document.create([1, 0, 1], {"A": [0.5, 0.5, 0.5], "B": [0.9, 0.1, 0.4]})
    >>> found = compare(document, 0, 1)
    >>> round(found.difference.mean, 6), found.difference.second_wins, found.flips
    (-0.317477, 2, 2)
    """
    looked, pair = LookedAt(document, None), (first, second)
    paired = looked.over_blocks(lambda block: _paired(looked, block, pair), stopped, part_of(report, 0.0, PAIRED))
    samples, counts = zip(*paired, strict=True)
    first_wins, second_wins, flips, only_first, only_second = np.sum(counts, axis=0).tolist()
    return Comparison(
        difference=_difference(Sample.joined(samples), first_wins, second_wins),
        flips=flips,
        decisions=McNemar(only_first, only_second, even_split(only_first, only_second)),
        areas=area_differences(document, first, second, stopped, part_of(report, PAIRED, 1.0)),
    )


def _paired(looked: LookedAt, block: int, pair: Pair) -> tuple[Sample, Integers]:
    """Return by how much losses of rows differ, how many of them are lower under each model, and what is decided
    differently: how often at all, and by the first or the second alone rightly.
    """
    one, other = (looked.in_rows(looked.losses(block, model)) for model in pair)
    apart = row_differences(one, other)
    (truth, known, said), (_, also, said_too) = (decided_by(looked, block, model) for model in pair)
    differ = known & also & (said != said_too)
    counted = (apart > 0, apart < 0, differ, differ & (said == truth), differ & (said_too == truth))
    return Sample.of(apart), np.array([np.count_nonzero(of) for of in counted])


def _difference(apart: Sample, first_wins: int, second_wins: int) -> Difference:
    gap = loss_gap(apart)
    method: Method = "normal" if gap.rows >= NORMAL_ROWS else "bootstrap"
    known = None if gap.interval is None else method
    ties = gap.rows - first_wins - second_wins
    return Difference(gap.rows, gap.mean, gap.interval, known, first_wins, second_wins, ties)
