"""The Threshold workspace: from probabilities to decisions."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

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
from xentviz.ui.window.panel_page import OfPage, PanelPage, PanelRow


class ThresholdWorkspace(PanelPage):
    """Scores and decisions above; curves, or a card for each category; the best threshold and the share of yes."""

    said = Signal(str)

    distribution, confusion = OfPage(DistributionPanel), OfPage(ConfusionPanel)
    roc, precision_recall, metrics = OfPage(RocPanel), OfPage(PrecisionRecallPanel), OfPage(MetricsPanel)
    cards, averages = OfPage(CategoryCardsPanel), OfPage(AveragesPanel)
    optimum, prevalence = OfPage(OptimumPanel), OfPage(PrevalencePanel)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.curves = tool_button(self.tr("Curves"), self.tr("Show what every threshold would do"), checkable=True)
        self.categories = tool_button(
            self.tr("Categories"), self.tr("Show a card for each category, and averages over them"), checkable=True
        )
        rows = (
            PanelRow((DistributionPanel, ConfusionPanel), (60, 40), 272),
            PanelRow((RocPanel, PrecisionRecallPanel, MetricsPanel), (30, 35, 35), 242, self._of_curves),
            PanelRow((CategoryCardsPanel, AveragesPanel), (64, 36), 242, self._by_category, width=820),
            PanelRow((OptimumPanel, PrevalencePanel), (62, 38), 216),
        )
        self.lay_out(rows, self._choices(), self._has_several)
        session.document_changed.connect(self._on_document)
        self.curves.setChecked(True)

    def take(self, panel: Panel) -> None:
        """Pass on what the panel says, if it speaks."""
        super().take(panel)
        if isinstance(panel, (DistributionPanel, OptimumPanel, PrevalencePanel)):
            panel.said.connect(self.said)

    def _choices(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        group = QButtonGroup(box)
        for button in (self.curves, self.categories):
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        group.buttonToggled.connect(self.arrange)
        return box

    def _has_several(self) -> bool:
        return len(self._session.document.categories) > 1

    def _by_category(self) -> bool:
        return self._has_several() and self.categories.isChecked()

    def _of_curves(self) -> bool:
        return not self._by_category()

    def _on_document(self, change: Change) -> None:
        """Arrange the page for other questions; a threshold that is dragged moves no panel."""
        if change & (Change.TASK | Change.CATEGORIES):
            self.arrange()
