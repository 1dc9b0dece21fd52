"""How much of this machine one file may take: what would take more is refused before it is read."""

import os

from xentviz.core.errors import DataError

COLUMNS = 4096
"""More than any table of labels and scores has; a file with more is broken, or made to fill the memory."""

UNKNOWN_MEMORY = 8 << 30


def half_of_memory() -> int:
    """Return half the bytes this machine has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):  # not on Windows
        return UNKNOWN_MEMORY // 2


def check_size(number: int) -> None:
    """Raise ``file_too_large`` for a number of bytes that leaves the machine no room to work."""
    if number > half_of_memory():
        raise DataError("file_too_large", size=gigabytes(number), limit=gigabytes(half_of_memory()))


def check_columns(number: int) -> None:
    """Raise ``columns_too_many`` for more columns than a table has."""
    if number > COLUMNS:
        raise DataError("columns_too_many", columns=number, limit=COLUMNS)


def gigabytes(number: int) -> str:
    """Return a number of bytes in GB, as people write it."""
    return f"{number / 1e9:.3g}"
