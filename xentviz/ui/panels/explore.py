"""The Explore workspace: loss above gradient, every row a dot that can be dragged along its curve."""

import math
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QRadioButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from xentviz.core.document import Change, Document, LossReduction
from xentviz.core.told import elements_a_line, one_answer
from xentviz.core.transforms import logit, sigmoid
from xentviz.session.listing import same
from xentviz.session.session import Session
from xentviz.session.view import Axis
from xentviz.ui.numbers import loss_text, score_text
from xentviz.ui.panels.answers import with_place
from xentviz.ui.panels.axis_words import axis_tip, axis_title, mark_words, soft_words
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.pictures import Subject, count_ahead, extent_of, gradient_picture, loss_picture, with_threshold
from xentviz.ui.panels.points import Points, crowded, gradient_at, loss_at, places, points_of, score_at
from xentviz.ui.panels.threshold_choice import active_category, set_threshold
from xentviz.ui.theme import Look
from xentviz.ui.widgets.curve_plot import CurvePlot, Picture
from xentviz.ui.widgets.labels import label


class ExplorePanel(Panel):
    """Two plots over one axis, with a read-out of the place pointed at or of the current row."""

    shows = ~Change.ROW_NAMES
    turns_later = 2

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.setObjectName("explore")
        self.loss_plot, self.gradient_plot = CurvePlot(self), CurvePlot(self)
        self._points: Points | None = None
        self._pictures: list[Picture] = []
        self._subjects: tuple[object, ...] = ()
        self._pointer: QPointF | None = None
        self._pointed_plot = self.loss_plot
        self._gesture = -1
        self._gesture_of_keys = -1
        self._before: Document | None = None
        self._held: Document | None = None
        self._zoomed = False
        self._describe_soon = QTimer(self, interval=0, singleShot=True)
        self._describe_soon.timeout.connect(self._describe)
        self._loss_unit, self._slope_unit = label(size="small"), label(size="small")
        self._legend = label(size="small")
        self._lay_out()
        session.ahead.append(count_ahead)
        self.gradient_plot.setXLink(self.loss_plot)
        for plot in (self.loss_plot, self.gradient_plot):
            plot.dot_grabbed.connect(self._grab)
            plot.dot_moved.connect(self._move)
            plot.dot_released.connect(self._release)
            plot.dot_clicked.connect(self._click)
            plot.threshold_moved.connect(self._move_threshold)
            plot.threshold_released.connect(self._release)
            plot.pointed.connect(lambda point, at=plot: self._point(at, point))
            plot.shifted.connect(self._on_shift)
            plot.installEventFilter(self)
        self.loss_plot.setAccessibleName(self.tr("Loss"))
        self.gradient_plot.setAccessibleName(self.tr("Gradient"))

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self._titled(self.tr("Loss"), self._loss_unit, self.loss_plot, self._choices()))
        splitter.addWidget(self._titled(self.tr("Gradient"), self._slope_unit, self.gradient_plot, None))
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([540, 460])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 8)
        layout.addWidget(splitter)

    def _titled(self, title: str, unit: QWidget, plot: CurvePlot, choices: QWidget | None) -> QWidget:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(label(title, bold=True))
        top.addWidget(unit)
        if choices is None:
            top.addStretch(1)
            top.addWidget(self._legend)
        else:
            top.addStretch(1)
            top.addWidget(choices)
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(plot, 1)
        return box

    def _choices(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._squared = QCheckBox(self.tr("squared error"))
        self._squared.setToolTip(self.tr("Draw (p − y)² beside cross-entropy: it has no unit, and never exceeds 1."))
        self._squared.clicked.connect(lambda on: self.session.look(squared_error=on))
        row.addWidget(self._squared)
        row.addSpacing(8)
        self._axis_title = label(self.tr("x axis:"), "small")
        row.addWidget(self._axis_title)
        group, self._axes = QButtonGroup(box), {}
        for axis in Axis:
            button = QRadioButton()
            button.clicked.connect(lambda _on, chosen=axis: self.session.look(axis=chosen))
            group.addButton(button)
            row.addWidget(button)
            self._axes[axis] = button
        return box

    # Drawing

    def refresh(self) -> None:
        session = self.session
        document, view = session.document, session.view
        by_rows = one_answer(document)
        self._axes[view.axis].setChecked(True)
        for axis, button in self._axes.items():
            button.setText(axis_title(axis, by_rows=by_rows))
            button.setToolTip(axis_tip(axis, by_rows=by_rows))
        self._squared.setChecked(view.squared_error)
        unit = document.settings.unit.value
        of_one = self.tr("{unit}, of one row") if by_rows else self.tr("{unit}, of one answer")
        self._loss_unit.setText(of_one.format(unit=unit))
        slope = "dℓ/dz" if view.axis is Axis.LOGIT else "dℓ/dp"
        of_one = self.tr("{slope} of one row, in {unit}") if by_rows else self.tr("{slope} of one answer, in {unit}")
        self._slope_unit.setText(of_one.format(slope=slope, unit=unit))
        self._slope_unit.setToolTip(self._slope_tip(by_rows=by_rows))
        self._legend.setText(self._legend_text())
        for unit_shown in (self._loss_unit, self._slope_unit):
            unit_shown.setVisible(self.wide)
        for choice in (self._squared, self._axis_title):
            choice.setVisible(self.wide)  # a narrow window leaves them to the menu
        if by_rows:
            self._squared.hide()  # it depends on how the other categories share the rest
        threshold = document.threshold(active_category(session))
        self._draw_what_stands()
        for plot, picture in zip((self.loss_plot, self.gradient_plot), self._pictures, strict=True):
            plot.draw(with_threshold(picture, view.axis, threshold, by_rows=by_rows), still=self._gesture != -1)
        self._describe()

    def _draw_what_stands(self) -> None:
        """Work out all of the pictures but the threshold, unless they are of the same as before."""
        document, view, worn = self.session.document, self.session.view, self.look.theme
        numbers = self.session.results_of(view.model)
        seen = []
        for plot in (self.loss_plot, self.gradient_plot):
            plot.wear(worn)
            seen.append(plot.seen())
        data = (document.task, document.categories, document.labels, document.models, document.settings)
        marks = document.thresholds if one_answer(document) else ()  # which of them tell what is decided rightly
        looks = (view.model, view.selected, view.current, view.category, view.axis, view.squared_error)
        subjects = (*data, marks, *looks, numbers, worn, *seen)
        if not same(subjects, self._subjects):
            self._subjects = subjects
            self._points = points_of(document, view, extent_of(document, numbers))
            subject = Subject(self._points, document, view, numbers, worn)
            self._pictures = [
                loss_picture(replace(subject, seen=seen[0])),
                gradient_picture(replace(subject, seen=seen[1])),
            ]

    def _slope_tip(self, *, by_rows: bool) -> str:
        """Return what sets this slope apart from that in the table."""
        whose = self.tr("one row") if by_rows else self.tr("one answer")
        if self.session.document.settings.reduction is LossReduction.SUM:
            words = self.tr("ℓ is the loss of {whose}. In the table, L is the sum of all of them, with the same slope.")
        else:
            words = self.tr(
                "ℓ is the loss of {whose}. In the table, L is the mean of all N of them, with 1/N of this slope."
            )
        return words.format(whose=whose)

    def _legend_text(self) -> str:
        by_rows = one_answer(self.session.document)
        words = [mark_words() if by_rows else self.tr("● is yes   ■ is no")]
        numbers = self.session.results_of(self.session.view.model)
        if numbers is not None and numbers.soft_labels:
            words.append(soft_words() if by_rows else self.tr("◆ soft label"))
        if self.session.view.squared_error and not by_rows:
            words.append(self.tr("grey: squared error, without unit"))
        if crowded(self.session.document, self.session.view):
            words.append(self.tr("the wider the ribbon, the more rows"))
        return "   ".join(words)

    def _describe(self) -> None:
        """Write the read-out of the place pointed at, or else of the current row."""
        at = self._place()
        is_of_other_axis = at is not None and self.session.view.axis is Axis.PROBABILITY and not 0 <= at[1] <= 1
        if at is None or is_of_other_axis:  # it will be drawn anew
            self.loss_plot.describe_nothing()
            self.gradient_plot.describe_nothing()
            return
        y, x = at
        labels, xs = np.array([y]), np.array([x])
        axis, unit = self.session.view.axis, self.session.document.settings.unit
        loss = float(loss_at(axis, labels, xs)[0]) * unit.per_nat
        slope = float(gradient_at(axis, labels, xs)[0]) * unit.per_nat
        p = float(sigmoid(x)) if axis is Axis.LOGIT else x
        z = x if axis is Axis.LOGIT else float(logit(p))
        by_p = float(gradient_at(Axis.PROBABILITY, labels, np.array([p]))[0]) * unit.per_nat
        by_z = float(gradient_at(Axis.LOGIT, labels, np.array([z]))[0]) * unit.per_nat
        place = f"z {score_text(x)} · p {score_text(p)}" if axis is Axis.LOGIT else f"p {score_text(p)}"
        pattern = self.tr("{place} · y {y} → loss {loss} {unit}\ndℓ/dp {by_p} · dℓ/dz {by_z}")
        if one_answer(self.session.document):
            pattern = self.tr("{place} → loss {loss} {unit}\ndℓ/dp {by_p} · dℓ/dz {by_z}")
            place = place.replace("z ", self.tr("log-odds") + " ")
        words = pattern.format(
            place=place,
            y=f"{y:g}",
            loss=loss_text(loss),
            unit=unit.value,
            by_p=_signed(by_p),
            by_z=_signed(by_z),
        )
        below = ""
        if not self.roomy:  # one line in each plot covers less of it than two in one
            words, below = words.split("\n")
        self.loss_plot.describe(x, loss, slope, words)
        self.gradient_plot.describe(x, slope, math.nan, below)

    def _place(self) -> tuple[float, float] | None:
        """Return label and x of what the read-out is about: the row pointed at, a curve, or the current row."""
        if self._points is None:
            return None
        if self._pointer is not None and self._gesture == -1:
            element = self._pointed_plot.element_at(self._pointer)
            place = self._on_curve(self._pointer) if element is None else self._of_element(element)
            if place is not None:
                return place
        current = self.session.view.current
        return None if current is None else self._of_element(current)

    def _of_element(self, element: int) -> tuple[float, float] | None:
        assert self._points is not None
        a_line = elements_a_line(self.session.document)
        at = np.flatnonzero(self._points.elements == element // a_line * a_line)
        return (float(self._points.labels[at[0]]), float(self._points.x[at[0]])) if len(at) else None

    def _on_curve(self, point: QPointF) -> tuple[float, float] | None:
        """Return the place on the nearer of the two curves, if the pointer is close to one."""
        axis, x = self.session.view.axis, point.x()
        if axis is Axis.PROBABILITY and not 0 < x < 1:
            return None
        of = loss_at if self._pointed_plot is self.loss_plot else gradient_at
        unit = self.session.document.settings.unit.per_nat
        labels = np.array([1.0] if one_answer(self.session.document) else [0.0, 1.0])
        heights = of(axis, labels, np.full(len(labels), x)) * unit
        pixel = self._pointed_plot.getViewBox().viewPixelSize()[1]
        if not pixel:
            return None  # the plot is squeezed to nothing
        pixels = np.abs(heights - point.y()) / pixel
        nearest = int(np.argmin(pixels))
        return (float(labels[nearest]), x) if pixels[nearest] < 24 else None

    def show_whole(self) -> None:
        """Zoom out to the whole of both plots."""
        for plot in (self.loss_plot, self.gradient_plot):
            plot.reset_range()

    # The hand

    def _on_shift(self) -> None:
        """Redraw after zooming, for marks stand at the edge of what is in view; else only place the read-out anew."""
        was_zoomed, self._zoomed = self._zoomed, any(plot.seen() for plot in (self.loss_plot, self.gradient_plot))
        if was_zoomed or self._zoomed:
            self.mark_stale()
        else:
            self._describe_soon.start()

    def _point(self, plot: CurvePlot, point: QPointF | None) -> None:
        self._pointed_plot, self._pointer = plot, point
        self._describe()

    def _grab(self, element: int) -> None:
        self._gesture = self.session.gesture()
        self._before = self._held = self.session.document
        self.session.look(selected=np.array([element]), current=element)

    def _move(self, element: int, x: float) -> None:
        session, axis = self.session, self.session.view.axis
        if session.document is not self._held:
            return  # something else has changed the rows meanwhile: what is held may be another one
        score = score_at(session.document, session.view.model, axis, x, self.loss_plot.pixel_width())
        # From where it was grabbed: on its way a dot may pass a place from which not all would come back.
        self._set_score(self._before or session.document, element, score, self._gesture)
        self._held = session.document

    def _set_score(self, before: Document, element: int, score: float, gesture: int) -> None:
        model = self.session.view.model
        at = np.array([element], dtype=np.int64)

        def moved(_document: Document) -> Document:
            if one_answer(before):
                return with_place(before, model, element, score)
            return before.with_scores(model, at, score)

        self.session.edit(moved, self.tr("Move dot"), gesture)

    def _release(self) -> None:
        self._gesture, self._pointer = -1, None

    def _click(self, element: int | None, extend: bool) -> None:
        view = self.session.view
        clicked = np.array([] if element is None else [element], dtype=np.int64)
        before = view.selected
        if isinstance(before, range):
            before = np.arange(before.start, before.stop, before.step)
        chosen = np.setxor1d(before, clicked, assume_unique=True) if extend else clicked
        if element is not None or not extend:
            self.session.look(selected=chosen, current=element)

    def _move_threshold(self, x: float) -> None:
        if self._gesture == -1:
            self._gesture = self.session.gesture()
        step = self.loss_plot.pixel_width()
        if self.session.view.axis is Axis.LOGIT:
            x, step = float(sigmoid(x)), 0.001
        decimals = max(2, math.ceil(-math.log10(step)))
        threshold = round(min(1.0, max(0.0, x)), decimals)
        set_threshold(self.session, threshold, self.tr("Move threshold"), self._gesture)
        self.mark_stale()  # the line stands where the hand put it, not yet where the threshold is

    # Keys

    def eventFilter(self, watched: QWidget, event: QKeyEvent) -> bool:  # type: ignore[override]
        if event.type() == QKeyEvent.Type.KeyPress and self._on_key(event):
            return True
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        walks = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        key = Qt.Key(event.key())
        if key in steps:
            if not event.isAutoRepeat():
                self._gesture_of_keys = self.session.gesture()
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._nudge(steps[key] * (0.1 if fine else 1.0))
        elif key in walks:
            self._walk(walks[key])
        elif key == Qt.Key.Key_Escape and self._held is not None and self._gesture != -1:
            self._give_up()
        else:
            return False
        return True

    def _give_up(self) -> None:
        """Put the dot back to where it was when it was grabbed."""
        if self.session.document is self._held and self._held is not self._before:
            self.session.undo_stack.undo()
        self._held = None

    def _nudge(self, steps: float) -> None:
        """Move the current dot by hundredths of probability, or tenths of logit."""
        session, view = self.session, self.session.view
        if view.current is None or not session.document.models:
            self._walk(1)
            return
        step = 0.1 if view.axis is Axis.LOGIT else 0.01
        x = float(places(session.document, view.model, np.array([view.current]), view.axis)[0])
        if math.isnan(x):
            return
        if math.isinf(x):
            x = math.copysign(10.0, x)
        score = score_at(session.document, view.model, view.axis, x + steps * step, abs(steps) * step / 10)
        self._set_score(session.document, view.current, score, self._gesture_of_keys)

    def _walk(self, steps: int) -> None:
        """Make the next dot along the axis the current one."""
        points = self._points
        if points is None or not len(points.elements):
            return
        order = points.elements[np.argsort(points.x, kind="stable")]
        a_line, current = elements_a_line(self.session.document), self.session.view.current
        at = np.flatnonzero(order == (-1 if current is None else current // a_line * a_line))
        position = (int(at[0]) + steps) % len(order) if len(at) else 0
        element = int(order[position])
        self.session.look(selected=np.array([element]), current=element)


def _signed(value: float) -> str:
    return loss_text(value) if value <= 0 else "+" + loss_text(value)
