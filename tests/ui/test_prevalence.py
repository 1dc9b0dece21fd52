"""The panel of the supposed share of yes: by slider, by typing, put off again, and told in whole rows."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sklearn.metrics import precision_score

from ui.documents import EXTREMES, animals
from ui.hands import click, key, write
from ui.windows import MakeWindow, settle
from xentviz.core.document import Document
from xentviz.ui.panels.prevalence import LEAST, PrevalencePanel
from xentviz.ui.window.main_window import MainWindow


def panel(qtbot: QtBot, made: MainWindow) -> PrevalencePanel:
    """Return a panel over the window, shown and drawn."""
    found = PrevalencePanel(made.session, made.look, made)
    found.setGeometry(0, 0, 560, 220)
    found.show()
    found.raise_()
    settle(qtbot, made)
    return found


def words(shown: PrevalencePanel) -> str:
    """Return the sentence, with plain spaces."""
    return shown._words.text().replace("\u2009", " ")


def enter(qtbot: QtBot, made: MainWindow, shown: PrevalencePanel, text: str) -> None:
    """Type a share, and press Enter."""
    shown.share.setFocus()
    shown.share.selectAll()
    write(text)
    key(Qt.Key.Key_Return)
    settle(qtbot, made)


def hundred() -> Document:
    """Return 40 rows that are yes, of which 30 are said yes, and 60 that are no, of which 12 are said yes."""
    labels, scores = np.repeat([1, 0], [40, 60]), np.repeat([0.8, 0.2, 0.7, 0.1], [30, 10, 12, 48])
    return Document.create(labels, {"A": scores})


def test_at_first_the_share_is_that_of_the_rows(window: MakeWindow, qtbot: QtBot) -> None:
    shown = panel(qtbot, window(hundred()))
    assert shown.share.text() == "0.40"
    assert shown._odds.text() == "1 in 2.5"
    assert not shown.supposing.isChecked()
    assert words(shown) == (
        "Of 100 rows 40 are yes. At T the model says yes to 42: 30 rightly, 12 wrongly. Precision 0.71."
    )


def test_a_share_that_is_typed_is_supposed_and_told_in_whole_rows(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(hundred())
    shown = panel(qtbot, made)
    enter(qtbot, made, shown, "0,001")
    assert made.session.view.deciding.prevalence == 0.001
    assert shown.supposing.isChecked()
    assert shown._odds.text().replace("\u2009", " ") == "1 in 1 000"
    # 0.75 of 10 are found; 0.2 of 9 990 are false alarms.
    assert words(shown) == (
        "Of 10 000 rows 10 are yes. At T the model says yes to 2 006: 7.5 rightly, 1 998 wrongly. "
        "Precision 0.00; in these rows 0.71. "
        "The table and the models’ cards keep to these rows."
    )
    enter(qtbot, made, shown, "0.9")
    y, p = np.repeat([1, 0], [40, 60]), np.repeat([1, 0, 1, 0], [30, 10, 12, 48])
    expected = precision_score(y, p, sample_weight=np.where(y == 1, 0.9 / 40, 0.1 / 60))
    assert f"Precision {expected:.2f}; in these rows 0.71." in words(shown)
    assert shown._odds.text() == "all but 1 in 10"


@pytest.mark.parametrize("share", [0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 0.99, 0.999])
def test_the_rarer_kind_is_ten_rows_of_as_few_as_can_be(window: MakeWindow, qtbot: QtBot, share: float) -> None:
    made = window(hundred())
    shown = panel(qtbot, made)
    made.session.decide(prevalence=share)
    settle(qtbot, made)
    rows = round(10 / min(share, 1 - share))
    yes = 10 if share < 0.5 else rows - 10
    assert words(shown).startswith(f"Of {rows:,} rows {yes:,} are yes.".replace(",", " "))


def test_the_slider_moves_by_keys_however_small_its_steps(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(Document.create([1, 0], {"A": [0.7, 0.4]}))
    shown = panel(qtbot, made)
    shown.slider.setFocus()
    assert shown.slider.value() == 0
    key(*[Qt.Key.Key_Right] * 20)
    settle(qtbot, made)
    assert shown.slider.value() == 20
    assert made.session.view.deciding.prevalence == pytest.approx(0.57)
    key(*[Qt.Key.Key_Left] * 60)
    settle(qtbot, made)
    assert shown.slider.value() == -40
    assert made.session.view.deciding.prevalence == 0.36
    key(Qt.Key.Key_Home)
    settle(qtbot, made)
    assert made.session.view.deciding.prevalence == pytest.approx(1e-6, rel=0.1)
    key(Qt.Key.Key_End)
    settle(qtbot, made)
    assert made.session.view.deciding.prevalence == pytest.approx(1 - 1e-6, abs=1e-7)


def test_the_slider_follows_what_is_typed(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(hundred())
    shown = panel(qtbot, made)
    places = []
    for text in ("0", "0.001", "0.1", "0.5", "0.8", "1"):
        enter(qtbot, made, shown, text)
        places.append(shown.slider.value())
        assert made.session.view.deciding.prevalence == float(text)
    assert places == sorted(places)
    assert (places[0], places[3], places[-1]) == (-1000, 0, 1000)


def test_it_is_switched_on_and_off(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(hundred())
    shown = panel(qtbot, made)
    click(shown.supposing)
    settle(qtbot, made)
    assert made.session.view.deciding.prevalence == 0.4
    assert "Precision 0.71; in these rows 0.71." in words(shown)
    enter(qtbot, made, shown, "0.001")
    click(shown.supposing)
    settle(qtbot, made)
    assert made.session.view.deciding.prevalence is None
    assert shown.share.text() == "0.40"


@pytest.mark.parametrize("text", ["2", "−0.1", "half", "1e400"])
def test_what_is_no_share_is_refused_with_a_sentence(window: MakeWindow, qtbot: QtBot, text: str) -> None:
    made = window(hundred())
    shown = panel(qtbot, made)
    told: list[str] = []
    shown.said.connect(told.append)
    enter(qtbot, made, shown, text)
    assert told == [f"A share is a number from 0 to 1; “{text}” is not."]
    assert made.session.view.deciding.prevalence is None
    enter(qtbot, made, shown, " ")
    assert made.session.view.deciding.prevalence is None


@pytest.mark.parametrize(("share", "yes"), [("0", "0"), ("1e-320", "0"), ("1", "100")])
def test_none_and_all_are_told_of_a_hundred_rows(window: MakeWindow, qtbot: QtBot, share: str, yes: str) -> None:
    made = window(hundred())
    shown = panel(qtbot, made)
    enter(qtbot, made, shown, share)
    assert words(shown).startswith(f"Of 100 rows {yes} are yes.")
    assert float(share) in (0, 1) or float(share) < LEAST
    assert shown._odds.text() == ""


def test_where_all_labels_are_alike_nothing_new_is_supposed_but_what_is_can_be_put_off(
    window: MakeWindow, qtbot: QtBot
) -> None:
    made = window(Document.create([1, 1], {"A": [0.7, 0.4]}))
    shown = panel(qtbot, made)
    assert not any(widget.isEnabled() for widget in (shown.supposing, shown.slider, shown.share))
    assert words(shown).startswith("All labels are alike")
    made.session.decide(prevalence=0.1)
    settle(qtbot, made)
    click(shown.supposing)
    settle(qtbot, made)
    assert made.session.view.deciding.prevalence is None
    assert not shown.supposing.isEnabled()


def test_one_answer_in_many_has_a_share_only_of_a_category(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(animals())
    shown = panel(qtbot, made)
    assert words(shown) == "Choose a category: the share of yes is that of one against the rest."
    assert not shown.slider.isEnabled()
    made.session.look(category=0)
    settle(qtbot, made)
    assert shown.slider.isEnabled()
    (counts,) = made.session.counts_looked_at(0) or []
    assert float(shown.share.text()) == pytest.approx(counts.positives / counts.total, abs=0.001)


@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_can_be_shown(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(EXTREMES[name]())
    shown = panel(qtbot, made)
    for prevalence in (None, 0.0, 5e-324, 0.001, 0.5, 1 - 1e-16, 1.0):
        made.session.decide(prevalence=prevalence)
        settle(qtbot, made)
        assert not shown.grab().isNull()
        assert words(shown)
        assert not any(part.strip(".:;,") in ("nan", "inf", "None") for part in words(shown).split())
