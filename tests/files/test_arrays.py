import contextlib
import io
import os
import pickle
import struct
import sys
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from xentviz.core.errors import Cancelled, DataError
from xentviz.files import limits
from xentviz.files.arrays import is_npy, is_npz, read_npy, read_npz
from xentviz.files.table import RECOGNISED
from xentviz.ui.messages import SENTENCES, sentence

P = np.array([[0.2, 0.8], [0.9, 0.1], [0.5, 0.5]])
Y = np.array([1, 0, 1])


def npy(array, **how):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asanyarray(array), **how)
    return stream.getvalue()


def headed(header, data=b"", version=1):
    """Return a .npy file with this header, right or wrong."""
    text = header.encode() + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + data


def zipped(members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a file and reads it, by what it holds."""

    def written(content, name="scores.npy", stopped=lambda: False, report=lambda share: None):
        path = tmp_path / name
        path.write_bytes(content)
        assert is_npy(path) or is_npz(path)
        return (read_npy if is_npy(path) else read_npz)(path, RECOGNISED, stopped, report)

    return written


@pytest.fixture
def refused(read):
    """Return a function that reads a file and returns the error, for which there is a sentence."""

    def error_of(content, name="scores.npy"):
        with pytest.raises(DataError) as caught:
            read(content, name)
        error = DataError(caught.value.code, file=name, **caught.value.details)
        words = sentence(error)
        assert error.code in SENTENCES
        assert words.endswith(".")
        assert "{" not in words
        assert "pickle" not in words
        return error

    return error_of


class TestOneArray:
    def test_of_one_dimension_is_a_column_called_like_the_file(self, read):
        assert read(npy(Y)).columns.to_pydict() == {"scores": [1, 0, 1]}

    @pytest.mark.skipif(sys.platform != "linux", reason="a name is text elsewhere")
    def test_is_called_in_whole_letters(self, read):
        assert read(npy(Y), os.fsdecode(b"sc\xffres.npy")).columns.column_names == ["sc\ufffdres"]

    @pytest.mark.parametrize("order", ["C", "F"])
    def test_of_two_is_a_column_for_each_of_its_columns(self, read, order):
        table = read(npy(np.array(P, order=order)))
        assert table.columns.to_pydict() == {"scores:0": [0.2, 0.9, 0.5], "scores:1": [0.8, 0.1, 0.5]}
        assert not table.has_header
        assert table.notes == ()

    def test_of_a_single_column_is_called_like_the_file(self, read):
        assert read(npy(P[:, :1])).columns.to_pydict() == {"scores": [0.2, 0.9, 0.5]}

    def test_of_no_rows_has_its_columns(self, read):
        assert read(npy(np.zeros((0, 2)))).columns.to_pydict() == {"scores:0": [], "scores:1": []}
        assert read(npy(np.zeros(0, "U3"))).columns.to_pydict() == {"scores": []}

    @pytest.mark.parametrize("version", [(1, 0), (2, 0)])
    def test_is_read_in_every_version_that_holds_plain_numbers(self, read, version):
        assert read(npy(Y, version=version)).columns.to_pydict() == {"scores": [1, 0, 1]}

    def test_that_python_2_wrote_is_read(self, read):
        old = headed("{'descr': '<i8', 'fortran_order': False, 'shape': (3L,), }", Y.tobytes())
        assert read(old).columns.to_pydict() == {"scores": [1, 0, 1]}

    @pytest.mark.parametrize(
        ("dtype", "kept"),
        [
            ("<f2", "float"),
            (">f4", "float"),
            (">f8", "double"),
            ("g", "double"),
            ("?", "bool"),
            ("i1", "int8"),
            ("u1", "uint8"),
            (">i2", "int16"),
            ("<u4", "uint32"),
            (">i8", "int64"),
            ("u8", "int64"),
        ],
    )
    def test_keeps_its_numbers_in_a_type_that_arrow_knows(self, read, dtype, kept):
        column = read(npy(np.array([1, 0, 1], dtype))).columns["scores"]
        assert str(column.type) == kept
        assert column.to_pylist() == [1, 0, 1]

    def test_keeps_what_is_not_finite(self, read):
        column = read(npy(np.array([np.inf, -np.inf, np.nan], np.float16))).columns["scores"]
        np.testing.assert_array_equal(column.to_numpy(), [np.inf, -np.inf, np.nan])

    def test_of_longer_numbers_is_rounded_and_that_is_told(self, read):
        table = read(npy(np.array([0.5, np.inf], np.longdouble)))
        assert table.columns["scores"].to_pylist() == [0.5, np.inf]
        assert [note.code for note in table.notes] == ["array_rounded"]
        assert "scores" in sentence(DataError("array_rounded", file="a.npy", **table.notes[0].details))

    @pytest.mark.parametrize("texts", [["cat", "", "犬"], [b"cat", b"", "犬".encode()]], ids=["U", "S"])
    def test_of_text_is_text(self, read, texts):
        assert read(npy(np.array(texts))).columns["scores"].to_pylist() == ["cat", "", "犬"]

    def test_of_text_in_two_dimensions_is_text(self, read):
        assert read(npy(np.array([["a", "b"], ["c", "d"]], order="F"))).columns.to_pydict() == {
            "scores:0": ["a", "c"],
            "scores:1": ["b", "d"],
        }

    @pytest.mark.parametrize("order", ["C", "F"])
    def test_larger_than_a_piece_is_read_whole_with_progress(self, read, order):
        values, shares = np.random.default_rng(1).random((700_000, 2)), []
        table = read(npy(np.array(values, order=order)), report=shares.append)
        for column in (0, 1):
            np.testing.assert_array_equal(table.columns[f"scores:{column}"].to_numpy(), values[:, column])
        assert len(shares) >= 3
        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(1, abs=1e-4)

    def test_stops_when_told(self, read):
        with pytest.raises(Cancelled):
            read(npy(Y), stopped=lambda: True)
        with pytest.raises(Cancelled):
            read(zipped([("y.npy", npy(Y))]), stopped=lambda: True)


class TestSeveralArrays:
    @pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
    def test_are_columns_called_like_them(self, read, save):
        stream = io.BytesIO()
        save(stream, y=Y, p=P, name=np.array(["a", "b", "c"]))
        assert read(stream.getvalue()).columns.to_pydict() == {
            "y": [1, 0, 1],
            "p:0": [0.2, 0.9, 0.5],
            "p:1": [0.8, 0.1, 0.5],
            "name": ["a", "b", "c"],
        }

    @pytest.mark.parametrize("name", ["classes", "class_names", "categories"])
    @pytest.mark.parametrize("classes", [["cat", "dog"], [b"cat", b"dog"], [3, 7]], ids=["text", "bytes", "numbers"])
    def test_may_name_the_categories(self, read, name, classes):
        table = read(zipped([("p.npy", npy(P)), ("y.npy", npy(Y)), (f"{name}.npy", npy(np.array(classes)))]))
        first, second = ("3", "7") if classes == [3, 7] else ("cat", "dog")
        assert table.columns.column_names == [f"p:{first}", f"p:{second}", "y"]

    def test_of_which_one_is_called_classes_and_fits_no_other_is_a_column(self, read):
        assert read(zipped([("y.npy", npy(Y)), ("classes.npy", npy(Y))])).columns.column_names == ["y", "classes"]

    def test_without_dimensions_and_other_files_are_left_out(self, read):
        table = read(zipped([("readme.txt", b"hello"), ("threshold.npy", npy(0.5)), ("y.npy", npy(Y))]))
        assert table.columns.column_names == ["y"]

    def test_of_different_lengths_are_refused_with_both(self, refused):
        error = refused(zipped([("y.npy", npy(Y)), ("p.npy", npy(P[:2]))]))
        assert error.code == "arrays_unequal"
        assert error.details == {"file": "scores.npy", "column": "y", "rows": 3, "other": "p", "other_rows": 2}

    def test_are_never_spread_from_one_row_over_many(self, refused):
        assert refused(zipped([("y.npy", npy(Y)), ("p.npy", npy(P[:1]))])).code == "arrays_unequal"

    def test_that_make_one_name_twice_are_refused(self, refused):
        assert refused(zipped([("p.npy", npy(P)), ("p:1.npy", npy(Y))])).code == "column_twice"

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_of_one_name_are_refused(self, refused):
        error = refused(zipped([("p.npy", npy(Y)), ("p.npy", npy(1 - Y))]))
        assert (error.code, error.details["column"]) == ("member_twice", "p.npy")

    def test_names_are_names_and_no_paths(self, read, tmp_path):
        before = sorted(tmp_path.parent.iterdir())
        assert read(zipped([("../../x.npy", npy(Y))])).columns.column_names == ["../../x"]
        assert sorted(tmp_path.parent.iterdir()) == before

    @pytest.mark.parametrize("members", [[], [("readme.txt", b"hello")], [("threshold.npy", npy(0.5))]])
    def test_may_be_none(self, refused, members):
        assert refused(zipped(members), "scores.npz").code == "arrays_missing"


class TestWhatIsRefused:
    @pytest.mark.parametrize("wrap", [lambda data: data, lambda data: zipped([("y.npy", npy(Y)), ("meta.npy", data)])])
    @pytest.mark.parametrize("shape", [(), (1,)])
    def test_objects_are_never_unpickled(self, refused, tmp_path, wrap, shape):
        class Canary:
            def __reduce__(self):
                return exec, (f"open({str(tmp_path / 'ran')!r}, 'w').close()",)

        content = np.empty(shape, object)
        content[...] = Canary()
        error = refused(wrap(npy(content)))
        assert (error.code, error.details["type"]) == ("array_type", "Python objects")
        assert not (tmp_path / "ran").exists()
        np.load(io.BytesIO(npy(content)), allow_pickle=True)
        assert (tmp_path / "ran").exists(), "the canary would have shown it"

    @pytest.mark.parametrize(
        "array",
        [
            np.array(["2020-01-01"], "M8[D]"),
            np.array([1], "m8[s]"),
            np.array([1j]),
            np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]),
            np.array([(1, 2.0)], [("ä", "i4"), ("犬", "f8")]),
            np.array([b"ab"], "V2"),
            np.array(["x" * 257]),
            np.array([b"x" * 257]),
        ],
        ids=lambda array: str(array.dtype)[:12],
    )
    @pytest.mark.filterwarnings("ignore:Stored array in format 3.0")
    def test_what_is_neither_number_nor_short_text(self, refused, array):
        error = refused(npy(array))
        assert (error.code, error.details["column"]) == ("array_type", "scores")

    def test_text_without_letters_whose_rows_take_no_bytes(self, refused):
        content = headed("{'descr': '<U0', 'fortran_order': False, 'shape': (10000000000,), }")
        assert refused(content).code == "array_type"

    @pytest.mark.parametrize("shape", [(), (2, 2, 2), (1, 1, 1, 1), (3, 0)])
    def test_other_dimensions_than_one_or_two(self, refused, shape):
        error = refused(npy(np.zeros(shape)))
        assert (error.code, error.details["shape"]) == ("array_shape", str(shape))

    def test_more_columns_than_tables_have(self, refused):
        assert refused(npy(np.zeros((0, 10_000)))).code == "columns_too_many"
        many = zipped([("a.npy", npy(np.zeros((1, 3000)))), ("b.npy", npy(np.zeros((1, 3000))))])
        assert refused(many).code == "columns_too_many"

    @pytest.mark.parametrize("order", ["C", "F"])
    def test_numbers_that_would_turn_negative(self, refused, order):
        wrong = np.zeros((3, 2), np.uint64, order=order)
        wrong[1, 1] = 2**63 + 1
        error = refused(npy(wrong))
        assert error.code == "array_number_large"
        assert (error.details["row"], error.details["value"]) == (2, "9223372036854775809")

    @pytest.mark.skipif(np.finfo(np.longdouble).max == np.finfo(np.float64).max, reason="no longer numbers here")
    def test_numbers_that_would_turn_infinite(self, refused):
        error = refused(npy(np.array([1, np.longdouble("1e400")])))
        assert (error.code, error.details["row"]) == ("array_number_large", 2)

    @pytest.mark.parametrize(
        "shape", ["(10000000000,)", "(100000, 100000)", "(7,)", "(9,)", "(-8,)", "(-2, -4)", "(True,)"]
    )
    def test_a_shape_that_is_not_that_of_the_bytes_before_any_memory_is_taken(self, refused, shape):
        content = headed(f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}", bytes(64))
        assert refused(content).code in {"array_size", "array_shape", "columns_too_many"}
        assert refused(zipped([("a.npy", content)])).code in {"array_size", "array_shape", "columns_too_many"}

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "{",
            "[]",
            "{'descr': '<f8'}",
            "{'descr': 'nonsense', 'fortran_order': False, 'shape': (8,), }",
            "{'descr': '<f8', 'fortran_order': 1, 'shape': (8,), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (8.0,), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': 8, }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (__import__('os').getpid(),), }",
            "(" * 60_000,
            "-" * 60_000 + "1",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (" + "9" * 5000 + ",), }",
            "\0",
        ],
        ids=lambda header: f"{header[:50]}…{len(header)}",
    )
    def test_a_header_that_cannot_be_read(self, refused, header):
        assert refused(headed(header, bytes(64))).code in {"file_damaged", "array_size"}

    def test_a_header_that_is_endless(self, refused):
        assert refused(headed(" " * 100_000, version=2)).code == "file_damaged"
        assert refused(b"\x93NUMPY\x02\x00\xff\xff\xff\xff").code == "file_damaged"

    @pytest.mark.parametrize(
        "content", [b"\x93NUMPY", b"\x93NUMPY\x01", b"\x93NUMPY\x01\x00\x40", b"\x93NUMPY\x09\x00"]
    )
    def test_what_only_begins_like_an_array(self, refused, content):
        assert refused(content).code == "file_damaged"
        assert refused(zipped([("a.npy", content)])).code == "file_damaged"

    @pytest.mark.parametrize("share", [0.05, 0.3, 0.9, 0.99])
    def test_what_breaks_off(self, refused, share):
        whole = npy(np.arange(1000.0))
        assert refused(whole[: int(share * len(whole))]).code in {"file_damaged", "array_size"}
        packed = zipped([("a.npy", whole), ("b.npy", whole)])
        assert refused(packed[: int(share * len(packed))], "scores.npz").code == "file_damaged"

    @pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    def test_a_flipped_byte_in_what_is_packed(self, refused, method):
        whole = bytearray(zipped([("a.npy", npy(np.random.default_rng(1).random(1000)))], method))
        whole[len(whole) // 2] ^= 1
        assert refused(bytes(whole)).code == "file_damaged"

    def test_text_whose_letters_do_not_exist(self, refused):
        content = headed("{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }", b"\xff\xff\xff\x7f")
        assert refused(content).code == "file_damaged"

    def test_what_is_locked_by_a_password(self, refused):
        whole = bytearray(zipped([("a.npy", npy(Y))]))
        for start, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            whole[whole.index(start) + place] |= 1
        assert refused(bytes(whole)).code == "file_encrypted"

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_what_is_packed_in_a_way_that_has_no_bounds(self, refused, method):
        assert refused(zipped([("a.npy", npy(Y))], method)).code == "file_damaged"


class TestTraps:
    def test_what_unpacks_to_more_than_the_memory_is_refused_unread(self, refused, monkeypatch):
        monkeypatch.setattr(limits, "half_of_memory", lambda: 10_000)
        assert refused(zipped([("a.npy", npy(np.zeros(10_000)))])).code == "file_too_large"
        assert refused(npy(np.zeros(10_000))).code == "file_too_large"

    def test_a_small_file_that_unpacks_to_gigabytes_is_refused_unread(self, refused):
        whole = bytearray(zipped([("a.npy", npy(np.zeros(1000)))]))
        place = whole.index(b"PK\x01\x02") + 24
        whole[place : place + 4] = struct.pack("<I", 1_500_000_000)
        assert refused(bytes(whole)).code in {"file_unpacks_too_large", "file_too_large"}

    @pytest.mark.parametrize("declared", [-8, 8, 80_000])
    def test_sizes_that_lie_are_found_by_counting(self, refused, declared):
        content = npy(np.zeros(1000))
        whole = bytearray(zipped([("a.npy", content)]))
        place = whole.index(b"PK\x01\x02") + 24
        whole[place : place + 4] = struct.pack("<I", len(content) + declared)
        assert refused(bytes(whole)).code in {"array_size", "file_damaged"}

    def test_more_than_declared_is_never_read_though_the_header_agrees(self, refused):
        content = npy(np.zeros(1000)) + bytes(10_000_000)
        whole = bytearray(zipped([("a.npy", content)]))
        place = whole.index(b"PK\x01\x02") + 24
        whole[place : place + 4] = struct.pack("<I", len(npy(np.zeros(1000))))
        assert refused(bytes(whole)).code == "file_damaged"


class TestWhatIsNotOurs:
    @pytest.mark.parametrize("content", [b"", b"label,A\n1,0.5\n", pickle.dumps([1, 2]), b"P", b"PAR1"])
    def test_is_left_to_others_whatever_it_is_called(self, tmp_path, content):
        for name in ("scores.npy", "scores.npz"):
            path = tmp_path / name
            path.write_bytes(content)
            assert not is_npy(path)
            assert not is_npz(path)

    def test_a_zip_file_of_other_things_is_left_to_others(self, tmp_path):
        path = tmp_path / "scores.zip"
        path.write_bytes(zipped([("a.csv", b"label,A\n1,0.5\n")]))
        assert not is_npz(path)


def damaged(content, changes):
    """Return bytes of which some are others, or missing."""
    whole = bytearray(content)
    for place, byte in changes:
        whole[place % len(whole)] = byte
    return bytes(whole)


CHANGES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6)
WHOLE = [
    npy(P),
    npy(np.array(["cat", "dog"])),
    zipped([("p.npy", npy(P)), ("y.npy", npy(Y))]),
    zipped([("p.npy", npy(P)), ("classes.npy", npy(np.array(["a", "b"])))], zipfile.ZIP_STORED),
]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(WHOLE), CHANGES, st.integers(0, 60))
def test_no_damage_makes_reading_fail_with_anything_but_a_data_error(tmp_path, content, changes, cut):
    path = tmp_path / "scores.npz"
    content = damaged(content, changes)
    path.write_bytes(content[: len(content) - cut])
    with contextlib.suppress(DataError):
        table = (read_npy if is_npy(path) else read_npz)(path, RECOGNISED, lambda: False, lambda share: None)
        assert table.columns.num_columns > 0


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    hnp.arrays(
        st.one_of(hnp.boolean_dtypes(), hnp.integer_dtypes(), hnp.floating_dtypes(sizes=(16, 32, 64))),
        hnp.array_shapes(max_dims=2, min_side=1, max_side=5),
    ),
    st.booleans(),
)
@example(np.array([[2**64 - 1]], np.uint64), True)
def test_every_plain_array_is_read_as_numpy_does(tmp_path, array, by_column):
    path = tmp_path / "a.npy"
    path.write_bytes(npy(np.array(array, order="F" if by_column else "C")))
    try:
        table = read_npy(path, RECOGNISED, lambda: False, lambda share: None)
    except DataError as error:
        assert error.code == "array_number_large"  # noqa: PT017
        assert array.max() >= 2**63
    else:
        columns = array.reshape(len(array), -1).T
        for column, own in zip(table.columns.columns, columns, strict=True):
            np.testing.assert_array_equal(column.to_numpy(), own)
