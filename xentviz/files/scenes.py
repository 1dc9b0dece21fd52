"""Scenes: small documents that teach something, kept as JSON in ``resources/scenes``."""

import json
from pathlib import Path

import numpy as np

from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.files.opened import Opened


def scene_names(folder: Path) -> list[str]:
    """Return the names of the scenes in a folder, in the order in which they are meant to be met."""
    scenes = {path.stem: json.loads(path.read_text(encoding="utf-8"))["order"] for path in folder.glob("*.json")}
    return sorted(scenes, key=lambda name: (scenes[name], name))


def scene_title(folder: Path, name: str) -> str:
    """Return the title of a scene."""
    return str(json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["title"])


def read_scene(folder: Path, name: str) -> Opened:
    """Return the document of a scene.

    Raises
    ------
    DataError
        ``scene_unknown``.
    """
    if name not in scene_names(folder):
        raise DataError("scene_unknown", scene=name, known=scene_names(folder))
    scene = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    models = scene["models"]
    document = Document.create(
        np.array(scene["labels"], dtype=np.float64),  # null becomes nan
        {model["name"]: model["scores"] for model in models},
        title=scene["title"],
        categories=scene["categories"],
        row_names=scene["rows"],
        logits=[model["name"] for model in models if model["kind"] == "logit"],
        thresholds=scene["thresholds"],
        multiclass=scene.get("one_answer", False),
    )
    return Opened(document, current=scene["current"])
