"""Columns gathered from JSON records, and from plain lines of them at once, by pyarrow."""

from collections.abc import Callable, Sequence
from typing import Any

from xentviz.core.errors import Cancelled, DataError
from xentviz.files.limits import check_columns
from xentviz.files.roles import check_once
from xentviz.files.typed_cells import common_type, joined, typed

Record = dict[str, Any]

HALF = r"\\u[dD][%s][0-9A-Fa-f]{2}"
ESCAPE = r"\\(?:[\"\\/bfnrt]|u[0-9abcefABCEF][0-9A-Fa-f]{3}|u[dD][0-7][0-9A-Fa-f]{2})"
LETTER = rf'(?:[^"\\\x00-\x1f]|{ESCAPE}|{HALF % "89abAB"}{HALF % "c-fC-F"})'
TEXT = rf'"{LETTER}*"'
NUMBER = r"(?:-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,99})?(?:[eE][+-]?[0-9]{1,2})?|NaN|null)"
BLANK = r"[ \t\r]*"
VALUE = rf"(?:{NUMBER}|{TEXT}|true|false|\[{BLANK}{NUMBER}{BLANK}(?:,{BLANK}{NUMBER}{BLANK})*\])"
MEMBER = rf"{BLANK}{TEXT}{BLANK}:{BLANK}{VALUE}{BLANK}"
RECORD = rf"{BLANK}(?:\{{{MEMBER}(?:,{MEMBER})*\}}{BLANK})?"
PLAIN_LINES = rf"\A(?:{RECORD}\n)*{RECORD}\z"
"""Lines that pyarrow reads as we do.

It reads several records in a line, rounds long integers, takes text that looks like a time for one unless it knows
better, ends the program where lists lie 100,000 deep, and makes 0 of the smallest numbers.
"""


class TooSmall(float):
    """What is 0 to a computer though it was not written so."""

    written: str


