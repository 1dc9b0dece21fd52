"""Where the difference of two mean losses comes from: parts that add up to it, exactly."""

import math
from fractions import Fraction

import numpy as np
import pytest
from matches import answers, one_by_one, questions

from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.core.gap import MOST_PARTS, Parting, gap
from xentviz.core.pairs import Match

INF, NAN = math.inf, math.nan


@pytest.fixture(autouse=True, params=["whole", "in blocks"])
def _cut(request):
    """Run every test with one block, and with blocks of a few rows."""
    if request.param == "in blocks":
        request.getfixturevalue("four_rows_a_block")


def key_of(parting, document, element, category):
    """Return the part that an element is of, found by itself."""
    here, row = np.array([element]), np.array([element // len(document.categories)])
    multiclass = document.task.value == "multiclass"
    if parting is Parting.SCORE:
        p = float(document.probabilities_of(0, here)[0])
        if multiclass:
            every = row * len(document.categories) + np.arange(len(document.categories))
            p = max(document.probabilities_of(0, every)) if category is None else p
        return min(9, sum(p >= tenth / 10 for tenth in range(1, 10)))
    if multiclass:
        return int(document.truths_of(row)[0])
    if parting is Parting.CATEGORY:
        return element % len(document.categories)
    return {0.0: 0, 1.0: 1}.get(float(document.labels_of(here)[0]), 2)


@pytest.mark.parametrize("parting", [Parting.LABEL, Parting.SCORE, Parting.CATEGORY])
@pytest.mark.parametrize("make", [questions, answers])
def test_parts_are_the_sums_of_their_rows(make, parting):
    document = make(rows=60)
    match = Match(document, 0, 1)
    rows = [(e, a, b) for e, a, b, *_ in one_by_one(match) if math.isfinite(a) and math.isfinite(b)]
    expected = {}
    for element, one, other in rows:
        expected.setdefault(key_of(parting, document, element, None), []).append((element, one, other))
    found = gap(match, parting)
    assert found.pairs == len(rows) > 20
    assert {part.keys[0] for part in found.parts} == set(expected)
    for part in found.parts:
        own = expected[part.keys[0]]
        assert part.pairs == len(own)
        assert part.first == pytest.approx(math.fsum(a for _, a, _ in own) / len(rows), rel=1e-14)
        assert part.second == pytest.approx(math.fsum(b for _, _, b in own) / len(rows), rel=1e-14)
        assert part.gap == pytest.approx(math.fsum(b - a for _, a, b in own) / len(rows), rel=1e-12)
        chosen = match.where(lambda pairs, part=part: found.is_of(part, pairs))
        assert chosen.tolist() == [element for element, *_ in own]
    sizes = [abs(part.gap) for part in found.parts]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("parting", Parting)
@pytest.mark.parametrize("category", [None, 1])
@pytest.mark.parametrize("make", [questions, answers, lambda **_: questions(2000, 30, seed=4)])
def test_parts_add_up_to_the_difference(make, category, parting):
    found = gap(Match(make(rows=300), 0, 1, category), parting)
    assert found.difference is not None
    total = math.fsum(part.gap for part in found.parts)
    assert total == pytest.approx(found.difference, rel=1e-15, abs=4e-16 * max(abs(p.gap) for p in found.parts))
    assert found.difference == pytest.approx(found.second - found.first, abs=1e-15 * found.first)
    assert sum(part.pairs for part in found.parts) == found.pairs


def test_sums_are_those_of_fractions():
    rng = np.random.default_rng(5)
    z = rng.normal(0, 1, 5000) * 10.0 ** rng.integers(-12, 12, 5000)
    document = Document.create(rng.integers(0, 2, 5000), {"A": z, "B": z * (1 + 1e-9)}, logits=["A", "B"])
    match = Match(document, 0, 1)
    rows = one_by_one(match)
    found = gap(match, Parting.LABEL)
    exact = sum(Fraction(b - a) for _, a, b, *_ in rows) / len(rows)
    assert found.difference == pytest.approx(float(exact), rel=1e-15)
    assert found.first == pytest.approx(float(sum(Fraction(a) for _, a, *_ in rows) / len(rows)), rel=1e-15)


def test_the_rows_that_matter_most_come_first_and_all_others_together():
    match = Match(questions(), 0, 1)
    rows = [(e, a, b) for e, a, b, *_ in one_by_one(match) if math.isfinite(a) and math.isfinite(b)]
    found = gap(match, Parting.ROW)
    *named, rest = found.parts
    expected = sorted(rows, key=lambda row: (-abs(row[2] - row[1]), row[0]))
    assert [part.keys for part in named] == [(element,) for element, *_ in expected[:MOST_PARTS]]
    assert [part.gap for part in named] == pytest.approx([(b - a) / len(rows) for _, a, b in expected[:MOST_PARTS]])
    assert rest.keys == ()
    assert rest.pairs == len(rows) - MOST_PARTS
    others = expected[MOST_PARTS:]
    assert rest.gap == pytest.approx(math.fsum(b - a for _, a, b in others) / len(rows), rel=1e-12)
    assert match.where(lambda pairs: found.is_of(rest, pairs)).tolist() == sorted(e for e, *_ in others)
    assert match.where(lambda pairs: found.is_of(named[2], pairs)).tolist() == [expected[2][0]]


def test_few_rows_are_all_named():
    found = gap(Match(Document.create([1, 0], {"A": [0.5, 0.5], "B": [0.9, 0.2]}), 0, 1), Parting.ROW)
    assert [part.keys for part in found.parts] == [(0,), (1,)]


def test_many_categories_are_folded_into_the_largest_and_the_others():
    match = Match(questions(2000, 30, seed=4), 0, 1)
    found = gap(match, Parting.CATEGORY)
    assert len(found.parts) == MOST_PARTS + 1
    rest = found.parts[-1]
    assert len(rest.keys) == 20
    named = {part.keys[0] for part in found.parts[:-1]}
    chosen = match.where(lambda pairs: found.is_of(rest, pairs))
    assert set((chosen % 30).tolist()) == set(range(30)) - named == set(rest.keys)
    assert len(chosen) == rest.pairs


def test_infinite_losses_are_counted_beside_the_finite_rest():
    scores = {"A": [0.0, 0.5, 0.5, 1.0, 0.0], "B": [0.5, 0.0, 0.25, 1.0, 0.0]}
    found = gap(Match(Document.create([1, 1, 1, 1, 1], scores), 0, 1), Parting.LABEL)
    assert found.infinite == (1, 1, 1)
    assert found.pairs == 2
    assert found.first == pytest.approx(math.log(2) / 2)
    assert found.second == pytest.approx(math.log(4) / 2)


@pytest.mark.parametrize("parting", Parting)
def test_without_finite_losses_there_are_no_parts(parting):
    found = gap(Match(Document.create([1, NAN], {"A": [0.0, 0.5], "B": [0.5, 0.5]}), 0, 1), parting)
    assert (found.pairs, found.infinite) == (0, (1, 0, 0))
    assert found.first is found.second is found.difference is None
    assert found.parts == ()


def test_losses_near_the_largest_float_add_up():
    z = [-1e308, -1e308, -1e308, -1.0]
    found = gap(Match(Document.create([1, 1, 1, 1], {"A": z, "B": [1.0] * 4}, logits=["A", "B"]), 0, 1), Parting.ROW)
    assert found.first == pytest.approx(0.75e308)
    assert found.difference == pytest.approx(-0.75e308)


def test_a_score_is_in_the_tenth_that_begins_with_it():
    scores = np.array([0.1, 0.3, 0.7, 0.9, 1.0, 0.0, 0.299999999], dtype=np.float32)
    found = gap(Match(Document.create(np.ones(7), {"A": scores, "B": scores}), 0, 1), Parting.SCORE)
    assert sorted(part.keys[0] for part in found.parts) == [1, 3, 7, 9]  # 0.299999999 is 0.3 in single precision
    assert found.infinite == (0, 0, 1)


def test_work_stops_when_it_is_told_to():
    with pytest.raises(Cancelled):
        gap(Match(questions(), 0, 1), Parting.LABEL, lambda: True)
