"""Columns of labels as numbers: 1 for yes, 0 for no, between for soft labels; or the numbers of categories."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from xentviz.core.columns import Values
from xentviz.core.errors import DataError
from xentviz.files.cells import Sort, distinct, first_outside, first_row, numbers_of, sort_of, written
from xentviz.files.typed_cells import text_of
from xentviz.files.written_numbers import is_missing

PAIRS = (("yes", "no"), ("y", "n"), ("true", "false"), ("t", "f"), ("positive", "negative"), ("pos", "neg"))
"""Words for yes and no that need no asking; in any case of letters."""

MOST_SHOWN = 20
"""How many different labels a person can choose the positive one from."""


Read = Callable[[Any], Values]
"""Returns a piece of a column as labels, nan where there is none."""


class Answers(NamedTuple):
    """How a column is read as labels, what its yes is called if it has a name, and what a person should be told.

    ``words`` are those for yes and no, if there are just two.
    """

    read: Read
    yes: str | None = None
    note: DataError | None = None
    words: tuple[str, str] | None = None


def answers_of(column: Any, name: str, positive: str | None) -> Answers:
    """Return how a column of labels is read as yes and no.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
    name : str
        What the column is called.
    positive : str or None
        The label that counts as yes, as it is written; all others count as no. None if nobody has said.

    Raises
    ------
    DataError
        ``positive_unknown`` where a person must say which label counts as yes, ``label_out_of_range``,
        ``label_text``, ``not_a_number``.
    """
    sort = sort_of(column)
    if sort is Sort.DATES:
        raise DataError("label_text", **_first(column, name))
    if positive is not None:
        return _against_rest(column, name, positive)
    if sort is Sort.WORDS:
        return _of_words(column, name)
    if first_outside(column, name, 0, 1) is None:
        return Answers(partial(numbers_of, name=name))
    return _of_two_numbers(column, name)


def categories_of(column: Any, name: str, categories: Sequence[str]) -> Read:
    """Return how a column of labels is read as numbers of categories.

    A label is a category's name; where no category is called by a number, numbers count the categories from 0. What is
    returned raises ``label_unknown``.
    """
    if sort_of(column) is Sort.WORDS:
        return partial(_by_name, name=name, categories=categories)
    named = any(category.isdecimal() for category in categories)
    numbers = [
        (float(category) if category.isdecimal() else np.nan) if named else place
        for place, category in enumerate(categories)
    ]
    return partial(_by_number, name=name, categories=categories, numbers=numbers)


def _by_number(column: Any, name: str, categories: Sequence[str], numbers: Sequence[float]) -> Values:
    labels = numbers_of(column, name)
    places = np.full(len(labels), np.nan)
    for place, number in enumerate(numbers):
        places[labels == number] = place
    unknown = np.isnan(places) & ~np.isnan(labels)
    if unknown.any():
        row = int(np.argmax(unknown))
        raise _unknown(row, name, text_of(written(column, row)) or "", categories)
    return places


def _by_name(column: Any, name: str, categories: Sequence[str]) -> Values:
    import pyarrow
    import pyarrow.compute as compute

    trimmed = compute.utf8_trim_whitespace(column)
    places = compute.index_in(trimmed, pyarrow.array(categories, pyarrow.string()))
    row = first_row(compute.and_(compute.invert(is_missing(column)), compute.is_null(places)))
    if row >= 0:
        raise _unknown(row, name, str(column[row].as_py()), categories)
    return np.asarray(places.cast(pyarrow.float64()).to_numpy())


def _unknown(row: int, name: str, value: str, categories: Sequence[str]) -> DataError:
    return DataError("label_unknown", row=row + 1, column=name, value=value, categories=list(categories))


def _of_words(column: Any, name: str) -> Answers:
    values = distinct(column, MOST_SHOWN)
    if values is None:
        raise DataError("labels_many", **_first(column, name))
    called = category_of(name)
    if called in values:
        return _against_rest(column, name, called)
    for yes, no in PAIRS:
        if {value.casefold() for value in values} <= {yes, no}:
            wanted = [value for value in values if value.casefold() == yes]
            words = words_of(values, wanted[0]) if wanted else None
            note = DataError("positive_taken", column=name, yes=yes, no=no)
            return Answers(partial(_equal, wanted=wanted), None, note, words)
    raise DataError("positive_unknown", column=name, values=values)


def _of_two_numbers(column: Any, name: str) -> Answers:
    """Return how labels of -1 and 1 are read as no and yes; of others a person must say which is yes."""
    labels = numbers_of(column, name)
    wrong = (labels < 0) | (labels > 1)
    known = labels[~np.isnan(labels)]
    if ((known == 1) | (known == -1)).all():
        return Answers(partial(_without_minus, name=name), None, DataError("minus_one_taken", column=name))
    whole = (known == np.floor(known)) & np.isfinite(known)
    values = _different(known) if whole.all() and _extent(known) <= MOST_SHOWN else []
    if len(values) > 1:
        raise DataError("positive_unknown", column=name, values=list(map(text_of, values)))
    row = int(np.argmax(wrong))
    raise DataError("label_out_of_range", row=row + 1, column=name, value=written(column, row))


def _extent(numbers: Values) -> float:
    """Return the largest number less the smallest, in which Python's numbers overflow without a warning."""
    return float(numbers.max()) - float(numbers.min())


