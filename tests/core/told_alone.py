"""Small documents of every kind, and what is told of each of their elements or rows, one by one."""

import numpy as np

from xentviz.core.document import Document

NAN = np.nan


def questions(rows=60, categories=3, models=3, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.choice([0.0, 1.0, 0.3, NAN], (rows, categories), p=[0.4, 0.4, 0.1, 0.1])
    scores = {f"m{m}": rng.random((rows, categories)).astype(np.float32 if m else np.float64) for m in range(models)}
    scores["m1"][rng.random((rows, categories)) < 0.1] = NAN
    names = [f"c{c}" for c in range(categories)]
    return Document.create(labels, scores, categories=names, thresholds=[0.3, 0.5, 0.7][:categories])


def answers(rows=80, categories=4, models=3, seed=1, threshold=0.35, soft=False):
    rng = np.random.default_rng(seed)
    scores = {f"m{m}": rng.dirichlet(np.ones(categories), rows) for m in range(models)}
    scores["m1"][::9] = NAN
    labels = rng.dirichlet(np.ones(categories), rows) if soft else rng.integers(-1, categories, rows)
    names = [f"c{c}" for c in range(categories)]
    return Document.create(labels, scores, categories=names, multiclass=True, thresholds=[threshold])


def told(document, category, model):
    """Return elements, truth, what is known, the decision and whether there is a score, element by element or row."""
    multiclass = document.task.value == "multiclass"
    if multiclass:
        rows = np.arange(document.rows)
        truth, said = document.truths_of(rows), document.answers_of(model, rows)
        scored = ~np.isnan(document.models[model].scores.array()).any(axis=1)
        known, handles = truth >= 0, rows * len(document.categories)
        if category is not None:
            truth, said = truth == category, said == category
        return handles, truth.astype(int), known, said.astype(int), scored
    elements = np.arange(document.elements)
    if category is not None:
        elements = elements[category :: len(document.categories)]
    labels = document.labels_of(elements)
    said = document.decisions_of(model, elements)
    scored = ~np.isnan(document.scores_of(model, elements))
    return elements, (labels >= 0.5).astype(int), ~np.isnan(labels), said.astype(int), scored


DOCUMENTS = [questions(), questions(categories=1), answers(), answers(soft=True), answers(threshold=0.0)]
CASES = [(d, c) for d in DOCUMENTS for c in (None, 0)]
