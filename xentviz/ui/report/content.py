"""What is said in a report: about the data, the models, and how they compare."""

import math
import platform
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from PySide6.QtCore import QCoreApplication, qVersion

from xentviz import __version__
from xentviz.core.calibration import DEFAULT_BINS
from xentviz.core.comparison import NORMAL_ROWS, RESAMPLES, SEED
from xentviz.core.document import Document, Task, Unit
from xentviz.core.intervals import Estimate, Interval
from xentviz.core.told import one_answer
from xentviz.session.scores import LOSS
from xentviz.ui.numbers import UNDEFINED, count_text, loss_text, score_text, share_text, threshold_text
from xentviz.ui.panels.matrix_words import heads
from xentviz.ui.panels.score_words import has_no_spread, interval_words, loss_verdict, short, signed
from xentviz.ui.report.numbers import MOST_CATEGORIES, Numbers, OfModel, Only
from xentviz.ui.report.parts import Part, Text, heading, paragraph, table
from xentviz.ui.report.svg import plain
from xentviz.ui.words import counted_answers, counted_rows, cut

translate = QCoreApplication.translate

BASES = {Unit.NATS: "e", Unit.BITS: "2", Unit.BANS: "10"}
MOST_CONFUSIONS = 15
MOST_NAMED = 6
"""Of more categories the columns of a matrix are too narrow for names, and have numbers."""
LONGEST_NAME, LONGEST_FILE = 40, 80
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class About:
    """Where the data come from, as names without folders, when the report is made, and whether they were edited."""

    files: tuple[str, ...]
    made: datetime
    edited: bool = False


# Which rows


def all_rows_words(numbers: Numbers) -> str:
    """Return how many rows there are, where a report is of all of them."""
    return translate("report", "all {rows}").format(rows=counted_rows(numbers.document.rows))


def only_words(only: Only) -> str:
    """Return of which rows alone a report is, for a title."""
    return translate("report", "only {slice}").format(slice=only.name)


def only_rows_words(numbers: Numbers) -> str:
    """Return of which rows alone a report is, how many they are, and which share; nothing of all rows."""
    only, rows = numbers.only, numbers.document.rows
    if only is None:
        return ""
    share = share_text(rows / only.rows if only.rows else None)
    words = translate("report", "Only {slice}: {part} of {rows} ({share})").format(
        slice=only.name, part=count_text(rows), rows=counted_rows(only.rows), share=share
    )
    left_out = translate("report", "; what else is answered in these rows is left out")
    return words + left_out if only.answers else words


# The verdict


def verdict_parts(numbers: Numbers) -> list[Part]:
    """Return what it comes to, in a few sentences."""
    sentences = [*_best(numbers), *_verdicts(numbers)]
    if not sentences:
        return []
    kinds = ["first", *["short"] * (len(sentences) - 1)]
    told = (f"<p class='{kind}'>{plain(words)}</p>" for kind, words in zip(kinds, sentences, strict=True))
    return [Text("".join(told))]


def _best(numbers: Numbers) -> list[str]:
    """Return which model has the lowest loss, and which is right most often."""
    document = numbers.document
    unit, several = document.settings.unit, len(numbers.models) > 1
    losses = {m: _float(of.numbers["loss"]["mean"]) for m, of in enumerate(numbers.models)}
    finite = {m: loss for m, loss in losses.items() if loss is not None and math.isfinite(loss)}
    accuracies = {m: _float(of.numbers["accuracy"]) for m, of in enumerate(numbers.models)}
    shares = {m: share for m, share in accuracies.items() if share is not None}
    if numbers.models and not any(of.results.known for of in numbers.models):
        return [translate("report", "No row has both a label and a score: nothing can be told of any loss.")]
    sentences = []
    if finite:
        best = min(finite, key=lambda m: finite[m])
        words = translate("report", "Lowest mean loss: {model}, {mean} {unit}")
        if not several:
            words = translate("report", "Mean loss of {model}: {mean} {unit}")
        name = _name(document.models[best].name)
        sentences.append(words.format(model=name, mean=loss_text(finite[best]), unit=unit.value))
        if interval := numbers.models[best].errors.loss:
            words = translate("report", "95 % interval of that mean: {interval} {unit}")
            sentences.append(words.format(interval=interval_words(LOSS, interval, unit), unit=unit.value))
    if shares:
        most = max(shares.values())
        names = ", ".join(_name(document.models[m].name) for m, share in shares.items() if share == most)
        words = translate("report", "Right most often: {models}, {share}")
        if not several:
            words = translate("report", "{models} is right in {share}")
        sentences.append(words.format(models=names, share=_percent(most)))
    return sentences


