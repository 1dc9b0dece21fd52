"""What stands around the agreement of models, and in its tool tips."""

import math

from PySide6.QtCore import QCoreApplication

from xentviz.core.agreement import Agreement
from xentviz.ui.numbers import UNDEFINED, count_text, p_text, ratio_text, share_text

translate = QCoreApplication.translate


def explanation() -> str:
    """Return what it means that models agree."""
    return translate(
        "agreement_words",
        "How often two models decide alike at T, right or wrong. Two good models agree much by being right; where both "
        "are wrong on the same rows, the rows are hard or their labels are false; and only where they differ can the "
        "one mend what the other breaks. Then it pays to ask both.\n\n"
        "Much agreement may be chance: where 95 % of all is no, two models that say no to everything agree. Cohen’s κ "
        "takes that away: 1 is complete agreement, 0 as much as by chance.\n\n"
        "Click a cell to compare those two models. The four counts say which of them is right; click one to see its "
        "rows in the table.",
    )


def figure(value: float | None, *, kappa: bool) -> str:
    """Return an agreement as it is written: a share, or κ."""
    if value is None or math.isnan(value):
        return UNDEFINED
    return ratio_text(value) if kappa else share_text(value)


def pair_tip(first: str, second: str, found: Agreement | None) -> str:
    """Return what there is to say of two models."""
    title = f"{first} · {second}"
    if found is None:
        return title
    if not found.decided:
        return "\n".join([title, translate("agreement_words", "Not defined: nothing has scores of both.")])
    alike = translate("agreement_words", "{alike} of {all} decided alike: {share}").format(
        alike=count_text(found.alike), all=count_text(found.decided), share=share_text(found.share)
    )
    kappa = translate("agreement_words", "κ {kappa}").format(kappa=ratio_text(found.kappa))
    if found.kappa is None:
        kappa = translate("agreement_words", "κ not defined: both decide for one thing alone.")
    of_right = [
        (translate("agreement_words", "both right: {count}"), found.both_right),
        (translate("agreement_words", "only {model} right: {count}").replace("{model}", first), found.only_first),
        (translate("agreement_words", "only {model} right: {count}").replace("{model}", second), found.only_second),
        (translate("agreement_words", "both wrong: {count}"), found.both_wrong),
    ]
    return "\n".join([title, alike, kappa, *(text.replace("{count}", count_text(n)) for text, n in of_right)])


def kinds() -> list[tuple[str, str]]:
    """Return what the four cells are called."""
    return [
        (translate("agreement_words", "both right"), translate("agreement_words", "both")),
        (translate("agreement_words", "only first"), translate("agreement_words", "first")),
        (translate("agreement_words", "only second"), translate("agreement_words", "second")),
        (translate("agreement_words", "both wrong"), translate("agreement_words", "neither")),
    ]


def apart_text(found: Agreement) -> str:
    """Return how many are decided differently."""
    count = found.decided - found.alike
    return translate("agreement_words", "{count} decided differently").format(count=count_text(count))


def unlabelled_text(found: Agreement) -> str:
    """Return how many of those both decide have no label, empty if all have one."""
    count = found.decided - found.labelled
    words = translate("agreement_words", "{count} more have no label: neither right nor wrong.")
    return words.format(count=count_text(count)) if count else ""


def luck_text(first: str, second: str, found: Agreement) -> str:
    """Return which of two models is right more often, and whether that may be luck."""
    p_value = found.p_value
    apart = found.only_first - found.only_second
    if p_value is None:
        return translate("agreement_words", "Neither is right where the other is not.")
    better = first if apart > 0 else second
    if not apart:
        return as_often_right()
    words = translate("agreement_words", "{model} is right on {count} more: not luck (McNemar’s p {p}).")
    if p_value > 0.05:
        words = translate("agreement_words", "{model} is right on {count} more: cannot tell (McNemar’s p {p}).")
    return words.format(model=better, count=count_text(abs(apart)), p=p_text(p_value))


def as_often_right() -> str:
    """Return what is said of two models of which each alone is right equally often: there is nothing to test."""
    return translate("agreement_words", "Each is right as often where the other is not.")


def not_independent() -> str:
    """Return why luck is judged too lightly where a row has several answers."""
    return translate(
        "agreement_words",
        "It takes all answers for independent, which those to several questions about one row hardly are.",
    )
