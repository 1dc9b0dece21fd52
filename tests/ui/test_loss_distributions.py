"""The distributions: counts in bins, what a bin says, and the rows that it lists."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, answers, two_models
from ui.hands import click, hover, key
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document, Unit
from xentviz.core.levels import levels_of
from xentviz.session.view import Shown
from xentviz.ui.panels.loss_bins import loss_bins, score_bins
from xentviz.ui.panels.loss_distributions import DistributionsPanel
from xentviz.ui.widgets.histogram_plot import Histograms
from xentviz.ui.window.main_window import MainWindow

INF = np.inf


def panel(qtbot: QtBot, made: MainWindow, what: str = "scores") -> DistributionsPanel:
    """Return a panel over the window, shown and drawn."""
    found = DistributionsPanel(made.session, made.look, made)
    found.setGeometry(0, 0, 640, 400)
    found.show()
    found.raise_()
    found.what.setCurrentText(what)
    settle(qtbot, made)
    return found


def picture(shown: DistributionsPanel) -> Histograms:
    found = shown.plot.picture
    assert found is not None
    return found


@pytest.mark.parametrize("what", ["scores", "losses"])
@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str, what: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made, what)
    for category in (None, 0):
        made.session.look(category=category)
        for log in (False, True):
            shown.log.setChecked(log)
            settle(qtbot, made)
            shown.refresh_now()
            assert not shown.grab().isNull()
            if shown.plot.picture is None:
                assert shown.empty.text()
                continue
            for strip in range(len(picture(shown).strips)):
                assert "nan" not in picture(shown).tip(strip, 0)


def test_bins_hold_what_numpy_counts(window: MakeWindow, qtbot: QtBot) -> None:
    document = EXTREMES["ten thousand rows"]()
    shown = panel(qtbot, window(document))
    every = np.arange(document.elements)
    labels = document.labels_of(every)
    for m in range(2):
        p = document.scores_of(m, every)
        for strip, label in enumerate((1, 0)):
            expected, _ = np.histogram(p[labels == label], np.arange(33) / 32)
            assert picture(shown).strips[strip].counts[m].tolist() == expected.tolist()


def test_every_loss_lies_in_a_bin(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0, 1, 0], {"A": [0.0, 0.0, 0.5, 0.9], "B": [1.0, 1.0, 0.9, 1e-12]}))
    shown = panel(qtbot, made, "losses")
    found = picture(shown)
    assert found.strips[0].counts.sum(axis=1).tolist() == [4, 4]
    assert [found.tip(0, place).split("\n")[0] for place in (0, len(found.left) - 1)] == ["0", "∞"]
    assert found.strips[0].counts[:, 0].tolist() == [1, 1]
    assert found.strips[0].counts[:, -1].tolist() == [1, 1]
    assert (np.diff(found.left) > 0).all()
    assert (found.left[1:] >= found.right[:-1] - 1e-12).all()


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize(
    "losses", [[0.5], [1e-300, 1e300], [1.7e308], [1e-15, 3.0], [1.0, 10.0, 100.0], [], [0.0], [INF], [0.0, INF, 2.0]]
)
def test_bins_of_losses_hold_them_all(losses: list[float], unit: Unit) -> None:
    levels = levels_of(np.array(losses))
    for of in (levels, levels_of(np.array(losses), grouped=True)):
        bins = loss_bins([of], unit)
        assert bins.count(of).sum() == len(losses)
        assert len(bins.left) == len(bins.names) <= 60
        places = [bins.place(loss) for loss in losses]
        assert all(0 <= place <= 1 for place in places)
        assert places == sorted(places) or losses != sorted(losses)


def test_numbers_lie_in_the_bin_that_counts_them() -> None:
    values = np.random.default_rng(1).lognormal(-4, 4, 300)
    for bins, of in ((loss_bins([levels_of(values)], Unit.BITS), values), (score_bins(), values[values < 1])):
        for value in of.tolist():
            counted = int(np.flatnonzero(bins.count(levels_of(np.array([value]))))[0])
            assert bins.left[counted] - 1e-3 <= bins.place(value) <= bins.right[counted] + 1e-3


def test_a_bin_says_its_counts_and_lists_the_rows_of_the_chosen_model(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    made.session.look(model=1)
    shown = panel(qtbot, made)
    box = shown.plot.bin_box(0, 17)  # from .53125 to .5625: yes of .55 said by the vague model
    hover(shown.plot, box.center().toPoint())
    assert shown.plot.read_out == "is yes · 0.531 – 0.562\nsure: 0 rows\nvague: 1 row\nclick: list those of vague"
    click(shown.plot, box.center().toPoint())
    settle(qtbot, made)
    view = made.session.view
    assert (view.selected.tolist(), view.shown, view.model) == ([2], Shown.SELECTED, 1)
    assert made.table.model.rowCount() == 1


def test_an_empty_bin_lists_nothing(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made)
    click(shown.plot, shown.plot.bin_box(0, 5).center().toPoint())
    settle(qtbot, made)
    assert made.session.view.shown is Shown.ALL
    assert "click" not in shown.plot.read_out


@pytest.mark.parametrize("document", [two_models(), answers(3000, 5), EXTREMES["certain"](), EXTREMES["logits"]()])
def test_each_bin_lists_as_many_rows_as_it_counts(window: MakeWindow, qtbot: QtBot, document: Document) -> None:
    made = window(document)
    shown = panel(qtbot, made, "losses")
    counts = picture(shown).strips[0].counts[0]
    listed = []
    for place in np.flatnonzero(counts).tolist():
        shown.plot.picked.emit((0, place))
        settle(qtbot, made)
        listed.append(made.session.view.selected)
        assert len(listed[-1]) == counts[place]
    assert len(np.unique(np.concatenate(listed))) == counts.sum()


def test_the_keys_walk_the_bins_and_choose_one(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    shown = panel(qtbot, made)
    shown.plot.setFocus()
    key(Qt.Key.Key_Right)
    assert shown.plot.at == (0, 16)
    key(*[Qt.Key.Key_Right] * 12, Qt.Key.Key_Return)
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == [0]  # .9, which is yes
    key(Qt.Key.Key_Down, *[Qt.Key.Key_Left] * 6, Qt.Key.Key_Space)
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == [2]  # .7, which is no


def test_medians_are_told_and_follow_the_unit(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    shown = panel(qtbot, made, "losses")
    document = made.session.document
    p, labels = document.scores_of(0, np.arange(10)), document.labels_of(np.arange(10))
    losses = -np.log(np.abs(p - 1 + labels))
    told = f"median {np.median(losses):.3f} · 95 % below {np.quantile(losses, 0.95):.3f}"
    assert picture(shown).kinds[0].told == told
    made.actions_by_name["unit_bits"].trigger()
    settle(qtbot, made)
    assert picture(shown).title == "loss in bits"
    assert picture(shown).kinds[0].told.startswith(f"median {np.median(losses) / np.log(2):.3f}")


def test_an_edit_is_seen_at_once(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    shown = panel(qtbot, made)
    made.session.edit(lambda document: document.with_scores(0, np.array([0]), [0.01]), "Edit")
    settle(qtbot, made)
    assert picture(shown).strips[0].counts[0][0] == 1
