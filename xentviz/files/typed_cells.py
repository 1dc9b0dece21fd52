"""Cells of any kind as Arrow columns: numbers where all are numbers, else text as it was written."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from xentviz.core.errors import Cancelled

Cell = None | bool | int | float | str | date | datetime | time | timedelta


def typed(cells: Sequence[Cell]) -> Any:
    """Return cells as an Arrow array: booleans, int64, float64, text where they differ, or null if there is none.

    Integers that float64 or int64 would round are text.

    Examples
    --------
    >>> typed([1, None, 0.5]).to_pylist()
    [1.0, None, 0.5]
    >>> typed([1, True, "cat", 0.5, 2.0]).to_pylist()
    ['1', 'true', 'cat', '0.5', '2']
    """
    import pyarrow  # here, for the window opens without it

    kinds = set(map(type, cells)) - {type(None)}
    types: dict[frozenset[type], Any] = {
        frozenset(): pyarrow.null(),
        frozenset({bool}): pyarrow.bool_(),
        frozenset({int}): pyarrow.int64(),
        frozenset({float}): pyarrow.float64(),
        frozenset({int, float}): pyarrow.float64(),
        frozenset({str}): pyarrow.string(),
    }
    try:
        return pyarrow.array(cells, types[frozenset(kinds)])
    except (KeyError, pyarrow.ArrowInvalid, OverflowError, UnicodeEncodeError):
        return pyarrow.array(list(map(text_of, cells)), pyarrow.string())


def text_of(cell: Cell) -> str | None:
    """Return a cell as a person writes it; nan is missing, and letters that are half of one are replaced.

    Examples
    --------
    >>> text_of(3.0), text_of(False), text_of("\\ud83d"), text_of(date(2020, 2, 1))
    ('3', 'false', '\ufffd', '2020-02-01')
    """
    if cell is None or cell != cell:  # nan
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    if isinstance(cell, date | time):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    return str(cell).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def common_type(kinds: Iterable[Any]) -> Any:
    """Return the Arrow type that holds values of all these types, of those that :func:`typed` makes."""
    import pyarrow

    own = set(kinds) - {pyarrow.null()}
    if len(own) == 1:
        return own.pop()
    if own == {pyarrow.int64(), pyarrow.float64()}:
        return pyarrow.float64()
    return pyarrow.string() if own else pyarrow.null()


def joined(chunks: Sequence[Any], stopped: Callable[[], bool]) -> Any:
    """Return arrays made by :func:`typed` as one column of the type that holds them all.

    Raises
    ------
    Cancelled
    """
    import pyarrow

    kind = common_type(chunk.type for chunk in chunks)
    if not pyarrow.types.is_string(kind):
        with suppress(pyarrow.ArrowInvalid):  # of integers that would be rounded
            return pyarrow.chunked_array([chunk.cast(kind) for chunk in chunks], kind)
    return pyarrow.chunked_array([_as_text(chunk, stopped) for chunk in chunks], pyarrow.string())


def _as_text(chunk: Any, stopped: Callable[[], bool]) -> Any:
    import pyarrow

    if stopped():
        raise Cancelled
    if pyarrow.types.is_string(chunk.type):
        return chunk
    return pyarrow.array(list(map(text_of, chunk.to_pylist())), pyarrow.string())
