"""From probabilities to decisions: the threshold over the scores, and what it makes of every model."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from xentviz.core.document import Change
from xentviz.core.told import one_answer
from xentviz.session.session import Session
from xentviz.ui.numbers import UNDEFINED, figure_text
from xentviz.ui.panels.count_words import figures, headings, histogram_tip, rule
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.score_bars import bars, count_ahead
from xentviz.ui.panels.threshold_choice import active_category, set_threshold
from xentviz.ui.panels.threshold_mover import ThresholdMover
from xentviz.ui.theme import Look
from xentviz.ui.widgets.dot import Dot
from xentviz.ui.widgets.labels import SteadyLabel, label
from xentviz.ui.widgets.number_line import NumberLine
from xentviz.ui.widgets.threshold_slider import ThresholdSlider
from xentviz.ui.words import cut


class ThresholdBar(Panel):
    """Value, slider, and the four counts of each model."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS)
    turns_later = 3

    said = Signal(str)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.value = NumberLine()
        self.value.setObjectName("threshold")
        self.slider = ThresholdSlider(look)
        self.apart = QCheckBox(self.tr("one for each category"))
        self._title, self._rule = label(size="small"), label(size="small")
        self._headings: list[QLabel] = []
        self._ratio_headings: list[QLabel] = []
        self._rows: list[tuple[Dot, list[SteadyLabel]]] = []
        self._counts = QWidget()
        self._grid = QGridLayout(self._counts)
        self._scroll = QScrollArea(widgetResizable=True)
        self._lay_out()
        self._connect()
        session.ahead.append(count_ahead)

    def _lay_out(self) -> None:
        self.value.setAccessibleName(self.tr("Threshold"))
        self.value.setToolTip(self.tr("The threshold T. Type a number from 0 to 1."))
        self.slider.setAccessibleName(self.tr("Threshold"))
        self.apart.setToolTip(self.tr("Give each category a threshold of its own; choose the category above."))
        self._left = left = QVBoxLayout()
        left.setSpacing(2)
        for widget in (self._title, self.value, self._rule, self.apart):
            left.addWidget(widget)
        left.addStretch(1)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(2)
        for column in range(2, 8):
            heading = label(size="small")
            heading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(heading, 0, column)
            self._headings.append(heading)
        self._ratio_headings = self._headings[4:]
        self._scroll.setWidget(self._counts)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(16)
        layout.addLayout(left)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self._scroll)

    def _connect(self) -> None:
        ThresholdMover(self.session, self.slider)
        self.value.entered.connect(self._take_typed)
        self.value.refused.connect(self._refuse_typed)
        self.apart.clicked.connect(self._set_apart)

    # Drawing

    def refresh(self) -> None:
        session, worn = self.session, self.look.theme
        document, category = session.document, active_category(session)
        threshold = document.threshold(category)
        apart, several = len(document.thresholds) > 1, len(document.categories) > 1
        self.apart.setVisible(several and not one_answer(document))
        self._show_words()
        self._rule.setVisible(self.roomy)
        self.apart.setChecked(apart)
        self._title.setText(
            self.tr("Threshold T of {category}").format(category=document.categories[category])
            if apart
            else self.tr("Threshold T")
        )
        self.value.show_number(figure_text(threshold))
        self.value.setFixedWidth(worn.px(112))
        self.value.setFixedHeight(worn.px(40))
        self._draw_slider(threshold, apart)
        self._draw_counts()

    def _draw_slider(self, threshold: float, apart: bool) -> None:
        session = self.session
        yes, no = bars(session.document, session.view, session.results_of(session.view.model))
        self.slider.show_state(yes, no, threshold, session.document.thresholds if apart else ())

    def _show_words(self) -> None:
        """Say what the counts and the histogram are of."""
        document, category = self.session.document, self.session.view.category
        self._rule.setText(rule(document))
        self.slider.setToolTip(histogram_tip(document, category))
        for heading, (text, tip) in zip(self._headings, headings(document, category), strict=True):
            heading.setText(text)
            heading.setToolTip(tip)

    def _draw_counts(self) -> None:
        models, worn = self.session.document.models, self.look.theme
        while len(self._rows) < len(models):
            self._add_row()
        for heading in self._ratio_headings:
            heading.setVisible(self.wide)
        for m, (dot, cells) in enumerate(self._rows):
            shown = m < len(models)
            for widget in (dot, *cells[:5]):
                widget.setVisible(shown)
            for widget in cells[5:]:
                widget.setVisible(shown and self.wide)
            if shown:
                dot.set_colour(worn.model(m), worn.px(8))
                cells[0].setText(cut(models[m].name, 24))
                self._fill(cells[1:], m)
        self._scroll.setVisible(bool(models))
        self._fit(len(models))

    def _fit(self, rows: int) -> None:
        """Be as high as the headings and a few models need; more of them scroll."""
        worn, most = self.look.theme, 3 if self.roomy else 2
        self._scroll.setFixedWidth(self._counts.sizeHint().width() + (worn.px(14) if rows > most else 0))
        line = worn.px(20) + self._grid.verticalSpacing()
        height = max(worn.px(104), 20 + worn.px(36) + line * min(rows, most))
        height += worn.px(14) if self.apart.isVisibleTo(self) else 0
        self.setFixedHeight(height if self.roomy else self._least_height(min(rows, most)))

    def _least_height(self, rows: int) -> int:
        """Return what the value with its words takes, or the headings with so many rows, to the pixel."""
        heading = max(heading.sizeHint().height() for heading in self._headings)
        line = self._rows[0][1][0].sizeHint().height() + self._grid.verticalSpacing() if rows else 0
        return 20 + max(self._left.sizeHint().height(), heading + line * rows)

    def _add_row(self) -> None:
        row = len(self._rows) + 1
        dot, cells = Dot(), [SteadyLabel() for _ in range(7)]
        self._grid.addWidget(dot, row, 0)
        for column, cell in enumerate(cells, start=1):
            if column > 1:
                cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(cell, row, column)
        self._grid.setRowStretch(row, 0)
        self._rows.append((dot, cells))

    def _fill(self, cells: list[SteadyLabel], model: int) -> None:
        counts = self.session.counts_looked_at(model)
        if counts is None:
            for cell in cells:
                cell.setText(UNDEFINED)
                cell.setToolTip("")
            return
        shown = figures(self.session.document, self.session.view.category, counts)
        for cell, (text, tip) in zip(cells, shown, strict=True):
            cell.setText(text)
            cell.setToolTip(tip)

    # The hand

    def _take_typed(self, threshold: float) -> None:
        self.said.emit("")
        set_threshold(self.session, threshold, self.tr("Set threshold"))

    def _refuse_typed(self, text: str) -> None:
        self.said.emit(self.tr("A threshold is a number from 0 to 1; “{text}” is not.").format(text=text))

    def _set_apart(self, apart: bool) -> None:
        category = active_category(self.session)
        if apart:
            self.session.edit(lambda document: document.with_thresholds_apart(), self.tr("Separate thresholds"))
            self.session.look(category=category)
        else:
            self.session.edit(lambda document: document.with_threshold_shared(category), self.tr("One threshold"))