def _different(numbers: Values) -> list[float]:
    """Return the different ones of whole numbers that lie close together, in order."""
    least = numbers.min()
    found: list[float] = (np.flatnonzero(np.bincount((numbers - least).astype(np.int64))) + least).tolist()
    return found


def _against_rest(column: Any, name: str, positive: str) -> Answers:
    positive = str(text_of(positive))  # for half a letter can be neither compared nor written
    if sort_of(column) is Sort.WORDS:
        read: Read = partial(_equal, wanted=[positive])
    else:
        try:
            read = partial(_equal_number, name=name, wanted=float(positive))
        except ValueError:
            raise DataError("positive_absent", column=name, value=positive) from None
    if len(column) and not (read(column) == 1).any():
        raise DataError("positive_absent", column=name, value=positive)
    words = words_of(distinct(column, 2) or [], positive)
    return Answers(read, positive, DataError("positive_said", column=name, yes=positive), words)


def category_of(name: str) -> str:
    """Return what a column of labels asks for: what stands behind the colon of its name, empty if there is none."""
    return name.partition(":")[2].strip()


def words_of(values: Sequence[Any], yes: str) -> tuple[str, str] | None:
    """Return the words for yes and no, if these are two of which each alone is taken for a word."""
    import pyarrow

    if len(values) != 2 or yes not in values:
        return None
    no = values[1 - values.index(yes)]
    sorts = {sort_of(pyarrow.chunked_array([[value]])) for value in (yes, no)}
    return (yes, no) if sorts == {Sort.WORDS} else None


def _equal_number(column: Any, name: str, wanted: float) -> Values:
    labels = numbers_of(column, name)
    return np.where(np.isnan(labels), np.nan, labels == np.float64(wanted))


def _without_minus(column: Any, name: str) -> Values:
    labels = numbers_of(column, name)
    return np.where(labels == -1, 0.0, labels)


def _equal(column: Any, wanted: Sequence[str]) -> Values:
    """Return 1 where a text is one of those wanted, 0 where it is another, nan where there is none."""
    import pyarrow
    import pyarrow.compute as compute

    found = compute.is_in(compute.utf8_trim_whitespace(column), pyarrow.array(list(wanted), pyarrow.string()))
    return np.asarray(compute.if_else(is_missing(column), None, found).cast(pyarrow.float64()).to_numpy())


def _first(column: Any, name: str) -> dict[str, Any]:
    """Return the place and the text of the first label."""
    import pyarrow

    texts = column.cast(pyarrow.string())
    cells = ((row, cell) for row, cell in enumerate(texts) if cell.is_valid and cell.as_py().strip())
    row, cell = next(cells, (0, None))
    return {"row": row + 1, "column": name, "value": "" if cell is None else str(cell.as_py())}
