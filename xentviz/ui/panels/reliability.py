"""Whether scores come true: the share of yes in every bin of scores, how sure that is, and what it comes to."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from xentviz.core.binning import FEWEST_BINS, MOST_BINS, Binnings
from xentviz.core.calibration import Reliability
from xentviz.core.columns import Rows
from xentviz.core.document import Change
from xentviz.core.scored import elements_between
from xentviz.core.told import of_rows
from xentviz.session.calibrations import Calibrations
from xentviz.session.listing import same
from xentviz.session.session import Session
from xentviz.session.view import Shown
from xentviz.ui.numbers import loss_text
from xentviz.ui.panels import reliability_words as words
from xentviz.ui.panels.operating_panel import LINES
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.temperature_words import temperature_text
from xentviz.ui.theme import Look
from xentviz.ui.widgets.bins_plot import BinsPlot, ErrorLine
from xentviz.ui.widgets.labels import SteadyLabel
from xentviz.ui.widgets.page_or_reason import PageOrReason
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.reliability_plot import Curve, ReliabilityPlot
from xentviz.ui.widgets.sum_table import Column, SumTable
from xentviz.ui.words import OR_SHORTER, cut, nothing_known

SHARES = (6, 5)
"""Of the width that belong to the plot, and to what is beside it."""

LEAST_FOR_PARTS, LEAST_FOR_WORDS = 276, 176
"""How high the panel must be, in pixels of the ordinary size of type."""


class ReliabilityPanel(Panel):
    """The plot; beside it the number of bins, what the error would be with others, and the Brier score's parts."""

    shows = ~(Change.ROW_NAMES | Change.SETTINGS | Change.THRESHOLDS)
    turns_later = 5

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.known = session.part(Calibrations)
        self.widths = QComboBox()
        self.title = PanelTitle(self.tr("Reliability"), words.explanation(), self.widths)
        self.plot, self.errors, self.split = ReliabilityPlot(look), BinsPlot(look), SumTable(look)
        self.bins = QSlider(Qt.Orientation.Horizontal)
        self.counted, self.sensitivity, self.note = SteadyLabel("small"), SteadyLabel("small"), SteadyLabel("small")
        self._drawn_of: tuple[object, ...] = ()
        self._lay_out()
        self.widths.activated.connect(self._choose_widths)
        self.bins.valueChanged.connect(self._choose_bins)
        self.errors.moved.connect(self._choose_bins)
        self.plot.pointed.connect(self._point)
        self.plot.picked.connect(self._pick)
        self.known.changed.connect(self.mark_stale_in_turn)

    def _lay_out(self) -> None:
        self.widths.addItem(self.tr("equal width"), False)
        self.widths.addItem(self.tr("equal count"), True)
        self.widths.setToolTip(self.tr("Whether each bin is as wide as another, or holds as many rows"))
        self.widths.setAccessibleName(self.tr("Kind of bins"))
        self.bins.setRange(FEWEST_BINS, MOST_BINS)
        self.bins.setPageStep(10)
        self.bins.setAccessibleName(self.tr("Number of bins"))
        self.bins.setToolTip(self.tr("Number of bins"))
        self.plot.setAccessibleName(self.tr("Reliability"))
        self.errors.setToolTip(self.tr("The expected calibration error with every number of bins. Drag to choose one."))
        self.split.setAccessibleName(self.tr("Brier score"))
        self.sensitivity.setWordWrap(True)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        choice = QHBoxLayout()
        choice.setSpacing(8)
        choice.addWidget(self.counted)
        choice.addWidget(self.bins, 1)
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addLayout(choice)
        beside.addWidget(self.errors, 1)
        beside.addWidget(self.sensitivity)
        beside.addSpacing(4)
        beside.addWidget(self.split)
        page, row = QWidget(self), QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.plot, SHARES[0])
        row.addLayout(beside, SHARES[1])
        within = QVBoxLayout(page)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(4)
        within.addLayout(row, 1)
        within.addWidget(self.note)
        self._stack = PageOrReason(page)
        self.empty = self._stack.words
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 6)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self._stack, 1)

    # Drawing

    def refresh(self) -> None:
        comparing = self.session.view.comparing
        self._fit()
        with QSignalBlocker(self.widths), QSignalBlocker(self.bins):
            self.widths.setCurrentIndex(int(comparing.equal_count))
            self.bins.setValue(self.known.bins)
        reason = self._empty_reason()
        self._show_number(reason)
        if reason:
            self._drawn_of = ()
        self._stack.show_reason(reason)
        if not reason:
            self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show beside the plot what there is room for, the Brier score's parts first to go."""
        for widget, least in ((self.split, LEAST_FOR_PARTS), (self.sensitivity, LEAST_FOR_WORDS)):
            fits = self.height() >= self.look.theme.px(least)
            if widget.isHidden() == fits:
                widget.setVisible(fits)

    def _empty_reason(self) -> str:
        if not self.session.document.models:
            return self.tr("No model yet. Open a file with scores: then you see whether they come true.")
        found = self.known.reliability(self.session.view.model)
        if found is None:
            return self.tr("Counting …")
        if not found.total:
            return nothing_known()
        return ""

    def _show_number(self, reason: str) -> None:
        session = self.session
        found = self.known.reliability(session.view.model) if not reason else None
        error = None if found is None else found.expected_error
        short = "" if error is None else self.tr("ECE {error}").format(error=loss_text(error))
        about = words.subject(session.document, session.view.category)
        self.title.number.shorter = about
        self.title.number.setText(" · ".join(text for text in (short, about) if text))
        self.title.number.setToolTip(words.number_tip(session.document, session.view.category))

    def _draw(self) -> None:
        session, chosen, bins = self.session, self.session.view.model, self.known.bins
        known = [(m, self.known.binnings(m)) for m in range(len(session.document.models))]
        binned = {m: found for m, found in known if found is not None and found.fine.total}
        names = tuple(model.name for model in session.document.models)
        place = (session.document.task, session.document.categories, session.view.category)
        subjects = (self.look.theme, chosen, bins, names, *place, *binned.values())
        if not same(subjects, self._drawn_of):
            self._drawn_of = subjects
            self._draw_still(binned)
        heated = self.known.heated()
        self.plot.show_heated(None if heated is None else (self._heated_words(*heated), heated[1]))
        self._describe(self.plot.bin)

    def _heated_words(self, temperature: float, heated: Reliability) -> str:
        pattern = self.tr("T = {temperature}: ECE {error}")
        return pattern.format(temperature=temperature_text(temperature), error=loss_text(heated.expected_error))

    def _draw_still(self, binned: dict[int, Binnings]) -> None:
        """Draw all but what a temperature would make of it."""
        session, bins, worn = self.session, self.known.bins, self.look.theme
        document, category, chosen = session.document, session.view.category, session.view.model
        looks = {m: (worn.model(m), m == chosen, LINES[m % len(LINES)]) for m in binned}
        found = {m: of_model.at(bins) for m, of_model in binned.items()}
        curves = [
            Curve(cut(document.models[m].name), colour, found[m], strong, style)
            for m, (colour, strong, style) in looks.items()
        ]
        self.plot.show_curves(curves, words.axis_words(document, category))
        self.errors.show_lines(
            [ErrorLine(colour, binned[m].errors, strong, style) for m, (colour, strong, style) in looks.items()],
            OR_SHORTER.join([self.tr("ECE by number of bins"), self.tr("ECE by bins")]),
        )
        self.errors.show_bins(bins)
        self.counted.setText(self.tr("{bins} bins").format(bins=bins))
        self.counted.setMinimumWidth(self.counted.fontMetrics().horizontalAdvance(self.tr("100 bins")))
        self.sensitivity.setText(words.error_words(binned[chosen], bins))
        columns = [Column(cut(document.models[m].name), colour, strong) for m, (colour, strong, _) in looks.items()]
        splits = [of_bins.brier_split for of_bins in found.values()]
        self.split.show_table(columns, words.split_lines(splits, of_confidence=of_rows(document, category)))

    def _describe(self, number: int | None) -> None:
        """Tell of the bin that is pointed at, or what can be done."""
        found = self.plot.strong
        if found is None or number is None:
            self.note.setText(self.tr("Point at a bin to read it; click to select its rows."))
        else:
            self.note.setText(words.bin_words(self.session.document, self.session.view.category, found, number))

    # The hand

    def _choose_widths(self, place: int) -> None:
        self.session.compare(equal_count=bool(self.widths.itemData(place)))

    def _choose_bins(self, bins: int) -> None:
        if bins != self.known.bins:
            self.session.compare(bins=bins)

    def _point(self, number: int | None) -> None:
        self._describe(number)

    def _pick(self, number: int) -> None:
        found = self.plot.strong
        if found is None:
            return
        session = self.session
        low, high = found.edges[number : number + 2].tolist()
        search = partial(elements_between, session.document, session.view.model, session.view.category, low, high)
        session.find(search, self._select)

    def _select(self, elements: Rows) -> None:
        current = int(elements[0]) if len(elements) else None
        self.session.look(selected=elements, current=current, shown=Shown.SELECTED)
