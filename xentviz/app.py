"""The window's door."""

import gc
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import TracebackType

from PySide6.QtCore import QEventLoop, QMessageLogContext, QSize, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from xentviz.files.opened import Doubtful, Opened
from xentviz.paths import resource
from xentviz.session import settings
from xentviz.session.session import Session
from xentviz.session.slice_session import OneSlice
from xentviz.ui.theme import Look, desktop_theme, dress
from xentviz.ui.window.main_window import MainWindow

SNAPSHOT_SIZE = QSize(1440, 900)
SNAPSHOT_SECONDS = 60
SWITCH_SECONDS = 0.001
"""After how long a thread in the background lets go of the interpreter: Python's own 5 ms are a third of a frame."""
LATER = (
    *("numpy.ma", "scipy.special", "xentviz.ui.window.threshold_workspace", "xentviz.ui.window.compare_pages"),
    *("xentviz.ui.report.subject", "xentviz.ui.report.writing"),
)
"""What takes several frames to load, and is not needed until a person asks for another workspace, or a report."""
LATER_MILLISECONDS = 1_000
"""How long after the window has been shown it is loaded."""
LOADED_MILLISECONDS = 200
"""How often it is looked whether all has been loaded."""
WAKING_MILLISECONDS = 50
FRAME = QSize(8, 40)
"""What a desktop puts around a window."""


def run(opened: Opened, theme: str | None, workspace: str | None, doubt: Doubtful | None = None) -> int:
    """Open the window, with a question in it if there is a doubt, and return its exit code when it has been closed."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("xentviz")
    file = settings.settings_file()
    kept = settings.load(file)
    window = make_window(opened, theme or kept.theme or desktop_theme(), workspace)
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # the garbage collector would look through all of the libraries now and then, for several frames
    window.resize(QSize(kept.width, kept.height).boundedTo(application.primaryScreen().availableSize() - FRAME))
    application.processEvents()  # small data are evaluated by now: the first picture need not be drawn twice
    sys.excepthook = partial(_report, window)
    window.show()
    if opened.source is not None and not opened.project:
        window.tell_opened(opened)
    if doubt is not None:
        window.session.open(partial(_raise, doubt))
    QTimer.singleShot(0, lambda: window.setWindowIcon(QIcon(str(resource("icons", "xentviz.svg")))))
    QTimer.singleShot(0, partial(window.keeping.begin, opened))
    QTimer.singleShot(LATER_MILLISECONDS, partial(prepare, window))
    code = application.exec()
    chosen = window.look.theme.name if window.look.theme.name != desktop_theme() else ""
    kept = replace(settings.load(file), theme=chosen, width=window.width(), height=window.height())
    settings.save(kept, file)
    return code


def prepare(window: MainWindow) -> None:
    """Load what the window opens without, and then make of other workspaces what they begin with."""
    waiting = QTimer(window, interval=LOADED_MILLISECONDS)
    waiting.timeout.connect(partial(_build_when_loaded, window, load_ahead(), waiting))
    waiting.start()


def _build_when_loaded(window: MainWindow, loading: Thread, waiting: QTimer) -> None:
    if not loading.is_alive():
        waiting.stop()
        build_ahead(window)


def build_ahead(window: MainWindow) -> None:
    """Make the pages of other workspaces, whose panels come when they are first shown, one after the other."""
    if not window.session.narrower:  # which could not be collected when it is left
        gc.freeze()  # as at the start: the garbage collector would look through what has been loaded since
    QTimer.singleShot(0, lambda: window.compare)
    QTimer.singleShot(LOADED_MILLISECONDS, lambda: window.threshold)
    QTimer.singleShot(2 * LOADED_MILLISECONDS, lambda: window.compare.grab())  # letters once drawn are sooner drawn


def load_ahead() -> Thread:
    """Load in the background what a window opens without; return the thread that does."""
    thread = Thread(target=lambda: [import_module(name) for name in LATER], name="load ahead")
    thread.start()
    return thread


def _raise(doubt: Doubtful, *_ways_to_stop_and_report: object) -> Opened:
    raise doubt


def snapshot(opened: Opened, path: Path, theme: str | None, workspace: str | None) -> int:
    """Draw the window off-screen at twice its size into a PNG file, and return an exit code."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = "2"
    qInstallMessageHandler(_pass_on)
    application = QApplication(sys.argv[:1])
    window = make_window(opened, theme or "light", workspace)
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.resize(SNAPSHOT_SIZE)
    window.show()
    settle(application, window)
    saved = window.grab().save(str(path), "PNG")
    window.close()
    if not saved:
        print(f"xentviz: {path} cannot be written. Check its folder.", file=sys.stderr)
        return 1
    return 0


def report(opened: Opened, path: Path) -> int:
    """Write a report off-screen into an HTML or PDF file, by its suffix, and return an exit code."""
    from xentviz.ui.report.content import About  # here, for the window opens without it
    from xentviz.ui.report.subject import subject_of
    from xentviz.ui.report.writing import Writing

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_pass_on)
    _application = QApplication(sys.argv[:1])
    session, writing, failures = Session(opened), Writing(), list[Exception]()
    for work in (session, writing):
        work.failed.connect(failures.append)
    files = () if opened.source is None else tuple(path.name for path in opened.source.paths)
    session.part(OneSlice)  # whose rows are found meanwhile, if one was looked at when the file was saved
    wait_while(lambda: session.busy)
    writing.start(subject_of(session), path, About(files, datetime.now()))
    wait_while(lambda: writing.busy)
    writing.close()
    session.close()
    if failures:
        raise failures[0]
    return 0


def _report(window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a fault of the program itself, and say in the window that there was one; the work goes on."""
    sys.__excepthook__(kind, error, trace)
    window.message.say(
        window.tr("The program has a fault here ({fault}); your work is as it was. The terminal shows more.").format(
            fault=kind.__name__
        )
    )
    window.recovery.keep()


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, words: str | None) -> None:
    """Print what Qt has to say, but not that a window off-screen cannot tell a window manager its sizes."""
    if words and "propagateSizeHints" not in words:
        print(words, file=sys.stderr)


def make_window(opened: Opened, theme: str, workspace: str | None = None) -> MainWindow:
    """Return a window, not yet shown, on what has been opened; in the workspace kept with it if none is named."""
    look = Look(theme)
    dress(look.theme)
    window = MainWindow(Session(opened), look)
    window.saving.take(opened)
    window.opening.take(opened)
    if workspace is not None:
        window.show_workspace(workspace)
    return window


def wait_while(busy: Callable[[], bool]) -> None:
    """Sleep from one event to the next while something is at work; now and then Python looks whether to stop."""
    waking = QTimer(interval=WAKING_MILLISECONDS)
    waking.start()
    while busy():  # with a time limit Qt would not sleep, and take the worker's time
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def settle(application: QApplication, window: MainWindow) -> None:
    """Let the event loop run until the results have come and everything is drawn."""
    deadline = time.monotonic() + SNAPSHOT_SECONDS
    wait_while(lambda: (window.session.busy or window.will_redraw) and time.monotonic() < deadline)
    application.processEvents()
    application.processEvents()
