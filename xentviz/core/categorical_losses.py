"""The losses of one answer in many, each with its gradient: per row, in nats, float64."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xentviz.core.arguments import (
    Floats,
    Numbers,
    all_rows,
    are_distributions,
    are_finite,
    check_categories,
    check_distributions,
    check_logits,
    check_option,
    floats,
    numbers,
    refuse_first,
    rows_of,
    weights_of,
)
from xentviz.core.binary_losses import check_clip, held, limited, quotient, weighted
from xentviz.core.errors import DataError
from xentviz.core.parallel import on_all_cores, pieces
from xentviz.core.transforms import log_probabilities, with_complements


def categorical_cross_entropy(
    labels: ArrayLike,
    probabilities: ArrayLike,
    *,
    smoothing: float = 0.0,
    class_weights: ArrayLike | None = None,
    clip: float | None = None,
) -> Floats:
    """Return the cross-entropy ``-Σ_k w_k y_k ln p_k`` of each row, in nats.

    Parameters
    ----------
    labels : array_like, shape (rows,) or (rows, categories)
        The number of the true category from 0, with -1 or nan where it is unknown; or distributions over
        the categories, with nan in a row whose truth is unknown.
    probabilities : array_like, shape (rows, categories)
        Between 0 and 1, each row with a sum of 1; nan only in rows without a label. Any number of leading
        axes may stand for rows.
    smoothing : float
        α from 0 to 1: labels become ``y (1 - α) + α / categories``.
    class_weights : array_like, shape (categories,), optional
        w ≥ 0; what smoothing gives to a category is weighted too.
    clip : float, optional
        ε from 0 to 1/2: p is limited to ``[ε, 1 - ε]``. Without it a certain and wrong
        prediction costs infinity.

    Returns
    -------
    ndarray of float64, shape (rows,)
        From 0 to inf; nan where the label is unknown.

    Raises
    ------
    DataError
        ``shape_mismatch``, ``not_numbers``; ``label_out_of_range``, ``labels_no_distribution``,
        ``probability_out_of_range``, ``probabilities_no_distribution``, ``score_missing`` with the first
        index; ``weight_out_of_range``, ``option_out_of_range``.

    Notes
    -----
    Only categories that are true, smoothed or weighted above 0 enter: 0 · ln 0 is 0.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning*, 2006, eq. 4.108.

    Examples
    --------
    >>> categorical_cross_entropy([0, 0], [[0.5, 0.2, 0.3], [0.8, 0.1, 0.1]])
    array([0.69314718, 0.22314355])
    >>> categorical_cross_entropy([[0.5, 0.5]], [[0.25, 0.75]])
    array([0.83698822])
    """
    rows = _labelled(labels, probabilities, smoothing, class_weights, probabilities=True)
    check_clip(clip)
    return rows.per_row(lambda p: limited(0.0 - np.log(p), clip))


def categorical_cross_entropy_gradient(
    labels: ArrayLike,
    probabilities: ArrayLike,
    *,
    smoothing: float = 0.0,
    class_weights: ArrayLike | None = None,
    clip: float | None = None,
) -> Floats:
    """Return the derivatives of :func:`categorical_cross_entropy` with respect to each p, ``-w_k y_k / p_k``.

    Each p is moved alone, whatever its row then sums to. Parameters and errors are those of the loss; the
    result has the shape of the probabilities, in nats per unit of probability, from -inf to 0, and is 0
    where ``clip`` holds p fast.

    Examples
    --------
    >>> categorical_cross_entropy_gradient([0], [[0.8, 0.2]])
    array([[-1.25,  0.  ]])
    """

    def gradient(targets: Floats, p: Floats) -> Floats:
        return held(0.0 - quotient(targets, p), p, clip)

    rows = _labelled(labels, probabilities, smoothing, class_weights, probabilities=True)
    check_clip(clip)
    return rows.per_score(gradient)


def categorical_cross_entropy_with_logits(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    smoothing: float = 0.0,
    class_weights: ArrayLike | None = None,
) -> Floats:
    """Return the cross-entropy ``-Σ_k w_k y_k (z_k - ln Σ_j exp z_j)`` of each row from its logits, in nats.

    Parameters
    ----------
    labels : array_like, shape (rows,) or (rows, categories)
        As for :func:`categorical_cross_entropy`.
    logits : array_like, shape (rows, categories)
        From -inf, an impossible category, to inf; nan only in rows without a label.
    smoothing, class_weights
        As for :func:`categorical_cross_entropy`.

    Returns
    -------
    ndarray of float64, shape (rows,)
        From 0 to inf; nan where the label is unknown.

    Raises
    ------
    DataError
        ``softmax_undefined`` for a row of -inf alone or with several inf; else as
        :func:`categorical_cross_entropy`, but for what concerns probabilities.

    Notes
    -----
    With the true category t and the largest logit z_m the loss is ``(z_m - z_t) + log1p(Σ exp(z_j - z_m))``,
    summed over all but m: two parts that are at least 0. Where t = m by a gap of 40 it is 4.2e-18, and the
    usual ``logsumexp(z) - z_t`` is 0.

    References
    ----------
    P. Blanchard, D. J. Higham and N. J. Higham, *Accurately computing the log-sum-exp and softmax
    functions*, 2021.

    Examples
    --------
    >>> categorical_cross_entropy_with_logits([0, 1], [[40.0, 0.0], [1000.0, -1000.0]])
    array([4.24835426e-18, 2.00000000e+03])
    """
    rows = _labelled(labels, logits, smoothing, class_weights, probabilities=False)
    return rows.per_row(lambda z: 0.0 - log_probabilities(z))


def categorical_cross_entropy_with_logits_gradient(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    smoothing: float = 0.0,
    class_weights: ArrayLike | None = None,
) -> Floats:
    """Return the derivatives of :func:`categorical_cross_entropy_with_logits` with respect to each logit.

    ``p_i Σ_{k≠i} w_k y_k - w_i y_i (1 - p_i)``, which is ``p_i - y_i`` without weights; this form loses no
    digits where p is close to a label of 0 or 1. Parameters and errors are those of the loss; the result has
    the shape of the logits, in nats per unit of logit.

    Examples
    --------
    >>> categorical_cross_entropy_with_logits_gradient([0], [[0.0, 0.0]])
    array([[-0.5,  0.5]])
    """

    def gradient(targets: Floats, z: Floats) -> Floats:
        p, complement = with_complements(z)
        return np.asarray(p * _others(targets) - targets * complement)

    rows = _labelled(labels, logits, smoothing, class_weights, probabilities=False)
    return rows.per_score(gradient)


@dataclass(frozen=True)
class _Labelled:
    """Labels and scores of as many rows, and what the labels become before they meet a loss.

    Attributes
    ----------
    labels : ndarray, shape (rows,) or (rows, categories)
    scores : ndarray, shape (rows, categories)
    shape : tuple of int
        The scores' own.
    smoothing : float
    weights : ndarray of float64, shape (categories, 1), or None
    """

    labels: Numbers
    scores: Numbers
    shape: tuple[int, ...]
    smoothing: float
    weights: Floats | None

    @property
    def hard(self) -> bool:
        """Whether each label is one category."""
        return self.labels.ndim == 1

    def per_row(self, cost: Callable[[Floats], Floats]) -> Floats:
        """Return the weighted sum of the categories' costs in each row, piece by piece on all cores."""
        out = np.empty(len(self.scores))

        def work(piece: slice) -> None:
            with np.errstate(all="ignore"):
                costs = cost(_categories_first(self.scores[piece]))
                out[piece] = self._picked(piece, costs) if self._picks else self._summed(piece, costs)

        on_all_cores(work, pieces(*self.scores.shape))
        return np.asarray(out.reshape(self.shape[:-1]))

    def per_score(self, function: Callable[[Floats, Floats], Floats]) -> Floats:
        """Return a function of the weighted labels and the scores, categories first, piece by piece on all cores."""
        out = np.empty(self.scores.shape)

        def work(piece: slice) -> None:
            with np.errstate(all="ignore"):
                out[piece] = function(self._targets(piece), _categories_first(self.scores[piece])).T

        on_all_cores(work, pieces(*self.scores.shape))
        return out.reshape(self.shape)

    @property
    def _picks(self) -> bool:
        return self.hard and not self.smoothing

    def _picked(self, piece: slice, costs: Floats) -> Floats:
        known = self.labels[piece] >= 0
        category = np.where(known, self.labels[piece], 0).astype(np.intp)
        picked = costs[category, np.arange(len(category))]
        if self.weights is not None:
            picked = weighted(self.weights[category, 0], picked)
        return np.where(known, picked, np.nan)

    def _summed(self, piece: slice, costs: Floats) -> Floats:
        return np.asarray(weighted(self._targets(piece), costs).sum(axis=0))

    def _targets(self, piece: slice) -> Floats:
        """Return the weighted, smoothed labels, shape (categories, rows)."""
        y = self.labels[piece]
        targets = _one_hot(y, self.shape[-1]) if self.hard else _all_or_nothing(_categories_first(y))
        if self.smoothing:
            targets = targets * (1.0 - self.smoothing) + self.smoothing / self.shape[-1]
        return targets if self.weights is None else np.asarray(targets * self.weights)


