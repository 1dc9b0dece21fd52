"""How probabilities and losses are spread, model beside model."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.counts import Integers
from xentviz.core.distributions import Measure, elements_where
from xentviz.core.document import Change
from xentviz.core.levels import Levels
from xentviz.session.budgets import Budgets, Spread
from xentviz.session.listing import same
from xentviz.session.session import Session
from xentviz.session.view import Shown
from xentviz.ui.numbers import loss_text, score_text
from xentviz.ui.panels import loss_distribution_words as words
from xentviz.ui.panels.loss_bins import Bins, loss_bins, score_bins
from xentviz.ui.panels.operating_panel import LINES
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.histogram_plot import MIRRORED, HistogramPlot, Histograms, Kind, Place, Strip
from xentviz.ui.widgets.page_or_reason import PageOrReason
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.words import cut, nothing_known

MARKS = (0.5, 0.95)
"""Which quantiles are marked."""


class DistributionsPanel(Panel):
    """Title, what is counted and how heights are, and histograms; a click on a bin lists its rows."""

    shows = Change.TASK | Change.CATEGORIES | Change.LABELS | Change.MODELS | Change.SETTINGS
    turns_later = 6

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.budgets = session.part(Budgets)
        self.what = QComboBox()
        self.what.addItems([self.tr("scores"), self.tr("losses")])
        self.what.setAccessibleName(self.tr("What is counted"))
        self.log = tool_button(
            self.tr("log heights"), self.tr("Heights as logarithms, to see the few rows that cost most"), checkable=True
        )
        self.title = PanelTitle(self.tr("Distributions"), words.explanation(), self.what, self.log)
        self.plot = HistogramPlot(look, self)
        self._bins: Bins | None = None
        self._measures: tuple[Measure, ...] = ()
        self._drawn_of: tuple[object, ...] = ()
        self._lay_out()
        self.budgets.changed.connect(self.mark_stale_in_turn)
        self.what.currentIndexChanged.connect(self.mark_stale)
        self.log.toggled.connect(self.mark_stale)
        self.plot.picked.connect(self._pick)

    def _lay_out(self) -> None:
        self.plot.setAccessibleName(self.title.text)
        self._stack = PageOrReason(self.plot)
        self.empty = self._stack.words
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 6)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self._stack, 1)

    @property
    def _of_losses(self) -> bool:
        return self.what.currentIndex() == 1

    # What is shown

    def refresh(self) -> None:
        session = self.session
        models = session.document.models
        spreads = [self.budgets.spread(m) for m in range(len(models))]
        reason = self._reason(spreads)
        if reason:
            self._drawn_of = ()
            self.title.number.setText("")
        else:
            self._draw(spreads)
        self._stack.show_reason(reason)

    def _reason(self, spreads: Sequence[Spread | None]) -> str:
        """Return why there is nothing to draw, and what to do; empty if there is."""
        if not spreads:
            return words.no_model()
        if spreads[self.session.view.model] is None:
            return words.counting()
        return "" if any(s and s.levels[Measure.LOSS].total for s in spreads) else nothing_known()

    def _draw(self, spreads: Sequence[Spread | None]) -> None:
        session = self.session
        document, view = session.document, session.view
        names = tuple(model.name for model in document.models)
        choices = (view.model, view.category, self._of_losses, self.log.isChecked())
        subjects = (self.look.theme, names, document.categories, document.task, document.settings.unit, *choices)
        if same((*subjects, *spreads), self._drawn_of):
            return
        self._drawn_of = (*subjects, *spreads)
        known = [m for m, spread in enumerate(spreads) if spread is not None]
        levels = [spread.levels for spread in spreads if spread is not None]
        self._show(known, levels)

    def _show(self, models: list[int], levels: list[dict[Measure, Levels]]) -> None:
        unit, view = self.session.document.settings.unit, self.session.view
        of_losses = [of[Measure.LOSS] for of in levels]
        self._bins = bins = loss_bins(of_losses, unit) if self._of_losses else score_bins()
        strips = words.strips(self.session.document, view.category, losses=self._of_losses)
        self._measures = tuple(measure for measure, _ in strips)
        drawn = [self._strip(measure, name, levels, bins) for measure, name in strips]
        kinds = [self._kind(m, of, mirrored=len(models) <= MIRRORED) for m, of in zip(models, levels, strict=True)]
        title = words.axis(unit, losses=self._of_losses)
        self.plot.show_picture(
            Histograms(
                bins.left, bins.right, bins.ticks, title, words.marked(), tuple(kinds), tuple(drawn),
                self.log.isChecked(), partial(self._tip, bins, drawn, kinds),
            )
        )  # fmt: skip
        chosen = levels[models.index(view.model)]
        self.title.number.shorter = self._told(chosen, "")
        self.title.number.setText(self._told(chosen, cut(self.session.document.models[view.model].name)))
        self.plot.setAccessibleDescription(self.title.number.text())

    def _kind(self, model: int, levels: dict[Measure, Levels], *, mirrored: bool) -> Kind:
        of, chosen = self.session.document.models[model], self.session.view.model
        told = self._told(levels, "") if self._of_losses else ""
        style = Qt.PenStyle.SolidLine if mirrored else LINES[model % len(LINES)]
        return Kind(cut(of.name), told, self.look.theme.model(model), style, model == chosen)

    def _told(self, levels: dict[Measure, Levels], name: str) -> str:
        """Return the marked quantiles of a model's losses, or the medians of its probabilities."""
        if self._of_losses:
            per_nat = self.session.document.settings.unit.per_nat
            found = [levels[Measure.LOSS].quantile(share) for share in MARKS]
            texts = [loss_text(None if loss is None else loss * per_nat) for loss in found]
            return words.losses_told(texts, self.session.document.settings.unit.value, name)
        medians = [(group, levels[measure].quantile(0.5)) for measure, group in self._named_groups()]
        return words.scores_told([(group, score_text(p)) for group, p in medians if p is not None], name)

    def _named_groups(self) -> list[tuple[Measure, str]]:
        return words.strips(self.session.document, self.session.view.category, losses=False)

    def _strip(self, measure: Measure, name: str, levels: list[dict[Measure, Levels]], bins: Bins) -> Strip:
        counts = [bins.count(of[measure]) for of in levels]
        return Strip(name, np.array(counts), tuple(_marks(of[measure], bins) for of in levels))

    def _tip(self, bins: Bins, strips: list[Strip], kinds: list[Kind], strip: int, place: int) -> str:
        counts: Integers = strips[strip].counts[:, place]
        document, category = self.session.document, self.session.view.category
        counted = [
            (kind.name, words.counted(document, category, int(n))) for kind, n in zip(kinds, counts, strict=True)
        ]
        name = strips[strip].name
        first = f"{name} · {bins.names[place]}" if name else bins.names[place]
        chosen = [kind.name for kind, n in zip(kinds, counts, strict=True) if kind.strong and n]
        return words.tip(first, counted, chosen[0] if chosen else "")

    # The hand

    def _pick(self, place: Place) -> None:
        """Find the rows of a bin of the chosen model, and list them."""
        if self._bins is None or not self.budgets.spreads.is_current:
            return
        strip, number = place
        if not self._chosen_has(place):
            return
        part, measure, low, high = (
            self.budgets.part(self.session.view.model),
            self._measures[strip],
            *self._bins.limits(number),
        )

        def inside(values: Floats) -> np.ndarray:
            return (values >= low) & ((values < high) | (high == np.inf))

        self.session.find(
            lambda stopped, report: elements_where(part, measure, inside, stopped, report)[0],
            partial(self._select, part.model),
        )

    def _chosen_has(self, place: Place) -> bool:
        """Return whether the chosen model has rows in a bin."""
        picture, (strip, number) = self.plot.picture, place
        chosen = [m for m, kind in enumerate(picture.kinds) if kind.strong] if picture is not None else []
        return any(picture.strips[strip].counts[m, number] for m in chosen) if picture is not None else False

    def _select(self, model: int, elements: Rows) -> None:
        current = int(elements[0]) if len(elements) else None
        self.session.look(selected=elements, current=current, model=model, shown=Shown.SELECTED)


def _marks(levels: Levels, bins: Bins) -> tuple[float, float] | None:
    """Return where the marked quantiles lie along the axis."""
    median, high = (levels.quantile(share) for share in MARKS)
    return None if median is None or high is None else (bins.place(median), bins.place(high))
