import json

import numpy as np
import pytest

from xentviz.core.document import ScoreKind, Task
from xentviz.core.errors import DataError
from xentviz.core.evaluation import evaluate
from xentviz.files.export import as_json
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
    opened = read_scene(folder, "a")
    document = opened.document
    assert (document.title, document.task) == ("Two animals", Task.MULTILABEL)
    assert document.categories == ("cat", "dog")
    assert [document.name_of(i) for i in range(2)] == ["first", "second"]
    assert [model.kind for model in document.models] == [ScoreKind.PROBABILITY, ScoreKind.LOGIT]
    assert document.thresholds == (0.4, 0.6)
    assert (opened.unused, opened.current) == ((), 3)
    assert scene_title(folder, "a") == "Two animals"


def test_a_scene_may_be_of_rows_with_one_answer_each(tmp_path):
    scene = SCENE | {"one_answer": True, "labels": [1, None], "thresholds": [0], "order": 1}
    scene["models"] = [{"name": "A", "kind": "probability", "scores": [[0.9, 0.1], [0.5, 0.5]]}]
    (tmp_path / "one.json").write_text(json.dumps(scene), encoding="utf-8")
    document = read_scene(tmp_path, "one").document
    assert document.task is Task.MULTICLASS
    assert document.truths_of(np.arange(2)).tolist() == [1, -1]


def numbers_of(name):
    """Return mean loss and accuracy of each model of one of the program's scenes."""
    document = read_scene(resource("scenes"), name).document
    return [(model["loss"]["mean"], model["accuracy"]) for model in as_json(name, evaluate(document))["models"]]


def test_models_of_the_same_accuracy_may_differ_in_loss():
    # Worked by hand: (2 ln 1/.4 + ln 1/.1) / 3, and (2 ln 1/.7 + ln 1/.3) / 3.
    (loss_1, accuracy_1), (loss_2, accuracy_2) = numbers_of("same_accuracy")
    assert (loss_1, loss_2) == pytest.approx((1.378389, 0.639108), abs=5e-7)
    assert accuracy_1 == accuracy_2 == pytest.approx(2 / 3)


def test_the_model_of_the_lower_loss_may_be_the_less_accurate():
    # Worked by hand: 4 days at ln 1/.9 = .105361, and rain called .01 costs ln 1/.01 = 4.605170; against 3 days at
    # ln 1/.8 = .223144 and two just on the wrong side of a half, at ln 1/.45 = .798508 each.
    (bold, bold_accuracy), (careful, careful_accuracy) = numbers_of("lower_loss")
    assert bold == pytest.approx((4 * 0.105361 + 4.605170) / 5, abs=1e-6) == pytest.approx(1.005323, abs=5e-7)
    assert careful == pytest.approx((3 * 0.223144 + 2 * 0.798508) / 5, abs=1e-6) == pytest.approx(0.453289, abs=1e-6)
    assert (bold_accuracy, careful_accuracy) == (0.8, 0.6)


@pytest.mark.parametrize("name", ["unknown", "../scenes/film_still", ""])
def test_an_unknown_scene_is_refused_with_the_names_of_those_there_are(name):
    with pytest.raises(DataError) as caught:
        read_scene(resource("scenes"), name)
    assert caught.value.code == "scene_unknown"
    assert "film_still" in sentence(caught.value)
