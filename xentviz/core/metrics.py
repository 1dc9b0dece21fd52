"""Numbers from confusion counts, undefined (None) where a denominator is zero; their averages."""

import math
from collections.abc import Callable, Sequence

from xentviz.core.arguments import check_option
from xentviz.core.counts import Counts, Tally

Metric = Callable[[Counts], float | None]


def accuracy(counts: Counts) -> float | None:
    """Return the share that was said rightly.

    >>> accuracy(Counts(2, 0, 1, 1))
    0.75
    """
    return _ratio(counts.correct, counts.total)


def precision(counts: Counts) -> float | None:
    """Return the share of those said yes that are yes.

    >>> precision(Counts(3, 1, 2, 4))
    0.75
    """
    return _ratio(counts.true_positives, counts.true_positives + counts.false_positives)


def recall(counts: Counts) -> float | None:
    """Return the share of those that are yes that were said yes.

    >>> recall(Counts(3, 1, 2, 4))
    0.6
    """
    return _ratio(counts.true_positives, counts.positives)


def specificity(counts: Counts) -> float | None:
    """Return the share of those that are no that were said no.

    >>> specificity(Counts(3, 1, 2, 4))
    0.8
    """
    return _ratio(counts.true_negatives, counts.true_negatives + counts.false_positives)


def f1(counts: Counts) -> float | None:
    """Return 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall.

    >>> f1(Counts(2, 0, 1, 1))
    0.8
    """
    double = 2 * counts.true_positives
    return _ratio(double, double + counts.false_positives + counts.false_negatives)


def f_beta(beta: float) -> Metric:
    """Return the metric ``(1 + β²) TP / ((1 + β²) TP + β² FN + FP)``, in which recall counts β ≥ 0 times as much.

    C. J. van Rijsbergen, *Information Retrieval*, 1979.

    >>> f_beta(2.0)(Counts(2, 1, 1, 2)) == f1(Counts(2, 1, 1, 2))
    True
    """
    check_option("beta", beta, math.inf)
    square = beta * beta

    def metric(counts: Counts) -> float | None:
        gained = (1 + square) * counts.true_positives
        return _ratio(gained, gained + square * counts.false_negatives + counts.false_positives)

    return metric


def balanced_accuracy(counts: Counts) -> float | None:
    """Return the mean of recall and specificity.

    >>> balanced_accuracy(Counts(3, 1, 2, 4))
    0.7
    """
    yes, no = recall(counts), specificity(counts)
    return None if yes is None or no is None else (yes + no) / 2


def matthews(counts: Counts) -> float | None:
    """Return the correlation of decisions and labels, from -1 to 1 (B. W. Matthews, 1975).

    >>> round(matthews(Counts(2, 0, 1, 1)), 6)
    0.57735
    """
    tp, fp = counts.true_positives, counts.false_positives
    fn, tn = counts.false_negatives, counts.true_negatives
    product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return (tp * tn - fp * fn) / math.sqrt(product) if product else None


def cohen_kappa(counts: Counts) -> float | None:
    """Return how far decisions agree with labels beyond chance, from -1 to 1 (J. Cohen, 1960).

    >>> cohen_kappa(Counts(15, 5, 10, 20))
    0.4
    """
    tp, fp = counts.true_positives, counts.false_positives
    fn, tn = counts.false_negatives, counts.true_negatives
    return _ratio(2 * (tp * tn - fn * fp), (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn))


def prevalence(counts: Counts) -> float | None:
    """Return the share that is yes.

    >>> prevalence(Counts(3, 1, 2, 4))
    0.5
    """
    return _ratio(counts.positives, counts.total)


def predicted_share(counts: Counts) -> float | None:
    """Return the share that was said yes.

    >>> predicted_share(Counts(3, 1, 2, 4))
    0.4
    """
    return _ratio(counts.true_positives + counts.false_positives, counts.total)


def hamming_loss(counts: Counts) -> float | None:
    """Return the share that was said wrongly.

    >>> hamming_loss(Counts(3, 1, 2, 4))
    0.3
    """
    return _ratio(counts.total - counts.correct, counts.total)


METRICS: dict[str, Metric] = {
    "accuracy": accuracy,
    "precision": precision,
    "recall": recall,
    "f1": f1,
    "specificity": specificity,
    "balanced_accuracy": balanced_accuracy,
    "mcc": matthews,
}


def pooled(categories: Sequence[Counts]) -> Counts:
    """Return the counts of all categories together, which micro averages are taken from.

    >>> pooled([Counts(3, 1, 2, 4), Counts(1, 1, 0, 0)])
    Counts(true_positives=4, false_positives=2, false_negatives=2, true_negatives=4)
    """
    return Counts(
        sum(counts.true_positives for counts in categories),
        sum(counts.false_positives for counts in categories),
        sum(counts.false_negatives for counts in categories),
        sum(counts.true_negatives for counts in categories),
    )


def macro(metric: Metric, categories: Sequence[Counts]) -> float | None:
    """Return the mean over the categories where the metric is defined.

    >>> macro(precision, [Counts(3, 1, 2, 4), Counts(1, 3, 0, 0), Counts(0, 0, 1, 1)])
    0.5
    """
    defined = [value for counts in categories if (value := metric(counts)) is not None]
    return math.fsum(defined) / len(defined) if defined else None


def weighted(metric: Metric, categories: Sequence[Counts]) -> float | None:
    """Return the mean over the defined categories, weighted by how many of each are yes.

    >>> weighted(precision, [Counts(3, 1, 0, 4), Counts(1, 3, 0, 0)])
    0.625
    """
    defined = [(value, counts.positives) for counts in categories if (value := metric(counts)) is not None]
    support = sum(positives for _, positives in defined)
    return math.fsum(value * positives for value, positives in defined) / support if support else None


def undefined(metric: Metric, categories: Sequence[Counts]) -> int:
    """Return for how many categories the metric is undefined, and so not in the macro average.

    >>> undefined(precision, [Counts(3, 1, 2, 4), Counts(0, 0, 1, 1)])
    1
    """
    return sum(metric(counts) is None for counts in categories)


def samples(metric: Metric, rows: Tally) -> float | None:
    """Return the mean over the rows where the metric, of a row's own counts, is defined.

    >>> samples(precision, Tally({Counts(1, 0, 0, 1): 3, Counts(0, 1, 0, 1): 1, Counts(0, 0, 1, 1): 5}))
    0.75
    """
    defined = [(value, count) for counts, count in rows.items() if (value := metric(counts)) is not None]
    total = sum(count for _, count in defined)
    return math.fsum(value * count for value, count in defined) / total if total else None


def subset_accuracy(rows: Tally) -> float | None:
    """Return the share of rows in which everything was said rightly.

    >>> subset_accuracy(Tally({Counts(1, 0, 0, 1): 3, Counts(0, 1, 0, 1): 1}))
    0.75
    """
    right = sum(count for counts, count in rows.items() if counts.correct == counts.total)
    return _ratio(right, sum(rows.values()))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
