import math
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest
from scipy.special import xlogy
from sklearn.metrics import brier_score_loss, confusion_matrix, log_loss, roc_auc_score

from xentviz.core import columns, confusion, parallel
from xentviz.core.counts import Counts
from xentviz.core.document import Document, ScoreKind, Task
from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import evaluate
from xentviz.core.ranking import areas
from xentviz.core.summaries import MOST_HISTOGRAMS

THRESHOLDS = (0, 0.29, 0.5, 0.57, 0.58, 1)


def mixed(rows=500, categories=2, seed=1):
    """Return a document with everything that can occur: hard, soft and missing labels, logits, ties, nan, infinity."""
    rng = np.random.default_rng(seed)
    shape = (rows, categories)
    labels = rng.choice([0.0, 1.0, 0.25, 0.5, np.nan], shape, p=[0.4, 0.4, 0.05, 0.05, 0.1])
    probabilities = rng.choice([0.0, 1.0, np.nan, 0.29, 0.57, 0.58, *rng.random(50)], shape)
    logits = rng.choice([-np.inf, np.inf, np.nan, 0.0, *rng.normal(0, 4, 50)], shape)
    models = {"P": probabilities, "Z": logits, "F": probabilities.astype(np.float32)}
    return Document.create(labels, models, categories=[f"c{i}" for i in range(categories)], logits=["Z"])


