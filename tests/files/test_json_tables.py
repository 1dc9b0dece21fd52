import contextlib
import json
import string

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xentviz.core.errors import Cancelled, DataError
from xentviz.files import json_tables, limits
from xentviz.files.json_columns import JsonColumns
from xentviz.files.json_tables import is_json, read_json
from xentviz.files.table import RECOGNISED
from xentviz.ui.messages import SENTENCES, sentence

RECORDS = [{"label": 1, "p": 0.25}, {"label": 0, "p": 0.5}]
COLUMNS = {"label": [1, 0], "p": [0.25, 0.5]}
LINES = '{"label": 1, "p": 0.25}\n{"label": 0, "p": 0.5}\n'


@pytest.fixture
def read(tmp_path):
    """Return a function that writes JSON and reads it."""

    def written(content, name="scores.json", stopped=lambda: False, report=lambda share: None):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        assert is_json(path)
        return read_json(path, RECOGNISED, stopped, report)

    return written


@pytest.fixture
def columns(read):
    """Return a function that reads JSON and returns its columns."""
    return lambda *given: read(*given).columns.to_pydict()


@pytest.fixture
def refused(read):
    """Return a function that reads JSON and returns the error, for which there is a sentence."""

    def error_of(content, name="scores.json"):
        with pytest.raises(DataError) as caught:
            read(content, name)
        error = DataError(caught.value.code, file=name, **caught.value.details)
        words = sentence(error)
        assert error.code in SENTENCES
        assert words.startswith(name)
        assert words.endswith(".")
        assert "{" not in words.replace("“{”", "")
        for place in ("line", "character"):
            assert str(error.details.get(place, "")) in words
        return error

    return error_of


FORMS = {
    "records": json.dumps(RECORDS),
    "records of a member": json.dumps({"version": 1, "data": RECORDS, "schema": {"fields": []}}),
    "columns": json.dumps(COLUMNS),
    "columns of pandas": json.dumps({"label": {"0": 1, "1": 0}, "p": {"0": 0.25, "1": 0.5}}),
    "lines": LINES,
    "lines without an end": LINES.strip(),
    "lines of Windows": LINES.replace("\n", "\r\n"),
    "lines with blank ones": "\n \n" + LINES.replace("\n", "\n\n\t\n"),
    "indented": json.dumps(RECORDS, indent=2),
    "indented columns": json.dumps(COLUMNS, indent=2),
}


class TestForms:
    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
    def test_are_told_by_what_they_hold(self, columns, form, encoding):
        assert columns(FORMS[form].encode(encoding)) == COLUMNS

    @pytest.mark.parametrize("form", [form for form in FORMS if form.startswith("lines")])
    @pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.JSONL"])
    def test_of_lines_may_be_told_by_the_name(self, columns, form, name):
        assert columns(FORMS[form], name) == COLUMNS

    def test_of_a_list_are_read_even_if_called_lines(self, columns):
        assert columns(json.dumps(RECORDS), "a.jsonl") == COLUMNS

    def test_of_one_record_are_one_row(self, columns):
        assert columns('{"label": 1, "p": [0.2, 0.8]}', "a.jsonl") == {"label": [1], "p:0": [0.2], "p:1": [0.8]}
        assert columns('{"label": 1, "p": 0.2}') == {"label": [1], "p": [0.2]}

    def test_have_no_header(self, read):
        assert not read(LINES).has_header

    @pytest.mark.parametrize("content", ["label,p\n1,0.5\n", "", "  ", '"text"', "1"])
    def test_of_other_kinds_are_left_to_others(self, tmp_path, content):
        path = tmp_path / "a.json"
        path.write_text(content)
        assert not is_json(path)
        path = tmp_path / "a.csv"
        path.write_text(FORMS["records"])
        assert not is_json(path)


def in_every_form(records):
    """Return records as a list, as lines after a plain one that teaches, and as lines at once."""
    one = [json.dumps(record) for record in records]
    return [f"[{','.join(one)}]", "\n".join(one), "\n".join([*one[:1], *one])]


