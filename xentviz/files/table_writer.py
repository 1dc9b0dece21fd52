"""Lines into a CSV, TSV or Parquet file, whole or not at all."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from xentviz.core.errors import Cancelled, DataError
from xentviz.core.parallel import on_all_cores
from xentviz.files.atomic import replace_file
from xentviz.files.formulas import neutralised
from xentviz.files.lines import Lines

DELIMITERS = {".csv": ",", ".tsv": "\t"}
SUFFIXES = (*DELIMITERS, ".parquet")


def write_lines(path: Path, lines: Lines, stopped: Callable[[], bool] = lambda: False) -> None:
    r"""Write lines into a file of the kind that its suffix tells.

    CSV and TSV are UTF-8 with lines that end in ``\r\n``; what is missing is empty; text that a spreadsheet would
    take for a formula has a quote before it, which reading takes away. Numbers keep all their digits.

    Raises
    ------
    DataError
        ``suffix_unknown``, ``export_failed``; what was at the path is still there.
    Cancelled
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError("suffix_unknown", file=path.name, known=list(SUFFIXES))

    def write(file: BinaryIO) -> None:
        if suffix in DELIMITERS:
            _write_text(file, lines, DELIMITERS[suffix], stopped)
        else:
            _write_parquet(file, lines, stopped)
        if stopped():
            raise Cancelled

    try:
        replace_file(path, write)
    except DataError as error:
        if error.code != "save_failed":
            raise
        raise DataError("export_failed", **error.details) from error


def _write_parquet(file: BinaryIO, lines: Lines, stopped: Callable[[], bool]) -> None:
    # Here, not above: pyarrow takes longer to import than the window to open.
    import pyarrow.parquet

    with pyarrow.parquet.ParquetWriter(file, lines.schema, compression="zstd") as writer:
        for batch in lines.batches:
            if stopped():
                raise Cancelled
            writer.write_batch(batch)


def _write_text(file: BinaryIO, lines: Lines, delimiter: str, stopped: Callable[[], bool]) -> None:
    """Write lines as RFC 4180 wants them, which pyarrow's own writer does only from version 26 on."""
    import pyarrow

    names = [pyarrow.array([name], pyarrow.string()) for name in lines.schema.names]
    file.write(_text(names, delimiter))
    for batch in lines.batches:
        if stopped():
            raise Cancelled
        if len(batch):
            file.write(_text(batch.columns, delimiter))


def _text(columns: list[Any], delimiter: str) -> bytes:
    import pyarrow
    import pyarrow.compute as compute

    cells = on_all_cores(partial(_cells, delimiter=delimiter), columns)
    lines = compute.binary_join_element_wise(*cells, delimiter, null_handling="replace", null_replacement="")
    one_list = pyarrow.ListArray.from_arrays([0, len(lines)], lines)
    return bytes(compute.binary_join(one_list, "\r\n")[0].as_buffer()) + b"\r\n"


def _cells(column: Any, delimiter: str) -> Any:
    """Return an Arrow array as the text of cells: quoted where that is needed, and harmless to spreadsheets."""
    import pyarrow
    import pyarrow.compute as compute

    if column.type != pyarrow.string():
        return column.cast(pyarrow.string())
    texts = neutralised(compute.replace_substring(column, "\0", "\ufffd"))  # which no text file can hold
    quoted = compute.binary_join_element_wise('"', compute.replace_substring(texts, '"', '""'), '"', "")
    return compute.if_else(compute.match_substring_regex(texts, f'[\r\n"{delimiter}]'), quoted, texts)
