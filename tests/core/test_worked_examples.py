"""The numbers of the worked examples, and the wrong ones in circulation, by hand and by our functions."""

import math

import numpy as np
import pytest
from exact import slope

from xentviz.core.confusion import accuracy
from xentviz.core.counts import Counts
from xentviz.core.document import Document, Unit
from xentviz.core.elements import gradients_of, losses_of, wrong_of
from xentviz.core.errors import DataError
from xentviz.core.evaluation import evaluate
from xentviz.core.information import cross_entropy, entropy, kl_divergence, self_information
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
    categorical_cross_entropy,
    categorical_cross_entropy_gradient,
    categorical_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits_gradient,
    mean_binary_cross_entropy,
    reduce,
    squared_error,
    squared_error_gradient,
)
from xentviz.core.passes import confusion_of
from xentviz.core.transforms import logit, sigmoid, softmax, softmax_jacobian

SIX_DIGITS = 5e-7
"""How far a number given with six decimals may be from the right one."""


def six(expected):
    """Return numbers given with six decimals, to be compared with."""
    return pytest.approx(expected, rel=0, abs=SIX_DIGITS)


def near(actual, expected):
    """Compare numbers given with six decimals, and their shape."""
    assert np.shape(actual) == np.shape(expected)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=SIX_DIGITS)


class TestFilmStill:
    """One row: is Audrey Hepburn, plays Princess Ann, is Marilyn Monroe, plays a princess."""

    LABELS, SCORES = ((1, 1, 0, 1),), ((0.9, 0.95, 0.7, 0.75),)
    ALL = np.arange(4)

    def document(self, threshold=0.5):
        categories = ["Audrey Hepburn", "Princess Ann", "Marilyn Monroe", "a princess"]
        return Document.create(self.LABELS, {"Guess": self.SCORES}, categories=categories, thresholds=[threshold])

    def test_each_statement_costs_what_it_costs_by_hand(self):
        expected = [0.105361, 0.051293, 1.203973, 0.287682]
        near(binary_cross_entropy(self.LABELS, self.SCORES), [expected])
        near(losses_of(self.document(), 0, self.ALL), expected)

    def test_all_of_them_have_this_mean_and_sum(self):
        losses, found = binary_cross_entropy(self.LABELS, self.SCORES), evaluate(self.document()).models[0]
        assert [reduce(losses), mean_binary_cross_entropy(self.LABELS, self.SCORES)] == six([0.412077] * 2)
        assert [found.mean_loss, found.sum_loss, reduce(losses, "sum")] == six([0.412077, 1.648309, 1.648309])

    def test_the_mean_pulls_at_each_probability(self):
        expected = [-0.277778, -0.263158, 0.833333, -0.333333]
        near(binary_cross_entropy_gradient(self.LABELS, self.SCORES) / 4, [expected])
        near(gradients_of(self.document(), 0, self.ALL) / 4, expected)

    def test_the_mean_pulls_at_each_logit(self):
        gradient = binary_cross_entropy_with_logits_gradient(self.LABELS, logit(self.SCORES))
        np.testing.assert_allclose(gradient / 4, [[-0.025, -0.0125, 0.175, -0.0625]], rtol=1e-14)

    @pytest.mark.parametrize(
        ("threshold", "decisions", "counts"),
        [
            (0.8, [True, True, False, False], Counts(2, 0, 1, 1)),  # the princess is missed
            (0.75, [True, True, False, True], Counts(3, 0, 0, 1)),
            (0.7, [True, True, True, True], Counts(3, 1, 0, 0)),  # and there is Marilyn
        ],
    )
    def test_the_threshold_decides(self, threshold, decisions, counts):
        document = self.document(threshold)
        assert document.decisions_of(0, self.ALL).tolist() == decisions
        assert wrong_of(document, 0, self.ALL).tolist() == np.not_equal(decisions, self.LABELS[0]).tolist()
        found = evaluate(document).models[0]
        assert sum((found.counts(c, document.threshold(c)) for c in range(4)), Counts(0, 0, 0, 0)) == counts

    def test_probabilities_of_independent_statements_need_not_sum_to_one(self):
        assert np.sum(self.SCORES) == pytest.approx(3.3)
        with pytest.raises(DataError) as caught:
            categorical_cross_entropy([0], self.SCORES)
        assert caught.value.code == "probabilities_no_distribution"


