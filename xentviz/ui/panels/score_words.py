"""What the columns of the scoreboard are called, how their numbers are written, and verdicts on differences."""

import math

from PySide6.QtCore import QCoreApplication

from xentviz.core.area_errors import AreaGap
from xentviz.core.document import Document, Unit
from xentviz.core.intervals import Estimate, Interval, leaves_out_zero
from xentviz.core.mean_errors import LossGap
from xentviz.core.told import of_rows, several_answers
from xentviz.session.scores import AVERAGE_PRECISION, BRIER, ECE, LOSS, ROC_AUC
from xentviz.ui.numbers import UNDEFINED, count_text, loss_text
from xentviz.ui.words import counted_rows, cut

translate = QCoreApplication.translate

LONGEST_NAME = 24
TOO_FEW = 10
"""Of fewer rows resamples do not tell how far off a mean may be: their intervals are too narrow."""

EVEN = 0.05
"""Both halves of an interval that differ by a smaller share are told as one number."""

LUCK = 0.05


def head_words(key: str, document: Document, category: int | None) -> tuple[str, str]:
    """Return what a column is called, and what that is."""
    titles = {
        LOSS: translate("score_words", "mean loss"),
        "accuracy": translate("score_words", "accuracy"),
        BRIER: translate("score_words", "Brier score"),
        ECE: translate("score_words", "ECE"),
        ROC_AUC: translate("score_words", "AUC"),
        AVERAGE_PRECISION: translate("score_words", "AP"),
        "f1": translate("score_words", "F1 at T"),
        "balanced_accuracy": translate("score_words", "balanced acc."),
        "mcc": translate("score_words", "MCC"),
        "precision": translate("score_words", "precision"),
        "recall": translate("score_words", "recall"),
        "specificity": translate("score_words", "specificity"),
    }
    tips = {
        LOSS: translate("score_words", "Mean cross-entropy: how surprised the model is by the truth. Lower is better."),
        "accuracy": translate("score_words", "The share of the decisions at T that are right."),
        BRIER: translate("score_words", "Mean squared error of the probabilities. Lower is better."),
        ECE: translate(
            "score_words", "Expected calibration error: how far, on average, the share that is yes is from the "
            "probability in each bin. Lower is better; chance alone makes it larger."
        ),
        ROC_AUC: translate("score_words", "Area under the ROC curve: the chance that a yes scores above a no."),
        AVERAGE_PRECISION: translate("score_words", "Average precision: the mean precision as each yes is reached."),
        "f1": translate("score_words", "2 TP / (2 TP + FP + FN) at T."),
        "balanced_accuracy": translate("score_words", "The mean of recall and specificity at T."),
        "mcc": translate("score_words", "Matthews’ correlation of decisions and labels, from −1 to 1."),
        "precision": translate("score_words", "Of those said yes, the share that is yes."),
        "recall": translate("score_words", "Of those that are yes, the share that is said yes."),
        "specificity": translate("score_words", "Of those that are no, the share that is said no."),
    }  # fmt: skip
    return _averaged(key, titles[key], document, category), f"{tips[key]} {_of_what(key, document, category)}".strip()


def _averaged(key: str, title: str, document: Document, category: int | None) -> str:
    """Return a title that says how several categories come to one number, where there is no one usual way."""
    if category is not None or len(document.categories) == 1:
        return title
    if key in (ROC_AUC, AVERAGE_PRECISION, ECE) or (key == "f1" and of_rows(document, category)):
        return translate("score_words", "macro {title}").format(title=title)
    return translate("score_words", "micro {title}").format(title=title) if key == "f1" else title


def _of_what(key: str, document: Document, category: int | None) -> str:
    """Return what is averaged, or drawn together, where there are several categories."""
    averaged = key in (ECE, ROC_AUC, AVERAGE_PRECISION)
    rows = of_rows(document, category)
    if category is not None or len(document.categories) == 1:
        return ""
    if averaged or (rows and key in ("f1", "precision", "recall", "specificity")):
        return translate("score_words", "The mean over the categories where it is defined (macro).")
    if rows and key == "balanced_accuracy":
        return translate("score_words", "Here the mean recall of the categories.")
    if rows and key == BRIER:
        return translate("score_words", "Summed over the categories of a row.")
    if several_answers(document, category) and key not in (LOSS, BRIER):
        return translate(
            "score_words", "Of all answers together (micro); its interval takes the answers of a row for independent."
        )
    return ""


def value_words(key: str, value: float | None, unit: Unit) -> str:
    """Return a number as it stands in its column."""
    if value is None:
        return UNDEFINED
    if key == LOSS:
        return loss_text(value * unit.per_nat)
    return f"{100 * value:.1f} %" if key == "accuracy" else _decimals(value)


