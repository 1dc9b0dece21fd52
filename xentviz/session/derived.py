"""A value worked out of what the session holds, anew when that has changed and a panel wants it."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from xentviz.session.latest import Job, Latest
from xentviz.session.listing import same

Value = TypeVar("Value")


class Derived(QObject, Generic[Value]):
    """Works at once where that takes no time, else in the background; until then the value from before stands.

    What fails is told once, by ``latest.failed``, and not tried again on the same subjects.

    Parameters
    ----------
    subjects : callable
        Returns all that the value depends on: where nothing of it is new, nothing is worked out.
    job : callable
        Returns the work to do on the subjects as they are now: a plain function of ``stopped`` and ``report``.
    quick : callable
        Returns whether the work takes less than a frame.

    Signals
    -------
    changed()
        A new value has come from the background.
    """

    changed = Signal()

    def __init__(
        self,
        subjects: Callable[[], tuple[object, ...]],
        job: Callable[[], Job],
        quick: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._subjects, self._job, self._quick = subjects, job, quick
        self._asked: tuple[object, ...] | None = None
        self._of: tuple[object, ...] | None = None
        self._value: Value | None = None
        self.latest = Latest(self)
        self.latest.answered.connect(self._take)

    def wanted(self) -> Value | None:
        """Return the newest value there is, None before the first, and see to it that the right one comes."""
        subjects = self._subjects()
        if self._asked is None or not same(subjects, self._asked):
            self._asked = subjects
            if self.is_current:
                self._keep()
            elif self._quick():
                self.latest.cancel()
                self._work_at_once(subjects)
            else:
                self.latest.start(self._job())
        return self._value

    @property
    def is_current(self) -> bool:
        """Whether the value is of the subjects as they are now."""
        return self._of is not None and same(self._of, self._subjects())

    def _keep(self) -> None:
        """Go on with the value there is, for its subjects have come back while others were worked on."""
        if self.latest.busy:
            self.latest.cancel()
            self.changed.emit()

    def _work_at_once(self, subjects: tuple[object, ...]) -> None:
        try:
            self._of, self._value = subjects, self._job()(_never, _nobody)
        except Exception as error:  # as in the background: whoever draws must not fail because of it
            self.latest.failed.emit(error)

    def _take(self, value: Any) -> None:
        self._of, self._value = self._asked, value
        self.changed.emit()


def _never() -> bool:
    return False


def _nobody(_share: float) -> None:
    pass
