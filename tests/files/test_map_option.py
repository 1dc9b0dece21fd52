"""What --map says."""

import pytest

from xentviz.core.errors import DataError
from xentviz.files.map_option import mapping_of
from xentviz.files.table import RECOGNISED, Kind, Mapping


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        ("label=y", Mapping(labels=("y",))),
        ("label=cat+dog, scores = A + B", None),
        ("label=a+b,scores=p", Mapping(labels=("a", "b"), scores=("p",))),
        ("kind=percent", Mapping(kinds={"": Kind.PERCENT})),
        ("task=multiclass", Mapping(multiclass=True)),
        ("task=questions", Mapping(multiclass=False)),
        ("task=multiclass,categories=cat+dog", Mapping(multiclass=True, categories=("cat", "dog"))),
        ("header=no,encoding=gb18030", Mapping(header=False, encoding="gb18030")),
        ("names=,key=id,positive=1", Mapping(names="", key="id", positive="1")),
        (r"label=a\,b\+c\\", Mapping(labels=("a,b+c\\",))),
        ("positive=a=b", Mapping(positive="a=b")),
    ],
)
def test_one_line_says_everything(text, mapping):
    if mapping is None:
        mapping = Mapping(labels=("cat", "dog"), scores=("A", "B"))
    assert mapping_of(text) == mapping != RECOGNISED


@pytest.mark.parametrize("text", ["", "label", "labels=y", "kind=odds", "label=y,label=z", "header=maybe"])
def test_what_is_not_understood_is_said(text):
    with pytest.raises(DataError, match="map_unknown"):
        mapping_of(text)
