"""JSON as tables: a list of records, columns of values, or one record a line."""

import codecs
import json
import re
from collections.abc import Iterator
from itertools import count, islice
from math import inf, isinf
from pathlib import Path
from typing import Any

from xentviz.core.errors import Cancelled, DataError
from xentviz.core.progress import Report, Stopped
from xentviz.files.json_columns import JsonColumns, Record, TooSmall
from xentviz.files.limits import check_size
from xentviz.files.table import Mapping, Table
from xentviz.files.typed_cells import text_of
from xentviz.files.unpacking import Unpacked, is_packed
from xentviz.files.written_numbers import NOT_ZERO

SUFFIXES = {".json", ".jsonl", ".ndjson"}
LINES_SUFFIXES = {".jsonl", ".ndjson"}
PACKED_SUFFIXES = {".gz", ".zst", ".bz2", ".zip"}
START_BYTES = 1 << 20
PIECE_BYTES = 1 << 20
LINE_LETTERS = 1 << 24
BATCH = 1 << 13
"""How many records are decoded between two questions whether to go on."""

ASKED_EVERY = 1 << 15
INTEGER_LETTERS = 19
"""Longer integers are not tried to be read as such."""

MEMORY_PER_BYTE = 8
"""What a byte of JSON takes as Python's objects."""

CONSTANTS = {"NaN": None, "Infinity": inf, "-Infinity": -inf}
PLAIN_START = re.compile(r"\s*(\[\s*)?\{\s*\"")
"""How JSON begins that is packed and may be called anything."""

BLANKS = " \t\n\r"
BLANK = re.compile(f"[{BLANKS}]*")


def is_json(path: Path) -> bool:
    """Return whether a file begins as a list or an object, and is called as JSON is or packed."""
    if is_packed(path):
        start = _start(path)
        return PLAIN_START.match(start) is not None or (_suffix(path) in SUFFIXES and start.startswith(("[", "{")))
    return _suffix(path) in SUFFIXES and _start(path).startswith(("[", "{"))


def read_json(path: Path, mapping: Mapping, stopped: Stopped, report: Report) -> Table:
    """Return the table in a JSON file.

    Three forms are read: a list of records ``[{"label": 1, "p": 0.3}, …]``, which may be one of several members of an
    object; columns ``{"label": [1, …], "p": [0.3, …]}``, or as pandas writes them, ``{"label": {"0": 1, …}, …}``;
    and one record a line. Members of an object that are neither records nor columns are left out.

    A field that holds K numbers in a list is K columns ``name:0`` … ``name:K-1``, or ``name`` if K is 1. A field that
    a record lacks, ``null`` and ``NaN`` (which Python and others write for it) are missing; ``Infinity`` is a number.
    Integers that would be rounded are text.

    Raises
    ------
    DataError
        ``arrays_unequal``, ``cell_nested``, ``column_twice``, ``columns_too_many``, ``file_too_large``,
        ``json_broken``, ``json_deep``, ``json_not_utf8``, ``json_shape``, ``field_twice``, ``line_long``,
        ``list_uneven``, ``json_number_too_large``.
    Cancelled
    """
    del mapping  # JSON has no header, and tells how its letters are encoded
    try:
        read = _read_lines if _is_lines(path) else _read_whole
        columns = read(path, stopped, report)
        return Table(columns.table(), notes=columns.notes)
    except UnicodeDecodeError as error:
        raise DataError("json_not_utf8") from error
    except RecursionError as error:
        raise DataError("json_deep") from error


def _suffix(path: Path) -> str:
    """Return the end of a file's name that tells its format; what a packed file ends with tells none."""
    return Path(path.stem).suffix.lower() if path.suffix.lower() in PACKED_SUFFIXES else path.suffix.lower()


def _start(path: Path) -> str:
    with Unpacked(path, lambda: False, lambda _share: None) as source:
        source.restart()
        start = source.read(START_BYTES)
    return start.decode(json.detect_encoding(start), "ignore").lstrip()


def _is_lines(path: Path) -> bool:
    """Return whether each line is a record: if the file is called so, or a whole one is followed by more."""
    start = _start(path)
    if not start.startswith("{"):
        return False
    first, _newline, rest = start.partition("\n")
    try:
        return _suffix(path) in LINES_SUFFIXES or bool(rest.strip() and json.loads(first, parse_int=str))
    except ValueError:
        return False


