"""A document's numbers as lines: the scoreboard, and the points of every curve."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xentviz.core import metrics
from xentviz.core.arguments import Floats
from xentviz.core.calibration import reliability
from xentviz.core.columns import Rows, Values
from xentviz.core.counts import Counts
from xentviz.core.document import Task
from xentviz.core.evaluation import Results
from xentviz.core.passes import ranked_scores
from xentviz.core.progress import Report
from xentviz.core.ranking import Blocks, Curve, curve
from xentviz.files.export import model_as_json
from xentviz.files.lines import Lines

MOST_POINTS = 100_000
GRID = 10_000
"""Of a curve with more points those are left out that lie within a ten-thousandth of the axes from the one before."""

TEXTS = ("model", "kind", "category", "average", "loss_unit")
WHOLE_NUMBERS = (
    "infinite_rows", "positives", "negatives",
    "true_positives", "false_positives", "false_negatives", "true_negatives",
)  # fmt: skip
SCOREBOARD = (
    "model", "kind", "category", "average", "threshold", "positives", "negatives",
    "loss_mean", "loss_sum", "loss_unit", "infinite_rows", *metrics.METRICS,
    "true_positives", "false_positives", "false_negatives", "true_negatives",
    "roc_auc", "average_precision", "brier", "ece", "subset_accuracy", "hamming_loss",
)  # fmt: skip
CURVES = ("model", "category", "curve", "threshold", "x", "y", "count")


# The scoreboard


def scoreboard_lines(results: Results, report: Report = lambda _share: None) -> Lines:
    """Return a line for each model; with several categories then one for each of them, and for each average.

    The numbers are those of :func:`xentviz.files.export.as_json`. What is undefined is missing.
    """
    import pyarrow

    lines: list[dict[str, Any]] = []
    for model in range(len(results.models)):
        report(model / len(results.models))
        lines += _model_lines(results, model)
    found = {name for line in lines for name in line}
    names = [name for name in SCOREBOARD if name in found or not lines]
    schema = pyarrow.schema([(name, _type(name)) for name in names])
    return Lines(schema, iter([pyarrow.RecordBatch.from_pylist(lines, schema)]))


def _type(name: str) -> Any:
    import pyarrow

    return pyarrow.string() if name in TEXTS else pyarrow.int64() if name in WHOLE_NUMBERS else pyarrow.float64()


def _model_lines(results: Results, model: int) -> Iterator[dict[str, Any]]:
    document, numbers = results.document, model_as_json(results, model)
    counts = [results.models[model].counts(c, document.threshold(c)) for c in range(len(document.categories))]
    both = {"model": numbers["name"], "kind": numbers["kind"]}
    yield both | _whole(results, numbers, counts)
    if len(counts) == 1:
        return
    unit = {"loss_unit": numbers["loss"]["unit"]}
    for c, (name, found) in enumerate(numbers["per_category"].items()):
        found = {"loss_mean": found["mean_loss"], **found, **asdict(counts[c]), "threshold": document.threshold(c)}
        yield both | {"category": name} | unit | _known(found)
    for average in ("micro", "macro", "weighted", "samples"):
        if average in numbers:
            yield both | {"average": average} | _known(numbers[average])


def _whole(results: Results, numbers: Mapping[str, Any], counts: list[Counts]) -> dict[str, Any]:
    document = results.document
    found = {f"loss_{name}": value for name, value in numbers["loss"].items()} | dict(numbers)
    found["infinite_rows"] = numbers["loss"]["infinite_rows"]
    if len(document.thresholds) == 1:
        found["threshold"] = document.threshold(0)
    if document.task is not Task.MULTICLASS:
        pooled = metrics.pooled(counts)
        found |= asdict(pooled) | {"positives": pooled.positives, "negatives": pooled.total - pooled.positives}
    return _known(found)


def _known(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has a column, infinities as numbers."""
    found = {name: value for name, value in numbers.items() if name in SCOREBOARD}
    return {name: float(value) if value in ("inf", "-inf") else value for name, value in found.items()}


# Curves


