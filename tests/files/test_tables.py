import codecs
import contextlib
import os
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xentviz import files
from xentviz.core.document import ScoreKind, Task
from xentviz.core.columns import rows_per_block
from xentviz.core.errors import Cancelled, DataError
from xentviz.files.encodings import START_BYTES
from xentviz.ui.messages import NOTES, SENTENCES, sentence


@pytest.fixture
def table(tmp_path):
    """Return a writer of files: it takes text or bytes and returns the path."""

    def write(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read(path):
    return files.read(path).document


def error_of(path):
    with pytest.raises(DataError) as caught:
        files.read(path)
    return caught.value


class TestGoodTables:
    @pytest.mark.parametrize(
        "content",
        [
            "label,A,B\n1,0.9,0.8\n0,0.7,0.6\n",
            "label;A;B\n1;0.9;0.8\n0;0.7;0.6\n",
            "label\tA\tB\n1\t0.9\t0.8\n0\t0.7\t0.6\n",
            "label,A,B\r\n1,0.9,0.8\r\n0,0.7,0.6\r\n",
            "label,A,B\r1,0.9,0.8\r0,0.7,0.6\r",
            "label,A,B\n1,0.9,0.8\n0,0.7,0.6",
            "\ufefflabel,A,B\n1,0.9,0.8\n0,0.7,0.6\n",
            "label;A;B\r\n1;0.9;0.8\r\n0;0.7;0.6\r\n".encode("utf-16"),
            codecs.BOM_UTF16_BE + "label\tA\tB\n1\t0.9\t0.8\n0\t0.7\t0.6\n".encode("utf-16-be"),
            "\n\nlabel,A,B\n\n1,0.9,0.8\n\n0,0.7,0.6\n\n",
            " label , A,B \n 1,0.9 ,0.8\n0, 0.7,0.6\n",
            '"label","A","B"\n"1","0.9","0.8"\n"0","0.7","0.6"\n',
            "Y_true,A,B\n1,+.9,8e-1\n0,7E-1,0.60000\n",
            "label,A,B\ntrue,0.9,0.8\nFalse,0.7,0.6\n",
        ],
    )
    def test_are_read_whatever_stands_between_the_cells(self, table, content):
        document = read(table(content))
        assert document.task is Task.BINARY
        assert [model.name for model in document.models] == ["A", "B"]
        assert document.labels.array().tolist() == [[1], [0]]
        assert document.models[0].scores.array().tolist() == [[0.9], [0.7]]
        assert document.models[1].scores.array().tolist() == [[0.8], [0.6]]
        assert document.title == "table"

    @pytest.mark.parametrize("name", ["label", "Labels", "y", "target", "TRUTH", "y_true", "actual", "class"])
    def test_the_label_column_is_known_by_its_name_wherever_it_stands(self, table, name):
        document = read(table(f"A,{name}\n0.9,1\n"))
        assert document.labels.array().tolist() == [[1]]
        assert document.categories == (name,)

    @pytest.mark.parametrize("missing", ["", "NA", "NaN", "null", "-"])
    def test_empty_cells_are_unlabelled_or_not_scored(self, table, missing):
        document = read(table(f"label,A\n1,{missing}\n{missing},0.5\n"))
        assert document.labels.array().tolist() == [[1], [-1]]
        np.testing.assert_array_equal(document.models[0].scores.array(), [[np.nan], [0.5]])

    def test_soft_labels_are_kept(self, table):
        assert read(table("label,A\n0.25,0.5\n1,0.5\n")).labels.array().tolist() == [[0.25], [1]]

    def test_columns_in_groups_are_the_categories_in_the_order_of_the_labels(self, table):
        document = read(table("label:cat,label: dog,A:dog,A:cat,B:cat,B :dog\n1,0,.1,.2,.3,.4\n"))
        assert document.task is Task.MULTILABEL
        assert document.categories == ("cat", "dog")
        assert [model.name for model in document.models] == ["A", "B"]
        assert document.models[0].scores.array().tolist() == [[0.2, 0.1]]
        assert document.models[1].scores.array().tolist() == [[0.3, 0.4]]

    def test_logit_in_the_name_makes_scores_logits_which_may_be_anything(self, table):
        document = read(table("label,A,B (Logits)\n1,0.5,-7.5\n0,0.5,inf\n1,0.5,1e300\n"))
        assert [model.kind for model in document.models] == [ScoreKind.PROBABILITY, ScoreKind.LOGIT]
        assert document.models[1].scores.array().tolist() == [[-7.5], [np.inf], [1e300]]

    @pytest.mark.parametrize("header", ["name,label,A", "statement,label,A", ",label,A"])
    def test_a_column_of_names_names_the_rows(self, table, header):
        document = read(table(f'{header}\n"She is ""Audrey"", really",1,0.9\n,0,0.7\nNA,1,0.5\n'))
        assert [document.name_of(i) for i in range(3)] == ['She is "Audrey", really', "", "NA"]

    @pytest.mark.parametrize("name", ["007", "18446744073709551617", "1.50", "2020-01-01T00:00:00Z", "true"])
    def test_names_stand_as_they_were_written(self, table, name):
        assert read(table(f"id,label,A\n{name},1,0.5\n")).name_of(0) == name

    def test_a_column_of_words_names_the_rows_and_others_are_told_to_be_unused(self, table):
        opened = files.read(table("tumour,label,A,comment,seen\ntumour 3,1,0.9,hm,2020-01-01\n"))
        assert opened.document.name_of(0) == "tumour 3"
        assert [model.name for model in opened.document.models] == ["A"]
        assert opened.unused == ("comment", "seen")

    def test_a_cell_may_hold_line_ends(self, table):
        document = read(table('name,label,"A\nB"\n"two\r\nlines",1,0.9\n'))
        assert document.models[0].name == "A\nB"
        assert document.name_of(0) == "two\r\nlines"

    @pytest.mark.parametrize("separator", ["\u2028", "\x0b", "\x0c", "\x85"])
    def test_what_python_takes_for_a_line_end_is_none_in_a_table(self, table, separator):
        assert read(table(f"label,A{separator}B\n1,0.5\n")).models[0].name == f"A{separator}B"

    @pytest.mark.parametrize("content", ["label,A\n", "label,A", "label,A\r\n\r\n", "\nlabel,A"])
    def test_a_header_alone_opens_as_no_rows(self, table, content):
        document = read(table(content))
        assert document.rows == 0
        assert [model.name for model in document.models] == ["A"]

    def test_names_of_files_need_not_be_text(self, tmp_path):
        path = tmp_path / os.fsdecode(b"gr\xf6\xdfe.csv")
        try:
            path.write_text("label,A\n1,0.5\n")
        except OSError:
            pytest.skip("this file system takes only names that are text")
        assert read(path).rows == 1

    def test_a_letter_may_lie_across_the_end_of_the_part_read_first(self, table):
        path = table("name,label,AAA\n" + "é,1,.5\n" * 140_000)
        start = path.read_bytes()[:START_BYTES]
        assert start.endswith("é".encode()[:1])
        assert read(path).rows == 140_000

    def test_many_rows_in_several_blocks_are_read_in_order(self, table):
        scores = np.arange(rows_per_block(1) + 20_000) / 2**18
        document = read(table("label,A\n" + "".join(f"1,{score!r}\n" for score in scores.tolist())))
        np.testing.assert_array_equal(document.models[0].scores.array()[:, 0], scores)
        assert len(document.labels.blocks) == len(document.models[0].scores.blocks) > 1


BROKEN = {
    "empty": (b"", "file_empty", {}),
    "blank lines": (b"\n\r\n\n", "file_empty", {}),
    "only a BOM": (b"\xef\xbb\xbf", "file_empty", {}),
    "no header": ("1,0.5\n0,0.2\n", "header_missing", {"value": "1,0.5"}),
    "one column": ("label\n1\n0\n", "one_column", {"column": "label"}),
    "one column of numbers": ("1\n0\n", "header_missing", {"value": "1"}),
    "no label column": ("a,b\n1,0.5\n", "label_missing", {"columns": ["a", "b"]}),
    "no score column": ("name,label\nx,1\n", "scores_missing", {}),
    "names twice": ("label,p, p\n1,.5,.6\n", "column_twice", {"column": "p"}),
    "category twice": ("label:a,y: a,A:a\n1,1,.5\n", "column_twice", {"column": "a"}),
    "scores twice": ("label:a,A:a,A :a\n1,.5,.6\n", "column_twice", {"column": "A :a"}),
    "model without a category": ("label:a,label:b,A:a\n1,0,.5\n", "category_missing", {"column": "A", "category": "b"}),
    "category without labels": ("label:a,A:a,A:b\n1,.5,.5\n", "category_unknown", {"column": "A:b", "category": "b"}),
    "text among scores": ("label,A\n1,0.5\n0,abc\n", "not_a_number", {"row": 2, "column": "A", "value": "abc"}),
    "text far down": (
        "label,A\n" + "1,0.5\n" * 30_000 + "1,abc\n",
        "not_a_number",
        {"row": 30_001, "column": "A", "value": "abc"},
    ),
    "text among labels": ("label,A\n1,.5\nyes,.2\n", "not_a_number", {"row": 2, "column": "label", "value": "yes"}),
    "labels are words": (
        "label,A\nold,0.5\nnew,.2\n",
        "positive_unknown",
        {"column": "label", "values": ["new", "old"]},
    ),
    "labels are dates": ("label,A\n,.1\n2020-01-01,0.5\n", "label_text", {"row": 2, "column": "label"}),
    "percentages beside shares": ("label,A\n1,50%\n0,0.5\n", "not_a_number", {"row": 1, "column": "A", "value": "50%"}),
    "model without a name": ("label:a,:a\n1,.5\n", "model_unnamed", {"column": ":a"}),
    "labels of one category are dates": (
        "label:a,label:b,A:a,A:b\n1,2020-01-01,.5,.5\n",
        "label_text",
        {"column": "label:b"},
    ),
    "score over one": ("label,A\n1,0.5\n0,1.2\n", "probability_out_of_range", {"row": 2, "column": "A", "value": 1.2}),
    "negative score": ("label,A\n1,-0.5\n", "probability_out_of_range", {"row": 1, "column": "A", "value": -0.5}),
    "infinite score": ("label,A\n1,inf\n", "probability_out_of_range", {"row": 1, "column": "A", "value": np.inf}),
    "overflowing score": ("label,A\n1,1e400\n", "number_too_large", {"row": 1, "column": "A", "value": "1e400"}),
    "score after blank lines": (
        "label,A\n\n1,0.5\n\n0,1.2\n",
        "probability_out_of_range",
        {"row": 2, "column": "A", "value": 1.2},
    ),
    "label two": ("label,A\n1,.5\n2,0.5\n", "positive_unknown", {"column": "label", "values": ["1", "2"]}),
    "label over one": ("label,A\n1,.5\n1.5,0.5\n", "label_out_of_range", {"row": 2, "column": "label", "value": 1.5}),
    "label past 2^53": ("label,A\n9007199254740993,.5\n", "label_out_of_range", {"row": 1, "column": "label"}),
    "label past 2^64": ("label,A\n18446744073709551617,.5\n", "label_out_of_range", {"row": 1, "column": "label"}),
    "short row": ("label,A,B\n1,.5,.1\n1,.5\n", "row_ragged", {"row": 2, "expected": 3, "actual": 2}),
    "long row": ("label,A\n1,.5\n1,.5,.7\n", "row_ragged", {"row": 2, "expected": 2, "actual": 3}),
    "short row far down": (
        "label,A\n" + "1,0.5\n" * 400_000 + "1\n" + "1,0.5\n" * 400_000,
        "row_ragged",
        {"row": 400_001, "expected": 2, "actual": 1},
    ),
    "unclosed quote": ('label,A\n1,0.5\n"0,0.2\n1,.4\n', "quote_open", {"row": 2}),
    "unclosed quote before megabytes": ('label,A\n1,.5\n"' + "1,0.5\n" * 400_000, "quote_open", {"row": 2}),
    "unclosed quote in the header": ('label,"A\n1,0.5\n0,.3\n', "header_quote_open", {}),
    "unclosed quote in a header alone": ('label,"A', "header_quote_open", {}),
    "one endless name": ("a" * 200_000 + "\n", "header_too_long", {}),
    "latin-1 header": ("label,Größe\n1,.5\n".encode("latin-1"), "encoding_doubtful", {"value": "Größe"}),
    "latin-1 header of a large file": (
        "label,Größe\n".encode("latin-1") + b"1,.5\n" * 300_000,
        "encoding_doubtful",
        {},
    ),
    "latin-1 cell": ("name,label,A\nGröße,1,.5\n".encode("latin-1"), "encoding_doubtful", {}),
    "latin-1 cell far down": (
        b"name,label,A\n" + b"x,1,.5\n" * 200_000 + "Größe,1,.5\n".encode("latin-1"),
        "encoding_doubtful",
        {},
    ),
    "UTF-16 broken off": ("label,A\n1,0.5\n".encode("utf-16")[:-1], "encoding_wrong", {}),
    "UTF-16 of a broken letter": (codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", "encoding_wrong", {}),
    "UTF-16 of a broken letter far down": (
        ("label,A\n" + "1,0.5\n" * 200_000).encode("utf-16") + b"\x00\xd8a\x00",
        "encoding_wrong",
        {},
    ),
    "UTF-16 with a wrong cell": ("label,A\n1,0.5\n0,x\n".encode("utf-16"), "not_a_number", {"row": 2}),
    "NUL byte": (b"label,A\n1\0,0.5\n", "nul_byte", {"row": 1}),
    "NUL byte far down": (b"label,A\n" + b"1,0.5\n" * 200_000 + b"1,0.5\0\n", "nul_byte", {"row": 200_001}),
}


class TestBrokenTables:
    @pytest.mark.parametrize(("content", "code", "details"), BROKEN.values(), ids=BROKEN)
    def test_are_refused_in_one_sentence_that_says_where(self, table, content, code, details):
        error = error_of(table(content, "scores.csv"))
        assert error.code == code
        assert details.items() <= error.details.items()
        assert_one_clear_sentence(error)

    def test_a_folder_is_refused(self, tmp_path):
        assert error_of(tmp_path).code == "file_is_folder"

    def test_a_missing_file_is_refused(self, tmp_path):
        error = error_of(tmp_path / "scores.csv")
        assert error.code == "file_missing"
        assert sentence(error).startswith("scores.csv does not exist.")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
    def test_a_pipe_is_refused_without_waiting_for_someone_to_write(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.csv")
        assert error_of(tmp_path / "pipe.csv").code == "file_not_regular"

    @pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices here")
    def test_a_device_without_end_is_refused(self):
        assert error_of(Path("/dev/zero")).code == "file_not_regular"

    @pytest.mark.skipif(os.name != "posix", reason="no modes of files here")
    def test_a_file_that_may_not_be_read_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            path = Path(folder, "scores.csv")
            path.write_text("label,A\n1,0.5\n")
            path.chmod(0)
            with not_root():
                error = error_of(path)
        assert error.code == "file_unreadable"
        assert_one_clear_sentence(error)

    def test_a_name_too_long_for_the_disk_is_refused(self, tmp_path):
        error = error_of(tmp_path / ("a" * 300))
        assert error.code == "file_unreadable"
        assert error.details["reason"]

    @pytest.mark.parametrize("target", ["loop.csv", "gone.csv"])
    def test_a_link_to_nowhere_is_refused(self, tmp_path, target):
        (tmp_path / "loop.csv").symlink_to(tmp_path / target)
        assert error_of(tmp_path / "loop.csv").code == "file_missing"


@contextlib.contextmanager
def not_root():
    """Be somebody for whom the modes of files count."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def assert_one_clear_sentence(error):
    """Check that a person is told the file, the place if it has one, and what to do, in one line."""
    words = sentence(error)
    assert words.startswith("scores.csv")
    assert words.endswith(".")
    assert "\n" not in words
    assert "{" not in words
    assert len(words) < 260
    assert "DataError" not in words
    if "row" in error.details:
        assert f"row {error.details['row']} " in words
    if "column" in error.details:
        assert error.details["column"] in words


def test_every_code_raised_for_a_file_has_a_sentence():
    raised = set()
    for source in Path(files.__file__).parent.glob("*.py"):
        raised |= set(re.findall(r'DataError\(\s*"(\w+)"', source.read_text(encoding="utf-8")))
    assert raised
    assert raised <= set(SENTENCES) | set(NOTES)


TOKENS = ["label", "label:a", "A", "A:a", "id", ",", ";", "\t", "\n", "\r", '"', "0", "1", "0.5", "-1", "inf", "1e400"]
TOKENS += [
    "true",
    "2020-01-01",
    "12:00",
    "é",
    "\ufeff",
    "\u2028",
    " ",
    "NA",
    "abc",
    "9007199254740993",
    "\0",
    "label,A\n",
]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(TOKENS), max_size=25).map("".join))
@example("label:a,label:b,A:a,A:b\n1,12:00,.5,.5\n")
def test_no_text_whatever_makes_reading_fail_with_anything_but_a_data_error(table, content):
    with contextlib.suppress(DataError):
        assert len(read(table(content)).models) > 0


class TestStopping:
    def test_reading_stops_when_told(self, table):
        with pytest.raises(Cancelled):
            files.read(table("label,A\n1,0.5\n"), stopped=lambda: True)

    def test_reading_tells_the_share_done(self, table):
        shares = []
        files.read(table("label,A\n1,0.5\n"), report=shares.append)
        assert shares == sorted(shares)
        assert shares
        assert all(0 <= share <= 1 for share in shares)
