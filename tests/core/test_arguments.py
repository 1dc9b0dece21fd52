import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from refused import refusal

from xentviz.core.arguments import (
    SUM_TOLERANCE,
    all_rows,
    are_distributions,
    are_finite,
    check_categories,
    check_distributions,
    check_elements,
    check_logits,
    check_option,
    complete,
    floats,
    known_losses,
    numbers,
    refuse_first,
    rows_of,
    same_rows,
    same_shape,
    weights_of,
    within_unit_interval,
)
from xentviz.core.errors import DataError

NUMBERS = ["bool", "int8", "uint8", "int64", "uint64", "float16", "float32", "float64"]
MANY = 200_000
"""Elements of more than one piece."""


class TestNumbers:
    @pytest.mark.parametrize("dtype", NUMBERS)
    def test_keep_their_precision_and_are_not_copied(self, dtype):
        values = np.array([[0, 1]], dtype=dtype)
        assert numbers(values) is values

    def test_may_be_lists(self):
        assert numbers([1, 0.5]).tolist() == [1.0, 0.5]
        assert numbers([True, False]).dtype == bool

    @pytest.mark.parametrize(
        ("values", "kind"),
        [
            (["a", "bc"], "str"),
            ([b"a"], "bytes"),
            ([1 + 2j], "complex128"),
            ([None, 1.0], "object"),
            ([10**30], "object"),
            ([1.0, 10**400], "object"),
            (np.array(["2026-01-01"], dtype="M8[D]"), "datetime64"),
            (None, "object"),
            ({"a": 1}, "object"),
        ],
        ids=repr,
    )
    def test_are_not_text_or_objects_or_complex(self, values, kind):
        code, details = refusal(numbers, values)
        assert code == "not_numbers"
        assert details["kind"].startswith(kind)

    @pytest.mark.parametrize("values", [[[1], [1, 2]], [1, [2]], [np.zeros((2, 2)), np.zeros((2, 3))]], ids=repr)
    def test_are_not_ragged(self, values):
        assert refusal(numbers, values) == ("not_numbers", {"kind": "ragged"})

    def test_become_float64_without_a_copy_where_they_are(self):
        values = np.array([0.5])
        assert floats(values) is values
        assert floats(np.array([0.1], dtype=np.float32))[0] == float(np.float32(0.1))


class TestSameShape:
    def test_returns_both_as_they_are(self):
        labels, scores = np.array([True]), np.array([0.5])
        y, s = same_shape(labels, scores)
        assert y is labels
        assert s is scores

    @pytest.mark.parametrize(("labels", "scores"), [((3,), (4,)), ((3,), (3, 1)), ((), (1,)), ((0,), (0, 2))])
    def test_refuses_two_shapes(self, labels, scores):
        expected = ("shape_mismatch", {"labels": labels, "scores": scores})
        assert refusal(same_shape, np.zeros(labels), np.zeros(scores)) == expected


