"""A card for each category of rows that can be several things at once: its scores, its threshold, its counts."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from xentviz.core import outcomes
from xentviz.core.arguments import Floats
from xentviz.core.document import Change, Task
from xentviz.core.evaluation import Results
from xentviz.core.outcomes import Outcomes
from xentviz.session.deciding import LabelOrder
from xentviz.session.optimising import Found
from xentviz.session.session import Session
from xentviz.session.view import View
from xentviz.ui.numbers import UNDEFINED, amount_text, count_text, threshold_text
from xentviz.ui.panels.category_words import (
    explanation,
    found_words,
    metric_text,
    not_here,
    nothing_found,
    support_text,
    tip,
)
from xentviz.ui.panels.goal_words import aimed_at
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.threshold_choice import active_category
from xentviz.ui.panels.threshold_mover import snapped
from xentviz.ui.theme import Look
from xentviz.ui.widgets.card_grid import CardGrid
from xentviz.ui.widgets.category_card import BINS, Card
from xentviz.ui.widgets.labels import label, set_tone
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.words import as_if, told

EDGES = np.arange(BINS + 1) / BINS
NO_BARS = np.zeros(BINS, dtype=np.int64)
AHEAD = 16
"""Of so many categories the bars are counted before new results are shown, of more as their cards come into sight."""
RESTING = 400
"""Milliseconds after which cards ordered by F1 go where they belong."""


class CategoryCardsPanel(Panel):
    """Search, order, one threshold or one each, and the cards."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS)
    turns_later = 4

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.optimise = tool_button(self.tr("Optimise each"), self.tr("Give each category its own best threshold"))
        self.reset = tool_button(self.tr("Reset to 0.5"), self.tr("Set all thresholds to 0.5"))
        self.title = PanelTitle(self.tr("Category by category"), explanation(), self.optimise, self.reset)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.order = QComboBox()
        self.equal = QCheckBox(self.tr("All equal"))
        self.note, self.progress = label(size="small"), QProgressBar(maximum=1000)
        self.cancel = tool_button(self.tr("Cancel"), self.tr("Seek no more; all thresholds stay as they are"))
        self.words = label()
        self.grid = CardGrid(look, self.card, self.tip)
        self.area = QScrollArea(widgetResizable=True)
        self._document, self._numbers = session.document, session.results_of(session.view.model)
        self._noted_at: tuple[float, ...] | None = None
        self._order_of: tuple[object, ...] = ()
        self._order: Sequence[int] = ()
        self._ordered_at: tuple[float, ...] = ()
        self._outcomes: Outcomes | None = None
        self._support: Floats = np.empty((2, 0))
        self._f1 = self._precision = self._recall = np.empty(0)
        self._gesture = -1
        self._looked_at: int | None = None
        self._rest = QTimer(self, interval=RESTING, singleShot=True)
        self._lay_out()
        self._connect()
        session.ahead.append(count_ahead)

    @property
    def applies(self) -> bool:
        """Whether rows can be several things at once, so that there are categories to tell apart."""
        return self.session.document.task is Task.MULTILABEL

    def _lay_out(self) -> None:
        self.search.setPlaceholderText(self.tr("Find a category"))
        self.search.setAccessibleName(self.tr("Find a category by a part of its name"))
        self.search.setToolTip(self.tr("Type a part of a name: only categories that have it are shown"))
        for order, text in (
            (LabelOrder.GIVEN, self.tr("in the file’s order")),
            (LabelOrder.SUPPORT, self.tr("most frequent first")),
            (LabelOrder.F1, self.tr("lowest F1 first")),
        ):
            self.order.addItem(text, order.value)
        self.order.setAccessibleName(self.tr("Order of the categories"))
        self.order.setToolTip(self.tr("The order of the cards; while a threshold is moved they stay where they are"))
        self.equal.setToolTip(self.tr("One threshold for all categories; without the tick each has its own"))
        self.grid.setAccessibleName(self.tr("Categories"))
        self.grid.setAccessibleDescription(
            self.tr("Arrows walk from card to card, + and − move the threshold, Enter looks at the category alone")
        )
        self.progress.setAccessibleName(self.tr("Progress of the search for thresholds"))
        self.progress.setTextVisible(False)
        for words in (self.note, self.words):
            words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.area.setWidget(self.grid)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._choices = QWidget()
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.search, 1)
        row.addWidget(self.order)
        row.addWidget(self.equal)
        told_row = QHBoxLayout()
        told_row.addWidget(self.note, 1)
        told_row.addWidget(self.progress)
        told_row.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self._choices)
        layout.addLayout(told_row)
        layout.addWidget(self.words)
        layout.addWidget(self.area, 1)
        for widget in (self.note, self.progress, self.cancel, self.words):
            widget.hide()

    def _connect(self) -> None:
        self.search.textEdited.connect(self._search)
        self.search.textChanged.connect(self._search)
        self.order.activated.connect(self._set_order)
        self.equal.clicked.connect(self._set_equal)
        self.optimise.clicked.connect(self._optimise)
        self.reset.clicked.connect(self._reset)
        self.cancel.clicked.connect(self._cancel)
        self.grid.moved.connect(self._move)
        self.grid.nudged.connect(self._nudge)
        self.grid.released.connect(self._release)
        self.grid.chosen.connect(self._choose)
        self.grid.walked.connect(self._show_card)
        self._rest.timeout.connect(self._settle)
        optimising = self.session.optimising
        optimising.optimised.connect(self._take_found)
        optimising.progressed.connect(self._on_progress)
        optimising.failed.connect(self._on_failed)

    # Drawing

    def refresh(self) -> None:
        applies = self.applies
        for widget in (self._choices, self.optimise, self.reset, self.area):
            widget.setVisible(applies)
        if not applies:
            self.title.number.setText("")
            self._order, self._order_of = (), ()
            self.grid.show_state((), None, ())
            self._say(self.words, not_here(self.session.document.task is Task.MULTICLASS))
            return
        self._measure()
        self._draw_choices()
        self._draw_title()
        self._draw_cards()

    def _measure(self) -> None:
        """Work out what all cards say, weighted if another prevalence is supposed."""
        session = self.session
        # Cards may be painted once more before what is new has been measured: of what they were until then.
        self._document, self._numbers = session.document, session.results_of(session.view.model)
        counts, prevalence = session.counts_of(session.view.model), session.view.deciding.prevalence
        empty = np.full(len(session.document.categories), np.nan)
        if counts is None:
            self._outcomes, self._support = None, np.zeros((2, len(empty)))
            self._f1 = self._precision = self._recall = empty
            return
        found = Outcomes.of_each(counts)
        self._support = np.array([found.true_positives + found.false_negatives, found.total])
        self._outcomes = found.at_prevalence(prevalence)
        self._f1, self._precision, self._recall = (
            measure(self._outcomes) for measure in (outcomes.f_beta, outcomes.precision, outcomes.recall)
        )

    def _draw_choices(self) -> None:
        session, worn = self.session, self.look.theme
        deciding, optimising = session.view.deciding, session.optimising
        if self.search.text() != deciding.search:
            self.search.setText(deciding.search)
        self.order.setCurrentIndex(self.order.findData(deciding.order.value))
        self.equal.setChecked(len(session.document.thresholds) == 1)
        self.optimise.setEnabled(optimising.possible and not optimising.busy)
        aim = self.tr("Give each category the threshold that is best for {aim} of the chosen model").format(
            aim=aimed_at(deciding.goal)
        )
        if self.optimise.toolTip() != aim:
            self.optimise.setToolTip(aim)
        self.progress.setFixedWidth(worn.px(140))
        self.search.setFixedHeight(worn.px(28))
        for widget in (self.progress, self.cancel):
            widget.setVisible(optimising.busy)
        if not optimising.busy and session.document.thresholds != self._noted_at:
            self._say(self.note, "")

    def _draw_title(self) -> None:
        defined = self._f1[~np.isnan(self._f1)]
        mean = metric_text(float(defined.mean()) if len(defined) else np.nan)
        words, supposed = self.tr("macro F1 {value}").format(value=mean), self.session.supposed
        self.title.number.shorter = words
        self.title.number.setText(words if supposed is None else f"{words} · {as_if(supposed)}")
        self.title.number.setToolTip(
            self.tr("The mean of F1 over the {defined} of {total} categories for which it is defined").format(
                defined=count_text(len(defined)), total=count_text(len(self._f1))
            )
        )

    def _draw_cards(self) -> None:
        session = self.session
        document, view = session.document, session.view
        self._see_to_the_order()
        self._say(self.words, "" if self._order else nothing_found(view.deciding.search))
        of = (self._numbers, document.categories)
        self.grid.show_state(self._order, view.category, of)
        if view.category != self._looked_at:
            self._looked_at = view.category
            if view.category is not None:
                self._show_card(view.category)

    def card(self, category: int) -> Card:
        """Return what the card of a category shows."""
        document, numbers = self._document, self._numbers
        yes = no = NO_BARS
        if numbers is not None:
            yes, no = numbers.histogram(EDGES, range(category, category + 1))
        threshold = document.threshold(category)
        return Card(
            name=document.categories[category],
            support="" if numbers is None else support_text(*map(int, self._support[:, category])),
            yes=yes,
            no=no,
            threshold=threshold,
            threshold_text=self.tr("T {value}").format(value=_brief(threshold)),
            f1=self.tr("F1 {value}").format(value=metric_text(self._f1[category])),
            counts=self._cells(category),
            ratios=(
                (self.tr("precision"), self.tr("prec."), metric_text(self._precision[category])),
                (self.tr("recall"), self.tr("rec."), metric_text(self._recall[category])),
            ),
        )

    def _cells(self, category: int) -> tuple[str, str, str, str]:
        found = self._outcomes
        if found is None:
            return UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED
        return (
            amount_text(float(found.true_positives[category])),
            amount_text(float(found.false_positives[category])),
            amount_text(float(found.false_negatives[category])),
            amount_text(float(found.true_negatives[category])),
        )

    def tip(self, category: int, zone: str) -> str:
        """Return what stands at a place of a card."""
        name, found = self._document.categories[category], self._outcomes
        if found is None:
            return tip("name", name, positives=0, said=0, defined={})
        metrics = {"precision": self._precision, "recall": self._recall, "f1": self._f1}
        return tip(
            zone,
            name,
            positives=float(found.true_positives[category] + found.false_negatives[category]),
            said=float(found.true_positives[category] + found.false_positives[category]),
            defined={metric: not np.isnan(values[category]) for metric, values in metrics.items()},
        )

    # The order

    def _see_to_the_order(self) -> None:
        """Order anew what is new; where only thresholds have moved, wait until the hand rests."""
        session = self.session
        deciding, categories = session.view.deciding, session.document.categories
        numbers = None if deciding.order is LabelOrder.GIVEN else self._numbers
        of = (deciding.order, deciding.search, categories, numbers, deciding.prevalence)
        if of != self._order_of:
            self._order_of = of
            self._sort()
        elif deciding.order is LabelOrder.F1 and session.document.thresholds != self._ordered_at:
            self._rest.start()

    def _sort(self) -> None:
        deciding, categories = self.session.view.deciding, self.session.document.categories
        self._ordered_at = self.session.document.thresholds
        part = deciding.search.strip().casefold()
        found = [c for c, name in enumerate(categories) if part in name.casefold()]
        if deciding.order is LabelOrder.SUPPORT:
            found.sort(key=lambda c: -self._support[0, c])
        elif deciding.order is LabelOrder.F1:
            found.sort(key=lambda c: (bool(np.isnan(self._f1[c])), self._f1[c]))
        if found != self._order:
            self._order = found

    def _settle(self) -> None:
        """Order the cards anew, once no threshold is in the hand any more."""
        if self.grid.holding or QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._rest.start()
            return
        self.refresh_now()
        if self.applies:
            self._sort()
            self._draw_cards()

    def _show_card(self, category: int) -> None:
        """Scroll until a card is seen."""
        place = self.grid.place(category)
        if place is not None:
            middle = place.center()
            self.area.ensureVisible(middle.x(), middle.y(), place.width() // 2, place.height() // 2 + 4)

    # The hand

    def _search(self, text: str) -> None:
        if text != self.session.view.deciding.search:
            self.session.decide(search=text)

    def _set_order(self, index: int) -> None:
        self.session.decide(order=LabelOrder(self.order.itemData(index)))

    def _set_equal(self, equal: bool) -> None:
        category = active_category(self.session)
        if equal:
            self.session.edit(lambda document: document.with_threshold_shared(category), self.tr("One threshold"))
        else:
            self.session.edit(lambda document: document.with_thresholds_apart(), self.tr("Separate thresholds"))
            self.session.look(category=category)

    def _move(self, category: int, threshold: float) -> None:
        session = self.session
        if not self._shows(category):
            return
        if self._gesture == -1:
            self._gesture = session.gesture()
            if len(session.document.thresholds) > 1 and category != session.view.category:
                session.look(category=category)
        at = snapped(session, threshold, range(category, category + 1))
        session.edit(lambda document: document.with_threshold(at, category), self.tr("Move threshold"), self._gesture)

    def _nudge(self, category: int, step: float) -> None:
        if self._shows(category):
            at = self.session.document.threshold(category) + step
            self._move(category, round(min(1.0, max(0.0, at)), 6))

    def _shows(self, category: int) -> bool:
        """Return whether the document still is one with that card: a hand may be quicker than its being drawn."""
        document = self.session.document
        return document.task is Task.MULTILABEL and category < len(document.categories)

    def _release(self) -> None:
        self._gesture = -1

    def _choose(self, category: int | None) -> None:
        # While each has its own threshold, one is always looked at: it is the one that the other panels show.
        if len(self.session.document.thresholds) == 1 if category is None else self._shows(category):
            self.session.look(category=category)

    def _reset(self) -> None:
        self.session.edit(
            lambda document: document.with_thresholds([0.5] * len(document.thresholds)), self.tr("Reset thresholds")
        )

    # The best threshold of each

    def _optimise(self) -> None:
        self.session.optimising.start(self.tr("Optimise thresholds"))
        self.progress.setValue(0)
        self._tell(self.tr("Seeking the best threshold of each category …"))
        self.mark_stale()

    def _cancel(self) -> None:
        self.session.optimising.cancel()
        self._tell(self.tr("Cancelled. All thresholds are as they were."))
        self.mark_stale()

    def _on_progress(self, share: float) -> None:
        self.progress.setValue(round(1000 * share))

    def _take_found(self, found: Found) -> None:
        self._tell(found_words(found, self.session.document.categories), alert=bool(found.changed))
        self.mark_stale()

    def _on_failed(self, error: Exception) -> None:
        self._tell(told(error), alert=True)
        self.mark_stale()

    def _tell(self, words: str, *, alert: bool = False) -> None:
        set_tone(self.note, "tone", "alert" if alert else None)
        self._say(self.note, words)
        self._noted_at = self.session.document.thresholds

    def _say(self, place: QLabel, words: str) -> None:
        place.setText(words)
        place.setVisible(bool(words))


def count_ahead(view: View, results: Results) -> None:
    """Count the bars of new results, so that drawing finds them counted."""
    view = view.within(results.document)
    categories = len(results.document.categories)
    if results.models and results.document.task is Task.MULTILABEL and categories <= AHEAD:
        for category in range(categories):
            results.models[view.model].histogram(EDGES, range(category, category + 1))


def _brief(threshold: float) -> str:
    """Return a threshold in the few figures that a card has room for."""
    return threshold_text(threshold) if len(repr(threshold)) <= 5 else threshold_text(round(threshold, 3))
