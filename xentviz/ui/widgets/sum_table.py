"""A small table of numbers that add up: a line for the sum and one for each part, a column for each model."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import plain_tip

NARROWEST = "0.0000"
"""A column is not narrower than this."""


@dataclass(frozen=True)
class Line:
    """A name, an explanation, and a text for each column; ``bold`` for the sum."""

    name: str
    tip: str
    cells: tuple[str, ...]
    bold: bool = False


@dataclass(frozen=True)
class Column:
    """Whose numbers these are."""

    name: str
    colour: str
    strong: bool = False


class SumTable(QWidget):
    """Paints the lines; columns there is no room for are left out, those of the chosen model last."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.columns: tuple[Column, ...] = ()
        self.lines: tuple[Line, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing below it need be painted

    def show_table(self, columns: Sequence[Column], lines: Sequence[Line]) -> None:
        """Show a table."""
        if (tuple(columns), tuple(lines)) != (self.columns, self.lines):
            if len(lines) != len(self.lines):
                self.updateGeometry()
            self.columns, self.lines = tuple(columns), tuple(lines)
            rows = (f"{line.name} {' '.join(line.cells)}" for line in self.lines)
            self.setAccessibleDescription("; ".join((" ".join(column.name for column in self.columns), *rows)))
            self.update()

    @property
    def _height(self) -> int:
        return QFontMetrics(self._look.theme.font(12)).height() + self._look.theme.px(1)

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(200), self._height * (len(self.lines) + 1) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(140), self.sizeHint().height())

    def shown_columns(self) -> list[int]:
        """Return the columns that there is room for, in their order."""
        room = max(1, int((self.width() - self._names_width()) // self._narrowest()))
        kept = sorted(range(len(self.columns)), key=lambda c: not self.columns[c].strong)[:room]
        return sorted(kept)

    def _narrowest(self) -> int:
        bold = QFontMetrics(self._look.theme.font(12, bold=True))
        return bold.horizontalAdvance(NARROWEST) + self._look.theme.px(7)

    def _names_width(self) -> int:
        fonts = {bold: QFontMetrics(self._look.theme.font(12, bold=bold)) for bold in (False, True)}
        widest = max((fonts[line.bold].horizontalAdvance(line.name) for line in self.lines), default=0)
        return widest + self._look.theme.px(6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, high, names = self._look.theme, self._height, self._names_width()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(worn.surface))
        shown = self.shown_columns() if self.columns else []
        wide = min((self.width() - names) / len(shown), worn.px(110)) if shown else 0.0
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, number in enumerate(shown):
            column, box = self.columns[number], QRectF(names + place * wide, 0, wide - worn.px(4), high)
            self._paint_head(painter, column, box)
            for row, line in enumerate(self.lines, start=1):
                painter.setFont(worn.font(12, bold=line.bold and column.strong))
                painter.setPen(QColor(worn.text if column.strong else worn.muted))
                painter.drawText(box.translated(0, row * high), right, line.cells[number])
        for row, line in enumerate(self.lines, start=1):
            painter.setFont(worn.font(12, bold=line.bold))
            painter.setPen(QColor(worn.text if line.bold else worn.muted))
            painter.drawText(QRectF(0, row * high, names, high), Qt.AlignmentFlag.AlignVCenter, line.name)

    def _paint_head(self, painter: QPainter, column: Column, box: QRectF) -> None:
        worn, dot = self._look.theme, self._look.theme.px(8)
        painter.setFont(worn.font(12, bold=column.strong))
        letters = QFontMetrics(painter.font())
        text = letters.elidedText(column.name, Qt.TextElideMode.ElideMiddle, int(box.width()) - dot - worn.px(4))
        left = box.right() - letters.horizontalAdvance(text)
        painter.setPen(QColor(worn.text if column.strong else worn.muted))
        painter.drawText(QPointF(left, letters.ascent()), text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(column.colour))
        painter.drawEllipse(QRectF(left - dot - worn.px(4), box.center().y() - dot / 2, dot, dot))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos().y()), self)
            return True
        return super().event(event)

    def tip_at(self, y: int) -> str:
        """Return what the line at a height means; above the first the whole names."""
        row = y // self._height - 1
        if 0 <= row < len(self.lines):
            return self.lines[row].tip
        return plain_tip(", ".join(column.name for column in self.columns))
