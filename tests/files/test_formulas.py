import re

import pyarrow
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xentviz.files.formulas import neutralised, restored, restored_table

RISKY = "=+-@\t\r\n\0＝＋－＠"


def through(function, text):
    return function(pyarrow.array([text], pyarrow.string()))[0].as_py()


@pytest.mark.parametrize("start", RISKY)
def test_what_a_spreadsheet_would_run_begins_with_a_quote(start):
    text = f'{start}HYPERLINK("https://example.org")'
    assert through(neutralised, text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=b", "'", "'tis", "plain", " =1", "ﬁ", "1-2", '"=1"'])
def test_other_text_stays_as_it_is(text):
    assert through(neutralised, text) == text
    assert through(restored, text) == text


@pytest.mark.parametrize("text", ["-1", "+1", "-1.5e-3", "+.5", "-7."])
def test_numbers_are_no_formulas(text):
    assert through(neutralised, text) == text


@pytest.mark.parametrize("text", ["-1-2", "-1e", "+", "-", "-1\n", "-١", "-1e5;"])
def test_what_only_begins_as_a_number_may_be_one(text):
    assert through(neutralised, text) == "'" + text


@given(st.text(alphabet=st.one_of(st.sampled_from(RISKY + "'1.e"), st.characters(codec="utf-8")), max_size=6))
@example("'=1")
@example("''=1")
@example("'-1")
def test_every_text_comes_back(text):
    harmless = through(neutralised, text)
    assert through(restored, harmless) == text
    assert harmless[:1] not in RISKY or harmless == "" or re.fullmatch(r"[+-][\d.eE+-]+", harmless)


def test_names_and_words_of_a_table_come_back_and_numbers_are_not_touched():
    table = pyarrow.table({"'=name": ["'=1", None], "'+n": [-1.0, None]})
    back = restored_table(table)
    assert back.column_names == ["=name", "+n"]
    assert back["=name"].to_pylist() == ["=1", None]
    assert back["+n"].to_pylist() == [-1.0, None]
