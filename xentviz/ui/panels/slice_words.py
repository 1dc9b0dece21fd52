"""What slices are called, and what is said of them."""

import math
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QCoreApplication

from xentviz.core.document import MOST_GROUPS, Document, Unit
from xentviz.core.intervals import Interval, leaves_out_zero
from xentviz.core.looked_at import LookedAt
from xentviz.core.told import one_answer, several_answers
from xentviz.session.comparing import Comparing, SliceOrder, Slicing
from xentviz.session.slices import TENTHS, Sliced
from xentviz.ui.numbers import loss_text, score_text
from xentviz.ui.panels.matrix_words import heads
from xentviz.ui.panels.score_words import EVEN, by_how_much
from xentviz.ui.words import counted_answers, counted_rows, cut

translate = QCoreApplication.translate


def explanation() -> str:
    """Return what slices are for."""
    return translate(
        "slice_words",
        "One number for all rows hides where a model is bad. Here the rows are divided: by what is true, by how sure "
        "the chosen model is, or by a column of the file. In each slice a dot is a model’s mean loss, or how often it "
        "is right, and the line through it the 95 % interval, which the scoreboard tells of these rows alone: Wilson’s "
        "of shares; of losses by theory from 1,000 rows on, of fewer by drawing them anew 10,000 times. Of millions of "
        "scores, or hundreds of slices, it is Student’s t. All slices have the same axes.\n\n"
        "A slice’s difference is the mean over its rows of one model’s loss less the other’s, ± half its interval; it "
        "is bold if the interval leaves out 0. The sentence above gives the same interval and judges more strictly: "
        "among twenty slices one is striking by luck alone, so “not luck” means that a wider interval, for the most "
        "striking of all (Bonferroni), leaves out 0 too.\n\n"
        "Look for a slice in which the better model is the worse one. Click it to see its rows in the table; "
        "double-click it, and every panel is about its rows alone, until you double-click it again.",
    )


@dataclass(frozen=True)
class Choice:
    """What rows can be divided by: into slices of equal size or not, by which column; and what that is called."""

    slicing: Slicing
    equal: bool
    column: str
    text: str


def slicings(document: Document) -> list[Choice]:
    """Return what the rows of a document can be divided by."""
    by = translate("slice_words", "by {column}")
    return [
        Choice(Slicing.LABEL, False, "", translate("slice_words", "by label")),
        Choice(Slicing.SCORE, False, "", translate("slice_words", "by score, in tenths")),
        Choice(Slicing.SCORE, True, "", translate("slice_words", "by score, as many each")),
        *(Choice(Slicing.COLUMN, False, of.name, by.format(column=cut(of.name))) for of in document.groupings),
    ]


def undivided(document: Document) -> list[tuple[str, str]]:
    """Return the columns by which rows are not divided, as they stand among the others, and why."""
    short = translate("slice_words", "{column}: over {most} words")
    why = translate(
        "slice_words",
        "The column “{column}” has more than {most} different words: as many slices nobody could compare. To divide by "
        "it, put words together in the file, as towns into regions.",
    )
    names = [(cut(name), cut(name, 60)) for name in document.undivided]
    return [(short.format(column=s, most=MOST_GROUPS), why.format(column=w, most=MOST_GROUPS)) for s, w in names]


def chosen_of(choices: list[Choice], comparing: Comparing, slicing: Slicing) -> Choice:
    """Return the one of some choices by which rows are divided now."""
    of = {Slicing.SCORE: (comparing.equal_slices, ""), Slicing.COLUMN: (False, comparing.column)}
    chosen = (slicing, *of.get(slicing, (False, "")))
    return next(one for one in choices if (one.slicing, one.equal, one.column) == chosen)


def orders() -> list[tuple[SliceOrder, str]]:
    """Return what slices can be ordered by."""
    return [
        (SliceOrder.AS_THEY_COME, translate("slice_words", "in order")),
        (SliceOrder.SIZE, translate("slice_words", "largest first")),
        (SliceOrder.DIFFERENCE, translate("slice_words", "most different first")),
    ]


