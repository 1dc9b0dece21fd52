import threading
from functools import partial

import numpy as np
import pytest

from xentviz import files
from xentviz.core.document import Document, LossSettings, Unit
from xentviz.files.atomic import Stamp, replace_file
from xentviz.files.opened import Opened
from xentviz.files.projects import write_project
from xentviz.session import latest
from xentviz.session.saving import Saving


@pytest.fixture
def session(new_session, film_still):
    return new_session(film_still)


@pytest.fixture
def saving(session, new_saving):
    return new_saving(session)


@pytest.fixture
def save(saving, qtbot):
    """Return what saves the document shown, and waits for it."""

    def do(path, **more):
        with qtbot.waitSignal(saving.saved) as done:
            saving.save(saving.work, path, **more)
        return done.args[0]

    return do


@pytest.fixture
def open_file(session, qtbot):
    def do(path):
        with qtbot.waitSignal(session.opened):
            session.open(partial(files.read, path))
        qtbot.waitUntil(lambda: not session.busy)

    return do


def edit(session, threshold=0.3):
    session.apply(session.document.with_threshold(threshold), "Move threshold")


class TestModified:
    def test_is_what_differs_from_what_was_opened(self, session, saving):
        assert not saving.modified
        edit(session)
        assert saving.modified
        assert saving.unsaved == {saving.work: session.document}
        session.undo_stack.undo()
        assert not saving.modified
        assert saving.unsaved == {}
        session.undo_stack.redo()
        assert saving.modified

    def test_follows_what_was_saved_through_undo_and_redo(self, session, saving, save, tmp_path):
        edit(session)
        save(tmp_path / "a.parquet")
        assert not saving.modified
        session.undo_stack.undo()
        assert saving.modified
        session.undo_stack.redo()
        assert not saving.modified

    def test_survives_a_way_back_that_is_cut_off(self, session, saving, save, tmp_path):
        """Qt's own mark of the clean state would be lost here."""
        edit(session, 0.3)
        save(tmp_path / "a.parquet")
        session.undo_stack.undo()
        edit(session, 0.4)
        assert saving.modified
        session.apply(session.document.with_threshold(0.3), "")
        assert not saving.modified

    def test_is_told_whenever_it_may_be_another(self, session, saving, save, tmp_path, qtbot):
        with qtbot.waitSignal(saving.changed):
            edit(session)
        with qtbot.waitSignal(saving.changed):
            saving.save(saving.work, tmp_path / "a.parquet")
        qtbot.waitUntil(lambda: not saving.busy)

    def test_is_not_a_file_that_was_opened(self, session, saving, open_file, tmp_path):
        (tmp_path / "a.csv").write_text("label,A\n1,0.5\n")
        open_file(tmp_path / "a.csv")
        assert saving.work.file is None
        assert not saving.modified

    def test_is_what_was_edited_while_it_was_saved(self, session, saving, qtbot, tmp_path):
        saving.save(saving.work, tmp_path / "a.parquet")
        with qtbot.waitSignal(saving.saved):
            edit(session, 0.25)
        assert saving.modified
        assert files.read(tmp_path / "a.parquet").document.thresholds == (0.8,)

    def test_is_what_was_recovered_though_nobody_has_edited_it(self, session, saving, film_still, qtbot):
        with qtbot.waitSignal(session.opened):
            session.open(lambda _stopped, _report: Opened(film_still.without_rows(np.array([0])), project=True))
        assert saving.modified
        assert saving.work.file is None


