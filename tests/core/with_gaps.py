"""Documents in which labels and scores are missing here and there, beside the arrays they are made of."""

import numpy as np

from xentviz.core.confusion import NONE
from xentviz.core.document import Document

NAN = float("nan")
NAMES = ("a", "b", "c")


def with_gaps(values, rng, share=0.1):
    """Return a copy in which some numbers are missing."""
    return np.where(rng.random(values.shape) < share, NAN, values)


def questions(rows=90, categories=3, seed=1, **options):
    """Return labels and a document of them, with gaps: a model of hundredths, one of logits and one in float32."""
    rng = np.random.default_rng(seed)
    shape = (rows, categories)
    labels = with_gaps(rng.choice([0, 1, 0.5, 0.25], shape, p=[0.4, 0.4, 0.1, 0.1]), rng)
    models = {
        "P": with_gaps(rng.integers(5, 96, shape) / 100, rng),
        "Z": with_gaps(np.round(rng.normal(0, 3, shape), 1), rng),
        "F": with_gaps(rng.integers(5, 96, shape) / 100, rng).astype(np.float32),
    }
    document = Document.create(labels, models, categories=NAMES[:categories], logits=["Z"], **options)
    return labels, models, document


def answers(rows=90, seed=1, soft=False, **options):
    """Return the truths, -1 where unknown, and a document of them, with gaps, of models of the same three kinds."""
    rng = np.random.default_rng(seed)
    labels = truth = rng.integers(-1, 3, rows)
    if soft:
        labels = rng.multinomial(5, [0.4, 0.3, 0.3], rows) / 5
        truth = labels.argmax(axis=1)
        labels[::9], truth[::9] = NAN, NONE
    models = {
        "P": (rng.multinomial(97, [0.4, 0.3, 0.3], rows) + 1) / 100,
        "Z": np.round(rng.normal(0, 2, (rows, 3)), 1),
        "F": ((rng.multinomial(97, [0.3, 0.3, 0.4], rows) + 1) / 100).astype(np.float32),
    }
    for i, scores in enumerate(models.values()):
        scores[i::13, i] = NAN
    document = Document.create(labels, models, categories=NAMES, logits=["Z"], multiclass=True, **options)
    return labels, truth, models, document
