"""Which colour is whose: names stand whole in a line, or cut in two."""

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from xentviz.ui.theme import theme
from xentviz.ui.widgets.model_legend import legend_lines, paint_legend

WORN = theme("light")
COLOURS = ("#ff0000", "#00ff00", "#0000ff", "#ff00ff")
MODELS = tuple(zip(("logistic", "random forest", "boosted trees", "naive Bayes"), COLOURS, strict=True))


@pytest.fixture(autouse=True)
def _fonts(qtbot: QtBot) -> None:
    """Let there be an application, for it has the fonts."""


def painted(width: int, height: int = 20) -> QImage:
    """Return the legend of all models on white."""
    image = QImage(width, 3 * height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_legend(painter, MODELS, WORN, width, height)
    painter.end()
    return image


def places(image: QImage, colour: str) -> list[tuple[int, int]]:
    """Return where a colour is."""
    wanted = QColor(colour)
    return [(x, y) for y in range(image.height()) for x in range(image.width()) if image.pixelColor(x, y) == wanted]


def test_names_that_fit_stand_in_one_line() -> None:
    assert legend_lines(MODELS, WORN, 800) == 1
    assert all(y < 20 for colour in COLOURS for _, y in places(painted(800), colour))


@pytest.mark.parametrize("width", [90, 200, 300])
def test_names_that_do_not_stand_in_two_within_the_width(width: int) -> None:
    assert legend_lines(MODELS, WORN, width) == 2
    image = painted(width)
    found = [places(image, colour) for colour in COLOURS]
    assert [min(y for _, y in dots) // 20 for dots in found] == [0, 0, 1, 1]
    if width > 90:  # there is room for letters too, and the last column is free of them
        assert {image.pixelColor(width - 1, y).name() for y in range(image.height())} == {"#ffffff"}


@pytest.mark.parametrize(("models", "width"), [((), 0), ((), 300), ((("A", "#ff0000"),), 0)])
def test_no_model_and_one_have_a_line(models: tuple[tuple[str, str], ...], width: int) -> None:
    assert legend_lines(models, WORN, width) == 1
