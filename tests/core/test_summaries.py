import math

import numpy as np
import pytest
from scipy.special import rel_entr, xlogy

from xentviz.core.columns import Block
from xentviz.core.document import ScoreKind, Task
from xentviz.core.errors import DataError
from xentviz.core.summaries import MOST_SOFT_LABELS, distributions, known_pair, losses, summarize

INF, NAN = float("inf"), float("nan")
PROBABILITY, LOGIT = ScoreKind.PROBABILITY, ScoreKind.LOGIT
BINARY, MULTILABEL, MULTICLASS = Task.BINARY, Task.MULTILABEL, Task.MULTICLASS
KINDS = (np.float32, np.float64)


def block(values, kind=np.float64):
    return Block(np.array(values, dtype=kind))


def answers(labels, scores, kind=PROBABILITY, label_kind=np.int32, score_kind=np.float64):
    """Return the summary of rows with one answer in many."""
    return summarize(block(labels, label_kind), block(scores, score_kind), kind, MULTICLASS)


def questions(labels, scores, kind=PROBABILITY):
    """Return the summary of yes/no questions, hard labels kept as a document keeps them."""
    labels = np.array(labels, dtype=np.float64)
    hard = np.isin(labels, [0, 1]) | np.isnan(labels)
    kept = np.where(np.isnan(labels), -1, labels).astype(np.int8) if hard.all() else labels
    return summarize(Block(kept), block(scores), kind, MULTILABEL if labels.shape[1] > 1 else BINARY)


def lists(scores):
    return [scores.of(category).tolist() for category in range(len(scores.starts) - 1)]


def flat(summary):
    """Return everything that adds up over blocks, with the scores as sorted lists."""
    parts = [summary.positives, summary.negatives, summary.hits, summary.false_alarms]
    return (
        [summary.known.tolist(), summary.infinite.tolist(), [summary.infinite_rows]],
        [summary.loss, summary.squared_error],
        [lists(part) for part in parts],
    )


class TestKnownPairs:
    def test_an_element_without_a_score_loses_its_label(self):
        labels, scores = known_pair(block([[1, 0], [-1, 1]], np.int8), block([[NAN, 0.2], [0.3, 0.4]]), MULTILABEL)
        np.testing.assert_array_equal(labels, [[NAN, 0], [NAN, 1]])
        np.testing.assert_array_equal(scores, [[NAN, 0.2], [0.3, 0.4]])

    def test_a_row_that_lacks_a_score_loses_its_answer(self):
        scores = block([[NAN, 0.2], [0.3, 0.7], [NAN, NAN]])
        labels, _ = known_pair(block([1, 0, 1], np.int32), scores, MULTICLASS)
        np.testing.assert_array_equal(labels, [NAN, 0, NAN])
        labels, _ = known_pair(block([[0.5, 0.5], [0.25, 0.75], [1, 0]]), scores, MULTICLASS)
        np.testing.assert_array_equal(labels, [[NAN, NAN], [0.25, 0.75], [NAN, NAN]])

    @pytest.mark.parametrize("kind", KINDS)
    def test_scores_keep_their_precision_and_labels_are_float64(self, kind):
        labels, scores = known_pair(block([[0.5]]), block([[0.1]], kind), BINARY)
        assert (labels.dtype, scores.dtype) == (np.float64, kind)


class TestLosses:
    LABELS, HALF = np.array([[1.0, 0.25], [NAN, 0.0]]), np.array([[0.5, 0.5], [NAN, 0.5]])

    def test_of_questions_belong_to_elements(self):
        np.testing.assert_allclose(
            losses(self.LABELS, self.HALF, PROBABILITY, MULTILABEL), [[math.log(2)] * 2, [NAN, math.log(2)]]
        )
        logits = np.array([[0.0, 0.0], [NAN, 0.0]])
        np.testing.assert_allclose(
            losses(self.LABELS, logits, LOGIT, MULTILABEL), [[math.log(2)] * 2, [NAN, math.log(2)]]
        )

    def test_of_answers_belong_to_rows(self):
        labels, p = np.array([0, NAN, 1]), np.array([[0.5, 0.25, 0.25]] * 3)
        expected = [math.log(2), NAN, math.log(4)]
        np.testing.assert_allclose(losses(labels, p, PROBABILITY, MULTICLASS), expected)
        np.testing.assert_allclose(losses(labels, np.log(p) + 7, LOGIT, MULTICLASS), expected)

    def test_of_distributions_are_their_entropy_and_how_far_the_scores_are_from_it(self):
        rng = np.random.default_rng(1)
        y, p = rng.dirichlet(np.ones(4), 20), rng.dirichlet(np.ones(4), 20)
        y[0], y[1] = [1, 0, 0, 0], [0.5, 0.5, 0, 0]
        expected = -xlogy(y, y).sum(axis=1) + rel_entr(y, p).sum(axis=1)
        np.testing.assert_allclose(losses(y, p, PROBABILITY, MULTICLASS), expected, rtol=1e-12)
        np.testing.assert_allclose(losses(y, np.log(p), LOGIT, MULTICLASS), expected, rtol=1e-12)


