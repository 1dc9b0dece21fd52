import contextlib
import os
import struct
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from old_excel import Duration, Formula, compound, record, workbook, xls

from xentviz.core.errors import Cancelled, DataError
from xentviz.files import old_sheets
from xentviz.files.spreadsheets import is_spreadsheet, read_spreadsheet
from xentviz.files.table import RECOGNISED

ROWS = [["name", "label", "A"], ["first", 1, 0.25], ["second", 0, 0.5]]
READ = {"name": ["first", "second"], "label": [1, 0], "A": [0.25, 0.5]}
FAR = record(0x203, struct.pack("<HHHd", 65535, 65535, 0, 1))
MUCH = record(0x1234, bytes(8000)) * 600


@pytest.fixture
def read(tmp_path):
    """Return a function that writes an old Excel file and reads it."""

    def written(content, stopped=lambda: False):
        path = tmp_path / "a.xls"
        path.write_bytes(content)
        assert is_spreadsheet(path)
        return read_spreadsheet(path, RECOGNISED, stopped, lambda share: None)

    return written


@pytest.fixture
def refused(read):
    """Return a function that reads an old Excel file and returns the code of the error."""

    def code_of(content):
        with pytest.raises(DataError) as caught:
            read(content)
        return caught.value.code

    return code_of


def cells(content):
    return content.columns.to_pydict()


class TestWorkbooks:
    @pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "Book"])
    def test_are_found_by_their_name(self, read, name):
        assert cells(read(compound({"\x05SummaryInformation": bytes(200), name: workbook(ROWS)}))) == READ

    def test_of_excel_97_are_read_and_not_that_for_excel_95_beside_it(self, read):
        other = workbook([["x"], [1]])
        assert cells(read(compound({"Book": other, "Workbook": workbook(ROWS)}))) == READ

    def test_of_many_sectors_are_read(self, read):
        assert cells(read(xls(ROWS, within=MUCH))) == READ

    def test_have_the_values_that_formulas_came_to(self, read):
        assert cells(read(xls([["a"], [Formula(0.5)], [Formula(3)]]))) == {"a": [0.5, 3.0]}

    def test_have_times_as_text(self, read):
        assert cells(read(xls([["a"], [Duration(1.25)]]))) == {"a": ["1 day, 6:00:00"]}

    def test_may_hold_many_texts(self, read):
        texts = [f"text number {number}" for number in range(3000)]
        assert cells(read(xls([["a"], *[[text] for text in texts]])))["a"] == texts

    def test_hidden_sheets_are_read_only_if_there_is_no_other(self, read):
        assert cells(read(xls([["x"], [1]], ROWS, hidden={0}))) == READ
        assert read(xls([["x"], [1]], ROWS, hidden={0})).notes == ()
        assert cells(read(xls(ROWS, [], hidden={0}))) == READ

    def test_charts_are_passed_over(self, read):
        assert cells(read(xls([["x"], [1]], ROWS, kinds=[2]))) == READ
        assert cells(read(xls([["x"], [1]], ROWS, kinds=[2], starts=[10**9]))) == READ

    def test_cells_of_a_chart_in_a_sheet_are_not_those_of_the_sheet(self, read):
        begin, end = record(0x809, struct.pack("<HH", 0x600, 0x20)), record(0x0A)
        assert cells(read(xls(ROWS, within=begin + FAR + begin + end + FAR + end))) == READ


class TestWhatCalamineNeedNotKnow:
    def test_the_size_that_a_sheet_is_said_to_have(self, read):
        assert cells(read(xls(ROWS, within=record(0x200, struct.pack("<IIHHH", 0, 2**32 - 1, 0, 65535, 0))))) == READ

    def test_names_that_are_no_formulas(self, read):
        assert cells(read(xls(ROWS, before=record(0x18, bytes(3)) + record(0x18, b"\xff" * 40)))) == READ

    def test_merged_cells_that_break_off(self, read):
        assert cells(read(xls(ROWS, within=record(0xE5, b"\xff\xff")))) == READ

    @pytest.mark.parametrize("expression", [b"\x01\x00\x18", b"\xff\xff", b"\x05\x00\x44\x00\x00\x00\x00", b""])
    def test_formulas_that_are_none(self, read, expression):
        formula = record(0x06, struct.pack("<HHHdHI", 1, 3, 0, 7.0, 0, 0) + expression.ljust(2, b"\0"))
        assert cells(read(xls([[*ROWS[0], "B"], *ROWS[1:]], within=formula)))["B"] == [7, None]


