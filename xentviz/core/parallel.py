"""Work on all cores at once: NumPy lets go of the interpreter while it counts."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from xentviz.core.errors import Cancelled

Item = TypeVar("Item")
Answer = TypeVar("Answer")

PIECE = 1 << 17
"""Elements worked on at a time, measured best. A document's block is never more, so that no pool begins another."""


# The C library of Linux takes arrays over 128 kB from the system page by page, and gives them back when they go, until
# it has seen a larger one go. Blocks are larger: half of an evaluation's time would go into their pages.
np.empty(31 << 20, dtype=np.uint8)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "process_cpu_count"):  # from Python 3.13 on; PYTHON_CPU_COUNT limits it
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def on_all_cores(work: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer]:
    """Return what the work gives for each item, in the items' order; one item is worked on without a thread.

    Examples
    --------
    >>> on_all_cores(len, ["a", "bc", ""])
    [1, 2, 0]
    """
    workers = min(cores(), len(items))
    if workers <= 1:
        return [work(item) for item in items]

    def share(first: int) -> list[Answer]:
        return [work(item) for item in items[first::workers]]

    with ThreadPoolExecutor(workers - 1) as pool:
        others = pool.map(share, range(1, workers))
        shares = [share(0), *others]
    return [shares[i % workers][i // workers] for i in range(len(items))]


def in_batches(
    work: Callable[[Item], Answer],
    items: Sequence[Item],
    stopped: Callable[[], bool],
    report: Callable[[float], None],
) -> list[Answer]:
    """Return what the work gives for each item, on all cores; asked before each whether to go on.

    Raises ``Cancelled`` when ``stopped``, called on any thread, says True; ``report`` is told the share done, from 0
    and below 1.
    """

    def unless_stopped(item: Item) -> Answer:
        if stopped():
            raise Cancelled
        return work(item)

    answers: list[Answer] = []
    together = 4 * cores()
    for start in range(0, len(items), together):
        if stopped():
            raise Cancelled
        report(start / len(items))
        answers += on_all_cores(unless_stopped, items[start : start + together])
    return answers


def pieces(rows: int, row_size: int = 1) -> list[slice]:
    """Return slices that cut so many rows of so many numbers into pieces; always at least one.

    Examples
    --------
    >>> pieces(200_000)
    [slice(0, 131072, None), slice(131072, 262144, None)]
    """
    step = max(1, PIECE // max(1, row_size))
    return [slice(start, start + step) for start in range(0, max(1, rows), step)]
