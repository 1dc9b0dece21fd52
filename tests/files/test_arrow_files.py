import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from xentviz import files
from xentviz.core.errors import Cancelled, DataError
from xentviz.files import reading
from xentviz.ui.messages import sentence


def as_parquet(table, path):
    pyarrow.parquet.write_table(table, path, row_group_size=2, write_page_checksum=True)


def as_feather(table, path):
    pyarrow.feather.write_feather(table, path, chunksize=2)


def as_arrow(table, path):
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)


WRITERS = [as_parquet, as_feather, as_arrow]


@pytest.fixture(params=WRITERS, ids=lambda writer: writer.__name__[3:])
def written(request, tmp_path):
    """Return a function that writes columns, or an Arrow table, to a file whose name does not tell its format."""

    def write(columns):
        path = tmp_path / "predictions.data"
        request.param(columns if isinstance(columns, pa.Table) else pa.table(columns), path)
        return path

    return write


def error_of(path):
    with pytest.raises(DataError) as caught:
        files.read(path)
    assert "{" not in sentence(caught.value)
    return caught.value


class TestGoodFiles:
    def test_are_read_by_what_they_hold_and_not_by_their_name(self, written):
        document = files.read(written({"id": ["a", "b", "c"], "label": [1, 0, None], "A": [0.9, None, 0.25]})).document
        np.testing.assert_array_equal(document.labels.array().ravel(), [1, 0, -1])
        np.testing.assert_array_equal(document.models[0].scores.array().ravel(), [0.9, np.nan, 0.25])
        assert [document.name_of(row) for row in range(3)] == ["a", "b", "c"]
        assert document.title == "predictions"

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_scores_keep_their_precision(self, written, dtype):
        scores = np.array([0.1, 0.7], dtype=dtype)
        document = files.read(written({"label": [1, 0], "A": scores})).document
        kept = document.models[0].scores.array().ravel()
        assert kept.dtype == (np.float64 if dtype == np.float64 else np.float32)
        np.testing.assert_array_equal(kept, scores)

    @pytest.mark.parametrize(
        "labels",
        [
            pa.array([True, False, None]),
            pa.array([1, 0, None], pa.uint8()),
            pa.array([1.0, 0.0, None], pa.float32()),
            pa.array(["1", "0", None]),
            pa.array(["1", "0", None]).dictionary_encode(),
            pa.array(["1", "0", None], pa.large_string()),
            pa.array([1, 0, None], pa.decimal128(5, 2)),
        ],
        ids=lambda labels: str(labels.type),
    )
    def test_labels_may_be_of_any_plain_type(self, written, labels):
        document = files.read(written({"label": labels, "A": [0.5, 0.5, 0.5]})).document
        assert document.labels.array().ravel().tolist() == [1, 0, -1]

    def test_a_soft_label_keeps_the_labels_float64(self, written):
        document = files.read(written({"label": np.array([0.25, 1], np.float32), "A": [0.5, 0.5]})).document
        assert document.labels.array().dtype == np.float64

    def test_several_categories_and_models_are_told_by_the_columns_names(self, written):
        columns = {
            "y:cat": [1],
            "y:dog": [0],
            "A:dog": [0.2],
            "A:cat": [0.9],
            "taken": pa.array([0], pa.timestamp("s")),
        }
        opened = files.read(written(columns))
        assert opened.document.categories == ("cat", "dog")
        assert opened.document.models[0].scores.array().tolist() == [[0.9, 0.2]]

    def test_no_rows_are_a_document_too(self, written):
        empty = pa.table({"label": pa.array([], pa.int8()), "A": pa.array([], pa.float64())})
        assert files.read(written(empty)).document.rows == 0

    def test_progress_is_told_by_pieces_and_cancel_heard_between_them(self, written):
        path, shares = written({"label": [1, 0, 1, 0, 1], "A": [0.5] * 5}), []
        files.read(path, report=shares.append)
        assert shares[:4] == pytest.approx([share * reading.READING_SHARE for share in (0, 1 / 3, 2 / 3, 1)])
        asked = []
        with pytest.raises(Cancelled):
            files.read(path, stopped=lambda: len(asked.append(None) or asked) == 3)
        assert len(asked) == 3


class TestBadFiles:
    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
    def test_that_break_off_are_damaged(self, written, share):
        path = written({"label": [1, 0] * 50, "A": [0.5] * 100})
        whole = path.read_bytes()
        path.write_bytes(whole[: int(share * len(whole))])
        assert error_of(path).code == "file_damaged"

    @pytest.mark.parametrize("magic", [b"PAR1", b"ARROW1", b"PAR1PAR1", b"ARROW1\0\0" + bytes(64)])
    def test_that_only_begin_like_one_are_damaged(self, tmp_path, magic):
        path = tmp_path / "a.parquet"
        path.write_bytes(magic)
        assert error_of(path).code == "file_damaged"

    def test_with_a_flipped_byte_are_never_read_wrongly_in_parquet(self, tmp_path):
        path = tmp_path / "a.parquet"
        as_parquet(pa.table({"label": [1, 0] * 500, "A": np.random.default_rng(1).random(1000)}), path)
        whole = bytearray(path.read_bytes())
        whole[len(whole) // 4] ^= 0xFF
        path.write_bytes(whole)
        assert error_of(path).code == "file_damaged"

    @pytest.mark.parametrize(
        ("column", "code"),
        [
            (pa.array([[0.1, 0.9]]), "column_nested"),
            (pa.array([{"p": 0.1}]), "column_nested"),
            (pa.array([b"0.5"]), "column_not_numbers"),
        ],
        ids=["list", "record", "bytes"],
    )
    def test_with_what_is_no_number_name_the_column(self, written, column, code):
        error = error_of(written({"label": [1], "A": column}))
        assert (error.code, error.details["column"]) == (code, "A")

    def test_with_two_columns_of_one_name_are_refused(self, written):
        twice = pa.Table.from_arrays([pa.array([1]), pa.array([0.5]), pa.array([0.6])], ["label", "A", "A"])
        error = error_of(written(twice))
        assert (error.code, error.details["column"]) == ("column_twice", "A")

    def test_with_a_wrong_value_name_its_row_and_column(self, written):
        error = error_of(written({"label": [1, 0, 1], "A": [0.5, 0.5, 1.5]}))
        assert (error.code, error.details["row"], error.details["value"]) == ("probability_out_of_range", 3, 1.5)

    @pytest.mark.parametrize(
        ("columns", "code"),
        [
            ({"label": [1, 2], "A": [0.5, 0.5]}, "positive_unknown"),
            ({"label": [1, 0.5, 7.5], "A": [0.5] * 3}, "label_out_of_range"),
            ({"label": ["cat", "dog"], "A": [0.5, 0.5]}, "positive_unknown"),
            ({"label": ["x", "z"], "A:x": [0.9, 0.5], "A:y": [0.1, 0.5]}, "label_unknown"),
            ({"label": [1, 0], "A": ["0.5", "x"]}, "not_a_number"),
            ({"B": [1, 0], "A": [0.5, 0.5]}, "label_missing"),
            ({"label": [1, 0], "A": [0.5, -1]}, "probability_out_of_range"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_have_no_header_to_speak_of(self, written, columns, code):
        error = error_of(written(columns))
        assert error.code == code
        assert "header" not in sentence(error)
