"""Scores exactly at a threshold, and those next to it."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from xentviz.core.columns import Values
from xentviz.core.ranking import Blocks


def tied(blocks: Blocks, threshold: float) -> int:
    """Return how many scores are exactly at a threshold, rounded to their precision.

    >>> tied([np.array([0.25, 0.5, 0.5])], 0.5)
    2
    """
    return sum(
        int(block.searchsorted(at, side="right")) - first
        for block, at, first in _places(blocks, threshold)
        if first < len(block) and block[first] == at
    )


def above(blocks: Blocks, threshold: float) -> float | None:
    """Return the smallest score above a threshold, None where there is none; as :func:`nearest`.

    >>> above([np.array([0.25, 0.5]), np.array([0.4])], 0.25)
    0.4
    """
    found = []
    for block, at, first in _places(blocks, threshold):
        if first < len(block) and block[first] == at:
            first = int(block.searchsorted(at, side="right"))
        if first < len(block):
            found.append(block[first])
    return _plain(min(found, default=None))


def below(blocks: Blocks, threshold: float) -> float | None:
    """Return the largest score below a threshold, None where there is none; as :func:`nearest`.

    >>> below([np.array([0.25, 0.5]), np.array([0.4])], 0.5)
    0.4
    """
    return _plain(max((block[first - 1] for block, _, first in _places(blocks, threshold) if first), default=None))


def nearest(blocks: Blocks, threshold: float) -> float | None:
    """Return the score nearest to a threshold, the larger of two, None of no scores.

    It is the shortest number that is rounded to the score: of what a file calls 0.7 in single precision it is 0.7.

    >>> nearest([np.array([0.25, 0.5])], 0.3), nearest([np.array([0.7], dtype=np.float32)], 0.3)
    (0.25, 0.7)
    """
    over, under = [], []
    for block, at, first in _places(blocks, threshold):
        if first < len(block):
            over.append(block[first])
            if block[first] == at:
                return threshold
        if first:
            under.append(block[first - 1])
    sides = [_plain(min(over, default=None)), _plain(max(under, default=None))]
    return min((side for side in sides if side is not None), key=lambda score: abs(score - threshold), default=None)


def shortest(score: "np.floating[Any]") -> float:
    """Return the shortest number that is rounded to a score in its own precision.

    >>> shortest(np.float32(0.9)), float(np.float32(0.9))
    (0.9, 0.8999999761581421)
    """
    return float(str(score))


def _places(blocks: Blocks, threshold: float) -> Iterator[tuple[Values, Any, int]]:
    """Return each block, the threshold in its precision, and where its scores reach it."""
    rounded = {kind: kind.type(threshold) for kind in {block.dtype for block in blocks}}
    for block in blocks:
        at = rounded[block.dtype]
        yield block, at, int(block.searchsorted(at))


def _plain(score: "np.floating[Any] | None") -> float | None:
    return None if score is None else shortest(score)
