"""Precision against recall at every threshold, of each model."""

from typing import ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from xentviz.core import outcomes
from xentviz.core.arguments import Floats
from xentviz.core.outcomes import Outcomes
from xentviz.session.session import Session
from xentviz.ui.panels.model_curves import ModelCurvesPanel, sweeps_shown
from xentviz.ui.panels.operating_panel import Keys
from xentviz.ui.panels.operating_words import (
    value_text,
    world_words,
)
from xentviz.ui.theme import Look
from xentviz.ui.widgets.operating_picture import Guide, Standing
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.scaled_axis import Scale
from xentviz.ui.widgets.tool_button import tool_button

OF_F1 = (0.2, 0.4, 0.6, 0.8)


class PrecisionRecallPanel(ModelCurvesPanel):
    """Precision over recall, as steps; the handle of each model is where T stands."""

    turns_later = 5
    onward: ClassVar[Keys] = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.log = tool_button(
            self.tr("log"), self.tr("Precision on a logarithmic axis, to read it where yes is rare"), checkable=True
        )
        self.log.toggled.connect(self.mark_stale)
        explanation = self.tr(
            "Each point of the curve is one threshold: how many of the yes it finds (recall, to the right), and how "
            "many of those it calls yes are yes (precision, upwards). The best place is the upper right corner; along "
            "each grey curve F1 is the same. The dashed line is guessing: its precision is the share of yes. Average "
            "precision, AP, is the area under the steps, with nothing drawn in between.\n\n"
            "Drag a dot along its curve, or press the arrow keys: T moves, and everything follows. Precision depends "
            "on how rare yes is: suppose another share of yes, and watch the curve sink while ROC stays. Where nothing "
            "is called yes precision is not defined: the dot is hollow.\n\n"
            "Rows with one answer in many, of all categories together, are decided for the most probable category if "
            "it reaches T: the curve shows how many of those decided are right, over how many of all rows are decided "
            "rightly."
        )
        self.lay_out(PanelTitle(self.tr("Precision–recall"), explanation, self.log))

    def empty_reason(self) -> str:
        reason = self.no_numbers()
        if reason:
            return reason
        ranking = self.session.operating.ranking(self.session.view.model)
        if ranking is None:
            return self.tr("Counting …")
        if not ranking.positives:
            return self.tr("Precision and recall need at least one row that is yes.")
        return ""

    def subjects(self) -> tuple[object, ...]:
        session = self.session
        names = tuple(model.name for model in session.document.models)
        looks = (session.view.model, session.view.category, session.supposed, self.log.isChecked())
        return (names, *looks, *sweeps_shown(session))

    def standing(self) -> Standing:
        lowest = self._lowest
        return Standing(
            x_range=(0.0, 1.0),
            y_range=(float(np.log10(lowest)), 0.0) if self.log.isChecked() else (0.0, 1.0),
            x_title=self.tr("share of rows decided rightly") if self.session.of_rows else self.tr("recall"),
            y_title=self.tr("right of decided") if self.session.of_rows else self.tr("precision"),
            traces=self.curves(),
            guides=(*map(self._of_f1, OF_F1), self._guessing()),
            y_scale=Scale.LOG if self.log.isChecked() else Scale.EVEN,
            corners=("bottom left", "top right", "bottom right", "top left"),
        )

    def note_words(self) -> str:
        of_rows = self.tr("decided: the largest p reaches T") if self.session.of_rows else ""
        return " · ".join(filter(None, (self.ranks_apart, of_rows, *world_words(self.session))))

    def show_number(self) -> None:
        found = self.areas()
        values = None if found is None else [areas.average_precision for areas in found]
        if self.session.supposed is not None and values is not None:
            values = [self._weighted_area()]
        micro = len(self.session.operating.categories) > 1 and values is not None and len(values) == 1
        undefined = self.tr("Not defined: it needs one row that is yes and one that is no.")
        whole = self.tr("Average precision of {model}: the area under the steps")
        if micro:
            whole = self.tr("Average precision of {model}: the area under the steps, all categories together")
        elif len(self.session.operating.categories) > 1:
            whole = self.tr("Average precision of {model}, of each category against the rest")
        self.show_area(
            self.tr("micro AP") if micro else self.tr("AP"), whole.format(model=self.chosen_name), values, undefined
        )

    def rates_words(self, beginning: str, found: Outcomes) -> str:
        pattern = self.tr("{beginning}\nprecision {precision} · recall {recall}")
        if self.session.of_rows:
            pattern = self.tr("{beginning}\nright of decided {precision} · of all rows {recall}")
        precision, recall = float(outcomes.precision(self.weighted(found))), float(outcomes.recall(found))
        return pattern.format(beginning=beginning, precision=value_text(precision), recall=value_text(recall))

    # Places

    def weighted(self, found: Outcomes) -> Outcomes:
        return found.at_prevalence(self.session.supposed)

    def _up(self, precision: Floats) -> Floats:
        if not self.log.isChecked():
            return precision
        return np.asarray(np.maximum(Scale.LOG.place(precision), np.log10(self._lowest)))

    def rates(self, found: Outcomes) -> tuple[Floats, Floats]:
        # Recall stays whatever the share of yes, and of none it would be lost on the way.
        return outcomes.recall(found), self._up(outcomes.precision(self.weighted(found)))

    def path(self, found: Outcomes) -> tuple[Floats, Floats]:
        """Return steps: up to the recall of a point the precision is that point's, as average precision has it."""
        recall, precision = self.rates(found)
        return np.repeat(recall, 2)[:-1], np.repeat(precision, 2)[1:]

    @property
    def _prevalence(self) -> float:
        """The precision of guessing."""
        supposed = self.session.supposed
        ranking = self.session.operating.ranking(self.session.view.model)
        assert ranking is not None, "there is a curve"
        return ranking.positives / (ranking.positives + ranking.negatives) if supposed is None else supposed

    @property
    def _lowest(self) -> float:
        """Where a logarithmic axis begins: below guessing."""
        return float(10 ** np.floor(np.log10(max(self._prevalence, 1e-9) / 2)))

    def _weighted_area(self) -> float | None:
        """Return the average precision at the supposed share of yes, of the curve that is drawn."""
        ranking = self.session.operating.ranking(self.session.view.model)
        if ranking is None or not ranking.positives or not ranking.negatives:
            return None
        precision = outcomes.precision(self.weighted(ranking.outcomes))[1:]
        gained = np.diff(outcomes.recall(ranking.outcomes))
        return None if np.isnan(precision).any() else float((gained * precision).sum())

    def _of_f1(self, f1: float) -> Guide:
        """Return the places of one F1: precision = F1 · recall / (2 recall - F1)."""
        recall = np.geomspace(f1 / (2 - f1), 1.05, 80)
        precision = np.minimum(f1 * recall / (2 * recall - f1), 1.0)
        return Guide(recall, self._up(precision), Qt.PenStyle.SolidLine, f"F1 {f1}")

    def _guessing(self) -> Guide:
        return Guide(np.array([0.0, 1.0]), self._up(np.full(2, self._prevalence)), Qt.PenStyle.DashLine)
