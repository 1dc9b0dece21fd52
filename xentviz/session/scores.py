"""Every model's numbers for the rows that are looked at, each with its 95 % interval, and what is different to one."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from xentviz.core.answer_matrix import AnswerMatrix
from xentviz.core.area_errors import AreaEstimates, AreaGaps, area_estimates, area_gaps
from xentviz.core.calibration_error import CalibrationError
from xentviz.core.comparison import NORMAL_ROWS
from xentviz.core.counts import Counts
from xentviz.core.estimates import calibration_of, of_answers, of_decisions
from xentviz.core.evaluation import Results
from xentviz.core.intervals import UNKNOWN, Estimate
from xentviz.core.mean_errors import MeanErrors, mean_errors
from xentviz.core.progress import Report, Stopped, parts_of
from xentviz.session.derived import Derived
from xentviz.session.latest import Job
from xentviz.session.listing import same
from xentviz.session.operating import ByModel

if TYPE_CHECKING:
    from xentviz.session.session import Session

Value = TypeVar("Value")
FEW = 4_096
"""Of so many scores, of all models together, intervals are found within a frame."""

LOSS, BRIER, ECE, ROC_AUC, AVERAGE_PRECISION = "loss", "brier", "ece", "roc_auc", "average_precision"
COUNTED = ("accuracy", "f1", "balanced_accuracy", "mcc", "precision", "recall", "specificity")
KEYS = (LOSS, "accuracy", BRIER, ECE, ROC_AUC, AVERAGE_PRECISION, *COUNTED[1:])
LOWER_IS_BETTER = (LOSS, BRIER, ECE)


class Scores(QObject):
    """Of the category looked at, or all of them together, by model; what is older stands until the new has come.

    Attributes
    ----------
    means : Derived of MeanErrors, by model
        Of losses and Brier scores, and the differences of losses to the reference.
    areas : Derived of AreaEstimates, by model
        Under both curves.
    gaps : Derived of AreaGaps, by model
        How much larger they are than the reference's; of all models but that one.
    calibrations : Derived of CalibrationError, by model
        In the bins of the view.

    Signals
    -------
    changed()
        Any of them has a new value.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.means = Derived[ByModel[MeanErrors]](
            self._compared, self._find_means, self._are_theory, self, rests=self._are_drawn
        )
        self.areas = Derived[ByModel[AreaEstimates]](self._looked_at, self._find_areas, self._are_few, self, lasts=True)
        self.gaps = Derived[ByModel[AreaGaps]](self._compared, self._find_gaps, self._are_few, self, lasts=True)
        self.calibrations = Derived[ByModel[CalibrationError]](self._binned, self._find_errors, self._are_few, self)
        self._answered: dict[tuple[str, int], tuple[tuple[object, ...], Estimate]] = {}
        for part in self.parts:
            part.changed.connect(self.changed)

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        return self.means, self.areas, self.gaps, self.calibrations

    def estimate(self, key: str, model: int) -> Estimate:
        """Return one of :data:`KEYS` of a model and its interval, as far as they are known.

        The interval of an infinite mean loss is that of the mean of the finite ones.
        """
        if key in COUNTED:
            return self._counted(key, model)
        numbers = self._session.looked_at(model)
        if key in (LOSS, BRIER):
            errors = self._of(self.means, model)
            if numbers is None:
                return UNKNOWN
            if key == LOSS:
                return Estimate(numbers.mean_loss, None if errors is None else errors.loss)
            return Estimate(numbers.brier, None if errors is None else errors.brier)
        if key == ECE:
            error = self.calibration(model)
            return UNKNOWN if error is None else Estimate(error.value, error.interval)
        areas = self._of(self.areas, model)
        if areas is None:
            return UNKNOWN
        return areas.roc_auc if key == ROC_AUC else areas.average_precision

    def is_current(self, key: str) -> bool:
        """Whether what is known of a number is of the rows as they are now."""
        if key in COUNTED:
            return not self._session.of_rows or self._session.decisions.answers.is_current
        parts: dict[str, Derived[Any]] = {LOSS: self.means, BRIER: self.means, ECE: self.calibrations}
        return parts.get(key, self.areas).is_current

    def mean(self, model: int) -> MeanErrors | None:
        """Return the intervals of a model's means, and its difference to the reference."""
        return self._of(self.means, model)

    def gap(self, model: int) -> AreaGaps | None:
        """Return how much larger a model's areas are than the reference's, None of the reference itself."""
        return None if model == self._session.reference else self._of(self.gaps, model)

    def calibration(self, model: int) -> CalibrationError | None:
        """Return the calibration error of a model."""
        return self._of(self.calibrations, model)

    def _counted(self, key: str, model: int) -> Estimate:
        counts = self._session.counts_looked_at(model)
        if counts is None:
            return UNKNOWN
        if not self._session.of_rows:
            return of_decisions(key, counts)
        return self._of_answers(key, model, counts)

    def _of_answers(self, key: str, model: int, counts: Sequence[Counts]) -> Estimate:
        """Return a number of rows with one answer in many: of hundreds of categories each takes a millisecond."""
        answers, threshold = self._answers(model), self._session.document.threshold(0)
        of = (counts, answers, threshold)
        known = self._answered.get((key, model))
        if known is not None and same(known[0], of):  # as while a slider is dragged that moves no decision
            return known[1]
        found = of_answers(key, counts, None if answers is None else answers.at(threshold))
        self._answered[key, model] = (of, found)
        return found

    def _answers(self, model: int) -> AnswerMatrix | None:
        document = self._session.document
        found = (self._session.decisions.answers.wanted() or {}).get(document.models[model].name)
        return None if found is None or len(found.soft) != len(document.categories) else found

    def _of(self, part: Derived[ByModel[Value]], model: int) -> Value | None:
        found, models = part.wanted(), self._session.document.models
        return found.of(models[model]) if found is not None and model < len(models) else None

    # What they depend on

    def _looked_at(self) -> tuple[object, ...]:
        return (self._session.results, self._session.view.category)

    def _compared(self) -> tuple[object, ...]:
        models = self._session.document.models
        return (*self._looked_at(), models[self._session.reference].name if models else "")

    def _binned(self) -> tuple[object, ...]:
        comparing = self._session.view.comparing
        return (*self._looked_at(), comparing.bins, comparing.equal_count)

    def _are_few(self) -> bool:
        document = self._session.document
        return document.elements * len(document.models) <= FEW

    def _are_theory(self) -> bool:
        return self._are_few() and not self._are_drawn()

    def _are_drawn(self) -> bool:
        """Return whether so few rows are drawn anew for their intervals, ten thousand times."""
        return self._session.document.rows < NORMAL_ROWS

    # Work

    def _find_means(self) -> Job:
        def work(results: Results, categories: range, stopped: Stopped, report: Report) -> ByModel[MeanErrors]:
            category = categories[0] if len(categories) < len(results.document.categories) else None
            found = mean_errors(results, self._reference_in(results, name), category, stopped, report)
            return ByModel(results.document.models, found)

        name = self._reference_name()
        return self._on_results(work)

    def _find_areas(self) -> Job:
        def work(results: Results, categories: range, stopped: Stopped, report: Report) -> ByModel[AreaEstimates]:
            document, reports = results.document, parts_of(report, len(results.models))
            found = [area_estimates(document, m, categories, stopped, of) for m, of in enumerate(reports)]
            return ByModel(document.models, found)

        return self._on_results(work)

    def _find_gaps(self) -> Job:
        def work(results: Results, categories: range, stopped: Stopped, report: Report) -> ByModel[AreaGaps]:
            document, reference = results.document, self._reference_in(results, name)
            others = [m for m in range(len(results.models)) if m != reference]
            pairs = zip(others, parts_of(report, len(others)), strict=True)
            found = [area_gaps(document, reference, m, categories, stopped, of) for m, of in pairs]
            return ByModel([document.models[m] for m in others], found)

        name = self._reference_name()
        return self._on_results(work)

    def _find_errors(self) -> Job:
        def work(results: Results, categories: range, stopped: Stopped, _report: Report) -> ByModel[CalibrationError]:
            found = [calibration_of(numbers, categories, bins, equal, stopped) for numbers in results.models]
            return ByModel(results.document.models, found)

        bins, equal = self._session.view.comparing.bins, self._session.view.comparing.equal_count
        return self._on_results(work)

    def _on_results(self, work: Callable[[Results, range, Stopped, Report], ByModel[Value]]) -> Job:
        """Return work on the numbers as they are now, and on those of their categories that are looked at."""
        results, category = self._session.results, self._session.view.category
        if results is None:
            return lambda _stopped, _report: ByModel[Value]([], [])
        every = range(len(results.document.categories))
        categories = every if category is None or category not in every else range(category, category + 1)

        return lambda stopped, report: work(results, categories, stopped, report)

    def _reference_name(self) -> str:
        models = self._session.document.models
        return models[self._session.reference].name if models else ""

    @staticmethod
    def _reference_in(results: Results, name: str) -> int:
        names = [model.name for model in results.document.models]
        return names.index(name) if name in names else 0
