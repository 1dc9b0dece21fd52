"""A document's numbers as plain objects, ready for JSON."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from xentviz.core import confusion, metrics
from xentviz.core.area_errors import AreaGap
from xentviz.core.calibration import reliability
from xentviz.core.columns import Values
from xentviz.core.compared import compare
from xentviz.core.counts import Counts
from xentviz.core.document import Document, Task, known_labels
from xentviz.core.evaluation import Results
from xentviz.core.intervals import Interval
from xentviz.core.passes import areas_of, confusion_of, tally_of
from xentviz.core.progress import Stopped, never
from xentviz.core.ranking import Areas


def as_json(file: str, results: Results) -> dict[str, Any]:
    """Return all numbers of a document: undefined ones None, infinite ones the string "inf".

    With several categories a model's counts and the numbers taken from them are those of all elements
    together (micro); AUC, average precision and ECE are means over the categories. Of a multi-class task
    accuracy, MCC and the confusion matrix (truth in rows, with the undecided beside it) are those of the
    decisions among all categories, balanced accuracy is the mean recall, and the Brier score sums over the categories;
    the averages are of each category against the rest. Each model is compared with the first.
    """
    document = results.document
    thresholds = [float(t) for t in document.thresholds]
    return {
        "file": file,
        "task": document.task.value,
        "rows": document.rows,
        "labelled_rows": labelled_rows(document),
        "categories": list(document.categories),
        "threshold": thresholds[0] if len(thresholds) == 1 else thresholds,
        "models": [model_as_json(results, model) for model in range(len(document.models))],
        "comparison": [_comparison(document, model) for model in range(1, len(document.models))],
    }


def labelled_rows(document: Document) -> int:
    """Return how many rows have all their labels."""
    return sum(_labelled_rows(block.values) for block in document.labels.blocks)


def _labelled_rows(labels: Values) -> int:
    known = ~np.isnan(known_labels(labels))
    return int((known if known.ndim == 1 else known.all(axis=1)).sum())


def model_as_json(results: Results, model: int, stopped: Stopped = never) -> dict[str, Any]:
    """Return the numbers of one model, as :func:`as_json` has them; raises ``Cancelled``."""
    document, numbers = results.document, results.models[model]
    counts = [numbers.counts(c, document.threshold(c)) for c in range(len(document.categories))]
    per_category = {
        name: _category(results, model, c, found) | _metrics_of(counts[c])
        for c, (name, found) in enumerate(zip(document.categories, areas_of(results, model, stopped), strict=True))
    }
    scale = document.settings.unit.per_nat
    everything = metrics.pooled(counts)
    result: dict[str, Any] = {
        "name": document.models[model].name,
        "kind": document.models[model].kind.value,
        "loss": {
            "mean": _number(numbers.mean_loss, scale),
            "sum": _number(numbers.sum_loss, scale),
            "unit": document.settings.unit.value,
            "infinite_rows": numbers.infinite_rows,
        },
        **_metrics_of(everything),
        "confusion": [
            [everything.true_negatives, everything.false_positives],
            [everything.false_negatives, everything.true_positives],
        ],
        **{
            key: _mean([per_category[c][key] for c in document.categories])
            for key in ("roc_auc", "average_precision", "ece")
        },
        "brier": _number(numbers.brier),
    }
    if document.task is Task.MULTICLASS:
        result |= _among_all(document, model, counts, stopped)
    if len(document.categories) > 1:
        result |= {"per_category": per_category} | _averages(counts)
    if document.task is Task.MULTILABEL:
        result |= _by_rows(document, model, everything, stopped)
    return result


def _category(results: Results, model: int, category: int, found: Areas) -> dict[str, Any]:
    numbers = results.models[model]
    positives, negatives = numbers.positives(category), numbers.negatives(category)
    return {
        "mean_loss": _number(numbers.only(category).mean_loss, results.document.settings.unit.per_nat),
        "positives": sum(map(len, positives)),
        "negatives": sum(map(len, negatives)),
        "roc_auc": _number(found.roc_auc),
        "average_precision": _number(found.average_precision),
        "ece": _number(reliability(positives, negatives).expected_error),
    }


def _averages(counts: Sequence[Counts]) -> dict[str, Any]:
    return {
        "micro": _metrics_of(metrics.pooled(counts)),
        "macro": _metrics(lambda metric: metrics.macro(metric, counts)),
        "macro_undefined": {name: metrics.undefined(metric, counts) for name, metric in metrics.METRICS.items()},
        "weighted": _metrics(lambda metric: metrics.weighted(metric, counts)),
    }


def _by_rows(document: Document, model: int, everything: Counts, stopped: Stopped) -> dict[str, Any]:
    rows = tally_of(document, model, stopped)
    return {
        "samples": _metrics(lambda metric: metrics.samples(metric, rows)),
        "subset_accuracy": _number(metrics.subset_accuracy(rows)),
        "hamming_loss": _number(metrics.hamming_loss(everything)),
    }


def _among_all(document: Document, model: int, counts: Sequence[Counts], stopped: Stopped) -> dict[str, Any]:
    matrix = confusion_of(document, model, stopped)
    return {
        "accuracy": _number(confusion.accuracy(matrix)),
        "mcc": _number(confusion.matthews(matrix)),
        "balanced_accuracy": _number(metrics.macro(metrics.recall, counts)),
        "confusion": matrix[:, :-1].tolist(),
        "undecided": matrix[:, -1].tolist(),
    }


def _comparison(document: Document, model: int) -> dict[str, Any]:
    found, scale = compare(document, 0, model), document.settings.unit.per_nat
    areas = [_area_difference(area) for area in found.areas]
    return {
        "first": document.models[0].name,
        "second": document.models[model].name,
        "rows": found.difference.rows,
        "mean_difference": _number(found.difference.mean, scale),
        "interval": _interval(found.difference.interval, scale),
        "method": found.difference.method,
        "first_wins": found.difference.first_wins,
        "second_wins": found.difference.second_wins,
        "ties": found.difference.ties,
        "flips": found.flips,
        "only_first_right": found.decisions.only_first,
        "only_second_right": found.decisions.only_second,
        "mcnemar_p": _number(found.decisions.p_value),
        "roc_auc": areas[0] if len(areas) == 1 else dict(zip(document.categories, areas, strict=True)),
    }


def _area_difference(area: AreaGap) -> dict[str, Any]:
    return {
        "first": _number(area.first),
        "second": _number(area.second),
        "difference": _number(area.difference),
        "interval": _interval(area.interval),
        "p": _number(area.p_value),
    }


def _metrics_of(counts: Counts) -> dict[str, float | str | None]:
    return _metrics(lambda metric: metric(counts))


def _metrics(value: Callable[[metrics.Metric], float | None]) -> dict[str, float | str | None]:
    return {name: _number(value(metric)) for name, metric in metrics.METRICS.items()}


def _mean(values: list[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return math.fsum(defined) / len(defined) if defined else None


def _interval(interval: Interval | None, scale: float = 1.0) -> list[float | str | None] | None:
    return None if interval is None else [_number(end, scale) for end in interval]


def _number(value: float | None, scale: float = 1.0) -> float | str | None:
    if value is None:
        return None
    scaled = float(value * scale)
    if math.isinf(scaled):
        return "inf" if scaled > 0 else "-inf"
    return scaled
