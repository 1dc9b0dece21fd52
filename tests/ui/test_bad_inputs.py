"""Whatever is wrong with a file, what is open stays as it is: one of each kind of bad input."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.documents import two_models
from ui.windows import MakeWindow, settle

Make = Callable[[Path], object]


def text(content: str) -> Make:
    return lambda path: path.write_text(content, encoding="utf-8")


def array(path: Path) -> None:
    np.save(path, np.array([print], dtype=object), allow_pickle=True)


BAD: dict[str, tuple[str, Make, str]] = {
    "empty": ("a.parquet", text(""), "is empty"),
    "damaged": ("a.parquet", text("PAR1" * 9), "is damaged"),
    "objects": ("a.npy", array, "Python objects"),
    "deep": ("a.json", text('[{"a":' + "[" * 200_000), "too deep"),
    "broken JSON": ("a.json", text('[{"label": 1,}]'), "line 1, character 14"),
    "wide": ("a.csv", text("x," * 10_000 + "x\n"), "10001 columns"),
    "far too long a line": ("a.csv", text("label,A\n" + "x" * 5_000_000), "longer than a row can be"),
    "too large": ("a.csv", text("label,A\n1,1e400\n"), "row 1 below the header, column “A”: 1e400"),
    "ragged": ("a.csv", text("label,A\n1\n"), "the number of columns is 1"),
    "folder": ("a.csv", lambda path: path.mkdir(), "is a folder"),
    "pipe": ("a.csv", os.mkfifo, "is a device or a pipe"),
    "gone": ("预测 🧪.csv", lambda path: None, "does not exist"),
}


@pytest.mark.skipif(os.name != "posix", reason="no pipes with names here")
@pytest.mark.parametrize(("name", "make", "words"), BAD.values(), ids=BAD)
def test_a_bad_file_leaves_the_work_that_is_open_as_it_was(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, name: str, make: Make, words: str
) -> None:
    made = window(two_models())
    made.session.apply(made.session.document.with_threshold(0.25), "Set the threshold")
    settle(qtbot, made)
    session, title = made.session, made.windowTitle()
    before = (session.document, session.results_of(0), session.undo_stack.count(), session.undo_stack.index())
    make(tmp_path / name)
    made.open(tmp_path / name)
    settle(qtbot, made)
    assert made.message.text.text().startswith(name)
    assert words in made.message.text.text()
    assert before[0] is session.document
    assert before[1] is session.results_of(0)
    assert before[2:] == (session.undo_stack.count(), session.undo_stack.index())
    assert made.windowTitle() == title
    assert made.isWindowModified()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("label,A\n1,0.5\n".encode("utf-16"), "a.csv is read as utf-16."),
        (b"label;A\n1;0,5\n", "a.csv: commas are read as decimal points in A."),
        (b"label,A\n1,1e-400\n", "such as 1e-400 in row 1"),
        (b"label,A\n", "a.csv has columns and no rows"),
    ],
)
def test_what_is_taken_for_granted_is_told_when_a_file_opens(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, content: bytes, words: str
) -> None:
    made = window(two_models())
    (tmp_path / "a.csv").write_bytes(content)
    made.open(tmp_path / "a.csv")
    settle(qtbot, made)
    assert made.session.document.title == "a"
    assert not made.message.isVisible()
    assert words in " ".join(label.text() for label in made.statusBar().findChildren(QLabel))
