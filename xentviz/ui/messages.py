"""Errors as sentences that say what is wrong, where, and what to do; without Qt, for the terminal speaks them too."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from xentviz.core.errors import DataError


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark a text for translation."""
    return text


SENTENCES = {
    "column_unknown": QT_TRANSLATE_NOOP(
        "messages",
        "{file} has no column “{column}”. Its columns are: {columns}.",
    ),
    "key_twice": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, column “{column}”: “{value}” stands there more than once, so rows cannot be matched by it. "
        "Choose another key.",
    ),
    "key_unmatched": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}, column “{column}”: “{value}” is not in {other}. Rows of both files must belong "
        "together one to one.",
    ),
    "label_unknown": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header, column “{column}”: the label “{value}” is none of the categories"
        " {categories}. Correct it, or name a column of scores for it.",
    ),
    "labels_differ": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}, column “{column}”: the label is “{value}”, and “{other}” in {other_file}. "
        "Correct one of them.",
    ),
    "labels_many": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, column “{column}” holds many different words, such as “{value}” in row {row}. Say which of "
        "them means yes, or name a column of scores for each as “model:category”.",
    ),
    "lengths_differ": QT_TRANSLATE_NOOP(
        "messages",
        "{file} has {rows} rows, and {other} has {other_rows}. Rows of both files must belong together one to one.",
    ),
    "positive_absent": QT_TRANSLATE_NOOP(
        "messages", "{file}, column “{column}”: no label is “{value}”. Say which of its labels means yes."
    ),
    "positive_unknown": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, column “{column}”: the labels are {values}, and it is not known which of them means yes. Say which.",
    ),
    "row_no_distribution": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header: the probabilities of “{model}” sum to {sum}, not 1 (rows like "
        "it: {count}). Correct them, or say that they are logits, or separate yes/no questions.",
    ),
    "array_number_large": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, array “{column}”, row {row}: {value} is too large a number. Save the array as float64.",
    ),
    "array_rounded": QT_TRANSLATE_NOOP(
        "messages", "{file}, array “{column}”: its numbers of type {type} were rounded to float64."
    ),
    "array_shape": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, array “{column}” has the shape {shape}. Give it one dimension, or rows and columns.",
    ),
    "array_size": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, array “{column}” speaks of {expected} bytes and has {actual}. Save it again from where it came.",
    ),
    "array_type": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, array “{column}” holds {type}, and must hold real numbers or short text. "
        "Convert it, or leave it out, and save again.",
    ),
    "arrays_missing": QT_TRANSLATE_NOOP(
        "messages", "{file} holds no array with rows. Save one of labels and one of scores in it."
    ),
    "arrays_unequal": QT_TRANSLATE_NOOP(
        "messages",
        "{file}: array “{column}” has {rows} rows, and “{other}” has {other_rows}. "
        "Leave one of them out, or give both as many rows.",
    ),
    "cell_nested": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}, column “{column}” holds a list or a record. Give each part a column of its own.",
    ),
    "category_missing": QT_TRANSLATE_NOOP(
        "messages",
        "{file}: model “{column}” has no column for “{category}”. Add a column “{column}:{category}”.",
    ),
    "categories_doubtful": QT_TRANSLATE_NOOP(
        "messages",
        "{file}: the columns {columns} are only numbered. Do they stand for the labels of “{column}” in this "
        "order: {categories}?",
    ),
    "categories_number": QT_TRANSLATE_NOOP(
        "messages",
        "{file}: “{model}” has {expected} columns of scores, and {actual} categories are named for them. "
        "Name one for each.",
    ),
    "category_unknown": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, column “{column}”: there is no label column for “{category}”. Add one, or rename this column.",
    ),
    "category_unnamed": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, column “{column}”: no category is named after the colon. Write “label:category” or “model:category”.",
    ),
    "column_used_twice": QT_TRANSLATE_NOOP(
        "messages", "{file}: the column “{column}” is said to be two things. Say what it is once."
    ),
    "columns_unnamed": QT_TRANSLATE_NOOP(
        "messages", "{file}, row 1 (the header): several columns have no name. Give each its own."
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
    "columns_too_many": QT_TRANSLATE_NOOP(
        "messages", "{file} has {columns} columns, and no more than {limit} are read. Leave out those not needed."
    ),
    "container_other": QT_TRANSLATE_NOOP(
        "messages",
        "{file} holds no table of Excel, but something else, as .doc and .msi files do. Choose another file.",
    ),
    "decimal_comma_doubtful": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, column “{column}”: “{value}” may be a thousand or a decimal fraction. "
        "It is read as a fraction; if it is not, take the commas out of the file.",
    ),
    "decimal_comma_taken": QT_TRANSLATE_NOOP(
        "messages",
        "{file}: commas are read as decimal points in {columns}. If they are not, take them out of the file.",
    ),
    "encoding_doubtful": QT_TRANSLATE_NOOP(
        "messages",
        "{file} does not say how its letters are encoded; read as {encoding} one word is “{value}”. "
        "Name the encoding, or save the file as “CSV UTF-8”.",
    ),
    "encoding_guessed": QT_TRANSLATE_NOOP(
        "messages",
        "{file} is read as {encoding}: one word is “{value}”. If that is none, name the encoding, or save the file as "
        "“CSV UTF-8”.",
    ),
    "encoding_taken": QT_TRANSLATE_NOOP(
        "messages",
        "{file} is read as {encoding}. If words look wrong, name the encoding, or save the file as “CSV UTF-8”.",
    ),
    "encoding_unknown": QT_TRANSLATE_NOOP(
        "messages",
        "{file}: there is no encoding called “{encoding}”. Name one such as utf-8, gb18030 or latin-1.",
    ),
    "encoding_wrong": QT_TRANSLATE_NOOP(
        "messages",
        "{file} is not text in {encoding}. Name another encoding, or save the file as “CSV UTF-8”.",
    ),
    "file_changing": QT_TRANSLATE_NOOP(
        "messages",
        "{file} changed while it was being read. Open it again when nothing writes to it any more.",
    ),
    "copy_failed": QT_TRANSLATE_NOOP(
        "messages",
        "No copy can be kept of what is not saved yet: {reason}. Save it with File ▸ Save before anything happens.",
    ),
    "file_changed": QT_TRANSLATE_NOOP(
        "messages",
        "{file} has been changed by another program since it was opened or saved here. "
        "Overwrite it, save your work under another name, or read the file anew?",
    ),
    "edit_overtaken": QT_TRANSLATE_NOOP(
        "messages", "Nothing pasted, for the table was changed while the cells were being read. Paste once more."
    ),
    "optimum_overtaken": QT_TRANSLATE_NOOP(
        "messages",
        "No threshold is changed, for the document was edited while the best ones were sought. Optimise once more.",
    ),
    "export_failed": QT_TRANSLATE_NOOP(
        "messages",
        "{file} has not been written: {reason}. What was there before is still there. "
        "Choose another place, or make room.",
    ),
    "file_damaged": QT_TRANSLATE_NOOP("messages", "{file} is damaged: {reason}. Save it again from where it came."),
    "file_empty": QT_TRANSLATE_NOOP("messages", "{file} is empty. Save it again from where it came."),
    "file_encrypted": QT_TRANSLATE_NOOP(
        "messages", "{file} is locked by a password or a key. Save it without one and open that."
    ),
    "file_is_folder": QT_TRANSLATE_NOOP("messages", "{file} is a folder. Choose a file in it."),
    "file_misnamed": QT_TRANSLATE_NOOP(
        "messages", "{file} is not what its name says: what is in it is no {suffix}. Save it again from where it came."
    ),
    "file_missing": QT_TRANSLATE_NOOP("messages", "{file} does not exist. Check its name and folder."),
    "file_not_regular": QT_TRANSLATE_NOOP("messages", "{file} is a device or a pipe. Choose an ordinary file."),
    "file_not_text": QT_TRANSLATE_NOOP(
        "messages", "{file} is not a table in plain text. Save it as CSV in UTF-8 and open that."
    ),
    "file_not_utf8": QT_TRANSLATE_NOOP(
        "messages", "{file} is not UTF-8 text. Save it again as “CSV UTF-8” and open that."
    ),
    "file_too_large": QT_TRANSLATE_NOOP(
        "messages",
        "{file} would take {size} GB of memory, and no more than {limit} GB is taken. Save a part of it and open that.",
    ),
    "file_unpacks_too_large": QT_TRANSLATE_NOOP(
        "messages",
        "{file} has {packed} GB and unpacks to {size} GB, as no real data do. "
        "If they are real, save them unpacked and open that.",
    ),
    "file_unreadable": QT_TRANSLATE_NOOP(
        "messages", "{file} cannot be read: {reason}. Check its name, its disk, and who may read it."
    ),
    "header_missing": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row 1: “{value}” holds numbers where column names must stand. Add a first row such as “label,A”.",
    ),
    "header_quote_open": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row 1: a quotation mark is opened and not closed. Close it, or take it out.",
    ),
    "header_too_long": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row 1 is longer than any header. Check that it is a table, and that its lines end.",
    ),
    "json_broken": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, line {line}, character {character}: this is no JSON ({reason}). "
        "Correct it there, or save the file again.",
    ),
    "json_deep": QT_TRANSLATE_NOOP(
        "messages", "{file} holds lists within lists too deep for a table. Save one record for each row."
    ),
    "json_not_utf8": QT_TRANSLATE_NOOP(
        "messages", "{file} is not UTF-8 text, as JSON must be. Save it again as UTF-8 and open that."
    ),
    "json_shape": QT_TRANSLATE_NOOP(
        "messages",
        "{file} holds no table. Save a list of records, an object of columns, or one record a line.",
    ),
    "field_twice": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, line {line}, character {character}: “{column}” is given twice in one record. Leave one of them out.",
    ),
    "label_missing": QT_TRANSLATE_NOOP(
        "messages",
        "{file}: no column is called “label”, “y”, “target” or “truth”, but {columns}. "
        "Say which holds the true answers, or rename it.",
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
    "map_unknown": QT_TRANSLATE_NOOP("messages", "“{part}” is not understood. Use one of: {known}."),
    "letter_broken": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header: a letter is not UTF-8 as the others are. "
        "Correct it, or name the encoding.",
    ),
    "line_too_long": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header is longer than a row can be. "
        "Check that its lines end, and shorten its cells.",
    ),
    "line_long": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, line {line} has more than {limit} letters. Write one record a line, and no more in it.",
    ),
    "list_uneven": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}, column “{column}”: the list has length {actual}, and length {expected} in the rows above. "
        "Make them alike, or make this one null.",
    ),
    "member_twice": QT_TRANSLATE_NOOP(
        "messages", "{file}: two parts of it are called “{column}”. Give each its own name and save again."
    ),
    "model_unnamed": QT_TRANSLATE_NOOP(
        "messages", "{file}, column “{column}”: no model is named before the colon. Write “model:category”."
    ),
    "names_too_long": QT_TRANSLATE_NOOP(
        "messages", "{file} could not be saved: its names are too long. Give models, rows and categories shorter ones."
    ),
    "name_empty": QT_TRANSLATE_NOOP(
        "messages", "{file}: a column of scores has no name. Give it one in the file, or leave it out."
    ),
    "name_taken": QT_TRANSLATE_NOOP(
        "messages", "{file}: two models would be called “{name}”. Give their columns other names."
    ),
    "not_a_number": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header, column “{column}”: “{value}” is not a number. "
        "Correct it, or leave it empty.",
    ),
    "nul_byte": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header: there is a byte 0, which no text has. "
        "Save the file again from where it came.",
    ),
    "number_too_large": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header, column “{column}”: {value} is larger than any number a computer "
        "calculates with. Correct it, or leave it empty.",
    ),
    "json_number_too_large": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, line {line}, character {character}: {value} is too large a number. Correct it, or make it null.",
    ),
    "one_column": QT_TRANSLATE_NOOP(
        "messages",
        "{file} has one column only, “{column}”. It needs a label column and a column of scores for each model.",
    ),
    "packed_unread": QT_TRANSLATE_NOOP(
        "messages", "{file} is packed, and only text tables and JSON are read so. Unpack it and open what is in it."
    ),
    "paste_computed": QT_TRANSLATE_NOOP(
        "messages", "Nothing pasted: these columns are computed. Go to a name, a label or a score first."
    ),
    "paste_empty": QT_TRANSLATE_NOOP("messages", "There is nothing on the clipboard to paste. Copy some cells first."),
    "paste_label_out_of_range": QT_TRANSLATE_NOOP(
        "messages",
        "Nothing pasted; pasted row {row}: a label is 0, 1 or between, and {value} is not. Correct it first.",
    ),
    "paste_no_category": QT_TRANSLATE_NOOP(
        "messages",
        "Nothing pasted; pasted row {row}: “{value}” is no category. Correct it, or go to another cell first.",
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
    "project_damaged": QT_TRANSLATE_NOOP(
        "messages",
        "{file} is damaged: its settings do not fit it (“{part}”). Take an earlier copy; or read its columns, "
        "which are an ordinary Parquet table, with another program and save them as CSV.",
    ),
    "project_newer": QT_TRANSLATE_NOOP(
        "messages",
        "{file} was saved by a newer xentviz, in version {version} of its format; this one knows version {known}. "
        "Update xentviz.",
    ),
    "save_failed": QT_TRANSLATE_NOOP(
        "messages",
        "{file} could not be saved: {reason}. Nothing is lost: your work is still open, and what was in the file is "
        "untouched. Choose another place with File ▸ Save as….",
    ),
    "scene_unknown": QT_TRANSLATE_NOOP("messages", "There is no scene called “{scene}”. Choose one of: {known}."),
    "scores_missing": QT_TRANSLATE_NOOP(
        "messages", "{file} has labels but no column of scores. Add a column of numbers for each model."
    ),
    "sheet_binary": QT_TRANSLATE_NOOP(
        "messages", "{file} is in a binary format of Excel. Save it as .xlsx and open that."
    ),
    "sheet_empty": QT_TRANSLATE_NOOP("messages", "{file} has no sheet with cells. Fill one, and save it again."),
    "sheet_taken": QT_TRANSLATE_NOOP(
        "messages", "{file} has several sheets with cells ({sheets}); this is the first, “{sheet}”."
    ),
    "sheet_too_large": QT_TRANSLATE_NOOP(
        "messages",
        "{file}: the cells of a sheet lie too far apart to be read. "
        "Delete those far from the table, or save it as CSV.",
    ),
    "labels_no_distribution": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header: the labels from column “{column}” on sum to {sum}, not 1. "
        "Correct them, or say that they are separate yes/no questions.",
    ),
    "softmax_undefined": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} below the header: the logits of “{column}” are infinite in two places, or −∞ in all. "
        "No probabilities follow from them; make them finite.",
    ),
    "report_empty": QT_TRANSLATE_NOOP(
        "messages", "There are no rows, so there is nothing to report: open a file, or choose a slice, that has some."
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
    "zip_locked": QT_TRANSLATE_NOOP(
        "messages",
        "{file} is locked by a password. Unpack it and open the table in it.",
    ),
    "zip_of_several": QT_TRANSLATE_NOOP(
        "messages",
        "{file} holds {count} files. Unpack it and open one of them.",
    ),
}

