"""Where the program's own resources are, in a wheel as in a checkout."""

from pathlib import Path


def resource(*parts: str) -> Path:
    """Return the path of a file below ``resources/``."""
    package = Path(__file__).parent
    root = package / "resources"
    return (root if root.is_dir() else package.parent / "resources").joinpath(*parts)
