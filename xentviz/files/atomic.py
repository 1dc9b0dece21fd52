"""Files replaced whole or not at all: written beside the old one, read back, and put in its place."""

import errno
import io
import os
import stat
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from xentviz.core.errors import DataError


@dataclass(frozen=True)
class Stamp:
    """A file as it was found; once anyone has written to it, it has another."""

    path: Path
    size: int
    modified: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> "Stamp | None":
        """Return the stamp of a file as it is now, None if there is none."""
        try:
            return cls._from(path, path.stat())
        except (OSError, ValueError):
            return None

    @classmethod
    def _from(cls, path: Path, found: os.stat_result) -> "Stamp":
        return cls(path.absolute(), found.st_size, found.st_mtime_ns, found.st_ino)

    @property
    def outdated(self) -> bool:
        """Whether somebody has written the file since; one that is gone has not been written."""
        return Stamp.of(self.path) not in (None, self)


def replace_file(path: Path, write: Callable[[BinaryIO], None], expected: Stamp | None = None) -> Stamp:
    """Put what ``write`` writes into the place of a file, or leave everything as it was.

    The old file stands until the new one is whole on the disk; its mode is kept, and links are followed.

    Parameters
    ----------
    path : Path
    write : callable
        Gets a binary file that can only be written, from its beginning to its end.
    expected : Stamp, optional
        The file as it was last seen; without it, whatever is there is replaced.

    Returns
    -------
    Stamp
        That of the new file.

    Raises
    ------
    DataError
        ``save_failed`` with its ``reason``, ``file_changed`` if it is no longer as expected, ``file_is_folder``,
        ``file_not_regular``; and whatever ``write`` raises.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> replace_file(Path(folder.name, "a.txt"), lambda file: file.write(b"whole")).size
    5
    >>> folder.cleanup()
    """
    try:
        return _replace(path, Path(os.path.realpath(path)), write, expected)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError("save_failed", file=path.name or str(path), reason=reason) from error


def _replace(path: Path, target: Path, write: Callable[[BinaryIO], None], expected: Stamp | None) -> Stamp:
    old = _old(path, target)
    _check_expected(expected)
    # Of a length that every folder takes, whatever the file's own name.
    beside = target.with_name(f".xentviz-{os.urandom(8).hex()}.tmp")
    try:
        _write_out(beside, write)
        if old is not None:
            _take_after(beside, old)
        stamp = Stamp._from(path, beside.stat())
        _check_expected(expected)
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    _flush_folder(target.parent)
    return stamp


def _old(path: Path, target: Path) -> os.stat_result | None:
    """Return what is known of the file to be replaced, if it is one that may be."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise DataError("file_is_folder", file=path.name or str(path))
    if not stat.S_ISREG(found.st_mode):
        raise DataError("file_not_regular", file=path.name)
    target.open("r+b").close()  # or say why it may not be written to: a folder would let it be replaced all the same
    return found


def _check_expected(expected: Stamp | None) -> None:
    if expected is not None and expected.outdated:
        raise DataError("file_changed", file=expected.path.name)


class _Checked(io.RawIOBase):
    """Passes on what is written and keeps count and checksum of it; closing it leaves the file open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = self.checksum = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        self._file.write(view)
        self.size += len(view)
        self.checksum = zlib.crc32(view, self.checksum)
        return len(view)

    def tell(self) -> int:
        return self.size


def _write_out(beside: Path, write: Callable[[BinaryIO], None]) -> None:
    with beside.open("xb") as file:
        checked = _Checked(file)
        write(checked)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    if _size_and_checksum(beside) != (checked.size, checked.checksum):
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def _size_and_checksum(path: Path) -> tuple[int, int]:
    size = checksum = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
    return size, checksum


def _take_after(beside: Path, old: os.stat_result) -> None:
    """Give a file the owner and the mode of another, as far as one may."""
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(beside, old.st_uid, old.st_gid)
    beside.chmod(stat.S_IMODE(old.st_mode))


def _flush_folder(folder: Path) -> None:
    """Let the new name survive a power failure, where a folder can be flushed."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
