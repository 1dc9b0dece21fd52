"""The order of many keys, found in pieces: on all cores, and able to stop."""

from collections.abc import Callable, Sequence

import numpy as np

from xentviz.core.columns import Rows, Values
from xentviz.core.parallel import in_batches

PIECE = 1 << 18
"""About how many keys are sorted at a time."""
SAMPLE = 64
"""How many keys of a piece are looked at to find where it ends."""


def order_of(
    keys: Sequence[Values],
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _share: None,
) -> Rows:
    """Return where the keys stand, from the smallest on; equal ones stay as they are, nan comes last.

    Parameters
    ----------
    keys : sequence of ndarray
        Parts that follow one another, all of one kind: numbers, or strings of ``numpy.dtypes.StringDType``.
    stopped : callable, optional
        Asked every few parts; when it says True the work ends with :class:`Cancelled`.
    report : callable, optional
        Told the share done, from 0 and below 1, every few parts.

    Returns
    -------
    ndarray of int64
        What ``numpy.argsort(numpy.concatenate(keys), kind="stable")`` returns.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> order_of([np.array([0.5, np.nan]), np.array([0.2, 0.5])])
    array([2, 0, 3, 1])
    """
    starts = np.cumsum([0, *map(len, keys)])
    total = int(starts[-1])
    if total <= PIECE:
        return np.argsort(_joined(keys), kind="stable")
    limits = _limits(keys, total)
    parted = in_batches(
        lambda i: _parted(keys[i], int(starts[i]), limits), range(len(keys)), stopped, lambda share: report(share / 2)
    )
    pieces = in_batches(
        lambda piece: _in_order([parts[piece] for parts in parted]),
        range(len(limits) + 1),
        stopped,
        lambda share: report((1 + share) / 2),
    )
    return np.concatenate(pieces)


def _limits(keys: Sequence[Values], total: int) -> Values:
    """Return keys that part all of them into pieces of about one size."""
    pieces = -(-total // PIECE)
    every = max(1, total // (pieces * SAMPLE))
    sample = np.sort(_joined([part[::every] for part in keys]))
    return sample[np.arange(1, pieces) * len(sample) // pieces]


Part = tuple[Values, Rows]
"""Some keys, and where they stand."""


def _parted(keys: Values, start: int, limits: Values) -> list[Part]:
    """Return for each piece those of the keys that belong to it."""
    piece = limits.searchsorted(keys, side="right").astype(np.uint16)
    order = np.argsort(piece, kind="stable")
    cuts = piece[order].searchsorted(np.arange(1, len(limits) + 1, dtype=np.uint16))
    return list(zip(np.split(keys[order], cuts), np.split(order + start, cuts), strict=True))


def _in_order(parts: list[Part]) -> Rows:
    places = np.concatenate([where for _, where in parts])
    return places[np.argsort(_joined([keys for keys, _ in parts]), kind="stable")]


def _joined(parts: Sequence[Values]) -> Values:
    """Return the parts as one array; copied one by one, for strings are copied with the interpreter held."""
    joined = np.empty(sum(map(len, parts)), dtype=parts[0].dtype)
    start = 0
    for part in parts:
        joined[start : start + len(part)] = part
        start += len(part)
    return joined
