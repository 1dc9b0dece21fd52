"""Where the difference of two models' mean losses comes from: a waterfall of its parts."""

from functools import partial
from itertools import accumulate

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from xentviz.core.columns import Rows
from xentviz.core.document import Document
from xentviz.core.duel import Outcome, outcome_of
from xentviz.core.gap import SOFT, TENTHS, Gap, Part, Parting
from xentviz.core.pairs import Chosen, Pairs
from xentviz.core.progress import Report, Stopped
from xentviz.core.told import one_answer, several_answers
from xentviz.session.duels import Duels
from xentviz.session.session import Session
from xentviz.session.view import Shown
from xentviz.ui.numbers import count_text, loss_text, share_text
from xentviz.ui.panels.duel_words import counted, element_name, gap_explanation, no_pairs
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import SteadyLabel, label, plain_tip
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.widgets.waterfall_chart import Bar, Waterfall, WaterfallChart
from xentviz.ui.words import cut, second_model

translate = QCoreApplication.translate

FILLING = 1000
"""How much more the bars stretch than what is left empty below them."""

INFINITE = -1
"""In place of a part: the rows of infinite losses."""


class WaterfallPanel(Panel):
    """Bars from the mean loss of the reference to the rival's; a click lists the rows of one."""

    turns_later = 2

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.duels = session.part(Duels)
        self.partings = QComboBox()
        self.partings.setAccessibleName(self.tr("What the difference is broken into"))
        self.partings.setToolTip(
            self.tr("What the difference is broken into: labels, tenths of the reference’s scores, categories or rows")
        )
        self.partings.activated.connect(self._choose)
        self.title = PanelTitle(self.tr("Difference"), gap_explanation(), self.partings)
        self.chart = WaterfallChart(look)
        self.chart.setAccessibleName(self.tr("Parts of the difference of the mean losses"))
        self.chart.picked.connect(self._pick)
        self.empty = label(size="small")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.infinite = tool_button("", self.tr("List these rows in the table"))
        self.infinite.setProperty("compact", True)
        self.infinite.clicked.connect(partial(self._pick, INFINITE))
        self.reading = SteadyLabel("small")
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._picked: tuple[Gap, int, Rows] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self.empty, FILLING)
        layout.addWidget(self.chart, FILLING)
        layout.addWidget(self.reading)
        layout.addWidget(self.infinite, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        self.duels.changed.connect(self.mark_stale_in_turn)

    # Drawing

    def refresh(self) -> None:
        self._show_choices()
        found = self.duels.gap()
        self._show_empty(found)
        there = found is not None and found.pairs > 0
        self.chart.setVisible(there)
        self.reading.setVisible(there)
        self._show_infinite(found)
        if found is None or not there:
            self.title.number.setText("")
            return
        difference = self._signed(found.difference or 0.0)
        unit = self.session.document.settings.unit.value
        second = cut(found.match.models[1].name, 20)
        text = self.tr("{name} {difference} {unit}").replace("{difference}", difference).replace("{unit}", unit)
        self.title.number.setText(text.replace("{name}", second))
        self.title.number.shorter = difference
        self.title.number.setToolTip(self._number_tip(found))
        self.chart.show_waterfall(self._waterfall(found))
        if self.chart.maximumHeight() != self.chart.most_height():  # setting it lays out anew
            self.chart.setMaximumHeight(self.chart.most_height())
        reading = self.tr("← {name} loses less · loses more →")
        self.reading.setText(reading.replace("{name}", second))

    def _number_tip(self, found: Gap) -> str:
        """Return what the number in the title is a mean over, and where it is not that of the scoreboard."""
        document, category = found.match.document, found.match.category
        document, category = found.match.document, found.match.category
        pattern = self.tr("The difference of the mean losses over the {count} with a finite loss under both models.")
        words = pattern.format(count=counted(self.session, found.pairs))
        answered = found.pairs + sum(found.infinite)
        if several_answers(document, category) and answered < document.elements:
            words += " " + self.tr(
                "Some rows lack answers: here every answer counts alike, in the scoreboard’s verdict every row does."
            )
        return plain_tip(words)

    def _show_choices(self) -> None:
        possible = self.duels.partings
        with QSignalBlocker(self.partings):
            if [self.partings.itemData(n) for n in range(self.partings.count())] != possible:
                self.partings.clear()
                for parting in possible:
                    self.partings.addItem(_parting_words(parting), parting)
            self.partings.setCurrentIndex(possible.index(self.duels.parting))

    def _show_empty(self, found: Gap | None) -> None:
        words = ""
        if self.duels.match is None:
            words = second_model()
        elif found is not None and not found.pairs:
            every_one = self.tr("Every row that both models have a loss for has an infinite one: no finite rest.")
            words = every_one if any(found.infinite) else no_pairs(self.session)
        if self.empty.text() != words:
            self.empty.setText(words)
        if self.empty.isHidden() == bool(words):
            self.empty.setVisible(bool(words))

    def _show_infinite(self, found: Gap | None) -> None:
        infinite = 0 if found is None else sum(found.infinite)
        if self.infinite.isHidden() == bool(infinite):
            self.infinite.setVisible(bool(infinite))
        if found is None or not infinite:
            return
        pattern = self.tr("Without {count} of infinite loss")
        words = pattern.replace("{count}", counted(self.session, infinite))
        tip = self._infinite_tip(found)
        if (self.infinite.text(), self.infinite.toolTip()) != (words, plain_tip(tip)):
            self.infinite.setText(words)
            self.infinite.setToolTip(plain_tip(tip))
            self.infinite.setAccessibleName(f"{words}. {tip}")

    def _infinite_tip(self, found: Gap) -> str:
        """Return under which model the losses are infinite that are left out of the bars."""
        only_first, only_second, both = found.infinite
        first, second = (cut(model.name, 24) for model in found.match.models)
        words = self.tr("{a} ∞ in {first}, {b} ∞ in {second}. Click to list them in the table.")
        return (
            words.replace("{first}", count_text(only_first + both))
            .replace("{second}", count_text(only_second + both))
            .replace("{a}", first)
            .replace("{b}", second)
        )

    def _waterfall(self, found: Gap) -> Waterfall:
        worn, match = self.look.theme, found.match
        document = self.session.document if self.duels.gaps.is_current else match.document
        first, second = found.first or 0.0, found.second or 0.0
        ends = list(accumulate((part.gap for part in found.parts), initial=first))
        bars = [self._total(found, 0, first)]
        for part, start, end in zip(found.parts, ends, ends[1:], strict=False):
            name, text = part_name(document, found, part), self._signed(part.gap)
            bars.append(Bar(name, start, end, text, self._tip(found, part, name)))
        bars.append(self._total(found, 1, second))
        colours = worn.model(match.first), worn.model(match.second)
        return Waterfall(tuple(bars), (colours[1], colours[0]), colours, self._chosen(found))

    def _total(self, found: Gap, side: int, mean: float) -> Bar:
        model = found.match.models[side]
        tip = self.tr("Mean loss over the {count} whose losses are finite under both models")
        tip = tip.format(count=counted(self.session, found.pairs))
        if found.infinite[side] + found.infinite[2]:
            tip += "\n" + self.tr("With the others it is ∞.")
        text = loss_text(mean * self._per_nat)
        return Bar(cut(model.name, 24), mean, mean, text, tip, total=True)

    def _tip(self, found: Gap, part: Part, name: str) -> str:
        first, second = (cut(model.name, 24) for model in found.match.models)
        unit = self.session.document.settings.unit.value
        lines = [f"{name}: {counted(self.session, part.pairs)}"]
        for model, sum_of in ((first, part.first), (second, part.second)):
            words = self.tr("{model}: mean loss {loss} {unit} there")
            mean = sum_of / part.pairs * found.pairs
            lines.append(
                words.replace("{loss}", loss_text(mean * self._per_nat))
                .replace("{unit}", unit)
                .replace("{model}", model)
            )
        if found.difference:
            words = self.tr("{part} of the difference of {whole}: {share}")
            share = part.gap / found.difference
            told = share_text(abs(share)) if share >= 0 else "−" + share_text(-share)
            lines.append(words.format(part=self._signed(part.gap), whole=self._signed(found.difference), share=told))
        return "\n".join(lines)

    @property
    def _per_nat(self) -> float:
        return self.session.document.settings.unit.per_nat

    def _signed(self, nats: float) -> str:
        text = loss_text(nats * self._per_nat)
        return text if nats <= 0 else f"+{text}"

    def _chosen(self, found: Gap) -> int | None:
        """Return the bar whose rows are those selected."""
        picked = self._picked
        if picked is None or picked[0] is not found or picked[2] is not self.session.view.selected:
            return None
        return picked[1] + 1

    # The hand

    def _choose(self, place: int) -> None:
        self.duels.break_into(Parting(self.partings.itemData(place)))

    def _pick(self, bar: int) -> None:
        """List the rows of a bar; the first and the last are the totals."""
        found = self.duels.gap()
        if found is None:
            return
        part = None if bar == INFINITE else found.parts[bar - 1]

        def chosen(pairs: Pairs) -> Chosen:
            return outcome_of(pairs, Outcome.INFINITE) if part is None else found.is_of(part, pairs)

        def search(stopped: Stopped, report: Report) -> Rows:
            return found.match.where(chosen, stopped, report)

        self.session.find(search, partial(self._show, found, bar - 1 if part else INFINITE - 1))

    def _show(self, found: Gap, part: int, elements: Rows) -> None:
        self._picked = (found, part, elements)
        current = int(elements[0]) if len(elements) else None
        self.session.look(selected=elements, current=current, shown=Shown.SELECTED)


def part_name(document: Document, found: Gap, part: Part) -> str:
    """Return what a part of the difference is called."""
    if len(part.keys) != 1:
        return _rest_name(found, part)
    key = part.keys[0]
    if found.parting is Parting.ROW:
        return element_name(document, key)
    if found.parting is Parting.SCORE:
        return _tenth(key)
    if found.parting is Parting.CATEGORY or one_answer(document):
        return cut(document.categories[key], 30)
    words = {1: translate("waterfall", "yes"), 0: translate("waterfall", "no"), SOFT: translate("waterfall", "soft")}
    return words[key]


def _rest_name(found: Gap, part: Part) -> str:
    if found.parting is Parting.ROW:
        return translate("waterfall", "the other {count}").format(count=count_text(part.pairs))
    return translate("waterfall", "{count} other categories").format(count=count_text(len(part.keys)))


def _tenth(key: int) -> str:
    low, high = f"{key / TENTHS:.1f}", f"{(key + 1) / TENTHS:.1f}"
    words = translate("waterfall", "p {low}–{high}")
    return words.format(low=low, high=high)


def _parting_words(parting: Parting) -> str:
    return {
        Parting.LABEL: translate("waterfall", "by label"),
        Parting.SCORE: translate("waterfall", "by score"),
        Parting.CATEGORY: translate("waterfall", "by category"),
        Parting.ROW: translate("waterfall", "by row"),
    }[parting]
