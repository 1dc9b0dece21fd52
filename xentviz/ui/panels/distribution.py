"""The threshold over the distribution of scores: what it does, and what it can be told as."""

import numpy as np
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from xentviz.core.counts import reaching
from xentviz.core.document import Change
from xentviz.core.operating import MOST, Meaning, threshold_of, told_as
from xentviz.core.outcomes import Outcomes, told_of
from xentviz.core.sweep import Sweep, sweep
from xentviz.core.told import one_answer
from xentviz.session.session import Session
from xentviz.ui.panels import distribution_words as words
from xentviz.ui.panels.card_words import no_model_words
from xentviz.ui.panels.distribution_words import MEASURED
from xentviz.ui.panels.operating_point import outcome_looked_at, sweep_looked_at
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.score_bars import bars, count_ahead
from xentviz.ui.panels.threshold_choice import active_category, set_threshold
from xentviz.ui.panels.threshold_mover import ThresholdMover
from xentviz.ui.theme import Look
from xentviz.ui.widgets.distribution_plot import Backdrop, Cut, DistributionPlot
from xentviz.ui.widgets.labels import label, plain_tip
from xentviz.ui.widgets.number_line import NumberLine
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.read_out import ReadOut
from xentviz.ui.words import as_if

TENTHS = np.arange(11) / 10
LEAST, ONE_LINE = 364, 580
"""How wide it is at least, and from which width on the read-outs stand on one line; in unscaled pixels."""

NOTHING = Outcomes.reached(0, 0, 0, 0)


