"""A file that is written in the background: where to, how far it is, Cancel, and what became of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QWidget

from xentviz.ui.widgets.tool_button import tool_button

MOST_NAME = 100


class Writer(Protocol):
    """Writes one file at a time, in the background."""

    written: Any
    progressed: Any
    failed: Any

    @property
    def busy(self) -> bool:
        """Whether a file is being written."""
        ...

    def cancel(self) -> None:
        """Write no more; nothing of it is left."""
        ...

    def close(self) -> None:
        """Write no more, and wait until all has ended."""
        ...


class Words(NamedTuple):
    """What is said of a file: in ``begun`` and ``written`` its name takes the place of {file}."""

    progress: str
    cancel: str
    still_busy: str
    begun: str
    written: str
    cancelled: str


class Asked(NamedTuple):
    """A question for a file: its title, the name that is suggested, and the kinds to choose from, by their words."""

    title: str
    suggested: str
    kinds: Mapping[str, str]


class FileBar(QWidget):
    """The progress of a file and its Cancel, shown while it is written; ``ended`` tells whether it was."""

    said = Signal(str)
    failed = Signal(object)
    ended = Signal(object)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._writer: Writer | None = None
        self._progress = QProgressBar(maximum=1000)
        self._progress.setFixedWidth(200)
        self._progress.setAccessibleName(words.progress)
        cancel = tool_button(words.cancel, self.tr("Stop writing; what was there before stays"))
        cancel.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._progress)
        row.addWidget(cancel)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether a file is being written."""
        return self._writer is not None and self._writer.busy

    def close_down(self) -> None:
        """Stop writing, and wait until all has ended."""
        if self._writer is not None:
            self._writer.close()

    def watch(self, writer: Writer) -> None:
        """Tell of what this writes."""
        self._writer = writer
        writer.written.connect(self._on_written)
        writer.failed.connect(self._on_failed)
        writer.progressed.connect(self._on_progress)

    def begin(self, asked: Asked, start: Callable[[Path], None]) -> None:
        """Ask for a file and start writing it, unless one is being written."""
        if self.busy:
            self.said.emit(self._words.still_busy)
        elif path := self._chosen(asked):
            self.said.emit(self._words.begun.format(file=path.name))
            self._progress.setValue(0)
            start(path)

    def _chosen(self, asked: Asked) -> Path | None:
        """Return the file to write, None if the person gave up; the dialog has asked about one that is there."""
        usual = next(iter(asked.kinds.values()))
        wanted = asked.suggested + usual
        while True:
            name, kind = QFileDialog.getSaveFileName(self.window(), asked.title, wanted, ";;".join(asked.kinds))
            path = Path(name)
            if not name or path.suffix.lower() in asked.kinds.values():
                return path if name else None
            path = path.with_name(path.name + asked.kinds.get(kind, usual))
            if not path.exists():
                return path
            wanted = str(path)

    def _on_progress(self, share: float) -> None:
        self._progress.setValue(round(1000 * share))
        self.show()

    def _on_written(self, path: Path) -> None:
        self.hide()
        self.said.emit(self._words.written.format(file=path.name))
        self.ended.emit(True)

    def _on_failed(self, error: Exception) -> None:
        self.hide()
        self.failed.emit(error)
        self.ended.emit(False)

    def _cancel(self) -> None:
        if self._writer is not None:
            self._writer.cancel()
        self.hide()
        self.said.emit(self._words.cancelled)
        self.ended.emit(False)


def file_name(title: str, ending: str) -> str:
    """Return a name for a file about a document that every system takes.

    >>> file_name("a/b  c", "report, city: N/A")
    'a_b c report, city_ N_A'
    """
    parts = ("".join("_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in part) for part in (title, ending))
    return " ".join(word for part in parts for word in part[:MOST_NAME].split())
