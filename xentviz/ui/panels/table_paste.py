"""A block of copied cells, put over the table from one cell on; lines past the end become new rows."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from xentviz.core.columns import Rows
from xentviz.core.document import Document, ScoreKind
from xentviz.ui.numbers import parse_number
from xentviz.ui.panels.answers import doubt, elements_a_line, one_answer, with_answers, with_told_scores
from xentviz.ui.panels.table_model import TableModel

translate = QCoreApplication.translate

READ_ONLY = ("category", "decision", "loss", "gradient")


def objection_to_cells(model: TableModel, columns: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """Return why a block cannot be pasted into these columns, the first of its own to the first; empty if it can."""
    if len({len(row) for row in cells}) > 1:
        return translate("table_paste", "Nothing pasted: the rows on the clipboard differ in length.")
    if all(key in READ_ONLY for key in columns[: len(cells[0])]):
        return translate(
            "table_paste", "Nothing pasted: these columns are computed. Go to a name, a label or a score first."
        )
    for number, row in enumerate(cells, start=1):
        for key, text in zip(columns, row, strict=False):
            if key not in (*READ_ONLY, "name") and (wrong := model.objection_to(key, text)):
                return translate("table_paste", "Nothing pasted; pasted row {number}: {wrong}").format(
                    number=number, wrong=wrong
                )
    return ""


def pasted(
    document: Document,
    columns: Sequence[str],
    elements: Rows,
    cells: Sequence[Sequence[str]],
    category: int | None = None,
) -> Document:
    """Return a document with a block of cells in it.

    Parameters
    ----------
    document : Document
    columns : sequence of str
        The keys of the table's columns from the first pasted one on.
    elements : ndarray of int64
        The elements of the lines from the first pasted one on.
    cells : sequence of rows of str
        All of which :func:`objection_to_cells` has let through.
    category : int or None
        The category looked at.
    """
    extra = len(cells) - len(elements)
    if extra > 0:
        first, a_line = document.elements, elements_a_line(document)
        new = -(-extra * a_line // len(document.categories))
        document = with_new_rows(document, new)
        elements = np.concatenate([elements, np.arange(first, first + extra * a_line, a_line)])
    for key, texts in zip(columns, zip(*cells, strict=True), strict=False):
        if key in READ_ONLY:
            continue
        if key == "name":
            document = document.with_row_names(elements // len(document.categories), texts)
            continue
        if key == "label" and one_answer(document):
            document = with_answers(document, elements, texts)
            continue
        values = np.array([parse_number(text) for text in texts], dtype=np.float64)
        if key == "label":
            document = document.with_labels(elements, values)
        elif one_answer(document):
            document = with_told_scores(document, int(key[6:]), category, elements, values)
        else:
            document = document.with_scores(int(key[6:]), elements, values)
    return document


def with_new_rows(document: Document, count: int, at: int | None = None) -> Document:
    """Return a document with rows labelled yes, or as the first category, of which no model knows anything."""
    shape = (count, len(document.categories))
    labels = np.zeros(count) if one_answer(document) else np.ones(shape)
    scores = [np.full(shape, 0.0 if m.kind is ScoreKind.LOGIT else doubt(document)) for m in document.models]
    return document.with_rows(document.rows if at is None else at, labels, scores, [""] * count)
