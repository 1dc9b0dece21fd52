from dataclasses import replace

import numpy as np
import pytest

from xentviz.core import ordering, parallel
from xentviz.core.document import Document
from xentviz.core.errors import Cancelled
from xentviz.session import listing
from xentviz.session.listing import Listing, asked_of, is_quick, listed, same
from xentviz.session.view import Shown, View

NAN = np.nan
LABELS = [1, 0, NAN, 1, 0, 1]
SCORES = [0.9, 0.6, 0.5, 0.0, 0.1, 0.6]
NAMES = ["b", "a", "", "c", "a", "é"]


@pytest.fixture(scope="module", autouse=True)
def small_pieces():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "STEP", 4)
        patch.setattr(listing, "NAMES_STEP", 4)
        patch.setattr(ordering, "PIECE", 4)
        yield


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


def document():
    return Document.create(LABELS, {"A": SCORES, "B": [0.5] * 6}, row_names=NAMES)


def questions():
    labels, scores = np.array([[1, 0, 0], [0, 1, NAN]]), np.array([[0.9, 0.8, 0.1], [0.2, 0.3, 0.4]])
    return Document.create(labels, {"A": scores}, categories=("a", "b", "c"))


def order(doc, **choices):
    found = listed(doc, View(**choices)).order
    return found if found is None else found.tolist()


class TestWhatIsListed:
    def test_everything_as_it_comes_needs_no_list(self):
        assert order(document()) is None

    @pytest.mark.parametrize(
        ("shown", "expected"), [(Shown.WRONG, [1, 3]), (Shown.INFINITE, [3]), (Shown.SELECTED, [0, 5])]
    )
    def test_a_filter_lists_what_it_says_in_its_own_order(self, shown, expected):
        assert order(document(), shown=shown, selected=rows(0, 5)) == expected

    @pytest.mark.parametrize("shown", [Shown.WRONG, Shown.INFINITE])
    def test_without_a_model_nothing_is_wrong(self, shown):
        assert order(Document.create([1, 0], {}), shown=shown) == []

    @pytest.mark.parametrize(
        ("key", "up", "down"),
        [
            ("name", [2, 1, 4, 0, 3, 5], [5, 3, 0, 1, 4, 2]),
            ("label", [1, 4, 0, 3, 5, 2], [0, 3, 5, 1, 4, 2]),
            ("score:0", [3, 4, 2, 1, 5, 0], [0, 1, 5, 2, 4, 3]),
            ("decision", [3, 4, 0, 1, 2, 5], [0, 1, 2, 5, 3, 4]),
            ("loss", [0, 4, 5, 1, 3, 2], [3, 1, 5, 4, 0, 2]),
            ("gradient", [3, 5, 0, 4, 1, 2], [1, 4, 0, 5, 3, 2]),
            ("gone", [0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0]),
        ],
    )
    def test_a_column_sorts_up_and_down_equal_ones_as_they_come_and_unknown_ones_last(self, key, up, down):
        assert order(document(), sorted_by=key) == up
        assert order(document(), sorted_by=key, descending=True) == down

    def test_rows_without_names_are_sorted_by_number(self):
        assert order(Document.create([1, 0, 1], {}), sorted_by="name", descending=True) == [2, 1, 0]

    def test_one_category_is_listed_alone(self):
        assert order(questions(), category=1) == [1, 4]
        assert order(questions(), category=1, sorted_by="score:0") == [4, 1]
        assert order(questions(), category=1, shown=Shown.WRONG) == [1, 4]

    def test_categories_sort_too(self):
        assert order(questions(), sorted_by="category", descending=True) == [2, 5, 1, 4, 0, 3]

    def test_an_empty_document_has_empty_lists(self):
        empty = Document.create([], {"A": []}, row_names=[])
        assert [order(empty, sorted_by=key) for key in ("name", "loss")] == [[], []]
        assert order(empty, shown=Shown.WRONG) == []

    def test_the_same_list_is_the_very_list_from_before(self):
        doc, view = document(), View(shown=Shown.WRONG)
        before = listed(doc, view)
        assert listed(doc.with_threshold(0.59), view, before) is before
        assert listed(doc.with_threshold(0.61), view, before) is not before


