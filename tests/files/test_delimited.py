import bz2
import gzip

import numpy as np
import pyarrow as pa
import pytest

from xentviz import files
from xentviz.core.errors import DataError
from xentviz.ui.messages import sentence

ROWS = "".join(f"{i % 2},{i / 5000}\n" for i in range(5000))
TEXT = ("label,A\n" + ROWS).encode()


def zstandard(content):
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as packed:
        packed.write(content)
    return sink.getvalue().to_pybytes()


PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "zstd": zstandard}


@pytest.fixture(params=PACKERS)
def packed(request, tmp_path):
    """Return a writer of packed files, and of ones that break off after a share of their bytes."""

    def write(content, share=1.0, name="table.csv.packed"):
        path, whole = tmp_path / name, PACKERS[request.param](content)
        path.write_bytes(whole[: int(share * len(whole))])
        return path

    return write


def error_of(path):
    with pytest.raises(DataError) as caught:
        files.read(path)
    assert "{" not in sentence(caught.value)
    return caught.value


def test_a_packed_table_is_read_as_if_it_were_not(packed, tmp_path):
    plain = tmp_path / "table.csv"
    plain.write_bytes(TEXT)
    one, other = files.read(packed(TEXT)).document, files.read(plain).document
    np.testing.assert_array_equal(one.labels.array(), other.labels.array())
    np.testing.assert_array_equal(one.models[0].scores.array(), other.models[0].scores.array())
    assert one.title == other.title == "table"


def test_it_is_told_by_what_it_holds_and_not_by_its_name(packed):
    assert files.read(packed(b"label,A\n1,0.5\n", name="table.csv")).document.rows == 1


def test_members_one_after_the_other_are_all_read(tmp_path):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"label,A\n1,0.5\n") + gzip.compress(b"0,0.25\n"))
    assert files.read(path).document.labels.array().ravel().tolist() == [1, 0]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_one_that_breaks_off_is_damaged(packed, share):
    assert error_of(packed(TEXT, share)).code == "file_damaged"


def test_of_nothing_is_empty(packed):
    assert error_of(packed(b"")).code == "file_empty"


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b"label,A\n1,0.5\n0\n", "row_ragged", 2),
        (b"label,A\n1,0.5\n0,x\n", "not_a_number", 2),
        (b"label,A\n1,0.5\n0,1.5\n", "probability_out_of_range", 2),
    ],
)
def test_faults_in_it_are_told_by_their_row(packed, content, code, row):
    error = error_of(packed(content))
    assert (error.code, error.details["row"]) == (code, row)


def test_what_is_no_table_in_it_is_said(packed):
    assert error_of(packed(b"label,A\n\0\0\0\n")).code == "file_not_text"
    assert error_of(packed("label,Größe\n1,0.5\n".encode("latin-1"))).code == "encoding_doubtful"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_letters_of_any_language_are_names(packed, encoding):
    content = "名称,label,Größe\n是,1,0.5\n否,0,0.25\n".encode(encoding)
    document = files.read(packed(content)).document
    assert document.models[0].name == "Größe"
    assert [document.name_of(row) for row in range(2)] == ["是", "否"]


def test_utf16_far_beyond_the_header_is_read_to_its_end(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(("label,A\n" + ROWS * 60).encode("utf-16"))
    assert files.read(path).document.rows == 300_000
