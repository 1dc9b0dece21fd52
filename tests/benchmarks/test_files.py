"""Ten million rows of two models from files to the first complete picture; ratios on one run, and the longest stall."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from xentviz import files
from xentviz.core.evaluation import evaluate

ROWS = 10_000_000
PAIRS = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, ROWS).astype(np.int8)
    noise = rng.normal(0, 1, (2, ROWS))
    scores = 1 / (1 + np.exp(-(2.0 * labels - 1 + noise)))
    table = pa.table({"label": labels, "A": scores[0], "B": scores[1]})
    pyarrow.parquet.write_table(table, folder / "scores.parquet")
    pyarrow.csv.write_csv(
        pa.table({"label": labels, **{n: scores[i].round(6) for i, n in enumerate("AB")}}), folder / "scores.csv"
    )
    return folder


READERS = {"scores.parquet": (pyarrow.parquet.read_table, 2.5), "scores.csv": (pyarrow.csv.read_csv, 1.5)}


def in_a_window(*arguments):
    """Return what a process of its own prints, as numbers."""
    script = Path(__file__).with_name("open_file.py")
    done = subprocess.run(
        [sys.executable, str(script), *map(str, arguments)], check=True, capture_output=True, text=True
    )
    return [float(part) for part in done.stdout.split()]


@pytest.mark.parametrize("name", READERS)
def test_to_the_first_complete_picture(folder, name, capsys):
    reader, bar = READERS[name]
    path, ratios, told = folder / name, [], []
    for _pair in range(PAIRS + 1):
        begun = time.perf_counter()
        reader(path)
        read = time.perf_counter() - begun
        document = files.read(path).document
        begun = time.perf_counter()
        evaluate(document)
        floor = read + time.perf_counter() - begun
        del document
        seconds, stall, memory, first, cancelled = in_a_window(path)
        ratios.append(seconds / floor)
        told.append((seconds, floor, stall, memory, first, cancelled))
    seconds, floor, stall, memory, first, cancelled = (statistics.median(each) for each in zip(*told[1:], strict=True))
    with capsys.disabled():
        print(
            f"\n{name}, {ROWS:,} rows: picture after {seconds:.2f} s, pyarrow and one evaluation {floor:.2f} s: "
            f"ratio {statistics.median(ratios[1:]):.2f} (bar: {bar}); longest stall {stall:.0f} ms (bar: 16); "
            f"memory {memory:.2f} times the columns (bar: 3); first progress {first:.0f} ms (bar: 100); "
            f"Cancel heard in {cancelled:.0f} ms"
        )
