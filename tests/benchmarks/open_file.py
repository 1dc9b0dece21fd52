"""A window that opens a file; prints seconds to the picture, longest stall, memory, first progress, Cancel's delay."""

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
session, path = window.session, Path(sys.argv[1])

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
before = peak()

# Cancel first, while nothing has been read.
shares = []
session.progressed.connect(shares.append)
begun = time.perf_counter()
window.open(path)
run_until(lambda: shares)
first = time.perf_counter() - begun
begun = time.perf_counter()
session.cancel()
session.open(lambda _stopped, _report: read_scene(shipped("scenes"), "film_still"))
run_until(lambda: not session.reading)
cancelled = time.perf_counter() - begun
app.settle(application, window)

last, longest = time.perf_counter(), 0.0
begun = last
window.open(path)
run_until(lambda: session.document.rows > 1000 and not (session.busy or window.will_redraw))
application.processEvents()
window.grab()
seconds = time.perf_counter() - begun
timer.stop()
columns = sum(
    block.values.nbytes
    for column in (session.document.labels, *(model.scores for model in session.document.models))
    for block in column.blocks
)
print(seconds, 1000 * longest, (peak() - before) / columns, 1000 * first, 1000 * cancelled)
window.close()
