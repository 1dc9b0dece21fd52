"""How decisions of two models go together, against scikit-learn and against counting row by row."""

import threading
from itertools import combinations, product

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, confusion_matrix
from told_alone import CASES, DOCUMENTS, answers, questions, told

from xentviz.core.agreement import Agreement, agreements, elements_apart, elements_decided, elements_in_one
from xentviz.core.comparison import mcnemar
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.core.looked_at import LookedAt

NAN = np.nan


@pytest.mark.parametrize(("document", "category"), CASES)
def test_counts_are_those_of_scikit_learn(document, category, some_cores):
    found = agreements(LookedAt(document, category))
    assert list(found) == list(combinations(range(3), 2))
    for (a, b), agreement in found.items():
        _, truth, known, one, scored = told(document, category, a)
        *_, other, also = told(document, category, b)
        both = scored & also
        assert agreement.decided == both.sum()
        assert agreement.alike == (one == other)[both].sum()
        assert agreement.kappa == pytest.approx(cohen_kappa_score(one[both], other[both]), abs=1e-12)
        both &= known
        right = confusion_matrix((one == truth)[both], (other == truth)[both], labels=[True, False]).ravel()
        assert [agreement.both_right, agreement.only_first, agreement.only_second, agreement.both_wrong] == (
            right.tolist()
        )
        assert agreement.labelled == both.sum()
        turned = agreement.turned()
        assert (turned.only_first, turned.kappa) == (agreement.only_second, agreement.kappa)


@pytest.mark.usefixtures("four_rows_a_block")
def test_blocks_add_up():
    whole = agreements(LookedAt(answers(), None))
    assert len(answers().labels.blocks) > 10
    for document, category in CASES[:1]:
        assert agreements(LookedAt(document, category)) == agreements(LookedAt(questions(), category))
    assert whole == agreements(LookedAt(DOCUMENTS[2], None))


@pytest.mark.parametrize(("document", "category"), CASES)
def test_elements_are_found_as_they_are_counted(document, category):
    looked = LookedAt(document, category)
    elements, truth, known, one, scored = told(document, category, 0)
    *_, other, also = told(document, category, 1)
    both = scored & also
    for first, second in product([True, False], repeat=2):
        expected = elements[both & known & ((one == truth) == first) & ((other == truth) == second)]
        assert elements_decided(looked, (0, 1), first, second).tolist() == expected.tolist()
    assert elements_apart(looked, (0, 1)).tolist() == elements[both & (one != other)].tolist()
    for of_truth, of_decision in ((0, 1), (1, 1), (1, 0)):
        here = known & (truth == of_truth)
        expected = elements[here & ((scored & (one == of_decision)) != (also & (other == of_decision)))]
        assert elements_in_one(looked, (0, 1), of_truth, of_decision).tolist() == expected.tolist()


@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_is_undefined(rows):
    document = Document.create(np.full(rows, NAN), {"A": np.full(rows, NAN), "B": np.full(rows, 0.7)})
    (found,) = agreements(LookedAt(document, None)).values()
    assert (found.decided, found.share, found.kappa, found.labelled) == (0, None, None, 0)
    assert elements_apart(LookedAt(document, None), (0, 1)).tolist() == []


def test_agreeing_by_force_has_no_kappa():
    document = Document.create([1, 0], {"A": [0.9, 0.8], "B": [0.7, 0.6]})
    (found,) = agreements(LookedAt(document, None)).values()
    assert (found.share, found.kappa) == (1.0, None)


def test_one_model_has_nobody_to_agree_with():
    assert agreements(LookedAt(Document.create([1], {"A": [0.5]}), None)) == {}
    assert agreements(LookedAt(Document.create([1], {}), None)) == {}


def test_work_is_stopped():
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        agreements(LookedAt(questions(), None), stop.is_set)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (2, 0), (5, 5), (3, 17), (40_000, 41_000), (7, 1_000_000)])
def test_luck_is_that_of_mcnemar(first, second):
    found = Agreement(first + second, 0, 0, 0, first, second, 0)
    expected = mcnemar(np.arange(first + second) < first, np.arange(first + second) >= first).p_value
    assert found.p_value == (None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-300))
