"""How a person wants to compare models: with which of them, in which bins, at which temperature, in which slices."""

from dataclasses import dataclass
from enum import StrEnum


class Slicing(StrEnum):
    """What rows are divided by."""

    NONE = "none"
    LABEL = "label"
    SCORE = "score"
    COLUMN = "column"


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
    """

    reference: str = ""
    bins: int = 15
    equal_count: bool = False
    temperature: float = 1.0
    slicing: Slicing = Slicing.NONE
    column: str = ""
