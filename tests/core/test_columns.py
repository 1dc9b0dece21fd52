import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentviz.core import columns
from xentviz.core.columns import Block, Column, rows_per_block


def numbered(count, block_rows=4):
    return Column.of(np.arange(count, dtype=np.float64), block_rows)


def cut(column):
    return [len(block.values) for block in column.blocks]


def test_a_block_is_sized_in_bytes_so_that_ten_categories_cost_no_more_than_one():
    assert rows_per_block(1) * 8 == columns.BLOCK_BYTES
    assert rows_per_block(10) == rows_per_block(1) // 10
    assert rows_per_block(10**9) == 1


def test_a_column_is_cut_every_so_many_rows():
    assert cut(numbered(10)) == [4, 4, 2]
    np.testing.assert_array_equal(numbered(10).starts, [0, 4, 8, 10])
    assert len(numbered(10)) == 10


def test_an_empty_column_has_one_empty_block():
    assert cut(numbered(0)) == [0]


def test_a_column_is_a_read_only_copy():
    values = np.arange(3.0)
    column = Column.of(values, 2)
    values[0] = 99
    assert column.array()[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        column.blocks[0].values[0] = 99


@pytest.mark.parametrize("rows", [[], [9], [9, 0, 4, 4, 3]])
def test_rows_are_taken_in_the_order_asked_for(rows):
    np.testing.assert_array_equal(numbered(10).take(np.array(rows, dtype=np.int64)), rows)


@pytest.mark.parametrize("rows", [[77], [399, 0, 9, 77, 8, 77], [4, 5, 6, 7]])
def test_few_rows_of_many_are_taken_without_reading_whole_blocks(rows):
    read = []
    taken = numbered(400).take(np.array(rows, dtype=np.int64), lambda values: read.append(len(values)) or values)
    np.testing.assert_array_equal(taken, rows)
    assert sum(read) == len(rows)


def test_few_rows_of_blocks_of_two_kinds_are_all_of_the_wider_kind():
    mixed = Column((Block(np.zeros(50, dtype=np.int8)), Block(np.full(50, 0.5))))
    assert mixed.take(np.array([60, 3])).tolist() == [0.5, 0.0]


def test_taking_reads_only_the_blocks_asked_for():
    read = []
    numbered(10).take(np.array([9, 0]), lambda values: read.append(len(values)) or values)
    assert read == [4, 2]


def test_an_edit_copies_the_blocks_it_touches_and_shares_the_rest():
    def negate(block, local, here):
        block[local] = -np.array([1.0, 9.0])[here]
        return block

    before = numbered(12)
    after = before.edited(np.array([1, 9]), negate)
    assert [new is old for new, old in zip(after.blocks, before.blocks, strict=True)] == [False, True, False]
    np.testing.assert_array_equal(after.array(), [0, -1, 2, 3, 4, 5, 6, 7, 8, -9, 10, 11])
    np.testing.assert_array_equal(before.array(), np.arange(12))


def test_an_insertion_changes_one_block():
    before = numbered(12)
    after = before.inserted(5, np.array([50.0]), 4)
    assert cut(after) == [4, 5, 4]
    assert after.blocks[0] is before.blocks[0]
    assert after.blocks[2] is before.blocks[2]


def test_a_block_grown_past_twice_its_size_is_cut():
    assert cut(numbered(8).inserted(8, np.zeros(4), 4)) == [4, 8]
    assert cut(numbered(8).inserted(8, np.zeros(5), 4)) == [4, 4, 4, 1]


def test_a_deletion_drops_blocks_that_become_empty_but_never_the_last():
    assert cut(numbered(10).deleted(np.array([0, 1, 2, 3, 5]))) == [3, 2]
    assert cut(numbered(10).deleted(np.arange(10))) == [0]


steps = st.lists(
    st.tuples(st.sampled_from(["insert", "delete", "edit"]), st.randoms(use_true_random=False)), max_size=8
)


@given(st.integers(0, 30), steps)
def test_a_column_behaves_like_one_array_whatever_is_done_to_it(count, steps):
    column, array = numbered(count), np.arange(count, dtype=np.float64)
    for step, random in steps:
        rows = np.array(sorted(random.sample(range(len(array)), random.randint(0, len(array)))), dtype=np.int64)
        if step == "insert":
            at, new = random.randint(0, len(array)), np.full(random.randint(1, 12), -1.0)
            column, array = column.inserted(at, new, 4), np.insert(array, at, new)
        elif step == "delete" and len(rows):
            column, array = column.deleted(rows), np.delete(array, rows)
        elif step == "edit":
            column = column.edited(rows, lambda block, local, here: np.put(block, local, 7.0) or block)
            array[rows] = 7.0
        np.testing.assert_array_equal(column.array(), array)
        assert len(column) == len(array)
        assert all(len(block.values) for block in column.blocks) or len(column.blocks) == 1
        np.testing.assert_array_equal(column.take(np.arange(len(array))[::-1]), array[::-1])


def test_rows_are_deleted_in_any_order_and_however_often_they_are_named():
    column = Column.of(np.arange(20), block_rows=6)
    for rows in ([19, 3, 3, 0, 11], [0, 3, 3, 11, 19], list(range(6, 12)), []):
        rows = np.array(rows, dtype=np.int64)
        assert column.deleted(rows).array().tolist() == np.delete(np.arange(20), rows).tolist()
    assert column.deleted(np.array([7])).blocks[0] is column.blocks[0]
