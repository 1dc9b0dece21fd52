"""Whether a score of 0.8 comes true eight times in ten."""

import numpy as np

from xentviz.core.columns import Values


def expected_calibration_error(positives: Values, negatives: Values, bins: int = 15) -> float | None:
    """Return Σ n_b / N · |share of positives - mean score| over bins of equal width.

    Parameters
    ----------
    positives, negatives : ndarray
        Probabilities given to the positive and to the negative elements.
    bins : int
        [0, 1/bins), … with the last one closed.

    Returns
    -------
    float from 0 to 1, or None when there are no elements.

    References
    ----------
    M. P. Naeini, G. F. Cooper and M. Hauskrecht, *Obtaining Well Calibrated Probabilities Using
    Bayesian Binning*, 2015; here of p(yes), not of the more probable answer.

    Examples
    --------
    >>> round(expected_calibration_error(np.array([0.9, 0.9]), np.array([0.9])), 6)
    0.233333
    """
    scores = np.concatenate([positives, negatives]).astype(np.float64)
    if not len(scores):
        return None
    edges = np.arange(1, bins) / bins
    bin_of = np.searchsorted(edges, scores, side="right")
    observed = np.bincount(bin_of[: len(positives)], minlength=bins)
    expected = np.bincount(bin_of, weights=scores, minlength=bins)
    return float(np.abs(observed - expected).sum() / len(scores))
