"""How letters are encoded in a text file, told by its bytes; and the same letters in UTF-8."""

import codecs
import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple, Protocol

from xentviz.core.errors import DataError

PIECE_BYTES = 1 << 16
"""So many bytes are decoded at once: for longer the other threads would wait."""

START_BYTES = 1 << 20

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""How files begin that tell their encoding."""

COMMON_CHINESE = re.compile(rb"[\xb0-\xd7\xa1-\xa3][\xa1-\xfe]")
"""A letter among the 3,755 everyday characters of GB 2312, in the order of their sounds, or its punctuation."""

LATE_SOUND = re.compile(rb"[\xc9-\xd7][\xa1-\xfe]")
"""One of these from q on; Korean, which is the same bytes otherwise, has none."""

OF_ONE_BYTE = ("cp1252", "latin-1", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253")
"""Encodings of a byte a letter, the commonest first."""

NOT_LATIN = "\u0370"
"""From here on letters are Greek and Cyrillic."""

OF_PROGRAMS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})
"""What Python calls encodings too, though no files are in them."""

WORD = re.compile(r"[^\s,;|\"]*[^\x00-\x7f\s,;|\"]+[^\s,;|\"]*")
FOREIGN = re.compile("[^\x00-\x7f]+")
FIRST_FOREIGN = re.compile(rb"[\x80-\xff]")
FOREIGN_BYTES = 1 << 14
FOREIGN_ENOUGH = 20_000
KOREAN_ENOUGH = 5


class Bytes(Protocol):
    """What can be read piece by piece; no bytes are the end."""

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most so many."""


class Encoding(NamedTuple):
    """How letters are encoded, whether that was seen or said rather than supposed, and what to tell or to ask."""

    name: str
    sure: bool
    notes: tuple[DataError, ...] = ()
    doubt: DataError | None = None


class NotInEncoding(Exception):  # noqa: N818 – it may be in another
    """The bytes are no letters in the encoding supposed."""


class Recoded:
    """Letters in any encoding as UTF-8, piece by piece."""

    def __init__(self, source: Bytes, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = bytearray()
        self._ended = False

    def read(self, size: int) -> bytes:
        """Return the next bytes, none at the end; raise `NotInEncoding` for bytes that are no letters."""
        while len(self._ready) < size and not self._ended:
            piece = self._source.read(PIECE_BYTES)
            self._ended = not piece
            try:
                self._ready += self._decoder.decode(piece, final=self._ended).encode()
            except UnicodeError as error:
                raise NotInEncoding from error
        start = bytes(self._ready[:size])
        del self._ready[:size]
        return start


def in_utf8(source: Bytes, encoding: Encoding) -> Bytes:
    """Return letters as UTF-8, in which they may be already."""
    return source if encoding.name == "utf-8" else Recoded(source, encoding.name)


def said(name: str) -> Encoding:
    """Return the encoding that a person named, raise ``encoding_unknown`` if there is none of that name.

    >>> said("GB2312").name
    'gb2312'
    """
    try:
        codec = codecs.lookup(name)
        codecs.getincrementaldecoder(name)
        bytes(4).decode(name)  # refuses what turns bytes into bytes, such as base64
    except (LookupError, ValueError) as error:  # of which that of letters is one
        raise DataError("encoding_unknown", encoding=name) from error
    if codec.name.replace("_", "-") in OF_PROGRAMS:
        raise DataError("encoding_unknown", encoding=name)
    return Encoding("utf-8" if codec.name in {"utf-8", "utf-8-sig"} else codec.name, sure=True)


def told_by(start: bytes, whole: bool) -> Encoding | None:
    """Return the encoding that the start of a file tells, None if it is to be guessed.

    Raises
    ------
    DataError
        ``file_not_text``
    """
    for mark, name in MARKS.items():
        if start.startswith(mark):
            notes = () if name == "utf-8" else (DataError("encoding_taken", encoding=name),)
            return Encoding(name, True, notes)
    if start.count(0) > len(start) // 10:
        return _unmarked_utf16(start)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start, final=whole)
    except UnicodeDecodeError as error:
        if b"\0" in start:  # which other text files have none of
            raise DataError("file_not_text") from error
        return None
    return Encoding("utf-8", sure=False)


def _unmarked_utf16(start: bytes) -> Encoding:
    """Return which half of each letter is 0 in the digits and separators."""
    first, second = start[::2].count(0), start[1::2].count(0)
    if max(first, second) < 10 * min(first, second) or len(start) < 8:
        raise DataError("file_not_text")
    name = "utf-16-le" if second > first else "utf-16-be"
    return Encoding(name, True, (DataError("encoding_taken", encoding=name),))


