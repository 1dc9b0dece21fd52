"""What the counts beside the threshold are called, and their figures: of yes and no, or of one answer in many."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from xentviz.core import metrics
from xentviz.core.confusion import decided
from xentviz.core.counts import Counts
from xentviz.core.document import Document
from xentviz.core.told import one_answer
from xentviz.ui.numbers import count_text, ratio_text, share_text
from xentviz.ui.widgets.labels import plain_tip
from xentviz.ui.words import cut

translate = QCoreApplication.translate

Shown = tuple[str, str]
"""A text and its tool tip."""


def rule(document: Document) -> str:
    """Return how the threshold decides."""
    if one_answer(document):
        return translate("count_words", "largest p ≥ T decides")
    return translate("count_words", "score ≥ T counts as yes")


def histogram_tip(document: Document, category: int | None) -> str:
    """Return what stands up in the histogram, and what hangs down."""
    if not one_answer(document):
        return translate(
            "count_words",
            "Scores of rows that are yes stand up, of rows that are no hang down; heights are square roots.",
        )
    if category is None:
        return translate(
            "count_words",
            "The largest probability of each row: of rows whose most probable category is the true one they stand up, "
            "of others they hang down; heights are square roots.",
        )
    return translate(
        "count_words",
        "Rows whose most probable category is {category}, by its probability: those that are it stand up, others "
        "hang down; heights are square roots.",
    ).format(category=plain_tip(document.categories[category]))


def headings(document: Document, category: int | None) -> list[Shown]:
    """Return the six headings of the counts."""
    if not one_answer(document):
        return _of_questions()
    return _of_rows() if category is None else _of_one_category(document.categories[category])


def figures(document: Document, category: int | None, counts: Sequence[Counts]) -> list[Shown]:
    """Return the six figures below the headings."""
    if one_answer(document) and category is None:
        return _figures_of_rows(counts)
    total = metrics.pooled(counts)
    no_yes_said = translate("count_words", "Not defined: no row is said yes.")
    no_yes = translate("count_words", "Not defined: no row is yes.")
    four = (total.true_positives, total.false_positives, total.false_negatives, total.true_negatives)
    return [
        *((count_text(count), "") for count in four),
        _ratio(metrics.precision(total), no_yes_said),
        _ratio(metrics.recall(total), no_yes),
    ]


def _figures_of_rows(counts: Sequence[Counts]) -> list[Shown]:
    found = decided(counts)
    nothing_decided = translate("count_words", "Not defined: no row is decided.")
    return [
        *((count_text(count), "") for count in (found.right, found.wrong, found.undecided)),
        (share_text(found.precision), nothing_decided if found.precision is None else ""),
        _ratio(metrics.macro(metrics.precision, counts), nothing_decided),
        _ratio(metrics.macro(metrics.recall, counts), translate("count_words", "Not defined: no row has a label.")),
    ]


def _ratio(value: float | None, undefined: str) -> Shown:
    return ratio_text(value), undefined if value is None else ""


def _of_questions() -> list[Shown]:
    return [
        (translate("count_words", "said yes,\nis yes"), translate("count_words", "True positives")),
        (translate("count_words", "said yes,\nis no"), translate("count_words", "False positives: false alarms")),
        (translate("count_words", "said no,\nis yes"), translate("count_words", "False negatives: misses")),
        (translate("count_words", "said no,\nis no"), translate("count_words", "True negatives")),
        (
            translate("count_words", "precision"),
            translate("count_words", "Of those said yes, the share that is yes"),
        ),
        (
            translate("count_words", "recall"),
            translate("count_words", "Of those that are yes, the share that was said yes"),
        ),
    ]


def _of_rows() -> list[Shown]:
    return [
        (
            translate("count_words", "decided\nrightly"),
            translate("count_words", "Rows whose most probable category reaches T and is the true one"),
        ),
        (
            translate("count_words", "decided\nwrongly"),
            translate("count_words", "Rows whose most probable category reaches T and is not the true one"),
        ),
        (
            translate("count_words", "not\ndecided"),
            translate("count_words", "Rows whose largest probability is below T"),
        ),
        (
            translate("count_words", "right of\ndecided"),
            translate("count_words", "Of the rows that are decided, the share that is decided rightly"),
        ),
        (
            translate("count_words", "macro\nprecision"),
            translate("count_words", "The mean of the categories’ precision, where it is defined"),
        ),
        (
            translate("count_words", "macro\nrecall"),
            translate("count_words", "The mean of the categories’ recall, where it is defined: balanced accuracy"),
        ),
    ]


def _of_one_category(name: str) -> list[Shown]:
    short, whole = cut(name, 10), plain_tip(name)

    def shown(text: str, tip: str) -> Shown:
        return text.replace("{it}", short), tip.replace("{it}", whole)

    return [
        shown(
            translate("count_words", "said {it},\nis {it}"),
            translate("count_words", "True positives: decided to be {it}, and are"),
        ),
        shown(
            translate("count_words", "said {it},\nis another"),
            translate("count_words", "False positives: decided to be {it}, and are not"),
        ),
        shown(
            translate("count_words", "not said,\nis {it}"),
            translate("count_words", "False negatives: are {it}, and are decided to be another, or nothing"),
        ),
        shown(
            translate("count_words", "not said,\nis another"),
            translate("count_words", "True negatives: neither are {it} nor are decided to be"),
        ),
        shown(
            translate("count_words", "precision"),
            translate("count_words", "Of those decided to be {it}, the share that is"),
        ),
        shown(
            translate("count_words", "recall"),
            translate("count_words", "Of those that are {it}, the share that is decided to be"),
        ),
    ]
