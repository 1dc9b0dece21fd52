import threading

import pytest
from PySide6.QtCore import QObject

from xentviz.core.errors import Cancelled
from xentviz.session import latest as module
from xentviz.session.latest import Latest


@pytest.fixture
def latest(qtbot):
    parent = QObject()
    work = Latest(parent)
    yield work
    work.close()


@pytest.fixture
def patient(qtbot):
    parent = QObject()
    work = Latest(parent, in_turn=True)
    yield work
    work.close()


class Held:
    """A job that says when it has begun, and does not end before it is let go."""

    def __init__(self, answer="held"):
        self.answer = answer
        self.begun, self.free = threading.Event(), threading.Event()
        self.was_stopped = None

    def __call__(self, stopped, report):
        self.begun.set()
        assert self.free.wait(10)
        self.was_stopped = stopped()
        return self.answer


def test_an_answer_is_delivered_in_the_thread_of_the_window(latest, qtbot):
    delivered = []
    latest.answered.connect(lambda answer: delivered.append((answer, threading.current_thread())))
    with qtbot.waitSignal(latest.answered):
        latest.start(lambda stopped, report: threading.current_thread())
        assert latest.busy
    ((worked, arrived),) = delivered
    assert arrived is threading.main_thread()
    assert worked is not arrived
    assert not latest.busy


def test_a_newer_job_stops_the_older_one_and_its_answer_is_dropped(latest, qtbot):
    answers, older = [], Held("older")
    latest.answered.connect(answers.append)
    latest.start(older)
    assert older.begun.wait(10)
    with qtbot.waitSignal(latest.answered):
        latest.start(lambda stopped, report: "newer")
        older.free.set()
    assert older.was_stopped
    assert answers == ["newer"]


def test_of_many_jobs_at_once_only_the_last_one_answers(latest, qtbot):
    answers, first = [], Held()
    latest.answered.connect(answers.append)
    latest.start(first)
    with qtbot.waitSignal(latest.answered):
        for number in range(50):
            latest.start(lambda stopped, report, number=number: number)
        first.free.set()
    assert answers == [49]


def test_an_answer_that_is_already_on_its_way_is_dropped_too(latest, qtbot):
    answers, done = [], threading.Event()
    latest.answered.connect(answers.append)
    latest.start(lambda stopped, report: "older")
    latest._worker.submit(done.set)  # behind the older job: when it is done, the older answer waits for this thread
    assert done.wait(10)
    with qtbot.waitSignal(latest.answered):
        latest.start(lambda stopped, report: "newer")
    assert answers == ["newer"]


def test_an_error_is_delivered_and_the_next_job_works(latest, qtbot):
    with qtbot.waitSignal(latest.failed) as failed:
        latest.start(lambda stopped, report: 1 / 0)
    assert isinstance(failed.args[0], ZeroDivisionError)
    assert not latest.busy
    with qtbot.waitSignal(latest.answered):
        latest.start(lambda stopped, report: "fine")


def test_the_error_of_an_older_job_is_dropped(latest, qtbot):
    errors, older = [], Held()
    latest.failed.connect(errors.append)

    def failing(stopped, report):
        older(stopped, report)
        raise ValueError

    latest.start(failing)
    assert older.begun.wait(10)
    with qtbot.waitSignal(latest.answered):
        latest.start(lambda stopped, report: "newer")
        older.free.set()
    assert errors == []


def test_a_cancelled_job_gives_neither_answer_nor_error(latest, qtbot):
    heard, held = [], Held()
    latest.answered.connect(heard.append)
    latest.failed.connect(heard.append)

    def job(stopped, report):
        held(stopped, report)
        raise Cancelled

    latest.start(job)
    assert held.begun.wait(10)
    latest.cancel()
    assert not latest.busy
    held.free.set()
    with qtbot.waitSignal(latest.answered):
        latest.start(lambda stopped, report: "next")
    assert held.was_stopped
    assert heard == ["next"]


def test_progress_is_told(latest, qtbot, monkeypatch):
    monkeypatch.setattr(module, "REPORT_SECONDS", 0)
    shares = []
    latest.progressed.connect(shares.append)
    with qtbot.waitSignal(latest.answered):
        latest.start(lambda stopped, report: [report(share) for share in (0.25, 0.5)])
    assert shares == [0.25, 0.5]


def test_progress_is_not_told_more_often_than_anyone_can_see(latest, qtbot):
    shares = []
    latest.progressed.connect(shares.append)
    with qtbot.waitSignal(latest.answered):
        latest.start(lambda stopped, report: [report(i / 10_000) for i in range(10_000)])
    assert len(shares) < 100


def test_closing_stops_the_job_and_leaves_no_thread(qtbot):
    before = threading.active_count()
    parent = QObject()
    work = Latest(parent)

    def until_stopped(stopped, report):
        begun.set()
        while not stopped():
            pass
        raise Cancelled

    begun = threading.Event()
    work.start(until_stopped)
    assert begun.wait(10)
    work.close()
    assert threading.active_count() == before
    work.close()


def test_one_that_is_left_waits_for_nothing_and_goes_when_its_job_has_ended(qtbot):
    parent, held, answers = QObject(), Held(), []
    work = Latest(parent)
    work.answered.connect(answers.append)
    work.start(held)
    assert held.begun.wait(10)
    work.leave()
    del parent
    work.start(lambda stopped, report: "too late")
    with qtbot.waitSignal(work.destroyed):
        held.free.set()
    assert held.was_stopped
    assert not answers


class TestInTurn:
    def test_a_job_begins_in_a_later_turn_of_the_event_loop(self, patient, qtbot):
        job = Held()
        job.free.set()
        patient.start(job)
        assert patient.busy
        assert not job.begun.wait(0.05)
        with qtbot.waitSignal(patient.answered):
            assert patient.busy
        assert job.begun.is_set()

    def test_of_jobs_in_one_turn_only_the_last_one_begins(self, patient, qtbot):
        older, newer = Held("older"), Held("newer")
        newer.free.set()
        patient.start(older)
        with qtbot.waitSignal(patient.answered) as answered:
            patient.start(newer)
        assert answered.args == ["newer"]
        assert not older.begun.is_set()

    @pytest.mark.parametrize("end", [Latest.cancel, Latest.close])
    def test_a_job_that_is_wanted_no_more_never_begins(self, patient, qtbot, end):
        job = Held()
        patient.start(job)
        end(patient)
        assert not patient.busy
        qtbot.wait(20)
        assert not job.begun.is_set()

    def test_nor_does_one_that_is_left(self, qtbot):
        parent, job = QObject(), Held()
        left = Latest(parent, in_turn=True)
        left.start(job)
        with qtbot.waitSignal(left.destroyed):
            left.leave()
        assert not job.begun.is_set()
