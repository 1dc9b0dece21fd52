"""Rows with one answer in many, a line and a dot each: which of their elements these are about, and the words."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from xentviz.core.answers import log_sum_of_others
from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows, Values
from xentviz.core.confusion import decided
from xentviz.core.counts import Counts
from xentviz.core.document import Document, ScoreKind, probabilities
from xentviz.core.elements import soft_answers, wrong_of
from xentviz.core.errors import DataError
from xentviz.core.told import one_answer, told_gradients, told_losses, told_of, told_scores
from xentviz.ui.numbers import UNDEFINED, count_text, parse_number, score_text
from xentviz.ui.panels.line import Answer, Line
from xentviz.ui.words import cut

translate = QCoreApplication.translate

MOST_NAMED = 8
"""Categories that a sentence lists."""


def doubt(document: Document) -> float:
    """Return the probability that a model gives every category of which it knows nothing."""
    return 1 / len(document.categories) if one_answer(document) else 0.5


# Lines


def answer_lines(document: Document, model: int, category: int | None, elements: Rows, names: list[str]) -> list[Line]:
    """Return the lines of rows, which these elements stand for, called by these names."""
    categories = (*document.categories, "")  # the last is called -1
    rows, told = elements // len(document.categories), told_of(document, category, elements)
    truth, told_category = document.truths_of(rows), told % len(document.categories)
    scores = [told_scores(document, m, category, elements) for m in range(len(document.models))]
    p, largest, decided, wrong, loss, gradient = _by_model(document, model, category, elements)
    parts = _parts(document, rows)
    lines = []
    for i, element in enumerate(elements.tolist()):
        lines.append(
            Line(
                element=element,
                name=names[i],
                category=categories[told_category[i]],
                label=math.nan if truth[i] < 0 else float(truth[i] == told_category[i]),
                scores=tuple(float(s[i]) for s in scores),
                shares=tuple(_share(document, m, scores[m][i]) for m in range(len(scores))),
                score_texts=tuple("" if math.isnan(s[i]) else str(s[i]) for s in scores),
                probability=float(p[i]),
                decision=None if math.isnan(largest[i]) else bool(decided[i] == told_category[i]),
                wrong=bool(wrong[i]),
                loss=float(loss[i]),
                gradient=float(gradient[i]),
                answer=Answer(categories[truth[i]], parts[i], categories[decided[i]], float(largest[i])),
            )
        )
    return lines


def _share(document: Document, model: int, score: float) -> float:
    """Return how full a score's bar is: of probabilities as they are, logits have none."""
    return float(score) if document.models[model].kind is ScoreKind.PROBABILITY else math.nan


def _by_model(document: Document, model: int, category: int | None, elements: Rows) -> tuple[Values, ...]:
    """Return probabilities told and largest, decisions, whether wrong, losses and gradients by the chosen model."""
    nothing = np.full(len(elements), np.nan)
    if not document.models:
        return nothing, nothing, np.full(len(elements), -1), np.zeros(len(elements)), nothing, nothing
    rows, told = elements // len(document.categories), told_of(document, category, elements)
    chosen = document.models[model]
    return (
        document.probabilities_of(model, told),
        probabilities(chosen.scores.take(rows), chosen.kind, document.task).max(axis=1),
        document.answers_of(model, rows),
        wrong_of(document, model, told),
        told_losses(document, model, category, elements),
        told_gradients(document, model, category, elements),
    )


def _parts(document: Document, rows: Rows) -> list[tuple[tuple[str, float], ...]]:
    """Return the names and sizes of the parts of soft labels; nothing of others."""
    if document.labels.blocks[0].values.ndim == 1:
        return [()] * len(rows)
    found = []
    for label in document.labels.take(rows):
        there = np.flatnonzero(label > 0)
        parts = sorted(((float(label[c]), -int(c)) for c in there), reverse=True)
        found.append(tuple((document.categories[-c], y) for y, c in parts) if len(parts) > 1 else ())
    return found


def answer_marks(document: Document, model: int, elements: Rows) -> Floats:
    """Return how dots of rows are drawn: 1 for those decided rightly, 0 for others, a half for those of soft labels."""
    rows = elements // len(document.categories)
    right = document.answers_of(model, rows) == document.truths_of(rows)
    return np.where(soft_answers(document, rows), 0.5, right.astype(np.float64))


