"""The threshold bar: slider, typed value, the counts of every model, and a threshold for each category."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, questions, two_models
from ui.hands import CTRL, NO_KEY, SHIFT, click, drag, key, let_go, press, pull, turn_wheel, write
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document
from xentviz.session.view import Shown
from xentviz.ui.window.main_window import MainWindow


def thresholds(window: MainWindow) -> tuple[float, ...]:
    """Return the thresholds of the document."""
    return window.session.document.thresholds


def counts(window: MainWindow) -> dict[str, list[str]]:
    """Return the numbers that stand in the bar behind each model's name."""
    bar = window.threshold_bar
    shown = [label for label in bar.findChildren(QLabel) if label.isVisible()]
    names = [model.name for model in window.session.document.models]
    rows = {label.text(): label for label in shown if label.text() in names}
    return {name: _right_of(rows[name], shown) for name in names}


def _right_of(name: QLabel, shown: list[QLabel]) -> list[str]:
    beside = [label for label in shown if label.parent() is name.parent() and label.x() > name.x()]
    line = [label for label in beside if abs(label.geometry().center().y() - name.geometry().center().y()) <= 3]
    return [label.text() for label in sorted(line, key=lambda label: label.x())]


def counted(document: Document, model: int, category: int | None = None) -> list[str]:
    """Return TP, FP, FN, TN counted one by one."""
    elements = np.arange(document.elements)
    if category is not None:
        elements = elements[elements % len(document.categories) == category]
    labels, scores = document.labels_of(elements), document.scores_of(model, elements)
    limits = np.array([document.threshold(int(e) % len(document.categories)) for e in elements])
    said, known = scores >= limits, ~np.isnan(labels) & ~np.isnan(scores)
    yes = labels >= 0.5
    return [
        f"{(known & a & b).sum():,}".replace(",", "\u2009")
        for a, b in ((said, yes), (said, ~yes), (~said, yes), (~said, ~yes))
    ]


