"""What the columns of a file are called, so that reading it gives back the same models and categories."""

from collections.abc import Sequence

import numpy as np

from xentviz.core.document import Document, Model, ScoreKind
from xentviz.files.known_names import LABEL_NAMES, WEIGHT_NAMES, is_label_name, names_rows

MARKS = {ScoreKind.PROBABILITY: " (probability)", ScoreKind.LOGIT: " (logit)"}


def label_columns(document: Document) -> list[str]:
    """Return a name for each category's column of labels; without several categories there is one.

    Where yes and no are words, it says which means yes.

    >>> label_columns(Document.create([1], {})), label_columns(Document.create([[1, 0]], {}, categories=["a", "b"]))
    (['label'], ['label:a', 'label:b'])
    """
    if len(document.categories) > 1 or (document.words is not None and document.words[0] == document.categories[0]):
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
    if several or is_label_name(name) or (document.words is not None and name.endswith(f":{document.words[0]}")):
        name = name.replace(":", "∶")
    if (kind_named(name) or ScoreKind.PROBABILITY) is not model.kind or _misread(name) or _is_decided(model):
        name += MARKS[model.kind]
    return [f"{name}:{category}" for category in document.categories] if several else [name]


def unmarked_names(names: Sequence[str]) -> list[str]:
    """Return what models are called whose columns have these names: without marks, unless two would have one name.

    >>> unmarked_names(["A", "B (logit)", "B", "C (logit)"])
    ['A', 'B (logit)', 'B', 'C']
    """
    bare = [_unmarked(name) for name in names]
    found = [b if bare.count(b) == 1 and b.strip() else name for name, b in zip(names, bare, strict=True)]
    return found if len(set(found)) == len(found) else list(names)


def kind_named(name: str) -> ScoreKind | None:
    """Return what the scores in a column are, if its name tells.

    >>> kind_named("B (logit)"), kind_named("logits (probability)"), kind_named("A")
    (<ScoreKind.LOGIT: 'logit'>, <ScoreKind.PROBABILITY: 'probability'>, None)
    """
    marked = next((kind for kind, mark in MARKS.items() if name.endswith(mark)), None)
    return marked or (ScoreKind.LOGIT if "logit" in name.lower() else None)


def _unmarked(name: str) -> str:
    return name.removesuffix(next((mark for mark in MARKS.values() if name.endswith(mark)), "")).strip()


def _is_decided(model: Model) -> bool:
    """Return whether a model says 0 and 1 alone: its column would be taken for decisions."""
    return all(((b.values == 0) | (b.values == 1) | np.isnan(b.values)).all() for b in model.scores.blocks)


def _misread(name: str) -> bool:
    """Return whether a column of this name is taken for labels, row names or weights, or loses its end for a mark."""
    known = is_label_name(name) or names_rows(name) or name.strip().lower() in WEIGHT_NAMES
    return known or name.endswith(tuple(MARKS.values()))
