"""The loss at every temperature and the best one: against the losses themselves, best_temperature, and mpmath."""

import math

import mpmath
import numpy as np
import pytest
import scipy

from xentviz.core.calibration import best_temperature, equal_width, reliability
from xentviz.core.document import Document, ScoreKind
from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import evaluate
from xentviz.core.losses import binary_cross_entropy_with_logits, categorical_cross_entropy_with_logits
from xentviz.core.passes import answers_of
from xentviz.core.temperature import (
    best_temperature_of,
    heated_answers,
    loss_curve,
    with_heated_model,
)
from xentviz.core.transforms import logit, sigmoid, softmax

NAN, INF = math.nan, math.inf
TEMPERATURES = (0.1, 0.37, 1.0, 1.83, 6.0, 10.0)


def questions(rows=400, true=1.7, kind="Z", soft=False, seed=3):
    """Return labels and logits of yes/no questions, and a document of them."""
    numbers = np.random.default_rng(seed)
    z = numbers.normal(0, 3, rows)
    y = (numbers.random(rows) < sigmoid(z / true)).astype(float)
    y = np.clip(y, 0.1, 0.9) if soft else y
    scores = z if kind == "Z" else sigmoid(z)
    return y, z, Document.create(y, {"A": scores}, logits=["A"] if kind == "Z" else [])


def answers(rows=300, count=5, true=1.7, kind="Z", seed=4):
    """Return labels and logits of one answer in many, and a document of them."""
    numbers = np.random.default_rng(seed)
    z = numbers.normal(0, 2, (rows, count))
    y = np.array([numbers.choice(count, p=p) for p in softmax(z / true)])
    scores = z if kind == "Z" else softmax(z)
    document = Document.create(
        y, {"A": scores}, logits=["A"] if kind == "Z" else [], categories=list("abcdefgh")[:count], multiclass=True
    )
    return y, z, document


@pytest.mark.usefixtures("four_rows_a_block")
@pytest.mark.parametrize("kind", ["Z", "P"])
@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_the_curve_of_questions_is_the_mean_of_their_losses(kind, soft, temperature):
    y, z, document = questions(60, kind=kind, soft=soft)
    curve, _ = loss_curve(document, 0)
    expected = binary_cross_entropy_with_logits(y, z / temperature).mean()
    assert float(curve.at(temperature)) == pytest.approx(expected, abs=3e-6)


@pytest.mark.parametrize("kind", ["Z", "P"])
@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_the_curve_of_answers_is_the_mean_of_their_losses(kind, temperature):
    y, z, document = answers(kind=kind)
    curve, logits = loss_curve(document, 0)
    expected = categorical_cross_entropy_with_logits(y, z / temperature).mean()
    assert float(curve.at(temperature)) == pytest.approx(expected, abs=3e-6)
    assert logits is None


def test_the_curve_is_known_to_a_millionth_between_its_nodes():
    y, z, document = questions(3000)
    along = np.exp(np.linspace(math.log(0.1), math.log(10), 173))
    found = loss_curve(document, 0)[0].at(along)
    expected = [binary_cross_entropy_with_logits(y, z / t).mean() for t in along]
    assert np.abs(found - expected).max() < 1.5e-6


def test_the_curve_agrees_with_fifty_digits():
    _, _, document = questions(5)
    y, z = document.labels_of(np.arange(5)), document.scores_of(0, np.arange(5))
    with mpmath.workdps(50):
        total = mpmath.mpf(0)
        for label, score in zip(y.tolist(), z.tolist(), strict=True):
            heated = mpmath.mpf(score) / mpmath.mpf("1.25")
            total += mpmath.log1p(mpmath.exp(-heated if label else heated))
    assert float(loss_curve(document, 0)[0].at(1.25)) == pytest.approx(float(total / 5), abs=1e-6)


