"""Which column is what: the usual shapes without asking, the doubtful with a question."""

import numpy as np
import pyarrow as pa
import pytest

from xentviz.core.errors import DataError
from xentviz.files.roles import recognized
from xentviz.files.table import RECOGNISED, Kind, Mapping

HALF = [0.5, 0.5, 0.5]


def columns(**more):
    return pa.table(more)


def named(names, **values):
    """Return a table of these columns: of halves, unless told otherwise."""
    return pa.table({name: values.get(name, HALF) for name in names})


class TestNames:
    def test_are_looked_for_by_name_before_the_first_column_of_words(self):
        words = ["x", "y", "z"]
        roles = recognized(named(["comment", "id", "label", "A"], comment=words), RECOGNISED)
        assert roles.names == "id"
        assert roles.unused == ("comment",)
        assert recognized(named(["comment", "label", "A"], comment=words), RECOGNISED).names == "comment"

    @pytest.mark.parametrize("name", ["Unnamed: 0", "__index_level_0__", "PassengerId", "image_id", "userID", "ID"])
    def test_of_rows_go_by_many_names(self, name):
        roles = recognized(named([name, "label", "A"]), RECOGNISED)
        assert (roles.names, list(roles.scores)) == (name, ["A"])

    @pytest.mark.parametrize("name", ["grid", "hybrid", "said"])
    def test_of_models_may_end_alike(self, name):
        assert list(recognized(named([name, "label"]), RECOGNISED).scores) == [name]

    def test_can_be_said_or_said_not_to_be(self):
        table = named(["id", "label", "A"])
        assert recognized(table, Mapping(names="A", scores=("id",))).names == "A"
        assert recognized(table, Mapping(names="")).names is None


class TestLabels:
    def test_of_two_columns_the_first_is_the_truth_and_the_other_unused(self):
        roles = recognized(named(["y", "label", "A"]), RECOGNISED)
        assert roles.labels == ("y",)
        assert list(roles.scores) == ["A"]
        assert roles.unused == ("label",)

    def test_can_be_said(self):
        assert recognized(named(["label", "A", "B"]), Mapping(labels=("B",))).labels == ("B",)

    def test_that_nobody_finds_are_asked_for(self):
        with pytest.raises(DataError, match="label_missing"):
            recognized(named(["A", "B"]), RECOGNISED)

    @pytest.mark.parametrize("mapping", [Mapping(labels=("Z",)), Mapping(scores=("Z",)), Mapping(names="Z")])
    def test_and_all_that_is_said_must_be_there(self, mapping):
        with pytest.raises(DataError) as caught:
            recognized(named(["label", "A"]), mapping)
        assert (caught.value.code, caught.value.details["column"]) == ("column_unknown", "Z")

    def test_of_several_columns_that_are_said_are_categories_by_their_names(self):
        table = named(["cat", "dog", "A:cat", "A:dog"])
        roles = recognized(table, Mapping(labels=("cat", "dog")))
        assert roles.categories == ("cat", "dog")
        assert roles.scores == {"A": ("A:cat", "A:dog")}


class TestWeights:
    def test_are_no_scores(self):
        roles = recognized(named(["label", "A", "sample_weight"], sample_weight=[1.0, 2.0, 9.0]), RECOGNISED)
        assert (roles.weights, list(roles.scores), roles.doubts) == ("sample_weight", ["A"], ())

    def test_unless_somebody_says_so(self):
        roles = recognized(named(["label", "weight"]), Mapping(scores=("weight",)))
        assert (roles.weights, list(roles.scores)) == (None, ["weight"])


