"""A table as a document, once it is known what its columns are."""

from collections.abc import Callable
from typing import Any

import numpy as np

from xentviz.core.columns import Values
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled, DataError
from xentviz.files.cells import numbers_of, percentages_of, texts_of
from xentviz.files.labels import Answers, answers_of, categories_of
from xentviz.files.opened import Opened
from xentviz.files.roles import ROUNDING, Roles, recognized
from xentviz.files.table import Kind, Mapping, Table

ROUNDED_SUM = 0.005
"""How far off each probability of a row may be that was rounded to two decimals."""


def document_of(
    table: Table,
    mapping: Mapping,
    title: str,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _share: None,
) -> Opened:
    """Return the document in a table.

    Parameters
    ----------
    table : Table
    mapping : Mapping
        What a person says of the columns; the rest is recognised.
    title : str
    stopped, report : callable
        As for :func:`xentviz.core.evaluation.evaluate`.

    Raises
    ------
    DataError
        Of the table's doubt unless all is said, of the roles' first, or of a cell that cannot be.
    Cancelled
    """
    columns = table.columns
    if table.doubt is not None and not (mapping.labels and mapping.scores):
        raise table.doubt
    if columns.num_columns == 1:
        raise DataError("one_column", column=columns.column_names[0])
    roles = recognized(columns, mapping)
    if roles.doubts:
        raise roles.doubts[0]
    labels, categories, notes = _labels(columns, roles, mapping)
    report(0.2)
    scores = {}
    for done, (model, names) in enumerate(roles.scores.items(), start=1):
        if stopped():
            raise Cancelled
        scores[model], mended = _scores(columns, roles, model, names)
        notes += mended
        report(0.2 + 0.4 * done / len(roles.scores))
    row_names = None if roles.names is None else texts_of(columns[roles.names])
    if stopped():
        raise Cancelled
    report(0.8)
    document = Document.create(
        labels,
        scores,
        title=title,
        categories=categories,
        row_names=row_names,
        logits=[model for model, kind in roles.kinds.items() if kind is Kind.LOGIT],
        multiclass=_is_multiclass(roles),
    )
    if roles.weights is not None:
        notes += (DataError("weights_unused", column=roles.weights),)
    return Opened(document, roles.unused, notes=(*table.notes, *notes))


def _is_multiclass(roles: Roles) -> bool:
    return roles.multiclass and not _is_pair(roles)


def _is_pair(roles: Roles) -> bool:
    """Return whether one yes/no question stands in two columns: probabilities that exclude one another."""
    return roles.multiclass and len(roles.categories) == 2 and Kind.LOGIT not in roles.kinds.values()


def _labels(columns: Any, roles: Roles, mapping: Mapping) -> tuple[Values, tuple[str, ...], tuple[DataError, ...]]:
    if roles.multiclass and len(roles.labels) == 1:
        name = roles.labels[0]
        numbers = categories_of(columns[name], name, roles.categories)
        if _is_pair(roles):
            return numbers, roles.categories[1:], (DataError("pair_taken", column=name, value=roles.categories[1]),)
        return numbers, roles.categories, ()
    answers = [answers_of(columns[name], name, mapping.positive) for name in roles.labels]
    notes = tuple(answer.note for answer in answers if answer.note is not None)
    labels = _side_by_side([answer.labels for answer in answers]).astype(np.float64)
    return labels, _named(roles, answers), notes


def _named(roles: Roles, answers: list[Answers]) -> tuple[str, ...]:
    """Return the categories; that of a single question is called as its yes, if that has a name."""
    if len(answers) == 1 and answers[0].yes is not None and len(roles.categories) == 1:
        return (answers[0].yes,)
    return roles.categories


def _scores(columns: Any, roles: Roles, model: str, names: tuple[str, ...]) -> tuple[Values, tuple[DataError, ...]]:
    kind = roles.kinds[model]
    if _is_pair(roles):
        names = names[1:]
    read = percentages_of if kind is Kind.PERCENT else numbers_of
    values = _side_by_side([read(columns[name], name) for name in names])
    if kind is Kind.LOGIT:
        return values, ()
    values, notes = _within(values, names)
    if not _is_multiclass(roles):
        return values, notes
    values, more = _distributions(values, model)
    return values, (*notes, *more)


def _within(values: Values, names: tuple[str, ...]) -> tuple[Values, tuple[DataError, ...]]:
    """Return probabilities with those that were rounded past 0 or 1 put back."""
    outside = (values < 0) | (values > 1)
    if not outside.any():
        return values, ()
    wrong = (values < -ROUNDING) | (values > 1 + ROUNDING)
    if wrong.any():
        row, place = np.argwhere(wrong)[0].tolist()
        value = float(values[row, place])
        raise DataError("probability_out_of_range", row=row + 1, column=names[place], value=value)
    places = np.flatnonzero(outside.any(axis=0))
    note = DataError("rounded_into_range", column=names[int(places[0])], count=int(outside.sum()))
    return np.clip(values, 0, 1), (note,)


def _distributions(values: Values, model: str) -> tuple[Values, tuple[DataError, ...]]:
    """Return rows of probabilities that sum to 1, those that were rounded made so."""
    sums = values.sum(axis=1, dtype=np.float64)
    off = np.nan_to_num(np.abs(sums - 1))
    if not len(off) or off.max() <= 1e-3:
        return values, ()
    row = int(np.argmax(off))
    details = {"row": row + 1, "model": model, "sum": round(float(sums[row]), 6), "count": int((off > 1e-3).sum())}
    if off[row] > ROUNDED_SUM * values.shape[1]:
        raise DataError("row_no_distribution", **details)
    return values / sums[:, None], (DataError("rows_scaled", **details),)


def _side_by_side(columns: list[Values]) -> Values:
    return columns[0][:, None] if len(columns) == 1 else np.stack(columns, axis=1)
