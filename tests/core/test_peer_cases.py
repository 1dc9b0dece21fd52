"""What the test suites of other libraries expect, asked of our functions.

Each function of a peer is said in ours by an adapter of the same name. Where the peer means something else by it,
the adapter adds that in plain code, before or after our function, and says so.
"""

import json
import math
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from xentviz.core import calibration, confusion, information, losses, metrics, ranking, transforms
from xentviz.core.arguments import UNLABELLED
from xentviz.core.binary_losses import weighted
from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.core.evaluation import evaluate
from xentviz.core.passes import tally_of

# Cases that a peer refuses, and by what name we do.
REFUSED = {
    "sk-logloss-class-count-mismatch": "label_out_of_range",
    "sk-logloss-length-mismatch": "shape_mismatch",
    "sk-logloss-nan": "score_missing",
    "sk-logloss-out-of-range": "probability_out_of_range",
    "sk-brier-above-one": "probability_out_of_range",
    "sk-brier-below-zero": "probability_out_of_range",
    "sk-calib-negative": "probability_out_of_range",
    "pt-bce-nan": "score_missing",
    "pt-bce-size-mismatch": "shape_mismatch",
    "pt-bcel-size-mismatch": "shape_mismatch",
    "pt-ce-index-out-of-range": "label_out_of_range",
    "tf-shape-error": "shape_mismatch",
}

# Cases of which a peer warns: we refuse, or call the number undefined, which is None.
INSTEAD_OF_A_WARNING = {
    "sk-logloss-rows-not-one-float64": "probabilities_no_distribution",
    "sk-auc-no-positive": None,
}

# Cases in which we differ on purpose: our answer, or the name of our refusal, and why.
DIFFERENT = {
    "sk-logloss-empty": (math.nan, "the mean of no losses is undefined, and no error: PyTorch says so too"),
    "sk-ap-all-positive": (None, "with one class only the average precision says nothing, and is undefined"),
    "pt-bcel-inf-right": (0.0, "0 · inf is what never happens times what it would cost; the limit is 0"),
    "pt-ce-pos-inf": (0.0, "a single infinite logit is certainty; the limit is 0"),
    "sp-lse-empty": ("shape_mismatch", "there is no softmax of no categories to take the logarithm from"),
    "sp-lse-neginf": ("softmax_undefined", "if all categories are impossible there are no probabilities"),
}

# Cases of functions that we do not have, and why.
NOT_OURS = {
    "sp-rel-entr-near": "x ln(x / y) of any numbers one by one: our divergence is a sum over two distributions",
    "sp-rel-entr-overflow": "the same, of numbers far above 1",
}

NUMBERS_IN_WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}

TORCH_IGNORES = -100
"""The label of what PyTorch leaves out unless told another."""

ADAPTERS = {}


def peer(adapter):
    """Keep what says a peer's function in ours, by the peer's name for it."""
    ADAPTERS[adapter.__name__] = adapter
    return adapter


