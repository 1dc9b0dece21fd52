"""Intervals of mean losses and Brier scores, and paired differences: known formulas, resampled rows, coverage."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import log_loss

from xentviz.core import sample as module
from xentviz.core.compared import compare
from xentviz.core.comparison import paired_difference
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import evaluate
from xentviz.core.losses import binary_cross_entropy, categorical_cross_entropy
from xentviz.core.mean_errors import mean_errors
from xentviz.core.means import Means, joined

NAN, INF = math.nan, math.inf


def found_of(document, reference=0, category=None):
    return mean_errors(evaluate(document), reference, category)


def made(rows, seed=1):
    rng = np.random.default_rng(seed)
    labels = (rng.random(rows) < 0.4).astype(float)
    first = np.clip(0.4 * labels + 0.6 * rng.random(rows), 0.01, 0.99)
    second = np.clip(first + rng.normal(0, 0.1, rows), 0.01, 0.99)
    return labels, first, second


def document(labels, first, second, **options):
    return Document.create(labels, {"A": first, "B": second}, **options)


def normal(values):
    return norm.interval(0.95, values.mean(), values.std(ddof=1) / math.sqrt(len(values)))


@given(st.lists(st.lists(st.floats(-1e6, 1e6), max_size=6), max_size=5))
def test_means_of_parts_add_up(parts):
    whole = np.array([value for part in parts for value in part])
    found = sum((Means.of(np.array(part, dtype=float)) for part in parts), Means.of(np.empty(0)))
    assert found.counts == [len(whole)]
    if len(whole) > 1:
        assert found.means == pytest.approx(whole.mean(), abs=1e-6)
        assert found.standard_errors == pytest.approx(whole.std(ddof=1) / math.sqrt(len(whole)), rel=1e-6, abs=1e-4)


def test_means_keep_their_digits_far_from_zero():
    values = 1e9 + np.tile([0.0, 1.0], 500)
    parts = [Means.of(part) for part in np.split(values, 10)]
    assert joined(parts).standard_errors == pytest.approx(values.std(ddof=1) / math.sqrt(1000), rel=1e-9)


@pytest.mark.parametrize("rows", [60, 3_000])
def test_a_difference_that_is_the_same_in_every_row_has_no_spread(rows):
    losses = 0.05 + np.random.default_rng(1).exponential(size=rows)
    gap = found_of(document(np.ones(rows), np.exp(-losses), np.exp(0.05 - losses)))[1].gap
    assert gap.mean == pytest.approx(-0.05)
    assert gap.interval == (gap.mean, gap.mean)


@pytest.mark.parametrize("rows", [60, 3_000])
def test_a_difference_of_rounding_alone_is_none(rows):
    labels, first, _ = made(rows)
    it = Document.create(labels, {"A": first, "B": np.log(first / (1 - first))}, logits=["B"])
    gap = found_of(it)[1].gap
    assert (gap.mean, gap.interval) == (0.0, (0.0, 0.0))


def test_of_many_rows_intervals_are_normal():
    labels, first, second = made(3_000)
    labels[::13] = NAN
    one, other = found_of(document(labels, first, second))
    known = ~np.isnan(labels)
    y, a, b = labels[known], first[known], second[known]
    assert one.gap is None
    assert one.loss == pytest.approx(normal(binary_cross_entropy(y, a)))
    assert one.brier == pytest.approx(normal((a - y) ** 2))
    expected = paired_difference(binary_cross_entropy(y, a), binary_cross_entropy(y, b))
    assert other.gap.rows == expected.rows
    assert other.gap.mean == pytest.approx(expected.mean)
    assert other.gap.interval == pytest.approx(expected.interval)
    assert other.gap.finite_interval == other.gap.interval


def test_blocks_do_not_matter(four_rows_a_block, monkeypatch):
    monkeypatch.setattr(module, "NORMAL_ROWS", 10)
    labels, first, second = made(70)
    one, _ = found_of(document(labels, first, second))
    assert one.loss == pytest.approx(normal(binary_cross_entropy(labels, first)))


def test_of_few_rows_intervals_are_those_of_resampled_rows():
    labels, first, second = made(60)
    one, other = found_of(document(labels, first, second))
    rows = np.random.default_rng(2).integers(0, 60, (10_000, 60))
    a, b = binary_cross_entropy(labels, first), binary_cross_entropy(labels, second)
    for found, values in ((one.loss, a), (one.brier, (first - labels) ** 2), (other.gap.interval, b - a)):
        assert found == pytest.approx(tuple(np.percentile(values[rows].mean(axis=1), [2.5, 97.5])), rel=0.06, abs=1e-3)


def test_the_difference_is_that_of_the_comparison():
    it = document(*made(200))
    gap, expected = found_of(it)[1].gap, compare(it, 0, 1).difference
    assert (gap.mean, gap.interval, gap.settled) == (expected.mean, expected.interval, expected.settled)
    assert found_of(it, reference=1)[0].gap.mean == pytest.approx(-expected.mean)


@pytest.mark.usefixtures("four_rows_a_block")
@pytest.mark.parametrize("rows", [30, 1_200])
@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("reference", [0, 1])
def test_the_difference_is_that_of_the_comparison_whatever_is_missing(rows, missing, reference):
    rng = np.random.default_rng(6)
    labels, first, second = (np.stack([column, column[::-1], column], axis=1) for column in made(rows))
    for column in (labels, first, second):  # each lacks others: only what both scored counts
        column[rng.random(column.shape) < missing] = NAN
    few = [column[:, 0] for column in (labels, first, second)]
    for it in (document(labels, first, second, categories=list("abc")), document(*few)):
        gap, expected = found_of(it, reference)[1 - reference].gap, compare(it, reference, 1 - reference).difference
        assert gap.rows == expected.rows
        assert gap.mean == pytest.approx(expected.mean, rel=1e-12)
        assert gap.interval == pytest.approx(expected.interval, rel=1e-12)


@pytest.mark.parametrize("rows", [40, 1_500])
def test_infinite_losses_are_kept_and_told_apart(rows):
    labels, first, second = made(rows)
    second[:2] = 1 - labels[:2]
    one, other = found_of(document(labels, first, second))
    assert (other.gap.mean, other.gap.interval, other.gap.infinite, other.gap.rows) == (INF, None, 2, rows)
    expected = binary_cross_entropy(labels[2:], second[2:]) - binary_cross_entropy(labels[2:], first[2:])
    assert other.gap.finite_mean == pytest.approx(expected.mean())
    assert other.gap.finite_interval[0] < expected.mean() < other.gap.finite_interval[1]
    assert other.loss[0] < log_loss(labels[2:], second[2:]) < other.loss[1]
    first[2] = 1 - labels[2]
    assert found_of(document(labels, first, second))[1].gap.mean is None
    assert one.loss is not None


def test_answers_of_a_row_belong_together():
    rng = np.random.default_rng(3)
    labels, first, second = made(2_000)
    # The same question five times tells no more than once; as if they were independent it would be far narrower.
    five = [np.repeat(column[:, None], 5, axis=1) for column in (labels, first, second)]
    alone, repeated = found_of(document(labels, first, second)), found_of(document(*five, categories=list("abcde")))
    for once, often in zip(alone, repeated, strict=True):
        assert once.loss == pytest.approx(often.loss)
        assert once.brier == pytest.approx(often.brier)
    assert alone[1].gap.interval == pytest.approx(repeated[1].gap.interval)
    gaps = rng.random((2_000, 5)) < 0.3
    five[0][gaps] = NAN
    it = document(*five, categories=list("abcde"))
    found = found_of(it)[0].loss
    loss, sizes = np.where(gaps, 0, binary_cross_entropy(labels, first)[:, None]).sum(1), (~gaps).sum(1)
    rows = rng.integers(0, 2_000, (2_000, 2_000))
    resampled = loss[rows].sum(1) / sizes[rows].sum(1)
    assert found[1] - found[0] == pytest.approx(2 * 1.96 * resampled.std(), rel=0.06)


def test_a_category_alone():
    labels, first, second = made(1_200)
    both = [np.stack([column, column[::-1]], axis=1) for column in (labels, first, second)]
    found = found_of(document(*both, categories=["a", "b"]), category=1)
    expected = found_of(document(labels[::-1], first[::-1], second[::-1]))
    assert found[1].gap.interval == pytest.approx(expected[1].gap.interval)
    assert found[0].loss == pytest.approx(expected[0].loss)


def test_one_answer_in_many():
    rng = np.random.default_rng(4)
    p = rng.dirichlet(np.ones(3), 6_000)
    labels = rng.integers(-1, 3, 6_000)
    it = Document.create(labels, {"A": p, "B": np.full((6_000, 3), 1 / 3)}, categories=list("abc"), multiclass=True)
    known = labels >= 0
    losses = categorical_cross_entropy(labels[known], p[known])
    one, other = found_of(it)
    squares = ((p - (np.arange(3) == labels[:, None])) ** 2).sum(1)
    assert one.loss == pytest.approx(normal(losses))
    assert one.brier == pytest.approx(normal(squares[known]))
    assert other.gap.mean == pytest.approx(math.log(3) - losses.mean())
    of_b = found_of(it, category=1)[0]
    assert of_b.loss == pytest.approx(normal(losses[labels[known] == 1]))
    assert of_b.brier == pytest.approx(normal(squares[labels == 1]))


@pytest.mark.parametrize("rows", [80, 1_200])
def test_intervals_hold_the_truth_95_times_in_100(rows):
    rng = np.random.default_rng(5)
    truth, held = None, 0
    for _ in range(120):
        p = rng.uniform(0.05, 0.95, rows)
        labels = (rng.random(rows) < p).astype(float)
        if truth is None:
            grid = np.linspace(0.05, 0.95, 20_001)
            truth = -np.mean(grid * np.log(grid) + (1 - grid) * np.log(1 - grid))
        (one,) = mean_errors(evaluate(Document.create(labels, {"A": p})), 0)
        held += one.loss[0] <= truth <= one.loss[1]
    assert 0.89 < held / 120 < 0.995


@pytest.mark.parametrize("labels", [[], [NAN], [1.0], [NAN] * 1_200])
def test_too_few_rows_tell_nothing(labels):
    scores = np.full(len(labels), 0.5)
    one, other = found_of(document(np.array(labels), scores, scores / 2))
    assert one.loss is one.brier is None
    assert other.gap.interval is None
    assert other.gap.rows == int(np.sum(~np.isnan(labels)))


def test_models_that_are_alike_differ_by_nothing():
    labels, first, _ = made(50)
    gap = found_of(document(labels, first, first))[1].gap
    assert (gap.mean, gap.interval, gap.settled) == (0.0, (0.0, 0.0), False)


def test_work_can_be_stopped():
    with pytest.raises(Cancelled):
        mean_errors(evaluate(document(*made(20))), 0, stopped=lambda: True)
