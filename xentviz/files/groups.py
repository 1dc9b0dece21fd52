"""Columns of words that divide rows into a few groups; nothing here makes an object of each cell."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from xentviz.core.columns import Values
from xentviz.core.document import MOST_GROUPS
from xentviz.files.cells import Sort, sort_of
from xentviz.files.written_numbers import is_missing

FIRST_ROWS = 1 << 14
"""So many rows tell at once that a column has too many different words, as names have."""

MOST_COLUMNS = 20
"""Of more columns of words only the first are kept: each takes a byte a row."""

Groups = tuple[list[str], Values]


@dataclass(frozen=True)
class TooMany:
    """More different words than there can be groups: so many in so many rows that have one, of those looked at."""

    words: int
    rows: int


def groups_in(column: Any) -> Groups | TooMany | None:
    """Return the groups that a column of words makes, in order, and the number of each row's; None for no such column.

    There are at least two, of which one has several rows, and at most :data:`MOST_GROUPS`; of more, if words repeat at
    all, it is told. Where nothing stands the number is as many as there are groups.

    Examples
    --------
    >>> import pyarrow
    >>> groups_in(pyarrow.chunked_array([["Rome", "Oslo", " Rome", None]]))
    (['Oslo', 'Rome'], array([1, 0, 1, 2], dtype=uint8))
    >>> groups_in(pyarrow.chunked_array([["Rome", "Oslo", "Bonn"]]))
    """
    if sort_of(column) is not Sort.WORDS:
        return None
    first = column.slice(0, FIRST_ROWS)
    found = _groups(first)
    if isinstance(found, TooMany):
        return found if found.words < found.rows else None
    found = _groups(column)
    return found if isinstance(found, TooMany) or 1 < len(found[0]) < len(column) else None


def are_alike(one: Groups, other: Groups) -> bool:
    """Return whether two columns divide rows into groups of the same names in the same way."""
    return one[0] == other[0] and bool(np.array_equal(one[1], other[1]))


def _groups(column: Any) -> Groups | TooMany:
    """Return groups, however few."""
    import pyarrow
    import pyarrow.compute as compute

    encoded = column.dictionary_encode().combine_chunks()
    encoded = encoded.combine_chunks() if isinstance(encoded, pyarrow.ChunkedArray) else encoded
    written, missing = compute.utf8_trim_whitespace(encoded.dictionary), is_missing(encoded.dictionary)
    known = compute.unique(written.filter(compute.invert(missing)))
    if len(known) > MOST_GROUPS:
        return TooMany(len(known), compute.sum(compute.invert(missing).take(encoded.indices)).as_py())
    names = sorted(known.to_pylist())
    places = compute.index_in(written, pyarrow.array(names, pyarrow.string())).fill_null(len(names))
    code_of = np.append(places.to_numpy(zero_copy_only=False), len(names)).astype(np.uint8)
    rows = encoded.indices.fill_null(len(code_of) - 1).to_numpy(zero_copy_only=False)
    return names, code_of[rows]
