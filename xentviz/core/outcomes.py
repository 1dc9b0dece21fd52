"""Confusion counts at many thresholds at once, and the metrics along them; weighted to another prevalence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xentviz.core.arguments import Floats, check_option
from xentviz.core.counts import Counts

LEAST_SHARE = 1e-12
"""Of less no whole number of elements is told."""


@dataclass(frozen=True, eq=False)
class Outcomes:
    """How many elements were said yes or no, and are yes or no; whole numbers unless they are weighted.

    Attributes
    ----------
    true_positives, false_positives, false_negatives, true_negatives : ndarray of float64, one shape for all
    """

    true_positives: Floats
    false_positives: Floats
    false_negatives: Floats
    true_negatives: Floats

    @classmethod
    def reached(
        cls, true_positives: ArrayLike, false_positives: ArrayLike, positives: ArrayLike, negatives: ArrayLike
    ) -> "Outcomes":
        """Return the outcomes of saying yes to so many of all positives and of all negatives."""
        tp, fp, yes, no = (
            np.asarray(counts, dtype=np.float64) for counts in (true_positives, false_positives, positives, negatives)
        )
        return cls(tp, fp, yes - tp, no - fp)

    @classmethod
    def of(cls, counts: Counts) -> "Outcomes":
        """Return one outcome, of shape ()."""
        negatives = counts.total - counts.positives
        return cls.reached(counts.true_positives, counts.false_positives, counts.positives, negatives)

    @classmethod
    def of_each(cls, counts: Sequence[Counts]) -> "Outcomes":
        """Return one outcome for each of some counts, of shape (counts,)."""
        four = [(c.true_positives, c.false_positives, c.false_negatives, c.true_negatives) for c in counts]
        return cls(*np.array(four, dtype=np.float64).reshape(-1, 4).T)

    @property
    def parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """True positives, false positives, false negatives, true negatives."""
        return self.true_positives, self.false_positives, self.false_negatives, self.true_negatives

    def pooled(self) -> "Outcomes":
        """Return all outcomes added up, of shape ()."""
        return Outcomes(*(np.asarray(part.sum()) for part in self.parts))

    def at(self, place: int) -> "Outcomes":
        """Return one of the outcomes, of shape ()."""
        return Outcomes(*(np.asarray(part[place]) for part in self.parts))

    @property
    def matrix(self) -> Floats:
        """One outcome as a matrix: rows are yes and no in truth, columns are said yes and said no."""
        return np.array([[self.true_positives, self.false_negatives], [self.false_positives, self.true_negatives]])

    @property
    def total(self) -> Floats:
        """How many there are."""
        return self.true_positives + self.false_positives + self.false_negatives + self.true_negatives

    def at_prevalence(self, prevalence: float | None) -> "Outcomes":
        """Return what they would be, of :func:`told_of` so many elements, if this share of them were positive.

        Every positive is weighted alike, and every negative; recall and specificity stay.

        Parameters
        ----------
        prevalence : float or None
            From 0 to 1; None changes nothing. Where there are no positives, or no negatives, to weigh up, the outcomes
            are nan.

        Examples
        --------
        >>> found = Outcomes.of(Counts(30, 20, 10, 40)).at_prevalence(0.04)
        >>> round(float(found.true_positives), 6), round(float(precision(found)), 6)
        (30.0, 0.085714)
        """
        if prevalence is None:
            return self
        check_option("prevalence", prevalence, 1.0)
        positives = self.true_positives + self.false_negatives
        whole = np.asarray(told_of(prevalence))
        yes, no = quotients(prevalence * whole, positives), quotients((1 - prevalence) * whole, self.total - positives)
        return Outcomes(
            yes * self.true_positives, no * self.false_positives, yes * self.false_negatives, no * self.true_negatives
        )


def told_of(prevalence: float) -> float:
    """Return of how many elements a supposed share of positives is told: as make the rarer kind ten, but 100 at least.

    >>> told_of(0.3), told_of(0.001), told_of(0.99)
    (100.0, 10000.0, 1000.0)
    """
    rarer = min(prevalence, 1 - prevalence)
    return 10.0 ** max(2, math.ceil(round(1 - math.log10(rarer), 9))) if rarer > LEAST_SHARE else 100.0


def accuracy(found: Outcomes) -> Floats:
    """Return the share that was said rightly, nan where it is not defined; as all metrics here."""
    return quotients(found.true_positives + found.true_negatives, found.total)


def precision(found: Outcomes) -> Floats:
    """Return the share of those said yes that are yes."""
    return quotients(found.true_positives, found.true_positives + found.false_positives)


def recall(found: Outcomes) -> Floats:
    """Return the share of those that are yes that were said yes."""
    return quotients(found.true_positives, found.true_positives + found.false_negatives)


def specificity(found: Outcomes) -> Floats:
    """Return the share of those that are no that were said no."""
    return quotients(found.true_negatives, found.true_negatives + found.false_positives)


def predicted_share(found: Outcomes) -> Floats:
    """Return the share that was said yes."""
    return quotients(found.true_positives + found.false_positives, found.total)


def f_beta(found: Outcomes, beta: float = 1.0) -> Floats:
    """Return ``(1 + β²) TP / ((1 + β²) TP + β² FN + FP)``."""
    gained = (1 + beta * beta) * found.true_positives
    return quotients(gained, gained + beta * beta * found.false_negatives + found.false_positives)


def balanced_accuracy(found: Outcomes) -> Floats:
    """Return the mean of recall and specificity."""
    return (recall(found) + specificity(found)) / 2


def youden(found: Outcomes) -> Floats:
    """Return ``recall + specificity - 1`` (W. J. Youden, *Index for rating diagnostic tests*, 1950)."""
    return recall(found) + specificity(found) - 1


def matthews(found: Outcomes) -> Floats:
    """Return the correlation of decisions and labels, from -1 to 1 (B. W. Matthews, 1975)."""
    tp, fp, fn, tn = found.true_positives, found.false_positives, found.false_negatives, found.true_negatives
    # Root by root: the product of all four would leave the range of floats no earlier, but its parts lose nothing.
    spread = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
    return quotients(tp * tn - fp * fn, spread)


def quotients(part: Floats, whole: Floats) -> Floats:
    """Return quotients, nan where the whole is nothing."""
    return np.asarray(part / np.where(whole > 0, whole, np.nan))