def mixed_answers(rows=500, categories=3, seed=1, soft=False):
    """Return a multi-class document with everything that can occur: ties, missing labels and scores, infinity."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(-1, categories, rows)
    if soft:
        labels = rng.multinomial(4, np.full(categories, 1 / categories), rows) / 4
        labels[rng.random(rows) < 0.1] = np.nan
    shares = rng.dirichlet(np.full(categories, 0.5), rows)
    probabilities = np.array([rng.multinomial(100, share) for share in shares]) / 100
    logits = np.round(rng.normal(0, 4, (rows, categories)))
    logits[rng.random(rows) < 0.2, 0] = -np.inf
    logits[rng.random(rows) < 0.1, 1] = np.inf
    for scores in (probabilities, logits):
        scores[rng.random(rows) < 0.1] = np.nan
        scores[rng.random(rows) < 0.1, -1] = np.nan
    models = {"P": probabilities, "Z": logits, "F": probabilities.astype(np.float32)}
    names = [f"c{i}" for i in range(categories)]
    return Document.create(labels, models, categories=names, logits=["Z"], multiclass=True)


def assert_same_numbers(results, expected):
    """Compare all that results say: counts exactly, sums of losses to the order of their addition."""
    edges = np.linspace(0, 1, 21)
    for ours, theirs in zip(results.models, expected.models, strict=True):
        assert counted(ours, edges) == counted(theirs, edges)
        assert added(ours) == pytest.approx(added(theirs), rel=1e-13)


def counted(model, edges):
    categories = model.categories
    return (
        [model.known, model.infinite, model.infinite_rows, model.largest_loss, model.soft_labels],
        [model.counts(c, t) for c in range(categories) for t in THRESHOLDS],
        [np.sort(np.concatenate(model.positives(c))).tolist() for c in range(categories)],
        [np.sort(np.concatenate(model.negatives(c))).tolist() for c in range(categories)],
        [part.tolist() for part in model.histogram(edges, range(categories))],
    )


def added(model):
    means = [model.only(c).mean_loss for c in range(model.categories)]
    return [model.sum_loss, model.finite_sum, model.finite_mean, model.brier, *means]


class TestNumbers:
    def test_of_the_film_still(self, film_still):
        guess = evaluate(film_still).models[0]
        assert guess.mean_loss == pytest.approx(0.412077, abs=5e-7)
        assert guess.sum_loss == pytest.approx(1.648309, abs=5e-7)
        assert guess.largest_loss == pytest.approx(1.203973, abs=5e-7)
        assert guess.brier == pytest.approx((0.1**2 + 0.05**2 + 0.7**2 + 0.25**2) / 4)

    def test_agree_with_scikit_learn(self):
        rng = np.random.default_rng(2)
        labels, scores = rng.integers(0, 2, 2000), rng.uniform(0.001, 0.999, 2000)
        model = evaluate(Document.create(labels, {"A": scores})).models[0]
        assert model.mean_loss == pytest.approx(log_loss(labels, scores), rel=1e-13)
        assert model.brier == pytest.approx(brier_score_loss(labels, scores), rel=1e-13)

    def test_infinite_losses_are_kept_and_counted_and_the_finite_mean_stands_beside_them(self):
        labels = [[1, 0], [1, 1], [0, 1]]
        scores = [[0.0, 1.0], [0.5, 0.25], [0.5, 0.0]]
        model = evaluate(Document.create(labels, {"A": scores}, categories=("a", "b"))).models[0]
        assert (model.infinite, model.infinite_rows) == (3, 2)
        assert model.mean_loss == model.sum_loss == math.inf
        assert model.finite_mean == pytest.approx((2 * math.log(2) + math.log(4)) / 3)
        assert model.largest_loss == pytest.approx(math.log(4))

    def test_what_has_no_label_or_no_score_is_left_out(self):
        document = Document.create([1, np.nan, 0, 1], {"A": [0.5, 0.9, np.nan, 0.25]})
        model = evaluate(document).models[0]
        assert model.known == 2
        assert model.mean_loss == pytest.approx(math.log(8) / 2)
        assert model.brier == pytest.approx((0.25 + 0.5625) / 2)
        assert model.counts(0, 0.5).total == 2

    @pytest.mark.parametrize("labels", [[], [np.nan, np.nan]])
    def test_nothing_labelled_leaves_every_mean_undefined(self, labels):
        model = evaluate(Document.create(labels, {"A": np.full(len(labels), 0.5)})).models[0]
        assert (model.mean_loss, model.finite_mean, model.brier, model.only(0).mean_loss) == (None,) * 4
        assert (model.known, model.sum_loss, model.largest_loss) == (0, 0, 0)
        assert model.counts(0, 0.5).total == 0

    def test_soft_labels_are_rounded_for_counts_and_named(self):
        model = evaluate(Document.create([0.5, 0.25, 1], {"A": [0.9, 0.9, 0.1]})).models[0]
        counts = model.counts(0, 0.5)
        assert (counts.true_positives, counts.false_positives, counts.false_negatives) == (1, 1, 1)
        assert model.soft_labels == (0.25, 0.5)

    def test_of_many_soft_labels_the_first_few_are_named(self):
        model = evaluate(Document.create(np.linspace(0, 1, 101), {"A": np.full(101, 0.5)})).models[0]
        assert model.soft_labels == (0.01, 0.02, 0.03, 0.04, 0.05, 0.06)

    def test_logits_are_evaluated_as_logits_and_ranked_as_probabilities(self):
        model = evaluate(Document.create([1, 0], {"Z": [-1000.0, 0.0]}, logits=["Z"])).models[0]
        assert model.sum_loss == pytest.approx(1000 + math.log(2))
        assert model.counts(0, 0.5).false_positives == 1

    def test_a_document_without_models_has_results_without_models(self):
        assert evaluate(Document.create([1, 0], {})).models == ()

    def test_the_extent_is_from_the_least_to_the_most_probable_that_has_a_label(self):
        document = Document.create(
            [[1, 0], [1, np.nan], [0, 1], [0, 1]],
            {
                "A": [[0.4, 0.2], [0.3, 0.01], [np.nan, 0.9], [0.35, 0.8]],
                "Z": [[0.0, 9.0], [-1.0, 0.0], [1.0, np.nan], [2.0, -0.5]],
            },
            categories=("a", "b"),
            logits=["Z"],
        )
        a, z = evaluate(document).models
        assert a.extent == (0.2, 0.9)
        assert (a.only(0).extent, a.only(1).extent) == ((0.3, 0.4), (0.2, 0.9))
        assert z.extent == pytest.approx((1 / (1 + math.e), 1 / (1 + math.exp(-9))))

    def test_without_scores_there_is_no_extent(self):
        assert evaluate(Document.create([np.nan], {"A": [0.5]})).models[0].extent is None


def answers_of(document):
    """Return the labels as distributions, nan where there is none."""
    labels = document.labels.array()
    if labels.ndim == 2:
        return labels
    certain = np.eye(len(document.categories))[labels]
    certain[labels < 0] = np.nan
    return certain


def probabilities_of(document, model):
    """Return what each row's probabilities are by definition, row by row."""
    scores = document.models[model].scores.array()
    if document.models[model].kind is ScoreKind.PROBABILITY:
        return scores
    found = np.full(scores.shape, np.nan)
    for row in np.flatnonzero(~np.isnan(scores).any(axis=1)):
        powers = [1.0 if z == scores[row].max() else math.exp(z - scores[row].max()) for z in scores[row]]
        found[row] = np.array(powers) / math.fsum(powers)
    return found


