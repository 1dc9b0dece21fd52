"""Numbers as people read and type them; the same in every locale."""

import math
import re

UNDEFINED = "—"
LOGARITHMS = {"nats": "ln", "bits": "log₂", "bans": "log₁₀"}
LONGEST_FIGURE = 7
TYPED = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def loss_text(value: float | None) -> str:
    """Return a loss or gradient with three decimals, more where they would all be zero.

    >>> [loss_text(v) for v in (1.2039728, -0.25, 2.1e-5, math.inf, None, 0.0)]
    ['1.204', '−0.250', '2.1e−5', '∞', '—', '0']
    """
    if value is None or math.isnan(value):
        return UNDEFINED
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if 0.0005 <= abs(value) < 1e5:
        return f"{value:.{3 if abs(value) < 100 else 1}f}".replace("-", "−")
    return _power(value, 1)


def score_text(value: float, power_digits: int = 1) -> str:
    """Return a probability or logit, with three digits that tell how far it is from 0, and from 1.

    Of what is very close to 0 or 1 a power of ten is shown, with so many digits behind its point.

    >>> [score_text(v) for v in (0.9, 0.333333, 0.78001, 1.0, 0.0005, 0.99905, 3e-9, 1 - 3e-9, -2.5)]
    ['0.90', '0.333', '0.780', '1', '5e−4', '0.99905', '3e−9', '1−3e−9', '−2.50']
    """
    if math.isnan(value) or math.isinf(value) or value in (0.0, 1.0):
        return "1" if value == 1 else loss_text(value)
    if abs(value) < 0.001 or abs(value) >= 1e5:
        return _power(value, power_digits)
    if 0.9995 < value < 1:
        return "1−" + _power(1 - value, power_digits)
    nearest = min(abs(value), abs(1 - value)) if 0 < value < 1 else 1.0
    most = 3 if nearest >= 0.1 else 2 - math.floor(math.log10(nearest))
    exact = next((d for d in range(2, most) if abs(value - round(value, d)) < 1e-9), most)
    return f"{value:.{exact}f}".replace("-", "−")


def bracketed(probability: float) -> str:
    """Return a probability as it stands in a formula.

    >>> bracketed(0.25), bracketed(1 - 3e-9)
    ('0.25', '(1−3e−9)')
    """
    text = score_text(probability)
    return f"({text})" if text.startswith("1−") else text


def _power(value: float, decimals: int) -> str:
    mantissa, exponent = f"{value:.{decimals}e}".split("e")
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


def share_text(value: float | None) -> str:
    """Return a share as a percentage, never rounded onto 0 or 100.

    >>> [share_text(v) for v in (0.75, 1.0, 0.9996, 0.9386, 0.0001, None)]
    ['75 %', '100 %', '99.96 %', '93.9 %', '0.01 %', '—']
    """
    if value is None:
        return UNDEFINED
    percent = value * 100
    if percent == round(percent):
        return f"{percent:.0f} %"
    # As many decimals, from one on, as keep it from looking like none or all.
    decimals = next((d for d in range(1, 12) if round(percent, d) not in (0.0, 100.0)), 12)
    return f"{percent:.{decimals}f} %"


def threshold_text(value: float) -> str:
    """Return a threshold with two decimals, or as many as it has.

    >>> [threshold_text(v) for v in (0.5, 0.125, 0.99999999)]
    ['0.50', '0.125', '0.99999999']
    """
    return f"{value:.2f}" if round(value, 2) == value else repr(value)


def figure_text(value: float) -> str:
    """Return a threshold as it stands in large figures: as :func:`threshold_text`, shorter where that would be long.

    >>> [figure_text(v) for v in (0.5, 0.1235, 0.8234123012, 0.99999999)]
    ['0.50', '0.1235', '0.823', '1−1e−8']
    """
    text = threshold_text(value)
    return text if len(text) <= LONGEST_FIGURE else score_text(value)


def ratio_text(value: float | None) -> str:
    """Return a metric from 0 to 1 with two decimals.

    >>> [ratio_text(v) for v in (0.8, None)]
    ['0.80', '—']
    """
    return UNDEFINED if value is None else f"{value:.2f}".replace("-", "−")


def count_text(value: int) -> str:
    """Return a count with thin spaces between thousands.

    >>> count_text(1234567).replace("\u2009", "_")
    '1_234_567'
    """
    return f"{value:,}".replace(",", "\u2009")


def amount_text(value: float) -> str:
    """Return an amount of what need not come in whole pieces, with about three digits.

    >>> [amount_text(v).replace("\u2009", "_") for v in (12345.6, 707.5, 80.23, 3.0, 0.25, 0.0042, 0.0, math.nan)]
    ['12_346', '708', '80.2', '3', '0.25', '4.2e−3', '0', '—']
    """
    if math.isnan(value):
        return UNDEFINED
    if value == round(value) or value >= 99.95:
        return count_text(round(value))
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}" if value >= 0.01 else _power(value, 1)


def parse_number(text: str) -> float | None:
    """Return the number typed, with a point or a comma; None if it is none, nan if nothing was typed.

    >>> [parse_number(t) for t in ("0.25", "0,25", ".5", "1e-3", "−2", "abc", "1_000", "")]
    [0.25, 0.25, 0.5, 0.001, -2.0, None, None, nan]
    """
    text = text.strip().replace("−", "-")
    if not text:
        return math.nan
    return float(text.replace(",", ".")) if TYPED.fullmatch(text) else None


def p_text(value: float) -> str:
    """Return the chance that something is luck.

    >>> [p_text(value) for value in (0.5, 0.0421, 0.00012)]
    ['= 0.50', '= 0.042', '< 0.001']
    """
    return f"= {value:.2f}" if value >= 0.0995 else f"= {value:.3f}" if value >= 0.001 else "< 0.001"
