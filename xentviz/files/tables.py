"""Files of every format as tables, told apart by what they hold."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from xentviz.core.errors import DataError
from xentviz.files.arrays import is_npy, is_npz, read_npy, read_npz
from xentviz.files.arrow_files import is_arrow, read_arrow
from xentviz.files.delimited import read_delimited
from xentviz.files.json_tables import is_json, read_json
from xentviz.files.spreadsheets import is_spreadsheet, read_spreadsheet
from xentviz.files.table import Mapping, Table

Reader = Callable[[Path, Mapping, Callable[[], bool], Callable[[float], None]], Table]

READERS: tuple[tuple[Callable[[Path], bool], Reader], ...] = (
    (is_arrow, read_arrow),
    (is_npy, read_npy),
    (is_npz, read_npz),
    (is_spreadsheet, read_spreadsheet),
    (is_json, read_json),
)
"""Formats that are known by what is in a file; what is none of them is text."""

WITH_HEADER = (read_spreadsheet, read_delimited)


def read_table(
    path: Path,
    mapping: Mapping,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _share: None,
) -> Table:
    """Return the columns in a file.

    Raises
    ------
    DataError
    Cancelled
    """
    read: Reader = read_delimited
    try:
        _check_file(path)
        read = reader_of(path)
        table = read(path, mapping, stopped, report)
    except DataError as error:
        details = {"file": path.name or str(path), **error.details}
        if read not in WITH_HEADER:
            details["without_header"] = True
        raise DataError(error.code, **details) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError("file_unreadable", file=path.name or str(path), reason=reason) from error
    notes = (DataError(note.code, **{"file": path.name, **note.details}) for note in table.notes)
    return replace(table, notes=tuple(notes))


def reader_of(path: Path) -> Reader:
    """Return what reads a file."""
    return next((read for is_one, read in READERS if is_one(path)), read_delimited)


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise DataError("file_is_folder")
    if not path.exists():
        raise DataError("file_missing")
    if not path.is_file():
        raise DataError("file_not_regular")
    if path.stat().st_size == 0:
        raise DataError("file_empty")
