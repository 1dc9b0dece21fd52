"""What the program remembers between runs, as JSON: a settings file must never be able to run code."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from xentviz.choices import THEMES

RECENT = 10
LONGEST_PATH = 4096


@dataclass
class Settings:
    """Theme (empty: as the desktop has it), size of the window in pixels, and the files last used, the last first."""

    theme: str = ""
    width: int = 1440
    height: int = 900
    recent: tuple[str, ...] = ()


def settings_file() -> Path:
    """Return where the settings are kept."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(folder) / "settings.json"


def load(path: Path) -> Settings:
    """Return the settings kept in a file; what is missing or makes no sense gets its usual value."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    usual = Settings()
    if not isinstance(kept, dict):
        return usual
    theme, width, height = kept.get("theme"), kept.get("width"), kept.get("height")
    return Settings(
        theme=theme if theme in THEMES else usual.theme,
        width=width if type(width) is int and 640 <= width <= 16000 else usual.width,
        height=height if type(height) is int and 480 <= height <= 16000 else usual.height,
        recent=_paths(kept.get("recent")),
    )


def _paths(kept: object) -> tuple[str, ...]:
    """Return those of some texts that may be paths of files, each once."""
    texts = kept if isinstance(kept, list) else []
    paths = [text for text in texts if isinstance(text, str) and len(text) <= LONGEST_PATH and "\0" not in text]
    return tuple(dict.fromkeys(text for text in paths if Path(text).is_absolute()))[:RECENT]


def save(settings: Settings, path: Path) -> None:
    """Keep the settings; on a disk that cannot be written to they are not kept."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(settings), indent=2), encoding="utf-8")
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def remember(used: Path, path: Path) -> None:
    """Put a file first among those last used."""
    kept = load(path)
    save(replace(kept, recent=tuple(dict.fromkeys([str(used.absolute()), *kept.recent]))[:RECENT]), path)