class TestOneAnswerInMany:
    @pytest.mark.parametrize("logits", [False, True])
    @pytest.mark.parametrize("categories", [2, 5])
    def test_agrees_with_scikit_learn(self, logits, categories):
        rng = np.random.default_rng(categories)
        labels, p = rng.integers(0, categories, 1000), rng.dirichlet(np.ones(categories), 1000)
        scores = np.log(p) + rng.normal(0, 5, (1000, 1)) if logits else p
        names = [str(c) for c in range(categories)]
        kinds = ["A"] if logits else []
        model = evaluate(
            Document.create(labels, {"A": scores}, categories=names, logits=kinds, multiclass=True)
        ).models[0]
        assert model.known == 1000
        assert model.mean_loss == pytest.approx(log_loss(labels, p), rel=1e-12)
        brier = brier_score_loss(np.eye(categories)[labels], p, scale_by_half=False)
        assert model.brier == pytest.approx(brier, rel=1e-12)
        for c in range(categories):
            found = areas(model.positives(c), model.negatives(c))
            assert found.roc_auc == pytest.approx(roc_auc_score(labels == c, p[:, c]), rel=1e-12)
            of_one = labels == c
            mean = log_loss(labels[of_one], p[of_one], labels=range(categories))
            assert model.only(c).mean_loss == pytest.approx(mean, rel=1e-12)

    @pytest.mark.parametrize("soft", [False, True])
    @pytest.mark.parametrize("model", [0, 1, 2])
    def test_is_what_the_definitions_say_of_each_row(self, model, soft):
        document = mixed_answers(soft=soft)
        found, y, p = evaluate(document).models[model], answers_of(document), probabilities_of(document, model)
        known = ~np.isnan(y).any(axis=1) & ~np.isnan(p).any(axis=1)
        y, p = y[known], p[known].astype(np.float64)
        loss = -xlogy(y, p).sum(axis=1)
        finite = loss[np.isfinite(loss)]
        assert 0 < len(finite) < len(loss)
        assert (found.known, found.infinite, found.infinite_rows) == (len(loss), *[len(loss) - len(finite)] * 2)
        assert found.mean_loss == found.sum_loss == math.inf
        assert found.finite_sum == pytest.approx(math.fsum(finite), rel=1e-12)
        assert found.finite_mean == pytest.approx(finite.mean(), rel=1e-12)
        assert found.largest_loss == pytest.approx(finite.max(), rel=1e-12)
        assert found.brier == pytest.approx(((p - y) ** 2).sum(axis=1).mean(), rel=1e-12)
        assert found.soft_labels == ((0.25, 0.5, 0.75) if soft else ())

    @pytest.mark.parametrize("soft", [False, True])
    def test_scores_of_a_category_and_of_the_rest_are_one_against_the_others(self, soft):
        document = mixed_answers(soft=soft)
        for model, found in enumerate(evaluate(document).models):
            y, p = answers_of(document), probabilities_of(document, model)
            known = ~np.isnan(y).any(axis=1) & ~np.isnan(p).any(axis=1)
            truth, p = y[known].argmax(axis=1), p[known]
            for c in range(3):
                of_c, of_others = found.positives(c), found.negatives(c)
                np.testing.assert_allclose(np.concatenate(of_c), np.sort(p[truth == c, c]), rtol=1e-14)
                np.testing.assert_allclose(np.concatenate(of_others), np.sort(p[truth != c, c]), rtol=1e-14)

    @pytest.mark.parametrize("soft", [False, True])
    @pytest.mark.parametrize("threshold", THRESHOLDS)
    def test_counts_are_those_of_the_decisions_among_all_categories(self, threshold, soft):
        document = mixed_answers(soft=soft)
        for model, found in enumerate(evaluate(document).models):
            y, p = answers_of(document), probabilities_of(document, model)
            known = ~np.isnan(y).any(axis=1) & ~np.isnan(p).any(axis=1)
            truth, decided = y[known].argmax(axis=1), confusion.decisions(p[known], threshold)
            expected = confusion.one_vs_rest(confusion.confusion_matrix(truth, decided, 3))
            assert tuple(found.counts(c, threshold) for c in range(3)) == expected
            assert tuple(found.answer_counts(threshold)) == expected

    @pytest.mark.parametrize("kind", [np.float32, np.float64])
    def test_rows_are_binned_by_the_true_and_by_the_largest_probability(self, kind):
        p = np.array([[0.5, 0.25, 0.25], [0.7, 0.0, 0.3], [0.2, 0.2, 0.6], [1, 0, 0], [1, 0, 0]], dtype=kind)
        document = Document.create([0, 2, 1, 0, -1], {"A": p}, categories=("a", "b", "c"), multiclass=True)
        model = evaluate(document).models[0]
        edges = np.array([0.0, 0.3, 0.7, 1.0])
        for _again in range(2):
            true, right, wrong = (bins.tolist() for bins in model.answers(edges))
            assert (true, right, wrong) == ([1, 2, 1], [0, 1, 1], [0, 1, 1])
        assert [bins.tolist() for bins in model.only(0).answers(edges)] == [[0, 1, 1], [0, 1, 1], [0, 0, 1]]
        assert model.answer_extent == (kind(0.2), 1)
        assert model.only(1).answer_extent == (kind(0.2), kind(0.2))

    def test_bins_of_answers_are_not_kept_for_ever(self):
        document = Document.create([0], {"A": [[0.5, 0.5]]}, categories=("a", "b"), multiclass=True)
        model = evaluate(document).models[0]
        for bins in range(1, 2 * MOST_HISTOGRAMS + 10):
            assert model.answers(np.linspace(0, 1, bins + 1))[0].sum() == 1
        assert len(model.summaries[0]._histograms) <= 2 * MOST_HISTOGRAMS

    def test_by_hand(self):
        document = Document.create(
            [0, 2, 1, -1],
            {"A": [[0.5, 0.25, 0.25], [0.6, 0.0, 0.4], [0.2, 0.2, 0.6], [1, 0, 0]]},
            categories=("a", "b", "c"),
            multiclass=True,
        )
        model = evaluate(document).models[0]
        assert model.mean_loss == pytest.approx((math.log(2) + math.log(2.5) + math.log(5)) / 3)
        assert model.brier == pytest.approx((0.25 + 0.125 + 0.36 + 0.36 + 0.04 + 0.64 + 0.36) / 3)
        assert [model.only(c).mean_loss for c in range(3)] == pytest.approx([math.log(2), math.log(5), math.log(2.5)])
        of_a = [model.counts(0, threshold) for threshold in (0, 0.55, 0.65)]
        assert [(n.true_positives, n.false_positives, n.false_negatives, n.true_negatives) for n in of_a] == [
            (1, 1, 0, 1),
            (0, 1, 1, 1),
            (0, 0, 1, 2),
        ]

    def test_a_category_without_rows_has_no_mean(self):
        document = Document.create([0, 0], {"A": [[0.5, 0.5]] * 2}, categories=("a", "b"), multiclass=True)
        model = evaluate(document).models[0]
        assert model.only(1).mean_loss is model.only(1).brier is None
        assert model.counts(1, 0).positives == 0

    @pytest.mark.parametrize("labels", [[], [-1, -1], np.full((2, 2), np.nan)])
    def test_nothing_labelled_leaves_every_mean_undefined(self, labels):
        scores = np.full((len(labels), 2), 0.5)
        document = Document.create(labels, {"A": scores}, categories=("a", "b"), multiclass=True)
        model = evaluate(document).models[0]
        assert (model.mean_loss, model.finite_mean, model.brier, model.extent) == (None,) * 4
        assert model.answer_extent is None
        assert (model.known, model.sum_loss, model.largest_loss) == (0, 0, 0)

    def test_logits_keep_losses_that_probabilities_cannot_tell(self):
        logits = [[0.0, 40.0], [1000.0, -1000.0]]
        document = Document.create([1, 1], {"Z": logits}, categories=("a", "b"), logits=["Z"], multiclass=True)
        model = evaluate(document).models[0]
        assert model.only(1).largest_loss == 2000
        assert model.infinite == 0
        document = document.without_rows(np.array([1]))
        assert evaluate(document).models[0].mean_loss == pytest.approx(math.exp(-40), rel=1e-14)


