"""The best threshold: found by trying every score with scikit-learn, and its spread by drawing rows one by one."""

import numpy as np
import pytest
from sklearn.metrics import (
    balanced_accuracy_score,
    f1_score,
    fbeta_score,
    matthews_corrcoef,
    precision_score,
    recall_score,
)

from xentviz.core import optimum as optimum_module
from xentviz.core import sweep as sweeping
from xentviz.core.errors import Cancelled, DataError
from xentviz.core.goals import Aim, Costs, Goal
from xentviz.core.optimum import optimum, spread
from xentviz.core.outcomes import Outcomes
from xentviz.core.sweep import sweep


def rows(n=200, seed=0, step=50, kind=np.float64):
    rng = np.random.default_rng(seed)
    y = rng.random(n) < 0.35
    p = np.clip(np.round(step * (rng.beta(2, 3, n) + 0.25 * y)) / step, 0, 1).astype(kind)
    return y, p


def blocks(y, p, size=37):
    return tuple([np.sort(part[i : i + size]) for i in range(0, max(1, len(part)), size)] for part in (p[y], p[~y]))


def best(y, p, goal, prevalence=None):
    yes, no = blocks(y, p)
    return optimum(sweep(yes, no), goal, prevalence)


def mean_cost(y, said, costs):
    return np.mean(
        np.select(
            [y & said, ~y & said, y & ~said],
            [costs.true_positive, costs.false_positive, costs.false_negative],
            costs.true_negative,
        )
    )


COSTS = Costs(true_positive=-1.0, false_positive=2.0, false_negative=5.0, true_negative=0.5)
TRIED = {
    Aim.F1: lambda y, said: f1_score(y, said),
    Aim.F_BETA: lambda y, said: fbeta_score(y, said, beta=2.0),
    Aim.MCC: matthews_corrcoef,
    Aim.BALANCED_ACCURACY: balanced_accuracy_score,
    Aim.YOUDEN: lambda y, said: recall_score(y, said) - (said & ~y).sum() / (~y).sum(),
    Aim.COST: lambda y, said: -mean_cost(y, said, COSTS),
}


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("aim", TRIED)
def test_no_score_is_better_and_of_equal_ones_it_is_the_highest(aim, seed, kind):
    y, p = rows(seed=seed, kind=kind)
    found = best(y, p, Goal(aim, costs=COSTS))
    tried = {float(str(t)): TRIED[aim](y, p >= t) for t in np.unique(p)}
    most = max(tried.values())
    good = [t for t, worth in tried.items() if worth == pytest.approx(most, abs=1e-12)]
    assert found.threshold == max(good)
    assert found.value == pytest.approx(-most if aim is Aim.COST else most)


@pytest.mark.parametrize("target", [0.3, 0.57, 0.8, 0.95])
def test_a_precision_is_reached_with_the_most_found(target):
    y, p = rows(seed=3)
    found = best(y, p, Goal(Aim.PRECISION, target=target))
    precise = {t: recall_score(y, p >= t) for t in np.unique(p) if precision_score(y, p >= t) >= target}
    assert found.threshold == max(t for t in precise if precise[t] == max(precise.values()))
    assert found.value == pytest.approx(precision_score(y, p >= found.threshold))


@pytest.mark.parametrize("target", [0.3, 0.57, 0.8, 1.0])
def test_a_recall_is_reached_at_the_highest_threshold(target):
    y, p = rows(seed=3)
    found = best(y, p, Goal(Aim.RECALL, target=target))
    assert found.threshold == max(t for t in np.unique(p) if recall_score(y, p >= t) >= target)


def test_a_goal_that_nothing_serves_has_no_optimum():
    y, p = np.array([True, False]), np.array([0.2, 0.9])
    assert best(y, p, Goal(Aim.PRECISION, target=0.9)) is None
    assert best(np.array([False, False]), p, Goal(Aim.RECALL)) is None
    assert best(y[:0], p[:0], Goal(Aim.F1)) is None


def test_saying_nothing_may_be_cheapest():
    y, p = np.array([True, False, False]), np.array([0.2, 0.6, 0.9])
    found = best(y, p, Goal(Aim.COST, costs=Costs(false_positive=10.0)))
    assert (found.threshold, found.value) == (np.nextafter(0.9, 1), pytest.approx(1 / 3))
    at_one = best(y, np.array([0.2, 0.6, 1.0]), Goal(Aim.COST, costs=Costs(false_positive=10.0)))
    assert at_one.threshold == 1.0  # no threshold is above a score of 1
    assert at_one.value == pytest.approx(11 / 3)


def test_many_scores_are_all_tried(monkeypatch):
    y, p = rows(3_000, seed=4, step=10_000)
    whole = best(y, p, Goal(Aim.MCC))
    monkeypatch.setattr(sweeping, "EVERY_SCORE", 10)
    monkeypatch.setattr(sweeping, "POINTS", 16)
    assert best(y, p, Goal(Aim.MCC)).threshold == whole.threshold


