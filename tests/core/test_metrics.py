import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as peer

from xentviz.core import metrics
from xentviz.core.counts import Counts, Tally
from xentviz.core.errors import DataError
from xentviz.core.row_counts import tally

NAN = float("nan")

RNG = np.random.default_rng(3)
LABELS = RNG.integers(0, 2, (300, 4))
DECISIONS = np.where(RNG.random((300, 4)) < 0.3, 1 - LABELS, LABELS)


def counted(labels, decisions):
    tn, fp, fn, tp = peer.confusion_matrix(labels.ravel(), decisions.ravel(), labels=[0, 1]).ravel().tolist()
    return Counts(tp, fp, fn, tn)


CATEGORIES = [counted(LABELS[:, c], DECISIONS[:, c]) for c in range(4)]


PEERS = {
    "accuracy": peer.accuracy_score,
    "precision": peer.precision_score,
    "recall": peer.recall_score,
    "f1": peer.f1_score,
    "specificity": lambda labels, decisions: peer.recall_score(1 - labels, 1 - decisions),
    "balanced_accuracy": peer.balanced_accuracy_score,
    "mcc": peer.matthews_corrcoef,
}

OTHERS = {
    metrics.f_beta(0.5): lambda labels, decisions: peer.fbeta_score(labels, decisions, beta=0.5),
    metrics.f_beta(2.0): lambda labels, decisions: peer.fbeta_score(labels, decisions, beta=2.0),
    metrics.cohen_kappa: peer.cohen_kappa_score,
    metrics.prevalence: lambda labels, _: labels.mean(),
    metrics.predicted_share: lambda _, decisions: decisions.mean(),
    metrics.hamming_loss: peer.hamming_loss,
}

some_counts = st.builds(Counts, *[st.integers(0, 6) | st.integers(0, 10**9)] * 4)


class TestOfCounts:
    @pytest.mark.parametrize("name", metrics.METRICS)
    @pytest.mark.parametrize("category", range(4))
    def test_a_metric_agrees_with_scikit_learn(self, name, category):
        expected = PEERS[name](LABELS[:, category], DECISIONS[:, category])
        assert metrics.METRICS[name](CATEGORIES[category]) == pytest.approx(expected, rel=1e-14)

    @pytest.mark.parametrize("metric", OTHERS)
    @pytest.mark.parametrize("category", range(4))
    def test_a_number_that_is_not_in_the_table_agrees_too(self, metric, category):
        expected = OTHERS[metric](LABELS[:, category], DECISIONS[:, category])
        assert metric(CATEGORIES[category]) == pytest.approx(expected, rel=1e-13)

    @pytest.mark.parametrize(
        ("metric", "by_hand"),
        [
            (metrics.accuracy, 15 / 20),
            (metrics.precision, 6 / 8),
            (metrics.recall, 6 / 9),
            (metrics.specificity, 9 / 11),
            (metrics.f1, 12 / 17),
            (metrics.f_beta(2.0), 5 * 6 / (5 * 6 + 4 * 3 + 2)),
            (metrics.f_beta(0.5), 1.25 * 6 / (1.25 * 6 + 0.25 * 3 + 2)),
            (metrics.balanced_accuracy, (6 / 9 + 9 / 11) / 2),
            (metrics.matthews, (6 * 9 - 2 * 3) / math.sqrt(8 * 9 * 11 * 12)),
            # By chance (8 · 9 + 12 · 11) / 20² = 0.51 would agree.
            (metrics.cohen_kappa, (0.75 - 0.51) / (1 - 0.51)),
            (metrics.prevalence, 9 / 20),
            (metrics.predicted_share, 8 / 20),
            (metrics.hamming_loss, 5 / 20),
        ],
    )
    def test_six_hits_two_false_alarms_three_missed_and_nine_rightly_no(self, metric, by_hand):
        assert metric(Counts(6, 2, 3, 9)) == pytest.approx(by_hand, rel=1e-14)

    @pytest.mark.parametrize(
        ("counts", "undefined"),
        [
            (Counts(0, 0, 0, 0), set(metrics.METRICS)),
            (Counts(0, 0, 2, 3), {"precision", "mcc"}),
            (Counts(0, 2, 0, 3), {"recall", "balanced_accuracy", "mcc"}),
            (Counts(2, 0, 3, 0), {"specificity", "balanced_accuracy", "mcc"}),
            (Counts(0, 0, 0, 5), {"precision", "recall", "f1", "balanced_accuracy", "mcc"}),
            (Counts(1, 1, 1, 1), set()),
        ],
    )
    def test_a_zero_denominator_leaves_a_metric_undefined(self, counts, undefined):
        assert {name for name, metric in metrics.METRICS.items() if metric(counts) is None} == undefined

    @pytest.mark.parametrize("metric", [metrics.prevalence, metrics.predicted_share, metrics.hamming_loss])
    def test_a_share_of_nothing_is_undefined_and_a_share_of_something_is_not(self, metric):
        assert metric(Counts(0, 0, 0, 0)) is None
        assert metric(Counts(0, 0, 0, 1)) == 0

    def test_counts_of_a_hundred_million_do_not_overflow(self):
        many = Counts(10**8, 10**8, 10**8, 10**8)
        assert metrics.matthews(many) == 0
        assert metrics.cohen_kappa(many) == 0
        assert metrics.f1(many) == 0.5


