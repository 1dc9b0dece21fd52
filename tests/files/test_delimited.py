import csv
import math
import random
import threading
import time
from types import SimpleNamespace

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xentviz.core.errors import Cancelled, DataError
from xentviz.files import delimited, faults
from xentviz.files.delimited import read_delimited
from xentviz.files.table import Mapping
from xentviz.files.unpacking import Unpacked
from xentviz.files.written_numbers import MISSING, first_not_number
from xentviz.ui.messages import sentence


@pytest.fixture
def read(tmp_path):
    """Return a reader of text that is written to a file first."""

    def read(content, **said):
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_delimited(path, Mapping(**said), lambda: False, lambda _share: None)

    return read


@pytest.fixture
def refused(read):
    """Return what reading a text raises."""

    def refused(content, **said):
        with pytest.raises(DataError) as caught:
            read(content, **said)
        return caught.value.code, caught.value.details

    return refused


@pytest.fixture
def small_blocks(monkeypatch):
    """Make pieces so small that a hundred rows fill many."""
    monkeypatch.setattr(delimited, "START_BYTES", 200)
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 128)
    monkeypatch.setattr(faults, "LONGEST_ROW", 128)


def columns_of(table):
    return table.columns.to_pydict()


class TestDecimalCommas:
    def test_are_taken_for_points_and_told(self, read):
        table = read("label;A;B\n1;0,5;,25\n0;1;-1,5e-3\n")
        assert columns_of(table) == {"label": [1, 0], "A": [0.5, 1.0], "B": [0.25, -0.0015]}
        assert [(note.code, note.details) for note in table.notes] == [("decimal_comma_taken", {"columns": ["A", "B"]})]
        assert table.doubt is None

    def test_are_seen_in_quotes_between_commas_and_between_tabs(self, read):
        assert columns_of(read('label,A\n1,"0,5"\n'))["A"] == [0.5]
        assert columns_of(read("label\tA\n1\t0,5\n"))["A"] == [0.5]

    def test_that_come_far_down_are_taken_too(self, read):
        table = read("label;A\n" + "1;0\n" * 300_000 + "0;0,5\n")
        assert table.columns["A"][-1].as_py() == 0.5
        assert [note.code for note in table.notes] == ["decimal_comma_taken"]

    def test_that_may_stand_between_thousands_are_doubted(self, read):
        table = read("label;A\n1;1,234\n0;12,345\n")
        assert (table.doubt.code, table.doubt.details) == ("decimal_comma_doubtful", {"column": "A", "value": "1,234"})
        assert table.columns.num_rows == 2

    def test_are_beyond_doubt_when_one_far_down_has_another_number_of_digits(self, read):
        table = read("label;A\n" + "1;1,234\n" * 300_000 + "0;0,5\n")
        assert (table.doubt, [note.code for note in table.notes]) == (None, ["decimal_comma_taken"])
        assert table.columns["A"][0].as_py() == 1.234

    def test_beside_decimal_points_are_left_as_they_are_written(self, read):
        table = read("label;A;B\n1;0,5;0.5\n")
        assert columns_of(table) == {"label": [1], "A": ["0,5"], "B": [0.5]}
        assert table.notes == ()

    @pytest.mark.parametrize("rows", [1, 300_000])
    def test_beside_fractions_that_need_no_comma_are_taken(self, read, rows):
        table = read("label;A;B\n" + "0;1;1\n" * (rows - 1) + "1;0,5;1e-07\n0;1E-07;0\n1;1,5E-07;1e0\n")
        assert table.columns["A"].to_pylist()[-3:] == [0.5, 1e-7, 1.5e-7]
        assert table.columns["B"].to_pylist()[-3:] == [1e-7, 0, 1]
        assert [(note.code, note.details) for note in table.notes] == [("decimal_comma_taken", {"columns": ["A"]})]

    def test_beside_points_far_down_are_left_as_they_are_written(self, read):
        table = read("label;A;B\n" + "1;0;1e-07\n" * 300_000 + "0;0,5;0.5\n")
        assert table.columns["A"].to_pylist()[-1] == "0,5"

    def test_in_the_names_of_rows_are_letters(self, read):
        table = read("id;label\n1,5;1\n")
        assert columns_of(table) == {"id": ["1,5"], "label": [1]}
        assert table.notes == ()


