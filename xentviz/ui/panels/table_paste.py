"""A block of copied cells, put over the table from one cell on; lines past the end become new rows."""

from collections.abc import Sequence

import numpy as np

from xentviz.core.columns import Rows
from xentviz.core.document import Document, ScoreKind
from xentviz.ui.numbers import parse_number
from xentviz.ui.panels.table_model import TableModel

READ_ONLY = ("category", "decision", "loss", "gradient")


def objection_to_cells(model: TableModel, column: int, cells: Sequence[Sequence[str]]) -> str:
    """Return what is wrong with the first cell that cannot be pasted, empty if all can."""
    for number, row in enumerate(cells, start=1):
        for key, text in zip(model.columns[column:], row, strict=False):
            if key not in (*READ_ONLY, "name") and (wrong := model.objection_to(key, text)):
                return model.tr("Nothing pasted; pasted row {number}: {wrong}").format(number=number, wrong=wrong)
    return ""


def pasted(
    document: Document, columns: Sequence[str], elements: Rows, column: int, cells: Sequence[Sequence[str]]
) -> Document:
    """Return a document with a block of cells in it.

    Parameters
    ----------
    document : Document
    columns : sequence of str
        The keys of the table's columns.
    elements : ndarray of int64
        The elements of the lines from the first pasted one on.
    column : int
        The first pasted column.
    cells : sequence of rows of str
        All of which :func:`objection_to_cells` has let through; rows may differ in length.
    """
    extra = len(cells) - len(elements)
    if extra > 0:
        first = document.elements
        new = -(-extra // len(document.categories))
        document = with_new_rows(document, new)
        elements = np.concatenate([elements, np.arange(first, first + extra)])
    for position, key in enumerate(columns[column:]):
        filled = [i for i, row in enumerate(cells) if position < len(row)]
        if not filled or key in READ_ONLY:
            continue
        at, texts = elements[filled], [cells[i][position] for i in filled]
        if key == "name":
            for element, text in zip(at.tolist(), texts, strict=True):
                document = document.with_row_name(element // len(document.categories), text)
            continue
        values = np.array([parse_number(text) for text in texts], dtype=np.float64)
        if key == "label":
            document = document.with_labels(at, values)
        else:
            document = document.with_scores(int(key[6:]), at, values)
    return document


def with_new_rows(document: Document, count: int, at: int | None = None) -> Document:
    """Return a document with rows labelled yes, of which every model says that it does not know."""
    shape = (count, len(document.categories))
    scores = [np.full(shape, 0.0 if m.kind is ScoreKind.LOGIT else 0.5) for m in document.models]
    return document.with_rows(document.rows if at is None else at, np.ones(shape), scores, [""] * count)
