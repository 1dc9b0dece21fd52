"""The share of the total loss that the worst rows carry."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from xentviz.core.arguments import check_option, known_losses
from xentviz.core.columns import Rows, Values
from xentviz.core.levels import Levels
from xentviz.core.reduction import power_of_two

FEWEST_POINTS = 4


@dataclass(frozen=True, eq=False)
class LossBudget:
    """The share of the total loss that the worst rows carry.

    Attributes
    ----------
    rows : int
        Those that have a loss.
    infinite_rows : int
        Those whose loss is infinite.
    rows_share, loss_share : ndarray of float64, shape (points,), or None
        A concave curve from (0, 0) to (1, 1): the worst ``rows_share`` of the rows carry ``loss_share`` of the
        total. None when the total is 0 or infinite, or there are no rows: no share is defined.
    """

    rows: int
    infinite_rows: int
    rows_share: Values | None
    loss_share: Values | None
    _at: Values | None = field(repr=False)
    _shares: Values | None = field(repr=False)

    def count(self, share: float) -> int:
        """Return how many rows a share of them is, rounded up."""
        # 7 of 100 rows are 0.07 of them, but 0.07 * 100 is 7.000000000000001.
        return math.ceil(share * self.rows * (1 - 1e-15))

    def worst(self, share: float) -> float | None:
        """Return the share of the total loss carried by the worst ``ceil(share * rows)`` rows.

        Parameters
        ----------
        share : float
            Of the rows, from 0 to 1.

        Returns
        -------
        float from 0 to 1, or None where the curve is. Between losses that are of one level it is taken for even.

        Raises
        ------
        DataError
            ``option_out_of_range``.
        """
        check_option("share", share, 1.0)
        if self._at is None or self._shares is None:
            return None
        return float(np.interp(self.count(share), self._at, self._shares))


def loss_budget(losses: ArrayLike, points: int = 1000) -> LossBudget:
    """Return how much of the total loss the worst rows carry.

    ``loss_share(k / rows) = sum of the k largest losses / sum of all``.

    Parameters
    ----------
    losses : ndarray of float, shape (rows,)
        From 0 to inf; nan where the row has no label or no score: it does not count.
    points : int
        How many points the curve may have at most, from 4 on. It has all if they are few enough; otherwise its
        steps are of at most about ``2 / points``, either along the rows or along the loss.

    Returns
    -------
    LossBudget

    Raises
    ------
    DataError
        ``shape_mismatch``, ``loss_negative``, ``option_out_of_range``.

    Examples
    --------
    >>> budget = loss_budget(np.array([0.5, 6.0, 0.5, 1.0]))
    >>> budget.worst(0.25), budget.worst(0.5)
    (0.75, 0.875)
    >>> budget.loss_share
    array([0.    , 0.75  , 0.875 , 0.9375, 1.    ])
    """
    (losses,) = known_losses(losses=losses)
    check_option("points", points, math.inf, smallest=FEWEST_POINTS)
    known = losses[~np.isnan(losses)]
    infinite_rows = int(np.count_nonzero(np.isinf(known)))
    if infinite_rows or not known.any():
        return LossBudget(len(known), infinite_rows, None, None, None, None)
    return _budget(np.arange(len(known) + 1), _shares_of_worst(known), points)


def budget_of(losses: Levels, points: int = 1000) -> LossBudget:
    """Return how much of the total of the finite losses the worst rows carry; :func:`loss_budget` of many rows.

    The curve's points are exact, to rounding. What is between is off by less than 1 part in 16,000 of what the losses
    of one level carry. Infinite losses are only counted: without them is what a share can be told of.

    Examples
    --------
    >>> from xentviz.core.levels import levels_of
    >>> budget = budget_of(levels_of(np.array([0.5, 6.0, 0.5, 1.0, np.inf])))
    >>> budget.rows, budget.infinite_rows, budget.worst(0.25)
    (4, 1, 0.75)
    """
    if not losses.finite or not losses.means[-1]:
        return LossBudget(losses.finite, losses.infinite, None, None, None, None)
    at = np.concatenate([[0], np.cumsum(losses.counts[::-1])])
    sums = np.cumsum(losses.counts[::-1] * (losses.means[::-1] / power_of_two(float(losses.means[-1]))))
    shares = np.concatenate([[0.0], sums / sums[-1]])
    return _budget(at, shares, points, losses.infinite)


def _budget(at: Rows, shares: Values, points: int, infinite_rows: int = 0) -> LossBudget:
    drawn, rows = _curve_points(at, shares, points), int(at[-1])
    return LossBudget(rows, infinite_rows, at[drawn] / rows, shares[drawn], at, shares)


def _shares_of_worst(losses: Values) -> Values:
    """Return the share of the total carried by the worst 0, 1, 2, … rows: rising, and at the end exactly 1."""
    # Sums run along the rows of a square, and then down its last column: the error of rounding grows with the
    # square root of their number. Each row goes on from the very sum the last one ended with, so none falls.
    width = math.isqrt(len(losses)) + 1
    square = np.zeros((width, width))
    sums = square.ravel()[: len(losses) + 1]
    sums[1:] = np.sort(losses)[::-1]
    sums /= power_of_two(float(sums[1]))
    np.cumsum(square, axis=1, out=square)
    square[1:] += np.cumsum(square[:-1, -1])[:, np.newaxis]
    sums /= sums[-1]
    return sums


def _curve_points(at: Rows, shares: Values, points: int) -> Rows:
    """Return which points a curve is drawn at, half of them even in rows, half even in loss."""
    if len(at) <= points:
        return np.arange(len(at))
    even_in_rows = np.searchsorted(at, np.linspace(0, at[-1], points // 2, dtype=np.int64))
    even_in_loss = np.searchsorted(shares, np.linspace(0, 1, points - points // 2))
    return np.unique(np.concatenate([even_in_rows, even_in_loss]))
