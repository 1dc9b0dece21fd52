"""Whether a score of 0.8 comes true eight times in ten: reliability bins, their errors, and the temperature."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy  # its parts take half a second to load, and come when they are first used
from numpy.typing import ArrayLike

from xentviz.core.arguments import Floats, as_floats, check_option, floats, numbers
from xentviz.core.binary_losses import weighted
from xentviz.core.columns import Rows, Values
from xentviz.core.errors import DataError
from xentviz.core.intervals import wilson_of_all
from xentviz.core.losses import (
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
    categorical_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits_gradient,
)
from xentviz.core.parallel import on_all_cores, pieces
from xentviz.core.ranking import Blocks, by_label
from xentviz.core.reduction import sum_of

DEFAULT_BINS = 15
MOST_COLDNESS = 1e6


@dataclass(frozen=True, eq=False)
class Reliability:
    """Bins of probabilities, and what came true in each.

    Attributes
    ----------
    edges : ndarray of float64, shape (bins + 1,)
        Bin b is [edges[b], edges[b + 1]), of edges in the scores' own precision; the last one is closed.
    counts, positives : ndarray of int64, shape (bins,)
        Elements in each bin, and the positive ones among them.
    score_sums, square_sums : ndarray of float64, shape (bins,)
        Sums of the probabilities in each bin, and of their squared errors.
    """

    edges: Floats
    counts: Rows
    positives: Rows
    score_sums: Floats
    square_sums: Floats

    @cached_property
    def total(self) -> int:
        """The number of elements."""
        return int(self.counts.sum())

    @cached_property
    def mean_scores(self) -> Floats:
        """The mean probability in each bin, nan in an empty one."""
        return _quotients(self.score_sums, self.counts)

    @cached_property
    def observed(self) -> Floats:
        """The share of positives in each bin, nan in an empty one."""
        return _quotients(self.positives, self.counts)

    @cached_property
    def intervals(self) -> Floats:
        """The 95 % Wilson interval of each observed share, shape (bins, 2), nan for an empty bin."""
        return wilson_of_all(self.positives, self.counts)

    @property
    def expected_error(self) -> float | None:
        """The expected calibration error ``Σ n_b / N · |share of positives - mean score|``, None of nothing."""
        return float(np.abs(self.positives - self.score_sums).sum() / self.total) if self.total else None

    @property
    def largest_error(self) -> float | None:
        """The largest ``|share of positives - mean score|`` of a bin that is not empty."""
        return float(np.nanmax(np.abs(self.observed - self.mean_scores))) if self.total else None

    @property
    def brier_split(self) -> "BrierSplit | None":
        """The Brier score and the parts it is made of, None of nothing."""
        if not self.total:
            return None
        filled = self.counts > 0
        share = self.positives.sum() / self.total
        weights = self.counts[filled] / self.total
        observed, scores = self.observed[filled], self.mean_scores[filled]
        return BrierSplit(
            brier=float(self.square_sums.sum() / self.total),
            reliability=float((weights * (scores - observed) ** 2).sum()),
            resolution=float((weights * (observed - share) ** 2).sum()),
            uncertainty=float(share * (1 - share)),
        )


@dataclass(frozen=True)
class BrierSplit:
    """The mean squared error of probabilities as ``reliability - resolution + uncertainty + within_bins``.

    Of hard labels; a soft one is rounded. ``within_bins`` is what the bins hide, and 0 when all scores of a
    bin are the same (A. H. Murphy, *A New Vector Partition of the Probability Score*, 1973;
    D. B. Stephenson, C. A. S. Coelho and I. T. Jolliffe, *Two Extra Components in the Brier Score
    Decomposition*, 2008).
    """

    brier: float
    reliability: float
    resolution: float
    uncertainty: float

    @property
    def within_bins(self) -> float:
        """The part that comes of putting different scores into one bin."""
        return self.brier - self.reliability + self.resolution - self.uncertainty


def reliability(positives: Blocks, negatives: Blocks, edges: Floats | None = None) -> Reliability:
    """Return what came true of probabilities, bin by bin.

    Parameters
    ----------
    positives, negatives : sequence of ndarray, each ascending
        Probabilities given to the positive and to the negative elements.
    edges : ndarray of float64, shape (bins + 1,), ascending from 0 to 1
        15 bins of equal width without it; see :func:`equal_width` and :func:`equal_count`.

    Raises
    ------
    DataError
        ``probability_out_of_range``.

    Notes
    -----
    Edges are rounded to the scores' own precision, as thresholds are, so that a float32 score of 0.7 is in
    the bin that begins at 0.7.

    Examples
    --------
    >>> found = reliability([np.array([0.1, 0.8])], [np.array([0.2])], equal_width(2))
    >>> found.counts, found.observed, found.expected_error
    (array([2, 1]), array([0.5, 1. ]), 0.3)
    """
    positives, negatives = [as_floats(block) for block in positives], [as_floats(block) for block in negatives]
    if not all(block[0] >= 0 and block[-1] <= 1 for block in (*positives, *negatives) if len(block)):
        raise DataError("probability_out_of_range")
    edges = equal_width() if edges is None else np.asarray(edges, dtype=np.float64)
    yes, no = _binned(positives, edges, 1.0), _binned(negatives, edges, 0.0)
    return Reliability(
        edges=edges,
        counts=(yes[0] + no[0]).astype(np.int64),
        positives=yes[0].astype(np.int64),
        score_sums=yes[1] + no[1],
        square_sums=yes[2] + no[2],
    )


def equal_width(bins: int = DEFAULT_BINS) -> Floats:
    """Return the edges ``k / bins`` of bins of equal width.

    >>> equal_width(4)
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    check_option("bins", bins, math.inf, smallest=1)
    return np.arange(bins + 1) / bins