class DistributionPanel(Panel):
    """Title, the threshold in six meanings, and the picture that it is dragged in."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS)
    turns_later = 3

    said = Signal(str)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.snap = QCheckBox(self.tr("snap to scores"))
        self.title = PanelTitle(self.tr("Scores and threshold"), words.explanation(), self.snap)
        self.value = NumberLine()
        self.value.setObjectName("threshold")
        self.plot = DistributionPlot(look)
        self.read_outs = {meaning: ReadOut(look) for meaning in Meaning}
        self._told = label(size="small")
        self._ticks: tuple[tuple[object, ...], tuple[str, ...]] = ((), ())
        self._lay_out()
        self._connect()
        session.ahead.append(count_ahead)

    def _lay_out(self) -> None:
        self.snap.setToolTip(self.tr("The hand stops only at scores that occur."))
        self.plot.setAccessibleName(self.tr("Scores and threshold"))
        self.title.number.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        typed = QVBoxLayout()
        typed.setSpacing(0)
        typed.addWidget(self._told)
        typed.addWidget(self.value)
        self._told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addLayout(typed)
        row.addSpacing(8)
        self._group = QButtonGroup(self)
        for read_out in self.read_outs.values():
            self._group.addButton(read_out)
        self._read_outs = QGridLayout()
        self._read_outs.setSpacing(2)
        self._place_read_outs(len(self.read_outs))
        row.addLayout(self._read_outs, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 6)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addLayout(row)
        layout.addWidget(self.plot, 1)

    def _fit_read_outs(self) -> None:
        """Put the read-outs on one line, or where there is no room for that on two."""
        a_line = len(self.read_outs) if self.width() >= self.look.theme.px(ONE_LINE) else len(self.read_outs) // 2
        if a_line != self._a_line:
            self._place_read_outs(a_line)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.theme.px(LEAST), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_read_outs()

    def _place_read_outs(self, a_line: int) -> None:
        """Put so many read-outs beside one another, and the others below."""
        self._a_line = a_line
        for place, read_out in enumerate(self.read_outs.values()):
            self._read_outs.addWidget(read_out, place // a_line, place % a_line)

    def _connect(self) -> None:
        ThresholdMover(self.session, self.plot)
        self.session.operating.changed.connect(self.mark_stale_in_turn)
        self.value.entered.connect(self._take_typed)
        self.value.refused.connect(self._refuse_typed)
        self.snap.clicked.connect(self._set_snapping)
        self._group.buttonClicked.connect(self._choose)

    # What is shown

    @property
    def _meaning(self) -> Meaning:
        return self.session.view.deciding.meaning

    @property
    def _threshold(self) -> float:
        return self.session.document.threshold(active_category(self.session))

    def refresh(self) -> None:
        self._fit_read_outs()
        found = outcome_looked_at(self.session)
        self.snap.setChecked(self.session.view.deciding.snapping)
        self._show_read_outs(found)
        self._show_typed(found)
        self.show_rows(found)
        self.plot.setToolTip(words.picture_tip(self.session.document, self.session.view.category))
        view = self.session.view
        self.title.number.setText(words.subject(self.session.document, view.model, view.category))

    def show_rows(self, found: Outcomes | None) -> None:
        """Show rows and threshold in the picture alone."""
        self.plot.show_state(self._backdrop(), self._cut(found))

    def _show_read_outs(self, found: Outcomes | None) -> None:
        by_rows, threshold = self.session.of_rows, self._threshold
        for meaning, read_out in self.read_outs.items():
            value = self._told_as(meaning, found)
            tip = words.tip(meaning, threshold, found, by_rows=by_rows)
            read_out.show_number(words.name(meaning, by_rows=by_rows), words.figure(meaning, value), tip)
            read_out.setChecked(meaning is self._meaning)

    def _told_as(self, meaning: Meaning, found: Outcomes | None) -> float | None:
        if found is None and meaning in MEASURED:
            return None
        return told_as(meaning, self._threshold, found or NOTHING)

    def _show_typed(self, found: Outcomes | None) -> None:
        worn, meaning, document = self.look.theme, self._meaning, self.session.document
        most = MOST.get(meaning, 1.0)
        self.value.range = (-most if meaning is Meaning.LOGIT else 0.0, most)
        self.value.show_number(words.figure(meaning, self._told_as(meaning, found)))
        category = document.categories[active_category(self.session)] if len(document.thresholds) > 1 else ""
        self._told.setText(words.title(meaning, category, by_rows=self.session.of_rows))
        self._told.setToolTip(plain_tip(category) or self._told.text())
        self.value.setAccessibleName(self._told.text())
        self.value.setToolTip(words.tip(meaning, self._threshold, found, by_rows=self.session.of_rows))
        self.value.setFixedSize(worn.px(128), worn.px(36))

    def _backdrop(self) -> Backdrop:
        session = self.session
        yes, no = bars(session.document, session.view, session.results_of(session.view.model))
        weights = self._weights()
        names, heights = words.sides(session.document, session.view.category), words.heights()
        scale = words.name(self._meaning, by_rows=self.session.of_rows)
        ticks = self._scale_ticks()
        return Backdrop(
            np.float64(weights[0]) * yes, np.float64(weights[1]) * no, names, heights, scale if ticks else "", ticks
        )

    def _weights(self) -> tuple[float, float]:
        """Return what a row that is yes, and one that is no, are weighed as."""
        prevalence, counts = self.session.supposed, self.session.counts_looked_at(self.session.view.model)
        if prevalence is None or counts is None:
            return 1.0, 1.0
        positives = sum(count.positives for count in counts)
        negatives = sum(count.total for count in counts) - positives
        if not positives or not negatives:
            return 1.0, 1.0  # none to be weighed up
        total = told_of(prevalence)
        return prevalence * total / positives, (1 - prevalence) * total / negatives

    def _scale_ticks(self) -> tuple[str, ...]:
        """Return what the tenths are in the meaning chosen; nothing while that is not known."""
        meaning = self._meaning
        found = sweep_looked_at(self.session) if meaning in MEASURED else None
        if meaning is Meaning.PROBABILITY or (meaning in MEASURED and found is None):
            return ()
        hits = found.hits if found else None
        asked = (meaning, hits, self.session.supposed, self.session.of_rows)
        if len(asked) != len(self._ticks[0]) or any(a is not b for a, b in zip(asked, self._ticks[0], strict=True)):
            outcomes = [NOTHING] * len(TENTHS) if found is None else self._at_tenths(found)
            self._ticks = (
                asked,
                tuple(
                    words.tick(meaning, told_as(meaning, tenth, at))
                    for tenth, at in zip(TENTHS.tolist(), outcomes, strict=True)
                ),
            )
        return self._ticks[1]

    def _at_tenths(self, found: Sweep) -> list[Outcomes]:
        reached = (reaching(tuple(blocks), TENTHS) for blocks in (found.hits, found.false_alarms))
        at = [Outcomes.reached(tp, fp, found.positives, found.negatives) for tp, fp in zip(*reached, strict=True)]
        return [outcome.at_prevalence(self.session.supposed) for outcome in at]

    def _cut(self, found: Outcomes | None) -> Cut:
        session, threshold = self.session, self._threshold
        document, category = session.document, session.view.category
        own = active_category(session)
        apart = document.thresholds if len(document.thresholds) > 1 else ()
        best = self._best()
        return Cut(
            threshold,
            words.parts(document, category, *self._parts(found)) if found else ("", "", "", ""),
            words.figure(self._meaning, self._told_as(self._meaning, found)),
            tuple(other for c, other in enumerate(apart) if c != own),
            best,
            (self._note(), words.best(*best) if best else ""),
        )

    def _parts(self, found: Outcomes) -> tuple[words.Parts, float]:
        """Return how many rows lie in each part of the picture, and how many are missed at every threshold."""
        weights = self._weights()
        tp, fp = float(found.true_positives), float(found.false_positives)
        missed, rest = float(found.false_negatives), float(found.true_negatives)
        numbers = self.session.results_of(self.session.view.model)
        if not one_answer(self.session.document) or numbers is None:
            return (missed, tp, rest, fp), 0.0
        hits, false_alarms = (sum(map(len, side)) for side in numbers.reachable(self.session.operating.categories))
        left = hits * weights[0] - tp
        unreached = 0.0 if self.session.of_rows else max(0.0, missed - left)
        return (left, tp, false_alarms * weights[1] - fp, fp), unreached

    def _best(self) -> tuple[float, float, float] | None:
        """Return the best threshold and its interval, if they are known already."""
        operating = self.session.operating
        best = operating.best(self.session.view.model) if operating.bests.is_current else None
        if best is None or best.optimum is None or best.spread is None:
            return None
        low, high = best.spread.interval
        return low, best.optimum.threshold, high

    def _note(self) -> str:
        session, threshold = self.session, self._threshold
        document, view = session.document, session.view
        numbers, prevalence = session.results_of(view.model), session.supposed
        if numbers is None:
            return "" if document.models else no_model_words(document)
        if not numbers.known:
            return words.nothing_known()
        yes, no = numbers.tied(session.operating.categories, threshold)
        note = words.ties(document, view.category, yes, no)
        return note if prevalence is None else f"{as_if(prevalence)} · {note}"

    # What is chosen

    def _choose(self, chosen: ReadOut) -> None:
        self.session.decide(meaning=next(m for m, read_out in self.read_outs.items() if read_out is chosen))

    def _set_snapping(self, snapping: bool) -> None:
        self.session.decide(snapping=snapping)

    def _take_typed(self, value: float) -> None:
        meaning, found = self._meaning, sweep_looked_at(self.session)
        if meaning in MEASURED and found is None:
            self.said.emit(words.waiting())
            return
        nothing = [np.empty(0)]
        threshold = threshold_of(meaning, value, found or sweep(nothing, nothing), self.session.supposed)
        if threshold is None:
            self.said.emit(words.unreachable(meaning, value, by_rows=self.session.of_rows))
        else:
            self.said.emit("")
            set_threshold(self.session, threshold, self.tr("Set threshold"))

    def _refuse_typed(self, text: str) -> None:
        self.said.emit(words.refused(self._meaning, text, by_rows=self.session.of_rows))