class TestValues:
    @pytest.mark.parametrize(
        ("cells", "kept", "kind"),
        [
            ("1, 0.5", [1.0, 0.5], "double"),
            ("1, null", [1, None], "int64"),
            ("0.5, NaN", [0.5, None], "double"),
            ("Infinity, -Infinity", [float("inf"), float("-inf")], "double"),
            ("true, false", [True, False], "bool"),
            ("null, null", [None, None], "null"),
            ('1, "cat"', ["1", "cat"], "string"),
            ('0.5, "cat"', ["0.5", "cat"], "string"),
            ('true, "cat"', ["true", "cat"], "string"),
            ("true, 1", ["true", "1"], "string"),
            ('"2020-01-01", "2020-01-02"', ["2020-01-01", "2020-01-02"], "string"),
            ('"007", "1"', ["007", "1"], "string"),
            ("9223372036854775807, 1", [2**63 - 1, 1], "int64"),
            ("9223372036854775808, 1", ["9223372036854775808", "1"], "string"),
            ("18446744073709551617, 0", ["18446744073709551617", "0"], "string"),
            (f"{'9' * 5000}, 0", ["9" * 5000, "0"], "string"),
            ("9007199254740993, 0.5", ["9007199254740993", "0.5"], "string"),
            ('"\\ud83d\\ude00", "\\u00e4"', ["😀", "ä"], "string"),
            ('"\\ud83d", "a\\udc00b"', ["\ufffd", "a\ufffdb"], "string"),
            ('"\\u0000", "\\"\\\\\\/\\b\\f\\n\\r\\t"', ["\0", '"\\/\b\f\n\r\t'], "string"),
            ("1e5, -0.0", [1e5, -0.0], "double"),
            ("1e-400, 0.1000000000000000055511151231257827", [0.0, 0.1], "double"),
        ],
    )
    def test_are_kept_exactly_whatever_the_form(self, read, cells, kept, kind):
        first, second = cells.split(", ")
        one, other = (f'{{"a": {cell}}}' for cell in (first, second))
        for content in (f"[{one},{other}]", f"{one}\n{other}", f'{{"a": [{cells}]}}'):
            column = read(content).columns["a"]
            assert str(column.type) == kind
            assert column.to_pylist() == kept

    def test_too_small_for_a_number_count_as_0_and_are_told(self, read):
        tiny = f"0.{'0' * 400}1"
        for cell in ("1e-400", "-1.5E-9999", tiny):
            records = [f'{{"A": {number}, "B": 0e-400}}' for number in (0.5, 0.0, cell, cell)]
            for content in (f"[{','.join(records)}]", "\n".join(records)):
                table = read(content)
                assert table.columns["A"].to_pylist() == [0.5, 0.0, 0.0, 0.0]
                expected = {"row": 3, "column": "A", "value": cell}
                assert [(note.code, note.details) for note in table.notes] == [("number_too_small", expected)]

    def test_too_small_within_lists_are_told_by_their_column(self, read):
        (note,) = read('[{"label": 1, "A": [0.5, 1e-400]}]').notes
        assert note.details == {"row": 1, "column": "A:1", "value": "1e-400"}

    def test_are_missing_where_a_record_lacks_them(self, columns):
        for content in in_every_form([{"a": 1}, {"b": 2}, {"a": 3, "c": None}]):
            read = columns(content)
            assert read["a"][-3:] == [1, None, 3]
            assert read["b"][-3:] == [None, 2, None]
            assert read["c"][-3:] == [None, None, None]

    def test_of_lists_of_numbers_are_columns(self, columns):
        for content in in_every_form([{"p": [0.25, 0.5], "q": [1]}, {"p": None, "q": [0]}, {"p": [1, None]}]):
            read = columns(content)
            assert list(read) == ["p:0", "p:1", "q"]
            assert read["p:0"][-3:] == [0.25, None, 1]
            assert read["p:1"][-3:] == [0.5, None, None]
            assert read["q"][-3:] == [1, 0, None]

    def test_may_change_their_type_late(self, columns):
        lines = [f'{{"a": {i}, "b": true, "c": null, "d": "x", "e": 1}}' for i in range(100_000)]
        late = '{"a": 0.5, "b": "no", "c": 7, "d": 2.0, "e": 18446744073709551617}'
        read = columns("\n".join([*lines, late, *lines]), "a.jsonl")
        assert read["a"][-100_001:-99_999] == [0.5, 0.0]
        assert read["b"][-100_001:-99_999] == ["no", "true"]
        assert read["c"][-100_001:-99_999] == [7, None]
        assert read["d"][-100_001:-99_999] == ["2", "x"]
        assert read["e"][-100_001:-99_999] == ["18446744073709551617", "1"]
        assert len(read["a"]) == 200_001

    def test_are_named_in_whole_letters(self, columns):
        for content in (r'[{"\ud800ä": 1}]', r'{"\ud800ä": [1]}', r'{"\ud800ä": 1}' + "\n" + r'{"\ud800ä": 1}'):
            assert columns(content)["\ufffdä"][0] == 1


