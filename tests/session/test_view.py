import numpy as np
import pytest

from xentviz.core.document import Document
from xentviz.files.opened import Opened
from xentviz.session.view import View


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


@pytest.fixture
def document():
    return Document.create([[1, 0], [0, 1]], {"A": [[0.5] * 2] * 2, "B": [[0.5] * 2] * 2}, categories=("a", "b"))


def test_what_a_scene_points_at_is_chosen(document):
    view = View.of(Opened(document, current=2))
    assert view.current == 2
    assert view.selected.tolist() == [2]


@pytest.mark.parametrize("current", [None, 4, 400])
def test_nothing_is_chosen_where_a_scene_points_at_nothing(document, current):
    view = View.of(Opened(document, current=current))
    assert view.current is None
    assert view.selected.tolist() == []


def test_a_view_that_fits_stays_the_same_view(document):
    view = View(model=1, selected=rows(0, 3), current=3, category=1)
    assert view.within(document) is view


def test_what_the_document_does_not_have_is_let_go(document):
    view = View(model=7, selected=rows(0, 3, 4, 9), current=9, category=2).within(document)
    assert (view.model, view.current, view.category) == (1, None, None)
    assert view.selected.tolist() == [0, 3]


def test_an_empty_document_has_nothing_to_look_at():
    view = View(model=1, selected=rows(0), current=0).within(Document.create([], {}))
    assert (view.model, view.current, view.selected.tolist()) == (0, None, [])


def test_with_thresholds_apart_one_category_is_always_looked_at(document):
    assert View().within(document.with_thresholds_apart()).category == 0
    assert View(category=1).within(document.with_thresholds_apart()).category == 1
