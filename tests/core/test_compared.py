"""Two models of a document: as of whole arrays, by hand, and stopped anywhere."""

import math
from dataclasses import astuple

import numpy as np
import pytest
from delong import delong
from with_gaps import answers, questions

from xentviz.core.area_errors import NO_GAP
from xentviz.core.compared import compare
from xentviz.core.comparison import McNemar, mcnemar, paired_difference
from xentviz.core.confusion import NONE
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
)
from xentviz.core.transforms import sigmoid, softmax

INF, NAN = float("inf"), float("nan")


@pytest.fixture(autouse=True, params=["whole", "in blocks"])
def _cut(request):
    """Run every test with one block, and with blocks of a few rows."""
    if request.param == "in blocks":
        request.getfixturevalue("four_rows_a_block")


def row_mean(losses):
    """Return the mean of what is known in each row, by a loop."""
    return np.array([np.mean(row[~np.isnan(row)]) if (~np.isnan(row)).any() else NAN for row in losses])


def losses_of_questions(labels, scores, logits):
    labels = np.where(np.isnan(scores), NAN, labels)
    return (binary_cross_entropy_with_logits if logits else binary_cross_entropy)(labels, scores)


def in_one_category(labels, first, second):
    """Return the area difference of one question over the rows known to both."""
    known = ~(np.isnan(labels) | np.isnan(first) | np.isnan(second))
    return delong(labels[known] >= 0.5, first[known], second[known])


def nearly(found):
    """Return what is equal to the numbers of a dataclass and its intervals, but for rounding."""
    return tuple(
        part if part is None or isinstance(part, str) else pytest.approx(part, rel=1e-11, abs=1e-12)
        for part in astuple(found)
    )


PAIRS = pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0), (0, 2), (2, 1), (1, 1)])


class TestCompare:
    @PAIRS
    @pytest.mark.parametrize("categories", [1, 3])
    def test_of_questions_is_that_of_whole_arrays(self, first, second, categories):
        labels, models, document = questions(categories=categories, thresholds=(0.57,))
        one, other = (list(models.values())[model] for model in (first, second))
        labels = np.where(np.isnan(one) | np.isnan(other), NAN, labels)
        found = compare(document, first, second)
        losses = [losses_of_questions(labels, s, m == 1) for s, m in ((one, first), (other, second))]
        assert astuple(found.difference) == nearly(paired_difference(*map(row_mean, losses)))
        assert 0 < found.difference.rows < document.rows
        known = ~np.isnan(labels)
        said = [(sigmoid(s) if m == 1 else s) >= s.dtype.type(0.57) for s, m in ((one, first), (other, second))]
        assert found.flips == (said[0] != said[1])[known].sum()
        assert found.decisions == mcnemar(*(s[known] == (labels >= 0.5)[known] for s in said))
        for c, area in enumerate(found.areas):
            assert astuple(area) == nearly(in_one_category(labels[:, c], one[:, c], other[:, c]))

    @PAIRS
    @pytest.mark.parametrize("soft", [False, True])
    @pytest.mark.parametrize("threshold", [0.0, 0.5])
    def test_of_answers_is_that_of_whole_arrays(self, first, second, soft, threshold):
        labels, truth, models, document = answers(soft=soft, thresholds=(threshold,))
        one, other = (list(models.values())[model] for model in (first, second))
        known = (truth != NONE) & ~np.isnan(one).any(axis=1) & ~np.isnan(other).any(axis=1)
        both = [(one[known], first == 1), (other[known], second == 1)]
        found = compare(document, first, second)
        losses = [
            (categorical_cross_entropy_with_logits if logits else categorical_cross_entropy)(labels[known], scores)
            for scores, logits in both
        ]
        assert astuple(found.difference) == nearly(paired_difference(*losses))
        assert found.difference.rows == known.sum() < document.rows
        p = [softmax(scores) if logits else scores for scores, logits in both]
        decided = [np.where(q.max(axis=1) >= q.dtype.type(threshold), q.argmax(axis=1), NONE) for q in p]
        assert found.flips == (decided[0] != decided[1]).sum()
        assert found.decisions == mcnemar(*(d == truth[known] for d in decided))
        for c, area in enumerate(found.areas):
            assert astuple(area) == nearly(delong(truth[known] == c, p[0][:, c], p[1][:, c]))

    def test_by_hand(self):
        document = Document.create(
            [[1, 0], [0, NAN], [NAN, 1]],
            {"A": [[0.5, 0.5], [0.5, 0.5], [0.5, NAN]], "B": [[0.25, 0.25], [0.75, 0.9], [0.1, 0.1]]},
            categories=("a", "b"),
        )
        found = compare(document, 0, 1)
        # Two rows are known to both; of the first both elements, of the second one.
        first_row = (math.log(4) - math.log(0.75)) / 2 - math.log(2)
        second_row = math.log(4) - math.log(2)
        assert found.difference.rows == 2
        assert found.difference.mean == pytest.approx((first_row + second_row) / 2)
        assert (found.difference.first_wins, found.difference.second_wins) == (2, 0)
        # A says yes to all three elements, B only to the last: right about one, and about one other.
        assert found.flips == 2
        assert found.decisions == McNemar(only_first=1, only_second=1, p_value=1.0)
        assert (found.areas[0].first, found.areas[0].second) == (0.5, 0)
        assert found.areas[1] == NO_GAP

    def test_logits_that_are_all_certain_as_probabilities_are_ranked_as_logits(self):
        labels, logits = [1, 0] * 10, np.linspace(40, 800, 20)
        document = Document.create(labels, {"P": sigmoid(logits), "Z": logits}, logits=["Z"])
        (area,) = compare(document, 0, 1).areas
        assert (area.first, area.second) == (0.5, 0.45)

    def test_a_row_of_infinite_loss_has_an_infinite_mean(self):
        document = Document.create([[1, 1]], {"A": [[0.0, 0.5]], "B": [[0.5, 0.5]]}, categories=("a", "b"))
        assert compare(document, 0, 1).difference.mean == -INF

    @pytest.mark.parametrize("multiclass", [False, True])
    @pytest.mark.parametrize("rows", [0, 3])
    def test_of_models_without_a_row_in_common_is_undefined(self, multiclass, rows):
        labels = np.zeros(rows) if multiclass else np.zeros((rows, 2))
        models = {"A": np.full((rows, 2), 0.5), "B": np.full((rows, 2), NAN)}
        found = compare(Document.create(labels, models, categories=("a", "b"), multiclass=multiclass), 0, 1)
        assert (found.difference.rows, found.difference.mean, found.flips) == (0, None, 0)
        assert found.decisions == McNemar(0, 0, None)
        assert found.areas == (NO_GAP,) * 2


def asked(times):
    """Return what says stop when it is asked for the last of so many times."""
    left = [times]

    def stopped():
        left[0] -= 1
        return left[0] <= 0

    return stopped


@pytest.mark.parametrize("times", [1, 4, 30])
def test_a_comparison_can_be_stopped_anywhere(times, four_rows_a_block):
    with pytest.raises(Cancelled):
        compare(questions()[-1], 0, 1, asked(times))


def test_a_comparison_tells_how_far_it_is(four_rows_a_block):
    told = []
    compare(questions()[-1], 0, 1, report=told.append)
    assert told == sorted(told)
    assert 0 <= told[0] < 0.05 < 0.5 < told[-1] < 1
