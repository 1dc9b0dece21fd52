"""What is said about two models' losses of the same rows: of dots, cells, wins, decisions and luck."""

import math

import numpy as np
from PySide6.QtCore import QCoreApplication

from xentviz.core.document import Document
from xentviz.core.duel import Cloud, Flips, Outcome, Standing
from xentviz.core.elements import losses_of, probability_of_truth, wrong_of
from xentviz.core.told import one_answer, several_answers, told_of
from xentviz.session.session import Session
from xentviz.ui.numbers import count_text, loss_text, p_text, score_text, share_text
from xentviz.ui.panels.agreement_words import as_often_right
from xentviz.ui.words import counted_answers, counted_rows, cut, nothing_known

translate = QCoreApplication.translate

SETTLED = 0.05
"""A p-value below this is hardly luck."""

RARE = 1e-4
"""A smaller chance is told in words."""

TICKS = 4
"""So many, about, along an even axis."""

FEW_POWERS = 2.5
"""Along so many powers of ten there are ticks between them too."""


def duel_explanation() -> str:
    """Return what the duel shows."""
    return translate(
        "duel_words",
        "Each dot is a row: its loss under the reference model (A) across, under the other (B) up. On the diagonal "
        "both are as surprised by the truth; above it B is worse, below it A. A ring marks a row that only one of "
        "them decides rightly, round for A, square for B; dotted lines show from which loss on decisions are wrong. "
        "Of many rows the shades say how many lie in a cell.\n\n"
        "Click a dot, or draw a box or a lasso around some, to have these rows in the table; Shift adds to those "
        "selected. With “log”, rows that both models are nearly sure of come apart; losses too small to matter, 0 "
        "among them, and infinite ones lie in strips at the margins.\n\n"
        "McNemar’s test: if it were luck which of the two is right where only one is, each such row would fall to "
        "either by the toss of a coin. p is the chance of a split at least as uneven.",
    )


def gap_explanation() -> str:
    """Return what the waterfall shows."""
    return translate(
        "duel_words",
        "The mean losses of the reference model (A) and of the other (B) differ: here that difference is broken into "
        "parts, the largest first. A bar to the right is of rows in which B loses more than A, one to the left of rows "
        "in which it loses less; one after another they lead from A’s mean loss to B’s, for they add up to the "
        "difference exactly.\n\n"
        "Try: is it one label, one range of scores, or a handful of rows? A click on a bar selects its rows in the "
        "table. Rows with an infinite loss are left out of all bars, and said below them.",
    )


def no_pairs(session: Session) -> str:
    """Return what stands where no row has both losses."""
    if session.nothing_known:
        return nothing_known()
    return translate("duel_words", "No row has a label and a score of both models: there is nothing to compare.")


def counted(session: Session, count: int) -> str:
    """Return how many rows, or answers to several questions."""
    several = several_answers(session.document, session.view.category)
    return counted_answers(count) if several else counted_rows(count)


def element_name(document: Document, element: int) -> str:
    """Return what a row is called, and of several questions which one it is."""
    row, category = divmod(element, len(document.categories))
    number = translate("duel_words", "row {number}").replace("{number}", count_text(row + 1))
    name = cut(document.name_of(row) or number, 40)
    if len(document.categories) == 1 or one_answer(document):
        return name
    return f"{name} · {cut(document.categories[category], 30)}"