class TestTableTennis:
    """A side that wins 63 of 64 meetings."""

    SHARES = np.array([63, 1]) / 64

    def test_a_win_says_little_and_an_upset_six_bits(self):
        near(self_information(self.SHARES, base=2), [0.022720, 6.0])
        near(binary_cross_entropy([1, 0], [63 / 64, 63 / 64]) * Unit.BITS.per_nat, [0.022720, 6.0])

    def test_the_entropy_in_bits_and_nats(self):
        for distribution in ([63, 1], self.SHARES):
            assert [entropy(distribution, base=2), entropy(distribution)] == six([0.116115, 0.080485])
        assert binary_cross_entropy(63 / 64, 63 / 64) == six(0.080485)

    def test_the_entropy_is_the_mean_surprise_and_what_belief_in_the_truth_costs(self):
        assert entropy(self.SHARES, base=2) == pytest.approx(self.SHARES @ self_information(self.SHARES, base=2))
        assert cross_entropy(self.SHARES, self.SHARES, base=2) == entropy(self.SHARES, base=2)
        assert kl_divergence(self.SHARES, self.SHARES, base=2) == 0

    @pytest.mark.parametrize("wrong", [0.1164, -0.116115])
    def test_the_wrong_figures_in_circulation_are_not_ours(self, wrong):
        assert entropy([63, 1], base=2) != pytest.approx(wrong, abs=5e-5)

    def test_without_its_minus_sign_the_sum_would_be_below_zero(self):
        assert np.sum(self.SHARES * np.log2(self.SHARES)) == six(-0.116115)


class TestThreeClassesAndOneGuess:
    TRUTH = (1, 0, 0)

    @pytest.mark.parametrize(("guess", "loss"), [((0.5, 0.2, 0.3), 0.693147), ((0.8, 0.1, 0.1), 0.223144)])
    def test_only_the_share_of_the_true_class_counts(self, guess, loss):
        assert cross_entropy(self.TRUTH, guess) == six(loss)
        near(categorical_cross_entropy([self.TRUTH], [guess]), [loss])
        near(categorical_cross_entropy([0], [guess]), [loss])

    def test_probabilities_that_are_taken_for_logits_cost_another_number(self):
        near(categorical_cross_entropy_with_logits([self.TRUTH], [(0.8, 0.1, 0.1)]), [0.689727])


class TestSameAccuracy:
    """Two models that get one of three rows wrong."""

    TRUTH = np.array([2, 1, 0])  # classes 3, 2, 1
    MODELS = (
        ((0.3, 0.3, 0.4), (0.3, 0.4, 0.3), (0.1, 0.2, 0.7)),
        ((0.1, 0.2, 0.7), (0.1, 0.7, 0.2), (0.3, 0.4, 0.3)),
    )
    BOTH = pytest.mark.parametrize("model", [0, 1])

    def document(self):
        names = {"1": self.MODELS[0], "2": self.MODELS[1]}
        return Document.create(self.TRUTH, names, categories=["1", "2", "3"], multiclass=True)

    def losses(self, model):
        return categorical_cross_entropy(self.TRUTH, self.MODELS[model])

    @BOTH
    def test_one_of_three_rows_is_wrong(self, model):
        assert accuracy(confusion_of(self.document(), model)) == 2 / 3

    @BOTH
    def test_squared_error(self, model):
        expected = [0.806667, 0.34][model]
        errors = squared_error(np.eye(3)[self.TRUTH], self.MODELS[model])
        assert reduce(errors.sum(axis=1)) == six(expected)
        assert evaluate(self.document()).models[model].brier == six(expected)

    @BOTH
    def test_cross_entropy_row_by_row(self, model):
        expected = [[0.916291, 0.916291, 2.302585], [0.356675, 0.356675, 1.203973]][model]
        near(self.losses(model), expected)
        near(categorical_cross_entropy(np.eye(3)[self.TRUTH], self.MODELS[model]), expected)
        near(cross_entropy(np.eye(3)[self.TRUTH], self.MODELS[model]), expected)

    @BOTH
    def test_cross_entropy_of_all_rows(self, model):
        total, mean = [(4.135167, 1.378389), (1.917323, 0.639108)][model]
        found = evaluate(self.document()).models[model]
        assert [found.sum_loss, reduce(self.losses(model), "sum")] == six([total] * 2)
        assert [found.mean_loss, reduce(self.losses(model))] == six([mean] * 2)

    @pytest.mark.parametrize(
        ("unit", "base", "expected"),
        [(Unit.BITS, 2, (5.965784, 2.766112)), (Unit.BANS, 10, (1.795880, 0.832683))],
    )
    @BOTH
    def test_cross_entropy_in_other_units(self, model, unit, base, expected):
        by_document = evaluate(self.document()).models[model].sum_loss * unit.per_nat
        by_base = cross_entropy(np.eye(3)[self.TRUTH], self.MODELS[model], base=base).sum()
        assert [by_document, by_base] == six([expected[model]] * 2)

    def test_one_point_eight_is_no_number_of_nats_but_the_first_sum_in_bans(self):
        total = reduce(self.losses(0), "sum")
        assert total != pytest.approx(1.8, abs=1)
        assert total * Unit.BANS.per_nat == pytest.approx(1.8, abs=0.05)

    def test_point_six_nine_seven_is_the_second_sum_in_no_unit_nor_its_mean(self):
        for unit in Unit:
            assert reduce(self.losses(1), "sum") * unit.per_nat != pytest.approx(0.697, abs=0.01)
            assert reduce(self.losses(1)) * unit.per_nat != pytest.approx(0.697, abs=0.01)

    def test_point_six_nine_seven_comes_of_the_predicted_class_in_the_third_row(self):
        used = self_information(np.max(self.MODELS[1], axis=1), base=10)
        near(used, [0.154902, 0.154902, 0.397940])
        rounded = [0.15, 0.15, 0.397]
        np.testing.assert_allclose(rounded, used, atol=0.005)
        assert sum(rounded) == pytest.approx(0.697)

    def test_the_terms_in_circulation_do_not_have_the_total_that_is_given_with_them(self):
        errors = squared_error(np.eye(3)[self.TRUTH], self.MODELS[1])
        np.testing.assert_allclose(errors[0], [0.1**2, 0.2**2, 0.3**2])
        wrong = [0.1**2 + 0.1**2 + 0.3**2, *errors[1:].sum(axis=1)]
        assert np.mean(wrong) == pytest.approx(0.33)


