import json
import os
import struct
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, qGray

from xentviz import __version__, cli
from xentviz.choices import EXPORTS
from xentviz.files.exports import What
from xentviz.files.scenes import scene_names
from xentviz.paths import resource

WINDOW_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def run(*arguments, code=None, **environment):
    """Run the program on its own, with only these of the variables that tell of a screen."""
    kept = {name: value for name, value in os.environ.items() if name not in WINDOW_VARIABLES}
    start = ["-m", "xentviz"] if code is None else ["-c", code]
    return subprocess.run(
        [sys.executable, *start, *map(str, arguments)],
        env=kept | environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def table(tmp_path):
    def write(content, name="scores.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.fixture
def printed(capsys):
    """Return a caller of the program that gives back the JSON it prints, and makes sure that it prints only that."""

    def call(*arguments):
        assert cli.main([str(argument) for argument in arguments]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        assert captured.out.count("\n") == 1
        return json.loads(captured.out)

    return call


@pytest.fixture
def complaint(capsys):
    """Return a caller of the program that fails; it gives back the one line said about it."""

    def call(*arguments, code=1):
        assert cli.main([str(argument) for argument in arguments]) == code
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert captured.err.startswith("xentviz: ")
        return captured.err

    return call


class TestExport:
    @pytest.mark.parametrize("what", EXPORTS)
    def test_everything_can_be_exported_without_qt(self, tmp_path, what):
        out = tmp_path / "out.csv"
        code = "import sys; sys.modules['PySide6'] = None; from xentviz import cli; sys.exit(cli.main(sys.argv[1:]))"
        file = resource("samples", "digits.csv")
        ended = run(file, "--export", out, "--what", what, "--threshold", "0.25", code=code)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
        assert out.stat().st_size > 100

    def test_the_table_is_exported_unless_something_else_is_said(self, tmp_path, printed):
        out = tmp_path / "out.parquet"
        assert cli.main(["--scene", "film_still", "--export", str(out)]) == 0
        assert printed(out, "--json", "--threshold", "0.8")["models"] == printed("--json")["models"]

    def test_what_cannot_be_written_is_told(self, tmp_path, complaint):
        assert ".parquet" in complaint("--export", tmp_path / "out.xlsx")
        assert "No such file or directory" in complaint("--export", tmp_path / "missing" / "out.csv")
        assert not list(tmp_path.iterdir())

    def test_what_can_be_exported_is_the_same_everywhere(self):
        assert tuple(What) == EXPORTS


class TestJson:
    def test_of_nothing_in_particular_is_that_of_the_film_still(self, printed):
        numbers = printed("--json")
        assert numbers["file"] == "film_still"
        assert numbers["threshold"] == 0.8
        assert numbers["models"][0]["loss"]["mean"] == pytest.approx(0.412077, abs=5e-7)
        assert numbers["models"][0]["confusion"] == [[1, 0], [1, 2]]
        assert numbers == printed("--json", "--scene", "film_still")

    def test_of_another_scene(self, printed):
        models = printed("--json", "--scene", "probability_or_logit")["models"]
        assert [m["loss"]["mean"] for m in models] == pytest.approx([0.429119, 0.743555], abs=5e-7)

    def test_of_a_sample(self, printed):
        file = resource("samples", "breast_cancer.csv")
        numbers = printed(file, "--json")
        assert numbers["file"] == str(file)
        assert (numbers["rows"], len(numbers["models"])) == (285, 3)
        assert numbers["models"][2]["loss"] == {"mean": "inf", "sum": "inf", "unit": "nats", "infinite_rows": 2}

    @pytest.mark.parametrize(("threshold", "confusion"), [("0.75", [[1, 0], [0, 3]]), ("0.7", [[0, 1], [0, 3]])])
    def test_at_a_threshold(self, printed, threshold, confusion):
        numbers = printed("--json", "--threshold", threshold)
        assert numbers["threshold"] == float(threshold)
        assert numbers["models"][0]["confusion"] == confusion

    def test_of_a_header_alone(self, table, capsys):
        assert cli.main([str(table("label,A\n")), "--json"]) == 0
        out, told = capsys.readouterr()
        numbers = json.loads(out)
        assert numbers["rows"] == 0
        assert numbers["models"][0]["accuracy"] is None
        assert told == "xentviz: scores.csv has columns and no rows, so nothing can be measured.\n"

    @pytest.mark.parametrize(
        ("content", "encoding", "words"),
        [
            ("label,A\n1,0.5\n", "utf-16", "scores.csv is read as utf-16. If words"),
            ("label;A\n1;0,5\n", "utf-8", "scores.csv: commas are read as decimal points in A. If they"),
        ],
    )
    def test_tells_beside_it_what_was_taken_for_granted(self, tmp_path, capsys, content, encoding, words):
        path = tmp_path / "scores.csv"
        path.write_text(content, encoding=encoding)
        assert cli.main([str(path), "--json"]) == 0
        out, told = capsys.readouterr()
        assert json.loads(out)["rows"] == 1
        assert told.startswith(f"xentviz: {words}")
        assert told.count("\n") == 1
        assert cli.main([str(path), "--export", str(tmp_path / "out.csv")]) == 0
        assert capsys.readouterr() == ("", told)

    def test_needs_no_qt(self, table):
        forbid = (
            "import sys\n"
            "class Forbidden:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            "        if name.partition('.')[0] in ('PySide6', 'shiboken6', 'pyqtgraph'):\n"
            "            raise ImportError(name + ' is forbidden here')\n"
            "sys.meta_path.insert(0, Forbidden())\n"
            "from xentviz.cli import main\n"
            "sys.exit(main(sys.argv[1:]))\n"
        )
        good = run(table("label,A\n1,0.5\n"), "--json", code=forbid)
        assert good.stderr == b""
        assert json.loads(good.stdout)["rows"] == 1
        bad = run(table("label,A\n1,1.5\n"), "--json", code=forbid)
        assert (bad.returncode, bad.stdout) == (1, b"")
        assert b"1.5 is not a probability" in bad.stderr
        assert run("--snapshot", "never.png", code=forbid).returncode != 0  # else nothing was forbidden

    def test_is_plain_text_in_any_encoding_and_of_any_file_name(self, tmp_path):
        path = tmp_path / os.fsdecode(b"\xff.csv")
        try:
            path.write_text("label,模型\n1,0.5\n", encoding="utf-8")
        except OSError:
            pytest.skip("this file system takes only names that are text")
        done = run(path, "--json", PYTHONIOENCODING="ascii")
        assert (done.returncode, done.stderr) == (0, b"")
        assert json.loads(done.stdout)["models"][0]["name"] == "模型"

    @pytest.mark.skipif(os.name != "posix", reason="no such pipes here")
    def test_may_be_read_by_one_who_has_had_enough(self):
        command = [sys.executable, "-m", "xentviz", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            program.stdout.close()
            assert program.stderr.read() == b""
        assert program.returncode == 0


class TestColumns:
    def test_are_what_is_said_of_them(self, table, capsys):
        path = table("a,b,c\nham,3,1\nspam,-2,2\n")
        assert cli.main([str(path), "--json", "--map", "label=a,scores=b,kind=logit,positive=spam"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["categories"] == ["spam"]
        assert [(model["name"], model["kind"]) for model in found["models"]] == [("b", "logit")]

    def test_that_are_not_understood_are_asked_for(self, complaint, table):
        line = complaint(table("a,b\nham,.3\nspam,.2\n"), "--json", "--map", "label=a")
        assert "the labels are ham, spam" in line
        assert line.rstrip().endswith("With --map you can say which column is what; --help tells how.")

    def test_of_several_files_are_one_table(self, tmp_path, capsys):
        for name, text in (("a.csv", "id,label\nx,1\ny,0\n"), ("b.csv", "id,A\ny,.2\nx,.9\n")):
            (tmp_path / name).write_text(text)
        assert cli.main([str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--json"]) == 0
        out, told = capsys.readouterr()
        found = json.loads(out)
        assert found["file"] == f"{tmp_path / 'a.csv'} + {tmp_path / 'b.csv'}"
        assert found["models"][0]["accuracy"] == 1
        assert told == "xentviz: Rows were matched by “id”.\n"


class TestNotes:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("label;A\n1;0,9\n0;0,2\n", "table.csv: commas are read as decimal points in A."),
            ("label,A\nyes,0.9\nno,0.2\n", "In “label” “yes” counts as yes, “no” as no."),
            ("label,A\n-1,0.9\n1,0.2\n", "In “label” −1 counts as no."),
            ("label,A,weight\n0,0.9,3\n1,0.2,4\n", "“weight” holds weights, which are not used."),
            ("label,A\n0,1.0000001\n1,0.2\n", "put back into it: 1 in “A”."),
            ("label,p_0,p_1\n1,.2,.8\n0,.7,.3\n", "“1” counts as yes."),
            ("y,a_0,a_1,a_2\n1,.33,.33,.33\n2,.5,.25,.25\n", "scaled to: 1, the worst row 1 with 0.99."),
        ],
    )
    def test_of_what_was_taken_for_granted_are_one_line_beside_the_numbers(self, table, capsys, content, words):
        assert cli.main([str(table(content, "table.csv")), "--json"]) == 0
        out, told = capsys.readouterr()
        assert json.loads(out)["rows"] == 2
        assert words in told
        assert told.count("\n") == 1
        assert "{" not in told


class TestComplaints:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("", "scores.csv is empty"),
            ("1,0.5\n0,0.2\n", "scores.csv, row 1"),
            ("label,A\n1,0.5\n0,1.2\n", "row 2 below the header, column “A”: 1.2"),
            ("label,A\n1,0.5\n0,abc\n", "row 2 below the header, column “A”: “abc”"),
            ("label,A\n1,0.5\n3.5,0.5\n", "row 2 below the header, column “label”: the label is 3.5"),
            ("label,A\n1,0.5,0.7\n", "row 1 below the header"),
            ("label,A,A\n1,0.5,0.7\n", "two columns are called “A”"),
        ],
    )
    def test_about_a_bad_file_say_where_in_one_line(self, complaint, table, content, words):
        assert words in complaint(table(content), "--json")

    def test_about_a_missing_file_and_a_folder(self, complaint, tmp_path):
        assert "gone.csv does not exist" in complaint(tmp_path / "gone.csv", "--json")
        assert "is a folder" in complaint(tmp_path, "--json")

    def test_about_an_unknown_scene_name_those_there_are(self, complaint):
        line = complaint("--json", "--scene", "unknown")
        assert all(name in line for name in scene_names(resource("scenes")))

    @pytest.mark.parametrize("threshold", ["1.1", "-0.5", "nan", "inf"])
    def test_about_a_threshold_that_is_none(self, threshold, capsys):
        with pytest.raises(SystemExit) as left:
            cli.main(["--json", f"--threshold={threshold}"])
        assert left.value.code == 2
        assert "from 0 to 1" in capsys.readouterr().err

    def test_not_about_a_threshold_with_a_comma(self, capsys):
        assert cli.main(["--json", "--threshold=0,25"]) == 0
        assert json.loads(capsys.readouterr().out)["threshold"] == 0.25

    def test_come_before_a_window_does(self, complaint, table, monkeypatch):
        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
        assert "“abc” is not a number" in complaint(table("label,A\n1,abc\n0,0.5\n1,0.5\n"))

    @pytest.mark.parametrize(
        "arguments",
        [["--threshold", "high"], ["--theme", "pink"], ["--nonsense"], ["--map", "labels=y"], ["--map", "y"]],
    )
    def test_about_arguments_exit_with_2(self, arguments, capsys):
        with pytest.raises(SystemExit) as left:
            cli.main(arguments)
        assert left.value.code == 2
        assert capsys.readouterr().out == ""

    def test_of_the_whole_program_are_no_traceback(self, table):
        done = run(table("label,A\n1,0.5\n0,1.2\n"), "--json")
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr.count(b"\n") == 1
        assert b"Traceback" not in done.stderr


class TestInformation:
    def test_version(self, capsys):
        with pytest.raises(SystemExit) as left:
            cli.main(["--version"])
        assert left.value.code == 0
        assert capsys.readouterr().out == f"xentviz {__version__}\n"

    def test_help_names_every_argument(self, capsys):
        with pytest.raises(SystemExit) as left:
            cli.main(["--help"])
        assert left.value.code == 0
        text = capsys.readouterr().out
        for argument in (
            "FILE",
            "--scene",
            "--threshold",
            "--json",
            "--snapshot",
            "--theme",
            "--workspace",
            "--version",
        ):
            assert argument in text


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
class TestScreens:
    @pytest.mark.parametrize(
        "environment",
        [{}, {"DISPLAY": ":987"}, {"WAYLAND_DISPLAY": "wayland-987"}, {"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":987"}],
        ids=str,
    )
    def test_without_one_what_can_be_done_instead_is_said(self, environment):
        done = run(**environment)
        assert done.returncode == 2  # not minus six: Qt would abort
        assert done.stdout == b""
        assert done.stderr.count(b"\n") == 1
        assert b"--json" in done.stderr
        assert b"--snapshot" in done.stderr

    def test_a_missing_system_library_is_named_with_the_packages_that_have_it(self, tmp_path):
        (tmp_path / "PySide6").mkdir()
        (tmp_path / "PySide6" / "__init__.py").write_text("")
        done = run("--snapshot", tmp_path / "still.png", PYTHONPATH=str(tmp_path))
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.count(b"\n") == 1
        assert b"libQt6Widgets.so.6, which is not installed" in done.stderr
        assert b"apt-get install libegl1" in done.stderr
        assert b"libxcb-cursor0" not in done.stderr  # a picture needs no screen

    def test_a_window_needs_the_libraries_of_a_screen_too(self, tmp_path):
        (tmp_path / "PySide6").mkdir()
        (tmp_path / "PySide6" / "__init__.py").write_text("")
        done = run(QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(tmp_path))
        assert done.returncode == 2
        assert b"libxcb-cursor0" in done.stderr


def size(picture):
    """Return width and height, which stand at the beginning of a PNG file."""
    header = picture.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    return struct.unpack(">II", header[16:])


def brightness(picture):
    """Return the mean brightness of a picture, from 0 to 255."""
    return qGray(QImage(str(picture)).scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation).pixel(0, 0))


class TestSnapshot:
    def test_draws_the_scene_into_a_picture_of_twice_the_size(self, tmp_path):
        picture = tmp_path / "still.png"
        done = run("--scene", "film_still", "--snapshot", picture)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert size(picture) == (2880, 1800)

    def test_themes_differ(self, tmp_path):
        for theme in ("light", "dark"):
            assert run("--snapshot", tmp_path / f"{theme}.png", "--theme", theme).returncode == 0
        assert brightness(tmp_path / "light.png") > 200
        assert brightness(tmp_path / "dark.png") < 80

    def test_into_a_folder_that_does_not_exist_is_refused(self, tmp_path):
        done = run("--snapshot", tmp_path / "gone" / "still.png")
        assert done.returncode == 1
        assert done.stderr.count(b"\n") == 1
        assert b"cannot be written" in done.stderr

    def test_of_a_broken_file_makes_none(self, tmp_path, table):
        done = run(table("label,A\n1,1.2\n"), "--snapshot", tmp_path / "still.png")
        assert done.returncode == 1
        assert b"row 1 below the header" in done.stderr
        assert not (tmp_path / "still.png").exists()