def slice_name(sliced: Sliced, part: int) -> str:
    """Return what a slice is called."""
    if sliced.rest and part == sliced.division.slices - 1:
        return _none_words(sliced)
    if sliced.slicing is Slicing.SCORE:
        assert sliced.division.edges is not None
        return range_text(*sliced.division.edges[part : part + 2].tolist())
    if sliced.grouping is not None:
        return sliced.grouping.groups[part]
    return _label_names(sliced.looked)[part]


def slice_names(document: Document, category: int | None, choice: Choice) -> list[str]:
    """Return what the slices of a division are called; none where that is known only when it has been made."""
    if choice.slicing is Slicing.LABEL:
        return _label_names(LookedAt(document, category))
    if choice.slicing is Slicing.SCORE:
        return [] if choice.equal else [range_text(*ends) for ends in pairwise(TENTHS.tolist())]
    return next((list(of.groups) for of in document.groupings if of.name == choice.column), [])


def name_alone(document: Document, category: int | None, choice: Choice, number: int) -> str:
    """Return what a slice is called where the others do not stand beside it: with what is asked, if that is in doubt.

    Of a label that is what is looked at of several questions, or of one answer in many.
    """
    name = slice_names(document, category, choice)[number]
    if choice.slicing is not Slicing.LABEL or len(document.categories) == 1:
        return name
    if category is not None:
        is_it = translate("slice_words", "is {category}") if number else translate("slice_words", "is not {category}")
        return is_it.format(category=cut(document.categories[category]))
    return name if one_answer(document) else translate("slice_words", "any question: {answer}").format(answer=name)


def _label_names(looked: LookedAt) -> list[str]:
    rows, _columns = heads(looked.document, looked.category, False)
    return rows[::-1] if looked.yes_or_no else rows


def _none_words(sliced: Sliced) -> str:
    """Return what that is called which lies in no slice."""
    if sliced.slicing is Slicing.SCORE:
        return translate("slice_words", "no score")
    return translate("slice_words", "no label") if sliced.grouping is None else translate("slice_words", "(none)")


def divided_by(sliced: Sliced, names: list[str]) -> str:
    """Return what rows are divided by; names of the models."""
    if sliced.slicing is Slicing.SCORE:
        return translate("slice_words", "score of {model}").format(model=names[sliced.model])
    return translate("slice_words", "label") if sliced.grouping is None else sliced.grouping.name


def range_text(low: float, high: float) -> str:
    """Return two scores, with as many digits as tell them apart, and tell how far they are from 0 and from 1.

    >>> range_text(0.3, 0.4), range_text(0.3683, 0.97671), range_text(0.3681, 0.3689), range_text(0.5, 1)
    ('0.3 – 0.4', '0.37 – 0.977', '0.368 – 0.369', '0.5 – 1')
    """
    decimals = next((d for d in range(12) if _edge(low, d) != _edge(high, d)), 12)
    return translate("slice_words", "{low} – {high}").format(low=_edge(low, decimals), high=_edge(high, decimals))


def _edge(value: float, more: int) -> str:
    """Return a score with one or two digits that tell how far it is from 0 and 1, and so many more."""
    nearest = min(value, 1 - value)
    if nearest <= 0.001:
        return score_text(value)
    if round(value, 1) == value:
        return f"{value:.1f}"
    return f"{value:.{1 - math.floor(math.log10(nearest)) + more}f}" if nearest < 0.1 else f"{value:.{2 + more}f}"


def size_text(sliced: Sliced, part: int) -> str:
    """Return how many there are in a slice."""
    size = int(sliced.losses.sizes[part])
    several = several_answers(sliced.looked.document, sliced.looked.category)
    return counted_answers(size) if several else counted_rows(size)


