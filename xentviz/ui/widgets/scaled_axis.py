"""Axes of shares: even, logarithmic for small ones, or by log-odds for those near 0 and near 1."""

import math
import os
from enum import StrEnum

os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from xentviz.core.arguments import Floats
from xentviz.core.transforms import sigmoid
from xentviz.ui.numbers import score_text

NARROW = 1e-12
SHORT_NUMBERS = 0.6
"""How far from one another even ticks lie at least, for their numbers are short, in parts of what others need."""

LAST = 3
"""Of four kinds of round shares the last is for small pieces of an axis."""


class Scale(StrEnum):
    """How shares are spread along an axis."""

    EVEN = "even"
    LOG = "log"
    LOGIT = "logit"

    def place(self, shares: ArrayLike) -> Floats:
        """Return where shares lie along the axis: infinitely far where it has no end for them."""
        p = np.asarray(shares, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            if self is Scale.LOG:
                return np.asarray(np.log10(p))
            return np.asarray(np.log(p) - np.log1p(-p)) if self is Scale.LOGIT else p

    def share(self, place: float) -> float:
        """Return the share at a place."""
        if self is Scale.LOG:
            return float(10.0**place)
        return float(sigmoid(place)) if self is Scale.LOGIT else place


def paint_axis(axis: pg.AxisItem, painter: QPainter) -> None:
    """Paint an axis itself: the picture of it that pyqtgraph keeps is of the screen's size, and large on paper."""
    if axis.style["tickFont"] is not None:
        painter.setFont(axis.style["tickFont"])
    specs = axis.generateDrawSpecs(painter)
    if specs is not None:
        axis.drawPicture(painter, *specs)


class ScaledAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis with ticks at shares that are easily read.

    ``zero_at`` is where, on a logarithmic axis, all lies that is nothing at all.
    """

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)  # "x0.001" would stand behind the title of a short logarithmic axis
        self.spread = Scale.EVEN
        self.zero_at: float | None = None
        self.apart = 44.0

    def wear(self, spread: Scale, zero_at: float | None, apart: float) -> None:
        """Take another scale; ``apart`` is how many pixels are to lie between two numbers."""
        if (spread, zero_at, apart) != (self.spread, self.zero_at, self.apart):
            self.spread, self.zero_at, self.apart = spread, zero_at, apart
            self.picture = None
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if widget is None:
            paint_axis(self, painter)
        else:
            super().paint(painter, option, widget)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        """Called by pyqtgraph for the places of ticks, of those with numbers first."""
        low, high = sorted((minVal, maxVal))
        if self.spread is Scale.EVEN:
            return [(level, [float(v) for v in at]) for level, at in super().tickValues(low, high, size)]
        return [(1.0, self._apart(low, high, (high - low) * self.apart / max(size, 1.0)))]

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N803
        """Called by pyqtgraph for how far ticks lie from one another, those with numbers first."""
        (step, first), *finer = super().tickSpacing(minVal, maxVal, size)
        least = SHORT_NUMBERS * self.apart * abs(maxVal - minVal) / max(size, 1.0)
        while step < least:
            step *= 2.5 if f"{step:e}"[0] == "2" else 2  # 1, 2, 5, 10 …
        return [(step, first), *finer]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Called by pyqtgraph for the texts of the ticks."""
        if self.spread is Scale.EVEN:
            return [text.replace("-", "−") for text in super().tickStrings(values, scale, spacing)]
        return ["0" if v == self.zero_at else _text(self.spread.share(v)) for v in values]

    def _apart(self, low: float, high: float, least: float) -> list[float]:
        """Return the places of the roundest shares in view that lie so far from one another."""
        chosen = [] if self.zero_at is None or not low <= self.zero_at <= high else [self.zero_at]
        for number, shares in enumerate(self._rounder_first(low, high)):
            if number == LAST and len(chosen) > 2:
                break
            for place in self.spread.place(shares).tolist():
                if low <= place <= high and all(abs(place - other) >= least for other in chosen):
                    chosen.append(place)
        return sorted(chosen)

    def _rounder_first(self, low: float, high: float) -> list[list[float]]:
        """Return shares that could have ticks, the best first."""
        most = 1 if self.spread is Scale.LOG else 0  # a logarithmic axis may go on beyond 1
        powers = [10.0**e for e in range(most, -16, -1)]
        small = [powers] if self.spread is Scale.LOG else [[0.5], [p for e in powers[1:] for p in (e, 1 - e)]]
        between = [[f * p for p in powers[1:] for f in (2, 5)], [3 * p for p in powers[1:]]]
        if self.spread is Scale.LOGIT:
            between = [[0.2, 0.8], [0.3, 0.7, 0.05, 0.95]]
        return [*small, *between, _even(self.spread.share(low), self.spread.share(high))]


def _even(low: float, high: float) -> list[float]:
    """Return a few round numbers between two, for a small piece of an axis."""
    if high - low < NARROW:
        return []
    step = 10.0 ** math.floor(math.log10((high - low) / 2))
    return [
        n * step for n in range(math.ceil(low / step), min(math.floor(high / step), math.ceil(low / step) + 40) + 1)
    ]


def _text(share: float) -> str:
    text = score_text(float(f"{share:.6g}"))
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
