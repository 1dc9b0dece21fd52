"""How often models decide alike, and which of two is right where they do not."""

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from xentviz.core.agreement import Agreement, Pair, elements_apart, elements_decided
from xentviz.core.columns import Rows
from xentviz.core.document import Change
from xentviz.core.looked_at import LookedAt
from xentviz.core.progress import Report, Stopped
from xentviz.core.told import several_answers
from xentviz.session.agreements import Agreements
from xentviz.session.session import Session
from xentviz.session.view import Shown
from xentviz.ui.numbers import UNDEFINED, count_text, share_text
from xentviz.ui.panels.agreement_words import (
    apart_text,
    explanation,
    figure,
    kinds,
    luck_text,
    not_independent,
    pair_tip,
    unlabelled_text,
)
from xentviz.ui.panels.matrix_words import short_share
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import SteadyLabel, label
from xentviz.ui.widgets.matrix_view import Cell, Matrix, MatrixView
from xentviz.ui.widgets.pair_line import PairLine
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.words import cut, second_model

LONGEST = 18
"""Letters of a model's name that fit beside a matrix."""

FEW = 4
"""Fewer models than these leave more room to the four counts."""

APART = "apart"
Chosen = Cell | str
Search = Callable[[LookedAt, Pair, Stopped, Report], Rows]


