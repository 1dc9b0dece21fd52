import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refused import refusal

from xentviz.core.document import (
    EVERYTHING,
    Change,
    Document,
    LossReduction,
    LossSettings,
    ScoreKind,
    Task,
    Unit,
    changes,
)
from xentviz.core.errors import DataError


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


def dozen(**options):
    """Return twelve rows of two models, the second in float32; three blocks where a block has four rows."""
    labels = np.tile([1.0, 0.0], 6)
    scores = np.linspace(0.04, 0.92, 12)
    return Document.create(labels, {"A": scores, "B": scores.astype(np.float32)}, **options)


def columns_of(document):
    names = [] if document.row_names is None else [document.row_names]
    return [document.labels, *(model.scores for model in document.models), *names]


def shared(before, after):
    return [new is old for new, old in zip(after.blocks, before.blocks, strict=True)]


class TestCreate:
    def test_one_category_makes_a_binary_document_and_several_a_multi_label_one(self):
        assert dozen().task is Task.BINARY
        several = Document.create([[1, 0]], {"A": [[0.5, 0.5]]}, categories=("cat", "dog"))
        assert several.task is Task.MULTILABEL
        assert (several.rows, several.elements) == (1, 2)

    def test_hard_labels_are_small_integers_and_minus_one_means_unlabelled(self):
        labels = Document.create([1, 0, np.nan], {}).labels.array()
        assert labels.dtype == np.int8
        assert labels.tolist() == [[1], [0], [-1]]

    def test_soft_labels_are_floats_and_nan_means_unlabelled(self):
        labels = Document.create([0.25, np.nan], {}).labels.array()
        np.testing.assert_array_equal(labels, [[0.25], [np.nan]])

    def test_scores_keep_their_precision(self):
        assert [model.scores.array().dtype for model in dozen().models] == [np.float64, np.float32]

    def test_a_model_whose_scores_are_logits_may_say_anything(self):
        document = Document.create([1, 0], {"A": [-7.5, np.inf]}, logits=["A"])
        assert document.models[0].kind is ScoreKind.LOGIT
        np.testing.assert_allclose(document.probabilities_of(0, rows(0, 1)), [5.527786e-4, 1], rtol=1e-6)

    def test_what_is_held_cannot_be_changed_from_outside(self):
        labels, scores = np.array([1.0, 0.5]), np.array([0.1, 0.2])
        document = Document.create(labels, {"A": scores})
        labels[:], scores[:] = 0, 0
        assert document.labels.array()[1, 0] == 0.5
        assert document.models[0].scores.array()[1, 0] == 0.2
        for column in columns_of(document):
            assert not column.blocks[0].values.flags.writeable
        with pytest.raises(dataclasses.FrozenInstanceError):
            document.title = "other"

    @pytest.mark.parametrize(
        ("labels", "models", "options", "code", "details"),
        [
            ([0, 2], {}, {}, "label_out_of_range", {"row": 1, "value": 2.0}),
            ([0, -1], {}, {}, "label_out_of_range", {"row": 1, "value": -1.0}),
            ([0, 1], {"A": [0.5, 1.2]}, {}, "probability_out_of_range", {"row": 1, "value": 1.2}),
            ([0, 1], {"A": [0.5, np.inf]}, {}, "probability_out_of_range", {"row": 1, "value": np.inf}),
            ([0, 1], {"A": [0.5]}, {}, "shape_mismatch", {"labels": (2, 1), "scores": (1, 1)}),
            ([[0, 1]], {}, {}, "shape_mismatch", {"scores": (1, 2)}),
            ([0, 1], {}, {"categories": ("cat", "dog")}, "shape_mismatch", {"scores": (2,)}),
            ([0, 1], {}, {"row_names": ["only one"]}, "shape_mismatch", {"names": 1}),
            ([0], {"A": [0.5], " A ": [0.5]}, {}, "name_taken", {"name": "A"}),
            ([0], {" ": [0.5]}, {}, "name_empty", {}),
        ],
    )
    def test_refuses_what_cannot_be_used(self, labels, models, options, code, details):
        with pytest.raises(DataError) as caught:
            Document.create(labels, models, **options)
        assert caught.value.code == code
        assert details.items() <= caught.value.details.items()


NAMES = ("a", "b", "c")


def answered(labels, models=None, **options):
    """Return a multi-class document of three categories."""
    return Document.create(labels, models or {}, categories=NAMES, multiclass=True, **options)