def interval_words(key: str, interval: Interval | None, unit: Unit) -> str:
    """Return an interval as it stands below a number, empty where it is not known."""
    if interval is None:
        return ""
    low, high = interval
    if key == LOSS:
        return f"{loss_text(low * unit.per_nat)} – {loss_text(high * unit.per_nat)}"
    if key == "accuracy":
        return f"{100 * low:.1f} – {f'{100 * high:.1f}'.replace('100.0', '100')} %"
    return f"{_decimals(low)} – {_decimals(high)}"


def cell_tip(title: str, key: str, estimate: Estimate, unit: Unit, *, more: str = "") -> str:
    """Return what is told of a number: that it is not defined, or its interval, and more."""
    if estimate.value is None:
        return _undefined(key)
    interval = interval_words(key, estimate.interval, unit)
    of_loss = " " + unit.value if key == LOSS else ""
    first = f"{title} {value_words(key, estimate.value, unit)}{of_loss}"
    if not interval:
        told = translate("score_words", "These rows do not tell how far it may be from that of all rows of their kind.")
    else:
        told = translate("score_words", "95 % interval {interval}{unit}.").format(interval=interval, unit=of_loss)
    return "\n".join(line for line in (first, told, more) if line)


def _undefined(key: str) -> str:
    reasons = {
        ROC_AUC: translate("score_words", "Not defined: it needs one row that is yes and one that is no."),
        AVERAGE_PRECISION: translate("score_words", "Not defined: it needs one row that is yes and one that is no."),
        "f1": translate("score_words", "Not defined: nothing is yes, and nothing is said to be."),
        "precision": translate("score_words", "Not defined: nothing is said to be yes."),
        "recall": translate("score_words", "Not defined: nothing is yes."),
        "specificity": translate("score_words", "Not defined: nothing is no."),
        "mcc": translate("score_words", "Not defined: labels or decisions are all the same."),
        "balanced_accuracy": translate("score_words", "Not defined: it needs one row that is yes and one that is no."),
    }
    return reasons.get(key, translate("score_words", "Not defined: no row has both a label and a score."))


def loss_verdict(name: str, reference: str, gap: LossGap, infinite: tuple[int, int], unit: Unit) -> str:
    """Return in a sentence whether a model's loss is lower than the reference's, and whether that may be luck.

    Parameters
    ----------
    name, reference : str
        Of the models, cut to fit.
    gap : LossGap
    infinite : tuple of int
        Rows of infinite loss of the model, and of the reference.
    unit : Unit
    """
    if not gap.rows:
        return translate("score_words", "{name}: no row has a loss under both.").format(name=name)
    finite = gap.rows - gap.infinite
    if gap.infinite:
        whose = _infinite_words(name, reference, infinite)
        if not any(infinite):  # it is not known yet under which
            whose = translate("score_words", "{name}: a loss is ∞ in {rows}")
            whose = whose.format(name=name, rows=counted_rows(gap.infinite))
        return f"{whose}; {_rest_words('' if infinite[0] else name, gap, finite, unit)}"
    if gap.finite_interval == (0.0, 0.0):
        pattern = translate("score_words", "{name}’s loss is {reference}’s in every row")
        return pattern.format(name=name, reference=reference)
    if gap.finite_interval is None or finite < TOO_FEW:
        pattern = translate("score_words", "{name}’s loss against {reference}’s: cannot tell on {rows}")
        return pattern.format(name=name, reference=reference, rows=counted_rows(finite))
    words = translate("score_words", "{name}’s loss is {amount}: not luck")
    if has_no_spread(gap.finite_interval):
        words = translate("score_words", "{name}’s loss is {amount} in every row")
    elif not gap.settled:
        words = translate("score_words", "{name}’s loss is {amount}: cannot tell on {rows}")
    amount = by_how_much(gap.finite_mean or 0.0, gap.finite_interval, unit)
    return words.format(name=name, amount=amount, rows=counted_rows(finite))


def short_verdict(gap: LossGap) -> str:
    """Return in a word or two what :func:`loss_verdict` says of the rows where neither loss is infinite."""
    if gap.rows == gap.infinite:
        return translate("score_words", "∞ in every row") if gap.rows else ""
    if gap.finite_interval is None or gap.rows - gap.infinite < TOO_FEW:
        words = translate("score_words", "cannot tell")
    elif gap.finite_interval == (0.0, 0.0):
        words = translate("score_words", "the same")
    elif not gap.settled:
        words = translate("score_words", "cannot tell")
    elif (gap.finite_mean or 0.0) > 0:
        words = translate("score_words", "loss higher")
    else:
        words = translate("score_words", "loss lower")
    return translate("score_words", "others: {words}").format(words=words) if gap.infinite else words