class TestDistributions:
    def test_of_numbers_of_categories_are_certain(self):
        assert distributions(np.array([2.0, 0.0]), 3).tolist() == [[0, 0, 1], [1, 0, 0]]

    def test_of_distributions_are_these(self):
        y = np.array([[0.25, 0.75]])
        assert distributions(y, 2) is y

    def test_of_no_rows_are_none_of_as_many_categories(self):
        assert distributions(np.empty(0), 3).shape == (0, 3)


class TestOfQuestions:
    def test_by_hand(self):
        # The second row has two infinite losses, the third no label for a and no score for b.
        summary = questions([[1, 0], [1, 1], [NAN, 0], [0, 0]], [[0.5, 1.0], [0.0, 0.0], [0.1, NAN], [0.75, 0.5]])
        assert summary.known.tolist() == [3, 3]
        assert summary.infinite.tolist() == [1, 2]
        assert summary.infinite_rows == 2
        assert summary.loss.tolist() == pytest.approx([math.log(2) + math.log(4), math.log(2)])
        assert summary.squared_error.tolist() == pytest.approx([0.25 + 1 + 0.5625, 1 + 1 + 0.25])
        assert summary.largest_loss.tolist() == pytest.approx([math.log(4), math.log(2)])
        assert lists(summary.positives) == lists(summary.hits) == [[0.0, 0.5], [0.0]]
        assert lists(summary.negatives) == lists(summary.false_alarms) == [[0.75], [0.5, 1.0]]

    def test_soft_labels_are_rounded_for_counts_alone(self):
        summary = questions([[0.5], [0.25], [1.0]], [[0.5], [0.5], [0.5]])
        assert (lists(summary.positives), lists(summary.negatives)) == ([[0.5, 0.5]], [[0.5]])
        assert summary.squared_error.tolist() == [0.0625 + 0.25]
        assert summary.soft_labels == ((0.25, 0.5),)

    def test_the_smallest_of_many_soft_labels_are_kept_of_each_category(self):
        labels = np.column_stack([np.linspace(0, 1, 21), np.zeros(21)])
        summary = questions(labels, np.full((21, 2), 0.5))
        assert summary.soft_labels == (tuple(np.linspace(0, 1, 21)[1 : MOST_SOFT_LABELS + 1]), ())

    def test_logits_are_held_as_probabilities(self):
        summary = questions([[1], [0]], [[0.0], [-INF]], LOGIT)
        assert (lists(summary.positives), lists(summary.negatives)) == ([[0.5]], [[0.0]])
        assert summary.loss.tolist() == [math.log(2)]

    def test_of_no_rows_are_zeros(self):
        summary = questions(np.empty((0, 2)), np.empty((0, 2)))
        assert flat(summary)[0] == [[0, 0], [0, 0], [0]]
        assert summary.loss.tolist() == summary.largest_loss.tolist() == [0, 0]


