import contextlib
import datetime
import io
import os
import re
import sys
import zipfile
from dataclasses import replace

import odf.opendocument
import odf.table
import odf.text
import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from old_excel import compound, xls

from xentviz.core.errors import Cancelled, DataError
from xentviz.files import limits, sheet_limits
from xentviz.files.sheet_limits import Extent
from xentviz.files.spreadsheets import is_spreadsheet, read_spreadsheet
from xentviz.files.table import RECOGNISED
from xentviz.ui.messages import SENTENCES, sentence

ROWS = [["name", "label", "A"], ["first", 1, 0.25], ["second", 0, 0.5]]
READ = {"name": ["first", "second"], "label": [1, 0], "A": [0.25, 0.5]}


def xlsx(*sheets, change=lambda book: None):
    """Return a workbook of sheets, each a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods_cell(value):
    if value is None:
        return odf.table.TableCell()
    if isinstance(value, bool):
        return odf.table.TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    if isinstance(value, int | float):
        return odf.table.TableCell(valuetype="float", value=value)
    if isinstance(value, datetime.date):
        return odf.table.TableCell(valuetype="date", datevalue=value.isoformat())
    cell = odf.table.TableCell(valuetype="string")
    cell.addElement(odf.text.P(text=value))
    return cell


def ods(*sheets):
    document = odf.opendocument.OpenDocumentSpreadsheet()
    for number, rows in enumerate(sheets):
        sheet = odf.table.Table(name="Sheet" if number == 0 else f"Sheet{number}")
        for row in rows:
            line = odf.table.TableRow()
            for value in row:
                line.addElement(ods_cell(value))
            sheet.addElement(line)
        document.spreadsheet.addElement(sheet)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def patched(content, name, pattern, replacement):
    """Return a zip file in one member of which something is replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            data = old.read(member)
            if member == name:
                data, times = re.subn(pattern, lambda match: replacement, data, flags=re.DOTALL)
                assert times
            new.writestr(member, data)
    return stream.getvalue()


