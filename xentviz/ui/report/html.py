"""A report as one HTML file that needs nothing from anywhere else."""

from PySide6.QtCore import QCoreApplication

from xentviz.core.progress import Stopped, check
from xentviz.ui.report.parts import Drawings, Figure, Picture, Text
from xentviz.ui.report.report import Report
from xentviz.ui.report.svg import FONTS, plain, svg_of

translate = QCoreApplication.translate

STYLE = """
:root { color-scheme: light dark; --text: #1a1a1a; --quiet: #555553; --line: #8a8a86; --thin: #deded9; --back: #fff }
body { font: 14px/1.45 FONTS; color: var(--text); background: var(--back); max-width: 664px; margin: 32px auto;
  padding: 0 16px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
h1 { font-size: 26px; line-height: 1.2; margin: 0 }
h2 { font-size: 17px; margin: 28px 0 8px; break-after: avoid }
p { margin: 6px 0 }
p.first { font-size: 21px; margin: 18px 0 8px }
p.only { border: 2px solid var(--text); padding: 6px 10px; font-weight: bold }
p.below, p.note, figcaption { color: var(--quiet); font-size: 12px }
p.title { font-weight: bold; font-size: 12px; margin-top: 12px; break-after: avoid }
table { border-collapse: collapse; width: 100%; margin: 6px 0 14px; font-size: 12.5px; break-inside: avoid }
th { font-weight: normal; text-align: left; vertical-align: top; border-bottom: 1px solid var(--thin) }
thead th { color: var(--quiet); vertical-align: bottom; border-bottom: 1px solid var(--line) }
th[align=right] { text-align: right }
th, td { padding: 4px 0 4px 10px }
th:first-child, td:first-child { padding-left: 0 }
td { border-bottom: 1px solid var(--thin); vertical-align: top }
table.facts th { width: 30%; color: var(--quiet) }
figure { margin: 28px 0 22px; display: flex; flex-wrap: wrap; gap: 10px 8px }
figure > div { break-inside: avoid; max-width: 100%; overflow-x: auto }
figure > div > p { font-weight: bold; font-size: 12px; margin: 0 }
figcaption { flex-basis: 100%; break-after: avoid }
figcaption h2 { color: var(--text); margin: 0 } figcaption p { margin: 2px 0 0 }
svg { display: block; background: #fff }
.scroll { overflow-x: auto }
@media screen and (max-width: 560px) {
  td, th { white-space: nowrap } th[scope=row], .facts td { white-space: normal } th[scope=row] { min-width: 8em }
  table.facts th { min-width: 0 }
}
@media screen and (prefers-color-scheme: dark) {
  :root { --text: #e8e8e6; --quiet: #b4b4b0; --line: #77777a; --thin: #3c3c3f; --back: #1c1c1e }
}
@page { margin: 16mm 18mm; @bottom-right { content: counter(page) " of " counter(pages); font: 9px sans-serif } }
@media print {
  body { margin: 0 auto; padding: 0 } .scroll, figure > div { overflow: visible }
  svg { max-width: 100%; height: auto } figure { break-inside: avoid }
  body { font-size: 12px } p { margin: 3px 0 } h2 { margin: 16px 0 6px } table { font-size: 11.5px }
  th, td { padding-block: 2px }
}
""".replace("FONTS", FONTS)


def html_of(report: Report, drawings: Drawings, stopped: Stopped) -> bytes:
    """Return a report as the bytes of an HTML file.

    Raises
    ------
    Cancelled
    """
    body = []
    for number, part in enumerate(report.parts):
        if isinstance(part, Text):
            body.append(part.html)
            continue
        drawn = []
        for place, picture in enumerate(part.pictures):
            check(stopped)
            drawn.append(_drawn(picture, drawings, f"f{number}-{place}"))
        body.append(_figure(part, drawn))
    return _whole(report, "\n".join(body)).encode()


def _drawn(picture: Picture, drawings: Drawings, name: str) -> str:
    title = f"<p>{plain(picture.title)}</p>" if picture.title else ""
    drawing = drawings[picture]
    svg = svg_of(lambda painter: painter.drawPicture(0, 0, drawing), picture.size, name, picture.says)
    return f"<div>{title}{svg}</div>"


def _figure(figure: Figure, drawn: list[str]) -> str:
    caption = f"<figcaption><h2>{plain(figure.title)}</h2><p>{plain(figure.caption)}</p></figcaption>"
    return f"<figure>{caption}{''.join(drawn)}</figure>"


def _whole(report: Report, body: str) -> str:
    only = f'<p class="only">{plain(report.only)}</p>' if report.only else ""
    return f"""<!DOCTYPE html>
<html lang="{translate("report", "en", "the language of a report's words")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{plain(report.title)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{plain(report.heading)}</h1>
<p class="below">{plain(report.below)}</p>
{only}
{body}
</main>
</body>
</html>
"""
