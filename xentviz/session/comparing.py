"""How a person wants to compare models: with which of them, in which bins, at which temperature, in which slices."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from xentviz.core.document import Document
from xentviz.session.kept import fitting

MOST_COLUMNS = 100


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
    columns : tuple of str
        The numbers in the scoreboard, by their keys; the usual ones if none are named.
    places : tuple of str
        Where its columns were put, from left to right; those that are not named stand where they usually do.
    ordered_by : str
        The number by which it orders the models; as they are in the document if none is named.
    best_first : bool
        Whether it has the best of them on top.
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
    columns: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    ordered_by: str = ""
    best_first: bool = True


def kept_comparing(comparing: Comparing) -> dict[str, Any]:
    """Return the choices as plain values, to keep with a document."""
    return asdict(comparing)


def comparing_kept(kept: object, document: Document) -> Comparing:
    """Return the choices that were kept, as far as they can be made of a document.

    >>> document = Document.create([1, 0], {"A": [0.9, 0.2]})
    >>> comparing_kept({"bins": 20, "reference": "B", "temperature": -1.0}, document)
    Comparing(reference='', bins=20, equal_count=False, temperature=1.0, slicing=<Slicing.NONE: 'none'>, column='',
              equal_slices=False, only=None, slice_order=<SliceOrder.AS_THEY_COME: 'as they come'>, in_shares=False,
              beyond_chance=False, columns=(), places=(), ordered_by='', best_first=True)
    """
    if not isinstance(kept, dict):
        return Comparing()
    # Here, for the window opens without them.
    from xentviz.core.binning import FEWEST_BINS, MOST_BINS
    from xentviz.core.temperature import COLDEST, HOTTEST

    either = (False, True)
    found = fitting(kept, {
        "reference": [model.name for model in document.models],
        "bins": range(FEWEST_BINS, MOST_BINS + 1),
        "equal_count": either,
        "slicing": list(Slicing),
        "column": [grouping.name for grouping in document.groupings],
        "equal_slices": either,
        "slice_order": list(SliceOrder),
        "in_shares": either,
        "beyond_chance": either,
        "best_first": either,
    })  # fmt: skip
    temperature, ordered_by, only = kept.get("temperature"), kept.get("ordered_by"), kept.get("only")
    if isinstance(temperature, float) and COLDEST <= temperature <= HOTTEST:
        found["temperature"] = temperature
    lost = kept.get("column") and "column" not in found  # and with it what its slices are
    if type(only) is int and not lost:
        found["only"] = only
    if isinstance(ordered_by, str):  # a number that there is not orders nothing
        found["ordered_by"] = ordered_by
    return Comparing(**found, columns=_keys(kept.get("columns")), places=_keys(kept.get("places")))


def _keys(kept: object) -> tuple[str, ...]:
    """Return the keys of numbers, of which those that there are not are shown by nobody."""
    if not isinstance(kept, list) or not all(isinstance(key, str) for key in kept):
        return ()
    return tuple(kept[:MOST_COLUMNS])
