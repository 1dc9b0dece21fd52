"""Which category's threshold is being looked at, and setting it."""

from xentviz.session.session import Session


def active_category(session: Session) -> int:
    """Return the category whose threshold the controls show: the chosen one, else that of the current element."""
    view, document = session.view, session.document
    if view.category is not None:
        return view.category
    return 0 if view.current is None else view.current % len(document.categories)


def set_threshold(session: Session, threshold: float, text: str, gesture: int = -1) -> None:
    """Give the active category, or all if they share one, a new threshold."""
    category = active_category(session)
    session.edit(lambda document: document.with_threshold(threshold, category), text, gesture)
