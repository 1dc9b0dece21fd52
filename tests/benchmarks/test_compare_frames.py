"""What a person's gestures cost the Compare workspace, side by side of it, apply to paint; and its first numbers.

Seen in a window of 1920 × 1080. Frames are measured and told as in ``test_frames``; of many the worst is told too. Of a
side that is opened for the first time the longest time counts for which the window stood still, and when all of its
numbers had come stands beside, and when all of its panels were there. What is closed in the midst cancels its work.
Memory is what the process held at most beyond what it held with the document open in Explore.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, QSize, QTimer
from PySide6.QtWidgets import QApplication
from test_frames import Figure, _as_the_program_does, stalled
from test_threshold_frames import dragged

from xentviz import app
from xentviz.core.document import Document
from xentviz.core.duel import Outcome
from xentviz.files.opened import Opened
from xentviz.ui.window.main_window import MainWindow
from xentviz.ui.window.panel_page import Place

__all__ = ["_as_the_program_does"]

SIZE = QSize(1920, 1080)
CASES = [
    (3_000, 3, 1, False),
    (10_000_000, 2, 1, False),
    (100_000, 2, 30, False),
    (100_000, 2, 300, False),
    (100_000, 2, 300, True),
]
SIDES = ("rows", "calibration", "curves", "losses", "decisions", "slices")
FRAME, DEAF = 16.0, 100.0
"""What a frame may be at most, and how long a job may take to stop, in milliseconds."""

TIMES = 30
MIDST = 0.4
"""So many seconds after it was opened a window is closed that is still at work."""


def document_of(rows: int, models: int, categories: int = 1, *, multiclass: bool = False) -> Document:
    """Return models that know something, each a little more than the one before."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, (rows, categories))
    if multiclass:
        labels = np.eye(categories)[rng.integers(0, categories, rows)]
    logits = {
        f"model {m}": rng.normal(size=labels.shape, loc=(0.8 + 0.2 * m) * (2 * labels - 1), scale=1.5)
        for m in range(models)
    }
    names = [f"c{c}" for c in range(categories)]
    scores = {name: 1 / (1 + np.exp(-of)) for name, of in logits.items()}
    if multiclass:
        labels = labels.argmax(axis=1)
        scores = {name: of / of.sum(axis=1, keepdims=True) for name, of in scores.items()}
    return Document.create(labels, scores, categories=names, multiclass=multiclass)


def window_of(document: Document, workspace: str) -> MainWindow:
    window = app.make_window(Opened(document), "light", workspace)
    window.resize(SIZE)
    window.show()
    app.settle(QApplication.instance(), window)
    return window


def frame(name: str, gesture: Callable[[int], None]) -> list[Figure]:
    """Return the median of a gesture's frames, and the worst of them."""
    taken, worked = [], []
    for i in range(TIMES):
        begun, work = time.perf_counter(), time.thread_time()
        gesture(i)
        QApplication.processEvents()
        taken.append(1000 * (time.perf_counter() - begun))
        worked.append(1000 * (time.thread_time() - work))
    worst = int(np.argmax(worked))
    return [
        Figure(name, float(np.median(taken)), float(np.median(worked)), FRAME),
        Figure(f"{name}, the worst of {TIMES}", taken[worst], worked[worst], FRAME),
    ]


def in_time(name: str, gesture: Callable[[int], None]) -> Figure:
    """Return the median of the work in a frame of a gesture made at 60 frames a second: its answers come meanwhile."""
    worked = []
    for i in range(TIMES):
        begun, work = time.perf_counter(), time.thread_time()
        gesture(i)
        while time.perf_counter() < begun + FRAME / 1000:
            QApplication.processEvents()
            time.sleep(0.001)
        worked.append(1000 * (time.thread_time() - work))
    return Figure(name, float(np.median(worked)), float(np.median(worked)), FRAME)


def drags(window: MainWindow) -> list[Figure]:
    session, page = window.session, window.compare
    few, first, second = session.document.rows <= 10_000, session.gesture(), session.gesture()
    start = 0.3 + first / 1000  # a drag that ends where the one before did would be nothing to undo

    def threshold(i: int) -> None:
        session.apply(session.document.with_threshold(start + i / 100), "threshold", first)

    def undo(i: int) -> None:
        (session.undo_stack.undo if i % 2 == 0 else session.undo_stack.redo)()

    def dot(i: int) -> None:
        session.apply(session.document.with_scores(0, np.array([7]), start + i / 100), "score", second)

    figures = frame("threshold, a frame of its drag", threshold) + frame("undo of the threshold", undo)
    figures += frame("temperature, a frame of its drag", lambda i: session.compare(temperature=1.0 + i / 20))
    figures += frame("bins, a frame of their drag", lambda i: session.compare(bins=10 + i))
    if few:
        figures += frame("a dot, a frame of its drag", dot) + frame("undo of the dot", undo)
        figures.append(in_time("a dot, dragged in time, its answers with it", dot))
    if page.budget.isVisible() and page.budget.plot.canvas.moving.handles:
        plot = page.budget.plot
        handle = next(handle for handle in plot.canvas.moving.handles if handle.strong)
        start = QPointF(*(float(pixel) for pixel in plot.canvas.pixels(handle.x, handle.y)))
        costs = dragged(plot.viewport(), start, start + QPointF(200, 0), TIMES)
        figures.append(Figure("drag of the budget's handle", *costs, FRAME))
    return figures


