"""What the columns of a file are called, so that reading it gives back the same models and categories."""

from collections.abc import Sequence

from xentviz.core.document import Document, Model, ScoreKind
from xentviz.files.roles import LABEL_NAMES, NAME_NAMES

MARKS = {ScoreKind.PROBABILITY: " (probability)", ScoreKind.LOGIT: " (logit)"}


def label_columns(document: Document) -> list[str]:
    """Return a name for each category's column of labels; without several categories there is one.

    >>> label_columns(Document.create([1], {})), label_columns(Document.create([[1, 0]], {}, categories=["a", "b"]))
    (['label'], ['label:a', 'label:b'])
    """
    if len(document.categories) > 1:
        return [f"label:{category}" for category in document.categories]
    return [document.categories[0] if document.categories[0].lower() in LABEL_NAMES else "label"]


def score_columns(document: Document, model: Model) -> list[str]:
    """Return a name for each category's column of a model's scores.

    A mark tells probabilities from logits where the model's name would be misread without it. Where a colon would
    part a category from the name, those that the model's name has become ratio signs.

    >>> document = Document.create([1], {"A": [0.9], "B": [2.0], "logits?": [0.5], "y": [0.5]}, logits=["B"])
    >>> [score_columns(document, model)[0] for model in document.models]
    ['A', 'B (logit)', 'logits? (probability)', 'y (probability)']
    """
    name, several = model.name, len(document.categories) > 1
    if several or name.partition(":")[0].strip().lower() in LABEL_NAMES:
        name = name.replace(":", "∶")
    if _kind(name) is not model.kind or _misread(name):
        name += MARKS[model.kind]
    return [f"{name}:{category}" for category in document.categories] if several else [name]


def models_of(columns: Sequence[str]) -> list[tuple[str, ScoreKind]]:
    """Return the model's name and the kind of its scores for each column.

    A mark that tells the kind is taken off, unless two models would then have one name.

    >>> [(name, kind.value) for name, kind in models_of(["A", "B (logit)", "B", "C (logit)"])]
    [('A', 'probability'), ('B (logit)', 'logit'), ('B', 'probability'), ('C', 'logit')]
    """
    bare = [_unmarked(name) for name in columns]
    return [(b if bare.count(b) == 1 else name, _kind(name)) for name, b in zip(columns, bare, strict=True)]


def _kind(name: str) -> ScoreKind:
    """Return what the scores in a column of this name are."""
    marked = next((kind for kind, mark in MARKS.items() if name.endswith(mark)), None)
    return marked or (ScoreKind.LOGIT if "logit" in name.lower() else ScoreKind.PROBABILITY)


def _unmarked(name: str) -> str:
    return name.removesuffix(next((mark for mark in MARKS.values() if name.endswith(mark)), ""))


def _misread(name: str) -> bool:
    """Return whether a column of this name is taken for labels or row names, or loses its end for a mark."""
    return name.lower() in LABEL_NAMES | NAME_NAMES or name.endswith(tuple(MARKS.values()))
