"""What a person says of columns in one line, such as label=y,scores=p1+p2,kind=logit."""

from typing import TypeVar

from xentviz.core.errors import DataError
from xentviz.files.table import Kind, Mapping

Value = TypeVar("Value")

KEYS = ("label", "scores", "kind", "names", "positive", "task", "categories", "key", "header", "encoding")


def mapping_of(text: str) -> Mapping:
    """Return what is said in one line.

    Parameters
    ----------
    text : str
        ``key=value`` parted by commas; several columns are parted by ``+``. Keys: ``label``, ``scores``, ``kind``
        (probability, logit or percent, of all scores), ``names``, ``positive`` (the label that means yes), ``task``
        (multiclass, or questions), ``categories`` (what the columns of scores stand for, in their order), ``key`` (the
        column that matches the rows of several files), ``header`` (yes or no), ``encoding``. A comma,
        a plus sign or a backslash in a name has a backslash before it.

    Raises
    ------
    DataError
        ``map_unknown`` for a key or a value that is none.

    Examples
    --------
    >>> said = mapping_of("label=y,scores=p1+p2,kind=logit")
    >>> said.labels, said.scores, said.kinds
    (('y',), ('p1', 'p2'), {'': <Kind.LOGIT: 'logit'>})
    """
    said: dict[str, str] = {}
    for part in _split(text, ","):
        key, equals, value = part.partition("=")
        if not equals or key.strip() not in KEYS or key.strip() in said:
            raise DataError("map_unknown", part=part.strip(), known=list(KEYS))
        said[key.strip()] = value
    kind = _one_of(said, "kind", {kind.value: kind for kind in Kind})
    return Mapping(
        labels=_columns(said.get("label")),
        scores=_columns(said.get("scores")),
        kinds={} if kind is None else {"": kind},
        names=_plain(said.get("names")),
        positive=_plain(said.get("positive")),
        multiclass=_one_of(said, "task", {"multiclass": True, "questions": False}),
        categories=_columns(said.get("categories")),
        key=_plain(said.get("key")),
        header=_one_of(said, "header", {"yes": True, "no": False}),
        encoding=_plain(said.get("encoding")),
    )


def _one_of(said: dict[str, str], key: str, values: dict[str, Value]) -> Value | None:
    if key not in said:
        return None
    if said[key].strip() not in values:
        raise DataError("map_unknown", part=f"{key}={said[key]}", known=list(values))
    return values[said[key].strip()]


def _columns(value: str | None) -> tuple[str, ...]:
    return () if value is None else tuple(_unescaped(name.strip()) for name in _split(value, "+"))


def _plain(value: str | None) -> str | None:
    return None if value is None else _unescaped(value.strip())


def _split(text: str, mark: str) -> list[str]:
    """Return a text cut at a mark, where no backslash stands before it."""
    parts, escaped = [""], False
    for letter in text:
        if letter == mark and not escaped:
            parts.append("")
        else:
            parts[-1] += letter
        escaped = letter == "\\" and not escaped
    return parts


def _unescaped(text: str) -> str:
    letters, plain = iter(text), ""
    for letter in letters:
        plain += next(letters, "") if letter == "\\" else letter
    return plain
