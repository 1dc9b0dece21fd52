"""Logits divided by a temperature: the mean loss at each, the best one, and what comes true then."""

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xentviz.core.answers import truths
from xentviz.core.arguments import Floats
from xentviz.core.binning import together
from xentviz.core.calibration import MOST_COLDNESS, Reliability, reliability
from xentviz.core.columns import Block, Column, Values
from xentviz.core.document import Document, ScoreKind, Task, probabilities
from xentviz.core.errors import Cancelled
from xentviz.core.intervals import NORMAL
from xentviz.core.parallel import in_batches
from xentviz.core.passes import of_blocks
from xentviz.core.progress import Report, Stopped, never, unheard
from xentviz.core.reduction import sum_of
from xentviz.core.summaries import distributions, losses
from xentviz.core.transforms import logit, sigmoid, softmax

Answer = TypeVar("Answer")

COLDEST, HOTTEST = 0.1, 10.0
"""Of the temperatures whose losses are known at once."""

NODES = np.linspace(math.log(COLDEST), math.log(HOTTEST), 49)
"""Logarithms of the temperatures at which losses are worked out; a cubic goes from each to the next."""

DIGITS, LEAST, MOST = 8, 2.0**-12, 2.0**10
"""A bin of logits is a 256th of their size wide, from the least to the most; those beyond share one each."""

FIRST, LAST = (int(np.float32(size).view(np.int32)) >> (23 - DIGITS) for size in (LEAST, MOST))
PLACES = LAST - FIRST + 1

CLOSE = 1e-9
"""Newton's step is so small a part of where it starts that the next would be lost in rounding."""

MOST_TURNS = 100
"""Where even that is lost in rounding before, it ends."""


@dataclass(frozen=True, eq=False)
class LossCurve:
    """The mean loss of a model whose logits are divided by T, for T from 0.1 to 10.

    With g the gaps from a row's largest logit to its others, and ``d = Σ label · gap``, the loss of a row is
    ``d / T + ln(1 + Σ exp(-g / T))``: the first part is known at every T, the second is interpolated.

    Attributes
    ----------
    known, infinite : int
        Elements (rows, with one answer in many) with a label and a score; and those of them that the model was certain
        of and wrong about. Their loss is infinite at every temperature, and they are left out of the mean.
    gap : float
        The mean of d.
    heights, slopes : ndarray of float64, shape (nodes,)
        The mean of the second part at the nodes, and its derivative by ln T.
    """

    known: int
    infinite: int
    gap: float
    heights: Floats = field(repr=False)
    slopes: Floats = field(repr=False)

    def at(self, temperature: float | Floats) -> Floats:
        """Return the mean of the finite losses in nats, nan of none; to about a millionth of a nat."""
        x = np.clip(np.log(temperature), NODES[0], NODES[-1])
        step = NODES[1] - NODES[0]
        i = np.minimum(((x - NODES[0]) / step).astype(np.int64), len(NODES) - 2)
        t = (x - NODES[i]) / step
        left, right = self.heights[i], self.heights[i + 1]
        rise, fall = step * self.slopes[i], step * self.slopes[i + 1]
        cubic = left + t * (rise + t * (3 * (right - left) - 2 * rise - fall + t * (2 * (left - right) + rise + fall)))
        with np.errstate(over="ignore"):
            return np.asarray(self.gap / np.exp(x) + cubic)

    @property
    def about_best(self) -> float:
        """The temperature from 0.1 to 10 of about the smallest loss, to look for the best from."""
        along = np.exp(np.linspace(NODES[0], NODES[-1], 401))
        found = self.at(along)
        return float(along[int(found.argmin())]) if np.isfinite(found).all() else 1.0


@dataclass(frozen=True)
class BestTemperature:
    """The temperature of the smallest mean loss, and that loss in nats.

    0 if the colder the better: the logits part the labels rightly; infinite if the hotter the better: they tell the
    opposite of the truth. ``loss`` is what is approached then.

    Attributes
    ----------
    temperature, loss : float
    interval : tuple of float
        Of 95 %, by the theory of maximum likelihood, as if rows were independent: ``T · exp(±1.96 T / √v)``, where v is
        the sum of the variances of the logits under what the model then says. From 0 to infinity where none is best.
    """

    temperature: float
    loss: float
    interval: tuple[float, float] = (0.0, math.inf)


