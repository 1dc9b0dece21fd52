"""The loss, the gradient and the decision of chosen elements of a document: for a table's cells and a plot's dots."""

import numpy as np
from numpy.typing import NDArray

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.document import Document, ScoreKind
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
)


def losses_of(document: Document, model: int, elements: Rows) -> Floats:
    """Return the losses of these elements under one model, in nats."""
    logits = document.models[model].kind is ScoreKind.LOGIT
    of = binary_cross_entropy_with_logits if logits else binary_cross_entropy
    return of(*_known_pairs(document, model, elements))


def gradients_of(document: Document, model: int, elements: Rows) -> Floats:
    """Return the derivatives of these elements' losses with respect to the model's own score, in nats."""
    logits = document.models[model].kind is ScoreKind.LOGIT
    of = binary_cross_entropy_with_logits_gradient if logits else binary_cross_entropy_gradient
    return of(*_known_pairs(document, model, elements))


def wrong_of(document: Document, model: int, elements: Rows) -> NDArray[np.bool_]:
    """Return which of these elements are decided against their label; those without label or score are not."""
    labels, _ = _known_pairs(document, model, elements)
    wrong: NDArray[np.bool_] = ~np.isnan(labels) & (document.decisions_of(model, elements) != (labels >= 0.5))
    return wrong


def _known_pairs(document: Document, model: int, elements: Rows) -> tuple[Floats, Values]:
    """Return labels and scores, with no label where there is no score."""
    scores = document.scores_of(model, elements)
    return np.where(np.isnan(scores), np.nan, document.labels_of(elements)), scores
