"""The smallest writer of old Excel files, and of the compound files they and others lie in."""

import datetime
import struct

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ERRORS = {"#DIV/0!": 0x07, "#REF!": 0x17, "#N/A": 0x2A}
BEGIN_BOOK, BEGIN_SHEET = struct.pack("<HH12x", 0x600, 5), struct.pack("<HH12x", 0x600, 0x10)
DATE, MOMENT, DURATION = 1, 2, 3
FORMATS = [0, 14, 22, 46]


class Formula(float):
    """A number that a formula comes to."""


class Duration(float):
    """A number of days that is shown as hours, minutes and seconds."""


def record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def cell(row, column, value, texts):
    """Return the record of a cell; texts get another one if it holds one."""
    at = struct.pack("<HH", row, column)
    if value is None:
        return b""
    if isinstance(value, bool) or value in ERRORS:
        return record(0x205, at + struct.pack("<HBB", 0, ERRORS.get(value, value), value in ERRORS))
    if isinstance(value, Formula):
        expression = b"\x1f" + struct.pack("<d", value)
        return record(0x06, at + struct.pack("<HdHIH", 0, value, 0, 0, len(expression)) + expression)
    if isinstance(value, Duration):
        return record(0x203, at + struct.pack("<Hd", DURATION, value))
    if isinstance(value, datetime.date):
        moment = datetime.datetime.fromisoformat(value.isoformat())
        days = (moment - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)
        return record(0x203, at + struct.pack("<Hd", MOMENT if isinstance(value, datetime.datetime) else DATE, days))
    if isinstance(value, int | float):
        return record(0x203, at + struct.pack("<Hd", 0, value))
    texts.append(value)
    return record(0xFD, at + struct.pack("<HI", 0, len(texts) - 1))


def text_table(texts):
    """Return the records that hold all texts, cut where one is full."""
    pieces = [struct.pack("<II", len(texts), len(texts))]
    for text in texts:
        letters = text.encode("utf-16-le")
        piece = struct.pack("<HB", len(letters) // 2, 1) + letters
        if len(pieces[-1]) + len(piece) > 8224:
            pieces.append(b"")
        pieces[-1] += piece
    return record(0xFC, pieces[0]) + b"".join(record(0x3C, piece) for piece in pieces[1:])


def workbook(*sheets, hidden=(), kinds=(), before=b"", within=b"", starts=()):
    """Return the records of a workbook.

    Parameters
    ----------
    *sheets : list
        Rows of cells.
    hidden : collection of int
        Which sheets are.
    kinds : sequence of int
        Of the first sheets: 0 of cells, 2 a chart.
    before, within : bytes
        Records to stand before the sheets, and in the first one.
    starts : sequence of int
        Where the first sheets are said to be, if not where they are.
    """
    texts, parts = [], []
    for rows in sheets:
        cells = b"".join(cell(r, c, value, texts) for r, row in enumerate(rows) for c, value in enumerate(row))
        parts.append(record(0x809, BEGIN_SHEET) + (b"" if parts else within) + cells + record(0x0A))
    names = [f"Sheet{number or ''}".encode() for number in range(len(sheets))]
    start = record(0x809, BEGIN_BOOK) + record(0x42, struct.pack("<H", 1200)) + before
    start += b"".join(record(0xE0, struct.pack("<HH16x", 0, code)) for code in FORMATS)
    end = text_table(texts) + record(0x0A)
    place = len(start) + sum(12 + len(name) for name in names) + len(end)
    for number, (name, part) in enumerate(zip(names, parts, strict=True)):
        where = starts[number] if number < len(starts) else place
        kind = kinds[number] if number < len(kinds) else 0
        start += record(0x85, struct.pack("<IBBBB", where, number in hidden, kind, len(name), 0) + name)
        place += len(part)
    return start + end + b"".join(parts)


def xls(*sheets, **options):
    """Return an old Excel file of sheets, each a list of rows."""
    return compound({"Workbook": workbook(*sheets, **options)})


def compound(streams):
    """Return a compound file: sectors of 512 bytes, and streams below 4096 bytes in pieces of 64."""
    small = {name: data for name, data in streams.items() if len(data) < 4096}
    pieces, piece_table, starts = b"", [], {}
    for name, data in small.items():
        starts[name] = len(piece_table)
        _chain(piece_table, -(-len(data) // 64))
        pieces += data.ljust(-(-len(data) // 64) * 64, b"\0")
    content, table = b"", []
    large = {name: data for name, data in streams.items() if name not in small}
    inner = {"pieces": pieces, "piece table": struct.pack(f"<{len(piece_table)}I", *piece_table)}
    for name, data in (inner | large).items():
        starts[name] = len(table) if data else END
        _chain(table, -(-len(data) // 512))
        content += data.ljust(-(-len(data) // 512) * 512, b"\0")
    entries = [_entry("Root Entry", 5, 1 if streams else FREE, FREE, starts["pieces"], len(pieces))]
    for number, (name, data) in enumerate(streams.items(), 2):
        entries.append(_entry(name, 2, FREE, number if number <= len(streams) else FREE, starts[name], len(data)))
    directory = len(table)
    _chain(table, -(-len(entries) // 4))
    content += b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    tables = -(-len(table) // 127)
    places = [len(table) + number for number in range(tables)]
    table += [TABLE] * tables
    content += struct.pack(f"<{tables * 128}I", *table, *[FREE] * (tables * 128 - len(table)))
    pieces_of_table = -(-len(piece_table) // 128)
    header = struct.pack("<Q16x5H6x9I", 0xE11AB1A1E011CFD0, 0x3E, 3, 0xFFFE, 9, 6, 0, tables, directory, 0, 4096,
                         starts["piece table"], pieces_of_table, END, 0)  # fmt: skip
    return header + struct.pack("<109I", *places, *[FREE] * (109 - tables)) + content


def _chain(table, length):
    """Let the next sectors follow one another."""
    table += [*range(len(table) + 1, len(table) + length), END] if length else []


def _entry(name, kind, child, right, start, size):
    letters = name.encode("utf-16-le")
    return struct.pack("<64sHBB3I16xI16xIQ", letters, len(letters) + 2, kind, 1, FREE, right, child, 0, start, size)