def _verdicts(numbers: Numbers) -> list[str]:
    """Return of each model whether it is better than the reference, and whether that may be luck."""
    others = [m for m, model in enumerate(numbers.models) if model.decisions is not None]
    if not others or not any(of.results.known for of in numbers.models):
        return []
    reference = _name(numbers.document.models[numbers.reference].name)
    against = translate("report", "Compared with {reference}, row by row:").format(reference=reference)
    return [against, *(_verdict(numbers, m) for m in others)]


# The data


def data_parts(numbers: Numbers, about: About) -> list[Part]:
    """Return what the data are, and how they are counted."""
    document = numbers.document
    tasks = {
        Task.BINARY: translate("report", "one yes/no question a row"),
        Task.MULTILABEL: translate("report", "several yes/no questions a row"),
        Task.MULTICLASS: translate("report", "one answer in many a row"),
    }
    models = ", ".join(_name(model.name) for model in document.models)
    files = [_name(name, LONGEST_FILE) for name in about.files]
    lines = [
        (translate("report", "File"), _file_words(files, edited=about.edited)),
        (translate("report", "Rows"), only_rows_words(numbers) or count_text(document.rows)),
        (translate("report", "Rows with all their labels"), count_text(numbers.labelled_rows)),
        (translate("report", "Left out of all numbers"), _left_out(numbers)),
        (translate("report", "Question"), tasks[document.task]),
        (translate("report", "Categories"), _listed(document.categories)),
        (translate("report", "Models"), f"{len(document.models)}: {models}" if models else "0"),
        *_settings(document),
        (translate("report", "Made"), f"{about.made:%Y-%m-%d %H:%M} · {versions()}"),
    ]
    rows = "".join(f"<tr><th scope='row'>{plain(name)}</th><td>{plain(value)}</td></tr>" for name, value in lines)
    return [heading(translate("report", "Data and settings")), Text(f"<table class='facts'>{rows}</table>")]


def _file_words(files: list[str], *, edited: bool) -> str:
    names = ", ".join(files)
    if not names:
        return translate("report", "none")
    return translate("report", "{files}; edited since it was read").format(files=names) if edited else names


def _left_out(numbers: Numbers) -> str:
    """Return how much counts in no number of each model."""
    document = numbers.document
    rows = one_answer(document) or len(document.categories) == 1
    whole = document.rows if rows else document.elements
    left = [whole - model.results.known for model in numbers.models]
    if not any(left):
        return translate("report", "none")
    counted = counted_rows if rows else counted_answers
    named = (f"{_name(model.name)}: {counted(count)}" for model, count in zip(document.models, left, strict=True))
    which = counted(left[0]) if len(set(left)) == 1 else ", ".join(named)
    return translate("report", "{which}, without label or score").format(which=which)


def _settings(document: Document) -> list[tuple[str, str]]:
    reductions = {
        "mean": translate("report", "mean of the losses"),
        "sum": translate("report", "sum of the losses"),
    }
    reduction = reductions[document.settings.reduction.value]
    thresholds = ", ".join(threshold_text(t) for t in document.thresholds[:MOST_CATEGORIES])
    more = " …" if len(document.thresholds) > MOST_CATEGORIES else ""
    ties = translate("report", "A score of T or more counts as yes, so a tie is a yes.")
    if document.task is Task.MULTICLASS:
        ties = translate(
            "report",
            "The category with the largest score is decided for, the first of equals; none if that is below T.",
        )
    return [
        (
            translate("report", "Loss"),
            translate("report", "cross-entropy in {unit} (base {base}); shown in the window as the {reduction}").format(
                unit=document.settings.unit.value, base=BASES[document.settings.unit], reduction=reduction
            ),
        ),
        (
            translate("report", "Smoothing, clipping, weights"),
            translate("report", "none: labels are as given, and a certain, wrong answer costs infinitely much"),
        ),
        (translate("report", "Threshold T"), f"{thresholds}{more}. {ties}"),
    ]


