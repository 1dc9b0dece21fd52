"""What the Explore plots show: curves, dots and ribbons worked out from the session, as pictures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Qt

from xentviz.core.columns import Rows
from xentviz.core.counts import Integers
from xentviz.core.document import Document, ScoreKind
from xentviz.core.evaluation import ModelResults
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
    squared_error,
    squared_error_gradient,
)
from xentviz.core.transforms import Floats, logit, sigmoid
from xentviz.session.view import Axis, View
from xentviz.ui.theme import Theme
from xentviz.ui.widgets.curve_plot import Curve, Dots, Picture, Words

MOST_DOTS = 2000
"""Beyond this many rows the dots become a ribbon."""

RIBBON_STEPS = 240
MOST_LOGIT = 40.0


@dataclass(frozen=True)
class Points:
    """The points of the present document along the present axis, and what is known of each."""

    elements: Rows
    labels: Floats
    x: Floats
    axis: Axis
    x_range: tuple[float, float]


def loss_at(axis: Axis, labels: Floats, x: Floats) -> Floats:
    """Return losses in nats at places along the axis."""
    return binary_cross_entropy_with_logits(labels, x) if axis is Axis.LOGIT else binary_cross_entropy(labels, x)


def gradient_at(axis: Axis, labels: Floats, x: Floats) -> Floats:
    """Return the slopes of the loss with respect to the axis, in nats."""
    logits = axis is Axis.LOGIT
    return (binary_cross_entropy_with_logits_gradient if logits else binary_cross_entropy_gradient)(labels, x)


def places(document: Document, model: int, elements: Rows, axis: Axis) -> Floats:
    """Return where elements lie along the axis."""
    scores = document.scores_of(model, elements).astype(np.float64)
    if document.models[model].kind is ScoreKind.LOGIT:
        return scores if axis is Axis.LOGIT else sigmoid(scores)
    return logit(scores) if axis is Axis.LOGIT else scores


def score_at(document: Document, model: int, axis: Axis, x: float, step: float) -> float:
    """Return the model's score at a place along the axis, with no more digits than a step of it can mean."""
    decimals = max(0, int(np.ceil(-np.log10(step))))
    if axis is Axis.PROBABILITY:
        p = float(np.clip(round(x, decimals), 0.0, 1.0))
        return p if document.models[model].kind is ScoreKind.PROBABILITY else float(logit(np.clip(p, 1e-9, 1 - 1e-9)))
    z = round(x, decimals)
    if document.models[model].kind is ScoreKind.LOGIT:
        return z
    return float(np.format_float_positional(float(sigmoid(z)), precision=4, fractional=False))


def points_of(document: Document, view: View, numbers: ModelResults | None) -> Points:
    """Return the points to draw: all of them, or those selected if there are too many."""
    if not document.models:
        elements = np.empty(0, dtype=np.int64)
    elif _count(document, view) <= MOST_DOTS:
        elements = np.arange(document.elements, dtype=np.int64)
    else:
        chosen = view.selected[:MOST_DOTS]
        elements = chosen if view.current is None else np.union1d(chosen, [view.current])
    if view.category is not None:
        elements = elements[elements % len(document.categories) == view.category]
    if not document.models:
        empty = np.empty(0)
        return Points(elements, empty, empty, view.axis, _x_range(view.axis, empty))
    labels, x = document.labels_of(elements), places(document, view.model, elements, view.axis)
    known = ~np.isnan(labels) & ~np.isnan(x)
    elements, labels, x = elements[known], labels[known], x[known]
    extent = x if numbers is None or len(x) or view.axis is not Axis.LOGIT else np.array([8.0])
    return Points(elements, labels, x, view.axis, _x_range(view.axis, extent))


def crowded(document: Document, view: View) -> bool:
    """Return whether there are too many rows for a dot each."""
    return bool(document.models) and _count(document, view) > MOST_DOTS


def _count(document: Document, view: View) -> int:
    return document.rows if view.category is not None else document.elements


def _x_range(axis: Axis, x: Floats) -> tuple[float, float]:
    if axis is Axis.PROBABILITY:
        return 0.0, 1.0
    finite = np.abs(x[np.isfinite(x)])
    reach = float(np.clip(np.ceil(finite.max(initial=5.0) + 1.0), 6.0, MOST_LOGIT))
    return -reach, reach


def loss_picture(
    points: Points,
    document: Document,
    view: View,
    numbers: ModelResults | None,
    worn: Theme,
    threshold: float,
) -> Picture:
    """Return the upper plot: loss along the axis, in the document's unit."""
    unit = document.settings.unit.per_nat
    y = loss_at(points.axis, points.labels, points.x) * unit
    top = 1.06 * _loss_top(points, y, unit)
    return _picture(points, document, view, numbers, worn, threshold, y, (0.0, top), gradient=False)


