"""What each single column is used for: how a person sees a mapping, and says it."""

from collections.abc import Callable
from collections.abc import Mapping as Dictionary
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from xentviz.core.columns import Values
from xentviz.core.errors import DataError
from xentviz.files import meant
from xentviz.files.cells import Sort, distinct, is_decided, numbers_of, sort_of
from xentviz.files.classes import class_columns
from xentviz.files.column_names import kind_named
from xentviz.files.known_names import is_label_name, names_rows
from xentviz.files.labels import MOST_SHOWN
from xentviz.files.opened import Opened, Source
from xentviz.files.roles import ROUNDING, Roles, recognized
from xentviz.files.table import Kind, Mapping, Table
from xentviz.files.typed_cells import text_of


class Use(StrEnum):
    """What a column is used for."""

    LABEL = "label"
    PROBABILITY = "probability"
    LOGIT = "logit"
    PERCENT = "percent"
    NAMES = "names"
    UNUSED = "unused"


SCORES = (Use.PROBABILITY, Use.LOGIT, Use.PERCENT)


def uses_of(columns: Any, mapping: Mapping) -> dict[str, Use]:
    """Return what each column of an Arrow table is used for, as far as it is said or recognised.

    Columns of numbers outside of [0, 1] are taken for features beside others that can be probabilities.

    Examples
    --------
    >>> import pyarrow
    >>> from xentviz.files.table import RECOGNISED
    >>> columns = pyarrow.table({"id": ["a"], "label": [1], "A": [0.5], "age": [34], "note": ["x"]})
    >>> [use.value for use in uses_of(columns, RECOGNISED).values()]
    ['names', 'label', 'probability', 'unused', 'unused']
    """
    try:
        roles = recognized(columns, mapping)
    except DataError:
        return _with_label(columns, {name: _likely(columns[name], name, mapping) for name in columns.column_names})
    kinds = {name: roles.kinds[model] for model, names in roles.scores.items() for name in names}
    doubtful = {doubt.details["column"] for doubt in roles.doubts} & set(kinds)
    features = doubtful if doubtful != set(kinds) else set()
    return {name: Use.UNUSED if name in features else _use(roles, kinds, name) for name in columns.column_names}


def _with_label(columns: Any, uses: dict[str, Use]) -> dict[str, Use]:
    """Return uses in which the only column that can be the truth is taken for it, if none is."""
    if Use.LABEL in uses.values():
        return uses
    scores = [name for name, use in uses.items() if use in SCORES]
    decided = [name for name in scores if is_decided(columns[name])]
    words = [name for name in columns.column_names if _has_two_words(columns[name])]
    likely = decided if len(decided) < len(scores) else []
    found = [*likely, *words]
    return {**uses, found[0]: Use.LABEL} if len(found) == 1 else uses


def _has_two_words(column: Any) -> bool:
    return sort_of(column) is Sort.WORDS and len(distinct(column, 2) or []) == 2


def _use(roles: Roles, kinds: dict[str, Kind], name: str) -> Use:
    if name in roles.labels:
        return Use.LABEL
    if name in kinds:
        return Use(kinds[name])
    return Use.NAMES if name == roles.names else Use.UNUSED


def _likely(column: Any, name: str, mapping: Mapping) -> Use:
    """Return what a column may be used for where the whole makes no sense yet."""
    if name in mapping.labels or (not mapping.labels and is_label_name(name)):
        return Use.LABEL
    if names_rows(name):
        return Use.NAMES if mapping.names in (None, name) else Use.UNUSED
    if sort_of(column) is not Sort.NUMBERS or (mapping.scores and name not in mapping.scores):
        return Use.UNUSED
    try:
        return Use(mapping.kinds[name]) if name in mapping.kinds else _kind(numbers_of(column, name), name)
    except DataError:
        return Use.PROBABILITY  # with a cell that is no number: it will be told


def _kind(values: Values, name: str) -> Use:
    told = kind_named(name)
    if told is not None:
        return Use(told)
    return Use.UNUSED if ((values < -ROUNDING) | (values > 1 + ROUNDING)).any() else Use.PROBABILITY


def mapping_from(uses: Dictionary[str, Use], before: Mapping) -> Mapping:
    """Return a mapping in which every column has the use given, and the rest is as before."""
    kinds = {name: Kind(use) for name, use in uses.items() if use in SCORES}
    return replace(
        before,
        labels=tuple(name for name, use in uses.items() if use is Use.LABEL),
        scores=tuple(kinds),
        kinds=kinds,
        names=next((name for name, use in uses.items() if use is Use.NAMES), ""),
    )


class Answer(NamedTuple):
    """What comes of a mapping, and what else could be said.

    Attributes
    ----------
    uses : dict of str to Use
    outcome : Opened or DataError
    positives : list of str
        The labels from which the one that means yes may be chosen; none if there is nothing to choose.
    groups : bool
        Whether columns of scores could be the categories of one answer.
    """

    uses: dict[str, Use]
    outcome: Opened | DataError
    positives: list[str]
    groups: bool


def answered(table: Table, source: Source, stopped: Callable[[], bool], report: Callable[[float], None]) -> Answer:
    """Return what comes of a table as it is mapped; a guess that a person is shown counts as said."""
    uses = uses_of(table.columns, source.mapping)
    said = source._replace(mapping=mapping_from(uses, source.mapping))
    # What the table leaves in doubt is answered by whoever looks at it.
    outcome = _outcome(replace(table, doubt=None), said, stopped, report)
    return Answer(uses, outcome, _positives(table.columns, uses), _may_be_grouped(table.columns, uses))


def _outcome(
    table: Table, source: Source, stopped: Callable[[], bool], report: Callable[[float], None]
) -> Opened | DataError:
    try:
        return meant(table, source, stopped, report)
    except DataError as error:
        if error.code != "categories_doubtful":
            return error
        order = tuple(error.details["categories"])
    return _outcome(table, source._replace(mapping=replace(source.mapping, categories=order)), stopped, report)


def _positives(columns: Any, uses: Dictionary[str, Use]) -> list[str]:
    labels = [name for name, use in uses.items() if use is Use.LABEL]
    if len(labels) != 1 or sort_of(columns[labels[0]]) in (Sort.BOOLEANS, Sort.DATES):
        return []
    values = distinct(columns[labels[0]], MOST_SHOWN)
    if set(values or ()) <= {0, 1}:
        return []
    return [text_of(value) or "" for value in values or []]


def _may_be_grouped(columns: Any, uses: Dictionary[str, Use]) -> bool:
    labels = [name for name, use in uses.items() if use is Use.LABEL]
    scores = [name for name, use in uses.items() if use in SCORES]
    try:
        return len(labels) == 1 and class_columns(columns, labels[0], scores, certain=True) is not None
    except DataError:  # of two columns for one category
        return False
