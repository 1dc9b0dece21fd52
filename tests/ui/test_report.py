"""Reports: what is in them, as HTML and as PDF, and File ▸ Report…"""

import gc
import json
import math
import re
import subprocess
import threading
import weakref
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from shutil import which
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPageSize, QPainter, QTextDocument
from PySide6.QtWidgets import QFileDialog, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from ui.documents import EXTREMES, MARKUP_NAMES, answers, questions, two_models
from ui.hands import click
from ui.windows import MakeWindow, settle
from xentviz import cli
from xentviz.core.agreement import agreements
from xentviz.core.columns import Column, rows_per_block
from xentviz.core.comparison import SEED, paired_difference
from xentviz.core.document import Document, Grouping, Unit
from xentviz.core.elements import losses_of
from xentviz.core.errors import Cancelled, DataError
from xentviz.core.evaluation import evaluate
from xentviz.core.looked_at import LookedAt
from xentviz.core.mean_errors import mean_errors
from xentviz.core.passes import confusion_of
from xentviz.core.progress import never, unheard
from xentviz.files.export import as_json
from xentviz.files.opened import Opened
from xentviz.files.reading import read
from xentviz.paths import resource
from xentviz.session.comparing import Slicing
from xentviz.session.scores import KEYS, Scores
from xentviz.session.session import Session
from xentviz.ui.numbers import loss_text
from xentviz.ui.panels.score_words import loss_verdict
from xentviz.ui.report import pdf
from xentviz.ui.report.content import About
from xentviz.ui.report.numbers import Known, Only, Subject, gather
from xentviz.ui.report.pictures import Pictures
from xentviz.ui.report.subject import subject_of
from xentviz.ui.report.svg import svg_of
from xentviz.ui.report.writing import Writing, saver
from xentviz.ui.theme import theme as theme_of
from xentviz.ui.window.main_window import MainWindow

Write = Callable[..., bytes]
SVG = "{http://www.w3.org/2000/svg}"
ABOUT = About(("scores.csv",), datetime(2026, 1, 2, 3, 4))
VOID = {"meta", "br"}
MOST_BYTES = 2_000_000
THEIRS = set(theme_of("light").models)
HEADINGS = (
    "Scoreboard", "Which is better", "Decisions at T", "Confusion", "Data and", "Ranking", "Calibration", "Loss:",
    "Scores:",
)  # fmt: skip


