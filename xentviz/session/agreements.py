"""How the models' decisions go together at the document's thresholds, for what is looked at."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from xentviz.core.agreement import Agreement, Pair, agreements
from xentviz.core.looked_at import LookedAt
from xentviz.session.derived import Derived
from xentviz.session.latest import Job
from xentviz.session.listing import AT_ONCE

if TYPE_CHECKING:
    from xentviz.session.session import Session


class Agreements(QObject):
    """Of every two models; what is older than the document stands until the new has come.

    Attributes
    ----------
    pairs : Derived of dict of Pair to Agreement
        By the places of two models, the earlier one first.

    Signals
    -------
    changed()
        They have been counted anew.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.pairs = Derived[dict[Pair, Agreement]](self._counted, self._count, self._are_few, self, rests=lambda: True)
        self.pairs.changed.connect(self.changed)

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        return (self.pairs,)

    def of(self, first: int, second: int) -> Agreement | None:
        """Return how two models go together, None before that is known."""
        found = (self.pairs.wanted() or {}).get((min(first, second), max(first, second)))
        return found if found is None or first < second else found.turned()

    def _are_few(self) -> bool:
        document = self._session.document
        return document.elements * len(document.models) <= 2 * AT_ONCE

    def _counted(self) -> tuple[object, ...]:
        document = self._session.document
        of_models = [part for model in document.models for part in (model.scores, model.kind)]
        category = self._session.view.category
        return (document.task, document.categories, document.labels, document.thresholds, category, *of_models)

    def _count(self) -> Job:
        looked = LookedAt(self._session.document, self._session.view.category)
        return lambda stopped, report: agreements(looked, stopped, report)
