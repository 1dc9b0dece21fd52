"""One curve a model, over rates of hits and of mistakes, and where the threshold stands on each."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt

from xentviz.core.arguments import Floats
from xentviz.core.outcomes import Outcomes
from xentviz.core.sweep import Sweep
from xentviz.core.told import one_answer
from xentviz.session.session import Session
from xentviz.ui.panels.operating_panel import LINES, OperatingPanel, Source
from xentviz.ui.panels.operating_words import counts_words, short_threshold
from xentviz.ui.theme import Theme
from xentviz.ui.widgets.labels import plain_tip
from xentviz.ui.widgets.operating_picture import Handle, Moving, Trace
from xentviz.ui.words import cut

Rates = Callable[[Outcomes], tuple[Floats, Floats]]
"""Makes places along both axes of counts."""

Path = Callable[[Outcomes], tuple[Floats, Floats]]
"""Makes the line through the places of counts that follow one another."""


@dataclass(frozen=True)
class Curves:
    """All curves, what each is made of, and on which the handle of each model is dragged."""

    traces: tuple[Trace, ...]
    sources: list[Source]
    along: dict[int, int]


def sweeps_shown(session: Session) -> tuple[Sweep | None, ...]:
    """Return all that :func:`curves_of` draws, whether or not it is known yet."""
    found, models = session.operating, range(len(session.document.models))
    return (*map(found.ranking, models), *map(found.sweep, models))


def curves_of(session: Session, worn: Theme, rates: Rates, path: Path) -> Curves:
    """Return the curves of all models: how they rank, and beside it what the threshold does, where that differs.

    It does for a category of rows with one answer in many: only the most probable category is decided for.
    """
    found, chosen = session.operating, session.view.model
    apart = one_answer(session.document) and session.view.category is not None
    curves = Curves((), [], {})
    traces: list[Trace] = []
    for m, model in enumerate(session.document.models):
        for sweep, ranks in ((found.ranking(m), True), (found.sweep(m), False)):
            if sweep is None or not sweep.positives or (ranks and not apart):
                continue
            if not ranks:
                curves.along[m] = len(traces)
            x, y = rates(sweep.outcomes)
            faint = apart and not ranks
            style = Qt.PenStyle.DotLine if faint else LINES[m % len(LINES)]
            name = "" if faint else cut(model.name)
            traces.append(Trace(m, name, worn.model(m), style, x, y, *path(sweep.outcomes), m == chosen, faint))
            curves.sources.append(Source(m, sweep))
    return Curves(tuple(traces), curves.sources, curves.along)


def handles_of(
    curves: tuple[Trace, ...], along: dict[int, int], found: list[Outcomes | None], rates: Rates, chosen: int
) -> tuple[Handle, ...]:
    """Return where the threshold stands on each curve: hollow, beside its first point, where that is not defined."""
    handles = []
    for model, number in along.items():
        outcome, trace = found[model] if model < len(found) else None, curves[number]
        if outcome is None:
            continue
        x, y = (float(place) for place in rates(outcome))
        hollow = not np.isfinite(y)
        defined = trace.y[np.isfinite(trace.y)]
        if hollow and len(defined):
            y = float(defined[0])
        if np.isfinite([x, y]).all():
            handles.append(Handle(model, x, y, trace.colour, model == chosen, hollow))
    return tuple(handles)


class ModelCurvesPanel(OperatingPanel):
    """Curves of all models; subclasses say where counts lie, and what is said of them."""

    def rates(self, found: Outcomes) -> tuple[Floats, Floats]:
        """Return the places of counts along both axes."""
        raise NotImplementedError

    def path(self, found: Outcomes) -> tuple[Floats, Floats]:
        """Return the line through the places of counts that follow one another."""
        raise NotImplementedError

    def rates_words(self, beginning: str, found: Outcomes) -> str:
        """Return a line with both rates, below a first one."""
        raise NotImplementedError

    def weighted(self, found: Outcomes) -> Outcomes:
        """Return counts as they are shown: those of the rows, unless another share of yes is supposed."""
        return found

    def curves(self) -> tuple[Trace, ...]:
        """Return the curves, and note their sources."""
        curves = curves_of(self.session, self.look.theme, self.rates, self.path)
        self.sources, self.along = curves.sources, curves.along
        return curves.traces

    def moving(self) -> Moving:
        standing, _ = self.plot.shown
        assert standing is not None, "what stands still is drawn first"
        chosen = self.session.view.model
        found = [self.found(m) for m in range(len(self.session.document.models))]
        handles = handles_of(standing.traces, self.along, found, self.rates, chosen)
        of_chosen = found[chosen]
        return Moving(handles, caption="" if of_chosen is None else self.rates_words(self.threshold_words, of_chosen))

    def point_words(self, trace: int, point: int) -> str:
        source, document = self.sources[trace], self.session.document
        found = source.found(point)
        first = self.tr("{model} · T {threshold}").format(
            model=cut(document.models[source.model].name),
            threshold=short_threshold(source.sweep.threshold(point)),
        )
        counts = counts_words(document, self.session.view.category, self.weighted(found))
        return self.rates_words(first, found) + "\n" + counts

    @property
    def chosen_name(self) -> str:
        """The name of the chosen model, as a tool tip shows it."""
        models = self.session.document.models
        return plain_tip(cut(models[self.session.view.model].name)) if models else ""

    @property
    def ranks_apart(self) -> str:
        """What must be known where the threshold does not act on the curve that is drawn, else empty."""
        document, category = self.session.document, self.session.view.category
        if category is None or not one_answer(document):
            return ""
        pattern = self.tr("ranked by the probability of {it} · dotted: what T decides")
        return pattern.format(it=cut(document.categories[category]))
