"""Which rows of two columns of keys belong together, told part by part: fast, and not deaf to Cancel."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from xentviz.core.columns import Rows, Values
from xentviz.core.parallel import in_batches
from xentviz.core.progress import Report, Stopped, check

PARTS = 64
"""So many that the keys of one stay close to the processor where there are ten million."""

PIECE_ROWS = 1 << 16
SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""By which numbers are multiplied so that their upper bits differ (D. Knuth, Sorting and Searching, 6.4)."""


class _Piece(NamedTuple):
    """Some rows sorted by their part: keys, where they stand in the column, and where each part begins."""

    keys: Any
    rows: Rows
    starts: list[int]


class Keys:
    """A column of keys, told apart by what they hold: keys that are equal are in the same part.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Without nulls.
    as_text : bool
        Whether the keys are to be compared as text; those that are not must be integers.
    stopped, report : callable
        As for :func:`xentviz.core.evaluation.evaluate`.

    Raises
    ------
    Cancelled
    """

    def __init__(self, column: Any, as_text: bool, stopped: Stopped, report: Report) -> None:
        self.rows = len(column)
        starts = range(0, max(1, self.rows), PIECE_ROWS)
        self._pieces: Sequence[_Piece] = in_batches(partial(_piece, column, as_text), starts, stopped, report)

    def part(self, number: int) -> tuple[Any, Rows]:
        """Return the keys of a part, and where they stand in the column."""
        import pyarrow

        cuts = [slice(piece.starts[number], piece.starts[number + 1]) for piece in self._pieces]
        keys = [piece.keys[cut] for piece, cut in zip(self._pieces, cuts, strict=True)]
        rows = [piece.rows[cut] for piece, cut in zip(self._pieces, cuts, strict=True)]
        return pyarrow.concat_arrays(keys), np.concatenate(rows)


def places_of(wanted: Keys, given: Keys, stopped: Stopped, report: Report) -> Rows:
    """Return in which row each of the wanted keys is given, -1 where it is not; shape (rows,).

    Examples
    --------
    >>> import pyarrow
    >>> of = lambda *keys: Keys(pyarrow.chunked_array([keys]), False, bool, print)
    >>> places_of(of(7, 8, 9), of(9, 7), bool, lambda _share: None)
    0.0
    0.0
    array([ 1, -1,  0])
    """
    import pyarrow.compute as compute

    places = np.full(wanted.rows, -1, dtype=np.int64)
    for number in range(PARTS):
        check(stopped)
        report(number / PARTS)
        keys, rows = wanted.part(number)
        others, their_rows = given.part(number)
        found = compute.index_in(keys, others).fill_null(len(others)).to_numpy()
        places[rows] = np.append(their_rows, -1)[found]
    return places


def repeated(keys: Keys, stopped: Stopped) -> Any:
    """Return a key that stands in several rows, as a pyarrow.Scalar; None if there is none."""
    for number in range(PARTS):
        check(stopped)
        counts = keys.part(number)[0].value_counts()
        times = counts.field("counts").to_numpy()
        if len(times) and times.max() > 1:
            return counts.field("values")[int(times.argmax())]
    return None


def _piece(column: Any, as_text: bool, start: int) -> _Piece:
    import pyarrow

    keys = column.slice(start, PIECE_ROWS).combine_chunks()
    if as_text:
        keys = keys.cast(pyarrow.string())
    parts = _parts_of_texts(keys) if as_text else _parts_of_numbers(keys.to_numpy())
    order = np.argsort(parts, kind="stable")
    starts = [0, *np.cumsum(np.bincount(parts, minlength=PARTS)).tolist()]
    return _Piece(keys.take(pyarrow.array(order)), order + start, starts)


def _parts_of_numbers(keys: Values) -> Values:
    upper_bits = (keys.astype(np.uint64) * SPREAD) >> np.uint64(32)
    return (upper_bits % np.uint64(PARTS)).astype(np.uint8)


def _parts_of_texts(keys: Any) -> Values:
    """Return the part of each text, by the sum of its bytes and its last one: there names that are numbered differ."""
    _nulls, ends, letters = keys.buffers()
    if not len(keys) or letters is None:
        return np.zeros(len(keys), dtype=np.uint8)
    bounds = np.frombuffer(ends, np.int32)[keys.offset : keys.offset + len(keys) + 1]
    own = np.frombuffer(letters, np.uint8)[bounds[0] : bounds[-1]]
    sums = np.append(np.uint8(0), np.cumsum(own, dtype=np.uint8))  # modulo 256, as differences of them are
    first, end = bounds[:-1] - bounds[0], bounds[1:] - bounds[0]
    last = np.where(first < end, np.append(own, np.uint8(0))[end - 1], np.uint8(0))
    parts: Values = (sums[end] - sums[first] + np.uint8(13) * last) % PARTS
    return parts