def guessed(source: Bytes) -> Encoding:
    """Return the likeliest encoding of what is not UTF-8, or UTF-8 if it is damaged.

    Only GB 18030 is beyond doubt; few letters that may be Korean as well are asked about.
    """
    chinese, foreign, fitting = _Chinese(), b"", set(OF_ONE_BYTE)
    while piece := source.read(PIECE_BYTES):
        if piece.isascii():
            chinese.skip(piece)
            continue
        if len(foreign) < FOREIGN_BYTES:
            foreign += _with_foreign(piece)
        chinese.add(piece)
        fitting = {name for name in fitting if not piece.translate(None, _letters_of(name))}
    if chinese.likely():
        told = {"encoding": "gb18030", "value": _word(foreign, "gb18030")}
        if chinese.has_late_sounds():
            return Encoding("gb18030", True, (DataError("encoding_guessed", **told),))
        return Encoding("gb18030", True, (), DataError("encoding_doubtful", **told))
    if _mostly_utf8(foreign):
        return Encoding("utf-8", sure=True)
    likely = min((name for name in OF_ONE_BYTE if name in fitting), key=lambda name: _oddness(foreign.decode(name)))
    name = "cp949" if chinese.rather_korean() and _decodes(foreign, "cp949") else likely
    return Encoding(name, True, (), DataError("encoding_doubtful", encoding=name, value=_word(foreign, name)))


@cache
def _letters_of(encoding: str) -> bytes:
    """Return the bytes that are something in an encoding of a byte a letter."""
    return bytes(byte for byte in range(256) if bytes([byte]).decode(encoding, "ignore"))


def _oddness(text: str) -> int:
    """Return how many pairs of neighbours are rare in words.

    >>> _oddness("Größe"), _oddness("Ãðîçíûé"), _oddness("Грозный"), _oddness("Грöзный"), _oddness("£ódŸ")
    (1, 6, 0, 2, 2)
    """
    return sum(_is_odd(first, second) for first, second in pairwise(text) if not (first.isascii() and second.isascii()))


def _is_odd(first: str, second: str) -> bool:
    """Return whether two letters are of different scripts, both accented or change to upper case; or one is none."""
    if not (first.isalpha() and second.isalpha()):
        return (first.isalpha() and not second.isascii()) or (second.isalpha() and not first.isascii())
    latin = (first < NOT_LATIN) + (second < NOT_LATIN)
    accented = latin == 2 and not first.isascii() and not second.isascii()
    return latin == 1 or accented or (first.islower() and second.isupper())


def _with_foreign(piece: bytes) -> bytes:
    """Return a few lines from the first letter on that is not plain, and a little of what stands before it."""
    found = FIRST_FOREIGN.search(piece)
    first = found.start() if found else 0
    end = piece.find(b"\n", first + FOREIGN_BYTES // 4)
    return piece[max(first - 40, 0) : end if end > 0 else len(piece)]


class _Chinese:
    """What speaks for and against GB 18030, piece by piece."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("gb18030")()
        self._valid, self._letters = True, ""

    def skip(self, piece: bytes) -> None:
        """Add plain letters, which say nothing unless a letter had begun before them."""
        if self._decoder.getstate()[0]:
            self.add(piece)

    def add(self, piece: bytes) -> None:
        try:
            text = self._decoder.decode(piece) if self._valid else ""
        except UnicodeDecodeError:
            self._valid = False
            return
        if len(self._letters) < FOREIGN_ENOUGH:
            self._letters += "".join(FOREIGN.findall(text))

    def likely(self) -> bool:
        """Return whether nearly all letters are everyday characters of Chinese."""
        if not self._valid or not self._letters or self._decoder.getstate()[0]:
            return False
        return self._share(COMMON_CHINESE) > 0.9 and len(self._letters) > 1 and not self.rather_korean()

    def rather_korean(self) -> bool:
        """Return whether of several characters none has a sound of the second half of the alphabet."""
        return len(set(self._letters)) >= KOREAN_ENOUGH and not self.has_late_sounds()

    def has_late_sounds(self) -> bool:
        """Return whether some character has such a sound."""
        return self._share(LATE_SOUND) > 0

    def _share(self, pattern: re.Pattern[bytes]) -> float:
        matches = sum(pattern.fullmatch(letter.encode("gb18030")) is not None for letter in self._letters)
        return matches / len(self._letters)


def _mostly_utf8(start: bytes) -> bool:
    """Return whether far more letters are UTF-8 than are broken."""
    text = start.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(map(len, FOREIGN.findall(text))) > 5 * broken


def _decodes(start: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _word(start: bytes, encoding: str) -> str:
    """Return the first word that shows how letters are encoded."""
    found = WORD.search(start.decode(encoding, "replace"))
    return found[0][:60] if found else ""
