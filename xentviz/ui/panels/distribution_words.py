"""What is said beside the distribution of scores: of yes and no, or of one answer in many."""

import math

from PySide6.QtCore import QCoreApplication

from xentviz.core.document import Document
from xentviz.core.operating import Meaning
from xentviz.core.outcomes import Outcomes
from xentviz.core.told import of_rows, one_answer, several_answers
from xentviz.ui.numbers import UNDEFINED, amount_text, count_text, figure_text, score_text
from xentviz.ui.words import counted_answers, counted_rows, cut

translate = QCoreApplication.translate

MEASURED = (Meaning.SHARE, Meaning.RECALL, Meaning.PRECISION)
"""What takes the scores to be known: the threshold alone does not tell it."""


def explanation() -> str:
    """Return what the panel shows, and what to try."""
    return translate(
        "distribution_words",
        "Every row has a score, from 0 to 1. Rows that are yes stand up, rows that are no hang down: each bar counts "
        "those in one hundredth. The threshold T cuts through both: a score that reaches T counts as yes. "
        "What is shaded is decided wrongly: misses on the left, false alarms on the right.\n\n"
        "T can be told in six ways: as a probability, as a logit, by how many it selects, by how many of the yes it "
        "finds (recall), by how many of those it selects are yes (precision), or by what a miss costs, counted in "
        "false alarms. Click one of them: it is what you type, and the other five follow.\n\n"
        "Try: choose recall, type 0.9, and see how many false alarms it costs. Then drag, or use the arrow keys: with "
        "Shift finer, with Ctrl from score to score.",
    )


def name(meaning: Meaning, *, by_rows: bool) -> str:
    """Return what a read-out is called."""
    if by_rows:
        return {
            Meaning.SHARE: translate("distribution_words", "decided"),
            Meaning.RECALL: translate("distribution_words", "right of all"),
            Meaning.PRECISION: translate("distribution_words", "of decided"),
        }.get(meaning) or name(meaning, by_rows=False)
    return {
        Meaning.PROBABILITY: translate("distribution_words", "probability"),
        Meaning.LOGIT: translate("distribution_words", "logit"),
        Meaning.SHARE: translate("distribution_words", "selected"),
        Meaning.RECALL: translate("distribution_words", "recall"),
        Meaning.PRECISION: translate("distribution_words", "precision"),
        Meaning.COST: translate("distribution_words", "miss costs"),
    }[meaning]


def figure(meaning: Meaning, value: float | None) -> str:
    """Return a threshold in one meaning as it stands in a read-out."""
    if value is None:
        return UNDEFINED
    if meaning is Meaning.PROBABILITY:
        return figure_text(value)
    if meaning is Meaning.COST and 0.001 <= value < 1e5:
        return f"{value:.3g}" if value < 1000 else count_text(round(value))
    return score_text(value)


def tick(meaning: Meaning, value: float | None) -> str:
    """Return a threshold in one meaning as it stands at an axis."""
    if value is None or math.isinf(value) or meaning is Meaning.COST:
        return figure(meaning, value)
    return f"{value:.1f}".replace("-", "−") if meaning is Meaning.LOGIT else f"{value:.2f}"


def tip(meaning: Meaning, threshold: float, found: Outcomes | None, *, by_rows: bool) -> str:
    """Return what a read-out says, with the counts that it is made of, or why it is not defined."""
    if meaning is Meaning.PROBABILITY:
        return translate("distribution_words", "The threshold itself, {value}: a score that reaches it counts.").format(
            value=repr(threshold)
        )
    if meaning is Meaning.LOGIT:
        return translate("distribution_words", "ln(T / (1 − T)): the threshold of a model that gives logits.")
    if meaning is Meaning.COST:
        return _cost_tip(by_rows=by_rows)
    return (
        translate("distribution_words", "There are no numbers yet.") if found is None else _tip(meaning, found, by_rows)
    )


def _cost_tip(*, by_rows: bool) -> str:
    if by_rows:
        return translate(
            "distribution_words",
            "How many wrong decisions cost as much as a right one that is not taken, if this T is the cheapest and the "
            "probabilities are right: T = 1 / (1 + cost).",
        )
    return translate(
        "distribution_words",
        "How many false alarms cost as much as one miss, if this T is the cheapest and the probabilities are right: "
        "T = 1 / (1 + cost).",
    )


