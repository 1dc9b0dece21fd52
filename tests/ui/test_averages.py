"""Averages over categories: as scikit-learn has them, and moving with the threshold."""

import warnings

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sklearn.metrics import accuracy_score, hamming_loss, precision_recall_fscore_support

from ui.documents import EXTREMES, animals, answers, questions
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document
from xentviz.session import decisions
from xentviz.ui.panels.averages import AveragesPanel
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow) -> AveragesPanel:
    """Return a panel over the window, shown and drawn."""
    found = AveragesPanel(made.session, made.look, made)
    found.setGeometry(0, 0, 520, 280)
    found.show()
    found.raise_()
    settle(qtbot, made)
    return found


def figures(shown: AveragesPanel) -> list[list[str]]:
    """Return the table."""
    return [[cell.text() for cell in row] for row in shown.cells]


def words(shown: AveragesPanel) -> list[str]:
    """Return all that can be read."""
    return [found.text() for found in shown.findChildren(QLabel) if found.isVisible()]


def labelled(rows: int = 200, categories: int = 5) -> Document:
    """Return questions without gaps, whose scores are hundredths."""
    rng = np.random.default_rng(2)
    labels = rng.random((rows, categories)) < [0.02, 0.1, 0.3, 0.5, 0.7]
    scores = np.clip(rng.integers(0, 80, labels.shape) / 100 + labels * 0.2, 0, 1).round(2)
    return Document.create(labels, {"A": scores, "B": 1 - scores}, categories=[f"c{k}" for k in range(categories)])


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    for prevalence in (None, 0.001, 0.0, 1.0):
        made.session.decide(prevalence=prevalence)
        settle(qtbot, made)
        assert not shown.grab().isNull()
        assert not any("nan" in text for text in words(shown))
    assert shown.applies == (len(made.session.document.categories) > 1)


@pytest.mark.parametrize("threshold", [0.29, 0.57, 0.58, 0.0, 1.0, 0.333, 0.71])
def test_the_numbers_are_those_of_scikit_learn(window: MakeWindow, qtbot: QtBot, threshold: float) -> None:
    document = labelled().with_threshold(threshold)
    shown = panel(qtbot, window(document))
    every = np.arange(document.elements)
    truth = (document.labels_of(every) == 1).reshape(-1, 5)
    said = (document.scores_of(0, every) >= threshold).reshape(-1, 5)
    for column, average in enumerate(("micro", "macro", "weighted", "samples")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = precision_recall_fscore_support(truth, said, average=average, zero_division=np.nan)[:3]
        for row, value in enumerate(expected):
            cell = shown.cells[row][column]
            if np.isnan(value):
                assert cell.text() == "—"
                assert cell.toolTip().startswith("Not defined")
            else:
                assert float(cell.text()) == pytest.approx(value, abs=0.006)
    assert float(shown.hamming.text()) == pytest.approx(hamming_loss(truth, said), abs=0.006)
    assert float(shown.subset.text().removesuffix(" %")) == pytest.approx(accuracy_score(truth, said) * 100, abs=0.06)


def test_all_move_with_the_threshold_at_once(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    shown = panel(qtbot, made)
    assert figures(shown)[1] == ["0.75", "0.75", "0.75", "0.83"]
    assert [shown.subset.text(), shown.hamming.text()] == ["66.7 %", "0.17"]
    made.session.edit(lambda d: d.with_threshold(0.3), "T")
    shown.refresh_now()
    assert figures(shown) == [["0.80", "0.83", "0.83", "0.83"], ["1.00"] * 4, ["0.89", "0.90", "0.90", "0.89"]]
    assert [shown.subset.text(), shown.hamming.text()] == ["66.7 %", "0.17"]


def test_they_are_of_all_categories_whichever_is_looked_at(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(labelled())
    shown = panel(qtbot, made)
    before = figures(shown)
    made.session.look(category=2)
    settle(qtbot, made)
    assert figures(shown) == before
    made.session.look(model=1)
    settle(qtbot, made)
    assert figures(shown) != before


def test_what_is_undefined_is_left_out_and_said(window: MakeWindow, qtbot: QtBot) -> None:
    labels = [[1, 0], [1, 0]]
    made = window(Document.create(labels, {"A": [[0.9, 0.1], [0.8, 0.2]]}, categories=["a", "b"]))
    shown = panel(qtbot, made)
    assert figures(shown)[0][:3] == ["1.00", "1.00", "1.00"]
    assert shown.left_out.text() == "not defined, and left out: precision 1, recall 1, F1 1 of 2"


def test_of_one_category_there_is_nothing_to_average(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window())
    assert not shown.applies
    assert "There is one category, and so nothing to average over." in words(shown)
    assert "micro" not in words(shown)


def test_one_answer_in_many_has_accuracy_and_no_samples(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(animals()))
    assert shown.subset.text() == "75 %"
    assert {"accuracy", "micro", "macro", "weighted"} <= set(words(shown))
    assert not {"samples", "Hamming loss", "subset accuracy"} & set(words(shown))
    assert figures(shown)[1][1] == "0.83"


def test_a_supposed_share_of_yes_is_said_and_rows_are_not_weighed(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(labelled())
    shown = panel(qtbot, made)
    recall = shown.cells[1][0].text()
    made.session.decide(prevalence=0.01)
    settle(qtbot, made)
    assert "as if 1 in 100 were yes" in shown.left_out.text()
    assert shown.cells[1][0].text() == recall
    assert float(shown.cells[0][0].text()) < 0.1
    assert shown.cells[0][3].text() == shown.subset.text() == "—"
    assert "cannot be weighed" in shown.subset.toolTip()


def test_of_many_rows_the_old_numbers_stand_muted_until_the_new_come(
    window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "AT_ONCE", 10)
    made = window(labelled())
    shown = panel(qtbot, made)
    before, subset = [row[3].text() for row in shown.cells], shown.subset
    assert subset.property("tone") == ""
    made.session.edit(lambda d: d.with_threshold(0.9), "T")
    shown.refresh_now()
    assert [row[3].text() for row in shown.cells] == before
    assert subset.property("tone") == "old"
    settle(qtbot, made)
    assert [row[3].text() for row in shown.cells] != before
    assert subset.property("tone") == ""


def test_models_come_and_go(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(20, 3))
    shown = panel(qtbot, made)
    for _ in range(2):
        made.session.edit(lambda d: d.without_model(0), "delete")
        settle(qtbot, made)
    assert "No model yet." in words(shown)
