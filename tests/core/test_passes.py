import math
from collections import Counter
from dataclasses import astuple

import numpy as np
import pytest
from delong import delong
from sklearn import metrics as peer

from xentviz.core import metrics
from xentviz.core.area_errors import NO_GAP
from xentviz.core.comparison import McNemar, mcnemar, paired_difference
from xentviz.core.confusion import NONE, one_vs_rest
from xentviz.core.counts import Counts
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import evaluate
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
)
from xentviz.core.passes import answers_in, areas_of, compare, confusion_of, elements_in, tally_of
from xentviz.core.transforms import sigmoid, softmax

INF, NAN = float("inf"), float("nan")
NAMES = ("a", "b", "c")


def with_gaps(values, rng, share=0.1):
    """Return a copy in which some numbers are missing."""
    return np.where(rng.random(values.shape) < share, NAN, values)


def questions(rows=90, categories=3, seed=1, **options):
    """Return labels and a document of them, with gaps: a model of hundredths, one of logits and one in float32."""
    rng = np.random.default_rng(seed)
    shape = (rows, categories)
    labels = with_gaps(rng.choice([0, 1, 0.5, 0.25], shape, p=[0.4, 0.4, 0.1, 0.1]), rng)
    models = {
        "P": with_gaps(rng.integers(5, 96, shape) / 100, rng),
        "Z": with_gaps(np.round(rng.normal(0, 3, shape), 1), rng),
        "F": with_gaps(rng.integers(5, 96, shape) / 100, rng).astype(np.float32),
    }
    document = Document.create(labels, models, categories=NAMES[:categories], logits=["Z"], **options)
    return labels, models, document


def answers(rows=90, seed=1, soft=False, **options):
    """Return the truths, -1 where unknown, and a document of them, with gaps, of models of the same three kinds."""
    rng = np.random.default_rng(seed)
    labels = truth = rng.integers(-1, 3, rows)
    if soft:
        labels = rng.multinomial(5, [0.4, 0.3, 0.3], rows) / 5
        truth = labels.argmax(axis=1)
        labels[::9], truth[::9] = NAN, NONE
    models = {
        "P": (rng.multinomial(97, [0.4, 0.3, 0.3], rows) + 1) / 100,
        "Z": np.round(rng.normal(0, 2, (rows, 3)), 1),
        "F": ((rng.multinomial(97, [0.3, 0.3, 0.4], rows) + 1) / 100).astype(np.float32),
    }
    for i, scores in enumerate(models.values()):
        scores[i::13, i] = NAN
    document = Document.create(labels, models, categories=NAMES, logits=["Z"], multiclass=True, **options)
    return labels, truth, models, document


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


def row_mean(losses):
    """Return the mean of what is known in each row, by a loop."""
    return np.array([np.mean(row[~np.isnan(row)]) if (~np.isnan(row)).any() else NAN for row in losses])


def losses_of_questions(labels, scores, logits):
    labels = np.where(np.isnan(scores), NAN, labels)
    return (binary_cross_entropy_with_logits if logits else binary_cross_entropy)(labels, scores)


def in_one_category(labels, first, second):
    """Return the area difference of one question over the rows known to both."""
    known = ~(np.isnan(labels) | np.isnan(first) | np.isnan(second))
    return delong(labels[known] >= 0.5, first[known], second[known])


def nearly(found):
    """Return what is equal to the numbers of a dataclass and its intervals, but for rounding."""
    return tuple(
        part if part is None or isinstance(part, str) else pytest.approx(part, rel=1e-11, abs=1e-12)
        for part in astuple(found)
    )


PAIRS = pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0), (0, 2), (2, 1), (1, 1)])