@dataclass(frozen=True, eq=False)
class LogitCounts:
    """How many yeses and noes have which logit, in fine bins, and the sum of the logits in each.

    Attributes
    ----------
    counts, sums : ndarray of float64, shape (2, 2 * PLACES)
        Of those that are no, and that are yes; of logits below 0 first.
    """

    counts: Floats
    sums: Floats

    def heated(self, temperature: float, edges: Floats) -> Reliability:
        """Return what came true of the probabilities of logits / T: each fine bin of logits stands at its mean."""
        filled = self.counts > 0
        labels = np.repeat([[0.0], [1.0]], self.counts.shape[1], axis=1)[filled]
        counts, p = self.counts[filled], sigmoid(self.sums[filled] / self.counts[filled] / temperature)
        bins = np.clip(np.searchsorted(edges, p, side="right") - 1, 0, len(edges) - 2)

        def in_bins(weights: Floats) -> Floats:
            return np.asarray(np.bincount(bins, weights, len(edges) - 1), dtype=np.float64)

        positives = in_bins(counts * labels).round().astype(np.int64)
        of_all = in_bins(counts).round().astype(np.int64)
        return Reliability(edges, of_all, positives, in_bins(counts * p), in_bins(counts * (p - labels) ** 2))


@dataclass(frozen=True, eq=False)
class _Part:
    """Rows of finite loss: their gaps, shape (others, rows), and what their labels make of them."""

    known: int
    infinite: int
    gap: float
    others: Floats

    def at(self, coldness: float) -> tuple[float, float, float]:
        """Return the sums of ``f = ln(1 + Σ exp(-c g))`` and of its first and second derivative by c."""
        with np.errstate(under="ignore"):
            share = np.exp(-coldness * self.others)
            others = share.sum(axis=0)
            total = 1.0 + others
            share *= self._sizes
            mean = share.sum(axis=0) / total
            share *= self._sizes
            square = share.sum(axis=0) / total
        return float(np.log1p(others).sum()), -float(mean.sum()), float((square - mean * mean).sum())

    @cached_property
    def _sizes(self) -> Floats:
        """The gaps, with 0 for those so large that nothing lies behind them."""
        return np.where(np.isinf(self.others), 0.0, self.others)


def loss_curve(
    document: Document,
    model: int,
    category: int | None = None,
    stopped: Stopped = never,
    report: Report = unheard,
) -> tuple[LossCurve, LogitCounts | None]:
    """Return the mean loss at every temperature, and how many have which logit; from one pass over the rows.

    Parameters
    ----------
    document : Document
    model : int
    category : int or None
        The question looked at; None for all. Rows with one answer in many are all looked at.
    stopped, report : callable
        As of :func:`evaluate`.

    Returns
    -------
    LossCurve
    LogitCounts or None
        None of one answer in many: what its probabilities become depends on all logits of the row.

    Raises
    ------
    Cancelled

    Notes
    -----
    Of yes/no questions the second part of the loss depends on the logit's size alone, and is taken from the fine bins:
    a bin that is a part r of its logits wide gives the mean loss of them to ``0.44 r² / 24`` nats, here 3e-7.

    Examples
    --------
    >>> curve, _ = loss_curve(Document.create([1, 1, 1, 0], {"A": [0.9] * 4}), 0)
    >>> curve.at(np.array([1.0, 2.0])).round(6)
    array([0.654667, 0.562335])
    """
    whose = (document, model, category)
    if document.task is Task.MULTICLASS:
        return _curve(_sums_of_answers(*whose, stopped, report)), None
    sums, logits = _sums_of_questions(*whose, stopped, report)
    return _curve(sums), logits


def _sums_of_answers(document: Document, model: int, category: int | None, stopped: Stopped, report: Report) -> Floats:
    """Return rows known, infinite losses, and gaps; below them height, slope and 0 at every node of a curve."""

    def of_block(labels: Floats, scores: Values) -> Floats:
        part = _part(document, model, category, labels, scores)
        heights = [(height, slope, 0.0) for height, slope, _ in map(part.at, np.exp(-NODES).tolist())]
        return np.array([(part.known, part.infinite, part.gap), *heights])

    return np.asarray(np.sum(of_blocks(document, model, of_block, stopped, report), axis=0))


def _sums_of_questions(
    document: Document, model: int, category: int | None, stopped: Stopped, report: Report
) -> tuple[Floats, LogitCounts]:
    """Return the same as of answers, but each height of what the logits are counted as; and these."""

    def of_block(labels: Floats, scores: Values) -> tuple[tuple[float, float, float], LogitCounts]:
        part = _part(document, model, category, labels, scores)
        return (part.known, part.infinite, part.gap), _counted(document, model, category, labels, scores)

    numbers, counted = zip(*of_blocks(document, model, of_block, stopped, report), strict=True)
    logits = LogitCounts(*(np.sum([getattr(c, name) for c in counted], axis=0) for name in ("counts", "sums")))
    return np.vstack([np.sum(numbers, axis=0), _heights(logits, np.exp(-NODES))]), logits


