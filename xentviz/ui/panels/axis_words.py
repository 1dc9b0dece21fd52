"""What the axes, the curve and the dots of rows with one answer in many are called."""

from PySide6.QtCore import QCoreApplication

from xentviz.session.view import Axis

translate = QCoreApplication.translate


def axis_title(axis: Axis, *, by_rows: bool) -> str:
    """Return what stands along x, of rows with one answer in many or of yes/no questions."""
    if by_rows:
        return {
            Axis.PROBABILITY: translate("axis_words", "p of the true category"),
            Axis.LOGIT: translate("axis_words", "its log-odds"),
        }[axis]
    return {
        Axis.PROBABILITY: translate("axis_words", "probability p"),
        Axis.LOGIT: translate("axis_words", "logit z"),
    }[axis]


def axis_tip(axis: Axis, *, by_rows: bool) -> str:
    """Return what it means, if that needs to be said."""
    if not by_rows:
        return ""
    return {
        Axis.PROBABILITY: translate(
            "axis_words", "Only the probability of a row’s true category enters its loss: −ln p. One dot a row."
        ),
        Axis.LOGIT: translate(
            "axis_words",
            "x = z − ln Σ eᶻ of the other categories: whatever these are, the loss is ln(1 + e⁻ˣ). One dot a row.",
        ),
    }[axis]


def curve_words(axis: Axis) -> str:
    """Return what is written beside the curve."""
    return {
        Axis.PROBABILITY: translate("axis_words", "−log p of the true category"),
        Axis.LOGIT: translate("axis_words", "log(1 + e⁻ˣ)\nx = z − ln Σ eᶻ (others)"),
    }[axis]


def mark_words() -> str:
    """Return what the shapes of the dots tell."""
    return translate("axis_words", "● decided rightly   ■ not rightly")


def soft_words() -> str:
    """Return what the shape of the dots of soft labels tells."""
    return translate("axis_words", "◆ soft label, at the p that costs as much")
