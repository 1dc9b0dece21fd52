"""Exporting from the menu: asking where to, progress and Cancel, and what is said."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QProgressBar, QToolButton
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, two_models
from ui.hands import click
from ui.windows import MakeWindow, settle
from xentviz import files
from xentviz.core.document import Document
from xentviz.files.exports import What
from xentviz.session import exporting
from xentviz.ui.window.main_window import MainWindow

Choose = Callable[..., list[str]]
CSV, PARQUET = "CSV (*.csv)", "Parquet (*.parquet)"


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Return what answers the coming questions for a file, and gives back the names that were suggested."""

    def answer(*answers: tuple[object, str]) -> list[str]:
        waiting, suggested = list(answers), []

        def ask(_parent: object, _title: str, name: str, _filters: str) -> tuple[str, str]:
            suggested.append(name)
            path, kind = waiting.pop(0)
            return str(path), kind

        monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
        return suggested

    return answer


def export(qtbot: QtBot, window: MainWindow, what: str) -> None:
    """Choose an export from the menu and wait until it has come to an end."""
    window.actions_by_name[f"export_{what}"].trigger()
    qtbot.waitUntil(lambda: not window.exports.busy)


def said(window: MainWindow) -> str:
    """Return what the status bar says."""
    return " ".join(label.text() for label in window.statusBar().findChildren(QLabel) if label.isVisible())


def cancel_button(window: MainWindow) -> QToolButton:
    """Return the button that stops an export."""
    (button,) = window.exports.findChildren(QToolButton)
    return button


@pytest.mark.parametrize("what", What)
def test_what_is_chosen_from_the_menu_is_in_the_file(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Choose, what: str
) -> None:
    made = window(two_models())
    suggested = choose((tmp_path / "out.csv", CSV))
    export(qtbot, made, what)
    assert suggested == [f"two models {what}.csv"]
    assert said(made) == "Exported out.csv."
    assert "sure" in (tmp_path / "out.csv").read_text()
    assert not made.exports.isVisible()


def test_an_exported_table_opens_again(window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Choose) -> None:
    made = window(two_models())
    choose((tmp_path / "out.parquet", PARQUET))
    export(qtbot, made, "table")
    before = [card.loss.text() for card in made.scoreboard.cards]
    made.open(tmp_path / "out.parquet")
    settle(qtbot, made)
    qtbot.waitUntil(lambda: made.windowTitle().startswith("out"))
    assert [card.loss.text() for card in made.scoreboard.cards] == before


@pytest.mark.parametrize(
    ("name", "kind", "written"),
    [
        ("out", CSV, "out.csv"),
        ("out", PARQUET, "out.parquet"),
        ("out.v2", CSV, "out.v2.csv"),
        ("out.xlsx", CSV, "out.xlsx.csv"),
        ("out.TSV", CSV, "out.TSV"),
        ("out", "All", "out.csv"),
    ],
)
def test_a_name_without_its_suffix_gets_it(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Choose, name: str, kind: str, written: str
) -> None:
    made = window()
    choose((tmp_path / name, kind))
    export(qtbot, made, "table")
    assert [path.name for path in tmp_path.iterdir()] == [written]


