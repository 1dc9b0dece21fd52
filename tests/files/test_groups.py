"""Columns of words that divide rows: read from files, kept in projects, and written out again."""

import json

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from xentviz import files
from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.files.groups import TooMany, groups_in
from xentviz.files.projects import KEY, write_project
from xentviz.files.row_exports import table_lines
from xentviz.files.table_writer import write_lines


def read(path):
    return files.read([path], lambda: False, lambda _share: None)


def written(tmp_path, text, name="rows.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def words(document, name):
    """Return the group of each row, None where there is none."""
    grouping = next(grouping for grouping in document.groupings if grouping.name == name)
    return [[*grouping.groups, None][code] for code in grouping.codes.array().tolist()]


def test_columns_of_few_words_are_kept(tmp_path):
    path = written(
        tmp_path,
        "id,label,A,city,note\n1,1,0.9,Rome,x1\n2,0,0.2,Oslo,x2\n3,1,0.7, Rome ,x3\n4,0,0.1,,x4\n",
    )
    opened = read(path)
    assert words(opened.document, "city") == ["Rome", "Oslo", "Rome", None]
    assert opened.document.groupings[0].groups == ("Oslo", "Rome")
    assert opened.unused == ("note",)  # every row has another


def test_words_that_repeat_divide_rows_although_they_name_them(tmp_path):
    document = read(written(tmp_path, "city,label,A\nRome,1,0.9\nOslo,0,0.2\nRome,1,0.7\n")).document
    assert words(document, "city") == ["Rome", "Oslo", "Rome"]
    assert document.name_of(1) == "Oslo"
    unique = read(written(tmp_path, "city,label,A\nRome,1,0.9\nOslo,0,0.2\n", "unique.csv")).document
    assert unique.groupings == ()


@pytest.mark.parametrize(
    "cells",
    [
        ["a", "a", "a"],
        ["a", "b", "c"],
        ["", "?", None],
        ["1", "2", "1"],
        [str(n) + "x" for n in range(20_000)],
        [str(n) + "x" for n in range(999)] + ["NA"],
        [str(n) + "x" for n in range(999)] + ["", None, "NA"],
    ],
    ids=["one word", "all different", "missing", "numbers", "many and all different", "but one", "but three"],
)
def test_other_columns_are_none(cells):
    assert groups_in(pyarrow.chunked_array([pyarrow.array(cells, pyarrow.string())])) is None


@pytest.mark.parametrize("among", [500, 20_000], ids=["at once", "after thousands of rows"])
def test_of_too_many_words_it_is_told(among):
    cells = ["a", "b"] * (among // 2) + [f"{n}x" for n in range(201)]
    assert isinstance(groups_in(pyarrow.chunked_array([cells])), TooMany)


def test_columns_of_too_many_words_are_known_by_name_unless_no_word_repeats(tmp_path):
    rows = [f"name {n},{n % 2},0.{n % 9 + 1},town {n // 2},c{n % 3},note {n}\n" for n in range(500)]
    opened = read(written(tmp_path, "id,label,A,town,kind,note\n" + "".join(rows)))
    assert opened.document.undivided == ("town",)
    assert [grouping.name for grouping in opened.document.groupings] == ["kind"]
    assert opened.unused == ("town", "note")


def test_groups_go_over_the_pieces_of_a_column():
    rng = np.random.default_rng(0)
    cells = rng.choice(["x", "y ", "y", "é", None, "NA"], 5000)
    pieces = [pyarrow.array(cells[i : i + 700], pyarrow.string()) for i in range(0, 5000, 700)]
    names, codes = groups_in(pyarrow.chunked_array(pieces))
    assert names == ["x", "y", "é"]
    expected = [3 if cell in (None, "NA") else names.index(cell.strip()) for cell in cells]
    assert codes.tolist() == expected


def test_two_hundred_groups_are_few_enough():
    cells = [f"g{n:03}" for n in range(200)] * 2
    names, codes = groups_in(pyarrow.chunked_array([cells]))
    assert (len(names), codes.dtype, int(codes.max())) == (200, np.uint8, 199)


@pytest.fixture
def document():
    made = Document.create([1, 0, 1, 0], {"A": [0.9, 0.2, 0.6, 0.4]}, title="t", row_names=["a", "b", "c", "d"])
    made = made.with_grouping("city", ["Oslo", "Rome"], [1, 0, 2, 1])
    return made.with_grouping("label", ["=1+1", 'b"'], [0, 1, 1, 0])


def test_a_project_gives_them_back(tmp_path, document, four_rows_a_block):
    write_project(document, tmp_path / "p.parquet")
    opened = read(tmp_path / "p.parquet")
    assert (opened.project, opened.unused) == (True, ())
    assert words(opened.document, "city") == ["Rome", "Oslo", None, "Rome"]
    assert words(opened.document, "label") == words(document, "label")
    assert [grouping.groups for grouping in opened.document.groupings] == [g.groups for g in document.groupings]


def test_other_programs_read_their_words(tmp_path, document):
    write_project(document, tmp_path / "p.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "p.parquet")
    assert table["city"].to_pylist() == ["Rome", "Oslo", None, "Rome"]


def test_projects_of_before_have_none(tmp_path, document):
    path = tmp_path / "p.parquet"
    write_project(document, path)
    table = pyarrow.parquet.read_table(path)
    settings = json.loads(table.schema.metadata[KEY])
    del settings["groupings"]
    pyarrow.parquet.write_table(table.replace_schema_metadata({KEY: json.dumps(settings)}), path)
    opened = read(path)
    assert opened.document.groupings == ()
    assert set(opened.unused) == {"city", "label 2"}


@pytest.mark.parametrize(
    "groupings",
    [
        7,
        [7],
        [{"name": "city"}],
        [{"name": "city", "column": "gone", "groups": ["a"]}],
        [{"name": "city", "column": "A", "groups": ["a"]}],
        [{"name": "city", "column": "city", "groups": []}],
    ],
)
def test_damaged_ones_are_told(tmp_path, document, groupings):
    path = tmp_path / "p.parquet"
    write_project(document, path)
    table = pyarrow.parquet.read_table(path)
    settings = json.loads(table.schema.metadata[KEY]) | {"groupings": groupings}
    pyarrow.parquet.write_table(table.replace_schema_metadata({KEY: json.dumps(settings)}), path)
    with pytest.raises(DataError) as refused:
        read(path)
    assert refused.value.code == "project_damaged"


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_an_exported_table_gives_them_back(tmp_path, document, suffix):
    path = tmp_path / f"table{suffix}"
    write_lines(path, table_lines(document))
    found = read(path).document
    assert words(found, "city") == ["Rome", "Oslo", None, "Rome"]
    assert words(found, "label′") == words(document, "label")
    assert [found.name_of(row) for row in range(4)] == ["a", "b", "c", "d"]


def test_a_table_whose_words_name_rows_stays_the_same_however_often_it_is_exported(tmp_path):
    path = written(tmp_path, "label,A,city,sex\n1,0.9,Rome,f\n0,0.2,Oslo,m\n1,0.7,Rome,m\n")
    for turn in range(3):
        found = read(path).document
        assert [grouping.name for grouping in found.groupings] == ["city", "sex"]
        assert words(found, "city") == ["Rome", "Oslo", "Rome"]
        path = tmp_path / f"{turn}.csv"
        write_lines(path, table_lines(found))


@pytest.mark.parametrize("name", ["Label", "y", "label:a", "x" * 200])
def test_no_exported_group_is_taken_for_labels(tmp_path, name):
    made = Document.create([1, 0, 1], {"A": [0.9, 0.2, 0.6]}, categories=["truth"], row_names=["r", "s", "t"])
    write_lines(tmp_path / "t.csv", table_lines(made.with_grouping(name, ["k", "l"], [0, 1, 1])))
    found = read(tmp_path / "t.csv").document
    assert found.labels.array().ravel().tolist() == [1, 0, 1]
    assert [grouping.groups for grouping in found.groupings] == [("k", "l")]


def test_of_very_many_columns_the_first_are_kept(tmp_path):
    heads = ",".join(f"c{n}" for n in range(25))
    rows = [[f"r{n}", n % 2, 0.5, *["ab"[n % 2]] * 25] for n in range(4)]
    lines = [f"id,label,A,{heads}", *(",".join(map(str, row)) for row in rows)]
    opened = read(written(tmp_path, "\n".join(lines)))
    assert [grouping.name for grouping in opened.document.groupings] == [f"c{n}" for n in range(20)]
    assert opened.unused == tuple(f"c{n}" for n in range(20, 25))


def test_without_them_a_table_is_as_before(tmp_path):
    lines = table_lines(Document.create([1, 0], {"A": [0.9, 0.2]}))
    assert lines.schema.names == ["label", "A"]
