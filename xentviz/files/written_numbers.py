"""Numbers as they are written in columns of text: which cells are none, which have commas, which were too large."""

import re
from typing import Any, NamedTuple

import numpy as np

from xentviz.core.errors import DataError

MISSING = ["", "NA", "N/A", "na", "nan", "NaN", "NAN", "null", "None", "-"]

NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*|\s*[+-]?inf(inity)?\s*", re.ASCII | re.IGNORECASE)
LIKE_NUMBER = r"(?i)^\s*[+-]?([\d.,]*\d[\d.,]*(e[+-]?\d+)?\s*%?|inf(inity)?)\s*$"
"""Such as 0,5 and 50% too."""

WITH_POINT = rf"(?i)^(?:{NUMBER.pattern})$"
WITH_COMMA = r"^\s*[+-]?(\d+(,\d*)?|,\d+)([eE][+-]?\d+)?\s*$"
LIKE_THOUSANDS = r"^\s*[+-]?[1-9]\d{0,2},\d{3}\s*$"
INFINITY = r"(?i)^\s*[+-]?inf(inity)?\s*$"
WHOLE = r"^\s*[+-]?\d+\s*$"
NOT_ZERO = r"^[^eE]*[1-9]"


def first_not_number(column: Any) -> tuple[int, str] | None:
    """Return the row, counted from 0, and the text of the first cell that is no number and not missing, if any is.

    Parameters
    ----------
    column : pyarrow.ChunkedArray of string

    Examples
    --------
    >>> import pyarrow
    >>> first_not_number(pyarrow.chunked_array([["0.5", " NA"], ["abc", None]]))
    (2, 'abc')
    """
    before = 0
    for chunk in column.chunks:
        row = _written_as(WITH_POINT, chunk).index(False).as_py()
        if row >= 0:
            return before + row, chunk[row].as_py()
        before += len(chunk)
    return None


class Commas(NamedTuple):
    """Columns of numbers with commas; and if all these may stand between thousands a column and a cell that show it."""

    columns: list[str]
    thousands: tuple[str, str] | None = None

    def note(self) -> DataError | None:
        """Return what to tell of commas that are taken for points."""
        return DataError("decimal_comma_taken", columns=self.columns) if self.columns and not self.thousands else None

    def doubt(self) -> DataError | None:
        """Return what to ask of commas that may be either."""
        if self.thousands is None:
            return None
        return DataError("decimal_comma_doubtful", column=self.thousands[0], value=self.thousands[1])


def commas_in(columns: dict[str, Any]) -> Commas:
    """Return which columns of text are numbers if their commas are points.

    Examples
    --------
    >>> import pyarrow
    >>> commas_in({"A": pyarrow.chunked_array([["0,5", "1"]]), "B": pyarrow.chunked_array([["x"]])}).columns
    ['A']
    """
    with_comma = {name: found for name, column in columns.items() if (found := _cells_with_comma(column)) is not None}
    clear = any(not _all(_matches(LIKE_THOUSANDS, cells)) for cells in with_comma.values())
    if clear or not with_comma:
        return Commas(list(with_comma))
    name, cells = next(iter(with_comma.items()))
    return Commas(list(with_comma), (name, cells[0].as_py()))


def _cells_with_comma(column: Any) -> Any:
    """Return the cells with a comma, None if there is none or any cell is no number with or without one."""
    import pyarrow.compute as compute

    for chunk in column.chunks:
        if not _all(_written_as(WITH_COMMA, chunk)):
            return None
    found = column.filter(compute.match_substring(column, ","))
    return found if len(found) else None


def padded_numbers(column: Any, commas: bool) -> Any:
    """Return a column of text as numbers, None if cells are neither numbers nor missing, or no number is among them.

    Examples
    --------
    >>> import pyarrow
    >>> padded_numbers(pyarrow.chunked_array([["  NA", "  0,5 "]]), commas=True).to_pylist()
    [None, 0.5]
    """
    import pyarrow
    import pyarrow.compute as compute

    pattern, parts, given = WITH_COMMA if commas else WITH_POINT, [], False
    for chunk in column.chunks:
        if not _all(_written_as(pattern, chunk)):
            return None
        numbers = _matches(pattern, chunk)
        given = given or compute.any(numbers).as_py()
        trimmed = compute.utf8_trim_whitespace(chunk)
        pointed = compute.replace_substring(trimmed, ",", ".") if commas else trimmed
        parts.append(compute.if_else(numbers, pointed, None).cast(pyarrow.float64()))
    return pyarrow.chunked_array(parts, pyarrow.float64()) if given else None


def reaches_2_to_63(column: Any) -> bool:
    """Return whether numbers are so large that they may be whole ones rounded, or have become infinite."""
    # Chunk by chunk with NumPy this takes a seventh of the time of pyarrow's least and largest.
    return any((np.abs(chunk.to_numpy(zero_copy_only=False)) >= 2.0**63).any() for chunk in column.chunks)


def refuse_overflow(name: str, column: Any, text: Any) -> None:
    """Raise ``number_too_large`` for the first number that became infinite though it is not written so."""
    import pyarrow.compute as compute

    infinite = compute.fill_null(compute.is_inf(column), False)
    row = compute.index(compute.and_not(infinite, _matches(INFINITY, text)), True).as_py()
    if row >= 0:
        raise DataError("number_too_large", row=row + 1, column=name, value=text[row].as_py().strip())


def has_zeros(column: Any) -> bool:
    """Return whether there are fractions of 0, which may have been written as more."""
    import pyarrow.compute as compute
    import pyarrow.types

    return pyarrow.types.is_floating(column.type) and bool(compute.any(compute.equal(column, 0.0)).as_py())


def underflow(name: str, column: Any, text: Any) -> DataError | None:
    """Return ``number_too_small`` for the first number that became 0 though it is not written so, if there is one."""
    import pyarrow.compute as compute

    lost = compute.and_(compute.fill_null(compute.equal(column, 0), False), _matches(NOT_ZERO, text))
    row = compute.index(lost, True).as_py()
    if row < 0:
        return None
    return DataError("number_too_small", row=row + 1, column=name, value=text[row].as_py().strip())


def was_rounded(column: Any, text: Any) -> bool:
    """Return whether there are whole numbers that no 64 bits hold."""
    import pyarrow.compute as compute

    large = text.filter(compute.greater_equal(compute.abs(column), 2.0**63))
    return bool(compute.any(_matches(WHOLE, large)).as_py())


def _all(truths: Any) -> bool:
    import pyarrow.compute as compute

    return bool(compute.all(truths, min_count=0).as_py())


def _matches(pattern: str, cells: Any) -> Any:
    import pyarrow.compute as compute

    return compute.fill_null(compute.match_substring_regex(cells, pattern), False)


def is_missing(cells: Any) -> Any:
    """Return which cells of text say that nothing is known."""
    import pyarrow
    import pyarrow.compute as compute

    # A null is missing too: it is among the values looked for.
    return compute.is_in(compute.utf8_trim_whitespace(cells), pyarrow.array([*MISSING, None], pyarrow.string()))


def _written_as(pattern: str, cells: Any) -> Any:
    """Return which cells are numbers or missing."""
    import pyarrow.compute as compute

    return compute.or_(_matches(pattern, cells), is_missing(cells))
