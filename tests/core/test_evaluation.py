import math

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, confusion_matrix, log_loss

from xentviz.core import columns, evaluation
from xentviz.core.document import Document, ScoreKind
from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import evaluate


def mixed(rows=500, categories=2, seed=1):
    """Return a document with everything that can occur: hard, soft and missing labels, logits, ties, nan, infinity."""
    rng = np.random.default_rng(seed)
    shape = (rows, categories)
    labels = rng.choice([0.0, 1.0, 0.25, 0.5, np.nan], shape, p=[0.4, 0.4, 0.05, 0.05, 0.1])
    probabilities = rng.choice([0.0, 1.0, np.nan, 0.29, 0.57, 0.58, *rng.random(50)], shape)
    logits = rng.choice([-np.inf, np.inf, np.nan, 0.0, *rng.normal(0, 4, 50)], shape)
    models = {"P": probabilities, "Z": logits, "F": probabilities.astype(np.float32)}
    return Document.create(labels, models, categories=[f"c{i}" for i in range(categories)], logits=["Z"])


def assert_same_numbers(results, expected):
    """Compare all that results say: counts exactly, sums of losses to the order of their addition."""
    edges = np.linspace(0, 1, 21)
    for ours, theirs in zip(results.models, expected.models, strict=True):
        assert counted(ours, edges) == counted(theirs, edges)
        assert added(ours) == pytest.approx(added(theirs), rel=1e-13)


def counted(model, edges):
    return (
        [model.known, model.infinite, model.infinite_rows, model.largest_loss, model.soft_labels],
        [model.counts(c, t) for c in range(model.categories) for t in (0, 0.29, 0.5, 0.57, 1)],
        [part.tolist() for part in model.histogram(edges, range(model.categories))],
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


class TestBlocks:
    @pytest.mark.parametrize("block_bytes", [8, 7 * 16, 100 * 16])
    def test_block_by_block_is_the_same_as_whole(self, monkeypatch, block_bytes):
        whole = evaluate(mixed())
        monkeypatch.setattr(columns, "BLOCK_BYTES", block_bytes)
        in_blocks = evaluate(mixed())
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
        for threshold in (0.0, 0.29, 0.5, 0.57, 0.58, 1.0):
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
        monkeypatch.setattr(evaluation, "cores", lambda: 1)

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
