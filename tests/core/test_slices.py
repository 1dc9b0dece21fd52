"""Losses and hits in slices, against SciPy, scikit-learn and every slice counted alone."""

import threading

import numpy as np
import pytest
import scipy.stats
from sklearn.metrics import f1_score, log_loss
from told_alone import CASES, answers, questions, told

from xentviz.core import slices
from xentviz.core.columns import Column, rows_per_block
from xentviz.core.comparison import paired_difference
from xentviz.core.counts import Counts
from xentviz.core.document import Document
from xentviz.core.elements import losses_of
from xentviz.core.errors import Cancelled
from xentviz.core.looked_at import LookedAt
from xentviz.core.means import Means
from xentviz.core.slices import by_group, by_label, by_score, equal_edges, of_slice, slice_hits, slice_losses, with_rest

NAN, INF = np.nan, np.inf
EDGES = np.arange(11) / 10


def lost(document, category, model):
    """Return the losses of all that is looked at, one by one."""
    handles, truth, known, _said, scored = told(document, category, model)
    values = losses_of(document, model, handles)
    known = known & scored
    if document.task.value == "multiclass" and category is not None:
        known = known & (truth == 1)
    return np.where(known, values, NAN)


def scores(document, category, model):
    rows = np.arange(document.rows)
    p = document.models[model].scores.array()
    if document.task.value == "multiclass" and category is None:
        return p.max(axis=1)
    return p[rows, category] if category is not None else p.ravel()


@pytest.mark.parametrize(("document", "category"), CASES)
def test_the_document_of_a_slice_has_its_losses_and_hits(document, category, some_cores):
    looked = LookedAt(document, category)
    division = by_label(looked)
    whole, hits = slice_losses(looked, division, None), slice_hits(looked, division)
    for part in range(division.slices):
        alone, rows = of_slice(looked, division, part)
        np.testing.assert_array_equal(alone.models[0].scores.array(), document.models[0].scores.array()[rows])
        there = LookedAt(alone, category)
        one = by_label(there)
        found, counted = slice_losses(there, one, None), slice_hits(there, one)
        assert found.models[1].total.sum() == whole.models[1].total[part] == found.models[1].total[part]
        assert found.models[1].means[part] == pytest.approx(whole.models[1].means[part], nan_ok=True)
        assert counted[1].right.sum() == hits[1].right[part]


@pytest.mark.parametrize(("document", "category"), CASES)
def test_slices_by_label_are_what_each_comes_to_alone(document, category, some_cores):
    looked = LookedAt(document, category)
    division = by_label(looked)
    found, hits = slice_losses(looked, division, (0, 2)), slice_hits(looked, division)
    for model in range(3):
        _, truth, known, said, scored = told(document, category, model)
        loss = lost(document, category, model)
        for part in range(division.slices):
            here = loss[(truth == part) & ~np.isnan(loss)]
            assert found.models[model].total[part] == len(here)
            assert found.models[model].means[part] == pytest.approx(np.mean(here) if len(here) else NAN, nan_ok=True)
            inside = known & scored & (truth == part)
            assert hits[model].total[part] == inside.sum()
            assert hits[model].right[part] == (said == truth)[inside].sum()
    apart = lost(document, category, 2) - lost(document, category, 0)
    _, truth, *_ = told(document, category, 0)
    for part in range(division.slices):
        here = apart[(truth == part) & ~np.isnan(apart)]
        assert found.difference.total[part] == len(here)
        if len(here) > 1:
            low, high = scipy.stats.t.interval(0.95, len(here) - 1, np.mean(here), scipy.stats.sem(here))
            assert found.difference.means[part] == pytest.approx((low + high) / 2)
            assert found.difference.half_widths()[part] == pytest.approx((high - low) / 2)


@pytest.mark.parametrize(("document", "category"), CASES)
def test_slices_by_score_are_half_open_and_the_last_is_closed(document, category):
    looked = LookedAt(document, category)
    division = by_score(looked, 1, EDGES)
    p, loss = scores(document, category, 1), lost(document, category, 0)
    found = slice_losses(looked, division, None)
    assert found.difference is None
    for part in range(10):
        above = p >= p.dtype.type(EDGES[part])
        inside = above & (p < p.dtype.type(EDGES[part + 1]) if part < 9 else p <= 1)
        here = loss[inside & ~np.isnan(loss)]
        assert found.models[0].total[part] == len(here)
        assert found.models[0].means[part] == pytest.approx(here.mean() if len(here) else NAN, nan_ok=True)


