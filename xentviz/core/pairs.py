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
from xentviz.core.confusion import decisions
from xentviz.core.document import Document, Model, known_labels, probabilities
from xentviz.core.parallel import in_batches
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.summaries import losses, without_unscored
from xentviz.core.told import one_answer

Answer = TypeVar("Answer")
Chosen = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Pairs:
    """What of one block has a label and a score of both models: yes/no questions, or rows with one answer in many.

    Attributes
    ----------
    match : Match
    elements : ndarray of int64, shape (pairs,), ascending
        Of the document; rows with one answer in many are there by their first ones.
    labels : ndarray, shape (pairs,)
        From 0 to 1; of one answer in many the true category, of soft ones the largest.
    scores : pair of ndarray, shape (pairs,), or (pairs, categories) of one answer in many
    losses : pair of ndarray of float64, shape (pairs,)
        In nats.
    """

    match: "Match"
    elements: Rows
    labels: Values
    scores: tuple[Values, Values]
    losses: tuple[Floats, Floats]

    @cached_property
    def differences(self) -> Floats:
        """The second loss less the first; 0 of equal ones, infinite ones too."""
        return differences(*self.losses)

    def probabilities(self, side: int) -> Values:
        """Return the probabilities of the scores of the first model, side 0, or of the second, side 1."""
        kind = self.match.models[side].kind
        return probabilities(self.scores[side], kind, self.match.document.task)

    def decided(self, side: int) -> Values:
        """Return what a model decides: yes or no, or a category."""
        document, p = self.match.document, self.probabilities(side)
        if one_answer(document):
            return decisions(p, document.threshold(0))
        thresholds = np.array(document.thresholds, dtype=p.dtype)
        if len(thresholds) == 1:
            return np.asarray(p >= thresholds[0])
        return np.asarray(p >= thresholds[self.elements % len(document.categories)])

    @cached_property
    def truth(self) -> Values:
        """What decisions should be."""
        return self.labels if one_answer(self.match.document) else self.labels >= 0.5


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

    def of_blocks(
        self, work: Callable[[Pairs], Answer], stopped: Stopped = never, report: Report = unheard
    ) -> list[Answer]:
        """Return what the work gives for each block, on all cores.

        Raises
        ------
        Cancelled
        """
        return in_batches(lambda b: work(self._pairs(b)), range(len(self.document.labels.blocks)), stopped, report)

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
        document, models = self.document, self.models
        labels = known_labels(document.labels.blocks[block].values)
        scores = [model.scores.blocks[block].values for model in models]
        if self.category is not None and not one_answer(document):
            one = slice(self.category, self.category + 1)
            labels, scores = labels[:, one], [of[:, one] for of in scores]
        for of in scores:
            labels, _ = without_unscored(labels, of, document.task)
        loss = [losses(labels, of, m.kind, document.task).ravel() for m, of in zip(models, scores, strict=True)]
        first = int(document.labels.starts[block]) * len(document.categories)
        return self._known(first, labels, scores, loss)

    def _known(self, first: int, labels: Floats, scores: list[Values], loss: list[Floats]) -> Pairs:
        """Return the pairs of a block that begins with this element, without those that have no losses."""
        known, categories = ~np.isnan(loss[0]), len(self.document.categories)
        if one_answer(self.document):
            truth = labels if labels.ndim == 1 else labels.argmax(axis=1)
            if self.category is not None:
                known &= truth == self.category
            places = np.flatnonzero(known)
            elements, labels = places * categories, truth[places].astype(np.int64)
        else:
            elements = places = np.flatnonzero(known)
            if self.category is not None:
                elements = places * categories + self.category
            labels, scores = labels.ravel()[places], [of.ravel() for of in scores]
        one, other = (of[places] for of in scores)
        return Pairs(self, first + elements, labels, (one, other), (loss[0][places], loss[1][places]))
