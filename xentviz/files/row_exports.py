"""A document's rows as lines: the table as it can be opened again, and what each row costs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.confusion import NONE, decisions
from xentviz.core.document import Document, Grouping, Model, ScoreKind, Task, known_labels, probabilities
from xentviz.core.elements import gradients_of, losses_of
from xentviz.core.parallel import PIECE
from xentviz.core.progress import Report
from xentviz.files.column_names import label_columns, score_columns
from xentviz.files.known_names import is_label_name
from xentviz.files.lines import Lines


class Part(NamedTuple):
    """Neighbouring columns of one type: their names, and their values in some rows, shape (rows,) or (rows, names)."""

    names: Sequence[str]
    type: Any
    values: Callable[[Rows], Any]


def table_lines(document: Document, report: Report = lambda _share: None) -> Lines:
    """Return names, labels and scores, which reading gives back as they are.

    The answer of a multi-class row is its category's name, and that of a yes/no question its word if it has one.
    Thresholds and loss settings are not in it.
    """
    parts = [_labels(document), *(_scores(document, model) for model in document.models)]
    names = _names(document, "name")
    taken = {name for part in (*names, *parts) for name in part.names}
    parts = [*names, *_groupings(document, taken), *parts]
    return _lines(parts, document.rows, len(document.categories), report)


def loss_lines(document: Document, report: Report = lambda _share: None) -> Lines:
    """Return what each row costs under each model, in the document's unit; of yes/no questions a line each.

    The gradient is that of the line's own loss, not of the mean, with respect to the model's own score. Of a
    multi-class row probability and gradient are those of the true category, and the decision is a category's name.
    """
    if document.task is Task.MULTICLASS:
        return _lines([*_row_numbers(document, 1), *_costs_of_rows(document)], document.rows, 1, report)
    categories = len(document.categories)
    parts = [*_row_numbers(document, categories), *_costs_of_elements(document)]
    return _lines(parts, document.elements, 1, report)


def _lines(parts: Iterable[Part], rows: int, row_size: int, report: Report) -> Lines:
    """Return so many rows as lines, of which so many are made at a time that they come to a megabyte or so a column."""
    import pyarrow

    parts = list(parts)
    schema = pyarrow.schema([(name, part.type) for part in parts for name in part.names])
    step = max(1, PIECE // row_size)

    def batches() -> Iterator[Any]:
        for start in range(0, rows, step):
            report(start / rows)
            chosen = np.arange(start, min(rows, start + step))
            yield pyarrow.RecordBatch.from_arrays([a for part in parts for a in _arrays(part, chosen)], schema=schema)

    return Lines(schema, batches())


def _arrays(part: Part, rows: Rows) -> list[Any]:
    import pyarrow

    values = part.values(rows)
    columns = values.T if values.ndim > 1 else [values]
    return [pyarrow.array(column, from_pandas=True).cast(part.type) for column in columns]  # nan becomes null


# What the parts are


def _names(document: Document, title: str, row_of: Callable[[Rows], Rows] = lambda rows: rows) -> list[Part]:
    import pyarrow

    names = document.row_names
    if names is None:
        return []

    def texts(rows: Rows) -> Any:
        # As bytes: half a letter, which a clipboard may hold, cannot be written.
        taken = names.take(row_of(rows)).tolist()
        return np.array([str(name).encode("utf-8", "replace") for name in taken], dtype=object)

    return [Part([title], pyarrow.string(), texts)]


def _groupings(document: Document, taken: set[str]) -> Iterator[Part]:
    """Yield the columns by which rows are divided, each of a name of its own that nobody takes for labels."""
    import pyarrow

    for grouping in document.groupings:
        name = grouping.name
        while name in taken or is_label_name(name):
            before, colon, behind = name.partition(":")
            name = f"{before}′{colon}{behind}"
        taken.add(name)
        yield Part([name], pyarrow.string(), partial(_group_names, grouping))


def _group_names(grouping: Grouping, rows: Rows) -> Any:
    names = [group.encode("utf-8", "replace") for group in grouping.groups]
    return np.array([*names, None], dtype=object)[grouping.codes.take(rows)]


def _labels(document: Document) -> Part:
    import pyarrow

    if document.task is Task.MULTICLASS and document.labels.blocks[0].values.ndim == 1:
        return Part(["label"], pyarrow.string(), lambda rows: _answers(document, document.labels.take(rows)))
    if document.words is not None and _are_yes_and_no(document):
        yes, no = (word.encode("utf-8", "replace") for word in document.words)
        words = np.array([no, yes, None], dtype=object)
        return Part(label_columns(document), pyarrow.string(), lambda rows: words[document.labels.take(rows)])
    return Part(label_columns(document), _label_type(document), lambda rows: document.labels.take(rows, known_labels))


def _are_yes_and_no(document: Document) -> bool:
    """Return whether there are a yes and a no, and nothing between; of one word alone nobody can tell the meaning."""
    blocks = [block.values for block in document.labels.blocks]
    hard = all(values.dtype.kind == "i" for values in blocks)
    return hard and all(any((values == label).any() for values in blocks) for label in (0, 1))


def _label_type(document: Document) -> Any:
    import pyarrow

    soft = any(block.values.dtype.kind == "f" for block in document.labels.blocks)
    return pyarrow.float64() if soft else pyarrow.int8()


def _answers(document: Document, numbers: Rows) -> Any:
    """Return the names of categories, None for -1."""
    return np.array([*document.categories, None], dtype=object)[numbers]


def _scores(document: Document, model: Model) -> Part:
    return Part(score_columns(document, model), _score_type(model), model.scores.take)


def _score_type(model: Model) -> Any:
    import pyarrow

    return pyarrow.from_numpy_dtype(model.scores.blocks[0].values.dtype)


def _row_numbers(document: Document, lines_a_row: int) -> list[Part]:
    import pyarrow

    row = Part(["row"], pyarrow.int64(), lambda lines: lines // lines_a_row + 1)
    return [row, *_names(document, "name", lambda lines: lines // lines_a_row)]


def _costs_of_elements(document: Document) -> Iterator[Part]:
    import pyarrow

    categories = len(document.categories)
    if categories > 1:
        yield Part(["category"], pyarrow.string(), lambda elements: _answers(document, elements % categories))
    yield Part(["label"], _label_type(document), document.labels_of)

    def decided(model: int, elements: Rows) -> Values:
        known = ~np.isnan(document.scores_of(model, elements))
        return np.where(known, document.decisions_of(model, elements), np.nan)

    for m, model in enumerate(document.models):
        probability = pyarrow.float64() if model.kind is ScoreKind.LOGIT else _score_type(model)
        yield Part([f"{model.name}:probability"], probability, partial(document.probabilities_of, m))
        yield Part([f"{model.name}:decision"], pyarrow.int8(), partial(decided, m))
        yield from _losses(document, m, lambda elements: elements)


def _costs_of_rows(document: Document) -> Iterator[Part]:
    import pyarrow

    categories = len(document.categories)

    def truth(rows: Rows) -> Rows:
        labels = document.labels.take(rows, known_labels)
        known = ~np.isnan(labels if labels.ndim == 1 else labels.sum(axis=1))
        return np.where(known, labels if labels.ndim == 1 else labels.argmax(axis=1), NONE).astype(np.int64)

    def true_elements(rows: Rows) -> Rows:
        return rows * categories + np.maximum(truth(rows), 0)

    def probability(m: int, rows: Rows) -> Values:
        return np.where(truth(rows) != NONE, document.probabilities_of(m, true_elements(rows)), np.nan)

    def decided(m: int, rows: Rows) -> Any:
        model = document.models[m]
        p = probabilities(model.scores.take(rows), model.kind, document.task)
        return _answers(document, decisions(p, document.threshold(0)))

    yield Part(["label"], pyarrow.string(), lambda rows: _answers(document, truth(rows)))
    for m, model in enumerate(document.models):
        yield Part([f"{model.name}:probability"], pyarrow.float64(), partial(probability, m))
        yield Part([f"{model.name}:decision"], pyarrow.string(), partial(decided, m))
        yield from _losses(document, m, true_elements)


def _losses(document: Document, model: int, elements: Callable[[Rows], Rows]) -> Iterator[Part]:
    import pyarrow

    name, unit = document.models[model].name, document.settings.unit

    def cost(of: Callable[[Document, int, Rows], Floats], lines: Rows) -> Floats:
        return of(document, model, elements(lines)) * unit.per_nat

    yield Part([f"{name}:loss ({unit.value})"], pyarrow.float64(), partial(cost, losses_of))
    yield Part([f"{name}:gradient ({unit.value})"], pyarrow.float64(), partial(cost, gradients_of))
