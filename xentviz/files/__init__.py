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
    from xentviz.files.atomic import Stamp  # here, for the window opens without them
    from xentviz.files.tables import read_table

    stamp = Stamp.of(path)  # before reading: whoever writes meanwhile is noticed when it is saved
    return read_table(path, stopped, report)._replace(file=stamp)
