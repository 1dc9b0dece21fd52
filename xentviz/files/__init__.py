"""Disk to core and back; no Qt here."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from xentviz.core.errors import DataError
from xentviz.files.opened import Doubtful, Opened, Source
from xentviz.files.table import RECOGNISED, Mapping

READING_SHARE = 0.7
"""How much of the work is reading; the rest is making a document of it."""


def read(
    paths: Path | Sequence[Path],
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _share: None,
    mapping: Mapping = RECOGNISED,
) -> Opened:
    """Return what a file holds, or several files whose rows belong together.

    Parameters
    ----------
    paths : Path or sequence of Path
    stopped, report : callable
        As for :func:`xentviz.core.evaluation.evaluate`.
    mapping : Mapping
        What a person says of the columns; the rest is recognised.

    Raises
    ------
    DataError
        With ``file``, and ``row`` and ``column`` where the fault has a place; :class:`Doubtful` where a person can
        say what the columns mean.
    Cancelled
    """
    # Here, not above, for the window opens without them.
    from xentviz.files.documents import document_of
    from xentviz.files.joining import Part, joined
    from xentviz.files.tables import read_table

    files = (paths,) if isinstance(paths, Path) else tuple(paths)
    parts = []
    for number, path in enumerate(files):
        table = read_table(path, mapping, stopped, partial(_report_part, report, number, len(files)))
        parts.append(Part(path.name, title_of(path), table))
    table = parts[0].table if len(parts) == 1 else joined(parts, mapping.key)
    source = Source(files, mapping)
    try:
        opened = document_of(
            table, mapping, parts[0].stem, stopped, lambda share: report(READING_SHARE + (1 - READING_SHARE) * share)
        )
    except DataError as error:
        details = {"file": " + ".join(part.file for part in parts), **error.details}
        if not table.has_header:
            details["without_header"] = True
        raise Doubtful(DataError(error.code, **details), table, source) from error
    return Opened(opened.document, opened.unused, notes=opened.notes, source=source)


def _report_part(report: Callable[[float], None], number: int, files: int, share: float) -> None:
    report(READING_SHARE * (number + share) / files)


def title_of(path: Path) -> str:
    """Return what a file is called, without its suffixes."""
    return path.stem.removesuffix(".csv").removesuffix(".tsv").removesuffix(".json")  # of a packed file
