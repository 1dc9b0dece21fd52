"""A confusion matrix: cells with numbers where there is room for them, else a heat map that says them on hover."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from xentviz.core.arguments import Floats
from xentviz.core.counts import Integers
from xentviz.ui.theme import Look, Theme
from xentviz.ui.widgets.labels import plain_tip

translate = QCoreApplication.translate

LEAST, MOST = 0.06, 0.5
"""How much of its colour a cell has, at least and at most: a number upon it stays legible."""
SMALLEST = 1
"""Pixels of a cell in a heat map."""
NAMES, WIDE_NAMES = 0.3, 0.45
"""Which share of the width the names of rows take at most: of many rows, and of those of yes and no, or of models."""
SHADES = 255
"""So many shades of a colour are told apart in a heat map."""

Cell = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Matrix:
    """What is shown.

    Attributes
    ----------
    rows, columns : sequence of str
        The names of the truths, and of the decisions.
    values : ndarray, shape (rows + 1, columns + 1)
        The totals last; nan where undefined.
    shades : ndarray, shape (rows, columns), from 0 to 1
    hits : ndarray of bool, shape (rows, columns)
        Which cells are of right decisions.
    kinds : sequence of (long name, short name), cell by cell, or none
        What is written below the numbers; with them rows have the colours of labels 1 and 0.
    widest, widest_total : str
        No number of a cell is wider, and none of a total.
    text : callable
        Returns a value as it is written.
    tip : callable
        Returns what there is to say of a cell, told its row and column; of a total as well.
    palette : sequence of str
        The colours of cells; without it those of labels 0 and 1.
    tones : ndarray of int64, shape (rows, columns), or None
        Which of the colours each cell has; None where the row, or a hit, tells it.
    dots : sequence of str
        The colours of dots before the names of the rows.
    column_dots : sequence of str
        The same of the columns, where their names stand on one line.
    margins : bool
        Whether there are totals, and words that tell truths from decisions.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    values: Floats
    shades: Floats
    hits: NDArray[np.bool_]
    kinds: Sequence[tuple[str, str]]
    widest: str
    widest_total: str
    text: Callable[[float], str]
    tip: Callable[[int, int], str]
    palette: Sequence[str] = ()
    tones: Integers | None = None
    dots: Sequence[str] = ()
    column_dots: Sequence[str] = ()
    margins: bool = True

    def colours(self, worn: Theme) -> Sequence[str]:
        """Return the colours that cells may have."""
        return self.palette or (worn.label_0, worn.label_1)

    @cached_property
    def places(self) -> Integers:
        """The place among the colours of each cell."""
        if self.tones is not None:
            return self.tones
        first = np.arange(len(self.rows))[:, None] == 0
        return np.broadcast_to(first, self.hits.shape).astype(np.int64) if self.kinds else self.hits.astype(np.int64)


@dataclass(frozen=True)
class _Places:
    """Where the cells are, how large the type is, 0 for a heat map without numbers, and whether there are totals.

    Names stand on the left or not at all; above they are "across", "broken" into two lines, "turned", or "" for none.
    """

    left: float
    top: float
    width: float
    height: float
    type_size: int
    names_left: bool
    names: str
    totals: bool = False


