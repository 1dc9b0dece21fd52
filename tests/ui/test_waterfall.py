"""The waterfall of the difference: its bars, and choosing rows by them."""

from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QComboBox, QToolTip
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, two_models
from ui.hands import click, key
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document
from xentviz.core.elements import losses_of
from xentviz.core.intervals import ROUNDING
from xentviz.session.scores import Scores
from xentviz.session.view import Shown
from xentviz.ui.panels.waterfall import WaterfallPanel
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow) -> WaterfallPanel:
    """Return a panel over the window, shown and drawn."""
    found = WaterfallPanel(made.session, made.look, made)
    found.setGeometry(0, 0, 560, 380)
    found.show()
    found.raise_()
    drawn(qtbot, made, found)
    return found


def drawn(qtbot: QtBot, made: MainWindow, shown: WaterfallPanel) -> None:
    settle(qtbot, made)
    qtbot.waitUntil(lambda: not (made.session.busy or shown.will_redraw), timeout=30_000)


def names(shown: WaterfallPanel) -> list[str]:
    return [bar.name for bar in shown.chart.waterfall.bars]


def middle(shown: WaterfallPanel, bar: int) -> QPoint:
    return shown.chart.line(bar).center().toPoint()


def choose(qtbot: QtBot, made: MainWindow, shown: WaterfallPanel, words: str) -> None:
    """Choose what the difference is broken into."""
    shown.partings.setFocus()
    key(Qt.Key.Key_Home)
    while shown.partings.currentText() != words:
        key(Qt.Key.Key_Down)
    drawn(qtbot, made, shown)


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    for category, place in product((None, 0), range(4)):
        made.session.look(category=category)
        if place < len(shown.duels.partings):
            shown.duels.break_into(shown.duels.partings[place])
        drawn(qtbot, made, shown)
        assert not shown.grab().isNull()
        assert shown.chart.isVisible() != shown.empty.isVisible()
        bars = shown.chart.waterfall.bars
        if shown.chart.isVisible():
            assert all(bar.tip for bar in bars)
            largest = max(abs(bar.end) for bar in bars)
            assert bars[-2].end == pytest.approx(bars[-1].start, abs=ROUNDING * largest)


