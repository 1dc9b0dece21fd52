"""Whatever the document, theme and size: the window paints in silence, and nothing shows "nan"."""

import re
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, two_models
from ui.windows import MakeWindow, settle
from xentviz.choices import THEMES
from xentviz.session.view import Axis, Shown
from xentviz.ui.window.main_window import MainWindow

SIZES = ((1440, 900), (1280, 720), (720, 480))
NAN = re.compile(r"\bnan\b", re.IGNORECASE)

every_document = pytest.mark.parametrize("name", EXTREMES)


def texts(window: MainWindow) -> list[str]:
    """Return every text that the window shows, or would show as a tool tip."""
    found = [window.windowTitle(), *(words for widget in window.findChildren(QWidget) for words in _texts_of(widget))]
    model = window.table.model
    for column in range(model.columnCount()):
        found.append(model.headerData(column, Qt.Orientation.Horizontal))
        for line in range(min(model.rowCount(), 100)):
            index = model.index(line, column)
            found += [model.data(index), model.data(index, Qt.ItemDataRole.ToolTipRole)]
    return found + _plot_texts(window)


def _texts_of(widget: QWidget) -> list[str]:
    shown = [widget.text()] if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else []
    return [*shown, widget.toolTip(), widget.accessibleName()]


def _plot_texts(window: MainWindow) -> list[str]:
    items = [item for plot in (window.explore.loss_plot, window.explore.gradient_plot) for item in plot.scene().items()]
    return [item.toPlainText() for item in items if hasattr(item, "toPlainText")]


def with_nan(window: MainWindow) -> list[str]:
    """Return the texts that show a person how floats are kept."""
    return [words for words in texts(window) if NAN.search(words)]


def paint(qtbot: QtBot, window: MainWindow) -> None:
    """Paint the window once everything is drawn."""
    settle(qtbot, window)
    assert window.grab().size() == window.size() * window.devicePixelRatio()


@every_document
def test_every_document_is_painted_in_every_theme_and_size(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    for theme, size in product(THEMES, SIZES):
        if made.look.theme.name != theme:
            made.look.wear(theme)
        made.resize(*size)
        paint(qtbot, made)
        assert (made.width(), made.height()) == size
        assert not with_nan(made)


@every_document
def test_every_document_is_painted_along_both_axes_in_bits_with_each_row_current(
    window: MakeWindow, qtbot: QtBot, name: str
) -> None:
    made = window(EXTREMES[name]())
    made.actions_by_name["unit_bits"].trigger()
    made.actions_by_name["reduction_sum"].trigger()
    made.table.select_all()
    for axis in Axis:
        made.session.look(axis=axis, squared_error=True, current=None)
        paint(qtbot, made)
        assert not with_nan(made)
        for element in range(min(4, made.session.document.elements)):
            made.session.look(current=element)
            settle(qtbot, made)
            assert not with_nan(made)


@every_document
def test_every_document_can_be_sorted_by_every_column(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    header, everything = made.table.view.horizontalHeader(), made.table.model.rowCount()
    for column in range(made.table.model.columnCount()):
        header.sectionClicked.emit(column)
        settle(qtbot, made)
        assert made.table.model.rowCount() == everything
        assert not with_nan(made)


@every_document
def test_every_category_can_be_looked_at(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    made.table.select_all()
    for category in range(min(3, len(made.session.document.categories))):
        for shown in Shown:
            made.session.look(category=category, shown=shown, sorted_by="decision", current=0)
            paint(qtbot, made)
            assert not with_nan(made)


@every_document
def test_every_document_can_be_edited_and_all_of_it_undone(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    before, stack = made.session.document, made.session.undo_stack
    made.table.select_all()
    made.table.duplicate_rows()
    made.table.add_row()
    made.editing.add_model()
    made.editing.duplicate_model()
    made.threshold_bar.value.entered.emit(0.7)
    paint(qtbot, made)
    made.table.select_all()
    made.table.copy()
    made.table.delete_rows()
    paint(qtbot, made)
    assert made.session.document.rows == 0
    assert not made.message.isVisible()
    while stack.canUndo():
        stack.undo()
    paint(qtbot, made)
    assert made.session.document is before
    assert not with_nan(made)


@every_document
def test_every_document_can_be_filtered(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    everything = made.table.model.rowCount()
    for shown in (Shown.WRONG, Shown.INFINITE, Shown.SELECTED):
        made.session.look(shown=shown, sorted_by="loss")
        settle(qtbot, made)
        assert made.table.model.rowCount() <= everything
        assert made.session.view.shown is shown


def test_all_documents_can_follow_one_another_in_one_window_and_be_undone(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    made.session.look(model=1, current=9, selected=made.table.model.elements(0, 9))
    for name, make in EXTREMES.items():
        made.session.apply(make(), name)
        paint(qtbot, made)
        assert len(made.scoreboard.cards) == len(made.session.document.models), name
        assert made.table.model.columnCount() >= 5, name
    for name in reversed(EXTREMES):
        assert made.session.undo_stack.undoText() == name
        made.session.undo_stack.undo()
        paint(qtbot, made)
    assert [card.name.text() for card in made.scoreboard.cards] == ["sure", "vague"]


@pytest.mark.parametrize("name", ["no rows and no models", "ten thousand rows", "thirty categories"])
def test_a_window_can_be_closed_while_numbers_are_being_worked_out(window: MakeWindow, name: str) -> None:
    made = window()
    made.session.apply(EXTREMES[name](), "another")
    made.close()
    assert not made.isVisible()


@pytest.mark.parametrize(
    ("theme", "size"),
    # 1.6 times the type in the smallest window is not promised.
    [pair for pair in product(THEMES, SIZES) if pair != ("projector", SIZES[-1])],
)
def test_no_text_of_the_film_still_is_cut_off(window: MakeWindow, theme: str, size: tuple[int, int]) -> None:
    made = window(theme=theme, size=size)
    shown = [w for w in made.findChildren(QLabel) + made.findChildren(QAbstractButton) if w.isVisible() and w.text()]
    cut = [w.text() for w in shown if w.visibleRegion().boundingRect() != w.rect()]
    squeezed = [w.text() for w in shown if not _wraps(w) and w.width() < w.minimumSizeHint().width()]
    assert not cut + squeezed


def _wraps(widget: QWidget) -> bool:
    return isinstance(widget, QLabel) and widget.wordWrap()


def test_names_are_shown_as_they_are_written(window: MakeWindow) -> None:
    made = window(EXTREMES["markup names"]())
    assert [card.name.text() for card in made.scoreboard.cards][:3] == ["a<b & c", "{x}", "<img src='file:///x'>"]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in made.findChildren(QLabel))


def test_no_tool_tip_takes_a_name_for_markup(window: MakeWindow) -> None:
    made = window(EXTREMES["markup names"]())
    model, role = made.table.model, Qt.ItemDataRole.ToolTipRole
    tips = [model.headerData(c, Qt.Orientation.Horizontal, role) for c in range(model.columnCount())]
    tips += [model.data(model.index(r, c), role) for r in range(model.rowCount()) for c in range(model.columnCount())]
    tips += [widget.toolTip() for widget in made.findChildren(QWidget)]
    assert not [tip for tip in tips if GuiQt.mightBeRichText(tip)]


def test_a_name_of_ten_thousand_letters_is_elided_wherever_it_stands(window: MakeWindow) -> None:
    made = window(EXTREMES["long names"]())
    shown = [w.text() for w in made.findChildren(QLabel) + made.findChildren(QAbstractButton) if w.isVisible()]
    assert max(len(words) for words in shown) < 400