class TestCreateWithOneAnswerInMany:
    SCORES = ((0.5, 0.25, 0.25), (0.0, 1.0, 0.0))

    def test_labels_are_numbers_of_categories_and_minus_one_means_unlabelled(self):
        document = answered([2, 0, -1])
        assert document.task is Task.MULTICLASS
        assert document.labels.array().dtype == np.int32
        assert document.labels.array().tolist() == [2, 0, -1]
        assert (document.rows, document.elements) == (3, 9)

    @pytest.mark.parametrize(
        "labels",
        [
            [2.0, np.nan, 0.0],
            np.array([2, -1, 0], dtype=np.int8),
            np.array([2, np.nan, 0], dtype=np.float32),
            np.array([2, -1, 0], dtype=np.int64),
        ],
    )
    def test_labels_of_every_kind_of_number_are_kept_alike(self, labels):
        kept = answered(labels).labels.array()
        assert kept.dtype == np.int32
        assert kept.tolist() == [2, -1, 0]

    @pytest.mark.parametrize("kind", [np.uint8, np.bool_])
    def test_labels_without_a_sign_are_kept_alike(self, kind):
        assert answered(np.array([1, 0], dtype=kind)).labels.array().tolist() == [1, 0]

    @pytest.mark.parametrize("kind", [np.int64, np.float32, np.float64])
    def test_distributions_are_float64_and_nan_means_unlabelled(self, kind):
        labels = np.array([[1, 0, 0], [0, 0, 1]], dtype=kind)
        kept = answered(labels).labels.array()
        assert kept.dtype == np.float64
        assert kept.tolist() == labels.tolist()
        unlabelled = answered([[0.5, 0.25, 0.25], [np.nan] * 3]).labels.array()
        np.testing.assert_array_equal(unlabelled, [[0.5, 0.25, 0.25], [np.nan] * 3])

    def test_without_thresholds_the_most_probable_is_decided_for_however_probable(self):
        assert answered([0]).thresholds == (0.0,)
        assert answered([0], thresholds=(0.6,)).thresholds == (0.6,)

    @pytest.mark.parametrize("kind", [np.float32, np.float64])
    def test_probabilities_keep_their_precision_and_may_be_missing_in_a_row(self, kind):
        scores = np.array([*self.SCORES, (np.nan, np.nan, np.nan), (0.5, np.nan, 0.5)], dtype=kind)
        document = answered([0, 1, 2, -1], {"A": scores})
        assert document.models[0].scores.array().dtype == kind
        np.testing.assert_array_equal(document.models[0].scores.array(), scores)

    def test_probabilities_kept_with_few_digits_need_not_sum_exactly(self):
        assert answered([0], {"A": [[0.333, 0.333, 0.333]]}).models[0].scores.array().sum() == pytest.approx(0.999)
        halves = np.array([[0.1, 0.2, 0.7]], dtype=np.float16)
        assert answered([0], {"A": halves}).models[0].scores.array().dtype == np.float64

    def test_logits_may_be_infinite_where_their_softmax_is_still_defined(self):
        logits = [[-np.inf, 0.0, 1.0], [np.inf, 0.0, 1.0], [-np.inf, -np.inf, -5.0], [np.nan] * 3]
        document = answered([0, 1, 2, 0], {"Z": logits}, logits=["Z"])
        np.testing.assert_array_equal(document.models[0].scores.array(), logits)

    def test_one_category_alone_is_always_the_answer(self):
        document = Document.create([0, -1], {"A": [1.0, 1.0]}, multiclass=True)
        assert (document.task, document.categories) == (Task.MULTICLASS, ("yes",))

    def test_what_is_held_cannot_be_changed_from_outside(self):
        for labels in (np.array([0, 1], dtype=np.int32), np.array([[1.0, 0, 0], [0, 1, 0]])):
            kept = answered(labels).labels
            labels[0] = labels[1]
            assert kept.array()[0].tolist() != labels[0].tolist()
            assert not kept.blocks[0].values.flags.writeable

    @pytest.mark.usefixtures("four_rows_a_block")
    def test_a_model_is_cut_as_the_labels_are(self):
        document = answered(np.arange(5) % 3, {"A": np.full((5, 3), 1 / 3)})
        document = document.without_rows(rows(1)).with_model("Z", ScoreKind.LOGIT, np.arange(12.0).reshape(4, 3))
        for column in columns_of(document):
            np.testing.assert_array_equal(column.starts, document.labels.starts)
        assert document.models[1].scores.array().tolist() == np.arange(12.0).reshape(4, 3).tolist()

    @pytest.mark.parametrize(
        ("labels", "models", "options", "code", "details"),
        [
            ([0, 3], {}, {}, "label_out_of_range", {"index": (1,), "value": 3.0}),
            ([0, -2], {}, {}, "label_out_of_range", {"index": (1,), "value": -2.0}),
            ([0, 0.5], {}, {}, "label_out_of_range", {"index": (1,), "value": 0.5}),
            ([0, np.inf], {}, {}, "label_out_of_range", {"index": (1,), "value": np.inf}),
            ([[0, 1.5, -0.5]], {}, {}, "label_out_of_range", {"index": (0, 1), "value": 1.5}),
            ([[1, 0, 0], [0.5, 0.25, 0]], {}, {}, "labels_no_distribution", {"index": (1,), "sum": 0.75, "off": -0.25}),
            ([[1, 0]], {}, {}, "shape_mismatch", {}),
            ([[[1, 0, 0]]], {}, {}, "shape_mismatch", {}),
            (["a", "b"], {}, {}, "not_numbers", {}),
            ([0, 1], {"A": SCORES[:1]}, {}, "shape_mismatch", {"labels": (2, 3), "scores": (1, 3)}),
            ([0, 1], {"A": [0.5, 0.5]}, {}, "shape_mismatch", {"scores": (2,)}),
            ([0, 1], {"A": [SCORES[0], (0.5, 0.25, 0)]}, {}, "probabilities_no_distribution", {"index": (1,)}),
            ([-1, 1], {"A": [(0.5, 0.25, 0), SCORES[1]]}, {}, "probabilities_no_distribution", {"index": (0,)}),
            ([0, 1], {"A": [SCORES[0], (1.5, -0.5, 0)]}, {}, "probability_out_of_range", {"index": (1, 0)}),
            ([0, 1], {"Z": [SCORES[0], [-np.inf] * 3]}, {"logits": ["Z"]}, "softmax_undefined", {"index": (1,)}),
            ([0, 1], {"Z": [[np.inf, 0, np.inf], SCORES[0]]}, {"logits": ["Z"]}, "softmax_undefined", {"index": (0,)}),
            ([0, 1], {}, {"row_names": ["only one"]}, "shape_mismatch", {"labels": 2, "names": 1}),
            ([0, 1], {"A": SCORES, " A ": SCORES}, {}, "name_taken", {"name": "A"}),
        ],
    )
    def test_refuses_what_cannot_be_used(self, labels, models, options, code, details):
        with pytest.raises(DataError) as caught:
            answered(labels, models, **options)
        assert caught.value.code == code
        assert details.items() <= caught.value.details.items()

    def test_a_model_added_later_must_be_a_distribution_too(self):
        document = answered([0, 1])
        for kind, scores, code in (
            (ScoreKind.PROBABILITY, np.full((2, 3), 0.5), "probabilities_no_distribution"),
            (ScoreKind.LOGIT, np.full((2, 3), -np.inf), "softmax_undefined"),
        ):
            with pytest.raises(DataError, match=code):
                document.with_model("A", kind, scores)
        assert document.with_model("A", ScoreKind.LOGIT, np.full((2, 3), 0.5)).models[0].name == "A"


