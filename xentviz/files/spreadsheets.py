"""Spreadsheets, ``.xlsx``, ``.xls`` and ``.ods``, as tables: the first sheet with cells."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from io import BytesIO
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from xentviz.core.errors import Cancelled, DataError
from xentviz.core.progress import Report, Stopped, part_of
from xentviz.files.archives import member_names
from xentviz.files.limits import check_columns
from xentviz.files.old_sheets import COMPOUND, workbook_in
from xentviz.files.reasons import reason_of
from xentviz.files.sheet_limits import check_sheets
from xentviz.files.table import Mapping, Table
from xentviz.files.typed_cells import Cell, joined, text_of, typed

SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".ods"}
ODS_MEMBER, BINARY_MEMBER = "content.xml", "xl/workbook.bin"
MEMBERS = {"[Content_Types].xml", "xl/workbook.xml", BINARY_MEMBER, ODS_MEMBER}
CELL_LIMIT = "Cell limit exceeded"
"""How calamine says that too many cells are repeated."""

ASKED_EVERY = 0.05
BATCH = 1 << 12
WHOLE = 1 << 53

Row = list[Any]


def is_spreadsheet(path: Path) -> bool:
    """Return whether a file is a spreadsheet, even a broken one, or one that is not read."""
    if _is_compound(path):
        return True
    names = member_names(path)
    return names is not None and (path.suffix.lower() in SUFFIXES or not MEMBERS.isdisjoint(names))


def read_spreadsheet(path: Path, mapping: Mapping, stopped: Stopped, report: Report) -> Table:
    """Return the first sheet that has cells, of those that are not hidden if there is one.

    The first row that has a cell is the header, unless it holds numbers only or it is said that there is none: then
    columns are called ``column 1``, ``column 2`` … as are those whose heading is empty, but for the first one, of which
    an empty heading is the name. Columns and rows without a cell are left out around the table, not within it. Dates
    are text as ISO 8601 has it; cells that hold an error, such as #N/A, are missing; percentages are fractions.

    Raises
    ------
    DataError
        ``column_twice``, ``columns_too_many``, ``container_other``, ``file_damaged``, ``file_encrypted``,
        ``file_too_large``, ``file_unpacks_too_large``, ``member_twice``, ``sheet_binary``, ``sheet_empty``,
        ``sheet_too_large``.
    Cancelled
    """
    old = _checked(path, stopped, part_of(report, 0, 0.5))
    name, names, sheet = _aside(lambda: _first_sheet(path, old), stopped)
    check_columns(sheet.width)
    notes = (DataError("sheet_taken", sheet=name, sheets=names),) if len(names) > 1 else ()
    rows = _rows(sheet)
    first = next(rows, None)
    if first is None:
        raise DataError("sheet_empty")
    headings = [_cell(cell) for cell in first]
    numeric = all(cell is None or isinstance(cell, float) for cell in headings)
    has_header = not numeric if mapping.header is None else mapping.header
    if not has_header:
        rows, headings = chain([first], rows), [None] * len(first)
    table = _named(_columns(rows, sheet, stopped, report), headings, has_header, stopped)
    doubt = DataError("header_missing", value=_written(first)) if numeric and mapping.header is None else None
    return Table(table, has_header, notes, doubt)


def _is_compound(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(COMPOUND)) == COMPOUND


def _checked(path: Path, stopped: Stopped, report: Report) -> BytesIO | None:
    """Return what calamine may read of an old file, None for all of a new one; raise for what it takes memory for."""
    if _is_compound(path):
        return workbook_in(path, stopped, report)
    if BINARY_MEMBER in (member_names(path) or []):
        raise DataError("sheet_binary")
    check_sheets(path, stopped, report)
    return None


def _aside(work: Callable[[], Any], stopped: Stopped) -> Any:
    """Return what work in another thread returns; if it is no longer wanted, it ends there unheard."""
    executor = ThreadPoolExecutor(1)
    future = executor.submit(work)
    try:
        while wait([future], ASKED_EVERY).not_done:
            if stopped():
                raise Cancelled
        return future.result()
    finally:
        executor.shutdown(wait=future.done())


def _first_sheet(path: Path, old: BytesIO | None) -> tuple[str, list[str], Any]:
    """Return the name of the first sheet with cells, the names of all with cells, and the sheet."""
    import python_calamine

    try:
        given = old or (path if _is_called_right(path) else None)
        with path.open("rb") as file, python_calamine.load_workbook(given or file) as book:
            shown = python_calamine.SheetVisibleEnum.Visible
            for visible in (True, False):
                names = [sheet.name for sheet in book.sheets_metadata if (sheet.visible == shown) == visible]
                sheets = {name: sheet for name in names if (sheet := book.get_sheet_by_name(name)).height}
                if sheets:
                    return next(iter(sheets)), list(sheets), next(iter(sheets.values()))
    except OSError:
        raise
    except BaseException as error:  # a panic of the library is no Exception
        if CELL_LIMIT in str(error):
            raise DataError("sheet_too_large") from error
        raise DataError("file_damaged", reason=reason_of(error)) from error
    raise DataError("sheet_empty")


def _is_called_right(path: Path) -> bool:
    """Return whether the name tells the format: then calamine says what is wrong, and else only that something is.

    It does not find a file whose name is no text.
    """
    return text_of(str(path)) == str(path) and path.suffix.lower() == (
        ".ods" if ODS_MEMBER in (member_names(path) or []) else ".xlsx"
    )


def _rows(sheet: Any) -> Iterator[Row]:
    """Yield the rows from the first to the last that has a cell."""
    empty: list[Row] = []
    for row in islice(_all_rows(sheet), sheet.start[0], None):
        if row.count("") == len(row):
            empty.append(row)
        else:
            yield from empty
            empty.clear()
            yield row


def _all_rows(sheet: Any) -> Iterator[Row]:
    """Yield all rows; calamine fails at a number that is shown as a time, and is larger than any."""
    rows = sheet.iter_rows()
    for number in count(1):
        try:
            row = next(rows, None)
        except BaseException as error:  # a panic of the library is no Exception
            raise DataError("file_damaged", reason=f"a time in row {number} is too large") from error
        if row is None:
            return
        yield row


def _columns(rows: Iterator[Row], sheet: Any, stopped: Stopped, report: Report) -> list[list[Any]]:
    """Return each column in typed pieces, of which there is one at least."""
    columns: list[list[Any]] = [[typed([])] for _column in range(sheet.width)]
    done = 0
    while batch := list(islice(rows, BATCH)):
        if stopped():
            raise Cancelled
        for column, cells in zip(columns, zip(*batch, strict=True), strict=True):
            column.append(typed(_whole([_cell(cell) for cell in cells])))
        done += len(batch)
        report(min(1.0, 0.5 + 0.5 * done / sheet.height))
    return columns


def _cell(cell: Any) -> Cell:
    """Return a cell's value; calamine gives empty text for one that is empty or holds an error."""
    return None if cell == "" else cell


def _whole(cells: Sequence[Cell]) -> Sequence[Cell]:
    """Return integers if all numbers are whole: a spreadsheet knows but one kind of number."""
    if {type(cell) for cell in cells} <= {float, type(None)} and all(_is_whole(cell) for cell in cells):
        return [None if cell is None else int(cell) for cell in cells]  # type: ignore[arg-type]
    return cells


def _is_whole(cell: Any) -> bool:
    return cell is None or (cell.is_integer() and abs(cell) < WHOLE)


def _named(columns: list[list[Any]], headings: Row, has_header: bool, stopped: Stopped) -> Any:
    """Return a table of the columns that have a heading or a cell."""
    import pyarrow

    named: dict[str, Any] = {}
    for place, (heading, column) in enumerate(zip(headings, columns, strict=True)):
        cells = joined(column, stopped)
        if heading is None and cells.null_count == len(cells):
            continue
        name = text_of(heading)
        if name is None:
            name = "" if has_header and place == 0 else f"column {place + 1}"
        if name.strip() in named:
            raise DataError("column_twice", column=name.strip())
        named[name.strip()] = cells
    return pyarrow.table(named)


def _written(row: Row) -> str:
    return ",".join(text_of(cell) or "" for cell in row)[:60]
