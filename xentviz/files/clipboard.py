"""Cells as the tab-separated text that spreadsheets copy and paste."""

import csv
import io
from collections.abc import Iterable


def to_text(rows: Iterable[Iterable[str]]) -> str:
    r"""Return rows of cells as text; cells that hold tabs, quotes or line ends are quoted.

    >>> to_text([["a", "1"], ["b\tc", "2"]])
    'a\t1\n"b\tc"\t2\n'
    """
    text = io.StringIO()
    csv.writer(text, dialect="excel-tab", lineterminator="\n").writerows(rows)
    return text.getvalue()


def to_cells(text: str) -> list[list[str]]:
    r"""Return the cells of copied text, stripped; blank lines at the end do not count.

    >>> to_cells("a\t 1 \r\nb\t2\r\n")
    [['a', '1'], ['b', '2']]
    """
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), dialect="excel-tab")]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows
