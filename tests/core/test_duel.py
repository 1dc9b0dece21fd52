"""Two models' losses of the same rows: who wins, where they lie, and what a box or a loop around them holds."""

import math
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matches import answers, one_by_one, questions

from xentviz.core.document import Document
from xentviz.core.duel import (
    LossAxis,
    Outcome,
    cells_for,
    cells_of,
    cloud,
    flips,
    in_box,
    in_cell,
    in_loop,
    outcome_of,
    standing,
    within,
)
from xentviz.core.errors import Cancelled
from xentviz.core.pairs import Match

INF, NAN = math.inf, math.nan


DOCUMENTS = {
    "questions": questions,
    "questions with a threshold each": lambda: questions(thresholds=[0.3, 0.5, 0.7]),
    "one question": lambda: questions(categories=1),
    "answers": answers,
    "undecided answers": lambda: answers(thresholds=[0.6]),
    "soft answers": lambda: answers(soft=True),
    "no rows": lambda: Document.create(np.empty(0), {"A": np.empty(0), "B": np.empty(0)}),
    "unlabelled": lambda: Document.create([NAN, NAN], {"A": [0.1, 0.2], "B": [0.3, 0.4]}),
    "certain": lambda: Document.create([1, 0, 1, 0], {"A": [0.0, 1.0, 1.0, 0.0], "B": [1.0, 0.0, 0.0, 0.0]}),
}


@pytest.fixture(autouse=True, params=["whole", "in blocks"])
def _cut(request):
    """Run every test with one block, and with blocks of a few rows."""
    if request.param == "in blocks":
        request.getfixturevalue("four_rows_a_block")


@pytest.fixture(params=DOCUMENTS)
def match(request):
    document = DOCUMENTS[request.param]()
    return Match(document, 0, 1)


@pytest.mark.parametrize("models", [(0, 1), (1, 2), (2, 0), (0, 0)])
@pytest.mark.parametrize("category", [None, 0, 2])
@pytest.mark.parametrize("name", ["questions", "answers", "soft answers", "undecided answers"])
def test_pairs_are_those_that_have_a_loss_under_both(name, models, category):
    match = Match(DOCUMENTS[name](), *models, category)
    expected = one_by_one(match)
    assert len(expected) > 1
    found = cloud(standing(match), False)
    assert found.elements.tolist() == [element for element, *_ in expected]
    assert found.losses[0] == pytest.approx([one for _, one, *_ in expected], rel=1e-12, abs=1e-15)
    assert found.losses[1] == pytest.approx([other for _, _, other, *_ in expected], rel=1e-12, abs=1e-15)
    assert [label >= 0.5 if name == "questions" else label for label in found.labels] == [e[3] for e in expected]


def test_wins_and_flips_are_counted_one_by_one(match):
    rows = one_by_one(match)
    found, decided = standing(match), flips(match)
    finite = [loss for _, *pair, _t, _a, _b in rows for loss in pair if math.isfinite(loss)]
    assert found.pairs == decided.pairs == len(rows)
    assert found.first_wins == sum(one < other for _, one, other, *_ in rows)
    assert found.second_wins == sum(other < one for _, one, other, *_ in rows)
    assert found.ties == sum(one == other for _, one, other, *_ in rows)
    assert found.high == pytest.approx(max(finite, default=0.0))
    assert found.low == pytest.approx(min((loss for loss in finite if loss), default=INF))
    assert found.infinite == sum(INF in pair for _, *pair, _t, _a, _b in rows)
    assert found.zeros == sum(0.0 in pair for _, *pair, _t, _a, _b in rows)
    assert decided.only_first == sum(a == truth != b for *_, truth, a, b in rows)
    assert decided.only_second == sum(b == truth != a for *_, truth, a, b in rows)
    assert decided.wrong_apart == sum(len({a, b, truth}) == 3 for *_, truth, a, b in rows)


@pytest.mark.parametrize("outcome", Outcome)
def test_what_came_of_rows_selects_them(match, outcome):
    holds = {
        Outcome.FIRST_WINS: lambda one, other, _t, _a, _b: one < other,
        Outcome.SECOND_WINS: lambda one, other, _t, _a, _b: other < one,
        Outcome.TIES: lambda one, other, _t, _a, _b: one == other,
        Outcome.ONLY_FIRST: lambda _o, _p, truth, a, b: a == truth != b,
        Outcome.ONLY_SECOND: lambda _o, _p, truth, a, b: b == truth != a,
        Outcome.WRONG_APART: lambda _o, _p, truth, a, b: len({a, b, truth}) == 3,
        Outcome.INFINITE: lambda one, other, _t, _a, _b: math.isinf(one) or math.isinf(other),
    }[outcome]
    found = match.where(lambda pairs: outcome_of(pairs, outcome))
    assert found.tolist() == [element for element, *rest in one_by_one(match) if holds(*rest)]