def curve_lines(results: Results, report: Report = lambda _share: None) -> Lines:
    """Return the points of the curves ``roc``, ``precision_recall`` and ``reliability`` of each model and category.

    Of ``roc`` x is the false positive rate and y the recall; of ``precision_recall`` x is the recall and y the
    precision; at each threshold, which is one of the model's own scores, or infinite where nothing reaches it. Of
    ``reliability`` x is the mean probability in a bin and y the share of positives, and the threshold is where the
    bin begins. The count is that of the elements that reach the threshold, or lie in the bin.

    Every point is exact. Those on a straight line between others are left out; and of a curve that has still more
    than 100,000, those that come within a ten-thousandth of the axes after another.
    """
    import pyarrow

    types = [pyarrow.string()] * 3 + [pyarrow.float64()] * 3 + [pyarrow.int64()]
    schema = pyarrow.schema(list(zip(CURVES, types, strict=True)))

    def batches() -> Iterator[Any]:
        document = results.document
        for m, model in enumerate(document.models):
            for c, (positives, negatives) in enumerate(ranked_scores(results, m)):
                report((m + c / len(document.categories)) / len(document.models))
                found = results.models[m]
                curves = _curves(positives, negatives) | _reliability(found.positives(c), found.negatives(c))
                for name, columns in curves.items():
                    texts = [[text] * len(columns[0]) for text in (model.name, document.categories[c], name)]
                    numbers = [pyarrow.array(column, from_pandas=True) for column in columns]
                    yield pyarrow.RecordBatch.from_arrays([*map(pyarrow.array, texts), *numbers], schema=schema)

    return Lines(schema, batches())


def _curves(positives: Blocks, negatives: Blocks) -> dict[str, list[Values]]:
    """Return threshold, x, y and count of both curves, of those that are defined."""
    found, curves = curve(positives, negatives), {}
    if any(map(len, positives)) and any(map(len, negatives)):
        curves["roc"] = _roc(found)
    if any(map(len, positives)):
        curves["precision_recall"] = _precision_recall(found)
    return curves


def _roc(found: Curve) -> list[Values]:
    yes, no = _from_zero(found.true_positives), _from_zero(found.false_positives)
    rise, run = np.diff(yes), np.diff(no)
    straight = rise[:-1] * run[1:] == rise[1:] * run[:-1]
    kept = _spread(no / no[-1], yes / yes[-1], _ends_and(~straight, len(yes)))
    thresholds = np.concatenate([[np.inf], _as_written(found.thresholds)])
    return [thresholds[kept], no[kept] / no[-1], yes[kept] / yes[-1], yes[kept] + no[kept]]


def _precision_recall(found: Curve) -> list[Values]:
    yes = found.true_positives
    both = yes + found.false_positives
    # In a run of negatives the recall stays, and in the positives before the first negative the precision does.
    falls = (yes[:-2] == yes[1:-1]) & (yes[1:-1] == yes[2:])
    level = (yes[:-2] * both[1:-1] == yes[1:-1] * both[:-2]) & (yes[1:-1] * both[2:] == yes[2:] * both[1:-1])
    recall, precision = yes / yes[-1], yes / both
    kept = _spread(recall, precision, _ends_and(~(falls | level), len(yes)))
    return [_as_written(found.thresholds)[kept], recall[kept], precision[kept], both[kept]]


def _from_zero(counts: Rows) -> Rows:
    return np.concatenate([[0], counts])


def _ends_and(inner: NDArray[np.bool_], length: int) -> Rows:
    """Return the places of the ends, and of what is wanted between them."""
    if length < 3:
        return np.arange(length)
    return np.flatnonzero(np.concatenate([[True], inner, [True]]))


def _spread(x: Floats, y: Floats, places: Rows) -> Rows:
    """Return these places, if they are too many only those at which the curve comes into another cell of a grid."""
    if len(places) <= MOST_POINTS:
        return places
    cells = np.floor(x[places] * GRID) * (GRID + 1) + np.floor(y[places] * GRID)
    return places[_ends_and(np.diff(cells)[:-1] != 0, len(places))]


def _as_written(scores: Values) -> Floats:
    """Return scores as float64 with the digits they are written with: 0.1 remains 0.1."""
    import pyarrow

    if scores.dtype == np.float64:
        return scores
    return np.asarray(pyarrow.array(scores).cast(pyarrow.string()).cast(pyarrow.float64()))


def _reliability(positives: Blocks, negatives: Blocks) -> dict[str, list[Values]]:
    bins = reliability(positives, negatives)
    filled = bins.counts > 0
    columns = [bins.edges[:-1], bins.mean_scores, bins.observed, bins.counts]
    return {"reliability": [column[filled] for column in columns]}