class Page(HTMLParser):
    """Reads a report: all elements are closed in order, and what its tables say is kept."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.text = ""
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "br":
            self.handle_data("\n")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        data = data.replace("\N{NO-BREAK SPACE}", " ")
        self.text += data
        if self.open and self.open[-1] in ("td", "th"):
            self.tables[-1][-1][-1] += data


@pytest.fixture
def write(qtbot: QtBot, tmp_path: Path) -> Iterator[Write]:
    """Return what writes the report of a document into a file of this kind, and gives back what is in it."""
    writing = Writing()

    def written(
        document: Document,
        suffix: str = ".html",
        reference: int = 0,
        known: Known = Known(),  # noqa: B008
        only: Only | None = None,
    ) -> bytes:
        path, failures = tmp_path / f"out{suffix}", list[Exception]()
        writing.failed.connect(failures.append)
        writing.start(Subject(document, reference, known, only), path, ABOUT)
        qtbot.waitUntil(lambda: not writing.busy, timeout=60_000)
        assert failures == []
        return path.read_bytes()

    yield written
    writing.close()
    writing.deleteLater()


def pictures(html: str) -> list[ElementTree.Element]:
    """Return all pictures of a report, which are well-formed."""
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]


def numbers_of(document: Document) -> dict:
    """Return what --json prints of a document."""
    return json.loads(json.dumps(as_json("file", evaluate(document))))


class TestHtml:
    def test_has_the_numbers_of_the_terminal(self, write: Write) -> None:
        document = two_models()
        page, found = Page(write(document).decode()), numbers_of(document)
        scores, differences, areas, decisions, _facts = page.tables
        for line, model in zip(scores[1:], found["models"], strict=True):
            assert line[0] == model["name"]
            assert line[1].split(" ", 1)[0] == loss_text(model["loss"]["mean"])
            assert float(line[2].split(" %")[0]) == pytest.approx(100 * model["accuracy"], abs=0.05)
            keys = ("brier", "ece", "roc_auc", "average_precision", "f1")
            assert [float(cell) for cell in line[3:]] == pytest.approx([model[k] for k in keys], abs=5e-4)
        comparison = found["comparison"][0]
        mean, interval = differences[1][1].split(" ", 1)
        assert mean == "+" + loss_text(comparison["mean_difference"])
        assert interval == "({} … {})".format(*map(loss_text, comparison["interval"]))
        only = (comparison["only_second_right"], comparison["only_first_right"])
        assert differences[1][2] == "{} / {}".format(*only)
        assert float(areas[1][2]) == pytest.approx(comparison["roc_auc"]["second"], abs=5e-4)
        for line, model in zip(decisions[1:], found["models"], strict=True):
            (tn, fp), (fn, tp) = model["confusion"]
            assert list(map(int, line[1:])) == [tp, fn, fp, tn]

    @pytest.mark.parametrize("name", ["one row", "ten thousand rows", "three categories", "one answer in three"])
    def test_has_the_accuracy_of_the_window(self, write: Write, window: MakeWindow, qtbot: QtBot, name: str) -> None:
        made = window(EXTREMES[name]())
        made.show_workspace("compare")
        settle(qtbot, made)
        rows = made.compare.scores.grid.lines.rows
        scores = Page(write(made.session.document).decode()).tables[0]
        for line, row in zip(scores[1:], rows, strict=True):
            cell = row.cells[1]
            assert cell.below
            assert line[2] == f"{cell.text} ({cell.below})"

    def test_of_a_difference_that_is_in_every_row_says_so(self, write: Write) -> None:
        losses = 0.1 + np.random.default_rng(1).exponential(size=40)
        document = Document.create(np.ones(40), {"A": np.exp(-losses), "B": np.exp(0.05 - losses)})
        page = Page(write(document).decode())
        assert page.tables[1][1][1] == "−0.050 (in every row)"
        assert "B’s loss is lower by 0.050 nats in every row" in page.text

    def test_has_the_interval_of_the_mean_loss(self, write: Write) -> None:
        document = two_models()
        line = Page(write(document).decode()).tables[0][1]
        losses = losses_of(document, 0, np.arange(10))
        interval = paired_difference(np.zeros(10), losses).interval
        assert interval is not None
        assert line[1].split(" ", 1)[1] == "({} – {})".format(*map(loss_text, interval))

    def test_compares_with_the_reference(self, write: Write) -> None:
        page = Page(write(two_models(), reference=1).decode())
        assert "Compared with vague" in page.text
        assert page.tables[1][1][0] == "sure"
        assert page.tables[1][1][1].startswith("−")

    def test_has_the_verdict_of_the_window(self, write: Write) -> None:
        rng = np.random.default_rng(1)
        labels = rng.integers(0, 2, 60)
        near, far = (np.clip(labels * (1 - 2 * off) + off + rng.normal(0, 0.05, 60), 0, 1) for off in (0.2, 0.4))
        document = Document.create(labels, {"near": near, "far": far, "like near": near})
        page = Page(write(document).decode())
        gap = mean_errors(evaluate(document), 0)[1].gap
        assert gap is not None
        assert loss_verdict("far", "near", gap, (0, 0), document.settings.unit) in page.text
        assert re.search("far’s loss is higher by .* nats: not luck", page.text)
        assert "like near’s loss is near’s in every row" in page.text

    def test_says_where_the_data_come_from(self, write: Write) -> None:
        page = Page(write(two_models()).decode())
        facts = dict(page.tables[-1])
        assert facts["File"] == "scores.csv"
        assert facts["Rows"] == facts["Rows with all their labels"] == "10"
        assert facts["Left out of all numbers"] == "none"
        assert facts["Models"] == "2: sure, vague"
        assert "a tie is a yes" in facts["Threshold T"]
        assert "2026-01-02 03:04" in page.text
        assert re.search(r"xentviz \S+ · Python 3\S+ · NumPy \S+ · Qt 6", page.text)

    def test_says_what_is_left_out_of_the_numbers_of_each_model(self, write: Write) -> None:
        scores = {"A": [0.9, np.nan, 0.2, 0.6], "B": [0.8, 0.7, 0.1, 0.4]}
        facts = dict(Page(write(Document.create([1, 1, 0, np.nan], scores)).decode()).tables[-1])
        assert facts["Rows with all their labels"] == "3"
        assert facts["Left out of all numbers"] == "A: 2 rows, B: 1 row, without label or score"
        questions = Document.create([[1, 0], [np.nan, 1]], {"A": [[0.9, 0.2], [0.5, np.nan]]}, categories=["u", "v"])
        facts = dict(Page(write(questions).decode()).tables[-1])
        assert facts["Left out of all numbers"] == "2 answers, without label or score"

    @pytest.mark.parametrize(("unit", "base"), [(Unit.NATS, "nats (base e)"), (Unit.BITS, "bits (base 2)")])
    def test_says_what_makes_its_numbers_come_again(self, write: Write, unit: Unit, base: str) -> None:
        page = Page(write(two_models().with_settings(replace(two_models().settings, unit=unit))).decode())
        assert base in dict(page.tables[-1])["Loss"]
        assert f"bootstrap resamples of the rows, seed {SEED}. ECE in 15 bins" in page.text
        assert dict(page.tables[-1])["Made"].startswith("2026-01-02 03:04 · xentviz")

    def test_tells_eight_models_apart_without_colours(self, write: Write) -> None:
        html = write(EXTREMES["eight models"]())
        for title in ("ROC", "Loss budget"):
            lines = [path for path in _picture(html, title).iter(f"{SVG}path") if path.get("stroke", "") in THEIRS]
            assert {path.get("stroke") for path in lines} == THEIRS
            assert len({path.get("stroke-dasharray") for path in lines}) == 8

    def test_needs_nothing_from_anywhere(self, write: Write) -> None:
        html = write(two_models()).decode()
        page = Page(html)
        for name, value in page.attributes:
            assert name != "src"
            if name in ("href", "xlink:href"):
                assert value is not None
                assert value.startswith("#")
        assert "<script" not in html
        assert "@import" not in html
        assert all("url(#" in use for use in re.findall(r"url\([^)]*", html))

    def test_has_pictures_of_lines_and_letters(self, write: Write) -> None:
        html = write(two_models()).decode()
        found = pictures(html)
        titles = [picture.findtext(f"{SVG}title") for picture in found]
        assert titles == [
            "Legend: which line is whose", "ROC", "Precision–recall",
            "Legend: which line is whose", "Reliability", "Loss budget",
            "Loss: sure", "Loss: vague", "Scores: sure", "Scores: vague",
        ]  # fmt: skip
        for picture in found:
            assert picture.findall(f".//{SVG}path")
            assert picture.findall(f".//{SVG}text")
            assert not picture.findall(f".//{SVG}image")
        names = re.findall(r' id="([^"]+)"', html)
        assert len(names) == len(set(names))
        assert set(re.findall(r"#(f\d+-[\w-]+)", html)) <= set(names)

    def test_says_in_short_which_is_best_and_of_how_many_rows(self, write: Write) -> None:
        page, found = Page(write(two_models()).decode()), numbers_of(two_models())["models"]
        best = min(found, key=lambda model: model["loss"]["mean"])
        assert f"Lowest mean loss: {best['name']}, {loss_text(best['loss']['mean'])} nats" in page.text
        assert "all 10 rows" in page.text
        assert "Compared with sure, row by row:" in page.text

    def test_can_be_read_by_those_who_do_not_see_it(self, write: Write) -> None:
        html = write(two_models()).decode()
        page = Page(html)
        assert ("lang", "en") in page.attributes
        assert html.count("<th ") == html.count("<th scope=")
        assert all(picture.findtext(f"{SVG}title") for picture in pictures(html))
        assert html.count("<figcaption>") == html.count("<figure>") == html.count("<figcaption><h2>") == 4

    def test_has_one_scale_of_counts_and_of_losses_for_all_models(self, write: Write) -> None:
        numbers = np.random.default_rng(3)
        labels = numbers.integers(0, 2, 400)
        even, spread = numbers.random((2, 400))
        sharp = np.where(numbers.random(400) < 0.8, labels * 0.98 + 0.01, spread)
        alone, beside = (Document.create(labels, of) for of in ({"even": even}, {"even": even, "sharp": sharp}))
        assert _texts_of(write(alone), "Scores: even") & {"rows, √", "rows, log"} == {"rows, √"}
        html = write(beside)
        assert "Heights are logarithms of counts, on one scale for all models." in html.decode()
        for name in ("even", "sharp"):
            assert _texts_of(html, f"Scores: {name}") & {"rows, √", "rows, log"} == {"rows, log"}
        assert _ticks_of(html, "Loss: even") == _ticks_of(html, "Loss: sharp")

    @pytest.mark.parametrize(("threshold", "drawn"), [(0.0, set()), (0.5, {"T = 0.50"})])
    def test_has_the_threshold_of_one_answer_in_many_where_it_holds_any_back(
        self, write: Write, threshold: float, drawn: set[str]
    ) -> None:
        p = np.random.default_rng(4).dirichlet(np.ones(3), 20)
        document = Document.create(p.argmax(axis=1), {"A": p}, categories=list("abc"), multiclass=True)
        assert {
            text for text in _texts_of(write(document.with_threshold(threshold)), "Loss: A") if text[0] == "T"
        } == drawn

    def test_says_first_what_the_loss_is_and_nothing_of_an_interval_there_is_none_of(self, write: Write) -> None:
        html = write(EXTREMES["one row"]()).decode()
        assert "<p class='first'>Mean loss of A: 0.916 nats</p>" in html
        assert "95 % interval of that mean" not in html
        assert re.search(r"95 % interval of that mean: \S+ – \S+ nats", Page(write(two_models()).decode()).text)

    def test_says_too_that_a_model_is_never_right(self, write: Write) -> None:
        assert "A is right in 0.0 %" in Page(write(Document.create([1, 0], {"A": [0.2, 0.9]})).decode()).text

    def test_has_a_dot_for_each_row(self, write: Write) -> None:
        document = two_models()
        found = (document, document.without_rows(np.array([3])))
        all_rows, others = (_picture(write(of), "Loss: sure").findall(f".//{SVG}use") for of in found)
        assert len(all_rows) == len(others) + 1

    def test_of_infinite_losses_says_why(self, write: Write) -> None:
        page = Page(write(EXTREMES["certain"]()).decode())
        assert page.tables[0][1][1] == "∞ (—)"
        assert "∞ A: in 2 of the rows it is certain, and wrong" in page.text

    @pytest.mark.parametrize("name", [name for name in EXTREMES if EXTREMES[name]().rows])
    def test_of_any_document_is_well_formed(self, write: Write, name: str) -> None:
        html = write(EXTREMES[name]()).decode()
        Page(html)
        assert "{" not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL).replace("{x}", "")
        for picture in pictures(html):
            assert not re.search(r"[ML ](nan|inf)\b", ElementTree.tostring(picture, "unicode"))

    def test_of_many_categories_has_numbers_over_its_matrix(self, write: Write) -> None:
        numbers = np.random.default_rng(2)
        names = [f"a rather long name {chr(97 + c)}" for c in range(8)]
        scores = {"A": numbers.dirichlet(np.ones(8), 40)}
        document = Document.create(numbers.integers(0, 8, 40), scores, categories=names, multiclass=True)
        (matrix,) = [table for table in Page(write(document).decode()).tables if table[0][1].startswith("said")]
        assert matrix[0] == ["A", *(f"said\n{number}" for number in range(1, 9))]
        assert [line[0] for line in matrix[1:]] == [f"{n} · is {name}" for n, name in enumerate(names, start=1)]
        assert [list(map(int, line[1:])) for line in matrix[1:]] == confusion_of(document, 0)[:, :-1].tolist()

    def test_takes_no_name_for_html(self, write: Write) -> None:
        page = Page(write(EXTREMES["markup names"]()).decode())
        assert not [value for _, value in page.attributes if value and "file:" in value]
        for name in MARKUP_NAMES:
            assert name in page.text

    def test_of_many_rows_is_small(self, write: Write) -> None:
        random = np.random.default_rng(1)
        scores = {f"model {m}": random.random(2000) for m in range(4)}
        assert len(write(Document.create(random.integers(0, 2, 2000), scores))) < MOST_BYTES
        many = Document.create(random.integers(0, 2, 100_000), {"A": random.random(100_000)})
        html = write(many)
        assert len(html) < MOST_BYTES
        assert html.count(b"<use") < 2000


def _picture(html: bytes, title: str) -> ElementTree.Element:
    (picture,) = [of for of in pictures(html.decode()) if of.findtext(f"{SVG}title") == title]
    return picture


def _texts_of(html: bytes, title: str) -> set[str]:
    """Return all that is written in a picture."""
    return {text.text or "" for text in _picture(html, title).iter(f"{SVG}text")}


def _ticks_of(html: bytes, title: str) -> set[str]:
    return {text for text in _texts_of(html, title) if re.fullmatch(r"[\d.]+", text)}


class TestPdf:
    def test_sets_its_texts_in_the_thread_of_the_window(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        threads = list[threading.Thread]()

        class Document(QTextDocument):
            def __init__(self) -> None:
                super().__init__()
                threads.append(threading.current_thread())

        monkeypatch.setattr(pdf, "QTextDocument", Document)
        write(two_models(), ".pdf")
        assert set(threads) == {threading.main_thread()}

    @pytest.mark.parametrize("size", [QPageSize.PageSizeId.A4, QPageSize.PageSizeId.Letter])
    def test_has_pages_without_pictures_of_dots(
        self, write: Write, size: QPageSize.PageSizeId, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("xentviz.ui.report.writing.paper", lambda: QPageSize(size))
        content = write(two_models(), ".pdf")
        assert content.startswith(b"%PDF-")
        assert content.count(b"/Type /Page\n") == 3
        assert b"/Subtype /Image" not in content
        assert b"/FontFile2" in content
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
        assert box is not None
        points = QPageSize(size).sizePoints()
        assert [round(float(side)) for side in box.groups()] == [points.width(), points.height()]

    @pytest.mark.parametrize(
        "name", ["no models", "markup names", "long names", "eight models",
                 "thirty categories", "one answer in thirty", "ten thousand rows", "certain"],
    )  # fmt: skip
    def test_of_any_document_has_pages(self, write: Write, name: str) -> None:
        content = write(EXTREMES[name](), ".pdf")
        assert content.startswith(b"%PDF-")
        assert content.rstrip().endswith(b"%%EOF")
        assert b"/Subtype /Image" not in content
        assert len(content) < MOST_BYTES

    @pytest.mark.skipif(which("pdftotext") is None, reason="nothing here reads PDF")
    def test_can_be_searched(self, write: Write, tmp_path: Path) -> None:
        write(two_models(), ".pdf")
        text = subprocess.run(["pdftotext", tmp_path / "out.pdf", "-"], capture_output=True, check=True).stdout.decode()
        for words in ("two models", "Scoreboard", "sure", "vague", "Precision–recall"):
            assert words in text

    @pytest.mark.skipif(which("pdftotext") is None, reason="nothing here reads PDF")
    @pytest.mark.parametrize("name", ["long names of answers", "long names", "one answer in thirty", "eight models"])
    def test_keeps_within_the_margins(self, write: Write, tmp_path: Path, name: str) -> None:
        write(EXTREMES[name](), ".pdf")
        told = subprocess.run(["pdftotext", "-bbox", tmp_path / "out.pdf", "-"], capture_output=True, check=True).stdout
        width = float(re.findall(rb'<page width="([\d.]+)"', told)[0])
        left, right = (side * 72 / 25.4 for side in (pdf.MARGIN.left(), pdf.MARGIN.right()))
        words = [list(map(float, box)) for box in re.findall(rb'xMin="([\d.-]+)" yMin=".*?" xMax="([\d.-]+)"', told)]
        assert len(words) > 50
        assert min(word[0] for word in words) > left - 2
        assert max(word[1] for word in words) < width - right + 2

    def test_has_the_same_text_lines_at_any_length(self, write: Write) -> None:
        content = write(EXTREMES["eight models"](), ".pdf")
        streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
        drawn = b"".join(_inflated(stream) for stream in streams)
        assert drawn.count(b"BT") > 100  # letters, not outlines

    @pytest.mark.parametrize(
        ("name", "most"), [("one row", 2), ("three categories", 3), ("eight models", 4), ("one answer in three", 3)]
    )
    def test_fills_its_pages(self, write: Write, name: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("xentviz.ui.report.writing.paper", lambda: QPageSize(QPageSize.PageSizeId.A4))
        assert write(EXTREMES[name](), ".pdf").count(b"/Type /Page\n") <= most

    @pytest.mark.skipif(which("pdftotext") is None, reason="nothing here reads PDF")
    @pytest.mark.parametrize("size", [QPageSize.PageSizeId.A4, QPageSize.PageSizeId.Letter])
    @pytest.mark.parametrize("name", ["eight models", "one answer in thirty", "markup names", "three thresholds"])
    def test_leaves_no_heading_or_legend_alone_and_numbers_its_pages(
        self, write: Write, tmp_path: Path, name: str, size: QPageSize.PageSizeId, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("xentviz.ui.report.writing.paper", lambda: QPageSize(size))
        write(EXTREMES[name](), ".pdf")
        told = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "out.pdf", "-"], capture_output=True, check=True
        ).stdout
        pages = [
            [line.strip() for line in page.splitlines() if line.strip()] for page in told.decode().split("\f")[:-1]
        ]
        for number, (*_, last, foot) in enumerate(pages, start=1):
            assert not last.startswith(HEADINGS)
            assert not re.fullmatch(r"(model \d *)+", last)
            assert re.fullmatch(rf"scores.csv · 2026-01-02 03:04 +{number} of {len(pages)}", foot)

    @pytest.mark.parametrize(("country", "letter"), [("en_US", True), ("en_GB", False), ("de_DE", False),
        ("en_CA", True), ("es_MX", True), ("zh_CN", False), ("es_ES", False)])  # fmt: skip
    def test_is_on_the_paper_of_the_country(self, country: str, letter: bool) -> None:
        sizes = QPageSize.PageSizeId
        assert pdf.paper_of(QLocale(country)).id() is (sizes.Letter if letter else sizes.A4)
        assert pdf.paper().id() in (sizes.A4, sizes.Letter)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


class TestSvg:
    def test_goes_on_after_a_clip_and_transforms(self, qtbot: QtBot) -> None:
        def paint(painter: QPainter) -> None:
            painter.save()
            painter.setClipRect(QRectF(10, 10, 20, 20))
            painter.fillRect(QRectF(0, 0, 100, 100), QColor("red"))
            painter.restore()
            painter.scale(2, 2)
            painter.drawLine(QPointF(1, 2), QPointF(3, 4))
            painter.resetTransform()
            painter.translate(5, 6)
            painter.drawText(QPointF(1, 1), "<b>&\0")

        root = ElementTree.fromstring(svg_of(paint, QSizeF(100, 100), "x", "t"))
        (group,) = [g for g in root.findall(f"{SVG}g") if g.get("clip-path")]
        assert group.get("clip-path") == "url(#x-1)"
        assert [child.tag for child in group] == [f"{SVG}use"]
        (line,) = root.findall(f"{SVG}path")
        assert line.get("d") == "M2 4L6 8"
        assert line.get("stroke-width") == "2"
        (text,) = root.findall(f"{SVG}text")
        assert (text.text, text.get("x"), text.get("y")) == ("<b>&\ufffd", "6", "7")


def _with_gaps() -> Document:
    """Return several questions, of which labels and either model's answers are missing here and there."""
    rng = np.random.default_rng(4)
    labels, *scores = rng.integers(0, 2, (1_100, 3)).astype(float), *rng.random((2, 1_100, 3))
    for column in (labels, *scores):
        column[rng.random(column.shape) < 0.2] = np.nan
    return Document.create(labels, dict(zip("AB", scores, strict=True)), categories=list("xyz"))


