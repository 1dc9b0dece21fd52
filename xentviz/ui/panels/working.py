"""The mean loss and the current row's gradient, written out with the present numbers."""

import math

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xentviz.core.document import Change, Document, LossReduction, Unit
from xentviz.core.elements import losses_of
from xentviz.core.losses import binary_cross_entropy_gradient
from xentviz.core.told import one_answer
from xentviz.session.session import Session
from xentviz.ui.numbers import LOGARITHMS, bracketed, count_text, loss_text
from xentviz.ui.panels.answer_working import answer_slopes, answer_terms, answer_title
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import label

MOST_TERMS = 6


class WorkingPanel(Panel):
    """Two formulas, each with its title."""

    shows = ~(Change.ROW_NAMES | Change.THRESHOLDS)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.setObjectName("working")
        self._title, self.formula = label(size="small"), label()
        self._slope_title, self.slope = label(size="small"), label()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(2)
        for widget in (self._title, self.formula, self._slope_title, self.slope):
            widget.setWordWrap(True)
            layout.addWidget(widget)

    def refresh(self) -> None:
        session = self.session
        document, view = session.document, session.view
        numbers = session.looked_at(view.model)
        known = numbers is not None and numbers.known > 0
        # What a row says of every category is told nowhere else, even if nothing is known to be true.
        chosen = one_answer(document) and bool(document.models) and view.current is not None
        for widget in (self._title, self.formula):
            widget.setVisible(self.roomy and known)
        for widget in (self._slope_title, self.slope):
            widget.setVisible(self.roomy and (known or chosen))
        if numbers is None or not known:
            if chosen:
                self._show_slope(document, 1)
            return
        total = document.settings.reduction is LossReduction.SUM
        unit = document.settings.unit
        value = numbers.sum_loss if total else numbers.sum_loss / numbers.known
        title = self.tr("Sum of the losses, with your numbers") if total else self.tr("Mean loss, with your numbers")
        self._title.setText(title)
        log, by_rows = LOGARITHMS[unit.value], one_answer(document)
        terms = answer_terms(document, view, log, numbers.known) if by_rows else self._terms(document, view.model)
        front = "L = −" if total else f"L = −1/{count_text(numbers.known)} · "
        self.formula.setText(f"{front}[ {terms} ] = {loss_text(value * unit.per_nat)} {unit.value}")
        self._show_slope(document, numbers.known)

    def _terms(self, document: Document, model: int) -> str:
        step, start = (1, 0) if (chosen := self.session.view.category) is None else (len(document.categories), chosen)
        first = np.arange(start, min(document.elements, start + step * 4 * MOST_TERMS), step)
        losses = losses_of(document, model, first)
        known = first[~np.isnan(losses)][: MOST_TERMS + 1]
        log = LOGARITHMS[document.settings.unit.value]
        labels, p = document.labels_of(known).tolist(), document.probabilities_of(model, known).tolist()
        terms = [_term(log, y, q) for y, q in zip(labels, p, strict=True)]
        if len(terms) > MOST_TERMS or (document.elements - start) > step * len(first):
            terms = [*terms[:MOST_TERMS], "…"]
        return " + ".join(terms)

    def _show_slope(self, document: Document, known: int) -> None:
        title, slope = self._slope_words(document, known)
        self._slope_title.setText(title)
        self.slope.setText(slope)

    def _slope_words(self, document: Document, known: int) -> tuple[str, str]:
        """Return what is written about the current row, and its gradient."""
        view = self.session.view
        if view.current is None:
            return self.tr("Choose a row to see its gradient here."), ""
        if one_answer(document):
            return self._of_answer(document, view.current, known)
        at = np.array([view.current])
        y, p = float(document.labels_of(at)[0]), float(document.probabilities_of(view.model, at)[0])
        if math.isnan(y) or math.isnan(p):
            return "", ""
        front, scale = self._front(document, known)
        by_p = float(binary_cross_entropy_gradient([y], [p])[0])
        q = bracketed(p)
        fraction = {1.0: f"(−1/{q})", 0.0: f"1/(1 − {q})"}.get(y, f"(−{y:g}/{q} + {1 - y:.3g}/(1 − {q}))")
        slope = (
            f"∂L/∂p = {front}{fraction} = {loss_text(by_p * scale)}\n"
            f"∂L/∂z = {front}({q} − {y:g}) = {loss_text((p - y) * scale)}"
        )
        return self.tr("Gradient of the chosen row, by p and by z"), slope

    def _of_answer(self, document: Document, element: int, known: int) -> tuple[str, str]:
        """Return what is written about the current row of one answer in many, category by category."""
        view = self.session.view
        row, brief = element // len(document.categories), self.window().height() < self.look.theme.px(800)
        slopes = answer_slopes(document, view, row, *self._front(document, known), brief=brief)
        return answer_title(document, view, row), slopes

    def _front(self, document: Document, known: int) -> tuple[str, float]:
        """Return what stands before the slope of one loss, and what it is multiplied by."""
        total, unit = document.settings.reduction is LossReduction.SUM, document.settings.unit
        share, front = (1.0, "") if total else (1.0 / known, f"1/{count_text(known)} · ")
        front = front if unit is Unit.NATS else front + self.tr("{factor:.3f} · ").format(factor=unit.per_nat)
        return front, share * unit.per_nat


def _term(log: str, label: float, probability: float) -> str:
    p = bracketed(probability)
    if label == 1:
        return f"{log} {p}"
    if label == 0:
        return f"{log}(1 − {p})"
    return f"{label:g} {log} {p} + {1 - label:.3g} {log}(1 − {p})"
