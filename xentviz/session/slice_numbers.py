"""Every number of the scoreboard, and every curve, of each of the slices that are looked at."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from PySide6.QtCore import QObject, Signal

from xentviz.core.area_errors import area_estimates
from xentviz.core.arguments import Floats
from xentviz.core.binning import binned
from xentviz.core.calibration import Reliability
from xentviz.core.comparison import NORMAL_ROWS
from xentviz.core.confusion import one_vs_rest
from xentviz.core.document import Document
from xentviz.core.estimates import calibration_of, of_answers, of_decisions
from xentviz.core.evaluation import ModelResults, Results, evaluate
from xentviz.core.intervals import Estimate
from xentviz.core.levels import Levels, joined, levels_of
from xentviz.core.looked_at import LookedAt
from xentviz.core.mean_errors import MeanErrors, mean_errors
from xentviz.core.means import Means
from xentviz.core.parallel import in_batches
from xentviz.core.passes import confusion_of
from xentviz.core.progress import Report, Stopped, check
from xentviz.core.ranking import Blocks
from xentviz.core.slices import of_slice
from xentviz.core.small_curves import SmallCurves, small_curves
from xentviz.core.told import of_rows, one_answer, several_answers
from xentviz.session.derived import Derived
from xentviz.session.latest import Job
from xentviz.session.scores import AVERAGE_PRECISION, BRIER, COUNTED, ECE, LOSS, ROC_AUC
from xentviz.session.slices import Sliced, Slices

if TYPE_CHECKING:
    from xentviz.session.session import Session

Value = TypeVar("Value")
DIFFERENCE = "difference"
"""Of a model's mean loss to that of the first of the pair, as the scoreboard has it to the reference."""

Estimates = Mapping[str, Estimate]
"""Some of the scoreboard's numbers of one model."""

FEW = 4_096
"""So many scores, of all models together, in few slices are worked on within a frame."""

FEW_PIECES = 12
"""Slices times models that are few."""

MANY, MANY_PIECES = 1 << 21, 240
"""More scores, of all models together, or more slices times models, are not drawn anew for the list of slices alone."""

SMALL = 1 << 16
"""Of so many elements several slices are worked on at a time; of more each one on all cores."""

MOST = 200
"""So many slices are worked on, as many as there can be groups; not one for each of a thousand categories."""


@dataclass(frozen=True, eq=False)
class BySlice(Generic[Value]):
    """What was worked out of the models in each slice.

    Attributes
    ----------
    sliced : Sliced
    found : sequence of sequence of Value
        One for each slice and model; of the first slices only, where there are very many.
    """

    sliced: Sliced
    found: Sequence[Sequence[Value]]

    def of(self, part: int) -> Sequence[Value] | None:
        """Return what there is of each model in one slice, None where that was not worked out."""
        return self.found[part] if part < len(self.found) else None


@dataclass(frozen=True, eq=False)
class LossErrors:
    """From where to where the 95 % intervals of losses go, in nats; nan of what is not known yet, or never.

    Attributes
    ----------
    ends : ndarray of float64, shape (models, slices, 2)
        Of the mean losses.
    difference : ndarray of float64, shape (slices, 3)
        From where, on the mean, and up to where the second of the pair loses more.
    """

    ends: Floats
    difference: Floats


