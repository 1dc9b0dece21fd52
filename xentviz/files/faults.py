"""Where a text table is broken."""

import csv
import io
import re
from collections.abc import Iterator

from xentviz.core.errors import DataError

LONGEST_ROW = 1 << 20
"""So many bytes a row may have."""

BROKEN_LETTER = re.compile("[\udc80-\udcff]")


def find_fault(rows: io.RawIOBase, delimiter: str, columns: int) -> DataError | None:
    """Return what is wrong with the first row that is broken, None if none is.

    Rows are counted from 1; blank lines do not count, and a row whose cells hold line ends counts once.

    Parameters
    ----------
    rows : io.RawIOBase
        UTF-8, from the first row on.
    delimiter : str
    columns : int
        How many cells a row must have.

    Returns
    -------
    DataError or None
        ``row_ragged``, ``quote_open``, ``line_too_long``, ``nul_byte`` or ``letter_broken``, with ``row``.
    """
    lines = _Lines(rows)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = 0
    try:
        for cells in reader:
            row += bool(cells)
            if lines.fault:
                return DataError(lines.fault, row=row)
            if cells and len(cells) != columns:
                return DataError("row_ragged", row=row, expected=columns, actual=len(cells))
            lines.end_row()
    except csv.Error as error:
        endless = "limit" in str(error) and lines.of_this_row == 1  # it is a cell, for no quote is open
        return DataError(lines.fault or ("line_too_long" if endless else "quote_open"), row=row + 1)
    return None


class _Lines:
    """The lines of a text, up to the first in which there is something that must not be."""

    def __init__(self, rows: io.RawIOBase) -> None:
        self._text = io.TextIOWrapper(
            io.BufferedReader(rows, 1 << 16), encoding="utf-8", errors="surrogateescape", newline=""
        )
        self.fault = ""
        self.end_row()

    def end_row(self) -> None:
        self.of_this_row = self._bytes = 0

    def __iter__(self) -> Iterator[str]:
        while not self.fault and (line := self._text.readline(LONGEST_ROW)):
            self.of_this_row += 1
            self._bytes += len(line) if line.isascii() else len(line.encode(errors="surrogateescape"))
            self.fault = _fault_of(line) if self._bytes < LONGEST_ROW else "line_too_long"
            yield line


def _fault_of(line: str) -> str:
    if "\0" in line:
        return "nul_byte"
    return "" if line.isascii() or not BROKEN_LETTER.search(line) else "letter_broken"
