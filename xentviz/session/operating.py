"""What thresholds would do to the rows that are looked at: the curves of every model, and the best places on them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from xentviz.core.document import Model
from xentviz.core.evaluation import ModelResults
from xentviz.core.goals import Goal
from xentviz.core.optimum import Optimum, Spread, optimum, spread
from xentviz.core.passes import areas_of
from xentviz.core.progress import Report, Stopped, check, parts_of
from xentviz.core.ranking import Areas
from xentviz.core.sweep import Sweep, sweep
from xentviz.core.told import one_answer
from xentviz.session.derived import Derived
from xentviz.session.latest import Job

if TYPE_CHECKING:
    from xentviz.session.session import Session

Value = TypeVar("Value")

FEW = 4_096
"""So many answers are swept, and their best threshold is found, within a frame."""


@dataclass(frozen=True)
class Best:
    """The best threshold of one model for a goal, if any serves it, and how it would vary."""

    goal: Goal
    optimum: Optimum | None
    spread: Spread | None


class ByModel(Generic[Value]):
    """What was worked out of each model's numbers: found by its scores, or by its name where these are new."""

    def __init__(self, models: Iterable[Model], found: Iterable[Value]) -> None:
        self._of = dict[object, Value]()
        for model, value in zip(models, found, strict=True):
            self._of |= {model.name: value, (model.scores, model.kind): value}

    def of(self, model: Model) -> Value | None:
        """Return what belongs to a model, None of one that is new."""
        return self._of.get((model.scores, model.kind), self._of.get(model.name))


class Operating(QObject):
    """Of the category looked at, or all of them together, for each model that has numbers.

    Attributes
    ----------
    sweeps : Derived of Sweep, by model
    rankings : Derived of Sweep, by model
        How each model ranks rows with one answer in many by the probability of the category looked at alone.
    measured : Derived of tuple of Areas, by model
        Under the curves of each category.
    bests : Derived of Best, by model
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
        self.sweeps = Derived[ByModel[Sweep]](self._swept, self._sweep, self._are_few, self)
        self.rankings = Derived[ByModel[Sweep]](self._swept, self._rank, self._are_few, self)
        self.measured = Derived[ByModel[tuple[Areas, ...]]](self._numbers, self._measure, self._are_few, self)
        self.bests = Derived[ByModel[Best]](self._sought, self._seek, lambda: False, self, lasts=True)
        for part in self.parts:
            part.changed.connect(self.changed)

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        return self.sweeps, self.rankings, self.measured, self.bests

    @property
    def categories(self) -> range:
        """The categories looked at."""
        category = self._session.view.category
        return range(len(self._session.document.categories)) if category is None else range(category, category + 1)

    def sweep(self, model: int) -> Sweep | None:
        """Return what every threshold makes of one model, None before that is known."""
        return self._of(self.sweeps, model)

    def ranking(self, model: int) -> Sweep | None:
        """Return the sweep whose area tells how one model ranks, None before that is known.

        Of rows with one answer in many it is by the probability of the category looked at, whether or not it is the
        largest; of yes/no questions it is what every threshold makes of them.
        """
        if not one_answer(self._session.document) or self._session.view.category is None:
            return self.sweep(model)
        return self._of(self.rankings, model)

    def areas(self, model: int) -> tuple[Areas, ...] | None:
        """Return the areas under one model's curves, one a category, None before they are known."""
        return self._of(self.measured, model)

    def best(self, model: int) -> Best | None:
        """Return the best threshold of one model, None before that is known; it may be of the goal from before."""
        return self._of(self.bests, model)

    def _of(self, part: Derived[ByModel[Value]], model: int) -> Value | None:
        found, models = part.wanted(), self._session.document.models
        return found.of(models[model]) if found is not None and model < len(models) else None

    def _are_few(self) -> bool:
        return self._session.document.elements <= FEW

    def _numbers(self) -> tuple[ModelResults, ...]:
        return tuple(self._session.numbers.values())

    def _swept(self) -> tuple[object, ...]:
        return (*self._numbers(), self.categories)

    def _sweep(self) -> Job:
        categories = self.categories
        return self._of_each(lambda numbers, stopped, _report: numbers.sweep(categories, stopped))

    def _rank(self) -> Job:
        category = self.categories[0]
        return self._of_each(
            lambda numbers, stopped, _report: sweep(
                numbers.positives(category), numbers.negatives(category), stopped=stopped
            )
        )

    def _measure(self) -> Job:
        results = self._session.results

        def measure(numbers: ModelResults, stopped: Stopped, _report: Report) -> tuple[Areas, ...]:
            assert results is not None, "there are numbers"
            return areas_of(results, next(m for m, found in enumerate(results.models) if found is numbers), stopped)

        return self._of_each(measure)

    def _sought(self) -> tuple[object, ...]:
        return (*self._swept(), self._session.view.deciding.goal, self._session.supposed)

    def _seek(self) -> Job:
        goal, prevalence, categories = self._session.view.deciding.goal, self._session.supposed, self.categories

        def seek(numbers: ModelResults, stopped: Stopped, report: Report) -> Best:
            found = numbers.sweep(categories, stopped)
            return Best(
                goal, optimum(found, goal, prevalence, stopped), spread(found, goal, prevalence, stopped, report)
            )

        return self._of_each(seek)

    def _of_each(self, work: Callable[[ModelResults, Stopped, Report], Value]) -> Job:
        """Return the work on each model's numbers as they are now, one after the other."""
        known = self._session.numbers
        models = [model for model in self._session.document.models if model.name in known]

        def of_each(stopped: Stopped, report: Report) -> ByModel[Value]:
            found = []
            for numbers, of_this in zip(known.values(), parts_of(report, len(known)), strict=True):
                check(stopped)
                found.append(work(numbers, stopped, of_this))
            return ByModel(models, found)

        return of_each