def _infinite_words(name: str, reference: str, rows: tuple[int, int]) -> str:
    """Return in how many rows a model’s loss is infinite, and in how many the reference’s."""
    whose, of = (name, rows[0]) if rows[0] else (reference, rows[1])
    first = translate("score_words", "{name}’s loss is ∞ in {rows}").format(name=whose, rows=counted_rows(of))
    if not all(rows):
        return first
    return first + translate("score_words", ", {name}’s in {count}").format(name=reference, count=count_text(rows[1]))


def _rest_words(name: str, gap: LossGap, rows: int, unit: Unit) -> str:
    """Return what the difference is where no loss is infinite, and whose loss it is, if that has not been said."""
    if not rows:
        return translate("score_words", "there are no others")
    others = translate("score_words", "on the other") if rows == 1 else translate("score_words", "on {count} others")
    others = others.format(count=count_text(rows))
    if gap.finite_interval == (0.0, 0.0):
        return translate("score_words", "{others} the same").format(others=others)
    if gap.finite_interval is None or rows < TOO_FEW:
        return translate("score_words", "{others} cannot tell").format(others=others)
    if name:
        others = translate("score_words", "{others} {name}’s is").format(others=others, name=name)
    words = translate("score_words", "{others} {amount}: not luck")
    if has_no_spread(gap.finite_interval):
        words = translate("score_words", "{others} {amount} in each")
    elif not gap.settled:
        words = translate("score_words", "{others} {amount}: cannot tell")
    return words.format(others=others, amount=by_how_much(gap.finite_mean or 0.0, gap.finite_interval, unit))


def by_how_much(mean: float, interval: Interval | None, unit: Unit) -> str:
    """Return by how much a loss is lower or higher; from where to where, if it may be either.

    >>> by_how_much(-0.031, (-0.039, -0.023), Unit.NATS), by_how_much(0.01, (-0.02, 0.04), Unit.NATS)
    ('lower by 0.031 ± 0.008 nats', 'between 0.020 lower and 0.040 nats higher')
    """
    if interval is not None and not leaves_out_zero(interval):
        low, high = (loss_text(abs(end) * unit.per_nat) for end in interval)
        pattern = translate("score_words", "between {low} lower and {high} {unit} higher")
        return pattern.format(low=low, high=high, unit=unit.value)
    pattern = translate("score_words", "lower by {amount} {unit}")
    if mean > 0:
        pattern = translate("score_words", "higher by {amount} {unit}")
    return pattern.format(amount=amount_words(mean, interval or (mean, mean), unit.per_nat), unit=unit.value)


def has_no_spread(interval: Interval | None) -> bool:
    """Return whether a mean is that of numbers which are all the same."""
    return interval is not None and interval[0] == interval[1]


def amount_words(mean: float, interval: Interval, scale: float = 1.0) -> str:
    """Return the size of a difference: with one reach where both halves are alike, else from where to where.

    >>> amount_words(-0.031, (-0.039, -0.023)), amount_words(0.03, (0.012, 0.051)), amount_words(0.05, (0.05, 0.05))
    ('0.031 ± 0.008', '0.012 to 0.051', '0.050')
    """
    if has_no_spread(interval):
        return loss_text(abs(mean) * scale)
    low, high = sorted(abs(end) * scale for end in interval)
    middle = abs(mean) * scale
    if abs((high - middle) - (middle - low)) <= EVEN * (high - low):
        return f"{loss_text(middle)} ± {loss_text((high - low) / 2)}"
    return f"{loss_text(low)} {translate('score_words', 'to')} {loss_text(high)}"


def area_verdict(gap: AreaGap) -> str:
    """Return in words how likely a difference of areas is by chance."""
    if gap.difference is None:
        return translate("score_words", "not defined: it needs a yes and a no")
    if gap.difference == 0 and gap.p_value is None and gap.interval is not None:
        return translate("score_words", "ranked alike")
    if gap.p_value is None:
        return translate("score_words", "cannot tell: too few rows")
    if gap.p_value < 0.001:
        return translate("score_words", "not luck (p < 0.001)")
    pattern = (
        translate("score_words", "hardly luck (p = {p})") if gap.p_value < LUCK
        else translate("score_words", "cannot tell (p = {p})")
    )  # fmt: skip
    return pattern.format(p=f"{gap.p_value:.1g}" if gap.p_value < 0.095 else f"{gap.p_value:.2f}")


def signed(value: float) -> str:
    """Return a difference with its sign.

    >>> signed(0.0123), signed(-0.0123), signed(0.0)
    ('+0.012', '−0.012', '0')
    """
    return "0" if value == 0 else ("+" if value > 0 else "−") + loss_text(abs(value))


def short(name: str) -> str:
    """Return a name cut to fit a sentence."""
    return cut(name, LONGEST_NAME)


def _decimals(value: float) -> str:
    text = f"{value:.3f}".replace("-", "−")
    return "1" if value == 1 else "0" if value == 0 else text if not math.isnan(value) else UNDEFINED