TYPED = {
    "name_empty": QT_TRANSLATE_NOOP("messages", "A model needs a name; this one keeps the name it had."),
    "answer_denied": QT_TRANSLATE_NOOP(
        "messages",
        "Row {row} has one answer, “{category}”: choose another category instead of taking this one away.",
    ),
    "answer_soft": QT_TRANSLATE_NOOP(
        "messages", "Row {row} has one answer: its label is a category, not a number between 0 and 1."
    ),
    "answer_spread": QT_TRANSLATE_NOOP(
        "messages",
        "The label of row {row} is spread over several categories, so its dot stands for no single probability. "
        "Choose a category above and type its probability into the table.",
    ),
    "answer_twice": QT_TRANSLATE_NOOP("messages", "Row {row} can have one answer only, “{category}” or another."),
    "answer_unknown": QT_TRANSLATE_NOOP(
        "messages",
        "Row {row} is not labelled, so it has no true category whose score could change. "
        "Give it a label first, or choose a category above.",
    ),
    "name_taken": QT_TRANSLATE_NOOP(
        "messages", "There is a model called “{name}” already; this one keeps the name it had."
    ),
    "probabilities_no_distribution": QT_TRANSLATE_NOOP(
        "messages", "The probabilities of a row must sum to 1, and would sum to {sum}. Type a smaller or larger one."
    ),
    "softmax_undefined": QT_TRANSLATE_NOOP(
        "messages",
        "One row cannot have two infinite logits, nor −∞ alone: no probabilities follow from them. "
        "Type finite numbers.",
    ),
    "label_out_of_range": QT_TRANSLATE_NOOP("messages", "A label is 0, 1 or between; {value} is not."),
    "probability_out_of_range": QT_TRANSLATE_NOOP("messages", "A probability is from 0 to 1; {value} is not."),
}
"""For what comes from no file."""


