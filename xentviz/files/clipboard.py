"""Cells as the tab-separated text that spreadsheets copy and paste."""

import csv
import io
from collections.abc import Iterable
from types import SimpleNamespace


def to_text(rows: Iterable[Iterable[str]]) -> str:
    r"""Return rows of cells as text; cells that hold tabs, quotes or line ends are quoted.

    >>> to_text([["a", "1"], ["b\tc", "2"]])
    'a\t1\n"b\tc"\t2\n'
    """
    lines: list[str] = []
    # Because it ends lines with both characters, the writer quotes cells that hold either.
    csv.writer(SimpleNamespace(write=lines.append), dialect="excel-tab", lineterminator="\r\n").writerows(rows)
    return "".join(line.removesuffix("\r\n") + "\n" for line in lines)


def to_cells(text: str) -> list[list[str]]:
    r"""Return the cells of copied text, stripped; blank lines at the end do not count.

    Text with a quoted cell that never seems to end is split at every tab and line end, quotes and all.

    >>> to_cells("a\t 1 \r\nb\t2\r\n")
    [['a', '1'], ['b', '2']]
    >>> to_cells("a\n\nc\n")
    [['a'], [''], ['c']]
    """
    try:
        rows = _stripped(csv.reader(io.StringIO(text, newline=""), dialect="excel-tab"))
    except csv.Error:
        rows = _stripped(line.split("\t") for line in io.StringIO(text, newline=None))
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _stripped(rows: Iterable[list[str]]) -> list[list[str]]:
    return [[cell.strip() for cell in row] or [""] for row in rows]
