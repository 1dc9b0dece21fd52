"""The duel: what is said of two models' losses, and choosing rows by their losses."""

import math
from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, MARKUP_NAMES, answers, two_models
from ui.hands import LEFT, NO_BUTTON, SHIFT, click, drag, key
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document, LossSettings, Unit
from xentviz.core.duel import NONE_AT_ALL, Outcome
from xentviz.core.elements import losses_of
from xentviz.session.view import Shown
from xentviz.ui.panels.agreement import AgreementPanel
from xentviz.ui.panels.duel import DuelPanel
from xentviz.ui.widgets.loss_plane import LossPlane
from xentviz.ui.window.main_window import MainWindow

INF = math.inf


def panel(qtbot: QtBot, made: MainWindow, size: tuple[int, int] = (700, 380)) -> DuelPanel:
    """Return a panel over the window, shown and drawn."""
    found = DuelPanel(made.session, made.look, made)
    found.setGeometry(0, 0, *size)
    found.show()
    found.raise_()
    drawn(qtbot, made, found)
    return found


def drawn(qtbot: QtBot, made: MainWindow, shown: DuelPanel) -> None:
    settle(qtbot, made)
    qtbot.waitUntil(lambda: not (made.session.busy or shown.will_redraw), timeout=30_000)


def pixel(plane: LossPlane, x: float, y: float) -> QPoint:
    """Return where a place of the axes is."""
    ground = plane.ground()
    assert ground is not None
    return QPoint(round(ground.pixel(x)[0]), round(ground.pixel(y)[1]))


def dot(plane: LossPlane, number: int) -> QPoint:
    assert plane.plane is not None
    return pixel(plane, float(plane.plane.x[number]), float(plane.plane.y[number]))


def tip(plane: LossPlane, at: QPoint) -> str:
    """Rest the mouse somewhere, and return the tool tip that comes."""
    QToolTip.hideText()
    QApplication.sendEvent(plane, QHelpEvent(QHelpEvent.Type.ToolTip, at, plane.mapToGlobal(at)))
    return QToolTip.text().replace("\u2060", "")


def selected(made: MainWindow) -> list[int]:
    return list(made.session.view.selected)


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    two = len(made.session.document.models) > 1
    for category, logarithmic in product((None, 0), (False, True)):
        made.session.look(category=category)
        shown.duels.spread(logarithmic)
        drawn(qtbot, made, shown)
        assert not shown.grab().isNull()
        assert shown.plane.isVisible() != shown.empty.isVisible()
        assert two or "model" in shown.empty.text()


def test_with_one_model_it_says_what_to_do(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window())
    assert shown.empty.text().startswith("Open a second model")
    assert shown.title.number.text() == ""


def test_who_wins_how_many(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    every = np.arange(10)
    sure, vague = (losses_of(made.session.document, m, every) for m in (0, 1))
    first, second = int((sure < vague).sum()), int((vague < sure).sum())
    assert (first, second) == (8, 2)
    assert shown.wins.text() == "sure lower in 8 rows, vague in 2, equal in 0"
    assert shown.title.number.text() == "sure lower in 80 %"
    texts = {outcome: button.text() for outcome, button in shown.buttons.items() if not button.isHidden()}
    assert texts == {
        Outcome.FIRST_WINS: "8", Outcome.SECOND_WINS: "2", Outcome.TIES: "0",
        Outcome.ONLY_FIRST: "○ 0", Outcome.ONLY_SECOND: "□ 2",
    }  # fmt: skip
    assert shown.buttons[Outcome.ONLY_SECOND].accessibleName() == "Only vague right in 2"
    assert shown.luck.text() == (
        "Cannot tell who decides better: a coin would split 2 rows as unevenly in 50 % of tries (McNemar p = 0.50)."
    )


def test_a_number_lists_its_rows(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    click(shown.buttons[Outcome.ONLY_SECOND])
    assert selected(made) == [3, 6]
    assert made.session.view.shown is Shown.SELECTED
    click(shown.buttons[Outcome.SECOND_WINS])
    assert selected(made) == [3, 6]
    assert not shown.buttons[Outcome.TIES].isEnabled()


def test_an_even_split_is_told_as_decisions_tell_it(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 1, 1], {"A": [0.9, 0.2, 0.8], "B": [0.3, 0.8, 0.9]}))
    shown = panel(qtbot, made)
    assert shown.luck.text() == "Each is right as often where the other is not."
    decisions = AgreementPanel(made.session, made.look, made)
    decisions.refresh()
    assert shown.luck.text() == decisions.luck.text()


