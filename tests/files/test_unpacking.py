import bz2
import gzip
import io
import os
import zipfile

import numpy as np
import pyarrow as pa
import pytest

from xentviz import files
from xentviz.core.errors import Cancelled, DataError
from xentviz.files import limits
from xentviz.files.delimited import read_delimited
from xentviz.files.table import RECOGNISED
from xentviz.files.unpacking import Unpacked
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


JSON = (
    '[{"label": 1, "A": 0.5},\n {"label": 0, "A": 0.25}]',
    '{"label": [1, 0], "A": [0.5, 0.25]}',
    '{"label": 1, "A": 0.5}\n{"label": 0, "A": 0.25}\n',
)


@pytest.mark.parametrize("content", JSON)
@pytest.mark.parametrize("name", ["scores.json.gz", "scores.jsonl.zst", "scores.ndjson.bz2", "scores.json", "scores"])
def test_packed_json_is_read_whatever_it_is_called(packed, content, name):
    document = files.read(packed(content.encode(), name=name)).document
    assert document.title == "scores"
    assert document.labels.array().ravel().tolist() == [1, 0]
    assert document.models[0].scores.array().ravel().tolist() == [0.5, 0.25]


def test_packed_json_in_letters_of_two_bytes_is_read_if_it_is_called_so(packed):
    assert files.read(packed(JSON[0].encode("utf-16"), name="a.json.gz")).document.rows == 2


@pytest.mark.parametrize(("name", "content"), [("a.json.gz", '{"a": '), ("a.jsonl.gz", '{"a": 1}\n{"a": ')])
def test_packed_json_that_unpacks_to_more_than_the_memory_is_refused(packed, monkeypatch, name, content):
    monkeypatch.setattr(limits, "half_of_memory", lambda: 32 << 20)
    path = packed(content.encode() + b" " * (40 << 20), name=name)
    assert path.stat().st_size < 100_000
    assert error_of(path).code in {"file_too_large", "line_long"}


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_packed_json_that_breaks_off_is_damaged(packed, share):
    assert error_of(packed(JSON[0].encode() * 2000, share, "a.json.gz")).code == "file_damaged"


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


def zipped(**members):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def written(tmp_path, content):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    return path


class TestZip:
    def test_of_one_table_is_read_whatever_else_a_mac_put_there(self, tmp_path):
        content = zipped(**{"folder/": b"", "folder/table.csv": TEXT, "__MACOSX/table.csv": b"\0"})
        assert files.read(written(tmp_path, content)).document.rows == 5000

    def test_of_several_files_is_refused_with_their_number(self, tmp_path):
        error = error_of(written(tmp_path, zipped(a=TEXT, b=TEXT)))
        assert (error.code, error.details["count"]) == ("zip_of_several", 2)

    def test_with_a_password_is_refused(self, tmp_path):
        content = bytearray(zipped(a=TEXT))
        content[content.index(b"PK\x01\x02") + 8] |= 1
        assert error_of(written(tmp_path, content)).code == "zip_locked"

    def test_whose_table_has_no_name_is_read(self, tmp_path):
        nameless = zipfile.ZipInfo()
        nameless.filename = ""
        with zipfile.ZipFile(tmp_path / "table.csv", "w") as archive:
            archive.writestr(nameless, TEXT)
        assert files.read(tmp_path / "table.csv").document.rows == 5000

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
    def test_that_breaks_off_is_damaged(self, tmp_path, share):
        content = zipped(a=TEXT)
        assert error_of(written(tmp_path, content[: int(share * len(content))])).code == "file_damaged"

    def test_with_a_byte_turned_over_is_damaged(self, tmp_path):
        content = bytearray(zipped(a=TEXT))
        content[len(content) // 2] ^= 0xFF
        assert error_of(written(tmp_path, content)).code == "file_damaged"


def test_more_than_half_of_the_memory_is_refused_however_little_it_is_when_packed(packed, monkeypatch):
    monkeypatch.setattr(limits, "half_of_memory", lambda: 8 << 20)
    path = packed(TEXT + b"1,0.5\n" * 2_000_000)
    assert path.stat().st_size < 100_000
    assert error_of(path).code == "file_too_large"


class TestWatching:
    def test_the_share_read_grows_from_the_first_piece_on(self, tmp_path):
        shares = []
        path = written(tmp_path, b"label,A\n" + b"1,0.5\n" * 1_000_000)
        with Unpacked(path, lambda: False, shares.append) as source:
            for _ in range(3):
                source.restart()
                while source.read(1 << 20):
                    pass
        assert shares == sorted(shares)
        assert shares[0] < 0.2
        assert 0.9 < shares[-1] < 1

    @pytest.mark.parametrize("pieces", [0, 1, 3])
    def test_reading_stops_before_the_next_piece(self, tmp_path, pieces):
        asked = iter([False] * pieces + [True])
        path = written(tmp_path, b"label,A\n" + b"1,0.5\n" * 1_000_000)
        with pytest.raises(Cancelled):
            read_delimited(path, RECOGNISED, lambda: next(asked), lambda _share: None)


class TestAFileThatChanges:
    """Whoever writes to it does so when a share is told."""

    def read_while(self, path, do, piece=1):
        told = []

        def report(share):
            told.append(share)
            if len(told) == piece + 1:  # the first is told before anything is read
                do()

        return read_delimited(path, RECOGNISED, lambda: False, report)

    @pytest.fixture
    def path(self, tmp_path):
        return written(tmp_path, b"label,A\n" + b"1,0.5\n" * 1_000_000)

    @pytest.mark.parametrize("piece", [1, 2, 3, 4, 6])
    @pytest.mark.parametrize("size", [0, 5, 10, 3_000_000])
    def test_is_refused_when_it_was_cut(self, path, size, piece):
        with pytest.raises(DataError, match="file_changing"):
            self.read_while(path, lambda: os.truncate(path, size), piece)

    def test_is_refused_when_it_grew(self, path):
        def grow():
            with path.open("ab") as file:
                file.write(b"1,0.5\n")

        with pytest.raises(DataError, match="file_changing"):
            self.read_while(path, grow)

    def test_is_read_as_it_was_when_another_takes_its_place(self, path, tmp_path):
        other = tmp_path / "other"
        other.write_bytes(b"x")
        assert self.read_while(path, lambda: other.replace(path)).columns.num_rows == 1_000_000

    def test_is_read_to_its_end_when_it_vanishes(self, path):
        assert self.read_while(path, path.unlink).columns.num_rows == 1_000_000
