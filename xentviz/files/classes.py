"""Which columns of scores belong together as the categories of one answer."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from xentviz.core.document import ScoreKind
from xentviz.core.errors import DataError
from xentviz.files.cells import FIRST_CELLS, Sort, distinct, numbers_of, sort_of
from xentviz.files.column_names import kind_named

Groups = dict[str, dict[str, str]]
"""Columns by model and category."""

MOST_CATEGORIES = 4096
UNNAMED = "model"
"""What a model is called whose columns have no names but the categories'."""

ROUNDED = 0.005
"""How far off a probability may be that was rounded to two decimals."""


class Classes(NamedTuple):
    """Categories, each model's columns in their order, and whether they are but supposed to stand for the labels."""

    categories: tuple[str, ...]
    models: dict[str, tuple[str, ...]]
    supposed: bool = False


def grouped(names: Sequence[str]) -> Groups:
    """Return the columns ``model:category`` by model and category.

    Raises
    ------
    DataError
        ``model_unnamed``, ``category_unnamed``, ``column_twice``.

    Examples
    --------
    >>> grouped(["A:cat", "A: dog"])
    {'A': {'cat': 'A:cat', 'dog': 'A: dog'}}
    """
    models: Groups = {}
    for name in names:
        model, colon, category = (part.strip() for part in name.partition(":"))
        if not model:
            raise DataError("model_unnamed", column=name)
        if colon and not category:
            raise DataError("category_unnamed", column=name)
        if category in models.setdefault(model, {}):
            raise DataError("column_twice", column=name)
        models[model][category] = name
    return models


def class_columns(
    columns: Any, label: str, wanted: Sequence[str], *, certain: bool, order: Sequence[str] = ()
) -> Classes | None:
    """Return the categories and each model's columns, None if each column is a model of its own.

    Columns that are but counted are supposed to stand for as many labels in their order, as those of scikit-learn do.

    Parameters
    ----------
    columns : pyarrow.Table
    label : str
        The one column of labels.
    wanted : sequence of str
        The columns of scores.
    certain : bool
        Whether a person says that each row has one answer among several.
    order : sequence of str
        The categories that a person says the columns stand for.

    Raises
    ------
    DataError
        ``categories_number``; those of :func:`grouped`.
    """
    known = distinct(columns[label], MOST_CATEGORIES) or []
    values = [_as_text(value) for value in known]
    parted = [name for name in wanted if all(part.strip() for part in name.partition(":"))]
    said = grouped(parted)
    for groups in (said, _numbered(wanted), _ending(wanted, values)):
        alike = {model: group for model, group in groups.items() if _belongs(group, groups)}
        if not alike:
            continue
        categories = _in_order(next(iter(alike.values())))
        labels = _instead_of(categories, columns[label], values)
        names = _model_names(list(alike), UNNAMED)
        models = {name: tuple(group[c] for c in categories) for name, group in zip(names, alike.values(), strict=True)}
        sums = _are_logits(models) or _sum_to_one(columns, models)
        if groups is said:
            fits = _beyond_two(columns[label], values) or sums
        else:  # names that end alike may as well be those of models
            known_so = set(values) <= set(categories) or len(labels) > 2
            fits = sums and known_so and _hold(alike, wanted)
        if order:
            return _said(order, models)
        if certain or fits:
            return Classes(labels or categories, models, bool(labels))
    return _said(order, {UNNAMED: tuple(wanted)}) if order else None


def _said(order: Sequence[str], models: dict[str, tuple[str, ...]]) -> Classes:
    model, names = next(iter(models.items()))
    if len(order) != len(names):
        raise DataError("categories_number", model=model, expected=len(names), actual=len(order))
    return Classes(tuple(order), models)


def _in_order(categories: Iterable[str]) -> tuple[str, ...]:
    """Return categories as they stand, or by their numbers if they are but counted.

    >>> _in_order(["dog", "cat"]), _in_order(["2", "0", "1"])
    (('dog', 'cat'), ('0', '1', '2'))
    """
    found = tuple(categories)
    return tuple(sorted(found, key=int)) if _are_counted(found) else found


def _are_counted(categories: Sequence[str]) -> bool:
    return all(category.isdecimal() for category in categories) and _counted(categories)


def _instead_of(categories: Sequence[str], column: Any, values: Sequence[str]) -> tuple[str, ...]:
    """Return the labels in order where columns that are but counted may stand for them; none if they are those."""
    unlike = len(values) == len(categories) and not set(values) <= set(categories) and _are_counted(categories)
    sort = sort_of(column)
    fit = sort is Sort.WORDS or (sort is Sort.NUMBERS and all(value.isdecimal() for value in values))
    return tuple(values) if unlike and fit else ()


def _are_logits(models: dict[str, tuple[str, ...]]) -> bool:
    return all(kind_named(model) is ScoreKind.LOGIT for model in models)


def _hold(groups: Groups, wanted: Sequence[str]) -> bool:
    """Return whether the groups leave out no column."""
    return {name for group in groups.values() for name in group.values()} == set(wanted)


def _model_names(groups: Sequence[str], label: str) -> list[str]:
    """Return what models are called whose columns begin so: without marks at the end, if then no two are called alike.

    >>> _model_names(["A_", ""], "label"), _model_names(["A_", "A-"], "label")
    (['A', 'label'], ['A_', 'A-'])
    """
    bare = [group.strip(" _-.[(:") or label for group in groups]
    return bare if len(set(bare)) == len(bare) else [group or f"({label})" for group in groups]


def _belongs(group: dict[str, str], groups: Groups) -> bool:
    """Return whether a group has several categories, and the same as the largest group."""
    largest = max(groups.values(), key=len)
    return len(group) > 1 and set(group) == set(largest)


def _numbered(names: Sequence[str]) -> Groups:
    """Return the columns that differ only in the number that they end with, all numbers from 0 or 1 on."""
    groups: Groups = {}
    for name in names:
        if found := re.fullmatch(r"(.*?)(\d+)[\])]?", name.strip()):
            groups.setdefault(found[1], {})[found[2]] = name
    return {model: group for model, group in groups.items() if _counted(list(group))}


def _counted(numbers: Sequence[str]) -> bool:
    found = sorted(map(int, numbers))
    return found in (list(range(len(found))), list(range(1, len(found) + 1)))


def _ending(names: Sequence[str], values: Sequence[str]) -> Groups:
    """Return the columns that end with one of the labels."""
    groups: Groups = {}
    for name in names:
        for value in sorted(values, key=len, reverse=True):
            start = name.strip().removesuffix(value)
            if value and len(start) < len(name.strip()) and not start[-1:].isalnum():
                groups.setdefault(start, {})[value] = name
                break
    return groups


def _beyond_two(column: Any, values: Sequence[str]) -> bool:
    """Return whether labels are words, or numbers other than yes and no."""
    return sort_of(column) is Sort.WORDS or not set(values) <= {"0", "1", "False", "True"}


def _sum_to_one(columns: Any, models: dict[str, tuple[str, ...]]) -> bool:
    """Return whether the first rows of every model are probabilities that exclude one another."""
    first = columns[:FIRST_CELLS]
    for names in models.values():
        with np.errstate(over="ignore"):
            sums = sum(np.nan_to_num(numbers_of(first[name], name).astype(np.float64)) for name in names)
        if not len(first) or (np.abs(sums - 1) > ROUNDED * len(names)).any():
            return False
    return True


def _as_text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