class TestByHand:
    LABELS = np.array([1, 0, 1, 0, 0, 0, 0])
    SCORES = np.array([0.8, 0.33, 0.77, 0.66, 0.55, 0.002, 0.213])
    LOSSES = (0.223144, 0.400478, 0.261365, 1.078810, 0.798508, 0.002002, 0.239527)
    OF_LOGITS = (0.371101, 0.871698, 0.380498, 1.076637, 1.005492, 0.694148, 0.805308)

    def test_seven_rows(self):
        near(binary_cross_entropy(self.LABELS, self.SCORES), self.LOSSES)
        near(losses_of(Document.create(self.LABELS, {"A": self.SCORES}), 0, np.arange(7)), self.LOSSES)

    def test_seven_rows_whose_scores_are_taken_for_logits(self):
        near(binary_cross_entropy_with_logits(self.LABELS, self.SCORES), self.OF_LOGITS)
        near(binary_cross_entropy(self.LABELS, sigmoid(self.SCORES)), self.OF_LOGITS)

    def test_the_means_of_both(self):
        document = Document.create(self.LABELS, {"p": self.SCORES, "z": self.SCORES}, logits=["z"])
        assert [model.mean_loss for model in evaluate(document).models] == six([0.429119, 0.743555])
        assert mean_binary_cross_entropy(self.LABELS, self.SCORES) == six(0.429119)

    def test_a_column_gives_as_many_losses_as_it_has_rows_where_the_last_axis_is_averaged(self):
        column = binary_cross_entropy(self.LABELS[:, None], self.SCORES[:, None])
        near([reduce(row) for row in column], self.LOSSES)
        assert reduce(column) == six(0.429119)

    @pytest.mark.parametrize(("shape", "rows"), [((2, 2), [0.433750, 0.289909]), ((4, 1), None)])
    def test_losses_have_the_shape_of_the_labels(self, shape, rows):
        elements = [0.356675, 0.510826, 0.356675, 0.223144]
        losses = binary_cross_entropy(np.reshape([1, 1, 0, 0], shape), np.reshape([0.7, 0.6, 0.3, 0.2], shape))
        near(losses, np.reshape(elements, shape))
        near([reduce(row) for row in losses], rows or elements)


