"""The numbers of a report, worked out without drawing anything."""

from dataclasses import dataclass
from typing import Any

from xentviz.core.counts import Integers
from xentviz.core.document import Document, Task
from xentviz.core.evaluation import ModelResults, Results, evaluate
from xentviz.core.mean_errors import MeanErrors, mean_errors
from xentviz.core.passes import Comparison, compare, confusion_of
from xentviz.core.progress import Report, Stopped, check, part_of
from xentviz.files.export import labelled_rows, model_as_json

ERRORS = 0.2
"""The share of the work that intervals of means are."""


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
    matrix : ndarray of int64, or None
        Of a multi-class document: truth in rows, decisions in columns, the last one for none.
    comparison : Comparison or None
        With the reference; None for the reference itself.
    """

    numbers: dict[str, Any]
    results: ModelResults
    errors: MeanErrors
    matrix: Integers | None
    comparison: Comparison | None


@dataclass(frozen=True, eq=False)
class Numbers:
    """What is told of a document and its models, in their order."""

    results: Results
    labelled_rows: int
    reference: int
    models: tuple[OfModel, ...]

    @property
    def document(self) -> Document:
        """What the numbers are of."""
        return self.results.document


def gather(document: Document, reference: int, previous: Results | None, stopped: Stopped, report: Report) -> Numbers:
    """Return all numbers of a document, its models compared with one of them.

    Raises
    ------
    Cancelled
    """
    results = evaluate(document, previous, stopped)
    errors = mean_errors(results, reference, None, stopped, part_of(report, 0.0, ERRORS))
    models = []
    for model, of_model in enumerate(errors):
        check(stopped)
        report(ERRORS + (1 - ERRORS) * model / len(errors))
        models.append(_of_model(results, model, reference, of_model))
    return Numbers(results, labelled_rows(document), reference, tuple(models))


def _of_model(results: Results, model: int, reference: int, errors: MeanErrors) -> OfModel:
    document = results.document
    return OfModel(
        numbers=model_as_json(results, model),
        results=results.models[model],
        errors=errors,
        matrix=confusion_of(document, model) if document.task is Task.MULTICLASS else None,
        comparison=None if model == reference else compare(document, reference, model),
    )