class TestReadingOneAnswerInMany:
    P = ((0.5, 0.25, 0.25), (0.25, 0.5, 0.25), (0.29, 0.42, 0.29), (0.4, 0.4, 0.2), (np.nan, 0.5, 0.5))
    EVERY = np.arange(15)

    def document(self, **options):
        with np.errstate(divide="ignore"):
            models = {"P": self.P, "Z": np.log(np.array(self.P)) + 7, "F": np.array(self.P, dtype=np.float32)}
        return answered([0, 2, -1, 1, 2], models, logits=["Z"], **options)

    def test_an_answer_is_yes_to_its_category_and_no_to_the_others(self):
        found = self.document().labels_of(self.EVERY).reshape(5, 3)
        np.testing.assert_array_equal(found, [[1, 0, 0], [0, 0, 1], [np.nan] * 3, [0, 1, 0], [0, 0, 1]])

    def test_a_distribution_gives_each_category_its_share(self):
        document = answered([[0.5, 0.25, 0.25], [np.nan] * 3])
        np.testing.assert_array_equal(document.labels_of(rows(5, 1, 0)), [np.nan, 0.25, 0.5])

    def test_probabilities_are_those_of_the_whole_row(self):
        document = self.document()
        np.testing.assert_array_equal(document.probabilities_of(0, self.EVERY).reshape(5, 3), self.P)
        found = document.probabilities_of(1, self.EVERY).reshape(5, 3)
        np.testing.assert_allclose(found[:4], self.P[:4], rtol=1e-14)
        assert np.isnan(found[4]).all()

    @pytest.mark.parametrize("model", [0, 2])
    @pytest.mark.parametrize(
        ("threshold", "decided"),
        [(0.0, (0, 1, 1, 0, None)), (0.42, (0, 1, 1, None, None)), (0.5, (0, 1, None, None, None)), (0.6, (None,) * 5)],
    )
    def test_one_category_of_a_row_is_decided_for_or_none(self, threshold, decided, model):
        found = self.document(thresholds=(threshold,)).decisions_of(model, self.EVERY).reshape(5, 3)
        assert found.tolist() == [[c == answer for c in range(3)] for answer in decided]

    def test_elements_may_be_asked_for_in_any_order(self):
        document = self.document()
        for of in (document.probabilities_of, document.decisions_of):
            np.testing.assert_array_equal(of(1, self.EVERY[::-1]), of(1, self.EVERY)[::-1])
        np.testing.assert_array_equal(document.labels_of(rows(11, 0, 6)), [0, 1, np.nan])


class TestReading:
    def test_elements_are_numbered_row_by_row(self):
        document = Document.create(
            [[1, 0], [np.nan, 1]], {"A": [[0.1, 0.2], [0.3, 0.4]]}, categories=("cat", "dog"), thresholds=(0.3, 0.5)
        )
        np.testing.assert_array_equal(document.labels_of(rows(3, 2, 0)), [1, np.nan, 1])
        np.testing.assert_array_equal(document.scores_of(0, rows(3, 2, 0)), [0.4, 0.3, 0.1])
        np.testing.assert_array_equal(document.decisions_of(0, rows(0, 1, 2, 3)), [False, False, True, False])

    @pytest.mark.parametrize("score", [0.29, 0.57, 0.58, 0.7])
    @pytest.mark.parametrize("kind", [np.float32, np.float64])
    def test_a_score_at_the_threshold_is_decided_yes(self, score, kind):
        scores = np.array([score, np.nextafter(kind(score), kind(0))], dtype=kind)
        document = Document.create([1, 1], {"A": scores}, thresholds=(score,))
        assert document.decisions_of(0, rows(0, 1)).tolist() == [True, False]

    def test_a_row_without_a_score_is_decided_no(self):
        assert not Document.create([1], {"A": [np.nan]}, thresholds=(0.0,)).decisions_of(0, rows(0))[0]

    @pytest.mark.parametrize(
        ("threshold", "decisions"), [(0.8, [1, 1, 0, 0]), (0.75, [1, 1, 0, 1]), (0.7, [1, 1, 1, 1])]
    )
    def test_the_film_still_is_decided_as_by_hand(self, film_still, threshold, decisions):
        at = film_still.with_threshold(threshold)
        assert at.decisions_of(0, np.arange(4)).tolist() == decisions


