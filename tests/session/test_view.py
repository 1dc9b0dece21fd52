import json
from dataclasses import fields

import numpy as np
import pytest

from xentviz.core.document import Document
from xentviz.core.goals import Aim, Costs, Goal
from xentviz.files.opened import Opened
from xentviz.session.comparing import Comparing, SliceOrder, Slicing
from xentviz.session.deciding import Deciding
from xentviz.session.view import Axis, Shown, View


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


def test_what_was_kept_of_a_view_comes_back_without_the_rows(document):
    looks = {"model": 1, "category": 0, "axis": Axis.LOGIT, "squared_error": True, "shown": Shown.WRONG,
             "sorted_by": "score:1", "descending": True, "workspace": "compare", "side": "curves"}  # fmt: skip
    kept = json.loads(json.dumps(View(**looks, selected=rows(0, 3), current=3).kept()))
    view = View.of(Opened(document, view=kept))
    assert {name: getattr(view, name) for name in looks} == looks
    assert isinstance(view.axis, Axis)
    assert (view.selected.tolist(), view.current) == ([], None)


def test_a_list_of_chosen_rows_is_kept_as_a_list_of_all():
    assert View(shown=Shown.SELECTED, selected=rows(1)).kept()["shown"] == "all"


@pytest.mark.parametrize(
    "kept",
    [
        {"model": 2, "category": 2, "sorted_by": "score:2", "shown": "selected", "axis": "z"},
        {"model": -1, "category": -1, "sorted_by": "score:-1", "shown": "SELECTED", "axis": ""},
        {"model": True, "category": True, "sorted_by": True, "descending": "yes", "shown": 1, "squared_error": None},
        {"model": 1.0, "category": [0], "sorted_by": ["loss"], "descending": {}, "shown": None, "axis": {}},
        {"selected": [0], "current": 1, "unheard": "of"},
        {},
    ],
)
def test_what_does_not_fit_the_document_is_not_looked_at(document, kept):
    view, plain = View.of(Opened(document, view=kept)), View()
    assert view.kept() == plain.kept()
    assert (view.selected.tolist(), view.current) == ([], None)


def test_each_part_that_fits_is_taken_beside_those_that_do_not(document):
    view = View.of(Opened(document, view={"model": 9, "category": 1, "axis": "logit"}))
    assert (view.model, view.category, view.axis) == (0, 1, Axis.LOGIT)


def test_a_goal_and_its_prices_are_kept(document):
    goal = Goal(Aim.COST, beta=0.5, target=0.75, costs=Costs(-1.0, 2.0, 5.0, 0.25))
    kept = json.loads(json.dumps(View(deciding=Deciding(goal=goal, prevalence=0.01)).kept()))
    deciding = View.of(Opened(document, view=kept)).deciding
    assert deciding == Deciding(goal=goal)  # what is supposed of the world is not supposed again


@pytest.mark.parametrize(
    "wrong",
    [
        None, 3, {}, {"aim": "f1"}, {"aim": 1, "beta": 1, "target": 1, "costs": {}},
        {"aim": "f1", "beta": "x", "target": 0.5, "costs": {}},
        {"aim": "f1", "beta": 1.0, "target": 2.0, "costs": {}},
        {"aim": "f1", "beta": 1.0, "target": [0.5], "costs": {}},
        {"aim": "f1", "beta": 1.0, "target": 0.5, "costs": {"miss": 1}},
        {"aim": "f1", "beta": 1.0, "target": 0.5, "costs": {"false_negative": 1e300}},
    ],
)  # fmt: skip
def test_what_is_no_goal_is_not_sought(document, wrong):
    assert View.of(Opened(document, view={"goal": wrong})).deciding == Deciding()


CHOICES = {"reference": "B", "bins": 20, "equal_count": True, "temperature": 2.5, "slicing": Slicing.COLUMN,
           "column": "city", "equal_slices": True, "only": 1, "slice_order": SliceOrder.SIZE, "in_shares": True,
           "beyond_chance": True, "columns": ("loss", "mcc"), "places": ("mcc", "loss"), "ordered_by": "mcc",
           "best_first": False}  # fmt: skip


def test_how_models_are_compared_is_kept(document):
    cities = document.with_grouping("city", ["Oslo", "Rome"], [0, 1])
    assert set(CHOICES) == {field.name for field in fields(Comparing)}
    kept = json.loads(json.dumps(View(comparing=Comparing(**CHOICES)).kept(), allow_nan=False))
    comparing = View.of(Opened(cities, view=kept)).comparing
    assert comparing == Comparing(**CHOICES)
    assert (type(comparing.slicing), type(comparing.slice_order)) == (Slicing, SliceOrder)
    plain = View.of(Opened(document.without_model(1), view=kept)).comparing  # without that model, and that column
    assert (plain.reference, plain.column, plain.only, plain.bins) == ("", "", None, 20)


@pytest.mark.parametrize(
    "wrong",
    [
        None, 3, [], {},
        {"reference": "C", "bins": 1, "temperature": 0.0, "slicing": "moon", "column": "town", "slice_order": "none"},
        {"reference": 0, "bins": 20.0, "temperature": True, "slicing": ["label"], "column": None, "in_shares": "yes"},
        {"bins": 101, "temperature": float("nan"), "columns": "loss", "places": [1], "ordered_by": None, "more": 1},
        {"bins": True, "temperature": 1e300, "columns": {"loss": 1}, "places": None, "best_first": 2, "only": True},
    ],
)  # fmt: skip
def test_what_is_no_way_to_compare_is_not_taken(document, wrong):
    assert View.of(Opened(document, view={"comparing": wrong})).comparing == Comparing()


def test_the_workspace_is_that_kept_or_else_the_one_from_before(document):
    before = View(workspace="threshold", side="curves")
    kept = View.of(Opened(document, view={"workspace": "compare", "side": "slices"}), before)
    assert (kept.workspace, kept.side) == ("compare", "slices")
    for nothing in ({}, {"workspace": "kitchen", "side": 2}):
        stayed = View.of(Opened(document, view=nothing), before)
        assert (stayed.workspace, stayed.side) == ("threshold", "curves")
    fresh = View.of(Opened(document))
    assert (fresh.workspace, fresh.side) == ("explore", "rows")
