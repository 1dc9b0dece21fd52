"""How well scores put the positives above the negatives, at every threshold at once."""

import numpy as np

from xentviz.core.columns import Values


def merged(sorted_blocks: tuple[Values, ...]) -> Values:
    """Return the scores of ascending blocks as one ascending array."""
    # The stable sort is one that merges runs which are already in order.
    return np.sort(np.concatenate(sorted_blocks), kind="stable")


def roc_auc(positives: Values, negatives: Values) -> float | None:
    """Return the chance that a positive scores above a negative, ties counted half.

    Parameters
    ----------
    positives, negatives : ndarray, ascending
        Scores of the positive and of the negative elements.

    Returns
    -------
    float from 0 to 1, or None without one of each.

    References
    ----------
    H. B. Mann and D. R. Whitney, 1947.

    Examples
    --------
    >>> roc_auc(np.array([0.5, 0.9]), np.array([0.1, 0.5]))
    0.875
    """
    if not len(positives) or not len(negatives):
        return None
    below = int(np.searchsorted(negatives, positives, side="left").sum())
    not_above = int(np.searchsorted(negatives, positives, side="right").sum())
    return (below + not_above) / 2 / (len(positives) * len(negatives))


def average_precision(positives: Values, negatives: Values) -> float | None:
    """Return Σ (R_n - R_{n-1}) P_n over the distinct scores, falling; no interpolation.

    Parameters and undefined cases are those of :func:`roc_auc`.

    Examples
    --------
    >>> round(average_precision(np.array([0.4, 0.9]), np.array([0.1, 0.6])), 6)
    0.833333
    """
    if not len(positives) or not len(negatives):
        return None
    scores, gained = np.unique(positives, return_counts=True)
    true_positives = len(positives) - np.searchsorted(positives, scores, side="left")
    false_positives = len(negatives) - np.searchsorted(negatives, scores, side="left")
    precisions = true_positives / (true_positives + false_positives)
    return float((gained * precisions).sum() / len(positives))
