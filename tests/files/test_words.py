"""Words for yes and no: kept when a file is read, saved with a project, and written into an exported table."""

import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet
import pytest

from xentviz import cli, files
from xentviz.core.document import Change, Document, changes
from xentviz.core.errors import DataError
from xentviz.files.exports import What, export
from xentviz.files.opened import Doubtful
from xentviz.files.projects import KEY, write_project
from xentviz.files.table import RECOGNISED

MAIL = "label,A\nspam,.9\nham,.2\n,.5\nspam,.6\n"
SUFFIXES = [".csv", ".tsv", ".parquet"]


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a text and reads it, with what is said of it."""

    def written(text, positive=None, name="mail.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return files.read(path, mapping=replace(RECOGNISED, positive=positive)).document

    return written


@pytest.fixture
def again(tmp_path):
    """Return a function that exports a document's table and reads it, with nobody there to answer."""

    def exported(document, suffix=".csv"):
        export(What.TABLE, document, tmp_path / f"out{suffix}")
        return files.read(tmp_path / f"out{suffix}").document

    return exported


def first_column(path):
    return [line.split(",")[0] for line in path.read_text(encoding="utf-8").splitlines()]


def assert_same(document, other):
    assert (other.words, other.categories) == (document.words, document.categories)
    np.testing.assert_array_equal(other.labels.array(), document.labels.array())
    assert [model.name for model in other.models] == [model.name for model in document.models]
    for one, two in zip(document.models, other.models, strict=True):
        np.testing.assert_array_equal(one.scores.array(), two.scores.array())


class TestReading:
    def test_keeps_the_two_words(self, read):
        assert read(MAIL, "spam").words == ("spam", "ham")
        assert read(MAIL, "ham").words == ("ham", "spam")
        assert read("y,A\nYes,.9\nno,.2\n").words == ("Yes", "no")

    def test_keeps_those_of_two_columns_that_exclude_one_another(self, read):
        document = read("label,A:cat,A:dog\ncat,.9,.1\ndog,.2,.8\n")
        assert (document.words, document.categories) == (("dog", "cat"), ("dog",))

    @pytest.mark.parametrize(
        ("text", "positive"),
        [
            ("label,A\nspam,.9\nham,.2\neggs,.1\n", "spam"),
            ("label,A\nyes,.9\nNo,.2\nno,.1\n", None),
            ("label,A\nyes,.9\n", None),
            ("label,A\n1,.9\n0,.2\n", None),
            ("label,A\n1,.9\n-1,.2\n", None),
            ("label,A\n2,.9\n3,.2\n", "3"),
            ("label,A\ntrue,.9\nfalse,.2\n", None),
            ("label,A\n0.25,.9\n0,.2\n", None),
            ("label:a,label:b,A:a,A:b\nyes,no,.9,.1\nno,yes,.2,.8\n", None),
            ("label,A:a,A:b,A:c\na,.9,.1,0\nb,.2,.8,0\n", None),
        ],
    )
    def test_keeps_none_where_there_are_not_two(self, read, text, positive):
        assert read(text, positive).words is None

    def test_keeps_none_that_might_be_taken_for_numbers(self, read):
        assert read("label,A\n7,.9\nspam,.2\nspam,.3\nspam,.4\nspam,.4\n7x,.3\n", "spam").words is None

    def test_needs_no_answer_where_a_columns_name_says_what_is_asked(self, read):
        document = read("label: spam,A,B\nham,.2,.3\nspam,.9,.8\n")
        assert (document.words, document.categories) == (("spam", "ham"), ("spam",))
        assert document.labels.array().tolist() == [[0], [1]]
        assert read("label:spam,A\n0,.2\n1,.9\n").categories == ("spam",)
        assert read("label:no,A\nno,.9\nyes,.2\n").words == ("no", "yes")

    def test_asks_where_it_says_something_else(self, read):
        with pytest.raises(Doubtful) as asked:
            read("label:mail,A\nham,.2\nspam,.9\n")
        assert asked.value.code == "positive_unknown"

    def test_still_takes_a_models_column_for_that_of_the_question(self, read):
        document = read("label:spam,A:spam\nham,.2\nspam,.9\n")
        assert [model.name for model in document.models] == ["A"]
        assert document.words == ("spam", "ham")


