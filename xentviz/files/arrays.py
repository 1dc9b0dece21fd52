"""NumPy's ``.npy`` and ``.npz`` as tables; nothing in them is ever unpickled."""

import io
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentviz.core.errors import Cancelled, DataError
from xentviz.core.progress import Report, Stopped
from xentviz.files.archives import check_end, member, member_names, opened
from xentviz.files.limits import check_columns, check_size
from xentviz.files.roles import check_once
from xentviz.files.table import Mapping, Table
from xentviz.files.typed_cells import joined, text_of, typed

MAGIC = b"\x93NUMPY"
LENGTHS = {1: "<H", 2: "<I"}
"""How the length of the header is written, by version. Version 3 is for structures alone."""

HEADER_BYTES = 1 << 16
PIECE_BYTES = 1 << 22
PIECE_TEXTS = 1 << 14
TEXT_LETTERS = 256
CATEGORY_MEMBERS = {"classes", "class_names", "categories"}

Values = NDArray[Any]


class Header(NamedTuple):
    """What an array is said to be; ``start`` is where it begins."""

    name: str
    shape: tuple[int, ...]
    by_column: bool
    dtype: np.dtype[Any]
    start: int

    @property
    def columns(self) -> int:
        """How many columns the array makes."""
        return prod(self.shape[1:])


class Reading(NamedTuple):
    """How the work goes on: whether it is wanted, and where to tell how many bytes are done."""

    stopped: Stopped
    advance: Callable[[int], None]


