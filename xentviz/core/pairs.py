"""The losses of the same rows under two models of a document, block by block on all cores."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.comparison import differences
from xentviz.core.document import Document, Model
from xentviz.core.looked_at import LookedAt
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.told import one_answer

Answer = TypeVar("Answer")
Chosen = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Pairs:
    """What of one block has a label and a score of both models: yes/no questions, or rows with one answer in many.

    Attributes
    ----------
    match : Match
    block : int
    places : ndarray of int64, shape (pairs,), ascending
        Of all that is looked at in the block, those with a loss under both.
    losses : pair of ndarray of float64, shape (pairs,)
        In nats.
    """

    match: "Match"
    block: int
    places: Rows
    losses: tuple[Floats, Floats]

    @property
    def elements(self) -> Rows:
        """Those of the document, ascending; rows with one answer in many are there by their first ones."""
        return self.match.looked.elements(self.block, self.places)

    @property
    def labels(self) -> Values:
        """From 0 to 1; of one answer in many the true category, of soft ones the largest."""
        return self.match.looked.labels(self.block)[self.places]

    @cached_property
    def differences(self) -> Floats:
        """The second loss less the first; 0 of equal ones, infinite ones too."""
        return differences(*self.losses)

    def probabilities(self, side: int) -> Values:
        """Return those of the first model, side 0, or of the second, side 1; of one answer in many all of each row."""
        return self.match.looked.probabilities(self.block, self.match.sides[side])[self.places]

    def decided(self, side: int) -> Values:
        """Return what a model decides: yes or no, or a category."""
        return self.match.looked.decided(self.block, self.match.sides[side])[0][self.places]

    @property
    def truth(self) -> Values:
        """What decisions should be."""
        return self.match.looked.truths(self.block)[0][self.places]


@dataclass(frozen=True, eq=False)
class Match:
    """Two models of a document, over all its questions, or those of one category.

    Rows with one answer in many are all told, or those that are the one category.
    """

    document: Document
    first: int
    second: int
    category: int | None = None

    @property
    def models(self) -> tuple[Model, Model]:
        """The two models."""
        return self.document.models[self.first], self.document.models[self.second]

    @property
    def sides(self) -> tuple[int, int]:
        """The numbers of the two models."""
        return self.first, self.second

    @cached_property
    def looked(self) -> LookedAt:
        """What they are told of; rows with one answer in many are all there, and what they are decided to be."""
        return LookedAt(self.document, None if one_answer(self.document) else self.category)

    def of_blocks(
        self, work: Callable[[Pairs], Answer], stopped: Stopped = never, report: Report = unheard
    ) -> list[Answer]:
        """Return what the work gives for each block, on all cores.

        Raises
        ------
        Cancelled
        """
        return self.looked.over_blocks(lambda block: work(self._pairs(block)), stopped, report)

    def where(self, chosen: Callable[[Pairs], Chosen], stopped: Stopped = never, report: Report = unheard) -> Rows:
        """Return the elements, ascending, of which something holds.

        Raises
        ------
        Cancelled

        Examples
        --------
        >>> document = Document.create([1, 0, 1], {"A": [0.5, 0.6, 0.2], "B": [0.6, 0.6, 0.1]})
        >>> Match(document, 0, 1).where(lambda pairs: pairs.differences > 0).tolist()
        [2]
        """
        return np.concatenate(self.of_blocks(lambda pairs: pairs.elements[chosen(pairs)], stopped, report))

    def _pairs(self, block: int) -> Pairs:
        one, other = (self.looked.losses(block, model) for model in self.sides)
        known = ~(np.isnan(one) | np.isnan(other))
        if self.category is not None and one_answer(self.document):
            known &= self.looked.truths(block)[0] == self.category
        places = np.flatnonzero(known)
        return Pairs(self, block, places, (one[places], other[places]))
