"""The mathematics and the immutable data: NumPy and SciPy alone, no Qt, no files, no words for people."""

from xentviz.core.information import cross_entropy, entropy, kl_divergence, self_information
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
    binary_focal_loss,
    binary_focal_loss_gradient,
    categorical_cross_entropy,
    categorical_cross_entropy_gradient,
    categorical_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits_gradient,
    mean_binary_cross_entropy,
    reduce,
    squared_error,
    squared_error_gradient,
)
from xentviz.core.transforms import log_softmax, logit, sigmoid, softmax, softmax_jacobian

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
    "cross_entropy",
    "entropy",
    "kl_divergence",
    "log_softmax",
    "logit",
    "mean_binary_cross_entropy",
    "reduce",
    "self_information",
    "sigmoid",
    "softmax",
    "softmax_jacobian",
    "squared_error",
    "squared_error_gradient",
]
