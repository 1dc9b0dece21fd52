import pytest

from xentviz.core.errors import DataError


def test_an_error_says_its_code_and_details_to_programmers():
    assert str(DataError("label_out_of_range", row=3, value=2.0)) == "label_out_of_range: row=3, value=2.0"


def test_an_error_is_a_value_error_so_that_scripts_need_not_know_it():
    with pytest.raises(ValueError, match="file_empty"):
        raise DataError("file_empty", file="a.csv")
