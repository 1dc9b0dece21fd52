"""What the window's door does beside opening it."""

import subprocess
import sys

PROGRAM = """
import sys
from xentviz import app
missing = [name for name in app.LATER if name not in sys.modules]
app.load_ahead().join()
print(missing == list(app.LATER), all(name in sys.modules for name in app.LATER))
"""


def test_what_is_needed_later_is_loaded_ahead():
    """In a process of its own: others have loaded it already."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["True", "True"]
