from collections import Counter

import numpy as np
import pytest
from sklearn import metrics as peer
from with_gaps import NAMES, answers, questions

from xentviz.core import metrics
from xentviz.core.compared import compare
from xentviz.core.confusion import NONE, one_vs_rest
from xentviz.core.counts import Counts
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import evaluate
from xentviz.core.passes import answers_in, areas_of, confusion_of, elements_in, tally_of
from xentviz.core.transforms import sigmoid, softmax

INF, NAN = float("inf"), float("nan")


@pytest.fixture(autouse=True, params=["whole", "in blocks"])
def _cut(request):
    """Run every test with one block, and with blocks of a few rows."""
    if request.param == "in blocks":
        request.getfixturevalue("four_rows_a_block")


class TestAreas:
    @pytest.mark.parametrize("category", range(3))
    @pytest.mark.parametrize("model", range(3))
    def test_of_questions_are_those_of_scikit_learn_over_what_is_known(self, model, category):
        labels, models, document = questions()
        scores = list(models.values())[model][:, category]
        known = ~np.isnan(labels[:, category]) & ~np.isnan(scores)
        truth, scores = labels[known, category] >= 0.5, scores[known]
        found = areas_of(evaluate(document), model)[category]
        assert found.roc_auc == pytest.approx(peer.roc_auc_score(truth, scores), rel=1e-13)
        assert found.average_precision == pytest.approx(peer.average_precision_score(truth, scores), rel=1e-13)

    def test_logits_that_are_all_certain_as_probabilities_are_ranked_as_logits(self):
        labels, logits = np.array([1, 0] * 10), np.linspace(40, 800, 20)
        assert set(sigmoid(logits)) == {1.0}
        document = Document.create(labels, {"Z": logits, "P": sigmoid(logits)}, logits=["Z"])
        results = evaluate(document)
        # The n-th of ten positives is above n - 1 of ten negatives: 45 pairs of 100.
        assert areas_of(results, 0)[0].roc_auc == 0.45
        assert areas_of(results, 1)[0].roc_auc == 0.5

    def test_infinite_logits_are_ranked_above_and_below_all_others(self):
        document = Document.create([1, 0, 1, 0], {"Z": [INF, 1000.0, -5.0, -INF]}, logits=["Z"])
        assert areas_of(evaluate(document), 0)[0].roc_auc == 0.75

    @pytest.mark.parametrize("soft", [False, True])
    @pytest.mark.parametrize("category", range(3))
    @pytest.mark.parametrize("model", range(3))
    def test_of_answers_are_those_of_one_category_against_the_rest(self, model, category, soft):
        _, truth, models, document = answers(soft=soft)
        scores = list(models.values())[model]
        known = (truth != NONE) & ~np.isnan(scores).any(axis=1)
        p = (softmax(scores[known]) if model == 1 else scores[known])[:, category]
        found = areas_of(evaluate(document), model)[category]
        expected = peer.roc_auc_score(truth[known] == category, p)
        assert found.roc_auc == pytest.approx(expected, rel=1e-13)
        expected = peer.average_precision_score(truth[known] == category, p)
        assert found.average_precision == pytest.approx(expected, rel=1e-13)

    @pytest.mark.parametrize("logits", [[], ["A"]])
    @pytest.mark.parametrize("labels", [[], [1, 1], [0], [NAN, NAN, 1]])
    def test_are_undefined_without_both_kinds_of_label(self, labels, logits):
        results = evaluate(Document.create(labels, {"A": np.full(len(labels), 0.5)}, logits=logits))
        found = areas_of(results, 0)[0]
        assert found.roc_auc is found.average_precision is None


class TestTally:
    @pytest.mark.parametrize("thresholds", [(0.5,), (0.29, 0.57, 0.58)])
    @pytest.mark.parametrize("model", range(3))
    def test_is_that_of_counting_row_by_row(self, model, thresholds):
        labels, models, document = questions(thresholds=thresholds)
        scores = list(models.values())[model]
        p = sigmoid(scores) if model == 1 else scores
        at = np.broadcast_to(np.array(thresholds, dtype=p.dtype), 3)
        expected = Counter()
        for y, q in zip(labels, p, strict=True):
            known = ~np.isnan(y) & ~np.isnan(q)
            pairs = list(zip((y >= 0.5)[known].tolist(), (q >= at)[known].tolist(), strict=True))
            if pairs:
                both = [(True, True), (False, True), (True, False), (False, False)]
                expected[Counts(*(pairs.count(pair) for pair in both))] += 1
        assert tally_of(document, model) == expected

    @pytest.mark.parametrize("model", range(3))
    def test_adds_up_to_the_counts_of_all_elements(self, model):
        _, _, document = questions()
        found = evaluate(document).models[model]
        rows = tally_of(document, model)
        total = metrics.pooled([counts for counts, rows in rows.items() for _ in range(rows)])
        assert total == metrics.pooled([found.counts(c, 0.5) for c in range(3)])

    def test_of_one_question_is_its_confusion_row_by_row(self):
        document = Document.create([1, 1, 0, NAN], {"A": [0.7, 0.2, 0.7, 0.7]}, thresholds=(0.7,))
        rows = tally_of(document, 0)
        assert rows == {Counts(1, 0, 0, 0): 1, Counts(0, 0, 1, 0): 1, Counts(0, 1, 0, 0): 1}

    def test_of_nothing_is_empty(self):
        assert tally_of(Document.create([], {"A": []}), 0) == {}