def gradient_picture(
    points: Points,
    document: Document,
    view: View,
    numbers: ModelResults | None,
    worn: Theme,
    threshold: float,
) -> Picture:
    """Return the lower plot: the slope of the loss along the axis, in the document's unit."""
    unit = document.settings.unit.per_nat
    y = gradient_at(points.axis, points.labels, points.x) * unit
    reach = (1.2 if points.axis is Axis.LOGIT else 8.5) * unit
    return _picture(points, document, view, numbers, worn, threshold, y, (-reach, reach), gradient=True)


def _loss_top(points: Points, y: Floats, unit: float) -> float:
    """Return the upper end of the loss axis: four nats, or up to seven if a dot lies higher."""
    if points.axis is Axis.LOGIT:
        return float(points.x_range[1] * unit)
    finite = y[np.isfinite(y)]
    return float(np.clip(np.ceil(finite.max(initial=0.0) * 1.08 / unit), 4.0, 7.0) * unit)


def _picture(
    points: Points,
    document: Document,
    view: View,
    numbers: ModelResults | None,
    worn: Theme,
    threshold: float,
    y: Floats,
    y_range: tuple[float, float],
    *,
    gradient: bool,
) -> Picture:
    shown_x, shown_y, beyond = _within(points, y, y_range)
    dots = _ribbons(points, document, view, numbers, worn, y_range, gradient) if crowded(document, view) else []
    dots += _dots(points, shown_x, shown_y, beyond, worn)
    dots += _highlight(points, view, shown_x, shown_y, worn)
    at = logit(threshold).item() if points.axis is Axis.LOGIT else threshold
    value = f"{threshold:.2f}" if round(threshold, 2) == threshold else f"{threshold:g}"
    text = f"T = {value}" if points.axis is Axis.PROBABILITY else f"T = {value} (z = {at:.3g})"
    return Picture(
        x_range=points.x_range,
        y_range=y_range,
        curves=_curves(points, document, view, numbers, worn, gradient),
        dots=dots,
        grab_x=shown_x,
        grab_y=shown_y,
        grab_element=points.elements,
        threshold=at if np.isfinite(at) else None,
        threshold_text=text.replace("-", "−"),
        words=[] if gradient else _words(points, document, worn),
    )


def _words(points: Points, document: Document, worn: Theme) -> list[Words]:
    """Return what the two curves are, written beside them."""
    unit = document.settings.unit.per_nat
    (low, high), logits = points.x_range, points.axis is Axis.LOGIT
    written = []
    for label, share, anchor in ((1.0, 0.12, (0.0, 1.0)), (0.0, 0.88 if logits else 0.8, (1.0, 1.0))):
        x = low + share * (high - low)
        y = loss_at(points.axis, np.array([label]), np.array([x]))[0] * unit
        text = tr("answer is yes (y = 1)") if label else tr("answer is no (y = 0)")
        written.append(Words(x, float(y), text, worn.label(label), anchor))
    return written


def tr(text: str) -> str:
    """Translate a text of the plots."""
    return QCoreApplication.translate("curves", text)


def _within(points: Points, y: Floats, y_range: tuple[float, float]) -> tuple[Floats, Floats, Floats]:
    """Return where dots are shown: those outside the frame at its edge, and which these are."""
    inset = 0.03 * (y_range[1] - y_range[0])
    low = y_range[0] if y_range[0] == 0 else y_range[0] + inset
    shown_x, shown_y = np.clip(points.x, *points.x_range), np.clip(y, low, y_range[1] - inset)
    return shown_x, shown_y, (shown_y != y) | (shown_x != points.x)


def _dots(points: Points, x: Floats, y: Floats, beyond: Floats, worn: Theme) -> list[Dots]:
    groups = []
    size = 11 if len(x) <= 100 else 9 if len(x) <= 400 else 7
    for here, colour, symbol in (
        (points.labels == 1, worn.label_1, "o"),
        (points.labels == 0, worn.label_0, "s"),
        ((points.labels > 0) & (points.labels < 1), worn.soft, "d"),
    ):
        inside, outside = here & ~beyond.astype(bool), here & beyond.astype(bool)
        if inside.any():
            groups.append(Dots(x[inside], y[inside], colour, symbol, float(worn.px(size))))
        if outside.any():
            up = outside & (y > 0)
            for some, arrow in ((up, "t1"), (outside & ~up, "t")):
                if some.any():
                    groups.append(Dots(x[some], y[some], colour, arrow, float(worn.px(size + 2))))
    return groups


def _highlight(points: Points, view: View, x: Floats, y: Floats, worn: Theme) -> list[Dots]:
    """Return the selected dots once more, larger, and the current one larger still."""
    groups = []
    selected = _among(points.elements, view.selected)
    current = points.elements == (-1 if view.current is None else view.current)
    for chosen, size in ((selected & ~current, 14), (current, 17)):
        for label_is, colour, symbol in (
            (points.labels == 1, worn.label_1, "o"),
            (points.labels == 0, worn.label_0, "s"),
            ((points.labels > 0) & (points.labels < 1), worn.soft, "d"),
        ):
            here = chosen & label_is
            if here.any():
                groups.append(Dots(x[here], y[here], worn.threshold, symbol, float(worn.px(size))))
                groups.append(Dots(x[here], y[here], colour, symbol, float(worn.px(size - 4)), ring=False))
    return groups


