"""Everything a person can edit, as one immutable snapshot; and what differs between two of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import Flag, StrEnum, auto
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xentviz.core.answers import answer, as_distributions, truths, with_the_rest_scaled
from xentviz.core.arguments import (
    UNLABELLED,
    Floats,
    check_categories,
    check_distributions,
    check_logits,
    check_option,
    numbers,
)
from xentviz.core.columns import Block, Column, Rows, Values, rows_per_block
from xentviz.core.confusion import decisions
from xentviz.core.errors import DataError
from xentviz.core.transforms import sigmoid, softmax

TEXT = np.dtypes.StringDType()
"""How row names are kept: ten million objects of Python's would take a gigabyte, and stop the window."""


MOST_GROUPS = 200
"""So many groups are few: one more number, for none, is still a byte."""


class Task(StrEnum):
    """The kind of question the labels answer."""

    BINARY = "binary"
    MULTILABEL = "multilabel"
    MULTICLASS = "multiclass"


class ScoreKind(StrEnum):
    """What a model's scores are."""

    PROBABILITY = "probability"
    LOGIT = "logit"


class Unit(StrEnum):
    """The unit of a loss, named for the base of its logarithm: e, 2, 10."""

    NATS = "nats"
    BITS = "bits"
    BANS = "bans"

    @property
    def per_nat(self) -> float:
        """How many of this unit make one nat."""
        return {Unit.NATS: 1.0, Unit.BITS: 1 / float(np.log(2)), Unit.BANS: 1 / float(np.log(10))}[self]


class LossReduction(StrEnum):
    """How the losses of all elements become one number."""

    MEAN = "mean"
    SUM = "sum"


@dataclass(frozen=True)
class LossSettings:
    """How losses are shown; they are computed in nats, one per element, whatever stands here."""

    unit: Unit = Unit.NATS
    reduction: LossReduction = LossReduction.MEAN


@dataclass(frozen=True, eq=False)
class Model:
    """What one model said of every row: scores of shape (rows, categories), nan where it said nothing."""

    name: str
    kind: ScoreKind
    scores: Column


@dataclass(frozen=True, eq=False)
class Grouping:
    """A column of words that divides the rows into a few groups.

    Attributes
    ----------
    name : str
        What the column is called.
    groups : tuple of str
        At most :data:`MOST_GROUPS`.
    codes : Column of uint8, shape (rows,)
        The number of each row's group; as many as there are groups where a row has none.
    """

    name: str
    groups: tuple[str, ...]
    codes: Column


def known_labels(labels: Values) -> Floats:
    """Return labels as float64 with nan for the unlabelled, whether they are kept as integers or floats."""
    if labels.dtype.kind == "f":
        return np.asarray(labels, dtype=np.float64)
    return np.where(labels == UNLABELLED, np.nan, labels.astype(np.float64))


def probabilities(scores: Values, kind: ScoreKind, task: Task) -> Values:
    """Return scores as probabilities: unchanged in their own precision, or the float64 sigmoid or softmax of logits."""
    if kind is ScoreKind.PROBABILITY:
        return scores
    return softmax(scores) if task is Task.MULTICLASS else sigmoid(scores)