def is_npy(path: Path) -> bool:
    """Return whether a file begins as ``.npy`` does."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def is_npz(path: Path) -> bool:
    """Return whether a file is a zip file, even a broken one, that holds arrays or is called ``.npz``."""
    names = member_names(path)
    return names is not None and (path.suffix.lower() == ".npz" or any(name.endswith(".npy") for name in names))


def read_npy(path: Path, mapping: Mapping, stopped: Stopped, report: Report) -> Table:
    """Return the array in a ``.npy`` file as columns.

    One dimension is a column called like the file. Two are K columns ``name:0`` … ``name:K-1``, or ``name`` if K is 1.
    Numbers come in this machine's order of bytes and at least 32 bits if they are floats; text of at most 256 letters
    is text.

    Raises
    ------
    DataError
        ``array_number_large``, ``array_shape``, ``array_size``, ``array_type``, ``columns_too_many``, ``file_damaged``,
        ``file_too_large``.
    Cancelled
    """
    del mapping  # of what it may say of a file, nothing is in doubt in an array
    size = path.stat().st_size
    check_size(size)
    with path.open("rb", buffering=0) as stream:
        header = _header(stream, text_of(path.stem) or "", size)
        if not header.shape:
            raise DataError("array_shape", column=header.name, shape="()")
        check_columns(header.columns)
        values = _values(stream, header, Reading(stopped, _progress(size, report)))
    return _table([(header, values)], stopped)


def read_npz(path: Path, mapping: Mapping, stopped: Stopped, report: Report) -> Table:
    """Return the arrays in a ``.npz`` file as columns, each as :func:`read_npy` does.

    All must have as many rows. Members without dimensions, and those that are no arrays, are left out. A member
    called ``classes``, ``class_names`` or ``categories`` with an entry for each column of another array names these
    columns in place of 0 … K-1.

    Raises
    ------
    DataError
        As :func:`read_npy`, and ``arrays_missing``, ``arrays_unequal``, ``column_twice``, ``file_encrypted``,
        ``file_unpacks_too_large``, ``member_twice``.
    Cancelled
    """
    del mapping
    with opened(path) as archive:
        members = {info: _member_header(archive, info) for info in archive.infolist() if _is_array(info)}
        used = [(info, header) for info, header in members.items() if header.shape]
        check_columns(sum(header.columns for _info, header in used))
        reading = Reading(stopped, _progress(sum(info.file_size for info, _header in used), report))
        arrays = [(header, _member_values(archive, info, header, reading)) for info, header in used]
    if not arrays:
        raise DataError("arrays_missing")
    return _table(arrays, stopped)


def _progress(total: int, report: Report) -> Callable[[int], None]:
    """Return what is told of bytes done, and reports the share of all."""
    done = 0

    def advance(number: int) -> None:
        nonlocal done
        done += number
        report(min(1.0, done / total))

    return advance


def _is_array(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(".npy")


def _member_header(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Header:
    with member(archive, info) as stream:
        return _header(stream, info.filename.removesuffix(".npy"), info.file_size)


def _member_values(archive: zipfile.ZipFile, info: zipfile.ZipInfo, header: Header, reading: Reading) -> Values:
    with member(archive, info) as stream:
        stream.read(header.start)
        values = _values(stream, header, reading)
        check_end(stream)
    return values


def _header(stream: IO[bytes], name: str, size: int) -> Header:
    """Return what the header says, if it can be true of a file or member of this size."""
    start = stream.read(len(MAGIC) + 2)
    version = start[len(MAGIC)] if start.startswith(MAGIC) and len(start) > len(MAGIC) else 0
    if version == 3:
        raise DataError("array_type", column=name, type="records")
    if version not in LENGTHS:
        raise DataError("file_damaged", reason="an array in it does not begin as one")
    written = stream.read(struct.calcsize(LENGTHS[version]))
    length = int.from_bytes(written, "little")
    if length > HEADER_BYTES:
        raise DataError("file_damaged", reason="the header of an array is too long")
    shape, by_column, dtype = _parsed(version, written + stream.read(length))
    _check_type(name, dtype)
    if len(shape) > 2 or min(shape, default=0) < 0 or shape[1:] == (0,):
        raise DataError("array_shape", column=name, shape=str(shape))
    begin = len(start) + len(written) + length
    if prod(shape) * dtype.itemsize != size - begin:
        raise DataError("array_size", column=name, expected=prod(shape) * dtype.itemsize, actual=size - begin)
    return Header(name, shape, by_column and len(shape) == 2, dtype, begin)


def _parsed(version: int, header: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Return shape, whether columns follow one another, and type; NumPy evaluates literals alone."""
    parse = np.lib.format.read_array_header_1_0 if version == 1 else np.lib.format.read_array_header_2_0
    try:
        with warnings.catch_warnings(action="ignore"):  # that Python 2 wrote it
            parsed: tuple[tuple[int, ...], bool, np.dtype[Any]] = parse(io.BytesIO(header), HEADER_BYTES)
    except (Exception, MemoryError) as error:  # whatever parsing and making a type of any text may raise
        raise DataError("file_damaged", reason="the header of an array cannot be read") from error
    return parsed


