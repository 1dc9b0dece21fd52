"""Files of every format as tables, told apart by what they hold."""

from collections.abc import Callable
from pathlib import Path

from xentviz.core.errors import DataError
from xentviz.files.arrow_files import is_arrow, read_arrow
from xentviz.files.delimited import read_delimited
from xentviz.files.table import Mapping, Table


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
    try:
        _check_file(path)
        return _read(path, mapping, stopped, report)
    except DataError as error:
        details = {"file": path.name or str(path), **error.details}
        if path.is_file() and is_arrow(path):
            details["without_header"] = True
        raise DataError(error.code, **details) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError("file_unreadable", file=path.name or str(path), reason=reason) from error


def _read(path: Path, mapping: Mapping, stopped: Callable[[], bool], report: Callable[[float], None]) -> Table:
    if is_arrow(path):
        return Table(read_arrow(path, stopped, report))
    return read_delimited(path, mapping, stopped, report)


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise DataError("file_is_folder")
    if not path.exists():
        raise DataError("file_missing")
    if not path.is_file():
        raise DataError("file_not_regular")
    if path.stat().st_size == 0:
        raise DataError("file_empty")
