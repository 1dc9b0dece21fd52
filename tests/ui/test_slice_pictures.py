"""Slices side by side as they are seen: their numbers on one axis, their curves in pictures, and taken to the table."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot
from sklearn.metrics import average_precision_score, f1_score, log_loss, roc_auc_score, roc_curve

from ui.documents import EXTREMES, answers, questions
from ui.hands import click, hover, key
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document, LossSettings, Unit
from xentviz.session import slice_numbers
from xentviz.session.comparing import SliceOrder, Slicing
from xentviz.session.scores import KEYS
from xentviz.session.view import Shown
from xentviz.ui.panels.slice_picture_words import Drawn, drawn_choices
from xentviz.ui.panels.slice_pictures import SlicePicturesPanel
from xentviz.ui.widgets.picture_grid import Small
from xentviz.ui.widgets.slice_list import Slice
from xentviz.ui.window.main_window import MainWindow

CITIES = ("Oslo", "Rome", "Bern")


def panel(
    qtbot: QtBot, made: MainWindow, drawn: Drawn = Drawn.SCORE, size: tuple[int, int] = (620, 420)
) -> SlicePicturesPanel:
    """Return a panel over the window, shown and drawn."""
    found = SlicePicturesPanel(made.session, made.look, made)
    found.setGeometry(0, 0, *size)
    found.show()
    found.raise_()
    draw(qtbot, made, found, drawn)
    return found


def draw(qtbot: QtBot, made: MainWindow, shown: SlicePicturesPanel, drawn: Drawn, number: str = "") -> None:
    """Choose what is drawn."""
    shown.drawn.setCurrentIndex([one for one, _ in drawn_choices()].index(drawn))
    if number:
        shown.key.setCurrentIndex(KEYS.index(number))
    for _turn in range(3):  # one number asks for another
        settle(qtbot, made)


def lines(shown: SlicePicturesPanel) -> list[Slice]:
    """Return what is shown of each slice on the common axis."""
    assert shown.forest.isVisible()
    assert shown.forest.slices is not None
    return [shown.forest.slices.slice(place) for place in range(shown.forest.count)]


def pictures(shown: SlicePicturesPanel) -> list[Small]:
    """Return what is shown in each picture."""
    assert shown.grid.isVisible()
    assert shown.grid.grid is not None
    return [shown.grid.grid.picture(place) for place in range(shown.grid.count)]


def by_city() -> tuple[Document, np.ndarray, np.ndarray, np.ndarray]:
    """Return rows of three cities, and the cities, labels and second model's scores."""
    rng = np.random.default_rng(7)
    p, cities = rng.random(240), rng.integers(0, 3, 240)
    labels = (rng.random(240) < p).astype(float)
    other = np.clip(p + rng.normal(0, 0.2, 240), 0.01, 0.99)
    return Document.create(labels, {"A": p, "B": other}).with_grouping("city", CITIES, cities), cities, labels, other


def divided(window: MakeWindow) -> MainWindow:
    """Return a window in which rows are divided by city."""
    made = window(by_city()[0])
    made.session.compare(slicing=Slicing.COLUMN, column="city")
    return made


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("size", [(620, 420), (330, 200)])
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str, size: tuple[int, int]) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made, size=size)
    for category, slicing in ((None, Slicing.LABEL), (0, Slicing.SCORE)):
        made.session.look(category=category)
        made.session.compare(slicing=slicing)
        for drawn in Drawn:
            draw(qtbot, made, shown, drawn)
            assert not shown.grab().isNull()
            if shown.forest.isVisible():
                assert all(line.tip for line in lines(shown))
            elif shown.grid.isVisible():
                assert all(bool(picture.empty) != bool(picture.traces) for picture in pictures(shown))
            else:
                assert shown.empty.text()
    for number in KEYS if size[0] > 400 else ():
        draw(qtbot, made, shown, Drawn.SCORE, number)
        assert not shown.grab().isNull()


