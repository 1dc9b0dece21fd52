"""What fuzzing the readers found; each case failed before its mend."""

import io
import json
import struct
import subprocess
import sys
import zipfile

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet
import pytest

from xentviz.core.document import ScoreKind, Task
from xentviz.core.errors import DataError
from xentviz.core.evaluation import evaluate
from xentviz.files import read
from xentviz.files.export import as_json
from xentviz.files.map_option import mapping_of
from xentviz.files.opened import Doubtful
from xentviz.files.table import RECOGNISED, Mapping
from xentviz.files.uses import answered
from xentviz.ui.messages import sentence


@pytest.fixture
def file(tmp_path):
    """Return what puts content into a file and gives its path."""

    def put(name, content):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


def refused(paths, mapping=RECOGNISED):
    with pytest.raises(DataError) as caught:
        read(paths, mapping=mapping)
    told = sentence(caught.value)
    assert told.isprintable()
    assert len(told) < 400
    return caught.value


def parquet(columns):
    stream = io.BytesIO()
    pa.parquet.write_table(pa.table(columns), stream, compression="none", use_dictionary=False)
    return stream.getvalue()


def arrow(columns):
    stream = io.BytesIO()
    with pa.ipc.new_file(stream, pa.table(columns).schema) as file:
        file.write_table(pa.table(columns))
    return stream.getvalue()


def ods(content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return stream.getvalue()


ODS_START = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
    '<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>label</text:p>'
)
TEXTS = {"label": [1, 0], "A": ["0.5", "0.25"]}
OFFSETS, BROKEN_OFFSETS = struct.pack("<3i", 0, 3, 7), struct.pack("<3i", 0, 1 << 30, 7)

READING = """
import sys, pathlib
from xentviz import files
from xentviz.core.errors import DataError
try:
    files.read(pathlib.Path(sys.argv[1]))
except DataError as error:
    print(error.code)
"""


class TestBrokenArrow:
    def test_offsets_beyond_the_text_are_found_before_they_end_the_program(self, file):
        # In a process of its own, for it was ended by the system.
        path = file("a.arrow", arrow(TEXTS).replace(OFFSETS, BROKEN_OFFSETS))
        code = READING
        done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout) == (0, "file_damaged\n")

    @pytest.mark.parametrize("write", [arrow, parquet])
    def test_letters_that_are_not_utf8(self, file, write):
        content = write({"label": [1, 0], "word": ["cat", "dog"], "A": [0.5, 0.25]})
        assert refused(file("a.arrow", content.replace(b"dog", b"d\xffg"))).code == "file_damaged"

    @pytest.mark.parametrize("write", [arrow, parquet])
    def test_names_that_are_not_utf8(self, file, write):
        content = write({"label": [1, 0], "nomen": [0.5, 0.25]})
        assert refused(file("a.arrow", content.replace(b"nomen", b"n\xffmen"))).code == "file_damaged"

    def test_a_buffer_that_is_too_short(self, file):
        content = arrow({"label": [1, 0], "A": pa.array([0.5, 0.25])})
        start = content.index(struct.pack("<q", 16))  # the length of a buffer in the metadata
        wrong = content[:start] + struct.pack("<q", 0) + content[start + 8 :]
        assert refused(file("a.arrow", wrong)).code == "file_damaged"

    def test_a_category_that_is_not_there(self, file):
        labels = pa.DictionaryArray.from_arrays(pa.array([0, 77], pa.int32()), pa.array(["no", "yes"]), safe=False)
        path = file("a.arrow", arrow({"label": labels, "A": [0.5, 0.25]}))
        assert refused(path).code == "file_damaged"


class TestBrokenSpreadsheets:
    def test_a_column_beyond_all_sheets_takes_no_gigabyte(self, file):
        book = openpyxl.Workbook()
        book.active.append(["label", "A"])
        stream, patched = io.BytesIO(), io.BytesIO()
        book.save(stream)
        with zipfile.ZipFile(stream) as before, zipfile.ZipFile(patched, "w") as after:
            for info in before.infolist():
                after.writestr(info.filename, before.read(info).replace(b'r="B1"', b'r="NULLB1"'))
        assert refused(file("a.xlsx", patched.getvalue())).code == "sheet_too_large"

    @pytest.mark.parametrize(
        "end", ["</table:table-cell></table:table-row>", "</table:table-cell></table:table-row></x>"]
    )
    def test_xml_that_ends_too_soon_is_not_read_for_ever(self, file, end):
        assert refused(file("a.ods", ods(ODS_START + end))).code == "file_damaged"


DATES = [
    pa.array([10**17 + 1, 5], pa.timestamp("ns")),
    pa.array([2**62, 5], pa.timestamp("s")),
    pa.array([1, 5], pa.timestamp("us", "Mars/Phobos")),
    pa.array([2**31 - 1, 5], pa.date32()),
    pa.array([1, 5], pa.time64("ns")),
    pa.array([1, 5], pa.duration("ns")),
]