def _curve(sums: Floats) -> LossCurve:
    """Return the curve of means that sums give."""
    known, infinite = int(sums[0, 0]), int(sums[0, 1])
    finite = np.float64(known - infinite)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap, heights, slopes = (np.asarray(part) / finite for part in (sums[0, 2], sums[1:, 0], sums[1:, 1]))
    return LossCurve(known, infinite, float(gap), heights, -np.exp(-NODES) * slopes)


def best_temperature_of(
    document: Document,
    model: int,
    category: int | None = None,
    start: float = 1.0,
    stopped: Stopped = never,
) -> BestTemperature | None:
    """Return the temperature at which the mean loss is smallest, exactly; None where every one is as good.

    As :func:`best_temperature`, but block by block: nothing as long as the rows is made. By Newton's method from a
    guess, held between what is known to be too cold and too hot.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> document = Document.create([1, 1, 1, 0], {"A": [0.9] * 4})
    >>> round(best_temperature_of(document, 0).temperature, 6)
    2.0
    """

    def totals(cold: float) -> tuple[float, float, float, float]:
        def of_block(labels: Floats, scores: Values) -> tuple[int, float, float, float, float]:
            part = _part(document, model, category, labels, scores)
            return part.known - part.infinite, part.gap, *part.at(cold)

        parts = zip(*of_blocks(document, model, of_block, stopped, unheard), strict=True)
        finite, gap, height, slope, bend = (sum_of([float(v) for v in part]) for part in parts)
        return (cold * gap + height) / finite if finite else math.nan, gap, gap + slope, bend

    cold, low, high, loss = 1.0 / start, 0.0, math.inf, math.nan
    for _turn in range(MOST_TURNS):
        if stopped():
            raise Cancelled
        loss, gap, slope, bend = totals(cold)
        if math.isnan(loss) or slope == bend == 0.0:
            return None
        if gap == 0.0:  # no answer is wrong
            return BestTemperature(0.0, totals(MOST_COLDNESS)[0])
        low, high = (cold, high) if slope < 0.0 else (low, cold)
        if high < 1.0 / MOST_COLDNESS or low > MOST_COLDNESS:
            return BestTemperature(math.inf if low == 0.0 else 0.0, loss)
        step = cold - slope / bend if bend > 0.0 else math.nan
        if abs(step - cold) <= CLOSE * cold:
            return BestTemperature(1.0 / step, loss, _interval(step, bend))
        cold = _next(cold, step, low, high)
    return BestTemperature(1.0 / cold, loss)


def _interval(cold: float, bend: float) -> tuple[float, float]:
    reach = min(700.0, NORMAL / (cold * math.sqrt(bend)))
    return math.exp(-reach) / cold, math.exp(reach) / cold


def _next(cold: float, step: float, low: float, high: float) -> float:
    """Return Newton's step where it is between what is known and not too far, else a safe one."""
    nearest, farthest = max(low, cold / 8.0), min(high, cold * 8.0)
    if nearest < step < farthest:
        return step
    if low and high < math.inf:
        return math.sqrt(low * high)
    return cold * 8.0 if low else cold / 8.0


def heated_answers(
    document: Document,
    model: int,
    category: int | None,
    temperature: float,
    edges: Floats,
    stopped: Stopped = never,
    report: Report = unheard,
) -> Reliability:
    """Return what came true of ``softmax(z / T)``, of one answer in many.

    Of one category its probability and whether the row is that; of None the largest, and whether it is the truth's.

    Raises
    ------
    Cancelled
    """
    of = document.models[model]

    def of_block(labels: Floats, scores: Values) -> Reliability:
        truth = truths(labels)
        known = (truth >= 0) & ~np.isnan(scores).any(axis=1)
        truth = truth[known]
        hot = probabilities(
            heated(scores[known], of.kind, document.task, temperature)[0], ScoreKind.LOGIT, document.task
        )
        decided = probabilities(scores[known], of.kind, document.task).argmax(axis=1)  # which no temperature changes
        said = decided if category is None else np.full(len(truth), category)
        p, yes = hot[np.arange(len(hot)), said], said == truth
        return reliability([np.sort(p[yes])], [np.sort(p[~yes])], edges)

    return together(of_blocks(document, model, of_block, stopped, report))


def heated(scores: Values, kind: ScoreKind, task: Task, temperature: float) -> tuple[Values, Values]:
    """Return scores as logits divided by a temperature, and these in their own kind and precision.

    Probabilities of 0 and 1 stay what they are.

    >>> heated(np.array([[0.9]]), ScoreKind.PROBABILITY, Task.BINARY, 2.0)[1].round(6).tolist()
    [[0.75]]
    """
    if kind is ScoreKind.LOGIT:
        with np.errstate(over="ignore", under="ignore"):
            logits = (scores / scores.dtype.type(temperature)).astype(scores.dtype)
        return logits, logits
    with np.errstate(divide="ignore"):
        logits = (np.log(scores.astype(np.float64)) if task is Task.MULTICLASS else logit(scores)) / temperature
    p = softmax(logits) if task is Task.MULTICLASS else sigmoid(logits)
    return logits, p.astype(scores.dtype)


