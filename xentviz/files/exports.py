"""What of a document can be written into a file of its own."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from xentviz.core.document import Document
from xentviz.core.evaluation import Results, evaluate


class What(StrEnum):
    """What is written."""

    TABLE = "table"
    SCOREBOARD = "scoreboard"
    LOSSES = "losses"
    CURVES = "curves"


def export(
    what: What,
    document: Document,
    path: Path,
    previous: Results | None = None,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _share: None,
) -> None:
    """Write something of a document into a CSV, TSV or Parquet file.

    Parameters
    ----------
    what : What
    document : Document
    path : Path
        Its suffix tells the kind of file: ``.csv``, ``.tsv`` or ``.parquet``.
    previous, stopped, report
        As for :func:`xentviz.core.evaluation.evaluate`.

    Raises
    ------
    DataError
        ``suffix_unknown``, ``export_failed``; what was at the path is still there.
    Cancelled
        Nothing has been written.
    """
    from xentviz.files import number_exports, row_exports, table_writer  # here, for the window opens without them

    if what in (What.TABLE, What.LOSSES):
        lines = (row_exports.table_lines if what is What.TABLE else row_exports.loss_lines)(document, report)
    else:
        results = evaluate(document, previous, stopped, report)
        of = number_exports.scoreboard_lines if what is What.SCOREBOARD else number_exports.curve_lines
        lines = of(results, report)
    table_writer.write_lines(path, lines, stopped)
