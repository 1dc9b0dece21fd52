"""A window that opens files; prints seconds to the picture, longest stall, memory, first progress, Cancel's delays."""

import gc
import os
import re
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from xentviz import app
from xentviz.files.scenes import read_scene
from xentviz.paths import resource as shipped

application = QApplication(sys.argv[:1])
window = app.make_window(read_scene(shipped("scenes"), "film_still"), "light", "explore")
window.resize(1440, 900)
window.show()
app.settle(application, window)
MOMENTS = 12
session, paths = window.session, [Path(argument) for argument in sys.argv[1:]]

import pyarrow.compute  # noqa: E402 – imported once a run of the program, not once a file
import pyarrow.csv  # noqa: E402
import pyarrow.parquet  # noqa: E402,F401

last, longest = time.perf_counter(), 0.0
timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)


def tick():
    global last, longest
    now = time.perf_counter()
    longest = max(longest, now - last)
    last = now


timer.timeout.connect(tick)
timer.start()


def run_until(done):
    """Let the window live as it does: in a loop that sleeps when there is nothing to do."""
    loop = QEventLoop()

    def look():
        if done():
            loop.quit()

    timer.timeout.connect(look)
    loop.exec()
    timer.timeout.disconnect(look)


def peak():
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) * 1024


gc.collect()
gc.freeze()  # as the program does
sys.setswitchinterval(app.SWITCH_SECONDS)
before = peak()

# Cancel first, while nothing has been read.
shares = []
session.progressed.connect(shares.append)
begun = time.perf_counter()
window.opening.open(paths)
run_until(lambda: shares)
first = time.perf_counter() - begun


def cancel():
    """Return how long the reader takes to end, and another thing to be opened in its place."""
    begun = time.perf_counter()
    session.cancel()
    session.open(lambda _stopped, _report: read_scene(shipped("scenes"), "film_still"))
    run_until(lambda: not session.reading)
    delay = time.perf_counter() - begun
    app.settle(application, window)
    return delay


cancelled = cancel()

last, longest = time.perf_counter(), 0.0
begun = last
window.opening.open(paths)
run_until(lambda: session.document.rows > 1000 and not (session.busy or window.will_redraw))
application.processEvents()
window.grab()
seconds = time.perf_counter() - begun
held = (session.document.labels, session.document.row_names, *(model.scores for model in session.document.models))
columns = sum(block.values.nbytes for column in held if column is not None for block in column.blocks)
memory, stall = (peak() - before) / columns, longest

# Cancel at many moments.
del held
session.open(lambda _stopped, _report: read_scene(shipped("scenes"), "film_still"))
run_until(lambda: not session.reading)
app.settle(application, window)
delays = []
for moment in range(1, MOMENTS):
    begun = time.perf_counter()
    window.opening.open(paths)
    run_until(lambda: time.perf_counter() - begun > seconds * moment / MOMENTS or not session.reading)  # noqa: B023
    if session.reading:
        delays.append(cancel())
timer.stop()
print(seconds, *(1000 * each for each in (stall, first, cancelled, max(delays))), memory)
window.close()
