"""What came of opening a file."""

from typing import NamedTuple

from xentviz.core.document import Document


class Opened(NamedTuple):
    """A document, the columns of the file that found no use in it, and the element to look at first."""

    document: Document
    unused: tuple[str, ...] = ()
    current: int | None = None
