"""Files as documents."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xentviz.core.errors import DataError
from xentviz.core.progress import Report, Stopped, check, never, part_of, unheard
from xentviz.files.opened import Doubtful, Opened, Source
from xentviz.files.table import RECOGNISED, Mapping, Table, of_file

READING_SHARE = 0.7
"""How much of the work is reading; the rest is making a document of it."""

OF_PACKED = {".csv", ".tsv", ".json", ".jsonl", ".ndjson"}
"""Suffixes before that of a packed file."""


def read(
    paths: Path | Sequence[Path],
    stopped: Stopped = never,
    report: Report = unheard,
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
    table = columns_in(source, stopped, part_of(report, 0, READING_SHARE))
    check(stopped)
    _give_back_memory()
    opened = meant(table, source, stopped, part_of(report, READING_SHARE, 1))
    del table
    _give_back_memory()
    return opened


def columns_in(source: Source, stopped: Stopped, report: Report) -> Table:
    """Return the columns in a file, or in several side by side; raises as :func:`read`, but never Doubtful."""
    # Here, not above, for the window opens without them.
    from xentviz.files.joining import Part, joined
    from xentviz.files.tables import read_one_of_several, read_table

    parts, steps = [], len(source.paths) if len(source.paths) == 1 else len(source.paths) + 1
    for number, path in enumerate(source.paths):
        share = part_of(report, number / steps, (number + 1) / steps)
        read_part = read_table if len(source.paths) == 1 else read_one_of_several
        parts.append(Part(path.name, title_of(path), read_part(path, source.mapping, stopped, share)))
    if len(parts) == 1:
        return parts[0].table
    return joined(parts, source.mapping.key, stopped, part_of(report, len(parts) / steps, 1))


def meant(table: Table, source: Source, stopped: Stopped, report: Report) -> Opened:
    """Return the document that columns are meant as; raises as :func:`read`."""
    from xentviz.files.documents import document_of
    from xentviz.files.projects import document_of_project, is_project

    own = is_project(table.columns.schema.metadata) and source.mapping == RECOGNISED
    name = " + ".join(path.name for path in source.paths)
    try:
        if own:
            opened = document_of_project(table.columns, stopped, report)
        else:
            opened = document_of(table, source.mapping, title_of(source.paths[0]), stopped, report)
    except DataError as error:
        if own:
            raise of_file(error, name) from error
        details = error.details if table.has_header else error.details | {"without_header": True}
        raise Doubtful(of_file(DataError(error.code, **details), name), table, source) from error
    return replace(opened, notes=tuple(of_file(note, name) for note in opened.notes), source=source)


def _give_back_memory() -> None:
    """Let go of what pyarrow keeps to use again: what comes next needs as much."""
    import pyarrow

    pyarrow.default_memory_pool().release_unused()


def title_of(path: Path) -> str:
    """Return what a file is called, without its suffixes."""
    stem = Path(path.stem)
    return stem.stem if stem.suffix in OF_PACKED else path.stem