class TestFiles:
    def test_a_project_knows_its_file(self, session, saving, save, open_file, tmp_path):
        stamp = save(tmp_path / "a.parquet")
        assert saving.work.file == stamp == Stamp.of(tmp_path / "a.parquet")
        open_file(tmp_path / "a.parquet")
        assert saving.work.file == stamp

    def test_the_one_that_a_window_opens_with_too(self, new_session, new_saving, film_still, tmp_path):
        write_project(film_still, tmp_path / "a.parquet")
        opened = files.read(tmp_path / "a.parquet")
        saving = new_saving(new_session(opened.document))
        saving.take(opened)
        assert saving.work.file == opened.file
        assert not saving.modified
        assert saving.unsaved == {}

    def test_a_project_comes_with_its_own_settings_and_a_table_with_those_in_use(
        self, session, saving, open_file, tmp_path
    ):
        write_project(session.document.with_settings(LossSettings(Unit.BITS)), tmp_path / "a.parquet")
        (tmp_path / "a.csv").write_text("label,A\n1,0.5\n")
        open_file(tmp_path / "a.parquet")
        assert session.document.settings.unit is Unit.BITS
        assert not saving.modified
        open_file(tmp_path / "a.csv")
        assert session.document.settings.unit is Unit.BITS
        assert not saving.modified

    def test_saving_elsewhere_moves_the_work_there(self, session, saving, save, tmp_path):
        save(tmp_path / "a.parquet")
        edit(session)
        save(tmp_path / "b.parquet")
        assert saving.work.file.path == tmp_path / "b.parquet"
        assert files.read(tmp_path / "a.parquet").document.thresholds == (0.8,)
        assert files.read(tmp_path / "b.parquet").document.thresholds == (0.3,)

    def test_a_project_with_columns_of_others_is_not_saved_over(self, session, saving, open_file, tmp_path):
        import pyarrow
        import pyarrow.parquet

        write_project(session.document, tmp_path / "a.parquet")
        table = pyarrow.parquet.read_table(tmp_path / "a.parquet")
        pyarrow.parquet.write_table(table.append_column("note", pyarrow.array(["x"] * 4)), tmp_path / "a.parquet")
        open_file(tmp_path / "a.parquet")
        assert saving.work.file is None
        assert not saving.modified

    def test_undoing_an_opening_brings_the_file_and_what_was_unsaved_back(
        self, session, saving, save, open_file, tmp_path
    ):
        save(tmp_path / "a.parquet")
        edit(session)
        first, unsaved = saving.work, session.document
        write_project(session.document, tmp_path / "b.parquet")
        open_file(tmp_path / "b.parquet")
        assert saving.work is not first
        assert saving.work.file.path.name == "b.parquet"
        assert not saving.modified
        assert saving.unsaved == {first: unsaved}
        session.undo_stack.undo()
        assert saving.work is first
        assert saving.work.file.path.name == "a.parquet"
        assert saving.modified
        session.undo_stack.redo()
        edit(session, 0.1)
        assert list(saving.unsaved.values()) == [unsaved, session.document]

    def test_a_work_out_of_sight_can_be_saved(self, session, saving, save, open_file, tmp_path, qtbot):
        save(tmp_path / "a.parquet")
        edit(session)
        first = saving.work
        write_project(session.document, tmp_path / "b.parquet")
        open_file(tmp_path / "b.parquet")
        with qtbot.waitSignal(saving.saved):
            saving.save(first, tmp_path / "a.parquet")
        assert saving.unsaved == {}
        assert files.read(tmp_path / "a.parquet").document.thresholds == (0.3,)
        session.undo_stack.undo()
        assert not saving.modified

    def test_works_do_not_pile_up_when_nothing_was_edited(self, session, saving, open_file, tmp_path):
        write_project(session.document, tmp_path / "a.parquet")
        for _time in range(3):
            open_file(tmp_path / "a.parquet")
        assert saving.unsaved == {}

    def test_what_was_left_is_unsaved_no_more_once_it_is_shown_again_and_saved(
        self, session, saving, save, open_file, tmp_path
    ):
        edit(session)
        (tmp_path / "a.csv").write_text("label,A\n1,0.5\n")
        open_file(tmp_path / "a.csv")
        left = session.document
        session.undo_stack.undo()
        session.undo_stack.undo()
        assert saving.unsaved == {}, "what is shown is as it was opened, and what was left of it is out of date"
        assert session.document is not left


