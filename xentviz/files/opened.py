"""What came of opening a file."""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.files.atomic import Stamp
from xentviz.files.table import RECOGNISED, Mapping, Table


class Source(NamedTuple):
    """Where a document comes from, what is said of the columns there, and the state of the file if it is but one."""

    paths: tuple[Path, ...]
    mapping: Mapping = RECOGNISED
    stamp: Stamp | None = None

    @classmethod
    def of(cls, paths: Sequence[Path], mapping: Mapping) -> "Source":
        """Return files as they are now: whoever writes to one from here on is noticed when it is saved."""
        return cls(tuple(paths), mapping, Stamp.of(paths[0]) if len(paths) == 1 else None)


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
        None for what comes from no file, and for what was recovered.
    project : bool
        Whether it has settings of its own.
    pasted : bool
        Whether it came from the clipboard.
    view : dict
        How it was looked at when it was saved, in plain values that nobody has checked; empty if that is not known.
    """

    document: Document
    unused: tuple[str, ...] = ()
    current: int | None = None
    notes: tuple[DataError, ...] = ()
    source: Source | None = None
    project: bool = False
    pasted: bool = False
    view: Dictionary[str, object] = field(default_factory=dict)

    @property
    def file(self) -> Stamp | None:
        """The state of the one file it was read from; None for none, for several, and for what was pasted."""
        return None if self.source is None else self.source.stamp


ASKED = frozenset(
    {
        "categories_doubtful", "category_missing", "category_unknown", "category_unnamed", "column_twice",
        "columns_asked", "columns_unnamed", "decimal_comma_doubtful", "encoding_doubtful", "header_missing",
        "label_missing", "label_out_of_range", "label_unknown", "labels_many", "model_unnamed", "name_empty",
        "name_taken", "positive_unknown", "probability_out_of_range", "row_no_distribution", "scores_missing",
        "softmax_undefined",
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