SAME = {
    "one question": lambda: read([resource("samples", "breast_cancer.csv")]).document,
    "several questions": lambda: read([resource("samples", "digits.csv")]).document,
    "gaps": _with_gaps,
    "one answer in many": lambda: answers(300, 4),
}


class TestSameNumbers:
    """The terminal, the report and the scoreboard of the window say the same of the same thing."""

    @pytest.mark.parametrize("name", SAME)
    def test_of_a_model_and_of_a_difference(self, qtbot: QtBot, write: Write, name: str) -> None:
        document = SAME[name]()
        said, page = numbers_of(document), Page(write(document).decode())
        session = Session(Opened(document))
        scores = session.part(Scores)
        for m, model in enumerate(said["models"]):
            flat = {**model, **(model["macro"] if name == "one answer in many" else {}), "loss": model["loss"]["mean"]}
            flat |= {key: model[key] for key in ("accuracy", "mcc", "balanced_accuracy")}
            for key in KEYS:
                value = _known(qtbot, session, lambda key=key, m=m: scores.estimate(key, m)).value
                assert value == pytest.approx(_number(flat[key]), rel=1e-9), key
            assert page.tables[0][m + 1][1].split(" ", 1)[0] == loss_text(_number(flat["loss"]))
            shown = [_number(flat[k]) for k in ("brier", "ece", "roc_auc", "average_precision", "f1")]
            assert list(map(float, page.tables[0][m + 1][3:])) == pytest.approx(shown, abs=5e-4)
        agreed = agreements(LookedAt(document, None))
        for m, found in enumerate(said["comparison"], start=1):
            gap = _known(qtbot, session, lambda m=m: scores.mean(m)).gap
            areas = _known(qtbot, session, lambda m=m: scores.gap(m)).roc_auc
            assert (gap.rows, gap.mean) == (found["rows"], pytest.approx(_number(found["mean_difference"]), rel=1e-9))
            assert gap.interval == (found["interval"] and pytest.approx(found["interval"], rel=1e-9))
            line = page.tables[1][m]
            assert line[1] == _difference(_number(found["mean_difference"]), found["interval"])
            assert line[2] == "{} / {}".format(found["only_second_right"], found["only_first_right"])
            assert agreed[0, m].p_value == pytest.approx(found["mcnemar_p"])
            assert (agreed[0, m].only_first, agreed[0, m].only_second) == (
                found["only_first_right"],
                found["only_second_right"],
            )
            if len(document.categories) == 1:
                told = found["roc_auc"]
                assert areas.difference == pytest.approx(told["difference"])
                assert areas.interval == pytest.approx(told["interval"])
                assert areas.p_value == pytest.approx(told["p"])
            else:
                differences = [of["difference"] for of in found["roc_auc"].values()]
                assert areas.difference == pytest.approx(np.mean(differences))
        session.close()


