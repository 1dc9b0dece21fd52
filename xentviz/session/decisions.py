"""What decisions at the document's thresholds come to, beyond counts: matrices, and tallies of whole rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from xentviz.core import metrics
from xentviz.core.answer_matrix import AnswerMatrix
from xentviz.core.arguments import Floats
from xentviz.core.document import Document
from xentviz.core.evaluation import ModelResults
from xentviz.core.outcomes import Outcomes
from xentviz.core.passes import answers_of, tally_of
from xentviz.core.progress import Report, Stopped, check, parts_of
from xentviz.core.told import one_answer
from xentviz.session.deciding import Cells
from xentviz.session.derived import Derived
from xentviz.session.latest import Job
from xentviz.session.listing import AT_ONCE

if TYPE_CHECKING:
    from xentviz.session.session import Session


@dataclass(frozen=True)
class OfRows:
    """What the rows of one model come to, each by its own answers; None where it is not defined.

    Attributes
    ----------
    model : str
    precision, recall, f1 : float or None
        Samples averages.
    subset_accuracy : float or None
    """

    model: str
    precision: float | None
    recall: float | None
    f1: float | None
    subset_accuracy: float | None


class Decisions(QObject):
    """Of every model, by its name: what is older than the document stands until the new has come.

    Attributes
    ----------
    soft : Derived of dict of str to Outcomes
        Sums of probability, one a category, of yes/no questions.
    answers : Derived of dict of str to AnswerMatrix
        Of one answer in many.
    rows : Derived of OfRows
        Of the chosen model, with several yes/no questions a row.

    Signals
    -------
    changed()
        Any of them has a new value.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.soft = Derived[dict[str, Outcomes]](self._summed, self._sum, self._are_few, self)
        self.answers = Derived[dict[str, AnswerMatrix]](self._sorted, self._sort, self._are_few, self)
        self.rows = Derived[OfRows | None](self._tallied, self._tally, self._are_few, self, rests=lambda: True)
        for part in self.parts:
            part.changed.connect(self.changed)

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        return self.soft, self.answers, self.rows

    def matrix(self, model: int, *, soft: bool | None = None) -> Floats | None:
        """Return the confusion matrix of what is looked at, None before it is known; soft where cells are to be.

        Rows are the truth, columns the decision: yes and no; or every category, and none last. Of a supposed share of
        yes it is weighed, as outcomes are; nan in the row of a truth that does not occur, and cannot be weighed up.
        """
        document, category = self._session.document, self._session.view.category
        soft = self._session.view.deciding.cells is Cells.SOFT if soft is None else soft
        if one_answer(document) and (category is None or soft):
            found = self._answers_of(model)
            if found is None:
                return None
            if category is None:
                return found.soft if soft else found.at(document.threshold(0)).astype(np.float64)
            return self._weighed(_against_the_rest(found.soft, category))
        outcomes = self._soft_of(model) if soft else self._counted(model)
        return None if outcomes is None else self._weighed(outcomes)

    def rows_of_chosen(self) -> OfRows | None:
        """Return what the chosen model's rows come to, the newest there is of it."""
        found, models = self.rows.wanted(), self._session.document.models
        return found if found and models and found.model == models[self._session.view.model].name else None

    def _weighed(self, outcomes: Outcomes) -> Floats:
        return outcomes.at_prevalence(self._session.supposed).matrix

    def _counted(self, model: int) -> Outcomes | None:
        counts = self._session.counts_looked_at(model)
        return None if counts is None else Outcomes.of_each(counts).pooled()

    def _soft_of(self, model: int) -> Outcomes | None:
        document, category = self._session.document, self._session.view.category
        found = (self.soft.wanted() or {}).get(document.models[model].name)
        if found is None or len(found.true_positives) != len(document.categories):
            return None
        return found.pooled() if category is None else found.at(category)

    def _answers_of(self, model: int) -> AnswerMatrix | None:
        document = self._session.document
        found = (self.answers.wanted() or {}).get(document.models[model].name)
        return found if found is not None and len(found.soft) == len(document.categories) else None

    def _are_few(self) -> bool:
        return self._session.document.elements <= AT_ONCE

    def _summed(self) -> tuple[object, ...]:
        return tuple(part for pair in self._session.numbers.items() for part in pair)

    def _sum(self) -> Job:
        numbers = self._session.numbers
        return lambda stopped, _report: {name: _soft(found, stopped) for name, found in numbers.items()}

    def _sorted(self) -> tuple[object, ...]:
        document = self._session.document
        of_models = [part for model in document.models for part in (model.name, model.scores, model.kind)]
        return (document.task, document.categories, document.labels, *of_models)

    def _sort(self) -> Job:
        document = self._session.document
        return lambda stopped, report: _answers(document, stopped, report)

    def _tallied(self) -> tuple[object, ...]:
        document = self._session.document
        model = document.models[self._session.view.model] if document.models else None
        of_model = (model.name, model.scores, model.kind) if model else ()
        return (document.task, document.labels, document.thresholds, *of_model)

    def _tally(self) -> Job:
        document, model = self._session.document, self._session.view.model
        if one_answer(document) or not document.models:
            return lambda _stopped, _report: None
        return lambda stopped, report: _of_rows(document, model, stopped, report)


def _against_the_rest(soft: Floats, category: int) -> Outcomes:
    """Return what a soft matrix is of one category and all others."""
    hits, said, are = soft[category, category], soft[:, category].sum(), soft[category].sum()
    return Outcomes.reached(hits, said - hits, are, soft.sum() - are)


def _soft(numbers: ModelResults, stopped: Stopped) -> Outcomes:
    """Return the sums of the probabilities of yes and of no, over those that are yes and those that are no."""
    categories = range(numbers.categories)
    sums, sizes = [], []
    for of_category in (numbers.positives, numbers.negatives):
        check(stopped)
        blocks = [of_category(c) for c in categories]
        sums.append([sum(float(b.sum(dtype=np.float64)) for b in of) for of in blocks])
        sizes.append([sum(map(len, of)) for of in blocks])
    return Outcomes.reached(*sums, *sizes)


def _answers(document: Document, stopped: Stopped, report: Report) -> dict[str, AnswerMatrix]:
    if not one_answer(document):
        return {}
    names, reports = [model.name for model in document.models], parts_of(report, len(document.models))
    return {name: answers_of(document, m, stopped, reports[m]) for m, name in enumerate(names)}


def _of_rows(document: Document, model: int, stopped: Stopped, report: Report) -> OfRows:
    rows = tally_of(document, model, stopped, report)
    precision, recall, f1 = (metrics.samples(of, rows) for of in (metrics.precision, metrics.recall, metrics.f1))
    return OfRows(document.models[model].name, precision, recall, f1, metrics.subset_accuracy(rows))
