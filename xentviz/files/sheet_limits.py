"""How far the cells of a spreadsheet lie apart, before a library takes memory for all that could lie between."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from xentviz.core.errors import Cancelled, DataError
from xentviz.files.archives import check_end, member, opened
from xentviz.files.limits import half_of_memory

CONTENT = "content.xml"
"""The part of an .ods file that holds the cells."""

CELLS = 100_000_000
MOST_COLUMNS = 1 << 14
"""No program writes more into a sheet."""

CELL_BYTES = 64
PIECE_BYTES = 1 << 16
TAG_BYTES = 1 << 20
"""No tag of a sheet is longer."""

REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*\$?([A-Za-z]*)\$?(\d+)""")
TAG = re.compile(rb"<(?:\w+:)?(c|r)(?:ow)?[\s/>]")
LOCKED = re.compile(rb"<(?:\w+:)?encryption-data")
"""How the manifest of an .ods file speaks of parts that a password locks."""


def check_sheets(path: Path, stopped: Callable[[], bool], report: Callable[[float], None]) -> None:
    """Raise unless a spreadsheet unpacks to what it declares, and its cells to what the memory holds.

    Raises
    ------
    DataError
        ``file_damaged``, ``file_encrypted``, ``file_too_large``, ``file_unpacks_too_large``, ``member_twice``,
        ``sheet_too_large``.
    Cancelled
    """
    with opened(path) as archive:
        total, done = sum(info.file_size for info in archive.infolist()), 0
        for info in archive.infolist():
            extent = Extent()
            parser = ParserCreate() if info.filename == CONTENT else None
            with member(archive, info) as stream:
                for piece in _pieces(stream, info.file_size):
                    if stopped():
                        raise Cancelled
                    extent.add(piece)
                    _parse(parser, piece)
                    done += len(piece)
                    report(done / total)
                check_end(stream)
                _parse(parser, b"", True)


def _parse(parser: XMLParserType | None, piece: bytes, end: bool = False) -> None:
    """Raise unless XML is well-formed: calamine looks for the end of what is not for ever."""
    try:
        if parser is not None:
            parser.Parse(piece, end)
    except (ExpatError, LookupError) as error:
        raise DataError("file_damaged", reason=str(error)) from error


def _pieces(stream: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (piece := stream.read(min(size, PIECE_BYTES))):
        size -= len(piece)
        yield piece


class Extent:
    """How wide and high a sheet is, told by its tags as they come; 0 and 0 for what is no sheet of ``.xlsx``."""

    def __init__(self) -> None:
        self._rest = self._row = b""
        self._in_rows = False
        self.width = self.height = 0

    def add(self, piece: bytes) -> None:
        """Take in what follows, and raise ``sheet_too_large`` or ``file_encrypted`` if that is what it is."""
        tags, end, self._rest = (self._rest + piece).rpartition(b">")
        tags += end
        if len(self._rest) > TAG_BYTES:
            self._rest = self._rest[-TAG_BYTES:]
        if LOCKED.search(tags):
            raise DataError("file_encrypted")
        references = REFERENCE.findall(tags)
        if references:
            columns, rows = map(set, zip(*references, strict=True))
            self.width = max(self.width, *map(_column_number, columns))
            self.height = max(self.height, *map(_row_number, rows))
        self._count(tags)
        if self.width > MOST_COLUMNS or self.width * self.height > min(CELLS, half_of_memory() // CELL_BYTES):
            raise DataError("sheet_too_large")

    def _count(self, tags: bytes) -> None:
        """Count rows, and the cells in the longest, for not all say where they are."""
        before, *rows = b"".join(TAG.findall(tags)).split(b"r")
        if self._in_rows:
            rows.insert(0, self._row + before)
        if rows:
            self.width = max(self.width, *map(len, rows))
            self.height += len(rows) - self._in_rows
            self._in_rows, self._row = True, rows[-1]


def _column_number(letters: bytes) -> int:
    """Return the number of a column, as A is 1 and AA is 27; 0 for no letters."""
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _row_number(digits: bytes) -> int:
    return int(digits[:12])
