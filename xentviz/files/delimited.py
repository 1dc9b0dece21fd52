"""Text tables: cells between commas, semicolons, tabs or bars, packed or not, in any encoding."""

import codecs
import io
import re
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

from xentviz.core.errors import DataError
from xentviz.files.dialects import dialect_of
from xentviz.files.encodings import (
    START_BYTES,
    Bytes,
    Encoding,
    NotInEncoding,
    guessed,
    in_utf8,
    said,
    told_by,
)
from xentviz.files.faults import BROKEN_LETTER, find_fault
from xentviz.files.formulas import restored_table
from xentviz.files.known_names import names_rows
from xentviz.files.table import Mapping, Table
from xentviz.files.unpacking import Unpacked
from xentviz.files.written_numbers import (
    MISSING,
    Commas,
    commas_in,
    has_zeros,
    padded_numbers,
    reaches_2_to_63,
    refuse_overflow,
    underflow,
    was_rounded,
)

OTHER_FORMAT = re.compile(rb"PAR1|ARROW1|\x93NUMPY|PK\x03\x04")
"""How files begin that may be packed too, but are read only if they are not."""

BLOCK_BYTES = 1 << 20
"""So much is parsed at once by each thread; a row may not be longer."""


def read_delimited(path: Path, mapping: Mapping, stopped: Callable[[], bool], report: Callable[[float], None]) -> Table:
    """Return the columns in a text file: numbers, booleans or dates where all their cells are, else text.

    Row numbers in errors are counted from 1 below the header, as the rows of the table are: blank lines do not
    count, and a row whose cells hold line ends counts once.

    Parameters
    ----------
    path : Path
    mapping : Mapping
        Of it `header` and `encoding` count; and columns called `names` or `key` stay text as it is written.
    stopped, report : callable
        As for :func:`xentviz.core.evaluation.evaluate`; reports the share read.

    Raises
    ------
    DataError
        ``columns_too_many``, ``encoding_unknown``, ``encoding_wrong``, ``file_changing``, ``file_damaged``,
        ``file_empty``, ``file_not_text``, ``file_not_utf8``, ``file_too_large``, ``header_quote_open``,
        ``header_too_long``, ``letter_broken``, ``line_too_long``, ``nul_byte``, ``number_too_large``,
        ``packed_unread``, ``quote_open``, ``row_ragged``, ``table_broken``, ``zip_locked``, ``zip_of_several``.
    Cancelled
    """
    report(0.0)
    with Unpacked(path, stopped, report) as source:
        source.restart()
        if source.is_packed:
            _refuse_other_formats(source)
        encoding = said(mapping.encoding) if mapping.encoding else _told(source)
        try:
            return _table(source, encoding, mapping)
        except NotInEncoding:
            source.restart()
            return _table(source, guessed(source), mapping)


def _refuse_other_formats(source: Unpacked) -> None:
    """Raise if what is packed is no text table; and begin again."""
    if OTHER_FORMAT.match(_start_of(source)):
        raise DataError("packed_unread")
    source.restart()


def _table(source: Unpacked, encoding: Encoding, mapping: Mapping) -> Table:
    """Return a table; raise `NotInEncoding` if the encoding was but supposed, and wrongly."""
    try:
        return _Reader(source, encoding, mapping).table()
    except NotInEncoding as error:
        if not encoding.sure:
            raise
        raise DataError("encoding_wrong", encoding=encoding.name) from error


def _told(source: Unpacked) -> Encoding:
    """Return the encoding that the start of a file tells; where it tells none it is guessed from the whole."""
    start = _start_of(source)
    encoding = told_by(start, len(start) < START_BYTES)
    if encoding is None:
        source.restart()
        encoding = guessed(source)
    return encoding


def _start_of(source: Bytes) -> bytes:
    """Return as many bytes as are looked at first; fewer are all there are."""
    start = b""
    while len(start) < START_BYTES and (piece := source.read(START_BYTES - len(start))):
        start += piece
    return start


class _NulByte(Exception):  # noqa: N818 – said with its row later
    """There is a byte in the text that no text has."""


class _Quote(Exception):  # noqa: N818 – no fault
    """There is a quotation mark, and so there may be line ends within cells, where none was expected."""