WITHOUT_HEADER = {
    "labels_no_distribution": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}: the labels from column “{column}” on sum to {sum}, not 1. "
        "Correct them, or say that they are separate yes/no questions.",
    ),
    "softmax_undefined": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}: the logits of “{column}” are infinite in two places, or −∞ in all. "
        "No probabilities follow from them; make them finite.",
    ),
    "label_unknown": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}, column “{column}”: the label “{value}” is none of the categories {categories}. "
        "Correct it, or name a column of scores for it.",
    ),
    "row_no_distribution": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}: the probabilities of “{model}” sum to {sum}, not 1 (rows like it: {count}). "
        "Correct them, or say that they are logits, or separate yes/no questions.",
    ),
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
        "{file}: no column is called “label”, “y”, “target” or “truth”, but {columns}. "
        "Say which holds the true answers, or rename it.",
    ),
    "column_twice": QT_TRANSLATE_NOOP("messages", "{file}: two columns are called “{column}”. Give each its own name."),
    "columns_unnamed": QT_TRANSLATE_NOOP("messages", "{file}: several columns have no name. Give each its own."),
    "not_a_number": QT_TRANSLATE_NOOP(
        "messages", "{file}, row {row}, column “{column}”: “{value}” is not a number. Correct it, or make it null."
    ),
    "probability_out_of_range": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}, column “{column}”: {value} is not a probability from 0 to 1. "
        "Correct it; put “logit” into the column’s name if it holds logits; or take the column out.",
    ),
    "letter_broken": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}: a letter is not UTF-8 as the others are. Correct it, or name the encoding.",
    ),
    "line_too_long": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row} is longer than a row can be. Check that its lines end, and shorten its cells.",
    ),
    "nul_byte": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}: there is a byte 0, which no text has. Save the file again from where it came.",
    ),
    "number_too_large": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}, column “{column}”: {value} is larger than any number a computer "
        "calculates with. Correct it, or leave it empty.",
    ),
    "quote_open": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}: a quotation mark is opened and not closed. Close it, or take it out.",
    ),
    "row_ragged": QT_TRANSLATE_NOOP(
        "messages",
        "{file}, row {row}: the number of columns is {actual}, and {expected} in the first. "
        "Add or remove a separator in that row.",
    ),
}
"""For files whose columns have no names, or have them beside, not in a first row."""


