"""Zip files that may be wrong on purpose: what they unpack to is limited as declared, and counted as it comes."""

import copy
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from xentviz.core.errors import DataError
from xentviz.files.limits import check_size, gigabytes
from xentviz.files.reasons import reason_of

START = b"PK"
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""The others unpack a piece of unlimited size at once; no program writes arrays or spreadsheets with them."""

ENCRYPTED = 1
SUSPICIOUS_BYTES, SUSPICIOUS_RATIO = 1 << 30, 1000
"""More bytes than the one, packed better than by the other, are a trap and no data."""

BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)


def member_names(path: Path) -> list[str] | None:
    """Return the names in a zip file, or the first one if it is broken; None if it does not begin as a zip file."""
    with path.open("rb") as file:
        start = file.read(1 << 10)
    if not start.startswith(START):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except BROKEN:
        length = int.from_bytes(start[26:28], "little")
        return [start[30 : 30 + length].decode(errors="replace")]


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file whose declared sizes are credible; whatever is found broken in it later is said, too.

    Raises
    ------
    DataError
        ``file_damaged``, ``file_encrypted``, ``file_too_large``, ``file_unpacks_too_large``, ``member_twice``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.infolist(), path.stat().st_size)
            yield archive
    except DataError:
        raise
    except BROKEN as error:
        raise DataError("file_damaged", reason=reason_of(error) if str(error) else "it breaks off") from error


def _check_members(members: list[zipfile.ZipInfo], packed: int) -> None:
    name, times = Counter(member.filename for member in members).most_common(1)[0] if members else ("", 0)
    if times > 1:
        raise DataError("member_twice", column=name)
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise DataError("file_encrypted")
    if any(member.compress_type not in METHODS for member in members):
        raise zipfile.BadZipFile("it is packed in an unusual way")
    unpacked = sum(member.file_size for member in members)
    check_size(unpacked)
    if unpacked > SUSPICIOUS_BYTES and unpacked > SUSPICIOUS_RATIO * packed:
        raise DataError("file_unpacks_too_large", packed=gigabytes(packed), size=gigabytes(unpacked))


@contextmanager
def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """Open a member, to be read to its end with :func:`check_end`.

    A zip file stops at the size declared, even if more follows; so one byte more is asked for than declared.
    """
    one_more = copy.copy(info)
    one_more.file_size += 1
    with archive.open(one_more) as stream:
        yield stream


def check_end(stream: IO[bytes]) -> None:
    """Raise unless a member ends here, where its declared size does; its checksum is checked by this, too."""
    if stream.read(1):
        raise zipfile.BadZipFile("more is packed in it than declared")
