"""Where two models decide differently: the confusion matrix of one less that of the other."""

from functools import partial

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from xentviz.core.agreement import elements_in_one
from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.confusion import NONE, with_totals
from xentviz.core.document import Change
from xentviz.core.looked_at import LookedAt
from xentviz.core.outcomes import quotients, told_of
from xentviz.core.progress import Report, Stopped
from xentviz.session.deciding import Cells
from xentviz.session.session import Session
from xentviz.session.view import Shown
from xentviz.ui.numbers import count_text
from xentviz.ui.panels.difference_words import (
    cell_tip,
    counted,
    explanation,
    kinds,
    net,
    points,
    signed,
)
from xentviz.ui.panels.matrix_words import heads, shown_values
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import label, plain_tip
from xentviz.ui.widgets.matrix_view import Cell, Matrix, MatrixView
from xentviz.ui.widgets.pair_line import PairLine
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.words import as_if, cut, second_model

Pair = tuple[int, int]


class DifferenceMatrixPanel(Panel):
    """The matrix of the rival less that of the reference; a click selects the rows that only one puts in a cell."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS)
    turns_later = 3

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.cells = QComboBox()
        self.cells.setAccessibleName(self.tr("What the cells hold"))
        self.cells.addItems([self.tr("counts"), self.tr("points of row")])
        self.cells.setToolTip(self.tr("Numbers of rows, or percentage points of those with this truth"))
        self.cells.activated.connect(self._choose)
        self.title = PanelTitle(self.tr("Difference matrix"), explanation(), self.cells)
        self.pair, self.view = PairLine(look), MatrixView(look)
        self.note, self._empty = label(size="small"), label(size="small")
        self.note.setWordWrap(True)
        self._empty.setWordWrap(True)
        self._empty.setText(second_model())
        self._picked: tuple[Pair, Cell, Rows] | None = None
        self.view.picked.connect(self._pick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        for widget in (self.title, self.pair, self.note, self._empty):
            layout.addWidget(widget)
        layout.addWidget(self.view, 1)
        layout.addStretch(0)
        session.decisions.changed.connect(self.mark_stale_in_turn)

    # Drawing

    def refresh(self) -> None:
        session = self.session
        rival = session.rival
        with QSignalBlocker(self.cells):
            self.cells.setCurrentIndex(int(session.view.comparing.in_shares))
        for widget in (self.pair, self.view, self.cells):
            widget.setVisible(rival is not None)
        self._empty.setVisible(rival is None)
        if rival is None:
            self._say("", "")
            self.note.hide()
            return
        self._show_pair((session.reference, rival))

    def _show_pair(self, pair: Pair) -> None:
        session, worn = self.session, self.look.theme
        names = [session.document.models[model].name for model in pair]
        colours = [worn.model(model) for model in pair]
        self.pair.show_pair((names[1], colours[1]), "−", (names[0], colours[0]))
        self.view.setAccessibleName(self.tr("Confusion matrix of {one} less that of {other}").format(
            one=names[1], other=names[0]))  # fmt: skip
        one, other = (session.decisions.matrix(model, soft=False) for model in pair)
        if one is None or other is None or one.shape != other.shape:
            return  # the picture from before stands until they have come
        if session.of_rows and not (one[:, -1].any() or other[:, -1].any()):
            one, other = one[:, :-1], other[:, :-1]
        matrix = self._drawn(pair, one, other)
        self.view.show_matrix(matrix, self._picked_of(pair))
        right = float(np.where(matrix.hits, other - one, 0).sum())
        self._say(net(cut(names[1]), right), net(names[1], right))
        self.title.number.shorter = self.tr("{count} right").format(count=signed(right, counted)) if right else ""
        self._show_note(names, float(one.sum()), float(other.sum()))

    def _drawn(self, pair: Pair, one: Floats, other: Floats) -> Matrix:
        session, worn = self.session, self.look.theme
        shares, of_many = session.view.comparing.in_shares, session.of_rows
        rows, columns = heads(session.document, session.view.category, one.shape[1] > one.shape[0])
        values = with_totals(other) - with_totals(one)
        if shares:
            values = shown_values(other, Cells.ROWS) - shown_values(one, Cells.ROWS)
        inner, hits = values[:-1, :-1], np.eye(*one.shape) > 0
        most = np.maximum(one.sum(axis=1, keepdims=True), other.sum(axis=1, keepdims=True))
        parts = np.abs(np.nan_to_num(inner if shares else quotients(inner, most)))
        write = partial(signed, write=points if shares else counted)
        known = np.nan_to_num(values)
        widest = max((write(float(value)) for value in (known.min(), known.max())), key=len)
        models = (session.document.models[pair[0]].name, session.document.models[pair[1]].name)
        return Matrix(
            rows=rows,
            columns=columns,
            values=values,
            shades=np.sqrt(np.minimum(parts, 1.0)),  # so that a few rows of many are seen
            hits=hits,
            kinds=() if of_many else kinds(inner),
            widest=widest,
            widest_total=widest,
            text=write,
            tip=lambda row, column: cell_tip((one, other), models, (rows, columns), (row, column)),
            palette=tuple(worn.model(model) for model in pair),
            tones=((inner > 0) == hits).astype(np.int64),
        )

    def _say(self, text: str, tip: str) -> None:
        if self.title.number.text() != text:
            self.title.number.setText(text)
            self.title.number.setToolTip(plain_tip(tip))

    def _show_note(self, names: list[str], one: float, other: float) -> None:
        """Say of what world the numbers are, or that the models are told of different rows."""
        text, supposed = "", self.session.supposed
        if supposed is not None:
            whole = count_text(round(told_of(supposed)))
            text = self.tr("{as_if}, of {count}").format(as_if=as_if(supposed), count=whole)
        elif one != other:
            words = self.tr("{one} has scores for {first} labelled, {other} for {second}: shares compare them fairly.")
            first, second = count_text(round(one)), count_text(round(other))
            text = words.format(one=cut(names[0]), first=first, other=cut(names[1]), second=second)
        if self.note.text() != text or self.note.isHidden() == bool(text):
            self.note.setText(text)
            self.note.setVisible(bool(text))

    # The hand

    def _choose(self, place: int) -> None:
        self.session.compare(in_shares=place == 1)

    def _picked_of(self, pair: Pair) -> Cell | None:
        """Return the cell of this pair whose elements are those selected."""
        picked = self._picked
        if picked is None or picked[0] != pair or picked[2] is not self.session.view.selected:
            return None
        return picked[1]

    def _pick(self, cell: Cell) -> None:
        session, (row, column) = self.session, cell
        if session.rival is None:
            return
        pair, looked = (session.reference, session.rival), LookedAt(session.document, session.view.category)
        if looked.yes_or_no:
            truth, decided = 1 - row, 1 - column
        else:
            truth, decided = row, column if column < looked.outcomes else NONE

        def search(stopped: Stopped, report: Report) -> Rows:
            return elements_in_one(looked, pair, truth, decided, stopped, report)

        session.find(search, partial(self._select, pair, cell))

    def _select(self, pair: Pair, cell: Cell, elements: Rows) -> None:
        self._picked = (pair, cell, elements)
        current = int(elements[0]) if len(elements) else None
        self.session.look(selected=elements, current=current, shown=Shown.SELECTED)
