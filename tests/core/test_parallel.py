import os
import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentviz.core import parallel
from xentviz.core.errors import Cancelled
from xentviz.core.parallel import PIECE, cores, in_batches, on_all_cores, pieces


@pytest.fixture
def three_cores(monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 3)


class TestCores:
    def test_are_those_this_process_may_use(self, monkeypatch):
        monkeypatch.delattr(os, "process_cpu_count", raising=False)
        monkeypatch.setattr(os, "sched_getaffinity", lambda process: {1, 4, 5}, raising=False)
        assert cores() == 3

    @pytest.mark.parametrize(("machine", "expected"), [(6, 6), (None, 1)])
    def test_are_the_machine_s_where_the_system_does_not_tell(self, monkeypatch, machine, expected):
        monkeypatch.delattr(os, "process_cpu_count", raising=False)
        monkeypatch.delattr(os, "sched_getaffinity", raising=False)
        monkeypatch.setattr(os, "cpu_count", lambda: machine)
        assert cores() == expected


@pytest.mark.usefixtures("three_cores")
class TestOnAllCores:
    @pytest.mark.parametrize("count", range(9))
    def test_answers_come_in_the_order_of_the_items(self, count):
        assert on_all_cores(lambda item: item * item, range(count)) == [item * item for item in range(count)]

    def test_every_item_is_worked_on_once(self):
        seen = []
        on_all_cores(seen.append, range(100))
        assert sorted(seen) == list(range(100))

    def test_as_many_items_as_cores_are_worked_on_at_a_time(self):
        meeting = threading.Barrier(3, timeout=10)  # breaks unless all three wait at once
        assert sorted(on_all_cores(lambda _: meeting.wait(), range(3))) == [0, 1, 2]

    def test_no_more_threads_work_than_there_are_cores(self):
        threads = set()
        on_all_cores(lambda _: threads.add(threading.get_ident()), range(50))
        assert len(threads) <= 3

    def test_one_item_needs_no_thread(self):
        assert on_all_cores(lambda _: threading.current_thread(), [None]) == [threading.current_thread()]

    def test_one_core_needs_no_thread(self, monkeypatch):
        monkeypatch.setattr(parallel, "cores", lambda: 1)
        workers = on_all_cores(lambda _: threading.current_thread(), range(5))
        assert set(workers) == {threading.current_thread()}

    @pytest.mark.parametrize("faulty", range(7))
    def test_an_error_of_any_item_reaches_the_caller(self, faulty):
        def work(item):
            if item == faulty:
                raise LookupError(item)
            return item

        with pytest.raises(LookupError) as caught:
            on_all_cores(work, range(7))
        assert caught.value.args == (faulty,)


class TestPieces:
    @given(st.integers(0, 5 * PIECE), st.integers(0, 3 * PIECE))
    def test_cover_every_row_once_and_in_order(self, rows, row_size):
        # So many one-row pieces take a while, and are no more telling than a few.
        rows = rows if row_size < PIECE // 100 else rows % 1000
        cut = pieces(rows, row_size)
        assert cut[0].start == 0
        assert cut[-1].stop >= rows
        assert all(one.stop == other.start for one, other in pairwise(cut))
        assert rows == 0 or cut[-1].start < rows

    @given(st.integers(0, 10**6), st.integers(1, 2 * PIECE))
    def test_hold_as_many_rows_as_fit_and_at_least_one(self, rows, row_size):
        first = pieces(rows % 1000, row_size)[0]
        height = first.stop - first.start
        assert height == 1 or height * row_size <= PIECE
        assert (height + 1) * row_size > PIECE

    def test_of_no_rows_are_one_piece_so_that_there_is_an_answer(self):
        assert len(pieces(0)) == len(pieces(0, 10)) == len(pieces(0, 0)) == 1

    @pytest.mark.parametrize(("rows", "count"), [(1, 1), (PIECE, 1), (PIECE + 1, 2), (3 * PIECE, 3)])
    def test_are_as_few_as_can_be(self, rows, count):
        assert len(pieces(rows)) == count


@pytest.mark.parametrize(("counted", "expected"), [(3, 3), (None, 1)])
def test_python_s_own_count_of_cores_comes_first(monkeypatch, counted, expected):
    monkeypatch.setattr(os, "process_cpu_count", lambda: counted, raising=False)
    assert cores() == expected


@pytest.mark.usefixtures("three_cores")
class TestInBatches:
    def test_answers_come_in_the_order_of_the_items_and_the_share_grows(self):
        shares = []
        assert in_batches(lambda item: -item, range(30), lambda: False, shares.append) == [-i for i in range(30)]
        assert shares == [0, 12 / 30, 24 / 30]

    @pytest.mark.parametrize("begun", [1, 12])
    def test_nothing_is_begun_after_it_has_been_stopped(self, begun):
        seen = []
        with pytest.raises(Cancelled):
            in_batches(seen.append, range(30), lambda: len(seen) >= begun, lambda share: None)
        assert begun <= len(seen) < begun + 3  # each of the other cores may have asked just before
