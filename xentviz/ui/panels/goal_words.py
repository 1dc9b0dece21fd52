"""What goals of a threshold are called, and their values as text."""

from PySide6.QtCore import QCoreApplication

from xentviz.core.goals import Aim, Goal
from xentviz.ui.numbers import UNDEFINED, loss_text, ratio_text

translate = QCoreApplication.translate


def aim_words() -> dict[Aim, tuple[str, str]]:
    """Return the name of each aim, and a sentence about it."""
    return {
        Aim.F1: (
            translate("goal_words", "highest F1"),
            translate(
                "goal_words", "2 TP / (2 TP + FP + FN): misses and false alarms weigh alike; right noes do not matter."
            ),
        ),
        Aim.F_BETA: (
            translate("goal_words", "highest Fβ"),
            translate("goal_words", "As F1, but recall counts β times as much as precision."),
        ),
        Aim.MCC: (
            translate("goal_words", "highest MCC"),
            translate("goal_words", "The correlation of decisions and labels; all four counts matter."),
        ),
        Aim.BALANCED_ACCURACY: (
            translate("goal_words", "highest balanced accuracy"),
            translate("goal_words", "The mean of recall and specificity, whatever the share of yes is."),
        ),
        Aim.YOUDEN: (
            translate("goal_words", "highest Youden’s J"),
            translate("goal_words", "Recall + specificity − 1: the height of the ROC curve above its diagonal."),
        ),
        Aim.PRECISION: (
            translate("goal_words", "precision of at least"),
            translate("goal_words", "Of all thresholds as precise, the one that finds most."),
        ),
        Aim.RECALL: (
            translate("goal_words", "recall of at least"),
            translate("goal_words", "Of all thresholds that find as much, the one that says yes least often."),
        ),
        Aim.COST: (
            translate("goal_words", "lowest cost"),
            translate("goal_words", "The smallest mean cost of a decision, at the four prices below."),
        ),
    }


def value_name(goal: Goal) -> str:
    """Return what the number is that a goal is about."""
    return {
        Aim.F1: translate("goal_words", "F1"),
        Aim.F_BETA: translate("goal_words", "Fβ"),
        Aim.MCC: translate("goal_words", "MCC"),
        Aim.BALANCED_ACCURACY: translate("goal_words", "balanced accuracy"),
        Aim.YOUDEN: translate("goal_words", "Youden’s J"),
        Aim.PRECISION: translate("goal_words", "precision"),
        Aim.RECALL: translate("goal_words", "recall"),
        Aim.COST: translate("goal_words", "mean cost"),
    }[goal.aim]


def aimed_at(goal: Goal) -> str:
    """Return what a goal is in a few words, with its number if it has one.

    >>> aimed_at(Goal()), aimed_at(Goal(Aim.F_BETA, beta=0.5)), aimed_at(Goal(Aim.RECALL, target=0.95))
    ('F1', 'F0.5', 'recall ≥ 0.95')
    """
    if goal.aim is Aim.F_BETA:
        return translate("goal_words", "F{beta}").format(beta=f"{goal.beta:g}")
    if goal.aim in (Aim.PRECISION, Aim.RECALL):
        pattern = translate("goal_words", "{metric} ≥ {target}")
        return pattern.format(metric=value_name(goal), target=f"{goal.target:g}")
    return translate("goal_words", "least cost") if goal.aim is Aim.COST else value_name(goal)


def goal_value_text(goal: Goal, value: float) -> str:
    """Return the value of a goal: a cost with three decimals, all else with two.

    >>> goal_value_text(Goal(), 0.8333), goal_value_text(Goal(Aim.COST), 0.0864)
    ('0.83', '0.086')
    """
    if value != value:
        return UNDEFINED
    return loss_text(value) if goal.aim is Aim.COST else ratio_text(value)


def undefined_reason(goal: Goal) -> str:
    """Return why the value of a goal may not be defined."""
    return {
        Aim.PRECISION: translate("goal_words", "Not defined: no row is said yes."),
        Aim.RECALL: translate("goal_words", "Not defined: no row is yes."),
        Aim.MCC: translate("goal_words", "Not defined: the decisions, or the labels, are all alike."),
        Aim.BALANCED_ACCURACY: translate("goal_words", "Not defined: the labels are all alike."),
        Aim.YOUDEN: translate("goal_words", "Not defined: the labels are all alike."),
        Aim.COST: translate("goal_words", "Not defined: no row has a label."),
    }.get(goal.aim, translate("goal_words", "Not defined: no row is yes, and none is said yes."))
