"""What is in a report, from its title to its last figure."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from xentviz.core.told import one_answer
from xentviz.ui.report.content import (
    About,
    comparison_parts,
    confusion_parts,
    data_parts,
    scoreboard_parts,
    versions,
)
from xentviz.ui.report.numbers import Numbers
from xentviz.ui.report.parts import Figure, Part, Picture, heading, paragraph
from xentviz.ui.report.pictures import Pictures
from xentviz.ui.report.svg import plain

translate = QCoreApplication.translate

MOST_CATEGORIES = 6
"""Of so many categories, at most, curves are drawn one by one."""


@dataclass(frozen=True)
class Report:
    """A title, a line below it, and parts; ``foot`` stands on every page."""

    title: str
    below: str
    foot: str
    parts: tuple[Part, ...]


def make_report(numbers: Numbers, about: About, pictures: Pictures) -> Report:
    """Return the report of a document."""
    when = about.made.strftime("%Y-%m-%d %H:%M")
    title = numbers.document.title or translate("report", "Untitled")
    parts = (
        *scoreboard_parts(numbers),
        *comparison_parts(numbers),
        *confusion_parts(numbers),
        *_figures(numbers, pictures),
        *data_parts(numbers, about),
        paragraph(versions(), "note"),
    )
    below = translate("report", "Labels, predictions and cross-entropy · {when}").format(when=when)
    return Report(title, below, translate("report", "{title} · {when}").format(title=title[:60], when=when), parts)


def _figures(numbers: Numbers, pictures: Pictures) -> list[Part]:
    if not numbers.models:
        return []
    own, each = _categories(numbers)
    models = range(len(numbers.models))
    figures = [
        _figure(tuple(pictures.loss(m, own) for m in models), _loss_caption(numbers)),
        _figure(tuple(pictures.scores(m, own) for m in models), _scores_caption(numbers)),
        _figure(
            (pictures.legend(), *(draw(c) for c in each for draw in (pictures.roc, pictures.precision_recall))),
            _curves_caption(numbers),
        ),
        _figure(
            (pictures.legend(), pictures.reliability(), pictures.budget()),
            translate(
                "report",
                "Left: of what is said with a certain probability, how much comes true; on the dashed line it is as "
                "said. The reference has 95 % Wilson intervals, and below how much lies in each bin. Right: the share "
                "of the whole loss that the worst carry, without infinite losses; on the dotted line all lose alike.",
            ),
        ),
    ]
    notes = []
    if len(each) < len(numbers.document.categories) and each != [None]:
        pattern = translate("report", "Of {count} categories the first {shown} are drawn.")
        notes.append(paragraph(pattern.format(count=len(numbers.document.categories), shown=len(each)), "note"))
    return [heading(translate("report", "Figures")), *notes, *figures]


def _categories(numbers: Numbers) -> tuple[int | None, list[int | None]]:
    """Return the category that scores are drawn of, None for all; and those that curves are drawn of."""
    document = numbers.document
    one_by_one: list[int | None] = list(range(min(MOST_CATEGORIES, len(document.categories))))
    if one_answer(document):
        return None, one_by_one
    if len(document.thresholds) > 1:
        return 0, one_by_one
    return None, [None]


def _figure(pictures: tuple[Picture, ...], caption: str) -> Figure:
    return Figure(pictures, plain(caption))


def _loss_caption(numbers: Numbers) -> str:
    unit = numbers.document.settings.unit.value
    if one_answer(numbers.document):
        words = translate(
            "report", "The loss of each row in {unit} over the probability of its true category; a ribbon is the wider "
            "the more rows lie there.",
        )  # fmt: skip
    else:
        words = translate(
            "report", "The loss of each answer in {unit} over its score: circles on the solid curve are yes, squares "
            "on the dashed one no; a ribbon is the wider the more of them lie there, arrows mark what lies above.",
        )  # fmt: skip
    return words.format(unit=unit)


def _curves_caption(numbers: Numbers) -> str:
    words = translate(
        "report",
        "ROC (recall over false positive rate) and precision over recall at every threshold; dots stand at T, dashed "
        "grey lines are guessing, grey curves those of one F1.",
    )
    apart = translate("report", "Ranked by the probability of the category; on the dotted curves is what T decides.")
    return f"{words} {apart}" if one_answer(numbers.document) else words


def _scores_caption(numbers: Numbers) -> str:
    if one_answer(numbers.document):
        return translate(
            "report", "The largest probability of each row, rightly decided rows upwards, wrongly decided ones "
            "downwards, and the threshold T; what is shaded is decided wrongly or held back.",
        )  # fmt: skip
    return translate(
        "report", "Scores of what is yes upwards, of what is no downwards, and the threshold T; what is shaded is "
        "decided wrongly.",
    )  # fmt: skip
