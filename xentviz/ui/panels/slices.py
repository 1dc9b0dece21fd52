"""Where models are good and bad: losses and hits of every model in slices of the rows."""

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.document import Change
from xentviz.core.slices import Hits
from xentviz.session.comparing import Slicing
from xentviz.session.session import Session
from xentviz.session.slice_numbers import LossErrors, SliceNumbers
from xentviz.session.slice_session import OneSlice
from xentviz.session.slices import Sliced
from xentviz.session.slices import Slices as SlicesPart
from xentviz.ui.numbers import count_text, loss_text, ratio_text, share_text
from xentviz.ui.panels.card_words import no_model_words
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.slice_words import (
    Striking,
    alike,
    chosen_of,
    difference_text,
    divided_by,
    explanation,
    hand_words,
    orders,
    size_text,
    slice_name,
    slicings,
    surest,
    the_same_everywhere,
    undivided,
    verdict,
)
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import SteadyLabel, label, plain_tip
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.slice_list import Interval, Line, Slice, SliceList, Slices
from xentviz.ui.words import OR_SHORTER, cut, nothing_known

WAITING = "…"
NARROW = 3.0
"""The axis of losses ends at the largest mean, or up to so many times as far out where an interval does."""


class SlicesPanel(Panel):
    """Slices one below the other; a click on one selects its rows."""

    shows = ~Change.ROW_NAMES
    turns_later = 4

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session.whole, look, parent)  # where one slice is looked at too, others can be chosen
        self._part, self._one = self.session.part(SlicesPart), self.session.part(OneSlice)
        self._numbers = self.session.part(SliceNumbers)
        self.slicing, self.order = QComboBox(), QComboBox()
        self.slicing.setAccessibleName(self.tr("What rows are divided by"))
        self.slicing.setToolTip(self.tr("What rows are divided by; scores are those of the chosen model"))
        self.slicing.activated.connect(self._divide)
        self.order.setAccessibleName(self.tr("The order of the slices"))
        self.order.setToolTip(self.tr("The order of the slices"))
        self.order.addItems([text for _, text in orders()])
        self.order.activated.connect(self._sort)
        self.title = PanelTitle(self.tr("Slices"), explanation(), self.slicing, self.order)
        self.verdict, self._empty, self.list = SteadyLabel("small"), label(size="small"), SliceList(look)
        self.verdict.setWordWrap(True)
        self._empty.setWordWrap(True)
        self.list.setAccessibleName(self.tr("Slices"))
        self.list.picked.connect(self._pick)
        self.list.opened.connect(self._open)
        self._shown: tuple[Sliced, Rows] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        for widget in (self.title, self.verdict, self._empty):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)
        self._part.changed.connect(self.mark_stale_in_turn)
        self._numbers.means.changed.connect(self.mark_stale_in_turn)

    # Drawing

    def refresh(self) -> None:
        session = self.session
        document, comparing = session.document, session.view.comparing
        with QSignalBlocker(self.slicing), QSignalBlocker(self.order):
            self._show_choices()
            self.order.setCurrentIndex([order for order, _ in orders()].index(comparing.slice_order))
        reason = nothing_known() if session.nothing_known else ""
        if not document.models:
            reason = no_model_words(document)
        for widget in (self.verdict, self.list, self.slicing, self.order):
            widget.setVisible(not reason)
        self._empty.setVisible(bool(reason))
        self._empty.setText(reason)
        if reason:
            return
        sliced = self._part.losses.wanted()
        if sliced is not None:
            self._show(sliced)

    def _show_choices(self) -> None:
        document, comparing, slicing = self.session.document, self.session.view.comparing, self._part.slicing
        choices, unfit = slicings(document), undivided(document)
        texts = [*(choice.text for choice in choices), *(text for text, _why in unfit)]
        if [self.slicing.itemText(place) for place in range(self.slicing.count())] != texts:
            self._offer([choice.text for choice in choices], unfit)
        listed = self.slicing.view()  # which would be as narrow as the box is in a narrow panel, and cut reasons short
        listed.setMinimumWidth(listed.sizeHintForColumn(0) + 2 * listed.frameWidth())
        self.slicing.setCurrentIndex(choices.index(chosen_of(choices, comparing, slicing)))

    def _offer(self, texts: list[str], unfit: list[tuple[str, str]]) -> None:
        """List what rows can be divided by, and as lines that cannot be chosen the columns they cannot."""
        self.slicing.clear()
        self.slicing.addItems(texts)
        model = self.slicing.model()
        assert isinstance(model, QStandardItemModel), "as every such box has"
        for text, why in unfit:
            line = QStandardItem(text)
            line.setEnabled(False)
            line.setToolTip(plain_tip(why))
            model.appendRow(line)

    def _show(self, sliced: Sliced) -> None:
        session = self.session
        ranks = sliced.ordered(session.view.comparing.slice_order)
        self._shown = (sliced, ranks)
        picked = self._part.picked(sliced)
        chosen = None if picked is None else int(np.flatnonzero(ranks == picked)[0])
        errors = self._numbers.loss_errors(sliced)
        self.list.show_slices(self._drawn(sliced, ranks, errors), chosen, self._one.among(sliced, ranks))
        words = self._verdict(sliced, errors)
        self.verdict.setText(words)
        self.verdict.setVisible(bool(words))

    def _drawn(self, sliced: Sliced, ranks: Rows, errors: LossErrors) -> Slices:
        unit = self.session.document.settings.unit
        names = self._part.names(sliced)
        figures = _figures(sliced, self._part.hits_of(sliced), errors, unit.per_nat)
        most, ticks = _axis(figures)
        least = _least_accuracy(figures)
        loss_heads = self.tr("mean loss, 0 to {most} {unit}"), self.tr("loss, 0 to {most}")
        accuracy = self.tr("accuracy, {least} to 100 %").format(least=round(100 * least))
        return Slices(
            count=len(ranks),
            slice=lambda place: self._slice(sliced, figures, least, int(ranks[place])),
            models=[(name, self.look.theme.model(model)) for model, name in enumerate(names)],
            most_loss=most,
            loss_ticks=ticks,
            heads=(
                divided_by(sliced, names),
                OR_SHORTER.join(words.format(most=f"{most:.3g}", unit=unit.value) for words in loss_heads),
                accuracy,
                # Of one label alone F1 says no more than recall, or nothing.
                self.tr("F1") if sliced.looked.yes_or_no and sliced.slicing is not Slicing.LABEL else "",
                "" if sliced.pair is None else self.tr("{other} − {one}"),
            ),
            pair=("", "") if sliced.pair is None else (names[sliced.pair[0]], names[sliced.pair[1]]),
        )  # fmt: skip

    def _slice(self, sliced: Sliced, figures: "_Figures", least: float, part: int) -> Slice:
        sizes = sliced.losses.sizes
        low, mean, high = figures.difference[part].tolist()
        lines = [self._line(figures, model, part, least) for model in range(len(sliced.losses.models))]
        said = [
            self.tr("{model}: loss {loss}, {accuracy} right, of {count}").format(
                model=cut(name), loss=line.loss_text, accuracy=line.accuracy_text,
                count=count_text(int(sliced.losses.models[model].total[part])),
            )
            for model, (name, line) in enumerate(zip(self._part.names(sliced), lines, strict=True))
        ]  # fmt: skip
        title = f"{slice_name(sliced, part)}: {size_text(sliced, part)}"
        return Slice(
            name=slice_name(sliced, part),
            size=size_text(sliced, part),
            share=float(sizes[part] / max(1, int(sizes.max(initial=0)))),
            lines=lines,
            difference="" if sliced.pair is None else difference_text(low, mean, high),
            settled=low < high and not low <= 0 <= high,
            tip="\n".join([title, *said, *hand_words(self._one.stands_alone(sliced, part), part == self._one.number)]),
        )

    def _line(self, figures: "_Figures", model: int, part: int, least: float) -> Line:
        mean, (least_loss, most_loss) = float(figures.losses[model, part]), figures.ends[model, part].tolist()
        accuracy, f1 = float(figures.accuracies[model, part]), float(figures.f1[model, part])
        low, high = figures.intervals[model, part].tolist()
        place, left, right = ((value - least) / (1 - least) for value in (accuracy, low, high))
        return Line(
            colour=self.look.theme.model(model),
            loss=Interval(least_loss, mean, most_loss),
            loss_text=loss_text(mean),
            accuracy=Interval(left, place, right),
            accuracy_text=share_text(None if math.isnan(accuracy) else accuracy) if figures.counted else WAITING,
            f1_text=ratio_text(None if math.isnan(f1) else f1) if figures.counted else WAITING,
        )

    def _verdict(self, sliced: Sliced, errors: LossErrors) -> str:
        """Say in which slice the rival differs most: of those where it is not luck, if there are any."""
        found, pair = sliced.losses.difference, sliced.pair
        if found is None or pair is None:
            return ""
        names = self._part.names(sliced)
        called = (cut(names[pair[0]]), cut(names[pair[1]]))
        means, halves = found.means, found.half_widths(among=max(1, int((found.total > 0).sum())))
        apart = np.nan_to_num(np.abs(means), posinf=np.inf)
        if not found.total.any():
            return ""
        if not apart.any():
            return alike(called)
        unit = self.session.document.settings.unit
        if found.are_the_same:
            return the_same_everywhere(called[1], float(means[int(np.argmax(found.counts))]), unit)

        def told(part: int) -> Striking:
            low, _mean, high = errors.difference[part].tolist()
            interval = None if math.isnan(low + high) else (low, high)
            return Striking(cut(slice_name(sliced, part), 40), float(means[part]), interval, float(halves[part]))

        largest = told(int(np.argmax(apart)))
        words = verdict(called, largest, unit, int((found.total > 0).sum()))
        sure = np.divide(apart, halves, out=np.zeros(len(apart)), where=(apart > halves) & (halves > 0))
        most_sure = told(int(np.argmax(sure)))
        if math.isinf(largest.mean) or largest.is_sure or not most_sure.is_sure:
            return words
        return f"{words} {surest(most_sure, unit)}"

    # The hand

    def _divide(self, place: int) -> None:
        chosen = slicings(self.session.document)[place]
        self.session.compare(slicing=chosen.slicing, equal_slices=chosen.equal, column=chosen.column, only=None)

    def _sort(self, place: int) -> None:
        self.session.compare(slice_order=orders()[place][0])

    def _pick(self, place: int) -> None:
        if self._shown is not None:
            sliced, ranks = self._shown
            self._part.pick(sliced, int(ranks[place]))

    def _open(self, place: int) -> None:
        if self._shown is not None:
            sliced, ranks = self._shown
            self._one.turn_to(sliced, int(ranks[place]))