def _texts(path: Path, stopped: Stopped, report: Report) -> Iterator[str]:
    """Yield what is written, piece by piece."""
    with Unpacked(path, stopped, report) as source:
        source.restart()
        piece = source.read(PIECE_BYTES)
        decoder = codecs.getincrementaldecoder(json.detect_encoding(piece[:4]))()
        while piece:
            yield decoder.decode(piece)
            piece = source.read(PIECE_BYTES)
        yield decoder.decode(b"", final=True)


def _read_lines(path: Path, stopped: Stopped, report: Report) -> JsonColumns:
    columns, decoder = JsonColumns(stopped), _decoder(stopped)
    number, rest = 0, ""
    for piece in _texts(path, stopped, report):
        whole, newline, rest = (rest + piece).rpartition("\n")
        _add_lines(columns, decoder, whole, number)
        number += whole.count("\n") + len(newline)
        if len(rest) > LINE_LETTERS:
            raise DataError("line_long", line=number + 1, limit=LINE_LETTERS)
    _add_lines(columns, decoder, rest, number)
    return columns


def _add_lines(columns: JsonColumns, decoder: json.JSONDecoder, text: str, before: int) -> None:
    """Add the records of some lines, which have this number of lines before them."""
    if columns.add_plain(text):
        return
    records: list[Record] = []
    for line, content in enumerate(text.split("\n"), start=before + 1):
        if content.strip(BLANKS):
            records.append(_Reader(content, decoder, line).only_record())
        if len(records) == BATCH:
            columns.add(records)
            records = []
    columns.add(records)


def _read_whole(path: Path, stopped: Stopped, report: Report) -> JsonColumns:
    check_size(path.stat().st_size * MEMORY_PER_BYTE)
    reader = _Reader("".join(_few(_texts(path, stopped, lambda _share: None))), _decoder(stopped))
    read = _read_records if reader.next() == "[" else _read_object
    columns = read(reader, stopped, report)
    reader.end()
    return columns


def _few(texts: Iterator[str]) -> Iterator[str]:
    """Yield pieces of text as long as there is room for what they become, however small they are when packed."""
    letters = 0
    for text in texts:
        letters += len(text)
        check_size(letters * MEMORY_PER_BYTE)
        yield text


def _read_records(reader: "_Reader", stopped: Stopped, report: Report) -> JsonColumns:
    columns = JsonColumns(stopped)
    records: list[Record] = []
    for record in reader.entries():
        records.append(_checked_record(record))
        if len(records) == BATCH:
            columns.add(records)
            records = []
            report(reader.share())
    columns.add(records)
    return columns


def _read_object(reader: "_Reader", stopped: Stopped, report: Report) -> JsonColumns:
    """Return the only list of records in an object, or else its members as columns, or else as a single record."""
    tables: list[JsonColumns] = []
    members: Record = {}
    for name in reader.names():
        if name in members:
            raise DataError("column_twice", column=name)
        members[name] = None
        if reader.next() == "[" and reader.following() == "{":
            tables.append(_read_records(reader, stopped, report))
        else:
            members[name] = reader.value()
        report(reader.share())
    if tables:
        return _only(tables)
    columns = JsonColumns(stopped)
    records = _records(members)
    while batch := list(islice(records, BATCH)):
        columns.add(batch)
    return columns


def _only(tables: list[JsonColumns]) -> JsonColumns:
    if len(tables) > 1:
        raise DataError("json_shape")
    return tables[0]


def _records(members: Record) -> Iterator[Record]:
    """Yield what each row of columns holds: of lists, of pandas' objects by row, or of a single row's values."""
    columns = {name: cells for name, cells in members.items() if isinstance(cells, list)}
    if not columns:
        columns = _by_row({name: cells for name, cells in members.items() if isinstance(cells, dict)})
    if not columns:
        columns = {name: [cell] for name, cell in members.items()}
    first = next(iter(columns), "")
    for name, cells in columns.items():
        if len(cells) != len(columns[first]):
            rows, other_rows = len(columns[first]), len(cells)
            raise DataError("arrays_unequal", column=first, rows=rows, other=name, other_rows=other_rows)
    for row in zip(*columns.values(), strict=True):
        yield dict(zip(columns, row, strict=True))


def _by_row(columns: dict[str, Record]) -> dict[str, list[Any]]:
    """Return the cells of pandas' columns, which name their rows."""
    rows = next(iter(columns.values()), {}).keys()
    if any(cells.keys() != rows for cells in columns.values()):
        raise DataError("json_shape")
    return {name: [cells[row] for row in rows] for name, cells in columns.items()}


