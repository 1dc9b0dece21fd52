import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentviz.core.sorted_scores import sorted_groups, sorted_scores

INF = float("inf")

scores_of_two = st.lists(
    st.tuples(*[st.tuples(st.sampled_from([-INF, -2.5, -0.0, 0.0, 0.5, 1.0, INF]), st.booleans())] * 2), max_size=20
)
grouped = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3)), max_size=30)


def read_only(values, dtype=np.float64):
    values = np.array(values, dtype=dtype)
    values.setflags(write=False)
    return values


class TestSortedScores:
    @given(scores_of_two)
    def test_holds_what_is_chosen_of_each_category_in_rising_order(self, rows):
        both = np.array(rows, dtype=np.float64).reshape(-1, 2, 2)
        found = sorted_scores(both[..., 0], both[..., 1] == 1)
        for c in range(2):
            assert found.of(c).tolist() == sorted(row[c][0] for row in rows if row[c][1])
        assert found.starts[-1] == len(found.scores)

    def test_keeps_infinite_scores_and_leaves_out_missing_ones_that_are_not_chosen(self):
        table = read_only([[INF], [np.nan], [0.5], [INF]])
        found = sorted_scores(table, np.array([[True], [False], [True], [True]]))
        assert found.of(0).tolist() == [0.5, INF, INF]

    @pytest.mark.parametrize("kind", [np.float32, np.float64])
    def test_keeps_the_precision_and_the_table_as_they_are(self, kind):
        table = read_only([[0.9, 0.2], [0.4, 0.3]], kind)
        found = sorted_scores(table, np.ones((2, 2), dtype=bool))
        assert found.scores.dtype == kind
        np.testing.assert_array_equal(found.scores, np.array([0.4, 0.9, 0.2, 0.3], dtype=kind))
        np.testing.assert_array_equal(table, np.array([[0.9, 0.2], [0.4, 0.3]], dtype=kind))

    def test_a_category_of_which_nothing_is_chosen_is_empty(self):
        found = sorted_scores(np.array([[0.1, 0.2, 0.3]]), np.array([[True, False, True]]))
        assert [found.of(c).tolist() for c in range(3)] == [[0.1], [], [0.3]]

    def test_of_no_rows_every_category_is_empty(self):
        found = sorted_scores(np.empty((0, 2)), np.empty((0, 2), dtype=bool))
        assert [found.of(c).tolist() for c in range(2)] == [[], []]

    def test_one_category_alone_stands_first(self):
        found = sorted_scores(np.array([[0.9, 0.2], [0.4, 0.3]]), np.array([[True, True], [True, True]]))
        alone = found.only(1)
        assert alone.of(0).tolist() == found.of(1).tolist() == [0.2, 0.3]
        assert alone.starts.tolist() == [0, 2]


class TestSortedGroups:
    @given(grouped)
    def test_holds_the_scores_of_each_group_in_rising_order(self, rows):
        scores, groups = np.array([row[0] for row in rows]), np.array([row[1] for row in rows], dtype=np.int64)
        found = sorted_groups(scores, groups, 4)
        for c in range(4):
            assert found.of(c).tolist() == sorted(score for score, group in rows if group == c)

    def test_a_group_that_nothing_belongs_to_is_empty(self):
        found = sorted_groups(read_only([0.9, 0.1], np.float32), np.array([2, 2]), 4)
        assert [len(found.of(c)) for c in range(4)] == [0, 0, 2, 0]
        assert found.scores.dtype == np.float32


class TestReachingEach:
    @given(grouped, st.lists(st.floats(0, 1), min_size=4, max_size=4))
    def test_counts_what_reaches_each_categorys_own_threshold(self, rows, thresholds):
        scores, groups = np.array([row[0] for row in rows]), np.array([row[1] for row in rows], dtype=np.int64)
        found = sorted_groups(scores, groups, 4)
        expected = [sum(group == c and score >= thresholds[c] for score, group in rows) for c in range(4)]
        assert found.reaching_each(np.array(thresholds)).tolist() == expected

    def test_thresholds_are_rounded_to_the_scores_precision(self):
        found = sorted_groups(read_only([0.7, 0.29], np.float32), np.array([0, 1]), 2)
        assert found.reaching_each(np.array([0.7, 0.29])).tolist() == [1, 1]


@pytest.mark.parametrize("rows", [30, 30_000])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_scores_that_reach_a_threshold_are_counted_alike_whether_few_or_many(rows, kind):
    scores = read_only(np.arange(rows) % 100 / 100, kind)
    groups = np.arange(rows) % 3
    found = sorted_groups(scores, groups, 4)
    for threshold in (-INF, 0.0, 0.29, 0.57, 1.0, INF):
        expected = [int((scores[groups == c] >= kind(threshold)).sum()) for c in range(4)]
        assert found.reaching(threshold).tolist() == expected
