"""One slice looked at as if it were all: its numbers, and what is done to it is done to all rows."""

import weakref

import numpy as np
import pytest

from xentviz.core.document import Document, LossSettings, Unit
from xentviz.core.evaluation import evaluate
from xentviz.session import slice_session as module
from xentviz.session.comparing import Slicing
from xentviz.session.slice_session import OneSlice

CITIES = ["Oslo", "Rome"]


def document(rows=60, models="AB", seed=0):
    rng = np.random.default_rng(seed)
    labels, codes = rng.integers(0, 2, rows), rng.integers(0, 2, rows)
    return Document.create(labels, {m: rng.random(rows) for m in models}).with_grouping("city", CITIES, codes)


@pytest.fixture
def whole(new_session):
    return new_session(document())


@pytest.fixture
def look_at(qtbot):
    """Return a way to look at one slice by city, and its session."""

    def look(whole, number=1):
        whole.compare(slicing=Slicing.COLUMN, column="city", only=number)
        one = whole.part(OneSlice)
        qtbot.waitUntil(lambda: not whole.busy)
        return one.session

    return look


def rows_of(document, number):
    return np.flatnonzero(document.groupings[0].codes.array() == number)


def test_all_rows_are_looked_at_until_a_slice_is_chosen(whole):
    assert whole.part(OneSlice).session is None
    assert whole.whole is whole


def test_its_numbers_are_those_of_its_rows_alone(whole, look_at):
    for number in (1, 0):
        here = look_at(whole, number)
        alone = evaluate(whole.document.without_rows(rows_of(whole.document, 1 - number)))
        assert [here.results_of(m).mean_loss for m in (0, 1)] == pytest.approx(
            [numbers.mean_loss for numbers in alone.models]
        )
        assert here.whole is whole


def test_a_threshold_moved_here_is_moved_for_all_rows_and_undone_there(whole, look_at):
    here = look_at(whole)
    heard = []
    here.document_changed.connect(heard.append)
    before = here.document
    here.apply(here.document.with_threshold(0.25), "Move threshold", here.gesture())
    assert whole.document.thresholds == here.document.thresholds == (0.25,)
    assert (whole.document.rows, here.document.rows, len(heard)) == (60, before.rows, 1)
    assert here.document.labels is before.labels
    whole.undo_stack.undo()
    assert here.document.thresholds == before.thresholds
    whole.edit(lambda d: d.with_settings(LossSettings(unit=Unit.BITS)), "Bits")
    assert here.document.settings.unit is Unit.BITS


def test_rows_chosen_here_are_chosen_among_all_and_the_other_way_about(whole, look_at):
    here = look_at(whole)
    rows = rows_of(whole.document, 1)
    mine = np.array([0, 3])
    here.look(selected=mine, current=3)
    assert whole.view.selected.tolist() == rows[mine].tolist()
    assert whole.view.current == rows[3]
    assert here.view.selected is mine  # panels know their own choice again
    assert here.view.current == 3
    whole.look(selected=np.array([int(rows_of(whole.document, 0)[0]), int(rows[1])]), current=None)
    assert here.view.selected.tolist() == [1]
    assert here.view.current is None
    whole.look(selected=range(60), current=int(rows_of(whole.document, 0)[0]))
    assert len(here.view.selected) == len(rows)
    assert here.view.current is None


def test_what_is_compared_here_is_compared_everywhere(whole, look_at):
    here = look_at(whole)
    here.compare(reference="B", bins=7)
    here.look(model=1)
    assert (whole.reference, here.reference) == (1, 1)
    assert (whole.view.comparing.bins, here.view.comparing.bins, here.view.model) == (7, 7, 1)


def test_an_edit_of_all_rows_is_seen_in_the_slice(new_session, qtbot):
    whole = new_session(document())
    whole.compare(slicing=Slicing.LABEL, only=1)
    one = whole.part(OneSlice)
    before = one.session.document.rows
    no = int(np.flatnonzero(whole.document.labels.array().ravel() == 0)[0])
    whole.edit(lambda d: d.with_labels(np.array([no]), [1]), "Edit")
    assert one.session.document.rows == before + 1
    one.session.edit(lambda d: d.without_rows(np.array([no])), "Delete")
    assert (whole.document.rows, one.session.document.rows) == (59, before)
    qtbot.waitUntil(lambda: not whole.busy)
    assert one.session.results_of(0).mean_loss == pytest.approx(evaluate(one.session.document).models[0].mean_loss)


