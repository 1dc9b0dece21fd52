"""The one holder of the document, its results, and their history."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from xentviz.core.counts import Counts
from xentviz.core.document import Change, Document, Model, Task, changes
from xentviz.core.errors import Cancelled, DataError
from xentviz.core.evaluation import ModelResults, Results, evaluate
from xentviz.core.told import elements_a_line, of_rows, one_answer
from xentviz.files.opened import Opened
from xentviz.session.decisions import Decisions
from xentviz.session.derived import Derived, Finding
from xentviz.session.latest import Job, Latest
from xentviz.session.listing import AT_ONCE, Listing, asked_of, is_quick, listed, same
from xentviz.session.operating import Operating
from xentviz.session.optimising import Optimising
from xentviz.session.view import Shown, View

Reader = Callable[[Callable[[], bool], Callable[[float], None]], Opened]

FEW_NEW = 4
"""Of so many new thresholds the categories are counted one by one, of more all together."""

PAUSE = 0.05
"""So many seconds a list waits that overtakes another: a threshold that is dragged asks for one in every frame, and
each that is begun takes of the window's time."""

FIRST_PICTURE = 0.02
"""So many seconds the evaluation of a large document that has been opened waits, while the window draws the rest.

On few cores the window would wait for its workers instead, by the scheduler's tick of 4 ms, however nice they are.
"""

NEEDS_EVALUATION = Change.TASK | Change.CATEGORIES | Change.LABELS | Change.MODELS


class _ShowDocument(QUndoCommand):
    """The only command there is: show that snapshot. Those of one gesture become one."""

    def __init__(
        self, session: "Session", before: Document, after: Document, text: str, gesture: int, *, opening: bool
    ) -> None:
        super().__init__(text)
        self._session, self._before, self._after, self._gesture = session, before, after, gesture
        self._opening = opening
        self._prevalence: float | None = None

    def id(self) -> int:
        return self._gesture

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 – Qt's name
        if not isinstance(other, _ShowDocument) or other._gesture != self._gesture:
            return False
        self._after = other._after
        self.setObsolete(not changes(self._before, self._after))  # moved away and back: nothing to undo
        return True

    def redo(self) -> None:
        self._show(self._after)

    def undo(self) -> None:
        self._show(self._before)

    def _show(self, document: Document) -> None:
        view = self._session.view
        if self._opening:  # what is supposed of one document is not of the other: each gets its own back
            supposed, self._prevalence = self._prevalence, view.deciding.prevalence
            view = replace(view, deciding=replace(view.deciding, prevalence=supposed))
        self._session._show(document, view, opening=self._opening)


class Part(Protocol):
    """Values worked out of a session when a panel wants them; made of the session, and gone with it."""

    changed: Any

    def __init__(self, session: "Session") -> None: ...

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        ...


PartKind = TypeVar("PartKind", bound=Part)

Findings = Mapping[type[Any], tuple[Finding | None, ...]]
"""What parts have worked out, by their kind; None for what is not known of the document as it is."""


@dataclass(frozen=True, eq=False)
class _Counted:
    """What was counted last, and of what."""

    results: Results | None
    document: Document
    numbers: list[ModelResults | None]
    counts: list[list[Counts] | None]

    def of(self, numbers: ModelResults) -> list[Counts] | None:
        """Return the counts of these very numbers, None if they were not counted."""
        return next((counts for of, counts in zip(self.numbers, self.counts, strict=True) if of is numbers), None)


