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
from xentviz.ui.panels.operating_panel import LINES, Source
from xentviz.ui.panels.operating_words import short_name
from xentviz.ui.theme import Theme
from xentviz.ui.widgets.operating_plot import Handle, Trace

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
    traces = []
    for m, model in enumerate(session.document.models):
        for sweep, ranks in ((found.ranking(m), True), (found.sweep(m), False)):
            if sweep is None or not sweep.positives or (ranks and not apart):
                continue
            if not ranks:
                curves.along[m] = len(traces)
            x, y = rates(sweep.outcomes)
            faint = apart and not ranks
            style = Qt.PenStyle.DotLine if faint else LINES[m % len(LINES)]
            name = "" if faint else short_name(model.name)
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