def _checked_record(content: Any) -> Record:
    if not isinstance(content, dict):
        raise DataError("json_shape")
    return content


def _decoder(stopped: Stopped) -> json.JSONDecoder:
    """Return a decoder that refuses what Python's own decides in silence, and can be stopped within a long list."""
    numbers = count(1)

    def number(text: str) -> float:
        if next(numbers) % ASKED_EVERY == 0 and stopped():
            raise Cancelled
        value = float(text)
        if isinf(value):
            raise DataError("json_number_too_large", value=text)
        return value if value or not re.match(NOT_ZERO, text) else _too_small(text)

    def integer(text: str) -> int | str:
        if next(numbers) % ASKED_EVERY == 0 and stopped():
            raise Cancelled
        return int(text) if len(text) <= INTEGER_LETTERS else text

    return json.JSONDecoder(
        object_pairs_hook=_record, parse_float=number, parse_int=integer, parse_constant=CONSTANTS.__getitem__
    )


def _too_small(text: str) -> TooSmall:
    number = TooSmall()
    number.written = text
    return number


def _record(pairs: list[tuple[str, Any]]) -> Record:
    if not all(name.isascii() for name, _value in pairs):
        pairs = [(text_of(name) or "", value) for name, value in pairs]
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _value in pairs]
        raise DataError("field_twice", column=next(name for name in names if names.count(name) > 1))
    return record


class _Reader:
    """A place in a text that moves on from value to value.

    Parameters
    ----------
    text : str
    decoder : json.JSONDecoder
    line : int
        The number of the text's first line.
    """

    def __init__(self, text: str, decoder: json.JSONDecoder, line: int = 1) -> None:
        self._text, self._decoder, self._line, self._place = text, decoder, line, 0

    def share(self) -> float:
        """Return the share of the text that is read."""
        return self._place / len(self._text)

    def next(self) -> str:
        """Return the next letter that is not blank, "" at the end."""
        self._place = self._beyond_blanks(self._place)
        return self._text[self._place : self._place + 1]

    def following(self) -> str:
        """Return the letter that is not blank after the next."""
        place = self._beyond_blanks(self._place + 1)
        return self._text[place : place + 1]

    def value(self) -> Any:
        """Return the value that begins here."""
        self.next()
        try:
            value, self._place = self._decoder.raw_decode(self._text, self._place)
        except json.JSONDecodeError as error:
            raise self._broken(error.msg, error.pos) from error
        except DataError as error:
            place = self._text.index(error.details.get("value", ""), self._place)
            raise DataError(error.code, **self._at(place), **error.details) from error
        return value

    def only_record(self) -> Record:
        """Return the record that is the whole text."""
        record = _checked_record(self.value())
        self.end()
        return record

    def entries(self) -> Iterator[Any]:
        """Yield the entries of the list that begins here."""
        self._take("[")
        if self.next() == "]":
            self._take("]")
            return
        yield self.value()
        while self._take(",]") == ",":
            yield self.value()

    def names(self) -> Iterator[str]:
        """Yield the names of the members of the object that begins here, each value of which is then to be read."""
        self._take("{")
        if self.next() == "}":
            self._take("}")
            return
        yield self._name()
        while self._take(",}") == ",":
            yield self._name()

    def end(self) -> None:
        """Raise if more follows."""
        if self.next():
            raise self._broken("more follows than belongs to the table", self._place)

    def _name(self) -> str:
        if self.next() != '"':
            raise self._broken("a name in quotation marks is missing", self._place)
        name = text_of(self.value()) or ""
        self._take(":")
        return name

    def _take(self, expected: str) -> str:
        letter = self.next()
        if not letter or letter not in expected:
            raise self._broken("expecting " + " or ".join(f"“{one}”" for one in expected), self._place)
        self._place += 1
        return letter

    def _beyond_blanks(self, place: int) -> int:
        found = BLANK.match(self._text, place)
        return found.end() if found else place

    def _broken(self, reason: str, place: int) -> DataError:
        return DataError("json_broken", reason=reason, **self._at(place))

    def _at(self, place: int) -> dict[str, int]:
        line = self._line + self._text.count("\n", 0, place)
        return {"line": line, "character": place - self._text.rfind("\n", 0, place)}
