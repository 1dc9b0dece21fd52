"""The Compare workspace in its window: tabs, sides, one panel enlarged, and every document on every side."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QScrollArea, QSlider
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, animals, questions, two_models
from ui.hands import CTRL, SHIFT, click, double_click, key, write
from ui.test_threshold_workspace import choose_tab, on_title, title_of
from ui.windows import LECTURE, MakeWindow, settle
from xentviz.core.document import Document, Unit
from xentviz.files.scenes import read_scene
from xentviz.paths import resource
from xentviz.session.comparing import Slicing
from xentviz.ui.panels.panel import Panel
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.window.compare_workspace import CompareWorkspace
from xentviz.ui.window.main_window import MainWindow
from xentviz.ui.window.panel_page import Place

SIZES = ((1024, 700), LECTURE, (1920, 1080))
SIDES = {
    "rows": ["duel", "waterfall"],
    "calibration": ["reliability", "temperature"],
    "curves": ["roc", "precision_recall", "areas"],
    "losses": ["budget", "distributions"],
    "decisions": ["difference", "agreement"],
    "slices": ["slices", "pictures"],
}
PANELS = ["scores", *(name for names in SIDES.values() for name in names)]


def workspace(qtbot: QtBot, made: MainWindow) -> CompareWorkspace:
    """Go to the workspace."""
    choose_tab(qtbot, made, 2)
    return made.compare


def turn_to(qtbot: QtBot, made: MainWindow, side: str) -> None:
    """Choose a side of the comparison."""
    click(made.compare.sides[side])
    settle(qtbot, made)


def seen(page: CompareWorkspace) -> list[str]:
    """Return the names of the panels that are shown."""
    return [name for name in PANELS if getattr(page, name).isVisible()]


def where_panels_are(made: MainWindow) -> list[tuple[int, int, int, int]]:
    """Return the place and size of every panel of the page that is shown."""
    return [panel.geometry().getRect() for panel in made.compare.panels if panel.isVisible()]


def three_models(names: tuple[str, str, str] = ("sure", "vague", "flat")) -> Document:
    """Return two models, and one that knows nothing."""
    document = two_models()
    first, second = (model.scores.array()[:, 0] for model in document.models)
    scores = {names[0]: first, names[1]: second, names[2]: np.full(10, 0.5)}
    return Document.create(document.labels.array()[:, 0], scores, title="three models")


def test_its_tab_hides_cards_bar_and_working_and_the_others_bring_them_back(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    assert page.isVisible()
    for hidden in (made.scoreboard, made.threshold_bar, made.working):
        assert not hidden.isVisible()
    choose_tab(qtbot, made, 1)
    assert made.scoreboard.isVisible()
    assert not page.isVisible()
    choose_tab(qtbot, made, 0)
    for shown in (made.scoreboard, made.threshold_bar, made.working):
        assert shown.isVisible()


def test_keys_go_there_and_back(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    key(Qt.Key.Key_3, held=CTRL | SHIFT)
    settle(qtbot, made)
    assert made.compare.isVisible()
    assert made.actions_by_name["workspace_compare"].isChecked()
    key(Qt.Key.Key_1, held=CTRL | SHIFT)
    assert not made.compare.isVisible()


def test_the_scoreboard_stays_above_one_side_at_a_time(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    for side, names in (*SIDES.items(), *SIDES.items()):
        turn_to(qtbot, made, side)
        assert seen(page) == ["scores", *names]
        assert [name for name, button in page.sides.items() if button.isChecked()] == [side]


def test_a_side_can_be_chosen_with_the_keys(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    page.sides["rows"].setFocus()
    key(Qt.Key.Key_Right)
    settle(qtbot, made)
    assert seen(page) == ["scores", *SIDES["calibration"]]


def test_the_side_and_what_is_compared_are_as_they_were_after_leaving(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    turn_to(qtbot, made, "calibration")
    made.session.compare(bins=7, reference="vague")
    settle(qtbot, made)
    for place in (0, 1, 2):
        choose_tab(qtbot, made, place)
    assert seen(page) == ["scores", *SIDES["calibration"]]
    assert page.reliability.bins.value() == 7
    assert made.session.reference == 1


@pytest.mark.parametrize(("side", "name"), [(side, name) for side, names in SIDES.items() for name in names])
@pytest.mark.parametrize("back", ["double click", "Esc"])
def test_a_double_click_on_a_title_enlarges_its_panel(
    window: MakeWindow, qtbot: QtBot, side: str, name: str, back: str
) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    turn_to(qtbot, made, side)
    panel, before = getattr(page, name), where_panels_are(made)
    double_click(title_of(panel), on_title(panel))
    settle(qtbot, made)
    assert seen(page) == [name]
    assert not page.sides[side].isVisible()
    assert panel.height() > 0.9 * page.height()
    assert panel.width() > 0.9 * page.width()
    if back == "Esc":
        title_of(panel).asking.setFocus()
        key(Qt.Key.Key_Escape)
    else:
        double_click(title_of(panel), on_title(panel))
    settle(qtbot, made)
    assert seen(page) == ["scores", *SIDES[side]]
    assert where_panels_are(made) == before


def test_the_scoreboard_can_be_enlarged_too(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    double_click(title_of(page.scores), on_title(page.scores))
    settle(qtbot, made)
    assert seen(page) == ["scores"]
    title_of(page.scores).asking.setFocus()
    key(Qt.Key.Key_Escape)
    assert seen(page) == ["scores", *SIDES["rows"]]


def test_the_wheel_scrolls_a_low_page_and_changes_no_choice(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three_models(), size=(1272, 600))
    page = workspace(qtbot, made)
    bar = page.findChildren(QScrollArea)[0].verticalScrollBar()
    for side in ("slices", "losses", "calibration", "decisions"):
        turn_to(qtbot, made, side)
        assert bar.maximum() > 0
        before = made.session.view
        passed = [found for kind in (QComboBox, QSlider) for found in page.findChildren(kind) if found.isVisible()]
        for found in passed:
            page.findChildren(QScrollArea)[0].ensureWidgetVisible(found)
            bar.setValue(min(bar.value(), bar.maximum() - 1))
            start = bar.value()
            at = found.mapTo(made, QPointF(found.rect().center()))
            QTest.wheelEvent(made.windowHandle(), at, QPoint(0, -120))  # by way of Qt, which may give the focus too
            QApplication.processEvents()
            assert bar.value() > start, found.accessibleName()
        assert len(passed) > 1
        assert made.session.view == before


@pytest.mark.parametrize(("theme", "size"), [("light", (1280, 720)), ("projector", (1920, 1080))])
def test_a_side_is_one_picture_in_a_small_window(
    window: MakeWindow, qtbot: QtBot, theme: str, size: tuple[int, int]
) -> None:
    made = window(three_models(), theme=theme, size=size)
    page = workspace(qtbot, made)
    for side, names in SIDES.items():
        turn_to(qtbot, made, side)
        assert page._scroll.verticalScrollBar().maximum() == 0, side
        assert len({getattr(page, name).mapTo(page, QPoint()).y() for name in names}) == 1, side


def test_where_panels_stand_below_one_another_the_first_is_seen_whole_and_where_the_next_begins(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(three_models(), theme="projector", size=(1280, 720))
    page = workspace(qtbot, made)
    view = page._scroll.viewport()
    for side, names in SIDES.items():
        turn_to(qtbot, made, side)
        assert page._page.width() <= view.width(), side
        tops = [getattr(page, name).mapTo(view, QPoint()).y() for name in names]
        assert page.sides[side].mapTo(view, QPoint()).y() >= 0, side
        assert tops[0] + getattr(page, names[0]).height() <= view.height(), side
        assert all(top < view.height() for top in tops[1:2]), side


def test_the_name_of_the_model_that_has_the_focus_can_be_read(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three_models())
    grid = workspace(qtbot, made).scores.grid
    box = grid.visualRect(grid.model().index(1, 0))
    click(grid.viewport(), box.center())
    settle(qtbot, made)
    assert grid.hasFocus()
    picture = grid.viewport().grab(box).toImage()
    pixels = [picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())]
    assert 0 < pixels.count(made.look.theme.model(1)) < 0.05 * len(pixels)


def test_keys_are_for_the_scoreboard_at_first(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three_models())
    key(Qt.Key.Key_3, held=CTRL | SHIFT)
    settle(qtbot, made)
    key(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert made.session.view.model > 0


@pytest.mark.parametrize("side", SIDES)
def test_with_one_model_a_side_says_what_it_needs_or_shows_that_one(
    window: MakeWindow, qtbot: QtBot, side: str
) -> None:
    made = window(Document.create([1, 0, 1], {"A": [0.9, 0.2, 0.4]}))
    page = workspace(qtbot, made)
    turn_to(qtbot, made, side)
    needing = {"duel", "waterfall", "areas", "difference", "agreement"}
    for name in set(SIDES[side]) & needing:
        words = [found.text() for found in getattr(page, name).findChildren(QLabel) if found.isVisible()]
        assert any("second model" in text for text in words), name


def test_models_and_rows_come_and_go_on_every_side(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three_models())
    workspace(qtbot, made)
    made.session.compare(reference="vague")
    for side in SIDES:
        turn_to(qtbot, made, side)
        for document in (two_models(), animals(), questions(), EXTREMES["no rows and no models"]()):
            made.session.apply(document, "open")
            settle(qtbot, made)
        for _document in range(4):
            made.session.undo_stack.undo()
            settle(qtbot, made)
        assert made.session.document.models[made.session.reference].name == "vague"


def test_deleting_the_reference_compares_with_another_and_undo_brings_it_back(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three_models())
    page = workspace(qtbot, made)
    made.session.compare(reference="vague")
    made.session.look(model=1)
    for side in SIDES:
        turn_to(qtbot, made, side)
        made.actions_by_name["delete_model"].trigger()
        settle(qtbot, made)
        assert made.session.document.models[made.session.reference].name == "sure"
        made.session.undo_stack.undo()
        settle(qtbot, made)
        assert made.session.document.models[made.session.reference].name == "vague"
        made.session.look(model=1)
    assert page.isVisible()


def test_every_panel_begins_with_a_title_and_explains_itself(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    page = workspace(qtbot, made)
    for name in PANELS:
        panel = getattr(page, name)
        assert len(panel.findChildren(PanelTitle)) == 1
        assert len(title_of(panel).explanation) > 200


def test_what_panels_say_is_said_in_the_window(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    turn_to(qtbot, made, "calibration")
    line = page.temperature.value
    line.setFocus()
    line.selectAll()
    write("hot")
    key(Qt.Key.Key_Return)
    said = [found.text() for found in made.statusBar().findChildren(QLabel)]
    assert "A temperature is a number from 0.1 to 10; “hot” is not." in said


def test_a_model_can_be_renamed_in_sight(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    made.actions_by_name["rename_model"].trigger()
    settle(qtbot, made)
    editor = made.scoreboard.cards[0].name_editor
    assert editor.isVisible()
    assert editor.hasFocus()
    write("surest")
    key(Qt.Key.Key_Return)
    settle(qtbot, made)
    assert [model.name for model in made.session.document.models] == ["surest", "vague"]
    assert not made.scoreboard.isVisible()
    assert page.isAncestorOf(made.focusWidget())


def test_a_new_model_is_named_in_sight_and_esc_leaves_its_name(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    workspace(qtbot, made)
    made.actions_by_name["add_model"].trigger()
    settle(qtbot, made)
    assert made.scoreboard.cards[2].name_editor.isVisible()
    key(Qt.Key.Key_Escape)
    settle(qtbot, made)
    assert made.session.document.models[2].name == "Model 3"
    assert not made.scoreboard.isVisible()


def test_going_elsewhere_while_a_name_is_typed_takes_it(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    workspace(qtbot, made)
    made.actions_by_name["rename_model"].trigger()
    settle(qtbot, made)
    write("surest")
    choose_tab(qtbot, made, 0)
    assert made.session.document.models[0].name == "surest"
    assert made.scoreboard.isVisible()


def _renamed(document: Document) -> Document:
    return document.with_model_renamed(0, "surest").with_model_renamed(1, "another name")


def _edited(document: Document) -> Document:
    document = document.with_labels(np.array([0, 4]), [0.0, np.nan]).without_rows(np.array([1, 5, 6]))
    document = document.with_scores(1, np.array([3, 4]), [0.02, 1.0]).with_threshold(0.43)
    return document.with_settings(replace(document.settings, unit=Unit.BITS))


@pytest.mark.parametrize("side", SIDES)
def test_every_panel_shows_after_an_edit_what_it_shows_of_a_new_document(
    window: MakeWindow, qtbot: QtBot, side: str
) -> None:
    made = window(three_models())
    workspace(qtbot, made)
    turn_to(qtbot, made, side)
    for changed in (_renamed, _edited):
        fresh = window(changed(three_models()))
        workspace(qtbot, fresh)
        turn_to(qtbot, fresh, side)
        made.session.apply(changed(made.session.document), "edit")
        settle(qtbot, made)
        for name in ("scores", *SIDES[side]):
            panel, like = (getattr(shown.compare, name) for shown in (made, fresh))
            texts = [[found.text() for found in one.findChildren(QLabel)] for one in (panel, like)]
            assert texts[0] == texts[1], (changed, name)
            # Those of temperature stay on their side of T while they can; those of slices keep the lines they had.
            if panel not in (made.compare.temperature, made.compare.slices):
                assert panel.grab().toImage() == like.grab().toImage(), (changed, name)
        made.session.undo_stack.undo()
        settle(qtbot, made)


def test_panels_stand_still_while_a_temperature_is_dragged(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["ten thousand rows"]())
    page = workspace(qtbot, made)
    turn_to(qtbot, made, "calibration")
    before = where_panels_are(made)
    for temperature in (0.123, 1.0, 2.09, 8.88):
        made.session.compare(temperature=temperature)
        settle(qtbot, made)
        assert where_panels_are(made) == before
        assert page.temperature.here.fontMetrics().horizontalAdvance(page.temperature.here.text()) <= (
            page.temperature.here.width()
        )


def test_a_long_verdict_on_temperature_leaves_room_to_reliability(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(read_scene(resource("scenes"), "same_accuracy"))
    page = workspace(qtbot, made)
    turn_to(qtbot, made, "calibration")
    assert len(page.temperature.best.text()) > 60
    assert page.reliability.width() > page.temperature.width()


def test_names_that_differ_at_their_ends_are_told_apart(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(three_models(("logistic regression, fold 1", "logistic regression, fold 2", "flat")))
    page = workspace(qtbot, made)
    parts = {
        page.agreement.models: "decisions", page.agreement.pair: "decisions", page.difference.pair: "decisions",
        page.slices.list: "slices", page.reliability.split: "calibration",
    }  # fmt: skip

    def pictures() -> list[QImage]:
        found = []
        for part, side in parts.items():
            turn_to(qtbot, made, side)
            found.append(part.grab().toImage())
        return found

    before = pictures()
    for model in (0, 1):
        name = f"logistic regression, fold {model + 7}"
        made.session.apply(made.session.document.with_model_renamed(model, name), "rename")
    for part, old, new in zip(parts, before, pictures(), strict=True):
        assert old != new, part


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_fits_on_every_side_in_every_size(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    page = workspace(qtbot, made)
    for size in SIZES:
        made.resize(*size)
        for side, names in SIDES.items():
            page.sides[side].setChecked(True)
            settle(qtbot, made)
            assert not made.grab().isNull()
            assert set(seen(page)) <= {"scores", *names}
            shown: list[Panel] = [panel for panel in page.panels if panel.isVisible()]
            for panel in shown:
                assert panel.mapTo(page, QPoint(panel.width(), 0)).x() <= page.width(), (side, panel)
                assert panel.height() >= panel.minimumSizeHint().height(), (side, panel)


def test_panels_are_made_when_their_side_is_first_chosen_and_once(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    assert {type(panel).__name__ for panel in page.panels} == {"ScoreTablePanel", "DuelPanel", "WaterfallPanel"}
    turn_to(qtbot, made, "curves")
    curves = [panel for panel in page.panels if panel.isVisible()]
    assert len(page.panels) == 6
    turn_to(qtbot, made, "rows")
    turn_to(qtbot, made, "curves")
    assert [panel for panel in page.panels if panel.isVisible()] == curves
    assert len(page.panels) == 6


def test_a_side_shows_frames_at_once_and_panels_in_their_place_one_after_the_other(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    page.sides["curves"].click()
    places = [place for place in page.findChildren(Place) if place.isVisible()]
    assert len(places) == 3
    corners = sorted((place.mapTo(page, QPoint(0, 0)) for place in places), key=QPoint.x)
    qtbot.waitUntil(lambda: page.roc.isVisible())
    assert not page.areas.isVisible()
    settle(qtbot, made)
    panels = (page.roc, page.precision_recall, page.areas)
    assert [panel.mapTo(page, QPoint(0, 0)) for panel in panels] == corners
    assert not any(place.isVisible() for place in page.findChildren(Place))


def test_another_side_may_be_chosen_before_the_first_has_come(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    page.sides["curves"].click()
    QApplication.processEvents()
    page.sides["losses"].click()
    settle(qtbot, made)
    assert seen(page) == ["scores", *SIDES["losses"]]
    turn_to(qtbot, made, "curves")
    assert seen(page) == ["scores", *SIDES["curves"]]


def test_tab_goes_from_panel_to_panel_of_a_side(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(two_models())
    page = workspace(qtbot, made)
    for side in ("curves", "rows", "calibration"):
        turn_to(qtbot, made, side)
    page.scores.grid.setFocus()
    met: list[str] = []
    for _ in range(60):
        key(Qt.Key.Key_Tab)
        holder = QApplication.focusWidget()
        met += [name for name in PANELS if getattr(page, name).isAncestorOf(holder) and name not in met]
    assert met == ["reliability", "temperature"]


@pytest.mark.parametrize("category", [None, 0])
@pytest.mark.parametrize("gone", [0, 2])
def test_a_model_may_go_while_slices_are_by_its_score_and_rows_stand_against_it(
    window: MakeWindow, qtbot: QtBot, gone: int, category: int | None
) -> None:
    rng = np.random.default_rng(8)
    labels = rng.integers(0, 2, 3_000)
    made = window(Document.create(labels, {name: rng.random(3_000) for name in "ABC"}))
    made.session.compare(slicing=Slicing.SCORE, reference="B")
    made.session.look(workspace="compare", model=gone, category=category)
    for side in ("rows", "slices"):
        made.session.look(side=side)
        settle(qtbot, made)
    for _ in range(2):
        made.editing.delete_model()
        settle(qtbot, made)
        assert (
            made.compare.slices.list.slices.heads[0]
            == f"score of {made.session.document.models[made.session.view.model].name}"
        )
        made.session.look(side="rows")
        settle(qtbot, made)
        match = made.compare.duel.duels.standings.wanted().match
        names = [model.name for model in made.session.document.models]
        assert [names[match.first], names[match.second]] == [model.name for model in match.models]
        made.session.undo_stack.undo()
        made.session.look(side="slices", model=gone)
        settle(qtbot, made)


NOTHING_KNOWN = "No row has both a label and a score. Enter what is missing in the table, or open a file that has both."


def said(panel: Panel) -> list[str]:
    """Return the texts that are seen of a panel."""
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible() and label.text()]


@pytest.mark.parametrize("labelled", [False, True])
def test_without_a_label_and_a_score_of_any_row_all_panels_say_the_same(
    window: MakeWindow, qtbot: QtBot, labelled: bool
) -> None:
    labels, scores = np.full(9, np.nan), np.linspace(0.1, 0.9, 9)
    if labelled:
        labels, scores = np.tile([1.0, 0.0, 1.0], 3), np.full(9, np.nan)
    document = Document.create(labels, {"A": scores, "B": scores}).with_grouping("day", ["mon"], np.zeros(9, int))
    made = window(document)
    made.session.compare(slicing=Slicing.COLUMN, column="day")
    page = workspace(qtbot, made)
    for side in ("rows", "calibration", "losses", "slices"):
        turn_to(qtbot, made, side)
        for name in ("scores", *SIDES[side]):
            assert NOTHING_KNOWN in said(getattr(page, name))
    assert not any("no row has a loss under both" in text for text in said(page.scores))
    assert not page.slices.list.isVisible()
    made.session.apply(two_models(), "labels", opening=True)
    settle(qtbot, made)
    assert page.slices.list.isVisible()
    assert not any(NOTHING_KNOWN in said(getattr(page, name)) for name in ("scores", *SIDES["slices"]))


def test_models_that_share_no_row_are_not_said_to_differ_nowhere(window: MakeWindow, qtbot: QtBot) -> None:
    nan = np.nan
    made = window(Document.create([1, 0, 1, 0], {"A": [0.9, 0.2, nan, nan], "B": [nan, nan, 0.8, 0.3]}))
    page = workspace(qtbot, made)
    turn_to(qtbot, made, "slices")
    assert page.slices.verdict.text() == ""
    assert page.slices.list.isVisible()
    assert said(page.scores)[-1] == "B: no row has a loss under both."
