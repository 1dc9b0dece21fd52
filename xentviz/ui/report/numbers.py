"""The numbers of a report, worked out without drawing anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from xentviz.core.agreement import Agreement, Pair, agreements
from xentviz.core.area_errors import AreaGap, area_differences
from xentviz.core.counts import Counts, Integers
from xentviz.core.document import Document, Task, changes
from xentviz.core.errors import DataError
from xentviz.core.evaluation import ModelResults, Results, evaluate
from xentviz.core.intervals import Estimate, of_counts, of_matrix
from xentviz.core.looked_at import LookedAt
from xentviz.core.mean_errors import MeanErrors, mean_errors
from xentviz.core.passes import confusion_of
from xentviz.core.progress import Report, Stopped, check, part_of, parts_of, unheard
from xentviz.files.export import labelled_rows, model_as_json
from xentviz.session.agreements import Agreements
from xentviz.session.latest import Job
from xentviz.session.scores import Scores
from xentviz.session.session import NEEDS_EVALUATION, Findings, Session

MOST_CATEGORIES = 12
"""Of more categories no table has a line each, and no matrix fits on paper."""

EVALUATED, MEANS, DECISIONS = 0.12, 0.26, 0.3
"""The shares of the work that are done after each of these; the rest are areas."""


@dataclass(frozen=True, eq=False)
class Known:
    """What has been worked out already; None where it has not been, or of other rows than are reported.

    Attributes
    ----------
    results : Results or None
        These may be older than the document: what is of the same blocks is taken from them.
    errors : tuple of MeanErrors, one a model, or None
    decisions : dict of Pair to Agreement, or None
    areas : dict of model to AreaGap, or None
        Under the ROC curve, to the reference, of a document of one question.
    findings : dict
        Of what is drawn; what is of something else is not taken.
    """

    results: Results | None = None
    errors: tuple[MeanErrors, ...] | None = None
    decisions: Mapping[Pair, Agreement] | None = None
    areas: Mapping[int, AreaGap] | None = None
    findings: Findings = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "Known":
        """Return what a session knows of its document, all of it looked at."""
        document, results = session.document, session.results
        everything = session.view.category is None or len(document.categories) == 1
        if results is None or not everything or changes(results.document, document) & NEEDS_EVALUATION:
            return cls(results, findings=session.findings())
        scores, pairs = session.part(Scores), session.part(Agreements).pairs
        models = range(len(document.models))
        means = [scores.mean(model) if scores.means.is_current else None for model in models]
        errors = tuple(of for of in means if of is not None)
        gaps = {m: scores.gap(m) for m in models} if scores.gaps.is_current and len(document.categories) == 1 else {}
        areas = {model: gap.roc_auc for model, gap in gaps.items() if gap is not None}
        return cls(
            results,
            errors if len(errors) == len(models) else None,
            pairs.wanted() if pairs.is_current else None,
            areas if len(areas) == len(models) - 1 else None,
            session.findings(),
        )


@dataclass(frozen=True)
class Only:
    """Of which rows alone a report is.

    Attributes
    ----------
    name : str
        What they have in common.
    rows : int
        How many rows there are in all.
    answers : bool
        Whether not all answers in them belong to the slice.
    """

    name: str
    rows: int
    answers: bool


@dataclass(frozen=True, eq=False)
class Subject:
    """What a report is of, as it was when it was asked for.

    Attributes
    ----------
    document : Document
        The rows; all rows while those of the slice are not known yet.
    reference : int
        The model that others are compared with.
    known : Known
    only : Only or None
        None for all rows.
    find : Job or None
        Returns the rows of the slice as a document, if they are not known yet.
    """

    document: Document
    reference: int = 0
    known: Known = Known()
    only: Only | None = None
    find: Job | None = None


@dataclass(frozen=True, eq=False)
class OfModel:
    """What is told of one model.

    Attributes
    ----------
    numbers : dict
        Those that ``--json`` prints.
    results : ModelResults
    errors : MeanErrors
        Intervals, and the difference to the reference.
    accuracy : Estimate
        With its interval, as the window has it of all categories together.
    matrix : ndarray of int64, or None
        Of a multi-class document: truth in rows, decisions in columns, the last one for none.
    decisions : Agreement or None
        With the reference as the first; None for the reference itself.
    areas : tuple of AreaGap
        To the reference's, of each category against the rest; of none if there are too many for a table.
    """

    numbers: dict[str, Any]
    results: ModelResults
    errors: MeanErrors
    accuracy: Estimate
    matrix: Integers | None
    decisions: Agreement | None
    areas: tuple[AreaGap, ...]


@dataclass(frozen=True, eq=False)
class Numbers:
    """What is told of a document and its models, in their order."""

    results: Results
    labelled_rows: int
    reference: int
    models: tuple[OfModel, ...]
    only: Only | None = None

    @property
    def document(self) -> Document:
        """What the numbers are of."""
        return self.results.document


def gather(subject: Subject, stopped: Stopped, report: Report) -> Numbers:
    """Return all numbers of what a report is of.

    Raises
    ------
    DataError
        ``report_empty``.
    Cancelled
    """
    document, reference, known = subject.document, subject.reference, subject.known
    if subject.find is not None:
        document, _rows = subject.find(stopped, unheard)
    if not document.rows:
        raise DataError("report_empty")
    results = _results(document, known.results, stopped, part_of(report, 0.0, EVALUATED))
    errors = known.errors or mean_errors(results, reference, None, stopped, part_of(report, EVALUATED, MEANS))
    decisions = known.decisions or agreements(LookedAt(document, None), stopped, part_of(report, MEANS, DECISIONS))
    models, shares = [], parts_of(part_of(report, DECISIONS, 1.0), len(errors))
    for model, of_model in enumerate(errors):
        check(stopped)
        numbers = model_as_json(results, model, stopped)
        matrix = confusion_of(document, model, stopped) if document.task is Task.MULTICLASS else None
        agreement = _with_reference(decisions, reference, model)
        areas = _areas(document, reference, model, known, stopped, shares[model])
        accuracy = of_counts("accuracy", _counts(numbers)) if matrix is None else of_matrix("accuracy", matrix)
        models.append(OfModel(numbers, results.models[model], of_model, accuracy, matrix, agreement, areas))
    return Numbers(results, labelled_rows(document), reference, tuple(models), subject.only)


def _results(document: Document, known: Results | None, stopped: Stopped, report: Report) -> Results:
    """Return the results of a document: the very ones that are known, if nothing they are of has changed."""
    if known is None or changes(known.document, document) & NEEDS_EVALUATION:
        return evaluate(document, known, stopped, report)
    return replace(known, document=document)


def _counts(numbers: Mapping[str, Any]) -> Counts:
    (tn, fp), (fn, tp) = numbers["confusion"]
    return Counts(tp, fp, fn, tn)


def _with_reference(decisions: Mapping[Pair, Agreement], reference: int, model: int) -> Agreement | None:
    if model == reference:
        return None
    return decisions[reference, model] if reference < model else decisions[model, reference].turned()


def _areas(
    document: Document, reference: int, model: int, known: Known, stopped: Stopped, report: Report
) -> tuple[AreaGap, ...]:
    if model == reference or len(document.categories) > MOST_CATEGORIES:
        return ()
    if known.areas is not None:
        return (known.areas[model],)
    return area_differences(document, reference, model, stopped, report)
