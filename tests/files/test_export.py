import csv
import json
import math

import numpy as np
import pytest
from sklearn import metrics as peer

from xentviz import files
from xentviz.core.calibration import expected_calibration_error
from xentviz.core.compared import compare
from xentviz.core.confusion import NONE
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

    def test_averages_over_rows_are_those_of_scikit_learn(self, model):
        for name, of in (("precision", peer.precision_score), ("recall", peer.recall_score), ("f1", peer.f1_score)):
            expected = of(self.LABELS, self.DECISIONS, average="samples", zero_division=np.nan)
            assert model["samples"][name] == pytest.approx(expected, rel=1e-12)
        assert set(model["samples"]) == set(DECISIONS)
        right = (self.LABELS == self.DECISIONS).mean(axis=1)
        assert model["samples"]["accuracy"] == pytest.approx(right.mean(), rel=1e-12)
        assert model["subset_accuracy"] == pytest.approx(peer.accuracy_score(self.LABELS, self.DECISIONS), rel=1e-12)
        assert model["hamming_loss"] == pytest.approx(peer.hamming_loss(self.LABELS, self.DECISIONS), rel=1e-12)

    def test_brier_and_ece_are_means_over_elements_and_over_categories(self, model):
        assert model["brier"] == pytest.approx(peer.brier_score_loss(self.LABELS.ravel(), self.SCORES.ravel()))
        pairs = zip(self.LABELS.T, self.SCORES.T, strict=True)
        errors = [expected_calibration_error(labels, scores) for labels, scores in pairs]
        assert [numbers["ece"] for numbers in model["per_category"].values()] == pytest.approx(errors)
        assert model["ece"] == pytest.approx(np.mean(errors))

    def test_rows_are_judged_by_what_is_known_of_them(self):
        labels = [[1, 0, np.nan], [np.nan, 1, 1], [np.nan, np.nan, np.nan]]
        document = Document.create(labels, {"A": [[0.9, 0.9, 0.9]] * 3}, categories=self.NAMES)
        (model,) = exported(document)["models"]
        assert model["samples"]["precision"] == 0.75
        assert model["subset_accuracy"] == 0.5
        assert model["hamming_loss"] == 0.25

    def test_of_no_rows_everything_is_undefined(self):
        document = Document.create(np.empty((0, 3)), {"A": np.empty((0, 3))}, categories=self.NAMES)
        (model,) = exported(document)["models"]
        assert set(model["samples"].values()) == {None}
        assert (model["subset_accuracy"], model["hamming_loss"], model["ece"]) == (None, None, None)
        assert {name for name, value in model["per_category"]["a"].items() if value is not None} == {
            "positives",
            "negatives",
        }


