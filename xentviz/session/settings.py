"""What the program remembers between runs, as JSON: a settings file must never be able to run code."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from xentviz.choices import THEMES


@dataclass
class Settings:
    """Theme (empty: as the desktop has it) and size of the window in pixels."""

    theme: str = ""
    width: int = 1440
    height: int = 900


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
    )


def save(settings: Settings, path: Path) -> None:
    """Keep the settings; on a disk that cannot be written to they are not kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(settings), indent=2), encoding="utf-8")
    except OSError:
        return
