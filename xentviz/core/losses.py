"""The losses of yes/no answers, each with its gradient: per element, in nats, float64."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xentviz.core.errors import DataError
from xentviz.core.transforms import Floats, sigmoid

Reduction = Literal["mean", "sum", "none"]


def binary_cross_entropy(
    labels: ArrayLike,
    probabilities: ArrayLike,
    *,
    smoothing: float = 0.0,
    pos_weight: float = 1.0,
    clip: float | None = None,
) -> Floats:
    """Return the cross-entropy ``-w y ln p - (1 - y) ln(1 - p)`` of each element, in nats.

    Parameters
    ----------
    labels : array_like, any shape
        0, 1, or a soft label between; nan where the truth is unknown.
    probabilities : array_like, same shape
        Between 0 and 1; nan where the model gave no score.
    smoothing : float
        α from 0 to 1: labels become ``y (1 - α) + α / 2``.
    pos_weight : float
        w ≥ 0, the weight of the positive part.
    clip : float, optional
        ε from 0 to 1/2: p is limited to ``[ε, 1 - ε]``. Without it a certain and wrong
        prediction costs infinity.

    Returns
    -------
    ndarray of float64, same shape
        From 0 to inf; nan where the label or the probability is.

    Raises
    ------
    DataError
        ``shape_mismatch``, ``label_out_of_range``, ``probability_out_of_range``, ``option_out_of_range``.

    Notes
    -----
    ``log1p(-p)`` keeps all digits where p is tiny and ``1 - p`` would round to 1; 0 · ln 0 is 0.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning*, 2006, eq. 4.90.

    Examples
    --------
    >>> binary_cross_entropy([1, 0, 1], [0.9, 0.7, 0.0])
    array([0.10536052, 1.2039728 ,        inf])
    """
    y, p = _labels_and_probabilities(labels, probabilities)
    y = _smoothed(y, smoothing)
    _check_option("pos_weight", pos_weight, np.inf)
    if clip is not None:
        p = _clipped(p, clip)
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(y == 0, 0.0, -pos_weight * y * np.log(p)) if pos_weight else 0.0 * y
        no = np.where(y == 1, 0.0, -(1.0 - y) * np.log1p(-p))
    return _known(yes + no, y, p)


def binary_cross_entropy_gradient(
    labels: ArrayLike,
    probabilities: ArrayLike,
    *,
    smoothing: float = 0.0,
    pos_weight: float = 1.0,
    clip: float | None = None,
) -> Floats:
    """Return the derivative of :func:`binary_cross_entropy` with respect to p, ``-w y/p + (1 - y)/(1 - p)``.

    Parameters, shapes and errors are those of :func:`binary_cross_entropy`; the result is in nats
    per unit of probability, from -inf to inf, and 0 where ``clip`` holds p fast.

    Examples
    --------
    >>> binary_cross_entropy_gradient([1, 0], [0.9, 0.7])
    array([-1.11111111,  3.33333333])
    """
    y, p = _labels_and_probabilities(labels, probabilities)
    y = _smoothed(y, smoothing)
    _check_option("pos_weight", pos_weight, np.inf)
    held = np.zeros(p.shape, dtype=bool)
    if clip is not None:
        limited = _clipped(p, clip)
        held = limited != p
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        yes = np.where(y == 0, 0.0, -pos_weight * y / p) if pos_weight else 0.0 * y
        no = np.where(y == 1, 0.0, (1.0 - y) / (1.0 - p))
    return _known(np.where(held, 0.0, yes + no), y, p)


def binary_cross_entropy_with_logits(
    labels: ArrayLike, logits: ArrayLike, *, smoothing: float = 0.0, pos_weight: float = 1.0
) -> Floats:
    """Return the cross-entropy of each element from its logit z, in nats.

    ``w y softplus(-z) + (1 - y) softplus(z)``, with ``softplus(z) = ln(1 + exp z)``.

    Parameters
    ----------
    labels : array_like, any shape
        0, 1, or a soft label between; nan where the truth is unknown.
    logits : array_like, same shape
        From -inf to inf; nan where the model gave no score.
    smoothing, pos_weight : float
        As for :func:`binary_cross_entropy`.

    Returns
    -------
    ndarray of float64, same shape
        From 0 to inf.

    Raises
    ------
    DataError
        ``shape_mismatch``, ``label_out_of_range``, ``option_out_of_range``.

    Notes
    -----
    ``max(z, 0) + log1p(exp(-|z|))`` neither overflows nor loses digits: at z = 36 and y = 1 the loss is
    2.3e-16, where ``-ln(sigmoid(z))`` gives 0. Two positive terms are added, so none cancels.

    References
    ----------
    M. Mächler, *Accurately computing log(1 - exp(-|a|))*, 2012.

    Examples
    --------
    >>> binary_cross_entropy_with_logits([1, 0, 1], [2.0, -50.0, -1000.0])
    array([1.26928011e-01, 1.92874985e-22, 1.00000000e+03])
    """
    y, z = _labels_and_scores(labels, logits)
    y = _smoothed(y, smoothing)
    _check_option("pos_weight", pos_weight, np.inf)
    tail = np.log1p(np.exp(-np.abs(z)))
    with np.errstate(invalid="ignore", over="ignore"):
        yes = np.where(y == 0, 0.0, pos_weight * y * (np.maximum(-z, 0.0) + tail)) if pos_weight else 0.0 * y
        no = np.where(y == 1, 0.0, (1.0 - y) * (np.maximum(z, 0.0) + tail))
    return _known(yes + no, y, z)


def binary_cross_entropy_with_logits_gradient(
    labels: ArrayLike, logits: ArrayLike, *, smoothing: float = 0.0, pos_weight: float = 1.0
) -> Floats:
    """Return the derivative of :func:`binary_cross_entropy_with_logits` with respect to z.

    ``-w y sigmoid(-z) + (1 - y) sigmoid(z)``, which is ``p - y`` when w = 1; this form loses no digits
    where p is close to y. Parameters, shapes and errors are those of the loss; in nats per unit of logit.

    Examples
    --------
    >>> binary_cross_entropy_with_logits_gradient([1, 0], [0.0, 50.0])
    array([-0.5,  1. ])
    """
    y, z = _labels_and_scores(labels, logits)
    y = _smoothed(y, smoothing)
    _check_option("pos_weight", pos_weight, np.inf)
    return np.asarray((1.0 - y) * sigmoid(z) - pos_weight * y * sigmoid(-z))


def squared_error(labels: ArrayLike, probabilities: ArrayLike) -> Floats:
    """Return ``(p - y)²`` of each element: no unit, from 0 to 1.

    Labels, probabilities, shapes and errors are those of :func:`binary_cross_entropy`. Its mean over
    hard labels is the Brier score (G. W. Brier, 1950).

    Examples
    --------
    >>> squared_error([1, 0], [0.9, 0.5])
    array([0.01, 0.25])
    """
    y, p = _labels_and_probabilities(labels, probabilities)
    return np.asarray((p - y) ** 2)


def squared_error_gradient(labels: ArrayLike, probabilities: ArrayLike) -> Floats:
    """Return the derivative of :func:`squared_error` with respect to p, ``2 (p - y)``.

    Examples
    --------
    >>> squared_error_gradient([1, 0], [0.75, 0.5])
    array([-0.5,  1. ])
    """
    y, p = _labels_and_probabilities(labels, probabilities)
    return np.asarray(2.0 * (p - y))


def reduce(losses: ArrayLike, how: Reduction = "mean") -> Floats | float:
    """Return the mean or the sum of the known losses, or the losses themselves.

    Parameters
    ----------
    losses : array_like, any shape
        In any one unit; nan marks an element without a label or score, which is left out.
    how : "mean", "sum" or "none"
        The mean of no losses at all is nan.

    Returns
    -------
    float, or the ndarray of losses for ``"none"``

    Raises
    ------
    DataError
        ``reduction_unknown``.

    Examples
    --------
    >>> reduce([1.0, 3.0, float("nan")])
    2.0
    """
    values = np.asarray(losses, dtype=np.float64)
    if how == "none":
        return values
    known = values[~np.isnan(values)]
    if how == "sum":
        return float(known.sum())
    if how == "mean":
        return float(known.mean()) if known.size else float("nan")
    raise DataError("reduction_unknown", value=how)


def _labels_and_scores(labels: ArrayLike, scores: ArrayLike) -> tuple[Floats, Floats]:
    y = np.asarray(labels, dtype=np.float64)
    s = np.asarray(scores, dtype=np.float64)
    if y.shape != s.shape:
        raise DataError("shape_mismatch", labels=y.shape, scores=s.shape)
    _check_range("label_out_of_range", y)
    return y, s


def _labels_and_probabilities(labels: ArrayLike, probabilities: ArrayLike) -> tuple[Floats, Floats]:
    y, p = _labels_and_scores(labels, probabilities)
    _check_range("probability_out_of_range", p)
    return y, p


def _check_range(code: str, values: Floats) -> None:
    wrong: NDArray[np.bool_] = (values < 0) | (values > 1)
    if wrong.any():
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise DataError(code, index=index, value=float(values[index]))


def _check_option(name: str, value: float, largest: float) -> None:
    if not 0 <= value <= largest:
        raise DataError("option_out_of_range", option=name, value=value)


def _smoothed(labels: Floats, smoothing: float) -> Floats:
    _check_option("smoothing", smoothing, 1.0)
    return labels * (1.0 - smoothing) + smoothing / 2 if smoothing else labels


def _clipped(probabilities: Floats, clip: float) -> Floats:
    _check_option("clip", clip, 0.5)
    return np.clip(probabilities, clip, 1.0 - clip)


def _known(values: Floats, labels: Floats, scores: Floats) -> Floats:
    """Return the values with nan wherever the label or the score is unknown."""
    return np.asarray(np.where(np.isnan(labels) | np.isnan(scores), np.nan, values + 0.0))
