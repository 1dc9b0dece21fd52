"""Projects: a document as one Parquet file of ordinary columns, with its settings in the file's metadata."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np

from xentviz.core.arguments import UNLABELLED
from xentviz.core.columns import Column, Values
from xentviz.core.document import Document, Grouping, LossReduction, LossSettings, ScoreKind, Task, Unit, known_labels
from xentviz.core.errors import DataError
from xentviz.core.progress import Report, Stopped, check, never, part_of, unheard
from xentviz.files.atomic import Stamp, replace_file
from xentviz.files.cells import texts_of
from xentviz.files.documents import cut
from xentviz.files.opened import Opened
from xentviz.files.reasons import reason_of

KEY = b"xentviz"
"""What the settings are called in the metadata."""

VERSION = 1
"""Of the settings: one more whenever an older program would misunderstand them."""

LARGEST_SETTINGS = 64 * 2**20
PIECE_ELEMENTS = 4_000_000
PIECE_ROWS = 1_000_000
"""Longer, and other threads wait too long for their turn."""

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class _Layout:
    """What the columns of the file are called."""

    row_names: str | None
    groupings: tuple[str, ...]
    labels: tuple[str, ...]
    models: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> list[str]:
        """All columns, in their order."""
        first = () if self.row_names is None else (self.row_names,)
        return [*first, *self.groupings, *self.labels, *(name for names in self.models for name in names)]


# Writing


def write_project(
    document: Document,
    path: Path,
    expected: Stamp | None = None,
    stopped: Stopped = never,
    report: Report = unheard,
    view: Mapping[str, object] | None = None,
) -> Stamp:
    """Save a document; what was in the file before stays until the new one is whole.

    Parameters
    ----------
    document : Document
    path : Path
    expected : Stamp, optional
        The file as it was last seen; as for :func:`xentviz.files.atomic.replace_file`.
    stopped, report : callable
        As for :func:`xentviz.core.evaluation.evaluate`.
    view : mapping, optional
        How the document is looked at: texts, numbers and truth values, kept as they are.

    Returns
    -------
    Stamp
        That of the saved file.

    Raises
    ------
    DataError
        As for :func:`xentviz.files.atomic.replace_file`.
    Cancelled
    """
    import pyarrow
    import pyarrow.parquet

    layout = _layout(document)
    schema = _schema(document, layout)
    repetitive = layout.names[: len(layout.names) - sum(map(len, layout.models))]

    def write(file: BinaryIO) -> None:
        with pyarrow.parquet.ParquetWriter(
            file, schema, compression="zstd", use_dictionary=repetitive, write_page_checksum=True, store_schema=False
        ) as writer:
            writer.add_key_value_metadata({KEY: _settings_of(document, layout, path, view or {})})
            for share, piece in _pieces(document, schema):
                check(stopped)
                writer.write_table(piece)
                report(share)

    try:
        return replace_file(path, write, expected)
    except pyarrow.ArrowException as error:
        raise DataError("save_failed", file=path.name, reason=reason_of(error)) from error


def _layout(document: Document) -> _Layout:
    taken: set[str] = set()

    def free(wanted: str) -> str:
        name, number = _as_utf8(wanted), 1
        while name in taken:
            number += 1
            name = f"{_as_utf8(wanted)} {number}"
        taken.add(name)
        return name

    def of_each_category(name: str) -> tuple[str, ...]:
        if len(document.categories) == 1:
            return (free(name),)
        return tuple(free(f"{name}:{category}") for category in document.categories)

    row_names = None if document.row_names is None else free("row")
    labels = (free("label"),) if _one_column(document) else of_each_category("label")
    models = tuple(of_each_category(model.name) for model in document.models)
    return _Layout(row_names, tuple(free(grouping.name) for grouping in document.groupings), labels, models)


def _one_column(document: Document) -> bool:
    """Return whether the labels are numbers of categories."""
    return document.labels.blocks[0].values.ndim == 1


def _as_utf8(text: str) -> str:
    """Return a text without the halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _schema(document: Document, layout: _Layout) -> Any:
    import pyarrow

    soft = any(block.values.dtype.kind == "f" for block in document.labels.blocks)
    whole = pyarrow.int32() if _one_column(document) else pyarrow.int8()
    fields = [] if layout.row_names is None else [(layout.row_names, pyarrow.string())]
    fields += [(name, pyarrow.string()) for name in layout.groupings]
    fields += [(name, pyarrow.float64() if soft else whole) for name in layout.labels]
    for model, names in zip(document.models, layout.models, strict=True):
        own = pyarrow.from_numpy_dtype(model.scores.blocks[0].values.dtype)
        fields += [(name, own) for name in names]
    return pyarrow.schema(fields)


