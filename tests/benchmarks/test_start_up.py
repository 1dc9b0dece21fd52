"""Start-up, as a ratio to a bare PySide6 and pyqtgraph window, measured alternately."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
PAIRS = 9


def seconds(script: str, home: Path) -> float:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled already
    begun = time.perf_counter()
    subprocess.run([sys.executable, str(HERE / script)], check=True, env=environment, capture_output=True)
    return time.perf_counter() - begun


def test_start_up_against_a_bare_window(tmp_path, capsys):
    pairs = [(seconds("first_picture.py", tmp_path), seconds("bare_window.py", tmp_path)) for _ in range(PAIRS + 1)][1:]
    ours, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    with capsys.disabled():
        print(f"\nstart-up: xentviz {ours:.3f} s, bare window {bare:.3f} s, ratio {ratio:.2f} (bar: 1.35)")
