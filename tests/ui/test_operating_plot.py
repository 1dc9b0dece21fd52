"""A plot of curves under the hand: what a drag and the wheel do where there are curves, and where there are none."""

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.hands import drag, turn_wheel
from xentviz.ui.theme import theme
from xentviz.ui.widgets.operating_picture import Guide, Standing, Trace
from xentviz.ui.widgets.operating_plot import OperatingPlot


def made(qtbot: QtBot, window: QWidget, *traces: Trace) -> OperatingPlot:
    """Return a plot of traces, shown in a window."""
    qtbot.addWidget(window)
    window.resize(400, 300)
    plot = OperatingPlot(window)
    plot.resize(400, 300)
    plot.wear(theme("light"))
    plot.stand(Standing(x_range=(0.0, 1.0), y_range=(0.0, 1.0), x_title="", y_title="", traces=traces))
    with qtbot.waitExposed(window):
        window.show()
    return plot


def line(*, pointable: bool) -> Trace:
    """Return a diagonal."""
    ends = np.array([0.0, 1.0])
    return Trace(0, "", "#000000", Qt.PenStyle.SolidLine, ends, ends, ends, ends, pointable=pointable)


@pytest.mark.parametrize(
    ("traces", "zooms"), [((line(pointable=True),), True), ((line(pointable=False),), False), ((), False)]
)
def test_there_is_something_to_zoom_into_where_there_is_a_curve(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, traces: tuple[Trace, ...], zooms: bool
) -> None:
    monkeypatch.setitem(pyqtgraph.CONFIG_OPTIONS, "mouseRateLimit", 0)  # a hand is slower than this one
    for hand in (
        lambda plot: drag(plot.viewport(), QPoint(120, 80), QPoint(260, 200)),
        lambda plot: turn_wheel(plot.viewport(), 2),
    ):
        window = QWidget()
        plot = made(qtbot, window, *traces)
        before = plot.getViewBox().viewRange()
        hand(plot)
        assert (plot.getViewBox().viewRange() != before) == zooms


def bent(key: int, height: float, *, strong: bool) -> Trace:
    """Return a curve through a height in the middle."""
    x, y = np.array([0.0, 0.5, 1.0]), np.array([0.0, height, 1.0])
    style = Qt.PenStyle.SolidLine if strong else Qt.PenStyle.DashLine
    return Trace(key, f"model {key}", "#c03060" if strong else "#3060c0", style, x, y, x, y, strong=strong)


def test_a_curve_that_moves_leaves_the_same_picture_as_one_that_was_always_there(qtbot: QtBot) -> None:
    guides = (Guide(np.array([0.0, 1.0]), np.array([0.2, 0.9]), Qt.PenStyle.DashLine, "0.5"),)
    heights = [(0.7, 0.6), (0.7, 0.65), (0.7, 0.8), (0.3, 0.8), (0.3, 0.2), (0.3, 0.2), (0.9, 0.2)]
    axes = {"x_range": (0.0, 1.0), "y_range": (0.0, 1.0), "x_title": "", "y_title": ""}
    windows = [QWidget() for _ in range(len(heights) + 1)]
    moved = made(qtbot, windows[0])
    for window, (first, second) in zip(windows[1:], heights, strict=True):
        traces = (bent(0, first, strong=True), bent(1, second, strong=False))
        standing = Standing(**axes, traces=traces, guides=guides)
        moved.stand(standing)
        fresh = made(qtbot, window)
        fresh.stand(standing)
        QApplication.processEvents()
        assert moved.grab().toImage() == fresh.grab().toImage(), (first, second)
