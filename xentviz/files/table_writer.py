"""Lines into a CSV, TSV or Parquet file, whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from xentviz.core.errors import Cancelled, DataError
from xentviz.files.formulas import neutralised
from xentviz.files.lines import Lines
from xentviz.files.replacing import replacing

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
    if path.suffix.lower() not in SUFFIXES:
        raise DataError("suffix_unknown", file=path.name, known=list(SUFFIXES))
    delimiter = DELIMITERS.get(path.suffix.lower())
    with replacing(path, stopped) as file, _writer(file, lines.schema, delimiter) as writer:
        for batch in lines.batches:
            if stopped():
                raise Cancelled
            writer.write_batch(batch if delimiter is None else _harmless(batch))


def _writer(file: BinaryIO, schema: Any, delimiter: str | None) -> Any:
    # Here, not above: pyarrow takes longer to import than the window to open.
    import pyarrow
    import pyarrow.csv
    import pyarrow.parquet

    if delimiter is None:
        return pyarrow.parquet.ParquetWriter(file, schema, compression="zstd")
    names = _plain(pyarrow.array(schema.names, pyarrow.string())).to_pylist()
    schema = pyarrow.schema(list(zip(names, schema.types, strict=True)))
    options = pyarrow.csv.WriteOptions(delimiter=delimiter, eol="\r\n")
    return pyarrow.csv.CSVWriter(file, schema, write_options=options)


def _harmless(batch: Any) -> Any:
    """Return a batch as it may be shown to a spreadsheet."""
    import pyarrow

    columns = [_plain(column) if column.type == pyarrow.string() else column for column in batch.columns]
    names = _plain(pyarrow.array(batch.schema.names, pyarrow.string())).to_pylist()
    return pyarrow.RecordBatch.from_arrays(columns, names)


def _plain(texts: Any) -> Any:
    """Return texts without what no text file can hold, and without what a spreadsheet takes for a formula."""
    import pyarrow.compute as compute

    return neutralised(compute.replace_substring(texts, "\0", "\ufffd"))
