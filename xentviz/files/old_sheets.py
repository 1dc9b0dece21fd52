"""Old Excel files, ``.xls``: the workbook in them, without what calamine need not know and takes memory for."""

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np

from xentviz.core.errors import Cancelled, DataError
from xentviz.core.progress import Report, Stopped
from xentviz.files.limits import check_size, gigabytes, half_of_memory
from xentviz.files.reasons import reason_of

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How compound files begin: old Excel files and other Office files, and new ones that a password locks."""

LOCKED = "EncryptedPackage"
WORKBOOKS = ("Workbook", "Book")
"""What the workbook in a compound file is called, by Excel 97 and later and by Excel 95."""

BEGIN, END, SHEET, PASSWORD, FORMULA, NUMBERS, MORE = 0x809, 0x0A, 0x85, 0x2F, 0x06, 0xBD, 0x3C
DATE_MODE, CODE_PAGE, CELL_FORMAT, TEXTS, NUMBER_FORMAT, FORMULA_TEXT = 0x22, 0x42, 0xE0, 0xFC, 0x41E, 0x207
CELLS = {FORMULA, NUMBERS, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x27E}
OF_WORKBOOK = {BEGIN, END, SHEET, MORE, DATE_MODE, CODE_PAGE, CELL_FORMAT, TEXTS, NUMBER_FORMAT}
OF_SHEET = CELLS | {BEGIN, END, MORE, FORMULA_TEXT}
"""Records by their kind. That of a cell begins with its row and column; one of numbers has several, 6 bytes each."""

MOST_PARTS = 1 << 14
"""Into so many records, of 8 KB each, a text table may be cut; calamine's work grows with their square."""

MOST_COLUMNS = 1 << 8
"""A sheet of Excel 97 to 2003 has no more, and 65,536 rows."""

MOST_CELLS = 1 << 24
"""Of all sheets together: calamine reads them at once."""

CELL_BYTES = 100
ASKED_EVERY = 1 << 16

SECTOR = 1 << 12
FREE, CHAIN_END, OF_TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MOST_TABLES = 109


