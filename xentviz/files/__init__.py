"""Disk to core and back; no Qt here."""

from collections.abc import Callable
from pathlib import Path

from xentviz.files.opened import Opened


def read(
    path: Path,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _share: None,
) -> Opened:
    """Return what a file holds.

    Parameters
    ----------
    path : Path
    stopped, report : callable
        As for :func:`xentviz.core.evaluation.evaluate`.

    Raises
    ------
    DataError
        With ``file``, and ``row`` and ``column`` where the fault has a place.
    Cancelled
    """
    from xentviz.files.tables import read_table  # here, for the window opens without it

    return read_table(path, stopped, report)