def with_cells(xml):
    """Return an .xlsx file whose sheet holds these tags."""
    return patched(
        xlsx(ROWS), "xl/worksheets/sheet1.xml", rb"<sheetData>.*</sheetData>", b"<sheetData>" + xml + b"</sheetData>"
    )


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a spreadsheet and reads it."""

    def written(content, mapping=RECOGNISED, name="scores.data", stopped=lambda: False, report=lambda share: None):
        path = tmp_path / name
        path.write_bytes(content)
        assert is_spreadsheet(path)
        return read_spreadsheet(path, mapping, stopped, report)

    return written


@pytest.fixture
def refused(read):
    """Return a function that reads a spreadsheet and returns the error, for which there is a sentence."""

    def error_of(content, name="scores.xlsx"):
        with pytest.raises(DataError) as caught:
            read(content, name=name)
        error = DataError(caught.value.code, file=name, **caught.value.details)
        words = sentence(error)
        assert error.code in SENTENCES
        assert words.startswith(name)
        assert words.endswith(".")
        assert "{" not in words
        return error

    return error_of


@pytest.fixture(params=[xlsx, ods, xls], ids=lambda write: write.__name__)
def write(request):
    return request.param


class TestSheets:
    @pytest.mark.parametrize("name", ["scores.xlsx", "scores.ods", "scores.xls", "scores.data", "scores.XLSX"])
    def test_are_told_by_what_they_hold(self, read, write, name):
        table = read(write(ROWS), name=name)
        assert table.columns.to_pydict() == READ
        assert table.has_header
        assert table.notes == ()
        assert table.doubt is None

    @pytest.mark.skipif(sys.platform != "linux", reason="a name is text elsewhere")
    def test_may_have_a_name_that_is_no_text(self, read, write):
        assert read(write(ROWS), name=os.fsdecode(b"sc\xffres.xlsx")).columns.to_pydict() == READ

    def test_numbers_are_integers_where_all_are_whole(self, read, write):
        columns = read(write([["a", "b", "c"], [1, 0.5, 2.0], [None, 1, 1e300]])).columns
        assert [str(kind) for kind in columns.schema.types] == ["int64", "double", "double"]
        assert columns.to_pydict() == {"a": [1, None], "b": [0.5, 1.0], "c": [2.0, 1e300]}

    def test_booleans_stay_so_and_text_among_numbers_makes_text(self, read, write):
        table = read(write([["a", "b", "c"], [True, 1, 0.5], [False, "x", True]]))
        assert table.columns.to_pydict() == {"a": [True, False], "b": ["1", "x"], "c": ["0.5", "true"]}

    def test_text_that_looks_like_a_number_stays_as_it_is(self, read, write):
        assert read(write([["a"], ["007"], ["0,5"]])).columns.to_pydict() == {"a": ["007", "0,5"]}

    def test_dates_are_text_and_never_numbers(self, read, write):
        dates = [datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 30)]
        assert read(write([["a", "b"], dates])).columns.to_pydict() == {
            "a": ["2024-02-29"],
            "b": ["2024-02-29 12:30:00"],
        }

    def test_times_are_text(self, read):
        content = xlsx([["a", "b"], [datetime.time(1, 2), datetime.timedelta(hours=30)]])
        assert read(content).columns.to_pydict() == {"a": ["01:02:00"], "b": ["1 day, 6:00:00"]}

    @pytest.mark.parametrize("write", [xlsx, xls])
    def test_errors_are_missing(self, read, write):
        content = write([["a", "b"], ["#N/A", 1], ["#DIV/0!", 2], [0.5, "#REF!"]])
        assert read(content).columns.to_pydict() == {"a": [None, None, 0.5], "b": [1, 2, None]}

    def test_percentages_are_fractions(self, read):
        def percent(book):
            for row in book.worksheets[0]["A2:A3"]:
                row[0].number_format = "0.0%"

        assert read(xlsx([["a"], [0.25], [0.5]], change=percent)).columns.to_pydict() == {"a": [0.25, 0.5]}

    def test_of_one_column_and_of_a_header_alone_are_tables(self, read, write):
        assert read(write([["a"], [1]])).columns.to_pydict() == {"a": [1]}
        assert read(write([["a", "b"]])).columns.to_pydict() == {"a": [], "b": []}

    def test_rows_and_columns_without_cells_around_are_left_out_but_not_within(self, read, write):
        rows = [[], [], [None, "a", "b"], [None, 1, 2], [], [None, 3, None], [], [None, None, None]]
        assert read(write([[None], *rows])).columns.to_pydict() == {"a": [1, None, 3], "b": [2, None, None]}

    @pytest.mark.parametrize("write", [xlsx, xls])
    def test_rows_of_errors_at_the_end_are_left_out(self, read, write):
        assert read(write([["a"], [1], ["#N/A"], ["#N/A"]])).columns.to_pydict() == {"a": [1]}

    def test_merged_cells_have_their_value_once(self, read):
        content = xlsx(
            [["a", None, "b"], [1, 2, 3], [None, 5, 6]],
            change=lambda book: [book.worksheets[0].merge_cells(cells) for cells in ("A1:B1", "A2:A3")],
        )
        assert read(content).columns.to_pydict() == {"a": [1, None], "column 2": [2, 5], "b": [3, 6]}

    def test_large_ones_are_read_whole_with_progress(self, read, write):
        shares = []
        rows = [["a", "b"], *([i, f"t{i}"] for i in range(10_000))]
        columns = read(write([*rows, [0.5, None]]), report=shares.append).columns
        assert columns["a"].to_pylist() == [*range(10_000), 0.5]
        assert columns["b"].to_pylist() == [*(f"t{i}" for i in range(10_000)), None]
        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(1, abs=1e-3)
        assert len(shares) > 3

    def test_reading_stops_when_told(self, read, write):
        for last in range(3):
            asked = []
            with pytest.raises(Cancelled):
                read(write(ROWS), stopped=lambda asked=asked, last=last: len(asked.append(None) or asked) > last)


class TestHeader:
    def test_of_numbers_alone_is_none_but_one_may_ask(self, read, write):
        table = read(write([[1, 0.5], [0, 0.25]]))
        assert table.columns.to_pydict() == {"column 1": [1, 0], "column 2": [0.5, 0.25]}
        assert not table.has_header
        assert (table.doubt.code, table.doubt.details["value"]) == ("header_missing", "1,0.5")

    def test_is_what_a_person_says(self, read, write):
        table = read(write([[1, 0.5], [0, 0.25]]), replace(RECOGNISED, header=True))
        assert table.columns.to_pydict() == {"1": [0], "0.5": [0.25]}
        assert table.has_header
        assert table.doubt is None
        table = read(write([["a", "b"], ["c", "d"]]), replace(RECOGNISED, header=False))
        assert table.columns.to_pydict() == {"column 1": ["a", "c"], "column 2": ["b", "d"]}
        assert not table.has_header
        assert table.doubt is None

    def test_may_be_empty_over_the_first_column_as_pandas_writes_it(self, read, write):
        columns = read(write([[None, "a", None, None], [0, 1, 2, None], [1, 3, 4, None]])).columns.to_pydict()
        assert columns == {"": [0, 1], "a": [1, 3], "column 3": [2, 4]}

    def test_of_dates_and_numbers_among_text_is_text(self, read, write):
        columns = read(write([["a", 0, 1.5, datetime.date(2024, 1, 2), " b "], [1, 2, 3, 4, 5]])).columns
        assert columns.column_names == ["a", "0", "1.5", "2024-01-02", "b"]

    def test_with_one_name_twice_is_refused(self, refused, write):
        error = refused(write([["a", "b", "a"], [1, 2, 3]]))
        assert (error.code, error.details["column"]) == ("column_twice", "a")

    def test_of_more_columns_than_tables_have_is_refused(self, refused):
        assert refused(xlsx([[f"c{i}" for i in range(5000)]])).code == "columns_too_many"


class TestSeveralSheets:
    def test_the_first_with_cells_is_read_and_the_others_told(self, read, write):
        table = read(write([], ROWS, [["x"], [1]]))
        assert table.columns.to_pydict() == READ
        assert [note.code for note in table.notes] == ["sheet_taken"]
        assert table.notes[0].details["sheet"] == "Sheet1"
        assert table.notes[0].details["sheets"] == ["Sheet1", "Sheet2"]
        assert "Sheet1, Sheet2" in sentence(DataError("sheet_taken", file="a.ods", **table.notes[0].details))

    def test_the_only_one_with_cells_needs_no_word(self, read, write):
        table = read(write([], ROWS, []))
        assert table.columns.to_pydict() == READ
        assert table.notes == ()

    def test_hidden_ones_are_read_only_if_there_is_no_other(self, read):
        def hide(book):
            book.worksheets[0].sheet_state = "hidden"

        assert read(xlsx([["x"], [1]], ROWS, change=hide)).columns.to_pydict() == READ
        assert read(xlsx([["x"], [1]], ROWS, change=hide)).notes == ()
        assert read(xlsx(ROWS, [], change=hide)).columns.to_pydict() == READ

    def test_charts_are_passed_over(self, read):
        assert read(xlsx(ROWS, change=lambda book: book.create_chartsheet(index=0))).columns.to_pydict() == READ

    def test_none_with_cells_is_said(self, refused, write):
        assert refused(write([], [])).code == "sheet_empty"
        assert refused(xlsx([["#N/A"]])).code == "sheet_empty"
        assert refused(xls([["#N/A"]])).code == "sheet_empty"


class TestBroken:
    @pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
    def test_that_break_off_are_damaged(self, refused, write, share):
        whole = write(ROWS)
        for name in ("a.xlsx", "a.ods"):
            assert refused(whole[: int(share * len(whole))], name).code == "file_damaged"

    @pytest.mark.parametrize("write", [xlsx, ods])
    def test_with_a_flipped_byte_are_damaged(self, refused, write):
        with zipfile.ZipFile(io.BytesIO(write(ROWS))) as archive:
            member = archive.infolist()[-1]
            place = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
        whole = bytearray(write(ROWS))
        whole[place] ^= 0xFF
        assert refused(bytes(whole)).code == "file_damaged"

    def test_without_their_parts_are_damaged(self, refused):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("xl/workbook.xml", b"<workbook/>")
        assert refused(stream.getvalue()).code in {"file_damaged", "sheet_empty"}
        assert refused(patched(ods(ROWS), "content.xml", b"^.*$", b"<a><b/></a>"), "a.ods").code == "sheet_empty"
        assert refused(patched(xlsx(ROWS), "xl/worksheets/sheet1.xml", b"^.*$", b"<a><b></a>")).code == "sheet_empty"
        assert refused(patched(xlsx(ROWS), "xl/workbook.xml", b"^.*$", b"<a><b></a>")).code == "file_damaged"

    @pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"PK" + bytes(100)])
    def test_that_only_begin_like_one_are_damaged(self, refused, content):
        assert refused(content).code == "file_damaged"

    def test_binary_ones_are_refused(self, refused):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("xl/workbook.bin", b"")
        assert refused(stream.getvalue(), "a.xlsb").code == "sheet_binary"

    def test_that_a_password_locks_are_told(self, refused):
        assert refused(compound({"EncryptedPackage": bytes(5000)})).code == "file_encrypted"
        entry = b"<manifest:encryption-data/></manifest:manifest>"
        manifest = patched(ods(ROWS), "META-INF/manifest.xml", rb"</manifest:manifest>", entry)
        assert refused(manifest, "a.ods").code == "file_encrypted"

    def test_with_a_time_that_is_too_large_are_told(self, refused):
        def lengthen(book):
            book.worksheets[0]["C3"].number_format = "[h]:mm:ss"

        for days in (1e10, -1e10, 1e300):
            error = refused(xlsx([*ROWS[:2], ["second", 0, days]], change=lengthen))
            assert (error.code, error.details["reason"]) == ("file_damaged", "a time in row 3 is too large")

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_with_one_part_twice_are_refused(self, refused):
        stream = io.BytesIO(xlsx(ROWS))
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr("xl/workbook.xml", b"<workbook/>")
        assert refused(stream.getvalue()).code == "member_twice"


FAR = b'<row r="1"><c r="A1"><v>1</v></c></row>'
TOO_FAR = [
    FAR + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    FAR + b"<row  r = '1048576' ><c\n\tr\t=\n'xfd1048576'><v>1</v></c></row>",
    FAR + b'<row r="4294967290"><c><v>1</v></c></row>',
    FAR + b'<row r="1048576"><c s="' + b" " * 300_000 + b'"' + b" " * 300_000 + b'r="XFD1048576"><v>1</v></c></row>',
    b"<row>" + b"<c><v>1</v></c>" * 20_000 + b'</row><row r="1048576"><c><v>1</v></c></row>',
    b"<row><c><v>1</v></c></row>" * 100_000 + b'<row><c r="XFD100001"><v>1</v></c></row>',
]


class TestTraps:
    @pytest.mark.parametrize("cells", TOO_FAR, ids=range(len(TOO_FAR)))
    def test_cells_that_lie_too_far_apart_are_refused_before_any_memory_is_taken(self, refused, cells):
        assert refused(with_cells(cells)).code == "sheet_too_large"

    @pytest.mark.parametrize(
        "row",
        [
            b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" '
            b'office:value="1" table:number-columns-repeated="16384"/></table:table-row>',
            b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
            b'<table:table-row><table:table-cell table:number-columns-repeated="16383"/>'
            b'<table:table-cell office:value-type="float" office:value="1"/></table:table-row>',
        ],
        ids=["repeated", "far"],
    )
    def test_cells_that_are_repeated_too_often_are_refused(self, refused, row):
        content = patched(ods(ROWS), "content.xml", rb"</table:table>", row + b"</table:table>")
        assert refused(content, "a.ods").code == "sheet_too_large"

    def test_empty_cells_repeated_to_the_end_are_as_office_programs_write_them(self, read):
        row = b'<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated='
        row += b'"16384"/></table:table-row></table:table>'
        assert read(patched(ods(ROWS), "content.xml", rb"</table:table>", row)).columns.to_pydict() == READ

    def test_cells_that_do_not_say_where_they_are_are_read(self, read):
        rows = b"<row><c><v>5</v></c><c><v>6</v></c></row>" * 3000
        assert read(with_cells(rows)).columns.to_pydict() == {"column 1": [5] * 3000, "column 2": [6] * 3000}

    def test_what_unpacks_to_more_than_the_memory_is_refused(self, refused, write, monkeypatch):
        monkeypatch.setattr(limits, "half_of_memory", lambda: 1000)
        assert refused(write(ROWS)).code == "file_too_large"

    def test_what_would_lie_between_is_measured_by_the_memory(self, refused, monkeypatch):
        monkeypatch.setattr(sheet_limits, "half_of_memory", lambda: 64 * 10)
        assert refused(xlsx([["a", "b"]] * 6)).code == "sheet_too_large"

    def test_more_than_declared_is_found_by_counting(self, refused):
        whole = bytearray(with_cells(FAR + b" " * 1_000_000))
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
        place = whole.index(b"PK\x01\x02")
        place = whole.index(size.to_bytes(4, "little"), place)
        whole[place : place + 4] = (1000).to_bytes(4, "little")
        assert refused(bytes(whole)).code == "file_damaged"


def test_extents_are_the_same_however_the_tags_are_cut():
    cells = b"".join(b'<row r="%d">%s</row>' % (row, b"<c/>" * 7 + b'<c r="K%d"/>' % row) for row in range(1, 40))
    whole = Extent()
    whole.add(cells)
    for size in (1, 2, 7, 100):
        cut = Extent()
        for start in range(0, len(cells), size):
            cut.add(cells[start : start + size])
        assert (cut.width, cut.height >= 39) == (whole.width, True) == (11, True)


@pytest.mark.parametrize("content", [b"", b"label,A\n1,0.5\n", b"PK", b"PAR1"])
def test_other_files_are_left_to_others(tmp_path, content):
    for name in ("a.csv", "a.npz"):
        path = tmp_path / name
        path.write_bytes(content)
        assert not is_spreadsheet(path)


CELLS = st.one_of(st.none(), st.booleans(), st.floats(-1e9, 1e9), st.text("ab1,%", min_size=1, max_size=4), st.dates())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5), st.sampled_from([xlsx, ods, xls]))
@example([[-0.0, 1e-300, 5e-324]], xlsx)
def test_what_is_written_is_read(tmp_path, rows, write):
    path = tmp_path / "a.data"
    path.write_bytes(write([["x", "y", "z"], *rows]))
    columns = read_spreadsheet(path, RECOGNISED, lambda: False, lambda share: None).columns
    while rows and all(cell is None for cell in rows[-1]):
        rows = rows[:-1]
    for name, cells in zip("xyz", zip(*rows, strict=True), strict=True) if rows else ():
        if {type(cell) for cell in cells} <= {float, type(None)}:
            digits = 16 if write is xlsx else 17  # that openpyxl and odfpy write
            assert columns[name].to_pylist() == [
                None if cell is None else float(f"{cell:.{digits}g}") for cell in cells
            ]
        else:
            assert [cell is None for cell in columns[name].to_pylist()] == [cell is None for cell in cells]


MEMBERS = {
    xlsx: ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"],
    ods: ["content.xml", "META-INF/manifest.xml", "mimetype"],
}
WHOLE = {write: write(ROWS) for write in MEMBERS}
CHANGES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([*MEMBERS]), st.integers(0, 3), CHANGES, CHANGES)
def test_no_damage_makes_reading_fail_with_anything_but_a_data_error(tmp_path, write, number, inside, outside):
    name = MEMBERS[write][number % len(MEMBERS[write])]
    with zipfile.ZipFile(io.BytesIO(WHOLE[write])) as archive:
        data = bytearray(archive.read(name))
    for place, byte in inside:
        data[place % len(data)] = byte
    content = bytearray(patched(WHOLE[write], name, b"^.*$", bytes(data)))
    for place, byte in outside[:2]:
        content[place % len(content)] = byte
    path = tmp_path / ("a.xlsx" if write is xlsx else "a.ods")
    path.write_bytes(content)
    with contextlib.suppress(DataError):
        assert read_spreadsheet(path, RECOGNISED, lambda: False, lambda share: None).columns.num_columns > 0
