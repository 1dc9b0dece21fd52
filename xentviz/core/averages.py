"""Metrics of several categories as one number: micro, macro and weighted averages along outcomes."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.outcomes import Outcomes


@dataclass(frozen=True)
class Averages:
    """One metric over several categories; None where it is not defined.

    Attributes
    ----------
    micro : float or None
        Of all categories' counts added up.
    macro : float or None
        The mean over the categories where the metric is defined.
    weighted : float or None
        The same, weighted by how many of each are yes.
    undefined : int
        Categories where it is not.
    """

    micro: float | None
    macro: float | None
    weighted: float | None
    undefined: int


def averages(metric: Callable[[Outcomes], Floats], categories: Outcomes, prevalence: float | None = None) -> Averages:
    """Return the averages of a metric.

    Parameters
    ----------
    metric : callable
        One of :mod:`xentviz.core.outcomes`.
    categories : Outcomes, shape (categories,)
    prevalence : float, optional
        The share of yes that is supposed: of each category, and of all of them together for the micro average.

    Examples
    --------
    >>> from xentviz.core.counts import Counts
    >>> from xentviz.core.outcomes import precision
    >>> averages(precision, Outcomes.of_each([Counts(3, 1, 0, 4), Counts(1, 3, 0, 0), Counts(0, 0, 1, 1)]))
    Averages(micro=0.5, macro=0.5, weighted=0.625, undefined=1)
    """
    pooled, categories = categories.pooled().at_prevalence(prevalence), categories.at_prevalence(prevalence)
    each = metric(categories)
    defined = ~np.isnan(each)
    support = (categories.true_positives + categories.false_negatives)[defined]
    return Averages(
        micro=_known(float(metric(pooled))),
        macro=_mean(each[defined], np.ones(len(support))),
        weighted=_mean(each[defined], support),
        undefined=int((~defined).sum()),
    )


def _mean(values: Floats, weights: Floats) -> float | None:
    whole = math.fsum(weights)
    return math.fsum(values * weights) / whole if whole else None


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