def difference_text(low: float, mean: float, high: float) -> str:
    """Return a difference and half its interval, or the ends of one that is longer to one side.

    >>> difference_text(-0.039, -0.031, -0.023), difference_text(-0.01, 0.1, 0.35)
    ('−0.031 ± 0.008', '−0.010 … +0.350')
    >>> difference_text(math.nan, 0.5, math.nan)
    '+0.500'
    """
    half = (high - low) / 2
    if math.isnan(half):
        return _signed(mean)
    if abs(low + high - 2 * mean) <= EVEN * (high - low):
        return f"{_signed(mean)} ± {loss_text(half)}"
    return f"{_signed(low)} … {_signed(high)}"


def _signed(loss: float) -> str:
    return ("+" if loss > 0 else "") + loss_text(loss)


@dataclass(frozen=True)
class Striking:
    """By how much the losses of two models differ in a slice that is told of because it strikes.

    Attributes
    ----------
    where : str
        What the slice is called.
    mean : float
        In nats: above 0 the second loses more.
    interval : Interval or None
        Of the slice alone, as it stands in the list.
    half : float
        Of the wider interval of the most striking slice of all; nan of a single row.
    """

    where: str
    mean: float
    interval: Interval | None
    half: float

    @property
    def is_sure(self) -> bool:
        """Whether it is no luck, neither by itself nor as the most striking of all."""
        return abs(self.mean) > self.half > 0 and (self.interval is None or leaves_out_zero(self.interval))


def verdict(names: tuple[str, str], found: Striking, unit: Unit, slices: int) -> str:
    """Return where the second of two models differs most from the first, and whether that may be luck."""
    one, other = names
    if math.isinf(found.mean):
        words = translate("slice_words", "Of the two only {model} has an infinite loss where “{slice}”.")
        return words.format(model=other if found.mean > 0 else one, slice=found.where)
    words = translate("slice_words", "{other} differs most from {one} where “{slice}”: its loss is {size}.")
    size = by_how_much(found.mean, found.interval, unit)
    told = words.format(one=one, other=other, slice=found.where, size=size)
    if math.isnan(found.half):
        luck = translate("slice_words", "Too few rows tell whether that is luck.")
    elif not found.half:
        luck = translate("slice_words", "All its rows differ alike: there is no spread to tell luck by.")
    elif found.is_sure:
        luck = translate("slice_words", "Not luck, even as the most striking of {count}.")
    else:
        luck = translate("slice_words", "Cannot tell: as the most striking of {count} it may be luck.")
    return f"{told} {luck.format(count=slices)}"


def surest(found: Striking, unit: Unit) -> str:
    """Return where a difference is no luck, though it is larger elsewhere."""
    words = translate("slice_words", "No luck is that where “{slice}” it is {size}.")
    return words.format(slice=found.where, size=by_how_much(found.mean, found.interval, unit))


def hand_words(can_be_alone: bool, is_alone: bool) -> list[str]:
    """Return what a click on a slice does, and a double click."""
    listed = translate("slice_words", "Click: list its rows in the table.")
    if not can_be_alone:
        return [listed]
    alone = translate("slice_words", "Double-click, or Shift+Enter: compare on these rows alone.")
    every = translate("slice_words", "Compared on these rows alone. Double-click, or Shift+Enter: all rows again.")
    return [listed, every if is_alone else alone]


def the_same_everywhere(name: str, mean: float, unit: Unit) -> str:
    """Return by how much a model's loss differs from the other's in every row, whatever its slice."""
    words = translate("slice_words", "Whatever the slice, {name}’s loss is {size} in every row.")
    return words.format(name=name, size=by_how_much(mean, None, unit))


def alike(names: tuple[str, str]) -> str:
    """Return what is said where two models nowhere differ."""
    return translate("slice_words", "In no slice do the losses of {one} and {other} differ.").format(
        one=names[0], other=names[1]
    )
