"""Tables of several files side by side, their rows matched by a key or by their order."""

from collections.abc import Container, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentviz.core.columns import Rows
from xentviz.core.errors import DataError
from xentviz.core.progress import Report, Stopped, check, never, part_of, parts_of, unheard
from xentviz.files.cells import Sort, first_row, is_decided, sort_of, without_nan
from xentviz.files.known_names import WEIGHT_NAMES, is_label_name, names_rows
from xentviz.files.matching import PIECE_ROWS, Keys, places_of, repeated
from xentviz.files.table import Table, of_file

MATCHING_SHARE = 0.8
"""How much of the work is finding which rows belong together; the rest is putting them in order."""


class Part(NamedTuple):
    """One of the tables, and what its file is called, with and without suffix."""

    file: str
    stem: str
    table: Table


class Match(NamedTuple):
    """The key by which rows are matched, and each table's rows in the order of the first; None for as they stand."""

    key: str | None
    rows: Sequence[Rows | None]


def joined(parts: Sequence[Part], key: str | None, stopped: Stopped = never, report: Report = unheard) -> Table:
    """Return tables as one.

    Rows belong together that have the same value in the key column: the one named, or the first that looks like row
    names in every table. A key holds no value twice; one that nobody named may, if it is the same in all tables.
    Without a key rows belong together in their order. Labels that several tables hold must agree, and words that do
    are taken once. Other columns of one name get their file's name behind it.

    What is in doubt of a table is so of the whole, and what cannot be joined because of it.

    Raises
    ------
    DataError
        ``lengths_differ``, ``key_unmatched``, ``key_twice``, ``labels_differ``, ``column_unknown``.
    Cancelled
    """
    doubts = [of_file(part.table.doubt, part.file) for part in parts if part.table.doubt is not None]
    try:
        whole = _joined(parts, key, stopped, report)
    except DataError as error:
        raise (doubts[0] if doubts else error) from error
    return replace(whole, notes=(*doubts[1:], *whole.notes), doubt=doubts[0] if doubts else None)


def _joined(parts: Sequence[Part], key: str | None, stopped: Stopped, report: Report) -> Table:
    match = _match(parts, key, stopped, part_of(report, 0, MATCHING_SHARE))
    aligned = []
    for number, (part, rows) in enumerate(zip(parts, match.rows, strict=True)):
        share = part_of(part_of(report, MATCHING_SHARE, 1), number / len(parts), (number + 1) / len(parts))
        columns = part.table.columns
        aligned.append(columns if rows is None else _in_order(columns.drop_columns([match.key]), rows, stopped, share))
    whole = _side_by_side(parts, aligned, match.key, stopped)
    how = DataError("joined_in_order") if match.key is None else DataError("joined_by_key", column=match.key)
    notes = [note for part in parts for note in part.table.notes]
    return Table(whole, all(part.table.has_header for part in parts), (*notes, how))


def _match(parts: Sequence[Part], key: str | None, stopped: Stopped, report: Report) -> Match:
    """Return how rows are matched: by the key that is said, else by the first column that can be one."""
    for name in _candidates(parts) if key is None else [_known(parts, key)]:
        columns = [part.table.columns[name] for part in parts]
        if all(_is_same(columns[0], column, stopped) for column in columns[1:]):
            if key is not None and (twice := _twice(parts, name, _keys(columns[:1], stopped, report), stopped)):
                raise twice
            return Match(name, [None] * len(parts))
        keys = _keys(columns, stopped, part_of(report, 0, 0.5))
        places = _places(keys, stopped, part_of(report, 0.5, 1))
        if all(map(_is_whole, places, keys)):
            return Match(name, [None, *places[1:]])
        twice = _twice(parts, name, keys, stopped)
        if twice is None:
            raise _unmatched(parts, name, places)
        if key is not None:
            raise twice
    _check_lengths(parts)
    return Match(None, [None] * len(parts))


def _candidates(parts: Sequence[Part]) -> list[str]:
    names = [part.table.columns.column_names for part in parts]
    return [name for name in names[0] if names_rows(name) and all(name in others for others in names[1:])]


def _known(parts: Sequence[Part], key: str) -> str:
    """Return a key if it is in every table."""
    for part in parts:
        names = part.table.columns.column_names
        if key not in names:
            raise DataError("column_unknown", file=part.file, column=key, columns=names)
    return key


def _is_same(column: Any, other: Any, stopped: Stopped) -> bool:
    if len(column) != len(other) or column.type != other.type:
        return False
    for start in range(0, len(column), PIECE_ROWS):
        check(stopped)
        if not column.slice(start, PIECE_ROWS).equals(other.slice(start, PIECE_ROWS)):
            return False
    return True


def _keys(columns: Sequence[Any], stopped: Stopped, report: Report) -> list[Keys]:
    import pyarrow.types as types

    alike = len({column.type for column in columns}) == 1 and not any(column.null_count for column in columns)
    as_text = not (alike and types.is_integer(columns[0].type))
    shares = parts_of(report, len(columns))
    return [Keys(column, as_text, stopped, share) for column, share in zip(columns, shares, strict=True)]


def _places(keys: Sequence[Keys], stopped: Stopped, report: Report) -> list[Rows]:
    """Return in which row of each table each key of the first is."""
    shares = parts_of(report, len(keys))
    others = [places_of(keys[0], other, stopped, share) for other, share in zip(keys[1:], shares[1:], strict=True)]
    return [np.arange(keys[0].rows), *others]


