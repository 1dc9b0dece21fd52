"""What is written, opened again by means that are not ours."""

import csv
import io
import itertools
import resource
import signal

import numpy as np
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn import metrics as peer

from xentviz import files
from xentviz.core import parallel
from xentviz.core.document import Document, LossSettings, ScoreKind, Unit
from xentviz.core.errors import Cancelled, DataError
from xentviz.core.evaluation import evaluate
from xentviz.core.transforms import softmax
from xentviz.files import number_exports, row_exports
from xentviz.files.export import as_json
from xentviz.files.exports import What, export
from xentviz.ui.messages import SENTENCES, sentence

NAN, INF = np.nan, np.inf
SUFFIXES = [".csv", ".tsv", ".parquet"]
NUMBERS = np.random.default_rng(5)


@pytest.fixture
def written(tmp_path):
    """Return a writer of exports, which gives back the path."""

    def write(what, document, suffix=".csv", **more):
        path = tmp_path / f"out{suffix}"
        export(what, document, path, **more)
        return path

    return write


def cells(path):
    """Return the rows of a CSV or TSV file as the standard library sees them."""
    text = path.read_bytes().decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix == ".tsv" else ","))


def columns(path):
    """Return the columns of a file as lists, None where nothing is."""
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path).to_pydict()
    header, *rows = cells(path)
    return {name: [row[i] or None for row in rows] for i, name in enumerate(header)}


def numbers_in(path, name):
    return [NAN if cell is None else float(cell) for cell in columns(path)[name]]


def assert_same(document, other):
    """Assert that two documents hold the same names, labels, models and scores."""
    assert other.categories == document.categories
    assert other.task is document.task
    assert (other.row_names is None) == (document.row_names is None)
    if document.row_names is not None:
        assert other.row_names.array().tolist() == document.row_names.array().tolist()
    every = np.arange(document.elements)
    np.testing.assert_array_equal(other.labels_of(every), document.labels_of(every))
    assert [(m.name, m.kind) for m in other.models] == [(m.name, m.kind) for m in document.models]
    for model in range(len(document.models)):
        scores, again = document.scores_of(model, every), other.scores_of(model, every)
        np.testing.assert_array_equal(again.astype(scores.dtype), scores)


# The table

