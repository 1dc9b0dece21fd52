"""The numbers of a report, worked out without drawing anything."""

from dataclasses import dataclass
from typing import Any

from xentviz.core.calibration import Reliability, reliability
from xentviz.core.columns import Values
from xentviz.core.comparison import mean_interval
from xentviz.core.document import Document, Task
from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import Results, evaluate
from xentviz.core.intervals import Interval
from xentviz.core.loss_budget import LossBudget, loss_budget
from xentviz.core.passes import Comparison, compare, confusion_of, row_losses
from xentviz.core.progress import Report, Stopped
from xentviz.files.export import labelled_rows, model_as_json


@dataclass(frozen=True, eq=False)
class OfModel:
    """What is told of one model.

    Attributes
    ----------
    numbers : dict
        Those that ``--json`` prints.
    finite_mean : float or None
        The mean of the finite losses, in nats.
    interval : tuple of float, or None
        95 % interval of the mean loss, in nats.
    reliability : Reliability
        Of all its probabilities.
    budget : LossBudget
    matrix : ndarray of int64, or None
        Of a multi-class document: truth in rows, decisions in columns, the last one for none.
    comparison : Comparison or None
        With the reference; None for the reference itself.
    """

    numbers: dict[str, Any]
    finite_mean: float | None
    interval: Interval | None
    reliability: Reliability
    budget: LossBudget
    matrix: Values | None
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
    models = []
    for model in range(len(document.models)):
        report(model / len(document.models))
        models.append(_of_model(results, model, reference, stopped))
    return Numbers(results, labelled_rows(document), reference, tuple(models))


def _of_model(results: Results, model: int, reference: int, stopped: Stopped) -> OfModel:
    document, found = results.document, results.models[model]
    losses = row_losses(document, model, stopped)
    budget, interval = loss_budget(losses, 400), mean_interval(losses)
    categories = range(len(document.categories))
    positives, negatives = (
        [block for c in categories for block in side(c)] for side in (found.positives, found.negatives)
    )
    numbers = model_as_json(results, model)
    if stopped():
        raise Cancelled
    return OfModel(
        numbers=numbers,
        finite_mean=found.finite_mean,
        interval=interval,
        reliability=reliability(positives, negatives),
        budget=budget,
        matrix=confusion_of(document, model) if document.task is Task.MULTICLASS else None,
        comparison=None if model == reference else compare(document, reference, model),
    )