def workbook_in(path: Path, stopped: Stopped, report: Report) -> BytesIO:
    """Return an old Excel file as it would be if it held nothing but the worksheets with their cells.

    calamine takes memory for the size that a sheet is said to have, for chains without an end and for cells that lie
    far apart, and the program ends if there is none; it gives up formulas that it does not understand.

    Raises
    ------
    DataError
        ``container_other``, ``file_damaged``, ``file_encrypted``, ``file_too_large``, ``sheet_too_large``.
    Cancelled
    """
    check_size(path.stat().st_size)
    stream = bytearray(_stream(path))
    cells = walked = 0
    for start in _sheets(stream, stopped):
        width, height, end = _extent(stream, start, stopped)
        cells += width * height
        walked += end - start
        if width > MOST_COLUMNS or cells > min(MOST_CELLS, half_of_memory() // CELL_BYTES):
            raise DataError("sheet_too_large")
        if walked > len(stream):
            raise DataError("file_damaged", reason="sheets lie over one another")
        report(walked / len(stream))
    return BytesIO(_contained(stream))


def _stream(path: Path) -> bytes:
    """Return the workbook in a compound file."""
    import olefile

    try:
        with path.open("rb") as file, olefile.OleFileIO(file) as container:
            if container.exists(LOCKED):
                raise DataError("file_encrypted")
            for name in WORKBOOKS:
                if container.exists(name):
                    return bytes(container.openstream(name).read())
    except DataError:
        raise
    except Exception as error:  # whatever a broken one leads to
        if isinstance(error, OSError) and error.errno is not None:  # of the disk: olefile's have no number
            raise
        raise DataError("file_damaged", reason=reason_of(error)) from error
    raise DataError("container_other")


def _sheets(stream: bytearray, stopped: Stopped) -> list[int]:
    """Return where the worksheets begin; macros and charts are made unknown, for they have no cells."""
    starts, parts = [], 0
    for place, kind, size in _part(stream, 0, OF_WORKBOOK, stopped):
        parts += kind == MORE
        if parts > MOST_PARTS:
            raise DataError("sheet_too_large")
        if kind == SHEET and size >= 6 and stream[place + 9] == 0:
            starts.append(int.from_bytes(stream[place + 4 : place + 8], "little"))
        elif kind == SHEET:
            _forget(stream, place)
    return starts


def _extent(stream: bytearray, start: int, stopped: Stopped) -> tuple[int, int, int]:
    """Return how wide and high a sheet is, and where it ends; of formulas nothing but the value is left."""
    width = height = end = 0
    for place, kind, size in _part(stream, start, OF_SHEET, stopped):
        end = place + 4 + size
        if kind in CELLS:
            if size < 6:
                raise DataError("file_damaged", reason="a cell breaks off")
            row, column = struct.unpack_from("<HH", stream, place + 4)
            height = max(height, row + 1)
            width = max(width, column + (size // 6 - 1 if kind == NUMBERS else 1))
            if kind == FORMULA and size >= 22:
                stream[place + 24 : place + 26] = bytes(2)
    return width, height, end


def _part(stream: bytearray, start: int, kinds: set[int], stopped: Stopped) -> Iterator[tuple[int, int, int]]:
    """Yield place, kind and size of records of these kinds, and make others unknown, up to the end of this part."""
    depth = 0
    for place, kind, size in _records(stream, start, stopped):
        if kind == PASSWORD:
            raise DataError("file_encrypted")
        depth += kind == BEGIN
        if depth == 0:
            break
        if depth == 1 and kind in kinds:
            yield place, kind, size
        else:  # unknown, or in a chart that lies in a sheet
            _forget(stream, place)
        depth -= kind == END
        if depth == 0:
            return
    raise DataError("file_damaged", reason="it breaks off" if depth else "a sheet is not where it should be")


def _records(stream: bytearray, start: int, stopped: Stopped) -> Iterator[tuple[int, int, int]]:
    """Yield place, kind and size of the records that are whole."""
    number = 0
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        if start + 4 + size > len(stream):
            return
        yield start, kind, size
        start += 4 + size
        number += 1
        if number % ASKED_EVERY == 0 and stopped():
            raise Cancelled


def _forget(stream: bytearray, place: int) -> None:
    """Make a record one of a kind that nobody knows."""
    stream[place : place + 2] = bytes(2)


def _contained(stream: bytearray) -> bytes:
    """Return a compound file of nothing but a workbook; behind it come the directory and the table of sectors."""
    used = max(1, -(-len(stream) // SECTOR))
    tables = -(-(used + 1) // (SECTOR // 4 - 1))
    if tables > MOST_TABLES:
        raise DataError("file_too_large", size=gigabytes(len(stream)), limit=gigabytes(MOST_TABLES * SECTOR**2 // 4))
    table = np.full(tables * SECTOR // 4, FREE, "<u4")
    table[:used] = np.arange(1, used + 1)
    table[used - 1 : used + 1] = CHAIN_END
    table[used + 1 : used + 1 + tables] = OF_TABLE
    places = [*range(used + 1, used + 1 + tables), *[FREE] * (MOST_TABLES - tables)]
    header = struct.pack("<8s16x5H6x9I", COMPOUND, 0x3E, 4, 0xFFFE, 12, 6, 1, tables, used, 0, SECTOR,
                         CHAIN_END, 0, CHAIN_END, 0)  # fmt: skip
    header += struct.pack(f"<{MOST_TABLES}I", *places)
    directory = _entry("Root Entry", 5, 1, 0, 0) + _entry("Workbook", 2, FREE, 0, used * SECTOR)
    stream = stream.ljust(used * SECTOR, b"\0")
    return b"".join([header.ljust(SECTOR, b"\0"), stream, directory.ljust(SECTOR, b"\0"), table.tobytes()])


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le")
    return struct.pack("<64sHBB3I16xI16xIQ", letters, len(letters) + 2, kind, 1, FREE, FREE, child, 0, start, size)
