"""Text as the examiner reads it, with the way back to every original character."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.spans import Span
from bot.grading.lexicon import mapping

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_TAGS = re.compile(r"[\U000e0020-\U000e007e]+")
_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
_DROPPED = {"Cf", "Cs", "Co", "Cn"}
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5\u180e\u034f\ufffc")
_WORD = re.compile(r"[a-z\u0370-\u03ff\u0400-\u04ff\u0501\u051b\u051d]{2,}")
_CYRILLIC = str.maketrans("авсеноркмтухѕіјԁһԛԝьзг", "abcehopkmtyxsijdhqwb3r")
_GREEK = str.maketrans("αεικνορτυχ", "aeikvoptux")
_MARKS = 4
"""Combining marks of one character that are read; more are scribble."""
_ENOUGH_LATIN = 4
"""Latin letters of a word from which on a Greek letter inside it is a disguise and no symbol."""


@dataclass(frozen=True, slots=True)
class Normal:
    """Normalised text: NFKC, lower case, simplified Chinese, nothing invisible, no HTML comments.

    Letters of another alphabet that stand for Latin ones inside a word are those Latin ones.

    Attributes:
        text: What is judged.
        starts: For each character of `text`, where its original begins; ends likewise.
        hidden: What HTML comments and invisible characters say, which is not in `text`.
    """

    raw: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    hidden: str

    def span(self, start: int, end: int) -> Span:
        """Where text[start:end] stands in the original; not empty for end > start."""
        if end <= start:
            return Span(start=0, end=0)
        return Span(start=self.starts[start], end=self.ends[end - 1])

    def places(self, span: Span) -> Span:
        """Where the characters of a span of the original stand in `text`; may be empty."""
        inside = [place for place, start in enumerate(self.starts) if span.start <= start < span.end]
        return Span(start=inside[0], end=inside[-1] + 1) if inside else Span(start=0, end=0)


def storable(raw: str) -> str:
    """`raw` with a replacement character for each half of a character, which no file or database takes."""
    return _HALF_A_CHARACTER.sub("\ufffd", raw)


def normalise(raw: str) -> Normal:
    """Normal form of `raw`, which itself is not changed."""
    simple = mapping("traditional")
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, piece in _pieces(raw):
        for char in piece:
            if char in _INVISIBLE or unicodedata.category(char) in _DROPPED:
                continue
            for low in _visible(char).lower():
                out.append(simple.get(low, low))
                starts.append(start)
                ends.append(end)
    text = _WORD.sub(lambda match: _one_alphabet(match[0]), "".join(out))
    return Normal(raw, text, tuple(starts), tuple(ends), _hidden(raw))


@lru_cache(maxsize=4096)
def plain(raw: str) -> str:
    """Normal form of `raw` where the way back is not needed."""
    return normalise(raw).text


def _hidden(raw: str) -> str:
    said = [match[1] for match in _COMMENT.finditer(raw)]
    said += ["".join(chr(ord(char) - 0xE0000) for char in match[0]) for match in _TAGS.finditer(raw)]
    return "\n".join(said)


def _one_alphabet(word: str) -> str:
    """A word in Latin letters with those of other alphabets replaced that look the same; same length."""
    latin = sum("a" <= char <= "z" for char in word)
    if not latin or latin == len(word):
        return word
    if any("\u0400" <= char <= "\u051d" for char in word):
        word = word.translate(_CYRILLIC)
    return word.translate(_GREEK) if latin >= _ENOUGH_LATIN else word


def _visible(char: str) -> str:
    """A character, with a line end or a space in place of a control character."""
    if char in "\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    return " " if unicodedata.category(char) == "Cc" and char not in "\n\t" else char


def _pieces(raw: str) -> list[tuple[int, int, str]]:
    """(start, end, NFKC) of each character with its combining marks; a comment becomes a line end."""
    pieces: list[tuple[int, int, str]] = []
    comments = {match.start(): match.end() for match in _COMMENT.finditer(raw)}
    position = 0
    while position < len(raw):
        if position in comments:
            pieces.append((position, comments[position], "\n"))
            position = comments[position]
            continue
        end = position + 1
        while end < len(raw) and end not in comments and unicodedata.combining(raw[end]):
            end += 1
        pieces.append((position, end, _composed(raw[position : position + 1 + _MARKS], end - position)))
        position = end
    return pieces


def _composed(piece: str, length: int) -> str:
    """NFKC of a character with its marks, without those that only scribble over a letter."""
    whole = unicodedata.normalize("NFKC", piece[:length])
    if length == 1 or not (whole[0].isascii() or "\u3400" <= whole[0] <= "\u9fff"):
        return whole
    return "".join(char for char in whole if not unicodedata.combining(char))
