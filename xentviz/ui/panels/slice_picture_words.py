"""What is said of slices side by side: of each one's numbers, and why there may be no picture of it."""

from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from xentviz.core.document import Document, Unit
from xentviz.core.intervals import Estimate
from xentviz.core.looked_at import LookedAt
from xentviz.core.small_curves import SmallCurves
from xentviz.core.told import of_rows, one_answer
from xentviz.session.comparing import Slicing
from xentviz.session.scores import LOSS, LOWER_IS_BETTER
from xentviz.session.slice_numbers import MOST
from xentviz.session.slices import Sliced
from xentviz.ui.numbers import UNDEFINED, count_text
from xentviz.ui.panels.score_words import cell_tip, interval_words, value_words
from xentviz.ui.panels.slice_words import slice_name
from xentviz.ui.words import cut

translate = QCoreApplication.translate


class Drawn(StrEnum):
    """What is drawn of each slice."""

    SCORE = "score"
    RELIABILITY = "reliability"
    ROC = "ROC"
    PRECISION_RECALL = "precision–recall"
    LOSSES = "losses"


def explanation() -> str:
    """Return what slices side by side are for."""
    return translate(
        "slice_picture_words",
        "Every picture is of one slice, as if its rows were all there are, and all have the same axes: what differs "
        "from picture to picture is the model, or luck. Choose a number of the scoreboard: dots are its values, lines "
        "their 95 % intervals, as the scoreboard finds them, and dashed lines the models’ values for all rows. Or "
        "choose curves, which stand side by side; beside each dot of a model’s colour is the number that goes with its "
        "curve. The broad pale line behind it is the same model’s curve for all rows: where the two part, the slice "
        "is unlike the whole.\n\n"
        "Small slices have wide intervals and ragged curves: look at how many rows there are before you believe a "
        "difference, and remember that the most striking of many slices is striking by luck, too.\n\n"
        "Look for a slice whose curve bends another way than the others’. Click it, or walk to it with the arrow keys "
        "and press Enter, to list its rows in the table.",
    )


def drawn_choices() -> list[tuple[Drawn, str]]:
    """Return what can be drawn, and what that is called."""
    return [
        (Drawn.SCORE, translate("slice_picture_words", "a score")),
        (Drawn.RELIABILITY, translate("slice_picture_words", "reliability")),
        (Drawn.ROC, translate("slice_picture_words", "ROC")),
        (Drawn.PRECISION_RECALL, translate("slice_picture_words", "precision–recall")),
        (Drawn.LOSSES, translate("slice_picture_words", "losses")),
    ]


def counting() -> str:
    """Return what stands where numbers have not come yet."""
    return translate("slice_picture_words", "Counting …")


def all_rows() -> str:
    """Return what the pale lines are, that are the same in all pictures."""
    return translate("slice_picture_words", "all rows")


def unfit(drawn: Drawn, sliced: Sliced) -> str:
    """Return why no slice has a picture of some kind, and what to do; empty where they have."""
    looked = sliced.looked
    if drawn is Drawn.ROC and of_rows(looked.document, looked.category):
        return translate("slice_picture_words", "Choose a category: a ROC curve sets one against the rest.")
    if drawn is not Drawn.LOSSES and looked.yes_or_no and sliced.slicing is Slicing.LABEL:
        return translate(
            "slice_picture_words", "A slice by label is all yes or all no: nothing can be told apart in it, and no "
            "share is to be expected. Divide the rows by score, or by a column of the file."
        )  # fmt: skip
    return ""


def axes(drawn: Drawn, document: Document, category: int | None) -> tuple[str, str, str]:
    """Return what lies across, what up, and what the models’ numbers are."""
    rows, several = of_rows(document, category), category is None and len(document.categories) > 1
    if drawn is Drawn.RELIABILITY:
        ece = translate("slice_picture_words", "ECE of these bins")
        if rows:
            largest = translate("slice_picture_words", "largest probability")
            return largest, translate("slice_picture_words", "share decided rightly"), ece
        return translate("slice_picture_words", "score"), translate("slice_picture_words", "share that is yes"), ece
    if drawn is Drawn.ROC:
        auc = translate("slice_picture_words", "micro AUC") if several else translate("slice_picture_words", "AUC")
        return translate("slice_picture_words", "FPR"), translate("slice_picture_words", "recall"), auc
    if rows:
        right, of = translate("slice_picture_words", "decided rightly"), translate("slice_picture_words", "of decided")
        return right, of, ""
    ap = translate("slice_picture_words", "micro AP") if several else translate("slice_picture_words", "AP")
    return translate("slice_picture_words", "recall"), translate("slice_picture_words", "precision"), ap


def losses_axes(unit: Unit) -> tuple[str, str, str]:
    """Return the same of losses."""
    across = translate("slice_picture_words", "loss in {unit}").format(unit=unit.value)
    return across, translate("slice_picture_words", "share"), translate("slice_picture_words", "mean loss, at ▲")


def no_rows() -> str:
    """Return why there is nothing of a slice."""
    return translate("slice_picture_words", "— no label and score")


def no_losses(looked: LookedAt) -> str:
    """Return why there are no losses in a slice: of one category they are those of the rows that it is right for."""
    if looked.category is None or not one_answer(looked.document):
        return no_rows()
    words = translate("slice_picture_words", "— no scored row is {category}")
    return words.format(category=cut(looked.document.categories[looked.category], 30))


def too_many() -> str:
    """Return why a slice has no numbers."""
    return translate("slice_picture_words", "— only {count} slices are drawn").format(count=count_text(MOST))


def no_curve(found: SmallCurves, drawn: Drawn) -> str:
    """Return why there is no curve of a model in a slice, empty if there is one."""
    if drawn is Drawn.PRECISION_RECALL and found.precision_recall is not None:
        return ""
    if not found.positives and not found.negatives:
        return no_rows()
    if not found.positives:
        return translate("slice_picture_words", "— none is yes")
    return translate("slice_picture_words", "— all are yes") if found.roc is None else ""


def estimate_words(key: str, name: str, estimate: Estimate, unit: Unit) -> str:
    """Return a model's number in a slice with its interval, or why there is none."""
    if estimate.value is None:
        return f"{cut(name)}: {UNDEFINED} {cell_tip('', key, estimate, unit)}"
    interval = interval_words(key, estimate.interval, unit)
    return f"{cut(name)}: {value_words(key, estimate.value, unit)}" + (f" ({interval})" if interval else "")


def worst(key: str, name: str, sliced: Sliced, values: list[float | None], unit: Unit) -> tuple[str, str]:
    """Return in which slice a number is worst for a model, and the same in fewer words; empty with fewer than two."""
    known = [(value, part) for part, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return "", ""
    value, part = max(known) if key in LOWER_IS_BETTER else min(known)
    words = translate("slice_picture_words", "{model} is worst where “{slice}”: {value}")
    told = {"model": cut(name), "slice": cut(slice_name(sliced, part)), "value": value_words(key, value, unit)}
    return words.format(**told), translate("slice_picture_words", "worst: {slice}").format(**told)


def axis_title(key: str, title: str, unit: Unit) -> str:
    """Return what stands above the axis of a number."""
    title = f"{title}, {unit.value}" if key == LOSS else title
    return translate("slice_picture_words", "{title} (dashed: of all rows)").format(title=title)
