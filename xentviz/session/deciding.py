"""How a person wants to choose thresholds: what the number means, what it is to be best for, in what world."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from xentviz.core.errors import DataError
from xentviz.core.goals import Aim, Costs, Goal
from xentviz.core.operating import Meaning


class Cells(StrEnum):
    """What the cells of a confusion matrix hold: counts; shares of a row, a column or all; sums of probability."""

    COUNTS = "counts"
    ROWS = "rows"
    COLUMNS = "columns"
    ALL = "all"
    SOFT = "soft"


class LabelOrder(StrEnum):
    """What the cards of categories are ordered by."""

    GIVEN = "given"
    SUPPORT = "support"
    F1 = "f1"


@dataclass(frozen=True)
class Deciding:
    """Choices of the Threshold workspace; none of them changes the document.

    Attributes
    ----------
    meaning : Meaning
        What the number is that is typed and dragged.
    snapping : bool
        Whether the hand only stops at scores that occur.
    cells : Cells
    goal : Goal
        What the optimum is sought for.
    prevalence : float or None
        The share of positives that is supposed; None for that of the rows.
    search : str
        Part of the names of the categories whose cards are shown.
    order : LabelOrder
    """

    meaning: Meaning = Meaning.PROBABILITY
    snapping: bool = False
    cells: Cells = Cells.COUNTS
    goal: Goal = field(default_factory=Goal)
    prevalence: float | None = None
    search: str = ""
    order: LabelOrder = LabelOrder.GIVEN


def kept_goal(goal: Goal) -> dict[str, Any]:
    """Return a goal as plain values, to keep with a document."""
    return asdict(goal) | {"aim": goal.aim.value}


def goal_kept(kept: object) -> Goal:
    """Return the goal that was kept, or the usual one where nothing that can be one was.

    >>> goal_kept(kept_goal(Goal(Aim.RECALL, target=0.8))).target
    0.8
    >>> goal_kept({"aim": "fame"}) == Goal()
    True
    """
    if not isinstance(kept, dict):
        return Goal()
    try:
        aim, costs = Aim(kept["aim"]), Costs(**kept["costs"])
        return Goal(aim, beta=kept["beta"], target=kept["target"], costs=costs)
    except (KeyError, ValueError, TypeError, DataError):
        return Goal()
