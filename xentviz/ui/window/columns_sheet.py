"""The sheet that asks what the columns of a file mean, and shows at once what comes of each answer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from xentviz import files
from xentviz.core.document import Document, ScoreKind, Task
from xentviz.core.errors import DataError
from xentviz.files.opened import Opened, Source
from xentviz.files.table import Mapping, Table
from xentviz.files.uses import Answer, Use, answered, mapping_from
from xentviz.session.latest import Job, Latest
from xentviz.ui.numbers import count_text
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import label, plain_tip, set_tone
from xentviz.ui.words import counted_rows, told

translate = QCoreApplication.translate

FIRST_CELLS = 6
FRAME = QSize(40, 60)
"""What a desktop puts around a sheet, and a little air."""

GROUPED = 6
"""From how many columns on those of one model share a line."""

MOST_LINES = 300
ENCODINGS = ("utf-8", "gb18030", "cp1252", "utf-16", "big5", "shift_jis", "euc_kr", "koi8_r")


class ColumnsSheet(QDialog):
    """Asks what the columns mean; ``chosen`` brings the document as it was answered."""

    chosen = Signal(object)

    def __init__(self, look: Look, table: Table, source: Source, reason: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Columns"))
        self._look, self._table, self._source = look, table, source
        self._uses: dict[str, Use] = {}
        self._opened: Opened | None = None
        self._working = Latest(self)
        self._working.answered.connect(self._take)
        self._working.failed.connect(self._complain)
        self.lines: list[tuple[list[str], QComboBox]] = []
        self._lay_out(reason)
        room = parent.screen().availableSize() - FRAME
        self.resize(QSize(look.theme.px(820), look.theme.px(600)).boundedTo(room))
        self._try()

    # Layout

    def _lay_out(self, reason: str) -> None:
        px = self._look.theme.px
        files_read = " + ".join(path.name for path in self._source.paths)
        title = label(self.tr("What do the columns of {file} mean?").format(file=files_read), "heading")
        title.setWordWrap(True)
        self._reason = label(reason)
        self._reason.setWordWrap(True)
        self._reason.setVisible(bool(reason))
        self.columns = _Lines(0, 3)
        self.columns.setHorizontalHeaderLabels([self.tr("column"), self.tr("first cells"), self.tr("is")])
        self.columns.verticalHeader().hide()
        self.columns.verticalHeader().setDefaultSectionSize(px(34))
        self.columns.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.columns.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.columns.setAccessibleName(self.tr("Columns"))
        self.columns.setWordWrap(False)
        self.columns.setTabKeyNavigation(False)
        self.columns.setMinimumHeight(px(80))
        header = self.columns.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, px(200))
        header.resizeSection(2, px(220))
        self._several = label(
            self.tr("Several alike: select their lines with Shift or Ctrl, then choose for one of them."), "small"
        )
        self.outcome = label()
        self.outcome.setWordWrap(True)
        self.outcome.setMinimumHeight(px(40))
        self.outcome.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.open_button = self.buttons.addButton(self.tr("Open"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(10))
        for widget in (title, self._reason, self.outcome, self.columns, self._several):
            layout.addWidget(widget, 1 if widget is self.columns else 0)
        layout.addLayout(self._options())
        layout.addWidget(self.buttons)

    def _options(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._look.theme.px(8))
        self._positive_title = label(self.tr("means yes:"))
        self.positive = _Choice(self)
        self.positive.setAccessibleName(self.tr("The label that means yes"))
        self.classes = QCheckBox(self.tr("one answer in each row"))
        self.classes.setToolTip(self.tr("Each row has one answer among several categories, with a column for each."))
        self.header = QCheckBox(self.tr("the first row holds names"))
        self._encoding_title = label(self.tr("letters:"))
        self.encoding = _Choice(self)
        self.encoding.setAccessibleName(self.tr("How letters are encoded"))
        for widget in (self._positive_title, self.positive, self.classes, self.header):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._encoding_title)
        row.addWidget(self.encoding)
        self.positive.activated.connect(self._on_positive)
        self.classes.clicked.connect(self._on_classes)
        self.header.clicked.connect(self._on_header)
        self.encoding.activated.connect(self._on_encoding)
        return row

    # Showing

    def _show_lines(self) -> None:
        """Show columns that have been read, anew."""
        groups = _lines(list(self._uses))
        self.lines = []
        self.columns.setRowCount(len(groups))
        for line, names in enumerate(groups):
            self._show_line(line, names)
        if self.lines:
            self.lines[0][1].setFocus()

    def _show_line(self, line: int, names: list[str]) -> None:
        cells = [_cell_text(cell) for cell in self._table.columns[names[0]][:FIRST_CELLS].to_pylist()]
        title = names[0] if len(names) == 1 else self.tr("{first} … {last}").format(first=names[0], last=names[-1])
        for place, text in enumerate((title, "   ".join(cells))):
            item = QTableWidgetItem(text if len(text) <= 200 else text[:199] + "…")
            item.setToolTip(plain_tip(item.text()))
            self.columns.setItem(line, place, item)
        choice = _Choice(self)
        for words, use in _use_words():
            choice.addItem(words, use.value)
        choice.setCurrentIndex(choice.findData(self._uses[names[0]].value))
        choice.setAccessibleName(title)
        choice.activated.connect(partial(self._on_use, line))
        self.columns.setCellWidget(line, 2, choice)
        self.lines.append((names, choice))

    def _show_options(self, answer: Answer) -> None:
        mapping, opened = self._source.mapping, answer.outcome
        grouped = isinstance(opened, Opened) and opened.document.task is Task.MULTICLASS
        self.classes.setVisible(answer.groups)
        self.classes.setChecked(grouped)
        self.positive.clear()
        self.positive.addItem(self.tr("choose …") if mapping.positive is None else mapping.positive, mapping.positive)
        for value in answer.positives:
            if value != mapping.positive:
                self.positive.addItem(value, value)
        for widget in (self._positive_title, self.positive):
            widget.setVisible(len(answer.positives) > 1 and not grouped)
        self.header.setVisible(_is_text(self._table, mapping))
        self.header.setChecked(self._table.has_header)
        self._show_encodings(mapping)

    def _show_encodings(self, mapping: Mapping) -> None:
        told = [*self._table.notes, *([] if self._table.doubt is None else [self._table.doubt])]
        taken = next((str(note.details["encoding"]) for note in told if "encoding" in note.details), mapping.encoding)
        for widget in (self._encoding_title, self.encoding):
            widget.setVisible(taken is not None)
        self.encoding.clear()
        self.encoding.addItems(list(dict.fromkeys([*([] if taken is None else [taken]), *ENCODINGS])))

    # Answers

    def _on_use(self, line: int, _place: int) -> None:
        """Take the use of a line; if the line is selected, it is that of all that are."""
        selected = {index.row() for index in self.columns.selectionModel().selectedRows()}
        chosen = self.lines[line][1]
        for other in selected if line in selected else {line}:
            names, choice = self.lines[other]
            choice.setCurrentIndex(chosen.currentIndex())
            self._uses.update(dict.fromkeys(names, Use(chosen.currentData())))
        if Use.LABEL in self._uses.values():
            fresh = replace(self._source.mapping, positive=None, multiclass=None, categories=())
            self._say(mapping_from(self._uses, fresh))
        else:  # for where no label is said one would be guessed, which may be the one just refused
            self._stop()
            self._complain(DataError("label_missing"))

    def _on_positive(self) -> None:
        self._say(replace(self._explicit(), positive=self.positive.currentData()))

    def _on_classes(self, on: bool) -> None:
        self._say(replace(self._explicit(), multiclass=on, positive=None))

    def _on_header(self, on: bool) -> None:
        self._read(replace(self._source.mapping, header=on, labels=(), scores=(), kinds={}, names=None))

    def _on_encoding(self) -> None:
        self._read(replace(self._source.mapping, encoding=self.encoding.currentText()))

    def _explicit(self) -> Mapping:
        """Return the mapping with all that is shown said: a guess that a person has seen is an answer."""
        return mapping_from(self._uses, self._source.mapping)

    def _say(self, mapping: Mapping) -> None:
        self._source = self._source._replace(mapping=mapping)
        self._try()

    # Trying it out

    def _try(self) -> None:
        """Make the document in the background."""
        table, source = self._table, self._source
        self._begin(lambda stopped, report: answered(table, source, stopped, report))

    def _read(self, mapping: Mapping) -> None:
        """Read the files again, for their letters or their first row mean something else."""
        self._source = source = self._source._replace(mapping=mapping)
        self._begin(lambda stopped, report: files.columns_in(source, stopped, report))

    def _stop(self) -> None:
        self._working.cancel()
        self._opened = None
        self.open_button.setEnabled(False)

    def _begin(self, job: Job) -> None:
        self._stop()
        set_tone(self.outcome, "tone", "")
        self.outcome.setText(self.tr("Looking …"))
        self._working.start(job)

    def _take(self, answer: Table | Answer) -> None:
        if isinstance(answer, Table):
            self._table, self._uses = answer, {}
            self._try()
            return
        if answer.uses != self._uses:
            self._uses = answer.uses
            self._show_lines()
        self._show_options(answer)
        if isinstance(answer.outcome, Opened):
            self._opened = answer.outcome
            self.outcome.setText(_summary(answer.outcome))
            self.open_button.setEnabled(True)
            self.open_button.setDefault(True)
        else:
            self._complain(answer.outcome)

    def _complain(self, error: Exception) -> None:
        set_tone(self.outcome, "tone", "alert")
        self.outcome.setText(_question(error))
        self._reason.hide()

    # Ending

    def accept(self) -> None:
        """Bring what was answered."""
        if self._opened is not None:
            self.chosen.emit(self._opened)
            super().accept()

    def done(self, result: int) -> None:
        """Stop looking, and go."""
        self._working.leave()
        super().done(result)


class _Lines(QTableWidget):
    """Lines of which several stay selected when the choice in one of them gets the focus."""

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        if event is None and self.selectionModel().isSelected(index):
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return super().selectionCommand(index, event)


class _Choice(QComboBox):
    """A choice that the wheel passes by: it scrolls the list that the choice stands in."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():  # which the style shows too faintly
            painter = QPainter(self)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Link), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 3, 3)


