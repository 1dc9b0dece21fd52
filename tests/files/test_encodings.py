import codecs

import pytest

from xentviz.core.errors import DataError
from xentviz.files import delimited, encodings
from xentviz.files.delimited import read_delimited
from xentviz.files.table import Mapping

CHINESE = "名称,标签,模型\n是的,1,0.5\n“这个句子说，她是公主。”,0,0.25\n"
WESTERN = "Größe,label,A\nÄpfel,1,0.5\nflûte – été,0,0.25\n"
KOREAN = "이름,label,A\n안녕하세요 반갑습니다 한국어 문장입니다,1,0.5\n"


@pytest.fixture
def read(tmp_path):
    """Return a reader of text that is written to a file first."""

    def read(content, **said):
        path = tmp_path / "table.csv"
        path.write_bytes(content)
        return read_delimited(path, Mapping(**said), lambda: False, lambda _share: None)

    return read


def codes(errors):
    return [error.code for error in errors]


def rows_of(table):
    return [tuple(table.columns.column_names), *(tuple(row.values()) for row in table.columns.to_pylist())]


AS_WRITTEN = [("名称", "标签", "模型"), ("是的", 1, 0.5), ("“这个句子说，她是公主。”", 0, 0.25)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_read_and_not_spoken_of(read, encoding):
    table = read(CHINESE.encode(encoding))
    assert rows_of(table) == AS_WRITTEN
    assert (table.notes, table.doubt) == ((), None)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CHINESE.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), "utf-16"),
        (CHINESE.encode("utf-32"), "utf-32"),
        (CHINESE.encode("utf-16-le"), "utf-16-le"),
        (CHINESE.encode("utf-16-be"), "utf-16-be"),
        (CHINESE.encode("gb18030"), "gb18030"),
    ],
)
def test_what_can_be_told_is_read_and_noted(read, content, encoding):
    table = read(content)
    assert rows_of(table) == AS_WRITTEN
    assert table.doubt is None
    (note,) = table.notes
    code = "encoding_guessed" if encoding == "gb18030" else "encoding_taken"
    assert (note.code, note.details["encoding"]) == (code, encoding)


@pytest.mark.parametrize("far_down", [False, True])
def test_western_letters_are_a_guess_that_is_asked_about(read, far_down):
    head, rest = WESTERN.split("\n", 1)
    content = ("name,label,A\n" + "x,1,0.5\n" * 400_000 if far_down else head + "\n") + rest
    table = read(content.encode("cp1252"))
    assert table.doubt.code == "encoding_doubtful"
    assert table.doubt.details == {"encoding": "cp1252", "value": "Äpfel" if far_down else "Größe"}
    assert table.columns[0][-1].as_py() == "flûte – été"


def test_bytes_that_windows_has_no_letters_for_are_latin_1(read):
    assert read("Größe\x81,b\n1,2\n".encode("latin-1")).doubt.details["encoding"] == "latin-1"


def test_chinese_that_begins_far_down_is_found(read):
    content = "name,label,A\n" + "x,1,0.5\n" * 400_000 + "公主是的,0,0.5\n"
    table = read(content.encode("gb18030"))
    assert codes(table.notes) == ["encoding_guessed"]
    assert table.columns[0][-1].as_py() == "公主是的"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("имя,label,A\nпривет мир,1,0.5\n", "cp1251"),
        ("名前,label,A\nこれはペンです,1,0.5\n", "shift-jis"),
        ("名稱,label,A\n這是一個句子她是公主,1,0.5\n", "big5"),
        (KOREAN, "euc-kr"),
        ("label,ÀÉ\n1,0.5\n", "latin-1"),
        ("label,é\n1,0.5\n", "latin-1"),
    ],
)
def test_other_encodings_are_asked_about_and_read_when_named(read, text, encoding):
    assert read(text.encode(encoding)).doubt.code == "encoding_doubtful"
    table = read(text.encode(encoding), encoding=encoding)
    assert (table.notes, table.doubt) == ((), None)
    assert ",".join(table.columns.column_names) == text.split("\n")[0]


@pytest.mark.parametrize("text", [KOREAN, "이름,label,A\n서울,1,0.5\n부산,0,0.5\n"])
def test_korean_is_not_taken_for_chinese(read, text):
    table = read(text.encode("euc-kr"))
    assert table.doubt.details == {"encoding": "cp949", "value": "이름"}


