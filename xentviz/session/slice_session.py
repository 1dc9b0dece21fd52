"""The rows of one slice, looked at as if they were all there are."""

import gc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot

from xentviz.core.columns import Rows
from xentviz.core.document import Change, Document
from xentviz.core.looked_at import LookedAt
from xentviz.core.progress import Report, Stopped, part_of
from xentviz.core.slices import of_slice
from xentviz.files.opened import Opened
from xentviz.session.derived import Derived
from xentviz.session.latest import Job
from xentviz.session.listing import AT_ONCE
from xentviz.session.session import Session
from xentviz.session.slices import Sliced, Slices
from xentviz.session.view import Shown, View

MEANT = ("selected", "current", "model", "category")
"""What of a view is meant of one document, and may be something else in another."""

SETTINGS = Change.THRESHOLDS | Change.SETTINGS


class SliceSession(Session):
    """Shows the rows of one slice; what a person does to them is done in the session of all rows, and seen here.

    Parameters
    ----------
    whole : Session
        The session of all rows.
    document : Document
        The rows of the slice.
    rows : ndarray of int64, ascending
        Which rows of the whole document they are.
    """

    def __init__(self, whole: Session, document: Document, rows: Rows) -> None:
        self._rows, self._among = rows, _shape(whole.document)
        self._picked: tuple[Rows | range, Rows | range] = (range(0), range(0))
        self._whole = whole
        super().__init__(Opened(_with_settings(document, whole.document)), whole)
        self.view = self._view_here()
        whole.narrower.append(self)
        self.progressed.connect(whole.progressed)
        self.failed.connect(whole.failed)
        for done in (self.results_changed, self.worked_out, self.operating.changed, self.decisions.changed):
            done.connect(whole.worked_out)
        whole.document_changed.connect(self._on_document)
        whole.view_changed.connect(self._on_view)

    @property
    def whole(self) -> Session:
        """The session of all rows."""
        return self._whole

    def show(self, document: Document, rows: Rows) -> None:
        """Show another slice, or what an edit has made of this one."""
        self._rows, self._among, self._picked = rows, _shape(self.whole.document), (range(0), range(0))
        self._show(_with_settings(document, self.whole.document), self.view)
        self._on_view()  # which has followed the document already, with all rows in sight

    def leave(self) -> None:
        """Follow no more; all work ends as soon as it hears of it, and nobody waits."""
        self.whole.document_changed.disconnect(self._on_document)
        self.whole.view_changed.disconnect(self._on_view)
        self.whole.narrower.remove(self)
        for work in self._works:
            work.leave()
        self.deleteLater()

    # What a person does is done to all rows

    def gesture(self) -> int:
        """Return the number of a new gesture."""
        return self.whole.gesture()

    def apply(self, document: Document, text: str, gesture: int = -1, *, opening: bool = False) -> None:
        """Apply the thresholds and settings of a document; its rows are edited in the session of all."""
        if document.categories != self.whole.document.categories:  # of others there are other thresholds
            return
        after = self.whole.document.with_settings(document.settings)
        self.whole.apply(replace(after, thresholds=document.thresholds), text, gesture, opening=opening)

    def edit(self, change: Callable[[Document], Document], text: str, gesture: int = -1) -> None:
        """Apply what a person asks for to the document of all rows."""
        self.whole.edit(change, text, gesture)

    def look(self, **choices: Any) -> None:
        """Look at something else; elements are those of the slice."""
        if self._is_behind:
            choices = {name: choice for name, choice in choices.items() if name not in MEANT}
        if "selected" in choices:
            self._picked = (choices["selected"], self._elements_in_whole(choices["selected"]))
            choices["selected"] = self._picked[1]
        if choices.get("current") is not None:
            choices["current"] = int(self._elements_in_whole(np.array([choices["current"]]))[0])
        self.whole.look(**choices)

    # What is seen of all rows is seen of these

    @property
    def _is_behind(self) -> bool:
        """Whether rows, categories or models have come or gone: which are meant is known again in a moment."""
        return self._among != _shape(self.whole.document)

    def _on_document(self, change: Change) -> None:
        if change & SETTINGS:
            self._show(_with_settings(self.document, self.whole.document), self.view)

    def _on_view(self) -> None:
        if not self._is_behind:
            self.view = self._view_here()
            self.view_changed.emit()

    def _view_here(self) -> View:
        view, (mine, theirs) = self.whole.view, self._picked
        selected = mine if view.selected is theirs else self._elements_here(view.selected)
        chosen = self._elements_here(np.array([] if view.current is None else [view.current], dtype=np.int64))
        current = int(chosen[0]) if len(chosen) else None
        return replace(view, selected=selected, current=current, shown=Shown.ALL, sorted_by=None).within(self.document)

    def _elements_in_whole(self, elements: Rows | range) -> Rows | range:
        row, category = np.divmod(np.asarray(elements, dtype=np.int64), len(self.document.categories))
        return np.asarray(self._rows[row] * len(self.document.categories) + category)

    def _elements_here(self, elements: Rows | range) -> Rows | range:
        """Return those of some elements of the whole that are here; of very many none, for that takes too long."""
        if len(elements) > AT_ONCE:
            return range(self.document.elements) if isinstance(elements, range) else elements[:0]
        row, category = np.divmod(np.asarray(elements, dtype=np.int64), len(self.document.categories))
        place = np.searchsorted(self._rows, row)
        here = place < len(self._rows)
        here[here] = self._rows[place[here]] == row[here]
        return np.asarray(place[here] * len(self.document.categories) + category[here])