def test_bars_lead_from_one_mean_loss_to_the_other(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    choose(qtbot, made, shown, "by label")
    sure, vague = (losses_of(made.session.document, m, np.arange(10)) for m in (0, 1))
    bars = shown.chart.waterfall.bars
    assert names(shown) == ["sure", "yes", "no", "vague"]
    assert bars[0].start == pytest.approx(sure.mean())
    assert bars[-1].start == pytest.approx(vague.mean())
    assert bars[1].end - bars[1].start == pytest.approx((vague - sure)[::2].sum() / 10)
    assert bars[2].end - bars[2].start == pytest.approx((vague - sure)[1::2].sum() / 10)
    yes, no = ((vague - sure)[start::2].sum() / 10 for start in (0, 1))
    expected = [f"{sure.mean():.3f}", f"+{yes:.3f}", f"+{no:.3f}", f"{vague.mean():.3f}"]
    assert [bar.text for bar in bars] == expected
    assert shown.title.number.text() == f"vague +{(vague - sure).mean():.3f} nats"


def test_a_click_on_a_bar_lists_its_rows(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    choose(qtbot, made, shown, "by label")
    click(shown.chart, middle(shown, 2))
    drawn(qtbot, made, shown)
    assert list(made.session.view.selected) == [1, 3, 5, 7, 9]
    assert made.session.view.shown is Shown.SELECTED
    assert shown.chart.waterfall.chosen == 2
    click(shown.chart, middle(shown, 0))  # a total has no rows of its own
    assert list(made.session.view.selected) == [1, 3, 5, 7, 9]


def test_keys_choose_a_bar(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    choose(qtbot, made, shown, "by label")
    shown.chart.setFocus()
    key(Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert list(made.session.view.selected) == [0, 2, 4, 6, 8]
    assert shown.chart.accessibleDescription().startswith("yes: +0.136.")


def test_at_first_it_is_broken_into_scores_or_categories(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(two_models()))
    assert shown.partings.currentText() == "by score"
    several = panel(qtbot, window(EXTREMES["three categories"]()))
    assert several.partings.currentText() == "by category"


def test_bars_grow_with_the_room_as_far_as_that_helps(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    many = shown.chart.line(0).height()
    choose(qtbot, made, shown, "by label")
    few = shown.chart.line(0).height()
    assert many < few
    shown.resize(560, 2_000)
    qtbot.waitUntil(lambda: shown.chart.height() == shown.chart.most_height())
    assert shown.chart.line(0).height() < 2 * few
    assert shown.reading.y() < 400


def test_it_is_broken_into_rows_and_the_others(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made)
    choose(qtbot, made, shown, "by row")
    assert len(names(shown)) == 13
    found = shown.duels.gap()
    assert found is not None
    assert names(shown)[-2] == f"the other {found.pairs - 10:,}".replace(",", "\u2009")
    click(shown.chart, middle(shown, 11))
    drawn(qtbot, made, shown)
    assert len(made.session.view.selected) == found.pairs - 10
    click(shown.chart, middle(shown, 1))
    drawn(qtbot, made, shown)
    assert list(made.session.view.selected) == list(found.parts[0].keys)


def test_it_is_broken_into_scores_and_categories(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["three categories"]())
    shown = panel(qtbot, made)
    choose(qtbot, made, shown, "by category")
    assert sorted(names(shown)[1:-1]) == ["category 0", "category 1", "category 2"]
    choose(qtbot, made, shown, "by score")
    assert all(name.startswith("p 0.") for name in names(shown)[1:-1])


def test_infinite_losses_are_said_and_listed(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 1, 1], {"A": [0.0, 0.5, 0.5], "B": [0.5, 0.25, 0.0]}))
    shown = panel(qtbot, made)
    assert shown.infinite.text() == "Without 2 rows of infinite loss"
    assert shown.infinite.toolTip().startswith("A ∞ in 1, B ∞ in 1.")
    assert [bar.text for bar in shown.chart.waterfall.bars] == ["0.693", "+0.693", "1.386"]
    click(shown.infinite)
    assert list(made.session.view.selected) == [0, 2]


def test_without_a_finite_rest_nothing_is_drawn(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(Document.create([1], {"A": [0.0], "B": [0.5]})))
    assert "no finite rest" in shown.empty.text()
    assert shown.infinite.accessibleName().startswith("Without 1 row of infinite loss. A ∞ in 1, B ∞ in 0.")


def test_hovering_a_bar_tells_its_part(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    choose(qtbot, made, shown, "by label")
    at = middle(shown, 1)
    QApplication.sendEvent(shown.chart, QHelpEvent(QHelpEvent.Type.ToolTip, at, shown.chart.mapToGlobal(at)))
    lines = QToolTip.text().splitlines()
    sure, vague = (losses_of(made.session.document, m, np.arange(0, 10, 2)).mean() for m in (0, 1))
    assert lines[0] == "yes: 5 rows"
    assert lines[1] == f"sure: mean loss {sure:.3f} nats there"
    assert lines[2] == f"vague: mean loss {vague:.3f} nats there"
    assert lines[3] == ("+0.136 of the difference of +0.263: 51.6 %")


def test_a_row_is_called_by_its_new_name(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    choose(qtbot, made, shown, "by row")
    assert names(shown)[1] == "row 8"
    made.session.apply(made.session.document.with_row_name(7, "Audrey"), "Rename")
    drawn(qtbot, made, shown)
    assert names(shown)[1] == "Audrey"


def test_where_rows_lack_answers_it_says_what_is_counted(window: MakeWindow, qtbot: QtBot) -> None:
    labels = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, np.nan]])
    scores = {"A": [[0.9, 0.2], [0.8, 0.6], [0.4, 0.5]], "B": [[0.6, 0.4], [0.5, 0.5], [0.1, 0.5]]}
    for gaps in (True, False):
        known = labels if gaps else np.nan_to_num(labels)
        made = window(Document.create(known, scores, categories=("cat", "dog")))
        shown = panel(qtbot, made)
        of_answers = np.nanmean([losses_of(made.session.document, m, np.arange(6)) for m in (0, 1)], axis=1)
        assert shown.title.number.text() == f"B +{of_answers[1] - of_answers[0]:.3f} nats"
        scored = made.session.part(Scores)
        qtbot.waitUntil(lambda: scored.mean(1) is not None)  # noqa: B023
        of_rows = scored.mean(1)
        assert of_rows is not None
        assert of_rows.gap is not None
        assert (of_rows.gap.mean == pytest.approx(of_answers[1] - of_answers[0])) != gaps
        tip = shown.title.number.toolTip()
        assert f"over the {6 - gaps} answers" in tip
        assert ("every answer counts alike" in tip) == gaps
    made.session.look(category=0)
    drawn(qtbot, made, shown)
    assert "over the 3 rows" in shown.title.number.toolTip()


def test_what_it_is_broken_into_is_read_whole_and_seen_to_have_the_keys(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    for opened in (two_models(), EXTREMES["one answer in thirty"]()):
        made.session.apply(opened, "open", opening=True)
        drawn(qtbot, made, shown)
        widest = max(map(shown.partings.fontMetrics().horizontalAdvance, names_of(shown.partings)))
        assert shown.partings.width() > widest + 20
    shown.chart.setFocus()
    before = shown.partings.grab().toImage()
    shown.partings.setFocus()
    assert shown.partings.grab().toImage() != before


def names_of(choice: QComboBox) -> list[str]:
    return [choice.itemText(place) for place in range(choice.count())]
