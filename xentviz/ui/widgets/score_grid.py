"""A table of numbers, a line a model: each with its interval below it, the best of a column called so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import plain_tip
from xentviz.ui.widgets.plain_header import PlainHeader

Index = QModelIndex | QPersistentModelIndex

HEAD, ROW, COLUMN, NAME = 26, 34, 96, 150
"""How high heading and lines are, and how wide columns are at least, in pixels of the ordinary size of type."""

SEEN = 4
"""So many lines are seen at least; the others are scrolled to."""

SIDE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
NAME_SIDE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class ScoreCell:
    """A number, what stands below it, and whether it is the best of its column, or older than the rows."""

    text: str
    below: str = ""
    tip: str = ""
    best: bool = False
    old: bool = False


@dataclass(frozen=True)
class ScoreRow:
    """One model; ``model`` is its place in the document, ``below`` stands under its name."""

    model: int
    name: str
    below: str
    tip: str
    cells: tuple[ScoreCell, ...]


@dataclass(frozen=True)
class ScoreHead:
    """The title of a column; ``sorted`` is 1 if the column orders the lines rising, -1 if falling."""

    key: str
    title: str
    tip: str
    sorted: int = 0


class ScoreGrid(QTableView):
    """Says ``picked`` with a model, ``asked_order`` with a column's key, ``menu_wanted`` with a model and a place, and
    ``placed`` with the keys of all columns, as one was dragged.
    """

    picked = Signal(object)
    asked_order = Signal(object)
    menu_wanted = Signal(object, object)
    placed = Signal(object)

    def __init__(self, look: Look, best: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.lines = _Lines(best, self)
        self.setModel(self.lines)
        self.setItemDelegate(_Painter(look, best, self))
        header = PlainHeader(look, self)
        self.setHorizontalHeader(header)
        header.setHighlightSections(False)
        header.sectionClicked.connect(self._order_by)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.sectionMoved.connect(self._remember_places)
        self._places: list[str] = []
        self._asked_places: tuple[str, ...] = ()
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.clicked.connect(self._pick)
        self._laid_out: tuple[object, ...] = ()

    def show_scores(
        self,
        heads: Sequence[ScoreHead],
        rows: Sequence[ScoreRow],
        chosen: int,
        alert: str,
        places: tuple[str, ...] = (),
    ) -> None:
        """Show these lines; ``chosen`` is the model that is looked at, ``alert`` the title of the first column, and
        ``places`` the keys of columns in the order they were put in.
        """
        keys = [head.key for head in self.lines.heads]
        self.lines.show(heads, rows, chosen, alert)
        if places != self._asked_places:
            self._asked_places, self._places, keys = places, list(places), []
        if keys != [head.key for head in heads]:
            self._put_in_places([head.key for head in heads])
        shape = (self._look.theme.name, len(heads), self.viewport().width())
        if shape != self._laid_out:
            self._laid_out = shape
            self._lay_out(len(heads))

    def wanted_height(self) -> int:
        """Return how high it is with all lines."""
        return self._height(len(self.lines.rows))

    def _height(self, lines: int) -> int:
        bar = self.horizontalScrollBar().sizeHint().height() if self._room(self.lines.columnCount() - 1) < 0 else 0
        px = self._look.theme.px
        return px(HEAD) + lines * px(ROW) + bar + 2

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.wanted_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._height(min(SEEN, len(self.lines.rows))))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._lay_out(self.lines.columnCount() - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick(self.currentIndex())
        elif event.key() == Qt.Key.Key_Menu and self.currentIndex().isValid():
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
            self.menu_wanted.emit(self.lines.rows[self.currentIndex().row()].model, place)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row = self.rowAt(event.pos().y())
        if 0 <= row < len(self.lines.rows):
            self.menu_wanted.emit(self.lines.rows[row].model, event.globalPos())

    def _pick(self, index: Index) -> None:
        if 0 <= index.row() < len(self.lines.rows):
            self.picked.emit(self.lines.rows[index.row()].model)

    def _order_by(self, section: int) -> None:
        self.asked_order.emit(self.lines.heads[section - 1].key if section else "")

    def _remember_places(self, *_moved: int) -> None:
        """Keep the order of the columns that are shown, among those that are not."""
        header, heads = self.horizontalHeader(), self.lines.heads
        shown = [heads[header.logicalIndex(place) - 1].key for place in range(1, len(heads) + 1)]
        places = [place for place, key in enumerate(self._places) if key in shown]
        for place, key in zip(places, shown, strict=True):
            self._places[place] = key
        self._asked_places = tuple(self._places)
        self.placed.emit(self._asked_places)

    def _put_in_places(self, keys: Sequence[str]) -> None:
        """Put columns into the order from before; one that is new comes after the one that it is told after."""
        for before, key in zip(("", *keys), keys, strict=False):
            if key not in self._places:
                self._places.insert(self._places.index(before) + 1 if before else 0, key)
        header = self.horizontalHeader()
        header.sectionMoved.disconnect(self._remember_places)
        for place, key in enumerate((key for key in self._places if key in keys), start=1):
            header.moveSection(header.visualIndex(keys.index(key) + 1), place)
        header.sectionMoved.connect(self._remember_places)

    def _room(self, columns: int) -> int:
        """Return how much wider it is than it must be."""
        px = self._look.theme.px
        return self.viewport().width() - px(NAME) - columns * px(COLUMN)

    def _lay_out(self, columns: int) -> None:
        px, spare = self._look.theme.px, max(0, self._room(columns))
        header = self.horizontalHeader()
        # What is to spare widens every column alike, the names twice as much.
        each = min(px(40), spare // (columns + 2))
        for section in range(1, columns + 1):
            header.resizeSection(section, px(COLUMN) + each)
        header.resizeSection(0, px(NAME) + spare - each * columns)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(px(ROW))
        header.setFixedHeight(px(HEAD))


class _Lines(QAbstractTableModel):
    """What the view shows; Qt asks for it cell by cell."""

    def __init__(self, best: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._best = best
        self.heads: tuple[ScoreHead, ...] = ()
        self.rows: tuple[ScoreRow, ...] = ()
        self.chosen = 0
        self._name = ""

    def show(self, heads: Sequence[ScoreHead], rows: Sequence[ScoreRow], chosen: int, name: str) -> None:
        """Take other contents."""
        heads, rows = tuple(heads), tuple(rows)
        if (heads, rows, chosen, name) == (self.heads, self.rows, self.chosen, self._name):
            return
        whole = len(heads) != len(self.heads) or len(rows) != len(self.rows)
        if whole:
            self.beginResetModel()
        heads_changed, before, chosen_before = heads != self.heads, self.rows, self.chosen
        self.heads, self.rows, self.chosen, self._name = heads, rows, chosen, name
        if whole:
            self.endResetModel()
        else:
            self._tell_changed(before, everything=chosen != chosen_before)
        if heads_changed and not whole:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(heads))

    def _tell_changed(self, before: tuple[ScoreRow, ...], *, everything: bool) -> None:
        """Have only those cells painted that are new: a threshold that is dragged changes a few at every frame."""
        for place, (old, new) in enumerate(zip(before, self.rows, strict=True)):
            if everything or (old.model, old.name, old.below) != (new.model, new.name, new.below):
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.heads)))
                continue
            for column, pair in enumerate(zip(old.cells, new.cells, strict=True), start=1):
                if pair[0] != pair[1]:
                    self.dataChanged.emit(self.index(place, column), self.index(place, column))

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self.rows)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self.heads) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.row() >= len(self.rows) or index.column() > len(self.heads):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name if not index.column() else row.cells[index.column() - 1].text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.tip if not index.column() else row.cells[index.column() - 1].tip)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._told(row, index.column())
        return None

    def _told(self, row: ScoreRow, column: int) -> str:
        if not column:
            return f"{row.name} {row.below}".strip()
        cell = row.cells[column - 1]
        told = f"{row.name}: {self.heads[column - 1].title} {cell.text} {cell.below}"
        return f"{told} {self._best}" if cell.best else told

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # fmt: skip
        if orientation != Qt.Orientation.Horizontal or section > len(self.heads):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(SIDE if section else NAME_SIDE)
        if not section:
            return self._name if role == Qt.ItemDataRole.DisplayRole else None
        head = self.heads[section - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return head.title + {1: " ▲", -1: " ▼"}.get(head.sorted, "")
        return plain_tip(head.tip) if role == Qt.ItemDataRole.ToolTipRole else None


class _Painter(QStyledItemDelegate):
    """Paints a cell in two lines; what is best has its word before it and stands in bold."""

    def __init__(self, look: Look, best: str, parent: QTableView) -> None:
        super().__init__(parent)
        self._look, self._best, self._grid = look, best, parent

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        lines = index.model()
        if not isinstance(lines, _Lines) or index.row() >= len(lines.rows):
            return
        worn, rect, row = self._look.theme, QRect(option.rect), lines.rows[index.row()]
        painter.save()
        if row.model == lines.chosen:
            painter.fillRect(rect, QColor(worn.chosen))
        if not index.column():
            self._paint_name(painter, rect, row, chosen=row.model == lines.chosen)
        elif index.column() <= len(row.cells):
            self._paint_cell(painter, rect, row.cells[index.column() - 1])
        if index == self._grid.currentIndex() and self._grid.hasFocus():
            painter.setPen(QPen(QColor(worn.text), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.restore()

    def _paint_name(self, painter: QPainter, rect: QRect, row: ScoreRow, *, chosen: bool) -> None:
        worn = self._look.theme
        px = worn.px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.model(row.model)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        upper, lower = _halves(rect, px(3)) if row.below else (rect, None)
        painter.drawEllipse(rect.left() + px(8), upper.center().y() - px(5) + 1, px(10), px(10))
        text = upper.adjusted(px(26), 0, -px(4), 0)
        _write(painter, text, row.name, worn.font(14, chosen), worn.text, NAME_SIDE)
        if lower is not None:
            _write(painter, lower.adjusted(px(26), 0, -px(4), 0), row.below, worn.font(12), worn.muted, NAME_SIDE)

    def _paint_cell(self, painter: QPainter, rect: QRect, cell: ScoreCell) -> None:
        worn = self._look.theme
        inner = rect.adjusted(worn.px(4), 0, -worn.px(6), 0)
        upper, lower = _halves(inner, worn.px(3))
        font = worn.font(14, cell.best)
        _write(painter, upper, cell.text, font, worn.muted if cell.old else worn.text, SIDE)
        if cell.best:
            self._paint_best(painter, upper, QFontMetrics(font).horizontalAdvance(cell.text) + worn.px(6))
        _write(painter, lower, cell.below, worn.font(12), worn.muted, SIDE)

    def _paint_best(self, painter: QPainter, line: QRect, taken: int) -> None:
        """Write it before the number, which stays where it is, if there is room for the whole word."""
        worn, left = self._look.theme, line.adjusted(0, 0, -taken, 0)
        if QFontMetrics(worn.font(12)).horizontalAdvance(self._best) <= left.width():
            _write(painter, left, self._best, worn.font(12), worn.accent, SIDE)


def _halves(rect: QRect, edge: int) -> tuple[QRect, QRect]:
    """Return the places of two lines of text."""
    middle = rect.top() + rect.height() // 2 + 1
    upper = QRect(rect.left(), rect.top() + edge - 2, rect.width(), middle - rect.top() - edge + 2)
    return upper, QRect(rect.left(), middle, rect.width(), rect.bottom() - middle - edge + 4)


def _write(
    painter: QPainter, rect: QRect, text: str, font: QFont, colour: str, side: Qt.AlignmentFlag
) -> None:  # fmt: skip
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(side) | int(Qt.TextFlag.TextSingleLine), shown)