def _is_whole(places: Rows, keys: Keys) -> bool:
    """Return whether each key has one place, and each place one key: then none stands twice on either side."""
    return len(places) == keys.rows and bool(_given(places, keys.rows).all())


def _given(places: Rows, rows: int) -> NDArray[np.bool_]:
    """Return which of so many rows are among the places."""
    given = np.zeros(rows + 1, dtype=bool)
    given[places] = True  # the last is for -1
    return given[:-1]


def _twice(parts: Sequence[Part], name: str, keys: Sequence[Keys], stopped: Stopped) -> DataError | None:
    """Return the first table whose rows cannot be told apart by a key, if there is one."""
    for part, own in zip(parts, keys, strict=False):
        value = repeated(own, stopped)
        if value is not None:
            return DataError("key_twice", file=part.file, column=name, value=_written(value))
    return None


def _unmatched(parts: Sequence[Part], name: str, places: Sequence[Rows]) -> DataError:
    """Return the first row that another table has none for, where no key stands twice."""
    for part, rows in zip(parts[1:], places[1:], strict=True):
        given = _given(rows, len(part.table.columns))
        of, by, missing = (parts[0], part, rows < 0) if (rows < 0).any() else (part, parts[0], ~given)
        if missing.any():
            row = int(np.argmax(missing))
            value = _written(of.table.columns[name][row])
            return DataError("key_unmatched", file=of.file, row=row + 1, column=name, value=value, other=by.file)
    raise AssertionError("where all are matched nothing is missing")


def _written(value: Any) -> str:
    import pyarrow

    return value.cast(pyarrow.string()).as_py() or ""


def _check_lengths(parts: Sequence[Part]) -> None:
    first = parts[0]
    for part in parts[1:]:
        if len(part.table.columns) != len(first.table.columns):
            raise DataError(
                "lengths_differ", file=first.file, rows=len(first.table.columns),
                other=part.file, other_rows=len(part.table.columns),
            )  # fmt: skip


def _in_order(columns: Any, rows: Rows, stopped: Stopped, report: Report) -> Any:
    """Return columns with their rows in this order; one by one, so that the next can be stopped."""
    import pyarrow

    taken, indices = [], pyarrow.array(rows)
    for number, column in enumerate(columns.columns):
        check(stopped)
        report(number / columns.num_columns)
        taken.append(column.take(indices))
    return pyarrow.Table.from_arrays(taken, columns.column_names)


def _side_by_side(parts: Sequence[Part], aligned: Sequence[Any], key: str | None, stopped: Stopped) -> Any:
    import pyarrow

    @cache  # every row of every table is compared: once for all tables
    def agreed(name: str) -> bool:
        return _says_the_same(name, aligned, stopped)

    taken: dict[str, Any] = {}
    names = [name for columns in aligned for name in columns.column_names]
    for part, columns in zip(parts, aligned, strict=True):
        for name in columns.column_names:
            check(stopped)
            scored = is_label_name(name) and _is_scored(columns[name], [table[name] for table in aligned if name in
                                                                        table.column_names])  # fmt: skip
            weights = name.strip().lower() in WEIGHT_NAMES
            common = not scored and (name == key or weights or is_label_name(name) or names_rows(name))
            common = common or agreed(name)
            if common and name in taken:
                if is_label_name(name):
                    _check_labels(parts[0], part, name, taken[name], columns[name])
                continue
            own = name if common or names.count(name) == 1 else _of_file(name, part.stem)
            taken[_free(own, taken)] = columns[name]
    return pyarrow.table(taken)


def _says_the_same(name: str, aligned: Sequence[Any], stopped: Stopped) -> bool:
    """Return whether a column of words is in every table that has one of its name, row by row."""
    first, *others = (columns[name] for columns in aligned if name in columns.column_names)
    if not others or sort_of(first) is not Sort.WORDS:
        return False
    return all(_is_same(first, other, stopped) for other in others)


def _is_scored(column: Any, alike: Sequence[Any]) -> bool:
    """Return whether a column is scores though it is called as labels are: another of its name holds but yes and no."""
    return any(is_decided(other) for other in alike) and sort_of(column) is Sort.NUMBERS and not is_decided(column)


def _free(name: str, taken: Container[str]) -> str:
    """Return a name that no column has yet: files in different folders may be called alike."""
    return next(own for own in chain([name], (f"{name} {n}" for n in count(2))) if own not in taken)


def _of_file(name: str, stem: str) -> str:
    """Return a column's name with its file's behind the model."""
    model, colon, category = name.partition(":")
    return f"{model.strip()} ({stem}){colon}{category}"


def _comparable(labels: Any) -> Any:
    """Return labels with 1 for true, and null for what is unknown."""
    import pyarrow

    return labels.cast(pyarrow.int8()) if pyarrow.types.is_boolean(labels.type) else without_nan(labels)


def _check_labels(first: Part, part: Part, name: str, labels: Any, others: Any) -> None:
    import pyarrow
    import pyarrow.compute as compute

    labels, others = _comparable(labels), _comparable(others)
    if labels.type != others.type or pyarrow.types.is_null(labels.type):
        labels, others = labels.cast(pyarrow.string()), others.cast(pyarrow.string())
    row = first_row(compute.fill_null(compute.not_equal(labels, others), False))
    if row >= 0:
        raise DataError(
            "labels_differ", file=first.file, row=row + 1, column=name,
            value=str(labels[row].as_py()), other=str(others[row].as_py()), other_file=part.file,
        )  # fmt: skip