UNFORESEEN = QT_TRANSLATE_NOOP(
    "messages",
    "{file} cannot be opened, for a reason for which there are no words yet ({code}). "
    "Please tell the makers of xentviz, with the file.",
)

NOTES = {
    "decisions_unused": QT_TRANSLATE_NOOP(
        "messages", "Not used, for they hold only 0 and 1, and no scores: {columns}."
    ),
    "empty_unused": QT_TRANSLATE_NOOP("messages", "Not used, for nothing stands in any of their rows: {columns}."),
    "percent_taken": QT_TRANSLATE_NOOP("messages", "Percentages were divided by 100: {columns}."),
    "positive_said": QT_TRANSLATE_NOOP("messages", "In “{column}” “{yes}” counts as yes, all else as no."),
    "joined_by_key": QT_TRANSLATE_NOOP("messages", "Rows were matched by “{column}”."),
    "joined_in_order": QT_TRANSLATE_NOOP("messages", "Rows were matched by their order."),
    "minus_one_taken": QT_TRANSLATE_NOOP("messages", "In “{column}” −1 counts as no."),
    "number_too_small": QT_TRANSLATE_NOOP(
        "messages",
        "In “{column}” numbers such as {value} in row {row} are smaller than any a computer calculates with, "
        "and count as 0.",
    ),
    "categories_said": QT_TRANSLATE_NOOP("messages", "The columns {columns} stand for {categories}."),
    "pair_taken": QT_TRANSLATE_NOOP("messages", "“{value}” counts as yes."),
    "positive_taken": QT_TRANSLATE_NOOP("messages", "In “{column}” “{yes}” counts as yes, “{no}” as no."),
    "rounded_into_range": QT_TRANSLATE_NOOP(
        "messages",
        "Numbers a hair outside 0 to 1 were put back into it: {count} in “{column}”.",
    ),
    "rows_missing": QT_TRANSLATE_NOOP("messages", "{file} has columns and no rows, so nothing can be measured."),
    "rows_scaled": QT_TRANSLATE_NOOP(
        "messages",
        "Rows of “{model}” that did not quite sum to 1 were scaled to: {count}, the worst row {row} with {sum}.",
    ),
    "weights_unused": QT_TRANSLATE_NOOP("messages", "“{column}” holds weights, which are not used."),
}
"""For what a person should know although nothing is wrong."""


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
        patterns = patterns | NOTES
        if error.code in patterns:
            words = {name: _readable(value) for name, value in error.details.items()}
            if error.code.startswith("answer_"):
                words["row"] = str(error.details["row"] + 1)
            with suppress(KeyError):  # of what the sentence should say, but the error does not
                return translate(patterns[error.code]).format(**words)
        if "file" in error.details:
            return translate(UNFORESEEN).format(file=_readable(error.details["file"]), code=error.code)
    return f"{type(error).__name__}: {error}"


def _readable(value: Any) -> str:
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, list):
        return _shortened(", ".join(map(str, value)), 160)
    return _shortened(str(value), 80)


def _shortened(text: str, most: int) -> str:
    text = "".join(letter if letter.isprintable() else "�" for letter in text)
    return text if len(text) <= most else text[: most - 1] + "…"
