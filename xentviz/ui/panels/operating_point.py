"""Where the chosen model stands at its threshold: the outcomes there, and the sweep that they lie on."""

from collections.abc import Sequence
from dataclasses import replace

from xentviz.core import metrics
from xentviz.core.confusion import decided
from xentviz.core.counts import Counts
from xentviz.core.document import Document
from xentviz.core.outcomes import Outcomes
from xentviz.core.sweep import Sweep
from xentviz.core.told import one_answer
from xentviz.session.session import Session


def of_rows(document: Document, category: int | None) -> bool:
    """Return whether rows with one answer in many are decided, right or wrong, and no category is looked at.

    Then a hit is a row decided rightly, a false alarm one decided wrongly. As every row has a right answer there are no
    negatives: recall is the share of rows decided rightly, precision that of those decided, and the share is of rows.
    """
    return one_answer(document) and category is None


def outcomes_of(
    document: Document, category: int | None, counts: Sequence[Counts], prevalence: float | None
) -> Outcomes:
    """Return what counts come to together, weighted to a prevalence where one is supposed and means something."""
    if of_rows(document, category):
        found = decided(counts)
        return Outcomes.reached(found.right, found.wrong, found.right + found.wrong + found.undecided, 0)
    whole = Outcomes.of(metrics.pooled(counts))
    return whole if prevalence is None else whole.at_prevalence(prevalence)


def outcome_looked_at(session: Session) -> Outcomes | None:
    """Return the outcomes of the chosen model at the document's threshold, None before there are numbers."""
    view = session.view
    counts = session.counts_looked_at(view.model)
    if counts is None:
        return None
    return outcomes_of(session.document, view.category, counts, prevalence_of(session))


def prevalence_of(session: Session) -> float | None:
    """Return the prevalence that is supposed, None where none is, or where it means nothing."""
    return None if of_rows(session.document, session.view.category) else session.view.deciding.prevalence


def sweep_looked_at(session: Session) -> Sweep | None:
    """Return what every threshold makes of the chosen model, None as long as that is not known of what is shown."""
    found = session.operating.sweep(session.view.model)
    if found is None or not session.operating.sweeps.is_current:
        return None
    return replace(found, negatives=0) if of_rows(session.document, session.view.category) else found
