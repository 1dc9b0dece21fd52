"""The Threshold workspace as a whole: what a person sees and does with all of its panels on one page."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, questions, two_models
from ui.hands import CTRL, NO_BUTTON, NO_KEY, SHIFT, double_click, drag, key
from ui.windows import LECTURE, MakeWindow, settle
from xentviz.core.document import Document
from xentviz.files import read
from xentviz.files.opened import Opened
from xentviz.paths import resource
from xentviz.ui.window.main_window import MainWindow


@pytest.fixture
def deciding(window: MakeWindow, qtbot: QtBot) -> MakeWindow:
    """Return a maker of windows that show this workspace."""

    def make(document: Document | None = None, **looks: object) -> MainWindow:
        made = window(Opened(document or two_models()), **looks)
        made.show_workspace("threshold")
        settle(qtbot, made)
        return made

    return make


def turn(widget: QWidget, notches: int) -> bool:
    """Turn the wheel over a widget; return whether it takes that for itself, and leaves none of it to the page."""
    at = QPointF(widget.rect().center())
    event = QWheelEvent(
        at, QPointF(widget.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches), NO_BUTTON, NO_KEY,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    QApplication.processEvents()
    return event.isAccepted()


def test_keys_and_the_menu_go_from_workspace_to_workspace(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding()
    assert made.actions_by_name["workspace_threshold"].isChecked()
    assert QApplication.focusWidget() is made.threshold.distribution.plot
    key(Qt.Key.Key_1, held=CTRL | SHIFT)
    settle(qtbot, made)
    assert made.workspaces.currentWidget() is made.explore
    assert made.actions_by_name["workspace_explore"].isChecked()
    key(Qt.Key.Key_2, held=CTRL | SHIFT)
    assert made.threshold.isVisible()


def test_each_workspace_keeps_its_widths(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding()
    page = made.threshold.width()
    assert page > 950
    for name in ("explore", "threshold") * 2:
        made.show_workspace(name)
        settle(qtbot, made)
    assert made.threshold.width() == page
    made.splitter.setSizes([500, 900])
    widths = made.splitter.sizes()
    for name in ("explore", "threshold"):
        made.show_workspace(name)
        settle(qtbot, made)
    assert made.splitter.sizes() == widths


def test_the_wheel_scrolls_a_long_page_and_changes_only_what_was_chosen(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding(size=(1440, 560))
    page = made.threshold
    before = made.session.document.thresholds, made.session.view.deciding
    page.confusion.cells.setFocus()
    for widget in (page.distribution.plot, page.optimum.aims, page.prevalence.slider, page.roc.plot.viewport()):
        assert not turn(widget, -1)
    assert (made.session.document.thresholds, made.session.view.deciding) == before
    page.distribution.plot.setFocus()
    assert turn(page.distribution.plot, -1)
    assert made.session.document.thresholds == (0.49,)


def test_the_wheel_is_the_threshold_s_where_the_page_is_seen_whole(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding(size=(1920, 1200))
    made.threshold.confusion.cells.setFocus()
    assert turn(made.threshold.distribution.plot, 1)
    assert made.session.document.thresholds == (0.51,)


@pytest.mark.parametrize("document", [two_models, questions, EXTREMES["thirty categories"]])
@pytest.mark.parametrize(
    ("theme", "size"), [("projector", (1280, 720)), ("projector", (1920, 1080)), ("light", (1280, 720))]
)
def test_nothing_is_cut_off_at_the_side(
    deciding: MakeWindow, qtbot: QtBot, document: object, theme: str, size: tuple[int, int]
) -> None:
    made = deciding(document(), theme=theme, size=size)  # type: ignore[operator]  # one of three functions
    page = made.threshold
    for several in (page.curves, page.categories):
        several.setChecked(True)
        settle(qtbot, made)
        assert page._page.width() <= page._scroll.viewport().width()


@pytest.mark.parametrize(
    ("theme", "size"), [("light", LECTURE), ("light", (1280, 720)), ("projector", LECTURE), ("projector", (1280, 720))]
)
def test_the_names_of_rows_and_all_decisions_are_seen_whole(
    deciding: MakeWindow, qtbot: QtBot, theme: str, size: tuple[int, int]
) -> None:
    made = deciding(read(resource("samples", "breast_cancer.csv")).document, theme=theme, size=size)
    view, model, worn = made.table.view, made.table.model, made.look.theme
    assert not view.horizontalScrollBar().isVisible()
    letters = QFontMetrics(worn.font(14))
    for key_of, least in (("name", "tumour 285"), ("decision", "yes ✓")):
        column = model.columns.index(key_of)
        texts = [model.text(model.line(row), key_of) for row in range(model.rowCount())]
        assert max(map(letters.horizontalAdvance, [*texts, least])) <= view.columnWidth(column) - 2 * worn.px(6)


def test_the_best_thresholds_are_seen_without_scrolling(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding(read(resource("samples", "breast_cancer.csv")).document)
    page = made.threshold
    seen = page._scroll.viewport().rect()
    best = page.optimum
    assert best.title.number.text() == f"T {best._rows[0].best.text()}" == "T 0.504"
    for widget in (best.title, best.title.number, *(row.best for row in best._rows)):
        corner = widget.mapTo(page._scroll.viewport(), QPoint(0, 0))
        assert seen.contains(QRect(corner, widget.size()))
    made.session.look(model=1)
    settle(qtbot, made)
    assert best.title.number.text() == f"T {best._rows[1].best.text()}"


@pytest.mark.parametrize("name", ["ten thousand rows", "thirty categories", "eight models"])
def test_the_four_numbers_of_yes_and_no_always_stand_in_their_cells(
    deciding: MakeWindow, qtbot: QtBot, name: str
) -> None:
    made = deciding(EXTREMES[name]())
    assert all(of_model.view.has_numbers for of_model in made.threshold.confusion.models)


def test_a_panel_fills_the_page_at_a_double_click_and_escape_goes_back(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding()
    seen = [panel for panel in made.threshold.panels if panel.isVisible()]
    for panel in seen:
        double_click(panel.title)  # type: ignore[attr-defined]  # all of this workspace's panels have one
        settle(qtbot, made)
        assert [other for other in seen if other.isVisible()] == [panel]
        key(Qt.Key.Key_Escape)
        settle(qtbot, made)
        assert all(other.isVisible() for other in seen)


def test_every_explanation_is_seen_whole(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding(questions())
    made.threshold.categories.click()
    settle(qtbot, made)
    assert len(made.threshold.panels) == 9
    for panel in made.threshold.panels:
        popup = panel.title.explain()  # type: ignore[attr-defined]
        (text,) = popup.findChildren(QLabel)
        assert text.height() >= text.heightForWidth(text.width())
        popup.close()


def test_a_supposed_share_of_yes_is_counted_of_the_same_number_everywhere(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding()
    made.session.decide(prevalence=0.001)
    settle(qtbot, made)
    page = made.threshold
    assert page.confusion.world.text() == "as if 1 in 1\u2009000 were yes, of 10\u2009000"
    matrix = page.confusion.models[0].view.matrix
    assert matrix is not None
    cells = [matrix.text(float(value)) for value in matrix.values[:2, :2].ravel()]
    told = [words.rsplit(" ", 1)[-1] for words in page.distribution.plot.cut.words]
    assert [told[1], told[0], told[3], told[2]] == cells
    assert "as if 1 in 1\u2009000 were yes" in page.optimum._note.text()
    assert "Of 10\u2009000 rows 10 are yes." in page.prevalence._words.text()


def test_a_drag_through_the_page_is_one_step_back(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding()
    plot = made.threshold.distribution.plot
    box = plot.plot()
    start, end = (QPoint(round(box.left() + share * box.width()), 60) for share in (0.5, 0.2))
    drag(plot, start, end)
    settle(qtbot, made)
    assert made.session.document.thresholds == (0.2,)
    assert made.session.undo_stack.count() == 1


def test_tab_goes_from_the_matrices_on_to_the_curves(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding()
    page = made.threshold
    page.confusion.title.asking.setFocus()
    passed = []
    for _stop in range(3):
        key(Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())
    assert passed == [*(of_model.view for of_model in page.confusion.models), page.roc.plot]


def test_one_answer_in_many_has_averages_but_no_cards(deciding: MakeWindow, qtbot: QtBot) -> None:
    made = deciding(EXTREMES["one answer in three"]())
    page = made.threshold
    page.categories.click()
    settle(qtbot, made)
    assert page.averages.isVisible()
    assert not page.cards.isVisible()


def test_without_a_model_the_share_of_yes_does_not_say_that_labels_are_missing(
    deciding: MakeWindow, qtbot: QtBot
) -> None:
    made = deciding(EXTREMES["no models"]())
    assert made.threshold.prevalence._words.text().startswith("No model yet")