def _known(qtbot: QtBot, session: Session, ask: Callable[[], Any]) -> Any:
    """Return what has been asked for, when nothing is to be worked out any more."""
    ask()
    qtbot.waitUntil(lambda: not session.busy, timeout=20_000)
    return ask()


def _number(value: float | str | None) -> float | None:
    return None if value is None else float(value)


def _difference(mean: float, interval: list[float] | None) -> str:
    sign = "+" if mean > 0 else ""
    if interval is not None and interval[0] == interval[1]:
        return f"{sign}{loss_text(mean)} (in every row)"
    return f"{sign}{loss_text(mean)} " + ("(—)" if interval is None else "({} … {})".format(*map(loss_text, interval)))


class TestTerminal:
    def test_writes_the_report_of_a_file(self, tmp_path: Path) -> None:
        for suffix, beginning in ((".html", b"<!DOCTYPE html>"), (".PDF", b"%PDF-")):
            out = tmp_path / f"out{suffix}"
            out.write_text("old")
            done = _run(resource("samples", "breast_cancer.csv"), "--report", out)
            assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
            assert out.read_bytes().startswith(beginning)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["out.PDF", "out.html"]

    def test_says_in_a_sentence_that_there_is_nothing_to_report(self, tmp_path: Path) -> None:
        file, out = tmp_path / "scores.csv", tmp_path / "out.html"
        file.write_text("day,label,model\n")
        done = _run(file, "--report", out)
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr.startswith(b"xentviz: There are no rows, so there is nothing to report: ")
        assert done.stderr.count(b"\n") == 1
        assert not out.exists()

    @pytest.mark.parametrize(
        ("name", "words"), [("out.docx", ".html, .pdf"), ("gone/out.pdf", "No such file or directory")]
    )
    def test_says_what_cannot_be_written(self, tmp_path: Path, name: str, words: str) -> None:
        done = _run("--scene", "film_still", "--report", tmp_path / name)
        assert (done.returncode, done.stdout) == (1, b"")
        assert words in done.stderr.decode()
        assert done.stderr.count(b"\n") == 1
        assert list(tmp_path.iterdir()) == []


