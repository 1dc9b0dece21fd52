"""What the panel of reliability says: of a bin, of an error and how it depends on the bins, of a score's parts."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from xentviz.core.binning import FEWEST_BINS, Binnings
from xentviz.core.calibration import BrierSplit, Reliability
from xentviz.core.document import Document
from xentviz.core.told import of_rows, one_answer, several_answers
from xentviz.ui.numbers import UNDEFINED, loss_text, score_text, share_text
from xentviz.ui.widgets.labels import plain_tip
from xentviz.ui.widgets.reliability_plot import Words
from xentviz.ui.widgets.sum_table import Line
from xentviz.ui.words import counted_answers, counted_rows, cut

translate = QCoreApplication.translate

USUAL = (5, 50)
"""From how many bins to how many an error is told."""


def explanation() -> str:
    """Return what the panel is for."""
    return translate(
        "reliability_words",
        "Does it happen 7 times in 10 when the model says 0.7? The rows are put into bins by their score; each mark "
        "stands above the mean score of a bin, as high as the share of them that came true. On the diagonal it is as "
        "the model says; below it the model is too sure of yes, above it not sure enough. Bars are 95 % intervals "
        "(Wilson’s): where one reaches the diagonal, chance may explain the gap. How many rows each bin holds stands "
        "below.\n\n"
        "ECE is the mean gap, each bin weighed by its rows. It depends on how many bins there are: few hide gaps, "
        "many make them up out of chance. Drag the number of bins before you trust it.\n\n"
        "The Brier score is the mean squared gap from score to truth. It is made of: the gaps of the bins "
        "(“reliability”, small is good), less how far the bins differ from the whole (“resolution”, large is good), "
        "plus what no model can help (“uncertainty”), plus what bins hide.\n\n"
        "Click a bin to see its rows.",
    )


def axis_words(document: Document, category: int | None) -> Words:
    """Return what stands on the axes."""
    diagonal = translate("reliability_words", "as it says")
    counts = (
        translate("reliability_words", "up to {count} a bin"),
        translate("reliability_words", "up to {count} a bin, logarithms"),
    )
    if of_rows(document, category):
        across = translate("reliability_words", "largest probability of a row")
        return Words(across, translate("reliability_words", "share decided rightly"), diagonal, counts)
    if one_answer(document) and category is not None:
        name = cut(document.categories[category], 16)
        across = translate("reliability_words", "probability of {category}").replace("{category}", name)
        up = translate("reliability_words", "share that is {category}").replace("{category}", name)
        return Words(across, up, diagonal, counts)
    across = translate("reliability_words", "score")
    return Words(across, translate("reliability_words", "share of yes"), diagonal, counts)


def subject(document: Document, category: int | None) -> str:
    """Return which scores are looked at, for the title, where that is not plain."""
    if of_rows(document, category):
        return translate("reliability_words", "confidence against accuracy")
    if len(document.categories) == 1:
        return ""
    if category is None:
        return translate("reliability_words", "all questions together")
    pattern = translate("reliability_words", "probability of {category}")
    return pattern.replace("{category}", cut(document.categories[category], 16))


def number_tip(document: Document, category: int | None) -> str:
    """Return what the number in the title is, and where it is not that of the scoreboard."""
    what = translate("reliability_words", "Expected calibration error of the chosen model.")
    if category is not None or len(document.categories) == 1:
        return what
    if of_rows(document, category):
        more = translate(
            "reliability_words",
            "Of the largest probability of each row; the scoreboard has the mean of every category’s own ECE (macro).",
        )
    else:
        more = translate(
            "reliability_words",
            "Of all answers in the same bins (micro); the scoreboard has the mean of every question’s own ECE (macro): "
            "where one question is scored too high and another too low, that is larger.",
        )
    return plain_tip(f"{what} {more}")


def bin_words(document: Document, category: int | None, found: Reliability, number: int) -> str:
    """Return what a bin tells: of how many rows with which scores, how many came true."""
    low, high = (score_text(edge) for edge in found.edges[number : number + 2].tolist())
    count = int(found.counts[number])
    counted = (counted_answers if several_answers(document, category) else counted_rows)(count)
    if not count:
        return translate("reliability_words", "No row is scored {low}–{high}.").format(low=low, high=high)
    from_, to = found.intervals[number].tolist()
    pattern = _pattern(document, category).format(
        counted=counted,
        low=low,
        high=high,
        mean=score_text(float(found.mean_scores[number])),
        share=rounded_share(float(found.observed[number])),
        least=rounded_share(from_),
        most=rounded_share(to),
        category="{category}",
    )
    return pattern.replace("{category}", "" if category is None else cut(document.categories[category]))


def _pattern(document: Document, category: int | None) -> str:
    if of_rows(document, category):
        return translate(
            "reliability_words",
            "Of {counted} decided with {low}–{high} (mean {mean}), {share} were right ({least}–{most})",
        )
    if one_answer(document):
        return translate(
            "reliability_words",
            "Of {counted} scored {low}–{high} (mean {mean}), {share} were {category} ({least}–{most})",
        )
    return translate(
        "reliability_words", "Of {counted} scored {low}–{high} (mean {mean}), {share} were yes ({least}–{most})"
    )


def rounded_share(share: float) -> str:
    """Return a share in whole percents, finer where it would look like none or all.

    >>> rounded_share(0.714), rounded_share(0.998), rounded_share(1.0)
    ('71 %', '99.8 %', '100 %')
    """
    whole = round(share * 100)
    return f"{whole} %" if 0 < whole < 100 or share in (0.0, 1.0) else share_text(share)


def error_words(binned: Binnings, bins: int) -> str:
    """Return the error with so many bins, and with how many it would be what."""
    error = binned.at(bins).expected_error
    if error is None:
        return ""
    few, many = USUAL
    usual = binned.errors[few - FEWEST_BINS : many - FEWEST_BINS + 1]
    return translate(
        "reliability_words", "ECE {error} with {bins} bins; {least} to {most} with {few} to {many}"
    ).format(
        error=loss_text(error),
        bins=bins,
        least=loss_text(float(np.min(usual))),
        most=loss_text(float(np.max(usual))),
        few=few,
        many=many,
    )


def split_lines(splits: list[BrierSplit | None], *, of_confidence: bool) -> list[Line]:
    """Return the Brier score of each model, and its parts."""
    what = (
        translate("reliability_words", "The mean squared gap from the largest probability to whether it was right. ")
        if of_confidence
        else translate("reliability_words", "The mean squared gap from score to truth: small is good. ")
    )
    rows = (
        (
            translate("reliability_words", "Brier score"),
            what + translate("reliability_words", "It is the sum of what stands below. A soft label is rounded."),
            "brier",
        ),
        (
            translate("reliability_words", "+ reliability"),
            translate(
                "reliability_words",
                "How far the bins lie from the diagonal, squared. Small is good: it comes true as it says. A "
                "temperature can mend it.",
            ),
            "reliability",
        ),
        (
            translate("reliability_words", "− resolution"),
            translate(
                "reliability_words",
                "How far the bins’ shares lie from that of the whole, squared. Large is good: it tells rows apart.",
            ),
            "resolution",
        ),
        (
            translate("reliability_words", "+ uncertainty"),
            translate(
                "reliability_words",
                "Share of yes times share of no: what one pays who knows no more than that. It is in the rows, not in "
                "the model.",
            ),
            "uncertainty",
        ),
        (
            translate("reliability_words", "+ within bins"),
            translate(
                "reliability_words",
                "What is lost or won by taking different scores of one bin together; the more bins, the less. It can "
                "be negative.",
            ),
            "within_bins",
        ),
    )
    return [Line(name, tip, tuple(_part(split, key) for split in splits), key == "brier") for name, tip, key in rows]


def _part(split: BrierSplit | None, key: str) -> str:
    if split is None:
        return UNDEFINED
    value = float(getattr(split, key))
    return "0" if abs(value) < 1e-12 else f"{value:.4f}".replace("-", "−") if abs(value) < 0.1 else loss_text(value)
