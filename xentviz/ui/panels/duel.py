"""The losses of two models against each other, row by row: who wins, and whose decisions flip."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QToolButton, QVBoxLayout, QWidget

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.document import Document
from xentviz.core.duel import Cloud, Flips, Outcome, Standing, in_box, in_cell, in_loop, outcome_of
from xentviz.core.elements import losses_of
from xentviz.core.pairs import Chosen, Match, Pairs
from xentviz.core.progress import Report, Stopped
from xentviz.core.told import one_answer
from xentviz.session.duels import Duels, joined
from xentviz.session.session import Session
from xentviz.session.view import Shown
from xentviz.ui.numbers import UNDEFINED, count_text, share_text
from xentviz.ui.panels.duel_marks import limits_of, mark_names, marks_of, rings_of
from xentviz.ui.panels.duel_numbers import LEAST, DuelNumbers
from xentviz.ui.panels.duel_words import (
    axis_ticks,
    cell_tip,
    dot_tip,
    duel_explanation,
    list_words,
    luck_sentence,
    luck_tip,
    no_pairs,
    unbroken,
    win_sentence,
)
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import label, plain_tip
from xentviz.ui.widgets.loss_plane import LossPlane, Region
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.plane_picture import Judged, Plane, Side
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.words import cut, second_model

translate = QCoreApplication.translate

RINGS = {Outcome.ONLY_FIRST: "○ ", Outcome.ONLY_SECOND: "□ "}
"""What is drawn around the dots of such rows."""

MOST_CHOSEN = 2_000
"""So many selected rows are marked, if there are no more."""

EDGE, APART = 12, 14
"""Pixels to the left and right of everything, and between the plane and the numbers."""

UNLIMITED = 1 << 20
"""Wider than any panel."""

BESIDE = 1.1
"""So many times as wide as high a panel has its numbers beside the plane."""


@dataclass(frozen=True)
class _Selected:
    """What was drawn last, and the rows that it selected."""

    region: Region
    of: Standing
    elements: Rows


class DuelPanel(Panel):
    """Dots or shades over both losses, who has the lower ones, and rows to list in the table."""

    turns_later = 2

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.duels = session.part(Duels)
        self.logarithmic = tool_button("log", self.tr("Logarithmic axes"), checkable=True)
        self.logarithmic.clicked.connect(self.duels.spread)
        self.lasso = tool_button(
            self.tr("lasso"), self.tr("Draw any shape around rows, instead of a box; Shift adds"), checkable=True
        )
        self.title = PanelTitle(self.tr("Duel"), duel_explanation(), self.lasso, self.logarithmic)
        self.plane = LossPlane(look)
        self.plane.setAccessibleName(self.tr("Loss of one model against the loss of the other, row by row"))
        self.lasso.toggled.connect(self._choose_lasso)
        self.plane.picked.connect(self._pick)
        self.plane.drawn.connect(self._draw)
        self.plane.stepped.connect(self._step)
        self.empty = label(size="small")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.numbers = DuelNumbers(look, self._list)
        self.wins, self.luck, self.buttons = self.numbers.wins, self.numbers.luck, self.numbers.buttons
        self._drawn: tuple[tuple[object, ...], Plane] | None = None
        self._decided: tuple[Cloud, Document, Judged] | None = None
        self._selected: _Selected | None = None
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(APART)
        self._body.addWidget(self.plane, 20)
        self._body.addWidget(self.numbers, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, 10, EDGE, 10)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self.empty, 1)
        layout.addLayout(self._body, 1)
        self.duels.changed.connect(self.mark_stale_in_turn)

    # Drawing

    def refresh(self) -> None:
        duels = self.duels
        with QSignalBlocker(self.logarithmic):
            self.logarithmic.setChecked(duels.logarithmic)
        standing, cloud, flips = duels.standing(), duels.cloud(), duels.flips()
        there = standing is not None and standing.pairs > 0
        self._show_empty(standing)
        for widget in (self.plane, self.numbers):
            widget.setVisible(there)
        if standing is None or not there:
            self.title.number.setText("")
            return
        self._show_numbers(standing, flips)
        if cloud is not None:
            judged = self._judged(cloud)
            self.plane.show_plane(self._plane(cloud), judged, self._chosen(cloud), self._region(cloud.standing))

    def _show_empty(self, standing: Standing | None) -> None:
        words = ""
        if self.duels.match is None:
            words = second_model()
        elif standing is not None and not standing.pairs:
            words = no_pairs(self.session)
        if self.empty.text() != words:
            self.empty.setText(words)
        if self.empty.isHidden() == bool(words):
            self.empty.setVisible(bool(words))

    def _show_numbers(self, of: Standing, flips: Flips | None) -> None:
        match, worn = of.match, self.look.theme
        first, second = (model.name for model in match.models)
        most = max(of.first_wins, of.second_wins)
        self.title.number.shorter = share_text(most / of.pairs)
        ahead = first if of.first_wins >= of.second_wins else second
        text = self.tr("{name} lower in {share}").replace("{share}", share_text(most / of.pairs))
        self.title.number.setText(text.replace("{name}", cut(ahead, 24)))
        self.wins.setText(unbroken(win_sentence(self.session, of)))
        self.numbers.bar.show_wins(
            (of.first_wins, of.ties, of.second_wins), (worn.model(match.first), worn.model(match.second))
        )
        self.numbers.bar.setToolTip(plain_tip(win_sentence(self.session, of)))
        self._show_names(match)
        counts = {
            Outcome.FIRST_WINS: of.first_wins,
            Outcome.SECOND_WINS: of.second_wins,
            Outcome.TIES: of.ties,
            Outcome.INFINITE: of.infinite,
        }
        if flips is not None:
            counts[Outcome.ONLY_FIRST], counts[Outcome.ONLY_SECOND] = flips.only_first, flips.only_second
            counts[Outcome.WRONG_APART] = flips.wrong_apart
            self.luck.setText(unbroken(luck_sentence(self.session, flips, self.duels.p_value(), (first, second))))
            self.luck.setToolTip(luck_tip(self.session))
        for outcome, button in self.buttons.items():
            self._show_button(outcome, button, counts.get(outcome), second if "second" in outcome else first)

    def _show_names(self, match: Match) -> None:
        first, second = match.models
        worn = self.look.theme
        self.numbers.names[0].show_name(first.name, worn.model(match.first))
        self.numbers.names[1].show_name(second.name, worn.model(match.second))
        self.numbers.names[2].show_name(self.tr("neither"), "")
        self.numbers.names[3].show_name(self.tr("infinite loss"), "")

    def _show_button(self, outcome: Outcome, button: QToolButton, count: int | None, name: str) -> None:
        needless = outcome in (Outcome.WRONG_APART, Outcome.INFINITE) and not count
        text = RINGS.get(outcome, "") + (UNDEFINED if count is None else count_text(count))
        self.numbers.show_outcome(outcome, text, shown=not needless)
        words = list_words(outcome, name, count or 0)
        if button.accessibleName() != words:
            button.setAccessibleName(words)
            tip = self.tr("{what}: list them in the table").replace("{what}", words)
            button.setToolTip(plain_tip(tip))
        if button.isEnabled() != bool(count):
            button.setEnabled(bool(count))

    def _document(self, cloud: Cloud) -> Document:
        """Return what a plane is of, with thresholds and unit as they are now if it is not older."""
        return self.session.document if self.duels.cloud_is_current else cloud.standing.match.document

    def _judged(self, cloud: Cloud) -> Judged:
        """Return what follows the threshold, the very same as before if the document is."""
        document = self._document(cloud)
        if self._decided is None or self._decided[0] is not cloud or self._decided[1] is not document:
            self._decided = cloud, document, Judged(rings_of(cloud, document), limits_of(cloud, document))
        return self._decided[2]

    def _plane(self, cloud: Cloud) -> Plane:
        """Return the plane to draw, the very one from before if nothing that it shows is new."""
        document = self._document(cloud)
        of = (cloud, document.thresholds if one_answer(document) else None, document.settings, self.look.theme)
        if self._drawn is None or any(a is not b for a, b in zip(self._drawn[0], of, strict=True)):
            self._drawn = of, self._plane_of(cloud, document)
        return self._drawn[1]

    def _plane_of(self, cloud: Cloud, document: Document) -> Plane:
        standing, match = cloud.standing, cloud.standing.match
        marks = marks_of(cloud, document)
        strips = (standing.has_below(cloud.axis), bool(standing.infinite))
        x, y = (cloud.axis.place(losses) for losses in cloud.losses)
        across, up = (self._side(match, model, other) for model, other in ((0, 1), (1, 0)))
        counts = cloud.counts
        most = 0 if counts is None else int(counts.sum(axis=0).max())
        return Plane(
            across=across,
            up=up,
            x=x,
            y=y,
            marks=marks,
            counts=counts,
            by_mark=not one_answer(document),
            names=mark_names(cloud, document, marks),
            ticks=axis_ticks(document, cloud, strips),
            strips=strips,
            scale=self.tr("{count} in a cell").format(count=count_text(most)) if most else "",
            tip=lambda at: self._tip(cloud, at),
        )

    def _side(self, match: Match, side: int, other: int) -> Side:
        worn, model = self.look.theme, match.models[side]
        unit = self.session.document.settings.unit.value
        title = self.tr("loss of {name} ({unit})").replace("{unit}", unit).replace("{name}", cut(model.name, 24))
        worse = self.tr("{name} worse").replace("{name}", cut(model.name, 24))
        return Side(title, worn.model((match.first, match.second)[side]), worse, self.tr("worse"))

    def _tip(self, cloud: Cloud, at: int | tuple[int, int]) -> str:
        document = self._document(cloud)
        return dot_tip(document, cloud, at) if isinstance(at, int) else cell_tip(self.session, document, cloud, *at)

    def _chosen(self, cloud: Cloud) -> tuple[Floats, Floats]:
        """Return the places of the rows selected, if they are not too many to be marked."""
        match, selected = cloud.standing.match, self.session.view.selected
        document = match.document
        nothing = np.empty(0), np.empty(0)
        if isinstance(selected, range) or not 0 < len(selected) <= MOST_CHOSEN or selected[-1] >= document.elements:
            return nothing
        if cloud.counts is None:
            here = np.isin(cloud.elements, selected)
            return cloud.axis.place(cloud.losses[0][here]), cloud.axis.place(cloud.losses[1][here])
        places = [cloud.axis.place(losses_of(document, m, selected)) for m in (match.first, match.second)]
        known = ~np.isnan(places[0] + places[1])
        if match.category is not None and not one_answer(document):
            known &= selected % len(document.categories) == match.category
        return places[0][known], places[1][known]

    def _region(self, of: Standing) -> Region | None:
        """Return what was drawn if the rows in it are those selected, and it is still the same plane."""
        drawn = self._selected
        if drawn is None or drawn.of is not of or drawn.elements is not self.session.view.selected:
            return None
        return drawn.region

    # The hand

    def _choose_lasso(self, lasso: bool) -> None:
        self.plane.lasso = lasso

    def _pick(self, at: int | tuple[int, int]) -> None:
        """Select the row of a dot, or list those of a cell."""
        cloud = self.duels.cloud()
        if cloud is None:
            return
        if isinstance(at, int):
            self._select_dot(cloud, at)
        else:
            across, up = at
            self._search(cloud.standing.match, lambda pairs: in_cell(cloud, pairs.losses, across, up), self._show)

    def _select_dot(self, cloud: Cloud, dot: int) -> None:
        element = int(cloud.elements[dot])
        self.session.look(selected=np.array([element]), current=element)

    def _draw(self, region: Region) -> None:
        cloud, before = self.duels.cloud(), self.session.view.selected
        if cloud is None:
            return
        points, axis = region.points, cloud.axis
        (left, bottom), (right, top) = points.min(axis=0).tolist(), points.max(axis=0).tolist()

        def inside(pairs: Pairs) -> Chosen:
            if region.box:
                return in_box(axis, pairs.losses, (left, right, bottom, top))
            return in_loop(axis, pairs.losses, points)

        def use(elements: Rows) -> None:
            self._selected = _Selected(region, cloud.standing, elements)
            self._show(elements)

        self._search(cloud.standing.match, inside, use, before if region.adding else None)

    def _list(self, outcome: Outcome) -> None:
        match = self.duels.match
        if match is not None:
            self._search(match, lambda pairs: outcome_of(pairs, outcome), self._show)

    def _search(
        self,
        match: Match,
        chosen: Callable[[Pairs], Chosen],
        use: Callable[[Rows], None],
        more: Rows | range | None = None,
    ) -> None:
        def search(stopped: Stopped, report: Report) -> Rows:
            found = match.where(chosen, stopped, report)
            return found if more is None else joined(more, found)

        self.session.find(search, use)

    def _show(self, elements: Rows) -> None:
        current = int(elements[0]) if len(elements) else None
        self.session.look(selected=elements, current=current, shown=Shown.SELECTED)

    def _step(self, step: int) -> None:
        """Go to the row next in how far its losses are apart."""
        cloud = self.duels.cloud()
        if cloud is None or not len(cloud.elements):
            return
        one, other = cloud.losses
        apart = np.subtract(other, one, out=np.zeros(len(one)), where=one != other)
        order = np.argsort(apart, kind="stable")
        at = np.flatnonzero(cloud.elements[order] == self.session.view.current)
        last = len(order) - 1
        place = min(max(int(at[0]) + step, 0), last) if len(at) else (0 if step > 0 else last)
        self._select_dot(cloud, int(order[place]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() > BESIDE * self.height()
        self._body.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        room = self.width() - self.look.theme.px(LEAST) - 2 * EDGE - APART
        most = min(room, self.height()) if beside else UNLIMITED
        self.plane.setMaximumWidth(max(most, self.plane.minimumSizeHint().width()))
