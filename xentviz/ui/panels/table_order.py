"""Which elements the table lists, and in what order; found by NumPy, not by asking every cell."""

import numpy as np

from xentviz.core.columns import Rows, Values
from xentviz.core.document import Document
from xentviz.core.elements import gradients_of, losses_of, wrong_of
from xentviz.session.view import Shown, View


def listed(document: Document, view: View) -> Rows | None:
    """Return the elements to list, in order; None if it is all of them in their own order."""
    if view.shown is Shown.ALL and view.category is None and view.sorted_by is None:
        return None
    elements = view.selected if view.shown is Shown.SELECTED else np.arange(document.elements, dtype=np.int64)
    if view.category is not None and len(document.categories) > 1:
        elements = elements[elements % len(document.categories) == view.category]
    if view.shown in (Shown.WRONG, Shown.INFINITE) and not document.models:
        elements = elements[:0]
    if view.shown is Shown.WRONG and document.models:
        elements = elements[wrong_of(document, view.model, elements)]
    if view.shown is Shown.INFINITE and document.models:
        elements = elements[np.isinf(losses_of(document, view.model, elements))]
    return elements if view.sorted_by is None else _sorted(document, view, elements)


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