def _labelled(
    labels: ArrayLike,
    scores: ArrayLike,
    smoothing: float,
    class_weights: ArrayLike | None,
    probabilities: bool,
) -> _Labelled:
    """Return labels and scores as rows, or raise for the first fault, by its place in what was given."""
    y, s = numbers(labels), numbers(scores)
    categories = rows_of(s).shape[1]
    check_option("smoothing", smoothing, 1.0)
    if y.shape == s.shape[:-1]:
        check_categories(y, categories)
    elif y.shape == s.shape:
        check_distributions(y, "label_out_of_range", "labels_no_distribution")
    else:
        raise DataError("shape_mismatch", labels=y.shape, scores=s.shape)
    if not all_rows(are_distributions if probabilities else are_finite, s):
        if probabilities:
            check_distributions(s, "probability_out_of_range", "probabilities_no_distribution")
        known = np.asarray(y >= 0 if y.ndim < s.ndim else ~np.isnan(y).any(axis=-1))
        refuse_first("score_missing", np.isnan(s) & known[..., None], value=s)
        if not probabilities:
            check_logits(s)
    y = y.reshape(-1) if y.ndim < s.ndim else rows_of(y)
    return _Labelled(y, rows_of(s), s.shape, smoothing, _class_weights(class_weights, categories))