class TestDates:
    @pytest.mark.parametrize("dates", DATES)
    def test_beyond_pythons_are_labels_that_are_refused(self, file, dates):
        path = file("a.parquet.arrow", arrow({"label": dates, "A": [0.5, 0.25]}))
        assert refused(path).code == "label_text"

    @pytest.mark.parametrize("dates", DATES)
    def test_beyond_pythons_are_no_categories(self, file, dates):
        path = file("a.arrow", arrow({"label": dates, "A:0": [0.5, 0.25], "A:1": [0.5, 0.75]}))
        assert refused(path).code in {"label_text", "column_not_numbers"}

    def test_in_one_of_several_files_are_refused_with_their_place(self, file):
        paths = [file("a.csv", "label,A\nx,0.5\n"), file("b.csv", "label,B\n2020-01-01,0.5\n")]
        error = refused(paths)
        assert (error.code, error.details["other_file"]) == ("labels_differ", "b.csv")

    def test_in_an_unknown_time_zone_name_rows(self, file):
        times = pa.array([1, 5], pa.timestamp("us", "Mars/Phobos"))
        path = file("a.arrow", arrow({"id": times, "label": [1, 0], "A": [0.5, 0.25]}))
        assert read(path).document.row_names is not None

    def test_of_text_with_nanoseconds_are_refused_too(self, file):
        path = file("a.csv", "label,A\n2020-01-01 10:00:00.123456789,0.5\n")
        assert refused(path).code == "label_text"


class TestNames:
    def test_quotes_of_an_export_do_not_make_two_columns_one(self, file):
        found = read(file("a.csv", "label,=A,'=A\n1,0.5,0.25\n"))
        assert len({model.name for model in found.document.models}) == 2

    def test_identifiers_are_text_unasked(self, file):
        found = read(file("a.csv", "image_id,label,A\n007,1,0.5\n"))
        assert found.document.row_names.array().tolist() == ["007"]

    def test_identifiers_match_those_of_another_format(self, file):
        labels = file("a.parquet", parquet({"image_id": ["001", "002"], "label": [1, 0]}))
        scores = file("b.csv", "image_id,A\n002,0.25\n001,0.75\n")
        assert read([labels, scores]).document.models[0].scores.array().tolist() == [[0.75], [0.25]]

    def test_files_of_one_name_in_two_folders_keep_their_models(self, file):
        paths = [file(f"{folder}/test.csv", f"label,A\n1,0.{n}\n") for n, folder in enumerate("abc", start=1)]
        found = read(paths)
        assert [m.scores.array().tolist() for m in found.document.models] == [[[0.1]], [[0.2]], [[0.3]]]

    def test_a_name_as_joining_gives_it_is_not_overwritten(self, file):
        paths = [file("x.csv", "label,A,A (y)\n1,0.1,0.2\n"), file("y.csv", "A\n0.3\n")]
        assert len(read(paths).document.models) == 3

    def test_groups_that_differ_in_their_last_mark_are_two_models(self, file):
        header = "label,p_0,p_1,p_2,p-0,p-1,p-2"
        found = read(file("a.csv", f"{header}\n2,0.1,0.1,0.8,0.2,0.2,0.6\n"))
        assert [m.scores.array().tolist() for m in found.document.models] == [[[0.1, 0.1, 0.8]], [[0.2, 0.2, 0.6]]]

    def test_models_marked_twice_are_not_lost(self, file):
        header = "label,A (logit),A (probability),A (logit) (logit)"
        assert len(read(file("a.csv", f"{header}\n1,0.1,0.2,0.3\n")).document.models) == 3

    def test_a_column_without_a_name_is_no_model_unasked(self, file):
        found = read(file("a.csv", ",label,A\n0,1,0.5\n"), mapping=mapping_of("names="))
        assert [model.name for model in found.document.models] == ["A"]

    def test_names_that_differ_in_blanks_alone_are_told(self, file):
        assert refused(file("a.json", '[{"label": 1, "A": 0.5, " A": 0.25}]')).code == "column_twice"

    def test_a_model_called_by_its_mark_alone(self, file):
        found = read(file("a.json", '[{"label": 1, " (logit)": -0.5}]'))
        assert found.document.models[0].kind is ScoreKind.LOGIT


