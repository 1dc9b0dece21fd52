import numpy as np

from xentviz.core.answers import log_sum_of_others, with_the_rest_scaled

INF = np.inf


def test_the_rest_of_a_row_with_a_nan_stays_as_it_is():
    p, given = np.array([[0.9, np.nan, 0.2], [np.nan, 0.5, 0.5]]), np.array([[True, False, False]] * 2)
    np.testing.assert_array_equal(with_the_rest_scaled(p, given), p)


def test_the_rest_of_a_row_of_which_nothing_else_is_known_shares_evenly():
    p, given = np.array([[0.5, np.nan, np.nan], [np.nan] * 3]), np.array([[True, False, False]] * 2)
    np.testing.assert_array_equal(with_the_rest_scaled(p, given), [[0.5, 0.25, 0.25], [np.nan] * 3])


def test_the_rest_of_a_row_is_scaled_without_underflow():
    p = np.array([[0.5, 5e-324, 5e-324]])
    assert with_the_rest_scaled(p, np.array([[True, False, False]])).tolist() == [[0.5, 0.25, 0.25]]


def test_more_than_one_leaves_nothing_to_the_rest():
    p, given = np.array([[0.7, 0.7, 0.1]]), np.array([[True, True, False]])
    assert with_the_rest_scaled(p, given).tolist() == [[0.7, 0.7, 0.0]]


class TestLogSumOfOthers:
    def test_leaves_one_out_of_each_row(self):
        logits = np.log([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])
        np.testing.assert_allclose(np.exp(log_sum_of_others(logits, np.array([1, 2]))), [0.75, 0.3], rtol=1e-14)

    def test_does_not_overflow(self):
        expected = [1000 + np.log(2), -1000]
        found = log_sum_of_others(np.array([[0.0, 1000, 1000], [0, -1000, -INF]]), np.zeros(2, dtype=int))
        np.testing.assert_allclose(found, expected, rtol=1e-15)

    def test_of_no_other_or_impossible_others_is_minus_infinity(self):
        assert log_sum_of_others(np.array([[3.0]]), np.array([0])).tolist() == [-INF]
        assert log_sum_of_others(np.array([[3.0, -INF, -INF]]), np.array([0])).tolist() == [-INF]
        assert log_sum_of_others(np.array([[3.0, INF, 0]]), np.array([0])).tolist() == [INF]

    def test_what_it_is_given_stays(self):
        logits = np.array([[1.0, 2.0]])
        log_sum_of_others(logits, np.array([0]))
        assert logits.tolist() == [[1, 2]]
