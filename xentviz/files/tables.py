"""Files of every format as tables, told apart by what they hold."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from xentviz.core.errors import DataError
from xentviz.files.arrays import is_npy, is_npz, read_npy, read_npz
from xentviz.files.arrow_files import is_arrow, read_arrow
from xentviz.files.atomic import Stamp
from xentviz.files.delimited import read_delimited
from xentviz.files.json_tables import is_json, read_json
from xentviz.files.spreadsheets import is_spreadsheet, read_spreadsheet
from xentviz.files.table import Mapping, Table, of_file

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
NOT_TEXT = {".npy", ".npz", ".parquet", ".feather", ".arrow", ".xlsx", ".xls", ".ods"}


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
    name = path.name or str(path)
    try:
        _check_file(path)
        with _unchanged(path):
            read = reader_of(path)
            table = read(path, mapping, stopped, report)
        return replace(table, notes=tuple(of_file(note, name) for note in table.notes))
    except DataError as error:
        if error.code == "file_not_text" and path.suffix.lower() in NOT_TEXT:
            raise DataError("file_misnamed", file=name, suffix=path.suffix) from error
        details = {} if read in WITH_HEADER else {"without_header": True}
        raise of_file(DataError(error.code, **details | error.details), name) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError("file_unreadable", file=name, reason=reason) from error


def read_one_of_several(
    path: Path, mapping: Mapping, stopped: Callable[[], bool], report: Callable[[float], None]
) -> Table:
    """Return the columns in a file; what is said of header and encoding is so of the files in which it is in doubt."""
    table = read_table(path, replace(mapping, header=None, encoding=None), stopped, report)
    doubtful = {error.code for error in (*table.notes, table.doubt) if error is not None}
    header = mapping.header if "header_missing" in doubtful else None
    encoding = mapping.encoding if doubtful & {"encoding_doubtful", "encoding_guessed"} else None
    if header is None and encoding is None:
        return table
    return read_table(path, replace(mapping, header=header, encoding=encoding), stopped, report)


def reader_of(path: Path) -> Reader:
    """Return what reads a file."""
    return next((read for is_one, read in READERS if is_one(path)), read_delimited)


@contextmanager
def _unchanged(path: Path) -> Iterator[None]:
    """Raise ``file_changing`` if somebody writes to a file meanwhile, whatever is found wrong with it then."""
    before = Stamp.of(path)
    try:
        yield
    except (DataError, OSError) as error:
        if _is_written(before):
            raise DataError("file_changing") from error
        raise
    if _is_written(before):
        raise DataError("file_changing")


def _is_written(before: Stamp | None) -> bool:
    """Return whether a file is not as it was; another one that took its place does not count, nor that it is gone."""
    now = None if before is None else Stamp.of(before.path)
    return now is not None and now != before and now.inode == before.inode  # type: ignore[union-attr]


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise DataError("file_is_folder")
    if not path.exists():
        raise DataError("file_missing")
    if not path.is_file():
        raise DataError("file_not_regular")
    if path.stat().st_size == 0:
        raise DataError("file_empty")
