"""What the cells of an Arrow column are, and the same as NumPy arrays; nothing here makes an object of each cell."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

import numpy as np

from xentviz.core.columns import Values
from xentviz.core.errors import DataError
from xentviz.files.written_numbers import LIKE_NUMBER, WHOLE, first_not_number, is_missing

PERCENT = r"^\s*[+-]?(\d+\.?\d*|\.\d+)\s*%\s*$"

FIRST_CELLS = 1000
"""How many tell whether a column is words."""

PIECE_ROWS = 1 << 17
"""How many numbers are looked at at a time: few enough to stay close to the processor."""

TEXT_ROWS = 1 << 12
"""How many cells are made Python's at a time."""

SHORT = 64
"""So many letters a text may have of which all rows together are made NumPy's at once."""


Answer = TypeVar("Answer")


class Sort(StrEnum):
    """What a column's cells are."""

    NUMBERS = "numbers"
    BOOLEANS = "booleans"
    WORDS = "words"
    DATES = "dates"


def sort_of(column: Any) -> Sort:
    """Return what a column's cells are.

    Text is numbers if any of the first cells is a fraction, if half of them are whole numbers, or if all others are one
    word, for what is missing; for there are books called 1984.

    Examples
    --------
    >>> import pyarrow
    >>> [sort_of(pyarrow.chunked_array([cells])).value for cells in (["1984", "Dune", "Emma"], ["0.5", "?", "?"])]
    ['words', 'numbers']
    """
    import pyarrow.compute as compute
    import pyarrow.types as types

    if types.is_temporal(column.type):
        return Sort.DATES
    if types.is_boolean(column.type):
        return Sort.BOOLEANS
    if not types.is_string(column.type):
        return Sort.NUMBERS
    first = _known(column[:FIRST_CELLS])
    whole, numbers = _matching(first, WHOLE), _matching(first, LIKE_NUMBER)
    if numbers > whole or (whole and 2 * whole >= len(first)):
        return Sort.NUMBERS
    words = first.filter(compute.invert(compute.match_substring_regex(first, WHOLE)))
    return Sort.NUMBERS if whole and len(words.unique()) == 1 else Sort.WORDS


def is_percentages(column: Any) -> bool:
    """Return whether a column is text that gives a percentage in every cell."""
    import pyarrow.types as types

    if not types.is_string(column.type):
        return False
    known = _known(column)
    return bool(len(known)) and _matching(known, PERCENT) == len(known)


def distinct(column: Any, most: int) -> list[Any] | None:
    """Return the different known cells of a column in order, None if there are more than ``most``."""
    import pyarrow
    import pyarrow.compute as compute
    import pyarrow.types as types

    values = compute.drop_null(compute.unique(without_nan(column)))
    if types.is_temporal(column.type):
        values = values.cast(pyarrow.string())  # Python has neither nanoseconds nor the year 10000
    if types.is_string(column.type):
        values = compute.unique(compute.utf8_trim_whitespace(values))
        values = values.filter(compute.invert(is_missing(values)))
    return None if len(values) > most else sorted(values.to_pylist())


def without_nan(column: Any) -> Any:
    """Return a column in which null stands for nan."""
    import pyarrow.compute as compute
    import pyarrow.types as types

    return compute.if_else(compute.is_nan(column), None, column) if types.is_floating(column.type) else column


def first_row(mask: Any) -> int:
    """Return the first row in which a column of booleans is true, -1 if there is none."""
    import pyarrow.compute as compute

    return int(compute.index(mask, True).as_py())


def numbers_of(column: Any, name: str) -> Values:
    """Return a column as float32 if it is, else as float64, with nan where nothing stands.

    Raises
    ------
    DataError
        ``not_a_number`` for the first cell that is none; ``column_not_numbers``.
    """
    import pyarrow
    import pyarrow.types as types

    if types.is_string(column.type):
        _refuse_words(column, name)
        column = _numbers_in(column)
    if types.is_boolean(column.type):
        column = column.cast(pyarrow.int8())
    own = pyarrow.float32() if types.is_float32(column.type) else pyarrow.float64()
    try:
        return np.asarray(column.cast(own, safe=False).to_numpy(), dtype=own.to_pandas_dtype())
    except pyarrow.ArrowException as error:
        raise DataError("column_not_numbers", column=name) from error


def counted_from(start: int, read: Callable[[], Answer]) -> Answer:
    """Return what is read of a piece of a column; a row that an error names is counted from the column's first."""
    try:
        return read()
    except DataError as error:
        if "row" not in error.details or not start:
            raise
        raise DataError(error.code, **{**error.details, "row": error.details["row"] + start}) from error


