import json
from dataclasses import fields

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from xentviz import files
from xentviz.core.document import Document, LossReduction, LossSettings, ScoreKind, Task, Unit, known_labels
from xentviz.core.errors import Cancelled, DataError
from xentviz.files import projects
from xentviz.files.atomic import Stamp
from xentviz.files.projects import title_of_project, write_project
from xentviz.ui.messages import sentence

NAN, INF = np.nan, np.inf
NAMES = [
    "=HYPERLINK('x')",
    "@SUM",
    "a<b & c",
    "🧑‍🔬 سؤال ﷽ \u202e",
    "x" * 10_000,
    "a\tb\nc\0d",
    "label",
    "row",
    "A:B",
    "{x}",
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.parquet"


def again(document, path):
    """Return the document after it was saved and opened."""
    stamp = write_project(document, path)
    opened = files.read(path)
    assert opened.project
    assert opened.unused == ()
    assert opened.file == stamp
    return opened.document


def assert_same(one, two):
    """Compare all that a document is."""
    for name in ("title", "task", "categories", "settings", "thresholds"):
        assert getattr(one, name) == getattr(two, name)
    assert [one.name_of(row) for row in range(one.rows)] == [two.name_of(row) for row in range(two.rows)]
    assert (one.row_names is None) == (two.row_names is None)
    same(known_labels(one.labels.array()), known_labels(two.labels.array()))
    assert one.labels.array().dtype == two.labels.array().dtype
    assert [(m.name, m.kind) for m in one.models] == [(m.name, m.kind) for m in two.models]
    for mine, yours in zip(one.models, two.models, strict=True):
        same(mine.scores.array(), yours.scores.array())
        assert np.array_equal(mine.scores.starts, two.labels.starts) or mine.scores.starts.size == 2


def same(one, two):
    assert one.dtype == two.dtype
    np.testing.assert_array_equal(one, two)
    assert np.array_equal(np.signbit(one), np.signbit(two)) or np.isnan(one).any()


def test_how_it_was_looked_at_comes_back(path):
    view = {"model": 0, "axis": "logit", "category": None, "descending": True}
    write_project(Document.create([1], {"A": [0.25]}), path, view=view)
    assert files.read(path).view == view


@pytest.mark.parametrize("damaged", [None, [], "logit", 3])
def test_a_file_without_it_or_with_a_damaged_one_opens(path, damaged):
    write_project(Document.create([1], {"A": [0.25]}), path)
    table = pa.parquet.read_table(path)
    kept = json.loads(table.schema.metadata[projects.KEY])
    assert kept.pop("view") == {}
    kept |= {} if damaged is None else {"view": damaged}
    pa.parquet.write_table(table.replace_schema_metadata({projects.KEY: json.dumps(kept)}), path)
    opened = files.read(path)
    assert opened.view == {}
    assert opened.document.models[0].scores.array().tolist() == [[0.25]]


MULTICLASS = {"a": [[0.2, 0.3, 0.5], [1, 0, 0], [NAN, NAN, NAN]]}
CATEGORIES = ("cat", "dog", "a:b")
DOCUMENTS = {
    "binary": lambda: Document.create([1, 0], {"A": [0.1, 0.9]}, title="two rows"),
    "unlabelled": lambda: Document.create([NAN, NAN, 1], {"A": [0.1, 0.9, NAN]}),
    "nothing labelled": lambda: Document.create([NAN, NAN], {"A": [0.1, 0.9]}),
    "soft labels": lambda: Document.create([0.3, NAN, 1], {"A": [0.1, 0.9, 0.5]}),
    "logits": lambda: Document.create(
        [1, 0, 1], {"A": [INF, -INF, -0.0], "B": [NAN, 1e308, 5e-324]}, logits=["A", "B"]
    ),
    "float32": lambda: Document.create([1, 0], {"A": np.array([0.1, NAN], np.float32), "B": [0.1, 0.2]}),
    "no rows": lambda: Document.create(np.empty(0), {"A": np.empty(0, np.float32)}),
    "no models": lambda: Document.create([1, 0], {}),
    "nothing": lambda: Document.create(np.empty((0, 2)), {}, categories=("a", "b")),
    "row names": lambda: Document.create([1] * 10, {"A": [0.5] * 10}, row_names=NAMES),
    "empty row names": lambda: Document.create([1, 0], {"A": [0.5] * 2}, row_names=["", "b"]),
    "strange names": lambda: Document.create(
        np.ones((1, 10)), {name: np.full((1, 10), 0.5) for name in NAMES}, categories=NAMES, title=NAMES[3] + NAMES[5]
    ),
    "names that meet": lambda: Document.create(
        [1], {"label": [0.1], "row": [0.2], "label 2": [0.3], "row 2": [0.4]}, row_names=["a"]
    ),
    "names that meet across categories": lambda: Document.create(
        [[1, 0]], {"label": [[0.1, 0.2]], "label:a": [[0.3, 0.4]]}, categories=("b", "a:b")
    ),
    "multi-label": lambda: Document.create(
        [[1, 0, NAN], [0.5, 1, 0]], {"A": np.full((2, 3), 0.5)}, categories=CATEGORIES, thresholds=(0.1, 0.2, 1)
    ),
    "multi-class": lambda: Document.create([2, 0, NAN], MULTICLASS, categories=CATEGORIES, multiclass=True),
    "multi-class without labels": lambda: Document.create([-1] * 3, MULTICLASS, categories=CATEGORIES, multiclass=True),
    "multi-class distributions": lambda: Document.create(
        [[0.5, 0.25, 0.25], [NAN] * 3, [0, 1, 0]],
        {"logits": [[INF, 0, 1], [-INF, 0, 2], [NAN] * 3]},
        categories=CATEGORIES,
        logits=["logits"],
        multiclass=True,
        thresholds=[0.4],
    ),
    "one category of many classes": lambda: Document.create(
        [0, 0], {"A": [[1.0], [1.0]]}, categories=["a"], multiclass=True
    ),
    "one distribution": lambda: Document.create([[1.0]], {"A": [[1.0]]}, categories=["a"], multiclass=True),
    "five hundred categories": lambda: Document.create(
        np.eye(500), {"A": np.eye(500) / 2}, categories=[f"category {c}" for c in range(500)]
    ),
    "other settings": lambda: Document.create([1], {"A": [0.5]}).with_settings(
        LossSettings(Unit.BANS, LossReduction.SUM)
    ),
}


class TestWhatIsSaved:
    @pytest.mark.parametrize("kind", DOCUMENTS)
    def test_is_opened_as_it_was(self, path, kind):
        document = DOCUMENTS[kind]()
        assert_same(document, again(document, path))

    def test_is_no_more_than_what_there_is_so_far(self):
        """A new setting needs its place in the file, and a document above that has it."""
        usual = LossSettings()
        other = DOCUMENTS["other settings"]().settings
        assert all(getattr(usual, field.name) != getattr(other, field.name) for field in fields(LossSettings))

    def test_keeps_its_title_whatever_the_file_is_called(self, path):
        assert again(Document.create([1], {}, title="The film still"), path).title == "The film still"

    def test_may_have_been_cut_and_grown_by_edits(self, path, four_rows_a_block):
        document = Document.create(np.ones(30), {"A": np.linspace(0, 1, 30)}, row_names=[str(n) for n in range(30)])
        document = document.without_rows(np.arange(3, 11)).with_rows(
            5, [0.5, 0], [np.array([[0.25], [0.75]])], ["x", ""]
        )
        document = document.with_labels(np.array([20]), 0.125).with_model("B", ScoreKind.LOGIT, np.zeros(24))
        saved = again(document, path)
        np.testing.assert_array_equal(known_labels(saved.labels.array()), document.labels_of(np.arange(24))[:, None])
        np.testing.assert_array_equal(saved.models[0].scores.array(), document.models[0].scores.array())
        assert saved.name_of(5) == "x"

    def test_may_be_many_pieces(self, path, monkeypatch, four_rows_a_block):
        monkeypatch.setattr(projects, "PIECE_ROWS", 7)
        document = Document.create(
            np.arange(31) % 2, {"A": np.linspace(0, 1, 31)}, row_names=[f"r{n}" for n in range(31)]
        )
        assert_same(document, again(document, path))
        groups = pyarrow.parquet.ParquetFile(path).metadata
        assert [groups.row_group(g).num_rows for g in range(groups.num_row_groups)] == [7, 7, 7, 7, 3]

    def test_with_half_a_character_in_a_name_is_saved_all_the_same(self, path):
        saved = again(Document.create([1], {"A\ud800": [0.5]}, row_names=["b\udfff"]), path)
        assert saved.models[0].name == "A\ud800"
        assert saved.name_of(0) == "b?"

    @given(
        labels=some.lists(some.one_of(some.floats(0, 1), some.just(NAN)), max_size=8),
        names=some.lists(some.text(min_size=1).filter(str.strip), min_size=1, max_size=4, unique_by=str.strip),
        logits=some.booleans(),
        numbers=some.data(),
    )
    @settings(max_examples=60)
    def test_whatever_it_is(self, tmp_path_factory, labels, names, logits, numbers):
        value = some.floats(width=32) if logits else some.one_of(some.floats(0, 1), some.just(NAN))
        kind = np.float32 if logits else np.float64
        scores = [numbers.draw(some.lists(value, min_size=len(labels), max_size=len(labels))) for _name in names]
        models = {name.strip(): np.array(values, kind) for name, values in zip(names, scores, strict=True)}
        document = Document.create(np.array(labels), models, title=names[0], logits=list(models) if logits else ())
        assert_same(document, again(document, tmp_path_factory.mktemp("any") / "a.parquet"))

    def test_tells_how_far_it_is_and_stops_when_asked(self, path, monkeypatch):
        monkeypatch.setattr(projects, "PIECE_ROWS", 2)
        document, shares = Document.create([1, 0, 1, 0, 1], {"A": [0.5] * 5}), []
        stamp = write_project(document, path, report=shares.append)
        assert shares == [0.4, 0.8, 1.0]
        asked = []
        with pytest.raises(Cancelled):
            write_project(
                document.without_rows(np.array([0])), path, stopped=lambda: bool(asked.append(1)) or len(asked) > 1
            )
        assert len(asked) == 2
        assert Stamp.of(path) == stamp
        assert list(path.parent.iterdir()) == [path]


class TestForOthers:
    """Any program that reads Parquet finds ordinary columns."""

    def test_the_columns_are_called_as_they_would_be_in_a_table(self, path):
        write_project(DOCUMENTS["multi-label"](), path)
        assert pyarrow.parquet.read_table(path).column_names == [
            "label:cat", "label:dog", "label:a:b", "A:cat", "A:dog", "A:a:b"
        ]  # fmt: skip

    def test_numbers_keep_their_kind_and_what_is_unknown_is_null(self, path):
        write_project(Document.create([1, NAN], {"A": np.array([NAN, 0.5], np.float32), "B": [0.1, NAN]}), path)
        table = pyarrow.parquet.read_table(path)
        assert [str(field.type) for field in table.schema] == ["int8", "float", "double"]
        assert table.to_pydict() == {"label": [1, None], "A": [None, 0.5], "B": [0.1, None]}

    def test_names_are_text_and_their_absence_null(self, path):
        write_project(DOCUMENTS["empty row names"](), path)
        assert pyarrow.parquet.read_table(path)["row"].to_pylist() == [None, "b"]

    def test_no_two_columns_have_one_name(self, path):
        for kind in ("names that meet", "names that meet across categories", "strange names"):
            write_project(DOCUMENTS[kind](), path)
            names = pyarrow.parquet.read_table(path).column_names
            assert len(names) == len(set(names))

    def test_without_its_settings_it_opens_as_the_table_it_is(self, path):
        write_project(Document.create([1, NAN], {"A": [0.25, 0.5]}, row_names=["a", "b"]), path)
        pyarrow.parquet.write_table(pyarrow.parquet.read_table(path).replace_schema_metadata(None), path)
        opened = files.read(path)
        assert not opened.project
        assert opened.document.labels.array().tolist() == [[1], [-1]]
        assert opened.document.name_of(1) == "b"

    def test_a_column_that_another_program_has_added_is_told_of(self, path):
        write_project(Document.create([1], {"A": [0.25]}), path)
        table = pyarrow.parquet.read_table(path)
        pyarrow.parquet.write_table(table.append_column("note", pa.array(["x"])), path)
        assert files.read(path).unused == ("note",)


def kept(document, path):
    """Return the settings saved with a document."""
    write_project(document, path)
    return json.loads(pyarrow.parquet.read_metadata(path).metadata[b"xentviz"])


def with_settings(path, settings_):
    """Give a project other settings: text as it is, and anything else as JSON."""
    text = settings_ if isinstance(settings_, bytes) else json.dumps(settings_).encode()
    table = pyarrow.parquet.read_table(path)
    pyarrow.parquet.write_table(table.replace_schema_metadata({b"xentviz": text}), path)


def error_of(path):
    with pytest.raises(DataError) as caught:
        files.read(path)
    words = sentence(caught.value)
    assert words.startswith(path.name)
    assert "{" not in words
    assert "\n" not in words
    return caught.value


CHANGES = {
    "version": [None, 0, -1, 1.5, "1", True, [1]],
    "title": [None, 1, ["a"]],
    "task": [None, "regression", "multilabel", "multiclass", 1],
    "categories": [None, [], ["a", "b"], [1], "yes", {}],
    "rows": [0, "gone", "A", ["row"]],
    "labels": [None, [], ["gone"], ["row"], ["label", "label"], "label"],
    "models": [None, {}, [1], [{}]],
    "thresholds": [None, [], [1.5], [-0.1], ["0.5"], [True], [0.5, 0.5], 0.5, [10**400]],
    "loss": [
        None,
        [],
        {},
        {"unit": "euros", "reduction": "mean"},
        {"unit": "nats"},
        {"unit": ["nats"], "reduction": 1},
    ],
}
MODELS = {
    "name": [None, "", "  ", 1],
    "kind": [None, "rank", 0],
    "columns": [None, [], ["gone"], ["A", "A"], [["A"]], ["row"]],
}


class TestDamagedSettings:
    @pytest.fixture
    def project(self, path):
        document = Document.create([1, 0], {"A": [0.25, 0.5]}, row_names=["a", "b"])
        return path, kept(document, path)

    @pytest.mark.parametrize(("key", "value"), [(key, value) for key in CHANGES for value in CHANGES[key]], ids=repr)
    def test_of_a_wrong_kind_or_range_are_refused(self, project, key, value):
        path, good = project
        with_settings(path, good | {key: value})
        assert error_of(path).code == "project_damaged"

    @pytest.mark.parametrize("key", CHANGES)
    def test_that_lack_something_are_refused_and_say_what(self, project, key):
        path, good = project
        del good[key]
        with_settings(path, good)
        error = error_of(path)
        assert (error.code, error.details["part"]) == ("project_damaged", key)

    @pytest.mark.parametrize(("key", "value"), [(key, value) for key in MODELS for value in MODELS[key]], ids=repr)
    def test_of_a_model_are_refused_too(self, project, key, value):
        path, good = project
        good["models"][0][key] = value
        with_settings(path, good)
        assert error_of(path).code == "project_damaged"

    def test_with_two_models_of_one_name_are_refused(self, project):
        path, good = project
        with_settings(path, good | {"models": good["models"] * 2})
        assert error_of(path).code == "project_damaged"

    @pytest.mark.parametrize(
        "text",
        [
            b"",
            b"{",
            b"null",
            b"[]",
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"version": NaN}',
            b'{"version": 1, "version": 1}',
            b'{"version": ' + b"9" * 5000 + b"}",
        ],
        ids=lambda text: repr(text[:20]),
    )
    def test_that_are_no_settings_are_refused(self, project, text):
        path, _good = project
        with_settings(path, text)
        assert error_of(path).code == "project_damaged"

    def test_that_say_something_twice_are_refused(self, project):
        path, good = project
        with_settings(path, json.dumps(good).encode()[:-1] + b', "title": "b"}')
        assert error_of(path).code == "project_damaged"

    def test_that_are_too_long_are_neither_read_nor_written(self, project, monkeypatch):
        path, good = project
        monkeypatch.setattr(projects, "LARGEST_SETTINGS", 400)
        with_settings(path, good | {"title": "x" * 400})
        assert error_of(path).code == "project_damaged"
        before = path.read_bytes()
        with pytest.raises(DataError) as caught:
            write_project(Document.create([1], {"A" * 400: [0.5]}), path)
        assert caught.value.code == "names_too_long"
        assert "a.parquet" in sentence(caught.value)
        assert path.read_bytes() == before

    def test_of_a_newer_version_say_which_and_what_to_do(self, project):
        path, _good = project
        with_settings(path, {"version": 7, "everything": "else"})
        error = error_of(path)
        assert (error.code, error.details["version"]) == ("project_newer", 7)
        assert "version 7" in sentence(error)
        assert "Update xentviz" in sentence(error)

    @pytest.mark.parametrize(
        ("name", "column"),
        [
            ("A", pa.array([1.5, 0.5])),
            ("A", pa.array([True, False])),
            ("A", pa.array(["0.5", "x"])),
            ("label", pa.array([2, 0])),
            ("label", pa.array(["yes", "no"])),
            ("row", pa.array([1, 2])),
        ],
    )
    def test_that_do_not_fit_the_columns_are_refused(self, project, name, column):
        path, good = project
        table = pyarrow.parquet.read_table(path)
        table = table.set_column(table.column_names.index(name), name, column)
        pyarrow.parquet.write_table(table, path)
        with_settings(path, good)
        assert error_of(path).code == "project_damaged"

    def test_that_say_more_than_is_known_are_read(self, project):
        path, good = project
        with_settings(path, good | {"colour": "blue"})
        assert files.read(path).project


