"""A block of copied cells, put over the table from one cell on; lines past the end become new rows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from xentviz.core.arguments import Floats
from xentviz.core.columns import Rows
from xentviz.core.document import Document, ScoreKind
from xentviz.core.errors import DataError
from xentviz.core.told import elements_a_line, one_answer
from xentviz.files.clipboard import to_columns
from xentviz.ui.numbers import parse_number
from xentviz.ui.panels.answers import category_of, doubt, with_answers, with_told_scores

READ_ONLY = ("category", "decision", "loss", "gradient")
TRUTHS = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}
PERCENT = re.compile(r"(.*\d)\s*%")
MOST_CELLS = 1_000_000


Reader = Callable[[str], float | None]
"""Returns the number in a cell: nan if the cell is empty, None if there is none."""


@dataclass(frozen=True)
class Block:
    """Copied cells as the table takes them: names, and numbers of each column by its key.

    ``answers`` are labels of rows with one answer in many, as they are written. ``header`` tells that a first row of
    titles has been left out.
    """

    lines: int
    names: Sequence[str] | None
    answers: Sequence[str] | None
    numbers: dict[str, Floats]
    header: bool


def cells_in(text: str) -> int:
    """Return about how many cells a copied text holds, without looking at them.

    >>> cells_in("a\\tb\\nc\\td\\n")
    4
    """
    return text.count("\t") + text.count("\n") + (not text.endswith("\n"))


def read_block(text: str, document: Document, columns: Sequence[str]) -> Block:
    """Return what a copied text means for these columns, its first cell for the first of them.

    Numbers may have a decimal comma; probabilities and labels may be percentages, labels TRUE or FALSE as well.
    A first row of titles, which has words where the rows below have numbers, is left out.

    Parameters
    ----------
    text : str
    document : Document
    columns : sequence of str
        The keys of the table's columns from the first pasted one on.

    Raises
    ------
    DataError
        ``paste_ragged``, ``paste_too_wide``, ``paste_computed``, ``paste_no_category``, ``paste_not_a_number``,
        ``paste_label_out_of_range``, ``paste_probability_out_of_range``; ``row`` counts from 1.
    """
    pasted_columns = to_columns(text)
    _check_width(len(pasted_columns), columns)
    texts, lines = dict(zip(columns, pasted_columns, strict=False)), len(pasted_columns[0])
    if not document.models:
        _check_no_scores(texts)
    named = ("name", "label") if one_answer(document) else ("name",)
    if "label" in texts and "label" in named:
        _check_categories(document, texts["label"])
    readers = {key: _reader(document, key) for key in texts if key not in (*READ_ONLY, *named)}
    first = int(lines > 1 and _are_titles({key: texts[key][0] for key in readers}, readers))
    return Block(
        lines=lines - first,
        names=texts["name"][first:] if "name" in texts else None,
        answers=texts["label"][first:] if "label" in texts and "label" in named else None,
        numbers={key: _numbers(document, key, texts[key][first:], read, first + 1) for key, read in readers.items()},
        header=bool(first),
    )


def _check_width(width: int, columns: Sequence[str]) -> None:
    if not width:
        raise DataError("paste_empty")
    if width > len(columns):
        raise DataError("paste_too_wide", actual=width, expected=len(columns))
    if all(key in READ_ONLY for key in columns[:width]):
        raise DataError("paste_computed")


def _check_categories(document: Document, texts: Sequence[str]) -> None:
    for row, text in enumerate(texts, start=1):
        if text.strip() and category_of(document.categories, text) is None:
            raise DataError("paste_no_category", row=row, value=text)


def _check_no_scores(texts: dict[str, list[str]]) -> None:
    """Raise if cells would fall on what is computed from scores, where there are no models that could take them."""
    room = [key for key in texts if key not in ("decision", "loss", "gradient")]
    if any(any(column) for key, column in texts.items() if key not in room):
        raise DataError("paste_too_wide", actual=len(texts), expected=len(room))


def _are_titles(row: dict[str, str], readers: dict[str, Reader]) -> bool:
    """Return whether there are words wherever numbers should be."""
    return bool(row) and all(text and readers[key](text) is None for key, text in row.items())


def _numbers(document: Document, key: str, texts: Sequence[str], read: Reader, first: int) -> Floats:
    """Return the numbers in a column, nan where nothing stands; its first row is called by the number ``first``."""
    found = []
    for row, text in enumerate(texts, start=first):
        value = read(text)
        if value is None:
            raise DataError("paste_not_a_number", row=row, value=text)
        found.append(value)
    numbers = np.array(found, dtype=np.float64)
    wrong = (numbers < 0) | (numbers > 1)
    if wrong.any() and not _is_logit(document, key):
        at = int(np.argmax(wrong))
        code = "paste_label_out_of_range" if key == "label" else "paste_probability_out_of_range"
        raise DataError(code, row=first + at, value=texts[at])
    return numbers


def _is_logit(document: Document, key: str) -> bool:
    return key != "label" and document.models[int(key[6:])].kind is ScoreKind.LOGIT


def _reader(document: Document, key: str) -> Reader:
    """Return what reads the cells of a column."""
    if key == "label":
        return _label
    return parse_number if _is_logit(document, key) else _probability


def _label(text: str) -> float | None:
    return TRUTHS[text.lower()] if text.lower() in TRUTHS else _probability(text)


def _probability(text: str) -> float | None:
    percentage = PERCENT.fullmatch(text)
    if percentage is None:
        return parse_number(text)
    digits = percentage[1].lower()
    return None if "e" in digits else parse_number(f"{digits}e-2")  # 7 % is 0.07 to the last bit


def pasted(document: Document, block: Block, elements: Rows, may_grow: bool, category: int | None = None) -> Document:
    """Return a document with a block of cells in it.

    Parameters
    ----------
    document : Document
    block : Block
    elements : ndarray of int64
        The elements of the lines from the first pasted one on, as many as there are or more.
    may_grow : bool
        Whether lines past the last element become new rows; what is not pasted is missing in them.
    category : int or None
        The category looked at.

    Raises
    ------
    DataError
        ``paste_past_end``.
    """
    elements = elements[: block.lines]
    extra = block.lines - len(elements)
    if extra > 0:
        if not may_grow:
            raise DataError("paste_past_end")
        first, a_line = document.elements, elements_a_line(document)
        document = _with_unknown_rows(document, -(-extra * a_line // len(document.categories)))
        elements = np.concatenate([elements, np.arange(first, first + extra * a_line, a_line)])
    if block.names is not None:
        document = document.with_row_names(elements // len(document.categories), block.names)
    if block.answers is not None:
        document = with_answers(document, elements, block.answers)
    for key, numbers in block.numbers.items():
        if key == "label":
            document = document.with_labels(elements, numbers)
        elif one_answer(document):
            document = with_told_scores(document, int(key[6:]), category, elements, numbers)
        else:
            document = document.with_scores(int(key[6:]), elements, numbers)
    return document


def _with_unknown_rows(document: Document, count: int) -> Document:
    """Return a document with rows at its end that have no label and no score."""
    labels = np.full((count, *document.labels.blocks[0].values.shape[1:]), np.nan)
    scores = [np.full((count, len(document.categories)), np.nan) for _ in document.models]
    return document.with_rows(document.rows, labels, scores, [""] * count)


def with_new_rows(document: Document, count: int, at: int | None = None) -> Document:
    """Return a document with rows labelled yes, or as the first category, of which no model knows anything."""
    shape = (count, len(document.categories))
    labels = np.zeros(count) if one_answer(document) else np.ones(shape)
    scores = [np.full(shape, 0.0 if m.kind is ScoreKind.LOGIT else doubt(document)) for m in document.models]
    return document.with_rows(document.rows if at is None else at, labels, scores, [""] * count)