class TestConfusion:
    @pytest.mark.parametrize("soft", [False, True])
    @pytest.mark.parametrize("threshold", [None, 0.29, 0.57, 0.58])
    @pytest.mark.parametrize("model", range(3))
    def test_is_that_of_scikit_learn(self, model, threshold, soft):
        _, truth, models, document = answers(soft=soft, thresholds=threshold and (threshold,))
        scores = list(models.values())[model]
        known = (truth != NONE) & ~np.isnan(scores).any(axis=1)
        truth, p = truth[known], softmax(scores[known]) if model == 1 else scores[known]
        decided = np.where(p.max(axis=1) >= p.dtype.type(threshold or 0), p.argmax(axis=1), NONE)
        expected = peer.confusion_matrix(truth, decided, labels=[0, 1, 2, NONE])[:3]
        assert confusion_of(document, model).tolist() == expected.tolist()

    @pytest.mark.parametrize("soft", [False, True])
    @pytest.mark.parametrize("threshold", [0.0, 0.4, 0.57])
    def test_of_each_category_against_the_rest_are_the_counts_that_were_looked_up(self, threshold, soft):
        document = answers(soft=soft, thresholds=(threshold,))[-1]
        for model, found in enumerate(evaluate(document).models):
            looked_up = tuple(found.counts(c, threshold) for c in range(3))
            assert one_vs_rest(confusion_of(document, model)) == looked_up

    def test_of_no_rows_and_of_no_labels_is_zeros(self):
        for labels in ([], [-1, NAN]):
            scores = np.full((len(labels), 3), 1 / 3)
            document = Document.create(labels, {"A": scores}, categories=NAMES, multiclass=True)
            assert confusion_of(document, 0).tolist() == [[0] * 4] * 3


class TestLabelsThatAreMissingInPart:
    def document(self):
        scores = [[0.2, 0.3, 0.5], [0.8, 0.1, 0.1]]
        other = [[0.5, 0.3, 0.2], [0.1, 0.8, 0.1]]
        return Document.create(
            [[0.5, np.nan, 0.5], [1, 0, 0]], {"A": scores, "B": other}, categories=("a", "b", "c"), multiclass=True
        )

    def test_are_left_out_of_the_confusion_as_of_the_loss(self):
        document = self.document()
        assert confusion_of(document, 0).sum() == evaluate(document).models[0].known == 1

    def test_are_left_out_of_decisions_compared(self):
        found = compare(self.document(), 0, 1)
        assert (found.difference.rows, found.flips) == (1, 1)
        assert found.areas[0].first is None


class TestElementsIn:
    @pytest.mark.parametrize("thresholds", [(0.5,), (0.29, 0.57, 0.58)])
    @pytest.mark.parametrize("model", range(3))
    def test_of_questions_are_those_found_one_by_one(self, model, thresholds):
        _, _, document = questions(thresholds=thresholds)
        every = np.arange(document.elements)
        decided = document.decisions_of(model, every)
        truth = document.labels_of(every)
        known = ~np.isnan(truth) & ~np.isnan(document.scores_of(model, every))
        for category in (None, 0, 2):
            among = known & ((every % 3 == category) | (category is None))
            for yes in (True, False):
                for said in (True, False):
                    expected = every[among & ((truth >= 0.5) == yes) & (decided == said)]
                    found = elements_in(document, model, category, yes, said)
                    assert found.tolist() == expected.tolist()

    @pytest.mark.parametrize("soft", [False, True])
    @pytest.mark.parametrize("model", range(3))
    def test_of_answers_are_the_first_elements_of_their_rows(self, model, soft):
        _, truth, models, document = answers(soft=soft, thresholds=[0.45])
        rows = np.arange(document.rows)
        decided = document.answers_of(model, rows)
        known = (truth != NONE) & ~np.isnan(list(models.values())[model]).any(axis=1)
        matrix = confusion_of(document, model)
        for category in range(3):
            for said in (0, 1, 2, NONE):
                expected = rows[known & (truth == category) & (decided == said)] * 3
                found = answers_in(document, model, category, said)
                assert found.tolist() == expected.tolist()
                assert len(found) == matrix[category, said]
            for yes in (True, False):
                for said in (True, False):
                    chosen = known & ((truth == category) == yes) & ((decided == category) == said)
                    assert elements_in(document, model, category, yes, said).tolist() == (rows[chosen] * 3).tolist()

    @pytest.mark.parametrize("score", [0.29, 0.57, 0.58, 0.7])
    @pytest.mark.parametrize("kind", [np.float32, np.float64])
    def test_a_score_exactly_at_the_threshold_is_said_yes(self, score, kind):
        document = Document.create([1, 0], {"A": np.array([score, score], dtype=kind)}, thresholds=[score])
        assert elements_in(document, 0, None, yes=True, said=True).tolist() == [0]
        assert elements_in(document, 0, None, yes=False, said=True).tolist() == [1]

    def test_stop_when_told_and_report(self):
        _, _, document = questions()
        with pytest.raises(Cancelled):
            elements_in(document, 0, None, True, True, lambda: True)
        with pytest.raises(Cancelled):
            tally_of(document, 0, lambda: True)
        shares = []
        elements_in(document, 0, None, True, True, lambda: False, shares.append)
        assert shares[0] == 0