def test_an_uneven_split_is_hardly_luck(window: MakeWindow, qtbot: QtBot) -> None:
    document = Document.create(np.ones(12), {"A": np.full(12, 0.9), "B": np.full(12, 0.1)})
    made = window(document)
    shown = panel(qtbot, made)
    assert shown.luck.text().startswith("A decides better: a coin would split 12 rows so unevenly in 0.05 % of tries")
    made.session.apply(document.with_threshold(0.05), "T")
    drawn(qtbot, made, shown)
    assert "nothing to test" in shown.luck.text()


def test_the_threshold_moves_rings_and_limits_but_no_dots(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    before, judged = shown.plane.plane, shown.plane.judged
    assert before is not None
    assert judged is not None
    assert judged.rings.tolist() == [0, 0, 0, 2, 0, 0, 2, 0, 0, 0]
    assert [mark for _, mark in judged.limits] == [-1]
    assert judged.limits[0][0] == pytest.approx(float(shown.duels.cloud().axis.place(math.log(2))))
    made.session.apply(made.session.document.with_threshold(0.35), "T")
    drawn(qtbot, made, shown)
    assert shown.plane.plane is before
    assert shown.plane.judged is not None
    assert [mark for _, mark in shown.plane.judged.limits] == [1, 0]
    assert shown.plane.judged.rings.tolist() == [0, 1, 0, 0, 0, 1, 0, 1, 0, 1]


def test_a_click_on_a_dot_selects_its_row(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    click(shown.plane, dot(shown.plane, 3))
    assert (selected(made), made.session.view.current) == ([3], 3)
    assert made.session.view.shown is Shown.ALL


def test_hovering_a_dot_tells_its_row(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    assert tip(shown.plane, dot(shown.plane, 3)).splitlines() == [
        "row 4 · no",
        "sure: p 0.60 → loss 0.916 nats, decided wrongly",
        "vague: p 0.45 → loss 0.598 nats, decided rightly",
    ]
    made.session.apply(made.session.document.with_settings(LossSettings(unit=Unit.BITS)), "Unit")
    drawn(qtbot, made, shown)
    assert "loss 1.322 bits" in tip(shown.plane, dot(shown.plane, 3))
    assert shown.plane.at(QPointF(1, 1)) is None


def test_a_box_selects_what_is_in_it_and_shift_adds(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    plane = shown.plane.plane
    assert plane is not None
    inside = [n for n in range(10) if plane.x[n] > 0.7]
    assert 1 < len(inside) < 6
    drag(shown.plane, pixel(shown.plane, 0.7, -0.02), pixel(shown.plane, 1.02, 1.02))
    assert selected(made) == inside
    assert made.session.view.shown is Shown.SELECTED
    click(shown.plane, dot(shown.plane, 1))
    assert selected(made) == [1]
    start, end = pixel(shown.plane, 1.02, -0.02), pixel(shown.plane, 0.7, 1.02)
    for kind, at, button, held in (
        (QEvent.Type.MouseButtonPress, start, LEFT, LEFT),
        (QEvent.Type.MouseMove, end, NO_BUTTON, LEFT),
        (QEvent.Type.MouseButtonRelease, end, LEFT, NO_BUTTON),
    ):
        event = QMouseEvent(kind, at, shown.plane.mapToGlobal(at), button, held, SHIFT)
        QApplication.sendEvent(shown.plane, event)
    assert selected(made) == sorted({1, *inside})


def test_a_lasso_selects_what_it_goes_around(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    click(shown.lasso)
    middle = dot(shown.plane, 3)
    way = [middle + QPoint(12 * x, 12 * y) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    drag(shown.plane, *way)
    found = selected(made)
    assert 3 in found
    assert all((dot(shown.plane, n) - middle).manhattanLength() <= 26 for n in found)


def test_a_box_given_up_selects_nothing(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    shown.plane.setFocus()
    start, end = pixel(shown.plane, 0.1, 0.1), pixel(shown.plane, 0.9, 0.9)
    for kind, at in ((QEvent.Type.MouseButtonPress, start), (QEvent.Type.MouseMove, end)):
        QApplication.sendEvent(
            shown.plane, QMouseEvent(kind, at, shown.plane.mapToGlobal(at), LEFT, LEFT, Qt.KeyboardModifier.NoModifier)
        )
    key(Qt.Key.Key_Escape)
    event = QEvent.Type.MouseButtonRelease
    QApplication.sendEvent(
        shown.plane,
        QMouseEvent(event, end, shown.plane.mapToGlobal(end), LEFT, NO_BUTTON, Qt.KeyboardModifier.NoModifier),
    )
    assert selected(made) == []


def test_keys_walk_the_rows_by_how_far_their_losses_are_apart(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    shown.plane.setFocus()
    every = np.arange(10)
    sure, vague = (losses_of(made.session.document, m, every) for m in (0, 1))
    order = np.argsort(vague - sure, kind="stable").tolist()
    walked = []
    for _ in range(4):
        key(Qt.Key.Key_Right)
        walked += selected(made)
    key(Qt.Key.Key_Left)
    assert walked == order[:4]
    assert selected(made) == [order[2]]


def test_losses_of_nothing_and_without_end_lie_at_the_margins(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 1, 1, 1], {"A": [1.0, 0.0, 0.5, 0.0], "B": [0.5, 0.5, 1.0, 0.0]}))
    shown = panel(qtbot, made)
    plane = shown.plane.plane
    assert plane is not None
    assert plane.strips == (True, True)
    assert (plane.ticks[0][1], plane.ticks[-1][1]) == ("0", "∞")
    assert (plane.x[0] < 0, plane.x[1] > 1, plane.y[2] < 0, plane.y[3] > 1) == (True, True, True, True)
    assert shown.buttons[Outcome.INFINITE].text() == "2"
    click(shown.buttons[Outcome.INFINITE])
    assert selected(made) == [1, 3]
    drag(shown.plane, pixel(shown.plane, 1.02, -0.1), pixel(shown.plane, 1.1, 1.1))
    assert selected(made) == [1, 3]
    click(shown.logarithmic)
    drawn(qtbot, made, shown)
    assert shown.plane.plane is not None
    assert shown.plane.plane.strips == (False, True)


def test_losses_too_small_to_matter_lie_together_and_are_still_told(window: MakeWindow, qtbot: QtBot) -> None:
    p = [1 - 1e-9, 1 - 2e-9, 0.9]
    made = window(Document.create([1, 1, 1], {"A": p, "B": [0.5, 0.5, 0.2]}))
    shown = panel(qtbot, made)
    plane = shown.plane.plane
    assert plane is not None
    assert (plane.strips, plane.ticks[0][1]) == ((True, False), "<1e−6")
    assert (plane.x[0] == plane.x[1] < 0, plane.x[2] > 0) == (True, True)
    words = tip(shown.plane, dot(shown.plane, 0))
    assert "A: p 1−1e−9 → loss 1e−9 nats" in words
    assert words.endswith("and 1 more at this very place")
    made.session.apply(made.session.document.with_settings(LossSettings(unit=Unit.BITS)), "Unit")
    drawn(qtbot, made, shown)
    assert shown.plane.plane is not None
    assert shown.plane.plane.ticks[0][1] == "<1.5e−6"
    drag(shown.plane, pixel(shown.plane, -0.1, -0.02), pixel(shown.plane, -0.02, 1.02))
    assert selected(made) == [0, 1]


def test_a_cell_of_losses_too_small_to_matter_says_so(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create(np.ones(3_000), {"A": np.full(3_000, 1 - 1e-9), "B": np.full(3_000, 0.5)}))
    shown = panel(qtbot, made)
    cloud = shown.duels.cloud()
    at = pixel(shown.plane, NONE_AT_ALL, float(cloud.axis.place(math.log(2))))
    assert tip(shown.plane, at).splitlines()[1] == "A: loss below 1e−6 nats"


@pytest.mark.parametrize(("size", "beside"), [((560, 460), True), ((800, 340), True), ((420, 620), False)])
def test_the_plane_is_as_large_as_the_panel_allows(
    window: MakeWindow, qtbot: QtBot, size: tuple[int, int], beside: bool
) -> None:
    shown = panel(qtbot, window(two_models()), size)
    assert (shown.numbers.x() > shown.plane.geometry().right()) == beside
    ground = shown.plane.ground()
    assert ground is not None
    assert ground.frame.width() > 0.45 * min(size)
    assert shown.rect().contains(shown.numbers.geometry())
    seen = [button for button in shown.buttons.values() if button.isVisible()]
    assert len(seen) == 5
    assert not any(a.geometry().intersects(b.geometry()) for a in seen for b in seen if a is not b)


def test_many_rows_are_shaded_and_none_is_lost(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made)
    plane, cloud = shown.plane.plane, shown.duels.cloud()
    assert plane is not None
    assert cloud is not None
    assert plane.counts is not None
    known = ~np.isnan(losses_of(made.session.document, 0, np.arange(10_000)))
    assert plane.counts.sum() == known.sum()
    up, across = np.unravel_index(plane.counts.sum(axis=0).argmax(), plane.counts.shape[1:])
    cells = plane.counts.shape[1] - 2
    at = pixel(shown.plane, (across - 0.5) / cells, (up - 0.5) / cells)
    assert shown.plane.at(at.toPointF()) == (across, up)
    most = int(plane.counts[:, up, across].sum())
    assert tip(shown.plane, at).startswith(f"{most} rows · ")
    click(shown.plane, at)
    drawn(qtbot, made, shown)
    assert len(selected(made)) == most
    one = losses_of(made.session.document, 0, made.session.view.selected)
    assert (cloud.axis.place(one) * cells).astype(int).tolist() == [across - 1] * most


def test_cells_of_a_few_thousand_rows_are_large_enough_to_be_seen(window: MakeWindow, qtbot: QtBot) -> None:
    numbers = np.random.default_rng(1)
    made = window(Document.create(numbers.integers(0, 2, 2_400), {m: numbers.random(2_400) for m in "AB"}))
    shown = panel(qtbot, made, (480, 330))
    cloud, ground = shown.duels.cloud(), shown.plane.ground()
    assert cloud is not None
    assert ground is not None
    assert ground.pixel(1 / cloud.cells)[0] - ground.pixel(0.0)[0] >= 3.5


def test_a_box_over_shades_lists_its_rows_in_the_background(window: MakeWindow, qtbot: QtBot) -> None:
    numbers = np.random.default_rng(1)
    labels, p = numbers.integers(0, 2, 30_000), numbers.random(30_000)
    made = window(Document.create(labels, {"A": p, "B": np.clip(p + numbers.normal(0, 0.2, 30_000), 0, 1)}))
    shown = panel(qtbot, made)
    left, right = shown.plane.ground().place(pixel(shown.plane, 0.5, 0.5).toPointF())[0], 1.2
    drag(shown.plane, pixel(shown.plane, 0.5, -0.1), pixel(shown.plane, 1.1, 1.1))
    assert made.session.busy
    drawn(qtbot, made, shown)
    cloud = shown.duels.cloud()
    assert cloud is not None
    x = cloud.axis.place(losses_of(made.session.document, 0, np.arange(30_000)))
    assert selected(made) == np.flatnonzero((x >= left) & (x <= right)).tolist()


def test_rows_of_one_answer_are_marked_by_who_is_right(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(40, 3))
    shown = panel(qtbot, made)
    plane, document = shown.plane.plane, made.session.document
    assert plane is not None
    rows = np.flatnonzero(document.truths_of(np.arange(40)) >= 0)
    right = [document.answers_of(m, rows) == document.truths_of(rows) for m in (0, 1)]
    assert plane.marks.tolist() == [{0: 0, 1: 2, 2: 1}[int(a) + int(b)] for a, b in zip(*right, strict=True)]
    click(shown.plane, dot(shown.plane, 2))
    assert selected(made) == [int(rows[2]) * 3]


def test_names_are_never_taken_for_markup(window: MakeWindow, qtbot: QtBot) -> None:
    models = {name: [0.3, 0.8] for name in MARKUP_NAMES[:2]}
    made = window(Document.create([1, 0], models, row_names=["<b>&", "{count}"]))
    shown = panel(qtbot, made)
    assert shown.wins.text() == "a<b & c lower in 0 rows, {x} in 0, equal in 2"
    assert "{count}" in tip(shown.plane, dot(shown.plane, 1))


def test_every_theme_draws_it(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made, (420, 620))
    for theme in ("dark", "projector", "light"):
        made.look.wear(theme)
        drawn(qtbot, made, shown)
        assert not shown.grab().isNull()