# The scoreboard


def scoreboard_parts(numbers: Numbers) -> list[Part]:
    """Return the table of all models, and what its signs mean."""
    document = numbers.document
    if not numbers.models:
        return [paragraph(translate("report", "There is no model to report on."))]
    unit = document.settings.unit
    f1 = {
        Task.BINARY: translate("report", "F1 at T"),
        Task.MULTILABEL: translate("report", "F1 at T,\nmicro"),
        Task.MULTICLASS: translate("report", "F1,\nmacro"),
    }[document.task]
    names = [
        translate("report", "Model"),
        translate("report", "mean loss, {unit}\n(95 % interval)").format(unit=unit.value),
        translate("report", "accuracy\n(95 % interval)"), translate("report", "Brier"), translate("report", "ECE"),
        translate("report", "AUC"), translate("report", "AP"), f1,
    ]  # fmt: skip
    rows = [_score_row(document, model) for model in numbers.models]
    notes = [paragraph(note, "note") for note in _notes(numbers, undefined=any(UNDEFINED in "".join(r) for r in rows))]
    return [heading(translate("report", "Scoreboard")), Text(table(names, rows)), *notes]


def _score_row(document: Document, model: OfModel) -> list[str]:
    found = model.numbers
    f1 = found["macro"]["f1"] if document.task is Task.MULTICLASS and "macro" in found else found["f1"]
    shares = (found["brier"], found["ece"], found["roc_auc"], found["average_precision"], f1)
    interval = None if model.results.infinite_rows else model.errors.loss
    mean = f"{loss_text(_float(found['loss']['mean']))} {_within(LOSS, interval, document.settings.unit)}"
    return [_name(found["name"]), mean, _accuracy(model.accuracy, document), *map(_share, shares)]


def _accuracy(estimate: Estimate, document: Document) -> str:
    if estimate.value is None:
        return UNDEFINED
    return f"{_percent(estimate.value)} {_within('accuracy', estimate.interval, document.settings.unit)}"


def _within(key: str, interval: Interval | None, unit: Unit) -> str:
    """Return the interval of a number that is never negative, as it stands in the window."""
    return f"({interval_words(key, interval, unit) or UNDEFINED})".replace(" ", NO_BREAK)


def _infinite_note(model: OfModel, unit: Unit) -> str:
    """Return what a model's loss is beside the rows of infinite loss."""
    pattern = translate(
        "report",
        "∞ {model}: in {rows} of the rows it is certain, and wrong, which costs infinitely much; the other "
        "losses have a mean of {mean} {unit} {interval}.",
    )
    mean = model.results.finite_mean
    return pattern.format(
        model=_name(model.numbers["name"]),
        rows=count_text(model.results.infinite_rows),
        mean=loss_text(None if mean is None else mean * unit.per_nat),
        unit=unit.value,
        interval=_within(LOSS, model.errors.loss, unit),
    )


def _notes(numbers: Numbers, *, undefined: bool) -> list[str]:
    """Return footnotes: why a loss is infinite, and why something is not defined."""
    unit = numbers.document.settings.unit
    notes = [_infinite_note(model, unit) for model in numbers.models if model.results.infinite_rows]
    if undefined:
        notes.append(
            translate(
                "report",
                "— not defined: a mean needs a row with label and score, its interval two rows and finite losses; AUC "
                "and AP need rows that are yes and rows that are no; F1 needs a row that is yes or is said to be.",
            )
        )
    several = len(numbers.document.categories) > 1
    if several:
        notes.append(translate("report", "ECE, AUC and AP are means over the categories where they are defined."))
    notes.append(
        translate(
            "report",
            "Intervals: by normal theory from {normal} rows on, else {resamples} bootstrap resamples of the rows, "
            "seed {seed}. ECE in {bins} bins of equal width.",
        ).format(normal=count_text(NORMAL_ROWS), resamples=count_text(RESAMPLES), seed=SEED, bins=DEFAULT_BINS)
    )
    wilson = translate("report", "The intervals of accuracy are Wilson’s.")
    if numbers.document.task is Task.MULTILABEL:
        wilson += " " + translate("report", "They take the answers of a row for independent.")
    return [*notes, wilson]