class TestLines:
    @pytest.mark.parametrize("choices", [{"sorted_by": "loss"}, {"shown": Shown.WRONG}, {"category": 2}, {}])
    def test_are_where_the_elements_stand(self, choices):
        found = listed(questions(), View(**choices))
        everything = np.arange(6) if found.order is None else found.order
        for elements in (rows(), rows(1), rows(2, 4), np.arange(6)):
            expected = [line for line, element in enumerate(everything) if element in elements]
            assert found.lines(elements).tolist() == expected
        assert len(found) == len(everything)

    def test_of_the_very_elements_that_are_listed_are_all(self):
        found = listed(document(), View(shown=Shown.SELECTED, selected=rows(1, 2, 5)))
        assert found.lines(rows(1, 2, 5)).tolist() == [0, 1, 2]
        assert found.lines(rows(1, 2, 4)).tolist() == [0, 1]

    def test_of_an_empty_list_are_none(self):
        assert listed(document(), View(shown=Shown.SELECTED)).lines(rows(1, 3)).tolist() == []


CHANGES = {
    "threshold": lambda doc: doc.with_threshold(0.7),
    "label": lambda doc: doc.with_labels(rows(0), 0),
    "score": lambda doc: doc.with_scores(0, rows(0), 0.4),
    "other score": lambda doc: doc.with_scores(1, rows(0), 0.4),
    "name": lambda doc: doc.with_row_name(0, "z"),
}


class TestWhatItDependsOn:
    @pytest.mark.parametrize(
        ("choices", "expected"),
        [
            ({}, set()),
            ({"sorted_by": "name"}, {"name"}),
            ({"sorted_by": "label"}, {"label"}),
            ({"sorted_by": "score:0"}, {"score"}),
            ({"sorted_by": "decision"}, {"threshold", "label", "score"}),
            ({"sorted_by": "loss"}, {"label", "score"}),
            ({"sorted_by": "gradient"}, {"label", "score"}),
            ({"shown": Shown.WRONG}, {"threshold", "label", "score"}),
            ({"shown": Shown.INFINITE}, {"label", "score"}),
            ({"shown": Shown.WRONG, "sorted_by": "name"}, {"threshold", "label", "score", "name"}),
        ],
    )
    def test_is_all_that_it_is_found_from_and_hardly_more(self, choices, expected):
        doc, view = document(), View(**choices)
        asked = asked_of(doc, view)
        assert {name for name, change in CHANGES.items() if not same(asked, asked_of(change(doc), view))} == expected

    def test_is_what_the_person_chooses(self):
        doc, view = document(), View(shown=Shown.SELECTED, selected=rows(1))
        assert same(asked_of(doc, view), asked_of(doc, replace(view, current=3)))
        for choice in ({"selected": rows(1)}, {"shown": Shown.ALL}, {"sorted_by": "loss"}, {"descending": True}):
            assert not same(asked_of(doc, view), asked_of(doc, replace(view, **choice)))


def test_it_stops_when_told_and_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 1)
    monkeypatch.setattr(listing, "STEP", 1)
    doc = Document.create(np.ones(100), {"A": np.linspace(0, 1, 100)})
    shares = []
    listed(doc, View(shown=Shown.WRONG, sorted_by="loss"), report=shares.append)
    assert shares == sorted(shares)
    assert 0.5 < shares[-1] < 1
    for asked in range(len(shares)):
        answers = iter([False] * asked + [True])
        with pytest.raises(Cancelled):
            listed(doc, View(shown=Shown.WRONG, sorted_by="loss"), stopped=lambda answers=answers: next(answers))


@pytest.mark.parametrize(
    ("choices", "quick"),
    [
        ({}, True),
        ({"sorted_by": "loss"}, False),
        ({"shown": Shown.WRONG}, False),
        ({"shown": Shown.SELECTED, "selected": rows(1)}, True),
        ({"shown": Shown.SELECTED, "selected": np.arange(30_000)}, False),
    ],
)
def test_what_takes_no_time_is_listed_at_once(choices, quick):
    many = Document.create(np.ones(30_000), {})
    assert is_quick(many, View(**choices)) is quick
    assert is_quick(document(), View(**choices))


