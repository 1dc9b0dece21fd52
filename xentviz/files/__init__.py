"""Disk to core and back; no Qt here."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from xentviz.core.errors import DataError
from xentviz.files.opened import Doubtful, Opened, Source
from xentviz.files.table import RECOGNISED, Mapping, Table, of_file

READING_SHARE = 0.7
"""How much of the work is reading; the rest is making a document of it."""

OF_PACKED = {".csv", ".tsv", ".json", ".jsonl", ".ndjson"}
"""Suffixes before that of a packed file."""


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
    source = Source.of([paths] if isinstance(paths, Path) else paths, mapping)
    table = columns_in(source, stopped, partial(_report_part, report, 0.0, READING_SHARE))
    _give_back_memory()
    opened = meant(table, source, stopped, partial(_report_part, report, READING_SHARE, 1.0))
    del table
    _give_back_memory()
    return opened


def columns_in(source: Source, stopped: Callable[[], bool], report: Callable[[float], None]) -> Table:
    """Return the columns in a file, or in several side by side; raises as :func:`read`, but never Doubtful."""
    # Here, not above, for the window opens without them.
    from xentviz.files.joining import Part, joined
    from xentviz.files.tables import read_one_of_several, read_table

    parts, files = [], len(source.paths)
    for number, path in enumerate(source.paths):
        share = partial(_report_part, report, number / files, (number + 1) / files)
        read_part = read_table if files == 1 else read_one_of_several
        parts.append(Part(path.name, title_of(path), read_part(path, source.mapping, stopped, share)))
    return parts[0].table if files == 1 else joined(parts, source.mapping.key)


def meant(table: Table, source: Source, stopped: Callable[[], bool], report: Callable[[float], None]) -> Opened:
    """Return the document that columns are meant as; raises as :func:`read`."""
    from xentviz.files.documents import document_of
    from xentviz.files.projects import document_of_project, is_project

    own = is_project(table.columns.schema.metadata) and source.mapping == RECOGNISED
    name = " + ".join(path.name for path in source.paths)
    try:
        if own:
            opened = document_of_project(table.columns)
        else:
            opened = document_of(table, source.mapping, title_of(source.paths[0]), stopped, report)
    except DataError as error:
        if own:
            raise of_file(error, name) from error
        details = error.details if table.has_header else error.details | {"without_header": True}
        raise Doubtful(of_file(DataError(error.code, **details), name), table, source) from error
    notes = tuple(of_file(note, name) for note in opened.notes)
    # A project says itself what its columns mean.
    return replace(opened, notes=notes, source=None if own else source, file=source.stamp)


def _give_back_memory() -> None:
    """Let go of what pyarrow keeps to use again: what comes next needs as much."""
    import pyarrow

    pyarrow.default_memory_pool().release_unused()


def _report_part(report: Callable[[float], None], start: float, end: float, share: float) -> None:
    """Report a share of a part of the work as a share of the whole."""
    report(start + (end - start) * share)


def title_of(path: Path) -> str:
    """Return what a file is called, without its suffixes."""
    stem = Path(path.stem)
    return stem.stem if stem.suffix in OF_PACKED else path.stem