def _shape(document: Document) -> tuple[object, ...]:
    """Return what tells which element is which, and which model."""
    return document.rows, document.categories, [model.name for model in document.models]


def _with_settings(document: Document, whole: Document) -> Document:
    """Return a document with the thresholds and settings of another, unless it has other categories for a moment."""
    if document.categories != whole.categories:
        return document
    return replace(document, thresholds=whole.thresholds, settings=whole.settings)


class OneSlice(QObject):
    """The session of the one slice that is looked at, if one is.

    Attributes
    ----------
    documents : Derived of (Document, rows)
    session : SliceSession or None
        None while all rows are looked at, and until the rows of the slice have been found.

    Signals
    -------
    changed()
        There is another session, or none.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._whole = session
        self._slices = session.part(Slices)
        self._shown: tuple[Document, Rows] | None = None
        self.session: SliceSession | None = None
        self.documents = Derived[tuple[Document, Rows]](self._subjects, self.finder, self._are_few, self)
        self.documents.changed.connect(self.update)
        session.document_changed.connect(self.update)
        session.view_changed.connect(self.update)
        self.update()

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        return (self.documents,)

    @property
    def number(self) -> int | None:
        """Which slice is looked at; None for all rows, and if there is no such slice, or it is not known whether."""
        chosen = self._whole.view.comparing.only
        return chosen if chosen is not None and 0 <= chosen < self._slices.count else None

    @property
    def is_current(self) -> bool:
        """Whether the session is of the slice that is looked at, as it is now."""
        return self.session is not None and self.documents.is_current and self.documents.wanted() is self._shown

    def among(self, sliced: Sliced, ranks: Rows) -> int | None:
        """Return where among ordered slices the one looked at is."""
        if self.number is None or not self.stands_alone(sliced, self.number):
            return None
        return int(np.flatnonzero(ranks == self.number)[0])

    def stands_alone(self, sliced: Sliced, part: int) -> bool:
        """Return whether one of some slices can be looked at: they are those of now, and it has a name of its own."""
        is_current = self._slices.losses.is_current and self._slices.losses.wanted() is sliced
        return is_current and part < min(sliced.division.slices - sliced.rest, self._slices.count)

    def turn_to(self, sliced: Sliced, part: int) -> None:
        """Look at one of some slices, or at all rows again if it is looked at."""
        if self.stands_alone(sliced, part):
            self._whole.compare(only=None if part == self.number else part)

    def update(self, *_what: object) -> None:
        """See to it that the slice looked at is shown."""
        if self.number is None:
            self._leave()
            return
        found = self.documents.wanted()
        if found is None or found is self._shown or not self.documents.is_current:
            return
        self._shown = found
        if self.session is not None:
            self.session.show(*found)
        else:
            self.session = SliceSession(self._whole, *found)
            self.changed.emit()

    def _leave(self) -> None:
        self.documents.forget()
        if self.session is not None:
            gone, self.session, self._shown = self.session, None, None
            self.changed.emit()
            gone.destroyed.connect(self._collect, Qt.ConnectionType.QueuedConnection)
            gone.leave()

    @Slot()
    def _collect(self) -> None:
        """Free what a slice held: it may be hundreds of megabytes, and hangs together in circles."""
        gc.collect()

    def _are_few(self) -> bool:
        return self._whole.document.elements <= AT_ONCE

    def _subjects(self) -> tuple[object, ...]:
        document = self._whole.document
        of_models = [part for model in document.models for part in (model.name, model.scores, model.kind)]
        return (self.number, document.row_names, *self._slices.subjects, *of_models)

    def finder(self) -> Job:
        """Return what finds the rows of the slice that is looked at, as they are now."""
        looked, divide = LookedAt(self._whole.document, self._whole.view.category), self._slices.divider()
        number = self.number
        assert number is not None, "one slice is looked at"

        def work(stopped: Stopped, report: Report) -> tuple[Document, Rows]:
            division = divide(stopped, part_of(report, 0.0, 0.3))
            return of_slice(looked, division, number, stopped, part_of(report, 0.3, 1.0))

        return work