class TestBroken:
    @pytest.mark.parametrize(
        ("content", "line", "character"),
        [
            ('[{"a": 1},\n]', 2, 1),
            ('[{"a": 1,}\n]', 1, 10),
            ('[{"a": 1}', 1, 10),
            ('[{"a": 1}\n{"a": 2}]', 2, 1),
            ('[{"a": 1}] 5', 1, 12),
            ('[{"a": 01}]', 1, 9),
            ("[{'a': 1}]", 1, 3),
            ('{"a": [1, 2', 1, 12),
            ('{"a": [1],\n "b": [2],}', 2, 11),
            ('{"a": [1],\n b: [2]}', 2, 2),
            ('{"a" [1]}', 1, 6),
            ("[", 1, 2),
            ("{", 1, 2),
            ('{"a": "x\ny"}', 1, 9),
        ],
    )
    def test_are_told_by_line_and_character(self, refused, content, line, character):
        error = refused(content)
        assert (error.code, error.details["line"], error.details["character"]) == ("json_broken", line, character)

    @pytest.mark.parametrize(
        ("bad", "character"),
        [
            ('{"a": 1', 8),
            ('{"a": 1,}', 9),
            ('{"a": 1} {"a": 2}', 10),
            ('{"a": 1},', 9),
            ('{"a": 1} // more', 10),
            ('{"a": x}', 7),
            ('{"a": "x}', 7),
            ("garbage", 1),
        ],
    )
    def test_lines_are_told_however_far_down(self, refused, bad, character):
        for before in (1, 100_000):
            error = refused('{"a": 1}\n\n' * before + bad + '\n{"a": 1}\n', "a.jsonl")
            assert error.code == "json_broken"
            assert (error.details["line"], error.details["character"]) == (2 * before + 1, character)

    def test_names_given_twice_are_refused(self, refused):
        for content in (
            '[{"a": 1},\n{"b": 1, "b": 2}]',
            '{"a": 1}\n{"b": 1, "b": 2}',
            '{"a": 1}\n{"b": 1, "\\u0062": 2}',
        ):
            error = refused(content)
            assert (error.code, error.details["line"], error.details["column"]) == ("field_twice", 2, "b")
        assert refused('{"a": [1], "a": [2]}').code == "column_twice"
        assert refused('{"a": 1, "b": 1}\n' * 99_999 + '{"a": 1, "a": 2}', "a.jsonl").details["line"] == 100_000

    def test_names_made_twice_are_refused(self, refused):
        for content in in_every_form([{"p": [0.5, 0.5], "p:0": 1}]):
            assert refused(content, "a.jsonl").code == "column_twice"

    @pytest.mark.parametrize("deep", ["[" * 200_000, '[{"a":' + "[" * 200_000, '[{"a":' + '{"a":' * 200_000])
    def test_depth_is_limited(self, refused, deep):
        assert refused(deep).code == "json_deep"
        if deep.startswith("[{"):
            for before in (1, 200_000):
                assert refused('{"a":1}\n' * before + deep[1:], "a.jsonl").code == "json_deep"

    def test_depth_over_many_lines_never_reaches_pyarrow(self, refused):
        content = '{"a":1}\n' * 200_000 + '{"a":\n' * 200_000
        assert refused(content, "a.jsonl").details["line"] == 200_001

    @pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400 + ".5"])
    def test_numbers_too_large_are_never_infinite(self, refused, number):
        for content in (
            f'[{{"a": 1}},\n{{"a": {number}}}]',
            f'{{"a": 1}}\n{{"a": {number}}}',
            f'{{"a": [1,\n{number}]}}',
        ):
            error = refused(content)
            assert (error.code, error.details["line"], error.details["value"]) == ("json_number_too_large", 2, number)
        plain = '{"a": 0.5}\n' * 200_000
        assert refused(f'{plain}{{"a": {number}}}', "a.jsonl").details["line"] == 200_001

    @pytest.mark.parametrize(
        "value", ['{"b": 1}', "[[1]]", '["x"]', '[{"b": 1}]', "[0.5, [1]]"], ids=lambda value: value
    )
    def test_what_is_nested_names_its_column(self, refused, value):
        for content in (f'[{{"a": {value}}}]', f'{{"a": null}}\n{{"a": {value}}}', f'{{"a": 1}}\n{{"a": {value}}}'):
            error = refused(content)
            assert (error.code, error.details["column"]) == ("cell_nested", "a")

    @pytest.mark.parametrize(("first", "then"), [("[1, 2]", "[1]"), ("1", "[1, 2]"), ("[1, 2]", "1"), ("[1, 2]", "[]")])
    def test_lists_of_different_lengths_name_the_row(self, refused, first, then):
        one, other = f'{{"a": {first}}}', f'{{"a": {then}}}'
        for content in (f"[{one},{one},{other}]", f"{one}\n{one}\n{other}"):
            error = refused(content)
            assert (error.code, error.details["row"]) == ("list_uneven", 3)
        error = refused(f"{one}\n" * 200_000 + other, "a.jsonl")
        assert (error.code, error.details["row"]) == ("list_uneven", 200_001)

    def test_columns_of_different_lengths_are_told_with_both(self, refused):
        error = refused('{"a": [1, 2], "b": [1]}')
        assert (error.code, error.details["rows"], error.details["other_rows"]) == ("arrays_unequal", 2, 1)

    @pytest.mark.parametrize(
        "content",
        [
            "[]",
            "{}",
            "[1, 2]",
            "[[1, 2]]",
            "[{}]",
            '[{"a": []}]',
            '[{"a": 1}, 2]',
            '{"a": [{"x": 1}], "b": [{"x": 1}]}',
            '{"a": {"0": 1}, "b": {"1": 1}}',
            '{"a": {}}',
            '{"a": 1}\n[1]',
        ],
    )
    def test_what_is_no_table_is_said(self, refused, content):
        assert refused(content).code in {"json_shape", "cell_nested"}

    @pytest.mark.parametrize("content", [b'[{"a": "\xff"}]', '{"a": "ä"}\n{"a": 1}'.encode("latin-1"), b"\xff\xfe[\0{"])
    def test_letters_in_another_encoding_are_refused(self, refused, content):
        assert refused(content).code in {"json_not_utf8", "json_broken"}
        assert refused('{"a": "ä"}'.encode("latin-1"), "a.jsonl").code == "json_not_utf8"

    @pytest.mark.parametrize("make", [lambda i: f"k{i}", lambda i: "p"])
    def test_more_columns_than_tables_have_are_refused(self, refused, make):
        wide = {make(i): 1 for i in range(10_000)} if make(0) == "k0" else {"p": [0] * 10_000}
        for content in in_every_form([{"a": 1}, wide]):
            assert refused(content).code == "columns_too_many"
        other = "\n".join(json.dumps({f"k{i}": 1}) for i in range(10_000))
        assert refused(other, "a.jsonl").code == "columns_too_many"

    def test_a_line_without_end_is_refused(self, refused, monkeypatch):
        monkeypatch.setattr(json_tables, "LINE_LETTERS", 2_000_000)
        error = refused('{"a": 1}\n{"a": "' + "x" * 5_000_000, "a.jsonl")
        assert (error.code, error.details["line"]) == ("line_long", 2)

    def test_a_long_line_is_read(self, columns):
        text = "x" * 3_000_000
        assert columns('{"a": 1}\n' * 9 + f'{{"a": "{text}"}}\n', "a.jsonl") == {"a": ["1"] * 9 + [text]}

    def test_what_takes_more_than_the_memory_is_refused_unread(self, refused, monkeypatch):
        monkeypatch.setattr(limits, "half_of_memory", lambda: 1000)
        assert refused(json.dumps(RECORDS * 100)).code == "file_too_large"


