import pytest

from xentviz.core.errors import DataError
from xentviz.files.dialects import dialect_of
from xentviz.files.limits import COLUMNS


def dialect(text, header=None):
    return dialect_of(text, True, header)


@pytest.mark.parametrize("delimiter", ",;\t|")
def test_what_stands_between_the_cells_is_what_makes_rows_of_one_length(delimiter):
    rows = [["name", "label", "A"], ["a", "1", "0.5"], ["b", "0", "0.25"]]
    assert dialect("\n".join(delimiter.join(row) for row in rows)).delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("label;A\n1;0,5\n0;0,25\n", ";"),
        ("0,5;0,7;0,9\n0,5;0,7;0,1\n", ";"),
        ("0,5;0,7\n", ";"),
        ("0,5\t0,7\n1,5\t0,25\n", "\t"),
        ("name;x,label,A\na;b,1,0.5\n", ","),
        ('name,label\n"a;b;c",1\n', ","),
        ("label,A;B\n1,0.5\n", ","),
        ("a|b,c\n1,2\n", ","),
        ("label,A,B\n1,.5\n1,.5,.1\n", ","),
        ("label\n1\n", ","),
        ("label;A\n", ";"),
        ('label;A\n"1;0\n', ";"),
    ],
)
def test_it_is_told_by_rows_and_numbers_before_the_first_line(text, delimiter):
    assert dialect(text).delimiter == delimiter


@pytest.mark.parametrize("line", ["sep=|\n", "SEP=|\r\n", "\ufeffsep=|\r"])
def test_the_line_for_excel_is_obeyed_and_left_out(line):
    found = dialect(line + "a,b|c\n1|2\n")
    assert (found.names, found.delimiter) == (["a,b", "c"], "|")
    assert (line + "a,b|c\n1|2\n").encode()[found.above :] == b"1|2\n"


@pytest.mark.parametrize("letter", ["x", "é", "\x9b", " "])
def test_a_line_for_excel_with_what_separates_nothing_is_a_header(letter):
    assert dialect(f"sep={letter}\n1\n").names == ["sep=" + letter.strip()]


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "\ufeffa,b\n1,2\n", "\r\n\na,b\r1,2\n", '"é\n""",b\n1,2\n', "\udcff,b\n1,2\n"]
)
def test_the_rows_begin_below_the_header_however_it_is_written(text):
    found = dialect(text)
    assert found.has_header
    assert text.encode(errors="surrogateescape")[found.above :] == b"1,2\n"


@pytest.mark.parametrize("first", ["1,0.5", ",0.5", "-1e3,NA", "50%,inf", '"0,5","0,7"', " 1 , 2 "])
def test_a_first_row_of_numbers_is_a_row_and_a_doubt(first):
    found = dialect(f"\ufeff\n{first}\n0,0.2\n")
    assert (found.names, found.has_header) == (["column 1", "column 2"], False)
    assert [(doubt.code, doubt.details) for doubt in found.doubts] == [("header_missing", {"value": first})]
    assert found.above == len("\ufeff\n".encode())


@pytest.mark.parametrize("first", ["a,1", "label,A", ",", "NA,", "1a,2"])
def test_a_first_row_with_a_word_or_without_anything_is_a_header(first):
    assert dialect(f"{first}\n0,0.2\n").has_header


def test_what_a_person_says_of_the_first_row_is_not_doubted():
    found = dialect("1,2\n3,4\n", header=True)
    assert (found.names, found.has_header, found.doubts) == (["1", "2"], True, ())
    found = dialect("a,b\n3,4\n", header=False)
    assert (found.names, found.has_header, found.doubts) == (["column 1", "column 2"], False, ())


def test_names_that_come_twice_are_numbered_and_doubted():
    found = dialect("p,q, p,p (2),p,,\n")
    assert found.names == ["p", "q", "p (3)", "p (2)", "p (4)", "", " (2)"]
    assert [(doubt.code, doubt.details) for doubt in found.doubts] == [("column_twice", {"column": "p"})]


def test_so_many_columns_are_read_and_no_more():
    assert len(dialect(",".join(f"c{n}" for n in range(COLUMNS))).names) == COLUMNS
    with pytest.raises(DataError) as caught:
        dialect(",".join(f"c{n}" for n in range(COLUMNS + 1)))
    assert (caught.value.code, caught.value.details) == (
        "columns_too_many",
        {"columns": COLUMNS + 1, "limit": COLUMNS},
    )


@pytest.mark.parametrize("text", ["", "\n\r\n", "\ufeff", "sep=;", "sep=;\n\n"])
def test_a_text_without_a_row_is_empty(text):
    with pytest.raises(DataError, match="file_empty"):
        dialect(text)


@pytest.mark.parametrize(
    ("text", "whole", "code"),
    [
        ('label,"A\n1,0.5\n', True, "header_quote_open"),
        ('"label"x,A\n1,0.5\n', True, "header_quote_open"),
        ("a" * 200_000, True, "header_too_long"),
        ("a,b", False, "header_too_long"),
        ("a\0,b\n", True, "file_not_text"),
    ],
)
def test_a_broken_header_is_refused(text, whole, code):
    with pytest.raises(DataError, match=code):
        dialect_of(text, whole, None)