def test_a_rare_positive_raises_the_threshold():
    y, p = rows(2_000, seed=6)
    rare, own = best(y, p, Goal(), prevalence=0.01), best(y, p, Goal(), prevalence=float(y.mean()))
    assert own.threshold == best(y, p, Goal()).threshold
    assert rare.threshold > own.threshold
    weights = np.where(y, 0.01 / y.mean(), 0.99 / (1 - y.mean()))
    tried = {float(t): f1_score(y, p >= t, sample_weight=weights) for t in np.unique(p)}
    assert rare.threshold == max(tried, key=tried.get)
    assert rare.value == pytest.approx(max(tried.values()))


def test_of_calibrated_scores_costs_have_their_own_best_threshold():
    rng = np.random.default_rng(8)
    p = rng.random(400_000)
    y = rng.random(400_000) < p
    costs = Costs(false_positive=1.0, false_negative=4.0)
    found = best(y, p, Goal(Aim.COST, costs=costs))
    assert costs.best_threshold == 0.2
    assert found.threshold == pytest.approx(0.2, abs=0.02)
    assert Costs(false_positive=0.0, false_negative=0.0).best_threshold is None
    assert Costs(false_positive=-1.0).best_threshold is None


def test_the_spread_is_that_of_rows_drawn_one_by_one():
    y, p = rows(150, seed=9, step=20)
    yes, no = blocks(y, p)
    found = spread(sweep(yes, no), Goal(Aim.BALANCED_ACCURACY))
    rng = np.random.default_rng(123)
    drawn, gains = [], []
    for _ in range(1_000):
        at = rng.integers(0, len(y), len(y))
        one = best(y[at], p[at], Goal(Aim.BALANCED_ACCURACY))
        drawn.append(one.threshold)
        gains.append(one.value - balanced_accuracy_score(y, p >= one.threshold))
    low, high = np.percentile(drawn, [2.5, 97.5])
    assert found.interval == (pytest.approx(low, abs=0.051), pytest.approx(high, abs=0.051))
    assert found.optimism == pytest.approx(np.mean(gains), abs=0.003)
    assert (found.resamples, found.undefined) == (1_000, 0)


def test_more_rows_leave_less_doubt_and_the_seed_is_fixed():
    widths = []
    for n in (60, 6_000):
        yes, no = blocks(*rows(n, seed=2, step=1_000))
        found = spread(sweep(yes, no), Goal())
        assert found == spread(sweep(yes, no), Goal())
        widths.append(found.interval[1] - found.interval[0])
    assert widths[1] < widths[0] / 2


def test_optimism_of_a_cost_is_how_much_it_looks_too_low():
    yes, no = blocks(*rows(60, seed=2, step=1_000))
    assert spread(sweep(yes, no), Goal(Aim.COST)).optimism > 0
    assert spread(sweep(yes, no), Goal(Aim.F1)).optimism > 0


def test_of_single_precision_the_threshold_and_its_interval_are_the_shortest_numbers_that_are_its_scores():
    y, p = rows(seed=1, kind=np.float32)
    yes, no = blocks(y, p)
    found, spreading = best(y, p, Goal()), spread(sweep(yes, no), Goal())
    for threshold in (found.threshold, *spreading.interval):
        assert threshold == round(threshold, 2)
        assert np.float32(threshold) in p


def test_one_row_and_none():
    one = sweep([np.array([0.5])], [np.empty(0)])
    assert spread(one, Goal()).interval == (0.5, 0.5)
    assert spread(sweep([np.empty(0)], [np.empty(0)]), Goal()) is None
    only_no = sweep([np.empty(0)], [np.array([0.5])])
    assert spread(only_no, Goal(Aim.RECALL)) is None


def test_it_can_be_stopped_and_tells_how_far_it_is():
    yes, no = blocks(*rows())
    shares = []
    spread(sweep(yes, no), Goal(), report=shares.append)
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] < 1
    with pytest.raises(Cancelled):
        spread(sweep(yes, no), Goal(), stopped=lambda: True)


@pytest.mark.parametrize(
    "wrong", [{"beta": 0.0}, {"beta": np.inf}, {"target": -0.1}, {"target": 1.1}, {"target": np.nan}]
)
def test_goals_outside_their_ranges_are_refused(wrong):
    with pytest.raises(DataError, match="option_out_of_range"):
        Goal(**wrong)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 1e13])
def test_costs_outside_their_range_are_refused(wrong):
    with pytest.raises(DataError, match="option_out_of_range"):
        Costs(false_negative=wrong)


def test_costs_of_nothing_are_not_defined():
    assert np.isnan(Costs().of(Outcomes.reached(0, 0, 0, 0)))


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_where_saying_no_to_all_is_best_no_score_reaches_the_threshold(kind):
    y, p = np.array([True, False, False]), np.array([0.2, 0.3, 0.9], dtype=kind)
    found = best(y, p, Goal(Aim.COST, costs=Costs(false_positive=10.0)))
    assert not (p >= kind(found.threshold)).any()
    assert found.value == pytest.approx(1 / 3)


