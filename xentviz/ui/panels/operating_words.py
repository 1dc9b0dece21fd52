"""What is said about a point of a curve: its threshold, its counts, and in what world they are."""

from PySide6.QtCore import QCoreApplication

from xentviz.core.document import Document
from xentviz.core.outcomes import Outcomes
from xentviz.core.told import one_answer
from xentviz.session.session import Session
from xentviz.ui.numbers import amount_text, count_text, score_text, threshold_text
from xentviz.ui.words import as_if

translate = QCoreApplication.translate


def value_text(value: float) -> str:
    """Return a metric as it is written beside a point; "—" where it is not defined.

    >>> [value_text(v) for v in (0.5, 0.123456, 2e-5, float("nan"))]
    ['0.500', '0.123', '2e−5', '—']
    """
    return f"{value:.3f}" if 0.0005 <= value <= 0.9995 and value not in (0.0, 1.0) else score_text(value)


def short_threshold(value: float) -> str:
    """Return a threshold with no more digits than are read while it moves.

    >>> [short_threshold(v) for v in (0.5, 0.123456789, 0.9999999)]
    ['0.50', '0.1235', '1−1e−7']
    """
    text = threshold_text(value)
    if len(text) <= 6:
        return text
    return f"{value:.4f}" if 0.001 <= value <= 0.999 else score_text(value)


def counts_words(document: Document, category: int | None, found: Outcomes) -> str:
    """Return the four counts of a point, or the three of rows with one answer in many."""
    tp, fp, fn, tn = (
        amount_text(float(count))
        for count in (found.true_positives, found.false_positives, found.false_negatives, found.true_negatives)
    )
    if one_answer(document) and category is None:
        undecided = amount_text(float(found.false_negatives - found.false_positives))
        pattern = translate("operating_words", "right {right} · wrong {wrong} · undecided {undecided}")
        return pattern.format(right=tp, wrong=fp, undecided=undecided)
    return translate("operating_words", "TP {tp} · FP {fp} · FN {fn} · TN {tn}").format(tp=tp, fp=fp, fn=fn, tn=tn)


def world_words(session: Session) -> list[str]:
    """Return in what world the numbers are, if not in that of the rows, and of how many categories together."""
    document, category = session.document, session.view.category
    asked, supposed = session.view.deciding.prevalence, session.supposed
    words = []
    if category is None and len(document.categories) > 1 and not one_answer(document):
        pattern = translate("operating_words", "all {count} categories together")
        words.append(pattern.format(count=count_text(len(document.categories))))
    if supposed is not None:
        words.append(as_if(supposed))
    elif asked is not None:
        words.append(translate("operating_words", "the supposed share of yes needs a category"))
    return words
