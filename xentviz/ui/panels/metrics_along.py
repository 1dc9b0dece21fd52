"""Metrics against the threshold: how precision, recall and others of the chosen model change with T."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from xentviz.core import outcomes
from xentviz.core.arguments import Floats
from xentviz.core.outcomes import Outcomes
from xentviz.core.sweep import Sweep
from xentviz.session.session import Session
from xentviz.ui.numbers import UNDEFINED, score_text
from xentviz.ui.panels.operating_panel import Keys, OperatingPanel, Source
from xentviz.ui.panels.operating_words import (
    counts_words,
    short_threshold,
    value_text,
    world_words,
)
from xentviz.ui.panels.threshold_mover import snapped
from xentviz.ui.theme import Look, Theme
from xentviz.ui.widgets.operating_picture import Handle, Moving, Standing, Trace
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.scaled_axis import Scale
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.words import cut

translate = QCoreApplication.translate

FINEST_LOGIT, WIDEST_LOGIT = 4.6, 13.9
"""A logit axis reaches at least from 0.01 to 0.99, and at most from a millionth to what lacks a millionth of 1."""

COST = "cost"


@dataclass(frozen=True)
class Metric:
    """One curve that can be shown: its name, for yes and no and for one answer in many, its looks, and its value."""

    key: str
    colour: int
    style: Qt.PenStyle
    of: Callable[[Outcomes], Floats]
    of_rows: bool = False


METRICS = (
    Metric("precision", 0, Qt.PenStyle.SolidLine, outcomes.precision, of_rows=True),
    Metric("recall", 5, Qt.PenStyle.DashLine, outcomes.recall, of_rows=True),
    Metric("f1", 1, Qt.PenStyle.DashDotLine, outcomes.f_beta, of_rows=True),
    Metric("accuracy", 3, Qt.PenStyle.DotLine, outcomes.accuracy),
    Metric("mcc", 2, Qt.PenStyle.DashDotDotLine, outcomes.matthews),
    Metric(COST, 7, Qt.PenStyle.DashLine, outcomes.accuracy),
    Metric("predicted", 6, Qt.PenStyle.SolidLine, outcomes.predicted_share, of_rows=True),
)
"""All but the cost, which depends on what mistakes cost, are what they are."""

SHOWN_AT_FIRST = ("precision", "recall", "f1")


def metric_name(key: str, *, of_rows: bool = False) -> str:
    """Return what a metric is called."""
    names = {
        "precision": translate("metrics_along", "precision"),
        "recall": translate("metrics_along", "recall"),
        "f1": translate("metrics_along", "F1"),
        "accuracy": translate("metrics_along", "accuracy"),
        "mcc": translate("metrics_along", "MCC"),
        COST: translate("metrics_along", "cost"),
        "predicted": translate("metrics_along", "predicted share"),
    }
    if of_rows:
        names["precision"] = translate("metrics_along", "right of decided")
        names["recall"] = translate("metrics_along", "decided rightly")
        names["predicted"] = translate("metrics_along", "decided")
    return names[key]


class MetricsPanel(OperatingPanel):
    """A line for each metric that is ticked, over T from 0 to 1; T itself is a line that can be dragged."""

    turns_later = 6
    onward: ClassVar[Keys] = {Qt.Key.Key_Right: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: 1, Qt.Key.Key_Down: 1}

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.shown_keys = set(SHOWN_AT_FIRST)
        self.logit = tool_button(
            self.tr("logit"), self.tr("T by its log-odds, to read it near 0 and near 1"), checkable=True
        )
        self.logit.toggled.connect(self.mark_stale)
        self.choice = tool_button(self.tr("metrics ▾"), self.tr("Which metrics are shown"))
        self.choice.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.choice.setMenu(QMenu(self.choice))
        self.choice.menu().aboutToShow.connect(self._list_metrics)
        self.choice.menu().triggered.connect(self._choose)
        explanation = self.tr(
            "Each line is one number of the chosen model at every threshold T. As T rises fewer are called yes: recall "
            "can only fall, precision mostly rises, but in jumps, and F1, which needs both, peaks in between. The "
            "numbers beside the names are those at T.\n\n"
            "Drag the dashed line, or press the arrow keys. Choose more metrics from the menu: the cost is the mean "
            "cost of a decision, by the costs set where the best threshold is sought; its line fills the height from "
            "0 to its largest. Where nothing is called yes there is no precision, so its line ends.\n\n"
            "Few rows make ragged lines: a best T on top of one narrow peak is luck. All but recall depend on how rare "
            "yes is; suppose another share of yes to see it."
        )
        self.lay_out(PanelTitle(self.tr("Metrics over T"), explanation, self.choice, self.logit))

    def empty_reason(self) -> str:
        return self.no_numbers()

    def subjects(self) -> tuple[object, ...]:
        session, keys = self.session, tuple(metric.key for metric in self._metrics())
        looks = (keys, session.view.deciding.goal.costs, session.supposed, self.logit.isChecked())
        return (session.view.model, self.session.of_rows, *looks, self._sweep())

    def standing(self) -> Standing:
        sweep, worn = self._sweep(), self.look.theme
        assert sweep is not None, "there are numbers"
        along = self._along(sweep)
        self._cost_range = self._range_of_cost(sweep)
        self._x_range = self._extent(sweep)
        traces = tuple(self._trace(n, metric, along, sweep, worn) for n, metric in enumerate(self._metrics()))
        self.sources = [Source(self.session.view.model, sweep)] * len(traces)
        heights = [float(np.nanmin(trace.y, initial=0.0)) for trace in traces]
        return Standing(
            x_range=self._x_range,
            y_range=(math.floor(4 * min(heights, default=0.0)) / 4, 1.0),
            x_title=self.tr("threshold T"),
            y_title="",
            traces=traces,
            x_scale=self._scale,
            endings=True,
        )

    def moving(self) -> Moving:
        model = self.session.view.model
        found, line = self.found(model), float(np.clip(self._scale.place(self.threshold), *self._x_range))
        if found is None:
            return Moving(line=line, caption=self.threshold_words)
        weighted, worn, handles, values = self._weighted(found), self.look.theme, [], []
        for number, metric in enumerate(self._metrics()):
            value = float(self._value(metric, weighted))
            values.append(_short(value))
            height = float(self._height(metric, np.asarray(value)))
            if math.isfinite(height):
                handles.append(Handle(number, line, height, worn.model(metric.colour)))
        return Moving(tuple(handles), line, self.threshold_words, tuple(values))

    def point_words(self, trace: int, point: int) -> str:
        source = self.sources[trace]
        found = self._weighted(source.found(point))
        metric = self._metrics()[trace]
        pattern = self.tr("T {threshold}\n{metric} {value}\n{counts}")
        return pattern.format(
            threshold=short_threshold(source.sweep.threshold(point)),
            metric=metric_name(metric.key, of_rows=self.session.of_rows),
            value=value_text(float(self._value(metric, found))),
            counts=counts_words(self.session.document, self.session.view.category, found),
        )

    def note_words(self) -> str:
        models, words = self.session.document.models, world_words(self.session)
        if len(models) > 1:
            words.insert(0, cut(models[self.session.view.model].name))
        if any(metric.key == COST for metric in self._metrics()):
            sweep = self._sweep()
            assert sweep is not None, "there are numbers"
            low, high = self._range_of_cost(sweep)
            words.append(self.tr("cost from {low} to {high}").format(low=score_text(low), high=score_text(high)))
        return " · ".join(words)

    def show_number(self) -> None:
        model, metrics = self.session.view.model, self._metrics()
        found = self.found(model)
        if found is None or not metrics:
            self.show_words("", "")
            return
        # F1 if it is shown: of the usual three it is the one that sums up.
        metric = next((metric for metric in metrics if metric.key == "f1"), metrics[0])
        value = float(self._value(metric, self._weighted(found)))
        name = metric_name(metric.key, of_rows=self.session.of_rows)
        undefined = self.tr("Not defined at this threshold: what it is a share of is none.")
        self.show_words(
            self.tr("{metric} {value} at T").format(
                metric=name, value=UNDEFINED if math.isnan(value) else _short(value)
            ),
            undefined if math.isnan(value) else self.tr("At the threshold T, of the chosen model"),
        )

    # Choosing

    def _metrics(self) -> list[Metric]:
        """Return what is shown."""
        return [metric for metric in self._offered() if metric.key in self.shown_keys]

    def _offered(self) -> list[Metric]:
        return [metric for metric in METRICS if metric.of_rows or not self.session.of_rows]

    def _list_metrics(self) -> None:
        menu = self.choice.menu()
        menu.clear()
        for metric in self._offered():
            action = menu.addAction(metric_name(metric.key, of_rows=self.session.of_rows))
            action.setCheckable(True)
            action.setChecked(metric.key in self.shown_keys)
            action.setData(metric.key)

    def _choose(self, action: QAction) -> None:
        self.choose(str(action.data()), action.isChecked())

    def choose(self, key: str, shown: bool) -> None:
        """Show a metric, or no longer."""
        (self.shown_keys.add if shown else self.shown_keys.discard)(key)
        self.mark_stale()

    # Places

    @property
    def _scale(self) -> Scale:
        return Scale.LOGIT if self.logit.isChecked() else Scale.EVEN

    def _sweep(self) -> Sweep | None:
        return self.session.operating.sweep(self.session.view.model)

    def _weighted(self, found: Outcomes) -> Outcomes:
        return found.at_prevalence(self.session.supposed)

    def _along(self, sweep: Sweep) -> Outcomes:
        return self._weighted(sweep.outcomes)

    def _value(self, metric: Metric, found: Outcomes) -> Floats:
        if metric.key == COST:
            return self.session.view.deciding.goal.costs.of(found)
        if metric.key == "predicted" and self.session.of_rows:
            rows = found.true_positives + found.false_negatives
            return outcomes.quotients(found.true_positives + found.false_positives, rows)
        return metric.of(found)

    def _range_of_cost(self, sweep: Sweep) -> tuple[float, float]:
        """Return between which costs the height of the plot lies."""
        cost = self.session.view.deciding.goal.costs.of(self._along(sweep))
        low, high = float(np.nanmin(cost, initial=0.0)), float(np.nanmax(cost, initial=0.0))
        return low, high if high > low else low + 1.0

    def _height(self, metric: Metric, value: Floats) -> Floats:
        if metric.key != COST:
            return value
        low, high = self._cost_range
        return (value - low) / (high - low)

    def _extent(self, sweep: Sweep) -> tuple[float, float]:
        """Return the ends of the axis of T."""
        if not self.logit.isChecked():
            return 0.0, 1.0
        places = Scale.LOGIT.place(sweep.thresholds[1:])
        places = places[np.isfinite(places)]
        low, high = float(places.min(initial=-FINEST_LOGIT)), float(places.max(initial=FINEST_LOGIT))
        return max(low, -WIDEST_LOGIT), min(high, WIDEST_LOGIT)

    def _trace(self, number: int, metric: Metric, along: Outcomes, sweep: Sweep, worn: Theme) -> Trace:
        """Return a line of steps: what a threshold does is done by all down to, but without, the next score below."""
        thresholds = np.minimum(sweep.thresholds, 1.0)
        height = self._height(metric, self._value(metric, along))
        x = np.clip(self._scale.place(thresholds), *self._x_range)
        ends = np.append(x[1:], self._x_range[0])
        path_x, path_y = np.stack([x, ends], axis=1).ravel()[::-1], np.repeat(height, 2)[::-1]
        name = metric_name(metric.key, of_rows=self.session.of_rows)
        return Trace(number, name, worn.model(metric.colour), metric.style, x, height, path_x, path_y)

    # The hand

    def drag_line(self, pixel: QPointF, gesture: int) -> None:
        x, _ = self.plot.canvas.place(pixel)
        beside, _ = self.plot.canvas.place(pixel + QPointF(1.0, 0.0))
        low, high = self._x_range
        threshold = 0.0 if x <= low else 1.0 if x >= high else self._scale.share(x)
        step = abs(self._scale.share(beside) - self._scale.share(x))
        decimals = min(15, max(2, math.ceil(-math.log10(max(step, 1e-15)))))
        threshold = min(1.0, max(0.0, round(threshold, decimals)))
        self.move_threshold(snapped(self.session, threshold, self.session.operating.categories), gesture)


def _short(value: float) -> str:
    if math.isnan(value):
        return UNDEFINED
    if 0 < abs(value) < 0.0005:
        return score_text(value)
    return f"{value:.{2 if abs(value) >= 0.01 or value == 0 else 3}f}".replace("-", "−")
