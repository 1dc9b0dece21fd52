"""What a person's gestures cost, apply to paint, from four rows to ten million; a frame is 16 ms."""

import statistics
import time

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from xentviz import app
from xentviz.core.document import Document
from xentviz.files.opened import Opened


def window_of(rows: int):
    rng = np.random.default_rng(0)
    models = {"A": rng.random(rows), "B": rng.random(rows)}
    window = app.make_window(Opened(Document.create(rng.integers(0, 2, rows), models)), "light", "explore")
    window.resize(1440, 900)
    window.show()
    app.settle(QApplication.instance(), window)
    return window


def milliseconds(gesture, times: int = 30) -> float:
    taken = []
    for i in range(times):
        begun = time.perf_counter()
        gesture(i)
        QApplication.processEvents()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken[1:])


@pytest.mark.parametrize("rows", [4, 1_000, 100_000, 10_000_000])
def test_frames(qapp, capsys, rows):
    window = window_of(rows)
    session = window.session
    at = np.array([rows // 2])

    def threshold(i):
        session.apply(session.document.with_threshold(0.3 + i / 100), "threshold", 1)

    def score(i):
        session.apply(session.document.with_scores(0, at, 0.3 + i / 100), "score", 2)

    def undo(i):
        (session.undo_stack.undo if i % 2 else session.undo_stack.redo)()

    figures = [milliseconds(gesture) for gesture in (threshold, score, undo)]
    session.undo_stack.setIndex(0)  # nothing to ask about
    window.close()
    with capsys.disabled():
        words = ", ".join(
            f"{name} {ms:.1f} ms" for name, ms in zip(("threshold", "edit", "undo"), figures, strict=True)
        )
        print(f"\n{rows:>10,} rows × 2 models: {words} a frame")
