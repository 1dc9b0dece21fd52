"""The bins that probabilities and losses are counted in: even ones, and logarithmic ones with their own for 0 and ∞."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.counts import Integers
from xentviz.core.document import Unit
from xentviz.core.levels import LEAST, Levels, on_levels
from xentviz.ui.numbers import score_text

SCORE_BINS = 32
"""A power of two: then every bin ends just where levels do."""

MOST_BINS, MOST_DECADES = 40, 9
"""Of losses. Smaller ones than these decades hold are in the first bin."""

MOST_POWER = 308.0
"""Of ten, that a float can be."""

APART, SEPARATE = 0.02, 0.045
"""How far the bins of 0 and ∞ lie from the others, and how wide they are, in parts of the axis."""


@dataclass(frozen=True, eq=False)
class Bins:
    """Bins along an axis from 0 to 1.

    Attributes
    ----------
    edges : ndarray of float64, shape (bins + 1,)
        Where each bin begins, and the last one ends.
    left, right : ndarray of float64, shape (bins,)
        Where they lie.
    names : tuple of str
    ticks : tuple of (float, str)
    logarithmic : bool
        Whether numbers lie where their logarithms do, within a bin.
    beginning : float
        Where the first logarithmic bin is drawn to begin; it holds smaller numbers too.
    """

    edges: Floats
    left: Floats
    right: Floats
    names: tuple[str, ...]
    ticks: tuple[tuple[float, str], ...]
    logarithmic: bool = False
    beginning: float = 0.0

    def limits(self, place: int) -> tuple[float, float]:
        """Return from where to where a bin reaches; the upper limit is not in it, unless it is ∞."""
        return float(self.edges[place]), float(self.edges[place + 1])

    def count(self, levels: Levels) -> Integers:
        """Return how many numbers lie in each bin."""
        if not math.isinf(self.edges[-1]):
            return levels.histogram(self.edges)
        return np.append(levels.histogram(self.edges[:-1]), levels.infinite)

    def outline(self, heights: Floats) -> tuple[Floats, Floats]:
        """Return the outline of bars of these heights, down to 0 wherever bins are apart."""
        x: list[float] = []
        y: list[float] = []
        end = math.nan
        for left, right, height in zip(self.left.tolist(), self.right.tolist(), heights.tolist(), strict=True):
            if left != end:
                x += [end, left] if x else [left]
                y += [0.0, 0.0] if y else [0.0]
            x += [left, right]
            y += [height, height]
            end = right
        return np.array([*x, end]), np.array([*y, 0.0])

    def place(self, value: float) -> float:
        """Return where a number lies along the axis."""
        at = int(np.clip(np.searchsorted(self.edges, value, side="right") - 1, 0, len(self.left) - 1))
        low, high = self.limits(at)
        left, right = float(self.left[at]), float(self.right[at])
        if not self.logarithmic:
            return value
        if high == math.inf or high <= LEAST:
            return (left + right) / 2
        low = max(low, self.beginning)
        return left + math.log(max(value, low) / low) / math.log(high / low) * (right - left)


def score_bins() -> Bins:
    """Return even bins of probabilities; that of the largest holds 1 too."""
    at = np.arange(SCORE_BINS + 1) / SCORE_BINS
    edges = np.append(at[:-1], 2.0)  # no probability reaches it
    names = [f"{score_text(low)} – {score_text(high)}" for low, high in pairwise(at.tolist())]
    ticks = tuple((tenth / 10, f"{tenth / 10:g}") for tenth in range(0, 11, 2))
    return Bins(edges, at[:-1], at[1:], tuple(names), ticks)


def loss_bins(losses: Sequence[Levels], unit: Unit) -> Bins:
    """Return bins of losses in which all of these have a place; those of 0 and ∞ only where there are such losses."""
    smallest, largest = _extent(losses)
    zero = any(levels.finite and levels.lows[0] < LEAST for levels in losses)
    infinite = any(levels.infinite for levels in losses)
    in_unit = math.log10(unit.per_nat)
    a_decade, first, last = _steps(math.log10(smallest) + in_unit, math.log10(largest) + in_unit)
    steps = np.arange(first, last + 1)
    told = 10.0 ** np.minimum(steps / a_decade, MOST_POWER)
    start, end = (APART + SEPARATE) * zero, 1 - (APART + SEPARATE) * infinite
    at = start + (end - start) * (steps - first) / (last - first)
    powers = steps / a_decade - in_unit
    edges = on_levels(10.0 ** np.minimum(powers, MOST_POWER))
    if powers[-1] > MOST_POWER:
        edges[-1] = np.finfo(np.float64).max
    beginning, edges[0] = float(edges[0]), LEAST  # the first holds what is smaller, but for 0
    names = [f"{_short(low)} – {_short(high)} {unit.value}" for low, high in pairwise(told.tolist())]
    if smallest < beginning:
        names[0] = f"< {_short(told[1])} {unit.value}"
    round_ones = np.flatnonzero((steps % a_decade == 0) & (steps <= MOST_POWER * a_decade)).tolist()
    ticks = [(float(at[n]), _short(float(told[n]))) for n in round_ones]
    left, right = at[:-1], at[1:]
    if zero:
        edges, left, right = np.append(0.0, edges), np.append(0.0, left), np.append(SEPARATE, right)
        names, ticks = ["0", *names], [(SEPARATE / 2, "0"), *ticks]
    if infinite:
        edges, left, right = np.append(edges, np.inf), np.append(left, 1 - SEPARATE), np.append(right, 1.0)
        names, ticks = [*names, "∞"], [*ticks, (1 - SEPARATE / 2, "∞")]
    return Bins(edges, left, right, tuple(names), tuple(ticks), logarithmic=True, beginning=beginning)


def _extent(losses: Sequence[Levels]) -> tuple[float, float]:
    """Return the smallest and the largest finite loss that is not 0, or two where there is none."""
    above = [levels.means[levels.lows >= LEAST] for levels in losses]
    found = [means for means in above if len(means)]
    if not found:
        return 0.1, 1.0
    return min(float(means[0]) for means in found), max(float(means[-1]) for means in found)


def _steps(low: float, high: float) -> tuple[int, int, int]:
    """Return into how many steps a decade is cut, and from which to which two powers of ten lie between."""
    low = max(low, high - MOST_DECADES)
    a_decade = next((n for n in (8, 4) if (high - low) * n <= MOST_BINS), 4)
    first, last = math.floor(low * a_decade), math.floor(high * a_decade) + 1
    if last / a_decade - high < 1e-3:  # levels are no finer
        last += 1
    return a_decade, first, last


def _short(value: float) -> str:
    """Return an edge in two digits.

    >>> [_short(value) for value in (0.1, 0.24, 5.6, 1e-4, 3.16e-7, 100.0)]
    ['0.1', '0.24', '5.6', '1e−4', '3.2e−7', '100']
    """
    if 0.001 <= value < 1e5:
        return f"{value:.2g}" if value < 100 else f"{value:.0f}"
    digits, power = f"{value:.1e}".split("e")
    return f"{digits.removesuffix('.0')}e{int(power)}".replace("-", "−")