@pytest.mark.usefixtures("four_rows_a_block")
class TestEdits:
    def test_a_new_score_copies_one_block_and_shares_all_others(self):
        before = dozen()
        after = before.with_scores(0, rows(5), 0.5)
        assert shared(before.models[0].scores, after.models[0].scores) == [True, False, True]
        assert after.labels is before.labels
        assert after.models[1] is before.models[1]
        assert after.scores_of(0, rows(5)) == 0.5
        assert before.scores_of(0, rows(5)) == 0.44

    def test_a_new_label_copies_one_block_and_shares_all_others(self):
        before = dozen()
        after = before.with_labels(rows(11), 1)
        assert shared(before.labels, after.labels) == [True, True, False]
        assert after.models is before.models
        assert after.labels_of(rows(11)) == 1
        assert before.labels_of(rows(11)) == 0

    def test_a_soft_label_turns_only_its_own_block_to_floats_and_a_hard_one_turns_it_back(self):
        soft = dozen().with_labels(rows(5), 0.3)
        assert [block.values.dtype.kind for block in soft.labels.blocks] == ["i", "f", "i"]
        assert soft.labels_of(rows(0, 5, 8)).tolist() == [1, 0.3, 1]
        hard = soft.with_labels(rows(5), 0)
        assert [block.values.dtype.kind for block in hard.labels.blocks] == ["i", "i", "i"]
        np.testing.assert_array_equal(hard.labels.array(), dozen().labels.array())

    def test_a_label_is_taken_away_with_nan_beside_hard_and_beside_soft_ones(self):
        document = dozen().with_labels(rows(0), np.nan)
        assert document.labels.blocks[0].values[0, 0] == -1
        beside_soft = document.with_labels(rows(1), 0.5)
        assert np.isnan(beside_soft.labels.blocks[0].values[0, 0])
        assert np.isnan(beside_soft.labels_of(rows(0))[0])

    def test_what_is_there_already_is_no_edit(self):
        document = dozen().with_labels(rows(3), np.nan).with_scores(0, rows(4), np.nan)
        assert document.with_labels(rows(0, 1, 3), [1, 0, np.nan]) is document
        assert document.with_scores(0, rows(0, 4), [0.04, np.nan]) is document
        as_float32 = document.with_scores(1, rows(2), 0.7)
        assert as_float32.with_scores(1, rows(2), 0.7) is as_float32

    def test_many_elements_are_edited_at_once_across_blocks(self):
        document = dozen().with_scores(0, rows(0, 5, 11), [0.1, 0.2, 0.3]).with_labels(rows(1, 10), [0.5, np.nan])
        assert document.scores_of(0, rows(11, 5, 0)).tolist() == [0.3, 0.2, 0.1]
        np.testing.assert_array_equal(document.labels_of(rows(10, 1)), [np.nan, 0.5])

    def test_a_score_of_a_float32_model_stays_float32(self):
        document = dozen().with_scores(1, rows(0), 0.7)
        assert document.models[1].scores.blocks[0].values.dtype == np.float32

    @pytest.mark.parametrize(
        ("edit", "code"),
        [
            (lambda d: d.with_scores(0, rows(0), 1.5), "probability_out_of_range"),
            (lambda d: d.with_scores(0, rows(0, 1), [0.5, -0.1]), "probability_out_of_range"),
            (lambda d: d.with_labels(rows(0), 2), "label_out_of_range"),
            (lambda d: d.with_rows(0, np.array([[2.0]]), [np.array([[0.5]])] * 2, [""]), "label_out_of_range"),
            (lambda d: d.with_rows(0, np.array([[1.0]]), [np.array([[7.0]])] * 2, [""]), "probability_out_of_range"),
            (lambda d: d.with_threshold(1.1), "threshold_out_of_range"),
            (lambda d: d.with_threshold(np.nan), "threshold_out_of_range"),
            (lambda d: d.with_model("A", ScoreKind.PROBABILITY, np.zeros(12)), "name_taken"),
            (lambda d: d.with_model("C", ScoreKind.PROBABILITY, np.zeros(11)), "shape_mismatch"),
            (lambda d: d.with_model("C", ScoreKind.PROBABILITY, np.full(12, 2.0)), "probability_out_of_range"),
            (lambda d: d.with_model_renamed(0, "B"), "name_taken"),
            (lambda d: d.with_model_renamed(0, "  "), "name_empty"),
        ],
    )
    def test_what_cannot_be_is_refused(self, edit, code):
        with pytest.raises(DataError) as caught:
            edit(dozen())
        assert caught.value.code == code