class TestDamagedFiles:
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
    def test_that_break_off_are_told_apart_from_their_titles_on(self, path, share):
        write_project(DOCUMENTS["row names"](), path)
        path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
        assert error_of(path).code == "file_damaged"
        with pytest.raises(DataError):
            title_of_project(path)

    def test_with_a_flipped_byte_are_never_read_wrongly(self, path):
        scores = np.random.default_rng(3).random(500)
        document = Document.create(scores > 0.5, {"A": scores}, title="whole")
        write_project(document, path)
        whole = path.read_bytes()
        for at in range(0, len(whole), 53):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
            try:
                opened = files.read(path)
            except DataError:
                continue
            np.testing.assert_array_equal(opened.document.models[0].scores.array()[:, 0], scores)

    def test_tell_their_titles_if_they_are_whole(self, path):
        write_project(Document.create([1], {}, title=NAMES[3]), path)
        assert title_of_project(path) == NAMES[3]
        with pytest.raises(DataError):
            title_of_project(path.parent / "gone")


def test_a_table_is_still_a_table(path):
    pyarrow.parquet.write_table(pa.table({"label": [1], "A": [0.5]}), path)
    opened = files.read(path)
    assert not opened.project
    assert opened.file == Stamp.of(path)


def test_a_project_says_its_task_and_not_what_its_labels_look_like(path):
    document = again(DOCUMENTS["multi-class"](), path)
    assert document.task is Task.MULTICLASS
    assert document.labels.array().dtype == np.int32
