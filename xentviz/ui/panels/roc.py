"""The ROC curve: hits against false alarms at every threshold, of each model."""

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
from xentviz.ui.panels.operating_words import value_text
from xentviz.ui.theme import Look
from xentviz.ui.widgets.operating_picture import Guide, Standing
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.scaled_axis import Scale
from xentviz.ui.widgets.tool_button import tool_button

FINE = 400
"""Along a logarithmic axis straight lines bend: so many points draw one."""


class RocPanel(ModelCurvesPanel):
    """Recall over the false positive rate; the handle of each model is where T stands."""

    turns_later = 4
    onward: ClassVar[Keys] = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1}

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.log = tool_button(
            self.tr("log"), self.tr("False positive rate on a logarithmic axis, to read it where yes is rare"),
            checkable=True,
        )  # fmt: skip
        self.log.toggled.connect(self.mark_stale)
        explanation = self.tr(
            "Each point of the curve is one threshold: how many of the yes it finds (recall, upwards), and how many of "
            "the no it takes for yes (false positive rate, to the right). A good model rises steeply to the upper left "
            "corner; the dashed line is guessing. The area under the curve, AUC, is the chance that a yes scores above "
            "a no, ties counted half.\n\n"
            "Drag a dot along its curve, or press the arrow keys: T moves, and everything follows. Models share one T, "
            "so their dots may stand at quite different places. Draw a box to zoom, double-click to go back.\n\n"
            "Both rates are shares within yes and within no: they stay the same however rare yes is, and so does "
            "this curve, whatever share is supposed. That is why it can look good where precision is poor.\n\n"
            "Of rows with one answer in many the curve ranks by the probability of the category looked at; T decides "
            "for it only where it is the largest, and so moves along the dotted curve."
        )
        self.lay_out(PanelTitle(self.tr("ROC"), explanation, self.log))

    def empty_reason(self) -> str:
        reason = self.no_numbers()
        if reason:
            return reason
        if self.session.of_rows:
            return self.tr("Choose a category: a ROC curve sets one against the rest.")
        ranking = self.session.operating.ranking(self.session.view.model)
        if ranking is None:
            return self.tr("Counting …")
        if not ranking.positives or not ranking.negatives:
            return self.tr("A ROC curve needs rows that are yes and rows that are no.")
        return ""

    def subjects(self) -> tuple[object, ...]:
        session = self.session
        names = tuple(model.name for model in session.document.models)
        return (names, session.view.model, session.view.category, self.log.isChecked(), *sweeps_shown(session))

    def standing(self) -> Standing:
        line = np.linspace(0, 1, FINE) if self.log.isChecked() else np.array([0.0, 1.0])
        return Standing(
            x_range=(self._least, 0.0) if self.log.isChecked() else (0.0, 1.0),
            y_range=(0.0, 1.0),
            x_title=self.tr("false positive rate"),
            y_title=self.tr("recall"),
            traces=self.curves(),
            guides=(Guide(self._across(line), line, Qt.PenStyle.DashLine),),
            x_scale=Scale.LOG if self.log.isChecked() else Scale.EVEN,
            zero_at=self._least if self.log.isChecked() else None,
            corners=("bottom right", "top left", "bottom left", "top right"),
        )

    def note_words(self) -> str:
        return self.ranks_apart

    def show_number(self) -> None:
        if self.session.of_rows:
            self.show_words("", "")
            return
        found = self.areas()
        values = None if found is None else [areas.roc_auc for areas in found]
        undefined = self.tr("Not defined: it needs one row that is yes and one that is no.")
        chance = self.tr("Area under the ROC curve of {model}: the chance that a yes scores above a no")
        self.show_area(self.tr("AUC"), chance.format(model=self.chosen_name), values, undefined)

    def rates_words(self, beginning: str, found: Outcomes) -> str:
        pattern = self.tr("{beginning}\nrecall {recall} · FPR {rate}")
        recall, rate = float(outcomes.recall(found)), 1 - float(outcomes.specificity(found))
        return pattern.format(beginning=beginning, recall=value_text(recall), rate=value_text(rate))

    # Places

    @property
    def _least(self) -> float:
        """Where a logarithmic axis begins: at half a false alarm, where there is none."""
        negatives = max(source.negatives for source in sweeps_shown(self.session) if source is not None)
        return float(np.log10(0.5 / max(negatives, 1)))

    def _across(self, rate: Floats) -> Floats:
        if not self.log.isChecked():
            return rate
        return np.asarray(np.maximum(Scale.LOG.place(rate), self._least))

    def rates(self, found: Outcomes) -> tuple[Floats, Floats]:
        rate = outcomes.quotients(found.false_positives, found.false_positives + found.true_negatives)
        return self._across(rate), outcomes.recall(found)

    def path(self, found: Outcomes) -> tuple[Floats, Floats]:
        """Return straight lines from point to point; where the axis is logarithmic, what these become."""
        rate = outcomes.quotients(found.false_positives, found.false_positives + found.true_negatives)
        recall = outcomes.recall(found)
        if self.log.isChecked():
            at = np.arange(len(rate))
            between = np.linspace(0, len(rate) - 1, max(1, FINE // len(rate)) * (len(rate) - 1) + 1)
            rate, recall = np.interp(between, at, rate), np.interp(between, at, recall)
        return self._across(rate), recall
