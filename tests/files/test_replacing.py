import os
import stat

import pytest

from xentviz.core.errors import Cancelled, DataError
from xentviz.files.replacing import replacing


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_is_there_once_it_is_whole(tmp_path):
    path = tmp_path / "out.csv"
    with replacing(path) as file:
        file.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert left_in(tmp_path) == ["out.csv"]


@pytest.mark.parametrize("failure", [Cancelled(), ZeroDivisionError(), KeyboardInterrupt()])
def test_what_goes_wrong_leaves_the_old_file_and_no_other(tmp_path, failure):
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")

    def write():
        with replacing(path) as file:
            file.write(b"new")
            raise failure

    with pytest.raises(type(failure)):
        write()
    assert path.read_bytes() == b"old"
    assert left_in(tmp_path) == ["out.csv"]


def test_it_can_be_stopped_after_the_last_byte(tmp_path):
    path = tmp_path / "out.csv"
    with pytest.raises(Cancelled), replacing(path, lambda: True) as file:
        file.write(b"new")
    assert left_in(tmp_path) == []


def test_the_old_files_permissions_and_links_stay(tmp_path):
    path, link = tmp_path / "out.csv", tmp_path / "link.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    with replacing(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_may_be_read_by_whom_the_person_lets(tmp_path):
    before = os.umask(0o027)
    try:
        with replacing(tmp_path / "out.csv"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o640


def test_names_of_255_bytes_and_odd_letters_are_written(tmp_path):
    for name in ("n" * 251 + ".csv", "Größe 数据 🧑‍🔬.csv", "-rf.csv", " .csv"):
        with replacing(tmp_path / name) as file:
            file.write(b"new")
        assert (tmp_path / name).read_bytes() == b"new"


@pytest.mark.parametrize("place", ["missing/out.csv", "folder", "file/out.csv", "pipe", "n" * 300])
def test_where_no_file_can_be_the_reason_is_given(tmp_path, place):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"old")
    os.mkfifo(tmp_path / "pipe")
    before = left_in(tmp_path)
    with pytest.raises(DataError) as caught, replacing(tmp_path / place) as file:
        file.write(b"new")
    assert caught.value.code == "export_failed"
    assert caught.value.details["file"] == (tmp_path / place).name
    assert caught.value.details["reason"]
    assert left_in(tmp_path) == before
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.skipif(os.geteuid() == 0, reason="to root no folder is closed")
def test_a_folder_that_may_not_be_written_to(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DataError) as caught, replacing(tmp_path / "out.csv"):
            pass
    finally:
        tmp_path.chmod(0o700)
    assert caught.value.details["reason"] == "Permission denied"
