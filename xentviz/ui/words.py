"""Words that many panels use: one row, two rows; as if 1 in 1,000 were yes; names cut to fit."""

import math
from unicodedata import bidirectional

from PySide6.QtCore import QCoreApplication

from xentviz.ui.numbers import count_text, share_text

translate = QCoreApplication.translate

OR_SHORTER = "\u009c"
"""Between texts of which Qt writes the first that there is room for."""

TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Signs that cannot be seen, and turn the direction in which what follows is written."""


def cut(name: str, most: int = 20) -> str:
    """Return a name on one line, cut where it has more than so many letters: within, for names often differ at the end.

    >>> cut("breast cancer"), cut("breast  cancer", 8), cut("logistic regression, fold 12")
    ('breast cancer', 'brea…cer', 'logistic r…, fold 12')
    """
    name = " ".join((name[:1000] if len(name) <= 2000 else name[:500] + name[-500:]).translate(TURNING).split())
    end = (most - 1) // 2
    return isolated(name if len(name) <= most else f"{name[: most - 1 - end]}…{name[len(name) - end :]}")


def isolated(name: str) -> str:
    """Return a name so that, if it is written from right to left, no word around it is.

    >>> isolated("forest"), isolated("יער")
    ('forest', '\u2068יער\u2069')
    """
    from_right = not name.isascii() and any(bidirectional(letter) in ("R", "AL", "AN") for letter in name)
    return f"\u2068{name}\u2069" if from_right else name


def as_if(prevalence: float) -> str:
    """Return what share of yes is supposed: as one in so many if it is just that, or small.

    >>> as_if(0.001).replace("\u2009", "_"), as_if(0.0033), as_if(0.3)
    ('as if 1 in 1_000 were yes', 'as if 1 in 303 were yes', 'as if 30 % were yes')
    """
    one_in = round(1 / prevalence) if prevalence > 1e-15 else 0
    if one_in > 1 and (prevalence < 0.01 or math.isclose(one_in * prevalence, 1, rel_tol=1e-6)):
        return translate("words", "as if 1 in {count} were yes").format(count=count_text(one_in))
    return translate("words", "as if {share} were yes").format(share=share_text(prevalence))


def second_model() -> str:
    """Return what to do where there are not two models to compare."""
    return translate("words", "Open a second model: a file with two columns of scores, or Model ▸ Add model.")


def nothing_known() -> str:
    """Return why there is nothing to tell of any loss, and what to do."""
    return translate(
        "words",
        "No row has both a label and a score. Enter what is missing in the table, or open a file that has both.",
    )


def counted_rows(count: int) -> str:
    """Return "1 row", "2 rows" …"""
    return _counted(count, translate("words", "1 row"), translate("words", "{count} rows"))


def counted_answers(count: int) -> str:
    """Return "1 answer", "2 answers" …, of rows that can be several things at once."""
    return _counted(count, translate("words", "1 answer"), translate("words", "{count} answers"))


def counted_models(count: int) -> str:
    """Return "1 model", "2 models" …"""
    return _counted(count, translate("words", "1 model"), translate("words", "{count} models"))


def told(error: Exception) -> str:
    """Return the sentence for an error, or for a note, in the reader's language."""
    from xentviz.ui.messages import sentence  # seldom needed, and not for the first picture

    return sentence(error, lambda text: translate("messages", text))


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count=count_text(count))