def test_numbers_stand_where_scikit_learn_has_them(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made)
    _document, cities, labels, p = by_city()
    peers = {"loss": log_loss, "roc_auc": roc_auc_score, "average_precision": average_precision_score}
    peers["f1"] = lambda y, scores: f1_score(y, scores >= 0.5)
    for number, peer in peers.items():
        draw(qtbot, made, shown, Drawn.SCORE, number)
        assert shown.forest.slices is not None
        ticks = [(place, float(text)) for place, text in shown.forest.slices.ticks]
        (left, first), (right, last) = ticks[0], ticks[-1]
        for city, slice_ in enumerate(lines(shown)):
            inside = cities == city
            expected = peer(labels[inside], p[inside])
            line = slice_.lines[1]
            assert slice_.name == CITIES[city]
            assert line.loss_text == f"{expected:.3f}"
            assert line.loss.value == pytest.approx(left + (expected - first) / (last - first) * (right - left))
            assert line.loss.low < line.loss.value < line.loss.high
        values = [line.loss.value for slice_ in lines(shown) for line in slice_.lines]
        assert 0 <= min(values) <= max(values) <= 1


def test_all_rows_have_a_line_through_all_slices(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made)
    draw(qtbot, made, shown, Drawn.SCORE, "roc_auc")
    assert shown.forest.slices is not None
    ticks = [(place, float(text)) for place, text in shown.forest.slices.ticks]
    _document, _cities, labels, p = by_city()
    place, colour = shown.forest.slices.whole[1]
    assert colour == made.look.theme.model(1)
    assert np.interp(place, *zip(*ticks, strict=True)) == pytest.approx(roc_auc_score(labels, p))


def test_losses_are_told_in_the_documents_unit(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made)
    nats = [float(of.lines[0].loss_text) for of in lines(shown)]
    made.session.edit(lambda d: d.with_settings(LossSettings(unit=Unit.BITS)), "bits")
    settle(qtbot, made)
    assert [float(of.lines[0].loss_text) for of in lines(shown)] == pytest.approx(np.array(nats) / np.log(2), abs=0.002)
    assert shown.forest.slices is not None
    assert shown.forest.slices.heads[1].startswith("mean loss, bits")


def test_the_worst_slice_is_told_of_the_chosen_model(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made, size=(900, 400))
    for number, pick in (("loss", max), ("roc_auc", min)):
        draw(qtbot, made, shown, Drawn.SCORE, number)
        made.session.look(model=1)
        settle(qtbot, made)
        worst = pick(lines(shown), key=lambda of: float(of.lines[1].loss_text))
        assert shown.title.number.text() == f"B is worst where “{worst.name}”: {worst.lines[1].loss_text}"


def test_a_number_that_is_not_defined_says_why(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(by_city()[0])
    shown = panel(qtbot, made)
    draw(qtbot, made, shown, Drawn.SCORE, "roc_auc")
    yes = lines(shown)[0]
    assert [line.loss_text for line in yes.lines] == ["—", "—"]
    assert "A: — Not defined: it needs one row that is yes and one that is no." in yes.tip


def test_an_infinite_mean_loss_points_beyond_the_axis(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 1, 0, 0], {"A": [0.0, 0.9, 0.2, 0.1], "B": [0.5] * 4}))
    yes, no = lines(panel(qtbot, made))
    assert yes.lines[0].loss_text == "∞"
    assert yes.lines[0].loss.value > 1
    assert 0 <= no.lines[0].loss.value <= 1


def test_a_threshold_that_moves_moves_the_decisions(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made)
    draw(qtbot, made, shown, Drawn.SCORE, "accuracy")
    _document, cities, labels, p = by_city()
    for threshold in (0.5, 0.8):
        made.session.edit(lambda d, at=threshold: d.with_threshold(at), "T")
        settle(qtbot, made)
        for city, slice_ in enumerate(lines(shown)):
            right = ((p >= threshold) == labels)[cities == city].mean()
            assert slice_.lines[1].loss_text == f"{100 * right:.1f} %"


