"""Both curves of a model with no more points than a small picture can show, and the areas under them."""

from dataclasses import dataclass

import numpy as np

from xentviz.core import outcomes
from xentviz.core.arguments import Floats
from xentviz.core.progress import Stopped, never
from xentviz.core.ranking import Areas, Blocks, areas
from xentviz.core.sweep import Sweep, sweep

MOST_POINTS = 200

Line = tuple[Floats, Floats]
"""Places across and places up, both from 0 to 1."""


@dataclass(frozen=True, eq=False)
class SmallCurves:
    """Lines through what thresholds come to; none of them where it is not defined.

    Attributes
    ----------
    positives, negatives : int
    roc : (Floats, Floats) or None
        Recall over the false positive rate.
    precision_recall : (Floats, Floats) or None
        Precision over recall, in steps as average precision has it.
    areas : Areas
        Under them, of all scores; not defined where not all positives can be reached, as of one answer in many.
    """

    positives: int
    negatives: int
    roc: Line | None
    precision_recall: Line | None
    areas: Areas


def small_curves(
    hits: Blocks,
    false_alarms: Blocks,
    positives: int | None = None,
    negatives: int | None = None,
    stopped: Stopped = never,
) -> SmallCurves:
    """Return the curves of scores; parameters are those of :func:`xentviz.core.sweep.sweep`.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> found = small_curves([np.array([0.5, 0.9])], [np.array([0.1])])
    >>> [line.tolist() for line in found.roc], found.areas.roc_auc
    ([[0.0, 0.0, 0.0, 1.0], [0.0, 0.5, 1.0, 1.0]], 1.0)
    """
    found = sweep(hits, false_alarms, positives, negatives, stopped)
    reachable = found.positives and positives in (None, sum(map(len, hits)))
    under = areas(hits, false_alarms, stopped) if reachable else Areas(None, None)
    return SmallCurves(found.positives, found.negatives, small_roc(found), small_precision_recall(found), under)


def small_roc(found: Sweep) -> Line | None:
    """Return recall over the false positive rate, None without positives or negatives."""
    yes, no = found.positives, found.negatives
    return thinned(found.false_positives / no, found.true_positives / yes) if yes and no else None


def small_precision_recall(found: Sweep) -> Line | None:
    """Return precision over recall in steps, None without positives or where nothing can be reached."""
    if not found.positives or len(found) < 2:
        return None
    precision = outcomes.precision(found.outcomes)[1:]
    return thinned(np.repeat(found.true_positives / found.positives, 2)[1:-1], np.repeat(precision, 2))


def thinned(x: Floats, y: Floats, most: int = MOST_POINTS) -> Line:
    """Return so many points of a line, about as far from one another along it; both of its ends are among them.

    >>> x, y = thinned(np.arange(101) / 100, np.zeros(101), most=5)
    >>> x.tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    if len(x) <= most:
        return x, y
    along = np.append(0.0, np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y))))
    chosen = np.unique(np.searchsorted(along, np.linspace(0.0, along[-1], most)))
    chosen[-1] = len(x) - 1
    return x[chosen], y[chosen]
