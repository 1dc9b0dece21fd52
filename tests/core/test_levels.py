import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentviz.core.levels import BITS, LEAST, joined, levels_of, on_levels

INF, NAN = math.inf, math.nan

numbers = st.lists(st.floats(0, INF) | st.just(NAN), max_size=50).map(np.array)


@given(numbers, st.booleans())
def test_every_number_counts_once(values, grouped):
    levels = levels_of(values, grouped=grouped)
    assert (levels.infinite, levels.total) == (np.isinf(values).sum(), (~np.isnan(values)).sum())
    assert levels.counts.sum() == levels.finite
    assert (np.diff(levels.lows) >= 0).all()


@given(numbers)
def test_groups_hold_numbers_that_are_nearly_the_same(values):
    levels = levels_of(values, grouped=True)
    assert (np.diff(levels.lows) > 0).all()
    assert (levels.lows == on_levels(levels.lows)).all()
    above = levels.lows > 0
    assert (levels.means >= levels.lows * (1 - 1e-15)).all()
    assert (levels.means[above] / (1 + 2.0**-BITS) <= levels.lows[above]).all()
    assert (levels.means[~above] < LEAST).all()


@given(numbers, st.lists(st.floats(0, 1e300), min_size=2, max_size=9), st.booleans())
def test_bins_hold_what_numpy_counts(values, edges, grouped):
    edges = np.unique(on_levels(edges))
    expected = [((values >= low) & (values < high)).sum() for low, high in pairwise(edges)]
    assert levels_of(values, grouped=grouped).histogram(edges).tolist() == expected


@pytest.mark.parametrize("grouped", [False, True])
def test_parts_come_to_the_whole(grouped):
    values = np.random.default_rng(1).lognormal(-3, 4, 4000)
    values[::100] = INF
    whole = levels_of(values, grouped=grouped)
    parts = joined([levels_of(part, grouped=grouped) for part in np.split(values, 8)])
    np.testing.assert_array_equal(parts.lows, whole.lows)
    np.testing.assert_array_equal(parts.counts, whole.counts)
    np.testing.assert_allclose(parts.means, whole.means, rtol=1e-14)
    assert parts.infinite == whole.infinite == 40
    total = math.fsum(values[np.isfinite(values)])
    assert float(whole.counts @ whole.means) == pytest.approx(total, rel=1e-13)


@given(st.lists(st.floats(0, 1e100), min_size=1, max_size=30), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values, share):
    expected = float(np.quantile(np.array(values), share))
    assert levels_of(np.array(values)).quantile(share) == pytest.approx(expected, rel=1e-9, abs=1e-300)
    assert levels_of(np.array(values), grouped=True).quantile(share) == pytest.approx(
        expected, rel=2.0**-BITS, abs=LEAST
    )


def test_quantiles_reach_into_what_is_infinite():
    levels = levels_of(np.array([1.0, INF, 2.0, INF]))
    assert [levels.quantile(share) for share in (0, 1 / 3, 0.5, 1)] == [1.0, 2.0, INF, INF]
    assert levels_of(np.array([NAN])).quantile(0.5) is None


@pytest.mark.parametrize("grouped", [False, True])
def test_no_fewer_than_asked_for_reach_the_floor(grouped):
    values = np.round(np.random.default_rng(2).exponential(1, 500), 2)
    levels = levels_of(values, grouped=grouped)
    for largest in (1, 2, 100, 499, 500):
        floor, last = levels.floor(largest), np.sort(values)[-largest]
        assert (values >= floor).sum() >= largest
        assert floor <= last <= floor * (1 + 2.0**-BITS) + LEAST


def test_sums_do_not_overflow():
    levels = joined([levels_of(np.full(3, 1.7e308), grouped=True)] * 2)
    assert levels.means.tolist() == pytest.approx([1.7e308])
    assert levels.counts.tolist() == [6]
