"""What a moving threshold costs the Threshold workspace with all of its panels in sight, apply to paint.

The whole page is seen in a window of 1920 × 1080, and lower panels in one of 1440 × 900. Frames are measured and
told as in ``test_frames``.
"""

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from test_frames import DRAG, Figure, _as_the_program_does, document_of, frames, stalled

from xentviz import app
from xentviz.core.document import Document
from xentviz.files.opened import Opened
from xentviz.ui.window.main_window import MainWindow

__all__ = ["_as_the_program_does"]

LARGE, SMALL = QSize(1920, 1080), QSize(1440, 900)
CASES = [
    (1_000, 1, False),
    (10_000_000, 1, False),
    (1_000_000, 10, False),
    (10_000, 300, False),
    (100_000, 30, False),
    (100_000, 300, False),
    (3_000_000, 3, True),
    (100_000, 300, True),
]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


def window_of(document: Document, size: QSize) -> MainWindow:
    window = app.make_window(Opened(document), "light", "threshold")
    window.resize(size)
    window.show()
    app.settle(QApplication.instance(), window)
    return window


def mouse(widget: QWidget, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    there = QPointF(widget.mapToGlobal(at))
    event = QMouseEvent(kind, at, there, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def dragged(widget: QWidget, start: QPointF, end: QPointF, times: int = 30) -> tuple[float, float]:
    """Return what each move of the mouse costs, from one place to another with its left button held."""
    mouse(widget, QEvent.Type.MouseMove, start, NONE, NONE)
    mouse(widget, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
    figures = frames(
        lambda i: mouse(widget, QEvent.Type.MouseMove, start + (end - start) * ((i + 1) / times), NONE, LEFT), times
    )
    mouse(widget, QEvent.Type.MouseButtonRelease, end, LEFT, NONE)
    QApplication.processEvents()
    return figures


def drags(window: MainWindow) -> list[Figure]:
    session, page = window.session, window.threshold

    def threshold(i: int) -> None:
        session.apply(session.document.with_threshold(0.3 + i / 100), "threshold", 1)

    def undo(i: int) -> None:
        (session.undo_stack.undo if i % 2 == 0 else session.undo_stack.redo)()

    figures = [
        Figure("threshold, a frame of its drag", *frames(threshold), DRAG),
        Figure("undo of the threshold", *frames(undo), DRAG),
    ]
    picture, within = page.distribution.plot, page.distribution.plot.plot()
    across = QPointF(within.width() * 0.4, 0)
    start = QPointF(within.left() + within.width() * 0.3, within.center().y())
    figures.append(Figure("drag in the distribution", *dragged(picture, start, start + across), DRAG))
    roc = page.roc.plot
    if page.roc.isVisible() and roc.canvas.moving.handles:
        handle = next(handle for handle in roc.canvas.moving.handles if handle.strong)
        x, y = (float(pixel) for pixel in roc.canvas.pixels(handle.x, handle.y))
        place = QPointF(x, y)
        end = roc.canvas.frame.bottomLeft() + QPointF(20, -20)
        figures.append(Figure("drag of the handle on the ROC curve", *dragged(roc.viewport(), place, end), DRAG))
    return figures


def opening(document: Document, size: QSize) -> list[Figure]:
    """Return what it costs to open a document in place of a small one."""
    window = window_of(Document.create([1, 0], {"A": [0.4, 0.3]}), size)
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


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("rows", "categories", "multiclass"), CASES)
def test_threshold_frames(qapp, capsys, rows, categories, multiclass):
    limit = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", -1)  # faster than a hand; every one of the moves is to be measured
    document = document_of(rows, categories, multiclass=multiclass)
    told = {}
    for size in (LARGE, SMALL):
        window = window_of(document, size)
        several = categories > 1
        name = f"{size.width()} × {size.height()}"
        told[name] = drags(window)
        if several:
            window.threshold.categories.click()
            QApplication.processEvents()
            told[f"{name}, a card for each category"] = drags(window)
            window.threshold.curves.click()
            window.session.look(category=0)
            app.settle(qapp, window)
            told[f"{name}, one category"] = drags(window)
        window.session.undo_stack.setIndex(0)  # nothing to ask about
        window.close()
    told["opened in 1920 × 1080"] = opening(document, LARGE)
    pg.setConfigOption("mouseRateLimit", limit)
    with capsys.disabled():
        of_each = "" if categories == 1 else f" × {categories} {'answers' if multiclass else 'categories'}"
        print(f"\n{rows:>10,} rows × 2 models{of_each}")
        for name, figures in told.items():
            print(f"  {name}", *figures, sep="\n")
