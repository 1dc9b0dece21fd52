"""What a person does with mouse and keyboard, as the events that Qt would get from them."""

from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from xentviz.ui.panels.table_panel import TablePanel
from xentviz.ui.widgets.curve_plot import CurvePlot

LEFT = Qt.MouseButton.LeftButton
RIGHT = Qt.MouseButton.RightButton
NO_BUTTON = Qt.MouseButton.NoButton
NO_KEY = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MOVES = 6


def mouse(widget: QWidget, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    """Send one event of the mouse to a widget, and let everything that follows from it happen."""
    here, there = QPointF(at), QPointF(widget.mapToGlobal(at))
    QApplication.sendEvent(widget, QMouseEvent(kind, here, there, button, held, NO_KEY))
    QApplication.processEvents()


def press(widget: QWidget, at: QPoint) -> None:
    """Put the mouse somewhere and press its left button."""
    hover(widget, at)
    mouse(widget, QEvent.Type.MouseButtonPress, at, LEFT, LEFT)


def pull(widget: QWidget, start: QPoint, end: QPoint) -> None:
    """Move the mouse, its left button held, in a few steps."""
    for step in range(1, MOVES + 1):
        at = start + (end - start) * step / MOVES
        mouse(widget, QEvent.Type.MouseMove, at, NO_BUTTON, LEFT)


def let_go(widget: QWidget, at: QPoint) -> None:
    """Release the left button of the mouse."""
    mouse(widget, QEvent.Type.MouseButtonRelease, at, LEFT, NO_BUTTON)


def drag(widget: QWidget, *way: QPoint) -> None:
    """Press at the first point, move through all others, and let go at the last."""
    press(widget, way[0])
    for start, end in pairwise(way):
        pull(widget, start, end)
    let_go(widget, way[-1])


def hover(widget: QWidget, at: QPoint) -> None:
    """Put the mouse somewhere without pressing anything."""
    mouse(widget, QEvent.Type.MouseMove, at, NO_BUTTON, NO_BUTTON)


def click(widget: QWidget, at: QPoint | None = None, *, keys: Qt.KeyboardModifier = NO_KEY) -> None:
    """Click with the left button, in the middle unless told where."""
    at = widget.rect().center() if at is None else at
    hover(widget, at)
    QTest.mouseClick(widget, LEFT, keys, at)
    QApplication.processEvents()


def double_click(widget: QWidget, at: QPoint | None = None) -> None:
    """Double-click with the left button."""
    at = widget.rect().center() if at is None else at
    click(widget, at)
    QTest.mouseDClick(widget, LEFT, NO_KEY, at)
    let_go(widget, at)


def turn_wheel(widget: QWidget, notches: int, at: QPoint | None = None) -> None:
    """Turn the wheel; up is positive."""
    at = widget.rect().center() if at is None else at
    turn = QWheelEvent(
        QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches), NO_BUTTON, NO_KEY,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, turn)
    QApplication.processEvents()


def key(*keys: Qt.Key, held: Qt.KeyboardModifier = NO_KEY) -> None:
    """Press keys, one after another; they go to whatever has the focus."""
    for one in keys:
        QTest.keyClick(_focused(), one, held)
        QApplication.processEvents()


def write(text: str) -> None:
    """Type a text; what QTest has no key for comes as an input method would bring it."""
    for letter in text:
        if letter.isascii():
            QTest.keyClicks(_focused(), letter)
        else:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(_focused(), QKeyEvent(kind, 0, NO_KEY, letter))
        QApplication.processEvents()


def _focused() -> QWidget:
    focused = QApplication.focusWidget()
    assert focused is not None, "keys are pressed, and nothing has the focus"
    return focused


def in_plot(plot: CurvePlot, x: float, y: float) -> QPoint:
    """Return the pixel of a plot's viewport where a point of its axes lies."""
    return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(x, y)))


def in_table(table: TablePanel, line: int, key: str) -> QPoint:
    """Return the middle of a cell, in pixels of the table's viewport."""
    return table.view.visualRect(table.model.index(line, table.model.columns.index(key))).center()
