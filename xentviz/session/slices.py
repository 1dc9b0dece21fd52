"""What every model loses, and how often it is right, in each of the slices that are looked at."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from xentviz.core.agreement import Pair
from xentviz.core.columns import Rows
from xentviz.core.document import Grouping
from xentviz.core.looked_at import LookedAt, Mask
from xentviz.core.progress import Report, Stopped, part_of
from xentviz.core.slices import (
    Division,
    Hits,
    SliceLosses,
    by_group,
    by_label,
    by_score,
    equal_edges,
    ordered_by_label,
    slice_hits,
    slice_losses,
    with_rest,
)
from xentviz.session.comparing import SliceOrder, Slicing
from xentviz.session.derived import Derived
from xentviz.session.latest import Job
from xentviz.session.listing import AT_ONCE
from xentviz.session.view import Shown

if TYPE_CHECKING:
    from xentviz.session.session import Session

PARTS = 10
"""Into how many ranges scores are parted."""

TENTHS = np.arange(PARTS + 1) / PARTS


@dataclass(frozen=True, eq=False)
class Sliced:
    """What was divided, by what, and what each model loses in each slice.

    Attributes
    ----------
    looked : LookedAt
    slicing : Slicing
    model : int
        By whose scores it is divided.
    grouping : Grouping or None
        By which column.
    division : Division
    pair : Pair or None
        The reference and the rival.
    losses : SliceLosses
    rest : bool
        Whether the last slice is of what lies in no other: without a label, a score, or a word in the column.
    """

    looked: LookedAt
    slicing: Slicing
    model: int
    grouping: Grouping | None
    division: Division
    pair: Pair | None
    losses: SliceLosses
    rest: bool = False

    def ordered(self, order: SliceOrder) -> Rows:
        """Return the slices in some order; yes stands before no, and what lies in none comes last."""
        named = self.division.slices - self.rest
        ranks = ordered_by_label(self.looked) if self.slicing is Slicing.LABEL else np.arange(named)
        if order is SliceOrder.SIZE:
            ranks = ranks[np.argsort(-self.losses.sizes[ranks], kind="stable")]
        elif order is SliceOrder.DIFFERENCE and self.losses.difference is not None:
            apart = np.nan_to_num(np.abs(self.losses.difference.means[ranks]), nan=-1.0, posinf=np.inf)
            ranks = ranks[np.argsort(-apart, kind="stable")]
        return np.append(ranks, np.arange(named, self.division.slices))

    def elements(self, part: int, stopped: Stopped, report: Report) -> Rows:
        """Return the elements in one slice; rows by their first ones."""

        def chosen(block: int) -> Mask:
            return np.asarray(self.division.of_block(block) == part)

        return self.looked.elements_where(chosen, stopped, report)


class Slices(QObject):
    """Of the document as it is divided; what is older than it stands until the new has come.

    Attributes
    ----------
    losses : Derived of Sliced
        No threshold has a part in them.
    hits : Derived of (Sliced, tuple of Hits)
        How often each model is right in those slices.

    Signals
    -------
    changed()
        Either has a new value.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._picked: tuple[Sliced, int, Rows] | None = None
        self.losses = Derived[Sliced](self._divided, self._measure, self._are_few, self)
        self.hits = Derived[tuple[Sliced, tuple[Hits, ...]] | None](
            self._decided, self._count, self._are_few, self, rests=lambda: True
        )
        for part in self.parts:
            part.changed.connect(self.changed)

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        return self.losses, self.hits

    def hits_of(self, sliced: Sliced) -> tuple[Hits, ...] | None:
        """Return how often models are right in these very slices, None before that is known."""
        found = self.hits.wanted()
        return found[1] if found is not None and found[0] is sliced else None

    @property
    def slicing(self) -> Slicing:
        """What rows are divided by: by their labels unless something else is chosen that there is."""
        chosen = self._session.view.comparing.slicing
        there_is = {Slicing.SCORE: bool(self._session.document.models), Slicing.COLUMN: self.grouping is not None}
        return chosen if there_is.get(chosen) else Slicing.LABEL

    @property
    def grouping(self) -> Grouping | None:
        """The column that is chosen to divide rows by, if the document has it."""
        chosen = self._session.view.comparing.column
        return next((found for found in self._session.document.groupings if found.name == chosen), None)

    def names(self, sliced: Sliced) -> list[str]:
        """Return what the models of slices are called, now if these are of now: no loss changes with a name."""
        is_of_now = self.losses.is_current and self.losses.wanted() is sliced
        document = self._session.document if is_of_now else sliced.looked.document
        return [model.name for model in document.models]

    def pick(self, sliced: Sliced, part: int) -> None:
        """Select what lies in a slice, and list it, unless the slices are of rows that may be others by now."""
        if self.losses.is_current and self.losses.wanted() is sliced:
            search = partial(sliced.elements, part)
            self._session.find(search, partial(self._select, sliced, part))

    def picked(self, sliced: Sliced) -> int | None:
        """Return which of these very slices is selected, if one is."""
        if self._picked is None:
            return None
        of, part, elements = self._picked
        return part if of is sliced and elements is self._session.view.selected else None

    def _select(self, sliced: Sliced, part: int, elements: Rows) -> None:
        self._picked = (sliced, part, elements)
        current = int(elements[0]) if len(elements) else None
        self._session.look(selected=elements, current=current, shown=Shown.SELECTED)

    @property
    def count(self) -> int:
        """Into how many slices the rows are divided; 0 where only the scores tell that, as of equal count."""
        if self.slicing is Slicing.SCORE:
            return 0 if self._session.view.comparing.equal_slices else PARTS
        if self.grouping is not None and self.slicing is Slicing.COLUMN:
            return len(self.grouping.groups)
        return LookedAt(self._session.document, self._session.view.category).outcomes

    @property
    def subjects(self) -> tuple[object, ...]:
        """All that the division depends on."""
        document, view, slicing = self._session.document, self._session.view, self.slicing
        by: tuple[object, ...] = ()
        if slicing is Slicing.SCORE:
            chosen = document.models[view.model]
            by = (view.comparing.equal_slices, chosen.scores, chosen.kind)
        elif slicing is Slicing.COLUMN:
            by = (self.grouping,)
        return (slicing, *by, document.task, document.categories, document.labels, view.category)

    def divider(self) -> Callable[[Stopped, Report], Division]:
        """Return what divides the rows as they are now in the way that is chosen, slowly if they are many."""
        view, slicing, grouping = self._session.view, self.slicing, self.grouping
        looked, equal = LookedAt(self._session.document, view.category), view.comparing.equal_slices

        def divide(stopped: Stopped, report: Report) -> Division:
            if slicing is Slicing.SCORE:
                edges = equal_edges(looked, view.model, PARTS, stopped, report) if equal else TENTHS
                return by_score(looked, view.model, edges)
            if slicing is Slicing.COLUMN and grouping is not None:
                return by_group(looked, grouping.codes, len(grouping.groups))
            return by_label(looked)

        return divide

    def _are_few(self) -> bool:
        document = self._session.document
        return document.elements * max(1, len(document.models)) <= 2 * AT_ONCE

    @property
    def _pair(self) -> Pair | None:
        rival = self._session.rival
        return None if rival is None else (self._session.reference, rival)

    def _divided(self) -> tuple[object, ...]:
        of_models = [part for model in self._session.document.models for part in (model.scores, model.kind)]
        chosen = self._session.view.model if self.slicing is Slicing.SCORE else None
        return (*self.subjects, chosen, self._pair, *of_models)

    def _measure(self) -> Job:
        document, view, slicing, pair = self._session.document, self._session.view, self.slicing, self._pair
        looked, divide = LookedAt(document, view.category), self.divider()
        grouping = self.grouping if slicing is Slicing.COLUMN else None

        def work(stopped: Stopped, report: Report) -> Sliced:
            division, rest = with_rest(
                looked, divide(stopped, part_of(report, 0.0, 0.3)), stopped, part_of(report, 0.3, 0.4)
            )
            losses = slice_losses(looked, division, pair, stopped, part_of(report, 0.4, 1.0))
            return Sliced(looked, slicing, view.model, grouping, division, pair, losses, rest)

        return work

    def _decided(self) -> tuple[object, ...]:
        return (self.losses.wanted(), self._session.document.thresholds)

    def _count(self) -> Job:
        sliced, document = self.losses.wanted(), self._session.document
        if sliced is None or sliced.looked.document.categories != document.categories:
            return lambda _stopped, _report: None
        looked = replace(sliced.looked, document=replace(sliced.looked.document, thresholds=document.thresholds))

        def work(stopped: Stopped, report: Report) -> tuple[Sliced, tuple[Hits, ...]]:
            return sliced, slice_hits(looked, sliced.division, stopped, report)

        return work
