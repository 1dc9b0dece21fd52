"""What the window's door does beside opening it."""

import subprocess
import sys
import time

from xentviz import app

PROGRAM = """
import sys
from xentviz import app
missing = [name for name in app.LATER if name not in sys.modules]
app.load_ahead().join()
print(missing == list(app.LATER), all(name in sys.modules for name in app.LATER))
"""


def test_who_waits_sleeps(qapp):
    asked, until = [], time.monotonic() + 0.3

    def busy():
        asked.append(0)
        return time.monotonic() < until

    app.wait_while(busy)
    assert len(asked) < 50  # not sleeping it would be thousands


def test_what_is_needed_later_is_loaded_ahead():
    """In a process of its own: others have loaded it already."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["True", "True"]
