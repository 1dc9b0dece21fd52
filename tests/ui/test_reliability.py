"""The panel of reliability: what it says of bins and errors, and what the hand does to them."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, animals, questions
from ui.hands import click, drag, hover, key
from ui.windows import MakeWindow, settle
from xentviz.core.calibration import expected_calibration_error
from xentviz.core.document import Document
from xentviz.session.view import Shown
from xentviz.ui.panels.reliability import ReliabilityPanel
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow, size: tuple[int, int] = (560, 320)) -> ReliabilityPanel:
    """Return a panel over the window, shown and drawn."""
    found = ReliabilityPanel(made.session, made.look, made)
    found.setGeometry(0, 0, *size)
    found.show()
    found.raise_()
    settle(qtbot, made)
    qtbot.waitUntil(lambda: not found.will_redraw)
    return found


def words(text: str) -> str:
    """Return a text with plain spaces."""
    return text.replace("\u2009", " ")


def bars() -> Document:
    """Return 60 rows scored 0.25, of which 15 are yes, and 40 scored 0.75, of which 20 are; and a second model."""
    labels = np.concatenate([np.repeat([1, 0], [15, 45]), np.repeat([1, 0], [20, 20])])
    scores = np.repeat([0.25, 0.75], [60, 40])
    return Document.create(labels, {"A": scores, "B": np.where(labels == 1, 0.9, 0.1)})


def in_bin(shown: ReliabilityPanel, number: int) -> QPoint:
    """Return a pixel in the middle of a bin."""
    found, frame = shown.plot.strong, shown.plot.frame()
    assert found is not None
    middle = found.edges[number : number + 2].mean()
    return QPoint(round(frame.left() + middle * frame.width()), round(frame.center().y()))


def test_it_tells_the_error_and_how_it_depends_on_the_bins(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(bars())
    shown = panel(qtbot, made)
    assert shown.title.number.text() == "ECE 0.100"
    assert shown.sensitivity.text() == "ECE 0.100 with 15 bins; 0.100 to 0.100 with 5 to 50"
    assert shown.counted.text() == "15 bins"
    assert [line.strong for line in shown.errors.lines] == [True, False]
    np.testing.assert_allclose(shown.errors.lines[1].errors, 0.1, atol=1e-12)


def test_a_bin_that_is_pointed_at_is_told_and_a_click_selects_its_rows(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(bars())
    shown = panel(qtbot, made)
    made.session.compare(bins=10)
    settle(qtbot, made)
    hover(shown.plot, in_bin(shown, 7))
    assert words(shown.note.text()) == "Of 40 rows scored 0.70–0.80 (mean 0.75), 50 % were yes (35 %–65 %)"
    hover(shown.plot, in_bin(shown, 4))
    assert shown.note.text() == "No row is scored 0.40–0.50."
    click(shown.plot, in_bin(shown, 7))
    settle(qtbot, made)
    assert made.session.view.shown is Shown.SELECTED
    assert made.session.view.selected.tolist() == list(range(60, 100))
    assert made.session.view.current == 60


def test_bins_are_reached_by_keys(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(bars())
    shown = panel(qtbot, made)
    made.session.compare(bins=2)
    settle(qtbot, made)
    shown.plot.setFocus()
    key(Qt.Key.Key_Right)
    assert words(shown.note.text()).startswith("Of 60 rows scored 0–0.50 (mean 0.25), 25 % were yes")
    key(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return)
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == list(range(60, 100))


def test_the_number_of_bins_is_a_slider_or_dragged_in_the_little_plot(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(bars())
    shown = panel(qtbot, made)
    shown.bins.setFocus()
    key(Qt.Key.Key_Home)
    settle(qtbot, made)
    assert made.session.view.comparing.bins == 2
    assert len(shown.plot.strong.counts) == 2
    start, end = (QPoint(round(shown.errors.x_of(bins)), 40) for bins in (2, 60))
    drag(shown.errors, start, end)
    settle(qtbot, made)
    assert made.session.view.comparing.bins == pytest.approx(60, abs=1)
    assert shown.bins.value() == made.session.view.comparing.bins
    drag(shown.errors, end, end + QPoint(900, 0))
    assert made.session.view.comparing.bins == 100


def test_bins_may_hold_as_many_rows_each(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made)
    shown.widths.setFocus()
    key(Qt.Key.Key_Down)
    settle(qtbot, made)
    qtbot.waitUntil(lambda: not shown.will_redraw)
    assert made.session.view.comparing.equal_count
    counts = shown.plot.strong.counts
    assert len(counts) == 15
    assert np.ptp(counts) <= 1


def test_the_parts_of_the_brier_score_add_up_for_each_model(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(bars())
    shown = panel(qtbot, made)
    assert [column.name for column in shown.split.columns] == ["A", "B"]
    parts = [line.cells[0] for line in shown.split.lines]
    # 0.6 · 0.1875 + 0.4 · 0.3125; gaps 0 and 0.25; shares 0.25 and 0.5 around 0.35.
    assert parts == ["0.237", "0.0250", "0.0150", "0.227", "0"]
    assert "comes true" in shown.split.tip_at(2 * shown.split._height + 3)


def test_a_temperature_draws_a_dashed_curve(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(bars())
    shown = panel(qtbot, made)
    before = shown.plot.grab().toImage()
    assert shown.plot.heated is None
    made.session.compare(temperature=2.0)
    settle(qtbot, made)
    assert shown.plot.heated[0].startswith("T = 2: ECE 0.1")
    assert shown.plot.grab().toImage() != before
    made.session.compare(temperature=1.0)
    settle(qtbot, made)
    assert shown.plot.heated is None
    assert shown.plot.grab().toImage() == before


def test_one_answer_in_many_is_confidence_against_accuracy(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    shown = panel(qtbot, made)
    error = expected_calibration_error([1, 0, 1, 1], [0.5, 0.6, 0.6, 0.8])
    assert shown.title.number.text() == f"ECE {error:.3f} · confidence against accuracy"
    made.session.compare(bins=10)
    settle(qtbot, made)
    hover(shown.plot, in_bin(shown, 6))
    assert "decided with 0.60–0.70 (mean 0.60), 50 % were right" in shown.note.text()
    click(shown.plot, in_bin(shown, 6))
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == [3, 6]
    made.session.look(category=1)
    settle(qtbot, made)
    assert shown.title.number.text().endswith("probability of dog")
    hover(shown.plot, in_bin(shown, 8))
    assert "were dog" in shown.note.text()


def test_several_questions_are_answers(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    shown = panel(qtbot, made)
    assert shown.title.number.text().endswith("all questions together")
    hover(shown.plot, in_bin(shown, 13))
    assert shown.note.text().startswith("Of 1 answer scored")
    made.session.look(category=1)
    settle(qtbot, made)
    assert shown.title.number.text().endswith("probability of dog")


def test_another_model_is_the_strong_one_when_it_is_chosen(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(bars())
    shown = panel(qtbot, made)
    made.session.look(model=1)
    settle(qtbot, made)
    assert [curve.strong for curve in shown.plot.curves] == [False, True]
    assert shown.plot.strong.counts[1] == 65


def test_the_explanation_says_what_ece_is(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(bars()))
    click(shown.title.asking)
    popup = shown.title.explain()
    assert popup.isVisible()
    assert "ECE is the mean gap" in shown.title.explanation
    popup.close()


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("size", [(560, 300), (330, 200)])
def test_it_draws_whatever_there_is(window: MakeWindow, qtbot: QtBot, name: str, size: tuple[int, int]) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made, size)
    made.session.compare(temperature=0.5, bins=100, equal_count=True)
    settle(qtbot, made)
    shown.refresh()
    for number in (0, 50):
        if shown.plot.strong is not None and shown.plot.isVisible():
            hover(shown.plot, in_bin(shown, min(number, len(shown.plot.strong.counts) - 1)))
    assert not shown.grab().isNull()
    known = made.session.document.models and made.session.looked_at(0).known
    assert shown.plot.isVisible() == bool(known) or made.session.view.category is not None


def test_rows_of_many_answers_are_heated_in_the_background(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["three thousand rows of one answer"]())
    shown = panel(qtbot, made)
    made.session.compare(temperature=2.0)
    qtbot.waitUntil(lambda: shown.plot.heated is not None)
    p = made.session.document.models[0].scores.array()
    heated = shown.plot.heated[1]
    assert heated.total == (made.session.document.labels.array() >= 0).sum()
    roots = np.sqrt(p) / np.sqrt(p).sum(axis=1, keepdims=True)
    known = made.session.document.labels.array() >= 0
    assert heated.score_sums.sum() == pytest.approx(roots.max(axis=1)[known].sum(), rel=1e-9)


def test_in_a_low_panel_the_parts_of_the_score_give_way(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(bars())
    shown = panel(qtbot, made, (560, 240))
    assert not shown.split.isVisible()
    assert shown.sensitivity.isVisible()
    shown.resize(560, 330)
    assert shown.split.isVisible()


def test_the_number_says_where_it_is_not_that_of_the_scoreboard(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([[1, 0]] * 10, {"A": [[0.8, 0.2]] * 10}, categories=("cat", "dog")))
    shown = panel(qtbot, made)
    assert shown.title.number.text() == "ECE 0.200 · all questions together"
    assert "own ECE (macro)" in shown.title.number.toolTip()
    made.session.look(category=0)
    settle(qtbot, made)
    assert "macro" not in shown.title.number.toolTip()
    of_answers = panel(qtbot, window(animals()))
    assert "largest probability of each row; the scoreboard" in of_answers.title.number.toolTip()
    assert "macro" not in panel(qtbot, window(bars())).title.number.toolTip()