class TestTheAxis:
    @pytest.mark.parametrize("logarithmic", [False, True])
    @given(st.lists(st.floats(0, allow_nan=False), min_size=1, max_size=9))
    def test_has_a_place_for_every_loss(self, logarithmic, losses):
        losses = np.array(losses)
        finite = losses[np.isfinite(losses)]
        match = Match(Document.create([], {"A": [], "B": []}), 0, 1)
        of = standing(match)
        positive = finite[finite > 0]
        if len(positive):
            of = type(of)(match, 1, 0, 0, 0, float(positive.min()), float(positive.max()), 1, 1)
        axis = of.axis(logarithmic)
        places = axis.place(losses)
        inside = np.isfinite(losses) & (losses >= (axis.low if logarithmic else 0))
        if len(positive):
            assert ((places >= 0) & (places <= 1))[inside].all()
            assert (cells_of(axis, losses[inside], 144) >= 1).all()
            assert (cells_of(axis, losses[inside], 144) <= 144).all()
        assert (places[np.isinf(losses)] > 1).all()
        assert ((places[losses == 0] < 0) == logarithmic).all()
        assert not logarithmic or (cells_of(axis, losses[losses < axis.low], 144) == 0).all()
        assert (cells_of(axis, losses[np.isinf(losses)], 144) == 145).all()

    @pytest.mark.parametrize(
        ("low", "high", "begins", "has_below"),
        [
            (1e-19, 20.0, 1e-6, True),  # as good as no loss at all
            (1e-3, 20.0, 1e-3 / 1.03, False),  # no further than there are losses
            (1e-19, 1e-9, 1.03e-15, True),  # where all are tiny, they are compared with the largest
            (1e-19, 1e-5, 1e-6, True),
            (19.0, 20.0, 2.06, False),
        ],
    )
    def test_ends_where_losses_matter_no_more(self, low, high, begins, has_below):
        match = Match(Document.create([], {"A": [], "B": []}), 0, 1)
        of = type(standing(match))(match, 2, 1, 1, 0, low, high, 0, 0)
        assert of.axis(True).low == pytest.approx(begins)
        assert of.has_below(of.axis(True)) == has_below
        assert not of.has_below(of.axis(False))

    @pytest.mark.parametrize("logarithmic", [False, True])
    def test_turns_places_back_into_losses(self, logarithmic):
        axis = LossAxis(1e-6, 20.0, logarithmic)
        losses = np.array([0.0, 1e-6, 1e-3, 0.5, 20.0, INF])
        assert [axis.loss(place) for place in axis.place(losses)] == pytest.approx(losses.tolist(), rel=1e-12)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_many_are_counted_in_cells_and_none_is_lost(match, logarithmic):
    of = standing(match)
    found, dots = cloud(of, logarithmic, most=-1), cloud(of, logarithmic)
    assert dots.counts is None
    assert found.counts is not None
    assert len(found.elements) == 0
    assert found.cells == cells_for(of.pairs) == 40
    expected = np.zeros((2, 42, 42))
    multiclass = match.document.task.value == "multiclass"
    across, up = (cells_of(found.axis, losses, 40) for losses in dots.losses)
    for a, u, label in zip(across, up, dots.labels, strict=True):
        expected[1 if multiclass else int(label >= 0.5), u, a] += 1
    assert found.counts.tolist() == expected.tolist()
    assert found.counts.sum() == of.pairs
    for a, u in {(int(a), int(u)) for a, u in zip(across, up, strict=True)}:
        chosen = match.where(lambda pairs, a=a, u=u: in_cell(found, pairs.losses, a, u))
        assert chosen.tolist() == dots.elements[(across == a) & (up == u)].tolist()


def test_the_more_pairs_the_smaller_are_cells_and_never_too_small_to_be_seen():
    sides = [cells_for(pairs) for pairs in (0, 2_001, 20_000, 60_000, 100_000, 10**7)]
    assert sides == [40, 40, 70, 122, 144, 144]


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("box", [(0.1, 0.6, 0.2, 0.9), (-0.1, 0.3, -0.1, 1.1), (0.9, 1.1, 0.0, 1.1)])
def test_a_box_holds_what_lies_in_it(match, logarithmic, box):
    dots = cloud(standing(match), logarithmic)
    left, right, bottom, top = box
    expected = [
        int(element)
        for element, x, y in zip(dots.elements, *map(dots.axis.place, dots.losses), strict=True)
        if left <= x <= right and bottom <= y <= top
    ]
    assert match.where(lambda pairs: in_box(dots.axis, pairs.losses, box)).tolist() == expected


def angle_around(x, y, loop):
    """Return how often a closed line goes around a point, from the angles its pieces are seen under."""
    seen = np.arctan2(loop[:, 1] - y, loop[:, 0] - x)
    turns = np.angle(np.exp(1j * np.diff(np.append(seen, seen[0]))))
    return round(turns.sum() / (2 * math.pi))


def test_a_loop_holds_what_it_goes_around():
    rng = np.random.default_rng(3)
    for _ in range(20):
        corners = rng.random((rng.integers(3, 12), 2))
        x, y = rng.random((2, 300)) * 1.4 - 0.2
        expected = [angle_around(a, b, corners) % 2 == 1 for a, b in zip(x, y, strict=True)]
        assert within(x, y, corners).tolist() == expected


def test_a_loop_in_the_plane_of_losses_selects_rows():
    match = Match(questions(), 0, 1)
    dots = cloud(standing(match), True)
    loop = np.array([[0.1, -0.1], [1.1, 0.2], [0.8, 1.1], [0.3, 0.5]])
    places = zip(*map(dots.axis.place, dots.losses), strict=True)
    expected = [int(e) for e, (x, y) in zip(dots.elements, places, strict=True) if angle_around(x, y, loop) % 2]
    assert 5 < len(expected) < len(dots.elements)
    assert match.where(lambda pairs: in_loop(dots.axis, pairs.losses, loop)).tolist() == expected


def test_work_stops_when_it_is_told_to():
    match = Match(questions(), 0, 1)
    of = standing(match)
    stop = threading.Event()
    stop.set()
    for work in (standing, flips):
        with pytest.raises(Cancelled):
            work(match, stop.is_set)
    with pytest.raises(Cancelled):
        cloud(of, True, stop.is_set)
    with pytest.raises(Cancelled):
        match.where(lambda pairs: pairs.truth, stop.is_set)