def _use_words() -> list[tuple[str, Use]]:
    return [
        (translate("columns_sheet", "label (the truth)"), Use.LABEL),
        (translate("columns_sheet", "probability, 0 to 1"), Use.PROBABILITY),
        (translate("columns_sheet", "logit"), Use.LOGIT),
        (translate("columns_sheet", "percent, 0 to 100"), Use.PERCENT),
        (translate("columns_sheet", "names of the rows"), Use.NAMES),
        (translate("columns_sheet", "not used"), Use.UNUSED),
    ]


def _lines(names: Sequence[str]) -> list[list[str]]:
    """Return the columns of each line: one, or many of one model; what there is no room for stays as it is."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.partition(":")[0] if ":" in name else "", []).append(name)
    lines: list[list[str]] = []
    for name in names:
        group = groups[name.partition(":")[0] if ":" in name else ""]
        if ":" not in name or len(group) < GROUPED:
            lines.append([name])
        elif name == group[0]:
            lines.append(group)
    return lines[:MOST_LINES]


def _cell_text(cell: Any) -> str:
    if cell is None:
        return "–"
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)[:40]


def _is_text(table: Table, mapping: Mapping) -> bool:
    """Return whether the names may stand in the first row."""
    headless = table.doubt is not None and table.doubt.code == "header_missing"
    return table.has_header or headless or mapping.header is not None


def _question(error: Exception) -> str:
    """Return what is to be said here, rather than to be mended in the file."""
    questions = {
        "label_missing": translate("columns_sheet", "Which column holds the truth? Choose “label” for it."),
        "scores_missing": translate("columns_sheet", "Which columns hold scores? Choose what they are."),
        "positive_unknown": translate("columns_sheet", "Which label means yes? Choose it below the columns."),
    }
    return questions.get(getattr(error, "code", ""), "") or told(error)


def _summary(opened: Opened) -> str:
    """Return in words what would be opened."""
    parts = [_contents(opened.document)]
    if opened.unused:
        unused = ", ".join(opened.unused[:20])
        parts.append(translate("columns_sheet", "Not used: {columns}.").format(columns=unused))
    parts += [told(note) for note in opened.notes]
    return " ".join(parts)


def _contents(document: Document) -> str:
    models = ", ".join(_model_words(document))
    if document.task is Task.MULTICLASS:
        pattern = translate(
            "columns_sheet", "{rows}, each with one of {count} answers: {categories}. Models: {models}."
        )
    elif document.task is Task.MULTILABEL:
        pattern = translate("columns_sheet", "{rows} of {count} yes/no questions each: {categories}. Models: {models}.")
    else:
        pattern = translate("columns_sheet", "{rows}, {yes} of them yes and {no} no. Models: {models}.")
    yes, no = _answers(document) if document.task is Task.BINARY else ("", "")
    return pattern.format(
        rows=counted_rows(document.rows), count=len(document.categories), models=models, yes=yes, no=no,
        categories=", ".join(document.categories[:12]) + (" …" if len(document.categories) > 12 else ""),
    )  # fmt: skip


def _model_words(document: Document) -> Iterator[str]:
    kinds = {
        ScoreKind.PROBABILITY: translate("columns_sheet", "{model} (probabilities)"),
        ScoreKind.LOGIT: translate("columns_sheet", "{model} (logits)"),
    }
    for model in document.models[:12]:
        yield kinds[model.kind].format(model=model.name)


def _answers(document: Document) -> tuple[str, str]:
    """Return how many labels say yes and no, in words."""
    yes = sum(int((block.values >= 0.5).sum()) for block in document.labels.blocks)
    known = sum(int((block.values >= 0).sum()) for block in document.labels.blocks)
    return count_text(yes), count_text(known - yes)
