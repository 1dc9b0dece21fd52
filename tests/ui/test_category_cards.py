"""The cards of categories: what they say, and how thresholds are set on them with hand and keys."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from ui.documents import EXTREMES, LONG_NAME, questions
from ui.hands import NO_KEY, SHIFT, click, drag, hover, key, let_go, press, pull, write
from xentviz.core.document import Document
from xentviz.core.goals import Aim, Goal
from xentviz.session.deciding import LabelOrder
from xentviz.session.session import Session
from xentviz.ui.panels.category_cards import RESTING, CategoryCardsPanel
from xentviz.ui.theme import Look, dress
from xentviz.ui.widgets.category_card import CardPainter

ALT = Qt.KeyboardModifier.AltModifier
MakeCards = Callable[..., CategoryCardsPanel]


def many(categories: int = 30, rows: int = 200, kind: type = np.float64, seed: int = 1) -> Document:
    """Return rows of so many questions, of growing support, with two models; scores are in hundredths."""
    rng = np.random.default_rng(seed)
    shape = (rows, categories)
    labels = (rng.random(shape) < np.linspace(0.05, 0.6, categories)).astype(float)
    scores = {m: np.round(np.clip(rng.random(shape) * 0.7 + s * labels, 0, 1), 2) for m, s in (("A", 0.2), ("B", 0.3))}
    names = [f"label {c}" for c in range(categories)]
    return Document.create(labels, {m: p.astype(kind) for m, p in scores.items()}, categories=names)


@pytest.fixture
def cards(qtbot: QtBot, new_session: Callable[[Document], Session]) -> MakeCards:
    """Return a maker of panels on a document, shown."""

    def make(document: Document, size: tuple[int, int] = (860, 560), theme: str = "light") -> CategoryCardsPanel:
        look = Look(theme)
        dress(look.theme)
        panel = CategoryCardsPanel(new_session(document), look)
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.show()
        panel.activateWindow()
        qtbot.waitExposed(panel)
        settle(qtbot, panel)
        return panel

    return make


def settle(qtbot: QtBot, panel: CategoryCardsPanel) -> None:
    """Wait until everything has come and is drawn."""
    qtbot.waitUntil(lambda: not (panel.session.busy or panel.will_redraw), timeout=30_000)
    for _turn in range(3):
        QApplication.processEvents()


def seen(panel: CategoryCardsPanel) -> list[int]:
    """Return the categories whose cards lie in the visible part, whole or not."""
    there = panel.grid.visibleRegion().boundingRect()
    return [c for c in panel.grid.order if (place := panel.grid.place(c)) is not None and place.intersects(there)]


def threshold_place(panel: CategoryCardsPanel, category: int, threshold: float) -> QPoint:
    """Return where on the card of a category a threshold lies."""
    place = panel.grid.place(category)
    assert place is not None
    painter = CardPainter(panel.look.theme, QSizeF(place.size()), panel.devicePixelRatioF())
    return place.topLeft() + QPointF(painter.x(threshold), painter.histogram.center().y()).toPoint()


def pull_line(panel: CategoryCardsPanel, category: int, *to: float) -> None:
    """Take hold of the line of a category, and drag it."""
    start = panel.session.document.threshold(category)
    drag(panel.grid, *(threshold_place(panel, category, value) for value in (start, *to)))


def name_place(panel: CategoryCardsPanel, category: int) -> QPoint:
    """Return where the name of a category stands."""
    place = panel.grid.place(category)
    assert place is not None
    return place.topLeft() + QPoint(panel.look.theme.px(20), panel.look.theme.px(14))


def asked_tip(panel: CategoryCardsPanel, at: QPoint) -> str:
    """Return the tool tip that is shown at a place."""
    event = QHelpEvent(QHelpEvent.Type.ToolTip, at, panel.grid.mapToGlobal(at))
    QApplication.sendEvent(panel.grid, event)
    return QToolTip.text()


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("categories", [3, 30])
def test_every_card_says_what_scikit_learn_counts(cards: MakeCards, categories: int, kind: type) -> None:
    document = many(categories, kind=kind)
    panel = cards(document)
    labels = document.labels_of(np.arange(document.elements)).reshape(-1, categories)
    scores = document.scores_of(0, np.arange(document.elements)).reshape(-1, categories)
    for threshold in (0.0, 0.29, 0.57, 0.58, 0.5, 0.123, 1.0):
        panel.session.edit(lambda d, t=threshold: d.with_threshold(t), "T")  # type: ignore[misc]
        panel.refresh_now()
        for c in range(categories):
            said = scores[:, c] >= kind(threshold)
            (tn, fp), (fn, tp) = confusion_matrix(labels[:, c], said, labels=[0, 1])
            card = panel.card(c)
            assert card.counts == tuple(map(str, (tp, fp, fn, tn)))
            precision, recall, f1, _ = precision_recall_fscore_support(
                labels[:, c], said, average="binary", zero_division=np.nan
            )
            assert [value for _name, _short, value in card.ratios] == [shown(precision), shown(recall)]
            assert card.f1 == f"F1 {shown(f1)}"
            assert card.support == f"{tp + fn} yes of 200"
            assert (card.yes.sum(), card.no.sum()) == (tp + fn, fp + tn)


def shown(value: float) -> str:
    return "—" if np.isnan(value) else f"{value:.2f}"


def test_the_title_tells_the_macro_average(cards: MakeCards) -> None:
    panel = cards(questions())
    assert panel.title.number.text() == "macro F1 0.83"
    assert "2 of 2 categories" in panel.title.number.toolTip()
    assert "misses" in panel.title.explanation


def test_another_model_has_other_cards(cards: MakeCards, qtbot: QtBot) -> None:
    panel = cards(many(3))
    before = panel.card(1)
    panel.session.look(model=1)
    settle(qtbot, panel)
    assert panel.card(1).counts != before.counts
    assert panel.card(1).counts == tuple(str(n) for c in [panel.session.counts_of(1)] if c for n in vars(c[1]).values())


class TestOneThresholdForAll:
    def test_a_drag_moves_all_in_one_step(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(3))
        assert panel.equal.isChecked()
        pull_line(panel, 1, 0.3, 0.7)
        settle(qtbot, panel)
        assert panel.session.document.thresholds == (pytest.approx(0.7, abs=0.011),)
        assert [panel.card(c).threshold_text for c in range(3)] == [f"T {panel.session.document.threshold(0):.2f}"] * 3
        assert panel.session.undo_stack.count() == 1
        assert panel.session.undo_stack.undoText() == "Move threshold"
        assert panel.session.view.category is None

    def test_the_line_does_not_jump_to_the_hand_that_takes_hold_of_it(self, cards: MakeCards) -> None:
        panel = cards(many(3))
        at = threshold_place(panel, 0, 0.5) + QPoint(5, 0)
        press(panel.grid, at)
        for x in range(1, 5):
            pull(panel.grid, at, at + QPoint(x, 0))
        assert abs(panel.session.document.threshold(0) - 0.5) < 0.021
        let_go(panel.grid, at)

    @pytest.mark.parametrize(("end", "threshold"), [(-500, 0.0), (3000, 1.0)])
    def test_a_drag_beyond_the_ends_stops_there(self, cards: MakeCards, end: int, threshold: float) -> None:
        panel = cards(many(3))
        drag(panel.grid, threshold_place(panel, 2, 0.5), QPoint(end, 60))
        assert panel.session.document.thresholds == (threshold,)

    def test_given_up_each_has_its_own_and_one_is_looked_at(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(3))
        click(panel.equal)
        settle(qtbot, panel)
        assert panel.session.document.thresholds == (0.5, 0.5, 0.5)
        assert panel.session.view.category == 0
        pull_line(panel, 2, 0.2)
        settle(qtbot, panel)
        assert panel.session.document.thresholds == (0.5, 0.5, pytest.approx(0.2, abs=0.011))
        assert panel.session.view.category == 2
        assert panel.session.undo_stack.count() == 2

    def test_taken_again_all_have_that_of_the_one_looked_at(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(3).with_thresholds((0.2, 0.4, 0.6)))
        panel.session.look(category=1)
        settle(qtbot, panel)
        assert not panel.equal.isChecked()
        click(panel.equal)
        assert panel.session.document.thresholds == (0.4,)

    @pytest.mark.parametrize(("before", "after"), [((0.2,), (0.5,)), ((0.2, 0.4, 0.6), (0.5, 0.5, 0.5))])
    def test_reset(self, cards: MakeCards, before: tuple[float, ...], after: tuple[float, ...]) -> None:
        panel = cards(many(3).with_thresholds(before))
        click(panel.reset)
        assert panel.session.document.thresholds == after
        assert panel.session.undo_stack.undoText() == "Reset thresholds"


class TestChoosing:
    def test_a_click_looks_at_a_category_and_another_at_all(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(3))
        for expected in (1, None):
            click(panel.grid, name_place(panel, 1))
            settle(qtbot, panel)
            assert panel.session.view.category == expected
        click(panel.grid, threshold_place(panel, 2, 0.9))  # on the histogram, without pulling
        assert panel.session.view.category == 2
        assert panel.session.document.thresholds == (0.5,)
        key(Qt.Key.Key_Escape)
        assert panel.session.view.category is None

    def test_of_several_thresholds_one_is_always_looked_at(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(3).with_thresholds_apart())
        click(panel.grid, name_place(panel, 1))
        settle(qtbot, panel)
        click(panel.grid, name_place(panel, 1))
        key(Qt.Key.Key_Escape)
        assert panel.session.view.category == 1

    def test_the_cursor_says_what_can_be_done(self, cards: MakeCards) -> None:
        panel = cards(many(3))
        hover(panel.grid, threshold_place(panel, 0, 0.2))
        assert panel.grid.cursor().shape() == Qt.CursorShape.SplitHCursor
        hover(panel.grid, name_place(panel, 0))
        assert panel.grid.cursor().shape() == Qt.CursorShape.PointingHandCursor

    def test_a_click_beside_the_cards_does_nothing(self, cards: MakeCards) -> None:
        panel = cards(many(3))
        click(panel.grid, panel.grid.rect().bottomRight() - QPoint(2, 2))
        assert panel.session.view.category is None


class TestKeys:
    def test_arrows_walk_and_enter_looks(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(30))
        panel.grid.setFocus(Qt.FocusReason.TabFocusReason)
        assert panel.grid.current == 0
        key(Qt.Key.Key_Right, Qt.Key.Key_Down)
        assert panel.grid.current == 4
        key(Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up)
        assert panel.grid.current == 0
        key(Qt.Key.Key_End)
        settle(qtbot, panel)
        assert panel.grid.current == 29
        assert 29 in seen(panel)
        assert 0 not in seen(panel)
        key(Qt.Key.Key_Return)
        assert panel.session.view.category == 29
        key(Qt.Key.Key_Home, Qt.Key.Key_PageDown)
        assert panel.grid.current == 9
        key(Qt.Key.Key_Escape)
        assert panel.session.view.category is None

    @pytest.mark.parametrize(
        ("pressed", "held", "expected"),
        [
            (Qt.Key.Key_Plus, NO_KEY, 0.51),
            (Qt.Key.Key_Minus, NO_KEY, 0.49),
            (Qt.Key.Key_Right, ALT, 0.51),
            (Qt.Key.Key_Left, ALT, 0.49),
            (Qt.Key.Key_Right, ALT | SHIFT, 0.501),
        ],
    )
    def test_keys_nudge_the_threshold_of_the_card(
        self, cards: MakeCards, qtbot: QtBot, pressed: Qt.Key, held: Qt.KeyboardModifier, expected: float
    ) -> None:
        panel = cards(many(3).with_thresholds_apart())
        panel.grid.setFocus()
        key(Qt.Key.Key_Right)
        key(pressed, held=held)
        settle(qtbot, panel)
        assert panel.session.document.thresholds == (0.5, expected, 0.5)
        assert panel.card(1).threshold == expected
        assert panel.session.view.category == 1

    def test_the_ends_are_the_ends(self, cards: MakeCards) -> None:
        panel = cards(many(3).with_threshold(0.995))
        panel.grid.setFocus()
        key(Qt.Key.Key_Plus, Qt.Key.Key_Plus)
        assert panel.session.document.thresholds == (1.0,)

    def test_where_the_keys_are_is_seen(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(3))
        panel.search.setFocus()
        settle(qtbot, panel)
        before = panel.grid.grab().toImage()
        panel.grid.setFocus()
        settle(qtbot, panel)
        assert panel.grid.grab().toImage() != before

    def test_the_keyboard_reaches_everything(self, cards: MakeCards) -> None:
        panel = cards(many(3))
        panel.optimise.setFocus()
        reached = set()
        for _ in range(8):
            reached.add(QApplication.focusWidget())
            key(Qt.Key.Key_Tab)
        assert reached >= {
            panel.optimise,
            panel.reset,
            panel.title.asking,
            panel.search,
            panel.order,
            panel.equal,
            panel.grid,
        }
        for widget in (panel.search, panel.order, panel.grid, panel.progress):
            assert widget.accessibleName()


class TestFinding:
    def test_a_part_of_the_name_whatever_its_case(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(30))
        panel.search.setFocus()
        write("LABEL 2")
        settle(qtbot, panel)
        assert list(panel.grid.order) == [2, *range(20, 30)]
        assert panel.session.view.deciding.search == "LABEL 2"

    def test_nothing_found_is_said_and_not_taken_for_markup(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(3))
        panel.search.setFocus()
        write("<b>{x}")
        settle(qtbot, panel)
        assert list(panel.grid.order) == []
        assert panel.words.text() == "No category has “<b>{x}” in its name."
        panel.grid.setFocus()
        key(Qt.Key.Key_Plus, Qt.Key.Key_Right, Qt.Key.Key_Return)
        assert panel.session.view.category is None
        panel.search.clear()
        settle(qtbot, panel)
        assert not panel.words.isVisible()
        assert list(panel.grid.order) == [0, 1, 2]

    def test_the_most_frequent_first(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(30))
        panel.order.setFocus()
        key(Qt.Key.Key_Down)
        settle(qtbot, panel)
        assert panel.session.view.deciding.order is LabelOrder.SUPPORT
        support = [int(panel.card(c).support.split()[0]) for c in panel.grid.order]
        assert support == sorted(support, reverse=True)

    def test_by_f1_those_that_are_not_defined_last_and_no_jumps_while_dragging(
        self, cards: MakeCards, qtbot: QtBot
    ) -> None:
        panel = cards(_with_one_that_is_never_yes())
        panel.session.decide(order=LabelOrder.F1)
        settle(qtbot, panel)
        before = list(panel.grid.order)
        assert before == sorted(before, key=lambda c: _f1(panel, c))
        assert before[-1] == 4
        press(panel.grid, threshold_place(panel, before[0], 0.5))
        pull(panel.grid, threshold_place(panel, before[0], 0.5), threshold_place(panel, before[0], 0.8))
        qtbot.wait(2 * RESTING)
        wanted = sorted(before, key=lambda c: _f1(panel, c))
        assert wanted != before
        assert list(panel.grid.order) == before
        let_go(panel.grid, threshold_place(panel, before[0], 0.8))
        qtbot.waitUntil(lambda: list(panel.grid.order) == wanted)

    def test_a_card_under_the_keys_stays_while_they_nudge(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(12).with_thresholds_apart())
        panel.session.decide(order=LabelOrder.F1)
        settle(qtbot, panel)
        before = list(panel.grid.order)
        panel.grid.setFocus()
        key(Qt.Key.Key_End, *[Qt.Key.Key_Plus] * 40)
        qtbot.wait(2 * RESTING)
        assert list(panel.grid.order) == before
        key(Qt.Key.Key_Left)
        qtbot.waitUntil(lambda: list(panel.grid.order) != before)

    def test_a_category_that_is_looked_at_comes_into_sight(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(60))
        assert 55 not in seen(panel)
        panel.session.look(category=55)
        settle(qtbot, panel)
        assert 55 in seen(panel)


def _with_one_that_is_never_yes() -> Document:
    """Return twelve categories; of one no row is yes, or said so."""
    document = many(12)
    fifth = np.arange(4, document.elements, 12)
    return document.with_labels(fifth, 0.0).with_scores(0, fifth, 0.1)


def _f1(panel: CategoryCardsPanel, category: int) -> float:
    counts = panel.session.counts_of(0)
    assert counts is not None
    double = 2 * counts[category].true_positives
    whole = double + counts[category].false_positives + counts[category].false_negatives
    return double / whole if whole else np.inf


class TestOptimisingEach:
    def test_each_gets_its_own_and_it_is_said(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(5))
        before = [_f1(panel, c) for c in range(5)]
        click(panel.optimise)
        settle(qtbot, panel)
        document = panel.session.document
        assert len(set(document.thresholds)) > 1
        assert all(_f1(panel, c) >= before[c] for c in range(5))
        assert panel.session.undo_stack.count() == 1
        assert panel.note.text().startswith("5 of 5 thresholds changed: best for F1 of A.")
        assert "on new rows expect less" in panel.note.text()
        assert not panel.progress.isVisible()
        panel.session.undo_stack.undo()
        settle(qtbot, panel)
        assert not panel.note.isVisible()
        assert panel.session.document.thresholds == (0.5,)

    def test_what_no_threshold_serves_is_named(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(_with_one_that_is_never_yes())
        panel.session.decide(goal=Goal(Aim.RECALL, target=0.95))
        settle(qtbot, panel)
        assert "recall ≥ 0.95" in panel.optimise.toolTip()
        click(panel.optimise)
        settle(qtbot, panel)
        assert "No threshold serves it for 1, which keep theirs: label 4." in panel.note.text()
        assert panel.session.document.threshold(4) == 0.5

    def test_cancel(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(300, rows=2_000))
        before = panel.session.document
        panel.optimise.click()
        QApplication.processEvents()
        assert panel.cancel.isVisible()
        assert not panel.optimise.isEnabled()
        click(panel.cancel)
        settle(qtbot, panel)
        assert panel.session.document is before
        assert panel.note.text() == "Cancelled. All thresholds are as they were."
        assert panel.optimise.isEnabled()

    def test_an_edit_meanwhile_is_kept_and_said(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(many(300, rows=2_000))
        panel.optimise.click()
        panel.session.edit(lambda document: document.with_threshold(0.25), "T")
        settle(qtbot, panel)
        assert panel.session.document.thresholds == (0.25,)
        assert panel.note.text().startswith("No threshold is changed")


class TestSayingWhy:
    def test_not_defined_is_a_dash_with_its_reason(self, cards: MakeCards) -> None:
        panel = cards(_with_one_that_is_never_yes())
        card = panel.card(4)
        assert card.support == "no row is yes, of 200"
        assert (card.f1, *(value for *_names, value in card.ratios)) == ("F1 —", "—", "—")
        place = panel.grid.place(4)
        assert place is not None
        assert asked_tip(panel, place.bottomRight() - QPoint(20, 12)) == "Not defined: no row is yes."
        assert asked_tip(panel, place.bottomRight() - QPoint(20, 28)) == "Not defined: no row is said yes."
        assert asked_tip(panel, place.topRight() + QPoint(-20, 12)).startswith("Not defined: no row is yes, and none")
        assert asked_tip(panel, place.bottomLeft() + QPoint(20, -28)).startswith("True positives")
        QToolTip.hideText()

    def test_a_long_name_is_told_in_full(self, cards: MakeCards) -> None:
        panel = cards(Document.create([[1, 0]], {"A": [[0.3, 0.6]]}, categories=[LONG_NAME[:600], "a<b & c"]))
        words = asked_tip(panel, name_place(panel, 0))
        assert words.replace("\n", " ") == LONG_NAME[:600].strip()
        assert asked_tip(panel, name_place(panel, 1)).replace("\u2060", "") == "a<b & c"
        QToolTip.hideText()

    def test_another_prevalence_weighs_and_is_said(self, cards: MakeCards, qtbot: QtBot) -> None:
        panel = cards(questions())  # cat: 0.9 and 0.6 are yes, 0.4 is no
        panel.session.edit(lambda document: document.with_threshold(0.3), "T")
        panel.session.decide(prevalence=0.1)
        settle(qtbot, panel)
        assert panel.title.number.text().endswith("as if 1 in 10 were yes")
        assert panel.card(0).counts == ("10", "90", "0", "0")
        assert panel.card(0).ratios[0][2] == "0.10"
        assert panel.card(0).ratios[1][2] == "1.00"


def test_the_hand_stops_at_scores_that_occur(cards: MakeCards, qtbot: QtBot) -> None:
    panel = cards(questions())
    panel.session.decide(snapping=True)
    settle(qtbot, panel)
    pull_line(panel, 0, 0.85)
    assert panel.session.document.thresholds == (0.9,)


@pytest.mark.parametrize("categories", [30, 300])
def test_only_the_cards_in_sight_are_painted(
    cards: MakeCards, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, categories: int
) -> None:
    panel, painted = cards(many(categories, rows=50)), []
    paint = CardPainter.paint

    def counted(painter: CardPainter, *given: object, **more: bool) -> None:
        painted.append(given[1])
        paint(painter, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(CardPainter, "paint", counted)
    panel.session.edit(lambda document: document.with_threshold(0.25), "T")
    settle(qtbot, panel)
    assert set(painted) == set(seen(panel))
    assert len(set(painted)) <= 15


def test_a_drag_evaluates_nothing(cards: MakeCards, qtbot: QtBot) -> None:
    panel, computed = cards(many(300, rows=100)), []
    panel.session.results_changed.connect(lambda: computed.append(1))
    pull_line(panel, 0, 0.2, 0.9)
    assert not panel.session.busy
    assert computed == []


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
@pytest.mark.parametrize("name", EXTREMES)
def test_whatever_the_document_is_it_is_shown(cards: MakeCards, qtbot: QtBot, name: str, theme: str) -> None:
    document = EXTREMES[name]()
    panel = cards(document, (500, 320), theme)
    assert panel.applies == (document.task.value == "multilabel")
    assert panel.grid.isVisible() == panel.applies
    assert bool(panel.words.isVisible() and panel.words.text()) == (not panel.applies)
    panel.session.edit(lambda document: document.with_threshold(1.0), "T")
    panel.session.decide(prevalence=0.001, order=LabelOrder.F1)
    settle(qtbot, panel)
    panel.optimise.click()
    settle(qtbot, panel)
    assert not panel.grab().isNull()


def test_another_document_may_come_between_the_hand_and_the_picture(cards: MakeCards, qtbot: QtBot) -> None:
    panel = cards(many(30))
    panel.session.apply(Document.create([[1, 0]], {"A": [[0.3, 0.6]]}, categories=["a", "b"]), "other")
    panel.grid.repaint()
    panel.grid.moved.emit(20, 0.3)
    panel.grid.chosen.emit(20)
    panel.grid.nudged.emit(20, 0.1)
    assert panel.session.document.thresholds == (0.5,)
    settle(qtbot, panel)
    assert list(panel.grid.order) == [0, 1]
    panel.session.apply(Document.create([1], {"A": [0.3]}), "binary")
    panel.grid.repaint()
    settle(qtbot, panel)
    assert not panel.applies
    panel.session.undo_stack.undo()
    settle(qtbot, panel)
    assert list(panel.grid.order) == [0, 1]


def test_explanation_opens(cards: MakeCards) -> None:
    panel = cards(many(3))
    click(panel.title.asking)
    popup = panel.title.explain()
    assert popup.isVisible()
    popup.hide()
