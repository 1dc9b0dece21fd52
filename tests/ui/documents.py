"""Documents that panels must be able to show, however little or much is in them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from xentviz.core.document import Document, ScoreKind

NAN, INF = np.nan, np.inf
LONG_NAME = "a name that does not end " * 400
EMOJI_NAME = "🧑‍🔬 سؤال עברית ﷽ é\u0301 \u202e"
MARKUP_NAMES = ("a<b & c", "{x}", "<img src='file:///x'>", "<b>bold</b>", "%1 %s \\n", "&File")


def _none_of_either() -> Document:
    return Document.create(np.empty(0), {}, title="nothing")


def _no_rows() -> Document:
    return Document.create(np.empty(0), {"A": np.empty(0)}, title="no rows")


def _no_models() -> Document:
    return Document.create([1, 0, 1], {}, title="no models")


def _all_labels_one() -> Document:
    return Document.create(np.ones(5), {"A": [0.1, 0.4, 0.5, 0.6, 0.9]})


def _unlabelled() -> Document:
    return Document.create(np.full(5, NAN), {"A": [0.1, 0.4, 0.5, 0.6, 0.9]})


def _no_scores() -> Document:
    return Document.create([1, 0, 1], {"A": np.full(3, NAN)})


def _certain() -> Document:
    return Document.create([1, 0, 1, 0], {"A": [0.0, 1.0, 1.0, 0.0], "B": [1.0, 0.0, 0.5, 0.5]})


def _all_infinite() -> Document:
    return Document.create([1, 0], {"A": [0.0, 1.0]})


def _logits() -> Document:
    scores = {"A": [INF, -INF, INF, -INF, 1e308, -1e308, 800.0, 0.0], "B": np.linspace(-3, 3, 8)}
    return Document.create([1, 0, 0, 1, 0, 0, 1, 1], scores, logits=["A", "B"])


def _soft_labels() -> Document:
    return Document.create([0.1, 0.25, 0.5, 0.75, 0.9], {"A": [0.2, 0.2, 0.6, 0.0, 1.0]})


def _ten_thousand_rows() -> Document:
    numbers = np.random.default_rng(1)
    labels = numbers.integers(0, 2, 10_000).astype(float)
    scores = np.clip(labels * 0.4 + numbers.random(10_000) * 0.6, 0, 1)
    labels[::101] = NAN
    return Document.create(labels, {"A": scores, "B": 1 - scores}, title="ten thousand rows")


def _ten_thousand_logits() -> Document:
    numbers = np.random.default_rng(2)
    scores = numbers.normal(0, 30, 10_000).astype(np.float32)
    return Document.create(numbers.integers(0, 2, 10_000), {"A": scores}, logits=["A"])


def _eight_models() -> Document:
    models = {f"model {m}": np.linspace(0.1 * m / 8, 1 - 0.1 * m / 8, 6) for m in range(8)}
    return Document.create([0, 0, 1, 0, 1, 1], models, title="eight models")


def _categories(count: int) -> Document:
    numbers = np.random.default_rng(count)
    names = [f"category {c}" for c in range(count)]
    labels = numbers.integers(0, 2, (7, count)).astype(float)
    labels[2, 1] = NAN
    return Document.create(labels, {"A": numbers.random((7, count)), "B": numbers.random((7, count))}, categories=names)


def _markup_names() -> Document:
    models = {name: np.full((2, 3), 0.3) for name in MARKUP_NAMES}
    names = ("a<b & c", "<img src='file:///x'>")
    return Document.create(
        np.ones((2, 3)), models, title="<i>{x}</i> & co", categories=MARKUP_NAMES[:3], row_names=names
    )


def _named(name: str) -> Document:
    models = {name: [[0.3, 0.4]], name + "2": [[0.5, 0.6]]}
    return Document.create([[1, 0]], models, title=name, categories=[name, name + "2"], row_names=[name])


def answers(rows: int, count: int, **options: Any) -> Document:
    """Return rows of one answer in so many each, with a model of probabilities and one of logits."""
    numbers = np.random.default_rng(count)
    logits = numbers.normal(0, 2, (rows, count))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    given = {"labels": numbers.integers(-1, count, rows), "categories": [f"category {c}" for c in range(count)]}
    return Document.create(models={"P": p, "Z": logits}, logits=["Z"], multiclass=True, **(given | options))


def animals() -> Document:
    """Return four rows whose truth is one of three animals; the model takes the second for a cat."""
    scores = [[0.5, 0.25, 0.25], [0.6, 0.1, 0.3], [0.2, 0.2, 0.6], [0.1, 0.8, 0.1]]
    return Document.create(
        [0, 1, 2, 1], {"A": scores}, title="animals", categories=["cat", "dog", "bird"], multiclass=True
    )


def _answers_float32() -> Document:
    scores = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0], [NAN] * 3], dtype=np.float32)
    z = np.array([[-INF, 0, 1], [INF, 0, 1], [800, -800, 0]], dtype=np.float32)
    names = ["a", "b", "c"]
    return Document.create([2, 0, 1], {"P": scores, "Z": z}, logits=["Z"], categories=names, multiclass=True)


def _soft_answers() -> Document:
    labels = [[0.4, 0.3, 0.3], [1, 0, 0], [NAN] * 3, [0.5, 0.5, 0]]
    scores = [[0.2, 0.3, 0.5], [0.0, 0.5, 0.5], [1, 0, 0], [0.5, 0, 0.5]]
    return Document.create(labels, {"A": scores}, categories=["a", "b", "c"], multiclass=True)


EXTREMES: dict[str, Callable[[], Document]] = {
    "no rows and no models": _none_of_either,
    "no rows": _no_rows,
    "no models": _no_models,
    "one row": lambda: Document.create([1], {"A": [0.4]}),
    "all labels one": _all_labels_one,
    "unlabelled": _unlabelled,
    "no scores": _no_scores,
    "certain": _certain,
    "all infinite": _all_infinite,
    "logits": _logits,
    "soft labels": _soft_labels,
    "ten thousand rows": _ten_thousand_rows,
    "ten thousand logits": _ten_thousand_logits,
    "eight models": _eight_models,
    "three categories": lambda: _categories(3),
    "thirty categories": lambda: _categories(30),
    "three thresholds": lambda: _categories(3).with_thresholds_apart().with_threshold(0.2, 1),
    "no rows of three categories": lambda: Document.create(
        np.empty((0, 3)), {"A": np.empty((0, 3))}, categories=["a", "b", "c"]
    ),
    "one answer in three": animals,
    "one answer in two": lambda: answers(9, 2),
    "one answer in thirty": lambda: answers(40, 30, thresholds=[0.4]),
    "one answer in three hundred": lambda: answers(20, 300),
    "one answer in one": lambda: Document.create([0, -1], {"A": [1.0, 1.0]}, multiclass=True),
    "one row of one answer": lambda: answers(1, 4, labels=[2]),
    "no rows of one answer": lambda: answers(0, 3),
    "no rows of soft answers": lambda: answers(0, 3, labels=np.empty((0, 3))),
    "no labels of one answer": lambda: answers(5, 3, labels=np.full(5, NAN)),
    "no models of one answer": lambda: Document.create([0, 1, -1], {}, categories=["a", "b"], multiclass=True),
    "float32 answers": _answers_float32,
    "soft answers": _soft_answers,
    "three thousand rows of one answer": lambda: answers(3000, 5),
    "long names of answers": lambda: answers(6, 3, categories=[LONG_NAME, EMOJI_NAME, MARKUP_NAMES[2]]),
    "markup names": _markup_names,
    "long names": lambda: _named(LONG_NAME),
    "emoji and right-to-left names": lambda: _named(EMOJI_NAME),
}


def two_models() -> Document:
    """Return ten rows with one surer and one vaguer model."""
    labels = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0]
    sure = [0.95, 0.02, 0.9, 0.6, 0.99, 0.1, 0.4, 0.05, 0.8, 0.3]
    vague = [0.6, 0.4, 0.55, 0.45, 0.7, 0.35, 0.52, 0.48, 0.58, 0.41]
    return Document.create(labels, {"sure": sure, "vague": vague}, title="two models")


def questions() -> Document:
    """Return three rows of two yes/no questions each, with names."""
    return Document.create(
        [[1, 0], [0, 1], [1, 1]],
        {"A": [[0.9, 0.2], [0.4, 0.7], [0.6, 0.3]]},
        title="questions",
        categories=["cat", "dog"],
        row_names=["first", "second", "third"],
    )


def million_rows() -> Document:
    """Return a million rows, cheaply made."""
    scores = np.tile(np.linspace(0.0, 1.0, 1000), 1000)
    return Document.create(np.tile([1.0, 0.0], 500_000), {"A": scores}, title="a million rows")


def mixed_kinds() -> Document:
    """Return probabilities beside logits, in both precisions."""
    document = Document.create([1, 0, 0.3], {"float64": [0.1, 0.2, 0.3]})
    document = document.with_model("float32", ScoreKind.PROBABILITY, np.array([0.1, NAN, 1.0], dtype=np.float32))
    return document.with_model("logits32", ScoreKind.LOGIT, np.array([-2.5, INF, 0.0], dtype=np.float32))