class TestFBeta:
    @given(some_counts, st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0]))
    def test_is_the_weighted_harmonic_mean_of_precision_and_recall(self, counts, beta):
        precision, recall = metrics.precision(counts), metrics.recall(counts)
        found = metrics.f_beta(beta)(counts)
        if precision and recall:
            p = Fraction(counts.true_positives, counts.true_positives + counts.false_positives)
            r = Fraction(counts.true_positives, counts.true_positives + counts.false_negatives)
            square = Fraction(beta) ** 2
            assert found == pytest.approx(float((1 + square) / (1 / p + square / r)), rel=1e-14)
        else:
            assert not found

    @given(some_counts)
    def test_of_zero_is_precision_of_one_is_f1_and_of_much_is_recall(self, counts):
        assert metrics.f_beta(0.0)(counts) == metrics.precision(counts)
        assert metrics.f_beta(1.0)(counts) == metrics.f1(counts)
        if metrics.recall(counts) is not None:
            assert metrics.f_beta(1e9)(counts) == pytest.approx(metrics.recall(counts), abs=1e-8)

    def test_is_undefined_only_where_nothing_is_yes_or_said_yes(self):
        assert metrics.f_beta(2.0)(Counts(0, 0, 0, 7)) is None
        assert metrics.f_beta(2.0)(Counts(0, 1, 0, 7)) == metrics.f_beta(2.0)(Counts(0, 0, 1, 7)) == 0


class TestAgreement:
    @given(some_counts)
    def test_kappa_is_how_far_agreement_goes_beyond_chance(self, counts):
        kappa = metrics.cohen_kappa(counts)
        yes, said = counts.positives, counts.true_positives + counts.false_positives
        total = counts.total
        chance = yes * said + (total - yes) * (total - said)
        if chance == total * total:
            assert kappa is None
        else:
            by_chance = Fraction(chance, total * total)
            expected = (Fraction(counts.correct, total) - by_chance) / (1 - by_chance)
            assert kappa == pytest.approx(float(expected), rel=1e-14, abs=0)

    @pytest.mark.parametrize("counts", [Counts(5, 0, 0, 0), Counts(0, 0, 0, 5)])
    def test_kappa_is_undefined_where_both_only_ever_say_the_same(self, counts):
        assert metrics.cohen_kappa(counts) is None

    @pytest.mark.parametrize(
        ("counts", "both"),
        [(Counts(3, 0, 0, 7), 1), (Counts(0, 4, 4, 0), -1), (Counts(2, 4, 3, 6), 0)],
        ids=["always", "never", "by chance"],
    )
    def test_kappa_and_mcc_of_clear_cases(self, counts, both):
        assert metrics.cohen_kappa(counts) == metrics.matthews(counts) == both

    @given(some_counts)
    def test_mcc_is_the_correlation_of_two_columns_of_zeros_and_ones(self, counts):
        mcc = metrics.matthews(counts)
        yes, said = counts.positives, counts.true_positives + counts.false_positives
        total = counts.total
        if mcc is not None:
            covariance = Fraction(counts.true_positives * total - yes * said)
            spread = yes * (total - yes) * said * (total - said)
            assert mcc == pytest.approx(float(covariance) / math.sqrt(spread), rel=1e-13, abs=1e-15)
            assert abs(mcc) <= 1 + 1e-15