def _settings_of(document: Document, layout: _Layout, path: Path, view: Mapping[str, object]) -> bytes:
    settings = {
        "version": VERSION,
        "title": document.title,
        "task": document.task.value,
        "categories": document.categories,
        "rows": layout.row_names,
        "groupings": [
            {"name": grouping.name, "column": name, "groups": grouping.groups}
            for grouping, name in zip(document.groupings, layout.groupings, strict=True)
        ],
        "labels": layout.labels,
        "words": document.words,
        "models": [
            {"name": model.name, "kind": model.kind.value, "columns": names}
            for model, names in zip(document.models, layout.models, strict=True)
        ],
        "thresholds": [float(threshold) for threshold in document.thresholds],
        "loss": asdict(document.settings),
        "view": dict(view),
    }
    text = json.dumps(settings, allow_nan=False).encode()
    if len(text) > LARGEST_SETTINGS:
        raise DataError("names_too_long", file=path.name)
    return text


def _pieces(document: Document, schema: Any) -> Iterator[tuple[float, Any]]:
    """Yield the share done with each piece, and the piece: so many rows as a table."""
    import pyarrow

    rows = min(PIECE_ROWS, max(1, PIECE_ELEMENTS // len(schema)))
    for start in range(0, max(1, document.rows), rows):
        stop = min(start + rows, document.rows)
        columns = [[_array(part, field.type) for part in parts]
                   for field, parts in zip(schema, _columns(document, start, stop), strict=True)]  # fmt: skip
        arrays = [pyarrow.chunked_array(parts, field.type) for field, parts in zip(schema, columns, strict=True)]
        yield stop / max(1, document.rows), pyarrow.Table.from_arrays(arrays, schema=schema)


def _columns(document: Document, start: int, stop: int) -> Iterator[list[Any]]:
    """Yield some rows of each column of the file, as they lie in their blocks."""
    if document.row_names is not None:
        yield _parts(document.row_names, start, stop)
    for grouping in document.groupings:
        yield [_words(grouping, part) for part in _parts(grouping.codes, start, stop)]
    for column in (document.labels, *(model.scores for model in document.models)):
        parts = _parts(column, start, stop)
        if column.blocks[0].values.ndim == 1:
            yield parts
        else:
            yield from ([part[:, c] for part in parts] for c in range(len(document.categories)))


def _parts(column: Column, start: int, stop: int) -> list[Values]:
    first = int(np.searchsorted(column.starts, start, side="right")) - 1
    parts = []
    for begin, block in zip(column.starts[first:].tolist(), column.blocks[first:], strict=False):
        if begin >= stop:
            break
        parts.append(block.values[max(0, start - begin) : stop - begin])
    return parts


def _words(grouping: Grouping, codes: Values) -> Any:
    """Return the groups of some rows as text, null for none."""
    import pyarrow

    groups = pyarrow.array([_as_utf8(group) for group in grouping.groups], pyarrow.string())
    return groups.take(pyarrow.array(codes, mask=codes == len(groups)))


def _array(values: Any, kind: Any) -> Any:
    """Return values for the file: what is unknown is null, as is a name that nobody gave."""
    import pyarrow

    if isinstance(values, pyarrow.Array):
        return values
    if values.dtype.kind == "T":
        return pyarrow.array(values.astype(object), kind, mask=values == "")
    if values.dtype.kind == "i" and pyarrow.types.is_integer(kind):
        return pyarrow.array(values, kind, mask=values == UNLABELLED)
    if values.dtype.kind == "i":
        values = known_labels(values)
    return pyarrow.array(values, kind, from_pandas=True)  # nan is null


# Reading


def is_project(metadata: Mapping[bytes, bytes] | None) -> bool:
    """Return whether a Parquet file with these metadata has been saved by this program."""
    return metadata is not None and KEY in metadata


def title_of_project(path: Path) -> str:
    """Return what the document in a project is called; only the end of the file is read.

    Raises
    ------
    DataError
        ``file_damaged``, ``project_damaged``, ``project_newer``, ``file_unreadable``.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.OSFile(bytes(path)) as source:
            metadata = pyarrow.parquet.read_metadata(source).metadata
    except pyarrow.ArrowException as error:
        raise DataError("file_damaged", file=path.name, reason=reason_of(error)) from error
    except OSError as error:
        raise DataError("file_unreadable", file=path.name, reason=error.strerror or str(error)) from error
    return str(_entry(_settings_in(metadata), "title", str))


def document_of_project(table: Any, stopped: Stopped = never, report: Report = unheard) -> Opened:
    """Return the document in a project.

    Parameters
    ----------
    table : pyarrow.Table
        The columns of the file, with the metadata of its schema.
    stopped, report : callable
        As for :func:`xentviz.core.evaluation.evaluate`.

    Raises
    ------
    DataError
        ``project_newer`` if a newer program has saved it, ``project_damaged`` with the ``part`` that makes no sense.
    Cancelled
    """
    kept = _settings_in(table.schema.metadata)
    columns = dict(zip(table.column_names, table.columns, strict=True))
    if len(columns) < table.num_columns:
        raise _damaged("columns")
    task, names = _choice(kept, "task", Task), _entry(kept, "rows", str | None)
    label_columns, categories, models = _texts(kept, "labels"), _texts(kept, "categories"), _entry(kept, "models", list)
    share = 1 / (2 + len(models))
    row_names = None
    if names is not None:
        row_names = cut(
            table.num_rows, len(categories), _names(columns, names), stopped=stopped, report=part_of(report, 0, share)
        )
    check(stopped)
    document = _made(
        "settings",
        lambda: Document.create(
            _labels(columns, label_columns, task),
            {},
            title=_entry(kept, "title", str),
            categories=categories,
            row_names=row_names,
            thresholds=_thresholds(kept),
            multiclass=task is Task.MULTICLASS,
        ),
    )
    if document.task is not task:
        raise _damaged("task")
    used = {*label_columns, names}
    for grouping in _entry(kept, "groupings", list) if "groupings" in kept else []:  # earlier programs kept none
        document = _with_grouping(document, grouping, columns)
        used.add(grouping["column"])
    for done, model in enumerate(models, start=2):
        check(stopped)
        report(done * share)
        document = _with_model(document, model, columns)
        used.update(_texts(model, "columns"))
    document = replace(document, words=_yes_and_no(kept, task))
    return Opened(
        document.with_settings(_loss_settings(_entry(kept, "loss", dict))),
        unused=tuple(name for name in columns if name not in used),
        project=True,
        view=_view(kept),
    )


def _yes_and_no(kept: dict[str, Any], task: Task) -> tuple[str, str] | None:
    """Return the words for yes and no; earlier programs kept none."""
    if kept.get("words") is None:
        return None
    words = _texts(kept, "words")
    if task is not Task.BINARY or len(set(words)) != 2 or len(words) != 2:
        raise _damaged("words")
    return words[0], words[1]


def _view(kept: dict[str, Any]) -> dict[str, object]:
    """Return how the document was looked at; without it, or if it is damaged, the data are as good."""
    view = kept.get("view")
    return view if isinstance(view, dict) else {}


def _damaged(part: str) -> DataError:
    return DataError("project_damaged", part=part)


def _settings_in(metadata: Mapping[bytes, bytes] | None) -> dict[str, Any]:
    """Return the settings, of which nothing but the version has been checked."""
    text = (metadata or {}).get(KEY, b"")
    if len(text) > LARGEST_SETTINGS:
        raise _damaged("settings")
    try:
        kept = json.loads(text.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _damaged("settings") from error
    version = _entry(kept, "version", int)
    if version > VERSION:
        raise DataError("project_newer", version=version, known=VERSION)
    if version < 1:
        raise _damaged("version")
    assert isinstance(kept, dict)
    return kept


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _entry(record: Any, key: str, kind: Any) -> Any:
    """Return an entry of a record, if it is there and of the right kind."""
    if not isinstance(record, dict) or key not in record:
        raise _damaged(key)
    value = record[key]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _damaged(key)
    return value


def _texts(record: Any, key: str) -> list[str]:
    texts: list[str] = _entry(record, key, list)
    if not texts or not all(isinstance(text, str) for text in texts):
        raise _damaged(key)
    return texts


def _choice(record: Any, key: str, kind: type[Choice]) -> Choice:
    try:
        return kind(_entry(record, key, str))
    except ValueError as error:
        raise _damaged(key) from error


def _thresholds(kept: dict[str, Any]) -> list[float]:
    thresholds = _entry(kept, "thresholds", list)
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in thresholds):
        raise _damaged("thresholds")
    return [float(value) if abs(value) <= 1 else 2.0 for value in thresholds]  # no float is as large as an int may be


def _loss_settings(kept: dict[str, Any]) -> LossSettings:
    return LossSettings(unit=_choice(kept, "unit", Unit), reduction=_choice(kept, "reduction", LossReduction))


def _made(part: str, make: Callable[[], Document]) -> Document:
    """Return the document made, or say which part of the file the core refused."""
    try:
        return make()
    except DataError as error:
        if error.code == "project_damaged":
            raise
        raise _damaged(part) from error


def _with_model(document: Document, model: Any, columns: dict[str, Any]) -> Document:
    name, kind = _entry(model, "name", str), _choice(model, "kind", ScoreKind)
    scores = _side_by_side([_numbers(columns, column) for column in _texts(model, "columns")])
    return _made(name, lambda: document.with_model(name, kind, scores))


def _with_grouping(document: Document, grouping: Any, columns: dict[str, Any]) -> Document:
    import pyarrow
    import pyarrow.compute as compute

    name, groups, column = _entry(grouping, "name", str), _texts(grouping, "groups"), _entry(grouping, "column", str)
    texts = _column(columns, column)
    if not pyarrow.types.is_string(texts.type):
        raise _damaged(column)
    codes = compute.index_in(texts, pyarrow.array(groups, pyarrow.string())).fill_null(len(groups)).to_numpy()
    return _made(name, lambda: document.with_grouping(name, groups, codes))


def _labels(columns: dict[str, Any], names: Sequence[str], task: Task) -> Values:
    import pyarrow.types

    first = _column(columns, names[0])
    if task is Task.MULTICLASS and len(names) == 1 and pyarrow.types.is_integer(first.type):
        numbers: Values = first.fill_null(UNLABELLED).to_numpy()
        return numbers
    return _side_by_side([_numbers(columns, name).astype(np.float64, copy=False) for name in names])


def _side_by_side(columns: list[Values]) -> Values:
    return columns[0][:, None] if len(columns) == 1 else np.stack(columns, axis=1)


def _column(columns: dict[str, Any], name: str) -> Any:
    if name not in columns:
        raise _damaged(name)
    return columns[name]


def _numbers(columns: dict[str, Any], name: str) -> Values:
    """Return a column as float32 if it is, else as float64, with nan where nothing stands."""
    import pyarrow
    import pyarrow.types as types

    column = _column(columns, name)
    if not (types.is_integer(column.type) or types.is_floating(column.type)):
        raise _damaged(name)
    own = pyarrow.float32() if types.is_float32(column.type) else pyarrow.float64()
    values: Values = column.cast(own, safe=False).to_numpy()
    return values


def _names(columns: dict[str, Any], name: str) -> Callable[[slice], Values]:
    """Return how some rows of a column are read as names."""
    import pyarrow.types

    column = _column(columns, name)
    if not pyarrow.types.is_string(column.type):
        raise _damaged(name)
    return lambda rows: texts_of(column.slice(rows.start, rows.stop - rows.start))
