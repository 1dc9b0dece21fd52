"""Text that a spreadsheet would take for a formula, kept from being one by a quote in front; and without it again.

The characters are those of OWASP, *CSV Injection*, and ASVS 5.0, 1.2.10.
"""

from typing import Any

STARTS = "[=+\\-@\t\r\n\\x00＝＋－＠]"
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


def neutralised(texts: Any) -> Any:
    """Return an Arrow array of text in which a quote stands before what would be a formula; numbers are none.

    What has such quotes already gets one more, so that :func:`restored` gives back everything as it was.

    >>> import pyarrow
    >>> neutralised(pyarrow.array(["=1+1", "-1", "'=1", "'tis", None])).to_pylist()
    ["'=1+1", '-1', "''=1", "'tis", None]
    """
    import pyarrow.compute as compute

    risky = compute.match_substring_regex(texts, f"^'*{STARTS}")
    risky = compute.and_not(risky, compute.match_substring_regex(texts, NUMBER))
    return compute.if_else(risky, compute.binary_join_element_wise("'", texts, ""), texts)


def restored(texts: Any) -> Any:
    """Return an Arrow array or chunked array of text without the quotes of :func:`neutralised`.

    >>> import pyarrow
    >>> restored(pyarrow.array(["'=1+1", "-1", "''=1", "'tis", None])).to_pylist()
    ['=1+1', '-1', "'=1", "'tis", None]
    """
    import pyarrow.compute as compute

    if not compute.any(compute.starts_with(texts, "'")).as_py():  # sooner told than the pattern is looked for
        return texts
    return compute.replace_substring_regex(texts, f"^'('*{STARTS})", r"\1")


def restored_table(table: Any) -> Any:
    """Return an Arrow table read from text, its names and its text without the quotes of :func:`neutralised`."""
    import pyarrow

    columns = [restored(column) if column.type == pyarrow.string() else column for column in table.columns]
    names = restored(pyarrow.array(table.column_names, pyarrow.string())).to_pylist()
    return pyarrow.Table.from_arrays(columns, names if len(set(names)) == len(names) else table.column_names)