@dataclass(frozen=True, eq=False)
class Document:
    """Labels, models and settings.

    An *element* is one yes/no question: a row and a category, numbered row by row, so that element
    ``e`` is row ``e // categories`` and category ``e % categories``. The ``with_…`` and ``without_…``
    methods return new documents that share all they did not change.

    Attributes
    ----------
    title : str
        What the data are called, usually a file's name.
    task : Task
    categories : tuple of str
        One for a binary task.
    row_names : Column of NumPy's variable-width text, or None
        Where it is None or a name is empty, a row is called by its number.
    labels : Column
        Shape (rows, categories): int8 with -1 for unlabelled, or float64 with nan, block by block.
        Of a multi-class task (rows,): int32 numbers of categories with -1; or (rows, categories): float64
        distributions with nan.
    models : tuple of Model
    settings : LossSettings
    thresholds : tuple of float
        One for all categories, or one each.
    groupings : tuple of Grouping
        Columns of words beside the labels and scores, by which rows can be divided.
    undivided : tuple of str
        What those are called in which words repeat, too, but more than :data:`MOST_GROUPS` different ones.
    words : (str, str), or None
        What yes and no of a binary task are called where the data come from, if there are two words for them.
    """

    title: str
    task: Task
    categories: tuple[str, ...]
    row_names: Column | None
    labels: Column
    models: tuple[Model, ...]
    settings: LossSettings = field(default_factory=LossSettings)
    thresholds: tuple[float, ...] = (0.5,)
    groupings: tuple[Grouping, ...] = ()
    undivided: tuple[str, ...] = ()
    words: tuple[str, str] | None = None

    @classmethod
    def create(
        cls,
        labels: ArrayLike | Column,
        models: Mapping[str, ArrayLike | Column],
        *,
        title: str = "",
        categories: Sequence[str] = ("yes",),
        row_names: Sequence[str] | Values | Column | None = None,
        logits: Sequence[str] = (),
        thresholds: Sequence[float] | None = None,
        multiclass: bool = False,
    ) -> "Document":
        """Return a document from plain arrays.

        Parameters
        ----------
        labels : array_like, shape (rows,) or (rows, categories); or Column
            0, 1, soft labels between, and nan for unlabelled. Of a multi-class task numbers of categories from
            0, with -1 or nan for unlabelled, or distributions over the categories.
        models : mapping of name to array_like, shape (rows,) or (rows, categories); or Column
            Scores, each float32 or float64 and kept so; nan where a model said nothing.
        title, categories, row_names
            As the attributes.
        logits : sequence of str
            Names of the models whose scores are logits; the others' are probabilities.
        thresholds : sequence of float, optional
            As the attribute; without it 0.5. A multi-class task has one: below it the most probable category is not
            decided for. Without it that is 0.
        multiclass : bool
            Whether each row has one answer among the categories; otherwise each category is a yes/no question.

        Raises
        ------
        DataError
            ``shape_mismatch``, ``not_numbers``, ``label_out_of_range``, ``labels_no_distribution``,
            ``probability_out_of_range``, ``probabilities_no_distribution``, ``softmax_undefined``,
            ``threshold_out_of_range``, ``category_twice``, ``name_taken``,
            ``name_empty``, ``name_unknown``.

        Examples
        --------
        >>> document = Document.create([1, 0], {"Guess": [0.9, 0.7]})
        >>> document.rows, document.task.value, document.models[0].name
        (2, 'binary', 'Guess')
        """
        if len(set(categories)) < len(categories):
            raise DataError("category_twice", categories=list(categories))
        of_logits = {logits} if isinstance(logits, str) else set(logits)
        for name in of_logits - set(models):
            raise DataError("name_unknown", name=name)
        block_rows = rows_per_block(len(categories))
        truth = labels
        if not isinstance(truth, Column):
            truth = Column.of((_answers if multiclass else _questions)(truth, len(categories)), block_rows)
        if row_names is not None and len(row_names) != len(truth):
            raise DataError("shape_mismatch", labels=len(truth), names=len(row_names))
        document = cls(
            title=title,
            task=Task.MULTICLASS if multiclass else Task.BINARY if len(categories) == 1 else Task.MULTILABEL,
            categories=tuple(categories),
            row_names=row_names
            if row_names is None or isinstance(row_names, Column)
            else Column.of(_texts(row_names), block_rows),
            labels=truth,
            models=(),
            thresholds=_thresholds(thresholds, len(categories), multiclass),
        )
        for name, scores in models.items():
            kind = ScoreKind.LOGIT if name in of_logits else ScoreKind.PROBABILITY
            ready = scores if isinstance(scores, Column) else _table(scores, len(categories))
            document = document.with_model(name, kind, ready)
        return document

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.labels)

    @property
    def elements(self) -> int:
        """The number of elements: rows times categories."""
        return self.rows * len(self.categories)

    def threshold(self, category: int) -> float:
        """Return the threshold that decides this category."""
        return self.thresholds[category if len(self.thresholds) > 1 else 0]

    # Reading elements

    def labels_of(self, elements: Rows) -> Floats:
        """Return the labels of these elements, nan where there is none; of a multi-class task as yes or no."""
        labels = self.labels.take(elements // len(self.categories), known_labels)
        if labels.ndim == 1:
            return np.where(np.isnan(labels), np.nan, labels == elements % len(self.categories))
        return self._elements_of(labels, elements)

    def scores_of(self, model: int, elements: Rows) -> Values:
        """Return what a model said of these elements, in its scores' own kind and precision."""
        return self._elements_of(self._rows_of(model, elements), elements)

    def probabilities_of(self, model: int, elements: Rows) -> Values:
        """Return the probability that a model gave these elements."""
        kind = self.models[model].kind
        if self.task is not Task.MULTICLASS:
            return probabilities(self.scores_of(model, elements), kind, self.task)
        return self._elements_of(probabilities(self._rows_of(model, elements), kind, self.task), elements)

    def decisions_of(self, model: int, elements: Rows) -> NDArray[np.bool_]:
        """Return which of these elements are decided for: by their thresholds, of a multi-class row at most one."""
        categories = elements % len(self.categories)
        if self.task is Task.MULTICLASS:
            p = probabilities(self._rows_of(model, elements), self.models[model].kind, self.task)
            return np.asarray(decisions(p, self.threshold(0)) == categories)
        p = self.probabilities_of(model, elements)
        thresholds = np.array([self.threshold(c) for c in range(len(self.categories))], dtype=p.dtype)
        return np.asarray(p >= thresholds[categories])

    def truths_of(self, rows: Rows) -> Rows:
        """Return the true categories of rows of a multi-class task, -1 where unlabelled; of soft labels the largest."""
        return truths(self.labels.take(rows, known_labels))

    def answers_of(self, model: int, rows: Rows) -> Rows:
        """Return which categories rows of a multi-class task are decided to be, -1 for none."""
        p = probabilities(self.models[model].scores.take(rows), self.models[model].kind, self.task)
        return decisions(p, self.threshold(0))

    def _rows_of(self, model: int, elements: Rows) -> Values:
        return self.models[model].scores.take(elements // len(self.categories))

    def name_of(self, row: int) -> str:
        """Return the name given to a row, empty if none was."""
        return "" if self.row_names is None else str(self.row_names.take(np.array([row]))[0])

    def _elements_of(self, values: Values, elements: Rows) -> Values:
        return values[np.arange(len(elements)), elements % len(self.categories)]

    # Labels and scores

    def with_labels(self, elements: Rows, labels: ArrayLike) -> "Document":
        """Return a document with new labels of some elements: 0 to 1, or nan to take a label away.

        Of a multi-class task the label is the row's: 1 makes the category its answer, nan takes the answer away, and 0
        is refused where it would leave the row with none (``answer_denied``), as are a second answer
        (``answer_twice``) and what is between (``answer_soft``).
        """
        values = np.broadcast_to(np.asarray(labels, dtype=np.float64), len(elements))
        _check_unit_interval("label_out_of_range", values)
        if np.array_equal(values, self.labels_of(elements), equal_nan=True):
            return self
        rows, categories = np.divmod(elements, len(self.categories))
        if self.task is Task.MULTICLASS:
            return self._with_answers(rows, categories, values)

        def edit(block: Values, local: Rows, here: Rows) -> Values:
            new = known_labels(block)
            new[local, categories[here]] = values[here]
            return compact_labels(new)

        return replace(self, labels=self.labels.edited(rows, edit))

    def _with_answers(self, rows: Rows, categories: Rows, values: Floats) -> "Document":
        def edit(block: Values, local: Rows, here: Rows) -> Values:
            return answer(block, local, categories[here], values[here])

        edited = replace(self, labels=self.labels.edited(rows, edit))
        now = edited.labels_of(rows * len(self.categories) + categories)
        for code, wrong in (
            ("answer_soft", (values > 0) & (values < 1)),
            ("answer_twice", (values == 1) & (now != 1)),
            ("answer_denied", (values == 0) & (now > 0)),
        ):
            if wrong.any():
                first = int(np.argmax(wrong))
                raise DataError(code, row=int(rows[first]), category=self.categories[categories[first]])
        return edited

    def with_scores(self, model: int, elements: Rows, scores: ArrayLike) -> "Document":
        """Return a document with new scores of some elements by one model, of the model's own kind.

        Probabilities of a multi-class row stay a distribution: the row's others keep their proportions and share what
        is left; evenly if they all were 0. Logits are free.
        """
        values = np.broadcast_to(np.asarray(scores, dtype=np.float64), len(elements))
        changed = self.models[model]
        if changed.kind is ScoreKind.PROBABILITY:
            _check_unit_interval("probability_out_of_range", values)
        own = values.astype(changed.scores.blocks[0].values.dtype)
        if np.array_equal(own, self.scores_of(model, elements), equal_nan=True):
            return self
        rows, categories = np.divmod(elements, len(self.categories))

        def edit(block: Values, local: Rows, here: Rows) -> Values:
            block[local, categories[here]] = values[here]
            return _with_sums_kept(block, local, categories[here]) if sums_kept else block

        sums_kept = self.task is Task.MULTICLASS and changed.kind is ScoreKind.PROBABILITY
        edited = changed.scores.edited(rows, edit)
        self._check_scores(changed.kind, edited.take(rows))
        return self._with_model_at(model, replace(changed, scores=edited))

    # Rows

    def with_rows(
        self,
        at: int,
        labels: Values,
        scores: Sequence[Values],
        names: Sequence[str],
        codes: Sequence[Values] | None = None,
    ) -> "Document":
        """Return a document with rows inserted before row ``at``; labels and scores as for :meth:`create`.

        Without ``codes``, of each grouping, the rows belong to no group.
        """
        block_rows = rows_per_block(len(self.categories))
        multiclass = self.task is Task.MULTICLASS
        truth = (_answers if multiclass else _questions)(labels, len(self.categories))
        if multiclass and truth.ndim < self.labels.blocks[0].values.ndim:
            truth = as_distributions(truth, len(self.categories))
        if multiclass and truth.ndim > self.labels.blocks[0].values.ndim:
            raise DataError("shape_mismatch", labels=("rows",), new_labels=truth.shape)
        models = []
        for model, values in zip(self.models, scores, strict=True):
            self._check_scores(model.kind, values)
            own = values.astype(model.scores.blocks[0].values.dtype)
            models.append(replace(model, scores=model.scores.inserted(at, own, block_rows)))
        row_names = self._names() if self.row_names is not None or any(names) else None
        if row_names is not None:
            row_names = row_names.inserted(at, _texts(names), block_rows)
        new_labels = (Column.inserted if multiclass else _inserted_labels)(self.labels, at, truth, block_rows)
        if codes is None:
            codes = [np.full(len(truth), len(grouping.groups)) for grouping in self.groupings]
        groupings = tuple(
            replace(grouping, codes=grouping.codes.inserted(at, new.astype(np.uint8), block_rows))
            for grouping, new in zip(self.groupings, codes, strict=True)
        )
        return replace(self, labels=new_labels, models=tuple(models), row_names=row_names, groupings=groupings)

    def with_rows_duplicated(self, rows: Rows) -> "Document":
        """Return a document with copies of these rows after the last of them."""
        names = [self.name_of(int(row)) for row in rows] if self.row_names is not None else [""] * len(rows)
        scores = [model.scores.take(rows) for model in self.models]
        codes = [grouping.codes.take(rows) for grouping in self.groupings]
        return self.with_rows(int(rows.max()) + 1, self.labels.take(rows, known_labels), scores, names, codes)

    def without_rows(self, rows: Rows) -> "Document":
        """Return a document without these rows."""
        models = tuple(replace(model, scores=model.scores.deleted(rows)) for model in self.models)
        names = None if self.row_names is None else self.row_names.deleted(rows)
        groupings = tuple(replace(grouping, codes=grouping.codes.deleted(rows)) for grouping in self.groupings)
        return replace(self, labels=self.labels.deleted(rows), models=models, row_names=names, groupings=groupings)

    def with_grouping(self, name: str, groups: Sequence[str], codes: ArrayLike) -> "Document":
        """Return a document with one more grouping.

        Raises
        ------
        DataError
            ``name_taken``; ``shape_mismatch`` unless there is a code for each row; ``option_out_of_range`` above
            :data:`MOST_GROUPS`, and for a code that is no group's, nor the one for none.

        Examples
        --------
        >>> document = Document.create([1, 0], {}).with_grouping("city", ["Oslo", "Rome"], [1, 2])
        >>> document.groupings[0].codes.array()
        array([1, 2], dtype=uint8)
        """
        if any(grouping.name == name for grouping in self.groupings):
            raise DataError("name_taken", name=name)
        check_option("groups", len(groups), MOST_GROUPS)
        values = np.asarray(codes)
        if values.shape != (self.rows,):
            raise DataError("shape_mismatch", labels=self.rows, groups=values.shape)
        for code in (values.min(initial=0), values.max(initial=0)):
            check_option("code", code, len(groups))
        grouping = Grouping(name, tuple(groups), self._cut_as_labels(values.astype(np.uint8)))
        return replace(self, groupings=(*self.groupings, grouping))

    def with_row_name(self, row: int, name: str) -> "Document":
        """Return a document in which a row has a new name; an empty one goes back to its number."""
        return self.with_row_names(np.array([row]), [name])

    def with_row_names(self, rows: Rows, names: Sequence[str]) -> "Document":
        """Return a document in which these rows have new names."""
        values = _texts(names)

        def edit(block: Values, local: Rows, here: Rows) -> Values:
            block[local] = values[here]
            return block

        return replace(self, row_names=self._names().edited(rows, edit))

    def _names(self) -> Column:
        if self.row_names is not None:
            return self.row_names
        lengths = np.diff(self.labels.starts)
        return Column(tuple(Column.of(np.full(n, "", dtype=TEXT), max(1, int(n))).blocks[0] for n in lengths))

    # Models

    def with_model(self, name: str, kind: ScoreKind, scores: ArrayLike | Column, at: int | None = None) -> "Document":
        """Return a document with one more model, last or before position ``at``."""
        name = self._checked_name(name)
        if not isinstance(scores, Column):
            values = _table(scores, len(self.categories))
            if values.shape != (self.rows, len(self.categories)):
                raise DataError("shape_mismatch", labels=(self.rows, len(self.categories)), scores=values.shape)
            self._check_scores(kind, values)
            scores = self._cut_as_labels(values)
        at = len(self.models) if at is None else at
        model = Model(name, kind, scores)
        return replace(self, models=(*self.models[:at], model, *self.models[at:]))

    def with_model_renamed(self, model: int, name: str) -> "Document":
        """Return a document in which a model has a new name."""
        old = self.models[model]
        return (
            self
            if name.strip() == old.name
            else self._with_model_at(model, replace(old, name=self._checked_name(name)))
        )

    def without_model(self, model: int) -> "Document":
        """Return a document without one of its models."""
        return replace(self, models=self.models[:model] + self.models[model + 1 :])

    def _check_scores(self, kind: ScoreKind, values: Values) -> None:
        if self.task is Task.MULTICLASS:
            if kind is ScoreKind.LOGIT:
                check_logits(values)
            else:
                check_distributions(values, "probability_out_of_range", "probabilities_no_distribution")
        elif kind is ScoreKind.PROBABILITY:
            _check_unit_interval("probability_out_of_range", values)

    def _checked_name(self, name: str) -> str:
        name = name.strip()
        if not name:
            raise DataError("name_empty")
        if any(model.name == name for model in self.models):
            raise DataError("name_taken", name=name)
        return name

    def _with_model_at(self, index: int, model: Model) -> "Document":
        return replace(self, models=(*self.models[:index], model, *self.models[index + 1 :]))

    def _cut_as_labels(self, values: Values) -> Column:
        starts = self.labels.starts
        pieces = (values[a:b] for a, b in pairwise(starts.tolist()))
        return Column(tuple(Column.of(piece, max(1, len(piece))).blocks[0] for piece in pieces))

    # Thresholds and settings

    def with_threshold(self, threshold: float, category: int = 0) -> "Document":
        """Return a document with a new threshold from 0 to 1: of one category, or of all if they share one."""
        _check_threshold(threshold)
        at = category if len(self.thresholds) > 1 else 0
        return replace(self, thresholds=(*self.thresholds[:at], threshold, *self.thresholds[at + 1 :]))

    def with_thresholds(self, thresholds: Sequence[float]) -> "Document":
        """Return a document with these thresholds: one, or one for each category."""
        new = _thresholds(thresholds, len(self.categories), self.task is Task.MULTICLASS)
        return self if new == self.thresholds else replace(self, thresholds=new)

    def with_thresholds_apart(self) -> "Document":
        """Return a document with a threshold for each category, all as they stand; a multi-class one keeps its own."""
        if self.task is Task.MULTICLASS:
            return self
        return replace(self, thresholds=tuple(self.threshold(c) for c in range(len(self.categories))))

    def with_threshold_shared(self, category: int = 0) -> "Document":
        """Return a document with one threshold, the one that this category has."""
        return replace(self, thresholds=(self.threshold(category),))

    def with_settings(self, settings: LossSettings) -> "Document":
        """Return a document with other loss settings."""
        return self if settings == self.settings else replace(self, settings=settings)


class Change(Flag):
    """What differs between two documents: a member for each field of :class:`Document`."""

    TITLE = auto()
    TASK = auto()
    CATEGORIES = auto()
    ROW_NAMES = auto()
    LABELS = auto()
    MODELS = auto()
    SETTINGS = auto()
    THRESHOLDS = auto()
    GROUPINGS = auto()
    UNDIVIDED = auto()
    WORDS = auto()


EVERYTHING = ~Change(0)


def changes(before: Document, after: Document) -> Change:
    """Return what differs, found by comparing: no caller can announce it wrongly.

    Examples
    --------
    >>> document = Document.create([1, 0], {"Guess": [0.9, 0.7]})
    >>> changes(document, document.with_threshold(0.8))
    <Change.THRESHOLDS: 128>
    """
    found = Change(0)
    for part in fields(Document):
        old, new = getattr(before, part.name), getattr(after, part.name)
        if old is not new and old != new:
            found |= Change[part.name.upper()]
    return found


def _texts(names: Sequence[str] | Values) -> Values:
    """Return names as they are kept; half of a letter in two parts, which no encoding has a place for, becomes "?"."""
    if isinstance(names, np.ndarray):
        return names.astype(TEXT)
    return np.array([name.encode("utf-8", "replace").decode() for name in names], dtype=TEXT)


def _table(values: ArrayLike, categories: int) -> Values:
    """Return values of shape (rows, categories) as float32 or float64."""
    table: Values = numbers(values)
    if table.dtype not in (np.float32, np.float64):
        table = table.astype(np.float64)
    if table.ndim == 1 and categories == 1:
        table = table[:, None]
    if table.ndim != 2 or table.shape[1] != categories:
        raise DataError("shape_mismatch", labels=("rows", categories), scores=table.shape)
    return table


def _questions(labels: ArrayLike, categories: int) -> Values:
    """Return labels of yes/no questions as a Document keeps them, shape (rows, categories)."""
    truth = _table(labels, categories)
    _check_unit_interval("label_out_of_range", truth)
    return compact_labels(truth)


def _answers(labels: ArrayLike, categories: int) -> Values:
    """Return labels of one answer in many: int32 with -1 for unlabelled, or float64 distributions with nan."""
    truth = numbers(labels)
    if truth.ndim == 1:
        check_categories(truth, categories)
        return np.where(np.isnan(truth), UNLABELLED, truth).astype(np.int32)
    distributions = _table(truth, categories).astype(np.float64)
    check_distributions(distributions, "label_out_of_range", "labels_no_distribution")
    return distributions


def _thresholds(thresholds: Sequence[float] | None, categories: int, multiclass: bool) -> tuple[float, ...]:
    if thresholds is None:
        return (0.0,) if multiclass else (0.5,)
    if len(thresholds) not in (1, 1 if multiclass else categories):
        raise DataError("shape_mismatch", thresholds=len(thresholds), categories=categories)
    for threshold in thresholds:
        _check_threshold(threshold)
    return tuple(thresholds)


def _check_threshold(threshold: float) -> None:
    if not 0 <= threshold <= 1:
        raise DataError("threshold_out_of_range", value=threshold)


def compact_labels(labels: Floats) -> Values:
    """Return labels of yes/no questions as int8 with -1 for the unlabelled if all are 0, 1 or nan, else unchanged."""
    missing = np.isnan(labels)
    if not (missing | (labels == 0) | (labels == 1)).all():
        return labels
    return np.where(missing, UNLABELLED, labels).astype(np.int8)


def _with_sums_kept(block: Values, rows: Rows, categories: Rows) -> Values:
    """Return a block of probabilities in which the rows touched sum to 1 with these elements of them as they are."""
    touched, at = np.unique(rows, return_inverse=True)
    given = np.zeros((len(touched), block.shape[1]), dtype=bool)
    given[at, categories] = True
    block[touched] = with_the_rest_scaled(block[touched].astype(np.float64), given)
    return block


def _inserted_labels(column: Column, at: int, new: Values, block_rows: int) -> Column:
    """Return the column with labels inserted; a block that gains a soft label becomes float."""
    i = min(int(np.searchsorted(column.starts, at, side="right")) - 1, len(column.blocks) - 1)
    kinds = {new.dtype.kind, column.blocks[i].values.dtype.kind}
    if kinds == {"i"}:
        return column.inserted(at, new, block_rows)
    soft = Block(known_labels(column.blocks[i].values))
    floats = Column((*column.blocks[:i], soft, *column.blocks[i + 1 :]))
    return floats.inserted(at, known_labels(new), block_rows)


def _check_unit_interval(code: str, values: Values) -> None:
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        first = np.argwhere(wrong)[0]
        raise DataError(code, row=int(first[0]), value=float(values[tuple(first)]))