class TestExports:
    def test_have_the_words(self, read, again, tmp_path):
        again(read(MAIL, "spam"))
        assert (tmp_path / "out.csv").read_bytes() == b"label:spam,A\r\nspam,0.9\r\nham,0.2\r\n,0.5\r\nspam,0.6\r\n"
        again(read("y,A\nyes,.9\nno,.2\n"))
        assert first_column(tmp_path / "out.csv") == ["y", "yes", "no"]

    @pytest.mark.parametrize("suffix", SUFFIXES)
    @pytest.mark.parametrize("positive", ["spam", "ham"])
    def test_come_back_as_they_were(self, read, again, suffix, positive):
        document = read(MAIL, positive)
        assert_same(document, again(document, suffix))

    @pytest.mark.parametrize("yes", ["=1+1", "a, b", 'say "yes"', "a: b", "ja\nnein", "好", "label", "y", "no", "'s"])
    def test_come_back_whatever_the_words_are(self, read, again, yes):
        document = Document.create([1, 0, np.nan], {"A": [0.9, 0.2, 0.5]}, categories=[yes])
        document = replace(document, words=(yes, "=other"))
        for suffix in SUFFIXES:
            assert_same(document, again(document, suffix))

    def test_come_back_from_a_pair(self, read, again):
        document = read("label,A:cat,A:dog\ncat,.75,.25\ndog,.25,.75\n")
        assert_same(document, again(document))

    def test_come_back_with_models_called_as_the_question_is(self, read, again):
        document = read("label,A:b,B (logit),C:spam,y2\nspam,.9,7,.3,.1\nham,.2,-8,.2,.2\n", "spam")
        other = again(document)
        assert other.words == document.words
        assert [model.name for model in other.models] == ["A:b", "B", "C∶spam", "y2"]

    @pytest.mark.parametrize("label", [0, 1, np.nan])
    def test_have_the_right_word_of_an_edited_label(self, read, again, tmp_path, label):
        document = read(MAIL, "spam").with_labels(np.array([2]), label)
        assert_same(document, again(document))
        assert first_column(tmp_path / "out.csv")[3] == {0: "ham", 1: "spam"}.get(label, "")

    def test_have_the_words_after_rows_have_come_and_gone(self, read, again, four_rows_a_block):
        document = read(MAIL + "ham,.1\nspam,.9\nspam,.8\n", "spam")
        document = document.with_rows(5, np.array([[0.0]]), [np.array([[0.7]])], [""]).without_rows(np.array([0]))
        assert_same(document, again(document))

    def test_have_numbers_where_a_label_is_soft(self, read, again, tmp_path):
        document = read(MAIL, "spam").with_labels(np.array([2]), 0.25)
        other = again(document)
        assert first_column(tmp_path / "out.csv") == ["label:spam", "1", "0", "0.25", "1"]
        assert_same(replace(document, words=None), other)
        document = document.with_labels(np.array([2]), 1)
        assert_same(document, again(document))

    @pytest.mark.parametrize("label", [0, 1])
    def test_have_numbers_where_one_word_alone_would_not_tell_what_it_means(self, read, again, label):
        document = read(MAIL, "spam").with_labels(np.arange(4), label)
        assert_same(replace(document, words=None), again(document))

    def test_of_models_that_were_joined_have_them(self, tmp_path, again):
        (tmp_path / "a.csv").write_text("id,label,A\nx,spam,.9\ny,ham,.2\n")
        (tmp_path / "b.csv").write_text("id,B\ny,.3\nx,.8\n")
        paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
        document = files.read(paths, mapping=replace(RECOGNISED, positive="spam", key="id")).document
        assert [model.name for model in document.models] == ["A", "B"]
        assert_same(document, again(document))

    def test_of_the_terminal_have_them(self, tmp_path):
        (tmp_path / "mail.csv").write_text(MAIL)
        told = ["--map", "positive=spam", "--export", str(tmp_path / "out.csv")]
        assert cli.main([str(tmp_path / "mail.csv"), *told]) == 0
        assert first_column(tmp_path / "out.csv") == ["label:spam", "spam", "ham", "", "spam"]


class TestProjects:
    def test_keep_them(self, read, tmp_path):
        document = read(MAIL, "spam")
        write_project(document, tmp_path / "p.parquet")
        assert_same(document, files.read(tmp_path / "p.parquet").document)
        write_project(replace(document, words=None), tmp_path / "p.parquet")
        assert files.read(tmp_path / "p.parquet").document.words is None

    def test_of_before_have_none(self, read, tmp_path):
        document = read(MAIL, "spam")
        self._change(document, tmp_path / "p.parquet", lambda settings: settings.pop("words"))
        assert_same(replace(document, words=None), files.read(tmp_path / "p.parquet").document)

    @pytest.mark.parametrize("words", [[], ["spam"], ["a", "b", "c"], ["a", "a"], [1, 0], "no", 7, {}, False])
    def test_with_others_are_damaged(self, read, tmp_path, words):
        path = tmp_path / "p.parquet"
        self._change(read(MAIL, "spam"), path, lambda settings: settings.update(words=words))
        with pytest.raises(DataError) as refused:
            files.read(path)
        assert (refused.value.code, refused.value.details["part"]) == ("project_damaged", "words")

    def _change(self, document, path, change):
        write_project(document, path)
        table = pyarrow.parquet.read_table(path)
        settings = json.loads(table.schema.metadata[KEY])
        change(settings)
        pyarrow.parquet.write_table(table.replace_schema_metadata({KEY: json.dumps(settings)}), path)


def test_undo_brings_them_back(read, again, new_session, qtbot):
    session = new_session(read(MAIL, "spam"))
    session.apply(session.document.with_labels(np.array([0]), 0.5), "Edit label")
    session.apply(read("label,A\n1,.9\n0,.2\n"), "Open")
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert_same(session.document, again(session.document))
    assert session.document.words == ("spam", "ham")
    qtbot.waitUntil(lambda: not session.busy)


def test_other_words_are_a_change(read):
    document = read(MAIL, "spam")
    assert changes(document, replace(document, words=("junk", "ham"))) is Change.WORDS
