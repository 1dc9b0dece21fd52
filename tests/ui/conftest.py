"""Fixtures for everything that opens a window."""

import gc
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ui.windows import MakeWindow, windows


@pytest.fixture(scope="session", autouse=True)
def _look_only_at_what_tests_make() -> None:
    """Take what was imported out of sight of the garbage collector, which then finds leaks in no time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Return a maker of windows on a document, or on the film still: shown, their numbers come, closed at the end."""
    with windows(qtbot) as make:
        yield make