class TestPuzzle:
    """Is it BCELoss or CrossEntropyLoss? Three numbers for one row."""

    LABELS, SCORES = (1, 0, 0), (0.8, 0.2, 0.4)

    def test_the_mean_of_three_yes_or_no_questions(self):
        assert reduce(binary_cross_entropy(self.LABELS, self.SCORES)) == six(0.319038)

    def test_the_loss_of_logits(self):
        near(categorical_cross_entropy_with_logits([self.LABELS], [self.SCORES]), [0.797116])

    def test_the_loss_of_logits_is_that_of_their_softmax(self):
        shares = softmax(self.SCORES)
        near(shares, [0.450627, 0.247309, 0.302064])
        assert [self_information(shares[0]), cross_entropy(self.LABELS, shares)] == six([0.797116] * 2)

    def test_the_shares_that_the_page_gives_are_off_in_the_fifth_place_and_cost_something_else(self):
        wrong = [0.450623, 0.247282, 0.302095]  # beside the right .797116
        assert (np.abs(softmax(self.SCORES) - wrong) > 3e-6).all()
        assert self_information(wrong[0]) == six(0.797124)

    def test_the_true_class_alone(self):
        assert self_information(self.SCORES[0]) == six(0.223144)

    def test_as_probabilities_of_one_answer_the_scores_are_refused_with_what_they_sum_to(self):
        with pytest.raises(DataError) as caught:
            categorical_cross_entropy([self.LABELS], [self.SCORES])
        assert caught.value.code == "probabilities_no_distribution"
        assert caught.value.details["sum"] == pytest.approx(1.4)


class TestDerivatives:
    P = np.array([0.05, 0.3, 0.5, 0.8, 0.95])
    LABEL = pytest.mark.parametrize("label", [0.0, 0.3, 1.0])

    LOGITS, TRUTH = np.array([1.0, -0.5, 2.0]), np.array([0.0, 0.0, 1.0])

    @LABEL
    def test_by_the_probability(self, label):
        y = np.full(5, label)
        gradient = binary_cross_entropy_gradient(y, self.P)
        np.testing.assert_allclose(gradient, -(y / self.P - (1 - y) / (1 - self.P)), rtol=1e-14, atol=1e-15)
        by_steps = slope(lambda p: binary_cross_entropy(y, p), self.P, 1e-4)
        np.testing.assert_allclose(gradient, by_steps, rtol=1e-7, atol=1e-10)

    @LABEL
    def test_by_the_probability_of_a_mean_is_divided_by_the_number_of_rows(self, label):
        y = np.full(5, label)

        def mean(step, row):
            return reduce(binary_cross_entropy(y, self.P + step * np.eye(5)[row]))

        of_mean = [slope(lambda step, row=row: mean(step, row), 0, 1e-4) for row in range(5)]
        np.testing.assert_allclose(binary_cross_entropy_gradient(y, self.P) / 5, of_mean, rtol=1e-7, atol=1e-10)

    @LABEL
    def test_by_the_logit(self, label):
        y, z = np.full(5, label), logit(self.P)
        gradient = binary_cross_entropy_with_logits_gradient(y, z)
        np.testing.assert_allclose(gradient, self.P - y, rtol=1e-14, atol=1e-15)
        by_steps = slope(lambda z: binary_cross_entropy_with_logits(y, z), z, 1e-3)
        np.testing.assert_allclose(gradient, by_steps, rtol=1e-9, atol=1e-11)

    def test_of_the_softmax(self):
        p, one = softmax(self.LOGITS), np.eye(3)
        by_hand = [[p[i] * ((i == j) - p[j]) for j in range(3)] for i in range(3)]
        by_steps = [slope(lambda step, j=j: softmax(self.LOGITS + step * one[j]), 0, 1e-3) for j in range(3)]
        np.testing.assert_allclose(softmax_jacobian(self.LOGITS), by_hand, rtol=1e-14)
        np.testing.assert_allclose(softmax_jacobian(self.LOGITS), np.transpose(by_steps), atol=1e-11)

    def test_of_the_softmax_and_the_cross_entropy_together(self):
        p = softmax(self.LOGITS)
        gradient = categorical_cross_entropy_with_logits_gradient(self.TRUTH, self.LOGITS)
        by_chain = categorical_cross_entropy_gradient(self.TRUTH, p) @ softmax_jacobian(self.LOGITS)
        np.testing.assert_allclose(gradient, p - self.TRUTH, rtol=1e-14)
        np.testing.assert_allclose(gradient, by_chain, rtol=1e-13)

    def test_by_a_weight_is_the_miss_times_the_input_and_not_times_the_weight(self):
        weights, x = np.array([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]]), np.array([0.7, -0.4])
        p = softmax(weights @ x)
        miss = categorical_cross_entropy_with_logits_gradient(self.TRUTH, weights @ x)
        by_steps = self.slopes_by_weight(weights, x)
        np.testing.assert_allclose(by_steps, np.outer(p - self.TRUTH, x), rtol=1e-9)
        np.testing.assert_allclose(by_steps, np.outer(miss, x), rtol=1e-9)
        assert (np.abs(by_steps - miss[:, None] * weights) > 0.01).all()  # the version in circulation

    def slopes_by_weight(self, weights, x):
        """Return dJ/dw_in through a linear layer, one weight after the other, by finite differences of order four."""

        def loss(i, n, step):
            changed = weights.copy()
            changed[i, n] += step
            return categorical_cross_entropy_with_logits(self.TRUTH, changed @ x)

        rows, columns = weights.shape
        return [[slope(lambda step, i=i, n=n: loss(i, n, step), 0, 1e-3) for n in range(columns)] for i in range(rows)]

    @pytest.mark.parametrize(("label", "z"), [(1.0, -12.0), (0.0, 12.0)])
    def test_squared_error_stops_learning_where_it_is_confidently_wrong_and_cross_entropy_does_not(self, label, z):
        p = sigmoid(z)
        through_sigmoid = squared_error_gradient(label, p) * softmax_jacobian([z, 0.0])[0, 0]
        assert through_sigmoid == pytest.approx(2 * (p - label) * p * (1 - p))
        assert through_sigmoid == pytest.approx(slope(lambda z: squared_error(label, sigmoid(z)), z, 1e-2), rel=1e-6)
        assert abs(through_sigmoid) < 2e-5
        assert binary_cross_entropy_with_logits_gradient(label, z) == pytest.approx(p - label)
        assert abs(p - label) > 0.99999


