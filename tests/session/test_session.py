import threading
from functools import partial

import numpy as np
import pytest

from xentviz import files
from xentviz.core.document import Change, Document, LossSettings, ScoreKind, Unit
from xentviz.core.errors import DataError
from xentviz.files.opened import Opened
from xentviz.session import session as module
from xentviz.session.session import Session


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


@pytest.fixture
def session(new_session, film_still):
    return new_session(film_still)


@pytest.fixture
def settled(qtbot):
    """Return a waiter for the results of the document shown."""
    return lambda session: qtbot.waitUntil(lambda: not session.busy)


def heard(signal):
    """Return a list that grows with what the signal carries."""
    carried = []
    signal.connect(lambda *arguments: carried.append(arguments[0] if arguments else None))
    return carried


class TestChanging:
    def test_what_is_applied_is_shown_undone_and_redone(self, session):
        before = session.document
        after = before.with_threshold(0.5)
        session.apply(after, "Move threshold")
        assert session.document is after
        assert session.undo_stack.undoText() == "Move threshold"
        session.undo_stack.undo()
        assert session.document is before
        session.undo_stack.redo()
        assert session.document is after

    def test_what_changes_nothing_leaves_no_step_to_undo(self, session):
        told = heard(session.document_changed)
        session.apply(session.document.with_threshold(0.8), "Move threshold")
        assert session.undo_stack.count() == 0
        assert told == []

    def test_everyone_is_told_what_has_changed_forwards_and_back(self, session):
        told = heard(session.document_changed)
        session.apply(session.document.with_labels(rows(0), 0).with_threshold(0.5), "")
        session.undo_stack.undo()
        assert told == [Change.LABELS | Change.THRESHOLDS] * 2

    def test_one_gesture_is_one_step(self, session):
        before = session.document
        gesture = session.gesture()
        for threshold in (0.7, 0.6, 0.5):
            session.edit(lambda d, t=threshold: d.with_threshold(t), "Move threshold", gesture)
        assert session.document.thresholds == (0.5,)
        assert session.undo_stack.count() == 1
        session.undo_stack.undo()
        assert session.document is before
        session.undo_stack.redo()
        assert session.document.thresholds == (0.5,)

    def test_two_gestures_are_two_steps_and_so_are_two_edits_without_one(self, session):
        for gesture in (session.gesture(), session.gesture(), -1, -1):
            threshold = session.document.thresholds[0] - 0.1
            session.edit(lambda d, t=threshold: d.with_threshold(t), "Move threshold", gesture)
        assert session.undo_stack.count() == 4

    def test_an_edit_that_cannot_be_is_told_and_leaves_the_document(self, session):
        told, before = heard(session.failed), session.document
        session.edit(lambda d: d.with_scores(0, rows(0), 1.2), "Change score")
        assert session.document is before
        assert session.undo_stack.count() == 0
        assert [error.code for error in told] == ["probability_out_of_range"]

    def test_a_mistake_of_ours_is_not_taken_for_one_of_the_person(self, session):
        with pytest.raises(ZeroDivisionError):
            session.edit(lambda d: 1 / 0, "")