def _tip(meaning: Meaning, found: Outcomes, by_rows: bool) -> str:
    hits, said = float(found.true_positives), float(found.true_positives + found.false_positives)
    yes, total = float(found.true_positives + found.false_negatives), float(found.total)
    if math.isnan(total):
        return translate("distribution_words", "Not defined: rows of one label are missing that are to be weighed up.")
    part, whole = {Meaning.SHARE: (said, total), Meaning.RECALL: (hits, yes), Meaning.PRECISION: (hits, said)}[meaning]
    if not whole:
        return (_undefined_of_rows if by_rows else _undefined)(meaning)
    sentence = (_sentence_of_rows if by_rows else _sentence)(meaning)
    return sentence.format(part=amount_text(part), whole=amount_text(whole))


def _sentence(meaning: Meaning) -> str:
    return {
        Meaning.SHARE: translate("distribution_words", "Of {whole}, {part} are said yes."),
        Meaning.RECALL: translate("distribution_words", "Of {whole} that are yes, {part} are said yes."),
        Meaning.PRECISION: translate("distribution_words", "Of {whole} said yes, {part} are yes."),
    }[meaning]


def _sentence_of_rows(meaning: Meaning) -> str:
    return {
        Meaning.SHARE: translate("distribution_words", "Of {whole} rows, {part} are decided."),
        Meaning.RECALL: translate("distribution_words", "Of {whole} rows, {part} are decided rightly."),
        Meaning.PRECISION: translate("distribution_words", "Of {whole} rows decided, {part} are decided rightly."),
    }[meaning]


def _undefined(meaning: Meaning) -> str:
    return {
        Meaning.SHARE: translate("distribution_words", "Not defined: no row has both a label and a score."),
        Meaning.RECALL: translate("distribution_words", "Not defined: no row is yes."),
        Meaning.PRECISION: translate("distribution_words", "Not defined: no row is said yes."),
    }[meaning]


def _undefined_of_rows(meaning: Meaning) -> str:
    if meaning is Meaning.PRECISION:
        return translate("distribution_words", "Not defined: no row is decided.")
    return translate("distribution_words", "Not defined: no row has both a label and a score.")


# What is typed


def title(meaning: Meaning, category: str, *, by_rows: bool) -> str:
    """Return what stands above the number that is typed."""
    if category:
        return translate("distribution_words", "T of {category}").format(category=cut(category))
    if meaning is Meaning.PROBABILITY:
        return translate("distribution_words", "Threshold T")
    return translate("distribution_words", "T as: {meaning}").format(meaning=name(meaning, by_rows=by_rows))


def refused(meaning: Meaning, text: str, *, by_rows: bool) -> str:
    """Return why a text is no threshold in a meaning."""
    if meaning is Meaning.PROBABILITY:
        sentence = translate("distribution_words", "A threshold is a number from 0 to 1; “{text}” is not.")
    elif meaning is Meaning.LOGIT:
        sentence = translate("distribution_words", "A logit is a number, from −10 000 to 10 000; “{text}” is not.")
    elif meaning is Meaning.COST:
        sentence = translate("distribution_words", "A cost is a number from 0 on; “{text}” is not.")
    else:
        sentence = translate("distribution_words", "“{meaning}” is a number from 0 to 1; “{text}” is not.")
    return sentence.format(text=text, meaning=name(meaning, by_rows=by_rows))


def unreachable(meaning: Meaning, value: float, *, by_rows: bool) -> str:
    """Return that no threshold does what was asked for."""
    return translate("distribution_words", "No threshold makes “{meaning}” {value}.").format(
        meaning=name(meaning, by_rows=by_rows), value=figure(meaning, value)
    )


def waiting() -> str:
    """Return that what a number means is not known yet."""
    return translate("distribution_words", "The scores are still being sorted: type it again in a moment.")


# In the picture


def sides(document: Document, category: int | None) -> tuple[str, str]:
    """Return what rows that stand up are, and those that hang down."""
    if of_rows(document, category):
        return translate("distribution_words", "right"), translate("distribution_words", "wrong")
    if one_answer(document):
        return translate("distribution_words", "is it"), translate("distribution_words", "is not")
    return translate("distribution_words", "is yes"), translate("distribution_words", "is no")


def heights() -> tuple[str, str]:
    """Return how high a bar is: by square roots, and by logarithms."""
    return translate("distribution_words", "√ scale"), translate("distribution_words", "log scale")


