"""The table as Qt asks for it: an adapter over the document that owns nothing and formats only what is seen."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from xentviz.core.columns import Rows
from xentviz.core.document import Change, Document, LossReduction, ScoreKind, changes
from xentviz.core.elements import gradients_of, losses_of
from xentviz.core.told import one_answer
from xentviz.session.listing import AT_ONCE, Listing
from xentviz.session.session import Session
from xentviz.ui.numbers import LOGARITHMS, UNDEFINED, count_text, loss_text, parse_number, score_text
from xentviz.ui.panels import answers
from xentviz.ui.panels.line import Line
from xentviz.ui.widgets.labels import plain_tip

Index = QModelIndex | QPersistentModelIndex
PAGE = 32
MOST_PAGES = 8
NO_PARENT = QModelIndex()
TEXT_SIDE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NUMBER_SIDE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
USUAL = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
EDITABLE = USUAL | Qt.ItemFlag.ItemIsEditable


class TableModel(QAbstractTableModel):
    """Lines of elements, or of rows that have one answer each, which go by their first element.

    Columns are called by a key: name, category, label, score:0 …, decision, loss, gradient.
    """

    refused = Signal(str)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._document: Document = session.document
        self._model, self._category = session.view.model, session.view.category
        self._listing = Listing(0)
        self._share = 1.0
        self._pages: dict[int, list[Line]] = {}
        self._titles: list[str] = []
        self.columns: tuple[str, ...] = ()

    # From the session

    def update(self) -> bool:
        """Take in the present document and view; return whether lines or columns moved."""
        document, view = self._session.document, self._session.view
        listing, columns = self._session.listing, _columns(document, view.category)
        moved = columns != self.columns or not listing.same_lines(self._listing)
        if moved:
            self.beginResetModel()
            self._pages.clear()
        same_model = (view.model, view.category) == (self._model, self._category)
        same_lines = same_model and document is self._document
        only_thresholds = same_model and changes(self._document, document) == Change.THRESHOLDS
        self._document, self._listing, self.columns = document, listing, columns
        self._model, self._category = view.model, view.category
        self._share = self._share_of_one()
        if moved:
            self.endResetModel()
        elif only_thresholds and not one_answer(document):
            self._decide_anew()
        elif not same_lines:
            self._tell_of_changed_lines()
        self._tell_of_changed_titles()
        return moved

    def _tell_of_changed_lines(self) -> None:
        """Work out anew what has been asked for, and have painted again only what is no longer the same."""
        before, self._pages = self._pages, {}
        for page, lines in before.items():
            for i, line in enumerate(lines):
                row = page * PAGE + i
                now = self.line(row)
                if now != line and repr(now) != repr(line):  # nan, which is like no number, is written alike
                    self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def _decide_anew(self) -> None:
        """Change the lines that are decided otherwise: a threshold that is dragged changes nothing else."""
        if not self._document.models:
            return
        for page, lines in self._pages.items():
            decisions = self._document.decisions_of(self._model, np.array([line.element for line in lines]))
            for i, (line, decided) in enumerate(zip(lines, decisions.tolist(), strict=True)):
                if line.decision is not None and line.decision != decided:
                    lines[i] = replace(line, decision=decided, wrong=line.label == line.label and not line.wrong)
                    row = page * PAGE + i
                    self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def _tell_of_changed_titles(self) -> None:
        titles = [self._title(key) for key in self.columns]
        if titles != self._titles:
            self._titles = titles
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(titles) - 1))

    @property
    def share(self) -> float:
        """How much of the reduced loss one element's loss is."""
        return self._share

    # Between lines and elements

    def element(self, line: int) -> int:
        """Return the element on a line."""
        order = self._listing.order
        return line * self._listing.a_line if order is None else int(order[line])

    def elements(self, first: int, last: int) -> Rows:
        """Return the elements from one line to another, both included."""
        order = self._listing.order
        if order is None:
            return np.arange(first, last + 1, dtype=np.int64) * self._listing.a_line
        return order[first : last + 1]

    def elements_of(self, runs: list[tuple[int, int]]) -> Rows | range:
        """Return the elements on runs of lines, ascending; all of many as a range, which needs no memory."""
        if runs == [(0, len(self._listing) - 1)] and self._listing.holds_all and len(self._listing) > AT_ONCE:
            return range(0, self._listing.elements, self._listing.a_line)
        parts = [self.elements(first, last) for first, last in runs]
        if len(parts) == 1 and self._listing.line_of is None:
            return parts[0]
        return np.sort(np.concatenate(parts), kind="stable") if parts else np.empty(0, dtype=np.int64)

    def elements_on(self, lines: Rows) -> Rows:
        """Return the elements on these lines."""
        order = self._listing.order
        return lines * self._listing.a_line if order is None else order[lines]

    def lines(self, elements: Rows | range) -> Rows:
        """Return the lines, ascending, on which some of these elements stand."""
        return self._listing.lines(elements)

    def lists_just(self, elements: Rows | range) -> bool:
        """Return whether some of these elements stand on every line."""
        return self._listing.lists_just(elements)

    def line(self, row: int) -> Line:
        """Return what stands on a line; the lines around it are worked out with it."""
        page = row // PAGE
        if page not in self._pages:
            if len(self._pages) > MOST_PAGES:
                self._pages.clear()
            last = min(len(self._listing), (page + 1) * PAGE) - 1
            self._pages[page] = self._page(self.elements(page * PAGE, last))
        return self._pages[page][row % PAGE]

    def names(self, lines: Rows) -> list[str]:
        """Return the names of the rows on these lines."""
        rows = self.elements_on(lines) // len(self._document.categories)
        return [self._name(row) for row in rows.tolist()]

    def _page(self, elements: Rows) -> list[Line]:
        document, model = self._document, self._model
        if one_answer(document):
            names = [self._name(element // len(document.categories)) for element in elements.tolist()]
            return answers.answer_lines(document, model, self._category, elements, names)
        labels = document.labels_of(elements).tolist()
        scores = [document.scores_of(m, elements) for m in range(len(document.models))]
        nothing = [math.nan] * len(elements)
        probabilities = document.probabilities_of(model, elements).tolist() if scores else nothing
        decisions = document.decisions_of(model, elements).tolist() if scores else nothing
        loss = losses_of(document, model, elements).tolist() if scores else nothing
        gradient = gradients_of(document, model, elements).tolist() if scores else nothing
        lines = []
        for i, element in enumerate(elements.tolist()):
            row, category = divmod(element, len(document.categories))
            decided = None if not scores or math.isnan(probabilities[i]) else bool(decisions[i])
            known = decided is not None and not math.isnan(labels[i])
            lines.append(
                Line(
                    element=element,
                    name=self._name(row),
                    category=document.categories[category],
                    label=labels[i],
                    scores=tuple(float(s[i]) for s in scores),
                    shares=tuple(
                        float(s[i]) if of.kind is ScoreKind.PROBABILITY else math.nan
                        for s, of in zip(scores, document.models, strict=True)
                    ),
                    score_texts=tuple("" if math.isnan(s[i]) else str(s[i]) for s in scores),
                    probability=probabilities[i],
                    decision=decided,
                    wrong=known and decided != (labels[i] >= 0.5),
                    loss=loss[i],
                    gradient=gradient[i],
                )
            )
        return lines

    def _name(self, row: int) -> str:
        return self._document.name_of(row) or self.tr("row {number}").format(number=count_text(row + 1))

    # What Qt asks

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._listing)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return EDITABLE if self._is_editable(index.column()) else USUAL

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._listing):
            return None
        line, key = self.line(index.row()), self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(line, key)
        if role == Qt.ItemDataRole.EditRole:
            return self.raw_text(line, key)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(line, key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(key)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        key = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(key)
        if role == Qt.ItemDataRole.UserRole and len(self._document.models) > 1:
            return int(key[6:]) if key.startswith("score:") else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._title_tip(key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(key)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        line, key = self.line(index.row()), self.columns[index.column()]
        if str(value) == self.raw_text(line, key):
            return False
        if wrong := self.objection(index, str(value)):
            self.refused.emit(wrong)
            return False
        category = self._category
        self._session.edit(
            lambda document: with_cell(document, line.element, key, str(value), category), self._edit_text(key)
        )
        return True

    def objection(self, index: Index, text: str) -> str:
        """Return what is wrong with a text typed into a cell, empty if nothing is."""
        return self.objection_to(self.columns[index.column()], text)

    def objection_to(self, key: str, text: str) -> str:
        """Return what is wrong with a text for a column, empty if nothing is."""
        number = parse_number(text)
        if key == "label" and one_answer(self._document):
            return answers.objection_to_category(self._document, text)
        if key == "label":
            if number is None:
                return self.tr("“{text}” is not a number: type 1 for yes, 0 for no, or between.").format(text=text)
            if not (math.isnan(number) or 0 <= number <= 1):
                return self.tr("A label is 0, 1 or between; {text} is not.").format(text=text)
        if key.startswith("score:"):
            logit = self._document.models[int(key[6:])].kind is ScoreKind.LOGIT
            if number is None:
                return self.tr("“{text}” is not a number: type one such as 0.25.").format(text=text)
            if not logit and not (math.isnan(number) or 0 <= number <= 1):
                return self.tr("A probability is from 0 to 1; {text} is not.").format(text=text)
        return ""

    def alignment(self, key: str) -> Qt.AlignmentFlag:
        """Return the side on which a column's text stands."""
        words = ("name", "category", *(("label", "decision") if one_answer(self._document) else ()))
        return TEXT_SIDE if key in words else NUMBER_SIDE

    def _is_editable(self, column: int) -> bool:
        key = self.columns[column]
        return key in ("name", "label") or key.startswith("score:")

    # Words

    def text(self, line: Line, key: str) -> str:
        """Return what a cell shows."""
        settings = self._document.settings
        if key in ("name", "category"):
            return line.name if key == "name" else line.category
        if line.answer is not None and key in ("label", "decision"):
            return answers.label_text(line) if key == "label" else answers.decision_text(line, self._category)
        if key == "label":
            return UNDEFINED if math.isnan(line.label) else f"{line.label:g}"
        if key == "decision":
            return UNDEFINED if line.decision is None else self._decision(line)
        if key == "loss":
            return loss_text(line.loss * settings.unit.per_nat)
        if key == "gradient":
            return loss_text(line.gradient * settings.unit.per_nat * self._share)
        return score_text(line.scores[int(key[6:])], power_digits=0)

    def raw_text(self, line: Line, key: str) -> str:
        """Return a cell in full precision, as an editor and a spreadsheet want it."""
        if line.answer is not None and key in ("label", "decision"):
            return answers.raw_label(line) if key == "label" else line.answer.decided
        if key == "label":
            return "" if math.isnan(line.label) else f"{line.label!r}".removesuffix(".0")
        if key.startswith("score:"):
            return line.score_texts[int(key[6:])]
        if key == "decision":
            return "" if line.decision is None else str(int(line.decision))
        if key in ("loss", "gradient"):
            value = line.loss if key == "loss" else line.gradient * self._share
            return "" if math.isnan(value) else repr(value * self._document.settings.unit.per_nat)
        return line.name if key == "name" else line.category

    def _decision(self, line: Line) -> str:
        answer = self.tr("yes") if line.decision else self.tr("no")
        if math.isnan(line.label):
            return answer
        return f"{answer} ✗" if line.wrong else f"{answer} ✓"

    def _share_of_one(self) -> float:
        """How much of the reduced loss one element's loss is: 1/N of a mean."""
        numbers = self._session.looked_at(self._model)
        if self._document.settings.reduction is LossReduction.SUM or numbers is None or not numbers.known:
            return 1.0
        return 1.0 / numbers.known

    def _title(self, key: str) -> str:
        document, model = self._document, self._model
        if one_answer(document) and (title := answers.column_title(key, self._category_name())):
            return title
        logit = bool(document.models) and document.models[model].kind is ScoreKind.LOGIT
        if key.startswith("score:"):
            scored = document.models[int(key[6:])]
            mark = "z" if scored.kind is ScoreKind.LOGIT else "p"
            if len(document.models) > 1:
                return scored.name
            return self.tr("{mark} ({model})").format(mark=mark, model=scored.name)
        return {
            "name": self.tr("row"),
            "category": self.tr("category"),
            "label": self.tr("label"),
            "decision": self.tr("p ≥ T"),
            "loss": self.tr("loss"),
            "gradient": "dL/dz" if logit else "dL/dp",
        }[key]

    def _category_name(self) -> str | None:
        return None if self._category is None else plain_tip(self._document.categories[self._category])

    def _title_tip(self, key: str) -> str:
        if one_answer(self._document) and key.startswith("score:"):
            scored = self._document.models[int(key[6:])]
            is_logit = scored.kind is ScoreKind.LOGIT
            return answers.score_tip(plain_tip(scored.name), self._category_name(), logits=is_logit)
        if one_answer(self._document) and (tip := answers.column_tip(key, self._category_name())):
            return tip
        if key.startswith("score:"):
            return self.tr("What {model} said. Double-click a number to change it, or drag its dot.").format(
                model=plain_tip(self._document.models[int(key[6:])].name)
            )
        total = self._document.settings.reduction is LossReduction.SUM
        return {
            "name": self.tr("The row’s name. Double-click to change it."),
            "category": self.tr("Which yes/no question of the row this line is about."),
            "label": self.tr("The truth: 1 is yes, 0 is no, between is a soft label, empty is not labelled."),
            "decision": self.tr("Said yes when the probability reaches the threshold T; ✓ right, ✗ wrong."),
            "loss": self.tr("Cross-entropy of this answer, in {unit}.").format(unit=self._document.settings.unit.value),
            "gradient": self.tr("How the sum L of all losses changes as this score grows: the slope of its own loss ℓ.")
            if total
            else self.tr("How the mean loss L changes as this score grows: 1/N of the slope of its own loss ℓ."),
        }[key]

    def _tip(self, line: Line, key: str) -> str:
        unit = self._document.settings.unit
        if line.answer is not None and key in ("label", "decision", "loss"):
            loss = f"{loss_text(line.loss * unit.per_nat)} {unit.value}"
            return plain_tip(answers.tip(line, key, LOGARITHMS[unit.value], loss))
        if key == "loss" and not math.isnan(line.loss):
            p, y = score_text(line.probability), f"{line.label:g}"
            log = LOGARITHMS[unit.value]
            parts = {"1": f"−{log}({p})", "0": f"−{log}(1 − {p})"}
            formula = parts.get(y, f"−{y}·{log}({p}) − (1 − {y})·{log}(1 − {p})")
            return f"{formula} = {loss_text(line.loss * unit.per_nat)} {unit.value}"
        if key == "loss":
            return self.tr("Not defined: this line has no label or no score.")
        if key.startswith("score:"):
            return line.score_texts[int(key[6:])]
        if key == "label" and 0 < line.label < 1:
            return self.tr("A soft label. Counts and decisions round it at 0.5.")
        return plain_tip(self.text(line, key))

    def _edit_text(self, key: str) -> str:
        return {"name": self.tr("Rename row"), "label": self.tr("Change label")}.get(key, self.tr("Change score"))


def with_cell(document: Document, element: int, key: str, text: str, category: int | None = None) -> Document:
    """Return a document in which one cell holds what was typed, while a category is looked at or all are."""
    at = np.array([element], dtype=np.int64)
    if key == "name":
        return document.with_row_name(element // len(document.categories), text.strip())
    if key == "label" and one_answer(document):
        return answers.with_answers(document, at, [text])
    number = parse_number(text)
    assert number is not None, "objection_to() lets no such text through"
    if one_answer(document):
        return answers.with_told_scores(document, int(key[6:]), category, at, number)
    if key == "label":
        return document.with_labels(at, number)
    return document.with_scores(int(key[6:]), at, number)


def _columns(document: Document, chosen: int | None) -> tuple[str, ...]:
    scores: Sequence[str] = [f"score:{m}" for m in range(len(document.models))]
    several = len(document.categories) > 1 and not one_answer(document)
    category = ["category"] if several and chosen is None else []
    return ("name", *category, "label", *scores, "decision", "loss", "gradient")
