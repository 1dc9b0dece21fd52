"""The window: opening files and what is said of bad ones, commands, menus, themes."""

import gc
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pyqtgraph
import pytest
import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, questions, two_models
from ui.hands import CTRL, SHIFT, click, key
from ui.windows import MakeWindow, settle, written
from xentviz import files
from xentviz.app import make_window
from xentviz.choices import THEMES
from xentviz.core.errors import Cancelled
from xentviz.files.opened import Opened
from xentviz.files.scenes import scene_names
from xentviz.paths import resource
from xentviz.session.view import Axis, Shown
from xentviz.ui.theme import theme
from xentviz.ui.window.main_window import MainWindow

GOOD = "name,label,A,B\nfirst,1,0.9,0.6\nsecond,0,0.2,0.4\n"


def said(window: MainWindow) -> str:
    """Return what the status bar says."""
    return " ".join(label.text() for label in window.statusBar().findChildren(QLabel) if label.isVisible())


def cards(window: MainWindow) -> list[tuple[str, str]]:
    """Return name and loss on each card."""
    return [(card.name.text(), card.loss.text()) for card in window.scoreboard.cards]


def open_file(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Open a file and wait until it has been read, or has failed."""
    window.open(path)
    settle(qtbot, window)


def menu_actions(menu: QMenu) -> list[QAction]:
    """Return the commands of a menu and of the menus in it."""
    found = []
    for action in menu.actions():
        if action.menu() is not None:
            found += menu_actions(action.menu())
        elif not action.isSeparator():
            found.append(action)
    return found


def every_action(window: MainWindow) -> list[QAction]:
    """Return every command that the menu bar leads to."""
    return [found for action in window.menuBar().actions() for found in menu_actions(action.menu())]


# Bad files

BAD = {
    "one column": ("label\n1\n0\n", ["one column", "label"]),
    "text among numbers": ("label,A\n1,0.5\n0,high\n", ["row 2", "A", "high"]),
    "labels that are dates": ("label,A\n2020-01-01,0.5\n2020-01-02,0.2\n", ["row 1", "label", "2020-01-01"]),
    "a short row": ("label,A,B\n1,0.5,0.5\n0,0.2\n", ["row 2", "is 2", "3 in the header"]),
    "a long row": ("label,A\n1,0.5\n0,0.2,0.3\n", ["row 2", "is 3", "2 in the header"]),
    "an empty file": ("", ["empty"]),
    "markup for a number": ("label,A\n1,0.5\n0,<b>1</b>\n", ["row 2", "A", "<b>1</b>"]),
    "braces for a number": ("label,A\n1,0.5\n0,{x}\n", ["row 2", "{x}"]),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_told_in_one_sentence_and_changes_nothing(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    made = window()
    before, results, shown = made.session.document, made.session.results_of(0), cards(made)
    text, parts = BAD[kind]
    open_file(qtbot, made, written(tmp_path, "bad {x} & <b>.csv", text))
    words = made.message.text.text()
    assert made.message.isVisible()
    assert words.startswith("bad {x} & <b>.csv")
    assert all(part in words for part in parts)
    assert "\n" not in words
    assert "Error" not in words
    assert made.session.document is before
    assert made.session.results_of(0) is results
    assert cards(made) == shown
    assert made.session.undo_stack.count() == 0
    assert not [dialog for dialog in QApplication.topLevelWidgets() if isinstance(dialog, QDialog)]


@pytest.mark.parametrize(("name", "reason"), [("missing.csv", "does not exist"), ("", "is a folder")])
def test_what_is_no_file_is_told_in_one_sentence(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, name: str, reason: str
) -> None:
    made = window()
    open_file(qtbot, made, tmp_path / name)
    assert reason in made.message.text.text()
    assert cards(made) == [("Guess", "0.412")]


def test_the_status_bar_does_not_go_on_about_a_file_that_could_not_be_read(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    made = window()
    open_file(qtbot, made, tmp_path / "missing.csv")
    assert "Reading" not in said(made)


def test_a_message_can_be_closed_and_goes_when_a_file_opens(window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = window()
    open_file(qtbot, made, tmp_path / "missing.csv")
    click(made.message.findChild(QToolButton))
    assert not made.message.isVisible()
    open_file(qtbot, made, tmp_path / "missing.csv")
    open_file(qtbot, made, written(tmp_path, "good.csv", GOOD))
    assert not made.message.isVisible()


def test_a_long_message_is_shown_whole(window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = window(size=(720, 480))
    open_file(qtbot, made, written(tmp_path, "bad.csv", "label,A\n1,0.5\n0," + "x" * 5000 + "\n"))
    label = made.message.text
    assert label.height() >= label.heightForWidth(label.width())


# Good files


def test_a_good_file_takes_the_place_of_the_document_and_can_be_undone(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    made = window()
    before = made.session.document
    open_file(qtbot, made, written(tmp_path, "two models.csv", GOOD))
    assert cards(made) == [("A", "0.164"), ("B", "0.511")]
    assert made.windowTitle() == "two models[*] – xentviz"
    assert said(made) == "Opened two models: 2 rows, 2 models."
    assert "two models" in made.top_bar.scene.text()
    key(Qt.Key.Key_Z, held=CTRL)
    settle(qtbot, made)
    assert made.session.document is before
    assert made.windowTitle() == "The film still[*] – xentviz"
    key(Qt.Key.Key_Z, held=CTRL | Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, made)
    assert cards(made) == [("A", "0.164"), ("B", "0.511")]


def test_columns_without_use_are_told(window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = window()
    open_file(qtbot, made, written(tmp_path, "t.csv", "id,label,A,remark\na,1,0.9,x\nb,0,0.1,y\n"))
    assert said(made).endswith("Not used: remark.")


def test_an_opened_file_is_looked_at_afresh(window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = window(two_models())
    made.session.look(model=1, shown=Shown.WRONG, sorted_by="loss", axis=Axis.LOGIT, current=3)
    open_file(qtbot, made, written(tmp_path, "good.csv", GOOD))
    assert made.table.model.rowCount() == 2
    assert made.session.view.current is None
    assert made.scoreboard.cards[0].property("chosen") is True


@pytest.mark.parametrize("name", ["a & b.csv", "<b>bold<b>.csv", "{x}.csv", "&File.csv"])
def test_a_files_name_is_shown_as_it_is_in_titles_and_menus(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    made = window()
    open_file(qtbot, made, written(tmp_path, name, GOOD))
    stem = Path(name).stem
    assert made.windowTitle() == f"{stem}[*] – xentviz"
    assert _as_drawn(made.top_bar.scene.text()).startswith(stem)
    assert _as_drawn(made.actions_by_name["undo"].text()) == f"Undo {stem}"


def _as_drawn(text: str) -> str:
    """Return a menu's or button's text as it is drawn: a single ampersand only underlines."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def test_no_tool_tip_takes_a_files_name_for_markup(window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = window()
    open_file(qtbot, made, written(tmp_path, "<b>bold<b>.csv", GOOD))
    assert not [w.toolTip() for w in made.findChildren(QWidget) if GuiQt.mightBeRichText(w.toolTip())]


@pytest.mark.parametrize("name", [path.stem for path in sorted(resource("samples").glob("*.csv"))])
def test_every_sample_opens(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window()
    made.actions_by_name[f"sample_{name}"].trigger()
    settle(qtbot, made)
    assert made.session.document.title == name
    assert all(loss not in ("—", "nan") for _name, loss in cards(made))
    assert not made.message.isVisible()


@pytest.mark.parametrize("name", scene_names(resource("scenes")))
def test_every_scene_opens(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(two_models())
    made.actions_by_name[f"scene_{name}"].trigger()
    settle(qtbot, made)
    assert made.actions_by_name[f"scene_{name}"].text().replace("&", "") in made.windowTitle()
    assert made.session.view.current is not None


def test_the_file_dialog_opens_what_is_chosen(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = window()
    path = written(tmp_path, "good.csv", GOOD)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_words: ([str(path)], ""))
    made.actions_by_name["open"].trigger()
    settle(qtbot, made)
    assert made.windowTitle() == "good[*] – xentviz"


def test_the_file_dialog_can_be_given_up(window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    made = window()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_words: ([], ""))
    made.actions_by_name["open"].trigger()
    settle(qtbot, made)
    assert made.windowTitle() == "The film still[*] – xentviz"
    assert made.session.undo_stack.count() == 0


# Dropping


def dropped(made: MainWindow, data: QMimeData) -> bool:
    """Drag something over the window and drop it there, and return whether it was welcome."""
    at, copy, left = QPoint(300, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at, copy, data, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(made, enter)
    if not enter.isAccepted():
        return False
    drop = QDropEvent(QPointF(at), copy, data, left, Qt.KeyboardModifier.NoModifier, QEvent.Type.Drop)
    QApplication.sendEvent(made, drop)
    return True


def mime(*urls: str) -> QMimeData:
    """Return what is dragged: these addresses."""
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


def test_a_dropped_file_is_opened(window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = window()
    path = written(tmp_path, "good.csv", GOOD)
    assert dropped(made, mime(QUrl.fromLocalFile(str(path)).toString()))
    settle(qtbot, made)
    assert made.windowTitle() == "good[*] – xentviz"


def test_a_dropped_folder_is_told(window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = window()
    assert dropped(made, mime(QUrl.fromLocalFile(str(tmp_path)).toString()))
    settle(qtbot, made)
    assert "is a folder" in made.message.text.text()


def test_addresses_pictures_and_words_are_not_welcome(window: MakeWindow) -> None:
    made = window()
    words, picture = QMimeData(), QMimeData()
    words.setText("one line of words\n")
    picture.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    assert not dropped(made, mime("https://example.org/a.csv"))
    assert not dropped(made, mime("https://example.org/a.csv", "https://example.org/b.csv"))
    assert not dropped(made, words)
    assert not dropped(made, picture)


def test_dropped_cells_become_a_document(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    cells = QMimeData()
    cells.setText("label\tA\n1\t0.9\n0\t0.2\n")
    assert dropped(made, cells)
    settle(qtbot, made)
    assert made.windowTitle() == "Clipboard[*] – xentviz"
    assert made.session.document.rows == 2


# Pasting as a new document


def paste_new(qtbot: QtBot, made: MainWindow, text: str) -> None:
    """Copy a text and press Ctrl+Shift+V."""
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(made, Qt.Key.Key_V, CTRL | SHIFT)
    settle(qtbot, made)


@pytest.mark.parametrize(
    "text",
    [
        "id\tlabel\tA\tB\nfirst\t1\t0.9\t0.6\nsecond\t0\t0.2\t0.4\n",
        "id\tlabel\tA\tB\r\nfirst\t1\t0.9\t0.6\r\nsecond\t0\t0.2\t0.4",
        "id,label,A,B\nfirst,1,0.9,0.6\nsecond,0,0.2,0.4\n",
        '"id"\t"label"\t"A"\t"B"\n"first"\t1\t0.9\t0.6\n"second"\t0\t0.2\t0.4\n',
    ],
)
def test_copied_cells_become_a_document_and_can_be_undone(window: MakeWindow, qtbot: QtBot, text: str) -> None:
    made = window()
    before = made.windowTitle()
    paste_new(qtbot, made, text)
    assert made.windowTitle() == "Clipboard[*] – xentviz"
    assert cards(made) == [("A", "0.164"), ("B", "0.511")]
    assert [made.table.model.line(line).name for line in range(2)] == ["first", "second"]
    assert said(made).startswith("Opened Clipboard: 2 rows, 2 models.")
    QTest.keyClick(made, Qt.Key.Key_Z, CTRL)
    settle(qtbot, made)
    assert made.windowTitle() == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("label\tA\n1\t0.9\n0\thigh\n", ["Clipboard, row 2", "“A”", "“high”"]),
        ("just words", ["Clipboard has one column only"]),
        ("label\tA\n1\t0.9\n0\n", ["Clipboard, row 2"]),
    ],
)
def test_what_is_no_table_is_told_and_changes_nothing(
    window: MakeWindow, qtbot: QtBot, text: str, words: list[str]
) -> None:
    made = window()
    before = made.session.document
    paste_new(qtbot, made, text)
    assert made.session.document is before
    assert all(word in made.message.text.text() for word in words)


@pytest.mark.parametrize("text", ["", " ", "\n\t\n"])
def test_of_nothing_no_document_is_made(window: MakeWindow, qtbot: QtBot, text: str) -> None:
    made = window()
    before = made.session.document
    paste_new(qtbot, made, text)
    assert made.session.document is before
    assert said(made) == "There is nothing on the clipboard to paste."


def test_half_a_letter_on_the_clipboard_does_no_harm(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    made.open_pasted("id\tlabel\tA\n\ud83e\t1\t0.9\n")
    settle(qtbot, made)
    assert made.table.model.line(0).name == "?"


def test_cells_pasted_where_there_is_nothing_at_all_become_a_document(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(EXTREMES["no rows and no models"]())
    made.table.view.setFocus()
    QGuiApplication.clipboard().setText("label\tA\n1\t0.9\n0\t0.2\n")
    key(Qt.Key.Key_V, held=CTRL)
    settle(qtbot, made)
    assert cards(made) == [("A", "0.164")]


# Reading takes a while


def test_reading_can_be_cancelled_and_what_was_open_stays(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()

    def read_for_ever(stopped, report):
        share = 0.0
        while not stopped():
            share = min(0.9, share + 1e-6)
            report(share)
        raise Cancelled

    made.session.open(read_for_ever)
    cancel = next(b for b in made.statusBar().findChildren(QToolButton) if b.text() == "Cancel")
    qtbot.waitUntil(cancel.isVisible)
    click(cancel)
    settle(qtbot, made)
    assert not cancel.isVisible()
    assert said(made) == "Cancelled. What was open is still open."
    assert cards(made) == [("Guess", "0.412")]


def test_a_second_file_takes_the_place_of_one_that_is_still_being_read(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    made = window()
    for name in ("one.csv", "two.csv", "three.csv"):
        made.open(written(tmp_path, name, GOOD))
    settle(qtbot, made)
    assert made.windowTitle() == "three[*] – xentviz"
    assert made.session.undo_stack.count() == 1


# Commands


def test_every_command_is_in_a_menu_with_words(window: MakeWindow) -> None:
    made = window()
    in_menus = every_action(made)
    assert {id(action) for action in made.actions_by_name.values()} <= {id(action) for action in in_menus}
    assert all(action.text().replace("&", "").strip() for action in in_menus)


def test_no_two_commands_share_a_key(window: MakeWindow) -> None:
    keys = [action.shortcut().toString() for action in every_action(window()) if not action.shortcut().isEmpty()]
    assert len(keys) > 15
    assert len(keys) == len(set(keys))


def test_no_two_commands_of_a_menu_share_a_letter(window: MakeWindow) -> None:
    for menu in (action.menu() for action in window().menuBar().actions()):
        texts = [action.text().replace("&&", "").lower() for action in menu.actions() if not action.isSeparator()]
        letters = [text[text.index("&") + 1] for text in texts if "&" in text]
        assert len(letters) == len(set(letters)), (menu.title(), sorted(letters))


@pytest.mark.parametrize("name", ["film still", "no rows and no models", "no models", "no rows", "three thresholds"])
def test_every_command_can_be_given_at_any_time(
    window: MakeWindow, qtbot: QtBot, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = window(EXTREMES[name]() if name in EXTREMES else None)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_words: ([], ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_words: ("", ""))
    start = made.session.document
    for command in [c for c in made.actions_by_name if c != "quit"]:
        made.actions_by_name[command].trigger()
        settle(qtbot, made)
        made.session.apply(start, "back to the start")
    settle(qtbot, made)
    assert made.isVisible()


def test_no_command_that_is_offered_is_silent(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    for command in ("add_row", "add_model", "select_all", "next_theme", "about", "squared_error", "axis_logit"):
        before = made.grab().toImage()
        made.actions_by_name[command].trigger()
        settle(qtbot, made)
        assert made.grab().toImage() != before, command


def test_quitting_closes_the_window(window: MakeWindow) -> None:
    made = window()
    made.actions_by_name["quit"].trigger()
    assert not made.isVisible()


@pytest.mark.parametrize("command", ["rename_model", "duplicate_model", "delete_model", "undo", "redo", "copy"])
def test_what_cannot_be_done_is_grey(window: MakeWindow, command: str) -> None:
    assert not window(EXTREMES["no rows and no models"]()).actions_by_name[command].isEnabled()


def test_the_menu_tells_what_is_undone_and_redone(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    undo, redo = made.actions_by_name["undo"], made.actions_by_name["redo"]
    assert (undo.text(), undo.isEnabled(), redo.text(), redo.isEnabled()) == ("&Undo", False, "&Redo", False)
    made.actions_by_name["add_row"].trigger()
    assert (undo.text(), undo.isEnabled()) == ("&Undo Add row", True)
    made.actions_by_name["unit_bits"].trigger()
    assert undo.text() == "&Undo Change unit"
    undo.trigger()
    assert (undo.text(), redo.text(), redo.isEnabled()) == ("&Undo Add row", "&Redo Change unit", True)
    undo.trigger()
    assert (undo.isEnabled(), redo.text()) == (False, "&Redo Add row")


def test_undo_while_a_file_is_read_acts_at_once_and_the_file_still_opens(
    window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    made, free = window(), threading.Event()
    path = written(tmp_path, "good.csv", GOOD)

    def slowly(stopped: Callable[[], bool], report: Callable[[float], None]) -> Opened:
        while not free.wait(0.001):
            report(0.5)
        return files.read(path, stopped, report)

    made.actions_by_name["add_row"].trigger()
    settle(qtbot, made)
    made.session.open(slowly)
    qtbot.waitUntil(made._cancel.isVisible)
    made.table.view.setFocus()
    key(Qt.Key.Key_Z, held=CTRL)
    assert (made.session.document.title, made.session.document.rows) == ("The film still", 4)
    assert made.session.reading
    key(Qt.Key.Key_Z, held=CTRL | SHIFT)
    assert made.session.document.rows == 5
    key(Qt.Key.Key_Z, held=CTRL)
    free.set()
    settle(qtbot, made)
    assert made.windowTitle() == "good[*] – xentviz"
    assert not made._cancel.isVisible()
    key(Qt.Key.Key_Z, held=CTRL)
    settle(qtbot, made)
    assert (made.session.document.title, made.session.document.rows) == ("The film still", 4)
    assert not made.actions_by_name["undo"].isEnabled()


def test_the_buttons_for_undo_and_redo_follow_and_tell_their_keys(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    button = next(b for b in made.top_bar.findChildren(QToolButton) if b.text() == "↶")
    assert not button.isEnabled()
    made.actions_by_name["add_row"].trigger()
    assert button.isEnabled()
    assert button.toolTip() == "Undo Add row (Ctrl+Z)"
    click(button)
    assert not made.session.undo_stack.canUndo()


def test_the_menus_mark_what_is_chosen(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    for name in ("unit_bans", "reduction_sum", "axis_logit", "theme_dark", "list_wrong"):
        made.actions_by_name[name].trigger()
        settle(qtbot, made)
        assert made.actions_by_name[name].isChecked()
    for name in ("unit_nats", "reduction_mean", "axis_probability", "theme_light", "list_all"):
        assert not made.actions_by_name[name].isChecked()
    for _step in range(made.session.undo_stack.count()):
        made.session.undo_stack.undo()
    assert made.actions_by_name["unit_nats"].isChecked()
    assert made.actions_by_name["reduction_mean"].isChecked()


def test_every_button_has_a_tool_tip_and_an_accessible_name(window: MakeWindow) -> None:
    made = window(questions())
    buttons = [button for button in made.findChildren(QToolButton) if button.isVisible()]
    assert len(buttons) > 10
    assert not [button.text() for button in buttons if not (button.toolTip() and button.accessibleName())]


# Categories


def category_names(made: MainWindow) -> list[str]:
    """Return what the category menu offers."""
    menu = made.top_bar.category.menu()
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions()]


def test_one_category_needs_no_menu(window: MakeWindow) -> None:
    assert not window().top_bar.category.isVisible()


def test_the_category_menu_chooses_what_table_plots_and_counts_are_about(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions())
    assert made.top_bar.category.isVisible()
    assert category_names(made) == ["all categories", "cat", "dog"]
    made.top_bar.category.menu().actions()[2].trigger()
    settle(qtbot, made)
    assert made.top_bar.category.text().startswith("dog")
    assert made.table.model.rowCount() == 3
    category_names(made)
    made.top_bar.category.menu().actions()[0].trigger()
    settle(qtbot, made)
    assert made.table.model.rowCount() == 6


def test_separate_thresholds_need_one_category(window: MakeWindow, qtbot: QtBot) -> None:
    made = window(questions().with_thresholds_apart())
    assert category_names(made) == ["cat", "dog"]
    assert made.top_bar.category.text().startswith("cat")


def test_category_names_are_shown_as_they_are(window: MakeWindow) -> None:
    made = window(EXTREMES["markup names"]())
    assert [_as_drawn(name) for name in category_names(made)[1:]] == ["a<b & c", "{x}", "<img src='file:///x'>"]


# Themes


def test_every_theme_can_be_worn_and_they_follow_one_another(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    worn = []
    for _turn in THEMES:
        made.actions_by_name["next_theme"].trigger()
        settle(qtbot, made)
        worn.append(made.look.theme.name)
    assert worn == ["dark", "projector", "light"]


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_colours_table_plots_and_ground(window: MakeWindow, qtbot: QtBot, name: str) -> None:
    made = window(theme="dark" if name != "dark" else "light")
    made.actions_by_name[f"theme_{name}"].trigger()
    settle(qtbot, made)
    colours = theme(name)
    picture = made.grab().toImage()
    assert _colour(picture, made.table.view.viewport(), made, QPoint(2, made.table.view.viewport().height() - 2)) in (
        colours.surface,
        colours.wrong,
    )
    assert _colour(picture, made.explore.loss_plot, made, QPoint(2, 2)) == colours.surface
    assert picture.pixelColor(3, made.height() // 2).name() == colours.background


def _colour(picture: QImage, widget: QWidget, window: MainWindow, at: QPoint) -> str:
    return picture.pixelColor(widget.mapTo(window, at)).name()


def test_a_window_that_opens_in_a_theme_looks_as_one_that_changes_to_it(window: MakeWindow, qtbot: QtBot) -> None:
    changed = window(theme="light")
    changed.actions_by_name["theme_dark"].trigger()
    settle(qtbot, changed)
    opened = window(theme="dark")
    settle(qtbot, opened)
    assert changed.scoreboard.grab().toImage() == opened.scoreboard.grab().toImage()
    assert changed.table.grab().toImage() == opened.table.grab().toImage()


def test_nothing_is_collected_while_a_theme_is_put_on(window: MakeWindow) -> None:
    """Among it may be widgets, which Qt is just going through."""
    made, seen, threshold = window(), list[bool](), gc.get_threshold()

    def note(_phase: str, _told: dict[str, int]) -> None:
        seen.append(made.look.changing)

    gc.callbacks.append(note)
    gc.set_threshold(1)
    try:
        made.actions_by_name["theme_dark"].trigger()
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(note)
    assert set(seen) == {False}


# The end


def test_a_closed_window_takes_its_session_with_it(window: MakeWindow) -> None:
    made = window()
    session = weakref.ref(made.session)
    made.close()
    made.deleteLater()
    for _ in range(3):  # what one round frees may hold the next
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
    assert not shiboken6.isValid(made)
    assert session() is None or not shiboken6.isValid(session())


@pytest.mark.parametrize("workspace", ["explore", "threshold", "compare"])
def test_a_closed_window_takes_its_plots_with_it(qtbot: QtBot, workspace: str) -> None:
    made = make_window(Opened(two_models()), "light", workspace)
    made.show()
    settle(qtbot, made)
    for side in made.compare.sides.values() if workspace == "compare" else ():
        side.click()
        settle(qtbot, made)
    # Found without asking the window: children that were asked for are let go in another way.
    plots = [weakref.ref(item) for item in gc.get_objects() if type(item) is pyqtgraph.PlotItem]
    made.close()
    made.deleteLater()
    del made
    for _ in range(3):  # what one round frees may hold the next
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
    assert plots
    assert not any(plot() for plot in plots)


def test_what_was_pasted_stands_nowhere_else_and_is_not_saved(window: MakeWindow, qtbot: QtBot) -> None:
    made = window()
    assert not made.saving.modified
    paste_new(qtbot, made, "label\tA\n1\t0.9\n0\t0.2\n")
    assert made.saving.modified