def test_a_score_on_an_edge_belongs_to_the_slice_above():
    document = Document.create([1] * 5, {"A": np.array([0.1, 0.3, 0.7, 1.0, 0.0], dtype=np.float32)})
    assert by_score(LookedAt(document, None), 0, EDGES).of_block(0).tolist() == [1, 3, 7, 9, 0]


def test_f1_is_that_of_scikit_learn():
    document = questions()
    looked = LookedAt(document, None)
    hits = slice_hits(looked, by_score(looked, 0, EDGES))
    p = scores(document, None, 0)
    for model in range(3):
        _, truth, known, said, scored = told(document, None, model)
        for part in range(10):
            inside = known & scored & (np.minimum((p * 10).astype(int), 9) == part)
            if (truth[inside] | said[inside]).any():
                assert hits[model].f1[part] == pytest.approx(f1_score(truth[inside], said[inside]))
            else:
                assert np.isnan(hits[model].f1[part])


def test_log_loss_of_a_slice_is_that_of_scikit_learn():
    rng = np.random.default_rng(3)
    labels, p, group = rng.integers(0, 2, 500), rng.random(500), rng.integers(0, 3, 500)
    document = Document.create(labels, {"A": p})
    looked = LookedAt(document, None)
    codes = Column.of(group.astype(np.uint8), rows_per_block(1))
    found = slice_losses(looked, by_group(looked, codes, 3), None).models[0]
    expected = [log_loss(labels[group == g], p[group == g], labels=[0, 1]) for g in range(3)]
    assert found.means == pytest.approx(np.array(expected), rel=1e-12)


def test_groups_belong_to_rows_and_the_last_number_to_none():
    document = questions(rows=6)
    codes = Column.of(np.array([0, 1, 2, 2, 1, 0], dtype=np.uint8), rows_per_block(3))
    looked = LookedAt(document, None)
    assert by_group(looked, codes, 2).of_block(0).tolist() == np.repeat([0, 1, -1, -1, 1, 0], 3).tolist()
    assert by_group(LookedAt(document, 1), codes, 2).of_block(0).tolist() == [0, 1, -1, -1, 1, 0]
    of_answers = LookedAt(answers(rows=6), None)
    assert by_group(of_answers, codes, 2).of_block(0).tolist() == [0, 1, -1, -1, 1, 0]


def test_accuracies_have_wilsons_intervals():
    document = Document.create([1] * 7, {"A": [0.9] * 3 + [0.1] * 4})
    looked = LookedAt(document, None)
    (hits,) = slice_hits(looked, by_label(looked))
    expected = scipy.stats.binomtest(3, 7).proportion_ci(method="wilson")
    assert hits.intervals[1] == pytest.approx([expected.low, expected.high], rel=1e-12)
    assert np.isnan(hits.intervals[0]).all()


def test_means_put_together_are_those_of_the_whole():
    rng = np.random.default_rng(4)
    values, slices = rng.exponential(1, 3000) + 1e8, rng.integers(-1, 5, 3000)
    parts = [Means.of(values[i : i + 250], slices[i : i + 250], 6) for i in range(0, 3000, 250)]
    whole = sum(parts[1:], parts[0])
    for part in range(5):
        here = values[slices == part]
        assert whole.means[part] == pytest.approx(here.mean(), rel=1e-14)
        assert whole.squares[part] == pytest.approx(here.var() * len(here), rel=1e-6)
    assert np.isnan(whole.means[5])


def test_the_most_striking_of_many_slices_has_a_wider_interval():
    values = np.random.default_rng(5).normal(0, 1, 30)
    found = Means.of(values, np.zeros(30, dtype=np.int64), 1)
    low, high = scipy.stats.t.interval(1 - 0.05 / 10, 29, values.mean(), scipy.stats.sem(values))
    assert found.half_widths(among=10) == pytest.approx([(high - low) / 2])


@pytest.mark.parametrize("enough", [10, 100_000])
def test_equal_slices_hold_about_as_many_each(enough, monkeypatch):
    monkeypatch.setattr(slices, "ENOUGH", enough)
    p = np.random.default_rng(6).beta(0.3, 0.3, 4000)
    looked = LookedAt(Document.create(np.ones(4000), {"A": p}), None)
    edges = equal_edges(looked, 0, 10)
    sizes = slice_losses(looked, by_score(looked, 0, edges), None).sizes
    assert sizes.sum() == 4000
    assert sizes == pytest.approx(np.full(10, 400), abs=1 if enough > 4000 else 300)


