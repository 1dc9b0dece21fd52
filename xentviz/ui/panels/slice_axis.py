"""The axis on which one of the scoreboard's numbers is shown of all slices."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xentviz.core.intervals import Estimate
from xentviz.session.scores import LOSS, LOWER_IS_BETTER
from xentviz.session.slice_numbers import BySlice, Estimates
from xentviz.ui.widgets.slice_list import Interval

FAR = 3.0
"""The axis of a number of which less is better ends at the largest one, or up to so many times as far out where an
interval does."""


@dataclass(frozen=True)
class ScoreAxis:
    """From where to where it goes, in the document's unit of losses, and what is written along it.

    Attributes
    ----------
    start, end : float
    ticks : tuple of (float, str)
        Places from 0 to 1.
    scale : float
        By which numbers are multiplied.
    """

    start: float
    end: float
    ticks: tuple[tuple[float, str], ...]
    scale: float = 1.0

    @classmethod
    def of(cls, key: str, found: BySlice[Estimates], whole: Sequence[float | None], per_nat: float) -> "ScoreAxis":
        """Return the axis of one number, as far as its intervals go, but not too far."""
        scale = per_nat if key == LOSS else 1.0
        estimates = [of[key] for of_models in found.found for of in of_models if key in of]
        values = _finite([*(of.value for of in estimates), *whole])
        ends = _finite([end for of in estimates if of.interval is not None for end in of.interval])
        if not values:
            return cls.between(0.0, 1.0, key, scale)
        most = max([*values, *ends])
        if key in LOWER_IS_BETTER:
            most = min(most, FAR * max(values))
        return cls.between(min([*values, *ends]) * scale, most * scale, key, scale)

    @classmethod
    def between(cls, low: float, high: float, key: str, scale: float) -> "ScoreAxis":
        """Return an axis with round ends around two numbers."""
        if not high - low > 1e-300:
            high = low + 1.0 if low == 0 else low + abs(low) / 10
        step = _step((high - low) / 4)
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        start, end = first * step, last * step
        ticks = [(count * step - start) / (end - start) for count in range(first, last + 1)]
        texts = [_text(key, count * step) for count in range(first, last + 1)]
        return cls(start, end, tuple(zip(ticks, texts, strict=True)), scale)

    def place(self, value: float) -> float:
        """Return where a number lies, 0 and 1 being the ends."""
        return (value * self.scale - self.start) / (self.end - self.start)

    def interval(self, estimate: Estimate) -> Interval:
        """Return where a number and its interval lie; an infinite one has no interval."""
        if estimate.value is None:
            return Interval(math.nan, math.nan, math.nan)
        low, high = (math.nan, math.nan) if estimate.interval is None else estimate.interval
        if not math.isfinite(estimate.value):
            low = high = math.nan
        return Interval(self.place(low), self.place(estimate.value), self.place(high))


def _finite(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def _step(length: float) -> float:
    """Return the next round number from a length on.

    >>> _step(0.3), _step(0.02), _step(7.0)
    (0.5, 0.02, 10.0)
    """
    power = 10.0 ** math.floor(math.log10(length) + 1e-9)
    return next(size * power for size in (1.0, 2.0, 5.0, 10.0) if size * power >= length * (1 - 1e-9))


def _text(key: str, value: float) -> str:
    if key == "accuracy":
        return f"{100 * value:.3g} %"
    return f"{value:.3g}".replace("-", "−") if abs(value) > 1e-12 else "0"
