"""The panel of the temperature: dragged, slid and typed; told, applied as one step, and put back."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, animals
from ui.hands import click, drag, key, press, pull, write
from ui.windows import MakeWindow, settle
from xentviz.core.calibration import best_temperature
from xentviz.core.document import Document, LossSettings, ScoreKind, Unit
from xentviz.core.losses import binary_cross_entropy
from xentviz.core.transforms import logit, sigmoid
from xentviz.ui.panels.temperature import TemperaturePanel
from xentviz.ui.window.main_window import MainWindow

Y = np.repeat([1.0, 0.0], [30, 10])
P = np.repeat([0.9, 0.9], [30, 10])


def panel(qtbot: QtBot, made: MainWindow) -> TemperaturePanel:
    """Return a panel over the window, shown and drawn."""
    found = TemperaturePanel(made.session, made.look, made)
    found.setGeometry(0, 0, 560, 320)
    found.show()
    found.raise_()
    settle(qtbot, made)
    qtbot.waitUntil(lambda: not found.will_redraw)
    return found


def too_sure() -> Document:
    """Return rows of which three in four are yes where the model says 90 %: the best temperature is 2."""
    return Document.create(Y, {"A": P})


def on_plot(shown: TemperaturePanel, temperature: float, loss: float) -> QPoint:
    """Return the pixel of a temperature and a loss."""
    x, y = shown.plot.canvas.pixels(math.log10(temperature), loss)
    return shown.plot.mapFromScene(QPointF(float(x), float(y)))


def handle(shown: TemperaturePanel) -> QPoint:
    """Return the pixel of the handle."""
    (mark,) = shown.plot.shown[1].handles
    return on_plot(shown, 10**mark.x, mark.y)


def temperature(made: MainWindow) -> float:
    """Return the temperature in the view."""
    return made.session.view.comparing.temperature


def enter(qtbot: QtBot, made: MainWindow, shown: TemperaturePanel, text: str) -> None:
    """Type a temperature, and press Enter."""
    shown.value.setFocus()
    shown.value.selectAll()
    write(text)
    key(Qt.Key.Key_Return)
    settle(qtbot, made)


def test_it_tells_the_best_temperature_and_what_it_brings(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(too_sure()))
    before, after = binary_cross_entropy(Y, P).mean(), binary_cross_entropy(Y, np.full(40, 0.75)).mean()
    assert shown.best.text() == f"best T 2: loss {before:.3f} → {after:.3f} nats"
    assert shown.here.text() == f"T = 1, as it is: loss {before:.3f} nats"
    names = [trace.name for trace in shown.plot.shown[0].traces]
    assert names == ["", "T = 1, as it is", "best T 2"]
    assert not shown.reset.isEnabled()
    assert not shown.apply.isEnabled()


def test_a_verdict_is_given_only_where_it_is_not_luck(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(too_sure())
    shown = panel(qtbot, made)
    assert shown.remark.text().startswith("The model is too sure: best T from ")
    made.session.apply(Document.create(Y[::10], {"A": P[::10]}), "Fewer")
    settle(qtbot, made)
    assert shown.remark.text().startswith("Cannot tell whether it is too sure")


def test_the_handle_is_dragged_along_the_curve(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(too_sure())
    shown = panel(qtbot, made)
    document = made.session.document
    drag(shown.plot.viewport(), handle(shown), on_plot(shown, 3.0, 0.6))
    settle(qtbot, made)
    assert temperature(made) == pytest.approx(3.0, rel=0.03)
    assert made.session.document is document
    assert not made.session.undo_stack.canUndo()
    hot = sigmoid(logit(P) / temperature(made))
    assert f"→ {binary_cross_entropy(Y, hot).mean():.3f} nats" in shown.here.text()
    assert shown.slider.value() == round(200 * math.log10(temperature(made)))


def test_escape_puts_a_drag_back(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(too_sure())
    shown = panel(qtbot, made)
    start, end = handle(shown), on_plot(shown, 5.0, 0.6)
    press(shown.plot.viewport(), start)
    pull(shown.plot.viewport(), start, end)
    assert temperature(made) > 3
    shown.plot.setFocus()
    key(Qt.Key.Key_Escape)
    assert temperature(made) == 1.0


def test_it_is_slid_stepped_and_typed(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(too_sure())
    shown = panel(qtbot, made)
    shown.slider.setFocus()
    key(Qt.Key.Key_End)
    assert temperature(made) == 10.0
    enter(qtbot, made, shown, "1,83")
    assert temperature(made) == 1.83
    assert shown.value.text() == "1.83"
    assert shown.here.text().startswith("T 1.83: loss ")
    shown.plot.setFocus()
    key(Qt.Key.Key_Right)
    assert temperature(made) == pytest.approx(1.83 * 10**0.01, rel=0.003)
    shown.slider.setFocus()
    key(Qt.Key.Key_Home)
    assert temperature(made) == 0.1


@pytest.mark.parametrize("text", ["0", "11", "hot", "-1"])
def test_what_is_no_temperature_is_refused_in_words(window: MakeWindow, qtbot: QtBot, text: str) -> None:
    made = window(too_sure())
    shown = panel(qtbot, made)
    with qtbot.waitSignal(shown.said) as said:
        enter(qtbot, made, shown, text)
    assert said.args == [f"A temperature is a number from 0.1 to 10; “{text}” is not."]
    assert temperature(made) == 1.0


def test_the_best_is_set_applied_as_one_step_and_undone(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(too_sure())
    shown = panel(qtbot, made)
    click(shown.to_best)
    settle(qtbot, made)
    assert temperature(made) == pytest.approx(2.0, rel=1e-9)
    with qtbot.waitSignal(shown.said) as said:
        click(shown.apply)
    settle(qtbot, made)
    assert said.args == ["Added A, T = 2, and chose it. Ctrl+Z takes it back."]
    assert made.session.view.model == 1
    assert made.focusWidget() is shown.slider
    document = made.session.document
    assert [model.name for model in document.models] == ["A", "A, T = 2"]
    np.testing.assert_allclose(document.models[1].scores.array(), 0.75, rtol=1e-9)
    assert temperature(made) == 1.0
    made.session.undo_stack.undo()
    settle(qtbot, made)
    assert [model.name for model in made.session.document.models] == ["A"]
    assert made.session.view.model == 0
    assert not made.session.undo_stack.canUndo()


def test_what_was_refused_is_said_until_a_temperature_is_entered(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(too_sure())
    made.show_workspace("compare")
    click(made.compare.sides["calibration"])
    settle(qtbot, made)
    shown = made.compare.temperature
    enter(qtbot, made, shown, "99")
    assert "“99” is not" in made._status.text()
    enter(qtbot, made, shown, "2")
    assert "99" not in made._status.text()
    assert temperature(made) == 2.0


def test_where_no_temperature_matters_the_axis_is_not_of_rounding(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["certain"]())
    shown = panel(qtbot, made)
    assert shown.best.text() == "Every T is as good as another."
    low, high = shown.plot.shown[0].y_range
    assert low == 0.0
    assert high == pytest.approx(1.0)


def test_reset_goes_back_to_one(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(too_sure())
    shown = panel(qtbot, made)
    enter(qtbot, made, shown, "4")
    click(shown.reset)
    settle(qtbot, made)
    assert temperature(made) == 1.0
    assert shown.value.text() == "1"


def test_losses_are_in_the_unit_that_is_chosen(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(too_sure())
    shown = panel(qtbot, made)
    made.session.edit(lambda d: d.with_settings(LossSettings(unit=Unit.BITS)), "Unit")
    settle(qtbot, made)
    before = binary_cross_entropy(Y, P).mean() / math.log(2)
    assert shown.here.text() == f"T = 1, as it is: loss {before:.3f} bits"
    assert shown.plot.shown[0].y_title == "loss, bits"


def test_one_answer_in_many_is_heated_by_rows(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    shown = panel(qtbot, made)
    expected = best_temperature(
        [0, 1, 2, 1], np.log([[0.5, 0.25, 0.25], [0.6, 0.1, 0.3], [0.2, 0.2, 0.6], [0.1, 0.8, 0.1]])
    )
    assert shown.best.text().startswith(f"best T {expected:.3g}: loss ")
    enter(qtbot, made, shown, "2")
    click(shown.apply)
    settle(qtbot, made)
    assert made.session.document.models[1].kind is ScoreKind.PROBABILITY
    np.testing.assert_allclose(made.session.document.models[1].scores.array().sum(axis=1), 1.0)


def test_certain_and_wrong_rows_are_told_and_left_out(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([*Y, 0], {"A": [*P, 1.0]}))
    shown = panel(qtbot, made)
    assert shown.best.text().startswith("best T 2: loss ")
    assert "Without 1 of infinite loss" in shown.remark.text()
    made.session.apply(EXTREMES["all infinite"](), "Open")
    settle(qtbot, made)
    assert shown.empty.isVisible()
    assert shown.empty.text().startswith("Every loss is infinite")


@pytest.mark.parametrize(
    ("labels", "scores", "sentence"),
    [
        ([1, 0], [0.8, 0.3], "No best T: the colder, the smaller the loss. Every answer is right."),
        ([0, 1], [0.8, 0.3], "No best T: the hotter, the smaller the loss. The scores do not tell the truth."),
        ([0, 1], [0.5, 0.5], "Every T is as good as another."),
    ],
)
def test_where_none_is_best_it_says_why(
    window: MakeWindow, qtbot: QtBot, labels: list[int], scores: list[float], sentence: str
) -> None:
    shown = panel(qtbot, window(Document.create(labels, {"A": scores})))
    assert shown.best.text() == sentence
    assert not shown.to_best.isEnabled()


@pytest.mark.parametrize("name", EXTREMES)
def test_it_draws_whatever_there_is(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    for heat in (0.1, 10.0, 1.3):
        made.session.compare(temperature=heat)
        settle(qtbot, made)
        shown.refresh()
        assert not shown.grab().isNull()
    if shown.apply.isEnabled():
        before = len(made.session.document.models)
        click(shown.apply) if shown.apply.isVisible() else shown.apply.click()
        settle(qtbot, made)
        assert len(made.session.document.models) == before + 1
