"""What one session has worked out, and another of the same document begins with."""

import numpy as np
from pytestqt.qtbot import QtBot

from xentviz.core.document import Document
from xentviz.files.opened import Opened
from xentviz.session.calibrations import Calibrations
from xentviz.session.session import Session

ROWS = 200_000


def _worked_out(qtbot: QtBot) -> Session:
    """Return a session of many rows that knows sweeps and bins."""
    rng = np.random.default_rng(2)
    session = Session(Opened(Document.create(rng.integers(0, 2, ROWS), {"A": rng.random(ROWS)})))
    qtbot.waitUntil(lambda: not session.busy, timeout=20_000)
    session.operating.sweep(0)
    session.part(Calibrations).binnings(0)
    qtbot.waitUntil(lambda: not session.busy, timeout=20_000)
    return session


def test_are_not_worked_out_again(qtbot: QtBot) -> None:
    first = _worked_out(qtbot)
    second = Session(Opened(first.document), None, first.results, first.findings())
    assert second.operating.sweep(0) is first.operating.sweep(0) is not None
    assert second.part(Calibrations).binnings(0) is first.part(Calibrations).binnings(0) is not None
    assert not second.busy
    for session in (first, second):
        session.close()


def test_of_something_else_are_not_taken(qtbot: QtBot) -> None:
    first = _worked_out(qtbot)
    document, results, findings = first.document, first.results, first.findings()
    changed = document.with_scores(0, np.array([0]), 0.123)
    second = Session(Opened(changed), None, results, findings)
    assert second.busy
    qtbot.waitUntil(lambda: not second.busy, timeout=20_000)
    assert second.operating.sweep(0) is None
    qtbot.waitUntil(lambda: not second.busy, timeout=20_000)
    assert second.operating.sweep(0) is not first.operating.sweep(0)
    first.apply(changed, "Edit")
    qtbot.waitUntil(lambda: not first.busy, timeout=20_000)
    assert not any(finding for part in first.findings().values() for finding in part)
    for session in (first, second):
        session.close()
