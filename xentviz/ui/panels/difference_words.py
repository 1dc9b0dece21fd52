"""What stands around the difference of two confusion matrices, and in its tool tips."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from xentviz.core.arguments import Floats
from xentviz.core.confusion import with_totals
from xentviz.ui.numbers import UNDEFINED, amount_text, count_text

translate = QCoreApplication.translate


def explanation() -> str:
    """Return what the difference of two confusion matrices is."""
    return translate(
        "difference_words",
        "The confusion matrix of one model less that of another: rows are what is true, columns what is decided at T. "
        "+12 under “said yes” and “is yes” means that the first model named finds 12 yeses more than the other. A cell "
        "has the colour of the model that fares better in it: more hits (✓), or fewer errors (✗). What they have in "
        "common is 0.\n\n"
        "A 0 need not mean that they agree: each may have found what the other missed. Click a cell for the rows that "
        "only one of the two models puts there. Drag T, and watch the lead change sides.\n\n"
        "Percentage points compare the shares of each truth, so recall and specificity; they are fair where the models "
        "have scores for different rows.",
    )


def signed(value: float, write: Callable[[float], str]) -> str:
    """Return a number with its sign, whichever it is.

    >>> [signed(value, amount_text) for value in (12.0, -3.0, 0.0)]
    ['+12', '−3', '0']
    """
    if np.isnan(value):
        return UNDEFINED
    return ("+" if value > 0 else "−" if value < 0 else "") + write(abs(value))


def counted(value: float) -> str:
    """Return a number of rows, which may be weighed."""
    return amount_text(value) if np.isnan(value) or value % 1 else count_text(round(value))


def points(value: float) -> str:
    """Return a share as percentage points.

    >>> [points(value) for value in (0.1234, 0.02, 0.00004, 0.0)]
    ['12.3 pp', '2.0 pp', '<0.1 pp', '0 pp']
    """
    percent = value * 100
    return f"{percent:.1f} pp" if percent >= 0.1 else "<0.1 pp" if percent else "0 pp"


def kinds(differences: Floats) -> list[tuple[str, str]]:
    """Return what the four cells of yes and no are called, by the signs of their differences, in full and in short."""
    words = (
        (
            translate("difference_words", "more found"),
            translate("difference_words", "fewer found"),
            translate("difference_words", "as many found"),
            translate("difference_words", "TP"),
        ),
        (
            translate("difference_words", "more misses"),
            translate("difference_words", "fewer misses"),
            translate("difference_words", "as many misses"),
            translate("difference_words", "FN"),
        ),
        (
            translate("difference_words", "more false alarms"),
            translate("difference_words", "fewer false alarms"),
            translate("difference_words", "as many false alarms"),
            translate("difference_words", "FP"),
        ),
        (
            translate("difference_words", "more rightly no"),
            translate("difference_words", "fewer rightly no"),
            translate("difference_words", "as many rightly no"),
            translate("difference_words", "TN"),
        ),
    )
    of_cells = zip(words, differences.ravel().tolist(), strict=True)
    return [
        (more if value > 0 else fewer if value < 0 else equal, short) for (more, fewer, equal, short), value in of_cells
    ]


def net(model: str, right: float) -> str:
    """Return how many more, or fewer, a model decides rightly; nothing where that is not known."""
    if np.isnan(right):
        return ""
    if not right:
        return translate("difference_words", "as many right")
    words = translate("difference_words", "{model}: {count} more right")
    if right < 0:
        words = translate("difference_words", "{model}: {count} fewer right")
    return words.format(model=model, count=counted(abs(right)))


def cell_tip(
    matrices: tuple[Floats, Floats],
    models: tuple[str, str],
    heads: tuple[Sequence[str], Sequence[str]],
    at: tuple[int, int],
) -> str:
    """Return what there is to say of a cell, or of a total, of the first model and of the second."""
    (rows, columns), (row, column) = heads, at
    one, other = (float(with_totals(matrix)[row, column]) for matrix in matrices)
    named = [names[place] for names, place in ((rows, row), (columns, column)) if place < len(names)]
    lines = [" · ".join(named) or translate("difference_words", "all")]
    if np.isnan(one) or np.isnan(other):
        return "\n".join([*lines, translate("difference_words", "Not defined: it cannot be weighed up.")])
    lines += [f"{model}: {counted(count)}" for model, count in zip(models, (one, other), strict=True)]
    lines.append(translate("difference_words", "Difference: {value}").format(value=signed(other - one, counted)))
    if row < len(rows) and column < len(columns):
        lines.append(translate("difference_words", "Click: the rows that only one of them puts here."))
    return "\n".join(lines)
