"""The duel of the reference with its rival: which two, of what, and when it is worked out anew."""

import numpy as np
import pytest

from xentviz.core.comparison import mcnemar
from xentviz.core.document import Document
from xentviz.core.gap import Parting
from xentviz.session.duels import Duels, joined

MODELS = {"A": [0.9, 0.2, 0.6], "B": [0.8, 0.4, 0.3], "C": [0.6, 0.1, 0.9]}


def many(rows=30_000):
    """Return more rows than are worked on at once."""
    numbers = np.random.default_rng(3)
    labels, p = numbers.integers(0, 2, rows), numbers.random(rows)
    return Document.create(labels, {"A": p, "B": np.clip(p + numbers.normal(0, 0.1, rows), 0, 1)})


def settled(qtbot, session):
    qtbot.waitUntil(lambda: not session.busy)


def test_fewer_than_two_models_have_no_duel(new_session):
    duels = new_session(Document.create([1, 0], {"A": [0.9, 0.2]})).part(Duels)
    assert duels.match is duels.standing() is duels.cloud() is duels.flips() is duels.gap() is duels.p_value() is None


def test_it_is_between_the_reference_and_its_rival(new_session):
    session = new_session(Document.create([1, 0, 1], MODELS))
    duels = session.part(Duels)
    assert duels.standing().first_wins == 3
    session.compare(reference="C")
    assert [model.name for model in duels.standing().match.models] == ["C", "A"]
    session.look(model=1)
    assert [model.name for model in duels.standing().match.models] == ["C", "B"]
    assert [model.name for model in duels.gap().match.models] == ["C", "B"]


def test_it_is_of_the_category_looked_at(new_session):
    labels = [[1, 0], [0, 1]]
    scores = {"A": [[0.9, 0.2], [0.4, 0.7]], "B": [[0.8, 0.1], [0.5, 0.9]]}
    session = new_session(Document.create(labels, scores, categories=["cat", "dog"]))
    duels = session.part(Duels)
    assert duels.standing().pairs == 4
    assert duels.partings == [Parting.LABEL, Parting.CATEGORY, Parting.SCORE, Parting.ROW]
    duels.break_into(Parting.CATEGORY)
    assert duels.gap().parting is Parting.CATEGORY
    session.look(category=1)
    assert (duels.standing().first_wins, duels.standing().second_wins) == (0, 2)
    assert duels.gap().parting is Parting.SCORE


def test_rows_of_one_answer_are_not_broken_by_label(new_session):
    scores = {"A": [[0.5, 0.3, 0.2]], "B": [[0.2, 0.3, 0.5]]}
    session = new_session(Document.create([2], scores, categories=["a", "b", "c"], multiclass=True))
    assert session.part(Duels).partings == [Parting.CATEGORY, Parting.SCORE, Parting.ROW]


def test_a_threshold_moves_only_the_decisions(new_session):
    session = new_session(Document.create([1, 0, 1], MODELS))
    duels = session.part(Duels)
    standing, cloud, gap, flips = duels.standing(), duels.cloud(), duels.gap(), duels.flips()
    assert (flips.only_first, flips.only_second) == (1, 0)
    session.apply(session.document.with_threshold(0.35), "Move threshold")
    assert duels.standing() is standing
    assert duels.cloud() is cloud
    assert duels.gap() is gap
    assert (duels.flips().only_first, duels.flips().only_second) == (2, 0)


def test_axes_are_even_or_logarithmic(new_session, qtbot):
    duels = new_session(Document.create([1, 0, 1], MODELS)).part(Duels)
    for logarithmic in (False, True):
        with qtbot.waitSignal(duels.changed):
            duels.spread(logarithmic)
        assert duels.cloud().axis.logarithmic is logarithmic


def test_many_rows_are_worked_on_in_the_background_and_the_old_stand_until_then(new_session, qtbot):
    session = new_session(many())
    duels = session.part(Duels)
    assert duels.standing() is duels.cloud() is duels.gap() is duels.flips() is None
    assert session.busy
    settled(qtbot, session)
    standing, gap, flips = duels.standing(), duels.gap(), duels.flips()
    assert duels.cloud() is None  # asked for now that its standing is known
    settled(qtbot, session)
    cloud = duels.cloud()
    assert cloud.counts.sum() == standing.pairs == gap.pairs + sum(gap.infinite) == flips.pairs == 30_000
    session.apply(session.document.with_scores(0, np.array([7]), 0.123), "Edit")
    assert duels.standing() is standing
    assert duels.cloud() is cloud
    settled(qtbot, session)
    assert duels.standing() is not standing


def test_luck_is_the_test_of_mcnemar(new_session, qtbot):
    document = many(1000)
    session = new_session(document)
    duels = session.part(Duels)
    duels.p_value()
    settled(qtbot, session)
    every = np.arange(1000)
    right = [document.decisions_of(m, every) == (document.labels_of(every) >= 0.5) for m in (0, 1)]
    expected = mcnemar(*right)
    assert duels.p_value() == pytest.approx(expected.p_value, rel=1e-12)
    assert (duels.flips().only_first, duels.flips().only_second) == (expected.only_first, expected.only_second)


def test_rows_are_added_to_others_each_once():
    assert joined(np.array([1, 4, 9]), np.array([0, 4, 7])).tolist() == [0, 1, 4, 7, 9]
    assert joined(range(3), np.array([1])).tolist() == [0, 1, 2]
    assert joined(np.empty(0, dtype=np.int64), np.array([5])).tolist() == [5]
