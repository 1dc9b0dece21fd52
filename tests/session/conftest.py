"""Fixtures for what lies beside a session."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from xentviz.session.recovery import Recovery
from xentviz.session.saving import Saving
from xentviz.session.session import Session


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own, and return the folder where the program keeps its data."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def new_saving(qtbot: QtBot) -> Iterator[Callable[[Session], Saving]]:
    """Return a maker of what keeps a session's documents; closed when the test ends."""
    made: list[Saving] = []

    def make(session: Session) -> Saving:
        made.append(Saving(session, session))
        return made[-1]

    yield make
    for saving in made:
        saving.close()


@pytest.fixture
def new_recovery(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[Saving], Recovery]]:
    """Return a maker of what keeps copies, in a folder that all share; closed when the test ends."""
    made: list[Recovery] = []

    def make(saving: Saving) -> Recovery:
        made.append(Recovery(saving, tmp_path / "recovery", saving))
        return made[-1]

    yield make
    for recovery in made:
        recovery.close()