class TestCompare:
    @PAIRS
    @pytest.mark.parametrize("categories", [1, 3])
    def test_of_questions_is_that_of_whole_arrays(self, first, second, categories):
        labels, models, document = questions(categories=categories, thresholds=(0.57,))
        one, other = (list(models.values())[model] for model in (first, second))
        labels = np.where(np.isnan(one) | np.isnan(other), NAN, labels)
        found = compare(document, first, second)
        losses = [losses_of_questions(labels, s, m == 1) for s, m in ((one, first), (other, second))]
        assert astuple(found.difference) == nearly(paired_difference(*map(row_mean, losses)))
        assert 0 < found.difference.rows < document.rows
        known = ~np.isnan(labels)
        said = [(sigmoid(s) if m == 1 else s) >= s.dtype.type(0.57) for s, m in ((one, first), (other, second))]
        assert found.flips == (said[0] != said[1])[known].sum()
        assert found.decisions == mcnemar(*(s[known] == (labels >= 0.5)[known] for s in said))
        for c, area in enumerate(found.areas):
            assert astuple(area) == nearly(in_one_category(labels[:, c], one[:, c], other[:, c]))

    @PAIRS
    @pytest.mark.parametrize("soft", [False, True])
    @pytest.mark.parametrize("threshold", [0.0, 0.5])
    def test_of_answers_is_that_of_whole_arrays(self, first, second, soft, threshold):
        labels, truth, models, document = answers(soft=soft, thresholds=(threshold,))
        one, other = (list(models.values())[model] for model in (first, second))
        known = (truth != NONE) & ~np.isnan(one).any(axis=1) & ~np.isnan(other).any(axis=1)
        both = [(one[known], first == 1), (other[known], second == 1)]
        found = compare(document, first, second)
        losses = [
            (categorical_cross_entropy_with_logits if logits else categorical_cross_entropy)(labels[known], scores)
            for scores, logits in both
        ]
        assert astuple(found.difference) == nearly(paired_difference(*losses))
        assert found.difference.rows == known.sum() < document.rows
        p = [softmax(scores) if logits else scores for scores, logits in both]
        decided = [np.where(q.max(axis=1) >= q.dtype.type(threshold), q.argmax(axis=1), NONE) for q in p]
        assert found.flips == (decided[0] != decided[1]).sum()
        assert found.decisions == mcnemar(*(d == truth[known] for d in decided))
        for c, area in enumerate(found.areas):
            assert astuple(area) == nearly(delong(truth[known] == c, p[0][:, c], p[1][:, c]))

    def test_by_hand(self):
        document = Document.create(
            [[1, 0], [0, NAN], [NAN, 1]],
            {"A": [[0.5, 0.5], [0.5, 0.5], [0.5, NAN]], "B": [[0.25, 0.25], [0.75, 0.9], [0.1, 0.1]]},
            categories=("a", "b"),
        )
        found = compare(document, 0, 1)
        # Two rows are known to both; of the first both elements, of the second one.
        first_row = (math.log(4) - math.log(0.75)) / 2 - math.log(2)
        second_row = math.log(4) - math.log(2)
        assert found.difference.rows == 2
        assert found.difference.mean == pytest.approx((first_row + second_row) / 2)
        assert (found.difference.first_wins, found.difference.second_wins) == (2, 0)
        # A says yes to all three elements, B only to the last: right about one, and about one other.
        assert found.flips == 2
        assert found.decisions == McNemar(only_first=1, only_second=1, p_value=1.0)
        assert (found.areas[0].first, found.areas[0].second) == (0.5, 0)
        assert found.areas[1] == NO_GAP

    def test_logits_that_are_all_certain_as_probabilities_are_ranked_as_logits(self):
        labels, logits = [1, 0] * 10, np.linspace(40, 800, 20)
        document = Document.create(labels, {"P": sigmoid(logits), "Z": logits}, logits=["Z"])
        (area,) = compare(document, 0, 1).areas
        assert (area.first, area.second) == (0.5, 0.45)

    def test_a_row_of_infinite_loss_has_an_infinite_mean(self):
        document = Document.create([[1, 1]], {"A": [[0.0, 0.5]], "B": [[0.5, 0.5]]}, categories=("a", "b"))
        assert compare(document, 0, 1).difference.mean == -INF

    @pytest.mark.parametrize("multiclass", [False, True])
    @pytest.mark.parametrize("rows", [0, 3])
    def test_of_models_without_a_row_in_common_is_undefined(self, multiclass, rows):
        labels = np.zeros(rows) if multiclass else np.zeros((rows, 2))
        models = {"A": np.full((rows, 2), 0.5), "B": np.full((rows, 2), NAN)}
        found = compare(Document.create(labels, models, categories=("a", "b"), multiclass=multiclass), 0, 1)
        assert (found.difference.rows, found.difference.mean, found.flips) == (0, None, 0)
        assert found.decisions == McNemar(0, 0, None)
        assert found.areas == (NO_GAP,) * 2


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


def asked(times):
    """Return what says stop when it is asked for the last of so many times."""
    left = [times]

    def stopped():
        left[0] -= 1
        return left[0] <= 0

    return stopped


@pytest.mark.parametrize("times", [1, 4, 30])
def test_a_comparison_can_be_stopped_anywhere(times, four_rows_a_block):
    with pytest.raises(Cancelled):
        compare(questions()[-1], 0, 1, asked(times))


def test_a_comparison_tells_how_far_it_is(four_rows_a_block):
    told = []
    compare(questions()[-1], 0, 1, report=told.append)
    assert told == sorted(told)
    assert 0 <= told[0] < 0.05 < 0.5 < told[-1] < 1
