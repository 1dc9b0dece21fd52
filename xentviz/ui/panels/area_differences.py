"""How much larger the areas under the curves are than the reference model's, and whether that may be luck."""

import math

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from xentviz.core.area_errors import AreaGap, AreaGaps
from xentviz.core.document import Change
from xentviz.session.scores import Scores
from xentviz.session.session import Session
from xentviz.ui.numbers import count_text, loss_text
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.score_words import area_verdict, short, signed
from xentviz.ui.theme import Look
from xentviz.ui.widgets.forest_plot import ForestLine, ForestPlot, Spot
from xentviz.ui.widgets.labels import label
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.words import cut, second_model

translate = QCoreApplication.translate


class AreaDifferencesPanel(Panel):
    """A line a model: the differences of its AUC and its average precision to the reference's."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS | Change.THRESHOLDS)
    turns_later = 3

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.scores = session.part(Scores)
        self.title = PanelTitle(self.tr("Area differences"), self._explanation(), parent=self)
        self.plot = ForestPlot(look)
        self.plot.setAccessibleName(self.tr("Differences of areas under the curves"))
        self._empty, self.note = label(), label(size="small")
        self._empty.setWordWrap(True)
        self.note.setWordWrap(True)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setWidget(self.plot)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self._empty)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.note)
        self.scores.changed.connect(self.mark_stale_in_turn)
        self.plot.picked.connect(self._pick)

    def _explanation(self) -> str:
        return self.tr(
            "Each dot is by how much a model’s area under the curve is larger than the reference’s: to the right of 0 "
            "it is better. The bar is the 95 % interval of that difference. Where it holds 0 the dot is hollow: these "
            "rows cannot tell which of the two ranks better, however different the curves look.\n\n"
            "AUC is the chance that a yes scores above a no; its difference is tested as DeLong, DeLong and "
            "Clarke-Pearson do. AP is the average precision, which looks hardest at the top of the ranking. p is the "
            "chance of a difference at least as large if the areas of both models were equal.\n\n"
            "Both models rank the same rows and mostly stumble over the same ones, so their difference is surer than "
            "either area alone. With several categories it is the mean over those where it is defined; choose one to "
            "see it alone. Areas say nothing about calibration: a model can rank better and have the higher loss."
        )

    def refresh(self) -> None:
        session = self.session
        models = session.document.models
        reason = self._empty_reason()
        self._empty.setText(reason)
        self._empty.setVisible(bool(reason))
        for widget in (self._scroll, self.note):
            widget.setVisible(not reason)
        self.title.number.setText("")
        if reason:
            return
        reference = short(models[session.reference].name)
        self.title.number.setText(self.tr("against {name}").replace("{name}", reference))
        others = [m for m in range(len(models)) if m != session.reference]
        heads = (self.tr("AUC"), self.tr("average precision"))
        if session.view.category is None and len(session.document.categories) > 1:
            heads = (self.tr("macro AUC"), self.tr("macro AP"))
        ends = (self.tr("← worse"), self.tr("better →"))
        self.plot.show_lines(heads, [self._line(m) for m in others], ends, session.view.model)
        self._draw_note(others)

    def _empty_reason(self) -> str:
        if len(self.session.document.models) < 2:
            return second_model()
        return ""

    def _line(self, model: int) -> ForestLine:
        gaps = self.scores.gap(model)
        parts = (None, None) if gaps is None else (gaps.roc_auc, gaps.average_precision)
        name = self.session.document.models[model].name
        return ForestLine(model, cut(name, 40), tuple(self._spot(part, name) for part in parts))

    def _spot(self, gap: AreaGap | None, name: str) -> Spot:
        if gap is None:
            return Spot(math.nan, None, "…", self.tr("Being worked out"))
        verdict = area_verdict(gap)
        if gap.difference is None:
            return Spot(math.nan, None, verdict, self.tr("It needs a yes and a no that both models scored."))
        words = f"{_difference_words(gap.difference)}; {verdict}" if gap.difference else verdict
        tip = self.tr("{name}: {difference}").replace("{difference}", signed(gap.difference))
        if gap.interval is not None:
            low, high = gap.interval
            tip += " · " + self.tr("95 % interval {low} to {high}").format(low=signed(low), high=signed(high))
        return Spot(gap.difference, gap.interval, words, tip.replace("{name}", cut(name)) + "\n" + verdict)

    def _draw_note(self, others: list[int]) -> None:
        """Say over how many categories the differences are, and whether they are still those from before."""
        found: list[AreaGaps] = [gaps for m in others if (gaps := self.scores.gap(m)) is not None]
        categories = len(self.session.document.categories)
        category = self.session.view.category
        words = []
        if category is not None and categories > 1:
            name = short(self.session.document.categories[category])
            words.append(self.tr("of {name} alone").replace("{name}", name))
        elif categories > 1 and found:
            pattern = self.tr("mean over {defined} of {all} categories")
            words.append(pattern.format(defined=count_text(found[0].defined), all=count_text(categories)))
        if not self.scores.gaps.is_current and found:
            words.append(self.tr("being worked out anew …"))
        words.append(self.tr("hollow: the interval holds 0"))
        self.note.setText(" · ".join(words))

    def _pick(self, model: int) -> None:
        self.session.look(model=model)


def _difference_words(difference: float) -> str:
    """Return by how much an area is larger or smaller."""
    words = translate("area_differences", "{amount} higher")
    if difference < 0:
        words = translate("area_differences", "{amount} lower")
    return words.format(amount=loss_text(abs(difference)))