def test_so_few_letters_that_they_may_be_korean_or_chinese_are_asked_about(read):
    assert read("이름,label,A\nx,1,0.5\n".encode("euc-kr")).doubt.details["encoding"] == "gb18030"
    assert read("猫,label,狗\n1,0,0.5\n".encode("gb18030")).doubt.details == {"encoding": "gb18030", "value": "猫"}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Größe,label,été\nFüße,1,0.5\n", "cp1252"),
        ("“Größe” – 5 €,label\nl’été,1\n", "cp1252"),
        ("miasto,label,A\nŁódź,1,0.5\nBłażej,0,0.5\n", "cp1250"),
        ("miasto,label,A\nCzęstochowa wąska,1,0.5\nŚwięta Łódź,0,0.5\n", "iso8859_2"),
        ("город,label,A\nМосква,1,0.5\nкошка,0,0.5\n", "cp1251"),
        ("город,label,A\nМосква,1,0.5\nкошка,0,0.5\n", "koi8_r"),
        ("πόλη,label,A\nΑθήνα,1,0.5\nγάτα,0,0.5\n", "cp1253"),
    ],
)
def test_the_likeliest_encoding_is_asked_about_first(read, text, encoding):
    table = read(text.encode(encoding))
    assert (table.doubt.code, table.doubt.details["encoding"]) == ("encoding_doubtful", encoding)
    assert ",".join(table.columns.column_names) == text.split("\n")[0]


def test_an_encoding_that_lacks_a_letter_far_down_is_not_likely(read):
    content = "город,label\nМосква,1\n".encode("cp1251") + b"x,1\n" * 100_000 + b"\x98x,1\n"
    assert read(content).doubt.details["encoding"] != "cp1251"


@pytest.mark.parametrize(("encoding", "code"), [("utf-8", "letter_broken"), ("gb18030", "encoding_doubtful")])
def test_a_file_that_ends_in_half_a_letter_is_told(read, encoding, code):
    content = "label,A,标题\n" + "1,0.5,是的，这是我的\n" * 30
    half = (content + "1,0.5,这").encode(encoding)[:-1]
    try:
        found = read(half).doubt.code
    except DataError as error:
        found = error.code
    assert found == code


@pytest.mark.parametrize(
    "name", ["klingon", "base64", "rot13", "unicode_escape", "raw-unicode-escape", "idna", "\0", "undefined", "x" * 300]
)
def test_a_name_of_no_encoding_is_refused(read, name):
    with pytest.raises(DataError) as caught:
        read(b"label,A\n1,0.5\n", encoding=name)
    assert (caught.value.code, caught.value.details) == ("encoding_unknown", {"encoding": name})


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (WESTERN.encode("latin-1", "replace"), "gb18030"),
        (CHINESE.encode(), "ascii"),
        (b"label,A\n1,0.5\n1", "utf-16"),
        (b"label,A\n" + b"1,0.5\n" * 300_000 + b"\xff,1\n", "shift-jis"),
    ],
)
def test_what_is_not_in_the_encoding_named_is_refused(read, content, encoding):
    with pytest.raises(DataError) as caught:
        read(content, encoding=encoding)
    assert caught.value.code == "encoding_wrong"


def test_utf8_with_one_broken_letter_is_refused_with_its_row(read):
    content = "名称,label,A\n" + "是的,1,0.5\n" * 300_000
    with pytest.raises(DataError) as caught:
        read(content.encode() + b"\xe6\x98,1,0.5\n" + "是的,1,0.5\n".encode())
    assert (caught.value.code, caught.value.details) == ("letter_broken", {"row": 300_001})


def test_a_header_that_is_not_the_utf8_it_is_said_to_be_is_refused(read):
    with pytest.raises(DataError, match="file_not_utf8"):
        read(WESTERN.encode("cp1252"), encoding="utf-8")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_letters_lie_across_the_ends_of_pieces(read, encoding):
    text = "n,名称,label\n" + "".join(f"{n},标签a这,{n % 2}\n" for n in range(150_000))
    column = read(text.encode(encoding)).columns["名称"]
    assert column.unique().to_pylist() == ["标签a这"]
    assert len(column) == 150_000


@pytest.mark.parametrize("content", [bytes(100_000), bytes(range(256)) * 100, b"\x89PNG\r\n\x1a\n" + bytes(1000)])
def test_what_is_no_text_is_refused(read, content):
    with pytest.raises(DataError, match="file_not_text"):
        read(content)


@pytest.mark.parametrize("mark", encodings.MARKS)
def test_a_mark_alone_is_an_empty_file(read, mark):
    with pytest.raises(DataError, match="file_empty"):
        read(mark)


def test_a_letter_cut_off_where_the_first_look_ends_is_whole(read, monkeypatch):
    monkeypatch.setattr(delimited, "START_BYTES", 100)
    table = read(("n,m\n" + "".join(f"{n},是\n" for n in range(100))).encode())
    assert table.columns["m"].unique().to_pylist() == ["是"]
