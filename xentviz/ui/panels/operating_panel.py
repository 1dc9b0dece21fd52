"""What the panels with curves along thresholds share: a plot on which the threshold's place can be dragged."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xentviz.core import metrics
from xentviz.core.document import Change, Document
from xentviz.core.outcomes import Outcomes
from xentviz.core.ranking import Areas
from xentviz.core.sweep import Sweep
from xentviz.session.listing import same
from xentviz.session.session import Session
from xentviz.ui.numbers import UNDEFINED, score_text
from xentviz.ui.panels.operating_words import short_threshold
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.threshold_choice import active_category, set_threshold
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import label
from xentviz.ui.widgets.line_pen import Line
from xentviz.ui.widgets.operating_picture import Moving, Standing
from xentviz.ui.widgets.operating_plot import LINE, OperatingPlot
from xentviz.ui.widgets.page_or_reason import PageOrReason
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.words import nothing_known

Keys = dict[Qt.Key, int]

LINES: tuple[Line, ...] = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotDotLine,
    (12.0, 3.0),
    (9.0, 3.0, 3.0, 3.0),
    (1.0, 5.0),
)
"""How curves are told apart without colours, in turn."""


@dataclass(frozen=True, eq=False)
class Source:
    """What a curve is made of."""

    model: int
    sweep: Sweep

    def found(self, point: int) -> Outcomes:
        """Return the counts of one point."""
        return self.sweep.outcomes.at(point)


class OperatingPanel(Panel):
    """A title, a note and a plot, or a sentence why there is none.

    Subclasses implement ``empty_reason``, ``subjects``, ``standing``, ``moving`` and ``point_words``; they fill
    ``sources``, one of each curve, and ``along``, the curve on which each handle is dragged. ``onward`` tells which
    keys lower the threshold (1), and which raise it (-1).
    """

    shows = ~(Change.ROW_NAMES | Change.TITLE | Change.SETTINGS)
    onward: ClassVar[Keys]

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.plot = OperatingPlot(self)
        self.note = label(size="small")
        self.sources: list[Source] = []
        self.along: dict[int, int] = {}
        self._drawn_of: tuple[object, ...] = ()
        self._pointer: QPointF | None = None
        self._gesture = self._gesture_of_keys = -1
        self._grabbed_at: Document | None = None
        self._held: Document | None = None
        session.operating.changed.connect(self.mark_stale_in_turn)
        plot = self.plot
        plot.grabbed.connect(self._grab)
        plot.dragged.connect(self._drag)
        plot.released.connect(self._release)
        plot.clicked.connect(self._click)
        plot.pointed.connect(self._point)
        plot.stepped.connect(self._step)
        plot.given_up.connect(self._give_up)

    def lay_out(self, title: PanelTitle) -> None:
        """Put everything in its place."""
        self.title = title
        self.plot.setAccessibleName(title.text)
        self.note.setWordWrap(True)
        self._stack = PageOrReason(self.plot)
        self.empty = self._stack.words
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 6)
        layout.setSpacing(2)
        layout.addWidget(title)
        layout.addWidget(self.note)
        layout.addWidget(self._stack, 1)

    # What a kind of curves says of itself

    def empty_reason(self) -> str:
        """Return why there is nothing to draw, and what to do; empty if there is."""
        raise NotImplementedError

    def subjects(self) -> tuple[object, ...]:
        """Return all that what stands still depends on."""
        raise NotImplementedError

    def standing(self) -> Standing:
        """Return what stands still, and note its sources."""
        raise NotImplementedError

    def moving(self) -> Moving:
        """Return what follows the threshold."""
        raise NotImplementedError

    def point_words(self, trace: int, point: int) -> str:
        """Return the read-out of a point of a curve."""
        raise NotImplementedError

    def note_words(self) -> str:
        """Return what must be known to read the curves, if anything."""
        raise NotImplementedError

    def show_number(self) -> None:
        """Show the one number beside the title."""
        raise NotImplementedError

    # Drawing

    def refresh(self) -> None:
        self.plot.wear(self.look.theme)
        reason = self.empty_reason()
        self.show_number()
        note = "" if reason else self.note_words()
        if note != self.note.text() or bool(note) == self.note.isHidden():
            self.note.setText(note)
            self.note.setVisible(bool(note))
        if reason:
            self.sources, self.along, self._drawn_of = [], {}, ()
        self._stack.show_reason(reason)
        if not reason:
            self._draw()

    def _draw(self) -> None:
        subjects = (self.look.theme, *self.subjects())
        if not same(subjects, self._drawn_of):
            self._drawn_of = subjects
            self.plot.stand(self.standing())
        moving = self.moving()
        self.plot.move_to(moving)
        self.plot.setAccessibleDescription(moving.caption)
        self._describe()

    def _describe(self) -> None:
        """Write the read-out of the point that the pointer is nearest to."""
        found = None if self._pointer is None or self._gesture != -1 else self._pointed_at(self._pointer)
        standing, _ = self.plot.shown
        if found is None or standing is None:
            self.plot.describe_nothing()
            return
        number, point = found
        trace = standing.traces[number]
        place = float(trace.x[point]), float(trace.y[point])
        self.plot.describe(*place, trace.colour, self.point_words(number, point))

    def _pointed_at(self, pixel: QPointF) -> tuple[int, int] | None:
        number = self.plot.canvas.trace_near(pixel)
        if number is None or number >= len(self.sources):
            return None
        point = self.plot.canvas.nearest_point(number, pixel)
        return None if point is None else (number, point)

    # What the curves are of

    def found(self, model: int) -> Outcomes | None:
        """Return the exact counts of a model at the threshold, None before they are known."""
        counts = self.session.counts_looked_at(model)
        return None if counts is None else Outcomes.of(metrics.pooled(counts))

    @property
    def threshold(self) -> float:
        """The threshold that is dragged."""
        return self.session.document.threshold(active_category(self.session))

    @property
    def threshold_words(self) -> str:
        """The threshold as it stands beside its place."""
        return self.tr("T {threshold}").format(threshold=short_threshold(self.threshold))

    def no_numbers(self) -> str:
        """Return why there is nothing whatever the kind of curve, empty if there may be something."""
        if not self.session.document.models:
            return self.tr("No model yet. Open a file with scores, or add a model: its scores make the curves.")
        found = self.session.operating.sweep(self.session.view.model)
        if found is None:
            return self.tr("Counting …")
        if not found.positives + found.negatives:
            return nothing_known()
        return ""

    def areas(self) -> list[Areas] | None:
        """Return the areas under the chosen model's curves of the categories looked at, None before they are known."""
        session = self.session
        of_model = session.operating.areas(session.view.model)
        if of_model is None or len(of_model) != len(session.document.categories):
            return None
        return [of_model[category] for category in session.operating.categories]

    def show_area(self, name: str, whole_name: str, values: list[float | None] | None, undefined: str) -> None:
        """Show an area beside the title: of one category, or the mean of those where it is defined."""
        if values is None:
            self.show_words(name + " …" if self.session.document.models else "", "")
            return
        defined = [value for value in values if value is not None]
        if not defined:
            self.show_words(f"{name} {UNDEFINED}", undefined)
            return
        mean = score_text(sum(defined) / len(defined))
        if len(values) == 1:
            self.show_words(f"{name} {mean}", whole_name, mean)
            return
        pattern = self.tr("{name}: the mean over {defined} of {all} categories, where it is defined")
        self.show_words(
            self.tr("macro {name} {value}").format(name=name, value=mean),
            pattern.format(name=whole_name, defined=len(defined), all=len(values)),
            f"{name} {mean}",
        )

    def show_words(self, text: str, tip: str, shorter: str = "") -> None:
        """Show words beside the title, or shorter ones where there is no room."""
        self.title.number.shorter = shorter
        if (text, tip) != (self.title.number.text(), self.title.number.toolTip()):
            self.title.number.setText(text)
            self.title.number.setToolTip(tip)

    # The hand

    def move_threshold(self, threshold: float, gesture: int) -> None:
        """Set the threshold; all of one gesture is undone together."""
        set_threshold(self.session, threshold, self.tr("Move threshold"), gesture)

    def drag_line(self, pixel: QPointF, gesture: int) -> None:
        """Put the threshold where its line is dragged; only one of the panels has one."""
        raise NotImplementedError

    def _grab(self, key: int) -> None:
        self._gesture = self.session.gesture()
        self._grabbed_at = self._held = self.session.document
        self.plot.describe_nothing()
        if key in self.along and self.sources[self.along[key]].model != self.session.view.model:
            self.session.look(model=self.sources[self.along[key]].model)

    def _drag(self, key: int, pixel: QPointF) -> None:
        if self._held is not self.session.document:
            return  # it was given up, or something else has changed meanwhile
        if key == LINE:
            self.drag_line(pixel, self._gesture)
        elif key in self.along:
            trace = self.along[key]
            point = self.plot.canvas.nearest_point(trace, pixel)
            if point is not None:
                self.move_threshold(self.sources[trace].sweep.threshold(point), self._gesture)
        self._held = self.session.document

    def _give_up(self) -> None:
        """Put the threshold back to where it was grabbed."""
        if self._gesture != -1 and self._held is self.session.document and self._held is not self._grabbed_at:
            self.session.undo_stack.undo()
        self._held = None

    def _release(self) -> None:
        self._gesture, self._pointer = -1, None

    def _click(self, pixel: QPointF) -> None:
        """Choose the model whose curve is clicked."""
        number = self.plot.canvas.trace_near(pixel)
        if number is not None and number < len(self.sources):
            model = self.sources[number].model
            if model != self.session.view.model:
                self.session.look(model=model)

    def _point(self, pixel: QPointF | None) -> None:
        self._pointer = pixel
        self._describe()

    def _step(self, key: Qt.Key, points: int, held: bool) -> None:
        """Move the threshold along the points of the chosen model."""
        session = self.session
        sweep, found = session.operating.sweep(session.view.model), self.found(session.view.model)
        if sweep is None or found is None:
            return
        if not held:
            self._gesture_of_keys = session.gesture()
        said = sweep.true_positives + sweep.false_positives
        reached = float(found.true_positives + found.false_positives)
        # By its counts: a threshold between two points does what the higher one does.
        here = max(0, int(np.searchsorted(said, reached, side="right")) - 1)
        steps = self.onward[key] * points
        if steps < 0 and said[here] < reached:
            steps += 1
        point = min(max(here + steps, 0), len(sweep) - 1)
        self.move_threshold(sweep.threshold(point), self._gesture_of_keys)