@pytest.mark.parametrize("kind", ["Z", "P"])
def test_the_best_temperature_is_that_of_the_whole_arrays(kind):
    y, z, document = questions(kind=kind)
    found = best_temperature_of(document, 0)
    assert found.temperature == pytest.approx(best_temperature(y, z), rel=1e-9)
    assert found.loss == pytest.approx(binary_cross_entropy_with_logits(y, z / found.temperature).mean(), rel=1e-12)
    y, z, document = answers(kind=kind)
    found = best_temperature_of(document, 0, start=4.0)
    assert found.temperature == pytest.approx(best_temperature(y, z), rel=1e-9)
    assert found.loss == pytest.approx(
        categorical_cross_entropy_with_logits(y, z / found.temperature).mean(), rel=1e-12
    )


@pytest.mark.parametrize("factor", [1e-5, 1e-3, 0.2, 30.0, 1e4])
@pytest.mark.parametrize("start", [0.1, 1.0, 10.0])
def test_the_best_temperature_is_found_from_far_away(factor, start):
    y, z, _ = questions(60)
    document = Document.create(y, {"A": factor * z}, logits=["A"])
    found = best_temperature_of(document, 0, start=start)
    assert found.temperature == pytest.approx(factor * best_temperature(y, z), rel=1e-9)


@pytest.mark.parametrize(
    ("labels", "logits", "temperature"),
    [
        ([1, 0, 1], [2.0, -1.0, 0.5], 0.0),
        ([1, 0], [-1.0, 2.0], INF),
        ([1, 0], [2.0, 2.0], INF),
        ([1, 0], [0.0, 0.0], None),
        ([], [], None),
        ([NAN, 1], [1.0, -INF], None),
    ],
)
def test_where_colder_or_hotter_is_always_better_it_says_which(labels, logits, temperature):
    found = best_temperature_of(Document.create(labels, {"A": logits}, logits=["A"]), 0)
    assert found == temperature if temperature is None else found.temperature == temperature


def test_the_interval_holds_the_true_temperature_about_as_often_as_it_should():
    hits = 0
    for seed in range(200):
        *_, document = questions(300, true=1.7, seed=seed)
        low, high = best_temperature_of(document, 0, start=1.7).interval
        hits += low < 1.7 < high
    low, high = scipy.stats.binom.interval(0.999, 200, 0.95)
    assert low <= hits <= high


def test_certain_and_wrong_stays_infinite_and_is_left_out():
    y, z, _ = questions(50)
    document = Document.create([*y, 0, 1, NAN], {"A": [*z, INF, INF, 2.0]}, logits=["A"])
    curve, _ = loss_curve(document, 0)
    assert (curve.known, curve.infinite) == (52, 1)
    expected = binary_cross_entropy_with_logits(y, z / 2).sum() / 51
    assert float(curve.at(2.0)) == pytest.approx(expected, abs=1e-6)
    rows = [[0.5, 0.5, 0.0], [0.2, 0.2, 0.6]]
    document = Document.create([2, 2], {"A": rows}, categories=["a", "b", "c"], multiclass=True)
    curve, _ = loss_curve(document, 0)
    assert (curve.known, curve.infinite) == (2, 1)
    assert float(curve.at(1.0)) == pytest.approx(-math.log(0.6), abs=1e-6)


def test_one_question_of_several_is_looked_at_alone():
    numbers = np.random.default_rng(5)
    z, y = numbers.normal(0, 2, (40, 3)), numbers.integers(0, 2, (40, 3)).astype(float)
    y[3] = NAN
    document = Document.create(y, {"A": z}, logits=["A"], categories=["a", "b", "c"])
    known = ~np.isnan(y)
    for category, chosen in ((1, known & (np.arange(3) == 1)), (None, known)):
        expected = binary_cross_entropy_with_logits(y[chosen], z[chosen] / 2).mean()
        curve, counts = loss_curve(document, 0, category)
        assert float(curve.at(2.0)) == pytest.approx(expected, abs=1e-6)
        assert counts.counts.sum() == chosen.sum()


