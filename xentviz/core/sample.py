"""A number of each row, added up block by block: the mean of all, and the interval of that."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.comparison import NORMAL_ROWS, mean_with_interval
from xentviz.core.intervals import NORMAL, Interval
from xentviz.core.means import Means, joined


class Sample(NamedTuple):
    """A number of each row: what they come to, and the finite ones themselves as long as they are few."""

    means: Means
    few: Floats

    @classmethod
    def of(cls, values: Floats) -> "Sample":
        """Return the sample of some numbers, nan of rows that have none."""
        return cls(Means.of(values), values[np.isfinite(values)][:NORMAL_ROWS].copy())

    @classmethod
    def joined(cls, parts: Sequence["Sample"]) -> "Sample":
        """Return the sample of all parts together."""
        return cls(joined([part.means for part in parts]), np.concatenate([part.few for part in parts]))

    def estimate(self) -> tuple[float | None, Interval | None]:
        """Return the mean of the finite numbers and its interval."""
        if self.means.counts[0] < NORMAL_ROWS:
            return mean_with_interval(self.few)[:2]
        mean, error = float(self.means.finite[0]), float(self.means.standard_errors[0])
        return mean, None if math.isnan(error) else (mean - NORMAL * error, mean + NORMAL * error)

    def interval_around(self, centre: float, elements: int) -> Interval | None:
        """Return the interval of a mean over so many elements, of which these are the rows' deviations."""
        _, interval = self.estimate()
        if interval is None or not elements:
            return None
        low, high = (centre + end * int(self.means.counts[0]) / elements for end in interval)
        return max(0.0, low), high
