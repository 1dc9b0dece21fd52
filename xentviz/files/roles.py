"""Which column of a table is what, told by a person, or else by names and cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xentviz.core.errors import DataError
from xentviz.core.progress import Stopped, check, never
from xentviz.files.cells import Sort, first_outside, is_decided, is_empty, is_percentages, numbers_of, sort_of
from xentviz.files.classes import Classes, class_columns, grouped
from xentviz.files.column_names import kind_named, unmarked_names
from xentviz.files.known_names import IDENTIFIER, NAME_NAMES, WEIGHT_NAMES, is_label_name
from xentviz.files.labels import category_of
from xentviz.files.table import Kind, Mapping

ROUNDING = 1e-6
"""How far outside of [0, 1] a probability may lie because it was rounded."""


Models = tuple[tuple[str, ...], dict[str, tuple[str, ...]], bool, list[DataError]]


@dataclass(frozen=True)
class Roles:
    """Which column of a table is what; a column of scores belongs to a model and a category.

    Attributes
    ----------
    names, weights : str or None
    decisions : tuple of str
        Columns of yes and no alone, beside others of scores: they are no scores.
    empty : tuple of str
        What would be a model if there were anything in it, beside others where there is.
    labels : tuple of str
        One column, or one a category.
    categories : tuple of str
    scores : dict of str to tuple of str
        The columns of each model, in the order of the categories.
    kinds : dict of str to Kind
        By model.
    multiclass : bool
        Whether each row has one answer among the categories.
    unused : tuple of str
    doubts : tuple of DataError
        What a person should say; what stands here is but a guess at the answers.
    """

    names: str | None
    labels: tuple[str, ...]
    categories: tuple[str, ...]
    scores: dict[str, tuple[str, ...]]
    kinds: dict[str, Kind]
    multiclass: bool = False
    weights: str | None = None
    decisions: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    doubts: tuple[DataError, ...] = ()


def recognized(columns: Any, mapping: Mapping, stopped: Stopped = never) -> Roles:
    """Return what each column of an Arrow table is.

    Raises
    ------
    DataError
        ``column_unknown``, ``column_used_twice``, ``label_missing``, ``scores_missing``, ``column_twice``,
        ``columns_unnamed``, ``category_missing``, ``category_unknown``, ``category_unnamed``, ``model_unnamed``,
        ``categories_number``.
    Cancelled

    Examples
    --------
    >>> import pyarrow
    >>> from xentviz.files.table import RECOGNISED
    >>> recognized(pyarrow.table({"id": ["a"], "label": [1], "A": [0.5], "B": [0.7]}), RECOGNISED).scores
    {'A': ('A',), 'B': ('B',)}
    >>> recognized(pyarrow.table({"y:cat": [1], "y:dog": [0], "A:cat": [0.5], "A:dog": [0.7]}), RECOGNISED).categories
    ('cat', 'dog')
    """
    header = columns.column_names
    check_once(header)
    said = (*mapping.labels, *mapping.scores, *filter(None, [mapping.names]))
    for name in (*said, *filter(None, [mapping.key])):
        if name not in header:
            raise DataError("column_unknown", column=name, columns=header)
        if said.count(name) > 1:
            raise DataError("column_used_twice", column=name)
    labels, spare = _label_columns(header, mapping)
    sorts = {name: sort_of(columns[name]) for name in header}
    rest = [name for name in header if name not in (*labels, *spare)]
    names = mapping.names or (_names_column(rest, sorts) if mapping.names is None else None)
    weights = next((name for name in rest if name.lower() in WEIGHT_NAMES and name not in mapping.scores), None)
    wanted = list(mapping.scores) or [
        name
        for name in rest
        if name.strip() and name not in (names, weights) and sorts[name] in (Sort.NUMBERS, Sort.BOOLEANS)
    ]
    if not mapping.scores and not columns.num_rows:
        wanted = _behind_labels(columns, labels, wanted)
    if not wanted:
        raise DataError("scores_missing")
    categories, models, multiclass, doubtful = _models(columns, labels, wanted, mapping)
    asked = mapping.scores or multiclass or len(labels) > 1
    empty = () if mapping.scores else _empty(columns, models)
    models = {model: group for model, group in models.items() if model not in empty}
    decisions = () if asked else _decisions(columns, [name for name in wanted if name not in empty])
    models = {model: group for model, group in models.items() if model not in decisions}
    kinds, doubts = _kinds(columns, models, mapping, stopped)
    bare = dict(zip(models, unmarked_names(list(models)), strict=True))
    check_once([name.strip() for name in bare.values()])
    used = {*labels, names, weights, *(name for group in models.values() for name in group)}
    return Roles(
        names=names,
        labels=labels,
        categories=categories,
        scores={bare[model]: group for model, group in models.items()},
        kinds={bare[model]: kind for model, kind in kinds.items()},
        multiclass=multiclass,
        weights=weights,
        decisions=decisions,
        empty=empty,
        unused=tuple(name for name in header if name not in used),
        doubts=(*doubtful, *doubts),
    )


def check_once(names: Sequence[str]) -> None:
    """Raise ``column_twice`` if two columns have one name, ``columns_unnamed`` if it is none."""
    for position, name in enumerate(names):
        if name in names[:position]:
            raise twice(name)


def twice(name: str) -> DataError:
    """Return what is wrong with two columns of one name."""
    return DataError("column_twice", column=name) if name else DataError("columns_unnamed")


def _label_columns(header: Sequence[str], mapping: Mapping) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns of labels, and those that might have been."""
    if mapping.labels:
        return mapping.labels, ()
    found = [n for n in header if is_label_name(n) and n not in mapping.scores and n != mapping.names]
    if not found:
        raise DataError("label_missing", columns=list(header))
    several = tuple(name for name in found if ":" in name)
    if several:
        return several, tuple(name for name in found if name not in several)
    return (found[0],), tuple(found[1:])


