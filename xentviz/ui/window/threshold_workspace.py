"""The Threshold workspace: from probabilities to decisions, in rows of panels of which any may fill the page."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSlider,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

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
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.threshold_hand import ThresholdHand
from xentviz.ui.widgets.tool_button import tool_button

HEIGHTS = (272, 242, 216)
"""Of the panels in each row at least, in pixels of the ordinary size of type; a lower window scrolls through them."""

WIDTH_OF_TWO, WIDTH_OF_THREE = 900, 740
"""How wide the page must be, in those pixels, for panels to stand side by side and not one below the other."""


class ThresholdWorkspace(QWidget):
    """Scores and decisions above; curves, or a card for each category; the best threshold and the share of yes."""

    said = Signal(str)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._look = session, look
        self.distribution = DistributionPanel(session, look)
        self.confusion = ConfusionPanel(session, look)
        self.roc = RocPanel(session, look)
        self.precision_recall = PrecisionRecallPanel(session, look)
        self.metrics = MetricsPanel(session, look)
        self.cards = CategoryCardsPanel(session, look)
        self.averages = AveragesPanel(session, look)
        self.optimum = OptimumPanel(session, look)
        self.prevalence = PrevalencePanel(session, look)
        self._rows = (
            _Row((self.distribution, 60), (self.confusion, 40)),
            _Row((self.roc, 30), (self.precision_recall, 35), (self.metrics, 35)),
            _Row((self.cards, 64), (self.averages, 36)),
            _Row((self.optimum, 62), (self.prevalence, 38)),
        )
        self._enlarged: Panel | None = None
        self.curves = tool_button(self.tr("Curves"), self.tr("Show what every threshold would do"), checkable=True)
        self.categories = tool_button(
            self.tr("Categories"), self.tr("Show a card for each category, and averages over them"), checkable=True
        )
        self._page, self._choice = QWidget(), self._choices()
        self._scroll = QScrollArea(widgetResizable=True)
        self._lay_out()
        for panel in self.panels:
            for title in panel.findChildren(PanelTitle):
                title.enlarged.connect(partial(self.enlarge, panel))
        for kind in (QSlider, QComboBox, ThresholdHand):
            for widget in self._page.findChildren(kind):
                widget.installEventFilter(self)
        for curves in (self.roc, self.precision_recall, self.metrics):
            curves.plot.viewport().setFocusProxy(curves.plot)
            curves.plot.viewport().installEventFilter(self)
        for speaker in (self.distribution, self.optimum, self.prevalence):
            speaker.said.connect(self.said)
        session.document_changed.connect(self._on_document)
        look.changed.connect(self._arrange)
        self.curves.setChecked(True)

    @property
    def panels(self) -> Sequence[Panel]:
        """All panels, row by row."""
        return (
            self.distribution, self.confusion, self.roc, self.precision_recall, self.metrics, self.cards, self.averages,
            self.optimum, self.prevalence,
        )  # fmt: skip

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
        group.buttonToggled.connect(self._arrange)
        return box

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self._page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        first, *others = self._rows
        layout.addWidget(first, HEIGHTS[0])
        layout.addWidget(self._choice)
        for row, height in zip(others, (HEIGHTS[1], HEIGHTS[1], HEIGHTS[2]), strict=True):
            layout.addWidget(row, height)
        self._scroll.setWidget(self._page)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(self._scroll)

    def enlarge(self, panel: Panel) -> None:
        """Let a panel fill the page, or go back if it does."""
        self._enlarged = None if self._enlarged is panel else panel
        self._arrange()
        self._scroll.verticalScrollBar().setValue(0)

    def _on_document(self, change: Change) -> None:
        """Arrange the page for other questions; a threshold that is dragged moves no panel."""
        if change & (Change.TASK | Change.CATEGORIES):
            self._arrange()

    def _arrange(self, *_what: object) -> None:
        """Show the rows that are asked for, or the one panel that fills the page."""
        several = self.averages.applies
        by_category = several and self.categories.isChecked()
        if self._enlarged in (self.cards, self.averages) and not by_category:
            self._enlarged = None
        shown = (True, not by_category, by_category, True)
        px = self._look.theme.px
        for row, wanted, height in zip(self._rows, shown, (*HEIGHTS[:2], *HEIGHTS[1:]), strict=True):
            panels = [panel for panel in self.panels if panel.parent() is row]
            for panel in panels:
                panel.setVisible(self._enlarged in (None, panel) and (panel is not self.cards or self.cards.applies))
            row.setVisible(wanted and (self._enlarged is None or self._enlarged in panels))
            below = self.width() < px(WIDTH_OF_THREE if len(panels) == 3 else WIDTH_OF_TWO)
            row.setOrientation(Qt.Orientation.Vertical if below else Qt.Orientation.Horizontal)
            row.keep_height((px(height) * (len(panels) if below else 1)) if self._enlarged is None else 0)
        self._choice.setVisible(several and self._enlarged is None)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the wheel scroll a long page, and not change what only happens to pass below the pointer."""
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return False
        passing = not watched.hasFocus() and self._scroll.verticalScrollBar().maximum() > 0
        if passing:
            event.ignore()
        return passing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._enlarged is not None:
            self.enlarge(self._enlarged)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


class _Row(QSplitter):
    """Panels side by side, each with its share of the width."""

    def __init__(self, *panels: tuple[Panel, int]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._least = 0
        self.setChildrenCollapsible(False)
        self.setHandleWidth(8)
        for place, (panel, share) in enumerate(panels):
            self.addWidget(panel)
            self.setStretchFactor(place, share)
        self.setSizes([10 * share for _, share in panels])

    def keep_height(self, least: int) -> None:
        """Be so high at least, and higher where what a panel shows needs more."""
        if least != self._least:
            self._least = least
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, self._least))
