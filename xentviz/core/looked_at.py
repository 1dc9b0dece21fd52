"""What is looked at of a document, block by block: truths, and every model's decisions, probabilities and losses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xentviz.core.answers import truths
from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.confusion import decisions
from xentviz.core.document import Document, known_labels, probabilities
from xentviz.core.parallel import in_batches
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.summaries import distributions, known_pair, losses, without_unscored
from xentviz.core.told import one_answer

Answer = TypeVar("Answer")
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LookedAt:
    """The answers to all yes/no questions, or to one of them; of one answer in many the rows.

    With a category of one answer in many, rows are that category or another; what they cost is told of those alone that
    are it, as in the table.

    Parameters
    ----------
    document : Document
    category : int or None
        None for all.

    Examples
    --------
    >>> looked = LookedAt(Document.create([1, 0, np.nan], {"A": [0.5, 0.2, 0.9]}), None)
    >>> looked.truths(0)[0].tolist(), looked.decided(0, 0)[0].tolist()
    ([1, 0, 0], [1, 0, 1])
    """

    document: Document
    category: int | None

    @property
    def yes_or_no(self) -> bool:
        """Whether truths and decisions are 0 or 1; else they are numbers of categories."""
        return self.category is not None or not one_answer(self.document)

    @property
    def outcomes(self) -> int:
        """How many truths there are."""
        return 2 if self.yes_or_no else len(self.document.categories)

    @property
    def in_a_row(self) -> int:
        """How many of each row are looked at."""
        return 1 if one_answer(self.document) or self.category is not None else len(self.document.categories)

    def truths(self, block: int) -> tuple[Rows, Mask]:
        """Return what is true, and where that is known."""
        labels = known_labels(self.document.labels.blocks[block].values)
        if one_answer(self.document):
            found = truths(labels)
            return (found if self.category is None else (found == self.category).astype(np.int64)), found >= 0
        told = self._told(labels)
        return (told >= 0.5).astype(np.int8), ~np.isnan(told)

    def labels(self, block: int) -> Values:
        """Return labels from 0 to 1, nan for none; of one answer in many what is true."""
        if one_answer(self.document):
            return self.truths(block)[0]
        return self._told(known_labels(self.document.labels.blocks[block].values))

    def probabilities(self, block: int, model: int) -> Values:
        """Return those of yes; of one answer in many all of each row."""
        p = self._probabilities(block, model)
        return p if one_answer(self.document) else self._told(p)

    def decided(self, block: int, model: int) -> tuple[Rows, Mask]:
        """Return what a model decides at the document's thresholds, -1 for none, and where it has scores."""
        p = self._probabilities(block, model)
        if one_answer(self.document):
            found = decisions(p, self.document.threshold(0))
            told = found if self.category is None else (found == self.category).astype(np.int8)
            return told, ~np.isnan(p.max(axis=1))
        thresholds = np.array([self.document.threshold(c) for c in range(len(self.document.categories))], dtype=p.dtype)
        return self._told(p >= thresholds).view(np.int8), ~np.isnan(self._told(p))

    def scores(self, block: int, model: int) -> Values:
        """Return the probabilities by which decisions are made: of yes, or the largest of each row; nan for none."""
        p = self._probabilities(block, model)
        if not one_answer(self.document):
            return self._told(p)
        largest = p.max(axis=1)  # nan where any is missing: such a row has no score
        return largest if self.category is None else np.where(np.isnan(largest), largest, self._told(p))

    def scores_of_truth(self, block: int, model: int) -> Values:
        """Return, of rows with one answer in many, the probability of the true category; nan where it is not known."""
        p = self._probabilities(block, model)
        are = truths(known_labels(self.document.labels.blocks[block].values))
        known = (are >= 0) & ~np.isnan(p.max(axis=1))
        return np.where(known, p[np.arange(len(p)), are], p.dtype.type(np.nan))

    def losses(self, block: int, model: int) -> Floats:
        """Return losses in nats, nan where the truth or the score is not known."""
        document, task = self.document, self.document.task
        labels = known_labels(document.labels.blocks[block].values)
        of = document.models[model]
        scores = of.scores.blocks[block].values
        if not one_answer(document):
            labels, scores = self._told(labels), self._told(scores)
        found = losses(*without_unscored(labels, scores, task), of.kind, task)
        if one_answer(document) and self.category is not None:
            return np.where(truths(labels) == self.category, found, np.nan)
        return found

    def squared_errors(self, block: int, model: int) -> Floats:
        """Return squared errors of probabilities, of one answer in many added up over its row; nan as of losses."""
        document, task = self.document, self.document.task
        of = document.models[model]
        labels, scores = known_pair(document.labels.blocks[block], of.scores.blocks[block], task)
        p = probabilities(scores, of.kind, task)
        if not one_answer(document):
            return self._told((p - labels) ** 2)
        squares, are = ((p - distributions(labels, p.shape[1])) ** 2).sum(axis=1), truths(labels)
        return np.where(are >= 0 if self.category is None else are == self.category, squares, np.nan)

    def over_blocks(
        self, work: Callable[[int], Answer], stopped: Stopped = never, report: Report = unheard
    ) -> list[Answer]:
        """Return what some work gives for each block, on all cores; raises ``Cancelled``."""
        return in_batches(work, range(len(self.document.labels.blocks)), stopped, report)

    def elements_where(self, chosen: Callable[[int], Mask], stopped: Stopped = never, report: Report = unheard) -> Rows:
        """Return, ascending, the elements of which something holds in each block; rows by their first ones."""
        found = self.over_blocks(lambda block: self.elements(block, np.flatnonzero(chosen(block))), stopped, report)
        return np.concatenate(found)

    def elements(self, block: int, places: Rows) -> Rows:
        """Return the elements that stand for some of what is looked at in a block; rows by their first ones."""
        categories = len(self.document.categories)
        first = 0 if one_answer(self.document) else self.category or 0
        return places * (categories // self.in_a_row) + int(self.document.labels.starts[block]) * categories + first

    def rows_of(self, values: Values) -> Values:
        """Return what belongs to the rows of a block, once for all that is looked at in each of them."""
        return np.repeat(values, self.in_a_row)

    def in_rows(self, values: Values) -> Values:
        """Return what belongs to all that is looked at in a block, a line for each row."""
        return values.reshape(-1, self.in_a_row)

    def _told(self, values: Values) -> Values:
        """Return values of shape (rows, categories) as those of what is looked at."""
        return values.ravel() if self.category is None else np.ascontiguousarray(values[:, self.category])

    def _probabilities(self, block: int, model: int) -> Values:
        of = self.document.models[model]
        return probabilities(of.scores.blocks[block].values, of.kind, self.document.task)
