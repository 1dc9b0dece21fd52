"""The terminal's door. Qt is imported only by the branches that draw."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xentviz import __version__
from xentviz.choices import EXPORTS, THEMES, WORKSPACES

MAP_HELP = (
    "say what columns are: label=y,scores=p1+p2,kind=probability|logit|percent,names=id,positive=spam,"
    "task=multiclass|questions,categories=bird+cat+dog,key=id,header=yes|no,encoding=gb18030; "
    "what is not said is recognised"
)
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

        print(f"xentviz: {sentence(error)}{_hint(error)}", file=sys.stderr)
        return 1


def _hint(error: Exception) -> str:
    """Return what else the terminal can do about a file whose columns are not understood."""
    from xentviz.files.opened import Doubtful

    asked = isinstance(error, Doubtful) and error.is_question
    return " With --map you can say which column is what; --help tells how." if asked else ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="xentviz", description="Put labels beside predictions, and see what cross-entropy makes of them."
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "files", nargs="*", default=[], type=Path, metavar="FILE",
        help="a table of labels and scores to open; several files whose rows belong together are opened as one",
    )  # fmt: skip
    source.add_argument("--scene", metavar="NAME", help="open one of the program's scenes, such as film_still")
    parser.add_argument("--map", type=_mapping, metavar="KEY=VALUE,…", help=MAP_HELP)
    parser.add_argument("--threshold", type=_threshold, metavar="T", help="decide yes from this score on, 0 to 1")
    door = parser.add_mutually_exclusive_group()
    door.add_argument("--json", action="store_true", help="print the numbers and open no window")
    door.add_argument("--snapshot", type=Path, metavar="PNG", help="draw the window into a picture and open none")
    door.add_argument(
        "--export", type=Path, metavar="OUT", help="write a CSV, TSV or Parquet file, by its suffix, and open no window"
    )
    door.add_argument(
        "--report", type=Path, metavar="OUT", help="write a report as HTML or PDF, by the suffix, and open no window"
    )
    parser.add_argument("--what", choices=EXPORTS, default="table", help="what to export: the table unless said")
    parser.add_argument("--theme", choices=THEMES, help="colours and size of type")
    parser.add_argument("--workspace", choices=WORKSPACES, help="the workspace to show first")
    parser.add_argument("--version", action="version", version=f"xentviz {__version__}")
    return parser


def _mapping(text: str) -> "Mapping":  # type: ignore[name-defined]  # noqa: F821
    from xentviz.core.errors import DataError
    from xentviz.files.map_option import mapping_of
    from xentviz.ui.messages import sentence

    try:
        return mapping_of(text)
    except DataError as error:
        raise argparse.ArgumentTypeError(sentence(error)) from None


def _threshold(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no number from 0 to 1") from None
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not from 0 to 1")
    return value


def _run(chosen: argparse.Namespace) -> int:
    if chosen.json:
        return _print_json(chosen)
    if chosen.export:
        return _export(chosen)
    from xentviz import display

    drawn = chosen.snapshot is not None or chosen.report is not None
    if not drawn and not display.has_display():
        print(NO_DISPLAY, file=sys.stderr)
        return 2
    if missing := display.missing_library(screen=not drawn):
        packages = display.PACKAGES if drawn else f"{display.PACKAGES} {display.SCREEN_PACKAGES}"
        print(f"xentviz: Qt needs {missing}, which is not installed. On Debian or Ubuntu: "
              f"apt-get install {packages}", file=sys.stderr)  # fmt: skip
        return 2
    from xentviz.files.opened import Doubtful

    doubt = None
    try:
        opened = _opened(chosen)
    except Doubtful as error:
        if drawn or not error.is_question:
            raise
        opened, doubt = _scene(chosen), error
    from xentviz import app

    if chosen.report:
        code = app.report(opened, chosen.report)
        _tell(opened.notes)  # only now: of a fault nothing else is told
        return code
    if drawn:
        return app.snapshot(opened, chosen.snapshot, chosen.theme, chosen.workspace)
    return app.run(opened, chosen.theme, chosen.workspace, doubt)


def _opened(chosen: argparse.Namespace) -> "Opened":  # type: ignore[name-defined]  # noqa: F821
    """Return what the arguments name: a file, or a scene, or else the first scene."""
    from xentviz.files import read
    from xentviz.files.table import RECOGNISED

    opened = read(chosen.files, mapping=chosen.map or RECOGNISED) if chosen.files else _scene(chosen)
    if chosen.threshold is None:
        return opened
    return replace(opened, document=opened.document.with_threshold(chosen.threshold))


def _scene(chosen: argparse.Namespace) -> "Opened":  # type: ignore[name-defined]  # noqa: F821
    from xentviz.files.scenes import read_scene
    from xentviz.paths import resource

    return read_scene(resource("scenes"), chosen.scene or "film_still")


def _tell(notes: "Iterable[DataError]") -> None:  # type: ignore[name-defined]  # noqa: F821
    """Say beside the numbers what was taken for granted when the file was read."""
    from xentviz.ui.messages import sentence

    for note in notes:
        print(f"xentviz: {sentence(note)}", file=sys.stderr)


def _print_json(chosen: argparse.Namespace) -> int:
    from xentviz.core.evaluation import evaluate
    from xentviz.files.export import as_json

    opened = _opened(chosen)
    _tell(opened.notes)
    results = evaluate(opened.document)
    name = " + ".join(map(str, chosen.files)) or chosen.scene or "film_still"
    print(json.dumps(as_json(name, results), allow_nan=False), flush=True)
    return 0


def _export(chosen: argparse.Namespace) -> int:
    from xentviz.files.exports import What, export

    opened = _opened(chosen)
    _tell(opened.notes)
    export(What(chosen.what), opened.document, chosen.export)
    return 0
