"""Lines on their way into a file, a batch at a time."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Lines(NamedTuple):
    """A pyarrow.Schema, and record batches of it that are made when they are asked for."""

    schema: Any
    batches: Iterator[Any]
