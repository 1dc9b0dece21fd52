"""Lines thinned to what pixels show."""

import numpy as np
import pytest

from xentviz.ui.widgets.lines import distance, finite_runs, spots_along, thinned


@pytest.mark.parametrize("seed", range(5))
def test_a_thinned_line_stays_within_a_pixel_of_the_whole(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = np.cumsum(rng.random(3_000)) / 4, np.cumsum(rng.random(3_000)) / 8
    thin_x, thin_y = thinned(x, y)
    assert len(thin_x) <= 600
    away = [distance(thin_x, thin_y, at) for at in zip(x[::7], y[::7], strict=True)]
    assert max(away) < 1.0


def test_steps_keep_their_corners() -> None:
    x, y = np.repeat(np.arange(0.0, 40.0, 4.0), 2)[1:], np.repeat(np.arange(0.0, 100.0, 10.0), 2)[:-1]
    fine = np.linspace(0, len(x) - 1, 20 * (len(x) - 1) + 1)
    thin = thinned(np.interp(fine, np.arange(len(x)), x), np.interp(fine, np.arange(len(x)), y))
    np.testing.assert_allclose(thin, (x, y))


@pytest.mark.parametrize("points", [0, 1, 2])
def test_a_line_of_few_points_stays(points: int) -> None:
    x = np.arange(float(points))
    assert thinned(x, x)[0].tolist() == x.tolist()
    assert len(spots_along([(x, x)])) == (0 if points == 0 else points)


def test_a_gap_cuts_a_line() -> None:
    runs = finite_runs(np.arange(5.0), np.array([0.0, np.nan, 2.0, 3.0, np.nan]))
    assert [run[0].tolist() for run in runs] == [[0.0], [2.0, 3.0]]
    assert distance(np.array([]), np.array([]), (0.0, 0.0)) == np.inf