class TestNumbers:
    def test_come_by_themselves(self, session):
        assert session.results_of(0).mean_loss == pytest.approx(0.412077, abs=5e-7)
        counts = session.counts_of(0)[0]
        assert (counts.true_positives, counts.false_negatives) == (2, 1)

    def test_are_not_there_before_they_have_come_or_for_models_there_are_not(self, qtbot, film_still):
        session = Session(Opened(film_still))
        try:
            assert session.busy
            assert session.results_of(0) is None
            assert session.counts_of(0) is None
            qtbot.waitUntil(lambda: not session.busy)
            assert session.results_of(1) is None
            assert session.counts_of(1) is None
        finally:
            session.close()

    def test_moving_the_threshold_looks_counts_up_and_evaluates_nothing(self, session, qtbot):
        before = session.results_of(0)
        assert session.counts_of(0)[0].true_positives == 2
        with qtbot.assertNotEmitted(session.results_changed, wait=50):
            session.apply(session.document.with_threshold(0.7), "Move threshold")
            assert not session.busy
        assert session.results_of(0) is before
        counts = session.counts_of(0)[0]
        assert (counts.true_positives, counts.false_positives) == (3, 1)

    def test_another_unit_or_title_evaluates_nothing_either(self, session):
        session.apply(session.document.with_settings(LossSettings(Unit.BITS)), "Change unit")
        assert not session.busy
        session.apply(session.document.with_row_name(0, "other"), "Rename row")
        assert not session.busy

    def test_of_an_earlier_document_stay_until_the_new_ones_have_come(self, session, qtbot):
        before = session.results_of(0)
        with qtbot.waitSignal(session.results_changed):
            session.apply(session.document.with_scores(0, rows(2), 0.1), "Change score")
            assert session.busy
            assert session.results_of(0) is before
        assert not session.busy
        assert session.results_of(0).mean_loss < before.mean_loss

    def test_follow_undo(self, session, settled):
        session.apply(session.document.with_scores(0, rows(2), 0.1), "Change score")
        settled(session)
        session.undo_stack.undo()
        settled(session)
        assert session.results_of(0).mean_loss == pytest.approx(0.412077, abs=5e-7)

    def test_after_a_flurry_of_edits_are_those_of_the_last(self, session, settled):
        for score in np.linspace(0.1, 0.9, 30):
            session.edit(lambda d, s=score: d.with_scores(0, rows(2), s), "Move dot", 1)
        settled(session)
        expected = -np.log([0.9, 0.95, 1 - 0.9, 0.75]).mean()
        assert session.results_of(0).mean_loss == pytest.approx(expected)
        assert session.undo_stack.count() == 1

    @pytest.mark.usefixtures("four_rows_a_block")
    def test_of_untouched_blocks_are_kept(self, new_session, settled):
        session = new_session(Document.create(np.ones(12), {"A": np.full(12, 0.5)}))
        before = session.results_of(0).summaries
        session.apply(session.document.with_scores(0, rows(5), 0.9), "Change score")
        settled(session)
        kept = [new is old for new, old in zip(session.results_of(0).summaries, before, strict=True)]
        assert kept == [True, False, True]

    def test_of_each_category_are_counted_at_its_own_threshold(self, new_session):
        document = Document.create([[1, 1]], {"A": [[0.5, 0.5]]}, categories=("a", "b"), thresholds=(0.4, 0.6))
        counts = new_session(document).counts_of(0)
        assert [c.true_positives for c in counts] == [1, 0]


class TestNumbersOfModels:
    """Numbers follow their model through every edit, at once and not only when the new ones have come."""

    @pytest.fixture
    def session(self, new_session):
        labels = [1, 0, 1]
        return new_session(Document.create(labels, {"A": [0.9, 0.1, 0.8], "B": [0.5, 0.5, 0.5], "C": [0.1, 0.9, 0.2]}))

    def losses(self, session):
        return {m.name: session.results_of(i).mean_loss for i, m in enumerate(session.document.models)}

    def test_when_another_is_deleted(self, session, settled):
        before = self.losses(session)
        session.apply(session.document.without_model(0), "Delete model")
        at_once = self.losses(session)
        settled(session)
        assert at_once == self.losses(session) == {"B": before["B"], "C": before["C"]}
        session.undo_stack.undo()
        settled(session)
        assert self.losses(session) == before

    def test_when_it_is_renamed(self, session, settled):
        before = self.losses(session)
        session.apply(session.document.with_model_renamed(0, "D"), "Rename model")
        assert self.losses(session)["D"] == before["A"]
        settled(session)
        assert self.losses(session)["D"] == before["A"]

    def test_when_two_change_names(self, session):
        before = self.losses(session)
        document = session.document.with_model_renamed(0, "x").with_model_renamed(2, "A").with_model_renamed(0, "C")
        session.apply(document, "Rename models")
        assert self.losses(session) == {"C": before["A"], "B": before["B"], "A": before["C"]}

    def test_when_it_is_duplicated(self, session, settled):
        before = self.losses(session)
        scores = session.document.models[2].scores
        session.apply(session.document.with_model("copy", ScoreKind.PROBABILITY, scores, at=1), "Duplicate model")
        assert self.losses(session) == before | {"copy": before["C"]}
        settled(session)
        assert self.losses(session) == before | {"copy": before["C"]}

    def test_when_its_scores_are_read_as_logits(self, session, settled):
        before = self.losses(session)
        scores = session.document.models[0].scores
        session.apply(session.document.with_model("as logits", ScoreKind.LOGIT, scores), "Add model")
        assert session.results_of(3) is None
        settled(session)
        assert session.results_of(3).mean_loss != before["A"]

    def test_when_a_new_one_is_not_evaluated_yet(self, session, settled):
        session.apply(session.document.with_model("D", ScoreKind.PROBABILITY, [0.5, 0.5, 0.5]), "Add model")
        assert session.results_of(3) is None
        assert session.counts_of(3) is None
        settled(session)
        assert session.results_of(3).mean_loss == pytest.approx(np.log(2))

    def test_when_a_document_of_other_categories_is_shown(self, session):
        other = Document.create([[1, 0]], {"A": [[0.5, 0.5]]}, categories=("a", "b"))
        session.apply(other, "Open")
        assert session.results_of(0) is None