KINDS_OF_DOCUMENT = [mixed, mixed_answers, partial(mixed_answers, soft=True)]


class TestBlocks:
    @pytest.mark.parametrize("document", KINDS_OF_DOCUMENT)
    @pytest.mark.parametrize("block_bytes", [8, 7 * 16, 100 * 16])
    def test_block_by_block_is_the_same_as_whole(self, monkeypatch, block_bytes, document):
        whole = evaluate(document())
        monkeypatch.setattr(columns, "BLOCK_BYTES", block_bytes)
        in_blocks = evaluate(document())
        assert len(in_blocks.models[0].summaries) > 1 == len(whole.models[0].summaries)
        assert_same_numbers(in_blocks, whole)

    @pytest.mark.usefixtures("four_rows_a_block")
    @pytest.mark.parametrize(
        "edit",
        [
            lambda d: d.with_scores(0, np.array([17]), 0.3),
            lambda d: d.with_labels(np.array([17]), 0.3),
            lambda d: d.with_rows(20, np.ones((30, 2)), [np.full((30, 2), 0.5)] * 3, [""] * 30),
            lambda d: d.without_rows(np.arange(3, 40)),
            lambda d: d.without_model(1),
            lambda d: d.with_threshold(0.9),
        ],
    )
    def test_an_edit_evaluated_from_earlier_results_is_the_same_as_from_nothing(self, edit):
        before = mixed(60)
        after = edit(before)
        assert_same_numbers(evaluate(after, evaluate(before)), evaluate(after))

    @pytest.mark.usefixtures("four_rows_a_block")
    @pytest.mark.parametrize("soft", [False, True])
    @pytest.mark.parametrize(
        "edit",
        [
            lambda d: d.without_rows(np.arange(3, 40)),
            lambda d: d.without_model(1),
            lambda d: d.with_threshold(0.9),
            lambda d: d.with_model("new", ScoreKind.PROBABILITY, np.full((d.rows, 3), 1 / 3)),
        ],
    )
    def test_so_it_is_with_one_answer_in_many(self, edit, soft):
        before = mixed_answers(60, soft=soft)
        after = edit(before)
        assert_same_numbers(evaluate(after, evaluate(before)), evaluate(after))

    def test_answers_in_untouched_blocks_are_not_summarized_again(self, monkeypatch):
        monkeypatch.setattr(columns, "BLOCK_BYTES", 4 * 3 * 8)
        before = mixed_answers(12)
        old = evaluate(before)
        new = evaluate(before.without_rows(np.array([5])), old)
        for after, earlier in zip(new.models, old.models, strict=True):
            kept = [a is b for a, b in zip(after.summaries, earlier.summaries, strict=True)]
            assert kept == [True, False, True]

    def test_the_same_blocks_are_evaluated_anew_as_another_task(self):
        document = Document.create([[1, 0]], {"A": [[0.25, 0.75]]}, categories=("a", "b"))
        old = evaluate(document)
        answer = replace(document, task=Task.MULTICLASS)
        assert evaluate(answer, old).models[0].sum_loss == pytest.approx(math.log(4))
        assert old.models[0].sum_loss == pytest.approx(2 * math.log(4))

    @pytest.mark.usefixtures("four_rows_a_block")
    def test_summaries_of_untouched_blocks_are_not_made_again(self):
        before = Document.create(np.ones(12), {"A": np.full(12, 0.5), "B": np.full(12, 0.5)})
        old = evaluate(before)
        new = evaluate(before.with_scores(0, np.array([5]), 0.9), old)
        kept = [a is b for a, b in zip(new.models[0].summaries, old.models[0].summaries, strict=True)]
        assert kept == [True, False, True]
        assert all(a is b for a, b in zip(new.models[1].summaries, old.models[1].summaries, strict=True))

    def test_a_duplicate_costs_nothing_but_the_same_scores_as_logits_are_evaluated_anew(self):
        document = Document.create([1, 0], {"A": [0.2, 0.7]})
        old, scores = evaluate(document), document.models[0].scores
        document = document.with_model("copy", ScoreKind.PROBABILITY, scores)
        document = document.with_model("as logits", ScoreKind.LOGIT, scores)
        first, copy, as_logits = evaluate(document, old).models
        assert copy.summaries[0] is first.summaries[0] is old.models[0].summaries[0]
        assert as_logits.mean_loss != first.mean_loss

    @pytest.mark.usefixtures("four_rows_a_block")
    def test_results_do_not_hold_on_to_blocks_that_are_gone(self):
        document = Document.create(np.ones(12), {"A": np.full(12, 0.5)})
        results = evaluate(document)
        for row in range(12):
            document = document.with_scores(0, np.array([row]), 0.1)
            results = evaluate(document, results)
        assert len(results.by_blocks) == 3


