"""DeLong's test over whole arrays, by midranks: a second way to know what is worked out block by block."""

import math

import numpy as np
from scipy.stats import rankdata

from xentviz.core.area_errors import NO_GAP, AreaGap


def components(positive, scores):
    """Return which share of the negatives lies below each positive, and of the positives above each negative."""
    yes, no = scores[positive], scores[~positive]
    ranks = rankdata(np.concatenate([yes, no]))
    return (ranks[: len(yes)] - rankdata(yes)) / len(no), 1 - (ranks[len(yes) :] - rankdata(no)) / len(yes)


def delong(positive, first, second):
    """Return how the areas of two models differ; rows of either class, ``positive`` of bool, and no nan."""
    positives = np.count_nonzero(positive)
    if positives in (0, len(positive)):
        return NO_GAP
    before, after = components(positive, first), components(positive, second)
    areas = [float(of_model[0].mean()) for of_model in (before, after)]
    difference = areas[1] - areas[0]
    gained = [later - earlier for earlier, later in zip(before, after, strict=True)]
    if min(map(len, gained)) < 2:
        return AreaGap(*areas, difference, None, None)
    error = math.sqrt(sum(of.var(ddof=1) / len(of) for of in gained))
    if error < 1e-14:
        return AreaGap(*areas, difference, None if abs(difference) > 1e-12 else (0.0, 0.0), None)
    reach = 1.959963984540054 * error
    interval = (max(-1.0, difference - reach), min(1.0, difference + reach))
    return AreaGap(*areas, difference, interval, math.erfc(abs(difference) / error / math.sqrt(2)))
