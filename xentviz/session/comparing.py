"""How a person wants to compare models: with which of them, in which bins, at which temperature, in which slices."""

from dataclasses import dataclass
from enum import StrEnum


class Slicing(StrEnum):
    """What rows are divided by."""

    NONE = "none"
    LABEL = "label"
    SCORE = "score"
    COLUMN = "column"


class SliceOrder(StrEnum):
    """What slices are ordered by."""

    AS_THEY_COME = "as they come"
    SIZE = "size"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Comparing:
    """Choices of the Compare workspace; none of them changes the document.

    Attributes
    ----------
    reference : str
        The name of the model that others are compared with; the first one where no model is called so.
    bins : int
        Into how many bins probabilities are put to see whether they come true.
    equal_count : bool
        Whether each bin holds as many elements as another, and is not as wide.
    temperature : float
        What the chosen model's logits are divided by.
    slicing : Slicing
    column : str
        The column that rows are divided by, where they are by one.
    equal_slices : bool
        Whether slices by score hold as many elements each, and are not as wide.
    only : int or None
        The number of the one slice that is looked at; None for all rows.
    slice_order : SliceOrder
    in_shares : bool
        Whether the difference of two confusion matrices is of shares of each truth, and not of counts.
    beyond_chance : bool
        Whether agreement is told as Cohen's κ, and not as the share decided alike.
    """

    reference: str = ""
    bins: int = 15
    equal_count: bool = False
    temperature: float = 1.0
    slicing: Slicing = Slicing.NONE
    column: str = ""
    equal_slices: bool = False
    only: int | None = None
    slice_order: SliceOrder = SliceOrder.AS_THEY_COME
    in_shares: bool = False
    beyond_chance: bool = False
