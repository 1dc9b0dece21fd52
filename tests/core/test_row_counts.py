from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xentviz.core.counts import Counts, Tally
from xentviz.core.row_counts import tally

NAN = float("nan")

rows_of_three = st.lists(
    st.tuples(*[st.tuples(st.sampled_from([0.0, 1.0, 0.5, 0.25, NAN]), st.booleans())] * 3), max_size=30
)


def arrays(rows):
    """Return labels and decisions of shape (rows, 3), read-only as the blocks of a column are."""
    both = np.array(rows, dtype=np.float64).reshape(-1, 3, 2)
    labels, decisions = both[..., 0].copy(), both[..., 1] == 1
    labels.setflags(write=False)
    decisions.setflags(write=False)
    return labels, decisions


def counted(row):
    """Count one row element by element."""
    known = [(label >= 0.5, decision) for label, decision in row if label == label]
    return Counts(*(known.count(pair) for pair in [(True, True), (False, True), (True, False), (False, False)]))


def test_rows_with_the_same_counts_are_told_together():
    labels, decisions = arrays(
        [
            [(1, True), (0, False), (0, False)],
            [(0, False), (0, False), (1, True)],
            [(1, False), (1, False), (1, True)],
        ]
    )
    assert tally(labels, decisions) == {Counts(1, 0, 0, 2): 2, Counts(1, 0, 2, 0): 1}


def test_an_element_without_a_label_does_not_count_whatever_was_decided():
    labels, decisions = arrays([[(1, True), (NAN, True), (NAN, False)]])
    assert tally(labels, decisions) == {Counts(1, 0, 0, 0): 1}


def test_a_row_without_any_label_is_left_out():
    assert tally(*arrays([[(NAN, True), (NAN, False), (NAN, False)]])) == {}


def test_a_soft_label_is_rounded_and_one_half_is_yes():
    labels, decisions = arrays([[(0.5, True), (0.25, True), (0.75, False)]])
    assert tally(labels, decisions) == {Counts(1, 1, 1, 0): 1}


def test_of_no_rows_is_empty():
    assert tally(*arrays([])) == Tally()


@given(rows_of_three)
def test_is_what_counting_row_by_row_finds(rows):
    expected = Counter(counted(row) for row in rows if any(label == label for label, _ in row))
    assert tally(*arrays(rows)) == expected


@given(rows_of_three, st.integers(1, 7))
def test_tallies_of_blocks_add_up(rows, size):
    labels, decisions = arrays(rows)
    parts = [
        tally(labels[start : start + size], decisions[start : start + size]) for start in range(0, len(rows), size)
    ]
    assert sum(parts, Tally()) == tally(labels, decisions)


def test_numbers_are_python_s_own():
    ((counts, rows),) = tally(*arrays([[(1, True), (0, True), (1, False)]])).items()
    assert {type(rows), type(counts.true_positives), type(counts.true_negatives)} == {int}
