"""The losses of yes/no answers, each with its gradient: per element, in nats, float64."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from xentviz.core.arguments import Floats, Numbers, check_elements, check_option, floats, same_shape, weights_of
from xentviz.core.errors import DataError
from xentviz.core.parallel import on_all_cores, pieces
from xentviz.core.transforms import sigmoid


def binary_cross_entropy(
    labels: ArrayLike,
    probabilities: ArrayLike,
    *,
    smoothing: float = 0.0,
    pos_weight: ArrayLike = 1.0,
    clip: float | None = None,
) -> Floats:
    """Return the cross-entropy ``-w y ln p - (1 - y) ln(1 - p)`` of each element, in nats.

    Parameters
    ----------
    labels : array_like, any shape
        0, 1, or a soft label between; nan where the truth is unknown.
    probabilities : array_like, same shape
        Between 0 and 1; nan only where the label is nan.
    smoothing : float
        α from 0 to 1: labels become ``y (1 - α) + α / 2``.
    pos_weight : float, or array_like of shape (categories,)
        w ≥ 0, the weight of the positive part; several are one for each place along the last axis.
    clip : float, optional
        ε from 0 to 1/2: p is limited to ``[ε, 1 - ε]``, so that a certain and right one costs ε too. Without
        it a certain and wrong prediction costs infinity.

    Returns
    -------
    ndarray of float64, same shape
        From 0 to inf; nan where the label is.

    Raises
    ------
    DataError
        ``shape_mismatch``, ``not_numbers``; ``label_out_of_range``, ``probability_out_of_range``,
        ``score_missing``, ``weight_out_of_range`` with the first index; ``option_out_of_range``.

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

    def loss(yes: Floats, no: Floats, p: Floats) -> Floats:
        return weighted(yes, limited(0.0 - np.log(p), clip)) + weighted(no, limited(0.0 - np.log1p(-p), clip))

    check_clip(clip)
    return _of_elements(loss, labels, probabilities, smoothing, pos_weight)


