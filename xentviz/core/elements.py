"""The loss, the gradient and the decision of chosen elements of a document: for a table's cells and a plot's dots."""

import numpy as np
from numpy.typing import NDArray

from xentviz.core.answers import log_sum_of_others
from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.confusion import decisions
from xentviz.core.document import Document, ScoreKind, Task, known_labels, probabilities
from xentviz.core.losses import (
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits_gradient,
    categorical_cross_entropy_gradient,
    categorical_cross_entropy_with_logits_gradient,
)
from xentviz.core.summaries import losses, without_unscored
from xentviz.core.transforms import logit, sigmoid


def losses_of(document: Document, model: int, elements: Rows) -> Floats:
    """Return the losses of these elements under one model, in nats; of a multi-class task those of their rows."""
    labels, scores = _known(document, model, elements)
    return losses(labels, scores, document.models[model].kind, document.task)


def gradients_of(document: Document, model: int, elements: Rows) -> Floats:
    """Return the derivatives of these elements' losses with respect to the model's own score, in nats."""
    labels, scores = _known(document, model, elements)
    logits = document.models[model].kind is ScoreKind.LOGIT
    if document.task is Task.MULTICLASS:
        of = categorical_cross_entropy_with_logits_gradient if logits else categorical_cross_entropy_gradient
        return of(labels, scores)[np.arange(len(elements)), elements % len(document.categories)]
    return (binary_cross_entropy_with_logits_gradient if logits else binary_cross_entropy_gradient)(labels, scores)


def wrong_of(document: Document, model: int, elements: Rows) -> NDArray[np.bool_]:
    """Return which of these elements are decided against their label; those without label or score are not."""
    if document.task is Task.MULTICLASS:
        return _wrong_answers(document, model, elements)
    labels, _scores = _known(document, model, elements)
    wrong: NDArray[np.bool_] = ~np.isnan(labels) & (document.decisions_of(model, elements) != (labels >= 0.5))
    return wrong


def _wrong_answers(document: Document, model: int, elements: Rows) -> NDArray[np.bool_]:
    rows, categories = np.divmod(elements, len(document.categories))
    of = document.models[model]
    p, truth = probabilities(of.scores.take(rows), of.kind, document.task), document.truths_of(rows)
    known = (truth >= 0) & ~np.isnan(p).any(axis=1)
    return np.asarray(known & ((decisions(p, document.threshold(0)) == categories) != (truth == categories)))


def log_odds_of_truth(document: Document, model: int, rows: Rows) -> Floats:
    """Return ``x = ln p - ln(1 - p)`` of the true category of multi-class rows: ``z_t - ln Σ exp(z_j)`` of the others.

    Whatever the others are, the loss of the row is ``ln(1 + exp(-x))``, and its derivative with respect to z_t is that
    with respect to x. Of a soft label x is that of :func:`probability_of_truth`. Rows without label or score are nan.
    """
    if document.models[model].kind is ScoreKind.PROBABILITY:
        return logit(probability_of_truth(document, model, rows))
    z, truth = document.models[model].scores.take(rows).astype(np.float64), document.truths_of(rows)
    with np.errstate(over="ignore", invalid="ignore"):  # inf - inf where the truth is unknown
        x = z[np.arange(len(rows)), truth] - log_sum_of_others(z, truth)
    soft = soft_answers(document, rows)
    x[soft] = logit(_costing_as_much(document, model, rows[soft]))
    return np.where(truth < 0, np.nan, x)


def probability_of_truth(document: Document, model: int, rows: Rows) -> Floats:
    """Return the probability of the true category of multi-class rows, nan without label or score.

    Of a soft label it is ``exp(-loss)``: the one that costs a certain label as much.
    """
    if document.models[model].kind is ScoreKind.LOGIT:
        return sigmoid(log_odds_of_truth(document, model, rows))
    scores, truth = document.models[model].scores.take(rows).astype(np.float64), document.truths_of(rows)
    p = scores[np.arange(len(rows)), truth]
    soft = soft_answers(document, rows)
    p[soft] = _costing_as_much(document, model, rows[soft])
    return np.where((truth < 0) | np.isnan(scores).any(axis=1), np.nan, p)


def _costing_as_much(document: Document, model: int, rows: Rows) -> Floats:
    return np.exp(-losses_of(document, model, rows * len(document.categories)))


def soft_answers(document: Document, rows: Rows) -> NDArray[np.bool_]:
    """Return which rows of a multi-class task have a label that is spread over several categories."""
    labels = document.labels.take(rows, known_labels)
    return np.zeros(len(rows), dtype=bool) if labels.ndim == 1 else np.asarray((labels > 0).sum(axis=1) > 1)


def _known(document: Document, model: int, elements: Rows) -> tuple[Floats, Values]:
    """Return labels and scores, of the elements or of their rows if the task is multi-class; no label without score."""
    if document.task is not Task.MULTICLASS:
        return without_unscored(document.labels_of(elements), document.scores_of(model, elements), document.task)
    rows = elements // len(document.categories)
    labels = document.labels.take(rows, known_labels)
    return without_unscored(labels, document.models[model].scores.take(rows), document.task)
