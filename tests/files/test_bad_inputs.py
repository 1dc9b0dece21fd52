"""The forty bad inputs of `bad_inputs.md`, each by its number, and the list of the issue: what becomes of them.

Rows 36 to 40, of names, saving, recovery and hands, are tested where those are: see the end.
"""

import ast
import bz2
import codecs
import decimal
import gzip
import inspect
import io
import json
import os
import pickle
import re
import string
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow
import pyarrow.feather
import pyarrow.parquet
import pytest
from old_excel import compound, record, xls

from xentviz import cli, files
from xentviz.core.document import Document
from xentviz.core.errors import DataError
from xentviz.files.map_option import mapping_of
from xentviz.files.opened import Doubtful
from xentviz.ui.messages import NOTES, SENTENCES, TYPED, WITHOUT_HEADER, sentence

ran = []
"""What unpickled objects have done; nothing may ever stand here."""


class Canary:
    def __reduce__(self):
        return ran.append, ("it was unpickled",)


def npy(array, **options):
    content = io.BytesIO()
    np.save(content, array, **options)
    return content.getvalue()


def header(shape, dtype="<f8"):
    """Return the beginning of an array that is said to be of this shape."""
    words = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(words).to_bytes(2, "little") + words


def zipped(*members, method=zipfile.ZIP_STORED):
    content = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(content, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


def npz(**arrays):
    return zipped(*((f"{name}.npy", npy(array)) for name, array in arrays.items()))


def bomb():
    """Return a small archive that says that it unpacks to gigabytes; bytes written so are counted elsewhere."""
    content = npz(p=np.zeros(1000))
    place = content.index(b"PK\x01\x02") + 24
    return content[:place] + (1_500_000_000).to_bytes(4, "little") + content[place + 4 :]


def parquet(columns):
    content = io.BytesIO()
    pyarrow.parquet.write_table(columns if isinstance(columns, pyarrow.Table) else pyarrow.table(columns), content)
    return content.getvalue()


def feather(columns):
    content = io.BytesIO()
    pyarrow.feather.write_feather(pyarrow.table(columns), content)
    return content.getvalue()


def flipped(content, at):
    return content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :]


NOTHING: dict[str, Any] = {}


class Refused(NamedTuple):
    """A fault in the file: what is said names it."""

    code: str
    details: dict[str, Any] = NOTHING


class Asked(NamedTuple):
    """A doubt: a person can say what the columns mean."""

    code: str
    details: dict[str, Any] = NOTHING


class Opens(NamedTuple):
    """No fault at all, or one that is mended and told."""

    rows: int
    notes: tuple[str, ...] = ()
    models: tuple[str, ...] = ("A",)
    labels: list[Any] | None = None
    scores: list[Any] | None = None


PASSWORD = record(0x2F, bytes(6))
ROW = {"label": [1, 0], "A": [0.9, 0.2]}
ARROW = {"label": [1, 0] * 500, "A": np.linspace(0, 1, 1000)}
TWICE = pyarrow.Table.from_arrays([pyarrow.array([1]), pyarrow.array([0.5]), pyarrow.array([0.6])], ["label", "p", "p"])
WIDE = {f"c{number}": [0.5] for number in range(10_000)}
CLASSES = "label,A:x,A:y,A:z\n"

