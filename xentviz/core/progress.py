"""How long work is stopped, and tells how far it has come."""

from collections.abc import Callable
from functools import partial

from xentviz.core.errors import Cancelled

Stopped = Callable[[], bool]
"""Says whether the work is wanted no more; asked often, from any thread."""

Report = Callable[[float], None]
"""Is told the share done, from 0 to 1."""


def never() -> bool:
    """Let work run to its end."""
    return False


def unheard(_share: float) -> None:
    """Tell nobody."""


def check(stopped: Stopped) -> None:
    """Raise ``Cancelled`` if work is wanted no more."""
    if stopped():
        raise Cancelled


def part_of(report: Report, start: float, end: float) -> Report:
    """Return what is told of a part of the work, from one share of the whole to another.

    Examples
    --------
    >>> part_of(print, 0.5, 1)(0.5)
    0.75
    """
    return partial(_report_part, report, start, end)


def parts_of(report: Report, count: int) -> list[Report]:
    """Return what is told of each of so many parts of the work, one after the other.

    Examples
    --------
    >>> first, second = parts_of(print, 2)
    >>> second(0.5)
    0.75
    """
    return [part_of(report, done / count, (done + 1) / count) for done in range(count)]


def _report_part(report: Report, start: float, end: float, share: float) -> None:
    report(start + (end - start) * share)
