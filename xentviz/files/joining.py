"""Tables of several files side by side, their rows matched by a key or by their order."""

from collections.abc import Container, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import Any, NamedTuple

from xentviz.core.errors import DataError
from xentviz.files.cells import Sort, first_row, is_decided, sort_of, without_nan
from xentviz.files.known_names import WEIGHT_NAMES, is_label_name, names_rows
from xentviz.files.table import Table, of_file


class Part(NamedTuple):
    """One of the tables, and what its file is called, with and without suffix."""

    file: str
    stem: str
    table: Table


def joined(parts: Sequence[Part], key: str | None) -> Table:
    """Return tables as one.

    Rows belong together that have the same value in the key column: the one named, or the first that looks like row
    names in every table and is the same in all, or holds no value twice. Without a key rows belong together in their
    order. Labels that several tables hold must agree. Other columns of one name get their file's name behind it.

    What is in doubt of a table is so of the whole, and what cannot be joined because of it.

    Raises
    ------
    DataError
        ``lengths_differ``, ``key_unmatched``, ``key_twice``, ``labels_differ``, ``column_unknown``.
    """
    doubts = [of_file(part.table.doubt, part.file) for part in parts if part.table.doubt is not None]
    try:
        whole = _joined(parts, key)
    except DataError as error:
        raise (doubts[0] if doubts else error) from error
    return replace(whole, notes=(*doubts[1:], *whole.notes), doubt=doubts[0] if doubts else None)


def _joined(parts: Sequence[Part], key: str | None) -> Table:
    shared = _key_of(parts, key)
    first, notes = parts[0], [note for part in parts for note in part.table.notes]
    aligned = [first.table.columns]
    for part in parts[1:]:
        aligned.append(part.table.columns if shared is None else _in_order_of(first, part, shared))
        if shared is None and len(part.table.columns) != len(first.table.columns):
            raise DataError(
                "lengths_differ", file=first.file, rows=len(first.table.columns),
                other=part.file, other_rows=len(part.table.columns),
            )  # fmt: skip
    how = DataError("joined_in_order") if shared is None else DataError("joined_by_key", column=shared)
    columns = _side_by_side(parts, aligned, shared)
    return Table(columns, all(part.table.has_header for part in parts), (*notes, how))


def _key_of(parts: Sequence[Part], key: str | None) -> str | None:
    """Return the column by which rows are matched, None for their order."""
    if key is not None:
        for part in parts:
            if key not in part.table.columns.column_names:
                names = part.table.columns.column_names
                raise DataError("column_unknown", file=part.file, column=key, columns=names)
            _check_once(part, key)
        return key
    for name in parts[0].table.columns.column_names:
        everywhere = all(name in part.table.columns.column_names for part in parts)
        if everywhere and names_rows(name) and _matches_rows([part.table.columns[name] for part in parts]):
            return str(name)
    return None


def _matches_rows(columns: Sequence[Any]) -> bool:
    """Return whether rows can be matched by these columns: they are the same, sooner told, or hold no value twice."""
    return all(columns[0].equals(column) for column in columns[1:]) or all(map(_is_unique, columns))


def _is_unique(column: Any) -> bool:
    return column.null_count == 0 and len(column.unique()) == len(column)


def _check_once(part: Part, key: str) -> None:
    import pyarrow
    import pyarrow.compute as compute

    column = part.table.columns[key]
    if not _is_unique(column):
        counts = compute.value_counts(column)
        most = counts[compute.index(counts.field("counts"), compute.max(counts.field("counts"))).as_py()]
        raise DataError("key_twice", file=part.file, column=key, value=str(most["values"].cast(pyarrow.string())))


def _in_order_of(first: Part, part: Part, key: str) -> Any:
    """Return the columns of a table with its rows as they stand in the first."""
    import pyarrow
    import pyarrow.compute as compute

    wanted, given = first.table.columns[key], part.table.columns[key]
    if wanted.equals(given):  # sooner told before both are text
        return part.table.columns
    wanted, given = wanted.cast(pyarrow.string()), given.cast(pyarrow.string())
    if wanted.equals(given):
        return part.table.columns
    places = compute.index_in(wanted, given.combine_chunks())
    row = first_row(compute.is_null(places))
    if row >= 0:
        raise DataError(
            "key_unmatched", file=first.file, row=row + 1, column=key, value=wanted[row].as_py(), other=part.file
        )
    if len(given) > len(wanted):
        places_back = compute.index_in(given, wanted.combine_chunks())
        row = first_row(compute.is_null(places_back))
        raise DataError(
            "key_unmatched", file=part.file, row=row + 1, column=key, value=given[row].as_py(), other=first.file
        )
    return part.table.columns.take(places)


def _side_by_side(parts: Sequence[Part], aligned: Sequence[Any], key: str | None) -> Any:
    import pyarrow

    taken: dict[str, Any] = {}
    names = [name for columns in aligned for name in columns.column_names]
    for part, columns in zip(parts, aligned, strict=True):
        for name in columns.column_names:
            scored = is_label_name(name) and _is_scored(columns[name], [table[name] for table in aligned if name in
                                                                        table.column_names])  # fmt: skip
            weights = name.strip().lower() in WEIGHT_NAMES
            common = not scored and (name == key or weights or is_label_name(name) or names_rows(name))
            if common and name in taken:
                if is_label_name(name):
                    _check_labels(parts[0], part, name, taken[name], columns[name])
                continue
            own = name if common or names.count(name) == 1 else _of_file(name, part.stem)
            taken[_free(own, taken)] = columns[name]
    return pyarrow.table(taken)


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
