"""The chosen model made less or more sure: its loss at every temperature, and the one that is best."""

import math
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from xentviz.core.document import Change, Document
from xentviz.core.temperature import COLDEST, HOTTEST, BestTemperature, LossCurve, with_heated_model
from xentviz.session.calibrations import Calibrations, applied_name
from xentviz.session.listing import same
from xentviz.session.session import Session
from xentviz.ui.panels import temperature_words as words
from xentviz.ui.panels.panel import Panel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import SteadyLabel, label, set_tone
from xentviz.ui.widgets.number_line import NumberLine
from xentviz.ui.widgets.operating_picture import Handle, Moving, Standing, Trace
from xentviz.ui.widgets.operating_plot import OperatingPlot
from xentviz.ui.widgets.page_or_reason import PageOrReason
from xentviz.ui.widgets.panel_title import PanelTitle
from xentviz.ui.widgets.scaled_axis import Scale
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.words import cut, nothing_known

STEPS = 200
"""Of the slider from 1 to either end."""

ALONG = np.exp(np.linspace(math.log(COLDEST), math.log(HOTTEST), 301))

NEAR_ONE = 0.012
"""The hand so near to 1, in powers of ten, means 1."""

FINE = 0.01
"""By so many powers of ten an arrow key moves the temperature."""

LARGEST = 1e9
"""Of losses that are drawn."""

FLAT = 1e-12
"""Losses that differ by less are the same."""

STEEP = 4.0
"""So many times as much as the loss varies above its least is shown at most: towards T = 0.1 it may grow tenfold."""