class TestMultiClass:
    RNG = np.random.default_rng(6)
    NAMES = ("a", "b", "c", "d")
    LABELS = RNG.choice(4, 500, p=[0.4, 0.3, 0.2, 0.1])
    SCORES = RNG.standard_gamma(1.0 + 3.0 * np.eye(4)[LABELS])
    SCORES /= SCORES.sum(axis=1, keepdims=True)
    LOGITS = np.log(SCORES) + RNG.normal(0, 3, (500, 1))

    def document(self, **options):
        models = {"P": self.SCORES, "Z": self.LOGITS}
        options = {"categories": self.NAMES, "logits": ["Z"], "multiclass": True} | options
        return Document.create(self.LABELS, models, **options)

    @pytest.fixture(params=[0, 1], ids=["probabilities", "logits"])
    def model(self, request):
        return exported(self.document())["models"][request.param]

    def test_the_document_says_what_it_is(self):
        numbers = exported(self.document())
        models, comparison = numbers.pop("models"), numbers.pop("comparison")
        assert numbers == {
            "file": "file.csv",
            "task": "multiclass",
            "rows": 500,
            "labelled_rows": 500,
            "categories": list(self.NAMES),
            "threshold": 0.0,
        }
        assert [(model["name"], model["kind"]) for model in models] == [("P", "probability"), ("Z", "logit")]
        assert [part["second"] for part in comparison] == ["Z"]

    def test_the_loss_and_the_brier_score_are_those_of_scikit_learn(self, model):
        mean = peer.log_loss(self.LABELS, self.SCORES)
        assert model["loss"]["mean"] == pytest.approx(mean, rel=1e-12)
        assert model["loss"]["sum"] == pytest.approx(500 * mean, rel=1e-12)
        brier = peer.brier_score_loss(np.eye(4)[self.LABELS], self.SCORES, scale_by_half=False)
        assert model["brier"] == pytest.approx(brier, rel=1e-12)

    def test_decisions_among_all_categories_are_those_of_scikit_learn(self, model):
        decided = self.SCORES.argmax(axis=1)
        assert model["confusion"] == peer.confusion_matrix(self.LABELS, decided).tolist()
        assert model["undecided"] == [0, 0, 0, 0]
        expected = {
            "accuracy": peer.accuracy_score(self.LABELS, decided),
            "mcc": peer.matthews_corrcoef(self.LABELS, decided),
            "balanced_accuracy": peer.balanced_accuracy_score(self.LABELS, decided),
        }
        assert {name: model[name] for name in expected} == pytest.approx(expected, rel=1e-12)

    @pytest.mark.parametrize("average", ["micro", "macro", "weighted"])
    def test_averages_are_those_of_scikit_learn(self, model, average):
        decided = self.SCORES.argmax(axis=1)
        for name, of in (("precision", peer.precision_score), ("recall", peer.recall_score), ("f1", peer.f1_score)):
            expected = of(self.LABELS, decided, average=average)
            assert model[average][name] == pytest.approx(expected, rel=1e-12)

    def test_each_category_is_one_against_the_rest(self, model):
        decided = self.SCORES.argmax(axis=1)
        for c, numbers in enumerate(model["per_category"].values()):
            of_one = np.equal(self.LABELS, c)
            assert_decisions(numbers, of_one.astype(int), (decided == c).astype(int))
            assert (numbers["positives"], numbers["negatives"]) == (of_one.sum(), (~of_one).sum())
            mean = peer.log_loss(self.LABELS[of_one], self.SCORES[of_one], labels=range(4))
            assert numbers["mean_loss"] == pytest.approx(mean, rel=1e-12)
            error = expected_calibration_error(of_one, self.SCORES[:, c])
            assert numbers["ece"] == pytest.approx(error, rel=1e-9)

    def test_ranking_numbers_are_means_over_one_against_the_rest(self, model):
        area = peer.roc_auc_score(self.LABELS, self.SCORES, multi_class="ovr", average="macro")
        assert model["roc_auc"] == pytest.approx(area, rel=1e-12)
        precision = peer.average_precision_score(np.eye(4)[self.LABELS], self.SCORES, average="macro")
        assert model["average_precision"] == pytest.approx(precision, rel=1e-12)

    def test_below_the_threshold_rows_are_undecided(self):
        (model, _) = exported(self.document(thresholds=(0.6,)))["models"]
        decided = np.where(self.SCORES.max(axis=1) >= 0.6, self.SCORES.argmax(axis=1), NONE)
        matrix = peer.confusion_matrix(self.LABELS, decided, labels=[0, 1, 2, 3, NONE])
        assert model["confusion"] == matrix[:4, :4].tolist()
        assert model["undecided"] == matrix[:4, 4].tolist()
        assert sum(model["undecided"]) > 0
        assert model["accuracy"] == pytest.approx(peer.accuracy_score(self.LABELS, decided), rel=1e-12)
        assert model["mcc"] == pytest.approx(peer.matthews_corrcoef(self.LABELS, decided), rel=1e-12)
        recall = peer.recall_score(self.LABELS, decided, labels=range(4), average="macro")
        assert model["balanced_accuracy"] == pytest.approx(recall, rel=1e-12)

    def test_there_are_no_averages_over_rows(self, model):
        assert not {"samples", "subset_accuracy", "hamming_loss"} & set(model)

    def test_of_distributions_rows_without_all_of_one_are_not_labelled(self):
        labels = [[0.5, 0.5, 0], [np.nan] * 3, [0, 0, 1]]
        document = Document.create(labels, {}, categories=("a", "b", "c"), multiclass=True)
        assert exported(document)["labelled_rows"] == 2
        document = Document.create([0, -1, 2, np.nan], {}, categories=("a", "b", "c"), multiclass=True)
        assert exported(document)["labelled_rows"] == 2

    def test_what_is_undefined_is_null_and_infinity_is_inf(self):
        scores = [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]
        document = Document.create([1, 1], {"A": scores}, categories=("a", "b", "c"), multiclass=True)
        (model,) = exported(document)["models"]
        assert model["loss"] == {"mean": "inf", "sum": "inf", "unit": "nats", "infinite_rows": 1}
        assert [numbers["mean_loss"] for numbers in model["per_category"].values()] == [None, "inf", None]
        assert (model["accuracy"], model["balanced_accuracy"], model["mcc"], model["roc_auc"]) == (0, 0, None, None)
        assert model["confusion"] == [[0, 0, 0], [2, 0, 0], [0, 0, 0]]

    def test_of_no_rows_everything_is_undefined_but_counts_and_sums(self):
        document = Document.create([], {"A": np.empty((0, 2))}, categories=("a", "b"), multiclass=True)
        (model,) = exported(document)["models"]
        assert model["loss"] == {"mean": None, "sum": 0, "unit": "nats", "infinite_rows": 0}
        assert (model["confusion"], model["undecided"]) == ([[0, 0], [0, 0]], [0, 0])
        assert {model[name] for name in (*DECISIONS, "roc_auc", "average_precision", "brier", "ece")} == {None}


