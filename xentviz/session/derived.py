"""A value worked out of what the session holds, anew when that has changed and a panel wants it."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from xentviz.core.progress import Report, Stopped, check, never, unheard
from xentviz.session.latest import Job, Latest
from xentviz.session.listing import same

Value = TypeVar("Value")

Finding = tuple[tuple[object, ...], Any]
"""What a value is of, and the value."""

REST = 12
"""Hundredths of a second that what is dragged must stand still before work begins that would hold up the hand."""

ASKING_SECONDS = 0.02
"""How often work that waits asks whether it is wanted yet."""


class Derived(QObject, Generic[Value]):
    """Works at once where that takes no time, else in the background; until then the value from before stands.

    In the background one is worked out at a time, first come, first served: each works on all cores, and all together
    would hold several times the memory and leave the window less. What fails is told once, by ``latest.failed``, and
    not tried again on the same subjects.

    Parameters
    ----------
    subjects : callable
        Returns all that the value depends on: where nothing of it is new, nothing is worked out.
    job : callable
        Returns the work to do on the subjects as they are now: a plain function of ``stopped`` and ``report``.
    quick : callable
        Returns whether the work takes less than a frame.
    lasts : bool
        Whether of many rows the work may take seconds: it lets all other work go first, and pauses for what comes.
    rests : callable
        Returns whether in the background it first waits a while, for what is dragged will have moved on by then.

    Signals
    -------
    changed()
        A new value has come from the background.
    """

    changed = Signal()

    def __init__(
        self,
        subjects: Callable[[], tuple[object, ...]],
        job: Callable[[], Job],
        quick: Callable[[], bool],
        parent: QObject,
        *,
        lasts: bool = False,
        rests: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._subjects, self._job, self._quick = subjects, job, quick
        self._lasts, self._rests = lasts, rests
        self._asked: tuple[object, ...] | None = None
        self._of: tuple[object, ...] | None = None
        self._value: Value | None = None
        self._known: Finding | None = None
        self.latest = Latest(self, in_turn=True)
        self.latest.answered.connect(self._take)

    def wanted(self) -> Value | None:
        """Return the newest value there is, None before the first, and see to it that the right one comes."""
        subjects = self._subjects()
        if self._asked is None or not same(subjects, self._asked):
            self._asked = subjects
            if self.is_current:
                self._keep()
            elif self._known is not None and same(self._known[0], subjects):
                self._of, self._value = self._known
                self._keep()
            elif self._quick():
                self.latest.cancel()
                self._work_at_once(subjects)
            else:
                self.latest.start(self._in_turn())
        return self._value

    @property
    def finding(self) -> Finding | None:
        """The value and its subjects, None if it is not of the subjects as they are now."""
        return (self._of, self._value) if self._of is not None and self.is_current else None

    def know(self, finding: Finding) -> None:
        """Take what another has worked out whenever its subjects are those of this one."""
        self._known = finding

    def forget(self) -> None:
        """Let go of the value and of all work on it, until it is wanted again."""
        self.latest.cancel()
        self._asked = self._of = self._value = self._known = None

    def _in_turn(self) -> Job:
        job = _lasting(self._job()) if self._lasts else _brief(self._job())
        return _rested(job) if self._rests() else job

    @property
    def is_current(self) -> bool:
        """Whether the value is of the subjects as they are now."""
        return self._of is not None and same(self._of, self._subjects())

    def _keep(self) -> None:
        """Go on with the value there is, for its subjects have come back while others were worked on."""
        if self.latest.busy:
            self.latest.cancel()
            self.changed.emit()

    def _work_at_once(self, subjects: tuple[object, ...]) -> None:
        try:
            self._of, self._value = subjects, self._job()(never, unheard)
        except Exception as error:  # as in the background: whoever draws must not fail because of it
            self.latest.failed.emit(error)

    def _take(self, value: Any) -> None:
        self._of, self._value = self._asked, value
        self.changed.emit()


class Queue:
    """Lets one thread go on at a time, in the order in which they come."""

    def __init__(self) -> None:
        self._waiting = deque[object]()
        self._moved = Condition()

    @contextmanager
    def turn(self, stopped: Stopped) -> Iterator[None]:
        """Wait until all that came before have gone; raise ``Cancelled`` if it is wanted no more."""
        place = object()
        with self._moved:
            self._waiting.append(place)
        try:
            with self._moved:
                while self._waiting[0] is not place:
                    check(stopped)
                    self._moved.wait(ASKING_SECONDS)
            yield
        finally:
            with self._moved:
                self._waiting.remove(place)
                self._moved.notify_all()

    def let_pass(self, stopped: Stopped) -> None:
        """Wait until nobody is in it."""
        with self._moved:
            while self._waiting and not stopped():
                self._moved.wait(ASKING_SECONDS)


_of_brief, _of_lasting = Queue(), Queue()


def _brief(job: Job) -> Job:
    def work(stopped: Stopped, report: Report) -> Any:
        with _of_brief.turn(stopped):
            return job(stopped, report)

    return work


def _lasting(job: Job) -> Job:
    def work(stopped: Stopped, report: Report) -> Any:
        def stopped_or_pausing() -> bool:
            _of_brief.let_pass(stopped)
            return stopped()

        with _of_lasting.turn(stopped):
            check(stopped_or_pausing)
            return job(stopped_or_pausing, report)

    return work


def _rested(job: Job) -> Job:
    def work(stopped: Stopped, report: Report) -> Any:
        for _ in range(REST):
            check(stopped)
            time.sleep(0.01)
        return job(stopped, report)

    return work