class TestKinds:
    @pytest.mark.parametrize(
        ("name", "cells", "kind"),
        [
            ("A", [0.0, 1.0, None], Kind.PROBABILITY),
            ("A", [-1e-9, 1 + 1e-7, 0.5], Kind.PROBABILITY),
            ("A", [None, None, None], Kind.PROBABILITY),
            ("A logits", [0.1, 0.2, 0.3], Kind.LOGIT),
            ("A", ["50%", " 7.5 %", ""], Kind.PERCENT),
        ],
    )
    def test_are_told_by_the_name_and_the_numbers(self, name, cells, kind):
        roles = recognized(named(["label", name], **{name: cells}), RECOGNISED)
        assert (roles.kinds, roles.doubts) == ({name: kind}, ())

    @pytest.mark.parametrize(
        ("cells", "guess", "row"),
        [([0.5, -3.0, 2.0], Kind.LOGIT, 2), ([50.0, 0.5, 100.0], Kind.PERCENT, 1), ([0.0, 0.0, 101.0], Kind.LOGIT, 3)],
    )
    def test_of_numbers_outside_0_to_1_are_asked_for_with_a_guess(self, cells, guess, row):
        roles = recognized(named(["label", "A"], A=cells), RECOGNISED)
        assert roles.kinds == {"A": guess}
        (doubt,) = roles.doubts
        assert (doubt.code, doubt.details["row"], doubt.details["column"]) == ("probability_out_of_range", row, "A")

    @pytest.mark.parametrize("key", ["A", ""])
    def test_that_are_said_are_no_doubt(self, key):
        roles = recognized(named(["label", "A"], A=[7.0, -3.0, 2.0]), Mapping(kinds={key: Kind.LOGIT}))
        assert (roles.kinds, roles.doubts) == ({"A": Kind.LOGIT}, ())

    def test_that_are_said_of_one_column_are_its_own(self):
        roles = recognized(named(["label", "A", "B"]), Mapping(kinds={"A": Kind.LOGIT, "": Kind.PERCENT}))
        assert roles.kinds == {"A": Kind.LOGIT, "B": Kind.PERCENT}


THIRDS = ([0.2, 0.3, 0.5], [0.3, 0.3, 0.25], [0.5, 0.4, 0.25])


class TestClasses:
    def table(self, label, pattern, names="abc"):
        return pa.table({"label": label, **{pattern.format(n): THIRDS[i] for i, n in enumerate(names)}})

    @pytest.mark.parametrize("pattern", ["M:{}", "M: {}", "M_{}", "M-{}", "M.{}", "M {}"])
    def test_are_columns_that_end_with_the_labels(self, pattern):
        roles = recognized(self.table(["b", "c", "a"], pattern), RECOGNISED)
        assert roles.multiclass
        assert roles.categories == ("a", "b", "c")
        assert list(roles.scores) == ["M"]

    @pytest.mark.parametrize(
        ("pattern", "model"), [("p{}", "p"), ("class_{}", "class"), ("{}", "model"), ("p[{}]", "p")]
    )
    @pytest.mark.parametrize("numbers", ["012", "123"])
    def test_are_columns_numbered_from_0_or_1(self, pattern, model, numbers):
        label = [int(n) for n in numbers]
        roles = recognized(self.table(label, pattern, numbers), RECOGNISED)
        assert roles.multiclass
        assert roles.categories == tuple(numbers)
        assert list(roles.scores) == [model]

    def test_of_which_some_do_not_occur_among_the_labels_are_found_by_their_numbers_or_colons(self):
        for pattern, names in (("p{}", "012"), ("M:{}", "abc")):
            label = [0, 1, 1] if names == "012" else ["a", "b", "b"]
            assert recognized(self.table(label, pattern, names), RECOGNISED).categories == tuple(names)

    def test_of_several_models_are_grouped(self):
        table = self.table(["a", "b", "c"], "M:{}")
        for name in "abc":
            table = table.append_column(f"N:{name}", table[f"M:{name}"])
        assert list(recognized(table, RECOGNISED).scores) == ["M", "N"]

    def test_of_logits_need_no_sum(self):
        table = pa.table({"y": [0, 1, 2], "logits:0": [5.0, -1, 2], "logits:1": [0.0, 1, 2], "logits:2": [1.0, 9, 2]})
        roles = recognized(table, RECOGNISED)
        assert (roles.multiclass, roles.kinds) == (True, {"logits": Kind.LOGIT})

    def test_two_models_with_numbers_in_their_names_are_two_models(self):
        table = pa.table({"label": [0, 1, 1], "model_1": [0.2, 0.9, 0.4], "model_2": [0.3, 0.8, 0.9]})
        roles = recognized(table, RECOGNISED)
        assert not roles.multiclass
        assert list(roles.scores) == ["model_1", "model_2"]

    @pytest.mark.parametrize(
        "labels", [["no", "yes", "yes"], ["ham", "spam", "spam"], [-1, 1, 1], [0.3, 1.0, 0.0], [0, 1, 1]]
    )
    def test_two_models_whose_names_end_with_numbers_stay_two_whatever_the_labels(self, labels):
        table = pa.table({"label": labels, "model1": HALF, "model2": HALF})
        assert not recognized(table, RECOGNISED).multiclass

    def test_a_pair_beside_another_model_stays_two_columns(self):
        table = pa.table({"label": [0, 1, 1], "base": [0.2, 0.6, 0.7], "p_0": HALF, "p_1": HALF})
        roles = recognized(table, RECOGNISED)
        assert not roles.multiclass
        assert list(roles.scores) == ["base", "p_0", "p_1"]

    def test_of_one_answer_and_its_opposite_are_known_by_their_sum(self):
        p = np.array([0.2, 0.9, 0.4])
        roles = recognized(pa.table({"label": [0, 1, 1], "p_0": 1 - p, "p_1": p}), RECOGNISED)
        assert (roles.multiclass, roles.categories) == (True, ("0", "1"))

    def test_can_be_said_to_be_none(self):
        roles = recognized(self.table(["a", "b", "c"], "M:{}"), Mapping(multiclass=False))
        assert not roles.multiclass
        assert list(roles.scores) == ["M:a", "M:b", "M:c"]

    def test_can_be_said_to_be_some(self):
        table = pa.table({"label": [0, 1, 1], "m1": [0.2, 0.9, 0.4], "m2": [0.3, 0.8, 0.9]})
        assert recognized(table, Mapping(multiclass=True)).multiclass

    def test_what_stands_beside_them_is_not_used(self):
        table = self.table(["a", "b", "c"], "M:{}").append_column("confidence", pa.array(HALF))
        roles = recognized(table, RECOGNISED)
        assert roles.unused == ("confidence",)


