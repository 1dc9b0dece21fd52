"""What a threshold can be chosen for, and how well each outcome serves it."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from xentviz.core import outcomes
from xentviz.core.arguments import Floats, check_option
from xentviz.core.errors import DataError
from xentviz.core.outcomes import Outcomes

MOST_COST = 1e12


class Aim(StrEnum):
    """The kinds of goals."""

    F1 = "f1"
    F_BETA = "f_beta"
    MCC = "mcc"
    BALANCED_ACCURACY = "balanced_accuracy"
    YOUDEN = "youden"
    PRECISION = "precision"
    RECALL = "recall"
    COST = "cost"


@dataclass(frozen=True)
class Costs:
    """What each decision costs, in any unit; below 0 it gains.

    Examples
    --------
    >>> Costs(false_negative=5.0).best_threshold
    0.16666666666666666
    """

    true_positive: float = 0.0
    false_positive: float = 1.0
    false_negative: float = 1.0
    true_negative: float = 0.0

    def __post_init__(self) -> None:
        for name in ("true_positive", "false_positive", "false_negative", "true_negative"):
            check_option(name, getattr(self, name), MOST_COST, -MOST_COST)

    def of(self, found: Outcomes) -> Floats:
        """Return the mean cost of a decision, nan of none."""
        total = (
            self.true_positive * found.true_positives
            + self.false_positive * found.false_positives
            + self.false_negative * found.false_negatives
            + self.true_negative * found.true_negatives
        )
        return outcomes.quotients(total, found.total)

    @property
    def best_threshold(self) -> float | None:
        """The threshold that costs least where probabilities are right; None where a mistake costs no more than none.

        Yes is worth saying when ``p · (FN - TP) ≥ (1 - p) · (FP - TN)`` (C. Elkan, *The foundations of cost-sensitive
        learning*, 2001).
        """
        alarm, miss = self.false_positive - self.true_negative, self.false_negative - self.true_positive
        return alarm / (alarm + miss) if alarm >= 0 and miss >= 0 and alarm + miss > 0 else None


@dataclass(frozen=True)
class Goal:
    """What a threshold is chosen for.

    Attributes
    ----------
    aim : Aim
    beta : float
        How many times as much recall counts as precision, for ``F_BETA``; above 0.
    target : float
        The precision, or the recall, that is asked for at least, for those aims; from 0 to 1.
    costs : Costs
        For ``COST``.
    """

    aim: Aim = Aim.F1
    beta: float = 2.0
    target: float = 0.9
    costs: Costs = field(default_factory=Costs)

    def __post_init__(self) -> None:
        check_option("beta", self.beta, 1e3, 1e-3)
        if not 0 <= self.target <= 1:
            raise DataError("option_out_of_range", option="target", value=self.target)

    def value(self, found: Outcomes) -> Floats:
        """Return the number that the goal is about, nan where it is not defined: F1, the precision, the mean cost …

        Examples
        --------
        >>> float(Goal().value(Outcomes.reached(2, 0, 3, 1)))
        0.8
        """
        return {
            Aim.F1: outcomes.f_beta,
            Aim.F_BETA: lambda found: outcomes.f_beta(found, self.beta),
            Aim.MCC: outcomes.matthews,
            Aim.BALANCED_ACCURACY: outcomes.balanced_accuracy,
            Aim.YOUDEN: outcomes.youden,
            Aim.PRECISION: outcomes.precision,
            Aim.RECALL: outcomes.recall,
            Aim.COST: self.costs.of,
        }[self.aim](found)

    def worth(self, found: Outcomes) -> Floats:
        """Return what is to be as large as possible, nan where the goal is not met or not defined.

        Of those precise enough the one that finds most is best; of those that find enough the one that says yes least.
        """
        value = self.value(found)
        if self.aim is Aim.PRECISION:
            return np.where(value >= self.target, outcomes.recall(found), np.nan)
        if self.aim is Aim.RECALL:
            return np.where(value >= self.target, -outcomes.predicted_share(found), np.nan)
        return -value if self.aim is Aim.COST else value
