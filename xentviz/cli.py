"""The terminal's door. Qt is imported only by the branches that draw."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from xentviz import __version__
from xentviz.choices import EXPORTS, THEMES, WORKSPACES

NO_DISPLAY = (
    "xentviz: there is no display to open a window on. Use --json to print the numbers, "
    "or --snapshot FILE.png to draw the window into a picture."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: 0 done, 1 unusable data, 2 unusable arguments or display."""
    chosen = _parser().parse_args(arguments)
    from xentviz.core.errors import DataError

    try:
        return _run(chosen)
    except BrokenPipeError:  # whoever read the output, such as head, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except DataError as error:
        from xentviz.ui.messages import sentence

        print(f"xentviz: {sentence(error)}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="xentviz", description="Put labels beside predictions, and see what cross-entropy makes of them."
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a table to open: CSV, Parquet, Feather or Arrow"
    )
    source.add_argument("--scene", metavar="NAME", help="open one of the program's scenes, such as film_still")
    parser.add_argument("--threshold", type=_threshold, metavar="T", help="decide yes from this score on, 0 to 1")
    door = parser.add_mutually_exclusive_group()
    door.add_argument("--json", action="store_true", help="print the numbers and open no window")
    door.add_argument("--snapshot", type=Path, metavar="PNG", help="draw the window into a picture and open none")
    door.add_argument(
        "--export", type=Path, metavar="OUT", help="write a CSV, TSV or Parquet file, by its suffix, and open no window"
    )
    parser.add_argument("--what", choices=EXPORTS, default="table", help="what to export: the table unless said")
    parser.add_argument("--theme", choices=THEMES, help="colours and size of type")
    parser.add_argument("--workspace", choices=WORKSPACES, default="explore", help="the workspace to show first")
    parser.add_argument("--version", action="version", version=f"xentviz {__version__}")
    return parser


def _threshold(text: str) -> float:
    value = float(text.replace(",", "."))
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not from 0 to 1")
    return value


def _run(chosen: argparse.Namespace) -> int:
    if chosen.json:
        return _print_json(chosen)
    if chosen.export:
        return _export(chosen)
    from xentviz import display

    drawn = chosen.snapshot is not None
    if not drawn and not display.has_display():
        print(NO_DISPLAY, file=sys.stderr)
        return 2
    if missing := display.missing_library(screen=not drawn):
        packages = display.PACKAGES if drawn else f"{display.PACKAGES} {display.SCREEN_PACKAGES}"
        print(f"xentviz: Qt needs {missing}, which is not installed. On Debian or Ubuntu: "
              f"apt-get install {packages}", file=sys.stderr)  # fmt: skip
        return 2
    opened = _opened(chosen)
    from xentviz import app

    if drawn:
        return app.snapshot(opened, chosen.snapshot, chosen.theme, chosen.workspace)
    return app.run(opened, chosen.theme, chosen.workspace)


def _opened(chosen: argparse.Namespace) -> "Opened":  # type: ignore[name-defined]  # noqa: F821
    """Return what the arguments name: a file, or a scene, or else the first scene."""
    from xentviz.files import read
    from xentviz.files.scenes import read_scene
    from xentviz.paths import resource

    if chosen.file is not None:
        opened = read(chosen.file)
    else:
        opened = read_scene(resource("scenes"), chosen.scene or "film_still")
    if chosen.threshold is None:
        return opened
    return opened._replace(document=opened.document.with_threshold(chosen.threshold))


def _print_json(chosen: argparse.Namespace) -> int:
    from xentviz.core.evaluation import evaluate
    from xentviz.files.export import as_json

    results = evaluate(_opened(chosen).document)
    name = str(chosen.file) if chosen.file is not None else chosen.scene or "film_still"
    print(json.dumps(as_json(name, results), allow_nan=False), flush=True)
    return 0


def _export(chosen: argparse.Namespace) -> int:
    from xentviz.files.exports import What, export

    export(What(chosen.what), _opened(chosen).document, chosen.export)
    return 0
