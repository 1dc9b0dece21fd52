"""The numbers beside the duel: a bar of wins, and a table whose numbers list their rows."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from xentviz.core.duel import Outcome
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import SteadyLabel, label
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.widgets.win_bar import DottedName, WinBar

LINES: tuple[tuple[Outcome | None, Outcome | None], ...] = (
    (Outcome.FIRST_WINS, Outcome.ONLY_FIRST),
    (Outcome.SECOND_WINS, Outcome.ONLY_SECOND),
    (Outcome.TIES, Outcome.WRONG_APART),
    (Outcome.INFINITE, None),
)
"""Of the table: whose losses are lower, and who alone is right; neither; and infinite losses."""

MODELS = 2
"""So many of the lines, the first, are of a model."""

LEAST, FLAT = 190, 300
"""How wide it is at least, and from which width on a line holds a model and its numbers; in unscaled pixels."""


class DuelNumbers(QWidget):
    """Where it is narrow, a model's numbers stand below its name, and what the bar shows is not said in words too."""

    def __init__(self, look: Look, asked: Callable[[Outcome], None]) -> None:
        super().__init__()
        self._look, self._asked = look, asked
        self.wins, self.luck = SteadyLabel("small"), SteadyLabel("small")
        for words in (self.wins, self.luck):
            words.setWordWrap(True)
            words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.bar = WinBar(look)
        self.buttons = {outcome: self._button(outcome) for outcome in Outcome}
        self.names = [DottedName(look) for _line in LINES]
        self._heads = [label(title, size="small", parent=self) for title in self._titles()]
        self._table, self._flat = QGridLayout(), True
        self._lay_out()

    def _titles(self) -> tuple[str, str]:
        return self.tr("lower loss"), self.tr("alone right")

    def _button(self, outcome: Outcome) -> QToolButton:
        button = tool_button("", self.tr("List these rows in the table"))
        button.setProperty("compact", True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(partial(self._asked, outcome))
        return button

    def _lay_out(self) -> None:
        self._table.setContentsMargins(0, 0, 0, 0)
        self._table.setHorizontalSpacing(8)
        self._table.setVerticalSpacing(3)
        self._table.setColumnStretch(0, 1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        lines.addWidget(self.wins)
        lines.addWidget(self.bar)
        lines.addLayout(self._table)
        lines.addWidget(self.luck)
        lines.addStretch(1)
        self._place()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(LEAST), super().minimumSizeHint().height())

    # The table

    def show_outcome(self, outcome: Outcome, text: str, *, shown: bool) -> None:
        """Show how many rows had this outcome, or leave it out."""
        button = self.buttons[outcome]
        if button.isHidden() == shown:
            button.setVisible(shown)
        if outcome is Outcome.INFINITE and self.names[3].isHidden() == shown:
            self.names[3].setVisible(shown)
        if button.text() != text:
            button.setText(text)

    def _place(self) -> None:
        """Put names and numbers where they belong, and a model's name on a line of its own where it is narrow."""
        table = self._table
        while table.count():
            table.takeAt(0)
        self.wins.setVisible(self._flat)
        for column, head in enumerate(self._heads, start=1):
            table.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight)
        for line, (name, outcomes) in enumerate(zip(self.names, LINES, strict=True)):
            above = not self._flat and line < MODELS
            table.addWidget(name, 2 * line + 1, 0, 1, 3 if above else 1)
            for column, outcome in enumerate(outcomes, start=1):
                if outcome is not None:
                    table.addWidget(self.buttons[outcome], 2 * line + 1 + above, column)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        flat = self.width() >= self._look.theme.px(FLAT)
        if flat != self._flat:
            self._flat = flat
            self._place()
