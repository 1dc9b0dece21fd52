"""The plots: dots lie on their curves, can be chosen, dragged and nudged, and everything follows."""

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QRadioButton
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, questions, two_models
from ui.hands import CTRL, SHIFT, click, double_click, drag, hover, in_plot, key, let_go, press, pull, turn_wheel
from ui.windows import MakeWindow, film_still, settle
from xentviz.core.document import Document
from xentviz.session.view import Axis
from xentviz.ui.widgets.curve_plot import CurvePlot
from xentviz.ui.window.main_window import MainWindow

FILM_LOSSES = {0.9: -np.log(0.9), 0.95: -np.log(0.95), 0.7: -np.log(0.3), 0.75: -np.log(0.75)}
LOSS = {1.0: lambda p: -np.log(p), 0.0: lambda p: -np.log1p(-p)}
SLOPE = {1.0: lambda p: -1 / p, 0.0: lambda p: 1 / (1 - p)}
LOSS_Z = {1.0: lambda z: np.logaddexp(0, -z), 0.0: lambda z: np.logaddexp(0, z)}
SLOPE_Z = {1.0: lambda z: 1 / (1 + np.exp(-z)) - 1, 0.0: lambda z: 1 / (1 + np.exp(-z))}


def points(plot: CurvePlot) -> np.ndarray:
    """Return the places of all marks of a plot, shape (marks, 2)."""
    scatters = [item for item in plot.getPlotItem().items if isinstance(item, pyqtgraph.ScatterPlotItem)]
    shown = [np.column_stack(item.getData()) for item in scatters if item.isVisible()]
    return np.concatenate([*shown, np.empty((0, 2))])


def curves(plot: CurvePlot) -> list[np.ndarray]:
    """Return the visible curves of a plot without the tangent, each of shape (places, 2)."""
    lines = [item for item in plot.getPlotItem().items if isinstance(item, pyqtgraph.PlotDataItem)]
    data = [item.getOriginalDataset() for item in lines if item.isVisible()]
    return [np.column_stack(both) for both in data if both[0] is not None and len(both[0]) > 2]


def readout(window: MainWindow) -> str:
    """Return what stands beside the dot or place described, empty if nothing is."""
    items = [item for item in window.explore.loss_plot.scene().items() if isinstance(item, pyqtgraph.TextItem)]
    return "".join(item.toPlainText() for item in items if item.isVisible() and "dℓ/dz" in item.toPlainText())


def score(window: MainWindow, line: int, model: int = 0) -> str:
    """Return what the table shows as the score on a line."""
    table = window.table.model
    return table.data(table.index(line, table.columns.index(f"score:{model}")))


def cell(window: MainWindow, line: int, column: str) -> str:
    """Return what the table shows in a cell."""
    table = window.table.model
    return table.data(table.index(line, table.columns.index(column)))


def scores(window: MainWindow, model: int = 0) -> list[float]:
    """Return a model's scores, row by row and category by category."""
    document = window.session.document
    return document.scores_of(model, np.arange(document.elements)).tolist()


def at_dot(window: MainWindow, p: float) -> QPoint:
    """Return the pixel of a dot of the film still in the upper plot."""
    return in_plot(window.explore.loss_plot, p, FILM_LOSSES[p])


def drag_dot(qtbot: QtBot, window: MainWindow, start: QPoint, *way: QPoint) -> None:
    """Drag a dot in the upper plot."""
    drag(window.explore.loss_plot.viewport(), start, *way)
    settle(qtbot, window)


# Where dots lie


@pytest.mark.parametrize("make", [lambda: film_still().document, two_models, questions])
def test_every_dot_lies_on_the_curve_of_its_label_on_both_axes(window: MakeWindow, qtbot: QtBot, make) -> None:
    made = window(make())
    for axis, heights in ((Axis.PROBABILITY, (LOSS, SLOPE)), (Axis.LOGIT, (LOSS_Z, SLOPE_Z))):
        made.session.look(axis=axis)
        settle(qtbot, made)
        for plot, height in zip((made.explore.loss_plot, made.explore.gradient_plot), heights, strict=True):
            marks = points(plot)
            low, high = plot.getViewBox().viewRange()[1]
            edge = 0.031 * (high - low)
            inside = marks[(marks[:, 1] > (low + edge if low else 0)) & (marks[:, 1] < high - edge)]
            away = np.min([np.abs(height[y](inside[:, 0]) - inside[:, 1]) for y in (0.0, 1.0)], axis=0)
            assert len(inside) >= 4
            assert away.max() < 1e-9


