"""Tables on disk as documents: a column of labels, and columns of scores."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from xentviz.core.columns import Values
from xentviz.core.document import Document, ScoreKind
from xentviz.core.errors import Cancelled, DataError
from xentviz.files.arrow_files import is_arrow, read_arrow
from xentviz.files.column_names import models_of
from xentviz.files.delimited import MISSING, NUMBER, read_delimited
from xentviz.files.opened import Opened
from xentviz.files.roles import check_once, recognized

MEANT_AS_NUMBER = re.compile(r"\s*[+-]?[\d.,]*\d[\d.,]*\s*%?\s*")
"""Such as 0,5 and 50%: not read as numbers, but reported as wrong ones."""


def read_table(
    path: Path,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _share: None,
) -> Opened:
    """Return the document in a table: a label column, and a column of scores for each model.

    Raises
    ------
    DataError
    Cancelled
    """
    try:
        return _read_table(path, stopped, report)
    except DataError as error:
        details = {"file": path.name or str(path), **error.details}
        if path.is_file() and is_arrow(path):
            details["without_header"] = True
        raise DataError(error.code, **details) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError("file_unreadable", file=path.name or str(path), reason=reason) from error


def _read_table(path: Path, stopped: Callable[[], bool], report: Callable[[float], None]) -> Opened:
    _check_file(path)
    table = read_arrow(path, stopped, report) if is_arrow(path) else read_delimited(path)
    if stopped():
        raise Cancelled
    report(0.5)
    check_once(table.column_names)
    roles = recognized(table.column_names, {name for name in table.column_names if _is_text(table[name])})
    for name in roles.labels:
        _refuse_words(table[name], name)
    columns = {name: _numbers(table[name], name) for name in (*roles.labels, *sum(roles.scores.values(), ()))}
    for name in roles.labels:
        _check_interval("label_out_of_range", name, columns[name])
    models = dict(zip(roles.scores, models_of(list(roles.scores)), strict=True))
    for model, names in roles.scores.items():
        if models[model][1] is ScoreKind.PROBABILITY:
            for name in names:
                _check_interval("probability_out_of_range", name, columns[name])
    report(0.75)
    document = Document.create(
        np.stack([columns[name] for name in roles.labels], axis=1).astype(np.float64),
        {models[m][0]: np.stack([columns[n] for n in names], axis=1) for m, names in roles.scores.items()},
        title=path.stem.removesuffix(".csv").removesuffix(".tsv"),  # of a packed file
        categories=roles.categories,
        row_names=None if roles.names is None else _texts(table[roles.names]),
        logits=[name for name, kind in models.values() if kind is ScoreKind.LOGIT],
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


def _numbers(column: Any, name: str) -> Values:
    """Return a column as float32 if it is, else as float64, with nan where nothing stands."""
    import pyarrow
    import pyarrow.types

    if pyarrow.types.is_string(column.type):
        _find_text(column, name)
    if pyarrow.types.is_boolean(column.type):
        column = column.cast(pyarrow.int8())
    own = pyarrow.float32() if pyarrow.types.is_float32(column.type) else pyarrow.float64()
    try:
        values: Values = np.array(column.cast(own, safe=False).to_numpy(), dtype=own.to_pandas_dtype())
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
