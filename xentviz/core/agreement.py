"""How the decisions of models go together: how many are alike, and which of two is right."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from xentviz.core.columns import Rows
from xentviz.core.comparison import even_split
from xentviz.core.counts import Integers
from xentviz.core.looked_at import LookedAt, Mask
from xentviz.core.progress import Report, Stopped, never, unheard

Pair = tuple[int, int]


@dataclass(frozen=True)
class Agreement:
    """What two models decide, where both have scores.

    Attributes
    ----------
    decided : int
        Rows, or answers, that both have scores for; they need no label to be decided alike.
    alike : int
    by_chance : int
        ``Σ a_k b_k``, of how often either decides for each category.
    both_right, only_first, only_second, both_wrong : int
        Of those that have a label.
    """

    decided: int
    alike: int
    by_chance: int
    both_right: int
    only_first: int
    only_second: int
    both_wrong: int

    @property
    def share(self) -> float | None:
        """The share decided alike, None of nothing."""
        return self.alike / self.decided if self.decided else None

    @property
    def kappa(self) -> float | None:
        """Cohen's κ, from -1 to 1: how far that is beyond chance; None where chance is sure to make them agree.

        J. Cohen, *A coefficient of agreement for nominal scales*, 1960.
        """
        most = self.decided * self.decided
        return (
            (self.decided * self.alike - self.by_chance) / (most - self.by_chance) if most != self.by_chance else None
        )

    @property
    def labelled(self) -> int:
        """How many have a label."""
        return self.both_right + self.only_first + self.only_second + self.both_wrong

    @property
    def p_value(self) -> float | None:
        """McNemar's exact test, as of :func:`xentviz.core.comparison.mcnemar`, of who is right where one alone is."""
        return even_split(self.only_first, self.only_second)

    def turned(self) -> "Agreement":
        """Return the same with the second model first."""
        return Agreement(
            self.decided, self.alike, self.by_chance,
            self.both_right, self.only_second, self.only_first, self.both_wrong,
        )  # fmt: skip


def agreements(looked: LookedAt, stopped: Stopped = never, report: Report = unheard) -> dict[Pair, Agreement]:
    """Return how every model goes together with every later one, at the document's thresholds.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> from xentviz.core.document import Document
    >>> document = Document.create([1, 0, 1, 0], {"A": [0.9, 0.2, 0.4, 0.6], "B": [0.8, 0.7, 0.3, 0.1]})
    >>> found = agreements(LookedAt(document, None))[0, 1]
    >>> found.share, found.kappa, (found.both_right, found.only_first, found.only_second, found.both_wrong)
    (0.5, 0.0, (1, 1, 1, 1))
    """
    models = range(len(looked.document.models))
    pairs = list(combinations(models, 2))

    def counted(block: int) -> Integers:
        truth, known = looked.truths(block)
        sides = [looked.decided(block, model) for model in models]
        return np.array([_counted(looked, truth, known, sides[a], sides[b]) for a, b in pairs])

    if not pairs:
        return {}
    counts = np.sum(looked.over_blocks(counted, stopped, report), axis=0)
    return {pair: _agreement(of_pair.tolist()) for pair, of_pair in zip(pairs, counts, strict=True)}


def _counted(looked: LookedAt, truth: Rows, known: Mask, one: tuple[Rows, Mask], other: tuple[Rows, Mask]) -> Integers:
    """Return how many are decided, alike, known, right by each and by both; and how often each decides for what."""
    both = one[1] & other[1]
    a, b = one[0], other[0]
    if not both.all():
        a, b, truth, known = a[both], b[both], truth[both], known[both]
    first, second = (a == truth) & known, (b == truth) & known
    six = [len(a), *map(np.count_nonzero, (a == b, known, first, second, first & second))]
    return np.concatenate([six, _said(looked, a), _said(looked, b)])


def _said(looked: LookedAt, decided: Rows) -> Integers:
    """Return how often each category is decided for, and none first."""
    if looked.yes_or_no:
        yes = np.count_nonzero(decided)
        return np.array([0, len(decided) - yes, yes])
    return np.bincount(decided + 1, minlength=looked.outcomes + 1)


def _agreement(counts: list[int]) -> Agreement:
    decided, alike, known, first, second, both_right = counts[:6]
    said = len(counts[6:]) // 2
    by_chance = sum(a * b for a, b in zip(counts[6 : 6 + said], counts[6 + said :], strict=True))
    both_wrong = known - first - second + both_right
    return Agreement(decided, alike, by_chance, both_right, first - both_right, second - both_right, both_wrong)


def elements_decided(
    looked: LookedAt,
    pair: Pair,
    first_right: bool,
    second_right: bool,
    stopped: Stopped = never,
    report: Report = unheard,
) -> Rows:
    """Return the labelled elements that each of two models decides rightly, or not; ascending, rows by their first.

    Raises
    ------
    Cancelled
    """

    def chosen(block: int) -> Mask:
        truth, known = looked.truths(block)
        (a, scored), (b, also) = (looked.decided(block, model) for model in pair)
        return np.asarray(known & scored & also & ((a == truth) == first_right) & ((b == truth) == second_right))

    return looked.elements_where(chosen, stopped, report)


def elements_apart(looked: LookedAt, pair: Pair, stopped: Stopped = never, report: Report = unheard) -> Rows:
    """Return the elements that two models decide differently; as :func:`elements_decided`."""

    def chosen(block: int) -> Mask:
        (a, scored), (b, also) = (looked.decided(block, model) for model in pair)
        return np.asarray(scored & also & (a != b))

    return looked.elements_where(chosen, stopped, report)


def elements_in_one(
    looked: LookedAt, pair: Pair, truth: int, decided: int, stopped: Stopped = never, report: Report = unheard
) -> Rows:
    """Return the elements that one of two models has in a cell of its confusion matrix, and the other not.

    As :func:`elements_decided`; ``decided`` is -1 for none.
    """

    def within(block: int, model: int) -> Mask:
        said, scored = looked.decided(block, model)
        return np.asarray(scored & (said == decided))

    def chosen(block: int) -> Mask:
        are, known = looked.truths(block)
        return np.asarray(known & (are == truth) & (within(block, pair[0]) != within(block, pair[1])))

    return looked.elements_where(chosen, stopped, report)
