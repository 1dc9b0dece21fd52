"""Who may import whom, checked in the syntax of every file; there are no exceptions."""

import ast
import re
import sys
from pathlib import Path

import pytest

import xentviz

PACKAGE = Path(xentviz.__file__).parent

# A layer imports itself and what stands to its right: cli, app → ui → session → files → core. Of what others
# made, what is named here, with all that lies below it; and always the standard library. "" is the package itself:
# its version.
PERMITTED = {
    "core": {"core", "numpy", "scipy"},
    "files": {"files", "core", "numpy", "olefile", "pyarrow", "python_calamine"},
    "session": {"session", "files", "core", "choices", "numpy", "PySide6.QtCore", "PySide6.QtGui"},
    "ui": {"ui", "session", "files", "core", "choices", "paths", "", "numpy", "PySide6", "pyqtgraph"},
    "ui.messages": {"core"},
    "ui.numbers": set(),
    "app": {"ui", "session", "files", "core", "choices", "paths", "", "PySide6"},
    "cli": {"app", "ui", "session", "files", "core", "choices", "paths", "display", ""},
    "choices": set(),
    "display": set(),
    "paths": set(),
    "__main__": {"cli"},
    "": set(),
}

QT = {"PySide6", "shiboken6", "pyqtgraph"}
WITHOUT_QT = ["", "choices", "cli", "core", "display", "files", "paths", "ui.messages", "ui.numbers"]


def name_of(path):
    """Return what a file's module is called below the package: "core.losses", "cli", "" for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")}


def imported_by(nodes):
    """Return the modules that import statements name: ours by their place below the package, others in full."""
    for node in nodes:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            longer = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if is_module(name) else node.module for name in longer]
        else:
            continue
        for name in names:
            yield name.removeprefix("xentviz").removeprefix(".") if is_ours(name) else name


def is_ours(name):
    return is_within(name, "xentviz")


def is_module(name):
    return name.removeprefix("xentviz.") in TREES or re.fullmatch(r"PySide6\.Qt\w+", name)


def is_within(name, whole):
    return name == whole or (whole != "" and name.startswith(whole + "."))


def permitted_to(module):
    """Return what the closest name in the table may import."""
    closest = max((entry for entry in PERMITTED if is_within(module, entry)), key=len)
    return PERMITTED[closest]


@pytest.mark.parametrize("module", TREES, ids=lambda module: module or "xentviz")
def test_a_module_imports_only_what_stands_to_its_right(module):
    allowed = permitted_to(module)
    for name in imported_by(ast.walk(TREES[module])):
        if name.split(".")[0] not in sys.stdlib_module_names:
            assert any(is_within(name, whole) for whole in allowed), (
                f"xentviz.{module} may not import {name or 'xentviz'}"
            )


def test_every_module_has_its_place_in_the_table_and_every_place_a_module():
    assert {module.split(".")[0] for module in TREES} == {entry.split(".")[0] for entry in PERMITTED}
    assert PERMITTED.keys() <= TREES.keys()


def statements(module):
    """Return what a module does when it is imported: all but the bodies of its functions."""
    waiting = list(TREES[module].body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def loaded_with(module):
    """Return everything that comes when a module is imported."""
    loaded, waiting = set(), [module]
    while waiting:
        name = waiting.pop()
        if name in loaded:
            continue
        loaded.add(name)
        if name in TREES:
            waiting.extend(imported_by(statements(name)))
            waiting.append(name.rpartition(".")[0])
    return loaded


@pytest.mark.parametrize(
    "module", [m for m in TREES if any(is_within(m, entry) for entry in WITHOUT_QT)], ids=lambda m: m or "xentviz"
)
def test_what_works_without_qt_does_not_load_it(module):
    assert not {name for name in loaded_with(module) if name.split(".")[0] in QT}


def test_the_window_does_load_qt():
    assert {name.split(".")[0] for name in loaded_with("app")} >= {"PySide6", "pyqtgraph"}
