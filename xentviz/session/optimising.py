"""Seeking each category's own best threshold in the background, and setting all of them in one step."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from xentviz.core.document import Document, Task
from xentviz.core.errors import DataError
from xentviz.core.evaluation import ModelResults
from xentviz.core.goals import Goal
from xentviz.core.optimum import optimum
from xentviz.core.progress import Report, Stopped, check
from xentviz.session.latest import Latest

if TYPE_CHECKING:
    from xentviz.session.session import Session


@dataclass(frozen=True)
class Found:
    """The best thresholds of all categories; where none serves the goal, the one that the category has.

    Attributes
    ----------
    model : str
        Whose scores they were chosen on.
    goal : Goal
    thresholds : tuple of float, one a category
    changed : int
        How many are others than before.
    unserved : tuple of int
        The categories for which no threshold serves the goal.
    """

    model: str
    goal: Goal
    thresholds: tuple[float, ...]
    changed: int
    unserved: tuple[int, ...]


class Optimising(QObject):
    """Seeks thresholds for the goal in the view and for the chosen model, category by category.

    Signals
    -------
    optimised(Found)
        The thresholds have been set, in one step to undo.
    progressed(float)
        The share done, from 0 to 1.
    failed(Exception)
        No threshold has been changed.
    """

    optimised = Signal(object)
    progressed = Signal(object)
    failed = Signal(object)

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._text = ""
        self.latest = Latest(self)
        self.latest.answered.connect(self._take)
        self.latest.progressed.connect(self.progressed)
        self.latest.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        """Whether thresholds are being sought."""
        return self.latest.busy

    @property
    def possible(self) -> bool:
        """Whether there are several questions, and the chosen model's numbers are those of the document as it is."""
        session = self._session
        document, results = session.document, session.results
        if document.task is not Task.MULTILABEL or session.results_of(session.view.model) is None or results is None:
            return False
        return results.document.labels is document.labels and results.document.models == document.models

    def start(self, text: str) -> None:
        """Begin, in place of what was sought before; ``text`` says to a person what undoing takes back."""
        session = self._session
        document, model, deciding = session.document, session.view.model, session.view.deciding
        numbers = session.results_of(model)
        if numbers is None or not self.possible:
            return
        self._text = text
        name = document.models[model].name
        self.latest.start(
            lambda stopped, report: (
                document,
                _found(document, name, numbers, deciding.goal, deciding.prevalence, stopped, report),
            )
        )

    def cancel(self) -> None:
        """Seek no more; no threshold changes."""
        self.latest.cancel()

    def _take(self, answer: tuple[Document, Found]) -> None:
        document, found = answer
        if document is not self._session.document:
            self.failed.emit(DataError("optimum_overtaken"))
            return
        if found.changed:
            self._session.edit(lambda document: document.with_thresholds(found.thresholds), self._text)
        self.optimised.emit(found)


def _found(
    document: Document,
    model: str,
    numbers: ModelResults,
    goal: Goal,
    prevalence: float | None,
    stopped: Stopped,
    report: Report,
) -> Found:
    best, categories = [], len(document.categories)
    for category in range(categories):
        check(stopped)
        report(category / categories)
        one = numbers.sweep(range(category, category + 1), stopped)
        best.append(optimum(one, goal, prevalence, stopped))
    before = [document.threshold(category) for category in range(categories)]
    after = tuple(old if found is None else found.threshold for found, old in zip(best, before, strict=True))
    changed = sum(new != old for new, old in zip(after, before, strict=True))
    unserved = tuple(category for category, found in enumerate(best) if found is None)
    return Found(model, goal, after, changed, unserved)
