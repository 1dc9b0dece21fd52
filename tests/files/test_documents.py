"""Tables as documents."""

import numpy as np
import pyarrow as pa
import pytest

from xentviz.core.document import ScoreKind, Task
from xentviz.core.errors import Cancelled, DataError
from xentviz.files.documents import document_of
from xentviz.files.table import RECOGNISED, Kind, Mapping, Table
from xentviz.ui.messages import sentence

LABELS = ["cat", "dog", "cow"]
ROWS = {"A:cat": [0.8, 0.1, 0.2], "A:dog": [0.1, 0.8, 0.2], "A:cow": [0.1, 0.1, 0.6]}


def opened(columns, mapping=RECOGNISED, **more):
    return document_of(Table(pa.table(columns), **more), mapping, "table")


def scores(found, model=0):
    return found.document.models[model].scores.array().tolist()


class TestTasks:
    def test_one_answer_in_many_by_name(self):
        found = opened({"label": LABELS, **ROWS})
        assert found.document.task is Task.MULTICLASS
        assert found.document.categories == ("cat", "dog", "cow")
        assert found.document.labels.array().tolist() == [0, 1, 2]
        assert scores(found)[2] == [0.2, 0.2, 0.6]

    def test_one_answer_in_many_by_number_from_logits(self):
        z = {f"z logits:{k}": np.array([1.0, k, -k], np.float32) for k in range(3)}
        found = opened({"y": [0, 2, None], **z})
        assert found.document.labels.array().tolist() == [0, 2, -1]
        assert found.document.models[0].kind is ScoreKind.LOGIT
        assert found.document.models[0].scores.array().dtype == np.float32

    def test_two_columns_that_exclude_one_another_are_one_question(self):
        found = opened({"label": ["ham", "spam"], "p_ham": [0.9, 0.3], "p_spam": [0.1, 0.7]})
        assert found.document.task is Task.BINARY
        assert found.document.categories == ("spam",)
        assert found.document.labels.array().tolist() == [[0], [1]]
        assert scores(found) == [[0.1], [0.7]]
        assert [note.code for note in found.notes] == ["pair_taken"]

    @pytest.mark.parametrize(
        ("columns", "positive", "yes", "labels", "p"),
        [
            (("p_1", "p_0"), None, "1", [[0], [1]], [[0.1], [0.7]]),
            (("p_0", "p_1"), "0", "0", [[1], [0]], [[0.9], [0.3]]),
        ],
    )
    def test_of_a_pair_1_means_yes_wherever_it_stands_unless_it_is_said(self, columns, positive, yes, labels, p):
        cells = {"p_0": [0.9, 0.3], "p_1": [0.1, 0.7]}
        found = opened({"label": [0, 1], **{name: cells[name] for name in columns}}, Mapping(positive=positive))
        assert found.document.categories == (yes,)
        assert found.document.labels.array().tolist() == labels
        assert scores(found) == p

    def test_a_question_is_called_as_its_yes(self):
        found = opened({"label": ["ham", "spam"], "A": [0.1, 0.7]}, Mapping(positive="spam"))
        assert found.document.categories == ("spam",)
        assert found.document.labels.array().tolist() == [[0], [1]]

    def test_distributions_as_labels_are_said_to_be(self):
        soft = {f"y:{k}": [0.5, 0.2] for k in "ab"} | {"y:c": [0.0, 0.6]}
        found = opened({**soft, **{f"A:{k}": [0.5, 0.25] for k in "ab"}, "A:c": [0.0, 0.5]}, Mapping(multiclass=True))
        assert found.document.task is Task.MULTICLASS
        assert found.document.labels.array().tolist() == [[0.5, 0.5, 0.0], [0.2, 0.2, 0.6]]


