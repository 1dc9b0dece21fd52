"""The table of all commands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from xentviz.choices import THEMES, WORKSPACES
from xentviz.core.document import LossReduction, Unit
from xentviz.files.exports import What
from xentviz.files.scenes import scene_names, scene_title
from xentviz.paths import resource
from xentviz.session.view import Axis, Shown
from xentviz.ui.window.actions import Command, separator, translate

if TYPE_CHECKING:
    from xentviz.ui.window.main_window import MainWindow


def menus(window: MainWindow) -> dict[str, QMenu]:
    """Return the menus by name, in the menu bar of the window."""
    bar = window.menuBar()
    made = {
        "file": bar.addMenu(translate("actions", "&File")),
        "edit": bar.addMenu(translate("actions", "&Edit")),
        "model": bar.addMenu(translate("actions", "&Model")),
        "view": bar.addMenu(translate("actions", "&View")),
        "help": bar.addMenu(translate("actions", "&Help")),
    }
    made["recent"] = QMenu(translate("actions", "Open &recent"), window)
    made["recent"].setToolTipsVisible(True)
    made["scenes"] = QMenu(translate("actions", "S&cenes"), window)
    made["samples"] = QMenu(translate("actions", "S&amples"), window)
    made["export"] = QMenu(translate("actions", "&Export"), window)
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
        Command("file", "open", translate("actions", "&Open…"), "Ctrl+O", window.choose_file),
        Command("file", "columns", translate("actions", "Colu&mns…"), "Ctrl+K", window.opening.ask_columns),
        Command("file", "save", translate("actions", "&Save"), "Ctrl+S", lambda: window.keeping.save()),
        Command("file", "save_as", translate("actions", "Sa&ve as…"), "Ctrl+Shift+S", lambda: window.keeping.save_as()),
        separator("file"),
        *scenes,
        *samples,
        *_export(window),
        Command("file", "report", translate("actions", "Repor&t…"), "Ctrl+Shift+E", window.reports.ask),
        Command("file", "quit", translate("actions", "&Quit"), "Ctrl+Q", lambda: _close(window)),
    ]


def _export(window: MainWindow) -> list[Command]:
    texts = {
        What.TABLE: translate("actions", "&Table…"),
        What.SCOREBOARD: translate("actions", "&Scoreboard…"),
        What.LOSSES: translate("actions", "&Losses of each row…"),
        What.CURVES: translate("actions", "&Curves…"),
    }
    return [
        Command("export", f"export_{what}", text, "", partial(window.exports.ask, what)) for what, text in texts.items()
    ]


def _sample_title(name: str) -> str:
    titles = {
        "breast_cancer": translate("actions", "Breast cancer: three classifiers"),
        "digits": translate("actions", "Handwritten digits: three questions each"),
    }
    return titles.get(name, name)


def _close(window: MainWindow) -> None:
    window.close()


def _edit(window: MainWindow) -> list[Command]:
    stack, table = window.session.undo_stack, window.table
    return [
        Command("edit", "undo", translate("actions", "&Undo"), "Ctrl+Z", stack.undo),
        Command("edit", "redo", translate("actions", "&Redo"), "Ctrl+Shift+Z|Ctrl+Y", stack.redo),
        separator("edit"),
        Command("edit", "copy", translate("actions", "&Copy rows"), "Ctrl+C", table.copy),
        Command("edit", "paste", translate("actions", "&Paste"), "Ctrl+V", table.paste),
        Command(
            "edit",
            "paste_new",
            translate("actions", "Paste as new d&ocument"),
            "Ctrl+Shift+V",
            window.paste_as_document,
        ),
        Command("edit", "select_all", translate("actions", "Select &all"), "Ctrl+A", table.select_all),
        separator("edit"),
        Command("edit", "add_row", translate("actions", "Add ro&w"), "Ctrl+N", table.add_row),
        Command("edit", "duplicate_rows", translate("actions", "&Duplicate rows"), "Ctrl+D", table.duplicate_rows),
        Command("edit", "rename_row", translate("actions", "Re&name row"), "Ctrl+R", table.rename_row),
        Command("edit", "delete_rows", translate("actions", "De&lete rows"), "Del", table.delete_rows),
    ]


def _model(window: MainWindow) -> list[Command]:
    return [
        Command("model", "add_model", translate("actions", "&Add model"), "Ctrl+M", window.add_model),
        Command(
            "model", "duplicate_model", translate("actions", "&Duplicate model"), "Ctrl+Shift+D", window.duplicate_model
        ),
        Command("model", "rename_model", translate("actions", "&Rename model"), "Ctrl+Shift+R", window.rename_model),
        Command(
            "model",
            "delete_model",
            translate("actions", "De&lete model"),
            "Ctrl+Shift+Del",
            window.editing.delete_model,
        ),
        separator("model"),
        Command("model", "next_model", translate("actions", "&Next model"), "Ctrl+Tab", window.next_model),
    ]


def _view(window: MainWindow) -> list[Command]:
    parts = (_workspaces, _curves, _units, _reductions, _lists, _themes)
    return [command for of in parts for command in (separator("view"), *of(window))][1:]


def _workspaces(window: MainWindow) -> list[Command]:
    texts = {
        "explore": translate("actions", "E&xplore"),
        "threshold": translate("actions", "&Threshold"),
        "compare": translate("actions", "&Compare"),
    }
    show = {name: partial(window.show_workspace, name) for name in WORKSPACES}
    return [
        Command("view", f"workspace_{name}", texts[name], f"Ctrl+Shift+{n}", show[name], "workspace")
        for n, name in enumerate(WORKSPACES, start=1)
    ]


def _curves(window: MainWindow) -> list[Command]:
    look, whole = window.session.look, window.explore.show_whole
    texts = {
        Axis.PROBABILITY: translate("actions", "x axis: &probability"),
        Axis.LOGIT: translate("actions", "x axis: &logit"),
    }
    squared = translate("actions", "Draw squared &error too")
    return [
        *(
            Command("view", f"axis_{axis}", text, f"Alt+{n}", partial(look, axis=axis), "axis")
            for n, (axis, text) in enumerate(texts.items(), start=1)
        ),
        Command("view", "squared_error", squared, "Ctrl+E", window.toggle_squared_error, "", True),
        Command("view", "show_whole", translate("actions", "Show the &whole curves"), "Ctrl+0", whole),
    ]


def _units(window: MainWindow) -> list[Command]:
    texts = {
        Unit.NATS: translate("actions", "Loss in &nats (base e)"),
        Unit.BITS: translate("actions", "Loss in &bits (base 2)"),
        Unit.BANS: translate("actions", "Loss in b&ans (base 10)"),
    }
    use = window.editing.set_unit
    return [Command("view", f"unit_{unit}", text, "", partial(use, unit), "unit") for unit, text in texts.items()]


def _reductions(window: MainWindow) -> list[Command]:
    texts = {
        LossReduction.MEAN: translate("actions", "&Mean of the losses"),
        LossReduction.SUM: translate("actions", "&Sum of the losses"),
    }
    use = window.editing.set_reduction
    return [
        Command("view", f"reduction_{how}", text, "", partial(use, how), "reduction") for how, text in texts.items()
    ]


def _lists(window: MainWindow) -> list[Command]:
    texts = {
        Shown.ALL: translate("actions", "List all rows"),
        Shown.WRONG: translate("actions", "List wrong rows"),
        Shown.INFINITE: translate("actions", "List infinite rows"),
        Shown.SELECTED: translate("actions", "List selected rows"),
    }
    look = window.session.look
    return [
        Command("view", f"list_{shown}", text, f"Ctrl+{n}", partial(look, shown=shown), "shown")
        for n, (shown, text) in enumerate(texts.items(), start=1)
    ]


def _themes(window: MainWindow) -> list[Command]:
    texts = {
        "light": translate("actions", "Light"),
        "dark": translate("actions", "Dark"),
        "projector": translate("actions", "Projector"),
    }
    wear = window.look.wear
    return [
        *(Command("view", f"theme_{name}", texts[name], "", partial(wear, name), "theme") for name in THEMES),
        Command("view", "next_theme", translate("actions", "Next t&heme"), "Ctrl+T", window.next_theme),
    ]


def _help(window: MainWindow) -> list[Command]:
    return [Command("help", "about", translate("actions", "&About xentviz"), "F1", window.about)]
