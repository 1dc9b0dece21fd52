"""A page of panels in rows, made when first shown, of which any may fill the page; a page too low for all scrolls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QScrollArea, QSlider, QSplitter, QVBoxLayout, QWidget

from xentviz.session.session import Session
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.operating_plot import OperatingPlot
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.threshold_hand import ThresholdHand

GAP = 8
"""Between panels, in pixels."""

BESIDE = 740
"""How wide a page must be for most panels to stand side by side, in pixels of the ordinary size of type."""

PEEK = 28
"""So much of the next panel is seen below one that has the whole width, in the same pixels."""

PanelKind = TypeVar("PanelKind", bound=Panel)

KeyHolder = tuple[type[Panel], type[QWidget], int]
"""What has the keyboard: in a panel of which kind, and which of the widgets of a kind in there."""


def _always() -> bool:
    return True


@dataclass(frozen=True, eq=False)
class PanelRow:
    """Panels side by side.

    Attributes
    ----------
    kinds : sequence of type of Panel
    shares : sequence of int
        Of the width, one a panel.
    height : int
        At least, in pixels of the ordinary size of type.
    wanted : callable
        Whether the row is on the page now.
    width : int
        From which on the panels stand side by side, and not below one another, in the same pixels.
    """

    kinds: Sequence[type[Panel]]
    shares: Sequence[int]
    height: int
    wanted: Callable[[], bool] = _always
    width: int = BESIDE


class Place(Panel):
    """Where a panel will stand: an empty frame like it, until it is due some turns after this has been shown."""

    due = Signal()

    def __init__(self, session: Session, look: Look, turns: int) -> None:
        super().__init__(session, look)
        self.turns_later = turns

    def showEvent(self, event: QShowEvent) -> None:
        QFrame.showEvent(self, event)
        self.mark_stale_in_turn()

    def refresh(self) -> None:
        self.due.emit()


class OfPage(Generic[PanelKind]):
    """The panel of a kind on a page, by a name; made when it is first asked for."""

    def __init__(self, kind: type[PanelKind]) -> None:
        self._kind = kind

    def __get__(self, page: "PanelPage", _kind_of_page: type) -> PanelKind:
        return page.panel(self._kind)


class PanelPage(QWidget):
    """Shows rows of panels; a double click on a panel's title lets it fill the page, Esc takes it back.

    Those of the first rows are made with the page. Others are made one by one when their row is first shown, each in
    one turn of the event loop and put in its place in the next: all of them in one would be too much for a frame.
    """

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._look = session, look
        self._made: dict[type[Panel], Panel] = {}
        self._page, self._scroll = QWidget(), QScrollArea(widgetResizable=True)
        self._rows: list[tuple[PanelRow, _Beside]] = []
        self._choice: QWidget | None = None
        self._choice_wanted: Callable[[], bool] = _always
        self._enlarged: Panel | None = None
        self._keys_for: KeyHolder | None = None

    def lay_out(
        self,
        rows: Sequence[PanelRow],
        choice: QWidget,
        choice_wanted: Callable[[], bool] = _always,
        above: int = 1,
    ) -> None:
        """Take rows from above to below, and below the first ones what chooses among the others, while it is wanted.

        A panel may stand in several rows, of which one is wanted at a time.
        """
        self._choice, self._choice_wanted = choice, choice_wanted
        layout = self._laid_out()
        for row in rows:
            beside = _Beside(row)
            if row in rows[:above]:
                beside.take([self.panel(kind) for kind in row.kinds])
            self._rows.append((row, beside))
            layout.addWidget(beside, row.height)
            if row is rows[above - 1]:
                layout.addWidget(choice)
        self._look.changed.connect(self.arrange)

    def _laid_out(self) -> QVBoxLayout:
        """Return the layout of the page within what scrolls it: each thing that moves to another parent costs time."""
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(self._scroll)
        self._scroll.setWidget(self._page)
        layout = QVBoxLayout(self._page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        return layout

    def panel(self, kind: type[PanelKind]) -> PanelKind:
        """Return the page's panel of a kind, made when it is first asked for."""
        if kind not in self._made:
            self._made[kind] = panel = kind(self._session, self._look, self)
            panel.hide()  # until it is put in its place
            self.take(panel)
        found = self._made[kind]
        assert isinstance(found, kind)
        return found

    def take(self, panel: Panel) -> None:
        """Listen to a panel that has been made."""
        for title in panel.findChildren(PanelTitle):
            title.enlarged.connect(partial(self.enlarge, panel))
        for kind in (QSlider, QComboBox, ThresholdHand):
            for widget in panel.findChildren(kind):
                widget.installEventFilter(self)
                if widget.focusPolicy() == Qt.FocusPolicy.WheelFocus:  # the wheel would choose it in passing
                    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for plot in panel.findChildren(OperatingPlot):
            plot.viewport().installEventFilter(self)

    def _places(self, row: PanelRow) -> list[Panel]:
        """Return the panels of a row that have been made, and where the others will stand."""
        return [self._made.get(kind) or self._place(kind, 3 * number + 2) for number, kind in enumerate(row.kinds)]

    def _place(self, kind: type[Panel], turns: int) -> Place:
        place = Place(self._session, self._look, turns)
        place.due.connect(partial(self._fill, place, kind))
        return place

    def _fill(self, place: Place, kind: type[Panel]) -> None:
        """Make a panel that is due, or put it in its place if it has been made."""
        if kind not in self._made:
            self.panel(kind)
            place.mark_stale()
            return
        for _, beside in self._rows:
            beside.put(self.panel(kind), place)
        self.arrange()
        self._give_keys()

    @property
    def key_holder(self) -> KeyHolder | None:
        """What of the page's panels has the keyboard, if anything."""
        widget = QApplication.focusWidget()
        panels = [panel for panel in self.panels if widget is not None and panel.isAncestorOf(widget)]
        if widget is None or not panels:
            return None
        panel = panels[0]
        return type(panel), type(widget), panel.findChildren(type(widget)).index(widget)

    def take_keys(self, holder: KeyHolder) -> None:
        """Give the keyboard to what had it on another such page, as soon as that has been made here."""
        self._keys_for = holder
        self._give_keys()

    def _give_keys(self) -> None:
        if self._keys_for is None:
            return
        kind, of, number = self._keys_for
        if kind in self._made and self._made[kind].isVisible():
            self._keys_for = None
            for widget in self._made[kind].findChildren(of)[number : number + 1]:
                widget.setFocus()

    @property
    def panels(self) -> Sequence[Panel]:
        """All panels that have been made."""
        return list(self._made.values())

    def enlarge(self, panel: Panel) -> None:
        """Let a panel fill the page, or go back if it does."""
        self._enlarged = None if self._enlarged is panel else panel
        self.arrange()
        self._scroll.verticalScrollBar().setValue(0)

    def arrange(self, *_what: object) -> None:
        """Show the rows that are wanted, or the one panel that fills the page."""
        if not any(self._enlarged in beside.panels for row, beside in self._rows if row.wanted()):
            self._enlarged = None
        for row, beside in self._rows:
            if row.wanted():
                beside.take(beside.panels or self._places(row))
        for row, beside in self._rows:
            for panel in beside.panels:
                panel.setVisible(self._enlarged in (None, panel) and panel.applies)
            beside.setVisible(row.wanted() and (self._enlarged is None or self._enlarged in beside.panels))
            below = self.width() < self._look.theme.px(row.width)
            beside.turn(below=below)
            beside.keep_height(self._height_of(row, below=below) if self._enlarged is None else 0)
        if self._choice is not None:
            self._choice.setVisible(self._choice_wanted() and self._enlarged is None)

    def scroll_to_choice(self) -> None:
        """Scroll on to what has been chosen, where the page is too low for it and what is above it."""
        assert self._choice is not None
        self._settle()
        self._scroll.verticalScrollBar().setValue(self._choice.y())

    def scroll_as(self, page: "PanelPage") -> None:
        """Scroll as far as another page is."""
        place = page._scroll.verticalScrollBar().value()
        if place:
            self._settle()
        self._scroll.verticalScrollBar().setValue(place)

    def _settle(self) -> None:
        """Lay out now what would be in the next turn of the event loop."""
        layout = self._page.layout()
        assert layout is not None
        layout.activate()
        QCoreApplication.sendPostedEvents(self._page, QEvent.Type.LayoutRequest.value)
        seen = self._scroll.viewport().height()
        self._page.resize(self._page.width(), max(seen, layout.minimumSize().height()))

    def _height_of(self, row: PanelRow, *, below: bool) -> int:
        """Return how high a row is: one panel below another so that the first is seen whole, and where the next is."""
        px = self._look.theme.px
        if not below or len(row.kinds) == 1:
            return px(row.height)
        choice = 0 if self._choice is None else self._choice.sizeHint().height() + GAP
        return len(row.kinds) * min(px(row.height), self.height() - choice - GAP - px(PEEK))

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the wheel scroll a long page, and not change what only happens to pass below the pointer."""
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return False
        passing = not watched.hasFocus() and self._scroll.verticalScrollBar().maximum() > 0
        if passing:
            event.ignore()
        return passing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._enlarged is not None:
            self.enlarge(self._enlarged)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._look.changing:  # it will tell when it has
            self.arrange()


class _Beside(QSplitter):
    """The panels of a row, each with its share of the width, or below one another, all of one height."""

    def __init__(self, row: PanelRow) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.panels, self._row, self._least = list[Panel](), row, 0
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP)

    def take(self, panels: list[Panel]) -> None:
        """Take the panels of the row, or where they will stand; some may have stood in another row."""
        self.panels = panels
        away = [number for number, panel in enumerate(panels) if panel.parentWidget() is not self]
        if not away:
            return
        self.show()  # to where nothing is seen the keyboard would not come along
        for number in away:
            _move(panels[number], partial(self.insertWidget, number))
        self._share(self._shares)

    def turn(self, *, below: bool) -> None:
        """Put the panels below one another, or side by side."""
        orientation = Qt.Orientation.Vertical if below else Qt.Orientation.Horizontal
        if orientation != self.orientation():
            self.setOrientation(orientation)
            self._share(self._shares)

    @property
    def _shares(self) -> Sequence[int]:
        """Of the room, one a panel: all alike if they stand below one another."""
        return self._row.shares if self.orientation() == Qt.Orientation.Horizontal else [1] * self.count()

    def _share(self, shares: Sequence[int]) -> None:
        for place, share in enumerate(shares):
            self.setStretchFactor(place, share)
        self.setSizes([1000 * share for share in shares])

    def put(self, panel: Panel, place: Place) -> None:
        """Put a panel in its place, if that is here."""
        if place in self.panels:
            number = self.panels.index(place)
            self.panels[number] = panel
            _move(panel, partial(self.replaceWidget, number))
            self.setStretchFactor(number, self._shares[number])
            place.deleteLater()

    def keep_height(self, least: int) -> None:
        """Be so high at least, and higher where what a panel shows needs more."""
        if least != self._least:
            self._least = least
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, self._least))


def _move(panel: Panel, put: Callable[[Panel], object]) -> None:
    """Put a panel in a place, with the keyboard if it has it: on its way it would lose it."""
    holder = QApplication.focusWidget()
    put(panel)
    if holder is not None and panel.isAncestorOf(holder):
        holder.setFocus()
