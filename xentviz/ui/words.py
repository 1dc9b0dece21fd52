"""Counted things in words: one row, two rows."""

import math

from PySide6.QtCore import QCoreApplication

from xentviz.ui.numbers import count_text, share_text

translate = QCoreApplication.translate


def counted_rows(count: int) -> str:
    """Return "1 row", "2 rows" …"""
    return _counted(count, translate("words", "1 row"), translate("words", "{count} rows"))


def counted_answers(count: int) -> str:
    """Return "1 answer", "2 answers" …, of rows that can be several things at once."""
    return _counted(count, translate("words", "1 answer"), translate("words", "{count} answers"))


def counted_models(count: int) -> str:
    """Return "1 model", "2 models" …"""
    return _counted(count, translate("words", "1 model"), translate("words", "{count} models"))


def supposed_words(prevalence: float) -> str:
    """Return the share of yes that is supposed.

    >>> [supposed_words(p).replace("\u2009", "_") for p in (0.001, 0.0011, 0.3)]
    ['as if 1 in 1_000 were yes', 'as if 1 in 909 were yes', 'as if 30 % were yes']
    """
    one_in = 1 / prevalence if prevalence else math.inf
    if one_in >= 4 and math.isfinite(one_in) and abs(one_in - round(one_in)) < 0.01 * one_in:
        return translate("words", "as if 1 in {count} were yes").format(count=count_text(round(one_in)))
    return translate("words", "as if {share} were yes").format(share=share_text(round(prevalence, 9)))


def told(error: Exception) -> str:
    """Return the sentence for an error, or for a note, in the reader's language."""
    from xentviz.ui.messages import sentence  # seldom needed, and not for the first picture

    return sentence(error, lambda text: translate("messages", text))


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count=count_text(count))