def place(window: MainWindow, value: float) -> QPoint:
    """Return the pixel of the slider where a threshold lies."""
    slider, px = window.threshold_bar.slider, window.look.theme.px
    return QPoint(round(px(10) + value * (slider.width() - px(20))), slider.height() // 2)


def type_threshold(qtbot: QtBot, window: MainWindow, text: str) -> None:
    """Type a threshold in place of the one that stands there, and press Enter."""
    window.threshold_bar.value.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    write(text)
    key(Qt.Key.Key_Return)
    settle(qtbot, window)


def test_the_threshold_and_its_rule_are_shown(window: MakeWindow) -> None:
    bar = window().threshold_bar
    assert bar.value.text() == "0.80"
    assert any(label.text() == "score ≥ T counts as yes" for label in bar.findChildren(QLabel) if label.isVisible())


def test_the_film_still_is_counted(window: MakeWindow) -> None:
    assert counts(window()) == {"Guess": ["2", "0", "1", "1", "1.00", "0.67"]}


@pytest.mark.parametrize("value", [0.0, 0.2, 0.5, 0.73, 1.0])
def test_a_click_puts_the_threshold_there(window: MakeWindow, qtbot: QtBot, value: float) -> None:
    made = window()
    click(made.threshold_bar.slider, place(made, value))
    settle(qtbot, made)
    assert thresholds(made)[0] == pytest.approx(value, abs=0.002)


@pytest.mark.parametrize("end", [-2000, 4000])
def test_a_drag_beyond_the_ends_stops_there(window: MakeWindow, qtbot: QtBot, end: int) -> None:
    made = window()
    drag(made.threshold_bar.slider, place(made, 0.5), QPoint(end, 20))
    settle(qtbot, made)
    assert thresholds(made) == (0.0 if end < 0 else 1.0,)


def test_a_drag_is_one_step_to_undo(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    before = made.session.document
    drag(made.threshold_bar.slider, place(made, 0.8), place(made, 0.3), place(made, 0.6))
    settle(qtbot, made)
    assert made.session.undo_stack.count() == 1
    assert made.session.undo_stack.undoText() == "Move threshold"
    key(Qt.Key.Key_Z, held=CTRL)
    settle(qtbot, made)
    assert made.session.document is before
    assert made.threshold_bar.value.text() == "0.80"


def test_two_drags_are_two_steps(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    drag(made.threshold_bar.slider, place(made, 0.8), place(made, 0.3))
    drag(made.threshold_bar.slider, place(made, 0.3), place(made, 0.6))
    assert made.session.undo_stack.count() == 2


def test_the_counts_of_every_model_follow_while_dragging_and_nothing_is_computed_anew(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(two_models())
    slider, computed = made.threshold_bar.slider, []
    made.session.results_changed.connect(lambda: computed.append(1))
    press(slider, place(made, 0.5))
    here = place(made, 0.5)
    for value in (0.1, 0.4, 0.45, 0.58, 0.95, 1.0):
        pull(slider, here, place(made, value))
        here = place(made, value)
        settle(qtbot, made)
        document = made.session.document
        shown = counts(made)
        assert [shown[name][:4] for name in ("sure", "vague")] == [counted(document, 0), counted(document, 1)]
        assert made.threshold_bar.value.text() in (f"{thresholds(made)[0]:.2f}", f"{thresholds(made)[0]:g}")
    let_go(slider, here)
    settle(qtbot, made)
    assert computed == []
    assert not made.session.busy


def test_table_and_scoreboard_follow_while_dragging(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    slider = made.threshold_bar.slider
    press(slider, place(made, 0.8))
    pull(slider, place(made, 0.8), place(made, 0.72))
    settle(qtbot, made)
    assert made.scoreboard.cards[0].accuracy.text() == "100 %"
    assert made.scoreboard.cards[0].f1.text() == "1.00"
    table = made.table.model
    assert table.data(table.index(3, table.columns.index("decision"))) == "yes ✓"
    let_go(slider, place(made, 0.72))


def test_a_threshold_moved_over_ten_thousand_rows_counts_them_rightly(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    for value in (0.0, 0.2, 0.5, 0.6, 1.0):
        click(made.threshold_bar.slider, place(made, value))
        settle(qtbot, made)
        document = made.session.document
        assert [row[:4] for row in counts(made).values()] == [counted(document, 0), counted(document, 1)]


@pytest.mark.parametrize(
    ("pressed", "held", "expected"),
    [
        (Qt.Key.Key_Right, NO_KEY, 0.81),
        (Qt.Key.Key_Up, NO_KEY, 0.81),
        (Qt.Key.Key_Left, NO_KEY, 0.79),
        (Qt.Key.Key_Down, NO_KEY, 0.79),
        (Qt.Key.Key_Right, SHIFT, 0.801),
        (Qt.Key.Key_Left, SHIFT, 0.799),
        (Qt.Key.Key_PageUp, NO_KEY, 0.9),
        (Qt.Key.Key_PageDown, NO_KEY, 0.7),
        (Qt.Key.Key_Home, NO_KEY, 0.0),
        (Qt.Key.Key_End, NO_KEY, 1.0),
    ],
)
def test_keys_move_the_threshold(
    window: MakeWindow, qtbot: QtBot, pressed: Qt.Key, held: Qt.KeyboardModifier, expected: float
) -> None:
    made = window()
    made.threshold_bar.slider.setFocus()
    key(pressed, held=held)
    settle(qtbot, made)
    assert thresholds(made) == (expected,)
    assert made.session.undo_stack.count() == 1


def test_keys_walk_every_hundredth_exactly(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    made.threshold_bar.slider.setFocus()
    key(Qt.Key.Key_Home)
    for hundredth in range(1, 60):
        key(Qt.Key.Key_Right)
        assert thresholds(made) == (hundredth / 100,)


def test_ctrl_and_an_arrow_go_to_the_next_score(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.threshold_bar.slider.setFocus()
    key(Qt.Key.Key_Right, held=CTRL)
    settle(qtbot, made)
    assert thresholds(made) == (0.9,)
    key(Qt.Key.Key_Left, Qt.Key.Key_Left, held=CTRL)
    settle(qtbot, made)
    assert thresholds(made) == (0.7,)


def test_a_key_held_down_is_one_step_to_undo(window: MakeWindow) -> None:
    made = window()
    slider = made.threshold_bar.slider
    down, up = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
    for kind, repeated in ((down, False), (down, True), (down, True), (up, False), (down, False), (up, False)):
        QApplication.sendEvent(slider, QKeyEvent(kind, Qt.Key.Key_Left, NO_KEY, "", repeated))
    assert thresholds(made) == (0.76,)
    assert made.session.undo_stack.count() == 2


@pytest.mark.parametrize(("notches", "expected"), [(1, 0.81), (-1, 0.79)])
def test_the_wheel_moves_the_threshold(window: MakeWindow, qtbot: QtBot, notches: int, expected: float) -> None:
    made = window()
    turn_wheel(made.threshold_bar.slider, notches)
    settle(qtbot, made)
    assert thresholds(made) == (expected,)


def test_a_wheel_that_turns_sideways_leaves_the_threshold(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    turn_wheel(made.threshold_bar.slider, 0)
    settle(qtbot, made)
    assert thresholds(made) == (0.8,)


@pytest.mark.parametrize(
    ("typed", "expected", "shown"),
    [
        ("0.3", 0.3, "0.30"),
        ("0,3", 0.3, "0.30"),
        (".25", 0.25, "0.25"),
        ("0.123", 0.123, "0.123"),
        ("1", 1.0, "1.00"),
        ("0", 0.0, "0.00"),
        ("1e-3", 0.001, "0.001"),
    ],
)
def test_a_typed_threshold_is_taken(window: MakeWindow, qtbot: QtBot, typed: str, expected: float, shown: str) -> None:
    made = window()
    type_threshold(qtbot, made, typed)
    assert thresholds(made) == (expected,)
    made.table.view.setFocus()
    settle(qtbot, made)
    assert made.threshold_bar.value.text() == shown
    assert made.session.undo_stack.undoText() == "Set threshold"
    assert made.session.undo_stack.count() == 1


@pytest.mark.parametrize("typed", ["abc", "1.2", "-0.1", "", "  ", "nan", "50%", "0.5.5", "1e999"])
def test_a_wrong_threshold_is_marked_and_leaves_the_old_one(window: MakeWindow, qtbot: QtBot, typed: str) -> None:
    made = window()
    made.threshold_bar.value.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    key(Qt.Key.Key_Delete)
    write(typed)
    assert made.threshold_bar.value.property("wrong") is True
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert thresholds(made) == (0.8,)
    assert made.threshold_bar.value.text() == "0.80"
    assert made.threshold_bar.value.property("wrong") is False
    assert made.session.undo_stack.count() == 0


@pytest.mark.parametrize("typed", ["abc", "1.2"])
def test_a_wrong_threshold_says_why(window: MakeWindow, qtbot: QtBot, typed: str) -> None:
    made = window()
    made.threshold_bar.value.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    write(typed)
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    visible = [label.text() for label in made.findChildren(QLabel) if label.isVisible()]
    assert any(typed in words for words in [*visible, QToolTip.text()])


def test_leaving_the_line_takes_the_typed_threshold_once(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.threshold_bar.value.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    write("0.3")
    key(Qt.Key.Key_Return)
    made.table.view.setFocus()
    settle(qtbot, made)
    assert thresholds(made) == (0.3,)
    assert made.session.undo_stack.count() == 1


def test_esc_gives_up_a_typed_threshold(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.threshold_bar.value.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    write("0.3")
    key(Qt.Key.Key_Escape)
    made.table.view.setFocus()
    settle(qtbot, made)
    assert thresholds(made) == (0.8,)


def test_what_is_being_typed_survives_a_refresh(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.threshold_bar.value.setFocus()
    key(Qt.Key.Key_A, held=CTRL)
    write("0.")
    made.session.look(shown=Shown.WRONG)
    settle(qtbot, made)
    assert made.threshold_bar.value.text() == "0."


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("score", [0.29, 0.57, 0.58, 0.1, 0.7])
def test_a_score_exactly_at_the_threshold_counts_as_yes(
    window: MakeWindow, qtbot: QtBot, score: float, kind: type[np.floating]
) -> None:
    made = window(Document.create([1, 0], {"A": np.array([score, score], dtype=kind)}))
    type_threshold(qtbot, made, str(score))
    assert counts(made)["A"][:4] == ["1", "1", "0", "0"]
    made.threshold_bar.slider.setFocus()
    key(Qt.Key.Key_Right)
    settle(qtbot, made)
    assert counts(made)["A"][:4] == ["0", "0", "1", "1"]
    key(Qt.Key.Key_Left)
    settle(qtbot, made)
    assert counts(made)["A"][:4] == ["1", "1", "0", "0"]
    table = made.table.model
    assert [table.data(table.index(line, 3)) for line in range(2)] == ["yes ✓", "yes ✗"]


@pytest.mark.parametrize(
    ("labels", "scores", "value", "at", "reason"),
    [
        ([1, 0], [0.2, 0.3], 0.9, 4, "Not defined: no row is said yes."),
        ([0, 0], [0.2, 0.3], 0.1, 5, "Not defined: no row is yes."),
        ([0, 0], [0.2, 0.3], 0.9, 4, "Not defined: no row is said yes."),
        ([], [], 0.5, 4, "Not defined"),
        ([], [], 0.5, 5, "Not defined"),
    ],
)
def test_an_undefined_ratio_is_a_dash_with_its_reason(
    window: MakeWindow, qtbot: QtBot, labels: list[int], scores: list[float], value: float, at: int, reason: str
) -> None:
    made = window(Document.create(labels, {"A": scores}, thresholds=(value,)))
    assert counts(made)["A"][at] == "—"
    tips = [label.toolTip() for label in made.threshold_bar.findChildren(QLabel) if label.text() == "—"]
    assert any(tip.startswith(reason) for tip in tips)


# A threshold for each category


def choose_category(made: MainWindow, name: str) -> None:
    """Choose a category in the bar at the top."""
    menu = made.top_bar.category.menu()
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == name).trigger()


def test_one_category_offers_no_separate_thresholds(window: MakeWindow) -> None:
    assert not window().threshold_bar.apart.isVisible()


def test_each_category_can_have_a_threshold_and_all_one_again(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    click(made.threshold_bar.apart, QPoint(8, made.threshold_bar.apart.height() // 2))
    settle(qtbot, made)
    assert thresholds(made) == (0.5, 0.5)
    choose_category(made, "dog")
    settle(qtbot, made)
    type_threshold(qtbot, made, "0.7")
    assert thresholds(made) == (0.5, 0.7)
    choose_category(made, "cat")
    settle(qtbot, made)
    assert made.threshold_bar.value.text() == "0.50"
    type_threshold(qtbot, made, "0.65")
    assert thresholds(made) == (0.65, 0.7)
    click(made.threshold_bar.apart, QPoint(8, made.threshold_bar.apart.height() // 2))
    settle(qtbot, made)
    assert thresholds(made) == (0.65,)
    assert not made.threshold_bar.apart.isChecked()


def test_separate_thresholds_are_named_and_undone_step_by_step(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    click(made.threshold_bar.apart, QPoint(8, made.threshold_bar.apart.height() // 2))
    choose_category(made, "dog")
    settle(qtbot, made)
    titles = [label.text() for label in made.threshold_bar.findChildren(QLabel) if label.isVisible()]
    assert "Threshold T of dog" in titles
    drag(made.threshold_bar.slider, place(made, 0.5), place(made, 0.3))
    for step in ("Move threshold", "Separate thresholds"):
        assert made.session.undo_stack.undoText() == step
        made.session.undo_stack.undo()
        settle(qtbot, made)
    assert thresholds(made) == (0.5,)
    assert not made.threshold_bar.apart.isChecked()


def test_the_counts_are_those_of_the_chosen_category(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    assert counts(made)["A"][:4] == counted(made.session.document, 0)
    for category, name in enumerate(("cat", "dog")):
        choose_category(made, name)
        settle(qtbot, made)
        assert counts(made)["A"][:4] == counted(made.session.document, 0, category)


def test_a_drag_moves_only_the_threshold_of_the_chosen_category(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["three thresholds"]())
    choose_category(made, "category 2")
    settle(qtbot, made)
    drag(made.threshold_bar.slider, place(made, 0.5), place(made, 0.9))
    settle(qtbot, made)
    assert thresholds(made)[:2] == (0.5, 0.2)
    assert thresholds(made)[2] == pytest.approx(0.9, abs=0.002)
    assert counts(made)["A"][:4] == counted(made.session.document, 0, 2)


def test_the_slider_and_the_line_can_be_reached_with_tab(window: MakeWindow) -> None:
    made = window()
    made.threshold_bar.value.setFocus()
    key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is made.threshold_bar.slider
    assert made.threshold_bar.slider.accessibleName() == "Threshold"
