"""Cells as the tab-separated text that spreadsheets copy and paste."""

import csv
import io
from collections.abc import Iterable
from types import SimpleNamespace

from xentviz.core.errors import DataError


def to_text(rows: Iterable[Iterable[str]]) -> str:
    r"""Return rows of cells as text; cells that hold tabs, quotes or line ends are quoted.

    >>> to_text([["a", "1"], ["b\tc", "2"]])
    'a\t1\n"b\tc"\t2\n'
    """
    lines: list[str] = []
    # Because it ends lines with both characters, the writer quotes cells that hold either.
    csv.writer(SimpleNamespace(write=lines.append), dialect="excel-tab", lineterminator="\r\n").writerows(rows)
    return "".join(line.removesuffix("\r\n") + "\n" for line in lines)


def to_columns(text: str) -> list[list[str]]:
    r"""Return the columns of copied text, cells stripped; blank lines at the end do not count.

    Text with a quoted cell that never seems to end is split at every tab and line end, quotes and all.

    Raises
    ------
    DataError
        ``paste_ragged`` for the first row, counted from 1, with more or fewer cells than the first.

    Notes
    -----
    No list is kept for each row: a million of them would stop the interpreter for its garbage collection.

    Examples
    --------
    >>> to_columns("a\t 1 \r\nb\t2\r\n"), to_columns("a\n\nc\n\n")
    ([['a', 'b'], ['1', '2']], [['a', '', 'c']])
    """
    try:
        return _columns(csv.reader(io.StringIO(text, newline=""), dialect="excel-tab"))
    except csv.Error:
        return _columns(line.split("\t") for line in io.StringIO(text, newline=None))


def _columns(rows: Iterable[list[str]]) -> list[list[str]]:
    columns: list[list[str]] = []
    odd: DataError | None = None
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row] or [""]
        columns = columns or [[] for _ in cells]
        if len(cells) != len(columns) and odd is None:
            odd = DataError("paste_ragged", row=number, actual=len(cells), expected=len(columns))
        if odd is not None:
            if any(cells):  # were it all blank from there on, it would not count
                raise odd
            continue
        for column, cell in zip(columns, cells, strict=True):
            column.append(cell)
    while columns and columns[0] and not any(column[-1] for column in columns):
        for column in columns:
            column.pop()
    return columns if columns and columns[0] else []