class TestStopping:
    @pytest.mark.parametrize("form", FORMS)
    def test_reading_stops_when_told(self, read, form):
        with pytest.raises(Cancelled):
            read(FORMS[form], stopped=lambda: True)

    def test_reading_stops_within_a_long_list(self, read):
        asked = []
        with pytest.raises(Cancelled):
            read(json.dumps({"a": [0.5] * 10**5}), stopped=lambda: len(asked.append(None) or asked) == 3)

    @pytest.mark.parametrize("content", [LINES * 100_000, json.dumps(RECORDS * 20_000), FORMS["columns"]])
    def test_reading_tells_the_share_done(self, read, content):
        shares = []
        read(content, report=shares.append)
        assert shares == sorted(shares)
        assert shares
        assert all(0 <= share <= 1 for share in shares)


NUMBERS = st.one_of(st.integers(), st.floats(), st.integers(-(10**17), 10**17))
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    st.text(max_size=4),
    st.text("a\ud83d\ude00", max_size=3),
    st.lists(NUMBERS, max_size=3),
)
TABLES = st.lists(st.dictionaries(st.text("ab:ä\ud800", max_size=2), CELLS, max_size=3), max_size=8)


def outcome(content, path):
    """Return the columns in JSON without nan, or the code of the error."""
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    try:
        table = read_json(path, RECOGNISED, lambda: False, lambda share: None).columns
    except DataError as error:
        return error.code
    return {name: [None if cell != cell else cell for cell in cells] for name, cells in table.to_pydict().items()}


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TABLES, st.booleans())
@example([{"a": 1}, {"a": 2**60}, {"a": 0.5}], True)
def test_plain_lines_are_read_by_pyarrow_as_records_are_by_python(tmp_path, records, ascii_only):
    one = "\n".join(json.dumps(record, ensure_ascii=ascii_only) for record in records)
    kept = []
    for add_plain in (JsonColumns.add_plain, lambda columns, text: False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(JsonColumns, "add_plain", add_plain)
            patch.setattr(json_tables, "PIECE_BYTES", 40)
            path = tmp_path / "a.jsonl"
            kept.append(outcome(one or "{}", path))
    assert kept[0] == kept[1]


LETTERS = st.sampled_from(
    [*'[]{}",:\n\\', "\r\n", " ", "null", "NaN", "1", "0.5", '"a"', '"a":', '{"a":1}', "\ufeff", "\0"]
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.lists(LETTERS, max_size=30).map("".join), st.text(string.printable)), st.sampled_from(["[", "{"]))
def test_no_text_whatever_makes_reading_fail_with_anything_but_a_data_error(tmp_path, content, first):
    for name in ("a.json", "a.jsonl"):
        path = tmp_path / name
        path.write_text(first + content, encoding="utf-8")
        with contextlib.suppress(DataError):
            assert read_json(path, RECOGNISED, lambda: False, lambda share: None).columns.num_columns > 0
