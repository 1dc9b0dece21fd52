"""What the panel of the temperature says: what it makes of the loss, and what would be best."""

import math

from PySide6.QtCore import QCoreApplication

from xentviz.core.document import Document
from xentviz.core.temperature import COLDEST, HOTTEST, BestTemperature, LossCurve
from xentviz.ui.numbers import count_text, loss_text

translate = QCoreApplication.translate


def explanation() -> str:
    """Return what the panel is for."""
    return translate(
        "temperature_words",
        "A model can be right as often as it could be, and too sure of it. To divide its logits by a temperature T > 1 "
        "makes every probability less extreme, T < 1 makes it more so; which answer is the most probable stays as it "
        "is, and so do rankings and ROC. (Of probabilities the logits are taken: ln p − ln (1 − p), or ln p where each "
        "row has one answer in many. A probability of exactly 0 or 1 stays one: no T moves it.)\n\n"
        "The line is the mean loss at every T. Drag the dot, and see the reliability curve turn: the dashed line there. "
        "The best T is where the loss is least. One number is fitted, so hundreds of rows are enough; but fit it on "
        "rows other than those you report. The document stays as it is until you apply T as a new model.",
    )


def temperature_text(temperature: float) -> str:
    """Return a temperature with three digits.

    >>> temperature_text(1.8349), temperature_text(10.0), temperature_text(1.0)
    ('1.83', '10', '1')
    """
    return f"{temperature:.3g}"


def typed_text(temperature: float) -> str:
    """Return a temperature as it stands in the line it is typed into."""
    return f"{temperature:.4g}"


def loss_words(document: Document, curve: LossCurve, temperature: float) -> str:
    """Return the loss at a temperature, and how it differs from that at 1."""
    unit = document.settings.unit
    here, as_is = (float(curve.at(t)) * unit.per_nat for t in (temperature, 1.0))
    if temperature == 1.0:
        return translate("temperature_words", "T = 1: as it is, loss {loss} {unit}").format(
            loss=loss_text(here), unit=unit.value
        )
    pattern = translate("temperature_words", "T {temperature}: loss {before} → {after} {unit}")
    return pattern.format(
        temperature=temperature_text(temperature), before=loss_text(as_is), after=loss_text(here), unit=unit.value
    )


def best_words(document: Document, curve: LossCurve, best: BestTemperature | None) -> str:
    """Return what the best temperature is, and what it brings."""
    unit = document.settings.unit
    if best is None:
        return ""
    if best.temperature == 0.0:
        return translate("temperature_words", "No best T: the colder, the smaller the loss. All answers are right.")
    if math.isinf(best.temperature):
        return translate(
            "temperature_words", "No best T: the hotter, the smaller the loss. The scores tell nothing of the truth."
        )
    before = float(curve.at(1.0)) * unit.per_nat
    pattern = translate("temperature_words", "best T {temperature}: loss {before} → {after} {unit}")
    text = pattern.format(
        temperature=temperature_text(best.temperature),
        before=loss_text(before),
        after=loss_text(best.loss * unit.per_nat),
        unit=unit.value,
    )
    if COLDEST <= best.temperature <= HOTTEST:
        return text
    return text + translate("temperature_words", " (beyond what is shown)")


def sureness_words(best: BestTemperature | None) -> str:
    """Return what the best temperature tells of the model."""
    if best is None or not 0.0 < best.temperature < math.inf:
        return ""
    if best.temperature > 1.02:
        return translate("temperature_words", "The model is too sure.")
    if best.temperature < 0.98:
        return translate("temperature_words", "The model is not sure enough.")
    return translate("temperature_words", "The model is about as sure as it should be.")


def infinite_words(curve: LossCurve) -> str:
    """Return that some losses are infinite at every temperature."""
    if not curve.infinite:
        return ""
    pattern = translate(
        "temperature_words", "Without {count} of infinite loss: certain and wrong at every T (0 and 1 stay)."
    )
    return pattern.format(count=count_text(curve.infinite))
