"""What is said of the categories of a document, and of the thresholds that were sought for each of them."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
from PySide6.QtCore import QCoreApplication

from xentviz.session.optimising import Found
from xentviz.ui.numbers import count_text, ratio_text
from xentviz.ui.panels.goal_words import aimed_at
from xentviz.ui.widgets.labels import plain_tip
from xentviz.ui.words import cut

translate = QCoreApplication.translate

MOST_NAMED = 3
MOST_OF_A_NAME, MOST_OF_A_TITLE = 1_000, 24


def explanation() -> str:
    """Return what the cards are."""
    return translate(
        "category_words",
        "Each card is one category, with a yes/no question of its own. Bars that stand up are rows that are yes, by "
        "their score from 0 to 1; hatched bars that hang down are rows that are no. A row is said yes if its score is "
        "at or above the threshold T, so bars on the shaded ground are mistakes: yes left of the line are misses (FN), "
        "no right of it false alarms (FP).\n\n"
        "Of those said yes, precision is the share that is yes; of those that are yes, recall is the share that was "
        "found; F1 is high only if both are. “—” means not defined.\n\n"
        "Try: take away “All equal”, pull a rare category’s line to the left, and see its recall and F1 rise while the "
        "others stay. Frequent and rare categories seldom want the same T.",
    )


def not_here(multiclass: bool) -> str:
    """Return why there are no cards."""
    if multiclass:
        return translate(
            "category_words",
            "Each row has one answer here: the largest probability decides, if it reaches the one threshold T. "
            "Categories with thresholds of their own are for rows that can be several things at once.",
        )
    return translate(
        "category_words", "There is one yes/no question here, and so one threshold. Cards are for several categories."
    )


def nothing_found(search: str) -> str:
    """Return that no name has what is searched."""
    sentence = translate("category_words", "No category has “{text}” in its name.")
    return sentence.format(text=cut(search, MOST_OF_A_TITLE))


def found_words(found: Found, names: Sequence[str]) -> str:
    """Return what came of seeking each category's own threshold."""
    total, aim = count_text(len(found.thresholds)), aimed_at(found.goal)
    if found.changed:
        words = [
            translate("category_words", "{changed} of {total} thresholds changed: best for {aim} of {model}.").format(
                changed=count_text(found.changed), total=total, aim=aim, model=cut(found.model, MOST_OF_A_TITLE)
            )
        ]
    else:
        words = [translate("category_words", "No threshold changed: none is better for {aim}.").format(aim=aim)]
    if found.unserved:
        words.append(_unserved_words([names[category] for category in found.unserved]))
    if found.changed:
        words.append(
            translate(
                "category_words", "They were chosen on the very rows they are judged on: on new rows expect less."
            )
        )
    return " ".join(words)


def _unserved_words(names: Sequence[str]) -> str:
    """Return whose thresholds are as they were, for none serves the goal."""
    named = ", ".join(cut(name, MOST_OF_A_TITLE) for name in names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        named = translate("category_words", "{names} and {count} more").format(
            names=named, count=count_text(len(names) - MOST_NAMED)
        )
    return translate("category_words", "No threshold serves it for {count}, which keep theirs: {names}.").format(
        count=count_text(len(names)), names=named
    )


def support_text(positives: int, total: int) -> str:
    """Return how many are yes, or why nothing can be said."""
    if not total:
        return translate("category_words", "no row has label and score")
    if not positives:
        return translate("category_words", "no row is yes, of {total}").format(total=count_text(total))
    return translate("category_words", "{count} yes of {total}").format(
        count=count_text(positives), total=count_text(total)
    )


def metric_text(value: float) -> str:
    """Return a ratio with two decimals, nan as not defined."""
    return ratio_text(None if np.isnan(value) else value)


def tip(zone: str, name: str, *, positives: float, said: float, defined: dict[str, bool]) -> str:
    """Return what stands at a place of a card, and why it is not defined if it is not."""
    if zone in defined and not defined[zone]:
        return _reasons(positives, said)[zone]
    words = {
        "name": plain_tip(fill(name[:MOST_OF_A_NAME], 80)),
        "support": translate("category_words", "How many rows are yes, of those with a label and a score"),
        "threshold": translate("category_words", "The threshold T: a score at or above it says yes"),
        "histogram": translate(
            "category_words",
            "Scores from 0 at the left to 1 at the right: of rows that are yes up, of rows that are no down and "
            "hatched; heights are square roots. On shaded ground stand mistakes. Drag the line to move T.",
        ),
        "TP": translate("category_words", "True positives: said yes, is yes"),
        "FP": translate("category_words", "False positives: said yes, is no: false alarms"),
        "FN": translate("category_words", "False negatives: said no, is yes: misses"),
        "TN": translate("category_words", "True negatives: said no, is no"),
        "precision": translate("category_words", "Of those said yes, the share that is yes"),
        "recall": translate("category_words", "Of those that are yes, the share that was said yes"),
        "f1": translate("category_words", "F1 = 2 TP / (2 TP + FP + FN), of precision and recall the harmonic mean"),
    }
    return words.get(zone, "")


def _reasons(positives: float, said: float) -> dict[str, str]:
    no_yes = translate("category_words", "Not defined: no row is yes.")
    no_yes_said = translate("category_words", "Not defined: no row is said yes.")
    neither = translate("category_words", "Not defined: no row is yes, and none is said yes.")
    unweighed = translate("category_words", "Not defined: there are only rows of one kind, which nothing can weigh up.")
    if np.isnan(said) or np.isnan(positives):
        return dict.fromkeys(("precision", "recall", "f1"), unweighed)
    return {"precision": no_yes_said, "recall": no_yes, "f1": neither}
