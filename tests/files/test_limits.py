import os

import pytest

from xentviz.core.errors import DataError
from xentviz.files import limits
from xentviz.files.limits import check_columns, check_size, half_of_memory


def test_half_of_the_memory_is_a_file_s_limit(monkeypatch):
    monkeypatch.setattr(limits, "half_of_memory", lambda: 2_500_000_000)
    check_size(2_500_000_000)
    with pytest.raises(DataError) as caught:
        check_size(12_345_000_000)
    assert caught.value.details == {"size": "12.3", "limit": "2.5"}


@pytest.mark.skipif(not hasattr(os, "sysconf"), reason="the system does not tell")
def test_the_memory_is_asked_of_the_system_and_guessed_where_it_does_not_tell(monkeypatch):
    assert half_of_memory() == os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    monkeypatch.delattr(os, "sysconf")
    assert half_of_memory() == 4 << 30


def test_columns_are_limited():
    check_columns(4096)
    with pytest.raises(DataError) as caught:
        check_columns(4097)
    assert caught.value.code == "columns_too_many"