def first_outside(column: Any, name: str, least: float, most: float) -> tuple[int, Any] | None:
    """Return the row, counted from 0, and the cell of the first number that is smaller or larger, if there is one.

    Raises
    ------
    DataError
        As :func:`numbers_of`.
    """
    for start in range(0, len(column), PIECE_ROWS):
        values = counted_from(start, partial(numbers_of, column.slice(start, PIECE_ROWS), name))
        wrong = (values < least) | (values > most)
        if wrong.any():
            at = int(np.argmax(wrong))
            return start + at, written(column, start + at)
    return None


def is_decided(column: Any) -> bool:
    """Return whether a column holds 0 and 1, or true and false, and no other numbers."""
    import pyarrow.types as types

    if types.is_string(column.type) or types.is_temporal(column.type) or column.null_count == len(column):
        return False
    known = False
    for start in range(0, len(column), PIECE_ROWS):
        values = numbers_of(column.slice(start, PIECE_ROWS), "")
        missing = np.isnan(values)
        if not ((values == 0) | (values == 1) | missing).all():
            return False
        known = known or not missing.all()
    return known


def is_empty(column: Any) -> bool:
    """Return whether a column that might hold numbers has rows, and nothing in any of them."""
    import pyarrow.types as types

    if column.null_count == len(column):
        return len(column) > 0
    pieces = (column.slice(start, PIECE_ROWS) for start in range(0, len(column), PIECE_ROWS))
    return types.is_floating(column.type) and all(np.isnan(numbers_of(piece, "")).all() for piece in pieces)


def written(column: Any, row: int) -> Any:
    """Return a cell as it is written, for no number has all the digits that a text or an integer may have."""
    cell = column[row].as_py()
    return cell.strip() if isinstance(cell, str) else cell


def percentages_of(column: Any, name: str) -> Values:
    """Return a column of percentages, with or without their sign, as shares of one."""
    import pyarrow.compute as compute
    import pyarrow.types as types

    if types.is_string(column.type):
        column = compute.replace_substring(column, "%", "")
    # Divided, not multiplied by 0.01: so 29 % becomes 0.29 to the last bit.
    return numbers_of(column, name) / 100


def texts_of(column: Any) -> Values:
    """Return a column as text, empty where nothing stands."""
    import pyarrow

    column = column.cast(pyarrow.string())
    texts = np.empty(len(column), dtype=np.dtypes.StringDType())
    for start in range(0, len(column), TEXT_ROWS):
        cells = column[start : start + TEXT_ROWS]
        short = _short_texts(cells)
        texts[start : start + TEXT_ROWS] = [cell or "" for cell in cells.to_pylist()] if short is None else short
    return texts


def _short_texts(column: Any) -> Values | None:
    """Return text as bytes, three times as fast as Python's; None if any is long or has more than ASCII."""
    cells = column.combine_chunks().fill_null("")
    _nulls, ends, letters = cells.buffers()
    bounds = np.frombuffer(ends, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    lengths, own = np.diff(bounds), np.frombuffer(letters or b"", np.uint8)[bounds[0] : bounds[-1]]
    longest = int(lengths.max())
    if not 0 < longest <= SHORT or own.min() == 0 or own.max() >= 128:
        return None
    padded = np.append(own, np.zeros(longest, dtype=np.uint8))
    rows = np.lib.stride_tricks.sliding_window_view(padded, longest)[bounds[:-1] - bounds[0]]
    rows[np.arange(longest) >= lengths[:, None]] = 0
    return np.asarray(rows.view(f"S{longest}")[:, 0])


def _refuse_words(column: Any, name: str) -> None:
    """Raise for the first cell that is no number; it made the whole column text."""
    found = first_not_number(column)
    if found is not None:
        raise DataError("not_a_number", row=found[0] + 1, column=name, value=found[1])


def _numbers_in(column: Any) -> Any:
    import pyarrow
    import pyarrow.compute as compute

    return compute.if_else(is_missing(column), None, compute.utf8_trim_whitespace(column)).cast(pyarrow.float64())


def _known(column: Any) -> Any:
    import pyarrow.compute as compute

    return column.filter(compute.invert(is_missing(column)))


def _matching(column: Any, pattern: str) -> int:
    """Return how many cells match."""
    import pyarrow.compute as compute

    return int(compute.sum(compute.match_substring_regex(column, pattern)).as_py() or 0)