def log_losses(labels, scores):
    return -np.log(np.where(labels == 1, scores, 1 - scores))


class TestComparison:
    RNG = np.random.default_rng(8)
    LABELS = RNG.integers(0, 2, 1200)
    SCORES = np.clip(LABELS * 0.2 + RNG.random((3, 1200)) * 0.8, 0.01, 0.99)

    def document(self, **options):
        return Document.create(self.LABELS, dict(zip("ABC", self.SCORES, strict=True)), **options)

    def test_of_one_model_is_none(self):
        assert exported(Document.create([1], {"A": [0.5]}))["comparison"] == []

    def test_each_model_is_compared_with_the_first(self):
        numbers = exported(self.document())["comparison"]
        assert [(part["first"], part["second"]) for part in numbers] == [("A", "B"), ("A", "C")]
        for part, second in zip(numbers, self.SCORES[1:], strict=True):
            difference = log_losses(self.LABELS, second) - log_losses(self.LABELS, self.SCORES[0])
            half = 1.959963984540054 * difference.std(ddof=1) / math.sqrt(1200)
            assert (part["rows"], part["method"]) == (1200, "normal")
            assert part["mean_difference"] == pytest.approx(difference.mean(), rel=1e-9)
            assert part["interval"] == pytest.approx([difference.mean() - half, difference.mean() + half], rel=1e-9)
            assert part["first_wins"] == (difference > 0).sum()
            assert part["second_wins"] == (difference < 0).sum()
            assert part["ties"] == (difference == 0).sum()

    def test_decisions_are_compared_at_the_threshold(self):
        (part, _) = exported(self.document(thresholds=(0.45,)))["comparison"]
        one, other = self.SCORES[:2] >= 0.45
        right, other_right = one == self.LABELS, other == self.LABELS
        assert part["flips"] == (one != other).sum()
        assert part["only_first_right"] == (right & ~other_right).sum()
        assert part["only_second_right"] == (other_right & ~right).sum()
        tossed, fewer = part["flips"], min(part["only_first_right"], part["only_second_right"])
        tail = sum(math.comb(tossed, k) for k in range(fewer + 1))
        assert part["mcnemar_p"] == pytest.approx(min(1, 2 * tail / 2**tossed), rel=1e-12)

    def test_areas_of_one_question_are_one_difference(self):
        (part, _) = exported(self.document())["comparison"]
        areas = [peer.roc_auc_score(self.LABELS, scores) for scores in self.SCORES[:2]]
        assert (part["roc_auc"]["first"], part["roc_auc"]["second"]) == pytest.approx(areas, rel=1e-12)
        assert part["roc_auc"]["difference"] == pytest.approx(areas[1] - areas[0], rel=1e-9)
        low, high = part["roc_auc"]["interval"]
        assert low < part["roc_auc"]["difference"] < high
        assert (part["roc_auc"]["p"] < 0.05) == (not low <= 0 <= high)

    @pytest.mark.parametrize("multiclass", [False, True])
    def test_areas_of_several_categories_go_by_their_names(self, multiclass):
        rng = np.random.default_rng(9)
        labels = rng.integers(0, 2, 60) if multiclass else rng.integers(0, 2, (60, 2))
        models = {name: rng.dirichlet([1, 1], 60) for name in ("A", "B")}
        document = Document.create(labels, models, categories=("no", "yes"), multiclass=multiclass)
        (part,) = exported(document)["comparison"]
        found = compare(document, 0, 1)
        assert list(part["roc_auc"]) == ["no", "yes"]
        for c, (area, numbers) in enumerate(zip(found.areas, part["roc_auc"].values(), strict=True)):
            truth = labels == c if multiclass else labels[:, c]
            assert numbers["second"] == pytest.approx(peer.roc_auc_score(truth, models["B"][:, c]), rel=1e-12)
            assert (numbers["p"], numbers["interval"]) == (area.p_value, list(area.interval))
        assert (part["method"], part["interval"]) == ("bootstrap", list(found.difference.interval))

    @pytest.mark.parametrize(("unit", "per_nat"), [(Unit.BITS, 1 / math.log(2)), (Unit.BANS, 1 / math.log(10))])
    def test_differences_are_in_the_unit_of_the_document_and_areas_have_none(self, unit, per_nat):
        document = self.document()
        (nats, _) = exported(document)["comparison"]
        (part, _) = exported(document.with_settings(LossSettings(unit)))["comparison"]
        assert part["mean_difference"] == pytest.approx(nats["mean_difference"] * per_nat, rel=1e-12)
        assert part["interval"] == pytest.approx([end * per_nat for end in nats["interval"]], rel=1e-12)
        assert part["roc_auc"] == nats["roc_auc"]

    @pytest.mark.parametrize(("worse", "mean"), [("A", "-inf"), ("B", "inf")])
    def test_an_infinite_difference_is_the_string_inf(self, worse, mean):
        models = {"A": [0.5, 0.5], "B": [0.5, 0.5]} | {worse: [0.0, 0.5]}
        (part,) = exported(Document.create([1, 0], models))["comparison"]
        assert (part["mean_difference"], part["interval"], part["method"]) == (mean, None, None)

    def test_without_rows_in_common_everything_is_null_but_counts(self):
        (part,) = exported(Document.create([1, 0], {"A": [0.5, np.nan], "B": [np.nan, 0.5]}))["comparison"]
        undefined = {name for name, value in part.items() if value is None}
        assert undefined == {"mean_difference", "interval", "method", "mcnemar_p"}
        assert set(part["roc_auc"].values()) == {None}
        assert (part["rows"], part["ties"], part["flips"]) == (0, 0, 0)


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
    assert model["ece"] == pytest.approx(expected_calibration_error(labels, scores))