class TestOverCategories:
    @pytest.mark.parametrize("name", ["precision", "recall", "f1"])
    def test_averages_agree_with_scikit_learn(self, name):
        metric, of = metrics.METRICS[name], PEERS[name]
        assert metric(metrics.pooled(CATEGORIES)) == pytest.approx(of(LABELS, DECISIONS, average="micro"), rel=1e-14)
        assert metrics.macro(metric, CATEGORIES) == pytest.approx(of(LABELS, DECISIONS, average="macro"), rel=1e-14)
        weighted = of(LABELS, DECISIONS, average="weighted")
        assert metrics.weighted(metric, CATEGORIES) == pytest.approx(weighted, rel=1e-14)

    @pytest.mark.parametrize(
        ("metric", "of"),
        [
            (metrics.precision, peer.precision_score),
            (metrics.recall, peer.recall_score),
            (metrics.f1, peer.f1_score),
            (metrics.f_beta(2.0), lambda *both, **how: peer.fbeta_score(*both, beta=2.0, **how)),
        ],
    )
    def test_they_agree_where_categories_never_occur_or_are_never_said(self, metric, of):
        # The first is never yes, the second never said yes, the third neither.
        labels, decisions = LABELS.copy(), DECISIONS.copy()
        labels[:, [0, 2]], decisions[:, [1, 2]] = 0, 0
        categories = [counted(labels[:, c], decisions[:, c]) for c in range(4)]
        defined = of(labels, decisions, average=None, zero_division=NAN)
        assert [metric(counts) is None for counts in categories] == np.isnan(defined).tolist()
        assert metrics.undefined(metric, categories) == np.isnan(defined).sum()
        for ours, average in ((metrics.macro, "macro"), (metrics.weighted, "weighted")):
            expected = of(labels, decisions, average=average, zero_division=NAN)
            assert ours(metric, categories) == pytest.approx(expected, rel=1e-14)

    def test_hamming_loss_of_all_elements_agrees_with_scikit_learn(self):
        assert metrics.hamming_loss(metrics.pooled(CATEGORIES)) == pytest.approx(peer.hamming_loss(LABELS, DECISIONS))

    def test_they_leave_undefined_categories_out_and_tell_how_many(self):
        never_said, perfect = Counts(0, 0, 3, 1), Counts(1, 0, 0, 3)
        assert metrics.macro(metrics.precision, [never_said, perfect]) == 1
        assert metrics.weighted(metrics.precision, [never_said, perfect]) == 1
        assert metrics.undefined(metrics.precision, [never_said, perfect, never_said]) == 2
        assert metrics.undefined(metrics.recall, [never_said, perfect]) == 0

    @pytest.mark.parametrize("categories", [[], [Counts(0, 0, 3, 1)], [Counts(0, 0, 0, 0)] * 3])
    def test_without_a_defined_category_they_are_undefined(self, categories):
        assert metrics.macro(metrics.precision, categories) is None
        assert metrics.weighted(metrics.precision, categories) is None
        assert metrics.undefined(metrics.precision, categories) == len(categories)

    def test_weights_of_zero_alone_leave_the_weighted_average_undefined(self):
        never_yes = Counts(0, 2, 0, 3)
        assert metrics.macro(metrics.precision, [never_yes]) == 0
        assert metrics.weighted(metrics.precision, [never_yes]) is None

    def test_they_count_a_zero_as_a_zero(self):
        always_wrong, perfect = Counts(0, 1, 1, 2), Counts(1, 0, 0, 3)
        assert metrics.macro(metrics.precision, [always_wrong, perfect]) == 0.5
        assert metrics.weighted(metrics.precision, [always_wrong, perfect]) == 0.5

    def test_weights_are_how_many_are_yes(self):
        often, seldom = Counts(3, 1, 6, 0), Counts(1, 0, 0, 9)
        assert metrics.weighted(metrics.precision, [often, seldom]) == pytest.approx((9 * 0.75 + 1 * 1) / 10)

    def test_nothing_pooled_is_nothing(self):
        assert metrics.pooled([]) == Counts(0, 0, 0, 0)


