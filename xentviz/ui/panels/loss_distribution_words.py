"""What is said about the distributions of probabilities and losses."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from xentviz.core.distributions import Measure
from xentviz.core.document import Document, Unit
from xentviz.core.told import one_answer, several_answers
from xentviz.ui.words import counted_answers, counted_rows, cut

translate = QCoreApplication.translate


def explanation() -> str:
    """Return what the panel shows, for its "what is this?"."""
    return translate(
        "loss_distribution_words",
        "How many rows got which probability, those that are yes apart from those that are no; or how many have which "
        "loss. Two models stand back to back, more are drawn as steps. A good model puts the yes far to the right and "
        "the no far to the left.\n\n"
        "Losses lie on a logarithmic axis, each bin so many times as large as the one before; losses of 0 and of "
        "infinity have bins of their own at the ends. Two models with the same mean loss may look quite different: one "
        "somewhat wrong everywhere, the other nearly always right and seldom terribly wrong.\n\n"
        "The dot under, or over, the bars is the median, the tick the 95th percentile: one row in twenty is beyond. "
        "Point at a bin to read it, and click to list the rows that the chosen model has there. Logarithmic heights "
        "show the few rows that cost most beside the many that cost little.",
    )


def strips(document: Document, category: int | None, *, losses: bool) -> list[tuple[Measure, str]]:
    """Return what is counted apart, and what it is called."""
    if losses:
        return [(Measure.LOSS, "")]
    if one_answer(document) and category is None:
        return [(Measure.YES, translate("loss_distribution_words", "probability of the true category"))]
    if category is None or len(document.categories) == 1:
        yes, no = translate("loss_distribution_words", "is yes"), translate("loss_distribution_words", "is no")
    else:
        name = cut(document.categories[category])
        yes = translate("loss_distribution_words", "is {category}").format(category=name)
        no = translate("loss_distribution_words", "is not {category}").format(category=name)
    return [(Measure.YES, yes), (Measure.NO, no)]


def axis(unit: Unit, *, losses: bool) -> str:
    """Return what lies along the axis."""
    if losses:
        return translate("loss_distribution_words", "loss in {unit}").format(unit=unit.value)
    return translate("loss_distribution_words", "probability")


def marked() -> str:
    """Return what the marks are."""
    return translate("loss_distribution_words", "● median  ┤ 95 % are below")


def losses_told(texts: Sequence[str], unit: str, name: str) -> str:
    """Return the median and the 95th percentile of losses, behind the name of their model if there is one."""
    median, high = texts
    if not name:
        return translate("loss_distribution_words", "median {median} · 95 % below {high}").format(
            median=median, high=high
        )
    return translate("loss_distribution_words", "{model}: median loss {median} {unit}").format(
        model=name, median=median, unit=unit
    )


def scores_told(medians: Sequence[tuple[str, str]], name: str) -> str:
    """Return the medians of each group’s probabilities, behind the name of their model if there is one."""
    groups = " · ".join(f"{group} {median}" for group, median in medians)
    if not name:
        return translate("loss_distribution_words", "medians {groups}").format(groups=groups)
    return translate("loss_distribution_words", "{model}: medians {groups}").format(model=name, groups=groups)


def counted(document: Document, category: int | None, count: int) -> str:
    """Return how many rows, or answers."""
    return counted_answers(count) if several_answers(document, category) else counted_rows(count)


def tip(first: str, models: Sequence[tuple[str, str]], chosen: str) -> str:
    """Return the read-out of a bin; a click lists what the chosen model has there, if anything."""
    lines = [first, *(f"{name}: {count}" for name, count in models)]
    if chosen and len(models) > 1:
        lines.append(translate("loss_distribution_words", "click: list those of {model}").format(model=chosen))
    elif chosen:
        lines.append(translate("loss_distribution_words", "click: list them"))
    return "\n".join(lines)


def no_model() -> str:
    """Return why there is nothing."""
    return translate("loss_distribution_words", "No model yet. Open a file with scores, or add a model.")


def counting() -> str:
    """Return why there is nothing yet."""
    return translate("loss_distribution_words", "Counting …")
