"""A table as a document, once it is known what its columns are."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from xentviz.core.arguments import UNLABELLED, check_distributions, check_logits
from xentviz.core.columns import Block, Column, Values, rows_per_block
from xentviz.core.document import Document, compact_labels
from xentviz.core.errors import DataError
from xentviz.core.parallel import in_batches
from xentviz.core.progress import Report, Stopped, check, never, parts_of, unheard
from xentviz.files.cells import counted_from, numbers_of, percentages_of, texts_of, written
from xentviz.files.groups import MOST_COLUMNS, Groups, TooMany, are_alike, groups_in
from xentviz.files.labels import Answers, answers_of, categories_of, words_of
from xentviz.files.opened import Opened
from xentviz.files.roles import ROUNDING, Roles, recognized
from xentviz.files.table import Kind, Mapping, Table

CLOSE = 1e-3
"""How far off 1 the sum of a row may be and be left alone."""

ROUNDED_SUM = 0.005
"""How far off each probability of a row may be that was rounded to two decimals."""


def document_of(
    table: Table,
    mapping: Mapping,
    title: str,
    stopped: Stopped = never,
    report: Report = unheard,
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
    roles = recognized(columns, mapping, stopped)
    if roles.doubts:
        raise roles.doubts[0]
    check(stopped)
    labels, categories, words, notes = _labels(columns, roles, mapping)
    mended = _Mended()
    wanted: list[Read] = [labels]
    wanted += [_scores(columns, roles, mapping, model, names, mended) for model, names in roles.scores.items()]
    if roles.names is not None:
        wanted.append(_named_rows(columns[roles.names]))
    truth, *scores = _cut_all(columns.num_rows, len(categories), wanted, stopped, report)
    mended.check()
    row_names = None if roles.names is None else scores.pop()
    document = Document.create(
        truth,
        dict(zip(roles.scores, scores, strict=True)),
        title=title,
        categories=categories,
        row_names=row_names,
        logits=[model for model, kind in roles.kinds.items() if kind is Kind.LOGIT],
        multiclass=_is_multiclass(roles),
    )
    document = replace(_with_groupings(document, columns, roles, stopped), words=words)
    kept = {grouping.name for grouping in document.groupings}
    unused = tuple(name for name in roles.unused if name not in kept)
    notes = (*table.notes, *notes, *_taken(columns, roles, mapping), *mended.notes())
    return Opened(document, unused, notes=notes)


def _with_groupings(document: Document, columns: Any, roles: Roles, stopped: Stopped) -> Document:
    """Return the document with the columns of words that divide its rows, and the names of those that could not.

    One that was taken for names may, too, unless another says the same: an exported table has a group's names twice.
    """
    kept: dict[str, Groups] = {}
    undivided: list[str] = []
    for name in (*roles.unused, *filter(None, [roles.names])):
        check(stopped)
        if not name.strip() or len(kept) == MOST_COLUMNS:
            continue
        found = groups_in(columns[name])
        if isinstance(found, TooMany):
            undivided.append(name)
        elif found is None or (name == roles.names and any(are_alike(found, other) for other in kept.values())):
            continue
        else:
            kept[name] = found
    for name in (name for name in columns.column_names if name in kept):
        document = document.with_grouping(name, *kept[name])
    return replace(document, undivided=tuple(undivided[:MOST_COLUMNS]))


def _taken(columns: Any, roles: Roles, mapping: Mapping) -> Iterator[DataError]:
    """Yield what a person should be told of the columns' roles."""
    if not columns.num_rows:
        yield DataError("rows_missing")
    if roles.weights is not None:
        yield DataError("weights_unused", column=roles.weights)
    if roles.decisions:
        yield DataError("decisions_unused", columns=list(roles.decisions))
    if roles.empty:
        yield DataError("empty_unused", columns=list(roles.empty))
    if mapping.categories and roles.multiclass and len(roles.labels) == 1:
        scores = [name for group in roles.scores.values() for name in group]
        yield DataError("categories_said", columns=scores, categories=list(roles.categories))
    if divided := [model for model, kind in roles.kinds.items() if kind is Kind.PERCENT]:
        yield DataError("percent_taken", columns=divided)


Read = Callable[[slice], Values]
"""Returns some rows of a document's column."""