def test_equal_scores_are_not_parted_and_nothing_has_one_range():
    document = Document.create([1, 0, 1, 1], {"A": [0.5, 0.5, 0.5, 0.9], "B": np.full(4, NAN)})
    assert equal_edges(LookedAt(document, None), 0, 10).tolist() == [0, 0.9, 1]
    assert equal_edges(LookedAt(document, None), 1, 10).tolist() == [0, 1]


@pytest.mark.parametrize("category", [None, 2])
def test_a_row_that_lacks_one_of_its_probabilities_lies_in_no_slice(category):
    p = [[0.2, 0.3, 0.5], [0.1, NAN, 0.9], [NAN, NAN, NAN]]
    document = Document.create([0, 1, 2], {"A": p}, categories=["a", "b", "c"], multiclass=True)
    looked = LookedAt(document, category)
    assert slice_losses(looked, by_score(looked, 0, EDGES), None).sizes.tolist() == [0] * 5 + [1] + [0] * 4


def test_sizes_are_of_all_rows_with_labels_or_not():
    document = Document.create([1, NAN, 1, 0], {"A": [0.5, 0.55, 0.1, NAN]})
    looked = LookedAt(document, None)
    found = slice_losses(looked, by_score(looked, 0, EDGES), None)
    assert found.sizes.tolist() == [0, 1, 0, 0, 0, 2, 0, 0, 0, 0]
    assert found.models[0].total.tolist() == [0, 1, 0, 0, 0, 1, 0, 0, 0, 0]


def test_infinite_losses_make_a_mean_infinite_or_unknown_and_take_its_interval_away():
    document = Document.create([1, 1, 1, 0, 0], {"A": [0.0, 0.5, 1.0, 1.0, 1.0], "B": [0.5, 0.0, 1.0, 1.0, 0.5]})
    looked = LookedAt(document, None)
    found = slice_losses(looked, by_label(looked), (0, 1))
    assert found.models[0].means.tolist() == [INF, INF]
    no, yes = found.difference.means
    assert no == -INF
    assert np.isnan(yes)  # infinite to either side
    assert np.isnan(found.difference.half_widths()).all()
    assert paired_difference([INF, INF], [INF, -np.log(0.5)]).mean == no


@pytest.mark.parametrize("rows", [0, 1])
def test_there_may_be_nothing(rows):
    document = Document.create(np.full(rows, NAN), {"A": np.full(rows, NAN)})
    looked = LookedAt(document, None)
    for division in (by_label(looked), by_score(looked, 0, EDGES)):
        assert slice_losses(looked, division, None).models[0].total.sum() == 0
        assert slice_hits(looked, division)[0].total.sum() == 0
    without = LookedAt(Document.create([1], {}), None)
    assert slice_hits(without, by_label(without)) == ()
    assert slice_losses(without, by_label(without), None).models == ()


def test_work_is_stopped():
    stop = threading.Event()
    stop.set()
    looked = LookedAt(questions(), None)
    with pytest.raises(Cancelled):
        slice_losses(looked, by_label(looked), None, stop.is_set)


@pytest.mark.parametrize(("document", "category"), CASES)
def test_what_lies_in_no_slice_is_one_more(document, category, some_cores):
    looked = LookedAt(document, category)
    division = by_label(looked)
    whole, rest = with_rest(looked, division)
    _, _truth, known, *_ = told(document, category, 0)
    assert rest == bool((~known).any())
    assert whole.slices == division.slices + rest
    if rest:
        assert (joined_slices(looked, whole) == division.slices).tolist() == (~known).tolist()
    again, more = with_rest(looked, whole)
    assert again is whole
    assert not more


def joined_slices(looked, division):
    """Return the slice of everything."""
    return np.concatenate([division.of_block(block) for block in range(len(looked.document.labels.blocks))])


@pytest.mark.parametrize(("document", "category"), CASES)
def test_hits_keep_their_counts(document, category):
    looked = LookedAt(document, category)
    division = by_score(looked, 1, EDGES)
    for model, hits in enumerate(slice_hits(looked, division)):
        if not looked.yes_or_no:
            assert np.isnan(hits.f1).all()
            continue
        _, truth, known, said, scored = told(document, category, model)
        for part in range(10):
            inside = (joined_slices(looked, division) == part) & known & scored
            found = hits.counts(part)
            four = [(inside & (truth == t) & (said == s)).sum() for t, s in ((1, 1), (0, 1), (1, 0), (0, 0))]
            assert found == Counts(*four)
            both = truth[inside], said[inside]
            expected = f1_score(*both, zero_division=np.nan) if inside.any() else NAN
            assert hits.f1[part] == pytest.approx(expected, nan_ok=True)
