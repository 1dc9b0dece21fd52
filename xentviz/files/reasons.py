"""What a library says is wrong, in so few words that they fit into a sentence."""

import re

END = re.compile(r"[\r\n]|[.;:] |\.$")


def reason_of(error: BaseException) -> str:
    """Return the first statement of an error, or its name if it says nothing.

    >>> reason_of(OSError("No magic bytes in footer. Either the file is corrupted or this is not a Parquet file."))
    'No magic bytes in footer'
    """
    return END.split(str(error).strip(), maxsplit=1)[0][:200] or type(error).__name__
