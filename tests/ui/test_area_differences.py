"""The forest plot of area differences: where dots stand, what is said of them, and what a click does."""

import numpy as np
import pytest
from delong import delong
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, two_models
from ui.hands import click, key
from ui.windows import MakeWindow, settle
from xentviz.core.area_errors import AreaGap
from xentviz.core.document import Document
from xentviz.ui.panels.area_differences import AreaDifferencesPanel
from xentviz.ui.panels.score_words import area_verdict
from xentviz.ui.widgets.forest_plot import Spot
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow) -> AreaDifferencesPanel:
    """Return a panel over the window, shown and drawn, when all it asks for is known."""
    found = AreaDifferencesPanel(made.session, made.look, made)
    found.setGeometry(0, 0, 620, 320)
    found.show()
    found.raise_()
    wait(qtbot, made, found)
    return found


def wait(qtbot: QtBot, made: MainWindow, shown: AreaDifferencesPanel) -> None:
    """Wait until nothing is to be worked out or drawn any more."""
    for _ in range(2):
        shown.refresh_now()
        settle(qtbot, made)
        qtbot.waitUntil(lambda: not (made.session.busy or shown.will_redraw), timeout=20_000)


def spots(shown: AreaDifferencesPanel, model: str) -> tuple[Spot, ...]:
    """Return what is told of a model."""
    return next(line.spots for line in shown.plot.lines if line.name == model)


def three(categories: int = 1) -> Document:
    """Return models of which the second ranks best, and the third like the first."""
    rng = np.random.default_rng(1)
    labels = (rng.random((400, categories)) < 0.4).astype(float)
    noise = rng.normal(0, 0.15, labels.shape)
    first = np.clip(0.5 + (labels - 0.5) * 0.2 + noise, 0.02, 0.98)
    second = np.clip(0.5 + (labels - 0.5) * 0.5 + noise, 0.02, 0.98)
    models = {"first": first, "second": second, "third": first / 2}
    names = [f"c{c}" for c in range(categories)]
    return Document.create(labels, models, categories=names)


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    for category in (None, 0):
        made.session.look(category=category)
        wait(qtbot, made, shown)
        assert not shown.grab().isNull()
        assert not any("nan" in spot.words + spot.tip for line in shown.plot.lines for spot in line.spots)
        assert not any(spot.words == "…" for line in shown.plot.lines for spot in line.spots)
    assert len(shown.plot.lines) == max(0, len(made.session.document.models) - 1)


def test_dots_stand_where_delong_has_them(window: MakeWindow, qtbot: QtBot) -> None:
    document = three()
    shown = panel(qtbot, window(document))
    every = np.arange(400)
    expected = delong(document.labels_of(every) == 1, document.scores_of(0, every), document.scores_of(1, every))
    spot, _ = spots(shown, "second")
    assert spot.value == pytest.approx(expected.difference)
    assert spot.interval == pytest.approx(expected.interval)
    assert spot.words == f"{spot.value:.3f} higher; not luck (p < 0.001)"
    zero, there = shown.plot.place(0, 0, 0.0), shown.plot.place(0, 0, spot.value)
    assert there.x() > zero.x()
    assert there.x() < shown.plot.place(0, 0, spot.interval[1]).x() < shown.plot.width()


def test_models_that_rank_alike_are_said_to(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(three()))
    for spot in spots(shown, "third"):
        assert (spot.value, spot.words) == (0.0, "ranked alike")


def test_a_few_rows_cannot_tell(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(two_models()))
    for spot in spots(shown, "vague"):
        assert spot.words == "ranked alike" or "higher; cannot tell (p = " in spot.words


def test_another_reference_turns_them_around(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three())
    shown = panel(qtbot, made)
    before = spots(shown, "second")[0].value
    made.session.compare(reference="second")
    wait(qtbot, made, shown)
    assert [line.name for line in shown.plot.lines] == ["first", "third"]
    assert spots(shown, "first")[0].value == pytest.approx(-before)
    assert shown.title.number.text() == "against second"


def test_a_category_alone_or_the_mean_of_all(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three(3))
    shown = panel(qtbot, made)
    assert shown.plot.heads[0] == "macro AUC"
    assert shown.note.text().startswith("mean over 3 of 3 categories")
    mean, each = spots(shown, "second")[0].value, []
    for category in range(3):
        made.session.look(category=category)
        wait(qtbot, made, shown)
        assert shown.plot.heads[0] == "AUC"
        assert shown.note.text().startswith(f"of c{category} alone")
        each.append(spots(shown, "second")[0].value)
    assert np.mean(each) == pytest.approx(mean)


def test_a_click_on_a_line_chooses_its_model(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three())
    shown = panel(qtbot, made)
    click(shown.plot, QPoint(30, int(shown.plot.place(1, 0, 0).y())))
    assert made.session.view.model == 2
    shown.plot.setFocus()
    key(Qt.Key.Key_Up, Qt.Key.Key_Return)
    assert made.session.view.model == 1
    assert shown.plot.accessibleDescription().startswith("second. AUC: 0.")


@pytest.mark.parametrize(("width", "beside"), [(800, True), (350, False), (240, False)])
def test_columns_without_room_stand_one_below_the_other(
    window: MakeWindow, qtbot: QtBot, width: int, beside: bool
) -> None:
    made = window(three())
    shown = panel(qtbot, made)
    shown.resize(width, 320)
    wait(qtbot, made, shown)
    first, second = (shown.plot.place(0, column, 0.0) for column in (0, 1))
    assert (first.y() == second.y(), first.x() == second.x()) == (beside, not beside)
    assert shown.plot.width() <= width
    assert shown.plot.height() >= shown.plot.place(1, 1, 0.0).y()
    click(shown.plot, shown.plot.place(1, 1, 0.0).toPoint())
    assert made.session.view.model == 2


def test_one_model_is_told_what_to_do(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0], {"A": [0.9, 0.2]}))
    shown = panel(qtbot, made)
    assert shown._empty.text().startswith("Open a second model")
    assert not shown.plot.isVisible()


def test_a_threshold_starts_no_work(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three())
    shown = panel(qtbot, made)
    made.session.edit(lambda d: d.with_threshold(0.3), "T")
    shown.refresh_now()
    assert not shown.scores.gaps.latest.busy
    assert shown.scores.gaps.is_current


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (AreaGap(0.7, 0.8, 0.1, (0.01, 0.19), 0.03), "hardly luck (p = 0.03)"),
        (AreaGap(0.7, 0.8, 0.1, (0.05, 0.15), 1e-9), "not luck (p < 0.001)"),
        (AreaGap(0.7, 0.8, 0.1, (-0.1, 0.3), 0.4123), "cannot tell (p = 0.41)"),
        (AreaGap(0.7, 0.8, 0.1, None, None), "cannot tell: too few rows"),
    ],
)
def test_p_in_words(gap: AreaGap, expected: str) -> None:
    assert area_verdict(gap) == expected
