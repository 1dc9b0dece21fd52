"""A card for each model: its loss, how often it is right, and in which of these it is best."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from xentviz.core import metrics
from xentviz.core.confusion import decided
from xentviz.core.document import Change, LossReduction, Model
from xentviz.core.evaluation import ModelResults, Results
from xentviz.core.told import one_answer
from xentviz.session.session import Session
from xentviz.session.view import Shown, View
from xentviz.ui.numbers import UNDEFINED, count_text, loss_text, ratio_text, share_text
from xentviz.ui.panels.card_words import card_words, no_model_words
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.dot import Dot
from xentviz.ui.widgets.labels import SteadyLabel, label, plain_tip, set_tone
from xentviz.ui.widgets.name_editor import NameEditor
from xentviz.ui.words import counted_rows, cut


class Figure(NamedTuple):
    """A number to compare, None if undefined, and how it is shown."""

    value: float | None
    shown: str


class Standing(NamedTuple):
    """What a card compares: smaller loss, larger accuracy and F1 are better."""

    loss: Figure
    accuracy: Figure
    f1: Figure


class Scoreboard(Panel):
    """The row of cards."""

    shows = ~Change.ROW_NAMES

    menu_wanted = Signal(object)
    name_left = Signal()

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.setObjectName("scoreboard")
        self._cards: list[ModelCard] = []
        self._scarce: tuple[object, ...] = ()
        self._empty = label()
        inside = QWidget()
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)
        self._row.addWidget(self._empty)
        self._row.addStretch(0)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setWidget(inside)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        session.ahead.append(count_ahead)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    @property
    def cards(self) -> Sequence["ModelCard"]:
        """The cards, in the order of the models."""
        return self._cards

    @property
    def share(self) -> float:
        """How wide a card is if none is cut off, before scaling."""
        return self.width() / self.look.theme.scale / max(1, len(self.session.document.models))

    def refresh(self) -> None:
        models = self.session.document.models
        while len(self._cards) > len(models):
            card = self._cards.pop()
            card.name_editor.give_up()
            card.hide()
            card.deleteLater()
        while len(self._cards) < len(models):
            self._add_card()
        self._empty.setText(no_model_words(self.session.document))
        self._empty.setVisible(not models)
        room = (self.width(), self.roomy, self.look.theme.name, tuple(model.name for model in models))
        self._show_models(models, brief=room == self._scarce)
        if room != self._scarce and self._wanted_width > self.width():
            self._scarce = room  # and stays so while words come and go in a drag
            self._show_models(models, brief=True)
        self.setFixedHeight(self._height())

    def _show_models(self, models: Sequence[Model], *, brief: bool) -> None:
        """Show what there is to say of each model, or only as much as lets more cards be seen at once."""
        for card in self._cards:
            card.set_compact(not self.roomy, crowded=len(models) > (2 if self.wide else 1), brief=brief)
            card.setMaximumWidth(self.look.theme.px(520) if len(models) == 1 else 16_777_215)
        standings = [self._standing(m) for m in range(len(models))]
        for m, card in enumerate(self._cards):
            card.show_model(models[m], self.session.looked_at(m), standings[m], self._verdict(m, standings))

    def rename(self, model: int) -> None:
        """Let the person type a new name for a model, in its card."""
        self._cards[model].edit_name()

    def _add_card(self) -> None:
        card = ModelCard(len(self._cards), self)
        card.menu_wanted.connect(self.menu_wanted)
        card.name_editor.left.connect(self.name_left)
        self._cards.append(card)
        self._row.insertWidget(len(self._cards) - 1, card, 1)

    @property
    def _wanted_width(self) -> int:
        return sum(card.minimumSizeHint().width() for card in self._cards) + 10 * (len(self._cards) - 1)

    def _height(self) -> int:
        """The same whatever the cards say, so that nothing below them jumps."""
        px = self.look.theme.px
        if not self._cards:
            return px(40)
        bar = self._scroll.horizontalScrollBar().sizeHint().height() if self._wanted_width > self.width() else 0
        return (px(66) + 24 if self.roomy else px(30) + 8) + bar

    def _standing(self, model: int) -> Standing:
        numbers, counts = self.session.looked_at(model), self.session.counts_looked_at(model)
        if numbers is None or counts is None:
            accuracy = f1 = None
        elif one_answer(self.session.document) and self.session.view.category is None:
            accuracy, f1 = decided(counts).accuracy, metrics.macro(metrics.f1, counts)
        else:
            pooled = metrics.pooled(counts)
            accuracy, f1 = metrics.accuracy(pooled), metrics.f1(pooled)
        return Standing(self._loss(numbers), Figure(accuracy, share_text(accuracy)), Figure(f1, ratio_text(f1)))

    def _loss(self, numbers: ModelResults | None) -> Figure:
        """Return the mean loss, which is compared even where the sum is shown: models may lack different rows."""
        if numbers is None or not numbers.known:
            return Figure(None, UNDEFINED)
        settings = self.session.document.settings
        reduced = numbers.sum_loss if settings.reduction is LossReduction.SUM else numbers.mean_loss
        return Figure(numbers.mean_loss, loss_text(None if reduced is None else reduced * settings.unit.per_nat))

    def _verdict(self, model: int, standings: Sequence[Standing]) -> str:
        if len(standings) < 2:
            return ""
        mine = standings[model]
        words = []
        if _is_best(mine.loss, [s.loss for s in standings], min):
            words.append(self.tr("lowest loss"))
        if _is_best(mine.accuracy, [s.accuracy for s in standings], max):
            words.append(self.tr("highest accuracy"))
        if _is_best(mine.f1, [s.f1 for s in standings], max):
            words.append(self.tr("highest F1"))
        return "\n".join(words if self.roomy else words[:1])


def count_ahead(view: View, results: Results) -> None:
    """Add up what the cards will show of new results, which keep it, so that drawing finds it done."""
    category = view.within(results.document).category
    for numbers in results.models:
        shown = numbers if category is None else numbers.only(category)
        _ = shown.mean_loss, shown.finite_mean, shown.infinite_rows, shown.largest_loss, shown.soft_labels
        if not one_answer(results.document):
            numbers.counts_of_all(np.full(numbers.categories, results.document.threshold(0)))


def _is_best(figure: Figure, figures: Sequence[Figure], best: Callable[[Sequence[float]], float]) -> bool:
    """Return whether a number is the best as far as is shown; where all are shown alike there is no best."""
    shown = {f.value: f.shown for f in figures if f.value is not None}
    return figure.value is not None and len(set(shown.values())) > 1 and figure.shown == shown[best(list(shown))]


class ModelCard(QFrame):
    """The card of one model; a click chooses it, a double-click on it renames it."""

    menu_wanted = Signal(object)

    def __init__(self, index: int, board: Scoreboard) -> None:
        super().__init__(board)
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.index, self._board, self._session = index, board, board.session
        self._dot = Dot(self)
        self.name = label(bold=True, parent=self)
        self.name_editor = NameEditor(self.name)
        self._old_name = ""
        self._longest_name, self._brief = 40, False
        self._shape: tuple[bool, bool, bool, bool] | None = None
        self.name_editor.accepted.connect(self._rename)
        self.loss, self.unit = label(size="figure"), label(size="small")
        self.accuracy, self.f1 = SteadyLabel("heading"), SteadyLabel("heading")
        self.verdict, self.infinite = label(), label()
        set_tone(self.verdict, "tone", "good")
        set_tone(self.infinite, "tone", "alert")
        self._lay_out()

    def _lay_out(self) -> None:
        self._figures = figures = QHBoxLayout()
        figures.setSpacing(6)
        figures.addWidget(self.loss, 0, Qt.AlignmentFlag.AlignBottom)
        figures.addWidget(self.unit, 0, Qt.AlignmentFlag.AlignBottom)
        figures.addSpacing(18)
        self._columns: list[QBoxLayout] = []
        self._f1_title = label(self.tr("F1 at T"), "small")
        self._accuracy_title = label(self.tr("accuracy"), "small")
        titles = (self._accuracy_title, self._f1_title)
        for title, figure in zip(titles, (self.accuracy, self.f1), strict=True):
            column = QBoxLayout(QBoxLayout.Direction.TopToBottom)
            column.setSpacing(0)
            column.addWidget(title)
            column.addWidget(figure)
            self._columns.append(column)
            figures.addLayout(column)
        figures.addStretch(1)
        remarks = QVBoxLayout()
        remarks.setSpacing(0)
        remarks.addStretch(1)
        for remark in (self.verdict, self.infinite):
            remark.setAlignment(Qt.AlignmentFlag.AlignRight)
            remarks.addWidget(remark)
        figures.addLayout(remarks)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._dot)
        top.addWidget(self.name, 1)
        top.addWidget(self.name_editor, 1)
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.addLayout(top)
        self._layout.addLayout(figures)

    def set_compact(self, compact: bool, *, crowded: bool, brief: bool = False) -> None:
        """Stand in one line, without what a low window has no room for, the less if there are several cards.

        To be ``brief`` is to do without what the tool tips say as well.
        """
        shape = (compact, crowded, brief, self._board.share >= 450)
        if shape == self._shape:
            return  # even the same spacing as before would have the whole window laid out
        self._shape, self._brief = shape, brief
        direction = QBoxLayout.Direction
        whole = direction.LeftToRight if compact else direction.TopToBottom
        if self._layout.direction() != whole:
            self._layout.setDirection(whole)
            for figure in (self.loss, self.unit):
                level = Qt.AlignmentFlag.AlignVCenter if compact else Qt.AlignmentFlag.AlignBottom
                self._figures.setAlignment(figure, level)
        edge = 2 if compact else 10
        self._layout.setContentsMargins(14, edge, 14, edge)
        self._layout.setSpacing(10 if compact else 4)
        for column in self._columns:
            column.setDirection(direction.LeftToRight if compact else direction.TopToBottom)
            column.setSpacing(4 if compact else 0)
            column.setContentsMargins(0, 0, 0 if compact and crowded else 12, 0)
        set_tone(self.loss, "type", "heading" if compact else "figure")
        self._longest_name = 40 if not (compact and crowded) else 14 if self._board.share >= 450 else 10
        for widget in (self.unit, self._f1_title, self.f1):
            widget.setVisible(not (compact and crowded))
        for widget in (self._accuracy_title, self.verdict):
            widget.setVisible(not (compact and brief))

    def show_model(self, model: Model, numbers: ModelResults | None, standing: Standing, verdict: str) -> None:
        """Show a model's numbers."""
        if model.name != self._old_name:
            self.name_editor.give_up()
        worn, document = self._board.look.theme, self._session.document
        self._dot.set_colour(worn.model(self.index), worn.px(10))
        self.name.setText(cut(model.name, self._longest_name))
        self.name.setToolTip(plain_tip(model.name))
        self.setAccessibleName(model.name)
        settings = document.settings
        total = settings.reduction is LossReduction.SUM
        self.loss.setText(standing.loss.shown)
        words = card_words(document, self._session.view.category)
        unit = self.tr("{unit} in all") if total else words.unit
        self.unit.setText(unit.format(unit=settings.unit.value) if self._board.roomy else settings.unit.value)
        self.loss.setToolTip(self._loss_tip(numbers, words.loss_tip))
        self._accuracy_title.setText(words.accuracy)
        self._f1_title.setText(words.f1)
        self.accuracy.setText(standing.accuracy.shown)
        self.accuracy.setToolTip(
            words.accuracy_tip
            if standing.accuracy.value is not None
            else self.tr("Not defined: no row has both a label and a score.")
        )
        self.f1.setText(standing.f1.shown)
        self.f1.setToolTip(
            words.f1_tip
            if standing.f1.value is not None
            else self.tr("Not defined: nothing is yes, and nothing is said to be.")
        )
        self.verdict.setText(verdict)
        self._show_infinite(numbers)
        set_tone(self, "chosen", self.index == self._session.view.model)
        self._layout.activate()  # so that the board measures these words, not those before

    def _loss_tip(self, numbers: ModelResults | None, pattern: str) -> str:
        if numbers is None or not numbers.known:
            return self.tr("Not defined: no row has both a label and a score.")
        return pattern.format(count=count_text(numbers.known))

    def _show_infinite(self, numbers: ModelResults | None) -> None:
        found = numbers.infinite_rows if numbers is not None else 0
        self.infinite.setVisible(found > 0 and (self._board.roomy or not self._brief))
        if numbers is None or not found:
            return
        settings = self._session.document.settings
        without = numbers.finite_sum if settings.reduction is LossReduction.SUM else numbers.finite_mean
        rest = loss_text(None if without is None else without * settings.unit.per_nat)
        roomy = self._board.roomy
        words = self.tr("∞ in {rows} · {rest} without") if roomy and not self._brief else self.tr("∞ in {rows}")
        self.infinite.setText(words.format(rows=counted_rows(found), rest=rest))
        why = self.tr("There the model was certain and wrong: ln 0 is −∞. Click to list these rows.")
        finite = self.tr("Without them the loss is {rest}.").format(rest=rest)
        self.infinite.setToolTip(f"{why} {finite}")
        if self.infinite.isHidden():
            self.loss.setToolTip(f"{self.loss.toolTip()} {self.infinite.text()}. {finite}")

    def edit_name(self) -> None:
        """Let the person type a new name."""
        self._old_name = self._session.document.models[self.index].name
        self.name_editor.begin(self._old_name)

    def _rename(self, name: str) -> None:
        models = self._session.document.models
        if self.index < len(models) and models[self.index].name == self._old_name:
            self._session.edit(lambda document: document.with_model_renamed(self.index, name), self.tr("Rename model"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._session.look(model=self.index)
        if self.infinite.isVisible() and self.infinite.geometry().contains(event.position().toPoint()):
            self._session.look(shown=Shown.INFINITE)
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.edit_name()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._session.look(model=self.index)
        elif event.key() == Qt.Key.Key_F2:
            self.edit_name()
        elif event.key() == Qt.Key.Key_Menu:
            self.menu_wanted.emit(self.mapToGlobal(QPoint(20, self.height() // 2)))
        else:
            super().keyPressEvent(event)