class AgreementPanel(Panel):
    """A matrix of all models, and four counts of two of them; a click on a count selects what it counts."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS)
    turns_later = 3

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self._agreements = session.part(Agreements)
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("What tells agreement"))
        self.choice.addItems([self.tr("% alike"), self.tr("Cohen’s κ")])
        self.choice.setToolTip(self.tr("The share decided alike, or how far that is beyond chance"))
        self.choice.activated.connect(self._choose)
        self.title = PanelTitle(self.tr("Agreement"), explanation(), self.choice)
        self.models, self.four, self.pair = MatrixView(look), MatrixView(look), PairLine(look)
        self.models.setAccessibleName(self.tr("How often models decide alike"))
        self.models.picked.connect(self._choose_pair)
        self.four.picked.connect(self._pick)
        self.apart = tool_button("", self.tr("Click: list them in the table"))
        self.apart.clicked.connect(self._pick_apart)
        self.luck, self.note = SteadyLabel("small"), SteadyLabel("small")
        self._empty = label(size="small")
        for words in (self.luck, self.note, self._empty):
            words.setWordWrap(True)
        self._empty.setText(second_model())
        self._picked: tuple[Pair, Chosen, Rows] | None = None
        self._lay_out()
        self._agreements.changed.connect(self.mark_stale_in_turn)

    def _lay_out(self) -> None:
        self._detail = QWidget()
        detail = QVBoxLayout(self._detail)
        detail.setContentsMargins(0, 0, 0, 0)
        detail.setSpacing(4)
        apart = QHBoxLayout()
        apart.addWidget(self.apart)
        apart.addStretch(1)
        detail.addWidget(self.pair)
        detail.addWidget(self.four, 1)
        detail.addLayout(apart)
        detail.addWidget(self.luck)
        detail.addWidget(self.note)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(18)
        self._sides.addWidget(self.models, 2)
        self._sides.addWidget(self._detail, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self._empty)
        layout.addLayout(self._sides, 1)
        layout.addStretch(0)

    # Drawing

    def refresh(self) -> None:
        session = self.session
        rival = session.rival
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(int(session.view.comparing.beyond_chance))
        for widget in (self.models, self._detail, self.choice):
            widget.setVisible(rival is not None)
        self._empty.setVisible(rival is None)
        if rival is None:
            self._say("", "")
            return
        two_lines = 2 * self.luck.fontMetrics().lineSpacing()
        if self.luck.minimumHeight() != two_lines:
            self.luck.setMinimumHeight(two_lines)
        self._sides.setStretch(0, 2 if len(session.document.models) < FEW else 3)
        pair = (session.reference, rival)
        self._show_models(pair)
        self._show_pair(pair)

    def _show_models(self, pair: Pair) -> None:
        session, worn = self.session, self.look.theme
        models, kappa = session.document.models, session.view.comparing.beyond_chance
        names = [model.name for model in models]
        count = len(models)
        found = [[None if a == b else self._agreements.of(a, b) for b in range(count)] for a in range(count)]
        if any(found[a][b] is None for a in range(count) for b in range(a)):
            return  # the picture from before stands until they have been counted
        values = np.array([[_value(of, kappa=kappa) for of in row] for row in found])
        known = np.nan_to_num(values)
        short = [cut(name, LONGEST) for name in names]
        widest = figure(float(known.min(initial=0.55)), kappa=True) if kappa else short_share(0.555)
        self.models.show_matrix(
            Matrix(
                rows=short,
                columns=short,
                values=np.pad(values, (0, 1)),
                shades=np.clip(known, 0.0, 1.0) ** 2,
                hits=np.zeros(values.shape, dtype=bool),
                kinds=(),
                widest=widest,
                widest_total="",
                text=partial(figure, kappa=True) if kappa else _percent,
                tip=lambda row, column: pair_tip(names[row], names[column], found[row][column]),
                palette=(worn.accent,),
                tones=np.zeros(values.shape, dtype=np.int64),
                dots=[worn.model(m) for m in range(count)],
                margins=False,
            ),
            pair,
        )

    def _show_pair(self, pair: Pair) -> None:
        worn, found = self.look.theme, self._agreements.of(*pair)
        names = [self.session.document.models[model].name for model in pair]
        first, second = (worn.model(model) for model in pair)
        self.pair.show_pair((names[0], first), self.tr("and"), (names[1], second))
        if found is None:
            return
        kappa = self.session.view.comparing.beyond_chance
        text = figure(found.kappa if kappa else found.share, kappa=kappa)
        self._say(
            self.tr("κ {value}").format(value=text) if kappa else self.tr("{value} alike").format(value=text), text
        )
        self.title.number.setToolTip(pair_tip(cut(names[0]), cut(names[1]), found))
        self._show_four(pair, names, found)
        if self.apart.text() != apart_text(found):
            self.apart.setText(apart_text(found))
        self.luck.setText(luck_text(cut(names[0]), cut(names[1]), found))
        several = several_answers(self.session.document, self.session.view.category)
        self.luck.setToolTip(not_independent() if several else "")
        self.note.setText(unlabelled_text(found))
        self.note.setVisible(bool(unlabelled_text(found)))

    def _show_four(self, pair: Pair, names: list[str], found: Agreement) -> None:
        worn = self.look.theme
        inner = np.array([[found.both_right, found.only_first], [found.only_second, found.both_wrong]], dtype=float)
        heads = [self.tr("right"), self.tr("wrong")]
        words = [long for long, _ in kinds()]

        def tip(row: int, column: int) -> str:
            of = share_text(float(inner[row, column]) / found.labelled) if found.labelled else "—"
            lines = [f"{words[row * 2 + column]}: {count_text(int(inner[row, column]))} ({of})"]
            return "\n".join([*lines, self.tr("Click: list them in the table.")])

        self.four.setAccessibleName(self.tr("Which of {one} and {other} is right").format(one=names[0], other=names[1]))
        self.four.show_matrix(
            Matrix(
                rows=heads,
                columns=heads,
                values=np.pad(inner, (0, 1)),
                shades=np.sqrt(inner / max(1, found.labelled)),
                hits=np.array([[True, False], [False, False]]),
                kinds=kinds(),
                widest=count_text(found.labelled),
                widest_total="",
                text=lambda value: count_text(round(value)),
                tip=tip,
                palette=(worn.muted, worn.model(pair[0]), worn.model(pair[1]), worn.label_0),
                tones=np.array([[0, 1], [2, 3]]),
                dots=[worn.model(pair[0])] * 2,
                column_dots=[worn.model(pair[1])] * 2,
                margins=False,
            ),
            self._picked_of(pair),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < self.look.theme.px(440)
        self._sides.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def _say(self, text: str, shorter: str) -> None:
        if self.title.number.text() != text:
            self.title.number.setText(text)
        self.title.number.shorter = shorter

    # The hand

    def _choose(self, place: int) -> None:
        self.session.compare(beyond_chance=place == 1)

    def _choose_pair(self, cell: Cell) -> None:
        reference, rival = cell
        if reference != rival:
            self.session.compare(reference=self.session.document.models[reference].name)
            self.session.look(model=rival)

    def _picked_of(self, pair: Pair) -> Cell | None:
        """Return the cell of this pair whose elements are those selected."""
        picked = self._picked
        if picked is None or picked[0] != pair or picked[2] is not self.session.view.selected:
            return None
        return None if isinstance(picked[1], str) else picked[1]

    def _pick(self, cell: Cell) -> None:
        first, second = (side == 0 for side in cell)
        self._find(
            cell, lambda looked, pair, stopped, report: elements_decided(looked, pair, first, second, stopped, report)
        )

    def _pick_apart(self) -> None:
        self._find(APART, elements_apart)

    def _find(self, chosen: Chosen, search: Search) -> None:
        session = self.session
        if session.rival is None:
            return
        pair, looked = (session.reference, session.rival), LookedAt(session.document, session.view.category)
        session.find(lambda stopped, report: search(looked, pair, stopped, report), partial(self._select, pair, chosen))

    def _select(self, pair: Pair, chosen: Chosen, elements: Rows) -> None:
        self._picked = (pair, chosen, elements)
        current = int(elements[0]) if len(elements) else None
        self.session.look(selected=elements, current=current, shown=Shown.SELECTED)


def _percent(share: float) -> str:
    return UNDEFINED if np.isnan(share) else short_share(share)


def _value(found: Agreement | None, *, kappa: bool) -> float:
    """Return what stands in a cell, nan where it is not defined or of a model with itself."""
    value = None if found is None else found.kappa if kappa else found.share
    return np.nan if value is None else value