def binary_cross_entropy_gradient(
    labels: ArrayLike,
    probabilities: ArrayLike,
    *,
    smoothing: float = 0.0,
    pos_weight: ArrayLike = 1.0,
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

    def gradient(yes: Floats, no: Floats, p: Floats) -> Floats:
        return held(quotient(no, 1.0 - p) - quotient(yes, p), p, clip)

    check_clip(clip)
    return _of_elements(gradient, labels, probabilities, smoothing, pos_weight)


def binary_cross_entropy_with_logits(
    labels: ArrayLike, logits: ArrayLike, *, smoothing: float = 0.0, pos_weight: ArrayLike = 1.0
) -> Floats:
    """Return the cross-entropy of each element from its logit z, in nats.

    ``w y softplus(-z) + (1 - y) softplus(z)``, with ``softplus(z) = ln(1 + exp z)``.

    Parameters
    ----------
    labels : array_like, any shape
        0, 1, or a soft label between; nan where the truth is unknown.
    logits : array_like, same shape
        From -inf to inf; nan only where the label is nan.
    smoothing, pos_weight
        As for :func:`binary_cross_entropy`.

    Returns
    -------
    ndarray of float64, same shape
        From 0 to inf; nan where the label is.

    Raises
    ------
    DataError
        As :func:`binary_cross_entropy`, but for ``probability_out_of_range``.

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

    def loss(yes: Floats, no: Floats, z: Floats) -> Floats:
        tail = np.log1p(np.exp(-np.abs(z)))
        return weighted(yes, np.maximum(-z, 0.0) + tail) + weighted(no, np.maximum(z, 0.0) + tail)

    return _of_elements(loss, labels, logits, smoothing, pos_weight, probabilities=False)


def binary_cross_entropy_with_logits_gradient(
    labels: ArrayLike, logits: ArrayLike, *, smoothing: float = 0.0, pos_weight: ArrayLike = 1.0
) -> Floats:
    """Return the derivative of :func:`binary_cross_entropy_with_logits` with respect to z.

    ``-w y sigmoid(-z) + (1 - y) sigmoid(z)``, which is ``p - y`` when w = 1; this form loses no digits
    where p is close to a label of 0 or 1. Parameters, shapes and errors are those of the loss; in nats per
    unit of logit.

    Examples
    --------
    >>> binary_cross_entropy_with_logits_gradient([1, 0], [0.0, 50.0])
    array([-0.5,  1. ])
    """

    def gradient(yes: Floats, no: Floats, z: Floats) -> Floats:
        return no * sigmoid(z) - yes * sigmoid(-z)

    return _of_elements(gradient, labels, logits, smoothing, pos_weight, probabilities=False)


def binary_focal_loss(
    labels: ArrayLike, probabilities: ArrayLike, *, gamma: float = 2.0, alpha: float | None = None
) -> Floats:
    """Return the focal loss ``a (1 - q)^γ · (-y ln p - (1 - y) ln(1 - p))`` of each element, in nats.

    ``q = y p + (1 - y)(1 - p)`` is the probability of what is true, so that elements which are nearly
    right hardly count; ``a = α y + (1 - α)(1 - y)``, or 1 without α.

    Parameters
    ----------
    labels, probabilities : array_like
        As for :func:`binary_cross_entropy`, which is the case γ = 0.
    gamma : float
        γ ≥ 0.
    alpha : float, optional
        α from 0 to 1, the weight of the positives against that of the negatives.

    Returns
    -------
    ndarray of float64, same shape
        From 0 to inf; nan where the label is.

    Raises
    ------
    DataError
        As :func:`binary_cross_entropy`.

    References
    ----------
    T.-Y. Lin, P. Goyal, R. Girshick, K. He and P. Dollár, *Focal Loss for Dense Object Detection*, 2017.

    Examples
    --------
    >>> binary_focal_loss([1, 1], [0.9, 0.1])
    array([1.05360516e-03, 1.86509393e+00])
    """

    def loss(yes: Floats, no: Floats, p: Floats) -> Floats:
        entropy = weighted(yes, 0.0 - np.log(p)) + weighted(no, 0.0 - np.log1p(-p))
        miss = yes * (1.0 - p) + no * p
        # An infinite entropy is never a hit: its factor is above 0, even where the power is too small to tell.
        focused = np.where(np.isinf(entropy), np.inf, miss**gamma * entropy)
        return weighted(_balance(yes, no, alpha), focused)

    _check_focus(gamma, alpha)
    return _of_elements(loss, labels, probabilities)


def binary_focal_loss_gradient(
    labels: ArrayLike, probabilities: ArrayLike, *, gamma: float = 2.0, alpha: float | None = None
) -> Floats:
    """Return the derivative of :func:`binary_focal_loss` with respect to p.

    ``a [γ (1 - q)^(γ-1) (1 - 2y) H + (1 - q)^γ H']`` with the cross-entropy H and its derivative H'.
    Parameters, shapes and errors are those of the loss; in nats per unit of probability.

    Examples
    --------
    >>> binary_focal_loss_gradient([1, 0], [0.5, 0.0])
    array([-1.19314718,  0.        ])
    """

    def gradient(yes: Floats, no: Floats, p: Floats) -> Floats:
        miss = yes * (1.0 - p) + no * p
        entropy = weighted(yes, 0.0 - np.log(p)) + weighted(no, 0.0 - np.log1p(-p))
        slope = quotient(no, 1.0 - p) - quotient(yes, p)
        # γ = 0 has no first part; for other γ it goes to 0 with the cross-entropy, whatever its power does.
        bend = weighted(entropy, gamma * miss ** (gamma - 1.0)) if gamma else 0.0 * yes
        # 1/p outgrows ln p where both are infinite.
        total = np.where(np.isinf(slope), slope, (no - yes) * bend + miss**gamma * slope)
        return weighted(_balance(yes, no, alpha), total)

    _check_focus(gamma, alpha)
    return _of_elements(gradient, labels, probabilities)


def squared_error(labels: ArrayLike, probabilities: ArrayLike) -> Floats:
    """Return ``(p - y)²`` of each element: no unit, from 0 to 1.

    Labels, probabilities, shapes and errors are those of :func:`binary_cross_entropy`. Its mean over
    hard labels is the Brier score (G. W. Brier, 1950).

    Examples
    --------
    >>> squared_error([1, 0], [0.9, 0.5])
    array([0.01, 0.25])
    """
    return _of_elements(lambda yes, _no, p: (p - yes) ** 2, labels, probabilities)


def squared_error_gradient(labels: ArrayLike, probabilities: ArrayLike) -> Floats:
    """Return the derivative of :func:`squared_error` with respect to p, ``2 (p - y)``.

    Examples
    --------
    >>> squared_error_gradient([1, 0], [0.75, 0.5])
    array([-0.5,  1. ])
    """
    return _of_elements(lambda yes, _no, p: 2.0 * (p - yes), labels, probabilities)


def weighted(weights: Floats, costs: Floats) -> Floats:
    """Return ``weights · costs`` with 0 · inf = 0, as what never happens costs nothing.

    The caller lets NumPy's remark about 0 · inf pass; nan stays nan.
    """
    product = weights * costs
    # A choice per element costs more than all logarithms when nothing tells the processor which way it goes.
    if np.isfinite(costs.sum()):
        return product
    return np.where((weights == 0.0) & np.isinf(costs), 0.0, product)


def quotient(weights: Floats, values: Floats) -> Floats:
    """Return ``weights / values`` with 0 / 0 = 0; a reciprocal of the values might overflow where this does not."""
    result = weights / values
    if np.isfinite(result.sum()):
        return result
    return np.where((weights == 0.0) & (values == 0.0), 0.0, result)


def limited(costs: Floats, clip: float | None) -> Floats:
    """Return ``-ln p`` as of p limited to ``[ε, 1 - ε]``; of 1 - ε itself floats have too few."""
    if clip is None:
        return costs
    return np.clip(costs, -math.log1p(-clip), -math.log(clip) if clip else np.inf)


def held(slopes: Floats, probabilities: Floats, clip: float | None) -> Floats:
    """Return slopes with 0 where the clip holds p fast."""
    if clip is None:
        return slopes
    fast = (probabilities < clip) | (1.0 - probabilities < clip)
    return np.where(fast & ~np.isnan(slopes), 0.0, slopes)


def check_clip(clip: float | None) -> None:
    """Raise ``option_out_of_range`` unless the clip is None or from 0 to 1/2."""
    if clip is not None:
        check_option("clip", clip, 0.5)


def _of_elements(
    function: Callable[[Floats, Floats, Floats], Floats],
    labels: ArrayLike,
    scores: ArrayLike,
    smoothing: float = 0.0,
    pos_weight: ArrayLike = 1.0,
    probabilities: bool = True,
) -> Floats:
    """Return a function of the weights of yes and of no, and of the scores, piece by piece on all cores."""
    y, s = same_shape(labels, scores)
    weight = _weight(pos_weight, y)
    check_option("smoothing", smoothing, 1.0)
    check_elements(y, s, probabilities=probabilities)
    out = np.empty(y.shape)
    y, s, result = np.atleast_1d(y, s, out)
    weights = np.broadcast_to(weight, y.shape)

    def work(piece: slice) -> None:
        # Infinite losses and slopes are what is asked for, and overflow to infinity is right.
        with np.errstate(all="ignore"):
            yes = floats(y[piece])
            # The smoothed no is not taken off the smoothed yes, which has too few digits for it.
            no = _smoothed(1.0 - yes, smoothing)
            result[piece] = function(weights[piece] * _smoothed(yes, smoothing), no, floats(s[piece]))

    on_all_cores(work, pieces(len(y), y[:1].size))
    return out


def _smoothed(share: Floats, smoothing: float) -> Floats:
    return share * (1.0 - smoothing) + smoothing / 2 if smoothing else share


def _weight(pos_weight: ArrayLike, labels: Numbers) -> Floats:
    """Return the weight of the positive part, shape () or that of the labels' last axis."""
    weight = weights_of(pos_weight)
    if weight.ndim > 1 or (weight.ndim == 1 and weight.shape != labels.shape[-1:]):
        raise DataError("shape_mismatch", labels=labels.shape, weights=weight.shape)
    return weight


def _check_focus(gamma: float, alpha: float | None) -> None:
    check_option("gamma", gamma, np.inf)
    if alpha is not None:
        check_option("alpha", alpha, 1.0)


def _balance(yes: Floats, no: Floats, alpha: float | None) -> Floats:
    return np.ones_like(yes) if alpha is None else alpha * yes + (1.0 - alpha) * no