class TestOfAnswers:
    def test_by_hand(self):
        # Right with 0.5, wrong with 0.6 instead of 0.4, certain and wrong, unlabelled, and without a score.
        summary = answers(
            [0, 1, 2, -1, 0],
            [[0.5, 0.25, 0.25], [0.6, 0.4, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.3, NAN, 0.7]],
        )
        assert summary.known.tolist() == [1, 1, 1]
        assert summary.infinite.tolist() == [0, 0, 1]
        assert summary.infinite_rows == 1
        assert summary.loss.tolist() == pytest.approx([math.log(2), math.log(2.5), 0])
        assert summary.squared_error.tolist() == pytest.approx([0.25 + 0.125, 0.36 + 0.36, 2])
        assert summary.largest_loss.tolist() == pytest.approx([math.log(2), math.log(2.5), 0])
        assert lists(summary.positives) == [[0.5], [0.4], [0.0]]
        assert lists(summary.negatives) == [[0.0, 0.6], [0.25, 1.0], [0.0, 0.25]]
        assert lists(summary.hits) == [[0.5], [], []]
        assert lists(summary.false_alarms) == [[0.6], [1.0], []]
        assert summary.soft_labels == ((),) * 3

    def test_of_two_that_are_equally_probable_the_first_is_decided_for(self):
        summary = answers([1, 0], [[0.5, 0.5], [0.5, 0.5]])
        assert (lists(summary.hits), lists(summary.false_alarms)) == ([[0.5], []], [[0.5], []])

    def test_a_distribution_belongs_to_its_largest_share_and_the_first_of_several(self):
        summary = answers([[0.25, 0.5, 0.25], [0.5, 0.5, 0.0]], np.full((2, 3), 1 / 3), label_kind=np.float64)
        assert summary.known.tolist() == [1, 1, 0]
        assert summary.loss.tolist() == pytest.approx([math.log(3), math.log(3), 0])
        assert summary.squared_error.tolist() == pytest.approx([1 / 6, 1 / 24, 0])
        assert summary.soft_labels == ((0.25, 0.5), (0.5,), (0.25,))

    def test_a_distribution_that_is_certain_is_an_answer(self):
        p = np.random.default_rng(1).dirichlet(np.ones(3), 9)
        hard = answers(np.arange(9) % 3, p)
        certain = answers(np.eye(3)[np.arange(9) % 3], p, label_kind=np.float64)
        assert flat(certain)[0] == flat(hard)[0]
        assert flat(certain)[2] == flat(hard)[2]
        np.testing.assert_allclose(flat(certain)[1], flat(hard)[1], rtol=1e-15)

    def test_logits_are_held_as_the_softmax_of_their_row(self):
        summary = answers([1], [[math.log(2), math.log(6), -INF]], LOGIT)
        assert summary.loss.tolist() == pytest.approx([0, math.log(4 / 3), 0])
        assert summary.squared_error.tolist() == pytest.approx([0, 2 / 16, 0])
        assert [p for of_one in lists(summary.negatives) for p in of_one] == pytest.approx([0.25, 0])
        assert lists(summary.hits)[1] == pytest.approx([0.75])

    @pytest.mark.parametrize("score_kind", KINDS)
    @pytest.mark.parametrize("threshold", [0.0, 0.29, 0.57, 0.58, 1.0])
    def test_hits_and_false_alarms_at_a_threshold_are_its_decisions(self, threshold, score_kind):
        rng = np.random.default_rng(5)
        p = (rng.multinomial(100, [0.6, 0.3, 0.1], 300) / 100).astype(score_kind)
        truth = rng.integers(0, 3, 300)
        summary = answers(truth, p, score_kind=score_kind)
        decided = np.where(p.max(axis=1) >= score_kind(threshold), p.argmax(axis=1), -1)
        for c in range(3):
            hits, false_alarms = summary.hits.of(c), summary.false_alarms.of(c)
            assert (hits >= score_kind(threshold)).sum() == ((decided == c) & (truth == c)).sum()
            assert (false_alarms >= score_kind(threshold)).sum() == ((decided == c) & (truth != c)).sum()
            assert hits.dtype == score_kind

    @pytest.mark.parametrize("label_kind", [np.int32, np.float64])
    def test_of_no_rows_or_no_labels_are_zeros(self, label_kind):
        shape = () if label_kind is np.int32 else (3,)
        for rows in (0, 2):
            labels = np.full((rows, *shape), -1 if label_kind is np.int32 else NAN)
            summary = answers(labels, np.full((rows, 3), 1 / 3), label_kind=label_kind)
            assert flat(summary)[0] == [[0] * 3, [0] * 3, [0]]
            assert flat(summary)[2] == [[[], [], []]] * 4
            assert summary.largest_loss.tolist() == [0, 0, 0]

    def test_rows_that_are_no_distribution_are_refused(self):
        with pytest.raises(DataError, match="probabilities_no_distribution"):
            answers([0], [[0.5, 0.2]])


