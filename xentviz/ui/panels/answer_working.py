"""The loss of rows with one answer in many, and the current row's probabilities and gradient, written out."""

import math

import numpy as np
from PySide6.QtCore import QCoreApplication

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.document import Document, known_labels, probabilities
from xentviz.core.elements import losses_of
from xentviz.session.view import View
from xentviz.ui.numbers import UNDEFINED, bracketed, loss_text, score_text
from xentviz.ui.words import cut

translate = QCoreApplication.translate

MOST_TERMS = 6
LONGEST = 14
"""Letters of a category's name."""
MOST_LOOKED_AT = 10_000
"""Rows that are searched for some of the category looked at."""
MOST_PARTS = 4
"""Categories that are written out of one row; one less if there are more, for their names are longer."""


def answer_terms(document: Document, view: View, log: str, known: int) -> str:
    """Return the first rows' terms of ``Σ y ln p``, of which there are so many as are known."""
    rows = _first_known(document, view)
    terms = [_term(document, view.model, int(row), log) for row in rows]
    return " + ".join([*terms, "…"] if known > len(terms) else terms)


def _first_known(document: Document, view: View) -> Rows:
    rows = np.arange(min(document.rows, MOST_LOOKED_AT if view.category is not None else 4 * MOST_TERMS))
    if view.category is not None:
        rows = rows[document.truths_of(rows) == view.category]
    known = rows[~np.isnan(losses_of(document, view.model, rows * len(document.categories)))]
    soft = document.labels.blocks[0].values.ndim > 1  # a sum for each
    return known[: MOST_TERMS // 2 if soft else MOST_TERMS]


def _term(document: Document, model: int, row: int, log: str) -> str:
    y, p = _label(document, row), _probabilities(document, model, row)
    parts = [f"{_weight(y[c])}{log} {bracketed(float(p[c]))}" for c in np.flatnonzero(y).tolist()]
    more = ["…"] if len(parts) > MOST_PARTS else []
    return " + ".join([*parts[:MOST_PARTS], *more])


def _weight(part: float) -> str:
    return "" if part == 1 else f"{part:.3g} "


def _probabilities(document: Document, model: int, row: int) -> Floats:
    of = document.models[model]
    return np.asarray(probabilities(of.scores.take(np.array([row])), of.kind, document.task)[0], dtype=np.float64)


def _label(document: Document, row: int) -> Floats:
    """Return the distribution that a row's label is, nan where it has none."""
    categories = len(document.categories)
    if document.labels.blocks[0].values.ndim == 1:
        return document.labels_of(row * categories + np.arange(categories))
    return np.asarray(document.labels.take(np.array([row]), known_labels)[0])


def answer_title(document: Document, view: View, row: int) -> str:
    """Return what is written about the current row."""
    if math.isnan(_label(document, row)[0]):
        return translate("answer_working", "The chosen row, which has no label: its probabilities")
    if not _counts(document, view, row):
        return translate("answer_working", "The chosen row, whose loss does not count here: its probabilities")
    return translate("answer_working", "The chosen row: its probabilities, and its gradient by every logit: p − y")


def answer_slopes(document: Document, view: View, row: int, front: str, scale: float, *, brief: bool) -> str:
    """Return a row's probabilities, and if it has a label its gradient, by every z and by p of the true category.

    If brief it is without the last, which the table has too.
    """
    y, p = _label(document, row), _probabilities(document, view.model, row)
    if np.isnan(p).any():
        return UNDEFINED
    shown = _most_telling(y, p)
    lines = ["p: " + _in_words(document, shown, [score_text(float(p[c])) for c in shown])]
    if _counts(document, view, row):
        slopes = (p - y) * scale
        lines.append("∂L/∂z: " + _in_words(document, shown, [loss_text(float(slopes[c])) for c in shown]))
        if not brief:
            lines.append(_by_probability(document, y, p, front, scale))
    return "\n".join(lines)


def _counts(document: Document, view: View, row: int) -> bool:
    """Return whether a row has a loss that is counted: of a category looked at only its own rows'."""
    truth = int(document.truths_of(np.array([row]))[0])
    return truth >= 0 and view.category in (None, truth)


def _most_telling(y: Floats, p: Floats) -> list[int]:
    """Return the categories that are written out, in their order: the true ones, and the most probable ones."""
    weight = np.where(np.isnan(y), 0.0, y) * 2 + p
    order = np.argsort(-weight, kind="stable")
    return sorted(order[: MOST_PARTS if len(p) <= MOST_PARTS else MOST_PARTS - 1].tolist())


def _in_words(document: Document, shown: list[int], texts: list[str]) -> str:
    words = [f"{cut(document.categories[c], LONGEST)} {text}" for c, text in zip(shown, texts, strict=True)]
    return " · ".join([*words, "…"] if len(document.categories) > len(shown) else words)


def _by_probability(document: Document, y: Floats, p: Floats, front: str, scale: float) -> str:
    """Return the derivative by the probability of the true category, moved alone."""
    truth = int(y.argmax())
    slope = -y[truth] / p[truth] if p[truth] else -math.inf
    part = "1" if y[truth] == 1 else f"{y[truth]:.3g}"
    fraction = f"{front}(−{part}/{bracketed(float(p[truth]))}) = {loss_text(float(slope) * scale)}"
    return f"∂L/∂p({cut(document.categories[truth], LONGEST)}) = {fraction}"