# Editing


def category_of(categories: Sequence[str], text: str) -> int | None:
    """Return the category that a text names, by its name or its number from 0; None if there is none.

    >>> [category_of(("cat", "Dog"), text) for text in ("Dog", " dog", "0", "2", "1.5", "bird")]
    [1, 1, 0, None, None, None]
    """
    for like in (str, str.strip, lambda name: name.strip().casefold()):
        named = [c for c, name in enumerate(categories) if like(name) == like(text)]
        if len(named) == 1:
            return named[0]
    number = parse_number(text)
    return int(number) if number is not None and number in range(len(categories)) else None


def objection_to_category(document: Document, text: str) -> str:
    """Return what is wrong with a text typed as a label, empty if nothing is."""
    if not text.strip() or category_of(document.categories, text) is not None:
        return ""
    known = [cut(name) for name in document.categories[:MOST_NAMED]]
    if len(document.categories) > MOST_NAMED:
        known.append("…")
    return translate("answers", "“{text}” is no category. Type one of: {known}; or its number, from 0.").format(
        text=cut(text, 40), known=", ".join(known)
    )


def with_answers(document: Document, elements: Rows, texts: Sequence[str]) -> Document:
    """Return a document in which rows have the answers that are named, or none where the text is empty."""
    rows = elements // len(document.categories) * len(document.categories)
    named = [category_of(document.categories, text) if text.strip() else None for text in texts]
    gone = np.array([category is None for category in named], dtype=bool)
    return document.with_labels(
        rows + np.array([category or 0 for category in named], dtype=np.int64), np.where(gone, np.nan, 1.0)
    )


