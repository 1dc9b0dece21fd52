"""Which elements the table lists, and in what order: found block by block, for of many it takes a while."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xentviz.core.columns import Rows, Values
from xentviz.core.document import Document
from xentviz.core.elements import gradients_of, losses_of, wrong_of
from xentviz.core.ordering import order_of
from xentviz.core.parallel import in_batches
from xentviz.core.told import (
    elements_a_line,
    handles,
    one_answer,
    told_gradients,
    told_losses,
    told_of,
    told_scores,
)
from xentviz.session.view import Shown, View

AT_ONCE = 20_000
"""So many elements are listed before anyone could see that they are not yet."""
STEP = 1 << 16
NAMES_STEP = 1 << 14
"""Strings are copied with the interpreter held: so many in a millisecond."""


@dataclass(frozen=True, eq=False)
class Listing:
    """What the table lists.

    Attributes
    ----------
    elements : int
        How many the document has.
    a_line : int
        How many of them a line stands for, by the first; more than one are all of a row's.
    order : ndarray of int64, or None
        The elements, line by line; None if it is all of them as they come.
    line_of : ndarray of int32, shape (elements // a_line,), or None
        The line of each element that could stand for one, -1 if it is not listed; None if the order ascends.
    selected : ndarray of int64, or None
        The selection whose lines these are, all of them.
    """

    elements: int
    a_line: int = 1
    order: Rows | None = None
    line_of: NDArray[np.int32] | None = None
    selected: Rows | None = None

    def __len__(self) -> int:
        return self.elements // self.a_line if self.order is None else len(self.order)

    @property
    def holds_all(self) -> bool:
        """Whether nothing is left out."""
        return len(self) == self.elements // self.a_line

    def of_the_same(self, other: "Listing") -> bool:
        """Return whether another lists as many elements, as many to a line."""
        return (self.elements, self.a_line) == (other.elements, other.a_line)

    def same_lines(self, other: "Listing") -> bool:
        """Return whether the elements stand on the very same lines; lists found anew count as others."""
        return self.of_the_same(other) and self.order is other.order

    def lines(self, elements: Rows | range) -> Rows:
        """Return the lines, ascending, on which some of these elements stand; they ascend too, a range is of all."""
        if isinstance(elements, range) or self.lists_just(elements):
            return np.arange(len(self))
        if self.a_line > 1:
            elements = handles(elements, self.a_line)
        if self.order is None:
            return elements // self.a_line
        if self.line_of is not None:
            found = self.line_of[elements // self.a_line]
            return np.sort(found[found >= 0]).astype(np.int64)
        lines = np.minimum(self.order.searchsorted(elements), max(0, len(self.order) - 1))
        return lines[self.order[lines] == elements] if len(self.order) else lines[:0]

    def lists_just(self, elements: Rows | range) -> bool:
        """Return whether some of these elements stand on every line: seen in no time, as the list of a selection is."""
        if isinstance(elements, range) or len(elements) == self.elements or elements is self.selected:
            return True
        return self.order is not None and self.line_of is None and np.array_equal(elements, self.order)


def asked_of(document: Document, view: View) -> tuple[object, ...]:
    """Return all that a listing depends on: where nothing of it is new, nothing is listed anew."""
    key = view.sorted_by or ""
    by_decision = view.shown is Shown.WRONG or key == "decision"
    by_loss = by_decision or view.shown is Shown.INFINITE or key in ("loss", "gradient")
    model = document.models[view.model] if document.models and by_loss else None
    scored = document.models[int(key[6:])] if _is_score(document, key) else None
    by_label = by_loss or key == "label" or (scored is not None and one_answer(document))
    return (
        view.shown, key, view.descending, view.category, document.elements, document.categories, document.task,
        document.row_names if key == "name" else None,
        document.labels if by_label else None,
        (model.scores, model.kind) if model else None,
        scored.scores if scored else None,
        document.thresholds if by_decision else None,
        view.selected if view.shown is Shown.SELECTED else None,
    )  # fmt: skip


def same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Return whether two pictures or lists would come of the same objects, or of equal ones that compare cheaply."""
    if len(one) != len(other):
        return False
    for a, b in zip(one, other, strict=True):
        if a is not b and (isinstance(a, np.ndarray) or type(a) is not type(b) or a != b):
            return False
    return True


def is_quick(document: Document, view: View) -> bool:
    """Return whether the listing is found in no time."""
    if document.elements <= AT_ONCE:
        return True
    few = view.shown is Shown.ALL or (view.shown is Shown.SELECTED and len(view.selected) <= AT_ONCE)
    return few and view.sorted_by is None


def listed(
    document: Document,
    view: View,
    before: Listing | None = None,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _share: None,
) -> Listing:
    """Return what a view lists of a document, or the very listing from before if that is the same.

    Raises
    ------
    Cancelled
    """
    order = _order(document, view, stopped, report)
    a_line = elements_a_line(document)
    selected = view.selected if view.shown is Shown.SELECTED and not isinstance(view.selected, range) else None
    found = Listing(document.elements, a_line, order, selected=selected)
    if before is not None and found.of_the_same(before) and _same_order(order, before.order):
        return before
    if order is None or view.sorted_by is None:
        return found
    line_of = np.full(document.elements // a_line, -1, dtype=np.int32)
    line_of[order // a_line] = np.arange(len(order), dtype=np.int32)
    return replace(found, line_of=line_of)


def _same_order(one: Rows | None, other: Rows | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other)


def _order(document: Document, view: View, stopped: Callable[[], bool], report: Callable[[float], None]) -> Rows | None:
    if view.shown is Shown.ALL and view.sorted_by is None:
        if view.category is None or one_answer(document):
            return None
        return np.arange(view.category, document.elements, len(document.categories))
    if view.shown in (Shown.WRONG, Shown.INFINITE) and not document.models:
        return np.empty(0, dtype=np.int64)
    work = _pieces(document, view)
    chosen = in_batches(lambda piece: _chosen(document, view, piece), work, stopped, lambda s: report(s / 4))
    elements = np.concatenate(chosen)
    if view.sorted_by is None:
        return elements
    keys = in_batches(lambda piece: _keys(document, view, piece), chosen, stopped, lambda s: report((1 + s) / 4))
    return elements[_sorted(keys, view.descending, stopped, lambda s: report((1 + s) / 2))]


def _pieces(document: Document, view: View) -> list[range | Rows]:
    """Return all that may be listed, in pieces to work on."""
    step = NAMES_STEP if view.sorted_by == "name" else STEP
    a_line = elements_a_line(document)
    selected = view.selected
    if a_line > 1 and not isinstance(selected, range):
        selected = handles(selected, a_line)
    whole = selected if view.shown is Shown.SELECTED else range(0, document.elements, a_line)
    return [whole[start : start + step] for start in range(0, max(1, len(whole)), step)]


def _chosen(document: Document, view: View, piece: range | Rows) -> Rows:
    elements = np.arange(piece.start, piece.stop, piece.step) if isinstance(piece, range) else piece
    by_rows = one_answer(document)
    if view.category is not None and len(document.categories) > 1 and not by_rows:
        elements = elements[elements % len(document.categories) == view.category]
    if view.shown is Shown.WRONG:
        told = told_of(document, view.category, elements) if by_rows else elements
        return elements[wrong_of(document, view.model, told)]
    if view.shown is Shown.INFINITE:
        return elements[np.isinf(_losses(document, view, elements))]
    return elements


def _losses(document: Document, view: View, elements: Rows) -> Values:
    if one_answer(document):
        return told_losses(document, view.model, view.category, elements)
    return losses_of(document, view.model, elements)


def _sorted(keys: list[Values], descending: bool, stopped: Callable[[], bool], report: Callable[[float], None]) -> Rows:
    """Return the order of the keys; equal ones stay as they are, unknown ones come last, either way."""
    if not descending:
        return order_of(keys, stopped, report)
    if keys[0].dtype.kind == "f":
        return order_of([-part for part in keys], stopped, report)
    backwards = order_of([part[::-1] for part in reversed(keys)], stopped, report)
    return (len(backwards) - 1 - backwards)[::-1]


def _keys(document: Document, view: View, elements: Rows) -> Values:
    """Return what the elements are sorted by: floats, nan if unknown, or strings."""
    key, categories = view.sorted_by or "", len(document.categories)
    if key == "name":
        if document.row_names is None:
            return (elements // categories).astype(np.float64)
        return document.row_names.take(elements // categories)
    if key == "category":
        return (elements % categories).astype(np.float64)
    if one_answer(document):
        return _answer_keys(document, view, elements, key)
    if key == "label":
        return document.labels_of(elements)
    if _is_score(document, key):
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
    if _is_score(document, key):
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


def _is_score(document: Document, key: str) -> bool:
    return key.startswith("score:") and int(key[6:]) < len(document.models)