class TestScores:
    def test_percentages_become_shares_to_the_last_bit(self):
        found = opened(
            {"label": [1, 0, 1], "A": ["29%", "57 %", ""], "B": [58.0, 0.0, 100.0]}, Mapping(kinds={"B": Kind.PERCENT})
        )
        np.testing.assert_array_equal(scores(found), [[0.29], [0.57], [np.nan]])
        assert scores(found, 1) == [[0.58], [0.0], [1.0]]

    def test_rounded_past_one_are_put_back_and_told(self):
        found = opened({"label": [1, 0], "A": [1.0000001, -1e-9]})
        assert scores(found) == [[1.0], [0.0]]
        (note,) = found.notes
        assert (note.code, note.details["count"], note.details["column"]) == ("rounded_into_range", 2, "A")

    def test_rounded_ones_are_counted_for_each_column(self):
        found = opened({"label": [1, 0], "A": [1.0000001, -1e-9], "B": [0.5, 1.0000001]})
        assert [(note.details["column"], note.details["count"]) for note in found.notes] == [("A", 2), ("B", 1)]

    def test_that_are_percentages_of_more_than_all_are_refused(self):
        with pytest.raises(DataError) as caught:
            opened({"label": [1, 0], "A": [50.0, 101.0]}, Mapping(kinds={"": Kind.PERCENT}))
        assert (caught.value.code, caught.value.details["row"]) == ("probability_out_of_range", 2)

    def test_rows_rounded_to_two_decimals_are_scaled_and_told(self):
        thirds = {f"A:{k}": [0.33, 0.5] for k in "ab"} | {"A:c": [0.33, 0.0]}
        found = opened({"label": ["a", "b"], **thirds})
        np.testing.assert_allclose(np.sum(scores(found), axis=1), 1, rtol=1e-15)
        (note,) = found.notes
        assert note.code == "rows_scaled"
        assert note.details == {"row": 1, "model": "A", "sum": 0.99, "count": 1}

    def test_rows_of_another_sum_are_refused_with_the_worst(self):
        rows = {"A:a": [0.9, 0.9], "A:b": [0.05, 0.9], "A:c": [0.05, 0.19]}
        with pytest.raises(DataError) as caught:
            opened({"label": ["a", "b"], **rows})
        assert caught.value.code == "row_no_distribution"
        assert caught.value.details == {"row": 2, "model": "A", "sum": 1.99, "count": 1}


class TestFaults:
    """In the second block, so that rows must be counted from the first."""

    ROWS = 70_001

    @pytest.mark.parametrize(
        ("columns", "mapping", "code"),
        [
            ({"label": (1, 1), "A": (0.5, 1.5)}, Mapping(kinds={"": Kind.PROBABILITY}), "probability_out_of_range"),
            ({"label": (1, 7.5), "A": (0.5, 0.5)}, RECOGNISED, "label_out_of_range"),
            ({"label": ("1", "x"), "A": (0.5, 0.5)}, RECOGNISED, "not_a_number"),
            ({"label": (1, 1), "A": ("0.5", "x")}, RECOGNISED, "not_a_number"),
            ({"label": ("a", "z"), "A:a": (0.5, 0.5), "A:b": (0.5, 0.5)}, RECOGNISED, "label_unknown"),
            (
                {"label": (0, 0), **{f"logits:{k}": (0.0, np.inf) for k in range(3)}},
                Mapping(multiclass=True),
                "softmax_undefined",
            ),
            (
                {f"{name}:{k}": (0.5, 0.75 if name == "y" else 0.5) for name in "yA" for k in "ab"},
                Mapping(multiclass=True),
                "labels_no_distribution",
            ),
            (
                {"label": (0, 0), **{f"A:{k}": (0.25, 0.5) for k in range(4)}},
                Mapping(multiclass=True),
                "row_no_distribution",
            ),
        ],
    )
    def test_are_found_with_their_row(self, columns, mapping, code):
        table = {name: [first] * (self.ROWS - 1) + [last] for name, (first, last) in columns.items()}
        with pytest.raises(DataError) as caught:
            opened(table, mapping)
        assert (caught.value.code, caught.value.details["row"]) == (code, self.ROWS)
        words = sentence(DataError(code, file="a.csv", **caught.value.details))
        assert f"row {self.ROWS}" in words
        assert "{" not in words


class TestNames:
    def test_need_no_objects_of_python(self):
        found = opened({"id": ["a", None, "é" * 50], "label": [1, 0, 1], "A": [0.5] * 3})
        assert [found.document.name_of(row) for row in range(3)] == ["a", "", "é" * 50]
        assert found.document.row_names.array().dtype == np.dtypes.StringDType()

    def test_may_be_numbers(self):
        assert opened({"id": [7, 8], "label": [1, 0], "A": [0.5] * 2}).document.name_of(1) == "8"


def test_a_doubt_about_the_table_comes_first():
    with pytest.raises(DataError, match="header_missing"):
        opened({"column 1": [1]}, doubt=DataError("header_missing", value="1"))


def test_notes_of_the_table_come_along():
    found = opened({"label": [1], "A": [0.5]}, notes=(DataError("joined_in_order"),))
    assert [note.code for note in found.notes] == ["joined_in_order"]


def test_weights_are_told_to_be_unused():
    found = opened({"label": [1], "A": [0.5], "weight": [3.0]})
    assert [note.code for note in found.notes] == ["weights_unused"]


def test_it_stops_when_told():
    with pytest.raises(Cancelled):
        document_of(Table(pa.table({"label": [1], "A": [0.5]})), RECOGNISED, "", stopped=lambda: True)
