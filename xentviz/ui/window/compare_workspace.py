"""The Compare workspace: which model is better, where, and is it luck?"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QToolButton, QWidget

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
from xentviz.ui.widgets.labels import set_tone
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.window.panel_page import GAP, OfPage, PanelPage, PanelRow

HEIGHT = 288
"""Of what is chosen below the scoreboard, at least, in pixels of the ordinary size of type."""

SHARE_OF_TABLE = 0.42
"""Of the height the scoreboard takes at most, where that is enough for two models."""


WIDTH_OF_CHOICE = 620
"""Where the page is less wide, in the same pixels, the sides are chosen by small buttons."""


class CompareWorkspace(PanelPage):
    """The scoreboard above; below it one side of the comparison at a time."""

    said = Signal(str)

    scores = OfPage(ScoreTablePanel)
    duel, waterfall = OfPage(DuelPanel), OfPage(WaterfallPanel)
    reliability, temperature = OfPage(ReliabilityPanel), OfPage(TemperaturePanel)
    roc, precision_recall, areas = OfPage(RocPanel), OfPage(PrecisionRecallPanel), OfPage(AreaDifferencesPanel)
    budget, distributions = OfPage(BudgetPanel), OfPage(DistributionsPanel)
    difference, agreement = OfPage(DifferenceMatrixPanel), OfPage(AgreementPanel)
    slices, pictures = OfPage(SlicesPanel), OfPage(SlicePicturesPanel)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.sides: dict[str, QToolButton] = {}
        choices = self._choices()
        rows = (
            PanelRow((ScoreTablePanel,), (1,), 0),
            self._row("rows", (DuelPanel, WaterfallPanel), (60, 40)),
            self._row("calibration", (ReliabilityPanel, TemperaturePanel), (60, 40)),
            self._row("curves", (RocPanel, PrecisionRecallPanel, AreaDifferencesPanel), (31, 32, 37)),
            self._row("losses", (BudgetPanel, DistributionsPanel), (50, 50)),
            self._row("decisions", (DifferenceMatrixPanel, AgreementPanel), (43, 57)),
            self._row("slices", (SlicesPanel, SlicePicturesPanel), (50, 50)),
        )
        self.lay_out(rows, choices)
        self._show_side()
        session.view_changed.connect(self._show_side)

    def take(self, panel: Panel) -> None:
        """Pass on what the panel says, if it speaks."""
        super().take(panel)
        if isinstance(panel, TemperaturePanel | BudgetPanel):
            panel.said.connect(self.said)

    def arrange(self, *what: object) -> None:
        """Let the scoreboard be as high as it wants, and what is below it have the rest."""
        self.scores.take_room(int(self.height() * SHARE_OF_TABLE))
        self._fit_choices(self.width() < self._look.theme.px(WIDTH_OF_CHOICE))
        super().arrange(*what)

    def _fit_choices(self, compact: bool) -> None:
        for button in self.sides.values():
            set_tone(button, "compact", compact)
        self._buttons.setSpacing(3 if compact else GAP)

    def _row(self, side: str, kinds: tuple[type[Panel], ...], shares: tuple[int, ...]) -> PanelRow:
        return PanelRow(kinds, shares, HEIGHT, partial(self._is_chosen, side))

    def _show_side(self) -> None:
        self.sides[self._session.view.side].setChecked(True)

    def _look_at_side(self, button: QAbstractButton, checked: bool) -> None:
        if checked:
            self._session.look(side=next(side for side, one in self.sides.items() if one is button))

    def _is_chosen(self, side: str) -> bool:
        return self.sides[side].isChecked()

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
        self._buttons = row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        group = QButtonGroup(box)
        for side, (text, tip) in words.items():
            self.sides[side] = button = tool_button(text, tip, checkable=True)
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        group.buttonToggled.connect(self._look_at_side)
        group.buttonToggled.connect(self.arrange)
        group.buttonClicked.connect(self.scroll_to_choice)
        return box
