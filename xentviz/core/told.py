"""Rows with one answer in many, a line each: which element stands for one, and the numbers told of it."""

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.document import Document, Task
from xentviz.core.elements import gradients_of, losses_of


def one_answer(document: Document) -> bool:
    """Return whether each row has one answer among the categories."""
    return document.task is Task.MULTICLASS


def several_answers(document: Document, category: int | None) -> bool:
    """Return whether each row has several answers of those looked at, so that they are counted and not the rows."""
    return category is None and len(document.categories) > 1 and not one_answer(document)


def of_rows(document: Document, category: int | None) -> bool:
    """Return whether rows with one answer in many are decided, right or wrong, and no category is looked at.

    Then a hit is a row decided rightly, a false alarm one decided wrongly. As every row has a right answer there are no
    negatives: recall is the share of rows decided rightly, precision that of those decided, and the share is of rows.
    """
    return one_answer(document) and category is None


def elements_a_line(document: Document) -> int:
    """Return how many elements one line of the table stands for: a whole row's if it has one answer.

    Such a row is selected, and made the current one, by its first element.
    """
    return len(document.categories) if one_answer(document) else 1


def handles(elements: Rows, a_line: int) -> Rows:
    """Return the elements that stand for lines of which these are a part, each once; both ascend.

    >>> handles(np.array([0, 2, 3, 7]), 3).tolist()
    [0, 3, 6]
    """
    lines = elements // a_line
    return lines[np.diff(lines, prepend=-1) > 0] * a_line


def told_of(document: Document, category: int | None, elements: Rows) -> Rows:
    """Return the elements whose numbers stand for rows: of the category looked at, else of the true one.

    Of a row without a label it is the first; its numbers are not known.
    """
    rows = elements // len(document.categories)
    of = np.maximum(document.truths_of(rows), 0) if category is None else category
    return rows * len(document.categories) + of


def told_scores(document: Document, model: int, category: int | None, elements: Rows) -> Values:
    """Return the scores that stand for rows, nan where they would be the true category's and none is known."""
    scores = document.scores_of(model, told_of(document, category, elements))
    if category is not None:
        return scores
    unknown = document.truths_of(elements // len(document.categories)) < 0
    return np.where(unknown, scores.dtype.type(np.nan), scores)


def _of_truth(document: Document, category: int | None, elements: Rows, values: Floats) -> Floats:
    """Return what belongs to a row's true category, nan where another is looked at."""
    if category is None:
        return values
    return np.where(document.truths_of(elements // len(document.categories)) == category, values, np.nan)


def told_losses(document: Document, model: int, category: int | None, elements: Rows) -> Floats:
    """Return the losses of rows; of a category looked at those of its own rows."""
    return _of_truth(document, category, elements, losses_of(document, model, elements))


def told_gradients(document: Document, model: int, category: int | None, elements: Rows) -> Floats:
    """Return the derivatives of the rows' losses by the scores that stand for them; as :func:`told_losses`."""
    told = told_of(document, category, elements)
    return _of_truth(document, category, elements, gradients_of(document, model, told))
