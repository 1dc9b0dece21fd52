"""The best threshold for a goal: where it is, how little the rows settle it, and what it would bring."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from xentviz.core import metrics
from xentviz.core.document import Change
from xentviz.core.goals import Aim, Costs, Goal
from xentviz.core.outcomes import Outcomes, predicted_share
from xentviz.core.told import several_answers
from xentviz.session.operating import Best
from xentviz.session.session import Session
from xentviz.ui.numbers import UNDEFINED, count_text, loss_text, score_text
from xentviz.ui.panels.goal_words import aim_words, goal_value_text, undefined_reason, value_name
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.threshold_choice import set_threshold
from xentviz.ui.theme import Look
from xentviz.ui.widgets.dot import Dot
from xentviz.ui.widgets.labels import SteadyLabel, label, plain_tip, set_tone
from xentviz.ui.widgets.number_line import NumberLine
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.words import as_if, counted_answers, counted_rows, cut

PRICES = ("true_positive", "false_positive", "false_negative", "true_negative")
MOST_PRICE = 1e9
PENDING = "…"


class OptimumPanel(Panel):
    """A goal, and for every model the threshold that serves it best."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS)
    turns_later = 7

    said = Signal(str)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        session.operating.changed.connect(self.mark_stale_in_turn)
        self.aims = QComboBox(self)
        self.aims.setAccessibleName(self.tr("What the threshold is to be best for"))
        for place, (aim, (name, tip)) in enumerate(aim_words().items()):
            self.aims.addItem(name, aim)
            self.aims.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        self.number = NumberLine(self)
        self.prices = {name: NumberLine(self) for name in PRICES}
        self._prices = QWidget(self)
        self.title = PanelTitle(self.tr("Best threshold"), self._explanation(), self.aims, self.number, parent=self)
        self._headings = [label(size="small") for _ in range(4)]
        self._rows: list[_Row] = []
        self._grid = QGridLayout()
        self._note, self._warning = label(size="small"), label(size="small")
        self._lay_out()
        self._connect()

    def _explanation(self) -> str:
        return self.tr(
            "No threshold is best in itself: it depends on what mistakes cost. Choose a goal, and every score of every "
            "model is tried as a threshold.\n\n"
            "The interval comes from drawing as many rows anew, with replacement, 1,000 times, and choosing the "
            "threshold for each of these resamples: 95 % of those chosen lie within it. If it is wide, these rows "
            "hardly say where the threshold belongs. A threshold also looks better on the rows it was chosen on than "
            "on new ones; by how much is estimated from the same resamples.\n\n"
            "Of equally good thresholds the highest is taken. Try a price of 5 for a miss: the best threshold falls."
        )

    def _lay_out(self) -> None:
        prices = QHBoxLayout(self._prices)
        prices.setContentsMargins(0, 0, 0, 0)
        prices.setSpacing(6)
        words = {
            "true_positive": (self.tr("hit"), self.tr("The price of a yes that is right; below 0 it gains")),
            "false_positive": (self.tr("false alarm"), self.tr("The price of a yes that is wrong")),
            "false_negative": (self.tr("miss"), self.tr("The price of a no that is wrong")),
            "true_negative": (self.tr("right no"), self.tr("The price of a no that is right")),
        }
        for name, line in self.prices.items():
            text, tip = words[name]
            line.range = (-MOST_PRICE, MOST_PRICE)
            line.setToolTip(tip)
            line.setAccessibleName(tip)
            prices.addWidget(label(text, "small"))
            prices.addWidget(line)
        prices.addStretch(1)
        for column, heading in enumerate(self._headings, start=2):
            self._grid.addWidget(heading, 0, column, Qt.AlignmentFlag.AlignRight)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        for note in (self._note, self._warning):
            note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 8)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self._prices)
        layout.addLayout(self._grid)
        layout.addWidget(self._warning)
        layout.addWidget(self._note)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.aims.activated.connect(lambda place: self._seek(aim=Aim(self.aims.itemData(place))))
        self.number.entered.connect(self._take_number)
        self.number.refused.connect(partial(self._refuse, ""))
        for name, line in self.prices.items():
            line.entered.connect(partial(self._take_price, name))
            line.refused.connect(partial(self._refuse, name))

    # Drawing

    def refresh(self) -> None:
        goal = self.session.view.deciding.goal
        self._draw_goal(goal)
        texts = (self.tr("best T"), self.tr("95 % of resamples"), self.tr("{value} there"), self.tr("{value} at T"))
        for heading, text in zip(self._headings, texts, strict=True):
            heading.setText(text.format(value=value_name(goal)))
        models = self.session.document.models
        while len(self._rows) < len(models):
            before = self._rows[-1].button if self._rows else self.prices[PRICES[-1]]
            self._rows.append(_Row(self, len(self._rows), self._grid))
            self.setTabOrder(before, self._rows[-1].button)
        bests = [self._best(m, goal) for m in range(len(models))]
        for m, row in enumerate(self._rows):
            row.set_visible(m < len(models))
            if m < len(models):
                row.dot.set_colour(self.look.theme.model(m), self.look.theme.px(8))
                self._draw_row(row, m, bests[m], goal)
        between = 16 if self.wide else 8
        if self._grid.horizontalSpacing() != between:  # setting it lays out anew
            self._grid.setHorizontalSpacing(between)
        self._hold_still(waiting=self._awaited and None in bests)
        self._draw_number(bests)
        self._draw_notes(goal, bests)

    def _draw_number(self, bests: list[Best | None]) -> None:
        """Show the chosen model's best threshold beside the title."""
        model = self.session.view.model
        best = bests[model] if model < len(bests) else None
        found = None if best is None else best.optimum
        text = "" if found is None else self.tr("T {value}").format(value=score_text(found.threshold))
        self.title.number.setText(PENDING if self._awaited and bests else text)
        self.title.number.setToolTip(self.tr("The best threshold of the chosen model") if text else "")

    @property
    def _awaited(self) -> bool:
        """Whether what stands here is still to be replaced."""
        return not self.session.operating.bests.is_current

    def _best(self, model: int, goal: Goal) -> Best | None:
        """Return the best threshold of a model for this goal, None before it is known: not that of another goal."""
        best = self.session.operating.best(model)
        return best if best is not None and best.goal == goal else None

    def _hold_still(self, *, waiting: bool) -> None:
        """Keep the columns as wide, and the warning as high, as they are while there is nothing to say."""
        for column in range(2, 6):
            least = self._grid.cellRect(0, column).width() if waiting else 0
            if self._grid.columnMinimumWidth(column) != least:  # setting it lays out anew
                self._grid.setColumnMinimumWidth(column, least)
        self._warning.setMinimumHeight(self._warning.height() if waiting else 0)

    def _draw_goal(self, goal: Goal) -> None:
        self.aims.setCurrentIndex(self.aims.findData(goal.aim))
        self.aims.setToolTip(aim_words()[goal.aim][1])
        with_beta, with_target = goal.aim is Aim.F_BETA, goal.aim in (Aim.PRECISION, Aim.RECALL)
        self.number.setVisible(with_beta or with_target)
        self.number.setFixedWidth(self.look.theme.px(72))
        self.number.range = (1e-3, 1e3) if with_beta else (0.0, 1.0)
        self.number.setAccessibleName(self.tr("β") if with_beta else self.tr("At least"))
        self.number.setToolTip(
            self.tr("β: how many times as much recall counts as precision")
            if with_beta
            else self.tr("A number from 0 to 1 that is to be reached")
        )
        self.number.show_number(f"{goal.beta if with_beta else goal.target:g}")
        self._prices.setVisible(goal.aim is Aim.COST)
        for name, line in self.prices.items():
            line.setFixedWidth(self.look.theme.px(56))
            line.show_number(f"{getattr(goal.costs, name):g}".replace("-", "−"))

    def _draw_row(self, row: "_Row", model: int, best: Best | None, goal: Goal) -> None:
        name = self.session.document.models[model].name
        row.name.setText(cut(name, 24 if self.wide else 8))
        row.name.setToolTip(plain_tip(name[:1000]))
        now = self._now(model)
        value = float("nan") if now is None else float(goal.value(now))
        row.now.setText(goal_value_text(goal, value))
        row.now.setToolTip(undefined_reason(goal) if value != value else "")
        found = None if best is None else best.optimum
        none = PENDING if best is None and self._awaited else UNDEFINED
        row.best.setText(none if found is None else score_text(found.threshold))
        row.there.setText(none if found is None else goal_value_text(goal, found.value))
        row.interval.setText(_interval(best) or none)
        row.button.setEnabled(found is not None and not self._awaited)
        reason = "" if found is not None or best is None else self.tr("No threshold serves this goal.")
        for cell in (row.best, row.there, row.interval):
            cell.setToolTip(reason)
        if not reason and best is not None and best.spread is not None and best.spread.undefined:
            pattern = self.tr("In {count} of {all} resamples no threshold serves this goal; they are left out.")
            count, resamples = count_text(best.spread.undefined), count_text(best.spread.resamples)
            row.interval.setToolTip(pattern.format(count=count, all=resamples))

    def _draw_notes(self, goal: Goal, bests: list[Best | None]) -> None:
        model = self.session.view.model
        best = bests[model] if model < len(bests) else None
        words = [self._cost_words(goal, best)] if goal.aim is Aim.COST else []
        supposed = self.session.supposed
        if self.session.of_rows:
            words.append(
                self.tr(
                    "Each category is judged against the rest, and all are added up: a row decided wrongly is a false "
                    "alarm of one category and a miss of another. The distribution above counts each row once."
                )
            )
        if supposed is not None:
            words.append(self.tr("All {as_if}.").format(as_if=as_if(supposed)))
        words.append(self.tr("Of equally good thresholds the highest."))
        self._note.setText(" ".join(word for word in words if word))
        self._warning.setText(self._warning_words(goal, best))
        held = self._warning.minimumHeight() > 0 and not self._warning.isHidden()
        self._warning.setVisible(held or bool(self._warning.text()))

    def _warning_words(self, goal: Goal, best: Best | None) -> str:
        if best is None or best.optimum is None or best.spread is None:
            return ""
        numbers = self.session.looked_at(self.session.view.model)
        known = 0 if numbers is None else numbers.known
        document = self.session.document
        counted = counted_answers if several_answers(document, self.session.view.category) else counted_rows
        optimism = best.spread.optimism
        if abs(optimism) < 0.0005:
            return self.tr("⚠ Chosen on the {known} it is judged on.").format(known=counted(known))
        pattern = (
            self.tr("⚠ Chosen on the {known} it is judged on: of new ones expect {value} to be about {by} higher.")
            if goal.aim is Aim.COST
            else self.tr("⚠ Chosen on the {known} it is judged on: of new ones expect {value} to be about {by} lower.")
        )
        return pattern.format(known=counted(known), value=value_name(goal), by=loss_text(abs(optimism)))

    def _cost_words(self, goal: Goal, best: Best | None) -> str:
        words = ""
        if best is not None and best.optimum is not None:
            words = self.tr("Saying yes as often, but at random, costs {cost} on average.").format(
                cost=loss_text(float(goal.costs.of(_at_random(best.optimum.outcomes))))
            )
        right = goal.costs.best_threshold
        if right is not None:
            words += " " + self.tr("Were the probabilities right, T = {threshold} would be best.").format(
                threshold=score_text(right)
            )
        return words

    def _now(self, model: int) -> Outcomes | None:
        counts = self.session.counts_looked_at(model)
        return None if counts is None else Outcomes.of(metrics.pooled(counts)).at_prevalence(self.session.supposed)

    # The hand

    def _seek(self, **choices: object) -> None:
        goal = self.session.view.deciding.goal
        self.session.decide(goal=replace(goal, **choices))  # type: ignore[arg-type]  # of a dataclass's own fields

    def _take_number(self, value: float) -> None:
        if value == value:
            self.said.emit("")
            self._seek(**{"beta" if self.session.view.deciding.goal.aim is Aim.F_BETA else "target": value})

    def _take_price(self, name: str, value: float) -> None:
        if value == value:
            self.said.emit("")
            costs: Costs = replace(self.session.view.deciding.goal.costs, **{name: value})
            self._seek(costs=costs)

    def _refuse(self, name: str, text: str) -> None:
        if name:
            self.said.emit(self.tr("A price is a number; “{text}” is not.").format(text=text))
        elif self.session.view.deciding.goal.aim is Aim.F_BETA:
            self.said.emit(self.tr("β is a number from 0.001 to 1000; “{text}” is not.").format(text=text))
        else:
            self.said.emit(self.tr("What is to be reached is a number from 0 to 1; “{text}” is not.").format(text=text))

    def take(self, model: int) -> None:
        """Set the best threshold of a model."""
        best = self.session.operating.best(model)
        # Of the goal, the rows and the models as they are now: what stands until the new has come is for the eye.
        if self.session.operating.bests.is_current and best is not None and best.optimum is not None:
            set_threshold(self.session, best.optimum.threshold, self.tr("Set best threshold"))


