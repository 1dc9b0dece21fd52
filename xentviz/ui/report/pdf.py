"""A report as pages of PDF, on which lines are lines and letters letters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QLocale,
    QMarginsF,
    QPointF,
    QRectF,
    Qt,
)
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontDatabase,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QPicture,
    QTextDocument,
)

from xentviz import __version__
from xentviz.core.progress import Stopped, check
from xentviz.ui.report.parts import Drawings, Figure, Picture, Text
from xentviz.ui.report.report import Report
from xentviz.ui.report.svg import DPI, MM_PER_INCH, plain

translate = QCoreApplication.translate

MARGIN = QMarginsF(18, 15, 18, 19)
"""Millimetres of paper around what is written."""
GAP = 10.0
APART = 8.0
"""Pixels between pictures beside one another."""
TITLE = 18.0
"""Pixels that a picture's title takes."""

METRES_AND_LETTER = {
    QLocale.Country.Belize, QLocale.Country.Canada, QLocale.Country.Chile, QLocale.Country.Colombia,
    QLocale.Country.CostaRica, QLocale.Country.ElSalvador, QLocale.Country.Guatemala, QLocale.Country.Mexico,
    QLocale.Country.Nicaragua, QLocale.Country.Panama, QLocale.Country.Philippines, QLocale.Country.PuertoRico,
    QLocale.Country.Venezuela,
}  # fmt: skip
"""Where, by the CLDR (supplemental data, ``paperSize``), paper is Letter; of the system of measurement Qt tells."""

STYLE = """
body { color: #1a1a1a }
h1 { font-size: 19pt; margin: 0 }
h2 { font-size: 12.5pt; margin: 6px 0 2px 0 }
p.only { font-size: 11pt }
p.first { font-size: 15pt; margin-bottom: 4px }
p.short { font-size: 10pt; margin-bottom: 3px }
p { margin: 0 }
p.below, p.note { color: #555553; font-size: 8pt }
p.title { font-weight: bold; margin-bottom: 4px; font-size: 8.5pt }
table { border-collapse: collapse }
th { font-weight: normal; text-align: left; vertical-align: top; border-bottom: 1px solid #deded9 }
thead th { color: #555553; vertical-align: bottom; border-bottom: 1px solid #8a8a86 }
th, td { padding: 3px 0 3px 6px; font-size: 8.5pt }
td { border-bottom: 1px solid #deded9; vertical-align: top }
"""


def paper() -> QPageSize:
    """Return the paper that is usual where the person is."""
    return paper_of(QLocale.system())


def paper_of(locale: QLocale) -> QPageSize:
    """Return the paper that is usual in a country.

    >>> [paper_of(QLocale(name)).id().name for name in ("de_DE", "en_US", "fr_CA")]
    ['A4', 'Letter', 'Letter']
    """
    inches = locale.measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem
    letter = inches or locale.territory() in METRES_AND_LETTER
    return QPageSize(QPageSize.PageSizeId.Letter if letter else QPageSize.PageSizeId.A4)


@dataclass(frozen=True)
class Box:
    """What is not parted by a page's end: texts as drawn, and pictures, each with where it begins in the box."""

    height: float
    texts: tuple[tuple[QPointF, QPicture], ...] = ()
    pictures: tuple[tuple[QPointF, Picture], ...] = ()
    heading: bool = False


@dataclass
class _Page:
    """Boxes and how far below the top margin they begin."""

    boxes: list[tuple[float, Box]] = field(default_factory=list)
    used: float = 0.0


class Typesetter:
    """Sets texts, in the thread of the window; what has been set is painted in any.

    A text document connects its parts by signals. For that a worker's thread would wait for a lock of Qt, and keep
    Python's from the window's thread, which may have the former and wait for the latter.
    """

    def __init__(self, size: QPageSize) -> None:
        self._buffer = QBuffer()
        self._device = _writer(self._buffer, size)
        self.room, self.font = _room(self._device), _font()

    def boxes(self, report: Report) -> Iterator[Box]:
        """Give one box after another, for all of them take several frames."""
        top = f'<h1>{plain(report.heading)}</h1><p class="below">{plain(report.below)}</p>'
        yield self._text(top)
        if report.only:
            yield self._text(f'<p class="only"><b>{plain(report.only)}</b></p>')
        for part in report.parts:
            if isinstance(part, Text):
                yield self._text(part.html, heading=part.heading)
            else:
                yield from self._figure(part)

    def _text(self, html: str, *, heading: bool = False) -> Box:
        document = self._document(html)
        height, most = document.size().height(), self.room.height()
        share = min(1.0, most / height)  # of a text that is larger than any page
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, QColor("#1a1a1a"))  # whatever the theme of the window is
        drawing = QPicture()
        painter = QPainter(drawing)
        painter.scale(share, share)
        document.documentLayout().draw(painter, context)
        painter.end()
        return Box(share * height, ((QPointF(), drawing),), heading=heading)

    def _document(self, html: str) -> QTextDocument:
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(self.font)
        option = document.defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)  # also of a cell that begins with an Arabic name
        document.setDefaultTextOption(option)
        document.setDefaultStyleSheet(STYLE)
        document.documentLayout().setPaintDevice(self._device)
        document.setHtml(html.replace("<table", '<table width="100%" cellspacing="0"'))
        document.setTextWidth(self.room.width())
        return document

    def _figure(self, figure: Figure) -> list[Box]:
        """Return a box for each row of pictures; what tells how to read them is in that of the first."""
        words = self._text(f'<h2>{plain(figure.title)}</h2><p class="note">{plain(figure.caption)}</p>')
        rows = self._rows(figure)
        first = 1 + next((place for place, row in enumerate(rows) if row.pictures[0][1].title), 0)
        return [_stacked([words, *rows[:first]]), *rows[first:]]

    def _rows(self, figure: Figure) -> list[Box]:
        """Return pictures beside one another as long as there is room."""
        rows: list[list[tuple[QPointF, Picture]]] = []
        across = self.room.width() + 1
        for picture in figure.pictures:
            if across + picture.size.width() > self.room.width():
                rows.append([])
                across = 0.0
            rows[-1].append((QPointF(across, 0), picture))
            across += picture.size.width() + APART
        return [Box(max(_height(picture) for _, picture in row), (), tuple(row)) for row in rows]


