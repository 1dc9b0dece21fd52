import csv
import json
import math

import numpy as np
import pytest
from sklearn import metrics as peer

from xentviz import files
from xentviz.core.calibration import expected_calibration_error
from xentviz.core.document import Document, LossSettings, Unit
from xentviz.core.evaluation import evaluate
from xentviz.files.export import as_json
from xentviz.paths import resource

DECISIONS = ("accuracy", "precision", "recall", "f1", "specificity", "balanced_accuracy", "mcc")


def exported(document):
    """Return the numbers after a journey through JSON, which must need no extension of it."""
    return json.loads(json.dumps(as_json("file.csv", evaluate(document)), allow_nan=False))


def test_the_film_still_in_full(film_still):
    numbers = exported(film_still)
    (model,) = numbers.pop("models")
    assert numbers == {
        "file": "file.csv",
        "task": "binary",
        "rows": 4,
        "labelled_rows": 4,
        "categories": ["yes"],
        "threshold": 0.8,
        "comparison": [],
    }
    loss = model.pop("loss")
    assert (loss["mean"], loss["sum"]) == pytest.approx((0.412077, 1.648309), abs=5e-7)
    assert (loss["unit"], loss["infinite_rows"]) == ("nats", 0)
    assert (model.pop("name"), model.pop("kind")) == ("Guess", "probability")
    assert model.pop("confusion") == [[1, 0], [1, 2]]
    assert model == pytest.approx(
        {
            "accuracy": 3 / 4,
            "precision": 1,
            "recall": 2 / 3,
            "f1": 4 / 5,
            "specificity": 1,
            "balanced_accuracy": 5 / 6,
            "mcc": 1 / math.sqrt(3),
            "roc_auc": 1,
            "average_precision": 1,
            "brier": 0.565 / 4,
            "ece": (0.1 + 0.05 + 0.7 + 0.25) / 4,
        }
    )


def test_what_is_undefined_is_null_and_never_zero():
    (model,) = exported(Document.create([np.nan, 0], {"A": [0.5, 0.1]}))["models"]
    assert model["accuracy"] == 1
    undefined = {name for name, value in model.items() if value is None}
    assert undefined == {"precision", "recall", "f1", "balanced_accuracy", "mcc", "roc_auc", "average_precision"}


def test_of_no_rows_everything_is_undefined_but_counts_and_sums():
    numbers = exported(Document.create([], {"A": []}))
    (model,) = numbers["models"]
    assert (numbers["rows"], numbers["labelled_rows"]) == (0, 0)
    assert model["loss"] == {"mean": None, "sum": 0, "unit": "nats", "infinite_rows": 0}
    assert model["confusion"] == [[0, 0], [0, 0]]
    assert {model[name] for name in (*DECISIONS, "roc_auc", "average_precision", "brier", "ece")} == {None}


def test_infinity_is_the_string_inf():
    document = Document.create([[1, 0], [1, 1]], {"A": [[0.0, 1.0], [0.5, 0.5]]}, categories=("a", "b"))
    (model,) = exported(document)["models"]
    assert model["loss"] == {"mean": "inf", "sum": "inf", "unit": "nats", "infinite_rows": 1}
    assert model["per_category"]["a"]["mean_loss"] == "inf"


@pytest.mark.parametrize(("unit", "mean"), [(Unit.NATS, math.log(4)), (Unit.BITS, 2), (Unit.BANS, math.log10(4))])
def test_losses_are_in_the_unit_of_the_document_and_the_brier_score_has_none(unit, mean):
    document = Document.create([1, 1], {"A": [0.25, 0.25]}).with_settings(LossSettings(unit))
    (model,) = exported(document)["models"]
    assert model["loss"]["unit"] == unit
    assert (model["loss"]["mean"], model["loss"]["sum"]) == pytest.approx((mean, 2 * mean))
    assert model["brier"] == 0.5625


def test_rows_without_all_their_labels_do_not_count_as_labelled():
    document = Document.create([[1, 0], [1, np.nan], [0.5, 1]], {}, categories=("a", "b"))
    assert exported(document)["labelled_rows"] == 2


def test_thresholds_apart_are_a_list():
    document = Document.create([[1, 0]], {"A": [[0.5, 0.5]]}, categories=("a", "b"), thresholds=(0.4, 0.6))
    numbers = exported(document)
    assert numbers["threshold"] == [0.4, 0.6]
    assert numbers["models"][0]["confusion"] == [[1, 0], [0, 1]]


def specificity(labels, decisions, **how):
    return peer.recall_score(1 - labels, 1 - decisions, **how)


def assert_decisions(numbers, labels, decisions):
    """Compare all metrics of one yes/no question with scikit-learn's."""
    expected = {
        "accuracy": peer.accuracy_score(labels, decisions),
        "precision": peer.precision_score(labels, decisions),
        "recall": peer.recall_score(labels, decisions),
        "f1": peer.f1_score(labels, decisions),
        "specificity": specificity(labels, decisions),
        "balanced_accuracy": peer.balanced_accuracy_score(labels, decisions),
        "mcc": peer.matthews_corrcoef(labels, decisions),
    }
    assert {name: numbers[name] for name in DECISIONS} == pytest.approx(expected, rel=1e-12)


