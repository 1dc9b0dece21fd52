"""What a person is looking at: chosen, not edited, and so outside the document and its undo."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np

from xentviz.choices import SIDES, WORKSPACES
from xentviz.core.columns import Rows
from xentviz.core.document import Document
from xentviz.files.opened import Opened
from xentviz.session.comparing import Comparing, Slicing, comparing_kept, kept_comparing
from xentviz.session.deciding import Deciding, goal_kept, kept_goal
from xentviz.session.kept import fitting


class Axis(StrEnum):
    """What the plots have along x."""

    PROBABILITY = "probability"
    LOGIT = "logit"


class Shown(StrEnum):
    """Which elements the table lists."""

    ALL = "all"
    WRONG = "wrong"
    INFINITE = "infinite"
    SELECTED = "selected"


KEPT = ("model", "category", "axis", "squared_error", "shown", "sorted_by", "descending", "workspace", "side")
"""What of a view is kept with a document."""


def _fitting(kept: Mapping[str, object], document: Document) -> dict[str, Any]:
    """Return what was kept of a view, without what does not fit the document or is nothing known."""
    columns = ["name", "category", "label", "decision", "loss", "gradient"]
    columns += [f"score:{model}" for model in range(len(document.models))]
    return fitting(kept, {
        "model": range(len(document.models)),
        "category": range(len(document.categories)),
        "axis": list(Axis),
        "squared_error": [False, True],
        "shown": [Shown.ALL, Shown.WRONG, Shown.INFINITE],
        "sorted_by": columns,
        "descending": [False, True],
        "workspace": WORKSPACES,
        "side": SIDES,
    })  # fmt: skip


def _none() -> Rows:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class View:
    """Selection, chosen model and category, axis, and what the table lists.

    Attributes
    ----------
    model : int
        The model that the table and the plots are about.
    selected : ndarray of int64, or range
        Elements, ascending, many by a range if all are. Rows with one answer in many are selected by their first ones.
    current : int or None
        The one element that keys move and the read-out describes.
    category : int or None
        The category looked at; None for all of them.
    sorted_by : str or None
        The table's column, by its key, that orders it.
    workspace, side : str
        The workspace shown, and which side of the comparison is, there.
    deciding : Deciding
        How thresholds are chosen.
    comparing : Comparing
        How models are compared.
    """

    model: int = 0
    selected: Rows | range = field(default_factory=_none)
    current: int | None = None
    category: int | None = None
    axis: Axis = Axis.PROBABILITY
    squared_error: bool = False
    shown: Shown = Shown.ALL
    sorted_by: str | None = None
    descending: bool = False
    workspace: str = WORKSPACES[0]
    side: str = SIDES[0]
    deciding: Deciding = field(default_factory=Deciding)
    comparing: Comparing = field(default_factory=Comparing)

    @classmethod
    def of(cls, opened: Opened, before: "View | None" = None) -> "View":
        """Return how to look at something just opened: in the workspace from before, unless one was kept with it."""
        selected = _none() if opened.current is None else np.array([opened.current], dtype=np.int64)
        where = {} if before is None else {"workspace": before.workspace, "side": before.side}
        view = cls(**where | _fitting(opened.view, opened.document))
        deciding = Deciding(goal=goal_kept(opened.view.get("goal")))
        comparing = comparing_kept(opened.view.get("comparing"), opened.document)
        view = replace(view, selected=selected, current=opened.current, deciding=deciding, comparing=comparing)
        return view.within(opened.document)

    def kept(self) -> dict[str, object]:
        """Return what is kept with a document, as plain values: all but the rows chosen, and a list of them."""
        shown = Shown.ALL if self.shown is Shown.SELECTED else self.shown
        plain = {"axis": self.axis.value, "shown": shown.value, "goal": kept_goal(self.deciding.goal)}
        plain["comparing"] = kept_comparing(self.comparing)
        return {name: getattr(self, name) for name in KEPT} | plain

    def followed(self, before: Document, after: Document) -> "View":
        """Return this view after one document took another's place: the same model, and no rows that may be others."""
        view = self
        if before.models and before.models != after.models:
            name = before.models[self.model].name
            model = next((m for m, model in enumerate(after.models) if model.name == name), self.model)
            view = view if model == self.model else replace(view, model=model)
            view = view._with_reference_of(before, after)
        if before.elements != after.elements:
            view = replace(view, selected=_none(), current=None)
        if _named(before) != _named(after):
            view = view._of_all_rows()
        return view.within(after)._after(self)

    def looking_at(self, document: Document, **choices: Any) -> "View":
        """Return this view with other choices, as far as the document has them."""
        return replace(self, **choices).within(document)._after(self)

    def _after(self, before: "View") -> "View":
        """Return this view, of all rows if its category is another: there slices by label are others."""
        by_label = self.comparing.slicing in (Slicing.NONE, Slicing.LABEL)
        return self._of_all_rows() if by_label and self.category != before.category else self

    def _of_all_rows(self) -> "View":
        return replace(self, comparing=replace(self.comparing, only=None))

    def _with_reference_of(self, before: Document, after: Document) -> "View":
        """Return this view with the same model as its reference, should that be called otherwise now."""
        wanted = self.comparing.reference
        place = next((m for m, model in enumerate(before.models) if model.name == wanted), None)
        if place is None or place >= len(after.models) or any(model.name == wanted for model in after.models):
            return self
        renamed = after.models[place]
        if renamed.scores is not before.models[place].scores:
            return self
        return replace(self, comparing=replace(self.comparing, reference=renamed.name))

    def within(self, document: Document) -> "View":
        """Return this view with nothing in it that the document does not have."""
        elements, categories = document.elements, len(document.categories)
        current = self.current if self.current is not None and self.current < elements else None
        category = self.category if self.category is not None and self.category < categories else None
        if len(document.thresholds) > 1 and category is None:
            category = 0
        model = max(0, min(self.model, len(document.models) - 1))
        gone = bisect_left(self.selected, elements)
        if (model, current, category, gone) == (self.model, self.current, self.category, len(self.selected)):
            return self
        return replace(self, model=model, selected=self.selected[:gone], current=current, category=category)


def _named(document: Document) -> list[object]:
    """Return what slices are called, which are known by their numbers."""
    return [document.categories, *((of.name, of.groups) for of in document.groupings)]