class TestSaving:
    def test_what_is_saved_meanwhile_waits_its_turn(self, session, saving, tmp_path, qtbot):
        told = []
        saving.saved.connect(told.append)
        for name in "abc":
            saving.save(saving.work, tmp_path / name)
            edit(session, 0.1 + len(told) / 10)
        saving.save(saving.work, tmp_path / "c")
        qtbot.waitUntil(lambda: not saving.busy)
        assert [stamp.path.name for stamp in told] == ["a", "b", "c", "c"]
        assert not saving.modified

    def test_a_file_that_somebody_else_has_written_is_left_alone_unless_one_insists(
        self, session, saving, save, tmp_path, qtbot
    ):
        path = tmp_path / "a.parquet"
        save(path)
        replace_file(path, lambda file: file.write(b"theirs"))
        edit(session)
        with qtbot.waitSignal(saving.failed) as failed:
            saving.save(saving.work, path)
        assert failed.args[0].code == "file_changed"
        assert failed.args[1] is saving.work
        assert path.read_bytes() == b"theirs"
        assert saving.modified
        save(path, overwrite=True)
        assert files.read(path).document.thresholds == (0.3,)
        save(path)

    def test_what_cannot_be_saved_stays_unsaved_and_the_next_is_still_saved(self, session, saving, tmp_path, qtbot):
        edit(session)
        with qtbot.waitSignals([saving.failed, saving.saved], order="strict"):
            saving.save(saving.work, tmp_path / "gone" / "a.parquet")
            saving.save(saving.work, tmp_path / "a.parquet")
        assert saving.work.file.path == tmp_path / "a.parquet"

    def test_how_far_it_is_is_told_and_the_session_goes_on(self, new_session, new_saving, tmp_path, qtbot, monkeypatch):
        monkeypatch.setattr(latest, "REPORT_SECONDS", 0)
        rows = 2_100_000
        session = new_session(Document.create(np.zeros(rows), {}))
        saving, shares, thread = new_saving(session), [], []
        saving.progressed.connect(shares.append)
        saving.progressed.connect(lambda _share: thread.append(threading.current_thread()))
        saving.save(saving.work, tmp_path / "a.parquet")
        qtbot.waitUntil(lambda: not saving.busy, timeout=30_000)
        assert shares == sorted(shares)
        assert shares[-1] == 1
        assert len(shares) == 3
        assert set(thread) == {threading.main_thread()}


class TestTwoWindows:
    @pytest.fixture
    def another(self, new_session, new_saving, film_still):
        """Return a second window's saving."""
        return lambda: new_saving(new_session(film_still))

    def test_on_one_file_are_told_so(self, saving, save, another, tmp_path, qtbot):
        save(tmp_path / "a.parquet")
        assert not saving.shared()
        other = another()
        other.take(files.read(tmp_path / "a.parquet"))
        assert other.shared()
        assert not saving.shared()
        saving.close()
        assert not other.shared()

    def test_on_one_file_by_two_names_are_told_so_too(self, saving, save, another, tmp_path):
        save(tmp_path / "a.parquet")
        (tmp_path / "link").symlink_to(tmp_path / "a.parquet")
        assert not saving.shared()
        other = another()
        other.take(files.read(tmp_path / "link"))
        assert other.shared()

    def test_leave_nothing_beside_the_file(self, saving, save, tmp_path, home):
        (tmp_path / "own").mkdir()
        save(tmp_path / "own" / "a.parquet")
        assert not saving.shared()
        assert [path.name for path in (tmp_path / "own").iterdir()] == ["a.parquet"]
        assert list(home.rglob("*.lock"))
        saving.close()
        assert not list(home.rglob("*.lock"))

    def test_that_have_nothing_saved_share_nothing(self, saving, another):
        assert not saving.shared()
        assert not another().shared()


def test_a_closed_one_begins_nothing(session, tmp_path, qtbot):
    saving = Saving(session, session)
    saving.close()
    saving.save(saving.work, tmp_path / "a.parquet")
    assert not (tmp_path / "a.parquet").exists()
