"""Values worked out in the background: one at a time, those that last pausing for the others."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from xentviz.core.progress import check
from xentviz.session import derived
from xentviz.session.derived import Derived


class Worker:
    """A job that tells when it has begun, asks whether to stop, and ends when it is let go."""

    def __init__(self) -> None:
        self.begun, self.go, self.asked = Event(), Event(), 0

    def __call__(self, stopped: Callable[[], bool], _report: Callable[[float], None]) -> str:
        self.begun.set()
        while not self.go.wait(0.001):
            check(stopped)
            self.asked += 1
        return "done"


@pytest.fixture
def derive(qtbot: QtBot) -> Iterator[Callable[..., Derived[Any]]]:
    """Return a maker of values that take their time; all are closed when the test ends."""
    parent, made = QObject(), list[Derived[Any]]()

    def make(
        job: Callable[..., object], subjects: Callable[[], tuple[object, ...]] = tuple, **how: Any
    ) -> Derived[Any]:
        made.append(Derived(subjects, lambda: job, lambda: False, parent, **how))
        return made[-1]

    yield make
    for one in made:
        one.latest.cancel()
    for one in made:
        one.latest.close()


def test_what_is_forgotten_is_worked_out_anew(derive, qtbot):
    worker = Worker()
    value = derive(worker)
    for _ in range(2):
        worker.begun.clear()
        worker.go.set()
        assert value.wanted() is None
        qtbot.waitUntil(lambda: value.wanted() == "done")
        assert worker.begun.is_set()
        value.forget()
    worker.go.clear()
    value.wanted()
    value.forget()
    assert not value.latest.busy


def test_one_is_worked_out_at_a_time_first_come_first_served(derive, qtbot):
    workers = [Worker() for _ in range(3)]
    values = [derive(worker) for worker in workers]
    for value in values:
        value.wanted()
    for at_work, behind in zip(workers, [*workers[1:], None], strict=True):
        qtbot.waitUntil(at_work.begun.is_set)
        assert behind is None or not behind.begun.wait(0.05)
        at_work.go.set()
    qtbot.waitUntil(lambda: [value.wanted() for value in values] == ["done"] * 3)


def test_one_that_waits_and_is_wanted_no_more_goes_and_lets_those_behind_it_go_on(derive, qtbot):
    first, second, third = Worker(), Worker(), Worker()
    values = [derive(worker) for worker in (first, second, third)]
    for value in values:
        value.wanted()
    qtbot.waitUntil(first.begun.is_set)
    values[1].latest.close()  # returns at once, though the first is still at work
    assert not first.go.is_set()
    first.go.set()
    third.go.set()
    qtbot.waitUntil(lambda: values[2].wanted() == "done")
    assert not second.begun.is_set()


def test_one_that_is_asked_for_again_stops_and_comes_of_the_new_subjects(derive, qtbot):
    worker, subjects = Worker(), ["old"]
    value = derive(worker, lambda: tuple(subjects))
    value.wanted()
    qtbot.waitUntil(worker.begun.is_set)
    subjects[0] = "new"
    worker.begun.clear()
    value.wanted()
    qtbot.waitUntil(worker.begun.is_set)
    worker.go.set()
    qtbot.waitUntil(lambda: value.wanted() == "done" and value.is_current)


def test_what_lasts_begins_after_all_others(derive, qtbot):
    at_work, lasting, brief = Worker(), Worker(), Worker()
    values = [derive(at_work), derive(lasting, lasts=True), derive(brief)]
    for value in values:
        value.wanted()
    qtbot.waitUntil(at_work.begun.is_set)
    at_work.go.set()
    qtbot.waitUntil(brief.begun.is_set)
    assert not lasting.begun.wait(0.05)
    brief.go.set()
    qtbot.waitUntil(lasting.begun.is_set)
    lasting.go.set()
    qtbot.waitUntil(lambda: values[1].wanted() == "done")


def test_what_lasts_pauses_for_others_in_its_midst(derive, qtbot):
    lasting, brief = Worker(), Worker()
    of_lasting, of_brief = derive(lasting, lasts=True), derive(brief)
    of_lasting.wanted()
    qtbot.waitUntil(lambda: lasting.asked > 3)
    of_brief.wanted()
    qtbot.waitUntil(brief.begun.is_set)  # it need not wait until the other has ended
    asked = lasting.asked
    assert not lasting.go.wait(0.05)
    assert lasting.asked <= asked + 1
    brief.go.set()
    qtbot.waitUntil(lambda: lasting.asked > asked + 1)
    lasting.go.set()
    qtbot.waitUntil(lambda: of_lasting.wanted() == of_brief.wanted() == "done")


def test_what_lasts_can_be_stopped_while_it_pauses(derive, qtbot):
    lasting, brief = Worker(), Worker()
    of_lasting, of_brief = derive(lasting, lasts=True), derive(brief)
    of_lasting.wanted()
    qtbot.waitUntil(lambda: lasting.asked > 3)
    of_brief.wanted()
    qtbot.waitUntil(brief.begun.is_set)
    of_lasting.latest.close()  # returns though the other is still at work
    assert not brief.go.is_set()


def test_it_rests_only_where_it_is_told_to(derive, monkeypatch, qtbot):
    monkeypatch.setattr(derived, "REST", 1_000_000)
    resting, other = Worker(), Worker()
    derive(resting, rests=lambda: True).wanted()
    derive(other, rests=lambda: False).wanted()
    qtbot.waitUntil(other.begun.is_set)  # who rests keeps nobody waiting
    assert not resting.begun.is_set()


def test_one_that_fails_lets_those_behind_it_go_on(derive, qtbot):
    def fail(*_ways_to_stop_and_report: object) -> None:
        raise ValueError("no")

    worker, failing = Worker(), derive(fail)
    value = derive(worker)
    with qtbot.waitSignal(failing.latest.failed):
        failing.wanted()
        value.wanted()
    worker.go.set()
    qtbot.waitUntil(lambda: value.wanted() == "done")
