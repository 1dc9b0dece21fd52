"""The losses of a model and the probabilities it gives, as distributions: and which elements lie where in them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from xentviz.core.answers import truths
from xentviz.core.arguments import Floats
from xentviz.core.columns import Block, Rows, Values
from xentviz.core.document import Document, Task, probabilities
from xentviz.core.errors import Cancelled
from xentviz.core.levels import Levels, joined, levels_of
from xentviz.core.parallel import cores, in_batches, on_all_cores
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.summaries import known_pair, losses

Chosen = Callable[[Floats], NDArray[np.bool_]]
Blocks = tuple[int, Block, Block]
"""The first row of two blocks, and these: of labels and of scores."""

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
    def _one_answer(self) -> bool:
        return self.document.task is Task.MULTICLASS

    @property
    def pairs(self) -> list[Blocks]:
        """The blocks of labels, and those of scores."""
        labels, scores = self.document.labels, self.document.models[self.model].scores
        return list(zip(labels.starts[:-1].tolist(), labels.blocks, scores.blocks, strict=True))

    def measured(self, measure: Measure, labels: Floats, scores: Values) -> Floats:
        """Return the numbers of a block's elements, or rows of one answer in many; nan where there are none."""
        kind, task, category = self.document.models[self.model].kind, self.document.task, self.category
        if self._one_answer:
            return self._of_answers(measure, labels, scores)
        if category is not None:
            labels, scores = labels[:, category], scores[:, category]
        if measure is Measure.LOSS:
            return losses(labels, scores, kind, task).ravel()
        p = probabilities(scores, kind, task)
        with np.errstate(invalid="ignore"):
            chosen = labels >= 0.5 if measure is Measure.YES else labels < 0.5
        return np.where(chosen, p, np.nan).ravel()

    def _of_answers(self, measure: Measure, labels: Floats, scores: Values) -> Floats:
        kind, task, category = self.document.models[self.model].kind, self.document.task, self.category
        truth = truths(labels)
        if measure is Measure.LOSS:
            found = losses(labels, scores, kind, task)
            return found if category is None else np.where(truth == category, found, np.nan)
        p = np.asarray(probabilities(scores, kind, task), dtype=np.float64)
        if category is None:
            of_truth = p[np.arange(len(p)), truth]
            return np.where((truth >= 0) & (measure is Measure.YES), of_truth, np.nan)
        chosen = (truth >= 0) & ((truth == category) == (measure is Measure.YES))
        return np.where(chosen, p[:, category], np.nan)

    def elements(self, first_row: int, places: Rows) -> Rows:
        """Return the elements that stand for some of the numbers of a block."""
        categories = len(self.document.categories)
        if self._one_answer:
            return (first_row + places) * categories
        if self.category is None:
            return first_row * categories + places
        return (first_row + places) * categories + self.category


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
    grouped, pairs = part.document.elements > EXACT, part.pairs

    def of_block(pair: Blocks) -> dict[Measure, Levels]:
        labels, scores = known_pair(pair[1], pair[2], part.document.task)
        return {one: levels_of(part.measured(one, labels, scores), grouped=grouped) for one in Measure}

    found: list[dict[Measure, Levels]] = []
    together = 4 * cores()
    for start in range(0, len(pairs), together):
        if stopped():
            raise Cancelled
        report(start / len(pairs))
        found += on_all_cores(of_block, pairs[start : start + together])
        found = [{one: joined([levels[one] for levels in found]) for one in Measure}]
    return found[0]


def elements_where(
    part: Part, measure: Measure, chosen: Chosen, stopped: Stopped = never, report: Report = unheard
) -> tuple[Rows, Floats]:
    """Return the elements for whose numbers something holds, ascending, and these numbers.

    Raises
    ------
    Cancelled
    """

    def of_block(pair: Blocks) -> tuple[Rows, Floats]:
        numbers = part.measured(measure, *known_pair(pair[1], pair[2], part.document.task))
        with np.errstate(invalid="ignore"):
            places = np.flatnonzero(chosen(numbers))
        return part.elements(pair[0], places), numbers[places]

    elements, numbers = zip(*in_batches(of_block, part.pairs, stopped, report), strict=True)
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
