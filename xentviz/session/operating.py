"""What thresholds would do to the rows that are looked at: the curves of every model, and the best places on them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import ModelResults, Results
from xentviz.core.goals import Goal
from xentviz.core.optimum import Optimum, Spread, optimum, spread
from xentviz.core.passes import areas_of
from xentviz.core.ranking import Areas
from xentviz.core.sweep import Sweep, sweep
from xentviz.core.told import one_answer
from xentviz.session.derived import Derived
from xentviz.session.latest import Job

if TYPE_CHECKING:
    from xentviz.session.session import Session

FEW = 4_096
"""So many answers are swept, and their best threshold is found, within a frame."""


@dataclass(frozen=True)
class Best:
    """The best threshold of one model for the goal, if any serves it, and how it would vary."""

    optimum: Optimum | None
    spread: Spread | None


_AreasOfModel = tuple[Areas, ...] | None


class Operating(QObject):
    """Of the category looked at, or all of them together, for each model in its order.

    Attributes
    ----------
    sweeps : Derived of tuple of Sweep or None
        None where a model has no numbers yet.
    rankings : Derived of tuple of Sweep or None
        How each model ranks rows with one answer in many by the probability of the category looked at alone.
    areas : Derived of tuple of (tuple of Areas, one a category) or None
        Under each model's curves.
    bests : Derived of tuple of Best or None
        For the goal and the prevalence in the view.

    Signals
    -------
    changed()
        Any of them has a new value.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.sweeps = Derived[tuple[Sweep | None, ...]](self._swept, self._sweep, self._are_few, self)
        self.rankings = Derived[tuple[Sweep | None, ...]](self._swept, self._rank, self._are_few, self)
        self.areas = Derived[tuple[_AreasOfModel, ...]](self._measured, self._measure, self._are_few, self)
        self.bests = Derived[tuple[Best | None, ...]](self._sought, self._seek, lambda: False, self)
        for part in self.parts:
            part.changed.connect(self.changed)

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        return self.sweeps, self.rankings, self.areas, self.bests

    @property
    def categories(self) -> range:
        """The categories looked at."""
        category = self._session.view.category
        return range(len(self._session.document.categories)) if category is None else range(category, category + 1)

    def sweep(self, model: int) -> Sweep | None:
        """Return what every threshold makes of one model, None before that is known."""
        found = self.sweeps.wanted()
        return found[model] if found is not None and model < len(found) else None

    def ranking(self, model: int) -> Sweep | None:
        """Return the sweep whose area tells how one model ranks, None before that is known.

        Of rows with one answer in many it is by the probability of the category looked at, whether or not it is the
        largest; of yes/no questions it is what every threshold makes of them.
        """
        if not one_answer(self._session.document) or self._session.view.category is None:
            return self.sweep(model)
        found = self.rankings.wanted()
        return found[model] if found is not None and model < len(found) else None

    def best(self, model: int) -> Best | None:
        """Return the best threshold of one model, None before that is known."""
        found = self.bests.wanted()
        return found[model] if found is not None and model < len(found) else None

    def _are_few(self) -> bool:
        return self._session.document.elements <= FEW

    def _numbers(self) -> tuple[ModelResults | None, ...]:
        return tuple(map(self._session.results_of, range(len(self._session.document.models))))

    def _swept(self) -> tuple[object, ...]:
        return (*self._numbers(), self.categories)

    def _sweep(self) -> Job:
        numbers, categories = self._numbers(), self.categories
        return lambda stopped, _report: tuple(_swept(found, categories, stopped) for found in numbers)

    def _rank(self) -> Job:
        numbers, category = self._numbers(), self.categories[0]
        return lambda stopped, _report: tuple(_ranked(found, category, stopped) for found in numbers)

    def _measured(self) -> tuple[object, ...]:
        return (self._session.results, *self._numbers())

    def _measure(self) -> Job:
        results, numbers = self._session.results, self._numbers()

        def measure(stopped: Callable[[], bool], _report: Callable[[float], None]) -> tuple[_AreasOfModel, ...]:
            return tuple(_areas(results, found, stopped) for found in numbers)

        return measure

    def _sought(self) -> tuple[object, ...]:
        deciding = self._session.view.deciding
        return (*self._swept(), deciding.goal, deciding.prevalence)

    def _seek(self) -> Job:
        deciding, numbers, categories = self._session.view.deciding, self._numbers(), self.categories

        def seek(stopped: Callable[[], bool], report: Callable[[float], None]) -> tuple[Best | None, ...]:
            sweeps = [_swept(found, categories, stopped) for found in numbers]
            return tuple(
                None if found is None else _best(found, deciding.goal, deciding.prevalence, stopped, report)
                for found in sweeps
            )

        return seek


def _areas(results: Results | None, numbers: ModelResults | None, stopped: Callable[[], bool]) -> _AreasOfModel:
    if stopped():
        raise Cancelled
    of_model = [m for m, found in enumerate(results.models) if found is numbers] if results else []
    return areas_of(results, of_model[0]) if results and of_model else None


def _swept(numbers: ModelResults | None, categories: range, stopped: Callable[[], bool]) -> Sweep | None:
    if stopped():
        raise Cancelled
    return None if numbers is None else numbers.sweep(categories)


def _ranked(numbers: ModelResults | None, category: int, stopped: Callable[[], bool]) -> Sweep | None:
    if stopped():
        raise Cancelled
    return None if numbers is None else sweep(numbers.positives(category), numbers.negatives(category))


def _best(
    found: Sweep,
    goal: Goal,
    prevalence: float | None,
    stopped: Callable[[], bool],
    report: Callable[[float], None],
) -> Best:
    return Best(optimum(found, goal, prevalence), spread(found, goal, prevalence, stopped, report))
