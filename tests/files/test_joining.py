"""Several files as one table."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from xentviz import files
from xentviz.core.errors import Cancelled, DataError
from xentviz.files.opened import Doubtful
from xentviz.files.table import RECOGNISED, Mapping
from xentviz.files.uses import answered

TRUTH = "id,label\na,1\nb,0\nc,1\n"


@pytest.fixture
def read(tmp_path):
    """Return a reader of texts, each as a file of its own."""

    def read(*texts, mapping=RECOGNISED, names=("truth", "one", "two")):
        paths = []
        for name, text in zip(names, texts, strict=False):
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_bytes(text if isinstance(text, bytes) else text.encode())
        return files.read(paths, mapping=mapping)

    return read


def columns_of(opened):
    document = opened.document
    return document.labels.array().ravel().tolist(), {
        m.name: m.scores.array().ravel().tolist() for m in document.models
    }


class TestRows:
    def test_are_matched_by_a_key_that_all_files_have(self, read):
        found = read(TRUTH, "id,A\nc,.3\na,.1\nb,.2\n", "B,id\n.7,b\n.8,c\n.6,a\n")
        assert columns_of(found) == ([1, 0, 1], {"A": [0.1, 0.2, 0.3], "B": [0.6, 0.7, 0.8]})
        assert [note.code for note in found.notes] == ["joined_by_key"]
        assert found.document.title == "truth"

    def test_are_matched_in_their_order_without_one(self, read):
        found = read("label,C\n1,.5\n0,.6\n", "A,B\n.1,.3\n.2,.4\n")
        assert columns_of(found) == ([1, 0], {"C": [0.5, 0.6], "A": [0.1, 0.2], "B": [0.3, 0.4]})
        assert [note.code for note in found.notes] == ["joined_in_order"]

    def test_are_not_matched_by_names_that_stand_twice(self, read):
        found = read("id,label\na,1\na,0\n", "id,A\na,.1\na,.2\n")
        assert columns_of(found) == ([1, 0], {"A": [0.1, 0.2]})

    def test_are_matched_by_the_key_that_is_said(self, read):
        found = read("k,label,B\n1,1,.5\n2,0,.6\n", "k,A\n2,.2\n1,.1\n", mapping=Mapping(key="k", names="k"))
        assert columns_of(found) == ([1, 0], {"B": [0.5, 0.6], "A": [0.1, 0.2]})

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_with_labels_may_come_in_any_file(self, read, order):
        texts = [TRUTH, "id,A\nb,.2\nc,.3\na,.1\n"]
        labels, scores = columns_of(read(*(texts[i] for i in order)))
        assert sorted(zip(labels, scores["A"], strict=True)) == [(0, 0.2), (1, 0.1), (1, 0.3)]


class TestColumns:
    def test_of_one_name_get_that_of_their_file(self, read):
        found = read("label,p\n1,.5\n0,.6\n", "label,p\n1,.1\n0,.2\n", names=("old", "new"))
        assert columns_of(found) == ([1, 0], {"p (old)": [0.5, 0.6], "p (new)": [0.1, 0.2]})

    def test_of_categories_too(self, read):
        one = "label,p:a,p:b,p:c\na,.5,.25,.25\nb,.2,.2,.6\nc,.1,.1,.8\n"
        found = read(one, one, names=("old", "new"))
        assert [model.name for model in found.document.models] == ["p (old)", "p (new)"]
        np.testing.assert_array_equal(found.document.models[1].scores.array()[2], [0.1, 0.1, 0.8])

    def test_of_fractions_called_as_the_labels_of_another_file_are_scores(self, read):
        found = read("id,target\na,.9\nb,.2\n", "id,target\nb,0\na,1\n", names=("submission", "solution"))
        assert columns_of(found) == ([1, 0], {"target (submission)": [0.9, 0.2]})

    def test_of_weights_in_every_file_are_weights(self, read):
        found = read("label,A,weight\n1,.5,2\n0,.6,3\n", "B,weight\n.1,2\n.2,3\n")
        assert columns_of(found)[1].keys() == {"A", "B"}


class TestMismatches:
    @pytest.mark.parametrize(
        ("texts", "code", "details"),
        [
            (("label,A\n1,.5\n", "B,C\n.5,.5\n.6,.6\n"), "lengths_differ", {"rows": 1, "other_rows": 2}),
            ((TRUTH, "id,A\na,.1\nb,.2\nd,.3\n"), "key_unmatched", {"file": "truth.csv", "row": 3, "value": "c"}),
            ((TRUTH, "id,A\na,.1\nb,.2\nc,.3\nd,.4\n"), "key_unmatched", {"file": "one.csv", "row": 4, "value": "d"}),
            (
                ("label,A\n1,.5\n0,.5\n", "label,B\n1,.5\n1,.5\n"),
                "labels_differ",
                {"file": "truth.csv", "row": 2, "other": "1"},
            ),
        ],
    )
    def test_are_refused_with_what_and_where(self, read, texts, code, details):
        with pytest.raises(DataError) as caught:
            read(*texts)
        assert caught.value.code == code
        assert details.items() <= caught.value.details.items()

    @pytest.mark.parametrize(("key", "code"), [("no", "column_unknown"), ("x", "key_twice")])
    def test_of_a_key_that_is_said_too(self, read, key, code):
        texts = "x,label,B\n1,1,.5\n1,0,.5\n", "x,A\n1,.5\n2,.6\n"
        with pytest.raises(DataError, match=code):
            read(*texts, mapping=Mapping(key=key))

    def test_of_what_the_columns_are_name_both_files(self, read):
        with pytest.raises(Doubtful) as caught:
            read("A,B\n.1,.2\n", "C,D\n.3,.4\n")
        assert caught.value.details["file"] == "truth.csv + one.csv"
        assert caught.value.is_question
        assert caught.value.table.columns.column_names == ["A", "B", "C", "D"]


def outcome_of(doubt):
    return answered(doubt.table, doubt.source, lambda: False, lambda _share: None).outcome


class TestDoubts:
    HEADLESS = "0.5\n0.25\n0.75\n"
    WESTERN = "id,label,Größe\na,1,0.5\nb,0,0.25\nc,1,0.75\n".encode("latin-1")

    def test_about_one_of_the_files_are_asked_of_all_together(self, read):
        with pytest.raises(Doubtful) as caught:
            read(TRUTH, self.HEADLESS)
        assert caught.value.is_question
        assert (caught.value.code, caught.value.details["file"]) == ("header_missing", "one.csv")
        assert columns_of(outcome_of(caught.value)) == ([1, 0, 1], {"column 1": [0.5, 0.25, 0.75]})

    def test_about_several_are_asked_one_by_one_and_the_others_told(self, read):
        with pytest.raises(Doubtful) as caught:
            read(self.WESTERN, self.HEADLESS)
        assert caught.value.code == "encoding_doubtful"
        told = [(note.code, note.details.get("file")) for note in outcome_of(caught.value).notes]
        assert ("header_missing", "one.csv") in told

    def test_about_headers_are_answered_where_there_may_be_none(self, read):
        found = read(TRUTH, self.HEADLESS, mapping=Mapping(header=False))
        assert columns_of(found) == ([1, 0, 1], {"column 1": [0.5, 0.25, 0.75]})
        found = read(TRUTH, "0.1\n" + self.HEADLESS, mapping=Mapping(header=True))
        assert columns_of(found) == ([1, 0, 1], {"0.1": [0.5, 0.25, 0.75]})

    def test_about_headers_come_before_rows_that_are_too_many_for_them(self, read):
        with pytest.raises(DataError, match="header_missing"):
            read(TRUTH, "0.1\n" + self.HEADLESS)

    def test_about_letters_are_answered_where_they_are_not_told(self, read):
        found = read(self.WESTERN, "id,naïve\na,.1\nb,.2\nc,.3\n", mapping=Mapping(encoding="latin-1"))
        assert [model.name for model in found.document.models] == ["Größe", "naïve"]

    def test_about_letters_that_are_but_likely_are_answered_too(self, read):
        chinese = "id,标签模型\na,.1\nb,.2\nc,.3\n".encode("gb18030")
        assert [m.name for m in read(TRUTH, chinese).document.models] == ["标签模型"]
        found = read(TRUTH, chinese, mapping=Mapping(encoding="latin-1"))
        assert [m.name for m in found.document.models] == [chinese.split(b"\n")[0][3:].decode("latin-1")]


class TestOfManyRows:
    """More than are matched at once."""

    ROWS = 150_000

    @pytest.fixture
    def paths(self, tmp_path):
        def paths(key, other_key):
            order = np.random.default_rng(0).permutation(self.ROWS)
            labels, scores = np.arange(self.ROWS) % 2, np.arange(self.ROWS) / self.ROWS
            tables = {"one": {"id": key, "label": labels}, "two": {"id": other_key.take(order), "A": scores[order]}}
            for name, columns in tables.items():
                pyarrow.parquet.write_table(pa.table(columns), tmp_path / f"{name}.parquet", row_group_size=40_000)
            return [tmp_path / f"{name}.parquet" for name in tables]

        return paths

    @pytest.fixture
    def numbers(self):
        return pa.array(np.arange(self.ROWS) * 64 - 1000)

    def test_are_matched_by_numbers_by_text_and_by_either(self, paths, numbers):
        texts = numbers.cast(pa.string())
        for keys in ((numbers, numbers), (texts, texts), (texts, numbers), (numbers.cast(pa.float64()),) * 2):
            document = files.read(paths(*keys)).document
            np.testing.assert_array_equal(document.models[0].scores.array().ravel(), np.arange(self.ROWS) / self.ROWS)

    def test_are_refused_with_the_first_row_that_is_missing_or_stands_twice(self, paths, numbers):
        wrong = numbers.to_numpy().copy()
        wrong[[70_000, 140_000]] = -1
        with pytest.raises(DataError) as caught:
            files.read(paths(pa.array(wrong), numbers), mapping=Mapping(key="id"))
        assert (caught.value.code, caught.value.details["value"]) == ("key_twice", "-1")
        wrong[140_000] = -2
        with pytest.raises(DataError) as caught:
            files.read(paths(pa.array(wrong), numbers))
        assert caught.value.code == "key_unmatched"
        assert caught.value.details.items() >= {"file": "one.parquet", "row": 70_001, "value": "-1"}.items()

    def test_tell_how_far_they_are_and_are_heard_to_stop_at_every_step(self, paths, numbers):
        keys, shares, asked = paths(numbers, numbers), [], []
        files.read(keys, lambda: bool(asked.append(len(shares))), shares.append)
        assert shares == sorted(shares)
        assert len(set(shares)) > 64
        for at in range(0, len(asked), 7):
            left = iter(range(at))
            with pytest.raises(Cancelled):
                files.read(keys, lambda left=left: next(left, None) is None)


class TestWords:
    ONE, TWO = (
        "id,label,city,A\na,1,Rome,.1\nb,0,Oslo,.2\nc,1,Rome,.3\n",
        "id,city,B\nc,Rome,.6\na,Rome,.4\nb,Oslo,.5\n",
    )

    def test_that_are_the_same_in_every_file_are_taken_once(self, read):
        found = read(self.ONE, self.TWO)
        (city,) = found.document.groupings
        assert (city.name, city.groups, city.codes.array().tolist()) == ("city", ("Oslo", "Rome"), [1, 0, 1])
        assert columns_of(found)[1] == {"A": [0.1, 0.2, 0.3], "B": [0.4, 0.5, 0.6]}
        assert found.unused == ()

    def test_that_differ_in_one_row_are_told_apart(self, read):
        found = read(self.ONE, self.TWO.replace("b,Oslo", "b,Rome").replace("c,Rome", "c,Oslo"))
        assert [grouping.name for grouping in found.document.groupings] == ["city (truth)", "city (one)"]

    def test_that_differ_in_one_of_three_files_are_told_apart(self, read):
        third = "id,city,C\na,Oslo,.1\nb,Oslo,.1\nc,Rome,.1\n"
        names = [grouping.name for grouping in read(self.ONE, self.TWO, third).document.groupings]
        assert names == ["city (truth)", "city (one)", "city (two)"]
