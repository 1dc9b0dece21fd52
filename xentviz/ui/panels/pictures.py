"""What the Explore plots show: curves, dots and ribbons, worked out from the session as pictures."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Qt

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.counts import Integers
from xentviz.core.document import Document
from xentviz.core.evaluation import ModelResults, Results
from xentviz.core.losses import squared_error, squared_error_gradient
from xentviz.core.told import one_answer
from xentviz.core.transforms import logit, sigmoid
from xentviz.session.view import Axis, View
from xentviz.ui.numbers import threshold_text
from xentviz.ui.panels.axis_words import curve_words
from xentviz.ui.panels.points import Points, crowded, gradient_at, loss_at, points_of
from xentviz.ui.theme import Theme
from xentviz.ui.widgets.curve_plot import Curve, Dots, Picture, Words

translate = QCoreApplication.translate

RIBBON_STEPS = 240
MOST_KEPT = 64
"""Curves and places along them, worked out once: where only dots move they stay the same."""
LOSS_TOPS = (4.0, 5.0, 6.0, 7.0)
"""How high, in nats, the loss axis may reach over probabilities."""
INSET = 0.03
"""How far inside the frame, as a share of its height, stand the marks of what lies outside."""


@dataclass(frozen=True)
class Subject:
    """What both pictures are of."""

    points: Points
    document: Document
    view: View
    numbers: ModelResults | None
    worn: Theme
    seen: tuple[tuple[float, float], tuple[float, float]] | None = None
    """The ranges of x and y in view, if not the whole picture is."""


@dataclass(frozen=True)
class Frame:
    """One of the two plots: which quantity it has upwards, from where to where, in the document's unit."""

    gradient: bool
    axis: Axis
    x_range: tuple[float, float]
    unit: float
    low: float
    high: float

    @property
    def inset(self) -> float:
        """The distance from the edge of what is drawn at the edge."""
        return INSET * (self.high - self.low)

    def height(self, labels: Floats | float, x: Floats) -> Floats:
        """Return how high the curves of these labels lie at these places."""
        of = gradient_at if self.gradient else loss_at
        return of(self.axis, np.broadcast_to(np.asarray(labels, dtype=np.float64), x.shape), x) * self.unit


def loss_picture(subject: Subject, top: float = 0.0) -> Picture:
    """Return the upper plot: loss along the axis, up to so many nats or further if dots lie higher."""
    points = subject.points
    top = max(top, loss_top(points))
    return _picture(subject, _loss_frame(points, subject.document.settings.unit.per_nat, top))


def gradient_picture(subject: Subject) -> Picture:
    """Return the lower plot: the slope of the loss along the axis."""
    return _picture(subject, _gradient_frame(subject.points, subject.document))


def count_ahead(view: View, results: Results) -> None:
    """Count what the ribbons will show of new results: that takes a while, and drawing should find it done."""
    document, view = results.document, view.within(results.document)
    if crowded(document, view):
        numbers, unit = results.models[view.model], document.settings.unit.per_nat
        points = points_of(document, view, extent_of(document, numbers))
        # Which row is chosen, and so how high the loss axis reaches, may be another by the time it is drawn.
        tops = LOSS_TOPS if points.axis is Axis.PROBABILITY else (points.x_range[1],)
        for frame in (*(_loss_frame(points, unit, top) for top in tops), _gradient_frame(points, document)):
            for label in _labels_with_ribbons(document):
                _bins(document, numbers, view, frame, label, _even_steps(frame, label))


def _loss_frame(points: Points, unit: float, top: float) -> Frame:
    high = 1.06 * top * unit
    return Frame(False, points.axis, points.x_range, unit, -INSET * high, high)


def _gradient_frame(points: Points, document: Document) -> Frame:
    unit = document.settings.unit.per_nat
    reach = (1.2 if points.axis is Axis.LOGIT else 8.5) * unit
    # Only the true category of one answer in many costs: its loss never grows with its own score.
    top = 0.15 * reach if one_answer(document) else reach
    return Frame(True, points.axis, points.x_range, unit, -reach, top)


def extent_of(document: Document, numbers: ModelResults | None) -> tuple[float, float] | None:
    """Return the smallest and the largest probability of the dots."""
    if numbers is None:
        return None
    return numbers.answer_extent if one_answer(document) else numbers.extent


def _labels_with_ribbons(document: Document) -> tuple[float, ...]:
    return (1.0,) if one_answer(document) else (0.0, 1.0)


def loss_top(points: Points) -> float:
    """Return the upper end of the loss axis in nats: four, or up to seven if a dot lies higher."""
    if points.axis is Axis.LOGIT:
        return points.x_range[1]
    losses = loss_at(points.axis, points.labels, points.x)
    highest = losses[np.isfinite(losses)].max(initial=0.0)
    return float(np.clip(np.ceil(highest * 1.08), LOSS_TOPS[0], LOSS_TOPS[-1]))


