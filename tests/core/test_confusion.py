import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as peer

from xentviz.core import confusion, metrics
from xentviz.core.confusion import NONE, confusion_matrix, decisions, one_vs_rest, top_k_accuracy
from xentviz.core.counts import Counts
from xentviz.core.errors import DataError

KINDS = (np.float32, np.float64)


def hundredths(rows, categories, seed, kind=np.float64):
    """Return probabilities of two digits, which often tie and often meet a threshold."""
    shares = np.random.default_rng(seed).multinomial(100, np.full(categories, 1 / categories), rows)
    return (shares / 100).astype(kind)


def guessed(rows, categories, seed, undecided=0.1):
    """Return truths, some unknown, and decisions that are often right, some for none."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, categories, rows)
    decided = np.where(rng.random(rows) < 0.5, truth, rng.integers(0, categories, rows))
    decided[rng.random(rows) < undecided] = NONE
    truth[rng.random(rows) < 0.1] = NONE
    return truth, decided


def of_pairs(pairs, categories):
    """Return the matrix of (truth, decision) pairs."""
    truth, decided = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return confusion_matrix(truth, decided, categories)


pairs_of_three = st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 2)), max_size=40)


class TestDecisions:
    def test_the_largest_wins_and_the_first_of_several(self):
        p = np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4], [0.25, 0.375, 0.375]])
        assert decisions(p).tolist() == [1, 0, 1]

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("threshold", [0.29, 0.57, 0.58, 0.7, 1 / 3])
    def test_the_largest_at_the_threshold_is_decided_for_and_the_next_smaller_is_not(self, threshold, kind):
        below = np.nextafter(kind(threshold), kind(0))
        p = np.array([[0, threshold], [0, below]], dtype=kind)
        assert decisions(p, threshold).tolist() == [1, NONE]

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("threshold", [0.0, 0.29, 0.5, 0.57, 0.58, 1.0])
    def test_are_those_of_looking_at_each_row(self, threshold, kind):
        p = hundredths(300, 3, 1, kind)
        expected = []
        for row in p:
            best = max(range(3), key=lambda c, row=row: (row[c], -c))
            expected.append(best if row[best] >= kind(threshold) else NONE)
        assert NONE in expected or threshold < 0.5
        assert decisions(p, threshold).tolist() == expected

    def test_without_a_threshold_everything_is_decided(self):
        assert (decisions(hundredths(300, 7, 2)) >= 0).all()

    def test_a_row_without_scores_is_decided_for_none(self):
        assert decisions(np.array([[np.nan, np.nan], [0.5, np.nan]])).tolist() == [NONE, NONE]

    def test_of_no_rows_are_none(self):
        assert decisions(np.empty((0, 3)), 0.5).tolist() == []


class TestMatrix:
    @pytest.mark.parametrize("categories", [1, 2, 3, 12])
    def test_is_that_of_scikit_learn(self, categories):
        truth, decided = guessed(500, categories, categories)
        known = truth != NONE
        expected = peer.confusion_matrix(truth[known], decided[known], labels=[*range(categories), NONE])
        found = confusion_matrix(truth, decided, categories)
        assert found.dtype == np.int64
        assert found.tolist() == expected[:-1].tolist()

    @given(pairs_of_three)
    def test_counts_each_pair_where_it_belongs(self, pairs):
        found = of_pairs(pairs, 3)
        for truth in range(3):
            for decided in (0, 1, 2, NONE):
                assert found[truth, decided] == pairs.count((truth, decided))

    @given(pairs_of_three, st.integers(1, 7))
    def test_of_blocks_adds_up(self, pairs, size):
        parts = [of_pairs(pairs[start : start + size], 3) for start in range(0, len(pairs), size)]
        np.testing.assert_array_equal(sum(parts, of_pairs([], 3)), of_pairs(pairs, 3))

    def test_takes_the_labels_of_a_document_as_they_are_kept(self):
        truth, decided = np.array([1, -1, 2], dtype=np.int32), np.array([1, 1, -1])
        assert confusion_matrix(truth, decided, 3).tolist() == [[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]]


class TestOneVsRest:
    @pytest.mark.parametrize("undecided", [0.0, 0.2])
    def test_is_that_of_scikit_learn(self, undecided):
        truth, decided = guessed(400, 4, 5, undecided)
        known = truth != NONE
        expected = peer.multilabel_confusion_matrix(truth[known], decided[known], labels=range(4))
        for counts, ((tn, fp), (fn, tp)) in zip(
            one_vs_rest(confusion_matrix(truth, decided, 4)), expected, strict=True
        ):
            assert counts == Counts(tp, fp, fn, tn)

    @given(pairs_of_three)
    def test_every_category_counts_every_row(self, pairs):
        matrix = of_pairs(pairs, 3)
        for category, counts in enumerate(one_vs_rest(matrix)):
            assert counts.total == matrix.sum()
            assert counts.positives == matrix[category].sum()
            assert counts.true_positives == matrix[category, category]

    def test_numbers_are_python_s_own(self):
        (counts, _) = one_vs_rest(np.array([[1, 0, 2], [0, 3, 0]]))
        assert {type(number) for number in vars(counts).values()} == {int}


class TestMeasures:
    @pytest.mark.parametrize("categories", [2, 3, 12])
    @pytest.mark.parametrize("undecided", [0.0, 0.2])
    def test_are_those_of_scikit_learn(self, categories, undecided):
        truth, decided = guessed(500, categories, 10 * categories, undecided)
        matrix = confusion_matrix(truth, decided, categories)
        truth, decided = truth[truth != NONE], decided[truth != NONE]
        assert confusion.accuracy(matrix) == pytest.approx(peer.accuracy_score(truth, decided), rel=1e-14)
        assert confusion.cohen_kappa(matrix) == pytest.approx(peer.cohen_kappa_score(truth, decided), rel=1e-13)
        assert confusion.matthews(matrix) == pytest.approx(peer.matthews_corrcoef(truth, decided), rel=1e-13)

    def test_by_hand(self):
        matrix = np.array([[1, 2, 0, 1], [0, 3, 0, 0], [1, 0, 2, 0]])
        assert confusion.accuracy(matrix) == 6 / 10
        # Truth 4, 3, 3; decided 2, 5, 2, and 1 for none: by chance 4·2 + 3·5 + 3·2 = 29 of 100 would be right.
        assert confusion.cohen_kappa(matrix) == pytest.approx((0.6 - 0.29) / (1 - 0.29))
        assert confusion.matthews(matrix) == pytest.approx((60 - 29) / math.sqrt((100 - 34) * (100 - 34)))

    @given(pairs_of_three)
    def test_kappa_is_agreement_beyond_chance(self, pairs):
        known = [pair for pair in pairs if pair[0] != NONE]
        kappa = confusion.cohen_kappa(of_pairs(pairs, 3))
        total = len(known)
        right = sum(truth == decided for truth, decided in known)
        chance = sum(
            sum(truth == c for truth, _ in known) * sum(decided == c for _, decided in known) for c in range(3)
        )
        if total * total == chance:
            assert kappa is None
        else:
            agreed, by_chance = Fraction(right, total), Fraction(chance, total * total)
            assert kappa == pytest.approx(float((agreed - by_chance) / (1 - by_chance)), rel=1e-14, abs=1e-16)

    @given(pairs_of_three)
    def test_mcc_is_the_covariance_over_both_spreads(self, pairs):
        known = [pair for pair in pairs if pair[0] != NONE]
        mcc = confusion.matthews(of_pairs(pairs, 3))
        truth, decided = (np.array([[pair[i] == c for c in (0, 1, 2, NONE)] for pair in known]) for i in (0, 1))
        if len(known) == 0 or truth.all(axis=0).any() or decided.all(axis=0).any():
            assert mcc is None
        else:
            truth, decided = truth - truth.mean(axis=0), decided - decided.mean(axis=0)
            expected = (truth * decided).sum() / math.sqrt((truth**2).sum() * (decided**2).sum())
            assert mcc == pytest.approx(expected, rel=1e-12, abs=1e-14)

    @given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), max_size=30))
    def test_of_two_categories_are_those_of_a_yes_no_question(self, pairs):
        matrix = of_pairs(pairs, 2)
        of_yes = one_vs_rest(matrix)[1]
        assert confusion.accuracy(matrix) == metrics.accuracy(of_yes)
        for ours, binary in ((confusion.cohen_kappa, metrics.cohen_kappa), (confusion.matthews, metrics.matthews)):
            expected = binary(of_yes)
            assert ours(matrix) == (expected if expected is None else pytest.approx(expected, rel=1e-14))

    @pytest.mark.parametrize("of", [confusion.accuracy, confusion.cohen_kappa, confusion.matthews])
    def test_of_no_rows_are_undefined(self, of):
        assert of(of_pairs([], 3)) is None
        assert of(of_pairs([(NONE, 1), (NONE, NONE)], 3)) is None

    def test_of_one_category_always_decided_for_show_no_skill(self):
        matrix = of_pairs([(1, 1)] * 5, 3)
        assert confusion.accuracy(matrix) == 1
        assert confusion.cohen_kappa(matrix) is None
        assert confusion.matthews(matrix) is None

    def test_where_only_the_decisions_never_vary_chance_is_not_sure_to_be_right(self):
        matrix = of_pairs([(0, 1), (1, 1), (2, 1)], 3)
        assert confusion.cohen_kappa(matrix) == 0
        assert confusion.matthews(matrix) is None

    def test_nothing_decided_is_nothing_right(self):
        matrix = of_pairs([(0, NONE), (1, NONE)], 2)
        assert confusion.accuracy(matrix) == confusion.cohen_kappa(matrix) == 0
        assert confusion.matthews(matrix) is None

    def test_of_a_billion_rows_do_not_overflow(self):
        matrix = np.array([[4, 1, 0], [1, 4, 0]]) * 10**9
        assert confusion.accuracy(matrix) == 0.8
        assert confusion.cohen_kappa(matrix) == confusion.matthews(matrix) == 0.6


class TestTopK:
    @pytest.mark.parametrize("k", [1, 2, 3, 5])
    def test_is_that_of_scikit_learn_where_nothing_ties(self, k):
        rng = np.random.default_rng(k)
        truth, p = rng.integers(0, 6, 400), rng.dirichlet(np.ones(6), 400)
        expected = peer.top_k_accuracy_score(truth, p, k=k, labels=range(6))
        assert top_k_accuracy(truth, p, k) == pytest.approx(expected, rel=1e-14)
        assert top_k_accuracy(truth, np.log(p), k) == top_k_accuracy(truth, p, k)

    @pytest.mark.parametrize(("k", "right"), [(1, [0]), (2, [0, 2]), (3, [0, 1, 2])])
    def test_of_equal_ones_the_first_is_the_more_probable(self, k, right):
        # 0.4 at 0 comes first, 0.4 at 2 second, 0.2 at 1 last.
        for truth in range(3):
            found = top_k_accuracy(np.array([truth]), np.array([[0.4, 0.2, 0.4]]), k)
            assert found == (1 if truth in right else 0)

    @pytest.mark.parametrize("k", [1, 2, 3, 4])
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_that_of_ordering_each_row(self, k, kind):
        p = hundredths(300, 4, 8, kind)
        truth, _ = guessed(300, 4, 9)
        right = [
            t in sorted(range(4), key=lambda c, row=row: (-row[c], c))[:k] for t, row in zip(truth, p, strict=True)
        ]
        known = truth != NONE
        assert top_k_accuracy(truth, p, k) == pytest.approx(np.array(right)[known].mean(), rel=1e-14)

    def test_of_one_is_the_accuracy_of_the_decisions(self):
        p, (truth, _) = hundredths(300, 3, 3), guessed(300, 3, 4)
        assert top_k_accuracy(truth, p, 1) == confusion.accuracy(confusion_matrix(truth, decisions(p), 3))

    def test_of_as_many_as_there_are_is_one(self):
        truth, _ = guessed(50, 3, 6)
        assert top_k_accuracy(truth, hundredths(50, 3, 6), 3) == 1

    @pytest.mark.parametrize("truth", [[], [NONE, NONE]])
    def test_without_a_known_truth_is_undefined(self, truth):
        assert top_k_accuracy(np.array(truth, dtype=np.int64), np.full((len(truth), 3), 1 / 3), 1) is None


def test_labels_of_few_bytes_do_not_overflow():
    truth = np.array([12, 3], dtype=np.int8)
    assert confusion_matrix(truth, truth, 13).sum() == 2


def test_a_row_without_scores_is_left_out_of_the_top():
    assert top_k_accuracy(np.array([1]), np.array([[np.nan, np.nan]]), 1) is None
    assert top_k_accuracy(np.array([1, 0]), np.array([[0.2, 0.8], [np.nan, 0.5]]), 1) == 1


@pytest.mark.parametrize("k", [0, 3, "1"])
def test_the_top_holds_from_one_to_all_categories(k):
    with pytest.raises(DataError) as caught:
        top_k_accuracy(np.array([0]), np.array([[0.6, 0.4]]), k)
    assert (caught.value.code, caught.value.details["option"]) == ("option_out_of_range", "k")


@pytest.mark.parametrize(("truth", "decided"), [([3], [0]), ([0], [5]), ([-2], [0])])
def test_what_is_no_category_is_not_counted_as_another(truth, decided):
    with pytest.raises(DataError) as caught:
        confusion_matrix(np.array(truth), np.array(decided), 2)
    assert caught.value.code == "label_out_of_range"


def test_without_a_threshold_logits_are_decided_too():
    assert decisions(np.array([[-3.0, -1.0], [-2.0, np.nan]])).tolist() == [1, NONE]
    assert decisions(np.array([[1, 0]]), 0.5).tolist() == [0]


class TestDecided:
    def test_agrees_with_the_matrix(self):
        rng = np.random.default_rng(5)
        matrix = confusion.confusion_matrix(rng.integers(-1, 4, 200), rng.integers(-1, 4, 200), 4)
        found = confusion.decided(confusion.one_vs_rest(matrix))
        assert (found.right, found.undecided) == (np.trace(matrix), matrix[:, -1].sum())
        assert found.right + found.wrong + found.undecided == matrix.sum()
        assert found.accuracy == confusion.accuracy(matrix)
        assert found.precision == found.right / matrix[:, :-1].sum()

    def test_of_nothing_decided_the_shares_are_undefined(self):
        assert confusion.Decided(0, 0, 0).accuracy is None
        assert (confusion.Decided(0, 0, 3).accuracy, confusion.Decided(0, 0, 3).precision) == (0, None)