# How models compare


def comparison_parts(numbers: Numbers) -> list[Part]:
    """Return how each model differs from the reference."""
    others = [model for model in numbers.models if model.decisions is not None]
    if not others:
        return []
    document = numbers.document
    unit, reference = document.settings.unit, _name(document.models[numbers.reference].name)
    names = [
        translate("report", "Model"),
        translate("report", "difference of mean losses,\n{unit} (95 % interval)").format(unit=unit.value),
        translate("report", "only it right /\nonly reference"),
        translate("report", "McNemar p"),
    ]
    rows = [_difference_row(model, unit.per_nat) for model in others]
    title = translate("report", "Compared with {reference}, row by row: below 0 the other model is better").format(
        reference=reference
    )
    parts: list[Part] = [heading(translate("report", "Which is better, and is it luck?"))]
    parts += [Text(table(names, rows, title)), *_area_parts(document, others)]
    luck = translate(
        "report",
        "“Cannot tell” means that the interval holds 0, not that the models are equal. McNemar’s exact test asks "
        "whether two models decide equally many rows rightly, DeLong’s whether they rank equally well.",
    )
    return [*parts, paragraph(luck, "note")]


def _difference_row(model: OfModel, scale: float) -> list[str]:
    decisions, gap = model.decisions, model.errors.gap
    assert decisions is not None, "it has been compared"
    assert gap is not None, "it has been compared"
    interval = _interval(gap.interval, scale)
    if has_no_spread(gap.interval):
        interval = translate("report", "(in every row)")
    return [
        _name(model.numbers["name"]),
        f"{_signed(gap.mean, scale)} {interval}",
        f"{count_text(decisions.only_second)} / {count_text(decisions.only_first)}",
        _p_value(decisions.p_value),
    ]


def _verdict(numbers: Numbers, model: int) -> str:
    """Return in a sentence what the difference of mean losses comes to, as the window has it."""
    document, both = numbers.document, (model, numbers.reference)
    name, reference = (short(document.models[m].name) for m in both)
    infinite, of_reference = (numbers.models[m].results.infinite_rows for m in both)
    gap = numbers.models[model].errors.gap
    assert gap is not None, "it has been compared"
    return loss_verdict(name, reference, gap, (infinite, of_reference), document.settings.unit)


def _area_parts(document: Document, others: list[OfModel]) -> list[Part]:
    """Return how the areas under the ROC curves differ, of each category, if these are few."""
    if len(document.categories) > MOST_CATEGORIES:
        return []
    several = len(document.categories) > 1
    names = [
        translate("report", "Model"), translate("report", "AUC of reference"), translate("report", "AUC"),
        translate("report", "difference (95 % interval)"), translate("report", "DeLong p"),
    ]  # fmt: skip
    rows = [_area_rows(document, model, several=several) for model in others]
    if several:  # each model has a table of its own, that no page's end parts
        return [Text(table(names, of_model)) for of_model in rows]
    return [Text(table(names, [row for of_model in rows for row in of_model]))]


def _area_rows(document: Document, model: OfModel, *, several: bool) -> list[list[str]]:
    name, lines = _name(model.numbers["name"]), []
    for category, area in zip(document.categories, model.areas, strict=True):
        difference = f"{_signed(area.difference)} {_interval(area.interval, 1.0)}"
        shown = f"{name} · {_name(category)}" if several else name
        lines.append([shown, _share(area.first), _share(area.second), difference, _p_value(area.p_value)])
    return lines


# Confusion matrices


def confusion_parts(numbers: Numbers) -> list[Part]:
    """Return a confusion matrix of each model at the threshold."""
    document = numbers.document
    if not numbers.models:
        return []
    if document.task is not Task.MULTICLASS:
        return [heading(translate("report", "Decisions at T")), Text(_four_counts(numbers))]
    matrices = [Text(_matrix(document, model)) for model in numbers.models]
    return [heading(translate("report", "Confusion matrices")), *matrices]


