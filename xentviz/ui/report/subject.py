"""What a report is of: what is looked at in Compare, which is all rows or one slice of them."""

from PySide6.QtCore import QCoreApplication

from xentviz.core.told import several_answers
from xentviz.session.comparing import Slicing
from xentviz.session.session import Session
from xentviz.session.slice_session import OneSlice
from xentviz.session.slices import Slices
from xentviz.ui.panels.slice_words import chosen_of, name_alone, slicings
from xentviz.ui.report.numbers import Known, Only, Subject
from xentviz.ui.words import cut

translate = QCoreApplication.translate

LONGEST = 40


def subject_of(session: Session) -> Subject:
    """Return what a report of a session of all rows would be of now."""
    only = only_of(session)
    if only is None:
        return Subject(session.document, session.reference, Known.of(session))
    one = session.part(OneSlice)
    if one.is_current and one.session is not None:
        return Subject(one.session.document, session.reference, Known.of(one.session), only)
    return Subject(session.document, session.reference, only=only, find=one.finder())


def only_of(session: Session) -> Only | None:
    """Return of which rows alone it would be; None for all of them."""
    if session.view.comparing.only is None:
        return None
    number = session.part(OneSlice).number
    if number is None:
        return None
    document, view, slices = session.document, session.view, session.part(Slices)
    choice = chosen_of(slicings(document), view.comparing, slices.slicing)
    name = name_alone(document, view.category, choice, number)
    by_answers = choice.slicing is not Slicing.COLUMN and several_answers(document, view.category)
    return Only(_named(session, choice.slicing, name), document.rows, by_answers)


def _named(session: Session, slicing: Slicing, name: str) -> str:
    """Return what is said of a slice: what its rows are told apart by, and what they have in common."""
    document, view = session.document, session.view
    if slicing is Slicing.COLUMN:
        return f"{cut(view.comparing.column, LONGEST)} = {cut(name, LONGEST)}"
    if slicing is Slicing.SCORE:
        words = translate("report", "score of {model}: {range}")
        return words.format(model=cut(document.models[view.model].name, LONGEST), range=name)
    return translate("report", "label: {name}").format(name=cut(name, LONGEST))
