"""The difference of two confusion matrices: signs, words, and the rows that only one model puts in a cell."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot
from sklearn.metrics import confusion_matrix

from ui.documents import EXTREMES, answers, two_models
from ui.hands import click, key
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document
from xentviz.session.deciding import Cells
from xentviz.session.view import Shown
from xentviz.ui.panels.difference_matrix import DifferenceMatrixPanel
from xentviz.ui.widgets.matrix_view import Matrix
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow, size: tuple[int, int] = (560, 300)) -> DifferenceMatrixPanel:
    """Return a panel over the window, shown and drawn."""
    found = DifferenceMatrixPanel(made.session, made.look, made)
    found.setGeometry(0, 0, *size)
    found.show()
    found.raise_()
    settle(qtbot, made)
    return found


def drawn(shown: DifferenceMatrixPanel) -> Matrix:
    """Return what is drawn."""
    assert shown.view.matrix is not None
    return shown.view.matrix


def texts(shown: DifferenceMatrixPanel) -> list[list[str]]:
    """Return what is written in the cells and as totals."""
    matrix = drawn(shown)
    return [[matrix.text(float(value)) for value in row] for row in matrix.values]


def tip(shown: DifferenceMatrixPanel, row: int, column: int) -> str:
    """Rest the mouse on a cell, and return the tool tip that comes."""
    at = shown.view.cell_rect(row, column).center()
    QApplication.sendEvent(shown.view, QHelpEvent(QHelpEvent.Type.ToolTip, at, shown.view.mapToGlobal(at)))
    return QToolTip.text().replace("\u2060", "")


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    for category in (None, 0):
        for shares in (False, True):
            made.session.look(category=category)
            made.session.compare(in_shares=shares)
            made.session.decide(prevalence=0.01 if shares else None)
            shown.refresh_now()
            assert not shown.grab().isNull()
    assert shown.view.isVisible() == (len(made.session.document.models) > 1)


def test_one_model_is_asked_for_another(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window())
    assert shown._empty.isVisible()
    assert shown._empty.text().startswith("Open a second model")


@pytest.mark.parametrize("threshold", [0.29, 0.5, 0.57, 0.9])
def test_it_is_the_difference_of_scikit_learns_matrices(window: MakeWindow, qtbot: QtBot, threshold: float) -> None:
    document = EXTREMES["ten thousand rows"]().with_threshold(threshold)
    shown = panel(qtbot, window(document))
    labels = document.labels_of(np.arange(document.elements))
    known = ~np.isnan(labels)
    one, other = (
        confusion_matrix(labels[known] == 1, model.scores.array()[known, 0] >= threshold, labels=[True, False])
        for model in document.models
    )
    assert drawn(shown).values[:2, :2].tolist() == (other - one).tolist()


def test_cells_have_signs_words_and_the_colour_of_the_better(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    assert texts(shown) == [["+1", "−1", "0"], ["−1", "+1", "0"], ["0", "0", "0"]]
    assert [long for long, _ in drawn(shown).kinds] == [
        "more found", "fewer misses", "fewer false alarms", "more rightly no",
    ]  # fmt: skip
    assert drawn(shown).tones is not None
    assert drawn(shown).tones.tolist() == [[1, 1], [1, 1]]  # type: ignore[union-attr]
    assert shown.title.number.text() == "vague: 2 more right"
    assert "sure: 4\nvague: 5\nDifference: +1" in tip(shown, 0, 0)
    made.session.edit(lambda d: d.with_threshold(0.58), "T")
    settle(qtbot, made)
    assert texts(shown)[0][:2] == ["−1", "+1"]
    assert [long for long, _ in drawn(shown).kinds][:2] == ["fewer found", "more misses"]


def test_the_chosen_model_is_compared_with_the_reference(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    made.session.compare(reference="vague")
    settle(qtbot, made)
    assert texts(shown)[0][:2] == ["−1", "+1"]
    assert shown.pair.accessibleName() == "sure − vague"


def test_shares_are_points_of_each_truth(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    shown.cells.setFocus()
    key(Qt.Key.Key_Down)
    settle(qtbot, made)
    assert texts(shown)[0] == ["+20.0 pp", "−20.0 pp", "0 pp"]


def test_soft_cells_of_another_panel_change_nothing(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    before = texts(shown)
    made.session.decide(cells=Cells.SOFT)
    settle(qtbot, made)
    assert texts(shown) == before


def test_a_click_selects_the_rows_that_one_alone_puts_there(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made)
    click(shown.view, shown.view.cell_rect(0, 1).center())
    settle(qtbot, made)
    document = made.session.document
    every = np.arange(document.elements)
    one, other = (document.decisions_of(model, every) for model in (0, 1))
    expected = every[(document.labels_of(every) == 1) & (one != other)]
    assert made.session.view.selected.tolist() == expected.tolist()
    assert made.session.view.shown is Shown.SELECTED
    assert made.table.model.rowCount() == len(expected)


def test_answers_of_many_are_a_matrix_of_categories(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(300, 4))
    shown = panel(qtbot, made)
    document = made.session.document.with_scores(1, np.array([3]), [9.0])
    made.session.apply(document, "edit")
    settle(qtbot, made)
    matrix, rows = drawn(shown), np.arange(document.rows)
    truth, one, other = document.truths_of(rows), document.answers_of(0, rows), document.answers_of(1, rows)
    expected = sum(
        sign * confusion_matrix(truth[truth >= 0], said[truth >= 0], labels=range(4))
        for sign, said in ((1, other), (-1, one))
    )
    assert matrix.values[:4, :4].tolist() == expected.tolist()
    row, column = np.argwhere(expected != 0)[0].tolist() if expected.any() else (0, 0)
    click(shown.view, shown.view.cell_rect(row, column).center())
    settle(qtbot, made)
    chosen = (truth == row) & ((one == column) != (other == column))
    assert made.session.view.selected.tolist() == (rows[chosen] * 4).tolist()


def test_models_told_of_different_rows_are_said_to_be(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0, 1], {"A": [0.9, 0.2, np.nan], "B": [0.4, 0.6, 0.7]}))
    shown = panel(qtbot, made)
    assert shown.note.text() == "A has scores for 2 labelled, B for 3: shares compare them fairly."
