"""Every command, in one table: its menu, words, key, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


@dataclass(frozen=True)
class Command:
    """One command; those with the same ``choice`` exclude one another, and ``name`` finds its action again.

    Several ``keys`` are parted by a bar.
    """

    menu: str
    name: str
    text: str
    keys: str
    run: Callable[[], None] | None
    choice: str = ""
    checkable: bool = False


SEPARATOR = "-"
"""As a name: a line in the menu."""


translate = QCoreApplication.translate
"""Called with its context written out, for that is where lupdate looks for it."""


def separator(menu: str) -> Command:
    """Return a line in a menu."""
    return Command(menu, SEPARATOR, "", "", None)


def add_commands(window: QMainWindow, menus: dict[str, QMenu], commands: list[Command]) -> dict[str, QAction]:
    """Put the commands into their menus and return the actions by name."""
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for command in commands:
        menu = menus[command.menu]
        if command.name == SEPARATOR:
            menu.addSeparator()
            continue
        action = QAction(command.text, window)
        if command.keys:
            action.setShortcuts([QKeySequence(keys) for keys in command.keys.split("|")])
        if command.run is not None:
            action.triggered.connect(lambda _on=False, run=command.run: run())
        if command.choice or command.checkable:
            action.setCheckable(True)
        if command.choice:
            group = groups.setdefault(command.choice, QActionGroup(window))
            group.addAction(action)
        menu.addAction(action)
        actions[command.name] = action
    return actions