class _Rows(io.RawIOBase):
    """The rows of a text for pyarrow to read, without what stands above them.

    Attributes
    ----------
    quoted : bool
        Whether there is a quotation mark in what was read.
    quote_in_last_line : bool
        Whether there is one after its last line end.
    exponents : bool
        Whether numbers in it may have them.
    """

    def __init__(self, source: Bytes, above: int, may_quote: bool) -> None:
        self._turn = Lock()
        self._source, self._may_quote = source, may_quote
        while above and (piece := source.read(above)):
            above -= len(piece)
        self._half = b""
        self.quoted = self.quote_in_last_line = self.exponents = False

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def close(self) -> None:
        """Give no more bytes: pyarrow, having refused a row, reads ahead for a while, and would take another's."""
        with self._turn:
            super().close()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none at the end, and never a line end in two halves: pyarrow loses the second."""
        with self._turn:
            return b"" if self.closed else self._next(size)

    def _next(self, size: int) -> bytes:
        piece = self._half + self._source.read(size - len(self._half))
        if piece == b"\r":
            piece += self._source.read(size - 1)
        self._half = b"\r" if piece.endswith(b"\r") and piece != b"\r" else b""
        piece = piece.removesuffix(self._half)
        if b"\0" in piece:
            raise _NulByte
        last_line = piece[max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1 :]
        self.quote_in_last_line = b'"' in last_line or (self.quote_in_last_line and len(last_line) == len(piece))
        self.quoted = self.quoted or b'"' in piece
        if self.quoted and not self._may_quote:
            raise _Quote
        self.exponents = self.exponents or b"e" in piece or b"E" in piece
        return piece

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes, whatever they are."""
        piece = self._source.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class _Reader:
    """One way to read a file: in one encoding."""

    def __init__(self, source: Unpacked, encoding: Encoding, mapping: Mapping) -> None:
        self._source, self._encoding = source, encoding
        start = _start_of(self._letters())
        whole = len(start) < START_BYTES
        self._dialect = dialect_of(_text(start, whole), whole, mapping.header)
        if any(BROKEN_LETTER.search(name) for name in self._dialect.names):
            raise DataError("file_not_utf8") if encoding.sure else NotInEncoding()
        rows = start[self._dialect.above :]
        self._empty = whole and not rows.strip(b"\r\n")
        self._first_rows = rows if whole else rows[: max(rows.rfind(b"\n"), rows.rfind(b"\r")) + 1]
        self._exponents = False
        self._may_quote = b'"' in rows
        self._as_written = {name for name in self._dialect.names if name in {mapping.names, mapping.key}}
        if self._dialect.has_header:
            self._as_written |= set(filter(names_rows, self._dialect.names))

    def table(self) -> Table:
        """Return the columns, and what to tell and to ask about them.

        Raises
        ------
        DataError
        NotInEncoding
            If the encoding was but supposed.
        """
        dialect, encoding = self._dialect, self._encoding
        try:
            columns, commas = self._columns()
        except DataError as error:
            if dialect.has_header:
                raise
            raise DataError(error.code, **error.details, without_header=True) from error
        asked = [doubt for doubt in (encoding.doubt, *dialect.doubts, commas.doubt()) if doubt]
        lost = self._lost(columns) if self._exponents else []
        notes = [note for note in (*encoding.notes, commas.note(), *asked[1:], *lost) if note]
        return Table(restored_table(columns), dialect.has_header, tuple(notes), asked[0] if asked else None)

    def _columns(self) -> tuple[Any, Commas]:
        """Return all columns, and which of them have decimal commas."""
        import pyarrow

        if self._empty:
            return pyarrow.table({name: pyarrow.nulls(0) for name in self._dialect.names}), Commas([])
        columns, commas = self._with_commas()
        columns = self._with_padded_numbers(columns, bool(commas.columns))
        return self._without_lost_digits(columns), commas

    def _with_commas(self) -> tuple[Any, Commas]:
        """Return columns, and which have decimal commas: asked of the first rows, then of all."""
        sample = self._sample(".")
        commas = self._commas_in(sample)
        if commas.note() and not _has_points(sample, with_commas := self._sample(",")):
            return self._parsed(_types(with_commas), ","), commas
        columns = self._parsed(_types(sample), ".")
        commas = self._commas_in(columns)
        if not commas.columns:
            return columns, commas
        with_commas = self._parsed(_types(self._sample(",")), ",")
        return (columns, Commas([])) if _has_points(columns, with_commas) else (with_commas, commas)

    def _commas_in(self, columns: Any) -> Commas:
        """Return which columns may have decimal commas."""
        return commas_in({name: column for name, column in _texts(columns).items() if name not in self._as_written})

    def _letters(self) -> Bytes:
        self._source.restart()
        return in_utf8(self._source, self._encoding)

    def _rows(self) -> _Rows:
        return _Rows(self._letters(), self._dialect.above, self._may_quote)

    def _sample(self, decimal: str) -> Any:
        """Return the first rows, or no columns if they are broken."""
        import pyarrow
        import pyarrow.csv

        options = self._options({}, decimal)
        options["read_options"].block_size = BLOCK_BYTES // 2  # of which the first never ends within a row
        try:
            with pyarrow.csv.open_csv(io.BytesIO(self._first_rows), **options) as batches:
                return pyarrow.Table.from_batches([batches.read_next_batch()])
        except (pyarrow.ArrowInvalid, StopIteration):
            return pyarrow.table({})

    def _options(self, types: dict[str, Any], decimal: str) -> dict[str, Any]:
        import pyarrow
        from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions

        types = types | dict.fromkeys(self._as_written, pyarrow.string())
        return {
            "read_options": ReadOptions(column_names=self._dialect.names, block_size=BLOCK_BYTES),
            "parse_options": ParseOptions(delimiter=self._dialect.delimiter, newlines_in_values=self._may_quote),
            "convert_options": ConvertOptions(column_types=types, null_values=MISSING, decimal_point=decimal),
        }

    def _parsed(self, types: dict[str, Any], decimal: str) -> Any:
        """Return all columns; the types are but supposed.

        They are given because pyarrow holds the whole text in memory while it looks for types. Until a quotation mark
        is met, every line end is a row's: to look for others takes pyarrow a sixth of its time.
        """
        import pyarrow
        import pyarrow.csv

        try:
            with self._rows() as rows:
                columns = pyarrow.csv.read_csv(rows, **self._options(types, decimal))
        except _Quote:
            self._may_quote = True
            return self._parsed(types, decimal)
        except _NulByte as error:
            raise self._fault() or DataError("file_not_text") from error
        except pyarrow.ArrowInvalid as error:
            if str(error).endswith("conversion error to string: invalid UTF8 data"):
                raise self._not_utf8() from error
            if types and "conversion error" in str(error):
                return self._parsed({}, decimal)
            raise self._fault() or DataError("table_broken", reason=str(error)[:200]) from error
        if any(pyarrow.types.is_binary(kind) for kind in columns.schema.types):
            raise self._not_utf8()
        self._exponents = rows.exponents
        if rows.quoted and (rows.quote_in_last_line or _has_line_ends(columns)):
            self._refuse_open_quote()
        return columns

    def _fault(self) -> DataError | None:
        return find_fault(self._rows(), self._dialect.delimiter, len(self._dialect.names))

    def _refuse_open_quote(self) -> None:
        """Raise for a quotation mark that is never closed, or by another one far below; pyarrow takes both."""
        fault = self._fault()
        if fault is not None:
            raise fault

    def _not_utf8(self) -> Exception:
        """Return what to raise for rows with bytes that are no letters."""
        return (self._fault() if self._encoding.sure else None) or NotInEncoding()

    def _with_padded_numbers(self, columns: Any, commas: bool) -> Any:
        """Return columns, those of text as numbers that are but for spaces about what is missing."""
        for place, (name, column) in enumerate(zip(columns.column_names, columns.columns, strict=True)):
            numbers = None if name in self._as_written or not _is_text(column) else padded_numbers(column, commas)
            if numbers is not None:
                columns = columns.set_column(place, name, numbers)
        return columns

    def _without_lost_digits(self, columns: Any) -> Any:
        """Return columns, those of whole numbers beyond 64 bits as text; raise for numbers beyond floating point."""
        import pyarrow.types

        for place, name in enumerate(columns.column_names):
            column = columns[name]
            if not pyarrow.types.is_floating(column.type) or not reaches_2_to_63(column):
                continue
            text = self._text_of(name)
            refuse_overflow(name, column, text)
            if was_rounded(column, text):
                columns = columns.set_column(place, name, text)
        return columns

    def _lost(self, columns: Any) -> list[DataError]:
        """Return which columns hold numbers that became 0 though they are not written so."""
        zero = [name for name in columns.column_names if has_zeros(columns[name])]
        return [lost for name in zero if (lost := underflow(name, columns[name], self._text_of(name)))]

    def _text_of(self, name: str) -> Any:
        """Return one column as it is written."""
        import pyarrow
        import pyarrow.csv

        options = self._options({name: pyarrow.string()}, ".")
        options["convert_options"].include_columns = [name]
        with self._rows() as rows:
            return pyarrow.csv.read_csv(rows, **options)[name]