def _class_weights(class_weights: ArrayLike | None, categories: int) -> Floats | None:
    if class_weights is None:
        return None
    weights = weights_of(class_weights)
    if weights.shape != (categories,):
        raise DataError("shape_mismatch", weights=weights.shape, categories=categories)
    return weights[:, None]


def _others(targets: Floats) -> Floats:
    """Return for each target the sum of the others in its column, with the digits that the largest would cost it."""
    largest = targets.max(axis=0)
    at_top = targets == largest
    rest = np.where(at_top, 0.0, targets).sum(axis=0) + (at_top.sum(axis=0) - 1) * largest
    return np.asarray(np.where(at_top, rest, targets.sum(axis=0) - targets))


def _all_or_nothing(targets: Floats) -> Floats:
    """Return targets with nan in the whole column where there is one in it."""
    sums = targets.sum(axis=0)
    return np.where(np.isnan(sums), np.nan, targets) if np.isnan(sums).any() else targets


def _categories_first(rows: Numbers) -> Floats:
    return np.ascontiguousarray(floats(rows).T)


def _one_hot(labels: Numbers, categories: int) -> Floats:
    """Return the distributions that hard labels are, shape (categories, rows), nan where there is none."""
    targets = np.asarray(np.arange(categories)[:, None] == labels, dtype=np.float64)
    targets[:, ~(labels >= 0)] = np.nan
    return targets