HARD = [1, 0, NAN, 1]
DOCUMENTS = {
    "probabilities": Document.create(HARD, {"A": [0.1, 1 / 3, NAN, 1e-300], "B": [0, 1, 0.5, NAN]}, categories=["y"]),
    "logits": Document.create(
        HARD, {"A": [-1.5, INF, -INF, NAN], "My logits": [5e-324, -0.0, 1e300, 2]}, categories=["label"],
        logits=["A", "My logits"],
    ),
    "a probability called logit": Document.create([1, 0], {"logit model": [0.5, 0.25]}, categories=["label"]),
    "marks in names": Document.create(
        [1, 0], {"A (logit)": [0.5, 0.25], "B (probability)": [1.0, 2.0], "C (logit)": [3.0, 4.0]},
        categories=["label"], logits=["B (probability)", "C (logit)"],
    ),
    "models called as labels and names are": Document.create(
        [1, 0], {name: [0.5, 0.25] for name in ("y", "Target", "id", "name", "a: b")}, categories=["label"]
    ),
    "odd names": Document.create(
        [1, 0, 1, 0, 1], {name: [0.5] * 5 for name in ("=1+1", "a, b", '"q"', "@x\ty", "数据 🧑")},
        categories=["label"], row_names=["=HYPERLINK(1)", "-5", "'tis", 'a "b",\r\nc', ""],
    ),
    "float32": Document.create([1, 0, 1], {"A": np.array([0.1, NAN, 1 / 3], dtype=np.float32)}, categories=["label"]),
    "soft labels": Document.create([0.1, 1, NAN, 0], {"A": [0.2, 0.2, 0.6, 0.0]}, categories=["label"]),
    "nothing known": Document.create([NAN, NAN], {"A": [NAN, NAN]}, categories=["label"], row_names=["a", "b"]),
    "no rows": Document.create(np.empty(0), {"A": np.empty(0)}, categories=["label"]),
    "three questions": Document.create(
        NUMBERS.integers(0, 2, (5, 3)), {"A": NUMBERS.random((5, 3)), "Z": NUMBERS.normal(size=(5, 3))},
        categories=["cat", "dog: small", "=x"], logits=["Z"], row_names=list("abcde"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_table_comes_back_as_it_was(written, name, suffix):
    document = DOCUMENTS[name]
    assert_same(document, files.read(written(What.TABLE, document, suffix)).document)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_table_in_pieces_comes_back_as_it_was(written, monkeypatch, suffix):
    monkeypatch.setattr(row_exports, "PIECE", 4)
    for document in (DOCUMENTS["odd names"], DOCUMENTS["three questions"], DOCUMENTS["soft labels"]):
        assert_same(document, files.read(written(What.TABLE, document, suffix)).document)


def test_an_edited_table_comes_back_as_it_was(written, four_rows_a_block):
    document = Document.create([1, 0] * 10, {"A": np.linspace(0, 1, 20)}, categories=["label"])
    document = document.with_row_name(3, "three").with_labels(np.array([19]), 0.25).without_rows(np.arange(4, 9))
    document = document.with_rows(2, np.array([[NAN]]), [np.array([[0.7]])], ["new"])
    for suffix in SUFFIXES:
        assert_same(document, files.read(written(What.TABLE, document, suffix)).document)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(TEXTS, min_size=2, max_size=4), data=st.data())
def test_any_row_names_and_any_scores_come_back(written, names, data):
    scores = st.lists(st.floats(0, 1) | st.just(NAN), min_size=len(names), max_size=len(names))
    scored = scores.filter(lambda drawn: not np.isnan(drawn).all())  # else it would be left unused beside the other
    models = {"A": data.draw(scored), "B": data.draw(scored)}
    document = Document.create([1] * len(names), models, row_names=names, categories=["label"])
    for suffix in SUFFIXES:
        assert_same(document, files.read(written(What.TABLE, document, suffix)).document)


def test_numbers_keep_their_shortest_digits_and_missing_cells_are_empty(written):
    document = Document.create(
        [1, NAN], {"A": [0.1, NAN], "B": np.array([0.1, 1 / 3], dtype=np.float32)}, row_names=["one", "two"]
    )
    path = written(What.TABLE, document)
    assert path.read_bytes() == b"name,label,A,B\r\none,1,0.1,0.1\r\ntwo,,,0.33333334\r\n"


def test_parquet_keeps_the_precision_of_scores_and_whole_labels(written):
    document = Document.create([1, NAN], {"A": [0.1, NAN], "B": np.array([0.1, 1 / 3], dtype=np.float32)})
    schema = pyarrow.parquet.read_schema(written(What.TABLE, document, ".parquet"))
    assert [str(kind) for kind in schema.types] == ["int8", "double", "float"]


def test_formulas_are_harmless_in_text_only(written):
    document = Document.create([1, 0], {"=cmd": [-1.5, 2.0]}, logits=["=cmd"], row_names=["+1+cmd|' /C calc'!A0", "-1"])
    assert cells(written(What.TABLE, document)) == [
        ["name", "label", "'=cmd (logit)"],
        ["'+1+cmd|' /C calc'!A0", "1", "-1.5"],
        ["-1", "0", "2"],
    ]
    assert columns(written(What.TABLE, document, ".parquet"))["name"] == ["+1+cmd|' /C calc'!A0", "-1"]


def test_what_no_text_file_can_hold_is_marked(written):
    document = Document.create([1, 0], {"A": [0.5, 0.5]}, row_names=["a\0b", "half \ud800"])
    assert columns(written(What.TABLE, document))["name"] == ["a\ufffdb", "half ?"]
    assert columns(written(What.TABLE, document, ".parquet"))["name"] == ["a\0b", "half ?"]


def test_one_answer_in_many_is_written_as_its_categorys_name(written):
    scores = np.array([[0.2, 0.3, 0.5], [0.1, 0.8, 0.1], [1, 0, 0]])
    document = Document.create([2, 1, -1], {"A": scores}, categories=["a", "=b", "-1"], multiclass=True)
    assert cells(written(What.TABLE, document)) == [
        ["label", "A:a", "A:=b", "A:-1"],
        ["-1", "0.2", "0.3", "0.5"],
        ["'=b", "0.1", "0.8", "0.1"],
        ["", "1", "0", "0"],
    ]


def test_distributions_over_categories_are_written_as_such(written):
    labels = [[0.5, 0.5], [NAN, NAN], [0, 1]]
    document = Document.create(labels, {"A": [[0.2, 0.8]] * 3}, categories=["a", "b"], multiclass=True)
    found = columns(written(What.TABLE, document))
    assert (found["label:a"], found["label:b"]) == (["0.5", None, "0"], ["0.5", None, "1"])


def test_a_models_colon_does_not_end_its_name(written):
    document = Document.create([[1, 0]], {"a:b": [[0.5, 0.25]]}, categories=["x", "y"])
    again = files.read(written(What.TABLE, document)).document
    assert again.models[0].name == "a∶b"
    assert again.scores_of(0, np.arange(2)).tolist() == [0.5, 0.25]
    again = files.read(written(What.TABLE, Document.create([1, 0], {"class: cat": [0.5, 0.25]}))).document
    assert again.models[0].name == "class∶ cat"


# Losses of each row


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_film_stills_losses(written, film_still, suffix):
    path = written(What.LOSSES, film_still, suffix)
    assert [int(row) for row in columns(path)["row"]] == [1, 2, 3, 4]
    assert numbers_in(path, "Guess:loss (nats)") == pytest.approx([0.105361, 0.051293, 1.203973, 0.287682], abs=5e-7)
    assert numbers_in(path, "Guess:gradient (nats)") == pytest.approx([-1 / 0.9, -1 / 0.95, 1 / 0.3, -1 / 0.75])
    assert numbers_in(path, "Guess:decision") == [1, 1, 0, 0]
    assert numbers_in(path, "Guess:probability") == [0.9, 0.95, 0.7, 0.75]


def test_losses_are_in_the_documents_unit_and_infinite_or_missing(written):
    document = Document.create([1, 0, NAN, 1], {"A": [0.5, 1.0, 0.5, NAN], "Z": [-INF, 0, 1, 2]}, logits=["Z"])
    path = written(What.LOSSES, document.with_settings(LossSettings(Unit.BITS)))
    found = columns(path)
    assert found["A:loss (bits)"] == ["1", "inf", None, None]
    assert found["A:decision"] == ["1", "1", "1", None]
    assert found["Z:probability"][:2] == ["0", "0.5"]
    assert found["Z:loss (bits)"][:3] == ["inf", "1", None]
    assert float(found["Z:gradient (bits)"][1]) == pytest.approx(0.5 / np.log(2))


def test_every_question_has_a_line(written, monkeypatch):
    monkeypatch.setattr(row_exports, "PIECE", 4)
    document = DOCUMENTS["three questions"]
    found = columns(written(What.LOSSES, document, ".parquet"))
    assert found["row"] == [row for row in range(1, 6) for _ in range(3)]
    assert found["name"] == [name for name in "abcde" for _ in range(3)]
    assert found["category"] == ["cat", "dog: small", "=x"] * 5
    labels, scores = np.array(found["label"]), document.models[0].scores.array().ravel()
    assert found["A:loss (nats)"] == pytest.approx((-np.log(np.where(labels == 1, scores, 1 - scores))).tolist())


def test_losses_of_answers_are_a_line_a_row(written):
    z = NUMBERS.normal(size=(4, 3))
    document = Document.create([2, 0, -1, 1], {"Z": z}, categories=["a", "b", "c"], multiclass=True, logits=["Z"])
    found = columns(written(What.LOSSES, document, ".parquet"))
    p = softmax(z)
    true = np.array([p[0, 2], p[1, 0], p[3, 1]])
    assert found["label"] == ["c", "a", None, "b"]
    assert found["Z:decision"] == ["abc"[k] for k in p.argmax(axis=1)]
    for name, expected in (("probability", true), ("loss (nats)", -np.log(true)), ("gradient (nats)", true - 1)):
        column = found[f"Z:{name}"]
        assert column.pop(2) is None
        assert column == pytest.approx(expected.tolist())


def test_the_most_likely_category_of_a_distribution_is_its_label(written):
    document = Document.create(
        [[0.3, 0.7], [NAN, NAN]], {"A": [[0.2, 0.8], [0.4, 0.6]]}, categories=["a", "b"], multiclass=True,
        thresholds=[0.7],
    )  # fmt: skip
    found = columns(written(What.LOSSES, document, ".parquet"))
    assert found["label"] == ["b", None]
    assert found["A:decision"] == ["b", None]
    assert found["A:probability"] == [0.8, None]


# The scoreboard


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_film_stills_scoreboard(written, film_still, suffix):
    path = written(What.SCOREBOARD, film_still, suffix)
    (model,) = as_json("", evaluate(film_still))["models"]
    found = columns(path)
    assert (found["model"], found["kind"], found["loss_unit"]) == (["Guess"], ["probability"], ["nats"])
    for name in ("accuracy", "precision", "recall", "f1", "specificity", "balanced_accuracy", "mcc", "roc_auc",
                 "average_precision", "brier", "ece"):  # fmt: skip
        assert numbers_in(path, name) == [model[name]]
    counts = ("positives", "negatives", "true_positives", "false_positives", "false_negatives", "true_negatives")
    assert [numbers_in(path, name) for name in counts] == [[3], [1], [2], [0], [1], [1]]
    assert (numbers_in(path, "loss_sum"), numbers_in(path, "threshold")) == ([model["loss"]["sum"]], [0.8])
    assert "category" not in found


def test_undefined_numbers_are_empty_and_infinite_ones_inf(written):
    document = Document.create([1, 1], {"A": [0.0, 0.9], "B": [NAN, NAN]})
    found = columns(written(What.SCOREBOARD, document))
    assert found["loss_mean"] == ["inf", None]
    assert found["infinite_rows"] == ["1", "0"]
    assert found["specificity"] == found["roc_auc"] == [None, None]
    assert pyarrow.parquet.read_table(written(What.SCOREBOARD, document, ".parquet"))["loss_mean"].to_pylist()[0] == INF


def test_categories_and_averages_have_lines_of_their_own(written):
    document = DOCUMENTS["three questions"].with_thresholds_apart().with_threshold(0.25, 1)
    found = columns(written(What.SCOREBOARD, document, ".parquet"))
    assert found["category"] == [None, "cat", "dog: small", "=x", None, None, None, None] * 2
    assert found["average"] == [None] * 4 + ["micro", "macro", "weighted", "samples"] + found["average"][8:]
    assert found["threshold"][:5] == [None, 0.5, 0.25, 0.5, None]
    numbers = as_json("", evaluate(document))["models"][1]
    at = 8 + found["category"][8:].index("=x")
    assert found["f1"][at] == numbers["per_category"]["=x"]["f1"]
    assert found["recall"][8 + found["average"][8:].index("macro")] == numbers["macro"]["recall"]


def test_the_scoreboard_of_answers_tells_what_was_decided_among_all(written):
    document = Document.create([2, 1, 0], {"A": np.eye(3)}, categories=["a", "b", "c"], multiclass=True)
    found = columns(written(What.SCOREBOARD, document, ".parquet"))
    assert found["accuracy"][0] == pytest.approx(1 / 3)
    assert found["true_positives"] == [None, 0, 1, 0, None, None, None]


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_of_no_models_there_are_headers(written, what, suffix):
    path = written(what, Document.create([1, 0], {}), suffix)
    assert columns(path)


# Curves


def points(path, model, name, category="yes"):
    """Return threshold, x, y and count of the points of a curve."""
    table = pyarrow.parquet.read_table(path).to_pylist()
    chosen = [p for p in table if (p["model"], p["curve"], p["category"]) == (model, name, category)]
    return np.array([[p["threshold"], p["x"], p["y"], p["count"]] for p in chosen], dtype=float).reshape(-1, 4).T


@pytest.fixture
def scored():
    labels = NUMBERS.integers(0, 2, 3000)
    scores = np.round(np.clip(labels * 0.2 + NUMBERS.random(3000) * 0.8, 0, 1), 3)
    return Document.create(labels, {"A": scores})


def test_curves_agree_with_scikit_learn(written, scored):
    path = written(What.CURVES, scored, ".parquet")
    labels, scores = scored.labels_of(np.arange(3000)), scored.scores_of(0, np.arange(3000))
    _, x, y, _ = points(path, "A", "roc")
    fpr, tpr, thresholds = peer.roc_curve(labels, scores, drop_intermediate=False)
    assert np.trapezoid(y, x) == pytest.approx(peer.roc_auc_score(labels, scores), rel=1e-12)
    every = {(round(a, 12), round(b, 12)) for a, b in zip(fpr, tpr, strict=True)}
    assert {(round(a, 12), round(b, 12)) for a, b in zip(x, y, strict=True)} <= every
    assert len(x) < len(thresholds)
    threshold, recall, precision, count = points(path, "A", "precision_recall")
    gained = np.diff(recall, prepend=0.0)
    assert (gained * precision).sum() <= peer.average_precision_score(labels, scores) + 1e-12
    for t, r, p, n in zip(threshold, recall, precision, count, strict=True):
        said = scores >= t
        assert n == said.sum()
        assert r == pytest.approx(labels[said].sum() / labels.sum())
        assert p == pytest.approx(labels[said].mean())


def test_only_points_on_straight_lines_are_left_out(written):
    labels = [1, 1, 1, 0, 0, 0, 1, 1, 0, 0]
    document = Document.create(labels, {"A": np.linspace(1, 0.1, 10)})
    path = written(What.CURVES, document, ".parquet")
    _, x, y, _ = points(path, "A", "roc")
    assert (x * 5).round(9).tolist() == [0, 0, 3, 3, 5]
    assert (y * 5).round(9).tolist() == [0, 3, 3, 5, 5]
    _, recall, precision, count = points(path, "A", "precision_recall")
    assert count.tolist() == [1, 3, 6, 7, 8, 10]
    assert (recall * 5).round(9).tolist() == [1, 3, 3, 4, 5, 5]
    assert precision.tolist() == [1, 1, 3 / 6, 4 / 7, 5 / 8, 5 / 10]


def test_a_curve_of_very_many_points_keeps_to_its_course(written, scored, monkeypatch):
    whole = points(written(What.CURVES, scored, ".parquet"), "A", "roc")
    monkeypatch.setattr(number_exports, "MOST_POINTS", 50)
    monkeypatch.setattr(number_exports, "GRID", 20)
    thin = points(written(What.CURVES, scored, ".parquet"), "A", "roc")
    assert thin.shape[1] <= 2 * 20 + 2 < whole.shape[1]
    assert {tuple(p) for p in thin.T} <= {tuple(p) for p in whole.T}
    assert thin.T[0].tolist() == whole.T[0].tolist()
    assert thin.T[-1].tolist() == whole.T[-1].tolist()
    along, way = whole[1] + whole[2], thin[1] + thin[2]  # both rise along the curve
    assert np.abs(np.interp(along, way, thin[1]) - whole[1]).max() <= 1 / 20


def test_a_curve_of_a_hundred_thousand_points_is_whole(written):
    rows = 99_999
    document = Document.create(np.arange(rows) % 2, {"A": np.linspace(1, 0, rows)})
    _, x, _, _ = points(written(What.CURVES, document, ".parquet"), "A", "roc")
    assert len(x) == rows + 1  # every score is the corner of a stair


def test_thresholds_of_logits_are_logits_and_of_float32_as_they_are_written(written):
    document = Document.create([1, 0, 1], {"Z": [40.0, 41.0, 42.0]}, logits=["Z"])
    document = document.with_model("F", ScoreKind.PROBABILITY, np.array([0.1, 0.2, 0.3], dtype=np.float32))
    path = written(What.CURVES, document, ".parquet")
    assert points(path, "Z", "roc")[0].tolist() == [INF, 42, 41, 40]
    assert points(path, "F", "roc")[0].tolist() == [INF, 0.3, 0.2, 0.1]


def test_reliability_tells_what_came_true_in_each_bin_that_is_not_empty(written, film_still):
    threshold, x, y, count = points(written(What.CURVES, film_still, ".parquet"), "Guess", "reliability")
    assert threshold == pytest.approx([10 / 15, 11 / 15, 13 / 15, 14 / 15])
    assert x == pytest.approx([0.7, 0.75, 0.9, 0.95])
    assert (y.tolist(), count.tolist()) == ([0, 1, 1, 1], [1, 1, 1, 1])


def test_each_category_has_its_curves_and_undefined_ones_have_none(written):
    document = Document.create([[1, 1], [0, 1]], {"A": [[0.9, 0.2], [0.1, 0.3]]}, categories=["a", "b"])
    path = written(What.CURVES, document, ".parquet")
    assert points(path, "A", "roc", "a").shape[1] == 3
    assert points(path, "A", "roc", "b").shape[1] == 0
    assert points(path, "A", "precision_recall", "b").shape[1] == 2


# Stopping, progress, and what goes wrong


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_stopped_leaves_the_old_file_and_no_other(tmp_path, scored, what, suffix, monkeypatch):
    monkeypatch.setattr(row_exports, "PIECE", 100)
    path = tmp_path / f"out{suffix}"
    path.write_bytes(b"old")
    for asked in itertools.count(1):
        calls = iter([False] * asked)
        try:
            export(what, scored, path, stopped=lambda calls=calls: next(calls, True))
        except Cancelled:
            assert path.read_bytes() == b"old"
            assert [left.name for left in tmp_path.iterdir()] == [path.name]
        else:
            break
    assert asked > 2
    assert path.read_bytes() != b"old"


@pytest.mark.parametrize("what", What)
def test_progress_rises_from_0_to_below_1(written, scored, what, monkeypatch):
    monkeypatch.setattr(row_exports, "PIECE", 100)
    shares = []
    written(what, scored, report=shares.append)
    assert shares
    assert all(0 <= share < 1 for share in shares)
    if what in (What.TABLE, What.LOSSES):
        assert shares == sorted(shares)
        assert len(shares) == 30


def test_what_was_evaluated_before_is_not_evaluated_again(written, scored, monkeypatch):
    results = evaluate(scored)
    monkeypatch.setattr("xentviz.core.evaluation.summarize", None)
    written(What.SCOREBOARD, scored, previous=results)


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_disk_that_is_full_leaves_the_old_file_and_no_other(tmp_path, scored, what, suffix):
    path = tmp_path / f"out{suffix}"
    export(what, scored, path)
    size, old = path.stat().st_size, path.read_bytes()
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    assert signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN  # the write fails, as that on a full disk does
    for room in {0, 1, size // 3, size - 1}:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, usual[1]))
        try:
            with pytest.raises(DataError) as caught:
                export(what, scored, path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        assert caught.value.code == "export_failed"
        assert "has not been written: File too large." in sentence(caught.value)
        assert path.read_bytes() == old
        assert [left.name for left in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["out", "out.xlsx", "out.csv.gz", ".csv"])
def test_other_kinds_of_files_are_refused(tmp_path, film_still, name):
    with pytest.raises(DataError) as caught:
        export(What.TABLE, film_still, tmp_path / name)
    assert caught.value.code == "suffix_unknown"
    assert ".parquet" in sentence(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_suffix_in_capitals_is_the_same(tmp_path, film_still):
    export(What.TABLE, film_still, tmp_path / "OUT.CSV")
    assert files.read(tmp_path / "OUT.CSV").document.rows == 4


def test_what_can_go_wrong_has_a_sentence():
    assert {"export_failed", "suffix_unknown"} <= SENTENCES.keys()


def test_a_document_of_many_pieces_is_written_in_pieces(written):
    rows = 2 * parallel.PIECE + 1
    document = Document.create(np.zeros(rows), {"A": np.linspace(0, 1, rows)})
    path = written(What.TABLE, document, ".parquet")
    assert pyarrow.parquet.ParquetFile(path).num_row_groups == 3
    assert pyarrow.parquet.read_table(path)["A"].to_numpy().tolist() == np.linspace(0, 1, rows).tolist()
