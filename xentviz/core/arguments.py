"""What callers may hand over: numbers, of matching shapes, within their ranges; and if not, the first fault."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xentviz.core.columns import Values
from xentviz.core.errors import DataError
from xentviz.core.parallel import on_all_cores, pieces

Floats = NDArray[np.float64]
Numbers = NDArray[np.floating | np.integer | np.bool_]

UNLABELLED = -1
"""The integer that stands for a label nobody gave."""

SUM_TOLERANCE = 1e-3
"""How far from 1 a row of probabilities may sum: scores kept with few digits, or as float16, do not sum exactly."""


def numbers(values: ArrayLike) -> Numbers:
    """Return values as an array of real numbers in their own precision; an array is not copied.

    Raises ``not_numbers`` for text, objects, complex numbers, ragged lists, and for arrays with a mask, which
    would be lost.
    """
    if type(values).__module__.startswith("numpy.ma"):  # which to load takes a twelfth of the start-up
        raise DataError("not_numbers", kind="masked")
    try:
        array = np.asarray(values)
    except ValueError:  # a ragged list
        raise DataError("not_numbers", kind="ragged") from None
    if array.dtype.kind not in "fiub":
        raise DataError("not_numbers", kind=array.dtype.type.__name__)
    return array


def floats(values: Numbers) -> Floats:
    """Return numbers as float64, the same array if they are; what is beyond its range becomes infinite."""
    with np.errstate(over="ignore"):
        return values.astype(np.float64, copy=False)


def as_floats(scores: Values) -> Values:
    """Return scores as floats of 16, 32 or 64 bits, the same array if they are."""
    return scores if scores.dtype in (np.float16, np.float32, np.float64) else floats(scores)


def same_shape(labels: ArrayLike, scores: ArrayLike) -> tuple[Numbers, Numbers]:
    """Return both as arrays of numbers, or raise ``shape_mismatch``: nothing is broadcast."""
    y, s = numbers(labels), numbers(scores)
    if y.shape != s.shape:
        raise DataError("shape_mismatch", labels=y.shape, scores=s.shape)
    return y, s


def check_elements(labels: Numbers, scores: Numbers, *, probabilities: bool) -> None:
    """Raise for the first label outside [0, 1], probability outside [0, 1], or labelled element without a score.

    The codes are ``label_out_of_range``, ``probability_out_of_range`` and ``score_missing``. A label of nan
    says that the truth is unknown; such an element may lack its score too.
    """
    y, s = np.atleast_1d(labels), np.atleast_1d(scores)

    def acceptable(piece: slice) -> bool:
        fitting = within_unit_interval(y[piece]) and complete(y[piece], s[piece])
        return fitting and (not probabilities or within_unit_interval(s[piece]))

    if not all(on_all_cores(acceptable, pieces(len(y), y[:1].size))):
        refuse_first("label_out_of_range", (labels < 0) | (labels > 1), value=labels)
        if probabilities:
            refuse_first("probability_out_of_range", (scores < 0) | (scores > 1), value=scores)
        refuse_first("score_missing", np.isnan(scores) & ~np.isnan(labels), value=scores)


def within_unit_interval(values: Numbers) -> bool:
    """Return whether all values are from 0 to 1 or nan."""
    # The extremes are found ten times as fast as the comparisons; but they are nan if anything is.
    if not values.size or (values.min() >= 0 and values.max() <= 1):
        return True
    return not ((values < 0) | (values > 1)).any()


def complete(labels: Numbers, scores: Numbers) -> bool:
    """Return whether every labelled element has a score."""
    if not scores.size or not np.isnan(scores.min()):
        return True
    return not (np.isnan(scores) & ~np.isnan(labels)).any()


def refuse_first(code: str, wrong: NDArray[np.bool_], **details: Numbers | str) -> None:
    """Raise the code with the index of the first that is wrong, if any; of arrays in the details what stands there."""
    if np.any(wrong):
        index = tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), np.shape(wrong)))
        there = {name: d if isinstance(d, str) else float(d[index]) for name, d in details.items()}
        raise DataError(code, index=index, **there)


def check_option(name: str, value: Any, largest: float, smallest: float = 0.0) -> None:
    """Raise ``option_out_of_range`` unless the value is a finite number from the smallest to the largest."""
    numeric = isinstance(value, int | float | np.integer | np.floating)
    if not numeric or not smallest <= value <= largest or value == np.inf:
        raise DataError("option_out_of_range", option=name, value=value)


def weights_of(values: ArrayLike) -> Floats:
    """Return weights as float64; one that is negative or not finite raises ``weight_out_of_range``."""
    weights = floats(numbers(values))
    refuse_first("weight_out_of_range", ~((weights >= 0) & (weights < np.inf)), value=weights)
    return weights


def check_categories(labels: Numbers, categories: int) -> None:
    """Raise ``label_out_of_range`` for the first label that is neither the number of a category, nor -1, nor nan."""
    wrong = (labels < UNLABELLED) | (labels >= categories)
    if labels.dtype.kind == "f":
        wrong |= (labels != np.floor(labels)) & ~np.isnan(labels)
    refuse_first("label_out_of_range", wrong, value=labels)


def rows_of(values: Numbers) -> Numbers:
    """Return values of shape (..., categories) as (rows, categories); there is at least one category."""
    if values.ndim == 0 or values.shape[-1] == 0:
        raise DataError("shape_mismatch", scores=values.shape)
    return values.reshape(-1, values.shape[-1])


def check_distributions(values: Numbers, out_of_range: str, no_distribution: str) -> None:
    """Raise a code for the first number outside [0, 1], or for the first of the rows, along the last axis, whose sum is
    not 1, with the sum and how far off it is. A row with a nan is unknown and passes.
    """
    if not all_rows(are_distributions, values):
        refuse_first(out_of_range, (values < 0) | (values > 1), value=values)
        sums = np.asarray(values.sum(axis=-1, dtype=np.float64))
        refuse_first(no_distribution, np.abs(sums - 1.0) > SUM_TOLERANCE, sum=sums, off=sums - 1.0)


def check_logits(values: Numbers) -> None:
    """Raise ``softmax_undefined`` for the first row, along the last axis, of -inf alone or with more than one inf."""
    if not all_rows(are_finite, values):
        undefined = (values == -np.inf).all(axis=-1) | ((values == np.inf).sum(axis=-1) > 1)
        refuse_first("softmax_undefined", undefined)


def all_rows(fine: Callable[[Numbers], bool], values: Numbers) -> bool:
    """Return whether every piece of the rows is fine."""
    rows = rows_of(values)
    return all(on_all_cores(lambda piece: fine(rows[piece]), pieces(*rows.shape)))


def are_distributions(rows: Numbers) -> bool:
    """Return whether no row has a nan, a number outside [0, 1], or a sum other than 1."""
    if not rows.size:
        return True
    if not (rows.min() >= 0 and rows.max() <= 1):
        return False
    # As a product, which costs a fifth of a sum along so short an axis.
    return bool(np.abs(rows @ np.ones(rows.shape[1]) - 1.0).max() <= SUM_TOLERANCE)


def are_finite(rows: Numbers) -> bool:
    """Return whether no row has a nan or an infinity."""
    return not rows.size or bool(rows.min() > -np.inf and rows.max() < np.inf)


def same_rows(**columns: ArrayLike) -> list[Numbers]:
    """Return columns of numbers if they are of one dimension and one length, or raise ``shape_mismatch``."""
    arrays = {name: numbers(column) for name, column in columns.items()}
    shapes = {name: array.shape for name, array in arrays.items()}
    if len(set(shapes.values())) > 1 or any(len(shape) != 1 for shape in shapes.values()):
        raise DataError("shape_mismatch", **shapes)
    return list(arrays.values())


def known_losses(**columns: ArrayLike) -> list[Floats]:
    """Return columns of losses as float64 if they are of the same rows, or raise; also ``loss_negative``."""
    losses = [floats(column) for column in same_rows(**columns)]
    for name, column in zip(columns, losses, strict=True):
        refuse_first("loss_negative", column < 0, value=column, argument=name)
    return losses