def test_soft_labels_of_one_answer_cost_what_they_cost():
    numbers = np.random.default_rng(6)
    labels, z = softmax(numbers.normal(0, 1, (30, 4))), numbers.normal(0, 2, (30, 4))
    document = Document.create(labels, {"A": z}, logits=["A"], categories=list("abcd"), multiclass=True)
    expected = categorical_cross_entropy_with_logits(labels, z / 3).mean()
    assert float(loss_curve(document, 0)[0].at(3.0)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("temperature", [0.3, 1.9])
def test_what_comes_true_of_heated_questions_is_counted_of_fine_bins(temperature):
    y, z, document = questions(5000)
    _, counts = loss_curve(document, 0)
    p = sigmoid(z / temperature)
    edges = equal_width(15)
    expected = reliability([np.sort(p[y == 1])], [np.sort(p[y == 0])], edges)
    found = counts.heated(temperature, edges)
    assert found.total == 5000
    assert found.positives.sum() == expected.positives.sum()
    np.testing.assert_allclose(found.counts, expected.counts, atol=12)
    assert found.expected_error == pytest.approx(expected.expected_error, abs=2e-3)


@pytest.mark.parametrize("kind", ["Z", "P"])
def test_what_comes_true_of_heated_answers_is_counted_row_by_row(kind):
    y, z, document = answers(kind=kind)
    p, edges = softmax(z / 2.5), equal_width(10)
    right = z.argmax(axis=1) == y
    found = heated_answers(document, 0, None, 2.5, edges)
    expected = reliability([np.sort(p.max(axis=1)[right])], [np.sort(p.max(axis=1)[~right])], edges)
    np.testing.assert_array_equal(found.counts, expected.counts)
    np.testing.assert_array_equal(found.positives, expected.positives)
    assert found.positives.sum() == np.trace(answers_of(document, 0).at(0.0))
    found = heated_answers(document, 0, 2, 2.5, edges)
    expected = reliability([np.sort(p[y == 2, 2])], [np.sort(p[y != 2, 2])], edges)
    np.testing.assert_array_equal(found.positives, expected.positives)


@pytest.mark.parametrize("make", [questions, answers])
@pytest.mark.parametrize("kind", ["Z", "P"])
def test_a_heated_model_has_the_loss_that_was_told(make, kind):
    _, _, document = make(kind=kind)
    heated = with_heated_model(document, 0, 1.6, "B")
    assert [model.name for model in heated.models] == ["A", "B"]
    assert heated.models[1].kind is document.models[0].kind
    curve, _ = loss_curve(document, 0)
    assert evaluate(heated).models[1].mean_loss == pytest.approx(float(curve.at(1.6)), abs=3e-6)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_heated_model_keeps_its_precision_and_what_is_certain_or_missing(kind):
    scores = np.array([0.0, 1.0, 0.9, NAN], dtype=kind)
    heated = with_heated_model(Document.create([0, 1, 1, 1], {"A": scores}), 0, 2.0, "B").models[1]
    assert heated.scores.array().dtype == kind
    np.testing.assert_allclose(heated.scores.array()[:, 0], [0, 1, 0.75, NAN], rtol=1e-6)


def test_what_would_be_rounded_to_certainty_becomes_logits():
    document = Document.create([0, 1], {"A": [0.9999, 0.9]})
    heated = with_heated_model(document, 0, 0.1, "B")
    assert heated.models[1].kind is ScoreKind.LOGIT
    np.testing.assert_allclose(heated.models[1].scores.array()[:, 0], 10 * logit([0.9999, 0.9]))
    assert evaluate(heated).models[1].infinite == 0


def test_all_of_it_can_be_stopped():
    _, _, document = questions()
    for work in (
        lambda: loss_curve(document, 0, stopped=lambda: True),
        lambda: best_temperature_of(document, 0, stopped=lambda: True),
        lambda: with_heated_model(document, 0, 2.0, "B", stopped=lambda: True),
        lambda: heated_answers(answers()[2], 0, None, 2.0, equal_width(5), stopped=lambda: True),
    ):
        with pytest.raises(Cancelled):
            work()