def test_a_file_that_the_dialog_did_not_ask_about_is_not_written_over(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Choose
) -> None:
    (tmp_path / "out.csv").write_text("old")
    made = window()
    suggested = choose((tmp_path / "out", CSV), ("", ""))
    export(qtbot, made, "table")
    assert suggested[1] == str(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "old"


def test_the_suggested_name_is_one_for_a_file(window: MakeWindow, qtbot: QtBot, choose: Choose) -> None:
    title = "../a/b: <c>\n" + "long " * 100
    made = window(Document.create([1], {"A": [0.5]}, title=title))
    suggested = choose(("", ""))
    export(qtbot, made, "table")
    assert suggested[0].startswith(".._a_b_ _c__long long")
    assert len(suggested[0].encode()) < 200
    made = window(EXTREMES["no rows and no models"]())
    suggested = choose(("", ""))
    made.session.apply(Document.create([1], {}), "untitled")
    export(qtbot, made, "table")
    assert suggested == ["table.csv"]
    qtbot.waitUntil(lambda: not made.session.busy)


def test_a_reason_is_given_where_nothing_can_be_written(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Choose
) -> None:
    made = window()
    choose((tmp_path / "missing" / "out.csv", CSV))
    export(qtbot, made, "table")
    assert made.message.text.text().startswith("out.csv has not been written: No such file or directory.")
    assert "Export" not in said(made)


@pytest.mark.parametrize("what", ["scoreboard", "losses", "curves"])
def test_without_models_there_are_no_numbers_to_export(window: MakeWindow, what: str) -> None:
    made = window(EXTREMES["no models"]())
    assert not made.actions_by_name[f"export_{what}"].isEnabled()
    assert made.actions_by_name["export_table"].isEnabled()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Make exports wait, and return what lets them go."""
    free, usual = threading.Event(), exporting.export

    def export_slowly(what, document, path, previous, stopped, report):  # type: ignore[no-untyped-def]
        while not stopped() and not free.wait(0.001):
            report(0.25)
        usual(what, document, path, previous, stopped, report)

    monkeypatch.setattr(exporting, "export", export_slowly)
    return free


def test_an_export_that_takes_a_while_shows_how_far_it_is_and_can_be_cancelled(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Choose, slow: threading.Event
) -> None:
    made = window()
    choose((tmp_path / "out.csv", CSV))
    made.actions_by_name["export_table"].trigger()
    assert said(made) == "Exporting out.csv …"
    qtbot.waitUntil(lambda: cancel_button(made).isVisible())
    (progress,) = made.exports.findChildren(QProgressBar)
    assert progress.value() == 250
    click(cancel_button(made))
    assert not made.exports.isVisible()
    assert said(made) == "Cancelled. Nothing has been exported."
    made.close()
    assert not list(tmp_path.iterdir())


def test_a_second_export_waits_for_the_first(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Choose, slow: threading.Event
) -> None:
    made = window()
    choose((tmp_path / "out.csv", CSV))
    made.actions_by_name["export_table"].trigger()
    made.actions_by_name["export_curves"].trigger()
    assert "still under way" in said(made)
    slow.set()
    qtbot.waitUntil(lambda: said(made) == "Exported out.csv.")
    assert files.read(tmp_path / "out.csv").document.rows == 4


def test_a_window_closed_during_an_export_stays_until_the_file_is_whole(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Choose, slow: threading.Event
) -> None:
    made = window()
    choose((tmp_path / "out.csv", CSV))
    made.actions_by_name["export_table"].trigger()
    made.close()
    assert made.isVisible()
    assert said(made) == "Exporting; then the window closes …"
    assert cancel_button(made).isVisible()
    slow.set()
    qtbot.waitUntil(lambda: not made.isVisible())
    assert files.read(tmp_path / "out.csv").document.rows == 4


def test_an_export_cancelled_while_the_window_waits_to_close_keeps_it_open(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Choose, slow: threading.Event
) -> None:
    made = window()
    choose((tmp_path / "out.csv", CSV))
    made.actions_by_name["export_table"].trigger()
    made.close()
    click(cancel_button(made))
    assert made.isVisible()
    assert said(made) == "Cancelled. Nothing has been exported."
    made.close()
    assert not made.isVisible()
    assert not list(tmp_path.iterdir())


def test_an_export_that_fails_keeps_the_window_open_to_say_so(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Choose, slow: threading.Event
) -> None:
    made = window()
    choose((tmp_path / "missing" / "out.csv", CSV))
    made.actions_by_name["export_table"].trigger()
    made.close()
    slow.set()
    qtbot.waitUntil(made.message.isVisible)
    assert made.isVisible()
