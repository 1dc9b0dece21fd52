import json

import pytest

from xentviz.core.document import ScoreKind, Task
from xentviz.core.errors import DataError
from xentviz.files.scenes import read_scene, scene_names, scene_title
from xentviz.paths import resource
from xentviz.ui.messages import sentence

SCENE = {
    "title": "Two animals",
    "categories": ["cat", "dog"],
    "rows": ["first", "second"],
    "labels": [[1, 0], [0.5, None]],
    "models": [
        {"name": "A", "kind": "probability", "scores": [[0.9, 0.1], [0.5, 0.5]]},
        {"name": "B", "kind": "logit", "scores": [[3, -3], [0, 0]]},
    ],
    "thresholds": [0.4, 0.6],
    "current": 3,
}


@pytest.fixture
def folder(tmp_path):
    for name, order in (("b", 1), ("c", 0), ("a", 1)):
        (tmp_path / f"{name}.json").write_text(json.dumps(SCENE | {"order": order}), encoding="utf-8")
    return tmp_path


def test_scenes_come_in_their_order_then_by_name(folder):
    assert scene_names(folder) == ["c", "a", "b"]


def test_a_scene_is_a_document_and_the_element_to_look_at(folder):
    document, unused, current, *_file = read_scene(folder, "a")
    assert (document.title, document.task) == ("Two animals", Task.MULTILABEL)
    assert document.categories == ("cat", "dog")
    assert [document.name_of(i) for i in range(2)] == ["first", "second"]
    assert [model.kind for model in document.models] == [ScoreKind.PROBABILITY, ScoreKind.LOGIT]
    assert document.thresholds == (0.4, 0.6)
    assert (unused, current) == ((), 3)
    assert scene_title(folder, "a") == "Two animals"


@pytest.mark.parametrize("name", ["unknown", "../scenes/film_still", ""])
def test_an_unknown_scene_is_refused_with_the_names_of_those_there_are(name):
    with pytest.raises(DataError) as caught:
        read_scene(resource("scenes"), name)
    assert caught.value.code == "scene_unknown"
    assert "film_still" in sentence(caught.value)
