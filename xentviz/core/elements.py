"""The loss, the gradient and the decision of chosen elements of a document: for a table's cells and a plot's dots."""

import numpy as np
from numpy.typing import NDArray

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.document import Document, ScoreKind, Task, known_labels
from xentviz.core.losses import (
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits_gradient,
    categorical_cross_entropy_gradient,
    categorical_cross_entropy_with_logits_gradient,
)
from xentviz.core.summaries import losses, without_unscored


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
    known = ~np.isnan(losses_of(document, model, elements))
    wrong: NDArray[np.bool_] = known & (document.decisions_of(model, elements) != (document.labels_of(elements) >= 0.5))
    return wrong


def _known(document: Document, model: int, elements: Rows) -> tuple[Floats, Values]:
    """Return labels and scores, of the elements or of their rows if the task is multi-class; no label without score."""
    if document.task is not Task.MULTICLASS:
        return without_unscored(document.labels_of(elements), document.scores_of(model, elements), document.task)
    rows = elements // len(document.categories)
    labels = document.labels.take(rows, known_labels)
    return without_unscored(labels, document.models[model].scores.take(rows), document.task)
