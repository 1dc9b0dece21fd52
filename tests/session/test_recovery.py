import os
import signal
import subprocess
import sys
import time

import pytest
from PySide6.QtCore import QTimer

from xentviz import files
from xentviz.files import projects
from xentviz.files.projects import write_project
from xentviz.session import recovery as module


@pytest.fixture
def session(new_session, film_still):
    return new_session(film_still)


@pytest.fixture
def saving(session, new_saving):
    return new_saving(session)


@pytest.fixture
def recovery(saving, new_recovery):
    return new_recovery(saving)


@pytest.fixture
def copies(tmp_path):
    """Return what lists the copies there are."""
    return lambda: sorted((tmp_path / "recovery").rglob("*.parquet"))


@pytest.fixture
def keep(recovery, qtbot):
    """Return what makes copies at once, and waits for them."""

    def do():
        recovery.keep()
        qtbot.waitUntil(lambda: not recovery.busy)

    return do


def edit(session, threshold=0.3):
    session.apply(session.document.with_threshold(threshold), "Move threshold")


def timers(recovery):
    return [timer for timer in recovery.findChildren(QTimer) if timer.isActive()]


class TestCopies:
    def test_are_made_by_themselves_soon_after_an_edit(self, session, saving, new_recovery, copies, qtbot, monkeypatch):
        assert 2 <= module.SECONDS <= 10
        monkeypatch.setattr(module, "SECONDS", 0.05)
        new_recovery(saving)
        edit(session)
        qtbot.waitUntil(lambda: len(copies()) == 1)
        assert files.read(copies()[0]).document.thresholds == (0.3,)

    def test_of_what_nobody_has_edited_are_never_made(self, recovery, keep, tmp_path):
        assert timers(recovery) == []
        keep()
        assert not (tmp_path / "recovery").exists()

    def test_follow_the_edits_and_go_when_they_are_undone(self, session, recovery, keep, copies):
        edit(session)
        keep()
        edit(session, 0.2)
        keep()
        (copy,) = copies()
        assert files.read(copy).document.thresholds == (0.2,)
        before = copy.stat().st_mtime_ns
        keep()
        assert copy.stat().st_mtime_ns == before
        session.undo_stack.setIndex(0)
        assert timers(recovery)
        keep()
        assert copies() == []

    def test_go_when_the_document_is_saved(self, session, saving, recovery, keep, copies, tmp_path, qtbot):
        edit(session)
        keep()
        with qtbot.waitSignal(saving.saved):
            saving.save(saving.work, tmp_path / "a.parquet")
        keep()
        assert copies() == []

    def test_are_of_every_work_that_is_unsaved(self, session, recovery, keep, copies, qtbot, tmp_path):
        edit(session)
        (tmp_path / "a.csv").write_text("label,A\n1,0.5\n")
        with qtbot.waitSignal(session.opened):
            session.open(lambda _stopped, _report: files.read(tmp_path / "a.csv"))
        edit(session, 0.125)
        keep()
        assert [files.read(copy).document.thresholds for copy in copies()] == [(0.3,), (0.125,)]

    def test_are_called_as_their_file_is(self, session, saving, keep, copies, tmp_path, qtbot):
        with qtbot.waitSignal(saving.saved):
            saving.save(saving.work, tmp_path / "Lecture 3.parquet")
        edit(session)
        keep()
        assert files.read(copies()[0]).document.title == "Lecture 3"

    def test_are_gone_when_the_window_is_closed(self, session, recovery, keep, tmp_path):
        edit(session)
        keep()
        recovery.close()
        assert list((tmp_path / "recovery").iterdir()) == []
        assert timers(recovery) == []

    def test_are_gone_even_if_the_window_is_closed_before_it_hears_of_them(self, session, recovery, copies, tmp_path):
        edit(session)
        recovery.keep()
        while not copies():
            continue  # nor does the event loop turn
        recovery.close()
        assert list((tmp_path / "recovery").iterdir()) == []

    def test_that_cannot_be_made_are_told_of_once_until_they_can(self, session, recovery, keep, copies, tmp_path):
        told = []
        recovery.failed.connect(told.append)
        (tmp_path / "recovery").write_text("in the way")
        for threshold in (0.3, 0.4):
            edit(session, threshold)
            keep()
        assert [error.code for error in told] == ["copy_failed"]
        (tmp_path / "recovery").unlink()
        keep()
        assert len(copies()) == 1

    def test_of_much_are_made_more_seldom(self, session, recovery, keep, monkeypatch):
        edit(session)
        keep()
        assert recovery.findChild(QTimer).interval() == 1000 * module.SECONDS
        monkeypatch.setattr(module, "REST", 1_000_000)
        edit(session, 0.2)
        keep()
        assert recovery.findChild(QTimer).interval() > 1000 * module.SECONDS


DYING = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from xentviz.core.document import Document
from xentviz.files.opened import Opened
from xentviz.session.recovery import Recovery
from xentviz.session.saving import Saving
from xentviz.session.session import Session