@pytest.mark.parametrize(("unit", "per_nat"), [("bits", 1 / np.log(2)), ("bans", 1 / np.log(10))])
def test_dots_stay_on_their_curves_in_every_unit(window: MakeWindow, qtbot: QtBot, unit: str, per_nat: float) -> None:
    made = window()
    before = points(made.explore.loss_plot)
    made.actions_by_name[f"unit_{unit}"].trigger()
    settle(qtbot, made)
    after = points(made.explore.loss_plot)
    assert after[:, 0] == pytest.approx(before[:, 0])
    assert after[:, 1] == pytest.approx(before[:, 1] * per_nat)


def test_the_curves_are_those_of_the_two_labels(window: MakeWindow) -> None:
    made = window()
    drawn = curves(made.explore.loss_plot)
    assert len(drawn) == 2
    for curve in drawn:
        inside = curve[(curve[:, 0] > 0.01) & (curve[:, 0] < 0.99)]
        away = [np.abs(LOSS[y](inside[:, 0]) - inside[:, 1]).max() for y in (0.0, 1.0)]
        assert min(away) < 1e-9


def test_a_soft_label_has_a_curve_of_its_own_with_its_dot_on_it(window: MakeWindow) -> None:
    made = window(Document.create([0.25, 1, 0], {"A": [0.4, 0.8, 0.1]}))
    assert len(curves(made.explore.loss_plot)) == 3
    expected = -0.25 * np.log(0.4) - 0.75 * np.log(0.6)
    assert np.abs(points(made.explore.loss_plot) - [0.4, expected]).sum(axis=1).min() < 1e-9
    assert any("soft label" in label.text() for label in made.explore.findChildren(QLabel))


@pytest.mark.parametrize("axis", Axis)
def test_squared_error_is_drawn_beside_and_taken_away_again(window: MakeWindow, qtbot: QtBot, axis: Axis) -> None:
    made = window()
    made.session.look(axis=axis)
    (box,) = (b for b in made.explore.findChildren(QCheckBox) if b.text() == "squared error")
    for count in (4, 2):
        click(box)
        settle(qtbot, made)
        assert box.isChecked() is (count == 4)
        assert made.actions_by_name["squared_error"].isChecked() is (count == 4)
        for plot in (made.explore.loss_plot, made.explore.gradient_plot):
            assert len(curves(plot)) == count


