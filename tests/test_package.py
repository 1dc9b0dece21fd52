import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel

import xentviz
from xentviz import paths

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def test_the_version_is_the_same_everywhere():
    assert tomllib.loads(PROJECT.read_text())["project"]["version"] == xentviz.__version__
    assert metadata.version("xentviz") == xentviz.__version__


def test_python_dash_m_is_the_same_program():
    done = subprocess.run([sys.executable, "-m", "xentviz", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"xentviz {xentviz.__version__}\n"


def test_the_command_is_installed():
    (command,) = metadata.entry_points(group="console_scripts", name="xentviz")
    assert command.load() is xentviz.cli.main


def test_the_package_says_that_it_is_typed():
    assert (Path(xentviz.__file__).parent / "py.typed").is_file()


def test_resources_are_found():
    assert paths.resource("scenes", "film_still.json").is_file()


@pytest.mark.parametrize(
    ("version", "fits"), [("6.11.2", False), ("6.11.3", True), ("6.12.0", False), ("6.12.1", True)]
)
def test_releases_of_qt_that_break_python_are_not_asked_for(version, fits):
    wanted = tomllib.loads(PROJECT.read_text())["project"]["dependencies"]
    (qt,) = (Requirement(line) for line in wanted if line.startswith("PySide6"))
    assert qt.name == "PySide6-Essentials"
    assert (version in qt.specifier) is fits


class Speaker(QObject):
    said = Signal(object)


def test_qt_calls_do_not_use_up_the_references_of_none_and_true(qapp):
    """PySide6 6.12.0 loses one at every call that returns nothing, until CPython before 3.12 aborts."""
    label, speaker, heard = QLabel(), Speaker(), []
    speaker.said.connect(heard.append)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for number in range(2_000):
        label.setText(str(number))
        speaker.said.emit(number)
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert len(heard) == 2_000
    assert after[0] > before[0] - 50
    assert after[1] > before[1] - 50