@pytest.mark.usefixtures("four_rows_a_block")
class TestRows:
    def test_inserted_rows_stand_where_they_were_put(self):
        document = dozen().with_rows(5, np.array([[1.0]]), [np.array([[0.9]]), np.array([[0.8]])], ["new"])
        assert document.rows == 13
        assert document.labels_of(rows(4, 5, 6)).tolist() == [1, 1, 0]
        assert document.scores_of(0, rows(5)) == 0.9
        assert document.name_of(5) == "new"
        assert document.name_of(4) == ""

    def test_rows_inserted_without_names_into_a_document_without_names_need_none(self):
        document = dozen().with_rows(12, np.array([[1.0]]), [np.array([[0.9]])] * 2, [""])
        assert document.row_names is None

    def test_copies_of_rows_stand_after_the_last_of_them(self):
        document = dozen(row_names=[f"row {i}" for i in range(12)]).with_rows_duplicated(rows(1, 6))
        assert [document.name_of(i) for i in (6, 7, 8, 9)] == ["row 6", "row 1", "row 6", "row 7"]
        np.testing.assert_array_equal(document.scores_of(1, rows(7, 8)), dozen().scores_of(1, rows(1, 6)))

    def test_deleted_rows_are_gone_from_every_column(self):
        document = dozen(row_names=[f"row {i}" for i in range(12)]).without_rows(rows(0, 1, 2, 3, 7))
        assert document.rows == 7
        assert [document.name_of(i) for i in (0, 3)] == ["row 4", "row 8"]
        np.testing.assert_array_equal(document.scores_of(0, rows(3)), dozen().scores_of(0, rows(8)))

    @pytest.mark.parametrize("label", [1.0, 0.5, np.nan])
    def test_rows_can_be_inserted_when_all_have_been_deleted(self, label):
        document = dozen().without_rows(np.arange(12))
        assert document.rows == 0
        document = document.with_rows(0, np.array([[label]]), [np.array([[0.9]])] * 2, [""])
        np.testing.assert_array_equal(document.labels_of(rows(0)), [label])

    @pytest.mark.parametrize("at", [0, 5, 12])
    def test_a_soft_row_turns_only_the_block_it_comes_into_to_floats(self, at):
        document = dozen().with_rows(at, np.array([[0.5]]), [np.array([[0.9]])] * 2, [""])
        assert [block.values.dtype.kind for block in document.labels.blocks].count("f") == 1
        assert document.labels_of(rows(at)) == 0.5

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.integers(0, 3), st.randoms(use_true_random=False)), max_size=6))
    def test_all_columns_stay_cut_at_the_same_rows(self, steps):
        document = dozen()
        for step, random in steps:
            some = rows(*sorted(random.sample(range(document.rows), random.randint(0, document.rows))))
            new = random.randint(1, 10)
            if step == 0:
                labels = np.array([[random.choice([0.0, 1.0, 0.5, np.nan])] for _ in range(new)])
                names = [random.choice(["", "named"])] * new
                at = random.randint(0, document.rows)
                document = document.with_rows(at, labels, [np.full((new, 1), 0.5)] * 2, names)
            elif step == 1 and len(some):
                document = document.without_rows(some)
            elif step == 2 and len(some):
                document = document.with_rows_duplicated(some)
            elif len(some):
                document = document.with_row_name(int(some[0]), "other")
            for column in columns_of(document):
                np.testing.assert_array_equal(column.starts, document.labels.starts)


class TestRowNames:
    def test_naming_one_row_leaves_the_others_to_their_numbers(self):
        document = dozen().with_row_name(3, "third")
        assert [document.name_of(i) for i in (2, 3)] == ["", "third"]

    @pytest.mark.usefixtures("four_rows_a_block")
    def test_renaming_a_row_shares_all_other_blocks(self):
        before = dozen(row_names=["x"] * 12)
        after = before.with_row_name(3, "y")
        assert shared(before.row_names, after.row_names) == [False, True, True]


class TestModels:
    def test_a_model_is_added_last_or_where_it_is_wanted(self):
        document = dozen().with_model("C", ScoreKind.PROBABILITY, np.zeros(12))
        document = document.with_model("D", ScoreKind.LOGIT, np.full(12, -9.0), at=0)
        assert [model.name for model in document.models] == ["D", "A", "B", "C"]

    @pytest.mark.usefixtures("four_rows_a_block")
    def test_a_model_added_after_insertions_is_cut_as_the_labels_are(self):
        document = dozen().with_rows(5, np.ones((2, 1)), [np.ones((2, 1))] * 2, ["", ""])
        document = document.with_model("C", ScoreKind.PROBABILITY, np.linspace(0, 1, 14))
        np.testing.assert_array_equal(document.models[2].scores.starts, document.labels.starts)
        np.testing.assert_array_equal(document.models[2].scores.array()[:, 0], np.linspace(0, 1, 14))

    def test_a_duplicate_shares_the_scores(self):
        before = dozen()
        document = before.with_model("copy", ScoreKind.PROBABILITY, before.models[0].scores, at=1)
        assert document.models[1].scores is before.models[0].scores

    def test_a_new_name_is_stripped_and_the_old_one_is_no_change(self):
        document = dozen()
        assert document.with_model_renamed(0, " C ").models[0].name == "C"
        assert document.with_model_renamed(0, "A") is document
        assert document.with_model_renamed(0, " A ") is document

    def test_a_model_is_taken_out(self):
        assert [model.name for model in dozen().without_model(0).models] == ["B"]


