"""How often models decide alike, and which of two is right: seen, chosen, and taken to the table."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot
from sklearn.metrics import cohen_kappa_score

from ui.documents import EXTREMES, answers, two_models
from ui.hands import click, key
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document
from xentviz.session.view import Shown
from xentviz.ui.panels.agreement import AgreementPanel
from xentviz.ui.widgets.matrix_view import MatrixView
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow, size: tuple[int, int] = (700, 320)) -> AgreementPanel:
    """Return a panel over the window, shown and drawn."""
    found = AgreementPanel(made.session, made.look, made)
    found.setGeometry(0, 0, *size)
    found.show()
    found.raise_()
    settle(qtbot, made)
    return found


def texts(view: MatrixView) -> list[list[str]]:
    """Return what is written in the cells."""
    assert view.matrix is not None
    return [[view.matrix.text(float(value)) for value in row] for row in view.matrix.values[:-1, :-1]]


def tip(view: MatrixView, row: int, column: int) -> str:
    """Rest the mouse on a cell, and return the tool tip that comes."""
    at = view.cell_rect(row, column).center()
    QApplication.sendEvent(view, QHelpEvent(QHelpEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    return QToolTip.text().replace("\u2060", "")


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("size", [(700, 320), (360, 420)])
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str, size: tuple[int, int]) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made, size)
    for category in (None, 0):
        for beyond in (False, True):
            made.session.look(category=category)
            made.session.compare(beyond_chance=beyond)
            settle(qtbot, made)
            assert not shown.grab().isNull()
    assert shown.models.isVisible() == (len(made.session.document.models) > 1)


def test_shares_and_kappas_are_those_of_scikit_learn(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    assert texts(shown.models) == [["—", "80"], ["80", "—"]]
    assert shown.title.number.text() == "80 % alike"
    shown.choice.setFocus()
    key(Qt.Key.Key_Down)
    settle(qtbot, made)
    document = made.session.document
    one, other = (document.decisions_of(m, np.arange(10)) for m in (0, 1))
    assert texts(shown.models)[0][1] == f"{cohen_kappa_score(one, other):.2f}"
    assert shown.title.number.text() == "κ 0.60"


def test_the_four_counts_say_who_is_right(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    assert texts(shown.four) == [["8", "0"], ["2", "0"]]
    assert shown.luck.text() == "vague is right on 2 more: cannot tell (McNemar’s p = 0.50)."
    assert "only vague right: 2" in tip(shown.models, 0, 1)
    made.session.edit(lambda d: d.with_threshold(0.99), "T")
    settle(qtbot, made)
    assert texts(shown.four) == [["5", "1"], ["0", "4"]]


@pytest.mark.parametrize("cell", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_click_on_a_count_selects_what_it_counts(window: MakeWindow, qtbot: QtBot, cell: tuple[int, int]) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made)
    click(shown.four, shown.four.cell_rect(*cell).center())
    settle(qtbot, made)
    document = made.session.document
    every = np.arange(document.elements)
    labels = document.labels_of(every)
    one, other = (document.decisions_of(m, every) == (labels == 1) for m in (0, 1))
    expected = every[~np.isnan(labels) & (one == (cell[0] == 0)) & (other == (cell[1] == 0))]
    assert made.session.view.selected.tolist() == expected.tolist()
    assert shown.four.matrix is not None
    assert shown.four.matrix.values[cell] == len(expected)
    assert made.session.view.shown is Shown.SELECTED


def test_what_is_decided_differently_is_taken_to_the_table(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(200, 4))
    document = made.session.document.with_scores(1, np.array([8]), [30.0])
    made.session.apply(document, "edit")
    shown = panel(qtbot, made)
    rows = np.arange(document.rows)
    expected = rows[document.answers_of(0, rows) != document.answers_of(1, rows)] * 4
    assert shown.apart.text() == f"{len(expected)} decided differently"
    click(shown.apart)
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == expected.tolist()


def test_a_click_on_two_models_compares_them_everywhere(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["eight models"]())
    shown = panel(qtbot, made)
    click(shown.models, shown.models.cell_rect(5, 2).center())
    settle(qtbot, made)
    assert (made.session.reference, made.session.rival) == (5, 2)
    assert shown.pair.accessibleName() == "model 5 and model 2"
    click(shown.models, shown.models.cell_rect(3, 3).center())  # a model with itself is no pair
    assert (made.session.reference, made.session.rival) == (5, 2)


def test_what_has_no_label_is_decided_but_neither_right_nor_wrong(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, np.nan, 0], {"A": [0.9, 0.8, 0.1], "B": [0.9, 0.2, 0.6]}))
    shown = panel(qtbot, made)
    assert texts(shown.four) == [["1", "1"], ["0", "0"]]
    assert shown.apart.text() == "2 decided differently"
    assert shown.note.text() == "1 more have no label: neither right nor wrong."


def test_one_model_is_asked_for_another(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window())
    assert shown._empty.isVisible()
