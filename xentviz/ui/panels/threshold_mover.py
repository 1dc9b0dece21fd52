"""What a hand on a threshold does to the document: one gesture is one step to undo."""

from PySide6.QtCore import QObject

from xentviz.core import ties
from xentviz.core.ranking import Blocks
from xentviz.session.session import Session
from xentviz.ui.panels.threshold_choice import active_category, set_threshold
from xentviz.ui.widgets.threshold_hand import ThresholdHand


class ThresholdMover(QObject):
    """Moves the threshold as a hand asks for it; only to scores that occur, if the person wants that."""

    def __init__(self, session: Session, hand: ThresholdHand) -> None:
        super().__init__(hand)
        self._session = session
        self._gesture = -1
        hand.moved.connect(self._move)
        hand.stepped.connect(self._step)
        hand.jumped.connect(self._jump)
        hand.released.connect(self._release)

    @property
    def _now(self) -> float:
        return self._session.document.threshold(active_category(self._session))

    def _move(self, asked: float) -> None:
        self._set(snapped(self._session, asked, self._session.operating.categories))

    def _step(self, step: float) -> None:
        now = self._now
        self._move(round(min(1.0, max(0.0, now + step)), 6))
        if self._now == now and self._session.view.deciding.snapping:
            self._jump(1 if step > 0 else -1)  # the nearest score was the one it is at

    def _jump(self, way: int) -> None:
        scores = scores_of(self._session, self._session.operating.categories)
        score = (ties.above if way > 0 else ties.below)(scores, self._now)
        if score is not None:
            self._set(score)

    def _set(self, threshold: float) -> None:
        if self._gesture == -1:
            self._gesture = self._session.gesture()
        set_threshold(self._session, threshold, self.tr("Move threshold"), self._gesture)

    def _release(self) -> None:
        self._gesture = -1


def snapped(session: Session, threshold: float, categories: range) -> float:
    """Return a threshold, or the score of the chosen model nearest to it if the person wants it to be one."""
    score = ties.nearest(scores_of(session, categories), threshold) if session.view.deciding.snapping else None
    return threshold if score is None else score


def scores_of(session: Session, categories: range) -> Blocks:
    """Return the probabilities that the chosen model's decisions are taken by; of no numbers yet none."""
    numbers = session.results_of(session.view.model)
    if numbers is None:
        return ()
    hits, false_alarms = numbers.reachable(categories)
    return (*hits, *false_alarms)