class SliceNumbers(QObject):
    """Each as if the slice were all there is; what is older than the document stands until the new has come.

    Attributes
    ----------
    means, areas, calibrations, answers : Derived of BySlice of Estimates
        Of losses, of their :data:`DIFFERENCE` to the first of the pair, and of Brier scores; under both curves; of
        calibration errors; and of the decisions for one answer in many.
    reliabilities : Derived of BySlice of Reliability
        In as many bins as the view asks for.
    curves : Derived of BySlice of SmallCurves
    losses : Derived of BySlice of Levels

    Signals
    -------
    changed()
        Any of them has a new value.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._slices = session.part(Slices)
        of_estimates, few = Derived[BySlice[Estimates] | None], self._are_few
        # Ten thousand resamples of each slice are never drawn within a frame.
        self.means = of_estimates(self._divided, self._find_means, lambda: False, self, lasts=True)
        self.areas = of_estimates(self._divided, self._find_areas, few, self, lasts=True)
        self.calibrations = of_estimates(self._binned, self._find_errors, lambda: False, self, lasts=True)
        self.answers = of_estimates(self._decided, self._find_answers, few, self, lasts=True, rests=lambda: True)
        self.reliabilities = Derived[BySlice[Reliability] | None](self._binned, self._bin, few, self, lasts=True)
        self.curves = Derived[BySlice[SmallCurves] | None](self._divided, self._draw, few, self, lasts=True)
        self.losses = Derived[BySlice[Levels] | None](self._divided, self._group_losses, few, self, lasts=True)
        for part in self.parts:
            part.changed.connect(self.changed)

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        scores = (self.means, self.areas, self.calibrations, self.answers)
        return *scores, self.reliabilities, self.curves, self.losses

    def estimates(self, key: str) -> BySlice[Estimates] | None:
        """Return one of the scoreboard's numbers, and maybe others, of all slices; None before it is known.

        Until the intervals of mean losses have come for the first time there are the losses alone.
        """
        if key in COUNTED and not self._session.of_rows:
            return self._counted(key)
        by_key = {LOSS: self.means, BRIER: self.means, ECE: self.calibrations}
        by_key |= {ROC_AUC: self.areas, AVERAGE_PRECISION: self.areas}
        found = by_key.get(key, self.answers).wanted()
        return self._losses_alone() if found is None and key == LOSS else found

    def loss_errors(self, sliced: Sliced) -> LossErrors:
        """Return the intervals of slices that the scoreboard of each alone would tell.

        By theory those of many rows are known at once, and of very many scores, or slices, Student's t stands for all.
        The others are nan until rows have been drawn anew.
        """
        models = sliced.losses.models
        by_theory = [np.maximum(self._by_theory(sliced, of)[:, ::2], 0.0) for of in models]
        apart = sliced.losses.difference
        ends = np.array(by_theory).reshape(len(models), sliced.division.slices, 2)
        none = np.full((sliced.division.slices, 3), np.nan)
        errors = LossErrors(ends, none if apart is None else self._by_theory(sliced, apart))
        is_known = not np.isnan(ends).any() and (apart is None or not np.isnan(errors.difference).any())
        enough = not self.means.is_current if self._are_many(sliced) else is_known
        if enough:
            return errors
        found = self.means.wanted()
        return errors if found is None or found.sliced is not sliced else _drawn(errors, found)

    def _by_theory(self, sliced: Sliced, means: Means) -> Floats:
        """Return means between the ends of their intervals, nan where rows are to be drawn anew, shape (slices, 3)."""
        halves = means.half_widths()
        if not self._are_many(sliced):
            several = several_answers(sliced.looked.document, sliced.looked.category)
            many = (means.counts >= NORMAL_ROWS) & (not several)
            halves = np.where(many, means.normal_half_widths(), np.nan)
        return np.stack([means.means - halves, means.means, means.means + halves], axis=1)

    @staticmethod
    def _are_many(sliced: Sliced) -> bool:
        scores, models = sliced.looked.document.elements, len(sliced.losses.models)
        return scores * models > MANY or sliced.division.slices * models > MANY_PIECES

    def _counted(self, key: str) -> BySlice[Estimates] | None:
        known = self._slices.hits.wanted()
        if known is None or not known[0].looked.yes_or_no:
            return None
        sliced, hits = known
        parts = range(min(sliced.division.slices, MOST))
        return BySlice(sliced, [[{key: of_decisions(key, [of.counts(part)])} for of in hits] for part in parts])

    def _losses_alone(self) -> BySlice[Estimates] | None:
        sliced = self._slices.losses.wanted()
        if sliced is None:
            return None
        parts = range(min(sliced.division.slices, MOST))
        return BySlice(sliced, [[{LOSS: _mean(of, part)} for of in sliced.losses.models] for part in parts])

    # What they depend on

    def _divided(self) -> tuple[object, ...]:
        return (self._slices.losses.wanted(),)

    def _binned(self) -> tuple[object, ...]:
        comparing = self._session.view.comparing
        return (*self._divided(), comparing.bins, comparing.equal_count)

    def _decided(self) -> tuple[object, ...]:
        return (*self._divided(), self._session.document.thresholds)

    def _are_few(self) -> bool:
        document, sliced = self._session.document, self._slices.losses.wanted()
        pieces = 0 if sliced is None else sliced.division.slices * len(document.models)
        return pieces <= FEW_PIECES and document.elements * len(document.models) <= FEW

    # Work

    def _find_means(self) -> Job:
        sliced = self._slices.losses.wanted()
        reference = None if sliced is None or sliced.pair is None else sliced.pair[0]

        def work(document: Document, category: int | None, stopped: Stopped) -> list[Estimates]:
            results = evaluate(document, stopped=stopped)
            errors = mean_errors(results, reference, category, stopped)
            numbers = [of if category is None else of.only(category) for of in results.models]
            return [_of_means(of, error) for of, error in zip(numbers, errors, strict=True)]

        return self._of_each(work)

    def _find_areas(self) -> Job:
        def work(document: Document, category: int | None, stopped: Stopped) -> list[Estimates]:
            categories, models = _looked_at(document, category), range(len(document.models))
            found = [area_estimates(document, model, categories, stopped) for model in models]
            return [{ROC_AUC: of.roc_auc, AVERAGE_PRECISION: of.average_precision} for of in found]

        return self._of_each(work)

    def _find_errors(self) -> Job:
        bins, equal = self._session.view.comparing.bins, self._session.view.comparing.equal_count

        def work(document: Document, category: int | None, stopped: Stopped) -> list[Estimates]:
            categories, results = _looked_at(document, category), evaluate(document, stopped=stopped)
            found = [calibration_of(numbers, categories, bins, equal, stopped) for numbers in results.models]
            return [{ECE: Estimate(of.value, of.interval)} for of in found]

        return self._of_each(work)

    def _find_answers(self) -> Job:
        thresholds = self._session.document.thresholds

        def work(document: Document, category: int | None, stopped: Stopped) -> list[Estimates]:
            if not of_rows(document, category):
                return []
            decided = replace(document, thresholds=thresholds)
            matrices = [confusion_of(decided, model, stopped) for model in range(len(document.models))]
            return [{key: of_answers(key, one_vs_rest(of), of) for key in COUNTED} for of in matrices]

        return self._of_each(work)

    def _bin(self) -> Job:
        bins, equal = self._session.view.comparing.bins, self._session.view.comparing.equal_count

        def work(document: Document, category: int | None, stopped: Stopped) -> list[Reliability]:
            ranked = [_ranked(document, numbers, category) for numbers in evaluate(document, stopped=stopped).models]
            return [binned(yes, no, bins, equal_count=equal, stopped=stopped) for yes, no in ranked]

        return self._of_each(work)

    def _draw(self) -> Job:
        def work(document: Document, category: int | None, stopped: Stopped) -> list[SmallCurves]:
            results = evaluate(document, stopped=stopped)
            return [_curves(results, numbers, category, stopped) for numbers in results.models]

        return self._of_each(work)

    def _group_losses(self) -> Job:
        def work(document: Document, category: int | None, stopped: Stopped) -> list[Levels]:
            looked = LookedAt(document, category)

            def of(model: int) -> Levels:
                return joined(looked.over_blocks(lambda b: levels_of(looked.losses(b, model), grouped=True), stopped))

            return [of(model) for model in range(len(document.models))]

        return self._of_each(work)

    def _of_each(self, work: Callable[[Document, int | None, Stopped], Sequence[Value]]) -> Job:
        """Return work on the document of each slice; of large ones one after the other, so that one is held."""
        sliced = self._slices.losses.wanted()
        if sliced is None:
            return lambda _stopped, _report: None
        # Nothing else is asked of a slice, and names of rows take longer to sort out than all the rest.
        whole = replace(sliced.looked, document=replace(sliced.looked.document, row_names=None, groupings=()))
        numbers = range(min(sliced.division.slices, MOST))

        def job(stopped: Stopped, report: Report) -> BySlice[Value]:
            def of(number: int) -> Sequence[Value]:
                check(stopped)
                document, _rows = of_slice(whole, sliced.division, number, stopped)
                return work(document, whole.category, stopped)

            if whole.document.elements <= SMALL:
                return BySlice(sliced, in_batches(of, numbers, stopped, report))
            found = []
            for number in numbers:
                report(number / len(numbers))
                found.append(of(number))
            return BySlice(sliced, found)

        return job


def _looked_at(document: Document, category: int | None) -> range:
    return range(len(document.categories)) if category is None else range(category, category + 1)


def _ranked(document: Document, numbers: ModelResults, category: int | None) -> tuple[Blocks, Blocks]:
    """Return the scores of what is looked at that is yes, and that is no; of one answer in many right and wrong."""
    if one_answer(document) and category is not None:
        return numbers.positives(category), numbers.negatives(category)
    return numbers.reachable(_looked_at(document, category))


def _curves(results: Results, numbers: ModelResults, category: int | None, stopped: Stopped) -> SmallCurves:
    yes, no = _ranked(results.document, numbers, category)
    if not of_rows(results.document, category):
        return small_curves(yes, no, stopped=stopped)
    every = _looked_at(results.document, None)
    return small_curves(yes, no, sum(len(block) for c in every for block in numbers.positives(c)), 0, stopped)


def _of_means(numbers: ModelResults, errors: MeanErrors) -> Estimates:
    found = {LOSS: Estimate(numbers.mean_loss, errors.loss), BRIER: Estimate(numbers.brier, errors.brier)}
    if errors.gap is not None:
        found[DIFFERENCE] = Estimate(errors.gap.mean, errors.gap.interval)
    return found


def _drawn(errors: LossErrors, found: BySlice[Estimates]) -> LossErrors:
    """Return intervals with those that have been found, as far as slices were worked on."""
    ends, difference, pair = errors.ends.copy(), errors.difference.copy(), found.sliced.pair
    for part, of_models in enumerate(found.found):
        for model, of in enumerate(of_models):
            ends[model, part] = _ends(of[LOSS])
        if pair is not None:
            apart = of_models[pair[1]][DIFFERENCE]
            low, high = _ends(apart)
            difference[part] = low, math.nan if apart.value is None else apart.value, high
    return LossErrors(ends, difference)


def _ends(estimate: Estimate) -> tuple[float, float]:
    known = estimate.interval is not None and estimate.value is not None and math.isfinite(estimate.value)
    return estimate.interval if known and estimate.interval is not None else (math.nan, math.nan)


def _mean(losses: Means, part: int) -> Estimate:
    return Estimate(float(losses.means[part]) if losses.total[part] else None, None)
