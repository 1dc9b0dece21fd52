import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from xentviz.core.errors import Cancelled, DataError
from xentviz.files.atomic import Stamp, replace_file
from xentviz.ui.messages import sentence

OLD, NEW = b"old " * 1000, b"the new one " * 1000


def refused(path, write=lambda file: file.write(NEW), expected=None):
    with pytest.raises(DataError) as caught:
        replace_file(path, write, expected)
    assert "{" not in sentence(caught.value)
    return caught.value


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "scores.parquet"
    path.write_bytes(OLD)
    return path


def alone(path):
    return list(path.parent.iterdir()) == [path]


class TestAWholeFile:
    @pytest.mark.parametrize("name", ["a b.parquet", "预测 🧪.parquet", "ψηφία", "x" * 255, "-rf", "%1{x}", "a\nb"])
    def test_is_written_under_any_name(self, tmp_path, name):
        path = tmp_path / name
        stamp = replace_file(path, lambda file: file.write(NEW))
        assert path.read_bytes() == NEW
        assert stamp == Stamp.of(path)
        assert alone(path)

    def test_is_written_in_a_folder_three_hundred_letters_down(self, tmp_path):
        path = tmp_path.joinpath("a" * 150, "b" * 150, "c.parquet")
        path.parent.mkdir(parents=True)
        replace_file(path, lambda file: file.write(NEW))
        assert path.read_bytes() == NEW

    def test_takes_the_place_of_the_old_one_and_keeps_its_mode(self, old):
        old.chmod(0o640)
        replace_file(old, lambda file: file.write(NEW))
        assert old.read_bytes() == NEW
        assert old.stat().st_mode & 0o777 == 0o640
        assert alone(old)

    def test_has_the_mode_that_every_new_file_gets(self, tmp_path):
        (tmp_path / "any").touch()
        replace_file(tmp_path / "new", lambda file: file.write(NEW))
        assert (tmp_path / "new").stat().st_mode == (tmp_path / "any").stat().st_mode

    @pytest.mark.parametrize("exists", [True, False])
    def test_goes_where_a_link_leads(self, tmp_path, exists):
        (tmp_path / "there").mkdir()
        there, link = tmp_path / "there" / "real", tmp_path / "link"
        link.symlink_to(there)
        if exists:
            there.write_bytes(OLD)
        stamp = replace_file(link, lambda file: file.write(NEW))
        assert link.is_symlink()
        assert there.read_bytes() == NEW
        assert stamp == Stamp.of(link)

    def test_may_be_empty_or_come_in_pieces(self, tmp_path):
        replace_file(tmp_path / "a", lambda file: None)
        replace_file(tmp_path / "b", lambda file: [file.write(bytes([i])) for i in range(256)] and None)
        assert (tmp_path / "a").read_bytes() == b""
        assert (tmp_path / "b").read_bytes() == bytes(range(256))


