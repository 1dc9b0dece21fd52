"""The table of labels and predictions: always there, edited in place."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from xentviz.core import metrics
from xentviz.core.columns import Rows
from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.core.told import elements_a_line, one_answer
from xentviz.files.clipboard import to_text
from xentviz.session.session import Session
from xentviz.session.view import Shown, View
from xentviz.ui.numbers import count_text
from xentviz.ui.panels.answers import answer_words
from xentviz.ui.panels.cell_delegate import CellDelegate
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.table_model import TableModel
from xentviz.ui.panels.table_paste import MOST_CELLS, Block, cells_in, pasted, read_block, with_new_rows
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import FittingLabel, label
from xentviz.ui.widgets.plain_header import PlainHeader
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.words import counted_rows

MOST_COPIED = 1_000_000
NAMES_OF_ROWS = 84
"""How wide at least, beside the names of categories."""
LONGEST_NAMES = 136
"""How wide at most, where much else stands beside the table."""
MOST_MEASURED = 100
"""Names of categories, and of rows at either end, that a column's width is made for."""
MOST_RUNS = 1_000
"""Runs of selected lines that are marked; a selection model would stop the window over many."""
AT_ONCE = 3_000
"""Cells that are read within a frame; more are read in the background."""


class TableView(QTableView):
    """A table view in which typing a printable key edits, and Enter too."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered and self.state() != QAbstractItemView.State.EditingState:
            if self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(self.currentIndex())
            return
        super().keyPressEvent(event)


class TablePanel(Panel):
    """Title, table, and the row of filters and row commands below it."""

    turns_later = 1

    said = Signal(str)
    spare = False
    """Whether much else stands beside the table: the buttons that are commands of the menu too make room for it."""
    document_pasted = Signal(str)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.model = TableModel(session, self)
        self.view = TableView(self)
        self._delegate = CellDelegate(look, self)
        self._title = label(self.tr("Labels and predictions"), bold=True)
        self._count = FittingLabel()
        self._count.make_room(False)
        self._empty = label(size="small")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._filters: dict[Shown, QToolButton] = {}
        self._commands: list[QToolButton] = []
        self._sizes: tuple[object, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._selection_of: View | None = None
        self.below = QVBoxLayout()
        self._lay_out()
        self._set_up_view()
        session.listing_changed.connect(self.mark_stale)

    def _lay_out(self) -> None:
        self._top, self._bottom = QHBoxLayout(), self._filter_row()
        self._top.addWidget(self._title)
        self._top.addWidget(self._count, 1)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._whole = layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(self._top)
        layout.addWidget(self.view, 1000)
        layout.addWidget(self._empty)
        layout.addLayout(self.below)
        layout.addStretch(0)
        layout.addLayout(self._bottom)

    def _filter_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        group = QButtonGroup(self)
        for shown, text, tip in (
            (Shown.ALL, self.tr("All"), self.tr("List all rows")),
            (Shown.WRONG, self.tr("Wrong"), self.tr("List only what is decided wrongly at the threshold")),
            (Shown.INFINITE, self.tr("Infinite"), self.tr("List only what costs an infinite loss")),
            (Shown.SELECTED, self.tr("Selected"), self.tr("List only the selected rows")),
        ):
            button = tool_button(text, tip, checkable=True)
            button.clicked.connect(lambda _on, chosen=shown: self._list(chosen))
            group.addButton(button)
            self._filters[shown] = button
            row.addWidget(button)
        row.addStretch(0)
        for text, tip, slot in (
            (self.tr("+ Row"), self.tr("Add a row (Ctrl+N)"), self.add_row),
            (self.tr("Duplicate"), self.tr("Duplicate the selected rows (Ctrl+D)"), self.duplicate_rows),
            (self.tr("Delete"), self.tr("Delete the selected rows (Delete)"), self.delete_rows),
        ):
            button = tool_button(text, tip)
            button.clicked.connect(slot)
            row.addWidget(button)
            self._commands.append(button)
        return row

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.setHorizontalHeader(PlainHeader(self.look, view))
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(view.verticalHeader().ResizeMode.Fixed)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        trigger = QAbstractItemView.EditTrigger
        view.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(True)
        view.setAccessibleName(self.tr("Labels and predictions"))
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.horizontalHeader().sectionClicked.connect(self._sort)
        view.selectionModel().selectionChanged.connect(self._take_selection)
        view.selectionModel().currentChanged.connect(self._take_selection)
        self.model.refused.connect(self.said)
        view.resized.connect(self._resize)

    # Drawing

    def refresh(self) -> None:
        session, numbers = self.session, self.session.results_of(self.session.view.model)
        self._delegate.largest_loss = numbers.largest_loss if numbers else 0.0
        self._delegate.model_shown = session.view.model
        scrolled = self.view.verticalScrollBar().value()
        column = self.view.currentIndex().column()
        marked_anew = False
        with QSignalBlocker(self.view.selectionModel()):
            moved = self.model.update()
            if moved or self._selection_of is not session.view:
                self._selection_of = session.view
                marked_anew = self._show_selection(max(0, column))
        self._make_room()
        self._resize()
        self._fit_height()
        if moved:
            self.view.executeDelayedItemsLayout()
            self.view.verticalScrollBar().setValue(scrolled)
        self._show_sorting()
        self._show_words()
        self._repaint_if_all_is_new(marked_anew=marked_anew)

    def _show_selection(self, column: int) -> bool:
        """Mark what is selected, of which Qt hears nothing; return whether any of it was not marked before."""
        view = self.session.view
        chosen, current = view.selected, view.current
        if view.shown is Shown.SELECTED and self.session.is_listing:
            chosen = chosen[:0]  # what they will list is on its way; to find them on the old lines would take long
        selection, model = QItemSelection(), self.model
        last = len(model.columns) - 1
        everything = [(0, model.rowCount() - 1)] if model.rowCount() else []
        for first, end in everything if model.lists_just(chosen) else _runs(model.lines(chosen)):
            selection.append(QItemSelectionRange(model.index(first, 0), model.index(end, last)))
        flag = QItemSelectionModel.SelectionFlag
        here = self.view.selectionModel()
        others = here.selection() != selection
        if others:
            here.select(selection, flag.ClearAndSelect)
        at = model.lines(np.array([] if current is None else [current], dtype=np.int64))
        if len(at) and self.view.currentIndex().row() != int(at[0]):
            index = model.index(int(at[0]), min(column, last))
            here.setCurrentIndex(index, flag.NoUpdate)
            self.view.scrollTo(index)
            return True
        return others

    def make_spare(self, spare: bool) -> None:
        """Take little room, or as much as before."""
        self.spare = spare
        for button in self._commands:
            button.setVisible(self.wide and not spare)
        self._count.make_room(spare)
        self._make_room()
        with QSignalBlocker(self.view):  # whose columns are fitted when the room has been shared
            self._whole.activate()  # at once, so that the room is there to be taken
        self.mark_stale()

    def _make_room(self) -> None:
        """Leave the line of the title to the rows where the window is low; what is counted stands below them then."""
        self._title.setVisible(self.roomy and not self.spare)
        if self.roomy == (self._top.indexOf(self._count) >= 0):
            return
        if self.roomy:
            self._top.addWidget(self._count, 1)
        else:
            self._bottom.addWidget(self._count, 1)

    def _resize(self) -> None:
        """Fit rows to the type, and columns to a sample of their text, when either may have changed."""
        worn, document = self.look.theme, self.session.document
        sizes = (
            worn.name,
            self.model.columns,
            document.title,
            document.categories,
            self.view.viewport().width(),
            self.model.rowCount() > 0,
            self.wide,
            self.spare,
            self.roomy,
            self.session.view.model,
            tuple(m.name for m in document.models),
        )
        if sizes == self._sizes:
            return
        self._sizes = sizes
        with QSignalBlocker(self.view.horizontalHeader()):  # of which the view would hear only after it is painted
            self._fit_columns()
        self.view.doItemsLayout()
        for button in self._commands:
            button.setVisible(self.wide and not self.spare)

    def _fit_columns(self) -> None:
        worn, document = self.look.theme, self.session.document
        self.view.verticalHeader().setDefaultSectionSize(worn.px(34 if self.roomy else 27))
        self.view.horizontalHeader().setFixedHeight(worn.px(32 if self.roomy else 25))
        header, columns = self.view.horizontalHeader(), self.model.columns
        fixed = {"category": 92, "label": 54, "decision": 60, "loss": 70, "gradient": 80}
        if one_answer(document):
            fixed |= self._category_widths(columns)
        least = worn.px(NAMES_OF_ROWS if one_answer(document) or self.spare else 104)
        if self.spare:
            if not one_answer(document):
                fixed |= {"label": 50, "decision": 58}
            fixed.pop("gradient")
            names = max(least, self._names_of_rows())
            room = self.view.viewport().width() - worn.px(84)
            if names + sum(worn.px(width) for key, width in fixed.items() if key in columns) > room:
                fixed.pop("loss")  # no decision follows from it
            room -= sum(worn.px(width) for key, width in fixed.items() if key in columns)
            least = max(least, min(names, room))
        widths = {c: worn.px(fixed[key]) for c, key in enumerate(columns) if key in fixed}
        chosen = f"score:{self.session.view.model}"
        for c, key in enumerate(columns):
            # A narrow window has room for the chosen model's scores beside what follows from them.
            other_score = key.startswith("score:") and key != chosen
            spared = self.spare and key in ("gradient", "loss") and key not in fixed
            hidden = spared or (other_score and (self.spare or not self.wide))
            self.view.setColumnHidden(c, hidden)
        scores = [c for c, key in enumerate(columns) if key.startswith("score:") and not self.view.isColumnHidden(c)]
        left = self.view.viewport().width() - sum(widths.values()) - worn.px(120)
        for c in scores:
            title = str(self.model.headerData(c, Qt.Orientation.Horizontal))
            wanted = self.view.fontMetrics().horizontalAdvance(title) + worn.px(8)
            widths[c] = max(worn.px(84), min(wanted, left // len(scores)))
        for c, width in widths.items():
            header.resizeSection(c, width)
        header.resizeSection(0, max(least, self.view.viewport().width() - sum(widths.values())))

    def _names_of_rows(self) -> int:
        """Return how wide the names of the rows are, as far as some tell, and they leave room for the rest."""
        worn, letters, lines = self.look.theme, QFontMetrics(self.look.theme.font(14)), self.model.rowCount()
        last = np.arange(max(0, lines - MOST_MEASURED), lines)
        names = self.model.names(np.concatenate([np.arange(min(lines, MOST_MEASURED)), last]))
        longest = max(map(letters.horizontalAdvance, names), default=0) + worn.px(13)  # edges of six, and the frame
        return min(longest, worn.px(LONGEST_NAMES))

    def _category_widths(self, columns: Sequence[str]) -> dict[str, int]:
        """Return how wide, before scaling, the columns of categories are: as their names, and as there is room."""
        worn, document = self.look.theme, self.session.document
        names, letters = document.categories[:MOST_MEASURED], QFontMetrics(worn.font(bold=True))
        share = " 0.00" if document.labels.blocks[0].values.ndim > 1 else ""
        longest = max(letters.horizontalAdvance(name[:20]) for name in names)
        beside = {"label": letters.horizontalAdvance(share), "decision": letters.horizontalAdvance("✗ ")}
        wanted = {key: (longest + more) / worn.scale + 14 for key, more in beside.items()}
        few = self.spare or not self.wide
        scores = min(1, len(document.models)) if few else sum(key.startswith("score:") for key in columns)
        of_loss, least = (0, 58) if self.spare else (150, 64)
        left = self.view.viewport().width() / worn.scale - NAMES_OF_ROWS - 84 * scores - of_loss
        return {key: max(least, int(min(130.0, width, left / 2))) for key, width in wanted.items()}

    def _fit_height(self) -> None:
        """Make the table no higher than its lines, so that what follows stands right below them."""
        header, bar = self.view.horizontalHeader().height(), self.view.horizontalScrollBar()
        lines = min(self.model.rowCount(), 10_000) * self.view.verticalHeader().defaultSectionSize()
        self.view.setMaximumHeight(header + lines + 2 + (bar.height() if bar.isVisible() else 0))

    def _show_sorting(self) -> None:
        view, header = self.session.view, self.view.horizontalHeader()
        shown = view.sorted_by in self.model.columns
        header.setSortIndicatorShown(shown)
        if shown and view.sorted_by:
            order = Qt.SortOrder.DescendingOrder if view.descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(self.model.columns.index(view.sorted_by), order)

    def _repaint_if_all_is_new(self, *, marked_anew: bool) -> None:
        """Paint every cell again if anything is new that all of them show; the model tells of single lines."""
        settings, view, delegate = self.session.document.settings, self.session.view, self._delegate
        looks = (view.model, view.category, view.sorted_by, view.descending)
        shown = (self.look.theme.name, settings, *looks, delegate.largest_loss, self.model.share)
        if marked_anew or shown != self._shown:
            self._shown = shown
            self.view.viewport().update()
            self.view.horizontalHeader().viewport().update()

    def _show_words(self) -> None:
        session, shown = self.session, self.session.view.shown
        self._filters[shown].setChecked(True)
        document = session.document
        counts, numbers = session.counts_looked_at(session.view.model), session.looked_at(session.view.model)
        words = [counted_rows(document.rows)]
        by_rows = one_answer(document)
        if session.is_listing:
            words.insert(0, self.tr("listing …"))
        if len(document.categories) > 1 and session.view.category is None and not by_rows:
            words.append(self.tr("{count} answers").format(count=count_text(document.elements)))
        if counts is not None and by_rows:
            words += answer_words(counts, document.rows, session.view.category, brief=not self.wide)
        elif counts is not None and numbers is not None:
            pooled = metrics.pooled(counts)
            wrong = pooled.total - pooled.correct
            words.append(self.tr("{count} wrong at T").format(count=count_text(wrong)))
            questions = document.elements if session.view.category is None else document.rows
            unknown = questions - numbers.known
            if unknown:
                words.append(self.tr("{count} without label or score").format(count=count_text(unknown)))
        self._count.setToolTip(" · ".join(words))
        self._count.setText(" · ".join(words) if self.roomy else words[-1])
        self._empty.setText(self._empty_words(shown))
        self._empty.setVisible(self.model.rowCount() == 0)

    def _empty_words(self, shown: Shown) -> str:
        if self.session.document.rows == 0:
            return self.tr("No rows yet. Press “+ Row” to add one, or paste cells from a spreadsheet.")
        return {
            Shown.WRONG: self.tr("Nothing is decided wrongly at this threshold."),
            Shown.INFINITE: self.tr("Nothing costs an infinite loss."),
            Shown.SELECTED: self.tr("Nothing is selected. Click a dot, or choose “All” and click rows."),
        }.get(shown, "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.mark_stale()

    # What the person does

    def _take_selection(self) -> None:
        selection = self.view.selectionModel().selection()
        ranges = [selection.at(i) for i in range(selection.count())]
        chosen = self.model.elements_of([(r.top(), r.bottom()) for r in ranges if r.bottom() < self.model.rowCount()])
        index = self.view.currentIndex()
        current = self.model.element(index.row()) if index.isValid() and index.row() < self.model.rowCount() else None
        if self.session.view.shown is Shown.SELECTED:
            self.session.look(current=current)  # the list must not shrink under the cursor
        else:
            self.session.look(selected=chosen, current=current)
            self._selection_of = self.session.view  # it is what the table shows already

    def _list(self, shown: Shown) -> None:
        self._ready()
        self.session.look(shown=shown)

    def _sort(self, column: int) -> None:
        view, key = self.session.view, self.model.columns[column]
        if view.sorted_by != key:
            self.session.look(sorted_by=key, descending=key in ("loss", "gradient"))
        elif view.descending == (key in ("loss", "gradient")):
            self.session.look(descending=not view.descending)
        else:
            self.session.look(sorted_by=None, descending=False)

    def _ready(self) -> None:
        """Take what is being typed, and catch up with the session, before a command acts on the table."""
        self.view.setFocus()
        self.refresh_now()

    def selected_rows(self) -> Rows:
        """Return the rows of the document that are selected and listed, ascending: no one acts on what is not seen."""
        lines = self.model.lines(self.session.view.selected)
        return np.unique(self.model.elements_on(lines) // len(self.session.document.categories))

    def add_row(self) -> None:
        """Add a row after the current one, and go to its name."""
        self._ready()
        session = self.session
        categories = len(session.document.categories)
        current = session.view.current
        at = session.document.rows if current is None else current // categories + 1
        session.edit(lambda document: with_new_rows(document, 1, at), self.tr("Add row"))
        session.look(selected=np.array([at * categories]), current=at * categories, shown=Shown.ALL)

    def duplicate_rows(self) -> None:
        """Copy the selected rows to after the last of them, and select the copies."""
        self._ready()
        rows = self.selected_rows()
        if not len(rows):
            self.said.emit(self.tr("Select the rows to duplicate."))
            return
        self.session.edit(lambda document: document.with_rows_duplicated(rows), self.tr("Duplicate rows"))
        categories = len(self.session.document.categories)
        first = (int(rows.max()) + 1) * categories
        copies = np.arange(first, first + len(rows) * categories, elements_a_line(self.session.document))
        self.session.look(selected=copies, current=first)

    def delete_rows(self) -> None:
        """Delete the selected rows."""
        self._ready()
        rows = self.selected_rows()
        if not len(rows):
            self.said.emit(self.tr("Select the rows to delete."))
            return
        self.session.edit(lambda document: document.without_rows(rows), self.tr("Delete rows"))
        self.session.look(selected=np.empty(0, dtype=np.int64), current=None)
        self.said.emit(self.tr("Deleted {rows}.").format(rows=counted_rows(len(rows))))

    def rename_row(self) -> None:
        """Edit the name of the current row."""
        self._ready()
        index = self.view.currentIndex()
        if index.isValid():
            self.view.setFocus()
            self.view.edit(self.model.index(index.row(), 0))

    def copy(self) -> None:
        """Put the selected lines on the clipboard, all columns, in full precision."""
        self._ready()
        lines = self.model.lines(self.session.view.selected)
        if not len(lines):
            self.said.emit(self.tr("Select the rows to copy."))
            return
        if len(lines) > MOST_COPIED:
            self.said.emit(self.tr("A clipboard cannot take more than a million rows. Select fewer."))
            return
        model = self.model
        columns = self._shown_columns(0)
        rows = ([model.raw_text(model.line(r), key) for key in columns] for r in lines.tolist())
        QGuiApplication.clipboard().setText(to_text(rows))
        self.said.emit(self.tr("Copied {rows}.").format(rows=counted_rows(len(lines))))

    def paste(self) -> None:
        """Put copied cells over the table from the current cell on, as one step to undo."""
        self._ready()
        text, document = QGuiApplication.clipboard().text(), self.session.document
        if not text.strip():
            self.said.emit(self.tr("There is nothing on the clipboard to paste."))
        elif not document.rows and not document.models:
            self.document_pasted.emit(text)
        elif (cells := cells_in(text)) > MOST_CELLS:
            self.session.failed.emit(DataError("paste_too_large"))
        else:
            self._paste(text, cells, document)

    def _paste(self, text: str, cells: int, document: Document) -> None:
        index = self.view.currentIndex()
        line, column = (index.row(), index.column()) if index.isValid() else (self.model.rowCount(), 0)
        columns, may_grow, category = self._shown_columns(column), self._lists_all(), self.session.view.category
        below = self.model.elements(line, min(line + cells, self.model.rowCount()) - 1)

        def put(block: Block) -> None:
            self.session.edit(lambda document: pasted(document, block, below, may_grow, category), self.tr("Paste"))
            if self.session.document is not document:
                self._tell_pasted(block)

        if cells > AT_ONCE:
            self.said.emit(self.tr("Pasting …"))
            self.session.prepare(partial(read_block, text, document, columns), put)
            return
        try:
            put(read_block(text, document, columns))
        except DataError as error:
            self.session.failed.emit(error)

    def _tell_pasted(self, block: Block) -> None:
        words = self.tr("Pasted {rows}.").format(rows=counted_rows(block.lines))
        if block.header:
            words += " " + self.tr("The first row held titles, and was left out.")
        self.said.emit(words)

    def select_all(self) -> None:
        """Select every line of the list."""
        self._ready()
        self.view.selectAll()

    def _shown_columns(self, first: int) -> list[str]:
        """Return the keys of the columns that are shown, from one on."""
        columns = self.model.columns
        return [columns[c] for c in range(first, len(columns)) if not self.view.isColumnHidden(c)]

    def _lists_all(self) -> bool:
        document = self.session.document
        everything = document.elements // elements_a_line(document)
        return self.model.rowCount() == everything and self.session.view.sorted_by is None


def _runs(lines: Rows) -> list[tuple[int, int]]:
    """Return the first and last of each run of neighbouring lines, of :data:`MOST_RUNS` at most."""
    if not len(lines):
        return []
    breaks = np.flatnonzero(np.diff(lines) > 1)
    if len(breaks) >= MOST_RUNS:
        lines = lines[: breaks[MOST_RUNS - 1] + 1]
        breaks = breaks[: MOST_RUNS - 1]
    firsts, lasts = lines[np.r_[0, breaks + 1]], lines[np.r_[breaks, len(lines) - 1]]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))