def _writer(buffer: QBuffer, size: QPageSize) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)  # a pixel is one of the window's: lines of one pixel are as thick as there
    writer.setPageSize(size)
    writer.setPageMargins(QMarginsF())
    return writer


def _room(writer: QPdfWriter) -> QRectF:
    left, top, right, bottom = (
        mm * DPI / MM_PER_INCH for mm in (MARGIN.left(), MARGIN.top(), MARGIN.right(), MARGIN.bottom())
    )
    return QRectF(left, top, writer.width() - left - right, writer.height() - top - bottom)


def _font() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPointSizeF(9.0)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def pdf_of(report: Report, boxes: Sequence[Box], drawings: Drawings, size: QPageSize, stopped: Stopped) -> bytes:
    """Return a report whose texts have been set as the bytes of a PDF file.

    Raises
    ------
    Cancelled
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = _writer(buffer, size)
    writer.setTitle(report.title)
    writer.setCreator(f"xentviz {__version__}")
    painter = QPainter(writer)
    try:
        _Printer(report, boxes, drawings, writer, painter).print(stopped)
    finally:
        painter.end()
    return bytes(data.data())


class _Printer:
    """Lays boxes out on pages, and paints these."""

    def __init__(
        self, report: Report, boxes: Sequence[Box], drawings: Drawings, writer: QPdfWriter, painter: QPainter
    ) -> None:
        self._report, self._boxes, self._drawings = report, boxes, drawings
        self._writer, self._painter = writer, painter
        self._room, self._font = _room(writer), _font()

    def print(self, stopped: Stopped) -> None:
        """Paint all pages."""
        pages = self._pages()
        for number, page in enumerate(pages, start=1):
            if number > 1:
                self._writer.newPage()
            for top, box in page.boxes:
                check(stopped)
                self._paint(self._room.topLeft() + QPointF(0, top), box)
            self._paint_foot(number, len(pages))

    def _pages(self) -> list[_Page]:
        pages = [_Page()]
        for place, box in enumerate(self._boxes):
            if pages[-1].boxes and pages[-1].used + _needed(self._boxes[place:]) > self._room.height():
                pages.append(_Page())
            pages[-1].boxes.append((pages[-1].used, box))
            pages[-1].used += box.height + GAP
        return pages

    def _paint(self, at: QPointF, box: Box) -> None:
        for inside, drawing in box.texts:
            self._painter.drawPicture(at + inside, drawing)
        for inside, picture in box.pictures:
            self._paint_picture(at + inside, picture)

    def _paint_picture(self, at: QPointF, picture: Picture) -> None:
        painter = self._painter
        painter.save()
        painter.translate(at)
        if picture.title:
            bold = QFont(self._font)
            bold.setBold(True)
            painter.setFont(bold)
            painter.setPen(QColor("#1a1a1a"))
            letters, width = painter.fontMetrics(), int(picture.size.width())
            title = letters.elidedText(picture.title, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QPointF(0, TITLE - 6), title)
            painter.translate(0, TITLE)
        painter.drawPicture(0, 0, self._drawings[picture])
        painter.restore()

    def _paint_foot(self, number: int, count: int) -> None:
        painter, room = self._painter, self._room
        painter.setFont(self._font)
        painter.setPen(QColor("#555553"))
        right = translate("report", "{page} of {pages}").format(page=number, pages=count)
        letters = painter.fontMetrics()
        y = room.bottom() + 10 * DPI / MM_PER_INCH
        width = letters.horizontalAdvance(right)
        left = letters.elidedText(self._report.foot, Qt.TextElideMode.ElideRight, int(room.width()) - width - 20)
        painter.drawText(QPointF(room.left(), y), left)
        painter.drawText(QPointF(room.right() - width, y), right)


def _height(picture: Picture) -> float:
    return picture.size.height() + (TITLE if picture.title else 0.0)


def _needed(boxes: Sequence[Box]) -> float:
    """Return how high the first box is, with all that it must not stand without."""
    height = boxes[0].height
    return height + GAP + _needed(boxes[1:]) if boxes[0].heading and boxes[1:] else height


def _stacked(rows: list[Box]) -> Box:
    """Return one box of some below one another."""
    texts: list[tuple[QPointF, QPicture]] = []
    pictures: list[tuple[QPointF, Picture]] = []
    top = 0.0
    for row in rows:
        down = QPointF(0, top)
        texts += [(at + down, drawing) for at, drawing in row.texts]
        pictures += [(at + down, picture) for at, picture in row.pictures]
        top += row.height + GAP
    return Box(top - GAP, tuple(texts), tuple(pictures))