def cut(rows: int, categories: int, read: Read, *, stopped: Stopped, report: Report) -> Column:
    """Return what is read, block by block on all cores: so that nothing lies in memory a second time."""
    size = rows_per_block(categories)

    def block(start: int) -> Block:
        return Block(counted_from(start, partial(read, slice(start, start + size))))

    return Column(tuple(in_batches(block, range(0, max(1, rows), size), stopped, report)))


def _cut_all(rows: int, categories: int, wanted: Sequence[Read], stopped: Stopped, report: Report) -> list[Column]:
    """Return what is read, one column after the other."""
    reports = parts_of(report, len(wanted))
    return [cut(rows, categories, read, stopped=stopped, report=of) for read, of in zip(wanted, reports, strict=True)]


def _named_rows(names: Any) -> Read:
    return lambda rows: texts_of(_piece(names, rows))


def _is_multiclass(roles: Roles) -> bool:
    return roles.multiclass and not _is_pair(roles)


def _is_pair(roles: Roles) -> bool:
    """Return whether one yes/no question stands in two columns: probabilities that exclude one another."""
    return (
        roles.multiclass
        and len(roles.labels) == 1
        and len(roles.categories) == 2
        and Kind.LOGIT not in roles.kinds.values()
    )


def _labels(
    columns: Any, roles: Roles, mapping: Mapping
) -> tuple[Read, tuple[str, ...], tuple[str, str] | None, tuple[DataError, ...]]:
    """Return how labels are read, the categories, the words for yes and no, and what a person should be told."""
    if roles.multiclass and len(roles.labels) == 1:
        name = roles.labels[0]
        read = categories_of(columns[name], name, roles.categories)
        if _is_pair(roles):
            yes = _yes(roles, mapping)
            note = DataError("pair_taken", column=name, value=roles.categories[yes])
            of_pair = {name: lambda piece: _equal_to(yes, read(piece))}
            words = words_of(roles.categories, roles.categories[yes])
            return _side_by_side(columns, of_pair, compact_labels), (roles.categories[yes],), words, (note,)
        return (lambda rows: _numbered(read(_piece(columns[name], rows)))), roles.categories, None, ()
    answers = {name: answers_of(columns[name], name, mapping.positive) for name in roles.labels}
    reads = {name: answer.read for name, answer in answers.items()}
    notes = tuple(answer.note for answer in answers.values() if answer.note is not None)
    kept = partial(_distributions, roles.labels[0]) if roles.multiclass else compact_labels
    words = answers[roles.labels[0]].words if len(answers) == 1 and len(roles.categories) == 1 else None
    return _side_by_side(columns, reads, kept), _named(roles, list(answers.values())), words, notes


def _yes(roles: Roles, mapping: Mapping) -> int:
    """Return which of two categories means yes: as is said, or the later one by its name, as 1 is after 0."""
    said = mapping.positive if mapping.positive in roles.categories else max(roles.categories)
    return roles.categories.index(said)


def _equal_to(yes: int, places: Values) -> Values:
    return np.where(np.isnan(places), np.nan, places == yes)


def _numbered(categories: Values) -> Values:
    return np.where(np.isnan(categories), UNLABELLED, categories).astype(np.int32)


def _distributions(column: str, labels: Values) -> Values:
    _checked(column, partial(check_distributions, labels, "label_out_of_range", "labels_no_distribution"))
    return labels


def _checked(column: str, check: Callable[[], None]) -> None:
    """Let the core check some rows; if it finds fault with one, name the column and the row, counted from 1."""
    try:
        check()
    except DataError as error:
        raise DataError(error.code, **error.details, column=column, row=error.details["index"][0] + 1) from error


def _named(roles: Roles, answers: list[Answers]) -> tuple[str, ...]:
    """Return the categories; that of a single question is called as its yes, if that has a name."""
    if len(answers) == 1 and answers[0].yes is not None and len(roles.categories) == 1:
        return (answers[0].yes,)
    return roles.categories


def _side_by_side(columns: Any, reads: dict[str, Callable[[Any], Values]], kept: Callable[[Values], Values]) -> Read:
    """Return how columns are read side by side, and kept."""

    def read(rows: slice) -> Values:
        parts = [of_column(_piece(columns[name], rows)) for name, of_column in reads.items()]
        return kept(_as_table([np.asarray(part, dtype=np.float64) for part in parts]))

    return read


