import numpy as np
import pytest
from sklearn import metrics as peer

from xentviz.core import metrics
from xentviz.core.counts import Counts

RNG = np.random.default_rng(3)
LABELS = RNG.integers(0, 2, (300, 4))
DECISIONS = np.where(RNG.random((300, 4)) < 0.3, 1 - LABELS, LABELS)


def counted(labels, decisions):
    tn, fp, fn, tp = peer.confusion_matrix(labels.ravel(), decisions.ravel(), labels=[0, 1]).ravel().tolist()
    return Counts(tp, fp, fn, tn)


CATEGORIES = [counted(LABELS[:, c], DECISIONS[:, c]) for c in range(4)]

PEERS = {
    "accuracy": peer.accuracy_score,
    "precision": peer.precision_score,
    "recall": peer.recall_score,
    "f1": peer.f1_score,
    "specificity": lambda labels, decisions: peer.recall_score(1 - labels, 1 - decisions),
    "balanced_accuracy": peer.balanced_accuracy_score,
    "mcc": peer.matthews_corrcoef,
}


@pytest.mark.parametrize("name", metrics.METRICS)
@pytest.mark.parametrize("category", range(4))
def test_a_metric_agrees_with_scikit_learn(name, category):
    expected = PEERS[name](LABELS[:, category], DECISIONS[:, category])
    assert metrics.METRICS[name](CATEGORIES[category]) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_averages_over_categories_agree_with_scikit_learn(name):
    metric, of = metrics.METRICS[name], PEERS[name]
    assert metric(metrics.pooled(CATEGORIES)) == pytest.approx(of(LABELS, DECISIONS, average="micro"), rel=1e-14)
    assert metrics.macro(metric, CATEGORIES) == pytest.approx(of(LABELS, DECISIONS, average="macro"), rel=1e-14)
    weighted = of(LABELS, DECISIONS, average="weighted")
    assert metrics.weighted(metric, CATEGORIES) == pytest.approx(weighted, rel=1e-14)


@pytest.mark.parametrize(
    ("counts", "undefined"),
    [
        (Counts(0, 0, 0, 0), set(metrics.METRICS)),
        (Counts(0, 0, 2, 3), {"precision", "mcc"}),
        (Counts(0, 2, 0, 3), {"recall", "balanced_accuracy", "mcc"}),
        (Counts(2, 0, 3, 0), {"specificity", "balanced_accuracy", "mcc"}),
        (Counts(0, 0, 0, 5), {"precision", "recall", "f1", "balanced_accuracy", "mcc"}),
        (Counts(1, 1, 1, 1), set()),
    ],
)
def test_a_zero_denominator_leaves_a_metric_undefined(counts, undefined):
    assert {name for name, metric in metrics.METRICS.items() if metric(counts) is None} == undefined


def test_averages_leave_undefined_categories_out():
    never_said, perfect = Counts(0, 0, 3, 1), Counts(1, 0, 0, 3)
    assert metrics.macro(metrics.precision, [never_said, perfect]) == 1
    assert metrics.weighted(metrics.precision, [never_said, perfect]) == 1
    assert metrics.macro(metrics.precision, [never_said]) is None
    assert metrics.weighted(metrics.precision, [never_said]) is None
    assert metrics.macro(metrics.precision, []) is None


def test_averages_count_a_zero_as_a_zero():
    always_wrong, perfect = Counts(0, 1, 1, 2), Counts(1, 0, 0, 3)
    assert metrics.macro(metrics.precision, [always_wrong, perfect]) == 0.5
    assert metrics.weighted(metrics.precision, [always_wrong, perfect]) == 0.5


def test_counts_of_a_hundred_million_do_not_overflow():
    many = Counts(10**8, 10**8, 10**8, 10**8)
    assert metrics.matthews(many) == 0
    assert metrics.f1(many) == 0.5
