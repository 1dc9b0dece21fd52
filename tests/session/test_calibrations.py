"""What a session knows of reliability and temperature: of which model, which question, and when anew."""

import numpy as np
import pytest

from xentviz.core.binning import MOST_BINS
from xentviz.core.calibration import best_temperature, equal_count, equal_width, expected_calibration_error, reliability
from xentviz.core.document import Document
from xentviz.core.transforms import logit, sigmoid, softmax
from xentviz.session.calibrations import Calibrations, applied_name


@pytest.fixture
def calibrations(new_session, qtbot):
    """Return a maker of sessions and what they know; asked once, all is there."""

    def make(document):
        session = new_session(document)
        return session, session.part(Calibrations)

    return make


def two_models(rows=300, seed=1):
    """Return labels, the probabilities of two models, and a document of them."""
    numbers = np.random.default_rng(seed)
    z = numbers.normal(0, 2, rows)
    y = (numbers.random(rows) < sigmoid(z)).astype(float)
    p, q = sigmoid(2 * z), sigmoid(z / 2)
    return y, p, q, Document.create(y, {"sure": p, "shy": q})


def test_each_model_is_binned_as_is_asked_for(calibrations):
    y, p, q, document = two_models()
    session, known = calibrations(document)
    for bins in (15, 4, 80):
        session.compare(bins=bins)
        for model, scores in enumerate((p, q)):
            expected = expected_calibration_error(y, scores, bins)
            assert known.reliability(model).expected_error == pytest.approx(expected, abs=1e-12)
    session.compare(equal_count=True, bins=7)
    blocks = [np.sort(p[y == 1])], [np.sort(p[y == 0])]
    expected = reliability(*blocks, equal_count(*blocks, 7))
    assert known.reliability(0).counts.tolist() == expected.counts.tolist()
    assert known.reliability(2) is None


@pytest.mark.parametrize(("asked", "given"), [(-3, 2), (1, 2), (1000, MOST_BINS)])
def test_there_are_two_to_a_hundred_bins_whatever_is_asked_for(calibrations, asked, given):
    session, known = calibrations(two_models()[-1])
    session.compare(bins=asked)
    assert len(known.reliability(0).counts) == given


def test_another_number_of_bins_needs_no_new_look_at_the_rows(calibrations):
    session, known = calibrations(two_models()[-1])
    before = known.binnings(0)
    session.compare(bins=50, temperature=2.0)
    assert known.binnings(0) is before
    session.look(model=1)
    assert known.binnings(0) is before


def test_an_edited_label_is_counted_at_once(calibrations, qtbot):
    y, p, _, document = two_models()
    session, known = calibrations(document)
    known.reliability(0)
    session.edit(lambda d: d.with_labels(np.array([0]), [1 - y[0]]), "Edit")
    qtbot.waitUntil(lambda: not session.busy)
    y[0] = 1 - y[0]
    assert known.reliability(0).expected_error == pytest.approx(expected_calibration_error(y, p), abs=1e-12)


def test_temperatures_are_the_chosen_models(calibrations):
    y, p, q, document = two_models()
    session, known = calibrations(document)
    assert known.best().temperature == pytest.approx(best_temperature(y, logit(p)), rel=1e-9)
    assert known.best().temperature > 1
    session.look(model=1)
    assert known.best().temperature == pytest.approx(best_temperature(y, logit(q)), rel=1e-9)
    assert known.best().temperature < 1
    assert float(known.curve().at(1.0)) == pytest.approx(session.results.models[1].mean_loss, abs=1e-6)


def test_a_model_that_is_renamed_keeps_its_numbers(calibrations):
    session, known = calibrations(two_models()[-1])
    before = known.curve(), known.best(), known.binnings(0)
    session.edit(lambda d: d.with_model_renamed(0, "other"), "Rename model")
    assert (known.curve(), known.best(), known.binnings(0)) == before


def test_a_temperature_changes_what_comes_true_and_not_the_document(calibrations):
    y, p, _, document = two_models()
    session, known = calibrations(document)
    assert known.heated() is None
    session.compare(temperature=2.0)
    hot = sigmoid(logit(p) / 2)
    expected = reliability([np.sort(hot[y == 1])], [np.sort(hot[y == 0])], equal_width(15))
    assert known.heated()[1].counts.tolist() == expected.counts.tolist()
    assert known.heated()[1].expected_error == pytest.approx(expected.expected_error, abs=1e-4)
    session.compare(equal_count=True)
    assert known.heated()[1].counts.tolist() == pytest.approx(known.reliability(0).counts.tolist(), abs=2)
    assert session.document is document
    assert not session.undo_stack.canUndo()


def test_one_answer_in_many_is_by_the_largest_probability_or_one_categorys(calibrations):
    numbers = np.random.default_rng(2)
    z = numbers.normal(0, 2, (200, 3))
    y = np.array([numbers.choice(3, p=p) for p in softmax(z)])
    document = Document.create(y, {"A": z}, logits=["A"], categories=["a", "b", "c"], multiclass=True)
    session, known = calibrations(document)
    p = softmax(z)
    right = (p.argmax(axis=1) == y).astype(float)
    assert known.reliability(0).expected_error == pytest.approx(expected_calibration_error(right, p.max(axis=1)))
    curve = known.curve()
    session.look(category=1)
    assert known.reliability(0).expected_error == pytest.approx(expected_calibration_error(y == 1, p[:, 1]))
    assert known.curve() is curve
    session.compare(temperature=3.0)
    hot = softmax(z / 3)[:, 1]
    assert known.heated()[1].expected_error == pytest.approx(expected_calibration_error(y == 1, hot))


def test_many_rows_are_counted_in_the_background_and_at_last_exactly(calibrations, qtbot):
    y, p, _, document = two_models(30_000)
    session, known = calibrations(document)
    with qtbot.waitSignal(known.changed):
        assert known.reliability(0) is None
        assert session.busy
    assert known.best() is None
    assert known.is_seeking
    qtbot.waitUntil(lambda: known.curve() is not None and not session.busy)
    assert known.reliability(0).expected_error == pytest.approx(expected_calibration_error(y, p), abs=1e-12)
    assert known.best().temperature == pytest.approx(best_temperature(y, logit(p)), rel=1e-9)
    assert not known.is_seeking


def test_of_no_model_nothing_is_known(calibrations):
    session, known = calibrations(Document.create([1, 0], {}))
    session.compare(temperature=2.0)
    assert known.reliability(0) is None
    assert known.curve() is None
    assert known.best() is None
    assert known.heated() is None
    assert not known.is_seeking


def test_an_applied_model_has_a_name_of_its_own():
    document = Document.create([1], {"A": [0.5], "A, T = 1.83": [0.5]})
    assert applied_name(document, 0, 1.8349) == "A, T = 1.83 (2)"
    assert applied_name(document, 0, 2.0) == "A, T = 2"