def test_squared_error_never_exceeds_one(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.actions_by_name["squared_error"].trigger()
    settle(qtbot, made)
    highest = sorted(curve[:, 1].max() for curve in curves(made.explore.loss_plot))
    assert highest[:2] == pytest.approx([1, 1])
    assert highest[2] > 10


@pytest.mark.parametrize("text", ["logit z", "probability p"])
def test_the_axis_is_switched_by_a_click(window: MakeWindow, qtbot: QtBot, text: str) -> None:
    made = window()
    for wanted in ("logit z", "probability p", text):
        (button,) = (b for b in made.explore.findChildren(QRadioButton) if b.text() == wanted)
        click(button)
        settle(qtbot, made)
    low, high = made.explore.loss_plot.getViewBox().viewRange()[0]
    assert (low < -5 and high > 5) if text == "logit z" else (-0.1 < low < 0 and 1 < high < 1.1)
    assert made.actions_by_name[f"axis_{made.session.view.axis}"].isChecked()


def test_both_plots_show_the_same_stretch_of_the_axis(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    for axis in Axis:
        made.session.look(axis=axis)
        settle(qtbot, made)
        ranges = [p.getViewBox().viewRange()[0] for p in (made.explore.loss_plot, made.explore.gradient_plot)]
        assert ranges[0] == pytest.approx(ranges[1])


# The read-out


def test_the_current_row_is_described_from_the_start(window: MakeWindow) -> None:
    assert readout(window()) == "p 0.70 · y 0 → loss 1.204 nats\ndℓ/dp +3.333 · dℓ/dz +0.700"


def test_a_dot_is_described_when_it_is_pointed_at(window: MakeWindow) -> None:
    made = window()
    hover(made.explore.loss_plot.viewport(), at_dot(made, 0.95))
    assert readout(made) == "p 0.95 · y 1 → loss 0.051 nats\ndℓ/dp −1.053 · dℓ/dz −0.050"
    hover(made.explore.loss_plot.viewport(), at_dot(made, 0.7))
    assert readout(made) == "p 0.70 · y 0 → loss 1.204 nats\ndℓ/dp +3.333 · dℓ/dz +0.700"


def test_a_dot_of_the_gradient_is_described_too(window: MakeWindow) -> None:
    made = window()
    plot = made.explore.gradient_plot
    hover(plot.viewport(), in_plot(plot, 0.75, -1 / 0.75))
    assert readout(made).startswith("p 0.75 · y 1 → loss 0.288 nats")


@pytest.mark.parametrize(("p", "label", "loss"), [(0.25, 1, "1.38"), (0.3, 0, "0.35")])
def test_a_place_on_a_curve_is_described_when_it_is_pointed_at(
    window: MakeWindow, p: float, label: int, loss: str
) -> None:
    made = window()
    plot = made.explore.loss_plot
    hover(plot.viewport(), in_plot(plot, p, float(LOSS[float(label)](p))))
    assert f"y {label} → loss {loss}" in readout(made)


def test_the_current_row_is_described_again_when_the_pointer_leaves(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    hover(made.explore.loss_plot.viewport(), at_dot(made, 0.95))
    QApplication.sendEvent(made.explore.loss_plot, QEvent(QEvent.Type.Leave))
    assert readout(made).startswith("p 0.70 · y 0")


@pytest.mark.parametrize(
    ("axis", "text"),
    [
        (Axis.PROBABILITY, "p 1 · y 0 → loss ∞ nats\ndℓ/dp +∞ · dℓ/dz +1.000"),
        (Axis.LOGIT, "z ∞ · p 1 · y 0 → loss ∞ nats\ndℓ/dp +∞ · dℓ/dz +1.000"),
    ],
)
def test_a_certain_and_wrong_row_is_described_as_infinite(
    window: MakeWindow, qtbot: QtBot, axis: Axis, text: str
) -> None:
    made = window(Document.create([0, 1], {"A": [1.0, 0.5]}))
    made.session.look(current=0, axis=axis)
    settle(qtbot, made)
    assert readout(made) == text


@pytest.mark.parametrize("axis", Axis)
@pytest.mark.parametrize(
    ("label", "p", "slope"), [(1, 1.0, "−1.000"), (0, 0.0, "+1.000"), (1, 0.0, "−∞"), (0, 1.0, "+∞")]
)
def test_the_slope_by_p_is_right_at_the_ends_on_both_axes(
    window: MakeWindow, qtbot: QtBot, axis: Axis, label: int, p: float, slope: str
) -> None:
    made = window(Document.create([label], {"A": [p]}))
    made.session.look(current=0, axis=axis)
    settle(qtbot, made)
    assert f"dℓ/dp {slope} ·" in readout(made)
    assert made.working.slope.text().splitlines()[0].endswith(f"= {slope.removeprefix('+')}")


@pytest.mark.parametrize("label", [0, 1])
def test_the_working_keeps_a_probability_close_to_one_together(window: MakeWindow, qtbot: QtBot, label: int) -> None:
    made = window(Document.create([label], {"A": [1 - 1e-6]}))
    made.session.look(current=0)
    settle(qtbot, made)
    for words in (made.working.formula.text(), made.working.slope.text()):
        assert words.count("1−1e−6") == words.count("(1−1e−6)")


def test_nothing_is_described_without_a_current_row(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.session.look(current=None)
    settle(qtbot, made)
    assert readout(made) == ""


# Choosing


@pytest.mark.parametrize("p", FILM_LOSSES)
def test_a_click_on_a_dot_chooses_its_row(window: MakeWindow, qtbot: QtBot, p: float) -> None:
    made = window()
    made.session.look(current=None, selected=np.array([], dtype=np.int64))
    click(made.explore.loss_plot.viewport(), at_dot(made, p))
    settle(qtbot, made)
    assert made.session.view.current == list(FILM_LOSSES).index(p)
    assert readout(made).startswith(f"p {p:.2f}")


def test_a_click_on_a_dot_of_the_gradient_chooses_its_row(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot = made.explore.gradient_plot
    click(plot.viewport(), in_plot(plot, 0.9, -1 / 0.9))
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == [0]


def test_a_click_close_to_a_dot_is_enough(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    click(made.explore.loss_plot.viewport(), at_dot(made, 0.9) - QPoint(8, 8))
    settle(qtbot, made)
    assert made.session.view.current == 0


@pytest.mark.parametrize("held", [CTRL, SHIFT])
def test_a_click_with_a_key_held_extends_the_choice_and_takes_back(
    window: MakeWindow, qtbot: QtBot, held: Qt.KeyboardModifier
) -> None:
    made = window()
    viewport = made.explore.loss_plot.viewport()
    chosen = []
    for p in (0.9, 0.75, 0.9):
        click(viewport, at_dot(made, p), keys=held)
        settle(qtbot, made)
        chosen.append(made.session.view.selected.tolist())
    assert chosen == [[0, 2], [0, 2, 3], [2, 3]]


def test_a_click_on_empty_ground_chooses_nothing(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    click(made.explore.loss_plot.viewport(), in_plot(made.explore.loss_plot, 0.4, 3.0))
    settle(qtbot, made)
    assert made.session.view.current is None
    assert not len(made.session.view.selected)
    assert "Choose a row" in " ".join(label.text() for label in made.working.findChildren(QLabel))


# Dragging


def test_a_dragged_dot_takes_table_scoreboard_and_working_with_it(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    drag_dot(qtbot, made, at_dot(made, 0.7), in_plot(made.explore.loss_plot, 0.3, 0.5))
    assert score(made, 2) == "0.30"
    assert cell(made, 2, "loss") == "0.357"
    assert made.scoreboard.cards[0].loss.text() == "0.200"
    assert "ln(1 − 0.30)" in made.working.formula.text()
    assert readout(made).startswith("p 0.30 · y 0 → loss 0.357 nats")


def test_everything_follows_while_the_dot_is_still_held(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot, start = made.explore.loss_plot, at_dot(made, 0.7)
    end = in_plot(plot, 0.5, 0.7)
    press(plot.viewport(), start)
    pull(plot.viewport(), start, end)
    settle(qtbot, made)
    assert score(made, 2) == "0.50"
    assert made.scoreboard.cards[0].loss.text() == "0.284"
    let_go(plot.viewport(), end)


def test_a_drag_is_one_step_to_undo(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    before, plot = made.session.document, made.explore.loss_plot
    drag_dot(qtbot, made, at_dot(made, 0.7), in_plot(plot, 0.3, 0.5), in_plot(plot, 0.6, 1.0), in_plot(plot, 0.2, 0.2))
    assert made.session.undo_stack.count() == 1
    assert made.session.undo_stack.undoText() == "Move dot"
    key(Qt.Key.Key_Z, held=CTRL)
    settle(qtbot, made)
    assert made.session.document is before
    assert score(made, 2) == "0.70"


def test_two_drags_are_two_steps(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot = made.explore.loss_plot
    drag_dot(qtbot, made, at_dot(made, 0.7), in_plot(plot, 0.6, 1.0))
    drag_dot(qtbot, made, in_plot(plot, 0.6, -np.log(0.4)), in_plot(plot, 0.5, 1.0))
    assert made.session.undo_stack.count() == 2


def test_a_dragged_dot_stays_on_its_curve(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    drag_dot(qtbot, made, at_dot(made, 0.7), in_plot(made.explore.loss_plot, 0.4, 3.0))
    p = scores(made)[2]
    assert p == pytest.approx(0.4, abs=0.003)
    assert np.abs(points(made.explore.loss_plot) - [p, -np.log1p(-p)]).sum(axis=1).min() < 1e-9


def test_a_dragged_dot_is_the_chosen_row(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    drag_dot(qtbot, made, at_dot(made, 0.75), in_plot(made.explore.loss_plot, 0.6, 0.5))
    assert made.session.view.selected.tolist() == [3]
    assert made.table.view.currentIndex().row() == 3


def test_dots_of_the_gradient_can_be_dragged_too(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot = made.explore.gradient_plot
    drag(plot.viewport(), in_plot(plot, 0.7, 1 / 0.3), in_plot(plot, 0.2, 1.25))
    settle(qtbot, made)
    assert scores(made)[2] == pytest.approx(0.2, abs=0.003)


def test_dragging_a_dot_does_not_move_the_axes(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    before = made.explore.loss_plot.getViewBox().viewRange()
    drag_dot(qtbot, made, at_dot(made, 0.7), in_plot(made.explore.loss_plot, 0.3, 0.5))
    assert made.explore.loss_plot.getViewBox().viewRange() == before


@pytest.mark.parametrize(("p", "end", "value"), [(0.9, -0.2, 0.0), (0.7, 1.2, 1.0)])
def test_a_dot_dragged_to_the_edge_costs_infinity_and_can_be_dragged_back(
    window: MakeWindow, qtbot: QtBot, p: float, end: float, value: float
) -> None:
    made = window()
    plot, line = made.explore.loss_plot, list(FILM_LOSSES).index(p)
    drag_dot(qtbot, made, at_dot(made, p), in_plot(plot, end, 1.0))
    assert scores(made)[line] == value
    assert (cell(made, line, "loss"), made.scoreboard.cards[0].loss.text()) == ("∞", "∞")
    x, y = points(plot)[np.argmin(np.abs(points(plot)[:, 0] - value))]
    drag_dot(qtbot, made, in_plot(plot, x, y), in_plot(plot, 0.5, 1.0))
    assert scores(made)[line] == pytest.approx(0.5, abs=0.003)
    assert made.scoreboard.cards[0].loss.text() != "∞"


def test_a_dot_that_lies_under_the_threshold_line_can_be_dragged(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0], {"A": [0.5, 0.2]}))
    plot = made.explore.loss_plot
    drag_dot(qtbot, made, in_plot(plot, 0.5, -np.log(0.5)), in_plot(plot, 0.8, 0.5))
    assert made.session.document.thresholds == (0.5,)
    assert scores(made)[0] == pytest.approx(0.8, abs=0.003)


def test_the_dots_of_a_new_model_can_be_dragged(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0], {"A": [0.3, 0.2]}))
    made.actions_by_name["add_model"].trigger()
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    plot = made.explore.loss_plot
    drag_dot(qtbot, made, in_plot(plot, 0.5, np.log(2)), in_plot(plot, 0.8, 0.5))
    assert made.session.document.thresholds == (0.5,)
    assert max(scores(made, 1)) == pytest.approx(0.8, abs=0.003)


def test_only_the_chosen_model_is_changed_by_a_drag(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    made.session.look(model=1)
    settle(qtbot, made)
    plot = made.explore.loss_plot
    drag_dot(qtbot, made, in_plot(plot, 0.7, -np.log(0.7)), in_plot(plot, 0.9, 0.5))
    assert scores(made, 1)[4] == pytest.approx(0.9, abs=0.003)
    assert scores(made, 0) == two_models().scores_of(0, np.arange(10)).tolist()


def test_only_one_category_is_changed_by_a_drag(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    plot = made.explore.loss_plot
    drag_dot(qtbot, made, in_plot(plot, 0.9, -np.log(0.9)), in_plot(plot, 0.8, 0.2))
    assert scores(made) == [pytest.approx(0.8, abs=0.003), 0.2, 0.4, 0.7, 0.6, 0.3]


@pytest.mark.parametrize("logits", [(), ("A",)])
def test_a_dot_is_dragged_along_the_logit_axis(window: MakeWindow, qtbot: QtBot, logits: tuple[str, ...]) -> None:
    half = 0.0 if logits else 0.5
    made = window(Document.create([1, 0], {"A": [half, half]}, logits=logits, thresholds=(0.1,)))
    made.session.look(axis=Axis.LOGIT)
    settle(qtbot, made)
    plot = made.explore.loss_plot
    before = scores(made)
    drag_dot(qtbot, made, in_plot(plot, 0.0, np.log(2)), in_plot(plot, 2.0, 1.0))
    (changed,) = (new for new, old in zip(scores(made), before, strict=True) if new != old)
    assert (changed if logits else np.log(changed / (1 - changed))) == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("end", [-0.3, 1.3])
def test_logits_stay_finite_when_dragged_to_the_edge_of_probability(
    window: MakeWindow, qtbot: QtBot, end: float
) -> None:
    made = window(Document.create([1, 0], {"A": [0.0, 2.0]}, logits=["A"], thresholds=(0.1,)))
    plot = made.explore.loss_plot
    drag_dot(qtbot, made, in_plot(plot, 0.5, np.log(2)), in_plot(plot, end, 1.0))
    assert np.isfinite(scores(made)).all()
    assert abs(scores(made)[0]) > 15


def test_rows_can_be_deleted_while_one_is_dragged(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot, start = made.explore.loss_plot, at_dot(made, 0.75)
    end = in_plot(plot, 0.5, 0.7)
    press(plot.viewport(), start)
    pull(plot.viewport(), start, end)
    made.actions_by_name["delete_rows"].trigger()
    pull(plot.viewport(), end, start)
    let_go(plot.viewport(), start)
    settle(qtbot, made)
    assert scores(made) == [0.9, 0.95, 0.7]


def test_a_document_opened_while_a_dot_is_dragged_is_not_changed_by_it(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot, start = made.explore.loss_plot, at_dot(made, 0.75)
    end = in_plot(plot, 0.5, 0.7)
    press(plot.viewport(), start)
    pull(plot.viewport(), start, end)
    made.session.apply(Document.create([1], {"A": [0.3]}), "another")
    pull(plot.viewport(), end, start)
    let_go(plot.viewport(), start)
    settle(qtbot, made)
    assert scores(made) == [0.3]


def test_the_last_model_can_be_deleted_while_a_dot_is_dragged(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot, start = made.explore.loss_plot, at_dot(made, 0.75)
    end = in_plot(plot, 0.5, 0.7)
    press(plot.viewport(), start)
    pull(plot.viewport(), start, end)
    made.actions_by_name["delete_model"].trigger()
    pull(plot.viewport(), end, start)
    let_go(plot.viewport(), start)
    settle(qtbot, made)
    assert made.session.document.models == ()


# Keys


@pytest.mark.parametrize(
    ("pressed", "held", "expected"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 0.71),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0.69),
        (Qt.Key.Key_Right, SHIFT, 0.701),
        (Qt.Key.Key_Left, SHIFT, 0.699),
    ],
)
def test_arrows_nudge_the_current_dot_and_shift_makes_them_finer(
    window: MakeWindow, qtbot: QtBot, pressed: Qt.Key, held: Qt.KeyboardModifier, expected: float
) -> None:
    made = window()
    made.explore.loss_plot.setFocus()
    key(pressed, held=held)
    settle(qtbot, made)
    assert scores(made)[2] == expected
    assert made.session.undo_stack.count() == 1


def test_each_nudge_is_undone_by_itself(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.explore.loss_plot.setFocus()
    key(Qt.Key.Key_Right, Qt.Key.Key_Right)
    key(Qt.Key.Key_Z, held=CTRL)
    settle(qtbot, made)
    assert scores(made)[2] == 0.71


def test_the_plots_have_the_keys_from_the_start(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    key(Qt.Key.Key_Left)
    settle(qtbot, made)
    assert score(made, 2) == "0.69"


def test_up_and_down_walk_the_dots_along_the_axis_and_round(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    walked = []
    for pressed in [Qt.Key.Key_Up] * 4 + [Qt.Key.Key_Down]:
        key(pressed)
        settle(qtbot, made)
        walked.append(made.session.view.current)
    assert walked == [3, 0, 1, 2, 1]
    assert made.session.undo_stack.count() == 0


@pytest.mark.parametrize(("start", "pressed", "end"), [(0.005, Qt.Key.Key_Left, 0.0), (0.995, Qt.Key.Key_Right, 1.0)])
def test_a_nudge_stops_at_the_edge(window: MakeWindow, qtbot: QtBot, start: float, pressed: Qt.Key, end: float) -> None:
    made = window(Document.create([1], {"A": [start]}))
    made.session.look(current=0)
    key(pressed, pressed, pressed)
    settle(qtbot, made)
    assert scores(made) == [end]


@pytest.mark.parametrize("logits", [(), ("A",)])
@pytest.mark.parametrize("axis", Axis)
def test_nudges_back_and_forth_come_back(window: MakeWindow, qtbot: QtBot, axis: Axis, logits: tuple[str, ...]) -> None:
    made = window(Document.create([1], {"A": [0.25]}, logits=logits))
    made.session.look(current=0, axis=axis)
    settle(qtbot, made)
    for pressed in [Qt.Key.Key_Right] * 3 + [Qt.Key.Key_Left] * 3:
        key(pressed)
    assert scores(made)[0] == pytest.approx(0.25, abs=0.01)


def test_a_nudge_of_an_infinite_logit_makes_it_finite(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1], {"A": [np.inf]}, logits=["A"]))
    made.session.look(current=0, axis=Axis.LOGIT)
    settle(qtbot, made)
    key(Qt.Key.Key_Left)
    assert scores(made)[0] == pytest.approx(9.9)


@pytest.mark.parametrize("pressed", [Qt.Key.Key_Left, Qt.Key.Key_Up])
@pytest.mark.parametrize("name", ["no rows and no models", "no models", "no rows", "no scores", "ten thousand rows"])
def test_arrows_do_no_harm_where_there_is_nothing_to_move(
    window: MakeWindow, qtbot: QtBot, name: str, pressed: Qt.Key
) -> None:
    made = window(EXTREMES[name]())
    made.explore.loss_plot.setFocus()
    key(pressed)
    settle(qtbot, made)
    assert made.session.undo_stack.count() == 0


# The threshold line


def test_the_threshold_line_is_dragged_and_everything_follows(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot = made.explore.loss_plot
    drag(plot.viewport(), in_plot(plot, 0.8, 3.0), in_plot(plot, 0.72, 3.0))
    settle(qtbot, made)
    threshold = made.session.document.thresholds[0]
    assert threshold == pytest.approx(0.72, abs=0.003)
    assert made.threshold_bar.value.text() == f"{threshold:g}"
    assert [cell(made, line, "decision") for line in range(4)] == ["yes ✓", "yes ✓", "no ✓", "yes ✓"]
    assert made.scoreboard.cards[0].accuracy.text() == "100 %"
    assert made.session.undo_stack.count() == 1
    assert made.session.undo_stack.undoText() == "Move threshold"


def test_the_threshold_is_dragged_in_the_gradient_and_along_the_logit_axis_too(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window()
    made.session.look(axis=Axis.LOGIT)
    settle(qtbot, made)
    plot = made.explore.gradient_plot
    drag(plot.viewport(), in_plot(plot, np.log(4), -0.8), in_plot(plot, 0.0, -0.8))
    settle(qtbot, made)
    assert made.session.document.thresholds[0] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("end", "threshold"), [(-0.3, 0.0), (1.3, 1.0)])
def test_the_threshold_line_stops_at_the_edges_and_comes_back(
    window: MakeWindow, qtbot: QtBot, end: float, threshold: float
) -> None:
    made = window()
    plot = made.explore.loss_plot
    drag(plot.viewport(), in_plot(plot, 0.8, 3.0), in_plot(plot, end, 3.0))
    settle(qtbot, made)
    assert made.session.document.thresholds == (threshold,)
    drag(plot.viewport(), in_plot(plot, threshold, 3.0), in_plot(plot, 0.5, 3.0))
    settle(qtbot, made)
    assert made.session.document.thresholds[0] == pytest.approx(0.5, abs=0.01)


def test_the_threshold_line_of_the_plots_is_where_the_threshold_is(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.session.apply(made.session.document.with_threshold(0.25), "move")
    settle(qtbot, made)
    for plot in (made.explore.loss_plot, made.explore.gradient_plot):
        lines = [item for item in plot.getPlotItem().items if isinstance(item, pyqtgraph.InfiniteLine) and item.movable]
        assert [line.value() for line in lines if line.isVisible()] == [0.25]


# Zoom


def test_the_wheel_zooms_and_a_double_click_goes_back(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot = made.explore.loss_plot
    before = plot.getViewBox().viewRange()
    turn_wheel(plot.viewport(), 3, in_plot(plot, 0.4, 3.0))
    settle(qtbot, made)
    (low, high), _ = plot.getViewBox().viewRange()
    assert high - low < 0.9 * (before[0][1] - before[0][0])
    double_click(plot.viewport(), in_plot(plot, *np.mean(plot.getViewBox().viewRange(), axis=1)))
    settle(qtbot, made)
    assert np.array(plot.getViewBox().viewRange()) == pytest.approx(np.array(before))


def test_a_zoom_survives_an_edit(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot = made.explore.loss_plot
    turn_wheel(plot.viewport(), 3, in_plot(plot, 0.4, 3.0))
    zoomed = plot.getViewBox().viewRange()
    made.session.apply(made.session.document.with_threshold(0.3), "move")
    settle(qtbot, made)
    assert plot.getViewBox().viewRange() == zoomed


def test_dots_can_be_dragged_when_zoomed_in_with_finer_steps(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    plot = made.explore.loss_plot
    turn_wheel(plot.viewport(), 8, at_dot(made, 0.7))
    settle(qtbot, made)
    assert plot.pixel_width() < 0.0005
    drag_dot(qtbot, made, at_dot(made, 0.7), in_plot(plot, 0.7012, -np.log(0.3)))
    assert scores(made)[2] == pytest.approx(0.7012, abs=0.0003)


# Ribbons


@pytest.mark.parametrize("axis", Axis)
@pytest.mark.parametrize("name", ["ten thousand rows", "ten thousand logits"])
def test_many_rows_are_a_ribbon_of_few_points(window: MakeWindow, qtbot: QtBot, name: str, axis: Axis) -> None:
    made = window(EXTREMES[name]())
    made.session.look(axis=axis)
    settle(qtbot, made)
    for plot in (made.explore.loss_plot, made.explore.gradient_plot):
        assert 2 <= len(points(plot)) <= 3000
    assert any("ribbon" in label.text() for label in made.explore.findChildren(QLabel))


@pytest.mark.parametrize(("rows", "dots"), [(2000, 2000), (2001, 0)])
def test_dots_become_a_ribbon_beyond_two_thousand_rows(window: MakeWindow, rows: int, dots: int) -> None:
    p = np.linspace(0.001, 0.999, rows)
    made = window(Document.create(np.ones(rows), {"A": p}))
    found = points(made.explore.loss_plot)[:, 0]
    assert np.isin(p, found).sum() == dots


def test_the_chosen_rows_of_a_ribbon_are_dots_that_can_be_dragged(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create(np.ones(3000), {"A": np.linspace(0.001, 0.999, 3000)}))
    made.session.look(selected=np.array([900]), current=900)
    settle(qtbot, made)
    plot, p = made.explore.loss_plot, scores(made)[900]
    drag_dot(qtbot, made, in_plot(plot, p, -np.log(p)), in_plot(plot, 0.9, 0.5))
    assert scores(made)[900] == pytest.approx(0.9, abs=0.003)


def test_everything_selected_in_a_ribbon_is_still_few_points(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    made.table.select_all()
    settle(qtbot, made)
    assert len(points(made.explore.loss_plot)) <= 10_000


# A category


def test_only_the_chosen_category_has_dots(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    made.session.look(category=1)
    settle(qtbot, made)
    assert sorted(points(made.explore.loss_plot)[:, 0]) == [0.2, 0.3, 0.7]


def test_the_slope_of_one_answer_is_told_from_that_of_the_mean(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    (shown,) = (words for words in made.explore.findChildren(QLabel) if words.text().startswith("dℓ/dp of one answer"))
    table = made.table.model
    header = table.columns.index("gradient")
    title = table.headerData(header, Qt.Orientation.Horizontal)
    assert title == "dL/dp"
    assert "1/N of this slope" in shown.toolTip()
    assert "mean loss L" in table.headerData(header, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    made.actions_by_name["reduction_sum"].trigger()
    settle(qtbot, made)
    assert "the same slope" in shown.toolTip()


def test_a_pointer_that_moves_before_the_other_axis_is_drawn_is_told_nothing(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0], {"A": [0.01, 0.9]}))
    made.session.look(axis=Axis.LOGIT, current=0)
    settle(qtbot, made)
    made.session.look(axis=Axis.PROBABILITY)
    made.explore.loss_plot.pointed.emit(None)
    settle(qtbot, made)
    made.explore.loss_plot.pointed.emit(None)