def test_the_curves_of_each_slice_end_in_its_own_area(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made, Drawn.ROC)
    _document, cities, labels, p = by_city()
    for drawn, peer in ((Drawn.ROC, roc_auc_score), (Drawn.PRECISION_RECALL, average_precision_score)):
        draw(qtbot, made, shown, drawn)
        for city, picture in enumerate(pictures(shown)):
            inside = cities == city
            assert (picture.name, picture.size) == (CITIES[city], f"{inside.sum()} rows")
            assert picture.traces[1].text == f"{peer(labels[inside], p[inside]):.3f}"
            assert picture.traces[1].colour == made.look.theme.model(1)
            assert f"B: {'AUC' if drawn is Drawn.ROC else 'AP'} {picture.traces[1].text}" in picture.tip


def test_bins_have_dots_and_the_chosen_model_has_whiskers(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    made.session.compare(bins=5)
    shown = panel(qtbot, made, Drawn.RELIABILITY)
    _document, cities, labels, p = by_city()
    made.session.look(model=1)
    settle(qtbot, made)
    for city, picture in enumerate(pictures(shown)):
        inside = (cities == city) & (p >= 0.4) & (p < 0.6)
        trace = picture.traces[1]
        assert trace.y[2] == pytest.approx(labels[inside].mean())
        assert trace.x[2] == pytest.approx(p[inside].mean())
        assert trace.whiskers is not None
        assert trace.whiskers[0][2] <= trace.y[2] <= trace.whiskers[1][2]
        assert picture.traces[0].whiskers is None


def test_losses_are_shares_of_each_slice(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made, Drawn.LOSSES)
    heights = [float(trace.y.max()) for picture in pictures(shown) for trace in picture.traces]
    assert max(heights) == 1
    _document, cities, labels, p = by_city()
    for city, picture in enumerate(pictures(shown)):
        inside = cities == city
        assert picture.traces[1].text == f"{log_loss(labels[inside], p[inside]):.3f}"
        assert picture.traces[1].mark is not None
        assert 0 < picture.traces[1].mark < 1


def test_slices_by_label_have_nothing_to_rank(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(by_city()[0]), Drawn.ROC)
    assert shown.empty.isVisible()
    assert "Divide the rows by score, or by a column" in shown.empty.text()


def test_a_curve_of_one_answer_in_many_needs_a_category(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(300, 3))
    made.session.compare(slicing=Slicing.SCORE)
    shown = panel(qtbot, made, Drawn.ROC)
    assert "Choose a category" in shown.empty.text()
    made.session.look(category=1)
    draw(qtbot, made, shown, Drawn.ROC)
    assert any(picture.traces for picture in pictures(shown))


def test_slices_come_in_the_order_of_the_list_beside_them(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    made.session.compare(slice_order=SliceOrder.SIZE)
    cities = by_city()[1]
    ranked = [CITIES[city] for city in np.argsort(-np.bincount(cities), kind="stable")]
    shown = panel(qtbot, made, Drawn.ROC)
    assert [picture.name for picture in pictures(shown)] == ranked
    draw(qtbot, made, shown, Drawn.SCORE)
    assert [line.name for line in lines(shown)] == ranked


def test_a_click_on_a_picture_lists_its_rows(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made, Drawn.ROC)
    cities = by_city()[1]
    click(shown.grid.viewport(), shown.grid.cell_rect(1).center())
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == np.flatnonzero(cities == 1).tolist()
    assert made.session.view.shown is Shown.SELECTED
    draw(qtbot, made, shown, Drawn.SCORE)
    click(shown.forest.viewport(), shown.forest.cell_rect(2).center())
    settle(qtbot, made)
    assert made.session.view.selected.tolist() == np.flatnonzero(cities == 2).tolist()


def test_arrow_keys_walk_through_pictures_and_enter_lists_rows(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    made.session.compare(slicing=Slicing.SCORE)
    shown = panel(qtbot, made, Drawn.LOSSES, (620, 300))
    shown.grid.setFocus()
    across = shown.grid.across
    assert across > 1
    key(Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left)
    assert shown.grid.accessibleDescription() == pictures(shown)[2 * across].tip
    assert shown.grid.verticalScrollBar().value() > 0
    assert shown.grid.viewport().rect().contains(shown.grid.cell_rect(2 * across))
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    p = made.session.document.scores_of(0, np.arange(240))
    tenth = 2 * across
    assert made.session.view.selected.tolist() == np.flatnonzero((p >= tenth / 10) & (p < (tenth + 1) / 10)).tolist()
    key(*[Qt.Key.Key_Up] * 9)
    assert shown.grid.accessibleDescription() == pictures(shown)[0].tip


def test_a_picture_tells_its_numbers_where_the_mouse_rests(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made, Drawn.ROC)
    at = shown.grid.cell_rect(1).center()
    hover(shown.grid.viewport(), at)
    help_there = QHelpEvent(QHelpEvent.Type.ToolTip, at, shown.grid.viewport().mapToGlobal(at))
    QApplication.sendEvent(shown.grid.viewport(), help_there)
    assert "Rome" in QToolTip.text()
    outside = QPoint(2, 2)
    QApplication.sendEvent(
        shown.grid.viewport(),
        QHelpEvent(QHelpEvent.Type.ToolTip, outside, shown.grid.viewport().mapToGlobal(outside)),
    )
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_pictures_are_as_large_as_there_is_room(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made, Drawn.ROC, (900, 400))
    assert shown.grid.across == 3
    assert shown.grid.verticalScrollBar().maximum() == 0
    shown.setGeometry(0, 0, 330, 700)
    settle(qtbot, made)
    assert shown.grid.across == 1
    assert all(shown.grid.viewport().rect().contains(shown.grid.cell_rect(place)) for place in range(3))


def test_a_model_that_is_renamed_is_called_so(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made, Drawn.ROC)
    made.session.edit(lambda d: d.with_model_renamed(0, "first"), "rename")
    settle(qtbot, made)
    assert "first: AUC" in pictures(shown)[0].tip
    assert shown.grid.grid is not None
    assert [name for name, _ in shown.grid.grid.models] == ["first", "B"]


def test_of_very_many_slices_the_others_say_so(
    window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slice_numbers, "MOST", 2)
    made = divided(window)
    shown = panel(qtbot, made, Drawn.ROC)
    assert [bool(picture.empty) for picture in pictures(shown)] == [False, False, True]
    draw(qtbot, made, shown, Drawn.SCORE)
    assert [line.lines[0].loss_text == "—" for line in lines(shown)] == [False, False, True]


def test_what_takes_long_says_so_until_it_comes(
    window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slice_numbers, "FEW", 1)
    made = divided(window)
    shown = SlicePicturesPanel(made.session, made.look, made)
    shown.drawn.setCurrentIndex([one for one, _ in drawn_choices()].index(Drawn.ROC))
    shown.show()
    assert shown.empty.text() == "Counting …"
    settle(qtbot, made)
    assert [picture.empty for picture in pictures(shown)] == ["", "", ""]


def test_tab_goes_from_what_is_chosen_above_to_the_pictures(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, divided(window), Drawn.LOSSES)
    shown.drawn.setFocus()
    key(Qt.Key.Key_Tab)
    assert shown.title.asking.hasFocus()
    key(Qt.Key.Key_Tab)
    assert shown.grid.hasFocus()


def test_a_slice_of_one_row_leaves_the_others_high(window: MakeWindow, qtbot: QtBot) -> None:
    rng = np.random.default_rng(3)
    document = Document.create(rng.integers(0, 2, 200), {m: rng.random(200) for m in "AB"})
    made = window(document.with_grouping("city", ["Oslo", "Rome"], np.arange(200) // 199))
    made.session.compare(slicing=Slicing.COLUMN, column="city")
    oslo, rome = pictures(panel(qtbot, made, Drawn.LOSSES))
    assert max(trace.y.max() for trace in oslo.traces) == pytest.approx(1)
    assert max(trace.y.max() for trace in rome.traces) > 1  # beyond the frame


def test_losses_of_a_category_are_of_the_rows_it_is_right_for(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(answers(60, 3))
    made.session.look(category=1)
    made.session.compare(slicing=Slicing.LABEL)
    other = next(one for one in pictures(panel(qtbot, made, Drawn.LOSSES)) if not one.traces)
    assert other.empty == "— no scored row is category 1"


@pytest.mark.parametrize("drawn", [Drawn.RELIABILITY, Drawn.ROC, Drawn.PRECISION_RECALL, Drawn.LOSSES])
def test_the_curves_of_all_rows_lie_behind_those_of_each_slice(window: MakeWindow, qtbot: QtBot, drawn: Drawn) -> None:
    made = divided(window)
    shown = panel(qtbot, made, drawn)
    grid = shown.grid.grid
    assert grid is not None
    assert grid.behind_name == "all rows"
    assert [trace.colour for trace in grid.behind] == [colour for _, colour in grid.models]
    whole, _cities, labels, p = by_city()
    alone = window(whole.with_grouping("all", ["every"], np.zeros(len(labels))))
    alone.session.compare(slicing=Slicing.COLUMN, column="all")
    (picture,) = pictures(panel(qtbot, alone, drawn))
    for behind, trace in zip(grid.behind, picture.traces, strict=True):
        assert behind.x == pytest.approx(trace.x)
        if drawn is Drawn.LOSSES:  # of which the highest bar of all pictures ends at the top
            assert behind.y / behind.y.max() == pytest.approx(trace.y / trace.y.max())
        else:
            assert behind.y == pytest.approx(trace.y)
    if drawn is Drawn.ROC:
        across, up, _ = roc_curve(labels, p, drop_intermediate=False)
        line = grid.behind[1]
        assert set(zip(line.x, line.y, strict=True)) <= set(zip(across, up, strict=True))


@pytest.mark.parametrize("drawn", [Drawn.RELIABILITY, Drawn.ROC, Drawn.PRECISION_RECALL, Drawn.LOSSES])
@pytest.mark.parametrize("category", [None, 1])
@pytest.mark.parametrize("several", [False, True])
def test_a_slice_of_all_rows_lies_on_its_curves_whatever_is_asked(
    window: MakeWindow, qtbot: QtBot, drawn: Drawn, category: int | None, several: bool
) -> None:
    asked = questions() if several else answers(300, 5)
    made = window(asked.with_grouping("all", ["every"], np.zeros(asked.rows)))
    made.session.look(category=category)
    made.session.compare(slicing=Slicing.COLUMN, column="all")
    shown = panel(qtbot, made, drawn)
    if drawn is Drawn.ROC and category is None and not several:
        assert not shown.grid.isVisible()
        return
    (picture,) = pictures(shown)
    assert shown.grid.grid is not None
    assert picture.traces
    for behind, trace in zip(shown.grid.grid.behind, picture.traces, strict=True):
        assert behind.x == pytest.approx(trace.x)
        assert behind.y == pytest.approx(trace.y)


def test_curves_of_all_rows_stay_the_same_while_one_slice_is_looked_at(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made, Drawn.ROC)
    assert shown.grid.grid is not None
    before = [(trace.x.tolist(), trace.y.tolist()) for trace in shown.grid.grid.behind]
    made.session.compare(only=1)
    draw(qtbot, made, shown, Drawn.ROC)
    assert [(trace.x.tolist(), trace.y.tolist()) for trace in shown.grid.grid.behind] == before


def test_lines_of_all_rows_are_seen_and_paler_than_those_of_slices(window: MakeWindow, qtbot: QtBot) -> None:
    made = divided(window)
    shown = panel(qtbot, made, Drawn.ROC)
    grid = shown.grid.grid
    assert grid is not None
    pale = shown.grid._pale(grid.behind[0]).rgb()
    image = shown.grid.viewport().grab().toImage()

    def seen(left: int, top: int, right: int, bottom: int) -> int:
        return sum(image.pixel(x, y) == pale for x in range(left, right) for y in range(top, bottom))

    box = shown.grid.cell_rect(0)
    assert seen(box.left(), box.top(), box.right(), box.bottom()) > 20
    assert seen(0, 0, box.right(), shown.grid.head) > 20  # and what they are is told
    before = shown.grid._pale(grid.behind[0]).lightness()
    assert before > 150
    made.look.wear("dark")
    draw(qtbot, made, shown, Drawn.ROC)
    assert shown.grid.grid is not None
    assert shown.grid._pale(shown.grid.grid.behind[0]).lightness() < 100
