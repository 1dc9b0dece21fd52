"""Blocks that are merged count what the blocks count, one by one."""

from dataclasses import replace

import numpy as np
import pytest

from xentviz.core import evaluation
from xentviz.core.document import Document, ScoreKind
from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import evaluate
from xentviz.core.merged_scores import STRETCHES, TOGETHER, merged_scores

THRESHOLDS = (0.0, 0.29, 0.5, 0.57, 0.58, 0.7, 1.0)


def questions(rows=700, categories=20, kind=np.float64, seed=1):
    """Return a document with ties, soft and missing labels, missing scores, and categories of one answer only."""
    rng = np.random.default_rng(seed)
    shape = (rows, categories)
    labels = rng.choice([0.0, 1.0, 0.25, np.nan], shape, p=[0.5, 0.3, 0.1, 0.1])
    labels[:, 0], labels[:, 1], labels[:, 2] = 0, 1, np.nan
    scores = rng.choice([0.0, 1.0, np.nan, 0.29, 0.57, 0.58, 0.7, *rng.random(40)], shape).astype(kind)
    return Document.create(labels, {"A": scores, "B": scores[::-1]}, categories=[f"c{c}" for c in range(categories)])


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr("xentviz.core.columns.BLOCK_BYTES", 8 * 8 * 20)


def not_merged(model):
    """Return the same numbers, looked up block by block."""
    return replace(model, merged=None, _histograms={}, _decided={}, _by_category={})


@pytest.mark.usefixtures("small_blocks")
class TestMergedScores:
    @pytest.mark.parametrize("kind", [np.float64, np.float32])
    def test_counts_are_those_of_the_blocks(self, kind):
        for model in evaluate(questions(kind=kind)).models:
            assert len(model.summaries) > 2 * TOGETHER
            assert len(model.merged.parts) <= STRETCHES
            for threshold in THRESHOLDS:
                each = [not_merged(model).counts(c, threshold) for c in range(20)]
                assert model.counts_of_all(np.full(20, threshold)) == each
                assert [model.counts(c, threshold) for c in range(20)] == each

    @pytest.mark.parametrize("kind", [np.float64, np.float32])
    def test_ties_are_those_of_the_blocks(self, kind):
        for model in evaluate(questions(kind=kind)).models:
            for threshold in (*THRESHOLDS, 0.123456):
                assert model.tied(range(20), threshold) == not_merged(model).tied(range(20), threshold)
                assert model.tied(range(3, 4), threshold) == not_merged(model).tied(range(3, 4), threshold)

    def test_each_category_has_its_own_threshold(self):
        model = evaluate(questions()).models[1]
        thresholds = np.random.default_rng(0).choice(THRESHOLDS, 20)
        each = [not_merged(model).counts(c, t) for c, t in enumerate(thresholds.tolist())]
        assert model.counts_of_all(thresholds) == each

    def test_histograms_sweeps_and_scores_are_those_of_the_blocks(self):
        model, edges = evaluate(questions()).models[0], np.linspace(0, 1, 41)
        blocks = not_merged(model)
        for categories in (range(20), range(4, 5), range(2, 3)):
            for ours, theirs in zip(
                model.histogram(edges, categories), blocks.histogram(edges, categories), strict=True
            ):
                np.testing.assert_array_equal(ours, theirs)
            ours, theirs = model.sweep(categories), blocks.sweep(categories)
            np.testing.assert_array_equal(ours.thresholds, theirs.thresholds)
            np.testing.assert_array_equal(ours.true_positives, theirs.true_positives)
            np.testing.assert_array_equal(ours.false_positives, theirs.false_positives)
        for part in model.positives(5):
            assert (np.diff(part) >= 0).all()

    def test_an_edit_merges_one_stretch_anew(self):
        document = questions()
        before = evaluate(document)
        after = evaluate(document.with_labels(np.array([70]), 1 - np.round(document.labels_of(np.array([70])))), before)
        old, new = before.models[0].merged.parts, after.models[0].merged.parts
        assert [a is b for a, b in zip(old, new, strict=True)].count(False) == 1
        fresh = evaluate(after.document).models[0]
        assert after.models[0].counts_of_all(np.full(20, 0.57)) == fresh.counts_of_all(np.full(20, 0.57))

    def test_blocks_of_two_precisions_stay_apart(self):
        document = questions(kind=np.float32)
        model = document.models[0]
        blocks = list(model.scores.blocks)
        blocks[1] = type(blocks[1])(blocks[1].values.astype(np.float64))
        mixed = replace(document, models=(replace(model, scores=type(model.scores)(tuple(blocks))),))
        found = evaluate(mixed).models[0]
        assert {part.scores.dtype for part in found.merged.parts} == {np.dtype(np.float32), np.dtype(np.float64)}
        for threshold in THRESHOLDS:
            each = [not_merged(found).counts(c, threshold) for c in range(20)]
            assert found.counts_of_all(np.full(20, threshold)) == each

    def test_merging_can_be_stopped(self):
        model = evaluate(questions()).models[0]
        with pytest.raises(Cancelled):
            merged_scores([model.summaries], stopped=lambda: True)


def test_few_questions_are_not_merged():
    few = np.full((5, evaluation.MANY_CATEGORIES), 0.5)
    document = Document.create(few, {"A": few}, categories=[f"c{c}" for c in range(evaluation.MANY_CATEGORIES)])
    assert evaluate(document).models[0].merged is None


def test_one_answer_in_many_counts_as_block_by_block():
    rng = np.random.default_rng(0)
    rows = 2 * TOGETHER * 32_768
    p = rng.dirichlet(np.ones(2), rows).astype(np.float32)
    answers = Document.create(rng.integers(0, 2, rows), {"A": p}, categories=["a", "b"], multiclass=True)
    model = evaluate(answers).models[0]
    each = replace(model, merged_answers=None, _decided={}, _reachable={})
    assert len(model.merged_answers.parts) < len(model.summaries)
    for threshold in (0.0, 0.5, 0.7, 1.0):
        assert model.answer_counts(threshold) == each.answer_counts(threshold)
        assert model.tied(range(2), threshold) == each.tied(range(2), threshold)
        assert model.counts(1, threshold) == each.counts(1, threshold) == model.answer_counts(threshold)[1]


@pytest.mark.parametrize("rows", [0, 1])
def test_of_no_rows_and_of_one(rows):
    document = questions(rows=rows).with_model("Z", ScoreKind.LOGIT, np.full((rows, 20), np.inf))
    for model in evaluate(document).models:
        assert model.counts_of_all(np.full(20, 0.5)) == [not_merged(model).counts(c, 0.5) for c in range(20)]