def _as_table(columns: Sequence[Values]) -> Values:
    """Return a copy of columns side by side, shape (rows, columns)."""
    # NumPy stacks side by side number by number: of one column that takes four times as long as a copy.
    return np.array(columns[0])[:, None] if len(columns) == 1 else np.stack(columns, axis=1)


def _piece(column: Any, rows: slice) -> Any:
    return column.slice(rows.start, rows.stop - rows.start)


def _scores(
    columns: Any, roles: Roles, mapping: Mapping, model: str, names: tuple[str, ...], mended: "_Mended"
) -> Read:
    """Return how a model's scores are read."""
    kind = roles.kinds[model]
    of_column = percentages_of if kind is Kind.PERCENT else numbers_of

    def read(rows: slice) -> Values:
        pieces = [_piece(columns[name], rows) for name in names]
        values = _as_table([of_column(piece, name) for piece, name in zip(pieces, names, strict=True)])
        if kind is Kind.LOGIT:
            if _is_multiclass(roles):
                _checked(model, partial(check_logits, values))
            return values
        values = mended.within(values, names, pieces)
        if roles.multiclass:
            values = mended.distributions(values, model, rows.start)
        if _is_pair(roles):
            yes = _yes(roles, mapping)
            return np.ascontiguousarray(values[:, yes : yes + 1])
        return values

    return read


class _Mended:
    """What was put right about probabilities, noted by many blocks at once."""

    def __init__(self) -> None:
        self._rounded: list[tuple[str, int]] = []
        self._scaled: list[tuple[float, int, str, float, int, bool]] = []

    def within(self, values: Values, names: tuple[str, ...], cells: Sequence[Any]) -> Values:
        """Return probabilities, of which these are the cells, with those that were rounded past 0 or 1 put back."""
        if not len(values) or (np.fmin.reduce(values, axis=None) >= 0 and np.fmax.reduce(values, axis=None) <= 1):
            return values
        wrong = (values < -ROUNDING) | (values > 1 + ROUNDING)
        if wrong.any():
            row, place = np.argwhere(wrong)[0].tolist()
            value = written(cells[place], row)
            raise DataError("probability_out_of_range", row=row + 1, column=names[place], value=value)
        outside = (values < 0) | (values > 1)
        if outside.any():
            counts = outside.sum(axis=0).tolist()
            self._rounded += [(name, count) for name, count in zip(names, counts, strict=True) if count]
        return np.clip(values, 0, 1)

    def distributions(self, values: Values, model: str, start: int) -> Values:
        """Return rows of probabilities that sum to 1, those that were rounded made so."""
        sums = values.sum(axis=1, dtype=np.float64)
        off = np.nan_to_num(np.abs(sums - 1))
        if not len(off) or off.max() <= CLOSE:
            return values
        at = int(np.argmax(off))
        too_far = bool(off[at] > ROUNDED_SUM * values.shape[1])
        self._scaled.append((float(off[at]), start + at + 1, model, float(sums[at]), int((off > CLOSE).sum()), too_far))
        return (
            np.full_like(values, np.nan)
            if too_far
            else np.where(np.isnan(sums)[:, None], values, values / sums[:, None])
        )

    def check(self) -> None:
        """Raise for rows that are no distributions, even if rounded."""
        if any(too_far for *_rest, too_far in self._scaled):
            raise DataError("row_no_distribution", **self._worst())

    def notes(self) -> tuple[DataError, ...]:
        """Return what a person should be told of each column, and of each model."""
        rounded: Counter[str] = Counter()
        for name, count in self._rounded:
            rounded[name] += count
        notes = [DataError("rounded_into_range", column=name, count=count) for name, count in sorted(rounded.items())]
        models = sorted({model for _off, _row, model, *_rest in self._scaled})
        return (*notes, *(DataError("rows_scaled", **self._worst(model)) for model in models))

    def _worst(self, model: str | None = None) -> dict[str, Any]:
        scaled = [entry for entry in self._scaled if model in (None, entry[2])]
        _off, row, worst, total, _count, _far = max(scaled)
        count = sum(count for _o, _r, called, _t, count, _f in scaled if called == worst)
        return {"row": row, "model": worst, "sum": round(total, 6), "count": count}
