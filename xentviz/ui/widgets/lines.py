"""Lines in pixels: with no more points than these can show, cut at gaps, how far away, and where."""

import numpy as np

from xentviz.core.arguments import Floats

FINEST = 0.1
"""So many pixels away from a line without it a point is left out."""

PASSES = 24

STEP = 6.0
"""How far the spots along a line lie from one another."""


def thinned(x: Floats, y: Floats, most: int = 600) -> tuple[Floats, Floats]:
    """Return a line through fewer of its points, in pixels, that looks the same: its corners and ends stay.

    >>> x, y = thinned(np.array([0.0, 1.0, 2.0, 2.0]), np.array([0.0, 0.0, 0.0, 9.0]))
    >>> x.tolist(), y.tolist()
    ([0.0, 2.0, 2.0], [0.0, 0.0, 9.0])
    """
    reach = FINEST
    while True:
        x, y = _without_near(x, y, reach)
        if len(x) <= most:
            return x, y
        reach *= 2


def finite_runs(x: Floats, y: Floats) -> list[tuple[Floats, Floats]]:
    """Return the pieces of a line between its gaps, where x or y is nan."""
    known = np.isfinite(x) & np.isfinite(y)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return [(x[start:end], y[start:end]) for start, end in edges.reshape(-1, 2).tolist()]


def _without_near(x: Floats, y: Floats, reach: float) -> tuple[Floats, Floats]:
    """Leave out points that are near the line from the one before to the one behind, never two that are neighbours."""
    idle = 0
    for turn in range(PASSES):
        if len(x) < 3:
            break
        first = 1 + turn % 2
        kept = np.ones(len(x), dtype=bool)
        kept[first:-1:2] = _distances(x, y, first) >= reach
        idle = 0 if not kept.all() else idle + 1
        if idle == 2:
            break
        x, y = x[kept], y[kept]
    return x, y


def _distances(x: Floats, y: Floats, first: int) -> Floats:
    """Return how far every second point lies from the straight piece between its neighbours."""
    at, before, behind = slice(first, -1, 2), slice(first - 1, -2, 2), slice(first + 1, None, 2)
    return to_piece(x[at], y[at], x[before], y[before], x[behind], y[behind])


def to_piece(x: Floats, y: Floats, x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> Floats:
    """Return how far points lie from straight pieces of lines that begin at x0, y0 and end at x1, y1."""
    across, up = x1 - x0, y1 - y0
    length = across * across + up * up
    along = ((x - x0) * across + (y - y0) * up) / np.where(length > 0, length, 1.0)
    along = np.minimum(np.maximum(along, 0.0), 1.0)  # faster than clipping
    return np.asarray(np.hypot(x - x0 - along * across, y - y0 - along * up))


def distance(x: Floats, y: Floats, at: tuple[float, float]) -> float:
    """Return how far a place is from a line, infinitely from one without points."""
    if not len(x):
        return np.inf
    px, py = np.full(len(x), at[0]), np.full(len(x), at[1])
    behind_x, behind_y = np.append(x[1:], np.nan), np.append(y[1:], np.nan)
    pieces = to_piece(px, py, x, y, behind_x, behind_y)
    known = pieces[np.isfinite(pieces)]
    ends = np.hypot(x - at[0], y - at[1])
    return float(min(known.min(initial=np.inf), np.nanmin(ends, initial=np.inf)))


def spots_along(paths: list[tuple[Floats, Floats]]) -> Floats:
    """Return places along lines, a few pixels from one another, to tell where there is room for words."""
    found = []
    for x, y in (run for path in paths for run in finite_runs(*path)):
        along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
        at = np.arange(0.0, along[-1] + STEP, STEP)
        found.append(np.stack([np.interp(at, along, x), np.interp(at, along, y)], axis=1))
    return np.concatenate(found) if found else np.empty((0, 2))
