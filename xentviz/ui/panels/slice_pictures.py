"""Slices side by side: each one's number on a common axis, or its curves in a small picture."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QStackedLayout, QVBoxLayout, QWidget

from xentviz.core.calibration import Reliability
from xentviz.core.columns import Rows
from xentviz.core.distributions import Measure
from xentviz.core.document import Change
from xentviz.core.intervals import UNKNOWN
from xentviz.core.levels import Levels
from xentviz.core.small_curves import SmallCurves
from xentviz.session.budgets import Budgets, Spread
from xentviz.session.calibrations import Calibrations
from xentviz.session.derived import Derived
from xentviz.session.listing import same
from xentviz.session.scores import KEYS, Scores
from xentviz.session.session import Session
from xentviz.session.slice_numbers import BySlice, Estimates, SliceNumbers
from xentviz.session.slice_session import OneSlice
from xentviz.session.slices import Sliced
from xentviz.session.slices import Slices as SlicesPart
from xentviz.ui.numbers import loss_text
from xentviz.ui.panels import slice_picture_words as words
from xentviz.ui.panels.card_words import no_model_words
from xentviz.ui.panels.loss_bins import Bins, loss_bins
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.score_words import head_words, value_words
from xentviz.ui.panels.slice_axis import ScoreAxis
from xentviz.ui.panels.slice_picture_words import Drawn
from xentviz.ui.panels.slice_whole import Whole, losses
from xentviz.ui.panels.slice_words import divided_by, hand_words, size_text, slice_name
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import label
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.picture_grid import Grid, PictureGrid, Small, Trace
from xentviz.ui.widgets.slice_list import Interval, Line, Slice, SliceList, Slices
from xentviz.ui.words import cut, nothing_known

MANY = 20
"""Losses whose highest bar is seen whole; that of fewer may end beyond the frame."""

UNIT_TICKS = ((0.0, "0"), (0.5, ""), (1.0, "1"))


class SlicePicturesPanel(Panel):
    """The slices of the panel beside it, in the same order; a click on one selects its rows."""

    shows = ~Change.ROW_NAMES
    turns_later = 5

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session.whole, look, parent)  # as the panel beside it
        self._slices, self._numbers = self.session.part(SlicesPart), self.session.part(SliceNumbers)
        self._one, self._whole = self.session.part(OneSlice), Whole(self.session)
        self.drawn, self.key = QComboBox(), QComboBox()
        self.drawn.addItems([text for _, text in words.drawn_choices()])
        self.drawn.setCurrentIndex([drawn for drawn, _ in words.drawn_choices()].index(Drawn.LOSSES))
        self.drawn.setAccessibleName(self.tr("What is drawn of each slice"))
        self.drawn.setToolTip(self.tr("What is drawn of each slice"))
        self.key.setAccessibleName(self.tr("Which number of the scoreboard"))
        self.key.setToolTip(self.tr("Which number of the scoreboard"))
        self.title = PanelTitle(self.tr("Side by side"), words.explanation(), self.drawn, self.key, parent=self)
        self.forest, self.grid, self.empty = SliceList(look, self), PictureGrid(look, self), label(parent=self)
        self._shown: tuple[Sliced, Rows] | None = None
        self._grid: tuple[tuple[object, ...], Grid | None] = ((), None)
        self._lay_out()
        for part in (self._slices, self._numbers, self.session.part(Scores)):
            part.changed.connect(self.mark_stale_in_turn)
        for whole in (self.session.operating, self.session.part(Calibrations), self.session.part(Budgets)):
            whole.changed.connect(self.mark_stale_in_turn)
        self.drawn.currentIndexChanged.connect(self.mark_stale)
        self.key.currentIndexChanged.connect(self.mark_stale)
        self.forest.picked.connect(self._pick)
        self.grid.picked.connect(self._pick)
        self.forest.opened.connect(self._open)
        self.grid.opened.connect(self._open)

    def _lay_out(self) -> None:
        for widget in (self.forest, self.grid):
            widget.setAccessibleName(self.title.text)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout()
        for page in (self.forest, self.grid, self.empty):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addLayout(self._stack, 1)

    @property
    def _drawn(self) -> Drawn:
        return words.drawn_choices()[self.drawn.currentIndex()][0]

    @property
    def _key(self) -> str:
        return KEYS[max(0, self.key.currentIndex())]

    # Drawing

    def refresh(self) -> None:
        self._name_keys()
        self.key.setVisible(self._drawn is Drawn.SCORE)
        if not self.session.document.models:
            self._show_reason(no_model_words(self.session.document))
        elif self.session.nothing_known:
            self._show_reason(nothing_known())
        elif self._drawn is Drawn.SCORE:
            self._show_forest()
        else:
            self._show_pictures()

    def _name_keys(self) -> None:
        """Call the numbers what they are called on the scoreboard."""
        document, category = self.session.document, self.session.view.category
        titles = [head_words(key, document, category)[0] for key in KEYS]
        if [self.key.itemText(place) for place in range(self.key.count())] != titles:
            with QSignalBlocker(self.key):
                chosen = max(0, self.key.currentIndex())
                self.key.clear()
                self.key.addItems(titles)
                self.key.setCurrentIndex(chosen)

    def _show_reason(self, reason: str) -> None:
        self._shown = None
        self.empty.setText(reason)
        self.title.number.setText("")
        self._stack.setCurrentWidget(self.empty)

    def _show(self, sliced: Sliced) -> tuple[Rows, int | None]:
        """Take slices to be shown; return their order, and which is selected in the table."""
        ranks, picked = sliced.ordered(self.session.view.comparing.slice_order), self._slices.picked(sliced)
        self._shown = (sliced, ranks)
        return ranks, None if picked is None else int(np.flatnonzero(ranks == picked)[0])

    def _models(self, sliced: Sliced) -> list[tuple[str, str]]:
        return [(name, self.look.theme.model(model)) for model, name in enumerate(self._slices.names(sliced))]

    # A number

    def _show_forest(self) -> None:
        found = self._numbers.estimates(self._key)
        if found is None:
            self._show_reason(words.counting())
            return
        sliced, key, unit = found.sliced, self._key, self.session.document.settings.unit
        ranks, chosen = self._show(sliced)
        title, _tip = head_words(key, sliced.looked.document, sliced.looked.category)
        whole = self._values_of_all(sliced)
        axis = ScoreAxis.of(key, found, whole, unit.per_nat)
        models = self._models(sliced)
        self.forest.show_slices(
            Slices(
                count=len(ranks),
                slice=lambda place: self._slice(found, axis, int(ranks[place])),
                models=models,
                most_loss=1.0,
                loss_ticks=[place for place, _ in axis.ticks],
                heads=(
                    divided_by(sliced, self._slices.names(sliced)),
                    words.axis_title(key, title, unit),
                    "", "", "",
                ),
                ticks=axis.ticks,
                whole=[
                    (axis.place(value), models[model][1])
                    for model, value in enumerate(whole) if value is not None and math.isfinite(value)
                ],
            ),
            chosen,
            self._one.among(sliced, ranks),
        )  # fmt: skip
        self._tell_worst(found)
        self._stack.setCurrentWidget(self.forest)

    def _values_of_all(self, sliced: Sliced) -> list[float | None]:
        """Return the models' numbers for all rows."""
        scores = self.session.part(Scores)
        models = range(min(len(sliced.losses.models), len(self.session.document.models)))
        return [scores.estimate(self._key, model).value for model in models]

    def _tell_worst(self, found: BySlice[Estimates]) -> None:
        model, names = self.session.view.model, self._slices.names(found.sliced)
        if model >= len(found.sliced.losses.models):
            return
        values = [of_models[model].get(self._key, UNKNOWN).value for of_models in found.found]
        unit = self.session.document.settings.unit
        told, self.title.number.shorter = words.worst(self._key, names[model], found.sliced, values, unit)
        self.title.number.setText(told)

    def _slice(self, found: BySlice[Estimates], axis: ScoreAxis, part: int) -> Slice:
        sliced, key, unit = found.sliced, self._key, self.session.document.settings.unit
        known, sizes = found.of(part), sliced.losses.sizes
        estimates = [UNKNOWN] * len(sliced.losses.models) if known is None else [of.get(key, UNKNOWN) for of in known]
        title = f"{slice_name(sliced, part)}: {size_text(sliced, part)}"
        said = [
            words.estimate_words(key, name, of, unit)
            for name, of in zip(self._slices.names(sliced), estimates, strict=True)
        ]
        if known is None:
            said = [words.too_many()]
        return Slice(
            name=slice_name(sliced, part),
            size=size_text(sliced, part),
            share=float(sizes[part] / max(1, int(sizes.max(initial=0)))),
            lines=[
                Line(
                    colour=self.look.theme.model(model),
                    loss=axis.interval(estimate),
                    loss_text=value_words(key, estimate.value, unit),
                    accuracy=_NOWHERE,
                    accuracy_text="",
                    f1_text="",
                )
                for model, estimate in enumerate(estimates)
            ],
            difference="",
            settled=False,
            tip="\n".join([title, *said, *self._hand_words(sliced, part)]),
        )

    # Pictures

    def _show_pictures(self) -> None:
        drawn = self._drawn
        of: dict[Drawn, Derived[Any]] = {
            Drawn.RELIABILITY: self._numbers.reliabilities,
            Drawn.ROC: self._numbers.curves,
            Drawn.PRECISION_RECALL: self._numbers.curves,
            Drawn.LOSSES: self._numbers.losses,
        }
        found: BySlice[Any] | None = of[drawn].wanted()
        reason = words.counting() if found is None else words.unfit(drawn, found.sliced)
        if found is None or reason:
            self._show_reason(reason)
            return
        ranks, chosen = self._show(found.sliced)
        session = self.session
        order, unit, model = session.view.comparing.slice_order, session.document.settings.unit, session.view.model
        names = tuple(self._slices.names(found.sliced))
        whole = self._whole.found(drawn, len(found.sliced.losses.models))
        subjects = (drawn, found, order, unit, model, names, self.look.theme, session.view.comparing.bins, *whole)
        if self._grid[1] is None or not same(subjects, self._grid[0]):
            draw = self._losses_grid if drawn is Drawn.LOSSES else self._curves_grid
            grid = draw(found, ranks, whole)
            self._grid = (subjects, grid)
        assert self._grid[1] is not None, "it has just been made"
        self.grid.show_grid(self._grid[1], chosen, self._one.among(found.sliced, ranks))
        self.title.number.setText(self.tr("by {what}").format(what=cut(divided_by(found.sliced, list(names)), 30)))
        self._stack.setCurrentWidget(self.grid)

    def _curves_grid(self, found: BySlice[Any], ranks: Rows, whole: Sequence[Any]) -> Grid:
        drawn, looked, models = self._drawn, found.sliced.looked, self._models(found.sliced)
        across, up, number = words.axes(drawn, looked.document, looked.category)
        picture = self._reliability if drawn is Drawn.RELIABILITY else self._curve
        return Grid(
            count=len(ranks), picture=partial(picture, found, ranks), models=models,
            across=across, up=up, number=number,
            behind=self._whole.curves(drawn, whole, [colour for _, colour in models]), behind_name=words.all_rows(),
            ticks_across=UNIT_TICKS, ticks_up=UNIT_TICKS, diagonal=drawn is not Drawn.PRECISION_RECALL,
        )  # fmt: skip

    def _reliability(self, found: BySlice[Reliability], ranks: Rows, place: int) -> Small:
        part, chosen = int(ranks[place]), self.session.view.model
        known = found.of(part)
        traces, said = [], []
        for model, bins in enumerate(known or ()):
            filled = bins.counts > 0
            whiskers = (bins.intervals[filled, 0], bins.intervals[filled, 1]) if model == chosen else None
            text = loss_text(bins.expected_error)
            x, y = bins.mean_scores[filled], bins.observed[filled]
            if bins.total:
                traces.append(Trace(self.look.theme.model(model), x, y, True, text, whiskers=whiskers))
            said.append(text)
        return self._small(found.sliced, part, traces, said, words.no_rows() if known is not None else "")

    def _curve(self, found: BySlice[SmallCurves], ranks: Rows, place: int) -> Small:
        part, drawn = int(ranks[place]), self._drawn
        known, traces, said, reason = found.of(part), [], [], ""
        for model, of in enumerate(known or ()):
            line = of.roc if drawn is Drawn.ROC else of.precision_recall
            area = of.areas.roc_auc if drawn is Drawn.ROC else of.areas.average_precision
            text = "" if area is None else f"{area:.3f}"
            if line is not None:
                traces.append(Trace(self.look.theme.model(model), *line, text=text))
            why = words.no_curve(of, drawn)
            reason = reason or why
            said.append(why or text)
        return self._small(found.sliced, part, traces, said, reason)

    def _losses_grid(self, found: BySlice[Levels], ranks: Rows, whole: Sequence[Spread | None]) -> Grid:
        unit, models = self.session.document.settings.unit, self._models(found.sliced)
        of_all = [levels for of_models in found.found for levels in of_models]
        bins = loss_bins(of_all, unit)
        # One row alone would be all of its slice, and lay the outlines of the others flat on the ground.
        many = [of for of in of_all if of.total >= MANY] or of_all
        many += [of.levels[Measure.LOSS] for of in whole if of is not None]
        most = max((float(bins.count(of).max() / of.total) for of in many if of.total), default=1.0)
        across, up, number = words.losses_axes(unit)
        return Grid(
            count=len(ranks), picture=partial(self._losses, found, ranks, bins, most),
            models=models, across=across, up=up, number=number,
            behind=losses(whole, [colour for _, colour in models], bins, most), behind_name=words.all_rows(),
            ticks_across=bins.ticks, ticks_up=((0.0, "0"), (1.0, f"{100 * most:.2g} %" if most < 0.995 else "100 %")),
        )  # fmt: skip

    def _losses(self, found: BySlice[Levels], ranks: Rows, bins: Bins, most: float, place: int) -> Small:
        part, per_nat = int(ranks[place]), self.session.document.settings.unit.per_nat
        known, traces, said = found.of(part), [], []
        for model, levels in enumerate(known or ()):
            mean = float(found.sliced.losses.models[model].means[part])
            text = loss_text(mean * per_nat)
            if levels.total:
                x, y = bins.outline(bins.count(levels) / levels.total / most)
                traces.append(Trace(self.look.theme.model(model), x, y, text=text, mark=bins.place(mean)))
            said.append(text)
        reason = words.no_losses(found.sliced.looked) if known is not None else ""
        return self._small(found.sliced, part, traces, said, reason)

    def _small(self, sliced: Sliced, part: int, traces: list[Trace], said: Sequence[str], reason: str) -> Small:
        """Return a picture; without lines the reason, or that there are too many slices, stands in their place."""
        names, number = self._slices.names(sliced), "" if self._grid[1] is None else self._grid[1].number
        title = f"{slice_name(sliced, part)}: {size_text(sliced, part)}"
        lines = [f"{cut(name)}: {number} {text}" for name, text in zip(names, said, strict=False)]
        empty = "" if traces else reason or words.too_many()
        told = [title, *lines, *self._hand_words(sliced, part)]
        return Small(slice_name(sliced, part), size_text(sliced, part), traces, empty, "\n".join(told))

    def _hand_words(self, sliced: Sliced, part: int) -> list[str]:
        return hand_words(self._one.stands_alone(sliced, part), part == self._one.number)

    # The hand

    def _pick(self, place: int) -> None:
        if self._shown is not None:
            sliced, ranks = self._shown
            self._slices.pick(sliced, int(ranks[place]))

    def _open(self, place: int) -> None:
        if self._shown is not None:
            sliced, ranks = self._shown
            self._one.turn_to(sliced, int(ranks[place]))


_NOWHERE = Interval(math.nan, math.nan, math.nan)