class TestClasses:
    def test_two_of_four_classes_are_no_pair(self, file):
        header = "label,p_ape,p_cow,p_cat,p_dog"
        assert (
            refused(file("a.csv", f"{header}\nape,0.01,0.03,0.02,0.94\ncow,0.1,0.2,0.3,0.4\n")).code
            == "positive_unknown"
        )

    def test_distributions_over_two_categories(self, file):
        path = file("a.csv", "y:a,y:b,A:a,A:b\n1,0,0.75,0.25\n0,1,0.5,0.5\n")
        found = read(path, mapping=Mapping(multiclass=True))
        assert found.document.task is Task.MULTICLASS
        assert evaluate(found.document).models[0].known == 2

    def test_nan_is_no_third_label(self, file):
        logits = {"logits:0": [-3.0, -1.0, 2.0], "logits:1": [1.0, 2.0, 3.0]}
        found = read(file("a.parquet", parquet({"label": [1.0, float("nan"), 0.0], **logits})))
        null = read(file("b.parquet", parquet({"label": [1.0, None, 0.0], **logits})))
        assert found.document.task is null.document.task

    def test_one_category_given_twice_is_no_fault_of_the_sheet(self, file):
        path = file("a.csv", "label,A:dog,A: dog\n1,0.5,0.25\n")
        mapping = Mapping(labels=("label",), scores=("A:dog", "A: dog"))
        with pytest.raises(Doubtful) as caught:
            read(path, mapping=mapping)
        assert not answered(caught.value.table, caught.value.source, lambda: False, lambda _share: None).groups


class TestJoining:
    def test_labels_unknown_in_both_files(self, file):
        paths = [file("a.json", '[{"label": null, "A": 0.5}]'), file("b.json", '[{"label": null, "B": 0.5}]')]
        assert [model.name for model in read(paths).document.models] == ["A", "B"]

    def test_nan_in_both_files_is_no_difference(self, file):
        known = [1.0, float("nan"), 0.0]
        paths = [file(f"{m}.parquet", parquet({"label": known, m: [0.5, 0.5, 0.5]})) for m in "AB"]
        assert read(paths).document.labels.array().tolist() == [[1], [-1], [0]]

    def test_true_is_one(self, file):
        paths = [
            file("a.parquet", parquet({"label": [True, False], "A": [0.5, 0.5]})),
            file("b.csv", "label,B\n1,0.5\n0,0.5\n"),
        ]
        assert len(read(paths).document.models) == 2

    def test_a_key_that_stands_twice_is_told_whatever_it_is(self, file):
        times = pa.array([1, 1], pa.time64("ns"))
        paths = [file(f"{m}.parquet", parquet({"id": times, "label": [1, 0], m: [0.5, 0.5]})) for m in "AB"]
        assert refused(paths, Mapping(key="id")).code == "key_twice"


@pytest.mark.filterwarnings("error")
class TestWarnings:
    def test_losses_too_large_to_be_added(self, file):
        path = file(
            "a.json", '[{"label:a": 1, "label:b": 1, "z logit:a": -1.7e308, "z logit:b": -1.7e308, "B:a": 1, "B:b": 1}]'
        )
        numbers = as_json("a", evaluate(read(path).document))
        assert numbers["models"][0]["loss"]["sum"] == "inf"

    def test_infinite_scores_that_are_summed(self, file):
        assert refused(file("a.csv", "label,p_0,p_1\n0,inf,inf\n")).code == "probability_out_of_range"

    def test_labels_at_both_ends_of_all_numbers(self, file):
        path = file("a.csv", "label,A\n-1e308,0.5\n1e308,0.5\n")
        assert refused(path).code == "label_out_of_range"

    def test_a_yes_beyond_the_labels_own_numbers(self, file):
        path = file("a.parquet", parquet({"label": pa.array([0, 1], pa.float32()), "A": [0.5, 0.5]}))
        assert refused(path, Mapping(positive="1e308")).code == "positive_absent"

    def test_a_long_number_that_is_none(self, file):
        stream = io.BytesIO()
        np.save(stream, np.frombuffer(bytes(7) + b"\x01\xff\x7f" + bytes(6), "<f16"))
        assert refused(file("a.npy", stream.getvalue())).code == "one_column"


class TestSentences:
    def test_of_a_column_unknown_among_many(self, file):
        header = [f"column number {n}" for n in range(100)]
        error = refused(file("a.csv", ",".join(header) + "\n" + ",".join("1" * 100)), Mapping(labels=("y",)))
        assert error.code == "column_unknown"

    def test_of_names_with_line_ends(self, file):
        assert refused(file("a.csv", '"a\nb",label\n1,2\n'), Mapping(labels=("y",))).code == "column_unknown"

    def test_of_labels_with_line_ends(self, file):
        assert refused(file("a.json", '[{"y": "a\\nb", "A": 1}, {"y": "c", "A": 0}]')).code == "positive_unknown"

    def test_of_long_labels(self, file):
        rows = [{"y": f"a rather long label, number {n}", "A": 0.5} for n in range(20)]
        assert refused(file("a.json", json.dumps(rows))).code == "positive_unknown"

    def test_a_yes_that_is_no_text_is_told_as_one(self, file):
        path = file("a.csv", "label,A\ncat,0.5\ndog,0.25\n")
        assert "�" in sentence(refused(path, mapping_of("positive=\udcff")))