def with_heated_model(
    document: Document,
    model: int,
    temperature: float,
    name: str,
    stopped: Stopped = never,
    report: Report = unheard,
) -> Document:
    """Return a document with one more model behind a model: its logits divided by a temperature.

    Of probabilities it has probabilities too, unless one of them would be rounded to 0 or 1, and cost infinity where it
    only cost much: then it has logits.

    Raises
    ------
    DataError
        ``name_taken``, ``name_empty``.
    Cancelled
    """
    of = document.models[model]

    def of_block(block: Block) -> tuple[Values, NDArray[np.bool_]]:
        _, own = heated(block.values, of.kind, document.task, temperature)
        return own, np.asarray(((own == 0) | (own == 1)) & (block.values != own))

    def logits_of_block(block: Block) -> Block:
        return Block(heated(block.values, of.kind, document.task, temperature)[0])

    found = in_batches(of_block, of.scores.blocks, stopped, report)
    kind, blocks = of.kind, [Block(own) for own, _ in found]
    if kind is ScoreKind.PROBABILITY and any(rounded.any() for _, rounded in found):
        kind, blocks = ScoreKind.LOGIT, in_batches(logits_of_block, of.scores.blocks, stopped, report)
    return document.with_model(name, kind, Column(tuple(blocks)), at=model + 1)


def _part(document: Document, model: int, category: int | None, labels: Floats, scores: Values) -> _Part:
    """Return the gaps of the known rows of a block, and of how many the loss is infinite."""
    kind, task = document.models[model].kind, document.task
    if task is Task.MULTICLASS:
        return _part_of_answers(labels, scores, kind)
    if category is not None:
        labels, scores = labels[:, category], scores[:, category]
    loss = losses(labels, scores, kind, task)
    finite = np.isfinite(loss)
    y, z = labels[finite], _logits(scores[finite], kind)
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.where(np.isinf(z), 0.0, np.maximum(z, 0.0) - y * z)
    return _Part(int((~np.isnan(loss)).sum()), int(np.isinf(loss).sum()), float(gap.sum()), np.abs(z)[None])


def _part_of_answers(labels: Floats, scores: Values, kind: ScoreKind) -> _Part:
    loss = losses(labels, scores, kind, Task.MULTICLASS)
    finite = np.isfinite(loss)
    y = distributions(labels[finite], scores.shape[1])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        z = scores[finite].astype(np.float64) if kind is ScoreKind.LOGIT else np.log(scores[finite].astype(np.float64))
        top = z.max(axis=1, keepdims=True, initial=-np.inf)
        gaps = np.where(z == top, 0.0, top - z)
        gap = np.where(y > 0, y * gaps, 0.0)
    gaps[np.arange(len(gaps)), z.argmax(axis=1)] = np.inf  # the largest is not among the others
    return _Part(
        int((~np.isnan(loss)).sum()), int(np.isinf(loss).sum()), float(gap.sum()), np.ascontiguousarray(gaps.T)
    )


def _logits(scores: Values, kind: ScoreKind) -> Floats:
    return scores.astype(np.float64) if kind is ScoreKind.LOGIT else logit(scores)


def _counted(document: Document, model: int, category: int | None, labels: Floats, scores: Values) -> LogitCounts:
    if category is not None:
        labels, scores = labels[:, category], scores[:, category]
    known = ~np.isnan(labels)
    z = np.clip(_logits(scores[known], document.models[model].kind), -MOST, MOST)
    bits = np.abs(z).astype(np.float32).view(np.int32) >> (23 - DIGITS)
    place = np.clip(bits - FIRST, 0, PLACES - 1) + PLACES * (z >= 0.0) + 2 * PLACES * (labels[known] >= 0.5)
    counts, sums = (np.bincount(place, weights, 4 * PLACES).reshape(2, -1) for weights in (None, z))
    return LogitCounts(counts.astype(np.float64), sums.astype(np.float64))


def _heights(logits: LogitCounts, colds: Floats) -> Floats:
    """Return the sums of ``ln(1 + exp(-c |z|))`` and of its derivative by c, and 0, for each c."""
    filled = logits.counts.sum(axis=0) > 0
    counts = logits.counts.sum(axis=0)[filled]
    sizes = np.abs(logits.sums.sum(axis=0)[filled]) / counts
    part = np.exp(-colds[:, None] * sizes)
    return np.stack([np.log1p(part) @ counts, -(part / (1.0 + part)) @ (counts * sizes), np.zeros(len(colds))], axis=1)
