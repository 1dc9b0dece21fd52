"""Who is taken for whom: the confusion matrix of every model, side by side."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from xentviz.core import outcomes
from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.confusion import NONE, decided
from xentviz.core.counts import Counts
from xentviz.core.document import Change
from xentviz.core.outcomes import Outcomes, quotients, told_of
from xentviz.core.passes import answers_in, elements_in
from xentviz.core.progress import Report, Stopped
from xentviz.session.deciding import Cells
from xentviz.session.session import Session
from xentviz.session.view import Shown
from xentviz.ui.numbers import count_text, share_text
from xentviz.ui.panels.card_words import no_model_words
from xentviz.ui.panels.matrix_words import (
    cell_tip,
    choices,
    explanation,
    heads,
    kinds,
    shown_values,
    writer,
)
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.dot import Dot
from xentviz.ui.widgets.labels import label, plain_tip, set_tone
from xentviz.ui.widgets.matrix_view import Cell, Matrix, MatrixView
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.words import as_if

MOST_OF_A_NAME = 100
"""Letters that are measured."""
NAMED = 2
"""Beside one another, so many matrices of yes and no have the names of their rows each; of more only the first."""


class ConfusionPanel(Panel):
    """A matrix a model; a click on a cell selects what it counts, and lists it."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS)
    turns_later = 2

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.cells = QComboBox()
        self.cells.setAccessibleName(self.tr("What the cells hold"))
        for place, (cells, text, tip) in enumerate(choices()):
            self.cells.addItem(text, cells)
            self.cells.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        self.cells.setToolTip(self.tr("What the cells hold"))
        self.cells.activated.connect(self._choose)
        self.title = PanelTitle(self.tr("Confusion matrix"), explanation(), self.cells)
        self.models: list[_OfModel] = []
        self._widest = ("", "")
        self._picked: tuple[int, Cell, Rows] | None = None
        self._empty, self.world = label(size="small"), label(size="small")
        self._empty.setWordWrap(True)
        inside = QWidget()
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._empty)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setWidget(inside)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self.world)
        layout.addWidget(self._scroll, 1)
        session.decisions.changed.connect(self.mark_stale_in_turn)

    # Drawing

    def refresh(self) -> None:
        session, px = self.session, self.look.theme.px
        document, cells = session.document, session.view.deciding.cells
        with QSignalBlocker(self.cells):
            self.cells.setCurrentIndex([one for one, *_ in choices()].index(cells))
        apart = px(18 if len(document.models) <= NAMED else 10)
        if self._row.spacing() != apart:  # setting it lays out anew
            self._row.setSpacing(apart)
        self._hold(len(document.models))
        self._empty.setVisible(not document.models)
        if not document.models:
            self._empty.setText(no_model_words(document))
        found = [session.decisions.matrix(m) for m in range(len(document.models))]
        undecided = any(matrix is not None and _undecided(matrix) for matrix in found)
        self._widest = self._measure([matrix for matrix in found if matrix is not None])
        for m, (matrix, of_model) in enumerate(zip(found, self.models, strict=True)):
            of_model.show_name(document.models[m].name, self.look, m, chosen=m == session.view.model)
            if matrix is not None:
                of_model.view.show_matrix(self._drawn(matrix, undecided, named=m == 0), self._picked_in(m))
        self._show_number()

    def _hold(self, count: int) -> None:
        while len(self.models) > count:
            gone = self.models.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.models) < count:
            of_model = _OfModel(self.look)
            of_model.view.picked.connect(partial(self._pick, len(self.models)))
            before = self.models[-1].view if self.models else self.title.asking
            self.models.append(of_model)
            self._row.addWidget(of_model, 1)
            self.setTabOrder(before, of_model.view)

    def _measure(self, matrices: Sequence[Floats]) -> tuple[str, str]:
        """Return the widest number of a cell and of a total, so that all models' are written in one size."""
        cells, whole = self.session.view.deciding.cells, self.session.supposed is None
        if cells not in (Cells.COUNTS, Cells.SOFT):
            short = self.session.of_rows
            return ("<0.1", "100") if short else (share_text(0.999), share_text(1.0))
        write = writer(cells, cells is Cells.COUNTS and whole)
        defined = [np.nan_to_num(matrix) for matrix in matrices]
        largest = [float(matrix.max(initial=0.0)) for matrix in defined]
        totals = [float(matrix.sum()) for matrix in defined]
        return write(max(largest, default=0.0)), write(max(totals, default=0.0))

    def _drawn(self, matrix: Floats, undecided: bool, *, named: bool) -> Matrix:
        """Return what is shown of a model, with names of rows or without: of many, those of the first serve all."""
        session = self.session
        document, category, cells = session.document, session.view.category, session.view.deciding.cells
        of_many = session.of_rows
        if of_many and not undecided:
            matrix = matrix[:, : len(document.categories)]
        rows, columns = heads(document, category, matrix.shape[1] > matrix.shape[0])
        supposed, values = session.supposed, shown_values(matrix, cells)
        write = writer(cells, cells is Cells.COUNTS and supposed is None, short=of_many)
        shares = np.nan_to_num(quotients(matrix, matrix.sum(axis=1, keepdims=True)))
        bare = not named and not of_many and len(self.models) > NAMED
        return Matrix(
            rows=[""] * len(rows) if bare else rows,
            columns=columns,
            values=values,
            shades=np.sqrt(shares) if of_many else shares,  # so that a few errors of many rows are seen
            hits=np.eye(*matrix.shape) > 0,
            kinds=() if of_many else kinds(),
            widest=self._widest[0],
            widest_total=self._widest[1],
            text=write,
            tip=lambda row, column: cell_tip(matrix, rows, columns, cells, supposed, (row, column)),
        )

    def _show_number(self) -> None:
        """Say how much the chosen model gets right, and of how many of what world."""
        session = self.session
        counts, supposed = session.counts_looked_at(session.view.model), session.supposed
        if counts is None or not session.document.models:
            share = text = ""
        else:
            share = share_text(self._right(counts))
            text = self.tr("{share} right").format(share=share)
        if self.title.number.text() != text:
            self.title.number.setText(text)
            self.title.number.setToolTip(self.tr("Decided rightly by the chosen model: accuracy"))
        self.title.number.shorter = share
        world = ""
        if supposed is not None:
            whole = count_text(round(told_of(supposed)))
            world = self.tr("{as_if}, of {count}").format(as_if=as_if(supposed), count=whole)
        if self.world.text() != world or self.world.isHidden() == bool(world):
            self.world.setText(world)
            self.world.setVisible(bool(world))

    def _right(self, counts: Sequence[Counts]) -> float | None:
        """Return the share that is decided rightly, None where it is not defined."""
        if self.session.of_rows:
            return decided(counts).accuracy
        found = Outcomes.of_each(counts).pooled()
        right = float(outcomes.accuracy(found.at_prevalence(self.session.supposed)))
        return None if np.isnan(right) else right

    # The hand

    def _choose(self, place: int) -> None:
        self.session.decide(cells=Cells(self.cells.itemData(place)))  # Qt hands back a mere string

    def _picked_in(self, model: int) -> Cell | None:
        """Return the cell of a model whose elements are those selected."""
        picked = self._picked
        if picked is None or picked[0] != model or picked[2] is not self.session.view.selected:
            return None
        return picked[1]

    def _pick(self, model: int, cell: Cell) -> None:
        document, category = self.session.document, self.session.view.category
        row, column = cell
        of_many = self.session.of_rows

        def search(stopped: Stopped, report: Report) -> Rows:
            if not of_many:
                return elements_in(document, model, category, row == 0, column == 0, stopped, report)
            said = column if column < len(document.categories) else NONE
            return answers_in(document, model, row, said, stopped, report)

        self.session.find(search, partial(self._select, model, cell))

    def _select(self, model: int, cell: Cell, elements: Rows) -> None:
        self._picked = (model, cell, elements)
        current = int(elements[0]) if len(elements) else None
        self.session.look(selected=elements, current=current, model=model, shown=Shown.SELECTED)


class _OfModel(QWidget):
    """A model's name above its matrix."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._dot, self._name = Dot(), label()
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.full_name = ""
        self.view = MatrixView(look)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self._dot)
        top.addWidget(self._name, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)

    def show_name(self, name: str, look: Look, model: int, *, chosen: bool) -> None:
        """Show which model it is, and whether it is the chosen one."""
        self._dot.set_colour(look.theme.model(model), look.theme.px(10))
        if self.full_name != name:
            self.full_name = name
            self._name.setToolTip(plain_tip(name))
            self.view.setAccessibleName(self.tr("Confusion matrix of {model}").format(model=name))
        set_tone(self._name, "bold", chosen)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        name, letters = self.full_name, self._name.fontMetrics()
        short = letters.elidedText(name[:MOST_OF_A_NAME], Qt.TextElideMode.ElideRight, self._name.width())
        if self._name.text() != short:
            self._name.setText(short)


def _undecided(matrix: Floats) -> bool:
    return matrix.shape[1] > matrix.shape[0] and bool(matrix[:, -1].any())
