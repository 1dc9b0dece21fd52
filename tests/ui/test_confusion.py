"""The confusion matrices: what stands in their cells, and selecting what a cell counts."""

from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip
from pytestqt.qtbot import QtBot
from sklearn.metrics import confusion_matrix

from ui.documents import EXTREMES, animals, answers, questions, two_models
from ui.hands import click, hover, key
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document
from xentviz.session import decisions, session
from xentviz.session.deciding import Cells
from xentviz.session.view import Shown
from xentviz.ui.panels.confusion import ConfusionPanel
from xentviz.ui.widgets.matrix_view import MatrixView
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow, size: tuple[int, int] = (900, 420)) -> ConfusionPanel:
    """Return a panel over the window, shown and drawn."""
    found = ConfusionPanel(made.session, made.look, made)
    found.setGeometry(0, 0, *size)
    found.show()
    found.raise_()
    settle(qtbot, made)
    return found


def texts(view: MatrixView) -> list[list[str]]:
    """Return what is written in the cells and as totals."""
    assert view.matrix is not None
    return [[view.matrix.text(float(value)) for value in row] for row in view.matrix.values]


def pick(qtbot: QtBot, made: MainWindow, shown: ConfusionPanel, model: int, row: int, column: int) -> None:
    """Click a cell."""
    view = shown.models[model].view
    click(view, view.cell_rect(row, column).center())
    settle(qtbot, made)


def tip(view: MatrixView, row: int, column: int) -> str:
    """Rest the mouse on a cell, and return the tool tip that comes."""
    at = view.cell_rect(row, column).center()
    QApplication.sendEvent(view, QHelpEvent(QHelpEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    return QToolTip.text().replace("\u2060", "")


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    assert len(shown.models) == len(made.session.document.models)
    for cells, category, prevalence in product(Cells, (None, 0), (None, 0.001, 0.0, 1.0)):
        made.session.look(category=category)
        made.session.decide(cells=cells, prevalence=prevalence)
        shown.refresh_now()
        for of_model in shown.models:
            assert of_model.view.matrix is not None
            assert tip(of_model.view, 0, 0)
            if prevalence in (None, 0.0):
                assert not of_model.view.grab().isNull()


@pytest.mark.parametrize("threshold", [0.0, 0.29, 0.57, 0.58, 0.5, 0.123, 1.0])
def test_counts_are_those_of_scikit_learn(window: MakeWindow, qtbot: QtBot, threshold: float) -> None:
    document = EXTREMES["ten thousand rows"]().with_threshold(threshold)
    shown = panel(qtbot, window(document))
    every = np.arange(document.elements)
    labels = document.labels_of(every)
    known = ~np.isnan(labels)
    for m, of_model in enumerate(shown.models):
        said = document.scores_of(m, every)[known] >= threshold
        expected = confusion_matrix(labels[known] == 1, said, labels=[True, False])
        matrix = of_model.view.matrix
        assert matrix is not None
        assert matrix.values[:2, :2].tolist() == expected.tolist()
        assert matrix.values[2].tolist() == [*expected.sum(axis=0), expected.sum()]
        assert matrix.values[:2, 2].tolist() == expected.sum(axis=1).tolist()


def test_the_film_still(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window())
    view = shown.models[0].view
    assert texts(view) == [["2", "1", "3"], ["0", "1", "1"], ["2", "2", "4"]]
    assert view.matrix is not None
    assert list(view.matrix.rows) == ["is yes", "is no"]
    assert list(view.matrix.columns) == ["said yes", "said no"]
    assert shown.title.text == "Confusion matrix"
    assert shown.title.number.text() == "75 % right"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (1, [["66.7 %", "33.3 %", "100 %"], ["0 %", "100 %", "100 %"], ["50 %", "50 %", "100 %"]]),
        (2, [["100 %", "50 %", "75 %"], ["0 %", "50 %", "25 %"], ["100 %", "100 %", "100 %"]]),
        (3, [["50 %", "25 %", "75 %"], ["0 %", "25 %", "25 %"], ["50 %", "50 %", "100 %"]]),
        (4, [["2.6", "0.40", "3"], ["0.70", "0.30", "1"], ["3.3", "0.70", "4"]]),
    ],
)
def test_what_the_cells_hold_is_chosen(window: MakeWindow, qtbot: QtBot, place: int, expected: list[list[str]]) -> None:
    made = window()
    shown = panel(qtbot, made)
    shown.cells.setFocus()
    for _ in range(place):
        key(Qt.Key.Key_Down)
    settle(qtbot, made)
    assert texts(shown.models[0].view) == expected
    assert made.session.view.deciding.cells is list(Cells)[place]


