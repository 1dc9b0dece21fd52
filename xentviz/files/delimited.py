"""Comma-, semicolon- and tab-separated text, packed or not, as an Arrow table; and the row where it is broken."""

import codecs
import csv
import io
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from xentviz.core.errors import DataError
from xentviz.files.formulas import restored_table
from xentviz.files.roles import NAME_NAMES, check_once

MISSING = ["", "NA", "N/A", "na", "nan", "NaN", "NAN", "null", "None", "-"]
HEADER_BYTES = 1 << 20
PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2"}
"""How packed files begin, and what they are packed by."""

NUMBER = re.compile(r"\s*[+-]?[\d.,]*\d[\d.,]*\s*%?\s*")
"""Such as 0,5 and 50%: not read as numbers, but reported as wrong ones."""

NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*|\s*[+-]?inf\s*", re.ASCII | re.IGNORECASE)


class Header(NamedTuple):
    """The names of the columns, what stands between them, whether no line follows, and how letters are encoded."""

    names: list[str]
    delimiter: str
    alone: bool
    encoding: str


def read_delimited(path: Path) -> Any:
    """Return the Arrow table in a text file, its columns numbers where all their cells are, else text.

    Raises
    ------
    DataError
        ``file_damaged`` where a packed file breaks off, and all that can be wrong with a table.
    """
    packing = _packing(path)
    try:
        return restored_table(_parsed(path, packing, _header(path, packing)))
    except OSError as error:
        if packing is None:
            raise
        raise DataError("file_damaged", reason=str(error).splitlines()[0][:200]) from error


def _packing(path: Path) -> str | None:
    """Return what a file is packed by, None if it is not."""
    with path.open("rb") as file:
        start = file.read(4)
    return next((name for magic, name in PACKED.items() if start.startswith(magic)), None)


def _stream(path: Path, packing: str | None) -> Any:
    """Return the bytes of a file, unpacked."""
    # Here, not above: pyarrow takes longer to import than the window to open.
    import pyarrow

    file = pyarrow.OSFile(os.fsencode(path))  # bytes, for a name need not be text
    return file if packing is None else pyarrow.CompressedInputStream(file, packing)


def _header(path: Path, packing: str | None) -> Header:
    """Return the header, or say why the first row cannot be one."""
    with _stream(path, packing) as file:
        start = file.read(HEADER_BYTES)
    whole = len(start) < HEADER_BYTES
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(start, final=whole).lstrip("\r\n")
    except UnicodeDecodeError as error:
        # Of bytes that are no letters in UTF-8 those of other text files are never 0.
        raise DataError("file_not_text" if b"\0" in start else "file_not_utf8") from error
    if "\0" in text:
        raise DataError("file_not_text")
    if not text:
        raise DataError("file_empty")
    first = re.split("[\r\n]", text, maxsplit=1)[0]
    delimiter = max(",;\t", key=first.count)
    lines = io.StringIO(text, newline="")
    try:
        names = [name.strip() for name in next(csv.reader(lines, delimiter=delimiter, strict=True))]
    except csv.Error as error:
        raise DataError("table_broken", reason=str(error)) from error
    if all(NUMBER.fullmatch(name) for name in names):
        raise DataError("header_missing", value=first[:60])
    if len(names) == 1:
        raise DataError("one_column", column=names[0])
    check_once(names)
    alone = whole and not lines.read().strip("\r\n")
    return Header(names, delimiter, alone, "utf-16" if encoding == "utf-16" else "utf-8")


def _parsed(path: Path, packing: str | None, header: Header) -> Any:
    import pyarrow
    import pyarrow.csv

    if header.alone:
        return pyarrow.table({name: pyarrow.nulls(0) for name in header.names})
    as_written = {name: pyarrow.string() for name in header.names if name.lower() in NAME_NAMES}
    broken: list[Any] = []

    def note(row: Any) -> str:
        broken.append(row)
        return "error"

    def parse(threads: bool) -> Any:
        return pyarrow.csv.read_csv(
            _stream(path, packing),
            read_options=pyarrow.csv.ReadOptions(use_threads=threads, encoding=header.encoding),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=header.delimiter, newlines_in_values=True, invalid_row_handler=note
            ),
            convert_options=pyarrow.csv.ConvertOptions(null_values=MISSING, column_types=as_written),
        )

    try:
        table = parse(threads=True)
    except UnicodeDecodeError as error:  # of UTF-16
        raise DataError("file_not_text") from error
    except pyarrow.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise DataError("file_not_utf8") from error
        if not broken:
            raise DataError("table_broken", reason=str(error)) from error
        broken.clear()
        try:  # once more in order, which alone tells the row's number
            parse(threads=False)
        except pyarrow.ArrowInvalid:
            row = broken[0]
            if row.text.count('"') % 2:
                raise DataError("quote_open", row=row.number - 1) from error
            raise DataError(
                "row_ragged", row=row.number - 1, expected=row.expected_columns, actual=row.actual_columns
            ) from error
        raise
    return table.rename_columns(header.names)