def equal_count(positives: Blocks, negatives: Blocks, bins: int = DEFAULT_BINS) -> Floats:
    """Return the edges of bins that hold about as many scores each; equal scores are never parted.

    >>> equal_count([np.array([0.5, 0.9])], [np.array([0.1, 0.2])], bins=2)
    array([0. , 0.5, 1. ])
    """
    check_option("bins", bins, math.inf, smallest=1)
    scores = np.sort(np.concatenate([np.empty(0), *positives, *negatives]))
    inner = scores[[len(scores) * b // bins for b in range(1, bins)]] if len(scores) else scores
    # Below the smallest score no bin would have any.
    return np.unique(np.concatenate([[0.0], inner[inner > scores[:1]], [1.0]]))


def expected_calibration_error(labels: ArrayLike, probabilities: ArrayLike, bins: int = DEFAULT_BINS) -> float | None:
    """Return the expected calibration error of bins of equal width: ``Σ n_b / N · |share - mean score|``.

    Parameters
    ----------
    labels : array_like, any shape
        0, 1 or between, where they are rounded; nan where the truth is unknown.
    probabilities : array_like, same shape
        Of yes; nan only where the label is nan.
    bins : int
        From 1 on.

    Returns
    -------
    float from 0 to 1, or None when there are no elements.

    Raises
    ------
    DataError
        ``shape_mismatch``, ``not_numbers``, ``label_out_of_range``, ``probability_out_of_range``,
        ``score_missing``, ``option_out_of_range``.

    References
    ----------
    M. P. Naeini, G. F. Cooper and M. Hauskrecht, *Obtaining Well Calibrated Probabilities Using
    Bayesian Binning*, 2015. Of the more probable answer it is taken by C. Guo, G. Pleiss, Y. Sun and
    K. Q. Weinberger, *On Calibration of Modern Neural Networks*, 2017.

    Examples
    --------
    >>> round(expected_calibration_error([1, 1, 0], [0.9, 0.9, 0.9]), 6)
    0.233333
    """
    return reliability(*by_label(labels, probabilities, probabilities=True), equal_width(bins)).expected_error


def best_temperature(labels: ArrayLike, logits: ArrayLike) -> float | None:
    """Return the temperature T > 0 at which logits, divided by it, have the smallest mean loss.

    Parameters
    ----------
    labels : array_like, shape (rows,), or (rows, categories)
        Of yes/no questions with logits (rows,); or of one answer in many, numbers of categories or
        distributions, with logits (rows, categories). As for the losses.
    logits : array_like, shape (rows,) or (rows, categories)
        Rows whose loss is infinite, which it is at every temperature, are left out.

    Returns
    -------
    float, or None where no T from about 1e-6 to 1e6 is best: the logits part the labels rightly (the colder the
    better), or tell nothing or the opposite of the truth (the hotter the better).

    Raises
    ------
    DataError
        As the losses from logits.

    Notes
    -----
    The loss is a convex function of 1/T, whose slope is ``Σ z · gradient(z / T)``. Where the slope changes sign
    is found to the last digits; where the loss itself is least could be told only to half of them.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, *On Calibration of Modern Neural Networks*, 2017.

    Examples
    --------
    Three of four are right where the model says 90 %:

    >>> round(best_temperature([1, 1, 1, 0], np.full(4, np.log(9.0))), 6)
    2.0
    """
    y, z = numbers(labels), floats(numbers(logits))
    categorical = z.ndim > 1
    loss = categorical_cross_entropy_with_logits(y, z) if categorical else binary_cross_entropy_with_logits(y, z)
    y, z = y[np.isfinite(loss)], z[np.isfinite(loss)]
    if categorical:
        z = _below_the_largest(z)
    gradient = (
        categorical_cross_entropy_with_logits_gradient if categorical else binary_cross_entropy_with_logits_gradient
    )

    def pull(piece: slice, coldness: float) -> float:
        with np.errstate(all="ignore"):
            return float(weighted(gradient(y[piece], coldness * z[piece]), z[piece]).sum())

    def slope(coldness: float) -> float:
        """Return the derivative of the total loss by 1/T."""
        return sum_of(on_all_cores(lambda piece: pull(piece, coldness), pieces(len(z), z[:1].size)))

    cold = hot = 1.0
    while slope(cold) <= 0.0 and cold < MOST_COLDNESS:
        cold *= 2.0
    while slope(hot) >= 0.0 and hot > 1.0 / MOST_COLDNESS:
        hot /= 2.0
    if not slope(hot) < 0.0 < slope(cold):
        return None
    return float(1.0 / scipy.optimize.brentq(slope, hot, cold, xtol=1e-300, rtol=1e-15))


def _below_the_largest(rows: Floats) -> Floats:
    """Return logits less the largest of their row, which no softmax can tell, and none overflows or loses digits by."""
    largest = rows.max(axis=1, keepdims=True, initial=-np.inf)
    return rows - np.where(np.isfinite(largest), largest, 0.0)


def _binned(blocks: Blocks, edges: Floats, label: float) -> Floats:
    """Return, for each bin, how many scores lie in it, their sum, and that of their squared errors; shape (3, bins)."""
    parts = on_all_cores(lambda block: _binned_block(block, edges, label), blocks)
    return np.asarray(np.sum([np.zeros((3, len(edges) - 1)), *parts], axis=0))


def _binned_block(block: Values, edges: Floats, label: float) -> Floats:
    starts = np.searchsorted(block, edges[:-1].astype(block.dtype))
    counts = np.diff(starts, append=len(block))
    # One place more, so that a bin may be empty at the end; reduceat gives an empty one its neighbour.
    both = np.zeros((2, len(block) + 1))
    both[0, :-1] = block
    both[1, :-1] = (both[0, :-1] - label) ** 2
    sums = np.add.reduceat(both, starts, axis=1)
    return np.concatenate([counts[None], np.where(counts > 0, sums, 0.0)])


def _quotients(parts: Values, wholes: Rows) -> Floats:
    return np.asarray(np.divide(parts, wholes, out=np.full(len(wholes), np.nan), where=wholes > 0))
