"""Which elements the table lists, and in what order; found by NumPy, not by asking every cell."""

import numpy as np

from xentviz.core.columns import Rows, Values
from xentviz.core.document import Document
from xentviz.core.elements import gradients_of, losses_of, wrong_of
from xentviz.session.view import Shown, View
from xentviz.ui.panels.answers import (
    elements_a_line,
    handles,
    one_answer,
    told_gradients,
    told_losses,
    told_of,
    told_scores,
)


def listed(document: Document, view: View) -> Rows | None:
    """Return the elements to list, in order; None if it is all of them in their own order."""
    by_rows = one_answer(document)
    if view.shown is Shown.ALL and (view.category is None or by_rows) and view.sorted_by is None:
        return None
    a_line = elements_a_line(document)
    chosen = view.selected if a_line == 1 else handles(view.selected, a_line)
    elements = chosen if view.shown is Shown.SELECTED else np.arange(0, document.elements, a_line, dtype=np.int64)
    if view.category is not None and len(document.categories) > 1 and not by_rows:
        elements = elements[elements % len(document.categories) == view.category]
    if view.shown in (Shown.WRONG, Shown.INFINITE) and not document.models:
        elements = elements[:0]
    if view.shown is Shown.WRONG and document.models:
        told = told_of(document, view.category, elements) if by_rows else elements
        elements = elements[wrong_of(document, view.model, told)]
    if view.shown is Shown.INFINITE and document.models:
        elements = elements[np.isinf(_losses(document, view, elements))]
    return elements if view.sorted_by is None else _sorted(document, view, elements)


def _losses(document: Document, view: View, elements: Rows) -> Values:
    if one_answer(document):
        return told_losses(document, view.model, view.category, elements)
    return losses_of(document, view.model, elements)


def _sorted(document: Document, view: View, elements: Rows) -> Rows:
    """Return elements in order of the column; equal ones stay as they are, unknown ones come last."""
    keys = _keys(document, view, elements)
    if keys.dtype.kind == "T" and view.descending:  # text has no negative: sorted backwards twice, equal ones stay
        return elements[len(keys) - 1 - np.argsort(keys[::-1], kind="stable")[::-1]]
    return elements[np.argsort(-keys if view.descending else keys, kind="stable")]


def _keys(document: Document, view: View, elements: Rows) -> Values:
    key, categories = view.sorted_by or "", len(document.categories)
    if key == "name":
        if document.row_names is None:
            return (elements // categories).astype(np.float64)
        return np.asarray(document.row_names.take(elements // categories))
    if key == "category":
        return (elements % categories).astype(np.float64)
    if one_answer(document):
        return _answer_keys(document, view, elements, key)
    if key == "label":
        return document.labels_of(elements)
    if key.startswith("score:") and int(key[6:]) < len(document.models):
        return document.scores_of(int(key[6:]), elements).astype(np.float64)
    if key == "decision" and document.models:
        return document.decisions_of(view.model, elements).astype(np.float64)
    if key == "loss" and document.models:
        return losses_of(document, view.model, elements)
    if key == "gradient" and document.models:
        return gradients_of(document, view.model, elements)
    return elements.astype(np.float64)


def _answer_keys(document: Document, view: View, elements: Rows, key: str) -> Values:
    """Return what rows with one answer in many are ordered by; no category is unknown."""
    rows = elements // len(document.categories)
    if key == "label":
        return _known(document.truths_of(rows))
    if key.startswith("score:") and int(key[6:]) < len(document.models):
        return told_scores(document, int(key[6:]), view.category, elements).astype(np.float64)
    if key == "decision" and document.models:
        decided = document.answers_of(view.model, rows)
        return _known(decided) if view.category is None else (decided == view.category).astype(np.float64)
    if key == "loss" and document.models:
        return _losses(document, view, elements)
    if key == "gradient" and document.models:
        return told_gradients(document, view.model, view.category, elements)
    return elements.astype(np.float64)


def _known(categories: Rows) -> Values:
    return np.where(categories < 0, np.nan, categories)
