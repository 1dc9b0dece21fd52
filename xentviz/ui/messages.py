"""Errors as sentences that say what is wrong, where, and what to do; without Qt, for the terminal speaks them too."""

from collections.abc import Callable
from typing import Any

from xentviz.core.errors import DataError


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark a text for translation."""
    return text


SENTENCES = {
    "category_missing": QT_TRANSLATE_NOOP(
        "messages",
        "{file}: model “{column}” has no column for “{category}”. Add a column “{column}:{category}”.",
    ),
    "category_unknown": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, column “{column}”: there is no label column for “{category}”. Add one, or rename this column.",
    ),
    "column_not_numbers": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, column “{column}” does not hold numbers. Put numbers there, or take the column out.",
    ),
    "column_twice": QT_TRANSLATE_NOOP(
        "messages", "{file}, row 1 (the header): two columns are called “{column}”. Give each its own name."
    ),
    "column_nested": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, column “{column}” holds lists or records. Give each part a column of its own.",
    ),
    "edit_overtaken": QT_TRANSLATE_NOOP(
        "messages", "Nothing pasted, for the table was changed while the cells were being read. Paste once more."
    ),
    "export_failed": QT_TRANSLATE_NOOP(
        "messages",
        "{file} has not been written: {reason}. What was there before is still there. "
        "Choose another place, or make room.",
    ),
    "file_damaged": QT_TRANSLATE_NOOP("messages", "{file} is damaged: {reason}. Save it again from where it came."),
    "file_empty": QT_TRANSLATE_NOOP("messages", "{file} is empty. Save it again from where it came."),
    "file_is_folder": QT_TRANSLATE_NOOP("messages", "{file} is a folder. Choose a file in it."),
    "file_missing": QT_TRANSLATE_NOOP("messages", "{file} does not exist. Check its name and folder."),
    "file_not_regular": QT_TRANSLATE_NOOP("messages", "{file} is a device or a pipe. Choose an ordinary file."),
    "file_not_text": QT_TRANSLATE_NOOP(
        "messages", "{file} is not a table in plain text. Save it as CSV in UTF-8 and open that."
    ),
    "file_not_utf8": QT_TRANSLATE_NOOP(
        "messages", "{file} is not UTF-8 text. Save it again as “CSV UTF-8” and open that."
    ),
    "file_unreadable": QT_TRANSLATE_NOOP("messages", "{file} cannot be read: {reason}. Check who may read it."),
    "header_missing": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row 1: “{value}” holds numbers where column names must stand. Add a first row such as “label,A”.",
    ),
    "label_missing": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row 1 (the header): no column is called “label”, “y”, “target” or “truth”. "
        "Rename the column that holds the true answers.",
    ),
    "label_out_of_range": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header, column “{column}”: the label is {value}, and must be 0, 1 or between. "
        "Correct it, or leave it empty for “not labelled”.",
    ),
    "label_text": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header, column “{column}”: the label is “{value}”. Write 1 for yes and 0 for no.",
    ),
    "model_unnamed": QT_TRANSLATE_NOOP(
        "messages", "{file}, column “{column}”: no model is named before the colon. Write “model:category”."
    ),
    "name_empty": QT_TRANSLATE_NOOP("messages", "A model needs a name; this one keeps the name it had."),
    "name_taken": QT_TRANSLATE_NOOP(
        "messages", "There is a model called “{name}” already; this one keeps the name it had."
    ),
    "not_a_number": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header, column “{column}”: “{value}” is not a number. "
        "Correct it, or leave it empty.",
    ),
    "one_column": QT_TRANSLATE_NOOP(
        "messages",
        "{file} has one column only, “{column}”. It needs a label column and a column of scores for each model.",
    ),
    "paste_computed": QT_TRANSLATE_NOOP(
        "messages", "Nothing pasted: these columns are computed. Go to a name, a label or a score first."
    ),
    "paste_empty": QT_TRANSLATE_NOOP("messages", "There is nothing on the clipboard to paste. Copy some cells first."),
    "paste_label_out_of_range": QT_TRANSLATE_NOOP(
        "messages",
        "Nothing pasted; pasted row {row}: a label is 0, 1 or between, and {value} is not. Correct it first.",
    ),
    "paste_not_a_number": QT_TRANSLATE_NOOP(
        "messages",
        "Nothing pasted; pasted row {row}: “{value}” is not a number. Correct it, or go to another cell first.",
    ),
    "paste_past_end": QT_TRANSLATE_NOOP(
        "messages",
        "Nothing pasted: the rows reach past the end of this list. List all rows and all categories, unsorted, first.",
    ),
    "paste_probability_out_of_range": QT_TRANSLATE_NOOP(
        "messages",
        "Nothing pasted; pasted row {row}: a probability is from 0 to 1, and {value} is not. Correct it first.",
    ),
    "paste_ragged": QT_TRANSLATE_NOOP(
        "messages",
        "Nothing pasted; pasted row {row}: its number of cells is {actual}, and {expected} in the first row. "
        "Copy a rectangle of cells.",
    ),
    "paste_too_large": QT_TRANSLATE_NOOP(
        "messages",
        "Nothing pasted: these are more than a million cells. "
        "Paste them as a new document (Ctrl+Shift+V), or save them as a file and open that.",
    ),
    "paste_too_wide": QT_TRANSLATE_NOOP(
        "messages",
        "Nothing pasted: {actual} columns were copied, and there is room for {expected} from this cell on. "
        "Add a model for each further column of scores, or paste them as a new document (Ctrl+Shift+V).",
    ),
    "probability_out_of_range": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header, column “{column}”: {value} is not a probability from 0 to 1. "
        "Correct it; put “logit” into the column’s name if it holds logits; or take the column out.",
    ),
    "quote_open": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header: a quotation mark is opened and not closed. Close it, or take it out.",
    ),
    "row_ragged": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header: the number of columns is {actual}, and {expected} in the header. "
        "Add or remove a separator in that row.",
    ),
    "scene_unknown": QT_TRANSLATE_NOOP("messages", "There is no scene called “{scene}”. Choose one of: {known}."),
    "scores_missing": QT_TRANSLATE_NOOP(
        "messages", "{file} has labels but no column of scores. Add a column of numbers for each model."
    ),
    "suffix_unknown": QT_TRANSLATE_NOOP(
        "messages", "{file}: no such kind of file can be written. End its name in one of: {known}."
    ),
    "table_broken": QT_TRANSLATE_NOOP(
        "messages",
        "{file} cannot be read as a table: {reason}. Look for a quotation mark that is not closed.",
    ),
    "threshold_out_of_range": QT_TRANSLATE_NOOP(
        "messages", "The threshold {value} is not from 0 to 1. Type a number such as 0.5."
    ),
}

TYPED = {
    "label_out_of_range": QT_TRANSLATE_NOOP("messages", "A label is 0, 1 or between; {value} is not."),
    "probability_out_of_range": QT_TRANSLATE_NOOP("messages", "A probability is from 0 to 1; {value} is not."),
}
"""For what comes from no file."""


WITHOUT_HEADER = {
    "label_out_of_range": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}, column “{column}”: the label is {value}, and must be 0, 1 or between. "
        "Correct it, or make it null for “not labelled”.",
    ),
    "label_text": QT_TRANSLATE_NOOP(
        "messages", "{file}, row {row}, column “{column}”: the label is “{value}”. Write 1 for yes and 0 for no."
    ),
    "label_missing": QT_TRANSLATE_NOOP(
        "messages",
        "{file}: no column is called “label”, “y”, “target” or “truth”. Rename the column that holds the true answers.",
    ),
    "column_twice": QT_TRANSLATE_NOOP("messages", "{file}: two columns are called “{column}”. Give each its own name."),
    "not_a_number": QT_TRANSLATE_NOOP(
        "messages", "{file}, row {row}, column “{column}”: “{value}” is not a number. Correct it, or make it null."
    ),
    "probability_out_of_range": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}, column “{column}”: {value} is not a probability from 0 to 1. "
        "Correct it; put “logit” into the column’s name if it holds logits; or take the column out.",
    ),
}
"""For files whose columns have their names beside them, not in a first row."""


def sentence(error: Exception, translate: Callable[[str], str] = lambda text: text) -> str:
    """Return one sentence for an error.

    Parameters
    ----------
    error : Exception
    translate : callable
        From the English pattern to the reader's language.

    Examples
    --------
    >>> sentence(DataError("file_missing", file="a.csv"))
    'a.csv does not exist. Check its name and folder.'
    """
    if isinstance(error, DataError):
        patterns = SENTENCES if "file" in error.details else SENTENCES | TYPED
        if error.details.get("without_header"):
            patterns = SENTENCES | WITHOUT_HEADER
        if error.code in patterns:
            words = {name: _readable(value) for name, value in error.details.items()}
            return translate(patterns[error.code]).format(**words)
    return f"{type(error).__name__}: {error}"


def _readable(value: Any) -> str:
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    text = "".join(letter if letter.isprintable() else "�" for letter in str(value))
    return text if len(text) <= 80 else text[:79] + "…"
