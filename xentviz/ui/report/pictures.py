"""The pictures of a report, painted by the panels and plots of the window in the colours of paper."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from xentviz.core.document import Document
from xentviz.core.told import one_answer, several_answers
from xentviz.session.session import Session
from xentviz.ui.panels.axis_words import axis_title
from xentviz.ui.panels.budget import BudgetPanel
from xentviz.ui.panels.distribution import DistributionPanel
from xentviz.ui.panels.operating_panel import LINES, OperatingPanel
from xentviz.ui.panels.operating_point import outcome_looked_at
from xentviz.ui.panels.pictures import Subject, extent_of, loss_picture, loss_top, with_threshold
from xentviz.ui.panels.points import points_of
from xentviz.ui.panels.precision_recall import PrecisionRecallPanel
from xentviz.ui.panels.reliability import ReliabilityPanel
from xentviz.ui.panels.roc import RocPanel
from xentviz.ui.panels.score_bars import bars
from xentviz.ui.panels.threshold_choice import active_category
from xentviz.ui.report.numbers import Numbers
from xentviz.ui.report.parts import Picture
from xentviz.ui.theme import Look
from xentviz.ui.widgets.curve_plot import CurvePlot
from xentviz.ui.widgets.distribution_plot import Backdrop
from xentviz.ui.widgets.line_pen import line_pen
from xentviz.ui.widgets.operating_picture import Moving, Standing
from xentviz.ui.words import cut

translate = QCoreApplication.translate

WIDE = QSizeF(640, 168)
NARROW = QSizeF(316, 212)
SMALL = QSizeF(206, 196)
FLAT = QSizeF(316, 150)
MOST_CATEGORIES = 6
"""Of so many categories, at most, curves are drawn one by one."""
NAME = 17
"""Pixels above and below the curves of the loss for the names of their axes."""
LINE = 20
"""Pixels of a line of the legend."""
SAMPLE = 48
"""Pixels of a line beside its name: dashes come again."""
NAMES_A_LINE = 3
MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


def drawn_categories(numbers: Numbers) -> tuple[int | None, list[int | None]]:
    """Return the category that scores are drawn of, None for all; and those that curves are drawn of."""
    document = numbers.document
    one_by_one: list[int | None] = list(range(min(MOST_CATEGORIES, len(document.categories))))
    if one_answer(document):
        return None, one_by_one
    if len(document.thresholds) > 1:
        return 0, one_by_one
    return None, [None]


class Pictures:
    """Makes pictures of a session that nobody else looks at; its widgets are never shown."""

    def __init__(self, session: Session, numbers: Numbers) -> None:
        self._session, self._numbers = session, numbers
        self._look = Look("light")
        models, (_of_scores, each) = len(numbers.models), drawn_categories(numbers)
        self._of_loss = NARROW if models in (1, 2, 4) else SMALL
        self._of_scores = WIDE if models < 3 else FLAT
        self.of_curves = NARROW if len(each) < 3 else SMALL
        self._widgets: list[QWidget] = []
        self._beside = dict[int | None, tuple[Backdrop, ...]]()
        self._tops = dict[int | None, float]()

    def make(self) -> Iterator[None]:
        """Make what paints, one after another, for all of it takes several frames."""
        self._loss = CurvePlot()
        self._own(self._loss, QSizeF(self._of_loss.width(), self._of_loss.height() - 2 * NAME))
        self._loss.wear(self._look.theme)
        yield
        self._distribution = DistributionPanel(self._session, self._look)
        yield
        self._own(self._distribution.plot, self._of_scores, self._distribution)
        yield
        self._roc = RocPanel(self._session, self._look)
        yield from self._own_curves(self._roc, self.of_curves)
        self._precision_recall = PrecisionRecallPanel(self._session, self._look)
        yield from self._own_curves(self._precision_recall, self.of_curves)
        self._budget = BudgetPanel(self._session, self._look)
        yield from self._own_curves(self._budget, NARROW)
        self._reliability = ReliabilityPanel(self._session, self._look)
        yield
        self._own(self._reliability.plot, NARROW, self._reliability)
        self._reliability.plot.named = False  # the legend has the names

    def close(self) -> None:
        """Let the widgets go."""
        for widget in self._widgets:
            widget.deleteLater()
        self._look.deleteLater()

    def _own_curves(self, panel: RocPanel | PrecisionRecallPanel | BudgetPanel, size: QSizeF) -> Iterator[None]:
        yield
        self._own(panel.plot, size, panel)
        panel.plot.wear(self._look.theme)
        yield

    def _own(self, plot: QWidget, size: QSizeF, *others: QWidget) -> None:
        self._widgets += [plot, *others]
        _lay_out(plot, size)

    @property
    def _document(self) -> Document:
        return self._session.document

    # Of one model

    def loss(self, model: int, category: int | None) -> Picture:
        """Return the curves of the loss with the rows of a model on them."""

        def prepare() -> None:
            self._session.look(model=model, category=category)
            document, view, worn = self._document, self._session.view, self._look.theme
            numbers = self._session.results_of(model)
            points = points_of(document, view, self._extent())
            picture = loss_picture(Subject(points, document, view, numbers, worn), self._loss_top(category))
            threshold, by_rows = document.threshold(active_category(self._session)), one_answer(document)
            if threshold or not by_rows:  # at 0 no answer is held back
                picture = with_threshold(picture, view.axis, threshold, by_rows=by_rows)
            self._loss.draw(replace(picture, words=[]))  # the caption says which curve is which

        def paint(painter: QPainter) -> None:
            up = translate("report", "loss, {unit}").format(unit=self._document.settings.unit.value)
            along = axis_title(self._session.view.axis, by_rows=one_answer(self._document))
            self._paint_names(painter, up, along)
            painter.translate(0, NAME)
            self._loss.paint_lines(painter)

        title = self._title(model, category)
        says = translate("report", "Loss: {model}").format(model=title)
        return Picture(title, self._of_loss, says, prepare, paint)

    def _loss_top(self, category: int | None) -> float:
        """Return how high the highest dot of all models lies, so that their pictures have the same axes."""
        if category not in self._tops:
            views = [replace(self._session.view, model=m, category=category) for m in range(len(self._document.models))]
            self._tops[category] = max(loss_top(points_of(self._document, view, self._extent())) for view in views)
        return self._tops[category]

    def _extent(self) -> tuple[float, float] | None:
        """Return the smallest and the largest probability of all models, so that their pictures have the same axes."""
        found = [extent_of(self._document, self._session.results_of(m)) for m in range(len(self._document.models))]
        known = [extent for extent in found if extent is not None]
        return (min(low for low, _ in known), max(high for _, high in known)) if known else None

    def _paint_names(self, painter: QPainter, up: str, along: str) -> None:
        """Write what stands on the axes: above the one, and below the end of the other."""
        worn, size = self._look.theme, self._of_loss
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.muted))
        painter.drawText(QRectF(0, 0, size.width(), NAME), Qt.AlignmentFlag.AlignLeft, up)
        box = QRectF(0, size.height() - NAME, size.width() - 14, NAME)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, along)

    def scores(self, model: int, category: int | None) -> Picture:
        """Return the scores of a model, by label, and what the threshold makes of them."""

        def prepare() -> None:
            self._session.look(model=model, category=category)
            self._distribution.show_rows(outcome_looked_at(self._session))
            plot, heights = self._distribution.plot, self._heights(category)
            along = translate("report", "score: the probability of yes")
            if one_answer(self._document):
                along = translate("report", "score: the largest probability of a row")
            ties = plot.cut.notes[0] if self._of_scores is WIDE else ""
            plot.show_state(
                replace(plot.backdrop, heights=heights, beside=self._bars(category)),
                replace(plot.cut, best=None, notes=(ties, along)),
            )

        title = self._title(model, category)
        says = translate("report", "Scores: {model}").format(model=title)
        return Picture(title, self._of_scores, says, prepare, self._distribution.plot.paint_lines)

    def is_logarithmic(self, category: int | None) -> bool:
        """Return whether the heights of scores are logarithms, of all models alike."""
        return any(of.is_unequal for of in self._bars(category))

    def _heights(self, category: int | None) -> tuple[str, str]:
        if several_answers(self._document, category):
            return translate("report", "answers, √"), translate("report", "answers, log")
        return translate("report", "rows, √"), translate("report", "rows, log")

    def _bars(self, category: int | None) -> tuple[Backdrop, ...]:
        """Return the bars of all models, which stand below one another and have one scale."""
        if category not in self._beside:
            views = [replace(self._session.view, model=m, category=category) for m in range(len(self._document.models))]
            found = [bars(self._document, view, self._session.results_of(view.model)) for view in views]
            none = ("", "")
            self._beside[category] = tuple(Backdrop(yes.astype(float), no.astype(float), none) for yes, no in found)
        return self._beside[category]

    # Of all models

    def roc(self, category: int | None) -> Picture:
        """Return the ROC curves."""
        return self._curves(self._roc, category)

    def precision_recall(self, category: int | None) -> Picture:
        """Return the precision–recall curves."""
        return self._curves(self._precision_recall, category)

    def _curves(self, panel: OperatingPanel, category: int | None) -> Picture:
        def prepare() -> None:
            self._session.look(model=self._numbers.reference, category=category)
            panel.refresh()
            standing, moving = panel.plot.shown
            if standing is not None:
                panel.plot.stand(_unnamed(standing))
            panel.plot.move_to(replace(moving, caption=""))  # it is of one model, and all have one T

        title = self._of_category(panel.title.text, category)
        return self._or_reason(title, self.of_curves, prepare, panel.plot.paint_lines, panel.empty_reason)

    def reliability(self) -> Picture:
        """Return what came true of probabilities, in bins, with 95 % intervals."""
        panel = self._reliability

        def prepare() -> None:
            self._session.look(model=self._numbers.reference, category=None)
            panel.refresh()

        def reason() -> str:
            return "" if panel.plot.curves else panel.empty.text()

        return self._or_reason(panel.title.text, NARROW, prepare, panel.plot.paint_lines, reason)

    def budget(self) -> Picture:
        """Return which share of the finite loss the worst rows carry."""
        panel = self._budget

        def prepare() -> None:
            self._session.look(model=self._numbers.reference, category=None)
            panel.without.setChecked(True)
            panel.refresh()
            if standing := panel.plot.shown[0]:
                panel.plot.stand(replace(_unnamed(standing), endings=False))
            panel.plot.move_to(Moving())  # nobody drags a dot on paper

        def reason() -> str:
            return "" if panel.plot.shown[0] else panel.empty.text()

        return self._or_reason(panel.title.text, NARROW, prepare, panel.plot.paint_lines, reason)

    def _or_reason(
        self,
        title: str,
        size: QSizeF,
        prepare: Callable[[], None],
        lines: Callable[[QPainter], None],
        reason: Callable[[], str],
    ) -> Picture:
        """Return a picture in whose place stands why there is nothing to draw, if there is a reason."""

        def paint(painter: QPainter) -> None:
            if why := reason():
                painter.setFont(self._look.theme.font(12))
                painter.drawText(QRectF(QPointF(), size), MIDDLE, why)
            else:
                lines(painter)

        return Picture(title, size, title, prepare, paint)

    def legend(self) -> Picture:
        """Return which line is whose."""
        size = QSizeF(WIDE.width(), LINE * len(self._rows_of_names()))
        says = translate("report", "Legend: which line is whose")
        return Picture("", size, says, _nothing, self._paint_legend)

    def _rows_of_names(self) -> list[list[int]]:
        models = list(range(len(self._document.models)))
        return [models[at : at + NAMES_A_LINE] for at in range(0, len(models), NAMES_A_LINE)]

    def _paint_legend(self, painter: QPainter) -> None:
        worn, wide = self._look.theme, WIDE.width() / NAMES_A_LINE
        for line, models in enumerate(self._rows_of_names()):
            for place, model in enumerate(models):
                left, middle, strong = place * wide, (line + 0.5) * LINE, model == self._numbers.reference
                pen = line_pen(QColor(worn.model(model)), 2.4 if strong else 1.5, LINES[model % len(LINES)])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawLine(QPointF(left, middle), QPointF(left + SAMPLE, middle))
                painter.setFont(worn.font(12, bold=strong))
                painter.setPen(QColor(worn.text))
                box = QRectF(left + SAMPLE + 8, line * LINE, wide - SAMPLE - 20, LINE)
                letters = painter.fontMetrics()
                name = cut(self._document.models[model].name, 40)
                name = letters.elidedText(name, Qt.TextElideMode.ElideMiddle, int(box.width()))
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)

    # Titles

    def _title(self, model: int, category: int | None) -> str:
        return self._of_category(cut(self._document.models[model].name, 40), category)

    def _of_category(self, title: str, category: int | None) -> str:
        if category is None or len(self._document.categories) == 1:
            return title
        return f"{title} · {cut(self._document.categories[category], 40)}"


def _unnamed(standing: Standing) -> Standing:
    """Return what stands still without names, for the legend above has them."""
    return replace(standing, traces=tuple(replace(trace, name="") for trace in standing.traces))


def _nothing() -> None:
    pass


def _lay_out(widget: QWidget, size: QSizeF) -> None:
    """Give a widget that is never shown its size: Qt would tell it only when it is."""
    widget.setParent(None)  # whose layout would give it another one
    widget.resize(size.toSize())
    widget.grab()
