import threading

import numpy as np
import pytest
from PySide6.QtCore import QObject

from xentviz import files
from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.files.exports import What
from xentviz.session import exporting as module
from xentviz.session.exporting import Exporting


@pytest.fixture
def exporting(new_session, film_still):
    parent = QObject()
    made = Exporting(new_session(film_still), parent)
    yield made
    made.close()


@pytest.fixture
def held(monkeypatch):
    """Make exports wait until they are stopped or let go, and return what says that one has begun, and lets it go."""
    begun, free = threading.Event(), threading.Event()

    def export(what, document, path, previous, stopped, report):
        begun.set()
        while not stopped() and not free.wait(0.001):
            report(0.5)
        usual(what, document, path, previous, stopped, report)

    usual = module.export
    monkeypatch.setattr(module, "export", export)
    return begun, free


@pytest.mark.parametrize("what", What)
def test_a_file_is_there_when_it_is_said_to_be(exporting, qtbot, tmp_path, what):
    path = tmp_path / "out.parquet"
    with qtbot.waitSignal(exporting.written) as told:
        exporting.start(what, path)
        assert exporting.busy
    assert told.args == [path]
    assert path.stat().st_size > 0
    assert not exporting.busy


def test_the_document_is_exported_as_it_was_when_that_was_asked_for(exporting, qtbot, tmp_path, held, film_still):
    begun, free = held
    with qtbot.waitSignal(exporting.written):
        exporting.start(What.TABLE, tmp_path / "out.csv")
        assert begun.wait(10)
        exporting._session.apply(Document.create([0], {"other": [0.5]}), "another")
        free.set()
    document = files.read(tmp_path / "out.csv").document
    assert document.scores_of(0, np.arange(4)).tolist() == film_still.scores_of(0, np.arange(4)).tolist()
    qtbot.waitUntil(lambda: not exporting._session.busy)


def test_a_cancelled_export_leaves_nothing(exporting, qtbot, tmp_path, held):
    begun, _free = held
    with qtbot.waitSignal(exporting.progressed):
        exporting.start(What.TABLE, tmp_path / "out.csv")
    assert begun.is_set()
    exporting.cancel()
    exporting.close()
    assert not list(tmp_path.iterdir())


def test_what_fails_is_told(exporting, qtbot, tmp_path):
    with qtbot.waitSignal(exporting.failed) as told:
        exporting.start(What.TABLE, tmp_path / "missing" / "out.csv")
    assert isinstance(told.args[0], DataError)
    assert told.args[0].code == "export_failed"
