"""What a report is made of: texts and tables as HTML that every reader knows, and figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPainter, QPicture

from xentviz.ui.report.svg import plain


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture.

    Attributes
    ----------
    title : str
    size : QSizeF
        In pixels, 96 an inch.
    says : str
        What it shows, for whoever cannot see it.
    prepare : callable
        Shows its state in what paints it. Where numbers are still being worked out it is called again when they are.
    paint : callable
    """

    title: str
    size: QSizeF
    says: str
    prepare: Callable[[], None]
    paint: Callable[[QPainter], None]


@dataclass(frozen=True)
class Text:
    """HTML that is not parted by a page's end; a heading stays with what follows."""

    html: str
    heading: bool = False


@dataclass(frozen=True)
class Figure:
    """A title, what tells how to read the pictures, and these in rows, beside one another if they are narrow."""

    title: str
    pictures: tuple[Picture, ...]
    caption: str


Part = Text | Figure

Drawings = Mapping[Picture, QPicture]
"""What has been painted of each picture."""


def heading(text: str) -> Text:
    """Return the heading of a section."""
    return Text(f"<h2>{plain(text)}</h2>", heading=True)


def paragraph(text: str, kind: str = "") -> Text:
    """Return a paragraph of plain text."""
    return Text(f"<p{_class(kind)}>{plain(text)}</p>")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> str:
    """Return a table of plain texts, a new line where a text has one; what is behind the first column is a number."""
    named = f"<p class='title'>{plain(title)}</p>" if title else ""
    body = "".join(_line("row", "td", row) for row in rows)
    head = _line("col", "th", heads)
    return f"{named}<div class='scroll'><table><thead>{head}</thead><tbody>{body}</tbody></table></div>"


def _line(scope: str, tag: str, cells: Sequence[str]) -> str:
    first, *others = (plain(cell).replace("\n", "<br>") for cell in cells)
    of = ' scope="col"' if tag == "th" else ""
    ends = "".join(f'<{tag}{of} align="right">{cell}</{tag}>' for cell in others)
    return f'<tr><th scope="{scope}">{first}</th>{ends}</tr>'


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
