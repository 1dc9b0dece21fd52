import io

import pytest

from xentviz.files.faults import LONGEST_ROW, find_fault


def fault_of(rows, columns=2):
    fault = find_fault(io.BytesIO(rows), ",", columns)
    return fault and (fault.code, fault.details["row"])


@pytest.mark.parametrize(
    "rows",
    [
        b"",
        b"\n\n",
        b"1,2\n3,4",
        b"1,2\r3,4\r\n\r\n5,6\n",
        b'"a\nb","c ""d"""\n',
        "名,é\n".encode(),
        b'a"b,c\n',
        b"1," + b"x" * 100_000 + b"\n",
        b'"' + b"x\n" * 50_000 + b'",1\n',
    ],
)
def test_rows_that_are_whole_have_none(rows):
    assert fault_of(rows) is None


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        (b"1,2\n\n3\n", "row_ragged", 2),
        (b'"1\n1",2\n3,4,5\n', "row_ragged", 2),
        (b"1,2\n  \n", "row_ragged", 2),
        (b'1,2\n"3,4\n5,6\n', "quote_open", 2),
        (b'1,2\n3,"4', "quote_open", 2),
        (b'1,"2\n3,"4"\n5,6\n', "quote_open", 1),
        (b'1,2\n"' + b"1,2\n" * 400_000, "quote_open", 2),
        (b"1,2\n3\0,4\n", "nul_byte", 2),
        (b'1,2\n"3\n\0",4\n', "nul_byte", 2),
        (b"1,2\n\xff,4\n", "letter_broken", 2),
        (b"1,2\n" + b"x" * LONGEST_ROW, "line_too_long", 2),
        (b"1,2\n" + "名".encode() * (LONGEST_ROW // 2), "line_too_long", 2),
        (b"1,2\n3," + b"x" * 200_000 + b"\n", "line_too_long", 2),
    ],
)
def test_the_first_is_found_with_its_row(rows, code, row):
    assert fault_of(rows) == (code, row)


def test_a_row_of_many_lines_may_not_be_longer_than_one_of_one():
    cell = b'"' + b"x\n" * 50_000 + b'"'
    assert fault_of(b",".join([cell] * 20) + b"\n", columns=20) == ("line_too_long", 1)