MILLION = 10**6


@cache
def million(name):
    """Return a million labels, their probabilities, and the exactly rounded mean of losses taken one by one."""
    rng = np.random.default_rng(11)
    labels, scores = rng.integers(0, 2, MILLION), rng.random(MILLION)
    if name == "tiny":
        labels, scores = np.zeros(MILLION), 1e-12 * scores
    elif name == "of all sizes":  # from 1e-300 to 690
        scores = 10.0 ** (-300 * scores)
    pairs = zip(labels.tolist(), scores.tolist(), strict=True)
    return labels, scores, math.fsum(-math.log(p) if y else -math.log1p(-p) for y, p in pairs) / MILLION


def loss_of(answer, logits):
    """Return the loss of one row of three logits, by the one function that loses no digits of it."""
    own, *others = logits[answer], *logits[:answer], *logits[answer + 1 :]
    first, second = sorted((z - own for z in others), reverse=True)
    if first <= 0:
        return math.log1p(math.exp(first) + math.exp(second))
    return first + math.log1p(math.exp(-first) + math.exp(second - first))


@cache
def many_answers():
    """Return truths, logits of all sizes, and the exactly rounded mean of losses taken one by one."""
    rng = np.random.default_rng(12)
    rows = 200_000
    labels, logits = rng.integers(0, 3, rows), rng.normal(0, 1, (rows, 3)) * 10.0 ** rng.uniform(-2, 3, (rows, 1))
    losses = (loss_of(answer, row) for answer, row in zip(labels.tolist(), logits.tolist(), strict=True))
    return labels, logits, math.fsum(losses) / rows


