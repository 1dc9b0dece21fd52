"""What came of opening a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.files.table import RECOGNISED, Mapping, Table


class Source(NamedTuple):
    """Where a document came from, and what was said of the columns there."""

    paths: tuple[Path, ...]
    mapping: Mapping = RECOGNISED


@dataclass(frozen=True)
class Opened:
    """A document and what a person should know of how it was read.

    Attributes
    ----------
    document : Document
    unused : tuple of str
        The columns of the file that found no use.
    current : int or None
        The element to look at first.
    notes : tuple of DataError
        What was taken for granted, or mended, such as ``decimal_comma_taken``.
    source : Source or None
        None for what comes from no file.
    """

    document: Document
    unused: tuple[str, ...] = ()
    current: int | None = None
    notes: tuple[DataError, ...] = ()
    source: Source | None = None


ASKED = frozenset(
    {
        "category_missing", "category_unknown", "column_twice", "columns_asked", "decimal_comma_doubtful",
        "encoding_doubtful", "header_missing", "label_missing",
        "label_out_of_range", "label_unknown", "labels_many", "model_unnamed", "positive_unknown",
        "probability_out_of_range", "row_no_distribution", "scores_missing", "softmax_undefined",
    }
)  # fmt: skip
"""What a person can answer by saying what the columns mean."""


class Doubtful(DataError):  # noqa: N818 – a question, rather than a fault
    """A table that can be read, of which a person must say what its columns mean.

    Parameters
    ----------
    reason : DataError
        What is doubtful.
    table : Table
        The columns.
    source : Source
    """

    def __init__(self, reason: DataError, table: Table, source: Source) -> None:
        super().__init__(reason.code, **reason.details)
        self.table = table
        self.source = source

    @property
    def is_question(self) -> bool:
        """Whether saying what the columns mean may help, rather than mending the file."""
        return self.code in ASKED
