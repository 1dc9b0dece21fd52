"""What stands around a confusion matrix and in its tool tips: of yes and no, or of one answer in many."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from xentviz.core.arguments import Floats
from xentviz.core.confusion import with_totals
from xentviz.core.document import Document
from xentviz.core.outcomes import quotients, told_of
from xentviz.core.told import one_answer
from xentviz.session.deciding import Cells
from xentviz.ui.numbers import UNDEFINED, amount_text, count_text, share_text
from xentviz.ui.words import as_if, cut

translate = QCoreApplication.translate

LONGEST = 14
"""Letters of a category's name that fit beside a matrix."""


def choices() -> list[tuple[Cells, str, str]]:
    """Return what cells can hold, what that is called, and what it is."""
    return [
        (Cells.COUNTS, translate("matrix_words", "counts"), translate("matrix_words", "How many there are")),
        (
            Cells.ROWS,
            translate("matrix_words", "% of row"),
            translate("matrix_words", "Of those with this truth: recall and specificity stand in the ✓ cells"),
        ),
        (
            Cells.COLUMNS,
            translate("matrix_words", "% of column"),
            translate("matrix_words", "Of those with this decision: precision stands where yes is said rightly"),
        ),
        (Cells.ALL, translate("matrix_words", "% of all"), translate("matrix_words", "Of everything: ✓ is accuracy")),
        (
            Cells.SOFT,
            translate("matrix_words", "soft: sums of p"),
            translate("matrix_words", "Probabilities added up, whatever the threshold"),
        ),
    ]


def explanation() -> str:
    """Return what a confusion matrix is."""
    return translate(
        "matrix_words",
        "Rows are what is true, columns what the model’s decision at T says. Where both agree (✓) it is right; the "
        "other cells (✗) are its two kinds of error: false alarms and misses. The fuller a cell’s colour, the larger "
        "its share of its row.\n\n"
        "Lower T and watch answers pass from the right column to the left: every miss that is saved is paid for in "
        "false alarms. Shares of a row show recall, shares of a column precision. Soft cells do not decide at all: an "
        "answer of 0.7 is 0.7 of a yes and 0.3 of a no.\n\n"
        "Click a cell to see its rows in the table. With the keyboard: arrows, then Enter. With many categories the "
        "cells shrink to a heat map; hover over it for numbers.",
    )


def heads(document: Document, category: int | None, undecided: bool) -> tuple[list[str], list[str]]:
    """Return the names of the rows and of the columns."""
    if one_answer(document) and category is None:
        none = [translate("matrix_words", "none")] if undecided else []
        return list(document.categories), [*document.categories, *none]
    if category is None or len(document.categories) == 1:
        return (
            [translate("matrix_words", "is yes"), translate("matrix_words", "is no")],
            [translate("matrix_words", "said yes"), translate("matrix_words", "said no")],
        )
    it = cut(document.categories[category], LONGEST)
    other = translate("matrix_words", "is another") if one_answer(document) else translate("matrix_words", "is not")
    return (
        [translate("matrix_words", "is {it}").format(it=it), other],
        [translate("matrix_words", "said {it}").format(it=it), translate("matrix_words", "not said")],
    )


def kinds() -> list[tuple[str, str]]:
    """Return what the four cells of yes and no are called, in full and in short."""
    return [
        (translate("matrix_words", "true positives"), translate("matrix_words", "TP")),
        (translate("matrix_words", "false negatives"), translate("matrix_words", "FN")),
        (translate("matrix_words", "false positives"), translate("matrix_words", "FP")),
        (translate("matrix_words", "true negatives"), translate("matrix_words", "TN")),
    ]


def shown_values(matrix: Floats, cells: Cells) -> Floats:
    """Return what the cells hold, totals included: shares are those of a total, nan where that is nothing."""
    whole = with_totals(matrix)
    if cells is Cells.ROWS:
        return quotients(whole, whole[:, -1:])
    if cells is Cells.COLUMNS:
        return quotients(whole, whole[-1:])
    return quotients(whole, whole[-1:, -1:]) if cells is Cells.ALL else whole


def writer(cells: Cells, whole: bool, *, short: bool = False) -> Callable[[float], str]:
    """Return how values are written; ``whole`` says that they are counts of whole things, ``short`` that cells are."""

    def write(value: float) -> str:
        if np.isnan(value):
            return UNDEFINED
        if cells not in (Cells.COUNTS, Cells.SOFT):
            return short_share(value) if short else share_text(value)
        return count_text(round(value)) if whole else amount_text(value)

    return write


def short_share(value: float) -> str:
    """Return a share in percent without the sign, never rounded onto 0 or 100.

    >>> [short_share(v) for v in (0, 0.0002, 0.034, 0.62, 0.998, 1)]
    ['0', '<0.1', '3.4', '62', '>99', '100']
    """
    percent = value * 100
    if percent in (0.0, 100.0):
        return f"{percent:.0f}"
    if percent < 0.1 or percent > 99:
        return "<0.1" if percent < 1 else ">99"
    return f"{percent:.1f}" if percent < 9.95 else f"{percent:.0f}"


def cell_tip(
    matrix: Floats,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Cells,
    supposed: float | None,
    at: tuple[int, int],
) -> str:
    """Return what there is to say of a cell, or of a total."""
    whole = with_totals(matrix)
    row, column = at
    value, of_row, of_column = whole[row, column], whole[row, -1], whole[-1, column]
    if np.isnan(value):
        return translate(
            "matrix_words", "Not defined: where no answer is yes, or none is no, they cannot be weighed up."
        )
    exact = cells is not Cells.SOFT and supposed is None
    write = writer(Cells.COUNTS, exact)
    named = [names[place] for names, place in ((rows, row), (columns, column)) if place < len(names)]
    lines = [": ".join([" · ".join(named) or translate("matrix_words", "all"), write(value)])]
    if row < len(rows) and column < len(columns):
        lines += [_share(value, of_row, rows[row], write), _share(value, of_column, columns[column], write)]
    lines.append(_share(value, whole[-1, -1], translate("matrix_words", "all"), write))
    if supposed is not None:
        words = translate("matrix_words", "Of {count}, {as_if}.")
        lines.append(words.format(count=count_text(round(told_of(supposed))), as_if=as_if(supposed)))
    if row < len(rows) and column < len(columns):
        lines.append(translate("matrix_words", "Click: list them in the table."))
    return "\n".join(lines)


def _share(value: float, whole: float, of: str, write: Callable[[float], str]) -> str:
    if np.isnan(whole):
        return translate("matrix_words", "Share of “{of}” not defined: it cannot be weighed up.").format(of=of)
    if not whole:
        return translate("matrix_words", "Share of “{of}” not defined: there is none.").format(of=of)
    return translate("matrix_words", "{share} of {whole} ({of})").format(
        share=share_text(float(value / whole)), whole=write(whole), of=of
    )