class TestOverRows:
    # Rows of all kinds: without any yes, without anything said yes, without both.
    ROWS_LABELS = (RNG.random((200, 5)) < 0.3).astype(int)
    ROWS_DECISIONS = np.where(RNG.random((200, 5)) < 0.25, 1 - ROWS_LABELS, ROWS_LABELS)
    ROWS = tally(ROWS_LABELS.astype(float), ROWS_DECISIONS == 1)

    @pytest.mark.parametrize(
        ("metric", "of"),
        [
            (metrics.precision, peer.precision_score),
            (metrics.recall, peer.recall_score),
            (metrics.f1, peer.f1_score),
            (metrics.f_beta(0.5), lambda *both, **how: peer.fbeta_score(*both, beta=0.5, **how)),
        ],
    )
    def test_averages_agree_with_scikit_learn(self, metric, of):
        each = of(self.ROWS_LABELS, self.ROWS_DECISIONS, average="samples", zero_division=NAN)
        assert metrics.samples(metric, self.ROWS) == pytest.approx(each, rel=1e-14)
        assert any(metric(counts) is None for counts in self.ROWS)

    def test_subset_accuracy_is_scikit_learn_s_accuracy_of_rows(self):
        expected = peer.accuracy_score(self.ROWS_LABELS, self.ROWS_DECISIONS)
        assert metrics.subset_accuracy(self.ROWS) == pytest.approx(expected, rel=1e-14)

    def test_of_rows_with_missing_elements_each_row_is_judged_by_what_is_known(self):
        rng = np.random.default_rng(6)
        labels = np.where(rng.random((150, 4)) < 0.4, NAN, rng.integers(0, 2, (150, 4)))
        said = rng.random((150, 4)) < 0.5
        known = [~np.isnan(row) for row in labels]
        pairs = [
            (row[k].astype(int), d[k].astype(int)) for row, d, k in zip(labels, said, known, strict=True) if any(k)
        ]
        assert 0 < len(pairs) < 150
        rows = tally(labels, said)
        accuracies = [peer.accuracy_score(y, d) for y, d in pairs]
        assert metrics.samples(metrics.accuracy, rows) == pytest.approx(np.mean(accuracies), rel=1e-13)
        assert metrics.subset_accuracy(rows) == pytest.approx(np.mean([a == 1 for a in accuracies]), rel=1e-14)
        recalls = [peer.recall_score(y, d, zero_division=NAN) for y, d in pairs]
        assert metrics.samples(metrics.recall, rows) == pytest.approx(np.nanmean(recalls), rel=1e-13)

    def test_by_hand(self):
        # Precisions 1/2, 1/2, 1, and one undefined because nothing was said yes.
        rows = Counter({Counts(1, 1, 0, 1): 2, Counts(2, 0, 1, 0): 1, Counts(0, 0, 1, 2): 3})
        assert metrics.samples(metrics.precision, rows) == pytest.approx(2 / 3)
        assert metrics.samples(metrics.recall, rows) == pytest.approx((2 * 1 + 2 / 3 + 3 * 0) / 6)
        assert metrics.subset_accuracy(rows) == 0

    def test_without_rows_they_are_undefined(self):
        assert metrics.samples(metrics.accuracy, Tally()) is None
        assert metrics.subset_accuracy(Tally()) is None
        assert metrics.samples(metrics.precision, Tally({Counts(0, 0, 1, 1): 4})) is None

    @given(st.lists(some_counts, max_size=10))
    def test_of_one_row_a_count_is_the_average_over_categories(self, categories):
        rows = Tally(categories)
        expected = metrics.macro(metrics.f1, categories)
        found = metrics.samples(metrics.f1, rows)
        assert found == (expected if expected is None else pytest.approx(expected, rel=1e-14))


@pytest.mark.parametrize("beta", [-1.0, np.inf, np.nan])
def test_recall_cannot_count_infinitely_or_negatively(beta):
    with pytest.raises(DataError) as caught:
        metrics.f_beta(beta)
    assert (caught.value.code, caught.value.details["option"]) == ("option_out_of_range", "beta")