class TestPrecision:
    @pytest.fixture(autouse=True, params=[999, 2**16, MILLION], ids="{} numbers a block".format)
    def _cut(self, request, monkeypatch):
        monkeypatch.setattr(columns, "BLOCK_BYTES", 8 * request.param)

    @pytest.mark.parametrize("losses", ["usual", "tiny", "of all sizes"])
    def test_of_a_mean_over_a_million_rows_is_fourteen_digits_however_they_are_cut(self, losses):
        labels, scores, mean = million(losses)
        model = evaluate(Document.create(labels, {"A": scores})).models[0]
        assert model.mean_loss == pytest.approx(mean, rel=1e-14)

    def test_of_a_mean_of_one_answer_in_many_is_too(self):
        labels, logits, mean = many_answers()
        document = Document.create(labels, {"Z": logits}, categories=("a", "b", "c"), logits=["Z"], multiclass=True)
        assert evaluate(document).models[0].mean_loss == pytest.approx(mean, rel=1e-14)


class TestCounts:
    @pytest.mark.parametrize("kind", [np.float32, np.float64])
    def test_agree_with_scikit_learn_at_every_kind_of_threshold(self, kind):
        rng = np.random.default_rng(7)
        labels = rng.integers(0, 2, 3000)
        scores = np.round(rng.random(3000), 2).astype(kind)
        model = evaluate(Document.create(labels, {"A": scores})).models[0]
        for threshold in [0.0, 0.29, 0.57, 0.58, 0.7, 1.0, *rng.random(20)]:
            counts = model.counts(0, threshold)
            expected = confusion_matrix(labels, scores >= kind(threshold), labels=[0, 1]).ravel().tolist()
            ours = [counts.true_negatives, counts.false_positives, counts.false_negatives, counts.true_positives]
            assert ours == expected, threshold

    def test_agree_with_the_decisions_shown_in_the_table(self):
        document = mixed()
        elements = np.arange(document.elements)
        labels = document.labels_of(elements)
        for threshold in THRESHOLDS:
            document = document.with_threshold(threshold)
            for index, model in enumerate(evaluate(document).models):
                known = ~np.isnan(labels) & ~np.isnan(document.scores_of(index, elements))
                yes = document.decisions_of(index, elements)
                for category in range(2):
                    here = known & (elements % 2 == category)
                    counts = model.counts(category, threshold)
                    assert counts.true_positives == (here & yes & (labels >= 0.5)).sum()
                    assert counts.false_positives == (here & yes & (labels < 0.5)).sum()
                    assert counts.total == here.sum()

    @pytest.mark.parametrize(("threshold", "missed", "false_alarms"), [(0.8, 1, 0), (0.75, 0, 0), (0.7, 0, 1)])
    def test_of_the_film_still(self, film_still, threshold, missed, false_alarms):
        counts = evaluate(film_still).models[0].counts(0, threshold)
        assert (counts.false_negatives, counts.false_positives) == (missed, false_alarms)


