"""The loss budget: what the sentence says, the line that is dragged, and the rows that are listed."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, answers, two_models
from ui.hands import click, drag, hover, key, let_go, press, pull
from ui.windows import MakeWindow, settle
from xentviz import files
from xentviz.core.document import Document
from xentviz.paths import resource
from xentviz.session import budgets, session
from xentviz.session.view import Shown
from xentviz.ui.panels.budget import BudgetPanel
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow, size: tuple[int, int] = (640, 400)) -> BudgetPanel:
    """Return a panel over the window, shown and drawn."""
    found = BudgetPanel(made.session, made.look, made)
    found.setGeometry(0, 0, *size)
    found.show()
    found.raise_()
    settle(qtbot, made)
    return found


def said(shown: BudgetPanel) -> str:
    """Return the sentence, with ordinary spaces."""
    return shown.sentence.text().replace("\u00a0", " ").replace("\u2009", " ")


def at(shown: BudgetPanel, share: float) -> QPoint:
    """Return where a share of the rows lies, halfway up the plot."""
    x, y = shown.plot.canvas.pixels(shown._scale.place(share), 0.5)
    return QPoint(round(float(x)), round(float(y)))


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    for category in (None, 0):
        made.session.look(category=category)
        for without in (False, True):
            shown.without.setChecked(without)
            for log in (False, True):
                shown.log.setChecked(log)
                settle(qtbot, made)
                shown.refresh_now()
                assert not shown.grab().isNull()
                assert (shown.sentence.isVisible() and "loss" in said(shown)) or shown.empty.text()
                assert "nan" not in said(shown) + shown.note.text() + shown.empty.text()


def test_the_sentence_of_a_real_file(window: MakeWindow, qtbot: QtBot) -> None:
    opened = files.read([resource("samples", "breast_cancer.csv")])
    shown = panel(qtbot, window(opened))
    document = opened.document
    p, labels = document.scores_of(0, np.arange(285)), document.labels_of(np.arange(285))
    losses = np.sort(-np.log(np.abs(p - 1 + labels)))[::-1]
    share = 100 * losses[:3].sum() / losses.sum()
    assert said(shown) == f"The worst 1 % of rows (3 of 285) carry {share:.1f} % of the loss"
    standing, moving = shown.plot.shown
    assert standing is not None
    assert [trace.name for trace in standing.traces] == ["Logisti…ession", "Naive Bayes", "if all were equal"]
    assert moving.values[0] == f"{share:.1f} %"
    assert shown.note.text() == "Not drawn, for losses are infinite: Random forest (2 rows)"


def test_few_rows_are_counted(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window())
    assert said(shown) == "The worst row of 4 carries 73.0 % of the loss"  # 1.203973 of 1.648309
    drag(shown.plot.viewport(), at(shown, 0.25), at(shown, 0.5))
    assert said(shown) == "The worst 2 of 4 rows carry 90.5 % of the loss"
    click(shown.plot.viewport(), at(shown, 0.97))
    assert said(shown) == "All 4 rows carry all of the loss"
    shown.plot.setFocus()
    key(Qt.Key.Key_Left)
    assert said(shown) == "The worst 3 of 4 rows carry 96.9 % of the loss"
    key(Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert said(shown).startswith("The worst row of 4")


def test_the_worst_rows_are_listed_the_worst_first(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    drag(shown.plot.viewport(), at(shown, 0.1), at(shown, 0.3))
    before = shown.plot.geometry()
    with qtbot.waitSignal(shown.said) as heard:
        click(shown.listing)
    settle(qtbot, made)
    view = made.session.view
    assert view.selected.tolist() == [3, 6, 9]  # losses .916, .916 and .357
    assert (view.shown, view.sorted_by, view.descending) == (Shown.SELECTED, "loss", True)
    assert made.table.model.rowCount() == 3
    assert heard.args == ["Listed: 3 rows, the worst first."]
    assert shown.plot.geometry() == before


def test_rows_of_equal_loss_that_were_left_out_are_told(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create(np.ones(5), {"A": np.full(5, 0.5)}))
    shown = panel(qtbot, made)
    assert said(shown) == "The worst row of 5 carries 20 % of the loss"
    with qtbot.waitSignal(shown.said) as heard:
        click(shown.listing)
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == [0]
    assert "4 rows more with just the loss of the last" in heard.args[0]


def test_infinite_losses_have_no_share_until_they_are_left_out(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0, 1], {"A": [0.0, 0.5, 0.25], "B": [0.5, 0.5, 0.5]}))
    shown = panel(qtbot, made)
    assert "A has an infinite loss in 1 row" in shown.empty.text()
    assert shown.listing.isHidden()
    click(shown.without)
    settle(qtbot, made)
    assert said(shown) == "The worst row of 2 carries 66.7 % of the loss"
    assert shown.note.text() == "Left out, for their loss is infinite: A (1 row)"
    click(shown.listing)
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == [2]
    click(shown.without)
    made.session.look(model=1)
    settle(qtbot, made)
    assert said(shown) == "The worst row of 3 carries 33.3 % of the loss"


def test_of_one_answer_in_many_rows_are_counted_and_listed(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(3000, 5))
    shown = panel(qtbot, made)
    known = int((made.session.document.truths_of(np.arange(3000)) >= 0).sum())
    assert said(shown).startswith(f"The worst 1 % of rows ({-(-known // 100)} of {known:,}) ".replace(",", " "))
    click(shown.listing)
    settle(qtbot, made)
    assert len(made.session.view.selected) == -(-known // 100)
    assert (made.session.view.selected % 5 == 0).all()
    assert made.table.model.rowCount() == -(-known // 100)


def test_another_axis_shows_the_very_worst(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made)
    sentence = said(shown)
    click(shown.log)
    settle(qtbot, made)
    assert said(shown) == sentence
    click(shown.plot.viewport(), at(shown, 0.001))
    assert 0.0009 < shown.share < 0.0011
    standing, _ = shown.plot.shown
    assert standing is not None
    assert standing.x_range[0] == pytest.approx(-np.log10(made.session.results.models[0].known))


def test_a_short_logarithmic_axis_is_of_shares_and_not_of_thousandths(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    shown = panel(qtbot, made)
    click(shown.log)
    settle(qtbot, made)
    assert shown.plot.getAxis("bottom").label.toPlainText().strip() == "share of the rows, largest loss first"


def test_the_plot_stands_still_while_more_rows_are_looked_at(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    shown = panel(qtbot, made, (430, 380))
    before = shown.plot.geometry()
    press(shown.plot, at(shown, 0.01))
    for share in (0.1, 0.333, 0.777, 0.999):
        pull(shown.plot, at(shown, 0.01), at(shown, share))
        settle(qtbot, made)
        assert shown.plot.geometry() == before
    let_go(shown.plot, at(shown, 0.999))
    lines = shown.sentence.fontMetrics().boundingRect(
        shown.sentence.rect(), Qt.TextFlag.TextWordWrap, shown.sentence.text()
    )
    assert lines.height() <= shown.sentence.height()


def test_pointing_at_a_curve_reads_it(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window())
    x, y = shown.plot.canvas.pixels(0.5, 0.905)
    hover(shown.plot.viewport(), QPoint(round(float(x)), round(float(y))))
    assert shown.plot.read_out == "Guess\nworst 50 % of rows: 90.5 %"


def test_many_rows_come_in_the_background(window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "FEW", 0)
    monkeypatch.setattr(session, "AT_ONCE", 0)
    made = window(two_models())
    shown = panel(qtbot, made)
    assert said(shown) == "The worst row of 10 carries 33.2 % of the loss"
    click(shown.listing)
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == [3]
    QApplication.processEvents()
