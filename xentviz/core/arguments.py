"""What callers may hand over: numbers, of matching shapes, within their ranges; and if not, the first fault."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

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

    Raises ``not_numbers`` for text, objects, complex numbers and ragged lists.
    """
    try:
        array = np.asarray(values)
    except ValueError:  # a ragged list
        raise DataError("not_numbers", kind="ragged") from None
    if array.dtype.kind not in "fiub":
        raise DataError("not_numbers", kind=array.dtype.name)
    return array


def floats(values: Numbers) -> Floats:
    """Return numbers as float64, the same array if they are."""
    return values.astype(np.float64, copy=False)


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
        refuse_first("label_out_of_range", (labels < 0) | (labels > 1), labels)
        if probabilities:
            refuse_first("probability_out_of_range", (scores < 0) | (scores > 1), scores)
        refuse_first("score_missing", np.isnan(scores) & ~np.isnan(labels), scores)


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


def refuse_first(code: str, wrong: NDArray[np.bool_], values: Numbers, **details: str) -> None:
    """Raise the code with the index and value of the first that is wrong, if any is."""
    if np.any(wrong):
        index = tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), np.shape(wrong)))
        raise DataError(code, index=index, value=float(values[index]), **details)


def check_option(name: str, value: float, largest: float) -> None:
    """Raise ``option_out_of_range`` unless the value is from 0 to the largest, and finite."""
    if not 0 <= value <= largest or value == np.inf:
        raise DataError("option_out_of_range", option=name, value=value)


def weights_of(values: ArrayLike) -> Floats:
    """Return weights as float64; one that is negative or not finite raises ``weight_out_of_range``."""
    weights = floats(numbers(values))
    refuse_first("weight_out_of_range", ~((weights >= 0) & (weights < np.inf)), weights)
    return weights


def check_categories(labels: Numbers, categories: int) -> None:
    """Raise ``label_out_of_range`` for the first label that is neither the number of a category, nor -1, nor nan."""
    wrong = (labels < UNLABELLED) | (labels >= categories)
    if labels.dtype.kind == "f":
        wrong |= (labels != np.floor(labels)) & ~np.isnan(labels)
    refuse_first("label_out_of_range", wrong, labels)


def check_label_distributions(labels: Numbers) -> None:
    """Raise ``label_out_of_range`` or ``labels_no_distribution`` for the first fault in rows of labels."""
    if not all_rows(are_distributions, labels):
        refuse_first("label_out_of_range", (labels < 0) | (labels > 1), labels)
        check_distributions("labels_no_distribution", labels)


def check_probability_rows(rows: Numbers) -> None:
    """Raise ``probability_out_of_range`` or ``probabilities_no_distribution`` for the first fault; nan passes."""
    if not all_rows(are_distributions, rows):
        refuse_first("probability_out_of_range", (rows < 0) | (rows > 1), rows)
        check_distributions("probabilities_no_distribution", rows)


def rows_of(scores: Numbers) -> Numbers:
    """Return scores of shape (..., categories) as (rows, categories); there is at least one category."""
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise DataError("shape_mismatch", scores=scores.shape)
    return scores.reshape(-1, scores.shape[-1])


def all_rows(fine: Callable[[Numbers], bool], rows: Numbers) -> bool:
    """Return whether every piece of the rows, shape (rows, categories), is fine."""
    return all(on_all_cores(lambda piece: fine(rows[piece]), pieces(*rows.shape)))


def are_distributions(rows: Numbers) -> bool:
    """Return whether no row has a nan, a number outside [0, 1], or a sum other than 1."""
    if not rows.size:
        return True
    sums = rows @ np.ones(rows.shape[1])
    return bool(rows.min() >= 0 and rows.max() <= 1 and np.abs(sums - 1.0).max() <= SUM_TOLERANCE)


def are_finite(rows: Numbers) -> bool:
    """Return whether no row has a nan or an infinity."""
    return not rows.size or bool(rows.min() > -np.inf and rows.max() < np.inf)


def check_distributions(code: str, rows: Numbers) -> None:
    """Raise the code with the first row that does not sum to 1, its sum, and how far off that is.

    A row with a nan is unknown and passes.
    """
    sums = rows.sum(axis=1, dtype=np.float64)
    wrong = np.abs(sums - 1.0) > SUM_TOLERANCE
    if wrong.any():
        row = int(np.argmax(wrong))
        raise DataError(code, index=(row,), sum=float(sums[row]), off=float(sums[row] - 1.0))


def check_logits(rows: Numbers) -> None:
    """Raise ``softmax_undefined`` for the first row of -inf alone, or with more than one inf."""
    if not all_rows(are_finite, rows):
        wrong = (rows == -np.inf).all(axis=1) | ((rows == np.inf).sum(axis=1) > 1)
        if wrong.any():
            raise DataError("softmax_undefined", index=(int(np.argmax(wrong)),))


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
        refuse_first("loss_negative", column < 0, column, argument=name)
    return losses
