"""Ticks of axes of shares."""

from itertools import pairwise

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from xentviz.ui.widgets.scaled_axis import Scale, ScaledAxis


def ticks(spread: Scale, low: float, high: float, size: float = 400.0) -> list[str]:
    axis = ScaledAxis("bottom")
    axis.wear(spread, None, 44.0)
    ((_, values),) = axis.tickValues(low, high, size)
    assert all(b - a >= (high - low) * 44 / size * 0.999 for a, b in pairwise(values))
    return axis.tickStrings(values, 1.0, 1.0)


@pytest.mark.parametrize(
    ("spread", "low", "high", "shown"),
    [
        (Scale.LOG, -3.0, 0.0, ["0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1"]),
        (Scale.LOG, -7.3, 0.0, ["1e−7", "1e−6", "1e−5", "1e−4", "0.001", "0.01", "0.1", "1"]),
        (Scale.LOG, -0.2, -0.1, ["0.64", "0.68", "0.72", "0.76"]),
        (Scale.LOGIT, -4.6, 4.6, ["0.1", "0.5", "0.9"]),
        (Scale.LOGIT, -13.8, 13.8, ["1e−4", "0.01", "0.5", "0.99"]),
    ],
)
def test_ticks_are_round_and_apart(qtbot: QtBot, spread: Scale, low: float, high: float, shown: list[str]) -> None:
    found = ticks(spread, low, high)
    assert 3 <= len(found) <= 10
    if spread is Scale.LOG and high - low > 1:
        assert found == shown
    elif spread is Scale.LOGIT:
        assert set(shown) <= set(found)


@pytest.mark.parametrize(("size", "shown"), [(400.0, 0.2), (100.0, 0.5), (50.0, 1.0)])
def test_even_ticks_keep_their_numbers_apart(qtbot: QtBot, size: float, shown: float) -> None:
    axis = ScaledAxis("bottom")
    axis.wear(Scale.EVEN, None, 44.0)
    step, values = axis.tickValues(0.0, 1.0, size)[0]
    assert step == shown
    assert np.diff(values) == pytest.approx(shown)


@pytest.mark.parametrize("spread", Scale)
def test_shares_come_back_from_their_places(spread: Scale) -> None:
    shares = np.array([1e-6, 0.2, 0.5, 0.999])
    assert [spread.share(float(at)) for at in spread.place(shares)] == pytest.approx(shares.tolist())
