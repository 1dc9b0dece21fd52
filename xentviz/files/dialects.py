"""What stands above the rows of a text table and between its cells."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import count, islice
from typing import NamedTuple

from xentviz.core.errors import DataError
from xentviz.files.limits import check_columns
from xentviz.files.roles import twice
from xentviz.files.written_numbers import LIKE_NUMBER, MISSING

DELIMITERS = ",;\t|"
ROWS_LOOKED_AT = 100
CELLS_LOOKED_AT = 2000
SEPARATOR_LINE = re.compile(r"\ufeff?sep=([,;\t|])(\r\n|\r|\n|$)", re.IGNORECASE)
"""The first line by which Excel is told what stands between the cells."""


class Dialect(NamedTuple):
    """How rows are to be read.

    Attributes
    ----------
    names : list of str
        Of the columns, each once.
    delimiter : str
    above : int
        How many bytes of UTF-8 stand above the rows.
    has_header : bool
    doubts : tuple of DataError
        ``header_missing``, ``column_twice`` or ``columns_unnamed``.
    """

    names: list[str]
    delimiter: str
    above: int
    has_header: bool
    doubts: tuple[DataError, ...] = ()


def dialect_of(text: str, whole: bool, header: bool | None) -> Dialect:
    r"""Return how rows are to be read, told by the start of a text.

    Parameters
    ----------
    text : str
    whole : bool
        Whether that is all there is.
    header : bool or None
        Whether the first row holds names, as a person said.

    Raises
    ------
    DataError
        ``file_empty``, ``file_not_text``, ``columns_too_many``, ``header_quote_open``, ``header_too_long``.

    Examples
    --------
    >>> dialect_of("label;A\n1;0,5\n", True, None)[:3]
    (['label', 'A'], ';', 8)
    """
    said = SEPARATOR_LINE.match(text)
    body = text[said.end() :] if said else text.removeprefix("\ufeff")
    body = body.lstrip("\r\n")
    if not body:
        raise DataError("file_empty")
    delimiter = said[1] if said else _delimiter(body, whole)
    first, rest = _first_row(body, delimiter, whole)
    if any("\0" in cell for cell in first):
        raise DataError("file_not_text")
    check_columns(len(first))
    if header or (header is None and not _all_numbers(first)):
        names, doubts = _each_once([cell.strip() for cell in first])
        return Dialect(names, delimiter, _bytes(text) - _bytes(rest), True, doubts)
    names = [f"column {number + 1}" for number in range(len(first))]
    doubt = DataError("header_missing", value=_first_line(body)[:60])
    return Dialect(names, delimiter, _bytes(text) - _bytes(body), False, (doubt,) if header is None else ())


def _bytes(text: str) -> int:
    return len(text.encode(errors="surrogateescape"))


def _first_line(text: str) -> str:
    return re.split("[\r\n]", text, maxsplit=1)[0]


def _all_numbers(cells: list[str]) -> bool:
    """Return whether all cells are numbers or empty, and one at least a number."""
    given = [cell for cell in cells if cell.strip() not in MISSING]
    return bool(given) and all(re.match(LIKE_NUMBER, cell, re.ASCII) for cell in given)


def _first_row(body: str, delimiter: str, whole: bool) -> tuple[list[str], str]:
    """Return the cells of the first row, and the text after it."""
    lines = io.StringIO(body, newline="")
    try:
        cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise DataError("header_too_long" if "limit" in str(error) else "header_quote_open") from error
    rest = lines.read()
    if not rest and not whole:
        raise DataError("header_too_long")
    return cells, rest


def _each_once(names: list[str]) -> tuple[list[str], tuple[DataError, ...]]:
    """Return names of which those that came before are numbered, and the doubt which is meant by the first such.

    >>> _each_once(["p", "q", "p"])[0]
    ['p', 'q', 'p (2)']
    """
    taken, seen = set(names), set[str]()
    unique: list[str] = []
    for name in names:
        if name in seen:
            own = next(other for other in (f"{name} ({n})" for n in count(2)) if other not in taken)
            taken.add(own)
        unique.append(own if name in seen else name)
        seen.add(name)
    again = [name for name, own in zip(names, unique, strict=True) if name != own][:1]
    return unique, tuple(map(twice, again))


def _delimiter(body: str, whole: bool) -> str:
    """Return what stands between the cells: what makes rows of one length, most of numbers, most columns."""
    return max(DELIMITERS, key=lambda delimiter: _fitness(body, delimiter, whole))


def _fitness(body: str, delimiter: str, whole: bool) -> tuple[bool, float, int]:
    rows = list(_rows(body, delimiter, whole))
    lengths = {len(row) for row in rows}
    even = len(lengths) == 1 and lengths != {1}
    cells = [cell for row in rows for cell in row] if even else []
    some = cells[:: len(cells) // CELLS_LOOKED_AT + 1]
    numbers = sum(_all_numbers([cell]) for cell in some) / max(len(some), 1)
    return even, numbers, _first_line(body).count(delimiter)


def _rows(body: str, delimiter: str, whole: bool) -> Iterator[list[str]]:
    """Yield the first rows; not the last, which may be cut off, unless the text is whole."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [row for row in islice(reader, ROWS_LOOKED_AT) if row]
    except csv.Error:
        return
    yield from rows if whole or len(rows) < 2 else rows[:-1]
