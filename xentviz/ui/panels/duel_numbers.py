"""The numbers beside the duel: a bar of wins, and a table whose numbers list their rows."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

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

LEAST, FLAT = 190, 300
"""How wide it is at least, and from which width on a line holds a name and both its numbers; in unscaled pixels."""


class DuelNumbers(QWidget):
    """Where it is narrow, each number has a line of its own below the name."""

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
        self._captions = {
            outcome: self._caption(line) for pair in LINES for line, outcome in enumerate(pair) if outcome
        }
        self._table, self._flat = QGridLayout(), True
        self._lay_out()

    def _titles(self) -> tuple[str, str]:
        return self.tr("lower loss"), self.tr("alone right")

    def _caption(self, column: int) -> QLabel:
        return label(self._titles()[column], size="small", parent=self)

    def _button(self, outcome: Outcome) -> QToolButton:
        button = tool_button("", self.tr("List these rows in the table"))
        button.setProperty("compact", True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(partial(self._asked, outcome))
        return button

    def _lay_out(self) -> None:
        self._table.setContentsMargins(0, 0, 0, 0)
        self._table.setHorizontalSpacing(8)
        self._table.setVerticalSpacing(4)
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
            self._show_captions()
        if outcome is Outcome.INFINITE and self.names[3].isHidden() == shown:
            self.names[3].setVisible(shown)
        if button.text() != text:
            button.setText(text)

    def _show_captions(self) -> None:
        for title in self._heads:
            title.setVisible(self._flat)
        for outcome, caption in self._captions.items():
            caption.setVisible(not self._flat and not self.buttons[outcome].isHidden())

    def _place(self) -> None:
        """Put names and numbers where they belong, in three columns or in two."""
        table = self._table
        while table.count():
            table.takeAt(0)
        side = Qt.AlignmentFlag.AlignRight
        if self._flat:
            for column, head in enumerate(self._heads, start=1):
                table.addWidget(head, 0, column, side)
        for line, (name, outcomes) in enumerate(zip(self.names, LINES, strict=True)):
            first = 1 + line if self._flat else 3 * line
            table.addWidget(name, first, 0, 1, 1 if self._flat else 2)
            for column, outcome in enumerate(outcomes):
                if outcome is None:
                    continue
                button = self.buttons[outcome]
                if self._flat:
                    table.addWidget(button, first, 1 + column)
                else:
                    table.addWidget(self._captions[outcome], first + 1 + column, 0)
                    table.addWidget(button, first + 1 + column, 1)
        self._show_captions()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        flat = self.width() >= self._look.theme.px(FLAT)
        if flat != self._flat:
            self._flat = flat
            self._place()
