"""Averages over categories against scikit-learn, at random thresholds and at those that scores are exactly at."""

import warnings

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, hamming_loss, precision_recall_fscore_support

from xentviz.core import metrics, outcomes
from xentviz.core.averages import averages
from xentviz.core.counts import Counts
from xentviz.core.document import Document
from xentviz.core.evaluation import evaluate
from xentviz.core.outcomes import Outcomes
from xentviz.core.passes import tally_of

THRESHOLDS = [0.0, 0.29, 0.57, 0.58, 1.0, *np.random.default_rng(5).random(12).round(3)]
ALONG = {"precision": outcomes.precision, "recall": outcomes.recall, "f1": outcomes.f_beta}


def questions(kind=np.float64, rows=120, categories=6):
    rng = np.random.default_rng(11)
    labels = rng.random((rows, categories)) < rng.random(categories) * 0.5
    labels[:, 0] = False  # a category that is never yes
    scores = (rng.integers(0, 95, (rows, categories)) / 100).astype(kind)
    return labels, scores


def peer(labels, said, average):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return precision_recall_fscore_support(labels, said, average=average, zero_division=np.nan)[:3]


def same(found, expected):
    return found is None if np.isnan(expected) else found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_all_are_those_of_scikit_learn(kind, threshold):
    labels, scores = questions(kind)
    names = [f"c{k}" for k in range(labels.shape[1])]
    document = Document.create(labels, {"A": scores}, categories=names, thresholds=[threshold])
    said = scores >= kind(threshold)
    found = evaluate(document).models[0]
    each = Outcomes.of_each([found.counts(c, threshold) for c in range(len(names))])
    rows = tally_of(document, 0)
    for average in ("micro", "macro", "weighted"):
        for along, expected in zip(ALONG.values(), peer(labels, said, average), strict=True):
            assert same(getattr(averages(along, each), average), expected), average
    for metric, expected in zip(ALONG, peer(labels, said, "samples"), strict=True):
        assert same(metrics.samples(metrics.METRICS[metric], rows), expected), metric
    assert metrics.subset_accuracy(rows) == pytest.approx(accuracy_score(labels, said), rel=1e-12)
    assert 1 - float(outcomes.accuracy(each.pooled())) == pytest.approx(hamming_loss(labels, said), abs=1e-12)


def test_are_those_of_the_exact_counts():
    counts = [Counts(3, 1, 2, 4), Counts(0, 0, 1, 9), Counts(7, 2, 0, 1)]
    each = Outcomes.of_each(counts)
    for metric, along in ALONG.items():
        found, exact = averages(along, each), metrics.METRICS[metric]
        assert found.micro == pytest.approx(exact(metrics.pooled(counts)))
        assert found.macro == pytest.approx(metrics.macro(exact, counts))
        assert found.weighted == pytest.approx(metrics.weighted(exact, counts))
        assert found.undefined == metrics.undefined(exact, counts)


def test_nothing_is_undefined_and_not_zero():
    found = averages(outcomes.precision, Outcomes.of_each([Counts(0, 0, 0, 0)]))
    assert (found.micro, found.macro, found.weighted, found.undefined) == (None, None, None, 1)


def test_a_supposed_share_of_yes_weighs_each_category_and_the_pool():
    # Of recall 0.75 and 0.5 and false alarms 0.25 and 0.5, at one yes in ten.
    each = Outcomes.of_each([Counts(3, 1, 1, 3), Counts(2, 2, 2, 2)])
    found = averages(outcomes.precision, each, 0.1)
    first, second = 0.075 / (0.075 + 0.225), 0.1
    assert found.macro == pytest.approx((first + second) / 2)
    pool = 0.1 * 5 / 8 / (0.1 * 5 / 8 + 0.9 * 3 / 8)
    assert found.micro == pytest.approx(pool)
    assert averages(outcomes.recall, each, 0.1).micro == pytest.approx(5 / 8)
