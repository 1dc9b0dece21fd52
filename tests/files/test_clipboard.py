import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xentviz.core.errors import DataError
from xentviz.files.clipboard import to_columns, to_text

cells = st.text(st.characters(codec="utf-8"), max_size=8).map(str.strip)
widths = st.shared(st.integers(1, 4), key="width")
rows = widths.flatmap(lambda width: st.lists(cells, min_size=width, max_size=width))
tables = st.lists(rows, max_size=5).filter(lambda rows: not rows or any(rows[-1]))


def to_cells(text):
    """Return the rows of copied text."""
    return [list(row) for row in zip(*to_columns(text), strict=True)]


@given(tables)
@example([["a\tb", 'say "a"'], ["two\nlines", "old\rMac"], ["", "x"]])
@example([[""], ["=1+1"]])
@example([["a\r\nb"]])
def test_what_is_copied_is_pasted(rows):
    assert to_cells(to_text(rows)) == rows


@pytest.mark.parametrize("text", ["a\tb\nc\td", "a\tb\r\nc\td\r\n", "a\tb\rc\td\r", " a\tb \nc\td\n\n\t\n"])
def test_text_of_any_system_is_understood(text):
    assert to_cells(text) == [["a", "b"], ["c", "d"]]


def test_blank_cells_in_one_column_are_cells():
    assert to_columns("a\n\n\nb\n\n\n") == [["a", "", "", "b"]]


@pytest.mark.parametrize(
    ("text", "row", "actual"),
    [("a\tb\nc\n", 2, 1), ("a\nb\tc\n", 2, 2), ("a\tb\n\nc\td\n", 2, 1), ('"a\nb"\tc\nd\te\tf\n', 2, 3)],
)
def test_rows_of_different_sizes_are_refused(text, row, actual):
    with pytest.raises(DataError) as caught:
        to_columns(text)
    assert caught.value.code == "paste_ragged"
    assert (caught.value.details["row"], caught.value.details["actual"]) == (row, actual)


def test_nothing_is_no_cells():
    assert to_cells("") == []
    assert to_cells("\n\t\n") == []


def test_much_text_after_a_stray_quotation_mark_is_split_all_the_same():
    text = '"1\t2\n' + "1\t2\n" * 50_000
    assert to_cells(text)[:2] == [['"1', "2"], ["1", "2"]]
    assert len(to_cells(text)) == 50_001


def test_numbers_are_copied_as_they_are():
    assert to_text([["1", "-0.5"]]) == "1\t-0.5\n"
