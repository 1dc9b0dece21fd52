"""How rows look in the plane of two models' losses: their marks, rings, and where decisions turn wrong."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from xentviz.core.document import Document, Task
from xentviz.core.duel import Cloud
from xentviz.core.elements import wrong_of
from xentviz.core.pairs import Chosen
from xentviz.core.told import one_answer, told_of
from xentviz.ui.widgets.plane_picture import Marks

translate = QCoreApplication.translate


def _wrong(cloud: Cloud, document: Document) -> tuple[Chosen, Chosen]:
    """Return which dots the first model decides wrongly, and which the second."""
    match, elements = cloud.standing.match, cloud.elements
    told = told_of(document, None, elements) if one_answer(document) else elements
    return wrong_of(document, match.first, told), wrong_of(document, match.second, told)


def rings_of(cloud: Cloud, document: Document) -> Marks:
    """Return 1 for dots that only the first model decides rightly, 2 for those that only the second does."""
    wrong, too = _wrong(cloud, document)
    return np.where(wrong == too, 0, np.where(too, 1, 2)).astype(np.int8)


def marks_of(cloud: Cloud, document: Document) -> Marks:
    """Return the marks of dots: by label, or by how many of the models decide one answer in many rightly."""
    if one_answer(document):
        wrong, too = _wrong(cloud, document)
        return np.where(wrong & too, 0, np.where(wrong | too, 2, 1)).astype(np.int8)
    return np.where(cloud.labels == 1, 1, np.where(cloud.labels == 0, 0, 2)).astype(np.int8)


def mark_names(cloud: Cloud, document: Document, marks: Marks) -> tuple[str, str, str]:
    """Return what marks are called, those that there are."""
    if one_answer(document):
        names = (
            translate("duel_marks", "both wrong"),
            translate("duel_marks", "both right"),
            translate("duel_marks", "one right"),
        )
        there = [False] * 3
    else:
        names = translate("duel_marks", "no"), translate("duel_marks", "yes"), translate("duel_marks", "soft")
        there = [False] * 3 if cloud.counts is None else [*(bool(of.any()) for of in cloud.counts), False]
    no, yes, other = (
        name if some or (marks == m).any() else "" for m, (name, some) in enumerate(zip(names, there, strict=True))
    )
    return no, yes, other


def limits_of(cloud: Cloud, document: Document) -> tuple[tuple[float, int], ...]:
    """Return beyond which losses decisions are wrong, of yes (mark 1) and of no (mark 0), or of either (mark -1).

    Of one answer in many, and of several thresholds at once, no such loss divides right from wrong.
    """
    category = cloud.standing.match.category
    if document.task is Task.MULTICLASS or (len(document.thresholds) > 1 and category is None):
        return ()
    threshold = document.threshold(category or 0)
    with np.errstate(divide="ignore"):
        yes, no = cloud.axis.place([-np.log(threshold), -np.log1p(-threshold)]).tolist()
    found = ((yes, -1),) if abs(yes - no) < 1e-9 else ((yes, 1), (no, 0))
    return tuple((place, mark) for place, mark in found if 0 < place < 1)
