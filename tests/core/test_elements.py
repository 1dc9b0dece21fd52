import numpy as np
import pytest

from xentviz.core.document import Document
from xentviz.core.elements import (
    gradients_of,
    log_odds_of_truth,
    losses_of,
    probability_of_truth,
    soft_answers,
    wrong_of,
)
from xentviz.core.losses import binary_cross_entropy, binary_cross_entropy_with_logits
from xentviz.core.transforms import log_softmax, softmax

CATEGORIES = ("a", "b", "c")
LOGITS = np.array([[2.0, 0.0, -1.0], [0.0, 0.5, 0.0], [1.0, 1.0, 1.0], [np.nan, 0.0, 0.0]])
ALL = np.arange(12)


def answers(labels, logits):
    """Return a multi-class document with one model, of logits or of the probabilities they stand for."""
    scores = LOGITS if logits else np.where(np.isnan(LOGITS).any(axis=1)[:, None], np.nan, softmax(LOGITS))
    names = ["A"] if logits else []
    return Document.create(labels, {"A": scores}, categories=CATEGORIES, logits=names, multiclass=True)


class TestYesOrNo:
    def test_an_element_has_its_own_loss_gradient_and_decision(self):
        document = Document.create([[1, 0], [0, np.nan]], {"A": [[0.9, 0.7], [0.5, 0.5]]}, categories=("a", "b"))
        elements = np.array([2, 0, 3, 1])
        expected = binary_cross_entropy([0, 1, np.nan, 0], [0.5, 0.9, 0.5, 0.7])
        np.testing.assert_array_equal(losses_of(document, 0, elements), expected)
        np.testing.assert_allclose(gradients_of(document, 0, elements), [2, -1 / 0.9, np.nan, 1 / 0.3])
        assert wrong_of(document, 0, elements).tolist() == [True, False, False, True]

    def test_of_logits_the_gradient_is_by_the_logit(self):
        document = Document.create([1, 0], {"A": [40.0, 40.0]}, logits=["A"])
        np.testing.assert_array_equal(
            losses_of(document, 0, np.arange(2)), binary_cross_entropy_with_logits([1, 0], [40, 40])
        )
        np.testing.assert_allclose(gradients_of(document, 0, np.arange(2)), [-np.exp(-40.0), 1], rtol=1e-15)

    def test_without_a_score_nothing_is_known(self):
        document = Document.create([1, 1], {"A": [np.nan, 0.1]})
        assert np.isnan(losses_of(document, 0, np.arange(2))).tolist() == [True, False]
        assert wrong_of(document, 0, np.arange(2)).tolist() == [False, True]


@pytest.mark.parametrize("logits", [True, False], ids=["logits", "probabilities"])
class TestOneAnswerInMany:
    def test_an_element_has_the_loss_of_its_row(self, logits):
        expected = -log_softmax(LOGITS[:3])[[0, 1, 2], [0, 0, 2]]
        losses = losses_of(answers([0, 0, 2, 1], logits), 0, ALL).reshape(4, 3)
        np.testing.assert_allclose(losses[:3], np.repeat(expected, 3).reshape(3, 3), rtol=1e-14)
        assert np.isnan(losses[3]).all()

    @pytest.mark.parametrize("soft", [True, False])
    def test_an_element_has_the_gradient_by_its_own_score(self, logits, soft):
        truth = np.eye(3)[[0, 0, 2, 1]]
        document = answers(truth if soft else [0, 0, 2, 1], logits)
        p = softmax(LOGITS[:3])
        expected = p - truth[:3] if logits else -truth[:3] / p
        np.testing.assert_allclose(gradients_of(document, 0, ALL).reshape(4, 3)[:3], expected, atol=1e-15)

    def test_labels_and_decisions_are_yes_for_one_category_at_most(self, logits):
        document = answers([0, 0, -1, 1], logits)
        labels = document.labels_of(ALL).reshape(4, 3)
        np.testing.assert_array_equal(labels[[0, 1, 3]], [[1, 0, 0], [1, 0, 0], [0, 1, 0]])
        assert np.isnan(labels[2]).all()
        decided = document.decisions_of(0, ALL).reshape(4, 3)
        assert decided[:3].tolist() == [[True, False, False], [False, True, False], [True, False, False]]
        assert not document.with_threshold(0.9).decisions_of(0, ALL[:9]).any()

    def test_the_categories_taken_for_one_another_are_wrong(self, logits):
        wrong = wrong_of(answers([0, 0, -1, 1], logits), 0, ALL).reshape(4, 3)
        assert wrong.tolist() == [[False] * 3, [True, True, False], [False] * 3, [False] * 3]

    def test_of_a_soft_label_the_largest_part_is_the_truth_however_small(self, logits):
        document = answers([[0.4, 0.3, 0.3], [0.3, 0.3, 0.4], [0.6, 0.4, 0], [np.nan] * 3], logits)
        wrong = wrong_of(document, 0, ALL).reshape(4, 3)
        assert wrong.tolist() == [[False] * 3, [False, True, True], [False] * 3, [False] * 3]

    def test_probabilities_are_those_of_the_row(self, logits):
        elements = np.array([8, 0, 4])
        expected = softmax(LOGITS[:3]).ravel()[elements]
        np.testing.assert_allclose(answers([0, 0, 2, 1], logits).probabilities_of(0, elements), expected)

    def test_the_truth_has_its_probability_and_log_odds(self, logits):
        document, p = answers([0, 1, 2, 1], logits), softmax(LOGITS[:3])[[0, 1, 2], [0, 1, 2]]
        found = probability_of_truth(document, 0, np.arange(4))
        np.testing.assert_allclose(found, [*p, np.nan], rtol=1e-14)
        x = log_odds_of_truth(document, 0, np.array([2, 3, 0]))
        np.testing.assert_allclose(x, [-np.log(2), np.nan, 2 - np.log(1 + np.exp(-1))], rtol=1e-14)
        np.testing.assert_allclose(np.log1p(np.exp(-x))[[2, 0]], losses_of(document, 0, np.array([0, 6])), rtol=1e-13)

    def test_the_truth_of_a_soft_label_is_what_costs_as_much(self, logits):
        labels = [[0.5, 0.5, 0], [0, 1, 0], [np.nan] * 3, [0, 1, 0]]
        document = answers(labels, logits)
        assert soft_answers(document, np.arange(4)).tolist() == [True, False, False, False]
        p = softmax(LOGITS[:2])
        expected = [np.sqrt(p[0, 0] * p[0, 1]), p[1, 1], np.nan, np.nan]
        np.testing.assert_allclose(probability_of_truth(document, 0, np.arange(4)), expected, rtol=1e-14)
        odds = np.log(expected[:2]) - np.log1p(-np.array(expected[:2]))
        np.testing.assert_allclose(log_odds_of_truth(document, 0, np.arange(2)), odds, rtol=1e-13)


def test_of_infinite_logits_the_log_odds_are_infinite():
    inf = np.inf
    logits = [[inf, 0.0], [-inf, 0.0], [0.0, inf], [1e308, -1e308], [inf, 0.0]]
    document = Document.create([0, 0, 0, 0, -1], {"Z": logits}, categories=("a", "b"), logits=["Z"], multiclass=True)
    found = log_odds_of_truth(document, 0, np.arange(5))
    np.testing.assert_array_equal(found, [inf, -inf, -inf, inf, np.nan])
