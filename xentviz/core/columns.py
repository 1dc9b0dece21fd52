"""Read-only data in blocks, shared between snapshots: an edit copies one block and keeps the rest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Rows = NDArray[np.int64]

BLOCK_BYTES = 1024 * 1024
"""Counting at a threshold asks every block, an edit evaluates one: twice this makes evaluation slower."""

MANY = 16
"""More than one row in so many are taken faster from copies of the blocks than block by block."""


def rows_per_block(categories: int) -> int:
    """Return how many rows a block holds when each has this many float64 numbers."""
    return max(1, BLOCK_BYTES // (8 * max(1, categories)))


@dataclass(frozen=True, eq=False)
class Block:
    """One read-only array of some rows; two blocks are equal only if they are the same block."""

    values: Values

    def __post_init__(self) -> None:
        self.values.setflags(write=False)


@dataclass(frozen=True, eq=False)
class Column:
    """Rows of values, in blocks.

    Columns made with the same ``block_rows`` and edited by the same insertions and deletions are cut
    at the same rows, so that their blocks pair up. There is always a block, if an empty one.

    Examples
    --------
    >>> column = Column.of(np.array([0.1, 0.2, 0.3]), block_rows=2)
    >>> [block.values.tolist() for block in column.blocks]
    [[0.1, 0.2], [0.3]]
    >>> column.deleted(np.array([0])).array().tolist()
    [0.2, 0.3]
    """

    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, values: Values, block_rows: int) -> "Column":
        """Return a column that holds a copy of the values, cut every ``block_rows`` rows."""
        return cls(tuple(_cut(values, block_rows)))

    @cached_property
    def starts(self) -> Rows:
        """The first row of each block, and the number of rows at the end."""
        return np.cumsum([0, *(len(block.values) for block in self.blocks)], dtype=np.int64)

    def __len__(self) -> int:
        return int(self.starts[-1])

    def array(self) -> Values:
        """Return all rows as one array."""
        return np.concatenate([block.values for block in self.blocks])

    def take(self, rows: Rows, read: Callable[[Values], Values] = np.asarray) -> Values:
        """Return the values of these rows, in this order, each block's passed through ``read``."""
        if len(rows) == 0:
            return read(self.blocks[0].values[:0])
        where = self._block_of(rows)
        if MANY * len(rows) < len(self):
            return self._take_few(rows, where, read)
        present = _present(where)
        parts = [read(self.blocks[i].values) for i in present]
        # How far each block's rows move when only the present blocks stand in a row.
        shift = np.zeros(len(self.blocks), dtype=np.int64)
        shift[present] = np.cumsum([0, *map(len, parts[:-1])]) - self.starts[present]
        taken: Values = np.concatenate(parts)[rows + shift[where]]
        return taken

    def _take_few(self, rows: Rows, where: Rows, read: Callable[[Values], Values]) -> Values:
        """Return the same, without copying whole blocks for the sake of a few rows."""
        places, parts = [], []
        for i, here in _by_block(where):
            places.append(here)
            parts.append(read(self.blocks[i].values[rows[here] - self.starts[i]]))
        found = np.concatenate(parts)
        taken = np.empty_like(found)
        taken[np.concatenate(places)] = found
        return taken

    def edited(self, rows: Rows, edit: Callable[[Values, Rows, Rows], Values]) -> "Column":
        """Return a column in which ``edit(copy, rows in the block, places in rows)`` replaced each block touched."""
        blocks = list(self.blocks)
        for i, here in _by_block(self._block_of(rows)):
            blocks[i] = Block(edit(blocks[i].values.copy(), rows[here] - self.starts[i], here))
        return Column(tuple(blocks))

    def inserted(self, at: int, values: Values, block_rows: int) -> "Column":
        """Return a column with the values before row ``at``; blocks grown past twice ``block_rows`` are cut."""
        i = min(int(np.searchsorted(self.starts, at, side="right")) - 1, len(self.blocks) - 1)
        local, old = at - int(self.starts[i]), self.blocks[i].values
        grown = np.concatenate([old[:local], values, old[local:]])
        pieces = [Block(grown)] if len(grown) <= 2 * block_rows else list(_cut(grown, block_rows))
        return Column((*self.blocks[:i], *pieces, *self.blocks[i + 1 :]))

    def deleted(self, rows: Rows) -> "Column":
        """Return a column without these rows."""
        blocks = list(self.blocks)
        if (rows[1:] < rows[:-1]).any():
            rows = np.sort(rows)
        for i, (first, end) in enumerate(pairwise(np.searchsorted(rows, self.starts).tolist())):
            if first < end:
                blocks[i] = Block(np.delete(blocks[i].values, rows[first:end] - self.starts[i], axis=0))
        return Column(tuple(block for block in blocks if len(block.values)) or (blocks[0],))

    def _block_of(self, rows: Rows) -> Rows:
        return np.searchsorted(self.starts, rows, side="right") - 1


def _by_block(where: Rows) -> Iterator[tuple[int, Rows]]:
    """Yield each block's number, and the places at which it stands, in their order."""
    if len(where) and (where == where[0]).all():
        yield int(where[0]), np.arange(len(where))
        return
    order = np.argsort(where, kind="stable")
    cuts = np.flatnonzero(np.diff(where[order])) + 1
    for here in np.split(order, cuts) if len(order) else ():
        yield int(where[here[0]]), here


def _present(numbers: Rows) -> list[int]:
    return np.flatnonzero(np.bincount(numbers)).tolist()


def _cut(values: Values, block_rows: int) -> Iterator[Block]:
    for start in range(0, max(1, len(values)), block_rows):
        yield Block(np.array(values[start : start + block_rows]))
