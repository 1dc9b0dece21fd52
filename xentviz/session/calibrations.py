"""Whether scores come true, in any number of bins; and what a temperature would make of the chosen model."""

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from xentviz.core.arguments import Floats
from xentviz.core.binning import FEWEST_BINS, MOST_BINS, Binnings, binnings
from xentviz.core.calibration import Reliability
from xentviz.core.document import Document, Model
from xentviz.core.errors import Cancelled
from xentviz.core.evaluation import ModelResults
from xentviz.core.progress import Report, Stopped
from xentviz.core.temperature import (
    COLDEST,
    HOTTEST,
    BestTemperature,
    LogitCounts,
    LossCurve,
    best_temperature_of,
    heated_answers,
    loss_curve,
)
from xentviz.core.told import one_answer
from xentviz.core.transforms import logit, sigmoid
from xentviz.session.derived import Derived
from xentviz.session.latest import Job
from xentviz.session.operating import FEW, ByModel

if TYPE_CHECKING:
    from xentviz.session.session import Session


class Calibrations(QObject):
    """Of the question looked at, or all of them together; what is older than the document stands until the new comes.

    Attributes
    ----------
    binned : Derived of Binnings, by model
    curves : Derived of (LossCurve, LogitCounts or None), by model
        Of the chosen model alone, as is all that follows.
    bests : Derived of BestTemperature or None, by model
    heated_rows : Derived of (temperature, Reliability), by model
        Of one answer in many.

    Signals
    -------
    changed()
        Any of them has a new value.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.binned = Derived[ByModel[Binnings]](self._to_bin, self._bin, self._are_few, self)
        self.curves = Derived[ByModel[tuple[LossCurve, LogitCounts | None]]](
            self._to_heat, self._draw, self._are_few, self
        )
        self.bests = Derived[ByModel[BestTemperature | None]](self._to_heat, self._seek, self._are_few, self)
        self.heated_rows = Derived[ByModel[tuple[float, Reliability]]](
            self._to_heat_rows, self._heat_rows, self._are_few, self, rests=lambda: True
        )
        for part in self.parts:
            part.changed.connect(self.changed)

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        return self.binned, self.curves, self.bests, self.heated_rows

    # What is chosen

    @property
    def bins(self) -> int:
        """The number of bins, from 2 to 100."""
        return min(MOST_BINS, max(FEWEST_BINS, self._session.view.comparing.bins))

    @property
    def temperature(self) -> float:
        """What logits are divided by, from 0.1 to 10."""
        return min(HOTTEST, max(COLDEST, self._session.view.comparing.temperature))

    @property
    def loss_category(self) -> int | None:
        """Of which question losses are; None for all. One answer in many has one loss, whichever is looked at."""
        return None if one_answer(self._session.document) else self._session.view.category

    @property
    def _chosen(self) -> Model | None:
        models = self._session.document.models
        return models[self._session.view.model] if models else None

    # What is known

    def binnings(self, model: int) -> Binnings | None:
        """Return what came true of a model's scores in any number of bins, None before that is known."""
        found, models = self.binned.wanted(), self._session.document.models
        return found.of(models[model]) if found is not None and model < len(models) else None

    def reliability(self, model: int) -> Reliability | None:
        """Return what came true of a model's scores in as many bins as are asked for, None before that is known."""
        found = self.binnings(model)
        return None if found is None else found.at(self.bins)

    def curve(self) -> LossCurve | None:
        """Return the chosen model's loss at every temperature, None before that is known."""
        found, chosen = self.curves.wanted(), self._chosen
        known = found.of(chosen) if found is not None and chosen is not None else None
        return None if known is None else known[0]

    def best(self) -> BestTemperature | None:
        """Return the chosen model's best temperature; None before it is known, or where every one is as good."""
        found, chosen = self.bests.wanted(), self._chosen
        return found.of(chosen) if found is not None and chosen is not None else None

    @property
    def is_seeking(self) -> bool:
        """Whether the best temperature is looked for, or that which is known is of what was before."""
        return self._chosen is not None and not self.bests.is_current

    def heated(self) -> tuple[float, Reliability] | None:
        """Return what would come true of the chosen model, and at which temperature; None at 1 and before it is known.

        Of yes/no questions at once, from the counts of logits in fine bins.
        """
        chosen = self._chosen
        if self.temperature == 1.0 or chosen is None:
            return None
        if one_answer(self._session.document):
            rows = self.heated_rows.wanted()
            return rows.of(chosen) if rows is not None else None
        curves, edges = self.curves.wanted(), self._heated_edges()
        known = curves.of(chosen) if curves is not None else None
        if known is None or known[1] is None or edges is None:
            return None
        return self.temperature, known[1].heated(self.temperature, edges)

    def _heated_edges(self) -> Floats | None:
        """Return the edges of bins for heated probabilities: those of equal count go where their scores go."""
        found = self.reliability(self._session.view.model)
        if found is None:
            return None
        if not self._session.view.comparing.equal_count or one_answer(self._session.document):
            return found.edges
        return np.asarray(sigmoid(logit(found.edges) / self.temperature))

    # Working it out

    def _are_few(self) -> bool:
        return self._session.document.elements <= FEW

    def _to_bin(self) -> tuple[object, ...]:
        session = self._session
        return (*session.numbers.values(), session.view.category, session.view.comparing.equal_count)

    def _bin(self) -> Job:
        session = self._session
        document, numbers = session.document, session.numbers
        equal_count, looked_at = session.view.comparing.equal_count, session.operating.categories
        models = [model for model in document.models if model.name in numbers]
        alone = one_answer(document) and session.view.category is not None

        def of(found: ModelResults, stopped: Stopped, report: Report) -> Binnings:
            if stopped():
                raise Cancelled
            if alone:
                category = looked_at[0]
                return binnings(found.positives(category), found.negatives(category), equal_count, stopped, report)
            return binnings(*found.reachable(looked_at), equal_count, stopped, report)

        return lambda stopped, report: ByModel(models, [of(found, stopped, report) for found in numbers.values()])

    def _to_heat(self) -> tuple[object, ...]:
        document, chosen = self._session.document, self._chosen
        of_model = (chosen.scores, chosen.kind) if chosen else ()
        return (document.task, document.labels, self.loss_category, *of_model)

    def _draw(self) -> Job:
        document, model, category, chosen = (
            self._session.document,
            self._session.view.model,
            self.loss_category,
            self._chosen,
        )
        if chosen is None:
            return _nothing
        return lambda stopped, report: ByModel([chosen], [loss_curve(document, model, category, stopped, report)])

    def _seek(self) -> Job:
        document, model, category, chosen = (
            self._session.document,
            self._session.view.model,
            self.loss_category,
            self._chosen,
        )
        if chosen is None:
            return _nothing
        curve = self.curve()  # of before, or none yet, where it is not known at once
        start = 1.0 if curve is None else curve.about_best
        return lambda stopped, _report: ByModel(
            [chosen], [best_temperature_of(document, model, category, start, stopped)]
        )

    def _to_heat_rows(self) -> tuple[object, ...]:
        edges = self._heated_edges()
        bins = (self.bins, None if edges is None else edges.tobytes())
        return (*self._to_heat(), self._session.view.category, self.temperature, *bins)

    def _heat_rows(self) -> Job:
        session, chosen, edges = self._session, self._chosen, self._heated_edges()
        document, model, category = session.document, session.view.model, session.view.category
        temperature = self.temperature
        if chosen is None or edges is None:
            return _nothing

        def work(stopped: Stopped, report: Report) -> ByModel[tuple[float, Reliability]]:
            found = heated_answers(document, model, category, temperature, edges, stopped, report)
            return ByModel([chosen], [(temperature, found)])

        return work


def _nothing(_stopped: Stopped, _report: Report) -> ByModel[Any]:
    return ByModel[Any]([], [])


def applied_name(document: Document, model: int, temperature: float) -> str:
    """Return what a model is called after its logits were divided by a temperature, unlike any other.

    >>> applied_name(Document.create([1], {"A": [0.5], "A, T = 2": [0.5]}), 0, 2.0)
    'A, T = 2 (2)'
    """
    taken = {of.name for of in document.models}
    name = f"{document.models[model].name}, T = {temperature:.3g}"
    return next(n for n in (name, *(f"{name} ({k})" for k in range(2, len(taken) + 2))) if n not in taken)
