"""What the tests of the core share."""

import pytest

from xentviz.core import parallel


@pytest.fixture(params=[1, 3], ids=["one core", "three cores"])
def some_cores(request, monkeypatch):
    """Pretend that the machine has so many cores."""
    monkeypatch.setattr(parallel, "cores", lambda: request.param)