CASES: dict[str, tuple[str, str | bytes, Refused | Asked | Opens]] = {
    "1 empty csv": ("a.csv", b"", Refused("file_empty")),
    "1 empty npz": ("a.npz", b"", Refused("file_empty")),
    "1 empty json": ("a.json", b"", Refused("file_empty")),
    "1 empty parquet": ("a.parquet", b"", Refused("file_empty")),
    "1 empty xlsx": ("a.xlsx", b"", Refused("file_empty")),
    "1 empty but packed": ("a.csv.gz", gzip.compress(b""), Refused("file_empty")),
    "2 header only": ("a.csv", "label,A\n", Opens(0, ("rows_missing",))),
    "2 no rows in parquet": ("a.parquet", parquet({"label": [], "A": []}), Opens(0, ("rows_missing",))),
    "2 no rows in npz": ("a.npz", npz(y=np.zeros(0), A=np.zeros(0)), Opens(0, ("rows_missing",))),
    "3 one row": ("a.csv", "label,A\n1,0.5\n", Opens(1)),
    "3 one class only": ("a.csv", "label,A\n1,0.5\n1,0.6\n", Opens(2)),
    "4 BOM": ("a.csv", "\ufefflabel,A\n1,0.5\n", Opens(1)),
    "4 BOM before JSON": ("a.json", '\ufeff[{"label": 1, "A": 0.5}]', Opens(1)),
    "5 UTF-16 with BOM": ("a.csv", "label,A\n1,0.5\n".encode("utf-16"), Opens(1, ("encoding_taken",))),
    "6 Latin-1 header": ("a.csv", "label,Größe\n1,0.5\n".encode("latin-1"),
                         Asked("encoding_doubtful", {"value": "Größe"})),
    "7 semicolons and decimal commas": ("a.csv", "label;A\n1;0,5\n0;0,25\n",
                                        Opens(2, ("decimal_comma_taken",), scores=[[0.5], [0.25]])),
    "7 commas that may stand between thousands": ("a.csv", "label;A logit\n1;1,234\n",
                                                  Asked("decimal_comma_doubtful", {"value": "1,234"})),
    "8 tabs in a .csv": ("a.csv", "y_true\tA\n1\t0.5\n", Opens(1)),
    "9 lines that end with CR": ("a.csv", "label,A\r1,0.5\r0,0.2\r", Opens(2)),
    "10 short row": ("a.csv", "label,A,B\n1,.5,.1\n1,.5\n", Refused("row_ragged", {"row": 2, "actual": 2})),
    "11 long row": ("a.csv", "label,A\n1,.5\n1,.5,.7\n", Refused("row_ragged", {"row": 2, "actual": 3})),
    "12 no header": ("a.csv", "1,0.5\n0,0.2\n", Asked("header_missing", {"value": "1,0.5"})),
    "13 one name twice": ("a.csv", "label,p,p\n1,.5,.6\n", Asked("column_twice", {"column": "p"})),
    "13 no name twice": ("a.csv", "label,,\n1,.5,.6\n", Asked("columns_unnamed")),
    "13 one name twice in parquet": ("a.parquet", parquet(TWICE), Refused("column_twice", {"column": "p"})),
    "13 one name twice in JSON": ("a.json", '[{"label": 1, "p": 0.5, "p": 0.6}]', Refused("field_twice", {"line": 1})),
    "13 two models of one name but for a blank": ("a.parquet", parquet(ROW | {"A ": [0.5, 0.5]}),
                                                  Asked("column_twice", {"column": "A"})),
    "13 two models of one name but for marks": (
        "a.csv", "label,A (probability),A\n1,.5,.6\n", Opens(1, models=("A (probability)", "A"))),
    "13 two models of one name but for marks and blanks": (
        "a.parquet", parquet(ROW | {"A  (logit)": [7.0, 1.0]}), Opens(2, models=("A", "A  (logit)"))),
    "13 a model of no name but for its mark": (
        "a.parquet", parquet({"label": [1], " (logit)": [7.0]}), Opens(1, models=("(logit)",))),
    "13 groups of one name but for what parts them": (
        "a.csv", "label,m_0,m_1,m_2,m-0,m-1,m-2\n" + "2,.2,.3,.5,.1,.1,.8\n" * 2,
        Opens(2, models=("m_", "m-"), labels=[2, 2])),
    "13 groups of which one has no name": (
        "a.csv", "y,0,1,2,y_0,y_1,y_2\n" + "2,.2,.3,.5,.1,.1,.8\n" * 2, Opens(2, models=("model", "y"))),
    "13 one category twice": ("a.csv", "label:a,y: a,A:a\n1,1,.5\n", Asked("column_twice", {"column": "a"})),
    "13 categories of one name but for case": ("a.csv", "label:Cat,label:cat,A:Cat,A:cat\n1,0,.5,.2\n", Opens(1)),
    "13 a label of no category": ("a.csv", "label:,A\n1,.5\n", Asked("category_unnamed", {"column": "label:"})),
    "13 scores of no category": ("a.csv", "label:a,label:b,A:,A:b\n1,0,.5,.3\n",
                                 Asked("category_unnamed", {"column": "A:"})),
    "13 scores of no model": ("a.csv", "label:a,label:b,:a,:b\n1,0,.5,.3\n", Asked("model_unnamed", {"column": ":a"})),
    "14 unclosed quote": ("a.csv", 'label,A\n1,0.5\n"0,0.2\n' + "1,.4\n" * 400_000, Refused("quote_open", {"row": 2})),
    "15 line ends and quotes in cells": ("a.csv", 'name,label,A\n"two\nlines ""q""",1,0.5\n', Opens(1)),
    "16 NUL inside a number": ("a.csv", b"label,A\n1\0,0.5\n", Refused("nul_byte", {"row": 1})),
    "17 missing cells": ("a.csv", "label,A\n1,NaN\n1,nan\n0,NA\n0,null\n1,\n1,-\n0,0.5\n",
                         Opens(7, scores=[[np.nan]] * 6 + [[0.5]])),
    "17 infinite probability": ("a.csv", "label,A\n1,0.5\n0,-inf\n",
                                Asked("probability_out_of_range", {"row": 2, "column": "A"})),
    "17 infinite logit": ("a.csv", "label,A logit\n1,inf\n0,-inf\n",
                          Opens(2, models=("A logit",), scores=[[np.inf], [-np.inf]])),
    "17 infinite logits in one row": ("a.csv", "label,A logit:a,A logit:b,A logit:c\na,inf,inf,0\nb,1,2,3\n",
                                      Asked("softmax_undefined", {"row": 1, "column": "A logit"})),
    "18 number too large": ("a.csv", "label,A\n1,0.5\n0,1e400\n",
                            Refused("number_too_large", {"row": 2, "column": "A", "value": "1e400"})),
    "18 number too large in JSON": ("a.json", '[{"label": 1, "A": 1e400}]',
                                    Refused("json_number_too_large", {"line": 1, "character": 20, "value": "1e400"})),
    "18 number too small": ("a.csv", "label,A\n1,0.5\n0,1e-400\n",
                            Opens(2, ("number_too_small",), scores=[[0.5], [0]])),
    "18 number small enough": ("a.csv", "label,A\n1,0e-400\n0,1e-300\n", Opens(2, scores=[[0], [1e-300]])),
    "19 rounded past one": ("a.csv", "label,A\n1,1.0000001\n", Opens(1, ("rounded_into_range",), scores=[[1]])),
    "19 below nought": ("a.csv", "label,A\n1,-0.2\n", Asked("probability_out_of_range", {"row": 1, "value": -0.2})),
    "19 fifty": ("a.csv", "label,A\n1,.5\n1,50\n", Asked("probability_out_of_range", {"row": 2, "value": 50})),
    "19 fifty per cent": ("a.csv", "label,A\n1,50%\n0,20%\n", Opens(2, ("percent_taken",), scores=[[0.5], [0.2]])),
    "19 more than all": ("a.csv", "label,A\n1,50%\n0,120%\n",
                         Asked("probability_out_of_range", {"row": 2, "value": "120%"})),
    "20 logits": ("a.csv", "label,A\n1,7.5\n0,-8\n", Asked("probability_out_of_range", {"row": 1, "value": 7.5})),
    "20 logits called probabilities": ("a.csv", "label,A (probability)\n1,7.5\n0,-8\n",
                                       Asked("probability_out_of_range", {"row": 1})),
    "21 1.0": ("a.csv", "label,A\n1.0,.5\n0.0,.2\n", Opens(2, labels=[[1], [0]])),
    "21 True": ("a.csv", "label,A\nTrue,.5\nfalse,.2\n", Opens(2, labels=[[1], [0]])),
    "21 yes": ("a.csv", "label,A\nyes,.5\nno,.2\n", Opens(2, ("positive_taken",), labels=[[1], [0]])),
    "21 -1": ("a.csv", "label,A\n1,.5\n-1,.2\n", Opens(2, ("minus_one_taken",), labels=[[1], [0]])),
    "21 words": ("a.csv", "label,A\nham,.5\nspam,.2\n", Asked("positive_unknown", {"values": ["ham", "spam"]})),
    "21 007": ("a.csv", "label,A\n007,.5\n0,.2\n", Asked("positive_unknown", {"values": ["0", "7"]})),
    "21 large numbers": ("a.csv", "label,A\n10000001,.5\n10000002,.2\n",
                         Asked("positive_unknown", {"values": ["10000001", "10000002"]})),
    "21 dates": ("a.csv", "label,A\n2020-01-01,.5\n", Refused("label_text", {"row": 1, "value": "2020-01-01"})),
    "22 2^63": ("a.csv", "label,A\n9223372036854775808,.5\n0,.2\n",
                Asked("label_out_of_range", {"row": 1, "value": "9223372036854775808"})),
    "22 2^64 + 1 in JSON": ("a.json", '[{"label": 18446744073709551617, "A": 0.5}]',
                            Asked("label_out_of_range", {"row": 1, "value": "18446744073709551617"})),
    "22 2^53 + 1": ("a.csv", "label,A\n9007199254740993,.5\n",
                    Asked("label_out_of_range", {"row": 1, "value": 9007199254740993})),
    "22 5,000 digits": ("a.csv", f"label,A\n{'9' * 5000},.5\n", Refused("number_too_large", {"row": 1})),
    "22 5,000 digits in JSON": ("a.json", f'[{{"label": {"9" * 5000}, "A": 0.5}}]',
                                Asked("label_out_of_range", {"value": "9" * 5000})),
    "23 late fraction": ("a.csv", "label,A\n" + "1,1\n" * 20_000 + "1,0.5\n", Opens(20_001)),
    "23 late word": ("a.csv", "label,A\n" + "1,1\n" * 20_000 + "1,abc\n",
                     Refused("not_a_number", {"row": 20_001, "column": "A", "value": "abc"})),
    "24 unsorted classes": ("a.csv", "label,A:z,A:x,A:y\nx,.1,.7,.2\nz,.5,.3,.2\n", Opens(2, labels=[1, 0])),
    "24 unknown class": ("a.csv", CLASSES + "x,.5,.3,.2\nbird,.5,.3,.2\n",
                         Asked("label_unknown", {"row": 2, "value": "bird"})),
    "24 unknown number of a class": ("a.csv", "label,A:0,A:1,A:2\n12345678,.5,.3,.2\n",
                                     Asked("label_unknown", {"row": 1, "value": "12345678"})),
    "24 missing class": ("a.csv", "label:a,label:b,A:a\n1,0,.5\n",
                         Asked("category_missing", {"column": "A", "category": "b"})),
    "24 additional class": ("a.csv", "label:a,label:b,A:a,A:b,A:c\n1,0,.5,.2,.3\n",
                            Asked("category_unknown", {"column": "A:c", "category": "c"})),
    "25 sum of 0.97": ("a.csv", CLASSES + "x,.5,.3,.2\ny,.5,.3,.17\n",
                       Asked("row_no_distribution", {"row": 2, "sum": 0.97, "count": 1})),
    "25 sum of 1.99": ("a.csv", CLASSES + "x,.9,.9,.19\n", Asked("row_no_distribution", {"row": 1, "sum": 1.99})),
    "25 rounded sum": ("a.csv", CLASSES + "x,.33,.33,.33\n", Opens(1, ("rows_scaled",))),
    "26 arrays of unequal lengths": ("a.npz", npz(y=np.zeros(3), p=np.zeros(4)),
                                     Refused("arrays_unequal", {"rows": 3, "other_rows": 4})),
    "26 one row for many": ("a.npz", npz(y=np.zeros(3), p=np.zeros((1, 1))), Refused("arrays_unequal", {"rows": 3})),
    "26 columns of unequal lengths": ("a.json", '{"label": [1, 0, 1], "p": [0.5, 0.5]}',
                                      Refused("arrays_unequal", {"rows": 3, "other_rows": 2})),
    "26 one dimension for several questions": (
        "a.npz", npz(y=np.eye(3), p=np.full(3, 0.5)), Asked("category_missing", {"column": "p", "category": "0"})),
    "27 20,000 columns": ("a.csv", ",".join(f"c{n}" for n in range(20_000)) + "\n" + "1," * 19_999 + "1\n",
                          Refused("columns_too_many", {"columns": 20_000})),
    "27 10,000 columns in parquet": ("a.parquet", parquet(WIDE), Refused("columns_too_many", {"columns": 10_000})),
    "27 10,000 columns in npy": ("a.npy", npy(np.zeros((3, 10_000))), Refused("columns_too_many", {"columns": 10_000})),
    "27 10,000 fields in JSON": ("a.json", json.dumps([dict.fromkeys(WIDE, 0.5)]), Refused("columns_too_many")),
    "27 a field of megabytes": ("a.csv", f"name,label,A\nx,1,.4\n{'x' * 5_000_000},1,.5\n",
                                Refused("line_too_long", {"row": 2})),
    "27 a header of megabytes": ("a.csv", f"label,{'x' * 5_000_000}\n1,.5\n", Refused("header_too_long")),
    "28 objects in npz": ("a.npz", zipped(("label.npy", npy(np.ones(1))), ("A.npy", npy(np.ones(1))),
                                          ("o.npy", npy(np.array([Canary()], object), allow_pickle=True))),
                          Refused("array_type", {"column": "o", "type": "Python objects"})),
    "28 objects in npy": ("a.npy", npy(np.array([Canary()], object), allow_pickle=True), Refused("array_type")),
    "29 a shape of gigabytes": ("a.npy", header(f"({10**10},)") + bytes(64),
                                Refused("array_size", {"expected": 8 * 10**10, "actual": 64})),
    "30 zip bomb": ("a.npz", bomb(), Refused("file_unpacks_too_large")),
    "31 two members of one name": ("a.npz", zipped(("p.npy", npy(np.ones(3))), ("p.npy", npy(np.ones(3)))),
                                   Refused("member_twice", {"column": "p.npy"})),
    "31 a member called as a path": ("a.npz", zipped(("label.npy", npy(np.ones(1))), ("../../A.npy", npy(np.ones(1)))),
                                     Opens(1, models=("../../A",))),
    "32 truncated zip": ("a.npz", npz(y=np.ones(30), p=np.ones(30))[:-30], Refused("file_damaged")),
    "32 flipped byte": ("a.npz", flipped(npz(y=np.ones(30), p=np.ones(30)), 200), Refused("file_damaged")),
    "32 csv named npz": ("a.npz", "label,A\n1,0.5\n", Opens(1)),
    "32 pickle named npy": ("a.npy", pickle.dumps(Canary()), Refused("file_misnamed", {"suffix": ".npy"})),
    "32 pickle": ("a.pkl", pickle.dumps(Canary()), Refused("file_not_text")),
    "32 weights of a model": ("a.pt", zipped(("a/data.pkl", pickle.dumps(Canary())), ("a/version", b"3")),
                              Refused("zip_of_several", {"count": 2})),
    "32 picture": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), Refused("file_not_text")),
    "33 dates": ("a.npy", npy(np.array(["2020-01-01"], "M8[D]")), Refused("array_type", {"type": "datetime64[D]"})),
    "33 complex": ("a.npy", npy(np.zeros(2, complex)), Refused("array_type", {"type": "complex128"})),
    "33 records": ("a.npy", npy(np.zeros(2, [("a", "f8")])), Refused("array_type", {"type": "records"})),
    "33 big-endian": ("a.npz", npz(label=np.array([1, 0], ">i4"), A=np.array([0.9, 0.2], ">f8")),
                      Opens(2, labels=[[1], [0]], scores=[[0.9], [0.2]])),
    "33 float16": ("a.npz", npz(label=np.ones(1), A=np.array([0.5], "f2")), Opens(1, scores=[[0.5]])),
    "33 long double": ("a.npz", npz(label=np.ones(1), A=np.array([0.5], "g")),
                       Opens(1, ("array_rounded",) if np.dtype("g").itemsize > 8 else ())),
    "33 uint64 past 2^63": ("a.npy", npy(np.array([1, 2**63 + 1], "u8")),
                            Refused("array_number_large", {"row": 2, "value": str(2**63 + 1)})),
    "33 negative shape": ("a.npy", header("(-3,)") + bytes(24), Refused("array_shape", {"shape": "(-3,)"})),
    "33 three dimensions": ("a.npy", npy(np.zeros((2, 2, 2))), Refused("array_shape", {"shape": "(2, 2, 2)"})),
    "33 one dimension alone": ("a.npy", npy(np.zeros(3)), Refused("one_column", {"column": "a"})),
    "34 NaN": ("a.json", '[{"label": 1, "A": NaN}]', Opens(1, scores=[[np.nan]])),
    "34 200,000 deep": ("a.json", '[{"label":' + "[" * 200_000, Refused("json_deep")),
    "34 trailing comma": ("a.json", '[{"label": 1, "A": 0.5},]', Refused("json_broken", {"line": 1, "character": 25})),
    "34 truncated": ("a.json", '[{"label": 1, "A": 0.5},\n{"lab', Refused("json_broken", {"line": 2, "character": 2})),
    "34 half a letter": ("a.json", '[{"label": 1, "A": 0.5, "id": "\\ud800"}]', Opens(1)),
    "34 no table": ("a.json", "[]", Refused("json_shape")),
    "34 nested": ("a.json", '[{"label": 1, "A": {"x": 0.5}}]', Refused("cell_nested", {"column": "A", "row": 1})),
    "35 truncated parquet": ("a.parquet", parquet(ARROW)[:-50], Refused("file_damaged")),
    "35 half a parquet": ("a.parquet", parquet(ARROW)[: len(parquet(ARROW)) // 2], Refused("file_damaged")),
    "35 truncated feather": ("a.feather", feather(ARROW)[:-100], Refused("file_damaged")),
    "35 nulls": ("a.parquet", parquet({"label": [1, None], "A": [0.5, None]}),
                 Opens(2, labels=[[1], [-1]], scores=[[0.5], [np.nan]])),
    "35 decimals": ("a.parquet", parquet(ROW | {"A": [decimal.Decimal("0.9"), decimal.Decimal("0.2")]}),
                    Opens(2, scores=[[0.9], [0.2]])),
    "35 categories": ("a.parquet", parquet(ROW | {"label": pyarrow.array(["yes", "no"]).dictionary_encode()}),
                      Opens(2, ("positive_taken",), labels=[[1], [0]])),
    "35 lists": ("a.parquet", parquet(ROW | {"A": [[0.5], [0.2]]}), Refused("column_nested", {"column": "A"})),
    "35 bytes": ("a.parquet", parquet(ROW | {"A": [b"a", b"b"]}), Refused("column_not_numbers", {"column": "A"})),
    "35 no row groups": ("a.parquet", parquet(pyarrow.table(ROW).slice(0, 0)), Opens(0, ("rows_missing",))),
    "35 encrypted": ("a.parquet", b"PARE" + parquet(ARROW)[4:-4] + b"PARE", Refused("file_encrypted")),
    "35 encrypted footer": ("a.parquet", parquet(ARROW)[:-4] + b"PARE", Refused("file_encrypted")),
    "35 dates for scores": ("a.parquet", parquet(ROW | {"A": pyarrow.array([1, 2], pyarrow.date32())}),
                            Asked("scores_missing")),
    "36 odd names": (
        "a.csv", f'label,"=HYPERLINK(""x"")",@SUM,a<b & c,<img src=file:x>,\u202eabc,{"x" * 10_000},😀\n1' + ",.5" * 7,
        Opens(1, models=('=HYPERLINK("x")', "@SUM", "a<b & c", "<img src=file:x>", "\u202eabc", "x" * 10_000, "😀"))),
    "issue: truncated .xls": ("a.xls", xls([["label", "A"], [1, 0.5]])[:-700], Refused("file_damaged")),
    "issue: locked .xls": ("a.xls", xls([["label", "A"], [1, 0.5]], before=PASSWORD), Refused("file_encrypted")),
    "issue: .doc named .xls": ("a.xls", compound({"WordDocument": bytes(5000)}), Refused("container_other")),
    "issue: text named .xls": ("a.xls", "label\tA\n1\t0.5\n", Opens(1)),
    "issue: truncated gzip": ("a.csv.gz", gzip.compress(b"label,A\n" + b"1,0.5\n" * 5000)[:-20],
                              Refused("file_damaged")),
    "issue: truncated bz2": ("a.csv.bz2", bz2.compress(b"label,A\n" + b"1,0.5\n" * 5000)[:-9], Refused("file_damaged")),
    "issue: packed parquet": ("a.parquet.gz", gzip.compress(parquet(ROW)), Refused("packed_unread")),
    "issue: packed npy": ("a.npy.gz", gzip.compress(npy(np.ones(3))), Refused("packed_unread")),
    "issue: truncated packed JSON": ("a.json.gz", gzip.compress(b'[{"label": 1, "A": 0.5}]')[:-9],
                                     Refused("file_damaged")),
    "issue: dates among scores": ("a.csv", "label,A\n1,.5\n0,2020-01-01\n", Refused("not_a_number", {"row": 2})),
    "issue: mixed types": ("a.csv", "label,A\n1,.5\n0,cat\n1,true\n", Refused("not_a_number", {"row": 2})),
    "issue: mixed labels": ("a.csv", "label,A\nyes,.5\n1,.5\n", Refused("not_a_number", {"row": 1, "value": "yes"})),
    "issue: bytes that are no text": ("a.csv", codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", Refused("encoding_wrong")),
}  # fmt: skip


@pytest.fixture
def path(tmp_path, request):
    name, content, _expected = CASES[request.param]
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def expectations(kind):
    chosen = {name: case[2] for name, case in CASES.items() if isinstance(case[2], kind)}
    return pytest.mark.parametrize(("path", "expected"), chosen.items(), ids=chosen, indirect=["path"])


def complaint(capsys, *arguments):
    """Return what the program says about a file that it does not open: one line, and nothing else."""
    assert cli.main([*map(str, arguments), "--json"]) == 1
    out, told = capsys.readouterr()
    assert out == ""
    assert told.startswith("xentviz: ")
    assert told.count("\n") == 1
    return told.removeprefix("xentviz: ").removesuffix("\n").removesuffix(ADVICE)


ADVICE = " With --map you can say which column is what; --help tells how."


def assert_clear(words, error):
    """Check that a sentence names the file, the place and the value if there is one, and what to do."""
    assert words == sentence(error)
    assert words.startswith(error.details["file"])
    assert words.endswith((".", "?"))
    assert len(re.findall(r"[.?;](?= |$)", words)) >= 2, "it says what is wrong, but not what to do"
    assert not re.search(r"[{}]|Error|Exception|Traceback|_|allow_pickle|0x|<class", words.replace("y_", ""))
    assert len(words) < 300
    for key in ("row", "line", "column", "value", "name"):
        said = str(error.details.get(key, "")).removesuffix(".0")
        assert said[:60] in words, key


@expectations((Refused, Asked))
def test_one_line_says_what_is_wrong_and_where(path, expected, capsys):
    with pytest.raises(DataError) as caught:
        files.read(path)
    error = caught.value
    assert error.code == expected.code
    assert expected.details.items() <= error.details.items()
    assert (isinstance(error, Doubtful) and error.is_question) == isinstance(expected, Asked)
    assert_clear(complaint(capsys, path), error)
    assert not ran


@expectations(Opens)
def test_opens_and_tells_what_was_taken_for_granted(path, expected, capsys):
    opened = files.read(path)
    document = opened.document
    assert document.rows == expected.rows
    assert tuple(note.code for note in opened.notes) == expected.notes
    if expected.models != ("A",):
        assert tuple(model.name for model in document.models) == expected.models
    if expected.labels is not None:
        assert document.labels.array().tolist() == expected.labels
    if expected.scores is not None:
        np.testing.assert_array_equal(document.models[0].scores.array(), expected.scores)
    assert cli.main([str(path), "--json"]) == 0
    out, told = capsys.readouterr()
    assert json.loads(out)["rows"] == expected.rows
    assert told == "".join(f"xentviz: {sentence(note)}\n" for note in opened.notes)
    assert "{" not in told
    assert not ran


class TestWhatIsSaidOfColumns:
    """By a person, on the terminal, in `--map`."""

    @pytest.mark.parametrize(
        ("said", "code", "details"),
        [
            ("label=A,scores=A", "column_used_twice", {"column": "A"}),
            ("scores=A+B+A", "column_used_twice", {"column": "A"}),
            ("label=label,names=label", "column_used_twice", {"column": "label"}),
            ("label=C", "column_unknown", {"column": "C"}),
            ("encoding=rot13", "encoding_unknown", {"encoding": "rot13"}),
            ("positive=abc", "positive_absent", {"value": "abc"}),
        ],
    )
    def test_may_make_no_sense(self, tmp_path, capsys, said, code, details):
        path = tmp_path / "a.csv"
        path.write_text("id,label,A,B\n1,1,.5,.3\n2,0,.2,.1\n")
        with pytest.raises(DataError) as caught:
            files.read(path, mapping=mapping_of(said))
        assert caught.value.code == code
        assert details.items() <= caught.value.details.items()
        assert_clear(complaint(capsys, path, "--map", said), caught.value)

    def test_may_name_no_model(self, tmp_path, capsys):
        path = tmp_path / "a.parquet"
        path.write_bytes(parquet({"label": [1, 0], "": [0.5, 0.2]}))
        with pytest.raises(Doubtful, match="name_empty") as caught:
            files.read(path, mapping=mapping_of("scores="))
        assert_clear(complaint(capsys, path, "--map", "scores="), caught.value)


class TestSeveralFiles:
    @pytest.mark.parametrize(
        ("texts", "code", "details"),
        [
            (("label,A\n1,.5\n0,.2\n", "B\n.5\n"), "lengths_differ", {"rows": 2, "other_rows": 1}),
            (("id,label\nx,1\n", "id,A\ny,.5\n"), "key_unmatched", {"file": "0.csv", "row": 1, "value": "x"}),
            (("label,A\n1,.5\n", "label,B\n0,.5\n"), "labels_differ", {"file": "0.csv", "row": 1}),
            (("label,A\n1,.5\n", "1,.5\n"), "header_missing", {"file": "1.csv"}),
            (("label,A\n1,.5\n", "B,B\n1,.5\n"), "column_twice", {"file": "1.csv"}),
        ],
    )
    def test_that_do_not_belong_together(self, tmp_path, capsys, texts, code, details):
        paths = [tmp_path / f"{number}.csv" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text)
        with pytest.raises(DataError, match=code) as caught:
            files.read(paths)
        assert details.items() <= caught.value.details.items()
        assert_clear(complaint(capsys, *paths), caught.value)

    def test_of_one_name_lose_no_model(self, tmp_path):
        paths = [tmp_path / name for name in ("a.csv", "a.tsv", "a.txt")]
        for path, text in zip(paths, ("label,A,A (a)\n1,.1,.2\n", "A\n.3\n", "A\n.4\n"), strict=True):
            path.write_text(text)
        models = files.read(paths).document.models
        assert [model.scores.array()[0, 0] for model in models] == [0.1, 0.2, 0.3, 0.4]
        assert len({model.name for model in models}) == 4

    def test_are_each_named_in_what_is_told(self, tmp_path, capsys):
        (tmp_path / "a.csv").write_text("label\n1\n")
        (tmp_path / "b.csv").write_text("A;B\n0,5;x\n", encoding="utf-16")
        assert cli.main([str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--json"]) == 0
        told = capsys.readouterr().err.splitlines()
        assert [line.split(" ")[1] for line in told] == ["b.csv", "b.csv:", "Rows"]


GOOD = "label,A\n1,0.5\n"
WRONG = "label,A\n1,7\n"


class TestRow37:
    """What is no file to read, or none any more."""

    @pytest.mark.parametrize("name", ["a b.csv", "预测 🧪.csv", "ψηφία", "%1{x}.csv", "a\nb.csv", "<b>.csv", "-rf.csv"])
    def test_a_name_may_be_any(self, tmp_path, capsys, name):
        path = tmp_path / name
        path.write_text(GOOD)
        assert files.read(path).document.rows == 1
        path.write_text(WRONG)
        assert complaint(capsys, path).startswith(name.replace("\n", "\ufffd") + ", row 1 below the header")

    def test_a_path_may_be_long(self, tmp_path):
        folder = tmp_path / ("a" * 150) / ("b" * 150)
        folder.mkdir(parents=True)
        (folder / f"{'c' * 251}.csv").write_text(GOOD)
        assert files.read(folder / f"{'c' * 251}.csv").document.rows == 1

    @pytest.mark.parametrize(
        ("make", "code"),
        [
            (lambda path: None, "file_missing"),
            (lambda path: path.mkdir(), "file_is_folder"),
            (lambda path: path.symlink_to(path), "file_missing"),
            (lambda path: path.symlink_to("/dev/zero"), "file_not_regular"),
            (lambda path: os.mkfifo(path), "file_not_regular"),
        ],
        ids=["nothing", "folder", "loop", "device", "pipe"],
    )
    @pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json", ".npz", ".xlsx"])
    @pytest.mark.skipif(os.name != "posix", reason="no such files here")
    def test_only_ordinary_files_are_read(self, tmp_path, capsys, make, code, suffix):
        path = tmp_path / f"a{suffix}"
        make(path)
        with pytest.raises(DataError, match=code) as caught:
            files.read(path)
        assert_clear(complaint(capsys, path), caught.value)

    def test_a_name_too_long_is_said(self, tmp_path, capsys):
        assert "name too long" in complaint(capsys, tmp_path / ("x" * 300)).lower()

    @pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no modes of files here")
    def test_a_file_that_may_not_be_read_is_said(self, capsys):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "a.parquet")
            path.write_bytes(parquet(ROW))
            path.chmod(0)
            Path(folder).chmod(0o755)
            user = os.geteuid()
            os.seteuid(user or 65534)
            try:
                words = complaint(capsys, path)
            finally:
                os.seteuid(user)
        assert words == "a.parquet cannot be read: Permission denied. Check its name, its disk, and who may read it."

    @pytest.mark.parametrize(
        "content",
        [
            GOOD.encode() + b"1,0.5\n" * 10_000,
            parquet(ARROW),
            feather(ARROW),
            npz(label=np.ones(1000), A=np.full(1000, 0.5)),
            npy(np.full((1000, 2), 0.5)),
            b'[{"label": 1, "A": 0.5}' + b',\n{"label": 1, "A": 0.5}' * 10_000 + b"]",
        ],
        ids=["csv", "parquet", "feather", "npz", "npy", "json"],
    )
    @pytest.mark.parametrize("change", ["cut", "grow", "touch"])
    def test_a_file_that_changes_meanwhile_is_not_read(self, tmp_path, content, change):
        path = tmp_path / "a.json"  # but for JSON the content tells
        path.write_bytes(content)

        def do(_share):
            size = {"cut": len(content) // 2, "grow": len(content) + 10, "touch": len(content)}[change]
            os.truncate(path, size)
            os.utime(path, ns=(0, 0))

        with pytest.raises(DataError, match="file_changing") as caught:
            files.read(path, report=do)
        assert_clear(sentence(caught.value), caught.value)


# Sentences


SOURCES = sorted(Path(files.__file__).parent.glob("*.py"))


def raised():
    """Return each `DataError` made in the sources: its possible codes, its details, and whether all are seen."""
    for source in SOURCES:
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "DataError" and call.args:
                words = [part.value for part in ast.walk(call.args[0]) if isinstance(part, ast.Constant)]
                codes = [word for word in words if word in KNOWN or re.fullmatch(r"[a-z]+(_[a-z]+)+", str(word))]
                named = {keyword.arg for keyword in call.keywords}
                yield pytest.param(codes, named - {None}, None not in named, id=f"{source.stem}:{call.lineno}")


IN_JSON = {"line", "character"}
"""Known where what is read there is decoded, and added to every fault found in it."""

KNOWN = SENTENCES.keys() | NOTES.keys()


def placeholders(pattern):
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(pattern) if name}


@pytest.mark.parametrize(("codes", "details", "whole"), list(raised()))
def test_every_code_of_files_has_a_sentence_that_needs_no_other_details(codes, details, whole):
    for code in codes:
        assert code in KNOWN
        for patterns in (SENTENCES | NOTES, WITHOUT_HEADER):
            if whole and code in patterns:
                assert placeholders(patterns[code]) <= details | {"file"} | (
                    IN_JSON if code in {"field_twice", "json_number_too_large"} else set()
                )


def test_codes_are_found_in_the_sources():
    codes = {code for found in raised() for code in found.values[0]}
    assert {"row_ragged", "quote_open", "file_empty", "save_failed", "joined_by_key"} <= codes
    assert len(codes) > 60


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Document.create([1], {"A": [0.5], "A ": [0.5]}), "name_taken"),
        (lambda: Document.create([1], {" ": [0.5]}), "name_empty"),
        (lambda: Document.create([[1, 0]], {}, categories=["a", "a"]), "category_twice"),
        (lambda: Document.create([1], {"A": [0.5, 0.5]}), "shape_mismatch"),
        (lambda: Document.create([1], {"A": ["x"]}), "not_numbers"),
        (lambda: Document.create([1], {"A": [1.5]}), "probability_out_of_range"),
        (lambda: Document.create([2], {}), "label_out_of_range"),
        (lambda: Document.create([0], {"A": [[0.5, 0.1]]}, categories=["a", "b"], multiclass=True),
         "probabilities_no_distribution"),
        (lambda: Document.create([0], {"A": [[np.inf, np.inf]]}, categories=["a", "b"], multiclass=True, logits=["A"]),
         "softmax_undefined"),
        (lambda: Document.create([[0.5, 0.1]], {}, categories=["a", "b"], multiclass=True), "labels_no_distribution"),
        (lambda: Document.create([1], {}, thresholds=[2]), "threshold_out_of_range"),
        (lambda: Document.create([1], {}, logits=["A"]), "name_unknown"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("told", [{"file": "a.csv"}, {"file": "a.csv", "row": 1, "column": "A"}])
def test_whatever_the_core_refuses_can_be_said_of_a_file(make, code, told):
    with pytest.raises(DataError, match=code) as caught:
        make()
    words = sentence(DataError(code, **caught.value.details | told))
    assert words.endswith((".", "?"))
    assert not re.search(r"[{}]|DataError", words)
    assert code in TYPED or code in SENTENCES or f"({code})" in words


def test_all_that_the_core_may_refuse_is_in_that_list():
    documented = set(re.findall(r"``(\w+)``", inspect.getdoc(Document.create).partition("Raises")[2]))
    (marks,) = [
        mark for mark in test_whatever_the_core_refuses_can_be_said_of_a_file.pytestmark if "make" in mark.args[0]
    ]
    assert documented == {code for _make, code in marks.args[1]}