def with_told_scores(
    document: Document, model: int, category: int | None, elements: Rows, values: Floats | float
) -> Document:
    """Return a document with new scores for what stands for rows; a row without a true category has none to give it."""
    new = np.broadcast_to(np.asarray(values, dtype=np.float64), len(elements))
    unknown = document.truths_of(elements // len(document.categories)) < 0
    if category is None and unknown.any():
        if (refused := unknown & ~np.isnan(new)).any():
            raise DataError("answer_unknown", row=int(elements[np.argmax(refused)] // len(document.categories)))
        elements, new = elements[~unknown], new[~unknown]  # where nothing stands, nothing is to go
    return document.with_scores(model, told_of(document, category, elements), new)


def with_place(document: Document, model: int, element: int, score: float) -> Document:
    """Return a document in which a row's dot lies at a place along the axis, which the score is by itself.

    Of logits it is the log-odds: the true category's logit is that much more than the others' log-sum-exp, which stay.
    """
    rows = np.array([element]) // len(document.categories)
    if soft_answers(document, rows)[0]:
        raise DataError("answer_spread", row=int(rows[0]))
    if document.models[model].kind is ScoreKind.LOGIT:
        score += float(log_sum_of_others(_logits(document, model, rows), document.truths_of(rows))[0])
    return with_told_scores(document, model, None, np.array([element]), score)


def _logits(document: Document, model: int, rows: Rows) -> Floats:
    return np.asarray(document.models[model].scores.take(rows), dtype=np.float64)


# Words


def label_text(line: Line) -> str:
    """Return the true category, with its share of a soft label."""
    assert line.answer is not None
    share = f" {line.answer.parts[0][1]:.2g}" if line.answer.parts else ""
    return line.answer.truth + share if line.answer.truth else UNDEFINED


def answer_words(counts: Sequence[Counts], rows: int, category: int | None, *, brief: bool) -> list[str]:
    """Return what the title of the table says of rows with these counts, one a category or of the one looked at."""
    words, found = [], decided(counts)
    wrong = counts[0].total - (found.right if category is None else counts[0].correct)
    words.append(translate("answers", "{count} wrong at T").format(count=count_text(wrong)))
    if category is None and found.undecided and not brief:
        words[-1] = translate("answers", "{count} wrong at T ({undecided} undecided)").format(
            count=count_text(wrong), undecided=count_text(found.undecided)
        )
    if unknown := rows - counts[0].total:
        words.append(translate("answers", "{count} without label or score").format(count=count_text(unknown)))
    return words


def tip(line: Line, key: str, log: str, loss: str) -> str:
    """Return the tool tip of a label, a decision or a loss."""
    if key == "loss":
        return loss_tip(line, log, loss)
    return label_tip(line) if key == "label" else decision_tip(line)


def label_tip(line: Line) -> str:
    """Return the truth in full."""
    assert line.answer is not None
    if not line.answer.parts:
        return line.answer.truth or translate("answers", "Not labelled. Type a category’s name, or its number from 0.")
    return translate("answers", "A soft label: {parts}. Counts and decisions take the largest.").format(
        parts=_listed(line.answer.parts)
    )


def raw_label(line: Line) -> str:
    """Return the truth as an editor and a spreadsheet want it."""
    assert line.answer is not None
    return _listed(line.answer.parts) if line.answer.parts else line.answer.truth


def decision_text(line: Line, category: int | None) -> str:
    """Return the category decided for, or yes or no of the one looked at, with a mark of right and wrong."""
    assert line.answer is not None
    if line.decision is None:
        return UNDEFINED
    mark = "" if not line.answer.truth else "✗ " if line.wrong else "✓ "
    if category is None:
        return mark + (line.answer.decided or translate("answers", "none"))
    return mark + (translate("answers", "yes") if line.decision else translate("answers", "no"))


def decision_tip(line: Line) -> str:
    """Return how the row was decided."""
    assert line.answer is not None
    if line.decision is None:
        return translate("answers", "Not decided: this row has no score.")
    p = score_text(line.answer.largest)
    if not line.answer.decided:
        return translate("answers", "Undecided: the largest probability, {p}, is below the threshold T.").format(p=p)
    return translate("answers", "Decided for {name}: its probability, {p}, is the largest.").format(
        name=line.answer.decided, p=p
    )


def loss_tip(line: Line, log: str, loss: str) -> str:
    """Return the loss of a row written out, or why it has none."""
    assert line.answer is not None
    if np.isnan(line.loss):
        if line.answer.truth and not np.isnan(line.answer.largest):
            return translate("answers", "The loss belongs to the row’s true category, {name}.").format(
                name=line.answer.truth
            )
        return translate("answers", "Not defined: this row has no label or no score.")
    if line.answer.parts:
        return translate("answers", "−Σ y·{log}(p) over the parts of the label = {loss}").format(log=log, loss=loss)
    return translate("answers", "−{log}({p}) = {loss}: the less probable {name} was held, the more it costs.").format(
        log=log, p=score_text(line.probability), loss=loss, name=line.answer.truth
    )


def column_title(key: str, category: str | None) -> str:
    """Return a column's title where it differs from that of yes/no questions, else an empty text."""
    if key == "decision":
        if category is None:
            return translate("answers", "decided")
        return translate("answers", "{category}?").format(category=category)
    return translate("answers", "truth") if key == "label" else ""


def column_tip(key: str, category: str | None) -> str:
    """Return a column's tool tip where it differs from that of yes/no questions, else an empty text."""
    if key == "label":
        return translate("answers", "The true category. Double-click to type another: its name, or its number from 0.")
    if key == "decision" and category is None:
        return translate(
            "answers",
            "The most probable category, if its probability reaches the threshold T; ✓ true, ✗ another or none.",
        )
    if key == "decision":
        return translate(
            "answers", "Whether the row is decided to be {category}, against all others together; ✓ right, ✗ wrong."
        ).format(category=category)
    if key == "loss":
        return translate("answers", "Cross-entropy of this row: −log of the probability of its true category.")
    return ""


def score_tip(model: str, category: str | None, *, logits: bool) -> str:
    """Return the tool tip of a column of scores."""
    whose = translate("answers", "its true category") if category is None else category
    if logits:
        words = translate("answers", "The logit that {model} gave {category} of each row.")
    else:
        words = translate(
            "answers",
            "The probability that {model} gave {category} of each row. Change it and the others of the row share "
            "the rest, in the proportions they have.",
        )
    return words.format(model=model, category=whose)


def _listed(parts: tuple[tuple[str, float], ...]) -> str:
    return " · ".join(f"{name} {y:g}" for name, y in parts)
