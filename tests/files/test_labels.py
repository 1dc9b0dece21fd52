"""Labels as they are written in the world."""

import numpy as np
import pyarrow as pa
import pytest

from xentviz.core.errors import DataError
from xentviz.files.labels import answers_of, categories_of

NAN = np.nan


def answers(cells, positive=None):
    return answers_of(pa.chunked_array([pa.array(cells)]), "y", positive)


def labels_of(cells, positive=None):
    column = pa.chunked_array([pa.array(cells)])
    return answers_of(column, "y", positive).read(column)


class TestAnswers:
    @pytest.mark.parametrize(
        ("cells", "labels"),
        [
            ([1, 0, None], [1, 0, NAN]),
            ([1.0, 0.25, NAN], [1, 0.25, NAN]),
            ([True, False, None], [1, 0, NAN]),
            (["1", "0", ""], [1, 0, NAN]),
            (["yes", "No", " YES "], [1, 0, 1]),
            (["t", "F", "NA", None], [1, 0, NAN, NAN]),
            (["neg", "pos"], [0, 1]),
            (["yes", "yes"], [1, 1]),
            (["NEGATIVE"], [0]),
            ([-1, 1, -1], [0, 1, 0]),
            ([-1.0, NAN], [0, NAN]),
            ([None, None], [NAN, NAN]),
            ([], []),
        ],
    )
    def test_that_can_only_mean_yes_and_no_are_not_asked_about(self, cells, labels):
        np.testing.assert_array_equal(labels_of(cells), labels)

    def test_tell_what_was_taken_for_granted(self):
        assert answers(["yes", "no"]).note.code == "positive_taken"
        assert answers([-1, 1]).note.code == "minus_one_taken"
        assert answers([0, 1]).note is None

    @pytest.mark.parametrize(
        ("cells", "values"),
        [
            (["ham", "spam", "ham"], ["ham", "spam"]),
            (["spam"], ["spam"]),
            (["yes", "nein"], ["nein", "yes"]),
            ([1, 2, 1], ["1", "2"]),
            ([0, 3, NAN], ["0", "3"]),
            (["a", "b", "c"], ["a", "b", "c"]),
            (["a", "b", "b", "a", "c"], ["a", "b", "c"]),
            ([1, 2, 2, 1, 3], ["1", "2", "3"]),
            (["yes", "no", "no", "maybe"], ["maybe", "no", "yes"]),
        ],
    )
    def test_of_which_the_positive_is_not_known_are_asked_about(self, cells, values):
        with pytest.raises(DataError) as caught:
            answers(cells)
        assert (caught.value.code, caught.value.details["values"]) == ("positive_unknown", values)

    def test_of_which_the_second_comes_late_are_asked_about_too(self):
        with pytest.raises(DataError) as caught:
            answers(np.append(np.full(1_000_000, 3.0), 2.0))
        assert (caught.value.code, caught.value.details["values"]) == ("positive_unknown", ["2", "3"])

    @pytest.mark.parametrize(
        ("cells", "positive", "labels"),
        [
            (["ham", " spam", "", "eggs"], "spam", [0, 1, NAN, 0]),
            ([1, 2, None], "2", [0, 1, NAN]),
            ([0.5, 2.0], "0.5", [1, 0]),
            ([True, False], "0", [0, 1]),
        ],
    )
    def test_count_as_yes_as_a_person_says(self, cells, positive, labels):
        np.testing.assert_array_equal(labels_of(cells, positive), labels)
        assert answers(cells, positive).yes == positive

    def test_that_are_numbers_have_no_word_for_yes(self):
        with pytest.raises(DataError, match="positive_absent"):
            answers([0, 1], "spam")

    @pytest.mark.parametrize(
        ("cells", "row", "value"), [([0, 1, 1.5], 3, 1.5), ([1, np.inf], 2, np.inf), ([0, -0.5], 2, -0.5)]
    )
    def test_that_are_neither_yes_nor_no_nor_between_are_refused(self, cells, row, value):
        with pytest.raises(DataError) as caught:
            answers(cells)
        assert caught.value.code == "label_out_of_range"
        assert (caught.value.details["row"], caught.value.details["value"]) == (row, value)

    def test_of_very_many_words_are_no_labels(self):
        with pytest.raises(DataError) as caught:
            answers(["", *(f"word {i}" for i in range(30))])
        assert caught.value.code == "labels_many"
        assert (caught.value.details["row"], caught.value.details["value"]) == (2, "word 0")


class TestCategories:
    @pytest.mark.parametrize(
        ("cells", "categories", "places"),
        [
            (["cat", "dog", None, " cat"], ["cat", "dog"], [0, 1, NAN, 0]),
            ([0, 2, None], ["0", "1", "2"], [0, 2, NAN]),
            ([1, 3], ["1", "2", "3"], [0, 2]),
            ([0, 1], ["cat", "dog"], [0, 1]),
            ([7.0, NAN], ["3", "7"], [1, NAN]),
            (["2", "1"], ["1", "2"], [1, 0]),
        ],
    )
    def test_are_called_by_name_or_counted_from_0(self, cells, categories, places):
        column = pa.chunked_array([pa.array(cells)])
        found = categories_of(column, "y", categories)(column)
        np.testing.assert_array_equal(found, places)

    @pytest.mark.parametrize(
        ("cells", "categories", "row", "value"),
        [
            (["cat", "cow"], ["cat", "dog"], 2, "cow"),
            ([0, 1, 2], ["cat", "dog"], 3, "2"),
            ([1, 0], ["1", "2"], 2, "0"),
            ([0.5], ["cat", "dog"], 1, "0.5"),
        ],
    )
    def test_that_are_none_are_named(self, cells, categories, row, value):
        column = pa.chunked_array([pa.array(cells)])
        read = categories_of(column, "y", categories)
        with pytest.raises(DataError) as caught:
            read(column)
        assert caught.value.code == "label_unknown"
        assert (caught.value.details["row"], caught.value.details["value"]) == (row, value)
