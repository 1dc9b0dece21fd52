"""A button that says which rows are compared, and a menu of the slices that may be looked at alone."""

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from xentviz.core.looked_at import LookedAt
from xentviz.core.slices import ordered_by_label
from xentviz.session.comparing import Slicing
from xentviz.session.session import Session
from xentviz.session.slice_session import OneSlice
from xentviz.session.slices import Slices
from xentviz.ui.panels.slice_words import Choice, chosen_of, name_alone, slice_names, slicings, undivided
from xentviz.ui.widgets.labels import plain_tip
from xentviz.ui.widgets.tool_button import make_tool_button
from xentviz.ui.words import cut

LONGEST = 28


class SliceChoice(QToolButton):
    """Names the one slice that every panel of Compare is about, or all rows."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session.whole
        self._here, self._slices = session.whole.part(OneSlice), session.whole.part(Slices)
        make_tool_button(self, "", self.tr("Which rows are compared: all, or one slice of them"))
        self.setCheckable(True)  # and checked while it is one slice: nobody must take its numbers for those of all
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._list)
        self.setMenu(menu)
        self._session.view_changed.connect(self._say)
        self._session.document_changed.connect(self._say)
        self._here.changed.connect(self._say)
        self._say()

    # Words

    def _say(self, *_what: object) -> None:
        number = self._here.number
        self.setChecked(number is not None)
        words = self.tr("all rows")
        if number is not None:
            words = self.tr("only {slice}").format(slice=cut(self._name(number), LONGEST)).replace("&", "&&")
        self.setText(words + " ▾")

    def _name(self, number: int) -> str:
        return name_alone(self._session.document, self._session.view.category, self._slicing(), number)

    def _slicing(self) -> Choice:
        return chosen_of(slicings(self._session.document), self._session.view.comparing, self._slices.slicing)

    # The hand

    def _list(self) -> None:
        menu, document, view = self.menu(), self._session.document, self._session.view
        menu.clear()
        for below in menu.findChildren(QMenu):  # which are not cleared with the lines that open them
            below.deleteLater()
        self._offer(menu, self.tr("All rows"), self._here.number is None, partial(self._look_at, None, None))
        menu.addSeparator()
        chosen = self._slicing()
        for choice in slicings(document):
            names = slice_names(document, view.category, choice)
            if not names or (choice.slicing is Slicing.SCORE and not document.models):
                continue
            below = menu.addMenu(choice.text)
            by_label = choice.slicing is Slicing.LABEL
            order = ordered_by_label(LookedAt(document, view.category)).tolist() if by_label else range(len(names))
            for number in order:
                checked = choice == chosen and number == self._here.number
                self._offer(below, cut(names[number], 60), checked, partial(self._look_at, choice, number))
        for text, why in undivided(document):
            action = QAction(text.replace("&", "&&"), menu, enabled=False)
            action.setToolTip(plain_tip(why))
            menu.addAction(action)

    @staticmethod
    def _offer(menu: QMenu, text: str, checked: bool, do: partial[None]) -> None:
        action = QAction(text.replace("&", "&&"), menu, checkable=True, checked=checked)
        action.triggered.connect(do)
        menu.addAction(action)

    def _look_at(self, choice: Choice | None, number: int | None, *_checked: bool) -> None:
        if choice is None:
            self._session.compare(only=None)
        else:
            self._session.compare(slicing=choice.slicing, equal_slices=choice.equal, column=choice.column, only=number)