def _four_counts(numbers: Numbers) -> str:
    """Return the confusion matrices of yes and no, a line each."""
    yes, no = translate("report", "is yes,"), translate("report", "is no,")
    said_yes, said_no = translate("report", "said yes"), translate("report", "said no")
    whole = translate("report", "Model")
    if numbers.document.task is Task.MULTILABEL:
        whole = translate("report", "Model, of all\nanswers together")
    lines = []
    for model in numbers.models:
        (tn, fp), (fn, tp) = model.numbers["confusion"]
        lines.append([_name(model.numbers["name"]), *map(count_text, (tp, fn, fp, tn))])
    return table([whole, *(f"{truth}\n{said}" for truth in (yes, no) for said in (said_yes, said_no))], lines)


def _matrix(document: Document, model: OfModel) -> str:
    """Return the confusion matrix of one answer in many, or its largest cells."""
    name, matrix = _name(model.numbers["name"]), np.asarray(model.matrix)
    if len(document.categories) > MOST_CATEGORIES:
        return _most_confused(document, name, matrix)
    undecided = bool(matrix[:, -1].any())
    rows, columns = heads(document, None, undecided)
    cells = matrix if undecided else matrix[:, :-1]
    are = [translate("report", "is {it}").format(it=_name(row)) for row in rows]
    said = [translate("report", "said {it}").format(it=_name(column)) for column in columns]
    if len(rows) > MOST_NAMED:
        are = [f"{number} · {it}" for number, it in enumerate(are, start=1)]
        said[: len(rows)] = [translate("report", "said {it}").format(it=number) for number in range(1, len(rows) + 1)]
        said = [it.replace(" ", "\n", 1) for it in said]
    lines = [[it, *map(count_text, line)] for it, line in zip(are, cells.tolist(), strict=True)]
    return table([name, *said], lines)


def _most_confused(document: Document, name: str, matrix: "np.typing.NDArray[np.int64]") -> str:
    """Return the errors that are made most often, where a matrix would not fit on paper."""
    errors = matrix.copy()
    np.fill_diagonal(errors, 0)
    order = np.argsort(-errors, axis=None, kind="stable")[:MOST_CONFUSIONS].tolist()
    none = translate("report", "none")
    said = [*document.categories, none]
    rows = [
        [_name(document.categories[at // len(said)]), _name(said[at % len(said)]), count_text(int(errors.flat[at]))]
        for at in order
        if errors.flat[at]
    ]
    names = [
        translate("report", "{model}: what is").format(model=name), translate("report", "said to be"),
        translate("report", "rows"),
    ]  # fmt: skip
    return table(names, rows or [[translate("report", "no row is decided wrongly"), "", "0"]])


# Versions


def versions() -> str:
    """Return what made the report."""
    return translate("report", "xentviz {xentviz} · Python {python} · NumPy {numpy} · Qt {qt}").format(
        xentviz=__version__, python=platform.python_version(), numpy=np.__version__, qt=qVersion()
    )


# How numbers are written


def _float(value: float | str | None) -> float | None:
    return None if value is None else float(value)


def _share(value: float | str | None) -> str:
    """Return a number from 0 to 1 with three decimals, more where it would look like 0 or 1."""
    if value is None:
        return UNDEFINED
    value = float(value)
    return f"{value:.3f}" if 0.0005 <= value <= 0.9995 else score_text(value)


def _signed(value: float | None, scale: float = 1.0) -> str:
    return UNDEFINED if value is None else signed(value * scale)


def _interval(interval: Interval | None, scale: float) -> str:
    if interval is None:
        return f"({UNDEFINED})"
    low, high = (loss_text(end * scale) for end in interval)
    return f"({low} … {high})".replace(" ", NO_BREAK)


def _p_value(value: float | None) -> str:
    if value is None:
        return UNDEFINED
    return f"{value:.3f}" if value >= 0.001 else "< 0.001"


def _percent(value: float) -> str:
    """Return a share with one decimal, more where it would look like none or all: so that points stand in line."""
    percent = 100 * value
    return f"{percent:.1f} %" if percent == round(percent) else share_text(value)


def _name(name: str, most: int = LONGEST_NAME) -> str:
    return cut(name, most)


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(map(_name, names[:MOST_CATEGORIES]))
    if len(names) == 1:
        return shown
    more = " …" if len(names) > MOST_CATEGORIES else ""
    return f"{count_text(len(names))}: {shown}{more}"