application = QCoreApplication([])
session = Session(Opened(Document.create([1, 0], {"A": [0.75, 0.25]}, title="left behind")))
saving = Saving(session, session)
recovery = Recovery(saving, Path(sys.argv[1]), session)
session.apply(session.document.with_threshold(0.125), "")
recovery.keep()
while not list(Path(sys.argv[1]).rglob("*.parquet")):
    application.processEvents()
print("kept", flush=True)
sys.stdin.read()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def living(tmp_path):
    """Return a process that holds a copy; it dies of itself when its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", DYING, tmp_path / "recovery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"kept\n"
        yield process


def die(process):
    process.stdin.close()
    assert process.wait(timeout=30) == -signal.SIGKILL


@pytest.mark.skipif(os.name != "posix", reason="no such signal here")
class TestWhatACrashLeaves:
    @pytest.fixture
    def find(self, recovery, qtbot):
        """Return what looks for copies and returns what it finds."""

        def do():
            found = []
            recovery.found.connect(found.extend)
            recovery.find()
            qtbot.waitUntil(lambda: not recovery.busy)
            return found

        return do

    def test_is_found_and_recovered(self, session, saving, recovery, find, living, copies, qtbot):
        die(living)
        (found,) = find()
        assert found.title == "left behind"
        assert abs(found.made - time.time()) < 100
        with qtbot.waitSignal(session.opened):
            session.open(recovery.reader(found))
        recovery.recovered(found)
        assert found.path.exists()
        assert session.document.thresholds == (0.125,)
        assert saving.modified
        assert saving.work.file is None
        qtbot.waitUntil(lambda: not recovery.busy)
        (copy,) = copies()
        assert copy.parent != found.path.parent
        assert not found.path.parent.exists()
        assert files.read(copy).document.thresholds == (0.125,)

    def test_is_not_touched_while_its_window_lives(self, find, living, copies):
        assert find() == []
        assert len(copies()) == 1
        die(living)

    def test_is_offered_to_one_window_and_if_put_off_to_the_next(
        self, new_session, new_saving, new_recovery, film_still, find, recovery, living, qtbot
    ):
        die(living)
        (found,) = find()
        next_one = new_recovery(new_saving(new_session(film_still)))
        next_one.find()
        assert not next_one.busy
        recovery.put_off([found])
        with qtbot.waitSignal(next_one.found) as offered:
            next_one.find()
        assert offered.args[0] == [found]

    def test_stays_if_nobody_decides(self, recovery, find, living):
        die(living)
        (found,) = find()
        recovery.close()
        assert found.path.exists()
        assert not (found.path.parent / "lock").exists()

    def test_goes_when_it_is_not_wanted(self, recovery, find, living, tmp_path):
        die(living)
        (found,) = find()
        recovery.forget(found)
        assert list((tmp_path / "recovery").iterdir()) == []

    @pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1 nonsense PAR1", os.urandom(5000)])
    def test_is_set_aside_if_it_is_damaged(self, find, living, tmp_path, content):
        die(living)
        (copy,) = (tmp_path / "recovery").rglob("*.parquet")
        copy.write_bytes(content)
        assert find() == []
        assert copy.with_suffix(".bad").read_bytes() == content
        assert not copy.exists()

    def test_is_set_aside_if_only_reading_it_whole_shows_that_it_is(self, session, recovery, find, living, qtbot):
        die(living)
        (found,) = find()
        content = bytearray(found.path.read_bytes())
        content[8] ^= 0xFF
        found.path.write_bytes(content)
        with qtbot.waitSignal(session.failed):
            session.open(recovery.reader(found))
        assert found.path.with_suffix(".bad").exists()

    def test_of_a_newer_version_or_none_of_ours_stops_nobody(self, find, tmp_path, film_still):
        folder = tmp_path / "recovery" / "x"
        folder.mkdir(parents=True)
        (folder.parent / "a file").write_text("")
        (folder / "1.parquet").mkdir()
        (folder / ".xentviz-0.tmp").write_text("half a copy")
        write_project(film_still, folder / "2.parquet")
        assert [found.path.name for found in find()] == ["2.parquet"]

    def test_of_a_newer_version_is_kept_for_it(self, find, living, tmp_path, monkeypatch):
        die(living)
        (copy,) = (tmp_path / "recovery").rglob("*.parquet")
        monkeypatch.setattr(projects, "VERSION", projects.VERSION - 1)
        assert find() == []
        assert copy.exists()

    def test_is_cleared_away_if_it_is_nothing(self, find, tmp_path):
        folder = tmp_path / "recovery" / "x"
        folder.mkdir(parents=True)
        (folder / ".xentviz-0.tmp").write_text("half a copy")
        assert find() == []
        assert not folder.exists()

    def test_is_nothing_where_there_is_no_folder(self, find):
        assert find() == []
