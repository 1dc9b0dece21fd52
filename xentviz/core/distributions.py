"""The losses of a model and the probabilities it gives, as distributions: and which elements lie where in them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from xentviz.core.columns import Rows, Values
from xentviz.core.document import Document
from xentviz.core.levels import Levels, joined, levels_of
from xentviz.core.looked_at import LookedAt, Mask
from xentviz.core.parallel import cores, on_all_cores
from xentviz.core.progress import Report, Stopped, check, never, unheard

Chosen = Callable[[Values], Mask]

EXACT = 1 << 17
"""Of so many elements every number is kept."""


class Measure(StrEnum):
    """What is told of an element: its loss, or the probability it got, if it is yes, and if it is no.

    Of rows with one answer in many the probability is that of the true category, which is always yes; of one category
    looked at it is that category's, and the loss is only that of rows that are of it.
    """

    LOSS = "loss"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, eq=False)
class Part:
    """Which of the numbers of a document: of which model, and of which category, None for all."""

    document: Document
    model: int
    category: int | None

    @property
    def looked(self) -> LookedAt:
        """What the numbers are of."""
        return LookedAt(self.document, self.category)

    def measured(self, measure: Measure, block: int) -> Values:
        """Return the numbers of a block's elements, or rows of one answer in many; nan where there are none."""
        looked = self.looked
        if measure is Measure.LOSS:
            return looked.losses(block, self.model)
        if not looked.yes_or_no:
            p = looked.scores_of_truth(block, self.model)
            return p if measure is Measure.YES else np.full(len(p), np.nan)
        truth, known = looked.truths(block)
        chosen = known & (truth == (measure is Measure.YES))
        return np.where(chosen, looked.scores(block, self.model), np.nan)


def distributions(part: Part, stopped: Stopped = never, report: Report = unheard) -> dict[Measure, Levels]:
    """Return how many elements have how large a loss, and how large a probability.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> document = Document.create([1, 0, 1], {"A": [0.5, 0.25, 0.5]})
    >>> found = distributions(Part(document, 0, None))
    >>> found[Measure.LOSS].means.round(6).tolist(), found[Measure.NO].means.tolist()
    ([0.287682, 0.693147, 0.693147], [0.25])
    """
    grouped, blocks = part.document.elements > EXACT, range(len(part.document.labels.blocks))

    def of_block(block: int) -> dict[Measure, Levels]:
        return {one: levels_of(part.measured(one, block), grouped=grouped) for one in Measure}

    found: list[dict[Measure, Levels]] = []
    together = 4 * cores()
    for start in range(0, len(blocks), together):
        check(stopped)
        report(start / len(blocks))
        found += on_all_cores(of_block, blocks[start : start + together])
        found = [{one: joined([levels[one] for levels in found]) for one in Measure}]
    return found[0]


def elements_where(
    part: Part, measure: Measure, chosen: Chosen, stopped: Stopped = never, report: Report = unheard
) -> tuple[Rows, Values]:
    """Return the elements for whose numbers something holds, ascending, and these numbers.

    Raises
    ------
    Cancelled
    """

    def of_block(block: int) -> tuple[Rows, Values]:
        numbers = part.measured(measure, block)
        places = np.flatnonzero(chosen(numbers))  # nothing holds for nan
        return part.looked.elements(block, places), numbers[places]

    elements, numbers = zip(*part.looked.over_blocks(of_block, stopped, report), strict=True)
    return np.concatenate(elements), np.concatenate(numbers)


@dataclass(frozen=True, eq=False)
class Worst:
    """The elements of the largest losses, ascending; of equal ones at the end the first are taken.

    Attributes
    ----------
    elements : ndarray of int64
    least : float
        The smallest of their losses, in nats.
    alike, left_out : int
        How many have just this loss, and how many of those were not taken.
    """

    elements: Rows
    least: float
    alike: int
    left_out: int


def worst_elements(part: Part, losses: Levels, count: int, stopped: Stopped = never, report: Report = unheard) -> Worst:
    """Return so many elements of the largest finite losses, of which the levels are known.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> part = Part(Document.create([1, 1, 1], {"A": [0.5, 0.25, 0.5]}), 0, None)
    >>> found = worst_elements(part, distributions(part)[Measure.LOSS], 2)
    >>> found.elements.tolist(), found.alike, found.left_out
    ([0, 1], 2, 1)
    """
    count = min(count, losses.finite)
    if count < 1:
        return Worst(np.empty(0, dtype=np.int64), np.nan, 0, 0)
    floor = losses.floor(count)
    elements, found = elements_where(
        part, Measure.LOSS, lambda loss: (loss >= floor) & (loss < np.inf), stopped, report
    )
    least = float(np.partition(found, len(found) - count)[len(found) - count])
    taken, alike = found > least, np.flatnonzero(found == least)
    room = count - int(np.count_nonzero(taken))
    taken[alike[:room]] = True
    return Worst(elements[taken], least, len(alike), len(alike) - room)
