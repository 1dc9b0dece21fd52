"""Files written beside the place that they take, so that there is always the old one or the new one, and whole."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from xentviz.core.errors import Cancelled, DataError


@contextmanager
def replacing(path: Path, stopped: Callable[[], bool] = lambda: False) -> Iterator[BinaryIO]:
    """Open a new file to write to, which takes the place of what is at the path once all is on the disk.

    Raises
    ------
    DataError
        ``export_failed``; what was at the path is still there.
    Cancelled
        If ``stopped`` says so at the very end.
    """
    beside: Path | None = None
    try:
        target = Path(os.path.realpath(path))  # what a link points to is replaced, not the link
        if target.exists() and not target.is_file():
            raise OSError(errno.EINVAL, "it is no ordinary file")
        unfinished = target.with_name(f".xentviz-{os.urandom(8).hex()}")
        with unfinished.open("xb") as file:
            beside = unfinished
            yield file
            file.flush()
            os.fsync(file.fileno())
        if stopped():
            raise Cancelled
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError as error:
        raise DataError("export_failed", file=path.name or str(path), reason=error.strerror or str(error)) from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)
