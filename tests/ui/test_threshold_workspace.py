"""The Threshold workspace in its window: tabs, rows of panels, one of them enlarged, and every document in it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSplitter, QTabBar
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, animals, questions, two_models
from ui.hands import click, double_click, key
from ui.windows import LECTURE, MakeWindow, settle
from xentviz.core.document import Document
from xentviz.files.opened import Opened
from xentviz.ui.panels.panel import Panel
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.window.main_window import MainWindow
from xentviz.ui.window.panel_page import _Beside
from xentviz.ui.window.threshold_workspace import ThresholdWorkspace

SIZES = ((1024, 700), LECTURE, (1920, 1080))
CURVES = ["distribution", "confusion", "roc", "precision_recall", "metrics", "optimum", "prevalence"]
CATEGORIES = ["distribution", "confusion", "cards", "averages", "optimum", "prevalence"]


def choose_tab(qtbot: QtBot, made: MainWindow, place: int) -> None:
    """Click a tab."""
    tabs = made.workspaces.findChild(QTabBar)
    assert isinstance(tabs, QTabBar)
    click(tabs, tabs.tabRect(place).center())
    settle(qtbot, made)


def workspace(qtbot: QtBot, made: MainWindow) -> ThresholdWorkspace:
    """Go to the workspace."""
    choose_tab(qtbot, made, 1)
    return made.threshold


def seen(page: ThresholdWorkspace) -> list[str]:
    """Return the names of the panels that are shown."""
    return [name for name in dict.fromkeys(CURVES + CATEGORIES) if getattr(page, name).isVisible()]


def title_of(panel: Panel) -> PanelTitle:
    """Return the line above a panel."""
    found = panel.findChild(PanelTitle)
    assert isinstance(found, PanelTitle)
    return found


def on_title(panel: Panel) -> QPoint:
    """Return a place of the title where no button is."""
    return QPoint(4, title_of(panel).height() // 2)


def test_its_tab_hides_the_bar_and_the_working_and_the_other_brings_them_back(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    assert made.threshold_bar.isVisible()
    assert made.working.isVisible()
    page = workspace(qtbot, made)
    assert page.isVisible()
    assert not made.threshold_bar.isVisible()
    assert not made.working.isVisible()
    choose_tab(qtbot, made, 0)
    assert made.threshold_bar.isVisible()
    assert made.working.isVisible()
    assert not page.isVisible()


def test_each_tab_keeps_the_sizes_it_was_given(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    explore = made.splitter.sizes()
    workspace(qtbot, made)
    given = [sum(explore) - 900, 900]
    made.splitter.setSizes(given)
    settle(qtbot, made)
    given = made.splitter.sizes()
    choose_tab(qtbot, made, 0)
    assert made.splitter.sizes() == explore != given
    choose_tab(qtbot, made, 1)
    assert made.splitter.sizes() == given


def test_one_question_has_curves_and_no_choice(window: MakeWindow, qtbot: QtBot) -> None:
    page = workspace(qtbot, window(two_models()))
    assert seen(page) == CURVES
    assert not page.curves.isVisible()


def test_one_answer_in_many_has_averages_in_place_of_curves(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    page = workspace(qtbot, made)
    assert seen(page) == CURVES
    click(page.categories)
    settle(qtbot, made)
    assert set(seen(page)) == set(CATEGORIES) - {"cards"}


def test_several_questions_can_be_looked_at_category_by_category(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    page = workspace(qtbot, made)
    assert seen(page) == CURVES
    click(page.categories)
    settle(qtbot, made)
    assert set(seen(page)) == set(CATEGORIES)
    click(page.curves)
    settle(qtbot, made)
    assert seen(page) == CURVES


def test_without_several_questions_there_are_curves_again_and_undo_brings_the_cards_back(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(questions())
    page = workspace(qtbot, made)
    click(page.categories)
    settle(qtbot, made)
    page.enlarge(page.averages)
    assert seen(page) == ["averages"]
    made.session.apply(two_models(), "open")
    settle(qtbot, made)
    assert seen(page) == CURVES
    made.session.undo_stack.undo()
    settle(qtbot, made)
    assert set(seen(page)) == set(CATEGORIES)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("back", ["double click", "Esc"])
def test_a_double_click_on_a_title_enlarges_its_panel(window: MakeWindow, qtbot: QtBot, name: str, back: str) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    panel = getattr(page, name)
    size = panel.size()
    double_click(title_of(panel), on_title(panel))
    settle(qtbot, made)
    assert seen(page) == [name]
    assert panel.height() > 0.9 * page.height()
    assert panel.width() > 0.9 * page.width()
    if back == "Esc":
        title_of(panel).asking.setFocus()
        key(Qt.Key.Key_Escape)
    else:
        double_click(title_of(panel), on_title(panel))
    settle(qtbot, made)
    assert seen(page) == CURVES
    assert panel.size() == size


def test_esc_does_nothing_where_nothing_is_enlarged(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    title_of(page.roc).asking.setFocus()
    key(Qt.Key.Key_Escape)
    assert seen(page) == CURVES


def test_a_narrow_page_has_panels_below_each_other(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models(), size=(1920, 1080))
    page = workspace(qtbot, made)
    made.splitter.setSizes([500, 1400])
    settle(qtbot, made)
    assert page.roc.mapTo(page, QPoint()).y() == page.metrics.mapTo(page, QPoint()).y()
    made.splitter.setSizes([1400, 500])
    settle(qtbot, made)
    assert page.roc.mapTo(page, QPoint()).y() < page.metrics.mapTo(page, QPoint()).y()


def test_what_panels_say_is_said_in_the_window(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    with qtbot.waitSignal(page.said) as heard:
        page.prevalence.share.refused.emit("two")
    assert heard.args == ["A share is a number from 0 to 1; “two” is not."]
    assert heard.args[0] in [found.text() for found in made.statusBar().findChildren(QLabel)]


def test_every_panel_begins_with_a_title_and_explains_itself(window: MakeWindow, qtbot: QtBot) -> None:
    page = workspace(qtbot, window(questions()))
    for name in (*CURVES, *CATEGORIES):
        panel = getattr(page, name)
        assert len(panel.findChildren(PanelTitle)) == 1
        assert len(title_of(panel).explanation) > 200


def test_another_document_is_decided_about_anew(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    page = workspace(qtbot, made)
    made.session.decide(prevalence=0.001, search="cat")
    from_file = EXTREMES["one row"]()
    made.session.open(lambda _stopped, _report: Opened(from_file))
    qtbot.waitUntil(lambda: made.session.document.rows == 1)
    settle(qtbot, made)
    assert made.session.view.deciding.prevalence is None
    assert not page.prevalence.supposing.isChecked()


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_fits_in_every_size(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    document: Document = EXTREMES[name]()
    made = window(document)
    page = workspace(qtbot, made)
    for size in SIZES:
        made.resize(*size)
        for choice in (page.categories, page.decisions, page.best, page.curves):
            choice.setChecked(True)
            settle(qtbot, made)
            assert not made.grab().isNull()
            shown = [panel for panel in page.panels if panel.isVisible()]
            for panel in shown:
                assert panel.width() <= page.width()
                assert panel.height() >= panel.minimumSizeHint().height()
    assert seen(page) == CURVES


@pytest.mark.parametrize("document", [two_models, questions])
def test_a_page_too_low_for_all_shows_one_side_at_a_time_and_nothing_is_to_be_scrolled_to(
    window: MakeWindow, qtbot: QtBot, document: Callable[[], Document]
) -> None:
    made = window(document(), size=(1280, 720))
    page = workspace(qtbot, made)
    sides = {
        page.decisions: {"confusion", "prevalence"},
        page.best: {"optimum", "prevalence"},
        page.categories: {"cards", "averages"},
        page.curves: {"roc", "precision_recall", "metrics"},
    }
    assert page.categories.isVisible() == (document is questions)
    for button, panels in sides.items():
        if button.isVisible():
            click(button)
            settle(qtbot, made)
            assert set(seen(page)) == {"distribution"} | panels
            assert page._scroll.verticalScrollBar().maximum() == 0


def test_panels_come_back_to_their_rows_when_there_is_room_again(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models(), size=(1440, 900))
    page = workspace(qtbot, made)
    before = {name: getattr(page, name).geometry() for name in CURVES}
    assert page._scroll.verticalScrollBar().maximum() == 0
    for button in (page.decisions, page.best):
        made.resize(1280, 720)
        settle(qtbot, made)
        click(button)
        settle(qtbot, made)
        assert not page.roc.isVisible()
        made.resize(1440, 900)
        settle(qtbot, made)
        assert seen(page) == CURVES
        assert not button.isVisible()
        assert page.curves.isChecked()
        assert {name: getattr(page, name).geometry() for name in CURVES} == before


@pytest.mark.parametrize("holder", ["distribution", "optimum"])
def test_the_keyboard_comes_along_with_a_panel(window: MakeWindow, qtbot: QtBot, holder: str) -> None:
    made = window(two_models(), size=(1280, 720))
    page = workspace(qtbot, made)
    click(page.best)
    settle(qtbot, made)
    field = page.distribution.plot if holder == "distribution" else page.optimum.findChild(QComboBox)
    field.setFocus()
    for size in ((1440, 900), (1280, 720), (1440, 900)):
        made.resize(*size)
        settle(qtbot, made)
        if size == (1280, 720) and holder == "optimum":
            click(page.best)
            field.setFocus()
        assert field.hasFocus()


def test_a_low_page_of_large_type_goes_to_the_side_that_is_chosen(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models(), theme="projector", size=(1280, 720))
    page = workspace(qtbot, made)
    for button, panel in ((page.decisions, page.confusion), (page.best, page.optimum), (page.curves, page.roc)):
        click(button)
        settle(qtbot, made)
        inside = QRect(QPoint(), page.size())
        assert inside.contains(QRect(panel.mapTo(page, QPoint()), panel.size()))
        assert inside.contains(button.mapTo(page, button.rect().center()))


def test_a_side_enlarged_on_a_low_page_goes_back(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models(), size=(1280, 720))
    page = workspace(qtbot, made)
    click(page.decisions)
    settle(qtbot, made)
    double_click(title_of(page.confusion), on_title(page.confusion))
    settle(qtbot, made)
    assert seen(page) == ["confusion"]
    key(Qt.Key.Key_Escape)
    settle(qtbot, made)
    assert set(seen(page)) == {"distribution", "confusion", "prevalence"}


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (1920, 1080)])
def test_panels_move_only_when_another_theme_has_been_put_on(
    window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    made = window(questions(), size=size)
    page, moved = workspace(qtbot, made), list[bool]()
    child_event = QSplitter.childEvent
    monkeypatch.setattr(
        _Beside, "childEvent", lambda of, event: (moved.append(made.look.changing), child_event(of, event))[1]
    )
    for _ in range(6):
        made.next_theme()
        settle(qtbot, made)
        click(page.best if page.best.isVisible() else page.categories)
        settle(qtbot, made)
    assert True not in moved
    assert not made.look.changing
