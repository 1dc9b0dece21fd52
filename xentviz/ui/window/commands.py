"""The table of all commands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from xentviz.core.document import LossReduction, Unit
from xentviz.files.scenes import scene_names, scene_title
from xentviz.paths import resource
from xentviz.session.view import Axis, Shown
from xentviz.ui.theme import THEMES
from xentviz.ui.window.actions import SEPARATOR, Command, tr

if TYPE_CHECKING:
    from xentviz.ui.window.main_window import MainWindow


def menus(window: MainWindow) -> dict[str, QMenu]:
    """Return the menus by name, in the menu bar of the window."""
    bar = window.menuBar()
    made = {
        "file": bar.addMenu(tr("&File")),
        "edit": bar.addMenu(tr("&Edit")),
        "model": bar.addMenu(tr("&Model")),
        "view": bar.addMenu(tr("&View")),
        "help": bar.addMenu(tr("&Help")),
    }
    made["scenes"] = QMenu(tr("S&cenes"), window)
    made["samples"] = QMenu(tr("S&amples"), window)
    return made


def commands(window: MainWindow) -> list[Command]:
    """Return every command there is."""
    return [*_file(window), *_edit(window), *_model(window), *_view(window), *_help(window)]


def _file(window: MainWindow) -> list[Command]:
    scenes = [
        Command(
            "scenes",
            f"scene_{name}",
            scene_title(resource("scenes"), name),
            "",
            partial(window.open_scene, name),
        )
        for name in scene_names(resource("scenes"))
    ]
    samples = [
        Command("samples", f"sample_{path.stem}", _sample_title(path.stem), "", partial(window.open, path))
        for path in sorted(resource("samples").glob("*.csv"))
    ]
    return [
        Command("file", "open", tr("&Open…"), "Ctrl+O", window.choose_file),
        *scenes,
        *samples,
        Command("file", "quit", tr("&Quit"), "Ctrl+Q", lambda: _close(window)),
    ]


def _sample_title(name: str) -> str:
    titles = {
        "breast_cancer": tr("Breast cancer: three classifiers"),
        "digits": tr("Handwritten digits: three questions each"),
    }
    return titles.get(name, name)


def _close(window: MainWindow) -> None:
    window.close()


def _edit(window: MainWindow) -> list[Command]:
    stack, table = window.session.undo_stack, window.table
    return [
        Command("edit", "undo", tr("&Undo"), "Ctrl+Z", stack.undo),
        Command("edit", "redo", tr("&Redo"), "Ctrl+Shift+Z|Ctrl+Y", stack.redo),
        Command("edit", SEPARATOR, "", "", stack.undo),
        Command("edit", "copy", tr("&Copy rows"), "Ctrl+C", table.copy),
        Command("edit", "paste", tr("&Paste"), "Ctrl+V", table.paste),
        Command("edit", "select_all", tr("Select &all"), "Ctrl+A", table.select_all),
        Command("edit", SEPARATOR, "", "", stack.undo),
        Command("edit", "add_row", tr("Add ro&w"), "Ctrl+N", table.add_row),
        Command("edit", "duplicate_rows", tr("&Duplicate rows"), "Ctrl+D", table.duplicate_rows),
        Command("edit", "rename_row", tr("Re&name row"), "Ctrl+R", table.rename_row),
        Command("edit", "delete_rows", tr("De&lete rows"), "Del", table.delete_rows),
    ]


def _model(window: MainWindow) -> list[Command]:
    return [
        Command("model", "add_model", tr("&Add model"), "Ctrl+M", window.add_model),
        Command("model", "duplicate_model", tr("&Duplicate model"), "Ctrl+Shift+D", window.duplicate_model),
        Command("model", "rename_model", tr("&Rename model"), "Ctrl+Shift+R", window.rename_model),
        Command("model", "delete_model", tr("De&lete model"), "Ctrl+Shift+Del", window.editing.delete_model),
        Command("model", SEPARATOR, "", "", window.add_model),
        Command("model", "next_model", tr("&Next model"), "Ctrl+Tab", window.next_model),
    ]


def _view(window: MainWindow) -> list[Command]:
    session, editing = window.session, window.editing
    axes = {Axis.PROBABILITY: tr("x axis: &probability"), Axis.LOGIT: tr("x axis: &logit")}
    units = {
        Unit.NATS: tr("Loss in &nats (base e)"),
        Unit.BITS: tr("Loss in &bits (base 2)"),
        Unit.BANS: tr("Loss in b&ans (base 10)"),
    }
    reductions = {LossReduction.MEAN: tr("&Mean of the losses"), LossReduction.SUM: tr("&Sum of the losses")}
    lists = {
        Shown.ALL: (tr("List all rows"), "Ctrl+1"),
        Shown.WRONG: (tr("List wrong rows"), "Ctrl+2"),
        Shown.INFINITE: (tr("List infinite rows"), "Ctrl+3"),
        Shown.SELECTED: (tr("List selected rows"), "Ctrl+4"),
    }
    themes = {"light": tr("Light"), "dark": tr("Dark"), "projector": tr("Projector")}

    def line() -> Command:
        return Command("view", SEPARATOR, "", "", window.next_theme)

    return [
        *(
            Command("view", f"axis_{axis}", text, f"Alt+{n}", partial(session.look, axis=axis), "axis")
            for n, (axis, text) in enumerate(axes.items(), start=1)
        ),
        Command(
            "view",
            "squared_error",
            tr("Draw squared &error too"),
            "Ctrl+E",
            window.toggle_squared_error,
            "",
            True,
        ),
        Command("view", "show_whole", tr("Show the &whole curves"), "Ctrl+0", window.explore.show_whole),
        line(),
        *(Command("view", f"unit_{u}", text, "", partial(editing.set_unit, u), "unit") for u, text in units.items()),
        line(),
        *(
            Command("view", f"reduction_{r}", text, "", partial(editing.set_reduction, r), "reduction")
            for r, text in reductions.items()
        ),
        line(),
        *(
            Command("view", f"list_{shown}", text, keys, partial(session.look, shown=shown), "shown")
            for shown, (text, keys) in lists.items()
        ),
        line(),
        *(
            Command("view", f"theme_{name}", themes[name], "", partial(window.look.wear, name), "theme")
            for name in THEMES
        ),
        Command("view", "next_theme", tr("Next t&heme"), "Ctrl+T", window.next_theme),
    ]


def _help(window: MainWindow) -> list[Command]:
    return [Command("help", "about", tr("&About xentviz"), "F1", window.about)]
