"""Areas and moves of more scores than one range holds, with ties at its ends; against scikit-learn and DeLong."""

from itertools import pairwise

import numpy as np
import pytest
from delong import delong
from sklearn.metrics import average_precision_score, roc_auc_score

from xentviz.core.area_moves import SortedBlock, area_moves
from xentviz.core.errors import Cancelled
from xentviz.core.parallel import PIECE

ROWS = 3 * PIECE


def made(steps):
    rng = np.random.default_rng(3)
    yes = rng.random(ROWS) < 0.4
    return yes, np.round((rng.random(ROWS) + 0.3 * yes) * steps) / steps


def piece(yes, scores, first_row=0):
    known = np.ones((len(yes), 1), dtype=bool)
    return SortedBlock.of(scores[:, None], yes[:, None], known, first_row).piece(0)


def pieces(yes, scores):
    ends = [0, 1, ROWS // 3, ROWS]
    return [piece(yes[a:b], scores[a:b], a) for a, b in pairwise(ends)]


@pytest.mark.parametrize("steps", [5, 1_000, 1e9])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_many_ranges_are_as_one(steps, kind):
    yes, scores = made(steps)
    scores = scores.astype(kind)
    moved = np.full((2, ROWS), np.nan)

    def keep(rows, moves):
        moved[:, rows] = moves

    areas, _ = area_moves(pieces(yes, scores), keep, lambda: False)
    assert areas.roc_auc == pytest.approx(roc_auc_score(yes, scores), abs=1e-12)
    assert areas.average_precision == pytest.approx(average_precision_score(yes, scores), abs=1e-12)
    still = np.where(yes, 1.0, 0.0)  # a model that knows the truth: none of its rows moves its area
    found = delong(yes, still, scores)
    reach = 1.959963984540054 * np.sqrt((moved[0] ** 2).sum())
    assert found.interval[1] - found.interval[0] == pytest.approx(2 * reach, rel=1e-9)


def test_a_move_is_what_a_little_more_weight_does():
    rng = np.random.default_rng(5)
    yes, scores = rng.random(60) < 0.5, np.round(rng.random(60), 1)
    moved = np.empty((2, 60))

    def keep(rows, moves):
        moved[:, rows] = moves

    area_moves([piece(yes, scores)], keep, lambda: False)
    for row in range(60):
        more, less = (np.where(np.arange(60) == row, 1 + step, 1.0) for step in (1e-5, -1e-5))
        ends = [average_precision_score(yes, scores, sample_weight=weights) for weights in (more, less)]
        assert moved[1, row] == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-8)


def test_rows_of_one_kind_have_no_areas():
    of_one_kind = piece(np.array([True, True]), np.array([0.1, 0.2]))
    assert area_moves([of_one_kind], lambda rows, moves: None, lambda: False) is None


def test_it_can_be_stopped():
    with pytest.raises(Cancelled):
        area_moves(pieces(*made(1_000)), lambda rows, moves: None, lambda: True)


def test_a_block_is_sorted_by_category_and_leaves_out_what_is_not_known():
    scores = np.array([[0.9, np.nan, -np.inf], [0.1, 0.5, np.inf], [0.5, 0.2, 0.0]])
    yes = np.array([[True, False, False], [False, True, True], [True, True, False]])
    known = ~np.isnan(scores) & (np.array([[1], [1], [0]]) == 1)
    block = SortedBlock.of(scores, yes, known, first_row=7)
    found = [block.piece(category) for category in range(3)]
    assert [piece.scores.tolist() for piece in found] == [[0.1, 0.9], [0.5], [-np.inf, np.inf]]
    assert [piece.rows.tolist() for piece in found] == [[8, 7], [8], [7, 8]]
    assert [piece.yes.tolist() for piece in found] == [[False, True], [True], [False, True]]
