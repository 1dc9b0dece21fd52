"""Which column of a table is what, told by its name."""

from collections.abc import Sequence
from dataclasses import dataclass

from xentviz.core.errors import DataError

LABEL_NAMES = frozenset({"label", "labels", "y", "target", "truth", "y_true", "actual", "class", "is_positive"})
NAME_NAMES = frozenset({"", "id", "index", "name", "row", "row_id", "statement"})


@dataclass(frozen=True)
class Roles:
    """Which column of a table is what; a column of scores belongs to a model and a category."""

    names: str | None
    labels: tuple[str, ...]
    categories: tuple[str, ...]
    scores: dict[str, tuple[str, ...]]
    unused: tuple[str, ...]


def recognized(header: Sequence[str], texts: set[str]) -> Roles:
    """Return what each column is, told by its name.

    Parameters
    ----------
    header : sequence of str
        Names of all columns.
    texts : set of str
        Names of those that hold words.

    Raises
    ------
    DataError
        ``label_missing``, ``scores_missing``, ``column_twice``, ``category_missing``,
        ``category_unknown``.

    Examples
    --------
    >>> recognized(["id", "label", "A", "B"], set()).scores
    {'A': ('A',), 'B': ('B',)}
    >>> recognized(["y:cat", "y:dog", "A:cat", "A:dog"], set()).categories
    ('cat', 'dog')
    """
    labels = [name for name in header if name.split(":")[0].strip().lower() in LABEL_NAMES]
    if not labels:
        raise DataError("label_missing", columns=list(header))
    several = [name for name in labels if ":" in name]
    rest = [name for name in header if name not in labels]
    labels, spare = (several, []) if several else (labels[:1], labels[1:])
    names = _names_column(rest, texts)
    scores = [name for name in rest if name != names and name not in texts]
    if not scores:
        raise DataError("scores_missing")
    categories = tuple(name.split(":", 1)[1].strip() for name in labels) if several else (labels[0],)
    check_once(categories)
    models: dict[str, tuple[str, ...]] = (
        _by_model(scores, categories) if several else {name: (name,) for name in scores}
    )
    unused = (*spare, *(name for name in rest if name in texts and name != names))
    return Roles(names, tuple(labels), categories, models, unused)


def check_once(names: Sequence[str]) -> None:
    """Raise ``column_twice`` if two columns have one name."""
    for position, name in enumerate(names):
        if name in names[:position]:
            raise DataError("column_twice", column=name)


def _names_column(names: Sequence[str], texts: set[str]) -> str | None:
    named = [name for name in names if name.lower() in NAME_NAMES]
    worded = [name for name in names if name in texts]
    return next(iter([*named, *worded]), None)


def _by_model(names: Sequence[str], categories: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the columns ``model:category`` of each model, in the order of the categories."""
    columns: dict[tuple[str, str], str] = {}
    for name in names:
        model, _, category = name.partition(":")
        if not model.strip():
            raise DataError("model_unnamed", column=name)
        if (model.strip(), category.strip()) in columns:
            raise DataError("column_twice", column=name)
        columns[model.strip(), category.strip()] = name
    models = dict.fromkeys(model for model, _ in columns)
    for model in models:
        for category in categories:
            if (model, category) not in columns:
                raise DataError("category_missing", column=model, category=category)
    for (_model, category), name in columns.items():
        if category not in categories:
            raise DataError("category_unknown", column=name, category=category)
    return {model: tuple(columns[model, category] for category in categories) for model in models}
