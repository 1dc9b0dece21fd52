"""The losses and their gradients under one roof: of yes/no answers, of one answer in many, and as one number."""

from xentviz.core.binary_losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
    binary_focal_loss,
    binary_focal_loss_gradient,
    squared_error,
    squared_error_gradient,
)
from xentviz.core.categorical_losses import (
    categorical_cross_entropy,
    categorical_cross_entropy_gradient,
    categorical_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits_gradient,
)
from xentviz.core.reduction import mean_binary_cross_entropy, reduce

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_gradient",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_gradient",
    "binary_focal_loss",
    "binary_focal_loss_gradient",
    "categorical_cross_entropy",
    "categorical_cross_entropy_gradient",
    "categorical_cross_entropy_with_logits",
    "categorical_cross_entropy_with_logits_gradient",
    "mean_binary_cross_entropy",
    "reduce",
    "squared_error",
    "squared_error_gradient",
]