def decoded(value):
    """Return JSON with the numbers that it has only words for."""
    if isinstance(value, dict):
        return {name: decoded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [decoded(part) for part in value]
    return NUMBERS_IN_WORDS.get(value, value) if isinstance(value, str) else value


LISTED = decoded(json.loads(Path(__file__).with_name("peer_cases.json").read_text(encoding="utf-8")))
CASES = {case["id"]: case for case in LISTED}
AGREED = [name for name in CASES if name not in {*REFUSED, *INSTEAD_OF_A_WARNING, *DIFFERENT, *NOT_OURS}]


def outcome(name, **more_options):
    """Return what our functions make of a case: an answer, or the code of a refusal."""
    case = CASES[name]
    options = {**case["options"], **more_options}
    if "target" in options:  # what kind it is; the inputs have the target itself
        options["target_kind"] = options.pop("target")
    try:
        return ADAPTERS[case["function"]](**case["inputs"], **options)
    except DataError as error:
        return error.code


def assert_agrees(actual, expected, rel=0.0, abs=0.0):
    """Compare what a peer says, and nothing else that our answer may have, within the case's own tolerance."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            assert_agrees(actual[name], value, rel, abs)
        return
    numbers = np.array(actual, dtype=np.float64)  # None, our word for undefined, becomes the peers' nan
    assert numbers.shape == np.shape(expected)
    np.testing.assert_allclose(numbers, expected, rtol=rel, atol=abs)


# Losses of yes/no answers


@peer
def bce(prob, target, sample_weight=None, *, policy, dtype="float64", **options):
    costs = {"torch": clamped_at_100, "keras": clipped}[policy](np.array(target, dtype), np.array(prob, dtype))
    return reduced(costs, sample_weight, **options)


def clamped_at_100(labels, p):
    """torch takes no logarithm below -100, so that each half of a soft label's loss is limited to 100."""
    yes, no = (np.minimum(losses.binary_cross_entropy(np.full_like(labels, y), p), 100.0) for y in (1, 0))
    return labels * yes + (1 - labels) * no


def clipped(labels, p):
    """Keras clips at 1e-7 in the scores' own precision: of float32, 1 - 1e-7 is .99999988."""
    limits = np.array([1e-7, 1 - 1e-7], p.dtype)
    return losses.binary_cross_entropy(labels, np.clip(p, *limits))


@peer
def bce_with_logits(logits, target, pos_weight=1.0, sample_weight=None, *, dtype="float64", output="loss", **options):
    of = {
        "loss": losses.binary_cross_entropy_with_logits,
        "grad": losses.binary_cross_entropy_with_logits_gradient,
    }[output]
    values = with_pos_weight(of, np.array(target, dtype), np.array(logits, dtype), pos_weight)
    if output == "loss":
        return reduced(values, sample_weight, **options)
    assert options == {"reduction": "sum"}  # whose derivative by a logit is that of the logit's own loss
    return values


def with_pos_weight(function, labels, logits, pos_weight):
    """torch lets weights stand for rows as well; ours stand for the last axis, so that it goes row by row."""
    if np.ndim(pos_weight) < 2:
        return function(labels, logits, pos_weight=pos_weight)
    rows = zip(labels, logits, pos_weight, strict=True)
    return np.stack([function(y, z, pos_weight=weight) for y, z, weight in rows])


def reduced(costs, sample_weight=None, *, reduction="mean", per_row_mean=False, divide_by_weights=False):
    """Keras weighs rows by their means; its losses divide by their number, its metrics by the weights."""
    if per_row_mean:
        costs = np.array([losses.reduce(row) for row in costs])
    weights = None if sample_weight is None else np.reshape(sample_weight, costs.shape)
    return losses.reduce(costs, reduction, weights, weighted_mean=divide_by_weights)


@peer
def binomial_loss_raw(y_true, raw):
    return {
        "loss": losses.binary_cross_entropy_with_logits(y_true, raw),
        "gradient": losses.binary_cross_entropy_with_logits_gradient(y_true, raw),
        # The gradient is p - y, and p the softmax of the logit beside 0.
        "hessian": transforms.softmax_jacobian([raw, 0.0])[0, 0],
    }


@peer
def binary_focal(target, prob=None, logits=None, *, gamma, dtype="float64"):
    p = transforms.sigmoid(np.array(logits, dtype)) if prob is None else np.array(prob, dtype)
    return losses.reduce(losses.binary_focal_loss(np.array(target, dtype), p, gamma=gamma))


# Losses of one answer in many


@peer
def log_loss(y_true, y_proba, sample_weight=None, labels=None, *, dtype="float64"):
    truth, p = numbered(y_true, labels or set(y_true)), np.array(y_proba, dtype)
    of = losses.binary_cross_entropy if p.ndim == 1 else losses.categorical_cross_entropy
    # scikit-learn clips by the precision of the scores, and divides by the weights.
    costs = of(truth, p, clip=float(np.finfo(p.dtype).eps))
    return reduced(costs, sample_weight, divide_by_weights=True)


def numbered(labels, categories):
    """scikit-learn takes numbers or names of categories, and has these in the order of the alphabet."""
    order = sorted(categories)
    return np.array([order.index(label) for label in labels], dtype=int)


@peer
def multinomial_loss_raw(y_true, raw):
    return {"loss": losses.categorical_cross_entropy_with_logits([y_true], [raw])[0]}


@peer
def cross_entropy(
    logits,
    target,
    weight=None,
    sample_weight=None,
    *,
    target_kind="index",
    label_smoothing=0.0,
    reduction="mean",
    dtype="float64",
):
    of = partial(losses.categorical_cross_entropy_with_logits, smoothing=label_smoothing, class_weights=weight)
    costs = TARGETS[target_kind](of, np.array(target), np.array(logits, dtype), TORCH_IGNORES)
    if weight is None:
        return reduced(costs, sample_weight, reduction=reduction)
    return as_torch_with_weights(costs, np.array(target), weight, reduction)


@peer
def nll(log_prob, target, weight=None, *, shape=None, ignore_index=TORCH_IGNORES, reduction="mean"):
    z, y = np.reshape(log_prob, shape or np.shape(log_prob)), np.array(target, dtype=int)
    weight = np.ones(z.shape[-1]) if weight is None else np.array(weight)
    # Logarithms of probabilities are their own logits. Rows that are none may stand only where they count for nothing.
    counted = z[(y != ignore_index) & (weight[y] > 0)]
    np.testing.assert_allclose(np.exp(counted).sum(axis=1), 1.0)
    of = partial(losses.categorical_cross_entropy_with_logits, class_weights=weight)
    return as_torch_with_weights(of_numbers(of, y, z, ignore_index), y, weight, reduction, ignore_index)


def as_torch_with_weights(costs, target, weight, reduction, ignored=TORCH_IGNORES):
    """torch divides what class weights have multiplied by those of the true classes; an ignored row costs 0."""
    kept = target != ignored
    costs = np.where(kept, costs, 0.0)
    if reduction != "mean":
        return losses.reduce(costs, reduction)
    divisor = np.array(weight)[target[kept]].sum()
    return losses.reduce(costs, "sum") / divisor if divisor else math.nan


def of_numbers(function, target, scores, ignored):
    """torch and Keras can leave out what has one label; what has none has -1 with us."""
    return function(np.where(target == ignored, UNLABELLED, target), scores)


def of_shares(function, target, scores, _ignored):
    """Neither torch nor Keras asks whether the shares sum to 1; the loss is as many times that of those that do."""
    sums = target.sum(axis=-1, keepdims=True)
    return function(target / sums, scores) * sums[..., 0]


TARGETS = {"index": of_numbers, "prob": of_shares}


@peer
def safe_softmax_cross_entropy(logits, target, *, dtype="float64"):
    return losses.categorical_cross_entropy_with_logits(np.array(target, dtype), np.array(logits, dtype))


@peer
def categorical_crossentropy_prob(
    prob,
    target,
    sample_weight=None,
    *,
    target_kind="prob",
    axis=-1,
    ignore_class=None,
    ignore_denominator="kept",
    dtype="float64",
    **options,
):
    p = as_keras_shares(np.moveaxis(np.array(prob, dtype), axis, -1))
    labels = np.moveaxis(np.array(target), axis, -1)
    of = partial(losses.categorical_cross_entropy, clip=1e-7)
    costs = TARGETS[target_kind](of, labels, p, ignore_class)
    # Keras lets an ignored row cost 0 and counts it; we and torch count the kept ones.
    costs = np.where(np.isnan(costs), {"all": 0.0, "kept": np.nan}[ignore_denominator], costs)
    return reduced(costs, sample_weight, **options)


def as_keras_shares(p):
    """Keras divides each row by its sum and does not say so."""
    return p / p.sum(axis=-1, keepdims=True)


@peer
def categorical_focal(prob, target, *, gamma, alpha, dtype="float64"):
    p = as_keras_shares(np.array(prob, dtype))[np.array(target) == 1]
    # Where one category is true, it is the yes/no loss of that one, whose answer is yes.
    return losses.reduce(losses.binary_focal_loss(np.ones(len(p)), p, gamma=gamma, alpha=alpha))


# Transforms and surprises


@peer
def softmax(x, *, axis=-1):
    return np.moveaxis(transforms.softmax(np.moveaxis(np.array(x), axis, -1)), -1, axis)


@peer
def log_softmax(x):
    return transforms.log_softmax(x)


@peer
def logsumexp(x, *, axis=-1):
    z = np.array(x)
    # The log-softmax of a logit is how far it lies below the logarithm of the sum, of the largest as of any.
    below = -np.moveaxis(transforms.log_softmax(np.moveaxis(z, axis, -1)), -1, axis)
    return z.max(axis=axis) + below.min(axis=axis)


@peer
def expit(x):
    return transforms.sigmoid(x)


@peer
def log_expit(x):
    return -losses.binary_cross_entropy_with_logits(np.ones(len(x)), x)


@peer
def logit(x):
    return transforms.logit(x)


@peer
def xlogy(x, y, log=np.log):
    # Our share in it is that 0 · inf is 0; callers of it expect infinities, too.
    with np.errstate(divide="ignore", invalid="ignore"):
        return weighted(np.array(x), log(np.array(y, dtype=np.float64)))


@peer
def xlog1py(x, y):
    return xlogy(x, y, np.log1p)


@peer
def entr(x):
    x = np.array(x)
    share = (x >= 0) & (x <= 1)
    assert not ((x > 1) & (x < np.inf)).any()
    # SciPy says -inf of what is no share, so that an optimiser turns back; we refuse to be asked.
    result = np.full(x.shape, -np.inf)
    with np.errstate(invalid="ignore"):  # 0 · inf, which it makes 0
        result[share] = weighted(x[share], information.self_information(x[share]))
    return result


# Decisions


def document_of(labels, scores):
    """Return yes/no questions, shape (rows,) or (rows, categories), as a document, which checks them."""
    table = np.array(scores)
    categories = [str(c) for c in range(table.shape[1])] if table.ndim == 2 else ["yes"]
    return Document.create(labels, {"Peer": table}, categories=categories)


def counts_of(labels, scores, threshold=0.5):
    """Return the counts of each category."""
    found = evaluate(document_of(labels, scores)).models[0]
    return [found.counts(category, threshold) for category in range(found.categories)]


def next_above(threshold, dtype):
    """torchmetrics and Keras say yes above the threshold; we say it from there on, so we ask for the next number."""
    return float(np.nextafter(np.array(threshold, dtype), np.array(2, dtype)))


TIES = {"ge": lambda threshold, _dtype: threshold, "gt": next_above}


@peer
def counts_at_thresholds(y_true, y_score, *, thresholds, count, dtype="float64"):
    name = {"fp": "false_positives"}[count]
    at = [metrics.pooled(counts_of(y_true, y_score, next_above(t, dtype))) for t in thresholds]
    return [getattr(counts, name) for counts in at]


@peer
def confusion_matrix(y_true, y_pred=None, y_score=None, *, normalize=None, **options):
    if y_score is None:
        matrix = matrix_of_answers(y_true, y_pred, **options)
    else:
        matrix = matrix_of_scores(y_true, y_score, **options)
    # scikit-learn can divide by how many are a category, or were said to be.
    by = {None: 1, "true": matrix.sum(axis=1, keepdims=True), "pred": matrix.sum(axis=0, keepdims=True)}
    return matrix / by[normalize]


def matrix_of_answers(y_true, y_pred):
    categories = sorted({*y_true, *y_pred})
    matrix = confusion.confusion_matrix(numbered(y_true, categories), numbered(y_pred, categories), len(categories))
    assert not matrix[:, -1].any()  # every row was decided
    return matrix[:, :-1]


def matrix_of_scores(y_true, y_score, *, threshold, tie, dtype="float64"):
    [counts] = counts_of(y_true, np.array(y_score, dtype), TIES[tie](threshold, dtype))
    return np.array([[counts.true_negatives, counts.false_positives], [counts.false_negatives, counts.true_positives]])


@peer
def mcc(y_true, y_pred):
    [counts] = counts_of(y_true, y_pred)
    return instead_of_undefined(0.0, metrics.matthews)(counts)


AVERAGES = {
    None: lambda metric, categories: [metric(counts) for counts in categories],
    "binary": lambda metric, categories: metric(*categories),
    "micro": lambda metric, categories: metric(metrics.pooled(categories)),
    "macro": metrics.macro,
    "weighted": metrics.weighted,
    "samples": metrics.samples,
}


@peer
def prf(y_true, y_pred, *, average, labels=None, beta=1.0, zero_division=0.0):
    of = {"precision": metrics.precision, "recall": metrics.recall, "fscore": metrics.f_beta(beta)}
    judged = {"binary": of_ones, "samples": rows_judged}.get(average, categories_judged)(y_true, y_pred, labels)
    return {name: AVERAGES[average](instead_of_undefined(zero_division, metric), judged) for name, metric in of.items()}


def instead_of_undefined(value, metric):
    """scikit-learn puts a number where a metric is undefined, or with nan leaves it out of averages, as we do."""
    if math.isnan(value):
        return metric

    def defined(counts):
        found = metric(counts)
        return value if found is None else found

    return defined


def of_ones(y_true, y_pred, labels):
    """scikit-learn takes 1 for yes, whether no is 0 or -1."""
    assert labels is None
    return counts_of(np.equal(y_true, 1), np.equal(y_pred, 1))


def categories_judged(y_true, y_pred, labels):
    if np.ndim(y_true) == 2:
        return counts_of(*only(labels, y_true, y_pred))
    categories = sorted({*y_true, *y_pred})
    counts = confusion.one_vs_rest(matrix_of_answers(y_true, y_pred))
    return [counts[categories.index(label)] for label in labels or categories]


def rows_judged(y_true, y_pred, labels):
    return tally_of(document_of(*only(labels, y_true, y_pred)), 0)


def only(labels, *tables):
    """scikit-learn can be told the categories that count."""
    return [np.array(table)[:, labels or slice(None)] for table in tables]


# Ranks


def parted(labels, scores):
    """Return the scores of the positives and those of the negatives, ascending."""
    yes, s = np.equal(labels, 1), np.array(scores, dtype=np.float64)
    return np.sort(s[yes]), np.sort(s[~yes])


def curve_of(y_true, y_score):
    yes, no = parted(y_true, y_score)
    return ranking.curve([yes], [no])


@peer
def roc_curve(y_true, y_score):
    found = curve_of(y_true, y_score)
    # scikit-learn draws the corner where nothing is said yes as well.
    return {"fpr": np.r_[0, found.false_positive_rate], "tpr": np.r_[0, found.recall]}


@peer
def pr_curve(y_true, y_score):
    found = curve_of(y_true, y_score)
    # scikit-learn goes from the lowest threshold up, and ends with a point of its own.
    return {"precision": np.r_[found.precision[::-1], 1], "recall": np.r_[found.recall[::-1], 0]}


@peer
def roc_auc(y_true, y_score, *, average=None):
    return averaged(ranking.roc_auc, y_true, y_score, average)


@peer
def average_precision(y_true, y_score, *, average=None):
    return averaged(ranking.average_precision, y_true, y_score, average)


def averaged(area, y_true, y_score, average):
    """scikit-learn can take the categories of each row for what is ranked; we rank the rows of a category."""
    rows = {None: [(y_true, y_score)], "samples": list(zip(y_true, y_score, strict=True))}[average]
    found = [area(*row) for row in rows]
    return found[0] if average is None else np.mean(found)


# Calibration


@peer
def brier(y_true, y_proba, labels=None):
    if np.ndim(y_proba) == 1:
        document = document_of(np.equal(y_true, 1), y_proba)  # whether no is 0 or -1
    else:
        document = Document.create(numbered(y_true, labels), {"Peer": y_proba}, categories=labels, multiclass=True)
    return evaluate(document).models[0].brier


@peer
def calibration_curve(y_true, y_pred, *, n_bins, strategy="uniform"):
    found = evaluate(document_of(y_true, y_pred)).models[0]
    scores = found.positives(0), found.negatives(0)
    edges = {"uniform": closed_above(n_bins), "quantile": calibration.equal_count(*scores, n_bins)}[strategy]
    bins = calibration.reliability(*scores, edges)
    # scikit-learn does not list empty bins.
    filled = bins.counts > 0
    return {"prob_true": bins.observed[filled], "prob_pred": bins.mean_scores[filled]}


def closed_above(bins):
    """scikit-learn puts a score on an edge into the bin below, we put it into the one above."""
    edges = calibration.equal_width(bins)
    edges[1:-1] = np.nextafter(edges[1:-1], 2)
    return edges


@peer
def ece(prob, target, *, task, n_bins, norm):
    yes, no = {"binary": parted, "multiclass": most_probable}[task](target, prob)
    bins = calibration.reliability([yes], [no], calibration.equal_width(n_bins))
    errors = {
        "l1": bins.expected_error,
        "l2": math.sqrt(bins.brier_split.reliability),  # which is the mean of the squares
        "max": bins.largest_error,
    }
    return errors[norm]


def most_probable(target, prob):
    """torchmetrics asks of many categories how often the most probable one comes true."""
    p = np.array(prob)
    return parted(confusion.decisions(p) == np.array(target), p.max(axis=1))


class TestCases:
    @pytest.mark.parametrize("name", AGREED)
    def test_come_out_as_the_peer_says(self, name):
        assert_agrees(outcome(name), CASES[name]["expected"], **CASES[name]["tol"])

    @pytest.mark.parametrize(("name", "code"), REFUSED.items())
    def test_that_a_peer_refuses_are_refused_by_name(self, name, code):
        assert "raises" in CASES[name]["expected"]
        assert outcome(name) == code

    @pytest.mark.parametrize(("name", "instead"), INSTEAD_OF_A_WARNING.items())
    def test_of_which_a_peer_warns_are_refused_or_undefined(self, name, instead):
        assert "warns" in CASES[name]["expected"]
        assert outcome(name) == instead

    @pytest.mark.parametrize(("name", "ours"), [(name, ours) for name, (ours, _) in DIFFERENT.items()])
    def test_in_which_we_differ_come_out_as_we_say(self, name, ours):
        np.testing.assert_equal(outcome(name), ours)


class TestList:
    def test_has_every_case_exactly_once(self):
        covered = [*AGREED, *REFUSED, *INSTEAD_OF_A_WARNING, *DIFFERENT, *NOT_OURS]
        assert Counter(covered) == Counter(case["id"] for case in LISTED)
        assert len(covered) == 159

    def test_has_an_adapter_for_every_function_but_those_that_are_not_ours(self):
        ours = {case["function"] for name, case in CASES.items() if name not in NOT_OURS}
        assert set(ADAPTERS) == ours

    @pytest.mark.parametrize("function", ADAPTERS)
    def test_has_no_option_that_is_passed_over(self, function):
        name = next(name for name in AGREED if CASES[name]["function"] == function)
        with pytest.raises((TypeError, AssertionError)):
            outcome(name, no_such_option=True)

    @pytest.mark.parametrize(
        ("name", "option"),
        [
            ("pt-bce-ones", {"policy": "jax"}),
            ("pt-bce-ones", {"dtype": "float33"}),
            ("pt-bcel-grad-zero", {"output": "hessian"}),
            ("pt-ce-prob-not-normalised", {"target": "one-hot"}),
            ("ke-metric-scce-ignore", {"ignore_denominator": "half"}),
            ("sk-cm-tie-ge", {"tie": "even"}),
            ("sk-cm-normalize-true", {"normalize": "all"}),
            ("sk-prf-multilabel1-macro", {"average": "median"}),
            ("sk-calib-quantile", {"strategy": "kmeans"}),
            ("tm-ece-binary-l1", {"norm": "l3"}),
            ("ke-fp-thresholds", {"count": "fn"}),
        ],
    )
    def test_has_no_value_of_an_option_that_is_passed_over(self, name, option):
        with pytest.raises((KeyError, TypeError)):
            outcome(name, **option)


class TestBesides:
    @pytest.mark.parametrize("name", ["pt-bce-ones", "pt-ce-huge", "pt-ce-one-class-column", "ox-safe-softmax-masked"])
    def test_what_is_certain_and_right_costs_zero_without_a_minus_sign(self, name):
        assert not np.signbit(outcome(name)).any()

    @pytest.mark.parametrize(
        ("name", "function", "arguments", "code"),
        [
            ("ke-cce-unweighted", losses.categorical_cross_entropy, "target prob", "probabilities_no_distribution"),
            ("ke-ops-cce-axis0", losses.categorical_cross_entropy, "target prob", "labels_no_distribution"),
            (
                "pt-ce-prob-not-normalised",
                losses.categorical_cross_entropy_with_logits,
                "target logits",
                "labels_no_distribution",
            ),
            ("sp-entr", information.self_information, "x", "probability_out_of_range"),
        ],
    )
    def test_what_a_peer_puts_right_in_silence_is_refused_by_name(self, name, function, arguments, code):
        with pytest.raises(DataError) as caught:
            function(*(CASES[name]["inputs"][argument] for argument in arguments.split()))
        assert caught.value.code == code

    def test_categories_that_never_occur_do_not_lower_a_macro_average(self):
        inputs = CASES["tm-f1-absent-classes"]["inputs"]
        matrix = confusion.confusion_matrix(np.array(inputs["y_true"]), np.array(inputs["y_pred"]), categories=9)
        macro = metrics.macro(metrics.f1, confusion.one_vs_rest(matrix))
        assert_agrees(macro, CASES["tm-f1-absent-classes"]["expected"]["fscore"], abs=1e-7)
