"""A plot of curves under the hand: what a drag and the wheel do where there are curves, and where there are none."""

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.hands import drag, turn_wheel
from xentviz.ui.theme import theme
from xentviz.ui.widgets.operating_picture import Standing, Trace
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