class JsonColumns:
    """Columns as they come, record by record or many lines at once.

    Parameters
    ----------
    stopped : callable
    """

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._rows = 0
        self._widths: dict[str, int | None] = {}  # of each field; None as long as nothing stood in it
        self._chunks: dict[str, list[Any]] = {}
        self._kinds: dict[str, Any] = {}
        self._lost: dict[str, DataError] = {}

    @property
    def notes(self) -> tuple[DataError, ...]:
        """Which columns hold numbers that became 0."""
        return tuple(self._lost.values())

    def table(self) -> Any:
        """Return what was gathered as an Arrow table.

        Raises
        ------
        DataError
            ``column_twice``, ``columns_too_many``, ``json_shape``.
        Cancelled
        """
        import pyarrow

        names = [name for field, width in self._widths.items() for name in _names(field, width)]
        if not names:
            raise DataError("json_shape")
        check_columns(len(names))
        check_once(names)
        empty = [pyarrow.nulls(self._rows)]
        return pyarrow.table([joined(self._chunks.get(name, empty), self._stopped) for name in names], names)

    def add(self, records: Sequence[Record]) -> None:
        """Add records.

        Raises
        ------
        DataError
            ``cell_nested``, ``columns_too_many``, ``list_uneven``.
        Cancelled
        """
        if self._stopped():
            raise Cancelled
        fields: dict[str, list[Any]] = {}
        for place, record in enumerate(records):
            for field, value in record.items():
                if field not in fields:
                    fields[field] = [None] * len(records)
                    check_columns(len(fields))
                fields[field][place] = value
        columns: dict[str, list[Any]] = {}
        for field, values in fields.items():
            for name, cells in self._columns(field, values).items():
                columns[name] = [typed(self._counted(name, cells))]
            check_columns(len(columns))
        self._append(columns, len(records))

    def _counted(self, name: str, cells: list[Any]) -> list[Any]:
        """Return cells in which 0 stands for what is too small, the first of which is noted."""
        if TooSmall not in set(map(type, cells)):
            return cells
        place, cell = next((place, cell) for place, cell in enumerate(cells) if isinstance(cell, TooSmall))
        lost = DataError("number_too_small", row=self._rows + place + 1, column=name, value=cell.written)
        self._lost.setdefault(name, lost)
        return [0.0 if isinstance(cell, TooSmall) else cell for cell in cells]

    def _columns(self, field: str, values: list[Any]) -> dict[str, list[Any]]:
        """Return the columns of a field, of which there are several if it holds lists."""
        kinds = set(map(type, values)) - {type(None)}
        width = self._widths.setdefault(field, None)
        if kinds and width is None:
            first = next(value for value in values if value is not None)
            width = self._widths[field] = len(first) if isinstance(first, list) else 1
            check_columns(width)
        if width is None or (width == 1 and not kinds & {list, dict}):
            return {field: values}
        rows = [_entries(field, width, value, row) for row, value in enumerate(values, start=self._rows + 1)]
        return dict(zip(_names(field, width), map(list, zip(*rows, strict=True)), strict=True))

    def add_plain(self, text: str) -> bool:
        """Add lines, if they are plain and fit what is known of the columns; return whether they were added."""
        import pyarrow
        import pyarrow.json

        schema = self._schema()
        lines = text.encode()
        if schema is None or not _is_plain(lines):
            return False
        try:
            table = pyarrow.json.read_json(
                pyarrow.BufferReader(lines),
                parse_options=pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
            )
        except pyarrow.ArrowException:
            return False  # and find out why, record by record
        columns: dict[str, Any] = {}
        for field in schema.names:
            parts = self._parts(field, table[field])
            if parts is None:
                return False
            columns |= parts
        self._append({name: _without_nan(column).chunks for name, column in columns.items()}, table.num_rows)
        return True

    def _schema(self) -> Any:
        """Return what is known of the fields, None if it cannot be said in pyarrow's words."""
        import pyarrow

        schema = {}
        for field, width in self._widths.items():
            kinds = {self._kinds.get(name, pyarrow.null()) for name in _names(field, width)} - {pyarrow.null()}
            if len(kinds) > 1 or width == 0:
                return None
            kind = kinds.pop() if kinds else pyarrow.null()
            schema[field] = kind if width in (None, 1) else pyarrow.list_(kind)
        return pyarrow.schema(schema) if schema else None

    def _parts(self, field: str, column: Any) -> dict[str, Any] | None:
        """Return the columns of a field, None if its lists have another number of entries."""
        import pyarrow.compute

        width = self._widths[field]
        if width is None or width == 1:
            return {field: column}
        lengths = pyarrow.compute.unique(pyarrow.compute.list_value_length(column).drop_null()).to_pylist()
        if set(lengths) - {width}:
            return None
        names = _names(field, width)
        return {name: pyarrow.compute.list_element(column, place) for place, name in enumerate(names)}

    def _append(self, columns: dict[str, list[Any]], rows: int) -> None:
        """Keep chunks of columns, and null where a column is not among them."""
        import pyarrow

        for name in columns.keys() - self._chunks.keys():
            self._chunks[name], self._kinds[name] = [pyarrow.nulls(self._rows)], pyarrow.null()
        for name, chunks in self._chunks.items():
            added = columns.get(name, [pyarrow.nulls(rows)])
            self._kinds[name] = common_type([self._kinds[name], *(chunk.type for chunk in added)])
            chunks += added
        self._rows += rows


def _is_plain(lines: bytes) -> bool:
    import pyarrow
    import pyarrow.compute

    matches = pyarrow.compute.match_substring_regex(pyarrow.array([lines], pyarrow.large_string()), PLAIN_LINES)
    return bool(matches[0].as_py())


def _without_nan(column: Any) -> Any:
    """Return a column in which null stands for nan."""
    import pyarrow.compute

    if not pyarrow.types.is_floating(column.type):
        return column
    return pyarrow.compute.if_else(pyarrow.compute.is_nan(column), None, column)


def _entries(field: str, width: int, value: Any, row: int) -> list[Any]:
    """Return what a row holds in each column of a field."""
    if value is None:
        return [None] * width
    entries = value if isinstance(value, list) else [value]
    if isinstance(value, dict) or (isinstance(value, list) and not all(map(_is_number, value))):
        raise DataError("cell_nested", column=field, row=row)
    if len(entries) != width:
        raise DataError("list_uneven", column=field, row=row, expected=width, actual=len(entries))
    return entries


def _is_number(entry: Any) -> bool:
    return entry is None or isinstance(entry, int | float)


def _names(field: str, width: int | None) -> list[str]:
    if width is None or width == 1:
        return [field]
    return [f"{field}:{place}" for place in range(width)]
