import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentviz.core import ordering, parallel
from xentviz.core.errors import Cancelled
from xentviz.core.ordering import order_of

NAN, INF = np.nan, np.inf
KEYS = st.lists(st.lists(st.sampled_from([NAN, -INF, -0.0, 0.0, 0.25, 0.5, INF]) | st.floats(0, 1)), min_size=1)
NAMES = st.lists(st.lists(st.text(max_size=3)), min_size=1)


def floats(*parts):
    return [np.array(part, dtype=np.float64) for part in parts]


def strings(*parts):
    return [np.array(part, dtype=np.dtypes.StringDType()) for part in parts]


@pytest.fixture(scope="module", autouse=True)
def small_pieces():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "PIECE", 8)
        patch.setattr(ordering, "SAMPLE", 2)
        yield


@given(KEYS)
def test_numbers_are_in_the_order_of_a_stable_sort_of_them_all(keys):
    parts = floats(*keys)
    np.testing.assert_array_equal(order_of(parts), np.argsort(np.concatenate(parts), kind="stable"))


@given(NAMES)
def test_names_are_in_the_order_in_which_python_sorts_them(names):
    flat = [name for part in names for name in part]
    assert order_of(strings(*names)).tolist() == sorted(range(len(flat)), key=flat.__getitem__)


@pytest.mark.parametrize("key", [0.5, NAN])
def test_equal_keys_stay_as_they_are(key):
    np.testing.assert_array_equal(order_of(floats([key] * 50, [key] * 50)), np.arange(100))


def test_of_nothing_is_nothing():
    assert order_of(floats([], [])).tolist() == []


def test_it_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 1)
    shares = []
    order_of(floats(*np.random.default_rng(0).random((30, 10))), report=shares.append)
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert 0.5 < shares[-1] < 1


@pytest.mark.parametrize("asked", range(3))
def test_it_stops_when_told(monkeypatch, asked):
    monkeypatch.setattr(parallel, "cores", lambda: 1)
    answers = iter([False] * asked + [True])
    with pytest.raises(Cancelled):
        order_of(floats(*np.random.default_rng(0).random((30, 10))), lambda: next(answers))
