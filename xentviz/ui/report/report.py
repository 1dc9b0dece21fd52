"""What is in a report, from its title to its last figure."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from xentviz.core.told import one_answer
from xentviz.ui.report.content import (
    About,
    all_rows_words,
    comparison_parts,
    confusion_parts,
    data_parts,
    only_rows_words,
    only_words,
    scoreboard_parts,
    verdict_parts,
)
from xentviz.ui.report.numbers import Numbers
from xentviz.ui.report.parts import Figure, Part, Picture
from xentviz.ui.report.pictures import SMALL, Pictures, drawn_categories
from xentviz.ui.words import cut

translate = QCoreApplication.translate

LONGEST_FOOT = 60


@dataclass(frozen=True)
class Report:
    """A report.

    Attributes
    ----------
    title : str
        Of the file.
    heading, below : str
        What stands on top, and in small letters below it.
    only : str
        Of which rows alone it is; empty of all.
    foot : str
        What stands on every page.
    parts : tuple of Part
    """

    title: str
    heading: str
    below: str
    only: str
    foot: str
    parts: tuple[Part, ...]

    @property
    def pictures(self) -> Iterator[Picture]:
        """All its pictures."""
        return (picture for part in self.parts if isinstance(part, Figure) for picture in part.pictures)


def make_report(numbers: Numbers, about: About, pictures: Pictures) -> Report:
    """Return the report of a document."""
    when = about.made.strftime("%Y-%m-%d %H:%M")
    heading = title = numbers.document.title or translate("report", "Untitled")
    parts = (
        *verdict_parts(numbers),
        *scoreboard_parts(numbers),
        *comparison_parts(numbers),
        *confusion_parts(numbers),
        *data_parts(numbers, about),
        *_figures(numbers, pictures),
    )
    below = translate("report", "Labels, predictions and cross-entropy · {rows} · {when}")
    below = below.format(rows=all_rows_words(numbers), when=when) if numbers.only is None else when
    foot = cut(", ".join(about.files) or title, LONGEST_FOOT)
    if numbers.only is not None:
        title, foot = (f"{name}: {only_words(numbers.only)}" for name in (title, foot))
    return Report(title, heading, below, only_rows_words(numbers), f"{foot} · {when}", parts)


def _figures(numbers: Numbers, pictures: Pictures) -> list[Figure]:
    if not numbers.models:
        return []
    own, each = drawn_categories(numbers)
    models = range(len(numbers.models))
    return [
        *_curves(numbers, pictures, each),
        Figure(
            translate("report", "Calibration, and where the loss comes from"),
            (pictures.legend(), pictures.reliability(), pictures.budget()),
            translate(
                "report",
                "Left: of what is said with a certain probability, how much comes true; on the diagonal it is as "
                "said. The reference has 95 % Wilson intervals, and below how much lies in each bin. Right: the share "
                "of the whole loss that the worst carry, without infinite losses; on the dotted line all lose alike.",
            ),
        ),
        Figure(
            translate("report", "Loss: what every row costs"),
            tuple(pictures.loss(m, own) for m in models),
            _loss_caption(numbers),
        ),
        Figure(
            translate("report", "Scores: what the threshold makes of them"),
            tuple(pictures.scores(m, own) for m in models),
            _scores_caption(numbers, logarithmic=pictures.is_logarithmic(own)),
        ),
    ]


def _curves(numbers: Numbers, pictures: Pictures, each: list[int | None]) -> list[Figure]:
    """Return the curves of each category: both beside one another, or a figure of each kind if they are small."""
    title, read = (
        translate("report", "Ranking: what every threshold would make of the scores"),
        _curves_words(numbers, len(each)),
    )
    roc = translate("report", "ROC: recall over false positive rate; on the dashed line it is guessed.")
    precision = translate(
        "report", "Precision over recall; on the dashed line it is guessed, grey curves are those of one F1."
    )
    draws = (pictures.roc, pictures.precision_recall)
    if pictures.of_curves != SMALL:
        drawn = (draw(category) for category in each for draw in draws)
        return [Figure(title, (pictures.legend(), *drawn), f"{roc} {precision} {read}")]
    rocs, precisions = ((pictures.legend(), *map(draw, each)) for draw in draws)
    of_precision = translate("report", "Ranking: precision and recall at every threshold")
    return [Figure(title, rocs, f"{roc} {read}"), Figure(of_precision, precisions, f"{precision} {read}")]


def _loss_caption(numbers: Numbers) -> str:
    unit = numbers.document.settings.unit.value
    if one_answer(numbers.document):
        words = translate(
            "report", "The loss of each row in {unit} over the probability of its true category; a ribbon is the wider "
            "the more rows lie there.",
        )  # fmt: skip
    else:
        words = translate(
            "report", "The loss of each answer in {unit} over its score: circles on the solid curve, which falls, are "
            "yes, squares on the dashed one no; a ribbon is the wider the more of them lie there, arrows mark what "
            "lies above.",
        )  # fmt: skip
    return words.format(unit=unit)


def _curves_words(numbers: Numbers, drawn: int) -> str:
    document = numbers.document
    words = [translate("report", "Dots stand at T; the line of the reference is bold.")]
    if one_answer(document):
        words.append(
            translate("report", "Ranked by the probability of the category; on the dotted curves is what T decides.")
        )
    if 1 < drawn < len(document.categories):
        pattern = translate("report", "Of {count} categories the first {shown} are drawn.")
        words.append(pattern.format(count=len(document.categories), shown=drawn))
    return " ".join(words)


def _scores_caption(numbers: Numbers, *, logarithmic: bool) -> str:
    scale = translate("report", "Heights are square roots of counts, on one scale for all models.")
    if logarithmic:
        scale = translate("report", "Heights are logarithms of counts, on one scale for all models.")
    return f"{_scores_words(numbers)} {scale}"


def _scores_words(numbers: Numbers) -> str:
    if one_answer(numbers.document):
        return translate(
            "report", "The largest probability of each row, rightly decided rows upwards, wrongly decided ones "
            "downwards, and the threshold T; what is shaded is decided wrongly or held back.",
        )  # fmt: skip
    return translate(
        "report", "Scores of what is yes upwards, of what is no downwards, and the threshold T; what is shaded is "
        "decided wrongly.",
    )  # fmt: skip
