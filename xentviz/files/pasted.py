"""A block of cells from a spreadsheet or a notebook as a document."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.files.opened import Opened, Source
from xentviz.files.reading import read


def read_pasted(
    text: str,
    title: str,
    stopped: Stopped = never,
    report: Report = unheard,
) -> Opened:
    r"""Return the document in tab-separated text, read as a file of that name would be.

    Raises
    ------
    DataError
        As :func:`xentviz.files.read`, the title taken for the file.
    Cancelled

    Examples
    --------
    >>> document = read_pasted("label\tA\n1\t0.9\n0\t0.2\n", "Clipboard").document
    >>> document.title, document.rows, document.models[0].name
    ('Clipboard', 2, 'A')
    """
    path = Path(_folder().name, title)
    path.write_bytes(text.encode("utf-8", "replace"))
    opened = read(path, stopped, report)
    return replace(opened, source=Source((path,)), pasted=True)


@cache
def _folder() -> "TemporaryDirectory[str]":
    """Return the folder of what was pasted last: as long as the program runs, its columns can be chosen anew."""
    return TemporaryDirectory(prefix="xentviz-")
