"""The scoreboard as a table: numbers, intervals, order, columns, and verdicts against a reference."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, MARKUP_NAMES, animals, two_models
from ui.hands import click, drag, key
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document, LossSettings, ScoreKind, Unit
from xentviz.core.mean_errors import LossGap
from xentviz.session.scores import KEYS
from xentviz.ui.panels.score_table import ScoreTablePanel
from xentviz.ui.panels.score_words import loss_verdict, short_verdict
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow, width: int = 900) -> ScoreTablePanel:
    """Return a panel over the window, shown and drawn, when all it asks for is known."""
    found = ScoreTablePanel(made.session, made.look, made)
    found.setGeometry(0, 0, width, 420)
    found.show()
    found.raise_()
    wait(qtbot, made, found)
    return found


def wait(qtbot: QtBot, made: MainWindow, shown: ScoreTablePanel) -> None:
    """Wait until nothing is to be worked out or drawn any more."""
    for _ in range(2):
        shown.refresh_now()
        settle(qtbot, made)
        qtbot.waitUntil(lambda: not (made.session.busy or shown.will_redraw), timeout=20_000)


def text(shown: ScoreTablePanel, model: str, column: str) -> tuple[str, str]:
    """Return a number and what stands below it."""
    row = next(row for row in shown.grid.lines.rows if row.name == model)
    place = [head.key for head in shown.grid.lines.heads].index(column)
    return row.cells[place].text, row.cells[place].below


def names(shown: ScoreTablePanel) -> list[str]:
    """Return the models from top to bottom."""
    return [row.name for row in shown.grid.lines.rows]


def click_heading(shown: ScoreTablePanel, column: str) -> None:
    """Click a heading, scrolled to where it can be seen."""
    section = [head.key for head in shown.grid.lines.heads].index(column) + 1
    header = shown.grid.horizontalHeader()
    shown.grid.scrollTo(shown.grid.model().index(0, section))
    at = QPoint(header.sectionViewportPosition(section) + header.sectionSize(section) // 2, header.height() // 2)
    click(header.viewport(), at)
    shown.refresh_now()


def three(rows: int = 1_500) -> Document:
    """Return a middling, a good and a useless model."""
    rng = np.random.default_rng(1)
    labels = (rng.random(rows) < 0.4).astype(float)
    models = {name: np.clip(0.5 + (labels - 0.5) * lift + rng.normal(0, 0.15, rows), 0.02, 0.98)
              for name, lift in (("middling", 0.2), ("good", 0.5), ("useless", 0.0))}  # fmt: skip
    return Document.create(labels, models)


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    made.session.compare(columns=KEYS)
    for category in (None, 0):
        made.session.look(category=category)
        shown.mark_stale()
        wait(qtbot, made, shown)
        assert not shown.grab().isNull()
        for row in shown.grid.lines.rows:
            assert len(row.cells) == 12
            assert not any("nan" in words for cell in row.cells for words in (cell.text, cell.below, cell.tip))
            assert not any(cell.text == "…" for cell in row.cells)
        assert "…" not in shown.verdicts
        assert not any("nan" in words for words in shown.verdicts)


def test_numbers_stand_over_their_intervals(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(two_models()))
    assert text(shown, "sure", "accuracy") == ("80.0 %", "49.0 – 94.3 %")
    assert text(shown, "sure", "roc_auc")[0] == "0.960"
    value, interval = text(shown, "vague", "loss")
    low, high = (float(end) for end in interval.split(" – "))
    assert low < float(value) < high


def test_the_best_of_a_column_is_called_so(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(three()))
    for row in shown.grid.lines.rows:
        assert {cell.best for cell in row.cells if cell is not row.cells[3]} == {row.name == "good"}


def test_of_equal_numbers_none_is_best(window: MakeWindow, qtbot: QtBot) -> None:
    twin = Document.create([1, 0], {"A": [0.9, 0.2], "B": [0.9, 0.2]})
    shown = panel(qtbot, window(twin))
    assert not any(cell.best for row in shown.grid.lines.rows for cell in row.cells)
    assert shown.verdicts == ["B’s loss is A’s in every row"]


def test_a_heading_sorts_best_first_then_worst_then_not_at_all(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(three()))
    assert names(shown) == ["middling", "good", "useless"]
    for order in (["good", "middling", "useless"], ["useless", "middling", "good"], ["middling", "good", "useless"]):
        click_heading(shown, "loss")
        assert names(shown) == order
    click_heading(shown, "roc_auc")
    assert names(shown)[0] == "good"
    assert [head.sorted for head in shown.grid.lines.heads if head.key == "roc_auc"] == [-1]


def test_columns_are_chosen_from_a_menu(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(three()))
    menu = shown.choice.menu()
    menu.aboutToShow.emit()
    (mcc,) = [action for action in menu.actions() if action.data() == "mcc"]
    assert not mcc.isChecked()
    mcc.trigger()
    shown.refresh_now()
    assert float(text(shown, "good", "mcc")[0]) > 0.5
    menu.aboutToShow.emit()
    for action in menu.actions():
        if action.isChecked():
            action.trigger()
    shown.refresh_now()
    assert [head.key for head in shown.grid.lines.heads] == ["loss"]


def test_a_column_is_dragged_to_another_place_and_stays_there(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(three()))
    header = shown.grid.horizontalHeader()

    def titles() -> list[str]:
        heads = shown.grid.lines.heads
        return [heads[header.logicalIndex(place) - 1].key for place in range(1, len(heads) + 1)]

    before = titles()
    middles = [header.sectionViewportPosition(s) + header.sectionSize(s) // 2 for s in (2, 4)]
    drag(header.viewport(), *(QPoint(x, 10) for x in (middles[0], middles[0] + 30, middles[1] + 20)))
    assert titles() == [before[0], *before[2:4], before[1], *before[4:]]
    assert header.logicalIndex(0) == 0
    assert shown.order is None  # a drag is no click
    menu = shown.choice.menu()
    for key_of in (before[2], "mcc", before[2]):
        menu.aboutToShow.emit()
        next(action for action in menu.actions() if action.data() == key_of).trigger()
        shown.refresh_now()
    assert [key for key in titles() if key != "mcc"] == [before[0], *before[2:4], before[1], *before[4:]]
    assert "mcc" in titles()
    drag(header.viewport(), QPoint(40, 10), QPoint(80, 10), QPoint(500, 10))
    assert header.logicalIndex(0) == 0


def test_the_best_is_told_to_whoever_cannot_see_it(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(three()))
    told = [shown.grid.model().data(shown.grid.model().index(m, 1), Qt.ItemDataRole.AccessibleTextRole) for m in (0, 1)]
    assert [words.endswith("best") for words in told] == [False, True]


def test_where_it_is_low_two_models_and_the_verdict_on_the_one_looked_at_are_seen(
    window: MakeWindow, qtbot: QtBot
) -> None:
    p = np.linspace(0.1, 0.9, 40)
    made = window(Document.create(p > 0.5, {f"m{n}": p / (n + 1) for n in range(8)}))
    shown = panel(qtbot, made)
    shown.resize(900, shown.minimumSizeHint().height())
    made.session.look(model=5)
    wait(qtbot, made, shown)
    assert shown.grid.viewport().height() >= 2 * shown.grid.rowHeight(0)
    sentence = next(words for _, words in shown._verdicts if words.text().startswith("m5"))
    seen = sentence.visibleRegion().boundingRect()
    assert seen.height() >= sentence.fontMetrics().height()


def test_on_the_page_three_models_and_their_verdicts_are_seen_whole(window: MakeWindow, qtbot: QtBot) -> None:
    document = three()
    rows = np.array([0, 1])
    made = window(document.with_scores(2, rows, 1 - document.labels_of(rows)))
    made.show_workspace("compare")
    made.resize(1440, 900)
    shown = made.compare.scores
    wait(qtbot, made, shown)
    assert shown.grid.verticalScrollBar().maximum() == 0
    assert shown.grid.horizontalScrollBar().maximum() == 0
    for _, words in shown._verdicts:
        assert words.visibleRegion().boundingRect() == words.rect()
    assert made.compare.duel.plane.ground().frame.width() > 250


def test_in_a_small_window_four_models_are_seen_with_their_verdicts_in_a_word(window: MakeWindow, qtbot: QtBot) -> None:
    document = three()
    made = window(document.with_model("again", ScoreKind.PROBABILITY, document.models[0].scores.array()[:, 0]))
    made.show_workspace("compare")
    made.resize(1280, 720)
    shown = made.compare.scores
    wait(qtbot, made, shown)
    assert shown.grid.verticalScrollBar().maximum() == 0
    assert shown.grid.viewport().visibleRegion().boundingRect().height() >= 4 * shown.grid.rowHeight(0)
    below = {row.name: row.below for row in shown.grid.lines.rows}
    assert below == {"middling": "reference", "good": "loss lower", "useless": "loss higher", "again": "the same"}


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (LossGap(50, -0.1, (-0.2, 0.1), -0.1, (-0.2, 0.1), 0), "cannot tell"),
        (LossGap(2, -0.1, None, -0.1, None, 0), "cannot tell"),
        (LossGap(50, np.inf, None, 0.1, (0.05, 0.2), 3), "others: loss higher"),
        (LossGap(3, np.inf, None, None, None, 3), "∞ in every row"),
        (LossGap(0, None, None, None, None, 0), ""),
    ],
)
def test_verdicts_in_a_word(gap: LossGap, expected: str) -> None:
    assert short_verdict(gap) == expected


def test_a_click_on_a_row_chooses_its_model(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three())
    shown = panel(qtbot, made)
    click(shown.grid.viewport(), shown.grid.visualRect(shown.grid.model().index(2, 1)).center())
    assert made.session.view.model == 2
    shown.grid.setCurrentIndex(shown.grid.model().index(1, 0))
    shown.grid.setFocus()
    key(Qt.Key.Key_Return)
    assert made.session.view.model == 1


def test_the_reference_is_chosen_beside_the_title_or_by_a_menu(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three())
    shown = panel(qtbot, made)
    assert [words.split("’")[0] for words in shown.verdicts] == ["good", "useless"]
    shown.reference.setFocus()
    key(Qt.Key.Key_Down)
    assert made.session.view.comparing.reference == "good"
    wait(qtbot, made, shown)
    assert [words.split("’")[0] for words in shown.verdicts] == ["middling", "useless"]
    assert next(row.below for row in shown.grid.lines.rows if row.name == "good") == "reference"
    shown.grid.menu_wanted.emit(2, shown.mapToGlobal(QPoint(40, 40)))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    (action,) = menu.actions()  # type: ignore[attr-defined]
    assert action.text() == "Compare others with useless"
    action.trigger()
    menu.close()
    assert made.session.reference == 2


def test_verdicts_say_what_is_luck(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(three()))
    better, worse = shown.verdicts
    assert better.startswith("good’s loss is lower by 0.")
    assert "±" in better
    assert better.endswith(" nats: not luck")
    assert worse.startswith("useless’s loss is higher by 0.")
    rng = np.random.default_rng(2)
    p = rng.uniform(0.1, 0.9, 57)
    labels = rng.random(57) < p
    alike = Document.create(labels, {"A": p, "B": np.clip(p + rng.normal(0, 0.1, 57), 0.02, 0.98)})
    (unsure,) = panel(qtbot, window(alike)).verdicts
    assert unsure.endswith(": cannot tell on 57 rows")


def test_infinite_losses_are_said_plainly(window: MakeWindow, qtbot: QtBot) -> None:
    document = three()
    rows = np.array([0, 1])
    document = document.with_scores(1, rows, 1 - document.labels_of(rows))
    shown = panel(qtbot, window(document))
    assert shown.verdicts[0].startswith("good’s loss is ∞ in 2 rows; on 1\u2009498 others lower by 0.")
    value, below = text(shown, "good", "loss")
    assert value == "∞"
    assert below.startswith("others 0.")


def test_losses_are_in_the_unit_of_the_document(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three())
    shown = panel(qtbot, made)
    nats = float(text(shown, "good", "loss")[0])
    made.session.edit(lambda d: d.with_settings(LossSettings(unit=Unit.BITS)), "bits")
    wait(qtbot, made, shown)
    assert float(text(shown, "good", "loss")[0]) == pytest.approx(nats / np.log(2), abs=0.002)
    assert "bits" in shown.verdicts[0]
    assert shown.grid.lines.heads[0].title == "loss, bits"


def test_one_model_is_told_what_to_do(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(animals()))
    assert shown._empty.isVisible()
    assert "Open a second model" in shown._empty.text()
    assert shown.verdicts == []
    assert not shown.reference.isVisible()
    assert text(shown, "A", "accuracy")[0] == "75.0 %"


def test_the_threshold_moves_what_depends_on_it_at_once(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three())
    shown = panel(qtbot, made)
    before, loss = text(shown, "good", "f1"), text(shown, "good", "loss")
    made.session.edit(lambda d: d.with_threshold(0.9), "T")
    shown.refresh_now()
    assert text(shown, "good", "f1") != before
    assert text(shown, "good", "loss") == loss
    assert not made.session.part(type(shown.scores)).means.latest.busy


@pytest.mark.parametrize(
    ("name", "titles"),
    [("three categories", ["macro AUC", "macro AP", "micro F1 at T"]), ("one answer in three", ["macro AUC", "macro AP",
     "macro F1 at T"]), ("certain", ["AUC", "AP", "F1 at T"])],
)  # fmt: skip
def test_headings_say_how_categories_are_averaged(
    window: MakeWindow, qtbot: QtBot, name: str, titles: list[str]
) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    assert [head.title for head in shown.grid.lines.heads][-3:] == titles
    made.session.look(category=0)
    wait(qtbot, made, shown)
    assert [head.title for head in shown.grid.lines.heads][-3:] == ["AUC", "AP", "F1 at T"]


def test_names_are_no_markup(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(EXTREMES["markup names"]()))
    assert names(shown) == list(MARKUP_NAMES)
    assert any("{x}" in words for words in shown.verdicts)


def test_a_tool_tip_tells_what_chance_alone_makes_of_the_calibration_error(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(three()))
    place = [head.key for head in shown.grid.lines.heads].index("ece")
    tip = shown.grid.model().data(shown.grid.model().index(0, place + 1), Qt.ItemDataRole.ToolTipRole)
    assert "95 % interval" in tip
    assert "A model whose every probability comes true would get about 0.0" in tip


@pytest.mark.parametrize(
    ("gap", "infinite", "expected"),
    [
        (LossGap(0, None, None, None, None, 0), (0, 0), "B: no row has a loss under both."),
        (LossGap(1, 0.1, None, 0.1, None, 0), (0, 0), "B’s loss against A’s: cannot tell on 1 row"),
        (LossGap(5, 0.1, (0.05, 0.2), 0.1, (0.05, 0.2), 0), (0, 0), "B’s loss against A’s: cannot tell on 5 rows"),
        (LossGap(60, 0.03, (0.012, 0.051), 0.03, (0.012, 0.051), 0), (0, 0),
         "B’s loss is higher by 0.012 to 0.051 nats: not luck"),
        (LossGap(60, -0.03, (-0.04, -0.02), -0.03, (-0.04, -0.02), 0), (0, 0),
         "B’s loss is lower by 0.030 ± 0.010 nats: not luck"),
        (LossGap(60, -0.05, (-0.05, -0.05), -0.05, (-0.05, -0.05), 0), (0, 0),
         "B’s loss is lower by 0.050 nats in every row"),
        (LossGap(61, None, None, 0.05, (0.05, 0.05), 4), (0, 4),
         "A’s loss is ∞ in 4 rows; on 57 others B’s is higher by 0.050 nats in each"),
        (LossGap(2, np.inf, None, None, None, 2), (2, 0), "B’s loss is ∞ in 2 rows; there are no others"),
        (LossGap(61, None, None, 0.0, (-0.1, 0.2), 4), (1, 3),
         "B’s loss is ∞ in 1 row, A’s in 3; on 57 others between 0.100 lower and 0.200 nats higher: cannot tell"),
        (LossGap(61, None, None, -0.03, (-0.04, -0.02), 4), (0, 4),
         "A’s loss is ∞ in 4 rows; on 57 others B’s is lower by 0.030 ± 0.010 nats: not luck"),
        (LossGap(2, None, None, None, None, 2), (0, 0), "B: a loss is ∞ in 2 rows; there are no others"),
        (LossGap(9, None, None, 0.0, (0.0, 0.0), 4), (4, 0), "B’s loss is ∞ in 4 rows; on 5 others the same"),
        (LossGap(3, None, None, 0.1, None, 2), (2, 0), "B’s loss is ∞ in 2 rows; on the other cannot tell"),
    ],
)  # fmt: skip
def test_sentences(gap: LossGap, infinite: tuple[int, int], expected: str) -> None:
    assert loss_verdict("B", "A", gap, infinite, Unit.NATS) == expected


def test_an_interval_that_reaches_100_per_cent_is_read_whole(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1], {"A": [0.9], "B": [0.6]}))
    shown = panel(qtbot, made)
    assert text(shown, "A", "accuracy") == ("100.0 %", "20.7 – 100 %")
