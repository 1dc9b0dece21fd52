import json
import re
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest

from xentviz import choices, files
from xentviz.core.document import Task
from xentviz.core.evaluation import evaluate
from xentviz.files.export import as_json
from xentviz.files.scenes import read_scene, scene_names, scene_title
from xentviz.paths import resource
from xentviz.ui import theme
from xentviz.ui.panels.operating_panel import LINES

COLOUR = re.compile(r"#[0-9a-f]{6}")
THEMES = sorted(path.stem for path in resource("themes").glob("*.json"))
SCENES = scene_names(resource("scenes"))
SAMPLES = sorted(path.name for path in resource("samples").glob("*.csv"))


def colours_of(name):
    return json.loads(resource("themes", f"{name}.json").read_text(encoding="utf-8"))


def luminance(colour):
    """Return the relative luminance of ``#rrggbb`` as WCAG 2 defines it."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


SEEN_BY = {
    "most": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
"""What linear red, green and blue look like to eyes without red or green cones: Machado, Oliveira, Fernandes 2009."""


def oklab(colour, eyes):
    """Return lightness and hue of ``#rrggbb`` as some eyes see it, in Ottosson's space of even differences."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SEEN_BY[eyes]) @ linear, 0, 1)
    cones = [
        [0.41222147, 0.53633254, 0.05144599],
        [0.2119035, 0.68069955, 0.10739696],
        [0.08830246, 0.28171884, 0.6299787],
    ]
    even = [
        [0.21045426, 0.79361779, -0.00407205],
        [1.9779985, -2.42859221, 0.45059371],
        [0.02590404, 0.78277177, -0.80867577],
    ]
    return np.array(even) @ np.cbrt(np.array(cones) @ seen)


def test_differences_of_colours_are_those_of_their_space():
    assert oklab("#ffffff", "most") == pytest.approx([1, 0, 0], abs=1e-4)
    assert oklab("#ff0000", "most") == pytest.approx([0.628, 0.225, 0.126], abs=1e-3)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


class TestThemes:
    def test_are_those_that_can_be_chosen(self):
        assert set(THEMES) == set(choices.THEMES)

    @pytest.mark.parametrize("name", THEMES)
    def test_have_all_roles_and_only_colours_in_them(self, name):
        roles = colours_of(name)
        assert set(roles) | {"name"} == set(theme.Theme.__dataclass_fields__)
        assert 1 <= roles.pop("scale") <= 2
        models = roles.pop("models")
        assert len(set(models)) == 8
        for colour in (*roles.values(), *models):
            assert COLOUR.fullmatch(colour)

    @pytest.mark.parametrize(
        ("ink", "paper"),
        [
            *((ink, "surface") for ink in ("text", "muted", "alert", "label_1", "label_0", "soft")),
            *((ink, "background") for ink in ("text", "muted")),
            *(("text", paper) for paper in ("wrong", "selection", "chosen")),
            ("alert", "alert_background"),
        ],
    )
    @pytest.mark.parametrize("name", THEMES)
    def test_can_be_read(self, name, ink, paper):
        roles = colours_of(name)
        assert contrast(roles[ink], roles[paper]) >= 4.5

    @pytest.mark.parametrize("name", THEMES)
    def test_show_every_model_s_line_on_their_surface(self, name):
        roles = colours_of(name)
        for colour in roles["models"]:
            assert contrast(colour, roles["surface"]) >= 3

    @pytest.mark.parametrize("eyes", SEEN_BY)
    @pytest.mark.parametrize("name", THEMES)
    def test_tell_eight_models_apart(self, name, eyes):
        least = 0.115 if eyes == "most" else 0.045
        for (m, one), (n, other) in combinations(enumerate(colours_of(name)["models"]), 2):
            apart = np.linalg.norm(oklab(one, eyes) - oklab(other, eyes))
            same_line = LINES[m % len(LINES)] is LINES[n % len(LINES)]
            assert apart > (0.09 if same_line else least), (one, other)

    def test_has_a_kind_of_line_for_every_model(self):
        assert len(set(LINES)) == len(colours_of(THEMES[0])["models"]) == len(LINES)

    def test_style_sheet_asks_only_for_roles_and_sizes_there_are(self):
        asked = set(re.findall(r"@(\w+)", resource("themes", "style.qss").read_text(encoding="utf-8")))
        sizes = {name for name in asked if re.fullmatch(r"\d+px", name)}
        assert asked - sizes - {"indicator_radius", "icons"} <= set(theme.Theme.__dataclass_fields__)


class TestScenes:
    @pytest.mark.parametrize("name", SCENES)
    def test_open_and_can_be_evaluated(self, name):
        opened = read_scene(resource("scenes"), name)
        document, unused, current = opened.document, opened.unused, opened.current
        assert document.title == scene_title(resource("scenes"), name)
        assert unused == ()
        assert current is None or 0 <= current < document.elements
        losses = document.rows if document.task is Task.MULTICLASS else document.elements
        for model in evaluate(document).models:
            assert model.known == losses

    def test_begin_with_the_film_still(self, film_still):
        assert SCENES[0] == "film_still"
        document = read_scene(resource("scenes"), "film_still").document
        np.testing.assert_array_equal(document.labels.array(), film_still.labels.array())
        np.testing.assert_array_equal(document.models[0].scores.array(), film_still.models[0].scores.array())
        assert document.thresholds == film_still.thresholds


class TestSamples:
    def test_are_made_by_their_script_byte_for_byte(self, tmp_path):
        script = resource("samples", "make_samples.py")
        subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, capture_output=True, timeout=100)
        assert sorted(path.name for path in tmp_path.iterdir()) == SAMPLES
        for name in SAMPLES:
            assert (tmp_path / name).read_bytes() == resource("samples", name).read_bytes()

    @pytest.mark.parametrize("name", SAMPLES)
    def test_have_the_numbers_that_their_readme_tells(self, name):
        numbers = as_json(name, evaluate(files.read(resource("samples", name)).document))
        told = told_of(name)
        assert len(told) == sum(len(questions(model)) for model in numbers["models"])
        for model in numbers["models"]:
            for question, part in questions(model).items():
                mean, infinite, accuracy = told[model["name"], question]
                loss = part["mean_loss"] if question else part["loss"]["mean"]
                assert ("∞" if loss == "inf" else f"{loss:.4f}") == mean
                assert f"{part['accuracy']:.4f}" == accuracy
                assert question or part["loss"]["infinite_rows"] == infinite


def questions(model):
    return model.get("per_category", {"": model})


def told_of(name):
    """Return mean loss, infinite rows and accuracy that the README gives, by model and question."""
    text = resource("samples", "README.md").read_text(encoding="utf-8")
    section = text.split(f"## `{name}`")[1].split("\n## ")[0]
    told, model = {}, ""
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[3].isdigit():
            model = cells[0] or model
            question = cells[1] if name == "digits.csv" else ""
            told[model, question] = cells[2].split()[0], int(cells[3]), cells[4].split()[0]
    return told
