"""The bytes of a file, unpacked and counted; reading them can be watched and stopped."""

import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xentviz.core.errors import Cancelled, DataError
from xentviz.files.limits import check_size
from xentviz.files.reasons import reason_of

PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2", b"PK\x03\x04": "zip"}
"""How packed files begin, and what they are packed by."""

DAMAGED = (
    *(OSError, EOFError, ValueError, LookupError, OverflowError, NotImplementedError),
    *(zlib.error, lzma.LZMAError, zipfile.BadZipFile, struct.error),
)
"""What unpacking raises where a packed file is damaged; zip archives can be so in many ways."""


def is_packed(path: Path) -> bool:
    """Return whether other bytes lie on the disk than are read."""
    with path.open("rb") as file:
        return _packing_of(file.read(4)) is not None


def _packing_of(start: bytes) -> str | None:
    return next((name for magic, name in PACKED.items() if start.startswith(magic)), None)


class Unpacked:
    """The bytes of a file, unpacked if it is packed; may be read several times, always the same file.

    Parameters
    ----------
    path : Path
    stopped : callable
        Asked before each piece.
    report : callable
        Told the share read: of the first time most of it, of each further time most of what is left.

    Raises
    ------
    DataError
        ``file_damaged``, ``file_too_large``, ``zip_of_several``, ``zip_locked``; ``file_changing`` at its end if
        someone wrote to it meanwhile.
    Cancelled
    """

    def __init__(self, path: Path, stopped: Callable[[], bool], report: Callable[[float], None]) -> None:
        self._stopped, self._report = stopped, report
        self._file = path.open("rb", buffering=0)
        self._before = os.fstat(self._file.fileno())
        self._told = self._before_this = 0.0
        self._packing: str | None = None
        self._stream: Any = self._file
        self._unpacked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        after = os.fstat(self._file.fileno())
        self._file.close()
        changed = (after.st_size, after.st_mtime_ns) != (self._before.st_size, self._before.st_mtime_ns)
        if changed and kind is not Cancelled:
            raise DataError("file_changing") from error

    def restart(self) -> None:
        """Begin again at the first byte."""
        self._before_this, self._unpacked = self._told, 0
        self._file.seek(0)
        self._packing = _packing_of(self._file.read(4))
        self._file.seek(0)
        try:
            self._stream = self._opened()
        except DataError:
            raise
        except DAMAGED as error:
            raise self._damage(error) from error

    @property
    def is_packed(self) -> bool:
        """Whether other bytes lie on the disk."""
        return self._packing is not None

    def read(self, size: int) -> bytes:
        """Return the next bytes, none at the end."""
        if self._stopped():
            raise Cancelled
        try:
            piece: bytes = self._stream.read(size)
        except DAMAGED as error:
            if self._packing is None:
                raise
            raise self._damage(error) from error
        self._unpacked += len(piece)
        self._refuse_more_than_memory()
        self._tell()
        return piece

    def _tell(self) -> None:
        done = min(self._file.tell() / max(self._before.st_size, 1), 1.0)
        self._told = self._before_this + 0.9 * (1 - self._before_this) * done
        self._report(self._told)

    def _opened(self) -> Any:
        # Here, not above: pyarrow takes longer to import than the window to open.
        import pyarrow

        if self._packing is None:
            return self._file
        if self._packing == "zip":
            return _only_member(self._file)
        return pyarrow.CompressedInputStream(pyarrow.PythonFile(_Kept(self._file), "r"), self._packing)

    def _refuse_more_than_memory(self) -> None:
        import pyarrow

        held = pyarrow.total_allocated_bytes()
        check_size(max(held, self._unpacked if self._packing else 0))

    def _damage(self, error: BaseException) -> DataError:
        return DataError("file_damaged", reason=reason_of(error))


class _Kept:
    """A file for pyarrow to read and not to close."""

    closed = False

    def __init__(self, file: Any) -> None:
        self.read = file.read

    def close(self) -> None:
        """Leave it open."""


def _only_member(file: Any) -> Any:
    """Return the stream of the one file in a zip archive."""
    archive = zipfile.ZipFile(file)
    members = [m for m in archive.infolist() if not m.filename.endswith("/") and "__MACOSX" not in m.filename]
    if len(members) != 1:
        raise DataError("zip_of_several", count=len(members))
    if members[0].flag_bits & 1:
        raise DataError("zip_locked")
    return archive.open(members[0])
