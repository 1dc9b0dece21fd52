"""The pictures of a report, painted by the panels and plots of the window in the colours of paper."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from xentviz.core.arguments import Floats
from xentviz.core.document import Document
from xentviz.core.told import one_answer
from xentviz.session.session import Session
from xentviz.ui.panels.distribution import DistributionPanel
from xentviz.ui.panels.operating_panel import LINES, OperatingPanel
from xentviz.ui.panels.operating_point import outcome_looked_at
from xentviz.ui.panels.pictures import Subject, extent_of, loss_picture, with_threshold
from xentviz.ui.panels.points import points_of
from xentviz.ui.panels.precision_recall import PrecisionRecallPanel
from xentviz.ui.panels.roc import RocPanel
from xentviz.ui.panels.threshold_choice import active_category
from xentviz.ui.report.numbers import Numbers
from xentviz.ui.report.parts import Picture
from xentviz.ui.theme import Look
from xentviz.ui.widgets.curve_plot import CurvePlot
from xentviz.ui.widgets.operating_picture import Guide, Handle, Moving, Standing, Trace
from xentviz.ui.widgets.operating_plot import OperatingPlot
from xentviz.ui.words import cut

translate = QCoreApplication.translate

WIDE = QSizeF(640, 168)
NARROW = QSizeF(316, 250)
SMALL = QSizeF(206, 190)
LINE = 22
"""Pixels of a line of the legend."""
NO_DOTS = Moving()
NAMES_A_LINE = 3
MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


class Pictures:
    """Makes pictures of a session that nobody else looks at; its widgets are never shown."""

    def __init__(self, session: Session, numbers: Numbers) -> None:
        self._session, self._numbers = session, numbers
        self._look = Look("light")
        self._distribution = DistributionPanel(session, self._look)
        self._roc = RocPanel(session, self._look)
        self._precision_recall = PrecisionRecallPanel(session, self._look)
        self._loss, self._reliability, self._budget = CurvePlot(), OperatingPlot(), OperatingPlot()
        self._of_one = NARROW if len(numbers.models) in (1, 2, 4) else SMALL
        _lay_out(self._loss, self._of_one)
        self._loss.wear(self._look.theme)
        for plot in (self._roc.plot, self._precision_recall.plot, self._reliability, self._budget):
            _lay_out(plot, NARROW)
            plot.wear(self._look.theme)
        _lay_out(self._distribution.plot, WIDE)

    def close(self) -> None:
        """Let the widgets go."""
        panels = (self._distribution, self._roc, self._precision_recall)
        plots = (*(panel.plot for panel in panels), self._loss, self._reliability, self._budget)
        for widget in (*panels, *plots):
            widget.deleteLater()
        self._look.deleteLater()

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
            points = points_of(document, view, extent_of(document, numbers))
            picture = loss_picture(Subject(points, document, view, numbers, worn))
            threshold = document.threshold(active_category(self._session))
            drawn = with_threshold(picture, view.axis, threshold, by_rows=one_answer(document))
            self._loss.draw(replace(drawn, words=[]))  # the caption says which curve is which

        return Picture(self._title(model, category), self._of_one, prepare, self._loss.paint_lines)

    def scores(self, model: int, category: int | None) -> Picture:
        """Return the scores of a model, by label, and what the threshold makes of them."""

        def prepare() -> None:
            self._session.look(model=model, category=category)
            self._distribution.show_rows(outcome_looked_at(self._session))

        return Picture(self._title(model, category), WIDE, prepare, self._distribution.plot.paint_lines)

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
            _, moving = panel.plot.shown
            panel.plot.move_to(replace(moving, caption=""))  # it is of one model, and all have one T

        def paint(painter: QPainter) -> None:
            if reason := panel.empty_reason():
                painter.setFont(self._look.theme.font(12))
                painter.drawText(QRectF(QPointF(), NARROW), MIDDLE, reason)
            else:
                panel.plot.paint_lines(painter)

        return Picture(self._of_category(panel.title.text, category), NARROW, prepare, paint)

    def reliability(self) -> Picture:
        """Return what came true of probabilities, in bins, with 95 % intervals."""
        words = (translate("report", "mean score in a bin"), translate("report", "share that came true"))
        traces = [trace for model in range(len(self._numbers.models)) for trace in self._bins(model)]
        title = translate("report", "Reliability")
        return self._of_shares(self._reliability, title, words, traces, self._dots())

    def _dots(self) -> Moving:
        """Return a dot at each bin."""
        handles = []
        for model, found in enumerate(self._numbers.models):
            bins, filled = found.reliability, found.reliability.counts > 0
            places = zip(bins.mean_scores[filled].tolist(), bins.observed[filled].tolist(), strict=True)
            handles += [Handle(model, x, y, self._look.theme.model(model), strong=False) for x, y in places]
        return Moving(tuple(handles))

    def _bins(self, model: int) -> list[Trace]:
        """Return the line through the bins of a model, and that of their intervals."""
        bins = self._numbers.models[model].reliability
        filled = bins.counts > 0
        x, y = bins.mean_scores[filled], bins.observed[filled]
        low, high = bins.intervals[filled].T
        nothing = np.full(len(x), np.nan)
        intervals_x, intervals_y = np.stack([x, x, nothing], axis=1), np.stack([low, high, nothing], axis=1)
        return [
            self._trace(model, intervals_x.ravel(), intervals_y.ravel(), Qt.PenStyle.SolidLine, faint=True),
            self._trace(model, x, y, LINES[model % len(LINES)]),
        ]

    def budget(self) -> Picture:
        """Return which share of the loss the worst rows carry."""
        words = (translate("report", "share of rows, the worst first"), translate("report", "share of the loss"))
        traces = []
        for model, found in enumerate(self._numbers.models):
            if found.budget.rows_share is not None and found.budget.loss_share is not None:
                style = LINES[model % len(LINES)]
                traces.append(self._trace(model, found.budget.rows_share, found.budget.loss_share, style))
        return self._of_shares(self._budget, translate("report", "Loss budget"), words, traces)

    def _trace(self, model: int, x: Floats, y: Floats, style: Qt.PenStyle, *, faint: bool = False) -> Trace:
        strong = model == self._numbers.reference
        return Trace(model, "", self._look.theme.model(model), style, x, y, x, y, strong, faint, pointable=False)

    def _of_shares(
        self, plot: OperatingPlot, title: str, axes: tuple[str, str], traces: list[Trace], dots: Moving = NO_DOTS
    ) -> Picture:
        ends = np.array([0.0, 1.0])
        diagonal = Guide(ends, ends, Qt.PenStyle.DashLine)
        standing = Standing((0.0, 1.0), (0.0, 1.0), *axes, tuple(traces), (diagonal,))

        def prepare() -> None:
            plot.stand(standing)
            plot.move_to(dots)

        return Picture(title, NARROW, prepare, plot.paint_lines)

    def legend(self) -> Picture:
        """Return which line is whose."""
        return Picture("", QSizeF(WIDE.width(), LINE * len(self._rows_of_names())), _nothing, self._paint_legend)

    def _rows_of_names(self) -> list[list[int]]:
        models = list(range(len(self._document.models)))
        return [models[at : at + NAMES_A_LINE] for at in range(0, len(models), NAMES_A_LINE)]

    def _paint_legend(self, painter: QPainter) -> None:
        worn, wide = self._look.theme, WIDE.width() / NAMES_A_LINE
        for line, models in enumerate(self._rows_of_names()):
            for place, model in enumerate(models):
                left, middle = place * wide, (line + 0.5) * LINE
                pen = QPen(QColor(worn.model(model)), 2.0, LINES[model % len(LINES)])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawLine(QPointF(left, middle), QPointF(left + 36, middle))
                painter.setFont(worn.font(12, bold=model == self._numbers.reference))
                painter.setPen(QColor(worn.text))
                box = QRectF(left + 44, line * LINE, wide - 48, LINE)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, cut(self._document.models[model].name, 24))

    # Titles

    def _title(self, model: int, category: int | None) -> str:
        return self._of_category(cut(self._document.models[model].name, 40), category)

    def _of_category(self, title: str, category: int | None) -> str:
        if category is None or len(self._document.categories) == 1:
            return title
        return f"{title} · {cut(self._document.categories[category], 40)}"


def _nothing() -> None:
    pass


def _lay_out(widget: QWidget, size: QSizeF) -> None:
    """Give a widget that is never shown its size: Qt would tell it only when it is."""
    widget.setParent(None)  # whose layout would give it another one
    widget.resize(size.toSize())
    widget.grab()