class TestHeaders:
    def test_without_one_all_rows_are_kept_and_the_names_doubted(self, read):
        table = read("1,0.5\n0,0.2\n")
        assert columns_of(table) == {"column 1": [1, 0], "column 2": [0.5, 0.2]}
        assert (table.has_header, table.doubt.code) == (False, "header_missing")

    def test_what_a_person_says_of_it_is_done(self, read):
        table = read("1,0.5\n0,0.2\n", header=False)
        assert (table.columns.num_rows, table.has_header, table.doubt) == (2, False, None)
        table = read("1,0.5\n0,0.2\n", header=True)
        assert (columns_of(table), table.has_header, table.doubt) == ({"1": [0], "0.5": [0.2]}, True, None)

    def test_names_that_come_twice_are_numbered_and_doubted(self, read):
        table = read("p,p,label\n.1,.2,1\n")
        assert columns_of(table) == {"p": [0.1], "p (2)": [0.2], "label": [1]}
        assert table.doubt.code == "column_twice"

    def test_of_several_doubts_the_first_is_asked_and_the_others_told(self, read):
        table = read("é;é\n1,234;1\n".encode("latin-1"))
        assert table.doubt.code == "encoding_doubtful"
        assert [note.code for note in table.notes] == ["column_twice", "decimal_comma_doubtful"]

    @pytest.mark.parametrize("content", ["a,b", "a,b\n", "a,b\r\n\r\n", "a,b\n" + "\n" * 2_000_000])
    def test_alone_they_are_columns_without_rows(self, read, content):
        table = read(content)
        assert columns_of(table) == {"a": [], "b": []}
        assert table.has_header

    def test_four_thousand_columns_are_read(self, read):
        table = read(",".join(f"c{n}" for n in range(4096)) + "\n" + ",".join(["0.5"] * 4096) + "\n")
        assert (table.columns.num_rows, table.columns.num_columns) == (1, 4096)

    @pytest.mark.parametrize("content", ["", "\ufeff", "\n\r\n"])
    def test_nothing_is_empty(self, refused, content):
        assert refused(content)[0] == "file_empty"