def test_where_a_score_is_one_no_threshold_says_no_to_all():
    always_yes = Goal(Aim.COST, costs=Costs(false_positive=10.0))
    found = best(np.array([False, True]), np.array([1.0, 0.2]), always_yes)
    assert (found.threshold, float(found.outcomes.false_positives), found.value) == (0.2, 1.0, 5.0)
    spreading = spread(sweep([np.full(5, 1.0)], [np.full(5, 0.1)]), Goal())
    assert spreading.interval == (1.0, 1.0)


def test_where_none_can_be_said_yes_the_threshold_is_one():
    found = optimum(sweep([np.empty(0)], [np.empty(0)], 3, 2), Goal())
    assert (found.threshold, found.value) == (1.0, 0.0)
    assert [float(part) for part in found.outcomes.parts] == [0, 0, 3, 2]


def test_the_best_threshold_of_right_probabilities_weighs_all_four_prices():
    costs = Costs(true_positive=-2.0, false_positive=3.0, false_negative=4.0, true_negative=1.0)
    assert costs.best_threshold == (3 - 1) / ((3 - 1) + (4 + 2))
    p = np.linspace(0, 1, 1001)
    yes = p * costs.true_positive + (1 - p) * costs.false_positive
    no = p * costs.false_negative + (1 - p) * costs.true_negative
    assert p[yes <= no].min() == pytest.approx(costs.best_threshold, abs=0.001)


def test_what_no_threshold_reaches_is_drawn_too():
    assert spread(sweep([np.empty(0)], [np.empty(0)], 3, 2), Goal()) is None
    drawn = np.array([[1, 2, 3, 4, 5, 6]])  # new hits, new false alarms, never reached yes and no
    found = optimum_module._outcomes(drawn, 3)
    assert [part[0].tolist() for part in found.parts] == [[0, 1, 3], [0, 3, 7], [8, 7, 5], [13, 10, 6]]


@pytest.mark.parametrize("resamples", [10, 50, 70])
def test_just_as_many_rows_are_drawn_as_are_asked_for(resamples):
    y, p = rows()
    yes, no = blocks(y, p)
    found = spread(sweep(yes, no), Goal(), resamples=resamples)
    assert (found.resamples, found.undefined) == (resamples, 0)


@pytest.mark.parametrize("beta", [0.0, 0.0009, 1000.5, np.nan])
def test_a_beta_out_of_range_is_refused(beta):
    assert Goal(Aim.F_BETA, beta=1e3).beta == 1e3
    with pytest.raises(DataError):
        Goal(Aim.F_BETA, beta=beta)


def worth_of(goal, y, said):
    tp, fp = (said & y).sum(), (said & ~y).sum()
    return float(goal.worth(Outcomes.reached(tp, fp, y.sum(), (~y).sum())))


PRICES = [Costs(false_positive=10.0), Costs(false_negative=10.0), COSTS]
GOALS = [*(Goal(aim, target=0.6) for aim in Aim if aim is not Aim.COST), *(Goal(Aim.COST, costs=c) for c in PRICES)]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.aim.value)
def test_no_threshold_from_0_to_1_is_better_whatever_lies_next_to_the_ends(goal, kind):
    rng = np.random.default_rng(7)
    nearly = [np.nextafter(kind(1), kind(0)), np.nextafter(kind(0), kind(1))]
    for _document in range(60):
        some = np.array([*nearly, *rng.random(3), *rng.integers(0, 2, rng.integers(0, 2))], dtype=kind)
        p = rng.choice(some, rng.integers(1, 9))
        y = rng.random(len(p)) < 0.4
        between = [kind(t) for t in (0, 1, *p, *(np.nextafter(one, kind(2)) for one in p)) if t <= 1]
        worths = [worth_of(goal, y, p >= t) for t in between]
        found = best(y, p, goal)
        if np.isnan(worths).all():
            assert found is None
        else:
            assert worth_of(goal, y, p >= kind(found.threshold)) == pytest.approx(np.nanmax(worths), abs=1e-12)
            assert found.value == float(goal.value(found.outcomes))
            assert [found.outcomes.true_positives, found.outcomes.false_positives] == [
                (p >= kind(found.threshold))[which].sum() for which in (y, ~y)
            ]


def test_next_to_one_saying_no_to_all_is_still_to_be_had():
    p = np.array([np.nextafter(1.0, 0.0), 0.2, 0.2])
    found = best(np.array([False, True, False]), p, Goal(Aim.COST, costs=Costs(false_positive=10.0)))
    assert (found.threshold, found.value) == (1.0, pytest.approx(1 / 3))
    spreading = spread(sweep([p[1:2]], [p[:1], p[2:]]), Goal(Aim.COST, costs=Costs(false_positive=10.0)))
    assert spreading.interval[1] == 1.0
