"""Scores exactly at a threshold, and those next to it."""

import numpy as np

from xentviz.core.columns import Values
from xentviz.core.ranking import Blocks


def tied(blocks: Blocks, threshold: float) -> int:
    """Return how many scores are exactly at a threshold, rounded to their precision.

    >>> tied([np.array([0.25, 0.5, 0.5])], 0.5)
    2
    """
    return sum(last - first for first, last in (_places(block, threshold) for block in blocks))


def above(blocks: Blocks, threshold: float) -> float | None:
    """Return the smallest score above a threshold, None where there is none.

    >>> above([np.array([0.25, 0.5]), np.array([0.4])], 0.25)
    0.4
    """
    found = [float(block[last]) for block in blocks if (last := _places(block, threshold)[1]) < len(block)]
    return min(found, default=None)


def below(blocks: Blocks, threshold: float) -> float | None:
    """Return the largest score below a threshold, None where there is none.

    >>> below([np.array([0.25, 0.5]), np.array([0.4])], 0.5)
    0.4
    """
    found = [float(block[first - 1]) for block in blocks if (first := _places(block, threshold)[0])]
    return max(found, default=None)


def nearest(blocks: Blocks, threshold: float) -> float | None:
    """Return the score nearest to a threshold, the larger of two, None of no scores.

    >>> nearest([np.array([0.25, 0.5])], 0.3)
    0.25
    """
    if tied(blocks, threshold):
        return threshold
    sides = [score for score in (above(blocks, threshold), below(blocks, threshold)) if score is not None]
    return min(sides, key=lambda score: abs(score - threshold), default=None)


def _places(block: Values, threshold: float) -> tuple[int, int]:
    """Return where in a block the scores at a threshold begin, and where those above it do."""
    at = block.dtype.type(threshold)
    return int(np.searchsorted(block, at)), int(np.searchsorted(block, at, side="right"))