def _among(elements: Rows, selected: Rows) -> NDArray[np.bool_]:
    """Return which elements are selected; both ascend, and there may be millions of the selected."""
    if not len(selected):
        return np.zeros(len(elements), dtype=bool)
    at = np.minimum(np.searchsorted(selected, elements), len(selected) - 1)
    return np.asarray(selected[at] == elements)


def _curves(
    points: Points, document: Document, view: View, numbers: ModelResults | None, worn: Theme, gradient: bool
) -> list[Curve]:
    unit, x = document.settings.unit.per_nat, _grid(points)
    of = gradient_at if gradient else loss_at
    curves = []
    if view.squared_error:
        for label, style in ((1.0, Qt.PenStyle.DashDotLine), (0.0, Qt.PenStyle.DotLine)):
            curves.append(Curve(x, _squared(points.axis, label, x, gradient), worn.overlay, style, worn.px(1.6)))
    for label in numbers.soft_labels if numbers else ():
        y = of(points.axis, np.full(len(x), label), x) * unit
        curves.append(Curve(x, y, worn.soft, Qt.PenStyle.DotLine, worn.px(1.6)))
    for label, style in ((0.0, Qt.PenStyle.DashLine), (1.0, Qt.PenStyle.SolidLine)):
        y = of(points.axis, np.full(len(x), label), x) * unit
        curves.append(Curve(x, y, worn.label(label), style, worn.px(2)))
    return curves


def _grid(points: Points) -> Floats:
    """Return places along the axis, close together where the curves are steep."""
    if points.axis is Axis.LOGIT:
        return np.linspace(*points.x_range, 241)
    return np.concatenate([[1e-12], sigmoid(np.linspace(-14.0, 14.0, 301)), [1.0 - 1e-12]])


def _squared(axis: Axis, label: float, x: Floats, gradient: bool) -> Floats:
    labels, p = np.full(len(x), label), sigmoid(x) if axis is Axis.LOGIT else x
    if not gradient:
        return squared_error(labels, p)
    slope = squared_error_gradient(labels, p)
    return slope * p * (1 - p) if axis is Axis.LOGIT else slope


def _ribbons(
    points: Points,
    document: Document,
    view: View,
    numbers: ModelResults | None,
    worn: Theme,
    y_range: tuple[float, float],
    gradient: bool,
) -> list[Dots]:
    """Return discs along the curves whose size, a cube root, tells how many rows lie there."""
    if numbers is None:
        return []
    categories = range(numbers.categories) if view.category is None else range(view.category, view.category + 1)
    ribbons = []
    for label in (0.0, 1.0):
        edges = _even_steps(points, label, document, y_range, gradient)
        p = sigmoid(edges) if points.axis is Axis.LOGIT else edges
        counts = numbers.histogram(np.concatenate([[0.0], p[1:-1], [1.0]]), categories)[0 if label else 1]
        middles = (edges[:-1] + edges[1:]) / 2
        of = gradient_at if gradient else loss_at
        y = of(points.axis, np.full(len(middles), label), middles) * document.settings.unit.per_nat
        sizes = worn.px(3) + worn.px(17) * np.cbrt(counts / max(1, counts.max()))
        inside, colour = (counts > 0) & (y >= y_range[0]) & (y <= y_range[1]), worn.label(label)
        # Whole pixels: the plot keeps a drawing of every size it has seen.
        ribbons.append(Dots(middles[inside], y[inside], colour, "o", np.round(sizes[inside]), ring=False))
        ribbons += _beyond(middles, y, counts, y_range, colour, worn)
    return ribbons


def _beyond(
    x: Floats, y: Floats, counts: Integers, y_range: tuple[float, float], colour: str, worn: Theme
) -> list[Dots]:
    """Return an arrow where the curve leaves the frame, if there are rows further out."""
    arrows = []
    inset = 0.03 * (y_range[1] - y_range[0])
    for out, edge, symbol in ((y > y_range[1], y_range[1] - inset, "t1"), (y < y_range[0], y_range[0] + inset, "t")):
        if counts[out].sum():
            nearest = x[out][np.argmin(np.abs(y[out] - edge))]
            arrows.append(Dots(np.array([nearest]), np.array([edge]), colour, symbol, float(worn.px(13))))
    return arrows


def _even_steps(
    points: Points, label: float, document: Document, y_range: tuple[float, float], gradient: bool
) -> Floats:
    """Return places along the axis that lie evenly along the curve as it is seen."""
    x = _grid(points)
    of = gradient_at if gradient else loss_at
    y = np.clip(of(points.axis, np.full(len(x), label), x) * document.settings.unit.per_nat, *y_range)
    dx = np.diff(x) / (points.x_range[1] - points.x_range[0]) * 2.0  # the frame is about twice as wide as high
    dy = np.diff(y) / (y_range[1] - y_range[0])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(dx, dy))])
    return np.interp(np.linspace(0.0, along[-1], RIBBON_STEPS + 1), along, x)
