"""What a threshold means: as a probability, a logit, a share selected, a recall, a precision, a ratio of costs."""

import math
from enum import StrEnum

import numpy as np

from xentviz.core import outcomes
from xentviz.core.arguments import check_option
from xentviz.core.outcomes import Outcomes
from xentviz.core.sweep import Sweep, between
from xentviz.core.transforms import logit, sigmoid

MOST = {"logit": 1e4, "cost": 1e12}


class Meaning(StrEnum):
    """What the number is that a person sets."""

    PROBABILITY = "probability"
    LOGIT = "logit"
    SHARE = "share"
    RECALL = "recall"
    PRECISION = "precision"
    COST = "cost"


def told_as(meaning: Meaning, threshold: float, found: Outcomes) -> float | None:
    """Return what a threshold and its outcomes are in one meaning, None where that is not defined.

    As ``COST`` it is how many false alarms a miss is taken to cost, ``(1 - T) / T``: of right probabilities that ratio
    makes T the cheapest threshold (C. Elkan, *The foundations of cost-sensitive learning*, 2001).

    Examples
    --------
    >>> told_as(Meaning.COST, 0.2, Outcomes.reached(1, 0, 1, 1))
    4.0
    """
    if meaning is Meaning.PROBABILITY:
        return threshold
    if meaning is Meaning.LOGIT:
        return float(logit(threshold))
    if meaning is Meaning.COST:
        return (1 - threshold) / threshold if threshold else math.inf
    value = float(_MEASURES[meaning](found))
    return None if math.isnan(value) else value


def threshold_of(meaning: Meaning, value: float, found: Sweep, prevalence: float | None = None) -> float | None:
    """Return the threshold that a value means, None where no score does it.

    Of a share the lowest threshold that selects no more; of a recall the highest that finds as much; of a precision
    the lowest that is as precise. Scores are tied as they come: what is met may be less, or more, than was asked for.

    Parameters
    ----------
    meaning : Meaning
    value : float
        From 0 to 1; a logit of any size; a ratio of costs from 0.
    found : Sweep
    prevalence : float, optional
        The share of positives to weigh the outcomes for; see :meth:`Outcomes.at_prevalence`.

    Raises
    ------
    DataError
        ``option_out_of_range``.

    Examples
    --------
    >>> from xentviz.core.sweep import sweep
    >>> threshold_of(Meaning.RECALL, 1.0, sweep([np.array([0.6, 0.8])], [np.array([0.3, 0.7])]))
    0.6
    """
    most = MOST.get(meaning, 1.0)
    check_option(meaning.value, value, most, -most if meaning is Meaning.LOGIT else 0.0)
    if meaning is Meaning.PROBABILITY:
        return value
    if meaning is Meaning.LOGIT:
        return float(sigmoid(value))
    if meaning is Meaning.COST:
        return 1 / (1 + value)
    point = _point(meaning, value, found, prevalence)
    if point is None or found.complete:
        return None if point is None else found.threshold(point)
    # The points are every so many'th score: the one that is asked for may lie before the point, or behind it.
    start = max(0, point - 1) if meaning is Meaning.RECALL else min(point, len(found) - 2)
    near = between(found, start)
    point = _point(meaning, value, near, prevalence)
    return None if point is None else found.settable(float(near.thresholds[point])) if start + point else found.highest


def _point(meaning: Meaning, value: float, found: Sweep, prevalence: float | None) -> int | None:
    """Return the point of a sweep that a value means."""
    measured = _MEASURES[meaning](found.outcomes.at_prevalence(prevalence))
    serving = np.flatnonzero(measured <= value if meaning is Meaning.SHARE else measured >= value)
    if not len(serving):
        return None
    return int(serving[0] if meaning is Meaning.RECALL else serving[-1])


_MEASURES = {
    Meaning.SHARE: outcomes.predicted_share,
    Meaning.RECALL: outcomes.recall,
    Meaning.PRECISION: outcomes.precision,
}
