"""The numbers and curves of slices, each against those of a document made of its rows alone."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from xentviz.core.document import Document
from xentviz.core.elements import losses_of
from xentviz.core.small_curves import small_curves
from xentviz.session import slice_numbers as module
from xentviz.session.calibrations import Calibrations
from xentviz.session.comparing import Slicing
from xentviz.session.scores import KEYS, Scores
from xentviz.session.slice_numbers import SliceNumbers
from xentviz.session.slices import Slices

NAN = np.nan


def yes_or_no(rows=400):
    """Return two models, rows in three cities, a few in none; and cities and labels as arrays."""
    rng = np.random.default_rng(3)
    p, cities = rng.random(rows), rng.integers(0, 4, rows)
    labels = (rng.random(rows) < p).astype(float)
    labels[::37] = NAN
    scores = {"A": p, "B": np.clip(p + rng.normal(0, 0.2, rows), 0.001, 0.999)}
    return Document.create(labels, scores).with_grouping("city", ["Oslo", "Rome", "Bern"], cities), cities


def nearly_certain(rows):
    """Return the same of models that are certain, and in one row of each city wrong: theory goes below a loss of 0."""
    rng = np.random.default_rng(6)
    labels, cities = rng.integers(0, 2, rows), rng.integers(0, 4, rows)
    a = np.where(labels == 1, 1 - 1e-6, 1e-6)
    a[[np.flatnonzero(cities == city)[0] for city in range(4)]] = 0.5
    of_wrong = np.where(labels == 1, 1e-30, 1 - 1e-15)
    b = np.where(a == 0.5, of_wrong, a)
    return Document.create(labels, {"A": a, "B": b}).with_grouping("city", ["Oslo", "Rome", "Bern"], cities), cities


def several(rows=120):
    """Return three yes/no questions a row."""
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 2, (rows, 3)).astype(float)
    labels[::11, 1] = NAN
    scores = {m: np.clip(0.3 * labels + 0.7 * rng.random((rows, 3)), 0, 1) for m in "AB"}
    scores = {m: np.nan_to_num(s, nan=0.4) for m, s in scores.items()}
    cities = rng.integers(0, 3, rows)
    return Document.create(labels, scores, categories=["x", "y", "z"]).with_grouping("city", "abc", cities), cities


def one_in_many(rows=200):
    """Return rows of one answer in four."""
    rng = np.random.default_rng(5)
    z = rng.normal(0, 1.5, (rows, 4))
    labels = np.where(rng.random(rows) < 0.6, z.argmax(axis=1), rng.integers(-1, 4, rows))
    cities = rng.integers(0, 3, rows)
    document = Document.create(
        labels, {"A": z, "B": z[:, ::-1].copy()}, logits=["A", "B"], categories="abcd", multiclass=True
    )
    return document.with_grouping("city", "abc", cities), cities


DOCUMENTS = {"yes or no": yes_or_no, "several": several, "one in many": one_in_many}


CASES = [("yes or no", None), ("several", None), ("several", 1), ("one in many", None), ("one in many", 2)]


def worked_out(qtbot, session, ask):
    """Return what is told when all work that it needs has ended."""
    ask()
    qtbot.waitUntil(lambda: not session.busy, timeout=20_000)
    return ask()


def by_city(new_session, document, category=None):
    """Return a session whose rows are divided by city, and the numbers of its slices."""
    session = new_session(document)
    session.look(category=category)
    session.compare(slicing=Slicing.COLUMN, column="city")
    return session, session.part(SliceNumbers)


def alone(document, cities, part):
    """Return a document of the rows in one city, or in none, that knows of no others."""
    return document.without_rows(np.flatnonzero(cities != part))


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("name", "category"), CASES)
def test_numbers_are_those_of_the_scoreboard_of_these_rows_alone(new_session, qtbot, name, category, key):
    document, cities = DOCUMENTS[name]()
    session, numbers = by_city(new_session, document, category)
    found = worked_out(qtbot, session, lambda: numbers.estimates(key))
    assert len(found.found) == len(np.unique(cities))
    for part in range(len(found.found)):
        other = new_session(alone(document, cities, part))
        other.look(category=category)
        scores = other.part(Scores)
        qtbot.waitUntil(lambda: not other.busy)  # noqa: B023 – waits within the turn of the loop
        for model in range(2):
            ask = lambda m=model: scores.estimate(key, m)  # noqa: E731, B023
            assert found.of(part)[model][key] == worked_out(qtbot, other, ask)


@pytest.mark.parametrize("threshold", [0.2, 0.45])
@pytest.mark.parametrize(("name", "category"), CASES)
def test_decisions_follow_the_threshold(new_session, qtbot, name, category, threshold):
    document, cities = DOCUMENTS[name]()
    session, numbers = by_city(new_session, document, category)
    worked_out(qtbot, session, lambda: numbers.estimates("accuracy"))
    session.edit(lambda d: d.with_threshold(threshold), "T")
    found = worked_out(qtbot, session, lambda: numbers.estimates("accuracy"))
    for part in range(3):
        rows = np.flatnonzero(cities == part)
        if name == "one in many":
            truth, said = session.document.truths_of(rows), session.document.answers_of(0, rows)
            right = (truth == said if category is None else (truth == category) == (said == category))[truth >= 0]
        else:
            elements = (rows[:, None] * len(document.categories) + np.arange(len(document.categories))).ravel()
            elements = elements if category is None else rows * len(document.categories) + category
            labels = document.labels_of(elements)
            right = (session.document.decisions_of(0, elements) == labels)[~np.isnan(labels)]
        assert found.of(part)[0]["accuracy"].value == pytest.approx(right.mean())


def test_areas_and_losses_are_those_of_scikit_learn(new_session, qtbot):
    document, cities = yes_or_no()
    session, numbers = by_city(new_session, document)
    peers = {
        "loss": lambda y, p: log_loss(y, p, labels=[0, 1]),
        "brier": brier_score_loss,
        "roc_auc": roc_auc_score,
        "average_precision": average_precision_score,
    }
    labels = document.labels_of(np.arange(document.rows))
    p = document.scores_of(1, np.arange(document.rows))
    for key, peer in peers.items():
        found = worked_out(qtbot, session, lambda key=key: numbers.estimates(key))
        for part in range(4):
            here = (cities == part) & ~np.isnan(labels)
            assert found.of(part)[1][key].value == pytest.approx(peer(labels[here], p[here]))


@pytest.mark.parametrize(("name", "category"), CASES)
def test_curves_bins_and_losses_are_those_of_these_rows_alone(new_session, qtbot, name, category):
    document, cities = DOCUMENTS[name]()
    session, numbers = by_city(new_session, document, category)
    curves = worked_out(qtbot, session, numbers.curves.wanted)
    bins = worked_out(qtbot, session, numbers.reliabilities.wanted)
    losses = worked_out(qtbot, session, numbers.losses.wanted)
    for part in range(len(np.unique(cities))):
        other = new_session(alone(document, cities, part))
        other.look(category=category)
        qtbot.waitUntil(lambda: not other.busy)  # noqa: B023
        calibrations, operating = other.part(Calibrations), other.operating
        for model in range(2):
            expected = calibrations.reliability(model)
            assert bins.of(part)[model].counts.tolist() == expected.counts.tolist()
            assert bins.of(part)[model].positives.tolist() == expected.positives.tolist()
            if name != "one in many" or category is None:
                assert losses.of(part)[model].total == other.looked_at(model).known
            swept, drawn = operating.ranking(model), curves.of(part)[model]
            recall, precision = drawn.precision_recall
            said = (swept.true_positives + swept.false_positives)[1:]
            assert set(recall) <= set(swept.true_positives / swept.positives)
            assert set(precision) <= set(swept.true_positives[1:] / said)
            assert recall[-1] == swept.true_positives[-1] / swept.positives
            if not other.of_rows:
                assert drawn.roc[0].tolist() == (swept.false_positives / swept.negatives).tolist()
                assert drawn.roc[1].tolist() == (swept.true_positives / swept.positives).tolist()


def test_levels_of_losses_are_of_every_loss_of_the_slice(new_session, qtbot):
    document, cities = yes_or_no()
    session, numbers = by_city(new_session, document)
    found = worked_out(qtbot, session, numbers.losses.wanted)
    losses = losses_of(document, 1, np.arange(document.rows))
    for part in range(4):
        here = losses[(cities == part) & ~np.isnan(losses)]
        assert found.of(part)[1].finite == len(here)
        assert found.of(part)[1].quantile(0.5) == pytest.approx(np.median(here), rel=1e-3)


def test_a_slice_of_one_label_has_no_areas_and_no_roc_curve(new_session, qtbot):
    session = new_session(yes_or_no()[0])
    numbers = session.part(SliceNumbers)
    areas = worked_out(qtbot, session, lambda: numbers.estimates("roc_auc"))
    curves = worked_out(qtbot, session, numbers.curves.wanted)
    assert areas.of(1)[0]["roc_auc"] == (None, None)
    assert curves.of(1)[0].roc is curves.of(0)[0].roc is None
    assert curves.of(0)[0].precision_recall is None
    assert curves.of(1)[0].precision_recall[1].tolist() == [1.0] * len(curves.of(1)[0].precision_recall[1])


def test_mean_losses_are_told_before_their_intervals(new_session, qtbot):
    session, numbers = by_city(new_session, yes_or_no()[0])
    first = numbers.estimates("loss")
    later = worked_out(qtbot, session, lambda: numbers.estimates("loss"))
    for part in range(4):
        assert first.of(part)[0]["loss"].interval is None
        assert later.of(part)[0]["loss"].interval is not None
        assert first.of(part)[0]["loss"].value == pytest.approx(later.of(part)[0]["loss"].value)


def test_large_documents_give_the_same_slice_after_slice(new_session, qtbot, monkeypatch):
    document, _cities = yes_or_no()
    session, numbers = by_city(new_session, document)
    found = worked_out(qtbot, session, numbers.curves.wanted)
    monkeypatch.setattr(module, "SMALL", 10)
    monkeypatch.setattr(module, "FEW", 10)
    session, numbers = by_city(new_session, document)
    assert numbers.curves.wanted() is None
    again = worked_out(qtbot, session, numbers.curves.wanted)
    assert [[of.areas for of in models] for models in again.found] == [
        [of.areas for of in models] for models in found.found
    ]


def test_what_is_old_stands_until_the_new_has_come(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(module, "FEW", 10)
    session, numbers = by_city(new_session, yes_or_no()[0])
    before = worked_out(qtbot, session, numbers.curves.wanted)
    session.edit(lambda d: d.with_scores(0, np.arange(5), 0.5), "edit")
    assert numbers.curves.wanted() is before
    after = worked_out(qtbot, session, numbers.curves.wanted)
    assert after.sliced is session.part(Slices).losses.wanted()
    assert after is not before


def test_of_very_many_slices_the_first_are_worked_on(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    session, numbers = by_city(new_session, yes_or_no()[0])
    for ask in (numbers.curves.wanted, lambda: numbers.estimates("loss"), lambda: numbers.estimates("f1")):
        found = worked_out(qtbot, session, ask)
        assert found.of(1) is not None
        assert found.of(2) is None


def test_closing_stops_what_goes_on(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(module, "FEW", 10)
    rng = np.random.default_rng(0)
    p = rng.random(300_000)
    document = Document.create((rng.random(300_000) < p).astype(float), {"A": p})
    session = new_session(document.with_grouping("g", [str(g) for g in range(100)], rng.integers(0, 100, 300_000)))
    session.compare(slicing=Slicing.COLUMN, column="g")
    numbers, drawn = session.part(SliceNumbers), []
    monkeypatch.setattr(module, "small_curves", lambda *scores: drawn.append(small_curves(*scores)))
    qtbot.waitUntil(lambda: numbers.curves.wanted() is None and session.part(Slices).losses.is_current)
    numbers.curves.wanted()
    session.close()
    assert not session.busy
    assert len(drawn) < 100


def ends_alone(new_session, qtbot, document, category=None):
    """Return the intervals of both losses and of their difference, as the scoreboard tells them of a document."""
    other = new_session(document)
    other.look(category=category)
    scores = other.part(Scores)
    losses = [worked_out(qtbot, other, lambda m=model: scores.estimate("loss", m)).interval for model in range(2)]
    return losses, scores.mean(1).gap


@pytest.mark.parametrize(("name", "category"), CASES)
def test_the_list_has_the_scoreboard_s_own_intervals(new_session, qtbot, name, category):
    document, cities = DOCUMENTS[name]()
    session, numbers = by_city(new_session, document, category)
    sliced = worked_out(qtbot, session, session.part(Slices).losses.wanted)
    assert np.isnan(numbers.loss_errors(sliced).ends).all()  # nothing is told that will be another
    errors = worked_out(qtbot, session, lambda: numbers.loss_errors(sliced))
    for part in range(len(np.unique(cities))):
        losses, gap = ends_alone(new_session, qtbot, alone(document, cities, part), category)
        assert errors.ends[:, part].tolist() == [list(interval) for interval in losses]
        assert errors.difference[part].tolist() == [gap.interval[0], gap.mean, gap.interval[1]]


@pytest.mark.parametrize("make", [yes_or_no, nearly_certain])
def test_intervals_of_many_rows_are_known_at_once_and_stay(new_session, qtbot, make):
    document, cities = make(12_000)
    session, numbers = by_city(new_session, document)
    sliced = worked_out(qtbot, session, session.part(Slices).losses.wanted)
    errors = numbers.loss_errors(sliced)
    assert not session.busy  # nor is anything asked for
    for part in range(4):
        losses, gap = ends_alone(new_session, qtbot, alone(document, cities, part))
        assert errors.ends[:, part] == pytest.approx(np.array(losses), rel=1e-9)
        assert errors.difference[part] == pytest.approx([gap.interval[0], gap.mean, gap.interval[1]], rel=1e-9)


@pytest.mark.parametrize("limit", ["MANY", "MANY_PIECES"])
def test_of_very_many_scores_or_slices_theory_stands_for_all_unless_rows_were_drawn_anyway(
    new_session, qtbot, monkeypatch, limit
):
    monkeypatch.setattr(module, limit, 7)
    document, _cities = yes_or_no()
    session, numbers = by_city(new_session, document)
    sliced = worked_out(qtbot, session, session.part(Slices).losses.wanted)
    errors = numbers.loss_errors(sliced)
    assert not session.busy
    halves = sliced.losses.models[0].half_widths()
    assert (errors.ends[0, :, 1] - errors.ends[0, :, 0]) / 2 == pytest.approx(halves)
    worked_out(qtbot, session, lambda: numbers.estimates("loss"))
    drawn = numbers.loss_errors(sliced)
    assert drawn.ends[0, 0].tolist() == list(numbers.estimates("loss").of(0)[0]["loss"].interval)
