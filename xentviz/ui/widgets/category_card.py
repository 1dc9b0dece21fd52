"""How the card of one category is painted: what stands still once, as a picture, and what follows its threshold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from xentviz.ui.theme import Theme

BINS = 40
COUNTS = ("TP", "FP", "FN", "TN")


@dataclass(frozen=True)
class Card:
    """What a card shows.

    Attributes
    ----------
    name, support : str
    yes, no : ndarray of int64, shape (BINS,)
        Scores of rows that are yes stand up, of rows that are no hang down.
    threshold : float
    threshold_text, f1 : str
    counts : tuple of str
        As :data:`COUNTS`.
    ratios : tuple of (name, short name, value)
    """

    name: str
    support: str
    yes: NDArray[np.int64]
    no: NDArray[np.int64]
    threshold: float
    threshold_text: str
    f1: str
    counts: tuple[str, str, str, str]
    ratios: tuple[tuple[str, str, str], ...]


class CardPainter:
    """Paints cards of one size in one theme, and tells where on them everything stands."""

    def __init__(self, worn: Theme, size: QSizeF, pixels: float) -> None:
        self.key = (worn, size, pixels)
        self._worn, self._size, self._pixels = worn, size, pixels
        self._bold, self._small = worn.font(14, bold=True), worn.font(12)
        self._figure = worn.font(18, bold=True)
        px = worn.px
        self._small_metrics = small = QFontMetricsF(self._small)
        self._figure_metrics = QFontMetricsF(self._figure)
        self._small_height = small.height()
        self._left, self._right = px(11), size.width() - px(11)
        self._name_line = px(9) + QFontMetricsF(self._bold).ascent()
        self._support_line = self._name_line + self._small_height + px(1)
        self._last_line = size.height() - px(9) - small.descent()
        top = self._support_line + px(14)
        self.histogram = QRectF(
            self._left, top, self._right - self._left, self._last_line - 2 * self._small_height - px(2) - top
        )
        self._key_width = max(small.horizontalAdvance(name) for name in COUNTS) + px(5)
        self._pens = {role: QPen(QColor(getattr(worn, role))) for role in ("text", "muted", "border")}
        self._shade, self._line = QColor(worn.wrong), QPen(QColor(worn.threshold), px(2))
        self._pictures: dict[int, QPixmap] = {}

    # Where things are

    def x(self, threshold: float) -> float:
        """Return where a threshold lies."""
        return self.histogram.left() + threshold * self.histogram.width()

    def threshold(self, x: float) -> float:
        """Return the threshold that lies there, from 0 to 1."""
        return min(1.0, max(0.0, (x - self.histogram.left()) / self.histogram.width()))

    def in_histogram(self, at: QPointF) -> bool:
        """Return whether a hand is on the histogram, or on the handle above it."""
        px = self._worn.px
        return self.histogram.adjusted(-px(8), -px(12), px(8), px(3)).contains(at)

    def zone(self, at: QPointF) -> str:
        """Return what stands at a place: "name", "support", "f1", "threshold", "histogram", a count or a ratio."""
        if self.in_histogram(at):
            return "histogram"
        if at.y() < self.histogram.top():
            right = at.x() > self._right - self._worn.px(64)
            if at.y() < self._name_line + self._worn.px(4):
                return "f1" if right else "name"
            return "threshold" if right else "support"
        below = at.y() > self._last_line - self._small_height + self._worn.px(2)
        if at.x() > self._ratio_left:
            return "recall" if below else "precision"
        second = at.x() > self._left + self._column
        return COUNTS[2 * below + second]

    @property
    def _ratio_left(self) -> float:
        return self._right - self._worn.px(88)

    @property
    def _column(self) -> float:
        return (self._ratio_left - self._left) / 2

    # Painting

    def paint(self, painter: QPainter, number: int, card: Card, *, chosen: bool, focused: bool) -> None:
        """Paint a card at the painter's origin; ``number`` is that of its picture, which stands still."""
        self._paint_errors(painter, card)
        painter.drawPixmap(QPointF(0, 0), self._picture(number, card))
        self._paint_threshold(painter, card)
        self._paint_numbers(painter, card)
        if chosen or focused:
            self._paint_frame(painter, self._worn.text if focused else self._worn.accent)

    def forget(self) -> None:
        """Paint all pictures anew."""
        self._pictures.clear()

    def _picture(self, number: int, card: Card) -> QPixmap:
        found = self._pictures.get(number)
        if found is None:
            if len(self._pictures) >= 200:  # a few times as many as are seen at once
                self._pictures.clear()
            self._pictures[number] = found = self._painted(card)
        return found

    def _painted(self, card: Card) -> QPixmap:
        picture = QPixmap((self._size * self._pixels).toSize())
        picture.setDevicePixelRatio(self._pixels)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pens["border"])
        painter.drawRoundedRect(self._frame(0.5), 7, 7)
        self._paint_words(painter, card)
        self._paint_bars(painter, card)
        painter.end()
        return picture

    def _frame(self, inset: float) -> QRectF:
        return QRectF(QPointF(0, 0), self._size).adjusted(inset, inset, -inset, -inset)

    def _paint_frame(self, painter: QPainter, colour: str) -> None:
        painter.setPen(QPen(QColor(colour), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self._frame(1), 7, 7)

    def _paint_words(self, painter: QPainter, card: Card) -> None:
        gap = self._worn.px(8)
        beside = self._figure_metrics.horizontalAdvance(card.f1), self._small_metrics.horizontalAdvance("T 0.000")
        self._write(painter, self._bold, "text", self._left, self._name_line, card.name, beside[0] + gap)
        self._write(painter, self._small, "muted", self._left, self._support_line, card.support, beside[1] + gap)
        for place, name in enumerate(COUNTS):
            x, y = self._count_place(place)
            self._write(painter, self._small, "muted", x, y, name, 0)

    def _write(self, painter: QPainter, font: QFont, role: str, x: float, y: float, text: str, kept: float) -> None:
        """Write a text from x on, elided where less than ``kept`` would be left of the card."""
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(self._pens[role])
        words = " ".join(text[:300].split())
        painter.drawText(QPointF(x, y), metrics.elidedText(words, Qt.TextElideMode.ElideRight, self._right - x - kept))

    def _paint_bars(self, painter: QPainter, card: Card) -> None:
        worn, plot, middle = self._worn, self.histogram, self._middle(card)
        painter.setPen(self._pens["border"])
        painter.drawLine(QPointF(plot.left(), middle), QPointF(plot.right(), middle))
        yes, no = QColor(worn.label_1), QColor(worn.label_0)
        painter.fillPath(self._silhouette(card, up=True), yes)
        hanging, tint = self._silhouette(card, up=False), QColor(no)
        tint.setAlpha(70)
        painter.fillPath(hanging, tint)
        painter.fillPath(hanging, QBrush(no, Qt.BrushStyle.BDiagPattern))
        painter.strokePath(hanging, QPen(no, 1))

    def _middle(self, card: Card) -> float:
        """Return the line between yes and no; heights are square roots, so that one row is seen beside a thousand."""
        yes, no = float(np.sqrt(card.yes.max())), float(np.sqrt(card.no.max()))
        return self.histogram.top() + self.histogram.height() * (yes / (yes + no) if yes + no else 0.5)

    def _silhouette(self, card: Card, *, up: bool) -> QPainterPath:
        """Return the outline of the bars on one side of the line; bars beside one another have one outline."""
        plot, middle = self.histogram, self._middle(card)
        bins = card.yes if up else card.no
        room = plot.top() - middle if up else plot.bottom() - middle
        ends = middle + np.copysign(np.maximum(2.0, np.sqrt(bins / max(1, int(bins.max()))) * abs(room)), room)
        path = QPainterPath()
        for run in np.split(np.arange(BINS), np.flatnonzero(np.diff(bins > 0)) + 1):
            if bins[run[0]]:
                sides = plot.left() + np.repeat(np.append(run, run[-1] + 1), 2) * (plot.width() / BINS)
                levels = np.concatenate([[middle], np.repeat(ends[run], 2), [middle]])
                path.addPolygon(
                    QPolygonF([QPointF(x, y) for x, y in zip(sides.tolist(), levels.tolist(), strict=True)])
                )
        return path

    def _paint_errors(self, painter: QPainter, card: Card) -> None:
        """Shade where bars are mistakes: yes below the threshold, no from it on."""
        plot, middle, x = self.histogram, self._middle(card), self.x(card.threshold)
        painter.fillRect(QRectF(plot.left(), plot.top(), x - plot.left(), middle - plot.top()), self._shade)
        painter.fillRect(QRectF(x, middle, plot.right() - x, plot.bottom() - middle), self._shade)

    def _paint_threshold(self, painter: QPainter, card: Card) -> None:
        plot, x, size = self.histogram, self.x(card.threshold), self._worn.px(5)
        painter.setPen(self._line)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._line.color())
        y = plot.top() - size
        painter.drawPolygon(
            QPolygonF([QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size), QPointF(x - size, y)])
        )

    def _paint_numbers(self, painter: QPainter, card: Card) -> None:
        down = self._worn.px(2)
        painter.setPen(self._pens["text"])
        painter.setFont(self._figure)
        self._right_aligned(painter, self._figure_metrics, self._name_line + down, card.f1)
        painter.setFont(self._small)
        self._right_aligned(painter, self._small_metrics, self._support_line + down, card.threshold_text)
        room = self._column - self._key_width - self._worn.px(4)
        brief = any(self._small_metrics.horizontalAdvance(text) > room for text in card.counts)
        for place, text in enumerate(card.counts):
            x, y = self._count_place(place)
            painter.drawText(QPointF(x + self._key_width, y), text)
        lines = (self._last_line - self._small_height, self._last_line)
        for (name, short, value), y in zip(card.ratios, lines, strict=True):
            self._right_aligned(painter, self._small_metrics, y, f"{short if brief else name} {value}")

    def _count_place(self, place: int) -> tuple[float, float]:
        x = self._left + (self._column if place % 2 else 0)
        return x, self._last_line - (self._small_height if place < 2 else 0)

    def _right_aligned(self, painter: QPainter, metrics: QFontMetricsF, y: float, text: str) -> None:
        painter.drawText(QPointF(self._right - metrics.horizontalAdvance(text), y), text)
