"""The rows of a document as points along the axis of the Explore plots, and back from a place to a score."""

from dataclasses import dataclass

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.document import Document, ScoreKind
from xentviz.core.elements import log_odds_of_truth, probability_of_truth
from xentviz.core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
)
from xentviz.core.told import handles, one_answer
from xentviz.core.transforms import logit, sigmoid
from xentviz.session.view import Axis, View
from xentviz.ui.panels.answers import answer_marks

MOST_DOTS = 2000
"""Beyond this many rows the dots become a ribbon."""

MOST_LOGIT = 40.0


@dataclass(frozen=True)
class Points:
    """The points of the present document along the present axis, and what is known of each."""

    elements: Rows
    labels: Floats
    x: Floats
    axis: Axis
    x_range: tuple[float, float]
    marks: Floats
    """The labels again; or of rows with one answer in many 1 if decided rightly, else 0, and a half if it is soft."""


def loss_at(axis: Axis, labels: Floats, x: Floats) -> Floats:
    """Return losses in nats at places along the axis."""
    return binary_cross_entropy_with_logits(labels, x) if axis is Axis.LOGIT else binary_cross_entropy(labels, x)


def gradient_at(axis: Axis, labels: Floats, x: Floats) -> Floats:
    """Return the slopes of the loss with respect to the axis, in nats."""
    logits = axis is Axis.LOGIT
    return (binary_cross_entropy_with_logits_gradient if logits else binary_cross_entropy_gradient)(labels, x)


def places(document: Document, model: int, elements: Rows, axis: Axis) -> Floats:
    """Return where elements lie along the axis; rows with one answer in many, by what their true category got."""
    if one_answer(document):
        of = log_odds_of_truth if axis is Axis.LOGIT else probability_of_truth
        return of(document, model, elements // len(document.categories))
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
    # Four digits of the smaller side, lest what is nearly certain becomes certain.
    small = float(np.format_float_positional(float(sigmoid(-abs(z))), precision=4, fractional=False))
    return 1 - small if z > 0 else small


def points_of(document: Document, view: View, extent: tuple[float, float] | None = None) -> Points:
    """Return the points to draw: all of them, or those selected if there are too many.

    ``extent``, the smallest and largest probability of all rows, makes the axis long enough for those not drawn.
    """
    elements = _drawn(document, view)
    if not document.models:
        nothing = np.empty(0)
        return Points(elements, nothing, nothing, view.axis, _x_range(view.axis, nothing), nothing)
    labels, x = _labels(document, elements), places(document, view.model, elements, view.axis)
    known = ~np.isnan(labels) & ~np.isnan(x)
    elements, labels, x = elements[known], labels[known], x[known]
    marks = answer_marks(document, view.model, elements) if one_answer(document) else labels
    others = logit(np.array(extent or ())) if crowded(document, view) else np.empty(0)
    return Points(elements, labels, x, view.axis, _x_range(view.axis, np.append(x, others)), marks)


def _labels(document: Document, elements: Rows) -> Floats:
    """Return which curves elements lie on: rows with one answer in many lie on that of the answer."""
    return np.ones(len(elements)) if one_answer(document) else document.labels_of(elements)


def _drawn(document: Document, view: View) -> Rows:
    if not document.models:
        return np.empty(0, dtype=np.int64)
    if one_answer(document):
        return _drawn_rows(document, view)
    if not crowded(document, view):
        elements = np.arange(document.elements, dtype=np.int64)
    else:
        elements = _selected_and_current(view)
    if view.category is not None:
        elements = elements[elements % len(document.categories) == view.category]
    return elements


def _drawn_rows(document: Document, view: View) -> Rows:
    """Return the first elements of the rows that are drawn: of a category looked at, its own."""
    categories = len(document.categories)
    if crowded(document, view):
        rows = handles(_selected_and_current(view), categories) // categories
    else:
        rows = np.arange(document.rows, dtype=np.int64)
    if view.category is not None:
        rows = rows[document.truths_of(rows) == view.category]
    return rows * categories


def _selected(view: View) -> Rows:
    """Return the selected elements, or none if they are too many: the first few of them would mislead."""
    chosen = view.selected
    return np.empty(0, dtype=np.int64) if isinstance(chosen, range) or len(chosen) > MOST_DOTS else chosen


def _selected_and_current(view: View) -> Rows:
    """Return them, each once, ascending; with np.union1d the first of them would wait until it has loaded numpy.ma."""
    chosen = _selected(view)
    if view.current is None:
        return chosen
    at = int(chosen.searchsorted(view.current))
    return chosen if view.current in chosen[at : at + 1] else np.insert(chosen, at, view.current)


def crowded(document: Document, view: View) -> bool:
    """Return whether there are too many rows for a dot each."""
    return bool(document.models) and _count(document, view) > MOST_DOTS


def _count(document: Document, view: View) -> int:
    return document.rows if view.category is not None or one_answer(document) else document.elements


def _x_range(axis: Axis, x: Floats) -> tuple[float, float]:
    if axis is Axis.PROBABILITY:
        return 0.0, 1.0
    finite = np.abs(x[np.isfinite(x)])
    reach = float(np.clip(np.ceil(finite.max(initial=5.0) + 1.0), 6.0, MOST_LOGIT))
    return -reach, reach