def test_an_undefined_share_is_a_dash_with_its_reason(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 1], {"A": [0.2, 0.3]}, thresholds=[0.9]))
    shown = panel(qtbot, made)
    view = shown.models[0].view
    made.session.decide(cells=Cells.ROWS)
    settle(qtbot, made)
    assert texts(view)[1] == ["—", "—", "—"]
    assert "“is no” not defined: there is none" in tip(view, 1, 0)
    made.session.decide(cells=Cells.COLUMNS)
    settle(qtbot, made)
    assert [row[0] for row in texts(view)] == ["—", "—", "—"]
    assert "“said yes” not defined: there is none" in tip(view, 0, 0)


def test_a_threshold_that_moves_moves_the_counts_at_once(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    made.session.edit(lambda d: d.with_threshold(0.58), "T")
    settle(qtbot, made)
    assert [texts(of_model.view)[0][:2] for of_model in shown.models] == [["4", "1"], ["3", "2"]]


@pytest.mark.parametrize("model", [0, 1])
@pytest.mark.parametrize("cell", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_click_selects_what_the_cell_counts_and_lists_it(
    window: MakeWindow, qtbot: QtBot, model: int, cell: tuple[int, int]
) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made)
    pick(qtbot, made, shown, model, *cell)
    document, view = made.session.document, made.session.view
    every = np.arange(document.elements)
    labels, said = document.labels_of(every), document.decisions_of(model, every)
    expected = every[(labels == 1 - cell[0]) & (said == (cell[1] == 0))]
    assert view.selected.tolist() == expected.tolist()
    assert (view.model, view.shown, view.current) == (model, Shown.SELECTED, expected[0])
    assert made.table.model.rowCount() == len(expected)
    assert made.table.view.selectionModel().isRowSelected(len(expected) - 1)


def test_a_cell_of_a_category_selects_its_elements_alone(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    made.session.look(category=1)
    shown = panel(qtbot, made)
    view = shown.models[0].view
    assert view.matrix is not None
    assert list(view.matrix.rows) == ["is dog", "is not"]
    assert list(view.matrix.columns) == ["said dog", "not said"]
    pick(qtbot, made, shown, 0, 0, 1)  # is dog, and was not said to be: the third row's
    assert made.session.view.selected.tolist() == [5]


def test_an_empty_cell_selects_nothing(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    shown = panel(qtbot, made)
    pick(qtbot, made, shown, 0, 1, 0)
    assert made.session.view.selected.tolist() == []
    assert made.session.view.current is None


def test_answers_of_many_are_a_matrix_of_categories_with_none_only_when_some_are_undecided(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(animals())
    shown = panel(qtbot, made)
    view = shown.models[0].view
    assert texts(view) == [["1", "0", "0", "1"], ["1", "1", "0", "2"], ["0", "0", "1", "1"], ["2", "1", "1", "4"]]
    made.session.edit(lambda d: d.with_threshold(0.6), "T")
    settle(qtbot, made)
    assert view.matrix is not None
    assert list(view.matrix.columns) == ["cat", "dog", "bird", "none"]
    assert texts(view)[0] == ["0", "0", "0", "1", "1"]
    pick(qtbot, made, shown, 0, 0, 3)
    assert made.session.view.selected.tolist() == [0]
    pick(qtbot, made, shown, 0, 1, 0)
    assert made.session.view.selected.tolist() == [3]
    assert made.table.model.rowCount() == 1


def test_arrows_move_between_cells_and_enter_selects(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    shown = panel(qtbot, made)
    view = shown.models[0].view
    view.setFocus()
    key(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return)
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == [3]
    assert view.accessibleDescription().startswith("dog · cat: 1")
    assert view.accessibleName() == "Confusion matrix of A"
    view.setFocus()
    key(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space)
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == [6]


def test_many_categories_are_a_heat_map_that_says_its_numbers_on_hover(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(400, 30))
    shown = panel(qtbot, made, (700, 330))
    view = shown.models[0].view
    assert not view.has_numbers
    assert view.matrix is not None
    row, column = np.argwhere(view.matrix.values[:30, :30] > 0)[0].tolist()
    hover(view, QPoint(0, 0))
    hover(view, view.cell_rect(row, column).center())
    count = int(view.matrix.values[row, column])
    assert QToolTip.text().startswith(f"category {row} · category {column}: {count}\n")
    pick(qtbot, made, shown, 0, row, column)
    assert len(made.session.view.selected) == count


def test_a_supposed_share_of_yes_is_said_and_shown_of_ten_thousand(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    made.session.decide(prevalence=0.001)
    settle(qtbot, made)
    view = shown.models[0].view
    assert texts(view)[2][2] == "10\u2009000"
    assert [texts(view)[0][2], texts(view)[0][0]] == ["10", "8"]
    assert shown.world.text() == "as if 1 in 1\u2009000 were yes, of 10\u2009000"
    assert "as if 1 in 1\u2009000 were yes" in tip(view, 0, 0)


def test_soft_cells_of_many_rows_come_from_the_background_and_the_old_picture_stands(
    window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made)
    before = texts(shown.models[0].view)
    monkeypatch.setattr(decisions, "AT_ONCE", 10)
    made.session.decide(cells=Cells.SOFT)
    shown.refresh_now()
    assert texts(shown.models[0].view) == before
    settle(qtbot, made)
    assert texts(shown.models[0].view) != before


def test_a_selection_of_many_is_found_in_the_background(
    window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made)
    monkeypatch.setattr(session, "AT_ONCE", 10)
    view = shown.models[0].view
    assert view.matrix is not None
    count = int(view.matrix.values[1, 1])
    pick(qtbot, made, shown, 0, 1, 1)
    assert len(made.session.view.selected) == count


def test_models_come_and_go(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    made.session.edit(lambda d: d.without_model(0), "delete")
    settle(qtbot, made)
    assert [of_model.full_name for of_model in shown.models] == ["vague"]
    made.session.edit(lambda d: d.without_model(0), "delete")
    settle(qtbot, made)
    words = [found.text() for found in shown.findChildren(QLabel) if found.isVisible()]
    assert any(text.startswith("No model yet") for text in words)


@pytest.mark.parametrize("models", [2, 3])
def test_only_the_first_of_many_matrices_has_names_of_rows(window: MakeWindow, qtbot: QtBot, models: int) -> None:
    scores = {name: [0.9, 0.2, 0.6] for name in "ABC"[:models]}
    made = window(Document.create([1, 0, 1], scores))
    shown = panel(qtbot, made)
    rows = [list(of_model.view.matrix.rows) for of_model in shown.models]
    named = ["is yes", "is no"]
    assert rows == ([named, named] if models == 2 else [named, ["", ""], ["", ""]])
    assert "is yes" in tip(shown.models[-1].view, 0, 0)


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_errors_are_told_from_hits_without_colour(window: MakeWindow, qtbot: QtBot, theme: str) -> None:
    """The frames of errors are dashed: along it there is more than one colour."""
    made = window(two_models(), theme=theme)
    shown = panel(qtbot, made, (1200, 700))
    view = shown.models[0].view
    image = view.grab().toImage()

    def along_the_top(row: int, column: int) -> int:
        box, gap = view.cell_rect(row, column), made.look.theme.px(2)
        across = range(box.left() + 30, box.right() - 30)
        return len({image.pixelColor(x, box.top() + gap).name() for x in across})

    assert along_the_top(0, 0) < along_the_top(0, 1)


def test_what_is_this_explains(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window())
    popup = shown.title.explain()
    assert any("Rows are what is true" in found.text() for found in popup.findChildren(QLabel))
    popup.close()