def _picture(subject: Subject, frame: Frame) -> Picture:
    points = subject.points
    x, y, outside = _within(subject, frame)
    dots = _ribbons(subject, frame) if crowded(subject.document, subject.view) else []
    return Picture(
        x_range=points.x_range,
        y_range=(frame.low, frame.high),
        curves=_curves(subject, frame),
        dots=[*dots, *_dots(subject, x, y, outside), *_highlight(subject, x, y, outside)],
        grab_x=x,
        grab_y=y,
        grab_element=points.elements,
        words=[] if frame.gradient else _words(subject, frame),
    )


def with_threshold(picture: Picture, axis: Axis, threshold: float, *, by_rows: bool) -> Picture:
    """Return a picture with the line of a threshold, all else shared with the one given."""
    at = float(logit(threshold)) if axis is Axis.LOGIT else threshold
    return replace(
        picture,
        threshold=at if np.isfinite(at) else None,
        threshold_text=_threshold_text(threshold, None if axis is Axis.PROBABILITY else at, "x" if by_rows else "z"),
    )


def _threshold_text(threshold: float, at_logit: float | None, axis: str) -> str:
    value = threshold_text(threshold)
    return (f"T = {value}" if at_logit is None else f"T = {value} ({axis} = {at_logit:.3g})").replace("-", "−")


def _words(subject: Subject, frame: Frame) -> list[Words]:
    """Return what the curves are, written beside them."""
    points, worn = subject.points, subject.worn
    low, high = points.x_range
    written = []
    texts = [
        (1.0, 0.12, translate("pictures", "answer is yes (y = 1)")),
        (0.0, 0.88 if points.axis is Axis.LOGIT else 0.8, translate("pictures", "answer is no (y = 0)")),
    ]
    if one_answer(subject.document):
        texts = [(1.0, 0.4 if points.axis is Axis.LOGIT else 0.22, curve_words(points.axis))]
    for label, share, text in texts:
        x = low + share * (high - low)
        y = float(frame.height(label, np.array([x]))[0])
        written.append(Words(x, y, text, worn.label(label), (1.0 - label, 1.0)))
    for label in _soft_labels(subject):
        x = high - 0.03 * (high - low)
        y = float(frame.height(label, np.array([x]))[0])
        written.append(Words(x, y, f"y = {label:g}", worn.soft, (1.0, 0.5)))
    return written


def _soft_labels(subject: Subject) -> tuple[float, ...]:
    """Return the labels between 0 and 1 that have a curve of their own; of one answer in many they have none."""
    return () if subject.numbers is None or one_answer(subject.document) else subject.numbers.soft_labels


# Dots


