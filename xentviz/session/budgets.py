"""How the losses and the probabilities of every model are spread, and which share of the loss the worst rows carry."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from xentviz.core.columns import Column
from xentviz.core.distributions import Measure, Part, distributions
from xentviz.core.document import Model, ScoreKind
from xentviz.core.levels import Levels
from xentviz.core.loss_budget import LossBudget, budget_of
from xentviz.core.progress import Report, Stopped, parts_of
from xentviz.session.derived import Derived
from xentviz.session.latest import Job
from xentviz.session.listing import same
from xentviz.session.operating import FEW

if TYPE_CHECKING:
    from xentviz.session.session import Session

Subjects = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Spread:
    """How the numbers of one model are spread, and its loss budget without infinite losses."""

    levels: dict[Measure, Levels]
    budget: LossBudget


@dataclass(frozen=True, eq=False)
class Spreads:
    """Of which rows, and the spread of each model: found by its scores, or by its name where these are new."""

    rows: Subjects
    by_scores: dict[tuple[Column, ScoreKind], Spread]
    by_name: dict[str, Spread]

    def of(self, model: Model) -> Spread | None:
        """Return what belongs to a model, None of one that is new."""
        return self.by_scores.get((model.scores, model.kind), self.by_name.get(model.name))


class Budgets(QObject):
    """Of the category looked at, or all of them together, for each model.

    Attributes
    ----------
    spreads : Derived of Spreads

    Signals
    -------
    changed()
        They have new values.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._last: Spreads | None = None
        self.spreads = Derived[Spreads](self._subjects, self._spread, self._are_few, self)
        self.spreads.changed.connect(self.changed)

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        return (self.spreads,)

    def spread(self, model: int) -> Spread | None:
        """Return how the numbers of a model are spread, None before that is known."""
        found, models = self.spreads.wanted(), self._session.document.models
        self._last = found
        return found.of(models[model]) if found is not None and model < len(models) else None

    def part(self, model: int) -> Part:
        """Return which elements a model's numbers are of."""
        return Part(self._session.document, model, self._session.view.category)

    def _are_few(self) -> bool:
        return self._session.document.elements <= FEW

    def _rows(self) -> Subjects:
        document = self._session.document
        return document.task, document.labels, document.categories, self._session.view.category

    def _subjects(self) -> Subjects:
        models = self._session.document.models
        return (*self._rows(), *(part for model in models for part in (model.name, model.scores, model.kind)))

    def _spread(self) -> Job:
        rows, models = self._rows(), self._session.document.models
        parts = [self.part(model) for model in range(len(models))]
        known = self._last.by_scores if self._last is not None and same(self._last.rows, rows) else {}

        def work(stopped: Stopped, report: Report) -> Spreads:
            spreads = []
            for model, part, of_this in zip(models, parts, parts_of(report, len(models)), strict=True):
                spreads.append(known.get((model.scores, model.kind)) or _spread_of(part, stopped, of_this))
            by_scores = {(model.scores, model.kind): of for model, of in zip(models, spreads, strict=True)}
            return Spreads(rows, by_scores, {model.name: of for model, of in zip(models, spreads, strict=True)})

        return work


def _spread_of(part: Part, stopped: Stopped, report: Report) -> Spread:
    levels = distributions(part, stopped, report)
    return Spread(levels, budget_of(levels[Measure.LOSS]))
