"""Where the chosen model stands at its threshold: the outcomes there, and the sweep that they lie on."""

from dataclasses import replace

from xentviz.core import metrics
from xentviz.core.confusion import decided
from xentviz.core.outcomes import Outcomes
from xentviz.core.sweep import Sweep
from xentviz.session.session import Session


def outcome_looked_at(session: Session) -> Outcomes | None:
    """Return the outcomes of the chosen model at the document's threshold, None before there are numbers."""
    counts = session.counts_looked_at(session.view.model)
    if counts is None:
        return None
    if session.of_rows:
        found = decided(counts)
        return Outcomes.reached(found.right, found.wrong, found.right + found.wrong + found.undecided, 0)
    return Outcomes.of(metrics.pooled(counts)).at_prevalence(session.supposed)


def sweep_looked_at(session: Session) -> Sweep | None:
    """Return what every threshold makes of the chosen model, None as long as that is not known of what is shown."""
    found = session.operating.sweep(session.view.model)
    if found is None or not session.operating.sweeps.is_current:
        return None
    return replace(found, negatives=0) if session.of_rows else found
