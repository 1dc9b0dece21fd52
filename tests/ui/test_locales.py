"""Numbers on a desktop whose language writes them with a comma: read either way, shown with a point."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from ui.documents import two_models
from ui.hands import CTRL, double_click, in_table, key, write
from ui.windows import MakeWindow, settle
from xentviz.ui.window.main_window import MainWindow

WITH_COMMA = re.compile(r"\d,\d")


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    assert QLocale().toString(0.25) == "0,25"
    yield
    QLocale.setDefault(before)


def score(made: MainWindow) -> float:
    return float(made.session.document.models[0].scores.array().ravel()[0])


@pytest.mark.parametrize("typed", ["0.25", "0,25", ".25", ",25", "2.5e-1", "2,5e-1"])
def test_a_score_is_typed_with_a_point_or_a_comma(window: MakeWindow, qtbot: QtBot, typed: str) -> None:
    made = window()
    double_click(made.table.view.viewport(), in_table(made.table, 0, "score:0"))
    write(typed)
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert score(made) == 0.25
    assert made.table.model.data(made.table.model.index(0, made.table.model.columns.index("score:0"))) == "0.25"


@pytest.mark.parametrize("typed", ["0.25", "0,25"])
def test_the_threshold_is_typed_with_a_point_or_a_comma(window: MakeWindow, qtbot: QtBot, typed: str) -> None:
    made = window()
    made.threshold_bar.value.setFocus()
    made.threshold_bar.value.selectAll()
    write(typed)
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert made.session.document.thresholds == (0.25,)
    assert made.threshold_bar.value.text() == "0.25"


def test_an_editor_holds_a_number_as_it_would_be_typed(window: MakeWindow) -> None:
    made = window()
    double_click(made.table.view.viewport(), in_table(made.table, 2, "score:0"))
    (editor,) = made.table.view.viewport().findChildren(QLineEdit)
    assert editor.text() == "0.7"
    key(Qt.Key.Key_Escape)


def test_no_number_is_shown_with_a_comma(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    made.table.select_all()
    settle(qtbot, made)
    table = made.table.model
    cells = [table.data(table.index(r, c)) for r in range(table.rowCount()) for c in range(table.columnCount())]
    words = [words.text() for words in made.findChildren(QLabel)] + [
        words.toolTip() for words in made.findChildren(QLabel)
    ]
    plots = [made.explore.loss_plot, made.explore.gradient_plot]
    drawn = [item.toPlainText() for plot in plots for item in plot.scene().items() if hasattr(item, "toPlainText")]
    ticks = [text for plot in plots for axis in ("left", "bottom") for text in _ticks(plot.getAxis(axis))]
    shown = [text for text in (*cells, *words, *drawn, *ticks) if text]
    assert sum("." in text for text in cells) > len(cells) / 4
    assert "0.2" in ticks
    assert not [text for text in shown if WITH_COMMA.search(text)]


def test_copied_numbers_have_a_point(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.table.select_all()
    key(Qt.Key.Key_C, held=CTRL)
    copied = QGuiApplication.clipboard().text()
    assert "0.95" in copied
    assert not WITH_COMMA.search(copied)


def _ticks(axis) -> list[str]:  # type: ignore[no-untyped-def]
    """Return what stands beside an axis."""
    low, high = axis.range
    levels = axis.tickValues(low, high, 400)
    return [text for spacing, values in levels for text in axis.tickStrings(values, axis.scale, spacing)]