class TestRefused:
    @pytest.mark.parametrize(
        "streams",
        [{"WordDocument": bytes(5000), "1Table": bytes(100)}, {"\u4840\u3f3f\u4577": bytes(9000)}, {"Workbooks": b"x"}],
        ids=["doc", "msi", "other"],
    )
    def test_other_files_of_the_same_container(self, refused, streams):
        assert refused(compound(streams)) == "container_other"

    def test_what_a_password_locks(self, refused):
        for way in (b"\x00\x00\x01\x02\x03\x04", b"\x01\x00" + bytes(50)):
            assert refused(xls(ROWS, before=record(0x2F, way))) == "file_encrypted"
        assert refused(compound({"EncryptedPackage": bytes(5000)})) == "file_encrypted"

    def test_cells_that_lie_too_far_apart_before_any_memory_is_taken(self, refused):
        assert refused(xls(ROWS, within=FAR)) == "sheet_too_large"

    def test_more_columns_than_old_sheets_have(self, refused, read):
        numbers = record(0xBD, struct.pack("<HH", 1, 250) + bytes(6 * 6) + struct.pack("<H", 255))
        assert read(xls([[f"c{number}" for number in range(256)]], within=numbers)).columns.num_columns == 256
        numbers = record(0xBD, struct.pack("<HH", 1, 250) + bytes(6 * 7) + struct.pack("<H", 256))
        assert refused(xls(ROWS, within=numbers)) == "sheet_too_large"
        assert refused(xls([[f"c{number}" for number in range(257)]])) == "sheet_too_large"

    def test_sheets_that_are_too_large_together(self, refused, read, monkeypatch):
        assert cells(read(xls(ROWS, ROWS))) == READ
        monkeypatch.setattr(old_sheets, "MOST_CELLS", 17)
        assert cells(read(xls(ROWS))) == READ
        assert refused(xls(ROWS, ROWS)) == "sheet_too_large"

    def test_sheets_that_lie_over_one_another(self, refused):
        book = workbook(*[ROWS] * 50, within=MUCH[:40_000])
        place = book.index(record(0x809, struct.pack("<HH12x", 0x600, 0x10)))
        assert refused(xls(*[ROWS] * 50, within=MUCH[:40_000], starts=[place] * 50)) == "file_damaged"

    def test_sheets_that_are_not_where_they_should_be(self, refused):
        for start in (0xFFFFFFFF, 1, 24):
            assert refused(xls(ROWS, starts=[start])) == "file_damaged"

    def test_a_cell_that_breaks_off(self, refused):
        for size in range(14):
            assert refused(xls(ROWS, within=record(0x203, bytes(size)))) == "file_damaged"

    @pytest.mark.parametrize("days", [1e10, -1e10, 1e15, -1e15, 1e300])
    def test_times_that_are_too_large(self, read, days):
        with pytest.raises(DataError) as caught:
            read(xls([["a", "b"], [1, 2], [3, Duration(days)]]))
        assert caught.value.code == "file_damaged"
        assert "row 3" in caught.value.details["reason"]

    def test_a_table_of_texts_in_very_many_parts(self, refused):
        assert refused(xls(ROWS, before=record(0xFC, bytes(8)) + record(0x3C) * 20_000)) == "sheet_too_large"

    def test_more_than_the_file_for_calamine_holds(self, refused, monkeypatch):
        monkeypatch.setattr(old_sheets, "MOST_TABLES", 1)
        assert refused(xls(ROWS, within=MUCH)) == "file_too_large"

    @pytest.mark.parametrize("content", [b"", bytes(500), bytes(5000), b"\xff" * 5000])
    def test_what_only_begins_like_one(self, refused, content):
        assert refused(old_sheets.COMPOUND + content) in {"file_damaged", "container_other"}

    def test_a_workbook_without_an_end(self, refused):
        assert refused(compound({"Workbook": workbook(ROWS)[:-4]})) == "file_damaged"
        assert refused(compound({"Workbook": b""})) == "file_damaged"


def test_reading_stops_when_told_within_a_sheet(read, monkeypatch):
    monkeypatch.setattr(old_sheets, "ASKED_EVERY", 100)
    asked = []
    with pytest.raises(Cancelled):
        read(xls(ROWS, within=record(0x1234) * 1000), lambda: asked.append(None) is None)
    assert len(asked) == 1


def test_chains_that_never_end_are_left(read):
    content = bytearray(xls(ROWS, within=MUCH[:20_000]))
    table = 512 * (1 + struct.unpack_from("<I", content, 76)[0])
    for sector in range(len(content) // 512 - 1):
        broken = content.copy()
        struct.pack_into("<I", broken, table + 4 * sector, sector)
        with contextlib.suppress(DataError):
            assert cells(read(bytes(broken))) == READ


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited in another way elsewhere")
def test_what_would_take_all_memory_does_not_end_the_program(tmp_path):
    # In a process of its own, for it was ended by the system.
    (tmp_path / "a.xls").write_bytes(xls(ROWS, within=FAR + record(0x200, b"\xff" * 14)))
    code = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30));"
        "sys.argv = ['xentviz', '--json', 'a.xls']; runpy.run_module('xentviz', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, env=os.environ
    )
    assert "too far apart" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode > 0


@pytest.mark.parametrize("make", [xls, lambda rows: xls(rows, within=MUCH[:8000])], ids=["small", "large"])
def test_files_that_break_off_are_refused_or_whole(read, make):
    content = make(ROWS)
    for size in range(8, len(content), 37):
        with contextlib.suppress(DataError):
            assert cells(read(content[:size])) == READ


STREAM = workbook([*ROWS, [True, Formula(0.5), "#N/A"]], [["x"]], before=record(0x41E, b"\xa4\0\x03\0\0yyy"))
CHANGES = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from([0, 1, 0x7F, 0xFF]) | st.integers(0, 255)), max_size=6
)
CUTS = st.lists(st.tuples(*[st.integers(0, len(STREAM))] * 3), max_size=2)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(CHANGES, CUTS, CHANGES)
def test_no_damage_makes_reading_fail_with_anything_but_a_data_error(tmp_path, inside, cuts, outside):
    stream = bytearray(STREAM)
    for place, byte in inside:
        stream[place % len(stream)] = byte
    for start, end, place in cuts:
        stream[place:place] = stream[start:end]
    content = bytearray(compound({"Workbook": bytes(stream)}))
    for place, byte in outside[:2]:
        content[8 + place % (len(content) - 8)] = byte
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    with contextlib.suppress(DataError):
        assert read_spreadsheet(path, RECOGNISED, lambda: False, lambda share: None).columns.num_columns > 0
