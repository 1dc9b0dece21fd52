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
        "The line is the mean loss at every T. Drag the dot: the dashed line among the bins of reliability follows. "
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
        return translate("temperature_words", "T = 1, as it is: loss {loss} {unit}").format(
            loss=loss_text(here), unit=unit.value
        )
    return _changed(temperature_text(temperature), *told_apart(as_is, here), unit.value)


def widest_words(document: Document) -> str:
    """Return words that take as much room as any of a loss at a temperature."""
    return _changed("0.888", "0.8888", "0.8888", document.settings.unit.value)


def _changed(temperature: str, before: str, after: str, unit: str) -> str:
    pattern = translate("temperature_words", "T {temperature}: loss {before} → {after} {unit}")
    return pattern.format(temperature=temperature, before=before, after=after, unit=unit)


def best_words(document: Document, curve: LossCurve, best: BestTemperature | None) -> str:
    """Return what the best temperature is, and what it brings."""
    unit = document.settings.unit
    if best is None:
        return ""
    if best.temperature == 0.0:
        return translate("temperature_words", "No best T: the colder, the smaller the loss. Every answer is right.")
    if math.isinf(best.temperature):
        return translate(
            "temperature_words", "No best T: the hotter, the smaller the loss. The scores do not tell the truth."
        )
    before, after = told_apart(float(curve.at(1.0)) * unit.per_nat, best.loss * unit.per_nat)
    pattern = translate("temperature_words", "best T {temperature}: loss {before} → {after} {unit}")
    text = pattern.format(temperature=temperature_text(best.temperature), before=before, after=after, unit=unit.value)
    if COLDEST <= best.temperature <= HOTTEST:
        return text
    return text + translate("temperature_words", " (beyond what is shown)")


def told_apart(before: float, after: float) -> tuple[str, str]:
    """Return two losses with as many decimals as it takes to tell them apart, from three to six.

    >>> told_apart(0.4123, 0.389), told_apart(0.10321, 0.10294)
    (('0.412', '0.389'), ('0.1032', '0.1029'))
    """
    if max(before, after) < 0.001 or loss_text(before) != loss_text(after):
        return loss_text(before), loss_text(after)
    decimals = next((d for d in range(3, 7) if f"{before:.{d}f}" != f"{after:.{d}f}"), 3)
    return f"{before:.{decimals}f}", f"{after:.{decimals}f}"


def sureness_words(best: BestTemperature | None) -> str:
    """Return what the best temperature tells of the model, with the interval it lies in."""
    if best is None or not 0.0 < best.temperature < math.inf:
        return ""
    low, high = best.interval
    if low > 1.0:
        verdict = translate("temperature_words", "The model is too sure: best T from {low} to {high} (95 %).")
    elif high < 1.0:
        verdict = translate("temperature_words", "The model is not sure enough: best T from {low} to {high} (95 %).")
    else:
        verdict = translate(
            "temperature_words", "Cannot tell whether it is too sure or not enough: best T from {low} to {high} (95 %)."
        )
    return verdict.format(low=temperature_text(low), high="∞" if high > 1e6 else temperature_text(high))


def infinite_words(curve: LossCurve) -> str:
    """Return that some losses are infinite at every temperature."""
    if not curve.infinite:
        return ""
    pattern = translate(
        "temperature_words", "Without {count} of infinite loss: certain and wrong at every T (0 and 1 stay)."
    )
    return pattern.format(count=count_text(curve.infinite))
