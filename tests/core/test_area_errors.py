"""Intervals of areas: DeLong's as the definition has it, resampled rows with scikit-learn, and coverage."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from xentviz.core.area_errors import area_estimates, area_gaps
from xentviz.core.comparison import roc_auc_difference
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled

NAN = np.nan
ONE = range(1)


def made(rows=300, seed=1, steps=50):
    """Return labels and the scores of two models, with ties."""
    rng = np.random.default_rng(seed)
    labels = (rng.random(rows) < 0.3).astype(float)
    first = np.round((rng.random(rows) * 0.7 + labels * 0.3) * steps) / steps
    second = np.round(np.clip(first + rng.normal(0, 0.2, rows), 0, 1) * steps) / steps
    return labels, first, second


def document(labels, first, second, **options):
    return Document.create(labels, {"A": first, "B": second}, **options)


@pytest.mark.parametrize("rows", [12, 300, 5_000])
def test_the_difference_of_areas_is_delongs(rows):
    labels, first, second = made(rows)
    second[::7] = NAN
    labels[::11] = NAN
    found = area_gaps(document(labels, first, second), 0, 1, ONE).roc_auc
    known = ~np.isnan(labels)
    expected = roc_auc_difference(labels[known] == 1, first[known], second[known])
    assert found.difference == pytest.approx(expected.difference, abs=1e-13)
    assert found.interval == pytest.approx(expected.interval, abs=1e-12)
    assert found.p_value == pytest.approx(expected.p_value, rel=1e-9)


def test_blocks_do_not_matter(four_rows_a_block):
    labels, first, second = made(60)
    found = area_gaps(document(labels, first, second), 0, 1, ONE)
    expected = roc_auc_difference(labels == 1, first, second)
    assert found.roc_auc.interval == pytest.approx(expected.interval, abs=1e-12)


def test_to_exchange_the_models_turns_the_signs():
    it = document(*made())
    one, other = area_gaps(it, 0, 1, ONE), area_gaps(it, 1, 0, ONE)
    for there, back in ((one.roc_auc, other.roc_auc), (one.average_precision, other.average_precision)):
        assert there.difference == pytest.approx(-back.difference)
        assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]))
        assert there.p_value == pytest.approx(back.p_value)


def test_one_area_has_delongs_variance_as_it_is_defined():
    labels, first, second = made(80)
    found = area_estimates(document(labels, first, second), 0, ONE).roc_auc
    yes, no = first[labels == 1], first[labels == 0]
    wins = (yes[:, None] > no) + 0.5 * (yes[:, None] == no)
    variance = wins.mean(1).var(ddof=1) / len(yes) + wins.mean(0).var(ddof=1) / len(no)
    area = wins.mean()
    odds, reach = np.log(area / (1 - area)), 1.959964 * np.sqrt(variance) / (area * (1 - area))
    assert found.value == pytest.approx(area)
    assert found.interval == pytest.approx(tuple(1 / (1 + np.exp(-(odds + s * reach))) for s in (-1, 1)), abs=1e-6)


def test_average_precisions_are_those_of_scikit_learn_and_vary_as_resampled_rows_do():
    labels, first, second = made(400)
    it = document(labels, first, second)
    one, gap = area_estimates(it, 0, ONE).average_precision, area_gaps(it, 0, 1, ONE).average_precision
    rng = np.random.default_rng(2)
    resampled = []
    for _ in range(600):
        rows = rng.integers(0, 400, 400)
        scores = [average_precision_score(labels[rows], model[rows]) for model in (first, second)]
        resampled.append((scores[0], scores[1] - scores[0]))
    spread = np.std(resampled, axis=0)
    assert one.value == pytest.approx(average_precision_score(labels, first))
    assert one.interval[1] - one.interval[0] == pytest.approx(2 * 1.96 * spread[0], rel=0.15)
    assert gap.difference == pytest.approx(average_precision_score(labels, second) - one.value)
    assert gap.interval[1] - gap.interval[0] == pytest.approx(2 * 1.96 * spread[1], rel=0.15)


def test_intervals_hold_the_truth_95_times_in_100():
    rng = np.random.default_rng(4)

    def draw(rows):
        labels = (rng.random(rows) < 0.3).astype(float)
        first, second = rng.normal(labels, 1.0), rng.normal(1.3 * labels, 1.0)
        return labels, first, first * 0.5 + second * 0.5

    labels, first, second = draw(400_000)
    auc = roc_auc_score(labels, first)
    precision = average_precision_score(labels, first)
    gaps = roc_auc_score(labels, second) - auc, average_precision_score(labels, second) - precision
    held = np.zeros(4)
    for _ in range(400):
        it = Document.create(*(lambda y, a, b: (y, {"A": a, "B": b}))(*draw(150)), logits=["A", "B"])
        one, gap = area_estimates(it, 0, ONE), area_gaps(it, 0, 1, ONE)
        intervals = (*(e.interval for e in (one.roc_auc, one.average_precision)),
                     *(g.interval for g in (gap.roc_auc, gap.average_precision)))  # fmt: skip
        held += [low <= truth <= high for (low, high), truth in zip(intervals, (auc, precision, *gaps), strict=True)]
    assert (held / 400 > 0.91).all()
    assert (held / 400 < 0.985).all()


def test_the_mean_over_categories_varies_as_resampled_rows_do():
    rng = np.random.default_rng(5)
    # Three questions that are nearly one: as if they were independent, the interval would be far too narrow.
    hidden = rng.normal(size=300)
    labels = (hidden[:, None] + rng.normal(0, 0.3, (300, 3)) > 0).astype(float)
    noise = rng.normal(0, 1, 300)
    scores = 1 / (1 + np.exp(-(hidden + noise)[:, None] - rng.normal(0, 0.1, (300, 3))))
    it = Document.create(labels, {"A": scores}, categories=["a", "b", "c"])
    found = area_estimates(it, 0, range(3))
    resampled = []
    for _ in range(500):
        rows = rng.integers(0, 300, 300)
        resampled.append(np.mean([roc_auc_score(labels[rows, c], scores[rows, c]) for c in range(3)]))
    low, high = found.roc_auc.interval
    assert found.defined == 3
    assert high - low == pytest.approx(2 * 1.96 * np.std(resampled), rel=0.12)


def test_one_answer_in_many_is_each_category_against_the_rest():
    rng = np.random.default_rng(6)
    logits = rng.normal(size=(200, 3))
    labels = np.where(rng.random(200) < 0.6, logits.argmax(1), rng.integers(0, 3, 200))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    it = Document.create(labels, {"P": p, "Z": logits}, logits=["Z"], categories=["a", "b", "c"], multiclass=True)
    expected = roc_auc_score(labels, p, multi_class="ovr", average="macro")
    for model in (0, 1):
        assert area_estimates(it, model, range(3)).roc_auc.value == pytest.approx(expected)
        one = area_estimates(it, model, range(2, 3)).roc_auc
        assert one.value == pytest.approx(roc_auc_score(labels == 2, p[:, 2]))
    gaps = area_gaps(it, 0, 1, range(3))
    assert gaps.roc_auc.difference == pytest.approx(0, abs=1e-12)


def test_categories_without_a_yes_are_left_out():
    labels, first, second = made(50)
    twice = document(np.stack([labels, np.zeros(50)], axis=1), np.stack([first] * 2, axis=1),
                     np.stack([second] * 2, axis=1), categories=["a", "b"])  # fmt: skip
    alone = document(labels, first, second)
    assert area_estimates(twice, 0, range(2)) == area_estimates(alone, 0, ONE)
    assert area_estimates(twice, 0, range(1, 2)).roc_auc == (None, None)
    assert area_gaps(twice, 0, 1, range(1, 2)).roc_auc.difference is None


def test_models_that_rank_alike_differ_by_nothing():
    labels, first, _ = made()
    found = area_gaps(document(labels, first, first / 2), 0, 1, ONE)
    for gap in (found.roc_auc, found.average_precision):
        assert (gap.difference, gap.interval, gap.p_value, gap.settled) == (0.0, (0.0, 0.0), None, False)


def test_a_perfect_ranking_of_few_rows_is_not_called_certain():
    it = Document.create([1] * 5 + [0] * 5, {"A": [0.9] * 5 + [0.1] * 5, "B": [0.1] * 5 + [0.9] * 5})
    best, worst = area_estimates(it, 0, ONE), area_estimates(it, 1, ONE)
    low, high = best.roc_auc.interval
    assert high == 1.0
    assert 0.5 < low < 0.8
    assert worst.roc_auc.interval == pytest.approx((0.0, 1 - low))
    assert best.average_precision == (1.0, None)


@pytest.mark.parametrize("labels", [[1.0], [1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0], []])
def test_too_few_rows_tell_no_interval(labels):
    scores = np.linspace(0.2, 0.8, len(labels))
    it = document(np.array(labels), scores, 1 - scores)
    assert area_estimates(it, 0, ONE).roc_auc.interval is None
    assert area_gaps(it, 0, 1, ONE).roc_auc.interval is None
    assert area_gaps(it, 0, 1, ONE).roc_auc.p_value is None


def test_infinite_logits_and_single_precision():
    labels = np.array([1, 0, 1, 0, 1, 0.0])
    first = np.array([np.inf, -np.inf, 2, 1, -1, 0], dtype=np.float32)
    it = Document.create(labels, {"A": first, "B": np.arange(6.0)}, logits=["A", "B"])
    assert area_estimates(it, 0, ONE).roc_auc.value == pytest.approx(7 / 9)
    expected = roc_auc_difference(labels == 1, first, np.arange(6.0))
    assert area_gaps(it, 0, 1, ONE).roc_auc.interval == pytest.approx(expected.interval, abs=1e-12)


def test_work_can_be_stopped():
    with pytest.raises(Cancelled):
        area_gaps(document(*made()), 0, 1, ONE, stopped=lambda: True)


@pytest.mark.parametrize("second", [[0.9, 0.8, 0.2, 0.1], [0.1, 0.2, 0.8, 0.9], [0.8, 0.2, 0.9, 0.1]])
def test_where_rows_show_no_luck_both_say_so(second):
    labels, first = np.array([1, 1, 0, 0.0]), np.array([0.9, 0.8, 0.2, 0.1])
    found = area_gaps(document(labels, first, np.array(second)), 0, 1, ONE).roc_auc
    expected = roc_auc_difference(labels == 1, first, np.array(second))
    assert (found.difference, found.p_value is None) == (expected.difference, expected.p_value is None)
    assert (found.interval is None) == (expected.interval is None)
