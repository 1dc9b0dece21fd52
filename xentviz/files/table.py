"""The columns of a file before it is known what they mean, and what a person says of them."""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from xentviz.core.errors import DataError


class Kind(StrEnum):
    """What the numbers in a column of scores are; percentages are probabilities times a hundred."""

    PROBABILITY = "probability"
    LOGIT = "logit"
    PERCENT = "percent"


@dataclass(frozen=True)
class Mapping:
    """What a person says of a file's columns; what is None or empty is recognised.

    Attributes
    ----------
    labels, scores : tuple of str
        Names of the columns that hold labels, or scores.
    kinds : mapping of str to Kind
        By column of scores; the key "" is for all that are not named.
    names : str or None
        The column that names the rows; "" for none.
    positive : str or None
        The label that counts as yes, as it is written.
    multiclass : bool or None
        Whether each row has one answer among the categories.
    categories : tuple of str
        What the columns of scores of each model stand for, in their order.
    key : str or None
        The column by which the rows of several files belong together.
    header : bool or None
        Whether the first row of a text file or a spreadsheet holds names.
    encoding : str or None
        How letters are encoded in a text file, as Python names it.
    """

    labels: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    kinds: Dictionary[str, Kind] = field(default_factory=dict)
    names: str | None = None
    positive: str | None = None
    multiclass: bool | None = None
    categories: tuple[str, ...] = ()
    key: str | None = None
    header: bool | None = None
    encoding: str | None = None


RECOGNISED = Mapping()
"""Nothing said: everything is recognised."""


@dataclass(frozen=True)
class Table:
    """Columns of a file.

    Attributes
    ----------
    columns : pyarrow.Table
        Columns of numbers, booleans, text, dates or null, each name given once.
    has_header : bool
        Whether the names stand in a row of the file above the others; otherwise they lie beside the columns.
    notes : tuple of DataError
        What a person should be told though nothing is wrong, such as ``encoding_taken``.
    doubt : DataError or None
        What a person should be asked, and the columns are but a guess at the answer, such as ``header_missing``.
    """

    columns: Any
    has_header: bool = False
    notes: tuple[DataError, ...] = ()
    doubt: DataError | None = None


def of_file(error: DataError, file: str) -> DataError:
    """Return what is wrong, or noted, with the file that it is about, unless it names one.

    >>> of_file(DataError("file_empty"), "a.csv").details
    {'file': 'a.csv'}
    """
    return DataError(error.code, **{"file": file, **error.details})