class Session(QObject):
    """Holds the document; :meth:`apply` is the only way to change it.

    Attributes
    ----------
    narrower : list of Session
        Those of some of the rows: this one is busy while they are, and closes them.
    ahead : list of callable
        What panels will count of new results: called with the view and the results in the background, before the
        results are shown.
    closed : bool
        Whether all work has been ended: nothing that begins new work may be made any more.

    Signals
    -------
    document_changed(Change)
        Another snapshot is shown.
    results_changed()
        The results of the shown snapshot have come.
    worked_out()
        A part of :meth:`part` has a new value.
    listing_changed()
        What the view asks the table to list has been found.
    view_changed()
        The person looks at something else.
    opened(Opened)
        A file has been read and is shown.
    progressed(float)
        The share done, from 0 to 1, of work that takes a while.
    failed(Exception)
        Reading, evaluating or listing failed; what was shown is still shown.
    """

    document_changed = Signal(object)
    results_changed = Signal()
    worked_out = Signal()
    listing_changed = Signal()
    view_changed = Signal()
    opened = Signal(object)
    progressed = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        opened: Opened,
        parent: QObject | None = None,
        results: Results | None = None,
        findings: Findings | None = None,
    ) -> None:
        """Show what has been opened; ``results`` and ``findings`` of the same need not be worked out again."""
        super().__init__(parent)
        self.document = opened.document
        self.view = View.of(opened)
        self.undo_stack = QUndoStack(self)
        self.ahead: list[Callable[[View, Results], None]] = []
        self._results, self._known = results, findings or {}
        self._matched: tuple[Results, Document, list[ModelResults | None]] | None = None
        self._counts: _Counted | None = None
        self._gestures = 0
        self._evaluating = Latest(self)
        self._evaluating.answered.connect(self._take_results)
        self._reading = Latest(self)
        self._reading.answered.connect(self._take_opened)
        self._preparing = Latest(self)
        self._preparing.answered.connect(self._take_prepared)
        self._asked = asked_of(self.document, View())
        self._show_listing(self._asked, View(), Listing(self.document.elements, elements_a_line(self.document)))
        self._listing = Latest(self)
        self._listing.answered.connect(self._take_listing)
        self._finding = Latest(self)
        self._finding.answered.connect(_use_found)
        for work in (self._evaluating, self._reading, self._preparing, self._listing, self._finding):
            work.progressed.connect(self.progressed)
            work.failed.connect(self.failed)
        self.operating = Operating(self)
        self.decisions = Decisions(self)
        for source in (self.operating, self.decisions):
            self._take_known(source)
        for part in (*self.operating.parts, *self.decisions.parts):
            part.latest.progressed.connect(self.progressed)
            part.latest.failed.connect(self.failed)
        self.optimising = Optimising(self)
        self._parts: dict[type[Part], Part] = {}
        self.narrower: list[Session] = []
        self.closed = False
        if results is None or changes(results.document, self.document) & NEEDS_EVALUATION:
            self._evaluate()
        self._list()

    # Changing

    def gesture(self) -> int:
        """Return the number of a new gesture: all that is applied with it is undone in one step."""
        self._gestures = (self._gestures + 1) % 2**30
        return self._gestures

    def apply(self, document: Document, text: str, gesture: int = -1, *, opening: bool = False) -> None:
        """Show a new document; ``text`` says to a person what undoing takes back; ``opening``: it is another one."""
        if changes(self.document, document):
            self.undo_stack.push(_ShowDocument(self, self.document, document, text, gesture, opening=opening))

    def edit(self, change: Callable[[Document], Document], text: str, gesture: int = -1) -> None:
        """Apply what a person asks for, or say through ``failed`` why it cannot be."""
        try:
            document = change(self.document)
        except DataError as error:
            self.failed.emit(error)
        else:
            self.apply(document, text, gesture)

    def prepare(self, work: Callable[[], Any], use: Callable[[Any], None]) -> None:
        """Do in the background what an edit needs, and use its answer if the document is still the same by then."""
        document = self.document
        self._preparing.start(lambda _stopped, _report: (document, use, work()))

    def find(self, search: Job, use: Callable[[Any], None]) -> None:
        """Look for something in the document, of many elements in the background, and use what is found.

        It is not used if another search has begun by then, or another document is shown.
        """
        self._finding.cancel()
        if self.document.elements <= AT_ONCE:
            use(search(lambda: False, lambda _share: None))
        else:
            self._finding.start(lambda stopped, report: (use, search(stopped, report)))

    def decide(self, **choices: Any) -> None:
        """Choose thresholds in another way: the named attributes of :class:`Deciding` get new values."""
        self.look(deciding=replace(self.view.deciding, **choices))

    def compare(self, **choices: Any) -> None:
        """Compare models in another way: the named attributes of :class:`Comparing` get new values."""
        self.look(comparing=replace(self.view.comparing, **choices))

    def look(self, **choices: Any) -> None:
        """Look at something else: the named attributes of :class:`View` get new values."""
        self.view = self.view.looking_at(self.document, **choices)
        self._list()
        self.view_changed.emit()

    def open(self, read: Reader) -> None:
        """Read a document in the background and show it; until then, and if it fails, nothing changes."""
        self._reading.start(read)

    def cancel(self) -> None:
        """Give up reading, finding, and listing: the view asks again for the list shown, or else for everything."""
        self._reading.cancel()
        self._finding.cancel()
        if self._listing.busy:
            shown = self._listed_by
            self.look(shown=shown.shown, sorted_by=shown.sorted_by, descending=shown.descending)
        if self._listing.busy:
            self.look(shown=Shown.ALL, sorted_by=None)

    def close(self) -> None:
        """End all work in the background, and let the history go in silence.

        Left to the garbage collector, the steps and the stack that owns them might go in the wrong order, and end the
        process.
        """
        self.closed = True
        self.undo_stack.blockSignals(True)
        self.undo_stack.clear()
        for work in self._works:  # all of them, before any is waited for
            work.cancel()
        for work in self._works:
            work.close()

    # Numbers

    def part(self, kind: type[PartKind]) -> PartKind:
        """Return the one of its kind, made when it is first asked for: what only some panels have worked out."""
        if kind not in self._parts:
            part = self._parts[kind] = kind(self)
            self._take_known(part)
            part.changed.connect(self.worked_out)
            for derived in part.parts:
                derived.latest.progressed.connect(self.progressed)
                derived.latest.failed.connect(self.failed)
        found = self._parts[kind]
        assert isinstance(found, kind)
        return found

    def findings(self) -> Findings:
        """Return all that parts have worked out of what is shown, for another session of the same to begin with."""
        sources: tuple[Part, ...] = (self.operating, self.decisions, *self._parts.values())
        return {type(source): tuple(derived.finding for derived in source.parts) for source in sources}

    def _take_known(self, source: Part) -> None:
        for derived, finding in zip(source.parts, self._known.get(type(source), ()), strict=False):
            if finding is not None:
                derived.know(finding)

    @property
    def whole(self) -> "Session":
        """The session of all rows."""
        return self

    @property
    def reference(self) -> int:
        """The model that others are compared with."""
        names = [model.name for model in self.document.models]
        wanted = self.view.comparing.reference
        return names.index(wanted) if wanted in names else 0

    @property
    def rival(self) -> int | None:
        """The model that is compared with the reference: the chosen one, or else the next; None of fewer than two."""
        models, chosen = len(self.document.models), self.view.model
        if models < 2:
            return None
        return chosen if chosen != self.reference else (self.reference + 1) % models

    @property
    def reading(self) -> bool:
        """Whether a file is being read."""
        return self._reading.busy

    @property
    def is_listing(self) -> bool:
        """Whether the table still lists what was asked for before."""
        return self._listing.busy

    @property
    def busy(self) -> bool:
        """Whether the numbers or the list are older than what is asked for, a file is read, or an edit prepared."""
        return any(work.busy for work in self._works)

    @property
    def _works(self) -> tuple[Latest, ...]:
        """All that goes on in the background."""
        sources: tuple[Part, ...] = (self.operating, self.decisions, *self._parts.values())
        derived = (part.latest for source in sources for part in source.parts)
        found = (self._listing, self._finding, self.optimising.latest)
        narrower = (work for session in self.narrower for work in session._works)
        return (self._reading, self._preparing, self._evaluating, *found, *derived, *narrower)

    @property
    def results(self) -> Results | None:
        """The newest numbers of all, which may be older than the document; None before the first have come."""
        return self._results

    def results_of(self, model: int) -> ModelResults | None:
        """Return the newest numbers of one of the document's models, None before the first have come."""
        results, document = self._results, self.document
        if results is None or model >= len(document.models):
            return None
        if self._matched is None or self._matched[0] is not results or self._matched[1] is not document:
            # Every panel asks, several times in every frame of a drag.
            self._matched = (results, document, [self._match(results, wanted) for wanted in document.models])
        return self._matched[2][model]

    def _match(self, results: Results, wanted: Model) -> ModelResults | None:
        """Return the numbers of these very scores, or else those that the model had before."""
        by_name = None
        for evaluated, numbers in zip(results.document.models, results.models, strict=True):
            if numbers.categories != len(self.document.categories):
                continue
            if evaluated.scores is wanted.scores and evaluated.kind is wanted.kind:
                return numbers
            if evaluated.name == wanted.name and results.document.title == self.document.title:
                by_name = numbers
        return by_name

    @property
    def numbers(self) -> dict[str, ModelResults]:
        """The newest numbers of those of the document's models that have any, by their names."""
        found = {model.name: self.results_of(m) for m, model in enumerate(self.document.models)}
        return {name: numbers for name, numbers in found.items() if numbers is not None}

    def looked_at(self, model: int) -> ModelResults | None:
        """Return the numbers of a model for the category looked at, or for all of them."""
        numbers, category = self.results_of(model), self.view.category
        return numbers if numbers is None or category is None else numbers.only(category)

    @property
    def nothing_known(self) -> bool:
        """Whether there are models, and nothing that is looked at has a label and a score of any of them.

        Rows with one answer in many are asked whether they have any; that none is the category looked at is no reason.
        """
        models = range(len(self.document.models))
        numbers = [self.results_of(m) if one_answer(self.document) else self.looked_at(m) for m in models]
        return bool(numbers) and all(of is not None and not of.known for of in numbers)

    def counts_of(self, model: int) -> list[Counts] | None:
        """Return the confusion counts of one model, one a category: looked up, nothing is evaluated."""
        known = self._counts
        if known is None or known.results is not self._results or known.document is not self.document:
            numbers = [self.results_of(m) for m in range(len(self.document.models))]
            found = [self._count(of_model, known) for of_model in numbers]
            self._counts = known = _Counted(self._results, self.document, numbers, found)
        return known.counts[model] if model < len(known.counts) else None

    def counts_looked_at(self, model: int) -> list[Counts] | None:
        """Return the counts of a model for the category looked at, or for each of them."""
        counts, category = self.counts_of(model), self.view.category
        return counts if counts is None or category is None else counts[category : category + 1]

    @property
    def of_rows(self) -> bool:
        """Whether rows are decided, right or wrong; see :func:`xentviz.core.told.of_rows`."""
        return of_rows(self.document, self.view.category)

    @property
    def supposed(self) -> float | None:
        """The share of yes that is supposed, None where none is, or where rows are neither yes nor no."""
        return None if self.of_rows else self.view.deciding.prevalence

    def _count(self, numbers: ModelResults | None, known: "_Counted | None") -> list[Counts] | None:
        if numbers is None:
            return None
        document = self.document
        if document.task is Task.MULTICLASS:
            return numbers.answer_counts(document.threshold(0))
        before = None if known is None else known.of(numbers)
        new = _new(document.thresholds, () if known is None else known.document.thresholds)
        if before is None or new is None or len(new) > FEW_NEW:
            return numbers.counts_of_all(np.broadcast_to(document.thresholds, numbers.categories))
        counts = before.copy()
        for category in new:
            counts[category] = numbers.counts(category, document.threshold(category))
        return counts

    # Behind the scenes

    def _show(self, document: Document, view: View, *, opening: bool = False) -> None:
        change = changes(self.document, document)
        before, self.view = self.view, view.followed(self.document, document)
        self.document = document
        self._finding.cancel()
        if change & NEEDS_EVALUATION:
            self._evaluate(FIRST_PICTURE if opening and document.elements > AT_ONCE else 0.0)
        self._list()
        self.document_changed.emit(change)
        if self.view is not before:
            self.view_changed.emit()

    def _evaluate(self, pause: float = 0.0) -> None:
        document, view, previous = self.document, self.view, self._results

        def evaluated(stopped: Callable[[], bool], report: Callable[[float], None]) -> Results:
            _wait(pause, stopped)
            results = evaluate(document, previous, stopped, report)
            for count in self.ahead:
                count(view, results)
            return results

        self._evaluating.start(evaluated)

    def _take_results(self, results: Results) -> None:
        self._results = results
        self.results_changed.emit()

    def _take_prepared(self, prepared: tuple[Document, Callable[[Any], None], Any]) -> None:
        document, use, answer = prepared
        if document is self.document:
            use(answer)
        else:
            self.failed.emit(DataError("edit_overtaken"))

    def _list(self) -> None:
        """Have found what the view lists, unless nothing that it depends on is new."""
        document, view = self.document, self.view
        asked = asked_of(document, view)
        if same(asked, self._asked):
            return
        self._asked = asked
        if self.listing.elements != document.elements:
            # Until the list has come: the lines of other rows would mislead.
            self._show_listing((), View(), Listing(document.elements, elements_a_line(document)))
        before = self.listing
        if same(asked, self._listed_of):
            self._listing.cancel()
        elif is_quick(document, view):
            self._listing.cancel()
            self._show_listing(asked, view, listed(document, view, before))
        else:
            pause = PAUSE if self._listing.busy else 0.0

            def find(stopped: Callable[[], bool], report: Callable[[float], None]) -> object:
                _wait(pause, stopped)
                return asked, view, listed(document, view, before, stopped, report)

            self._listing.start(find)

    def _take_listing(self, found: tuple[tuple[object, ...], View, Listing]) -> None:
        self._show_listing(*found)
        self.listing_changed.emit()

    def _show_listing(self, asked: tuple[object, ...], view: View, listing: Listing) -> None:
        self._listed_of, self._listed_by, self.listing = asked, view, listing

    def _take_opened(self, opened: Opened) -> None:
        document = opened.document if opened.project else opened.document.with_settings(self.document.settings)
        self.apply(document, opened.document.title, opening=True)
        self.view = View.of(opened, self.view)
        self._list()
        self.view_changed.emit()
        self.opened.emit(opened)


def _wait(seconds: float, stopped: Callable[[], bool]) -> None:
    if not stopped():
        time.sleep(seconds)
    if stopped():
        raise Cancelled


def _use_found(found: tuple[Callable[[Any], None], Any]) -> None:
    use, answer = found
    use(answer)


def _new(thresholds: tuple[float, ...], before: tuple[float, ...]) -> list[int] | None:
    """Return the categories whose own threshold is new, None where all may have another."""
    if thresholds == before:
        return []
    if len(thresholds) == 1 or len(thresholds) != len(before):
        return None
    return [category for category, pair in enumerate(zip(thresholds, before, strict=True)) if pair[0] != pair[1]]
