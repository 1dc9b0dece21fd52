import pyarrow as pa
import pytest

from xentviz.core.errors import DataError
from xentviz.files.written_numbers import (
    commas_in,
    first_not_number,
    padded_numbers,
    reaches_2_to_63,
    refuse_overflow,
    was_rounded,
)


def column(*chunks):
    return pa.chunked_array(list(chunks), pa.string())


class TestFirstNotNumber:
    @pytest.mark.parametrize(
        "cell", ["0.5", " 1 ", "+.5", "5.", "1e-3", "-INF", "Infinity", "", "  ", " NA ", "-", None]
    )
    def test_numbers_and_missing_cells_are_passed_over(self, cell):
        assert first_not_number(column([cell])) is None

    @pytest.mark.parametrize("cell", ["abc", "0,5", "50%", "1e", "1 2", "١", "1_000", "0x1p3", "--1", "infinit"])
    def test_anything_else_is_found_in_the_chunk_where_it_is(self, cell):
        assert first_not_number(column(["1", None], [], ["2", cell, "x"])) == (3, cell)

    def test_of_no_cells_there_is_none(self):
        assert first_not_number(column()) is None


class TestCommas:
    def test_are_points_in_columns_of_numbers_alone(self):
        columns = {"A": column(["0,5", " 1 ", "NA", "1,5e-3"]), "B": column(["x,y"]), "C": column(["1,2,3"])}
        assert commas_in(columns).columns == ["A"]
        assert commas_in(columns).note().code == "decimal_comma_taken"

    def test_with_three_digits_after_each_are_doubtful(self):
        commas = commas_in({"A": column(["7"], ["1,234", "12,345"])})
        assert commas.note() is None
        assert commas.doubt().details == {"column": "A", "value": "1,234"}

    @pytest.mark.parametrize("clear", ["0,123", "1,2345", "1,23", "1234,567"])
    def test_one_that_stands_between_no_thousands_makes_all_clear(self, clear):
        commas = commas_in({"A": column(["1,234"]), "B": column(["1,234"], [clear])})
        assert commas.columns == ["A", "B"]
        assert commas.doubt() is None

    def test_without_any_there_are_none(self):
        commas = commas_in({"A": column(["1", ""]), "B": column()})
        assert (commas.columns, commas.note(), commas.doubt()) == ([], None, None)


class TestPaddedNumbers:
    def test_are_numbers_with_nothing_where_nothing_is_given(self):
        assert padded_numbers(column(["  0.5 "], ["  NA", "", "inf"]), False).to_pylist() == [
            0.5,
            None,
            None,
            float("inf"),
        ]

    @pytest.mark.parametrize("cells", [["0.5", "x"], ["0,5"], ["  NA", ""], []])
    def test_are_not_seen_among_words_nor_where_all_are_missing(self, cells):
        assert padded_numbers(column(cells), False) is None


class TestLargeNumbers:
    @pytest.mark.parametrize("values", [[2.0**63], [-1e300, None], [float("-inf")]])
    def test_are_seen(self, values):
        assert reaches_2_to_63(pa.chunked_array([values]))

    @pytest.mark.parametrize("values", [[2.0**62, -5.0], [None], [], [float("nan")]])
    def test_are_not_seen_where_there_are_none(self, values):
        assert not reaches_2_to_63(pa.chunked_array([values], pa.float64()))

    def test_that_became_infinite_are_refused_and_infinities_are_not(self):
        infinities = [float("inf"), float("-inf"), None, float("inf")]
        refuse_overflow("A", pa.chunked_array([infinities[:3]]), column(["inf", " -Infinity "], ["NA"]))
        with pytest.raises(DataError) as caught:
            refuse_overflow("A", pa.chunked_array([infinities]), column(["inf", "-inf", "NA", " 1e400"]))
        assert caught.value.details == {"row": 4, "column": "A", "value": "1e400"}

    def test_that_are_whole_were_rounded_and_others_were_not(self):
        assert was_rounded(pa.chunked_array([[2.0**64, 1.0]]), column(["18446744073709551617", "1"]))
        assert not was_rounded(pa.chunked_array([[1e300, 1.0]]), column(["1e300", "1"]))
