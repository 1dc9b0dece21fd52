import math

import numpy as np
import pytest
from scipy.special import softmax

from xentviz.core import distributions as module
from xentviz.core.distributions import Measure, Part, distributions, elements_where, worst_elements
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.core.loss_budget import budget_of, loss_budget

NAN, INF = math.nan, math.inf
ROWS = 40_000


@pytest.fixture(params=[False, True], ids=["each number", "levels"])
def grouped(request, monkeypatch):
    """Keep each number of a document, or only levels."""
    monkeypatch.setattr(module, "EXACT", 0 if request.param else 1 << 40)
    return request.param


def yes_no(categories=1):
    """Return a document of three blocks, and its labels and probabilities."""
    numbers = np.random.default_rng(categories)
    labels = numbers.integers(0, 2, (ROWS * 8 // categories, categories)).astype(float)
    labels[::7] = NAN
    scores = np.clip(0.5 * labels + 0.6 * numbers.random(labels.shape) - 0.05, 0.001, 0.999)
    scores[1::11] = NAN
    scores[np.isnan(labels)] = 0.3
    names = [f"c{c}" for c in range(categories)]
    return Document.create(labels, {"A": scores}, categories=names), labels, scores


def answers():
    """Return a document of rows of one answer in three, its labels and its probabilities."""
    numbers = np.random.default_rng(5)
    labels = numbers.integers(-1, 3, ROWS * 2)
    z = numbers.normal(0, 2, (ROWS * 2, 3))
    document = Document.create(labels, {"Z": z}, categories=["a", "b", "c"], logits=["Z"], multiclass=True)
    return document, labels, softmax(z, axis=1)


def same_numbers(levels, expected, grouped):
    """Check that levels are those of these numbers, which need not be known."""
    expected = expected[~np.isnan(expected)]
    assert levels.total == len(expected)
    assert float(levels.counts @ levels.means) == pytest.approx(math.fsum(expected), rel=1e-12)
    if not grouped:
        np.testing.assert_allclose(np.repeat(levels.means, levels.counts), np.sort(expected), rtol=1e-10)


@pytest.mark.parametrize(("categories", "category"), [(1, None), (1, 0), (3, None), (3, 2)])
def test_of_yes_and_no(grouped, categories, category):
    document, labels, p = yes_no(categories)
    assert len(document.labels.blocks) > 1
    found = distributions(Part(document, 0, category))
    if category is not None:
        labels, p = labels[:, category], p[:, category]
    same_numbers(found[Measure.YES], np.where(labels == 1, p, NAN), grouped)
    same_numbers(found[Measure.NO], np.where(labels == 0, p, NAN), grouped)
    loss = np.where(np.isnan(labels), NAN, -np.log(np.abs(p - 1 + labels)))
    same_numbers(found[Measure.LOSS], loss, grouped)


@pytest.mark.parametrize("category", [None, 1])
def test_of_one_answer(grouped, category):
    document, labels, p = answers()
    found = distributions(Part(document, 0, category))
    true = np.where(labels >= 0, p[np.arange(len(p)), labels], NAN)
    of = true if category is None else np.where(labels == category, true, NAN)
    same_numbers(found[Measure.LOSS], -np.log(of), grouped)
    same_numbers(found[Measure.YES], of, grouped)
    others = np.full(len(p), NAN) if category is None else np.where((labels >= 0) & (labels != category), p[:, 1], NAN)
    same_numbers(found[Measure.NO], others, grouped)


@pytest.mark.parametrize("category", [None, 1])
def test_elements_are_found_where_their_numbers_lie(category):
    document, labels, p = yes_no(3)
    elements, numbers = elements_where(Part(document, 0, category), Measure.YES, lambda p: (p >= 0.5) & (p < 0.6))
    of = np.where(np.arange(3) == (np.arange(3) if category is None else category), labels, NAN)
    expected = np.flatnonzero((of == 1) & (p >= 0.5) & (p < 0.6))
    assert elements.tolist() == expected.tolist()
    assert numbers.tolist() == p.ravel()[expected].tolist()


def test_rows_of_one_answer_are_found_by_their_first_elements():
    document, labels, p = answers()
    elements, _ = elements_where(Part(document, 0, 2), Measure.LOSS, lambda loss: loss > 4)
    rows = np.flatnonzero((labels == 2) & (-np.log(p[:, 2]) > 4))
    assert elements.tolist() == (rows * 3).tolist()


@pytest.mark.parametrize("count", [1, 2, 999, 100_000])
def test_the_worst_are_those_of_the_largest_losses(grouped, count):
    document, labels, p = yes_no()
    part = Part(document, 0, None)
    worst = worst_elements(part, distributions(part)[Measure.LOSS], count)
    loss = np.nan_to_num(-np.log(np.abs(p - 1 + labels)), nan=-1).ravel()
    assert worst.elements.tolist() == np.sort(np.argsort(-loss, kind="stable")[:count]).tolist()
    assert worst.least == pytest.approx(np.sort(loss)[-count])


def test_of_equal_losses_the_first_are_taken_and_the_others_told():
    part = Part(Document.create([1, 1, 1, 1, 0], {"A": [0.5, 0.1, 0.5, 0.5, 1.0]}), 0, None)
    losses = distributions(part)[Measure.LOSS]
    worst = worst_elements(part, losses, 3)
    assert (worst.elements.tolist(), worst.alike, worst.left_out) == ([0, 1, 2], 3, 1)
    assert worst.least == pytest.approx(math.log(2))
    assert worst_elements(part, losses, 9).elements.tolist() == [0, 1, 2, 3]  # infinite ones have no share
    assert len(worst_elements(part, losses, 0).elements) == 0


def test_the_budget_of_levels_is_that_of_all_losses(grouped):
    document, labels, p = yes_no()
    budget = budget_of(distributions(Part(document, 0, None))[Measure.LOSS])
    exact = loss_budget((-np.log(np.abs(p - 1 + labels))).ravel())
    assert (budget.rows, budget.infinite_rows) == (exact.rows, 0)
    for share in (1 / exact.rows, 0.001, 0.01, 0.1, 0.5, 0.9, 1):
        assert budget.worst(share) == pytest.approx(exact.worst(share), rel=1e-6, abs=1e-7)
        assert budget.count(share) == exact.count(share)
    for across, up in zip(budget.rows_share, budget.loss_share, strict=True):  # where it is drawn
        assert exact.worst(across) == pytest.approx(up, rel=1e-12)
    assert len(budget.rows_share) <= 1000


def test_the_budget_of_levels_leaves_out_what_is_infinite():
    found = distributions(Part(Document.create([1, 0, 1], {"A": [0.0, 0.5, 0.25]}), 0, None))
    budget = budget_of(found[Measure.LOSS])
    assert (budget.rows, budget.infinite_rows) == (2, 1)
    assert budget.worst(0.5) == pytest.approx(2 / 3)
    nothing = budget_of(distributions(Part(Document.create([1, 0], {"A": [1.0, 0.0]}), 0, None))[Measure.LOSS])
    assert (nothing.rows, nothing.rows_share, nothing.worst(0.5)) == (2, None, None)


def test_the_work_can_be_stopped():
    part = Part(yes_no()[0], 0, None)
    with pytest.raises(Cancelled):
        distributions(part, lambda: True)
    with pytest.raises(Cancelled):
        elements_where(part, Measure.LOSS, lambda loss: loss > 1, lambda: True)
