"""Ten million rows of two models from files to the first complete picture; ratios on one run, and the longest stall."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
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
    rounded = pa.table({"label": labels, **{n: scores[i].round(6) for i, n in enumerate("AB")}})
    pyarrow.csv.write_csv(rounded, folder / "scores.csv")
    numbers, order = rng.permutation(ROWS), rng.permutation(ROWS)
    names = named(np.arange(ROWS))
    pyarrow.csv.write_csv(rounded.add_column(0, "name", names), folder / "named.csv", WITHOUT_QUOTES)
    for kind, key in {"numbers": pa.array(numbers), "texts": named(numbers)}.items():
        one, two = (table.select(["label", model]).add_column(0, "id", key) for model in "AB")
        pyarrow.parquet.write_table(one, folder / f"{kind}.parquet")
        pyarrow.parquet.write_table(two, folder / f"{kind}_same.parquet")
        pyarrow.parquet.write_table(two.take(order), folder / f"{kind}_other.parquet")
    os.sync()  # else the system writes them while windows are measured
    return folder


def named(numbers):
    return compute.binary_join_element_wise("row", pa.array(numbers).cast(pa.string()), " ")


WITHOUT_QUOTES = pyarrow.csv.WriteOptions(quoting_style="none")
READERS = {".parquet": pyarrow.parquet.read_table, ".csv": pyarrow.csv.read_csv}
FILES = {
    ("scores.parquet",): 2.5,
    ("scores.csv",): 1.5,
    ("named.csv",): None,
    ("numbers.parquet", "numbers_same.parquet"): None,
    ("numbers.parquet", "numbers_other.parquet"): None,
    ("texts.parquet", "texts_same.parquet"): None,
    ("texts.parquet", "texts_other.parquet"): None,
}
"""What is opened, and how many times as long as pyarrow's reading and one evaluation it may take, where it is said."""


def in_a_window(*arguments):
    """Return what a process of its own prints, as numbers."""
    script = Path(__file__).with_name("open_file.py")
    done = subprocess.run(
        [sys.executable, str(script), *map(str, arguments)], check=True, capture_output=True, text=True
    )
    return [float(part) for part in done.stdout.split()]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("names", "bar"), FILES.items(), ids=map(" ".join, FILES))
def test_to_the_first_complete_picture(folder, names, bar, capsys):
    paths, told = [folder / name for name in names], []
    for _pair in range(PAIRS + 1):
        begun = time.perf_counter()
        for path in paths:
            READERS[path.suffix](path)
        read = time.perf_counter() - begun
        document = files.read(paths).document
        begun = time.perf_counter()
        evaluate(document)
        floor = read + time.perf_counter() - begun
        del document
        seconds, *others = in_a_window(*paths)
        told.append((seconds / floor, seconds, floor, *others))
    ratio, seconds, floor, stall, first, at_once, cancelled, memory = map(
        statistics.median, zip(*told[1:], strict=True)
    )
    with capsys.disabled():
        print(
            f"\n{' + '.join(names)}, {ROWS:,} rows: picture after {seconds:.2f} s, pyarrow and one evaluation "
            f"{floor:.2f} s: ratio {ratio:.2f} (bar: {bar}); longest stall {stall:.0f} ms (bar: 16); "
            f"memory {memory:.2f} times the columns (bar: 3); first progress {first:.0f} ms (bar: 100); "
            f"Cancel heard in {at_once:.0f} ms at once, at worst in {cancelled:.0f} ms (bar: 100)"
        )
