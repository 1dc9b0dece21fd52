"""Precision, recall and F1 of several categories as one number each, in the ways in which they are averaged."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xentviz.core import outcomes
from xentviz.core.arguments import Floats
from xentviz.core.averages import Averages, averages
from xentviz.core.confusion import decided
from xentviz.core.counts import Counts
from xentviz.core.document import Change
from xentviz.core.outcomes import Outcomes
from xentviz.core.told import one_answer
from xentviz.session.decisions import OfRows
from xentviz.session.session import Session
from xentviz.ui.numbers import UNDEFINED, count_text, ratio_text, share_text
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.dot import Dot
from xentviz.ui.widgets.labels import label, plain_tip, set_tone
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.words import as_if, cut

MICRO, MACRO, WEIGHTED, SAMPLES = range(4)
LONGEST_NAME = 24


class AveragesPanel(Panel):
    """The averages over all categories of the chosen model."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS)
    turns_later = 5

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.title = PanelTitle(self.tr("Averages"), self._explanation())
        self._metrics: list[Callable[[Outcomes], Floats]] = [
            outcomes.precision,
            outcomes.recall,
            outcomes.f_beta,
        ]
        self._dot, self._name, self._short = Dot(), label(), label(size="small")
        self._heads = [label(size="small") for _ in range(4)]
        self._names = [label() for _ in self._metrics]
        self.cells = [[label() for _ in range(4)] for _ in self._metrics]
        self.left_out = label(size="small")
        self.subset, self.hamming = label(), label()
        self._subset_title, self._hamming_title = label(size="small"), label(size="small")
        self._table = QWidget()
        self._sized: object = None
        self._lay_out()
        session.decisions.changed.connect(self.mark_stale_in_turn)

    def _explanation(self) -> str:
        return self.tr(
            "With several categories there are several precisions, recalls and F1s. Micro adds up the counts of all "
            "categories first, so that frequent ones decide. Macro takes each category’s number and averages them: a "
            "rare one counts as much as a frequent one, and those where it is not defined are left out. Weighted does "
            "the same by how many rows are yes. Samples works out the number of each row’s answers, and averages over "
            "the rows.\n\n"
            "Subset accuracy is the share of rows with every answer right: one mistake spoils a row. Hamming loss is "
            "the share of all answers that are wrong.\n\n"
            "Move T and watch which averages like it: where macro is far below micro, rare categories fare badly."
        )

    def _lay_out(self) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        grid = QGridLayout(self._table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        self._grid = grid
        for column, head in enumerate(self._heads):
            head.setAlignment(right)
            grid.addWidget(head, 0, column + 1)
        for row, cells in enumerate(self.cells, start=1):
            grid.addWidget(self._names[row - 1], row, 0)
            for column, cell in enumerate(cells):
                cell.setAlignment(right)
                grid.addWidget(cell, row, column + 1)
        grid.setColumnStretch(0, 1)
        whole = QHBoxLayout()
        whole.setSpacing(8)
        for title, figure in ((self._subset_title, self.subset), (self._hamming_title, self.hamming)):
            whole.addWidget(title)
            whole.addWidget(figure)
            whole.addStretch(1)
        named = QHBoxLayout()
        named.setSpacing(6)
        named.addWidget(self._dot)
        named.addWidget(self._name, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addLayout(named)
        layout.addWidget(self._short)
        layout.addWidget(self._table)
        layout.addLayout(whole)
        layout.addWidget(self.left_out)
        self.left_out.setWordWrap(True)
        layout.addStretch(1)
        self._say_what_is_what()

    def _say_what_is_what(self) -> None:
        for head, text, tip in zip(
            self._heads,
            (self.tr("micro"), self.tr("macro"), self.tr("weighted"), self.tr("samples")),
            (
                self.tr("Of the counts of all categories together"),
                self.tr("The mean over the categories where it is defined"),
                self.tr("The mean over the categories where it is defined, weighted by how many of each are yes"),
                self.tr("Of each row’s answers, then the mean over the rows where it is defined"),
            ),
            strict=True,
        ):
            head.setText(text)
            head.setToolTip(tip)
        for name, text, tip in zip(
            self._names,
            (self.tr("precision"), self.tr("recall"), self.tr("F1")),
            (
                self.tr("Of those said yes, the share that is yes"),
                self.tr("Of those that are yes, the share that was said yes"),
                self.tr("2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall"),
            ),
            strict=True,
        ):
            name.setText(text)
            name.setToolTip(tip)
        self._hamming_title.setText(self.tr("Hamming loss"))

    @property
    def applies(self) -> bool:
        """Whether there are several categories to average over."""
        return len(self.session.document.categories) > 1

    # Drawing

    def refresh(self) -> None:
        session, worn = self.session, self.look.theme
        document, chosen = session.document, session.view.model
        shown = self.applies and bool(document.models)
        for widget in (self._table, self._dot, self._name, self._subset_title, self.subset, self.left_out):
            widget.setVisible(shown)
        for widget in (self._hamming_title, self.hamming, self._heads[SAMPLES], *(row[SAMPLES] for row in self.cells)):
            widget.setVisible(shown and not one_answer(document))
        self._short.setVisible(not shown)
        if not shown:
            one = self.tr("There is one category, and so nothing to average over.")
            self._short.setText(self.tr("No model yet.") if self.applies else one)
            _set(self.title.number, "")
            return
        self._size()
        name = document.models[chosen].name
        self._dot.set_colour(worn.model(chosen), worn.px(10))
        _set(self._name, cut(name, LONGEST_NAME), plain_tip(name))
        counts = session.counts_of(chosen)
        if counts is not None and len(counts) == len(document.categories):
            self._show_counts(counts)

    def _size(self) -> None:
        """Give the figures a fixed size: else each of them would have the whole page laid out anew."""
        worn = self.look.theme
        if self._sized is worn:
            return
        self._sized = worn
        if self._grid.horizontalSpacing() != worn.px(6):  # setting it lays out anew
            self._grid.setHorizontalSpacing(worn.px(6))
        for cell in (*(cell for row in self.cells for cell in row), self.subset, self.hamming):
            cell.setFixedSize(worn.px(64), worn.px(22))

    def _show_counts(self, counts: list[Counts]) -> None:
        document = self.session.document
        by_answer = one_answer(document)
        supposed = None if by_answer else self.session.view.deciding.prevalence
        title = self.tr("over {count} categories").format(count=count_text(len(counts)))
        _set(self.title.number, title)
        each = Outcomes.of_each(counts)
        found = [averages(along, each, supposed) for along in self._metrics]
        for row, of_metric in enumerate(found):
            self._show_averages(row, of_metric)
        self._show_left_out([of_metric.undefined for of_metric in found], len(counts), supposed)
        if by_answer:
            self._show_answers(counts)
            return
        pooled = each.pooled().at_prevalence(supposed)
        right = float(outcomes.accuracy(pooled))
        wrong = None if right != right else 1 - right
        _set(self.hamming, _figure(wrong), self._hamming_tip(wrong))
        self._show_rows(self.session.decisions.rows_of_chosen(), supposed)

    def _show_averages(self, row: int, found: Averages) -> None:
        nowhere = (
            self.tr("no answer is said yes"),
            self.tr("no answer is yes"),
            self.tr("no answer is yes or said yes"),
        )
        reason = self.tr("Not defined: {why}.").format(why=nowhere[row])
        cells = self.cells[row]
        for column, value in ((MICRO, found.micro), (MACRO, found.macro), (WEIGHTED, found.weighted)):
            _set(cells[column], _figure(value), reason if value is None else f"{value:.6g}")

    def _show_left_out(self, undefined: list[int], categories: int, supposed: float | None) -> None:
        """Say in what world the numbers are, and in how many categories a metric is not defined."""
        parts = [
            f"{name.text()} {count_text(count)}" for name, count in zip(self._names, undefined, strict=True) if count
        ]
        words = self.tr("not defined, and left out: {parts} of {count}")
        tip = self.tr(
            "Without an answer that is said yes a category has no precision, without one that is yes no recall; "
            "macro and weighted are averages of the others."
        )
        text = words.format(parts=", ".join(parts), count=count_text(categories))
        world = [] if supposed is None else [as_if(supposed)]
        _set(self.left_out, " · ".join([*world, *([text] if parts else [])]), tip if parts else "")

    def _show_rows(self, rows: OfRows | None, supposed: float | None) -> None:
        """Show what needs whole rows: as it was, in a muted colour, until it has been worked out."""
        right = self.tr("Rows with every answer right")
        _set(self._subset_title, self.tr("subset accuracy"), right)
        cells = [self.subset, *(row[SAMPLES] for row in self.cells)]
        tone = "" if self.session.decisions.rows.is_current else "old"
        for cell in cells:
            set_tone(cell, "tone", tone)
        if supposed is not None:
            weighed = self.tr("Not defined: a row has answers of yes and of no, and cannot be weighed.")
            for cell in cells:
                _set(cell, UNDEFINED, weighed)
        elif rows is None:
            for cell in cells:
                _set(cell, "…", self.tr("Being worked out"))
        else:
            nothing = self.tr("Not defined: in no row is there anything to work it out of.")
            for cell, value in zip(cells[1:], (rows.precision, rows.recall, rows.f1), strict=True):
                _set(cell, _figure(value), nothing if value is None else f"{value:.6g}")
            _set(self.subset, share_text(rows.subset_accuracy), nothing if rows.subset_accuracy is None else right)

    def _show_answers(self, counts: list[Counts]) -> None:
        """Show accuracy in place of subset accuracy: a row has one answer, and so no average over its own."""
        _set(self._subset_title, self.tr("accuracy"), self.tr("Rows decided rightly, of all that have a label"))
        accuracy = decided(counts).accuracy
        nothing = self.tr("Not defined: no row has both a label and a score.")
        set_tone(self.subset, "tone", "")
        _set(self.subset, share_text(accuracy), nothing if accuracy is None else self.tr("Rows decided rightly"))

    def _hamming_tip(self, wrong: float | None) -> str:
        if wrong is None:
            return self.tr("Not defined: no answer has both a label and a score.")
        return self.tr("The share of all answers that are wrong: {value}").format(value=f"{wrong:.6g}")


def _figure(value: float | None) -> str:
    """Return a metric with two decimals, a small one with three."""
    return ratio_text(value) if value is None or value == 0 or value >= 0.0995 else f"{value:.3f}"


def _set(shown: QLabel, text: str, tip: str = "") -> None:
    """Write, only where that is new: a label that is written to is laid out and painted anew."""
    if shown.text() != text:
        shown.setText(text)
    if shown.toolTip() != tip:
        shown.setToolTip(tip)
