"""A page of panels in rows, made when first shown, of which any may fill the page; a page too low for all scrolls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QSlider, QSplitter, QVBoxLayout, QWidget

from xentviz.session.session import Session
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.operating_plot import OperatingPlot
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.threshold_hand import ThresholdHand

WIDTH_OF_TWO, WIDTH_OF_THREE = 900, 740
"""How wide the page must be, in pixels of the ordinary size of type, for panels to stand side by side."""

PanelKind = TypeVar("PanelKind", bound=Panel)


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
    """

    kinds: Sequence[type[Panel]]
    shares: Sequence[int]
    height: int
    wanted: Callable[[], bool] = _always


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

    Those of the first row are made with the page. Others are made one by one when their row is first shown, each in one
    turn of the event loop and put in its place in the next: all of them in one would be too much for a frame.
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

    def lay_out(self, rows: Sequence[PanelRow], choice: QWidget, choice_wanted: Callable[[], bool] = _always) -> None:
        """Take rows from above to below, and below the first what chooses among the others, while it is wanted."""
        self._choice, self._choice_wanted = choice, choice_wanted
        layout = self._laid_out()
        for row in rows:
            beside = _Beside(row, self._places(row, at_once=row is rows[0]))
            self._rows.append((row, beside))
            layout.addWidget(beside, row.height)
            if row is rows[0]:
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
        layout.setSpacing(8)
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
            plot.viewport().setFocusProxy(plot)
            plot.viewport().installEventFilter(self)

    def _places(self, row: PanelRow, *, at_once: bool) -> list[Panel]:
        """Return the panels of a row, or where they will stand."""
        if at_once:
            return [self.panel(kind) for kind in row.kinds]
        places = [Place(self._session, self._look, 3 * number) for number in range(len(row.kinds))]
        for place, kind in zip(places, row.kinds, strict=True):
            place.due.connect(partial(self._fill, place, kind))
        return list[Panel](places)

    def _fill(self, place: Place, kind: type[Panel]) -> None:
        """Make a panel that is due, or put it in its place if it has been made."""
        if kind not in self._made:
            self.panel(kind)
            place.mark_stale()
            return
        for _, beside in self._rows:
            beside.put(self.panel(kind), place)
        self.arrange()

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
        px = self._look.theme.px
        for row, beside in self._rows:
            for panel in beside.panels:
                panel.setVisible(self._enlarged in (None, panel) and panel.applies)
            beside.setVisible(row.wanted() and (self._enlarged is None or self._enlarged in beside.panels))
            below = self.width() < px(WIDTH_OF_THREE if len(row.kinds) == 3 else WIDTH_OF_TWO)
            beside.setOrientation(Qt.Orientation.Vertical if below else Qt.Orientation.Horizontal)
            lines = len(row.kinds) if below else 1
            beside.keep_height(px(row.height) * lines if self._enlarged is None else 0)
        if self._choice is not None:
            self._choice.setVisible(self._choice_wanted() and self._enlarged is None)

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
        self.arrange()


class _Beside(QSplitter):
    """The panels of a row, each with its share of the width."""

    def __init__(self, row: PanelRow, panels: list[Panel]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.panels, self._shares, self._least = panels, row.shares, 0
        self.setChildrenCollapsible(False)
        self.setHandleWidth(8)
        for place, (panel, share) in enumerate(zip(panels, row.shares, strict=True)):
            self.addWidget(panel)
            self.setStretchFactor(place, share)
        self.setSizes([10 * share for share in row.shares])

    def put(self, panel: Panel, place: Place) -> None:
        """Put a panel in its place, if that is here."""
        if place in self.panels:
            number = self.panels.index(place)
            self.panels[number] = panel
            self.replaceWidget(number, panel)
            self.setStretchFactor(number, self._shares[number])
            place.deleteLater()

    def keep_height(self, least: int) -> None:
        """Be so high at least, and higher where what a panel shows needs more."""
        if least != self._least:
            self._least = least
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, self._least))
