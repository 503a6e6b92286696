"""Text as the examiner reads it, with the way back to every original character."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.spans import Span
from bot.grading.lexicon import mapping

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DROPPED = {"Cf", "Cs", "Co", "Cn"}


@dataclass(frozen=True, slots=True)
class Normal:
    """Normalised text: NFKC, lower case, simplified Chinese, nothing invisible, no HTML comments.

    Attributes:
        text: What is judged.
        starts: For each character of `text`, where its original begins; ends likewise.
        hidden: Text of the HTML comments that were taken out.
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


def normalise(raw: str) -> Normal:
    """Normal form of `raw`, which itself is not changed."""
    simple = mapping("traditional")
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, piece in _pieces(raw):
        for char in piece:
            if unicodedata.category(char) in _DROPPED:
                continue
            for low in _plain(char).lower():
                out.append(simple.get(low, low))
                starts.append(start)
                ends.append(end)
    hidden = "\n".join(match[0] for match in _COMMENT.finditer(raw))
    return Normal(raw, "".join(out), tuple(starts), tuple(ends), hidden)


@lru_cache(maxsize=4096)
def plain(raw: str) -> str:
    """Normal form of `raw` where the way back is not needed."""
    return normalise(raw).text


def _plain(char: str) -> str:
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
        pieces.append((position, end, unicodedata.normalize("NFKC", raw[position:end])))
        position = end
    return pieces