class TestThresholds:
    def several(self):
        return Document.create([[1, 0, 1]], {}, categories=("a", "b", "c"), thresholds=(0.4,))

    @pytest.mark.parametrize("thresholds", [(0.0,), (1.0,), (0.0, 0.5, 1.0)])
    def test_there_is_one_or_one_for_each_category(self, thresholds):
        document = Document.create([[1, 0, 1]], {}, categories=NAMES, thresholds=thresholds)
        assert document.thresholds == thresholds
        assert [document.threshold(c) for c in range(3)] == list(thresholds * (3 // len(thresholds)))

    @pytest.mark.parametrize(
        ("thresholds", "code"),
        [
            ((0.5, 0.5), "shape_mismatch"),
            ((1.5,), "threshold_out_of_range"),
            ((0.5, -0.1, 0.5), "threshold_out_of_range"),
            ((np.nan,), "threshold_out_of_range"),
        ],
    )
    def test_others_are_refused(self, thresholds, code):
        with pytest.raises(DataError) as caught:
            Document.create([[1, 0, 1]], {}, categories=NAMES, thresholds=thresholds)
        assert caught.value.code == code

    def test_one_threshold_is_for_all_categories(self):
        document = self.several().with_threshold(0.6, category=2)
        assert [document.threshold(c) for c in range(3)] == [0.6, 0.6, 0.6]

    def test_thresholds_apart_move_one_by_one_and_come_together_again(self):
        document = self.several().with_thresholds_apart().with_threshold(0.6, category=2)
        assert document.thresholds == (0.4, 0.4, 0.6)
        assert document.with_threshold_shared(2).thresholds == (0.6,)


class TestChanges:
    @pytest.mark.parametrize(
        ("edit", "expected"),
        [
            (lambda d: d, Change(0)),
            (lambda d: d.with_threshold(0.5), Change(0)),
            (lambda d: d.with_settings(LossSettings()), Change(0)),
            (lambda d: dataclasses.replace(d, title="other"), Change.TITLE),
            (lambda d: dataclasses.replace(d, task=Task.MULTILABEL), Change.TASK),
            (lambda d: dataclasses.replace(d, categories=("other",)), Change.CATEGORIES),
            (lambda d: d.with_row_name(0, "other"), Change.ROW_NAMES),
            (lambda d: d.with_labels(rows(0), 0), Change.LABELS),
            (lambda d: d.with_scores(1, rows(0), 0.5), Change.MODELS),
            (lambda d: d.with_model_renamed(0, "other"), Change.MODELS),
            (lambda d: d.without_model(0), Change.MODELS),
            (lambda d: d.with_settings(LossSettings(Unit.BITS)), Change.SETTINGS),
            (lambda d: d.with_settings(LossSettings(reduction=LossReduction.SUM)), Change.SETTINGS),
            (lambda d: d.with_threshold(0.6), Change.THRESHOLDS),
            (lambda d: d.without_rows(rows(0)), Change.LABELS | Change.MODELS),
            (lambda d: d.with_rows_duplicated(rows(0)), Change.LABELS | Change.MODELS),
        ],
    )
    def test_are_found_by_comparing(self, edit, expected):
        document = dozen()
        assert changes(document, edit(document)) == expected

    def test_are_the_same_forwards_and_back_and_none_when_an_old_snapshot_comes_back(self):
        before = dozen()
        after = before.with_labels(rows(0), 0).with_threshold(0.9)
        assert changes(before, after) == changes(after, before) == Change.LABELS | Change.THRESHOLDS
        assert changes(before, before) == Change(0)

    def test_have_a_member_for_each_field_of_a_document(self):
        assert [member.name.lower() for member in EVERYTHING] == [f.name for f in dataclasses.fields(Document)]


def test_a_nat_is_worth_so_many_bits_and_bans():
    assert Unit.NATS.per_nat == 1
    assert Unit.BITS.per_nat == pytest.approx(1.442695, abs=5e-7)
    assert Unit.BANS.per_nat == pytest.approx(0.434294, abs=5e-7)


@pytest.mark.parametrize("thresholds", [np.array([0.0]), np.array([0.2, 0.3])])
def test_thresholds_may_be_an_array(thresholds):
    names = "ab"[: len(thresholds)]
    document = Document.create(np.zeros((1, len(names))), {}, categories=names, thresholds=thresholds)
    assert document.thresholds == tuple(thresholds)


def test_rows_of_one_answer_in_many_are_duplicated():
    document = Document.create([0, 2], {"A": np.eye(3)[:2]}, categories=("a", "b", "c"), multiclass=True)
    assert document.with_rows_duplicated(np.array([1])).labels.array().tolist() == [0, 2, 2]


class TestOneAnswerInMany:
    SOFT = ((0.5, 0.25, 0.25), (0.0, 1.0, 0.0))

    def labelled(self, labels, elements, values):
        return answered(labels).with_labels(np.array(elements), values).labels.array().tolist()

    def test_a_label_of_one_makes_the_category_the_answer_of_the_row(self):
        assert self.labelled([2, 0, -1], [1, 8], 1) == [1, 0, 2]

    def test_a_label_of_nan_takes_the_answer_of_the_row_away_whichever_element_it_is_given_to(self):
        assert self.labelled([2, 0, 1], [0, 3], np.nan) == [-1, -1, 1]

    def test_a_row_without_an_answer_may_get_one_while_another_loses_it(self):
        assert self.labelled([2, -1], [0, 4], [np.nan, 1]) == [-1, 1]

    def test_an_answer_may_be_denied_together_with_giving_another(self):
        assert self.labelled([2], [2, 0], [0, 1]) == [0]

    def test_answers_that_are_so_already_change_nothing(self):
        document = answered([2, 0, -1])
        assert document.with_labels(np.array([2, 0, 6]), [1, 0, np.nan]) is document

    @pytest.mark.parametrize(
        ("code", "row", "category", "elements", "values"),
        [
            ("answer_denied", 1, "a", [3], [0]),
            ("answer_soft", 0, "b", [1], [0.5]),
            ("answer_twice", 1, "a", [0, 3, 4], [1, 1, 1]),
        ],
    )
    @pytest.mark.parametrize("soft", [False, True])
    def test_a_row_keeps_one_answer(self, code, row, category, elements, values, soft):
        labels = [[0, 0, 1], [1, 0, 0]] if soft else [2, 0]
        document = answered(labels)
        assert refusal(document.with_labels, np.array(elements), values) == (code, {"row": row, "category": category})

    def test_a_label_beyond_one_is_refused(self):
        assert refusal(answered([0]).with_labels, np.array([0]), 2)[0] == "label_out_of_range"

    def test_a_distribution_becomes_one_category_or_nothing(self):
        document = answered(self.SOFT).with_labels(np.array([2, 3]), [1, np.nan])
        np.testing.assert_array_equal(document.labels.array(), [[0, 0, 1], [np.nan] * 3])
        assert refusal(answered(self.SOFT).with_labels, np.array([1]), 0)[0] == "answer_denied"

    def test_the_truth_of_a_row_is_its_category_or_the_largest_part_of_its_label(self):
        assert answered([2, -1, 0]).truths_of(np.array([2, 1, 0])).tolist() == [0, -1, 2]
        assert answered([[0.2, 0.4, 0.4], [np.nan] * 3]).truths_of(np.arange(2)).tolist() == [1, -1]

    def test_a_row_is_decided_to_be_the_most_probable_category_that_reaches_the_threshold(self):
        scores = {"A": [[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]], "Z": [[0.0, 0.0, 1.0], [2.0, 0.0, 0.0]]}
        document = answered([0, 0], scores, logits=["Z"])
        assert document.answers_of(0, np.arange(2)).tolist() == [0, 2]
        assert document.answers_of(1, np.array([1, 0])).tolist() == [0, 2]
        assert document.with_threshold(0.6).answers_of(0, np.arange(2)).tolist() == [-1, 2]

    @pytest.mark.parametrize("kind", [np.float32, np.float64])
    def test_the_others_of_a_distribution_keep_their_proportions(self, kind):
        document = answered([0, 0], {"A": np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]], dtype=kind)})
        scores = document.with_scores(0, np.array([0]), 0.75).models[0].scores.array()
        assert scores.dtype == kind
        np.testing.assert_allclose(scores, [[0.75, 0.15, 0.1], [0.1, 0.2, 0.7]], rtol=1e-6)

    def test_several_probabilities_of_a_row_stay_as_they_are_given(self):
        document = answered([0, 0], {"A": [[0.5, 0.3, 0.2], [0.2, 0.2, 0.6]]})
        scores = document.with_scores(0, np.array([0, 5, 1]), [0.1, 0.2, 0.4]).models[0].scores.array()
        np.testing.assert_allclose(scores, [[0.1, 0.4, 0.5], [0.4, 0.4, 0.2]], rtol=1e-14)

    def test_others_that_were_all_nothing_share_what_is_left(self):
        document = answered([0], {"A": [[1.0, 0.0, 0.0]]})
        assert document.with_scores(0, np.array([0]), 0.5).models[0].scores.array().tolist() == [[0.5, 0.25, 0.25]]

    def test_a_probability_taken_away_leaves_the_others_and_given_again_scales_them(self):
        document = answered([0], {"A": [[0.5, 0.3, 0.2]]}).with_scores(0, np.array([0]), np.nan)
        np.testing.assert_array_equal(document.models[0].scores.array(), [[np.nan, 0.3, 0.2]])
        again = document.with_scores(0, np.array([0]), 0.75).models[0].scores.array()
        np.testing.assert_allclose(again, [[0.75, 0.15, 0.1]], rtol=1e-14)

    def test_logits_are_free(self):
        document = answered([0], {"Z": [[0.0, 1.0, 2.0]]}, logits=["Z"]).with_scores(0, np.array([1]), -40)
        assert document.models[0].scores.array().tolist() == [[0, -40, 2]]
        several = document.with_scores(0, np.array([0]), np.inf)
        assert refusal(several.with_scores, 0, np.array([1]), np.inf)[0] == "softmax_undefined"

    @pytest.mark.parametrize(("elements", "values"), [([0, 1], [0.9, 0.9]), ([0, 1, 2], [0.1, 0.1, 0.1])])
    def test_probabilities_that_cannot_be_a_distribution_are_refused(self, elements, values):
        document = answered([0], {"A": [[0.5, 0.3, 0.2]]})
        assert refusal(document.with_scores, 0, np.array(elements), values)[0] == "probabilities_no_distribution"

    def test_the_one_of_one_category_stays_one(self):
        document = Document.create([0], {"A": [[1.0]]}, multiclass=True)
        assert refusal(document.with_scores, 0, np.array([0]), 0.5)[0] == "probabilities_no_distribution"

    def test_rows_of_numbers_go_among_distributions_but_not_the_other_way(self):
        document = answered(self.SOFT).with_rows(1, np.array([2, -1]), [], ["", ""])
        expected = [self.SOFT[0], [0, 0, 1], [np.nan] * 3, self.SOFT[1]]
        np.testing.assert_array_equal(document.labels.array(), expected)
        assert refusal(answered([0]).with_rows, 0, np.array(self.SOFT), [], ["", ""])[0] == "shape_mismatch"

    def test_has_one_threshold(self):
        names = ("a", "b")
        document = Document.create([0], {}, categories=names, multiclass=True)
        assert document.with_thresholds_apart() is document
        with pytest.raises(DataError) as caught:
            Document.create([0], {}, categories=names, multiclass=True, thresholds=[0.5, 0.5])
        assert caught.value.code == "shape_mismatch"