class TestCells:
    def test_spaces_about_numbers_and_missing_cells_do_not_count(self, read):
        table = read("id , A, B\nx, 0.5 ,  1\ny,   NA, \nz,,3 \n")
        assert columns_of(table) == {"id": ["x", "y", "z"], "A": [0.5, None, None], "B": [1.0, None, 3.0]}

    def test_spaces_about_decimal_commas_do_not_either(self, read):
        assert columns_of(read("label;A\n1; 0,5 \n0;  NA\n"))["A"] == [0.5, None]

    @pytest.mark.parametrize("name", ["id", " ID ", "index", ""])
    def test_names_of_rows_keep_their_zeros(self, read, name):
        assert read(f"{name},A\n007,0.5\n").columns[0].to_pylist() == ["007"]

    def test_columns_that_a_person_calls_names_or_key_do_so_too(self, read):
        table = read("a,b,c\n007,010,001\n", names="a", key="b")
        assert columns_of(table) == {"a": ["007"], "b": ["010"], "c": [1]}

    @pytest.mark.parametrize(
        "whole", ["9223372036854775808", "18446744073709551617", "-99999999999999999999", "9" * 300]
    )
    def test_whole_numbers_beyond_64_bits_stay_text(self, read, whole):
        assert columns_of(read(f"label,A\n{whole},0.5\n1,0.5\n"))["label"] == [whole, "1"]

    def test_the_largest_of_64_bits_is_kept_to_the_last_digit(self, read):
        assert columns_of(read("label,A\n9223372036854775807,1\n"))["label"] == [9223372036854775807]

    def test_whole_numbers_far_down_stay_text_too(self, read):
        table = read("label,A\n" + "1,.5\n" * 300_000 + "18446744073709551617,.5\n")
        assert table.columns["label"][-1].as_py() == "18446744073709551617"

    @pytest.mark.parametrize("value", ["1e400", "-1e400", "9" * 400])
    def test_numbers_beyond_floating_point_are_refused(self, refused, value):
        assert refused(f"label,A\n1,inf\n0,{value}\n") == (
            "number_too_large",
            {"row": 2, "column": "A", "value": value},
        )

    def test_infinities_that_are_written_are_read(self, read):
        infinities = ["inf", "-inf", "Infinity", "+INF", "-infinity"]
        column = columns_of(read("label,A\n" + "".join(f"1,{text}\n" for text in [*infinities, "1e300"])))["A"]
        assert column == [math.inf, -math.inf, math.inf, math.inf, -math.inf, 1e300]

    def test_a_word_far_down_makes_its_column_text_and_no_other(self, read):
        table = read("label,A\n" + "1,0.5\n" * 300_000 + "0,abc\n")
        assert [str(kind) for kind in table.columns.schema.types] == ["int64", "string"]
        assert first_not_number(table.columns["A"]) == (300_000, "abc")

    @pytest.mark.parametrize("word", ["UTF8", "invalid UTF8 data", "conversion error"])
    def test_words_far_down_may_be_those_of_errors(self, read, word):
        table = read("label,A\n" + "1,0.5\n" * 300_000 + f"0,{word}\n")
        assert (table.columns["A"][-1].as_py(), table.doubt) == (word, None)

    def test_a_fraction_after_whole_numbers_is_read(self, read):
        table = read("label,A\n" + "1,0\n" * 300_000 + "0,0.5\n")
        assert table.columns["A"][-1].as_py() == 0.5

    @pytest.mark.parametrize("missing", MISSING)
    def test_missing_cells_are_null(self, read, missing):
        assert columns_of(read(f"label,A\n1,{missing}\n0,0.5\n"))["A"] == [None, 0.5]

    def test_line_ends_and_quotes_in_cells_are_letters(self, read):
        table = read('name,label\n"two\r\nlines, ""q""",1\n"x",0\n')
        assert columns_of(table) == {"name": ['two\r\nlines, "q"', "x"], "label": [1, 0]}

    def test_line_ends_are_letters_too_in_quotes_first_met_far_down(self, read):
        lines, before = "\n".join(["5,6"] * 25_000), delimited.BLOCK_BYTES // 2 - 10_000  # so it lies in two pieces
        table = read("a,b\n" + "1,2\n" * before + f'3,"{lines}"\n7,8\n')
        assert columns_of(table)["b"][before:] == [lines, "8"]

    def test_long_cells_are_read(self, read):
        text = "x" * 500_000
        assert columns_of(read(f"a,b\n1,{text}\n2,y\n"))["b"] == [text, "y"]

    @pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
    def test_lines_end_in_any_way(self, read, ends):
        assert columns_of(read(ends.join(["a,b", "1,2", "", "3,4"]))) == {"a": [1, 3], "b": [2, 4]}

    def test_lines_end_in_all_ways_at_once(self, read):
        assert columns_of(read("a,b\r\n1,2\r3,4\n5,6")) == {"a": [1, 3, 5], "b": [2, 4, 6]}

    def test_one_column_is_a_table(self, read):
        assert columns_of(read("label\n1\n0\n")) == {"label": [1, 0]}


