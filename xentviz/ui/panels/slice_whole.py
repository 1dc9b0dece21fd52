"""All rows, drawn pale behind the pictures of their slices: out of what the other panels of Compare show of them."""

from collections.abc import Callable, Sequence
from typing import Any

from xentviz.core.binning import Binnings
from xentviz.core.distributions import Measure
from xentviz.core.small_curves import Line, small_precision_recall, small_roc
from xentviz.session.budgets import Budgets, Spread
from xentviz.session.calibrations import Calibrations
from xentviz.session.session import Session
from xentviz.ui.panels.loss_bins import Bins
from xentviz.ui.panels.slice_picture_words import Drawn
from xentviz.ui.widgets.picture_grid import Trace


class Whole:
    """What there is of all rows, and the lines that are drawn of it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._calibrations, self._budgets = session.part(Calibrations), session.part(Budgets)

    def found(self, drawn: Drawn, models: int) -> list[Any]:
        """Return what the lines of so many models are made of, None of one before it is known."""
        of: dict[Drawn, Callable[[int], Any]] = {
            Drawn.RELIABILITY: self._calibrations.binnings,
            Drawn.ROC: self._session.operating.ranking,
            Drawn.PRECISION_RECALL: self._session.operating.ranking,
            Drawn.LOSSES: self._budgets.spread,
        }
        return [of[drawn](model) for model in range(min(models, len(self._session.document.models)))]

    def curves(self, drawn: Drawn, found: Sequence[Any], colours: Sequence[str]) -> list[Trace]:
        """Return the lines of reliability, ROC or precision–recall."""
        of: dict[Drawn, Callable[[Any], Line | None]] = {
            Drawn.RELIABILITY: self._reliability,
            Drawn.ROC: small_roc,
            Drawn.PRECISION_RECALL: small_precision_recall,
        }
        line_of = of[drawn]
        known = [(colour, line_of(one)) for colour, one in zip(colours, found, strict=False) if one is not None]
        return [Trace(colour, *line) for colour, line in known if line is not None]

    def _reliability(self, found: Binnings) -> Line | None:
        bins = found.at(self._calibrations.bins)
        filled = bins.counts > 0
        return (bins.mean_scores[filled], bins.observed[filled]) if bins.total else None


def losses(found: Sequence[Spread | None], colours: Sequence[str], bins: Bins, most: float) -> list[Trace]:
    """Return the outlines of all losses in bins of which the highest is a share ``most``."""
    known = [(colour, of.levels[Measure.LOSS]) for colour, of in zip(colours, found, strict=False) if of is not None]
    return [Trace(colour, *bins.outline(bins.count(of) / of.total / most)) for colour, of in known if of.total]