@pytest.mark.usefixtures("some_cores")
class TestCheckElements:
    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    @pytest.mark.parametrize("shape", [(), (0,), (3, 0), (1,), (2, 3), (MANY,)])
    def test_lets_pass_what_is_fine(self, shape, dtype):
        check_elements(np.ones(shape, dtype), np.full(shape, 0.5, dtype), probabilities=True)

    @pytest.mark.parametrize("dtype", NUMBERS)
    def test_lets_the_ends_of_the_interval_pass(self, dtype):
        ends = np.array([0, 1], dtype=dtype)
        check_elements(ends, ends, probabilities=True)

    def test_lets_unknown_labels_lack_their_scores(self):
        check_elements(np.array([np.nan, np.nan, 1]), np.array([np.nan, 0.5, 1]), probabilities=True)

    def test_lets_any_logit_pass_but_nan(self):
        labels = np.array([0.0, 1, 0, 1])
        check_elements(labels, np.array([-np.inf, np.inf, -1e308, 7]), probabilities=False)
        code, details = refusal(check_elements, labels, np.array([0, 1, np.nan, np.nan]), probabilities=False)
        assert code == "score_missing"
        assert details["index"] == (2,)

    @pytest.mark.parametrize("probabilities", [True, False])
    @pytest.mark.parametrize("wrong", [-1, 1.5, np.inf, -np.inf])
    @pytest.mark.parametrize("place", [0, MANY // 2, MANY - 1])
    def test_finds_a_label_wherever_it_is(self, place, wrong, probabilities):
        labels, scores = np.zeros(MANY), np.zeros(MANY)
        labels[place] = wrong
        code = refusal(check_elements, labels, scores, probabilities=probabilities)
        assert code == ("label_out_of_range", {"index": (place,), "value": wrong})

    @pytest.mark.parametrize("wrong", [-5e-324, 1 + 2**-52, np.inf, -np.inf])
    @pytest.mark.parametrize("place", [0, MANY // 2, MANY - 1])
    @pytest.mark.parametrize("elsewhere", [0.5, np.nan], ids=["all labelled", "some unknown"])
    def test_finds_a_probability_wherever_it_is(self, place, wrong, elsewhere):
        labels, scores = np.zeros(MANY), np.zeros(MANY)
        labels[7], scores[7] = elsewhere, elsewhere
        scores[place] = wrong
        code = refusal(check_elements, labels, scores, probabilities=True)
        assert code == ("probability_out_of_range", {"index": (place,), "value": wrong})

    @pytest.mark.parametrize("probabilities", [True, False])
    @pytest.mark.parametrize("place", [0, MANY // 2, MANY - 1])
    def test_finds_a_missing_score_wherever_it_is(self, place, probabilities):
        labels, scores = np.zeros(MANY), np.zeros(MANY)
        labels[7], scores[7] = np.nan, np.nan
        scores[place] = np.nan
        code, details = refusal(check_elements, labels, scores, probabilities=probabilities)
        assert code == "score_missing"
        assert details["index"] == (place,)
        assert np.isnan(details["value"])

    def test_tells_the_first_of_several_faults_in_several_pieces(self):
        for places in [(MANY - 1, 70_000), (150_000, 131_072, 199_999), (131_071, 131_072)]:
            labels = np.zeros(MANY)
            labels[list(places)] = 2 + np.array(places)
            first = min(places)
            expected = ("label_out_of_range", {"index": (first,), "value": 2.0 + first})
            assert refusal(check_elements, labels, np.zeros(MANY), probabilities=True) == expected

    def test_tells_of_labels_before_probabilities_and_of_those_before_what_is_missing(self):
        labels, scores = np.zeros(MANY), np.zeros(MANY)
        scores[5], scores[100_000], labels[MANY - 1] = np.nan, 2, -1
        assert refusal(check_elements, labels, scores, probabilities=True)[0] == "label_out_of_range"
        labels[MANY - 1] = 0
        assert refusal(check_elements, labels, scores, probabilities=True)[0] == "probability_out_of_range"
        scores[100_000] = 1
        assert refusal(check_elements, labels, scores, probabilities=True)[0] == "score_missing"

    def test_tells_the_place_in_every_axis(self):
        scores = np.zeros((50_000, 2, 2))
        scores[40_000, 1, 0] = 3
        code = refusal(check_elements, np.zeros(scores.shape), scores, probabilities=True)
        assert code == ("probability_out_of_range", {"index": (40_000, 1, 0), "value": 3.0})
        assert refusal(check_elements, np.array(2), np.array(0.5), probabilities=True)[1]["index"] == ()

    @given(
        hnp.arrays(np.float64, 7, elements=st.sampled_from([0.0, 0.5, 1.0, 1.5, -1.0, np.nan, np.inf])),
        hnp.arrays(np.float64, 7, elements=st.sampled_from([0.0, 0.5, 1.0, 1.5, -1.0, np.nan, np.inf])),
    )
    def test_agrees_with_asking_each_element(self, labels, scores):
        def fault(wrong):
            return next((i for i in range(7) if wrong(labels[i], scores[i])), None)

        faults = {
            "label_out_of_range": fault(lambda y, s: y < 0 or y > 1),
            "probability_out_of_range": fault(lambda y, s: s < 0 or s > 1),
            "score_missing": fault(lambda y, s: s != s and y == y),
        }
        expected = next(((code, (place,)) for code, place in faults.items() if place is not None), None)
        try:
            check_elements(labels, scores, probabilities=True)
            actual = None
        except DataError as error:
            actual = (error.code, error.details["index"])
        assert actual == expected


class TestRanges:
    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ([], True),
            ([0, 1], True),
            ([0.0, np.nan, 1.0], True),
            ([np.nan], True),
            ([-1e-300], False),
            ([np.nan, 2.0], False),
            ([-np.inf, np.nan], False),
        ],
    )
    def test_from_zero_to_one_or_unknown(self, values, expected):
        assert within_unit_interval(np.array(values)) == expected

    @pytest.mark.parametrize(
        ("labels", "scores", "expected"),
        [
            ([], [], True),
            ([1.0], [0.5], True),
            ([np.nan], [np.nan], True),
            ([np.nan], [0.5], True),
            ([1.0], [np.nan], False),
            ([np.nan, 1.0], [0.5, np.nan], False),
        ],
    )
    def test_every_labelled_element_has_a_score(self, labels, scores, expected):
        assert complete(np.array(labels), np.array(scores)) == expected


class TestRefuseFirst:
    def test_is_silent_where_nothing_is_wrong(self):
        refuse_first("wrong", np.zeros(3, dtype=bool), value=np.zeros(3))
        refuse_first("wrong", np.zeros(0, dtype=bool), value=np.zeros(0))

    def test_tells_the_first_in_reading_order_and_its_value(self):
        wrong = np.array([[False, False], [True, False], [True, True]])
        expected = ("wrong", {"index": (1, 0), "value": 3.0})
        assert refusal(refuse_first, "wrong", wrong, value=np.array([[1, 2], [3, 4], [5, 6]])) == expected

    def test_tells_what_else_the_caller_knows(self):
        expected = ("wrong", {"index": (0,), "value": 7.0, "argument": "first"})
        assert refusal(refuse_first, "wrong", np.array([True]), value=np.array([7]), argument="first") == expected

    def test_details_are_plain_numbers(self):
        _, details = refusal(refuse_first, "wrong", np.array([True]), value=np.array([1], dtype=np.int8))
        assert type(details["index"][0]) is int
        assert type(details["value"]) is float


class TestOption:
    @pytest.mark.parametrize(("value", "largest"), [(0, 1), (0.0, 0.5), (1, 1.0), (1e308, np.inf)])
    def test_within_its_range_passes(self, value, largest):
        check_option("option", value, largest)

    @pytest.mark.parametrize(("value", "largest"), [(-1e-300, 1), (1.0000001, 1), (np.inf, np.inf), (-np.inf, np.inf)])
    def test_outside_its_range_is_refused_with_name_and_value(self, value, largest):
        assert refusal(check_option, "gamma", value, largest) == (
            "option_out_of_range",
            {"option": "gamma", "value": value},
        )

    def test_that_is_nan_is_refused(self):
        assert refusal(check_option, "alpha", np.nan, 1.0)[0] == "option_out_of_range"


class TestWeights:
    def test_are_float64(self):
        weights = weights_of([1, 0, 3])
        assert weights.dtype == np.float64
        assert weights.tolist() == [1, 0, 3]

    @pytest.mark.parametrize("wrong", [-1e-300, -np.inf, np.inf, np.nan])
    def test_that_are_negative_or_not_finite_are_refused_by_place_and_value(self, wrong):
        code, details = refusal(weights_of, [1.0, 0.0, wrong, -1.0])
        assert (code, details["index"]) == ("weight_out_of_range", (2,))
        np.testing.assert_equal(details["value"], wrong)

    def test_that_are_not_numbers_are_refused(self):
        assert refusal(weights_of, "heavy")[0] == "not_numbers"


class TestRowsOf:
    @pytest.mark.parametrize(
        ("shape", "rows"), [((3,), (1, 3)), ((2, 3), (2, 3)), ((2, 4, 3), (8, 3)), ((0, 3), (0, 3)), ((1,), (1, 1))]
    )
    def test_all_but_the_last_axis_are_rows(self, shape, rows):
        scores = np.arange(np.prod(shape), dtype=float).reshape(shape)
        assert rows_of(scores).shape == rows
        np.testing.assert_array_equal(rows_of(scores).ravel(), scores.ravel())

    @pytest.mark.parametrize("shape", [(), (0,), (4, 0)])
    def test_without_a_category_there_are_none(self, shape):
        assert refusal(rows_of, np.zeros(shape)) == ("shape_mismatch", {"scores": shape})


@pytest.mark.usefixtures("some_cores")
class TestAllRows:
    @pytest.mark.parametrize("faulty", [0, 32_767, 32_768, 99_999, None])
    def test_asks_every_row_once(self, faulty):
        rows = np.zeros((100_000, 2))
        rows[:, 1] = np.arange(100_000)
        assert all_rows(lambda piece: faulty is None or faulty not in piece[:, 1], rows) == (faulty is None)
        counted = []
        all_rows(lambda piece: counted.append(len(piece)) is None, rows)
        assert sum(counted) == 100_000

    def test_of_no_rows_is_what_the_question_says_of_none(self):
        assert all_rows(are_finite, np.zeros((0, 3)))
        assert all_rows(are_distributions, np.zeros((0, 3)))


def test_a_mask_is_not_dropped_in_silence():
    assert refusal(numbers, np.ma.array([1.0, 0.0], mask=[0, 1])) == ("not_numbers", {"kind": "masked"})


class TestDistributions:
    @pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
    def test_sum_to_one_in_any_precision(self, dtype):
        rows = np.random.default_rng(5).dirichlet(np.ones(10), 1000).astype(dtype)
        assert are_distributions(rows)
        check_distributions(rows, "outside", "wrong")

    @pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64"])
    def test_may_be_certain_ones_of_whole_numbers(self, dtype):
        rows = np.eye(3, dtype=dtype)
        assert are_distributions(rows)
        check_distributions(rows, "outside", "wrong")
        assert not are_distributions(np.ones((1, 3), dtype=dtype))

    @pytest.mark.parametrize(
        "row", [[0.5, 0.6, 0], [0.5, 0.4, 0], [-1, 1, 1], [1.5, -0.5, 0], [np.nan, 1, 0], [np.inf, 0, 0]], ids=repr
    )
    def test_are_not_these(self, row):
        assert not are_distributions(np.array([[0.5, 0.5, 0], row]))

    def test_do_not_come_about_by_overflow(self):
        # 200 + 57 is 1 for an integer of eight bits.
        rows = np.array([[1, 0], [200, 57]], dtype=np.uint8)
        assert not are_distributions(rows)
        assert refusal(check_distributions, rows, "outside", "wrong") == ("outside", {"index": (1, 0), "value": 200.0})

    @pytest.mark.parametrize("sign", [-1, 1])
    def test_may_be_off_by_the_tolerance_and_no_more(self, sign):
        within = np.array([[0.5, 0.5 + 0.999 * sign * SUM_TOLERANCE]])
        beyond = np.array([[0.5, 0.5 + 1.001 * sign * SUM_TOLERANCE]])
        assert are_distributions(within)
        check_distributions(within, "outside", "wrong")
        assert not are_distributions(beyond)
        code, details = refusal(check_distributions, beyond, "outside", "wrong")
        assert (code, details["index"]) == ("wrong", (0,))
        assert details["off"] == pytest.approx(1.001 * sign * SUM_TOLERANCE, rel=1e-9)

    def test_the_first_that_is_none_is_told_with_its_sum_and_how_far_off_that_is(self):
        rows = np.full((MANY, 2), 0.5)
        rows[150_000], rows[199_999] = [0.75, 0.5], [0, 0]
        expected = ("wrong", {"index": (150_000,), "sum": 1.25, "off": 0.25})
        assert refusal(check_distributions, rows, "outside", "wrong") == expected

    def test_a_row_with_a_nan_is_unknown(self):
        check_distributions(np.array([[np.nan, 0.9], [0.5, 0.5]]), "outside", "wrong")


class TestCheckCategories:
    @pytest.mark.parametrize("dtype", NUMBERS)
    def test_lets_the_numbers_of_categories_pass(self, dtype):
        check_categories(np.array([0, 1, 1], dtype=dtype), 2)

    def test_lets_unknown_labels_pass(self):
        check_categories(np.array([-1, 2, 0], dtype=np.int8), 3)
        check_categories(np.array([-1.0, np.nan, 2.0]), 3)

    @pytest.mark.parametrize("wrong", [-2, 3, 0.5, -0.5, 2.0000001, np.inf, -np.inf])
    def test_refuses_the_first_that_is_no_category(self, wrong):
        labels = np.zeros(MANY)
        labels[150_000], labels[199_999] = wrong, -7
        expected = ("label_out_of_range", {"index": (150_000,), "value": wrong})
        assert refusal(check_categories, labels, 3) == expected


class TestCheckDistributions:
    CODES = ("out", "off")

    def test_lets_distributions_and_unknown_rows_pass(self):
        check_distributions(np.array([[0.5, 0.5], [0.0, 1.0]]), *self.CODES)
        check_distributions(np.array([[0.5, 0.5], [np.nan, 1.0], [np.nan, np.nan]]), *self.CODES)
        check_distributions(np.zeros((0, 2)), *self.CODES)

    def test_refuses_the_first_number_out_of_range_and_then_the_first_sum(self):
        rows = np.full((MANY, 2), 0.5)
        rows[3, 0] = np.nan
        rows[[100_000, 150_000]] = [0.75, 0.5]
        expected = ("off", {"index": (100_000,), "sum": 1.25, "off": 0.25})
        assert refusal(check_distributions, rows, *self.CODES) == expected
        rows[[150_000, 160_000], 1] = -0.25
        expected = ("out", {"index": (150_000, 1), "value": -0.25})
        assert refusal(check_distributions, rows, *self.CODES) == expected


class TestSameRows:
    def test_returns_the_columns_as_they_are(self):
        one, other = np.array([True, False]), np.array([1.0, np.nan])
        columns = same_rows(one=one, other=other)
        assert columns[0] is one
        assert columns[1] is other

    @pytest.mark.parametrize("shapes", [((2,), (3,)), ((2,), (2, 1)), ((2, 2), (2, 2)), ((), ())], ids=str)
    def test_refuses_columns_of_other_rows_by_name(self, shapes):
        one, other = (np.zeros(shape) for shape in shapes)
        expected = ("shape_mismatch", {"one": shapes[0], "other": shapes[1]})
        assert refusal(same_rows, one=one, other=other) == expected

    def test_refuses_what_is_not_numbers(self):
        assert refusal(same_rows, one=[1], other=["a"])[0] == "not_numbers"


class TestKnownLosses:
    def test_are_float64_from_zero_to_infinity_or_unknown(self):
        (losses,) = known_losses(losses=np.array([0, 1], np.float32))
        assert losses.dtype == np.float64
        np.testing.assert_array_equal(known_losses(losses=[0.0, np.inf, np.nan])[0], [0.0, np.inf, np.nan])

    def test_refuses_the_first_that_is_negative_by_argument_place_and_value(self):
        expected = ("loss_negative", {"index": (1,), "value": -1.0, "argument": "second"})
        assert refusal(known_losses, first=[0.0, 1.0, 2.0], second=[np.nan, -1.0, -2.0]) == expected

    def test_refuses_columns_of_other_rows(self):
        assert refusal(known_losses, first=[1.0], second=[1.0, 2.0])[0] == "shape_mismatch"


class TestCheckLogits:
    @pytest.mark.parametrize("dtype", ["int8", "float16", "float32", "float64"])
    def test_lets_finite_rows_pass(self, dtype):
        check_logits(np.array([[3, -4], [0, 0]], dtype=dtype))

    @pytest.mark.parametrize(
        "row", [[-np.inf, 0], [np.inf, 0], [np.inf, -np.inf], [np.nan, 0], [np.nan, np.inf], [1e308, -1e308]], ids=repr
    )
    def test_lets_pass_what_has_a_limit_or_is_unknown(self, row):
        check_logits(np.array([[0.0, 0.0], row]))

    @pytest.mark.usefixtures("some_cores")
    @pytest.mark.parametrize("row", [[-np.inf, -np.inf], [np.inf, np.inf]], ids=repr)
    @pytest.mark.parametrize("place", [0, 99_999, MANY - 1])
    def test_refuses_the_first_row_of_which_no_category_stands_out(self, row, place):
        rows = np.zeros((MANY, 2))
        rows[7] = [np.inf, -np.inf]
        rows[place] = rows[MANY - 1] = row
        assert refusal(check_logits, rows) == ("softmax_undefined", {"index": (place,)})

    @pytest.mark.parametrize(
        ("row", "expected"), [([1.0, 2.0], True), ([np.inf, 0], False), ([-np.inf, 0], False), ([np.nan, 0], False)]
    )
    def test_finite_rows_are_told_from_others(self, row, expected):
        assert are_finite(np.array([row])) == expected
