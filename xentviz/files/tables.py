"""Comma-, semicolon- and tab-separated tables of labels and scores, read by pyarrow."""

import codecs
import csv
import io
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from xentviz.core.columns import Values
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled, DataError
from xentviz.files.opened import Opened

LABEL_NAMES = frozenset({"label", "labels", "y", "target", "truth", "y_true", "actual", "class", "is_positive"})
NAME_NAMES = frozenset({"", "id", "index", "name", "row", "row_id", "statement"})
MISSING = ["", "NA", "N/A", "na", "nan", "NaN", "NAN", "null", "None", "-"]
HEADER_BYTES = 1 << 20
MEANT_AS_NUMBER = re.compile(r"\s*[+-]?[\d.,]*\d[\d.,]*\s*%?\s*")
"""Such as 0,5 and 50%: not read as numbers, but reported as wrong ones."""

NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*|\s*[+-]?inf\s*", re.ASCII | re.IGNORECASE)


class Header(NamedTuple):
    """The names of the columns, what stands between them, and whether no line follows."""

    names: list[str]
    delimiter: str
    alone: bool


@dataclass(frozen=True)
class Roles:
    """Which column of a table is what; a column of scores belongs to a model and a category."""

    names: str | None
    labels: tuple[str, ...]
    categories: tuple[str, ...]
    scores: dict[str, tuple[str, ...]]
    unused: tuple[str, ...]


def read_table(
    path: Path,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _share: None,
) -> Opened:
    """Return the document in a CSV file: a label column, and a column of scores for each model.

    Raises
    ------
    DataError
    Cancelled
    """
    try:
        return _read_table(path, stopped, report)
    except DataError as error:
        raise DataError(error.code, **{"file": path.name or str(path), **error.details}) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError("file_unreadable", file=path.name or str(path), reason=reason) from error


def _read_table(path: Path, stopped: Callable[[], bool], report: Callable[[float], None]) -> Opened:
    _check_file(path)
    header = _header(path)
    table = _parsed(path, header)
    if stopped():
        raise Cancelled
    report(0.5)
    roles = recognized(header.names, {name for name in header.names if _is_text(table[name])})
    for name in roles.labels:
        _refuse_words(table[name], name)
    columns = {name: _numbers(table[name], name) for name in (*roles.labels, *sum(roles.scores.values(), ()))}
    for name in roles.labels:
        _check_interval("label_out_of_range", name, columns[name])
    logits = [model for model in roles.scores if "logit" in model.lower()]
    for model, names in roles.scores.items():
        if model not in logits:
            for name in names:
                _check_interval("probability_out_of_range", name, columns[name])
    report(0.75)
    document = Document.create(
        np.stack([columns[name] for name in roles.labels], axis=1),
        {model: np.stack([columns[n] for n in names], axis=1) for model, names in roles.scores.items()},
        title=path.stem,
        categories=roles.categories,
        row_names=None if roles.names is None else _texts(table[roles.names]),
        logits=logits,
    )
    return Opened(document, roles.unused)


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise DataError("file_is_folder")
    if not path.exists():
        raise DataError("file_missing")
    if not path.is_file():
        raise DataError("file_not_regular")
    if path.stat().st_size == 0:
        raise DataError("file_empty")


def _header(path: Path) -> Header:
    """Return the header, or say why the first row cannot be one."""
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES)
    if b"\0" in start:
        raise DataError("file_not_text")
    whole = len(start) < HEADER_BYTES
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(start, final=whole).lstrip("\r\n")
    except UnicodeDecodeError as error:
        raise DataError("file_not_utf8") from error
    if not text:
        raise DataError("file_empty")
    first = re.split("[\r\n]", text, maxsplit=1)[0]
    delimiter = max(",;\t", key=first.count)
    lines = io.StringIO(text, newline="")
    try:
        names = [name.strip() for name in next(csv.reader(lines, delimiter=delimiter, strict=True))]
    except csv.Error as error:
        raise DataError("table_broken", reason=str(error)) from error
    if all(NUMBER.fullmatch(name) for name in names):
        raise DataError("header_missing", value=first[:60])
    if len(names) == 1:
        raise DataError("one_column", column=names[0])
    _check_once(names)
    return Header(names, delimiter, alone=whole and not lines.read().strip("\r\n"))


def _check_once(names: Sequence[str]) -> None:
    for position, name in enumerate(names):
        if name in names[:position]:
            raise DataError("column_twice", column=name)


def _parsed(path: Path, header: Header) -> Any:
    # Here, not above: pyarrow takes longer to import than the window to open.
    import pyarrow
    import pyarrow.csv

    if header.alone:
        return pyarrow.table({name: pyarrow.nulls(0) for name in header.names})
    as_written = {name: pyarrow.string() for name in header.names if name.lower() in NAME_NAMES}
    broken: list[Any] = []

    def note(row: Any) -> str:
        broken.append(row)
        return "error"

    def parse(threads: bool) -> Any:
        return pyarrow.csv.read_csv(
            pyarrow.OSFile(os.fsencode(path)),  # bytes, for a name need not be text
            read_options=pyarrow.csv.ReadOptions(use_threads=threads),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=header.delimiter, newlines_in_values=True, invalid_row_handler=note
            ),
            convert_options=pyarrow.csv.ConvertOptions(null_values=MISSING, column_types=as_written),
        )

    try:
        table = parse(threads=True)
    except pyarrow.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise DataError("file_not_utf8") from error
        if not broken:
            raise DataError("table_broken", reason=str(error)) from error
        broken.clear()
        try:  # once more in order, which alone tells the row's number
            parse(threads=False)
        except pyarrow.ArrowInvalid:
            row = broken[0]
            if row.text.count('"') % 2:
                raise DataError("quote_open", row=row.number - 1) from error
            raise DataError(
                "row_ragged", row=row.number - 1, expected=row.expected_columns, actual=row.actual_columns
            ) from error
        raise
    return table.rename_columns(header.names)