class TestHistogram:
    EDGES = np.linspace(0, 1, 11)

    def test_every_known_element_is_in_one_bin(self):
        for model in evaluate(mixed()).models:
            positives, negatives = model.histogram(self.EDGES, range(2))
            assert positives.sum() + negatives.sum() == model.known
            one_by_one = [model.histogram(self.EDGES, range(c, c + 1))[0] for c in range(2)]
            np.testing.assert_array_equal(sum(one_by_one), positives)

    def test_what_was_counted_once_is_not_counted_again(self):
        model = evaluate(mixed()).models[0]
        first, again = (model.histogram(self.EDGES.copy(), range(2))[0] for _ in range(2))
        assert again is first
        one, other = (model.histogram(self.EDGES, range(c, c + 1))[0] for c in range(2))
        assert one.tolist() != other.tolist()

    def test_bins_are_closed_below_and_the_last_one_above_too(self):
        scores = [0.0, 0.1, 0.3, np.nextafter(0.3, 0), 0.9, 1.0]
        positives, negatives = (
            evaluate(Document.create(np.ones(6), {"A": scores}))
            .models[0]
            .histogram(np.array([0, 0.1, 0.3, 0.9, 1.0]), range(1))
        )
        assert positives.tolist() == [1, 2, 1, 2]
        assert negatives.tolist() == [0, 0, 0, 0]

    def test_agrees_with_numpy_where_no_score_is_near_an_edge(self):
        rng = np.random.default_rng(9)
        labels, scores = rng.integers(0, 2, 5000), rng.random(5000)
        positives, negatives = (
            evaluate(Document.create(labels, {"A": scores})).models[0].histogram(self.EDGES, range(1))
        )
        np.testing.assert_array_equal(positives, np.histogram(scores[labels == 1], self.EDGES)[0])
        np.testing.assert_array_equal(negatives, np.histogram(scores[labels == 0], self.EDGES)[0])

    def test_a_float32_score_of_three_tenths_is_in_the_bin_that_begins_there(self):
        document = Document.create([1], {"A": np.array([0.7], dtype=np.float32)})
        positives, _ = evaluate(document).models[0].histogram(np.array([0, 0.7, 1.0]), range(1))
        assert positives.tolist() == [0, 1]