FAULTS = {
    "short row": (b"a,b\n1,2\n3\n", "row_ragged", {"row": 2, "expected": 2, "actual": 1}),
    "long row": (b"a,b\n1,2\n3,4,5\n", "row_ragged", {"row": 2, "expected": 2, "actual": 3}),
    "short row of telling words": (b"a,b\n1,2\ninvalid UTF8 data\n", "row_ragged", {"row": 2}),
    "spaces": (b"a,b\n1,2\n  \n", "row_ragged", {"row": 2, "expected": 2, "actual": 1}),
    "short row without header": (b"1,2\n3\n", "row_ragged", {"row": 2, "without_header": True}),
    "short row far down": (b"a,b\n" + b"1,2\n" * 500_000 + b"3\n", "row_ragged", {"row": 500_001}),
    "NUL": (b"a,b\n1,2\n1\0,2\n", "nul_byte", {"row": 2}),
    "NUL far down": (b"a,b\n" + b"1,2\n" * 500_000 + b"3\0,4\n", "nul_byte", {"row": 500_001}),
    "NUL in UTF-16": ("a,b\n1,2\n3\0,4\n".encode("utf-16"), "nul_byte", {"row": 2}),
    "open quote": (b'a,b\n1,2\n"3,4\n5,6\n', "quote_open", {"row": 2}),
    "open quote in the last cell": (b'a,b\n1,2\n3,"4', "quote_open", {"row": 2}),
    "open quote in the last line": (b'a,b\n1,2\n3,"4\n', "quote_open", {"row": 2}),
    "open quote before megabytes": (b'a,b\n1,2\n"' + b"3,4\n" * 1_000_000, "quote_open", {"row": 2}),
    "open quote closed by another": (b'n,a,b\n"x,1,2\ny,1,2\n"z",3,4\n', "quote_open", {"row": 1}),
    "open quotes in pairs": (b'n,a,b\n"x,1,2\ny,1,2\n"z,3,4\n', "quote_open", {"row": 1}),
    "open quote in a cell of two pieces": (b'a,b\n1,"' + b"x" * 1_500_000, "line_too_long", {"row": 1}),
    "endless line": (b"a,b\n1,2\n" + b"x" * 5_000_000, "line_too_long", {"row": 2}),
    "endless line of cells": (b"a,b\n1,2\n" + b"1," * 2_500_000, "line_too_long", {"row": 2}),
    "endless first line": (b"x" * 5_000_000, "header_too_long", {}),
}


class TestBrokenRows:
    @pytest.mark.parametrize(("content", "code", "details"), FAULTS.values(), ids=FAULTS)
    def test_are_refused_with_their_number(self, refused, content, code, details):
        found, where = refused(content)
        assert found == code
        assert details.items() <= where.items()
        words = sentence(DataError(found, file="table.csv", **where))
        assert words.startswith("table.csv")
        assert ("row {row} below the header" if "row" in details else "row 1").format(**where) in words or (
            where.get("without_header") and "below the header" not in words
        )

    def test_are_counted_as_the_rows_of_the_table_are(self, refused):
        assert refused('\n\nname,A\n"two\nlines",1\n\n\nx,2\ny\n')[1]["row"] == 3

    def test_who_reads_ahead_takes_nothing_of_what_is_read_anew_to_find_it(self, refused, monkeypatch):
        read, find_fault, main = Unpacked.read, delimited.find_fault, threading.get_ident()
        looking, late = threading.Event(), []

        def slow_read(source, size):
            if threading.get_ident() != main:
                time.sleep(random.random() * 0.004)
                late.append(looking.is_set())
            return read(source, size)

        def seen_find_fault(*arguments):
            looking.set()
            return find_fault(*arguments)

        monkeypatch.setattr(Unpacked, "read", slow_read)
        monkeypatch.setattr(delimited, "find_fault", seen_find_fault)
        for _ in range(50):  # about every tenth time one read is under way when pyarrow refuses the row
            looking.clear()
            assert refused(b"a,b\n1,2\n" + b"x" * 5_000_000) == ("line_too_long", {"row": 2})
        assert set(late) == {False}

    def test_an_open_quote_is_seen_where_its_line_began_in_an_earlier_piece(self, refused, small_blocks):
        assert refused("a,b\n" + "1,2\n" * 100 + '3,"' + "x" * 100) == ("quote_open", {"row": 101})


class TestPieces:
    @pytest.mark.parametrize("before", range(64))
    def test_a_line_end_in_a_cell_lies_across_their_ends(self, read, small_blocks, before):
        names = ["x" * before] + ["a\r\nb", "\r", "\r\n", "c\r\n\r\n"] * 40
        content = written({"name": names, "label": [1] * len(names)}, ",", "\r\n", csv.QUOTE_MINIMAL)
        assert columns_of(read(content))["name"] == names

    @pytest.mark.parametrize("rows", range(40, 80))
    def test_lines_end_with_the_file_wherever_a_piece_ends(self, read, small_blocks, rows):
        assert columns_of(read("a,b\r" + "1,2\r" * rows + "\r" * (rows % 3)))["b"] == [2] * rows