class _Row:
    """What is told of one model."""

    def __init__(self, panel: OptimumPanel, model: int, grid: QGridLayout) -> None:
        self.dot, self.name = Dot(), label()
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.best, self.interval, self.there, self.now = cells = [SteadyLabel() for _ in range(4)]
        self.best.setProperty("bold", True)
        self.button: QToolButton = tool_button(
            panel.tr("Set T"), panel.tr("Set the threshold to this model’s best one")
        )
        set_tone(self.button, "compact", True)
        self.button.clicked.connect(lambda: panel.take(model))
        place = model + 1
        grid.addWidget(self.dot, place, 0)
        grid.addWidget(self.name, place, 1)
        for column, cell in enumerate(cells, start=2):
            cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(cell, place, column, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.button, place, 6)

    def set_visible(self, shown: bool) -> None:
        """Show this row, or hide it."""
        widgets: list[QWidget] = [self.dot, self.name, self.best, self.interval, self.there, self.now, self.button]
        for widget in widgets:
            widget.setVisible(shown)


def _interval(best: Best | None) -> str:
    if best is None or best.optimum is None or best.spread is None:
        return ""
    low, high = best.spread.interval
    return f"{score_text(low)} – {score_text(high)}"


def _at_random(found: Outcomes) -> Outcomes:
    """Return what saying yes as often would come to if it were done by lot."""
    share = predicted_share(found)
    yes, no = found.true_positives + found.false_negatives, found.false_positives + found.true_negatives
    return Outcomes.reached(share * yes, share * no, yes, no)
