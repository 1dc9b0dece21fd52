import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentviz.core.errors import DataError
from xentviz.core.loss_budget import loss_budget

INF, NAN = math.inf, math.nan


def array(values, dtype=np.float64):
    """Return a read-only array, as the blocks of a column are."""
    values = np.array(values, dtype=dtype)
    values.setflags(write=False)
    return values


class TestLossBudget:
    def test_by_hand(self):
        budget = loss_budget(array([1, 5, 0, 2, 0, 2]))
        assert (budget.rows, budget.infinite_rows) == (6, 0)
        np.testing.assert_allclose(budget.rows_share, np.arange(7) / 6, rtol=1e-15)
        np.testing.assert_allclose(budget.loss_share, [0, 0.5, 0.7, 0.9, 1, 1, 1], rtol=1e-15)

    @pytest.mark.parametrize(
        ("share", "expected"), [(0, 0), (1e-9, 0.5), (1 / 6, 0.5), (0.2, 0.7), (1 / 3, 0.7), (0.5, 0.9), (1, 1)]
    )
    def test_rounds_a_share_of_the_rows_up(self, share, expected):
        assert loss_budget(array([1, 5, 0, 2, 0, 2])).worst(share) == pytest.approx(expected, rel=1e-15)

    @pytest.mark.parametrize("rows", [1, 7, 49, 100, 1000, 12_345])
    def test_finds_the_rows_that_a_share_stands_for_in_spite_of_rounding(self, rows):
        budget = loss_budget(np.ones(rows))
        for k in range(0, rows + 1, max(1, rows // 500)):
            assert budget.worst(k / rows) == pytest.approx(k / rows, rel=1e-12)
        assert math.ceil(0.07 * 100) == 8
        assert loss_budget(np.ones(100)).worst(0.07) == 0.07

    def test_sums_almost_exactly(self):
        losses = np.random.default_rng(1).lognormal(0, 3, 100_000)
        budget, falling = loss_budget(losses), sorted(losses.tolist(), reverse=True)
        total = math.fsum(falling)
        for k in (1, 10, 999, 50_000, 99_999):
            assert budget.worst(k / 100_000) == pytest.approx(math.fsum(falling[:k]) / total, rel=5e-15)
        assert budget.worst(1) == 1

    @pytest.mark.parametrize("points", [4, 5, 50, 1000])
    @pytest.mark.parametrize("rows", [3, 49, 999, 1000, 30_000])
    def test_is_thinned_to_a_curve_of_at_most_so_many_points(self, rows, points):
        losses = np.random.default_rng(rows).lognormal(0, 2, rows)
        budget = loss_budget(losses, points)
        across, up = budget.rows_share, budget.loss_share
        assert len(across) == len(up) == min(points, rows + 1) or (len(across) < points <= rows)
        assert (across[0], up[0], across[-1], up[-1]) == (0, 0, 1, 1)
        assert (np.diff(across) > 0).all()
        assert up.tolist() == [budget.worst(share) for share in across]
        # No step is long both ways, but that one row cannot be parted.
        long = (np.diff(across) > 2 / (points - 3) + 1 / rows) & (
            np.diff(up) > 2 / (points - 3) + budget.worst(1 / rows)
        )
        assert points < 5 or not long.any()

    @pytest.mark.parametrize("losses", [[], [NAN], [0.0], [0.0, NAN, -0.0]])
    def test_is_undefined_without_loss(self, losses):
        budget = loss_budget(array(losses))
        assert budget.rows == sum(loss == 0 for loss in losses)
        assert (budget.infinite_rows, budget.rows_share, budget.loss_share) == (0, None, None)
        assert budget.worst(0.5) is None

    def test_is_undefined_where_losses_are_infinite_and_says_how_many(self):
        budget = loss_budget(array([1, INF, NAN, INF, 2]))
        assert (budget.rows, budget.infinite_rows) == (4, 2)
        assert (budget.rows_share, budget.loss_share, budget.worst(0.5)) == (None, None, None)

    def test_leaves_out_rows_without_a_loss(self):
        assert loss_budget(array([NAN, 3, NAN, 1])).loss_share.tolist() == [0, 0.75, 1]

    def test_of_one_row_is_all_of_it(self):
        budget = loss_budget(array([0.3]))
        assert (budget.rows_share.tolist(), budget.loss_share.tolist()) == ([0, 1], [0, 1])

    @pytest.mark.parametrize("size", [1.7e308, 5e-324])
    def test_neither_overflows_nor_vanishes(self, size):
        np.testing.assert_allclose(loss_budget(array([size] * 4)).loss_share, [0, 0.25, 0.5, 0.75, 1])

    @given(st.lists(st.floats(0, 1e300), min_size=1, max_size=60), st.integers(4, 70))
    def test_rises_ever_slower_from_nothing_to_all(self, losses, points):
        budget = loss_budget(array(losses), points)
        if not any(losses):
            assert budget.loss_share is None
            return
        assert budget.loss_share[0] == 0
        assert budget.loss_share[-1] == 1
        assert (np.diff(budget.loss_share) >= 0).all()
        slopes = np.diff(budget.loss_share) / np.diff(budget.rows_share)
        assert (np.diff(slopes) <= 1e-12).all()
        assert (budget.loss_share >= budget.rows_share - 1e-12).all()

    @given(st.data(), st.lists(st.floats(0, 20) | st.just(NAN), max_size=40))
    def test_does_not_depend_on_the_order_of_the_rows(self, data, losses):
        one, other = loss_budget(array(losses)), loss_budget(array(data.draw(st.permutations(losses))))
        assert one.rows == other.rows
        np.testing.assert_array_equal(one.loss_share, other.loss_share)

    @pytest.mark.parametrize("share", [-0.1, 1.1, NAN, INF])
    def test_refuses_a_share_that_is_none(self, share):
        with pytest.raises(DataError) as caught:
            loss_budget(array([1.0])).worst(share)
        assert (caught.value.code, caught.value.details["option"]) == ("option_out_of_range", "share")

    def test_refuses_too_few_points_for_a_curve(self):
        with pytest.raises(DataError) as caught:
            loss_budget(array([1.0]), points=3)
        assert (caught.value.code, caught.value.details) == ("option_out_of_range", {"option": "points", "value": 3})

    def test_that_is_a_table_has_no_budget(self):
        with pytest.raises(DataError) as caught:
            loss_budget(np.zeros((2, 2)))
        assert (caught.value.code, caught.value.details) == ("shape_mismatch", {"losses": (2, 2)})

    def test_of_a_negative_loss_is_refused_by_place_and_value(self):
        with pytest.raises(DataError) as caught:
            loss_budget(array([NAN, 0.0, -INF, -2.0]))
        assert caught.value.code == "loss_negative"
        assert caught.value.details == {"argument": "losses", "index": (2,), "value": -INF}
