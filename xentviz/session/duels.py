"""The reference model against its rival: who wins which rows, and where the difference of their losses comes from."""

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from xentviz.core.columns import Rows
from xentviz.core.comparison import even_split
from xentviz.core.duel import Cloud, Flips, Standing, cloud, flips, standing
from xentviz.core.gap import Gap, Parting, gap
from xentviz.core.pairs import Match
from xentviz.core.told import one_answer
from xentviz.session.derived import Derived
from xentviz.session.latest import Job
from xentviz.session.operating import FEW

if TYPE_CHECKING:
    from xentviz.session.session import Session


class Duels(QObject):
    """Of the two models that are compared, over the category looked at, or all of them.

    Attributes
    ----------
    logarithmic : bool
        Whether the plane of their losses has logarithmic axes.
    standings : Derived of Standing
    clouds : Derived of Cloud, or None before there is a standing
    decided : Derived of Flips
    luck : Derived of float
        McNemar's p-value of the flips, None where no row is decided rightly by one alone.
    gaps : Derived of Gap

    Signals
    -------
    changed()
        Any of them has a new value, or another one is asked for.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.logarithmic = True  # most rows are nearly sure: along an even axis they lie on one heap
        self._parting: Parting | None = None
        self.standings = Derived[Standing](self._met, self._stand, self._are_few, self)
        self.clouds = Derived[Cloud | None](self._stood, self._spread, self._are_few, self)
        self.decided = Derived[Flips](self._judged, self._judge, self._are_few, self, rests=lambda: True)
        self.luck = Derived[float | None](self._flipped, self._toss, _statistics_are_loaded, self)
        self.gaps = Derived[Gap](self._parted, self._part, self._are_few, self)
        for part in self.parts:
            part.changed.connect(self.changed)

    @property
    def parts(self) -> tuple[Derived[Any], ...]:
        """All that is worked out."""
        return self.standings, self.clouds, self.decided, self.luck, self.gaps

    @property
    def match(self) -> Match | None:
        """The two models as they are now, None with fewer than two."""
        session, rival = self._session, self._session.rival
        return None if rival is None else Match(session.document, session.reference, rival, session.view.category)

    @property
    def partings(self) -> list[Parting]:
        """What the difference can be broken into."""
        document, category = self._session.document, self._session.view.category
        several = category is None and len(document.categories) > 1
        by_label = [] if one_answer(document) else [Parting.LABEL]
        return [*by_label, *([Parting.CATEGORY] if several else []), Parting.SCORE, Parting.ROW]

    @property
    def parting(self) -> Parting:
        """What it is broken into: what was asked for, where that can be, or else what tells most at a glance."""
        if self._parting in self.partings:
            return self._parting
        return Parting.CATEGORY if Parting.CATEGORY in self.partings else Parting.SCORE

    def spread(self, logarithmic: bool) -> None:
        """Ask for logarithmic axes, or even ones."""
        self.logarithmic = logarithmic
        self.changed.emit()

    def break_into(self, parting: Parting) -> None:
        """Ask for other parts of the difference."""
        self._parting = parting
        self.changed.emit()

    def standing(self) -> Standing | None:
        """Return who wins how many rows, None before that is known or with fewer than two models."""
        return None if self.match is None else self.standings.wanted()

    def cloud(self) -> Cloud | None:
        """Return the plane of both losses, as :meth:`standing`."""
        return None if self.standing() is None else self.clouds.wanted()

    @property
    def cloud_is_current(self) -> bool:
        """Whether the plane is of the losses as they are now."""
        return self.match is not None and self.standings.is_current and self.clouds.is_current

    def flips(self) -> Flips | None:
        """Return whose decisions differ, as :meth:`standing`."""
        return None if self.match is None else self.decided.wanted()

    def p_value(self) -> float | None:
        """Return McNemar's p-value of the newest flips, None if it is not defined, or not known yet."""
        if self.flips() is None:
            return None
        found = self.luck.wanted()
        return found if self.luck.is_current else None

    def gap(self) -> Gap | None:
        """Return where the difference comes from, as :meth:`standing`."""
        return None if self.match is None else self.gaps.wanted()

    def _are_few(self) -> bool:
        return self._session.document.elements <= FEW

    def _met(self) -> tuple[object, ...]:
        match = self.match
        if match is None:
            return ()
        of_models = [part for model in match.models for part in (model.name, model.scores, model.kind)]
        document = match.document
        return (
            document.task,
            document.categories,
            document.labels,
            match.category,
            match.first,
            match.second,
            *of_models,
        )

    def _stand(self) -> Job:
        match = self._now()
        return lambda stopped, report: standing(match, stopped, report)

    def _stood(self) -> tuple[object, ...]:
        return self.standing(), self.logarithmic

    def _spread(self) -> Job:
        of, logarithmic = self.standing(), self.logarithmic
        return lambda stopped, report: None if of is None else cloud(of, logarithmic, stopped, report)

    def _judged(self) -> tuple[object, ...]:
        return *self._met(), self._session.document.thresholds

    def _judge(self) -> Job:
        match = self._now()
        return lambda stopped, report: flips(match, stopped, report)

    def _flipped(self) -> tuple[object, ...]:
        found = self.flips()
        return () if found is None else (found.only_first, found.only_second)

    def _toss(self) -> Job:
        found = self.flips()
        return lambda _stopped, _report: None if found is None else even_split(found.only_first, found.only_second)

    def _parted(self) -> tuple[object, ...]:
        return *self._met(), self.parting

    def _part(self) -> Job:
        match, parting = self._now(), self.parting
        return lambda stopped, report: gap(match, parting, stopped, report)

    def _now(self) -> Match:
        match = self.match
        assert match is not None, "there are two models"
        return match


def _statistics_are_loaded() -> bool:
    """Return whether a test takes no time: what it needs of SciPy takes several frames to load."""
    return "scipy.special" in sys.modules


def joined(elements: Rows | range, more: Rows) -> Rows:
    """Return the elements of either, each once; both ascend."""
    together = np.sort(np.concatenate([np.asarray(elements, dtype=np.int64), more]), kind="stable")
    return together[np.diff(together, prepend=-1) > 0]
