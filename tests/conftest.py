"""What the tests share: Qt without a screen, no thread left behind, and sessions that are closed."""

import gc
import os
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from xentviz.core import columns
from xentviz.core.document import Document
from xentviz.files.opened import Opened

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from xentviz.session.session import Session

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before any test module imports Qt

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True, scope="session")
def _no_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep settings and recovery files out of the real home, those of other processes that tests start too."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            patch.setenv(variable, str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail the test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    left = set(threading.enumerate()) - before
    for thread in left:
        thread.join(timeout=5)  # one that nobody waits for needs a moment to end
    left = {thread for thread in left if thread.is_alive()}
    assert not left, f"threads left running: {sorted(thread.name for thread in left)}"


@pytest.fixture
def film_still() -> Document:
    """The worked example: four statements about a still of Roman Holiday, at a threshold of 0.8."""
    return Document.create([1, 1, 0, 1], {"Guess": [0.9, 0.95, 0.7, 0.75]}, thresholds=(0.8,))


@pytest.fixture
def four_rows_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make blocks so small that a dozen rows fill three."""
    monkeypatch.setattr(columns, "BLOCK_BYTES", 4 * 8)


@pytest.fixture
def new_session(qtbot: "QtBot") -> Iterator[Callable[..., "Session"]]:
    """Return a maker of sessions: their first results have come, and they are closed when the test ends."""
    from xentviz.session.session import Session

    sessions: list[Session] = []

    def make(document: Document, current: int | None = None) -> Session:
        sessions.append(Session(Opened(document, current=current)))
        qtbot.waitUntil(lambda: not sessions[-1].busy)
        return sessions[-1]

    yield make
    for session in sessions:
        session.close()
    sessions.clear()
    # Wrappers of what earlier tests' widgets were laid out by outlive it, and would be taken for what Qt puts there.
    gc.collect()