@dataclass(frozen=True, eq=False)
class _Figures:
    """All that is shown of models and slices, in the document's unit, shape (models, slices); nan if not known.

    ``ends`` of the losses' intervals and ``intervals`` of accuracies are of shape (models, slices, 2); ``reach`` is how
    far losses' intervals go by theory, which is known at once; ``difference``, of shape (slices, 3), is the mean
    between the ends of its interval; ``counted`` says whether decisions have been.
    """

    losses: Floats
    ends: Floats
    reach: Floats
    accuracies: Floats
    intervals: Floats
    f1: Floats
    difference: Floats
    counted: bool


def _figures(sliced: Sliced, hits: tuple[Hits, ...] | None, errors: LossErrors, per_nat: float) -> _Figures:
    count, of_models = sliced.division.slices, sliced.losses.models
    shape = (len(of_models), count)
    unknown = np.full(shape, np.nan)
    return _Figures(
        losses=np.array([of.means for of in of_models]).reshape(shape) * per_nat,
        ends=errors.ends * per_nat,
        reach=np.array([of.half_widths() for of in of_models]).reshape(shape) * per_nat,
        accuracies=unknown if hits is None else np.array([of.accuracy for of in hits]),
        intervals=np.full((*shape, 2), np.nan) if hits is None else np.array([of.intervals for of in hits]),
        f1=unknown if hits is None else np.array([of.f1 for of in hits]),
        difference=errors.difference * per_nat,
        counted=hits is not None,
    )


def _axis(figures: _Figures) -> tuple[float, list[float]]:
    """Return where the axis of losses ends, and its ticks."""
    known = np.isfinite(figures.losses)
    means, ends = figures.losses[known], (figures.losses + np.nan_to_num(figures.reach))[known]
    most = min(float(ends.max(initial=0.0)), NARROW * float(means.max(initial=0.0)))
    if not 0 < most < 1e300:
        return 1.0, [0.0, 1.0]
    step = 10.0 ** math.floor(math.log10(most))
    step = next(size for size in (step / 5, step / 2, step, 2 * step) if most / size <= 5)
    ticks = math.ceil(most / step - 1e-9)
    return ticks * step, [tick * step for tick in range(ticks + 1)]


def _least_accuracy(figures: _Figures) -> float:
    """Return where the axis of accuracy begins: at a tenth below all intervals, or at 0."""
    known = figures.intervals[~np.isnan(figures.intervals)]
    return max(0, math.floor(10 * float(known.min(initial=1.0)) - 1e-9)) / 10 if len(known) else 0.0