class TestMultiLabel:
    RNG = np.random.default_rng(4)
    LABELS = (RNG.random((400, 3)) < (0.5, 0.3, 0.1)).astype(int)
    SCORES = np.clip(np.round(LABELS * 0.3 + RNG.random((400, 3)) * 0.7, 2), 0.01, 0.99)
    DECISIONS = (SCORES >= 0.45).astype(int)
    NAMES = ("a", "b", "c")

    @pytest.fixture
    def model(self):
        document = Document.create(self.LABELS, {"A": self.SCORES}, categories=self.NAMES, thresholds=(0.45,))
        return exported(document)["models"][0]

    def test_each_category_is_a_question_of_its_own(self, model):
        assert list(model["per_category"]) == list(self.NAMES)
        for c, numbers in enumerate(model["per_category"].values()):
            labels, scores = self.LABELS[:, c], self.SCORES[:, c]
            assert_decisions(numbers, labels, self.DECISIONS[:, c])
            assert numbers["mean_loss"] == pytest.approx(peer.log_loss(labels, scores), rel=1e-12)
            assert numbers["roc_auc"] == pytest.approx(peer.roc_auc_score(labels, scores), rel=1e-12)
            precision = peer.average_precision_score(labels, scores)
            assert numbers["average_precision"] == pytest.approx(precision, rel=1e-12)
            assert (numbers["positives"], numbers["negatives"]) == (labels.sum(), 400 - labels.sum())

    def test_the_model_s_own_numbers_are_those_of_all_questions_together(self, model):
        assert_decisions(model, self.LABELS.ravel(), self.DECISIONS.ravel())
        assert model["micro"] == {name: model[name] for name in DECISIONS}
        expected = peer.confusion_matrix(self.LABELS.ravel(), self.DECISIONS.ravel())
        assert model["confusion"] == expected.tolist()
        assert model["loss"]["mean"] == pytest.approx(
            peer.log_loss(self.LABELS.ravel(), self.SCORES.ravel()), rel=1e-12
        )

    @pytest.mark.parametrize("average", ["micro", "macro", "weighted"])
    def test_averages_are_those_of_scikit_learn(self, model, average):
        for name, of in (("precision", peer.precision_score), ("recall", peer.recall_score), ("f1", peer.f1_score)):
            expected = of(self.LABELS, self.DECISIONS, average=average)
            assert model[average][name] == pytest.approx(expected, rel=1e-12)

    def test_ranking_numbers_are_means_over_the_categories(self, model):
        macro = peer.roc_auc_score(self.LABELS, self.SCORES, average="macro")
        assert model["roc_auc"] == pytest.approx(macro, rel=1e-12)
        macro = peer.average_precision_score(self.LABELS, self.SCORES, average="macro")
        assert model["average_precision"] == pytest.approx(macro, rel=1e-12)

    def test_a_category_without_positives_is_left_out_of_means(self):
        labels = np.column_stack([self.LABELS[:, 0], np.zeros(400)])
        document = Document.create(labels, {"A": self.SCORES[:, :2]}, categories=("a", "none"))
        (model,) = exported(document)["models"]
        assert model["per_category"]["none"]["roc_auc"] is None
        assert model["roc_auc"] == model["per_category"]["a"]["roc_auc"]
        assert model["macro"]["recall"] == model["per_category"]["a"]["recall"]


def columns_of(name):
    """Read a sample without our own reader."""
    with resource("samples", name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def log_loss(labels, scores):
    """Return the mean loss, its natural way: infinite where a certain answer is wrong."""
    with np.errstate(divide="ignore"):
        return -np.log(np.where(labels == 1, scores, 1 - scores)).mean()


class TestSamples:
    def test_breast_cancer(self):
        columns = columns_of("breast_cancer.csv")
        labels = np.array(columns["label"], dtype=int)
        numbers = exported(files.read(resource("samples", "breast_cancer.csv")).document)
        assert (numbers["rows"], numbers["labelled_rows"]) == (285, 285)
        assert [model["name"] for model in numbers["models"]] == list(columns)[2:]
        for model in numbers["models"]:
            assert_model(model, labels, np.array(columns[model["name"]], dtype=float))

    def test_digits(self):
        columns = columns_of("digits.csv")
        numbers = exported(files.read(resource("samples", "digits.csv")).document)
        assert (numbers["rows"], numbers["task"]) == (599, "multilabel")
        assert numbers["categories"] == ["even", "above four", "has a loop"]
        for model in numbers["models"]:
            for question, part in model["per_category"].items():
                labels = np.array(columns[f"label:{question}"], dtype=int)
                scores = np.array(columns[f"{model['name']}:{question}"], dtype=float)
                assert_decisions(part, labels, (scores >= 0.5).astype(int))
                assert_loss(part["mean_loss"], labels, scores)
                assert part["roc_auc"] == pytest.approx(peer.roc_auc_score(labels, scores), rel=1e-12)


def assert_loss(mean, labels, scores):
    expected = log_loss(labels, scores)
    assert mean == ("inf" if math.isinf(expected) else pytest.approx(expected, rel=1e-9))


def assert_model(model, labels, scores):
    decisions = (scores >= 0.5).astype(int)
    assert_decisions(model, labels, decisions)
    assert_loss(model["loss"]["mean"], labels, scores)
    assert model["confusion"] == peer.confusion_matrix(labels, decisions).tolist()
    assert model["roc_auc"] == pytest.approx(peer.roc_auc_score(labels, scores), rel=1e-12)
    assert model["average_precision"] == pytest.approx(peer.average_precision_score(labels, scores), rel=1e-12)
    assert model["brier"] == pytest.approx(peer.brier_score_loss(labels, scores), rel=1e-12)
    assert model["ece"] == pytest.approx(expected_calibration_error(scores[labels == 1], scores[labels == 0]))