def test_two_categories_of_one_name_are_refused():
    with pytest.raises(DataError) as caught:
        Document.create([[0, 1]], {}, categories=("a", "a"))
    assert (caught.value.code, caught.value.details) == ("category_twice", {"categories": ["a", "a"]})


def test_a_logit_may_become_any_number():
    document = Document.create([1], {"Z": [0.5]}, logits=["Z"]).with_scores(0, np.array([0]), -40.0)
    assert document.models[0].scores.array().tolist() == [[-40.0]]


@pytest.mark.parametrize("logits", [["B"], "B", "AB"])
def test_logits_of_a_model_that_is_not_there_are_refused(logits):
    with pytest.raises(DataError) as caught:
        Document.create([1], {"A": [0.5]}, logits=logits)
    assert caught.value.code == "name_unknown"


def test_the_name_of_one_model_of_logits_is_not_taken_letter_by_letter():
    document = Document.create([1], {"A": [0.5], "AB": [3.0]}, logits="AB")
    assert [model.kind.value for model in document.models] == ["probability", "logit"]


class TestGroupings:
    """Columns of words beside labels and scores."""

    @pytest.fixture
    def cities(self, four_rows_a_block):
        rows = 10
        document = Document.create(np.zeros(rows), {"A": np.full(rows, 0.5)})
        return document.with_grouping("city", ["Oslo", "Rome"], np.arange(rows) % 3)

    def codes(self, document):
        return document.groupings[0].codes.array().tolist()

    def test_they_are_cut_as_the_labels_are(self, cities):
        assert cities.groupings[0].codes.starts.tolist() == cities.labels.starts.tolist()
        assert cities.groupings[0].codes.blocks[0].values.dtype == np.uint8

    def test_rows_that_come_belong_to_none_and_copies_to_their_own(self, cities):
        inserted = cities.with_rows(1, np.array([1.0]), [np.array([[0.2]])], [""])
        assert self.codes(inserted) == [0, 2, 1, 2, 0, 1, 2, 0, 1, 2, 0]
        assert inserted.groupings[0].codes.starts.tolist() == inserted.labels.starts.tolist()
        copied = cities.with_rows_duplicated(np.array([0, 1]))
        assert self.codes(copied)[:4] == [0, 1, 0, 1]

    def test_rows_that_go_take_theirs_away(self, cities):
        without = cities.without_rows(np.array([0, 4, 5, 6, 7]))
        assert self.codes(without) == [1, 2, 0, 2, 0]
        assert without.groupings[0].codes.starts.tolist() == without.labels.starts.tolist()

    def test_other_edits_leave_them_as_they_are(self, cities):
        edited = cities.with_labels(np.array([0]), 1.0).with_threshold(0.3)
        assert edited.groupings is cities.groupings
        assert changes(cities, cities.without_rows(np.array([3]))) & Change.GROUPINGS

    @pytest.mark.parametrize(
        ("groups", "codes", "code"),
        [
            (["a"], [0], "shape_mismatch"),
            (["a"], [0, 2], "option_out_of_range"),
            (["a"], [-1, 0], "option_out_of_range"),
            ([str(n) for n in range(201)], [0, 0], "option_out_of_range"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, groups, codes, code):
        with pytest.raises(DataError) as refused:
            Document.create([1, 0], {}).with_grouping("city", groups, codes)
        assert refused.value.code == code

    def test_a_name_stands_once(self):
        document = Document.create([1, 0], {}).with_grouping("city", ["a"], [0, 0])
        with pytest.raises(DataError) as refused:
            document.with_grouping("city", ["b"], [0, 0])
        assert refused.value.code == "name_taken"