class TestColumnsInWhichNothingStands:
    EMPTY = (pa.nulls(3), pa.array([None] * 3, pa.float64()), [np.nan] * 3, pa.array([None] * 3, pa.bool_()))

    @pytest.mark.parametrize("cells", EMPTY, ids=["null", "no number", "nan", "no truth"])
    def test_are_no_models_and_said_to_be_unused(self, cells):
        roles = recognized(named(["label", "A", "notes"], notes=cells), RECOGNISED)
        assert list(roles.scores) == ["A"]
        assert (roles.empty, roles.unused) == (("notes",), ("notes",))

    def test_are_a_model_where_that_is_said(self):
        roles = recognized(named(["label", "A", "B"], B=[np.nan] * 3), Mapping(scores=("A", "B")))
        assert (list(roles.scores), roles.empty) == (["A", "B"], ())

    def test_are_models_where_there_are_no_others(self):
        roles = recognized(named(["label", "A"], A=[np.nan] * 3), RECOGNISED)
        assert (list(roles.scores), roles.empty) == (["A"], ())

    def test_are_models_where_there_are_no_rows(self):
        assert list(recognized(pa.table({"label": [], "A": [], "B": []}), RECOGNISED).scores) == ["A", "B"]

    def test_do_not_make_a_model_of_decisions_a_doubt(self):
        roles = recognized(named(["label", "said", "notes"], said=[1, 0, 1], notes=pa.nulls(3)), RECOGNISED)
        assert (list(roles.scores), roles.decisions) == (["said"], ())

    def test_of_one_category_stay_with_their_model(self):
        table = named(["y:a", "y:b", "A:a", "A:b", "B:a", "B:b"], **{"A:b": [np.nan] * 3})
        assert list(recognized(table, RECOGNISED).scores) == ["A", "B"]

    def test_of_all_categories_make_no_model(self):
        gone = {"B:a": [np.nan] * 3, "B:b": pa.nulls(3)}
        roles = recognized(named(["y:a", "y:b", "A:a", "A:b", "B:a", "B:b"], **gone), RECOGNISED)
        assert (list(roles.scores), roles.empty, roles.unused) == (["A"], ("B",), ("B:a", "B:b"))


class TestHeadingsAlone:
    @pytest.mark.parametrize(
        ("names", "models"),
        [
            (["day", "label", "model"], ["model"]),
            (["id", "day", "y", "A", "B"], ["A", "B"]),
            (["label", "A", "B"], ["A", "B"]),
            (["A", "B", "label"], ["A", "B"]),
        ],
    )
    def test_are_of_models_behind_the_label(self, names, models):
        assert list(recognized(pa.table({name: pa.nulls(0) for name in names}), RECOGNISED).scores) == models

    def test_of_numbers_are_of_models_wherever_they_stand(self):
        table = pa.table({"A": pa.array([], pa.float64()), "label": pa.nulls(0), "B": pa.nulls(0)})
        assert list(recognized(table, RECOGNISED).scores) == ["A", "B"]

    def test_can_be_said_to_be_scores(self):
        table = pa.table({name: pa.nulls(0) for name in ("day", "label", "model")})
        assert list(recognized(table, Mapping(scores=("day",))).scores) == ["day"]
