"""A report as one HTML file that needs nothing from anywhere else."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QCoreApplication, QLocale

from xentviz.ui.report.parts import Figure, Picture, Text
from xentviz.ui.report.report import Report
from xentviz.ui.report.svg import FONTS, plain, svg_of

translate = QCoreApplication.translate

STYLE = """
:root { color-scheme: light }
body { font: 14px/1.45 FONTS; color: #1a1a1a; background: #fff; max-width: 664px; margin: 32px auto; padding: 0 16px;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
h1 { font-size: 26px; line-height: 1.2; margin: 0 }
h2 { font-size: 17px; margin: 28px 0 8px; break-after: avoid }
p { margin: 6px 0 }
p.below, p.note, figcaption { color: #555553; font-size: 12px }
p.title { font-weight: bold; font-size: 12px; margin-top: 12px }
table { border-collapse: collapse; width: 100%; margin: 6px 0 14px; font-size: 12.5px; break-inside: avoid }
th { font-weight: normal; color: #555553; text-align: left; vertical-align: bottom; border-bottom: 1px solid #8a8a86 }
th[align=right] { text-align: right }
th, td { padding: 4px 0 4px 10px }
th:first-child, td:first-child { padding-left: 0 }
td { border-bottom: 1px solid #deded9; vertical-align: top }
table.facts th { width: 30%; vertical-align: top; border-bottom: 1px solid #deded9 }
figure { margin: 12px 0 22px; display: flex; flex-wrap: wrap; gap: 10px 8px }
figure > div { break-inside: avoid; max-width: 100% }
figure > div > p { font-weight: bold; font-size: 12px; margin: 0 }
figcaption { flex-basis: 100%; break-before: avoid }
svg { display: block; max-width: 100%; height: auto }
.scroll { overflow-x: auto }
@page { margin: 16mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9px sans-serif } }
@media print { body { margin: 0 auto; padding: 0 } }
""".replace("FONTS", FONTS)


def html_steps(report: Report, busy: Callable[[], bool]) -> Iterator[bytes]:
    """Give nothing at every turn until the pictures are drawn, and the file at last; ``busy``: wait for numbers."""
    body = []
    for number, part in enumerate(report.parts):
        if isinstance(part, Text):
            body.append(part.html)
            continue
        drawn = []
        for place, picture in enumerate(part.pictures):
            yield from prepared(picture, busy)
            drawn.append(_drawn(picture, f"f{number}-{place}"))
        body.append(_figure(part, drawn))
    yield _whole(report, "\n".join(body)).encode()


def prepared(picture: Picture, busy: Callable[[], bool]) -> Iterator[bytes]:
    """Give nothing until a picture can be painted."""
    yield b""  # so that whoever draws many of them lets others go between any two
    picture.prepare()
    while busy():
        yield b""
        if not busy():
            picture.prepare()


def _drawn(picture: Picture, name: str) -> str:
    title = f"<p>{plain(picture.title)}</p>" if picture.title else ""
    return f"<div>{title}{svg_of(picture.paint, picture.size, name, picture.title)}</div>"


def _figure(figure: Figure, drawn: list[str]) -> str:
    return f"<figure>{''.join(drawn)}<figcaption>{figure.caption}</figcaption></figure>"


def _whole(report: Report, body: str) -> str:
    title, language = plain(report.title), QLocale().name().replace("_", "-")
    return f"""<!DOCTYPE html>
<html lang="{language if language != "C" else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{title}</h1>
<p class="below">{plain(report.below)}</p>
{body}
</body>
</html>
"""