def _behind_labels(columns: Any, labels: tuple[str, ...], wanted: list[str]) -> list[str]:
    """Return which columns hold scores where there are headings alone: those behind the first of the labels, if any."""
    import pyarrow.types as types

    header = columns.column_names
    first = min(header.index(name) for name in labels)
    found = [name for name in wanted if header.index(name) > first or not types.is_null(columns[name].type)]
    return found or wanted


def _names_column(names: Sequence[str], sorts: dict[str, Sort]) -> str | None:
    named = [name for name in names if name.strip().lower() in NAME_NAMES]
    identifying = [name for name in names if IDENTIFIER.fullmatch(name.strip())]
    worded = [name for name in names if sorts[name] is Sort.WORDS]
    return next(iter([*named, *identifying, *worded]), None)


def _models(columns: Any, labels: tuple[str, ...], wanted: list[str], mapping: Mapping) -> Models:
    """Return the categories, each model's columns of scores, whether each row has one answer, and what is doubtful."""
    question = category_of(labels[0])
    if len(labels) == 1 and question and not any(name.endswith(f":{question}") for name in wanted):
        return (question,), {name: (name,) for name in wanted}, False, []
    if len(labels) > 1 or ":" in labels[0]:
        categories = tuple(_category_of(name) for name in labels)
        check_once(categories)
        return categories, _by_model(wanted, categories), bool(mapping.multiclass), []
    alone: Models = (labels, {name: (name,) for name in wanted}, False, [])
    if mapping.multiclass is False or len(wanted) < 2:
        return alone
    certain, order = bool(mapping.multiclass), mapping.categories
    groups = class_columns(columns, labels[0], wanted, certain=certain, order=order)
    if groups is None:
        return alone
    doubts = [_doubt_of_order(labels[0], groups)] if groups.supposed else []
    return groups.categories, groups.models, True, doubts


def _doubt_of_order(label: str, groups: Classes) -> DataError:
    columns = [name for names in groups.models.values() for name in names]
    return DataError("categories_doubtful", column=label, columns=columns, categories=list(groups.categories))


def _decisions(columns: Any, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of 0 and 1 alone, if others are not: what a model decided, or something else altogether."""
    found = tuple(name for name in wanted if kind_named(name) is None and is_decided(columns[name]))
    return () if len(found) == len(wanted) else found


def _empty(columns: Any, models: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the models in whose columns nothing stands, if there are others."""
    found = tuple(model for model, group in models.items() if all(is_empty(columns[name]) for name in group))
    return () if len(found) == len(models) else found


def _category_of(name: str) -> str:
    """Return the category of a column of labels: what stands behind the colon, or its name where there is none."""
    _before, colon, category = name.partition(":")
    if colon and not category.strip():
        raise DataError("category_unnamed", column=name)
    return category.strip() or name


def _by_model(names: Sequence[str], categories: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the columns ``model:category`` of each model, in the order of the categories."""
    models = grouped(names)
    for model, columns in models.items():
        for category in categories:
            if category not in columns:
                raise DataError("category_missing", column=model, category=category)
        for category, name in columns.items():
            if category not in categories:
                raise DataError("category_unknown", column=name, category=category)
    return {model: tuple(columns[category] for category in categories) for model, columns in models.items()}


def _kinds(
    columns: Any, models: dict[str, tuple[str, ...]], mapping: Mapping, stopped: Stopped
) -> tuple[dict[str, Kind], list[DataError]]:
    """Return what each model's scores are, and where that is but a guess."""
    kinds, doubts = {}, []
    for model, names in models.items():
        check(stopped)
        said = [mapping.kinds[name] for name in (*names, model, "") if name in mapping.kinds]
        kinds[model], doubt = (said[0], None) if said else _kind_of(columns, model, names)
        doubts += [] if doubt is None else [doubt]
    return kinds, doubts


def _kind_of(columns: Any, model: str, names: Sequence[str]) -> tuple[Kind, DataError | None]:
    told = kind_named(model)
    if told is not None:
        return Kind(told), None
    if all(is_percentages(columns[name]) for name in names):
        return Kind.PERCENT, None
    for name in names:
        outside = first_outside(columns[name], name, -ROUNDING, 1 + ROUNDING)
        if outside is not None:
            doubt = DataError("probability_out_of_range", row=outside[0] + 1, column=name, value=outside[1])
            return _guess(columns[name], name), doubt
    return Kind.PROBABILITY, None


def _guess(column: Any, name: str) -> Kind:
    """Return what numbers are of which some lie outside of [0, 1]: a few of them are faults."""
    values = numbers_of(column, name)
    outside = int(((values < 0) | (values > 1)).sum())
    if outside * 10 < len(values):
        return Kind.PROBABILITY
    return Kind.PERCENT if first_outside(column, name, 0, 100) is None else Kind.LOGIT
