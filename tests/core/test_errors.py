import copy
import pickle

import pytest

from xentviz.core.errors import DataError


def test_an_error_says_its_code_and_details_to_programmers():
    assert str(DataError("label_out_of_range", row=3, value=2.0)) == "label_out_of_range: row=3, value=2.0"


def test_an_error_is_a_value_error_so_that_scripts_need_not_know_it():
    with pytest.raises(ValueError, match="file_empty"):
        raise DataError("file_empty", file="a.csv")


@pytest.mark.parametrize("error", [DataError("row_ragged", row=3, actual=2), DataError("score_missing")], ids=str)
def test_an_error_survives_the_journey_between_processes(error):
    there = pickle.loads(pickle.dumps(error))
    assert (there.code, there.details, str(there)) == (error.code, error.details, str(error))
    assert copy.deepcopy(error).details == error.details


def test_without_details_the_code_stands_alone():
    assert str(DataError("score_missing")) == "score_missing"
