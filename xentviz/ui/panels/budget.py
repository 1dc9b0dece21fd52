"""The loss budget: which share of the whole loss the worst rows carry, of each model."""

import math
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xentviz.core.distributions import Measure, Worst, worst_elements
from xentviz.core.document import Change
from xentviz.core.loss_budget import LossBudget
from xentviz.session.budgets import Budgets
from xentviz.session.listing import same
from xentviz.session.session import Session
from xentviz.session.view import Shown
from xentviz.ui.numbers import share_text
from xentviz.ui.panels import budget_words as words
from xentviz.ui.panels.operating_panel import LINES
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import HIGH, SteadyLabel, label, set_tone
from xentviz.ui.widgets.operating_picture import Handle, Moving, Standing, Trace
from xentviz.ui.widgets.operating_plot import OperatingPlot
from xentviz.ui.widgets.page_or_reason import PageOrReason
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.scaled_axis import Scale
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.words import cut, nothing_known

BEGINNING = 0.01
"""The share of the rows that is looked at first."""

FEW_ROWS = 1000
"""Of so many rows each can be reached by the hand; of more, shares of three digits."""

EQUAL = -2
"""The key of the line of equal shares."""

LONGEST_NAME = 14

LONGEST_SHARE = 0.777
"""A share that takes as much room as any."""


