"""What a person's gestures cost the window, apply to paint, from four rows to ten million; a frame is 16 ms.

A gesture that is answered at once is measured from the hand to the painted window. Of one that is answered in the
background the longest time counts for which the window stood still meanwhile, and the answer's own time stands beside.
What the window's own thread worked of that time is told too: on a machine that others use the rest is waiting.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from xentviz import app
from xentviz.core.document import Document
from xentviz.files.opened import Opened
from xentviz.session.view import Shown
from xentviz.ui.window.main_window import MainWindow

SIZES = [(4, 1), (1_000, 1), (100_000, 1), (100_000, 3), (10_000_000, 1)]
ANSWERS = [(100_000, 10), (3_000_000, 3)]
"""Rows with one answer in many."""
DRAG, GESTURE, STALL = 8.0, 33.0, 16.0
"""What each kind of figure may be at most, in milliseconds."""


@dataclass
class Figure:
    name: str
    milliseconds: float
    work: float
    most: float
    answered: float | None = None

    def __str__(self) -> str:
        answered = "" if self.answered is None else f"   answered after {self.answered:6.0f} ms"
        verdict = " " if self.milliseconds <= self.most else "!"
        spent = f"{self.milliseconds:8.1f} ms {verdict} (≤ {self.most:2.0f}), of it work {self.work:6.1f} ms"
        return f"    {self.name:44}{spent}{answered}"


def document_of(rows: int, categories: int, *, multiclass: bool = False) -> Document:
    rng = np.random.default_rng(0)
    shape = (rows, categories)
    models = {"A": rng.random(shape), "B": rng.random(shape)}
    labels = rng.integers(0, 2, shape)
    if multiclass:
        labels = rng.integers(0, categories, rows)
        models = {name: scores / scores.sum(axis=1, keepdims=True) for name, scores in models.items()}
    names = [f"c{c}" for c in range(categories)]
    return Document.create(labels, models, categories=names, multiclass=multiclass)


def window_of(document: Document) -> MainWindow:
    window = app.make_window(Opened(document), "light", "explore")
    window.resize(1440, 900)
    window.show()
    app.settle(QApplication.instance(), window)
    return window


def frames(gesture: Callable[[int], None], times: int = 30) -> tuple[float, float]:
    """Return the medians of the time that a gesture takes, paint included, and of the work in it."""
    taken, worked = [], []
    for i in range(times):
        begun, work = time.perf_counter(), time.thread_time()
        gesture(i)
        QApplication.processEvents()
        taken.append(1000 * (time.perf_counter() - begun))
        worked.append(1000 * (time.thread_time() - work))
    return statistics.median(taken[1:]), statistics.median(worked[1:])


def longest_stall(window: MainWindow, gesture: Callable[[], None]) -> tuple[float, float, float]:
    """Return for how long at most the window stood still, and worked, and after how long the answer was painted."""
    ticks = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
    turns, works = [time.perf_counter()], [time.thread_time()]
    ticks.timeout.connect(lambda: (turns.append(time.perf_counter()), works.append(time.thread_time())))
    begun = time.perf_counter()
    ticks.start()
    gesture()
    while window.session.busy or window.will_redraw:
        QApplication.processEvents()
        time.sleep(0.0002)  # as in an event loop, the interpreter is free between two events
    for _turn in range(2):  # panels draw themselves, and are painted
        QApplication.processEvents()
    answered = 1000 * (time.perf_counter() - begun)
    for _turn in range(5):
        time.sleep(0.002)
        QApplication.processEvents()
    ticks.stop()
    return 1000 * float(np.diff(turns).max()), 1000 * float(np.diff(works).max()), answered


def at_once(window: MainWindow) -> list[Figure]:
    session, view = window.session, window.table.view
    at = np.array([session.document.elements // 2])
    bar = view.verticalScrollBar()

    def threshold(i: int) -> None:
        session.apply(session.document.with_threshold(0.3 + i / 100), "threshold", 1)

    def score(i: int) -> None:
        session.apply(session.document.with_scores(0, at, 0.3 + i / 100), "score", 2)

    def undo(i: int) -> None:
        (session.undo_stack.undo if i % 2 == 0 else session.undo_stack.redo)()

    def scroll(i: int) -> None:
        bar.setValue(bar.maximum() * i // 30)

    figures = [Figure("threshold, a frame of its drag", *frames(threshold), DRAG)]
    figures.append(Figure("undo of the threshold", *frames(undo), DRAG))
    figures.append(Figure("scroll", *frames(scroll), STALL))
    for name, gesture in (("edit", lambda: score(0)), ("undo of the edit", session.undo_stack.undo)):
        still, worked, shown = longest_stall(window, gesture)
        figures.append(Figure(f"{name}, until it shows everywhere", shown, worked, GESTURE))
        figures.append(Figure(f"{name}, longest stall", still, worked, STALL))
    return figures


def in_background(window: MainWindow) -> list[Figure]:
    session = window.session

    def drag() -> None:
        for i in range(10):
            session.apply(session.document.with_threshold(0.4 + i / 100), "threshold", 3)
            QApplication.processEvents()

    gestures = {
        "sort by loss": lambda: session.look(sorted_by="loss", descending=True),
        "threshold while sorted": lambda: session.apply(session.document.with_threshold(0.7), "threshold"),
        "list wrong rows, sorted": lambda: session.look(shown=Shown.WRONG),
        "list wrong rows": lambda: session.look(sorted_by=None),
        "ten frames of a drag, wrong rows": drag,
        "list all rows": lambda: session.look(shown=Shown.ALL),
        "delete a row": lambda: session.apply(session.document.without_rows(np.array([1])), "delete"),
        "undo of that": session.undo_stack.undo,
        "select a row": lambda: window.table.view.selectRow(1),
        "select all": window.table.select_all,
    }
    return [Figure(name, *stalled(window, gesture)) for name, gesture in gestures.items()]


def stalled(window: MainWindow, gesture: Callable[[], None]) -> tuple[float, float, float, float]:
    still, worked, answered = longest_stall(window, gesture)
    return still, worked, STALL, answered


def opening(document: Document) -> list[Figure]:
    """Return what it costs to open a document that needs no reading, in place of a small one, and to take it back."""
    window = window_of(Document.create([1, 0], {"A": [0.4, 0.3]}))
    stack = window.session.undo_stack
    gestures = {
        "evaluate and draw": lambda: window.session.open(lambda _stopped, _report: Opened(document)),
        "undo of opening": stack.undo,
        "redo of opening": stack.redo,
    }
    figures = [Figure(name, *stalled(window, gesture)) for name, gesture in gestures.items()]
    stack.setIndex(0)  # nothing to ask about
    window.close()
    return figures


@pytest.fixture(autouse=True)
def _as_the_program_does():
    before = sys.getswitchinterval()
    sys.setswitchinterval(app.SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    sys.setswitchinterval(before)


CASES = [(*size, False) for size in SIZES] + [(*size, True) for size in ANSWERS]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("rows", "categories", "multiclass"), CASES)
def test_frames(qapp, capsys, rows, categories, multiclass):
    document = document_of(rows, categories, multiclass=multiclass)
    figures = opening(document)
    window = window_of(document)
    figures += at_once(window)
    figures += in_background(window)
    window.session.undo_stack.setIndex(0)  # nothing to ask about
    window.close()
    with capsys.disabled():
        of_each = "" if categories == 1 else f" × {categories} {'answers' if multiclass else 'categories'}"
        print(f"\n{rows:>10,} rows × 2 models{of_each}", *figures, sep="\n")
