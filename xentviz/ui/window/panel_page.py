"""A page of panels in rows, of which any may fill the page; one that is too low for all scrolls through them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QSlider, QSplitter, QVBoxLayout, QWidget

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


def _always() -> bool:
    return True


@dataclass(frozen=True, eq=False)
class PanelRow:
    """Panels side by side.

    Attributes
    ----------
    panels : sequence of Panel
    shares : sequence of int
        Of the width, one a panel.
    height : int
        At least, in pixels of the ordinary size of type.
    wanted : callable
        Whether the row is on the page now.
    width : int
        From which on the panels stand side by side, and not below one another, in the same pixels.
    """

    panels: Sequence[Panel]
    shares: Sequence[int]
    height: int
    wanted: Callable[[], bool] = _always
    width: int = BESIDE


class PanelPage(QWidget):
    """Shows rows of panels; a double click on a panel's title lets it fill the page, Esc takes it back."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._page, self._scroll = QWidget(), QScrollArea(widgetResizable=True)
        self._rows: list[tuple[PanelRow, _Beside]] = []
        self._choice: QWidget | None = None
        self._choice_wanted: Callable[[], bool] = _always
        self._enlarged: Panel | None = None

    def lay_out(self, rows: Sequence[PanelRow], choice: QWidget, choice_wanted: Callable[[], bool] = _always) -> None:
        """Take rows from above to below, and below the first what chooses among the others, while it is wanted."""
        self._rows = [(row, _Beside(row)) for row in rows]
        self._choice, self._choice_wanted = choice, choice_wanted
        layout = QVBoxLayout(self._page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        for place, (row, beside) in enumerate(self._rows):
            layout.addWidget(beside, row.height)
            if place == 0:
                layout.addWidget(choice)
        self._scroll.setWidget(self._page)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(self._scroll)
        self._listen()
        self._look.changed.connect(self.arrange)

    def _listen(self) -> None:
        for panel in self.panels:
            for title in panel.findChildren(PanelTitle):
                title.enlarged.connect(partial(self.enlarge, panel))
        for kind in (QSlider, QComboBox, ThresholdHand):
            for widget in self._page.findChildren(kind):
                widget.installEventFilter(self)
                if widget.focusPolicy() == Qt.FocusPolicy.WheelFocus:  # the wheel would choose it in passing
                    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for plot in self._page.findChildren(OperatingPlot):
            plot.viewport().setFocusProxy(plot)
            plot.viewport().installEventFilter(self)

    @property
    def panels(self) -> Sequence[Panel]:
        """All panels, row by row."""
        return [panel for row, _ in self._rows for panel in row.panels]

    def enlarge(self, panel: Panel) -> None:
        """Let a panel fill the page, or go back if it does."""
        self._enlarged = None if self._enlarged is panel else panel
        self.arrange()
        self._scroll.verticalScrollBar().setValue(0)

    def arrange(self, *_what: object) -> None:
        """Show the rows that are wanted, or the one panel that fills the page."""
        if not any(self._enlarged in row.panels for row, _ in self._rows if row.wanted()):
            self._enlarged = None
        for row, beside in self._rows:
            for panel in row.panels:
                panel.setVisible(self._enlarged in (None, panel) and panel.applies)
            beside.setVisible(row.wanted() and (self._enlarged is None or self._enlarged in row.panels))
            below = self.width() < self._look.theme.px(row.width)
            beside.turn(below=below)
            beside.keep_height(self._height_of(row, below=below) if self._enlarged is None else 0)
        if self._choice is not None:
            self._choice.setVisible(self._choice_wanted() and self._enlarged is None)

    def scroll_to_choice(self) -> None:
        """Scroll on to what has been chosen, where the page is too low for it and what is above it."""
        layout = self._page.layout()
        assert self._choice is not None
        assert layout is not None
        layout.activate()
        QCoreApplication.sendPostedEvents(self._page, QEvent.Type.LayoutRequest.value)
        self._scroll.verticalScrollBar().setValue(self._choice.y())

    def _height_of(self, row: PanelRow, *, below: bool) -> int:
        """Return how high a row is: one panel below another so that the first is seen whole, and where the next is."""
        px = self._look.theme.px
        if not below or len(row.panels) == 1:
            return px(row.height)
        choice = 0 if self._choice is None else self._choice.sizeHint().height() + GAP
        return len(row.panels) * min(px(row.height), self.height() - choice - GAP - px(PEEK))

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
    """The panels of a row, each with its share of the width, or below one another, all of one height."""

    def __init__(self, row: PanelRow) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._row, self._least = row, 0
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP)
        for panel in row.panels:
            self.addWidget(panel)
        self._share(row.shares)

    def turn(self, *, below: bool) -> None:
        """Put the panels below one another, or side by side."""
        orientation = Qt.Orientation.Vertical if below else Qt.Orientation.Horizontal
        if orientation != self.orientation():
            self.setOrientation(orientation)
            self._share([1] * self.count() if below else self._row.shares)

    def _share(self, shares: Sequence[int]) -> None:
        for place, share in enumerate(shares):
            self.setStretchFactor(place, share)
        self.setSizes([1000 * share for share in shares])

    def keep_height(self, least: int) -> None:
        """Be so high at least, and higher where what a panel shows needs more."""
        if least != self._least:
            self._least = least
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, self._least))
