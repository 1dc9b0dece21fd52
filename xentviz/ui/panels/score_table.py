"""The scoreboard as a table: every model's numbers with their intervals, and a verdict on each against one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from xentviz.core.document import Change
from xentviz.core.intervals import Estimate
from xentviz.core.told import one_answer, several_answers
from xentviz.session.scores import AVERAGE_PRECISION, BRIER, ECE, KEYS, LOSS, LOWER_IS_BETTER, ROC_AUC, Scores
from xentviz.session.session import Session
from xentviz.ui.numbers import UNDEFINED, loss_text
from xentviz.ui.panels.card_words import no_model_words
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.score_words import (
    cell_tip,
    head_words,
    interval_words,
    loss_verdict,
    short,
    short_verdict,
    value_words,
)
from xentviz.ui.panels.slice_choice import SliceChoice
from xentviz.ui.theme import Look
from xentviz.ui.widgets.dot import Dot
from xentviz.ui.widgets.labels import SteadyLabel, label, plain_tip, set_tone
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.score_grid import ScoreCell, ScoreGrid, ScoreHead, ScoreRow
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.words import counted_answers, counted_rows, cut, nothing_known, second_model

SHOWN_AT_FIRST = (LOSS, "accuracy", BRIER, ECE, ROC_AUC, AVERAGE_PRECISION, "f1")
PENDING = "…"

UNLIMITED = 1 << 20
"""Higher than any panel."""


@dataclass(frozen=True)
class _Score:
    """A number of one model as it is known and shown."""

    estimate: Estimate
    shown: str
    pending: bool


class _Sentences(QScrollArea):
    """Lines that are scrolled where there is no room for all of them; one can be seen at least."""

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._line: QWidget | None = None
        self._inside = QWidget()
        self.lines = QGridLayout(self._inside)
        self.setWidget(self._inside)

    def keep_to(self, room: int) -> None:
        """Take no more than this room, in whole lines, and one at least."""
        line = self.fontMetrics().height() + self.lines.verticalSpacing()
        height = max(1, (room + self.lines.verticalSpacing()) // line) * line
        if self.maximumHeight() != height:
            self.setMaximumHeight(height)

    def show_line(self, line: QWidget) -> None:
        """Scroll to a line if it is another one than before."""
        if line is not self._line:
            self._line = line
            self.ensureWidgetVisible(line, 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._line is not None:
            self.ensureWidgetVisible(self._line, 0, 0)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        high = self.lines.heightForWidth(self.width())
        return QSize(super().sizeHint().width(), high if high >= 0 else self.lines.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self.sizeHint().height(), self.fontMetrics().height() + 4))


class ScoreTablePanel(Panel):
    """Models × numbers; a click on a model chooses it, on a heading sorts."""

    shows = ~Change.ROW_NAMES
    turns_later = 1

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.scores = session.part(Scores)
        self.reference = QComboBox()
        self.reference.setAccessibleName(self.tr("The model that others are compared with"))
        self.reference.setToolTip(self.tr("The model that others are compared with"))
        self.choice = tool_button(self.tr("columns ▾"), self.tr("Which numbers are shown"))
        self.choice.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.choice.setMenu(QMenu(self.choice))
        self.slice = SliceChoice(session)
        choices = (self.slice, self.reference, self.choice)
        self.title = PanelTitle(self.tr("Scores"), self._explanation(), *choices, parent=self)
        self.grid = ScoreGrid(look, self.tr("best"))
        self.grid.setAccessibleName(self.tr("Scores"))
        self._empty = label(parent=self)
        self._empty.setWordWrap(True)
        self._verdicts: list[tuple[Dot, SteadyLabel]] = []
        self._sentences = _Sentences()
        self._verdict_grid = self._sentences.lines
        self.room = UNLIMITED
        self._menu = QMenu(self)
        self._compare_with = QAction(self)
        self._menu.addAction(self._compare_with)
        self._lay_out()
        self._connect()

    @property
    def _shown_keys(self) -> list[str]:
        """The numbers that are shown: those chosen, or the usual ones where none of these is chosen."""
        chosen = [key for key in KEYS if key in self.session.view.comparing.columns]
        return chosen or list(SHOWN_AT_FIRST)

    @property
    def order(self) -> tuple[str, bool] | None:
        """The number that orders the models, and whether the best is on top; None as they are in the document."""
        comparing = self.session.view.comparing
        return (comparing.ordered_by, comparing.best_first) if comparing.ordered_by in KEYS else None

    def _explanation(self) -> str:
        return self.tr(
            "Each number is worked out on the rows you have; of other rows of the same kind it would be a little "
            "different. The interval below it says by how much: it is made so that in 95 of 100 such samples it holds "
            "the number of all rows there could be. “best” marks the best as far as is shown, and does not mean that "
            "the lead is more than luck.\n\n"
            "Whether it is, the sentences below tell: models are compared row by row on the same rows, which tells "
            "far more than whether two intervals overlap. “Not luck” means that the 95 % interval of the difference "
            "leaves out 0; “cannot tell” does not mean equal, only that these rows do not settle it.\n\n"
            "ECE is a sum of sizes, and so chance alone raises it; its tool tip says what a model whose every "
            "probability comes true would get. Choose columns from the menu, click a heading to sort, drag it to "
            "another place; click a model to look at it, and compare others with it by a right click."
        )

    def _lay_out(self) -> None:
        self._verdict_grid.setContentsMargins(0, 0, 0, 0)
        self._verdict_grid.setHorizontalSpacing(8)
        self._verdict_grid.setVerticalSpacing(2)
        self._verdict_grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self._empty)
        layout.addWidget(self.grid)
        layout.addWidget(self._sentences)
        layout.addStretch(1)
        self.grid.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def _connect(self) -> None:
        self.scores.changed.connect(self.mark_stale_in_turn)
        self.session.decisions.changed.connect(self.mark_stale_in_turn)
        self.reference.activated.connect(self._take_reference)
        self.choice.menu().aboutToShow.connect(self._list_columns)
        self.choice.menu().triggered.connect(self._choose_column)
        self.grid.picked.connect(self._pick)
        self.grid.asked_order.connect(self._order_by)
        self.grid.placed.connect(self._keep_places)
        self.grid.menu_wanted.connect(self._open_menu)
        self._compare_with.triggered.connect(self._compare_with_this)

    # Drawing

    def refresh(self) -> None:
        models = self.session.document.models
        for widget in (self.grid, self.choice):
            widget.setVisible(bool(models))
        self.reference.setVisible(len(models) > 1)
        self._draw_reference()
        self._draw_note()
        if models:
            keys = self._shown_keys
            scores = {key: [self._score(key, m) for m in range(len(models))] for key in keys}
            rows = [self._row(m, keys, scores) for m in self._ordered(scores)]
            self.grid.show_scores(
                [self._head(key) for key in keys],
                rows,
                self.session.view.model,
                self.tr("model"),
                self.session.view.comparing.places,
            )
            height = self.grid.wanted_height()
            if self.grid.maximumHeight() != height:  # setting it lays out anew
                self.grid.setMaximumHeight(height)
                self.grid.updateGeometry()
        self._draw_verdicts()
        self._share_room()
        self._sentences.setVisible(len(models) > 1 and not self.session.nothing_known)
        self.title.number.setText(self._how_many())

    def _how_many(self) -> str:
        """Say of how many rows, or answers, the numbers are, where all are of the same."""
        session, document = self.session, self.session.document
        known = session.looked_at(session.view.model)
        if known is None or (one_answer(document) and not session.of_rows):
            return ""
        several = several_answers(document, session.view.category)
        return counted_answers(known.known) if several else counted_rows(known.known)

    def _draw_reference(self) -> None:
        names = [model.name for model in self.session.document.models]
        pattern = self.tr("against {name}")
        wanted = [pattern.replace("{name}", cut(name, 18)) for name in names]
        with QSignalBlocker(self.reference):
            if wanted != [self.reference.itemText(i) for i in range(self.reference.count())]:
                self.reference.clear()
                self.reference.addItems(wanted)
            self.reference.setCurrentIndex(self.session.reference if names else -1)

    def _draw_note(self) -> None:
        """Say what to do where there are not two models to compare, or nothing by which to."""
        count = len(self.session.document.models)
        if not count:
            text = no_model_words(self.session.document)
        elif self.session.nothing_known:
            text = nothing_known()
        elif count == 1:
            text = second_model()
        else:
            text = ""
        self._empty.setText(text)
        self._empty.setVisible(bool(text))

    def _head(self, key: str) -> ScoreHead:
        title, tip = head_words(key, self.session.document, self.session.view.category)
        if key == LOSS:
            title = self.tr("loss, {unit}").format(unit=self.session.document.settings.unit.value)
        order = 0 if self.order is None or self.order[0] != key else 1 if self._rises(key, self.order[1]) else -1
        return ScoreHead(key, title, tip, order)

    def _score(self, key: str, model: int) -> _Score:
        found = self.scores.estimate(key, model)
        current = self.scores.is_current(key)
        shown = value_words(key, found.value, self.session.document.settings.unit)
        return _Score(found, PENDING if found.value is None and not current else shown, not current)

    def _row(self, model: int, keys: Sequence[str], scores: dict[str, list[_Score]]) -> ScoreRow:
        name = self.session.document.models[model].name
        below = self._below(model) if len(self.session.document.models) > 1 else ""
        cells = tuple(self._cell(key, model, scores[key]) for key in keys)
        return ScoreRow(model, cut(name, 40), below, name[:1000], cells)

    def _below(self, model: int) -> str:
        """Return what stands below a name: its verdict in a word or two."""
        if model == self.session.reference:
            return self.tr("reference")
        found = self.scores.mean(model)
        return "" if found is None or found.gap is None else short_verdict(found.gap)

    def _cell(self, key: str, model: int, scores: Sequence[_Score]) -> ScoreCell:
        mine, unit = scores[model], self.session.document.settings.unit
        title, _ = head_words(key, self.session.document, self.session.view.category)
        if mine.shown == PENDING:
            return ScoreCell(PENDING, "", self.tr("Being worked out"), old=True)
        below = interval_words(key, mine.estimate.interval, unit)
        more = self._more(key, model)
        if key == LOSS and mine.shown == "∞":
            numbers = self.session.looked_at(model)
            rest = None if numbers is None else numbers.finite_mean
            below = self.tr("others {rest}").format(rest=loss_text(None if rest is None else rest * unit.per_nat))
        tip = cell_tip(title, key, mine.estimate, unit, more=more)
        return ScoreCell(mine.shown, below, tip, self._is_best(key, model, scores), old=mine.shown == UNDEFINED)

    def _more(self, key: str, model: int) -> str:
        """Return what else there is to say of a number."""
        if key == ECE:
            found = self.scores.calibration(model)
            if found is not None and found.by_chance is not None:
                words = self.tr("A model whose every probability comes true would get about {value} on as many rows.")
                return words.format(value=f"{found.by_chance:.3f}")
        numbers = self.session.looked_at(model)
        if key == LOSS and numbers is not None and numbers.infinite_rows:
            words = self.tr("Infinite in {rows}, where the model was certain and wrong; the interval is of the others.")
            return words.format(rows=counted_rows(numbers.infinite_rows))
        return ""

    def _is_best(self, key: str, model: int, scores: Sequence[_Score]) -> bool:
        """Return whether a number is the best as far as is shown; where all are shown alike there is no best."""
        known = {score.estimate.value: score.shown for score in scores if score.estimate.value is not None}
        if scores[model].estimate.value is None or len(set(known.values())) < 2:
            return False
        best = min(known) if key in LOWER_IS_BETTER else max(known)
        return scores[model].shown == known[best]

    def _ordered(self, scores: dict[str, list[_Score]]) -> list[int]:
        """Return the models in the order of the document, or of a column: what is not defined last."""
        models = list(range(len(self.session.document.models)))
        if self.order is None or self.order[0] not in scores:
            return models
        key, best_first = self.order
        sign = 1.0 if self._rises(key, best_first) else -1.0
        values = [score.estimate.value for score in scores[key]]
        return sorted(models, key=lambda m: (values[m] is None, sign * (values[m] or 0.0)))

    @staticmethod
    def _rises(key: str, best_first: bool) -> bool:
        """Return whether values rise from line to line."""
        return (key in LOWER_IS_BETTER) == best_first

    def _draw_verdicts(self) -> None:
        others = [m for m in range(len(self.session.document.models)) if m != self.session.reference]
        others = others if len(self.session.document.models) > 1 else []
        while len(self._verdicts) < len(others):
            self._add_verdict()
        worn = self.look.theme
        for place, (dot, words) in enumerate(self._verdicts):
            shown = place < len(others)
            dot.setVisible(shown)
            words.setVisible(shown)
            if shown:
                model = others[place]
                dot.set_colour(worn.model(model), worn.px(8))
                words.setText(self._verdict(model))
                if model == self.session.rival:
                    self._sentences.show_line(words)
                words.setToolTip(plain_tip(self._verdict_tip(model)))
                set_tone(words, "tone", "" if self.scores.means.is_current else "old")

    def _add_verdict(self) -> None:
        dot, words = Dot(), SteadyLabel()
        words.setWordWrap(True)
        row = len(self._verdicts)
        self._verdict_grid.addWidget(dot, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._verdict_grid.addWidget(words, row, 1)
        self._verdicts.append((dot, words))

    def _verdict(self, model: int) -> str:
        names = [short(of.name) for of in self.session.document.models]
        found, reference = self.scores.mean(model), self.session.reference
        if found is None or found.gap is None:
            return PENDING
        infinite = [0 if (n := self.session.looked_at(m)) is None else n.infinite_rows for m in (model, reference)]
        unit = self.session.document.settings.unit
        return loss_verdict(names[model], names[reference], found.gap, (infinite[0], infinite[1]), unit)

    def _verdict_tip(self, model: int) -> str:
        found = self.scores.mean(model)
        if found is None or found.gap is None:
            return self.tr("Being worked out")
        words = self.tr("Row by row against {reference}, over {rows} that both scored; 95 % interval.")
        reference = self.session.document.models[self.session.reference].name
        return words.replace("{rows}", counted_rows(found.gap.rows)).replace("{reference}", cut(reference))

    def take_room(self, height: int) -> None:
        """Be no higher than this, if that is enough for what is seen at least."""
        if height != self.room:
            self.room = height
            self._share_room()
            self.updateGeometry()

    def _share_room(self) -> None:
        """Leave to the sentences what the table does not need."""
        sentences, layout = self._sentences, self.layout()
        assert layout is not None
        others = layout.sizeHint().height() - min(sentences.sizeHint().height(), sentences.maximumHeight())
        sentences.keep_to(self.room - others)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), min(super().sizeHint().height(), self.room))

    @property
    def verdicts(self) -> list[str]:
        """The sentences that are shown."""
        return [words.text() for _, words in self._verdicts if not words.isHidden()]

    # The hand

    def _pick(self, model: int) -> None:
        self.session.look(model=model)

    def _order_by(self, key: str) -> None:
        """Put the best first, then the worst, then the models as they are in the document."""
        if not key or self.order == (key, False):
            self.session.compare(ordered_by="", best_first=True)
        else:
            self.session.compare(ordered_by=key, best_first=self.order != (key, True))

    def _keep_places(self, keys: tuple[str, ...]) -> None:
        self.session.compare(places=keys)

    def _take_reference(self, place: int) -> None:
        self._compare_others_with(place)

    def _compare_others_with(self, model: int) -> None:
        models = self.session.document.models
        if model < len(models):
            self.session.compare(reference=models[model].name)

    def _open_menu(self, model: int, place: QPoint) -> None:
        models = self.session.document.models
        if len(models) < 2 or model >= len(models):
            return
        name = cut(models[model].name).replace("&", "&&")
        self._compare_with.setText(self.tr("Compare others with {name}").replace("{name}", name))
        self._compare_with.setData(model)
        self._menu.popup(place)

    def _compare_with_this(self) -> None:
        self._compare_others_with(int(self._compare_with.data()))

    def _list_columns(self) -> None:
        menu = self.choice.menu()
        menu.clear()
        for key in KEYS:
            title, tip = head_words(key, self.session.document, self.session.view.category)
            action = menu.addAction(title)
            action.setData(key)
            action.setToolTip(plain_tip(tip))
            action.setCheckable(True)
            action.setChecked(key in self._shown_keys)

    def _choose_column(self, action: QAction) -> None:
        chosen = {*self._shown_keys} ^ {action.data()}
        self.session.compare(columns=tuple(key for key in KEYS if key in chosen) or (LOSS,))
