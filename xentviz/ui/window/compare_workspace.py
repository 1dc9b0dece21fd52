"""The Compare workspace: which model is better, where, and is it luck?"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from xentviz.session.session import Session
from xentviz.ui.panels.agreement import AgreementPanel
from xentviz.ui.panels.area_differences import AreaDifferencesPanel
from xentviz.ui.panels.budget import BudgetPanel
from xentviz.ui.panels.difference_matrix import DifferenceMatrixPanel
from xentviz.ui.panels.duel import DuelPanel
from xentviz.ui.panels.loss_distributions import DistributionsPanel
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.precision_recall import PrecisionRecallPanel
from xentviz.ui.panels.reliability import ReliabilityPanel
from xentviz.ui.panels.roc import RocPanel
from xentviz.ui.panels.score_table import ScoreTablePanel
from xentviz.ui.panels.slice_pictures import SlicePicturesPanel
from xentviz.ui.panels.slices import SlicesPanel
from xentviz.ui.panels.temperature import TemperaturePanel
from xentviz.ui.panels.waterfall import WaterfallPanel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.window.panel_page import PanelPage, PanelRow

HEIGHT = 340
"""Of what is chosen below the scoreboard, at least, in pixels of the ordinary size of type."""

SHARE_OF_TABLE = 0.4
"""Of the height the scoreboard takes at most, where that is enough for two models."""


class CompareWorkspace(PanelPage):
    """The scoreboard above; below it one side of the comparison at a time."""

    said = Signal(str)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.scores = ScoreTablePanel(session, look)
        self.duel, self.waterfall = DuelPanel(session, look), WaterfallPanel(session, look)
        self.reliability, self.temperature = ReliabilityPanel(session, look), TemperaturePanel(session, look)
        self.roc, self.precision_recall = RocPanel(session, look), PrecisionRecallPanel(session, look)
        self.areas = AreaDifferencesPanel(session, look)
        self.budget, self.distributions = BudgetPanel(session, look), DistributionsPanel(session, look)
        self.difference, self.agreement = DifferenceMatrixPanel(session, look), AgreementPanel(session, look)
        self.slices, self.pictures = SlicesPanel(session, look), SlicePicturesPanel(session, look)
        self.sides: dict[str, QToolButton] = {}
        choices = self._choices()
        rows = (
            PanelRow((self.scores,), (1,), 0),
            self._row("rows", (self.duel, self.waterfall), (60, 40)),
            self._row("calibration", (self.reliability, self.temperature), (60, 40)),
            self._row("curves", (self.roc, self.precision_recall, self.areas), (31, 32, 37)),
            self._row("losses", (self.budget, self.distributions), (50, 50)),
            self._row("decisions", (self.difference, self.agreement), (50, 50)),
            self._row("slices", (self.slices, self.pictures), (50, 50)),
        )
        self.lay_out(rows, choices)
        for panel in self.panels:
            if hasattr(panel, "said"):
                panel.said.connect(self.said)
        self.choose("rows")

    def arrange(self, *what: object) -> None:
        """Let the scoreboard be as high as it wants, and what is below it have the rest."""
        self.scores.take_room(int(self.height() * SHARE_OF_TABLE))
        super().arrange(*what)

    def _row(self, side: str, panels: tuple[Panel, ...], shares: tuple[int, ...]) -> PanelRow:
        return PanelRow(panels, shares, HEIGHT, partial(self._is_chosen, side))

    def _is_chosen(self, side: str) -> bool:
        return self.sides[side].isChecked()

    @property
    def side(self) -> str:
        """The side that is shown."""
        return next(side for side, button in self.sides.items() if button.isChecked())

    def choose(self, side: str) -> None:
        """Show another side."""
        self.sides[side].setChecked(True)

    def _choices(self) -> QWidget:
        words = {
            "rows": (self.tr("Row by row"), self.tr("Which rows one model does better on, and what that amounts to")),
            "calibration": (self.tr("Calibration"), self.tr("Whether what is scored 0.8 comes true 8 times in 10")),
            "curves": (self.tr("Curves"), self.tr("How well scores put yes above no")),
            "losses": (self.tr("Losses"), self.tr("How losses and scores are distributed, and what the worst cost")),
            "decisions": (self.tr("Decisions"), self.tr("What the models decide differently at their thresholds")),
            "slices": (self.tr("Slices"), self.tr("The scoreboard of parts of the rows")),
        }
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        group = QButtonGroup(box)
        for side, (text, tip) in words.items():
            self.sides[side] = button = tool_button(text, tip, checkable=True)
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        group.buttonToggled.connect(self.arrange)
        return box
