"""What is said about the loss budget: of rows, or of answers where each row has several."""

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from xentviz.core.document import Document
from xentviz.core.told import several_answers
from xentviz.ui.numbers import count_text, share_text
from xentviz.ui.words import counted_answers, counted_rows

translate = QCoreApplication.translate

FEW = 100
"""Of fewer rows one is more than a hundredth: they are counted, not told as a share."""


class Unit(Enum):
    """What has a loss."""

    ROWS = auto()
    ANSWERS = auto()

    def counted(self, count: int) -> str:
        """Return "1 row", "2 rows", "1 answer" …"""
        return counted_rows(count) if self is Unit.ROWS else counted_answers(count)


def unit(document: Document, category: int | None) -> Unit:
    """Return what has a loss in a document while a category is looked at, or all are."""
    return Unit.ANSWERS if several_answers(document, category) else Unit.ROWS


def explanation() -> str:
    """Return what the panel shows, for its "what is this?"."""
    return translate(
        "budget_words",
        "All rows stand in line, the largest loss first. The curve tells which share of the whole loss the first of "
        "them carry: where it climbs steeply, a few rows are most of the loss. If all had the same loss, it would be "
        "the dotted line.\n\n"
        "Drag the dashed line, click, or press the arrow keys to look at more rows or fewer; the sentence says what "
        "they carry, and the names on the right what they carry for each model (each model has its own worst rows). "
        "List them in the table and look: are their labels wrong, are they of one kind, is the model too sure of "
        "itself?\n\n"
        "An infinite loss carries everything, so that no share is defined; leave such rows out to see the others.",
    )


def sentence(of: Unit, share: float, count: int, rows: int, carried: float) -> str:
    """Return which share of the loss so many of the rows carry."""
    if count == rows:
        pattern = translate("budget_words", "All {all} carry all of the loss") if rows > 1 else _only_one(of)
    elif count == 1 and rows < FEW:
        pattern = {
            Unit.ROWS: translate("budget_words", "The worst row of {rows} carries {carried} of the loss"),
            Unit.ANSWERS: translate("budget_words", "The worst answer of {rows} carries {carried} of the loss"),
        }[of]
    elif rows < FEW:
        pattern = translate("budget_words", "The worst {count} of {all} carry {carried} of the loss")
    else:
        pattern = {
            Unit.ROWS: translate(
                "budget_words", "The worst {share} of rows ({count} of {rows}) carry {carried} of the loss"
            ),
            Unit.ANSWERS: translate(
                "budget_words", "The worst {share} of answers ({count} of {rows}) carry {carried} of the loss"
            ),
        }[of]
    return pattern.format(
        share=_unbroken(share_text(share)),
        count=count_text(count),
        rows=count_text(rows),
        all=of.counted(rows),
        carried=_unbroken(share_text(carried)),
    )


def _unbroken(text: str) -> str:
    """Return a text that stays on one line."""
    return text.replace(" ", "\u00a0")


def _only_one(of: Unit) -> str:
    if of is Unit.ROWS:
        return translate("budget_words", "The only row carries all of the loss")
    return translate("budget_words", "The only answer carries all of the loss")


def listing(of: Unit, count: int) -> str:
    """Return what the button does."""
    if count == 1:
        return translate("budget_words", "List it")
    if of is Unit.ROWS:
        return translate("budget_words", "List these rows")
    return translate("budget_words", "List these answers")


def listed(of: Unit, count: int, left_out: int) -> str:
    """Return what has been listed, and what might as well have been."""
    words = translate("budget_words", "Listed: {count}, the worst first.").format(count=of.counted(count))
    if not left_out:
        return words
    more = translate("budget_words", "{count} more with just the loss of the last: of equal ones the first are listed.")
    return words + " " + more.format(count=of.counted(left_out))


def left_out(of: Unit, infinite: Sequence[tuple[str, int]], *, without: bool) -> str:
    """Return which models have infinite losses, and what becomes of them."""
    if not infinite:
        return ""
    models = ", ".join(f"{name} ({of.counted(count)})" for name, count in infinite)
    if without:
        return translate("budget_words", "Left out, for their loss is infinite: {models}").format(models=models)
    return translate("budget_words", "Not drawn, for losses are infinite: {models}").format(models=models)


def point(of: Unit, name: str, share: float, carried: float) -> str:
    """Return the read-out of a point of a curve."""
    pattern = {
        Unit.ROWS: translate("budget_words", "{model}\nworst {share} of rows: {carried}"),
        Unit.ANSWERS: translate("budget_words", "{model}\nworst {share} of answers: {carried}"),
    }[of]
    return pattern.format(model=name, share=share_text(share), carried=share_text(carried))


def axis(of: Unit) -> str:
    """Return what lies along the axis."""
    if of is Unit.ROWS:
        return translate("budget_words", "share of the rows, largest loss first")
    return translate("budget_words", "share of the answers, largest loss first")


def equal() -> str:
    """Return what the line of equal shares is called."""
    return translate("budget_words", "if all were equal")


def no_model() -> str:
    """Return why there is nothing."""
    return translate("budget_words", "No model yet. Open a file with scores, or add a model: it will have losses.")


def counting() -> str:
    """Return why there is nothing yet."""
    return translate("budget_words", "Adding up losses …")


def infinite(of: Unit, name: str, count: int) -> str:
    """Return why there is no share."""
    pattern = translate(
        "budget_words",
        "{model} has an infinite loss in {count}: it was sure, and wrong. They carry all of the loss, and no share is "
        "defined. Leave them out to see how the others share what is left.",
    )
    return pattern.format(model=name, count=of.counted(count))


def all_infinite(name: str) -> str:
    """Return why there is no share without infinite losses."""
    return translate("budget_words", "Every loss of {model} is infinite: without them nothing is left.").format(
        model=name
    )


def no_loss(name: str) -> str:
    """Return why there is no share."""
    return translate("budget_words", "Every loss of {model} is 0: there is nothing to share.").format(model=name)