class TestInASession:
    @pytest.fixture
    def session(self, new_session):
        return new_session(document())

    @pytest.fixture
    def slow(self, monkeypatch):
        """Make five rows too many to be listed at once."""
        monkeypatch.setattr(listing, "AT_ONCE", 4)

    def listed(self, session):
        return None if session.listing.order is None else session.listing.order.tolist()

    def test_few_rows_are_listed_before_the_view_is_told_of(self, session):
        seen = []
        session.view_changed.connect(lambda: seen.append(self.listed(session)))
        session.look(shown=Shown.WRONG)
        assert seen == [[1, 3]]
        assert not session.busy

    def test_few_rows_are_listed_before_the_document_is_told_of(self, session):
        session.look(shown=Shown.WRONG)
        seen = []
        session.document_changed.connect(lambda change: seen.append(self.listed(session)))
        session.apply(session.document.with_threshold(0.95), "Move threshold")
        session.undo_stack.undo()
        assert seen == [[0, 3, 5], [1, 3]]

    def test_nothing_is_listed_anew_for_nothing_new(self, session):
        session.look(sorted_by="label")
        before = session.listing
        session.apply(session.document.with_threshold(0.2), "Move threshold")
        session.look(current=2)
        assert session.listing is before

    @pytest.mark.usefixtures("slow")
    def test_of_many_rows_the_list_from_before_stays_until_the_new_one_comes(self, session, qtbot):
        session.look(sorted_by="loss")
        assert session.is_listing
        assert session.busy
        assert self.listed(session) is None
        with qtbot.waitSignal(session.listing_changed):
            pass
        assert not session.is_listing
        assert self.listed(session) == [0, 4, 5, 1, 3, 2]

    @pytest.mark.usefixtures("slow")
    def test_of_several_wishes_the_last_is_listed_and_told_of_once(self, session, qtbot):
        told = []
        session.listing_changed.connect(lambda: told.append(self.listed(session)))
        for key in ("loss", "label", "name"):
            session.look(sorted_by=key)
        qtbot.waitUntil(lambda: not session.busy)
        assert told == [[2, 1, 4, 0, 3, 5]]

    @pytest.mark.usefixtures("slow")
    def test_a_list_that_overtakes_another_waits_whether_it_is_overtaken_too(self, session, qtbot, monkeypatch):
        begun = []

        def seen(document, view, *rest):
            begun.append(view.sorted_by)
            return listed(document, view, *rest)

        monkeypatch.setattr("xentviz.session.session.listed", seen)
        for key in ("loss", "label", "decision", "gradient", "name"):
            session.look(sorted_by=key)
        qtbot.waitUntil(lambda: not session.busy)
        assert begun in (["name"], ["loss", "name"])

    @pytest.mark.usefixtures("slow")
    def test_going_back_to_what_is_listed_ends_the_work(self, session, qtbot):
        session.look(sorted_by="loss")
        session.look(sorted_by=None)
        assert not session.is_listing
        with qtbot.assertNotEmitted(session.listing_changed, wait=50):
            pass
        assert self.listed(session) is None

    @pytest.mark.usefixtures("slow")
    def test_giving_up_goes_back_to_the_list_that_is_shown(self, session, qtbot):
        session.look(shown=Shown.WRONG)
        qtbot.waitUntil(lambda: not session.busy)
        session.look(sorted_by="loss", shown=Shown.ALL)
        session.cancel()
        assert not session.is_listing
        assert (session.view.shown, session.view.sorted_by) == (Shown.WRONG, None)
        assert self.listed(session) == [1, 3]

    @pytest.mark.usefixtures("slow")
    def test_giving_up_a_list_of_other_numbers_lists_everything(self, session, qtbot):
        session.look(shown=Shown.WRONG)
        qtbot.waitUntil(lambda: not session.busy)
        session.apply(session.document.with_threshold(0.95), "Move threshold")
        session.cancel()
        assert not session.is_listing
        assert session.view.shown is Shown.ALL
        assert self.listed(session) is None

    @pytest.mark.usefixtures("slow")
    def test_while_rows_are_others_all_are_listed_until_the_list_comes(self, session, qtbot):
        session.look(sorted_by="loss")
        qtbot.waitUntil(lambda: not session.busy)
        session.apply(session.document.without_rows(rows(0)), "Delete rows")
        assert len(session.listing) == 5
        assert self.listed(session) is None
        session.undo_stack.undo()
        assert len(session.listing) == 6
        qtbot.waitUntil(lambda: not session.busy)
        assert self.listed(session) == [0, 4, 5, 1, 3, 2]

    @pytest.mark.usefixtures("slow")
    def test_closing_in_the_middle_leaves_nothing(self, session):
        session.look(sorted_by="loss")
        session.close()
        assert not session.is_listing


def test_a_list_knows_its_length():
    assert len(Listing(7)) == 7
    assert len(Listing(7, order=rows(2, 4))) == 2