def dot_tip(document: Document, cloud: Cloud, dot: int) -> str:
    """Return what there is to say of a row, at the document's thresholds and in its unit."""
    match, element = cloud.standing.match, int(cloud.elements[dot])
    here = np.array([element])
    lines = [f"{element_name(document, element)} · {_truth(document, float(cloud.labels[dot]))}"]
    told = told_of(document, None, here) if one_answer(document) else here
    for m in (match.first, match.second):
        if one_answer(document):
            p = float(probability_of_truth(document, m, here // len(document.categories))[0])
        else:
            p = float(document.probabilities_of(m, here)[0])
        wrong = bool(wrong_of(document, m, told)[0])
        lines.append(
            translate("duel_words", "{model}: p {p} → loss {loss} {unit}, decided {how}")
            .replace("{p}", score_text(p))
            .replace("{loss}", _loss(document, float(losses_of(document, m, here)[0])))
            .replace("{unit}", document.settings.unit.value)
            .replace("{how}", translate("duel_words", "wrongly") if wrong else translate("duel_words", "rightly"))
            .replace("{model}", cut(document.models[m].name, 30))
        )
    more = _as_near(cloud, dot)
    if more:
        lines.append(translate("duel_words", "and {rows} more at this very place").replace("{rows}", count_text(more)))
    return "\n".join(lines)


def _as_near(cloud: Cloud, dot: int) -> int:
    """Return how many other dots lie where one lies."""
    x, y = (cloud.axis.place(losses) for losses in cloud.losses)
    return int(np.count_nonzero((x == x[dot]) & (y == y[dot]))) - 1


def _truth(document: Document, label: float) -> str:
    if one_answer(document):
        return cut(document.categories[int(label)], 30)
    if label in (0.0, 1.0):
        return translate("duel_words", "yes") if label else translate("duel_words", "no")
    return translate("duel_words", "label {label}").replace("{label}", score_text(label))


def cell_tip(session: Session, document: Document, cloud: Cloud, across: int, up: int) -> str:
    """Return what there is to say of a cell."""
    assert cloud.counts is not None
    match, (no, yes) = cloud.standing.match, cloud.counts[:, up, across].tolist()
    lines = [counted(session, no + yes)]
    if not one_answer(document):
        words = translate("duel_words", "{yes} yes, {no} no")
        lines[0] += " · " + words.format(yes=count_text(yes), no=count_text(no))
    for model, cell in ((match.first, across), (match.second, up)):
        name = cut(document.models[model].name, 30)
        lines.append(f"{name}: {_range(document, cloud, cell)}")
    return "\n".join(lines)


def _range(document: Document, cloud: Cloud, cell: int) -> str:
    axis, cells = cloud.axis, cloud.cells
    if cell == 0 and cloud.standing.low < axis.low:
        words = translate("duel_words", "loss below {end} {unit}")
        return words.format(end=_loss(document, axis.low), unit=document.settings.unit.value)
    if cell in (0, cells + 1):
        return translate("duel_words", "loss 0") if cell == 0 else translate("duel_words", "loss ∞")
    low, high = (_loss(document, axis.loss(min(1.0, at / cells))) for at in (cell - 1, cell))
    words = translate("duel_words", "loss {low} to {high} {unit}")
    return words.format(low=low, high=high, unit=document.settings.unit.value)


def _loss(document: Document, loss: float) -> str:
    return loss_text(loss * document.settings.unit.per_nat)


# Numbers


def list_words(outcome: Outcome, name: str, count: int) -> str:
    """Return what a button lists in the table."""
    words = {
        Outcome.FIRST_WINS: translate("duel_words", "{name} lower in {count}"),
        Outcome.SECOND_WINS: translate("duel_words", "{name} lower in {count}"),
        Outcome.TIES: translate("duel_words", "Equal losses in {count}"),
        Outcome.ONLY_FIRST: translate("duel_words", "Only {name} right in {count}"),
        Outcome.ONLY_SECOND: translate("duel_words", "Only {name} right in {count}"),
        Outcome.WRONG_APART: translate("duel_words", "Both wrong, each in its own way, in {count}"),
        Outcome.INFINITE: translate("duel_words", "An infinite loss of either in {count}"),
    }
    return words[outcome].replace("{count}", count_text(count)).replace("{name}", cut(name, 24))


def win_sentence(session: Session, of: Standing) -> str:
    """Return how many rows each wins."""
    first, second = (cut(model.name, 24) for model in of.match.models)
    return (
        translate("duel_words", "{a} lower in {wins}, {b} in {losses}, equal in {ties}")
        .replace("{wins}", counted(session, of.first_wins))
        .replace("{losses}", count_text(of.second_wins))
        .replace("{ties}", count_text(of.ties))
        .replace("{a}", first)
        .replace("{b}", second)
    )


def unbroken(text: str) -> str:
    """Return a text none of whose numbers is broken between two lines."""
    return text.replace("\u2009", "\u202f")


def luck_sentence(session: Session, found: Flips, p: float | None, names: tuple[str, str]) -> str:
    """Return what McNemar's test says of the decisions."""
    apart = found.only_first + found.only_second
    if not apart:
        return translate("duel_words", "No decision is right by one model alone: there is nothing to test.")
    if found.only_first == found.only_second:
        return as_often_right()
    if p is None:
        return translate("duel_words", "McNemar’s test: being worked out …")
    better = cut(names[0] if found.only_first > found.only_second else names[1], 24)
    if p < SETTLED:
        words = translate("duel_words", "{name} decides better: a coin would split {count} so unevenly {chance}.")
    else:
        words = translate(
            "duel_words", "Cannot tell who decides better: a coin would split {count} as unevenly {chance}."
        )
    often = translate("duel_words", "in {share} of tries").format(share=share_text(p))
    chance = often if p >= RARE else translate("duel_words", "almost never")
    chance += " " + translate("duel_words", "(McNemar p {p})").format(p=p_text(p))
    counts = counted(session, apart)
    return words.replace("{count}", counts).replace("{chance}", chance).replace("{name}", better)


def luck_tip(session: Session) -> str:
    """Return what McNemar's test takes for granted."""
    words = translate("duel_words", "Of the decisions at the thresholds that are right by one of the two models alone.")
    if several_answers(session.document, session.view.category):
        words += " " + translate("duel_words", "It takes the answers about one row for independent of one another.")
    return words


# Axes


def axis_ticks(document: Document, cloud: Cloud, strips: tuple[bool, bool]) -> list[tuple[float, str]]:
    """Return the places and texts of ticks, in the unit of the document."""
    per_nat, axis = document.settings.unit.per_nat, cloud.axis
    low, high = axis.low * per_nat, axis.high * per_nat
    values = _powers(low, high) if axis.logarithmic else _even(high)
    ticks = [(float(axis.place(value / per_nat)), _tick(value)) for value in values]
    below = "0" if cloud.standing.low >= axis.low else below_words(axis.low * per_nat)
    zero, endless = ((float(axis.place(loss)), text) for loss, text in ((0.0, below), (math.inf, "∞")))
    return [*([zero] if strips[0] else []), *ticks, *([endless] if strips[1] else [])]


def below_words(end: float) -> str:
    """Return what lies before an axis, rounded so that it is true.

    >>> below_words(1e-6), below_words(1.4427e-6)
    ('<1e−6', '<1.5e−6')
    """
    power = 10.0 ** math.floor(math.log10(end) + 1e-9)
    return "<" + loss_text(float(f"{math.ceil(10 * end / power - 1e-6) / 10 * power:.2g}"))


def _even(high: float) -> list[float]:
    power = 10.0 ** math.floor(math.log10(high / TICKS))
    step = next(power * of for of in (1, 2, 5, 10, 20) if power * of * TICKS >= high * 0.99 or of == 20)
    return [n * step for n in range(int(high / step) + 1)]


def _powers(low: float, high: float) -> list[float]:
    """Return powers of ten between two numbers, as many as have room, or what is between them too."""
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    every = max(1, math.ceil((last - first) / 6))
    values = [10.0**e for e in range(last, first - 1, -every) if 10.0**e > 0]
    if math.log10(high) - math.log10(low) < FEW_POWERS:
        values = [of * 10.0**e for e in range(first - 1, last + 1) for of in (1, 2, 5)]
    return [value for value in values if low <= value <= high]


def _tick(value: float) -> str:
    if value and not 0.001 <= value < 1e4:
        return loss_text(float(f"{value:.3g}"))
    return f"{value:.6g}"