class TestWatching:
    CONTENT = b"label,A\n" + b"1,0.5\n" * 1_500_000

    def test_something_is_told_at_once_and_the_shares_grow(self, tmp_path):
        path = tmp_path / "table.csv"
        path.write_bytes(self.CONTENT)
        shares = []
        read_delimited(path, Mapping(), lambda: False, shares.append)
        assert shares[0] == 0
        assert shares == sorted(shares)
        assert len(shares) > 5
        assert 0.8 < shares[-1] <= 1

    @pytest.mark.parametrize("calls", [0, 1, 2, 3, 7])
    def test_it_stops_in_the_middle_of_the_rows(self, tmp_path, calls):
        path = tmp_path / "table.csv"
        path.write_bytes(self.CONTENT)
        asked = []

        def stopped():
            asked.append(calls)
            return len(asked) > calls

        with pytest.raises(Cancelled):
            read_delimited(path, Mapping(), stopped, lambda _share: None)
        assert len(asked) == calls + 1

    def test_it_stops_while_a_fault_is_looked_for(self, tmp_path):
        path = tmp_path / "table.csv"
        path.write_bytes(self.CONTENT + b"1\n")
        pieces = []

        def stopped():
            pieces.append(1)
            return len(pieces) > 20  # of which the first ten are read to know that there is a fault

        with pytest.raises(Cancelled):
            read_delimited(path, Mapping(), stopped, lambda _share: None)


LETTERS = st.characters(exclude_characters="\0", exclude_categories=("Cs",))
WORDS = st.text(LETTERS, max_size=8).map("x".__add__)


@st.composite
def tables(draw):
    """Return columns of numbers or words by name, each of the same number of rows."""
    rows = draw(st.integers(1, 8))
    names = draw(st.lists(WORDS.map(str.strip), min_size=2, max_size=5, unique=True))
    kinds = st.sampled_from([st.floats(allow_nan=False), st.integers(-(2**63), 2**63 - 1), WORDS])
    return {name: draw(st.lists(draw(kinds), min_size=rows, max_size=rows)) for name in names}


def written(columns, delimiter, ends, quoting):
    lines = []
    # Because it ends lines with both characters, the writer quotes cells that hold either.
    writer = csv.writer(SimpleNamespace(write=lines.append), delimiter=delimiter, quoting=quoting)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return "".join(line.removesuffix("\r\n") + ends for line in lines)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tables(),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"]),
)
def test_what_python_writes_is_read_as_it_was(read, columns, delimiter, ends, quoting, encoding):
    content = written(columns, delimiter, ends, quoting).encode(encoding)
    table = read(content, header=True, encoding=encoding)
    assert columns_of(table) == columns


PARTS = [
    "label",
    "A",
    "id",
    *',;\t|"\n\r',
    "\r\n",
    "0",
    "1",
    "0.5",
    "0,5",
    "1,234",
    "inf",
    "1e400",
    "9" * 20,
    "NA",
    " ",
]
PARTS += ["true", "2020-01-01", "是", "é", "\ufeff", "\0", "sep=;\n", "label,A\n1,0.5\n"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(PARTS), max_size=25).map("".join),
    st.sampled_from(ENCODINGS),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=2),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, None, "utf-8", "gb18030", "utf-16", "shift-jis", "cp037"]),
)
def test_of_any_bytes_come_a_table_or_a_refusal(read, text, encoding, turned, header, said):
    content = bytearray(text.encode(encoding))
    for place, byte in turned:
        content[place : place + 1] = bytes([byte])
    try:
        table = read(bytes(content), header=header, encoding=said)
    except DataError:
        return
    table.columns.validate(full=True)
    assert len(set(table.columns.column_names)) == table.columns.num_columns
    assert not any(pa.types.is_binary(kind) for kind in table.columns.schema.types)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(), st.integers(1, 30), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_small_blocks_make_no_difference(read, small_blocks, columns, times, encoding):
    longer = {name: values * times for name, values in columns.items()}
    content = written(longer, ",", "\n", csv.QUOTE_MINIMAL).encode(encoding)
    try:
        table = read(content, header=True, encoding=encoding)
    except DataError as error:
        assert error.code in {"line_too_long", "header_too_long"}  # noqa: PT017 – or there is none
    else:
        assert columns_of(table) == longer
