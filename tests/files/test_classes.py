"""Columns of scores that are but counted, and what they stand for."""

import json

import numpy as np
import pyarrow as pa
import pytest

from xentviz.cli import main
from xentviz.core.document import Task
from xentviz.core.errors import DataError
from xentviz.files import read
from xentviz.files.classes import ROUNDED
from xentviz.files.map_option import mapping_of
from xentviz.files.opened import Doubtful
from xentviz.files.roles import recognized
from xentviz.files.table import RECOGNISED
from xentviz.files.uses import Use, answered, mapping_from
from xentviz.ui.messages import sentence

ANIMALS = ["dog", "bird", "cat", "dog"]
SCORES = np.array([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.2, 0.2, 0.6]])


@pytest.fixture
def table(tmp_path):
    """Return a writer of labels beside columns of scores."""

    def write(labels, columns, scores=SCORES):
        path = tmp_path / "animals.csv"
        rows = [",".join(map(str, [label, *row])) for label, row in zip(labels, scores.tolist(), strict=True)]
        path.write_text("\n".join([",".join(["label", *columns]), *rows]) + "\n")
        return path

    return write


def doubt_of(path):
    with pytest.raises(Doubtful) as caught:
        read(path)
    assert caught.value.is_question
    return caught.value


@pytest.mark.parametrize("columns", [["0", "1", "2"], ["p0", "p1", "p2"], ["p_1", "p_2", "p_3"], ["M:0", "M:1", "M:2"]])
@pytest.mark.parametrize(
    ("labels", "categories"),
    [(ANIMALS, ["bird", "cat", "dog"]), ([30, 4, 7, 30], ["4", "7", "30"])],
)
def test_that_may_stand_for_the_labels_in_order_are_asked_about(table, columns, labels, categories):
    doubt = doubt_of(table(labels, columns))
    assert doubt.code == "categories_doubtful"
    assert (doubt.details["columns"], doubt.details["categories"]) == (columns, categories)
    assert sentence(doubt).endswith(f"in this order: {', '.join(categories)}?")


def test_are_what_the_sheet_shows_until_another_answer_is_given(table):
    doubt = doubt_of(table(ANIMALS, ["p0", "p1", "p2"]))
    answer = answered(doubt.table, doubt.source, lambda: False, lambda _share: None)
    assert answer.groups
    assert answer.uses == {"label": Use.LABEL, **dict.fromkeys(["p0", "p1", "p2"], Use.PROBABILITY)}
    opened = answer.outcome
    assert opened.document.categories == ("bird", "cat", "dog")
    assert opened.document.labels.array().ravel().tolist() == [2, 0, 1, 2]
    assert [note.code for note in opened.notes] == ["categories_said"]
    assert sentence(opened.notes[0]) == "The columns p0, p1, p2 stand for bird, cat, dog."
    again = read(opened.source.paths, mapping=opened.source.mapping)
    assert again.document.categories == ("bird", "cat", "dog")


def test_are_put_in_the_order_of_their_numbers(table):
    path = table(ANIMALS, ["p2", "p0", "p1"], SCORES[:, [2, 0, 1]])
    document = read(path, mapping=mapping_of("categories=bird+cat+dog")).document
    np.testing.assert_array_equal(document.models[0].scores.array(), SCORES)


@pytest.mark.parametrize("columns", [["p0", "p1", "p2"], ["A", "B", "C"]])
def test_stand_for_what_a_person_says(table, columns):
    document = read(table(ANIMALS, columns), mapping=mapping_of("categories=dog+cat+bird")).document
    assert (document.task, document.categories) == (Task.MULTICLASS, ("dog", "cat", "bird"))
    assert document.labels.array().ravel().tolist() == [0, 2, 1, 0]


def test_of_labels_that_do_not_all_occur_are_said_on_the_command_line(table, capsys):
    path = table(["dog", "cat", "cat", "dog"], ["p0", "p1", "p2"])
    assert main([str(path), "--json", "--map", "categories=bird+cat+dog"]) == 0
    assert json.loads(capsys.readouterr().out)["categories"] == ["bird", "cat", "dog"]


@pytest.mark.parametrize("columns", [["p0", "p1", "p2"], ["A", "B", "C"]])
def test_of_another_number_than_the_categories_said_are_refused(table, columns):
    with pytest.raises(DataError) as caught:
        read(table(ANIMALS, columns), mapping=mapping_of("categories=dog+cat"))
    assert caught.value.code == "categories_number"
    assert (caught.value.details["expected"], caught.value.details["actual"]) == (3, 2)


def test_of_an_array_of_two_are_asked_about_and_then_one_question():
    table = pa.table({"label": ["ham", "spam"], "M:0": [0.2, 0.7], "M:1": [0.8, 0.3]})
    assert [doubt.code for doubt in recognized(table, RECOGNISED).doubts] == ["categories_doubtful"]
    said = mapping_of("categories=ham+spam")
    assert recognized(table, said).doubts == ()
    assert recognized(table, said).categories == ("ham", "spam")


@pytest.mark.parametrize("labels", [["a", "b", "c", "d"], ["a", "b", "a", "b"], [True, False, True, True]])
def test_of_another_number_than_the_labels_are_not_matched_with_them(labels):
    table = pa.table({"label": labels, **{f"p{place}": SCORES[:, place] for place in range(3)}})
    assert "categories_doubtful" not in [doubt.code for doubt in recognized(table, RECOGNISED).doubts]


def test_are_the_labels_if_these_are_numbers_of_theirs():
    table = pa.table({"label": [2, 0, 2, 0], **{f"p{place}": SCORES[:, place] for place in range(3)}})
    roles = recognized(table, RECOGNISED)
    assert (roles.categories, roles.doubts) == (("0", "1", "2"), ())


def test_are_asked_about_anew_when_the_sheet_gives_a_column_another_use(table):
    doubt = doubt_of(table(ANIMALS, ["p0", "p1", "p2"]))
    uses = {"label": Use.LABEL, "p0": Use.PROBABILITY, "p1": Use.UNUSED, "p2": Use.UNUSED}
    said = doubt.source._replace(mapping=mapping_from(uses, doubt.source.mapping))
    answer = answered(doubt.table, said, lambda: False, lambda _share: None)
    assert answer.outcome.code == "positive_unknown"


@pytest.mark.parametrize(("share", "multiclass"), [(0.98, True), (1.02, False)])
def test_sum_to_one_but_for_the_rounding_of_each(share, multiclass):
    scores = SCORES.copy()
    scores[-1, 0] += share * ROUNDED * 3
    table = pa.table({"label": [0, 1, 2, 0], **{f"p{place}": scores[:, place] for place in range(3)}})
    assert recognized(table, RECOGNISED).multiclass is multiclass
