"""Work in the background of which only the latest answer is wanted."""

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from xentviz.core.errors import Cancelled

Job = Callable[[Callable[[], bool], Callable[[float], None]], Any]
"""A plain function of ``stopped`` and ``report``, working on immutable input."""

REPORT_SECONDS = 0.05
NEXT_TURN = 1
"""Milliseconds: with none, the work would begin in this turn of the event loop."""
STEP_BACK = 10
"""How much nicer than the window's a worker's thread is, from 0 to 19."""


class Latest(QObject):
    """One worker thread; starting a job stops the one before, whose answer is dropped.

    Parameters
    ----------
    parent : QObject
    in_turn : bool
        Whether a job begins in a later turn of the event loop, so that the window is painted first.

    Signals
    -------
    answered(object)
        What the latest job has returned.
    failed(Exception)
        What it has raised.
    progressed(float)
        The share of it that is done.
    """

    answered = Signal(object)
    failed = Signal(object)
    progressed = Signal(object)
    _delivered = Signal(object, object, object)
    _left = Signal()

    def __init__(self, parent: QObject, *, in_turn: bool = False) -> None:
        super().__init__(parent)
        self._in_turn = in_turn
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="latest", initializer=_step_back)
        self._ticket: Event | None = None
        self._job: Job | None = None
        self._soon = QTimer(self, interval=NEXT_TURN, singleShot=True)
        self._soon.timeout.connect(self._begin)
        self._closed = False
        self._delivered.connect(self._deliver)
        self._left.connect(self.deleteLater)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._ticket is not None

    def start(self, job: Job) -> None:
        """Begin a job, at once or in turn, in place of the one before; once closed, begin none."""
        self.cancel()
        if self._closed:
            return
        self._ticket, self._job = Event(), job
        if self._in_turn:
            self._soon.start()
        else:
            self._begin()

    def _begin(self) -> None:
        job, self._job = self._job, None
        assert self._ticket is not None, "the timer stops when the job is wanted no more"
        assert job is not None, "every ticket has one"
        self._worker.submit(self._work, self._ticket, job)

    def cancel(self) -> None:
        """Ask the job to stop; its answer will not come."""
        if self._ticket is not None:
            self._ticket.set()
        self._ticket = self._job = None
        self._soon.stop()

    def close(self) -> None:
        """Stop, and wait until the thread has ended."""
        self.cancel()
        self._closed = True
        self._worker.shutdown(wait=True, cancel_futures=True)

    def leave(self) -> None:
        """Stop, and wait for nothing: it is gone when its thread has ended, whatever becomes of its parent."""
        self.cancel()
        self._closed = True
        self.setParent(QCoreApplication.instance())
        self._worker.submit(self._left.emit)
        self._worker.shutdown(wait=False)

    def _work(self, ticket: Event, job: Job) -> None:
        reported = time.monotonic()

        def report(share: float) -> None:
            nonlocal reported
            if time.monotonic() - reported >= REPORT_SECONDS:
                reported = time.monotonic()
                self._delivered.emit(ticket, self.progressed, share)

        try:
            answer = job(ticket.is_set, report)
        except Cancelled:
            return
        except Exception as error:  # shown to the person by whoever listens; a worker must not die silently
            self._delivered.emit(ticket, self.failed, error)
        else:
            self._delivered.emit(ticket, self.answered, answer)

    @Slot(object, object, object)
    def _deliver(self, ticket: Event, signal: Any, payload: Any) -> None:
        """Pass on, in the thread of the window, what belongs to the latest job."""
        if ticket is not self._ticket:
            return
        if signal is not self.progressed:
            self._ticket = None
        signal.emit(payload)


def _step_back() -> None:
    """Let the window go first wherever there is too little time for all; threads begun from here do the same."""
    if sys.platform == "linux":  # elsewhere a priority is the whole process's
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STEP_BACK)
