"""What the numbers on a model's card are called: of one question a row, of several, of one answer in many."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from xentviz.core.document import Document
from xentviz.core.told import one_answer
from xentviz.ui.widgets.labels import plain_tip
from xentviz.ui.words import cut

translate = QCoreApplication.translate


@dataclass(frozen=True)
class CardWords:
    """Titles and tool tips; ``unit`` has a place for the unit, ``loss_tip`` one for how many are averaged."""

    unit: str
    loss_tip: str
    accuracy: str
    accuracy_tip: str
    f1: str
    f1_tip: str


def card_words(document: Document, category: int | None) -> CardWords:
    """Return the words for a document, while a category is looked at or all are."""
    if not one_answer(document):
        return _of_questions(several=len(document.categories) > 1, pooled=category is None)
    return _of_rows() if category is None else _of_one_category(document.categories[category])


def no_model_words(document: Document) -> str:
    """Return what stands where no card does."""
    if one_answer(document):
        return translate("card_words", "No model yet: Model ▸ Add model puts one here that holds every category alike.")
    return translate("card_words", "No model yet: Model ▸ Add model puts one here that says 0.5 to everything.")


def _of_questions(*, several: bool, pooled: bool) -> CardWords:
    micro = several and pooled
    of_all = translate("card_words", "Of the answers to all categories together: ") if micro else ""
    return CardWords(
        unit=translate("card_words", "{unit} an answer") if several else translate("card_words", "{unit} a row"),
        loss_tip=translate(
            "card_words", "Cross-entropy of the {count} labelled answers: how surprised the model is by the truth."
        ),
        accuracy=translate("card_words", "accuracy"),
        accuracy_tip=translate("card_words", "How many of the decisions at the threshold are right."),
        f1=translate("card_words", "micro F1 at T") if micro else translate("card_words", "F1 at T"),
        f1_tip=of_all
        + translate(
            "card_words", "2 TP / (2 TP + FP + FN): high only if few yeses are missed and few noes are called yes."
        ),
    )


def _of_rows() -> CardWords:
    return CardWords(
        unit=translate("card_words", "{unit} a row"),
        loss_tip=translate(
            "card_words",
            "Cross-entropy of the {count} labelled rows: −log of the probability that the true category got.",
        ),
        accuracy=translate("card_words", "accuracy"),
        accuracy_tip=translate(
            "card_words", "How many of the rows are decided to be what they are; an undecided row is not."
        ),
        f1=translate("card_words", "macro F1"),
        f1_tip=translate(
            "card_words",
            "The mean of the categories’ F1, each against the rest; every category counts alike. "
            "(Micro F1 would be the accuracy again.)",
        ),
    )


def _of_one_category(name: str) -> CardWords:
    short = plain_tip(cut(name, 12)).replace("{", "{{").replace("}", "}}")
    return CardWords(
        unit=translate("card_words", "{unit} a row of {category}").replace("{category}", short),
        loss_tip=translate(
            "card_words", "Cross-entropy of the {count} labelled rows that are {category}, and of no others."
        ).replace("{category}", short),
        accuracy=translate("card_words", "accuracy, one vs rest"),
        accuracy_tip=translate(
            "card_words", "How many of all rows are rightly decided to be {category}, or not to be."
        ).format(category=short),
        f1=translate("card_words", "F1, one vs rest"),
        f1_tip=translate(
            "card_words", "2 TP / (2 TP + FP + FN) of {category} against all other categories together."
        ).format(category=short),
    )