def _check_type(name: str, dtype: np.dtype[Any]) -> None:
    """Raise unless a type is numbers or short text; a structure's kind is V, an object's O."""
    letters = {"U": dtype.itemsize // 4, "S": dtype.itemsize}.get(dtype.kind, 1)
    if dtype.kind not in "biufUS" or dtype.shape or not 0 < letters <= TEXT_LETTERS:
        kind = "Python objects" if dtype.hasobject else "records" if dtype.names else str(dtype)
        raise DataError("array_type", column=name, type=kind)


def _values(stream: IO[bytes], header: Header, reading: Reading) -> Values:
    """Return the columns of an array, shape ``(columns, rows)``, read piece by piece."""
    values = np.empty((header.columns, header.shape[0]), _native(header.dtype))
    target = values.reshape(-1, 1) if header.by_column else values.T
    at_once = max(1, PIECE_BYTES // (header.dtype.itemsize * target.shape[1]))
    for start in range(0, len(target), at_once):
        if reading.stopped():
            raise Cancelled
        place = target[start : start + at_once]
        content = bytearray(place.size * header.dtype.itemsize)
        _fill(stream, memoryview(content))
        piece = np.frombuffer(content, header.dtype).reshape(place.shape)
        with np.errstate(over="ignore", invalid="ignore"):
            place[...] = piece if header.dtype.kind != "b" else piece.view(np.uint8) != 0
        _check_kept(header, piece, place, start)
        reading.advance(len(content))
    return values


def _native(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the type, of this machine's byte order, that holds such values and that Arrow knows."""
    if dtype.kind == "f":
        return np.dtype(np.float32 if dtype.itemsize <= 4 else np.float64)
    return np.dtype(np.int64) if dtype.kind == "u" and dtype.itemsize == 8 else dtype.newbyteorder("=")


def _fill(stream: IO[bytes], view: memoryview) -> None:
    while view:
        read = stream.readinto(view)  # type: ignore[attr-defined]  # of all binary streams
        if not read:
            raise DataError("file_damaged", reason="it breaks off")
        view = view[read:]


def _check_kept(header: Header, piece: Values, place: Values, start: int) -> None:
    """Raise for the first number that was too large for the type it is kept in."""
    if header.dtype.kind == "u" and header.dtype.itemsize == 8:
        wrong = place < 0
    elif _is_long(header.dtype):
        wrong = np.isinf(place) & ~np.isinf(piece)
    else:
        return
    if wrong.any():
        line, column = np.argwhere(wrong)[0].tolist()
        row = (start + line) % header.shape[0] if header.by_column else start + line
        raise DataError("array_number_large", column=header.name, row=row + 1, value=str(piece[line, column]))


def _table(arrays: list[tuple[Header, Values]], stopped: Stopped) -> Table:
    import pyarrow  # here, for the window opens without it

    categories = _categories(arrays)
    arrays = [(header, values) for header, values in arrays if header.name not in categories]
    for header, _columns in arrays:
        _check_rows(arrays[0][0], header)
    names = [name for header, _columns in arrays for name in _column_names(header, list(categories.values()))]
    check_once(names)
    columns = [_column(values, stopped) for _header, rows in arrays for values in rows]
    notes = [
        DataError("array_rounded", column=h.name, type=str(h.dtype)) for h, _columns in arrays if _is_long(h.dtype)
    ]
    return Table(pyarrow.table(columns, names), notes=tuple(notes))


def _categories(arrays: list[tuple[Header, Values]]) -> dict[str, list[str]]:
    """Return the names of categories, by the array that has one for each column of another."""
    widths = {header.columns for header, _columns in arrays} - {1}
    return {
        header.name: [text_of(cell) or "" for cell in _cells(columns[0])]
        for header, columns in arrays
        if header.name in CATEGORY_MEMBERS and header.columns == 1 and header.shape[0] in widths
    }


def _check_rows(one: Header, other: Header) -> None:
    if one.shape[0] != other.shape[0]:
        raise DataError(
            "arrays_unequal", column=one.name, rows=one.shape[0], other=other.name, other_rows=other.shape[0]
        )


def _column_names(header: Header, categories: list[list[str]]) -> list[str]:
    if header.columns == 1:
        return [header.name]
    numbers = [str(number) for number in range(header.columns)]
    return [f"{header.name}:{name}" for name in next((c for c in categories if len(c) == len(numbers)), numbers)]


def _is_long(dtype: np.dtype[Any]) -> bool:
    return dtype.kind == "f" and dtype.itemsize > 8


def _column(values: Values, stopped: Stopped) -> Any:
    """Return an Arrow column, which shares the memory of numbers."""
    import pyarrow

    if values.dtype.kind not in "US":
        return pyarrow.chunked_array([pyarrow.array(values)])
    chunks = []
    for start in range(0, len(values), PIECE_TEXTS):
        if stopped():
            raise Cancelled
        chunks.append(typed(_cells(values[start : start + PIECE_TEXTS])))
    return joined([*chunks, pyarrow.array([], pyarrow.string())], stopped)


def _cells(values: Values) -> list[Any]:
    """Return Python values; bytes as the letters they are in UTF-8."""
    if values.dtype.kind == "U" and (values.view(np.uint32) > sys.maxunicode).any():
        raise DataError("file_damaged", reason="a letter in it does not exist")
    cells = values.tolist()
    return [cell.decode(errors="replace") for cell in cells] if values.dtype.kind == "S" else cells
