"""Windows as the program makes them, shown, and gone without a trace when the test ends."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyqtgraph
import pyqtgraph.debug
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from xentviz.app import make_window
from xentviz.core.document import Document
from xentviz.files.opened import Opened
from xentviz.files.scenes import read_scene
from xentviz.paths import resource
from xentviz.ui.window.main_window import MainWindow

MakeWindow = Callable[..., MainWindow]
LECTURE = (1440, 900)


def film_still() -> Opened:
    """Return the scene that the program starts with."""
    return read_scene(resource("scenes"), "film_still")


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the numbers have come and every panel has drawn them."""
    qtbot.waitUntil(lambda: not (window.session.busy or window.will_redraw), timeout=30_000)
    for _turn in range(3):
        QApplication.processEvents()


@contextmanager
def windows(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Give a maker of windows, and close them afterwards; what they leave behind fails the test."""
    made: list[MainWindow] = []
    before = set(QApplication.topLevelWidgets())

    def make(
        opened: Opened | Document | None = None, *, theme: str = "light", size: tuple[int, int] = LECTURE
    ) -> MainWindow:
        opened = Opened(opened) if isinstance(opened, Document) else opened or film_still()
        window = make_window(opened, theme)
        made.append(window)
        window.resize(*size)
        window.show()
        window.activateWindow()
        qtbot.waitExposed(window)
        settle(qtbot, window)
        return window

    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as home:
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            patch.setenv(variable, home)
        # What a test leaves unsaved is lost on purpose; one about that question answers it itself.
        patch.setattr(QMessageBox, "exec", lambda _box: QMessageBox.StandardButton.Discard)
        patch.setattr(QFileDialog, "exec", lambda _dialog: QFileDialog.DialogCode.Rejected)
        patch.setattr(pyqtgraph.debug, "printExc", _raise_again)
        # pyqtgraph drops moves that come within 10 ms of one another; a hand is slower than these tests.
        patch.setitem(pyqtgraph.CONFIG_OPTIONS, "mouseRateLimit", 0)
        try:
            yield make
        finally:
            modal = _describe([widget for widget in (QApplication.activeModalWidget(),) if widget])
            while made:
                _close(made.pop())
    assert not modal, f"a modal dialog was left open: {modal}"
    gc.collect()  # what pyqtgraph has put into cycles
    left = [w for w in QApplication.topLevelWidgets() if w not in before and not _goes_later(w)]
    assert not left, f"windows left behind: {_describe(left)}"
    timers = [t for t in gc.get_objects() if isinstance(t, QTimer) and shiboken6.isValid(t) and t.isActive()]
    assert not timers, f"timers left running: {[(t.objectName(), t.interval()) for t in timers]}"


def _close(window: MainWindow) -> None:
    QToolTip.hideText()
    if not shiboken6.isValid(window):
        return
    window.close()
    window.session.deleteLater()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _raise_again(*_words: Any, **_more: Any) -> None:
    """Stand in for pyqtgraph's habit of printing what goes wrong in a mouse event and going on."""
    raise


def _goes_later(widget: QWidget) -> bool:
    """Return whether a widget is Qt's tool tip, or one of pyqtgraph's menus, which go when the test lets go of all."""
    tip = widget.metaObject().className() == "QTipLabel"
    return tip or (isinstance(widget, QMenu) and not widget.isVisible())


def _describe(widgets: list[QWidget]) -> list[str]:
    return [f"{w.metaObject().className()} {w.objectName()!r} {w.windowTitle()!r}" for w in widgets]


def written(folder: Path, name: str, text: str) -> Path:
    """Return the path of a new file that holds this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