class TemperaturePanel(Panel):
    """A slider and a curve with a handle on it; nothing of it changes the document until it is applied.

    Signals
    -------
    said(str)
        Something a person should read.
    """

    shows = ~(Change.ROW_NAMES | Change.THRESHOLDS)
    turns_later = 6

    said = Signal(str)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, look, parent)
        self.known = session.part(Calibrations)
        self.title = PanelTitle(self.tr("Temperature"), words.explanation())
        self.slider, self.value = QSlider(Qt.Orientation.Horizontal), NumberLine()
        self.plot = OperatingPlot()
        self.to_best = tool_button(self.tr("best T"), self.tr("Set T to where the loss is smallest"))
        self.reset = tool_button(self.tr("Reset"), self.tr("Set T back to 1: the model as it is"))
        self.apply = tool_button(
            self.tr("Apply as new model"),
            self.tr("Add a model whose logits, of all rows and categories, are divided by T"),
        )
        self.here, self.best, self.remark = SteadyLabel(), SteadyLabel(), SteadyLabel("small")
        self._drawn_of: tuple[object, ...] = ()
        self._grabbed_at: float | None = None
        self._lay_out()
        self.slider.valueChanged.connect(self._slide)
        self.value.entered.connect(self._take)
        self.value.refused.connect(self._refuse)
        self.to_best.clicked.connect(self._go_to_best)
        self.reset.clicked.connect(self._reset)
        self.apply.clicked.connect(self._apply)
        self.plot.grabbed.connect(self._grab)
        self.plot.dragged.connect(self._drag)
        self.plot.released.connect(self._release)
        self.plot.clicked.connect(self._click)
        self.plot.stepped.connect(self._step)
        self.plot.given_up.connect(self._give_up)
        self.known.changed.connect(self.mark_stale_in_turn)

    def _lay_out(self) -> None:
        self.slider.setRange(-STEPS, STEPS)
        self.slider.setPageStep(STEPS // 10)
        self.slider.setAccessibleName(self.tr("Temperature, from 0.1 to 10"))
        self.value.range = (COLDEST, HOTTEST)
        self.value.setAccessibleName(self.tr("Temperature"))
        self.value.setToolTip(self.tr("What logits are divided by. Type a number from 0.1 to 10."))
        self.plot.setAccessibleName(self.tr("Mean loss at every temperature"))
        self.plot.getAxis("left").enableAutoSIPrefix(False)
        for text in (self.best, self.remark):
            text.setWordWrap(True)
        for button in (self.to_best, self.reset, self.apply):
            set_tone(button, "compact", True)
        choice = QHBoxLayout()
        choice.setSpacing(8)
        choice.addWidget(label("T"))
        choice.addWidget(self.value)
        choice.addWidget(self.slider, 1)
        choice.addWidget(self.to_best)
        choice.addWidget(self.reset)
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(self.here, 1)
        last.addWidget(self.apply)
        page = QWidget(self)
        within = QVBoxLayout(page)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(4)
        within.addLayout(choice)
        within.addWidget(self.best)
        within.addWidget(self.plot, 1)
        within.addWidget(self.remark)
        within.addLayout(last)
        self.best.setProperty("bold", True)
        self._stack = PageOrReason(page)
        self.empty = self._stack.words
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 6)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self._stack, 1)

    # Drawing

    def refresh(self) -> None:
        self.plot.wear(self.look.theme)
        document, curve = self.session.document, self.known.curve()
        reason = self._empty_reason(curve)
        models = document.models
        self.title.number.setText(cut(models[self.session.view.model].name) if models else "")
        self._show_temperature()
        if reason or curve is None:
            self._drawn_of = ()
        self._stack.show_reason(reason)
        if not reason and curve is not None:
            self._draw(document, curve)

    def _empty_reason(self, curve: LossCurve | None) -> str:
        if not self.session.document.models:
            return self.tr("No model yet. Open a file with scores: then you see how sure they should be.")
        if curve is None:
            return self.tr("Counting …")
        if not curve.known:
            return nothing_known()
        if curve.known == curve.infinite:
            return self.tr("Every loss is infinite, and stays so at every T: the model is certain, and wrong.")
        if not float(curve.at(HOTTEST)) < LARGEST:
            return self.tr("The losses are too large to draw: no T from 0.1 to 10 makes them small.")
        return ""

    def _show_temperature(self) -> None:
        temperature = self.known.temperature
        if _temperature(self.slider.value()) != temperature:
            with QSignalBlocker(self.slider):
                self.slider.setValue(_step_of(temperature))
        self.value.setFixedWidth(self.look.theme.px(64))
        self.value.show_number(words.typed_text(temperature))
        if temperature == 1.0 and (self.reset.hasFocus() or self.apply.hasFocus()):
            self.slider.setFocus()  # a button that is greyed would pass the focus on to any other
        self.reset.setEnabled(temperature != 1.0)
        self.apply.setEnabled(temperature != 1.0 and bool(self.session.document.models))

    def _draw(self, document: Document, curve: LossCurve) -> None:
        best, temperature = self.known.best(), self.known.temperature
        subjects = (self.look.theme, curve, best, document.settings.unit, self.session.view.model)
        if not same(subjects, self._drawn_of):
            self._drawn_of = subjects
            self.plot.stand(self._standing(document, curve, best))
        x, y = self._place(document, curve, temperature)
        caption = self.tr("T {temperature}").format(temperature=words.temperature_text(temperature))
        self.plot.move_to(Moving((Handle(0, x, y, self.look.theme.model(self.session.view.model)),), caption=caption))
        self._keep_room(document)
        self.here.setText(words.loss_words(document, curve, temperature))
        self.plot.setAccessibleDescription(self.here.text())
        looking = self.tr("Looking for the best T …") if self.known.is_seeking else ""
        self.best.setText(
            words.best_words(document, curve, best) or looking or self.tr("Every T is as good as another.")
        )
        self.to_best.setEnabled(best is not None and COLDEST <= best.temperature <= HOTTEST)
        remark = " ".join(text for text in (words.sureness_words(best), words.infinite_words(curve)) if text)
        self.remark.setText(remark)
        if self.remark.isHidden() == bool(remark):
            self.remark.setVisible(bool(remark))

    def _keep_room(self, document: Document) -> None:
        """Be as wide as while any T is tried, so that the panel beside it stands still while the hand is on T."""
        widest = self.here.fontMetrics().horizontalAdvance(words.widest_words(document))
        if self.here.minimumWidth() != widest:
            self.here.setMinimumWidth(widest)

    def _standing(self, document: Document, curve: LossCurve, best: BestTemperature | None) -> Standing:
        worn, unit = self.look.theme, document.settings.unit
        losses = curve.at(ALONG) * unit.per_nat
        self._range = low, high = _extent(losses, float(curve.at(1.0)) * unit.per_nat)
        x = Scale.LOG.place(ALONG)
        model = self.session.view.model
        traces = [Trace(0, "", worn.model(model), Qt.PenStyle.SolidLine, x, losses, x, losses)]
        marks = [(self.tr("T = 1, as it is"), 1.0, worn.muted, Qt.PenStyle.DotLine)]
        if best is not None and COLDEST <= best.temperature <= HOTTEST:
            text = self.tr("best T {temperature}").format(temperature=words.temperature_text(best.temperature))
            marks.append((text, best.temperature, worn.text, Qt.PenStyle.DashLine))
        for key, (name, temperature, colour, style) in enumerate(marks, start=1):
            across, up = np.full(2, float(Scale.LOG.place(temperature))), np.array([low, high])
            traces.append(
                Trace(key, name, colour, style, across, up, across, up, strong=False, faint=False, pointable=False)
            )
        return Standing(
            x_range=(-1.0, 1.0),
            y_range=(low, high),
            x_title=self.tr("temperature T"),
            y_title=self.tr("loss, {unit}").format(unit=unit.value),
            traces=tuple(traces),
            x_scale=Scale.LOG,
            corners=("top right", "top left", "bottom right", "bottom left"),
        )

    def _place(self, document: Document, curve: LossCurve, temperature: float) -> tuple[float, float]:
        """Return where the handle stands: at the upper edge where the curve has left the picture."""
        loss = float(curve.at(temperature)) * document.settings.unit.per_nat
        return float(Scale.LOG.place(temperature)), min(loss, self._range[1])

    # The hand

    def _set(self, temperature: float) -> None:
        temperature = min(HOTTEST, max(COLDEST, temperature))
        if temperature != self.session.view.comparing.temperature:
            self.session.compare(temperature=temperature)

    def _slide(self, step: int) -> None:
        self.said.emit("")
        self._set(_temperature(step))

    def _take(self, temperature: float) -> None:
        if temperature == temperature:
            self.said.emit("")
            self._set(temperature)

    def _refuse(self, text: str) -> None:
        self.said.emit(self.tr("A temperature is a number from 0.1 to 10; “{text}” is not.").format(text=text))

    def _go_to_best(self) -> None:
        best = self.known.best()
        if best is not None:
            self._set(best.temperature)

    def _reset(self) -> None:
        self._set(1.0)

    def _grab(self, _key: int) -> None:
        self._grabbed_at = self.known.temperature

    def _drag(self, _key: int, pixel: QPointF) -> None:
        if self._grabbed_at is not None:
            self._set(self._temperature_at(pixel))

    def _release(self) -> None:
        self._grabbed_at = None

    def _click(self, pixel: QPointF) -> None:
        if self.plot.canvas.frame.contains(pixel):
            self._set(self._temperature_at(pixel))

    def _give_up(self) -> None:
        if self._grabbed_at is not None:
            self._set(self._grabbed_at)
            self._grabbed_at = None

    def _step(self, key: Qt.Key, points: int, _held: bool) -> None:
        up = key in (Qt.Key.Key_Right, Qt.Key.Key_Up)
        place = math.log10(self.known.temperature) + (FINE if up else -FINE) * points
        self._set(1.0 if abs(place) < FINE / 2 else _rounded(10.0**place))

    def _temperature_at(self, pixel: QPointF) -> float:
        place = self.plot.canvas.place(pixel)[0]
        return 1.0 if abs(place) < NEAR_ONE else _rounded(10.0 ** min(1.0, max(-1.0, place)))

    def _apply(self) -> None:
        """Work out the new model in the background, of all rows, and add it as one step that can be undone."""
        whole, model, temperature = self.session.whole, self.session.view.model, self.known.temperature
        document = whole.document
        if document.models and temperature != 1.0:
            name = applied_name(document, model, temperature)
            added = partial(self._add, model + 1)
            whole.prepare(partial(with_heated_model, document, model, temperature, name), added)

    def _add(self, model: int, document: Document) -> None:
        self.session.whole.apply(document, self.tr("Apply temperature"))
        self.session.look(model=model)
        self._reset()
        added = self.tr("Added {model}, and chose it. Ctrl+Z takes it back.")
        self.said.emit(added.format(model=cut(document.models[model].name)))


def _extent(losses: np.ndarray, as_is: float) -> tuple[float, float]:
    """Return from which loss to which the picture goes: the least, the present one and the hottest are in it."""
    low = float(losses.min())
    enough = STEEP * max(as_is - low, float(losses[-1]) - low)
    high = min(float(losses.max()), low + enough) if enough > 0 else float(losses.max())
    if high - low < FLAT * max(1.0, high):  # all but rounding is alike at every temperature
        high = low + (abs(low) if abs(low) > FLAT else 1.0)
    return max(0.0, low - 0.08 * (high - low)), high


def _temperature(step: int) -> float:
    """Return the temperature at a place of the slider, in three digits."""
    return _rounded(10.0 ** (step / STEPS))


def _rounded(temperature: float) -> float:
    return float(f"{temperature:.3g}")


def _step_of(temperature: float) -> int:
    return round(STEPS * math.log10(temperature))
