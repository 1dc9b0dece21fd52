"""A document's numbers as plain objects, ready for JSON."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from xentviz.core import metrics
from xentviz.core.calibration import expected_calibration_error
from xentviz.core.columns import Values
from xentviz.core.counts import Counts
from xentviz.core.document import Document, Model, known_labels
from xentviz.core.evaluation import ModelResults, Results
from xentviz.core.ranking import average_precision, merged, roc_auc


def as_json(file: str, results: Results) -> dict[str, Any]:
    """Return all numbers of a document: undefined ones None, infinite ones the string "inf".

    With several categories a model's counts and the numbers taken from them are those of all
    elements together (micro); AUC, average precision and ECE are means over the categories.
    """
    document = results.document
    unlabelled = sum(
        int((known_labels(b.values) != known_labels(b.values)).any(axis=1).sum()) for b in document.labels.blocks
    )
    thresholds = [float(t) for t in document.thresholds]
    return {
        "file": file,
        "task": document.task.value,
        "rows": document.rows,
        "labelled_rows": document.rows - unlabelled,
        "categories": list(document.categories),
        "threshold": thresholds[0] if len(thresholds) == 1 else thresholds,
        "models": [
            _model(document, model, numbers) for model, numbers in zip(document.models, results.models, strict=True)
        ],
    }


def _model(document: Document, model: Model, numbers: ModelResults) -> dict[str, Any]:
    counts = [numbers.counts(c, document.threshold(c)) for c in range(len(document.categories))]
    per_category = {
        name: _category(document, model, numbers, c) | _decisions(partial(_of, counts[c]))
        for c, name in enumerate(document.categories)
    }
    scale = document.settings.unit.per_nat
    everything = metrics.pooled(counts)
    result: dict[str, Any] = {
        "name": model.name,
        "kind": model.kind.value,
        "loss": {
            "mean": _number(numbers.mean_loss, scale),
            "sum": _number(numbers.sum_loss, scale),
            "unit": document.settings.unit.value,
            "infinite_rows": numbers.infinite_rows,
        },
        **_decisions(partial(_of, everything)),
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
    if len(document.categories) > 1:
        result["per_category"] = per_category
        result["micro"] = _decisions(partial(_of, everything))
        result["macro"] = _decisions(lambda metric: metrics.macro(metric, counts))
        result["weighted"] = _decisions(lambda metric: metrics.weighted(metric, counts))
    return result


def _category(document: Document, model: Model, numbers: ModelResults, category: int) -> dict[str, Any]:
    positives, negatives = merged(numbers.positives(category)), merged(numbers.negatives(category))
    # By the scores themselves: the probabilities of large logits are all 1, and would tie.
    ranked_yes, ranked_no = _by_label(document, model, category)
    return {
        "mean_loss": _number(numbers.only(category).mean_loss, document.settings.unit.per_nat),
        "positives": len(positives),
        "negatives": len(negatives),
        "roc_auc": _number(roc_auc(ranked_yes, ranked_no)),
        "average_precision": _number(average_precision(ranked_yes, ranked_no)),
        "ece": _number(expected_calibration_error(positives, negatives)),
    }


def _by_label(document: Document, model: Model, category: int) -> tuple[Values, Values]:
    """Return the scores of the positives and of the negatives of a category, ascending."""
    labels = np.concatenate([known_labels(block.values[:, category]) for block in document.labels.blocks])
    scores = model.scores.array()[:, category]
    known = ~np.isnan(labels) & ~np.isnan(scores)
    return np.sort(scores[known & (labels >= 0.5)]), np.sort(scores[known & (labels < 0.5)])


def _of(counts: Counts, metric: metrics.Metric) -> float | None:
    return metric(counts)


def _decisions(value: Callable[[metrics.Metric], float | None]) -> dict[str, float | str | None]:
    return {name: _number(value(metric)) for name, metric in metrics.METRICS.items()}


def _mean(values: list[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return math.fsum(defined) / len(defined) if defined else None


def _number(value: float | None, scale: float = 1.0) -> float | str | None:
    if value is None:
        return None
    return "inf" if math.isinf(value) else float(value * scale)