def test_a_slice_that_there_is_not_is_all_rows(whole, look_at):
    assert look_at(whole, 2) is None
    assert look_at(whole, -1) is None
    assert look_at(whole, 0) is not None
    whole.edit(lambda d: d.without_rows(rows_of(d, 0)), "Delete")
    assert whole.part(OneSlice).session.document.rows == 0


def test_answers_of_several_questions_are_of_the_slice_alone(new_session, qtbot):
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, (20, 3))
    whole = new_session(Document.create(labels, {"A": rng.random((20, 3))}, categories=["x", "y", "z"]))
    whole.compare(only=0)
    here = whole.part(OneSlice).session
    kept = here.document.labels.array().astype(float)
    assert np.nansum(kept == 0) == (labels == 0).sum()
    assert not (here.document.labels_of(np.arange(here.document.elements)) == 1).any()
    here.look(selected=np.array([4]), current=4)
    row, category = divmod(int(whole.view.current), 3)
    assert whole.document.scores_of(0, np.array([row * 3 + category])) == here.document.scores_of(0, np.array([4]))


def test_what_is_left_ends_and_is_gone(whole, look_at, qtbot):
    here = look_at(whole)
    one = whole.part(OneSlice)
    gone = []
    one.changed.connect(lambda: gone.append(one.session))
    labels = weakref.ref(here.document.labels)
    del here
    whole.compare(only=None)
    assert (gone, one.session, whole.narrower) == ([None], None, [])
    qtbot.waitUntil(lambda: labels() is None)


def test_of_many_rows_the_slice_is_found_in_the_background(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 10)
    whole = new_session(document(models="ABC"))
    one = whole.part(OneSlice)
    with qtbot.waitSignal(one.changed):
        whole.compare(slicing=Slicing.COLUMN, column="city", only=0)
        assert one.session is None
        assert whole.busy
    first = one.session
    whole.edit(lambda d: d.without_rows(rows_of(d, 0)[:1]), "Delete")
    before = whole.view
    first.look(selected=np.array([0]), current=0)  # of rows that may be others by now
    assert whole.view.selected is before.selected
    chosen = first.view.selected
    whole.look(selected=rows_of(whole.document, 0)[1:3])
    assert first.view.selected is chosen
    qtbot.waitUntil(lambda: not whole.busy)
    assert first.view.selected.tolist() == [1, 2]
    first.look(model=2)
    whole.edit(lambda d: d.without_model(0), "Delete A")
    qtbot.waitUntil(lambda: not whole.busy)
    assert [session.document.models[session.view.model].name for session in (whole, first)] == ["C", "C"]
    whole.undo_stack.undo()
    qtbot.waitUntil(lambda: not whole.busy)
    assert one.session is first
    assert first.document.rows == len(rows_of(whole.document, 0))
    first.look(selected=range(first.document.elements))
    assert first.view.selected == range(first.document.elements)
    whole.look(selected=np.arange(50))
    assert len(first.view.selected) == 0


def test_a_threshold_of_questions_that_have_gone_is_not_applied(new_session, qtbot, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 10)
    rng = np.random.default_rng(3)
    whole = new_session(Document.create(rng.integers(0, 2, (20, 2)), {"A": rng.random((20, 2))}, categories=["x", "y"]))
    whole.compare(only=0)
    one = whole.part(OneSlice)
    qtbot.waitUntil(lambda: not whole.busy)
    here, other = one.session, document()
    whole.apply(other, "Open", opening=True)
    here.apply(here.document.with_thresholds_apart().with_threshold(0.25, 1), "Move threshold")
    assert whole.document is other
    assert one.session is None


def test_a_session_that_closes_ends_its_slices(whole, look_at):
    here = look_at(whole)
    here.find(lambda stopped, report: None, lambda found: None)
    whole.close()
    assert not here.busy