Parts = tuple[float, float, float, float]


def parts(document: Document, category: int | None, counts: Parts, unreached: float) -> tuple[str, str, str, str]:
    """Return what the four parts of the picture are: up left, up right, down left, down right.

    Parameters
    ----------
    counts : tuple of float
        How many rows lie in each.
    unreached : float
        Rows that are missed at every threshold.
    """
    held_back = translate("distribution_words", "held back {count}")
    if of_rows(document, category):
        sentences = (
            held_back,
            translate("distribution_words", "decided rightly {count}"),
            held_back,
            translate("distribution_words", "decided wrongly {count}"),
        )
    else:
        missed = translate("distribution_words", "missed {count}")
        if unreached:
            missed = translate("distribution_words", "missed {count}, and {more} at every T")
        sentences = (
            missed,
            translate("distribution_words", "found {count}"),
            held_back if one_answer(document) else translate("distribution_words", "rightly no {count}"),
            translate("distribution_words", "false alarms {count}"),
        )
    more = amount_text(unreached)
    up_left, up_right, down_left, down_right = (
        sentence.format(count=amount_text(count), more=more) for sentence, count in zip(sentences, counts, strict=True)
    )
    return up_left, up_right, down_left, down_right


def nothing_known() -> str:
    """Return that there is nothing to be counted."""
    return translate("distribution_words", "no row has both a label and a score")


def ties(document: Document, category: int | None, yes: int, no: int) -> str:
    """Return how many rows are exactly at the threshold, and what they are."""
    if not yes + no:
        return translate("distribution_words", "no row is exactly at T")
    rows = (counted_answers if several_answers(document, category) else counted_rows)(yes + no)
    if yes + no == 1:
        sentence = translate("distribution_words", "{rows} exactly at T counts as {said}: {parts}")
    else:
        sentence = translate("distribution_words", "{rows} exactly at T count as {said}: {parts}")
    said = translate("distribution_words", "yes")
    if one_answer(document):
        said = translate("distribution_words", "decided")
    return sentence.format(rows=rows, said=said, parts=_parts_of_ties(document, category, yes, no))


def _parts_of_ties(document: Document, category: int | None, yes: int, no: int) -> str:
    if one_answer(document):
        words = translate("distribution_words", "{yes} rightly, {no} wrongly")
    elif yes + no == 1:
        words = translate("distribution_words", "it is yes") if yes else translate("distribution_words", "it is no")
    else:
        one_yes, more_yes = (
            translate("distribution_words", "1 is yes"),
            translate("distribution_words", "{yes} are yes"),
        )
        one_no, more_no = translate("distribution_words", "1 is no"), translate("distribution_words", "{no} are no")
        words = f"{one_yes if yes == 1 else more_yes}, {one_no if no == 1 else more_no}"
    return words.format(yes=count_text(yes), no=count_text(no))


def best(low: float, value: float, high: float) -> str:
    """Return the best threshold and its interval."""
    return translate("distribution_words", "best T {best}, 95 % of resamples {low} – {high}").format(
        best=score_text(value), low=score_text(low), high=score_text(high)
    )


def subject(document: Document, model: int, category: int | None) -> str:
    """Return whose scores are shown."""
    names = [document.models[model].name] if document.models else []
    if category is not None and len(document.categories) > 1:
        names.append(document.categories[category])
    counted = [translate("distribution_words", "each row counted once")] if of_rows(document, category) else []
    return " · ".join([*map(cut, names), *counted])


def picture_tip(document: Document, category: int | None) -> str:
    """Return what the picture shows and how it is used."""
    if of_rows(document, category):
        what = translate(
            "distribution_words",
            "The largest probability of each row: rows whose most probable category is the true one stand up, others "
            "hang down.",
        )
    elif one_answer(document):
        what = translate(
            "distribution_words",
            "Rows whose most probable category is the one looked at, by its probability: those that are it stand up, "
            "others hang down.",
        )
    else:
        what = translate("distribution_words", "Rows that are yes stand up, rows that are no hang down.")
    how = translate(
        "distribution_words",
        "Drag anywhere to move T. Arrow keys move it by 0.01, with Shift by 0.001, with Ctrl to the next score.",
    )
    others = translate("distribution_words", "Short lines at the axis are the thresholds of other categories.")
    return "\n".join([what, how, *([others] if len(document.thresholds) > 1 else [])])