def everything(task, kind, rows=60, seed=3):
    """Return labels and scores in which all occurs that a document of this task may hold."""
    rng = np.random.default_rng(seed)
    if task is MULTICLASS:
        scores = rng.multinomial(10, [0.5, 0.3, 0.2], rows) / 10
        labels = rng.integers(-1, 3, rows).astype(np.int32)
    else:
        scores = rng.choice([0.0, 0.29, 0.57, 1.0], (rows, 3))
        labels = rng.choice([0.0, 1.0, 0.5, NAN], (rows, 3))
    if kind is LOGIT:
        with np.errstate(divide="ignore"):
            scores = 4 * np.log(scores)
    scores[::7, 1] = NAN
    return labels, scores


class TestAll:
    CASES = pytest.mark.parametrize(
        ("task", "kind"), [(task, kind) for task in (MULTILABEL, MULTICLASS) for kind in (PROBABILITY, LOGIT)]
    )

    @CASES
    @pytest.mark.parametrize("size", [1, 7, 59])
    def test_summaries_of_blocks_add_up_to_that_of_the_whole(self, task, kind, size):
        labels, scores = everything(task, kind)
        whole = flat(summarize(Block(labels), Block(scores), kind, task))
        parts = [
            flat(summarize(Block(labels[i : i + size]), Block(scores[i : i + size]), kind, task))
            for i in range(0, len(labels), size)
        ]
        for i in range(3):
            assert np.sum([part[0][i] for part in parts], axis=0).tolist() == whole[0][i]
        np.testing.assert_allclose(np.sum([part[1] for part in parts], axis=0), whole[1], rtol=1e-14)
        for which in range(4):
            for c in range(3):
                assert sorted(p for part in parts for p in part[2][which][c]) == whole[2][which][c]

    @CASES
    def test_one_category_alone_has_its_own_part_of_everything(self, task, kind):
        labels, scores = everything(task, kind)
        summary = summarize(Block(labels), Block(scores), kind, task)
        for c in range(3):
            alone = summary.only(c)
            assert (alone.known.tolist(), alone.infinite.tolist()) == ([summary.known[c]], [summary.infinite[c]])
            assert alone.infinite_rows == summary.infinite[c]
            assert (alone.loss[0], alone.largest_loss[0]) == (summary.loss[c], summary.largest_loss[c])
            assert alone.squared_error.tolist() == [summary.squared_error[c]]
            assert alone.soft_labels == (summary.soft_labels[c],)
            for name in ("positives", "negatives", "hits", "false_alarms"):
                assert lists(getattr(alone, name)) == [lists(getattr(summary, name))[c]]

    @CASES
    def test_blocks_are_read_and_left_as_they_are(self, task, kind):
        labels, scores = everything(task, kind)
        blocks = Block(labels.copy()), Block(scores.copy())
        summarize(*blocks, kind, task)
        np.testing.assert_array_equal(blocks[0].values, labels)
        np.testing.assert_array_equal(blocks[1].values, scores)


class TestHistogram:
    def test_counts_each_score_in_its_bin_and_keeps_the_answer(self):
        summary = questions([[1], [0], [1], [1]], [[0.25], [0.5], [0.1], [0.25]])
        edges = np.array([0, 0.25, 0.5, 2.0])
        found = summary.histogram(edges, 0, True)
        assert found.tolist() == [1, 2, 0]
        assert summary.histogram(edges, 0, False).tolist() == [0, 0, 1]
        assert summary.histogram(edges.copy(), 0, True) is found

    def test_of_other_edges_and_of_another_category_is_another(self):
        summary = questions([[1, 0]], [[0.25, 0.75]])
        edges = np.array([0, 0.5, 2.0])
        assert summary.histogram(edges, 0, True).tolist() == [1, 0]
        assert summary.histogram(edges, 1, False).tolist() == [0, 1]
        assert summary.histogram(np.array([0, 0.1, 2.0]), 0, True).tolist() == [0, 1]
        assert summary.only(1).histogram(edges, 0, False).tolist() == [0, 1]


def test_scores_of_a_summary_are_sorted():
    summary = summarize(*map(Block, everything(MULTICLASS, LOGIT)), LOGIT, MULTICLASS)
    for scores in (summary.positives, summary.negatives, summary.hits, summary.false_alarms):
        assert all((np.diff(scores.of(c)) >= 0).all() for c in range(3))