def opening(document: Document) -> list[Figure]:
    """Return what it costs to open the workspace, and then each side of it, for the first time."""
    window = window_of(document, "explore")
    app.load_ahead().join()
    app.build_ahead(window)
    begun = _stall("the pages, made ahead", window, lambda: _wait_for_pages(window))
    figures = [begun, _first("the workspace", window, "rows", lambda: window.show_workspace("compare"))]
    figures += [_first(side, window, side, window.compare.sides[side].click) for side in SIDES[1:]]
    figures += [_stall(f"{side}, again", window, window.compare.sides[side].click) for side in SIDES]
    window.close()
    return figures


def _wait_for_pages(window: MainWindow) -> None:
    """Wait until the program has made all it makes ahead."""
    until = time.perf_counter() + 3 * app.LOADED_MILLISECONDS / 1000
    while time.perf_counter() < until:
        QApplication.processEvents()


def clicks(window: MainWindow, side: str) -> list[Figure]:
    """Return what a click costs that lists rows, and taking the selection back."""
    page = window.compare
    gestures: dict[str, Callable[[], object]] = {
        "rows": page.duel.buttons[Outcome.FIRST_WINS].click,
        "calibration": lambda: page.reliability.plot.picked.emit(7),
        "losses": page.budget.listing.click,
        "decisions": page.agreement.apart.click,
        "slices": lambda: page.slices.list.picked.emit(0),
    }
    if side not in gestures:
        return []
    figures = [_stall("a click that selects", window, gestures[side])]
    window.session.look(selected=np.array([0]), current=0)
    app.settle(QApplication.instance(), window)
    return figures


def closing(document: Document) -> list[Figure]:
    """Return how long a window takes to close while each side is at work."""
    figures = []
    for side in SIDES:
        window = window_of(document, "explore")
        window.show_workspace("compare")
        window.compare.sides[side].click()
        until = time.perf_counter() + MIDST
        while time.perf_counter() < until:
            QApplication.processEvents()
            time.sleep(0.001)
        begun, work = time.perf_counter(), time.thread_time()
        window.close()
        spent, worked = time.perf_counter() - begun, time.thread_time() - work
        figures.append(Figure(f"{side}, closed in the midst", 1000 * spent, 1000 * worked, DEAF))
    return figures


def _first(name: str, window: MainWindow, side: str, gesture: Callable[[], object]) -> Figure:
    """Return how long the window stands still when a side is first chosen, and when its panels are there."""
    begun, there = time.perf_counter(), list[float]()

    def look() -> None:
        if not any(place.isVisible() for place in window.compare.findChildren(Place)):
            there.append(1000 * (time.perf_counter() - begun))
            looking.stop()

    looking = QTimer(window, interval=1)
    looking.timeout.connect(look)
    looking.start()
    figure = _stall(name, window, gesture)
    return replace(figure, name=f"{name}, its panels there after {min(there, default=float('nan')):.0f} ms")


def _stall(name: str, window: MainWindow, gesture: Callable[[], object]) -> Figure:
    still, worked, most, answered = stalled(window, lambda: (gesture(), None)[1])
    return Figure(name, still, worked, most, answered)


def _held(which: str) -> float:
    """Return megabytes that this process holds, ``VmRSS``, or held at most, ``VmHWM``; nan where nobody knows."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(which)), float("nan"))


def _forget_peak() -> None:
    peak = Path("/proc/self/clear_refs")
    if peak.exists():
        peak.write_text("5")


def told(title: str, figures: Sequence[Figure]) -> None:
    print(f"  {title}", *figures, sep="\n")


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("rows", "models", "categories", "multiclass"), CASES)
def test_compare_frames(qapp, capsys, rows, models, categories, multiclass):
    limit = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", -1)  # faster than a hand; every one of the moves is to be measured
    document = document_of(rows, models, categories, multiclass=multiclass)
    with capsys.disabled():
        of_each = f"{categories} {'answers' if multiclass else 'categories'}"
        print(f"\n{rows:>10,} rows × {models} models × {of_each}")
        window_of(document, "explore").close()
        before = _held("VmRSS")
        _forget_peak()
        told("opened for the first time", opening(document))
        print(f"    held at most {_held('VmHWM') - before:,.0f} MB beyond {before:,.0f} MB with the document open")
        window = window_of(document, "compare")
        for side in SIDES:
            window.compare.sides[side].click()
            app.settle(qapp, window)
            told(side, drags(window) + clicks(window, side))
        print(f"    held at most {_held('VmHWM') - before:,.0f} MB beyond it")
        window.session.undo_stack.setIndex(0)  # nothing to ask about
        window.close()
        if rows * categories > 1_000_000:
            told("closing", closing(document))
    pg.setConfigOption("mouseRateLimit", limit)