class TestLooking:
    def test_at_something_else_is_told_and_not_undone(self, session):
        told = heard(session.view_changed)
        session.look(current=3, selected=rows(1, 3))
        assert session.view.current == 3
        assert told == [None]
        assert session.undo_stack.count() == 0

    def test_what_undo_takes_away_is_no_longer_looked_at(self, session):
        document = session.document
        document = document.with_rows(4, np.ones((2, 1)), [np.ones((2, 1))], ["", ""])
        session.apply(document.with_model("B", ScoreKind.PROBABILITY, np.ones(6)), "Add")
        session.look(current=5, selected=rows(1, 5), model=1)
        told = heard(session.view_changed)
        session.undo_stack.undo()
        assert session.view.current is None
        assert session.view.selected.tolist() == []  # the same numbers may now be other rows
        assert session.view.model == 0
        assert told == [None]

    def test_the_view_already_fits_when_others_hear_of_the_document(self, session):
        seen = []
        session.look(current=3)
        session.document_changed.connect(lambda change: seen.append(session.view.current))
        session.apply(session.document.without_rows(rows(3)), "Delete row")
        assert seen == [None]


class TestOpening:
    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "scores.csv"
        path.write_text("label,A\n1,0.9\n0,0.2\n")
        return path

    def test_what_is_large_is_drawn_before_it_is_evaluated(self, session, settled, qtbot, film_still, monkeypatch):
        settled(session)
        waited = []
        monkeypatch.setattr(module, "_wait", lambda seconds, _stopped: waited.append(seconds))
        for at_once in (1000, 1):
            monkeypatch.setattr(module, "AT_ONCE", at_once)
            with qtbot.waitSignal(session.opened):
                session.open(lambda stopped, report: Opened(film_still.without_rows(rows(0))))
            settled(session)
            session.undo_stack.undo()
            settled(session)
        session.apply(session.document.with_labels(rows(0), 0), "")
        settled(session)
        assert waited == [0.0, 0.0, module.FIRST_PICTURE, module.FIRST_PICTURE, 0.0]

    def test_a_file_shows_it_and_can_be_undone(self, session, qtbot, settled, file):
        before = session.document
        with qtbot.waitSignal(session.opened) as opened:
            session.open(partial(files.read, file))
            assert session.reading
            assert session.document is before
        assert opened.args[0].document is session.document
        assert (session.document.title, session.document.rows) == ("scores", 2)
        assert session.undo_stack.undoText() == "scores"
        assert not session.reading
        settled(session)
        assert session.results_of(0).mean_loss == pytest.approx(-np.log([0.9, 0.8]).mean())
        session.undo_stack.undo()
        assert session.document is before

    def test_a_file_looks_at_what_is_to_be_looked_at_first(self, session, qtbot, film_still):
        session.look(current=3, selected=rows(0, 3))
        with qtbot.waitSignal(session.opened):
            session.open(lambda stopped, report: Opened(film_still.without_rows(rows(0)), current=1))
        assert session.view.current == 1
        assert session.view.selected.tolist() == [1]

    def test_the_supposed_share_of_yes_is_of_the_document_it_was_chosen_for(self, session, qtbot, file):
        session.decide(prevalence=0.1)
        with qtbot.waitSignal(session.opened):
            session.open(partial(files.read, file))
        assert session.supposed is None
        session.decide(prevalence=0.001)
        session.edit(lambda document: document.with_threshold(0.25), "Move threshold")
        session.undo_stack.undo()
        assert session.supposed == 0.001
        with qtbot.waitSignal(session.view_changed):
            session.undo_stack.undo()
        assert session.supposed == 0.1
        session.decide(prevalence=None)
        session.undo_stack.redo()
        assert session.supposed == 0.001
        session.undo_stack.undo()
        assert session.supposed is None

    def test_a_broken_file_is_told_and_changes_nothing(self, session, qtbot, file):
        before, view = session.document, session.view
        file.write_text("label,A\n1,1.2\n")
        with qtbot.waitSignal(session.failed) as failed:
            session.open(partial(files.read, file))
        assert isinstance(failed.args[0], DataError)
        assert failed.args[0].details == {"file": "scores.csv", "row": 1, "column": "A", "value": 1.2}
        assert (session.document, session.view) == (before, view)
        assert session.undo_stack.count() == 0
        assert not session.busy

    def test_an_edit_made_while_a_file_is_read_can_still_be_undone(self, session, qtbot, file):
        before, free = session.document, threading.Event()

        def slowly(stopped, report):
            assert free.wait(10)
            return files.read(file, stopped, report)

        with qtbot.waitSignal(session.opened):
            session.open(slowly)
            session.apply(session.document.with_threshold(0.1), "Move threshold")
            free.set()
        session.undo_stack.undo()
        assert session.document.thresholds == (0.1,)
        session.undo_stack.undo()
        assert session.document is before

    def test_what_is_undone_while_a_file_is_read_stays_undone(self, session, qtbot, file):
        before, free = session.document, threading.Event()

        def slowly(stopped, report):
            assert free.wait(10)
            return files.read(file, stopped, report)

        session.apply(session.document.with_threshold(0.1), "Move threshold")
        with qtbot.waitSignal(session.opened):
            session.open(slowly)
            session.undo_stack.undo()
            assert session.document is before
            assert session.reading
            free.set()
        assert session.document.title == "scores"
        session.undo_stack.undo()
        assert session.document is before
        assert not session.undo_stack.canUndo()

    def test_giving_up_leaves_what_was_shown(self, session, qtbot, file):
        before, free = session.document, threading.Event()

        def slowly(stopped, report):
            assert free.wait(10)
            return files.read(file, stopped, report)

        session.open(slowly)
        session.cancel()
        assert not session.reading
        with qtbot.assertNotEmitted(session.opened, wait=50):
            free.set()
        assert session.document is before


