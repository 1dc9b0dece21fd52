"""When panels redraw: all in one turn of the event loop, but one after another where all rows are new."""

import sys

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.documents import two_models
from ui.windows import MakeWindow, settle
from xentviz.ui.panels.panel import Panel
from xentviz.ui.window.main_window import MainWindow


def turns(window: MainWindow) -> dict[str, int]:
    """Return after how many turns of the event loop each panel that is going to has redrawn."""
    waiting = {panel for panel in window.findChildren(Panel) if panel.will_redraw}
    found, turn = {}, 0
    while waiting:
        QApplication.processEvents()
        turn += 1
        done = {panel for panel in waiting if not panel.will_redraw}
        found |= dict.fromkeys((type(panel).__name__ for panel in done), turn)
        waiting -= done
    return found


def test_a_threshold_is_followed_by_all_panels_at_once(window: MakeWindow) -> None:
    made = window(two_models())
    made.session.apply(made.session.document.with_threshold(0.7), "threshold")
    assert made.will_redraw
    found = turns(made)
    assert {"Scoreboard", "TablePanel", "ExplorePanel", "ThresholdBar"} <= found.keys()
    assert set(found.values()) == {1}


def test_new_rows_are_drawn_one_panel_after_another(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.session.apply(two_models(), "open")
    found = turns(made)
    assert found["Scoreboard"] < found["TablePanel"] < found["ExplorePanel"] < found["ThresholdBar"]
    settle(qtbot, made)
    assert len(made.scoreboard.cards) == 2


def test_a_drag_that_begins_while_new_rows_are_drawn_is_followed_at_once(window: MakeWindow) -> None:
    made = window()
    made.session.apply(two_models(), "open")
    made.session.apply(made.session.document.with_threshold(0.7), "threshold")
    assert set(turns(made).values()) == {1}


def test_one_that_is_hidden_before_its_turn_redraws_when_it_is_shown_again(window: MakeWindow, qtbot: QtBot) -> None:
    made, drawn = window(two_models()), list[str]()
    refresh = made.explore.refresh
    made.explore.refresh = lambda: (drawn.append(made.session.view.workspace), refresh())[1]  # type: ignore[method-assign]
    made.session.apply(made.session.document.with_threshold(0.7), "threshold")
    made.show_workspace("compare")
    settle(qtbot, made)
    assert drawn == []
    made.show_workspace("explore")
    assert drawn == ["explore"]


def test_a_fault_while_one_is_shown_is_told_and_ends_nothing(
    window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, told = window(two_models()), list[type[BaseException]]()
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_error: told.append(kind))
    monkeypatch.setattr(made.compare.scores, "refresh", lambda: [][0])
    made.show_workspace("compare")
    assert told == [IndexError]
    assert made.compare.scores.isVisible()