def _within(subject: Subject, frame: Frame) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return where dots are shown, those outside what is in view at its edge, and which these are."""
    points = subject.points
    y = frame.height(points.labels, points.x)
    (left, right), (low, high) = subject.seen or (points.x_range, (frame.low, frame.high))
    inset = INSET * (high - low)
    inside = (y >= low) & (y <= high) & (points.x >= left) & (points.x <= right)
    shown_x, shown_y = np.clip(points.x, left, right), np.clip(y, low + inset, high - inset)
    return np.where(inside, points.x, shown_x), np.where(inside, y, shown_y), ~inside


Group = tuple[NDArray[np.bool_], str, str]
"""Which dots, in what colour, of what shape."""


def _groups(subject: Subject, y: Floats, outside: NDArray[np.bool_]) -> list[Group]:
    """Return the dots by label; those outside are arrows that point to where they are."""
    labels, worn = subject.points.marks, subject.worn
    groups = []
    for here, colour, symbol in (
        (labels == 1, worn.label_1, "o"),
        (labels == 0, worn.label_0, "s"),
        ((labels > 0) & (labels < 1), worn.soft, "d"),
    ):
        for some, shape in (
            (here & ~outside, symbol),
            (here & outside & (y > 0), "t1"),
            (here & outside & (y <= 0), "t"),
        ):
            if some.any():
                groups.append((some, colour, shape))
    return groups


def _dots(subject: Subject, x: Floats, y: Floats, outside: NDArray[np.bool_]) -> list[Dots]:
    size = float(subject.worn.px(11 if len(x) <= 100 else 9 if len(x) <= 400 else 7))
    return [Dots(x[some], y[some], colour, shape, size) for some, colour, shape in _groups(subject, y, outside)]


def _highlight(subject: Subject, x: Floats, y: Floats, outside: NDArray[np.bool_]) -> list[Dots]:
    """Return the selected dots once more, larger, and the current one larger still."""
    elements, worn = subject.points.elements, subject.worn
    current = elements == (-1 if subject.view.current is None else subject.view.current)
    marked = []
    for chosen, size in ((_among(elements, subject.view.selected) & ~current, 14), (current, 17)):
        for some, colour, shape in _groups(subject, y, outside):
            here = chosen & some
            if here.any():
                marked.append(Dots(x[here], y[here], worn.threshold, shape, float(worn.px(size))))
                marked.append(Dots(x[here], y[here], colour, shape, float(worn.px(size - 4)), ring=False))
    return marked


def _among(elements: Rows, selected: Rows | range) -> NDArray[np.bool_]:
    """Return which elements are selected; both ascend, and there may be millions of the selected."""
    if isinstance(selected, range) or not len(selected):
        return np.full(len(elements), len(selected) > 0)
    at = np.minimum(np.searchsorted(selected, elements), len(selected) - 1)
    return np.asarray(selected[at] == elements)


# Curves


def _curves(subject: Subject, frame: Frame) -> list[Curve]:
    worn, style = subject.worn, Qt.PenStyle
    curves = []
    if subject.view.squared_error and not one_answer(subject.document):
        for label, dashes in ((1.0, style.DashDotLine), (0.0, style.DotLine)):
            x = _grid(frame)
            curves.append(Curve(x, _squared(frame, label, x), worn.overlay, dashes, worn.scale * 1.6))
    soft = _soft_labels(subject)
    curves += [Curve(*_line(frame, label), worn.soft, style.DotLine, worn.scale * 1.6) for label in soft]
    for label, dashes in ((0.0, style.DashLine), (1.0, style.SolidLine)):
        if label == 0 and one_answer(subject.document):
            continue  # only the true category costs
        curves.append(Curve(*_line(frame, label), worn.label(label), dashes, worn.scale * 2.0))
    return curves


@lru_cache(MOST_KEPT)
def _line(frame: Frame, label: float) -> tuple[Floats, Floats]:
    """Return x and y of the curve of a label."""
    x = _grid(frame)
    return x, frame.height(label, x)


def _grid(frame: Frame) -> Floats:
    """Return places along the axis, close together where the curves are steep."""
    if frame.axis is Axis.LOGIT:
        return np.linspace(*frame.x_range, 241)
    return np.concatenate([[1e-12], sigmoid(np.linspace(-14.0, 14.0, 301)), [1.0 - 1e-12]])


def _squared(frame: Frame, label: float, x: Floats) -> Floats:
    """Return squared error, which has no unit, or its slope along the axis."""
    labels, p = np.full(len(x), label), sigmoid(x) if frame.axis is Axis.LOGIT else x
    if not frame.gradient:
        return squared_error(labels, p)
    slope = squared_error_gradient(labels, p)
    return slope * p * (1 - p) if frame.axis is Axis.LOGIT else slope


# Ribbons


def _ribbons(subject: Subject, frame: Frame) -> list[Dots]:
    """Return discs along the curves whose size, a cube root, tells how many rows lie there."""
    numbers, worn = subject.numbers, subject.worn
    if numbers is None:
        return []
    ribbons = []
    for label in _labels_with_ribbons(subject.document):
        edges = _even_steps(frame, label)
        counts = _bins(subject.document, numbers, subject.view, frame, label, edges)
        x, y = _middles(frame, label)
        # Whole pixels: the plot keeps a drawing of every size it has seen.
        sizes = np.round(worn.px(3) + worn.px(17) * np.cbrt(counts / max(1, counts.max())))
        inside, colour = (counts > 0) & (y >= frame.low) & (y <= frame.high), worn.label(label)
        ribbons.append(Dots(x[inside], y[inside], colour, "o", sizes[inside], ring=False))
        ribbons += _arrows(frame, x, y, counts, colour, float(worn.px(13)))
    return ribbons


def _bins(document: Document, numbers: ModelResults, view: View, frame: Frame, label: float, edges: Floats) -> Integers:
    """Return how many rows of a label lie between each two places along the axis."""
    chosen = view.category
    p = sigmoid(edges) if frame.axis is Axis.LOGIT else edges
    bins = np.concatenate([[0.0], p[1:-1], [1.0]])
    if one_answer(document):
        return (numbers if chosen is None else numbers.only(chosen)).answers(bins)[0]
    categories = range(numbers.categories) if chosen is None else range(chosen, chosen + 1)
    return numbers.bins(bins, categories, label == 1)


def _arrows(frame: Frame, x: Floats, y: Floats, counts: Integers, colour: str, size: float) -> list[Dots]:
    """Return an arrow where the curve leaves the frame, if there are rows further out."""
    arrows = []
    for outside, edge, symbol in (
        (y > frame.high, frame.high - frame.inset, "t1"),
        (y < frame.low, frame.low + frame.inset, "t"),
    ):
        if counts[outside].sum():
            nearest = x[outside][np.argmin(np.abs(y[outside] - edge))]
            arrows.append(Dots(np.array([nearest]), np.array([edge]), colour, symbol, size))
    return arrows


@lru_cache(MOST_KEPT)
def _even_steps(frame: Frame, label: float) -> Floats:
    """Return places along the axis that lie evenly along the curve as it is seen."""
    x, y = _line(frame, label)
    dx = np.diff(x) / (frame.x_range[1] - frame.x_range[0]) * 2.0  # the frame is about twice as wide as high
    dy = np.diff(np.clip(y, frame.low, frame.high)) / (frame.high - frame.low)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(dx, dy))])
    return np.interp(np.linspace(0.0, along[-1], RIBBON_STEPS + 1), along, x)


@lru_cache(MOST_KEPT)
def _middles(frame: Frame, label: float) -> tuple[Floats, Floats]:
    """Return x and y of the places half-way between the steps."""
    edges = _even_steps(frame, label)
    x = (edges[:-1] + edges[1:]) / 2
    return x, frame.height(label, x)
