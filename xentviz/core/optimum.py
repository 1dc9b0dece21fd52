"""The threshold that serves a goal best, and how far it would move on other rows from the same source."""

from dataclasses import dataclass

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.goals import Aim, Goal
from xentviz.core.intervals import CONFIDENCE, Interval
from xentviz.core.outcomes import Outcomes
from xentviz.core.progress import Report, Stopped, check, never, unheard
from xentviz.core.ranking import best_of
from xentviz.core.sweep import Sweep

RESAMPLES, SEED, BATCH = 1_000, 1, 50


@dataclass(frozen=True)
class Optimum:
    """The best threshold of a model, and what it does.

    Attributes
    ----------
    threshold : float
        From 0 to 1: a score that occurs, or just above the largest. Of several equally good ones the highest.
    outcomes : Outcomes
        At that threshold, of shape (), weighted as the goal saw them.
    value : float
        Of the goal there.
    """

    threshold: float
    outcomes: Outcomes
    value: float


@dataclass(frozen=True)
class Spread:
    """How the best threshold and its value vary over resamples of the rows.

    Attributes
    ----------
    interval : tuple of float
        95 % of the best thresholds lie in it.
    optimism : float
        How much better the value looks, on average, on the rows a threshold was chosen on than on others.
    undefined : int
        Resamples in which no threshold serves the goal.
    resamples : int
    """

    interval: Interval
    optimism: float
    undefined: int
    resamples: int


def optimum(found: Sweep, goal: Goal, prevalence: float | None = None, stopped: Stopped = never) -> Optimum | None:
    """Return the threshold that serves a goal best, among all scores that occur; None if none serves it.

    Parameters
    ----------
    found : Sweep
    goal : Goal
    prevalence : float, optional
        The share of positives to weigh the outcomes for; see :meth:`Outcomes.at_prevalence`.
    stopped : callable, optional
        As for :func:`xentviz.core.ranking.best_of`.

    Notes
    -----
    ``score >= threshold`` says yes, so every score is tried as a threshold, and one above them all unless a score
    is 1. Where several are equally good the highest is taken: it says yes least often.

    Examples
    --------
    >>> from xentviz.core.sweep import sweep
    >>> best = optimum(sweep([np.array([0.75, 0.9, 0.95])], [np.array([0.7])]), Goal())
    >>> best.threshold, best.value
    (0.75, 1.0)
    """

    def outcomes_of(tp: Rows | Floats, fp: Rows | Floats) -> Outcomes:
        return Outcomes.reached(tp, fp, found.positives, found.negatives).at_prevalence(prevalence)

    def worth(tp: Rows, fp: Rows) -> Floats:
        return goal.worth(outcomes_of(tp, fp))

    candidates = [(found.highest, 0, 0)] if found.can_refuse_all else []
    best = best_of(found.hits, found.false_alarms, worth, stopped)
    candidates += [(found.settable(best[0]), *best[1:])] if best else []
    worths = [float(worth(np.array([tp]), np.array([fp]))[0]) for _, tp, fp in candidates]
    if np.isnan(worths).all():
        return None
    threshold, tp, fp = candidates[int(np.nanargmax(worths))]
    outcome = outcomes_of(np.array(tp), np.array(fp))
    return Optimum(threshold, outcome, float(goal.value(outcome)))


def spread(
    found: Sweep,
    goal: Goal,
    prevalence: float | None = None,
    stopped: Stopped = never,
    report: Report = unheard,
    resamples: int = RESAMPLES,
) -> Spread | None:
    """Return how the best threshold varies over resamples of the elements, drawn with a fixed seed; None of none.

    Each resample draws as many elements, with replacement, from those there are: as many times each point of the sweep
    as chance has it. Of a sweep that leaves scores out the points stand for those between.

    Parameters
    ----------
    found : Sweep
    goal, prevalence
        As for :func:`optimum`.
    stopped, report : callable, optional
        Asked and told every few resamples, as :func:`xentviz.core.evaluation.evaluate`.

    Raises
    ------
    Cancelled

    References
    ----------
    B. Efron, *Estimating the error rate of a prediction rule: improvement on cross-validation*, 1983: the optimism.

    Examples
    --------
    >>> from xentviz.core.sweep import sweep
    >>> scores = np.arange(100) / 100
    >>> spread(sweep([scores[40:]], [scores[:60]]), Goal()).interval
    (0.4, 0.6)
    """
    total = found.positives + found.negatives
    if not total or len(found) == 1:
        return None
    rng = np.random.default_rng(SEED)
    cells, here = _cells(found), found.outcomes.at_prevalence(prevalence)
    settable = np.append(found.highest, found.thresholds[1:])
    first = 0 if found.can_refuse_all else 1
    thresholds, optimisms = [], []
    for start in range(0, resamples, BATCH):
        check(stopped)
        report(start / resamples)
        drawn = rng.multinomial(total, cells / total, size=min(BATCH, resamples - start))
        outcomes = _outcomes(drawn, len(found)).at_prevalence(prevalence)
        worth = goal.worth(outcomes)[:, first:]
        defined = ~np.isnan(worth).all(axis=1)
        best = np.where(np.isnan(worth), -np.inf, worth)[defined].argmax(axis=1) + first
        thresholds.append(settable[best])
        there = goal.value(outcomes)[np.flatnonzero(defined), best]
        optimisms.append(there - goal.value(here)[best])
    return _spread(found, np.concatenate(thresholds), np.concatenate(optimisms), goal, resamples)


def _spread(found: Sweep, thresholds: Floats, optimisms: Floats, goal: Goal, resamples: int) -> Spread | None:
    if not len(thresholds):
        return None
    tail = 100 * (1 - CONFIDENCE) / 2
    # An end of the interval is a threshold that was best at least once, and none between two.
    low, high = np.percentile(thresholds, [tail, 100 - tail], method="inverted_cdf")
    known = optimisms[~np.isnan(optimisms)]
    better = -1.0 if goal.aim is Aim.COST else 1.0
    optimism = better * float(known.mean()) if len(known) else 0.0
    interval = (found.settable(float(low)), found.settable(float(high)))
    return Spread(interval, optimism, resamples - len(thresholds), resamples)


def _cells(found: Sweep) -> Rows:
    """Return how many elements each cell holds: hits new at each point, false alarms, misses of all, and the rest."""
    hits, alarms = np.diff(found.true_positives), np.diff(found.false_positives)
    return np.concatenate([hits, alarms, [found.positives - hits.sum(), found.negatives - alarms.sum()]])


def _outcomes(drawn: Rows, points: int) -> Outcomes:
    """Return the outcomes at every point of each resample, shape (resamples, points)."""
    none = np.zeros((len(drawn), 1), dtype=np.int64)
    hits, alarms = drawn[:, : points - 1], drawn[:, points - 1 : 2 * (points - 1)]
    tp, fp = (np.hstack([none, np.cumsum(part, axis=1)]) for part in (hits, alarms))
    positives, negatives = hits.sum(axis=1) + drawn[:, -2], alarms.sum(axis=1) + drawn[:, -1]
    return Outcomes.reached(tp, fp, positives[:, None], negatives[:, None])
