"""Parquet, Feather and Arrow files as Arrow tables, piece by piece."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from xentviz.core.errors import Cancelled, DataError
from xentviz.files.limits import check_columns, check_size
from xentviz.files.reasons import reason_of
from xentviz.files.roles import check_once
from xentviz.files.table import Mapping, Table

PARQUET, ARROW = b"PAR1", b"ARROW1"
ENCRYPTED = b"PARE"
"""How Parquet begins whose every byte is encrypted; in others only columns are."""


def is_arrow(path: Path) -> bool:
    """Return whether a file begins as Parquet, or as Arrow and Feather do."""
    with path.open("rb") as file:
        return file.read(len(ARROW)).startswith((PARQUET, ARROW, ENCRYPTED))


def read_arrow(path: Path, _mapping: Mapping, stopped: Callable[[], bool], report: Callable[[float], None]) -> Table:
    """Return the columns in a file.

    Raises
    ------
    DataError
        ``file_damaged`` where it breaks off or a checksum is wrong, ``file_encrypted``, ``column_nested``,
        ``column_not_numbers``.
    Cancelled
    """
    # Here, not above: pyarrow takes longer to import than the window to open.
    import pyarrow

    pieces = []
    try:
        with pyarrow.OSFile(bytes(path)) as source:
            for share, piece in _pieces(source):
                if stopped():
                    raise Cancelled
                piece.validate(full=True)  # what is computed with what is broken ends the program
                pieces.append(piece)
                report(share)
            table = pyarrow.concat_tables(pieces)
            names = table.column_names
            columns = [_plain(name, column) for name, column in zip(names, table.columns, strict=True)]
    except DataError:
        raise
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        if "decrypt" in str(error):
            raise DataError("file_encrypted") from error
        raise DataError("file_damaged", reason=reason_of(error)) from error
    check_columns(len(columns))
    check_once(names)
    return Table(pyarrow.Table.from_arrays(columns, names, metadata=table.schema.metadata))


def _pieces(source: Any) -> Iterator[tuple[float, Any]]:
    """Yield the share read, and what was read, by row groups or batches."""
    import pyarrow
    import pyarrow.ipc
    import pyarrow.parquet

    if source.read(len(PARQUET)) in (PARQUET, ENCRYPTED):
        file = pyarrow.parquet.ParquetFile(source, page_checksum_verification=True)
        check_size(8 * file.metadata.num_rows * file.metadata.num_columns)
        yield 0.0, file.schema_arrow.empty_table()
        for group in range(file.num_row_groups):
            yield (group + 1) / file.num_row_groups, file.read_row_group(group)
        return
    batches = pyarrow.ipc.open_file(source)
    yield 0.0, batches.schema.empty_table()
    for number in range(batches.num_record_batches):
        batch = batches.get_batch(number)
        yield (number + 1) / batches.num_record_batches, pyarrow.Table.from_batches([batch])


def _plain(name: str, column: Any) -> Any:
    """Return a column of numbers, text, dates or booleans; categories as the text they stand for."""
    import pyarrow
    import pyarrow.types as types

    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_nested(column.type):
        raise DataError("column_nested", column=name)
    if types.is_binary(column.type) or types.is_large_binary(column.type) or types.is_fixed_size_binary(column.type):
        raise DataError("column_not_numbers", column=name)
    if types.is_interval(column.type):
        raise DataError("column_not_numbers", column=name)
    if types.is_timestamp(column.type) and column.type.tz is not None:
        return column.cast(pyarrow.timestamp(column.type.unit))  # in UTC: the time zone may be unknown here
    if types.is_large_string(column.type) or types.is_string_view(column.type):
        return column.cast(pyarrow.string())
    if types.is_float16(column.type):
        return column.cast(pyarrow.float32())
    return column