class BudgetPanel(Panel):
    """Title, a sentence, and a curve a model with a line that tells how many rows are looked at.

    Signals
    -------
    said(str)
        Which rows have been listed.
    """

    shows = Change.TASK | Change.CATEGORIES | Change.LABELS | Change.MODELS
    turns_later = 5

    said = Signal(str)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.budgets = session.part(Budgets)
        self.share = BEGINNING
        self.log = tool_button(
            self.tr("log"), self.tr("Shares of the rows on a logarithmic axis, to read the very worst"), checkable=True
        )
        self.sentence, self.note = SteadyLabel(), label(size="small")
        self.listing = tool_button("", self.tr("Select these rows, and list them in the table, the worst first"))
        self.title = PanelTitle(self.tr("Loss budget"), words.explanation(), self.listing, self.log)
        self.without = tool_button(
            self.tr("Leave out ∞"), self.tr("Without the rows of infinite loss a share is defined"), checkable=True
        )
        self.plot = OperatingPlot(self)
        self._models: list[int] = []
        self._drawn_of: tuple[object, ...] = ()
        self._pointer: QPointF | None = None
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.plot.setAccessibleName(self.title.text)
        self.sentence.setProperty("bold", True)
        for text in (self.sentence, self.note):
            text.setWordWrap(True)
        self._stack = PageOrReason(self.plot)
        self.empty = self._stack.words
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 6)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        set_tone(self.without, "compact", True)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.note, 1)
        row.addWidget(self.without, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.sentence)
        layout.addLayout(row)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.budgets.changed.connect(self.mark_stale_in_turn)
        for button in (self.log, self.without):
            button.toggled.connect(self.mark_stale)
        self.listing.clicked.connect(self._list)
        self.plot.dragged.connect(self._drag)
        self.plot.clicked.connect(self._go_to)
        self.plot.pointed.connect(self._point)
        self.plot.stepped.connect(self._step)

    # What is shown

    def refresh(self) -> None:
        self.plot.wear(self.look.theme)
        spreads = [self.budgets.spread(m) for m in range(len(self.session.document.models))]
        budgets = [None if spread is None else spread.budget for spread in spreads]
        reason = self._reason(budgets)
        _set_shown(self.without, any(budget and budget.infinite_rows for budget in budgets))
        _set_shown(self.listing, not reason)
        _set_shown(self.sentence, not reason)
        note = words.left_out(self._unit, self._infinite(budgets), without=self.without.isChecked())
        _write(self.note, "" if reason else note)
        if reason:
            self._models, self._drawn_of = [], ()
            self._show_number("", "")
        else:
            self._draw(budgets)
        self._stack.show_reason(reason)

    def _reason(self, budgets: list[LossBudget | None]) -> str:
        """Return why there is nothing to draw, and what to do; empty if there is."""
        if not budgets:
            return words.no_model()
        chosen = budgets[self.session.view.model]
        if chosen is None:
            return words.counting()
        name = cut(self.session.document.models[self.session.view.model].name)
        if chosen.infinite_rows and not self.without.isChecked():
            return words.infinite(self._unit, name, chosen.infinite_rows)
        if not chosen.rows:
            return nothing_known() if not chosen.infinite_rows else words.all_infinite(name)
        return words.no_loss(name) if chosen.rows_share is None else ""

    def _infinite(self, budgets: list[LossBudget | None]) -> list[tuple[str, int]]:
        """Return the models that have infinite losses, and how many."""
        pairs = zip(self.session.document.models, budgets, strict=True)
        return [(cut(model.name), budget.infinite_rows) for model, budget in pairs if budget and budget.infinite_rows]

    @property
    def _unit(self) -> words.Unit:
        return words.unit(self.session.document, self.session.view.category)

    def _draw(self, budgets: list[LossBudget | None]) -> None:
        chosen, names = self.session.view.model, tuple(model.name for model in self.session.document.models)
        choices = (chosen, self._unit, self.log.isChecked(), self.without.isChecked())
        subjects = (self.look.theme, names, *choices, *budgets)
        if not same(subjects, self._drawn_of):
            self._drawn_of = subjects
            drawn = {m: b for m, b in enumerate(budgets) if b is not None and self._is_drawn(b)}
            self._models = list(drawn)
            self.plot.stand(self._standing(drawn))
        of_chosen = budgets[chosen]
        assert of_chosen is not None, "there is a reason otherwise"
        self._show_sentence(of_chosen)
        self.plot.move_to(self._moving([b for b in (budgets[m] for m in self._models) if b is not None], of_chosen))
        self._describe()

    def _is_drawn(self, budget: LossBudget) -> bool:
        return budget.rows_share is not None and (self.without.isChecked() or not budget.infinite_rows)

    def _standing(self, budgets: dict[int, LossBudget]) -> Standing:
        session, log = self.session, self.log.isChecked()
        least = 1 / max(budget.rows for budget in budgets.values())
        traces = [self._trace(m, budget) for m, budget in budgets.items()]
        equal = np.geomspace(least, 1, 200) if log else np.array([0.0, 1.0])
        x = self._scale.place(equal)
        colour = self.look.theme.muted
        dots = Qt.PenStyle.DotLine
        even = Trace(EQUAL, words.equal(), colour, dots, x, equal, x, equal, strong=False, faint=True, pointable=False)
        return Standing(
            x_range=(min(math.log10(least), -0.3), 0.0) if log else (0.0, 1.0),
            y_range=(0.0, 1.0),
            x_title=words.axis(self._unit),
            y_title=self.tr("share of the loss"),
            traces=(*traces, even) if session.document.models else (),
            x_scale=self._scale,
            endings=True,
        )

    @property
    def _scale(self) -> Scale:
        return Scale.LOG if self.log.isChecked() else Scale.EVEN

    def _trace(self, model: int, budget: LossBudget) -> Trace:
        assert budget.rows_share is not None, "only what has a curve is drawn"
        assert budget.loss_share is not None, "it has both"
        shares, y = budget.rows_share, budget.loss_share
        if self.log.isChecked():  # from the worst row on
            shares, y = shares.copy(), y.copy()
            shares[0], y[0] = 1 / budget.rows, budget.worst(1 / budget.rows)
        x = self._scale.place(shares)
        name, worn = cut(self.session.document.models[model].name, LONGEST_NAME), self.look.theme
        strong = model == self.session.view.model
        return Trace(model, name, worn.model(model), LINES[model % len(LINES)], x, y, x, y, strong)

    def _moving(self, budgets: list[LossBudget], chosen: LossBudget) -> Moving:
        handles, values = [], []
        for model, budget in zip(self._models, budgets, strict=True):
            carried = budget.worst(self.share)
            assert carried is not None, "only what has a curve is drawn"
            place = self._place(budget.count(self.share) / budget.rows)
            strong = model == self.session.view.model
            handles.append(Handle(model, place, carried, self.look.theme.model(model), strong))
            values.append(share_text(carried))
        rows = chosen.count(self.share) / chosen.rows
        return Moving(tuple(handles), self._place(rows), values=(*values, share_text(rows)))

    def _place(self, share: float) -> float:
        return float(self._scale.place(share))

    def _show_sentence(self, budget: LossBudget) -> None:
        rows, carried = budget.count(self.share), budget.worst(self.share)
        self._keep_room(budget.rows)
        self.sentence.setText(words.sentence(self._unit, self.share, rows, budget.rows, carried or 0.0))
        text = words.listing(self._unit, rows)
        if self.listing.text() != text:
            self.listing.setText(text)
        self.listing.setEnabled(self.budgets.spreads.is_current)
        name = cut(self.session.document.models[self.session.view.model].name)
        self._show_number(f"{name} {share_text(carried)}", share_text(carried))
        self.plot.setAccessibleDescription(self.sentence.text())

    def _keep_room(self, rows: int) -> None:
        """Keep as many lines as any sentence takes, so that the plot stands still while the hand is on it."""
        longest = words.sentence(self._unit, LONGEST_SHARE, max(1, rows - 1), rows, LONGEST_SHARE)
        lines = QRect(0, 0, self.sentence.width(), HIGH)
        height = self.sentence.fontMetrics().boundingRect(lines, Qt.TextFlag.TextWordWrap, longest).height()
        if self.sentence.minimumHeight() != height:
            self.sentence.setMinimumHeight(height)

    def _show_number(self, text: str, shorter: str) -> None:
        self.title.number.shorter = shorter
        self.title.number.setText(text)

    def _describe(self) -> None:
        """Write the read-out of the point that the pointer is nearest to."""
        found = None if self._pointer is None else self.plot.canvas.trace_near(self._pointer)
        point = None if found is None or self._pointer is None else self.plot.canvas.nearest_point(found, self._pointer)
        standing, _ = self.plot.shown
        if found is None or point is None or standing is None:
            self.plot.describe_nothing()
            return
        trace = standing.traces[found]
        x, y = float(trace.x[point]), float(trace.y[point])
        self.plot.describe(x, y, trace.colour, words.point(self._unit, trace.name, self._scale.share(x), y))

    # The hand

    def _budget(self) -> LossBudget | None:
        """Return the chosen model's budget, if it is drawn."""
        model = self.session.view.model
        spread = self.budgets.spread(model) if model in self._models else None
        return None if spread is None else spread.budget

    def _drag(self, _key: int, pixel: QPointF) -> None:
        self._go_to(pixel)

    def _go_to(self, pixel: QPointF) -> None:
        budget = self._budget()
        if budget is not None:
            share = self._scale.share(self.plot.canvas.place(pixel)[0])
            self._look_at(round(share * budget.rows), budget.rows)

    def _step(self, key: Qt.Key, steps: int, _held: bool) -> None:
        """Look at more rows, or at fewer: one, or of many a fiftieth."""
        budget = self._budget()
        if budget is not None:
            rows = budget.count(self.share)
            away = steps * max(1, rows // 50)
            more = key in (Qt.Key.Key_Right, Qt.Key.Key_Up)
            self._look_at(rows + away if more else rows - away, budget.rows)

    def _look_at(self, count: int, rows: int) -> None:
        share = min(max(count, 1), rows) / rows
        if rows > FEW_ROWS:
            share = min(1.0, max(1 / rows, float(f"{share:.2e}")))
        self.share = share
        self.mark_stale()

    def _point(self, pixel: QPointF | None) -> None:
        self._pointer = pixel
        self._describe()

    def _list(self) -> None:
        """Find the rows that the sentence is about, and list them."""
        model = self.session.view.model
        spread, budget = self.budgets.spread(model), self._budget()
        if spread is None or budget is None or not self.budgets.spreads.is_current:
            return
        part, count = self.budgets.part(model), budget.count(self.share)
        losses = spread.levels[Measure.LOSS]
        self.session.find(
            lambda stopped, report: worst_elements(part, losses, count, stopped, report), partial(self._select, model)
        )

    def _select(self, model: int, worst: Worst) -> None:
        elements = worst.elements
        current = int(elements[0]) if len(elements) else None
        self.session.look(
            selected=elements, current=current, model=model, shown=Shown.SELECTED, sorted_by="loss", descending=True
        )
        self.said.emit(words.listed(self._unit, len(elements), worst.left_out))


def _set_shown(widget: QWidget, shown: bool) -> None:
    if widget.isHidden() == shown:
        widget.setVisible(shown)


def _write(note: QLabel, text: str) -> None:
    """Write a note, or let it take no room."""
    if note.text() != text:
        note.setText(text)
    _set_shown(note, bool(text))
