"""What if yes were rarer, or more common: the same model in another world, told in whole numbers of rows."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from xentviz.core import metrics, outcomes
from xentviz.core.document import Change
from xentviz.core.outcomes import Outcomes, told_of
from xentviz.core.transforms import logit, sigmoid
from xentviz.session.session import Session
from xentviz.ui.numbers import amount_text, count_text, score_text
from xentviz.ui.panels.category_words import metric_text
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import SteadyLabel
from xentviz.ui.widgets.number_line import NumberLine
from xentviz.ui.widgets.panel_title import PanelTitle

STEPS = 1_000
REACH = 13.9
"""The logit of the largest share the slider goes to: one in a million, or all but one."""


LEAST = 1e-9
"""Of a share smaller than this so few rows are yes that none are spoken of."""


class PrevalencePanel(Panel):
    """A slider for the share of yes, and what the threshold would bring of so many rows."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS)
    turns_later = 8

    said = Signal(str)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.supposing = QCheckBox(self.tr("what if"), self)
        self.share = NumberLine(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(-STEPS, STEPS)
        self.slider.setPageStep(STEPS // 20)
        self._odds, self._words = SteadyLabel(), SteadyLabel()
        self.title = PanelTitle(self.tr("Share of yes"), self._explanation(), self.supposing, parent=self)
        self._lay_out()
        self.supposing.clicked.connect(self._suppose)
        self.slider.valueChanged.connect(self._move)
        self.share.entered.connect(self._take)
        self.share.refused.connect(self._refuse)

    def _explanation(self) -> str:
        return self.tr(
            "The rows of a file often hold more yeses than the world does: half of the patients in a study are ill, "
            "one in a thousand on the street is. Recall and specificity stay as they are, for each looks at one kind "
            "of row only. Precision does not: with fewer yeses about, more of those said yes are false alarms.\n\n"
            "Every yes is counted as if there were more or fewer of it, every no likewise; matrices, curves and the "
            "best threshold follow. Try 1 in 1,000, and look at the precision."
        )

    def _lay_out(self) -> None:
        self.supposing.setToolTip(self.tr("Suppose another share of yes than these rows have"))
        self.share.setAccessibleName(self.tr("Share of yes"))
        self.share.setToolTip(self.tr("The share of yes. Type a number from 0 to 1."))
        self.slider.setAccessibleName(self.tr("Share of yes, from one in a million to all but one"))
        self._words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.share, self._odds):
            row.addWidget(widget)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 8)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addLayout(row)
        layout.addWidget(self.slider)
        layout.addWidget(self._words)
        layout.addStretch(1)

    # Drawing

    def refresh(self) -> None:
        counts = self.session.counts_looked_at(self.session.view.model)
        found = None if counts is None else Outcomes.of(metrics.pooled(counts))
        own = None if counts is None else metrics.prevalence(metrics.pooled(counts))
        supposed = self.session.view.deciding.prevalence
        share = own if supposed is None else supposed
        possible = own is not None and 0 < own < 1 and not self.session.of_rows
        self.supposing.setEnabled(possible or supposed is not None)  # for what is on can always be put off
        self.supposing.setChecked(supposed is not None)
        for widget in (self.slider, self.share):
            widget.setEnabled(possible)
        self.share.setFixedWidth(self.look.theme.px(76))
        self._draw_share(share)
        self._words.setText(self._sentence(found, own, supposed))

    def _draw_share(self, share: float | None) -> None:
        # Where the slider is at that share already it stays: several of its steps may be one share in two digits.
        if share is None or share != _share(self.slider.value()):
            self.slider.blockSignals(True)
            self.slider.setValue(0 if share is None else _step(share))
            self.slider.blockSignals(False)
        self.share.show_number("" if share is None else score_text(share).replace("−", "-"))
        self._odds.setText("" if share is None else self._in(share))
        self._odds.setMinimumWidth(self._odds.fontMetrics().horizontalAdvance("1 in 1 000 000"))

    def _in(self, share: float) -> str:
        if not LEAST <= share < 1:
            return ""
        if share <= 0.5:
            return self.tr("1 in {count}").format(count=_about(1 / share))
        return self.tr("all but 1 in {count}").format(count=_about(1 / (1 - share)))

    def _sentence(self, found: Outcomes | None, own: float | None, supposed: float | None) -> str:
        if self.session.of_rows:
            return self.tr("Choose a category: the share of yes is that of one against the rest.")
        if not self.session.document.models:
            return self.tr("No model yet: there are no scores to decide by.")
        if found is None or own is None:
            return self.tr("No row has a label yet.")
        if own in (0.0, 1.0):
            return self.tr("All labels are alike: nothing is known of the others, and none can be supposed.")
        there = found.at_prevalence(supposed)
        share = own if supposed is None else supposed
        return self._natural(there, share, float(outcomes.precision(found)), supposed is not None)

    def _natural(self, found: Outcomes, share: float, precision_here: float, supposing: bool) -> str:
        """Say in whole rows what the threshold brings."""
        rows = told_of(share)
        scale = rows / float(found.total)
        right, wrong = float(found.true_positives) * scale, float(found.false_positives) * scale
        yes = float(found.true_positives + found.false_negatives) * scale
        words = self.tr(
            "Of {rows} rows {yes} are yes. At T the model says yes to {said}: {right} rightly, {wrong} wrongly."
        ).format(
            rows=count_text(int(rows)),
            yes=_about(yes),
            said=_about(right + wrong),
            right=_about(right),
            wrong=_about(wrong),
        )
        precision = metric_text(float(outcomes.precision(found)))
        if supposing:
            return f"{words} " + self.tr(
                "Precision {precision}; in these rows {here}. The table and the models’ cards keep to these rows."
            ).format(precision=precision, here=metric_text(precision_here))
        return f"{words} " + self.tr("Precision {precision}.").format(precision=precision)

    # The hand

    def _suppose(self, on: bool) -> None:
        counts = self.session.counts_looked_at(self.session.view.model)
        own = None if counts is None else metrics.prevalence(metrics.pooled(counts))
        self.session.decide(prevalence=own if on else None)

    def _move(self, step: int) -> None:
        self.session.decide(prevalence=_share(step))

    def _take(self, share: float) -> None:
        if share == share:
            self.said.emit("")
            self.session.decide(prevalence=share)

    def _refuse(self, text: str) -> None:
        self.said.emit(self.tr("A share is a number from 0 to 1; “{text}” is not.").format(text=text))


def _step(share: float) -> int:
    """Return the slider's place for a share."""
    z = float(logit(share))
    return round(STEPS * max(-1.0, min(1.0, z / REACH)))


def _share(step: int) -> float:
    """Return the share at a place of the slider, in two digits that count."""
    share = float(sigmoid(REACH * step / STEPS))
    return float(f"{share:.2g}") if share <= 0.5 else 1 - float(f"{1 - share:.2g}")


def _about(count: float) -> str:
    """Return a number of rows: whole from ten on, with about two digits below.

    >>> _about(9.94), _about(10.4), _about(0.04)
    ('9.9', '10', '0.04')
    """
    return amount_text(round(count) if count >= 9.95 or abs(count - round(count)) < 1e-9 else count)