def test_closing_in_the_middle_of_work_leaves_no_thread_and_tells_nothing(qapp, film_still):
    threads = threading.active_count()
    session = Session(Opened(film_still))
    told = heard(session.results_changed)
    session.open(lambda stopped, report: Opened(film_still))
    session.close()
    assert threading.active_count() == threads
    qapp.processEvents()
    assert told == []


def test_a_session_lets_go_in_silence_when_it_is_closed(new_session, film_still):
    session = new_session(film_still)
    session.apply(session.document.with_threshold(0.5), "Move threshold")
    moved = heard(session.undo_stack.indexChanged)
    session.close()
    session.undo_stack.clear()
    assert moved == []


@pytest.mark.parametrize("categories", [3, 40])
def test_counts_are_those_of_each_category_whichever_thresholds_are_new(new_session, categories):
    rng = np.random.default_rng(0)
    shape = (50, categories)
    session = new_session(
        Document.create(
            rng.integers(0, 2, shape),
            {m: rng.random(shape) for m in "AB"},
            categories=list(map(str, range(categories))),
        )
    )
    ways = [
        lambda document: document.with_threshold(0.25),
        lambda document: document.with_thresholds_apart(),
        lambda document: document.with_threshold(0.75, 2),
        lambda document: document.with_threshold(0.7, 1).with_threshold(0.1, 2),
        lambda document: document.with_thresholds(rng.random(categories).tolist()),
        lambda document: document.without_model(0),
        lambda document: document.with_threshold_shared(1),
    ]
    for way in ways:
        session.edit(way, "T")
        for m in range(len(session.document.models)):
            numbers = session.results_of(m)
            expected = [numbers.counts(c, session.document.threshold(c)) for c in range(categories)]
            assert session.counts_of(m) == expected


def test_a_closed_session_keeps_no_steps_that_would_end_the_process_when_they_are_collected(new_session, film_still):
    session = new_session(film_still)
    session.apply(session.document.with_threshold(0.3), "Set threshold")
    session.close()
    assert session.undo_stack.count() == 0
