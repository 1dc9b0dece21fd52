"""Documents of two models, and what their rows come to, found one after the other."""

import math

import numpy as np

from xentviz.core.document import Document
from xentviz.core.elements import losses_of

NAN = math.nan


def questions(rows=40, categories=3, seed=1, **options):
    """Return yes/no questions with gaps, soft labels, certain scores, logits and single precision."""
    rng = np.random.default_rng(seed)
    shape = (rows, categories)
    labels = rng.choice([0, 1, 0.25, 0.5, NAN], shape, p=[0.4, 0.35, 0.1, 0.05, 0.1])
    p = rng.integers(0, 21, shape) / 20
    z = rng.normal(0, 3, shape)
    p[rng.random(shape) < 0.1] = NAN
    z[rng.random(shape) < 0.1] = NAN
    models = {"P": p, "Z": z, "F": np.where(rng.random(shape) < 0.2, np.nan_to_num(p), 0.3).astype(np.float32)}
    names = [f"c{c}" for c in range(categories)]
    return Document.create(labels, models, categories=names, logits=["Z"], **options)


def answers(rows=40, seed=1, soft=False, **options):
    """Return rows of one answer in three with gaps, of probabilities, logits and single precision."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(-1, 3, rows)
    if soft:
        labels = rng.multinomial(4, [0.4, 0.3, 0.3], rows) / 4
        labels[::7] = NAN
    p = rng.multinomial(4, [0.3, 0.3, 0.4], rows) / 4
    z = rng.normal(0, 2, (rows, 3))
    p[::11, 1], z[::13, 2] = NAN, NAN
    models = {"P": p, "Z": z, "F": (rng.multinomial(8, [0.3, 0.3, 0.4], rows) / 8).astype(np.float32)}
    names = ["a", "b", "c"]
    return Document.create(labels, models, categories=names, logits=["Z"], multiclass=True, **options)


def one_by_one(match):
    """Return elements, losses, and what is decided and true, found for one element after the other."""
    document, found = match.document, []
    multiclass = document.task.value == "multiclass"
    step = len(document.categories) if multiclass else 1
    for element in range(0, document.elements, step):
        here, row = np.array([element]), np.array([element // len(document.categories)])
        one, other = (float(losses_of(document, m, here)[0]) for m in (match.first, match.second))
        if math.isnan(one) or math.isnan(other):
            continue
        if multiclass:
            truth = int(document.truths_of(row)[0])
            said = [int(document.answers_of(m, row)[0]) for m in (match.first, match.second)]
            if match.category not in (None, truth):
                continue
        else:
            if match.category not in (None, element % len(document.categories)):
                continue
            truth = bool(document.labels_of(here)[0] >= 0.5)
            said = [bool(document.decisions_of(m, here)[0]) for m in (match.first, match.second)]
        found.append((element, one, other, truth, *said))
    return found