class TestNumericalCare:
    P = np.array([0.0, 1e-9, 0.01, 0.3, 0.5, 0.99, 1 - 1e-9, 1.0])
    LABEL = pytest.mark.parametrize("label", [0.0, 0.3, 1.0])

    @LABEL
    def test_clipping(self, label):
        below, above = np.maximum(self.P, 1e-7), np.maximum(1 - self.P, 1e-7)
        by_hand = -label * np.log(below) - (1 - label) * np.log(above)
        ours = binary_cross_entropy(np.full(8, label), self.P, clip=1e-7)
        # Limiting p from both sides takes off 1e-7 where the answer is right, too.
        np.testing.assert_allclose(ours, by_hand, rtol=1e-9, atol=1.01e-7)

    @LABEL
    def test_log1p_says_the_same_and_keeps_the_digits_of_small_probabilities(self, label):
        p = self.P[2:6]
        by_hand = -label * np.log(p) - (1 - label) * np.log1p(-p)
        np.testing.assert_allclose(binary_cross_entropy(np.full(4, label), p), by_hand, rtol=1e-15)
        assert binary_cross_entropy(0, 1e-20) == 1e-20
        assert math.log(1 - 1e-20) == 0

    def test_the_log1p_of_the_wrong_one_is_not_ours(self):
        y, p = 1, 0.01
        assert -y * math.log1p(-p) - (1 - y) * math.log1p(p) == six(0.010050)
        assert binary_cross_entropy(y, p) == six(4.605170)

    @LABEL
    def test_from_logits_it_is_softplus_less_what_is_true(self, label):
        z = np.array([-30.0, -2.0, 0.0, 0.5, 8.0, 30.0])
        plain = np.log(1 + np.exp(z)) - label * z
        careful = np.maximum(z, 0) - label * z + np.log1p(np.exp(-np.abs(z)))
        ours = binary_cross_entropy_with_logits(np.full(6, label), z)
        np.testing.assert_allclose(ours, careful, rtol=1e-14, atol=1e-14)
        np.testing.assert_allclose(ours, plain, rtol=1e-12, atol=1e-13)


class TestInPractice:
    @pytest.mark.parametrize("epsilon", [0.05, 0.1])
    def test_smoothing_by_twice_epsilon_turns_zero_and_one_into_epsilon_and_one_less_epsilon(self, epsilon):
        smoothed = binary_cross_entropy([0, 1], [0.3, 0.3], smoothing=2 * epsilon)
        np.testing.assert_allclose(smoothed, binary_cross_entropy([epsilon, 1 - epsilon], [0.3, 0.3]), rtol=1e-14)

    def test_weights_and_copies_of_the_rare_class_pull_the_same_way(self):
        weighted = binary_cross_entropy_gradient([1, 0, 0, 0], [0.5] * 4, pos_weight=3)
        resampled = binary_cross_entropy_gradient([1, 1, 1, 0, 0, 0], [0.5] * 6)
        assert weighted.sum() == pytest.approx(resampled.sum()) == 0