def _run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    import sys

    command = [sys.executable, "-m", "xentviz", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60)


class TestWindow:
    @pytest.fixture
    def choose(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
        """Return what answers the coming questions for a file, and gives back the names that were suggested."""

        def answer(*answers: tuple[object, str]) -> list[str]:
            waiting, suggested = list(answers), list[str]()

            def ask(_parent: object, _title: str, name: str, _filters: str) -> tuple[str, str]:
                suggested.append(name)
                path, kind = waiting.pop(0)
                return str(path), kind

            monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
            return suggested

        return answer

    @pytest.mark.parametrize(("name", "kind", "written"), [
        ("out.html", "HTML (*.html)", "out.html"), ("out", "PDF (*.pdf)", "out.pdf"), ("out.v2", "", "out.v2.html"),
    ])  # fmt: skip
    def test_asks_writes_and_says_so(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Callable[..., list[str]],
        name: str, kind: str, written: str,
    ) -> None:  # fmt: skip
        made = window(two_models(), theme="dark")
        before = made.session.view
        suggested = choose((tmp_path / name, kind))
        _report(made, qtbot)
        assert suggested == ["two models report.html"]
        assert _said(made) == f"Report written: {written}."
        assert [path.name for path in tmp_path.iterdir()] == [written]
        assert made.session.view is before
        assert not made.reports.isVisible()

    def test_says_whether_the_numbers_are_still_those_of_the_file(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Callable[..., list[str]]
    ) -> None:
        made = window(read([resource("samples", "breast_cancer.csv")]))
        said = []
        first, session = np.array([0]), made.session
        for document in (
            session.document,
            session.document.with_threshold(0.3),
            session.document.with_labels(first, 1 - session.document.labels.take(first)[:, 0]),
        ):
            session.apply(document, "edit")
            settle(qtbot, made)
            choose((tmp_path / "out.html", ""))
            _report(made, qtbot)
            said.append(dict(Page((tmp_path / "out.html").read_text("utf-8")).tables[-1])["File"])
        assert said == ["breast_cancer.csv"] * 2 + ["breast_cancer.csv; edited since it was read"]

    def test_is_on_white_paper_whatever_the_theme_is(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Callable[..., list[str]]
    ) -> None:
        found = []
        for theme in ("light", "dark"):
            made = window(two_models(), theme=theme)
            choose((tmp_path / "out.html", ""))
            _report(made, qtbot)
            found.append(re.findall(r"<svg.*?</svg>", (tmp_path / "out.html").read_text("utf-8"), re.DOTALL))
        assert found[0] == found[1]

    def test_says_why_nothing_was_written(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Callable[..., list[str]]
    ) -> None:
        made = window(two_models())
        choose((tmp_path / "gone" / "out.pdf", ""))
        _report(made, qtbot)
        assert "out.pdf has not been written: No such file or directory" in made.message.text.text()
        assert not made.reports.isVisible()

    def test_can_be_given_up(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, choose: Callable[..., list[str]]
    ) -> None:
        made = window(two_models())
        choose(("", ""), (tmp_path / "out.pdf", ""))
        _report(made, qtbot)
        assert not made.reports.isVisible()
        made.actions_by_name["report"].trigger()
        assert made.reports.busy
        (button,) = made.reports.findChildren(QToolButton)
        button.click()
        assert not made.reports.busy
        assert _said(made) == "Cancelled. No report has been written."
        assert list(tmp_path.iterdir()) == []

    def test_is_no_more_when_the_window_closes(
        self, window: MakeWindow, tmp_path: Path, choose: Callable[..., list[str]]
    ) -> None:
        made = window(two_models())
        choose((tmp_path / "out.pdf", ""))
        made.actions_by_name["report"].trigger()
        made.close()
        assert not made.reports.busy
        assert list(tmp_path.iterdir()) == []


class TestWhatIsKnown:
    @pytest.mark.parametrize("make", [two_models, EXTREMES["eight models"], EXTREMES["ten thousand rows"]])
    def test_is_taken_from_compare_and_comes_to_the_same(
        self, window: MakeWindow, qtbot: QtBot, write: Write, make: Callable[[], Document]
    ) -> None:
        made = window(make())
        session, last = made.session, len(made.session.document.models) - 1
        session.compare(reference=session.document.models[last].name)
        made.actions_by_name["workspace_compare"].trigger()
        for side in ("curves", "decisions"):
            click(made.compare.sides[side])
            settle(qtbot, made)
        known = Known.of(session)
        assert known.errors is not None
        assert known.decisions is not None
        assert known.areas is not None
        fresh = Page(write(session.document, reference=last).decode())
        again = Page(write(session.document, reference=last, known=known).decode())
        assert again.tables == fresh.tables
        assert again.text == fresh.text

    def test_is_asked_for_when_all_but_one_model_have_gone(self, window: MakeWindow, qtbot: QtBot) -> None:
        made = window(EXTREMES["ten thousand rows"]())
        made.actions_by_name["workspace_compare"].trigger()
        for side in made.compare.sides.values():
            click(side)
            settle(qtbot, made)
        for left in reversed(range(len(made.session.document.models))):
            made.session.edit(lambda document: document.without_model(0), "delete")
            assert len(subject_of(made.session).document.models) == left
            settle(qtbot, made)

    def test_of_other_rows_is_not_taken(self, window: MakeWindow, qtbot: QtBot) -> None:
        made = window(two_models())
        made.actions_by_name["workspace_compare"].trigger()
        for side in ("curves", "decisions"):
            click(made.compare.sides[side])
            settle(qtbot, made)
        session = made.session
        session.apply(session.document.with_threshold(0.9), "Move threshold")
        assert Known.of(session).errors is not None
        assert Known.of(session).decisions is None
        session.apply(session.document.with_scores(0, np.array([0]), 0.3), "Edit")
        known = Known.of(session)
        assert (known.errors, known.decisions, known.areas) == (None, None, None)
        several = window(EXTREMES["thirty categories"]())
        several.session.look(category=3)
        settle(qtbot, several)
        known = Known.of(several.session)
        assert (known.errors, known.decisions, known.areas) == (None, None, None)


def _grouped(rows: int = 200) -> Document:
    """Return rows of two groups, a quarter of them in the second."""
    rng = np.random.default_rng(6)
    labels = rng.integers(0, 2, rows)
    scores = {name: np.clip(labels * 0.4 + 0.6 * rng.random(rows), 0.01, 0.99) for name in "AB"}
    document = Document.create(labels, scores)
    codes = Column.of((np.arange(rows) % 4 == 3).astype(np.uint8), rows_per_block(1))
    return replace(document, groupings=(Grouping("group", ("a", "b/c"), codes),))


class TestOneSlice:
    """While one slice is looked at, the report is of it, and says so."""

    @pytest.mark.parametrize("suffix", [".html", ".pdf"])
    @pytest.mark.parametrize("opened_compare", [True, False])
    def test_is_of_what_is_looked_at(
        self, window: MakeWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        suffix: str, opened_compare: bool,
    ) -> None:  # fmt: skip
        made, path, suggested = window(_grouped()), tmp_path / f"out{suffix}", list[str]()
        if opened_compare:
            made.actions_by_name["workspace_compare"].trigger()
        made.session.compare(slicing=Slicing.COLUMN, column="group", only=1)
        settle(qtbot, made)

        def ask(_parent: object, _title: str, name: str, _filters: str) -> tuple[str, str]:
            suggested.append(name)
            return str(path), ""

        monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
        _report(made, qtbot)
        assert "group = b_c" in suggested[0]
        text = _read(path)
        assert "Only group = b/c: 50 of 200 rows (25 %)" in text
        assert "all 200 rows" not in text
        made.session.compare(only=None)
        settle(qtbot, made)
        _report(made, qtbot)
        assert "all 200 rows" in _read(path)
        assert "group = b/c" not in _read(path)

    def test_has_the_numbers_of_its_rows(self, window: MakeWindow, qtbot: QtBot, write: Write) -> None:
        made, whole = window(_grouped()), _grouped()
        made.session.compare(slicing=Slicing.COLUMN, column="group", only=1)
        settle(qtbot, made)
        subject = subject_of(made.session)
        alone = whole.without_rows(np.flatnonzero(np.arange(200) % 4 != 3))
        page = Page(write(subject.document, known=subject.known, only=subject.only).decode())
        assert page.tables[:-1] == Page(write(alone).decode()).tables[:-1]

    def test_whose_rows_are_not_found_yet_is_waited_for(self, qtbot: QtBot, tmp_path: Path) -> None:
        session, path = Session(Opened(_grouped(40_000))), tmp_path / "out.html"
        session.compare(slicing=Slicing.COLUMN, column="group", only=1)
        subject, writing = subject_of(session), Writing()
        assert subject.find is not None
        writing.start(subject, path, ABOUT)
        qtbot.waitUntil(lambda: not writing.busy, timeout=60_000)
        assert "Only group = b/c: 10\u2009000 of 40\u2009000 rows (25 %)" in _read(path)
        writing.close()
        writing.deleteLater()
        session.close()

    @pytest.mark.parametrize(("chosen", "told"), [
        ({"slicing": Slicing.LABEL, "only": 1}, "label: is yes"),
        ({"slicing": Slicing.SCORE, "only": 3}, "score of A: 0.3 – 0.4"),
        ({"slicing": Slicing.SCORE, "equal_slices": True, "only": 3}, None),
        ({"slicing": Slicing.COLUMN, "column": "group", "only": 7}, None),
    ])  # fmt: skip
    def test_is_called_what_it_is(self, qtbot: QtBot, chosen: dict[str, Any], told: str | None) -> None:
        session = Session(Opened(_grouped()))
        session.compare(**chosen)
        only = subject_of(session).only
        assert (only and only.name) == told
        session.close()

    @pytest.mark.parametrize(("category", "told"), [(None, "label: any question: is yes"), (1, "label: is dog")])
    def test_of_several_questions_is_called_by_what_is_asked(
        self, qtbot: QtBot, category: int | None, told: str
    ) -> None:
        session = Session(Opened(questions()))
        session.look(category=category)
        session.compare(slicing=Slicing.LABEL, only=1)
        only = subject_of(session).only
        assert only is not None
        assert only.name == told
        session.close()

    def test_that_was_saved_is_followed_by_the_terminal(self, window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
        made, project = window(_grouped()), tmp_path / "kept.parquet"
        made.session.compare(slicing=Slicing.COLUMN, column="group", only=1, reference="B")
        settle(qtbot, made)
        made.saving.save(made.saving.work, project)
        qtbot.waitUntil(lambda: not made.saving.busy, timeout=20_000)
        for suffix in (".html", ".pdf"):
            done = _run(project, "--report", tmp_path / f"out{suffix}")
            assert (done.returncode, done.stderr) == (0, b"")
            text = _read(tmp_path / f"out{suffix}")
            assert "Only group = b/c: 50 of 200 rows (25 %)" in text
            assert "Compared with B" in text


def _read(path: Path) -> str:
    """Return the words of a report, those of PDF if something here reads it."""
    if path.suffix == ".html":
        return Page(path.read_text("utf-8")).text
    if which("pdftotext") is None:
        pytest.skip("nothing here reads PDF")
    told = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    return " ".join(told.split())


@pytest.mark.parametrize("name", ["ten thousand rows", "thirty categories", "one answer in thirty", "eight models"])
def test_numbers_are_told_of_and_can_be_stopped_anywhere(name: str) -> None:
    document, told, asked = EXTREMES[name](), list[float](), [0]

    def stopped(limit: float = math.inf) -> bool:
        asked[0] += 1
        return asked[0] >= limit

    gather(Subject(document), stopped, told.append)
    assert told == sorted(told)
    assert all(0 <= share <= 1 for share in told)
    times, asked[0] = asked[0], 0
    assert times > 5
    for limit in (1, times // 2, times):
        asked[0] = 0
        with pytest.raises(Cancelled):
            gather(Subject(document), partial(stopped, limit), told.append)


def _report(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["report"].trigger()
    qtbot.waitUntil(lambda: not window.reports.busy, timeout=30_000)


def _said(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.statusBar().findChildren(QLabel) if label.isVisible())


def test_a_kind_of_file_that_is_none_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    writing, failures = Writing(), list[Exception]()
    writing.failed.connect(failures.append)
    writing.start(Subject(two_models()), tmp_path / "out.txt", ABOUT)
    assert [error.code for error in failures if isinstance(error, DataError)] == ["suffix_unknown"]
    writing.close()
    writing.deleteLater()


def test_a_report_given_up_while_it_is_saved_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    path.write_bytes(b"old")
    with pytest.raises(Cancelled):
        saver(path, lambda _stopped: b"new")(lambda: True, unheard)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"old"]
    saver(path, lambda _stopped: b"new")(never, unheard)
    assert path.read_bytes() == b"new"


def test_help_tells_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "--report" in capsys.readouterr().out


def test_what_paints_goes_in_the_thread_of_the_window(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = list[bool]()
    made = Pictures.__init__

    def watched(pictures: Pictures, *arguments: Any) -> None:
        made(pictures, *arguments)
        weakref.finalize(pictures, lambda: gone.append(threading.current_thread() is threading.main_thread()))

    monkeypatch.setattr(Pictures, "__init__", watched)
    writing = Writing()
    with qtbot.waitSignal(writing.written, timeout=30_000):
        writing.start(Subject(two_models(), 0, Known()), tmp_path / "out.html", About((), datetime.now()))
    writing.close()
    gc.collect()
    assert gone == [True]
