"""What came of opening a file."""

from typing import NamedTuple

from xentviz.core.document import Document
from xentviz.files.atomic import Stamp


class Opened(NamedTuple):
    """A document, the columns of the file that found no use in it, and the element to look at first.

    ``file`` is where it was read from, None for what comes from no file of the person's. A ``project`` has settings of
    its own; without a file, it was recovered and is kept nowhere.
    """

    document: Document
    unused: tuple[str, ...] = ()
    current: int | None = None
    file: Stamp | None = None
    project: bool = False