def _is_text(column: Any) -> bool:
    """Return whether a column is words rather than numbers: none of its first rows is a number."""
    import pyarrow.types

    if pyarrow.types.is_binary(column.type):
        raise DataError("file_not_utf8")
    if pyarrow.types.is_temporal(column.type):
        return True
    if not pyarrow.types.is_string(column.type):
        return False
    given = [text for text in column[:1000].to_pylist() if text and text not in MISSING]
    return not any(NUMBER.fullmatch(text) or MEANT_AS_NUMBER.fullmatch(text) for text in given)


def _refuse_words(column: Any, name: str) -> None:
    """Raise for a column of labels that are words or dates, and name the first."""
    if _is_text(column):
        cells = column.to_pylist()
        row = next(i for i, cell in enumerate(cells) if cell is not None and cell not in MISSING)
        raise DataError("label_text", row=row + 1, column=name, value=str(cells[row]))


def recognized(header: Sequence[str], texts: set[str]) -> Roles:
    """Return what each column is, told by its name.

    Parameters
    ----------
    header : sequence of str
        Names of all columns.
    texts : set of str
        Names of those that hold words.

    Raises
    ------
    DataError
        ``label_missing``, ``scores_missing``, ``column_twice``, ``category_missing``,
        ``category_unknown``.

    Examples
    --------
    >>> recognized(["id", "label", "A", "B"], set()).scores
    {'A': ('A',), 'B': ('B',)}
    >>> recognized(["y:cat", "y:dog", "A:cat", "A:dog"], set()).categories
    ('cat', 'dog')
    """
    labels = [name for name in header if name.split(":")[0].strip().lower() in LABEL_NAMES]
    if not labels:
        raise DataError("label_missing", columns=list(header))
    several = [name for name in labels if ":" in name]
    rest = [name for name in header if name not in labels]
    labels, spare = (several, []) if several else (labels[:1], labels[1:])
    names = _names_column(rest, texts)
    scores = [name for name in rest if name != names and name not in texts]
    if not scores:
        raise DataError("scores_missing")
    categories = tuple(name.split(":", 1)[1].strip() for name in labels) if several else (labels[0],)
    _check_once(categories)
    models: dict[str, tuple[str, ...]] = (
        _by_model(scores, categories) if several else {name: (name,) for name in scores}
    )
    unused = (*spare, *(name for name in rest if name in texts and name != names))
    return Roles(names, tuple(labels), categories, models, unused)


def _names_column(names: Sequence[str], texts: set[str]) -> str | None:
    named = [name for name in names if name.lower() in NAME_NAMES]
    worded = [name for name in names if name in texts]
    return next(iter([*named, *worded]), None)


def _by_model(names: Sequence[str], categories: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the columns ``model:category`` of each model, in the order of the categories."""
    columns: dict[tuple[str, str], str] = {}
    for name in names:
        model, _, category = name.partition(":")
        if not model.strip():
            raise DataError("model_unnamed", column=name)
        if (model.strip(), category.strip()) in columns:
            raise DataError("column_twice", column=name)
        columns[model.strip(), category.strip()] = name
    models = dict.fromkeys(model for model, _ in columns)
    for model in models:
        for category in categories:
            if (model, category) not in columns:
                raise DataError("category_missing", column=model, category=category)
    for (_model, category), name in columns.items():
        if category not in categories:
            raise DataError("category_unknown", column=name, category=category)
    return {model: tuple(columns[model, category] for category in categories) for model in models}


def _numbers(column: Any, name: str) -> Values:
    """Return a column as float64 with nan where nothing stands."""
    import pyarrow
    import pyarrow.types

    if pyarrow.types.is_string(column.type):
        _find_text(column, name)
    if pyarrow.types.is_boolean(column.type):
        column = column.cast(pyarrow.int8())
    try:
        values: Values = np.array(column.cast(pyarrow.float64(), safe=False).to_numpy(), dtype=np.float64)
    except pyarrow.ArrowException as error:
        raise DataError("column_not_numbers", column=name) from error
    return values


def _find_text(column: Any, name: str) -> None:
    """Raise for the first cell that is no number; pyarrow made the whole column text for its sake."""
    for row, text in enumerate(column.to_pylist(), start=1):
        if text is not None and text not in MISSING and not NUMBER.fullmatch(text):
            raise DataError("not_a_number", row=row, column=name, value=text)


def _check_interval(code: str, name: str, values: Values) -> None:
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise DataError(code, row=row + 1, column=name, value=float(values[row]))


def _texts(column: Any) -> list[str]:
    import pyarrow

    return [text or "" for text in column.cast(pyarrow.string()).to_pylist()]