class TestNoFile:
    """What cannot be saved leaves the old file, and nothing else."""

    @pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), Cancelled(), ZeroDivisionError()])
    def test_of_which_only_a_part_was_written(self, old, fault):
        def write(file):
            file.write(NEW[:100])
            raise fault

        with pytest.raises((DataError, Cancelled, ZeroDivisionError)) as caught:
            replace_file(old, write)
        if isinstance(fault, OSError):
            assert caught.value.code == "save_failed"
            assert "No space left on device" in sentence(caught.value)
        assert old.read_bytes() == OLD
        assert alone(old)

    def test_whose_folder_is_gone(self, tmp_path):
        assert refused(tmp_path / "gone" / "a").code == "save_failed"

    def test_whose_folder_vanishes_meanwhile(self, tmp_path):
        folder = tmp_path / "here"
        folder.mkdir()

        def write(file):
            file.write(NEW)
            folder.rename(tmp_path / "there")

        assert refused(folder / "a", write).code == "save_failed"

    def test_whose_name_or_path_is_too_long_or_no_name(self, tmp_path):
        assert "long" in refused(tmp_path / ("x" * 256)).details["reason"]
        assert refused(tmp_path.joinpath(*["y" * 200] * 30)).code == "save_failed"
        assert refused(tmp_path / "a\0b").code == "save_failed"

    def test_that_is_a_folder_a_device_or_a_pipe(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        assert refused(tmp_path).code == "file_is_folder"
        assert refused(tmp_path / "pipe").code == "file_not_regular"
        assert refused(Path("/dev/null")).code == "file_not_regular"

    def test_that_is_a_link_to_itself(self, tmp_path):
        (tmp_path / "loop").symlink_to("loop")
        assert refused(tmp_path / "loop").code == "save_failed"
        assert (tmp_path / "loop").is_symlink()

    def test_where_one_may_not_write(self, tmp_path):
        """Tried by somebody without special rights, for whom such a folder is as good as a disk that is read-only."""
        program = (
            "import os, sys\n"
            "from pathlib import Path\n"
            "from xentviz.core.errors import DataError\n"
            "from xentviz.files.atomic import replace_file\n"
            "if os.geteuid() == 0:\n"
            "    os.seteuid(65534)\n"
            "for path in sys.argv[1:]:\n"
            "    try:\n"
            "        replace_file(Path(path), lambda file: file.write(b'new'))\n"
            "    except DataError as error:\n"
            "        print(error.code, error.details['reason'])\n"
        )
        closed, open_to_all = tmp_path / "closed", tmp_path / "open"
        for folder in (closed, open_to_all):
            folder.mkdir()
            (folder / "old").write_bytes(OLD)
        (open_to_all / "old").chmod(0o444)
        open_to_all.chmod(0o777)
        closed.chmod(0o555)
        for parent in tmp_path.parents[:2]:
            parent.chmod(parent.stat().st_mode | 0o111)
        paths = [closed / "old", closed / "new", open_to_all / "old"]
        done = subprocess.run([sys.executable, "-c", program, *paths], capture_output=True, text=True, check=True)
        closed.chmod(0o755)
        assert done.stdout == "save_failed Permission denied\n" * 3
        assert alone(closed / "old")
        assert alone(open_to_all / "old")
        assert (closed / "old").read_bytes() == (open_to_all / "old").read_bytes() == OLD


class TestSomebodyElsesFile:
    def test_is_not_overwritten_unknowingly(self, old):
        seen = Stamp.of(old)
        old.write_bytes(b"theirs")
        error = refused(old, expected=seen)
        assert (error.code, error.details["file"]) == ("file_changed", "scores.parquet")
        assert old.read_bytes() == b"theirs"
        assert alone(old)

    def test_is_noticed_when_it_comes_while_ours_is_written(self, old):
        seen = Stamp.of(old)

        def write(file):
            file.write(NEW)
            old.write_bytes(b"theirs")

        assert refused(old, write, seen).code == "file_changed"
        assert old.read_bytes() == b"theirs"

    def test_of_the_same_size_and_time_is_still_another(self, old, tmp_path):
        seen, time = Stamp.of(old), old.stat().st_mtime_ns
        (tmp_path / "theirs").write_bytes(OLD)
        os.utime(tmp_path / "theirs", ns=(time, time))
        (tmp_path / "theirs").replace(old)
        assert seen.outdated

    def test_that_is_gone_is_nobodys(self, old):
        seen = Stamp.of(old)
        old.unlink()
        assert replace_file(old, lambda file: file.write(NEW), seen) == Stamp.of(old)
        assert Stamp.of(old.parent / "never") is None

    def test_is_ours_after_saving_so_often_as_one_likes(self, old):
        stamp = Stamp.of(old)
        for _time in range(3):
            stamp = replace_file(old, lambda file: file.write(NEW), stamp)
        assert not stamp.outdated


PROJECT = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.files.projects import write_project

scores = np.random.default_rng(1).random(2000)
document = Document.create(scores > 0.4, {"new": scores}, title="new")
path = Path(sys.argv[1])
"""


def size_of_new(folder):
    """Return how many bytes PROJECT saves."""
    subprocess.run([sys.executable, "-c", PROJECT + "write_project(document, path)", folder / "size"], check=True)
    return (folder / "size").stat().st_size


@pytest.mark.skipif(os.name != "posix", reason="no such limits here")
def test_a_disk_that_fills_at_any_byte_leaves_the_old_file_whole(tmp_path):
    whole = size_of_new(tmp_path)
    (tmp_path / "saved").mkdir()
    old = tmp_path / "saved" / "a.parquet"
    old.write_bytes(OLD)
    program = PROJECT + (
        "for limit in range(0, int(sys.argv[2]), 97):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))\n"
        "    try:\n"
        "        write_project(document, path)\n"
        "    except DataError as error:\n"
        "        assert (error.code, error.details['reason']) == ('save_failed', 'File too large'), error\n"
        "    else:\n"
        "        raise AssertionError(limit)\n"
        "    assert path.read_bytes() == b'old ' * 1000\n"
        "    assert [file.name for file in path.parent.iterdir()] == [path.name], limit\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))\n"
        "print(write_project(document, path).size)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, old, str(whole)], capture_output=True, text=True, check=False, timeout=100
    )
    assert (done.stderr, done.stdout) == ("", f"{whole}\n")
    assert whole / 97 > 100


POINTS = ["open", "crc32", "fsync", "stat", "chmod", "replace", "close"]


@pytest.mark.skipif(os.name != "posix", reason="no such signal here")
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_any_point_leaves_the_old_file_or_the_new_one(tmp_path, point):
    """Python tells, before it does so, of each thing it is about to do with a file; there the process dies."""
    whole = size_of_new(tmp_path)
    program = PROJECT + (
        "import os, pathlib, zlib\n"
        "left = [int(sys.argv[3])]\n"
        "def dying(do):\n"
        "    def die_or_do(*words, **more):\n"
        "        left[0] -= 1\n"
        "        if left[0] < 0:\n"
        "            os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return do(*words, **more)\n"
        "    return die_or_do\n"
        "places = {'open': (pathlib.Path, 'open'), 'stat': (pathlib.Path, 'stat'),\n"
        "    'chmod': (pathlib.Path, 'chmod'), 'replace': (pathlib.Path, 'replace'),\n"
        "    'fsync': (os, 'fsync'), 'close': (os, 'close'), 'crc32': (zlib, 'crc32')}\n"
        "where, name = places[sys.argv[2]]\n"
        "setattr(where, name, dying(getattr(where, name)))\n"
        "write_project(document, path)\n"
    )
    seen = set()
    for number in range(30):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        path = folder / "a.parquet"
        path.write_bytes(OLD)
        done = subprocess.run([sys.executable, "-c", program, path, point, str(number)], check=False, timeout=60)
        content = path.read_bytes()
        assert content == OLD or len(content) == whole
        seen.add((done.returncode, content == OLD))
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert (0, False) in seen
    assert len(seen) > 1, f"nothing died at {point}"