class MatrixView(QWidget):
    """Shows one matrix; ``picked`` says which cell, (row, column), was clicked or entered."""

    picked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.matrix: Matrix | None = None
        self._chosen: Cell | None = None
        self._current: Cell = (0, 0)
        self._hovered: Cell | None = None
        self._pressed: Cell | None = None
        self._places: tuple[object, _Places] | None = None
        self._framed: tuple[object, QPixmap] | None = None
        self._fonts: dict[tuple[str, float, bool], tuple[QFont, QFontMetricsF]] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing below it need be painted

    def show_matrix(self, matrix: Matrix, chosen: Cell | None) -> None:
        """Show a matrix, and which of its cells is selected in the table."""
        self.matrix, self._chosen = matrix, chosen
        self._current = self._within(*self._current)
        self._fit_to_many()
        if self.hasFocus():
            self._tell_current()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(260), self._look.theme.px(200))

    def cell_rect(self, row: int, column: int) -> QRect:
        """Return where a cell is, or a total if its row or column is one too many."""
        assert self.matrix is not None
        return self._rect(self._measured(self.matrix), row, column).toAlignedRect()

    @property
    def has_numbers(self) -> bool:
        """Whether there is room for numbers."""
        return self.matrix is not None and self._measured(self.matrix).type_size > 0

    @property
    def has_totals(self) -> bool:
        """Whether there is room for totals beside the numbers."""
        return self.matrix is not None and self._measured(self.matrix).totals

    # Measuring

    def _font(self, size: float, bold: bool = False) -> QFont:
        return self._type(size, bold)[0]

    def _metrics(self, size: float, bold: bool = False) -> QFontMetricsF:
        return self._type(size, bold)[1]

    def _type(self, size: float, bold: bool) -> tuple[QFont, QFontMetricsF]:
        """Return a font and its measures, made once: that takes longer than to write with it."""
        key = (self._look.theme.name, size, bold)
        if key not in self._fonts:
            font = self._look.theme.font(size, bold)
            self._fonts[key] = (font, QFontMetricsF(font))
        return self._fonts[key]

    def _fit_to_many(self) -> None:
        matrix, px = self.matrix, self._look.theme.px
        assert matrix is not None
        if matrix.kinds:  # four numbers, which are never left out
            widest = self._metrics(12, bold=True).horizontalAdvance(matrix.widest) + px(6)
            size = QSize(math.ceil(self._longest(matrix) + len(matrix.columns) * max(widest, px(30))) + 1, px(104))
        else:
            least = SMALLEST * (max(len(matrix.rows), len(matrix.columns)) + 1)
            size = QSize(max(px(156), px(16) + least), max(px(104), px(16) + least))
        if self.minimumSize() != size:
            self.setMinimumSize(size)

    def _measured(self, matrix: Matrix) -> _Places:
        key = (
            self.size(), self._look.theme, tuple(matrix.rows), tuple(matrix.columns),
            len(matrix.widest), len(matrix.widest_total), matrix.margins, bool(matrix.dots),
        )  # fmt: skip
        if self._places is None or self._places[0] != key:
            self._places = (key, self._best(matrix))
        return self._places[1]

    def _best(self, matrix: Matrix) -> _Places:
        """Return places with as much of the names as numbers leave room for."""
        shares = (WIDE_NAMES,) if matrix.kinds else (WIDE_NAMES, NAMES) if matrix.dots else (NAMES,)
        found = (self._with_numbers(matrix, share) for share in shares)
        return next((places for places in found if places is not None), None) or self._without(matrix, shares[-1])

    def _widths(self, matrix: Matrix, share: float) -> tuple[float, float]:
        """Return how wide the names of the rows are, at most this share, and how wide the longest of the columns is."""
        wide = max(map(self._metrics(12).horizontalAdvance, matrix.columns))
        return min(self._longest(matrix), self.width() * share), wide

    def _longest(self, matrix: Matrix) -> float:
        """Return how wide the names of the rows are."""
        small = self._metrics(12)
        beside = [self._all()] if matrix.margins else []
        beside += [translate("MatrixView", "said →")] if matrix.margins and not matrix.kinds else []
        dots = self._look.theme.px(14) if matrix.dots else 0
        return max(map(small.horizontalAdvance, (*matrix.rows, *beside))) + self._look.theme.px(8) + dots

    def _with_numbers(self, matrix: Matrix, share: float) -> _Places | None:
        """Return places for the largest type whose numbers have room, None if there is none for the smallest.

        The totals of yes and no can be done without, if without them the four numbers have room.
        """
        worn, (left, longest) = self._look.theme, self._widths(matrix, share)
        with_totals = (False,) if not matrix.margins else (True, False) if matrix.kinds else (True,)
        for totals, size in product(with_totals, (28, 18, 14, 12)):
            font, small = self._metrics(size, bold=True), self._metrics(min(size, 14))
            beside = max(small.horizontalAdvance(matrix.widest_total) + worn.px(10), worn.px(36)) if totals else 0.0
            width = (self.width() - left - beside) / len(matrix.columns)
            names = "across" if longest <= width - worn.px(4) else "broken" if matrix.kinds else "turned"
            below = worn.px(22) if totals else 0
            height = (self.height() - self._above(names, longest) - below) / len(matrix.rows)
            lines = 2.6 if size > 14 else 1.1
            if (
                font.horizontalAdvance(matrix.widest) + worn.px(6 if matrix.kinds else 3) <= width
                and font.height() * lines <= height
            ):
                return _Places(left, self._above(names, longest), width, height, size, True, names, totals)
        return None

    def _without(self, matrix: Matrix, share: float) -> _Places:
        worn, (left, longest) = self._look.theme, self._widths(matrix, share)
        line, edge = self._metrics(12).height(), float(worn.px(16))
        width = (self.width() - left) / len(matrix.columns)
        names = "across" if longest <= width - worn.px(4) else "turned" if width >= line else ""
        top = self._above(names, longest)
        height = (self.height() - top) / len(matrix.rows)
        beside = height >= line * 0.95
        left = left if beside else edge
        width = (self.width() - left) / len(matrix.columns)
        return _Places(left, top, width, height, 0, beside, names)

    def _above(self, names: str, longest: float) -> float:
        """Return how much room the names of the columns take."""
        px = self._look.theme.px
        if names == "turned":
            return min(longest + px(6), self.height() * 0.3)
        of_many = self.matrix is not None and not self.matrix.kinds  # the corner says in two lines which side is which
        return float(px(34 if names == "broken" or (names and of_many) else 20 if names else 16))

    def _rect(self, places: _Places, row: int, column: int) -> QRectF:
        assert self.matrix is not None
        x, y = places.left + column * places.width, places.top + row * places.height
        width = places.width if column < len(self.matrix.columns) else self.width() - x
        height = places.height if row < len(self.matrix.rows) else self.height() - y
        return QRectF(x, y, width, height)

    def _cell_at(self, at: QPointF, *, totals: bool = False) -> Cell | None:
        if self.matrix is None:
            return None
        places, more = self._measured(self.matrix), int(totals)
        row, column = int((at.y() - places.top) // places.height), int((at.x() - places.left) // places.width)
        if places.totals:
            row, column = min(row, len(self.matrix.rows)), min(column, len(self.matrix.columns))
        inside = 0 <= row < len(self.matrix.rows) + more and 0 <= column < len(self.matrix.columns) + more
        return (row, column) if inside else None

    def _within(self, row: int, column: int) -> Cell:
        assert self.matrix is not None
        return (
            min(max(row, 0), len(self.matrix.rows) - 1),
            min(max(column, 0), len(self.matrix.columns) - 1),
        )

    def _all(self) -> str:
        return translate("MatrixView", "all")

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._look.theme.surface))
        if self.matrix is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self._measured(self.matrix)
        if places.type_size:
            cells = [
                (row, column) for row in range(len(self.matrix.rows)) for column in range(len(self.matrix.columns))
            ]
            for cell in cells:
                self._paint_shade(painter, self.matrix, places, *cell)
            painter.drawPixmap(0, 0, self._frames(self.matrix, places, cells))
            for cell in cells:
                self._write(painter, self.matrix, places, *cell)
            if places.totals:
                self._paint_totals(painter, self.matrix, places)
        else:
            self._paint_names(painter, self.matrix, places)
            self._paint_heat(painter, self.matrix, places)
        self._paint_marks(painter, places)

    def _frames(self, matrix: Matrix, places: _Places, cells: list[Cell]) -> QPixmap:
        """Return what stays as it is while numbers change: names, outlines and hatching."""
        ratio = self.devicePixelRatioF()
        names = (tuple(matrix.rows), tuple(matrix.columns), (*matrix.dots, *matrix.column_dots))
        of = (places, self._look.theme, ratio, self.size(), *names, bool(matrix.kinds), tuple(matrix.palette))
        if self._framed is None or self._framed[0] != (of, matrix.hits.tobytes()):
            drawn = QPixmap(self.size() * ratio)
            drawn.setDevicePixelRatio(ratio)
            drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(drawn)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_names(painter, matrix, places)
            for cell in cells:
                self._paint_frame(painter, matrix, places, *cell)
            painter.end()
            self._framed = ((of, matrix.hits.tobytes()), drawn)
        return self._framed[1]

    def _colour(self, matrix: Matrix, row: int, column: int) -> QColor:
        """Return the colour of a cell: of its row's label, or of a hit or an error where there are many categories."""
        return QColor(matrix.colours(self._look.theme)[matrix.places[row, column]])

    def _box(self, matrix: Matrix, places: _Places, row: int, column: int) -> tuple[QRectF, int]:
        """Return where a cell is filled, and how round its corners are."""
        px = self._look.theme.px
        gap = px(2) if matrix.kinds else 1
        # Whole pixels are filled several times as fast as parts of them.
        box = self._rect(places, row, column).adjusted(gap, gap, -gap, -gap).toRect()
        return QRectF(box), px(6 if matrix.kinds else 2)

    def _paint_shade(self, painter: QPainter, matrix: Matrix, places: _Places, row: int, column: int) -> None:
        box, _ = self._box(matrix, places, row, column)
        shade = float(matrix.shades[row, column])
        fill = self._colour(matrix, row, column)
        # Its corners are rounded by what is painted over it.
        share = LEAST + (MOST - LEAST) * shade if shade or (matrix.kinds and not matrix.palette) else 0.0
        painter.fillRect(
            box, _mixed(QColor(self._look.theme.surface), fill, share)
        )  # its corners are rounded by what is painted over it

    def _paint_frame(self, painter: QPainter, matrix: Matrix, places: _Places, row: int, column: int) -> None:
        worn, hit = self._look.theme, bool(matrix.hits[row, column])
        box, radius = self._box(matrix, places, row, column)
        # Colours of their own may change with the numbers: the frames, which stay, do not have them.
        colour = QColor(worn.muted) if matrix.palette else self._colour(matrix, row, column)
        corners, within = QPainterPath(), QPainterPath()
        corners.addRect(box)
        within.addRoundedRect(box, radius, radius)
        painter.fillPath(corners - within, QColor(worn.surface))
        pen = QPen(colour, worn.px(1.5) if hit else worn.px(1), Qt.PenStyle.SolidLine if hit else Qt.PenStyle.DashLine)
        painter.setPen(pen if matrix.kinds or hit else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)
        if matrix.kinds and row and not matrix.palette:
            colour.setAlphaF(0.22)
            painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(box, radius, radius)

    def _write(self, painter: QPainter, matrix: Matrix, places: _Places, row: int, column: int) -> None:
        box, _ = self._box(matrix, places, row, column)
        worn, value = self._look.theme, float(matrix.values[row, column])
        hit = bool(matrix.hits[row, column])
        bold = hit or bool(matrix.kinds)
        painter.setFont(self._font(places.type_size, bold))
        painter.setPen(QColor(worn.text if value or matrix.kinds else worn.muted))
        if not matrix.kinds:
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, matrix.text(value))
            return
        long, short = matrix.kinds[row * len(matrix.columns) + column]
        mark = "" if not matrix.margins else "✓ " if hit else "✗ "
        small = self._metrics(12)
        if box.height() < self._metrics(places.type_size, bold).height() + small.height() + worn.px(6):
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{mark}{matrix.text(value)}")
            return
        upper, lower = QRectF(box), QRectF(box)
        middle = box.top() + (box.height() + self._metrics(places.type_size, bold).height() - small.height()) / 2
        upper.setBottom(middle)
        lower.setTop(middle - worn.px(2))
        bottom = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(upper, bottom, matrix.text(value))
        painter.setFont(self._font(12))
        words = f"{mark}{long}"
        words = words if small.horizontalAdvance(words) <= box.width() - worn.px(6) else f"{mark}{short}"
        painter.drawText(lower, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)

    def _paint_totals(self, painter: QPainter, matrix: Matrix, places: _Places) -> None:
        worn, rows, columns = self._look.theme, len(matrix.rows), len(matrix.columns)
        painter.setFont(self._font(min(places.type_size, 14)))
        painter.setPen(QColor(worn.muted))
        for row, column in [*((r, columns) for r in range(rows + 1)), *((rows, c) for c in range(columns))]:
            box = self._rect(places, row, column)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, matrix.text(float(matrix.values[row, column])))

    def _paint_names(self, painter: QPainter, matrix: Matrix, places: _Places) -> None:
        worn, columns = self._look.theme, len(matrix.columns)
        painter.setFont(self._font(12))
        painter.setPen(QColor(worn.muted))
        small, totals = self._metrics(12), places.totals
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        below = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        if places.names_left:
            room = places.left - worn.px(6)
            for row, name in enumerate((*matrix.rows, self._all()) if totals else matrix.rows):
                box = self._rect(places, row, 0)
                box.setLeft(0)
                box.setWidth(room)
                dot = worn.px(14) if row < len(matrix.dots) else 0
                # What tells models apart, which have dots, is often at the end of their names.
                where = Qt.TextElideMode.ElideMiddle if dot else Qt.TextElideMode.ElideRight
                name = small.elidedText(name, where, room - dot)
                painter.drawText(box, right, name)
                if dot:
                    at = QPointF(room - small.horizontalAdvance(name) - worn.px(9), box.center().y())
                    self._paint_dot(painter, at, matrix.dots[row])
        for column, name in enumerate((*matrix.columns, self._all()) if totals else matrix.columns):
            if not places.names and column < columns:
                continue
            box = self._rect(places, 0, column)
            box.setBottom(places.top - worn.px(3))
            box.setTop(0)
            if places.names == "turned" and column < columns:
                self._write_turned(painter, box, name)
            elif places.names or column == columns:
                # "said" above what was said
                said, _, what = name.partition(" ") if places.names == "broken" else ("", "", name)
                what = small.elidedText(what, Qt.TextElideMode.ElideRight, box.width())
                painter.drawText(box, below, f"{said}\n{what}" if said and what else said or what)
                if places.names == "across" and column < len(matrix.column_dots):
                    left = box.center().x() - small.horizontalAdvance(name) / 2 - worn.px(9)
                    at = QPointF(left, box.bottom() - small.height() / 2)
                    self._paint_dot(painter, at, matrix.column_dots[column])
        self._paint_axes(painter, places)

    def _paint_dot(self, painter: QPainter, at: QPointF, colour: str) -> None:
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(at, self._look.theme.px(4), self._look.theme.px(4))
        painter.restore()

    def _paint_axes(self, painter: QPainter, places: _Places) -> None:
        """Say which side is the truth where the names do not, or are not there."""
        assert self.matrix is not None
        if self.matrix.kinds or not self.matrix.margins:
            return
        px = self._look.theme.px
        corner = QRectF(0, 0, places.left - px(4), places.top - px(3))
        small = self._metrics(12)
        words = translate("MatrixView", "is ↓  said →")
        if small.horizontalAdvance(words) > corner.width():
            words = translate("MatrixView", "said →\nis ↓")
        if (
            places.names
            and places.names_left
            and small.horizontalAdvance(translate("MatrixView", "said →")) < corner.width()
        ):
            painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, words)
            return
        if not places.names:
            top = QRectF(places.left, 0, self.width() - places.left, places.top)
            painter.drawText(top, Qt.AlignmentFlag.AlignCenter, translate("MatrixView", "said →"))
        if not places.names_left:
            side = QRectF(0, places.top, places.left, self.height() - places.top)
            self._write_turned(painter, side, translate("MatrixView", "← is"), middle=True)

    def _write_turned(self, painter: QPainter, box: QRectF, text: str, *, middle: bool = False) -> None:
        metrics = QFontMetricsF(painter.font())
        painter.save()
        painter.translate(box.center().x(), box.center().y() if middle else box.bottom())
        painter.rotate(-90)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.height())
        x = -metrics.horizontalAdvance(text) / 2 if middle else 0.0
        painter.drawText(QPointF(x, metrics.ascent() / 2 - 1), text)
        painter.restore()

    def _paint_heat(self, painter: QPainter, matrix: Matrix, places: _Places) -> None:
        worn = self._look.theme
        image = _image(matrix, worn)
        rows, columns = matrix.shades.shape
        area = QRectF(places.left, places.top, places.width * columns, places.height * rows)
        painter.drawImage(area, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(worn.border), 1))
        painter.drawRect(area)
        if min(places.width, places.height) >= 5:
            # Hits are known by more than their colour: their cells are framed.
            painter.setPen(QPen(QColor(worn.muted), 1))
            painter.drawRects([self._rect(places, r, c) for r, c in np.argwhere(matrix.hits).tolist()])

    def _paint_marks(self, painter: QPainter, places: _Places) -> None:
        worn = self._look.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        marks = [(self._hovered, worn.muted, 1), (self._chosen, worn.accent, 3)]
        if self.hasFocus():
            marks.append((self._current, worn.text, 2))
        for cell, colour, width in marks:
            if cell is not None and cell == self._within(*cell):
                painter.setPen(QPen(QColor(colour), worn.px(width)))
                inset = worn.px(width) / 2
                box = self._rect(places, *cell)
                if min(box.width(), box.height()) < worn.px(8):  # too small to be seen itself
                    box = box.adjusted(-worn.px(3), -worn.px(3), worn.px(3), worn.px(3))
                radius = worn.px(6) if self.matrix is not None and self.matrix.kinds else worn.px(2)
                painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius)

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._cell_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed == self._cell_at(event.position()):
            self._move_to(*pressed)
            self.picked.emit(pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._cell_at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.setCursor(Qt.CursorShape.ArrowCursor if hovered is None else Qt.CursorShape.PointingHandCursor)
            self.update()
            if hovered is not None and not self.has_numbers:
                self._show_tip(event.globalPosition().toPoint(), hovered)

    def leaveEvent(self, _event: QEvent) -> None:
        self._hovered = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hovered = None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(QPointF(event.pos()), totals=self.has_totals)
            if cell is None:
                QToolTip.hideText()
            else:
                self._show_tip(event.globalPos(), cell)
            return True
        return super().event(event)

    def _show_tip(self, at: QPoint, cell: Cell) -> None:
        if self.matrix is not None:
            QToolTip.showText(at, plain_tip(self.matrix.tip(*cell)), self, self.cell_rect(*cell))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, (row, column) = event.key(), self._current
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        if self.matrix is None:
            super().keyPressEvent(event)
        elif key in steps:
            down, across = steps[Qt.Key(key)]
            self._move_to(row + down, column + across)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell_current()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _move_to(self, row: int, column: int) -> None:
        self._current = self._within(row, column)
        self._tell_current()
        self.update()

    def _tell_current(self) -> None:
        if self.matrix is not None:
            self.setAccessibleDescription(self.matrix.tip(*self._current))


def _mixed(ground: QColor, colour: QColor, share: float) -> QColor:
    """Return what a colour that covers so much of its ground comes to: opaque ones are painted faster."""
    pairs = zip(ground.getRgb()[:3], colour.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(below + share * (above - below)) for below, above in pairs))


def _image(matrix: Matrix, worn: Theme) -> QImage:
    """Return a heat map, a pixel for each cell."""
    three = [QColor(colour) for colour in (worn.surface, *matrix.colours(worn))]
    back, *cells = (np.array([c.red(), c.green(), c.blue()], dtype=np.float64) for c in three)
    steps = np.linspace(0.0, 1.0, SHADES + 1)[:, None]
    share = np.where(steps > 0, 0.15 + 0.85 * steps, 0.0)
    red, green, blue = np.moveaxis((back + share * (np.array(cells)[:, None] - back)).round().astype(np.uint32), -1, 0)
    mixed = 0xFF000000 | red << 16 | green << 8 | blue
    shades = np.nan_to_num(matrix.shades).clip(0.0, 1.0)
    pixels = mixed[matrix.places, np.ceil(SHADES * shades).astype(np.int64)]  # what little there is is seen
    rows, columns = matrix.shades.shape
    return QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()