def _text(start: bytes, whole: bool) -> str:
    """Return the start of a text, in which broken letters remain what they are."""
    return codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(start, final=whole)


def _types(sample: Any) -> dict[str, Any]:
    """Return what the columns are supposed to hold; of zeros and ones an eighth of the memory will do."""
    import pyarrow.types

    types = {field.name: field.type for field in sample.schema if not pyarrow.types.is_null(field.type)}
    return types | {name: pyarrow.int8() for name, type_ in types.items() if _is_bits(sample[name], type_)}


def _is_bits(column: Any, type_: Any) -> bool:
    import pyarrow.compute as compute
    import pyarrow.types

    return bool(pyarrow.types.is_integer(type_) and compute.min_max(column).as_py() == {"min": 0, "max": 1})


def _has_points(columns: Any, with_commas: Any) -> bool:
    """Return whether there are decimal points in numbers, which then are text if read with decimal commas."""
    import pyarrow.types

    texts = _texts(with_commas)
    return any(pyarrow.types.is_floating(field.type) and field.name in texts for field in columns.schema)


def _has_line_ends(columns: Any) -> bool:
    import pyarrow.compute as compute

    return any(
        compute.any(compute.match_substring(chunk, end)).as_py()
        for column in _texts(columns).values()
        for chunk in column.chunks
        for end in "\n\r"
    )


def _texts(columns: Any) -> dict[str, Any]:
    return {name: columns[name] for name in columns.column_names if _is_text(columns[name])}


def _is_text(column: Any) -> bool:
    import pyarrow.types

    return bool(pyarrow.types.is_string(column.type))
