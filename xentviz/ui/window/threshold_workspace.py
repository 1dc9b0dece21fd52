"""The Threshold workspace: from probabilities to decisions."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from xentviz.core.document import Change
from xentviz.session.session import Session
from xentviz.ui.panels.averages import AveragesPanel
from xentviz.ui.panels.category_cards import CategoryCardsPanel
from xentviz.ui.panels.confusion import ConfusionPanel
from xentviz.ui.panels.distribution import DistributionPanel
from xentviz.ui.panels.metrics_along import MetricsPanel
from xentviz.ui.panels.optimum import OptimumPanel
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.precision_recall import PrecisionRecallPanel
from xentviz.ui.panels.prevalence import PrevalencePanel
from xentviz.ui.panels.roc import RocPanel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.window.panel_page import GAP, OfPage, PanelPage, PanelRow

HIGH, MIDDLE, LOW = 226, 200, 180
"""How high the scores, what is chosen below them, and the best threshold are at least, in pixels of the ordinary size
of type."""


class ThresholdWorkspace(PanelPage):
    """Scores and decisions above; curves, or a card for each category; the best threshold and the share of yes.

    Where the page is too low for all of them, the scores are above, and below them one side at a time.
    """

    said = Signal(str)

    distribution, confusion = OfPage(DistributionPanel), OfPage(ConfusionPanel)
    roc, precision_recall, metrics = OfPage(RocPanel), OfPage(PrecisionRecallPanel), OfPage(MetricsPanel)
    cards, averages = OfPage(CategoryCardsPanel), OfPage(AveragesPanel)
    optimum, prevalence = OfPage(OptimumPanel), OfPage(PrevalencePanel)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.curves = self._side(self.tr("Curves"), self.tr("Show what every threshold would do"))
        self.categories = self._side(
            self.tr("Categories"), self.tr("Show a card for each category, and averages over them")
        )
        self.decisions = self._side(
            self.tr("Decisions"), self.tr("Show what is decided at T, and how often yes is right")
        )
        self.best = self._side(
            self.tr("Best threshold"), self.tr("Show which threshold serves a goal best, and metrics along all of them")
        )
        rows = (
            PanelRow((DistributionPanel,), (1,), LOW, self._is_low),
            PanelRow((DistributionPanel, ConfusionPanel), (60, 40), HIGH, self._has_room),
            PanelRow((ConfusionPanel, PrevalencePanel), (70, 30), MIDDLE, partial(self._is_side, self.decisions)),
            PanelRow((RocPanel, PrecisionRecallPanel, MetricsPanel), (30, 35, 35), MIDDLE, self._of_curves),
            PanelRow((CategoryCardsPanel, AveragesPanel), (64, 36), MIDDLE, self._by_category, width=820),
            PanelRow((OptimumPanel, PrevalencePanel), (68, 32), MIDDLE, partial(self._is_side, self.best)),
            PanelRow((OptimumPanel, PrevalencePanel), (65, 35), LOW, self._has_room),
        )
        self.lay_out(rows, self._choices(), self._can_choose, above=2)
        session.document_changed.connect(self._on_document)

    def take(self, panel: Panel) -> None:
        """Pass on what the panel says, if it speaks."""
        super().take(panel)
        if isinstance(panel, (DistributionPanel, OptimumPanel, PrevalencePanel)):
            panel.said.connect(self.said)

    def arrange(self, *what: object) -> None:
        """Offer the sides that there are, and show the one that is chosen."""
        low, several = self._is_low(), self._has_several()
        self.categories.setVisible(several)
        for button in (self.decisions, self.best):
            button.setVisible(low)
            if button.isChecked() and not low:  # what it shows is there beside the curves
                self.curves.setChecked(True)
        super().arrange(*what)

    def _side(self, text: str, tip: str) -> QToolButton:
        return tool_button(text, tip, checkable=True)

    def _choices(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        group = QButtonGroup(box)
        for button in (self.curves, self.decisions, self.categories, self.best):
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.curves.setChecked(True)
        group.buttonToggled.connect(self.arrange)
        group.buttonClicked.connect(self.scroll_to_choice)
        return box

    # What is shown

    def _is_low(self) -> bool:
        """Whether the page is too low for all panels."""
        px, choice = self._look.theme.px, self.curves.sizeHint().height() + GAP if self._has_several() else 0
        return self.height() < px(HIGH) + px(MIDDLE) + px(LOW) + 2 * GAP + choice

    def _has_room(self) -> bool:
        return not self._is_low()

    def _has_several(self) -> bool:
        return len(self._session.document.categories) > 1

    def _can_choose(self) -> bool:
        return self._is_low() or self._has_several()

    def _is_side(self, button: QToolButton) -> bool:
        """Whether one side is shown, and it is the one of a button."""
        return self._is_low() and button.isChecked()

    def _by_category(self) -> bool:
        return self._has_several() and self.categories.isChecked()

    def _of_curves(self) -> bool:
        return not self._by_category() and not self._is_side(self.decisions) and not self._is_side(self.best)

    def _on_document(self, change: Change) -> None:
        """Arrange the page for other questions; a threshold that is dragged moves no panel."""
        if change & (Change.TASK | Change.CATEGORIES):
            self.arrange()