@pytest.mark.usefixtures("four_rows_a_block")
class TestStopping:
    @pytest.fixture(autouse=True)
    def _four_blocks_a_round(self, monkeypatch):
        monkeypatch.setattr(parallel, "cores", lambda: 1)

    def test_it_asks_every_few_blocks_and_stops_when_told(self):
        asked = []

        def stopped():
            asked.append(None)
            return len(asked) == 2

        with pytest.raises(Cancelled):
            evaluate(Document.create(np.ones(40), {"A": np.full(40, 0.5)}), stopped=stopped)
        assert len(asked) == 2

    def test_it_tells_the_share_done(self):
        shares = []
        evaluate(Document.create(np.ones(32), {"A": np.full(32, 0.5), "B": np.zeros(32)}), report=shares.append)
        assert shares == [0, 0.25, 0.5, 0.75]


def test_losses_beyond_the_largest_float_sum_to_infinity_without_a_warning():
    document = Document.create([0, 0], {"Z": [1e308, 1.5e308]}, logits=["Z"])
    assert evaluate(document).models[0].sum_loss == np.inf


def test_histograms_of_earlier_edges_are_not_kept_for_ever():
    model = evaluate(Document.create([1, 0, 1], {"A": [0.1, 0.5, 0.9]})).models[0]
    for bins in range(1, 200):
        yes, no = model.histogram(np.linspace(0, 1, bins + 1), range(1))
        assert (yes.sum(), no.sum()) == (2, 1)
    kept = [len(holder._histograms) for holder in (model, *model.summaries)]
    assert max(kept) <= 2 * MOST_HISTOGRAMS


@pytest.mark.parametrize("document", [mixed(), mixed_answers()])
@pytest.mark.parametrize("categories", [range(1), range(1, 2), range(2)])
def test_a_sweep_has_the_counts_of_every_threshold(document, categories):
    for numbers in evaluate(document).models:
        found = numbers.sweep(categories)
        for point in range(len(found)):
            threshold = found.threshold(point)
            counts = sum((numbers.counts(c, threshold) for c in categories), Counts(0, 0, 0, 0))
            if point or threshold < 1:
                assert counts.true_positives == found.true_positives[point]
                assert counts.false_positives == found.false_positives[point]
            assert (counts.positives, counts.total) == (found.positives, found.positives + found.negatives)


def test_what_can_be_reached_are_the_scores_of_both_labels():
    numbers = evaluate(
        Document.create([[1, 0], [0, 1]], {"A": [[0.9, 0.2], [0.4, 0.7]]}, categories=["a", "b"])
    ).models[0]
    hits, false_alarms = numbers.reachable(range(2))
    assert sorted(np.concatenate(hits)) == [0.7, 0.9]
    assert sorted(np.concatenate(false_alarms)) == [0.2, 0.4]
    assert numbers.reachable(range(2)) is numbers.reachable(range(2))


def test_of_one_answer_only_the_most_probable_can_be_reached():
    scores = [[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]
    numbers = evaluate(Document.create([0, 2], {"A": scores}, categories=["a", "b", "c"], multiclass=True)).models[0]
    hits, false_alarms = numbers.reachable(range(3))
    assert (np.concatenate(hits).tolist(), np.concatenate(false_alarms).tolist()) == ([0.5], [0.8])
