"""Which models are compared, and values that are worked out only when a panel wants them."""

import pytest
from PySide6.QtCore import QObject, Signal

from xentviz.core.document import Document
from xentviz.files.opened import Opened
from xentviz.session.derived import Derived
from xentviz.session.session import Session

MODELS = {"A": [0.9, 0.2], "B": [0.8, 0.4], "C": [0.6, 0.1]}


@pytest.fixture
def make_session(qtbot):
    """Return a maker of sessions; closed when the test ends."""
    made = []

    def make(document):
        made.append(Session(Opened(document)))
        qtbot.waitUntil(lambda: not made[-1].busy)
        return made[-1]

    yield make
    for session in made:
        session.close()


class Titles(QObject):
    """The document's title, worked out for the sake of the test."""

    changed = Signal()

    def __init__(self, session):
        super().__init__(session)
        self.title = Derived(lambda: (session.document.title,), lambda: self._work(session), lambda: False, self)
        self.title.changed.connect(self.changed)

    @staticmethod
    def _work(session):
        title = session.document.title
        return lambda _stopped, _report: title

    @property
    def parts(self):
        return (self.title,)


def test_the_first_model_is_the_reference_until_another_is_chosen(make_session):
    session = make_session(Document.create([1, 0], MODELS))
    assert (session.reference, session.rival) == (0, 1)
    session.look(model=2)
    assert (session.reference, session.rival) == (0, 2)
    session.compare(reference="C")
    assert (session.reference, session.rival) == (2, 0)


def test_the_reference_is_a_name_and_follows_its_model(make_session):
    session = make_session(Document.create([1, 0], MODELS))
    session.compare(reference="B")
    session.apply(session.document.without_model(0), "Remove model")
    assert session.document.models[session.reference].name == "B"


def test_the_reference_stays_when_it_is_renamed_and_named_back(make_session):
    session = make_session(Document.create([1, 0], MODELS))
    session.compare(reference="B")
    session.apply(session.document.with_model_renamed(1, "Better"), "Rename model")
    assert (session.reference, session.view.comparing.reference) == (1, "Better")
    session.undo_stack.undo()
    assert (session.reference, session.view.comparing.reference) == (1, "B")


def test_one_model_has_no_rival(make_session):
    assert make_session(Document.create([1, 0], {"A": [0.9, 0.2]})).rival is None
    assert make_session(Document.create([1, 0], {})).rival is None


def test_a_part_is_made_once_and_says_what_it_worked_out(make_session, qtbot):
    session = make_session(Document.create([1, 0], MODELS, title="Film still"))
    part = session.part(Titles)
    assert session.part(Titles) is part
    with qtbot.waitSignal(session.worked_out):
        assert part.title.wanted() is None
        assert session.busy
    assert part.title.wanted() == "Film still"
    assert not session.busy
